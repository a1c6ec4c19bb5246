"""The domains one blocked, as clients block, list and unblock them."""

from tests.web.mastodon.conftest import Site

BLOCKS = "/api/v1/domain_blocks"


async def test_domains_are_blocked_listed_and_unblocked(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    for name in ("un.example", "DEUX.example", "trois.example", "un.example"):
        assert (await ada.post(BLOCKS, {"domain": name})).json == {}
    assert (await ada.get(BLOCKS)).json == ["trois.example", "deux.example", "un.example"]
    assert (await bob.get(BLOCKS)).json == []
    page = await ada.get(BLOCKS, limit=2)
    assert (await ada.get(page.links["next"])).json == ["un.example"]
    preview = await ada.get(f"{BLOCKS}/preview", domain="quatre.example")
    assert preview.json == {"following_count": 0, "followers_count": 0}
    assert (await ada.ask("DELETE", BLOCKS, query={"domain": "un.example"})).json == {}
    assert (await ada.ask("DELETE", BLOCKS, json={"domain": "deux.example"})).json == {}
    assert (await ada.ask("DELETE", BLOCKS, json={"domain": "deux.example"})).json == {}
    assert (await ada.get(BLOCKS)).json == ["trois.example"]
    for wrong in ({}, {"domain": ""}, {"domain": "a b"}, {"domain": ["x"]},
                  {"domain": site.node.host}):  # fmt: skip
        reply = await ada.post(BLOCKS, wrong)
        assert (reply.status, list(reply.json["details"])) == (422, ["domain"])
    assert (await ada.get(BLOCKS)).json == ["trois.example"]
