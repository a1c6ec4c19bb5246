"""What whoever manages partners is told and reads: notices, the convention, what was refused."""

from starlette.responses import Response

from actors.permissions import Permission
from federation.activity import iso
from federation.errors import NotFound
from federation.origins import authority_of
from federation.partner_refusals import refusals
from inbox import partnership_acts, terms
from inbox.pairing import needed
from inbox.partner_notices import mark_seen, notices
from web.mastodon.admin.partners import PATH, origin_of_path, partner_entity, staff_of
from web.mastodon.call import Call, Entry, answer
from web.mastodon.params import read_id
from web.translations import sentence


async def index(call: Call) -> Response:
    """GET partners/notices: the newest first; `unseen` for those that nobody has seen."""
    found = await notices(call.node.db, unseen=bool(call.query.flag("unseen")))
    return answer(
        [
            {
                "id": str(one.id),
                "host": authority_of(one.origin),
                "code": one.code.removeprefix("partner.notice_"),
                "words": sentence(call.language, one.code, one.params),
                "created_at": iso(one.created_at),
                "seen_at": None if one.seen_at is None else iso(one.seen_at),
            }
            for one in found
        ]
    )


async def seen(call: Call) -> Response:
    """POST partners/notices/:id/seen."""
    number = read_id(call.path_text("id"))
    now = call.node.clock()
    if number is None or not await call.node.db.write(lambda tx: mark_seen(tx, number, now)):
        raise NotFound("record.not_found")
    return answer({})


async def not_us(call: Call) -> Response:
    """POST partners/:host/not_us: pause, since a change of keys was nobody's who should."""
    known = await partnership_acts.not_us(call.node, origin_of_path(call), await staff_of(call))
    return answer(await partner_entity(call, known))


async def convention(call: Call) -> Response:
    """GET partners/:host/terms: the convention of what is offered or agreed; null without."""
    known = await needed(call.node, origin_of_path(call))
    agreement = known.agreement if known.offer is None else known.offer.agreement
    found = await terms.read(call.node, agreement)
    if found is None:
        return answer({"name": None, "digest": None, "content": None})
    return answer({"name": found.name, "digest": found.digest, "content": found.content})


async def refused(call: Call) -> Response:
    """GET partners/:host/refusals: requests in its name that were turned away, by reason."""
    known = await needed(call.node, origin_of_path(call))
    return answer(
        [
            {
                "code": one.code,
                "words": sentence(call.language, one.code, {"origin": known.origin}),
                "requests": one.requests,
                "first_at": iso(one.first_at),
                "last_at": iso(one.last_at),
            }
            for one in await refusals(call.node.db, known.origin)
        ]
    )


_MAY = Permission.MANAGE_PARTNERS
ENTRIES: tuple[Entry, ...] = (
    Entry("GET", f"{PATH}/notices", "staff", "admin:read", index, _MAY),
    Entry("POST", f"{PATH}/notices/{{id}}/seen", "staff", "admin:write", seen, _MAY),
    Entry("POST", f"{PATH}/{{host}}/not_us", "staff", "admin:write", not_us, _MAY),
    Entry("GET", f"{PATH}/{{host}}/terms", "staff", "admin:read", convention, _MAY),
    Entry("GET", f"{PATH}/{{host}}/refusals", "staff", "admin:read", refused, _MAY),
)
