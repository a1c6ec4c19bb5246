"""Proves FEP-8fcf between peers without an agreement: followers that diverged come together."""

import hashlib

import pytest

from actors.queries import by_uri
from federation.database import Row
from federation.follower_digests import HEADER, Stated, digest_of, header_for, read_header
from inbox.follower_checks import check_followers_once, stated_followers
from tests.nodes.partners import paired
from tests.nodes.test_backfill import write
from tests.nodes.test_partners_in_force import follow, person
from tests.nodes.test_reconciling import change, is_follower, status_of
from tests.serving import Running, eventually

Pair = tuple[Running, Running]


async def compared(at: Running) -> None:
    """Wait until a difference was noted, and look at it now."""
    await eventually(lambda: at.node.db.row("SELECT 1 FROM followers_check"))
    await change(at, "UPDATE followers_check SET due_at = 0")
    await change(at, "UPDATE follow SET created_at = 0")
    await check_followers_once(at.node)


async def delivery_to(at: Running, kind: str = "public") -> Row:
    row = await at.node.db.row(
        "SELECT d.* FROM delivery d WHERE d.activity_type = 'Create' AND d.audience_kind = ?"
        " ORDER BY d.id DESC LIMIT 1",
        kind,
    )
    assert row is not None
    return row


def test_the_digest_is_the_exclusive_or_of_each_hash() -> None:
    one, two = "https://a.example/users/1", "https://a.example/users/2"
    hashes = [int.from_bytes(hashlib.sha256(uri.encode()).digest()) for uri in (one, two)]
    assert digest_of([one, two, one]) == f"{hashes[0] ^ hashes[1]:064x}"
    assert digest_of([]) == "0" * 64


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        'collectionId="https://a.example/f", url="https://a.example/s"',
        'collectionId="https://a.example/f", url="https://a.example/s", digest="00"',
        f'collectionId="https://a.example/f", url="https://b.example/s", digest="{"0" * 64}"',
        f'collectionId="nowhere", url="nowhere", digest="{"0" * 64}"',
        f'collectionId="https://a.example/f", url="https://a.example/s", digest="{"0" * 6000}"',
    ],
)
def test_what_cannot_be_read_is_nothing(text: str) -> None:
    assert read_header(text) is None


async def test_a_follow_that_the_peer_does_not_know_ends_here(two_nodes: Pair) -> None:
    one, other = two_nodes
    alice = await person(one, "alice")
    bruno, denis = await person(other, "bruno"), await person(other, "denis")
    await follow(other, bruno, alice)
    await follow(other, denis, alice)
    await change(one, "DELETE FROM follow WHERE follower_id ="
                 " (SELECT id FROM actor WHERE uri = ?)", bruno["uri"])  # fmt: skip
    await write(one, alice, "Bonjour")
    await compared(other)
    assert await is_follower(other, bruno, alice) is None
    assert await is_follower(other, denis, alice) == "accepted"


async def test_a_follow_that_nobody_here_knows_is_undone_there(two_nodes: Pair) -> None:
    one, other = two_nodes
    alice = await person(one, "alice")
    bruno, denis = await person(other, "bruno"), await person(other, "denis")
    await follow(other, bruno, alice)
    await follow(other, denis, alice)
    await change(other, "DELETE FROM follow WHERE follower_id = ?", bruno["id"])
    await change(other, "UPDATE follow SET state = 'pending' WHERE follower_id = ?", denis["id"])
    await write(one, alice, "Bonjour", "private")
    await compared(other)

    async def undone() -> bool:
        return await is_follower(one, bruno, alice) is None

    await eventually(undone)
    # Whose request is known as accepted there is accepted here: that answer was lost.
    assert await is_follower(other, denis, alice) == "accepted"
    assert await is_follower(one, denis, alice) == "accepted"


async def test_what_was_not_announced_ends_nothing(two_nodes: Pair) -> None:
    one, other = two_nodes
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    there = await by_uri(other.node.db, alice["uri"])
    assert there is not None
    url, wrong = f"{alice['uri']}/synchronization", "1" * 64
    # Of another collection, at another origin, or of nobody that is known: not even noted.
    for uri, stated in (
        (alice["uri"], Stated(f"{alice['uri']}/other", url, wrong)),
        (alice["uri"], Stated(there["followers_url"], f"{other.origin}/users/1", wrong)),
        (bruno["uri"], Stated(there["followers_url"], url, wrong)),
        (f"{one.origin}/users/9", Stated(there["followers_url"], url, wrong)),
    ):
        await stated_followers(other.node, uri, stated)
        assert await other.node.db.row("SELECT 1 FROM followers_check") is None
    # What is announced and what is listed are not the same: nothing is believed.
    await stated_followers(other.node, alice["uri"], Stated(there["followers_url"], url, wrong))
    await compared(other)
    assert await is_follower(other, bruno, alice) == "accepted"
    assert await other.node.db.row("SELECT 1 FROM followers_check") is None


async def test_each_origin_reads_its_own_followers_alone(
    two_nodes: Pair, start_node: object
) -> None:
    one, other = two_nodes
    stranger = await start_node(name="Ailleurs")  # type: ignore[operator]
    await one.allow(stranger)
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    path = alice["uri"].removeprefix(one.origin) + "/synchronization"
    async with one.http.get(one.origin + path) as answer:
        assert answer.status == 401
    assert await status_of(other, one, path) == 200
    sign = stranger.node.keyring.signer(stranger.node.uris.instance_actor)
    headers = await sign("GET", one.origin + path, None)
    headers["Accept"] = "application/activity+json"
    async with one.http.get(one.origin + path, headers=headers) as answer:
        assert answer.status == 200
        assert (await answer.json(content_type=None))["orderedItems"] == []


async def test_the_header_goes_to_plain_peers_with_what_is_for_followers(two_nodes: Pair) -> None:
    one, other = two_nodes
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    await write(one, alice, "Pour tous")
    row = await delivery_to(one)
    stated = read_header((await header_for(one.node.db, row))[HEADER])
    url = f"{alice['uri']}/synchronization"
    assert stated == Stated(alice["followers_url"], url, digest_of([bruno["uri"]]))
    await write(one, alice, f"@bruno@{other.origin[7:]} pour vous seul", "direct")
    named = await delivery_to(one, "named")
    assert await header_for(one.node.db, named) == {}
    # Between partners everything is compared, by the sites themselves.
    await paired(one, other)
    assert await header_for(one.node.db, row) == {}
