"""The oracle proves itself: of each check that is left out it finds the leak."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.leaks.sabotages import SABOTAGES, Sabotage, of_today, prove
from tests.leaks.world import Plan

STEPS = 600
SEED = 7


TODAY = of_today(datetime.now(UTC).date())


@pytest.mark.parametrize("sabotage", TODAY, ids=lambda one: one.name)
async def test_a_check_that_is_left_out_is_found(
    plan: Plan, folder: Path, sabotage: Sabotage
) -> None:
    found = await prove(plan, folder, sabotage, SEED, STEPS)
    assert found.is_found, found.said


def test_each_of_the_twelve_has_its_day() -> None:
    days = range(739_000, 739_000 + len(SABOTAGES))
    turns = {one.name for day in days for one in of_today(datetime.fromordinal(day).date())}
    assert turns == {one.name for one in SABOTAGES}
    assert len(turns) == 12
