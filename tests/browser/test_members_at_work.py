"""Members at work in a real browser: without a script, and by the keyboard alone."""

from pathlib import Path

import pytest
from PIL import Image

from tests.browser.chromium import Page
from tests.browser.small_world import World, small_world
from tests.browser.test_authorize import sign_in
from tests.serving import Running

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


async def newest(world: World) -> tuple[str, str, int | None]:
    """Text, audience and parent of what was written last."""
    row = await world.running.node.db.row("SELECT * FROM status ORDER BY id DESC LIMIT 1")
    assert row is not None
    return row["text"], row["audience_kind"], row["in_reply_to_id"]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", [360, 1280])
async def test_without_a_script_one_reads_writes_answers_and_follows(
    named: Running, page: Page, language: str, width: int
) -> None:
    world = await small_world(named)
    await page.tell("Emulation.setScriptExecutionDisabled", value=True)
    await page.size(width, 800)
    await page.go(f"{named.origin}/?lang={language}")
    await sign_in(page)
    assert await page.path() == "/"
    assert "Les bacs surélevés" in await page.text()
    # Write, for another circle than the usual one: the button says so.
    await page.follow("a[href='/write']")
    await page.write("#status", "Bonjour à toutes et à tous.")
    await page.reach("#v-local")
    await page.press("ArrowUp")
    said = await page.run("document.querySelector('.row > .btn').innerText")
    assert said in ("Publier pour mes abonnés", "Publish to my followers")
    await page.follow(".row > .btn[value=publish]")
    assert await newest(world) == ("Bonjour à toutes et à tous.", "followers", None)
    assert "Bonjour à toutes et à tous." in await page.text()
    # Answer, in the circle of what is answered.
    answer = world.statuses["answer"]
    await page.go(f"{named.origin}/@driss/{answer['id']}")
    await page.write("#status", "Je veux bien la fiche.")
    await page.follow("#answer .btn")
    assert await newest(world) == ("Je veux bien la fiche.", "site", answer["id"])
    # Thank, and be where one was.
    await page.go(f"{named.origin}/@driss/{answer['id']}")
    await page.follow(f"[value='thank {answer['id']}']")
    thanked = f"[value='unthank {answer['id']}'][aria-pressed=true]"
    assert await page.run(f'document.querySelector("{thanked}") !== null')
    # Vote, and see the figures.
    poll = world.statuses["poll"]
    await page.go(f"{named.origin}/@elodie/{poll['id']}")
    await page.reach("[name=choice]")
    await page.press("ArrowDown")
    await page.follow(f"[value='vote {poll['id']}']")
    assert await page.run("document.querySelectorAll('.bars progress').length") == 3
    # Follow no longer, and again.
    await page.go(f"{named.origin}/@yannick")
    actor_id = world.people["yannick"]["id"]
    await page.follow(f"[value='unfollow {actor_id}']")
    await page.follow(f"[value='follow {actor_id}']")
    assert await page.path() == "/@yannick"
    assert page.troubles == []


async def test_a_picture_is_attached_described_and_published(
    named: Running, page: Page, tmp_path: Path
) -> None:
    world = await small_world(named)
    Image.new("RGB", (320, 200), "#4b8b5a").save(tmp_path / "terrasse.png")
    await page.go(f"{named.origin}/write?lang=fr")
    await sign_in(page)
    await page.write("#status", "La terrasse ce matin.")
    await page.reach(".extras summary")
    await page.press("Enter")
    root = await page.tell("DOM.getDocument")
    found = await page.tell("DOM.querySelector", nodeId=root["root"]["nodeId"], selector="#file")
    await page.tell("DOM.setFileInputFiles", files=[str(tmp_path / "terrasse.png")], **found)
    await page.follow("[value=attach]:not(.vh)")
    assert await page.run("document.querySelector('.thumb').naturalWidth") > 0
    await page.follow(".row > .btn[value=publish]")
    await page.focused("problem")
    await page.write("input[name^=alt]", "La terrasse au soleil")
    await page.follow(".row > .btn[value=publish]")
    assert (await newest(world))[0] == "La terrasse ce matin."
    shown = "document.querySelector('main figure img')"
    assert await page.run(f"{shown}.alt") == "La terrasse au soleil"
    assert await page.run(f"{shown}.decode().then(() => {shown}.naturalWidth)") > 0
    assert [one for one in page.troubles if "422" not in one] == []


async def test_the_way_to_the_content_is_short(named: Running, page: Page) -> None:
    await small_world(named)
    await page.go(f"{named.origin}/")
    await sign_in(page)
    await page.press("Tab")
    assert await page.run("document.activeElement.className") == "skip"
    await page.press("Enter")
    await page.focused("contenu")
    await page.reach(".tabs a[href='/?view=site']")
    await page.follow(".more > summary ~ ul button, .who a")
    assert (await page.path()).startswith("/@")
