"""What a token may do: the names of scopes and which of them contains which.

A broad scope covers its narrow ones (`read` covers `read:statuses`); `follow` is an old name
for what concerns relations. Scopes of administration do not exist here, so nobody holds one.
"""

from collections.abc import Iterable

from federation.errors import Invalid, describe

READ = (
    "accounts blocks bookmarks favourites filters follows lists mutes notifications search statuses"
)
WRITE = (
    "accounts blocks bookmarks conversations favourites filters follows lists media mutes"
    " notifications reports statuses"
)
FOLLOW = frozenset(
    f"{verb}:{what}" for verb in ("read", "write") for what in ["blocks", "follows", "mutes"]
)
KNOWN = (
    "profile",
    "read",
    *(f"read:{what}" for what in READ.split()),
    "write",
    *(f"write:{what}" for what in WRITE.split()),
    "follow",
    "push",
)
DEFAULT = frozenset({"read"})

describe({"scope.unknown": "The scope {came} does not exist here; see scopes_supported."})


def parse_scopes(text: str | None) -> frozenset[str]:
    """The scopes of a space-separated list, `read` when there is none; Invalid on others."""
    names = frozenset((text or "").replace("+", " ").split()) or DEFAULT
    for name in sorted(names - set(KNOWN)):
        raise Invalid("scope.unknown", field="scope", came=name)
    return names


def format_scopes(scopes: Iterable[str]) -> str:
    """The scopes as one string, broad ones first, always in the same order."""
    return " ".join(sorted(scopes, key=KNOWN.index))


def covers(granted: frozenset[str], wanted: str) -> bool:
    """Whether a token with `granted` may do what `wanted` names."""
    if wanted == "profile" and covers(granted, "read:accounts"):
        return True
    if wanted in granted or wanted.partition(":")[0] in granted:
        return True
    return "follow" in granted and wanted in FOLLOW


def is_subset(asked: frozenset[str], granted: frozenset[str]) -> bool:
    """Whether every scope asked is covered by one that was granted."""
    return all(scope in granted or _narrow_of(scope, granted) for scope in asked)


def _narrow_of(scope: str, granted: frozenset[str]) -> bool:
    broad, _, narrow = scope.partition(":")
    if narrow:
        return broad in granted or ("follow" in granted and scope in FOLLOW)
    return scope == "follow" and {"read", "write"} <= granted
