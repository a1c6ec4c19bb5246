"""A person's own pages: lists, tags, filters, people, private messages, and the views of home."""

import re

import pytest

from actors import domain_blocks
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of, press, token_of
from tests.web.mastodon.test_pages_reading import said

OWN = (
    "/drafts", "/scheduled", "/favourites", "/following", "/followers", "/requests", "/blocks",
    "/tags", "/conversations", "/lists", "/filters", "/filters/new",
)  # fmt: skip
FORMS = ("/lists", "/tags", "/filters/new", "/scheduled")


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_page_is_there_empty_and_for_members_alone(site: Site, language: str) -> None:
    await site.person("ada")
    browser, nobody = await browser_of(site, "ada", language), site.client(language=language)
    for path in OWN:
        page = await browser.get(path)
        assert page.status == 200, path
        assert f'<html lang="{language}">' in page.text
        asked = await nobody.get(path)
        assert (asked.status, asked.headers["location"].split("?")[0]) == (303, "/sign-in")
        assert (await nobody.get(asked.headers["location"])).status == 200
    for path in FORMS:
        assert (await browser.post(path, form={"form_token": "x"})).status == 403
        token = token_of(await browser.get("/write"))
        assert (await nobody.post(path, form={"form_token": token})).status in (303, 403)


async def test_a_list_is_made_filled_read_and_set_up(site: Site) -> None:
    bob, ada = await site.person("bob"), await site.person("ada")
    await site.person("eve")
    await site.follow(ada, "bob")
    await said(bob, "du jardin")
    browser, other = await browser_of(site, "ada"), await browser_of(site, "eve")
    form = {"form_token": token_of(await browser.get("/lists")), "title": " "}
    empty = await browser.post("/lists", form=form)
    assert empty.status == 422
    assert 'id="title-err"' in empty.text
    long = await browser.post("/lists", form=form | {"title": "x" * 300})
    assert "x" * 300 in long.text
    made = await browser.post("/lists", form=form | {"title": "L’étage"})
    path = made.headers["location"]
    assert "L’étage" in (await browser.get("/lists")).text
    page = await browser.get(path)
    assert 'value="@bob"' in page.text
    assert "du jardin" not in page.text
    form = {"form_token": token_of(page), "do": "add"}
    for name in ("@eve", "", "@nobody@elsewhere.example"):
        wrong = await browser.post(path, form=form | {"acct": name})
        assert wrong.status == 422, name
        assert 'id="acct-err"' in wrong.text
        assert f'value="{name}"' in wrong.text
    assert (await browser.post(path, form=form | {"acct": "@bob"})).status == 303
    assert (await browser.post(path, form=form | {"acct": "bob"})).status == 422
    assert "du jardin" in (await browser.get(path)).text
    assert "du jardin" in (await browser.get("/")).text
    saved = {"do": "save", "title": "Étage 2", "exclusive": "1", "replies_policy": "none"}
    assert (await browser.post(path, form=form | saved)).status == 303
    assert "du jardin" not in (await browser.get("/")).text
    foreign = {"form_token": token_of(await other.get("/lists"))}
    assert (await other.get(path)).status == 404
    for do in ("delete", "save", "add", f"remove {site.id_of('bob')}"):
        assert (await other.post(path, form=foreign | {"do": do, "title": "x"})).status == 404
    remove = f"remove {site.id_of('bob')}"
    assert (await browser.post(path, form=form | {"do": remove})).status == 303
    assert "du jardin" not in (await browser.get(path)).text
    assert (await browser.post(path, form=form | {"do": "delete"})).status == 303
    assert (await browser.get(path)).status == 404


async def test_a_filter_folds_hides_changes_and_goes(site: Site) -> None:
    bob, ada = await site.person("bob"), await site.person("ada")
    await site.person("eve")
    await site.follow(ada, "bob")
    await said(bob, "le grand match de ce soir")
    browser, other = await browser_of(site, "ada"), await browser_of(site, "eve")
    form = {"form_token": token_of(await browser.get("/filters/new")), "action": "warn"}
    wrong = await browser.post("/filters/new", form=form | {"word[n1]": "match"})
    assert wrong.status == 422
    for place in ("title", "context"):
        assert f'id="{place}-err"' in wrong.text
    assert 'value="match"' in wrong.text
    given = form | {"title": "Le sport", "context[]": "home", "word[n1]": "match", "lasts": "86400"}
    no_word = await browser.post("/filters/new", form=given | {"word[n1]": ""})
    assert 'id="words-err"' in no_word.text
    long = await browser.post("/filters/new", form=given | {"word[n1]": "x" * 600})
    assert (long.status, 'id="words-err"' in long.text) == (422, True)
    assert (await browser.post("/filters/new", form=given)).status == 303
    page = await browser.get("/")
    assert re.search(r"Filtre.*Le sport.*le grand match", page.text, re.DOTALL)
    listed = await browser.get("/filters")
    found = re.search(r'href="(/filters/\d+)"', listed.text)
    assert found is not None
    path = found[1]
    shown = await browser.get(path)
    assert "Fin" in shown.text
    word = re.search(r'name="word\[(\d+)\]" value="match"', shown.text)
    assert word is not None
    change = given | {f"word[{word[1]}]": "match", "word[n1]": "", "action": "hide"}
    theirs = change | {"form_token": token_of(await other.get("/filters/new"))}
    assert (await other.get(path)).status == 404
    assert (await other.post(path, form=theirs)).status == 404
    assert (await other.post(path, form=theirs | {"do": "delete"})).status == 404
    assert (await browser.post(path, form=change | {"lasts": "keep"})).status == 303
    assert "le grand match" not in (await browser.get("/")).text
    assert (await browser.post(path, form=change | {"do": "delete"})).status == 303
    assert "le grand match" in (await browser.get("/")).text


