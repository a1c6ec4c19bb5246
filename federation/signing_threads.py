"""RSA signatures, made in two threads while the event loop goes on.

A trip to a thread and back costs a quarter of a signature, so those that are asked for in the
same turn of the loop, as when a post goes to two hundred partners, travel together.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

Headers = dict[str, str]
Work = Callable[[], Headers]
Job = tuple[Work, "asyncio.Future[Headers]"]

_THREADS = 2
_TOGETHER_MAX = 8


class SigningThreads:
    """Two threads, started when first needed."""

    def __init__(self) -> None:
        self._waiting: list[Job] = []
        self._threads: ThreadPoolExecutor | None = None

    async def run(self, work: Work) -> Headers:
        """Return what `work` returns, or raise what it raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Headers] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._depart, loop)
        self._waiting.append((work, future))
        return await future

    def close(self) -> None:
        """Let the threads end; what still waits for them is not signed."""
        for _, future in self._waiting:
            future.cancel()
        self._waiting = []
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    def _depart(self, loop: asyncio.AbstractEventLoop) -> None:
        jobs, self._waiting = self._waiting, []
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="signing")
        together = min(-(-len(jobs) // _THREADS), _TOGETHER_MAX) or 1
        for start in range(0, len(jobs), together):
            self._threads.submit(_sign, jobs[start : start + together], loop)


def _sign(jobs: Sequence[Job], loop: asyncio.AbstractEventLoop) -> None:
    results: list[Headers | Exception] = []
    for work, _ in jobs:
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001 - raised where the signature was asked for
            results.append(error)
    # The loop may have ended meanwhile; then nobody waits.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(_answer, jobs, results)


def _answer(jobs: Sequence[Job], results: Sequence[Headers | Exception]) -> None:
    for (_, future), result in zip(jobs, results, strict=True):
        if future.done():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
