"""Films and sounds on our pages, by the keyboard alone and by name, in a real browser."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from outbox.media_loop import media_once
from outbox.uploads import About, take_in
from tests.browser.chromium import TABS_MAX, Page
from tests.browser.small_world import World, small_world
from tests.browser.test_authorize import sign_in
from tests.serving import Running
from tests.web.mastodon.files import film, sound

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.needs("ffmpeg"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

PLAYER = "document.querySelector('article.here {}')"
# As assistive software is told of what has the focus.
NAMED = "Accessibility.getPartialAXTree"


async def _posted(world: World, folder: Path, kind: str, described: str) -> str:
    """The page of a post with a film or a sound."""
    node, file = world.running.node, folder / kind
    file.write_bytes(film() if kind == "video" else sound())
    about = About(described or None, None, kind)
    row = await take_in(node, world.people["ada"]["id"], file, about, at_once=False)
    await media_once(node)
    post = await world.write("ada", f"Un {kind}", media_ids=(row["id"],))
    return f"{world.running.origin}/@ada/{post['id']}"


async def _becomes(page: Page, player: str, state: str) -> None:
    """Wait until the player is so, as it says itself."""
    events = "['play', 'pause', 'volumechange']"
    await page.run(f"""new Promise((done, fail) => {{
      const look = () => {player}.{state} && done();
      {events}.forEach((one) => {player}.addEventListener(one, look));
      setTimeout(() => fail(new Error('not so: {state}')), 10000); look(); }})""")


async def _name(page: Page, player: str) -> str:
    found = await page.tell("Runtime.evaluate", expression=player)
    tree = await page.tell(NAMED, objectId=found["result"]["objectId"], fetchRelatives=False)
    return tree["nodes"][0]["name"]["value"]


@pytest.mark.parametrize("kind", ["video", "audio"])
async def test_a_player_is_led_by_the_keyboard_and_has_a_name(
    named: Running, page: Page, tmp_path: Path, kind: str
) -> None:
    world, player = await small_world(named), PLAYER.format(kind)
    described = await _posted(world, tmp_path, kind, "La chorale répète au salon.")
    bare = await _posted(world, tmp_path, kind, "")
    await page.go(f"{named.origin}/sign-in?lang=fr")
    await sign_in(page)
    for url, name in (
        (bare, {"video": "Film sans description", "audio": "Son sans description"}[kind]),
        (described, "La chorale répète au salon."),
    ):
        await page.go(url)
        assert await _name(page, player) == name
        assert await page.run(f"{player}.controls && {player}.paused && !{player}.autoplay")
    # One second is soon over.
    await page.run(f"{player}.loop = true")
    await page.reach(f"article.here {kind}")
    await page.press("Space")
    await _becomes(page, player, "paused === false")
    await page.press("Space")
    await _becomes(page, player, "paused === true")
    # Tab goes on through its buttons; one of them silences it.
    for _ in range(TABS_MAX):
        await page.press("Tab")
        assert await page.run(f"document.activeElement === {player}"), "no button silences it"
        was: Any = await page.run(f"[{player}.paused, {player}.currentTime]")
        await page.press("Space")
        await asyncio.sleep(0.2)
        if await page.run(f"{player}.muted"):
            break
        if await page.run(f"{player}.paused") != was[0]:
            await page.press("Space")
    await page.press("Space")
    await _becomes(page, player, "muted === false")
    # And out of it again.
    for _ in range(TABS_MAX):
        await page.press("Tab")
        if not await page.run(f"document.activeElement === {player}"):
            return
    raise AssertionError("the keyboard does not come out of the player")
