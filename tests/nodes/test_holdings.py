"""Proves the ledger: *received* and *deleted* are a partner's word, which it gives nobody else."""

from typing import Any

import pytest

from actors.queries import account_of_actor
from federation.database import Row, Transaction
from federation.errors import Malformed, Refused
from federation.message_signatures import sign_message
from inbox.holdings import holdings, read_holdings
from inbox.ledger import (
    CALM_MS,
    NIGHT_MS,
    REPEATED_FOR_MS,
    ask,
    ask_due_once,
    compare,
    repeat_deletes_once,
)
from inbox.partnership_acts import pause
from outbox import statuses
from tests.conftest import Start
from tests.nodes.partners import BY, paired
from tests.nodes.test_partners_in_force import Sites, follow, has, person, write
from tests.serving import Running, eventually


@pytest.fixture
async def partners(start_node: Start) -> Sites:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    return one, other


async def get(by: Running, at: Running, query: str = "") -> tuple[int, Any]:
    """GET the holdings at a site, signed by another one's instance key."""
    path = f"/actor/holdings{query}"
    key = await by.node.keyring.instance_ed25519()
    headers = sign_message(key, "GET", at.origin + path, None, at.node.clock())
    async with at.http.get(at.origin + path, headers=headers) as answer:
        return answer.status, await answer.json() if answer.status == 200 else await answer.text()


async def state_at(at: Running, status: Row, of: Running) -> str | None:
    sql = "SELECT state FROM held WHERE object_uri = ? AND origin = ?"
    return await at.node.db.value(sql, status["uri"], of.origin)


async def change(at: Running, sql: str, *args: Any) -> None:
    async def work(tx: Transaction) -> None:
        await tx.execute(sql, *args)

    await at.node.db.write(work)


async def delete(at: Running, who: Row, status: Row) -> None:
    await statuses.delete(at.node, who, status)


