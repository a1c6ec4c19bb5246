"""Thanks, boosts, follows and blocks: state, activity and delivery together, once, and undone."""

import pytest

from actors import follows
from federation.database import Row
from federation.errors import Invalid, NotFound, Refused
from federation.node import Node
from outbox import interactions, relations, statuses
from outbox.statuses import Draft
from outbox.visibility import Person, may
from tests.outbox.conftest import ROSES, MakePerson, MakeRemote


async def activities(node: Node) -> list[tuple[str, str]]:
    rows = await node.db.rows("SELECT type, progress FROM activity ORDER BY id")
    return [(row["type"], row["progress"]) for row in rows]


async def inboxes(node: Node) -> list[str]:
    rows = await node.db.rows("SELECT inbox_url FROM delivery ORDER BY id")
    return [row["inbox_url"] for row in rows]


async def fresh(node: Node, status: Row) -> Row:
    row = await node.db.row("SELECT * FROM status WHERE id = ?", status["id"])
    assert row is not None
    return row


async def test_a_thank_you_counts_once_and_can_be_taken_back(
    node: Node, person: MakePerson
) -> None:
    claire, account = await person("claire")
    luc, _ = await person("luc")
    status = await statuses.create(node, claire, account, Draft("bonjour"))
    for _ in range(2):
        await interactions.favourite(node, luc, status)
    assert (await fresh(node, status))["favourites_count"] == 1
    # The author lives here: the Like waits for this node's own inbox.
    assert await activities(node) == [("Create", "done"), ("Like", "pending")]
    for _ in range(2):
        await interactions.unfavourite(node, luc, status)
    assert (await fresh(node, status))["favourites_count"] == 0


async def test_only_what_is_public_may_be_passed_on(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    claire, account = await person("claire")
    luc, _ = await person("luc")
    await remote("paul", follows_actor=luc)
    follow = await node.db.write(lambda tx: follows.ask(node, tx, luc, claire, "urn:f", "accepted"))
    assert follow["state"] == "accepted"
    open_one = await statuses.create(node, claire, account, Draft("à tous"))
    closed = await statuses.create(node, claire, account, Draft("entre nous", "private"))
    hidden = await statuses.create(node, claire, account, Draft("pour moi", "direct"))

    boost = await interactions.reblog(node, luc, open_one)
    again = await interactions.reblog(node, luc, open_one)
    assert boost["id"] == again["id"] != open_one["id"]
    assert await inboxes(node) == [f"{ROSES}/inbox"]
    with pytest.raises(Invalid) as refused:
        await interactions.reblog(node, luc, closed)
    assert refused.value.code == "reblog.author_only"
    assert not await may(node.db, Person(luc["id"]), "quote", closed)
    with pytest.raises(NotFound):
        await interactions.original(node, luc, hidden["id"])
    own = await interactions.reblog(node, claire, closed)
    assert own["audience_kind"] == "followers"

    await interactions.unreblog(node, luc, open_one)
    assert (await fresh(node, open_one))["reblogs_count"] == 0
    assert await node.db.value("SELECT count(*) FROM status WHERE id = ?", boost["id"]) == 0


async def test_a_bookmark_tells_nobody(node: Node, person: MakePerson) -> None:
    claire, account = await person("claire")
    status = await statuses.create(node, claire, account, Draft("à garder"))
    for _ in range(2):
        await interactions.bookmark(node, claire, status)
    assert await node.db.value("SELECT count(*) FROM bookmark") == 1
    await interactions.unbookmark(node, claire, status)
    assert await node.db.value("SELECT count(*) FROM bookmark") == 0
    assert [kind for kind, _ in await activities(node)] == ["Create"]


async def test_a_follow_goes_to_the_actors_own_inbox_and_back(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    claire, _ = await person("claire")
    paul = await remote("paul")
    for _ in range(2):
        await relations.follow(node, claire, paul, reblogs=False)
    row = await follows.find(node.db, claire["id"], paul["id"])
    assert row is not None
    assert (row["state"], bool(row["show_reblogs"])) == ("pending", False)
    assert await inboxes(node) == [paul["inbox_url"]]
    await relations.unfollow(node, claire, paul)
    await relations.unfollow(node, claire, paul)
    assert [kind for kind, _ in await activities(node)] == ["Follow", "Undo"]
    with pytest.raises(Invalid):
        await relations.follow(node, claire, claire)


async def test_a_request_is_accepted_or_refused_once(node: Node, person: MakePerson) -> None:
    claire, _ = await person("claire")
    luc, _ = await person("luc")
    await relations.follow(node, luc, claire)
    await relations.accept_follow(node, claire, luc)
    count = await node.db.value("SELECT followers_count FROM actor WHERE id = ?", claire["id"])
    assert count == 1
    await relations.reject_follow(node, claire, luc)
    with pytest.raises(NotFound):
        await relations.reject_follow(node, claire, luc)
    assert [kind for kind, _ in await activities(node)] == ["Follow", "Accept", "Reject"]
    count = await node.db.value("SELECT followers_count FROM actor WHERE id = ?", claire["id"])
    assert count == 0


async def test_a_block_ends_both_follows_and_keeps_away(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    claire, account = await person("claire")
    paul = await remote("paul", follows_actor=claire)
    await relations.block(node, claire, paul)
    await statuses.create(node, claire, account, Draft("sans lui"))
    assert await inboxes(node) == [paul["inbox_url"]], "the Block itself, no Create"
    with pytest.raises(Refused):
        await relations.follow(node, claire, paul)
    await relations.unblock(node, claire, paul)
    await relations.follow(node, claire, paul)
    assert [kind for kind, _ in await activities(node)] == ["Block", "Create", "Undo", "Follow"]
