"""Flag: somebody elsewhere reports somebody here, usually in the name of a whole server.

It comes from its signer and nobody else (SEC-201), names people and statuses in one list or in
its text (Misskey), and is attached only what its sender was entitled to see.
"""

import re
from collections.abc import Iterable

from actors.queries import by_uri as actor_by_uri
from federation.activity import Activity, text, uri_of, values
from federation.admission import rejects_reports
from federation.database import Row, Transaction
from federation.errors import describe
from federation.html import plain_text
from federation.node import Node
from federation.origins import origin_of
from inbox.moderation import STATUSES_MAX, Complaint, file_report
from inbox.outcome import Outcome
from outbox.agreed import takes_reports_of
from outbox.statuses import by_uri
from outbox.visibility import PUBLIC_KINDS, Origin, may

describe(
    {
        "refused.too_many_reports": "Refused: more reports came from this site within an hour than"
        " are taken.",
    }
)

TARGETS_MAX = 5
REPORTS_PER_HOUR = 60
HOUR_MS = 3_600_000
_URL = re.compile(r"https?://[^\s<>\"']{1,2000}")


def flagged(activity: Activity) -> list[str]:
    """The ids that a Flag is about, in its object or its text."""
    listed = [uri_of(value) for value in values(activity.document, "object")]
    written = _URL.findall((text(activity.document, "content") or "")[:10_000])
    found = [uri for uri in (*listed, *written) if uri]
    return list(dict.fromkeys(found))[: STATUSES_MAX + TARGETS_MAX]


async def check_flag(node: Node, _sender: Row | None, activity: Activity) -> Outcome | None:
    """Ignore a report about nobody of this node, and those of a site that staff ignores."""
    if await rejects_reports(node.db, origin_of(activity.actor_uri)):
        return Outcome.ignored("ignored.reports_rejected")
    if any(node.uris.is_ours(uri) for uri in flagged(activity)):
        if not await takes_reports_of(node.db, origin_of(activity.actor_uri)):
            return Outcome.refused("refused.scope_reports")
        return None
    return Outcome.ignored("ignored.not_for_us")


async def on_flag(
    node: Node, tx: Transaction, sender: Row, activity: Activity, _found: object
) -> Outcome:
    """File one report for each person of this node it is about, and tell who reads reports."""
    ours = [uri for uri in flagged(activity) if node.uris.is_ours(uri)]
    if await _reports_lately(tx, sender["origin"], node.clock()) >= REPORTS_PER_HOUR:
        return Outcome.refused("refused.too_many_reports")
    about = await _targets(node, tx, sender, ours)
    if not about:
        return Outcome.ignored("ignored.unknown_object")
    # Lemmy says why in `summary`.
    said = text(activity.document, "content") or text(activity.document, "summary")
    comment = plain_text(said or "")
    for place, (target_id, status_ids) in enumerate(about.items()):
        await file_report(
            node,
            tx,
            Complaint(
                reporter_id=sender["id"],
                target_id=target_id,
                status_ids=status_ids,
                comment=comment,
                uri=activity.uri if place == 0 else None,
            ),
        )
    return Outcome.done("flag.filed")


async def _reports_lately(tx: Transaction, origin: str, now: int) -> int:
    return await tx.value(
        "SELECT COUNT(*) FROM report r JOIN actor a ON a.id = r.actor_id"
        " WHERE r.created_at > ? AND a.origin = ?",
        now - HOUR_MS,
        origin,
    )


async def _targets(
    node: Node, tx: Transaction, sender: Row, uris: Iterable[str]
) -> dict[int, list[int]]:
    """The people meant, each with her statuses that the sender's origin may see."""
    about: dict[int, list[int]] = {}
    reader = Origin(sender["origin"], public_is_open=not node.is_closed)
    for uri in uris:
        target = await actor_by_uri(tx, uri)
        if target is not None and target["is_local"] and target["deleted_at"] is None:
            about.setdefault(target["id"], [])
            continue
        status = await by_uri(tx, uri)
        if status is None or not status["is_local"]:
            continue
        if status["audience_kind"] in PUBLIC_KINDS or await may(tx, reader, "see", status):
            about.setdefault(status["actor_id"], []).append(status["id"])
    return dict(list(about.items())[:TARGETS_MAX])
