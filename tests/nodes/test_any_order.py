"""Whatever order the network makes of them, activities end in their sender's state."""

from typing import Any

import orjson

from federation.vocabulary import ACTIVITY_TYPE, PUBLIC, Document
from tests.nodes.door import Action, reply
from tests.nodes.mesh import Mesh
from tests.nodes.oracle import delivered, settled
from tests.nodes.partner import Partner, StartPartner
from tests.nodes.people import Person, eventually
from tests.nodes.sites import Site

EARLY, LATE = "2026-11-02T09:00:00Z", "2026-11-03T09:00:00Z"


async def followed(partner: Partner, person: Person) -> None:
    """Let a person of a site follow zoe of the partner."""
    account = await person.ask(
        "GET", "/api/v2/search", q=partner.uri("zoe"), resolve="true", type="accounts"
    )
    account_id = account["accounts"][0]["id"]
    await person.ask("POST", f"/api/v1/accounts/{account_id}/follow")

    async def asked() -> Document | None:
        return next((a for a in partner.accepted if a["type"] == "Follow"), None)

    follow = await eventually(asked, "the Follow has come")
    accept = partner.activity("zoe", "Accept", follow)
    assert await partner.send(person.site, accept) == 202
    await settled(person.site)


async def tell(partner: Partner, site: Site, *activities: Document) -> None:
    """Send activities one after the other, each processed before the next is sent."""
    for activity in activities:
        assert await partner.send(site, activity) == 202
        await settled(site)


async def texts(person: Person) -> dict[str, str]:
    return {entry["uri"]: entry["content"] for entry in await person.home()}


def update(partner: Partner, note: Document, text: str, updated: str) -> Document:
    changed = {**note, "content": f"<p>{text}</p>", "updated": updated}
    return partner.activity("zoe", "Update", changed, to=note["to"], cc=note["cc"])


