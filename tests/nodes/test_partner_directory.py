"""Proves who is told of whom: what people chose, where an agreement says so, while it does."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from actors import directory as choices
from actors.local import create_account
from actors.profiles import update_profile
from federation.database import Row, Transaction
from federation.errors import NotFound
from federation.message_signatures import sign_message
from inbox import partner_directory
from inbox.directory import search
from inbox.partner_directory import PATH, own_list, sync_once
from inbox.partnership_acts import end, narrow, pause
from tests.conftest import Start
from tests.nodes.partners import BY, FREELY, becomes, paired
from tests.nodes.test_partners_in_force import person
from tests.serving import Running, eventually

SYNC = replace(FREELY, directory="sync")
Sites = tuple[Running, Running]


@pytest.fixture
async def sites(start_node: Start, no_greetings: None) -> Sites:
    return await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")


async def choose(at: Running, who: Row, reach: str, *shared: str) -> None:
    row = await at.node.db.row("SELECT * FROM actor WHERE id = ?", who["id"])
    assert row is not None
    await at.node.db.write(lambda tx: choices.choose(at.node, tx, row, reach, shared))


async def found(at: Running, query: str = "", scope: str = "all") -> list[str]:
    return [entry.name for entry in await search(at.node.db, 0, query, scope, 80, 0)]


async def somebody(at: Running, name: str, **profile: Any) -> Row:
    made = await create_account(
        at.node, username=name, password="une phrase assez longue", display_name=name.title()
    )
    if profile:
        return await update_profile(at.node, made, profile)  # pyright: ignore[reportArgumentType]
    return made


async def test_people_who_said_so_are_found_at_the_partner(sites: Sites) -> None:
    one, other = sites
    await paired(one, other, SYNC)
    fields = [
        {"name": "Fonction", "value": "Infirmière coordinatrice"},
        {"name": "Téléphone", "value": "01 02 03 04 05"},
    ]
    alice = await somebody(one, "alice", fields=fields)
    bea = await somebody(one, "bea")
    carla = await somebody(one, "carla", discoverable=False)
    dora = await somebody(one, "dora")
    await choose(one, alice, "partners", "Fonction")
    await choose(one, bea, "site")
    await choose(one, carla, "partners")
    await choose(one, dora, "organisation")
    assert await sync_once(other.node) == 1
    (entry,) = await search(other.node.db, 0, "", "partners", 80, 0)
    assert (entry.name, entry.site) == ("Alice", "Les Tilleuls")
    assert entry.handle == f"alice@{one.origin.partition('://')[2]}"
    assert list(entry.fields) == [{"name": "Fonction", "value": "Infirmière coordinatrice"}]
    # By what she shares, folded; never by what she keeps.
    assert await found(other, "infirmiere") == ["Alice"]
    assert await found(other, "01") == []
    assert await found(other, "bea") == []
    # At home she is found as she chose.
    assert await found(one) == ["Alice", "Bea", "Dora"]
    await choose(one, bea, "nobody")
    assert await found(one, scope="site") == ["Alice", "Dora"]
    listed = await own_list(one.node, other.origin)
    said = orjson.dumps(listed | {"proof": None}).decode()
    for never in ("followers", "following", "statuses", "last", "created", "@example"):
        assert never not in said
    # Not due: nothing is asked again before tomorrow.
    assert await sync_once(other.node) == 0


async def test_a_change_is_told_and_an_opt_out_forgets(sites: Sites) -> None:
    one, other = sites
    await paired(one, other, SYNC)
    alice = await somebody(one, "alice")
    await choose(one, alice, "partners")
    await sync_once(one.node)
    await sync_once(other.node)
    assert await found(other) == ["Alice"]
    one.node.delivery_wake.set()

    async def arrives(names: list[str]) -> None:
        await sync_once(one.node)

        async def shown() -> bool:
            await sync_once(other.node)
            return await found(other) == names

        await eventually(shown)

    await update_profile(one.node, alice, {"display_name": "Alice Martin"})
    await arrives(["Alice Martin"])
    await choose(one, alice, "site")
    await arrives([])


@pytest.mark.parametrize("granted", ["sync", "none"])
async def test_none_tells_nothing(sites: Sites, granted: str) -> None:
    one, other = sites
    await paired(one, other, replace(FREELY, directory=granted))
    alice = await somebody(one, "alice")
    await choose(one, alice, "partners")
    path = PATH
    key = await other.node.keyring.instance_ed25519()
    headers = sign_message(key, "GET", one.origin + path, None, one.node.clock())
    async with one.http.get(one.origin + path, headers=headers) as answer:
        assert answer.status == (200 if granted == "sync" else 404)
    assert await sync_once(other.node) == (granted == "sync")
    assert await found(other) == (["Alice"] if granted == "sync" else [])
    # Nobody else is told, whoever asks.
    async with one.http.get(one.origin + path) as answer:
        assert answer.status == 401


async def test_a_receiver_that_was_granted_nothing_keeps_nothing(sites: Sites) -> None:
    """The receiving side by itself: what is there without a grant is forgotten, and not shown."""
    one, other = sites
    await paired(one, other, replace(FREELY, directory="none"))

    async def left_over(tx: Transaction) -> None:
        await tx.execute("INSERT INTO directory_source (origin, due_at) VALUES (?, 0)", one.origin)
        await tx.execute(
            "INSERT INTO directory_entry (uri, origin, handle, name, fields, words)"
            " VALUES (?, ?, 'x@y', 'Xavier', '[]', ' xavier')",
            f"{one.origin}/users/1",
            one.origin,
        )

    await other.node.db.write(left_over)
    assert await sync_once(other.node) == 0
    assert await found(other) == []
    assert await other.node.db.value("SELECT count(*) FROM directory_entry") == 0


@pytest.mark.parametrize("act", ["end", "narrow", "pause"])
async def test_what_was_told_goes_with_the_agreement(sites: Sites, act: str) -> None:
    one, other = sites
    await paired(one, other, SYNC)
    alice = await person(one, "alice")
    await choose(one, alice, "partners")
    await sync_once(other.node)
    assert await found(other) == ["alice"]
    if act == "end":
        await end(one.node, other.origin, BY)
        await becomes(other, one, "ended")
    elif act == "narrow":
        await narrow(one.node, other.origin, FREELY, BY)
    else:
        # Known people stay, as everything does in a pause; nothing new is told.
        await pause(one.node, other.origin, BY)
        with pytest.raises(NotFound):
            await own_list(one.node, other.origin)
        assert await found(other) == ["alice"]
        return

    async def gone() -> bool:
        return await found(other) == []

    await eventually(gone)
    assert await other.node.db.value("SELECT count(*) FROM directory_entry") == 0


WRONG: dict[str, dict[str, Any]] = {
    "somebody of another site": {"id": "http://127.0.0.9:1/users/1"},
    "a handle of another site": {"handle": "alice@ailleurs.example"},
    "no id": {"id": None},
    "no handle": {"handle": 7},
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_list_that_says_too_much_is_refused_whole(
    sites: Sites, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    one, other = sites
    await paired(one, other, SYNC)
    alice = await person(one, "alice")
    await choose(one, alice, "partners")
    await sync_once(other.node)
    plain = partner_directory.told_of

    async def told_of(reader: Any, *, inside: bool) -> Any:
        return [person | WRONG[name] for person in await plain(reader, inside=inside)]

    monkeypatch.setattr(partner_directory, "told_of", told_of)
    await other.node.db.write(lambda tx: tx.execute("UPDATE directory_source SET due_at = 0"))
    assert await sync_once(other.node) == 0
    row = await other.node.db.row(
        "SELECT last_error FROM directory_source WHERE origin = ?", one.origin
    )
    assert row is not None
    assert row["last_error"] in {"directory.malformed", "uri.malformed"}
    # What was known before stays until a good list comes.
    assert await found(other) == ["alice"]


async def test_a_list_for_somebody_else_or_by_another_key_is_refused(
    sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = sites
    await paired(one, other, SYNC)
    alice = await person(one, "alice")
    await choose(one, alice, "partners")
    plain = partner_directory.make_proof

    def unproved(document: Any, key: Any, at: str) -> Any:
        return plain(document | {"people": []}, key, at)

    monkeypatch.setattr(partner_directory, "make_proof", unproved)
    assert await sync_once(other.node) == 0
    error = "SELECT last_error FROM directory_source WHERE origin = ?"
    assert await other.node.db.value(error, one.origin) == "proof.wrong"

    def for_another(document: Any, key: Any, at: str) -> Any:
        document["to"] = "http://127.0.0.9:1/actor"
        return plain(document, key, at)

    monkeypatch.setattr(partner_directory, "make_proof", for_another)
    await other.node.db.write(lambda tx: tx.execute("UPDATE directory_source SET due_at = 0"))
    assert await sync_once(other.node) == 0
    assert await other.node.db.value(error, one.origin) == "directory.malformed"
    assert await found(other) == []
