"""What the commands say of partners that are held: since when, why, and what they wait for."""

from federation.holds import held
from federation.node import Node
from maillage.messages import say


async def held_lines(node: Node, origin: str | None = None) -> list[str]:
    """One line for each partner that is held, or for the one of `origin`; none when it is not."""
    lines: list[str] = []
    for row in await held(node.db):
        if origin not in {None, row["origin"]}:
            continue
        why = say(node.language, f"held.{row['held_for']}")
        code = "held.waits" if row["note"] is None else "held.failed"
        lines.append(say(node.language, code, origin=row["origin"], why=why, note=row["note"]))
    return lines
