from typing import Any

import pytest

from inbox.filters import FILTERS_MAX, KEYWORDS_MAX
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from web.mastodon.status_pages import READS_MAX

FILTERS = "/api/v2/filters"
WORD = {"title": "Menu", "context": ["home"], "keywords_attributes": [{"keyword": "poisson"}]}


async def made(client: Client, **fields: Any) -> dict[str, Any]:
    reply = await client.post(FILTERS, WORD | fields)
    assert reply.status == 200, reply.text
    return reply.json


async def say(site: Site, client: Client, text: str, **more: Any) -> str:
    reply = await client.post("/api/v1/statuses", {"status": text, **more})
    assert reply.status == 200, reply.text
    await site.settle()
    return reply.json["id"]


async def read(client: Client, path: str, **query: Any) -> dict[str, list[Any]]:
    """What a page shows: by id of each status, what is filtered of it."""
    reply = await client.get(path, **query)
    assert reply.status == 200, reply.text
    return {one["id"]: one["filtered"] for one in reply.json}


async def two(site: Site) -> tuple[Client, Client]:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(ada, "bob")
    return ada, bob


async def test_a_filter_is_made_changed_and_removed(site: Site) -> None:
    ada = await site.person("ada")
    one = await made(
        ada,
        context=["notifications", "home"],
        filter_action="hide",
        expires_in=3600,
        keywords_attributes=[{"keyword": "poisson", "whole_word": False}, {"keyword": "cantine"}],
    )
    first, second = one["keywords"]
    assert one == {
        "id": one["id"],
        "title": "Menu",
        "context": ["home", "notifications"],
        "expires_at": one["expires_at"],
        "filter_action": "hide",
        "keywords": [
            {"id": first["id"], "keyword": "poisson", "whole_word": False},
            {"id": second["id"], "keyword": "cantine", "whole_word": True},
        ],
        "statuses": [],
    }
    assert one["expires_at"].endswith("Z")
    changes = {
        "title": "Repas",
        "expires_in": "",
        "keywords_attributes": [
            {"id": first["id"], "keyword": "poissons"},
            {"id": second["id"], "_destroy": True},
            {"keyword": "four"},
        ],
    }
    reply = await ada.ask("PUT", f"{FILTERS}/{one['id']}", json=changes)
    after = reply.json
    assert (after["title"], after["expires_at"], after["filter_action"]) == ("Repas", None, "hide")
    assert [(k["keyword"], k["whole_word"]) for k in after["keywords"]] == [
        ("poissons", False),
        ("four", True),
    ]
    assert (await ada.get(FILTERS)).json == [after]
    assert (await ada.get(f"{FILTERS}/{one['id']}")).json == after
    assert (await ada.ask("DELETE", f"{FILTERS}/{one['id']}")).json == {}
    assert (await ada.get(FILTERS)).json == []
    assert (await ada.get(f"{FILTERS}/{one['id']}")).status == 404


async def test_the_forms_of_clients_are_read(site: Site) -> None:
    ada = await site.person("ada")
    forms: list[list[tuple[str, str]]] = [
        [("keywords_attributes[][keyword]", "a"), ("keywords_attributes[][whole_word]", "false")],
        [("keywords_attributes[0][keyword]", "a"), ("keywords_attributes[0][whole_word]", "0")],
    ]
    for form in forms:
        sent = [("title", "t"), ("context[]", "home"), ("context[]", "thread"), *form]
        reply = await ada.ask("POST", FILTERS, form=sent)
        assert reply.status == 200, reply.text
        assert reply.json["context"] == ["home", "thread"]
        assert [k["whole_word"] for k in reply.json["keywords"]] == [False]


