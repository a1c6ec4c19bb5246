"""Says at the end what could not be tested here, and with which package it could.

Only the programs named below may be missing. With MAILLAGE_TESTS_COMPLETE=1 none may.
"""

import os
import shutil
from pathlib import Path

import pytest

PACKAGES = {
    "initdb": "postgresql",
    "ffmpeg": "ffmpeg",
    "chromium": "chromium",
    "node": "nodejs",
    "slapd": "slapd",
    "redis-server": "redis-server",
}
COMPLETE = os.environ.get("MAILLAGE_TESTS_COMPLETE") == "1"


def is_installed(program: str) -> bool:
    """Whether a program is in PATH, or where Debian keeps PostgreSQL's."""
    return shutil.which(program) is not None or any(
        Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    needed: set[str] = {str(mark.args[0]) for mark in item.iter_markers("needs")}
    if "postgres" in getattr(item, "fixturenames", ()):
        needed.add("initdb")
    for program in sorted(needed):
        if not is_installed(program):
            text = f"{program} is missing; install the package {PACKAGES[program]}"
            if COMPLETE:
                pytest.fail(text, pytrace=False)
            pytest.skip(text)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        counts[reason] = counts.get(reason, 0) + 1
    for reason, count in sorted(counts.items()):
        terminalreporter.write_line(f"LEFT OUT: {count} tests, because {reason}", yellow=True)
