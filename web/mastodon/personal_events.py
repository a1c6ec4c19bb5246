"""Events that concern one person, or everybody of the site whatever they follow."""

from collections.abc import Awaitable, Callable, Mapping

import orjson

from federation.database import Row
from federation.events import Event
from inbox import announcements
from inbox.conversations import shown
from web.mastodon import conversations
from web.mastodon.announcements import announcement_entity, reaction_entities
from web.mastodon.channels import DIRECT, NOTIFICATIONS, USER, Channel
from web.mastodon.notifications import render
from web.mastodon.streams import Stream, Streams, Wanting, frame, send
from web.mastodon.view import View
from web.scopes import covers


async def tell_person(streams: Streams, event: Event) -> None:
    """Send an event to the streams of whom it concerns."""
    await _TOLD[event.kind](streams, event)


def _of_notifications(streams: Streams, actor_id: int) -> Wanting:
    """The streams that tell a person of her notifications, if their tokens may read them."""
    return [
        (stream, channel)
        for channel in (Channel(USER), Channel(NOTIFICATIONS))
        for stream in streams.of(channel, actor_id)
        if covers(stream.token.scopes, "read:notifications")
    ]


def _view(streams: Streams, stream: Stream) -> View:
    return View(streams.node, streams.memory, stream.token)


async def _notification(streams: Streams, event: Event) -> None:
    hearing = _of_notifications(streams, event.actor_id)
    if not hearing:
        return
    row = await streams.node.db.row(
        "SELECT n.* FROM notification n JOIN actor a ON a.id = n.from_actor_id"
        " WHERE n.id = ? AND n.recipient_id = ? AND NOT n.filtered"
        " AND a.deleted_at IS NULL AND a.suspended_at IS NULL",
        event.id,
        event.actor_id,
    )
    if row is None:
        return
    bodies = await _each(streams, hearing, row)
    send("notification", ((one, channel, bodies.get(one)) for one, channel in hearing))


async def _each(streams: Streams, hearing: Wanting, row: Row) -> dict[Stream, bytes]:
    """The Notification for each stream: addresses of media are of its token alone."""
    found: dict[Stream, bytes] = {}
    for stream in dict.fromkeys(one for one, _ in hearing):
        made = await render(_view(streams, stream), [row])
        if made:
            found[stream] = made[0]
    return found


async def _merged(streams: Streams, event: Event) -> None:
    hearing = _of_notifications(streams, event.actor_id)
    send("notifications_merged", ((one, channel, b"1") for one, channel in hearing))


async def _filters(streams: Streams, event: Event) -> None:
    for stream in streams.of(Channel(USER), event.actor_id):
        stream.push(frame(Channel(USER), "filters_changed", None))


async def _conversation(streams: Streams, event: Event) -> None:
    channel = Channel(DIRECT)
    for stream in streams.of(channel, event.actor_id):
        view = _view(streams, stream)
        row = await streams.node.db.row(
            "SELECT c.* FROM conversation c WHERE c.id = ? AND c.actor_id = ? AND NOT c.hidden",
            event.id,
            event.actor_id,
        )
        found = [] if row is None else await shown(streams.node.db, view.person, [row])
        for body in await conversations.render(view, found):
            stream.push(frame(channel, "conversation", body))


async def _announcement(streams: Streams, event: Event) -> None:
    row = await announcements.published(streams.node, event.id)
    if row is not None:
        entity = await announcement_entity(View(streams.node, streams.memory, None), row)
        # Whether she read it, and what she thought of it, is no part of what all are told.
        del entity["read"]
        for reaction in entity["reactions"]:
            reaction.pop("me", None)
        _to_everybody(streams, "announcement", orjson.dumps(entity))


async def _reaction(streams: Streams, event: Event) -> None:
    if await announcements.published(streams.node, event.id) is None:
        return
    view = View(streams.node, streams.memory, None)
    found = await reaction_entities(view, event.id, None)
    counted = next((one for one in found if one["name"] == event.word), {"count": 0})
    entity = {**counted, "name": event.word, "announcement_id": str(event.id)}
    entity.pop("me", None)
    _to_everybody(streams, "announcement.reaction", orjson.dumps(entity))


async def _announcement_gone(streams: Streams, event: Event) -> None:
    _to_everybody(streams, "announcement.delete", b"%d" % event.id)


def _to_everybody(streams: Streams, name: str, body: bytes) -> None:
    channel = Channel(USER)
    send(name, ((stream, channel, body) for stream in streams.of(channel)))


_TOLD: Mapping[str, Callable[[Streams, Event], Awaitable[None]]] = {
    "notification": _notification,
    "merged": _merged,
    "filters": _filters,
    "conversation": _conversation,
    "announcement": _announcement,
    "reaction": _reaction,
    "announcement_gone": _announcement_gone,
}
