"""Signing in and consenting with a browser: words, languages, and who is kept out."""

import importlib
import pkgutil
import re
from typing import Any

import pytest

import actors
import federation
import inbox
import maillage
import outbox
import web
from federation.errors import SENTENCES
from tests.conftest import FakeClock
from tests.web.mastodon.conftest import PASSWORD, Site
from tests.web.mastodon.oauth_flow import (
    OUT_OF_BAND,
    action_of,
    authorize_path,
    consent,
    fields_of,
    register,
    sign_in,
)
from web.translations import FRENCH, LANGUAGES, choose_language, en, fr


async def test_the_code_is_shown_on_a_page_when_there_is_no_address(site: Site) -> None:
    await site.person("ada")
    application = await register(site, OUT_OF_BAND)
    # toot writes a slash at the end.
    path = authorize_path(application, redirect_uri=OUT_OF_BAND).replace(
        "authorize?", "authorize/?"
    )
    page = await consent(site.client(language="fr"), path)
    assert page.status == 200
    code = re.search(r"<textarea[^>]*>([^<]+)</textarea>", page.text)
    assert code is not None
    assert (await application.redeem(code[1], redirect_uri=OUT_OF_BAND)).status == 200
    refused = await consent(site.client(), path, decision="refuse")
    assert "Téléphone n’a reçu aucun accès" in refused.text


@pytest.mark.parametrize(
    ("accept", "asked", "expected"),
    [
        ("fr-FR,fr;q=0.9", "", "fr"), ("en-GB,en;q=0.9,fr;q=0.8", "", "en"), ("de", "", "fr"),
        ("fr", "en", "en"), ("en", "fr", "fr"), ("en;q=0.1, fr;q=0.5", "", "fr"),
        ("en", "xx", "en"), ("en;q=x,fr;q=0", "", "fr"),
    ],
)  # fmt: skip
async def test_pages_speak_the_language_asked_for(
    site: Site, accept: str, asked: str, expected: str
) -> None:
    page = await site.client(language=accept).get("/sign-in", **({"lang": asked} if asked else {}))
    assert f'<html lang="{expected}">' in page.text
    assert page.headers["vary"] == "Accept-Language, Cookie"


async def test_the_language_chosen_stays_through_the_whole_way(site: Site) -> None:
    await site.person("ada")
    application = await register(site, OUT_OF_BAND)
    path = authorize_path(application, redirect_uri=OUT_OF_BAND, lang="en")
    page = await consent(site.client(language="fr"), path)
    assert '<html lang="en">' in page.text


def test_both_languages_say_everything() -> None:
    assert fr.SENTENCES.keys() == en.SENTENCES.keys()
    for key, text in fr.SENTENCES.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", en.SENTENCES[key]))
        assert not re.search(r" [:;?!»]", text), f"{key}: a no-break space stands before these"
    assert set(LANGUAGES) == {"fr", "en"}
    assert choose_language(None, "", "en") == "en"


