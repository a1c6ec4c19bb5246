"""`maillage serve` as a process: it starts, says so, works beside commands, and stops cleanly."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.nodes.ports import take

COMMAND = [sys.executable, "-m", "maillage"]


async def maillage(*arguments: str) -> tuple[int, str, str]:
    """(exit code, output, error output) of a command."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, error = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), error.decode()


@asynccontextmanager
async def served(data: Path) -> AsyncGenerator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "serve", "--data", str(data), stderr=asyncio.subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        line = await asyncio.wait_for(process.stderr.readline(), 30)
        assert "répond sur" in line.decode(), line
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_a_node_from_init_to_sigterm(tmp_path: Path) -> None:
    data, password = tmp_path / "node", tmp_path / "password"
    password.write_text("une phrase de passe assez longue\n", "utf-8")
    origin = f"http://127.0.0.1:{take(1)[0]}"
    assert (await maillage("init", "--data", str(data), "--origin", origin))[0] == 0
    async with served(data) as process, aiohttp.ClientSession() as http:
        # Commands while it runs; what they make can be used at once.
        made = await maillage(
            "account", "create", "alice", "--data", str(data), "--password-file", str(password)
        )
        assert made[0] == 0, made
        code, token, _ = await maillage("token", "create", "alice", "--data", str(data))
        assert code == 0
        headers = {"Authorization": f"Bearer {token.strip()}"}
        url = f"{origin}/api/v1/accounts/verify_credentials"
        async with http.get(url, headers=headers) as answer:
            assert (await answer.json())["username"] == "alice"
        second = await maillage("serve", "--data", str(data))
        assert second[0] == 1
        assert "ne peut pas être écouté" in second[2]
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
        assert time.monotonic() - begun < 10
        assert process.stderr is not None
        logged = (await process.stderr.read()).decode()
        for line in logged.splitlines():
            json.loads(line)
            assert "alice" not in line
    for path in data.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path


async def test_a_wrong_bind_is_misuse(tmp_path: Path) -> None:
    data = tmp_path / "node"
    origin = f"http://127.0.0.1:{take(1)[0]}"
    assert (await maillage("init", "--data", str(data), "--origin", origin))[0] == 0
    assert (await maillage("serve", "--data", str(data), "--bind", "nowhere"))[0] == 2
