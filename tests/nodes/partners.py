"""Two running nodes that agree by a code, and a site that a test plays by its keys alone."""

from typing import Any

import orjson

from federation.database import Transaction
from federation.message_signatures import sign_message
from federation.node import Node
from federation.partnerships import Partnership, partner
from federation.scopes import Scope
from federation.vocabulary import ACTIVITY_TYPE, Document
from inbox import pairing
from inbox.pairing import By
from tests.serving import Running, eventually

BY = By()
# A scope for tests that are about other things: people follow and write to each other.
FREELY = Scope(follow="free", messages="anyone", resharing="site")


async def invited(one: Running, other_origin: str, scope: Scope | None = None) -> str:
    """A code of `one` that another origin may use."""

    async def work(tx: Transaction) -> str:
        made = await pairing.invite(one.node, tx, other_origin, scope or Scope(), BY)
        return made.text()

    return await one.node.db.write(work)


async def state_of(at: Running, of: Running) -> str | None:
    """How `at` sees its partnership with `of`; None without one."""
    found = await partner(at.node.db, of.origin)
    return None if found is None else found.state


async def becomes(at: Running, of: Running, state: str | None) -> None:
    """Wait until `at` sees its partnership with `of` so."""

    async def is_so() -> bool:
        return await state_of(at, of) == state

    await eventually(is_so)


async def all_said(at: Running) -> bool:
    """Whether a site knows that all it had to say was heard."""
    sql = "SELECT 1 FROM delivery WHERE progress = 'pending'"
    return await at.node.db.value(sql) is None


async def paired(one: Running, other: Running, scope: Scope | None = None) -> None:
    """Let `other` use a code of `one`, and `one` confirm; nothing stands in the way by default."""
    granted = scope or FREELY
    code = await invited(one, other.origin, granted)
    await pairing.offer(other.node, code, granted, granted, BY)
    await pairing.confirm(one.node, other.origin, BY)
    await becomes(other, one, "active")


async def both(one: Running, other: Running) -> tuple[Partnership, Partnership]:
    """The partnership as each of the two has it."""
    here = await partner(one.node.db, other.origin)
    there = await partner(other.node.db, one.origin)
    assert here is not None
    assert there is not None
    return here, there


async def post_as(
    sender: Node, to: Running, document: Document, path: str = "/actor/inbox"
) -> tuple[int, str]:
    """Post a document signed by a node's own Ed25519 key; status and sentence."""
    body = orjson.dumps(document)
    url = to.origin + path
    key = await sender.keyring.instance_ed25519()
    headers = sign_message(key, "POST", url, body, to.node.clock())
    return await post(to, body, headers, path)


async def post(
    to: Running, body: bytes, headers: dict[str, str], path: str = "/actor/inbox"
) -> tuple[int, str]:
    """Post bytes with these headers."""
    sent: dict[str, Any] = {"Content-Type": ACTIVITY_TYPE, **headers}
    async with to.http.post(to.origin + path, data=body, headers=sent) as answer:
        return answer.status, await answer.text()
