"""What a person does on the pages, without a script: buttons, votes, follows, writing."""

import re

import pytest

from tests.web.mastodon.conftest import Site
from tests.web.mastodon.files import picture
from tests.web.mastodon.members import browser_of, post_form, press, send, token_of
from tests.web.mastodon.test_pages_reading import NOBODY, said


async def count(site: Site, table: str) -> int:
    return await site.node.db.value(f"SELECT COUNT(*) FROM {table}")


@pytest.mark.parametrize(
    ("verb", "back", "table"),
    [("thank", "unthank", "favourite"), ("keep", "unkeep", "bookmark")],
)
async def test_thanks_and_keeping(site: Site, verb: str, back: str, table: str) -> None:
    bob = await site.person("bob")
    await site.person("ada")
    made = await said(bob, "un texte")
    browser = await browser_of(site, "ada")
    done = await press(browser, f"/@bob/{made}", f"{verb} {made}")
    assert (done.status, done.headers["location"]) == (303, f"/@bob/{made}#s{made}")
    assert await count(site, table) == 1
    assert ("un texte" in (await browser.get("/bookmarks")).text) == (verb == "keep")
    await press(browser, f"/@bob/{made}", f"{back} {made}")
    assert await count(site, table) == 0


async def test_passing_on_is_offered_for_what_is_public(site: Site) -> None:
    bob, ada = await site.person("bob"), await site.person("ada")
    await site.follow(ada, "bob")
    public, closed = await said(bob, "pour tous", "public"), await said(bob, "pour le site")
    browser = await browser_of(site, "ada")
    assert f'value="boost {closed}"' not in (await browser.get("/")).text
    await press(browser, "/", f"boost {public}")
    assert "Ne plus partager" in (await browser.get(f"/@bob/{public}")).text
    assert await count(site, "status WHERE reblog_of_id IS NOT NULL") == 1


async def test_acts_of_another_site_and_on_what_is_hidden_do_nothing(site: Site) -> None:
    bob = await site.person("bob")
    await site.person("ada")
    made, hidden = await said(bob, "un texte"), await said(bob, "secret", "direct")
    browser = await browser_of(site, "ada")
    form = {"form_token": token_of(await browser.get("/")), "do": f"thank {made}"}
    foreign = {"origin": "https://evil.example"}
    assert (await browser.post("/act", form=form, headers=foreign)).status == 403
    assert (await browser.post("/act", form=form | {"form_token": "x" * 64})).status == 403
    assert (await browser.post("/write", form=form | {"form_token": "x"})).status == 403
    for wrong, status in {
        f"thank {hidden}": 404, f"thank {NOBODY}": 404, f"delete {made}": 404,
        f"vote {hidden}": 404, f"follow {NOBODY}": 404, "thank": 422, "explode 1": 422,
        "": 422, f"vote {made}": 422, "follow-tag ": 422, f"follow {site.id_of('ada')}": 422,
    }.items():  # fmt: skip
        reply = await browser.post("/act", form=form | {"do": wrong})
        assert reply.status == status, (wrong, reply.text)
    out = await browser.post("/act", form=form | {"back": "//evil.example"})
    assert out.status == 400
    assert await count(site, "favourite") == 0
    assert (await site.client().post("/act", form=form)).headers["location"].startswith("/sign-in")
    assert (await browser.post("/act", form=form)).status == 303
    assert await count(site, "favourite") == 1


async def test_following_people_and_tags(site: Site) -> None:
    bob = await site.person("bob")
    await site.person("ada")
    browser = await browser_of(site, "ada")
    about = site.id_of("bob")
    await press(browser, "/@bob", f"follow {about}")
    await site.settle()
    assert "Ne plus suivre" in (await browser.get("/@bob")).text
    await said(bob, "voici du #jardin")
    assert "voici du" in (await browser.get("/")).text
    await press(browser, "/@bob", f"unfollow {about}")
    await press(browser, "/tags/jardin", "follow-tag jardin")
    assert "voici du" in (await browser.get("/")).text
    await press(browser, "/tags/jardin", "unfollow-tag jardin")
    assert "voici du" not in (await browser.get("/")).text
    await press(browser, "/@bob", f"mute {about}")
    assert "voici du" not in (await browser.get("/?view=site")).text
    await press(browser, "/@bob", f"unmute {about}")
    await press(browser, "/@bob", f"block {about}")
    assert "Vous bloquez" in (await browser.get("/@bob")).text
    await press(browser, "/@bob", f"unblock {about}")
    assert "voici du" in (await browser.get("/?view=site")).text


