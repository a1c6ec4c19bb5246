"""What no answer says: addresses of e-mail, blind recipients, paths around the gate."""

import pytest

from outbox.documents import create_document, note_document
from outbox.statuses import by_uri
from tests.conftest import FakeClock
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.world import World
from tests.web.mastodon.owned_world import owned_world
from tests.web.mastodon.ownership import chapters
from web.mastodon.routes import TABLE


@pytest.fixture
async def world(site: Site, clock: FakeClock) -> World:
    return await owned_world(site, clock)


async def test_no_answer_to_a_member_names_an_address_of_anybody(world: World) -> None:
    """SEC-170: every path that a person reads, and every list."""
    await world.write(
        lambda tx: tx.execute("UPDATE account SET email = 'secret-' || id || '@tilleuls.example'")
    )
    paths = {entry.path for entry in TABLE if entry.methods == "GET" and "{" not in entry.path}
    lines = [line for title, rows in chapters().items() if title != "staff" for line in rows]
    paths |= {world.filled(line.path) for line in lines if line.method == "GET"}
    read = 0
    for by in ("sonia", "alice", "member"):
        for path in sorted(paths):
            if "/streaming" in path:
                continue
            reply = await world.clients[by].ask("GET", path, query={"q": "a", "acct": "alice"})
            assert "secret-" not in reply.text, (by, path)
            assert "tilleuls.example" not in reply.text, (by, path)
            read += reply.status == 200
    assert read > 150
    shown = await world.do("staff", "GET", "/api/v1/admin/accounts/{alice}")
    assert shown["email"].startswith("secret-")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/../../media/x", "/api/v1/statuses/../accounts/verify_credentials",
        "/api/v1/%2e%2e/admin/accounts", "/api//v1/admin/accounts", "//api/v1/admin/accounts",
        "/api/v1/admin/accounts;x", "/API/v1/admin/accounts", "/api/v1/admin/./accounts",
        "/api/v1/admin/accounts/", "/api/v1/admin/accounts.json",
    ],
)  # fmt: skip
async def test_no_spelling_of_a_path_leads_around_the_gate(world: World, path: str) -> None:
    """SEC-118, SEC-144: it is the same path behind the same gate, or none."""
    for by in ("nobody", "member", "technical"):
        reply = await world.clients[by].ask("GET", path)
        assert reply.status in (401, 403, 404), (by, path, reply.text[:200])
        assert "username" not in reply.text


async def test_nobody_is_addressed_blindly(world: World) -> None:
    """SEC-194: no document has bto or bcc, to whomever it goes."""
    node = world.site.node
    for name in ("public", "private", "direct"):
        shown = await world.do("alice", "GET", f"/api/v1/statuses/{{{name}}}")
        status = await by_uri(node.db, shown["uri"])
        assert status is not None
        note = await note_document(node, node.db, status)
        for document in (note, create_document(note)):
            assert not {"bto", "bcc"} & set(document), name
            assert "to" in document
