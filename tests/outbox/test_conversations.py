"""Conversations are kept with the message; a muted thread is silent, also when it grows."""

import pytest

from actors import follows
from federation.database import Row
from federation.node import Node
from federation.vocabulary import Document
from inbox.conversations import shown
from inbox.process import process_due
from outbox import relations, statuses
from outbox.conversations import hide_conversation, mark_conversation, mute_thread, unmute_thread
from outbox.received import upsert_remote
from outbox.statuses import Draft
from outbox.visibility import Person
from tests.outbox.conftest import ROSES, MakePerson, MakeRemote


async def conversations(node: Node, actor: Row) -> list[tuple[int, int, bool, bool]]:
    rows = await node.db.rows(
        "SELECT * FROM conversation WHERE actor_id = ? ORDER BY last_status_id", actor["id"]
    )
    return [
        (row["thread_root_id"], row["last_status_id"], bool(row["unread"]), bool(row["hidden"]))
        for row in rows
    ]


async def id_of(node: Node, actor: Row) -> int:
    return await node.db.value("SELECT id FROM conversation WHERE actor_id = ?", actor["id"])


def message(author: Row, number: int, to: list[str], **more: object) -> Document:
    return {
        "id": f"{ROSES}/notes/{number}",
        "type": "Note",
        "attributedTo": author["uri"],
        "content": "<p>bonjour</p>",
        "to": to,
        **more,
    }


async def take(node: Node, document: Document, author: Row) -> Row:
    status, _ = await node.db.write(lambda tx: upsert_remote(node, tx, document, author))
    return status


async def told(node: Node, actor: Row) -> list[tuple[str, int]]:
    rows = await node.db.rows(
        "SELECT type, status_id FROM notification WHERE recipient_id = ? ORDER BY id", actor["id"]
    )
    return [(row["type"], row["status_id"]) for row in rows]


async def test_only_messages_to_named_people_and_for_each_of_them(
    node: Node, person: MakePerson
) -> None:
    (claire, account), (luc, luc_account), (eve, _) = [
        await person(name) for name in ("claire", "luc", "eve")
    ]
    for visibility in ("public", "unlisted", "private", "local"):
        await statuses.create(node, claire, account, Draft("@luc bonjour", visibility))
    assert await node.db.value("SELECT count(*) FROM conversation") == 0
    first = await statuses.create(node, claire, account, Draft("@luc seul", "direct"))
    root = first["id"]
    assert await conversations(node, claire) == [(root, root, False, False)]
    assert await conversations(node, luc) == [(root, root, True, False)]
    answer = await statuses.create(
        node, luc, luc_account, Draft("oui", "direct", in_reply_to_id=root)
    )
    assert await conversations(node, claire) == [(root, answer["id"], True, False)]
    assert await conversations(node, luc) == [(root, answer["id"], False, False)]
    assert await conversations(node, eve) == []


async def test_hidden_until_a_new_message_and_unread_as_one_says(
    node: Node, person: MakePerson
) -> None:
    (claire, account), (luc, _) = await person("claire"), await person("luc")
    first = await statuses.create(node, claire, account, Draft("@luc", "direct"))
    number = await id_of(node, luc)
    await mark_conversation(node, luc["id"], number, unread=False)
    assert await conversations(node, luc) == [(first["id"], first["id"], False, False)]
    # Somebody else's is not touched.
    await hide_conversation(node, claire["id"], number)
    await mark_conversation(node, claire["id"], number, unread=True)
    assert await conversations(node, luc) == [(first["id"], first["id"], False, False)]
    await hide_conversation(node, luc["id"], number)
    assert await conversations(node, luc) == [(first["id"], first["id"], False, True)]
    draft = Draft("@luc encore", "direct", in_reply_to_id=first["id"])
    second = await statuses.create(node, claire, account, draft)
    assert await conversations(node, luc) == [(first["id"], second["id"], True, False)]


