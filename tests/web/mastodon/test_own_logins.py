"""What a person sees of what she is signed in with, and how each of it ends."""

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from actors.passwords import check_password
from maillage.mailer import send_once
from tests.conftest import FakeClock
from tests.mailbox import Mailbox, listening, with_mail
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import PASSWORD, Site
from tests.web.mastodon.oauth_flow import action_of, code_for, fields_of, register, sign_in
from web.app import build_app

DEVICES = "/settings/apps"
NEW = "une autre phrase de passe"
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0"


def token_of(page: Reply) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


async def signed_in(site: Site, name: str = "ada") -> Client:
    await site.person(name, email=f"{name}@example.org")
    browser = site.client()
    assert (await sign_in(browser, name=name)).status == 303
    return browser


async def send(browser: Client, path: str, **form: str) -> Reply:
    page = await browser.get(path)
    return await browser.post(path, form={"form_token": token_of(page), **form})


async def is_in(browser: Client) -> bool:
    return (await browser.get(DEVICES)).status == 200


async def works(client: Client) -> bool:
    return (await client.get("/api/v1/accounts/verify_credentials")).status == 200


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def mailing(site: Site, mailbox: Mailbox) -> AsyncIterator[Site]:
    """A site whose letters arrive in `mailbox`."""
    async with listening(mailbox) as port:
        node = with_mail(site.node, f"smtp://127.0.0.1:{port}")
        yield Site(node, build_app(node))


async def test_browsers_and_applications_are_listed_in_words_and_ended(site: Site) -> None:
    browser, other = await signed_in(site), site.client()
    page = await other.get("/sign-in")
    form = fields_of(page) | {"login": "ada", "password": PASSWORD, "shared": "1"}
    await other.post("/sign-in", form=form, headers={"user-agent": FIREFOX})
    application = await register(site)
    app = site.client(
        (await application.redeem(await code_for(site, application))).json["access_token"]
    )
    page = await browser.get(DEVICES)
    for words in (
        "Firefox, Android",
        "Appareil partagé",
        "Cet appareil",
        "Téléphone",
        "tout ce que",
    ):
        assert words in page.text, words
    assert "read" not in re.sub(r"<[^>]*>", "", page.text)
    sent = {"form_token": token_of(page)}
    app_id = re.search(r'name="app" value="(\d+)"', page.text)
    hashes = re.findall(r'name="browser" value="([0-9a-f]{64})"', page.text)
    assert app_id is not None
    # Another person's numbers end nothing.
    bob = await signed_in(site, "bob")
    foreign = {"form_token": token_of(await bob.get(DEVICES))}
    for ended in ({"app": app_id[1]}, *({"browser": value} for value in hashes)):
        await bob.post(DEVICES, form=foreign | ended)
    assert await works(app)
    assert await is_in(other)
    for ended in ({"app": app_id[1]}, *({"browser": value} for value in hashes)):
        assert (await browser.post(DEVICES, form=sent | ended)).status == 303
    assert not await works(app)
    assert not await is_in(other)
    assert await is_in(browser)


async def test_all_others_end_at_once(site: Site) -> None:
    browser, other = await signed_in(site), await signed_in(site)
    app = await site.person("ada")
    assert await works(app)
    assert (await send(browser, DEVICES, others="1")).status == 303
    assert (await works(app), await is_in(other), await is_in(browser)) == (False, False, True)


async def test_forms_from_elsewhere_change_nothing(site: Site) -> None:
    """SEC-152."""
    browser = await signed_in(site)
    evil = {"origin": "https://evil.example"}
    for path in (DEVICES, "/settings/password", "/settings/two-factor", "/settings/passkeys"):
        form = {"form_token": token_of(await browser.get(DEVICES)), "others": "1"}
        assert (await browser.post(path, form=form, headers=evil)).status == 403
        assert (await browser.post(path, form={"others": "1"})).status == 403
    for path in ("/password/forgotten", "/password/new", "/sign-in/step", "/sign-in/passkey"):
        assert (await site.client().post(path, form={"login": "ada"})).status == 403


