"""Nothing that is not public goes where the software would show it to somebody else.

The table holds what was read in the source of each, or measured, of an object that reaches an
inbox there: whom it shows posts addressed to the author's followers, to a named person with a
Mention, and to an audience's address that it does not know.
"""

from typing import Any

import pytest

from federation import plain_peers
from federation.errors import NotFound
from federation.node import Node
from federation.nodeinfo import Software
from federation.plain_peers import KEEPS_AUDIENCES, keeps_audiences, learn_once
from outbox.audience import recipients
from outbox.drafts import Draft
from outbox.statuses import create
from tests.agreements import agree
from tests.outbox.conftest import MakePerson, MakeRemote

PEER = "https://glycines.example"
# software: (followers, named, an unknown address)
SHOWS = {
    "mastodon": ("followers", "named", "inbox owner"),
    "gotosocial": ("followers", "named", "nobody"),
    "misskey": ("followers", "named", "nobody"),
    "akkoma": ("followers", "named", "nobody"),
    "pleroma": ("followers", "named", "nobody"),
    "mitra": ("followers", "named", "nobody"),
    "snac": ("followers", "named", "nobody"),
    "hollo": ("followers", "named", "nobody"),
    "takahe": ("followers", "named", "nobody"),
    "lemmy": ("nobody", "named", "nobody"),
    "friendica": ("followers", "named", "inbox owner"),
    "pixelfed": ("followers", "followers", "followers"),
    # Of what nobody has read: the worst.
    "something-else": ("everybody", "everybody", "everybody"),
}
WITHIN = {
    "private": {"nobody", "followers"},
    "direct": {"nobody", "named"},
    "partners": {"nobody"},
    "organisation": {"nobody"},
}


@pytest.mark.parametrize("software", SHOWS)
async def test_what_a_peer_gets_it_shows_to_nobody_outside(
    node: Node, person: MakePerson, remote: MakeRemote, software: str
) -> None:
    alice, account_id = await person("alice")
    await remote("fan", PEER, follows_actor=alice)
    await node.db.write(
        lambda tx: tx.execute("UPDATE peer SET software = ? WHERE origin = ?", software, PEER)
    )
    followers, named, unknown = SHOWS[software]
    shown = {"private": followers, "direct": named, "partners": unknown, "organisation": unknown}
    for visibility, within in WITHIN.items():
        text = "bonjour @fan@glycines.example" if visibility == "direct" else "bonjour"
        status = await create(node, alice, account_id, Draft(text, visibility))
        is_sent = [r.origin for r in await recipients(node, node.db, status)] == [PEER]
        assert not is_sent or shown[visibility] in within, visibility
        expected = visibility in ("private", "direct") and software in KEEPS_AUDIENCES
        assert is_sent == expected, visibility


async def test_an_agreement_and_not_a_name_makes_a_partner(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    alice, account_id = await person("alice")
    await remote("fan", PEER, follows_actor=alice)
    for software in ("maillage", "mastodon"):
        await node.db.write(
            lambda tx, name=software: tx.execute(
                "UPDATE peer SET software = ? WHERE origin = ?", name, PEER
            )
        )
        status = await create(node, alice, account_id, Draft("bonjour", "partners"))
        assert await recipients(node, node.db, status) == []
    await node.db.write(lambda tx: agree(tx, PEER))
    assert len(await recipients(node, node.db, status)) == 1


async def test_the_software_of_allowed_peers_is_asked_once(
    node: Node, remote: MakeRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def says(_: Any, origin: str, **__: Any) -> Software:
        asked.append(origin)
        if origin != PEER:
            raise NotFound("record.not_found")
        return Software("pixelfed", "0.12")

    monkeypatch.setattr(plain_peers, "fetch_software", says)
    silent, partner = "https://silence.example", "https://roses.example"
    for origin in (PEER, silent, partner):
        await remote("fan", origin)
    await node.db.write(lambda tx: agree(tx, partner))
    assert await learn_once(node) == 2
    assert await learn_once(node) == 1
    assert asked == [PEER, silent, silent]
    rows = await node.db.rows("SELECT origin, software FROM peer ORDER BY origin")
    assert {row["origin"]: row["software"] for row in rows} == {
        PEER: "pixelfed",
        silent: None,
        partner: None,
    }
    assert keeps_audiences(None)
    assert not keeps_audiences("pixelfed")
