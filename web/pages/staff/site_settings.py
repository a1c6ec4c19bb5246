"""What the file of settings says, in words, each with the key to change; never a password.

Nothing of it can be changed on a page: whoever changes it has the machine.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from federation.node import Node
from web.pages.callers import PageCall
from web.translations import say

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Said:
    """One setting: `site.set_<name>` is what it is called, `key` is its key in the file."""

    name: str
    words: str
    key: str


async def settings_said(call: PageCall) -> list[Said]:
    """The settings of the node as somebody reads them who does not know the file."""
    node, options = call.node, call.node.options
    database, media = await _stored(node)
    url = urlsplit(options.mail.url)
    by_mail = {"host": url.hostname or "", "sender": options.mail.sender}
    return [
        Said("name", node.name, "name"),
        Said("address", node.origin, "origin"),
        Said("language", _words(call, f"in_{node.language}"), "language"),
        Said("federation", _words(call, "closed" if node.is_closed else "open"), "federation.mode"),
        Said("joining", _words(call, f"join_{options.registrations.mode}"), "registrations.mode"),
        Said("mail", _words(call, "mail" if url.hostname else "no_mail", **by_mail), "mail.url"),
        Said(
            "database",
            _words(call, f"in_{node.db.dialect}", size=_size(call, database)),
            "database.url",
        ),
        Said(
            "media",
            _words(
                call,
                "in_bucket" if options.media.s3_bucket else "in_folder",
                bucket=options.media.s3_bucket,
                size=_size(call, media),
            ),
            "media.s3_bucket",
        ),
        Said(
            "post_limit",
            _words(call, "characters", n=str(node.limits.status_characters_max)),
            "limits.status_characters_max",
        ),
        Said("image_limit", _size(call, options.media.image_bytes_max), "media.image_bytes_max"),
        Said("film_limit", _size(call, options.media.bytes_max), "media.bytes_max"),
        Said(
            "rate_limit",
            _words(call, "calls", n=str(options.rates.per_person))
            if node.limits.rate_limits
            else _words(call, "no_limit"),
            "rates.per_person" if node.limits.rate_limits else "rate_limits",
        ),
    ]


def _words(call: PageCall, name: str, **params: str) -> str:
    return say(call.page_language, f"site.{name}", **params)


def _size(call: PageCall, count: int) -> str:
    """A size in megabytes, since nobody who decides about room thinks in bytes."""
    if 0 < count < MEGABYTE:
        return _words(call, "under_megabyte")
    return _words(call, "megabytes", n=str(round(count / MEGABYTE)))


async def _stored(node: Node) -> tuple[int, int]:
    """How many bytes the database takes, and the files of this site's people."""
    if node.db.dialect == "postgres":
        database = await node.db.value("SELECT pg_database_size(current_database())")
    else:
        pages = await node.db.value("PRAGMA page_count")
        database = pages * await node.db.value("PRAGMA page_size")
    media = await node.db.value("SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM media_file")
    return database, media
