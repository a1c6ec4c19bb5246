"""Quirks in what activities say and in which order they come, one test for each."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from actors import follows
from federation.vocabulary import Document
from outbox.statuses import by_uri
from tests.peers.documents import Delivery, fill, read
from tests.peers.stage import Stage

HERE = Path(__file__).parent


def delivery(name: str) -> Delivery:
    return read(HERE / f"{name}.json")


async def favourites(stage: Stage) -> int:
    status = await by_uri(stage.node.db, stage.literals["LOCAL_STATUS"])
    assert status is not None
    return status["favourites_count"]


@pytest.mark.parametrize("more", [{}, {"name": "Faux", "inbox": "@@PEER@@/autre"}])
async def test_6_a_stub_gives_the_key_and_never_the_actor(
    stage: Stage, more: dict[str, str]
) -> None:
    follow = delivery("gotosocial/follow")
    await stage.prepare(follow)
    stub = stage.peer.documents["/users/1_secretariat/main-key"]
    assert "inbox" not in stub
    stub |= fill(more, stage.literals)
    assert (await stage.deliver(follow)).answered.status == 202
    actor = await stage.remote(follow)
    assert actor is not None
    assert actor["display_name"] == "Secrétariat"
    assert actor["inbox_url"] == stage.actor(follow)["inbox"]


@pytest.mark.parametrize(("answer", "status"), [("serves", 401), ("fails", 503), ("gone", 202)])
async def test_9_who_is_not_gone_is_not_deleted_without_a_signature(
    stage: Stage, answer: str, status: int
) -> None:
    gone = delivery("mastodon/delete_actor_gone")
    await stage.prepare(gone)
    if answer != "gone":
        stage.peer.gone.clear()
        stage.peer.serve_actor(stage.actor(gone))
    stage.peer.failing = answer == "fails"
    applied = await stage.deliver(gone)
    assert applied.answered.status == status
    assert (await stage.remote(gone) is None) == (answer == "gone")


async def test_13_what_is_never_accepted_stays_pending(stage: Stage) -> None:
    accept = delivery("pixelfed/accept_follow_null_id")
    await stage.prepare(accept)
    private = fill(delivery("pixelfed/create_note_private").document, stage.literals)
    stage.clock.advance(3 * 86_400)
    early = await stage.post(stage.actor(accept), private)
    target = await stage.remote(accept)
    assert target is not None
    row = await follows.find(stage.node.db, stage.local["id"], target["id"])
    assert row is not None
    assert row["state"] == "pending"
    assert early.record is not None
    assert early.record["outcome_code"] == "ignored.not_for_us"
    assert await by_uri(stage.node.db, private["object"]["id"]) is None
    # The twin: accepted, the same author's next private post is read.
    await stage.deliver(accept)
    later = private | {"id": private["id"] + "-2"}
    assert (await stage.post(stage.actor(accept), later)).record is not None
    assert await by_uri(stage.node.db, private["object"]["id"]) is not None


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("lemmy/announce_create_page", "@@PEER@@/post/7"),
        ("friendica/announce_create_group", None),
        ("wordpress/announce_create", "@@PEER@@/?p=214"),
    ],
)
async def test_14_what_its_origin_does_not_serve_does_not_count(
    stage: Stage, name: str, uri: str | None
) -> None:
    announce = delivery(name)
    await stage.prepare(announce)
    stated = uri or announce.expect["effect"]["status"]["uri"]
    object_uri = fill(stated, stage.literals)
    served = stage.peer.documents.pop(object_uri.removeprefix(stage.peer.origin))
    refused = await stage.deliver(announce)
    assert refused.record is not None
    assert refused.record["outcome_code"] == "fetch.not_found"
    assert await by_uri(stage.node.db, object_uri) is None
    # What is embedded says something else than what is served: the origin's word counts.
    stage.peer.serve(object_uri, served | {"content": "<p>Tel que servi</p>"})
    again = fill(announce.document, stage.literals)
    again["id"] += "-2"
    await stage.deliver(announce, document=again)
    status = await by_uri(stage.node.db, object_uri)
    assert status is not None
    assert "Tel que servi" in status["content_html"]


def in_three_steps(stage: Stage) -> dict[str, Document]:
    """A note of Mastodon created, updated and deleted."""
    create = fill(delivery("mastodon/create_note_public").document, stage.literals)
    note = create["object"]
    update: Document = create | {
        "id": f"{note['id']}#updates/1",
        "type": "Update",
        "object": note | {"content": "<p>Changé</p>", "updated": "2026-03-02T09:15:30Z"},
    }
    update.pop("published", None)
    delete: Document = {
        "@context": create["@context"],
        "id": f"{note['id']}#delete",
        "type": "Delete",
        "actor": create["actor"],
        "to": create["to"],
        "object": {"id": note["id"], "type": "Tombstone"},
    }
    return {"Create": create, "Update": update, "Delete": delete}


@pytest.mark.parametrize("order", list(permutations(["Create", "Update", "Delete"])))
async def test_18_in_every_order_what_is_deleted_stays_away(
    stage: Stage, order: tuple[str, ...]
) -> None:
    public = delivery("mastodon/create_note_public")
    await stage.prepare(public)
    steps = in_three_steps(stage)
    uri = steps["Create"]["object"]["id"]
    deleted = False
    for name in order:
        await stage.deliver(public, document=steps[name])
        deleted = deleted or name == "Delete"
        assert (await by_uri(stage.node.db, uri) is None) == deleted
    assert await stage.node.db.value("SELECT 1 FROM tombstone WHERE uri = ?", uri)


@pytest.mark.parametrize("order", list(permutations(["first", "second", "third"])))
async def test_18_in_every_order_the_newest_text_stands(
    stage: Stage, order: tuple[str, ...]
) -> None:
    public = delivery("mastodon/create_note_public")
    await stage.prepare(public)
    steps = in_three_steps(stage)
    note = steps["Create"]["object"]
    newest: Any = note | {"content": "<p>Le dernier</p>", "updated": "2026-03-02T10:15:30Z"}
    third = steps["Update"] | {"id": f"{note['id']}#updates/2", "object": newest}
    by_name = {"first": steps["Create"], "second": steps["Update"], "third": third}
    for name in order:
        await stage.deliver(public, document=by_name[name])
    status = await by_uri(stage.node.db, note["id"])
    assert status is not None
    assert "Le dernier" in status["content_html"]
    assert await stage.node.db.value("SELECT count(*) FROM status WHERE uri = ?", note["id"]) == 1


async def test_18_one_id_for_create_and_each_update(stage: Stage) -> None:
    update = delivery("mobilizon/update_event")
    await stage.prepare(update)
    document = fill(update.document, stage.literals)
    uri = document["object"]["id"]
    captured = stage.sign(stage.actor(update), document)
    assert (await stage.send(captured)).status == 202
    later = document | {
        "object": document["object"] | {"name": "Bal annulé", "updated": "2026-03-13T08:00:00Z"}
    }
    await stage.deliver(update, document=later)
    for _ in range(2):
        status = await by_uri(stage.node.db, uri)
        assert status is not None
        assert status["title"] == "Bal annulé"
        # An earlier one of the same id comes again: it is known, and changes nothing.
        assert (await stage.send(captured)).status == 202
    rows = "SELECT count(*) FROM activity WHERE uri = ? AND type = 'Update'"
    assert await stage.node.db.value(rows, document["id"]) == 2


@pytest.mark.parametrize("name", ["like", "announce", "follow"])
async def test_18_taken_back_and_done_again_under_one_id(stage: Stage, name: str) -> None:
    done = delivery(f"snac/{name}")
    await stage.prepare(done)
    document, actor = fill(done.document, stage.literals), stage.actor(done)
    undo: Document = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{document['id']}/Undo",
        "type": "Undo",
        "actor": actor["id"],
        "object": document,
    }
    first = stage.sign(actor, document, personal=True)
    assert (await stage.send(first)).status == 202
    assert await stands(stage, name)
    first_undo = stage.sign(actor, undo, personal=True)
    await stage.send(first_undo)
    assert not await stands(stage, name)
    # The captured request, still inside the hour in which signatures are accepted.
    assert (await stage.send(first)).status == 202
    assert not await stands(stage, name)
    # Signed anew, it is done again; so is taking it back, under the id it had.
    await stage.send(stage.sign(actor, document, personal=True))
    assert await stands(stage, name)
    await stage.send(first_undo)
    assert await stands(stage, name)
    await stage.send(stage.sign(actor, undo, personal=True))
    assert not await stands(stage, name)
    await stage.send(first)
    assert not await stands(stage, name)


async def stands(stage: Stage, name: str) -> bool:
    """Whether the like, boost or follow of the peer's one actor is there."""
    if name == "like":
        return await favourites(stage) == 1
    sql = {
        "announce": "SELECT count(*) FROM status WHERE reblog_of_id IS NOT NULL",
        "follow": "SELECT count(*) FROM follow",
    }[name]
    return await stage.node.db.value(sql) == 1


