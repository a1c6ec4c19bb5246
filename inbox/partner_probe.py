"""The probe: whether everything works between this site and a partner, one line for each check.

It asks as deliveries and readers do, so what is red here is why something does not arrive.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime

import orjson

from federation.activity import parse_json_object
from federation.client import Answer
from federation.database import Transaction
from federation.errors import NodeError, Refused
from federation.fingerprints import same
from federation.node import Node
from federation.origins import authority_of
from federation.partnership_changes import set_state
from federation.partnerships import Partnership, standing
from federation.site_documents import fetch_site
from federation.site_proofs import Unproved, ask_proof
from federation.vocabulary import ACTIVITY_TYPE
from federation.webfinger import lookup
from inbox.audit import record
from inbox.pairing import By, needed
from inbox.partner_notices import tell
from inbox.partnership_acts import ping

SKEW_MS_MAX = 60_000
DAY_MS = 86_400_000
TLS_DAYS_MIN = 14
AGREEMENT_PATH = "/actor/agreement"
_DEADLINE_S = 10.0


@dataclass(frozen=True, slots=True)
class Check:
    """One line: its name, whether it is green, and what came (a code, a status or a figure)."""

    name: str
    is_green: bool
    came: str = ""


async def probe(node: Node, origin: str, by: By) -> list[Check]:
    """Try everything with a partner, keep the result and return it.

    When other keys answer there than those of the agreement, the state becomes *key_changed*:
    nothing is sent or taken until a code pairs both anew.
    """
    known = await needed(node, origin)
    if known.state not in {"active", "paused", "key_changed"}:
        raise Refused("partner.not_in_force", origin=origin, state=known.state)
    steps = {
        "keys": _keys,
        "webfinger": _webfinger,
        "read": _read,
        "clock": _clock,
        "tls": _tls,
        "inbox": _inbox,
        "unsigned": _unsigned,
        "ping": _ping,
    }
    found = await asyncio.gather(*(_check(name, step, node, known) for name, step in steps.items()))
    changed = any(check.name == "keys" and check.came == "changed" for check in found)
    kept = orjson.dumps([asdict(check) for check in found]).decode()

    async def work(tx: Transaction) -> None:
        now = node.clock()
        await tx.execute(
            "UPDATE partnership SET probe = ?, probed_at = ? WHERE origin = ?", kept, now, origin
        )
        if changed and known.state != "key_changed":
            await set_state(tx, origin, "key_changed", now)
            await tell(node, tx, origin, "key_changed", str(now))
        if not changed and known.state == "key_changed":
            # The right keys answer again, and only those ever counted.
            await set_state(tx, origin, "active", now)
        await record(node, tx, by.uri, "partner.probe", origin)

    await node.db.write(work)
    return list(found)


Step = Callable[[Node, Partnership], Awaitable[tuple[bool, str]]]


async def _check(name: str, step: Step, node: Node, known: Partnership) -> Check:
    try:
        is_green, came = await step(node, known)
    except NodeError as error:
        return Check(name, is_green=False, came=error.code)
    return Check(name, is_green, came)


async def _keys(node: Node, known: Partnership) -> tuple[bool, str]:
    site = await fetch_site(node.client, known.origin)
    if not same(site.fingerprint, known.fingerprint):
        held = await standing(node.db, known.origin)
        try:
            await ask_proof(node.client, known.origin, () if held is None else held.keys)
        except Unproved:
            return False, "changed"
        # It holds the key of the agreement, and has a newer one of which we hear in a moment.
        return False, "announced"
    return True, known.fingerprint


async def _webfinger(node: Node, known: Partnership) -> tuple[bool, str]:
    host = authority_of(known.origin)
    signer = node.keyring.signer(node.uris.instance_actor)
    found = await lookup(node.client, f"{host}@{host}", sign=signer)
    return found.actor_uri == f"{known.origin}/actor", found.actor_uri


async def _get(node: Node, known: Partnership, *, signed: bool) -> Answer:
    signer = node.keyring.signer(node.uris.instance_actor) if signed else None
    return await node.client.get(
        known.origin + AGREEMENT_PATH,
        headers={"Accept": "application/json"},
        sign=signer,
        deadline_s=_DEADLINE_S,
        redirects=0,
    )


async def _read(node: Node, known: Partnership) -> tuple[bool, str]:
    answer = await _get(node, known, signed=True)
    if answer.status != 200:
        return False, str(answer.status)
    is_same = parse_json_object(answer.body).get("digest") == known.agreement.digest
    return is_same, known.agreement.digest[:16] if is_same else "other_text"


async def _unsigned(node: Node, known: Partnership) -> tuple[bool, str]:
    answer = await _get(node, known, signed=False)
    # An open node answers who has no agreement that there is none.
    return answer.status in {401, 404}, str(answer.status)


async def _clock(node: Node, known: Partnership) -> tuple[bool, str]:
    answer = await _get(node, known, signed=False)
    try:
        there = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
    except (ValueError, TypeError):
        return True, "-"
    skew_ms = int(there * 1000) - node.clock()
    return abs(skew_ms) <= SKEW_MS_MAX, f"{skew_ms // 1000} s"


async def _tls(node: Node, known: Partnership) -> tuple[bool, str]:
    """How long the certificate still holds; plain http has none, on loopback alone."""
    url = known.origin + AGREEMENT_PATH
    ends_at = await node.client.certificate_ends_at(url, _DEADLINE_S)
    if ends_at is None:
        return True, "-"
    days = (ends_at - node.clock()) // DAY_MS
    return days >= TLS_DAYS_MIN, f"{days} d"


async def _inbox(node: Node, known: Partnership) -> tuple[bool, str]:
    """Whether posts reach the software behind the proxy: what nobody signed is refused there."""
    answer = await node.client.post(
        f"{known.origin}/inbox",
        body=b"{}",
        headers={"Content-Type": ACTIVITY_TYPE},
        deadline_s=_DEADLINE_S,
    )
    return answer.status == 401, str(answer.status)


async def _ping(node: Node, known: Partnership) -> tuple[bool, str]:
    if known.state == "paused":
        # It would tell the partner that it may send.
        return True, "paused"
    body = orjson.dumps(await ping(node, known))
    url = f"{known.origin}/actor/inbox"
    headers = await node.keyring.sign_as("ed25519", node.uris.instance_actor, "POST", url, body)
    answer = await node.client.post(url, body=body, headers=headers, deadline_s=_DEADLINE_S)
    return answer.status == 202, str(answer.status)
