"""Which pages of staff there are, and which of them a role opens.

A page asks for one permission; the menu names what the reader may open and nothing else.
"""

from dataclasses import dataclass

from actors.permissions import Permission, allows

OVERVIEW = "/staff"


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the menu: `staff.<name>` is what it is called."""

    name: str
    path: str
    permission: Permission


SECTIONS: tuple[Section, ...] = (
    Section("people", f"{OVERVIEW}/people", Permission.MANAGE_PEOPLE),
    Section("announcements", f"{OVERVIEW}/announcements", Permission.COMMUNICATE_OFFICIALLY),
    Section("partners", f"{OVERVIEW}/partners", Permission.MANAGE_PARTNERS),
    Section("deliveries", f"{OVERVIEW}/deliveries", Permission.VIEW_DELIVERIES),
    Section("rhythm", f"{OVERVIEW}/rhythm", Permission.VIEW_HEALTH),
    Section("site", f"{OVERVIEW}/site", Permission.MANAGE_SETTINGS),
    Section("official", f"{OVERVIEW}/official", Permission.PROTECT_DATA),
    Section("reports", f"{OVERVIEW}/reports", Permission.READ_REPORTS),
    Section("erasures", f"{OVERVIEW}/erasures", Permission.PROTECT_DATA),
    Section("log", f"{OVERVIEW}/log", Permission.READ_REPORTS),
)


def sections_of(role: str) -> list[Section]:
    """The entries of the menu that this role opens."""
    return [section for section in SECTIONS if allows(role, section.permission)]
