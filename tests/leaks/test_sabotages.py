"""The oracle proves itself: of each check that is left out it finds the leak."""

from pathlib import Path

import pytest

from tests.leaks.sabotages import SABOTAGES, Sabotage, prove
from tests.leaks.world import Plan

STEPS = 400
SEED = 7


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda one: one.name)
async def test_a_check_that_is_left_out_is_found(
    plan: Plan, folder: Path, sabotage: Sabotage
) -> None:
    found = await prove(plan, folder, sabotage, SEED, STEPS)
    assert found.is_found, found.said
