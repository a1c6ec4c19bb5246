"""The site's own page: what it is for, how long things are kept, and what is official."""

import html
import re
from dataclasses import replace

import pytest

from federation.database import Transaction
from federation.options import MailOptions
from inbox.audit import newest, verify_chain
from inbox.retention import MONTH_MS, retention_once
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of, press, token_of
from web.app import build_app

PATH, OFFICIAL, RETENTION = "/staff/site", "/staff/official", "/staff/site/retention"


async def tom(site: Site) -> Client:
    """The browser of who keeps the machine."""
    await site.person("tom", role="technical")
    return await browser_of(site, "tom")


async def send(browser: Client, path: str = PATH, **fields: str) -> Reply:
    page = await browser.get(PATH if path == RETENTION else path)
    return await browser.post(path, form={"form_token": token_of(page), **fields})


async def post(client: Client, text: str, **more: str) -> str:
    reply = await client.post("/api/v1/statuses", {"status": text, "visibility": "local", **more})
    assert reply.status == 200, reply.text
    return reply.json["id"]


async def test_what_the_site_is_for_is_said_and_read_by_everybody(site: Site) -> None:
    browser = await tom(site)
    done = await send(
        browser,
        do="purpose",
        purpose="Partager ce qui marche <b>entre</b> équipes.",
        goal_1="Répondre aux questions",
        measure_1="la moitié dans la journée",
        goal_3="Se rencontrer",
        measure_3="deux fois par an",
        review_on="2099-03-01",
    )
    assert done.headers["location"] == f"{PATH}?done=purpose#purpose"
    await send(
        browser, do="charter", charter="# Entre nous\n\n- On se dit bonjour\n- <i>On écoute</i>"
    )
    await send(
        browser,
        do="contact",
        hours="Du lundi au vendredi, Léa",
        protection_name="Nora Petit",
        protection_email="DPO@tilleuls.example",
    )
    for language, words in (("fr", "Nos objectifs"), ("en", "Our goals")):
        about = await site.client().get(f"/about?lang={language}")
        assert words in about.text
        for said in (
            "Partager ce qui marche &lt;b&gt;entre&lt;/b&gt;",
            "la moitié dans la journée",
            "On se dit bonjour",
            "&lt;i&gt;On écoute",
            "Du lundi au vendredi, Léa",
            "Nora Petit",
            "mailto:dpo@tilleuls.example",
        ):
            assert said in about.text, said
    assert "mailto:dpo@tilleuls.example" in (await site.client().get("/privacy")).text
    extended = (await site.client().get("/api/v1/instance/extended_description")).json
    assert "On se dit bonjour" in extended["content"]
    assert extended["updated_at"] is not None
    instance = (await site.client().get("/api/v2/instance")).json
    assert instance["description"].startswith("Partager ce qui marche")
    kept = (await browser.get(PATH)).text
    assert 'value="deux fois par an"' in kept
    assert "Dernier changement" in kept
    # What is taken out is gone; goals close ranks.
    await send(browser, do="purpose", goal_2="Se rencontrer", measure_2="deux fois par an")
    again = (await browser.get(PATH)).text
    assert 'name="goal_1" type="text" value="Se rencontrer"' in again
    actions = [row["action"] for row in await newest(site.node.db, 20)]
    assert set(actions) == {
        "site.purpose", "site.goals", "site.review_on", "site.charter",
        "site.hours", "site.protection_name", "site.protection_email",
    }  # fmt: skip
    assert await verify_chain(site.node.db) is None


