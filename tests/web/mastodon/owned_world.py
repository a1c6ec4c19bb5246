"""A small site where alice has one of everything, and each kind of person who may not have it.

sonia is a stranger to her, boris is blocked, paula waits to be let in as a follower, flora is one.
"""

from federation.node import Node
from tests.conftest import ENGINE, FakeClock
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.world import SCOPES, STAFF_SCOPES, World
from tests.web.mastodon.files import picture, uploaded

STATUSES = "/api/v1/statuses"
CONTEXTS = ["home", "public"]
PEOPLE = (
    *("alice", "sonia", "boris", "paula", "flora", "nadia", "zoe"),
    *("hugo", "ines", "gone"),
)
STAFF = (("staff", "stella", "administrator"), ("technical", "thomas", "technical"))


async def owned_world(site: Site, clock: FakeClock) -> World:
    """The site, with clients and things by name; everything has settled."""
    world = World(site, clock)
    for name in PEOPLE:
        world.clients[name] = await site.person(name, SCOPES)
    for client, name, role in STAFF:
        world.clients[client] = await site.person(name, STAFF_SCOPES, role=role)
    world.clients["member"] = site.client(await site.token("sonia", STAFF_SCOPES))
    world.clients["narrow"] = site.client(await site.token("alice", "profile"))
    world.clients["barely"] = site.client(await site.token("stella", "profile"))
    world.clients["nobody"] = site.client()
    world.names |= {name: site.id_of(name) for name in site.people}
    world.names["host"] = "personne.example"
    # Whoever chose no language hears the one that her software asks for.
    await world.write(lambda tx: tx.execute("UPDATE account SET locale = ''"))
    await _relations(world)
    await _posts(world)
    await _belongings(world)
    await _told(world)
    return world


async def _relations(world: World) -> None:
    account = "/api/v1/accounts"
    await world.do("alice", "PATCH", f"{account}/update_credentials", {"locked": True})
    for name in ("flora", "paula", "zoe"):
        await world.post(name, f"{account}/{{alice}}/follow")
        await world.settle()
    await world.post("alice", "/api/v1/follow_requests/{flora}/authorize")
    await world.post("alice", f"{account}/{{flora}}/follow")
    await world.settle()
    await world.post("alice", f"{account}/{{flora}}/endorse")
    await world.post("boris", f"{account}/{{flora}}/follow")
    await world.settle()
    await world.post("alice", f"{account}/{{boris}}/block")


async def _posts(world: World) -> None:
    poll = {"options": ["mardi", "jeudi"], "expires_in": 86_400}
    for kind in ("public", "private", "direct"):
        text = "@flora pour toi" if kind == "direct" else "Bonjour #nuit"
        await world.publish("alice", kind, text, visibility=kind)
        await world.publish("alice", f"{kind}_again", text, visibility=kind)
        made = await world.publish("alice", f"{kind}_asked", text, visibility=kind, poll=poll)
        world.names[f"{kind}_poll"] = made["poll"]["id"]
    await world.publish("flora", "quoting", "Voyez", quoted_status_id="{public}")
    private = {"visibility": "private", "quoted_status_id": "{private}"}
    await world.publish("alice", "private_quoting", "Voyez", **private)
    await world.publish("nadia", "held", "@alice bonjour")
    await world.settle()


async def _belongings(world: World) -> None:
    for name in ("media", "media_again"):
        world.names[name] = (await uploaded(world.clients["alice"], picture()))["id"]
    await world.post("alice", "/api/v1/lists", {"title": "Équipe"}, "list")
    await world.post("alice", "/api/v1/lists/{list}/accounts", {"account_ids": ["{flora}"]})
    sent = {
        "title": "Cuisine", "context": CONTEXTS, "filter_action": "warn",
        "keywords_attributes": [{"keyword": "moutarde"}, {"keyword": "sel"}],
    }  # fmt: skip
    made = await world.post("alice", "/api/v2/filters", sent, "filter")
    world.names["keyword"], world.names["filter_v1"] = (k["id"] for k in made["keywords"])
    told = {"status_id": "{public}"}
    await world.post("alice", "/api/v2/filters/{filter}/statuses", told, "filtered")
    later = {"status": "Demain", "scheduled_at": "2030-01-01T00:00:00Z", "visibility": "private"}
    await world.post("alice", STATUSES, later, "scheduled")
    await world.post("alice", "/api/v1/featured_tags", {"name": "nuit"}, "featured")


