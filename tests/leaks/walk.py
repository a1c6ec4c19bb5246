"""The walk: acts by chance, one after another, each followed by the oracle."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.leaks import forging, passing, relating, restoring, writing
from tests.leaks.acts import Act
from tests.leaks.oracle import Oracle
from tests.leaks.world import LeakError, World

ACTS: tuple[Act, ...] = (
    *writing.ACTS,
    *passing.ACTS,
    *relating.ACTS,
    *forging.ACTS,
    *restoring.ACTS,
)
TRIES = 40
STEPS_SHOWN = 400
FULL_STEPS = 2_000


@dataclass
class Report:
    """What a walk came to."""

    seed: int
    steps: int = 0
    answers: int = 0
    bodies: int = 0
    events: int = 0
    messages: int = 0
    hours: int = 0
    said: int = 0
    seconds: float = 0.0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])

    def missing(self, acts: Sequence[Act] = ACTS) -> list[str]:
        """The pairs of act and audience kind that did not occur."""
        return [
            f"{act.name} {kind}"
            for act in acts
            for kind in act.kinds
            if not self.counts[act.name, kind]
        ]

    def table(self, acts: Sequence[Act] = ACTS) -> str:
        """How often each pair of act and audience kind occurred."""
        kinds = list(dict.fromkeys(kind for act in acts for kind in act.kinds))
        lines = [f"{'':14}" + "".join(f"{kind:>15}" for kind in kinds)]
        for act in acts:
            counts = (self.counts[act.name, kind] if kind in act.kinds else "-" for kind in kinds)
            lines.append(f"{act.name:14}" + "".join(f"{count:>15}" for count in counts))
        lines.append(
            f"seed {self.seed}: {self.steps} acts, {self.said} objects, {self.bodies} bodies"
            f" between nodes, {self.answers} answers read, {self.events} stream events,"
            f" {self.messages} pushed, {self.hours} waits of an hour, in {self.seconds:.0f} s"
        )
        return "\n".join(lines)


async def walk(
    world: World,
    seed: int,
    steps: int,
    *,
    acts: Sequence[Act] = ACTS,
    sweep_every: int = 100,
    looked_at: int = 1,
    report: Report | None = None,
) -> Report:
    """Do so many acts and check each; LeakError tells the seed and the acts that led there."""
    oracle, report, begun = Oracle(world), report or Report(seed), time.monotonic()
    try:
        for number in range(1, steps + 1):
            before, world.model.moment = len(world.model.said), number
            await _act(world, acts, report)
            touched = world.model.said[before:]
            older = world.model.said[:before][-40:]
            touched += world.chance.sample(older, min(looked_at, len(older)))
            await oracle.after_act(touched)
            report.steps = number
            if number % sweep_every == 0 or number == steps:
                await oracle.sweep(12)
    except AssertionError as error:
        told = "\n".join(f"  {n}. {s}" for n, s in enumerate(world.steps, 1))
        shown = "\n".join(told.splitlines()[-STEPS_SHOWN:])
        msg = f"{error}\nafter {report.steps} acts with SEED={seed}:\n{shown}"
        raise LeakError(msg) from error
    finally:
        report.said, report.answers = len(world.model.said), oracle.answers
        report.bodies, report.events = world.told.bodies, world.devices.events
        report.messages, report.hours = world.devices.messages, world.hours
        report.seconds = time.monotonic() - begun
    return report


async def _act(world: World, acts: Sequence[Act], report: Report) -> None:
    """Do one act that can be done, and wait until the network is calm."""
    weights = [act.weight for act in acts]
    for _ in range(TRIES):
        (act,) = world.chance.choices(acts, weights)
        kinds = await act.deed(world)
        if kinds:
            await world.calm()
            report.counts.update((act.name, kind) for kind in kinds)
            return
    msg = "nothing can be done any more"
    raise AssertionError(msg)
