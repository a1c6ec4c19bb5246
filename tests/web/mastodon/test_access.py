"""Who may call what: the whole table of routes against each kind of token and each scope."""

import re
from dataclasses import replace
from typing import Any

from actors.permissions import PERMISSIONS, allows
from federation.database import Row as DatabaseRow
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import ALL_SCOPES, Site
from web.app import build_app
from web.mastodon.call import OF_A_PERSON, Entry
from web.mastodon.routes import TABLE
from web.scopes import KNOWN, covers, is_subset

SCOPED = [row for row in TABLE if row.scope is not None]
PLACE = re.compile(r"\{(\w+)\}")


def path_of(row: Entry, **places: str) -> str:
    """The path with these at its places, and what does not exist at all others."""
    return PLACE.sub(lambda match: places.get(match[1], "123"), row.path)


async def ask(client: Client, row: Entry, path: str = "", send: Any = None) -> Reply:
    method = row.methods.split()[0]
    body: Any = None if method == "GET" else send or {}
    return await client.ask(method, path or path_of(row), json=body)


async def test_staff_paths_are_for_those_whose_role_permits_them(site: Site) -> None:
    """SEC-123: a scope of administration gives nothing that the role does not."""
    every = " ".join(KNOWN)
    clients = {
        role: await site.person(f"a_{role}", every, role=role, email=f"{role}@x.example")
        for role in PERMISSIONS
    }
    rows = [row for row in TABLE if row.permission is not None]
    of_staff = (
        "/api/v1/admin/",
        "/api/v2/admin/",
        "/api/maillage/v1/partners",
        "/api/maillage/v1/organisation",
    )
    assert {row.path.startswith(of_staff) for row in rows} == {True}
    assert all(row.permission for row in TABLE if "/admin/" in row.path)
    for row in rows:
        assert row.permission is not None
        for role, client in clients.items():
            reply = await ask(client, row)
            refused = (reply.status, reply.json) == (403, {"error": "This action is not allowed"})
            assert refused != allows(role, row.permission), f"{row.path} for {role}"


async def test_each_route_takes_the_scope_it_names_and_no_other(site: Site) -> None:
    """SEC-123, SEC-124, SEC-172."""
    await site.person("ada", role="administrator")
    clients = {scope: await site.person("ada", scope) for scope in KNOWN}
    outside = "This action is outside the authorized scopes"
    for row in SCOPED:
        assert row.scope is not None
        for scope, client in clients.items():
            reply = await ask(client, row)
            if covers(frozenset({scope}), row.scope):
                assert outside not in reply.text, f"{row.path} refuses {scope}"
            else:
                assert reply.status == 403, f"{row.path} lets {scope} in"
                assert reply.json["error"] == outside


async def test_what_is_for_persons_is_not_for_applications_or_nobody(site: Site) -> None:
    await site.person("ada")
    application = site.client(await site.token(None, "read write follow push"))
    for row in TABLE:
        nobody = await ask(site.client(), row)
        wrong = await ask(site.client("x" * 43), row)
        reply = await ask(application, row)
        if row.access == "anybody":
            assert nobody.status in (200, 400, 403, 404, 422), row.path
            continue
        assert nobody.status == wrong.status == 401, row.path
        assert wrong.json["error"] == "The access token is invalid"
        needs_user = "This method requires an authenticated user"
        if row.access in OF_A_PERSON:
            assert (reply.status, reply.json["error"]) == (422, needs_user), row.path
        elif row.access == "reader":
            # On a closed node an application is nobody.
            assert (reply.status, reply.json["error"]) == (401, needs_user), row.path
            assert nobody.json["error"] == needs_user
        else:
            # Who would sign up on a closed node hears that nobody does.
            assert reply.status == (403 if row.methods == "POST" else 200), row.path


async def test_on_an_open_node_readers_need_no_token(open_site: Site) -> None:
    for row in TABLE:
        reply = await ask(open_site.client(), row)
        if row.access == "reader":
            assert reply.status in (200, 404, 422), row.path
        elif row.access != "anybody":
            assert reply.status == 401, row.path


