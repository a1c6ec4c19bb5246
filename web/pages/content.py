"""Texts of statuses made ready for a page: links to people and tags stay on this site.

What comes in here was sanitised when it was taken in; only addresses of links are changed.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from federation.directions import paragraphs
from federation.html import plain_text
from federation.node import Node

_HASHTAG = re.compile(r'<a (?=[^<>]*\bclass="[^"<>]*\bhashtag\b)[^<>]*>(.{1,400}?)</a>', re.DOTALL)
_EXCERPT = 140


def tag_path(name: str) -> str:
    """The page of a tag."""
    return f"/tags/{quote(name, safe='')}"


def shown_html(
    node: Node, html: str, mentions: Sequence[Mapping[str, Any]], language: str | None
) -> Markup:
    """The HTML of a status, its mentions and tags leading to the pages here."""
    for one in mentions:
        here = f'href="/@{escape(one["acct"])}"'
        html = html.replace(f'href="{escape(one["url"])}"', here)
    html = _HASHTAG.sub(_tag_link, html)
    own = html.replace(f'href="{node.origin}/', 'href="/')
    # What stays here opens here: a new window would take the way back from the reader.
    own = paragraphs(_OPENS_ELSEWHERE.sub(r"\1", own), language)
    return Markup(own)  # noqa: S704 - sanitised when taken in


_OPENS_ELSEWHERE = re.compile(r'(<a (?=[^<>]*href="/)[^<>]*?) target="_blank"')


def _tag_link(match: re.Match[str]) -> str:
    name = plain_text(match[1]).strip().removeprefix("#")
    return f'<a href="{tag_path(name)}" class="hashtag">{match[1]}</a>' if name else match[0]


def excerpt(html: str) -> str:
    """The beginning of a text, plain, for where it is only named."""
    text = " ".join(plain_text(html).split())
    return text if len(text) <= _EXCERPT else text[:_EXCERPT].rsplit(" ", 1)[0] + "…"