async def test_18_nobody_else_takes_back_or_does_again(stage: Stage) -> None:
    done = delivery("snac/like")
    await stage.prepare(done)
    document, actor = fill(done.document, stage.literals), stage.actor(done)
    other = actor | {
        "id": f"{stage.peer.origin}/autre",
        "preferredUsername": "autre",
        "inbox": f"{stage.peer.origin}/autre/inbox",
        "publicKey": actor["publicKey"]
        | {"id": f"{stage.peer.origin}/autre#main-key", "owner": f"{stage.peer.origin}/autre"},
    }
    stage.peer.serve_actor(other)
    captured = stage.sign(actor, document)
    await stage.send(captured)
    undo = {"id": f"{other['id']}/undo", "type": "Undo", "actor": other["id"]}
    for item in (document["id"], document, document | {"actor": other["id"]}):
        undo["id"] += "x"
        applied = await stage.post(other, undo | {"object": item})
        assert applied.answered.status == 202
        assert await favourites(stage) == 1
    rows = await stage.node.db.value("SELECT count(*) FROM activity WHERE type = 'Like'")
    await stage.send(stage.sign(actor, document))
    assert await stage.node.db.value("SELECT count(*) FROM activity WHERE type = 'Like'") == rows
    assert await favourites(stage) == 1


async def test_21_what_peers_write_is_shown_without_what_it_hides(stage: Stage) -> None:
    public = delivery("mastodon/create_note_public")
    await stage.prepare(public)
    create = fill(public.document, stage.literals)
    create["object"] |= {
        "content": '<p>Lisez <a href="https://lilas.example/longue/page"><span class="invisible">'
        'https://</span><span class="ellipsis">lilas.example/longue</span></a></p>'
        '<script>alert(1)</script><p class="quote-inline" style="color:red">RE: x</p>',
        "contentMap": {},
        "source": {"content": "$[shake secret]", "mediaType": "text/x.misskeymarkdown"},
    }
    await stage.deliver(public, document=create)
    status = await by_uri(stage.node.db, create["object"]["id"])
    assert status is not None
    shown = status["content_html"]
    assert all(kept in shown for kept in ('class="invisible"', 'class="ellipsis"', "quote-inline"))
    assert not any(left in shown for left in ("script", "alert", "style", "$[", "secret"))
