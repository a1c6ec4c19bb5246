"""What the site says of itself: texts for everybody, numbers that tell of nobody."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from federation.database import Transaction
from federation.errors import Misconfigured
from federation.node import Node
from federation.options import InstanceOptions, SiteText
from inbox.figures import WEEK_MS, shown, week_of
from maillage.texts import read_rules, read_texts
from tests.conftest import FakeClock
from tests.web.mastodon.conftest import Site
from web.app import build_app
from web.mastodon.site_texts import html_of

TEXTS = ("rules", "extended_description", "privacy_policy", "terms_of_service", "languages")


def saying(site: Site, **values: Any) -> Site:
    options = replace(site.node.options, instance=InstanceOptions(**values))
    node = replace(site.node, options=options)
    return Site(node, build_app(node), site.people)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_a_closed_node_says_its_texts_to_everybody(site: Site, language: str) -> None:
    stranger = site.client(language=language)
    found = {name: (await stranger.get(f"/api/v1/instance/{name}")) for name in TEXTS}
    assert {reply.status for reply in found.values()} == {200}
    word = "personnes" if language == "fr" else "people"
    assert word in found["privacy_policy"].json["content"]
    terms = found["terms_of_service"].json
    assert (terms["effective"], terms["succeeded_by"]) == (True, None)
    dated = await stranger.get(f"/api/v1/instance/terms_of_service/{terms['effective_date']}")
    assert dated.json == terms
    assert (await stranger.get("/api/v1/instance/terms_of_service/2020-01-01")).status == 404
    for rule in found["rules"].json:
        assert set(rule["translations"]) == {"fr", "en"}
        assert rule["text"] == rule["translations"]["fr"]["text"]


async def test_the_instance_says_what_the_settings_say(site: Site) -> None:
    site = saying(
        site,
        description="Un établissement",
        contact_email="accueil@tilleuls.example",
        contact_account="ada",
        texts={"about": SiteText("Notre maison", 1_700_000_000_000)},
    )
    ada = await site.person("ada", role="administrator")
    for client in (site.client(), ada):
        v1 = (await client.get("/api/v1/instance")).json
        v2 = (await client.get("/api/v2/instance")).json
        assert v2["api_versions"] == {"mastodon": 7}
        assert v2["contact"]["email"] == v1["email"] == "accueil@tilleuls.example"
        assert v2["description"] == v1["short_description"] == "Un établissement"
        assert v1["description"] == "<p>Notre maison</p>"
        assert v2["registrations"]["enabled"] is v1["registrations"] is False
        assert [rule["id"] for rule in v2["rules"]] == ["1", "2", "3", "4"]
        assert v1["stats"]["user_count"] == 0
        assert v2["usage"]["users"]["active_month"] == 0
        # On a closed node strangers are not told of anybody.
        known = None if client.token is None else "ada"
        assert (v2["contact"]["account"] or {}).get("username") == known
    assert v2["contact"]["account"]["roles"][0]["name"] == "Administration"
    about = (await site.client().get("/api/v1/instance/extended_description")).json
    assert about == {"content": "<p>Notre maison</p>", "updated_at": "2023-11-14T22:13:20.000Z"}


def test_a_site_writes_its_own_texts(tmp_path: Path) -> None:
    (tmp_path / "privacy.en.md").write_text("# Hello\n\n- one\n- two\n\n<script>", "utf-8")
    (tmp_path / "notes.md").write_text("of nobody's business", "utf-8")
    (tmp_path / "rules.toml").write_text(
        '[[rule]]\ntext = "Soyez doux"\nen.text = "Be gentle"\n[[rule]]\nid = 7\ntext = "B"\n'
    )
    texts, rules = read_texts(tmp_path), read_rules(tmp_path / "rules.toml")
    assert set(texts) == {"privacy.en"}
    assert html_of(texts["privacy.en"].text) == (
        "<h2>Hello</h2><ul><li>one</li><li>two</li></ul><p>&lt;script&gt;</p>"
    )
    assert rules is not None
    assert [(rule.number, rule.text) for rule in rules] == [(1, "Soyez doux"), (7, "B")]
    assert rules[0].translations == (("en", "Be gentle", ""),)
    assert read_rules(tmp_path / "none.toml") is None
    for wrong in ("[[rule]]\nhint = 'x'", "rule = 3", "[[rule]]\ntext = 3", "not toml"):
        (tmp_path / "rules.toml").write_text(wrong)
        with pytest.raises(Misconfigured):
            read_rules(tmp_path / "rules.toml")


async def _write_in(node: Node, week: int, author_ids: list[int], kind: str, **more: Any) -> None:
    async def work(tx: Transaction) -> None:
        for author_id in author_ids:
            status_id = node.ids.next(week + 1_000)
            await tx.execute(
                "INSERT INTO audience (id, kind, owner, created_at) VALUES (?, ?, '', 0)",
                status_id,
                kind,
            )
            await tx.execute(
                "INSERT INTO status (id, uri, actor_id, audience_id, audience_kind, is_local, type,"
                " thread_root_id, published_at, language)"
                " VALUES (?, ?, ?, ?, ?, ?, 'Note', ?, ?, ?)",
                status_id,
                f"urn:{status_id}",
                author_id,
                status_id,
                kind,
                True,
                status_id,
                week + 1_000,
                more.get("language", "fr"),
            )

    await node.db.write(work)


async def test_the_instance_counts_nothing_of_fewer_than_five_people(
    site: Site, clock: FakeClock
) -> None:
    for number in range(6):
        await site.person(f"p{number}")
    ids = [row["id"] for row in site.people.values()]
    this_week = week_of(clock())
    clock.advance(8 * 7 * 86_400)
    await _write_in(site.node, this_week + WEEK_MS, ids, "site")
    await _write_in(site.node, this_week + 2 * WEEK_MS, ids[:4] * 3, "public")
    await _write_in(site.node, this_week + 3 * WEEK_MS, ids, "followers")
    await _write_in(site.node, this_week + 3 * WEEK_MS, ids[:4], "public")
    await _write_in(site.node, this_week + 8 * WEEK_MS, ids, "public")
    ada = await site.person("p0")
    assert (await ada.get("/api/v1/instance")).json["stats"] == {
        "user_count": 6,
        "status_count": 6,
        "domain_count": 0,
    }


def test_no_cell_can_be_computed_from_its_neighbours() -> None:
    def people(count: int, first: int = 0) -> dict[int, int]:
        return {first + number: 1 for number in range(count)}

    assert shown({"fr": people(6), "en": people(7, 10)}) == {"fr": 6, "en": 7}
    # Of two languages the rest of one is the other.
    assert shown({"fr": people(6), "en": people(4, 10)}) == {}
    assert shown({"fr": people(6), "de": people(8, 20), "en": people(4, 10)}) == {"de": 8}
    # Two small ones of the same people are still few people.
    assert shown({"fr": people(9), "en": people(3, 20), "de": people(3, 20)}) == {}
    assert shown({"fr": people(9), "en": people(3, 20), "de": people(3, 30)}) == {"fr": 9}
    assert shown({}) == {}
