"""The texts that a site writes itself: `DIR/rules.toml` and the `.md` files beside it.

Read once at start. The names are `about`, `privacy` and `terms`, each also with a language
(`privacy.en.md`), and `terms-2026-01-31.md` for terms that hold from a day on.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, cast

from federation.errors import Misconfigured, describe
from federation.options import InstanceOptions, Rule, SiteText
from maillage.settings import Settings

RULES_FILE = "rules.toml"
TEXT_NAME = re.compile(r"^(?:about|privacy|terms(?:-\d{4}-\d{2}-\d{2})?)(?:\.(?:fr|en))?$")
TEXT_BYTES_MAX = 200_000
LANGUAGES = ("fr", "en")

describe(
    {
        "texts.rules": "{path} cannot be read ({reason}); write [[rule]] tables with text, and if"
        ' you like hint, fr.text, en.text: [[rule]] text = "Be kind".',
        "texts.unreadable": "{path} cannot be read ({reason}).",
    }
)


def instance_options(settings: Settings) -> InstanceOptions:
    """What the settings say of the site, with the texts of its folder; raise Misconfigured."""
    said = settings.options.instance
    return InstanceOptions(
        description=said.description,
        contact_email=said.contact_email,
        protection_email=said.protection_email,
        contact_account=said.contact_account,
        status_url=said.status_url,
        rules=read_rules(settings.data / RULES_FILE),
        texts=read_texts(settings.data),
    )


def read_texts(data: Path) -> dict[str, SiteText]:
    """The site's own texts by name; what has another name is none of them."""
    found: dict[str, SiteText] = {}
    for path in sorted(data.glob("*.md")):
        if not TEXT_NAME.match(path.stem):
            continue
        try:
            text = path.read_text("utf-8")[:TEXT_BYTES_MAX]
            found[path.stem] = SiteText(text, int(path.stat().st_mtime * 1000))
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not UTF-8"
            raise Misconfigured("texts.unreadable", path=str(path), reason=reason) from error
    return found


def read_rules(path: Path) -> tuple[Rule, ...] | None:
    """The site's own rules in their order; None when it wrote none."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
        tables = cast(list[Any], document.get("rule", []))
        return tuple(_rule(number, table) for number, table in enumerate(tables, 1))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Misconfigured("texts.rules", path=str(path), reason=str(error)) from error


def _rule(number: int, table: dict[str, Any]) -> Rule:
    translations = tuple(
        (language, _text(table[language], "text"), _text(table[language], "hint", ""))
        for language in LANGUAGES
        if language in table
    )
    # A rule that keeps its number keeps its meaning in old reports.
    own = table.get("id", number)
    if not isinstance(own, int):
        raise TypeError("id is no number")
    return Rule(own, _text(table, "text"), _text(table, "hint", ""), translations)


def _text(table: dict[str, Any], name: str, fallback: str | None = None) -> str:
    value = table[name] if fallback is None else table.get(name, fallback)
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value
