"""Proves what an agreement changes between two nodes: whose key counts, and what stops when."""

import base64
from dataclasses import replace as changed
from typing import Any

import orjson
import pytest

from actors.local import create_account
from actors.queries import account_of_actor
from actors.remote import ensure_actor
from federation import partnership_changes
from federation.activity import iso
from federation.cavage import sign_cavage
from federation.database import Row, Transaction
from federation.errors import Invalid, Refused
from federation.fetch import FetchBudget
from federation.keys import PrivateKey, generate_ed25519, generate_rsa
from federation.message_signatures import sign_message
from federation.pairing_documents import PLACE, update_document
from federation.partnerships import active_origins, is_pinned, standing
from federation.proofs import make_proof
from federation.scopes import Scope
from federation.site_proofs import Unproved, stated
from federation.vocabulary import ACTIVITY_TYPE, Document
from inbox.partner_probe import probe
from inbox.partnership_acts import end, expire_once, narrow, pause, resume
from maillage.judge import judge_of
from outbox import relations, statuses
from tests.conftest import Start
from tests.nodes.partners import BY, becomes, both, paired, post, post_as, state_of
from tests.serving import Running, eventually

Sites = tuple[Running, Running]


@pytest.fixture
async def partners(start_node: Start) -> Sites:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    return one, other


async def person(at: Running, name: str) -> Row:
    return await create_account(at.node, username=name, password="une phrase assez longue")


async def follow(at: Running, who: Row, whom: Row) -> None:
    target = await ensure_actor(at.node, whom["uri"], budget=FetchBudget())
    await relations.follow(at.node, who, target)
    at.node.delivery_wake.set()

    async def accepted() -> Any:
        return await at.node.db.row(
            "SELECT 1 FROM follow WHERE follower_id = ? AND state = 'accepted'", who["id"]
        )

    await eventually(accepted)


async def write(at: Running, who: Row, text: str) -> Row:
    account = await account_of_actor(at.node.db, who["id"])
    assert account is not None
    return await statuses.create(
        at.node, who, account["id"], statuses.Draft(text, visibility="private")
    )


async def has(at: Running, status: Row) -> bool:
    sql = "SELECT 1 FROM status WHERE uri = ?"
    return await at.node.db.row(sql, status["uri"]) is not None


def like(actor: str, number: int = 1) -> Document:
    origin = actor.partition("/users")[0].removesuffix("/actor")
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{origin}/activities/{number}",
        "type": "Like",
        "actor": actor,
        "object": "http://127.0.0.1:1/notes/1",
    }


async def test_only_the_site_signs_for_its_people(partners: Sites) -> None:
    one, other = partners
    alice = await person(other, "alice")
    key = await other.node.keyring.private_key(alice["uri"])
    url, now = f"{one.origin}/inbox", one.node.clock()
    body = orjson.dumps(like(alice["uri"]))
    for headers in (sign_cavage(key, "POST", url, body, now),
                    sign_message(key, "POST", url, body, now)):  # fmt: skip
        status, said = await post(one, body, headers, "/inbox")
        assert status == 401
        assert "not signed by the site" in said
    # The site's own RSA key is for plain peers.
    rsa = await other.node.keyring.private_key(other.node.uris.instance_actor)
    assert (await post(one, body, sign_cavage(rsa, "POST", url, body, now), "/inbox"))[0] == 401
    assert await one.node.db.row("SELECT 1 FROM activity WHERE type = 'Like'") is None
    assert (await post_as(other.node, one, like(alice["uri"]), "/inbox"))[0] == 202
    # And for nobody elsewhere.
    assert (await post_as(other.node, one, like("http://127.0.0.9:1/users/1"), "/inbox"))[0] == 403


async def test_a_reading_counts_only_when_the_site_signed_it(partners: Sites) -> None:
    one, other = partners
    alice = await person(other, "alice")
    path = "/actor/outbox"
    key = await other.node.keyring.private_key(alice["uri"])
    signed = sign_cavage(key, "GET", one.origin + path, None, one.node.clock())
    async with one.http.get(one.origin + path, headers=signed) as answer:
        assert answer.status == 401
    site = await other.node.keyring.instance_ed25519()
    signed = sign_message(site, "GET", one.origin + path, None, one.node.clock())
    headers = {"Accept": ACTIVITY_TYPE, **signed}
    async with one.http.get(one.origin + path, headers=headers) as answer:
        assert answer.status == 200


