"""What follows when a person blocks a domain: all that tied her to its people ends."""

from actors import domain_blocks, follows
from actors.queries import by_ids
from federation.database import Row, Transaction
from federation.node import Node
from outbox.relations import answer_follow, undo_follow


async def block_domain(node: Node, actor: Row, domain: str) -> None:
    """Block a domain: its follows and requests end both ways, its notifications go.

    Each of its people is told of the end of the follow, as for any other unfollow.
    """

    async def work(tx: Transaction) -> None:
        if not await domain_blocks.add(node, tx, actor["id"], domain):
            return
        await tx.execute(
            "DELETE FROM notification WHERE recipient_id = ? AND from_actor_id IN"
            " (SELECT id FROM actor WHERE handle_host = ? AND NOT is_local)",
            actor["id"],
            domain,
        )
        rows = await tx.rows(
            "SELECT f.* FROM follow f JOIN actor a"
            " ON a.id = CASE WHEN f.follower_id = ? THEN f.target_id ELSE f.follower_id END"
            " WHERE (f.follower_id = ? OR f.target_id = ?) AND a.handle_host = ?"
            " AND NOT a.is_local ORDER BY f.id",
            *([actor["id"]] * 3),
            domain,
        )
        others = await by_ids(
            tx, {row["follower_id"] for row in rows} | {row["target_id"] for row in rows}
        )
        for row in rows:
            await follows.remove(tx, row["follower_id"], row["target_id"])
            if row["follower_id"] == actor["id"]:
                await undo_follow(node, tx, actor, others[row["target_id"]], row)
            else:
                await answer_follow(node, tx, actor, others[row["follower_id"]], row, "Reject")

    await node.db.write(work)
