"""Follows and blocks between the people of two sites, as each has them, compared and repaired.

A follow is wanted by one side and granted by the other, so it stands only where both have it.
A side that was restored has forgotten what it did since its backup: there the other one's word
counts, for what was taken away as well as for what was begun.
"""

import contextlib
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

from actors import follows
from actors.queries import by_uri
from actors.remote import ensure_actor
from federation.database import Reader, Row, Transaction
from federation.errors import Gone, Malformed, NotFound, Refused, describe
from federation.fetch import FetchBudget
from federation.node import Node
from federation.vocabulary import Document
from inbox.past_requests import ask_past
from outbox.relations import (
    answer_follow,
    followers_refused,
    say_block,
    say_follow,
    undo_block,
    undo_follow,
)

describe({"relations.malformed": "The list of follows and blocks cannot be read."})

LIST_MAX = 50_000
PENDING_MS_MAX = 86_400_000
REFUSED_MS = 60_000
REFUSED = "refused"
"""The state of a follow that the side of whoever was followed has not forgotten, but ended."""


@dataclass(frozen=True, slots=True)
class Relations:
    """What one side has: follows (follower, target) with their state, and blocks (who, whom).

    `refused` are follows that its people ended and that the other side need not know of yet.
    """

    follows: dict[tuple[str, str], str]
    blocks: frozenset[tuple[str, str]]
    refused: frozenset[tuple[str, str]] = frozenset()

    def state_of(self, pair: tuple[str, str]) -> str | None:
        """The state of a follow as this side says it; None when it knows nothing of it."""
        return self.follows.get(pair, REFUSED if pair in self.refused else None)

    @property
    def digest(self) -> str:
        """The SHA-256 that both sides have when they have the same relations in force."""
        lines = [f"{state} {one} {two}" for (one, two), state in self.follows.items()]
        lines += [f"blocks {one} {two}" for one, two in self.blocks]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

    def document(self) -> Document:
        """As it is served."""
        return {
            "follows": [[one, two, state] for (one, two), state in sorted(self.follows.items())],
            "blocks": sorted([one, two] for one, two in self.blocks),
            "refused": sorted([one, two] for one, two in self.refused),
        }


async def relations(reader: Reader, origin: str) -> Relations:
    """What is kept here between people of this node and of another one."""
    rows = await reader.rows(
        "SELECT a.uri AS follower, b.uri AS target, f.state FROM follow f"
        " JOIN actor a ON a.id = f.follower_id JOIN actor b ON b.id = f.target_id"
        " WHERE (a.is_local AND b.origin = ?) OR (b.is_local AND a.origin = ?)",
        origin,
        origin,
    )
    blocks = await reader.rows(
        "SELECT a.uri AS one, b.uri AS two FROM block k JOIN actor a ON a.id = k.actor_id"
        " JOIN actor b ON b.id = k.target_id"
        " WHERE (a.is_local AND b.origin = ?) OR (b.is_local AND a.origin = ?)",
        origin,
        origin,
    )
    return Relations(
        {(row["follower"], row["target"]): row["state"] for row in rows},
        frozenset((row["one"], row["two"]) for row in blocks),
    )


async def told_relations(node: Node, origin: str) -> Relations:
    """What the other site is told when it asks: with the follows that ended a moment ago."""
    known = await relations(node.db, origin)
    refused = await followers_refused(node.db, origin, node.clock() - REFUSED_MS)
    return replace(known, refused=frozenset(refused))


def read_relations(document: Document, origins: tuple[str, str]) -> Relations:
    """Read a list that came, about people of these two sites alone; raises Malformed."""
    found: dict[tuple[str, str], str] = {}
    for entry in _entries(document, "follows", 3):
        if entry[2] not in {follows.PENDING, follows.ACCEPTED}:
            raise Malformed("relations.malformed")
        found[_pair(entry, origins)] = entry[2]
    blocks = frozenset(_pair(entry, origins) for entry in _entries(document, "blocks", 2))
    # A site of an earlier version does not say.
    said = document if "refused" in document else {"refused": []}
    refused = frozenset(_pair(entry, origins) for entry in _entries(said, "refused", 2))
    return Relations(found, blocks, refused)


def _entries(document: Document, name: str, length: int) -> Iterable[list[str]]:
    listed: Any = document.get(name)
    if not isinstance(listed, list) or len(cast(list[Any], listed)) > LIST_MAX:
        raise Malformed("relations.malformed")
    for entry in cast(list[Any], listed):
        if not isinstance(entry, list) or len(cast(list[Any], entry)) != length:
            raise Malformed("relations.malformed")
        if not all(isinstance(part, str) for part in cast(list[Any], entry)):
            raise Malformed("relations.malformed")
        yield cast(list[str], entry)


def _pair(entry: list[str], origins: tuple[str, str]) -> tuple[str, str]:
    """Two people, one of each site: a site says nothing about people of others."""
    one, two = entry[0], entry[1]
    for first, second in (origins, origins[::-1]):
        if one.startswith(f"{first}/") and two.startswith(f"{second}/"):
            return one, two
    raise Malformed("relations.malformed")


@dataclass(frozen=True, slots=True)
class Sides:
    """Which of two sites has forgotten something: what it lacks says nothing of its will."""

    we_lost: bool
    they_lost: bool


