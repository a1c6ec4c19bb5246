"""The links in a status's text, people and tags left aside."""

import re
from html import unescape

LINK_CHARACTERS_MAX = 2_000

_ANCHOR = re.compile(r"<a\b[^>]{0,3000}>")
_NAMES = re.compile(r'class="[^"]*\b(?:mention|hashtag)\b')
_HREF = re.compile(r'href="(https?://[^"]{1,2000})"')


def links_in(content_html: str) -> list[str]:
    """The addresses that a text links to, each once, in their order."""
    found: dict[str, None] = {}
    for anchor in _ANCHOR.findall(content_html):
        href = None if _NAMES.search(anchor) else _HREF.search(anchor)
        if href is not None:
            found[unescape(href[1]).partition("#")[0]] = None
    return list(found)
