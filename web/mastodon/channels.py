"""The streams a client may open: their names, the scope each takes, and what stands in them.

A stream shows what the timeline of the same name would show to the same person, by asking that
timeline for the one status: nothing is decided here a second time.
"""

from dataclasses import dataclass
from typing import NamedTuple

from federation.database import Reader, Row
from federation.errors import Invalid, NotFound, describe
from inbox.filters import Context
from inbox.home import home, of_list
from inbox.paging import Page
from inbox.timelines import public, tag
from outbox.compose import fold_tag
from outbox.visibility import FOR_MEMBERS, Person
from web.mastodon.params import read_id

describe({"stream.unknown": "There is no stream {came}; see the documentation of the API."})

USER, NOTIFICATIONS, DIRECT, LIST = "user", "user:notification", "direct", "list"
PUBLIC = frozenset(
    f"public{place}{media}" for place in ("", ":local", ":remote") for media in ("", ":media")
)
TAGS = frozenset({"hashtag", "hashtag:local"})
NAMES = PUBLIC | TAGS | {USER, NOTIFICATIONS, DIRECT, LIST}


class Channel(NamedTuple):
    """One stream by its name, and the tag or list it is of."""

    name: str
    of: str = ""

    @property
    def scope(self) -> str:
        """The scope that it takes; `user` tells of notifications only with theirs as well."""
        return "read:notifications" if self.name == NOTIFICATIONS else "read:statuses"

    @property
    def context(self) -> Context:
        """Which of a person's filters count there."""
        return "home" if self.name in (USER, LIST) else "public"

    @property
    def words(self) -> list[str]:
        """How frames name it."""
        return [self.name, self.of] if self.of else [self.name]


async def read_channel(
    reader: Reader, person: Person, name: str, tag_name: str | None, list_id: str | None
) -> Channel:
    """The stream that a client asks for.

    Raises Invalid naming the field; NotFound for a list that is not the person's own.
    """
    if name not in NAMES:
        raise Invalid("stream.unknown", field="stream", came=name[:40])
    if name in TAGS:
        folded = fold_tag((tag_name or "").removeprefix("#"))
        if not folded:
            raise Invalid("param.missing", field="tag")
        return Channel(name, folded)
    if name != LIST:
        return Channel(name)
    if not list_id:
        raise Invalid("param.missing", field="list")
    number = read_id(list_id)
    if number is None or await list_of(reader, person, number) is None:
        raise NotFound("record.not_found")
    return Channel(name, str(number))


async def list_of(reader: Reader, person: Person, list_id: int) -> Row | None:
    """One of the person's own lists."""
    return await reader.row(
        "SELECT list.* FROM list WHERE id = ? AND actor_id = ?", list_id, person.actor_id
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """What decides in which streams a status can stand at all, whoever reads."""

    status_id: int
    author_id: int
    kind: str
    is_local: bool
    is_boost: bool
    has_media: bool
    tags: frozenset[str]

    def can_stand_in(self, channel: Channel) -> bool:
        """Whether somebody may find it there."""
        name = channel.name
        if name in (NOTIFICATIONS, DIRECT):
            return False
        if name in (USER, LIST):
            return True
        if self.is_boost or self.kind not in FOR_MEMBERS:
            return False
        if name in TAGS:
            return channel.of in self.tags and (self.is_local or ":local" not in name)
        if (":local" in name and not self.is_local) or (":remote" in name and self.is_local):
            return False
        return self.has_media or not name.endswith(":media")


async def placed(reader: Reader, status: Row) -> Placed:
    """What decides about the place of a status."""
    tags = await reader.rows(
        "SELECT tag.name FROM status_tag JOIN tag ON tag.id = status_tag.tag_id"
        " WHERE status_tag.status_id = ?",
        status["id"],
    )
    media = await reader.value("SELECT 1 FROM attachment WHERE status_id = ? LIMIT 1", status["id"])
    return Placed(
        status["id"],
        status["actor_id"],
        status["audience_kind"],
        bool(status["is_local"]),
        status["reblog_of_id"] is not None,
        media is not None,
        frozenset(row["name"] for row in tags),
    )


async def near(reader: Reader, author_id: int, status_id: int) -> set[int]:
    """The people in whose home a status can stand: they follow its author or a tag of it."""
    rows = await reader.rows(
        "SELECT f.follower_id AS id FROM follow f JOIN account a ON a.actor_id = f.follower_id"
        " WHERE f.target_id = ? AND f.state = 'accepted'"
        " UNION SELECT tf.actor_id FROM tag_follow tf JOIN status_tag st ON st.tag_id = tf.tag_id"
        " WHERE st.status_id = ?",
        author_id,
        status_id,
    )
    return {row["id"] for row in rows} | {author_id}


async def shows(
    reader: Reader, person: Person, channel: Channel, status_id: int, now_ms: int
) -> bool:
    """Whether this person finds the status in that stream's timeline, now."""
    one = Page(limit=1, max_id=status_id + 1, min_id=status_id - 1)
    local, remote = ":local" in channel.name, ":remote" in channel.name
    if channel.name == USER:
        rows = await home(reader, person, one, now_ms=now_ms)
    elif channel.name == LIST:
        listed = await list_of(reader, person, int(channel.of))
        rows = [] if listed is None else await of_list(reader, person, listed, one, now_ms=now_ms)
    elif channel.name in TAGS:
        rows = await tag(reader, person, channel.of, one, local=local, now_ms=now_ms)
    elif channel.name in PUBLIC:
        rows = await public(reader, person, one, local=local, remote=remote, now_ms=now_ms)
    else:
        rows = []
    return bool(rows)
