"""The people of the site, as an administrator looks after them on the pages."""

import asyncio
import html
import re

import pytest

from actors.local import create_account
from inbox.audit import newest, verify_chain
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import PASSWORD, Site
from tests.web.mastodon.members import browser_of, token_of
from tests.web.mastodon.oauth_flow import sign_in
from web.pages.invitation import WELCOME_PATH

PEOPLE, INVITATIONS = "/staff/people", "/staff/invitations"
MONTH_MS = 31 * 86_400_000


async def lea(site: Site) -> Client:
    """The browser of an administrator."""
    await site.person("lea", role="administrator", display_name="Léa Martin")
    return await browser_of(site, "lea")


async def send(browser: Client, path: str, target: str = "", **fields: str) -> Reply:
    """Send the form of a page, as browsers do."""
    form = {"form_token": token_of(await browser.get(path)), **fields}
    return await browser.post(target or path, form=form)


async def acts(site: Site) -> list[str]:
    return [row["action"] for row in await newest(site.node.db, 20)]


async def test_finding_people(site: Site) -> None:
    browser = await lea(site)
    for name, shown, role in (
        ("ada", "Ada Lovelace", "member"),
        ("elodie", "Élodie Marchetti", "moderator"),
    ):
        await site.person(name, display_name=shown, role=role)
    whole = await browser.get(PEOPLE)
    assert all(name in whole.text for name in ("Ada Lovelace", "Élodie Marchetti", "Léa Martin"))
    found = await browser.get(f"{PEOPLE}?q=ELODIE")
    assert "Élodie Marchetti" in found.text
    assert "Ada Lovelace" not in found.text
    staff = await browser.get(f"{PEOPLE}?role=moderator&state=staff")
    assert "Élodie Marchetti" in staff.text
    assert "Ada Lovelace" not in staff.text
    for nothing in ("?q=%25", "?q=zzz", "?state=disabled", "?after=zzz"):
        assert "Personne ne correspond." in (await browser.get(PEOPLE + nothing)).text, nothing
    for wrong in ("?role=queen", "?state=happy", f"?q={'x' * 300}"):
        assert (await browser.get(PEOPLE + wrong)).status == 422, wrong
    assert "Nobody fits." in (await browser.get(f"{PEOPLE}?q=zzz&lang=en")).text


async def test_the_list_goes_on_by_pages(site: Site) -> None:
    browser = await lea(site)
    for number in range(30):
        await create_account(site.node, username=f"p{number:02d}", password=None)
    first = (await browser.get(PEOPLE)).text
    assert "@p23<" in first
    assert "@p24<" not in first
    link = re.search(r'href="(/staff/people\?[^"]*after=[^"]+)"', first)
    assert link is not None
    second = (await browser.get(html.unescape(link[1]))).text
    assert "@p24<" in second
    assert "@p23<" not in second
    assert "Suite de la liste" not in second


async def test_roles_are_given_and_the_last_administrator_stays(site: Site) -> None:
    browser = await lea(site)
    ada = await site.person("ada")
    page = await browser.get(f"{PEOPLE}/ada")
    assert "Ne lit aucun message, aucun signalement." in page.text
    assert (await ada.get("/api/v1/admin/reports")).status == 403
    done = await send(browser, f"{PEOPLE}/ada", do="role", role="moderator")
    assert done.headers["location"] == f"{PEOPLE}/ada?done=role"
    assert "Le rôle est changé." in (await browser.get(done.headers["location"])).text
    assert await role_of(site, "ada") == ("moderator", "moderator")
    refused = await send(browser, f"{PEOPLE}/lea", do="role", role="member")
    assert refused.status == 403
    assert "seul administrateur" in refused.text
    assert await role_of(site, "lea") == ("administrator", "administrator")
    wrong = await send(browser, f"{PEOPLE}/ada", do="role", role="queen")
    assert wrong.status == 422
    await send(browser, f"{PEOPLE}/ada", do="role", role="administrator")
    assert (await send(browser, f"{PEOPLE}/lea", do="role", role="member")).status == 303
    assert (await browser.get(PEOPLE)).status == 403
    assert await role_of(site, "lea") == ("member", "")
    assert (await acts(site)).count("account.role") == 3
    assert await verify_chain(site.node.db) is None


async def role_of(site: Site, name: str) -> tuple[str, str]:
    row = await site.node.db.row(
        "SELECT account.role, actor.badge FROM account JOIN actor ON actor.id = account.actor_id"
        " WHERE actor.username = ?",
        name,
    )
    assert row is not None
    return row["role"], row["badge"]


