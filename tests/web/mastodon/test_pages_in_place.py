"""What a button answers to htmx: the part that changed, or where to go; and what it never does."""

import pytest

from federation.elements import element_with_id
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of, token_of
from tests.web.mastodon.test_pages_reading import said


async def press(browser: Client, here: str, do: str, back: str = "", **more: str) -> Reply:
    """Press a button of the page `here` as htmx sends it."""
    form = {"form_token": token_of(await browser.get(here)), "do": do, "back": back or here}
    headers = {"hx-request": "true", "hx-current-url": f"https://tilleuls.example{here}"}
    return await browser.post("/act", form=form | more, headers=headers)


async def test_the_part_that_changed_is_the_one_of_the_page(site: Site) -> None:
    bob = await site.person("bob")
    await site.person("ada")
    made, other = await said(bob, "un texte"), await said(bob, "un autre")
    browser = await browser_of(site, "ada")
    for here in (f"/@bob/{made}", "/@bob", "/?view=site"):
        for verb, pressed in (("thank", "true"), ("unthank", "false")):
            reply = await press(browser, here, f"{verb} {made}")
            assert reply.status == 200
            assert reply.headers["hx-retarget"] == f"#s{made}"
            assert reply.headers["hx-reswap"] == "outerMorph"
            assert reply.headers["cache-control"] == "no-store"
            assert reply.text == element_with_id((await browser.get(here)).text, f"s{made}")
            assert f'aria-pressed="{pressed}"' in reply.text
            assert f"s{other}" not in reply.text
    # The same button without htmx leads back to the page.
    form = {"form_token": token_of(await browser.get("/@bob")), "do": f"thank {made}"}
    reply = await browser.post("/act", form=form | {"back": "/@bob"})
    assert (reply.status, reply.headers["location"]) == (303, f"/@bob#s{made}")
    assert "hx-retarget" not in reply.headers


async def test_a_page_without_the_part_is_loaded_again_and_another_one_gone_to(site: Site) -> None:
    bob = await site.person("bob")
    ada = await site.person("ada")
    made, own = await said(bob, "un texte"), await said(ada, "le mien")
    browser = await browser_of(site, "ada")
    # Kept no more, it has gone from this page.
    await press(browser, f"/@bob/{made}", f"keep {made}")
    gone = await press(browser, "/bookmarks", f"unkeep {made}")
    assert (gone.status, gone.headers["hx-refresh"], gone.text) == (200, "true", "")
    away = await press(browser, "/@bob", f"thank {made}", back="/?view=site")
    assert away.headers["hx-redirect"] == f"/?view=site#s{made}"
    asked = await press(browser, f"/@ada/{own}", f"delete {own}")
    assert "<html" in asked.text
    assert not [name for name in asked.headers if name.startswith("hx-")]


async def test_it_is_refused_as_without_and_shows_nothing_more(site: Site) -> None:
    bob = await site.person("bob")
    await site.person("ada")
    made, hidden = await said(bob, "un texte"), await said(bob, "un secret", "direct")
    browser = await browser_of(site, "ada")
    for do, status in {f"thank {hidden}": 404, f"vote {hidden}": 404, "explode 1": 422}.items():
        reply = await press(browser, "/@bob", do)
        assert reply.status == status
        assert "un secret" not in reply.text
        assert "hx-retarget" not in reply.headers
    assert (await press(browser, "/@bob", f"thank {made}", back="//evil.example")).status == 400
    assert (await press(browser, "/@bob", f"thank {made}", form_token="x")).status == 403
    nobody = {"hx-request": "true", "origin": "https://evil.example"}
    form = {"form_token": token_of(await browser.get("/")), "do": f"thank {made}"}
    assert (await browser.post("/act", form=form, headers=nobody)).status == 403
    assert await site.node.db.value("SELECT COUNT(*) FROM favourite") == 0


@pytest.mark.parametrize(
    ("page", "wanted", "found"),
    [
        ('<p id="a">x</p>', "a", '<p id="a">x</p>'),
        ('<div><div id="a"><div>1</div>2</div>3</div>', "a", '<div id="a"><div>1</div>2</div>'),
        ('<p title=" id=">x</p>', "a", None),
        ('<p id="ab">x</p>', "a", None),
        ('<p> id="a"</p>', "a", None),
        ('<p id="a">never ends', "a", None),
    ],
)
def test_an_element_is_cut_out_whole(page: str, wanted: str, found: str | None) -> None:
    assert element_with_id(page, wanted) == found
