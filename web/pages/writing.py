"""Writing: the form keeps what was typed whatever happens, and its button names who will read.

Files are taken in as they come and stay in the form; nothing is published before the person
says so, and the same form sent twice publishes once.
"""

from starlette.requests import Request
from starlette.responses import Response

from federation.database import Row, Transaction
from federation.errors import Invalid, NodeError, NotFound, Refused
from outbox import statuses as outbox
from outbox.attachments import OWN_MAX, unattached
from outbox.audience import VISIBILITY_KINDS, narrowed
from outbox.drafts import Draft
from outbox.uploads import DESCRIPTION_CHARACTERS_MAX, About, forget, take_in, work_folder
from outbox.visibility import visible
from web.mastodon.attachments import own_media
from web.mastodon.preferences import own_defaults
from web.mastodon.uploads import Sent, sent
from web.pages.callers import PageCall, find_caller, sign_in_path
from web.pages.letters import LANGUAGES, LASTING_S, Letter, read_letter
from web.pages.members import show
from web.pages.persons import redirect
from web.pages.posts import badge, posts
from web.sessions import check_form
from web.translations import say, sentence

PATH = "/write"
DESCRIBED = frozenset({"image", "gifv", "video"})
# The field of the form where the error of a field of the client API is said.
PLACES = {
    "poll": "poll",
    "poll[options]": "poll",
    "poll[expires_in]": "poll",
    "media_ids": "file",
    "file": "file",
    "language": "language",
    "visibility": "audience",
}


async def write_page(call: PageCall) -> Response:
    """GET /write: an empty form, or one that answers `reply`."""
    defaults = await own_defaults(call)
    letter = Letter(
        audience=defaults.get("privacy", "private" if call.is_guest else "local"),
        language=defaults.get("language", call.page_language),
        reply_id=call.query.id("reply"),
    )
    if to := call.query.text("to", 400):
        letter.text, letter.audience = f"@{to.removeprefix('@')} ", "direct"
    parent = await _parent(call, letter)
    if letter.reply_id is not None and parent is None:
        raise NotFound("page.none")
    return await _form(call, letter)


async def write(request: Request) -> Response:
    """POST /write: publish, or attach a file and show the form again."""
    call = await find_caller(request)
    if call.session is None:
        _check_small(call)
    async with sent(call) as came:
        check_form(call.node, request, came.params.text("form_token") or "")
        letter = read_letter(call, came.params)
        if call.session is None:
            return await _form(call, letter, status=401)
        await _keep_files(call, came, letter)
        if letter.problems or letter.deed != "publish":
            return await _form(call, letter, status=422 if letter.problems else 200)
        return await _publish(call, letter)


def _check_small(call: PageCall) -> None:
    """Raise Refused for what only a person signed in may send: the way back keeps the text."""
    length = call.header(b"content-length")
    if not length.isdigit() or int(length) > call.node.limits.body_bytes_max:
        raise Refused("form.foreign")


async def _keep_files(call: PageCall, came: Sent, letter: Letter) -> None:
    """Take in the file that came, keep what is said of those already here, drop one."""
    letter.media_ids = [
        one for one in letter.media_ids if one != letter.dropped_id and await _is_loose(call, one)
    ]
    if letter.dropped_id is not None and await _is_loose(call, letter.dropped_id):
        await forget(call.node, letter.dropped_id)
    for media_id, text in letter.alts.items():
        if media_id in letter.media_ids:
            await call.node.db.write(lambda tx, i=media_id, t=text: _describe(tx, i, t))
    if "file" in came:
        await _attach(call, came, letter)


async def _is_loose(call: PageCall, media_id: int) -> bool:
    try:
        return bool(await unattached(call.node.db, call.actor_id, [media_id]))
    except Invalid:
        return False


async def _describe(tx: Transaction, media_id: int, text: str) -> None:
    await tx.execute(
        "UPDATE attachment SET description = ? WHERE id = ? AND status_id IS NULL",
        text or None,
        media_id,
    )


async def _attach(call: PageCall, came: Sent, letter: Letter) -> None:
    if len(letter.media_ids) >= OWN_MAX:
        letter.problems["file"] = say(call.page_language, "write.files_max", max=str(OWN_MAX))
        return
    about = About(letter.new_alt or None, None, came.file_name("file"))
    try:
        async with work_folder(call.node) as folder:
            path = await came.save("file", folder)
            row = await take_in(call.node, call.actor_id, path, about, at_once=True)
    except NodeError as error:
        _note(call, letter, error)
        return
    if row["progress"] == "failed":
        await forget(call.node, row["id"])
        _note(call, letter, Invalid(row["failure"], field="file"))
        return
    letter.media_ids.append(row["id"])
    letter.new_alt = ""


