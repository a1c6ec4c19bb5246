"""The end of an actor: what stays, what goes, and that no counter lies afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from actors import follows, queries
from actors.documents import read_actor
from actors.local import create_account
from actors.remote import mark_deleted, upsert_actor
from federation.database import Row, Transaction
from federation.errors import NotFound
from federation.node import Node
from federation.webfinger import Handle

PASSWORD = "cheval-exact-pile"


@dataclass
class Scene:
    """Ann, who will go, local or not; Bob, who stays; and what is between them."""

    node: Node
    ann: Row
    bob: Row
    audience_id: int

    async def status(self, author: Row, name: str, **columns: Any) -> int:
        status_id = self.node.ids.next()
        values: dict[str, Any] = {
            "id": status_id,
            "uri": f"{author['uri']}/{name}",
            "actor_id": author["id"],
            "audience_id": self.audience_id,
            "audience_kind": "public",
            "is_local": bool(author["is_local"]),
            "type": "Note",
            "thread_root_id": status_id,
            "published_at": 1,
        } | columns
        await self.insert("status", **values)
        return status_id

    async def insert(self, table: str, **values: Any) -> None:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        await self.node.db.write(
            lambda tx: tx.execute(
                f"INSERT INTO {table} ({names}) VALUES ({marks})", *values.values()
            )
        )

    async def count(self, sql: str, *args: Any) -> int:
        return await self.node.db.value(f"SELECT COUNT(*) FROM {sql}", *args)

    async def end(self) -> None:
        await self.node.db.write(lambda tx: mark_deleted(self.node, tx, self.ann))


@pytest.fixture(params=["local", "remote"])
async def scene(node: Node, request: pytest.FixtureRequest) -> Scene:
    bob = await create_account(node, username="bob", password=PASSWORD)
    if request.param == "local":
        ann = await create_account(node, username="ann", password=PASSWORD, email="a@b.test")
    else:
        uri = "https://a.test/users/1"
        fields = read_actor(
            {"id": uri, "type": "Person", "preferredUsername": "ann", "inbox": f"{uri}/inbox"}
        )
        ann = await node.db.write(
            lambda tx: upsert_actor(node, tx, fields, handle=Handle("ann", "a.test"))
        )
    made = Scene(node, ann, bob, node.ids.next())
    await made.insert(
        "audience", id=made.audience_id, kind="public", uri="p", owner="", created_at=1
    )
    return made


async def test_statuses_become_tombstones_and_answers_stay(scene: Scene) -> None:
    ann, bob = scene.ann, scene.bob
    own = await scene.status(ann, "1")
    answer = await scene.status(
        bob, "2", in_reply_to_id=own, in_reply_to_uri="u", in_reply_to_actor_id=ann["id"]
    )
    boost = await scene.status(bob, "3", reblog_of_id=own)
    await scene.insert(
        "notification",
        id=1,
        recipient_id=bob["id"],
        type="mention",
        from_actor_id=ann["id"],
        status_id=own,
        created_at=1,
    )
    await scene.end()
    assert await scene.count("status WHERE id IN (?, ?)", own, boost) == 0
    kept = await scene.node.db.row("SELECT * FROM status WHERE id = ?", answer)
    assert kept is not None
    assert (kept["in_reply_to_id"], kept["in_reply_to_actor_id"]) == (None, None)
    assert kept["in_reply_to_uri"] == "u"
    assert await scene.count("notification") == 0
    for uri in (ann["uri"], f"{ann['uri']}/1"):
        buried = await queries.tombstone(scene.node.db, uri)
        assert buried is not None
        assert buried["actor_uri"] == ann["uri"]
    assert await queries.tombstone(scene.node.db, f"{bob['uri']}/2") is None


async def test_counters_of_others_lose_what_is_gone_and_no_more(scene: Scene) -> None:
    ann, bob, node = scene.ann, scene.bob, scene.node
    status_id = await scene.status(bob, "1", replies_count=3, reblogs_count=2, favourites_count=5)
    for name in ("2", "3"):
        await scene.status(ann, name, in_reply_to_id=status_id)
    await scene.status(ann, "4", reblog_of_id=status_id)
    await scene.insert(
        "favourite", id=1, actor_id=ann["id"], status_id=status_id, uri="f", created_at=1
    )

    async def relate(tx: Transaction) -> None:
        await follows.ask(node, tx, ann, bob, "https://x.test/1", "accepted")
        await follows.ask(node, tx, bob, ann, "https://x.test/2", "accepted")

    await node.db.write(relate)
    for _ in range(2):
        await scene.end()
        kept = await node.db.row("SELECT * FROM status WHERE id = ?", status_id)
        assert kept is not None
        counters = ("replies_count", "reblogs_count", "favourites_count")
        assert [kept[name] for name in counters] == [1, 1, 4]
        now = await queries.get_by_id(node.db, bob["id"])
        assert (now["followers_count"], now["following_count"]) == (0, 0)
    assert await scene.count("follow") == 0


async def test_a_pending_follow_that_ends_was_never_counted(scene: Scene) -> None:
    node = scene.node
    await node.db.write(lambda tx: follows.ask(node, tx, scene.ann, scene.bob, "https://x.test/1"))
    await scene.end()
    assert (await queries.get_by_id(node.db, scene.bob["id"]))["followers_count"] == 0


async def test_the_row_of_a_local_actor_stays_empty_and_of_a_remote_one_goes(
    scene: Scene,
) -> None:
    ann, node = scene.ann, scene.node
    await node.db.write(
        lambda tx: tx.execute(
            "UPDATE actor SET display_name = 'Ann', summary_html = 'x', icon_url = 'y',"
            " statuses_count = 4 WHERE id = ?",
            ann["id"],
        )
    )
    await scene.end()
    row = await queries.by_uri(node.db, ann["uri"])
    if not ann["is_local"]:
        assert row is None
        assert await scene.count("key WHERE owner_uri = ?", ann["uri"]) == 0
        return
    assert row is not None
    emptied = ("display_name", "summary_html", "icon_url", "statuses_count")
    assert [row[name] for name in emptied] == ["", "", None, 0]
    assert row["deleted_at"] == node.clock()
    assert row["username"] == "ann"
    assert await queries.account_of_actor(node.db, ann["id"]) is None
    assert await queries.account_by_login(node.db, "a@b.test") is None
    # Its Delete is still to be signed.
    assert (await node.keyring.private_key(ann["uri"])).algorithm == "rsa"
    with pytest.raises(NotFound):
        await node.keyring.private_key(f"{ann['uri']}0")


async def test_a_report_outlives_whom_it_is_about(scene: Scene) -> None:
    await scene.insert(
        "report", id=1, actor_id=scene.bob["id"], target_id=scene.ann["id"], created_at=1
    )
    await scene.end()
    assert await scene.count("report") == 1
    row = await queries.get_by_id(scene.node.db, scene.ann["id"])
    assert row["deleted_at"] is not None
    assert await queries.by_handle(scene.node.db, "ann", row["handle_host"]) is None


async def test_a_named_circle_goes_with_its_last_status(scene: Scene) -> None:
    insert: Callable[..., Any] = scene.insert
    for audience_id in (11, 12):
        await insert("audience", id=audience_id, kind="named", owner="o", created_at=1)
        await insert("audience_member", audience_id=audience_id, actor_id=scene.bob["id"])
    await scene.status(scene.ann, "1", audience_id=11, audience_kind="named")
    await scene.status(scene.bob, "2", audience_id=12, audience_kind="named")
    await scene.end()
    assert await scene.count("audience WHERE id = 11") == 0
    assert await scene.count("audience WHERE id = 12") == 1
    assert await scene.count("audience WHERE id = ?", scene.audience_id) == 1
