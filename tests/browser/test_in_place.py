"""Buttons that do not leave the page, in a real browser: what changes, and what stays as it was."""

import asyncio
import json

import pytest

from actors.queries import account_of_actor
from outbox import statuses as outbox
from outbox.drafts import Draft
from outbox.scheduled import schedule
from tests.browser.chromium import ANSWER_S, Page, network
from tests.browser.small_world import World, small_world
from tests.browser.test_authorize import sign_in
from tests.serving import Running

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


async def becomes(page: Page, script: str) -> None:
    """Wait until a script says so; what it looks at may be drawn anew meanwhile."""
    async with asyncio.timeout(ANSWER_S):
        while not await page.run(f"Boolean({script})"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def there(selector: str) -> str:
    return f"document.querySelector({json.dumps(selector)})"


def button(words: str) -> str:
    """The button that does this."""
    return there(f"[value^='{words}']")


async def thanked(world: World) -> int:
    """How often Ada thanked."""
    sql = "SELECT COUNT(*) FROM favourite WHERE actor_id = ?"
    return await world.running.node.db.value(sql, world.people["ada"]["id"])


async def opened(named: Running, page: Page, path: str) -> World:
    """Ada has opened a page, which would no longer be marked if it were loaded again."""
    world = await small_world(named)
    await page.go(f"{named.origin}/?lang=en")
    await sign_in(page)
    await page.go(named.origin + path.format(**{k: v["id"] for k, v in world.statuses.items()}))
    await page.run("window.stays = true")
    return world


async def stayed(page: Page) -> bool:
    return bool(await page.run("window.stays === true"))


async def test_thanking_changes_its_button_and_nothing_else(named: Running, page: Page) -> None:
    world = await opened(named, page, "/@driss/{answer}")
    number, before = world.statuses["answer"]["id"], await thanked(world)
    await page.write("#status", "Une réponse commencée")
    await page.run(f"{there(f'#s{number} details.more')}.open = true")
    thank = f"[value='thank {number}']"
    pages = await page.run("history.length")
    await page.run(f"{there(thank)}.focus()")
    height = await page.run("scrollY")
    await page.press("Enter")
    # The button is the same one, has the focus, and says that it is pressed.
    pressed = f"#s{number} [value='unthank {number}'][aria-pressed=true]"
    await becomes(page, f"{there(pressed)} === document.activeElement")
    assert await thanked(world) == before + 1
    assert await stayed(page)
    assert await page.run("history.length") == pages
    assert await page.path() == f"/@driss/{number}"
    assert await page.run(f"{there('#status')}.value") == "Une réponse commencée"
    assert await page.run(f"{there(f'#s{number} details.more')}.open")
    assert await page.run("scrollY") == height
    await page.press("Enter")
    await becomes(page, f"{there(thank)}?.ariaPressed === 'false'")
    assert await thanked(world) == before
    assert page.troubles == []


async def test_a_vote_shows_the_figures_and_the_keyboard_goes_on_from_there(
    named: Running, page: Page
) -> None:
    world = await opened(named, page, "/")
    number = world.statuses["poll"]["id"]
    await page.run(f"{there(f'#s{number} [type=radio]')}.checked = true")
    await page.run(f"{there(f'#s{number} [value^=vote]')}.focus()")
    await page.press("Enter")
    await becomes(page, there(f"#s{number} progress"))
    await page.focused(f"s{number}")
    assert await stayed(page)
    assert page.troubles == []


async def test_following_and_a_tag_stay_on_their_pages(named: Running, page: Page) -> None:
    world = await opened(named, page, "/@yannick")
    number = world.people["yannick"]["id"]
    await page.run(f"{button(f'unfollow {number}')}.click()")
    await becomes(page, there(f"#p{number} [value='follow {number}']"))
    assert await stayed(page)
    await page.go(f"{named.origin}/tags/jardin")
    await page.run("window.stays = true")
    await page.run(f"{button('follow-tag')}.click()")
    await becomes(page, there("#tag [value^=unfollow-tag]"))
    assert await stayed(page)
    assert page.troubles == []


async def test_what_leads_elsewhere_or_fails_takes_the_place_of_the_page(
    named: Running, page: Page
) -> None:
    world = await opened(named, page, "/")
    number, before = world.statuses["asked"]["id"], await thanked(world)
    await page.go(f"{named.origin}/@ada/{number}")
    # Taking back is asked a second time, on a page of its own.
    await page.run(f"{button(f'delete {number}')}.click()")
    await becomes(page, there("form input[name=sure], form button[name=sure]"))
    assert await page.run("document.activeElement.localName") == "main"
    # Of what is gone meanwhile, the page of the error is shown, with its title.
    yannick = world.people["yannick"]
    post = next(row for row in world.statuses.values() if row["actor_id"] == yannick["id"])
    number = post["id"]
    await page.go(f"{named.origin}/@yannick/{number}")
    await outbox.delete(named.node, yannick, post)
    await page.run(f"{button(f'thank {number}')}.click()")
    await becomes(page, "!document.querySelector('article')")
    assert await thanked(world) == before
    assert "not" in await page.run("document.title")


async def test_an_ended_session_asks_to_sign_in_and_does_nothing(
    named: Running, page: Page
) -> None:
    world = await opened(named, page, "/@driss/{answer}")
    number, before = world.statuses["answer"]["id"], await thanked(world)
    await named.node.db.write(lambda tx: tx.execute("DELETE FROM session"))
    await page.run(f"{button(f'thank {number}')}.click()")
    await becomes(page, there("#password"))
    assert await thanked(world) == before
    await sign_in(page)
    assert await thanked(world) == before


async def test_what_leaves_a_list_or_begins_a_letter_loads_its_page(
    named: Running, page: Page
) -> None:
    world = await opened(named, page, "/@driss/{answer}")
    number = world.statuses["answer"]["id"]
    await page.run(f"{button(f'keep {number}')}.click()")
    await becomes(page, there(f"[value='unkeep {number}']"))
    await page.go(f"{named.origin}/bookmarks")
    await page.run("window.stays = true")
    await page.run(f"{button(f'unkeep {number}')}.click()")
    # Loaded again: the mark has gone with what was there.
    await becomes(page, f"!window.stays && {there('main')} && !{there(f'#s{number}')}")
    assert await page.path() == "/bookmarks"
    account = await account_of_actor(named.node.db, world.people["ada"]["id"])
    assert account is not None
    node, ada = named.node, world.people["ada"]
    await schedule(node, ada, account["id"], Draft("Plus tard.", "local"), node.clock() + 3_600_000)
    await page.go(f"{named.origin}/scheduled")
    await page.run(f"{button('take-back')}.click()")
    await becomes(page, f"location.pathname === '/write' && {there('#status')}?.value")
    assert await page.run(f"{there('#status')}.value") == "Plus tard."
    assert page.troubles == []


async def test_without_a_network_the_button_says_so_and_can_be_pressed_again(
    named: Running, page: Page
) -> None:
    world = await opened(named, page, "/@driss/{answer}")
    number = world.statuses["answer"]["id"]
    await network(page.tell, off=True)
    await page.run(f"{button(f'thank {number}')}.click()")
    await becomes(page, there("article.here [role=alert]"))
    assert "network" in await page.run(f"{there('article.here [role=alert]')}.textContent")
    await network(page.tell, off=False)
    await page.run(f"{button(f'thank {number}')}.click()")
    await becomes(page, there(f"[value='unthank {number}']"))
    assert await page.run(f"{there('[role=alert]')} === null")
    assert await stayed(page)
