"""The page of one's own copy: asked for, and fetched by who gives the password again."""

from collections.abc import AsyncIterator

from starlette.responses import Response
from starlette.routing import Route

from federation.database import Row
from federation.errors import NodeError, NotFound, Refused, TooMany
from federation.node import Node
from inbox import exports
from inbox.erasure_sites import waiting_partners
from web.files import PRIVATE, File, served
from web.mastodon.export import PAGE_PATH as PATH
from web.mastodon.params import read_id
from web.pages.callers import PageCall, for_member
from web.pages.dates import day
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.members import show
from web.pages.persons import Unproved, prove, redirect
from web.pages.rendering import with_language
from web.translations import Language, say, sentence

MB = 1_000_000


class _Copy(File):
    """The ZIP of one person."""

    def __init__(self, node: Node, row: Row, username: str) -> None:
        name: str = row["file_name"]
        super().__init__(
            exports.MEDIA_TYPE, row["bytes"], name.partition(".")[0], f"maillage-{username}.zip"
        )
        self._storage, self._name = node.storage, name

    def read(self, start: int, length: int) -> AsyncIterator[bytes]:
        """Read a part of it from the store."""
        return self._storage.read(self._name, start, length)


async def export_page(call: PageCall) -> Response:
    """GET /settings/export: what is in a copy, and how far mine is."""
    return await _page(call)


async def ask_export(call: PageCall) -> Response:
    """POST /settings/export: have one written."""
    await read_form(call.request)
    try:
        await call.node.db.write(lambda tx: exports.ask(call.node, tx, call.account_id))
    except Refused as error:
        return await _page(call, error)
    return redirect(with_language(call.request, PATH))


async def fetch_export(call: PageCall) -> Response:
    """POST /settings/export/:id: the file, for the password; another's is as none."""
    form = await read_form(call.request)
    number = read_id(call.path_text("id"))
    if number is None:
        raise NotFound("export.none")
    row = await exports.ready(call.node, call.node.db, call.account_id, number)
    assert call.session is not None, "members have one"
    try:
        await prove(call.node, call.request, call.session, form.text("current") or "")
    except (TooMany, Unproved) as error:
        return await _page(call, error)
    return await served(call.request, _Copy(call.node, row, call.me["username"]), PRIVATE)


async def _page(call: PageCall, error: NodeError | None = None) -> Response:
    node, language, request = call.node, call.page_language, call.request
    row = await exports.current(node.db, call.account_id)
    is_there = row is not None and row["progress"] == "done"
    return show(
        call,
        "settings_export.html",
        here="settings",
        status=200 if error is None else error.status,
        current="export",
        action=with_language(request, PATH),
        fetch="" if row is None else with_language(request, f"{PATH}/{row['id']}"),
        state="none" if row is None else row["progress"],
        asked="" if row is None else day(language, row["created_at"]),
        ends=day(language, exports.ends_at(row)) if row is not None and is_there else "",
        weight=_size(language, row["bytes"]) if row is not None else "",
        asks_again=row is None or row["created_at"] <= node.clock() - exports.DAY_MS,
        waiting=[name for name, _ in await waiting_partners(node.db)],
        problem="" if error is None else sentence(language, error.code, error.params),
        is_about_password=isinstance(error, TooMany | Unproved),
    )


def _size(language: Language, count: int) -> str:
    megabytes = f"{max(count / MB, 0.1):.1f}"
    number = megabytes.replace(".", ",") if language == "fr" else megabytes
    return say(language, "export.size", n=number)


ROUTES: tuple[Route, ...] = (
    Route(PATH, page(for_member(export_page)), methods=["GET"]),
    Route(PATH, page(for_member(ask_export)), methods=["POST"]),
    Route(f"{PATH}/{{id}}", page(for_member(fetch_export)), methods=["POST"]),
)
