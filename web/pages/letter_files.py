"""The files of a letter: taken in as they come, described, and dropped, before it is published."""

from federation.database import Row, Transaction
from federation.errors import Invalid, NodeError
from outbox.attachments import OWN_MAX, unattached
from outbox.uploads import About, forget, take_in, work_folder
from web.mastodon.attachments import own_media
from web.mastodon.uploads import Sent
from web.pages.callers import PageCall
from web.pages.letters import Letter
from web.pages.posts import Shown
from web.translations import say, sentence

DESCRIBED = frozenset({"image", "gifv", "video"})


async def keep_files(call: PageCall, came: Sent, letter: Letter) -> None:
    """Take in the file that came, keep what is said of those already here, drop one."""
    rows = await files_of(call, letter)
    loose = {row["id"] for row in rows if row["status_id"] is None}
    letter.media_ids = [row["id"] for row in rows if row["id"] != letter.dropped_id]
    if letter.dropped_id is not None and letter.dropped_id in loose:
        await forget(call.node, letter.dropped_id)
    for media_id, text in letter.alts.items():
        if media_id in loose:
            await call.node.db.write(lambda tx, i=media_id, t=text: _describe(tx, i, t))
    if "file" in came:
        await _attach(call, came, letter)


async def files_of(call: PageCall, letter: Letter) -> list[Row]:
    """The files of the letter that are its author's to use, in its order.

    Uploads that stand nowhere yet, and those of the status that is edited.
    """
    found: list[Row] = []
    for media_id in dict.fromkeys(letter.media_ids):
        try:
            found += await unattached(call.node.db, call.actor_id, [media_id])
        except Invalid:
            found += await call.node.db.rows(
                "SELECT attachment.* FROM attachment WHERE id = ? AND actor_id = ?"
                " AND status_id = CAST(? AS BIGINT)",
                media_id,
                call.actor_id,
                letter.edit_id,
            )
    return found


async def _describe(tx: Transaction, media_id: int, text: str) -> None:
    await tx.execute(
        "UPDATE attachment SET description = ? WHERE id = ? AND status_id IS NULL",
        text or None,
        media_id,
    )


async def _attach(call: PageCall, came: Sent, letter: Letter) -> None:
    language = call.page_language
    if len(letter.media_ids) >= OWN_MAX:
        letter.problems["file"] = say(language, "write.files_max", max=str(OWN_MAX))
        return
    about = About(letter.new_alt or None, None, came.file_name("file"))
    try:
        async with work_folder(call.node) as folder:
            path = await came.save("file", folder)
            row = await take_in(call.node, call.actor_id, path, about, at_once=True)
        if row["progress"] == "failed":
            await forget(call.node, row["id"])
            raise Invalid(row["failure"], field="file")
    except NodeError as error:
        params = {**error.params, "field": say(language, "write.field_file")}
        letter.problems["file"] = sentence(language, error.code, params)
        return
    letter.media_ids.append(row["id"])
    letter.new_alt = ""


async def check_descriptions(call: PageCall, letter: Letter) -> None:
    """Note a problem at every picture whose text is missing."""
    for row in await files_of(call, letter):
        if row["type"] in DESCRIBED and not _said(letter, row).strip():
            letter.problems[f"alt-{row['id']}"] = say(call.page_language, "write.alt_missing")


def _said(letter: Letter, row: Row) -> str:
    return letter.alts.get(row["id"], row["description"] or "")


async def media_shown(call: PageCall, letter: Letter) -> list[Shown]:
    """The files as the form shows them."""
    if not letter.media_ids or call.session is None:
        return []
    found: list[Shown] = []
    for row in await files_of(call, letter):
        entity = own_media(call, row)
        preview = entity["preview_url"] if row["type"] in DESCRIBED else None
        found.append(
            {
                "id": row["id"],
                "preview": preview and preview.removeprefix(call.node.origin),
                "name": row["file_name"] or say(call.page_language, f"media.{row['type']}"),
                "alt": _said(letter, row),
                "needs_alt": row["type"] in DESCRIBED,
            }
        )
    return found
