"""From one real node to another: an edit, a pin, a delete, what was scheduled; and no further."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.nodes.mesh import Mesh
from tests.nodes.oracle import check_same, delivered, settled
from tests.nodes.people import Person, eventually

MINUTE_MS = 60_000
PATH = "/api/v1/statuses"


async def reads(reader: Person, status: dict[str, Any], words: str) -> dict[str, Any]:
    """Wait until a reader's own site shows these words; the status as she sees it."""

    async def shown() -> Any:
        found = [entry for entry in await reader.home() if entry["uri"] == status["uri"]]
        return found[0] if found and words in found[0]["content"] else None

    return await eventually(shown, f"{reader.name} reads {words}")


async def schedule(author: Person, text: str, **more: Any) -> dict[str, Any]:
    moment = datetime.now(UTC).timestamp() + 600
    text_at = datetime.fromtimestamp(moment, UTC).isoformat()
    return await author.ask("POST", PATH, status=text, scheduled_at=text_at, **more)


async def test_an_edit_reaches_its_readers_with_its_history(mesh: Mesh) -> None:
    alice, bob = mesh.alice, mesh.bob
    status = await alice.post("à midi")
    there = await reads(bob, status, "à midi")
    for words in ("à une heure", "à deux heures"):
        await alice.ask("PUT", f"{PATH}/{status['id']}", status=words)
    changed = await reads(bob, status, "à deux heures")
    assert (changed["id"], changed["visibility"]) == (there["id"], "private")
    assert changed["edited_at"] is not None
    history = await bob.ask("GET", f"{PATH}/{there['id']}/history")
    words = [entry["content"][3:-4] for entry in history]
    assert words == ["à midi", "à une heure", "à deux heures"]
    await check_same(alice, bob, mesh.brigitte, mesh.claire)


@pytest.mark.parametrize("visibility", ["direct", "private"])
async def test_the_edit_of_a_closed_circle_reaches_its_readers_and_no_other_site(
    mesh: Mesh, visibility: str
) -> None:
    """Claire's own followers are Alice and Bob; a message of Bob to her is for Valmont alone."""
    bob, claire = mesh.bob, mesh.claire
    status = await bob.post(f"@{claire.handle} entre nous", visibility)
    await reads_as_message(claire, status, "entre nous")
    before = {exchange.document["id"] for exchange in mesh.tilleuls.proxy.posts}
    await bob.ask(
        "PUT", f"{PATH}/{status['id']}", status=f"@{claire.handle} toujours", visibility="public"
    )
    await reads_as_message(claire, status, "toujours")
    await delivered(mesh.roses)
    new = [e for e in mesh.tilleuls.proxy.posts if e.document["id"] not in before]
    about = [e.type for e in new if e.document["object"]["id"] == status["uri"]]
    # Alice follows Bob: what is for his followers is for her, a message is not.
    assert about == (["Update"] if visibility == "private" else [])
    for person, seen in ((mesh.alice, visibility == "private"), (mesh.brigitte, False)):
        found = await person.ask("GET", "/api/v2/search", q=status["uri"], resolve="true")
        assert bool(found["statuses"]) is seen, person.name


async def test_an_edit_goes_no_more_to_whom_the_author_sent_away_and_the_delete_does(
    mesh: Mesh,
) -> None:
    """Bob and Claire follow Alice; Valmont is Claire's, and nobody else there follows her."""
    alice, bob, claire = mesh.alice, mesh.bob, mesh.claire
    status = await alice.post("à midi", "private")
    for reader in (bob, claire):
        await reads(reader, status, "à midi")
    path = f"/api/v1/accounts/{await alice.find(claire)}/remove_from_followers"
    await alice.ask("POST", path)
    await alice.ask("PUT", f"{PATH}/{status['id']}", status="à une heure")
    await reads(bob, status, "à une heure")
    await delivered(mesh.tilleuls)
    came = [
        exchange.type
        for exchange in mesh.valmont.proxy.posts
        if isinstance(exchange.document["object"], dict)
        and exchange.document["object"].get("id") == status["uri"]
    ]
    assert came == ["Create"]
    await alice.delete(status)

    async def gone() -> bool:
        return any(e.type == "Delete" and status["uri"] in str(e.document["object"])
                   for e in mesh.valmont.proxy.posts)  # fmt: skip

    await eventually(gone, "Valmont is told to forget it")


async def reads_as_message(reader: Person, status: dict[str, Any], words: str) -> None:
    async def told() -> Any:
        found = [entry.get("status") or {} for entry in await reader.notifications()]
        return [s for s in found if s.get("uri") == status["uri"] and words in s["content"]]

    await eventually(told, f"{reader.name} reads {words}")


