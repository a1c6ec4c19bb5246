"""Writing on the pages: circles and who would read, drafts that are never lost, later, edits."""

import html
import re
from datetime import UTC, datetime, timedelta

import orjson

from federation.database import Transaction
from federation.peers import allow
from outbox import unfinished
from tests.agreements import agree
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.files import picture
from tests.web.mastodon.members import browser_of, post_form, press, send, token_of
from tests.web.mastodon.test_pages_reading import said

JSON = {"accept": "application/json"}


async def newest(site: Site) -> tuple[str, str]:
    row = await site.node.db.row("SELECT * FROM status ORDER BY id DESC LIMIT 1")
    assert row is not None
    return row["text"], row["audience_kind"]


def field(page: Reply, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, name
    return html.unescape(found[1])


async def keep(browser: Client, page: Reply, text: str, **more: str) -> Reply:
    """What the script of the page sends."""
    fields = {
        "form_token": token_of(page),
        "key": field(page, "key"),
        "version": field(page, "version"),
        "audience": "local",
        "status": text,
        "do": "keep",
    }
    return await post_form(browser, fields | more)


async def drafts(site: Site) -> list[str]:
    rows = await site.node.db.rows("SELECT letter FROM unfinished ORDER BY id")
    return [orjson.loads(row["letter"])["text"] for row in rows]


async def test_a_draft_is_kept_taken_up_and_gone_once_published(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    kept = await keep(browser, await browser.get("/write"), "un début", spoiler_text="Deuil")
    assert kept.status == 200
    assert "Brouillon gardé à" in kept.text
    assert field(kept, "version") == "1"
    listed = await browser.get("/drafts")
    assert "Deuil" in listed.text
    again = await browser.get(f"/write?draft={field(kept, 'key')}")
    assert "un début</textarea>" in again.text
    assert 'value="Deuil"' in again.text
    sent = await keep(browser, again, "un début, une fin", do="publish")
    assert sent.status == 303
    assert await drafts(site) == []
    assert await newest(site) == ("un début, une fin", "site")
    assert (await browser.get(f"/write?draft={field(kept, 'key')}")).status == 404


async def test_two_tabs_never_overwrite_each_other(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    one = await keep(browser, await browser.get("/write"), "premier")
    two = await browser.get(f"/write?draft={field(one, 'key')}")
    await keep(browser, one, "premier, plus loin")
    apart = await keep(browser, two, "autre suite")
    assert field(apart, "key") != field(one, "key")
    assert await drafts(site) == ["premier, plus loin", "autre suite"]
    # One tab publishes; what the other has is another text, and is not taken for the same.
    first = await browser.get(f"/write?draft={field(one, 'key')}")
    assert (await keep(browser, first, "premier, plus loin", do="publish")).status == 303
    late = await keep(browser, first, "trop tard", do="publish")
    assert late.status == 422
    assert "déjà été publié" in late.text
    assert "trop tard" in late.text
    assert "trop tard" in await drafts(site)
    assert (await keep(browser, late, "trop tard", do="publish")).status == 303
    assert await newest(site) == ("trop tard", "site")


async def test_the_script_keeps_drafts_and_is_told_when_it_cannot(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    page = await browser.get("/write")
    fields = {"form_token": token_of(page), "key": field(page, "key"), "version": "0",
              "status": "gardé", "do": "keep"}  # fmt: skip
    body = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
    headers = JSON | {"content-type": "application/x-www-form-urlencoded"}
    answer = await browser.ask("POST", "/write", body=body, headers=headers)
    assert answer.status == 200, answer.text
    assert answer.json["key"] == fields["key"]
    assert answer.json["version"] == "1"
    assert answer.json["said"].startswith("Brouillon gardé à")
    foreign = body.replace(fields["form_token"].encode(), b"x")
    assert (await browser.ask("POST", "/write", body=foreign, headers=headers)).status == 403
    session = next(name for name in browser.cookies if "session" in name)
    browser.cookies.pop(session)
    lost = await browser.ask("POST", "/write", body=body, headers=headers)
    assert lost.status == 401
    assert "Votre session a pris fin" in lost.json["said"]
    assert await drafts(site) == ["gardé"]


async def test_drafts_are_their_authors_alone_and_bounded(site: Site) -> None:
    await site.person("ada")
    await site.person("bob")
    browser, other = await browser_of(site, "ada"), await browser_of(site, "bob")
    kept = await keep(browser, await browser.get("/write"), "le mien")
    key = field(kept, "key")
    assert (await other.get(f"/write?draft={key}")).status == 404
    form = {"form_token": token_of(await other.get("/")), "do": f"forget-draft {key}"}
    await other.post("/act", form=form)
    assert await drafts(site) == ["le mien"]
    for n in range(unfinished.TOTAL_MAX - 1):
        await keep(browser, await browser.get("/write"), f"texte {n}")
    full = await keep(browser, await browser.get("/write"), "un de trop")
    assert full.status == 422
    assert "un de trop</textarea>" in full.text
    assert 'id="status-err"' in full.text
    await press(browser, "/drafts", f"forget-draft {key}")
    assert (await keep(browser, full, "un de trop")).status == 200


async def test_what_is_refused_stays_as_a_draft(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    wrong = await send(browser, status="gardé", audience="local", **{"poll[options][]": "seul"})
    assert wrong.status == 422
    assert await drafts(site) == ["gardé"]
    await send(browser, status=" ", audience="local")
    assert await drafts(site) == ["gardé"]


async def test_publishing_later(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    then = datetime.now(UTC).astimezone() + timedelta(days=2)
    when = {"day": then.strftime("%Y-%m-%d"), "hour": "08:30"}
    soon = await send(browser, status="plus tard", audience="local", day="2020-01-01", hour="08:00")
    assert soon.status == 422
    assert 'id="day-err"' in soon.text
    half = await send(browser, status="plus tard", audience="local", day=when["day"])
    assert half.status == 422
    assert f'value="{when["day"]}"' in half.text
    sent = await send(browser, status="plus tard", audience="local", **when)
    assert (sent.status, sent.headers["location"]) == (303, "/scheduled")
    page = await browser.get("/scheduled")
    assert "plus tard" in page.text
    number = field(page, "id")
    form = {"form_token": token_of(page), "id": number, "day": "2020-01-01", "hour": "10:00"}
    wrong = await browser.post("/scheduled", form=form)
    assert wrong.status == 422
    assert f'id="day-{number}-err"' in wrong.text
    assert 'value="2020-01-01"' in wrong.text
    assert (await browser.post("/scheduled", form=form | {"form_token": "x"})).status == 403
    await site.person("bob")
    other = await browser_of(site, "bob")
    theirs = form | {"form_token": token_of(await other.get("/"))}
    assert (await other.post("/scheduled", form=theirs | when)).status == 404
    assert (await browser.post("/scheduled", form=form | when)).status == 303
    back = await press(browser, "/scheduled", f"take-back {number}")
    assert back.status == 303, back.text
    assert "plus tard</textarea>" in (await browser.get(back.headers["location"])).text
    assert await site.node.db.value("SELECT COUNT(*) FROM scheduled_status") == 0


async def test_an_edit_keeps_its_readers_and_its_history(site: Site) -> None:
    await site.person("bob")
    await site.person("ada")
    browser, other = await browser_of(site, "ada"), await browser_of(site, "bob")
    page = await browser.get("/write")
    fields = {"form_token": token_of(page), "audience": "local", "status": "première version"}
    attached = await post_form(browser, fields | {"do": "attach"}, ("jardin.png", picture()))
    media = field(attached, r"media\[\]")
    alt = {"media[]": media, f"alt[{media}]": "Un dégradé"}
    sent = await post_form(browser, fields | {"key": field(attached, "key")} | alt)
    status_id = sent.headers["location"].split("/")[-1].partition("?")[0]
    edit_path = f"/write?edit={status_id}"
    assert (await other.get(edit_path)).status == 404
    form = await browser.get(edit_path)
    assert "première version</textarea>" in form.text
    assert "Modifier pour mon établissement" in form.text
    changed = fields | {"edit_id": status_id, "status": "seconde version", "do": "publish"}
    changed |= {"media[]": media, f"alt[{media}]": "Un dégradé vert"}
    blank = await post_form(browser, changed | {f"alt[{media}]": ""})
    assert blank.status == 422
    done = await post_form(browser, changed | {"audience": "public"})
    assert done.status == 303, done.text
    assert await newest(site) == ("seconde version", "site")
    history = await other.get(f"/@ada/{status_id}/history")
    assert "première version" in history.text
    assert 'alt="Un dégradé vert"' in history.text
    theirs = changed | {"form_token": token_of(await other.get("/write"))}
    assert (await post_form(other, theirs)).status in (404, 422)
    assert await newest(site) == ("seconde version", "site")


async def test_deleting_and_writing_anew(site: Site) -> None:
    ada = await site.person("ada")
    made = await said(ada, "à reprendre", "private", spoiler_text="Attention")
    browser = await browser_of(site, "ada")
    asked = await press(browser, f"/@ada/{made}", f"redraft {made}")
    assert "Supprimer et réécrire" in asked.text
    done = await press(browser, f"/@ada/{made}", f"redraft {made}", sure="1")
    page = await browser.get(done.headers["location"])
    assert "à reprendre</textarea>" in page.text
    assert 'value="private" checked' in page.text
    assert await site.node.db.value("SELECT COUNT(*) FROM status") == 0


async def test_who_will_read_is_said_before(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    page = await browser.get("/write")
    fields = {"form_token": token_of(page), "do": "look", "audience": "local", "status": "texte"}
    looked = await post_form(browser, fields)
    assert looked.status == 200
    assert "Votre site seulement" in looked.text
    assert "moins de 5 comptes" in looked.text
    assert "texte</textarea>" in looked.text
    guess = await post_form(browser, fields | {"audience": "named_partners", "do": "publish"})
    assert guess.status == 422
    assert 'id="audience-err"' in guess.text
    assert await site.node.db.value("SELECT COUNT(*) FROM status") == 0


AUBEPINES, MAIRIE = "https://aubepines.example", "https://mairie.example"


async def agreed(site: Site) -> None:
    async def work(tx: Transaction) -> None:
        await agree(tx, AUBEPINES, kind="site", name="Les Aubépines")
        await agree(tx, MAIRIE, name="Mairie de Lorvigny")
        for origin in (AUBEPINES, MAIRIE):
            await allow(tx, origin, 1)

    await site.node.db.write(work)


async def test_circles_of_several_sites_are_chosen_counted_and_named(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    assert "Mon organisation" not in (await browser.get("/write")).text
    await agreed(site)
    page = await browser.get("/write")
    for words in ("Mon organisation", "Les Aubépines", "Mes partenaires", "Mairie de Lorvigny"):
        assert words in page.text
    fields = {"form_token": token_of(page), "status": "un goûter", "audience": "named_partners"}
    looked = await post_form(browser, fields | {"do": "look", "partners[]": MAIRIE})
    assert "pour mon organisation et 1 partenaire" in looked.text
    assert "3 sites, dont le vôtre" in looked.text
    assert f'value="{MAIRIE}" checked' in looked.text
    for wrong in ({}, {"partners[]": "https://stranger.example"}):
        refused = await post_form(browser, fields | {"do": "publish"} | wrong)
        assert refused.status == 422
        assert 'id="audience-err"' in refused.text
        assert "un goûter</textarea>" in refused.text
    assert await site.node.db.value("SELECT COUNT(*) FROM status") == 0
    sent = await post_form(browser, fields | {"do": "publish", "partners[]": MAIRIE})
    assert sent.status == 303, sent.text
    assert await newest(site) == ("un goûter", "named_partners")
    own = await browser.get(sent.headers["location"])
    assert "Remis à 0 sites sur 2. Confirmé par 0." in own.text
    assert "En attente" in own.text
    assert "Répondre aux partenaires choisis" in own.text
    await site.person("bob")
    other = await browser_of(site, "bob")
    seen = await other.get(sent.headers["location"].partition("?")[0])
    assert seen.status == 200
    assert "Qui l’a reçu" not in seen.text
    again = await browser.get(f"/write?edit={sent.headers['location'].split('/')[-1][:-12]}")
    assert again.status == 200
    for kind in ("organisation", "partners"):
        one = {"form_token": fields["form_token"], "status": kind, "audience": kind}
        assert (await post_form(browser, one | {"do": "publish"})).status == 303
        assert await newest(site) == (kind, kind)
    organisation = await browser.get("/?view=organisation")
    assert "un goûter" in organisation.text
    assert "un goûter" not in (await browser.get("/?view=partners")).text


async def test_a_guest_is_offered_no_circle_of_the_site(site: Site) -> None:
    await site.person("guest")
    await site.node.db.write(lambda tx: tx.execute("UPDATE account SET is_guest = TRUE"))
    await agreed(site)
    browser = await browser_of(site, "guest")
    page = await browser.get("/write")
    assert page.status == 200
    for word in ("local", "organisation", "partners", "named_partners"):
        assert f'id="v-{word}"' not in page.text
        sent = await send(browser, status="dehors", audience=word)
        assert sent.status == 422, word
    assert await site.node.db.value("SELECT COUNT(*) FROM status") == 0
