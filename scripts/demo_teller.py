"""How the demonstration is told: a line for a person, or a JSON object for a program."""

import json
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from scripts.demo_words import Language, say

COLUMN = 72
# Where a narrow terminal would break the line, the time follows the text at once.
GAP = "  "


class StepError(Exception):
    """A step did not happen; says which, and why."""

    def __init__(self, step: str, text: str, reason: str) -> None:
        super().__init__(step, reason)
        self.step, self.text, self.reason = step, text, reason


@dataclass
class Step:
    """What a step found out while it ran: its words, and the time that counts, in ms."""

    words: dict[str, object]
    ms: float | None = None


@dataclass
class Teller:
    """Prints each step when it has happened."""

    language: Language
    as_json: bool = False
    count: int = 0
    begun: float = field(default_factory=time.monotonic)

    def say(self, code: str, **words: object) -> str:
        """The sentence of a code, in the reader's language."""
        return say(self.language, code, **words)

    def line(self, text: str = "") -> None:
        """Print a line that only a person needs."""
        if not self.as_json:
            print(text, flush=True)

    def chapter(self, code: str) -> None:
        """Open the next part of the story."""
        self.line()
        self.line(_painted("1", self.say(code)))

    @contextmanager
    def step(self, code: str, *names: str, **words: object) -> Generator[Step]:
        """Tell the step once its block has ended; StepError, with its name, when it raises."""
        step = Step(words)
        key = "-".join([code.replace(".", "-"), *names])
        try:
            yield step
        except StepError:
            raise
        except Exception as error:
            reason = str(error) or type(error).__name__
            text = self.say(code, **step.words)
            if self.as_json:
                _print_json({"step": key, "ok": False, "text": text, "reason": reason})
            raise StepError(key, text, reason) from error
        self._tell(key, self.say(code, **step.words), step.ms)

    def _tell(self, key: str, text: str, ms: float | None) -> None:
        self.count += 1
        if self.as_json:
            timed = {} if ms is None else {"ms": round(ms, 1)}
            _print_json({"step": key, "ok": True, **timed, "text": text})
            return
        line = f"  {_painted('32', '✓')} {text}"
        if ms is not None:
            line += " " * max(0, COLUMN - len(text)) + GAP + _painted("2", f"{ms:6.0f} ms")
        print(line, flush=True)

    def seconds(self) -> str:
        """How long the story has taken, with one decimal."""
        text = f"{time.monotonic() - self.begun:.1f}"
        return text.replace(".", ",") if self.language == "fr" else text


def _print_json(values: dict[str, object]) -> None:
    print(json.dumps(values, ensure_ascii=False), flush=True)


def _painted(colour: str, text: str) -> str:
    return f"\033[{colour}m{text}\033[0m" if sys.stdout.isatty() else text
