"""Audiences of several sites: what they are on the wire, who gets them, and how they narrow."""

from dataclasses import replace
from typing import Any

import pytest

from federation.database import Row, Transaction
from federation.errors import Invalid
from federation.node import Node
from federation.peers import block
from federation.vocabulary import PUBLIC
from outbox.circles import sites_for
from outbox.documents import note_document
from outbox.drafts import Draft
from outbox.edits import Revision, edit
from outbox.interactions import reblog
from outbox.statuses import create
from outbox.visibility import Origin, Person
from tests.agreements import agree
from tests.outbox.circle_world import TOKEN, change, goes_to, said, seen, take
from tests.outbox.conftest import GLYCINES, ROSES, VALMONT, MakePerson, MakeRemote


@pytest.mark.parametrize(
    ("wish", "origins", "expected"),
    [
        ("local", (), set[str]()),
        ("organisation", (), {ROSES}),
        ("partners", (), {ROSES, VALMONT}),
        ("named_partners", (VALMONT,), {ROSES, VALMONT}),
    ],
)
async def test_each_kind_goes_to_its_sites_and_no_plain_peer(
    node: Node,
    person: MakePerson,
    remote: MakeRemote,
    partners: dict[str, Row],
    wish: str,
    origins: tuple[str, ...],
    expected: set[str],
) -> None:
    alice, account_id = await person("alice")
    await remote("fan", GLYCINES, follows_actor=alice)
    status = await create(node, alice, account_id, Draft("bonjour", wish, origins))
    assert await goes_to(node, status) == expected
    for origin in (ROSES, VALMONT, GLYCINES):
        assert await seen(node, Origin(origin), status) == (origin in expected)
    assert await seen(node, Person(0), status)
    assert not await seen(node, Person(0, is_guest=True), status)


async def test_on_the_wire_there_is_one_address_that_says_nothing(
    node: Node, person: MakePerson, partners: dict[str, Row]
) -> None:
    alice, account_id = await person("alice")
    first = await create(node, alice, account_id, Draft("bonjour", "partners"))
    answer = await create(
        node, alice, account_id, Draft("suite", "partners", in_reply_to_id=first["id"])
    )
    other = await create(node, alice, account_id, Draft("autre", "partners"))
    documents = [await note_document(node, node.db, row) for row in (first, answer, other)]
    for document in documents:
        assert document["to"] == [document["audience"]]
        assert document["cc"] == []
        assert document["directMessage"] is False
        text = repr(document)
        assert PUBLIC not in text
        assert "/followers" not in text
        assert VALMONT not in text
    assert documents[0]["audience"] == documents[1]["audience"] != documents[2]["audience"]
    token = documents[0]["audience"].removeprefix(f"{node.origin}/audiences/")
    assert len(token) == 22


async def test_a_blocked_site_gets_nothing_whatever_was_agreed(
    node: Node, person: MakePerson, partners: dict[str, Row]
) -> None:
    await node.db.write(lambda tx: block(tx, VALMONT, 1))
    alice, account_id = await person("alice")
    status = await create(node, alice, account_id, Draft("bonjour", "partners"))
    assert await goes_to(node, status) == {ROSES}


@pytest.mark.parametrize("chosen", [(), (GLYCINES,), ("not an origin",)])
async def test_only_partners_by_agreement_can_be_named(
    node: Node, person: MakePerson, partners: dict[str, Row], chosen: tuple[str, ...]
) -> None:
    alice, account_id = await person("alice")
    with pytest.raises(Invalid) as refused:
        await create(node, alice, account_id, Draft("bonjour", "named_partners", chosen))
    assert refused.value.field == "audience"
    assert await node.db.value("SELECT count(*) FROM status") == 0


async def test_who_lives_outside_is_refused_by_name(
    node: Node, person: MakePerson, partners: dict[str, Row]
) -> None:
    alice, account_id = await person("alice")
    status = await create(node, alice, account_id, Draft("@val@valmont.example ici", "partners"))
    assert await goes_to(node, status) == {ROSES, VALMONT}
    outside = "@gly@glycines.example ici"
    with pytest.raises(Invalid, match="private message"):
        await create(node, alice, account_id, Draft(outside, "partners"))
    with pytest.raises(Invalid, match="private message"):
        await edit(node, alice, status, Revision(outside))