async def test_tags_are_followed_by_name(site: Site) -> None:
    bob = await site.person("bob")
    await site.person("ada")
    await said(bob, "voici du #jardin")
    browser = await browser_of(site, "ada")
    form = {"form_token": token_of(await browser.get("/tags")), "name": "deux mots"}
    wrong = await browser.post("/tags", form=form)
    assert wrong.status == 422
    assert 'value="deux mots"' in wrong.text
    assert (await browser.post("/tags", form=form | {"name": "#jardin"})).status == 303
    assert "voici du" in (await browser.get("/")).text
    await press(browser, "/tags", "unfollow-tag jardin")
    assert "voici du" not in (await browser.get("/")).text


async def test_people_are_found_where_they_belong(site: Site) -> None:
    bob, ada = await site.person("bob"), await site.person("ada")
    await site.follow(ada, "bob")
    browser, other = await browser_of(site, "ada"), await browser_of(site, "bob")
    bob_id, ada_id = site.id_of("bob"), site.id_of("ada")
    assert f'value="unfollow {bob_id}"' in (await browser.get("/following")).text
    assert f'value="reject {ada_id}"' in (await other.get("/followers")).text
    seen = await browser.get("/@bob/followers")
    assert 'href="/@ada"' in seen.text
    assert f"reject {ada_id}" not in seen.text
    await bob.ask("PATCH", "/api/v1/accounts/update_credentials", json={"hide_collections": True})
    assert '<a class="name" href="/@ada">' not in (await browser.get("/@bob/followers")).text
    await press(other, "/followers", f"reject {ada_id}")
    await site.settle()
    assert f'value="unfollow {bob_id}"' not in (await browser.get("/following")).text
    await press(browser, "/@bob", f"mute {bob_id}")
    assert f'value="unmute {bob_id}"' in (await browser.get("/blocks")).text
    await press(browser, "/blocks", f"unmute {bob_id}")
    await press(browser, "/@bob", f"block {bob_id}")
    await press(browser, "/blocks", f"unblock {bob_id}")
    await site.node.db.write(
        lambda tx: domain_blocks.add(site.node, tx, int(ada_id), "bad.example")
    )
    await press(browser, "/blocks", "unblock-domain bad.example")
    assert "bad.example" not in (await browser.get("/blocks")).text


async def test_a_bell_for_one_person(site: Site) -> None:
    bob, ada = await site.person("bob"), await site.person("ada")
    browser = await browser_of(site, "ada")
    form = {"form_token": token_of(await browser.get("/")), "do": f"bell {site.id_of('bob')}"}
    assert (await browser.post("/act", form=form)).status == 404
    await site.follow(ada, "bob")
    await press(browser, "/@bob", f"bell {site.id_of('bob')}")
    await said(bob, "une nouvelle")
    await site.settle()
    assert "a publié un message" in (await browser.get("/notifications")).text
    await press(browser, "/@bob", f"unbell {site.id_of('bob')}")
    assert "M’avertir" in (await browser.get("/@bob")).text


async def test_private_messages_are_opened_read_and_put_away(site: Site) -> None:
    bob = await site.person("bob")
    await site.person("ada")
    await site.person("eve")
    made = await said(bob, "@ada en privé", "direct")
    await site.settle()
    browser, other = await browser_of(site, "ada"), await browser_of(site, "eve")
    page = await browser.get("/conversations")
    assert ">Nouveau<" in page.text
    found = re.search(r'href="(/conversations/\d+)"', page.text)
    assert found is not None
    assert (await other.get(found[1])).status == 404
    assert "en privé" not in (await other.get("/conversations")).text
    opened = await browser.get(found[1])
    assert opened.headers["location"] == f"/@bob/{made}"
    assert ">Nouveau<" not in (await browser.get("/conversations")).text
    await press(browser, "/conversations", f"put-away {found[1].rpartition('/')[2]}")
    assert "en privé" not in (await browser.get("/conversations")).text


async def test_pinned_thanked_and_long_runs(site: Site) -> None:
    bob, ada = await site.person("bob"), await site.person("ada")
    await site.follow(ada, "bob")
    made = await said(bob, "à garder en haut")
    for n in range(6):
        await said(bob, f"texte {n}")
    browser, author = await browser_of(site, "ada"), await browser_of(site, "bob")
    home = await browser.get("/")
    assert "5 autres messages de bob, repliés" in home.text
    await press(author, f"/@bob/{made}", f"pin {made}")
    assert "Épinglés" in (await browser.get("/@bob")).text
    form = {"form_token": token_of(await browser.get("/")), "do": f"pin {made}"}
    assert (await browser.post("/act", form=form)).status in (404, 422)
    await press(author, "/@bob", f"unpin {made}")
    assert "Épinglés" not in (await browser.get("/@bob")).text
    await press(browser, f"/@bob/{made}", f"thank {made}")
    assert "à garder en haut" in (await browser.get("/favourites")).text
    await press(browser, f"/@bob/{made}", f"mute-thread {made}")
    await press(browser, f"/@bob/{made}", f"unmute-thread {made}")
