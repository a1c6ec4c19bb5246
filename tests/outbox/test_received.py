"""Objects from elsewhere become rows once, in their place, and only under their author."""

from typing import Any

import pytest

from federation.database import Row
from federation.errors import Gone, Malformed, NodeError, Refused
from federation.node import Node
from federation.vocabulary import PUBLIC, Document
from outbox.history import versions
from outbox.received import read_status, upsert_remote
from outbox.received_edits import update_remote
from outbox.statuses import by_uri, remove
from tests.outbox.conftest import ROSES, VALMONT, MakePerson, MakeRemote


def note(author: Row, number: int = 1, **changes: Any) -> Document:
    uri = f"{author['origin']}/notes/{number}"
    document: Document = {
        "id": uri,
        "type": "Note",
        "attributedTo": author["uri"],
        "content": "<p>Bonjour<script>alert(1)</script></p>",
        "published": "2026-01-05T09:00:00Z",
        "to": [PUBLIC],
        "cc": [author["followers_url"]],
    }
    return document | changes


async def take(node: Node, document: Document, author: Row, **options: Any) -> tuple[Row, bool]:
    return await node.db.write(lambda tx: upsert_remote(node, tx, document, author, **options))


async def test_a_note_is_stored_once_clean_and_counted(node: Node, remote: MakeRemote) -> None:
    paul = await remote("paul")
    status, created = await take(node, note(paul), paul)
    again, created_again = await take(node, note(paul, content="autre"), paul)
    assert (created, created_again, again["id"]) == (True, False, status["id"])
    assert status["content_html"] == "<p>Bonjour</p>"
    assert status["audience_kind"] == "public"
    assert await node.db.value("SELECT statuses_count FROM actor WHERE id = ?", paul["id"]) == 1


@pytest.mark.parametrize(
    ("to", "cc", "kind"),
    [
        ("as:Public", [], "public"),
        (["Public"], [], "public"),
        ([f"{ROSES}/users/paul/followers"], PUBLIC, "unlisted"),
        ([f"{ROSES}/users/paul/followers"], [], "followers"),
        ([f"{VALMONT}/users/x/followers"], [], "named"),
        ([], [], "named"),
    ],
)
async def test_addresses_decide_the_audience_never_wider(
    node: Node, remote: MakeRemote, to: Any, cc: Any, kind: str
) -> None:
    paul = await remote("paul")
    status, _ = await take(node, note(paul, to=to, cc=cc, inReplyTo=f"{VALMONT}/n/1"), paul)
    assert status["audience_kind"] == kind


