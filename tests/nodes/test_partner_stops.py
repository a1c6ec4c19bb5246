"""Proves pauses, stops and narrowings with real queues: in order, nothing lost or too late."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import orjson
import pytest

from actors.queries import account_of_actor
from actors.remote import ensure_actor
from federation.database import Row
from federation.errors import NotFound, Refused, Unavailable
from federation.fetch import FetchBudget
from federation.message_signatures import sign_message
from federation.scopes import Scope
from federation.stops import ALL
from federation.vocabulary import ACTIVITY_TYPE
from inbox.ledger import compare, repeat_deletes_once
from inbox.partner_stops import WAITED_MS_MAX, give_up_once, go_on, stop
from inbox.partnership_acts import end, narrow, pause, resume
from outbox import statuses
from outbox.visibility import Person, visible
from tests.conftest import Start
from tests.nodes.partners import BY, both, paired, post_as, state_of
from tests.nodes.test_holdings import change, state_at
from tests.nodes.test_partners_in_force import Sites, follow, has, like, person, write
from tests.serving import Running, eventually

FREE = Scope(follow="free")


@pytest.fixture
async def partners(start_node: Start) -> Sites:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other, FREE)
    return one, other


async def for_partners(at: Running, who: Row, text: str) -> Row:
    account = await account_of_actor(at.node.db, who["id"])
    assert account is not None
    return await statuses.create(
        at.node, who, account["id"], statuses.Draft(text, visibility="partners")
    )


async def answer_to(by: Running, at: Running, path: str) -> tuple[int, str | None]:
    """The status of a signed GET, and what it says of coming back."""
    key = await by.node.keyring.instance_ed25519()
    headers = sign_message(key, "GET", at.origin + path, None, at.node.clock())
    async with at.http.get(at.origin + path, headers=headers) as answer:
        return answer.status, answer.headers.get("Retry-After")


async def post_answer(by: Running, at: Running, body: Any) -> tuple[int, str | None]:
    sent = orjson.dumps(body)
    key = await by.node.keyring.instance_ed25519()
    signed = sign_message(key, "POST", f"{at.origin}/inbox", sent, at.node.clock())
    headers = {"Content-Type": ACTIVITY_TYPE, **signed}
    async with at.http.post(f"{at.origin}/inbox", data=sent, headers=headers) as answer:
        return answer.status, answer.headers.get("Retry-After")


PATHS = ("/actor/agreement", "/actor/holdings", "/actor/outbox", "/users/1", "/notes/1")


async def test_a_pause_keeps_both_queues_in_order(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    await follow(one, alice, bruno)
    await pause(one.node, other.origin, BY)
    for path in PATHS:
        status, after = await answer_to(other, one, path)
        assert (status, after is not None) == (503, True), path
    assert (await post_answer(other, one, like(bruno["uri"])))[0] == 503
    out = [await write(one, alice, f"Vers là-bas {number}") for number in range(6)]
    back = [await write(other, bruno, f"Vers ici {number}") for number in range(6)]
    assert not await has(other, out[0])
    assert not await has(one, back[0])
    await resume(one.node, other.origin, BY)
    for at, sent in ((other, out), (one, back)):
        rows = await eventually(partial(_came, at, len(sent)))
        assert [row["object_uri"] for row in rows] == [status["uri"] for status in sent]


async def _came(at: Running, count: int) -> Sequence[Row]:
    """What was delivered, in the order in which it came; nothing until all of it is there."""
    rows = await at.node.db.rows(
        "SELECT object_uri FROM activity WHERE origin = 'remote' AND type = 'Create' ORDER BY id"
    )
    return rows if len(rows) == count else []


async def test_what_waited_fourteen_days_is_given_up_and_seen(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    await pause(one.node, other.origin, BY)
    old, young = await write(one, alice, "Vieux"), await write(one, alice, "Jeune")
    assert await give_up_once(one.node) == 0
    await change(one, "UPDATE delivery SET created_at = ? WHERE object_uri = ?",
                 one.node.clock() - WAITED_MS_MAX, old["uri"])  # fmt: skip
    assert await give_up_once(one.node) == 1
    row = await one.node.db.row("SELECT * FROM delivery WHERE object_uri = ?", old["uri"])
    assert row is not None
    assert (row["progress"], row["last_error"]) == ("failed", "delivery.waited_14_days")
    seen = await one.node.db.row("SELECT * FROM audit WHERE action = 'partner.given_up'")
    assert seen is not None
    assert (seen["target"], seen["reason"]) == (other.origin, "1 delivery.waited_14_days")
    await resume(one.node, other.origin, BY)
    await eventually(lambda: has(other, young))
    assert not await has(other, old)
    assert await give_up_once(one.node) == 0, "an exchange that goes on gives up nothing"


@pytest.mark.parametrize("which", ["one", "all"])
async def test_a_stop_holds_everything_at_once(partners: Sites, which: str) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    origin = ALL if which == "all" else other.origin
    before = await write(one, alice, "Avant")
    await eventually(lambda: has(other, before))
    assert await stop(one.node, origin, BY)
    assert not await stop(one.node, origin, BY), "a second time is nothing"
    assert len(await one.node.db.rows("SELECT * FROM stopped")) == 1
    for path in PATHS:
        status, after = await answer_to(other, one, path)
        assert (status, after is not None) == (503, True), path
    # Not even what takes back, nor what is about the agreement.
    for path in ("/inbox", "/actor/inbox"):
        gone = like(bruno["uri"], 30) | {"type": "Delete", "object": bruno["uri"]}
        assert (await post_as(other.node, one, gone, path))[0] == 503, path
    await narrow(other.node, one.origin, Scope(follow="none"), BY)
    await statuses.delete(one.node, alice, before)
    waiting = await write(one, alice, "Attend")
    with pytest.raises(Unavailable):
        await ensure_actor(one.node, f"{other.origin}/users/77", budget=FetchBudget())

    async def told() -> bool:
        sql = "SELECT last_status FROM delivery WHERE origin = ? AND progress = 'pending'"
        return await other.node.db.value(sql, one.origin) == 503

    await eventually(told)
    assert await has(other, before)
    assert not await has(other, waiting)
    mine, _ = await both(one, other)
    assert mine.agreement.revision == 1
    if which == "all":
        with pytest.raises(Refused):
            await go_on(one.node, other.origin, BY)
    await go_on(one.node, origin, BY)

    async def over() -> bool:
        here, _ = await both(one, other)
        return not await has(other, before) and here.agreement.revision == 2

    await eventually(over)
    with pytest.raises(Refused):
        await go_on(one.node, origin, BY)


async def test_a_stop_is_of_known_origins_and_of_those_alone(
    partners: Sites, start_node: Start
) -> None:
    one, other = partners
    third = await start_node(name="Les Lilas")
    await paired(one, third, FREE)
    alice, carla = await person(one, "alice"), await person(third, "carla")
    await follow(third, carla, alice)
    with pytest.raises(NotFound):
        await stop(one.node, "https://nobody.example", BY)
    await stop(one.node, other.origin, BY)
    status = await write(one, alice, "Aux autres")
    await eventually(lambda: has(third, status))
    assert (await answer_to(third, one, "/actor/agreement"))[0] == 200
    await pause(one.node, other.origin, BY)
    await go_on(one.node, other.origin, BY)
    assert await state_of(one, other) == "active", "a stop that ends takes the pause with it"


async def test_a_narrowing_stops_what_already_waits(partners: Sites) -> None:
    one, other = partners
    alice = await person(one, "alice")
    await stop(one.node, other.origin, BY)
    status = await for_partners(one, alice, "Trop tard")
    sql = "SELECT progress, last_error FROM delivery WHERE object_uri = ?"
    row = await one.node.db.row(sql, status["uri"])
    assert row is not None
    assert row["progress"] == "pending"
    await narrow(one.node, other.origin, Scope(audiences=False, follow="free"), BY)
    await go_on(one.node, other.origin, BY)

    async def judged() -> bool:
        row = await one.node.db.row(sql, status["uri"])
        return row is not None and row["last_error"] == "delivery.not_for_them"

    await eventually(judged)
    assert not await has(other, status)


async def test_what_a_narrowing_takes_is_asked_back(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    wide, followed = await for_partners(one, alice, "Large"), await write(one, alice, "Suivi")
    await eventually(lambda: has(other, wide))
    await eventually(lambda: has(other, followed))
    await compare(one.node, other.origin)
    assert await state_at(one, wide, other) == "held"
    assert await repeat_deletes_once(one.node) == 0
    await narrow(one.node, other.origin, Scope(audiences=False, follow="free"), BY)
    assert await one.node.db.value("SELECT compared_at FROM partnership") == 0, "asked at once"
    await compare(one.node, other.origin)
    await repeat_deletes_once(one.node)

    async def gone() -> bool:
        return not await has(other, wide)

    await eventually(gone)
    assert await has(one, wide)
    assert await has(other, followed)
    await compare(one.node, other.origin)
    assert await state_at(one, wide, other) == "deleted"
    assert await state_at(one, followed, other) == "held"


async def test_what_may_be_kept_can_still_be_read(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other, Scope(follow="free", retention_after_end="keep"))
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    status = await for_partners(one, alice, "À garder")
    await eventually(lambda: has(other, status))
    row = await other.node.db.row("SELECT id FROM status WHERE uri = ?", status["uri"])
    assert row is not None
    reader = Person(bruno["id"])
    assert await visible(other.node.db, reader, row["id"]) is not None
    await end(one.node, other.origin, BY)

    async def over() -> bool:
        return await state_of(other, one) == "ended"

    await eventually(over)
    assert await visible(other.node.db, reader, row["id"]) is not None
    await change(other, "UPDATE partnership SET keeps = FALSE")
    assert await visible(other.node.db, reader, row["id"]) is None
