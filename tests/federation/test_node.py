"""What loops wait with: work that comes wakes them, and a cancellation always ends them."""

import asyncio

import pytest

from federation.node import Wake


@pytest.mark.parametrize("ticks", range(6))
async def test_a_wait_cancelled_at_the_moment_work_comes_is_cancelled(ticks: int) -> None:
    wake = Wake()
    task = asyncio.create_task(wake.wait(60))
    await asyncio.sleep(0.01)
    wake.set()
    for _ in range(ticks):
        await asyncio.sleep(0)
    cancelled = task.cancel()
    await asyncio.wait([task])
    assert task.cancelled() == cancelled


async def test_a_wait_ends_when_work_comes_or_after_its_time() -> None:
    wake = Wake()
    wake.set()
    await asyncio.wait_for(wake.wait(60), 5)
    # What was announced is announced once.
    second = asyncio.create_task(wake.wait(60))
    await asyncio.sleep(0.01)
    assert not second.done()
    wake.set()
    await asyncio.wait_for(second, 5)
    await asyncio.wait_for(wake.wait(0), 5)
