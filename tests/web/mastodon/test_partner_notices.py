"""What whoever manages partners reads by the API: notices, the convention, what was refused."""

from dataclasses import replace
from typing import Any

import pytest

from federation.database import Transaction
from federation.partner_refusals import Refusals
from inbox.partner_notices import tell
from outbox.agreed import lets_keep_copies
from outbox.visibility import Anyone, Origin
from tests.agreements import EVERYTHING, agree
from tests.web.mastodon.asgi import Client
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.described import check
from tests.web.mastodon.staff import SCOPES, staff
from web import media
from web.mastodon.admin.partners import PATH

ROSES = "https://roses.example"
HOST = "roses.example"


@pytest.fixture
async def chief(site: Site) -> Client:
    await site.node.db.write(lambda tx: agree(tx, ROSES, name="Les Roses"))
    return await staff(site)


async def test_a_notice_is_read_in_both_languages_and_seen_once(site: Site, chief: Client) -> None:
    async def work(tx: Transaction) -> list[bool]:
        return [
            await tell(site.node, tx, ROSES, "ends_soon", "1", days="30", ends="2026-12-01")
            for _ in range(2)
        ]

    assert await site.node.db.write(work) == [True, False]
    listed = (await chief.get(f"{PATH}/notices", unseen="true")).json
    check("GET", f"{PATH}/notices", listed)
    (notice,) = listed
    assert (notice["host"], notice["code"]) == (HOST, "ends_soon")
    other = await site.person("other", SCOPES, role="administrator", locale="en")
    (english,) = (await other.get(f"{PATH}/notices")).json
    assert english["words"] != notice["words"]
    assert HOST in notice["words"]
    assert (await chief.post(f"{PATH}/notices/{notice['id']}/seen")).status == 200
    assert (await chief.post(f"{PATH}/notices/{notice['id']}/seen")).status == 404
    assert (await chief.get(f"{PATH}/notices", unseen="true")).json == []
    for number in ("0", "x", "9" * 30):
        assert (await chief.post(f"{PATH}/notices/{number}/seen")).status == 404


async def test_this_was_not_us_pauses_and_is_for_who_manages_partners(
    site: Site, chief: Client
) -> None:
    for role in ("moderator", "technical", "member"):
        nobody = await staff(site, role)
        assert (await nobody.post(f"{PATH}/{HOST}/not_us")).status == 403
        assert (await nobody.get(f"{PATH}/notices")).status == 403
    state = "SELECT state FROM partnership"
    assert await site.node.db.value(state) == "active"
    assert (await chief.post(f"{PATH}/{HOST}/not_us")).json["state"] == "paused"
    assert await site.node.db.value(state) == "paused"
    assert [n["code"] for n in (await chief.get(f"{PATH}/notices")).json] == ["not_us"]


async def test_refusals_and_terms_are_shown(site: Site, chief: Client) -> None:
    counted = Refusals(site.node)
    for _ in range(3):
        await counted.count(ROSES, "signature.not_by_site")
    listed = (await chief.get(f"{PATH}/{HOST}/refusals")).json
    check("GET", f"{PATH}/{{host}}/refusals", listed)
    assert [(one["code"], one["requests"]) for one in listed] == [("signature.not_by_site", 1)]
    assert ROSES in listed[0]["words"]
    shown = (await chief.get(f"{PATH}/{HOST}/terms")).json
    check("GET", f"{PATH}/{{host}}/terms", shown)
    assert shown == {"name": None, "digest": None, "content": None}
    for path in ("refusals", "terms"):
        assert (await chief.get(f"{PATH}/ailleurs.example/{path}")).status == 404


@pytest.mark.parametrize(("granted", "kept"), [("copy", True), ("proxy", False)])
async def test_a_partner_keeps_a_file_only_when_it_may(
    site: Site, granted: Any, kept: bool
) -> None:
    ours = replace(EVERYTHING, media=granted)
    await site.node.db.write(lambda tx: agree(tx, ROSES, ours=ours))
    assert await lets_keep_copies(site.node.db, ROSES) is kept
    said = await media._cache_for(site.node, Origin(ROSES))
    assert said == (media.COPIED if kept else media.PRIVATE)
    # A peer without an agreement never, and the public is another matter.
    assert await media._cache_for(site.node, Origin("https://a.example")) == media.PRIVATE
    assert await media._cache_for(site.node, Anyone()) == media.PUBLIC