async def test_when_the_last_message_goes_the_one_before_it_is_the_last(
    node: Node, person: MakePerson
) -> None:
    (claire, account), (luc, _) = await person("claire"), await person("luc")
    first = await statuses.create(node, claire, account, Draft("@luc un", "direct"))
    draft = Draft("@luc deux", "direct", in_reply_to_id=first["id"])
    second = await statuses.create(node, claire, account, draft)
    await statuses.delete(node, claire, second)
    assert [row[1] for row in await conversations(node, luc)] == [first["id"]]
    await statuses.delete(node, claire, first)
    assert await node.db.value("SELECT count(*) FROM conversation") == 0


async def test_a_message_that_comes_late_changes_nothing_of_what_is_newer(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    """The answer first: both are one conversation once the question is there."""
    claire, _ = await person("claire")
    paul = await remote("paul")
    to = [claire["uri"]]
    answer = await take(node, message(paul, 2, to, inReplyTo=f"{ROSES}/notes/1"), paul)
    await node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO thread_mute (actor_id, thread_root_id, created_at) VALUES (?, ?, 0)",
            claire["id"],
            answer["id"],
        )
    )
    question = await take(node, message(paul, 1, to), paul)
    # The mute goes along too, so what is new there is nothing to read.
    assert await conversations(node, claire) == [(question["id"], question["id"], False, False)]
    root = await node.db.value("SELECT thread_root_id FROM thread_mute")
    assert root == question["id"]
    await hide_conversation(node, claire["id"], await id_of(node, claire))

    def backfill(tx: object) -> object:
        old = message(paul, 3, to, inReplyTo=answer["uri"], published="2020-01-01T00:00:00Z")
        return upsert_remote(node, tx, old, paul, backfill=True)  # type: ignore[arg-type]

    await node.db.write(backfill)  # type: ignore[arg-type]
    assert [row[3] for row in await conversations(node, claire)] == [True]


async def test_sec_173_who_is_blocked_or_muted_opens_no_conversation(
    node: Node, person: MakePerson, remote: MakeRemote
) -> None:
    claire, _ = await person("claire")
    paul, rose, ines = [await remote(name) for name in ("paul", "rose", "ines")]
    await relations.block(node, claire, paul)
    await node.db.write(lambda tx: follows.mute(node, tx, claire["id"], rose["id"]))
    for number, author in enumerate((paul, rose)):
        await take(node, message(author, number, [claire["uri"]]), author)
    assert await conversations(node, claire) == []
    status = await take(node, message(ines, 9, [claire["uri"]]), ines)
    assert [row[1] for row in await conversations(node, claire)] == [status["id"]]


async def test_a_conversation_shows_only_what_its_reader_may_see(
    node: Node, person: MakePerson
) -> None:
    (claire, account), (luc, luc_account) = await person("claire"), await person("luc")
    first = await statuses.create(node, claire, account, Draft("@luc un", "direct"))
    await statuses.create(
        node, luc, luc_account, Draft("deux", "direct", in_reply_to_id=first["id"])
    )
    rows = await node.db.rows("SELECT * FROM conversation WHERE actor_id = ?", claire["id"])
    (item,) = await shown(node.db, Person(claire["id"]), rows)
    assert item.participant_ids == (luc["id"],)
    # Who is blocked by the author of the last message sees the one before it.
    await relations.block(node, luc, claire)
    (item,) = await shown(node.db, Person(claire["id"]), rows)
    assert item.last["id"] == first["id"]


@pytest.mark.parametrize("muted", [True, False])
async def test_a_muted_thread_tells_nothing_of_later_answers(
    node: Node, person: MakePerson, *, muted: bool
) -> None:
    (claire, account), (luc, luc_account) = await person("claire"), await person("luc")
    root = await statuses.create(node, claire, account, Draft("question"))
    for deed in (mute_thread, mute_thread) if muted else (mute_thread, unmute_thread):
        await deed(node, claire, root)
    draft = Draft("@claire réponse", in_reply_to_id=root["id"])
    answer = await statuses.create(node, luc, luc_account, draft)
    draft = Draft("@claire suite", in_reply_to_id=answer["id"])
    after = await statuses.create(node, luc, luc_account, draft)
    other = await statuses.create(node, luc, luc_account, Draft("@claire autre chose"))
    await process_due(node)
    of_thread = [("mention", answer["id"]), ("mention", after["id"])]
    expected = ([] if muted else of_thread) + [("mention", other["id"])]
    assert await told(node, claire) == expected
