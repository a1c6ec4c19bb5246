"""Scope: what one party of an agreement grants the other, each field from narrow to wide.

A field that nobody wrote down is as narrow as it can be, and one that this release does not
know is refused rather than passed over, since it might have widened what is granted.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any, cast

from federation.errors import Invalid, describe
from federation.vocabulary import Document

describe(
    {
        "grant.unknown": "The scope has a field {name} that is not known here; leave it out.",
        "grant.value": "The scope's {name} is {came}; it can be {expected}.",
    }
)

BACKFILL_DAYS_MAX = 3_650
BACKUP_DAYS_MAX = 3_650

# Each choice from the narrowest to the widest.
CHOICES: dict[str, tuple[Any, ...]] = {
    "directory": ("none", "sync"),
    "follow": ("none", "approval", "free"),
    "audiences": (False, True),
    "messages": ("none", "shared", "anyone"),
    "media": ("proxy", "copy"),
    "resharing": ("none", "site"),
    "reports": (False, True),
    "retentionAfterEnd": ("delete", "keep"),
}
NUMBERS = {"backfillDays": BACKFILL_DAYS_MAX, "backupDays": BACKUP_DAYS_MAX}
_WIRE = {
    "retention_after_end": "retentionAfterEnd",
    "backfill_days": "backfillDays",
    "backup_days": "backupDays",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What one party grants; the defaults are what a pairing begins with."""

    directory: str = "none"
    follow: str = "approval"
    audiences: bool = True
    messages: str = "shared"
    backfill_days: int = 90
    media: str = "proxy"
    resharing: str = "none"
    reports: bool = True
    retention_after_end: str = "delete"
    backup_days: int = 30

    def document(self) -> Document:
        """The scope as it stands in an agreement."""
        return {_WIRE.get(name, name): value for name, value in asdict(self).items()}

    def is_within(self, other: "Scope") -> bool:
        """Whether this scope grants nothing that `other` does not."""
        mine, theirs = self.document(), other.document()
        return all(_rank(name, mine[name]) <= _rank(name, theirs[name]) for name in mine)


# What is granted where a field is left out of a scope that came.
NARROWEST = Scope(
    directory="none",
    follow="none",
    audiences=False,
    messages="none",
    backfill_days=0,
    media="proxy",
    resharing="none",
    reports=False,
    retention_after_end="delete",
    backup_days=0,
)


def read_scope(document: Any, missing: Scope = NARROWEST) -> Scope:
    """Read a scope that came, or that a person wrote; `missing` stands for what is left out.

    Raises Invalid, naming the field, for one that is unknown or has a value nobody agreed on.
    """
    if not isinstance(document, dict):
        raise Invalid("grant.value", field="scope", name="scope", came="", expected="{…}")
    names = {_WIRE.get(field.name, field.name): field.name for field in fields(Scope)}
    values: dict[str, Any] = {}
    for wire, value in cast(Document, document).items():
        if wire not in names:
            raise Invalid("grant.unknown", field="scope", name=wire[:40])
        if not _is_permitted(wire, value):
            raise Invalid(
                "grant.value",
                field=wire,
                name=wire,
                came=repr(value)[:40],
                expected=_expected(wire),
            )
        values[names[wire]] = value
    return Scope(**(asdict(missing) | values))


def narrower(one: Scope, other: Scope) -> Scope:
    """What both grant: of each field the narrower value; the days of backups are `one`'s."""
    mine, theirs = one.document(), other.document()
    kept = {
        name: theirs[name] if _rank(name, theirs[name]) < _rank(name, mine[name]) else mine[name]
        for name in mine
    }
    return read_scope(kept)


def _is_permitted(wire: str, value: Any) -> bool:
    if wire in NUMBERS:
        return type(value) is int and 0 <= value <= NUMBERS[wire]
    # By type too: 1 equals True.
    return any(type(value) is type(choice) and value == choice for choice in CHOICES[wire])


def _expected(wire: str) -> str:
    if wire in NUMBERS:
        return f"0…{NUMBERS[wire]}"
    return ", ".join(str(choice).lower() for choice in CHOICES[wire])


def _rank(wire: str, value: Any) -> int:
    if wire == "backupDays":
        # A statement of fact, not a permission: it neither widens nor narrows.
        return 0
    return value if wire in NUMBERS else CHOICES[wire].index(value)
