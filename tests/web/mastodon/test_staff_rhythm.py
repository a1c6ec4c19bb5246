"""The site's rhythm: what is shown of a week, and that nobody can be seen through it."""

import re
from collections.abc import Sequence

from federation.database import Transaction
from inbox.figures import WEEK_MS, week_of
from inbox.rhythm import HOUR_MS, WEEKS, Week, rhythm
from tests.conftest import FakeClock
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of
from tests.web.mastodon.staff import staff
from web.pages.staff.rhythm import bars

PATH = "/staff/rhythm"


async def say(site: Site, by: str, at_ms: int, *, to: int | None = None, kind: str = "site") -> int:
    """Something that somebody said at a moment; returns its id."""
    number = (at_ms << 16) | (site.node.ids.next() & 0xFFFF)
    uri = f"{site.node.origin}/notes/{number}"

    async def work(tx: Transaction) -> None:
        parent = None
        if to is not None:
            parent = await tx.row("SELECT id, uri, actor_id FROM status WHERE id = ?", to)
        await tx.execute(
            "INSERT INTO status (id, uri, actor_id, audience_id, audience_kind, is_local, type,"
            " content_html, in_reply_to_id, in_reply_to_uri, in_reply_to_actor_id, thread_root_id,"
            " published_at) SELECT ?, ?, a.id, (SELECT MIN(id) FROM audience), ?, a.is_local,"
            " 'Note', 'x', ?, ?, ?, ?, ? FROM actor a WHERE a.id = ?",
            number,
            uri,
            kind,
            parent["id"] if parent else None,
            parent["uri"] if parent else None,
            parent["actor_id"] if parent else None,
            to or number,
            at_ms,
            int(site.id_of(by)),
        )

    await site.node.db.write(work)
    return number


async def crowd(site: Site, count: int = 6) -> list[str]:
    names = [f"p{number}" for number in range(count)]
    for name in names:
        await site.person(name)
    await site.client(await site.token(names[0], "write")).post(
        "/api/v1/statuses", {"status": "un", "visibility": "private"}
    )
    return names


async def elsewhere(site: Site, names: Sequence[str]) -> None:
    """Make these people of another site."""

    async def work(tx: Transaction) -> None:
        for name in names:
            await tx.execute(
                "UPDATE actor SET is_local = ? WHERE id = ?", False, int(site.id_of(name))
            )

    await site.node.db.write(work)


async def test_a_week_shows_what_five_people_did(site: Site, clock: FakeClock) -> None:
    names = await crowd(site, 12)
    here, there = names[:6], names[6:]
    await elsewhere(site, there)
    monday = week_of(clock()) + WEEK_MS
    clock.advance(15 * 7 * 86_400)
    posts = [await say(site, name, monday + HOUR_MS) for name in here]
    for place, name in enumerate(here):
        await say(site, name, monday + HOUR_MS + 60_000, to=posts[place - 1])
        # What one adds to one's own is no answer.
        await say(site, name, monday + HOUR_MS + 1_000, to=posts[place])
    for place, name in enumerate(there):
        await say(site, name, monday + 9 * HOUR_MS, to=posts[place], kind="partners")
    # Neither what is for followers nor what strangers say among themselves is counted.
    for name in here:
        await say(site, name, monday + HOUR_MS, kind="followers")
    for name in there:
        await say(site, name, monday + HOUR_MS, kind="public")
    later = monday + WEEK_MS
    for name in here[:4]:
        await say(site, name, later)
    clock.advance(-3 * 7 * 86_400)
    found = await rhythm(site.node.db, clock())
    assert len(found.weeks) == WEEKS
    cells = {week.monday: week.cells for week in found.weeks}
    assert cells[monday] == {"posts": 6, "replies": 6, "between": 6}
    assert cells[later] == {"posts": None, "replies": 0, "between": 0}
    assert cells[later + WEEK_MS] == {"posts": 0, "replies": 0, "between": 0}
    assert (found.between_percent, found.usual_answer) == (50, "hour")
    assert (found.answers, found.lively_weeks) == ({"hour": 6}, 1)


async def test_what_would_tell_of_few_takes_its_neighbour_with_it(
    site: Site, clock: FakeClock
) -> None:
    names = await crowd(site)
    monday = week_of(clock())
    posts = [await say(site, name, monday) for name in names]
    # Four of six replied: with them shown, and the posts, nothing more could be told apart.
    for name in names[:4]:
        await say(site, name, monday + 50 * HOUR_MS, to=posts[5])
    clock.advance(8 * 86_400)
    found = await rhythm(site.node.db, clock())
    week = next(week for week in found.weeks if week.monday == monday)
    assert week.cells["replies"] is None
    assert week.cells["posts"] is None
    # One post of six was answered: the one who wrote it is not shown by what is left.
    assert (found.answers, found.usual_answer) == ({}, None)


def test_bars_keep_to_the_drawing() -> None:
    weeks = [
        Week(0, {"posts": 3, "replies": 4, "between": 3}),
        Week(1, {"posts": None, "replies": 0, "between": None}),
        Week(2, {"posts": 0, "replies": 0, "between": 0}),
    ]
    drawn = bars(weeks)
    assert [bar.kind for bar in drawn] == ["ba", "bb", "bx"]
    assert all(bar.y >= 18 and bar.y + bar.height <= 120 for bar in drawn)


async def test_the_page_and_its_file_say_the_same(site: Site, clock: FakeClock) -> None:
    names = await crowd(site)
    await site.person("tom", role="technical")
    monday = week_of(clock())
    for name in names:
        await say(site, name, monday)
    voice = await staff(site, "communication")
    for sent in ({"text": "Dehors", "essential_reason": "Feu"}, {"text": "Repas commun"}):
        assert (await voice.post("/api/v1/admin/announcements", sent)).status == 200
    browser = await browser_of(site, "tom")
    early = await browser.get(PATH)
    assert "Rien à montrer" in early.text
    clock.advance(8 * 86_400)
    browser = await browser_of(site, "tom")
    page = await browser.get(PATH)
    assert "une semaine sur 12" in page.text
    cells = re.findall(r'<td data-l="[^"]+">([^<]*)</td>', page.text)
    assert cells[-3:] == ["6", "0", "0"]
    assert "one week of 12" in (await browser.get(f"{PATH}?lang=en")).text
    file = await browser.get(f"{PATH}.csv")
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert ";6;0;0" in file.text
    assert "in three months;1\r\n" in file.text
    assert 'en trois mois</dt><dd class="num">1</dd>' in page.text
    assert not any(name in page.text + file.text for name in names)
    await site.person("ada")
    member = await browser_of(site, "ada")
    for path in (PATH, f"{PATH}.csv"):
        assert (await member.get(path)).status == 403
