"""Whatever is done, nobody outside an audience ever holds a byte; everybody inside has it once."""

import os
import random
from pathlib import Path

import pytest

from tests.leaks.walk import walk
from tests.leaks.world import Plan, opened

STEPS = int(os.environ.get("MAILLAGE_LEAK_STEPS") or 300)
FIXED = 20_260
FRESH = int(os.environ.get("MAILLAGE_LEAK_SEED") or random.SystemRandom().randrange(10**9))


@pytest.mark.parametrize("seed", [FIXED, FRESH], ids=["fixed", "fresh"])
async def test_nobody_outside_has_a_byte_and_everybody_inside_has_it_once(
    plan: Plan, folder: Path, seed: int
) -> None:
    async with opened(plan, folder, random.Random(seed)) as world:
        report = await walk(world, seed, STEPS)
    assert report.steps == STEPS
    assert report.said > STEPS / 5
    assert report.answers > STEPS * 20
