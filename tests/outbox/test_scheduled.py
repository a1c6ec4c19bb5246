"""A status for later: published once, as it was written, and by nobody who may not speak."""

import asyncio

import pytest

from federation.database import Row
from federation.errors import Invalid, NotFound
from federation.node import Node
from outbox import scheduled, statuses
from outbox.drafts import PollDraft
from outbox.scheduled import PER_DAY_MAX, TOTAL_MAX, cancel, get, move, publish_due, schedule
from outbox.statuses import Draft
from tests.conftest import START_MS, FakeClock
from tests.outbox.conftest import ROSES, MakePerson, MakeRemote

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


async def media_of(node: Node, actor: Row) -> int:
    """An upload that no status has."""
    media_id = node.ids.next()
    await node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO attachment (id, actor_id, type, url, created_at)"
            " VALUES (?, ?, 'image', 'https://ici.example/a.webp', 0)",
            media_id,
            actor["id"],
        )
    )
    return media_id


async def count(node: Node, table: str) -> int:
    return await node.db.value(f"SELECT count(*) FROM {table}")


async def test_it_is_published_once_when_its_moment_has_come(
    node: Node, person: MakePerson, remote: MakeRemote, clock: FakeClock
) -> None:
    claire, account = await person("claire")
    await remote("paul", follows_actor=claire)
    draft = Draft("demain", "private", language="fr", poll=PollDraft(("oui", "non"), 600))
    kept = await schedule(node, claire, account, draft, clock() + HOUR_MS)
    assert kept.draft.poll == draft.poll
    assert await publish_due(node) == 0
    assert (await count(node, "status"), await count(node, "activity")) == (0, 0)

    clock.advance(3_601)
    assert sum(await asyncio.gather(*(publish_due(node) for _ in range(3)))) == 1
    assert await publish_due(node) == 0
    status = await node.db.row("SELECT * FROM status")
    assert status is not None
    assert (status["text"], status["audience_kind"], status["language"]) == (
        "demain",
        "followers",
        "fr",
    )
    # The poll lasts from its publication.
    assert await node.db.value("SELECT ends_at FROM poll") == clock() + 600_000
    assert await node.db.value("SELECT inbox_url FROM delivery") == f"{ROSES}/inbox"
    assert await count(node, "scheduled_status") == 0


async def test_nobody_who_was_disabled_publishes(
    node: Node, person: MakePerson, clock: FakeClock
) -> None:
    claire, account = await person("claire")
    luc, luc_account = await person("luc")
    eve, eve_account = await person("eve")
    for actor, number in ((claire, account), (luc, luc_account), (eve, eve_account)):
        await schedule(node, actor, number, Draft(actor["username"]), clock() + HOUR_MS)
    await node.db.write(
        lambda tx: tx.execute("UPDATE account SET disabled_at = 1 WHERE id = ?", account)
    )
    await node.db.write(
        lambda tx: tx.execute("UPDATE actor SET suspended_at = 1 WHERE id = ?", eve["id"])
    )
    clock.advance(7_200)
    assert await publish_due(node) == 1
    assert await node.db.value("SELECT text FROM status") == "luc"
    assert (await count(node, "status"), await count(node, "scheduled_status")) == (1, 0)


@pytest.mark.parametrize(
    ("ahead_ms", "code"),
    [
        (-1, "scheduled.too_soon"),
        (299_999, "scheduled.too_soon"),
        (20 * 366 * DAY_MS, "scheduled.too_late"),
    ],
)
async def test_the_moment_is_at_least_five_minutes_ahead(
    node: Node, person: MakePerson, clock: FakeClock, ahead_ms: int, code: str
) -> None:
    claire, account = await person("claire")
    with pytest.raises(Invalid) as refused:
        await schedule(node, claire, account, Draft("a"), clock() + ahead_ms)
    assert (refused.value.code, refused.value.params["field"]) == (code, "scheduled_at")
    kept = await schedule(node, claire, account, Draft("a"), clock() + 300_000)
    with pytest.raises(Invalid):
        await move(node, account, kept.id, clock() + ahead_ms)
    assert (await get(node.db, account, kept.id)).scheduled_at == clock() + 300_000


