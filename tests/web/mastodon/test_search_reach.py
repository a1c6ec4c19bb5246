"""How far a search without words reaches: all of what an index leads to, else the nearest."""

import pytest

from inbox import search
from tests.web.mastodon.conftest import Site


async def test_a_search_by_operators_reaches_as_far_as_it_may(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "JUDGED_MAX", 4)
    anna, ben = await site.person("anna"), await site.person("ben")
    poll = {"options": ["oui", "non"], "expires_in": 3_600}
    asked = (await anna.post("/api/v1/statuses", json={"status": "alors", "poll": poll})).json
    hidden = {"status": "alors", "poll": poll, "visibility": "direct"}
    await anna.post("/api/v1/statuses", json=hidden)
    ids: list[str] = []
    for number in range(8):
        body = {"status": f"note {number}", "language": "br" if number in (0, 6) else "fr"}
        ids.append((await anna.post("/api/v1/statuses", json=body)).json["id"])
    await site.settle()

    async def found(q: str, **more: object) -> list[str]:
        reply = await ben.get("/api/v2/search", q=q, type="statuses", **more)
        return [status["id"] for status in reply.json["statuses"]]

    assert await found("has:poll") == [asked["id"]]
    assert await found("-has:poll language:br") == [ids[6]]
    assert await found("language:br", max_id=ids[3]) == [ids[0]]
    assert await found("language:br", min_id=ids[5]) == [ids[6]]
    assert await found("language:br", min_id=ids[0]) == []
    assert await found("language:fr", limit=2) == [ids[7], ids[5]]
    assert await found("language:fr", limit=2, offset=1) == [ids[5], ids[4]]
    assert await found("language:fr", limit=2, min_id=ids[0]) == [ids[2], ids[1]]
    assert await found("has:link") == []