async def test_keywords_and_statuses_one_by_one(site: Site) -> None:
    ada, bob = await two(site)
    status_id = await say(site, bob, "Bonjour")
    one = await made(ada, keywords_attributes=[])
    path = f"{FILTERS}/{one['id']}"
    word = (await ada.post(f"{path}/keywords", {"keyword": "thé", "whole_word": "0"})).json
    assert word == {"id": word["id"], "keyword": "thé", "whole_word": False}
    assert (await ada.get(f"{path}/keywords")).json == [word]
    changed = await ada.ask("PUT", f"{FILTERS}/keywords/{word['id']}", json={"keyword": "café"})
    assert changed.json == {"id": word["id"], "keyword": "café", "whole_word": False}
    assert (await ada.get(f"{FILTERS}/keywords/{word['id']}")).json == changed.json
    assert (await ada.ask("DELETE", f"{FILTERS}/keywords/{word['id']}")).json == {}
    assert (await ada.get(f"{path}/keywords")).json == []

    part = (await ada.post(f"{path}/statuses", {"status_id": status_id})).json
    assert part["status_id"] == status_id
    assert (await ada.post(f"{path}/statuses", {"status_id": status_id})).json == part
    assert (await ada.get(f"{path}/statuses")).json == [part]
    assert (await ada.get(f"{FILTERS}/statuses/{part['id']}")).json == part
    (result,) = (await read(ada, "/api/v1/timelines/home"))[status_id]
    assert (result["keyword_matches"], result["status_matches"]) == (None, [status_id])
    assert (await ada.ask("DELETE", f"{FILTERS}/statuses/{part['id']}")).json == {}
    assert (await read(ada, "/api/v1/timelines/home"))[status_id] == []


async def test_a_filter_is_known_to_its_owner_alone(site: Site) -> None:
    ada, bob = await two(site)
    eve = await site.person("eve")
    status_id = await say(site, bob, "du poisson")
    one = await made(ada)
    word = one["keywords"][0]["id"]
    part = (await ada.post(f"{FILTERS}/{one['id']}/statuses", {"status_id": status_id})).json["id"]
    asked: list[tuple[str, str, Any]] = [
        ("GET", f"{FILTERS}/{one['id']}", None),
        ("PUT", f"{FILTERS}/{one['id']}", {"title": "x"}),
        ("DELETE", f"{FILTERS}/{one['id']}", None),
        ("GET", f"{FILTERS}/{one['id']}/keywords", None),
        ("POST", f"{FILTERS}/{one['id']}/keywords", {"keyword": "x"}),
        ("GET", f"{FILTERS}/{one['id']}/statuses", None),
        ("POST", f"{FILTERS}/{one['id']}/statuses", {"status_id": status_id}),
        ("GET", f"{FILTERS}/keywords/{word}", None),
        ("PUT", f"{FILTERS}/keywords/{word}", {"keyword": "x"}),
        ("DELETE", f"{FILTERS}/keywords/{word}", None),
        ("GET", f"{FILTERS}/statuses/{part}", None),
        ("DELETE", f"{FILTERS}/statuses/{part}", None),
        ("GET", f"/api/v1/filters/{word}", None),
        ("PUT", f"/api/v1/filters/{word}", {"phrase": "x", "context": ["home"]}),
        ("DELETE", f"/api/v1/filters/{word}", None),
    ]
    before = (await ada.get(FILTERS)).json
    for method, path, body in asked:
        foreign = await eve.ask(method, path, json=body)
        nowhere = path.replace(one["id"], "1").replace(word, "1").replace(part, "1")
        unknown = await eve.ask(method, nowhere, json=body)
        assert (
            (foreign.status, foreign.body) == (unknown.status, unknown.body) == (404, foreign.body)
        )
    # A keyword of hers inside a filter of somebody else is none.
    own = await made(eve)
    stolen = {"keywords_attributes": [{"id": word, "keyword": "x"}]}
    assert (await eve.ask("PUT", f"{FILTERS}/{own['id']}", json=stolen)).status == 404
    assert (await eve.post(FILTERS, WORD | stolen)).status == 404
    assert (await ada.get(FILTERS)).json == before
    assert len((await eve.get(FILTERS)).json) == 1
    await site.follow(eve, "bob")
    eves = (await read(eve, "/api/v1/timelines/home"))[status_id]
    assert [result["filter"]["id"] for result in eves] == [own["id"]]
    bobs = (await bob.get(f"/api/v1/statuses/{status_id}")).json
    assert bobs["filtered"] == []