async def test_what_is_said_between_partners_arrives(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    status = await write(one, alice, "Le minibus passe à 14 h 30")
    await eventually(lambda: has(other, status))


async def test_a_stolen_name_gains_nothing(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    pinned = await standing(one.node.db, other.origin)
    await _new_keys(other)
    one.node.keyring.forget_form(other.origin)
    # It cannot speak in the name of the partner, nor read as it.
    assert (await post_as(other.node, one, like(bruno["uri"]), "/inbox"))[0] == 401
    key = await other.node.keyring.instance_ed25519()
    path = "/actor/agreement"
    signed = sign_message(key, "GET", one.origin + path, None, one.node.clock())
    async with one.http.get(one.origin + path, headers=signed) as answer:
        assert answer.status == 401
    # It is sent nothing and asked nothing.
    held = await other.node.db.value("SELECT count(*) FROM activity WHERE origin = 'remote'")
    status = await write(one, alice, "Pour nos partenaires")

    async def waits() -> bool:
        sql = "SELECT note FROM peer WHERE origin = ?"
        return await one.node.db.value(sql, other.origin) == "partner.unproved"

    await eventually(waits)
    assert not await has(other, status)
    sql = "SELECT count(*) FROM activity WHERE origin = 'remote'"
    assert await other.node.db.value(sql) == held
    with pytest.raises(Unproved):
        await ensure_actor(one.node, f"{other.origin}/users/1", budget=FetchBudget())
    # Nor is what it shows believed: the pinned keys stay, and the administrator is told.
    checks = {check.name: check for check in await probe(one.node, other.origin, BY)}
    assert (checks["keys"].is_green, checks["keys"].came) == (False, "changed")
    assert await state_of(one, other) == "key_changed"
    after = await standing(one.node.db, other.origin)
    assert pinned is not None
    assert after is not None
    assert after.keys == pinned.keys


async def test_new_keys_are_believed_after_a_new_code(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    await _new_keys(other)
    await probe(one.node, other.origin, BY)
    status = await write(one, alice, "Reste ici en attendant")

    async def forget(tx: Transaction) -> None:
        await tx.execute("DELETE FROM partnership")

    # The site was set up anew: it knows nothing of an agreement.
    await other.node.db.write(forget)
    await paired(one, other)
    assert await state_of(one, other) == "active"
    await eventually(lambda: has(other, status))


async def _new_keys(at: Running) -> None:
    """Let another node answer at this origin: the same addresses, other keys."""
    node = at.node
    rsa = PrivateKey(node.uris.instance_rsa_key, generate_rsa())
    ed25519 = PrivateKey(node.uris.instance_ed25519_key, generate_ed25519())
    actor = node.uris.instance_actor

    async def work(tx: Transaction) -> None:
        await tx.execute("DELETE FROM key WHERE owner_uri = ?", actor)
        await node.keyring.add_local(tx, actor, rsa.key_id, rsa)
        await node.keyring.add_local(tx, actor, ed25519.key_id, ed25519, vouches=True)
        await tx.execute("UPDATE actor SET updated_at = updated_at + 1 WHERE uri = ?", actor)

    await node.db.write(work)
    private = node.keyring._private
    for name in (actor, ed25519.key_id):
        private.forget(name)


async def test_a_site_proves_its_key_and_signs_nothing_else(partners: Sites) -> None:
    one, other = partners
    known = await standing(other.node.db, one.origin)
    assert known is not None
    (key,) = known.keys
    challenge = "Jb3kT9wQz1LmX0vRp7NcAe-_0123456789abcdefghi"
    async with one.http.get(f"{one.origin}/actor/proof?challenge={challenge}") as answer:
        assert answer.status == 200
        signature = base64.b64decode((await answer.json())["signature"])
    assert key.verify(signature, stated(one.origin, challenge))
    assert not key.verify(signature, stated(other.origin, challenge))
    for wrong in ("", "a" * 42, "a" * 44, "%0A" + "a" * 42, "b" * 400):
        async with one.http.get(f"{one.origin}/actor/proof?challenge={wrong}") as answer:
            assert answer.status == 400, wrong


async def test_a_pause_keeps_both_queues(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    await follow(one, alice, bruno)
    await pause(one.node, other.origin, BY)
    out, back = await write(one, alice, "D'ici"), await write(other, bruno, "De là-bas")

    async def told_to_wait() -> bool:
        sql = "SELECT last_status FROM delivery WHERE origin = ? AND progress = 'pending'"
        return await other.node.db.value(sql, one.origin) == 503

    await eventually(told_to_wait)
    body = orjson.dumps(like(bruno["uri"]))
    key = await other.node.keyring.instance_ed25519()
    headers = sign_message(key, "POST", f"{one.origin}/inbox", body, one.node.clock())
    async with one.http.post(
        f"{one.origin}/inbox", data=body, headers={"Content-Type": ACTIVITY_TYPE, **headers}
    ) as answer:
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
    assert not await has(other, out)
    assert not await has(one, back)
    assert await is_pinned(one.node.db, other.origin)
    assert await active_origins(one.node.db) == []
    await resume(one.node, other.origin, BY)
    await eventually(lambda: has(other, out))
    await eventually(lambda: has(one, back))
    with pytest.raises(Refused):
        await resume(one.node, other.origin, BY)


async def test_a_narrowing_holds_at_once_and_needs_one_proof(partners: Sites) -> None:
    one, other = partners
    with pytest.raises(Invalid) as raised:
        await narrow(one.node, other.origin, Scope(directory="sync"), BY)
    assert raised.value.field == "scope"
    await narrow(one.node, other.origin, Scope(audiences=False), BY)

    async def agreed() -> bool:
        mine, yours = await both(one, other)
        return mine.agreement == yours.agreement and mine.agreement.revision == 2

    await eventually(agreed)
    row = await other.node.db.row("SELECT gives_audiences, takes_audiences FROM partnership")
    assert row is not None
    assert (bool(row["gives_audiences"]), bool(row["takes_audiences"])) == (True, False)


async def test_two_narrowings_at_once_take_nothing_back(partners: Sites) -> None:
    one, other = partners
    await pause(one.node, other.origin, BY)
    await pause(other.node, one.origin, BY)
    await narrow(one.node, other.origin, Scope(audiences=False), BY)
    await narrow(other.node, one.origin, Scope(follow="none"), BY)
    await resume(one.node, other.origin, BY)
    await resume(other.node, one.origin, BY)

    async def agreed() -> bool:
        mine, yours = await both(one, other)
        return mine.agreement == yours.agreement

    await eventually(agreed)
    mine, _ = await both(one, other)
    assert (mine.ours.audiences, mine.theirs.follow) == (False, "none")


async def test_an_update_that_widens_is_refused(partners: Sites) -> None:
    one, other = partners
    _, there = await both(one, other)
    wider = changed(there.agreement, revision=2, ends="2099-01-01T00:00:00Z")
    from_there = other.node
    said = await _update(other, one, wider)
    assert (await post_as(from_there, one, said))[0] == 403
    mine, _ = await both(one, other)
    assert mine.agreement.revision == 1
    # The same revision, as it stands, is a sign of life.
    assert (await post_as(from_there, one, await _update(other, one, there.agreement)))[0] == 202


async def _update(at: Running, to: Running, agreement: Any) -> Document:
    from_there = at.node
    proof = make_proof(
        agreement.document(),
        await from_there.keyring.instance_ed25519(),
        iso(from_there.clock()),
    )
    uri = f"{at.origin}{PLACE}{from_there.ids.next()}/update"
    us, them = from_there.uris.instance_actor, f"{to.origin}/actor"
    return update_document(uri, us, them, iso(from_there.clock()), agreement, proof)


async def test_the_end_lets_only_pass_what_takes_back(partners: Sites) -> None:
    one, other = partners
    alice, bruno = await person(one, "alice"), await person(other, "bruno")
    await follow(other, bruno, alice)
    first = await write(one, alice, "Avant")
    await eventually(lambda: has(other, first))
    await pause(one.node, other.origin, BY)
    waiting = await write(one, alice, "Attend encore")
    await end(one.node, other.origin, BY)
    assert await state_of(one, other) == "ended"
    assert await one.node.db.row("SELECT 1 FROM follow") is None
    # At once, whatever the other site knows.
    refused, said = await post_as(other.node, one, like(bruno["uri"], 7), "/inbox")
    assert refused == 403, said
    gone = like(bruno["uri"], 8) | {"type": "Delete", "object": bruno["uri"]}
    assert (await post_as(other.node, one, gone, "/inbox"))[0] == 202
    await becomes(other, one, "ended")
    assert await other.node.db.row("SELECT 1 FROM follow") is None

    async def judged() -> bool:
        sql = "SELECT last_error FROM delivery WHERE object_uri = ? AND progress = 'refused'"
        return await one.node.db.value(sql, waiting["uri"]) == "delivery.partner_over"

    await eventually(judged)
    assert not await has(other, waiting)
    # What takes back still goes out.
    judge = judge_of(one.node)
    row: Any = {"origin": other.origin, "audience_kind": "private", "object_uri": first["uri"]}
    assert await judge(row | {"activity_type": "Delete"}) is None
    assert await judge(row | {"activity_type": "Update"}) == "delivery.partner_over"
    assert (await end(one.node, other.origin, BY)) is not None, "a second time is nothing"


async def test_an_agreement_runs_out(partners: Sites) -> None:
    one, other = partners
    bruno = await person(other, "bruno")

    async def over(tx: Transaction) -> None:
        await tx.execute("UPDATE partnership SET ends_at = ?", one.node.clock() - 1)

    assert (await post_as(other.node, one, like(bruno["uri"], 1), "/inbox"))[0] == 202
    await one.node.db.write(over)
    assert (await post_as(other.node, one, like(bruno["uri"], 2), "/inbox"))[0] == 403
    assert await expire_once(one.node) == 1
    assert await state_of(one, other) == "expired"
    assert await expire_once(one.node) == 0
    await paired(other, one)
    assert await state_of(one, other) == "active"


async def test_a_probe_is_green_and_says_what_is_red(partners: Sites) -> None:
    one, other = partners
    checks = await probe(one.node, other.origin, BY)
    assert [check.name for check in checks if not check.is_green] == []
    assert {check.name for check in checks} == {
        "keys", "webfinger", "read", "clock", "unsigned", "tls", "inbox", "ping"
    }  # fmt: skip

    async def gone(tx: Transaction) -> None:
        await partnership_changes.close(tx, one.origin, "ended", other.node.clock())

    await other.node.db.write(gone)
    red = {check.name for check in await probe(one.node, other.origin, BY) if not check.is_green}
    assert red == {"read", "ping"}
    here, _ = await both(one, other)
    assert [check["name"] for check in here.probe if not check["is_green"]] == ["read", "ping"]
