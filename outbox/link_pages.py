"""What a web page says of itself in its head: plain words, never its HTML.

Read are OpenGraph, the plain title and description; no page is asked for anything more (oEmbed).
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from federation.activity import time_ms
from federation.html import clean_name
from outbox.cards import DESCRIPTION_CHARACTERS_MAX, NAME_CHARACTERS_MAX, TITLE_CHARACTERS_MAX

VALUES_MAX = 200
VALUE_CHARACTERS_MAX = 5_000


@dataclass(slots=True)
class _Head:
    """The values found, the first of each name."""

    values: dict[str, str] = field(default_factory=dict[str, str])
    title: str = ""
    language: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.head = _Head()
        self._in_title = False
        self._done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "")[:VALUE_CHARACTERS_MAX] for name, value in attrs}
        if tag == "html":
            self.head.language = given.get("lang", "")[:35]
        elif tag == "body":
            self._done = True
        elif tag == "title" and not self._done:
            self._in_title = not self.head.title
        elif tag == "meta" and not self._done and len(self.head.values) < VALUES_MAX:
            name = (given.get("property") or given.get("name") or "").lower()
            if name and given.get("content"):
                self.head.values.setdefault(name, given["content"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and len(self.head.title) < VALUE_CHARACTERS_MAX:
            self.head.title += data


def read_page(html: str, url: str) -> dict[str, object] | None:
    """The columns of a card for the page at `url`; None when it has no title.

    `image_url` is where the page says its picture is: still to be fetched, and not to be shown.
    """
    reader = _Reader()
    reader.feed(html)
    values = reader.head.values
    title = _words(values.get("og:title") or reader.head.title, TITLE_CHARACTERS_MAX)
    if not title:
        return None
    description = values.get("og:description") or values.get("description") or ""
    image = values.get("og:image") or values.get("og:image:url") or ""
    language = reader.head.language
    return {
        "url": url,
        "title": title,
        "description": _words(description, DESCRIPTION_CHARACTERS_MAX),
        "author_name": _words(values.get("author") or "", NAME_CHARACTERS_MAX),
        "provider_name": _words(values.get("og:site_name") or "", NAME_CHARACTERS_MAX),
        "language": language if language.replace("-", "").isalnum() else None,
        "published_at": time_ms(values.get("article:published_time")),
        "image_url": urljoin(url, image) if image else None,
        "image_description": _words(values.get("og:image:alt") or "", DESCRIPTION_CHARACTERS_MAX),
    }


def _words(text: str, characters_max: int) -> str:
    return clean_name(text)[:characters_max]
