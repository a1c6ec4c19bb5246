"""docs/settings.md has every setting, once, with its meaning and the default that it really has."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

import pytest

from actors.hours import time_of
from federation.node import Limits
from federation.options import Options
from maillage.settings import Settings
from maillage.settings_file import CHECKS

PAGE = Path(__file__).parents[2] / "docs/settings.md"
ROW = re.compile(r"^\| `([a-z0-9_.]+)` \| (.+?) \| (.+) \|$", re.MULTILINE)
ROWS = {key: (default, meaning) for key, default, meaning in ROW.findall(PAGE.read_text("utf-8"))}


def default_of(key: str) -> Any:
    """The value of a setting that nobody gave."""
    section, _, name = key.partition(".")
    options, limits = Options(), Limits()
    if section in ("limits", "rate_limits"):
        return getattr(limits, name or section)
    if section in {field.name for field in fields(Options)}:
        return getattr(getattr(options, section), name)
    defaults = {field.name: field.default for field in fields(Settings)}
    return defaults[key.replace(".", "_")]


def test_every_setting_has_one_row_and_no_other_is_described() -> None:
    assert len(CHECKS) > 40
    assert set(ROWS) == set(CHECKS)
    assert len(ROW.findall(PAGE.read_text("utf-8"))) == len(ROWS)
    assert not [key for key, (_, meaning) in ROWS.items() if len(meaning) < 8]


@pytest.mark.parametrize("key", [key for key in CHECKS if key != "origin"])
def test_the_default_is_the_one_that_holds(key: str) -> None:
    said, value = ROWS[key][0], default_of(key)
    if isinstance(value, bool):
        value = "true" if value else "false"
    if isinstance(value, tuple) and key == "hours.told":
        start, end = cast(tuple[int, int], value)
        value = f"{time_of(start)}-{time_of(end)}"
    if value in (None, "", ()):
        assert said.isprintable()
        assert not re.fullmatch(r"`?[\d.]+`?|`(true|false)`", said), "nothing is set by itself"
    else:
        assert said.strip("`") == str(value)
