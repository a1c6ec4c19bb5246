"""What one push message says, and whether it is sent at all: asked when it is about to leave.

Nothing goes out for a token or an account that stands no longer, for what the recipient may not
see or does not want to hear of, or that her filters match among notifications. An essential
announcement goes to every device.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from actors.permissions import Permission, allows
from federation.database import Row
from federation.html import plain_text
from federation.node import Node
from inbox.filter_matching import FilterMemory, version_of
from inbox.notifications import OFFICIAL, SILENCES
from inbox.push_texts import CLOSED, ESSENTIAL, Language, title_of
from inbox.pushes import wants
from outbox.visibility import PUBLIC_KINDS, Person, visible

TITLE_CHARACTERS_MAX = 140
BODY_CHARACTERS_MAX = 140
OF_STAFF = {
    "admin.report": Permission.READ_REPORTS,
    "admin.sign_up": Permission.MANAGE_PEOPLE,
}
_SUBSCRIBED = (
    " FROM push_subscription s"
    " JOIN access_token t ON t.id = s.access_token_id AND t.revoked_at IS NULL"
    " JOIN account a ON a.actor_id = s.actor_id AND a.disabled_at IS NULL"
    " AND a.is_approved AND a.is_confirmed"
    " JOIN actor r ON r.id = s.actor_id AND r.suspended_at IS NULL AND r.deleted_at IS NULL"
)
_ASKED = (
    "SELECT s.*, n.type AS kind, n.from_actor_id, n.status_id, a.locale, a.is_guest, a.role,"
    " f.display_name, f.username, f.handle_host, f.is_local, f.icon_url"
    f"{_SUBSCRIBED}"
    " JOIN notification n ON n.id = ? AND n.recipient_id = s.actor_id AND NOT n.filtered"
    " JOIN actor f ON f.id = n.from_actor_id AND f.deleted_at IS NULL AND f.suspended_at IS NULL"
    " WHERE s.id = ?"
)
_ESSENTIAL = (
    f"SELECT s.*, a.locale, n.essential_reason{_SUBSCRIBED}"
    " JOIN announcement n ON n.id = ? AND (n.ends_at IS NULL OR n.ends_at > ?) WHERE s.id = ?"
)
_SILENCED = (
    "SELECT 1 FROM (SELECT CAST(? AS BIGINT) AS now_ms) t JOIN actor r ON r.id = ?"
    " JOIN actor f ON f.id = ? LEFT JOIN status s ON s.id = ?"
    f" WHERE {' OR '.join(f'EXISTS ({silence})' for silence in SILENCES)}"
)
_FOLLOWS = "SELECT 1 FROM follow WHERE follower_id = ? AND target_id = ? AND state = 'accepted'"


@dataclass(frozen=True, slots=True)
class PushMessage:
    """A message ready to be encrypted for its subscription."""

    subscription: Row
    plain: bytes


async def push_message(
    node: Node, filters: FilterMemory, subscription_id: int, notification_id: int
) -> PushMessage | None:
    """The message for one subscription about one notification; None when it is not to be sent."""
    row = await node.db.row(_ASKED, notification_id, subscription_id)
    if row is None or not wants(row, row["kind"]) or not await _is_wanted(node, row):
        return None
    status = None
    if row["kind"] in OF_STAFF:
        if not allows(row["role"], OF_STAFF[row["kind"]]):
            return None
    elif row["status_id"]:
        who = Person(row["actor_id"], bool(row["is_guest"]))
        status = await visible(node.db, who, row["status_id"])
        if status is None or await _is_filtered(node, filters, row, status):
            return None
    return PushMessage(row, _compose(node, row, status, notification_id))


async def essential_message(
    node: Node, subscription_id: int, announcement_id: int
) -> PushMessage | None:
    """The message about an essential announcement: its reason; None once it has ended."""
    row = await node.db.row(_ESSENTIAL, announcement_id, node.clock(), subscription_id)
    if row is None:
        return None
    language = _language(node, row)
    told = {
        "notification_id": announcement_id,
        "notification_type": "announcement",
        "icon": f"{node.origin}/static/avatar.png",
        "title": ESSENTIAL[language],
        "body": _cut(row["essential_reason"], BODY_CHARACTERS_MAX),
    }
    return PushMessage(row, _for_device(node, row, told))


async def _is_wanted(node: Node, row: Row) -> bool:
    me, sender = row["actor_id"], row["from_actor_id"]
    if row["kind"] not in OFFICIAL and await node.db.value(
        _SILENCED, node.clock(), me, sender, row["status_id"]
    ):
        return False
    if row["policy"] == "followed":
        return await node.db.value(_FOLLOWS, me, sender) is not None
    if row["policy"] == "follower":
        return await node.db.value(_FOLLOWS, sender, me) is not None
    return True


async def _is_filtered(node: Node, filters: FilterMemory, row: Row, status: Row) -> bool:
    me = row["actor_id"]
    version = await version_of(node.db, me)
    if not version or status["actor_id"] == me:
        return False
    keys = [(status["id"], status["edited_at"])]
    found = await filters.matches(node.db, me, version, keys, node.clock())
    return any("notifications" in match.filter.contexts for match in found.get(status["id"], ()))


def _compose(node: Node, row: Row, status: Row | None, notification_id: int) -> bytes:
    language = _language(node, row)
    name = row["display_name"].strip() or row["username"]
    icon = row["icon_url"] if row["is_local"] and row["icon_url"] else None
    told = {
        "notification_id": notification_id,
        "notification_type": row["kind"],
        "icon": icon or f"{node.origin}/static/avatar.png",
        "title": _cut(title_of(row["kind"], language, name), TITLE_CHARACTERS_MAX),
        "body": _body(row, status, language),
    }
    return _for_device(node, row, told)


def _language(node: Node, row: Row) -> Language:
    return row["locale"] if row["locale"] in ("fr", "en") else node.language


def _for_device(node: Node, row: Row, told: Mapping[str, str | int]) -> bytes:
    """What is told, with what an application finds the account by."""
    secret = node.keyring.unseal(token_place(row["access_token_id"]), bytes(row["token_sealed"]))
    return orjson.dumps(
        {"access_token": secret.decode(), "preferred_locale": _language(node, row), **told}
    )


def _body(row: Row, status: Row | None, language: Language) -> str:
    """The words of a public post, its warning if it has one; else no more than who it is."""
    if status is None:
        handle = f"@{row['username']}@{row['handle_host']}"
        return "" if row["kind"] in OF_STAFF else handle
    if status["audience_kind"] not in PUBLIC_KINDS:
        return CLOSED[language]
    return _cut(status["summary"] or plain_text(status["content_html"]), BODY_CHARACTERS_MAX)


def _cut(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def token_place(access_token_id: int) -> str:
    """For which place the token of a subscription is sealed."""
    return f"push_subscription {access_token_id} token"


def auth_place(access_token_id: int) -> str:
    """For which place the shared secret of a subscription is sealed."""
    return f"push_subscription {access_token_id} auth"
