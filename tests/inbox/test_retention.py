"""How long things are kept: each class by its own time, what is official by nobody's."""

from collections.abc import Sequence

import pytest

from actors.local import create_account
from actors.queries import account_of_actor
from federation.database import Row, Transaction
from federation.errors import Invalid, NotFound, Refused
from federation.node import Node
from federation.peers import allow
from inbox import retention
from inbox.audit import newest, verify_chain
from inbox.retention import MONTH_MS, retention_once, would_go
from inbox.site_facts import set_facts, site_facts
from outbox import pins, statuses
from outbox.classes import classify
from outbox.drafts import Draft
from outbox.farewell import delete_actor
from tests.conftest import FakeClock

ROSES = "https://roses.example"


async def person(node: Node, name: str, role: str = "member") -> tuple[Row, int]:
    actor = await create_account(node, username=name, password=None, role=role)
    account = await account_of_actor(node.db, actor["id"])
    assert account is not None
    return actor, account["id"]


async def kept(node: Node, **months: int) -> None:
    facts = {f"keep_{name}": str(value or "") for name, value in months.items()}
    await node.db.write(lambda tx: set_facts(node, tx, "maillage", facts))


async def mark(node: Node, actor: Row, role: str, status: Row, name: str) -> None:
    await node.db.write(lambda tx: classify(node, tx, actor, role, status, name))  # type: ignore[arg-type]


async def handed_over(node: Node, uris: Sequence[str]) -> None:
    """An allowed site has these."""

    async def work(tx: Transaction) -> None:
        await allow(tx, ROSES, node.clock())
        for name, is_local in (("paul", False),):
            await tx.execute(
                "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host,"
                " inbox_url, shared_inbox_url, created_at, updated_at)"
                " VALUES (?, ?, 'Person', ?, ?, ?, 'roses.example', ?, ?, 0, 0)",
                node.ids.next(),
                f"{ROSES}/{name}",
                ROSES,
                is_local,
                name,
                f"{ROSES}/{name}/inbox",
                f"{ROSES}/inbox",
            )
        for uri in uris:
            await tx.execute(
                "INSERT INTO held (object_uri, origin, first_at, last_at, state)"
                " VALUES (?, ?, 0, 0, 'handed_over')",
                uri,
                ROSES,
            )

    await node.db.write(work)


async def left(node: Node) -> list[str]:
    return [row["text"] for row in await node.db.rows("SELECT text FROM status ORDER BY id")]


async def test_each_class_has_its_time(node: Node, clock: FakeClock) -> None:
    ada, account = await person(node, "ada", "communication")
    made = {
        name: await statuses.create(node, ada, account, Draft(name))
        for name in ("talk", "secret", "known", "pinned", "official", "reported")
    }
    await mark(node, ada, "member", made["known"], "knowledge")
    await pins.pin(node, ada, made["pinned"])
    await mark(node, ada, "communication", made["official"], "official")
    await node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO report (id, actor_id, target_id, status_ids, created_at)"
            " VALUES (1, ?, ?, ?, 0)",
            ada["id"],
            ada["id"],
            f'["{made["reported"]["id"]}"]',
        )
    )
    await handed_over(node, [made["talk"]["uri"]])
    clock.advance(7 * MONTH_MS / 1000)
    young = await statuses.create(node, ada, account, Draft("young"))

    # Nothing was decided: nothing goes.
    assert await retention_once(node) == 0
    assert await would_go(node, "conversation", 6) == 2
    await kept(node, conversation=6)
    assert await retention_once(node) == 2
    assert await retention_once(node) == 0
    assert await left(node) == ["known", "pinned", "official", "reported", "young"]
    # Gone as its author would have taken it back: a tombstone, and a Delete to whoever has it.
    assert await node.db.value("SELECT 1 FROM tombstone WHERE uri = ?", made["talk"]["uri"])
    sent = await node.db.rows(
        "SELECT d.inbox_url FROM delivery d JOIN activity a ON a.id = d.activity_id"
        " WHERE a.type = 'Delete'"
    )
    assert [row["inbox_url"] for row in sent] == [f"{ROSES}/inbox"]
    # A report that is closed keeps nothing any more.
    await node.db.write(lambda tx: tx.execute("UPDATE report SET action_taken_at = 1"))
    assert await retention_once(node) == 1
    await kept(node, knowledge=6)
    assert await would_go(node, "knowledge", 6) == 2
    assert await retention_once(node) == 2
    assert await left(node) == ["official", "young"]
    # However long one waits.
    clock.advance(120 * MONTH_MS / 1000)
    assert await retention_once(node) == 1
    assert await left(node) == ["official"]
    assert young["id"]


