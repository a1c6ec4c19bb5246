"""Sabotages: in each one check is left out, in the test alone, and the walk must find the leak."""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from inbox import timelines
from outbox import circles, visibility
from outbox.reach import reach_of
from tests.leaks.acts import Act
from tests.leaks.oracle import Oracle
from tests.leaks.walk import ACTS, Report, walk
from tests.leaks.world import LeakError, Plan, opened

# What the oracle says of something that somebody should have, or should have no longer.
_LOST = re.compile(r" (misses|has not|still has) #| times( in .*)?$")
EVERYTHING: tuple[str, list[Any]] = ("1 = 1", [])
STEPS_MAX = 2_000
SWEEP_EVERY = 25


@dataclass(frozen=True)
class Sabotage:
    """One check that is skipped; `weights` lets the acts that show it come more often.

    `leak` is what the oracle says when it is this that it has found.
    """

    name: str
    skip: Callable[[pytest.MonkeyPatch], None]
    leak: str
    weights: Mapping[str, int] = field(default_factory=dict[str, int])

    def acts(self) -> tuple[Act, ...]:
        """The acts of the walk as often as they help here."""
        return tuple(replace(act, weight=self.weights.get(act.name, act.weight)) for act in ACTS)

    def is_found(self, told: str) -> bool:
        """Whether the oracle speaks of this."""
        return re.search(self.leak, told) is not None


def _everything(*_: Any) -> tuple[str, list[Any]]:
    return EVERYTHING


async def _any_status(reader: Any, _: Any, status_id: int) -> Any:
    return await reader.row("SELECT status.* FROM status WHERE id = ?", status_id)


async def _yes(*_: Any, **__: Any) -> bool:
    return True


async def _no_reason(*_: Any) -> None:
    return None


def _search(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("inbox.search.may_see_sql", _everything)


def _tags(patch: pytest.MonkeyPatch) -> None:
    """The pages of a tag show what carries it, to whoever looks."""
    is_tag = ContextVar("is_tag", default=False)
    tag, may_see_sql = timelines.tag, timelines.may_see_sql

    async def anything(*args: Any, **options: Any) -> Any:
        token = is_tag.set(True)
        try:
            return await tag(*args, **options)
        finally:
            is_tag.reset(token)

    def unless(*args: Any) -> tuple[str, list[Any]]:
        return EVERYTHING if is_tag.get() else may_see_sql(*args)

    patch.setattr(timelines, "may_see_sql", unless)
    patch.setattr(timelines, "tag", anything)


def _stream(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("web.mastodon.channels.shows", _yes)


def _media(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("web.media._may", _yes)


def _context(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("inbox.threads.may_see_sql", _everything)


def _boost(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("outbox.interactions.may", _yes)


def _resolve(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("web.mastodon.search.visible", _any_status)


def _backfill(patch: pytest.MonkeyPatch) -> None:
    """Whoever asks for what somebody published gets all of it."""
    patch.setattr("web.collections.may_see_sql", _everything)


def _restore(patch: pytest.MonkeyPatch) -> None:
    """A node that was put back goes on at once.

    What nobody compares is lost as well, sooner than it leaks: that is not looked for here.
    """
    patch.setattr("maillage.serve.check_in", _no_reason)
    patch.setattr("inbox.reconciling.reconcile", _no_reason)
    check = Oracle.check

    def check_leaks(oracle: Oracle) -> None:
        oracle.found = [one for one in oracle.found if not _LOST.search(one)]
        check(oracle)

    patch.setattr(Oracle, "check", check_leaks)


def _send_time(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("maillage.judge._judge_status", _no_reason)


def _receiver(patch: pytest.MonkeyPatch) -> None:
    """What comes under the address of an audience is for the members, whoever sends it."""
    anybodys = visibility._MEMBERS.replace(circles.TAKEN, "1 = 1")
    assert anybodys != visibility._MEMBERS
    patch.setattr(visibility, "_MEMBERS", anybodys)
    patch.setattr(circles, "takes_from", _yes)
    patch.setattr(circles, "belongs", _yes)


def _inheritance(patch: pytest.MonkeyPatch) -> None:
    """An answer among sites goes to all the partners of its own site."""

    async def begins(node: Any, reader: Any, kind: str, parent: Any, *more: Any) -> Any:
        if parent is not None and kind == parent["audience_kind"] in circles.ACROSS_SITES:
            return await reach_of(node, reader, "partners", None, *more)
        return await reach_of(node, reader, kind, parent, *more)

    patch.setattr("outbox.drafts.reach_of", begins)


SABOTAGES = (
    Sabotage("search", _search, "by search"),
    Sabotage("tag timeline", _tags, r"by /api/v1/timelines/tag", {"block": 10, "narrow": 8}),
    Sabotage("stream", _stream, "by stream"),
    Sabotage("media", _media, "by file"),
    Sabotage("context", _context, "by (context|its page)", {"answer": 40}),
    Sabotage("boost", _boost, "is let to pass|was told of", {"boost": 20}),
    Sabotage("resolve", _resolve, "by its address", {"look up": 20}),
    Sabotage("backfill", _backfill, "by outbox|was sent|was told of", {"follow": 20}),
    Sabotage(
        "restore",
        _restore,
        "was sent|was told of|is served|is shown",
        # After a pause, or when two agree again, the walk waits for what is left out here.
        {"copy": 12, "restore": 12, "narrow": 6, "end": 6, "send away": 6, "pair": 0, "pause": 0},
    ),
    Sabotage(
        "send-time check",
        _send_time,
        "was sent",
        {"pause": 20, "send away": 20, "narrow": 9, "resume": 12, "follow": 12},
    ),
    Sabotage(
        "receiver's audience rule",
        _receiver,
        r"is shown #\d+ \((named, zoe|\w*partners|org)",
        {"forge": 10},
    ),
    Sabotage("reply inheritance", _inheritance, "was sent|was told of|is served", {"answer": 40}),
)


# What is found within seconds; the others take turns, and `make leaks SABOTAGE=all` has all.
QUICK = ("search", "stream", "media", "context", "boost", "backfill", "reply inheritance")


def of_today(day: date) -> tuple[Sabotage, ...]:
    """The quick ones, and one of the others, each on its day."""
    others = [one for one in SABOTAGES if one.name not in QUICK]
    quick = [one for one in SABOTAGES if one.name in QUICK]
    return (*quick, others[day.toordinal() % len(others)])


@dataclass(frozen=True)
class Found:
    """What came of a sabotage: whether it was found, after how many acts, and what was said."""

    is_found: bool
    said: str


async def prove(plan: Plan, folder: Path, sabotage: Sabotage, seed: int, steps: int) -> Found:
    """Walk with one check left out until it is found, at most so many steps."""
    visibility._condition.cache_clear()
    report = Report(seed)
    with pytest.MonkeyPatch.context() as patch:
        sabotage.skip(patch)
        try:
            async with opened(plan, folder, Random(seed)) as world:
                await walk(
                    world, seed, steps, acts=sabotage.acts(), sweep_every=SWEEP_EVERY, report=report
                )
        except LeakError as error:
            told = str(error).partition("\n")[0]
            taken = f"after {report.steps + 1} acts in {report.seconds:.0f} s: "
            is_found = sabotage.is_found(told)
            return Found(is_found, taken + (told[:200] if is_found else str(error)))
        finally:
            visibility._condition.cache_clear()
    return Found(is_found=False, said=f"not found in {steps} acts")
