"""Links of profiles: proved by the page itself, which must link back with `rel="me"`.

A person of this node writes an address into a field of her profile; the node reads that page
once, in the background, and keeps when it found the link back. What others' servers say of
their people's links proves nothing, so theirs are shown without a proof.
"""

import asyncio
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import orjson
import structlog

from actors import queries
from actors.addresses import held_status
from federation.database import Row, Transaction
from federation.errors import NodeError
from federation.node import Node

PAGE_BYTES_MAX = 1_000_000
ATTEMPTS_MAX = 5
RETRY_MS = 15 * 60_000
AT_ONCE_MAX = 20
EVERY_S = 60.0

_log = structlog.get_logger(__name__)
# The whole value is one link, as `line_html` writes it.
_LINK = re.compile(r'<a href="(https?://[^"]{1,2000})"[^>]{0,200}>[^<]{0,2000}</a>')


def link_of(field: dict[str, Any]) -> str | None:
    """The address that a stored field consists of; None for any other text."""
    match = _LINK.fullmatch(str(field.get("value", "")).strip())
    return unescape(match[1]) if match else None


def kept_proofs(before: str, after: str) -> str:
    """The new fields (JSON), with the proofs of those that were there unchanged."""
    proofs = {
        (field.get("name"), field.get("value")): field.get("verified_at")
        for field in orjson.loads(before)
    }
    fields = orjson.loads(after)
    for field in fields:
        field["verified_at"] = proofs.get((field["name"], field["value"]))
    return orjson.dumps(fields).decode()


async def ask_for_proofs(node: Node, tx: Transaction, actor_id: int, fields: str) -> None:
    """Note which pages are to be read for these fields (JSON); what was noted before is not."""
    await tx.execute("DELETE FROM link_check WHERE actor_id = ?", actor_id)
    urls = {
        url
        for field in orjson.loads(fields)
        if field["verified_at"] is None and (url := link_of(field))
    }
    await tx.many(
        "INSERT INTO link_check (actor_id, url, next_attempt_at) VALUES (?, ?, ?)",
        [(actor_id, url, node.clock()) for url in sorted(urls)],
    )


class _Links(HTMLParser):
    """Collects the addresses that a page links to as its author's other places."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("a", "link"):
            return
        values = dict(attrs)
        if "me" in (values.get("rel") or "").lower().split():
            self.found.add((values.get("href") or "").strip().rstrip("/"))


def links_back(page: str, addresses: set[str]) -> bool:
    """Whether a page links to one of these addresses with `rel="me"`."""
    parser = _Links()
    parser.feed(page)
    return bool(parser.found & {address.rstrip("/") for address in addresses})


async def check_due_once(node: Node) -> int:
    """Read each page that is due, once; return how many links were proved."""
    due = await node.db.rows(
        "SELECT * FROM link_check WHERE next_attempt_at <= ? ORDER BY next_attempt_at LIMIT ?",
        node.clock(),
        AT_ONCE_MAX,
    )
    proved = 0
    for row in due:
        proved += await _check(node, row)
    return proved


async def _check(node: Node, row: Row) -> bool:
    actor = await queries.by_id(node.db, row["actor_id"])
    addresses = {actor["uri"], actor["url"] or actor["uri"]} if actor is not None else set[str]()
    # A status held here proves nothing, and its author's server need not hear of the address.
    held = await held_status(node.db, row["url"])
    page = "" if held is not None else await _page(node, row["url"])
    proved = page is not None and links_back(page, addresses)

    async def work(tx: Transaction) -> None:
        if page is None and row["attempts"] + 1 < ATTEMPTS_MAX:
            await tx.execute(
                "UPDATE link_check SET attempts = attempts + 1, next_attempt_at = ?"
                " WHERE actor_id = ? AND url = ?",
                node.clock() + RETRY_MS * 4 ** row["attempts"],
                row["actor_id"],
                row["url"],
            )
            return
        # The profile may have changed meanwhile: then the check is gone, or asked anew.
        gone = await tx.execute(
            "DELETE FROM link_check WHERE actor_id = ? AND url = ? AND attempts = ?",
            row["actor_id"],
            row["url"],
            row["attempts"],
        )
        if gone and proved:
            await _note_proof(node, tx, row["actor_id"], row["url"])

    await node.db.write(work)
    return proved


async def _page(node: Node, url: str) -> str | None:
    """The text of a page; None when it does not come, which may be otherwise later."""
    try:
        answer = await node.client.get(
            url, headers={"Accept": "text/html"}, limit_bytes=PAGE_BYTES_MAX
        )
    except NodeError:
        return None
    if answer.status >= 300:
        return None
    return answer.body.decode("utf-8", "replace")


async def _note_proof(node: Node, tx: Transaction, actor_id: int, url: str) -> None:
    actor = await queries.get_by_id(tx, actor_id)
    fields = orjson.loads(actor["fields"])
    for field in fields:
        if link_of(field) == url:
            field["verified_at"] = node.clock()
    await tx.execute(
        "UPDATE actor SET fields = ?, updated_at = ? WHERE id = ?",
        orjson.dumps(fields).decode(),
        max(node.clock(), actor["updated_at"] + 1),
        actor_id,
    )


async def link_check_loop(node: Node) -> None:
    """Read what is due once a minute, until cancelled."""
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await check_due_once(node)
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("link_checks.failed")
