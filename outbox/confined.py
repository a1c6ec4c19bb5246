"""Started in place of a program that reads somebody's file: sets its limits, then becomes it.

`confined.py <CPU seconds> <address space bytes> <file bytes> <program> <arguments…>`. A program
started so can never have more, whatever the file makes it do.
"""

import os
import resource
import sys

OPEN_FILES_MAX = 64
NICER_BY = 10


def main(arguments: list[str]) -> None:
    """Set the limits and become the program."""
    cpu_s, memory_bytes, file_bytes = (int(text) for text in arguments[:3])
    limits = (
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES_MAX),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in limits:
        resource.setrlimit(what, (most, most))
    # Readers come before files that are prepared.
    os.nice(NICER_BY)
    program = arguments[3:]
    os.execvp(program[0], program)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
