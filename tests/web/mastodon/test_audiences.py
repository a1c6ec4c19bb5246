"""Audiences as people choose them through any client, and as they are told before and after."""

from dataclasses import replace
from typing import Any

import pytest

from federation.database import Transaction
from federation.node import Node
from federation.options import PostingOptions
from federation.peers import allow
from outbox.scheduled import publish_due
from tests.agreements import agree
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site, unlimited
from tests.web.mastodon.described import check
from web.app import build_app

ROSES = "https://roses.example"
VALMONT = "https://valmont.example"
POST = "/api/v1/statuses"
OURS = "/api/maillage/v1"


def as_shipped(node: Node, **posting: Any) -> Site:
    """A site of `node` whose administrator chose no more than `posting` says."""
    options = replace(node.options, posting=PostingOptions(**posting))
    node = replace(unlimited(node), options=options)
    return Site(node, build_app(node))


@pytest.fixture
async def home(node: Node) -> Site:
    """A closed site as it ships: Roses is of its organisation, Valmont a partner."""
    site = as_shipped(node)

    async def work(tx: Transaction) -> None:
        await agree(tx, ROSES, kind="site", name="Les Roses")
        await agree(tx, VALMONT, name="Valmont")
        for origin in (ROSES, VALMONT):
            await allow(tx, origin, 1)

    await node.db.write(work)
    return site


async def post(client: Client, **fields: Any) -> Reply:
    """Publish a status."""
    return await client.post(POST, fields)


async def kind_of(client: Client, **fields: Any) -> tuple[str, str]:
    """(kind of audience, what a client is told) of something posted."""
    reply = await post(client, status="bonjour", **fields)
    assert reply.status == 200, reply.text
    return reply.json["audience"]["kind"], reply.json["visibility"]


@pytest.mark.parametrize(
    ("fields", "kind", "shown"),
    [
        ({}, "site", "private"),
        ({"visibility": "public"}, "organisation", "private"),
        ({"visibility": "unlisted"}, "organisation", "private"),
        ({"visibility": "private"}, "followers", "private"),
        ({"visibility": "direct"}, "named", "direct"),
        ({"visibility": "local"}, "site", "private"),
        ({"local_only": True, "visibility": "public"}, "site", "private"),
        ({"audience": "partners", "visibility": "public"}, "partners", "private"),
        ({"audience": "organisation"}, "organisation", "private"),
        ({"audience": f"partners:{VALMONT}"}, "named_partners", "private"),
        ({"audience": "named_partners", "partners": [VALMONT]}, "named_partners", "private"),
    ],
)
async def test_on_a_closed_node_each_word_means_what_the_site_lets_it_mean(
    home: Site, fields: dict[str, Any], kind: str, shown: str
) -> None:
    ada = await home.person("ada")
    assert await kind_of(ada, **fields) == (kind, shown)


@pytest.mark.parametrize(
    ("widest", "kind"),
    [("site", "site"), ("organisation", "organisation"), ("partners", "partners"),
     ("public", "public")],
)  # fmt: skip
async def test_the_site_says_what_public_means(node: Node, widest: Any, kind: str) -> None:
    ada = await as_shipped(node, widest_by_app=widest).person("ada")
    assert (await kind_of(ada, visibility="public"))[0] == kind


async def test_on_an_open_node_public_is_public(open_federation_node: Node) -> None:
    ada = await as_shipped(open_federation_node).person("ada")
    assert await kind_of(ada, visibility="public") == ("public", "public")
    assert await kind_of(ada, audience="unlisted") == ("unlisted", "unlisted")
    assert await kind_of(ada) == ("site", "private")


