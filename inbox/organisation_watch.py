"""The loop that keeps the relations inside an organisation what its list says.

The lead lists whom it has confirmed. Every other site relates to whoever is listed and claims the
organisation back with the listed keys, and to nobody else.
"""

import asyncio
from dataclasses import dataclass, replace

import structlog

from federation.agreements import Agreement
from federation.database import Transaction
from federation.errors import NodeError
from federation.fingerprints import same
from federation.node import Node
from federation.organisation_lists import Listed, SiteList, relation
from federation.organisations import (
    LISTED,
    RELATED,
    Organisation,
    OtherList,
    dissolve,
    own_organisation,
    partners_told,
)
from federation.partnership_changes import locked, relate
from federation.partnerships import CLOSED, partner
from federation.site_documents import Site, own_fingerprint
from inbox.audit import record
from inbox.lost_follows import give_back
from inbox.organisation import introduce, list_sites, needs_list, partners_of
from inbox.organisation_answers import fetch_list
from inbox.organisation_partners import (
    end_introduced,
    end_unnamed,
    follow_others,
    meet,
    offer_accepted,
    wait_ms,
)
from inbox.partnership_acts import cut
from inbox.past_requests import ask_past_of_site

LOOK_S = 5.0
FETCH_EVERY_MS = 3_600_000
_AT_ONCE = 8
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Met:
    """What came of meeting a listed site: itself, or the code of what was wrong."""

    listed: Listed
    site: Site | None
    reason: str | None = None


async def organisation_loop(node: Node) -> None:
    """Settle what changed, and ask for the list now and then, until cancelled."""
    asked_at = node.clock()
    while True:
        rest_s = LOOK_S
        try:
            await settle_once(node)
            if node.clock() - asked_at >= FETCH_EVERY_MS:
                asked_at = node.clock()
                await refresh_once(node)
            rest_s = await _rest_s(node)
        except Exception:  # noqa: BLE001 - the store may be away; the loop outlives it
            _log.exception("organisation.loop_rests")
        await node.organisation_wake.wait(rest_s)


async def _rest_s(node: Node) -> float:
    """Until the next listed site is to be met again, LOOK_S at most."""
    now = node.clock()
    at = await node.db.value(
        "SELECT MIN(next_attempt_at) FROM organisation_site WHERE state = ?"
        " AND next_attempt_at > ?",
        LISTED,
        now,
    )
    return LOOK_S if at is None else min((at - now) / 1000, LOOK_S)


async def settle_once(node: Node) -> None:
    """Make the list, or the relations, of our organisation what they should be now."""
    await follow_others(node)
    await offer_accepted(node)
    own = await own_organisation(node.db)
    if own is None:
        return
    if own.is_led_by(node.origin):
        if await needs_list(node, own):
            await list_sites(node)
        if await partners_told(node.db, own.uri) != await partners_of(node.db):
            await introduce(node)
        return
    await end_unnamed(node, own.uri)
    if await _is_over(node, own):
        await node.db.write(lambda tx: _leave(node, tx, own.uri))
    elif own.listed is not None:
        await _follow(node, own, own.listed)


async def refresh_once(node: Node) -> None:
    """Ask the lead for the list, should its own word have been lost."""
    own = await own_organisation(node.db)
    if own is None or own.is_led_by(node.origin):
        return
    try:
        await fetch_list(node, own.lead_origin)
    except OtherList as error:
        _log.warning("organisation.list_refused", code=error.code)
    except NodeError as error:
        _log.info("organisation.not_refreshed", code=error.code)


async def _is_over(node: Node, own: Organisation) -> bool:
    lead = await partner(node.db, own.lead_origin)
    return lead is None or lead.state in CLOSED or lead.organisation_uri != own.uri


async def _leave(node: Node, tx: Transaction, uri: str) -> None:
    """End every relation that the list made, and claim the organisation no more."""
    await _end_others(node, tx, uri, frozenset())
    await end_introduced(node, tx, uri, frozenset())
    await dissolve(node, tx, uri)
    await record(node, tx, "maillage", "organisation.left", uri)