async def repair(node: Node, had: Relations, theirs: Relations, sides: Sides) -> int:
    """Bring what this side decides to what both have; return how much was changed.

    `had` was read before `theirs` was asked for: what began or ended in between is left alone.
    """
    if sides.we_lost:
        await _meet_blocked(node, theirs.blocks - had.blocks)
    changed = 0
    for pair in sorted(had.follows.keys() | theirs.follows.keys()):
        states = had.follows.get(pair), theirs.state_of(pair)
        if states[0] != states[1] or states[0] == follows.PENDING:
            changed += await node.db.write(
                lambda tx, pair=pair, states=states: _follow(node, tx, pair, states, sides)
            )
    for pair in sorted(had.blocks ^ theirs.blocks):
        changed += await node.db.write(
            lambda tx, pair=pair: _block(node, tx, pair, pair in theirs.blocks, sides)
        )
    return changed


async def _meet_blocked(node: Node, blocks: Iterable[tuple[str, str]]) -> None:
    """Get to know whom people here block and a backup of before has never heard of.

    Without them the block would not come back, and would be taken for one that was ended. Raises
    Unavailable, TooMany or ClientError when somebody cannot be asked for now.
    """
    for _, uri in sorted(blocks):
        if await by_uri(node.db, uri) is None:
            with contextlib.suppress(Gone, NotFound, Refused, Malformed):
                await ensure_actor(node, uri, budget=FetchBudget())


async def _follow(
    node: Node,
    tx: Transaction,
    pair: tuple[str, str],
    states: tuple[str | None, str | None],
    sides: Sides,
) -> bool:
    """Repair one follow, unless it has changed since it was compared."""
    follower, target = await by_uri(tx, pair[0]), await by_uri(tx, pair[1])
    if follower is None or target is None:
        return False
    row = await follows.find(tx, follower["id"], target["id"])
    ours, theirs = states
    if (None if row is None else row["state"]) != ours:
        return False
    if follower["is_local"]:
        return await _of_ours(node, tx, follower, target, row, theirs, sides)
    return await _of_theirs(node, tx, follower, target, row, theirs, sides)


async def _of_ours(
    node: Node,
    tx: Transaction,
    follower: Row,
    target: Row,
    row: Row | None,
    theirs: str | None,
    sides: Sides,
) -> bool:
    """Somebody here follows: the other side says whether she may."""
    if row is None:
        # It was taken back here, and that did not arrive; or it was lost: it is not wanted now.
        uri = node.uris.follow(node.ids.next())
        await undo_follow(node, tx, follower, target, {"uri": uri})
        return True
    waits = row["state"] == follows.PENDING
    if waits and theirs == follows.ACCEPTED:
        await follows.accept(tx, row)
        await ask_past(node, tx, target["id"])
        return True
    if theirs is None:
        old = node.clock() - row["created_at"] > PENDING_MS_MAX
        if sides.they_lost or (waits and old):
            return await _ask_again(node, tx, follower, target, row)
    if theirs in {follows.PENDING, follows.ACCEPTED} or (theirs is None and waits):
        return False
    await follows.remove(tx, follower["id"], target["id"])
    return True


async def _ask_again(node: Node, tx: Transaction, follower: Row, target: Row, row: Row) -> bool:
    uri = node.uris.follow(node.ids.next())
    await tx.execute("UPDATE follow SET uri = ? WHERE id = ?", uri, row["id"])
    await say_follow(node, tx, follower, target, uri)
    return True


async def _of_theirs(
    node: Node,
    tx: Transaction,
    follower: Row,
    target: Row,
    row: Row | None,
    theirs: str | None,
    sides: Sides,
) -> bool:
    """Somebody there follows: she says whether she wants to, and we whether she may."""
    if row is None:
        return False
    if theirs in {None, REFUSED}:
        if sides.they_lost and not sides.we_lost:
            # It was forgotten with the backup; whoever followed is asked for nothing.
            await undo_there(node, tx, target, follower, row)
        await follows.remove(tx, follower["id"], target["id"])
        return True
    if row["state"] == follows.ACCEPTED and theirs == follows.PENDING:
        await answer_follow(node, tx, target, follower, row, "Accept")
        return True
    return False


async def undo_there(node: Node, tx: Transaction, target: Row, follower: Row, row: Row) -> None:
    """Tell whoever is no longer known to follow that she does not."""
    await answer_follow(node, tx, target, follower, row, "Reject")


async def _block(
    node: Node, tx: Transaction, pair: tuple[str, str], is_theirs: bool, sides: Sides
) -> bool:
    """A block stays unless whoever made it has taken it back."""
    actor, target = await by_uri(tx, pair[0]), await by_uri(tx, pair[1])
    if actor is None or target is None:
        return False
    known = await follows.find_block(tx, actor["id"], target["id"]) is not None
    if known == is_theirs:
        return False
    if is_theirs:
        if actor["is_local"] and not sides.we_lost:
            # Taken back here, and that did not arrive.
            await undo_block(node, tx, actor, target, node.uris.activity(node.ids.next()))
            return True
        uri = (
            node.uris.activity(node.ids.next())
            if actor["is_local"]
            else follows.compared_block(pair[0])
        )
        return await follows.block(node, tx, actor["id"], target["id"], uri)
    if actor["is_local"]:
        await _block_again(node, tx, actor, target)
        return True
    return not sides.they_lost and await follows.unblock(tx, actor["id"], target["id"]) is not None


async def _block_again(node: Node, tx: Transaction, actor: Row, target: Row) -> None:
    uri = node.uris.activity(node.ids.next())
    await follows.rename_block(tx, actor["id"], target["id"], uri)
    await say_block(node, tx, actor, target, uri)
