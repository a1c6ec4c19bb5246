"""Figures of polls on their way, and votes: to whom, how often, and what they hold."""

from typing import Any

import orjson
import pytest

from actors import follows
from federation.database import Row, Transaction
from federation.errors import Invalid
from federation.node import Node
from outbox.drafts import Draft, PollDraft
from outbox.polls import Poll, replace_poll, vote
from outbox.received import upsert_remote
from outbox.statuses import create
from outbox.tallies import cast_votes, send_tallies
from tests.conftest import FakeClock
from tests.outbox.conftest import ROSES, VALMONT, MakePerson, MakeRemote

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
DAYS = ("mardi", "jeudi")


async def sent(node: Node, kind: str) -> list[tuple[dict[str, Any], str]]:
    """(activity, inbox) of what left, oldest first."""
    rows = await node.db.rows(
        "SELECT a.body, d.inbox_url FROM activity a JOIN delivery d ON d.activity_id = a.id"
        " WHERE a.type = ? ORDER BY d.id",
        kind,
    )
    return [(orjson.loads(bytes(row["body"])), row["inbox_url"]) for row in rows]


async def ask(node: Node, author: tuple[Row, int], visibility: str = "public", **poll: Any) -> Row:
    draft = Draft("Quel jour ?", visibility=visibility, poll=PollDraft(DAYS, 600, **poll))
    return await create(node, *author, draft)


async def count(node: Node, status: Row, voter: Row, title: str = "jeudi") -> str:
    uri = f"{voter['uri']}#votes/{title}"
    return await node.db.write(lambda tx: vote(node, tx, status, voter["id"], title, uri))


def figures(update: dict[str, Any]) -> list[int | None]:
    return [option["replies"]["totalItems"] for option in update["object"]["oneOf"]]


async def test_figures_go_to_the_audience_at_most_once_a_minute(
    node: Node, clock: FakeClock, person: MakePerson, remote: MakeRemote
) -> None:
    author = await person("claire")
    bob = await remote("bob", follows_actor=author[0])
    ben = await remote("ben")
    status = await ask(node, author)
    (created, _), *_ = await sent(node, "Create")
    assert created["object"]["type"] == "Question"
    assert created["object"]["votersCount"] == 0
    assert "closed" not in created["object"]
    assert await send_tallies(node) == 0
    assert await count(node, status, bob) == "vote.counted"
    assert await send_tallies(node) == 1
    assert await count(node, status, ben) == "vote.counted"
    clock.advance(30)
    assert await send_tallies(node) == 0
    clock.advance(30)
    assert await send_tallies(node) == 1
    updates = await sent(node, "Update")
    assert [(figures(update), inbox) for update, inbox in updates] == [
        ([0, 1], f"{ROSES}/inbox"),
        ([0, 2], f"{ROSES}/inbox"),
    ]
    assert updates[-1][0]["object"]["votersCount"] == 2
    assert "updated" not in updates[-1][0]["object"]
    assert updates[0][0]["id"] != updates[1][0]["id"]


