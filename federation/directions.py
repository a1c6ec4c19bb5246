"""Directions: what is read from right to left says so, wherever it stands on a page.

Pages are in French or English; names, posts and notes may be in Arabic or Hebrew. RGAA 8.10 wants
`rtl` or `ltr` and not `auto`, so the server decides: by the first letter that has a direction
(UAX #9, P2), isolates left aside.
"""

import re
import unicodedata
from html import unescape

from federation.elements import TAG, element_of, pieces_of

_LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHT = re.compile(f"[{_LETTERS}]")
# From the first such letter to the last before one that is read from left to right.
_RUN = re.compile(rf"[{_LETTERS}](?:[\W\d{_LETTERS}]*[{_LETTERS}])?")
_BEGIN, _END = "\u2068", "\u2069"
_ISOLATE = re.compile(f"{_BEGIN}([^{_BEGIN}{_END}]*){_END}")
_VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
))  # fmt: skip
# What may hold text and no element.
_TEXT_ONLY = frozenset(("title", "option", "textarea"))
_SPOKEN = re.compile(r'\s(?:alt|title|aria-label|placeholder|value)="([^"]*)"')
_SPEAKS = frozenset(("img", "video", "audio", "input", "textarea"))
_BLOCKS = "p|li|h[1-6]|blockquote|pre|div|ul|ol"
_BLOCK = re.compile(
    rf"<({_BLOCKS})(\s(?:[^<>\"]|\"[^\"]*\")*+)?>((?:(?!</?(?:{_BLOCKS})\b).)*)", re.DOTALL
)
_RIGHT_LANGUAGES = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"))


def reads_right(text: str) -> bool:
    """Whether a text begins from the right."""
    for letter in _ISOLATE.sub("", text):
        kind = unicodedata.bidirectional(letter)
        if kind in {"L", "R", "AL"}:
            return kind != "L"
    return False


def isolated(text: str) -> str:
    """A word for a sentence of ours, kept apart from it (FSI, PDI) if it is read otherwise."""
    return f"{_BEGIN}{text}{_END}" if _RIGHT.search(text) else text


def paragraphs(html: str, language: str | None) -> str:
    """Sanitised HTML that somebody wrote in `language`; each paragraph with its direction."""
    if not _RIGHT.search(html):
        return html
    is_right = (language or "").partition("-")[0] in _RIGHT_LANGUAGES

    def block(match: re.Match[str]) -> str:
        name, more, inner = match[1], match[2] or "", match[3]
        text = unescape(TAG.sub("", inner))
        right = _RIGHT.search(text) if is_right else reads_right(text)
        return f'<{name}{more} dir="rtl">{inner}' if right else match[0]

    return _BLOCK.sub(block, html if _BLOCK.search(html) else f"<p>{html}</p>")


def marked(page: str) -> str:
    """A page of ours, every text from right to left in an element with `dir`.

    Where an element says its direction already, nothing in it is touched; nor are drawings.
    """
    if not _RIGHT.search(page):
        return page
    pieces = pieces_of(page)
    around, depth = "", 0
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            if not around and _RIGHT.search(piece):
                _mark(pieces, at)
            continue
        closing, name = element_of(piece)
        if around:
            depth += (name == around) * (-1 if closing else 1)
            around = around if depth else ""
        elif not closing and name not in _VOID and (name == "svg" or ' dir="' in piece):
            around, depth = name, 1
        elif name in _SPEAKS and any(reads_right(unescape(one)) for one in _SPOKEN.findall(piece)):
            pieces[at] = _from_right(piece)
    return "".join(pieces)


def _mark(pieces: list[str], at: int) -> None:
    """Mark one text: on its element if it is all that stands in it."""
    text, before, after = pieces[at], pieces[at - 1], pieces[at + 1]
    name = element_of(before)[1]
    alone = not before.startswith("</") and after.startswith(f"</{name}>")
    if alone and reads_right(unescape(text)):
        pieces[at - 1] = _from_right(before)
    elif not (alone and name in _TEXT_ONLY):
        told = _ISOLATE.sub(lambda match: _told(match[1]), text)
        pieces[at] = told if told != text else _told(text)


def _told(text: str) -> str:
    """What somebody said, among other words."""
    if reads_right(unescape(text)):
        return f'<bdi dir="rtl">{text}</bdi>'
    return _RUN.sub(r'<bdi dir="rtl">\g<0></bdi>', text)


def _from_right(tag: str) -> str:
    if ' dir="' in tag:
        return tag
    end = -2 if tag.endswith("/>") else -1
    return f'{tag[:end]} dir="rtl"{tag[end:]}'