async def test_a_person_has_a_default_of_her_own(home: Site) -> None:
    ada = await home.person("ada")
    path = "/api/v1/accounts/update_credentials"
    for changes, kind, shown in (
        ({"audience": "partners"}, "partners", "private"),
        ({"audience": "organisation"}, "organisation", "public"),
        ({"privacy": "private"}, "followers", "private"),
        ({"privacy": "direct"}, "named", "direct"),
    ):
        reply = await ada.ask("PATCH", path, json={"source": changes})
        assert reply.json["source"]["privacy"] == shown
        assert reply.json["source"]["audience"] == kind
        preferences = (await ada.get("/api/v1/preferences")).json
        assert preferences["posting:default:visibility"] == shown
        assert (await kind_of(ada))[0] == kind
    assert (await ada.ask("PATCH", path, json={"source": {"audience": "community"}})).status == 422


@pytest.mark.parametrize(
    "audience",
    ["community", "public", "everybody", "partners:", "partners:https://ailleurs.example",
     f"partners:{VALMONT},https://ailleurs.example", "named_partners", "0", "999", "x" * 30_000],
)  # fmt: skip
async def test_what_cannot_be_chosen_is_named_and_nothing_stored(home: Site, audience: str) -> None:
    ada = await home.person("ada")
    reply = await post(ada, status="bonjour", audience=audience)
    assert reply.status == 422, reply.text
    assert "audience" in (reply.json.get("details") or {"audience": 1})
    assert await home.node.db.value("SELECT count(*) FROM status") == 0


async def test_an_audience_is_chosen_again_by_its_id_by_its_author_alone(home: Site) -> None:
    ada, bob = await home.person("ada"), await home.person("bob")
    first = (await post(ada, status="un", audience=f"partners:{VALMONT}")).json
    again = (await post(ada, status="deux", audience=first["audience"]["id"])).json
    assert again["audience"]["kind"] == "named_partners"
    assert again["audience"]["id"] != first["audience"]["id"], "each conversation has its own"
    reply = await post(bob, status="trois", audience=first["audience"]["id"])
    assert reply.status == 422


async def test_an_answer_by_any_client_stays_in_the_conversation(home: Site) -> None:
    ada, bob = await home.person("ada"), await home.person("bob")
    first = (await post(ada, status="un", audience="partners")).json
    for fields, kind in (
        ({}, "partners"),
        ({"visibility": "public"}, "partners"),
        ({"visibility": "private"}, "partners"),
        ({"audience": "organisation"}, "organisation"),
        ({"visibility": "local"}, "site"),
        ({"visibility": "direct"}, "named"),
    ):
        assert (await kind_of(bob, in_reply_to_id=first["id"], **fields))[0] == kind


async def test_guests_are_no_members(home: Site) -> None:
    ada, gus = await home.person("ada"), await home.person("gus", is_guest=True)
    for audience in ("site", "organisation", "partners"):
        status = (await post(ada, status="un", audience=audience)).json
        path = f"{POST}/{status['id']}"
        assert (await gus.get(path)).status == 404
        for act in ("favourite", "reblog", "bookmark"):
            assert (await gus.post(f"{path}/{act}")).status == 404
        assert (await post(gus, status="ah", in_reply_to_id=status["id"])).status == 404
    choices = (await gus.get(f"{OURS}/audiences")).json["audiences"]
    assert {choice["id"] for choice in choices} == {"named", "followers"}


async def test_what_can_be_chosen_is_listed_in_words(home: Site) -> None:
    ada = await home.person("ada")
    found = (await ada.get(f"{OURS}/audiences")).json
    check("GET", f"{OURS}/audiences", found)
    assert found["default"] == "site"
    choices = {choice["id"]: choice for choice in found["audiences"]}
    assert list(choices) == [
        *("named", "followers", "site", "organisation", f"partners:{VALMONT}", "partners")
    ]
    assert choices["organisation"]["words"] == "Mon organisation"
    assert choices["organisation"]["sites"] == [
        {"origin": ROSES, "name": "Les Roses", "is_own_organisation": True}
    ]
    assert choices["partners"]["sites_count"] == 2
    for choice in choices:
        assert (await post(ada, status="un", audience=choice)).status == 200
    assert (await home.client().get(f"{OURS}/audiences")).status == 401


