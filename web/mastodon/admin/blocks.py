"""Addresses that staff refuses: of e-mail by domain or one by one, of the network by range."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from starlette.responses import Response

from actors import email_blocks
from actors.permissions import Permission
from federation.admission import host_of
from federation.database import Row, Transaction
from federation.errors import Invalid, Malformed, NotFound, describe
from federation.peers import read_origin
from web.ip_blocks import SEVERITIES
from web.mastodon.admin.acts import done
from web.mastodon.call import Call, Entry, answer
from web.mastodon.pagination import bounds, link_header, page_of
from web.mastodon.params import Params
from web.mastodon.rendering import newest_first
from web.mastodon.serializers import Entity, maybe_timestamp, timestamp

LIMIT_DEFAULT, LIMIT_MAX = 100, 200
HASH_CHARACTERS = 64

describe(
    {
        "block.network": "{came} is no network; write an address or a range such as 10.0.0.0/8.",
        "block.domain": "{came} is no domain.",
        "block.hash": "{field} must be a SHA-256 in hexadecimal.",
    }
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One table of blocks and how its rows are made and shown."""

    name: str
    entity: Callable[[Row], Entity]
    read: Callable[[Call, Params, Row | None], dict[str, Any]]
    subject: str
    permission: Permission

    @property
    def table(self) -> str:
        """The table: the name of the path without its last letter."""
        return self.name[:-1]


def _email_domain(row: Row) -> Entity:
    """An Admin::EmailDomainBlock; nobody's attempts are counted, so its history is empty."""
    return {
        "id": str(row["id"]),
        "domain": row["domain"],
        "created_at": timestamp(row["created_at"]),
        "allow_with_approval": bool(row["allows_with_approval"]),
        "history": [],
    }


def _read_email_domain(_call: Call, params: Params, _before: Row | None) -> dict[str, Any]:
    written = params.required("domain", 300).strip().lower().removeprefix("@")
    try:
        domain = host_of(read_origin(written))
    except Malformed as error:
        raise Invalid("block.domain", field="domain", came=written) from error
    return {"domain": domain, "allows_with_approval": bool(params.flag("allow_with_approval"))}


def _canonical(row: Row) -> Entity:
    """An Admin::CanonicalEmailBlock."""
    return {"id": str(row["id"]), "canonical_email_hash": row["email_hash"]}


def _read_canonical(_call: Call, params: Params, _before: Row | None) -> dict[str, Any]:
    if email := params.text("email", 300):
        return {"email_hash": email_blocks.digest(email)}
    given = params.required("canonical_email_hash", 200).strip().lower()
    if len(given) != HASH_CHARACTERS or not all(c in "0123456789abcdef" for c in given):
        raise Invalid("block.hash", field="canonical_email_hash")
    return {"email_hash": given}


def _ip(row: Row) -> Entity:
    """An Admin::IpBlock."""
    return {
        "id": str(row["id"]),
        "ip": row["network"],
        "severity": row["severity"],
        "comment": row["comment"],
        "created_at": timestamp(row["created_at"]),
        "expires_at": maybe_timestamp(row["expires_at"]),
    }


def _read_ip(call: Call, params: Params, before: Row | None) -> dict[str, Any]:
    written = params.text("ip", 100) or (before["network"] if before else "")
    try:
        network = str(ip_network(written.strip(), strict=False))
    except ValueError as error:
        raise Invalid("block.network", field="ip", came=written) from error
    severity = params.choice("severity", SEVERITIES) or (before["severity"] if before else None)
    if severity is None:
        raise Invalid("param.missing", field="severity")
    lasts_s = params.number("expires_in", most=10**9)
    expires_at = before["expires_at"] if before else None
    comment = params.text("comment", 2_000)
    return {
        "network": network,
        "severity": severity,
        "comment": (before["comment"] if before else "") if comment is None else comment,
        "expires_at": call.node.clock() + lasts_s * 1000 if lasts_s else expires_at,
    }


EMAIL_DOMAINS = Kind(
    "email_domain_blocks", _email_domain, _read_email_domain, "domain", Permission.MANAGE_SETTINGS
)
CANONICAL = Kind(
    "canonical_email_blocks", _canonical, _read_canonical, "email_hash", Permission.MANAGE_PEOPLE
)
IPS = Kind("ip_blocks", _ip, _read_ip, "network", Permission.MANAGE_SETTINGS)


