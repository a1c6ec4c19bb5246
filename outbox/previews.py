"""A preview that a person chose herself, in place of the one made of her film or sound."""

from pathlib import Path

from federation.database import Transaction
from federation.node import Node
from federation.storage import file_name
from outbox.images import made_by
from outbox.uploads import Made, insert_files


async def made_of(node: Node, path: Path, folder: Path, field: str) -> Made:
    """Make a preview of an image; Invalid naming the field when it is none."""
    said = await made_by(node, "preview", path, folder, field)
    columns = {name: said[name] for name in ("preview_width", "preview_height", "blurhash")}
    return Made(columns, {"preview": (folder / said["preview"], "image/webp")})


async def replace(node: Node, media_id: int, made: Made) -> None:
    """Give an upload another preview; the file of the one before goes after the commit."""
    path, media_type = made.files["preview"]
    names = {"preview": file_name("webp")}

    async def record(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE media_file SET attachment_id = NULL"
            " WHERE attachment_id = ? AND purpose = 'preview'",
            media_id,
        )
        await insert_files(node, tx, "attachment_id", media_id, made, names)

    await node.db.write(record)
    await node.storage.put(names["preview"], path, media_type)
    columns = made.columns | {"preview_url": node.uris.media(names["preview"])}

    async def show(tx: Transaction) -> None:
        settings = ", ".join(f"{name} = ?" for name in columns)
        await tx.execute(
            f"UPDATE attachment SET {settings} WHERE id = ?", *columns.values(), media_id
        )

    await node.db.write(show)
    node.media_wake.set()