async def test_a_new_name_in_an_edit_is_told_and_an_old_one_still_hears(mesh: Mesh) -> None:
    """Brigitte is followed by nobody: what she writes goes to whom she names."""
    brigitte, alice, claire = mesh.brigitte, mesh.alice, mesh.claire
    status = await brigitte.post(f"@{alice.handle} bonjour", "direct")
    await reads_as_message(alice, status, "bonjour")
    path = f"{PATH}/{status['id']}"
    await brigitte.ask("PUT", path, status=f"@{claire.handle} bonsoir")
    for reader in (alice, claire):
        await reads_as_message(reader, status, "bonsoir")
    await brigitte.delete(status)

    async def gone() -> bool:
        lists = [await reader.notifications() for reader in (alice, claire)]
        return not any(entry.get("status") for entries in lists for entry in entries)

    await eventually(gone, "it is gone everywhere")


async def test_a_pin_stands_on_the_profile_elsewhere_until_it_is_taken_off(mesh: Mesh) -> None:
    alice, bob = mesh.alice, mesh.bob
    status = await alice.post("à retenir")
    await reads(bob, status, "à retenir")
    account_id = await bob.find(alice)

    async def pinned() -> list[str]:
        path = f"/api/v1/accounts/{account_id}/statuses"
        return [entry["uri"] for entry in await bob.ask("GET", path, pinned="true")]

    async def is_there() -> bool:
        return await pinned() == [status["uri"]]

    async def is_gone() -> bool:
        return await pinned() == []

    await alice.ask("POST", f"{PATH}/{status['id']}/pin")
    await eventually(is_there, "Bob sees the pin")
    await alice.ask("POST", f"{PATH}/{status['id']}/unpin")
    await eventually(is_gone, "Bob sees it no more")


async def test_messages_are_one_conversation_on_both_sites(mesh: Mesh) -> None:
    alice, bob = mesh.alice, mesh.bob
    first = await alice.post(f"@{bob.handle} entre nous", "direct")

    async def conversation(person: Person, uri: str) -> Any:
        found = await person.ask("GET", "/api/v1/conversations")
        return [entry for entry in found if entry["last_status"]["uri"] == uri]

    (theirs,) = await eventually(lambda: conversation(bob, first["uri"]), "Bob has it")
    assert theirs["unread"] is True
    assert [account["uri"] for account in theirs["accounts"]] == [alice.actor_uri]
    answer = await bob.post(
        f"@{alice.handle} oui", "direct", in_reply_to_id=theirs["last_status"]["id"]
    )
    (mine,) = await eventually(lambda: conversation(alice, answer["uri"]), "Alice has the answer")
    assert mine["unread"] is True
    assert len(await alice.ask("GET", "/api/v1/conversations")) == 1
    assert await mesh.claire.ask("GET", "/api/v1/conversations") == []


async def test_what_was_scheduled_is_published_everywhere_once(mesh: Mesh) -> None:
    await schedule(mesh.alice, "plus tard", visibility="private")
    await settled(mesh.tilleuls)
    assert await mesh.alice.own() == []
    mesh.set_clock(11 * MINUTE_MS)

    async def published() -> bool:
        return len(await mesh.alice.own()) == 1

    await eventually(published, "it is published")
    assert len(await check_same(mesh.alice, mesh.bob, mesh.brigitte, mesh.claire)) == 1


@pytest.mark.parametrize(
    "moment", ["execute:INSERT INTO status", "commit:DELETE FROM scheduled_status",
               "committed:DELETE FROM scheduled_status"]
)  # fmt: skip
async def test_a_node_killed_while_it_publishes_what_was_scheduled_does_it_once(
    stopped_mesh: Mesh, moment: str
) -> None:
    mesh, tilleuls = stopped_mesh, stopped_mesh.tilleuls
    await mesh.start("roses", "valmont")
    await tilleuls.start(dies_at=moment)
    await schedule(mesh.alice, "une seule fois", visibility="private")
    mesh.set_clock(11 * MINUTE_MS)
    assert await tilleuls.ended() == -9
    waiting = await tilleuls.store.value("SELECT count(*) FROM scheduled_status")
    stored = await tilleuls.store.value("SELECT count(*) FROM status")
    assert (waiting, stored) == ((0, 1) if moment.startswith("committed") else (1, 0))
    await tilleuls.start()
    assert len(await check_same_and_one(mesh)) == 1
    assert await tilleuls.store.value("SELECT count(*) FROM scheduled_status") == 0


async def check_same_and_one(mesh: Mesh) -> list[str]:
    async def published() -> bool:
        return bool(await mesh.alice.own())

    await eventually(published, "it is published after all")
    return await check_same(mesh.alice, mesh.bob, mesh.brigitte, mesh.claire)
