"""Pictures of this node's actors: made of what was sent, and kept until there is another."""

from pathlib import Path

from federation.database import Row, Transaction
from federation.node import Node
from federation.storage import file_name
from outbox.images import made_by
from outbox.uploads import Made, insert_files, sniff, work_folder

COLUMNS = {"avatar": "icon_url", "header": "image_url"}


async def store_picture(node: Node, actor: Row, field: str, path: Path) -> str:
    """Make the `avatar` or `header` of an actor; return its address.

    The actor does not have it yet: what nobody has after a minute is removed. Raises Invalid
    naming the field for what is no image that is accepted.
    """
    await sniff(node, path, field)
    async with work_folder(node) as folder:
        said = await made_by(node, field, path, folder, field)
        made = Made({}, {"picture": (folder / said["file"], said["media_type"])})
        name = file_name("webp")

        async def work(tx: Transaction) -> None:
            await insert_files(node, tx, "actor_id", actor["id"], made, {"picture": name})

        await node.db.write(work)
        await node.storage.put(name, *made.files["picture"])
    return node.uris.picture(name)
