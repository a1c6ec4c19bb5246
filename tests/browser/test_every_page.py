"""What holds for every page of a site that has been lived in, in a real browser.

Nothing is asked of another host, the console and the policy have nothing to say, no page is
heavy, its structure can be heard, and it stays readable narrow, enlarged and spaced out.
"""

from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest

from actors.sign_up import CONFIRM_PATH
from federation.database import Transaction
from tests.browser.chromium import Page
from tests.browser.every_page import OPEN, own
from tests.browser.lived_in import lived_in
from tests.browser.test_authorize import sign_in
from tests.browser.test_member_pages import OPEN_ALL
from tests.browser.test_writing_pages import EVIL
from tests.serving import Running
from web.pages.routes import ROUTES

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

PAGE_BYTES_MAX = 30_000
# Files, and pages that need a code, a link or an act before: visited where those are made.
ELSEWHERE = frozenset({
    "/static/{name}", "/sign-in/step", "/password/new", "/oauth/authorize", "/oauth/authorize/",
    "/invitation/{code}", "/home", "/conversations/{id}", CONFIRM_PATH,
    "/staff/reports/{id}/conversation", "/staff/rhythm.csv", "/service-worker.js",
    "/manifest.webmanifest", "/staff/erasures/{id}", "/staff/erasures/{id}/sites.csv",
    "/erasure/{token}", "/erasure/{token}/sites.csv", "/staff/partners/{host}/not_us",
    "/staff/organisation/invite", "/staff/organisation/leave",
    "/staff/organisation/sites/{host}/remove", "/staff/organisation/proposed/{host}",
})  # fmt: skip
# Measured in one visit to each page: what was asked for, how heavy the page is, how it is built.
LOOK = """(() => {
  const seen = (one) => one.offsetParent !== null || getComputedStyle(one).position === 'fixed';
  const names = [...document.querySelectorAll('main h1, main h2, main h3, main h4')];
  const named = (one) => (one.getAttribute('aria-label') || one.title || (one.labels
    && one.labels.length) || one.getAttribute('aria-labelledby') || one.textContent.trim()
    || one.querySelector('img[alt]:not([alt=""])'));
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  return {
    asked: performance.getEntriesByType('resource').map((one) => one.name),
    bytes: performance.getEntriesByType('navigation')[0].encodedBodySize,
    title: document.title, lang: document.documentElement.lang,
    levels: names.filter(seen).map((one) => Number(one.tagName[1])),
    landmarks: ['header', 'main', 'footer']
      .map((one) => document.querySelectorAll('body > ' + one).length),
    skip: document.querySelector('a').hash === '#contenu',
    unnamed: [...document.querySelectorAll(
      'a[href], button, input:not([type=hidden]), select, textarea')]
      .filter((one) => !named(one)).map((one) => one.outerHTML),
    twice: ids.filter((one, at) => ids.indexOf(one) !== at),
    inline: document.querySelectorAll('[style], script:not([src]), [onclick], [onload]').length,
    ran: window.ran,
  };
})()"""
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Texts that are read from right to left and stand in no element that says so. Drawings have a
# table beside them, and the title of a page has no elements: isolates stand in it.
UNTOLD = """(() => {
  const walk = document.createTreeWalker(document, NodeFilter.SHOW_TEXT), found = [];
  while (walk.nextNode()) {
    const { data, parentElement: around } = walk.currentNode;
    const told = around.closest('svg, title, [dir=rtl]');
    if (/[\\u0590-\\u08ff]/.test(data) && !told) found.push(data);
  }
  document.querySelectorAll('[alt], input[value]').forEach((one) => {
    const told = one.type === 'hidden' || one.dir === 'rtl';
    if (/^[\\u0590-\\u08ff]/.test(one.alt || one.value) && !told) found.push(one.outerHTML);
  });
  return [found, document.querySelectorAll('main [dir=rtl]').length,
    document.querySelectorAll('[dir]:not([dir=rtl]):not([dir=ltr])').length];
})()"""
# Words that are short enough for a line of their own and yet stand on two.
BROKEN = """(() => {
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const found = [], range = document.createRange();
  while (walk.nextNode()) {
    const { data, parentElement: around } = walk.currentNode;
    if (!around.checkVisibility() || around.closest('svg, .vh, textarea, option')) continue;
    for (const word of data.matchAll(/(?<![^\\s’'(])[\\p{L}]{2,12}(?![^\\s,.;:)])/gu)) {
      range.setStart(walk.currentNode, word.index);
      range.setEnd(walk.currentNode, word.index + word[0].length);
      const rows = new Set([...range.getClientRects()].map((one) => Math.round(one.top)));
      if (rows.size > 1) found.push(word[0]);
    }
  }
  return found;
})()"""
# The spacing of text that somebody may need (WCAG 1.4.12), as her browser would add it.
SPACED = """(() => { const sheet = new CSSStyleSheet(); sheet.replaceSync(
  '* { line-height: 1.5 !important; letter-spacing: .12em !important;'
  + ' word-spacing: .16em !important } p { margin-bottom: 2em !important }');
  document.adoptedStyleSheets = [sheet]; })()"""
CUT = """[...document.querySelectorAll('main p, main h1, main h2, main a.btn, main button.btn')]
  .filter((one) => one.offsetParent && getComputedStyle(one).overflow === 'hidden'
    && !one.closest('.vh') && one.scrollHeight > one.clientHeight + 2)
  .map((one) => one.outerHTML)"""

Work = Callable[[Transaction], Awaitable[None]]


