import pytest

from scripts.suites import CLOSING, Tally

PASSED = (
    "....\n======================== 12 passed, 2 skipped in 3.41s (0:00:03) ===================\n"
)
BROKEN = "F.E\n\x1b[31m==== \x1b[1m1 failed\x1b[0m, 3 passed, 2 errors in 0.50s ====\x1b[0m\n"
LEFT_OUT = "LEFT OUT: 2 tests, because slapd is missing; install the package slapd\n"


def test_the_closing_line_counts_all_runs() -> None:
    tally = Tally()
    tally.read("sqlite", LEFT_OUT + PASSED)
    tally.read("postgres", BROKEN)
    line = tally.closing_line(65.0)
    assert line.strip("= ") == "1 failed, 15 passed, 2 skipped, 2 errors in 65.00s (0:01:05)"
    assert CLOSING.match(line)
    tally.took("sqlite, unit", 54.6)
    assert tally.times == ["sqlite, unit: 0:00:55"]
    assert tally.left_out == [
        "sqlite: 2 tests, because slapd is missing; install the package slapd"
    ]


@pytest.mark.parametrize("output", ["", "Killed\n", "12 passed, then nothing\n"])
def test_a_run_that_does_not_close_is_an_error(output: str) -> None:
    tally = Tally()
    tally.read("sqlite", output)
    assert tally.closing_line(1.0).strip("= ") == "1 error in 1.00s"


def test_a_run_that_breaks_after_its_summary_keeps_its_failures() -> None:
    tally = Tally()
    tally.read("sqlite", "\nFAILED a.py::b\nERROR a.py::c\nERROR a.py::d\nTraceback\n")
    assert tally.closing_line(1.0).strip("= ") == "1 failed, 2 errors in 1.00s"
