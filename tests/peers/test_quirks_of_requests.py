"""Quirks of what goes over the wire, in both directions, one test for each."""

from typing import Any

import orjson
import pytest

from actors import follows
from actors.queries import account_of_actor
from actors.remote import ensure_actor
from federation.cavage import sign_cavage
from federation.client_errors import ClientError
from federation.database import Row, Transaction
from federation.errors import Refused
from federation.fetch import FetchBudget, fetch_collection_page, fetch_document
from federation.keys import PrivateKey
from federation.vocabulary import ACTIVITY_TYPE, AS2, PUBLIC, Document
from outbox import interactions, relations, statuses
from outbox.received import upsert_remote
from tests.peers.documents import HERE, Delivery, fill, read
from tests.peers.fake_peer import key_of
from tests.peers.over_http import ask
from tests.peers.stage import Stage


def delivery(name: str) -> Delivery:
    return read(HERE / f"{name}.json")


async def remote_actor(stage: Stage, name: str = "mastodon/follow") -> Row:
    """The actor of a document, fetched and stored."""
    await stage.prepare(delivery(name))
    uri = stage.actor(delivery(name))["id"]
    return await ensure_actor(stage.node, uri, budget=FetchBudget())


async def write(stage: Stage, text: str, visibility: str = "public") -> Row:
    account = await account_of_actor(stage.node.db, stage.local["id"])
    assert account is not None
    draft = statuses.Draft(text, visibility)
    return await statuses.create(stage.node, stage.local, account["id"], draft)


async def do_everything(stage: Stage) -> Row:
    """Let the local person do all that is told to one actor elsewhere; return that actor."""
    other = await remote_actor(stage)
    node, local = stage.node, stage.local
    note: Document = {
        "id": f"{other['uri']}/notes/1",
        "type": "Note",
        "attributedTo": other["uri"],
        "content": "<p>Bonjour</p>",
        "to": [PUBLIC],
    }

    async def came(tx: Transaction) -> Row:
        asked = f"{other['uri']}/follows/1"
        await follows.ask(node, tx, other, local, asked, follows.PENDING)
        return (await upsert_remote(node, tx, note, other))[0]

    theirs = await node.db.write(came)
    await relations.accept_follow(node, local, other)
    own = await write(stage, f"Bonjour @{other['username']}@{other['handle_host']}")
    await interactions.favourite(node, local, theirs)
    await interactions.unfavourite(node, local, theirs)
    await interactions.reblog(node, local, theirs)
    await interactions.unreblog(node, local, theirs)
    await statuses.delete(node, local, own)
    await relations.follow(node, local, other)
    await relations.unfollow(node, local, other)
    await relations.reject_follow(node, local, other)
    await relations.block(node, local, other)
    await relations.unblock(node, local, other)
    return other


TOLD_TO_ONE = {"Accept", "Block", "Follow", "Like", "Reject", "Undo"}
ALL_TYPES = TOLD_TO_ONE | {"Announce", "Create", "Delete"}


async def sent_activities(stage: Stage) -> list[Document]:
    rows = await stage.node.db.rows("SELECT body FROM activity WHERE origin = 'local' ORDER BY id")
    return [orjson.loads(bytes(row["body"])) for row in rows]


async def test_1_all_that_we_send_and_serve_has_the_exact_context(stage: Stage) -> None:
    await do_everything(stage)
    kept = await write(stage, "Encore là")
    sent = await sent_activities(stage)
    assert {activity["type"] for activity in sent} == ALL_TYPES
    uri = stage.local["uri"]
    paths = [uri, f"{uri}/followers", f"{uri}/following", f"{uri}/outbox", f"{uri}/featured"]
    paths += [kept["uri"], f"{kept['uri']}/replies", kept["context_uri"]]
    paths += [stage.node.uris.instance_actor]
    for path in paths:
        target = path.removeprefix(stage.node.origin)
        answered = await ask(stage.app, "GET", target, {"Accept": ACTIVITY_TYPE})
        assert answered.status == 200, path
        sent.append(orjson.loads(answered.body))
    for document in sent:
        context: Any = document["@context"]
        assert (context[0] if isinstance(context, list) else context) == AS2, document["id"]


async def test_2_a_taken_delivery_is_handed_over_and_no_more(stage: Stage) -> None:
    other = await remote_actor(stage)
    own = await write(stage, f"Bonjour @{other['username']}@{other['handle_host']}")
    held = "SELECT state FROM held WHERE object_uri = ?"
    assert await stage.node.db.value(held, own["uri"]) is None
    assert [activity["type"] for activity in await stage.answers()] == ["Create"]
    assert await stage.node.db.value(held, own["uri"]) == "handed_over"


@pytest.mark.parametrize(
    ("host", "status"), [("127.0.0.1:8471", 202), ("127.0.0.1", 202), ("127.0.0.1:9", 421)]
)
async def test_3_a_host_without_its_port_is_ours_and_another_is_not(
    stage: Stage, host: str, status: int
) -> None:
    follow = delivery("mastodon/follow")
    await stage.prepare(follow)
    body = orjson.dumps(fill(follow.document, stage.literals))
    key = PrivateKey(key_of(stage.actor(follow))["id"], stage.peer.keys.rsa)
    url = f"http://{host}{stage.inbox_path}"
    headers = sign_cavage(key, "POST", url, body, stage.clock.now_ms)
    assert headers["Host"] == host
    answered = await ask(stage.app, "POST", stage.inbox_path, headers, body)
    assert answered.status == status


