"""Whoever votes on a status, or quotes it with leave, hears of its changes; nobody else does."""

import pytest

from federation.database import Row
from federation.node import Node
from maillage.judge import judge_of
from tests.maillage.test_judge import execute, published


async def update_of(node: Node, status: Row) -> Row:
    """The delivery of a status, as if it were an Update to an origin that follows no more."""
    await execute(node, "UPDATE delivery SET activity_type = 'Update'")
    await execute(node, "DELETE FROM follow")
    await execute(node, "DELETE FROM held")
    row = await node.db.row("SELECT * FROM delivery WHERE object_uri = ?", status["uri"])
    assert row is not None
    return row


@pytest.mark.parametrize("share", ["vote", "quote"])
async def test_who_takes_part_hears_of_a_change_and_others_do_not(node: Node, share: str) -> None:
    _, status, _, reader_id = await published(node, "public")
    update, judge = await update_of(node, status), judge_of(node)
    assert await judge(update) == "delivery.not_for_them"
    if share == "vote":
        await execute(
            node, "INSERT INTO poll (id, status_id, multiple) VALUES (1, ?, ?)", status["id"], False
        )
        await execute(
            node,
            "INSERT INTO poll_vote (id, poll_id, actor_id, choice, uri, created_at)"
            " VALUES (1, 1, ?, 0, 'x', 0)",
            reader_id,
        )
    else:
        await execute(
            node,
            "INSERT INTO status (id, uri, actor_id, audience_id, audience_kind, is_local, type,"
            " thread_root_id, quote_of_id, quote_uri, quote_state, published_at)"
            " VALUES (5, 'http://127.0.0.1:9/n/5', ?, ?, 'public', ?, 'Note', 5, ?, ?,"
            " 'pending', 0)",
            reader_id,
            status["audience_id"],
            False,
            status["id"],
            status["uri"],
        )
        assert await judge(update) == "delivery.not_for_them", "without leave"
        await execute(node, "UPDATE status SET quote_state = 'accepted' WHERE id = 5")
    assert await judge(update) is None
    await execute(node, "DELETE FROM poll_vote")
    await execute(node, "DELETE FROM status WHERE id = 5")
    assert await judge(update) == "delivery.not_for_them"
