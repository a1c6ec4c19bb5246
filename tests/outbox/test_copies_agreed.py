"""Proves that a partner's files pass or stay as its agreement says, and go with it."""

from typing import Any

import pytest
from aiohttp import web

from federation.database import Transaction
from federation.node import Node
from federation.partnership_changes import apply, locked
from federation.peers import allow
from federation.scopes import Scope
from outbox.agreed import lets_keep_copies
from outbox.copies import EVERYTHING, PASSING_MS, Copies, forget_from, path_of, trim
from tests.agreements import agree
from tests.conftest import FakeClock
from tests.serving import answering

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


async def file(_: web.Request) -> web.Response:
    return web.Response(body=PNG, content_type="image/png")


@pytest.fixture(autouse=True)
def _unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other site is a web server here: it holds no key to prove."""

    async def ensure(_: Any, __: str) -> None:
        return None

    monkeypatch.setattr("federation.site_proofs.SiteProofs.ensure", ensure)


async def kept(node: Node) -> int:
    return await node.db.value("SELECT count(*) FROM proxied")


async def agreed(node: Node, origin: str, media: str) -> None:
    async def work(tx: Transaction) -> None:
        await agree(tx, origin, ours=Scope(media=media), theirs=Scope(media=media))
        await allow(tx, origin, 1)

    await node.db.write(work)


@pytest.mark.parametrize("media", ["proxy", "copy"])
async def test_a_file_passes_or_stays(node: Node, clock: FakeClock, media: str) -> None:
    app = web.Application()
    app.router.add_get("/a.png", file)
    async with answering(app) as origin:
        await agreed(node, origin, media)
        copy = await Copies(node).get(f"{origin}/a.png", EVERYTHING)
        assert copy.path.is_file()
        assert await kept(node) == 1
        clock.advance(PASSING_MS / 1000 + 1)
        await trim(node)
        assert (await kept(node), path_of(node, copy.digest).is_file()) == (
            (1, True) if media == "copy" else (0, False)
        )
        assert await lets_keep_copies(node.db, origin) is (media == "copy")


async def test_what_stayed_goes_when_it_is_narrowed_or_over(node: Node, clock: FakeClock) -> None:
    app = web.Application()
    app.router.add_get("/{name}", file)
    async with answering(app) as origin:
        await agreed(node, origin, "copy")
        copies = Copies(node)
        await copies.get(f"{origin}/a.png", EVERYTHING)

        async def narrowed(tx: Transaction) -> None:
            known = await locked(tx, origin)
            assert known is not None
            text = known.agreement.with_grant(origin, Scope(media="proxy"))
            await apply(tx, origin, text, (None, None), clock())

        await node.db.write(narrowed)
        await trim(node)
        assert await kept(node) == 0
        await copies.get(f"{origin}/b.png", EVERYTHING)
        assert await forget_from(node, origin) == 1
        assert await forget_from(node, origin) == 0
        assert await kept(node) == 0
