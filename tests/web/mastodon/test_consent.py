"""What a person is told before she consents, where the answer goes, and who she is to others."""

import html
import re

import pytest

from tests.web.mastodon.conftest import Site
from tests.web.mastodon.oauth_flow import (
    CALLBACK,
    authorize_path,
    code_for,
    query_of,
    register,
    sign_in,
)
from web.scopes import KNOWN, covers, groups, in_words, is_subset
from web.translations import PAGES

EVERYTHING = "read write follow push profile admin:read admin:write"


def words_of(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", text.partition("<main")[2]))


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_consent_says_each_right_in_words_and_by_group(site: Site, language: str) -> None:
    await site.person("ada")
    browser = site.client(language=language)
    await sign_in(browser)
    application = await register(site, scopes=EVERYTHING)
    sentences = PAGES["fr" if language == "fr" else "en"]
    for name in KNOWN:
        page = await browser.get(authorize_path(application, scope=name))
        assert page.status == 200, name
        words = words_of(page.text)
        assert sentences[f"scope.{name}"] in words
        assert not re.search(r"\b(?:read|write|admin):|\bscope", words), words
    page = await browser.get(authorize_path(application, scope=EVERYTHING))
    words = words_of(page.text)
    for group in ("read", "write", "push", "admin"):
        assert sentences[f"consent.group_{group}"] in words


def test_what_a_broad_right_says_is_not_said_twice() -> None:
    assert in_words(["read", "read:lists", "profile", "write:lists"]) == ["read", "write:lists"]
    assert in_words(["read", "write", "follow"]) == ["read", "write"]
    assert in_words(["admin:read", "admin:read:reports"]) == ["admin:read"]
    assert groups(["push", "follow", "admin:write"]) == [
        ("write", ["follow"]), ("push", ["push"]), ("admin", ["admin:write"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("granted", "wanted", "expected"),
    [
        ("read", "read:statuses", True), ("read:statuses", "read", False),
        ("read", "admin:read", False), ("admin:read", "admin:read:reports", True),
        ("admin:read", "admin:write:reports", False), ("admin:read:reports", "admin:read", False),
        ("read write", "admin:read", False), ("follow", "write:mutes", True),
        ("follow", "read:statuses", False), ("profile", "read:accounts", False),
        ("read:accounts", "profile", True), ("admin:read", "read:accounts", False),
    ],
)  # fmt: skip
def test_a_parent_covers_its_own_children_alone(
    granted: str,
    wanted: str,
    expected: bool,
) -> None:
    assert covers(frozenset(granted.split()), wanted) is expected
    assert is_subset(frozenset({wanted}), frozenset(granted.split())) is (
        expected and wanted != "profile"
    )


@pytest.mark.parametrize(
    ("registered", "asked", "expected"),
    [
        ("http://127.0.0.1/back", "http://127.0.0.1:51234/back", True),
        ("http://127.0.0.1:9000/back", "http://127.0.0.1:51234/back", True),
        ("http://[::1]/back?a=1", "http://[::1]:51234/back?a=1", True),
        ("http://127.0.0.1/back", "http://127.0.0.1:51234/other", False),
        ("http://127.0.0.1/back", "http://127.0.0.1:51234/back?x=1", False),
        ("http://127.0.0.1/back", "http://127.0.0.1:51234@evil.example/back", False),
        ("http://127.0.0.1/back", "http://127.0.0.1.evil.example/back", False),
        ("http://127.0.0.1/back", "https://127.0.0.1:51234/back", False),
        ("http://127.0.0.1/back", "http://127.0.0.1:port/back", False),
        ("http://localhost/back", "http://localhost:51234/back", False),
        ("https://app.example/back", "https://app.example:51234/back", False),
        ("app.example:/back", "app.example:/back", True),
        ("tusky://back", "tusky://other", False),
    ],
)
async def test_only_the_port_of_ones_own_machine_is_free(
    site: Site,
    registered: str,
    asked: str,
    expected: bool,
) -> None:
    """SEC-121, RFC 8252 section 7.3."""
    await site.person("ada")
    application = await register(site, registered)
    reply = await site.client().get(authorize_path(application, redirect_uri=asked))
    assert reply.status == (303 if expected else 400)
    if expected:
        code = await code_for(site, application, redirect_uri=asked)
        refused = await application.redeem(code, redirect_uri=f"{asked}x")
        assert refused.json["error"] == "invalid_grant"
        assert (await application.redeem(code, redirect_uri=asked)).status == 200


async def test_an_application_may_ask_for_another_sign_in(site: Site) -> None:
    await site.person("ada")
    application = await register(site)
    browser = site.client()
    await sign_in(browser)
    path = authorize_path(application, force_login="true", lang="en")
    reply = await browser.get(path)
    assert reply.headers["location"].startswith("/sign-in?")
    assert (await browser.get("/settings/apps")).status == 303
    again = await sign_in(browser, reply.headers["location"])
    assert "force_login" not in again.headers["location"]
    page = await browser.get(again.headers["location"])
    assert (page.status, '<html lang="en">' in page.text) == (200, True)
    # Whoever says no is not signed out.
    assert (await browser.get(authorize_path(application, force_login="false"))).status == 200


async def test_the_answer_goes_back_whole(site: Site) -> None:
    await site.person("ada")
    application = await register(site, f"{CALLBACK}?kept=1")
    state = "é & = # % \u2028 end"
    browser = site.client()
    await sign_in(browser)
    page = await browser.get(
        authorize_path(application, redirect_uri=f"{CALLBACK}?kept=1", state=state)
    )
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)
    action = re.search(r'<form action="([^"]+)"', page.text)
    assert token is not None
    assert action is not None
    form = {"form_token": token[1], "decision": "allow"}
    reply = await browser.post(html.unescape(action[1]), form=form)
    sent = query_of(reply)
    assert (sent["kept"], sent["state"]) == ("1", state)
    assert sent["iss"] == f"{site.node.origin}/"


async def test_an_application_may_ask_who_it_speaks_for(site: Site) -> None:
    await site.person("ada", display_name="Ada L.")
    tokens = {scope: await site.token("ada", scope) for scope in ("profile", "read", "write")}
    for method in ("GET", "POST"):
        for scope in ("profile", "read"):
            reply = await site.client(tokens[scope]).ask(method, "/oauth/userinfo")
            assert reply.json == {
                "iss": f"{site.node.origin}/",
                "sub": site.people["ada"]["uri"],
                "name": "Ada L.",
                "preferred_username": "ada",
                "profile": f"{site.node.origin}/@ada",
                "picture": f"{site.node.origin}/static/avatar.png",
            }
            assert reply.headers["cache-control"] == "no-store"
        narrow = await site.client(tokens["write"]).ask(method, "/oauth/userinfo")
        assert (narrow.status, "insufficient_scope" in narrow.headers["www-authenticate"]) == (
            403,
            True,
        )
    application = await site.token(None, "read profile")
    for wrong in (None, "x" * 43, application):
        refused = await site.client(wrong).get("/oauth/userinfo")
        assert (refused.status, refused.json["error"]) == (401, "The access token is invalid")
        assert refused.headers["access-control-allow-origin"] == "*"
    await site.node.db.write(lambda tx: tx.execute("UPDATE account SET disabled_at = 1"))
    site.app.routes.state.memory.tokens.forget()
    assert (await site.client(tokens["profile"]).get("/oauth/userinfo")).status == 401


async def test_the_metadata_names_what_is_there(site: Site) -> None:
    """RFC 8414, and the address under which Mastodon's clients register."""
    said = (await site.client().get("/.well-known/oauth-authorization-server")).json
    origin = site.node.origin
    assert said["app_registration_endpoint"] == f"{origin}/api/v1/apps"
    assert set(said["scopes_supported"]) == set(KNOWN)
    assert said["grant_types_supported"] == ["authorization_code", "client_credentials"]
    for name in ("authorization", "token", "revocation", "userinfo", "app_registration"):
        path = said[f"{name}_endpoint"].removeprefix(origin)
        statuses = [(await site.client().ask(method, path)).status for method in ("GET", "POST")]
        assert statuses != [404, 404], name
    assert {"profile", "push", "follow", "admin:read", "admin:write:reports"} <= set(KNOWN)
