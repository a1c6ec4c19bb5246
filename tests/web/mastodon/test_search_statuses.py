"""Statuses are found by words, by whoever may see them and unless their author opted out."""

from typing import Any

import pytest

from actors.documents import read_actor
from actors.remote import upsert_actor
from federation.database import Transaction
from federation.vocabulary import PUBLIC, Document
from federation.webfinger import Handle
from outbox.received import upsert_remote
from outbox.search_index import index_backlog_once
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.test_edits import upload
from tests.web.mastodon.test_timelines import publish


async def ids(client: Client, q: str, **more: Any) -> list[str]:
    reply = await client.get("/api/v2/search", q=q, type="statuses", **more)
    assert reply.status == 200, reply.text
    assert reply.json["accounts"] == reply.json["hashtags"] == []
    return [one["id"] for one in reply.json["statuses"]]


async def test_words_are_found_without_accents_and_by_their_stem(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    met = await publish(ada, "Les réunions des équipes de nuit sont déplacées")
    warned = await publish(ada, "x", spoiler_text="Élections du conseil")
    for q in ("réunion", "REUNION", "reunions equipe", "l'équipe", '"equipes de nuit"'):
        assert await ids(bob, q) == [met], q
    for q in ("élection", "elections", '"elections du conseil"'):
        assert await ids(bob, q) == [warned], q
    for q in ("réunionnais dimanche", '"nuit de equipes"', "jour", "de la", "-réunion", "%", "*"):
        assert await ids(bob, q) == [], q
    assert await ids(bob, "équipe -nuit") == []
    assert await ids(bob, "équipe -dimanche") == [met]
    assert await ids(bob, 'équipe -"de nuit"') == []
    for q in ('"', "a AND", "NEAR(a b)", "(", "words:x", "^x", "' OR 1=1 --", "\\", "é" * 900):
        assert (await bob.get("/api/v2/search", q=q)).status == 200, q


async def test_only_what_one_may_see_is_found(site: Site) -> None:
    ada, bob, eve = [await site.person(name) for name in ("ada", "bob", "eve")]
    await site.follow(bob, "ada")
    sent = {
        kind: await publish(ada, "transmission", visibility=kind)
        for kind in ("public", "local", "unlisted", "private")
    }
    direct = await publish(ada, "transmission @bob", visibility="direct")
    assert await ids(eve, "transmission") == [sent[k] for k in ("unlisted", "local", "public")]
    assert await ids(bob, "transmission") == [direct, *list(sent.values())[::-1]]
    await ada.post(f"/api/v1/accounts/{site.id_of('eve')}/block")
    assert await ids(eve, "transmission") == []
    await bob.post(f"/api/v1/accounts/{site.id_of('ada')}/mute")
    assert await ids(bob, "transmission") == []


async def test_who_opted_out_is_found_only_by_whom_it_concerns(site: Site) -> None:
    ada, bob, eve = [await site.person(name) for name in ("ada", "bob", "eve")]
    await ada.ask("PATCH", "/api/v1/accounts/update_credentials", form={"indexable": "false"})
    plain = await publish(ada, "planning")
    named = await publish(ada, "planning de @bob")
    assert await ids(eve, "planning") == []
    assert await ids(bob, "planning") == [named]
    assert await ids(ada, "planning") == [named, plain]
    for deed in ("favourite", "bookmark", "reblog"):
        await eve.post(f"/api/v1/statuses/{plain}/{deed}")
        assert await ids(eve, "planning") == [plain], deed
        await eve.post(f"/api/v1/statuses/{plain}/un{deed}")
        assert await ids(eve, "planning") == [], deed


async def test_operators_narrow_what_is_found(site: Site, clock: FakeClock) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    day = "2026-09-21"
    first = await publish(ada, "note https://exemple.fr/a", language="fr")
    answer = await publish(bob, "note", in_reply_to_id=first, language="en")
    clock.advance(86_400)
    hidden = await publish(ada, "note", sensitive=True, visibility="local")
    polled = await publish(bob, "note", poll={"options": ["Oui", "Non merci"], "expires_in": 3_600})
    for q, found in (
        ("note", [polled, hidden, answer, first]), ("note from:me", [polled, answer]),
        ("note from:ada", [hidden, first]), (f"note from:@ada@{site.node.host}", [hidden, first]),
        ("from:ada", [hidden, first]), ("note -from:ada", [polled, answer]),
        ("note from:nobody", []), ("note -from:nobody", [polled, hidden, answer, first]),
        ("note has:link", [first]), ("note -has:link", [polled, hidden, answer]),
        ("has:poll", [polled]), ("merci", [polled]), ("note has:media", []),
        ("note is:reply", [answer]), ("note is:sensitive", [hidden]), ("note has:embed", []),
        ("note in:public", [polled, answer, first]), ("in:library", [polled, answer]),
        ("note language:fr", [first]), ("note -language:fr", [polled, hidden, answer]),
        (f"note during:{day}", [answer, first]), (f"note after:{day}", [polled, hidden]),
        (f"note before:{day}", []), (f"note -after:{day}", [answer, first]),
    ):  # fmt: skip
        assert await ids(bob, q) == found, q
    await bob.post(f"/api/v1/statuses/{first}/bookmark")
    assert await ids(bob, "note in:library") == [polled, answer, first]
    assert await ids(bob, "note", account_id=site.id_of("ada")) == [hidden, first]


async def test_choices_and_what_is_said_of_media_are_found(site: Site) -> None:
    ada = await site.person("ada")
    here = await publish(ada, "un", media_ids=[await upload(site, "ada")])
    assert await ids(ada, "jardin") == [here]
    origin, to = "https://roses.example", [PUBLIC, site.people["ada"]["uri"]]
    fields = read_actor(
        {
            "id": f"{origin}/users/paul",
            "type": "Person",
            "preferredUsername": "paul",
            "inbox": f"{origin}/users/paul/inbox",
        }
    )
    document: Document = {"attributedTo": fields.uri, "content": "deux", "to": to}
    pictured = document | {
        "id": f"{origin}/notes/1",
        "type": "Note",
        "attachment": [
            {
                "type": "Document",
                "mediaType": "image/png",
                "url": f"{origin}/1.png",
                "name": "Le potager",
            }
        ],
    }
    asked = document | {
        "id": f"{origin}/notes/2",
        "type": "Question",
        "oneOf": [{"type": "Note", "name": name} for name in ("Verger", "Serre")],
    }

    async def come(tx: Transaction) -> list[str]:
        paul = await upsert_actor(site.node, tx, fields, handle=Handle("paul", "roses.example"))
        came = [await upsert_remote(site.node, tx, one, paul) for one in (pictured, asked)]
        return [str(status["id"]) for status, _ in came]

    with_picture, with_choices = await site.node.db.write(come)
    assert await ids(ada, "potager") == [with_picture]
    assert await ids(ada, "verger") == [with_choices]


async def test_what_is_found_is_paged(site: Site) -> None:
    ada = await site.person("ada")
    made = [await publish(ada, f"garde {number}") for number in range(6)][::-1]
    assert await ids(ada, "garde", limit=2) == made[:2]
    assert await ids(ada, "garde", limit=2, offset=2) == made[2:4]
    assert await ids(ada, "garde", limit=2, max_id=made[1]) == made[2:4]
    assert await ids(ada, "garde", limit=2, min_id=made[4]) == made[2:4]
    assert await ids(ada, "garde 3") == [made[2]]
    for wrong in ({"limit": -1}, {"offset": "x"}, {"min_id": "x"}, {"account_id": "x"},
                  {"exclude_unreviewed": "x"}):  # fmt: skip
        assert (await ada.get("/api/v2/search", q="garde", **wrong)).status == 422


async def test_the_index_follows_edits_and_deletion(site: Site) -> None:
    ada = await site.person("ada")
    made = await publish(ada, "brouillon")
    await ada.ask("PUT", f"/api/v1/statuses/{made}", json={"status": "definitif"})
    assert (await ids(ada, "brouillon"), await ids(ada, "définitif")) == ([], [made])
    assert await site.node.db.value("SELECT COUNT(*) FROM status_words") == 1
    await ada.ask("DELETE", f"/api/v1/statuses/{made}")
    assert await site.node.db.value("SELECT COUNT(*) FROM status_words") == 0


async def test_what_an_earlier_release_stored_is_taken_in(site: Site) -> None:
    ada = await site.person("ada", display_name="Éléonore")
    made = await publish(ada, "archive")

    async def work(tx: Transaction) -> None:
        await tx.execute("DELETE FROM status_words")
        await tx.execute("INSERT INTO search_backlog (status_id) SELECT id FROM status")
        await tx.execute("UPDATE actor SET search_words = ''")

    await site.node.db.write(work)
    assert await ids(ada, "archive") == []
    assert await index_backlog_once(site.node) > 0
    assert await index_backlog_once(site.node) == 0
    assert await ids(ada, "archive") == [made]
    found = (await ada.get("/api/v1/accounts/search", q="eleon")).json
    assert [one["username"] for one in found] == ["ada"]


@pytest.mark.parametrize("q", ["noel", "Noël", "luc noe", "jean-l", "jean", "jl.m"])
async def test_people_are_found_by_any_word_of_their_names(site: Site, q: str) -> None:
    ada = await site.person("ada")
    await site.person("jl.martin", display_name="Jean-Luc Noël")
    await site.person("oel", display_name="Cannoel")
    found = (await ada.get("/api/v1/accounts/search", q=q)).json
    assert [one["username"] for one in found] == ["jl.martin"]
    narrowed = await ada.get("/api/v1/accounts/search", q=q, following="true")
    assert narrowed.json == []
    await ada.post(f"/api/v1/accounts/{site.id_of('jl.martin')}/block")
    assert (await ada.get("/api/v1/accounts/search", q=q)).json == []


async def test_a_search_goes_on_behind_what_its_reader_may_not_see(site: Site) -> None:
    ada, eve = await site.person("ada"), await site.person("eve")
    seen = await publish(ada, "ronde")
    shown = [await publish(ada, "ronde", visibility="private") for _ in range(60)][::-1]
    later = await publish(ada, "ronde")
    assert await ids(eve, "ronde") == [later, seen]
    assert await ids(eve, "ronde -matin") == [later, seen]
    assert await ids(eve, "ronde", min_id=seen) == [later]
    assert await ids(eve, "ronde from:ada", limit=1, offset=1) == [seen]
    assert await ids(ada, "ronde", limit=40, offset=20) == shown[19:59]
