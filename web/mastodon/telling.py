"""From an event to what each open stream is sent: judged for each person, when it is sent.

What is the same for many is rendered once, as nobody in particular sees it; whoever did
something with the status, filters, or is given media of a circle, gets a rendering of her own.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from federation.database import Row
from federation.events import Event
from inbox.filters import Context
from inbox.home_readers import sure_readers
from outbox.visibility import PUBLIC_KINDS, Person
from web.mastodon import channels
from web.mastodon.attachments import is_private
from web.mastodon.channels import USER, Channel, Placed
from web.mastodon.entities import statuses_by_id
from web.mastodon.gone import tell_gone
from web.mastodon.personal_events import tell_person
from web.mastodon.streams import Stream, Streams, Wanting, send
from web.mastodon.view import View
from web.tokens import Token
from web.translations import Language

AT_ONCE = 8
NOBODY = Token(
    token_id=0,
    application_id=None,
    account_id=0,
    actor_id=0,
    scopes=frozenset(),
    is_guest=False,
    locale=None,
    role=None,
    is_disabled=False,
)
# What somebody did with a status, or set, that changes how it looks to her.
_TOUCHED = (
    "SELECT actor_id FROM favourite WHERE status_id = ?"
    " UNION SELECT actor_id FROM bookmark WHERE status_id = ?"
    " UNION SELECT actor_id FROM status WHERE reblog_of_id = ?"
    " UNION SELECT v.actor_id FROM poll_vote v JOIN poll p ON p.id = v.poll_id"
    " WHERE p.status_id = ?"
    " UNION SELECT actor_id FROM thread_mute WHERE thread_root_id = ?"
    " UNION SELECT actor_id FROM content_filter"
)


async def tell(streams: Streams, event: Event) -> None:
    """Send one event to those open streams whose person may hear of it now."""
    if event.kind in ("status", "edit"):
        await _status(streams, event)
    elif event.kind == "gone":
        await tell_gone(streams, event)
    else:
        await tell_person(streams, event)


async def _status(streams: Streams, event: Event) -> None:
    db = streams.node.db
    # To know where it can stand; whether it is shown to somebody is asked for each person.
    row = await db.row("SELECT status.* FROM status WHERE id = ?", event.id)
    if row is None:
        return
    place = await channels.placed(db, row)
    wanting: Wanting = [
        (stream, channel)
        for channel in streams.channels()
        if place.can_stand_in(channel)
        for stream in await _near(streams, place, channel)
    ]
    sure = await sure_readers(db, row) if wanting else set[int]()
    shown = await _shown(streams, wanting, event.id, sure)
    asked: dict[tuple[Token, Context], None] = dict.fromkeys(
        (stream.token, channel.context) for stream, channel in shown
    )
    bodies = await rendered(streams, row, asked)
    name = "update" if event.kind == "status" else "status.update"
    send(
        name,
        (
            (stream, channel, bodies.get((stream.token, channel.context)))
            for stream, channel in shown
        ),
    )


async def _near(streams: Streams, place: Placed, channel: Channel) -> list[Stream]:
    found = streams.of(channel)
    if channel.name != USER:
        return found
    people = await channels.near(streams.node.db, place.author_id, place.status_id)
    return [stream for stream in found if stream.actor_id in people]


async def _shown(streams: Streams, wanting: Wanting, status_id: int, sure: set[int]) -> Wanting:
    """Those of the pairs in which this person finds the status; each person is asked once.

    The homes of who is `sure` to find it there need no asking.
    """
    db, now = streams.node.db, streams.node.clock()
    asked = dict.fromkeys((_person(stream), channel) for stream, channel in wanting)
    answers = {
        (person, channel): True for person, channel in asked if _is_sure(person, channel, sure)
    }
    queue = iter([one for one in asked if one not in answers])

    async def ask() -> None:
        for person, channel in queue:
            answers[person, channel] = await channels.shows(db, person, channel, status_id, now)
            # SQLite answers at once; others of this process want their turn as well.
            await asyncio.sleep(0)

    await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
    return [(stream, channel) for stream, channel in wanting if answers[_person(stream), channel]]


def _is_sure(person: Person, channel: Channel, sure: set[int]) -> bool:
    return channel.name == USER and person.actor_id in sure


def _person(stream: Stream) -> Person:
    return Person(stream.actor_id, stream.token.is_guest)


async def rendered(
    streams: Streams, row: Row, asked: Iterable[tuple[Token, Context]]
) -> dict[tuple[Token, Context], bytes]:
    """The Status for each token and context, for people who were found to see it.

    What a person's filters hide in a context is left out.
    """
    asked = list(asked)
    apart = await _apart(streams, row) if asked else None
    common: dict[Language, bytes | None] = {}
    found: dict[tuple[Token, Context], bytes] = {}
    for token, context in asked:
        view = View(streams.node, streams.memory, token)
        if apart is None or token.actor_id in apart:
            made = (await statuses_by_id(view, [row], context)).get(row["id"])
        elif view.language in common:
            made = common[view.language]
        else:
            nobody = View(streams.node, streams.memory, replace(NOBODY, locale=view.language))
            made = (await statuses_by_id(nobody, [row])).get(row["id"])
            common[view.language] = made
        if made is not None:
            found[token, context] = made
    return found


async def _apart(streams: Streams, row: Row) -> set[int] | None:
    """Who sees it in a way of her own; None when everybody does."""
    db = streams.node.db
    shown = row
    if row["reblog_of_id"] is not None:
        boosted = await db.row("SELECT status.* FROM status WHERE id = ?", row["reblog_of_id"])
        if boosted is None or boosted["audience_kind"] not in PUBLIC_KINDS:
            return None
        shown = boosted
    policies = (shown["quote_automatic"] or "") + (shown["quote_manual"] or "")
    if shown["quote_state"] is not None or "follow" in policies:
        return None
    if is_private(streams.node, shown) and (
        shown["card_at"] is not None
        or await db.value("SELECT 1 FROM attachment WHERE status_id = ? LIMIT 1", shown["id"])
    ):
        return None
    rows = await db.rows(_TOUCHED, *[shown["id"]] * 4, shown["thread_root_id"])
    return {row["actor_id"] for row in rows} | {row["actor_id"], shown["actor_id"]}
