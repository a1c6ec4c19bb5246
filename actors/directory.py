"""Who lets herself be found, how far, and with which fields of her profile: her own choice.

At her own site a discoverable person is found by its members; further away only whoever said
so is told of, by name, handle and the fields she chose: never followers, activity or last use.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import orjson

from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, describe
from federation.html import plain_text
from federation.node import Node
from federation.vocabulary import Document

describe(
    {
        "directory.reach": "{field} is one of {expected}.",
        "directory.shared": "{field} names at most {expected} fields of your profile, as they are"
        " called there.",
    }
)

Reach = Literal["nobody", "site", "organisation", "partners"]
REACHES = ("nobody", "site", "organisation", "partners")
PEOPLE_MAX = 5_000
"""How many people one site tells another of."""
FIELDS_MAX = 8
TEXT_CHARACTERS_MAX = 300

_LISTED = (
    "a.is_local AND a.type IN ('Person', 'Service') AND a.discoverable AND a.deleted_at IS NULL"
    " AND a.suspended_at IS NULL AND a.silenced_at IS NULL AND a.moved_to_uri IS NULL"
    " AND EXISTS (SELECT 1 FROM account c WHERE c.actor_id = a.id AND c.disabled_at IS NULL"
    " AND c.is_approved AND c.is_confirmed AND NOT c.is_guest)"
)
LISTED_HERE = f"{_LISTED} AND COALESCE(d.reach, 'site') <> 'nobody'"
"""Of an actor `a` and her choice `d`, where there is one: members of this site find her."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How far a person is found, and the names of the fields that go along."""

    reach: Reach = "site"
    shared: tuple[str, ...] = ()


async def choice_of(reader: Reader, actor_id: int) -> Choice:
    """What a person chose; until she does, her own site alone."""
    row = await reader.row("SELECT * FROM directory_choice WHERE actor_id = ?", actor_id)
    return Choice() if row is None else Choice(row["reach"], tuple(orjson.loads(row["shared"])))


async def choose(
    node: Node, tx: Transaction, actor: Row, reach: str, shared: Sequence[str]
) -> None:
    """Keep a person's choice; Invalid for a reach that is none, or a field she does not have."""
    if reach not in REACHES:
        raise Invalid("directory.reach", field="reach", expected=", ".join(REACHES))
    has = {field["name"] for field in orjson.loads(actor["fields"])}
    if len(shared) > FIELDS_MAX or not has.issuperset(shared):
        raise Invalid("directory.shared", field="shared", expected=str(FIELDS_MAX))
    await tx.execute(
        "INSERT INTO directory_choice (actor_id, reach, shared, changed_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (actor_id) DO UPDATE SET reach = excluded.reach, shared = excluded.shared,"
        " changed_at = excluded.changed_at",
        actor["id"],
        reach,
        orjson.dumps(list(dict.fromkeys(shared))).decode(),
        node.clock(),
    )


async def told_of(reader: Reader, *, inside: bool) -> list[Document]:
    """The people of this site whom another one is told of, by handle; `inside` an organisation."""
    reaches = "('organisation', 'partners')" if inside else "('partners')"
    rows = await reader.rows(
        "SELECT a.uri, a.username, a.display_name, a.handle_host, a.fields, d.shared"
        " FROM directory_choice d JOIN actor a ON a.id = d.actor_id"
        f" WHERE d.reach IN {reaches} AND {_LISTED} ORDER BY lower(a.username) LIMIT ?",
        PEOPLE_MAX,
    )
    return [
        {
            "id": row["uri"],
            "handle": f"{row['username']}@{row['handle_host']}",
            "name": row["display_name"] or row["username"],
            "fields": shared_fields(row),
        }
        for row in rows
    ]


def shared_fields(row: Row) -> list[dict[str, str]]:
    """The fields that a person shares beyond her site, as plain text."""
    shared = set(orjson.loads(row["shared"] or "[]"))
    fields = cast(list[dict[str, Any]], orjson.loads(row["fields"]))
    return [
        {"name": field["name"], "value": plain_text(field["value"])[:TEXT_CHARACTERS_MAX]}
        for field in fields
        if field["name"] in shared
    ]


async def version(reader: Reader) -> str:
    """What changes whenever the people whom others are told of, or their profiles, change."""
    row = await reader.row(
        "SELECT COUNT(*) AS people, COALESCE(MAX(a.updated_at), 0) AS updated,"
        " COALESCE(MAX(d.changed_at), 0) AS changed FROM directory_choice d"
        f" JOIN actor a ON a.id = d.actor_id WHERE d.reach IN ('organisation', 'partners')"
        f" AND {_LISTED}"
    )
    chosen = await reader.value("SELECT COALESCE(MAX(changed_at), 0) FROM directory_choice")
    assert row is not None, "an aggregate has one row"
    return f"{row['people']}.{row['updated']}.{row['changed']}.{chosen}"
