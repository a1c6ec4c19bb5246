"""Statuses behind an address, however it is written: what is held here is never asked for again.

Whoever may not see a status must not make this node knock at its author's server by its address:
not by searching for it, nor by a link in a text or a profile.
"""

from federation.database import Reader
from federation.errors import Malformed
from federation.origins import split_url


def plain_address(url: str) -> str:
    """The address that a request for `url` would ask for; `url` itself when it is none."""
    try:
        return "".join(split_url(url))
    except Malformed:
        return url


async def held_status(reader: Reader, url: str) -> tuple[int, str] | None:
    """The id and the audience's kind of the stored status with this id or page; not for showing."""
    ways = (url, plain_address(url))
    for column in ("uri", "url"):
        row = await reader.row(
            f"SELECT id, audience_kind FROM status WHERE {column} IN (?, ?) ORDER BY id LIMIT 1",
            *ways,
        )
        if row is not None:
            return row["id"], row["audience_kind"]
    return None
