"""The site's texts in the reader's language: its own where it wrote one, else those that come
with the software.

Texts are plain: paragraphs, `# ` headings and `- ` lists. Whatever else stands in them is shown
as it is written, never as markup.
"""

import re
from dataclasses import dataclass

from federation.html import line_html, text_html
from federation.node import Node
from federation.options import Rule
from web.mastodon.serializers import Entity
from web.translations import Language, foreign, site_texts

SHIPPED = {"about": site_texts.ABOUT, "privacy": site_texts.PRIVACY, "terms": site_texts.TERMS}
DATED = re.compile(r"^terms-(\d{4}-\d{2}-\d{2})(?:\.(fr|en))?$")


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as HTML; `changed_at` (ms) is None for one that comes with the software."""

    html: str
    changed_at: int | None
    language: Language


def text_of(node: Node, name: str, language: Language) -> Shown:
    """The text `about`, `privacy` or `terms`."""
    own = node.options.instance.texts
    places: tuple[tuple[str, Language], ...] = (
        (f"{name}.{language}", language),
        (name, node.language),
    )
    for key, written_in in places:
        stored = own.get(key)
        if stored is not None:
            return Shown(html_of(stored.text), stored.changed_at, written_in)
    return Shown(html_of(SHIPPED[name][language].format(site=node.name)), None, language)


def terms_by_day(node: Node, language: Language) -> dict[str, Shown]:
    """The terms of use by the day from which they hold, oldest first."""
    found: dict[str, Shown] = {}
    own = node.options.instance.texts
    for name in sorted(own):
        match = DATED.match(name)
        if match and match[2] in (None, language):
            written_in = language if match[2] else node.language
            found[match[1]] = Shown(html_of(own[name].text), own[name].changed_at, written_in)
    return found or {site_texts.SINCE: text_of(node, "terms", language)}


def rules_of(node: Node) -> tuple[Rule, ...]:
    """The rules of the site, in their order."""
    own = node.options.instance.rules
    if own is not None:
        return own
    return tuple(
        Rule(
            number,
            *by_language[node.language],
            tuple((language, *said) for language, said in by_language.items()),
        )
        for number, by_language in enumerate(site_texts.RULES, 1)
    )


def shown_rules(node: Node, language: Language) -> list[dict[str, str | int | None]]:
    """The rules for a page; each with its language where it was not written in the page's."""
    shown: list[dict[str, str | int | None]] = []
    for rule in rules_of(node):
        text, hint, written_in = rule.text, rule.hint, foreign(language, node.language)
        for translated, said, hinted in rule.translations:
            if translated == language:
                text, hint, written_in = said, hinted, None
        shown.append({"number": rule.number, "text": text, "hint": hint, "language": written_in})
    return shown


def rule_entity(rule: Rule) -> Entity:
    """A Rule with its translations."""
    return {
        "id": str(rule.number),
        "text": rule.text,
        "hint": rule.hint,
        "translations": {
            language: {"text": text, "hint": hint} for language, text, hint in rule.translations
        },
    }


def html_of(text: str) -> str:
    """Plain text as HTML: headings, lists and paragraphs."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return "".join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> str:
    first, _, rest = block.strip().partition("\n")
    marks = len(first) - len(first.lstrip("#"))
    if 0 < marks <= 4 and first[marks : marks + 1] == " ":
        level = marks + 1
        heading = f"<h{level}>{line_html(first[marks + 1 :].strip())}</h{level}>"
        return heading + (_block(rest) if rest.strip() else "")
    lines = block.strip().split("\n")
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{line_html(line[2:])}</li>" for line in lines) + "</ul>"
    return text_html(block)
