"""Two sites behind an outgoing proxy, with certificates of an authority of their own network.

Their names mean nothing outside: the proxy alone knows them, as on many an intranet.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest

from tests.conftest import ENGINE
from tests.federation.other_machines import TlsFiles
from tests.nodes import ports
from tests.nodes.mesh import PASSWORD
from tests.nodes.people import Person, eventually
from tests.nodes.sites import Launcher, Site, run, write_clock
from tests.postgres_cluster import Cluster

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, ssl.SSLError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def joined(here: Streams, there: Streams) -> None:
    await asyncio.gather(pump(here[0], there[1]), pump(there[0], here[1]))


class InnerSite(Site):
    """A site that is known by a name of the network, over https."""

    @property
    def origin(self) -> str:
        return f"https://{self.name}"

    @property
    def host(self) -> str:
        return self.name


@dataclass
class Intranet:
    """The proxy, and behind each name a machine that ends TLS; which tunnels were asked for."""

    asked: list[str]
    fronts: dict[str, int]
    url: str = ""

    async def tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        target = head.split(b" ")[1].decode()
        self.asked.append(target)
        port = self.fronts.get(target.removesuffix(":443"))
        if port is None:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        there = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await joined((reader, writer), there)


def to_plain(port: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """What a machine in front of a node does: end TLS and pass on."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        await joined((reader, writer), there)

    return serve


@pytest.fixture(scope="module")
def tls_files(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    """The authority of the network."""
    return TlsFiles(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def intranet(tls_files: TlsFiles) -> AsyncIterator[Intranet]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls_files.certificate("good"))
    made = Intranet([], {})
    servers: list[asyncio.Server] = []
    for name in ("good.example", "inside.example"):
        plain = ports.take(1)[0]
        server = await asyncio.start_server(to_plain(plain), "127.0.0.1", 0, ssl=context)
        servers.append(server)
        made.fronts[name] = server.sockets[0].getsockname()[1]
        made.fronts[f"{name} plain"] = plain
    proxy = await asyncio.start_server(made.tunnel, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
    yield made
    for server in (*servers, proxy):
        server.close()


@pytest.fixture
async def sites(
    intranet: Intranet,
    tls_files: TlsFiles,
    tmp_path: Path,
    launcher: Launcher,
    request: pytest.FixtureRequest,
) -> AsyncIterator[dict[str, InnerSite]]:
    """Both sites, as `init` and a few lines of settings make them; not started."""
    cluster: Cluster | None = request.getfixturevalue("postgres") if ENGINE == "postgres" else None
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        found: dict[str, InnerSite] = {}
        for name in ("good.example", "inside.example"):
            data = tmp_path / name
            url = f"sqlite://{data / 'maillage.db'}"
            words = ["init", "--origin", f"https://{name}", "--name", name.title()]
            if cluster is not None:
                url = cluster.create(f"inner_{uuid4().hex}")
                words += ["--database", url]
            await asyncio.to_thread(run, data, *words)
            write_clock(data / "clock", 0)
            settings, lines = (
                data / "maillage.toml",
                [
                    "[federation]",
                    f'proxy = "{intranet.url}"',
                    f'ca_file = "{tls_files.authority}"',
                ],
            )
            settings.write_text(settings.read_text().replace("[federation]", "\n".join(lines)))
            port = intranet.fronts[f"{name} plain"]
            found[name] = InnerSite(name, data, ports.take(1)[0], port, url, session, launcher)
        yield found
        await asyncio.gather(*(site.stop() for site in found.values()))


async def somebody(at: Site, name: str) -> Person:
    """A person on a site, by the documented commands."""
    secret = at.data / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    await at.command("account", "create", name, "--password-file", str(secret))
    token = await at.command("token", "create", name, "--scopes", "read write follow push")
    person = Person(name, at, "", token)
    known = await person.ask("GET", "/api/v1/accounts/verify_credentials")
    return Person(name, at, known["uri"], token)


async def test_sites_of_an_intranet_pair_and_write_to_each_other(
    sites: dict[str, InnerSite], intranet: Intranet
) -> None:
    one, other = sites.values()
    await asyncio.gather(one.start(), other.start())
    alice, bob = await somebody(one, "alice"), await somebody(other, "bob")
    grants = ("--grant", "follow=free", "--grant", "audiences=true")
    code = await one.command("partner", "invite", other.name, *grants)
    await other.command("partner", "accept", code, "--yes", *grants, "--ask", "follow=free")
    await one.command("partner", "confirm", other.name, "--yes")

    async def agreed() -> bool:
        return "en vigueur" in await other.command("partner", "list")

    await eventually(agreed, "the agreement holds on the other side")
    await bob.follow(alice)
    await eventually(lambda: bob.follows(alice), "the follow is accepted")
    written = await alice.post("Entre nous", visibility="private")

    async def arrived() -> bool:
        return written["uri"] in {entry["uri"] for entry in await bob.home()}

    await eventually(arrived, "the post arrives")
    assert set(intranet.asked) == {f"{name}:443" for name in sites}


async def test_who_does_not_know_the_authority_or_the_proxy_reaches_nobody(
    sites: dict[str, InnerSite], intranet: Intranet
) -> None:
    one, other = sites.values()
    await one.start()
    code = await one.command("partner", "invite", other.name)
    settings = other.data / "maillage.toml"
    whole = settings.read_text()
    for line in ("ca_file", "proxy"):
        kept = [text for text in whole.splitlines() if not text.startswith(f"{line} = ")]
        settings.write_text("\n".join(kept) + "\n")
        before = len(intranet.asked)
        with pytest.raises(AssertionError, match=r"good\.example"):
            await other.command("partner", "accept", code, "--yes")
        assert (len(intranet.asked) > before) == (line == "ca_file")
    settings.write_text(whole)
    await other.start()
    offered = await other.command("partner", "accept", code, "--yes")
    assert "Good.Example" in offered
