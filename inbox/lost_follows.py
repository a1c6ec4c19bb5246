"""Follows that ended with an agreement, or that it grants no more: kept as lost, and given back.

By a new agreement or a wider one, where the site is the same, by origin and by fingerprint. Each
side sends the follows of its own people anew, and takes back without asking those whom its people
had accepted before.
"""

from collections.abc import Iterable

from actors import follows, queries
from federation.admission import host_of
from federation.database import Row, Transaction
from federation.fingerprints import same
from federation.node import Node
from federation.partnership_changes import locked
from federation.partnerships import Partnership
from inbox.notifications import forget, notify_severed
from inbox.partings import renewed
from outbox.relations import say_follow

KEPT_MS = 3 * 365 * 86_400_000
Lost = dict[int, tuple[int, int]]
"""Of each person here, how many followers and how many followed she lost."""


async def keep_lost(node: Node, tx: Transaction, origin: str, fingerprint: str) -> None:
    """Write down every follow between people here and an origin, before it is ended."""
    await _keep(node, tx, origin, fingerprint, await _across(tx, origin))


async def _across(tx: Transaction, origin: str) -> list[Row]:
    """The follows between people here and an origin, accepted or asked for."""
    rows = await tx.rows(
        "SELECT f.state, f.notify, f.show_reblogs, f.languages, one.is_local AS is_ours,"
        " one.id AS one_id, one.uri AS one_uri, two.id AS two_id, two.uri AS two_uri"
        " FROM follow f JOIN actor one ON one.id = f.follower_id"
        " JOIN actor two ON two.id = f.target_id"
        " WHERE (one.origin = ? AND two.is_local) OR (two.origin = ? AND one.is_local)"
        " ORDER BY f.id",
        origin,
        origin,
    )
    return list(rows)


async def _keep(
    node: Node, tx: Transaction, origin: str, fingerprint: str, ended: Iterable[Row]
) -> None:
    now = node.clock()
    await tx.execute("DELETE FROM lost_follow WHERE lost_at < ?", now - KEPT_MS)
    await tx.many(
        "INSERT INTO lost_follow (id, origin, fingerprint, person_id, other_uri, follows_us,"
        " notify, show_reblogs, languages, lost_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (person_id, other_uri, follows_us) DO UPDATE SET lost_at = excluded.lost_at,"
        " fingerprint = excluded.fingerprint, notify = excluded.notify,"
        " show_reblogs = excluded.show_reblogs, languages = excluded.languages",
        [
            (
                node.ids.next(),
                origin,
                fingerprint,
                row["one_id"] if row["is_ours"] else row["two_id"],
                row["two_uri"] if row["is_ours"] else row["one_uri"],
                not row["is_ours"],
                bool(row["notify"]),
                bool(row["show_reblogs"]),
                row["languages"],
                now,
            )
            for row in ended
            if row["state"] == follows.ACCEPTED
        ],
    )


async def end_ungranted(node: Node, tx: Transaction, origin: str) -> None:
    """End the follows that an agreement in force grants no more, and keep them as lost.

    The other side does the same by the same text. People are told once.
    """
    known = await locked(tx, origin)
    if known is None or not known.is_in_force:
        return
    ended = [
        row for row in await _across(tx, origin) if not _is_granted(known, bool(row["is_ours"]))
    ]
    await _keep(node, tx, origin, known.fingerprint, ended)
    lost: Lost = {}
    for row in ended:
        await follows.remove(tx, row["one_id"], row["two_id"])
        is_ours, person_id = row["is_ours"], row["one_id"] if row["is_ours"] else row["two_id"]
        if not is_ours:
            await forget(tx, person_id, ("follow_request",), row["one_id"], 0)
        else:
            # What is taken back with it may be fetched anew when it is granted again.
            await tx.execute("DELETE FROM backfill WHERE actor_id = ?", row["two_id"])
        if row["state"] == follows.ACCEPTED:
            followers, following = lost.get(person_id, (0, 0))
            lost[person_id] = (followers + (not is_ours), following + bool(is_ours))
    await tell_lost(node, tx, origin, lost)


