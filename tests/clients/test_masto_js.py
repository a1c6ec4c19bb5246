"""The unmodified masto.js library on a node: from login to streams."""

import asyncio
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.clients.browser import Browser
from tests.clients.npm_packages import FOLDER, fetch
from tests.clients.people import Person
from tests.serving import Start

JOURNEY = Path(__file__).with_name("masto_journey.mjs")
PATIENCE_S = 90


class Script:
    """The journey as a process: it prints its steps and asks for what others do."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def step(self) -> dict[str, Any]:
        """The next step; fails with what the script said when it ended."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        line = await self.process.stdout.readline()
        if not line:
            pytest.fail((await self.process.stderr.read()).decode())
        return json.loads(line)

    def tell(self, **said: Any) -> None:
        """Answer what the script waits for."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(said).encode() + b"\n")


@pytest.mark.needs("node")
async def test_a_journey_with_masto_js(start_node: Start, tmp_path: Path) -> None:
    running = await start_node(name="Les Tilleuls")
    ada, bob = await Person.made(running, "ada"), await Person.made(running, "bob")
    await bob.post(f"/api/v1/accounts/{ada.id}/follow")
    await ada.post(f"/api/v1/accounts/{bob.id}/follow")
    picture = tmp_path / "jardin.png"
    Image.new("RGB", (64, 48), "green").save(picture)
    await asyncio.to_thread(fetch)
    node, pipe = shutil.which("node"), asyncio.subprocess.PIPE
    assert node is not None
    process = await asyncio.create_subprocess_exec(
        node, JOURNEY, FOLDER, running.origin, picture, stdin=pipe, stdout=pipe, stderr=pipe
    )
    script, steps = Script(process), list[str]()
    async with asyncio.timeout(PATIENCE_S):
        while (said := await script.step())["step"] != "end":
            steps.append(said["step"])
            await answer(script, said, bob)
        await process.wait()
    assert process.returncode == 0
    assert [step for step in dict.fromkeys(steps) if not re.match("authorize|post", step)] == [
        "login", "stream", "media", "poll", "vote", "timeline", "notifications", "lists", "filters",
    ]  # fmt: skip


async def answer(script: Script, said: dict[str, Any], bob: Person) -> None:
    """Do what the others do at this step of the journey."""
    match said["step"]:
        case "authorize":
            script.tell(code=await Browser("ada", "masto.js").code(said["url"]))
        case "post for the stream":
            await bob.post("/api/v1/statuses", {"status": "Bonjour Ada"})
            script.tell()
        case "poll":
            await bob.post(f"/api/v1/polls/{said['poll']}/votes", {"choices": [1]})
            await bob.post(f"/api/v1/statuses/{said['id']}/favourite")
            script.tell()
        case "post to be filtered":
            made = await bob.post("/api/v1/statuses", {"status": "Le menu de jeudi"})
            script.tell(id=made["id"])
        case _:
            pass
