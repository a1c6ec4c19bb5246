"""Settings: what each page saves, what it refuses, and that it is nobody else's."""

import re
from dataclasses import replace
from typing import Any

import pytest

from actors.hours import Hours, hours_of
from federation.options import HoursOptions, PushOptions
from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.files import picture
from tests.web.mastodon.members import BOUNDARY, browser_of, token_of
from tests.web.mastodon.oauth_flow import sign_in
from tests.web.mastodon.staff import staff
from web.app import build_app

PAGES = ("/settings", "/settings/profile", "/settings/privacy", "/settings/hours",
         "/settings/display")  # fmt: skip
PROFILE = "/settings/profile"
PRIVACY: dict[str, Any] = {
    "follows": "asked", "audience": "private", "quote_policy": "nobody", "reach": "nobody",
}  # fmt: skip


async def send_form(
    browser: Client, fields: dict[str, str], files: dict[str, bytes] | None = None
) -> Reply:
    """The form of the profile, as browsers send it."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, content in (files or {}).items():
        head = f'form-data; name="{name}"; filename="{name}.png"'
        parts.append(f"--{BOUNDARY}\r\nContent-Disposition: {head}\r\n\r\n".encode() + content)
        parts.append(b"\r\n")
    body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    return await browser.ask("POST", PROFILE, body=body, headers=headers)


async def form_of(browser: Client, path: str) -> dict[str, str]:
    return {"form_token": token_of(await browser.get(path))}


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_each_page_is_there_for_members_and_takes_no_foreign_form(
    site: Site, language: str
) -> None:
    await site.person("ada")
    browser, nobody = await browser_of(site, "ada", language), site.client(language=language)
    for path in PAGES:
        page = await browser.get(path)
        assert page.status == 200, path
        assert f'<html lang="{language}">' in page.text
        assert len(page.body) <= 30_000
        assert page.headers["cache-control"] == "no-store"
        assert "maillage-reader" not in page.headers
        asked = await nobody.get(path)
        assert (asked.status, asked.headers["location"].split("?")[0]) == (303, "/sign-in")
        assert (await nobody.get(asked.headers["location"])).status == 200
    for path in PAGES[1:]:
        foreign = {"form_token": "x"}
        has_files = path == PROFILE
        refused = await (
            send_form(browser, foreign) if has_files else browser.post(path, form=foreign)
        )
        assert refused.status == 403, path
        token = await form_of(browser, path)
        theirs = await (send_form(nobody, token) if has_files else nobody.post(path, form=token))
        assert theirs.status in (303, 403), path


async def test_the_list_leads_to_every_setting(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    page = await browser.get("/settings")
    named = set(re.findall(r'href="(/settings/[a-z-]+)"', page.text))
    assert {"/settings/profile", "/settings/hours", "/settings/apps", "/settings/passkeys"} <= named
    for path in sorted(named):
        assert (await browser.get(path)).status == 200, path
    assert "/settings" in (await browser.get("/@ada")).text


async def test_a_profile_is_saved_shown_and_mended(site: Site) -> None:
    ada = await site.person("ada")
    browser = await browser_of(site, "ada")
    form = await form_of(browser, PROFILE)
    given = form | {
        "display_name": "Maëlle Kerbrat", "note": "De nuit.\r\nEt <b>calme</b>.",
        "fields[0][name]": "Fonction", "fields[0][value]": "Aide-soignante",
        "fields[1][name]": "", "fields[1][value]": "", "discoverable": "1",
    }  # fmt: skip
    assert (await send_form(browser, given)).headers["location"] == "/settings/profile?done=1"
    assert "C’est enregistré." in (await browser.get("/settings/profile?done=1")).text
    told = (await ada.get("/api/v1/accounts/verify_credentials")).json
    assert told["display_name"] == "Maëlle Kerbrat"
    assert told["source"]["note"] == "De nuit.\nEt <b>calme</b>."
    assert [field["name"] for field in told["fields"]] == ["Fonction"]
    assert told["discoverable"] is True
    for wrong, place in (
        ({"display_name": "x" * 101}, "display_name"),
        ({"note": "x" * 2_001}, "note"),
        ({"fields[0][value]": "x" * 300}, "fields"),
    ):
        page = await send_form(browser, given | wrong)
        assert page.status == 422, place
        assert f'id="{place}-err"' in page.text
        assert "Erreur" in page.text.partition("</title>")[0]
        assert "x" * 100 in page.text
        assert 'value="Fonction"' in page.text
    del given["discoverable"]
    assert (await send_form(browser, given)).status == 303
    told = (await ada.get("/api/v1/accounts/verify_credentials")).json
    assert (told["display_name"], told["discoverable"]) == ("Maëlle Kerbrat", False)


async def test_a_picture_needs_its_words_and_goes_again(site: Site) -> None:
    ada = await site.person("ada")
    browser = await browser_of(site, "ada")
    form = await form_of(browser, PROFILE) | {"display_name": "Ada", "note": ""}
    silent = await send_form(browser, form, {"avatar": picture()})
    assert silent.status == 422
    assert 'id="avatar_description-err"' in silent.text
    broken = await send_form(
        browser, form | {"avatar_description": "Moi"}, {"avatar": b"no picture"}
    )
    assert broken.status == 422
    assert 'id="avatar-err"' in broken.text
    assert 'value="Moi"' in broken.text
    words = form | {"avatar_description": "Moi, de face"}
    assert (await send_form(browser, words, {"avatar": picture()})).status == 303
    told = (await ada.get("/api/v1/accounts/verify_credentials")).json
    assert "/pictures/" in told["avatar"]
    assert told["avatar_description"] == "Moi, de face"
    assert 'alt="Moi, de face"' in (await browser.get(PROFILE)).text
    assert (await send_form(browser, form | {"do": "remove-avatar"})).status == 303
    told = (await ada.get("/api/v1/accounts/verify_credentials")).json
    assert told["avatar"].endswith("/static/avatar.png")


async def test_privacy_is_what_the_applications_and_the_composer_see(site: Site) -> None:
    ada = await site.person("ada")
    browser = await browser_of(site, "ada")
    form = await form_of(browser, "/settings/privacy")
    given = form | PRIVACY | {"hide_collections": "1"}
    assert (await browser.post("/settings/privacy", form=given)).status == 303
    told = (await ada.get("/api/v1/accounts/verify_credentials")).json
    assert told["locked"] is True
    source = told["source"]
    assert (source["audience"], source["quote_policy"]) == ("followers", "nobody")
    assert (source["hide_collections"], source["indexable"]) == (True, False)
    composer = (await browser.get("/write")).text
    assert 'value="private" checked' in composer
    page = (await browser.get("/settings/privacy")).text
    for name in ("private", "nobody", "asked"):
        assert f'value="{name}" checked' in page, name
    for field in PRIVACY:
        wrong = await browser.post("/settings/privacy", form=given | {field: "everything"})
        assert wrong.status == 422, field
        assert f'id="{field}-err"' in wrong.text
    unknown = await browser.post("/settings/privacy", form=given | {"shared[]": "Rien de tel"})
    assert unknown.status == 422
    assert 'id="shared-err"' in unknown.text
    assert (await ada.get("/api/v1/accounts/verify_credentials")).json["locked"] is True
    del given["hide_collections"]
    back = given | {"follows": "anybody", "audience": "local"}
    assert (await browser.post("/settings/privacy", form=back)).status == 303
    told = (await ada.get("/api/v1/accounts/verify_credentials")).json
    assert (told["locked"], told["source"]["audience"]) == (False, "site")


async def _hours(site: Site) -> Hours:
    account_id = await site.node.db.value(
        "SELECT id FROM account WHERE actor_id = ?", site.people["ada"]["id"]
    )
    return await hours_of(site.node, account_id)


async def test_hours_are_kept_by_day_and_drawn(site: Site) -> None:
    await site.person("ada")
    browser, path = await browser_of(site, "ada"), "/settings/hours"
    form = await form_of(browser, path)
    assert await _hours(site) == Hours()
    given = form | {"kind": "own", "days[]": ["0", "4"], "start": "20:30", "end": "06:30",
                    "start4": "09:00", "end4": "12:00"}  # fmt: skip
    assert (await browser.post(path, form=given)).status == 303
    kept = await _hours(site)
    assert kept == Hours("own", ((1230, 390), None, None, None, (540, 720), None, None))
    page = (await browser.get(path)).text
    assert page.count('class="bb"') == 3
    assert "lundi de 20:30 à 06:30" in page
    assert 'value="own" checked' in page
    for wrong, place in (
        ({"start": "25:00"}, "hours"),
        ({"end": ""}, "hours"),
        ({"end4": "midi"}, "own-4"),
        ({"days[]": []}, "days"),
        ({"days[]": ["9"]}, "days"),
        ({"kind": "sometimes"}, "kind"),
    ):
        refused = await browser.post(path, form=given | wrong)
        assert refused.status == 422, (wrong, place)
        assert f'id="{place}-err"' in refused.text
        assert 'value="09:00"' in refused.text
        assert await _hours(site) == kept
    assert (await browser.post(path, form=form | {"kind": "never"})).status == 303
    assert (await _hours(site)).kind == "never"
    assert "Rien ne sonne." in (await browser.get("/settings")).text
    assert (await browser.post(path, form=form | {"kind": "always"})).status == 303
    assert (await _hours(site)).kind == "always"
    assert (await browser.post(path, form=form | {"kind": "site"})).status == 303
    assert await _hours(site) == Hours()
    calm = replace(site.node, options=replace(site.node.options, hours=HoursOptions()))
    browser = Client(build_app(calm), calm.origin, language="fr")
    assert (await sign_in(browser, name="ada")).status == 303
    assert "Tous les jours de 07:00 à 20:00." in (await browser.get(path)).text


async def test_what_rings_at_any_hour_is_said_with_how_often_it_did(
    site: Site, clock: FakeClock
) -> None:
    voice = await staff(site, "communication")
    for sent in (
        {"text": "Dehors", "essential_reason": "Évacuation"},
        {"text": "Repas commun"},
    ):
        assert (await voice.post("/api/v1/admin/announcements", sent)).status == 200
    clock.advance(86_400)
    await site.person("ada")
    browser, path = await browser_of(site, "ada"), "/settings/hours"
    page = (await browser.get(path)).text
    assert "2 au plus en 30 jours. Ces trois derniers mois\u00a0: 1." in page
    browser.language = "en"
    assert "These last three months: 1." in (await browser.get(path)).text
    told = (await browser.get("/notifications")).text
    assert "<p>Évacuation</p><p>Dehors</p>" in told
    assert "Repas commun" in told
    clock.advance(90 * 86_400)
    assert (await sign_in(browser, name="ada")).status == 303
    assert "These last three months: 0." in (await browser.get(path)).text
    assert "Évacuation" not in (await browser.get("/notifications")).text
    for change in ({"hours": HoursOptions(None, 0)}, {"push": PushOptions(enabled=False)}):
        quiet = replace(site.node, options=replace(site.node.options, **change))
        browser = Client(build_app(quiet), quiet.origin, language="fr")
        assert (await sign_in(browser, name="ada")).status == 303
        page = (await browser.get(path)).text
        assert "Part toujours" in page
        assert "essentielle" not in page


async def test_display_is_kept_in_this_browser_and_the_language_for_letters(site: Site) -> None:
    await site.person("ada")
    browser, path = await browser_of(site, "ada"), "/settings/display"
    form = await form_of(browser, path)
    given = form | {"language": "en", "theme": "contrast", "size": "larger"}
    for name in ("language", "theme", "size"):
        wrong = await browser.post(path, form=given | {name: '"><script>'})
        assert wrong.status == 422, name
        assert f'id="{name}-err"' in wrong.text
        assert '"><script>' not in wrong.text
    assert (await browser.post(path, form=given)).status == 303
    page = (await browser.get("/")).text
    assert '<html lang="en" data-theme="contrast" data-size="larger">' in page
    assert await site.node.db.value("SELECT locale FROM account") == "en"
    browser.cookies["maillage-size"] = '"><script>'
    assert '<html lang="en" data-theme="contrast">' in (await browser.get("/")).text
