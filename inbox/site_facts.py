"""What the site says of itself in its pages, beside its settings: kept with who changed it.

Each change is a line in the record of staff, by the name of what changed; the text is not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from federation.database import Reader, Transaction
from federation.node import Node
from inbox.audit import record

GOALS_MAX = 5
NAMES = (
    "purpose",
    "goals",
    "review_on",
    "charter",
    "hours",
    "protection_name",
    "protection_email",
    "keep_conversation",
    "keep_knowledge",
)


@dataclass(frozen=True, slots=True)
class Goal:
    """What the site wants to reach, and how one sees whether it did."""

    sentence: str
    measure: str


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What was said so far; what was not is empty.

    `review_on` is a day (`2027-01-31`). `keep_conversation` and `keep_knowledge` are months, and
    None where nothing is taken away by itself. `changed_at` says when (ms) by name.
    """

    purpose: str = ""
    goals: tuple[Goal, ...] = ()
    review_on: str = ""
    charter: str = ""
    hours: str = ""
    protection_name: str = ""
    protection_email: str = ""
    keep_conversation: int | None = None
    keep_knowledge: int | None = None
    changed_at: Mapping[str, int] | None = None

    def is_review_due(self, now_ms: int) -> bool:
        """Whether the day of the review has come."""
        today = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y-%m-%d")
        return bool(self.review_on) and self.review_on <= today


async def site_facts(reader: Reader) -> SiteFacts:
    """What the site says of itself now."""
    rows = await reader.rows("SELECT name, value, changed_at FROM site_fact")
    said: dict[str, Any] = {row["name"]: row["value"] for row in rows if row["name"] in NAMES}
    goals: list[list[str]] = orjson.loads(said.pop("goals", "") or "[]")
    for name in ("keep_conversation", "keep_knowledge"):
        said[name] = int(said[name]) if said.get(name) else None
    return SiteFacts(
        **said,
        goals=tuple(Goal(sentence, measure) for sentence, measure in goals),
        changed_at={row["name"]: row["changed_at"] for row in rows},
    )


def goals_text(goals: list[Goal]) -> str:
    """Goals as the value that is kept."""
    return orjson.dumps([[goal.sentence, goal.measure] for goal in goals]).decode()


async def set_facts(
    node: Node, tx: Transaction, staff_uri: str, facts: Mapping[str, str], reason: str = ""
) -> None:
    """Keep these values by name, and write down which of them changed, and by whom."""
    rows = await tx.rows("SELECT name, value FROM site_fact")
    before = {row["name"]: row["value"] for row in rows}
    for name, value in facts.items():
        if name not in NAMES:
            raise ValueError(name)
        if before.get(name, "") == value:
            continue
        await tx.execute(
            "INSERT INTO site_fact (name, value, changed_by_uri, changed_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value,"
            " changed_by_uri = excluded.changed_by_uri, changed_at = excluded.changed_at",
            name,
            value,
            staff_uri,
            node.clock(),
        )
        await record(node, tx, staff_uri, f"site.{name}", node.origin, reason)
