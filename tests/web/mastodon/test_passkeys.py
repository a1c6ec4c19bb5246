"""Passkeys: registered with the password, good for signing in, and every forged one refused."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from federation.node import Node
from federation.uris import Uris
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.authenticator import PRESENT, Device, options_of
from tests.web.mastodon.conftest import PASSWORD, Site, unlimited
from tests.web.mastodon.oauth_flow import action_of, fields_of, sign_in
from tests.web.mastodon.test_two_factor import turn_on
from web.app import build_app

PATH = "/settings/passkeys"
ORIGIN = "http://localhost:8471"


@pytest.fixture
def named(node: Node) -> Site:
    """A site with a name, since browsers make no passkeys for addresses in figures."""
    node = replace(unlimited(node), origin=ORIGIN, uris=Uris(ORIGIN))
    return Site(node, build_app(node))


async def signed_in(site: Site, name: str = "ada") -> Client:
    await site.person(name)
    browser = site.client()
    assert (await sign_in(browser, name=name)).status == 303
    return browser


def token_of(page: Reply) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


async def add(browser: Client, device: Device, **form: str) -> Reply:
    page = await browser.get(PATH)
    sent = {
        "form_token": token_of(page),
        "current": PASSWORD,
        "name": "Mon téléphone",
        "credential": device.create(options_of(page)),
    }
    return await browser.post(PATH, form=sent | form)


async def enter(browser: Client, credential: str, **form: str) -> Reply:
    page = await browser.get("/sign-in")
    sent = {"form_token": token_of(page), "next": "/settings/apps", "credential": credential}
    return await browser.post("/sign-in/passkey", form=sent | form)


async def asked(browser: Client) -> dict[str, Any]:
    return options_of(await browser.get("/sign-in"))


async def kept(site: Site) -> int:
    return await site.node.db.value("SELECT COUNT(*) FROM passkey")


async def test_a_passkey_signs_in_without_a_password(named: Site) -> None:
    device = Device(ORIGIN)
    added = await add(await signed_in(named), device)
    assert "Mon téléphone" in added.text
    browser = named.client()
    reply = await enter(browser, device.get(await asked(browser)))
    assert (reply.status, reply.headers["location"]) == (303, "/settings/apps")
    page = await browser.get("/settings/apps")
    assert "clé d’accès" in page.text
    page = await browser.get("/sign-in")
    assert "@ada" in page.text


async def test_what_was_typed_before_is_there_again_after_a_passkey(named: Site) -> None:
    device, browser, place = Device(ORIGIN), await signed_in(named), "/settings/profile"
    await add(browser, device)
    form = {"form_token": token_of(await browser.get(place)), "note": "Aide-soignante, ravie"}
    await named.node.db.write(lambda tx: tx.execute("DELETE FROM session"))
    ended = await browser.post(place, form=form)
    found = re.findall(r'name="kept" value="([^"]+)"', ended.text)
    assert (ended.status, len(found), len(set(found))) == (401, 2, 1)
    more = {"form_token": token_of(ended), "next": place, "kept": found[0]}
    again = await enter(browser, device.get(options_of(ended)), **more)
    assert (again.status, "\nAide-soignante, ravie</textarea>" in again.text) == (200, True)


@pytest.mark.parametrize(
    "lies",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:8472"},
        {"type": "webauthn.create"},
        {"challenge": "x" * 43},
        {"challenge": ""},
        {"challenge": None},
    ],
)
async def test_an_answer_to_another_question_is_none(named: Site, lies: dict[str, Any]) -> None:
    device = Device(ORIGIN)
    await add(await signed_in(named), device)
    browser = named.client()
    reply = await enter(browser, device.get(await asked(browser), **lies))
    assert reply.status == 401
    assert (await browser.get("/settings/apps")).status == 303
    assert (await enter(browser, device.get(await asked(browser)))).status == 303


async def test_a_challenge_is_for_one_browser_once_and_for_ten_minutes(
    named: Site, clock: FakeClock
) -> None:
    device = Device(ORIGIN)
    await add(await signed_in(named), device)
    browser, thief = named.client(), named.client()
    answer = device.get(await asked(browser))
    assert (await enter(thief, answer)).status == 401
    assert (await enter(browser, answer)).status == 303
    again = named.client()
    again.cookies = {name: v for name, v in browser.cookies.items() if "session" not in name}
    assert (await enter(again, answer)).status == 401
    late = device.get(await asked(thief))
    clock.advance(601)
    assert (await enter(thief, late)).status == 401
    # What was asked for another purpose is another question.
    owner = await signed_in(named)
    other = options_of(await owner.get(PATH))
    assert (await enter(thief, device.get(other | {"rpId": "localhost"}))).status == 401


async def test_the_holder_is_verified_and_a_copied_device_shows(named: Site) -> None:
    device = Device(ORIGIN)
    await add(await signed_in(named), device)
    browser = named.client()
    device.flags = PRESENT
    assert (await enter(browser, device.get(await asked(browser)))).status == 401
    device.flags |= 4
    device.count = 10
    assert (await enter(browser, device.get(await asked(browser)))).status == 303
    copy, other = replace(device, count=4), named.client()
    assert (await enter(other, copy.get(await asked(other)))).status == 401
    forged = Device(ORIGIN, credential_id=device.credential_id, count=20)
    assert (await enter(other, forged.get(await asked(other)))).status == 401
    assert (await enter(other, Device(ORIGIN).get(await asked(other)))).status == 401


@pytest.mark.parametrize(
    "credential",
    [
        "", "{}", "[]", "null", "x", "{" * 5_000, "9" * 13_000, '{"response": {}}',
        '{"response": {"clientDataJSON": 1}}', '{"response": {"clientDataJSON": "bnVsbA"}}',
        '{"id": 1, "response": {"clientDataJSON": "e30"}}',
    ],
)  # fmt: skip
async def test_what_is_no_answer_is_refused_calmly(named: Site, credential: str) -> None:
    browser = await signed_in(named)
    page = await browser.get(PATH)
    sent = {"form_token": token_of(page), "current": PASSWORD, "credential": credential}
    assert (await browser.post(PATH, form=sent)).status == 422
    assert (await enter(named.client(), credential)).status in (401, 403, 422)
    assert await kept(named) == 0


async def test_changed_bytes_of_an_answer_prove_nothing(named: Site) -> None:
    device = Device(ORIGIN)
    await add(await signed_in(named), device)
    browser = named.client()
    for name in ("authenticatorData", "signature"):
        for value in ("", "AA", "%%%", 7, None, "A" * 400):
            answer = json.loads(device.get(await asked(browser)))
            answer["response"][name] = value
            assert (await enter(browser, json.dumps(answer))).status == 401, (name, value)


async def test_adding_and_removing_take_the_password(named: Site) -> None:
    browser, device = await signed_in(named), Device(ORIGIN)
    for wrong in ("", "not the password"):
        assert (await add(browser, device, current=wrong)).status == 403
    assert await kept(named) == 0
    assert (await add(browser, device)).status == 200
    # The same device again is no second passkey, nor another person's.
    assert (await add(browser, device)).status == 422
    assert (await add(await signed_in(named, "bob"), device)).status == 422
    bob = await signed_in(named, "bob")
    number = str(await named.node.db.value("SELECT id FROM passkey"))
    page = await bob.get(PATH)
    form = {"form_token": token_of(page), "current": PASSWORD, "passkey": number}
    await bob.post(PATH, form=form)
    assert await kept(named) == 1
    own = {"form_token": token_of(await browser.get(PATH)), "passkey": number}
    assert (await browser.post(PATH, form=own | {"current": "wrong"})).status == 403
    assert (await browser.post(PATH, form=own | {"current": PASSWORD})).status == 200
    assert await kept(named) == 0
    late = named.client()
    assert (await enter(late, device.get(await asked(late)))).status == 401


async def test_a_passkey_stands_for_the_code_of_its_own_account(
    named: Site, clock: FakeClock
) -> None:
    await turn_on(named, clock)
    device, foreign = Device(ORIGIN), Device(ORIGIN)
    await add(await signed_in(named, "bob"), foreign)
    owner = named.client()
    asked_for = await sign_in(owner)
    page = await owner.get(asked_for.headers["location"])
    assert "data-passkey" not in page.text
    await named.node.db.write(lambda tx: tx.execute("DELETE FROM totp"))
    await add(await signed_in(named), device)
    await turn_on(named, clock)
    browser = named.client()
    asked_for = await sign_in(browser)
    page = await browser.get(asked_for.headers["location"])
    options = options_of(page)
    assert len(options["allowCredentials"]) == 1
    for answer, status in ((foreign.get(options), 401), (device.get(options), 303)):
        reply = await browser.post(
            action_of(page), form=fields_of(page) | {"credential": answer, "code": ""}
        )
        assert reply.status == status
    assert (await browser.get("/settings/apps")).status == 200


async def test_a_closed_account_is_not_opened_by_a_passkey(named: Site) -> None:
    device = Device(ORIGIN)
    await add(await signed_in(named), device)
    await named.node.db.write(lambda tx: tx.execute("UPDATE account SET disabled_at = 1"))
    browser = named.client()
    assert (await enter(browser, device.get(await asked(browser)))).status == 403


async def test_pages_with_a_passkey_run_our_file_and_no_other_script(named: Site) -> None:
    page = await named.client().get("/sign-in")
    assert page.headers["content-security-policy"].endswith("; script-src 'self'")
    assert re.findall(r"<script[^>]*>", page.text) == ['<script src="/static/passkeys.js" defer>']
    script = await named.client().get("/static/passkeys.js")
    assert script.headers["content-type"].startswith("text/javascript")


async def test_addresses_in_figures_say_why_there_is_none(site: Site) -> None:
    page = await (await signed_in(site)).get(PATH)
    assert "adresse en chiffres" in page.text
    assert "passkeys.js" not in page.text
