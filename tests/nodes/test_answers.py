"""What a partner's answers mean: nothing is taken for a success that is none, nothing is lost."""

from federation.retry import HOUR_MS, SECOND_MS
from tests.nodes.door import (
    Action,
    Exchange,
    Swallowed,
    answering,
    break_off,
    deliveries,
    first,
    reply,
    transparent,
    twice,
)
from tests.nodes.mesh import Mesh
from tests.nodes.oracle import (
    check_same,
    check_told_once,
    delivered,
    delivered_to,
    settled,
    tried,
)
from tests.nodes.partner import ACCEPTED, Partner, StartPartner, taking
from tests.nodes.people import Person, eventually
from tests.nodes.sites import Site

BACK_OFF_MS = 40 * SECOND_MS


async def outcome(sender: Site, receiver_origin: str) -> list[tuple[str, int | None, str | None]]:
    """What became of the Creates for a receiver, oldest first."""
    rows = await sender.store.rows(
        "SELECT progress, last_status, last_error FROM delivery WHERE origin = ?"
        " AND activity_type = 'Create' ORDER BY id",
        receiver_origin,
    )
    return [(row["progress"], row["last_status"], row["last_error"]) for row in rows]


async def follow_from(partner: Partner, person: Person) -> None:
    """Let somebody of a partner follow a person of a site."""
    follow = partner.activity("zoe", "Follow", person.actor_uri)
    assert await partner.send(person.site, follow) == 202

    async def accepted() -> bool:
        return any(activity["type"] == "Accept" for activity in partner.accepted)

    await eventually(accepted, "the follow is accepted")
    await delivered(person.site)


async def test_rel_011_passing_troubles_are_retried_and_retry_after_is_honoured(
    mesh: Mesh,
) -> None:
    mesh.roses.proxy.act = first(1, answering(reply(503, Retry_After="90")))
    mesh.valmont.proxy.act = first(1, answering(reply(502)))
    await mesh.alice.post("Un")
    await tried(mesh.tilleuls, mesh.roses)
    await tried(mesh.tilleuls, mesh.valmont)
    mesh.set_clock(60 * SECOND_MS)
    # The lane that may go has gone: the loop has looked, and left the other one alone.
    await check_same(mesh.alice, mesh.claire)
    assert len(mesh.roses.proxy.posts) == 1
    mesh.set_clock(91 * SECOND_MS)
    await check_same(mesh.alice, mesh.bob, mesh.brigitte)


async def test_rel_011_every_answer_that_means_later_keeps_the_lane_in_order(
    mesh: Mesh,
) -> None:
    later = [reply(status) for status in (408, 425, 429, 502, 503, 504, 507)]
    left = list(later)

    async def act(exchange: Exchange) -> None:
        if exchange.method == "POST" and left:
            await exchange.answer(left.pop(0))
        else:
            await transparent(exchange)

    mesh.roses.proxy.act = act
    for number in range(2):
        await mesh.alice.post(f"n° {number}")
    await delivered_to(mesh.tilleuls, mesh.valmont)
    for turn in range(1, len(later) + 1):
        await tried(mesh.tilleuls, mesh.roses, since=turn - 1)
        mesh.set_clock(turn * 6 * 60 * SECOND_MS)
    await check_same(mesh.alice, mesh.bob, mesh.claire)


def failing_on(text: str) -> Action:
    """Answer 500 to what holds this text, pass on the rest."""

    async def act(exchange: Exchange) -> None:
        hit = exchange.method == "POST" and text.encode() in exchange.body
        await (answering(reply(500)) if hit else transparent)(exchange)

    return act


