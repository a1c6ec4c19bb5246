"""The map of the mesh as a drawing: where each site stands, and the thread to it.

The same sites give the same drawing. Few stand on two arcs around this site; many hang in rows
from one thread, so that a phone shows two hundred without a name lying over another. Only
figures are made here: the stylesheet colours, and the template writes.
"""

import math
from dataclasses import dataclass

WIDTH = 340
MIDDLE = WIDTH // 2
ARC_MAX = 5
"""How many sites fit on one arc with their names."""
COLUMNS = (48, 129, 211, 292)
ROW = 88
LINE_CHARACTERS_MAX = 11
LINES_MAX = 2
_WIDE, _RISE = 122, 62
"""How far an arc goes to the sides, and how much further in its middle."""
_HEAD, _FOOT = 34, 66
"""From the middle of a site to what is over it, and past its name under it."""
_NEAR, _GAP = 84, 40
_UNDER, _OVER = 62, 30


@dataclass(frozen=True, slots=True)
class Mark:
    """One site on the drawing: its place, its thread (a path) and where that shows its state."""

    x: int
    y: int
    path: str
    sign_x: int
    sign_y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """All places: `own_y` is this site's, `zone_height` the ground of its organisation."""

    height: int
    own_y: int
    zone_height: int
    inside: tuple[Mark, ...]
    outside: tuple[Mark, ...]


def draw(inside: int, outside: int) -> Drawing:
    """Place so many sites of the organisation above this one, and partners below it."""
    own_y = _above(inside)
    zone_height = own_y + _FOOT
    first = zone_height + _GAP
    return Drawing(
        height=zone_height + _below(outside),
        own_y=own_y,
        zone_height=zone_height,
        inside=_marks(inside, own_y, own_y - _NEAR, -1),
        outside=_marks(outside, own_y, first, 1),
    )


def _rows(count: int) -> int:
    return math.ceil(count / len(COLUMNS))


def _above(count: int) -> int:
    """How much room the sites of the organisation take over this one."""
    if not count:
        return _HEAD
    return _NEAR + _HEAD + (_RISE if count <= ARC_MAX else (_rows(count) - 1) * ROW)


def _below(count: int) -> int:
    """How much room partners take under the ground of the organisation, with their names."""
    if not count:
        return 0
    return _GAP + _FOOT + (_RISE if count <= ARC_MAX else (_rows(count) - 1) * ROW)


def _marks(count: int, own_y: int, first: int, side: int) -> tuple[Mark, ...]:
    if count <= ARC_MAX:
        return tuple(_on_arc(place, count, own_y, first, side) for place in range(count))
    return tuple(_in_row(place, own_y, first, side) for place in range(count))


def _on_arc(place: int, count: int, own_y: int, first: int, side: int) -> Mark:
    # From left to right: the outermost are the nearest, the one in the middle the furthest.
    turn = math.pi * ((place + 0.5) / count if count < ARC_MAX else place / (count - 1))
    x = MIDDLE - round(_WIDE * math.cos(turn))
    y = first + side * round(_RISE * math.sin(turn))
    bend_x, bend_y = (MIDDLE + x) // 2 + (x - MIDDLE) // 6, (own_y + y) // 2
    sign = (MIDDLE + 2 * bend_x + x) // 4, (own_y + 2 * bend_y + y) // 4
    return Mark(x, y, f"M{MIDDLE} {own_y}Q{bend_x} {bend_y} {x} {y}", *sign)


def _in_row(place: int, own_y: int, first: int, side: int) -> Mark:
    row, column = divmod(place, len(COLUMNS))
    x, y = COLUMNS[column], first + side * row * ROW
    # Along the common thread, then between two rows of names to the site.
    fork = y + (_UNDER if side < 0 else -_OVER)
    path = f"M{MIDDLE} {own_y}V{fork}Q{x} {fork} {x} {y}"
    return Mark(x, y, path, (MIDDLE + 3 * x) // 4, (3 * fork + y) // 4)


def label(name: str) -> list[str]:
    """A name in at most two short lines, cut at words where it can be."""
    lines, words = [""], name.split()
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= LINE_CHARACTERS_MAX or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return [_cut(line, is_last=len(lines) > LINES_MAX and place == LINES_MAX - 1)
            for place, line in enumerate(lines[:LINES_MAX])]  # fmt: skip


def _cut(line: str, *, is_last: bool) -> str:
    if len(line) > LINE_CHARACTERS_MAX or (is_last and len(line) == LINE_CHARACTERS_MAX):
        return line[: LINE_CHARACTERS_MAX - 1] + "…"
    return f"{line}…" if is_last else line
