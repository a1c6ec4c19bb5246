"""`make test`: the whole suite on SQLite, then on PostgreSQL, and one closing line for both.

Two at a time: the unit tests, those of the whole application, and, file by file, those that
start nodes, clients and browsers. What each took and what was left out is said again at the end.
"""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.clients import npm_packages
from tests.left_out import COMPLETE, PACKAGES, is_installed

ROOT = Path(__file__).parents[1]
ENGINES = ("sqlite", "postgres")
# They ask the whole application, and run the programs and servers it uses.
SURFACE = ("tests/maillage", "tests/peers", "tests/properties", "tests/web")
# They start whole nodes, clients and browsers, and mostly wait for them.
NODES = (
    "tests/browser",
    "tests/clients",
    "tests/leaks",
    "tests/maillage/test_serve.py",
    "tests/nodes",
    "tests/scripts",
)
# They have nothing to do with a database, or tests/web asks the same on both: once is enough.
ONCE = ("tests/architecture", "tests/browser", "tests/peers/test_sources.py", "tests/scripts")
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)\b")
CLOSING = re.compile(r"^=* ?((?:\d+ [a-z]+(?:, )?)+) in \d+\.\d+s\b")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
LEFT_OUT = "LEFT OUT: "
NOTHING_COLLECTED = 5
MINUTE_S = 60


@dataclass
class Tally:
    """What all the runs together came to."""

    counts: Counter[str] = field(default_factory=Counter[str])
    left_out: list[str] = field(default_factory=list[str])
    times: list[str] = field(default_factory=list[str])

    def took(self, title: str, seconds: float) -> None:
        """Note how long one run was."""
        self.times.append(f"{title}: {timedelta(seconds=round(seconds))}")

    def read(self, title: str, output: str) -> None:
        """Add what one run printed; a run that did not close is an error."""
        closing = ""
        for line in COLOUR.sub("", output).splitlines():
            if found := CLOSING.match(line.strip()):
                closing = found[1]
            elif line.startswith(LEFT_OUT):
                self.left_out.append(f"{title}: {line.removeprefix(LEFT_OUT)}")
        for number, outcome in COUNT.findall(closing):
            self.counts[outcome.removesuffix("s") if outcome == "errors" else outcome] += int(
                number
            )
        if not closing:
            self.counts["failed"] += output.count("\nFAILED ")
            self.counts["error"] += max(1, output.count("\nERROR "))

    def closing_line(self, seconds: float) -> str:
        """The last line of all, in the words of pytest's own."""
        order = ("failed", "passed", "skipped", "error")
        said = [f"{self.counts[name]} {name}" for name in order if self.counts[name]]
        if self.counts["error"] > 1:
            said[-1] += "s"
        clock = f" ({timedelta(seconds=int(seconds))})" if seconds >= MINUTE_S else ""
        text = f" {', '.join(said) or 'no tests ran'} in {seconds:.2f}s{clock} "
        return text.center(80, "=")


def main(arguments: list[str]) -> int:
    """Run both suites with these further arguments of pytest; return the exit code."""
    begun = time.monotonic()
    tally = Tally()
    _fetch_packages(tally)
    codes = [code for engine in ENGINES for code in _suite(engine, arguments, tally)]
    if arguments:
        # A selection may leave a run empty.
        codes = [code for code in codes if code != NOTHING_COLLECTED]
    print()
    for line in tally.times:
        print(f"TIME: {line}")
    for line in tally.left_out:
        print(f"{LEFT_OUT}{line}")
    print(tally.closing_line(time.monotonic() - begun), flush=True)
    return int(any(codes) or bool(tally.counts["error"]))


def _fetch_packages(tally: Tally) -> None:
    """Bring the npm packages that a client and the browser run; without both they are left out."""
    if not (is_installed("node") or is_installed("chromium")):
        return
    try:
        npm_packages.fetch()
    except OSError as error:
        tally.left_out.append(f"npm: the packages of tests/clients could not be fetched: {error}")
        tally.counts["error"] += int(COMPLETE)


def _suite(engine: str, arguments: list[str], tally: Tally) -> list[int]:
    """The exit codes of one engine's runs."""
    if engine == "postgres" and not is_installed("initdb"):
        text = (
            f"the whole suite, because initdb is missing; install the package {PACKAGES['initdb']}"
        )
        tally.left_out.append(f"{engine}: {text}")
        tally.counts["error"] += int(COMPLETE)
        return []
    if any((ROOT / word.partition("::")[0]).exists() for word in arguments):
        return [_run(engine, "as chosen", arguments, tally)]
    spared = ONCE if engine != ENGINES[0] else ()
    nodes = [place for place in NODES if (ROOT / place).exists() and place not in spared]
    two = ["-n", "2", *(f"--ignore={place}" for place in (*NODES, *spared))]
    unit = [*two, *(f"--ignore={place}" for place in SURFACE), "tests"]
    codes = [_run(engine, "unit", [*unit, *arguments], tally)]
    codes.append(_run(engine, "surface", [*two, *SURFACE, *arguments], tally))
    if nodes:
        # File by file: what one of them starts, a demo or a directory server, is its own.
        files = ["-n", "2", "--dist", "loadfile"]
        codes.append(_run(engine, "nodes", [*files, *nodes, *arguments], tally))
    return codes


def _run(engine: str, way: str, arguments: list[str], tally: Tally) -> int:
    print(f"\n== {engine}, {way}", flush=True)
    begun = time.monotonic()
    colour = "yes" if sys.stdout.isatty() else "no"
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", f"--color={colour}", *arguments],
        cwd=ROOT,
        env={**os.environ, "MAILLAGE_TEST_DATABASE": engine},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    printed = bytearray()
    with process:
        # As it comes, so that a person sees it move.
        while part := os.read(process.stdout.fileno(), 65_536):
            printed += part
            sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
    if process.returncode != NOTHING_COLLECTED:
        tally.took(f"{engine}, {way}", time.monotonic() - begun)
        tally.read(engine, printed.decode("utf-8", "replace"))
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
