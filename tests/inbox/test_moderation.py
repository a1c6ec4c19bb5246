"""Reports as they are stored, whoever made them."""

from inbox.moderation import COMMENT_CHARACTERS_MAX, Complaint, file_report, report_readers
from tests.inbox.world import World


async def test_a_report_is_bounded_and_of_a_known_category(world: World) -> None:
    bob = await world.roses.person("bob")
    complaint = Complaint(
        reporter_id=bob["id"],
        target_id=world.claire["id"],
        status_ids=range(500),
        comment="x" * 50_000,
        category="<script>",
    )
    report_id = await world.node.db.write(lambda tx: file_report(world.node, tx, complaint))
    row = await world.node.db.row("SELECT * FROM report WHERE id = ?", report_id)
    assert row is not None
    assert (len(row["comment"]), row["category"]) == (COMMENT_CHARACTERS_MAX, "other")
    assert row["status_ids"].count(",") == 49


async def test_a_disabled_login_reads_no_report(world: World) -> None:
    await world.execute("UPDATE account SET role = 'moderator' WHERE id = ?", world.claire_account)
    assert await report_readers(world.node.db) == [world.claire["id"]]
    await world.execute("UPDATE account SET disabled_at = 1 WHERE id = ?", world.claire_account)
    assert await report_readers(world.node.db) == []
