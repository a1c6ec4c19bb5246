"""Answers to our QuoteRequest, and the end of a stamp: the word of who is quoted, and only hers."""

from typing import Any

import pytest

from federation.database import Row
from federation.errors import Invalid, NotFound
from federation.vocabulary import PUBLIC, Document
from outbox.statuses import Draft, create
from tests.inbox.conftest import StartOrigin
from tests.inbox.world import World, account_id_of, actor_row

POLICY = {"canQuote": {"automaticApproval": [PUBLIC]}}


class Asked:
    """Claire quotes a note of Bob's and has asked him."""

    def __init__(self, world: World, bob: Row) -> None:
        self.world, self.bob = world, bob
        self.quoting: Row
        self.request: Document

    async def ask(self, visibility: str = "public") -> "Asked":
        world = self.world
        document = world.roses.note(self.bob, interactionPolicy=POLICY)
        await world.deliver(world.roses.create(self.bob, document))
        quoted = await world.status(document["id"])
        assert quoted is not None
        self.quoting = await world.post(
            "À lire", visibility=visibility, quoted_status_id=quoted["id"]
        )
        self.request = next(a for a in await world.sent() if a["type"] == "QuoteRequest")
        return self

    def stamp(self, **changes: Any) -> Document:
        document = {
            "id": self.world.roses.uri("stamps/1"),
            "type": "QuoteAuthorization",
            "attributedTo": self.bob["uri"],
            "interactingObject": self.quoting["uri"],
            "interactionTarget": self.quoting["quote_uri"],
        }
        return self.world.roses.serve(document | changes)

    def answer(self, kind: str = "Accept", sender: Row | None = None, **more: Any) -> Document:
        about = {name: self.request[name] for name in ("id", "type", "actor", "object")}
        about["instrument"] = self.quoting["uri"]
        return self.world.roses.activity(kind, sender or self.bob, about, **more)

    async def state(self) -> str:
        row = await self.world.status(self.quoting["uri"])
        assert row is not None
        return row["quote_state"]

    async def counted(self) -> int:
        row = await self.world.status(self.quoting["quote_uri"])
        assert row is not None
        return row["quotes_count"]


@pytest.fixture
async def asked(world: World) -> Asked:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    await world.follow(bob, world.claire)
    return await Asked(world, bob).ask()


async def test_what_is_asked_names_both_and_goes_to_its_author_alone(asked: Asked) -> None:
    request = asked.request
    assert (request["actor"], request["object"]) == (
        asked.world.claire["uri"],
        asked.quoting["quote_uri"],
    )
    note = request["instrument"]
    assert (note["id"], note["quote"]) == (asked.quoting["uri"], asked.quoting["quote_uri"])
    assert note["quoteUri"] == note["_misskey_quote"] == note["quote"]
    assert note["content"].startswith('<p class="quote-inline">RE: <a href="')
    assert asked.bob["uri"] in note["cc"], "who is quoted may read it"
    assert "quoteAuthorization" not in note
    assert (await asked.state(), await asked.counted()) == ("pending", 0)


async def test_an_accept_counts_once_its_stamp_was_found(asked: Asked) -> None:
    stamp = asked.stamp()
    assert await asked.world.outcome(asked.answer(result=stamp["id"])) == "quote.accepted"
    assert (await asked.state(), await asked.counted()) == ("accepted", 1)
    update = (await asked.world.sent())[-1]
    assert update["type"] == "Update"
    assert update["object"]["quoteAuthorization"] == stamp["id"]
    assert "updated" not in update["object"], "no edit"
    assert await asked.world.outcome(asked.answer(result=stamp["id"])) == "quote.known"
    assert await asked.counted() == 1


async def test_an_accept_by_the_requests_id_counts_too(asked: Asked) -> None:
    stamp = asked.stamp()
    activity = asked.world.roses.activity(
        "Accept", asked.bob, asked.request["id"], result=stamp["id"]
    )
    assert await asked.world.outcome(activity) == "quote.accepted"


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "Note"},
        {"attributedTo": "http://127.0.0.2/users/other"},
        {"interactingObject": "http://127.0.0.2/notes/other"},
        {"interactionTarget": "http://127.0.0.2/notes/other"},
    ],
)
async def test_a_stamp_for_something_else_is_none(asked: Asked, wrong: dict[str, str]) -> None:
    stamp = asked.stamp(**wrong)
    assert await asked.world.outcome(asked.answer(result=stamp["id"])) == "refused.stamp"
    assert (await asked.state(), await asked.counted()) == ("pending", 0)


async def test_without_a_stamp_on_its_own_origin_nothing_stands(
    asked: Asked, start_origin: StartOrigin
) -> None:
    assert await asked.world.outcome(asked.answer()) == "refused.stamp"
    nowhere = asked.world.roses.uri("stamps/2")
    assert await asked.world.outcome(asked.answer(result=nowhere)) == "fetch.not_found"
    other = await start_origin("127.0.0.4")
    foreign = other.serve(asked.stamp() | {"id": other.uri("stamps/1")})
    assert await asked.world.outcome(asked.answer(result=foreign["id"])) == "refused.stamp"
    assert other.asked == []
    assert await asked.state() == "pending"


