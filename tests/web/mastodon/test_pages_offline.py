"""What a browser may keep: a name for each session, nothing of a shared device, small files."""

import gzip
from hashlib import sha256
from typing import Any

import pytest

from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of, token_of
from tests.web.mastodon.oauth_flow import sign_in
from web.pages.static import FILES, PACKED

READER = "maillage-reader"
SCRIPT_BYTES_MAX, FIRST_BYTES_MAX, PAGE_BYTES_MAX = 14_000, 150_000, 30_000
HTMX_PACKED_BYTES_MAX = 14_000
# `dist/htmx.min.js` of htmx.org 4.0.1 from npm.
HTMX_SHA256 = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"


def test_scripts_and_all_that_a_first_page_needs_are_small() -> None:
    whole = {name: len(body) for name, (body, _) in FILES.items()}
    scripts = [name for name in whole if name.endswith(".js")]
    assert sum(whole[name] for name in scripts if name != "htmx.js") < SCRIPT_BYTES_MAX
    # As they leave.
    sizes = whole | {name: len(body) for name, body in PACKED.items()}
    assert sizes["htmx.js"] < HTMX_PACKED_BYTES_MAX
    needed = ("maillage.css", "atkinson-next-latin.woff2", "mark.svg", "icon-192.png", "avatar.png")
    assert sum(sizes[name] for name in (*needed, *scripts)) + PAGE_BYTES_MAX <= FIRST_BYTES_MAX
    assert all(sizes[name] < 10_000 for name in ("icon-512.png", "icon-maskable.png"))


def test_htmx_is_the_file_that_was_released() -> None:
    assert sha256(FILES["htmx.js"][0]).hexdigest() == HTMX_SHA256


async def test_the_site_is_an_application_of_its_own_name(site: Site) -> None:
    reply = await site.client().get("/manifest.webmanifest")
    assert reply.headers["content-type"] == "application/manifest+json"
    found = reply.json
    assert (found["name"], found["start_url"], found["display"]) == (
        site.node.name, "/", "standalone",
    )  # fmt: skip
    assert {one["purpose"] for one in found["icons"]} == {"any", "maskable"}
    for one in found["icons"]:
        icon = await site.client().get(one["src"])
        assert (icon.status, icon.headers["content-type"]) == (200, one["type"])
    page = await site.client().get("/sign-in")
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page.text
    assert "manifest-src 'self'" in page.headers["content-security-policy"]


async def test_the_worker_serves_the_whole_site_and_may_load_nothing_foreign(site: Site) -> None:
    reply = await site.client().get("/service-worker.js")
    assert reply.headers["content-type"].startswith("text/javascript")
    assert reply.headers["content-security-policy"] == "default-src 'none'; connect-src 'self'"
    assert reply.headers["cache-control"] == "no-cache"
    offline = await site.client(language="en").get("/offline")
    assert offline.status == 200
    assert '<html lang="en">' in offline.text
    assert READER not in offline.headers


@pytest.mark.parametrize("path", ["/", "/write", "/notifications", "/@ada"])
async def test_a_page_is_kept_for_one_session_only(site: Site, path: str) -> None:
    await site.person("ada")
    first, second = await browser_of(site, "ada"), await browser_of(site, "ada")
    named = [(await browser.get(path)).headers[READER] for browser in (first, first, second)]
    assert named[0] == named[1] != named[2]
    name, until = named[0].split(" ")
    assert int(until) == site.node.clock() + 20 * 3_600_000
    hashes = await site.node.db.rows("SELECT token_hash FROM session")
    assert all(name not in row["token_hash"] for row in hashes)
    page = await first.get(path)
    assert len(page.body) <= PAGE_BYTES_MAX
    assert f'data-reader="{site.id_of("ada")}"' in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


async def test_nothing_is_kept_on_a_shared_device_nor_after_signing_out(site: Site) -> None:
    await site.person("ada")
    browser = site.client(language="fr")
    await sign_in(browser, name="ada")
    token = token_of(await browser.get("/write"))
    own = await browser.post("/sign-out", form={"form_token": token})
    assert own.headers["clear-site-data"] == '"storage"'
    asked = await browser.get("/sign-in")
    assert asked.headers[READER] == "-"
    shared = await browser.post(
        "/sign-in",
        form={
            "login": "ada", "password": "correct horse battery", "shared": "1",
            "form_token": token_of(await browser.get("/sign-in")),
        },
    )  # fmt: skip
    assert shared.status == 303
    assert shared.headers["clear-site-data"] == '"storage"'
    for path in ("/", "/@ada", "/settings", "/write"):
        page = await browser.get(path)
        assert page.status == 200
        assert page.headers[READER] == "-"
        assert "/static/app.js" not in page.text


@pytest.mark.parametrize("path", ["/settings", "/settings/hours", "/welcome", "/staff/people"])
async def test_settings_and_the_work_of_staff_are_not_kept(site: Site, path: str) -> None:
    more: dict[str, Any] = {"role": "administrator"}
    await site.person("ada", **more)
    page = await (await browser_of(site, "ada")).get(path)
    assert page.status == 200
    assert READER not in page.headers


async def test_texts_are_packed_for_who_unpacks_them(site: Site) -> None:
    client, packs = site.client(), {"accept-encoding": "gzip, br"}
    plain = await client.get("/static/maillage.css")
    packed = await client.ask("GET", "/static/maillage.css", headers=packs)
    assert "content-encoding" not in plain.headers
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == (
        "gzip", "Accept-Encoding",
    )  # fmt: skip
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert packed.headers["etag"] != plain.headers["etag"]
    known = packs | {"if-none-match": packed.headers["etag"]}
    assert (await client.ask("GET", "/static/maillage.css", headers=known)).status == 304
    font = await client.ask("GET", "/static/atkinson-next-latin.woff2", headers=packs)
    assert "content-encoding" not in font.headers
