"""Where members write, and their own pages, in a real browser: looked at, led, and attacked.

With MAILLAGE_TEST_PICTURES=FOLDER each page is also kept there as a picture.
"""

import asyncio
import json

import pytest

from actors import lists
from actors.profiles import ProfileChanges, update_profile
from federation.database import Transaction
from federation.peers import allow
from inbox import filters
from inbox.filters import FilterChange, KeywordChange
from outbox import interactions, pins, relations
from outbox.drafts import PollDraft
from outbox.edits import Revision, edit
from tests.browser.chromium import Page
from tests.browser.small_world import World, small_world
from tests.browser.test_accessibility import Looking, axe
from tests.browser.test_authorize import sign_in
from tests.browser.test_member_pages import OPEN_ALL
from tests.serving import Running

__all__ = ["axe"]

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

SITES = (
    ("https://aubepines.example", "Les Aubépines", "site"),
    ("https://tilleuls.example", "Le Clos des Tilleuls", "site"),
    ("https://mairie.example", "Mairie de Lorvigny", "partner"),
    ("https://hopital.example", "Centre hospitalier du Haut-Arvon", "partner"),
)
BUTTON = "[...document.querySelectorAll('.send [value=publish]')].pop().innerText.trim()"


async def _agree(running: Running, origin: str, name: str, kind: str) -> None:
    """An agreement in force, as it stands in the database; nobody answers there."""
    node = running.node
    given = {
        "origin": origin, "kind": kind, "state": "active", "name": name,
        "agreement_uri": f"{origin}/agreements/1", "revision": 1, "agreement": b"{}",
        "digest": "", "fingerprint": "", "gives_audiences": True, "takes_audiences": True,
        "ends_at": node.clock() + 86_400_000, "created_at": node.clock(),
        "changed_at": node.clock(),
    }  # fmt: skip
    names, places = ", ".join(given), ", ".join("?" * len(given))

    async def work(tx: Transaction) -> None:
        await tx.execute(f"INSERT INTO partnership ({names}) VALUES ({places})", *given.values())
        await allow(tx, origin, node.clock())

    await node.db.write(work)


async def peopled(running: Running) -> World:
    """The small world, with agreements, a list, a filter, a draft's parts, an edit, requests."""
    world = await small_world(running)
    node, ada = running.node, world.people["ada"]
    for origin, name, kind in SITES:
        await _agree(running, origin, name, kind)
    listed = await node.db.write(lambda tx: lists.create(node, tx, ada["id"], {"title": "Nuit"}))
    driss = world.people["driss"]["id"]
    await node.db.write(lambda tx: lists.add(node, tx, listed, [driss]))
    world.people["list"] = listed
    change = FilterChange(
        "Le sport", ["home", "public"], "warn",
        keywords=[KeywordChange("match"), KeywordChange("ligue 1")],
    )  # fmt: skip
    await node.db.write(lambda tx: filters.create(node, tx, ada["id"], change))
    asked = world.statuses["asked"]
    again = Revision("Que proposez-vous comme collation de nuit, en texture lisse et tiède ?")
    await edit(node, ada, asked, again)
    await pins.pin(node, ada, asked)
    await interactions.favourite(node, ada, world.statuses["answer"])
    await world.write("driss", "@ada Je vous appelle demain.", "private", visibility="direct")
    await relations.block(node, ada, world.people["elodie"])
    for n in range(6):
        await world.write("yannick", f"Relevé de la terrasse, numéro {n + 1}.")
    return world


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_writing_and_own_pages(named: Running, page: Page, axe: str, language: str) -> None:
    world = await peopled(named)
    look, here = Looking(page, axe, language), named.origin
    asked = world.statuses["asked"]["id"]
    await page.go(f"{here}/write?lang={language}")
    await sign_in(page)
    await page.write("#status", "Le goûter des aînés a lieu mercredi.")
    await page.run("document.querySelector('#v-named_partners').click()")
    await page.run("document.querySelector('[name=\"partners[]\"]').click()")
    await look.at("circle-partners")
    await page.follow("[value=look]:not(.vh)")
    await look.at("circle-looked")
    await page.run("document.querySelector('#v-organisation').click()")
    await page.run("document.querySelectorAll('.extras details')[3].open = true")
    await page.run("document.querySelector('#day').value = '2020-01-01'")
    await page.follow(".send [value=publish]")
    await page.focused("problem")
    await look.at("write-later-wrong")
    for name, path in {
        "drafts": "/drafts",
        "scheduled": "/scheduled",
        "thanked": "/favourites",
        "conversations": "/conversations",
        "following": "/following",
        "followers-of": "/@driss/followers",
        "requests": "/requests",
        "blocks": "/blocks",
        "lists": "/lists",
        "list": f"/lists/{world.people['list']['id']}",
        "tags-followed": "/tags",
        "filters": "/filters",
        "filter-new": "/filters/new",
        "history": f"/@ada/{asked}/history",
        "thread-own": f"/@ada/{asked}",
        "write-edit": f"/write?edit={asked}",
        "home-folded": "/",
        "home-organisation": "/?view=organisation",
        "profile-pinned": "/@ada",
        "profile-bell": "/@yannick",
        "search-help": "/search",
    }.items():
        await page.go(here + path)
        await page.run(OPEN_ALL)
        await look.at(name)
    assert [one for one in page.troubles if "422" not in one] == []


