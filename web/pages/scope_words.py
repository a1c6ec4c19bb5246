"""What two sites agreed, in words: the same sentences on every page that shows an agreement."""

from dataclasses import dataclass, replace

from federation.errors import Invalid
from federation.scopes import CHOICES, NUMBERS, Scope
from web.mastodon.params import Params
from web.translations import Language, say

Lines = list[tuple[str, str]]

# What travels, and what happens to it afterwards; a person reads them apart.
TRAVELS = ("audiences", "messages", "follow", "directory", "backfillDays", "media", "resharing",
           "reports")  # fmt: skip
AFTERWARDS = ("retentionAfterEnd", "backupDays")
NAMES = TRAVELS + AFTERWARDS


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form of a scope: a choice, or a number of days when there is none."""

    name: str
    label: str
    value: str
    choices: Lines
    most: int = 0


def lines_of(language: Language, scope: Scope, names: tuple[str, ...] = NAMES) -> Lines:
    """A scope as (what, how far), from what travels to what is left in the end."""
    stated = scope.document()
    return [
        (say(language, f"grant.{name}"), _words(language, name, stated[name])) for name in names
    ]


def fields_of(language: Language, scope: Scope) -> list[Field]:
    """The fields by which a person writes a scope, with what stands in them now."""
    stated = scope.document()
    return [
        Field(
            name=name,
            label=say(language, f"grant.{name}"),
            value=_text(stated[name]),
            choices=[(_text(one), _words(language, name, one)) for one in CHOICES.get(name, ())],
            most=NUMBERS.get(name, 0),
        )
        for name in NAMES
    ]


def fields_typed(language: Language, scope: Scope, form: Params, name: str) -> list[Field]:
    """The same fields after somebody wrote into them: what she typed stays, right or wrong.

    A choice that there is none of leaves what stood there before.
    """
    try:
        table = form.table(name)
        typed = {one: table.text(one) for one in table.names()}
    except Invalid:
        return fields_of(language, scope)
    return [
        field
        if (text := typed.get(field.name)) is None
        or (field.choices and text not in dict(field.choices))
        else replace(field, value=text)
        for field in fields_of(language, scope)
    ]


def _words(language: Language, name: str, value: str | bool | int) -> str:
    if name in NUMBERS:
        key = f"grant.{name}_days" if value else f"grant.{name}_none"
        return say(language, key, days=str(value))
    return say(language, f"grant.{name}_{_text(value)}")


def _text(value: str | bool | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
