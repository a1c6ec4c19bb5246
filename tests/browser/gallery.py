"""`make screenshots`: a picture of every page, taken of a site that has been lived in.

French by day and English by night, on a phone and on a desk; ALL=1 takes all four of each.
"""

import asyncio
import io
import os
import ssl
import sys
import tempfile
from base64 import b64decode
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import aiohttp
from PIL import Image

from federation.keys import make_secret
from federation.options import InstanceOptions, Options
from maillage.nodes import close_node, open_node, prepare
from maillage.serve import listen, serving
from maillage.settings import Settings
from tests.browser.chromium import Page, tab
from tests.browser.every_page import OPEN, own
from tests.browser.lived_in import lived_in
from tests.browser.test_authorize import sign_in
from tests.federation.other_machines import TlsFiles
from tests.serving import Running

HOST = "glycines.example"
FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
SIZES = {"phone": (360, 740), "desktop": (1280, 860)}
# What is further down is the same again; a picture of it is only heavy.
HEIGHTS_MAX = {"phone": 960, "desktop": 860}
WIDTHS = {"phone": 360, "desktop": 760}
QUALITY, QUALITY_CHOSEN = 26, 82
Themes = tuple[tuple[str, str], ...]
LOOKS: Themes = (("fr", "light"), ("en", "dark"))
# The pictures of the README, in their own size.
CHOSEN = {
    "home": ("phone", "fr", "light"),
    "write": ("desktop", "fr", "light"),
    "map": ("desktop", "fr", "light"),
    "staff-partner": ("desktop", "fr", "light"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    size: str
    language: str
    theme: str

    @property
    def folder(self) -> str:
        """Where its pictures are kept."""
        return f"{self.language}-{self.size}-{self.theme}"


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, ssl.SSLError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


def _before(
    port: int,
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """What stands in front of a node: ends TLS, and passes on."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, asks = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pump(reader, asks), _pump(answers, writer))

    return serve


@asynccontextmanager
async def _site(folder: Path) -> AsyncGenerator[tuple[Running, int]]:
    """A node with a name of the world, and the port where it answers by https."""
    instance = InstanceOptions(
        description="Le fil des équipes des Glycines et de ses partenaires.",
        contact_email="direction@glycines.example",
        protection_email="dpo@glycines.example",
    )
    settings = Settings(
        data=folder, origin=f"https://{HOST}", name="Les Glycines",
        options=Options(instance=instance),
    )  # fmt: skip
    make_secret(folder / "secret")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TlsFiles(folder).certificate("good"))
    with closing(listen("127.0.0.1:0")) as sock:
        plain = _before(sock.getsockname()[1])
        node = await open_node(settings)
        try:
            await prepare(node)
            front = await asyncio.start_server(plain, "127.0.0.1", 0, ssl=context)
            async with aiohttp.ClientSession() as http, serving(node, [sock], settings):
                yield Running(node, http), front.sockets[0].getsockname()[1]
                front.close()
        finally:
            await close_node(node)


async def _theme(page: Page, theme: str) -> None:
    scheme = {"name": "prefers-color-scheme", "value": theme}
    await page.tell("Emulation.setEmulatedMedia", features=[scheme])


async def _picture(page: Page, look: Look, to: Path, *, whole: bool = True) -> None:
    """Keep what is to be seen as a small file."""
    width, height = SIZES[look.size]
    if whole:
        long: int = await page.run("document.documentElement.scrollHeight")
        height = min(max(height, long), HEIGHTS_MAX[look.size])
        # The window grows with it: the bar of a phone stays at its end.
        await page.size(width, height)
    shot = await page.tell("Page.captureScreenshot")
    drawn = Image.open(io.BytesIO(b64decode(shot["data"]))).convert("RGB")
    if whole and width != WIDTHS[look.size]:
        drawn = drawn.resize((WIDTHS[look.size], drawn.height * WIDTHS[look.size] // width))
    to.parent.mkdir(parents=True, exist_ok=True)
    drawn.save(to, "WEBP", quality=QUALITY if whole else QUALITY_CHOSEN, method=6)


async def _taken(page: Page, pages: dict[str, str], themes: Themes, folder: Path) -> None:
    for name, path in pages.items():
        for language, theme in themes:
            await _theme(page, theme)
            joint = "&" if "?" in path else "?"
            await page.go(f"https://{HOST}{path}{joint}lang={language}")
            for size, (width, height) in SIZES.items():
                await page.size(width, height)
                look = Look(size, language, theme)
                if CHOSEN.get(name) == (size, language, theme):
                    await _picture(page, look, folder / f"{name}.webp", whole=False)
                await _picture(page, look, folder / look.folder / f"{name}.webp")
        if failed := [one for one in page.troubles if " 50" in one]:
            raise RuntimeError(f"{name}: {failed}")


async def gallery(folder: Path, *, everything: bool, only: frozenset[str]) -> None:
    """Take all pictures, or `only` those of these names."""
    themes = tuple(product(("fr", "en"), ("light", "dark"))) if everything else LOOKS
    with tempfile.TemporaryDirectory(prefix="maillage-gallery-") as passing:
        data = Path(passing) / "node"
        data.mkdir()
        async with _site(data) as (running, port):
            world = await lived_in(running)
            switches = (
                f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{port}",
                "--ignore-certificate-errors",
            )
            async with tab(Path(passing) / "chromium", *switches) as page:
                await _taken(page, _of(OPEN, only), themes, folder)
                await page.go(f"https://{HOST}/")
                await sign_in(page)
                await _taken(page, _of(await own(world), only), themes, folder)


def _of(pages: dict[str, str], only: frozenset[str]) -> dict[str, str]:
    return {name: path for name, path in pages.items() if not only or name in only}


def main() -> int:
    """Do it, with what the environment says: ALL, FOLDER, PAGES."""
    folder = Path(os.environ.get("FOLDER") or FOLDER)
    only = frozenset(os.environ.get("PAGES", "").split())
    everything = bool(os.environ.get("ALL"))
    asyncio.run(gallery(folder, everything=everything, only=only))
    size = sum(file.stat().st_size for file in folder.rglob("*.webp"))
    sys.stdout.write(f"{folder}: {size / 1_000_000:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
