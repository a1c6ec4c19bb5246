"""One statement for all followers says yes only where home shows the status."""

from typing import Any

import pytest

from federation.database import Row
from inbox.home import home
from inbox.home_readers import sure_readers
from inbox.paging import Page
from outbox.visibility import Person
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site, open_site, site

__all__ = ["open_site", "site"]

AGAINST: dict[str, tuple[str, dict[str, Any]]] = {
    "blocks": ("accounts/{claire}/block", {}),
    "blocks somebody else": ("accounts/{erik}/block", {}),
    "mutes": ("accounts/{claire}/mute", {}),
    "language": ("accounts/{claire}/follow", {"languages": ["de"]}),
    "unfollowed": ("accounts/{claire}/unfollow", {}),
    "domain": ("domain_blocks", {"domain": "elsewhere.example"}),
    "exclusive list": ("lists", {"title": "x", "exclusive": True}),
}


async def _row(site: Site, author: Client, visibility: str, **more: Any) -> Row:
    reply = await author.post(
        "/api/v1/statuses", {"status": "Bonjour", "visibility": visibility, **more}
    )
    assert reply.status == 200, reply.text
    row = await site.node.db.row("SELECT * FROM status WHERE id = ?", int(reply.json["id"]))
    assert row is not None
    return row


async def _by_home(site: Site, status: Row) -> set[int]:
    one = Page(limit=1, max_id=status["id"] + 1, min_id=status["id"] - 1)
    guests = {
        row["actor_id"]: bool(row["is_guest"])
        for row in await site.node.db.rows("SELECT actor_id, is_guest FROM account")
    }
    return {
        actor_id
        for actor_id, is_guest in guests.items()
        if await home(site.node.db, Person(actor_id, is_guest), one, now_ms=site.node.clock())
    }


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "direct", "local"])
async def test_it_never_says_yes_where_home_says_no(site: Site, visibility: str) -> None:
    claire, _ = await site.person("claire"), await site.person("erik")
    plain = await site.person("denis")
    guest = await site.person("invitee", is_guest=True)
    await site.follow(plain, "claire")
    await site.follow(guest, "claire")
    ids = {"claire": site.id_of("claire"), "erik": site.id_of("erik")}
    for number, (path, fields) in enumerate(AGAINST.values()):
        other = await site.person(f"autre{number}")
        await site.follow(other, "claire")
        reply = await other.post(f"/api/v1/{path.format(**ids)}", fields)
        assert reply.status == 200, reply.text
    blocked = await site.person("bloquee")
    await site.follow(blocked, "claire")
    await claire.post(f"/api/v1/accounts/{site.id_of('bloquee')}/block")
    status = await _row(site, claire, visibility)
    sure, shown = await sure_readers(site.node.db, status), await _by_home(site, status)
    assert sure <= shown
    expected = set() if visibility == "direct" else {int(site.id_of("denis"))}
    assert sure == expected
    assert int(site.id_of("bloquee")) not in shown
    answer = await _row(site, claire, visibility, in_reply_to_id=str(status["id"]))
    assert await sure_readers(site.node.db, answer) == set()
