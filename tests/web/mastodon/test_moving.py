"""Arriving from another site and leaving for one, on a page; and whom one followed, by a file."""

from typing import Any

import pytest

from federation.errors import Invalid
from inbox import wanted_follows
from inbox.wanted_follows import ATTEMPTS_MAX, LINES_MAX, read_table, wanted_once
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import PASSWORD, Site
from tests.web.mastodon.members import BOUNDARY, browser_of, token_of

PAGE = "/settings/move"


async def send(browser: Client, **fields: str) -> Reply:
    form = {"form_token": token_of(await browser.get(PAGE)), **fields}
    return await browser.post(PAGE, form=form)


async def bring(browser: Client, content: bytes, token: str | None = None) -> Reply:
    """Send a file as browsers do."""
    token = token_of(await browser.get(PAGE)) if token is None else token
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{token}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n'
    ).encode()
    body = parts + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    return await browser.ask("POST", f"{PAGE}/follows", body=body, headers=headers)


async def follows(site: Site, one: str, other: str) -> bool:
    sql = "SELECT 1 FROM follow WHERE follower_id = ? AND target_id = ?"
    ids = (site.people[one]["id"], site.people[other]["id"])
    return await site.node.db.value(sql, *ids) is not None


async def test_leaving_takes_the_password_and_an_alias_there(site: Site) -> None:
    for name in ("ada", "ada2", "bob"):
        await site.person(name)
    await site.follow(await site.person("bob"), "ada")
    old, new = await browser_of(site, "ada"), await browser_of(site, "ada2")
    early = await send(old, do="move", target="ada2", current=PASSWORD)
    assert early.status == 422
    assert 'value="ada2"' in early.text, "what was typed stays"
    assert 'aria-invalid="true"' in early.text
    for wrong in ("", "nobody", "@@", "x" * 500):
        assert (await send(new, do="alias", alias=wrong)).status in (400, 404, 422), wrong
    assert (await send(new, do="alias", alias="ada")).status == 303
    assert f"ada@{site.node.host}" in (await new.get(PAGE)).text
    assert (await send(old, do="move", target="ada2", current="faux")).status == 403
    assert not await site.node.db.value("SELECT moved_to_uri FROM actor WHERE username = 'ada'")
    assert (await send(old, do="move", target="ada2", current=PASSWORD)).status == 303
    await site.settle()
    assert await follows(site, "bob", "ada2")
    assert site.people["ada2"]["uri"] in (await old.get(PAGE)).text
    assert (await send(old, do="stay", current="faux")).status == 403
    assert (await send(old, do="stay", current=PASSWORD)).status == 303
    assert not await site.node.db.value("SELECT moved_to_uri FROM actor WHERE username = 'ada'")
    assert (await send(new, do="forget", alias="ada")).status == 303
    assert (await send(new, do="fly")).status == 422
    foreign = await old.post(PAGE, form={"form_token": "x", "do": "alias", "alias": "bob"})
    assert foreign.status == 403
    english = (await old.get(f"{PAGE}?lang=en")).text
    assert "I come from another site" in english
    assert (await (await site.person("ada")).get(PAGE)).status == 303, "a token is no session"


async def test_whom_one_followed_is_asked_one_by_one(site: Site) -> None:
    for name in ("ada", "bob", "eve"):
        await site.person(name)
    browser, host = await browser_of(site, "ada"), site.node.host
    table = (
        "Account address,Show boosts,Notify on new posts,Languages\n"
        f'bob@{host},false,true,"fr, en"\n@eve\n\nnobody@{host},true,false,\nada@{host}\n'
    )
    assert (await bring(browser, table.encode())).status == 303
    assert "En attente\u00a0: 4" in (await browser.get(PAGE)).text
    assert await wanted_once(site.node) == 4
    await site.settle()
    assert await follows(site, "ada", "bob")
    assert await follows(site, "ada", "eve")
    row = await site.node.db.row(
        "SELECT * FROM follow WHERE target_id = ?", site.people["bob"]["id"]
    )
    assert row is not None
    assert (bool(row["show_reblogs"]), bool(row["notify"])) == (False, True)
    shown = (await browser.get(PAGE)).text
    assert "Demandées\u00a0: 2. Sans succès\u00a0: 2." in shown
    assert f"nobody@{host}" in shown
    assert await wanted_once(site.node) == 0
    # Another person sees none of it.
    assert "nobody@" not in (await (await browser_of(site, "bob")).get(PAGE)).text


async def test_a_file_that_is_wrong_is_refused_whole(site: Site) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    too_many = "\n".join(f"p{number}@a.test" for number in range(LINES_MAX + 1)).encode()
    for content in (
        b"\xff\xfe\x00b",
        b"",
        b"Account address,Show boosts\n",
        b"bob@a.test\nnot an account\n",
        b"bob@a.test\x00",
        too_many,
        b"x" * 600_000,
    ):
        reply = await bring(browser, content)
        assert reply.status in (400, 413, 422), content[:30]
        assert await site.node.db.value("SELECT COUNT(*) FROM follow_wanted") == 0
    assert 'id="file-err"' in (await bring(browser, b"not an account")).text
    assert (await bring(browser, b"bob@a.test", token="x")).status == 403
    assert await site.node.db.value("SELECT COUNT(*) FROM follow_wanted") == 0
    nobody = await bring(site.client(), b"bob@a.test", token="x")
    assert nobody.status == 303


async def test_a_site_that_is_away_is_tried_again_and_given_up(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    await site.person("ada")
    browser = await browser_of(site, "ada")
    assert (await bring(browser, b"bob@a.test\n")).status == 303

    async def away(*_: Any) -> None:
        raise wanted_follows.ClientError("connect", "https://a.test")

    monkeypatch.setattr(wanted_follows, "find_by_handle", away)
    for _ in range(ATTEMPTS_MAX):
        assert await wanted_once(site.node) == 1
        assert await wanted_once(site.node) == 0, "not at once again"
        site.node.clock.advance(3_600)  # pyright: ignore[reportFunctionMemberAccess]
    assert await wanted_once(site.node) == 0
    assert await site.node.db.value("SELECT progress FROM follow_wanted") == "failed"


def test_tables_are_read_as_others_write_them() -> None:
    read = read_table(
        "\ufeffAccount address,Show boosts\r\n@Bob@A.test,false\r\nclaire\r\n", "h.test"
    )
    assert [(one.acct, one.reblogs) for one in read] == [
        ("Bob@a.test", False),
        ("claire@h.test", True),
    ]
    with pytest.raises(Invalid) as error:
        read_table("a@b.test\nx y z\n", "h.test")
    assert error.value.params["line"] == "2"
