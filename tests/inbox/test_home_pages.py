"""A page of home, or of a list, is the same whichever of its ways finds it."""

import random
from collections.abc import Iterator

import pytest

from inbox import home as home_module
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site, site

__all__ = ["site"]

# Rows looked at among the last of all, and among the newest of the authors, for a row asked.
WAYS = {"recent": (1_000, 8, 2), "newest": (1, 0, 100), "all": (1, 0, 1)}
POSTS = 60
HOME = "/api/v1/timelines/home"


async def _say(author: Client, number: int, reply_to: str | None) -> str:
    fields = {"status": f"numéro {number}", "visibility": "public"}
    if reply_to is not None:
        fields["in_reply_to_id"] = reply_to
    reply = await author.post("/api/v1/statuses", fields)
    assert reply.status == 200, reply.text
    return reply.json["id"]


def _pages(ids: list[str]) -> Iterator[dict[str, str]]:
    yield {"limit": "40"}
    for limit in ("1", "3", "20"):
        yield {"limit": limit}
        yield {"limit": limit, "max_id": ids[30]}
        yield {"limit": limit, "min_id": ids[30]}
        yield {"limit": limit, "since_id": ids[10], "max_id": ids[40]}


def _on_page(expected: list[str], query: dict[str, str]) -> list[str]:
    """What stands on the page of these ids, newest first."""
    low = int(query.get("since_id", query.get("min_id", "0")))
    high = int(query.get("max_id", str(1 << 62)))
    within = [one for one in expected if low < int(one) < high]
    limit = int(query["limit"])
    return within[-limit:] if "min_id" in query else within[:limit]


@pytest.mark.parametrize("way", WAYS)
async def test_every_way_finds_the_same_page(
    site: Site, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("_RECENT_MIN", "_RECENT_PER_ROW", "_NEWEST_PER_ROW")
    for name, value in zip(names, WAYS[way], strict=True):
        monkeypatch.setattr(home_module, name, value)
    claire = await site.person("claire")
    people = {name: await site.person(name) for name in ("ada", "bob", "denis", "eve", "fred")}
    for name in ("ada", "bob", "denis", "fred"):
        await site.follow(claire, name)
    people["claire"] = claire
    # Bob is on a list of hers and only there; Denis is muted, Eve is not followed.
    listed = (await claire.post("/api/v1/lists", {"title": "L", "exclusive": True})).json["id"]
    await claire.post(f"/api/v1/lists/{listed}/accounts", {"account_ids": [site.id_of("bob")]})
    await claire.post(f"/api/v1/accounts/{site.id_of('denis')}/mute")

    dice = random.Random(5)
    said: list[tuple[str, str, str | None]] = []
    for number in range(POSTS):
        name = dice.choice([*people, "eve", "eve"])
        answered = dice.choice(said) if said and dice.random() < 0.3 else None
        status_id = await _say(people[name], number, answered[0] if answered else None)
        said.append((status_id, name, answered[1] if answered else None))

    read = {"ada", "bob", "fred", "claire"}
    newest_first = said[::-1]
    at_home = [
        status_id
        for status_id, name, answered in newest_first
        if name in read - {"bob"} and (answered is None or answered in read)
    ]
    on_list = [
        status_id
        for status_id, name, answered in newest_first
        if name == "bob" and (answered in {None, "bob", "claire"})
    ]
    assert len(at_home) > 20
    assert len(on_list) > 3
    for query in _pages([status_id for status_id, _, _ in said]):
        for path, expected in ((HOME, at_home), (f"/api/v1/timelines/list/{listed}", on_list)):
            page = await claire.get(path, **query)
            found = [status["id"] for status in page.json]
            assert found == _on_page(expected, query), (path, query)
