"""Proves the end of an agreement between two nodes: what passes, what is removed, and the proof."""

from typing import Any

import pytest

from actors.remote import ensure_actor
from federation.database import Row, Transaction
from federation.errors import Refused
from federation.fetch import FetchBudget
from federation.message_signatures import sign_message
from federation.node import Node
from federation.pairing_documents import PLACE
from federation.scopes import Scope
from inbox import purging
from inbox.ends_repeated import repeat_ends_once
from inbox.lost_follows import was_lost
from inbox.pairing import confirm, renew
from inbox.partings import consequences, last_parting
from inbox.partnership_acts import end, expire_once
from inbox.purging import digest_with, purge_once
from outbox import relations, statuses
from tests.conftest import Start
from tests.nodes.partners import BY, all_said, becomes, both, paired, post_as, state_of
from tests.nodes.test_holdings import change, state_at
from tests.nodes.test_partners_in_force import Sites, follow, has, like, person, write
from tests.serving import Running, eventually

KEEP = Scope(retention_after_end="keep", follow="free")
FREE = Scope(follow="free")


@pytest.fixture
async def partners(start_node: Start) -> Sites:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other, FREE)
    return one, other


async def acquainted(partners: Sites) -> tuple[Row, Row]:
    """Alice of the one and Bruno of the other, who follow each other."""
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    await follow(one, alice, bruno)
    return alice, bruno


async def get_status(by: Running, at: Running, path: str) -> int:
    key = await by.node.keyring.instance_ed25519()
    headers = sign_message(key, "GET", at.origin + path, None, at.node.clock())
    async with at.http.get(at.origin + path, headers=headers) as answer:
        return answer.status


async def count(at: Running, sql: str, *args: Any) -> int:
    return await at.node.db.value(sql, *args)


async def has_receipts(at: Running, of: Running) -> bool:
    found = await last_parting(at.node.db, of.origin)
    return found.our_receipt is not None and found.their_receipt is not None


async def parted(one: Running, other: Running) -> None:
    """End it at `one`, and wait for the receipts of both on both sides."""
    await end(one.node, other.origin, BY)
    await becomes(other, one, "ended")
    await purge_once(one.node)
    await purge_once(other.node)
    await eventually(lambda: has_receipts(one, other))
    await eventually(lambda: has_receipts(other, one))
    await eventually(lambda: all_said(one))
    await eventually(lambda: all_said(other))


