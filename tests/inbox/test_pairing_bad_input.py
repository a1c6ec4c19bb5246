"""What is wrong with a code, an offer or an end leaves one clear state on both sides, in words.

Each row of what may come in bad faith or by mistake, beside the same thing done right.
"""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from federation import lanes
from federation.agreements import read_agreement
from federation.errors import Invalid, Malformed, Refused
from federation.message_signatures import sign_message
from federation.pairing_codes import read_code
from federation.retry import Verdict
from federation.scopes import Scope
from federation.sending import Sent
from inbox import pairing, partner_watch
from inbox.partner_notices import mark_seen, notices
from inbox.partner_watch import remind_once
from inbox.partnership_acts import end, expire_once
from tests.conftest import Start
from tests.nodes.partners import BY, becomes, both, invited, paired, post, post_as, state_of
from tests.nodes.test_partners_in_force import like, person
from tests.serving import Running, eventually
from web.translations import sentence

Sites = tuple[Running, Running]
DAY_MS = 86_400_000


@pytest.fixture
async def sites(start_node: Start, no_greetings: None) -> Sites:
    return await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")


async def codes(at: Running) -> list[str]:
    return [one.code.removeprefix("partner.notice_") for one in await notices(at.node.db)]


async def nothing(*sites: Running) -> bool:
    """No agreement, no key of others that counts, nobody admitted."""
    for site in sites:
        db = site.node.db
        for sql in (
            "SELECT count(*) FROM partnership",
            "SELECT count(*) FROM key WHERE pinned_at IS NOT NULL",
            "SELECT count(*) FROM peer WHERE policy = 'allowed'",
        ):
            if await db.value(sql):
                return False
    return True


async def test_five_wrong_proofs_close_the_invitation_and_tell_who_manages_partners(
    sites: Sites,
) -> None:
    one, other = sites
    code = read_code(await invited(one, other.origin))
    guessed = replace(code, token=bytes(16)).text()
    for count in range(5):
        assert await codes(one) == [], count
        with pytest.raises(Refused, match="does not fit"):
            await pairing.offer(other.node, guessed, Scope(), Scope(), BY)
    assert await codes(one) == ["invitation_closed"]
    (notice,) = await notices(one.node.db, unseen=True)
    host = other.origin.partition("://")[2]
    for language in ("fr", "en"):
        assert host in sentence(language, notice.code, notice.params)
    assert await one.node.db.write(lambda tx: mark_seen(tx, notice.id, 1))
    assert not await one.node.db.write(lambda tx: mark_seen(tx, notice.id, 2))
    assert await notices(one.node.db, unseen=True) == []
    assert await nothing(one, other)


async def used(table: Sites) -> str:
    one, other = table
    code = await invited(one, other.origin)
    await paired_by(code, one, other)
    await end(one.node, other.origin, BY)
    await becomes(other, one, "ended")
    return code


async def paired_by(code: str, one: Running, other: Running) -> None:
    await pairing.offer(other.node, code, Scope(), Scope(), BY)
    await pairing.confirm(one.node, other.origin, BY)


async def expired(table: Sites) -> str:
    one, other = table
    code = await invited(one, other.origin)
    await one.node.db.write(lambda tx: tx.execute("UPDATE invitation_to_pair SET expires_at = 1"))
    return code


async def replaced(table: Sites) -> str:
    one, other = table
    code = await invited(one, other.origin)
    await invited(one, other.origin)
    return code


async def of_another(table: Sites) -> str:
    one, _ = table
    return await invited(one, "http://127.0.0.9:1")


async def guessed(table: Sites) -> str:
    one, other = table
    code = read_code(await invited(one, other.origin))
    return replace(code, token=bytes(range(16))).text()


WRONG_CODES = {
    "used": (used, "no open invitation"),
    "expired": (expired, "no open invitation"),
    "replaced by a newer one": (replaced, "does not fit"),
    "made for another site": (of_another, "no open invitation"),
    "guessed": (guessed, "does not fit"),
}


@pytest.mark.parametrize("name", WRONG_CODES)
async def test_a_wrong_code_is_said_so_and_leaves_nothing_half_open(
    sites: Sites, name: str
) -> None:
    one, other = sites
    make, words = WRONG_CODES[name]
    code = await make(sites)
    with pytest.raises(Refused, match=words):
        await pairing.offer(other.node, code, Scope(), Scope(), BY)
    assert await state_of(one, other) in {None, "ended"}
    assert await state_of(other, one) in {None, "ended"}
    fresh = await invited(one, other.origin)
    await paired_by(fresh, one, other)
    await becomes(other, one, "active")


async def test_the_code_of_a_site_with_other_keys_is_refused_before_anything_is_sent(
    sites: Sites,
) -> None:
    one, other = sites
    code = read_code(await invited(one, other.origin))
    head = bytes(reversed(code.fingerprint_head))
    with pytest.raises(Refused, match="does not have the keys of the code"):
        await pairing.offer(
            other.node, replace(code, fingerprint_head=head).text(), Scope(), Scope(), BY
        )
    assert await nothing(one, other)


@pytest.mark.parametrize("typed", ["", "AAAA", "ABCD-" * 40, "é" * 60, "0" * 5_000])
async def test_what_is_no_code_names_the_field(sites: Sites, typed: str) -> None:
    _, other = sites
    with pytest.raises(Invalid) as raised:
        await pairing.offer(other.node, typed, Scope(), Scope(), BY)
    assert raised.value.field == "code"