def _is_granted(known: Partnership, is_ours: bool) -> bool:
    """Whether people here may follow there (`is_ours`), or those there people here."""
    return known.kind == "site" or (known.theirs if is_ours else known.ours).follow != "none"


async def tell_lost(node: Node, tx: Transaction, origin: str, lost: Lost) -> None:
    """Tell each person here, once, how many followers and followed she lost at an origin."""
    for person_id, (followers, following) in sorted(lost.items()):
        await notify_severed(
            node,
            tx,
            person_id,
            "domain_block",
            host_of(origin),
            followers_count=followers,
            following_count=following,
        )


async def give_back(node: Node, tx: Transaction, origin: str) -> int:
    """With a new agreement, follow anew whom people here followed there before; return how many.

    As far as it grants that: what it grants no more is ended. Those who followed us come back by
    a Follow of theirs (`was_lost`). What told people of their loss is taken away. Callers wake
    the delivery loop.
    """
    await end_ungranted(node, tx, origin)
    agreed = await locked(tx, origin)
    assert agreed is not None, "the caller made it active"
    await renewed(tx, agreed.agreement.uri)
    rows = await tx.rows("SELECT * FROM lost_follow WHERE origin = ? ORDER BY id", origin)
    known = [row for row in rows if same(row["fingerprint"], agreed.fingerprint)]
    granted = [row for row in known if _is_granted(agreed, not row["follows_us"])]
    count = 0
    for row in granted:
        if not row["follows_us"]:
            count += await _follow_again(node, tx, row)
    still = [row["person_id"] for row in known if not _is_granted(agreed, not row["follows_us"])]
    back = {row["person_id"] for row in granted}.difference(still)
    await _forget_loss(tx, back, host_of(origin))
    return count


async def was_lost(tx: Transaction, follower: Row, target: Row) -> bool:
    """Whether a Follow from elsewhere is one that an agreement ended; then it is no more lost.

    Only when the new agreement is with the same keys: whoever took over a name gets nobody back.
    """
    taken = await tx.execute(
        "DELETE FROM lost_follow WHERE person_id = ? AND other_uri = ? AND follows_us"
        " AND EXISTS (SELECT 1 FROM partnership p WHERE p.origin = lost_follow.origin"
        " AND p.fingerprint = lost_follow.fingerprint AND p.state IN ('active', 'paused'))",
        target["id"],
        follower["uri"],
    )
    return taken > 0


async def _follow_again(node: Node, tx: Transaction, lost: Row) -> bool:
    await tx.execute("DELETE FROM lost_follow WHERE id = ?", lost["id"])
    person = await queries.by_id(tx, lost["person_id"])
    other = await queries.by_uri(tx, lost["other_uri"])
    if person is None or other is None or person["deleted_at"] or other["deleted_at"]:
        return False
    if await follows.is_blocked(tx, person["id"], other["id"]):
        return False
    if await follows.find(tx, person["id"], other["id"]) is not None:
        return False
    uri = node.uris.follow(node.ids.next())
    made = await follows.ask(node, tx, person, other, uri)
    await tx.execute(
        "UPDATE follow SET notify = ?, show_reblogs = ?, languages = ? WHERE id = ?",
        bool(lost["notify"]),
        bool(lost["show_reblogs"]),
        lost["languages"],
        made["id"],
    )
    await say_follow(node, tx, person, other, uri)
    return True


async def _forget_loss(tx: Transaction, people: Iterable[int], host: str) -> None:
    for person_id in sorted(people):
        rows = await tx.rows(
            "SELECT id FROM severance WHERE actor_id = ? AND kind = 'domain_block'"
            " AND target_name = ?",
            person_id,
            host,
        )
        for row in rows:
            await tx.execute(
                "DELETE FROM notification WHERE recipient_id = ? AND type = 'severed_relationships'"
                " AND status_id = ?",
                person_id,
                row["id"],
            )
            await tx.execute("DELETE FROM severance WHERE id = ?", row["id"])