async def test_a_new_password_ends_every_other_login(mailing: Site, mailbox: Mailbox) -> None:
    """SEC-129."""
    browser, other = await signed_in(mailing), await signed_in(mailing)
    app = await mailing.person("ada")
    path = "/settings/password"
    for wrong, status in (
        ({"current": "wrong", "password": NEW}, 403),
        ({"current": "", "password": NEW}, 403),
        ({"current": PASSWORD, "password": "short"}, 422),
        ({"current": PASSWORD, "password": "x" * 513}, 422),
        ({"current": PASSWORD}, 422),
    ):
        assert (await send(browser, path, **wrong)).status == status
    assert await works(app)
    done = await send(browser, path, current=PASSWORD, password=NEW)
    assert (done.status, await is_in(browser)) == (200, True)
    assert (await works(app), await is_in(other)) == (False, False)
    assert (await sign_in(mailing.client())).status == 401
    assert (await sign_in(mailing.client(), password=NEW)).status == 303
    await send_once(mailing.node)
    assert [letter["To"] for letter in mailbox.taken] == ["ada@example.org"]


async def test_guessing_the_current_password_is_slowed(limited_site: Site) -> None:
    """SEC-157."""
    browser = await signed_in(limited_site)
    path = "/settings/password"
    statuses = [
        (await send(browser, path, current="wrong", password=NEW)).status for _ in range(11)
    ]
    assert statuses == [403] * 10 + [429]
    assert (await send(browser, path, current=PASSWORD, password=NEW)).status == 429


async def link_in(site: Site, mailbox: Mailbox) -> str:
    await send_once(site.node)
    found = re.search(r"http\S+token=\S+", mailbox.taken[-1].get_content())
    assert found is not None
    parts = urlsplit(found[0])
    return f"{parts.path}?{parts.query}"


async def choose(browser: Client, path: str, password: str) -> Reply:
    page = await browser.get(path)
    if page.status != 200:
        return page
    return await browser.post(action_of(page), form=fields_of(page) | {"password": password})


async def test_a_forgotten_password_is_chosen_anew_once(
    mailing: Site, mailbox: Mailbox, clock: FakeClock
) -> None:
    """SEC-129, SEC-141, SEC-150: one use, one hour, and it ends every login."""
    signed, app = await signed_in(mailing), await mailing.person("ada")
    browser = mailing.client(language="fr")
    await send(browser, "/password/forgotten", login="ADA@example.org")
    path = await link_in(mailing, mailbox)
    secret = path.partition("=")[2]
    assert len(secret) >= 43
    stored = await mailing.node.db.rows("SELECT * FROM password_reset")
    assert secret not in str([tuple(row) for row in stored])
    page = await browser.get(path)
    # Nobody elsewhere is told the address; this site is, or the browser would hide where the
    # form comes from.
    assert page.headers["referrer-policy"] == "same-origin"
    assert (await choose(browser, path, "short")).status == 422
    assert await works(app)
    assert (await choose(browser, path, NEW)).status == 200
    assert (await works(app), await is_in(signed)) == (False, False)
    assert (await choose(browser, path, PASSWORD)).status == 404
    assert (await sign_in(mailing.client(), password=NEW)).status == 303
    # A newer link replaces the older, and none lasts longer than an hour.
    await send(browser, "/password/forgotten", login="ada")
    older = await link_in(mailing, mailbox)
    await send(browser, "/password/forgotten", login="ada")
    newer = await link_in(mailing, mailbox)
    assert (await browser.get(older)).status == 404
    clock.advance(3601)
    assert (await choose(browser, newer, PASSWORD)).status == 404
    wrong_tokens = ("", "?token=", "?token=%00", "?token=" + "x" * 500)
    for wrong in wrong_tokens:
        assert (await browser.get(f"/password/new{wrong}")).status == 404


