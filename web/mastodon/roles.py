"""Our roles in the words of Mastodon: a number, a name, and a mask of its permission bits.

Clients read the mask to decide which of their screens a person of staff is shown; what she may
do is decided by `actors.permissions` alone.
"""

from typing import Any

from actors.permissions import BADGES, PERMISSIONS, Permission
from web.translations import Language, say

Entity = dict[str, Any]

_P = Permission
# The bits of Mastodon's roles that a permission of ours stands for.
_BITS: dict[Permission, tuple[int, ...]] = {
    _P.READ_REPORTS: (4,),
    _P.MODERATE: (4, 8, 10),
    _P.COMMUNICATE_OFFICIALLY: (13,),
    _P.MANAGE_PEERS: (5,),
    _P.MANAGE_SETTINGS: (6, 7, 12, 14),
    _P.MANAGE_PEOPLE: (10, 11, 16, 18, 19),
    _P.VIEW_HEALTH: (1, 3),
}
_NUMBERS = {name: str(number) for number, name in enumerate(PERMISSIONS)}
COLORS = {
    "moderator": "#1b6e53",
    "communication": "#28558f",
    "protection": "#6b3fa0",
    "administrator": "#8a3b12",
}
# Everybody's role in Mastodon.
EVERYONE = "-99"


def mask(role: str) -> str:
    """The bits of a role as a decimal text; "0" for an unknown role."""
    bits = {bit for held in PERMISSIONS.get(role, ()) for bit in _BITS.get(held, ())}
    if role == "administrator":
        bits.add(0)
    return str(sum(1 << bit for bit in bits))


def role_entity(role: str, language: Language) -> Entity:
    """A Role; a plain member's has no name, as everybody's in Mastodon."""
    return {
        "id": EVERYONE if role == "member" else _NUMBERS.get(role, EVERYONE),
        "name": "" if role == "member" else say(language, f"role.{role}"),
        "permissions": mask(role),
        "color": COLORS.get(role, ""),
        "highlighted": role in BADGES,
    }


def role_of_number(number: str) -> str | None:
    """The role with this number; None when there is none."""
    if number == EVERYONE:
        return "member"
    return next((name for name, known in _NUMBERS.items() if known == number), None)


def badges(badge: str, language: Language) -> list[Entity]:
    """What an Account shows beside the name: one role, or nothing."""
    if not badge:
        return []
    return [
        {
            "id": _NUMBERS.get(badge, EVERYONE),
            "name": say(language, f"role.{badge}"),
            "color": COLORS.get(badge, ""),
        }
    ]
