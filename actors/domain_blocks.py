"""The domains of which one person wants to hear nothing; the site's own blocks are elsewhere.

A domain is the host of handles (with its port when it has one), compared exactly: a subdomain
is another domain, as in Mastodon's clients.
"""

import re

from federation.database import Reader, Row, Transaction
from federation.errors import Invalid, describe
from federation.node import Node

DOMAIN_CHARACTERS_MAX = 255
DOMAINS_MAX = 1_000

_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")

describe(
    {
        "domain.invalid": "{came} is no domain; write it as in example.org.",
        "domain.ours": "{came} is this site; one person of it can be blocked or muted.",
        "domain.too_many": "You have blocked {expected} domains already.",
        "follow.domain_blocked": "You have blocked the domain {domain}; unblock it first.",
    }
)


def read_domain(node: Node, text: str) -> str:
    """The domain that a person wrote, in the form in which it is stored.

    Raises Invalid naming `domain` for what is none, and for this node's own.
    """
    domain = text.strip().strip("@").rstrip(".").lower()
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise Invalid("domain.invalid", field="domain", came=text[:100]) from error
    if len(domain) > DOMAIN_CHARACTERS_MAX or not _DOMAIN.fullmatch(domain):
        raise Invalid("domain.invalid", field="domain", came=text[:100])
    if domain == node.host:
        raise Invalid("domain.ours", field="domain", came=domain)
    return domain


async def blocks(reader: Reader, actor_id: int, other: Row) -> bool:
    """Whether a person blocked the domain of another actor."""
    if other["is_local"]:
        return False
    return bool(
        await reader.value(
            "SELECT 1 FROM domain_block WHERE actor_id = ? AND domain = ?",
            actor_id,
            other["handle_host"],
        )
    )


async def add(node: Node, tx: Transaction, actor_id: int, domain: str) -> bool:
    """Record a block; False when it stood already. Invalid beyond DOMAINS_MAX."""
    count = await tx.value("SELECT COUNT(*) FROM domain_block WHERE actor_id = ?", actor_id)
    if count >= DOMAINS_MAX:
        raise Invalid("domain.too_many", field="domain", expected=str(DOMAINS_MAX))
    made = await tx.execute(
        "INSERT INTO domain_block (id, actor_id, domain, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (actor_id, domain) DO NOTHING",
        node.ids.next(),
        actor_id,
        domain,
        node.clock(),
    )
    return made > 0


async def remove(tx: Transaction, actor_id: int, domain: str) -> None:
    """End a block; the follows that it ended do not come back."""
    await tx.execute("DELETE FROM domain_block WHERE actor_id = ? AND domain = ?", actor_id, domain)


async def relations_with(reader: Reader, actor_id: int, domain: str) -> tuple[int, int]:
    """(how many of this domain the person follows, how many follow her)."""
    counts: list[int] = []
    for own, other in (("follower_id", "target_id"), ("target_id", "follower_id")):
        counts.append(
            await reader.value(
                f"SELECT COUNT(*) FROM follow f JOIN actor a ON a.id = f.{other}"
                f" WHERE f.{own} = ? AND f.state = 'accepted' AND a.handle_host = ?"
                " AND NOT a.is_local",
                actor_id,
                domain,
            )
        )
    return counts[0], counts[1]