@pytest.mark.parametrize(
    ("parent", "wish", "kind"),
    [
        ("partners", "public", "partners"),
        ("partners", "private", "partners"),
        ("partners", "organisation", "organisation"),
        ("partners", "local", "site"),
        ("partners", "direct", "named"),
        ("organisation", "partners", "organisation"),
        ("local", "partners", "site"),
    ],
)
async def test_an_answer_narrows_and_never_widens(
    node: Node,
    person: MakePerson,
    partners: dict[str, Row],
    parent: str,
    wish: str,
    kind: str,
) -> None:
    alice, account_id = await person("alice")
    first = await create(node, alice, account_id, Draft("bonjour", parent))
    draft = Draft("suite", wish, in_reply_to_id=first["id"])
    answer = await create(node, alice, account_id, draft)
    assert answer["audience_kind"] == kind
    assert (answer["audience_id"] == first["audience_id"]) == (first["audience_kind"] == kind)
    assert await goes_to(node, answer) <= await goes_to(node, first)


async def test_what_comes_is_for_members_while_the_agreement_stands(
    node: Node, partners: dict[str, Row]
) -> None:
    val = partners[VALMONT]
    status = await take(node, said(val, f"{VALMONT}/audiences/{TOKEN}"), val)
    assert status["audience_kind"] == "partners"
    assert await seen(node, Person(0), status)
    assert not await seen(node, Person(0, is_guest=True), status)
    assert not await seen(node, Origin(ROSES), status), "nobody passes it on"
    for changes, shown in (
        ({"takes_audiences": False}, False),
        ({"state": "paused"}, True),
        ({"state": "ended"}, False),
        ({}, True),
    ):
        await change(node, VALMONT, **changes)
        assert await seen(node, Person(0), status) == shown, changes


@pytest.mark.parametrize(
    "changes",
    [
        {"cc": [f"{VALMONT}/users/val/followers"]},
        {"to": [f"{VALMONT}/audiences/{'B' * 22}"]},
        {"to": [f"{VALMONT}/audiences/{TOKEN}", f"{VALMONT}/users/val/followers"]},
        {"audience": f"{VALMONT}/audiences/short"},
        # Of a site with which nothing is agreed, and of ours, where there is no such audience.
        {"to": f"{GLYCINES}/audiences/{TOKEN}", "audience": f"{GLYCINES}/audiences/{TOKEN}"},
        {"to": f"http://127.0.0.1:8471/audiences/{TOKEN}",
         "audience": f"http://127.0.0.1:8471/audiences/{TOKEN}"},
    ],
)  # fmt: skip
async def test_anything_else_under_such_an_address_is_for_no_members(
    node: Node, person: MakePerson, partners: dict[str, Row], changes: dict[str, Any]
) -> None:
    await person("alice")
    val = partners[VALMONT]
    status = await take(node, said(val, f"{VALMONT}/audiences/{TOKEN}", **changes), val)
    assert not await seen(node, Person(0), status)


async def test_what_a_plain_peer_sends_so_is_for_nobody(
    node: Node, person: MakePerson, partners: dict[str, Row]
) -> None:
    alice, _ = await person("alice")
    gly, uri = partners[GLYCINES], f"{GLYCINES}/audiences/{TOKEN}"
    tag = {"type": "Mention", "href": alice["uri"], "name": "@alice"}
    status = await take(node, said(gly, uri, tag=[tag]), gly)
    assert not await seen(node, Person(alice["id"]), status)
    assert not await seen(node, Person(0), status)


