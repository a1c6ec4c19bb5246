"""The pages made from what the site is set to: map, directory, about, privacy, employer."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actors.permissions import PERMISSIONS, Permission
from federation.node import Node
from federation.options import InstanceOptions
from tests.agreements import agree
from tests.nodes.partners import paired
from tests.serving import Start
from tests.web.conftest import new_person
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of
from tests.web.mastodon.oauth_flow import sign_in
from web.app import build_app
from web.pages import employer
from web.pages.audit_results import AUDIT, CRITERIA
from web.pages.mesh_drawing import COLUMNS, WIDTH, draw, label

OPEN = ("/about", "/privacy", "/accessibility", "/employer")
STATEMENT = Path(__file__).parents[3] / "docs" / "accessibility.md"


def with_contacts(node: Node) -> Node:
    said = InstanceOptions(
        contact_email="bonjour@glycines.example", protection_email="dpo@glycines.example"
    )
    return replace(node, options=replace(node.options, instance=said))


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_open_pages_are_read_by_anybody_also_on_a_closed_node(
    node: Node, language: str
) -> None:
    known = with_contacts(node)
    nobody = Client(build_app(known), node.origin, language=language)
    titles = {
        "fr": (
            "Les règles",
            "Ce que Test garde",
            "Partiellement conforme",
            "Il ne peut jamais voir",
        ),
        "en": ("The rules", "What Test keeps", "Partly conforms", "They can never see"),
    }[language]
    for path, words in zip(OPEN, titles, strict=True):
        shown = await nobody.get(path)
        assert shown.status == 200, path
        assert words.replace("Test", known.name) in shown.text, path
        assert "<script" not in shown.text
        assert shown.headers["cache-control"] == "no-store"
        for other in OPEN:
            assert f'href="{other}"' in shown.text, (path, other)
    assert "dpo@glycines.example" in (await nobody.get("/privacy")).text
    assert "bonjour@glycines.example" in (await nobody.get("/about")).text


async def test_every_page_leads_to_them_and_a_stranger_sees_no_map(site: Site) -> None:
    await site.person("ada")
    browser, nobody = await browser_of(site, "ada"), site.client(language="fr")
    await site.node.db.write(lambda tx: agree(tx, "https://secret.example", name="Secret"))
    for path in ("/", "/map", "/directory", "/search"):
        text = (await browser.get(path)).text
        assert all(f'href="{one}"' in text for one in OPEN), path
    entrance = (await nobody.get("/sign-in")).text
    assert all(f'href="{one}"' in entrance for one in OPEN)
    for path in ("/map", "/directory"):
        sent = await nobody.get(path)
        assert (sent.status, sent.body) == (303, b"")
        assert sent.headers["location"].startswith("/sign-in?next=%2F")
        assert (await nobody.get(sent.headers["location"])).status == 200
    for path in ("/about", "/employer", "/accessibility"):
        assert "Secret" not in (await nobody.get(path)).text


STATES = {
    "active": "Actif",
    "paused": "Suspendu",
    "key_changed": "Arrêté, à vérifier",
    "offered": "Jumelage en cours",
    "asked": "Jumelage en cours",
}


async def test_the_map_shows_members_what_stands_and_staff_what_is_being_agreed(
    site: Site,
) -> None:
    await site.person("ada")
    await site.person("chef", role="administrator")
    for state in (*STATES, "ended", "expired"):
        origin = f"https://{state.replace('_', '-')}.example"
        await site.node.db.write(
            lambda tx, o=origin, s=state: agree(tx, o, state=s, name=f"Chez {s} <b>")
        )
    await site.node.db.write(
        lambda tx: agree(tx, "https://aubepines.example", kind="site", name="Les Aubépines")
    )
    member, chief = await browser_of(site, "ada"), await browser_of(site, "chef")
    seen, whole = (await member.get("/map")).text, (await chief.get("/map")).text
    for state, words in STATES.items():
        is_for_all = state in ("active", "paused", "key_changed")
        assert (f"Chez {state} &lt;b&gt;" in seen) == is_for_all, state
        assert f"Chez {state} &lt;b&gt;" in whole, state
        assert words in whole
    for text in (seen, whole):
        assert "Chez ended" not in text
        assert "Chez expired" not in text
        assert text.count('class="nd"') == 2
        assert "<title id=" in text
        assert "<desc id=" in text
    assert 'href="/staff/partners/active.example"' in whole
    assert "/staff/partners" not in seen
    # The day of the last exchange, never the minute.
    now = site.node.clock()
    await site.node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO peer (origin, policy, last_heard_at, created_at)"
            " VALUES ('https://active.example', 'allowed', ?, ?)",
            now,
            now,
        )
    )
    row = (await member.get("/map")).text.partition("active.example</span>")[2][:400]
    assert re.search(r"\d{1,2} \w+ \d{4}", row)
    assert not re.search(r"\d\d?(?::| h )\d\d", row)


@pytest.mark.parametrize("inside", [0, 1, 4, 5, 6, 40, 200])
@pytest.mark.parametrize("outside", [0, 1, 5, 6, 200])
def test_the_drawing_keeps_sites_apart_on_a_narrow_page(inside: int, outside: int) -> None:
    drawing = draw(inside, outside)
    assert drawing == draw(inside, outside)
    marks = [*drawing.inside, *drawing.outside]
    assert (len(drawing.inside), len(drawing.outside)) == (inside, outside)
    places = [(mark.x, mark.y) for mark in marks] + [(WIDTH // 2, drawing.own_y)]
    assert all(20 <= x <= WIDTH - 20 for x, _ in places)
    assert all(18 <= y <= drawing.height - 18 for _, y in places)
    assert all(mark.y < drawing.own_y for mark in drawing.inside)
    assert all(mark.y > drawing.zone_height for mark in drawing.outside)
    for at, (x, y) in enumerate(places):
        assert all(abs(x - a) >= 44 or abs(y - b) >= 36 for a, b in places[:at]), (x, y)
    assert drawing.height <= 620 + 88 * (inside + outside) / len(COLUMNS)


def test_names_fit_under_their_sites() -> None:
    assert label("Les Lilas") == ["Les Lilas"]
    assert label("Les Aubépines") == ["Les", "Aubépines"]
    assert label("Centre hospitalier du Haut-Arvon") == ["Centre", "hospitalie…"]
    assert label("Anticonstitutionnellement") == ["Anticonsti…"]
    assert all(len(line) <= 12 for line in label("Un nom de site qui ne finit jamais vraiment"))


async def test_the_privacy_notice_names_who_receives_and_what(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Mairie de Lorvigny")
    nobody = Client(build_app(one.node), one.origin, language="fr")
    assert "Rien ne sort de ce site." in (await nobody.get("/privacy")).text
    await paired(one, other)
    notice = (await nobody.get("/privacy")).text
    for words in (
        "Mairie de Lorvigny",
        "Ceux que leur auteur leur adresse",
        "Tout est effacé",
        "Effacées au bout de 30 jours",
        "Ceux des 90 derniers jours",
    ):
        assert words in notice, words


@pytest.mark.parametrize("permission", [column for _, column in employer.COLUMNS])
async def test_the_page_about_the_employer_follows_the_roles(
    site: Site, permission: Permission, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = site.client(language="fr")
    before, mark = (await nobody.get("/employer")).text, employer.mark()
    name = next(name for name, one in employer.COLUMNS if one is permission)
    yes = {"reported": "Oui, ceux qui le sont", "accounts": "Oui, sans date",
           "deliveries": "Oui, jamais le texte"}[name]  # fmt: skip
    held = sum(permission in allowed for allowed in PERMISSIONS.values())
    assert before.count(yes) == held
    assert mark in before
    wider: dict[str, Any] = {**PERMISSIONS, "member": PERMISSIONS["member"] | {permission}}
    monkeypatch.setattr(employer, "PERMISSIONS", wider)
    after = (await nobody.get("/employer")).text
    assert after.count(yes) == held + 1
    assert mark not in after
    assert before.count("Jamais") == after.count("Jamais")


def test_the_statement_says_what_the_table_of_criteria_says() -> None:
    if not STATEMENT.exists():
        assert AUDIT is None
        return
    verdicts = [
        cells[2].strip().lower()
        for line in STATEMENT.read_text("utf-8").splitlines()
        if len(cells := line.strip().strip("|").split("|")) > 2
        and re.fullmatch(r"\s*\d{1,2}\.\d{1,2}\s*", cells[0])
    ]
    assert len(verdicts) == CRITERIA
    assert AUDIT is not None
    counted = {name: verdicts.count(name) for name in ("conform", "not conform", "not applicable")}
    assert counted == {
        "conform": AUDIT.conform,
        "not conform": AUDIT.not_conform,
        "not applicable": AUDIT.not_applicable,
    }


async def test_the_directory_finds_who_wants_to_be_found(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob", display_name="Driss Amrani")
    await site.person("guest", is_guest=True)
    fields = [{"name": "Savoir-faire", "value": "Textures modifiées"}]
    await bob.ask(
        "PATCH", "/api/v1/accounts/update_credentials", json={"fields_attributes": fields}
    )
    browser = await browser_of(site, "ada")
    found = (await browser.get("/directory?q=amrani&where=site")).text
    assert "Driss Amrani" in found
    assert "Textures modifiées" in found
    assert 'href="/@bob"' in found
    assert "Driss Amrani" not in (await browser.get("/directory?q=introuvable")).text
    await bob.ask("PUT", "/api/maillage/v1/directory/me", json={"reach": "nobody"})
    assert "Driss Amrani" not in (await browser.get("/directory?q=amrani")).text
    for wrong in ("/directory?where=nowhere", "/directory?from=-1", "/directory?from=99999999"):
        assert (await browser.get(wrong)).status == 422, wrong
    guest = await browser_of(site, "guest")
    assert (await guest.get("/directory")).status == 403
    assert ada is not bob


async def test_people_of_a_partner_are_found_as_it_tells_of_them(start_node: Start) -> None:
    one = await start_node(name="Les Tilleuls")
    await new_person(one, "ada")
    await one.node.db.write(lambda tx: agree(tx, "https://ch.example", name="Centre hospitalier"))
    await one.node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO directory_entry (uri, origin, handle, name, fields, words) VALUES"
            " ('https://ch.example/users/1', 'https://ch.example', 'ines@ch.example',"
            ' \'Inès <i>Roussel\', \'[{"name": "Métier", "value": "Orthophoniste"}]\','
            " ' ines roussel orthophoniste')"
        )
    )
    browser = Client(build_app(one.node), one.origin, language="fr")
    await sign_in(browser, name="ada", password="une phrase de passe longue")
    found = (await browser.get("/directory?q=orthophoniste")).text
    assert "Inès &lt;i&gt;Roussel" in found
    assert "<b>Orthophoniste</b>" in found
    assert "Centre hospitalier" in found
    assert 'href="/write?to=ines@ch.example"' in found