async def test_the_charter_stands_with_the_invitation(site: Site) -> None:
    browser = await tom(site)
    await send(browser, do="charter", charter="On se dit bonjour")
    await site.person("lea", role="administrator")
    lea = await browser_of(site, "lea")
    page = await lea.get("/staff/invitations")
    sheet = await lea.post(
        "/staff/invitations",
        form={
            "form_token": token_of(page), "names": "Ada", "unnamed": "0", "days": "7",
            "language": "fr", "role": "member",
        },
    )  # fmt: skip
    link = re.search(r"(/invitation/[\w-]+)", html.unescape(sheet.text))
    assert link is not None
    assert "On se dit bonjour" in (await site.client().get(link[1])).text


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"do": "purpose", "goal_1": "Se voir"}, "measure_1", "Dites comment vous verrez"),
        ({"do": "purpose", "measure_2": "deux fois"}, "goal_2", "Dites l’objectif"),
        ({"do": "purpose", "review_on": "2001-01-01"}, "review_on", "un jour à venir"),
        ({"do": "purpose", "review_on": "demain"}, "review_on", "un jour à venir"),
        ({"do": "purpose", "purpose": "x" * 1_001}, "purpose", "1000"),
        ({"do": "charter", "charter": "é" * 10_001}, "charter", "10000"),
        ({"do": "contact", "protection_email": "nulle part"}, "protection_email", "nulle part"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    site: Site, fields: dict[str, str], field: str, words: str
) -> None:
    browser = await tom(site)
    wrong = await send(browser, **{"purpose": "Gardé"} | fields)
    assert wrong.status == 422
    assert words in wrong.text
    assert f'id="{field}-err"' in wrong.text
    assert re.search(rf'id="{field}"[^>]* aria-invalid="true"', wrong.text)
    typed = [text for name, text in fields.items() if name != "do"]
    assert all(html.escape(text) in wrong.text for text in typed)
    assert await site.node.db.value("SELECT COUNT(*) FROM site_fact") == 0
    assert (await send(browser, do="nothing")).status == 422


async def test_who_may_not_finds_no_way_in(site: Site) -> None:
    pages = {PATH: ("technical", "protection"), OFFICIAL: ("protection", "technical")}
    for path, (may, may_not) in pages.items():
        for role in (may, may_not, "member"):
            await site.person(f"le_{role}", role=role)
            browser = await browser_of(site, f"le_{role}")
            expected = 200 if role == may else 403
            assert (await browser.get(path)).status == expected, (path, role)
            token = token_of(await browser.get("/write"))
            for target in (path, RETENTION) if path == PATH else (path,):
                form = {"form_token": token, "do": "charter", "charter": "x", "sure": "1"}
                reply = await browser.post(target, form=form | {"keep_conversation": "6"})
                assert (reply.status == 403) == (role != may), (target, role)
                forged = await browser.post(target, form={**form, "form_token": "x" * 40})
                assert forged.status == 403, (target, role)
    said = await site.node.db.rows("SELECT changed_by_uri FROM site_fact")
    assert {row["changed_by_uri"] for row in said} == {site.people["le_technical"]["uri"]}


async def test_the_review_is_recalled_when_its_day_has_come(site: Site, clock: FakeClock) -> None:
    browser = await tom(site)
    await send(browser, do="purpose", purpose="Se parler", review_on="2026-12-01")
    assert "revoir les objectifs" not in (await browser.get("/staff")).text
    clock.advance(120 * 86_400)
    browser = await browser_of(site, "tom")
    assert "Le jour est venu de revoir les objectifs" in (await browser.get("/staff")).text
    assert "Le jour prévu est passé" in (await browser.get(PATH)).text
    assert "goals of the site again" in (await browser.get("/staff?lang=en")).text


async def test_settings_are_said_in_words_and_no_secret_is(site: Site) -> None:
    mail = MailOptions(
        url="smtp://lea:motdepasse@mail.tilleuls.example", sender="m@tilleuls.example"
    )
    node = replace(site.node, options=replace(site.node.options, mail=mail))
    site = Site(node, build_app(node))
    browser = await tom(site)
    page = (await browser.get(PATH)).text
    for said in (
        "Avec les seuls sites",
        "federation.mode",
        "mail.tilleuls.example",
        "database.url",
    ):
        assert said in page, said
    assert "motdepasse" not in page
    assert "Only with sites that you have accepted." in (await browser.get(f"{PATH}?lang=en")).text
    # Nothing goes out for an account without an address; then a letter to it alone.
    assert "pas d’adresse électronique" in page
    assert (await send(browser, do="letter")).status == 403
    await node.db.write(lambda tx: tx.execute("UPDATE account SET email = 'tom@tilleuls.example'"))
    assert "tom@tilleuls.example" in (await browser.get(PATH)).text
    assert (await send(browser, do="letter")).headers["location"] == f"{PATH}?done=letter#letter"
    letters = await node.db.rows("SELECT recipient, template FROM mail")
    assert [(row["recipient"], row["template"]) for row in letters] == [
        ("tom@tilleuls.example", "trial")
    ]
    for _ in range(4):
        await send(browser, do="letter")
    assert (await send(browser, do="letter")).status == 429
    await node.db.write(lambda tx: tx.execute("UPDATE mail SET last_error = 'answer.500'"))
    assert "abandonnées\u00a0: 5" in (await browser.get(f"{PATH}?lang=fr")).text


