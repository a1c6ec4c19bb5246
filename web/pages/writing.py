"""Writing: the form keeps what was typed whatever happens, and its button names who will read.

Files are taken in as they come and stay in the form; nothing is published before the person
says so, and the same form sent twice publishes once. What is not published stays as a draft.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from federation.database import Row, Transaction
from federation.errors import Invalid, NodeError, NotFound, Refused
from outbox import statuses as outbox
from outbox import unfinished
from outbox.attachments import OWN_MAX
from outbox.drafts import Draft
from outbox.edits import MediaChange, Revision, edit
from outbox.reach import Reach
from outbox.scheduled import schedule
from outbox.uploads import DESCRIPTION_CHARACTERS_MAX
from outbox.visibility import visible
from web.mastodon.audiences import WORDS
from web.mastodon.preferences import own_defaults
from web.mastodon.uploads import Sent, sent
from web.pages import letter_readers
from web.pages.callers import PageCall, find_caller, sign_in_path
from web.pages.dates import clock
from web.pages.forms import check_sent
from web.pages.letter_files import check_descriptions, files_of, keep_files, media_shown
from web.pages.letter_start import begun, own_status
from web.pages.letters import LANGUAGES, LASTING_S, Letter, packed, read_letter
from web.pages.members import show
from web.pages.persons import redirect
from web.pages.posts import posts
from web.pages.rendering import protect
from web.sessions import StaleForm
from web.translations import say, sentence

PATH = "/write"
# The field of the form where the error of a field of the client API is said.
PLACES = {
    "poll": "poll",
    "poll[options]": "poll",
    "poll[expires_in]": "poll",
    "media_ids": "file",
    "file": "file",
    "language": "language",
    "visibility": "audience",
    "audience": "audience",
    "scheduled_at": "day",
}


async def write_page(call: PageCall) -> Response:
    """GET /write: an empty form; or what `reply` answers, `edit` changes, `draft` takes up."""
    letter = await begun(call)
    if letter.reply_id is not None and await _parent(call, letter) is None:
        letter.problems["status"] = say(call.page_language, "write.parent_gone")
        letter.reply_id = None
    return await _form(call, letter)


async def write(request: Request) -> Response:
    """POST /write: publish, or do what else the button says and show the form again."""
    call = await find_caller(request)
    if call.session is None:
        _check_small(call)
    async with sent(call) as came:
        is_stale = await _is_stale(request, came)
        letter = read_letter(call, came.params)
        is_script = "application/json" in call.header(b"accept")
        if call.session is None:
            return _said(call, None, 401) if is_script else await _form(call, letter, status=401)
        if is_stale:
            letter.problems = {"status": say(call.page_language, "write.stale")}
            return _said(call, letter, 422) if is_script else await _form(call, letter, status=403)
        if letter.deed == "publish":
            return await _publish(call, came, letter)
        await keep_files(call, came, letter)
        if letter.deed == "keep":
            letter.problems.clear()
        if is_script:
            return _said(call, letter, 200 if await _save(call, letter) else 422)
        await _save(call, letter)
        return await _form(call, letter, status=422 if letter.problems else 200)


async def _is_stale(request: Request, came: Sent) -> bool:
    """Whether the form is from before this browser signed in again; Refused for a foreign one."""
    try:
        await check_sent(request, came.params)
    except StaleForm:
        return True
    return False


def _said(call: PageCall, letter: Letter | None, status: int) -> Response:
    """What a script of ours is told of the draft that it sent."""
    language = call.page_language
    said = {"said": say(language, "write.session_ended" if status == 401 else "write.not_saved")}
    if letter is not None and status == 200:
        said = {"key": letter.key, "version": str(letter.version), "said": _kept_at(call)}
    response = JSONResponse(said, status)
    protect(response)
    return response


def _kept_at(call: PageCall) -> str:
    time = clock(call.page_language, call.node.clock())
    return say(call.page_language, "write.kept_at", time=time)


async def _save(call: PageCall, letter: Letter) -> bool:
    """Keep the letter as a draft, unless nothing stands in it; whether it is safe."""
    if letter.is_blank:
        return True
    node, account_id = call.node, call.account_id or 0

    async def work(tx: Transaction) -> unfinished.Saved:
        await unfinished.keep_media(node, tx, call.actor_id, letter.media_ids)
        return await unfinished.save(node, tx, account_id, packed(letter), letter.saved)

    try:
        saved = await node.db.write(work)
    except NodeError as error:
        _note(call, letter, error)
        return False
    letter.key, letter.version = saved.key, saved.version
    return True


def _check_small(call: PageCall) -> None:
    """Raise Refused for what only a person signed in may send: the way back keeps the text."""
    length = call.header(b"content-length")
    if not length.isdigit() or int(length) > call.node.limits.body_bytes_max:
        raise Refused("form.foreign")


async def _publish(call: PageCall, came: Sent, letter: Letter) -> Response:
    await keep_files(call, came, letter)
    if not letter.text.strip() and not letter.media_ids:
        # To applications a warning alone is a text; here it warns of nothing.
        _note(call, letter, Invalid("status.empty", field="status"))
    await check_descriptions(call, letter)
    await _check_circle(call, letter)
    if letter.is_scheduled and letter.moment() is None:
        letter.problems["day"] = say(call.page_language, "write.day_missing")
    if not letter.problems:
        try:
            path = await _send(call, letter)
        except NotFound:
            letter.problems["status"] = say(call.page_language, "write.parent_gone")
            letter.reply_id = None
        except NodeError as error:
            _note(call, letter, error)
        else:
            if path:
                return redirect(path)
    await _save(call, letter)
    return await _form(call, letter, status=422)


async def _check_circle(call: PageCall, letter: Letter) -> None:
    """A letter that answers nothing has one of the circles that its author may choose."""
    if letter.reply_id is not None or letter.edit_id is not None or letter.problems:
        return
    allowed = {one["word"] for one in await letter_readers.choices(call, letter)}
    if letter.audience not in allowed:
        letter.audience = ""
        letter.problems["audience"] = say(call.page_language, "write.audience_missing")


async def _send(call: PageCall, letter: Letter) -> str:
    """Publish, plan or change what the letter says, and give the page to go on to."""
    viewer = await call.viewer()
    if letter.edit_id is not None:
        row = await edit(
            call.node, viewer, await own_status(call, letter.edit_id), _revision(letter)
        )
        done = "changed"
    elif letter.is_scheduled:
        draft = await _draft(call, letter)
        await schedule(call.node, viewer, call.account_id, draft, letter.moment() or 0)
        await _forget(call, letter)
        return "/scheduled"
    else:
        row = await outbox.create(call.node, viewer, call.account_id, await _draft(call, letter))
        done = "published"
        if outbox.source_text(row).strip() != letter.text.strip():
            # Another tab has published this form already, with other words.
            letter.key, letter.version = unfinished.new_key(), 0
            letter.problems["status"] = say(call.page_language, "write.published_before")
            return ""
    await _forget(call, letter)
    return f"/@{viewer['username']}/{row['id']}?{done}=1"


async def _draft(call: PageCall, letter: Letter) -> Draft:
    return Draft(
        text=letter.text,
        visibility=letter.audience,
        partners=tuple(letter.partners) if letter.audience == "named_partners" else (),
        spoiler_text=letter.warning,
        sensitive=bool(letter.warning),
        language=letter.language or None,
        in_reply_to_id=letter.reply_id,
        idempotency_key=letter.key,
        media_ids=tuple(letter.media_ids),
        poll=letter.poll(),
        quote_policy=(await own_defaults(call)).get("quote_policy", "public"),
    )


def _revision(letter: Letter) -> Revision:
    return Revision(
        text=letter.text,
        spoiler_text=letter.warning,
        sensitive=bool(letter.warning),
        language=letter.language or None,
        media_ids=tuple(letter.media_ids),
        media_changes=tuple(
            MediaChange(media_id, text)
            for media_id, text in letter.alts.items()
            if media_id in letter.media_ids
        ),
        poll=letter.poll(),
    )


async def _forget(call: PageCall, letter: Letter) -> None:
    account_id, key = call.account_id or 0, letter.key
    await call.node.db.write(lambda tx: unfinished.forget(tx, account_id, key))


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


async def _reach(call: PageCall, letter: Letter, parent: Row | None) -> Reach | None:
    """How far it goes, where that is to be said: in answers, in edits, and when asked."""
    if call.session is None:
        return None
    if letter.edit_id is not None:
        return await letter_readers.of_status(call, await own_status(call, letter.edit_id))
    if not letter.audience or (parent is None and letter.deed == "start"):
        return None
    return await letter_readers.reach(call, letter, parent)


async def _form(call: PageCall, letter: Letter, *, status: int = 200) -> Response:
    parent = await _parent(call, letter)
    if letter.edit_id is not None and call.session is not None:
        letter.media_ids = [row["id"] for row in await files_of(call, letter)]
    far = await _reach(call, letter, parent)
    media = await media_shown(call, letter)
    is_fixed = parent is not None or letter.edit_id is not None
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
        far=None if far is None else await letter_readers.who_reads(call, far),
        inherited=_inherited(far, parent),
        word=WORDS[far.kind] if far is not None and is_fixed else "",
        audiences=[] if is_fixed else await letter_readers.choices(call, letter),
        kept_at=_kept_at(call) if letter.version and letter.deed != "start" else "",
        is_lost=call.session is None,
        sign_in_again=sign_in_path(call.request),
    )


def _inherited(far: Reach | None, parent: Row | None) -> str:
    if far is None or parent is None:
        return ""
    return "reply.same" if far.kind == parent["audience_kind"] else "reply.narrower"
