"""The access log of a person: by what she is signed in, and what staff did about her account.

Members of staff stand in it by their role, never by their name. A disclosure that staff may keep
back for a legal reason for now is not in it.
"""

from collections.abc import Sequence
from typing import Any

from federation.activity import iso
from federation.database import Reader, Row
from federation.node import Node

COMMAND = "maillage"


async def access_log(node: Node, actor: Row) -> dict[str, Any]:
    """All that is known of sign-ins and applications, and of acts of staff, oldest first."""
    reader, account = node.db, await _account(node.db, actor["id"])
    return {
        "account": {
            "created": iso(account["created_at"]),
            "email": account["email"],
            "role": account["role"],
            "language": account["locale"],
            "settings": account["settings"],
        },
        "sessions": [
            {
                "since": iso(row["created_at"]),
                "until": iso(row["expires_at"]),
                "device": row["device"],
                "by": row["method"],
                "shared": bool(row["is_shared"]),
            }
            for row in await reader.rows(
                "SELECT created_at, expires_at, device, method, is_shared FROM session"
                " WHERE account_id = ? ORDER BY created_at",
                account["id"],
            )
        ],
        "applications": await _applications(reader, account["id"]),
        "passkeys": [
            {"name": row["name"], "since": iso(row["created_at"])}
            for row in await reader.rows(
                "SELECT name, created_at FROM passkey WHERE account_id = ? ORDER BY id",
                account["id"],
            )
        ],
        "acts_of_staff": await _acts(reader, actor["uri"]),
        "decisions": await _decisions(reader, actor["id"]),
        "disclosures": await _disclosures(reader, actor["id"]),
    }


async def _account(reader: Reader, actor_id: int) -> Row:
    row = await reader.row("SELECT account.* FROM account WHERE actor_id = ?", actor_id)
    assert row is not None, "only persons ask for a copy"
    return row


async def _applications(reader: Reader, account_id: int) -> list[dict[str, Any]]:
    rows = await reader.rows(
        "SELECT t.scopes, t.created_at, t.revoked_at, p.name FROM access_token t"
        " LEFT JOIN application p ON p.id = t.application_id WHERE t.account_id = ? ORDER BY t.id",
        account_id,
    )
    return [
        {
            "name": row["name"],
            "scopes": row["scopes"].split(),
            "since": iso(row["created_at"]),
            "ended": None if row["revoked_at"] is None else iso(row["revoked_at"]),
        }
        for row in rows
    ]


async def _acts(reader: Reader, actor_uri: str) -> list[dict[str, Any]]:
    """What the record says was done to her account; who did it, by the role held now."""
    rows = await reader.rows(
        "SELECT u.action, u.reason, u.at_ms, u.staff_uri, c.role FROM audit u"
        " LEFT JOIN actor a ON a.uri = u.staff_uri LEFT JOIN account c ON c.actor_id = a.id"
        " WHERE u.target = ? ORDER BY u.number",
        actor_uri,
    )
    return [
        {
            "what": row["action"],
            "when": iso(row["at_ms"]),
            "by": "command" if row["staff_uri"] == COMMAND else row["role"] or "former staff",
            "reason": row["reason"],
        }
        for row in rows
    ]


async def _decisions(reader: Reader, actor_id: int) -> list[dict[str, Any]]:
    rows = await reader.rows(
        "SELECT action, text, created_at FROM strike WHERE target_id = ? ORDER BY id", actor_id
    )
    return [
        {"what": row["action"], "when": iso(row["created_at"]), "said": row["text"]} for row in rows
    ]


async def _disclosures(reader: Reader, actor_id: int) -> Sequence[dict[str, Any]]:
    """The openings of conversations around reports about her, each with its readings."""
    rows = await reader.rows(
        "SELECT d.*, u.action, u.at_ms, c.role FROM disclosure d"
        " JOIN report r ON r.id = d.report_id"
        " JOIN audit u ON u.target = CAST(d.report_id AS TEXT) AND u.action IN"
        " ('disclosure.ask', 'disclosure.confirm', 'disclosure.refuse', 'disclosure.read')"
        " AND u.at_ms >= d.created_at AND u.at_ms <= COALESCE(d.open_until, d.asked_until)"
        " LEFT JOIN actor a ON a.uri = u.staff_uri LEFT JOIN account c ON c.actor_id = a.id"
        " WHERE r.target_id = ? AND d.hold = '' ORDER BY u.number",
        actor_id,
    )
    return [
        {
            "what": row["action"],
            "when": iso(row["at_ms"]),
            "by": row["role"] or "former staff",
            "reason": row["reason"],
        }
        for row in rows
    ]
