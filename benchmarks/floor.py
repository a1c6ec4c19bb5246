"""What an answer costs before any of our code runs: uvicorn alone, with bytes it has ready.

What a page of the API costs beyond this is ours; the figures to reach hold both.
"""

import asyncio
import subprocess
import sys

import psutil
from yarl import URL

from benchmarks.rows import Bench, Result
from benchmarks.served import free_port

# Bytes of a WebFinger answer, of home?limit=40 and of a page of notifications.
SIZES = (300, 100_000, 115_000)
START_S = 2.0


async def app(scope: dict[str, object], _: object, send: object) -> None:
    """Answer as many bytes as the path says."""
    if scope["type"] != "http":
        return
    body = b"x" * int(str(scope["path"]).strip("/"))
    length = (b"content-length", str(len(body)).encode())
    assert callable(send)
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


def _started(port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "uvicorn", "benchmarks.floor:app", "--port", str(port)]
    options = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "error"]
    return subprocess.Popen([*command, *options])


async def floor(bench: Bench) -> None:
    """The same client, server program, loop and protocol as the node has; nothing behind them."""
    port = free_port()
    process = _started(port)
    observed = psutil.Process(process.pid)

    def cpu_s() -> float:
        times = observed.cpu_times()
        return times.user + times.system

    try:
        await asyncio.sleep(START_S)
        for size in SIZES:
            url = URL(f"http://127.0.0.1:{port}/{size}")
            value = await bench.repeat_at(url, 2_000, cpu_s, {})
            bench.results.append(Result(f"uvicorn alone, {size:,} bytes", value, None))
    finally:
        process.terminate()
        process.wait(15)
