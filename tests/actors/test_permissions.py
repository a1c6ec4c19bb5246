"""Roles: who may do what."""

import orjson

from actors.permissions import PERMISSIONS, ROLES, Permission, allows, seed_roles
from federation.node import Node

CONTENT = {
    Permission.READ_REPORTS,
    Permission.MODERATE,
    Permission.PROTECT_DATA,
    Permission.EXPORT_SITE,
    Permission.PUBLISH,
    Permission.COMMUNICATE_OFFICIALLY,
}


def test_the_roles_are_those_of_the_command_line() -> None:
    assert ROLES == (
        "member",
        "animator",
        "moderator",
        "communication",
        "protection",
        "technical",
        "administrator",
    )


def test_technical_reads_no_content_and_no_report() -> None:
    assert not any(allows("technical", permission) for permission in CONTENT)
    assert allows("technical", Permission.VIEW_DELIVERIES)
    assert all(allows("administrator", permission) for permission in CONTENT)


def test_only_some_read_reports() -> None:
    readers = {role for role in ROLES if allows(role, Permission.READ_REPORTS)}
    assert readers == {"moderator", "protection", "administrator"}


def test_an_unknown_role_may_nothing() -> None:
    assert not any(allows("root", permission) for permission in Permission)


async def test_seeding_again_changes_nothing_and_mends_what_was_changed(node: Node) -> None:
    await node.db.write(
        lambda tx: tx.execute("UPDATE role SET permissions = '[]' WHERE name = 'member'")
    )
    for _ in range(2):
        await node.db.write(seed_roles)
    rows = await node.db.rows("SELECT name, permissions FROM role")
    stored = {row["name"]: set(orjson.loads(row["permissions"])) for row in rows}
    assert stored == {name: set(map(str, each)) for name, each in PERMISSIONS.items()}
