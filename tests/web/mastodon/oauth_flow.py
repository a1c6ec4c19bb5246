"""What an application and a person's browser do to get a token, step by step."""

import base64
import html
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import PASSWORD, Site

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
CALLBACK = "https://app.example/callback"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Application:
    """A registered application."""

    site: Site
    entity: dict[str, Any]

    @property
    def secrets(self) -> dict[str, str]:
        return {name: self.entity[name] for name in ("client_id", "client_secret")}

    async def redeem(self, code: str, redirect_uri: str = CALLBACK, **more: str) -> Reply:
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri,
        }  # fmt: skip
        form |= self.secrets | more
        return await self.site.client().post("/oauth/token", form=form)


async def register(
    site: Site, redirect_uris: Any = CALLBACK, scopes: str = "read write"
) -> Application:
    reply = await site.client().post(
        "/api/v1/apps",
        {"client_name": "Téléphone", "redirect_uris": redirect_uris, "scopes": scopes},
    )
    assert reply.status == 200, reply.text
    return Application(site, reply.json)


def authorize_path(application: Application, **fields: str) -> str:
    asked = {
        "response_type": "code", "client_id": application.entity["client_id"],
        "redirect_uri": CALLBACK, "scope": "read", "state": "a state",
    }  # fmt: skip
    asked = {name: value for name, value in (asked | fields).items() if value != "-"}
    return f"/oauth/authorize?{urlencode(asked)}"


def fields_of(page: Reply) -> dict[str, str]:
    """The hidden fields of a page's first form."""
    form = page.text.partition("<form")[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def action_of(page: Reply) -> str:
    match = re.search(r'<form[^>]* action="([^"]*)"', page.text)
    assert match is not None, page.text
    return html.unescape(match[1])


async def sign_in(
    browser: Client,
    path: str = "/sign-in",
    name: str = "ada",
    password: str = PASSWORD,
    **more: str,
) -> Reply:
    page = await browser.get(path)
    assert page.status == 200, page.text
    form = fields_of(page) | {"login": name, "password": password} | more
    return await browser.post(action_of(page), form=form)


async def consent(browser: Client, path: str, decision: str = "allow", **more: str) -> Reply:
    """Open the page, sign in when asked, answer."""
    page = await browser.get(path)
    if page.status == 303 and page.headers["location"].startswith("/sign-in"):
        signed_in = await sign_in(browser, page.headers["location"], **more)
        assert signed_in.status == 303, signed_in.text
        page = await browser.get(signed_in.headers["location"])
    if page.status != 200:
        return page
    return await browser.post(action_of(page), form=fields_of(page) | {"decision": decision})


def query_of(reply: Reply) -> dict[str, str]:
    """What an application is sent back with."""
    assert reply.status == 303, reply.text
    return dict(parse_qsl(reply.headers["location"].partition("?")[2]))


async def code_for(site: Site, application: Application, **fields: str) -> str:
    await site.person("ada")
    return query_of(await consent(site.client(), authorize_path(application, **fields)))["code"]
