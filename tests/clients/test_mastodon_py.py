"""The unmodified Mastodon.py library on a node: from login to streams."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mastodon import Mastodon, MastodonNotFoundError, StreamListener
from PIL import Image

from tests.clients.browser import Browser
from tests.clients.people import Person
from tests.serving import Running, Start

SCOPES = ["read", "write", "follow", "push"]
PATIENCE_S = 30


class Listener(StreamListener):
    """Remembers what a stream brought."""

    def __init__(self) -> None:
        self.updates: list[str] = []
        self.deletes: list[int] = []
        self.notifications: list[str] = []

    def on_update(self, status: Any) -> None:
        self.updates.append(status.account.acct)

    def on_delete(self, status_id: Any) -> None:
        self.deletes.append(int(status_id))

    def on_notification(self, notification: Any) -> None:
        self.notifications.append(notification.type)


def eventually(look: Callable[[], Any]) -> Any:
    """The first truthy value of `look`; this runs in a thread, so it may sleep."""
    end = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)
    return found


async def login(running: Running, name: str) -> Mastodon:
    """A client of the person called so, by the authorize page."""
    client_id, secret = await asyncio.to_thread(
        Mastodon.create_app, "Mastodon.py", scopes=SCOPES, api_base_url=running.origin
    )
    client = Mastodon(client_id=client_id, client_secret=secret, api_base_url=running.origin)
    url = await asyncio.to_thread(client.auth_request_url, scopes=SCOPES, allow_http=True)
    code = await Browser(name, "Mastodon.py").code(str(url))
    await asyncio.to_thread(client.log_in, code=code, scopes=SCOPES, allow_http=True)
    return client


@pytest.fixture
async def clients(start_node: Start) -> tuple[Mastodon, Mastodon]:
    running = await start_node(name="Les Tilleuls")
    ada, bob = await Person.made(running, "ada"), await Person.made(running, "bob")
    await bob.post(f"/api/v1/accounts/{ada.id}/follow")
    await ada.post(f"/api/v1/accounts/{bob.id}/follow")
    return await login(running, "ada"), await login(running, "bob")


async def test_timeline_media_and_poll(clients: tuple[Mastodon, Mastodon], tmp_path: Path) -> None:
    picture = tmp_path / "jardin.png"
    Image.new("RGB", (64, 48), "green").save(picture)
    await asyncio.to_thread(_timeline_media_and_poll, *clients, picture)


def _timeline_media_and_poll(ada: Any, bob: Any, picture: Path) -> None:
    assert ada.me().acct == "ada"
    assert ada.instance().api_versions.mastodon == 7
    media = ada.media_post(
        picture.read_bytes(), "image/png", "Le jardin", focus=(0.5, -0.5), synchronous=True
    )
    assert media.meta.original.width == 64
    made = ada.status_post("Voici le jardin #jardin", media_ids=media, visibility="private")
    assert made.media_attachments[0].description == "Le jardin"
    seen = eventually(lambda: [s for s in bob.timeline_home() if s.id == made.id])[0]
    assert seen.media_attachments[0].url
    edited = ada.status_update(made, "Voici le grand jardin #jardin", media_ids=[media])
    assert edited.edited_at is not None
    assert [old.content for old in ada.status_history(made)][-1] == edited.content
    poll = ada.make_poll(["Mardi", "Jeudi"], expires_in=3600)
    question = ada.status_post("Quel jour ?", poll=poll)
    assert bob.poll_vote(question.poll, [1]).own_votes == [1]
    assert ada.poll(question.poll).options[1].votes_count == 1
    pages = bob.fetch_remaining(bob.timeline_home(limit=1))
    assert [status.id for status in pages] == [question.id, made.id]
    later = ada.status_post("Plus tard", scheduled_at=datetime.now(UTC) + timedelta(hours=1))
    assert [one.id for one in ada.scheduled_statuses()] == [later.id]
    ada.scheduled_status_delete(later)
    assert ada.scheduled_statuses() == []
    ada.status_delete(made)
    with pytest.raises(MastodonNotFoundError):
        bob.status(made)


async def test_notifications_lists_filters_and_streams(
    clients: tuple[Mastodon, Mastodon],
) -> None:
    await asyncio.to_thread(_notifications_and_streams, *clients)
    await asyncio.to_thread(_lists_and_filters, *clients)


def _notifications_and_streams(ada: Any, bob: Any) -> None:
    listener = Listener()
    stream = ada.stream_user(listener, run_async=True, timeout=5)
    eventually(lambda: bob.status_post("Bonjour") and "bob" in listener.updates)
    hello = ada.status_post("Bonjour @bob")
    bob.status_favourite(hello)
    eventually(lambda: "favourite" in listener.notifications)
    told = ada.notifications(types=["favourite"])
    assert [(one.type, one.status.id) for one in told] == [("favourite", hello.id)]
    grouped = ada.grouped_notifications()
    assert {group.type for group in grouped.notification_groups} >= {"favourite", "follow"}
    ada.status_delete(hello)
    eventually(lambda: int(hello.id) in listener.deletes)
    ada.notifications_clear()
    assert ada.notifications() == []
    stream.close()


def _lists_and_filters(ada: Any, bob: Any) -> None:
    them = bob.me()
    made = ada.list_create("Équipe", replies_policy="list")
    ada.list_accounts_add(made, [them])
    assert [account.acct for account in ada.list_accounts(made)] == ["bob"]
    assert {status.account.acct for status in ada.timeline_list(made)} == {"bob"}
    ada.list_accounts_delete(made, [them])
    ada.list_delete(made)
    found = ada.create_filter_v2(
        "Repas", ["home"], "warn", keywords_attributes=[{"keyword": "menu", "whole_word": True}]
    )
    post = bob.status_post("Le menu de jeudi")
    shown = eventually(lambda: [s for s in ada.timeline_home() if s.id == post.id])[0]
    assert shown.filtered[0].filter.id == found.id
    ada.delete_filter_v2(found)
    assert ada.search_v2("menu", result_type="statuses").statuses[0].id == post.id
    ada.account_mute(them)
    assert [account.acct for account in ada.mutes()] == ["bob"]