WRONG_TEXTS: list[tuple[str, Any]] = [
    ("grants", {"everything": True}),
    ("parties", []),
    ("revision", "1"),
    ("revision", True),
    ("revision", 0),
    ("endTime", "jamais"),
    ("newSites", "all"),
    ("terms", {"name": "x", "secret": "y"}),
    ("unknown", 1),
    ("id", "http://127.0.0.9:1/agreements/1"),
]


@pytest.mark.parametrize(("field", "value"), WRONG_TEXTS)
async def test_an_agreement_with_anything_unknown_is_refused_whole(
    sites: Sites, field: str, value: Any
) -> None:
    one, other = sites
    await paired(one, other)
    here, _ = await both(one, other)
    whole = here.agreement.document()
    assert read_agreement(whole) == here.agreement
    if field == "grants":
        value = {one.origin: whole["grants"][one.origin] | value,
                 other.origin: whole["grants"][other.origin]}  # fmt: skip
    with pytest.raises((Invalid, Malformed)):
        read_agreement(whole | {field: value})


async def test_ended_by_one_side_only_ends_on_both(
    sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = sites
    await paired(one, other)
    bruno = await person(other, "bruno")

    async def away(*_: Any) -> Sent:
        return Sent(Verdict.WAIT, 503)

    async def waits() -> Any:
        return await one.node.db.value("SELECT 1 FROM delivery WHERE last_status = 503")

    # The other one is away while it ends here, and believes in it.
    with monkeypatch.context() as patch:
        patch.setattr(lanes, "send", away)
        await end(one.node, other.origin, BY)
        await eventually(waits)
    assert (await state_of(one, other), await state_of(other, one)) == ("ended", "active")
    status, said = await post_as(other.node, one, like(bruno["uri"]), "/inbox")
    assert (status, "is over" in said) == (403, True)
    await one.node.db.write(lambda tx: tx.execute("UPDATE peer SET next_attempt_at = 0"))
    one.node.delivery_wake.set()
    await becomes(other, one, "ended")
    fresh = await invited(one, other.origin)
    await paired_by(fresh, one, other)
    await becomes(other, one, "active")


async def test_both_end_at_once(sites: Sites) -> None:
    one, other = sites
    await paired(one, other)
    await end(one.node, other.origin, BY)
    known = await state_of(other, one)
    if known != "ended":
        await end(other.node, one.origin, BY)
    for at, of in ((one, other), (other, one)):
        await becomes(at, of, "ended")


async def test_requests_not_signed_by_the_site_are_counted_with_their_reason(
    sites: Sites,
) -> None:
    from_one, other = sites
    await paired(from_one, other)
    bruno = await person(other, "bruno")
    key = await other.node.keyring.private_key(bruno["uri"])
    await _post_with(from_one, key, like(bruno["uri"]))

    async def counted() -> Any:
        return await from_one.node.db.row(
            "SELECT * FROM partner_refusal WHERE origin = ?", other.origin
        )

    row = await eventually(counted)
    assert (row["code"], row["requests"]) == ("signature.not_by_site", 1)
    for language in ("fr", "en"):
        assert other.origin in sentence(language, row["code"], {"origin": other.origin})
    # Nobody fills the store: the next ones of these seconds are counted later, in one write.
    for number in range(3):
        await _post_with(from_one, key, like(bruno["uri"], 10 + number))
    assert (await counted())["requests"] == 1
    assert (await post_as(other.node, from_one, like(bruno["uri"], 99), "/inbox"))[0] == 202


async def _post_with(to: Running, key: Any, document: Any) -> None:
    body, url = orjson.dumps(document), f"{to.origin}/inbox"
    headers = sign_message(key, "POST", url, body, to.node.clock())
    assert (await post(to, body, headers, "/inbox"))[0] == 401


async def test_staff_of_both_is_told_thirty_and_seven_days_before_the_end(sites: Sites) -> None:
    one, other = sites
    await paired(one, other)
    assert [await remind_once(site.node) for site in sites] == [0, 0]

    base = one.node.clock()
    ends = base + 29 * DAY_MS
    for site in sites:
        await site.node.db.write(lambda tx: tx.execute("UPDATE partnership SET ends_at = ?", ends))
        assert [await remind_once(site.node) for _ in range(2)] == [1, 0]
        assert await codes(site) == ["ends_soon"]
    # Three weeks later, the same agreement.
    ends = one.node.clock() + 7 * DAY_MS - 1_000
    for site in sites:
        await site.node.db.write(lambda tx: tx.execute("UPDATE partnership SET ends_at = ?", ends))
        assert [await remind_once(site.node) for _ in range(2)] == [1, 0]
    (notice, *_) = await notices(one.node.db)
    assert notice.params["days"] == "7"
    over = one.node.clock() - DAY_MS
    for site in sites:
        await site.node.db.write(lambda tx: tx.execute("UPDATE partnership SET ends_at = ?", over))
    assert [await remind_once(site.node) for site in sites] == [0, 0]
    assert await expire_once(one.node) == 1
    assert partner_watch.REMIND_DAYS == (30, 7)
