"""docs/security.md says where each row is tried: the tests that it names are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/security.md").read_text("utf-8")
ROWS = [line for line in TEXT.splitlines() if re.match(r"\| (SEC-\d+|protocol)", line)]
NAMED = re.compile(r"`([\w/]+\.py)?(?:::)?(test_\w+)?`")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_each_row_names_tests_that_exist_or_says_why_it_needs_none(row: str) -> None:
    _, ids, wrong, here, _ = row.split("|")
    assert ids.strip()
    assert wrong.strip()
    assert len(here.strip()) > 10, "neither a test nor a reason"
    path = ""
    for found in NAMED.finditer(here):
        path, name = found[1] or path, found[2]
        if not found[1] and not name:
            continue
        file = ROOT / "tests" / path
        assert file.is_file(), path
        if name:
            text = file.read_text("utf-8")
            assert re.search(rf"^(async )?def {name}\(", text, re.MULTILINE), f"{path}::{name}"


def test_no_row_stands_twice_in_one_part() -> None:
    for part in re.split(r"^## ", TEXT, flags=re.MULTILINE):
        ids = re.findall(r"SEC-\d+", " ".join(r.split("|")[1] for r in ROWS if r in part))
        assert len(ids) == len(set(ids)), part.partition("\n")[0]


def test_the_parts_about_readers_are_complete() -> None:
    """F to K: each row of what went wrong is tried here, or cannot happen."""
    parts = (
        *(range(104, 111), range(112, 115), range(116, 119)),
        *(range(120, 126), range(126, 131), range(132, 135), range(136, 139), range(140, 143)),
        *(range(144, 147), range(148, 151), (152, 153, 154), range(156, 163), range(164, 171)),
        *(range(172, 175), range(176, 179), range(180, 183), range(184, 187), range(188, 199)),
        range(200, 203),
        *(range(203, 211), range(212, 215), range(216, 219), range(220, 223)),
    )
    expected = {number for part in parts for number in part}
    known = {int(number) for row in ROWS for number in re.findall(r"SEC-(\d+)", row.split("|")[1])}
    assert sorted(expected - known) == []
