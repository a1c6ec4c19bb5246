"""What is gone is said by its id, to those to whom it could be shown while it was there.

Its row is no more, so this asks what the event kept of it: who follows its author now, whom it
named, whom its author blocks.
"""

from dataclasses import dataclass

from federation.database import Reader, marks
from federation.events import Event
from outbox.visibility import FOR_MEMBERS, PUBLIC_KINDS, Facts, Person, sees
from web.mastodon.channels import LIST, USER, Channel, Placed
from web.mastodon.streams import Stream, Streams, send


@dataclass(frozen=True, slots=True)
class Circle:
    """Who stood how towards the author."""

    followers: frozenset[int]
    blocked: frozenset[int]


async def tell_gone(streams: Streams, event: Event) -> None:
    """Send `delete` with the id, wherever the status could stand."""
    reader = streams.node.db
    place = Placed(
        status_id=event.id,
        author_id=event.actor_id,
        kind=event.audience_kind,
        is_local=event.is_local,
        is_boost=event.is_boost,
        has_media=True,
        tags=await _tags(reader, event),
    )
    fitting = [channel for channel in streams.channels() if place.can_stand_in(channel)]
    if not fitting:
        return
    circle = await _circle(reader, event)
    body = b"%d" % event.id
    for channel in fitting:
        hearing = [one for one in streams.of(channel) if _could_see(one, channel, event, circle)]
        if channel.name == LIST and not await _is_listed(reader, channel, event):
            # Of an author who goes as well nothing says any more on whose lists she stood.
            hearing = [one for one in hearing if one.actor_id in event.followers]
        send("delete", [(stream, channel, body) for stream in hearing])


def _could_see(stream: Stream, channel: Channel, event: Event, circle: Circle) -> bool:
    one = stream.actor_id
    seen = sees(
        Person(one, stream.token.is_guest),
        Facts(
            kind=event.audience_kind,
            is_local=event.is_local,
            is_author=one == event.actor_id,
            author_active=True,
            author_reachable=True,
            follows=one in circle.followers,
            mentioned=one in event.readers,
            named=one in event.readers,
            blocked=one in circle.blocked,
            # The agreement under which it came has ended at most with it.
            taken=True,
        ),
    )
    if not seen or channel.name != USER:
        return seen
    # Public ones stand in the homes of followers, and of who follows a tag.
    near = one == event.actor_id or one in circle.followers or bool(event.tag_ids)
    return near or event.audience_kind not in (*PUBLIC_KINDS, *FOR_MEMBERS)


async def _tags(reader: Reader, event: Event) -> frozenset[str]:
    if not event.tag_ids:
        return frozenset()
    rows = await reader.rows(
        f"SELECT name FROM tag WHERE id IN ({marks(event.tag_ids)})", *event.tag_ids
    )
    return frozenset(row["name"] for row in rows)


async def _circle(reader: Reader, event: Event) -> Circle:
    follows = await reader.rows(
        "SELECT f.follower_id AS id FROM follow f JOIN account a ON a.actor_id = f.follower_id"
        " WHERE f.target_id = ? AND f.state = 'accepted'",
        event.actor_id,
    )
    blocks = await reader.rows(
        "SELECT target_id AS id FROM block WHERE actor_id = ?", event.actor_id
    )
    return Circle(
        frozenset(event.followers).union(row["id"] for row in follows),
        frozenset(row["id"] for row in blocks),
    )


async def _is_listed(reader: Reader, channel: Channel, event: Event) -> bool:
    found = await reader.value(
        "SELECT 1 FROM list_member WHERE list_id = ? AND actor_id = ?",
        int(channel.of),
        event.actor_id,
    )
    return found is not None
