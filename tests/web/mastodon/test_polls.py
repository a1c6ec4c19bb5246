"""Polls: made, voted, ended, each figure shown to whom it may be."""

from typing import Any

import pytest

from federation.database import Transaction
from inbox.poll_ends import polls_once
from outbox.polls import OWN_OPTIONS_MAX, OWN_TITLE_CHARACTERS_MAX
from tests.conftest import START_MS, FakeClock
from tests.web.mastodon.conftest import Site
from web.mastodon.serializers import timestamp

DAYS: dict[str, Any] = {"options": ["mardi", "jeudi", "samedi"], "expires_in": 3600}


async def ask_poll(client: Any, visibility: str = "public", **poll: Any) -> dict[str, Any]:
    sent = {"status": "Quel jour ?", "visibility": visibility, "poll": DAYS | poll}
    reply = await client.post("/api/v1/statuses", sent)
    assert reply.status == 200, reply.text
    return reply.json


async def vote(client: Any, poll: dict[str, Any], *choices: int) -> Any:
    return await client.post(f"/api/v1/polls/{poll['id']}/votes", {"choices": list(choices)})


async def test_a_poll_is_made_and_shown_with_its_status(site: Site) -> None:
    ada = await site.person("ada")
    poll = (await ask_poll(ada))["poll"]
    assert poll == {
        "id": poll["id"],
        "expires_at": timestamp(START_MS + 3_600_000),
        "expired": False,
        "multiple": False,
        "votes_count": 0,
        "voters_count": 0,
        "options": [{"title": title, "votes_count": 0} for title in DAYS["options"]],
        "emojis": [],
        "voted": False,
        "own_votes": [],
    }
    assert (await ada.get(f"/api/v1/polls/{poll['id']}")).json == poll


@pytest.mark.parametrize(
    ("poll", "field"),
    [
        ({"options": ["seule"]}, "poll[options]"),
        ({"options": []}, "poll[options]"),
        ({"options": ["a", "  "]}, "poll[options]"),
        ({"options": [str(n) for n in range(OWN_OPTIONS_MAX + 1)]}, "poll[options]"),
        ({"options": ["a", "a"]}, "poll[options]"),
        ({"options": ["a", " a "]}, "poll[options]"),
        ({"options": ["a", "x" * (OWN_TITLE_CHARACTERS_MAX + 1)]}, "poll[options]"),
        ({"options": ["a", "b\0"]}, "poll[options][1]"),
        ({"options": ["a", {"x": 1}]}, "poll[options][1]"),
        ({"expires_in": None}, "poll[expires_in]"),
        ({"expires_in": 299}, "poll[expires_in]"),
        ({"expires_in": 40 * 86_400}, "poll[expires_in]"),
        ({"expires_in": "soon"}, "poll[expires_in]"),
        ({"multiple": "perhaps"}, "poll[multiple]"),
        ({"hide_totals": [1]}, "poll[hide_totals]"),
    ],
)
async def test_a_wrong_poll_names_its_field_and_leaves_nothing(
    site: Site, poll: dict[str, Any], field: str
) -> None:
    ada = await site.person("ada")
    reply = await ada.post("/api/v1/statuses", {"status": "?", "poll": DAYS | poll})
    assert (reply.status, list(reply.json["details"])) == (422, [field])
    for table in ("status", "poll", "poll_option", "activity"):
        assert await site.node.db.value(f"SELECT COUNT(*) FROM {table}") == 0
    limits = (await ada.get("/api/v2/instance")).json["configuration"]["polls"]
    titles = [str(n) for n in range(limits["max_options"])]
    made = await ask_poll(ada, options=titles, expires_in=limits["min_expiration"])
    assert len(made["poll"]["options"]) == limits["max_options"]


async def test_a_vote_counts_once_and_only_for_what_there_is(site: Site, clock: FakeClock) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    poll = (await ask_poll(ada))["poll"]
    for choices in ([], [3], [0, 1], ["x"], ["-1"], [0.5], [99999]):
        reply = await bob.post(f"/api/v1/polls/{poll['id']}/votes", {"choices": choices})
        assert (reply.status, list(reply.json["details"])) == (422, ["choices"]), choices
    assert (await vote(ada, poll, 0)).status == 422, "her own poll"
    voted = (await vote(bob, poll, 1, 1)).json
    assert (voted["voted"], voted["own_votes"], voted["voters_count"]) == (True, [1], 1)
    assert [option["votes_count"] for option in voted["options"]] == [0, 1, 0]
    for choice in (0, 1):
        assert (await vote(bob, poll, choice)).status == 422
    assert (await bob.get(f"/api/v1/polls/{poll['id']}")).json == voted
    # What one voted is nobody else's to see.
    seen = (await ada.get(f"/api/v1/polls/{poll['id']}")).json
    assert (seen["voted"], seen["own_votes"]) == (False, [])
    clock.advance(3600)
    carol = await site.person("carol")
    late = await vote(carol, poll, 0)
    assert late.status == 422
    assert (await carol.get(f"/api/v1/polls/{poll['id']}")).json["expired"] is True