async def test_25_a_day_and_300_in_all(node: Node, person: MakePerson) -> None:
    claire, account = await person("claire")
    first = START_MS // DAY_MS * DAY_MS + 2 * DAY_MS

    async def fill(day: int, number: int) -> None:
        async def work(tx: object) -> None:
            await tx.many(  # type: ignore[attr-defined]
                "INSERT INTO scheduled_status (id, account_id, scheduled_at, draft, created_at)"
                ' VALUES (?, ?, ?, \'{"text":"a"}\', 0)',
                [(node.ids.next(), account, first + day * DAY_MS + n) for n in range(number)],
            )

        await node.db.write(work)

    await fill(0, PER_DAY_MAX - 1)
    kept = await schedule(node, claire, account, Draft("a"), first)
    with pytest.raises(Invalid) as refused:
        await schedule(node, claire, account, Draft("a"), first)
    assert refused.value.code == "scheduled.too_many_a_day"
    # Within its own day it can be moved; into a full one not.
    await move(node, account, kept.id, first + HOUR_MS)
    await fill(1, PER_DAY_MAX)
    with pytest.raises(Invalid):
        await move(node, account, kept.id, first + DAY_MS)
    for day in range(2, TOTAL_MAX // PER_DAY_MAX):
        await fill(day, PER_DAY_MAX)
    with pytest.raises(Invalid) as refused:
        await schedule(node, claire, account, Draft("a"), first + 40 * DAY_MS)
    assert refused.value.code == "scheduled.too_many"
    assert await count(node, "scheduled_status") == TOTAL_MAX


async def test_one_key_keeps_one_draft_and_others_cannot_touch_it(
    node: Node, person: MakePerson, clock: FakeClock
) -> None:
    claire, account = await person("claire")
    _, luc_account = await person("luc")
    draft = Draft("une fois", idempotency_key="abc")
    made = [await schedule(node, claire, account, draft, clock() + HOUR_MS) for _ in range(3)]
    assert len({kept.id for kept in made}) == 1
    for number in (made[0].id, made[0].id + 1):
        for attempt in (
            get(node.db, luc_account, number),
            move(node, luc_account, number, clock() + DAY_MS),
            cancel(node, luc_account, number),
        ):
            with pytest.raises(NotFound):
                await attempt
    await cancel(node, account, made[0].id)
    clock.advance(7_200)
    assert await publish_due(node) == 0
    assert await count(node, "status") == 0


async def test_media_wait_with_their_draft_and_are_nobody_elses(
    node: Node, person: MakePerson, clock: FakeClock
) -> None:
    claire, account = await person("claire")
    luc, luc_account = await person("luc")
    media_id = await media_of(node, claire)
    draft = Draft("photo", media_ids=(media_id,))
    with pytest.raises(Invalid):
        await schedule(node, luc, luc_account, draft, clock() + HOUR_MS)
    kept = await schedule(node, claire, account, draft, clock() + HOUR_MS)
    assert [media["id"] for media in kept.media] == [media_id]
    kept_until = await node.db.value("SELECT kept_until FROM attachment")
    assert kept_until > kept.scheduled_at
    with pytest.raises(Invalid) as refused:
        await statuses.create(node, claire, account, draft)
    assert refused.value.params["field"] == "media_ids"
    clock.advance(7_200)
    assert await publish_due(node) == 1
    assert await node.db.value("SELECT status_id FROM attachment") == await node.db.value(
        "SELECT id FROM status"
    )
    # Taken back, it is its author's to use again.
    status = await node.db.row("SELECT * FROM status")
    assert status is not None
    await statuses.delete(node, claire, status)
    again = await statuses.create(node, claire, account, draft)
    assert await node.db.value("SELECT status_id FROM attachment") == again["id"]
    await statuses.delete(node, claire, again, keep_media=False)
    assert await count(node, "attachment") == 0


async def test_an_answer_stands_for_itself_when_its_parent_is_gone_and_gets_no_wider(
    node: Node, person: MakePerson, clock: FakeClock
) -> None:
    claire, account = await person("claire")
    luc, luc_account = await person("luc")
    parent = await statuses.create(node, claire, account, Draft("@luc secret", "direct"))
    draft = Draft("d'accord", "public", in_reply_to_id=parent["id"])
    other, other_account = await person("eve")
    with pytest.raises(NotFound):
        await schedule(node, other, other_account, draft, clock() + HOUR_MS)
    kept = await schedule(node, luc, luc_account, draft, clock() + HOUR_MS)
    assert kept.draft.visibility == "direct"
    await statuses.delete(node, claire, parent)
    clock.advance(7_200)
    assert await publish_due(node) == 1
    status = await node.db.row("SELECT * FROM status")
    assert status is not None
    assert (status["audience_kind"], status["in_reply_to_id"]) == ("named", None)


async def test_one_that_cannot_be_published_holds_nobody_up(
    node: Node, person: MakePerson, clock: FakeClock
) -> None:
    claire, account = await person("claire")
    media_id = await media_of(node, claire)
    await schedule(node, claire, account, Draft("", media_ids=(media_id,)), clock() + HOUR_MS)
    await schedule(node, claire, account, Draft("après"), clock() + HOUR_MS + 1)
    await node.db.write(lambda tx: tx.execute("DELETE FROM attachment"))
    clock.advance(7_200)
    assert await publish_due(node) == 1
    assert await node.db.value("SELECT text FROM status") == "après"
    assert await count(node, "scheduled_status") == 0


async def test_the_loop_publishes_when_it_is_woken(
    node: Node, person: MakePerson, clock: FakeClock
) -> None:
    claire, account = await person("claire")
    await schedule(node, claire, account, Draft("bonjour"), clock() + HOUR_MS)
    loop = asyncio.create_task(scheduled.scheduled_loop(node))
    try:
        clock.advance(7_200)
        node.schedule_wake.set()
        for _ in range(200):
            if await count(node, "status"):
                break
            await asyncio.sleep(0.01)
    finally:
        loop.cancel()
    assert await count(node, "status") == 1