def test_every_error_is_said_in_french_with_the_same_parameters() -> None:
    for package in (federation, actors, outbox, inbox, web, maillage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    said = SENTENCES | en.ERRORS
    assert said.keys() - FRENCH.keys() == set()
    for code, text in FRENCH.items():
        named = set(re.findall(r"{(\w+)}", text))
        assert code not in said or named <= set(re.findall(r"{(\w+)}", said[code]))
        assert not re.search(r" [:;?!»]", text), f"{code}: a no-break space stands before these"


async def test_pages_load_nothing_foreign_and_are_not_framed_or_cached(site: Site) -> None:
    browser = site.client()
    page = await browser.get("/sign-in")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["cache-control"] == "no-store"
    assert "<script" not in page.text
    assert "style=" not in page.text
    for found in re.findall(r'(?:src|href)="([^"]*)"', page.text):
        assert found.startswith(("/", "#"))
        if found.startswith("/static/"):
            assert (await browser.get(found)).status == 200


async def test_the_consent_form_may_lead_to_its_application_only(site: Site) -> None:
    await site.person("ada")
    browser = site.client()
    await sign_in(browser)
    sources = {
        "tusky://back": "tusky:", "https://a.test/x": "https://a.test", "http://[::1]/x": "http:",
    }  # fmt: skip
    for address, source in sources.items():
        application = await register(site, address)
        page = await browser.get(authorize_path(application, redirect_uri=address))
        assert page.headers["content-security-policy"].endswith(f"form-action 'self' {source}")


async def test_what_an_application_calls_itself_is_text(site: Site) -> None:
    await site.person("ada")
    name = "<img src=x onerror=alert(1)>\"'"
    reply = await site.client().post(
        "/api/v1/apps", {"client_name": name, "redirect_uris": OUT_OF_BAND}
    )
    browser = site.client()
    await sign_in(browser)
    asked = {"response_type": "code", "client_id": reply.json["client_id"]}
    page = await browser.get("/oauth/authorize", **asked)
    assert page.status == 200
    assert "<img" not in page.text
    assert "&lt;img src=x" in page.text


@pytest.mark.parametrize("login", ["ada", "@ADA", " ada@example.org ", "ADA@example.org"])
async def test_one_signs_in_by_name_or_address(site: Site, login: str) -> None:
    await site.person("ada", email="ada@example.org")
    browser = site.client()
    assert (await sign_in(browser, name=login)).status == 303
    assert "@ada" in (await browser.get("/sign-in")).text


async def test_a_wrong_name_and_a_wrong_password_are_one_answer(site: Site) -> None:
    await site.person("ada")
    one = await sign_in(site.client(), password="not the password")
    other = await sign_in(site.client(), name="adb", password="not the password")
    assert one.status == other.status == 401
    first, second = (re.sub(r'value="[^"]*"', "", page.text) for page in (one, other))
    assert first == second
    assert 'role="alert"' in one.text
    assert "<title>Erreur" in one.text
    missing = await sign_in(site.client(), password="")
    assert missing.status == 422
    assert 'value="ada"' in missing.text
    assert 'aria-invalid="true"' in missing.text


async def test_guessing_is_slowed_by_account_and_by_address(limited_site: Site, clock: Any) -> None:
    """SEC-138."""
    await limited_site.person("ada", email="ada@example.org")
    await limited_site.person("bob")
    for n in range(10):
        browser = limited_site.client(address=f"127.0.0.{n + 10}")
        name = "ada" if n % 2 else "ada@example.org"
        assert (await sign_in(browser, name=name, password="wrong")).status == 401
    right = await sign_in(limited_site.client(address="127.0.0.99"))
    assert right.status == 429
    assert int(right.headers["retry-after"]) <= 301
    assert (await sign_in(limited_site.client(), name="bob")).status == 303
    clock.advance(301)
    assert (await sign_in(limited_site.client())).status == 303
    for n in range(30):
        attempt = await sign_in(limited_site.client(), name=f"nobody{n}", password="wrong")
        assert attempt.status == 401
    assert (await sign_in(limited_site.client(), name="bob")).status == 429
    assert (await sign_in(limited_site.client(address="127.0.0.5"), name="bob")).status == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)  # fmt: skip
async def test_forms_of_other_sites_are_refused(site: Site, headers: dict[str, str]) -> None:
    """SEC-152: each form, sent from elsewhere."""
    await site.person("ada")
    application = await register(site)
    browser = site.client()
    page = await browser.get("/sign-in")
    form = fields_of(page) | {"login": "ada", "password": PASSWORD}
    assert (await browser.post(action_of(page), form=form, headers=headers)).status == 403
    assert (await sign_in(browser)).status == 303
    asked = await browser.get(authorize_path(application))
    allow = fields_of(asked) | {"decision": "allow"}
    for path, sent in ((action_of(asked), allow), ("/sign-out", fields_of(asked))):
        assert (await browser.post(path, form=sent, headers=headers)).status == 403
        assert (await browser.post(path, form=sent | {"form_token": "x" * 64})).status == 403
        assert (await browser.post(path, form={"decision": "allow"})).status == 403
    assert await site.node.db.value("SELECT COUNT(*) FROM authorization_code") == 0
    own = {"origin": site.node.origin, "sec-fetch-site": "same-origin"}
    assert (await browser.post(action_of(asked), form=allow, headers=own)).status == 303