async def test_several_choices_are_all_counted_or_none(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    poll = (await ask_poll(ada, multiple=True))["poll"]
    assert (await vote(bob, poll, 0, 7)).status == 422
    assert (await vote(bob, poll, 0)).status == 200
    assert (await vote(bob, poll, 2, 0)).status == 422, "one of them was voted before"
    voted = (await vote(bob, poll, 1, 2)).json
    assert (voted["own_votes"], voted["votes_count"], voted["voters_count"]) == ([0, 1, 2], 3, 1)


async def test_who_may_not_see_the_status_finds_no_poll(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    poll = (await ask_poll(ada, "private"))["poll"]
    for client in (bob, site.client(await site.token(None, "read write"))):
        assert (await client.get(f"/api/v1/polls/{poll['id']}")).status in (401, 404)
    unseen = await vote(bob, poll, 0)
    nothing = await vote(bob, {"id": "123"}, 0)
    assert (unseen.status, unseen.body) == (nothing.status, nothing.body) == (404, nothing.body)
    assert await site.node.db.value("SELECT COUNT(*) FROM poll_vote") == 0
    await site.follow(bob, "ada")
    assert (await vote(bob, poll, 0)).status == 200


async def test_hidden_figures_are_shown_at_the_end(site: Site, clock: FakeClock) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    poll = (await ask_poll(ada, hide_totals=True))["poll"]
    voted = (await vote(bob, poll, 1)).json
    assert [option["votes_count"] for option in voted["options"]] == [None] * 3
    clock.advance(3600)
    seen = (await ada.get(f"/api/v1/polls/{poll['id']}")).json
    assert [option["votes_count"] for option in seen["options"]] == [0, 1, 0]


async def test_voters_and_author_are_told_once_of_the_end(site: Site, clock: FakeClock) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.person("carol")
    made = await ask_poll(ada)
    await vote(bob, made["poll"], 1)
    assert await polls_once(site.node) == 1, "figures are due"
    assert await polls_once(site.node) == 0
    clock.advance(3600)
    await polls_once(site.node)
    await polls_once(site.node)
    rows = await site.node.db.rows(
        "SELECT recipient_id, from_actor_id, status_id FROM notification WHERE type = 'poll'"
        " ORDER BY recipient_id"
    )
    author, voter = site.people["ada"]["id"], site.people["bob"]["id"]
    about = int(made["id"])
    assert [tuple(row) for row in rows] == [(author, author, about), (voter, author, about)]
    told = (await bob.get("/api/v1/notifications?types[]=poll")).json
    assert [item["status"]["poll"]["expired"] for item in told] == [True]


async def test_the_end_of_an_old_poll_is_no_news(site: Site, clock: FakeClock) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    made = await ask_poll(ada)
    await vote(bob, made["poll"], 1)
    clock.advance(3 * 86_400)
    await polls_once(site.node)
    sql = "SELECT COUNT(*) FROM notification WHERE type = 'poll'"
    assert await site.node.db.value(sql) == 0
    assert await site.node.db.value("SELECT COUNT(*) FROM poll WHERE ended_at IS NULL") == 0


async def test_only_who_sees_a_poll_elsewhere_has_it_looked_at(
    site: Site, clock: FakeClock
) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    # As if it had come from elsewhere, for bob and whom he names.
    made = await ask_poll(bob, "direct")

    async def far_away(tx: Transaction) -> int:
        return await tx.execute(
            "UPDATE status SET is_local = ? WHERE id = ?", False, int(made["id"])
        )

    await site.node.db.write(far_away)
    path = f"/api/v1/polls/{made['poll']['id']}"

    async def is_due() -> bool:
        return await site.node.db.value("SELECT refresh_due_at FROM poll") is not None

    async def done(tx: Transaction) -> int:
        return await tx.execute("UPDATE poll SET refresh_due_at = NULL")

    assert (await ada.get(path)).status == 404
    application = site.client(await site.token(None, "read"))
    assert (await application.get(path)).status in (401, 403, 404, 422)
    assert not await is_due()
    assert (await bob.get(path)).status == 200
    assert await is_due()
    await site.node.db.write(done)
    # Once a minute at most, and not at all once its last figures came.
    clock.advance(59)
    assert (await bob.get(path)).status == 200
    assert not await is_due()
    for seconds, due in ((1, True), (3_600, True), (60, False)):
        clock.advance(seconds)
        assert (await bob.get(path)).status == 200
        assert await is_due() is due
        await site.node.db.write(done)


async def test_a_poll_of_this_site_is_asked_of_nobody(site: Site) -> None:
    ada = await site.person("ada")
    made = await ask_poll(ada)
    assert (await ada.get(f"/api/v1/polls/{made['poll']['id']}")).status == 200
    assert await site.node.db.value("SELECT refreshed_at FROM poll") is None
