"""Moving: other accounts that are mine, leaving for another site, and whom I followed there."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.moves import aliases_of
from actors.queries import by_uris
from federation.client_errors import ClientError
from federation.database import Row
from federation.errors import Invalid, NodeError, describe
from federation.node import Node
from inbox import wanted_follows
from outbox import moves
from web.mastodon.params import Params
from web.mastodon.uploads import Sent, sent
from web.pages.callers import PageCall, for_member
from web.pages.failures import page
from web.pages.forms import check_sent, read_form
from web.pages.members import show
from web.pages.persons import prove, redirect
from web.pages.rendering import with_language
from web.translations import sentence

PATH = "/settings/move"
IMPORT_PATH = f"{PATH}/follows"
FILE_BYTES_MAX = 500_000
ACCT_CHARACTERS_MAX = 300

describe(
    {
        "move.text": "This file is no text in UTF-8 of at most {max} bytes.",
        "move.name": "Write a name such as claire@site.example.",
        "move.unreachable": "The other site does not answer now; try again later.",
    }
)


async def move_page(call: PageCall) -> Response:
    """GET /settings/move."""
    return await _page(call)


async def change_move(call: PageCall) -> Response:
    """POST /settings/move: `do` is alias, forget, move or stay; leaving takes the password."""
    form = await read_form(call.request)
    deed = form.text("do", 20) or ""
    try:
        await _do(call, deed, form)
    except ClientError:
        return await _page(call, Invalid("move.unreachable", field=_field(deed)), form)
    except NodeError as error:
        return await _page(call, error, form)
    return redirect(with_language(call.request, f"{PATH}?done={deed}"))


async def _do(call: PageCall, deed: str, form: Params) -> None:
    node, actor = call.node, call.me
    acct = (form.text(_field(deed), ACCT_CHARACTERS_MAX) or "").strip()
    if deed in {"alias", "move"} and not acct:
        raise Invalid("move.name", field=_field(deed))
    if deed in {"alias", "forget"}:
        await moves.change_alias(node, actor, acct, on=deed == "alias")
    elif deed in {"move", "stay"}:
        assert call.session is not None, "members have one"
        await prove(node, call.request, call.session, form.text("current") or "")
        if deed == "move":
            await moves.move(node, actor, acct)
        else:
            await moves.stay(node, actor)
    else:
        raise Invalid("page.act", field="do")


def _field(deed: str) -> str:
    return "alias" if deed in {"alias", "forget"} else "target"


async def bring_follows(call: PageCall) -> Response:
    """POST /settings/move/follows: a CSV of accounts to follow, read at once, asked by and by."""
    async with sent(call) as came:
        await check_sent(call.request, came.params)
        try:
            wanted = wanted_follows.read_table(await _text(came), call.node.host)
            account_id = call.account_id
            await call.node.db.write(
                lambda tx: wanted_follows.want(call.node, tx, account_id, wanted)
            )
        except NodeError as error:
            return await _page(call, error)
    return redirect(with_language(call.request, f"{PATH}?done=follows"))


async def _text(came: Sent) -> str:
    wrong = Invalid("move.text", field="file", max=str(FILE_BYTES_MAX))
    content = await came.content("file", FILE_BYTES_MAX)
    if content is None:
        raise wrong
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise wrong from error


async def _page(
    call: PageCall, error: NodeError | None = None, form: Params | None = None
) -> Response:
    node, language = call.node, call.page_language
    counts, failed = await wanted_follows.progress_of(node.db, call.account_id)
    field = "" if error is None else getattr(error, "field", "") or error.params.get("field", "")
    known = {"alias", "target", "file"}
    field = field if field in known else "current" if _is_password(error) else _guess(form)
    return show(
        call,
        "settings_move.html",
        here="settings",
        status=200 if error is None else error.status,
        current="move",
        action=with_language(call.request, PATH),
        bring=with_language(call.request, IMPORT_PATH),
        own=f"{call.me['username']}@{node.host}",
        aliases=await _aliases(node, call.me),
        moved_to=call.me["moved_to_uri"] or "",
        typed={name: (form and form.text(name)) or "" for name in ("alias", "target")},
        problem="" if error is None else sentence(language, error.code, error.params),
        field=field,
        done=call.query.text("done", 20) or "",
        counts={name: counts.get(name, 0) for name in ("pending", "done", "failed")},
        failed=[
            {"acct": row["acct"], "why": sentence(language, row["code"] or "", {})}
            for row in failed
        ],
    )


def _is_password(error: NodeError | None) -> bool:
    return error is not None and error.code.startswith("account.")


def _guess(form: Params | None) -> str:
    """The field that an error without one is about: what was typed into."""
    return _field((form and form.text("do", 20)) or "")


async def _aliases(node: Node, actor: Row) -> list[dict[str, Any]]:
    uris = aliases_of(actor)
    known = await by_uris(node.db, uris)
    return [
        {
            "uri": uri,
            "acct": f"{known[uri]['username']}@{known[uri]['handle_host']}" if uri in known else "",
        }
        for uri in uris
    ]


ROUTES: tuple[Route, ...] = (
    Route(PATH, page(for_member(move_page)), methods=["GET"]),
    Route(PATH, page(for_member(change_move)), methods=["POST"]),
    Route(IMPORT_PATH, page(for_member(bring_follows)), methods=["POST"]),
)