async def test_rel_011_and_038_500_for_one_activity_parks_it_and_what_is_about_the_same_object(
    mesh: Mesh,
) -> None:
    mesh.roses.proxy.act = failing_on("POISON")
    poison = await mesh.alice.post("POISON")
    for step in range(1, 3):
        await tried(mesh.tilleuls, mesh.roses, since=step - 1)
        mesh.set_clock(step * 25 * SECOND_MS)
    await tried(mesh.tilleuls, mesh.roses, since=2)
    good = await mesh.alice.post("Sans danger")

    async def passed() -> bool:
        return await mesh.bob.read_of(mesh.alice) == [good["uri"]]

    await eventually(passed, "the next one passes")
    await mesh.alice.delete(poison)
    another = await mesh.alice.post("Un autre")

    async def only_good() -> bool:
        return await mesh.bob.read_of(mesh.alice) == [good["uri"], another["uri"]]

    await eventually(only_good, "the others pass")
    waiting = await mesh.tilleuls.store.rows(
        "SELECT activity_type, parked, last_status FROM delivery"
        " WHERE progress = 'pending' AND origin = ? ORDER BY id",
        mesh.roses.origin,
    )
    assert [(r["activity_type"], bool(r["parked"])) for r in waiting][-1] == ("Delete", False)
    assert poison["uri"] not in [e.document["object"] for e in mesh.roses.proxy.posts]
    mesh.roses.proxy.act = transparent
    mesh.set_clock(2 * HOUR_MS)
    await check_same(mesh.alice, mesh.bob, mesh.brigitte)
    await delivered(mesh.tilleuls)


