"""Puts a node together from its settings: the one place where database, client and keys meet."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

from actors.local import create_instance_actor
from actors.permissions import seed_roles
from federation import VERSION
from federation.client import GuardedClient
from federation.errors import Misconfigured, describe
from federation.keyring import Keyring
from federation.keys import read_secret
from federation.networks import Networks
from federation.node import Ids, Node, system_clock
from federation.uris import Uris
from maillage.adapters import load_module, load_storage
from maillage.database import NodeDatabase
from maillage.migrate import migrate, waiting
from maillage.settings import Settings
from maillage.texts import instance_options

describe(
    {
        "database.schema_old": "The database is of an earlier release; start `maillage serve` once,"
        " which backs it up and brings it up to date.",
    }
)


async def open_node(
    settings: Settings,
    *,
    clock: Callable[[], int] = system_clock,
    upgrades: bool = True,
    **overrides: Any,
) -> Node:
    """Open the node of these settings, its database brought to this release's schema.

    Without `upgrades` an older schema is left alone (a server may be running on it) and
    Misconfigured is raised. `overrides` replace fields of the Node (tests give their own
    client). Whoever opens it closes it with `close_node`.
    """
    database = NodeDatabase(settings.database_url or f"sqlite://{settings.data / 'maillage.db'}")
    await database.open()
    try:
        if upgrades:
            await migrate(database.engine)
        elif await waiting(database.engine):
            raise Misconfigured("database.schema_old")  # noqa: TRY301 - closed by the same path
        return replace(_assemble(settings, database, clock), **overrides)
    except BaseException:
        await database.close()
        raise


def _assemble(settings: Settings, database: NodeDatabase, clock: Callable[[], int]) -> Node:
    client = _client(settings, settings.federation_networks)
    uris = Uris(settings.origin)
    secret = read_secret(settings.data / "secret")
    return Node(
        origin=settings.origin,
        name=settings.name,
        language=settings.language,
        federation=settings.federation_mode,
        db=database,
        client=client,
        keyring=Keyring(
            database, client, uris, secret, clock, closed=settings.federation_mode == "closed"
        ),
        uris=uris,
        storage=load_storage(settings.data / "media", settings.options.media),
        load=load_module,
        clock=clock,
        ids=Ids(clock),
        limits=settings.limits,
        options=replace(settings.options, instance=instance_options(settings)),
        trusted_proxies=settings.server_trusted_proxies,
        push_client=_client(settings, settings.options.push.networks),
        translation_client=_translation_client(settings),
    )


def _translation_client(settings: Settings) -> GuardedClient | None:
    """A client that may speak to where the translation service lives; None without one."""
    options = settings.options.translation
    if not options.url:
        return None
    here = options.url.startswith("http://")
    return GuardedClient(
        networks=Networks([*options.networks, *(["127.0.0.0/8", "::1/128"] if here else [])]),
        user_agent=f"Maillage/{VERSION}",
        ca_file=settings.federation_ca_file,
        allow_http=here,
    )


def _client(settings: Settings, networks: Sequence[str]) -> GuardedClient:
    """A client that may speak to public addresses, and to these ranges."""
    loopback = settings.is_loopback
    return GuardedClient(
        networks=Networks(networks or (["127.0.0.0/8"] if loopback else [])),
        user_agent=f"Maillage/{VERSION} (+{settings.origin}/)",
        ca_file=settings.federation_ca_file,
        proxy=settings.federation_proxy,
        allow_http=loopback,
    )


async def close_node(node: Node) -> None:
    """End connections and signing threads, finish the waiting writes, close the database."""
    await node.client.close()
    if node.push_client is not None:
        await node.push_client.close()
    if node.translation_client is not None:
        await node.translation_client.close()
    node.keyring.close()
    await cast(NodeDatabase, node.db).close()


async def prepare(node: Node) -> None:
    """Give a new database its roles and the instance actor with its keys; idempotent."""
    await node.db.write(seed_roles)
    if await node.db.row("SELECT id FROM actor WHERE uri = ?", node.uris.instance_actor) is None:
        await create_instance_actor(node)