async def test_a_request_to_follow_is_answered_where_it_is_told(site: Site) -> None:
    await site.person("bob")
    ada = await site.person("ada")
    await ada.ask("PATCH", "/api/v1/accounts/update_credentials", json={"locked": True})
    asks = await browser_of(site, "bob")
    await press(asks, "/@ada", f"follow {site.id_of('ada')}")
    await site.settle()
    assert "Retirer ma demande" in (await asks.get("/@ada")).text
    browser = await browser_of(site, "ada")
    assert "demande à vous suivre" in (await browser.get("/notifications")).text
    await press(browser, "/notifications", f"accept {site.id_of('bob')}")
    await site.settle()
    assert "Ne plus suivre" in (await asks.get("/@ada")).text


async def test_voting_once(site: Site) -> None:
    bob = await site.person("bob")
    await site.person("ada")
    browser, author = await browser_of(site, "ada"), await browser_of(site, "bob")
    poll = {"poll[options][]": "Mardi", "audience": "local", "status": "Quel jour ?"}
    alone = await send(author, **poll)
    assert alone.status == 422
    made = (
        await bob.post(
            "/api/v1/statuses",
            {"status": "Quel jour ?", "visibility": "local",
             "poll": {"options": ["Mardi", "Jeudi"], "expires_in": 3600}},
        )
    ).json["id"]  # fmt: skip
    path = f"/@bob/{made}"
    assert (await press(browser, path, f"vote {made}", choice="1")).status == 303
    page = await browser.get(path)
    assert "votre choix" in page.text
    assert re.search(r"Jeudi.*100", page.text, re.DOTALL)
    form = {"form_token": token_of(page), "do": f"vote {made}", "choice": "0"}
    assert (await browser.post("/act", form=form)).status == 422
    assert "vote " not in (await author.get(path)).text.partition("<main")[2]


async def test_taking_back_is_asked_twice(site: Site) -> None:
    ada = await site.person("ada")
    made = await said(ada, "à retirer")
    browser = await browser_of(site, "ada")
    asked = await press(browser, f"/@ada/{made}", f"delete {made}")
    assert asked.status == 200
    assert "Supprimer ce message" in asked.text
    assert await count(site, "status") == 1
    sure = await press(browser, f"/@ada/{made}", f"delete {made}", sure="1")
    assert sure.headers["location"] == "/"
    assert await count(site, "status") == 0


async def test_a_reply_stays_in_the_circle_of_its_parent(site: Site) -> None:
    bob = await site.person("bob")
    await site.person("ada")
    browser = await browser_of(site, "ada")
    for visibility, kind, words in (
        ("local", "site", "Répondre à mon établissement"),
        ("public", "public", "Répondre à tout le monde"),
        ("unlisted", "unlisted", "hors des listes"),
    ):
        made = await said(bob, "une question", visibility)
        page = await browser.get(f"/@bob/{made}")
        assert words in page.text
        sent = await send(browser, f"/@bob/{made}", status="une réponse")
        assert sent.status == 303, sent.text
        row = await site.node.db.row("SELECT * FROM status ORDER BY id DESC LIMIT 1")
        assert row is not None
        assert (row["in_reply_to_id"], row["audience_kind"]) == (int(made), kind)
        # A form that asks for more gets no more.
        await send(browser, f"/@bob/{made}", status="plus large", audience="public")
        row = await site.node.db.row("SELECT * FROM status ORDER BY id DESC LIMIT 1")
        assert row is not None
        assert row["audience_kind"] == kind
    hidden = await said(bob, "secret", "direct")
    assert (await browser.get("/write", reply=hidden)).status == 404
    sent = await send(browser, status="à l’aveugle", audience="public", in_reply_to_id=hidden)
    assert sent.status == 422
    assert "à l’aveugle" in sent.text