@pytest.mark.parametrize(
    ("signed", "sent", "status"),
    [
        ("/inbox?a=1", "/inbox?a=1", 202),
        ("/inbox", "/inbox?a=1", 202),
        ("/inbox?a=1", "/inbox", 401),
        ("/inbox?a=1", "/inbox?a=2", 401),
    ],
)
async def test_5_a_query_may_be_signed_or_left_out(
    stage: Stage, signed: str, sent: str, status: int
) -> None:
    follow = delivery("wordpress/accept_follow")
    await stage.prepare(follow)
    body = orjson.dumps(fill(follow.document, stage.literals))
    actor, url = stage.actor(follow), stage.node.origin + signed
    headers = stage.peer.sign(actor, url, body, stage.clock.now_ms)
    assert (await ask(stage.app, "POST", sent, headers, body)).status == status


async def test_27_a_collection_may_be_a_number_or_closed(stage: Stage) -> None:
    origin = stage.peer.origin
    counted: Document = {"id": f"{origin}/counted", "type": "OrderedCollection", "totalItems": 12}
    stage.peer.serve(counted["id"], counted)
    client = stage.node.client

    async def page(uri: str) -> Any:
        return await fetch_collection_page(client, uri, sign=None, budget=FetchBudget())

    found = await page(counted["id"])
    assert (found.items, found.next_uri, found.total_items) == ((), None, 12)
    stage.peer.closed.add(f"{origin}/closed")
    with pytest.raises(Refused):
        await page(f"{origin}/closed")
    # Neither keeps us from knowing the actor whose collections they are.
    follow = delivery("mastodon/follow")
    await stage.prepare(follow)
    actor = stage.actor(follow)
    for changes in ({"followers": counted["id"]}, {"followers": f"{origin}/closed"}):
        stage.peer.serve_actor(actor | changes)
        row = await ensure_actor(stage.node, actor["id"], budget=FetchBudget(), refresh=True)
        assert row["followers_url"] == changes["followers"]


@pytest.mark.parametrize(("more", "status"), [(0, 202), (1, 413)])
async def test_35_a_megabyte_is_taken_and_one_byte_more_is_not(
    stage: Stage, more: int, status: int
) -> None:
    bytes_max = stage.node.limits.body_bytes_max
    assert bytes_max == 1_000_000
    create = delivery("mastodon/create_note_public")
    await stage.prepare(create)
    document = fill(create.document, stage.literals)
    document["padding"] = ""
    document["padding"] = "x" * (bytes_max + more - len(orjson.dumps(document)))
    request = stage.sign(stage.actor(create), document)
    assert len(request.body) == bytes_max + more
    assert (await stage.send(request)).status == status
    # The same limit for what is fetched.
    served: Document = {"id": f"{stage.peer.origin}/large", "padding": ""}
    served["padding"] = "x" * (bytes_max + more - len(orjson.dumps(served)))
    stage.peer.serve(served["id"], served)
    fetched = fetch_document(stage.node.client, served["id"], sign=None, budget=FetchBudget())
    if more:
        with pytest.raises(ClientError):
            await fetched
    else:
        assert await fetched == served


async def test_35b_what_concerns_one_actor_goes_to_its_own_inbox(stage: Stage) -> None:
    other = await do_everything(stage)
    assert other["shared_inbox_url"]
    assert other["shared_inbox_url"] != other["inbox_url"]
    rows = await stage.node.db.rows(
        "SELECT a.type, a.body, d.inbox_url FROM delivery d JOIN activity a ON a.id = d.activity_id"
    )
    assert {row["type"] for row in rows} == ALL_TYPES
    for row in rows:
        undone = orjson.loads(bytes(row["body"]))["object"]
        about_one = row["type"] in TOLD_TO_ONE and not (
            row["type"] == "Undo" and undone["type"] == "Announce"
        )
        if about_one:
            assert row["inbox_url"] == other["inbox_url"], row["type"]
    shared = {row["type"] for row in rows if row["inbox_url"] == other["shared_inbox_url"]}
    assert {"Create", "Delete"} <= shared


async def test_36_our_requests_are_what_the_strict_expect(stage: Stage) -> None:
    await do_everything(stage)
    stage.peer.headers.clear()
    sent = await stage.answers()
    assert sent
    posts = [headers for headers in stage.peer.headers if "digest" in headers]
    assert len(posts) == len(sent)
    for headers in posts:
        assert headers["host"] == stage.peer.host
        assert f'keyId="{stage.local["uri"]}#main-key"' in headers["signature"]
        assert 'headers="(request-target) host date digest' in headers["signature"]
    for activity in sent:
        assert isinstance(activity["id"], str)
        assert activity["id"].startswith(f"{stage.node.origin}/")
        assert activity["actor"] == stage.local["uri"]


async def test_37_a_post_to_a_community_is_public_and_addressed_to_it(stage: Stage) -> None:
    group = await remote_actor(stage, "lemmy/announce_create_page")
    assert group["type"] == "Group"
    await write(stage, f"Purée de carottes\n\nPour douze. @{group['username']}@{stage.peer.host}")
    sent = next(each for each in await stage.answers() if each["type"] == "Create")
    note = sent["object"]
    assert PUBLIC in note["to"]
    assert group["uri"] in [*note["to"], *note["cc"]]
    assert group["uri"] in [*sent["to"], *sent["cc"]]
    assert {"type": "Mention", "href": group["uri"]}.items() <= note["tag"][0].items()