async def test_rel_024_the_newest_update_stands_whatever_comes_when(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, bob, site = await start_partner(), mesh.bob, mesh.roses
    await followed(partner, bob)
    first, second = partner.note("zoe", "un"), partner.note("zoe", "deux")
    # Before its Create.
    await tell(partner, site, update(partner, first, "un, changé", EARLY), partner.create(first))
    assert await texts(bob) == {first["id"]: "<p>un, changé</p>"}
    # An older one after a newer one.
    await tell(
        partner,
        site,
        partner.create(second),
        update(partner, second, "le dernier", LATE),
        update(partner, second, "l'avant-dernier", EARLY),
    )
    assert (await texts(bob))[second["id"]] == "<p>le dernier</p>"
    # And nothing that was deleted comes back by an Update.
    await tell(
        partner,
        site,
        partner.delete(second),
        update(partner, second, "revenu", "2026-11-04T09:00:00Z"),
    )
    assert list(await texts(bob)) == [first["id"]]


async def test_rel_025_what_is_deleted_is_never_seen_whatever_comes_when(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, bob, site = await start_partner(), mesh.bob, mesh.roses
    await followed(partner, bob)
    early, back = partner.note("zoe", "trop tard"), partner.note("zoe", "revenu")
    create_again = {**partner.create(early), "id": f"{partner.origin}/activities/again"}
    await tell(partner, site, partner.delete(early), partner.create(early), create_again)
    await tell(partner, site, partner.create(back), partner.delete(back), partner.create(back))
    witness = partner.note("zoe", "témoin")
    await tell(partner, site, partner.create(witness))
    assert list(await texts(bob)) == [witness["id"]]
    for note in (early, back):
        found = await bob.ask("GET", "/api/v2/search", q=note["id"], type="statuses")
        assert found["statuses"] == []


async def test_rel_025_a_delete_counts_only_from_the_objects_own_origin(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, other, bob = await start_partner(0), await start_partner(1), mesh.bob
    await followed(partner, bob)
    note = partner.note("zoe", "à moi")
    forged = other.activity("eve", "Delete", note["id"], to=[PUBLIC])
    await tell(partner, mesh.roses, partner.create(note))
    await other.send(mesh.roses, forged)
    neighbour = partner.activity("yves", "Delete", note["id"], to=[PUBLIC])
    await partner.send(mesh.roses, neighbour)
    await settled(mesh.roses)
    assert list(await texts(bob)) == [note["id"]]
    await tell(partner, mesh.roses, partner.delete(note))
    assert await texts(bob) == {}


async def test_rel_025_a_delete_of_somebody_unknown_is_taken_and_leaves_nothing(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, site = await start_partner(), mesh.roses
    tables = ("activity", "actor", "key", "seen", "tombstone", "arrival")

    async def rows() -> list[int]:
        return [await site.store.value(f"SELECT count(*) FROM {table}") for table in tables]

    before = await rows()
    gone = partner.activity("nobody", "Delete", partner.uri("nobody"), to=[PUBLIC])
    assert await partner.send(site, gone) == 202
    assert await rows() == before
    assert not [e for e in partner.door.exchanges if "nobody" in e.target], "nobody was asked"


async def test_rel_026_an_undo_before_what_it_undoes_converges(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, bob, site = await start_partner(), mesh.bob, mesh.roses
    status = await bob.post("À aimer", "public")
    follow = partner.activity("zoe", "Follow", bob.actor_uri)
    await tell(partner, site, partner.activity("zoe", "Undo", follow), follow)
    like = partner.activity("yves", "Like", status["uri"])
    kept = partner.activity("xavier", "Follow", bob.actor_uri)
    await tell(partner, site, kept, partner.activity("yves", "Undo", like), like)
    await delivered(site)
    followers = await site.store.rows(
        "SELECT f.uri FROM follow f JOIN actor a ON a.id = f.follower_id WHERE a.origin = ?",
        partner.origin,
    )
    assert [row["uri"] for row in followers] == [kept["id"]]
    shown = await bob.ask("GET", f"/api/v1/statuses/{status['id']}")
    assert shown["favourites_count"] == 0
    told = await bob.told_of()
    assert [kind for kind, uri in told if uri.startswith(partner.origin)] == ["follow"]
    assert not [kind for kind, _ in told if kind == "favourite"]


def serving(partner: Partner, documents: dict[str, Any]) -> Action:
    """Answer GETs of these addresses with documents, or with 503 where there is None."""
    usual = partner.door.act

    async def act(exchange: Any) -> None:
        uri = partner.origin + exchange.path
        if exchange.method == "GET" and uri in documents:
            body = documents[uri]
            found = reply(503) if body is None else json_reply(body)
            await exchange.answer(found)
        else:
            await usual(exchange)

    return act


def json_reply(document: Document) -> bytes:
    return reply(200, orjson.dumps(document), Content_Type=ACTIVITY_TYPE)


async def thread_of(person: Person, uri: str) -> tuple[list[str], list[str]]:
    """What stands above and below a status, as a person sees it."""
    found = await person.ask("GET", "/api/v2/search", q=uri, type="statuses")
    (status,) = found["statuses"]
    context = await person.ask("GET", f"/api/v1/statuses/{status['id']}/context")
    above, below = context["ancestors"], context["descendants"]
    return [status["uri"] for status in above], [status["uri"] for status in below]


async def test_rel_027_a_reply_before_its_parent_is_attached_when_the_parent_comes(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, bob = await start_partner(), mesh.bob
    await followed(partner, bob)
    parent = partner.note("zoe", "la question")
    answer = partner.note("zoe", "la réponse", inReplyTo=parent["id"])
    partner.door.act = serving(partner, {parent["id"]: None})
    await tell(partner, mesh.roses, partner.create(answer))
    assert await thread_of(bob, answer["id"]) == ([], []), "a reply does not wait"
    await tell(partner, mesh.roses, partner.create(parent))
    assert await thread_of(bob, parent["id"]) == ([], [answer["id"]])
    assert sorted(await texts(bob)) == sorted([parent["id"], answer["id"]])


async def test_rel_027_a_parent_that_cannot_be_had_for_an_hour_is_fetched_later(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, bob = await start_partner(), mesh.bob
    await followed(partner, bob)
    parent = partner.note("zoe", "la question")
    answer = partner.note("zoe", "la réponse", inReplyTo=parent["id"])
    documents: dict[str, Any] = {parent["id"]: None}
    partner.door.act = serving(partner, documents)
    await tell(partner, mesh.roses, partner.create(answer))
    assert await thread_of(bob, answer["id"]) == ([], [])
    documents[parent["id"]] = parent
    await mesh.roses.kill()
    mesh.set_clock(3_700_000)
    await mesh.roses.start()

    async def attached() -> bool:
        return await thread_of(bob, answer["id"]) == ([parent["id"]], [])

    await eventually(attached, "the thread is complete")
