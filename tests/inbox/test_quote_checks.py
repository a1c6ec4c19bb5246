"""Quotes between others: shown once the stamp was found where who is quoted lives."""

from typing import Any

import pytest

from federation.database import Row
from federation.vocabulary import PUBLIC, Document
from inbox.quote_checks import ATTEMPTS_MAX, check_quotes_once
from tests.inbox.conftest import StartOrigin
from tests.inbox.world import Elsewhere, World


@pytest.fixture
async def lilas(start_origin: StartOrigin) -> Elsewhere:
    """A third origin, where somebody is quoted."""
    return await start_origin("127.0.0.5")


async def quoted_note(lilas: Elsewhere, **changes: Any) -> tuple[Row, Document]:
    """A public note of Dora's, which this node does not have."""
    dora = await lilas.person("dora")
    return dora, lilas.serve(lilas.note(dora, "<p>Source</p>", **changes))


async def quote(world: World, uri: str, **changes: Any) -> Document:
    """A note of Bob's that quotes it, which Claire gets."""
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob, "<p>À lire</p>", **{"quote": uri, **changes})
    await world.deliver(world.roses.create(bob, note))
    return note


async def state(world: World, note: Document) -> str | None:
    row = await world.status(note["id"])
    assert row is not None
    return row["quote_state"]


def stamp(lilas: Elsewhere, dora: Row, quoting_uri: str, quoted_uri: str) -> Document:
    return {
        "id": lilas.uri("stamps/1"),
        "type": "QuoteAuthorization",
        "attributedTo": dora["uri"],
        "interactingObject": quoting_uri,
        "interactionTarget": quoted_uri,
    }


async def test_what_is_quoted_and_its_stamp_are_fetched_after_the_status_is_stored(
    world: World, lilas: Elsewhere
) -> None:
    dora, source = await quoted_note(lilas)
    note = await quote(world, source["id"], quoteAuthorization=lilas.uri("stamps/1"))
    lilas.serve(stamp(lilas, dora, note["id"], source["id"]))
    assert (await state(world, note), lilas.asked) == ("pending", [])
    assert await check_quotes_once(world.node) == 1
    assert await state(world, note) == "accepted"
    assert lilas.unsigned == []
    counted = await world.status(source["id"])
    assert counted is not None
    assert counted["quotes_count"] == 1
    assert await check_quotes_once(world.node) == 0


@pytest.mark.parametrize("wrong", ["author", "quoting", "quoted", "missing", "other origin"])
async def test_what_is_not_stamped_for_this_quote_does_not_stand(
    world: World, lilas: Elsewhere, wrong: str
) -> None:
    dora, source = await quoted_note(lilas)
    home = world.roses if wrong == "other origin" else lilas
    note = await quote(world, source["id"], quoteAuthorization=home.uri("stamps/1"))
    found = stamp(lilas, dora, note["id"], source["id"]) | {"id": home.uri("stamps/1")}
    other = lilas.uri("notes/other")
    changed = {"author": "attributedTo", "quoting": "interactingObject"}
    found[changed.get(wrong, "interactionTarget")] = (
        other if wrong in ("author", "quoting", "quoted") else source["id"]
    )
    if wrong != "missing":
        home.serve(found)
    await check_quotes_once(world.node)
    assert await state(world, note) == "pending"
    assert await check_quotes_once(world.node) == 0, "asking again says the same"


async def test_a_passing_failure_is_tried_again_and_not_for_ever(
    world: World, lilas: Elsewhere
) -> None:
    dora, source = await quoted_note(lilas)
    path = "/stamps/1"
    note = await quote(world, source["id"], quoteAuthorization=lilas.uri("stamps/1"))
    lilas.statuses[path] = 503
    await check_quotes_once(world.node)
    assert await check_quotes_once(world.node) == 0, "not at once"
    del lilas.statuses[path]
    lilas.serve(stamp(lilas, dora, note["id"], source["id"]))
    world.clock.advance(61)
    await check_quotes_once(world.node)
    assert await state(world, note) == "accepted"
    other = await quote_again(world, source["id"], lilas.uri("stamps/2"))
    lilas.statuses["/stamps/2"] = 503
    for _ in range(ATTEMPTS_MAX + 2):
        await check_quotes_once(world.node)
        world.clock.advance(86_400)
    assert lilas.asked.count("/stamps/2") == ATTEMPTS_MAX
    assert await state(world, other) == "pending"


