"""What an agreement in force lets each of two sites do: read here by whoever sends or receives.

Where no agreement restricts anything (plain peers, sites of one organisation), there is nothing
to read: None.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from federation.activity import time_ms
from federation.database import Reader, marks
from federation.partnerships import agreed_text
from federation.scopes import Scope

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Granted:
    """What this site grants another (`ours`), and what that one grants it (`theirs`)."""

    ours: Scope
    theirs: Scope
    starts_at: int
    """When the agreement began, in ms."""


async def granted(reader: Reader, origin: str) -> Granted | None:
    """What counts between this site and `origin`; None where no agreement restricts anything."""
    return (await granted_by(reader, [origin])).get(origin)


async def granted_by(reader: Reader, origins: Iterable[str]) -> dict[str, Granted]:
    """The same for several origins by one statement; those without restriction are left out."""
    asked = sorted(set(origins))
    if not asked:
        return {}
    rows = await reader.rows(
        "SELECT origin, agreement FROM partnership WHERE kind = 'partner'"
        f" AND state IN ('active', 'paused') AND origin IN ({marks(asked)})",
        *asked,
    )
    found: dict[str, Granted] = {}
    for row in rows:
        origin = row["origin"]
        text = agreed_text(row)
        us = text.other(origin).origin
        found[origin] = Granted(text.grant_of(us), text.grant_of(origin), time_ms(text.starts) or 0)
    return found


async def backfill_given_since(reader: Reader, origin: str, now_ms: int) -> int | None:
    """From which moment on (ms) `origin` may be shown what was published here before it asked.

    None where no agreement restricts it; with no day granted, the present moment.
    """
    known = await granted(reader, origin)
    return None if known is None else now_ms - known.ours.backfill_days * DAY_MS


async def backfill_taken_since(reader: Reader, origin: str, now_ms: int) -> int | None:
    """From which moment on (ms) this site may fetch what `origin` published earlier.

    None where no agreement restricts it.
    """
    known = await granted(reader, origin)
    return None if known is None else now_ms - known.theirs.backfill_days * DAY_MS


async def kept_after_end(reader: Reader, origin: str) -> str | None:
    """What `origin` lets this site do with its content once the agreement is over.

    `delete` or `keep`, by the last text that both had; None without one.
    """
    row = await reader.row(
        "SELECT origin, agreement FROM partnership WHERE origin = ? AND kind = 'partner'", origin
    )
    return None if row is None else agreed_text(row).grant_of(origin).retention_after_end