async def test_received_and_deleted_are_the_partners_word(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    kept, gone = await write(one, alice, "Reste"), await write(one, alice, "Part")
    await eventually(lambda: has(other, gone))

    async def handed() -> bool:
        return await state_at(one, gone, other) == "handed_over"

    await eventually(handed)
    assert await state_at(one, kept, other) == "handed_over", "202 says no more"
    assert await compare(one.node, other.origin) == 2
    assert await state_at(one, kept, other) == "held"
    await delete(one, alice, gone)

    async def away() -> bool:
        return not await has(other, gone) and await state_at(one, gone, other) == "delete_sent"

    await eventually(away)
    await compare(one.node, other.origin)
    assert await state_at(one, gone, other) == "deleted"
    assert await state_at(one, kept, other) == "held"


async def test_a_partner_is_asked_once_it_is_calm_and_every_night(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    assert await ask_due_once(one.node) == 1, "never asked before"
    assert await ask_due_once(one.node) == 0
    status = await write(one, alice, "Bonjour")
    await eventually(lambda: state_at(one, status, other))
    assert await ask_due_once(one.node) == 0, "not calm yet"
    calm = one.node.clock() - CALM_MS - 1
    await change(one, "UPDATE partnership SET holdings_at = 1")
    await change(one, "UPDATE held SET last_at = ?", calm)
    await eventually(lambda: has(other, status))
    assert await ask_due_once(one.node) == 1
    assert await state_at(one, status, other) == "held"
    assert await ask_due_once(one.node) == 0
    await change(one, "UPDATE partnership SET compared_at = ?", one.node.clock() - NIGHT_MS)
    assert await ask_due_once(one.node) == 1
    await pause(other.node, one.origin, BY)
    await change(one, "UPDATE partnership SET compared_at = 0")
    assert await ask_due_once(one.node) == 0, "503: later"
    assert await one.node.db.value("SELECT ask_after FROM partnership") > one.node.clock()


async def test_each_partner_sees_its_own_and_nobody_else_sees_any(
    partners: Sites, start_node: Start
) -> None:
    one, other = partners
    third, stranger = await start_node(name="Les Lilas"), await start_node(name="Personne")
    await paired(other, third)
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    status = await write(one, alice, "Pour Roses")
    await eventually(lambda: has(other, status))
    code, said = await get(one, other)
    assert code == 200
    assert [(item["id"], item["state"]) for item in said["items"]] == [(status["uri"], "held")]
    assert "Pour Roses" not in str(said)
    assert (await get(third, other))[1]["items"] == []
    assert (await get(stranger, other))[0] == 403
    await stranger.allow(other)
    await other.allow(stranger)
    assert (await get(stranger, other))[0] == 404, "allowed by hand, but no partner"
    async with other.http.get(f"{other.origin}/actor/holdings") as answer:
        assert answer.status == 401
    with pytest.raises(Refused):
        await ask(stranger.node, other.origin)
    await pause(other.node, one.origin, BY)
    assert (await get(one, other))[0] == 503
    for wrong in ("?after=held", "?after=x-1", "?after=held-99999999999999999999", "?since=-1",
                  "?since=a", "?after=deleted-1-a"):  # fmt: skip
        assert (await get(third, other, wrong))[0] == 400, wrong


async def test_a_long_list_comes_page_by_page(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    written = [await write(one, alice, f"Numéro {number}") for number in range(5)]
    await eventually(lambda: has(other, written[-1]))
    for status in written[:3]:
        await delete(one, alice, status)

    async def gone() -> bool:
        return not await has(other, written[2])

    await eventually(gone)
    found: list[tuple[str, str]] = []
    after: str | None = None
    pages = 0
    while True:
        page = await holdings(other.node.db, one.origin, after, size=2)
        found += [(item.uri, item.state) for item in page.items]
        pages += 1
        if page.following is None:
            break
        after = page.following
    expected = [(status["uri"], "held") for status in written[3:]]
    assert sorted(found) == sorted(expected + [(s["uri"], "deleted") for s in written[:3]])
    assert pages == 3


async def test_a_delete_is_repeated_until_it_is_confirmed(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    status = await write(one, alice, "Effacez ceci")
    await eventually(lambda: has(other, status))
    row = await other.node.db.row("SELECT * FROM status WHERE uri = ?", status["uri"])
    assert row is not None
    await delete(one, alice, status)

    async def sent() -> bool:
        return await state_at(one, status, other) == "delete_sent"

    await eventually(sent)

    async def lost() -> bool:
        return not await has(other, status)

    await eventually(lost)
    # The partner goes back to a backup of before.
    columns = [name for name in row.keys() if row[name] is not None]  # noqa: SIM118
    places = ", ".join("?" for _ in columns)
    await change(other, f"INSERT INTO status ({', '.join(columns)}) VALUES ({places})",
                 *(row[name] for name in columns))  # fmt: skip
    await change(other, "DELETE FROM tombstone")
    assert await repeat_deletes_once(one.node) == 0, "a day has not passed"
    await compare(one.node, other.origin)
    assert await state_at(one, status, other) == "delete_sent"
    await change(one, "UPDATE held SET last_at = ? WHERE state = 'delete_sent'",
                 one.node.clock() - NIGHT_MS)  # fmt: skip
    assert await repeat_deletes_once(one.node) == 1
    await eventually(lost)
    await compare(one.node, other.origin)
    assert await state_at(one, status, other) == "deleted"
    assert await repeat_deletes_once(one.node) == 0
    # Held again after it was confirmed: asked back at once; but not after thirty days.
    await change(other, f"INSERT INTO status ({', '.join(columns)}) VALUES ({places})",
                 *(row[name] for name in columns))  # fmt: skip
    await change(other, "DELETE FROM tombstone")
    await compare(one.node, other.origin)
    assert await state_at(one, status, other) == "delete_sent"
    await change(one, "UPDATE held SET deleting_since = ?", one.node.clock() - REPEATED_FOR_MS)
    assert await repeat_deletes_once(one.node) == 0


async def test_a_refusal_is_told(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    there = await other.node.db.row("SELECT id FROM actor WHERE uri = ?", alice["uri"])
    assert there is not None

    async def past_is_here() -> bool:
        return not await other.node.db.rows("SELECT 1 FROM backfill WHERE done_at IS NULL")

    await eventually(past_is_here)
    await change(other, "UPDATE actor SET suspended_at = 1 WHERE id = ?", there["id"])
    status = await write(one, alice, "Refusé")

    async def handed() -> bool:
        await compare(one.node, other.origin)
        return await state_at(one, status, other) == "refused"

    await eventually(handed)
    account = await account_of_actor(one.node.db, alice["id"])
    assert account is not None


async def test_what_a_partner_states_of_others_is_not_read() -> None:
    us, them = "https://a.example", "https://b.example"
    item = {"id": f"{us}/notes/1", "state": "held", "at": "2026-11-22T10:00:00Z"}
    good = {"holder": them, "of": us, "items": [item], "next": None}
    assert read_holdings(good, them, us).items[0].uri == f"{us}/notes/1"
    for wrong in (
        good | {"holder": us},
        good | {"of": them},
        good | {"items": [item | {"id": "https://c.example/notes/1"}]},
        good | {"items": [item | {"id": f"{us}.evil.example/notes/1"}]},
        good | {"items": [item | {"state": "maybe"}]},
        good | {"items": [item | {"at": 3}]},
        good | {"items": [item] * 501},
        good | {"items": "none"},
        good | {"next": 3},
        good | {"items": [3]},
    ):
        with pytest.raises(Malformed):
            read_holdings(wrong, them, us)
