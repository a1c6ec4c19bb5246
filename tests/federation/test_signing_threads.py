"""Proves that signatures asked for together are all made, and that a fault stays with its own."""

import asyncio
import threading

import pytest

from federation.signing_threads import SigningThreads


def broken() -> dict[str, str]:
    raise ValueError("no key")


async def test_each_one_who_asks_gets_its_own_answer_from_another_thread() -> None:
    signing = SigningThreads()
    seen: set[int] = set()

    def sign(n: int) -> dict[str, str]:
        seen.add(threading.get_ident())
        return {"Signature": str(n)}

    asked = [signing.run(lambda n=n: sign(n)) for n in range(50)]
    answers = await asyncio.gather(
        *asked[:25], signing.run(broken), *asked[25:], return_exceptions=True
    )
    fault = answers.pop(25)
    assert isinstance(fault, ValueError)
    assert answers == [{"Signature": str(n)} for n in range(50)]
    assert threading.get_ident() not in seen
    assert len(seen) <= 2
    signing.close()


async def test_who_left_is_passed_over_and_closed_threads_start_again() -> None:
    signing = SigningThreads()
    leaver = asyncio.create_task(signing.run(lambda: {"a": "left"}))
    stayer = asyncio.create_task(signing.run(lambda: {"a": "stayed"}))
    await asyncio.sleep(0)
    leaver.cancel()
    assert await stayer == {"a": "stayed"}
    waiting = asyncio.create_task(signing.run(lambda: {"a": "late"}))
    await asyncio.sleep(0)
    signing.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await signing.run(lambda: {"a": "again"}) == {"a": "again"}
    signing.close()
