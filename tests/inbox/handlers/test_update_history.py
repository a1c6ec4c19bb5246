"""What came from elsewhere keeps its history, in whatever order it came, and its readers."""

from itertools import permutations

import pytest

from federation.vocabulary import Document
from outbox.history import VERSIONS_MAX, versions
from outbox.visibility import Person, visible
from tests.inbox.world import World

TIMES = ("2026-09-20T09:00:00Z", "2026-09-20T10:00:00Z", "2026-09-20T11:00:00Z")


async def said(world: World, uri: str) -> list[str]:
    status = await world.status(uri)
    assert status is not None
    return [version.content_html for version in await versions(world.node.db, status)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_the_order_in_which_versions_come_decides_nothing(
    world: World, order: tuple[int, ...]
) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    first, second, third = TIMES
    note = world.roses.note(bob, "<p>un</p>", published=first)
    steps: list[Document] = [
        world.roses.create(bob, note),
        world.roses.activity("Update", bob, note | {"content": "<p>deux</p>", "updated": second}),
        world.roses.activity("Update", bob, note | {"content": "<p>trois</p>", "updated": third}),
    ]
    for place in order:
        await world.deliver(steps[place])
    assert await said(world, note["id"]) == ["<p>un</p>", "<p>deux</p>", "<p>trois</p>"]


async def test_the_history_holds_media_and_the_options_of_a_poll(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    picture = {"type": "Document", "mediaType": "image/png", "url": world.roses.uri("a.png"),
               "name": "le jardin"}  # fmt: skip
    question = world.roses.note(
        bob, published=TIMES[0], attachment=[picture], type="Question",
        oneOf=[{"type": "Note", "name": "oui"}, {"type": "Note", "name": "non"}],
    )  # fmt: skip
    await world.deliver(world.roses.create(bob, question))
    changed = question | {"attachment": [], "updated": TIMES[1]}
    assert await world.outcome(world.roses.activity("Update", bob, changed)) == "update.done"
    status = await world.status(question["id"])
    assert status is not None
    before, after = await versions(world.node.db, status)
    assert [item["description"] for item in before.media] == ["le jardin"]
    assert before.poll_options == after.poll_options == ("oui", "non")
    assert after.media == ()


async def test_a_poll_comes_changes_and_goes_with_an_edit_and_no_older_one_brings_it_back(
    world: World,
) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob, published=TIMES[0])
    await world.deliver(world.roses.create(bob, note))

    async def options(at: int, *names: str) -> list[str]:
        asked = [{"type": "Note", "name": name} for name in names]
        poll: Document = {"type": "Question", "oneOf": asked} if names else {}
        update = world.roses.activity("Update", bob, note | poll | {"updated": TIMES[at]})
        await world.deliver(update)
        rows = await world.node.db.rows("SELECT title FROM poll_option ORDER BY position")
        return [row["title"] for row in rows]

    assert await options(2, "lundi", "mardi") == ["lundi", "mardi"]
    assert await options(1, "jeudi", "samedi") == ["lundi", "mardi"]
    update = world.roses.activity("Update", bob, note | {"updated": "2026-09-20T12:00:00Z"})
    assert await world.outcome(update) == "update.done"
    assert await world.count("poll") == 0
    status = await world.status(note["id"])
    assert status is not None
    assert status["type"] == "Note"


async def test_old_versions_without_end_are_not_kept(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob, published=TIMES[0], updated=TIMES[2])
    await world.deliver(world.roses.create(bob, note))
    status = await world.status(note["id"])
    assert status is not None
    for number in range(VERSIONS_MAX):
        await world.execute(
            "INSERT INTO status_edit (id, status_id, content_html, summary, sensitive, created_at)"
            " VALUES (?, ?, '', '', ?, ?)",
            number,
            status["id"],
            False,
            number,
        )
    old = note | {"content": "<p>de plus</p>", "updated": TIMES[1]}
    assert await world.outcome(world.roses.activity("Update", bob, old)) == "ignored.older"
    assert await world.count("status_edit") == VERSIONS_MAX


@pytest.mark.parametrize("closed", [True, False])
async def test_who_is_named_by_an_edit_is_told_and_who_is_named_no_more_keeps_it(
    world: World, *, closed: bool
) -> None:
    bob, denis = await world.roses.person("bob"), await world.local("denis")
    claire, eve = world.claire, await world.local("eve")
    public = [] if closed else ["https://www.w3.org/ns/activitystreams#Public"]

    def naming(uri: str, **more: str) -> Document:
        tag = [{"type": "Mention", "href": uri, "name": "@x"}]
        return note | {"to": [*public, uri], "cc": [], "tag": tag} | more

    note: Document = world.roses.note(bob, published=TIMES[0])
    await world.deliver(world.roses.create(bob, naming(claire["uri"])))
    update = world.roses.activity("Update", bob, naming(denis["uri"], updated=TIMES[1]))
    assert await world.outcome(update) == "update.done"
    status = await world.status(note["id"])
    assert status is not None
    assert status["audience_kind"] == ("named" if closed else "public")
    for person, sees in ((claire, True), (denis, True), (eve, not closed)):
        found = await visible(world.node.db, Person(person["id"]), status["id"])
        assert (found is not None) is sees
    assert await world.told(denis) == [("mention", bob["id"], status["id"])]
    assert await world.told(eve) == []


async def test_sec_012_an_edit_makes_nothing_public_that_was_not(world: World) -> None:
    bob, denis = await world.roses.person("bob"), await world.local("denis")
    await world.follow(world.claire, bob)
    note: Document = world.roses.note(bob, published=TIMES[0])
    note |= {"to": [bob["followers_url"]], "cc": []}
    await world.deliver(world.roses.create(bob, note))
    public = ["https://www.w3.org/ns/activitystreams#Public"]
    wider = note | {"to": public, "cc": public, "content": "<p>tous</p>", "updated": TIMES[1]}
    update = world.roses.activity("Update", bob, wider, to=public)
    assert await world.outcome(update) == "update.done"
    status = await world.status(note["id"])
    assert status is not None
    assert (status["audience_kind"], status["content_html"]) == ("followers", "<p>tous</p>")
    assert await visible(world.node.db, Person(denis["id"]), status["id"]) is None
    assert await visible(world.node.db, Person(world.claire["id"]), status["id"]) is not None