async def _told(world: World) -> None:
    """What alice and staff have been told."""
    held = {"for_not_following": "filter"}
    await world.do("alice", "PATCH", "/api/v2/notifications/policy", held)
    await world.publish("nadia", "held_too", "@alice encore")
    await world.publish("paula", "asked_in", "@alice bonjour")
    await world.post("flora", f"{STATUSES}/{{private}}/favourite")
    await world.publish("flora", "answer", "@alice merci", visibility="direct")
    await world.settle()
    requests = await world.do("alice", "GET", "/api/v1/notifications/requests")
    world.names["request"], world.names["request_too"] = (item["id"] for item in requests)
    for item in await world.do("alice", "GET", "/api/v1/notifications"):
        world.names[f"told_{item['type']}"] = item["id"]
    for item in (await world.do("alice", "GET", "/api/v2/notifications"))["notification_groups"]:
        world.names[f"group_{item['type']}"] = item["group_key"]
    found = await world.do("alice", "GET", "/api/v1/conversations")
    world.names["conversation"] = found[0]["id"]
    admin = "/api/v1/admin"
    await world.post("staff", f"{admin}/announcements", {"text": "Bonjour"}, "announcement")
    later = {"text": "Plus tard", "scheduled_at": "2030-01-01T00:00:00Z"}
    await world.post("staff", f"{admin}/announcements", later, "later")
    about = {"account_id": "{boris}", "status_ids": []}
    await world.post("alice", "/api/v1/reports", about, "report")
    for name, sent in {
        "domain_allow": {"domain": "iris.example"},
        "domain_block": {"domain": "ronces.example", "severity": "suspend"},
        "email_domain_block": {"domain": "jetable.example"},
        "canonical_email_block": {"email": "bruit@jetable.example"},
        "ip_block": {"ip": "203.0.113.0/24", "severity": "no_access", "expires_in": 60},
    }.items():
        await world.post("staff", f"{admin}/{name}s", sent, name)
    await world.post("alice", "/api/v1/tags/nuit/follow", keep="tag")

    for name, action in (("gone", "suspend"), ("sonia", "none")):
        await world.post("staff", f"{admin}/accounts/{{{name}}}/action", {"type": action})
    wait = "UPDATE account SET is_approved = ? WHERE actor_id IN (?, ?)"
    new = [int(world.names[name]) for name in ("hugo", "ines")]
    await world.write(lambda tx: tx.execute(wait, False, *new))


async def rows_of(node: Node) -> dict[str, list[str]]:
    """Every row of every table, for comparing."""
    found: dict[str, list[str]] = {}
    if not _TABLES:
        _TABLES.extend(row["name"] for row in await node.db.rows(_LISTED))
    if ENGINE == "postgres":
        # One statement: a question for each table takes this engine most of the test's time.
        sql = " UNION ALL ".join(
            f"SELECT '{table}' AS name, t::text AS said FROM \"{table}\" t" for table in _TABLES
        )
        for row in await node.db.rows(sql):
            found.setdefault(row["name"], []).append(row["said"])
    else:
        for table in _TABLES:
            rows = await node.db.rows(f'SELECT * FROM "{table}"')
            found[table] = [repr(tuple(row)) for row in rows]
    return {table: sorted(rows) for table, rows in found.items()}


_TABLES: list[str] = []
_LISTED = (
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
    if ENGINE == "postgres"
    else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    " AND name NOT LIKE 'status_words%'"
)
