"""How the demonstration looks at a node: again and again until it happened, or until it is late."""

import time
from collections.abc import Callable
from typing import Any

from scripts.demo_nodes import Person, UnexpectedError

WAIT_S = 30
PAUSE_S, PAUSE_MAX_S = 0.004, 0.15


def expect(happened: bool, came: object) -> None:
    """Raise UnexpectedError, with what came instead, unless it happened."""
    if not happened:
        raise UnexpectedError(str(came)[:400])


def wait(look: Callable[[], bool]) -> None:
    """Look again and again, less often with time; TimeoutError after WAIT_S."""
    end, pause = time.monotonic() + WAIT_S, PAUSE_S
    while not look():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(pause)
        pause = min(pause * 1.3, PAUSE_MAX_S)


def home(person: Person) -> list[dict[str, Any]]:
    """The person's home timeline, newest first."""
    return person.get("/api/v1/timelines/home?limit=20")


def here(person: Person, status: dict[str, Any]) -> dict[str, Any]:
    """The status as the person's own node has it, in her home timeline."""
    return next(entry for entry in home(person) if entry["uri"] == status["uri"])


def uris_of(person: Person) -> set[str]:
    """The ids of all that stands in the home timeline, boosted statuses included."""
    shown = [entry["reblog"] or entry for entry in home(person)]
    return {entry["uri"] for entry in shown}


def everything_of(person: Person) -> str:
    """All that the person's node shows her, as one text to search in."""
    paths = ("timelines/home", "timelines/public", "notifications", "conversations")
    return " ".join(str(person.caller.ask("GET", f"/api/v1/{path}")[1]) for path in paths)


def is_told(person: Person, kind: str, status_id: str) -> bool:
    """Whether the person was notified of this deed to this status."""
    told = person.get(f"/api/v1/notifications?types[]={kind}")
    return any(entry["status"]["id"] == status_id for entry in told)


def ms_since(at: float) -> float:
    """How long ago a moment of the monotonic clock was."""
    return (time.monotonic() - at) * 1000
