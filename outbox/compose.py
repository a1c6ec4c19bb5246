"""From what a person typed to safe HTML, mentions and tags. Pure: no database, no network.

Everything is escaped first; only the links made here are markup.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

# One pass, so that an address inside a link is not linked twice. Each alternative is linear.
TOKEN = re.compile(
    r"(?P<url>https?://[^\s<>\"'`]{1,2000})"
    r"|(?P<before>(?<![\w/@.:]))@(?P<user>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?)"
    r"(?:@(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?::\d{1,5})?))?"
    r"|(?<![\w/&#])#(?P<tag>\w{1,100})"
)
TRAILING = ".,;:!?)]}»…"
LINK_CHARACTERS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Mentioned:
    """An actor that a handle in the text stands for."""

    actor_id: int
    uri: str
    url: str
    acct: str


@dataclass(frozen=True, slots=True)
class Composed:
    """The HTML of a text, who it names and its tags (folded, in order, each once)."""

    html: str
    mentions: tuple[Mentioned, ...]
    tags: tuple[str, ...]


def handles(text: str) -> list[str]:
    """The handles a text names, lower case, each once: `c.martin` or `c.martin@host`."""
    found: dict[str, None] = {}
    for match in TOKEN.finditer(text):
        if match["user"]:
            found[_handle(match)] = None
    return list(found)


def compose(text: str, known: Mapping[str, Mentioned], tag_url: str) -> Composed:
    """Render `text` to HTML.

    `known` maps handles (as `handles` gives them) to actors, a handle that is not in it stays
    text; `tag_url` is the address of a tag page with `{}` for its name.
    """
    mentions: dict[int, Mentioned] = {}
    tags: dict[str, None] = {}

    def link(match: re.Match[str]) -> str:
        if match["url"]:
            return _url_link(match["url"])
        if match["user"]:
            named = known.get(_handle(match))
            if named is None:
                return html.escape(match[0])
            mentions[named.actor_id] = named
            shown = html.escape(match["user"])
            return (
                f'<span class="h-card"><a href="{html.escape(named.url)}"'
                f' class="u-url mention">@<span>{shown}</span></a></span>'
            )
        name = match["tag"]
        if name.isdigit():
            return html.escape(match[0])
        tags[fold_tag(name)] = None
        href = html.escape(tag_url.format(quote(fold_tag(name))))
        return (
            f'<a href="{href}" class="mention hashtag" rel="tag">#<span>'
            f"{html.escape(name)}</span></a>"
        )

    paragraphs = [
        "<br>".join(_line(line, link) for line in paragraph.split("\n"))
        for paragraph in re.split(r"\n{2,}", text.replace("\r\n", "\n").strip("\n"))
    ]
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)
    return Composed(body, tuple(mentions.values()), tuple(tags))


def fold_tag(name: str) -> str:
    """The one spelling under which a tag is found: lower case, at most 100 characters."""
    return name.lstrip("#").lower()[:100]


def _handle(match: re.Match[str]) -> str:
    user = match["user"].lower()
    return f"{user}@{match['host'].lower()}" if match["host"] else user


def _line(line: str, link: Callable[[re.Match[str]], str]) -> str:
    parts: list[str] = []
    end = 0
    for match in TOKEN.finditer(line):
        parts.append(html.escape(line[end : match.start()]))
        parts.append(link(match))
        end = match.end()
    parts.append(html.escape(line[end:]))
    return "".join(parts)


def _url_link(url: str) -> str:
    bare = url.rstrip(TRAILING)
    rest = html.escape(url[len(bare) :])
    shown = bare.partition("://")[2]
    visible, hidden = shown[:LINK_CHARACTERS_SHOWN], shown[LINK_CHARACTERS_SHOWN:]
    scheme = bare[: len(bare) - len(shown)]
    classes = ' class="ellipsis"' if hidden else ""
    tail = f'<span class="invisible">{html.escape(hidden)}</span>' if hidden else ""
    return (
        f'<a href="{html.escape(bare)}" rel="nofollow noopener noreferrer" target="_blank">'
        f'<span class="invisible">{scheme}</span><span{classes}>{html.escape(visible)}</span>'
        f"{tail}</a>{rest}"
    )
