"""A site on which something stands in every list: people, relations, and what they keep.

Each object is known by a name, its id in `names`; the people's clients in `clients`.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from federation.database import Transaction
from federation.options import InstanceOptions, Options, RegistrationsOptions, SiteText
from federation.organisation_lists import organisation_uri
from federation.organisations import begin
from tests.conftest import OPENLY, FakeClock
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.files import form, picture
from web.app import build_app

SCOPES = "read write follow push"
STAFF_SCOPES = f"{SCOPES} admin:read admin:write"
PEOPLE = ("bob", "chloe", "denis", "eve", "fred", "gina", "zoe")
OPTIONS = Options(
    posting=OPENLY,
    registrations=RegistrationsOptions(mode="approval", reason_required=True),
    instance=InstanceOptions(
        description="Une maison",
        contact_email="accueil@tilleuls.example",
        contact_account="bob",
        status_url="https://etat.tilleuls.example/",
        texts={
            "about": SiteText("Notre maison", 1_780_000_000_000),
            "terms-2026-01-01": SiteText("Avant", 1_780_000_000_000),
            "terms-2030-01-01": SiteText("Plus tard", 1_780_000_000_000),
        },
    ),
)
PLACE = re.compile(r"\{(\w+)\}")


@dataclass
class World:
    """The site, who is on it, and what each thing in it is called."""

    site: Site
    clock: FakeClock
    names: dict[str, str] = field(default_factory=dict[str, str])
    clients: dict[str, Client] = field(default_factory=dict[str, Client])

    async def ask(self, by: str, method: str, path: str, send: Any = None, **query: Any) -> Reply:
        """One request by somebody known here; `{name}` stands for the id of what is called so."""
        given = self.filled(query)
        return await self.clients[by].ask(
            method, self.filled(path), json=self.filled(send), query=given or None
        )

    async def do(
        self, by: str, method: str, path: str, send: Any = None, keep: str = "", **query: Any
    ) -> Any:
        """The JSON of a request that goes well; `keep` is what its id is called from then on."""
        reply = await self.ask(by, method, path, send, **query)
        assert reply.status == 200, f"{method} {path}: {reply.status} {reply.text}"
        if keep:
            self.names[keep] = str(reply.json["id"])
        return reply.json

    async def post(self, by: str, path: str, send: Any = None, keep: str = "") -> Any:
        return await self.do(by, "POST", path, send, keep)

    async def publish(self, by: str, keep: str, text: str = "Bonjour", **more: Any) -> Any:
        """A new status."""
        return await self.post(by, "/api/v1/statuses", {"status": text, **more}, keep)

    def filled(self, value: Any) -> Any:
        """The value with ids in place of names."""
        if isinstance(value, str):
            return PLACE.sub(lambda match: self.names.get(match[1], match[0]), value)
        if isinstance(value, dict):
            return {key: self.filled(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.filled(inner) for inner in value]
        return value

    async def write(self, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        return await self.site.node.db.write(work)

    async def settle(self) -> None:
        await self.site.settle()

    def on(self, **changes: Any) -> Client:
        """Somebody without a token who reads the same database with these settings."""
        node = replace(self.site.node, **changes)
        return Client(build_app(node), node.origin)


async def people(world: World, role: str) -> None:
    """Everybody with an account, and what strangers use."""
    site = world.site
    uri = organisation_uri(site.node.origin)
    await world.write(lambda tx: begin(site.node, tx, uri, "Les Deux Rives", is_ours=True))
    for name in PEOPLE:
        world.clients[name] = await site.person(name, SCOPES)
    world.clients["staff"] = await site.person(
        "mona", STAFF_SCOPES, role="administrator", email="mona@tilleuls.example"
    )
    world.clients["nobody"] = site.client()
    world.clients["bare"] = world.on(options=Options())
    sent = {
        "client_name": "Téléphone", "website": "https://app.example", "scopes": STAFF_SCOPES,
        "redirect_uris": "urn:ietf:wg:oauth:2.0:oob",
    }  # fmt: skip
    app = await world.post("nobody", "/api/v1/apps", sent, "app")
    world.names |= {name: app[name] for name in ("client_id", "client_secret")}
    world.clients["app"] = site.client(await site.token(None, SCOPES, int(app["id"])))
    scopes = SCOPES if role == "member" else STAFF_SCOPES
    await site.person("ada", scopes, role=role, email="ada@tilleuls.example")
    world.clients["ada"] = site.client(await site.token("ada", scopes, int(app["id"])))
    plain = await world.post("nobody", "/api/v1/apps", sent | {"website": ""}, "plain_app")
    world.clients["chloe"] = site.client(await site.token("chloe", SCOPES, int(plain["id"])))
    world.names |= {name: site.id_of(name) for name in site.people}
    world.names["staff"] = world.names["mona"]


async def weeks_ago(world: World) -> None:
    """A week that is over, in which enough people wrote, thanked and reported for a figure."""
    for name in (*PEOPLE, "ada"):
        await world.publish(name, f"old_{name}", "#semaine", language="fr")
    for name in PEOPLE:
        await world.post(name, "/api/v1/statuses/{old_ada}/favourite")
        await world.post(name, "/api/v1/reports", {"account_id": "{staff}", "comment": "Bruit"})
    await world.settle()
    world.names["old_tag"] = (await world.do("ada", "GET", "/api/v1/tags/semaine"))["id"]
    for item in await world.do("staff", "GET", "/api/v1/admin/reports"):
        await world.post("staff", f"/api/v1/admin/reports/{item['id']}/resolve")
    world.clock.advance(40 * 86_400)


async def profiles(world: World) -> None:
    """Profiles with everything in them."""
    body, headers = form(
        ("avatar", "a.png", picture()), ("header", "b.png", picture(size=(96, 48))),
        ("avatar_description", None, b"Ada, souriante"), ("header_description", None, b"Un jardin"),
        ("display_name", None, b"Ada"), ("note", None, b"Nuit"),
        ("fields_attributes[0][name]", None, b"Service"),
        ("fields_attributes[0][value]", None, b"Est"),
        ("attribution_domains[]", None, b"journal.example"),
        ("discoverable", None, b"true"), ("indexable", None, b"true"),
        ("source[language]", None, b"fr"), ("source[privacy]", None, b"public"),
    )  # fmt: skip
    reply = await world.clients["ada"].ask(
        "PATCH", "/api/v1/accounts/update_credentials", body=body, headers=headers
    )
    assert reply.status == 200, reply.text
    for name in ("bob", "chloe", "zoe"):
        await world.do(name, "PATCH", "/api/v1/accounts/update_credentials", {"discoverable": True})

    async def verify(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE actor SET fields = ? WHERE id = ?",
            '[{"name": "Site", "value": "<a href=\\"https://ada.example\\">x</a>",'
            ' "verified_at": 1780000000000}, {"name": "Service", "value": "Est"}]',
            int(world.names["ada"]),
        )

    await world.write(verify)


async def relations(world: World) -> None:
    """Follows, requests, blocks, mutes, notes, and what hangs on them."""
    account = "/api/v1/accounts"
    followed = {"notify": True, "reblogs": False, "languages": ["fr"]}
    await world.post("ada", f"{account}/{{bob}}/follow", followed)
    await world.post("ada", f"{account}/{{chloe}}/follow")
    for follower, target in (
        ("bob", "ada"), ("chloe", "ada"), ("bob", "chloe"), ("bob", "zoe"), ("zoe", "ada"),
    ):  # fmt: skip
        await world.post(follower, f"{account}/{{{target}}}/follow")
    await world.settle()
    await world.do("ada", "PATCH", f"{account}/update_credentials", {"locked": True})
    await world.post("denis", f"{account}/{{ada}}/follow")
    await world.post("gina", f"{account}/{{ada}}/follow")
    await world.settle()
    await world.post("ada", f"{account}/{{eve}}/block")
    await world.post("ada", f"{account}/{{fred}}/mute", {"duration": 3600})
    await world.post("ada", f"{account}/{{gina}}/mute")
    await world.post("ada", f"{account}/{{bob}}/note", {"comment": "Du bâtiment est"})
    await world.post("ada", f"{account}/{{bob}}/endorse")
    await world.post("ada", f"{account}/{{chloe}}/endorse")
    made = {"title": "Équipe", "replies_policy": "list", "exclusive": False}
    await world.post("ada", "/api/v1/lists", made, "list")
    await world.post("ada", "/api/v1/lists/{list}/accounts", {"account_ids": ["{bob}", "{chloe}"]})
    await world.post("ada", "/api/v1/domain_blocks", {"domain": "bruit.example"})


async def kept(world: World) -> None:
    """What ada keeps for herself: tags, filters, markers, a subscription."""
    tag = await world.post("ada", "/api/v1/tags/nuit/follow", keep="tag")
    world.names["tag_name"] = tag["name"]
    await world.post("ada", "/api/v1/featured_tags", {"name": "nuit"}, "featured")
    await world.post("ada", "/api/v1/featured_tags", {"name": "vide"}, "featured_unused")
    contexts = ["home", "public", "thread", "notifications", "account"]
    filters = {
        "title": "Cuisine", "context": contexts, "filter_action": "warn", "expires_in": 3600,
        "keywords_attributes": [{"keyword": "moutarde", "whole_word": True}],
    }  # fmt: skip
    made = await world.post("ada", "/api/v2/filters", filters, "filter")
    world.names["keyword"] = made["keywords"][0]["id"]
    single = {"title": "Un message", "context": contexts, "filter_action": "blur"}
    await world.post("ada", "/api/v2/filters", single, "status_filter")
    old = {"phrase": "sel", "context": contexts}
    await world.post("ada", "/api/v1/filters", old, "lasting_keyword")
    moved = {"home": {"last_read_id": "{old_ada}"}, "notifications": {"last_read_id": "1"}}
    await world.post("ada", "/api/v1/markers", moved)
