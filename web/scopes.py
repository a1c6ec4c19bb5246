"""What a token may do: the names of scopes and which of them contains which.

A broad scope covers its narrow ones (`read` covers `read:statuses`); `follow` is an old name
for what concerns relations. A scope of administration gives nothing by itself: the person's role
has to permit the act as well.
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
ADMIN = (
    "accounts canonical_email_blocks domain_allows domain_blocks email_domain_blocks ip_blocks"
    " reports"
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
    *("admin:read", *(f"admin:read:{what}" for what in ADMIN.split())),
    *("admin:write", *(f"admin:write:{what}" for what in ADMIN.split())),
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
    if wanted in granted or wanted.rpartition(":")[0] in granted:
        return True
    return "follow" in granted and wanted in FOLLOW


def is_subset(asked: frozenset[str], granted: frozenset[str]) -> bool:
    """Whether every scope asked is covered by one that was granted."""
    return all(scope in granted or _narrow_of(scope, granted) for scope in asked)


def _narrow_of(scope: str, granted: frozenset[str]) -> bool:
    broad, _, _ = scope.rpartition(":")
    if broad:
        return broad in granted or ("follow" in granted and scope in FOLLOW)
    return scope == "follow" and {"read", "write"} <= granted


def in_words(scopes: Iterable[str]) -> list[str]:
    """The scopes worth saying to a person: what a broader one of them says already is left out."""
    given = frozenset(scopes)
    return [
        name
        for name in KNOWN
        if name in given and not covers(given - {name}, name) and not _is_said(name, given)
    ]


def _is_said(name: str, given: frozenset[str]) -> bool:
    return name == "follow" and {"read", "write"} <= given


def groups(scopes: Iterable[str]) -> list[tuple[str, list[str]]]:
    """The same by what they are about: `read`, `write`, `push` and `admin`, empty ones left out."""
    found: dict[str, list[str]] = {"read": [], "write": [], "push": [], "admin": []}
    for name in in_words(scopes):
        head = name.partition(":")[0]
        found[{"profile": "read", "follow": "write"}.get(head, head)].append(name)
    return [(group, names) for group, names in found.items() if names]
