"""Others' HTML becomes allowed HTML: what is stored and shown has passed here, once.

Nothing that comes in makes these functions raise or run long: what the sanitiser could only
read at great cost (thousands of nested elements) is reduced to its text.
"""

import re
from html import escape, unescape

import nh3

HTML_CHARACTERS_MAX = 100_000
# html5ever's time grows with depth times length: 20,000 open elements hold the loop for a second.
_DEPTH_MAX = 200
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "source", "col", "embed"})

_INLINE = frozenset({"a", "b", "br", "code", "del", "em", "i", "s", "span", "strong", "u"})
_TAGS = _INLINE | {"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre", "ul"}
# Their content is no text for a person.
_DROPPED_WITH_CONTENT = frozenset(
    {"iframe", "math", "noscript", "object", "script", "style", "svg", "template", "title"}
)
_CLASSES = frozenset(
    {"ellipsis", "h-card", "hashtag", "invisible", "mention", "quote-inline", "u-url"}
)
_BLOCKS = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(_DROPPED_WITH_CONTENT),
    attributes={"a": {"href"}, "li": {"value"}, "ol": {"reversed", "start"}},
    allowed_classes={tag: set(_CLASSES) for tag in ("a", "blockquote", "p", "span")},
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="nofollow noopener noreferrer",
    url_schemes={"http", "https"},
    url_relative="deny",
)
# A profile field shows where its link leads: nothing in it may be hidden by a class.
_LINE = nh3.Cleaner(
    tags=set(_INLINE - {"br"}),
    clean_content_tags=set(_DROPPED_WITH_CONTENT),
    attributes={"a": {"href"}},
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="nofollow noopener noreferrer",
    url_schemes={"http", "https"},
    url_relative="deny",
)
_TEXT = nh3.Cleaner(tags=set(), clean_content_tags=set(_DROPPED_WITH_CONTENT))

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,50})")
_REARRANGED = re.compile(r"<(?:select|table)\b", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]{0,5000}>")
_BREAK = re.compile(r"<br\b[^<>]{0,200}>|</(?:li|h[1-6]|pre|blockquote)>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</p>\s{0,20}", re.IGNORECASE)
_LINES = re.compile(r"\n{3,}")
# Controls, and the marks by which text is made to read in another order than it is written.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_URL = re.compile(r"https?://[^\s<>\"'`]{1,2000}")
_AFTER_URL = ".,;:!?)]}»"


def clean_html(html: str) -> str:
    """Return what may be shown of a text in HTML; never raises.

    Links are http(s) only and say nofollow, noopener, noreferrer; no style, no id, no image;
    classes only those by which clients know mentions, hashtags and quotes.
    """
    return _clean(_BLOCKS, html)


def clean_line(html: str) -> str:
    """Return what may be shown of one line in HTML (a profile field), without any class."""
    return _clean(_LINE, html)


def clean_name(text: str) -> str:
    """Return a name or title, which is plain text, without markup and control characters.

    What merely looks like an entity stays as it is written; the result is to be escaped as
    any text when it is shown.
    """
    bare = _CONTROLS.sub("", _encodable(text[:HTML_CHARACTERS_MAX]))
    if "<" in bare:
        bare = unescape(_clean(_TEXT, bare.replace("&", "&amp;")))
    return " ".join(bare.split())


def plain_text(html: str) -> str:
    """Return the text of HTML that was cleaned: paragraphs and line breaks become newlines."""
    text = _PARAGRAPH.sub("\n\n", _BREAK.sub("\n", html))
    return _LINES.sub("\n\n", unescape(_ANY_TAG.sub("", text))).strip()


def text_html(text: str) -> str:
    """Return plain text as allowed HTML: paragraphs, line breaks, and links for addresses."""
    clean = _CONTROLS.sub("", _encodable(text.replace("\r\n", "\n"))).strip()
    paragraphs = [part for part in re.split(r"\n{2,}", clean) if part]
    return "".join(f"<p>{line_html(part)}</p>" for part in paragraphs)


def line_html(text: str) -> str:
    """Return plain text as allowed HTML without paragraphs."""
    pieces: list[str] = []
    position = 0
    for found in _URL.finditer(text):
        url = found[0].rstrip(_AFTER_URL)
        pieces += [escape(text[position : found.start()]), _link(url)]
        position = found.start() + len(url)
    pieces.append(escape(text[position:]))
    return "".join(pieces).replace("\n", "<br>")


def _link(url: str) -> str:
    address = escape(url)
    rel = "nofollow noopener noreferrer"
    return f'<a href="{address}" target="_blank" rel="{rel}">{address}</a>'


def _encodable(text: str) -> str:
    """Return `text` without NUL and without lone surrogates, which no store can hold."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _clean(cleaner: nh3.Cleaner, html: str) -> str:
    html = _encodable(html[:HTML_CHARACTERS_MAX])
    if "<" not in html and "&" not in html and ">" not in html:
        return html
    if _depth(html) > _DEPTH_MAX:
        return escape(plain_text(html))
    try:
        clean = cleaner.clean(html)
        if _REARRANGED.search(html):
            # Without the elements that allowed it, what they held is read in another way.
            clean = cleaner.clean(clean)
    except BaseException as error:
        # A panic of the sanitiser, written in Rust, is no Exception.
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return escape(plain_text(html))
    # Unclosed formatting is repeated in each paragraph: little can become much.
    if len(clean) > 2 * HTML_CHARACTERS_MAX:
        return escape(plain_text(html))
    return clean


def _depth(html: str) -> int:
    """Return how deep elements are open at most, each closed by its own end only."""
    names: dict[str, int] = {}
    depth = deepest = 0
    for closing, written in _TAG.findall(html):
        name = written.lower()
        if not closing and name not in _VOID:
            names[name] = names.get(name, 0) + 1
            depth += 1
            deepest = max(deepest, depth)
        elif closing and names.get(name):
            names[name] -= 1
            depth -= 1
    return deepest
