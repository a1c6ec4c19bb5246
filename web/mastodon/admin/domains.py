"""Domains that staff allows, limits or blocks; what a peer is, `federation.admission` decides."""

from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256

from starlette.responses import Response

from actors.permissions import Permission
from federation.database import Reader, Row
from federation.errors import Invalid as InvalidField
from federation.errors import Malformed, NotFound
from federation.origins import authority_of
from federation.peers import read_origin
from inbox import domain_decisions as decisions
from inbox.domain_decisions import SEVERITIES, Decision
from web.mastodon.admin.acts import done
from web.mastodon.call import Call, Entry, answer
from web.mastodon.pagination import link_header, page_of
from web.mastodon.params import Params
from web.mastodon.serializers import Entity, timestamp

LIMIT_DEFAULT, LIMIT_MAX = 100, 200
DOMAIN_CHARACTERS_MAX = 300
COMMENT_CHARACTERS_MAX = 2_000


def _allow_entity(row: Row) -> Entity:
    """An Admin::DomainAllow."""
    return {
        "id": str(row["id"]),
        "domain": authority_of(row["origin"]),
        "created_at": timestamp(row["created_at"]),
    }


def _block_entity(row: Row) -> Entity:
    """An Admin::DomainBlock."""
    domain = authority_of(row["origin"])
    return _allow_entity(row) | {
        "digest": sha256(domain.encode()).hexdigest(),
        "severity": row["severity"],
        "reject_media": bool(row["reject_media"]),
        "reject_reports": bool(row["reject_reports"]),
        "obfuscate": bool(row["obfuscate"]),
        "private_comment": row["private_comment"],
        "public_comment": row["public_comment"],
    }


def _listing(
    find: Callable[[Reader], Awaitable[Sequence[Row]]], entity: Callable[[Row], Entity]
) -> Callable[[Call], Awaitable[Response]]:
    async def handler(call: Call) -> Response:
        page = page_of(call, LIMIT_DEFAULT, LIMIT_MAX)
        await call.node.db.write(lambda tx: decisions.adopt(call.node, tx))
        rows = [
            row
            for row in await find(call.node.db)
            if (page.max_id is None or row["id"] < page.max_id)
            and (page.since_id is None or row["id"] > page.since_id)
            and (page.min_id is None or row["id"] > page.min_id)
        ]
        rows = rows[-page.limit :] if page.min_id is not None else rows[: page.limit]
        links = link_header(call, page, [row["id"] for row in rows])
        return answer([entity(row) for row in rows], headers=links)

    return handler


async def _load(call: Call, find: Callable[[Reader], Awaitable[Sequence[Row]]]) -> Row:
    wanted = call.path_id()
    row = next((row for row in await find(call.node.db) if row["id"] == wanted), None)
    if row is None:
        raise NotFound("record.not_found")
    return row


def _domain(params: Params) -> str:
    domain = params.required("domain", DOMAIN_CHARACTERS_MAX).strip()
    try:
        read_origin(domain)
    except Malformed as error:
        raise InvalidField(error.code, field="domain", **error.params) from error
    return domain


async def allow(call: Call) -> Response:
    """POST /api/v1/admin/domain_allows: `domain`; the same again is the same."""
    domain = _domain(await call.params())
    number = await done(
        call, "domain.allow", domain, lambda tx: decisions.allow(call.node, tx, domain)
    )
    call.node.delivery_wake.set()
    return await _answer(call, number, _allow_entity)


async def show_allow(call: Call) -> Response:
    """GET /api/v1/admin/domain_allows/:id."""
    return answer(_allow_entity(await _load(call, decisions.allows)))


async def disallow(call: Call) -> Response:
    """DELETE /api/v1/admin/domain_allows/:id."""
    row = await _load(call, decisions.allows)
    await done(call, "domain.disallow", row["origin"], lambda tx: decisions.disallow(tx, row))
    return answer(_allow_entity(row))


async def block(call: Call) -> Response:
    """POST /api/v1/admin/domain_blocks: `domain`, `severity` and what else is not taken."""
    params = await call.params()
    domain = _domain(params)
    decision = _decision(params, Decision())
    number = await done(
        call,
        f"domain.{decision.severity}",
        domain,
        lambda tx: decisions.block(call.node, tx, domain, decision),
        decision.private_comment,
    )
    return await _answer(call, number, _block_entity)


async def show_block(call: Call) -> Response:
    """GET /api/v1/admin/domain_blocks/:id."""
    return answer(_block_entity(await _load(call, decisions.blocks)))


async def change(call: Call) -> Response:
    """PUT /api/v1/admin/domain_blocks/:id."""
    row = await _load(call, decisions.blocks)
    before = Decision(
        row["severity"],
        bool(row["reject_media"]),
        bool(row["reject_reports"]),
        bool(row["obfuscate"]),
        row["private_comment"],
        row["public_comment"],
    )
    decision = _decision(await call.params(), before)
    await done(
        call,
        f"domain.{decision.severity}",
        row["origin"],
        lambda tx: decisions.change(call.node, tx, row, decision),
        decision.private_comment,
    )
    return await _answer(call, row["id"], _block_entity)


async def unblock(call: Call) -> Response:
    """DELETE /api/v1/admin/domain_blocks/:id."""
    row = await _load(call, decisions.blocks)
    await done(call, "domain.unblock", row["origin"], lambda tx: decisions.unblock(tx, row))
    return answer({})


def _decision(params: Params, before: Decision) -> Decision:
    def flag(name: str, kept: bool) -> bool:
        found = params.flag(name)
        return kept if found is None else found

    private = params.text("private_comment", COMMENT_CHARACTERS_MAX)
    public = params.text("public_comment", COMMENT_CHARACTERS_MAX)
    severity = params.choice("severity", SEVERITIES)
    return Decision(
        severity=severity or before.severity,  # pyright: ignore[reportArgumentType]
        reject_media=flag("reject_media", before.reject_media),
        reject_reports=flag("reject_reports", before.reject_reports),
        obfuscate=flag("obfuscate", before.obfuscate),
        private_comment=before.private_comment if private is None else private,
        public_comment=before.public_comment if public is None else public,
    )


async def _answer(call: Call, number: int, entity: Callable[[Row], Entity]) -> Response:
    row = await decisions.by_id(call.node.db, number)
    assert row is not None, "it was stored a moment ago"
    return answer(entity(row))


def _entries(
    name: str,
    listing: Callable[[Call], Awaitable[Response]],
    create: Callable[[Call], Awaitable[Response]],
    show: Callable[[Call], Awaitable[Response]],
    delete: Callable[[Call], Awaitable[Response]],
) -> tuple[Entry, ...]:
    path, reads, writes = f"/api/v1/admin/{name}", f"admin:read:{name}", f"admin:write:{name}"
    may = Permission.MANAGE_PEERS
    return (
        Entry("GET", path, "staff", reads, listing, may),
        Entry("POST", path, "staff", writes, create, may),
        Entry("GET", f"{path}/{{id}}", "staff", reads, show, may),
        Entry("DELETE", f"{path}/{{id}}", "staff", writes, delete, may),
    )


ENTRIES: tuple[Entry, ...] = (
    *_entries(
        "domain_allows", _listing(decisions.allows, _allow_entity), allow, show_allow, disallow
    ),
    *_entries(
        "domain_blocks", _listing(decisions.blocks, _block_entity), block, show_block, unblock
    ),
    Entry(
        "PUT PATCH",
        "/api/v1/admin/domain_blocks/{id}",
        "staff",
        "admin:write:domain_blocks",
        change,
        Permission.MANAGE_PEERS,
    ),
)
