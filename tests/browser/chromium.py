"""A real Chromium without a screen, led by the DevTools protocol: keys, pages, a passkey device."""

import asyncio
import base64
import itertools
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

START_S = 30.0
ANSWER_S = 20.0
TABS_MAX = 60
KEYS = {
    "Tab": (9, "\t"),
    "Enter": (13, "\r"),
    "Space": (32, " "),
    "ArrowDown": (40, ""),
    "ArrowUp": (38, ""),
}
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--force-prefers-reduced-motion",
    "--remote-debugging-port=0",
)


class Page:
    """One tab with cookies of its own."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loaded = asyncio.Event()
        self._session = self._worker = self._document = ""
        self.troubles: list[str] = []

    async def read(self) -> None:
        """Take what the browser says, until it goes."""
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said)
            elif said["method"] == "Page.loadEventFired":
                self._loaded.set()
            elif said["method"] == "Network.responseReceived":
                if said["params"]["type"] == "Document":
                    self._document = said["params"]["requestId"]
            elif said["method"] == "Runtime.exceptionThrown" or (
                said["method"] == "Log.entryAdded" and said["params"]["entry"]["level"] != "verbose"
            ):
                self.troubles.append(json.dumps(said["params"]))

    async def tell(self, method: str, **params: Any) -> dict[str, Any]:
        """One command, and its result."""
        result = await self._ask(method, **params)
        assert "error" not in result, (method, result)
        return result["result"]

    async def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        """One command, and what the browser answers, an error as well."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        said: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self._session:
            said["sessionId"] = self._session
        await self._socket.send_json(said)
        return await asyncio.wait_for(answer, ANSWER_S)

    async def tell_worker(self, method: str, **params: Any) -> dict[str, Any]:
        """One command to the service worker, which loads pages by itself."""
        mine, self._session = self._session, ""
        try:
            if not self._worker:
                targets = (await self.tell("Target.getTargets"))["targetInfos"]
                (worker,) = (one["targetId"] for one in targets if one["type"] == "service_worker")
                there = await self.tell("Target.attachToTarget", targetId=worker, flatten=True)
                self._worker = there["sessionId"]
            self._session = self._worker
            return await self.tell(method, **params)
        finally:
            self._session = mine

    async def open_tab(self) -> None:
        context = await self.tell("Target.createBrowserContext")
        target = await self.tell("Target.createTarget", url="about:blank", **context)
        attached = await self.tell("Target.attachToTarget", **target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.tell(f"{domain}.enable")
        await self.tell("Emulation.setScrollbarsHidden", hidden=True)

    async def go(self, url: str) -> None:
        """Open an address and wait until it is there."""
        self._loaded.clear()
        await self.tell("Page.navigate", url=url)
        await asyncio.wait_for(self._loaded.wait(), ANSWER_S)

    async def run(self, script: str) -> Any:
        """The value of a script's promise."""
        found = await self.tell(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def source(self) -> str:
        """The page that is open, as it was sent."""
        return (await self.tell("Network.getResponseBody", requestId=self._document))["body"]

    async def text(self) -> str:
        return await self.run("document.querySelector('main').innerText")

    async def path(self) -> str:
        return await self.run("location.pathname")

    async def press(self, key: str) -> None:
        code, text = KEYS[key]
        name = " " if key == "Space" else key
        given: dict[str, Any] = {"key": name, "code": key, "windowsVirtualKeyCode": code}
        await self.tell("Input.dispatchKeyEvent", type="keyDown", text=text, **given)
        await self.tell("Input.dispatchKeyEvent", type="keyUp", **given)

    async def reach(self, selector: str) -> None:
        """Go to an element by the Tab key alone; where the key stands is to be seen."""
        for _ in range(TABS_MAX):
            await self.press("Tab")
            if await self.run(f"document.activeElement?.matches({json.dumps(selector)})"):
                assert await self.run(SEEN), f"the focus on {selector} cannot be seen"
                return
        raise AssertionError(f"no Tab leads to {selector}: {await self.text()}")

    async def focused(self, element_id: str) -> None:
        """Wait until a page, this one or the one that comes, has put the focus there."""
        async with asyncio.timeout(ANSWER_S):
            while await self._active() != element_id:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def _active(self) -> str | None:
        """The id of what has the focus; None while one page goes and the next one comes."""
        answer = await self._ask("Runtime.evaluate", expression="document.activeElement?.id")
        return answer.get("result", {}).get("result", {}).get("value")

    async def write(self, selector: str, text: str) -> None:
        await self.reach(selector)
        await self.tell("Input.insertText", text=text)

    async def follow(self, selector: str) -> None:
        """Press Enter on a button or link, and wait for the page it leads to."""
        await self.reach(selector)
        self._loaded.clear()
        await self.press("Enter")
        await asyncio.wait_for(self._loaded.wait(), ANSWER_S)

    async def act(self, selector: str) -> None:
        """Press Enter on a button that does not leave the page, and wait for what it changes."""
        if not await self.run("Boolean(window.htmx)"):
            await self.follow(selector)
            return
        await self.reach(selector)
        await self.run(ACTED)
        await self.press("Enter")
        async with asyncio.timeout(ANSWER_S):
            while not await self.run("window.acted === true"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def size(self, width: int, height: int) -> None:
        await self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    async def picture(self, path: Path) -> None:
        """What is to be seen, whole, as PNG."""
        shot = await self.tell("Page.captureScreenshot", captureBeyondViewport=True)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(shot["data"]))

    async def give_passkeys(self) -> None:
        """Plug in a device that makes passkeys and verifies its holder by itself."""
        await self.tell("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        await self.tell("WebAuthn.addVirtualAuthenticator", options=options)


ACTED = """document.addEventListener('htmx:finally:request',
  () => { window.acted = true; }, {once: true}); window.acted = false"""


REACHES = "fetch('/healthz', {cache: 'no-store'}).then(() => true, () => false)"


async def network(tell: Callable[..., Awaitable[Any]], *, off: bool) -> None:
    """Take the network from a page or its worker, whichever `tell` speaks to, or give it back.

    Chromium answers before the process that fetches has heard of it: what counts is a request.
    """
    await tell("Network.enable")
    await tell(
        "Network.emulateNetworkConditions",
        offline=off, latency=0, downloadThroughput=-1, uploadThroughput=-1,
    )  # fmt: skip
    asked = {"expression": REACHES, "awaitPromise": True, "returnByValue": True}
    async with asyncio.timeout(20):
        while (await tell("Runtime.evaluate", **asked))["result"]["value"] is off:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


SEEN = """(() => {
  const style = getComputedStyle(document.activeElement);
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return ring || style.boxShadow !== 'none';
})()"""


@asynccontextmanager
async def tab(folder: Path, *more: str) -> AsyncGenerator[Page]:
    """A Chromium of its own with one tab and `more` switches, ended with what was asked of it."""
    process = await asyncio.create_subprocess_exec(
        "chromium",
        *SWITCHES,
        *more,
        f"--user-data-dir={folder}",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        address = await _address(folder / "DevToolsActivePort")
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(address, max_msg_size=0) as socket,
        ):
            page = Page(socket)
            reading = asyncio.create_task(page.read())
            await page.open_tab()
            yield page
            reading.cancel()
    finally:
        process.terminate()
        await process.wait()


async def _address(file: Path) -> str:
    async with asyncio.timeout(START_S):
        while (found := _said(file)) is None:  # noqa: ASYNC110 - a file tells
            await asyncio.sleep(0.05)
    port, path = found
    return f"ws://127.0.0.1:{port}{path}"


def _said(file: Path) -> list[str] | None:
    """The port and the path that the browser writes down once it listens."""
    lines = file.read_text().split("\n") if file.exists() else []
    return lines[:2] if len(lines) > 1 else None
