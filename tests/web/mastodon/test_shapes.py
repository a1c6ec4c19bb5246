"""Every entity that this API answers has each key that strict clients decode."""

from typing import Any

import orjson

from federation.database import Transaction
from tests.web.mastodon import shapes
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.shapes import assert_shape


async def test_accounts(site: Site) -> None:
    ada = await site.person("ada")
    await ada.ask(
        "PATCH",
        "/api/v1/accounts/update_credentials",
        json={
            "display_name": "Ada",
            "note": "Nuit",
            "fields_attributes": {"0": {"name": "Ward", "value": "East"}},
        },
    )
    own = (await ada.get("/api/v1/accounts/verify_credentials")).json
    assert_shape(own, shapes.CREDENTIAL_ACCOUNT)
    assert_shape(own["fields"][0], shapes.FIELD)
    assert own["source"]["note"] == "Nuit"
    assert_shape((await ada.get(f"/api/v1/accounts/{own['id']}")).json, shapes.ACCOUNT)


async def test_statuses_of_every_kind(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    made = (await ada.post("/api/v1/statuses", {"status": "@bob #nuit"})).json
    assert_shape(made, shapes.STATUS | shapes.OWN_FLAGS)
    assert made["pinned"] is False
    assert_shape(made["mentions"][0], shapes.MENTION)
    boost = (await bob.post(f"/api/v1/statuses/{made['id']}/reblog")).json
    assert_shape(boost, shapes.STATUS | shapes.OWN_FLAGS)
    assert_shape(boost["reblog"], shapes.STATUS | shapes.OWN_FLAGS)
    found = (await bob.get("/api/v2/search", q="nuit")).json
    assert_shape(found, shapes.SEARCH)
    assert_shape(found["hashtags"][0], shapes.TAG | {"following": bool, "featuring": bool})


async def test_media_and_polls(site: Site) -> None:
    ada = await site.person("ada")
    made = (await ada.post("/api/v1/statuses", {"status": "?"})).json
    node = site.node

    async def work(tx: Transaction) -> None:
        status_id, actor_id = int(made["id"]), site.people["ada"]["id"]
        await tx.execute(
            "INSERT INTO attachment (id, status_id, actor_id, type, url, remote_url, width, height,"
            " focus_x, focus_y, created_at) VALUES (?, ?, ?, 'image', ?, ?, 40, 20, 0.5, 0.0, 0)",
            node.ids.next(), status_id, actor_id, "https://a.test/1.png", "https://a.test/1.png",
        )  # fmt: skip
        await tx.execute(
            "INSERT INTO attachment (id, status_id, actor_id, position, type, url, created_at)"
            " VALUES (?, ?, ?, 1, 'strange', 'javascript:alert(1)', 0)",
            node.ids.next(), status_id, actor_id,
        )  # fmt: skip
        poll_id = node.ids.next()
        await tx.execute(
            "UPDATE status SET type = 'Question', edited_at = 1 WHERE id = ?", status_id
        )
        await tx.execute(
            "INSERT INTO poll (id, status_id, multiple, hide_totals, ends_at)"
            " VALUES (?, ?, FALSE, TRUE, ?)",
            poll_id, status_id, node.clock() + 1000,
        )  # fmt: skip
        for place, title in enumerate(("Mardi", "Jeudi")):
            await tx.execute(
                "INSERT INTO poll_option (poll_id, position, title, votes_count)"
                " VALUES (?, ?, ?, 3)",
                poll_id, place, title,
            )  # fmt: skip

    await node.db.write(work)
    read = (await ada.get(f"/api/v1/statuses/{made['id']}")).json
    image, strange = read["media_attachments"]
    assert_shape(image, shapes.ATTACHMENT)
    assert_shape(strange, shapes.ATTACHMENT)
    assert image["meta"]["original"] == {
        "width": 40, "height": 20, "size": "40x20", "aspect": 2.0,
    }  # fmt: skip
    assert image["meta"]["focus"] == {"x": 0.5, "y": 0.0}
    assert (strange["type"], strange["url"]) == ("unknown", None)
    assert_shape(read["poll"], shapes.POLL)
    assert read["poll"]["options"][0] == {"title": "Mardi", "votes_count": None}


async def test_relationships_and_notifications(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(bob, "ada")
    made = (await ada.post("/api/v1/statuses", {"status": "hello"})).json
    await bob.post(f"/api/v1/statuses/{made['id']}/favourite")
    await site.settle()
    ask = {"id[]": [site.id_of("ada"), site.id_of("bob")]}
    for one in (await bob.ask("GET", "/api/v1/accounts/relationships", query=ask)).json:
        assert_shape(one, shapes.RELATIONSHIP)
    told: list[dict[str, Any]] = (await ada.get("/api/v1/notifications")).json
    assert [one["type"] for one in told] == ["favourite", "follow"]
    for one in told:
        assert_shape(one, shapes.NOTIFICATION)
    assert_shape(told[0]["status"], shapes.STATUS | shapes.OWN_FLAGS)
    assert_shape((await ada.get("/api/v1/preferences")).json, shapes.PREFERENCES)


async def instance_of(site: Site) -> tuple[dict[str, Any], dict[str, Any]]:
    nobody = site.client()
    second = (await nobody.get("/api/v2/instance")).json
    first = (await nobody.get("/api/v1/instance")).json
    assert_shape(second, shapes.INSTANCE_V2)
    assert_shape(first, shapes.INSTANCE_V1)
    assert second["configuration"]["limited_federation"] is site.node.is_closed
    assert first["uri"] == site.node.host
    assert first["version"] == second["version"] == "4.5.0 (compatible; Maillage 0.1.0)"
    return first, second


async def test_a_closed_node_describes_itself_without_its_size(site: Site) -> None:
    await site.person("ada")
    first, second = await instance_of(site)
    assert first["stats"] == {"user_count": 0, "status_count": 0, "domain_count": 0}
    assert second["usage"]["users"]["active_month"] == 0


async def test_an_open_node_describes_itself(open_site: Site) -> None:
    for name in ("ada", "ben", "carl", "dora"):
        await open_site.person(name)
    first, _ = await instance_of(open_site)
    # Fewer than five people are not counted in public.
    assert first["stats"]["user_count"] == 0
    await open_site.person("eve")
    first, _ = await instance_of(open_site)
    assert first["stats"]["user_count"] == 5


async def test_errors(site: Site) -> None:
    ada = await site.person("ada")
    for reply in (
        await site.client().get("/api/v1/timelines/home"),
        await ada.get("/api/v1/statuses/1"),
        await ada.post("/api/v1/statuses", {}),
        await ada.ask(
            "POST", "/api/v1/statuses", body=b"{", headers={"content-type": "application/json"}
        ),
        await ada.get("/api/v1/nothing"),
        await ada.ask("PUT", "/api/v1/statuses/1", json={}),
        await ada.get("/api/v9"),
    ):
        assert reply.status >= 400
        assert reply.headers["content-type"].startswith("application/json")
        assert_shape(orjson.loads(reply.body), shapes.ERROR)