async def quote_again(world: World, uri: str, stamp_uri: str) -> Document:
    bob = await world.roses.person("ben")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob, quote=uri, quoteAuthorization=stamp_uri)
    await world.deliver(world.roses.create(bob, note))
    return note


async def test_an_older_spelling_stands_where_no_policy_speaks_against_it(
    world: World, lilas: Elsewhere
) -> None:
    _, source = await quoted_note(lilas)
    note = await quote(world, source["id"], quote=None, quoteUrl=source["id"])
    await check_quotes_once(world.node)
    assert await state(world, note) == "accepted"


LINK = {"type": "Link", "mediaType": "application/activity+json", "name": "RE: la note"}
QUOTES = "https://misskey-hub.net/ns#_misskey_quote"


@pytest.mark.parametrize(
    ("link", "is_quote"),
    [
        (LINK, True),
        (LINK | {"rel": QUOTES, "name": "une note"}, True),
        (LINK | {"rel": ["self", QUOTES]}, True),
        (LINK | {"mediaType": 'application/ld+json; profile="…"'}, True),
        (LINK | {"rel": "self"}, False),
        (LINK | {"name": "une note"}, False),
        (LINK | {"mediaType": "text/html", "rel": QUOTES}, False),
        (LINK | {"type": "Mention", "rel": QUOTES}, False),
    ],
)
async def test_an_object_link_is_a_quote_where_it_says_so(
    world: World, lilas: Elsewhere, link: Document, is_quote: bool
) -> None:
    """FEP-e232."""
    _, source = await quoted_note(lilas)
    note = await quote(world, source["id"], quote=None, tag=[link | {"href": source["id"]}])
    await check_quotes_once(world.node)
    assert await state(world, note) == ("accepted" if is_quote else None)


@pytest.mark.parametrize("policy", [[], ["http://127.0.0.5/users/dora"]])
async def test_an_older_spelling_does_not_get_round_a_policy(
    world: World, lilas: Elsewhere, policy: list[str]
) -> None:
    said = {"canQuote": {"automaticApproval": policy}}
    _, source = await quoted_note(lilas, interactionPolicy=said)
    note = await quote(world, source["id"], quote=None, quoteUrl=source["id"])
    await check_quotes_once(world.node)
    assert await state(world, note) == "pending"


async def test_a_stamp_is_needed_also_where_everybody_may_quote(
    world: World, lilas: Elsewhere
) -> None:
    said = {"canQuote": {"automaticApproval": [PUBLIC]}}
    _, source = await quoted_note(lilas, interactionPolicy=said)
    note = await quote(world, source["id"])
    await check_quotes_once(world.node)
    assert await state(world, note) == "pending"


async def test_what_is_taken_back_is_gone_here_when_its_stamp_is(
    world: World, lilas: Elsewhere
) -> None:
    dora, source = await quoted_note(lilas)
    note = await quote(world, source["id"], quoteAuthorization=lilas.uri("stamps/1"))
    lilas.serve(stamp(lilas, dora, note["id"], source["id"]))
    await check_quotes_once(world.node)
    bob = await world.node.db.row("SELECT * FROM actor WHERE username = 'bob'")
    assert bob is not None
    without = {name: value for name, value in note.items() if name != "quoteAuthorization"}
    without["interactionPolicy"] = {"canQuote": {"automaticApproval": [PUBLIC]}}
    update = world.roses.activity("Update", bob, without, to=note["to"], cc=note["cc"])
    assert await world.outcome(update) == "update.unchanged"
    assert await state(world, note) == "revoked"
    assert await world.count("status_edit") == 0


async def test_an_origin_with_which_the_node_does_not_exchange_is_not_asked(
    world: World, stranger: Elsewhere
) -> None:
    _, source = await quoted_note(stranger)
    note = await quote(world, source["id"], quoteAuthorization=stranger.uri("stamps/1"))
    await check_quotes_once(world.node)
    assert (await state(world, note), stranger.asked) == ("pending", [])


async def test_what_is_private_there_is_shown_to_nobody_by_being_quoted(
    world: World, lilas: Elsewhere
) -> None:
    """What the node may fetch is not what a person may see."""
    dora, source = await quoted_note(lilas, to=["http://127.0.0.5/users/dora/followers"], cc=[])
    source["to"] = [dora["followers_url"]]
    lilas.serve(source)
    note = await quote(world, source["id"], quoteAuthorization=lilas.uri("stamps/1"))
    lilas.serve(stamp(lilas, dora, note["id"], source["id"]))
    await check_quotes_once(world.node)
    row = await world.status(source["id"])
    assert row is not None
    assert row["audience_kind"] == "followers"