async def test_it_goes_on_where_it_stopped(
    node: Node, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, account = await person(node, "ada")
    for number in range(5):
        await statuses.create(node, ada, account, Draft(f"{number}"))
    clock.advance(7 * MONTH_MS / 1000)
    await kept(node, conversation=6)
    monkeypatch.setattr(retention, "BATCH", 2)
    assert await retention_once(node) == 2
    assert await left(node) == ["2", "3", "4"]

    removed = statuses.remove
    calls: list[int] = []

    async def breaks(node: Node, tx: Transaction, status: Row) -> None:
        await removed(node, tx, status)
        calls.append(status["id"])
        if len(calls) == 2:
            raise RuntimeError

    monkeypatch.setattr(statuses, "remove", breaks)
    with pytest.raises(RuntimeError):
        await retention_once(node)
    # The one that was being taken back is still there whole, with nothing said of it.
    assert await left(node) == ["3", "4"]
    assert await node.db.value("SELECT COUNT(*) FROM activity WHERE type = 'Delete'") == 3
    assert await retention_once(node) == 2
    assert await left(node) == []


async def test_what_is_official_stays_until_another_gives_a_visa(
    node: Node, clock: FakeClock
) -> None:
    ada, account = await person(node, "ada", "administrator")
    pia, _ = await person(node, "pia", "protection")
    status = await statuses.create(node, ada, account, Draft("Fermeture en mai"))
    plain = await statuses.create(node, ada, account, Draft("rien"))
    await mark(node, ada, "administrator", status, "official")
    for act in (
        statuses.delete(node, ada, status),
        mark(node, ada, "administrator", status, "conversation"),
    ):
        with pytest.raises(Refused):
            await act

    async def visa(by: Row, about: Row, reason: str) -> None:
        await node.db.write(lambda tx: retention.give_visa(node, tx, by, about, reason))

    async def destroy(about: Row) -> None:
        await node.db.write(lambda tx: retention.destroy(node, tx, pia, about))

    for by, about, reason, error in (
        (ada, status, "parce que", Refused),
        (pia, status, "", Invalid),
        (pia, plain, "parce que", NotFound),
    ):
        with pytest.raises(error):
            await visa(by, about, reason)
    for about, error in ((status, Refused), (plain, NotFound)):
        with pytest.raises(error):
            await destroy(about)
    assert await left(node) == ["Fermeture en mai", "rien"]
    await visa(pia, status, "Versé aux archives")
    # A visa takes nothing away by itself.
    await kept(node, conversation=6, knowledge=6)
    clock.advance(600 * MONTH_MS / 1000)
    assert await retention_once(node) == 1
    assert await left(node) == ["Fermeture en mai"]
    await statuses.delete(node, ada, status)
    assert await left(node) == []
    lines = await newest(node.db, 10)
    assert ("official.visa", pia["uri"], status["uri"], "Versé aux archives") in [
        (line["action"], line["staff_uri"], line["target"], line["reason"]) for line in lines
    ]
    assert await verify_chain(node.db) is None


async def test_it_outlives_its_author_in_the_name_of_the_site(node: Node) -> None:
    ada, account = await person(node, "ada", "communication")
    pia, _ = await person(node, "pia", "protection")
    bob, bobs = await person(node, "bob")
    stays = await statuses.create(node, ada, account, Draft("Officiel"))
    freed = await statuses.create(node, ada, account, Draft("Avec visa"))
    await statuses.create(node, ada, account, Draft("bavardage"))
    answer = await statuses.create(node, bob, bobs, Draft("D’accord", in_reply_to_id=stays["id"]))
    for one in (stays, freed):
        await mark(node, ada, "communication", one, "official")
    await node.db.write(lambda tx: retention.give_visa(node, tx, pia, freed, "Versé"))
    await handed_over(node, [stays["uri"]])
    await node.db.write(lambda tx: delete_actor(node, tx, ada))
    assert await left(node) == ["Officiel", "D’accord"]
    row = await node.db.row("SELECT * FROM status WHERE id = ?", stays["id"])
    site = await node.db.row("SELECT * FROM actor WHERE uri = ?", node.uris.instance_actor)
    assert row is not None
    assert site is not None
    assert (row["actor_id"], site["statuses_count"]) == (site["id"], 1)
    assert "ada" not in str(dict(row))
    assert not await node.db.value("SELECT 1 FROM tombstone WHERE uri = ?", stays["uri"])
    again = await node.db.row("SELECT * FROM status WHERE id = ?", answer["id"])
    assert again is not None
    assert (again["in_reply_to_id"], again["in_reply_to_actor_id"]) == (stays["id"], site["id"])
    # The copy elsewhere bears her name, and goes.
    sent = await node.db.value("SELECT inbox_url FROM delivery WHERE activity_type = 'Delete'")
    assert sent == f"{ROSES}/inbox"
    # It is destroyed as any other, after its visa.
    with pytest.raises(Refused):
        await node.db.write(lambda tx: retention.destroy(node, tx, pia, row))
    await node.db.write(lambda tx: retention.give_visa(node, tx, pia, row, "Versé"))
    await node.db.write(lambda tx: retention.destroy(node, tx, pia, row))
    assert await left(node) == ["D’accord"]


async def test_who_may_class_what(node: Node) -> None:
    ada, account = await person(node, "ada")
    animator, _ = await person(node, "anim", "animator")
    post = await statuses.create(node, ada, account, Draft("conseil"))
    secret = await statuses.create(node, ada, account, Draft("@anim oui", visibility="direct"))
    await mark(node, animator, "animator", post, "knowledge")
    await mark(node, ada, "member", post, "knowledge")
    for actor, role, status, name, error in (
        (animator, "member", secret, "knowledge", Refused),
        (ada, "member", post, "official", Refused),
        (animator, "communication", post, "official", Refused),
        (ada, "communication", secret, "official", Invalid),
        (ada, "communication", {**dict(post), "is_local": False}, "knowledge", Invalid),
        (ada, "member", {**dict(post), "id": 1}, "knowledge", NotFound),
    ):
        with pytest.raises(error):
            await mark(node, actor, role, status, name)  # type: ignore[arg-type]
    await mark(node, animator, "animator", post, "conversation")
    assert await node.db.value("SELECT COUNT(*) FROM status_class") == 0


async def test_facts_are_kept_with_who_changed_them(node: Node) -> None:
    assert (await site_facts(node.db)).purpose == ""

    async def change(**facts: str) -> None:
        await node.db.write(lambda tx: set_facts(node, tx, "https://x.example/ada", facts))

    await change(purpose="Se parler", hours="")
    await change(purpose="Se parler")
    lines = await newest(node.db, 10)
    assert [line["action"] for line in lines] == ["site.purpose"]
    assert "Se parler" not in str([dict(line) for line in lines])
    assert await node.db.value("SELECT changed_by_uri FROM site_fact") == "https://x.example/ada"
    with pytest.raises(ValueError, match="other"):
        await change(other="x")