async def test_an_answer_goes_back_and_to_those_known_to_belong(
    node: Node, person: MakePerson, remote: MakeRemote, partners: dict[str, Row]
) -> None:
    lilas = "https://lilas.example"
    await remote("lil", lilas)
    await change(node, lilas)
    val = partners[VALMONT]
    first = await take(node, said(val, f"{VALMONT}/audiences/{TOKEN}"), val)
    alice, account_id = await person("alice")
    draft = Draft("suite", "partners", in_reply_to_id=first["id"])
    answer = await create(node, alice, account_id, draft)
    assert await goes_to(node, answer) == {VALMONT}, "not even to our organisation"

    async def learn(tx: Transaction) -> None:
        await tx.many(
            "INSERT INTO audience_member (audience_id, origin) VALUES (?, ?)",
            [(first["audience_id"], ROSES), (first["audience_id"], GLYCINES)],
        )

    await node.db.write(learn)
    assert await goes_to(node, answer) == {VALMONT, ROSES}, "never where nothing is agreed"
    organisation = await create(node, alice, account_id, replace(draft, visibility="organisation"))
    assert organisation["audience_kind"] == "partners", "ours may be outside theirs"


async def test_inside_the_organisation_every_site_gets_every_answer(
    node: Node, person: MakePerson, partners: dict[str, Row]
) -> None:
    rose = partners[ROSES]
    other = "https://lilas.example"
    await change(node, other, kind="site")
    await node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO peer (origin, policy, created_at) VALUES (?, 'allowed', 0)", other
        )
    )
    document = said(rose, f"{ROSES}/audiences/{TOKEN}", audienceKind="organisation")
    first = await take(node, document, rose)
    assert first["audience_kind"] == "organisation"
    alice, account_id = await person("alice")
    draft = Draft("suite", "public", in_reply_to_id=first["id"])
    answer = await create(node, alice, account_id, draft)
    assert await goes_to(node, answer) == {ROSES, other}
    # A partner that calls itself our organisation is none, whatever it says of its audience.
    val = partners[VALMONT]
    uri = f"{VALMONT}/audiences/{TOKEN}"
    theirs = await take(node, said(val, uri, audienceKind="organisation"), val)
    assert theirs["audience_kind"] == "partners"
    answer = await create(node, alice, account_id, replace(draft, in_reply_to_id=theirs["id"]))
    assert await goes_to(node, answer) == {VALMONT}


async def test_its_author_alone_passes_it_on_to_the_same_audience(
    node: Node, person: MakePerson, partners: dict[str, Row]
) -> None:
    (alice, account_id), (bob, bobs) = await person("alice"), await person("bob")
    status = await create(node, alice, account_id, Draft("bonjour", "organisation"))
    with pytest.raises(Invalid, match="author"):
        await reblog(node, bob, status)
    boost = await reblog(node, alice, status)
    assert (boost["audience_kind"], boost["audience_id"]) == (
        "organisation",
        status["audience_id"],
    )
    assert await goes_to(node, boost) == {ROSES}
    quoting = Draft("voyez", "organisation", quoted_status_id=status["id"])
    with pytest.raises(Invalid, match="author"):
        await create(node, bob, bobs, quoting)
    assert await create(node, alice, account_id, quoting)
    assert await create(node, alice, account_id, replace(quoting, visibility="local"))
    for wider in ("partners", "private", "public"):
        with pytest.raises(Invalid, match="same audience"):
            await create(node, alice, account_id, replace(quoting, visibility=wider))


async def test_peers_whose_software_keeps_no_audience_get_what_is_public(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    alice, account_id = await person("alice")
    await remote("fan", GLYCINES, follows_actor=alice)
    for software, reached in ((None, True), ("mastodon", True), ("pixelfed", False), ("x", False)):
        await node.db.write(
            lambda tx, name=software: tx.execute(
                "UPDATE peer SET software = CAST(? AS TEXT) WHERE origin = ?", name, GLYCINES
            )
        )
        for visibility in ("public", "private", "direct"):
            draft = Draft("bonjour @fan@glycines.example", visibility)
            status = await create(node, alice, account_id, draft)
            expected = reached or visibility == "public"
            assert (GLYCINES in await goes_to(node, status)) == expected, (software, visibility)
            assert await seen(node, Origin(GLYCINES), status) == expected


async def test_the_sites_of_200_are_one_question(node: Node) -> None:
    async def work(tx: Transaction) -> None:
        for number in range(200):
            await agree(tx, f"https://s{number:03}.example", kind="site")

    await node.db.write(work)
    assert len(await sites_for(node.db, "organisation")) == 200
