"""Roles as named sets of permissions: the only place that says who may do what in the site.

A role is a preset of words; code asks for a permission, never for a role. Reading other
people's private content is no permission at all, so no role has it.
"""

from enum import StrEnum

import orjson

from federation.database import Transaction


class Permission(StrEnum):
    """What a person may do beyond her own account."""

    PUBLISH = "publish"
    FOLLOW_OUTSIDE = "follow_outside"
    ANIMATE_COMMUNITIES = "animate_communities"
    COMMUNICATE_OFFICIALLY = "communicate_officially"
    READ_REPORTS = "read_reports"
    MODERATE = "moderate"
    PROTECT_DATA = "protect_data"
    EXPORT_SITE = "export_site"
    MANAGE_PARTNERS = "manage_partners"
    MANAGE_PEERS = "manage_peers"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SETTINGS = "manage_settings"
    VIEW_DELIVERIES = "view_deliveries"
    VIEW_HEALTH = "view_health"


_P = Permission
_EVERYBODY = frozenset({_P.PUBLISH, _P.FOLLOW_OUTSIDE})

PERMISSIONS: dict[str, frozenset[Permission]] = {
    "member": _EVERYBODY,
    "animator": _EVERYBODY | {_P.ANIMATE_COMMUNITIES},
    "moderator": _EVERYBODY | {_P.ANIMATE_COMMUNITIES, _P.READ_REPORTS, _P.MODERATE},
    "communication": _EVERYBODY | {_P.ANIMATE_COMMUNITIES, _P.COMMUNICATE_OFFICIALLY},
    # Who answers for personal data sees reports and takes data out, but runs nothing.
    "protection": _EVERYBODY | {_P.READ_REPORTS, _P.PROTECT_DATA, _P.EXPORT_SITE},
    # Who keeps the machine running needs neither content nor reports, so has neither.
    "technical": frozenset(
        {_P.MANAGE_SETTINGS, _P.MANAGE_PEERS, _P.VIEW_DELIVERIES, _P.VIEW_HEALTH}
    ),
    "administrator": frozenset(Permission),
}
ROLES = tuple(PERMISSIONS)
# Whom people of the site should recognise: these roles are shown beside a name.
BADGES = frozenset({"moderator", "communication", "protection", "administrator"})


def badge_of(role: str) -> str:
    """The role as it is shown beside a name; empty for one that is not shown."""
    return role if role in BADGES else ""


def roles_with(permission: Permission) -> list[str]:
    """The roles that have a permission."""
    return [name for name, allowed in PERMISSIONS.items() if permission in allowed]


def allows(role: str, permission: Permission) -> bool:
    """Say whether a role has a permission; an unknown role has none."""
    return permission in PERMISSIONS.get(role, frozenset())


async def seed_roles(tx: Transaction) -> None:
    """Write the roles of this release, so that accounts can refer to them; idempotent."""
    for name, permissions in PERMISSIONS.items():
        await tx.execute(
            "INSERT INTO role (name, permissions) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET permissions = excluded.permissions",
            name,
            orjson.dumps(sorted(permissions)).decode(),
        )