async def _paths(
    named: Running, page: Page, language: str, said: Work | None = None
) -> dict[str, str]:
    """Every page, Ada being signed in; `said` changes texts before any page has drawn them."""
    world = await lived_in(named)
    if said is not None:
        await named.node.db.write(said)
    await page.go(f"{named.origin}/?lang={language}")
    await sign_in(page)
    return await own(world)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_page_is_whole(named: Running, page: Page, language: str) -> None:
    titles: dict[str, str] = {}

    async def visit(name: str, path: str) -> None:
        await page.go(f"{named.origin}{path}")
        seen: dict[str, Any] = await page.run(LOOK)
        assert all(one.startswith(f"{named.origin}/") for one in seen["asked"]), (name, seen)
        assert seen["bytes"] <= PAGE_BYTES_MAX, (name, seen["bytes"])
        assert seen["lang"] == language, name
        assert seen["landmarks"] == [1, 1, 1], (name, seen)
        assert seen["skip"], name
        assert seen["unnamed"] == [], (name, seen["unnamed"])
        assert seen["twice"] == [], (name, seen["twice"])
        assert seen["inline"] == 0, name
        levels = seen["levels"]
        assert levels.count(1) == 1, (name, levels)
        assert levels[0] == 1, (name, levels)
        assert all(after <= before + 1 for before, after in pairwise(levels)), (name, levels)
        titles[name] = seen["title"]

    await page.go(f"{named.origin}/sign-in?lang={language}")
    for name, path in OPEN.items():
        await visit(name, path)
    refused = len([one for one in page.troubles if "404" in one or "401" in one])
    assert len(page.troubles) == refused, page.troubles
    paths = await _paths(named, page, language)
    assert _left_out([*OPEN.values(), *paths.values()]) == []
    for name, path in paths.items():
        await visit(name, path)
    assert len(page.troubles) == refused, page.troubles
    # Pages that are different are called differently.
    for group in (("home", "write", "thread"), ("staff", "staff-people", "staff-log"),
                  ("map", "directory", "lists")):  # fmt: skip
        assert len({titles[name] for name in group}) == len(group), titles


async def test_every_page_can_be_narrow_enlarged_and_spaced_out(named: Running, page: Page) -> None:
    paths, broken = await _paths(named, page, "fr"), {}
    for name, path in paths.items():
        # 320 px is also what is left of 1280 px at 400 %.
        await page.size(320, 640)
        await page.go(f"{named.origin}{path}")
        await page.run(OPEN_ALL)
        assert await page.run(WIDE) <= 0, (name, "320 px")
        broken[name] = await page.run(BROKEN)
        await page.run(SPACED)
        assert await page.run(WIDE) <= 0, (name, "spaced out")
        assert await page.run(CUT) == [], (name, "cut off")
        await page.run("document.documentElement.style.fontSize = '200%'")
        await page.size(640, 640)
        assert await page.run(WIDE) <= 0, (name, "text at 200 %")
    assert {name: words for name, words in broken.items() if words} == {}


def _left_out(paths: list[str]) -> list[str]:
    """The addresses of pages that are neither visited nor known for what they need."""
    plain = [path.partition("?")[0] for path in paths]
    return [
        route.path
        for route in ROUTES
        if "GET" in (route.methods or ())
        and route.path not in ELSEWHERE
        and not any(route.path_regex.match(path) for path in plain)
    ]


async def _fill(tx: Transaction, said: str) -> None:
    """Put this into every text that a person or a partner can fill."""
    for table, columns in {
        "actor": ("display_name",),
        "partnership": ("name", "contact"),
        "report": ("comment",),
        "attachment": ("description", "file_name"),
        "poll_option": ("title",),
        "status": ("summary",),
        "invitation": ("for_name",),
        "list": ("title",),
        "content_filter": ("title",),
        "filter_keyword": ("keyword",),
        "audit": ("reason",),
        "directory_entry": ("name", "fields"),
    }.items():
        for column in columns:
            value = said if column != "fields" else "[]"
            await tx.execute(f"UPDATE {table} SET {column} = ?", value[:1_000])


async def _poison(tx: Transaction) -> None:
    await _fill(tx, " ".join(EVIL))
    await tx.execute("UPDATE delivery SET last_error = ?", EVIL[1])
    await tx.execute("UPDATE peer SET note = ?, software = ?", EVIL[1], EVIL[0])
    await tx.execute("UPDATE session SET device = ?", EVIL[1])


async def test_nothing_runs_that_a_partner_says(named: Running, page: Page) -> None:
    paths = await _paths(named, page, "fr", _poison)
    for name, path in paths.items():
        await page.go(f"{named.origin}{path}")
        await page.run(OPEN_ALL)
        seen: dict[str, Any] = await page.run(LOOK)
        assert seen.get("ran") is None, name
        assert seen["inline"] == 0, name
        assert all(one.startswith(f"{named.origin}/") for one in seen["asked"]), (name, seen)
        assert await page.run(WIDE) <= 0, name
    assert page.troubles == []


async def test_what_is_read_from_the_right_says_so_on_every_page(
    named: Running, page: Page
) -> None:
    name, told = "ليلى حداد 12", 0

    async def work(tx: Transaction) -> None:
        await _fill(tx, name)
        html = f'<p>{name} <a href="/">Maillage</a> {name}</p><p>Bonjour</p>'
        await tx.execute("UPDATE status SET content_html = ?, text = ?", html, name)
        await tx.execute("UPDATE actor SET summary_html = ?", html)

    paths = await _paths(named, page, "fr", work)
    for path in paths.values():
        await page.go(f"{named.origin}{path}")
        untold, marks, other = await page.run(UNTOLD)
        assert (untold, other) == ([], 0), path
        told += marks
        assert await page.run(WIDE) <= 0, path
    assert told > 5 * len(paths)