async def follower_at(site: Site, name: str, origin: str, software: str | None) -> None:
    """Somebody of a plain peer follows one of ours."""
    node, uri = site.node, f"{origin}/users/1"

    async def work(tx: Transaction) -> None:
        await allow(tx, origin, 1)
        await tx.execute(
            "UPDATE peer SET software = CAST(? AS TEXT) WHERE origin = ?", software, origin
        )
        actor_id = node.ids.next()
        await tx.execute(
            "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host, inbox_url,"
            " created_at, updated_at) VALUES (?, ?, 'Person', ?, ?, 'fan', ?, ?, 1, 1)",
            actor_id,
            uri,
            origin,
            False,
            origin,
            f"{uri}/inbox",
        )
        await tx.execute(
            "INSERT INTO follow (id, follower_id, target_id, uri, state, created_at)"
            " VALUES (?, ?, ?, ?, 'accepted', 1)",
            node.ids.next(),
            actor_id,
            int(site.id_of(name)),
            f"{uri}/follow",
        )

    await node.db.write(work)


async def test_who_will_read_is_told_before_and_who_cannot_be_reached(home: Site) -> None:
    ada, bob = await home.person("ada"), await home.person("bob")
    await home.person("gus", is_guest=True)
    await follower_at(home, "ada", "https://mastodon.example", "mastodon")
    await follower_at(home, "ada", "https://photos.example", "pixelfed")
    path = f"{OURS}/audiences/{{}}/readers"
    found = (await ada.get(path.format("partners"))).json
    assert (found["people_here"], found["sites_count"]) == (2, 2)
    assert [site["name"] for site in found["sites"]] == ["Les Roses", "Valmont"]
    assert [left["origin"] for left in found["left_out"]] == [
        "https://mastodon.example",
        "https://photos.example",
    ]
    found = (await ada.get(path.format("followers"))).json
    check("GET", f"{OURS}/audiences/{{kind}}/readers", found)
    assert found["followers_elsewhere"] == 1
    assert [left["software"] for left in found["left_out"]] == ["pixelfed"]
    assert "photos.example" in found["left_out"][0]["words"]
    narrow = (await post(ada, status="un", audience="organisation")).json
    reply = await bob.get(path.format("partners") + f"?in_reply_to={narrow['id']}")
    assert reply.json["audience"]["kind"] == "organisation"
    assert [site["origin"] for site in reply.json["sites"]] == [ROSES]
    reply = await ada.get(path.format("named_partners") + f"?partners[]={VALMONT}")
    assert reply.json["sites_count"] == 2
    assert (await ada.get(path.format("named_partners"))).status == 422
    assert (await ada.get(path.format("community"))).status == 404
    assert (await ada.get(path.format("site") + "?in_reply_to=99")).status == 404


async def test_where_it_went_is_told_to_its_author_alone(home: Site) -> None:
    ada, bob = await home.person("ada"), await home.person("bob")
    status = (await post(ada, status="un", audience="partners")).json
    path = f"{OURS}/statuses/{status['id']}/received"
    found = (await ada.get(path)).json
    check("GET", f"{OURS}/statuses/{{id}}/received", found)
    assert [(one["name"], one["state"]) for one in found] == [
        ("Les Roses", "waiting"),
        ("Valmont", "waiting"),
    ]
    assert (await bob.get(path)).status == 404

    async def work(tx: Transaction) -> None:
        await tx.execute("UPDATE delivery SET progress = 'done' WHERE origin = ?", ROSES)
        await tx.execute("UPDATE delivery SET progress = 'refused' WHERE origin = ?", VALMONT)
        await tx.execute(
            "INSERT INTO held (object_uri, origin, first_at, last_at, state)"
            " VALUES (?, ?, 1, 1, 'handed_over')",
            status["uri"],
            ROSES,
        )

    await home.node.db.write(work)
    assert [one["state"] for one in (await ada.get(path)).json] == ["handed_over", "refused"]


