"""Addresses with which nobody may sign up: whole domains, and single ones known by a hash.

An address has many spellings (capitals, dots and `+` in the name): all are the same here, so
somebody who was removed does not come back by another.
"""

from collections.abc import Sequence
from hashlib import sha256

from federation.database import Reader, Row, Transaction, marks
from federation.node import Node


def canonical(email: str) -> str:
    """The one spelling that stands for all spellings of an address."""
    name, _, domain = email.strip().lower().partition("@")
    return f"{name.partition('+')[0].replace('.', '')}@{domain}"


def digest(email: str) -> str:
    """The SHA-256 of an address in its one spelling."""
    return sha256(canonical(email).encode("utf-8", "replace")).hexdigest()


async def domain_block(reader: Reader, email: str) -> Row | None:
    """The block that covers the domain of an address, the nearest one first."""
    domain = email.rpartition("@")[2].lower()
    labels = domain.split(".")
    covering = [".".join(labels[at:]) for at in range(len(labels))]
    rows = await reader.rows(
        f"SELECT * FROM email_domain_block WHERE domain IN ({marks(covering)})", *covering
    )
    found = {row["domain"]: row for row in rows}
    return next((found[name] for name in covering if name in found), None)


async def is_blocked(reader: Reader, email: str) -> bool:
    """Whether this very address, however it is spelled, is blocked."""
    return bool(
        await reader.value(
            "SELECT 1 FROM canonical_email_block WHERE email_hash = ?", digest(email)
        )
    )


async def matching(reader: Reader, email: str) -> Sequence[Row]:
    """The blocks of this address."""
    return await reader.rows(
        "SELECT * FROM canonical_email_block WHERE email_hash = ?", digest(email)
    )


async def block_hash(node: Node, tx: Transaction, email_hash: str) -> int:
    """Block an address by its hash, once; return the id of the block."""
    await tx.execute(
        "INSERT INTO canonical_email_block (id, email_hash, created_at) VALUES (?, ?, ?)"
        " ON CONFLICT (email_hash) DO NOTHING",
        node.ids.next(),
        email_hash,
        node.clock(),
    )
    return await tx.value("SELECT id FROM canonical_email_block WHERE email_hash = ?", email_hash)
