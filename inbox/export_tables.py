"""The tables of a copy: relations and what was kept, in the CSV that Mastodon imports.

Each is read by its owner's eyes: what she may not see any more is not in it.
"""

import csv
from collections.abc import AsyncIterator, Iterable, Sequence
from io import StringIO
from typing import Any

import orjson

from federation.activity import iso
from federation.database import Row
from federation.node import Node
from outbox.visibility import Person, may_see_sql

Line = Sequence[Any]


async def tables(node: Node, actor: Row, reader: Person) -> AsyncIterator[tuple[str, bytes]]:
    """(name, content) of each table."""
    for name, head, sql in _RELATIONS:
        rows = await node.db.rows(sql, actor["id"])
        yield name, _csv(head, (_line(name, row) for row in rows))
    for kept in ("bookmark", "favourite"):
        yield f"{kept}s.csv", await _kept(node, actor, reader, kept)
    yield "votes.csv", await _votes(node, actor, reader)
    yield "sites.csv", await _sites(node, actor)
    yield "reports.csv", await _reports(node, actor)
    yield "drafts.json", await _drafts(node, actor)


_ACCT = "a.username || '@' || a.handle_host AS acct"
_RELATIONS: tuple[tuple[str, Line, str], ...] = (
    (
        "following.csv",
        ("Account address", "Show boosts", "Notify on new posts", "Languages"),
        (
            f"SELECT {_ACCT}, f.show_reblogs, f.notify, f.languages FROM follow f"
            " JOIN actor a ON a.id = f.target_id"
            " WHERE f.follower_id = ? AND f.state = 'accepted' ORDER BY f.id"
        ),
    ),
    (
        "followers.csv",
        ("Account address",),
        (
            f"SELECT {_ACCT} FROM follow f JOIN actor a ON a.id = f.follower_id"
            " WHERE f.target_id = ? AND f.state = 'accepted' ORDER BY f.id"
        ),
    ),
    (
        "lists.csv",
        (),
        (
            f"SELECT l.title, {_ACCT} FROM list l JOIN list_member m ON m.list_id = l.id"
            " JOIN actor a ON a.id = m.actor_id WHERE l.actor_id = ? ORDER BY l.id, m.id"
        ),
    ),
    (
        "blocks.csv",
        (),
        (
            f"SELECT {_ACCT} FROM block b JOIN actor a ON a.id = b.target_id"
            " WHERE b.actor_id = ? ORDER BY b.id"
        ),
    ),
    (
        "mutes.csv",
        ("Account address", "Hide notifications"),
        (
            f"SELECT {_ACCT}, m.notifications FROM mute m JOIN actor a ON a.id = m.target_id"
            " WHERE m.actor_id = ? ORDER BY m.id"
        ),
    ),
    (
        "domain_blocks.csv",
        (),
        ("SELECT domain FROM domain_block WHERE actor_id = ? ORDER BY id"),
    ),
    (
        "notes.csv",
        ("Account address", "Note"),
        (
            f"SELECT {_ACCT}, n.comment FROM private_note n JOIN actor a ON a.id = n.target_id"
            " WHERE n.actor_id = ? ORDER BY a.id"
        ),
    ),
)


async def _kept(node: Node, actor: Row, reader: Person, kept: str) -> bytes:
    condition, args = may_see_sql(reader, "s")
    rows = await node.db.rows(
        f"SELECT s.uri FROM {kept} k JOIN status s ON s.id = k.status_id"
        f" WHERE k.actor_id = ? AND {condition} ORDER BY k.id",
        actor["id"],
        *args,
    )
    return _csv((), ([row["uri"]] for row in rows))


def _line(name: str, row: Row) -> Line:
    """A row as its table has it: a list begins with its title, an account stands first."""
    match name:
        case "following.csv":
            languages = ", ".join(orjson.loads(row["languages"]))
            return row["acct"], bool(row["show_reblogs"]), bool(row["notify"]), languages
        case "lists.csv":
            return row["title"], row["acct"]
        case "mutes.csv":
            return row["acct"], bool(row["notifications"])
        case "domain_blocks.csv":
            return (row["domain"],)
        case "notes.csv":
            return row["acct"], row["comment"]
        case _:
            return (row["acct"],)


def _csv(head: Line, lines: Iterable[Line]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if head:
        writer.writerow(head)
    for line in lines:
        # As other software writes them: true and false.
        writer.writerow([str(item).lower() if isinstance(item, bool) else item for item in line])
    return text.getvalue().encode()


async def _votes(node: Node, actor: Row, reader: Person) -> bytes:
    condition, args = may_see_sql(reader, "s")
    rows = await node.db.rows(
        "SELECT s.uri, o.title, v.created_at FROM poll_vote v JOIN poll p ON p.id = v.poll_id"
        " JOIN poll_option o ON o.poll_id = p.id AND o.position = v.choice"
        f" JOIN status s ON s.id = p.status_id WHERE v.actor_id = ? AND {condition} ORDER BY v.id",
        actor["id"],
        *args,
    )
    lines = ((row["uri"], row["title"], iso(row["created_at"])) for row in rows)
    return _csv(("Poll", "Choice", "When"), lines)


async def _sites(node: Node, actor: Row) -> bytes:
    """What other sites were handed of hers, and what they say of it, by the ledger."""
    condition, args = may_see_sql(Person(actor["id"]), "s")
    rows = await node.db.rows(
        "SELECT h.object_uri, h.origin, h.state, h.last_at FROM status s"
        f" JOIN held h ON h.object_uri = s.uri WHERE s.actor_id = ? AND {condition}"
        " UNION ALL SELECT h.object_uri, h.origin, h.state, h.last_at FROM tombstone t"
        " JOIN held h ON h.object_uri = t.uri WHERE t.actor_uri = ?"
        " UNION ALL SELECT h.object_uri, h.origin, h.state, h.last_at FROM held h"
        " WHERE h.object_uri = ? ORDER BY 2, 1",
        actor["id"],
        *args,
        actor["uri"],
        actor["uri"],
    )
    lines = ((r["object_uri"], r["origin"], r["state"], iso(r["last_at"])) for r in rows)
    return _csv(("What", "Site", "State", "Since"), lines)


async def _reports(node: Node, actor: Row) -> bytes:
    rows = await node.db.rows(
        f"SELECT {_ACCT}, r.category, r.comment, r.created_at FROM report r"
        " JOIN actor a ON a.id = r.target_id WHERE r.actor_id = ? ORDER BY r.id",
        actor["id"],
    )
    lines = ((r["acct"], r["category"], r["comment"], iso(r["created_at"])) for r in rows)
    return _csv(("Account address", "Category", "Comment", "When"), lines)


async def _drafts(node: Node, actor: Row) -> bytes:
    """What she began to write, and what waits for its moment."""
    rows = await node.db.rows(
        "SELECT u.letter AS written, NULL AS at FROM unfinished u"
        " JOIN account c ON c.id = u.account_id WHERE c.actor_id = ?"
        " UNION ALL SELECT w.draft, w.scheduled_at FROM scheduled_status w"
        " JOIN account c ON c.id = w.account_id WHERE c.actor_id = ?",
        actor["id"],
        actor["id"],
    )
    items = [
        {
            "publish_at": None if row["at"] is None else iso(row["at"]),
            "written": orjson.loads(row["written"]),
        }
        for row in rows
    ]
    return orjson.dumps(items, option=orjson.OPT_INDENT_2)