async def test_writing_for_each_audience_and_once(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    for name, kind in (("local", "site"), ("private", "followers"), ("public", "public"),
                       ("direct", "named")):  # fmt: skip
        sent = await send(
            browser, status="Bonjour", audience=name, spoiler_text="Attention", language="en"
        )
        assert sent.status == 303, sent.text
        row = await site.node.db.row("SELECT * FROM status ORDER BY id DESC LIMIT 1")
        assert row is not None
        assert (row["audience_kind"], row["summary"]) == (kind, "Attention")
        assert row["language"] == "en"
        page = await browser.get(sent.headers["location"])
        assert "Votre message est publié." in page.text
    twice = {"status": "une fois", "audience": "local", "key": "the-same"}
    assert (await send(browser, **twice)).headers == (await send(browser, **twice)).headers
    assert await count(site, "status") == 5


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"status": " "}, "status"), ({"status": "x" * 5001}, "status"),
        ({"status": "gardé", "audience": ""}, "audience"),
        ({"status": "gardé", "audience": "everyone"}, "audience"),
        ({"status": "gardé", "poll[options][]": "seul"}, "poll"),
    ],
)  # fmt: skip
async def test_errors_are_said_at_their_field_and_nothing_is_lost(
    site: Site, fields: dict[str, str], place: str
) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    sent = await send(browser, **({"audience": "private", "spoiler_text": "Prudence"} | fields))
    assert sent.status == 422
    assert f'id="{place}-err"' in sent.text
    assert "<title>Erreur" in sent.text
    assert fields["status"].strip() in sent.text
    assert 'value="Prudence"' in sent.text
    assert await count(site, "status") == 0


async def test_an_ended_session_loses_no_text(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    page = await browser.get("/write")
    fields = {"form_token": token_of(page), "do": "publish", "audience": "local", "status": "gardé"}
    session = next(name for name in browser.cookies if "session" in name)
    kept = browser.cookies.pop(session)
    lost = await post_form(browser, fields)
    assert lost.status == 401
    assert "Rien n’est perdu" in lost.text
    assert "gardé</textarea>" in lost.text
    assert 'value="local" checked' in lost.text
    large = await post_form(browser, fields, ("large.png", b"x" * 3_000_000))
    assert large.status == 403
    browser.cookies[session] = kept
    assert (await post_form(browser, fields | {"form_token": token_of(lost)})).status == 303


async def test_a_picture_is_asked_for_its_text(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    page = await browser.get("/write")
    fields = {"form_token": token_of(page), "audience": "local", "status": "voici"}
    attached = await post_form(browser, fields | {"do": "attach"}, ("jardin.png", picture()))
    assert attached.status == 200
    media = re.search(r'name="media\[\]" value="(\d+)"', attached.text)
    assert media is not None
    preview = re.search(r'class="thumb" src="([^"]+)"', attached.text)
    assert preview is not None
    assert (await browser.get(preview[1])).status == 200
    assert (await site.client().get(preview[1])).status in {401, 404}
    with_media = fields | {"media[]": media[1], "do": "publish"}
    refused = await post_form(browser, with_media)
    assert refused.status == 422
    assert f'id="alt-{media[1]}-err"' in refused.text
    assert await count(site, "status") == 0
    sent = await post_form(browser, with_media | {f"alt[{media[1]}]": "Un dégradé"})
    assert sent.status == 303, sent.text
    shown = await browser.get(sent.headers["location"])
    assert 'alt="Un dégradé"' in shown.text
    # Another's upload is not hers to use, nor to take away.
    await site.person("bob")
    other = await browser_of(site, "bob")
    token = token_of(await other.get("/write"))
    taken = await post_form(other, with_media | {"form_token": token, "do": f"drop {media[1]}"})
    assert taken.status == 200
    assert await count(site, "attachment") == 1
    broken = await post_form(browser, fields | {"do": "attach"}, ("x.png", b"\x89PNG and no more"))
    assert broken.status == 422
    assert 'id="file-err"' in broken.text
    assert "voici" in broken.text


async def test_searching_finds_what_one_may_read(site: Site) -> None:
    bob = await site.person("bob")
    await site.person("ada")
    await said(bob, "une collation de nuit #jardin")
    await said(bob, "une collation secrète", "direct")
    browser = await browser_of(site, "ada")
    found = (await browser.get("/search", q="collation")).text
    assert "collation de nuit" in found
    assert "secrète" not in found
    assert 'href="/@bob"' in (await browser.get("/search", q="bob")).text
    assert 'href="/tags/jardin"' in (await browser.get("/search", q="jardin")).text
    assert "Rien trouvé" in (await browser.get("/search", q="introuvable")).text
    assert (await browser.get("/search", q="x" * 2_000)).status == 422