async def test_without_mail_none_is_promised(site: Site) -> None:
    browser = await tom(site)
    assert "La clé mail.url du fichier" in (await browser.get(PATH)).text
    assert (await send(browser, do="letter")).status == 503


async def test_a_duration_is_changed_by_who_saw_what_it_removes(
    site: Site, clock: FakeClock
) -> None:
    ada = await site.person("ada")
    for number in range(5):
        await post(ada, f"{number}")
    clock.advance(7 * MONTH_MS / 1000)
    browser = await tom(site)
    first = await send(browser, RETENTION, keep_conversation="6")
    assert "5 messages seraient supprimés" in first.text
    assert "Garder → 6 mois" in first.text
    assert await site.node.db.value("SELECT COUNT(*) FROM site_fact") == 0
    assert await retention_once(site.node) == 0
    few = await send(browser, RETENTION, keep_conversation="6", keep_knowledge="12")
    assert "Moins de cinq messages" in few.text
    older = await send(browser, RETENTION, keep_conversation="12")
    assert "Moins de cinq messages" in older.text
    for wrong in ("7", "-1", "six"):
        assert (await send(browser, RETENTION, keep_conversation=wrong)).status == 422, wrong
    done = await send(browser, RETENTION, keep_conversation="6", sure="1")
    assert done.headers["location"] == f"{PATH}?done=retention#retention"
    assert '<option value="6" selected>' in (await browser.get(PATH)).text
    assert "Supprimés après 6 mois" in (await site.client().get("/privacy")).text
    line = (await newest(site.node.db, 1))[0]
    assert (line["action"], line["reason"]) == (
        "site.keep_conversation",
        "keep_conversation = 6, keep_knowledge = 0",
    )
    assert await retention_once(site.node) == 5


async def test_official_is_marked_seen_and_not_deleted_without_a_visa(site: Site) -> None:
    com = await site.person("com", role="communication", display_name="Direction")
    await site.person("ada")
    status_id = await post(com, "Fermeture du site en mai")
    page = f"/@com/{status_id}"
    author = await browser_of(site, "com")
    member = await browser_of(site, "ada")
    assert "class-official" not in (await member.get(page)).text
    asked = await press(author, page, f"class-official {status_id}")
    assert "Il le restera." in asked.text
    assert await site.node.db.value("SELECT COUNT(*) FROM status_class") == 0
    form = {"form_token": token_of(asked), "back": page, "do": f"class-official {status_id}"}
    assert (await author.post("/act", form=form | {"sure": "1"})).status == 303
    for language, word in (("fr", "Officiel"), ("en", "Official")):
        assert word in (await member.get(f"{page}?lang={language}")).text
    shown = (await author.get(page)).text
    assert f'value="delete {status_id}"' not in shown
    # Neither by an application, nor by the button, nor the mark taken back.
    refused = await com.ask("DELETE", f"/api/v1/statuses/{status_id}")
    assert refused.status == 403
    assert "official" in refused.json["error"] or "officiel" in refused.json["error"]
    for do in ("delete", "class-conversation", "class-knowledge"):
        reply = await author.post("/act", form={**form, "do": f"{do} {status_id}", "sure": "1"})
        assert reply.status == 403, do
    assert (await com.get(f"/api/v1/statuses/{status_id}")).status == 200

    await site.person("pia", role="protection")
    pia = await browser_of(site, "pia")
    listed = (await pia.get(OFFICIAL)).text
    assert "Fermeture du site en mai" in listed
    early = await send(pia, OFFICIAL, id=status_id, do="destroy", sure="1")
    assert (early.status, "Il n’y a pas de visa" in early.text) == (403, True)
    empty = await send(pia, OFFICIAL, id=status_id, do="visa")
    assert empty.status == 422
    assert "Dites pourquoi" in empty.text
    long = await send(pia, OFFICIAL, id=status_id, do="visa", reason="x" * 501)
    assert (long.status, "x" * 501 in long.text) == (422, True)
    for unknown in ("1", "x", ""):
        assert (await send(pia, OFFICIAL, id=unknown, do="visa", reason="r")).status == 404
    done = await send(pia, OFFICIAL, id=status_id, do="visa", reason="Versé aux archives")
    assert done.headers["location"] == f"{OFFICIAL}?done=visa"
    assert "Versé aux archives" in (await pia.get(OFFICIAL)).text
    unsure = await send(pia, OFFICIAL, id=status_id, do="destroy")
    assert (unsure.status, "Cochez la case" in unsure.text) == (422, True)
    # Now its author may.
    assert (await com.ask("DELETE", f"/api/v1/statuses/{status_id}")).status == 200
    assert "Aucun message officiel." in (await pia.get(OFFICIAL)).text
    record = (await pia.get("/staff/log")).text
    assert "a rendu officiel" in record
    assert "a donné un visa pour détruire" in record
    assert await verify_chain(site.node.db) is None