async def test_an_access_is_closed_and_opened_again(site: Site) -> None:
    browser, ada = await lea(site), await site.person("ada")
    hers = await browser_of(site, "ada")
    path = f"{PEOPLE}/ada"
    done = await send(browser, path, do="disable", text="Départ en retraite")
    assert done.status == 303
    assert (await hers.get("/home")).headers["location"].startswith("/sign-in")
    assert (await ada.get("/api/v1/accounts/verify_credentials")).status in (401, 403)
    assert (await sign_in(site.client(), name="ada")).status == 403
    assert "Rouvrir" in (await browser.get(path)).text
    assert "Accès fermé" in (await browser.get(f"{PEOPLE}?state=disabled")).text
    assert (await send(browser, path, do="enable")).status == 303
    assert (await sign_in(site.client(), name="ada")).status == 303
    assert (await acts(site))[:2] == ["account.undisable", "account.disable"]
    reason = (await newest(site.node.db, 2))[1]["reason"]
    assert reason == "Départ en retraite"
    # Nobody closes her own access.
    assert (await send(browser, f"{PEOPLE}/lea", do="disable")).status == 403


async def test_every_session_of_somebody_ends(site: Site) -> None:
    browser, ada = await lea(site), await site.person("ada")
    hers = await browser_of(site, "ada")
    assert (await send(browser, f"{PEOPLE}/ada", do="sign_out")).status == 303
    assert (await hers.get("/home")).headers["location"].startswith("/sign-in")
    assert (await ada.get("/api/v1/accounts/verify_credentials")).status == 401
    assert (await sign_in(site.client(), name="ada")).status == 303
    assert (await browser.get(PEOPLE)).status == 200


async def test_who_waits_is_let_in_or_turned_away(site: Site) -> None:
    browser = await lea(site)
    for name in ("ada", "bob"):
        await site.person(name)
    await site.node.db.write(
        lambda tx: tx.execute("UPDATE account SET is_approved = FALSE WHERE role = 'member'")
    )
    assert "2 personnes attendent" in (await browser.get("/staff")).text
    assert (await send(browser, f"{PEOPLE}/ada", do="approve")).status == 303
    assert (await send(browser, f"{PEOPLE}/ada", do="reject")).status == 403
    gone = await send(browser, f"{PEOPLE}/bob", do="reject")
    assert gone.headers["location"] == f"{PEOPLE}?done=reject"
    assert (await browser.get(f"{PEOPLE}/bob")).status == 404
    assert (await browser.get(f"{PEOPLE}/ada")).status == 200


async def test_dormant_is_a_yes_or_a_no(site: Site) -> None:
    browser = await lea(site)
    await site.person("ada")
    assert "En sommeil</span>" not in (await browser.get(PEOPLE)).text
    old = site.node.clock() - 5 * MONTH_MS
    await site.node.db.write(lambda tx: tx.execute("UPDATE actor SET created_at = ?", old))
    await site.node.db.write(lambda tx: tx.execute("UPDATE access_token SET created_at = ?", old))
    page = await browser.get(f"{PEOPLE}?state=dormant")
    assert "@ada" in page.text
    # Who signed in lately is not: the session counts, and no day of it is shown.
    assert "@lea" not in page.text.partition("<main")[2]
    await browser_of(site, "ada")
    assert "@ada" not in (await browser.get(f"{PEOPLE}?state=dormant")).text


@pytest.mark.parametrize("role", ["moderator", "technical", "protection", "communication"])
async def test_other_roles_look_after_nobody(site: Site, role: str) -> None:
    await lea(site)
    await site.person("tom", role=role)
    browser = await browser_of(site, "tom")
    token = token_of(await browser.get("/"))
    for path in (PEOPLE, f"{PEOPLE}/lea", INVITATIONS):
        assert (await browser.get(path)).status == 403, path
    form = {"form_token": token, "do": "sign_out", "names": "Eve"}
    for path in (f"{PEOPLE}/lea", INVITATIONS, f"{INVITATIONS}/revoke"):
        assert (await browser.post(path, form=form)).status == 403, path
    assert await site.node.db.value("SELECT COUNT(*) FROM invitation") == 0


async def test_forms_of_other_sites_do_nothing(site: Site) -> None:
    browser = await lea(site)
    await site.person("ada")
    form = {"form_token": token_of(await browser.get(PEOPLE + "/ada")), "do": "role"}
    form |= {"role": "administrator", "names": "Eve"}
    for path in (f"{PEOPLE}/ada", INVITATIONS, f"{INVITATIONS}/revoke"):
        foreign = await browser.post(path, form=form, headers={"origin": "https://evil.example"})
        assert foreign.status == 403, path
        assert (await browser.post(path, form=form | {"form_token": "x" * 64})).status == 403
    assert await role_of(site, "ada") == ("member", "")
    assert await site.node.db.value("SELECT COUNT(*) FROM invitation") == 0
    assert (await send(browser, f"{PEOPLE}/ada", do="explode")).status == 422
    assert (await browser.get(f"{PEOPLE}/nobody")).status == 404


def links(page: Reply) -> list[str]:
    return re.findall(r"https?://[^<\s]+(/invitation/[\w-]+)", page.text)


