"""A person with a real browser lets an application in: by code, by passkey, by keyboard alone."""

import base64
import re
from urllib.parse import urlencode

import pytest

from actors.second_factors import STEP_MS, code_at
from tests.browser.chromium import Page
from tests.serving import Running
from tests.web.conftest import new_person

pytestmark = [
    pytest.mark.needs("chromium"),
    # The browser's own bus and sockets are closed by its end.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

PASSWORD = "une phrase de passe longue"
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


async def registered(named: Running) -> dict[str, str]:
    sent = {"client_name": "Téléphone", "redirect_uris": OUT_OF_BAND, "scopes": "read write push"}
    async with named.http.post(f"{named.origin}/api/v1/apps", data=sent) as answer:
        return await answer.json()


def authorize_url(named: Running, application: dict[str, str], language: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": application["client_id"],
        "redirect_uri": OUT_OF_BAND,
        "scope": "read write push",
        "lang": language,
    }
    return f"{named.origin}/oauth/authorize?{urlencode(asked)}"


async def sign_in(page: Page) -> None:
    await page.write("#login", "ada")
    await page.write("#password", PASSWORD)
    await page.follow("form:has(#password) .btn")


async def allow(named: Running, page: Page, application: dict[str, str]) -> None:
    """Consent, copy the code, and see that the token is the person's."""
    assert await page.path() == "/oauth/authorize"
    await page.follow("button[value=allow]")
    code = await page.run("document.querySelector('#code').value")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": OUT_OF_BAND,
        "client_id": application["client_id"],
        "client_secret": application["client_secret"],
    }
    async with named.http.post(f"{named.origin}/oauth/token", data=form) as answer:
        token = (await answer.json())["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    async with named.http.get(f"{named.origin}/oauth/userinfo", headers=headers) as answer:
        assert (await answer.json())["preferred_username"] == "ada"


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_by_keyboard_through_the_second_step(
    named: Running, page: Page, language: str
) -> None:
    await new_person(named, "ada")
    application = await registered(named)
    await page.go(f"{named.origin}/settings/two-factor?lang={language}")
    await sign_in(page)
    await page.write("#current", PASSWORD)
    await page.follow("button[value=begin]")
    key = base64.b32decode(await page.run("document.querySelector('#key').value"))
    drawn = await page.run("document.querySelector('svg.qr').getBoundingClientRect().width")
    assert drawn >= 150
    now = named.node.clock() // STEP_MS
    await page.write("#code", code_at(key, now))
    await page.follow("button[value=confirm]")
    codes = re.findall(r"\b(?:[a-z2-7]{4}-){3}[a-z2-7]{4}\b", await page.text())
    assert len(codes) == 10
    await page.tell("Network.clearBrowserCookies")
    await page.go(authorize_url(named, application, language))
    await sign_in(page)
    assert await page.path() == "/sign-in/step"
    # The first field has the focus already, so the code is written at once.
    await page.focused("code")
    await page.tell("Input.insertText", text="000000")
    await page.follow("form .btn")
    await page.focused("problem")
    await page.write("#code", code_at(key, named.node.clock() // STEP_MS + 1))
    await page.follow("form .btn")
    await allow(named, page, application)
    await page.go(f"{named.origin}/settings/apps?lang={language}")
    assert "Téléphone" in await page.text()
    assert [trouble for trouble in page.troubles if "401" not in trouble] == []


async def test_by_a_passkey_instead_of_the_password(named: Running, page: Page) -> None:
    await new_person(named, "ada")
    application = await registered(named)
    await page.give_passkeys()
    await page.go(f"{named.origin}/settings/passkeys?lang=fr")
    await sign_in(page)
    await page.write("#name", "Mon téléphone")
    await page.write("#current", PASSWORD)
    await page.follow("form[data-passkey] .btn")
    assert "Mon téléphone" in await page.text()
    await page.tell("Network.clearBrowserCookies")
    await page.go(authorize_url(named, application, "fr"))
    assert await page.path() == "/sign-in"
    await page.follow("form[data-passkey] .btn")
    await allow(named, page, application)
    await page.tell("Network.clearBrowserCookies")
    await page.go(f"{named.origin}/settings/two-factor?lang=en")
    await page.follow("form[data-passkey] .btn")
    assert await page.path() == "/settings/two-factor"
    assert page.troubles == []
