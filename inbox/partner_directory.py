"""People of partners, as their sites tell of them: a signed list, read daily and at its changes.

Only where the agreement says so, and only while it does; a search never leaves this site.
"""

from dataclasses import dataclass
from typing import Any

import orjson

from actors.directory import FIELDS_MAX, PEOPLE_MAX, TEXT_CHARACTERS_MAX, told_of, version
from actors.words import name_words
from federation.activity import iso, parse_json_object, text, values
from federation.database import Transaction
from federation.errors import Malformed, NodeError, NotFound, Refused, describe
from federation.fetch import as_object
from federation.node import Node
from federation.origins import origin_of
from federation.partnerships import Partnership, listing, partner, standing
from federation.proofs import check_proof, make_proof
from federation.site_documents import plain
from federation.vocabulary import Document
from inbox.pairing import send
from inbox.partnership_acts import ping

describe(
    {
        "directory.malformed": "The directory of {origin} cannot be read ({reason}).",
        "directory.unproved": "The directory of {origin} is not proved by the key of the"
        " agreement.",
    }
)

PATH = "/actor/directory"
BYTES_MAX = 8_000_000
DAY_MS = 86_400_000
AGAIN_MS = 3_600_000
_DEADLINE_S = 30.0


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of a partner."""

    uri: str
    handle: str
    name: str
    fields: str
    words: str


async def own_list(node: Node, origin: str) -> Document:
    """The list for one site, proved by the key it knows of us; NotFound when it is granted none."""
    known = await partner(node.db, origin)
    if known is None or known.state != "active" or known.ours.directory != "sync":
        raise NotFound("record.not_found")
    now = iso(node.clock())
    said: Document = {
        "id": f"{node.origin}{PATH}",
        "type": "OrderedCollection",
        "to": f"{origin}/actor",
        "updated": now,
        "people": await told_of(node.db, inside=known.kind == "site"),
    }
    return said | {"proof": make_proof(said, await node.keyring.site_key(origin), now)}


async def sync_once(node: Node) -> int:
    """Forget whom we may not know any more, read the lists that are due, tell of our own changes.

    Returns how many lists were read.
    """
    known = await listing(node.db)
    granted = [one for one in known if one.state == "active" and one.theirs.directory == "sync"]
    await _forget_others(node, known)
    read = 0
    for one in granted:
        due = await node.db.value(
            "SELECT due_at FROM directory_source WHERE origin = ?", one.origin
        )
        if due is None or due <= node.clock():
            read += await _read(node, one)
    await _tell_of_changes(node, known)
    return read


async def _forget_others(node: Node, known: list[Partnership]) -> None:
    kept = {one.origin for one in known if one.is_in_force and one.theirs.directory == "sync"}
    rows = await node.db.rows("SELECT origin FROM directory_source")
    gone = [(r["origin"],) for r in rows if r["origin"] not in kept and r["origin"] != node.origin]

    async def work(tx: Transaction) -> None:
        await tx.many("DELETE FROM directory_entry WHERE origin = ?", gone)
        await tx.many("DELETE FROM directory_source WHERE origin = ?", gone)

    if gone:
        await node.db.write(work)


async def _read(node: Node, known: Partnership) -> bool:
    error, people = "", list[Listed]()
    try:
        people = await _fetch(node, known.origin)
    except NodeError as failed:
        error = failed.code
    now = node.clock()

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO directory_source (origin, due_at, fetched_at, last_error)"
            " VALUES (?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET due_at = excluded.due_at,"
            " fetched_at = COALESCE(excluded.fetched_at, directory_source.fetched_at),"
            " last_error = excluded.last_error",
            known.origin,
            now + (AGAIN_MS if error else DAY_MS),
            None if error else now,
            error or None,
        )
        if error:
            return
        await tx.execute("DELETE FROM directory_entry WHERE origin = ?", known.origin)
        await tx.many(
            "INSERT INTO directory_entry (uri, origin, handle, name, fields, words)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [(p.uri, known.origin, p.handle, p.name, p.fields, p.words) for p in people],
        )

    await node.db.write(work)
    return not error


async def _fetch(node: Node, origin: str) -> list[Listed]:
    answer = await node.client.get(
        origin + PATH,
        headers={"Accept": "application/json"},
        sign=node.keyring.signer(node.uris.instance_actor),
        limit_bytes=BYTES_MAX,
        deadline_s=_DEADLINE_S,
        redirects=0,
    )
    if answer.status == 404:
        # It grants it no longer, or never did.
        return []
    if answer.status != 200:
        raise _malformed(origin, str(answer.status))
    document = parse_json_object(answer.body)
    held = await standing(node.db, origin)
    proof = as_object(document.get("proof"))
    key = None if held is None else held.key(text(proof, "verificationMethod") or "")
    if key is None:
        raise Refused("directory.unproved", origin=origin)
    check_proof(document, proof, key)
    if document.get("to") != node.uris.instance_actor or document.get("id") != origin + PATH:
        raise _malformed(origin, "it is for another site")
    stated = values(document, "people")
    if len(stated) > PEOPLE_MAX:
        raise _malformed(origin, f"more than {PEOPLE_MAX} people")
    found = [_person(origin, one) for one in stated]
    return list({person.uri: person for person in found}.values())


def _person(origin: str, stated: Any) -> Listed:
    person = as_object(stated)
    uri, handle = text(person, "id") or "", plain(person.get("handle"))
    user, at, host = handle.partition("@")
    if not uri or origin_of(uri) != origin or not at or host != origin.partition("://")[2]:
        raise _malformed(origin, "somebody who does not live there")
    name = plain(person.get("name")) or user
    fields = [
        {"name": plain(field.get("name")), "value": _value(field.get("value"))}
        for field in map(as_object, values(person, "fields")[:FIELDS_MAX])
    ]
    said = " ".join([name, *(field["value"] for field in fields)])
    return Listed(uri, handle, name, orjson.dumps(fields).decode(), name_words(user, said))


def _value(stated: object) -> str:
    return plain(stated)[:TEXT_CHARACTERS_MAX]


async def _tell_of_changes(node: Node, known: list[Partnership]) -> None:
    """Say a word to each partner that is granted the list when it has changed."""
    told = [one for one in known if one.state == "active" and one.ours.directory == "sync"]
    if not told:
        return
    now = await version(node.db)
    kept = await node.db.row("SELECT digest FROM directory_source WHERE origin = ?", node.origin)
    if kept is not None and kept["digest"] == now:
        return
    said = [(one.origin, await ping(node, one)) for one in told]

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO directory_source (origin, digest, due_at) VALUES (?, ?, 0)"
            " ON CONFLICT (origin) DO UPDATE SET digest = excluded.digest",
            node.origin,
            now,
        )
        for origin, activity in said:
            await send(node, tx, origin, activity)

    await node.db.write(work)
    node.delivery_wake.set()


def _malformed(origin: str, reason: str) -> Malformed:
    return Malformed("directory.malformed", origin=origin, reason=reason)
