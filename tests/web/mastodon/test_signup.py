"""Signing up: in each mode who gets an account, what it waits for, and what goes wrong."""

import re
from dataclasses import replace
from typing import Any

import orjson
import pytest

from actors.email_blocks import block_hash, digest
from actors.invitations import invite
from actors.mails import due
from federation.database import Transaction
from federation.node import Limits
from federation.options import MailOptions, RegistrationsOptions
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from web.app import build_app

SIGN_UP = "/api/v1/accounts"
GIVEN = {
    "username": "nina",
    "email": "nina@tilleuls.example",
    "password": "une phrase de passe longue",
    "agreement": True,
    "locale": "fr-FR",
}


def opened(site: Site, mode: Any, *, mail: bool = False, **more: Any) -> Site:
    """The same node with another way to admit people."""
    options = replace(
        site.node.options,
        registrations=RegistrationsOptions(mode=mode, **more),
        mail=MailOptions(url="smtp://127.0.0.1:25", sender="m@tilleuls.example")
        if mail
        else MailOptions(),
    )
    node = replace(site.node, options=options)
    return Site(node, build_app(node), site.people)


async def application(site: Site) -> Client:
    app = await site.client().post(
        "/api/v1/apps",
        {
            "client_name": "Essai",
            "redirect_uris": "urn:ietf:wg:oauth:2.0:oob",
            "scopes": "read write",
        },
    )
    token = await site.client().ask(
        "POST",
        "/oauth/token",
        form={
            "grant_type": "client_credentials",
            "client_id": app.json["client_id"],
            "client_secret": app.json["client_secret"],
            "scope": "read write",
        },
    )
    return site.client(token.json["access_token"])


async def accounts(site: Site) -> int:
    return await site.node.db.value("SELECT COUNT(*) FROM account")


async def code_for(site: Site, **more: Any) -> str:
    values: dict[str, Any] = {"role": "member", "uses": 1, "days": 7} | more
    return await site.node.db.write(lambda tx: invite(site.node, tx, **values))


async def test_a_closed_node_takes_nobody(site: Site) -> None:
    app = await application(site)
    reply = await app.post(SIGN_UP, GIVEN | {"invite_code": await code_for(site)})
    assert (reply.status, await accounts(site)) == (403, 0)


async def test_an_invitation_is_good_as_often_as_it_says(site: Site, clock: FakeClock) -> None:
    site = opened(site, "invitation")
    app = await application(site)
    assert (await app.post(SIGN_UP, GIVEN)).status == 403
    wrong = await app.post(SIGN_UP, GIVEN | {"invite_code": "devine"})
    assert (wrong.status, list(wrong.json["details"])) == (422, ["invite_code"])
    code = await code_for(site, role="animator")
    token = await app.post(SIGN_UP, GIVEN | {"invite_code": code})
    assert token.status == 200, token.text
    assert (token.json["token_type"], token.json["scope"]) == ("Bearer", "read write")
    nina = site.client(token.json["access_token"])
    own = await nina.get("/api/v1/accounts/verify_credentials")
    assert (own.status, own.json["username"]) == (200, "nina")
    assert await site.node.db.value("SELECT role FROM account") == "animator"
    stored = await site.node.db.row("SELECT * FROM invitation")
    assert stored is not None
    assert code not in str(dict(stored))
    again = await app.post(
        SIGN_UP, GIVEN | {"username": "noe", "email": "noe@x.example", "invite_code": code}
    )
    assert (again.status, await accounts(site)) == (422, 1)
    late = await code_for(site, days=1)
    clock.advance(25 * 3600)
    expired = await app.post(
        SIGN_UP, GIVEN | {"username": "noe", "email": "noe@x.example", "invite_code": late}
    )
    assert (expired.status, await accounts(site)) == (422, 1)


async def test_who_waits_for_approval_neither_reads_nor_writes(site: Site) -> None:
    site = opened(site, "approval", reason_required=True)
    await site.person("chef", role="administrator")
    await site.person("mona", role="moderator")
    app = await application(site)
    without = await app.post(SIGN_UP, GIVEN)
    assert without.json["details"]["reason"][0]["error"] == "ERR_BLANK"
    reply = await app.post(SIGN_UP, GIVEN | {"reason": "Je travaille ici"})
    nina = site.client(reply.json["access_token"])
    for ask in (
        nina.get("/api/v1/timelines/home"),
        nina.get("/api/v1/accounts/verify_credentials"),
        nina.get("/api/v1/timelines/public"),
        nina.post("/api/v1/statuses", {"status": "Bonjour"}),
    ):
        answer = await ask
        assert answer.status == 403
        assert answer.json == {"error": "Your login is currently pending approval"}
    told = await site.node.db.rows("SELECT * FROM notification WHERE type = 'admin.sign_up'")
    assert [row["recipient_id"] for row in told] == [site.people["chef"]["id"]]