async def test_who_asks_learns_nothing_of_who_has_an_account(
    mailing: Site, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words, in the same time: the answer waits for a fixed while beside the work."""
    await mailing.person("ada", email="ada@example.org")
    await mailing.person("bob")
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("web.pages.passwords.asyncio.sleep", sleep)
    pages = [
        re.sub(
            r'value="[^"]*"',
            "",
            (await send(mailing.client(), "/password/forgotten", login=login)).text,
        )
        for login in ("ada", "bob", "nobody", "ada@example.org", "nobody@example.org")
    ]
    assert len(set(pages)) == 1
    assert waited == [0.4] * 5
    assert await send_once(mailing.node) == 2
    assert {letter["To"] for letter in mailbox.taken} == {"ada@example.org"}


async def test_asking_for_links_is_slowed_by_address_and_by_letterbox(
    mailing: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC-138, SEC-156."""
    from dataclasses import replace

    from federation.node import Limits

    monkeypatch.setattr("web.pages.passwords.ANSWER_S", 0)
    await mailing.person("ada", email="ada@example.org")
    node = replace(mailing.node, limits=Limits())
    limited = Site(node, build_app(node))
    statuses = [
        (await send(limited.client(), "/password/forgotten", login="ada")).status for _ in range(11)
    ]
    assert statuses == [200] * 10 + [429]
    assert await node.db.value("SELECT COUNT(*) FROM mail") == 5


async def test_without_mail_the_page_says_whom_to_ask(site: Site) -> None:
    page = await site.client(language="fr").get("/password/forgotten")
    assert "n’envoie pas de courrier" in page.text
    assert "<form" not in page.text.partition("<main")[2]


async def test_a_closed_account_gets_no_link(mailing: Site, mailbox: Mailbox) -> None:
    await mailing.person("ada", email="ada@example.org")
    await mailing.node.db.write(lambda tx: tx.execute("UPDATE account SET disabled_at = 1"))
    await send(mailing.client(), "/password/forgotten", login="ada")
    assert (await send_once(mailing.node), mailbox.taken) == (0, [])


async def test_an_old_hash_is_made_anew_at_signing_in(site: Site) -> None:
    from argon2 import PasswordHasher

    await site.person("ada")
    old = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
    await site.node.db.write(lambda tx: tx.execute("UPDATE account SET password_hash = ?", old))
    assert (await sign_in(site.client(), password="wrong")).status == 401
    assert await site.node.db.value("SELECT password_hash FROM account") == old
    assert (await sign_in(site.client())).status == 303
    made = await site.node.db.value("SELECT password_hash FROM account")
    assert made != old
    assert await check_password(made, PASSWORD)


async def test_who_has_no_password_needs_a_fresh_sign_in(site: Site, clock: FakeClock) -> None:
    browser = await signed_in(site)
    await site.node.db.write(lambda tx: tx.execute("UPDATE account SET password_hash = NULL"))
    assert (await send(browser, "/settings/two-factor", act="begin")).status == 200
    clock.advance(601)
    assert (await send(browser, "/settings/password", password=NEW)).status == 403


async def test_both_languages_say_everything(site: Site) -> None:
    from web.translations.login_pages import SENTENCES

    for key, (french, english) in SENTENCES.items():
        assert set(re.findall(r"{(\w+)}", french)) == set(re.findall(r"{(\w+)}", english)), key
        assert not re.search(r" [:;?!»]", french), f"{key}: a no-break space stands before these"
    browser: Any = await signed_in(site)
    for path in (DEVICES, "/settings/password", "/settings/two-factor", "/settings/passkeys"):
        for language in ("fr", "en"):
            page = await browser.get(path, lang=language)
            assert f'<html lang="{language}">' in page.text
            assert page.headers["cache-control"] == "no-store"


async def test_logs_hold_no_secret(
    site: Site, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    """SEC-149: neither of what succeeds nor of what fails."""
    deaf = with_mail(site.node, "smtp://127.0.0.1:1")
    mailing = Site(deaf, build_app(deaf))
    with caplog.at_level("DEBUG"), capture_logs() as logs:
        browser = await signed_in(mailing)
        await sign_in(mailing.client(), password="a wrong secret")
        await send(browser, "/settings/password", current=PASSWORD, password=NEW)
        await send(mailing.client(), "/password/forgotten", login="ada")
        assert await send_once(deaf) == 0
        application = await register(mailing)
        await application.redeem("a wrong code", client_secret="a wrong client secret")
    said = str(logs) + caplog.text
    assert "mail.failed" in said
    secrets = [PASSWORD, NEW, "a wrong", "ada@example.org", *application.secrets.values()]
    assert not [secret for secret in [*secrets, *browser.cookies.values()] if secret in said]
