"""A delivery is judged again when it is claimed."""

from typing import Any

import pytest

from actors.local import create_account
from federation.database import Row
from federation.delivery import deliver_due_once
from federation.node import Node
from federation.peers import allow, block
from maillage.judge import judge_of
from outbox.statuses import Draft, create, delete

PARTNER = "http://127.0.0.1:9"


async def follower(node: Node, target: Row) -> int:
    """An actor of PARTNER that follows `target`."""
    actor_id = node.ids.next()

    async def work(tx: Any) -> None:
        uri = f"{PARTNER}/users/{actor_id}"
        await tx.execute(
            "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host, inbox_url,"
            " created_at, updated_at) VALUES (?, ?, 'Person', ?, ?, ?, ?, ?, 1, 1)",
            actor_id,
            uri,
            PARTNER,
            False,
            f"f{actor_id}",
            "127.0.0.1:9",
            f"{uri}/inbox",
        )
        await tx.execute(
            "INSERT INTO follow (id, follower_id, target_id, uri, state, created_at)"
            " VALUES (?, ?, ?, ?, 'accepted', 1)",
            node.ids.next(),
            actor_id,
            target["id"],
            f"{uri}/follow",
        )
        await allow(tx, PARTNER, 1)

    await node.db.write(work)
    return actor_id


async def published(node: Node, visibility: str = "private") -> tuple[Row, Row, Row, int]:
    """(author, status, its delivery row, the follower)."""
    author = await create_account(node, username="alice", password="une phrase assez longue")
    account = await node.db.row("SELECT id FROM account WHERE actor_id = ?", author["id"])
    follower_id = await follower(node, author)
    assert account is not None
    status = await create(node, author, account["id"], Draft("bonjour", visibility))
    delivery = await node.db.row("SELECT * FROM delivery")
    assert delivery is not None
    return author, status, delivery, follower_id


async def execute(node: Node, sql: str, *args: Any) -> None:
    await node.db.write(lambda tx: tx.execute(sql, *args))


async def test_what_is_still_right_goes(node: Node) -> None:
    _, _, delivery, _ = await published(node)
    assert await judge_of(node)(delivery) is None


async def test_a_follower_who_left_gets_nothing(node: Node) -> None:
    _, _, delivery, follower_id = await published(node)
    await execute(node, "DELETE FROM follow WHERE follower_id = ?", follower_id)
    assert await judge_of(node)(delivery) == "delivery.not_for_them"


async def test_what_was_deleted_does_not_go_but_its_delete_does(node: Node) -> None:
    author, status, delivery, _ = await published(node)
    await delete(node, author, status)
    judge = judge_of(node)
    assert await judge(delivery) == "delivery.object_gone"
    taking_back = await node.db.row("SELECT * FROM delivery WHERE activity_type = 'Delete'")
    assert taking_back is not None
    assert await judge(taking_back) is None


async def test_a_blocked_or_forgotten_partner_gets_nothing_at_all(node: Node) -> None:
    author, status, _, _ = await published(node)
    await delete(node, author, status)
    rows = await node.db.rows("SELECT * FROM delivery")
    await node.db.write(lambda tx: block(tx, PARTNER, 1))
    judge = judge_of(node)
    assert {await judge(row) for row in rows} == {"delivery.peer_blocked"}
    await execute(node, "UPDATE peer SET policy = 'known'")
    assert {await judge(row) for row in rows} == {"delivery.peer_stranger"}
    await deliver_due_once(node, judge)
    progress = await node.db.rows("SELECT progress, last_error FROM delivery")
    assert {row["progress"] for row in progress} == {"refused"}


@pytest.mark.parametrize(
    ("visibility", "reason"),
    [("public", None), ("unlisted", None), ("private", "delivery.not_for_them")],
)
async def test_who_holds_it_gets_an_update_of_what_is_for_everybody_alone(
    node: Node, visibility: str, reason: str | None
) -> None:
    _, status, delivery, follower_id = await published(node, visibility)
    update = {**dict(delivery), "activity_type": "Update"}
    assert await judge_of(node)(update) is None
    await execute(node, "DELETE FROM follow WHERE follower_id = ?", follower_id)
    judge = judge_of(node)
    assert await judge(update) == "delivery.not_for_them"
    await execute(
        node,
        "INSERT INTO held (object_uri, origin, first_at, last_at, state)"
        " VALUES (?, ?, 1, 1, 'delivered')",
        status["uri"],
        PARTNER,
    )
    assert await judge(update) == reason
    assert await judge({**update, "activity_type": "Delete"}) is None