async def test_inviting_several_people_at_once(site: Site) -> None:
    browser = await lea(site)
    made = await send(
        browser,
        INVITATIONS,
        names="Maëlle Kerbrat\n\nTom <b>",
        unnamed="1",
        days="7",
        language="en",
    )
    assert made.status == 200
    assert len(links(made)) == 3
    assert made.text.count("<svg") > made.text.count('class="qr"') == 3
    assert "Welcome, Maëlle Kerbrat" in made.text
    assert "Tom &lt;b&gt;" in made.text
    assert 'lang="en"' in made.text
    listed = (await browser.get(INVITATIONS)).text
    assert "Maëlle Kerbrat" in listed
    assert "Léa Martin" in listed
    # The code itself is kept nowhere.
    assert links(made)[0].rpartition("/")[2] not in listed
    assert (await acts(site)).count("invitation.add") == 3
    for wrong, field in (
        ({"names": "a\n" * 60}, "names"),
        ({"names": "x" * 101}, "names"),
        ({"unnamed": "-1"}, "unnamed"),
        ({"days": "1000"}, "days"),
        ({"role": "queen"}, "role"),
    ):
        refused = await send(browser, INVITATIONS, **wrong)
        assert refused.status == 422, wrong
        assert f'id="{field}-err"' in refused.text, wrong
    assert await site.node.db.value("SELECT COUNT(*) FROM invitation") == 3


async def test_an_invited_person_joins_without_mail(site: Site) -> None:
    browser = await lea(site)
    made = await send(browser, INVITATIONS, names="Maëlle Kerbrat", role="animator")
    path = links(made)[0]
    hers = site.client(language="fr")
    page = await hers.get(path)
    assert page.status == 200
    assert "Léa Martin vous invite." in page.text
    assert 'value="Maëlle Kerbrat"' in page.text
    assert 'value="maelle.kerbrat"' in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    assert "Make my access" in (await site.client(language="en").get(path)).text
    fields = {"name": "Maëlle Kerbrat", "username": "maelle.kerbrat", "password": PASSWORD}
    for change, field in (
        ({"password": "court"}, "password"),
        ({"username": "pas possible"}, "username"),
        ({"username": "LEA"}, "username"),
        ({"name": " "}, "name"),
        ({"agreement": ""}, "agreement"),
    ):
        wrong = await send(hers, path, **{**fields, "agreement": "1", **change})
        assert wrong.status == 422, change
        assert f'id="{field}-err"' in wrong.text, change
        assert PASSWORD not in wrong.text
        assert "maelle" in wrong.text or field == "username"
    assert (await hers.post(path, form=fields | {"agreement": "1"})).status == 403
    done = await send(hers, path, **fields, agreement="1")
    assert (done.status, done.headers["location"]) == (303, WELCOME_PATH)
    assert "Bonjour Maëlle Kerbrat" in (await hers.get("/")).text
    assert await role_of(site, "maelle.kerbrat") == ("animator", "")
    # It serves once, and says so like one that never was.
    for used in (path, "/invitation/never-was-any-code"):
        over = await site.client().get(used)
        assert over.status == 404
        assert "ne sert plus" in over.text
    assert (await sign_in(site.client(), name="maelle.kerbrat")).status == 303
    assert "maelle.kerbrat" in (await browser.get(PEOPLE)).text


async def test_a_withdrawn_invitation_is_over(site: Site) -> None:
    browser = await lea(site)
    path = links(await send(browser, INVITATIONS, names="Maëlle"))[0]
    number = str(await site.node.db.value("SELECT id FROM invitation"))
    done = await send(browser, INVITATIONS, f"{INVITATIONS}/revoke", id=number)
    assert done.headers["location"] == f"{INVITATIONS}?done=revoked"
    assert (await site.client().get(path)).status == 404
    hers = site.client()
    await hers.get("/sign-in")
    again = await send(browser, INVITATIONS, f"{INVITATIONS}/revoke", id=number)
    assert again.status == 404
    assert (await send(browser, INVITATIONS, f"{INVITATIONS}/revoke", id="x")).status == 404
    assert "Aucune pour le moment." in (await browser.get(INVITATIONS)).text


async def test_one_invitation_makes_one_account_whoever_is_first(site: Site) -> None:
    browser = await lea(site)
    path = links(await send(browser, INVITATIONS))[0]
    clients = [site.client() for _ in range(3)]
    forms = [
        {
            "form_token": token_of(await client.get(path)),
            "name": f"Personne {number}",
            "username": f"personne{number}",
            "password": PASSWORD,
            "agreement": "1",
        }
        for number, client in enumerate(clients)
    ]
    replies = await asyncio.gather(
        *(client.post(path, form=form) for client, form in zip(clients, forms, strict=True))
    )
    assert sorted(reply.status for reply in replies) == [303, 404, 404]
    assert await site.node.db.value("SELECT COUNT(*) FROM sign_up") == 1
    assert await site.node.db.value("SELECT COUNT(*) FROM account") == 2