async def test_a_direct_note_is_for_those_named_in_tags_or_addresses(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    paul = await remote("paul")
    claire, _ = await person("claire")
    luc, _ = await person("luc")
    tag = {"type": "Mention", "href": claire["uri"]}
    status, _ = await take(node, note(paul, to=[luc["uri"]], cc=[], tag=tag), paul)
    members = await node.db.rows(
        "SELECT actor_id FROM audience_member WHERE audience_id = ?", status["audience_id"]
    )
    assert {row["actor_id"] for row in members} == {paul["id"], claire["id"], luc["id"]}


async def test_foreign_objects_are_refused_and_own_ones_accepted(
    node: Node, remote: MakeRemote
) -> None:
    paul, ines = await remote("paul"), await remote("ines", VALMONT)
    rose = await remote("rose")
    await take(node, note(paul), paul)
    for document, author in (
        (note(ines, 2), paul),  # an id of another origin
        (note(paul, 3, id=f"{ROSES}:8443/notes/3"), paul),  # another port is another origin
        (note(paul, 1), rose),  # somebody else's, from the same origin
    ):
        with pytest.raises(Refused):
            await take(node, document, author)
    assert await node.db.value("SELECT count(*) FROM status") == 1


async def test_what_was_deleted_does_not_come_back(node: Node, remote: MakeRemote) -> None:
    paul = await remote("paul")
    status, _ = await take(node, note(paul), paul)
    await node.db.write(lambda tx: remove(node, tx, status))
    with pytest.raises(Gone):
        await take(node, note(paul), paul)
    assert await by_uri(node.db, status["uri"]) is None


async def test_a_reply_before_its_parent_takes_its_place_later(
    node: Node, remote: MakeRemote
) -> None:
    paul = await remote("paul")
    uris = {n: f"{ROSES}/notes/{n}" for n in (1, 2, 3)}
    third, _ = await take(node, note(paul, 3, inReplyTo=uris[2]), paul)
    second, _ = await take(node, note(paul, 2, inReplyTo=uris[1]), paul)
    first, _ = await take(node, note(paul, 1), paul)
    rows = {row["id"]: row for row in await node.db.rows("SELECT * FROM status")}
    assert rows[third["id"]]["in_reply_to_id"] == second["id"]
    assert rows[second["id"]]["in_reply_to_id"] == first["id"]
    assert {row["thread_root_id"] for row in rows.values()} == {first["id"]}
    assert [rows[s["id"]]["replies_count"] for s in (first, second, third)] == [1, 1, 0]


async def test_ids_sort_by_arrival_and_for_backfill_by_publication(
    node: Node, remote: MakeRemote
) -> None:
    paul = await remote("paul")
    now, _ = await take(node, note(paul, 1), paul)
    old, _ = await take(node, note(paul, 2), paul, backfill=True)
    future, _ = await take(
        node, note(paul, 3, published="2099-01-01T00:00:00Z"), paul, backfill=True
    )
    assert old["id"] < now["id"]
    assert future["id"] >> 16 <= node.clock()
    assert future["published_at"] <= node.clock()


async def test_updates_only_by_the_author_and_only_newer(node: Node, remote: MakeRemote) -> None:
    paul, rose = await remote("paul"), await remote("rose")
    await take(node, note(paul), paul)

    async def change(author: Row, text: str, updated: str) -> str:
        document = note(paul, content=text, updated=updated)
        return await node.db.write(lambda tx: update_remote(node, tx, document, author))

    assert await change(paul, "deux", "2026-02-02T00:00:00Z") == "update.done"
    assert await change(paul, "un", "2026-02-01T00:00:00Z") == "update.older"
    with pytest.raises(Refused):
        await change(rose, "trois", "2026-02-03T00:00:00Z")
    status = await by_uri(node.db, f"{ROSES}/notes/1")
    assert status is not None
    assert status["content_html"] == "deux"
    said = [version.content_html for version in await versions(node.db, status)]
    assert said == ["<p>Bonjour</p>", "un", "deux"], "what comes late stands where it belongs"


@pytest.mark.parametrize("decided", [None, "https://roses.example", "https://cdn.example"])
async def test_files_that_staff_does_not_take_are_not_stored(
    node: Node, remote: MakeRemote, decided: str | None
) -> None:
    paul = await remote("paul")
    places = (f"{ROSES}/1.png", "https://files.cdn.example/2.png")
    document = note(
        paul, attachment=[{"type": "Image", "mediaType": "image/png", "url": u} for u in places]
    )
    if decided is not None:
        await node.db.write(
            lambda tx: tx.execute(
                "INSERT INTO domain_decision (id, origin, severity, reject_media, created_at)"
                " VALUES (1, ?, 'noop', ?, 0)",
                decided,
                True,
            )
        )
    taken = {None: list(places), "https://cdn.example": [places[0]]}.get(decided, [])
    status, _ = await take(node, document, paul)
    edited = document | {"content": "deux", "updated": "2026-02-02T00:00:00Z"}
    for _ in range(2):
        rows = await node.db.rows(
            "SELECT url FROM attachment WHERE status_id = ? ORDER BY position", status["id"]
        )
        assert [row["url"] for row in rows] == taken
        await node.db.write(lambda tx: update_remote(node, tx, edited, paul))


async def test_a_tally_is_no_edit(node: Node, remote: MakeRemote) -> None:
    paul = await remote("paul")

    def question(votes: int) -> Document:
        options = [
            {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": votes}}
            for name in ("mardi", "jeudi")
        ]
        return note(paul, type="Question", oneOf=options, votersCount=votes)

    status, _ = await take(node, question(0), paul)
    code = await node.db.write(lambda tx: update_remote(node, tx, question(7), paul))
    assert code == "update.tally"
    assert await node.db.value("SELECT voters_count FROM poll") == 7
    unchanged = await by_uri(node.db, status["uri"])
    assert unchanged is not None
    assert unchanged["edited_at"] is None


@pytest.mark.parametrize("kind", ["Article", "Page", "Event", "Video", "Audio", "Image"])
def test_other_objects_show_title_and_link(kind: str) -> None:
    read = read_status(
        {"id": f"{ROSES}/o/1", "type": kind, "name": "Titre <b>", "summary": "Résumé"}, 0
    )
    assert "Titre" in read.content_html
    assert f"{ROSES}/o/1" in read.content_html
    assert read.summary == ""


HOSTILE: list[Document] = [
    {"id": f"{ROSES}/1"},
    {"id": 1, "type": "Note"},
    {"id": "javascript:alert(1)", "type": "Note"},
    {
        "id": f"{ROSES}/1",
        "type": ["Note", 3],
        "content": ["<p>a</p>"],
        "tag": [None, 1, {"type": 1}],
    },
    {"id": f"{ROSES}/1", "type": "Note", "tag": {"type": "Hashtag", "name": {"x": 1}}},
    {"id": f"{ROSES}/1", "type": "Note", "attachment": [[], {}, {"url": {"href": 1}}]},
    {"id": f"{ROSES}/1", "type": "Note", "contentMap": {"fr": 1}, "published": "hier"},
    {"id": f"{ROSES}/1", "type": "Note", "attachment": {"url": f"{ROSES}/f", "type": ["Image"]}},
    {"id": f"{ROSES}/1", "type": "Question", "oneOf": [{"name": 1}, None], "endTime": []},
    {"id": f"{ROSES}/1", "type": "Note", "tag": [{"type": "Hashtag", "name": "#x"}] * 10_000},
]


@pytest.mark.parametrize("document", HOSTILE)
async def test_hostile_shapes_are_taken_or_refused_with_a_code(
    node: Node, remote: MakeRemote, document: Document
) -> None:
    paul = await remote("paul")
    outcome: object = None
    try:
        status, _ = await take(node, document, paul)
        outcome = status["actor_id"]
    except NodeError as error:
        outcome = type(error)
    assert outcome in (paul["id"], Malformed, Refused)