def test_broad_scopes_cover_their_own_narrow_ones() -> None:
    assert covers(frozenset({"read"}), "read:statuses")
    assert not covers(frozenset({"read"}), "write:statuses")
    assert not covers(frozenset({"read:statuses"}), "read:accounts")
    assert not covers(frozenset({"read:statuses"}), "read")
    assert covers(frozenset({"follow"}), "write:blocks")
    assert not covers(frozenset({"follow"}), "write:statuses")
    assert covers(frozenset({"read:accounts"}), "profile")
    assert not covers(frozenset({"profile"}), "read:accounts")
    assert is_subset(frozenset({"read:statuses"}), frozenset({"read"}))
    assert not is_subset(frozenset({"read"}), frozenset({"read:statuses"}))
    assert is_subset(frozenset({"follow"}), frozenset({"read", "write"}))
    assert not is_subset(frozenset({"follow"}), frozenset({"read"}))


STATUS = "/api/v1/statuses/{id}"
# Beside the paths under STATUS: what else takes the id of a status, and how.
TAKERS: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/api/v1/statuses", {"status": "x", "in_reply_to_id": "{}"}),
    ("POST", "/api/v1/statuses", {"status": "x", "quoted_status_id": "{}"}),
    ("POST", "/api/v1/reports", {"account_id": "{ada}", "status_ids": ["{}"]}),
    ("POST", "/api/v2/filters/{filter}/statuses", {"status_id": "{}"}),
    ("POST", "/api/v1/statuses/{own}/quotes/{}/revoke", {}),
    ("POST", "/api/v1/polls/{poll}/votes", {"choices": [0]}),
    ("GET", "/api/v1/polls/{poll}", None),
    ("GET", "/api/v1/statuses?id[]={}", None),
    *(
        ("POST", f"/api/v1/admin/trends/{kind}/{{}}/{verdict}", {})
        for kind in ("statuses", "links", "links/publishers")
        for verdict in ("approve", "reject")
    ),
)


def filled(value: Any, status_id: str, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: filled(inner, status_id, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, status_id, names) for inner in value]
    if not isinstance(value, str):
        return value
    for name, number in names.items():
        value = value.replace(f"{{{name}}}", number)
    return value.replace("{}", status_id)


async def test_what_one_may_not_see_is_what_does_not_exist(site: Site) -> None:
    """SEC-161, SEC-166: whatever takes the id of a status, byte by byte, for staff too."""
    ada = await site.person("ada")
    eve = await site.person("eve", f"{ALL_SCOPES} admin:read admin:write", role="administrator")
    poll = {"options": ["a", "b"], "expires_in": 600}
    sent = {"status": "hidden", "visibility": "private"}
    hidden = (await ada.post("/api/v1/statuses", sent | {"poll": poll})).json
    own = (await eve.post("/api/v1/statuses", {"status": "mine"})).json["id"]
    wanted = {"title": "x", "context": ["home"]}
    filter_id = (await eve.post("/api/v2/filters", wanted)).json["id"]
    shared = {"ada": site.id_of("ada"), "own": own, "filter": filter_id}
    routes = [
        (row.methods.split()[0], row.path.replace("{id}", "{}", 1), {"lang": "fr"})
        for row in TABLE
        if row.path.startswith(STATUS)
    ]
    assert len(routes) > 20
    for method, path, body in (*routes, *TAKERS):
        for language in ("fr", "en"):
            eve.language = language
            replies: list[Reply] = []
            for status_id, poll_id in ((hidden["id"], hidden["poll"]["id"]), ("123", "123")):
                names = shared | {"poll": poll_id, "quoting_status_id": own}
                send = None if method == "GET" else filled(body, status_id, names)
                replies.append(await eve.ask(method, filled(path, status_id, names), json=send))
            there, absent = replies
            assert there.body == absent.body, path
            assert there.raw_headers == absent.raw_headers, path
            if "id[]" in path:
                assert there.json == []
            else:
                assert (there.status, absent.status) == (404, 404), path
                assert there.body == b'{"error":"Record not found"}'
    for method, path, body in routes:
        reply = await eve.ask(method, path.replace("{}", "x"), json=body)
        assert (reply.status, reply.body) == (404, b'{"error":"Record not found"}'), path
    again = (await ada.get(f"/api/v1/statuses/{hidden['id']}")).json
    assert [again[f"{deed}_count"] for deed in ("favourites", "reblogs", "quotes")] == [0, 0, 0]
    assert again["poll"]["votes_count"] == 0


