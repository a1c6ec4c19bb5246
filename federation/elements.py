"""The elements of a page that is drawn already: its tags apart from its texts.

For pages of ours and HTML that was cleaned, in which every attribute is quoted; what others send
is read by `federation/html.py`.
"""

import re

TAG = re.compile(r"(<!--.*?-->|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>)", re.DOTALL)
_NAME = re.compile(r"<(/?)([a-zA-Z][\w-]*)")


def pieces_of(page: str) -> list[str]:
    """A page taken apart: texts at even places, tags at odd ones; joined it is the page again."""
    return TAG.split(page)


def element_of(tag: str) -> tuple[bool, str]:
    """Whether a tag closes, and the name of its element; '' for a comment."""
    match = _NAME.match(tag)
    return (bool(match[1]), match[2].lower()) if match else (False, "")


def element_with_id(page: str, wanted: str) -> str | None:
    """The element of a page with this id, whole; None when there is none."""
    pieces = pieces_of(page)
    mark = f' id="{wanted}"'
    start = next((n for n in range(1, len(pieces), 2) if mark in pieces[n]), None)
    if start is None:
        return None
    _, name = element_of(pieces[start])
    depth = 0
    for place in range(start, len(pieces), 2):
        closes, other = element_of(pieces[place])
        if other == name:
            depth += -1 if closes else 1
        if not depth:
            return "".join(pieces[start : place + 1])
    return None
