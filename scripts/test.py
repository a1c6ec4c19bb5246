"""`make test`: the whole suite on SQLite, then on PostgreSQL, in processes of their own.

Says at the end what could not be tested here, with the package to install; with
MAILLAGE_TESTS_COMPLETE=1 that is a failure. ARGS goes to pytest.
"""

import os
import shlex
import subprocess
import sys
import time

from tests.left_out import COMPLETE, PACKAGES, is_installed

WORKERS = "2"
NO_TESTS = 5


def run(engine: str, arguments: list[str]) -> int:
    """Run the suite on one engine and say how long it took."""
    print(f"== {engine}", flush=True)
    begun = time.monotonic()
    code = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--dist", "loadfile", *arguments],
        env=os.environ | {"MAILLAGE_TEST_DATABASE": engine},
        check=False,
    ).returncode
    print(f"== {engine}: {time.monotonic() - begun:.0f} s", flush=True)
    return code


def main() -> int:
    """Run both; return the first failure's code, or 0."""
    arguments = shlex.split(os.environ.get("ARGS", ""))
    codes = [run("sqlite", arguments)]
    missing = [program for program in PACKAGES if not is_installed(program)]
    if is_installed("initdb"):
        codes.append(run("postgres", arguments))
    elif COMPLETE:
        codes.append(1)
    if "initdb" in missing:
        print(f"LEFT OUT: the suite on PostgreSQL; install the package {PACKAGES['initdb']}")
    # Without any test selected in one run, the other has decided.
    failed = [code for code in codes if code not in {0, NO_TESTS}]
    return failed[0] if failed else min(codes)


if __name__ == "__main__":
    sys.exit(main())
