"""Each text on a page says its language and its direction where they are not the page's."""

import re
from dataclasses import replace
from typing import Any

from federation.options import InstanceOptions, Rule, SiteText
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of
from tests.web.mastodon.test_pages_reading import said
from web.app import build_app

ARABIC, HEBREW = "مرحبا بالجميع", "שלום לכולם"


async def test_what_somebody_wrote_in_another_language_says_so(site: Site) -> None:
    ada = await site.person("ada", display_name="ليلى حداد")
    bob = await site.person("bob")
    body: dict[str, Any] = {
        "status": f"{ARABIC} Maillage", "language": "ar", "visibility": "local",
        "spoiler_text": "تحذير", "poll": {"options": ["نعم", "No"], "expires_in": 3600},
    }  # fmt: skip
    asked = (await ada.ask("POST", "/api/v1/statuses", json=body)).json["id"]
    first = await said(ada, "Welcome everybody", "public", language="en")
    await said(bob, "Voyez", "public", quoted_status_id=first, language="fr")
    await said(bob, f"@ada {HEBREW}", language="he", in_reply_to_id=asked)
    await site.settle()
    page = (await (await browser_of(site, "bob")).get(f"/@ada/{asked}")).text
    assert f'<div class="body text" lang="ar"><p dir="rtl">{ARABIC} Maillage</p>' in page
    assert '<b lang="ar" dir="rtl">تحذير</b>' in page
    assert '<span lang="ar" dir="rtl">نعم</span>' in page
    assert '<span lang="ar">No</span>' in page
    assert '<a href="/@ada" dir="rtl">ليلى حداد</a>' in page
    assert re.search('<h1>[A-Z][a-z ]+<bdi dir="rtl">ليلى حداد</bdi></h1>', page)
    listed = (await (await browser_of(site, "bob")).get("/@bob")).text
    # The quotation has its own language and is marked as one (RGAA 8.7, 9.4).
    assert re.search(
        rf'<blockquote cite="/@ada/{first}" lang="en"><p>Welcome everybody</p></blockquote>', listed
    )
    told = (await (await browser_of(site, "ada")).get("/notifications")).text
    assert re.search(rf'<blockquote class="quote" cite="[^"]+" lang="he"><a[^>]*>.*{HEBREW}', told)
    # Read in English, the same post in English says nothing, and one in French does.
    english = (await (await browser_of(site, "bob", "en")).get("/@bob")).text
    assert re.search(r"<blockquote[^>]*><p>Welcome", english)
    assert not re.search(r"<blockquote[^>]* lang=[^>]*><p>Welcome", english)
    assert '<div class="body text" lang="fr"><p>Voyez' in english


async def test_the_sites_own_texts_say_their_language_to_who_reads_another(site: Site) -> None:
    told = InstanceOptions(
        description="Une maison",
        rules=(Rule(1, "Restez polis"), Rule(2, "Tri", "", (("en", "Sort", ""),))),
        texts={"about": SiteText("Qui nous sommes", 0), "privacy.en": SiteText("Kept here", 0)},
    )
    await site.node.db.write(
        lambda tx: tx.execute(
            "INSERT INTO site_fact (name, value, changed_at, changed_by_uri) VALUES"
            " ('charter', 'La charte', 0, '')"
        )
    )
    node = replace(site.node, options=replace(site.node.options, instance=told))
    for language, own in (("fr", ""), ("en", ' lang="fr"')):
        client = Client(build_app(node), node.origin, language=language)
        page = (await client.get("/about")).text
        assert f'<p class="lead"{own}>Une maison</p>' in page
        assert f"<li{own}><b>Restez polis</b>" in page
        assert f'<div class="stack"{own}><p>Qui nous sommes' in page
        assert f'<div class="stack text"{own}><p>La charte' in page
        assert ("<li><b>Sort</b>" in page) == (language == "en")
        notice = (await client.get("/privacy")).text
        assert '<section class="card text stack"><' in notice
        assert ("Kept here" in notice) == (language == "en")
