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