async def test_rel_012_a_final_no_is_written_down_and_the_lane_goes_on(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner = await start_partner()
    await follow_from(partner, mesh.alice)
    noes = (400, 404, 406, 410, 413, 415, 422)
    partner.take = taking(*(reply(status) for status in noes), ACCEPTED)
    for number in range(len(noes) + 1):
        await mesh.alice.post(f"n° {number}")
    await delivered(mesh.tilleuls)
    expected = [("refused", status, f"answer.{status}") for status in noes]
    assert await outcome(mesh.tilleuls, partner.origin) == [*expected, ("done", 202, None)]
    assert f"abandonnés : {len(noes)}" in await mesh.tilleuls.command("status")
    await check_same(mesh.alice, mesh.bob, mesh.claire)


async def test_rel_012_401_is_tried_in_the_other_form_which_is_then_remembered(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner = await start_partner()
    await follow_from(partner, mesh.alice)

    async def modern_only(exchange: Exchange) -> None:
        is_modern = "signature-input" in exchange.headers
        await exchange.answer(ACCEPTED if is_modern else reply(401))

    partner.take = modern_only
    before = len(partner.door.posts)
    await mesh.alice.post("Un")
    await mesh.alice.post("Deux")
    await delivered(mesh.tilleuls)
    forms = ["signature-input" in e.headers for e in partner.door.posts[before:]]
    assert forms == [False, True, True]
    found = await outcome(mesh.tilleuls, partner.origin)
    assert [progress for progress, *_ in found] == ["done", "done"]


async def test_rel_012_403_waits_until_the_partner_allows_us_and_comes_then_at_once(
    mesh: Mesh,
) -> None:
    await mesh.roses.command("peer", "block", mesh.tilleuls.origin)
    for number in range(2):
        await mesh.alice.post(f"n° {number}")
    await tried(mesh.tilleuls, mesh.roses)
    (peer,) = await mesh.tilleuls.store.rows(
        "SELECT note FROM peer WHERE origin = ?", mesh.roses.origin
    )
    assert peer["note"] == "waiting_for_partner"
    assert mesh.roses.origin in await mesh.tilleuls.command("status")
    assert not await mesh.bob.read_of(mesh.alice)
    # Whoever has just been heard of and refuses is not tried at each of its words.
    mesh.set_clock(70 * SECOND_MS)
    await mesh.roses.command("peer", "allow", mesh.tilleuls.origin)
    assert len(await check_same(mesh.alice, mesh.bob, mesh.brigitte)) == 2


async def test_rel_013_no_page_and_no_redirect_is_taken_for_a_delivery(
    mesh: Mesh, start_partner: StartPartner
) -> None:
    partner, elsewhere = await start_partner(0), await start_partner(1)
    await follow_from(partner, mesh.alice)
    page = reply(200, b"<html>Bienvenue</html>", Content_Type="text/html")
    lures = [reply(s, Location=elsewhere.origin + "/inbox") for s in (301, 302, 307, 308)]
    clock = 0
    for number, lure in enumerate((page, *lures)):
        partner.take = taking(lure, ACCEPTED)
        status = await mesh.alice.post(f"n° {number}")
        create = f"{status['uri']}"

        async def taken(uri: str = create) -> bool:
            nonlocal clock
            clock += 15 * SECOND_MS
            mesh.set_clock(clock)
            return uri in [a["object"]["id"] for a in partner.accepted if a["type"] == "Create"]

        await eventually(taken, f"{lure[:30]!r} was no success")
        await delivered(mesh.tilleuls)
        await delivered_to(mesh.tilleuls, mesh.roses)
    assert not elsewhere.door.posts, "a POST is never sent elsewhere"
    texts = [a["object"]["content"] for a in partner.accepted if a["type"] == "Create"]
    assert texts == [f"<p>n° {number}</p>" for number in range(5)]


async def failed_or_repeated(sender: Site, receiver: Site) -> None:
    """Wait until a failure is written down; on a connection used before it is repeated at once."""

    async def seen() -> bool:
        rows = await sender.store.rows(
            "SELECT progress, attempts FROM delivery WHERE origin = ? ORDER BY id DESC LIMIT 1",
            receiver.origin,
        )
        return rows[0]["progress"] == "done" or rows[0]["attempts"] > 0

    await eventually(seen, "a broken connection is noticed")


async def test_rel_019_a_connection_reset_after_the_request_is_retried_and_counts_once(
    mesh: Mesh,
) -> None:
    swallowed = Swallowed()

    async def answer_lost(exchange: Exchange) -> None:
        swallowed.answer = await exchange.forward()
        swallowed.happened.set()
        exchange.reset()

    mesh.roses.proxy.act = first(1, answer_lost)
    mesh.valmont.proxy.act = first(1, break_off)
    status = await mesh.alice.post(f"@{mesh.bob.handle} et @{mesh.claire.handle}")
    await swallowed.happened.wait()
    await failed_or_repeated(mesh.tilleuls, mesh.roses)
    await failed_or_repeated(mesh.tilleuls, mesh.valmont)
    mesh.set_clock(BACK_OFF_MS)
    await check_same(mesh.alice, mesh.bob, mesh.brigitte, mesh.claire)
    await delivered(mesh.tilleuls)
    ids = [e.document["id"] for e in mesh.roses.proxy.posts]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    for person in (mesh.bob, mesh.claire):
        await check_told_once(person, "mention", [status["uri"]])


async def test_a_network_that_repeats_everything_doubles_nothing(mesh: Mesh) -> None:
    for site in mesh.sites.values():
        site.proxy.act = deliveries(twice)
    expected: list[str] = []
    for number in range(3):
        status = await mesh.alice.post(f"@{mesh.bob.handle} {number}")
        expected.append(status["uri"])
        await mesh.bob.ask("POST", f"/api/v1/statuses/{await known(mesh.bob, status)}/favourite")
    assert await check_same(mesh.alice, mesh.bob, mesh.claire) == expected
    await check_told_once(mesh.bob, "mention", expected)
    await check_told_once(mesh.alice, "favourite", expected)
    await settled(mesh.tilleuls)
    assert [s["favourites_count"] for s in await mesh.alice.own()] == [1, 1, 1]


async def known(reader: Person, status: dict[str, object]) -> str:
    """The id that a status has on the reader's own site, once it is there."""

    async def found() -> str | None:
        return next((s["id"] for s in await reader.home() if s["uri"] == status["uri"]), None)

    return await eventually(found, "the status has come")
