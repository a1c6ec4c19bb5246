"""The end of an agreement as people read it: figures, receipts, and what cannot be reached."""

from dataclasses import asdict
from typing import Any

from federation.activity import iso, time_ms
from federation.node import Node
from federation.origins import authority_of
from federation.vocabulary import Document
from inbox.partings import BY_TIME, Consequences, Parting
from web.translations import Language, say

DAY_MS = 86_400_000

Entity = dict[str, Any]


def consequences_entity(found: Consequences, language: Language, partner: str) -> Entity:
    """What an end would mean, in figures and in words."""
    said = asdict(found)
    words = [
        say(language, "parting.would_theirs_keep" if found.they_keep else "parting.would_theirs",
            partner=partner, count=str(found.they_hold), days=str(found.their_backup_days)),
        say(language, "parting.would_ours_keep" if found.we_keep else "parting.would_ours",
            partner=partner, count=str(found.we_hold)),
        say(language, "parting.would_follows", partner=partner,
            followers=str(found.followers), following=str(found.following)),
        say(language, "parting.would_waiting", partner=partner, count=str(found.waiting)),
    ]  # fmt: skip
    return said | {"words": words}


def proof_entity(node: Node, parting: Parting, language: Language) -> Entity:
    """All that a printed proof says."""
    return {
        "site": node.origin,
        "site_name": node.name,
        "partner": parting.origin,
        "partner_name": parting.name,
        "agreement": parting.agreement_uri,
        "revision": parting.revision,
        "digest": parting.digest,
        "starts_at": parting.starts_at,
        "ended_at": iso(parting.ended_at),
        "ended_by": parting.ended_by,
        "state": parting.progress,
        "retention_here": "keep" if parting.we_keep else "delete",
        "retention_there": "keep" if parting.they_keep else "delete",
        "backup_days_here": parting.our_backup_days,
        "backup_days_there": parting.their_backup_days,
        "our_receipt": parting.our_receipt,
        "their_receipt": parting.their_receipt,
        "receipt_at": None if parting.receipt_at is None else iso(parting.receipt_at),
        "words": _words(node, parting, language),
    }


def _words(node: Node, parting: Parting, language: Language) -> list[str]:
    partner = parting.name or authority_of(parting.origin)
    names = {parting.origin: partner, node.origin: node.name}
    ended = iso(parting.ended_at)[:10]
    by = "parting.by_time" if parting.ended_by == BY_TIME else "parting.by"
    return [
        say(language, "parting.title", site=node.name, partner=partner),
        say(language, "parting.agreement", uri=parting.agreement_uri,
            revision=str(parting.revision), digest=parting.digest, starts=parting.starts_at[:10]),
        say(language, by, ended=ended, who=names.get(parting.ended_by, parting.ended_by)),
        _done(language, parting.our_receipt, parting, node.name, partner),
        _done(language, parting.their_receipt, parting, partner, node.name),
        _backups(language, parting.their_receipt, parting.their_backup_days, partner),
        _backups(language, parting.our_receipt, parting.our_backup_days, node.name),
        say(language, "parting.by_hand"),
    ]  # fmt: skip


def _done(
    language: Language, receipt: Document | None, parting: Parting, site: str, other: str
) -> str:
    """What one site did with what the other said, by its own receipt."""
    if receipt is None:
        key = "parting.undecided" if parting.progress == "waiting" else "parting.under_way"
        return say(language, key, site=site, other=other)
    key = "parting.kept" if receipt["retention"] == "keep" else "parting.removed"
    figures = {name: str(receipt[name]) for name in ("objects", "media", "notifications",
                                                     "profiles")}  # fmt: skip
    return say(
        language,
        key,
        site=site,
        other=other,
        at=str(receipt["completedAt"])[:10],
        digest=str(receipt["objectsDigest"]),
        **figures,
    )


def _backups(language: Language, receipt: Document | None, days: int, site: str) -> str:
    """Until when the backups of one site still hold what was removed."""
    done = None if receipt is None else time_ms(receipt.get("completedAt"))
    if done is None:
        return say(language, "parting.backups", site=site, days=str(days))
    until = iso(done + days * DAY_MS)[:10]
    return say(language, "parting.backups_until", site=site, days=str(days), until=until)
