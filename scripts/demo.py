"""`make demo`: three closed nodes on this machine tell what federation is, line by line.

ONCE=1 ends after the story, with 0 only if every step happened. STEPS=json prints one JSON
object for each step. Nothing of it is left behind: no process, and no file outside `.demo`.
"""

import fcntl
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from scripts.demo_beginning import SITES
from scripts.demo_looking import WAIT_S
from scripts.demo_nodes import Processes
from scripts.demo_story import Story
from scripts.demo_teller import StepError, Teller
from scripts.demo_words import choose_language

ROOT = Path(__file__).parents[1]
COMMAND = [str(Path(sys.executable).with_name("maillage"))]
SIGNALS = (signal.SIGTERM, signal.SIGHUP)


class BusyError(Exception):
    """Another demonstration uses the folder."""


def main(environment: Mapping[str, str] = os.environ, command: list[str] = COMMAND) -> int:
    """Tell the story with this `maillage` command; return the exit code."""
    teller = Teller(choose_language(environment), environment.get("STEPS") == "json")
    once = bool(environment.get("ONCE"))
    folder = Path(environment.get("DEMO_DIR") or ROOT / ".demo")
    for number in SIGNALS:
        signal.signal(number, _end)
    # A shell starts what runs in the background with Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with _folder(None if once else folder) as data, Processes(command) as processes:
            story = Story.at(data, processes, teller, fixed=not once)
            return _told(story, teller, once=once)
    except BusyError:
        print(teller.say("busy", path=folder), file=sys.stderr)
        return 1


def _told(story: Story, teller: Teller, *, once: bool) -> int:
    try:
        teller.line(teller.say("title"))
        story.tell()
        teller.line()
        teller.line(teller.say("done", count=teller.count, seconds=teller.seconds()))
        return 0 if once else _keep_running(story, teller)
    except StepError as failure:
        _complain(failure, story, teller)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


@contextmanager
def _folder(kept: Path | None) -> Generator[Path]:
    """A folder for the nodes: a passing one, or `kept` with what an earlier story left cleared."""
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="maillage-demo-") as passing:
            yield Path(passing)
        return
    kept.mkdir(exist_ok=True)
    with (kept / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError from error
        for key, _ in SITES:
            shutil.rmtree(kept / key, ignore_errors=True)
        yield kept


def _complain(failure: StepError, story: Story, teller: Teller) -> None:
    is_late = isinstance(failure.__cause__, TimeoutError)
    reason = teller.say("late", seconds=WAIT_S) if is_late else failure.reason
    print(f"  ✗ {failure.text}", file=sys.stderr)
    print(teller.say("failed", step=failure.step, reason=reason), file=sys.stderr)
    for site in story.sites.values():
        if text := site.log_end():
            print(f"\n{teller.say('log', site=site.name)}\n{text}", file=sys.stderr)


def _keep_running(story: Story, teller: Teller) -> int:
    _say_logins(story, teller)
    try:
        while True:
            for site in story.sites.values():
                if site.has_stopped():
                    print(teller.say("stopped", site=site.name), file=sys.stderr)
                    print(site.log_end(), file=sys.stderr)
                    return 1
            time.sleep(0.3)
    except KeyboardInterrupt:
        teller.line("\n" + teller.say("bye"))
        return 0


def _say_logins(story: Story, teller: Teller) -> None:
    people = story.people.values()
    if teller.as_json:
        for person in people:
            with teller.step("login", person.username) as step:
                step.words = {
                    "name": person.name,
                    "username": person.username,
                    "password": person.password,
                }
        return
    teller.line()
    teller.line(teller.say("running"))
    for site in story.sites.values():
        teller.line(f"\n  {site.name:<24} {site.origin}")
        for person in people:
            if person.site is site:
                words = {"name": person.name, "username": person.username}
                teller.line("    " + teller.say("login", password=person.password, **words))
    origin = story.people["claire"].site.origin
    teller.line("\n" + teller.say("client", origin=origin))
    teller.line(teller.say("data", path=os.path.relpath(next(iter(people)).site.data.parent)))
    teller.line(teller.say("quit"))


if __name__ == "__main__":
    sys.exit(main())