async def test_only_a_status_that_one_sees_can_be_filtered(site: Site) -> None:
    ada, bob = await two(site)
    hidden = await say(site, bob, "secret", visibility="direct")
    one = await made(ada)
    path = f"{FILTERS}/{one['id']}/statuses"
    refused = await ada.post(path, {"status_id": hidden})
    unknown = await ada.post(path, {"status_id": "1"})
    assert (refused.status, refused.body) == (unknown.status, unknown.body) == (404, refused.body)
    assert (await ada.post(path, {})).status == 422
    shown = await say(site, bob, "public")
    assert (await ada.post(path, {"status_id": shown})).status == 200


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 257}, "title"),
        ({"title": ["x"]}, "title"),
        ({"context": []}, "context"),
        ({"context": ["home", "kitchen"]}, "context"),
        ({"context": {"a": "home"}}, "context"),
        ({"filter_action": "burn"}, "filter_action"),
        ({"expires_in": -1}, "expires_in"),
        ({"expires_in": 10**18}, "expires_in"),
        ({"expires_in": "soon"}, "expires_in"),
        ({"keywords_attributes": ["x"]}, "keywords_attributes"),
        ({"keywords_attributes": [{"keyword": ""}]}, "keyword"),
        ({"keywords_attributes": [{"keyword": "x" * 513}]}, "keyword"),
        ({"keywords_attributes": [{"keyword": "a\0b"}]}, "keyword"),
        ({"keywords_attributes": [{"keyword": {"a": 1}}]}, "keyword"),
        ({"keywords_attributes": [{"keyword": "x", "whole_word": []}]}, "whole_word"),
        ({"keywords_attributes": [{"id": "no", "keyword": "x"}]}, "id"),
        ({"keywords_attributes": [{"keyword": "x"}] * (KEYWORDS_MAX + 1)}, "keywords_attributes"),
    ],
)
async def test_what_is_no_filter_is_refused(site: Site, fields: Any, named: str) -> None:
    ada = await site.person("ada")
    reply = await ada.post(FILTERS, WORD | fields)
    assert reply.status == 422, reply.text
    assert named in reply.json["error"]
    assert (await ada.get(FILTERS)).json == []


async def test_places_in_a_list_that_are_no_numbers(site: Site) -> None:
    ada = await site.person("ada")
    for place in ("²", "1" * 5_000):
        reply = await ada.post(FILTERS, WORD | {"keywords_attributes": {place: {"keyword": "x"}}})
        assert reply.status == 422, place[:5]


