"""A node put together from its settings."""

from typing import Any


async def test_a_node_starts_closed_with_its_roles(node: Any) -> None:
    assert node.is_closed
    assert await node.db.value("SELECT count(*) FROM role") >= 7
    assert await node.db.value("SELECT count(*) FROM account") == 0
