"""Copies of one's own data: complete for their owner, hers alone, nothing of what is others'."""

import csv
import io
import re
import zipfile
from typing import Any

import orjson
import pytest

from actors.strikes import strike
from federation.database import Transaction
from federation.storage import StorageDown, is_file_name
from inbox.audit import record
from inbox.exports import ATTEMPTS_MAX, DAY_MS, KEPT_MS, exports_once
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import PASSWORD, Site
from tests.web.mastodon.described import check
from tests.web.mastodon.files import picture as drawing
from tests.web.mastodon.files import uploaded
from tests.web.mastodon.members import browser_of, token_of

PAGE, API = "/settings/export", "/api/maillage/v1/export"


async def send(browser: Client, path: str = PAGE, **fields: str) -> Reply:
    """Send a form of the page as browsers do."""
    form = {"form_token": token_of(await browser.get(PAGE)), **fields}
    return await browser.post(path, form=form)


async def copy_of(site: Site, name: str) -> tuple[Client, Reply]:
    """Ask for a copy in a browser, have it written, and fetch it."""
    browser = await browser_of(site, name)
    assert (await send(browser)).status == 303
    assert await exports_once(site.node) == 1
    got = await send(browser, await place_of(site, name), current=PASSWORD)
    assert got.status == 200, got.text
    return browser, got


async def place_of(site: Site, name: str) -> str:
    number = await site.node.db.value(
        "SELECT e.id FROM export e JOIN account c ON c.id = e.account_id WHERE c.actor_id = ?"
        " ORDER BY e.id DESC LIMIT 1",
        site.people[name]["id"],
    )
    return f"{PAGE}/{number}"


def parts(got: Reply) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(got.body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode())))


async def write(who: Client, text: str, **more: Any) -> Any:
    reply = await who.post("/api/v1/statuses", {"status": text, **more})
    assert reply.status == 200, reply.text
    return reply.json


