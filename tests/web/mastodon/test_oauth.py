"""Codes and tokens: what an application gets, and each way in which it does not."""

import asyncio
from typing import Any

import pytest

from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check
from tests.web.mastodon.oauth_flow import (
    CALLBACK,
    CHALLENGE,
    OUT_OF_BAND,
    VERIFIER,
    authorize_path,
    code_for,
    consent,
    query_of,
    register,
    sign_in,
)


async def test_an_application_registers_and_gets_a_token_for_a_person(site: Site) -> None:
    application = await register(site, [CALLBACK, OUT_OF_BAND])
    check("CredentialApplication", application.entity)
    code = await code_for(site, application)
    reply = await application.redeem(code)
    check("Token", reply.json)
    assert (reply.json["scope"], reply.json["token_type"]) == ("read", "Bearer")
    assert reply.headers["cache-control"] == "no-store"
    token = reply.json["access_token"]
    ada = site.client(token)
    assert (await ada.get("/api/v1/accounts/verify_credentials")).json["username"] == "ada"
    assert (await ada.get("/api/v1/apps/verify_credentials")).json["name"] == "Téléphone"
    stored = await site.node.db.rows("SELECT * FROM access_token")
    assert len(stored) > 0
    assert token not in str([tuple(row) for row in stored])


async def test_a_code_is_good_once_and_its_second_use_ends_the_first_token(site: Site) -> None:
    """SEC-120."""
    application = await register(site)
    code = await code_for(site, application)
    first = site.client((await application.redeem(code)).json["access_token"])
    assert (await first.get("/api/v1/accounts/verify_credentials")).status == 200
    again = await application.redeem(code)
    assert (again.status, again.json["error"]) == (400, "invalid_grant")
    assert (await first.get("/api/v1/accounts/verify_credentials")).status == 401


async def test_two_at_once_get_at_most_one_token(site: Site) -> None:
    application = await register(site)
    code = await code_for(site, application)
    replies = await asyncio.gather(*(application.redeem(code) for _ in range(4)))
    assert sorted(reply.status for reply in replies) == [200, 400, 400, 400]


async def test_a_code_belongs_to_its_application_address_and_ten_minutes(
    site: Site, clock: Any
) -> None:
    """SEC-120."""
    application, other = await register(site), await register(site)
    code = await code_for(site, application)
    for refused in (
        await other.redeem(code),
        await application.redeem(code, redirect_uri=f"{CALLBACK}/"),
        await application.redeem("x" * 43),
    ):
        assert (refused.status, refused.json["error"]) == (400, "invalid_grant")
    wrong = await application.redeem(code, client_secret="wrong")
    assert (wrong.status, wrong.json["error"]) == (401, "invalid_client")
    clock.advance(599)
    assert (await application.redeem(code)).status == 200
    late = await code_for(site, application)
    clock.advance(601)
    assert (await application.redeem(late)).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "wrong",
    [
        f"{CALLBACK}/", f"{CALLBACK}?x=1", f"{CALLBACK}#x", CALLBACK.upper(),
        "https://app.example/", "https://sub.app.example/callback", "https://app.example:8443/callback",
        "http://app.example/callback", "https://app.example/callback/../x", OUT_OF_BAND,
        "javascript:alert(1)", "//evil.example",
    ],
)  # fmt: skip
async def test_the_address_is_the_registered_one_letter_by_letter(site: Site, wrong: str) -> None:
    """SEC-121: anything else is shown to the person and sent nowhere."""
    application = await register(site)
    await site.person("ada")
    browser = site.client()
    refused = await browser.get(authorize_path(application, redirect_uri=wrong))
    assert refused.status == 400
    assert "location" not in refused.headers
    right = await browser.get(authorize_path(application))
    assert right.status == 303
    assert right.headers["location"].startswith("/sign-in?")


@pytest.mark.parametrize(
    "wrong",
    [
        "javascript:alert(1)", "data:text/html,x", "vbscript:x", "https://", "https://a@b.test/",
        "https://a.test/#x", "/relative", "https://a.test/\\evil", "about:blank", "blob:x", "urn:x",
        'https://a.test/"x', "https://a.test/;x", "", [], ["https://a.test", "javascript:1"],
    ],
)  # fmt: skip
async def test_some_addresses_cannot_be_registered(site: Site, wrong: Any) -> None:
    reply = await site.client().post("/api/v1/apps", {"client_name": "x", "redirect_uris": wrong})
    assert reply.status == 422
    assert "redirect_uris" in reply.json["details"]
    for right in ("tusky://oauth", "com.example.app:/back", "http://localhost:8080/", OUT_OF_BAND):
        await register(site, right)


async def test_registration_takes_lines_and_lists_and_only_known_scopes(site: Site) -> None:
    lines = (await register(site, f"{CALLBACK}\n{OUT_OF_BAND}")).entity
    listed = (await register(site, [CALLBACK, OUT_OF_BAND])).entity
    assert lines["redirect_uris"] == listed["redirect_uris"] == [CALLBACK, OUT_OF_BAND]
    for scopes in ("admin", "everything", "read:everything"):
        reply = await site.client().post(
            "/api/v1/apps", {"client_name": "x", "redirect_uris": CALLBACK, "scopes": scopes}
        )
        assert reply.status == 422


