"""The second step: what opens a session, what does not, and what may change it."""

import re
from typing import Any

import pytest

from actors.second_factors import STEP_MS, code_at
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import PASSWORD, Site
from tests.web.mastodon.oauth_flow import action_of, authorize_path, fields_of, register, sign_in

PATH = "/settings/two-factor"


def key_of(page: Reply) -> bytes:
    import base64

    found = re.search(r"<textarea[^>]*>([A-Z2-7]+)</textarea>", page.text)
    assert found is not None, page.text
    return base64.b32decode(found[1])


def codes_of(page: Reply) -> list[str]:
    return re.findall(r"<li><b>([a-z2-7-]{19})</b></li>", page.text)


def now(key: bytes, clock: FakeClock, steps: int = 0) -> str:
    return code_at(key, clock() // STEP_MS + steps)


async def act(browser: Client, **form: str) -> Reply:
    page = await browser.get(PATH)
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert token is not None, page.text
    return await browser.post(PATH, form={"form_token": token[1], **form})


async def turn_on(site: Site, clock: FakeClock, name: str = "ada") -> tuple[bytes, list[str]]:
    """Give somebody a second step; return the key and the recovery codes."""
    await site.person(name, email=f"{name}@example.org")
    browser = site.client()
    assert (await sign_in(browser, name=name)).status == 303
    begun = await act(browser, act="begin", current=PASSWORD)
    key = key_of(begun)
    page = await act(browser, act="confirm", code=now(key, clock))
    assert page.status == 200, page.text
    return key, codes_of(page)


async def step(browser: Client, code: str, path: str = "/sign-in") -> Reply:
    """Give the password, then a code."""
    asked = await sign_in(browser, path)
    assert asked.headers["location"].startswith("/sign-in/step")
    page = await browser.get(asked.headers["location"])
    return await browser.post(action_of(page), form=fields_of(page) | {"code": code})


async def is_in(browser: Client) -> bool:
    return (await browser.get(PATH)).status == 200


async def test_a_code_follows_the_password_and_leads_on(site: Site, clock: FakeClock) -> None:
    key, codes = await turn_on(site, clock)
    assert len(set(codes)) == 10
    stored = await site.node.db.row("SELECT sealed FROM totp")
    assert stored is not None
    assert key not in bytes(stored["sealed"])
    application = await register(site)
    browser = site.client()
    clock.advance(30)
    reply = await step(browser, now(key, clock), "/sign-in?next=%2Fsettings%2Fapps")
    assert (reply.status, reply.headers["location"]) == (303, "/settings/apps")
    assert "mot de passe et code" in (await browser.get("/settings/apps")).text
    assert (await browser.get(authorize_path(application))).status == 200


async def test_the_second_step_waits_ten_times_as_long_for_who_asks(
    site: Site, clock: FakeClock
) -> None:
    """RGAA 13.1; what was asked for goes on to the session, and ends."""
    key, _ = await turn_on(site, clock)
    for seconds, fits in ((50 * 60 - 1, True), (50 * 60 + 1, False)):
        browser = site.client()
        asked = await sign_in(browser, longer="1", shared="1")
        page = await browser.get(asked.headers["location"])
        clock.advance(seconds)
        form = fields_of(page) | {"code": now(key, clock)}
        assert (await browser.post(action_of(page), form=form)).status == 303
        assert await is_in(browser) is fits
        if fits:
            clock.advance(100 * 60 - 1)
            assert await is_in(browser)
            clock.advance(2)
            assert not await is_in(browser)


async def test_after_the_password_alone_nobody_is_signed_in(site: Site, clock: FakeClock) -> None:
    """SEC-130, SEC-134: half a session is none, it ends, and a code alone is nothing."""
    key, _ = await turn_on(site, clock)
    application = await register(site)
    browser = site.client()
    asked = await sign_in(browser)
    assert not await is_in(browser)
    consent = await browser.get(authorize_path(application))
    assert consent.headers["location"].startswith("/sign-in?")
    half = next(value for name, value in browser.cookies.items() if "half" in name)
    api = site.client(half)
    assert (await api.get("/api/v1/accounts/verify_credentials")).status == 401
    page = await browser.get(asked.headers["location"])
    clock.advance(301)
    late = await browser.post(action_of(page), form=fields_of(page) | {"code": now(key, clock)})
    assert late.headers["location"].startswith("/sign-in")
    assert not await is_in(browser)
    other = site.client()
    token = fields_of(await other.get("/sign-in"))
    alone = await other.post("/sign-in/step", form=token | {"code": now(key, clock)})
    assert alone.headers["location"].startswith("/sign-in")
    assert not await is_in(other)


async def test_no_code_is_taken_twice(site: Site, clock: FakeClock) -> None:
    """SEC-133: nor one of an earlier step than the last."""
    key, codes = await turn_on(site, clock)
    # The code that turned it on was used.
    assert (await step(site.client(), now(key, clock))).status == 401
    clock.advance(30)
    used = now(key, clock)
    assert (await step(site.client(), used)).status == 303
    assert (await step(site.client(), used)).status == 401
    assert (await step(site.client(), now(key, clock, -1))).status == 401
    assert (await step(site.client(), now(key, clock, 1))).status == 303
    assert (await step(site.client(), now(key, clock, 3))).status == 401
    assert (await step(site.client(), codes[0].upper().replace("-", " "))).status == 303
    assert (await step(site.client(), codes[0])).status == 401
    assert (await step(site.client(), codes[1])).status == 303
    for wrong in ("", "000000", "x" * 500, "\uff11\uff12\uff13\uff14\uff15\uff16", "%00"):
        assert (await step(site.client(), wrong)).status in (401, 303)


async def test_codes_of_another_person_open_nothing(site: Site, clock: FakeClock) -> None:
    _, codes = await turn_on(site, clock, "bob")
    key, _ = await turn_on(site, clock)
    assert (await step(site.client(), codes[0])).status == 401
    clock.advance(30)
    assert (await step(site.client(), now(key, clock))).status == 303


async def test_guessing_codes_is_slowed(limited_site: Site, clock: FakeClock) -> None:
    """SEC-138."""
    key, _ = await turn_on(limited_site, clock)
    clock.advance(30)
    for number in range(5):
        browser = limited_site.client(address=f"127.0.0.{number + 10}")
        assert (await step(browser, "000000")).status == 401
    refused = await step(limited_site.client(address="127.0.0.99"), now(key, clock))
    assert refused.status == 429
    assert int(refused.headers["retry-after"]) <= 301
    clock.advance(301)
    assert (await step(limited_site.client(), now(key, clock))).status == 303


async def test_changing_the_second_step_takes_the_password(site: Site, clock: FakeClock) -> None:
    key, codes = await turn_on(site, clock)
    browser = site.client()
    await step(browser, codes[0])
    for wrong in ("", "not the password"):
        for what in ("remove", "renew", "begin"):
            assert (await act(browser, act=what, current=wrong)).status == 403
    assert "Codes de secours qui restent\u00a0: 9" in (await browser.get(PATH)).text
    renewed = codes_of(await act(browser, act="renew", current=PASSWORD))
    assert (len(renewed), set(renewed) & set(codes)) == (10, set())
    # Beginning again does not replace a key that is in use.
    assert (await act(browser, act="begin", current=PASSWORD)).status == 422
    clock.advance(30)
    assert (await step(site.client(), now(key, clock))).status == 303
    assert (await step(site.client(), codes[1])).status == 401
    assert (await act(browser, act="remove", current=PASSWORD)).status == 200
    assert (await sign_in(site.client())).headers["location"] == "/"


async def test_a_key_counts_only_once_it_was_confirmed(site: Site, clock: FakeClock) -> None:
    await site.person("ada")
    browser = site.client()
    await sign_in(browser)
    key = key_of(await act(browser, act="begin", current=PASSWORD))
    assert (await sign_in(site.client())).headers["location"] == "/"
    wrong = await act(browser, act="confirm", code="000000")
    assert (wrong.status, key_of(wrong)) == (422, key)
    assert 'aria-invalid="true"' in wrong.text
    assert codes_of(await act(browser, act="confirm", code=now(key, clock)))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_strangers_are_sent_to_sign_in(site: Site, method: str) -> None:
    for path in ("/settings/apps", "/settings/password", PATH, "/settings/passkeys"):
        reply = await site.client().ask(method, path)
        assert reply.status == 303
        assert reply.headers["location"].startswith("/sign-in?next=%2Fsettings")


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B (the last six of its eight digits)."""
    for at_s, expected in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert code_at(b"12345678901234567890", at_s * 1000 // STEP_MS) == expected


async def test_the_drawing_is_inline_and_obeys_the_policy(site: Site, clock: Any) -> None:
    await site.person("ada")
    browser = site.client()
    await sign_in(browser)
    page = await act(browser, act="begin", current=PASSWORD)
    assert "<svg" in page.text
    assert "style=" not in page.text
    scripts = [f"/static/{name}.js" for name in ("app", "htmx", "acts")]
    assert re.findall(r'<script src="([^"]+)"', page.text) == scripts
    assert page.text.count("<script") == len(scripts)
    assert page.headers["content-security-policy"].endswith("; script-src 'self'")
    assert "otpauth://totp/Maillage%3Aada?secret=" in page.text