@pytest.mark.parametrize(
    "wrong",
    [
        "//evil.example", "/%2Fevil.example", "/\\evil.example", "https:evil.example",
        "https://evil.example/", "/oauth/authorize/../../x?", "/oauth/authorize?a\r\nb",
        "/oauth/authorizex?", "javascript:alert(1)", "/sign-out", "/oauth/authorize?\\",
    ],
)  # fmt: skip
async def test_signing_in_leads_nowhere_else(site: Site, wrong: str) -> None:
    """SEC-146."""
    await site.person("ada")
    browser = site.client()
    assert (await browser.get("/sign-in", next=wrong)).status == 400
    page = await browser.get("/sign-in")
    form = fields_of(page) | {"login": "ada", "password": PASSWORD, "next": wrong}
    assert (await browser.post("/sign-in", form=form)).status == 400
    form["next"] = "/oauth/authorize?client_id=x"
    reply = await browser.post("/sign-in", form=form)
    assert reply.headers["location"] == "/oauth/authorize?client_id=x"


async def test_the_session_cookie_is_read_by_no_script_and_ends_on_the_server(
    site: Site, clock: Any
) -> None:
    await site.person("ada")
    browser = site.client()
    reply = await sign_in(browser)
    cookie = next(
        v.decode() for k, v in reply.raw_headers if k == b"set-cookie" and b"session" in v
    )
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "Max-Age" not in cookie
    kept = dict(browser.cookies)
    page = await browser.get("/sign-in")
    assert (await browser.post("/sign-out", form=fields_of(page))).status == 303
    assert browser.cookies == {}
    thief = site.client()
    thief.cookies = kept
    assert "<form" in (await thief.get("/sign-in")).text
    assert 'name="password"' in (await thief.get("/sign-in")).text
    await sign_in(browser)
    clock.advance(20 * 3600 + 1)
    assert 'name="password"' in (await browser.get("/sign-in")).text


async def test_a_shared_device_keeps_nobody_signed_in(site: Site) -> None:
    await site.person("ada")
    application = await register(site)
    for sent, stays in (({}, True), ({"shared": "1"}, False)):
        browser = site.client()
        assert (await consent(browser, authorize_path(application), **sent)).status == 303
        page = await browser.get("/sign-in")
        assert ('name="password"' not in page.text) is stays


@pytest.mark.parametrize(
    ("sent", "minutes"),
    [
        ({"shared": "1"}, 10),
        ({"shared": "1", "longer": "1"}, 100),
        ({}, 20 * 60),
        ({"longer": "1"}, 20 * 60),
    ],
)
async def test_whoever_needs_more_time_on_a_shared_device_has_ten_times_as_much(
    site: Site, clock: FakeClock, sent: dict[str, str], minutes: int
) -> None:
    """RGAA 13.1: the limit can be made longer, or is of twenty hours."""
    await site.person("ada")
    browser = site.client()
    assert (await sign_in(browser, **sent)).status == 303
    clock.advance(minutes * 60 - 1)
    assert (await browser.get("/settings/apps")).status == 200
    clock.advance(2)
    assert (await browser.get("/settings/apps")).status == 303


async def test_static_files_are_the_known_ones(site: Site) -> None:
    browser = site.client()
    style = await browser.get("/static/maillage.css")
    assert style.headers["content-type"].startswith("text/css")
    again = await browser.ask(
        "GET", "/static/maillage.css", headers={"if-none-match": style.headers["etag"]}
    )
    assert (again.status, again.body) == (304, b"")
    for wrong in ("/static/../app.py", "/static/app.py", "/static/.", "/static/%2e%2e%2fapp.py"):
        assert (await browser.get(wrong)).status == 404


async def test_the_front_page_leads_to_signing_in(site: Site) -> None:
    reply = await site.client().get("/", lang="en")
    assert (reply.status, reply.headers["location"]) == (303, "/sign-in?lang=en")