async def test_a_copy_holds_all_that_is_hers(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(ada, "bob")
    picture = (await uploaded(ada, drawing()))["id"]
    for text, more in (
        ("Pour tous", {"visibility": "public", "media_ids": [picture]}),
        ("Pour le site", {"visibility": "local"}),
        ("@bob pour toi", {"visibility": "direct"}),
    ):
        await write(ada, text, **more)
    hers = await write(bob, "@ada un secret pour toi", visibility="direct")
    kept = await write(bob, "À garder", visibility="public")
    await site.settle()
    for act in ("bookmark", "favourite", "reblog"):
        assert (await ada.post(f"/api/v1/statuses/{kept['id']}/{act}")).status == 200
    made = (await ada.post("/api/v1/lists", {"title": "Équipe"})).json
    await ada.post(f"/api/v1/lists/{made['id']}/accounts", {"account_ids": [site.id_of("bob")]})
    words = {"title": "Bruit", "context": ["home"], "keywords_attributes": [{"keyword": "foot"}]}
    assert (await ada.post("/api/v2/filters", words)).status == 200

    async def decided(tx: Transaction) -> None:
        staff, target = site.people["bob"]["uri"], site.people["ada"]
        await record(site.node, tx, staff, "account.role", target["uri"], "member > animator")
        await record(site.node, tx, staff, "account.role", staff, "rien à voir")
        await strike(site.node, tx, target, "none", text="Un peu vif")

    await site.node.db.write(decided)
    _, got = await copy_of(site, "ada")
    assert got.headers["content-type"] == "application/octet-stream", "saved, never shown"
    assert "maillage-ada.zip" in got.headers["content-disposition"]
    assert got.headers["cache-control"] == "private, no-store"
    found = parts(got)
    outbox = orjson.loads(found["outbox.json"])
    assert outbox["totalItems"] == len(outbox["orderedItems"]) == 4
    kinds = [item["type"] for item in outbox["orderedItems"]]
    assert kinds == ["Create", "Create", "Create", "Announce"]
    texts = str(outbox)
    assert all(text in texts for text in ("Pour tous", "Pour le site", "pour toi"))
    assert "À garder" not in texts, "of what she passed on, only the address"
    file = outbox["orderedItems"][0]["object"]["attachment"][0]["url"]
    assert found[file][:4] in (b"\x89PNG", b"RIFF", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xdb")
    received = orjson.loads(found["received.json"])["orderedItems"]
    assert [item["id"] for item in received] == [hers["uri"]]
    assert orjson.loads(found["actor.json"])["preferredUsername"] == "ada"
    host = site.node.host
    assert table(found["following.csv"]) == [
        ["Account address", "Show boosts", "Notify on new posts", "Languages"],
        [f"bob@{host}", "true", "false", ""],
    ]
    assert table(found["lists.csv"]) == [["Équipe", f"bob@{host}"]]
    assert table(found["bookmarks.csv"]) == table(found["favourites.csv"]) == [[kept["uri"]]]
    assert orjson.loads(found["filters.json"])[0]["words"] == [{"word": "foot", "whole": True}]
    access = orjson.loads(found["access.json"])
    assert [one["reason"] for one in access["acts_of_staff"]] == ["member > animator"]
    assert access["acts_of_staff"][0]["by"] == "member", "by role, never by name"
    assert access["decisions"][0]["said"] == "Un peu vif"
    assert len(access["sessions"]) == 1
    assert len(access["applications"]) == 1
    assert "password_hash" not in str(access)
    assert "LISEZ-MOI.txt" in found or "README.txt" in found


@pytest.mark.parametrize(("locale", "heading"), [("fr", "publié"), ("en", "published")])
async def test_a_copy_can_be_read_as_a_page_without_a_network(
    site: Site, locale: str, heading: str
) -> None:
    name = "ليلى <حداد>"
    ada, bob = await site.person("ada", display_name=name, locale=locale), await site.person("bob")
    await site.follow(ada, "bob")
    picture = (await uploaded(ada, drawing()))["id"]
    await ada.ask(
        "PUT", f"/api/v1/media/{picture}", json={"description": "Le jardin <vu d’en haut>"}
    )
    await write(ada, "Hello & welcome", language="en", media_ids=[picture], spoiler_text="Fête")
    asked: dict[str, Any] = {"status": "Quand ?", "poll": {"options": ["Lundi", "Mardi"],
                                                          "expires_in": 3600}}  # fmt: skip
    assert (await ada.ask("POST", "/api/v1/statuses", json=asked)).status == 200
    edited = await write(ada, "premier état")
    await ada.ask("PUT", f"/api/v1/statuses/{edited['id']}", json={"status": "second état"})
    hers = await write(bob, "@ada un secret pour toi", visibility="direct")
    await write(bob, "Jamais pour elle", visibility="direct")
    await site.settle()
    assert (await ada.post(f"/api/v1/statuses/{hers['id']}/bookmark")).status == 200
    _, got = await copy_of(site, "ada")
    found = parts(got)
    text = found["index.html"].decode()
    assert f'<html lang="{locale}">' in text
    assert heading in re.sub("<[^>]*>", "", text)
    assert '<dd dir="rtl">ليلى &lt;حداد&gt;</dd>' in text
    assert re.search(r'<div lang="en"><p>Hello &amp; welcome</p></div>', text)
    (file,) = re.findall(r'<a href="(media/[^"]+)">Le jardin &lt;vu d’en haut&gt;</a>', text)
    assert file in found
    for said in ("Fête", "Lundi", "premier état", "second état", "un secret pour toi",
                 f"<td>bob@{site.node.host}</td>", f"<td>{hers['uri']}</td>"):  # fmt: skip
        assert said in text, said
    assert "Jamais pour elle" not in text
    # Nothing runs and nothing is loaded: neither from the archive nor from elsewhere.
    assert "default-src 'none'" in text
    assert not re.search(r"<(script|img|link|iframe|object)|\son\w+=|javascript:", text)
    assert text.endswith("</main></body></html>\n")


async def test_a_copy_has_nothing_that_she_may_not_read(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    await site.follow(ada, "bob")
    shared = await write(bob, "Pour mes abonnés", visibility="private")
    direct = await write(bob, "@ada lisible", visibility="direct")
    await write(bob, "Jamais pour elle", visibility="direct")
    await site.settle()
    for act in ("bookmark", "favourite"):
        assert (await ada.post(f"/api/v1/statuses/{shared['id']}/{act}")).status == 200
    _, got = await copy_of(site, "ada")
    found = parts(got)
    assert table(found["bookmarks.csv"]) == [[shared["uri"]]]
    assert direct["uri"].encode() in found["received.json"]
    # The right goes: what was kept and received goes with it.
    assert (await bob.post(f"/api/v1/accounts/{site.id_of('ada')}/block")).status == 200
    site.node.clock.advance(DAY_MS / 1000 + 1)  # pyright: ignore[reportFunctionMemberAccess]
    _, later = await copy_of(site, "ada")
    found = parts(later)
    assert table(found["bookmarks.csv"]) == table(found["favourites.csv"]) == []
    whole = b"".join(found.values())
    for secret in ("Pour mes abonnés", "Jamais pour elle", "lisible", shared["uri"]):
        assert secret.encode() not in whole, secret


async def test_sec_168_a_copy_is_its_owners_alone(site: Site) -> None:
    await site.person("ada")
    await site.person("bob")
    browser, got = await copy_of(site, "ada")
    place = await place_of(site, "ada")
    assert (await send(browser, place, current="faux")).status == 403
    assert (await send(browser, place)).status == 403, "a session alone is not enough"
    other = await browser_of(site, "bob")
    refused = await send(other, place, current=PASSWORD)
    nothing = await send(other, f"{PAGE}/123", current=PASSWORD)
    assert refused.status == nothing.status == 404
    assert refused.body == nothing.body.replace(b"/123", place.removeprefix(PAGE).encode())
    # Who has a token, or nothing, has no copy: they are asked to sign in.
    for client in (await site.person("ada"), site.client()):
        for method, path in (("GET", place), ("POST", place), ("GET", PAGE)):
            reply = await client.ask(method, path, form={"current": PASSWORD})
            assert reply.status in (303, 404, 405), (method, path)
            assert not reply.body.startswith(b"PK")
    foreign = await browser.post(place, form={"form_token": "x", "current": PASSWORD})
    assert foreign.status == 403
    # Nor is the file in reach of the addresses of media.
    name = await site.node.db.value("SELECT file_name FROM export")
    assert is_file_name(name)
    for client in (browser, other, await site.person("ada")):
        for folder in ("media", "pictures"):
            assert (await client.get(f"/{folder}/{name}")).status in (401, 404)
    assert got.body.startswith(b"PK")


async def test_one_at_a_time_kept_a_week(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    for _ in range(2):
        assert (await send(browser)).status == 303
    assert await site.node.db.value("SELECT COUNT(*) FROM export") == 1
    assert "se prépare" in (await browser.get(PAGE)).text
    assert await exports_once(site.node) == 1
    assert (await send(browser)).status == 403, "not twice a day"
    assert "se prépare" not in (await browser.get(PAGE)).text
    name = await site.node.db.value("SELECT file_name FROM export")
    assert site.node.storage.path(name).exists()  # pyright: ignore[reportAttributeAccessIssue]
    place = await place_of(site, "ada")
    site.node.clock.advance(KEPT_MS / 1000)  # pyright: ignore[reportFunctionMemberAccess]
    again = await browser_of(site, "ada")
    assert (await send(again, place, current=PASSWORD)).status == 404
    assert await exports_once(site.node) == 0
    assert not site.node.storage.path(name).exists()  # pyright: ignore[reportAttributeAccessIssue]
    assert await site.node.db.value("SELECT COUNT(*) FROM export") == 0


async def test_a_stop_in_the_middle_is_taken_up_and_failures_end(
    site: Site, monkeypatch: Any
) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    await send(browser)

    async def away(*_: Any) -> None:
        raise StorageDown

    with monkeypatch.context() as patch:
        patch.setattr(type(site.node.storage), "put", away)
        assert await exports_once(site.node) == 0
        assert await site.node.db.value("SELECT progress FROM export") == "pending"
        site.node.clock.advance(3_600)  # pyright: ignore[reportFunctionMemberAccess]
    name = await site.node.db.value("SELECT file_name FROM export")
    assert await exports_once(site.node) == 1
    assert await site.node.db.value("SELECT file_name FROM export") == name
    assert list(site.node.storage.work.glob("tmp*")) == []
    site.node.clock.advance(DAY_MS / 1000 + 1)  # pyright: ignore[reportFunctionMemberAccess]
    browser = await browser_of(site, "ada")
    await send(browser)
    with monkeypatch.context() as patch:
        patch.setattr(type(site.node.storage), "put", away)
        for _ in range(ATTEMPTS_MAX):
            assert await exports_once(site.node) == 0
            site.node.clock.advance(7_200)  # pyright: ignore[reportFunctionMemberAccess]
    browser = await browser_of(site, "ada")
    assert "n’a pas pu être faite" in (await browser.get(PAGE)).text
    assert (await send(browser)).status == 303, "after a failure one may ask at once"


async def test_applications_ask_and_never_fetch(site: Site) -> None:
    ada = await site.person("ada")
    none = await ada.get(API)
    assert none.json["state"] == "none"
    check("GET", API, none.json)
    asked = await ada.post(API)
    assert asked.json["state"] == "pending"
    check("POST", API, asked.json)
    assert await exports_once(site.node) == 1
    done = (await ada.get(API)).json
    check("GET", API, done)
    assert done["state"] == "done"
    assert done["url"] == f"{site.node.origin}{PAGE}"
    assert (await ada.post(API)).status == 403
    narrow = site.client(await site.token("ada", "read:statuses"))
    assert (await narrow.get(API)).status == 403
    assert (await site.client().post(API)).status == 401
    bob = await site.person("bob")
    assert (await bob.get(API)).json["state"] == "none"
    assert (await ada.get(PAGE)).status == 303


async def test_the_page_in_both_languages(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    assert "Préparer ma copie" in (await browser.get(PAGE)).text
    english = (await browser.get(f"{PAGE}?lang=en")).text
    assert "Prepare my copy" in english
    assert "{" not in english.partition("<main")[2]
    _, got = await copy_of(site, "ada")
    assert got.body
    assert "Download my copy" in (await browser.get(f"{PAGE}?lang=en")).text