async def test_a_challenge_cannot_be_left_out_or_weakened(site: Site) -> None:
    """SEC-122."""
    application = await register(site)
    asked = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    code = await code_for(site, application, **asked)
    assert (await application.redeem(code)).json["error"] == "invalid_grant"
    assert (await application.redeem(code, code_verifier="w" * 50)).status == 400
    assert (await application.redeem(code, code_verifier=CHALLENGE)).status == 400
    assert (await application.redeem(code, code_verifier=VERIFIER)).status == 200
    # Somebody took the challenge away on its way to us.
    without = await code_for(site, application)
    assert (await application.redeem(without, code_verifier=VERIFIER)).status == 400
    for weak in ({"code_challenge_method": "plain"}, {"code_challenge_method": "-"},
                 {"code_challenge": "short"}):  # fmt: skip
        reply = await site.client().get(authorize_path(application, **(asked | weak)))
        assert query_of(reply)["error"] == "invalid_request"


async def test_no_more_scopes_than_registered(site: Site) -> None:
    application = await register(site, scopes="read write:statuses")
    for wider in ("read write", "follow", "push", "admin:read", "admin:read:accounts"):
        reply = await site.client().get(authorize_path(application, scope=wider))
        assert query_of(reply) | {"error_description": ""} == {
            "error": "invalid_scope", "error_description": "", "state": "a state",
            "iss": f"{site.node.origin}/",
        }  # fmt: skip
    code = await code_for(site, application, scope="read:accounts write:statuses")
    assert (await application.redeem(code)).json["scope"] == "read:accounts write:statuses"


async def test_the_person_may_refuse(site: Site) -> None:
    await site.person("ada")
    application = await register(site)
    reply = await consent(site.client(), authorize_path(application), decision="refuse")
    assert query_of(reply)["error"] == "access_denied"
    assert await site.node.db.value("SELECT COUNT(*) FROM authorization_code") == 0


async def test_an_application_gets_a_token_of_its_own_that_is_no_person(site: Site) -> None:
    application = await register(site)
    form = application.secrets | {"grant_type": "client_credentials", "scope": "read write"}
    for sent in ({"json": form}, {"form": form}):
        reply = await site.client().post("/oauth/token", **sent)
        client = site.client(reply.json["access_token"])
        assert (await client.get("/api/v1/apps/verify_credentials")).status == 200
        for method, path in (("GET", "/api/v1/timelines/home"), ("POST", "/api/v1/statuses")):
            refused = await client.ask(method, path, json={"status": "x"})
            assert refused.status == 422
            assert refused.json["error"] == "This method requires an authenticated user"
    for grant in ("password", "", "refresh_token"):
        refused = await site.client().post("/oauth/token", form=form | {"grant_type": grant})
        assert refused.json["error"] == "unsupported_grant_type"


async def test_basic_credentials_and_none_in_the_address(site: Site) -> None:
    import base64

    application = await register(site)
    secrets = application.secrets
    pair = f"{secrets['client_id']}:{secrets['client_secret']}"
    form = {"grant_type": "client_credentials", "scope": "read"}
    basic = {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    assert (await site.client().post("/oauth/token", form=form, headers=basic)).status == 200
    in_address = await site.client().ask("POST", "/oauth/token", query=form | secrets)
    assert in_address.status == 401


async def test_a_revoked_token_ends_at_once_and_only_by_its_own_application(site: Site) -> None:
    application, other = await register(site), await register(site)
    token = (await application.redeem(await code_for(site, application))).json["access_token"]
    ada = site.client(token)
    assert (await ada.get("/api/v1/accounts/verify_credentials")).status == 200
    refused = await site.client().post("/oauth/revoke", form=other.secrets | {"token": token})
    assert refused.status == 403
    assert (await ada.get("/api/v1/accounts/verify_credentials")).status == 200
    ended = await site.client().post("/oauth/revoke", form=application.secrets | {"token": token})
    assert (ended.status, ended.json) == (200, {})
    assert (await ada.get("/api/v1/accounts/verify_credentials")).status == 401


async def test_tokens_of_a_disabled_account_do_nothing(site: Site) -> None:
    ada = await site.person("ada")
    await site.node.db.write(lambda tx: tx.execute("UPDATE account SET disabled_at = 1"))
    reply = await ada.get("/api/v1/timelines/home")
    assert (reply.status, reply.json["error"]) == (403, "Your login is currently disabled")
    assert (await sign_in(site.client())).status == 403


async def test_what_the_server_says_of_itself(site: Site) -> None:
    said = (await site.client().get("/.well-known/oauth-authorization-server")).json
    assert said["issuer"] == f"{site.node.origin}/"
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert "password" not in said["grant_types_supported"]


async def test_wrong_secrets_are_counted(limited_site: Site) -> None:
    """SEC-138: the token endpoint too."""
    application = await register(limited_site)
    for _ in range(20):
        assert (await application.redeem("x", client_secret="wrong")).status == 401
    refused = await application.redeem("x")
    assert refused.status == 429
    assert int(refused.headers["retry-after"]) > 0