async def test_nobody_else_answers(asked: Asked) -> None:
    carol = await asked.world.roses.person("carol")
    stamp = asked.stamp()
    accept = asked.answer(sender=carol, result=stamp["id"])
    assert await asked.world.outcome(accept) == "ignored.unknown_follow"
    reject = asked.answer("Reject", sender=carol)
    assert await asked.world.outcome(reject) == "ignored.unknown_follow"
    assert await asked.state() == "pending"


async def test_a_reject_ends_it(asked: Asked) -> None:
    assert await asked.world.outcome(asked.answer("Reject")) == "quote.rejected"
    assert (await asked.state(), await asked.counted()) == ("rejected", 0)
    stamp = asked.stamp()
    assert await asked.world.outcome(asked.answer(result=stamp["id"])) == "quote.known"
    assert await asked.state() == "rejected"


async def test_the_delete_of_a_stamp_ends_the_quote_and_its_readers_hear(asked: Asked) -> None:
    stamp = asked.stamp()
    await asked.world.deliver(asked.answer(result=stamp["id"]))
    carol = await asked.world.roses.person("carol")
    stolen = asked.world.roses.activity("Delete", carol, stamp)
    await asked.world.deliver(stolen)
    assert await asked.state() == "accepted"
    gone = asked.world.roses.activity("Delete", asked.bob, stamp["id"])
    assert await asked.world.outcome(gone) == "quote.revoked"
    assert (await asked.state(), await asked.counted()) == ("revoked", 0)
    assert "quoteAuthorization" not in (await asked.world.sent())[-1]["object"]


async def test_the_circle_of_a_quote_is_its_own_and_who_is_quoted(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    asked = await Asked(world, bob).ask("private")
    assert asked.quoting["audience_kind"] == "followers"
    assert asked.request["instrument"]["cc"] == [bob["uri"]]
    assert PUBLIC not in asked.request["instrument"]["to"]


async def test_a_status_for_the_site_quotes_nobody_elsewhere(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    note = world.roses.note(bob, interactionPolicy=POLICY)
    await world.deliver(world.roses.create(bob, note))
    quoted = await world.status(note["id"])
    assert quoted is not None
    draft = Draft("À lire", visibility="local", quoted_status_id=quoted["id"])
    with pytest.raises(Exception, match="cannot quote one of another site"):
        await create(world.node, world.claire, world.claire_account, draft)
    assert await world.sent() == []


async def test_without_a_stated_policy_nobody_elsewhere_is_asked(world: World) -> None:
    bob = await world.roses.person("bob")
    await world.follow(world.claire, bob)
    refusing = {"canQuote": {"automaticApproval": [bob["uri"]]}}
    for policy in (None, refusing):
        note = world.roses.note(bob, interactionPolicy=policy)
        await world.deliver(world.roses.create(bob, note))
        quoted = await world.status(note["id"])
        assert quoted is not None
        draft = Draft("À lire", quoted_status_id=quoted["id"])
        with pytest.raises(Exception, match="does not let you quote"):
            await create(world.node, world.claire, world.claire_account, draft)
    manual = world.roses.note(bob, interactionPolicy={"canQuote": {"manualApproval": PUBLIC}})
    await world.deliver(world.roses.create(bob, manual))
    quoted = await world.status(manual["id"])
    assert quoted is not None
    made = await world.post("À lire", quoted_status_id=quoted["id"])
    assert made["quote_state"] == "pending"
    claire = await actor_row(world.node, world.claire["uri"])
    assert claire["statuses_count"] == 1


async def test_what_was_sent_to_somebody_else_is_not_there_and_nobody_is_asked(
    world: World,
) -> None:
    """SEC-161: no request tells its author that somebody tried."""
    bob, denis = await world.roses.person("bob"), await world.local("denis")
    note = world.roses.note(
        bob, to=[denis["uri"]], cc=[], tag=[{"type": "Mention", "href": denis["uri"]}]
    )
    await world.deliver(world.roses.create(bob, note))
    quoted = await world.status(note["id"])
    assert quoted is not None
    world.roses.asked.clear()
    draft = Draft("À lire", quoted_status_id=quoted["id"])
    with pytest.raises(NotFound):
        await create(world.node, world.claire, world.claire_account, draft)
    assert (world.roses.asked, await world.sent()) == ([], [])
    # Whom it was sent to sees it, and still may not pass it on.
    with pytest.raises(Invalid, match="Only its author"):
        await create(world.node, denis, await account_id_of(world.node, denis), draft)
    assert (world.roses.asked, await world.sent()) == ([], [])