class Counted:
    """A reader that writes down which statements were asked."""

    def __init__(self, db: Any) -> None:
        self.db = db
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.db, name)

    async def rows(self, sql: str, *args: Any) -> Any:
        self.asked.append(sql)
        return await self.db.rows(sql, *args)

    async def row(self, sql: str, *args: Any) -> DatabaseRow | None:
        self.asked.append(sql)
        return await self.db.row(sql, *args)

    async def value(self, sql: str, *args: Any) -> Any:
        self.asked.append(sql)
        return await self.db.value(sql, *args)


async def test_the_statements_for_both_are_the_same(site: Site) -> None:
    """SEC-166."""
    ada, eve = await site.person("ada"), await site.person("eve")
    made = await ada.post("/api/v1/statuses", {"status": "hidden", "visibility": "direct"})
    counted = Counted(site.node.db)
    watched = Site(replace(site.node, db=counted), build_app(replace(site.node, db=counted)))
    asked: list[list[str]] = []
    for status_id in (made.json["id"], "123"):
        reader = watched.client(eve.token)
        assert (await reader.get("/api/v1/accounts/verify_credentials")).status == 200
        counted.asked.clear()
        assert (await reader.get(f"/api/v1/statuses/{status_id}/context")).status == 404
        asked.append(list(counted.asked))
    assert asked[0] == asked[1] != []


async def test_others_notifications_do_not_exist(site: Site) -> None:
    ada, bob, eve = [await site.person(name) for name in ("ada", "bob", "eve")]
    await site.follow(bob, "ada")
    told = (await ada.get("/api/v1/notifications")).json[0]["id"]
    for method, path in (("GET", f"/{told}"), ("POST", f"/{told}/dismiss")):
        assert (await eve.ask(method, f"/api/v1/notifications{path}")).status == 404
        assert (await ada.ask(method, f"/api/v1/notifications{path}")).status == 200
    assert (await ada.get("/api/v1/notifications")).json == []


async def test_a_person_changes_only_what_is_hers(site: Site) -> None:
    """SEC-140: what a client may not say is not heard."""
    ada = await site.person("ada")
    before = await site.node.db.row("SELECT * FROM account")
    assert before is not None
    sent = {
        "display_name": "Ada", "role": "administrator", "id": "1", "actor_id": "1",
        "admin": True, "verified": True, "email": "x@y.test", "is_local": False, "uri": "x",
        "username": "root", "suspended_at": 1, "account": {"role": "administrator"},
    }  # fmt: skip
    reply = await ada.ask("PATCH", "/api/v1/accounts/update_credentials", json=sent)
    assert (reply.json["username"], reply.json["display_name"]) == ("ada", "Ada")
    after = await site.node.db.row("SELECT * FROM account")
    assert after is not None
    assert tuple(after) == tuple(before)


async def test_other_origins_read_answers_without_credentials_only(site: Site) -> None:
    """SEC-145."""
    ada = await site.person("ada")
    evil = {"origin": "https://evil.example"}
    for path in ("/api/v1/timelines/home", "/api/v1/statuses/1", "/sign-in", "/oauth/authorize"):
        reply = await ada.ask("GET", path, headers=evil)
        assert "access-control-allow-credentials" not in reply.headers
        assert reply.headers.get("access-control-allow-origin", "*") == "*"
