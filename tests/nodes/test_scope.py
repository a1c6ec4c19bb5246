"""Proves that what an agreement grants holds where it is sent and again where it comes.

Each refusal stands beside the same act under an agreement that grants it, and is stored with a
sentence in both languages.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from actors.local import create_account
from actors.queries import account_of_actor, by_uri
from actors.remote import ensure_actor
from federation.database import Row, Transaction
from federation.errors import Invalid, Refused
from federation.fetch import FetchBudget
from federation.partnerships import partner
from federation.scopes import Scope
from inbox.handlers import flag as flags
from inbox.moderation import Complaint, file_report
from inbox.partnership_acts import narrow
from maillage.judge import judge_of
from outbox import agreed, drafts, interactions, relations, statuses
from outbox.reports import forward_report
from outbox.statuses import Draft
from tests.conftest import Start
from tests.nodes.partners import BY, FREELY, paired, post_as
from tests.nodes.test_partners_in_force import has, like, person
from tests.serving import Running, eventually
from web.translations import sentence

Sites = tuple[Running, Running]


@pytest.fixture
async def sites(start_node: Start, no_greetings: None) -> Sites:
    return await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")


async def at(site: Running, who: Row) -> Row:
    """Somebody elsewhere as this site knows her."""
    return await ensure_actor(site.node, who["uri"], budget=FetchBudget())


async def said(site: Running, who: Row, text: str, visibility: str, **more: Any) -> Row:
    account = await account_of_actor(site.node.db, who["id"])
    assert account is not None
    return await statuses.create(
        site.node, who, account["id"], Draft(text, visibility=visibility, **more)
    )


async def outcome(site: Running, kind: str) -> str:
    """What became of the last activity of this type that came here."""

    async def settled() -> str | None:
        return await site.node.db.value(
            "SELECT outcome_code FROM activity WHERE origin = 'remote' AND type = ?"
            " AND progress IN ('done', 'refused') ORDER BY id DESC LIMIT 1",
            kind,
        )

    return await eventually(settled)


def is_said(code: str) -> bool:
    french, english = sentence("fr", code, {}), sentence("en", code, {})
    return french != english and code not in {french, english}


Rule = Callable[..., Any]


async def nothing_agreed(*_: Any) -> dict[str, Any]:
    return {}


@pytest.fixture
def lawless(monkeypatch: pytest.MonkeyPatch) -> Callable[[Running], None]:
    """Let one site send whatever it likes: what the other one grants it is not looked at."""

    def forget(site: Running) -> None:
        plain = agreed.granted_by

        async def granted_by(reader: Any, origins: Any) -> Any:
            found = await plain(reader, origins)
            return {} if reader is site.node.db or _is_of(reader, site) else found

        async def granted(reader: Any, origin: str) -> Any:
            return (await granted_by(reader, [origin])).get(origin)

        monkeypatch.setattr(agreed, "granted_by", granted_by)
        monkeypatch.setattr(agreed, "granted", granted)

    return forget


def _is_of(reader: Any, site: Running) -> bool:
    engine = getattr(site.node.db, "engine", None)
    return engine is not None and reader is getattr(engine, "writer", None)


def handle(site: Running, who: Row) -> str:
    return f"@{who['username']}@{site.origin.partition('://')[2]}"


# Following --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("granted", "state", "code"),
    [
        ("free", "accepted", "follow.accepted"),
        ("approval", "pending", "follow.asked"),
        ("none", None, "refused.scope_follow"),
    ],
)
async def test_following_is_what_the_followed_site_grants(
    sites: Sites, lawless: Rule, granted: str, state: str | None, code: str
) -> None:
    one, other = sites
    await paired(one, other, replace(FREELY, follow=granted))
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    target = await at(other, alice)
    if granted == "none":
        with pytest.raises(Refused, match="lets nobody here follow"):
            await relations.follow(other.node, bruno, target)
        assert await other.node.db.row("SELECT 1 FROM follow") is None
    lawless(other)
    await relations.follow(other.node, bruno, target)
    assert await outcome(one, "Follow") == code
    assert await one.node.db.value("SELECT state FROM follow") == state
    if granted == "none":
        assert is_said(code)

        async def withdrawn() -> bool:
            return await other.node.db.row("SELECT 1 FROM follow") is None

        await eventually(withdrawn)


# Messages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("granted", ["none", "shared", "anyone"])
async def test_who_may_write_by_name_is_what_the_receiving_site_grants(
    sites: Sites, lawless: Rule, granted: str
) -> None:
    one, other = sites
    await paired(one, other, replace(FREELY, messages=granted))
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await at(other, alice)
    text = f"{handle(one, alice)} Une question"
    if granted == "anyone":
        status = await said(other, bruno, text, "direct")
        await eventually(lambda: has(one, status))
        return
    with pytest.raises(Invalid, match="does not let you write") as raised:
        await said(other, bruno, text, "direct")
    assert raised.value.field == "status"
    # What is for followers, and names somebody who is none, is a message to her as well.
    with pytest.raises(Invalid):
        await said(other, bruno, text, "private")
    lawless(other)
    refused = await said(other, bruno, text, "direct")
    assert await outcome(one, "Create") == "refused.scope_messages"
    assert not await has(one, refused)
    assert is_said("refused.scope_messages")
    refused = await said(other, bruno, f"{text} encore", "private")
    assert not await has(one, refused)
    # Public words may name her: they are no message.
    public = await said(other, bruno, f"{text} pour tout le monde", "public")
    await eventually(lambda: has(one, public))


async def test_shared_means_following_or_having_been_written_to(sites: Sites) -> None:
    one, other = sites
    await paired(one, other, replace(FREELY, messages="shared"))
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    text = f"{handle(one, alice)} Bonjour"
    await relations.follow(other.node, bruno, await at(other, alice))
    assert await outcome(one, "Follow") == "follow.accepted"

    async def accepted() -> Any:
        return await other.node.db.row("SELECT 1 FROM follow WHERE state = 'accepted'")

    await eventually(accepted)
    status = await said(other, bruno, text, "direct")
    await eventually(lambda: has(one, status))
    await relations.unfollow(other.node, bruno, await at(other, alice))
    assert await outcome(one, "Undo") is not None
    # She was written to, so she answers; since she did, he may write to her again.
    received = await one.node.db.value("SELECT id FROM status WHERE uri = ?", status["uri"])
    answer = await said(
        one, alice, f"{handle(other, bruno)} Oui", "direct", in_reply_to_id=received
    )
    await eventually(lambda: has(other, answer))
    again = await said(other, bruno, f"{text} merci", "direct")
    await eventually(lambda: has(one, again))


async def test_a_narrowing_stops_a_message_that_waits(sites: Sites) -> None:
    one, other = sites
    await paired(one, other)
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await at(other, alice)
    status = await said(other, bruno, f"{handle(one, alice)} Avant", "direct")
    await eventually(lambda: has(one, status))
    delivery: Any = {
        "origin": one.origin, "audience_kind": "named", "object_uri": status["uri"],
        "activity_type": "Create",
    }  # fmt: skip
    judge = judge_of(other.node)
    assert await judge(delivery) is None
    await narrow(one.node, other.origin, replace(FREELY, messages="none"), BY)

    async def known() -> bool:
        found = await partner(other.node.db, one.origin)
        return found is not None and found.theirs.messages == "none"

    await eventually(known)
    assert await judge(delivery) == "delivery.not_agreed"
    assert is_said("delivery.not_agreed")


# Passing on -------------------------------------------------------------------------------------


@pytest.mark.parametrize("granted", ["none", "site"])
async def test_what_is_public_is_passed_on_as_its_site_grants(
    sites: Sites, lawless: Rule, granted: str
) -> None:
    one, other = sites
    await paired(one, other, replace(FREELY, resharing=granted))
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await relations.follow(other.node, bruno, await at(other, alice))
    assert await outcome(one, "Follow") == "follow.accepted"
    status = await said(one, alice, "Pour tout le monde", "public")
    await eventually(lambda: has(other, status))
    there = await other.node.db.row("SELECT * FROM status WHERE uri = ?", status["uri"])
    assert there is not None
    if granted == "none":
        with pytest.raises(Refused, match="pass on"):
            await interactions.reblog(other.node, bruno, there)
    else:
        boost = await interactions.reblog(other.node, bruno, there)
        assert boost["audience_kind"] == "site"
        left = "SELECT count(*) FROM activity a JOIN delivery d ON d.activity_id = a.id"
        assert await other.node.db.value(f"{left} WHERE a.type = 'Announce'") == 0
        await interactions.unreblog(other.node, bruno, there)
        assert await other.node.db.value(f"{left} WHERE a.type = 'Undo'") == 0
    with pytest.raises(Invalid, match="quote"):
        await said(other, bruno, "Lisez", "public", quoted_status_id=there["id"])
    lawless(other)
    await interactions.reblog(other.node, bruno, there)
    assert await outcome(one, "Announce") == "refused.scope_resharing"
    assert is_said("refused.scope_resharing")
    boosts = "SELECT count(*) FROM status WHERE reblog_of_id IS NOT NULL"
    assert await one.node.db.value(boosts) == 0


# Reports ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("granted", [True, False])
async def test_reports_go_where_they_are_taken(sites: Sites, lawless: Rule, granted: bool) -> None:
    one, other = sites
    await paired(one, other, replace(FREELY, reports=granted))
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    target = await at(other, alice)

    async def report(tx: Transaction) -> bool:
        forwarded = await forward_report(other.node, tx, target, [], "Des mots durs")
        complaint = Complaint(bruno["id"], target["id"], is_forwarded=forwarded)
        await file_report(other.node, tx, complaint)
        return forwarded

    assert await other.node.db.write(report) is granted
    if granted:
        other.node.delivery_wake.set()
        assert await outcome(one, "Flag") == "flag.filed"
        return
    assert not await other.node.db.value("SELECT is_forwarded FROM report")
    lawless(other)
    assert await other.node.db.write(report)
    other.node.delivery_wake.set()
    assert await outcome(one, "Flag") == "refused.scope_reports"
    assert is_said("refused.scope_reports")
    assert await one.node.db.value("SELECT count(*) FROM report") == 0


async def test_sec_201_a_report_comes_from_its_signer_alone_and_not_without_end(
    sites: Sites, start_node: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = sites
    third = await start_node(name="Ailleurs")
    await paired(one, other)
    alice = await person(one, "alice")

    def flag(actor: str, number: int) -> dict[str, Any]:
        origin = actor.removesuffix("/actor")
        return like(actor, number) | {
            "id": f"{origin}/flags/{number}", "type": "Flag", "object": [alice["uri"]],
            "content": "Des mots durs",
        }  # fmt: skip

    forged = flag(f"{third.origin}/actor", 1)
    assert (await post_as(other.node, one, forged, "/inbox"))[0] in {401, 403}
    monkeypatch.setattr(flags, "REPORTS_PER_HOUR", 2)
    for number, code in ((2, "flag.filed"), (3, "flag.filed"), (4, "refused.too_many_reports")):
        mine = flag(f"{other.origin}/actor", number)
        assert (await post_as(other.node, one, mine, "/inbox"))[0] == 202

        async def settled(uri: str = mine["id"]) -> Any:
            sql = "SELECT outcome_code FROM activity WHERE uri = ? AND progress <> 'pending'"
            return await one.node.db.value(sql, uri)

        assert await eventually(settled) == code
    assert await one.node.db.value("SELECT count(*) FROM report") == 2
    assert is_said("refused.too_many_reports")


# Guests -----------------------------------------------------------------------------------------


async def test_a_guest_writes_to_no_audience_of_members(sites: Sites) -> None:
    one, other = sites
    await paired(one, other)
    gus = await create_account(
        one.node, username="gus", password="une phrase assez longue", is_guest=True
    )
    alice = await person(one, "alice")
    named = {"named_partners": (other.origin,)}
    for kind in ("local", "organisation", "partners", "named_partners"):
        draft = Draft("Bonjour", visibility=kind, partners=named.get(kind, ()))
        with pytest.raises(Invalid, match="guest") as raised:
            await drafts.prepare(one.node, gus, draft)
        assert raised.value.field == "visibility"
        assert (await drafts.prepare(one.node, alice, draft)).kind in {kind, "site"}
    assert (await drafts.prepare(one.node, gus, Draft("Moi", visibility="direct"))).kind == "named"


async def test_between_sites_without_an_agreement_nothing_of_this_holds(
    two_nodes: tuple[Running, Running],
) -> None:
    one, other = two_nodes
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await at(other, alice)
    status = await said(other, bruno, f"{handle(one, alice)} Bonjour", "direct")
    await eventually(lambda: has(one, status))
    assert await by_uri(one.node.db, bruno["uri"]) is not None
    assert Scope().messages == "shared"
