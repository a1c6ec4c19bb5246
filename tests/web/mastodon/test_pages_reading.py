"""The pages show what one may read: no more than an application is given, and no less."""

import re

import pytest

from tests.conftest import FakeClock
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of
from web.translations import circle_pages, member_pages, own_pages, writing_pages

NOBODY = 117_000_000_000_000_000


async def said(client: Client, text: str, visibility: str = "local", **more: str) -> str:
    reply = await client.post("/api/v1/statuses", {"status": text, "visibility": visibility} | more)
    assert reply.status == 200, reply.text
    return reply.json["id"]


def plain(page: Reply, *addresses: str) -> str:
    """The page without what differs by its own address and browser."""
    text = re.sub(r'(?:value|href)="[^"]*"', "", page.text)
    for address in addresses:
        text = text.replace(address, "…")
    return text


async def test_home_begins_at_the_last_visit_and_ends(site: Site, clock: FakeClock) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(ada, "bob")
    await said(bob, "le premier message")
    browser = await browser_of(site, "ada")
    first = await browser.get("/")
    assert "le premier message" in first.text
    assert "Les derniers messages" in first.text
    clock.advance(3_600)
    await said(bob, "le second message")
    page = first
    for _ in range(2):
        # What is new stays new while one reads on.
        page = await browser.get("/home")
        assert "Depuis votre dernière visite" in page.text
        assert "le second message" in page.text
        assert "le premier message" not in page.text
        assert "Vous êtes à jour." in page.text
    older = re.search(r'href="(/\?max_id=\d+)"', page.text)
    assert older is not None
    before = await browser.get(older[1])
    assert "le premier message" in before.text
    assert "le second message" not in before.text
    assert not re.search(r'href="/\?max_id=\d+"', before.text)
    clock.advance(3_600)
    again = await browser.get("/")
    assert "message</p>" not in again.text
    assert "Rien de nouveau depuis" in again.text