async def test_a_visa_for_ones_own_is_given_by_somebody_else(site: Site) -> None:
    lea = await site.person("lea", role="administrator")
    status_id = await post(lea, "Décision")

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO status_class (status_id, class, set_by_uri, set_at)"
            " VALUES (?, 'official', '', 0)",
            int(status_id),
        )

    await site.node.db.write(work)
    hers = await browser_of(site, "lea")
    assert "le visa est donné par quelqu’un d’autre" in (await hers.get(OFFICIAL)).text
    own = await send_from_write(hers, id=status_id, do="visa", reason="Je veux")
    assert own.status == 403
    await site.person("max", role="administrator")
    other = await browser_of(site, "max")
    assert (await send(other, OFFICIAL, id=status_id, do="visa", reason="Versé")).status == 303
    done = await send(other, OFFICIAL, id=status_id, do="destroy", sure="1")
    assert done.headers["location"] == f"{OFFICIAL}?done=destroy"
    assert (await lea.get(f"/api/v1/statuses/{status_id}")).status == 404


async def send_from_write(browser: Client, **fields: str) -> Reply:
    """Send what no button of the page sends."""
    token = token_of(await browser.get("/write"))
    return await browser.post(OFFICIAL, form={"form_token": token, **fields})


async def test_knowledge_is_marked_by_author_or_animator(site: Site) -> None:
    ada = await site.person("ada")
    await site.person("anim", role="animator")
    await site.person("bob")
    status_id = await post(ada, "Comment on fait")
    page = f"/@ada/{status_id}"
    bob = await browser_of(site, "bob")
    assert "class-knowledge" not in (await bob.get(page)).text
    token = token_of(await bob.get(page))
    form = {"form_token": token, "back": page, "do": f"class-knowledge {status_id}"}
    assert (await bob.post("/act", form=form)).status == 403
    anim = await browser_of(site, "anim")
    assert (await press(anim, page, f"class-knowledge {status_id}")).status == 303
    assert "À garder" in (await bob.get(page)).text
    hers = await browser_of(site, "ada")
    asked = await press(hers, page, f"class-conversation {status_id}")
    assert "dans les minutes qui suivent" in asked.text
    await press(hers, page, f"class-conversation {status_id}", sure="1")
    assert "À garder" not in (await bob.get(page)).text.partition("<main")[2]
    # What somebody may not see has no class for her.
    secret = await ada.post("/api/v1/statuses", {"status": "non", "visibility": "direct"})
    form["do"] = f"class-knowledge {secret.json['id']}"
    anim_token = token_of(await anim.get(page))
    assert (await anim.post("/act", form={**form, "form_token": anim_token})).status == 404


async def test_an_edit_keeps_the_files_of_what_is_official(site: Site) -> None:
    com = await site.person("com", role="communication")
    picture = await com.post("/api/v1/statuses", {"status": "un", "visibility": "local"})
    number = int(picture.json["id"])

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO attachment (id, status_id, actor_id, type, url, created_at)"
            " VALUES (7, ?, ?, 'image', 'x', 0)",
            number,
            int(site.id_of("com")),
        )
        await tx.execute(
            "INSERT INTO status_class (status_id, class, set_by_uri, set_at)"
            " VALUES (?, 'official', '', 0)",
            number,
        )

    await site.node.db.write(work)
    reply = await com.ask("PUT", f"/api/v1/statuses/{number}", json={"status": "deux"})
    assert reply.status == 403
    assert await site.node.db.value("SELECT status_id FROM attachment") == number
    kept = await com.ask(
        "PUT", f"/api/v1/statuses/{number}", json={"status": "deux", "media_ids": ["7"]}
    )
    assert kept.status == 200, kept.text