def _listing(kind: Kind) -> Callable[[Call], Awaitable[Response]]:
    async def handler(call: Call) -> Response:
        page = page_of(call, LIMIT_DEFAULT, LIMIT_MAX)
        condition, args, order = bounds(page, "id")
        rows = await call.node.db.rows(
            f"SELECT {kind.table}.* FROM {kind.table} WHERE {condition} ORDER BY {order} LIMIT ?",
            *args,
            page.limit,
        )
        rows = newest_first(rows, turned=page.min_id is not None)
        links = link_header(call, page, [row["id"] for row in rows])
        return answer([kind.entity(row) for row in rows], headers=links)

    return handler


async def _load(call: Call, kind: Kind) -> Row:
    row = await call.node.db.row(
        f"SELECT {kind.table}.* FROM {kind.table} WHERE id = ?", call.path_id()
    )
    if row is None:
        raise NotFound("record.not_found")
    return row


def _showing(kind: Kind) -> Callable[[Call], Awaitable[Response]]:
    async def handler(call: Call) -> Response:
        return answer(kind.entity(await _load(call, kind)))

    return handler


def _creating(kind: Kind) -> Callable[[Call], Awaitable[Response]]:
    async def handler(call: Call) -> Response:
        values = kind.read(call, await call.params(), None)
        columns = {"id": call.node.ids.next(), **values, "created_at": call.node.clock()}
        changed = ", ".join(f"{name} = excluded.{name}" for name in values)
        sql = (
            f"INSERT INTO {kind.table} ({', '.join(columns)}) VALUES"
            f" ({', '.join('?' * len(columns))}) ON CONFLICT ({kind.subject})"
            f" DO UPDATE SET {changed}"
        )
        subject = values[kind.subject]

        async def work(tx: Transaction) -> Row:
            await tx.execute(sql, *columns.values())
            row = await tx.row(
                f"SELECT {kind.table}.* FROM {kind.table} WHERE {kind.subject} = ?", subject
            )
            assert row is not None, "it was stored in this transaction"
            return row

        return answer(kind.entity(await done(call, f"{kind.table}.add", subject, work)))

    return handler


async def _change_ip(call: Call) -> Response:
    """PUT /api/v1/admin/ip_blocks/:id."""
    row = await _load(call, IPS)
    values = _read_ip(call, await call.params(), row)

    async def work(tx: Transaction) -> None:
        other = await tx.value(
            "SELECT id FROM ip_block WHERE network = ? AND id <> ?", values["network"], row["id"]
        )
        if other is not None:
            raise Invalid("block.network", field="ip", came=values["network"])
        await tx.execute(
            "UPDATE ip_block SET network = ?, severity = ?, comment = ?,"
            " expires_at = CAST(? AS BIGINT) WHERE id = ?",
            *values.values(),
            row["id"],
        )

    await done(call, "ip_block.change", values["network"], work)
    return answer(_ip(await _load(call, IPS)))


def _deleting(kind: Kind) -> Callable[[Call], Awaitable[Response]]:
    async def handler(call: Call) -> Response:
        row = await _load(call, kind)

        async def work(tx: Transaction) -> None:
            await tx.execute(f"DELETE FROM {kind.table} WHERE id = ?", row["id"])

        await done(call, f"{kind.table}.remove", row[kind.subject], work)
        return answer(kind.entity(row) if kind is CANONICAL else {})

    return handler


async def _test(call: Call) -> Response:
    """POST /api/v1/admin/canonical_email_blocks/test: the blocks that an address meets."""
    email = (await call.params()).required("email", 300)
    return answer([_canonical(row) for row in await email_blocks.matching(call.node.db, email)])


def _entries(kind: Kind) -> tuple[Entry, ...]:
    path, may = f"/api/v1/admin/{kind.name}", kind.permission
    reads, writes = f"admin:read:{kind.name}", f"admin:write:{kind.name}"
    return (
        Entry("GET", path, "staff", reads, _listing(kind), may),
        Entry("POST", path, "staff", writes, _creating(kind), may),
        Entry("GET", f"{path}/{{id}}", "staff", reads, _showing(kind), may),
        Entry("DELETE", f"{path}/{{id}}", "staff", writes, _deleting(kind), may),
    )


ENTRIES: tuple[Entry, ...] = (
    *_entries(EMAIL_DOMAINS),
    *_entries(CANONICAL),
    *_entries(IPS),
    Entry(
        "PUT PATCH",
        "/api/v1/admin/ip_blocks/{id}",
        "staff",
        "admin:write:ip_blocks",
        _change_ip,
        Permission.MANAGE_SETTINGS,
    ),
    Entry(
        "POST",
        "/api/v1/admin/canonical_email_blocks/test",
        "staff",
        "admin:read:canonical_email_blocks",
        _test,
        Permission.MANAGE_PEOPLE,
    ),
)