async def test_an_open_node_confirms_each_address(site: Site, clock: FakeClock) -> None:
    site = opened(site, "open", mail=True)
    app = await application(site)
    reply = await app.post(SIGN_UP, GIVEN)
    assert reply.status == 200, reply.text
    nina = site.client(reply.json["access_token"])
    refused = await nina.get("/api/v1/timelines/home")
    assert refused.json == {"error": "Your login is missing a confirmed e-mail address"}
    assert (await nina.get("/api/v1/emails/check_confirmation")).json is False
    assert (await nina.post("/api/v1/emails/confirmations", {})).status == 200
    letters = await due(site.node, site.node.db, 10)
    codes = [re.findall(r"code=(\S+)", letter.text)[0] for letter in letters]
    assert [letter.recipient for letter in letters] == [GIVEN["email"]] * 2
    assert (await site.client().get("/sign-up/confirm", code="x")).status == 404
    # The second letter is the one that counts.
    assert (await site.client().get("/sign-up/confirm", code=codes[0])).status == 404
    page = await site.client().get("/sign-up/confirm", code=codes[1])
    assert page.status == 200, page.text
    assert (await site.client().get("/sign-up/confirm", code=codes[1])).status == 404
    assert (await nina.get("/api/v1/emails/check_confirmation")).json is True
    assert (await nina.get("/api/v1/timelines/home")).status == 200
    late = await nina.post("/api/v1/emails/confirmations", {})
    assert late.status == 403


async def test_each_wrong_field_is_named_with_the_word_that_clients_know(site: Site) -> None:
    site = opened(site, "open", mail=True)
    await site.person("ada", email="ada@tilleuls.example")
    app = await application(site)
    reply = await app.post(
        SIGN_UP,
        {"username": "ADA", "email": "ada@tilleuls.example", "password": "court", "agreement": "0"},
    )
    assert reply.status == 422
    assert {name: said[0]["error"] for name, said in reply.json["details"].items()} == {
        "username": "ERR_TAKEN",
        "email": "ERR_TAKEN",
        "password": "ERR_TOO_SHORT",
        "agreement": "ERR_ACCEPTED",
    }
    empty = await app.post(SIGN_UP, {})
    assert {said[0]["error"] for said in empty.json["details"].values()} == {
        "ERR_BLANK",
        "ERR_ACCEPTED",
    }
    reserved = await app.post(SIGN_UP, GIVEN | {"username": "admin"})
    assert reserved.json["details"]["username"][0]["error"] == "ERR_RESERVED"
    assert await accounts(site) == 1
    # Nobody gives herself a role (SEC-140).
    sent = GIVEN | {"role": "administrator", "is_approved": True, "confirmed": True, "id": "1"}
    assert (await app.post(SIGN_UP, sent)).status == 200
    row = await site.node.db.row("SELECT * FROM account WHERE email = ?", GIVEN["email"])
    assert row is not None
    assert (row["role"], bool(row["is_confirmed"])) == ("member", False)


@pytest.mark.parametrize(
    "email", ["nina@sous.jetable.example", "N.ina+encore@tilleuls.example"], ids=["domain", "one"]
)
async def test_blocked_addresses_do_not_sign_up(site: Site, email: str) -> None:
    site = opened(site, "open", mail=True)
    app = await application(site)

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO email_domain_block (id, domain, created_at)"
            " VALUES (1, 'jetable.example', 0)"
        )
        await block_hash(site.node, tx, digest("nina@tilleuls.example"))

    await site.node.db.write(work)
    reply = await app.post(SIGN_UP, GIVEN | {"email": email})
    assert reply.json["details"]["email"][0]["error"] == "ERR_BLOCKED", reply.text
    assert (await app.post(SIGN_UP, GIVEN | {"email": "nina@ailleurs.example"})).status == 200


@pytest.mark.parametrize(
    ("severity", "sign_up", "home"),
    [
        ("sign_up_requires_approval", 200, 200),
        ("sign_up_block", 403, 200),
        ("no_access", 403, 403),
    ],
)
async def test_blocked_networks(
    site: Site, clock: FakeClock, severity: str, sign_up: int, home: int
) -> None:
    site = opened(site, "open", mail=True)
    app, ada = await application(site), await site.person("ada")
    await site.node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO ip_block (id, network, severity, created_at)"
            " VALUES (1, '203.0.113.0/24', ?, 0)",
            severity,
        )
    )
    clock.advance(11)
    app.address = ada.address = "203.0.113.9"
    assert (await app.post(SIGN_UP, GIVEN)).status == sign_up
    assert (await ada.get("/api/v1/timelines/home")).status == home
    if sign_up == 200:
        assert not await site.node.db.value(
            "SELECT is_approved FROM account WHERE email = ?", GIVEN["email"]
        )
    ada.address = "203.0.114.9"
    assert (await ada.get("/api/v1/timelines/home")).status == 200


async def test_sign_ups_are_few_for_one_address(site: Site) -> None:
    site = opened(site, "approval")
    node = replace(site.node, limits=Limits())
    site = Site(node, build_app(node))
    app = await application(site)
    answers = [(await app.post(SIGN_UP, {})).status for _ in range(6)]
    assert answers == [422] * 5 + [429]


async def test_a_person_does_not_sign_up_for_another(site: Site) -> None:
    site = opened(site, "open", mail=True)
    ada = await site.person("ada")
    assert (await ada.post(SIGN_UP, GIVEN)).status == 403
    assert orjson.loads((await ada.get("/api/v1/emails/check_confirmation")).body) is True