async def _follow(node: Node, own: Organisation, listed: SiteList) -> None:
    ours = listed.site(node.origin)
    fingerprint = await own_fingerprint(node.db, node.uris)
    is_in = ours is not None and same(ours.fingerprint, fingerprint)
    kept = frozenset(site.origin for site in listed.sites) if is_in else frozenset[str]()
    rows = await node.db.rows(
        "SELECT origin FROM partnership WHERE kind = 'site' AND organisation_uri = ?"
        " AND state NOT IN ('ended', 'expired') AND origin <> ? ORDER BY origin",
        own.uri,
        own.lead_origin,
    )
    if any(row["origin"] not in kept for row in rows):
        await node.db.write(lambda tx: _end_others(node, tx, own.uri, kept))
    if ours is not None and is_in:
        await _meet_due(node, own, listed, ours)


async def _end_others(node: Node, tx: Transaction, uri: str, kept: frozenset[str]) -> None:
    rows = await tx.rows(
        "SELECT origin FROM partnership WHERE kind = 'site' AND organisation_uri = ?"
        " AND state NOT IN ('ended', 'expired') ORDER BY origin",
        uri,
    )
    own = await own_organisation(tx)
    lead = "" if own is None else own.lead_origin
    for row in rows:
        if row["origin"] not in kept and row["origin"] != lead:
            await cut(node, tx, row["origin"], "ended", node.origin)
            await record(node, tx, "maillage", "organisation.site_left", row["origin"])
            tx.after_commit(lambda origin=row["origin"]: node.keyring.forget_form(origin))


async def _meet_due(node: Node, own: Organisation, listed: SiteList, ours: Listed) -> None:
    """Meet every site of the list to which there is no relation yet, and which it is time for."""
    rows = await node.db.rows(
        "SELECT origin, attempts FROM organisation_site WHERE organisation_uri = ? AND state = ?"
        " AND next_attempt_at <= ? AND origin <> ? AND origin <> ? ORDER BY origin",
        own.uri,
        LISTED,
        node.clock(),
        node.origin,
        own.lead_origin,
    )
    due = [site for row in rows if (site := listed.site(row["origin"])) is not None]
    if not due:
        return
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one_of(site: Listed) -> _Met:
        async with gate:
            return await _meet(node, own, site)

    met = await asyncio.gather(*map(one_of, due))
    attempts = {row["origin"]: row["attempts"] for row in rows}

    async def work(tx: Transaction) -> None:
        now_own = await own_organisation(tx)
        if now_own is None or now_own.listed is None or now_own.number != own.number:
            return
        for one in met:
            if one.site is None:
                await _put_off(node, tx, own.uri, one, attempts[one.listed.origin])
            else:
                await _relate(node, tx, own.uri, listed, ours, one.site)

    await node.db.write(work)
    for one in met:
        node.keyring.forget_form(one.listed.origin)
    node.delivery_wake.set()


async def _meet(node: Node, own: Organisation, listed: Listed) -> _Met:
    try:
        site = await meet(node, own.uri, listed)
    except NodeError as error:
        return _Met(listed, None, error.code)
    return _Met(listed, site)


async def _relate(
    node: Node, tx: Transaction, uri: str, listed: SiteList, ours: Listed, site: Site
) -> None:
    other = listed.site(site.origin)
    assert other is not None, "it was met because it is listed"
    text, known = relation(listed, ours, other), await locked(tx, site.origin)
    # A site that changed its key said so itself: then the list only confirms what stands.
    if known is None or not known.is_in_force or not _is_same(text, known.agreement):
        await relate(node, tx, site, text, uri)
    await tx.execute(
        "UPDATE organisation_site SET state = ?, reason = NULL WHERE organisation_uri = ?"
        " AND origin = ?",
        RELATED,
        uri,
        site.origin,
    )
    await ask_past_of_site(node, tx, site.origin)
    await give_back(node, tx, site.origin)
    await record(node, tx, "maillage", "organisation.site_related", site.origin)


def _is_same(text: Agreement, known: Agreement) -> bool:
    """Whether two texts say the same, however often a key was changed on the way there."""
    return replace(text, revision=known.revision) == known


async def _put_off(node: Node, tx: Transaction, uri: str, met: _Met, attempts: int) -> None:
    await tx.execute(
        "UPDATE organisation_site SET reason = ?, attempts = attempts + 1, next_attempt_at = ?"
        " WHERE organisation_uri = ? AND origin = ?",
        met.reason,
        node.clock() + wait_ms(attempts),
        uri,
        met.listed.origin,
    )
