"""Which endpoints of the client API exist here: all that clients count on, and no others.

`offered.txt` lists what this node answers, `absent.txt` what other servers have and this one
does not: the latter answers 404 as JSON, so that clients can tell.
"""

import re
from pathlib import Path

import pytest

from tests.web.mastodon.conftest import Site
from web.mastodon.routes import TABLE, Paths, unknown

HERE = Path(__file__).parent
NOT_OF_THE_TABLE = ("/oauth/", "/.well-known/", "/api/v1/streaming")


def listed(name: str) -> list[tuple[str, str]]:
    """(method, path with its places filled) of each line."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    pairs = [line.split() for line in lines]
    return [(method, re.sub(r":\w+", "1", path)) for method, path in pairs]


@pytest.mark.parametrize(("method", "path"), listed("offered.txt"))
async def test_what_clients_count_on_is_there(site: Site, method: str, path: str) -> None:
    if path.startswith(NOT_OF_THE_TABLE):
        reply = await site.client().ask(method, path)
        assert reply.status != 404, reply.text
    else:
        for spelt in (path, path + "/"):
            endpoint, _ = Paths(TABLE).find(method, spelt)
            assert endpoint.handler is not unknown


async def test_what_is_not_there_says_so_as_json(site: Site) -> None:
    ada = await site.person("ada")
    for method, path in [*listed("absent.txt"), ("GET", "/api/v9/anything"), ("GET", "/api/")]:
        for client in (ada, site.client()):
            reply = await client.ask(method, path)
            assert (reply.status, reply.json) == (404, {"error": "Record not found"}), path
            assert reply.headers["content-type"] == "application/json"


def test_nothing_else_is_there() -> None:
    """Ours alone are the paths under /api/maillage, and under /api/v1/admin/announcements."""
    known = {(method, path) for method, path in listed("offered.txt")}
    both = {("PUT", "PATCH"), ("PATCH", "PUT")}
    extra = [
        f"{method} {entry.path}"
        for entry in TABLE
        for method in entry.methods.split()
        if not any(
            (other, re.sub(r"\{\w+\}", "1", entry.path)) in known
            for other in (method, *(b for a, b in both if a == method))
        )
        and not entry.path.startswith(("/api/maillage/", "/api/v1/admin/announcements"))
    ]
    assert extra == []
