"""What whoever manages partners is told: kept until somebody has seen it, and sent by mail.

Each notice is said once, however often its cause is looked at again.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import orjson

from actors import mails
from actors.permissions import Permission, roles_with
from federation.database import Reader, Transaction, marks
from federation.errors import Misconfigured, TooMany, describe
from federation.node import Node
from federation.origins import authority_of

describe(
    {
        "partner.notice_keys_changed": "{host} has changed its key, proved by the old and the new"
        " one. If its administrator did not do this, say *this was not us*: that pauses the"
        " exchange until you pair anew by a code.",
        "partner.notice_own_keys": "The key of this site was changed. If nobody here did this, say"
        " *this was not us* for each partner: that pauses the exchange.",
        "partner.notice_not_us": "The exchange with {host} is paused, since a change of keys was"
        " not theirs or not ours; only a new code helps.",
        "partner.notice_ends_soon": "The agreement with {host} ends in {days} days, on {ends};"
        " renew it, which {host} must confirm.",
        "partner.notice_invitation_closed": "The invitation for {host} was closed after five wrong"
        " proofs; if its administrator only mistyped, make a new one.",
        "partner.notice_site_added": "The organisation {name} has a new site, {host}; nothing is"
        " exchanged with it before it was confirmed.",
        "partner.notice_key_changed": "Other keys than those of the agreement answer at {host};"
        " nothing is sent or taken until a new code pairs both.",
    }
)

Code = Literal["keys_changed", "own_keys", "not_us", "ends_soon", "invitation_closed",
               "key_changed", "site_added"]  # fmt: skip
LISTED_MAX = 200


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: `code` is that of its sentence, `params` fill it."""

    id: int
    origin: str
    code: str
    params: dict[str, str]
    created_at: int
    seen_at: int | None


async def tell(
    node: Node, tx: Transaction, origin: str, code: Code, about: str, **params: str
) -> bool:
    """Tell everybody who manages partners; False when it was said before (`about` is the same)."""
    filled = {"host": authority_of(origin), **params}
    made = await tx.execute(
        "INSERT INTO partner_notice (id, origin, code, params, about, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (about) DO NOTHING",
        node.ids.next(),
        origin,
        f"partner.notice_{code}",
        orjson.dumps(filled).decode(),
        f"{code} {origin} {about}",
        node.clock(),
    )
    if made and mails.is_on(node):
        await _write_letters(node, tx, code, filled)
    return made > 0


async def _write_letters(node: Node, tx: Transaction, code: Code, params: dict[str, str]) -> None:
    roles = roles_with(Permission.MANAGE_PARTNERS)
    rows = await tx.rows(
        f"SELECT email, locale FROM account WHERE role IN ({marks(roles)}) AND disabled_at IS NULL"
        " AND email IS NOT NULL ORDER BY id",
        *roles,
    )
    for row in rows:
        with contextlib.suppress(TooMany, Misconfigured):
            await mails.send(
                node, tx, row["email"], f"partner_{code}", params, language=row["locale"]
            )


async def notices(reader: Reader, *, unseen: bool = False) -> Sequence[Notice]:
    """The notices, newest first; only those that nobody has seen with `unseen`."""
    condition = "WHERE seen_at IS NULL" if unseen else ""
    rows = await reader.rows(
        f"SELECT partner_notice.* FROM partner_notice {condition} ORDER BY id DESC LIMIT ?",
        LISTED_MAX,
    )
    return [
        Notice(
            row["id"],
            row["origin"],
            row["code"],
            orjson.loads(row["params"]),
            row["created_at"],
            row["seen_at"],
        )
        for row in rows
    ]


async def mark_seen(tx: Transaction, notice_id: int, now: int) -> bool:
    """Note that somebody has seen a notice; False when there is none or it was seen."""
    seen = await tx.execute(
        "UPDATE partner_notice SET seen_at = ? WHERE id = ? AND seen_at IS NULL", now, notice_id
    )
    return seen > 0