async def test_members_find_it_in_the_common_timelines(home: Site) -> None:
    ada, bob = await home.person("ada"), await home.person("bob")
    gus = await home.person("gus", is_guest=True)
    for audience in ("organisation", "partners"):
        await post(ada, status=f"pour {audience} #accueil", audience=audience)
    await home.settle()
    for path in ("public", "public?local=true", "tag/accueil"):
        assert len((await bob.get(f"/api/v1/timelines/{path}")).json) == 2
        assert (await gus.get(f"/api/v1/timelines/{path}")).json == []
    assert (await bob.get("/api/v1/timelines/public?remote=true")).json == []


async def test_a_draft_for_later_keeps_its_audience_or_a_narrower_one(
    home: Site, clock: FakeClock
) -> None:
    ada = await home.person("ada")
    first = (await post(ada, status="un", audience="partners")).json
    at = "2026-10-01T00:00:00Z"
    for fields in ({"audience": f"partners:{VALMONT}"}, {"in_reply_to_id": first["id"]}):
        reply = await post(ada, status="plus tard", scheduled_at=at, **fields)
        assert reply.json["params"]["visibility"] == "private", reply.text
    await ada.ask("DELETE", f"{POST}/{first['id']}")
    clock.advance(90 * 86_400)
    assert await publish_due(home.node) == 2
    kinds = await home.node.db.rows("SELECT audience_kind FROM status ORDER BY id")
    assert [row["audience_kind"] for row in kinds] == ["named_partners", "site"]


async def test_a_site_that_gets_nothing_is_not_named_and_one_that_waits_says_so(
    home: Site,
) -> None:
    ada = await home.person("ada")
    path = f"{OURS}/audiences/partners/readers"

    async def do(sql: str, *args: Any) -> None:
        async def work(tx: Transaction) -> None:
            await tx.execute(sql, *args)

        await home.node.db.write(work)

    async def told() -> dict[str, str | None]:
        found = (await ada.get(path)).json
        check("GET", f"{OURS}/audiences/{{kind}}/readers", found)
        assert found["sites_count"] == len(found["sites"])
        return {site["name"]: site.get("waits") for site in found["sites"]}

    async def goes_to() -> set[str]:
        said = (await post(ada, status="bonjour", audience="partners")).json["id"]
        rows = await home.node.db.rows(
            "SELECT d.origin FROM delivery d JOIN activity a ON a.id = d.activity_id"
            " JOIN status s ON s.uri = a.object_uri WHERE s.id = ?",
            int(said),
        )
        return {row["origin"] for row in rows}

    assert await told() == {"Les Roses": None, "Valmont": None}
    assert await goes_to() == {ROSES, VALMONT}
    # Stopped here, or silent there: it is sent, and waits.
    await do("INSERT INTO stopped (origin, by_uri, stopped_at) VALUES (?, 'x', 1)", VALMONT)
    await do("UPDATE peer SET failing_since = 1 WHERE origin = ?", ROSES)
    assert await told() == {
        "Les Roses": "Attend que ce site réponde",
        "Valmont": "Attend que l’échange reprenne",
    }
    assert await goes_to() == {ROSES, VALMONT}
    await do("DELETE FROM stopped")
    await do("UPDATE peer SET failing_since = NULL")
    # Blocked or no more allowed here: nothing is sent, and nobody is told otherwise.
    for policy in ("blocked", "known"):
        await do("UPDATE peer SET policy = ? WHERE origin = ?", policy, VALMONT)
        assert await told() == {"Les Roses": None}, policy
        assert await goes_to() == {ROSES}, policy
        offered = (await ada.get(f"{OURS}/audiences")).json["audiences"]
        assert all(VALMONT not in one["id"] for one in offered), policy
        refused = await post(ada, status="bonjour", audience=f"partners:{VALMONT}")
        assert refused.status == 422, policy
    await do("UPDATE peer SET policy = 'allowed' WHERE origin = ?", VALMONT)
    assert await goes_to() == {ROSES, VALMONT}
    # In a pause it waits for the end of it.
    await do("UPDATE partnership SET state = 'paused' WHERE origin = ?", VALMONT)
    assert await told() == {"Les Roses": None, "Valmont": "Attend la fin de la pause"}
    assert await goes_to() == {ROSES, VALMONT}