async def test_home_is_finite_and_shows_every_status_once(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(ada, "bob")
    for number in range(37):
        await said(bob, f"message numéro {number:02d}.")
    browser, path, seen = await browser_of(site, "ada"), "/", list[str]()
    for pages in range(1, 5):
        page = await browser.get(path)
        assert len(page.body) < 30_000
        seen += re.findall(r"message numéro (\d\d)\.", page.text)
        link = re.search(r'class="btn line small" href="([^"]+)"', page.text)
        assert (link is None) == (pages == 4)
        path = link[1] if link else ""
    assert seen == [f"{number:02d}" for number in reversed(range(37))]


async def test_views_of_the_site_and_of_partners(site: Site) -> None:
    bob = await site.person("bob")
    await site.person("ada")
    await said(bob, "pour le site")
    browser = await browser_of(site, "ada")
    assert "pour le site" in (await browser.get("/", view="site")).text
    assert "pour le site" not in (await browser.get("/", view="partners")).text
    assert "pour le site" not in (await browser.get("/")).text
    assert (await browser.get("/", view="elsewhere")).status == 422
    assert (await browser.get("/", max_id="x")).status == 422


@pytest.mark.parametrize("visibility", ["public", "local", "private", "direct"])
async def test_hidden_and_absent_answer_the_same(site: Site, visibility: str) -> None:
    bob = await site.person("bob")
    await site.person("eve", is_guest=True)
    await site.person("ada")
    made = await said(bob, "un texte à peu", visibility)
    guest, friend = await browser_of(site, "eve"), await browser_of(site, "bob")
    shown = await friend.get(f"/@bob/{made}")
    assert shown.status == 200
    assert "un texte à peu" in shown.text
    absent = await guest.get(f"/@bob/{NOBODY}")
    assert absent.status == 404
    hidden = await guest.get(f"/@bob/{made}")
    if visibility == "public":
        assert hidden.status == 200
    else:
        assert hidden.status == 404
        assert plain(hidden, made) == plain(absent, str(NOBODY))
    # Under another's name it is not there for anybody.
    other = await friend.get(f"/@ada/{made}")
    assert (other.status, plain(other, made, "ada")) == (404, plain(absent, str(NOBODY), "bob"))


async def test_a_closed_node_invites_and_tells_nothing(site: Site) -> None:
    bob = await site.person("bob")
    made = await said(bob, "#jardin", "public")
    nobody = site.client(language="fr")
    answers = [
        await nobody.get(path)
        for path in ("/@bob", "/@nobody", f"/@bob/{made}", f"/@bob/{NOBODY}", "/@b/x",
                     "/tags/jardin", "/tags/rien", "/@bob@elsewhere.example")
    ]  # fmt: skip
    assert {answer.status for answer in answers} == {401}
    assert len({plain(answer) for answer in answers}) == 1
    assert "réservée aux membres" in answers[0].text
    signed_in = re.search(r'href="(/sign-in\?next=[^"]+)"', answers[2].text)
    assert signed_in is not None
    assert (await nobody.get(signed_in[1])).status == 200
    for path in ("/home", "/write", "/notifications", "/bookmarks", "/search"):
        assert (await nobody.get(path)).headers["location"].startswith("/sign-in?next=%2F")


async def test_an_open_node_shows_nobody_what_is_for_everybody_alone(open_site: Site) -> None:
    site = open_site
    bob = await site.person("bob")
    open_one = await said(bob, "ouvert #jardin", "public")
    closed = [await said(bob, "fermé #jardin", kind) for kind in ("local", "private", "direct")]
    await said(bob, "une réponse fermée", "local", in_reply_to_id=open_one)
    nobody = site.client(language="fr")
    for path in ("/@bob", "/tags/jardin", f"/@bob/{open_one}"):
        page = await nobody.get(path)
        assert page.status == 200, path
        assert "ouvert" in page.text
        assert "fermé" not in page.text
        assert 'action="/act"' not in page.text
        assert 'name="do"' not in page.text
    absent = await nobody.get(f"/@bob/{NOBODY}")
    for made in closed:
        hidden = await nobody.get(f"/@bob/{made}")
        assert (hidden.status, plain(hidden, made)) == (404, plain(absent, str(NOBODY)))
    await site.node.db.write(
        lambda tx: tx.execute("UPDATE actor SET reachable = FALSE WHERE username = 'bob'")
    )
    gone, never = await nobody.get("/@bob"), await nobody.get("/@nobody")
    assert (gone.status, plain(gone, "bob")) == (404, plain(never, "nobody"))
    assert (await nobody.get(f"/@bob/{open_one}")).status == 404


async def test_who_is_not_approved_reads_nothing(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    assert (await browser.get("/")).status == 200
    await site.node.db.write(lambda tx: tx.execute("UPDATE account SET is_approved = FALSE"))
    for path in ("/", "/@ada", "/write", "/notifications", "/search"):
        assert (await browser.get(path)).status == 403, path
    assert (await browser.post("/act", form={"do": "thank 1"})).status == 403


async def test_what_others_write_is_text(site: Site) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    bob = await site.person("bob", display_name=evil[:30])
    await site.person("ada")
    made = await said(bob, evil, "local", spoiler_text=evil)
    await said(bob, evil, "local", in_reply_to_id=made)
    browser = await browser_of(site, "ada")
    for path in (
        "/?view=site",
        f"/@bob/{made}",
        "/@bob",
        f"/write?reply={made}",
        f"/search?q={evil[:8]}",
    ):
        page = await browser.get(path)
        assert page.status == 200, path
        # What is kept on a device of one's own, buttons, and where one writes: files of ours.
        reader = f' data-reader="{site.id_of("ada")}"'
        ours = ["app.js", "htmx.js", "acts.js", *(["writing.js"] if "/write" in path else [])]
        assert re.findall(r"<script[^>]*>", page.text) == [
            f'<script src="/static/{name}"{reader if name == "app.js" else ""} defer>'
            for name in ours
        ]
        assert "<img src=x" not in page.text
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "style=" not in page.text


async def test_notices_come_in_groups_and_are_read_once(site: Site) -> None:
    people = {name: await site.person(name) for name in ("ada", "bob", "eve")}
    made = await said(people["ada"], "merci à tous")
    for name in ("bob", "eve"):
        await people[name].post(f"/api/v1/statuses/{made}/favourite")
    await site.settle()
    browser = await browser_of(site, "ada")
    page = await browser.get("/notifications")
    assert page.text.count("disent merci pour votre message") == 1
    assert "et une autre personne" in page.text
    assert ">Nouveau<" in page.text
    again = await browser.get("/notifications")
    assert ">Nouveau<" not in again.text
    assert ">Plus tôt<" in again.text
    counted = await people["ada"].get("/api/v2/notifications/unread_count")
    assert counted.json == {"count": 0}


async def test_the_chosen_language_is_kept(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    assert '<html lang="fr">' in (await browser.get("/")).text
    assert '<html lang="en">' in (await browser.get("/", lang="en")).text
    assert '<html lang="en">' in (await browser.get("/notifications")).text
    assert '<html lang="fr">' in (await browser.get("/", lang="fr")).text


def test_every_sentence_has_both_languages_with_the_same_places() -> None:
    topics = (member_pages, writing_pages, circle_pages, own_pages)
    for sentences in (topic.SENTENCES for topic in topics):
        for key, (french, english) in sentences.items():
            assert french.strip(), key
            assert set(re.findall(r"{(\w+)}", french)) == set(re.findall(r"{(\w+)}", english)), key
            assert not re.search(r" [:;?!»%]", french), f"{key}: a no-break space stands there"
