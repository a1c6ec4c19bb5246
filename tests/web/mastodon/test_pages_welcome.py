"""The first ten minutes: three steps that can each be passed, and nothing ticked before."""

import re
from typing import Any

import pytest

from actors import invitations, newcomers
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import PASSWORD, Site
from tests.web.mastodon.members import browser_of, token_of
from tests.web.mastodon.test_pages_reading import said

PATH = "/welcome"


async def invited(site: Site, language: str = "fr") -> Client:
    """Maëlle, whom Fatima invited; Fatima follows Driss; Yannick is of the site too."""
    fatima = await site.person("fatima", display_name="Fatima Benali")
    for name in ("driss", "yannick", "zoe"):
        await site.person(name)
    await site.follow(fatima, "driss")
    code = await site.node.db.write(
        lambda tx: invitations.invite(
            site.node, tx, role="member", uses=1, days=1, made_by_id=int(site.id_of("fatima"))
        )
    )
    site.people["maelle"] = await newcomers.join(
        site.node, code, name="Maëlle", username="maelle", password=PASSWORD, locale=language,
        agrees=True,
    )  # fmt: skip
    return await browser_of(site, "maelle", language)


async def send(browser: Client, step: int, **fields: Any):  # noqa: ANN201
    page = await browser.get(f"{PATH}?step={step}")
    form = {"form_token": token_of(page), "step": str(step), **fields}
    return await browser.post(PATH, form=form)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_three_people_each_with_a_reason_and_none_ticked(site: Site, language: str) -> None:
    browser = await invited(site, language)
    page = await browser.get(PATH)
    assert ("Étape 1 sur 3" if language == "fr" else "Step 1 of 3") in page.text
    assert "checked" not in page.text
    offered = re.findall(r'name="people\[\]" value="(\d+)"', page.text)
    assert offered[:2] == [site.id_of("fatima"), site.id_of("driss")]
    assert len(offered) == 3
    assert ("Vous a invité ici." if language == "fr" else "Invited you here.") in page.text
    assert "Fatima Benali" in page.text
    assert f'href="{PATH}?step=2"' in page.text
    assert (await site.client().get(PATH)).headers["location"].startswith("/sign-in")


async def test_what_is_chosen_is_followed_and_nothing_else(site: Site) -> None:
    browser = await invited(site)
    page = await browser.get(PATH)
    offered = re.findall(r'name="people\[\]" value="(\d+)"', page.text)
    other = next(site.id_of(name) for name in ("yannick", "zoe") if site.id_of(name) not in offered)
    done = await send(browser, 1, **{"people[]": [site.id_of("driss"), other, "1", "x"]})
    assert (done.status, done.headers["location"]) == (303, f"{PATH}?step=2")
    await site.settle()
    maelle = await site.person("maelle")
    followed = (await maelle.get(f"/api/v1/accounts/{site.id_of('maelle')}/following")).json
    assert [one["username"] for one in followed] == ["driss"]
    foreign = await browser.post(PATH, form={"form_token": "x", "step": "1"})
    assert foreign.status == 403
    token = token_of(await browser.get(PATH))
    nobody = await site.client().post(PATH, form={"form_token": token, "step": "3", "status": "x"})
    assert nobody.status in (303, 403)
    for step in ("0", "4", "x"):
        assert (await browser.get(PATH, step=step)).status in (200, 422), step


async def test_a_tag_that_can_be_read_is_offered_and_followed(site: Site) -> None:
    browser = await invited(site)
    assert "Aucun sujet pour l’instant" in (await browser.get(f"{PATH}?step=2")).text
    driss = await site.person("driss")
    await said(driss, "voici du #jardin", "local")
    await said(driss, "entre nous #secret", "direct")
    page = await browser.get(f"{PATH}?step=2")
    assert 'value="tag jardin"' in page.text
    assert "secret" not in page.text
    assert "checked" not in page.text
    assert (await send(browser, 2, thing="tag secret")).status == 303
    assert (await send(browser, 2, thing="nonsense")).status == 303
    maelle = await site.person("maelle")
    assert (await maelle.get("/api/v1/followed_tags")).json == []
    assert (await send(browser, 2, thing="tag jardin")).headers["location"] == f"{PATH}?step=3"
    assert [tag["name"] for tag in (await maelle.get("/api/v1/followed_tags")).json] == ["jardin"]


async def test_one_hello_goes_to_the_site_once(site: Site) -> None:
    browser = await invited(site)
    page = await browser.get(f"{PATH}?step=3")
    assert "<textarea" in page.text
    assert re.search(r"<textarea[^>]*>\s*</textarea>", page.text)
    key = re.search(r'name="key" value="([^"]+)"', page.text)
    assert key is not None
    empty = await send(browser, 3, status=" ", key=key[1])
    assert empty.status == 422
    assert 'id="status-err"' in empty.text
    long = await send(browser, 3, status="x" * 60_000, key=key[1])
    assert long.status in (413, 422)
    for _ in range(2):
        done = await send(browser, 3, status="Bonjour à tous", key=key[1])
        assert (done.status, done.headers["location"]) == (303, "/")
    driss = await site.person("driss")
    found = (await driss.get("/api/v1/timelines/public", local="true")).json
    assert [one["content"] for one in found] == ["<p>Bonjour à tous</p>"]
    assert await site.node.db.value("SELECT audience_kind FROM status") == "site"