async def test_the_end_removes_what_was_said_and_both_can_prove_it(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await acquainted(partners)
    first, second = await write(one, alice, "Minibus"), await write(one, alice, "Jardin")
    back = await write(other, bruno, "Merci du minibus")
    await eventually(lambda: has(other, second))
    await eventually(lambda: has(one, back))
    known, _ = await both(one, other)
    seen = await consequences(one.node, known)
    assert (seen.they_hold, seen.we_hold, seen.followers, seen.following) == (2, 1, 1, 1)
    assert (seen.we_keep, seen.they_keep, seen.their_backup_days) == (False, False, 30)
    assert await state_of(one, other) == "active", "looking changes nothing"
    await parted(one, other)
    # Gone on both sides: rows, words, notifications, what the log kept, names.
    for at, gone, who in ((other, (first, second), alice), (one, (back,), bruno)):
        for status in gone:
            assert not await has(at, status)
        there = await at.node.db.row("SELECT * FROM actor WHERE uri = ?", who["uri"])
        assert there is not None
        assert (there["display_name"], there["icon_url"]) == ("", None)
        assert await count(at, "SELECT COUNT(*) FROM notification WHERE from_actor_id = ?",
                           there["id"]) == 0  # fmt: skip
        assert await count(at, "SELECT COUNT(*) FROM activity WHERE origin = 'remote'"
                           " AND type = 'Create' AND body IS NOT NULL") == 0  # fmt: skip
        assert await count(at, "SELECT COUNT(*) FROM follow") == 0
    assert await has(one, first), "what was said here stays here"
    # Each signed its own; both keep both, the same.
    mine = await last_parting(one.node.db, other.origin)
    yours = await last_parting(other.node.db, one.origin)
    assert mine.our_receipt == yours.their_receipt
    assert mine.their_receipt == yours.our_receipt
    assert yours.our_receipt is not None
    assert yours.our_receipt["objects"] == 2
    held = digest_with("", [first["uri"], second["uri"]])
    assert yours.our_receipt["objectsDigest"] == held, "what was handed over is what was removed"
    assert (mine.ended_by, yours.ended_by) == (one.origin, one.origin)
    assert await state_at(one, first, other) == "deleted"
    assert await purge_once(other.node) == 0


async def test_after_the_end_only_what_takes_back_passes(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await acquainted(partners)
    status = await write(one, alice, "Avant la fin")
    await eventually(lambda: has(other, status))
    await end(one.node, other.origin, BY)
    await becomes(other, one, "ended")
    for path in ("/actor/agreement", "/actor/holdings", "/actor/outbox",
                 status["uri"].removeprefix(one.origin), "/users/1"):  # fmt: skip
        assert await get_status(other, one, path) == 403, path
    for number, kind in enumerate(("Like", "Follow", "Announce", "Create", "Update", "Block")):
        said = like(bruno["uri"], 50 + number) | {"type": kind}
        assert (await post_as(other.node, one, said, "/inbox"))[0] == 403, kind
    for number, kind in enumerate(("Delete", "Undo", "Reject")):
        said = like(bruno["uri"], 70 + number) | {"type": kind, "object": f"{bruno['uri']}/x"}
        assert (await post_as(other.node, one, said, "/inbox"))[0] == 202, kind
    with pytest.raises(Refused):
        await ensure_actor(one.node, f"{other.origin}/users/99", budget=FetchBudget())
    with pytest.raises(Refused):
        await renew(one.node, other.origin, BY)


async def test_a_delete_still_reaches_a_former_partner(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other, KEEP)
    alice, _ = await acquainted((one, other))
    status, stays = await write(one, alice, "À reprendre"), await write(one, alice, "Gardé")
    await eventually(lambda: has(other, stays))
    await parted(one, other)
    assert await has(other, status), "it was agreed that it may be kept"
    receipt = (await last_parting(one.node.db, other.origin)).their_receipt
    assert receipt is not None
    assert (receipt["retention"], receipt["objects"]) == ("keep", 0)
    await statuses.delete(one.node, alice, status)

    async def gone() -> bool:
        return not await has(other, status)

    await eventually(gone)
    assert await has(other, stays)


async def test_relations_come_back_with_a_new_agreement(partners: Sites) -> None:
    one, other = partners
    alice, _ = await acquainted(partners)
    await change(one, "UPDATE actor SET locked = TRUE WHERE id = ?", alice["id"])
    told = "SELECT COUNT(*) FROM notification WHERE type = 'severed_relationships'"
    await parted(one, other)
    assert await count(one, told) == 1
    assert await count(one, "SELECT COUNT(*) FROM lost_follow") == 2
    await paired(one, other, FREE)

    async def back() -> bool:
        accepted = "SELECT COUNT(*) FROM follow WHERE state = 'accepted'"
        return await count(one, accepted) == 2 and await count(other, accepted) == 2

    await eventually(back)
    assert await count(one, told) == 0, "what was told is true no more"
    for at in partners:
        assert await count(at, "SELECT COUNT(*) FROM lost_follow") == 0
        kinds = "SELECT COUNT(*) FROM notification WHERE type = 'follow_request'"
        assert await count(at, kinds) == 0, "nobody is asked again"
    status = await write(one, alice, "De nouveau ensemble")
    await eventually(lambda: has(other, status))
    fresh = await other.node.db.row("SELECT * FROM actor WHERE uri = ?", alice["uri"])
    assert fresh is not None


async def test_nobody_comes_back_to_other_keys(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await acquainted(partners)
    await parted(one, other)
    await change(one, "UPDATE lost_follow SET fingerprint = 'of others'")
    await change(other, "DELETE FROM lost_follow")
    await paired(one, other, FREE)
    assert await count(one, "SELECT COUNT(*) FROM follow") == 0
    there = await one.node.db.row("SELECT * FROM actor WHERE uri = ?", bruno["uri"])
    assert there is not None
    assert not await one.node.db.write(lambda tx: was_lost(tx, there, alice))
    await change(one, "UPDATE actor SET locked = TRUE WHERE id = ?", alice["id"])
    target = await ensure_actor(other.node, alice["uri"], budget=FetchBudget())
    await relations.follow(other.node, bruno, target)

    async def asked() -> bool:
        sql = "SELECT COUNT(*) FROM follow WHERE state = 'pending'"
        return await count(one, sql) == 1

    await eventually(asked)


async def test_what_ran_out_waits_for_a_person(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await acquainted(partners)
    status = await write(one, alice, "Toujours là")
    await eventually(lambda: has(other, status))
    for at in partners:
        await change(at, "UPDATE partnership SET ends_at = ?", at.node.clock() - 1)
        assert await expire_once(at.node) == 1
        assert await purge_once(at.node) == 0
    assert await has(other, status), "nothing is removed before somebody decides"
    assert (await post_as(other.node, one, like(bruno["uri"], 9), "/inbox"))[0] == 403
    assert (await last_parting(other.node.db, one.origin)).ended_by == "time"
    await renew(one.node, other.origin, BY)

    async def asked() -> bool:
        _, there = await both(one, other)
        return there.awaits_us

    await eventually(asked)
    assert await state_of(other, one) == "expired", "until it is confirmed"
    await confirm(other.node, one.origin, BY)
    await becomes(one, other, "active")
    assert await state_of(other, one) == "active"
    assert await has(other, status)

    async def back() -> bool:
        return await count(one, "SELECT COUNT(*) FROM follow WHERE state = 'accepted'") == 2

    await eventually(back)
    # Once more, and this time a person ends it.
    for at in partners:
        await change(at, "UPDATE partnership SET ends_at = ?", at.node.clock() - 1)
        await expire_once(at.node)
    await parted(other, one)
    assert not await has(other, status)
    assert await state_of(one, other) == "ended"


async def test_who_goes_on_after_the_end_is_told_again(partners: Sites) -> None:
    one, other = partners
    _, bruno = await acquainted(partners)
    await parted(one, other)
    # The partner goes back to a backup in which all is as before.
    await change(other, "UPDATE partnership SET state = 'active'")
    await change(other, "UPDATE peer SET policy = 'allowed' WHERE origin = ?", one.origin)
    await change(other, "DELETE FROM parting")
    # It may have asked for something a moment ago; the door writes that down once an hour.
    heard = await one.node.db.value("SELECT heard_at FROM parting")
    await change(one, "UPDATE parting SET repeated_at = 1, heard_at = NULL")
    assert await repeat_ends_once(one.node) == 0, "all is said"
    assert (await post_as(other.node, one, like(bruno["uri"], 90), "/inbox"))[0] == 403
    if heard is not None:
        await change(one, "UPDATE parting SET heard_at = ?", heard)
    assert await repeat_ends_once(one.node) == 1
    await becomes(other, one, "ended")
    assert await repeat_ends_once(one.node) == 0


async def test_a_receipt_counts_only_by_the_site_and_about_an_end(
    partners: Sites, start_node: Start
) -> None:
    one, other = partners
    third = await start_node(name="Les Lilas")
    await paired(one, third)
    await acquainted(partners)
    await end(one.node, other.origin, BY)
    await becomes(other, one, "ended")
    await purge_once(other.node)

    async def came() -> bool:
        return (await last_parting(one.node.db, other.origin)).their_receipt is not None

    await eventually(came)
    parting = await last_parting(one.node.db, other.origin)
    assert parting.their_receipt is not None
    receipt = parting.their_receipt

    def said(by: Running, what: Any, number: int) -> Any:
        return {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{by.origin}{PLACE}{number}/receipt",
            "type": "Accept",
            "actor": f"{by.origin}/actor",
            "object": parting.undo_uri,
            "receipt": what,
        }

    forged = receipt | {"objects": 1_000}
    assert (await post_as(other.node, one, said(other, forged, 1)))[0] == 401
    assert (await post_as(third.node, one, said(third, receipt, 2)))[0] == 400
    assert (await post_as(third.node, one, said(third, receipt | {"site": third.origin}, 3)))[
        0
    ] == 401
    for wrong in ({}, 3, "x", receipt | {"objects": -1}, receipt | {"retention": "maybe"},
                  receipt | {"digest": None}):  # fmt: skip
        assert (await post_as(other.node, one, said(other, wrong, 4)))[0] == 400, wrong
    again = await last_parting(one.node.db, other.origin)
    assert again.their_receipt == receipt
    assert (await last_parting(one.node.db, other.origin)).progress in {"purging", "done"}


async def test_what_an_open_report_needs_stays_for_a_while(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await acquainted(partners)
    bad, plain = await write(one, alice, "Signalé"), await write(one, alice, "Autre")
    await eventually(lambda: has(other, plain))
    there = await other.node.db.row("SELECT * FROM status WHERE uri = ?", bad["uri"])
    assert there is not None
    await change(
        other,
        "INSERT INTO report (id, actor_id, target_id, status_ids, created_at)"
        " VALUES (?, ?, ?, ?, ?)",
        other.node.ids.next(), bruno["id"], there["actor_id"], f"[{there['id']}]",
        other.node.clock(),
    )  # fmt: skip
    await end(one.node, other.origin, BY)
    await becomes(other, one, "ended")
    await purge_once(other.node)
    assert not await has(other, plain)
    assert await has(other, bad)
    assert (await last_parting(other.node.db, one.origin)).our_receipt is None
    await change(other, "UPDATE report SET action_taken_at = 1")
    assert await purge_once(other.node) == 1
    assert not await has(other, bad)


async def test_a_purge_that_breaks_off_counts_each_object_once(
    partners: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = partners
    alice, _ = await acquainted(partners)
    written = [await write(one, alice, f"Numéro {number}") for number in range(5)]
    await eventually(lambda: has(other, written[-1]))
    monkeypatch.setattr(purging, "AT_ONCE", 2)
    left, real = 3, purging.remove

    async def breaks(node: Node, tx: Transaction, status: Row) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise RuntimeError
        await real(node, tx, status)

    monkeypatch.setattr(purging, "remove", breaks)
    await end(other.node, one.origin, BY)
    with pytest.raises(RuntimeError):
        await purge_once(other.node)
    half = await last_parting(other.node.db, one.origin)
    assert (half.objects, half.progress, half.our_receipt) == (2, "purging", None)
    left = 99
    assert await purge_once(other.node) == 1
    whole = await last_parting(other.node.db, one.origin)
    assert whole.objects == 5
    assert whole.objects_digest == digest_with("", [status["uri"] for status in written])