async def _publish(call: PageCall, letter: Letter) -> Response:
    node, viewer = call.node, await call.viewer()
    if not letter.text.strip() and not letter.media_ids:
        # To applications a warning alone is a text; here it warns of nothing.
        _note(call, letter, Invalid("status.empty", field="status"))
    for row in await unattached(node.db, call.actor_id, letter.media_ids):
        if row["type"] in DESCRIBED and not (row["description"] or "").strip():
            letter.problems[f"alt-{row['id']}"] = say(call.page_language, "write.alt_missing")
    if letter.problems:
        return await _form(call, letter, status=422)
    draft = Draft(
        text=letter.text,
        visibility=letter.audience,
        spoiler_text=letter.warning,
        sensitive=bool(letter.warning),
        language=letter.language or None,
        in_reply_to_id=letter.reply_id,
        idempotency_key=letter.key,
        media_ids=tuple(letter.media_ids),
        poll=letter.poll(),
        quote_policy=(await own_defaults(call)).get("quote_policy", "public"),
    )
    try:
        row = await outbox.create(node, viewer, call.account_id, draft)
    except NotFound:
        letter.problems["status"] = say(call.page_language, "write.parent_gone")
        letter.reply_id = None
    except NodeError as error:
        _note(call, letter, error)
    else:
        return redirect(f"/@{viewer['username']}/{row['id']}?published=1")
    return await _form(call, letter, status=422)


def _note(call: PageCall, letter: Letter, error: NodeError) -> None:
    """Say an error at the field it is about."""
    language, field = call.page_language, error.params.get("field", "status")
    place = PLACES.get(field, "status")
    params = {**error.params, "field": say(language, f"write.field_{place}")}
    letter.problems[place] = sentence(language, error.code, params)


async def _parent(call: PageCall, letter: Letter) -> Row | None:
    if letter.reply_id is None or call.session is None:
        return None
    row = await visible(call.node.db, call.who, letter.reply_id)
    return None if row is None or row["reblog_of_id"] is not None else row


async def _form(call: PageCall, letter: Letter, *, status: int = 200) -> Response:
    parent = await _parent(call, letter)
    media = await _media(call, letter)
    audience = None
    if parent is not None:
        kind = narrowed(VISIBILITY_KINDS[letter.audience], parent, call.actor_id)
        audience = badge(call, kind, own=True)
    return show(
        call,
        "write.html",
        here="write",
        status=status,
        letter=letter,
        media=media,
        files_left=OWN_MAX - len(media),
        alt_max=DESCRIPTION_CHARACTERS_MAX,
        characters_max=call.node.limits.status_characters_max,
        languages=LANGUAGES[call.page_language],
        lasting=LASTING_S,
        parent=(await posts(call, [parent]))[0] if parent is not None else None,
        audience=audience,
        audiences=_audiences(call, letter),
        is_lost=call.session is None,
        sign_in_again=sign_in_path(call.request),
    )


def _audiences(call: PageCall, letter: Letter) -> list[str]:
    found = ["private", "public", "direct"]
    # Who is not known at this moment keeps what was chosen; it is judged when it is published.
    if call.account is None or not call.is_guest:
        found.insert(0, "local")
    # Who has it as her usual choice finds it; to others it would only be one more question.
    if letter.audience == "unlisted":
        found.insert(found.index("public"), "unlisted")
    return found


async def _media(call: PageCall, letter: Letter) -> list[dict[str, object]]:
    if not letter.media_ids or call.session is None:
        return []
    rows = await unattached(call.node.db, call.actor_id, letter.media_ids)
    found: list[dict[str, object]] = []
    for row in rows:
        entity = own_media(call, row)
        preview = entity["preview_url"] if row["type"] in DESCRIBED else None
        found.append(
            {
                "id": row["id"],
                "preview": preview and preview.removeprefix(call.node.origin),
                "name": row["file_name"] or say(call.page_language, f"media.{row['type']}"),
                "alt": row["description"] or "",
                "needs_alt": row["type"] in DESCRIBED,
            }
        )
    return found
