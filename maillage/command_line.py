"""What every command of `maillage` shares: how it runs, and how it ends.

0 done, 1 failed, 2 misuse; what is said of a failure is a sentence, never a trace.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
import uvloop

from federation.errors import Invalid, Malformed, NodeError
from maillage.messages import Language, say
from maillage.settings_file import SettingsError
from web.translations import sentence

T = TypeVar("T")
P = ParamSpec("P")

DATA = click.option(
    "--data",
    "data",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier du nœud · the node's folder",
)


def private_files() -> None:
    """Make every file that this process creates its owner's alone (SEC-212)."""
    os.umask(0o077)


class Failed(Exception):
    """The command did not do what was asked; the sentence goes to the error output."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run one piece of work on a loop of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def attempt(language: Language, work: Coroutine[Any, Any, T]) -> T:
    """Run `work`, and turn an error of the node into a sentence in its language."""
    try:
        return run(work)
    except NodeError as error:
        # What was typed is wrong: misuse. What the node cannot do: failed.
        misuse = isinstance(error, Invalid | Malformed)
        raise Failed(sentence(language, error.code, error.params), 2 if misuse else 1) from error
    except OSError as error:
        raise Failed(say(language, "failed", text=error.strerror or str(error))) from error


def command(function: Callable[P, None]) -> Callable[P, None]:
    """End with the exit code of the contract, and with a sentence instead of a trace."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        private_files()
        try:
            function(*args, **kwargs)
        except Failed as error:
            click.echo(str(error), err=True)
            sys.exit(error.code)
        except SettingsError as error:
            click.echo(str(error), err=True)
            sys.exit(1)

    return guarded
