"""Proves how the past that is fetched stands among what one reads: at its date, without a sound."""

from actors.remote import ensure_actor
from federation.fetch import FetchBudget
from federation.html import plain_text
from inbox.quote_checks import check_quotes_once
from outbox import interactions, relations
from outbox.drafts import PollDraft
from outbox.edits import Revision, edit
from tests.conftest import Start
from tests.nodes.partners import FREELY, paired
from tests.nodes.test_backfill import is_done, made_older, texts, write
from tests.nodes.test_partners_in_force import follow, has, person
from tests.serving import eventually
from tests.web.mastodon.streaming_clients import reader


async def test_the_past_stands_at_its_date_and_comes_in_no_stream(start_node: Start) -> None:
    """What is said after it does, to the same person by the same socket."""
    one, other = await start_node(), await start_node()
    await paired(one, other, FREELY)
    alice, bruno = await person(one, "alice"), await reader(other, "bruno")
    first = await write(one, alice, "Il y a deux jours @bruno", "private")
    await made_older(one, first, 2)
    second = await write(one, alice, "Hier", "private")
    await made_older(one, second, 1)
    handle = f"@bruno@{other.origin.partition('://')[2]}"
    # One of what she quotes is there already, the other comes after what quotes it.
    here = await write(one, alice, f"Pour {handle}")
    await eventually(lambda: has(other, here))
    quoted = await write(one, alice, "Bonjour")
    for status in (here, quoted):
        await write(one, alice, "Je cite", quoted_status_id=status["id"])
    await write(one, alice, "Un sondage", poll=PollDraft(("oui", "non"), 600))
    await interactions.reblog(one.node, alice, here)
    told: list[str] = []
    other.node.events.listen(lambda event: told.append(event.kind))
    async with bruno.socket("user") as socket, bruno.socket("public") as everywhere:
        await follow(other, bruno.actor, alice)
        await eventually(lambda: is_done(other))
        await check_quotes_once(other.node)
        states = await other.node.db.rows("SELECT quote_state FROM status WHERE quote_uri <> ''")
        assert [row["quote_state"] for row in states] == ["accepted", "accepted"]
        assert await socket.silent()
        assert await everywhere.silent()
        assert told == []
        home = await bruno.ask("GET", "v1/timelines/home")
        words = [plain_text((entry["reblog"] or entry)["content"]) for entry in home]
        assert words[-2:] == ["Hier", "Il y a deux jours @bruno"]
        assert sorted(text.rpartition("\n")[2] for text in words[:-2]) == [
            *("Bonjour", "Je cite", "Je cite", "Pour @bruno", "Pour @bruno", "Un sondage")
        ]
        await write(one, alice, "Et maintenant")
        _, event, payload = await socket.event()
    assert (event, plain_text(payload["content"])) == ("update", "Et maintenant")
    assert [entry["type"] for entry in await bruno.ask("GET", "v1/notifications")] == ["mention"]


async def test_who_follows_again_reads_what_was_edited_meanwhile(start_node: Start) -> None:
    one, other = await start_node(), await start_node()
    await paired(one, other, FREELY)
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    status = await write(one, alice, "À midi", "private")
    await eventually(lambda: has(other, status))
    await eventually(lambda: is_done(other))
    there = await ensure_actor(other.node, alice["uri"], budget=FetchBudget())
    await relations.unfollow(other.node, bruno, there)

    async def left() -> bool:
        return await one.node.db.value("SELECT COUNT(*) FROM follow") == 0

    await eventually(left)
    await edit(one.node, alice, status, Revision("À une heure"))
    assert await texts(other) == {"À midi"}
    await other.node.db.write(lambda tx: tx.execute("UPDATE backfill SET done_at = 1"))
    await follow(other, bruno, alice)

    async def reads() -> bool:
        return await texts(other) == {"À une heure"}

    await eventually(reads)
    assert list(await other.node.db.rows("SELECT type FROM notification")) == []
