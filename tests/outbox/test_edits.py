"""An edit: the same readers, the new words, and what was said before beside them."""

from urllib.parse import urlsplit

import orjson
import pytest

from federation.database import Row
from federation.errors import Invalid, NotFound
from federation.node import Node
from federation.vocabulary import Document
from outbox import relations, statuses
from outbox.drafts import PollDraft
from outbox.edits import Revision, edit
from outbox.history import versions
from outbox.statuses import Draft
from outbox.visibility import Origin, Person, visible
from tests.conftest import FakeClock
from tests.outbox.conftest import ROSES, VALMONT, MakePerson, MakeRemote


async def inboxes(node: Node, kind: str = "Update") -> list[str]:
    rows = await node.db.rows(
        "SELECT inbox_url FROM delivery WHERE activity_type = ? ORDER BY inbox_url", kind
    )
    return [row["inbox_url"] for row in rows]


async def updates(node: Node) -> list[Document]:
    rows = await node.db.rows("SELECT body FROM activity WHERE type = 'Update' ORDER BY id")
    return [orjson.loads(bytes(row["body"])) for row in rows]


async def hold(node: Node, status: Row, origin: str) -> None:
    await node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO held (object_uri, origin, first_at, last_at, state)"
            " VALUES (?, ?, 0, 0, 'handed_over')",
            status["uri"],
            origin,
        )
    )


async def said(node: Node, status: Row) -> list[str]:
    row = await node.db.row("SELECT * FROM status WHERE id = ?", status["id"])
    assert row is not None
    return [version.content_html for version in await versions(node.db, row)]


async def test_an_edit_goes_where_the_status_went_and_keeps_what_it_said(
    node: Node, person: MakePerson, remote: MakeRemote, clock: FakeClock
) -> None:
    claire, account = await person("claire")
    await remote("paul", follows_actor=claire)
    await remote("ines", VALMONT)
    status = await statuses.create(node, claire, account, Draft("à midi #repas", language="fr"))
    await hold(node, status, VALMONT)
    clock.advance(60)

    edited = await edit(node, claire, status, Revision("à une heure #menu", spoiler_text="repas"))

    assert await inboxes(node) == [f"{ROSES}/inbox", f"{VALMONT}/inbox"]
    (update,) = await updates(node)
    assert update["to"] == update["object"]["to"]
    assert update["object"]["updated"] > update["object"]["published"]
    assert [tag["name"] for tag in update["object"]["tag"]] == ["#menu"]
    assert (edited["summary"], bool(edited["sensitive"]), edited["language"]) == (
        "repas",
        True,
        "fr",
    )
    before, after = await said(node, status)
    assert "à midi" in before
    assert "à une heure" in after


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_new_words_go_to_no_site_where_nobody_of_the_circle_is_left(
    node: Node, person: MakePerson, remote: MakeRemote, visibility: str
) -> None:
    """Its copy stays in the ledger, for the Delete; Roses is in the circle all along."""
    claire, account = await person("claire")
    await remote("paul", follows_actor=claire)
    ines = await remote("ines", VALMONT, follows_actor=claire)
    names = "@paul@roses.example @ines@valmont.example"
    said_to = f"{names} à midi" if visibility == "direct" else "à midi"
    status = await statuses.create(node, claire, account, Draft(said_to, visibility))
    assert {urlsplit(url).netloc for url in await inboxes(node, "Create")} == {
        "roses.example",
        "valmont.example",
    }
    for origin in (ROSES, VALMONT):
        await hold(node, status, origin)
    await node.db.write(lambda tx: tx.execute("UPDATE delivery SET progress = 'done'"))
    await relations.block(node, claire, ines)
    edited = await edit(node, claire, status, Revision(f"{said_to} et quart"))

    assert {urlsplit(url).netloc for url in await inboxes(node)} == {"roses.example"}
    assert await visible(node.db, Origin(ROSES), status["id"]) is not None
    assert await visible(node.db, Origin(VALMONT), status["id"]) is None
    await statuses.delete(node, claire, edited)
    assert {urlsplit(url).netloc for url in await inboxes(node, "Delete")} == {
        "roses.example",
        "valmont.example",
    }


async def test_two_edits_in_one_second_are_two_moments_on_the_wire(
    node: Node, person: MakePerson
) -> None:
    claire, account = await person("claire")
    status = await statuses.create(node, claire, account, Draft("un"))
    for text in ("deux", "trois"):
        status = await edit(node, claire, status, Revision(text))
    first, second = (update["object"] for update in await updates(node))
    assert first["published"] < first["updated"] < second["updated"]
    assert [text[3:-4] for text in await said(node, status)] == ["un", "deux", "trois"]


async def test_an_edit_without_a_difference_is_none(
    node: Node, person: MakePerson, clock: FakeClock
) -> None:
    claire, account = await person("claire")
    poll = PollDraft(("oui", "non"), 600)
    status = await statuses.create(node, claire, account, Draft("venez ?", poll=poll))
    clock.advance(60)
    same = await edit(node, claire, status, Revision("venez ?", poll=poll))
    assert same["edited_at"] is None
    assert (await updates(node), len(await said(node, status))) == ([], 1)
    other = await edit(node, claire, status, Revision("venez ?", poll=PollDraft(("a", "b"), 600)))
    assert other["edited_at"] is not None
    row = await node.db.row("SELECT * FROM status WHERE id = ?", status["id"])
    assert row is not None
    options = [version.poll_options for version in await versions(node.db, row)]
    assert options == [("oui", "non"), ("a", "b")]