async def test_nobody_has_filters_without_end(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    full = [{"keyword": f"w{n}"} for n in range(KEYWORDS_MAX)]
    one = await made(ada, keywords_attributes=full)
    assert len(one["keywords"]) == KEYWORDS_MAX
    more = await ada.post(f"{FILTERS}/{one['id']}/keywords", {"keyword": "x"})
    assert (more.status, str(KEYWORDS_MAX) in more.json["error"]) == (422, True)
    assert (await ada.post(FILTERS, WORD)).status == 422
    assert len((await ada.get(FILTERS)).json) == 1
    for _ in range(FILTERS_MAX):
        await made(bob, keywords_attributes=[])
    assert (await bob.post(FILTERS, WORD)).status == 422


async def test_old_clients_see_each_keyword_as_a_filter(site: Site) -> None:
    ada = await site.person("ada")
    sent = {"phrase": "poisson", "context": ["home", "public"], "irreversible": True}
    one = (await ada.post("/api/v1/filters", sent | {"whole_word": False})).json
    assert one == {
        "id": one["id"],
        "phrase": "poisson",
        "context": ["home", "public"],
        "whole_word": False,
        "expires_at": None,
        "irreversible": True,
    }
    (whole,) = (await ada.get(FILTERS)).json
    assert (whole["title"], whole["filter_action"]) == ("poisson", "hide")
    path = f"/api/v1/filters/{one['id']}"
    new = {"phrase": "viande", "context": ["thread"], "irreversible": False, "expires_in": 60}
    changed = (await ada.ask("PUT", path, json=new)).json
    assert (changed["phrase"], changed["context"]) == ("viande", ["thread"])
    assert (changed["irreversible"], changed["expires_at"] is None) == (False, False)
    assert (await ada.get(path)).json == changed
    await ada.post(f"{FILTERS}/{whole['id']}/keywords", {"keyword": "poulet"})
    assert [f["phrase"] for f in (await ada.get("/api/v1/filters")).json] == ["viande", "poulet"]
    refused = await ada.ask("PUT", path, json={"phrase": "veau", "context": ["home"]})
    assert refused.status == 422
    kept = await ada.ask("PUT", path, json={"phrase": "veau", "context": ["thread"]})
    assert (kept.status, kept.json["phrase"]) == (200, "veau")
    assert (await ada.ask("DELETE", path)).json == {}
    (left,) = (await ada.get("/api/v1/filters")).json
    assert (await ada.ask("DELETE", f"/api/v1/filters/{left['id']}")).json == {}
    assert (await ada.get(FILTERS)).json == []
    for wrong in ({"phrase": "x"}, {"context": ["home"]}, {"phrase": "", "context": ["home"]}):
        assert (await ada.post("/api/v1/filters", wrong)).status == 422


async def test_filtered_says_which_and_by_what(site: Site) -> None:
    ada, bob = await two(site)
    fish = await say(site, bob, "Du POISSON à midi")
    soup = await say(site, bob, "De la soupe")
    one = await made(ada, keywords_attributes=[{"keyword": "poïsson"}, {"keyword": "midi"}])
    page = await read(ada, "/api/v1/timelines/home")
    assert page[soup] == []
    wanted = {k: v for k, v in one.items() if k not in ("keywords", "statuses")}
    assert page[fish] == [
        {"filter": wanted, "keyword_matches": ["poïsson", "midi"], "status_matches": None}
    ]
    own = await say(site, ada, "Mon poisson")
    assert (await read(ada, "/api/v1/timelines/home"))[own] == []
    await ada.ask("DELETE", f"{FILTERS}/{one['id']}")
    assert (await read(ada, "/api/v1/timelines/home"))[fish] == []


async def test_what_passes_on_a_status_is_filtered_with_it(site: Site) -> None:
    ada, bob = await two(site)
    eve = await site.person("eve")
    fish = await say(site, eve, "Du poisson")
    boost = (await bob.post(f"/api/v1/statuses/{fish}/reblog")).json["id"]
    await site.settle()
    await made(ada)
    (page,) = (await ada.get("/api/v1/timelines/home")).json
    assert page["id"] == boost
    assert len(page["filtered"]) == len(page["reblog"]["filtered"]) == 1


async def test_a_page_that_is_hidden_whole_is_read_on(site: Site) -> None:
    ada, bob = await two(site)
    early = await say(site, bob, "bonjour")
    hidden = [await say(site, bob, f"poisson {number}") for number in range(5)]
    late = await say(site, bob, "bonsoir")
    await made(ada, filter_action="hide")
    home = "/api/v1/timelines/home"

    async def page(**query: Any) -> tuple[list[str], str]:
        reply = await ada.get(home, limit=2, **query)
        return [one["id"] for one in reply.json], reply.headers.get("link", "")

    ids, link = await page()
    assert ids == [late]
    assert f"max_id={hidden[-1]}" in link
    # Two whole pages are hidden before the next one that shows anything, which is the last.
    ids, link = await page(max_id=hidden[-1])
    assert ids == [early]
    assert 'rel="next"' not in link
    assert f'min_id={hidden[-2]}>; rel="prev"' in link
    ids, link = await page(min_id=early)
    assert ids == [late]
    assert f'max_id={hidden[0]}>; rel="next"' in link
    assert f'min_id={late}>; rel="prev"' in link
    # An end stays an end, and no one reads for ever.
    assert await page(max_id=early) == ([], "")
    for path in ("/api/v1/timelines/public", f"/api/v1/accounts/{site.id_of('bob')}/statuses"):
        await made(ada, filter_action="hide", context=["public", "account"])
        reply = await ada.get(path, limit=2, max_id=hidden[-1])
        assert [one["id"] for one in reply.json] == [early]


async def test_reading_on_is_bounded(site: Site) -> None:
    ada, bob = await two(site)
    await say(site, bob, "bonjour")
    hidden = [await say(site, bob, f"poisson {number}") for number in range(READS_MAX)]
    await made(ada, filter_action="hide")
    reply = await ada.get("/api/v1/timelines/home", limit=1)
    assert reply.json == []
    assert f'max_id={hidden[0]}>; rel="next"' in reply.headers["link"], "it leads on from there"


async def test_each_context_has_its_own_filters_and_hide_drops(site: Site) -> None:
    ada, bob = await two(site)
    root = await say(site, bob, "Bonjour")
    fish = await say(site, bob, "@ada du poisson #cuisine", in_reply_to_id=root)
    await say(site, bob, "Bonsoir")
    pages = {
        "home": "/api/v1/timelines/home",
        "public": "/api/v1/timelines/tag/cuisine",
        "account": f"/api/v1/accounts/{site.id_of('bob')}/statuses",
        "thread": f"/api/v1/statuses/{root}/context",
        "notifications": "/api/v1/notifications",
    }

    async def shown(path: str) -> dict[str, list[Any]]:
        reply = (await ada.get(path)).json
        found = reply["descendants"] if isinstance(reply, dict) else reply
        found = [one.get("status", one) for one in found]
        return {one["id"]: one["filtered"] for one in found}

    for context in pages:
        one = await made(ada, context=[context], filter_action="warn")
        for other, path in pages.items():
            assert len((await shown(path))[fish]) == (context == other), (context, other)
        await ada.ask("PUT", f"{FILTERS}/{one['id']}", json={"filter_action": "hide"})
        for other, path in pages.items():
            assert (fish in await shown(path)) == (context != other), (context, other)
        # What is asked for by itself is there, with all that matches.
        alone = (await ada.get(f"/api/v1/statuses/{fish}")).json
        assert [r["filter"]["filter_action"] for r in alone["filtered"]] == ["hide"]
        await ada.ask("DELETE", f"{FILTERS}/{one['id']}")


async def test_pages_go_on_behind_what_is_hidden(site: Site) -> None:
    ada, bob = await two(site)
    ids = [await say(site, bob, "poisson" if n % 3 else f"jour {n}") for n in range(9)]
    await made(ada, filter_action="hide")
    kept = [one for n, one in enumerate(ids) if n % 3 == 0]
    found: list[str] = []
    path = "/api/v1/timelines/home?limit=2"
    while path:
        reply = await ada.get(path) if not found else await ada.ask("GET", path)
        found += [one["id"] for one in reply.json]
        path = reply.links.get("next", "")
    assert found == kept[::-1]


async def test_an_expired_filter_is_none(site: Site) -> None:
    ada, bob = await two(site)
    fish = await say(site, bob, "Du poisson")
    await made(ada, expires_in=60)
    assert len((await read(ada, "/api/v1/timelines/home"))[fish]) == 1
    site.node.clock.advance(61)  # pyright: ignore[reportFunctionMemberAccess]
    assert (await read(ada, "/api/v1/timelines/home"))[fish] == []
    assert len((await ada.get(FILTERS)).json) == 1
