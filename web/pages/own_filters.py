"""Filters as their owner sets them up: name, words, where they count, what happens, how long."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.responses import Response
from starlette.routing import Route

from federation.database import Transaction
from federation.errors import Invalid, NodeError
from inbox import filters
from inbox.filters import (
    ACTIONS,
    CONTEXTS,
    KEYWORD_CHARACTERS_MAX,
    TITLE_CHARACTERS_MAX,
    Filter,
    FilterChange,
    KeywordChange,
)
from web.mastodon.params import Params, read_id
from web.pages.callers import PageCall, for_member
from web.pages.dates import when
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.members import show
from web.pages.persons import redirect
from web.pages.posts import Shown
from web.translations import say, sentence

PATH = "/filters"
LASTING_S = (0, 86_400, 7 * 86_400, 30 * 86_400)
KEEP = "keep"
NEW_WORDS = 3
WORDS_READ_MAX = 60


@dataclass(slots=True)
class Word:
    """One field for a word; `keyword_id` None for a new one."""

    name: str
    text: str = ""
    is_whole: bool = True
    keyword_id: int | None = None


@dataclass(slots=True)
class Typed:
    """The form as it stands."""

    title: str = ""
    contexts: Sequence[str] = ("home", "public")
    action: str = "warn"
    lasts: str = "0"
    words: list[Word] = field(default_factory=list[Word])
    problems: dict[str, str] = field(default_factory=dict[str, str])


async def filters_page(call: PageCall) -> Response:
    """GET /filters: the reader's own."""
    found = await filters.filters_of(call.node.db, call.actor_id)
    return show(call, "filters.html", here="home", filters=[_told(call, one) for one in found])


def _told(call: PageCall, one: Filter) -> Shown:
    return {
        "id": one.row["id"],
        "title": one.row["title"],
        "action": say(call.page_language, f"filters.{one.row['action']}"),
        "words": [row["keyword"] for row in one.keywords],
        "ends": _ends(call, one),
    }


def _ends(call: PageCall, one: Filter) -> str:
    ends_at, now = one.row["expires_at"], call.node.clock()
    if ends_at is None:
        return ""
    if ends_at <= now:
        return say(call.page_language, "filters.ended")
    return say(call.page_language, "filters.ends", when=when(call.page_language, ends_at, now))


async def new_page(call: PageCall) -> Response:
    """GET /filters/new: an empty form."""
    return await _form(call, Typed(words=_empty()), None)


def _empty() -> list[Word]:
    return [Word(f"n{n}") for n in range(1, NEW_WORDS + 1)]


async def filter_page(call: PageCall) -> Response:
    """GET /filters/:id: one of the reader's own."""
    known = await filters.filter_of(call.node.db, call.actor_id, call.path_id())
    words = [
        Word(str(row["id"]), row["keyword"], bool(row["whole_word"]), row["id"])
        for row in known.keywords
    ]
    row = known.row
    typed = Typed(
        row["title"],
        row["contexts"].split(),
        row["action"],
        KEEP if row["expires_at"] is not None else "0",
        [*words, *_empty()],
    )
    return await _form(call, typed, known)


async def _form(call: PageCall, typed: Typed, known: Filter | None) -> Response:
    return show(
        call,
        "filter.html",
        here="home",
        status=422 if typed.problems else 200,
        typed=typed,
        known=known.row if known is not None else None,
        ends="" if known is None else _ends(call, known),
        contexts=CONTEXTS,
        actions=ACTIONS,
        lasting=LASTING_S,
        path=PATH + ("/new" if known is None else f"/{known.row['id']}"),
    )


async def make(call: PageCall) -> Response:
    """POST /filters/new."""
    form = await read_form(call.request)
    return await _save(call, form, None)


async def change(call: PageCall) -> Response:
    """POST /filters/:id: saved as it stands in the form, or deleted."""
    form = await read_form(call.request)
    known = await filters.filter_of(call.node.db, call.actor_id, call.path_id())
    if form.text("do", 20) != "delete":
        return await _save(call, form, known)
    await call.node.db.write(
        lambda tx: filters.delete(call.node, tx, call.actor_id, known.row["id"])
    )
    return redirect(PATH)


async def _save(call: PageCall, form: Params, known: Filter | None) -> Response:
    typed = _read(call, form, known)
    _check(call, typed)
    if not typed.problems:
        try:
            await _store(call, typed, known)
        except NodeError as error:
            text = sentence(call.page_language, error.code, error.params)
            typed.problems["title" if error.params.get("field") == "title" else "words"] = text
        else:
            return redirect(PATH)
    return await _form(call, typed, known)


def _read(call: PageCall, form: Params, known: Filter | None) -> Typed:
    size = call.node.limits.body_bytes_max
    table = form.table("word")
    whole = set(form.texts("whole", WORDS_READ_MAX))
    own = {row["id"] for row in known.keywords} if known is not None else set[int]()
    words: list[Word] = []
    for name in table.names()[:WORDS_READ_MAX]:
        number = read_id(name)
        words.append(
            Word(
                name[:20],
                (table.text(name, size) or "").strip(),
                name in whole,
                number if number in own else None,
            )
        )
    lasts = form.text("lasts", 20) or "0"
    allowed = {str(one) for one in LASTING_S} | ({KEEP} if known is not None else set())
    action = form.text("action", 20) or ""
    return Typed(
        (form.text("title", size) or "").strip(),
        [one for one in form.texts("context", len(CONTEXTS)) if one in CONTEXTS],
        action if action in ACTIONS else "warn",
        lasts if lasts in allowed else "0",
        words,
    )


def _check(call: PageCall, typed: Typed) -> None:
    language = call.page_language
    if not 0 < len(typed.title) <= TITLE_CHARACTERS_MAX:
        typed.problems["title"] = say(language, "filters.name_missing")
    if not typed.contexts:
        typed.problems["context"] = say(language, "filters.where_missing")
    if not any(word.text for word in typed.words):
        typed.problems["words"] = say(language, "filters.words_missing")
    if any(len(word.text) > KEYWORD_CHARACTERS_MAX for word in typed.words):
        error = Invalid("param.too_long", field="", max=str(KEYWORD_CHARACTERS_MAX))
        params = {**error.params, "field": say(language, "filters.words")}
        typed.problems["words"] = sentence(language, error.code, params)


async def _store(call: PageCall, typed: Typed, known: Filter | None) -> None:
    lasts_s = 0 if typed.lasts == KEEP else int(typed.lasts)
    asked = FilterChange(
        title=typed.title,
        contexts=typed.contexts,
        action=typed.action,
        sets_expiry=typed.lasts != KEEP,
        expires_at=call.node.clock() + lasts_s * 1000 if lasts_s else None,
        keywords=[
            KeywordChange(word.text or None, word.is_whole, word.keyword_id, not word.text)
            for word in typed.words
        ],
    )

    async def work(tx: Transaction) -> None:
        if known is None:
            await filters.create(call.node, tx, call.actor_id, asked)
        else:
            await filters.update(call.node, tx, call.actor_id, known.row["id"], asked)

    await call.node.db.write(work)


ROUTES: tuple[Route, ...] = (
    Route(PATH, page(for_member(filters_page)), methods=["GET"]),
    Route(f"{PATH}/new", page(for_member(new_page)), methods=["GET"]),
    Route(f"{PATH}/new", page(for_member(make)), methods=["POST"]),
    Route(f"{PATH}/{{id}}", page(for_member(filter_page)), methods=["GET"]),
    Route(f"{PATH}/{{id}}", page(for_member(change)), methods=["POST"]),
)
