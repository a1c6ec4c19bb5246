"""What the commands do for the life of a site: invitations, emojis, the record of staff's acts."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from actors.invitations import invite
from actors.queries import account_of_actor, local_by_username
from federation.database import Row, Transaction
from federation.errors import NotFound
from federation.node import Node
from inbox import audit
from inbox.export_archive import write_archive
from maillage.commands import with_node
from maillage.incarnation import say_restored
from maillage.settings import Settings
from outbox import emojis

# Who acts by command has the machine, and no account.
COMMAND = "maillage"


async def make_invitation(settings: Settings, *, role: str, uses: int, days: int) -> str:
    """Make an invitation and return its code, which is shown this once; raise Invalid."""

    async def work(node: Node) -> str:
        async def write(tx: Transaction) -> str:
            code = await invite(node, tx, role=role, uses=uses, days=days)
            await audit.record(node, tx, COMMAND, "invitation.add", role)
            return code

        return await node.db.write(write)

    return await with_node(settings, work)


async def add_emoji(
    settings: Settings, shortcode: str, content: bytes, category: str | None
) -> None:
    """Offer a picture under a shortcode; raise Invalid."""

    async def work(node: Node) -> None:
        await node.db.write(lambda tx: emojis.add(node, tx, shortcode, content, category))

    await with_node(settings, work)


async def remove_emoji(settings: Settings, shortcode: str) -> None:
    """Offer an emoji no longer; raise Invalid for an unknown one."""

    async def work(node: Node) -> None:
        await node.db.write(lambda tx: emojis.remove(tx, shortcode))

    await with_node(settings, work)


async def list_emojis(settings: Settings) -> list[str]:
    """The shortcodes that are offered."""

    async def work(node: Node) -> list[str]:
        return [row["shortcode"] for row in await emojis.offered(node.db)]

    return await with_node(settings, work)


async def audit_lines(settings: Settings, count: int) -> tuple[list[str], int | None]:
    """The newest acts of staff, oldest of them first, and the first row that was tampered with."""

    async def work(node: Node) -> tuple[list[str], int | None]:
        rows = await audit.newest(node.db, count)
        return _lines(rows), await audit.verify_chain(node.db)

    return await with_node(settings, work)


def _lines(rows: Sequence[Row]) -> list[str]:
    return [
        "\t".join(
            [
                str(row["number"]),
                datetime.fromtimestamp(row["at_ms"] / 1000, UTC).isoformat(timespec="seconds"),
                row["staff_uri"],
                row["action"],
                row["target"],
                " ".join(row["reason"].split()),
                row["digest"][:16],
            ]
        )
        for row in reversed(rows)
    ]


async def restored(settings: Settings) -> int:
    """Hold every partner until both have compared what they know; how many there are."""
    return await with_node(settings, say_restored)


async def export_account(settings: Settings, name: str, file: Path) -> int:
    """Write the copy of a person's data into a new file, and its size; it stands in the record.

    Raises NotFound for who has no account, FileExistsError rather than replace a file.
    """

    async def work(node: Node) -> int:
        actor = await local_by_username(node, node.db, name.removeprefix("@"))
        if actor is None or await account_of_actor(node.db, actor["id"]) is None:
            raise NotFound("account.unknown", name=name)
        await asyncio.to_thread(file.touch, 0o600, exist_ok=False)
        try:
            await node.db.write(
                lambda tx: audit.record(node, tx, COMMAND, "account.export", actor["uri"])
            )
            return await write_archive(node, actor["id"], file, _go_on)
        except BaseException:
            await asyncio.to_thread(file.unlink)
            raise

    return await with_node(settings, work)


async def _go_on() -> None:
    """Nobody else would write this file."""