@pytest.mark.parametrize("visibility", ["private", "direct", "local"])
async def test_the_edit_of_a_closed_circle_reaches_no_new_reader(
    node: Node, person: MakePerson, remote: MakeRemote, visibility: str
) -> None:
    """The circle has the edit; a neighbour that never had the status gets nothing."""
    claire, account = await person("claire")
    luc, _ = await person("luc")
    paul = await remote("paul", follows_actor=claire)
    await remote("ines", VALMONT)
    text = "@paul@roses.example bonjour" if visibility == "direct" else "bonjour"
    status = await statuses.create(node, claire, account, Draft(text, visibility))
    edited = await edit(node, claire, status, Revision(f"{text} à tous"))

    assert edited["audience_kind"] == status["audience_kind"]
    expected = {"private": [f"{ROSES}/inbox"], "direct": [paul["inbox_url"]], "local": []}
    assert await inboxes(node) == expected[visibility]
    assert await visible(node.db, Origin(VALMONT), status["id"]) is None
    seen = await visible(node.db, Person(luc["id"]), status["id"])
    assert (seen is not None) == (visibility == "local")


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_who_is_named_anew_is_one_more_and_who_is_not_keeps_the_status(
    node: Node, person: MakePerson, remote: MakeRemote, visibility: str
) -> None:
    claire, account = await person("claire")
    paul, ines = await remote("paul"), await remote("ines", VALMONT)
    first = Draft("@paul@roses.example bonjour", visibility)
    status = await statuses.create(node, claire, account, first)
    await edit(node, claire, status, Revision("@ines@valmont.example bonjour"))

    for origin in (ROSES, VALMONT):
        assert await visible(node.db, Origin(origin), status["id"]) is not None
    hosts = {url.partition("/users")[0].removesuffix("/inbox") for url in await inboxes(node)}
    assert hosts == {ROSES, VALMONT}
    (update,) = await updates(node)
    addressed = {*update["to"], *update["cc"]}
    assert {paul["uri"], ines["uri"]} <= addressed
    rows = await node.db.rows("SELECT actor_id, silent FROM mention")
    silent = {row["actor_id"]: bool(row["silent"]) for row in rows}
    assert silent == {paul["id"]: True, ines["id"]: False}


async def test_whom_an_answer_answers_stays_named(node: Node, person: MakePerson) -> None:
    claire, account = await person("claire")
    luc, luc_account = await person("luc")
    parent = await statuses.create(node, claire, account, Draft("question"))
    draft = Draft("réponse", in_reply_to_id=parent["id"])
    status = await statuses.create(node, luc, luc_account, draft)
    await edit(node, luc, status, Revision("autre réponse"))
    row = await node.db.row("SELECT actor_id, silent FROM mention")
    assert row is not None
    assert (row["actor_id"], bool(row["silent"])) == (claire["id"], False)


@pytest.mark.parametrize(
    ("revision", "field"),
    [
        (Revision("  "), "status"),
        (Revision("x" * 5_001), "status"),
        (Revision("nul\x00"), "status"),
        (Revision("a", media_ids=(12,)), "media_ids"),
        (Revision("a", poll=PollDraft(("seule",), 600)), "poll[options]"),
    ],
)
async def test_a_wrong_edit_names_its_field_and_changes_nothing(
    node: Node, person: MakePerson, revision: Revision, field: str
) -> None:
    claire, account = await person("claire")
    status = await statuses.create(node, claire, account, Draft("bonjour"))
    with pytest.raises(Invalid) as refused:
        await edit(node, claire, status, revision)
    assert refused.value.params["field"] == field
    assert await said(node, status) == ["<p>bonjour</p>"]
    assert await updates(node) == []


async def test_nobody_edits_anothers_status_or_one_that_is_gone(
    node: Node, person: MakePerson
) -> None:
    claire, account = await person("claire")
    luc, _ = await person("luc")
    status = await statuses.create(node, claire, account, Draft("bonjour"))
    with pytest.raises(NotFound):
        await edit(node, luc, status, Revision("changé"))
    await statuses.delete(node, claire, status)
    with pytest.raises(NotFound):
        await edit(node, claire, status, Revision("changé"))
    assert await updates(node) == []


async def test_an_edit_right_behind_its_create_goes_the_same_way(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    """Who unfollowed between the two is judged again when it is sent; nobody is forgotten."""
    claire, account = await person("claire")
    await remote("paul", follows_actor=claire)
    status = await statuses.create(node, claire, account, Draft("un", "private"))
    await node.db.write(lambda tx: tx.execute("DELETE FROM follow"))
    await edit(node, claire, status, Revision("deux"))
    assert await inboxes(node) == await inboxes(node, "Create") == [f"{ROSES}/inbox"]
