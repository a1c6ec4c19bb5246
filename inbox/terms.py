"""The convention behind an agreement: its text by its SHA-256, read before it is confirmed.

A site states one convention in what it offers from then on. The text itself stays with whoever
offers it; the agreement holds its name, its address and its digest, so nobody changes it later.
"""

import hashlib
from dataclasses import dataclass

from federation.agreements import Agreement
from federation.client_errors import ClientError
from federation.database import Reader, Row, Transaction
from federation.errors import (
    Invalid,
    Malformed,
    NodeError,
    NotFound,
    Refused,
    Unavailable,
    describe,
)
from federation.multikeys import base58_decode, base58_encode
from federation.node import Node
from federation.origins import origin_of
from federation.site_documents import plain

describe(
    {
        "terms.unread": "The convention of this agreement was not read here yet; look at the"
        " agreement first, its text is shown there.",
        "terms.other": "The convention at {url} is not the text that the agreement names, or cannot"
        " be read ({reason}); ask {origin}.",
        "terms.text": "A convention is a text of 1 to {expected} characters, with a name.",
    }
)

PATH = "/actor/terms"
CHARACTERS_MAX = 200_000
BYTES_MAX = 4 * CHARACTERS_MAX
_SHA256 = b"\x12\x20"
_DEADLINE_S = 10.0


@dataclass(frozen=True, slots=True)
class Terms:
    """A convention: what it is called, its SHA-256 in hexadecimal, its text."""

    name: str
    digest: str
    content: str


async def set_current(node: Node, tx: Transaction, name: str, content: str) -> Terms:
    """State this convention in what is offered from now on; Invalid for no text or no name."""
    titled = plain(name)
    if not titled or not content.strip() or len(content) > CHARACTERS_MAX or "\0" in content:
        raise Invalid("terms.text", field="terms", expected=str(CHARACTERS_MAX))
    digest = hashlib.sha256(content.encode()).hexdigest()
    await clear_current(tx)
    await _keep(node, tx, digest, titled, content)
    await tx.execute("UPDATE terms_text SET is_current = TRUE WHERE digest = ?", digest)
    return Terms(titled, digest, content)


async def clear_current(tx: Transaction) -> None:
    """State no convention in what is offered from now on; agreements keep theirs."""
    await tx.execute("UPDATE terms_text SET is_current = FALSE WHERE is_current")


async def stated(node: Node) -> tuple[tuple[str, str], ...]:
    """What an agreement that is offered now says of its terms; empty without any."""
    row = await node.db.row("SELECT name, digest FROM terms_text WHERE is_current")
    if row is None:
        return ()
    digest: str = row["digest"]
    return (
        ("digestMultibase", "z" + base58_encode(_SHA256 + bytes.fromhex(digest))),
        ("name", row["name"]),
        ("url", f"{node.origin}{PATH}?digest={digest}"),
    )


async def served(reader: Reader, digest: str) -> str:
    """The text with this digest, for whoever knows it; raise NotFound for any other."""
    content = await reader.value("SELECT content FROM terms_text WHERE digest = ?", digest)
    if content is None:
        raise NotFound("record.not_found")
    return content


async def read(node: Node, agreement: Agreement) -> Terms | None:
    """The convention of an agreement as it is shown: None without, fetched once and compared.

    Only from one of its parties. Raises Refused when the text is not the one that is named.
    """
    if not agreement.terms:
        return None
    said = dict(agreement.terms)
    digest, url = _digest(said), said.get("url", "")
    known = await node.db.row("SELECT * FROM terms_text WHERE digest = ?", digest)
    if known is not None:
        return _read(known)
    content = await _fetch(node, agreement, url)
    came = hashlib.sha256(content.encode()).hexdigest()
    if came != digest:
        raise Refused("terms.other", url=url, reason=came[:16], origin=origin_of(url))
    name = plain(said.get("name")) or digest[:16]
    await node.db.write(lambda tx: _keep(node, tx, digest, name, content))
    return Terms(name, digest, content)


async def check_read(reader: Reader, agreement: Agreement) -> None:
    """Raise Refused unless the convention of an agreement, if it has one, was shown here."""
    if not agreement.terms:
        return
    digest = _digest(dict(agreement.terms))
    if await reader.value("SELECT 1 FROM terms_text WHERE digest = ?", digest) is None:
        raise Refused("terms.unread")


async def _fetch(node: Node, agreement: Agreement, url: str) -> str:
    origin = agreement.other(node.origin).origin
    try:
        if origin_of(url) != origin:
            raise Refused("terms.other", url=url, reason="-", origin=origin)
        answer = await node.client.get(
            url,
            headers={"Accept": "text/plain"},
            sign=None,
            limit_bytes=BYTES_MAX,
            deadline_s=_DEADLINE_S,
            redirects=0,
        )
        if answer.status != 200:
            raise Refused("terms.other", url=url, reason=str(answer.status), origin=origin)
        return answer.body.decode()
    except ClientError as error:
        raise Unavailable(
            "site.unreachable", retry_after_s=60, origin=origin, reason=error.reason
        ) from error
    except (Malformed, UnicodeDecodeError) as error:
        reason = error.code if isinstance(error, NodeError) else "utf-8"
        raise Refused("terms.other", url=url, reason=reason, origin=origin) from error


def _digest(said: dict[str, str]) -> str:
    """The SHA-256 that terms name, in hexadecimal; Refused for what is none."""
    try:
        hashed = base58_decode(said.get("digestMultibase", "")[1:])
    except ValueError:
        hashed = b""
    if said.get("digestMultibase", "")[:1] != "z" or hashed[:2] != _SHA256 or len(hashed) != 34:
        url = said.get("url", "")
        raise Refused("terms.other", url=url, reason="digestMultibase", origin=url)
    return hashed[2:].hex()


async def _keep(node: Node, tx: Transaction, digest: str, name: str, content: str) -> None:
    await tx.execute(
        "INSERT INTO terms_text (digest, name, content, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (digest) DO NOTHING",
        digest,
        name,
        content,
        node.clock(),
    )


def _read(row: Row) -> Terms:
    return Terms(row["name"], row["digest"], row["content"])
