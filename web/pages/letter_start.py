"""How a letter begins: empty, to somebody, as an answer, from a draft, or from what is out."""

from dataclasses import replace

from federation.database import Row, Transaction
from federation.errors import NotFound
from outbox import statuses as outbox
from outbox import unfinished
from outbox.drafts import Draft
from outbox.visibility import visible
from web.mastodon.audiences import WORDS
from web.mastodon.preferences import own_defaults
from web.pages import letter_readers
from web.pages.callers import PageCall
from web.pages.letters import KEY_CHARACTERS_MAX, Letter, packed, unpacked


async def begun(call: PageCall) -> Letter:
    """The letter of GET /write; NotFound for what is not there or not hers to change."""
    query = call.query
    if key := query.text("draft", KEY_CHARACTERS_MAX):
        row = await unfinished.one_of(call.node.db, call.account_id or 0, key)
        letter = unpacked(row["letter"])
        letter.key, letter.version = row["key"], row["version"]
    elif (status_id := query.id("edit")) is not None:
        letter = await from_status(call, await own_status(call, status_id))
        letter.edit_id = status_id
    else:
        letter = await _new(call)
    letter.deed = "start"
    return letter


async def _new(call: PageCall) -> Letter:
    letter = Letter(
        audience=await letter_readers.usual(call),
        language=(await own_defaults(call)).get("language", call.page_language),
        reply_id=call.query.id("reply"),
    )
    if to := call.query.text("to", 400):
        letter.text, letter.audience = f"@{to.removeprefix('@')} ", "direct"
    if letter.reply_id is not None:
        parent = await visible(call.node.db, call.who, letter.reply_id)
        if parent is None or parent["reblog_of_id"] is not None:
            raise NotFound("page.none")
        letter.audience = WORDS[parent["audience_kind"]]
    return letter


async def own_status(call: PageCall, status_id: int) -> Row:
    """A status that the reader wrote herself; NotFound for every other."""
    row = await visible(call.node.db, call.who, status_id)
    if row is None or row["actor_id"] != call.actor_id or row["reblog_of_id"] is not None:
        raise NotFound("page.none")
    return row


async def from_status(call: PageCall, row: Row) -> Letter:
    """What a status says, as a letter once more."""
    db = call.node.db
    media = await db.rows(
        "SELECT id FROM attachment WHERE status_id = ? ORDER BY position, id", row["id"]
    )
    letter = Letter(
        text=outbox.source_text(row),
        audience=WORDS[row["audience_kind"]],
        warning=row["summary"] or "",
        language=row["language"] or "",
        reply_id=row["in_reply_to_id"],
        media_ids=[one["id"] for one in media],
    )
    if letter.audience == "named_partners":
        members = await db.rows(
            "SELECT origin FROM audience_member WHERE audience_id = ? AND origin IS NOT NULL",
            row["audience_id"],
        )
        letter.partners = [one["origin"] for one in members]
    poll = await db.row("SELECT * FROM poll WHERE status_id = ?", row["id"])
    if poll is not None:
        options = await db.rows(
            "SELECT title FROM poll_option WHERE poll_id = ? ORDER BY position", poll["id"]
        )
        letter.options = [one["title"] for one in options]
        letter.multiple = bool(poll["multiple"])
    return letter


def from_draft(draft: Draft) -> Letter:
    """What waited for its moment, as a letter once more, under a key of its own."""
    return replace(
        Letter(),
        text=draft.text,
        audience=draft.visibility,
        partners=list(draft.partners),
        warning=draft.spoiler_text,
        language=draft.language or "",
        reply_id=draft.in_reply_to_id,
        media_ids=list(draft.media_ids),
        options=list(draft.poll.options) if draft.poll is not None else [],
        multiple=draft.poll is not None and draft.poll.multiple,
    )


async def keep(call: PageCall, letter: Letter) -> str:
    """Keep a letter as a new draft, and give its key; Invalid when there are too many."""
    node, account_id = call.node, call.account_id or 0

    async def work(tx: Transaction) -> str:
        saved = await unfinished.save(node, tx, account_id, packed(letter), letter.saved)
        await unfinished.keep_media(node, tx, call.actor_id, letter.media_ids)
        return saved.key

    return await node.db.write(work)