async def test_a_voters_origin_gets_them_too(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    author = await person("claire")
    stranger = await remote("zoe", VALMONT)
    status = await ask(node, author)
    assert await count(node, status, stranger) == "vote.counted"
    await send_tallies(node)
    assert [inbox for _, inbox in await sent(node, "Update")] == [f"{VALMONT}/inbox"]


async def test_figures_for_followers_go_to_no_voter_who_left(
    node: Node, clock: FakeClock, person: MakePerson, remote: MakeRemote
) -> None:
    author = await person("claire")
    bob = await remote("bob", follows_actor=author[0])
    zoe = await remote("zoe", VALMONT, follows_actor=author[0])
    status = await ask(node, author, "private")
    for voter in (bob, zoe):
        assert await count(node, status, voter) == "vote.counted"
    await send_tallies(node)
    both = {f"{ROSES}/inbox", f"{VALMONT}/inbox"}
    assert {inbox for _, inbox in await sent(node, "Update")} == both
    await node.db.write(lambda tx: follows.remove(tx, zoe["id"], author[0]["id"]))
    clock.advance(60)
    assert await count(node, status, await remote("ida", follows_actor=author[0])) == "vote.counted"
    await send_tallies(node)
    assert [inbox for _, inbox in await sent(node, "Update")][2:] == [f"{ROSES}/inbox"]


async def test_what_is_for_the_site_never_leaves_it(node: Node, person: MakePerson) -> None:
    author, (ben, _) = await person("claire"), await person("ben")
    status = await ask(node, author, "local")
    await cast_votes(node, ben, status, [0])
    assert await send_tallies(node) == 1
    assert await node.db.value("SELECT COUNT(*) FROM delivery") == 0


async def test_hidden_figures_leave_at_the_end_only(
    node: Node, clock: FakeClock, person: MakePerson, remote: MakeRemote
) -> None:
    author = await person("claire")
    bob = await remote("bob", follows_actor=author[0])
    status = await ask(node, author, hide_totals=True)
    ((created, _),) = await sent(node, "Create")
    assert figures(created) == [None, None]
    await count(node, status, bob)
    assert await send_tallies(node) == 0
    clock.advance(600)
    due = "UPDATE poll SET tally_due_at = ends_at"
    await node.db.write(lambda tx: tx.execute(due))
    await send_tallies(node)
    ((update, _),) = await sent(node, "Update")
    assert figures(update) == [0, 1]
    assert update["object"]["closed"] == update["object"]["endTime"]


async def test_a_vote_elsewhere_goes_to_the_author_alone(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    claire, _ = await person("claire")
    bob = await remote("bob")
    document = {
        "id": f"{ROSES}/notes/1",
        "type": "Question",
        "attributedTo": bob["uri"],
        "to": [PUBLIC],
        "anyOf": [{"type": "Note", "name": day} for day in (*DAYS, "samedi")],
    }

    async def store(tx: Transaction) -> Row:
        await follows.ask(node, tx, claire, bob, f"{claire['uri']}/f", "accepted")
        return (await upsert_remote(node, tx, document, bob))[0]

    status = await node.db.write(store)
    await cast_votes(node, claire, status, [2, 0])
    creates = await sent(node, "Create")
    assert {inbox for _, inbox in creates} == {bob["inbox_url"]}
    for create_, title in zip((c for c, _ in creates), ("samedi", "mardi"), strict=True):
        item = create_["object"]
        assert create_["to"] == item["to"] == [bob["uri"]]
        assert "cc" not in create_
        assert (item["name"], item["inReplyTo"]) == (title, status["uri"])
        assert "content" not in item
        assert item["attributedTo"] == create_["actor"] == claire["uri"]
    with pytest.raises(Invalid):
        await cast_votes(node, claire, status, [1, 0])
    assert len(await sent(node, "Create")) == 2, "all or none"
    assert await send_tallies(node) == 0, "the figures are for its author to send"


async def test_another_poll_forgets_the_votes_and_the_same_keeps_them(
    node: Node, clock: FakeClock, person: MakePerson, remote: MakeRemote
) -> None:
    author = await person("claire")
    bob = await remote("bob")
    status = await ask(node, author)
    await count(node, status, bob)

    async def replace(poll: Poll | None) -> bool:
        return await node.db.write(lambda tx: replace_poll(node, tx, status["id"], poll))

    async def votes() -> int:
        return await node.db.value("SELECT COUNT(*) FROM poll_vote")

    later = clock() + 900_000
    assert not await replace(Poll(tuple((day, 0) for day in DAYS), False, later, 0))
    assert (await votes(), await node.db.value("SELECT ends_at FROM poll")) == (1, later)
    assert await replace(Poll((("lundi", 0), ("jeudi", 0)), False, later, 0))
    assert await votes() == 0
    assert await node.db.value("SELECT SUM(votes_count) FROM poll_option") == 0
    assert await count(node, status, bob) == "vote.counted"
    assert await replace(Poll((("lundi", 0), ("jeudi", 0)), True, later, 0))
    assert await votes() == 0
    assert await replace(None)
    assert await node.db.value("SELECT COUNT(*) FROM poll") == 0
    assert await node.db.value("SELECT type FROM status WHERE id = ?", status["id"]) == "Note"
