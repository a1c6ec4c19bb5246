"""`make leaks`: a walk of any length, or the sabotages; says what occurred and what was found."""

import asyncio
import logging
import os
import random
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from federation.keys import generate_rsa
from tests import postgres_cluster
from tests.conftest import ENGINE
from tests.leaks.conftest import quietly
from tests.leaks.sabotages import SABOTAGES, STEPS_MAX, Sabotage, prove
from tests.leaks.walk import FULL_STEPS, walk
from tests.leaks.world import LeakError, Plan, make_plan, opened
from tests.memory import memory_folder


@asynccontextmanager
async def planned() -> AsyncGenerator[tuple[Plan, Path]]:
    """A world to copy, and a folder for the copies."""
    with tempfile.TemporaryDirectory(prefix="maillage-leaks-", dir=memory_folder()) as folder:
        path = Path(folder)
        cluster = postgres_cluster.start(path / "cluster") if ENGINE == "postgres" else None
        try:
            yield await make_plan(path / "plan", cluster, generate_rsa()), path
        finally:
            if cluster is not None:
                postgres_cluster.stop(cluster)


async def _walk(steps: int, seed: int) -> int:
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    async with planned() as (plan, folder), opened(plan, folder / "walk", chance) as world:
        report = await walk(world, seed, steps)
    print(report.table())
    missing = report.missing()
    print(f"Did not occur: {', '.join(missing)}." if missing else "Every pair occurred.")
    return int(bool(missing) and steps >= FULL_STEPS)


async def _sabotage(chosen: list[Sabotage], seed: int) -> int:
    missed = 0
    async with planned() as (plan, folder):
        for number, sabotage in enumerate(chosen):
            found = await prove(plan, folder / f"sabotage{number}", sabotage, seed, STEPS_MAX)
            missed += not found.is_found
            print(f"{sabotage.name}: {found.said}", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} found.")
    return int(bool(missed))


def main() -> int:
    """Do what STEPS, SEED and SABOTAGE ask for; return the exit code."""
    logging.disable()
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**9))
    names = os.environ.get("SABOTAGE", "")
    with pytest.MonkeyPatch.context() as patch:
        quietly(patch)
        if names:
            chosen = [s for s in SABOTAGES if names == "all" or s.name in names.split(",")]
            return asyncio.run(_sabotage(chosen, seed))
        try:
            return asyncio.run(_walk(int(os.environ.get("STEPS") or FULL_STEPS), seed))
        except LeakError as error:
            print(error)
            return 1


if __name__ == "__main__":
    sys.exit(main())
