"""What staff sees of people and decides about them, and what it never sees."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from actors.permissions import ROLES, Permission, allows
from federation.database import Transaction
from federation.options import RegistrationsOptions
from federation.peers import allow
from inbox.audit import newest, record, verify_chain
from outbox.documents import note_document
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check
from tests.web.mastodon.files import picture, uploaded
from tests.web.mastodon.staff import staff
from tests.web.mastodon.test_admin_domains import ROSES, rosa
from web.app import build_app
from web.mastodon.call import Entry
from web.mastodon.routes import TABLE

A = "/api/v1/admin/accounts"
STAFF = [row for row in TABLE if row.access == "staff"]


def path_of(entry: Entry) -> str:
    return entry.path.replace("{id}", "123").replace("{name}", "x")


@pytest.mark.parametrize("role", ROLES)
async def test_each_path_of_staff_asks_for_its_permission(site: Site, role: str) -> None:
    """SEC-125, SEC-162: scopes of administration give nothing to who has no such role."""
    client = await staff(site, role)
    plain = await site.person(f"le_{role}")
    application = site.client(await site.token(None, "read write admin:read admin:write"))
    assert len(STAFF) >= 60
    for entry in STAFF:
        assert entry.permission is not None
        assert entry.scope is not None
        method = entry.methods.split()[0]
        body: Any = None if method in ("GET", "DELETE") else {}
        reply = await client.ask(method, path_of(entry), json=body)
        may = allows(role, entry.permission)
        assert (reply.status != 403) is may, f"{entry.path} {role} {reply.text}"
        assert reply.status < 500, f"{entry.path}: {reply.text}"
        narrow = await plain.ask(method, path_of(entry), json=body)
        assert narrow.status == 403, entry.path
        assert (await site.client().ask(method, path_of(entry), json=body)).status == 401
        assert (await application.ask(method, path_of(entry), json=body)).status == 422


def test_who_keeps_the_machine_running_reads_no_report_and_no_person() -> None:
    read = {
        entry.path for entry in STAFF if entry.permission and allows("technical", entry.permission)
    }
    assert not [path for path in read if "accounts" in path or "reports" in path]
    assert not [path for path in read if "trends" in path or "announcements" in path]
    assert allows("technical", Permission.MANAGE_PEERS)


async def test_an_account_is_shown_in_full_without_a_trace_of_its_visits(site: Site) -> None:
    chief, mona = await staff(site), await staff(site, "moderator")
    ada = await site.person("ada", email="ada@tilleuls.example")
    await ada.get("/api/v1/timelines/home")
    for client, email in ((chief, "ada@tilleuls.example"), (mona, None)):
        one = (await client.get(f"{A}/{site.id_of('ada')}")).json
        check("AdminAccount", one)
        assert one["email"] == email
        assert (one["ip"], one["ips"]) == (None, [])
        assert one["role"]["permissions"] == "0"
        assert one["account"]["acct"] == "ada"
        listed = (await client.get("/api/v2/admin/accounts", origin="local")).json
        assert {item["username"] for item in listed} == {"ada", "le_administrator", "le_moderator"}
    found = (await chief.get("/api/v2/admin/accounts", email="ADA@tilleuls.example")).json
    assert [item["username"] for item in found] == ["ada"]
    hidden = (await mona.get("/api/v2/admin/accounts", email="ada@tilleuls.example")).json
    assert hidden == []
    assert (await chief.get(A, ip="127.0.0.1")).json == []
    assert (await chief.get(f"{A}/123")).status == 404
    assert (await chief.get("/api/v2/admin/accounts", status="x")).status == 422


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"staff": "true"}, {"le_administrator"}),
        ({"username": "ad"}, {"ada"}),
        ({"username": "%"}, set[str]()),
        ({"remote": "true"}, set[str]()),
        ({"suspended": "true"}, {"ben"}),
        ({"active": "true"}, {"ada", "le_administrator"}),
        ({"by_domain": "roses.example"}, set[str]()),
        ({"limit": "1"}, {"ben"}),
    ],
)
async def test_lists_are_narrowed(site: Site, query: dict[str, str], names: set[str]) -> None:
    chief = await staff(site)
    for name in ("ada", "ben"):
        await site.person(name)
    assert (await chief.post(f"{A}/{site.id_of('ben')}/action", {"type": "suspend"})).status == 200
    assert {item["username"] for item in (await chief.get(A, **query)).json} == names


async def test_a_decision_is_in_force_told_and_taken_back(site: Site) -> None:
    mona, ada, ben = (
        await staff(site, "moderator"),
        await site.person("ada"),
        await site.person("ben"),
    )
    post = (await ada.post("/api/v1/statuses", {"status": "Bonjour"})).json["id"]
    carl = await site.person("carl")
    await site.follow(carl, "ada")
    path = f"{A}/{site.id_of('ada')}"

    async def seen() -> list[int]:
        return [(await who.get(f"/api/v1/statuses/{post}")).status for who in (ben, carl)]

    assert await seen() == [200, 200]
    said = {"type": "silence", "text": "Trop de bruit"}
    assert (await mona.post(f"{path}/action", said)).json == {}
    assert await seen() == [404, 200]
    assert (await ben.get(f"/api/v1/accounts/{site.id_of('ada')}")).json["limited"] is True
    assert (await ada.get("/api/v1/accounts/verify_credentials")).status == 200
    warned = (await ada.get("/api/v1/notifications", types="moderation_warning")).json
    assert warned[0]["moderation_warning"]["action"] == "silence"
    assert warned[0]["moderation_warning"]["text"] == "Trop de bruit"
    assert (await mona.post(f"{path}/unsilence")).json["silenced"] is False
    assert await seen() == [200, 200]
    await mona.post(f"{path}/action", {"type": "suspend"})
    assert await seen() == [404, 404]
    assert (await ada.get("/api/v1/timelines/home")).status in (401, 403)
    assert (await mona.post(f"{path}/unsuspend")).json["suspended"] is False
    assert await seen() == [200, 200]
    await mona.post(f"{path}/action", {"type": "disable"})
    again = await site.person("ada")
    assert (await again.get("/api/v1/timelines/home")).status == 403
    assert (await mona.post(f"{path}/enable")).json["disabled"] is False
    assert (await again.get("/api/v1/timelines/home")).status == 200
    rows = await newest(site.node.db, 10)
    assert [row["action"] for row in reversed(rows)] == [
        "account.silence",
        "account.unsilence",
        "account.suspend",
        "account.unsuspend",
        "account.disable",
        "account.undisable",
    ]
    assert {row["staff_uri"] for row in rows} == {site.people["le_moderator"]["uri"]}
    assert rows[-1]["reason"] == "Trop de bruit"
    assert await site.node.db.value("SELECT COUNT(*) FROM strike") == 3


async def test_who_is_suspended_elsewhere_hears_that_follows_ended(site: Site) -> None:
    moderator = await staff(site)
    await site.person("ada")
    await rosa(site)
    await site.node.db.write(lambda tx: allow(tx, ROSES, 0))
    own = site.people["ada"]["uri"]
    follows = await site.node.db.rows("SELECT * FROM follow ORDER BY id")
    theirs = {row["uri"]: row["follower_id"] == 5 for row in follows}
    assert sorted(theirs.values()) == [False, True]
    assert (await moderator.post(f"{A}/5/action", {"type": "suspend"})).status == 200

    async def sent() -> list[tuple[str, str, bool]]:
        rows = await site.node.db.rows(
            "SELECT a.type, a.body, a.actor_uri, d.inbox_url FROM activity a"
            " JOIN delivery d ON d.activity_id = a.id ORDER BY a.type"
        )
        assert {(row["actor_uri"], row["inbox_url"]) for row in rows} <= {
            (own, f"{ROSES}/users/rosa/inbox")
        }
        ends = [(row["type"], orjson.loads(row["body"])["object"]) for row in rows]
        return [(kind, follow["type"], theirs[follow["id"]]) for kind, follow in ends]

    ended = [("Reject", "Follow", True), ("Undo", "Follow", False)]
    assert await sent() == ended
    # Nothing comes back by itself, and nothing more is sent.
    assert (await moderator.post(f"{A}/5/unsuspend")).status == 200
    assert await site.node.db.value("SELECT COUNT(*) FROM follow") == 0
    assert await sent() == ended


async def test_pictures_are_covered_while_staff_says_so(site: Site) -> None:
    moderator, ada, bob = await staff(site), await site.person("ada"), await site.person("bob")
    path = f"/api/v1/admin/accounts/{site.id_of('ada')}"
    own = await with_picture(ada)
    hers = await with_picture(ada, sensitive=True)
    plain = (await ada.post("/api/v1/statuses", {"status": "sans image"})).json["id"]

    async def covered() -> list[bool]:
        return [
            (await bob.get(f"/api/v1/statuses/{one}")).json["sensitive"]
            for one in (own, hers, plain)
        ]

    async def on_the_wire() -> bool:
        row = await site.node.db.row("SELECT * FROM status WHERE id = ?", int(own))
        assert row is not None
        return (await note_document(site.node, site.node.db, row))["sensitive"]

    assert (await covered(), await on_the_wire()) == ([False, True, False], False)
    assert (await moderator.post(f"{path}/action", {"type": "sensitive"})).status == 200
    assert (await covered(), await on_the_wire()) == ([True, True, False], True)
    later = await with_picture(ada)
    assert (await bob.get(f"/api/v1/statuses/{later}")).json["sensitive"] is True
    assert (await moderator.post(f"{path}/unsensitive")).status == 200
    # What she said herself stays said.
    assert (await covered(), await on_the_wire()) == ([False, True, False], False)
    assert (await bob.get(f"/api/v1/statuses/{later}")).json["sensitive"] is False


async def with_picture(client: Client, **more: Any) -> str:
    """The id of a status with a picture."""
    media = await uploaded(client, picture())
    fields = {"status": "au jardin", "media_ids": [media["id"]], **more}
    return (await client.post("/api/v1/statuses", fields)).json["id"]


async def test_nobody_decides_about_herself_or_about_staff_above(site: Site) -> None:
    mona, chief = await staff(site, "moderator"), await staff(site)
    for target in ("le_moderator", "le_administrator"):
        reply = await mona.post(f"{A}/{site.id_of(target)}/action", {"type": "suspend"})
        assert reply.status == 403, target
    own = await chief.post(f"{A}/{site.id_of('le_administrator')}/action", {"type": "suspend"})
    assert own.status == 403
    reply = await chief.post(f"{A}/{site.id_of('le_moderator')}/action", {"type": "none"})
    assert reply.status == 200
    wrong = await chief.post(f"{A}/{site.id_of('le_moderator')}/action", {"type": "shout"})
    assert (wrong.status, list(wrong.json["details"])) == (422, ["type"])
    assert await site.node.db.value("SELECT COUNT(*) FROM audit") == 1


async def test_only_what_is_suspended_is_deleted(site: Site) -> None:
    chief, ada = await staff(site), await site.person("ada")
    await ada.post("/api/v1/statuses", {"status": "Bonjour"})
    path = f"{A}/{site.id_of('ada')}"
    assert (await chief.ask("DELETE", path)).status == 403
    await chief.post(f"{path}/action", {"type": "suspend"})
    assert (await chief.ask("DELETE", path)).json["username"] == "ada"
    assert (await chief.get(path)).status == 404
    assert await site.node.db.value("SELECT COUNT(*) FROM status") == 0
    flown = await site.node.db.row("SELECT * FROM activity WHERE type = 'Delete'")
    assert flown is not None
    assert flown["object_uri"] == site.people["ada"]["uri"]


async def test_who_waits_is_let_in_or_is_as_if_she_had_never_come(site: Site) -> None:
    options = replace(site.node.options, registrations=RegistrationsOptions(mode="approval"))
    site = Site(replace(site.node, options=options), build_app(replace(site.node, options=options)))
    chief, mona = await staff(site), await staff(site, "moderator")
    application = site.client(await site.token(None, "read write"))
    tokens: list[str] = []
    for name in ("nina", "noe"):
        reply = await application.post(
            "/api/v1/accounts",
            {
                "username": name,
                "email": f"{name}@tilleuls.example",
                "password": "une phrase de passe",
                "agreement": True,
                "reason": "Je travaille ici",
            },
        )
        tokens.append(reply.json["access_token"])
    waiting = (await chief.get("/api/v2/admin/accounts", status="pending")).json
    assert [item["username"] for item in waiting] == ["noe", "nina"]
    assert waiting[0]["invite_request"] == "Je travaille ici"
    for item in waiting:
        assert (await mona.post(f"{A}/{item['id']}/approve")).status == 403
    assert (await chief.post(f"{A}/{waiting[1]['id']}/approve")).json["approved"] is True
    assert (await chief.post(f"{A}/{waiting[0]['id']}/reject")).json["username"] == "noe"
    nina, noe = (site.client(token) for token in tokens)
    assert (await nina.get("/api/v1/timelines/home")).status == 200
    assert (await noe.get("/api/v1/timelines/home")).status == 401
    assert (await chief.post(f"{A}/{waiting[1]['id']}/reject")).status == 403
    assert not await site.node.db.value("SELECT COUNT(*) FROM actor WHERE username = 'noe'")


async def test_a_changed_row_of_the_record_is_found(site: Site) -> None:
    node = site.node

    async def work(tx: Transaction) -> None:
        for number in range(5):
            await record(node, tx, "urn:staff", "account.none", f"urn:{number}", "parce que")

    await node.db.write(work)
    assert await verify_chain(node.db) is None

    async def spoil(sql: str) -> int | None:
        await node.db.write(lambda tx: tx.execute(sql))
        return await verify_chain(node.db)

    assert await spoil("UPDATE audit SET reason = 'autre' WHERE number = 3") == 3
    assert await spoil("UPDATE audit SET reason = 'parce que' WHERE number = 3") is None
    assert await spoil("DELETE FROM audit WHERE number = 2") == 3


@pytest.mark.parametrize(
    ("role", "bits"),
    [("member", 0), ("moderator", 1 << 4 | 1 << 8 | 1 << 10), ("communication", 1 << 13)],
)
async def test_a_role_is_said_in_mastodons_words(site: Site, role: str, bits: int) -> None:
    client = await site.person("ada", role=role)
    own = (await client.get("/api/v1/accounts/verify_credentials")).json
    assert own["role"]["permissions"] == str(bits)
    assert own["role"]["highlighted"] is (role != "member")
    assert [shown["name"] for shown in own["roles"]] == (
        [] if role == "member" else [own["role"]["name"]]
    )
