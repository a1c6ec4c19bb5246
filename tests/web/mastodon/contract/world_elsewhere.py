"""What other sites bring into the world: people of every kind, and posts as they write them."""

from typing import Any

from actors import follows
from actors.documents import read_actor
from actors.queries import by_id
from actors.remote import upsert_actor
from federation.database import Row, Transaction
from federation.peers import allow
from federation.vocabulary import PUBLIC
from federation.webfinger import Handle
from outbox.received import upsert_remote
from tests.web.mastodon.contract.world import World

ROSES = "https://roses.example"
BLURHASH = "LEHV6nWB2yk8pyo0adR*.7kCMdnj"
PEOPLE: dict[str, dict[str, Any]] = {
    "paul": {
        "name": "Paul :rose:", "summary": "<p>Jardinier</p>", "discoverable": True,
        "icon": {"type": "Image", "url": f"{ROSES}/paul.png"},
        "tag": [
            {
                "type": "Emoji", "name": ":rose:",
                "icon": {"type": "Image", "url": f"{ROSES}/rose.png"},
            }
        ],
        "attachment": [{"type": "PropertyValue", "name": "Site", "value": "Roses"}],
    },
    "robot": {"type": "Service"},
    "luc": {"movedTo": f"{ROSES}/users/paul"},
}  # fmt: skip


async def elsewhere(world: World) -> None:
    """People of a partner; paul follows ada, and asks nothing."""
    for name, more in PEOPLE.items():
        row = await _person(world, name, more)
        world.names[name] = str(row["id"])
    node = world.site.node
    paul, ada = await _row(world, "paul"), await _row(world, "ada")
    uri = f"{ROSES}/follows/1"
    await world.write(lambda tx: follows.ask(node, tx, paul, ada, uri, "accepted"))
    await world.post("bob", "/api/v1/accounts/{paul}/follow")
    await world.post("ada", "/api/v1/accounts/{paul}/follow")


async def _person(world: World, name: str, more: dict[str, Any]) -> Row:
    node, uri = world.site.node, f"{ROSES}/users/{name}"
    document: dict[str, Any] = {
        "id": uri, "type": "Person", "preferredUsername": name, "inbox": f"{uri}/inbox",
        "followers": f"{uri}/followers", "url": f"{ROSES}/@{name}",
        "published": "2020-01-02T03:04:05Z",
    }  # fmt: skip
    fields, handle = read_actor(document | more), Handle(name, "roses.example")

    async def work(tx: Transaction) -> Row:
        await allow(tx, ROSES, node.clock())
        return await upsert_actor(node, tx, fields, handle=handle)

    return await world.write(work)


async def _row(world: World, name: str) -> Row:
    row = await by_id(world.site.node.db, int(world.names[name]))
    assert row is not None
    return row


async def received(world: World) -> None:
    """Posts of paul: media, a poll without end, cards with everything and with little."""
    paul = await _row(world, "paul")
    picture = {
        "type": "Document", "mediaType": "image/png", "url": f"{ROSES}/1.png", "name": "Une rose",
        "width": 40, "height": 20, "focalPoint": [0.5, 0], "blurhash": BLURHASH,
    }  # fmt: skip
    strange = {"type": "Document", "mediaType": "application/x-strange", "url": f"{ROSES}/1.bin"}
    options = [
        {"type": "Note", "name": title, "replies": {"type": "Collection", "totalItems": 2}}
        for title in ("Rose", "Iris")
    ]
    emoji = {
        "type": "Emoji", "name": ":rose:", "icon": {"type": "Image", "url": f"{ROSES}/rose.png"},
    }  # fmt: skip
    page = {
        "type": "Page", "url": f"{ROSES}/article", "name": "Le jardin", "summary": "En mai",
        "attributedTo": {"type": "Person", "name": "Paul"},
        "generator": {"type": "Application", "name": "Journal"},
        "published": "2026-05-01T00:00:00Z",
        "image": {
            "type": "Image", "url": f"{ROSES}/card.webp", "name": "Un jardin", "width": 40,
            "height": 20, "blurhash": BLURHASH,
        },
    }  # fmt: skip
    less = {"type": "Page", "url": f"{ROSES}/court", "name": "Court"}
    await _note(world, paul, "remote", attachment=[picture, strange], tag=[emoji])
    await _note(world, paul, "remote_poll", type="Question", oneOf=options)
    await _note(world, paul, "remote_card", preview=page)
    await _note(world, paul, "remote_short_card", preview=less)
    policy = {"canQuote": {"manualApproval": [paul["followers_url"]]}}
    await _note(world, paul, "remote_guarded", interactionPolicy=policy)


async def _note(world: World, author: Row, keep: str, **more: Any) -> None:
    node = world.site.node
    uri = f"{ROSES}/notes/{keep}"
    document: dict[str, Any] = {
        "id": uri, "type": "Note", "attributedTo": author["uri"], "url": f"{ROSES}/@paul/{keep}",
        "content": "<p>Bonjour :rose:</p>", "to": [PUBLIC], "cc": [author["followers_url"]],
    } | more  # fmt: skip
    row, _ = await world.write(lambda tx: upsert_remote(node, tx, document, author))
    world.names[keep] = str(row["id"])
