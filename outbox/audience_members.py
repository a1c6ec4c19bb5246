"""Which of our partners belong to an audience that began elsewhere: asked of themselves.

Only its owner knows all sites of an audience, and tells nobody of the others. So an answer goes
to a site with which we have an agreement once that site said that it belongs: it is asked by a
digest, from which a site that does not hold the audience learns nothing.
"""

import asyncio

from federation.client_errors import ClientError
from federation.database import Row, Transaction
from federation.errors import NodeError
from federation.node import Node
from federation.vocabulary import ACTIVITY_TYPE
from outbox.circles import ACROSS_SITES, keep_members

_AT_ONCE = 16
_DEADLINE_S = 3.0
_ANSWER_BYTES_MAX = 20_000


async def learn_members(node: Node, parent: Row) -> None:
    """Ask every partner whether it belongs to the audience of `parent`, before it is answered.

    A member that does not say in three seconds, or is paused here, is asked again before what is
    said now goes to it; nobody is asked about what is ours.
    """
    if parent["audience_kind"] not in ACROSS_SITES:
        return
    audience = await node.db.row("SELECT * FROM audience WHERE id = ?", parent["audience_id"])
    if audience is None or audience["owner"] == node.origin or not audience["digest"]:
        return
    rows = await node.db.rows(
        "SELECT origin, state FROM partnership WHERE state IN ('active', 'paused')"
        " AND (kind = 'site' OR gives_audiences) AND origin <> ? ORDER BY origin",
        audience["owner"],
    )
    gate = asyncio.Semaphore(_AT_ONCE)

    async def ask(origin: str) -> bool | None:
        async with gate:
            return await _belongs(node, origin, audience["digest"])

    origins = [row["origin"] for row in rows if row["state"] == "active"]
    answers = dict(zip(origins, await asyncio.gather(*map(ask, origins)), strict=True))
    belonging = [origin for origin, answer in answers.items() if answer]
    others = [origin for origin, answer in answers.items() if answer is False]
    silent = [row["origin"] for row in rows if answers.get(row["origin"]) is None]

    async def keep(tx: Transaction) -> None:
        await keep_members(node, tx, audience["id"], belonging, others, silent)

    if rows:
        await node.db.write(keep)


async def ask_again(node: Node, status_id: int, origin: str) -> bool | None:
    """Ask a site of which it is not sure whether a status of ours is for it; remember its answer.

    True: it belongs; None: it does not say; False: it does not belong, or it was sure before.
    """
    audience = await node.db.row(
        "SELECT au.id, au.digest FROM status s JOIN audience au ON au.id = s.audience_id"
        " JOIN audience_member am ON am.audience_id = au.id AND am.origin = ?"
        " WHERE s.id = ? AND am.unsure_from <= s.id",
        origin,
        status_id,
    )
    if audience is None:
        return False
    answer = await _belongs(node, origin, audience["digest"])
    found = {True: ([origin], []), False: ([], [origin]), None: ([], [])}[answer]
    if answer is not None:
        await node.db.write(lambda tx: keep_members(node, tx, audience["id"], *found))
    return answer


async def _belongs(node: Node, origin: str, digest: str) -> bool | None:
    try:
        answer = await node.client.get(
            f"{origin}/actor/audiences/{digest}",
            headers={"Accept": ACTIVITY_TYPE},
            sign=node.keyring.signer(node.uris.instance_actor),
            limit_bytes=_ANSWER_BYTES_MAX,
            deadline_s=_DEADLINE_S,
            redirects=0,
        )
    except (ClientError, NodeError):
        return None
    if answer.status == 200:
        return True
    return False if answer.status == 404 else None
