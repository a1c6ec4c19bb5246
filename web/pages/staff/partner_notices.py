"""What whoever manages partners is told, on their pages, until somebody has seen it."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import Permission
from federation.errors import NotFound
from federation.origins import authority_of
from inbox.partner_notices import Notice, mark_seen, notices
from web.mastodon.params import read_id
from web.pages.callers import PageCall
from web.pages.dates import when
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.persons import redirect
from web.pages.staff.frame import for_staff
from web.pages.staff.partner_words import PATH
from web.translations import sentence

# Each of these leads to the page where it is decided.
_AT_ORGANISATION = frozenset({"partner.notice_site_added"})
_OF_KEYS = frozenset({"partner.notice_keys_changed", "partner.notice_own_keys"})
NOT_US = "partner.notice_not_us"


async def unseen(call: PageCall) -> list[dict[str, Any]]:
    """The notices that nobody has seen, newest first, each with where it leads."""
    now, language = call.node.clock(), call.page_language
    return [
        {
            "id": one.id,
            "words": sentence(language, one.code, one.params),
            "when": when(language, one.created_at, now),
            "path": _path(call, one),
            "is_bad": one.code in _OF_KEYS or one.code == "partner.notice_key_changed",
        }
        for one in await notices(call.node.db, unseen=True)
    ]


def _path(call: PageCall, one: Notice) -> str:
    if one.code in _AT_ORGANISATION:
        return f"/staff/organisation/proposed/{authority_of(one.origin)}"
    return "" if one.origin == call.node.origin else f"{PATH}/{authority_of(one.origin)}"


async def keys_changed(call: PageCall, origin: str) -> str:
    """What is told of the last change of keys, theirs or ours, since *this was not us*, if any."""
    for one in await notices(call.node.db):
        if one.code == NOT_US and one.origin == origin:
            break
        if one.code in _OF_KEYS and one.origin in {origin, call.node.origin}:
            return sentence(call.page_language, one.code, one.params)
    return ""


async def seen(call: PageCall) -> Response:
    """POST /staff/partners/notices/:id/seen."""
    await read_form(call.request)
    number, now = read_id(call.path_text("id")), call.node.clock()
    if number is None or not await call.node.db.write(lambda tx: mark_seen(tx, number, now)):
        raise NotFound("page.none")
    return redirect(f"{PATH}?done=seen")


ROUTES: tuple[Route, ...] = (
    Route(
        f"{PATH}/notices/{{id}}/seen",
        page(for_staff(Permission.MANAGE_PARTNERS)(seen)),
        methods=["POST"],
    ),
)
