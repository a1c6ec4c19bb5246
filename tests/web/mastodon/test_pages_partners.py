"""What comes from a partner is read on the pages here: its author, its text, its links."""

from actors.remote import find_by_handle
from outbox import relations
from outbox import statuses as outbox
from outbox.drafts import Draft
from tests.serving import Start, eventually
from tests.web.conftest import new_person
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.oauth_flow import sign_in
from web.app import build_app


async def test_a_partner_is_read_here(start_node: Start) -> None:
    here, there = await start_node(name="Les Glycines"), await start_node(name="La Mairie")
    await here.allow(there)
    await there.allow(here)
    ada, bob = await new_person(here, "ada"), await new_person(there, "bob", display_name="Bob M.")
    handle = f"bob@{there.node.host}"
    known = await find_by_handle(here.node, handle)
    assert known is not None
    await relations.follow(here.node, ada, known)

    async def followed() -> bool:
        state = await there.node.db.value("SELECT state FROM follow WHERE state = 'accepted'")
        return state is not None

    await eventually(followed)
    account_id = await there.node.db.value("SELECT id FROM account")
    text = f"Bonjour @ada@{here.node.host}, voici du #jardin pour @bob"
    await outbox.create(there.node, bob, account_id, Draft(text=text, visibility="public"))

    async def arrived() -> int | None:
        return await here.node.db.value("SELECT id FROM status WHERE actor_id = ?", known["id"])

    status_id = await eventually(arrived)
    app = build_app(here.node)
    browser, nobody = (Client(app, here.origin, language="fr") for _ in range(2))
    await sign_in(browser, name="ada", password="une phrase de passe longue")
    for path in ("/", "/?view=partners", f"/@{handle}", f"/@{handle}/{status_id}"):
        page = await browser.get(path)
        assert page.status == 200, path
        assert f'href="/@{handle}/{status_id}"' in page.text
        # The text leads to the pages of this site, in the same window.
        assert 'href="/@ada"' in page.text
        assert 'href="/tags/jardin"' in page.text
        assert f'class="who" id="a{status_id}"' in page.text
        assert "(partenaire)" in page.text
        assert f'href="{there.origin}' not in page.text.replace(f'href="{there.origin}/@bob"', "")
    assert (await nobody.get(f"/@{handle}")).status == 401
    assert (await browser.get(f"/@nobody@{there.node.host}")).status == 404
    assert (await browser.get(f"/@bob/{status_id}")).status == 404