async def test_the_script_names_the_circle_and_keeps_the_draft(named: Running, page: Page) -> None:
    await peopled(named)
    await page.go(f"{named.origin}/write?lang=fr")
    await sign_in(page)
    assert await page.run(BUTTON) == "Publier pour mon établissement"
    await page.run("document.querySelector('#v-organisation').click()")
    assert await page.run(BUTTON) == "Publier pour mon organisation"
    for box in (0, 1):
        await page.run(f"document.querySelectorAll('[name=\"partners[]\"]')[{box}].click()")
    assert await page.run(BUTTON) == "Publier pour mon organisation et 2 partenaires"
    await page.write("#status", "Un texte que personne n’a demandé de garder.")
    async with asyncio.timeout(15):
        while not await named.node.db.value("SELECT COUNT(*) FROM unfinished"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    kept = await named.node.db.value("SELECT letter FROM unfinished")
    assert json.loads(kept)["text"] == "Un texte que personne n’a demandé de garder."
    assert sorted(json.loads(kept)["partners"]) == sorted(one for one, _, kind in SITES
                                                          if kind == "partner")  # fmt: skip
    await page.go(f"{named.origin}/drafts")
    await page.follow("a[href^='/write?draft=']")
    assert await page.run(BUTTON) == "Publier pour mon organisation et 2 partenaires"
    assert "gardé" not in await page.run("document.querySelector('#status').placeholder")
    assert page.troubles == []


EVIL = (
    "<script>window.ran=1</script>",
    "\"'><img src=x onerror=window.ran=1>",
    "<svg/onload=window.ran=1>",
    "</textarea></title></style><iframe srcdoc='<script>parent.ran=1</script>'>",
    '<a href="javascript:window.ran=1">x</a><form action=https://evil.example><input>',
    "<style>@import url(//evil.example/x.css)</style><link rel=stylesheet href=//evil.example>",
    "{{ 7*7 }}{% raw %}<base href=https://evil.example>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.ran=1>",
    "<b hx-get=/act hx-trigger=load hx-on:click=window.ran=1 data-hx-on='load -> window.ran=1'>x",
)


async def test_nothing_that_people_write_runs(named: Running, page: Page) -> None:
    world = await small_world(named)
    node, ada = named.node, world.people["ada"]
    everything = " ".join(EVIL)

    given = [{"name": text[:100], "value": text[:200]} for text in EVIL[:4]]
    for name in ("ada", "driss"):
        changes: ProfileChanges = {"summary": everything[:450], "fields": given}
        await update_profile(node, world.people[name], changes)
    await node.db.write(lambda tx: tx.execute("UPDATE actor SET display_name = ?", everything))
    listed = await node.db.write(
        lambda tx: lists.create(node, tx, ada["id"], {"title": everything[:250]})
    )
    change = FilterChange(
        everything[:250], ["home", "public", "thread"], "warn",
        keywords=[KeywordChange("poison"), KeywordChange(everything[:500])],
    )  # fmt: skip
    await node.db.write(lambda tx: filters.create(node, tx, ada["id"], change))
    await node.db.write(
        lambda tx: tx.execute("UPDATE attachment SET description = ?, file_name = ?",
                              everything[:1_400], EVIL[1])
    )  # fmt: skip
    paths: list[str] = []
    for number, text in enumerate((*EVIL, everything)):
        made = await world.write(
            "driss", f"poison @ada {text}", f"evil {number}", spoiler_text=text[:200],
            poll=PollDraft((text[:50], f"{number} {text}"[:50]), 86_400),
        )  # fmt: skip
        paths.append(f"/@driss/{made['id']}")
    last = world.statuses[f"evil {len(EVIL)}"]
    await edit(node, world.people["driss"], last, Revision(f"poison {everything}", EVIL[0]))
    await world.write("driss", f"@ada {everything}", "talk", visibility="direct")
    await world.write("ada", everything, "own", spoiler_text=EVIL[1])
    await interactions.bookmark(node, ada, last)
    await interactions.favourite(node, ada, last)
    await page.go(f"{named.origin}/")
    await sign_in(page)
    await page.tell("Network.enable")
    own, filter_id = (
        world.statuses["own"]["id"],
        await node.db.value("SELECT id FROM content_filter"),
    )
    for path in (
        "/", "/?view=site", *paths, f"{paths[-1]}/history", "/@driss", "/@ada", "/@yannick",
        "/notifications", "/conversations", "/bookmarks", "/favourites", "/following",
        "/@driss/followers", "/lists", f"/lists/{listed['id']}", "/filters",
        f"/filters/{filter_id}", "/search?q=poison", f"/write?reply={last['id']}",
        f"/write?edit={own}", f"/@ada/{own}", "/search?q=%3Cscript%3Ewindow.ran%3D1%3C/script%3E",
    ):  # fmt: skip
        await page.go(named.origin + path)
        await page.run(OPEN_ALL)
        assert not await page.run("window.ran"), path
        assert await page.run(
            "document.querySelectorAll('main iframe, main script, main style, main base, main link,"
            " main [onerror], main [onload], main [href^=javascript], main [style],"
            " main :is([hx-get], [hx-trigger], [data-hx-on])').length"
        ) == 0, path  # fmt: skip
        asked = await page.run("performance.getEntriesByType('resource').map((one) => one.name)")
        assert all(one.startswith(f"{named.origin}/") for one in asked), (path, asked)
    # What a form was given comes back in it, and runs as little.
    await page.go(f"{named.origin}/write")
    await page.run(f"document.querySelector('#status').value = {json.dumps(everything)}")
    await page.run(f"document.querySelector('#warning').value = {json.dumps(EVIL[1])}")
    await page.run(f"document.querySelector('#option-1').value = {json.dumps(EVIL[1])}")
    await page.follow(".send [value=publish]")
    await page.focused("problem")
    assert await page.run("document.querySelector('#status').value") == everything
    await page.go(f"{named.origin}/drafts")
    assert not await page.run("window.ran")
    assert [one for one in page.troubles if "422" not in one] == []
