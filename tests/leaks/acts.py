"""What an act is: something that one of the world does, if it can, and what it was done to."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.leaks.model import Said, Someone
from tests.leaks.world import World

Kinds = Sequence[str]
"""The kinds of audience that an act had to do with; none when it could not be done."""
Deed = Callable[[World], Awaitable[Kinds]]
NOTHING: Kinds = ()
T = TypeVar("T")


@dataclass(frozen=True)
class Act:
    """One kind of act, how often it comes, and the kinds of audience it can have to do with."""

    name: str
    weight: int
    deed: Deed
    kinds: Kinds


def one_of(world: World, among: Iterable[T]) -> T | None:
    """One of these by chance, the same for the same seed; None of none."""
    found = list(among)
    return world.chance.choice(found) if found else None


def one_of_a_kind(world: World, among: Iterable[Said]) -> Said | None:
    """One of these of a kind by chance, so that rare kinds come up as often as others."""
    found = list(among)
    kind = one_of(world, sorted({said.kind for said in found}))
    return one_of(world, [said for said in found if said.kind == kind])


def living(world: World, newest: int = 40) -> list[Said]:
    """The newest of what was said and not taken back nor lost by its own site."""
    found = [said for said in world.model.said if not said.is_deleted]
    return [said for said in found if not world.model.is_lost(said, said.home)][-newest:]


def known_kinds(sayings: Iterable[Said]) -> Kinds:
    """The kinds of these, each once."""
    return list(dict.fromkeys(said.kind for said in sayings))


async def held_by(world: World, person: Someone, said: Said) -> int | None:
    """The id under which a person's node holds something."""
    return await world.local_id(said, person.site)


def note(world: World, text: str) -> None:
    """Write down what is done, for whoever wants to do it again."""
    world.steps.append(text)


def fields_of(kind: str, partners: Iterable[str] = ()) -> dict[str, Any]:
    """How a client asks for an audience."""
    named = {
        "site": "local",
        "followers": "private",
        "named": "direct",
        "public": "public",
        "unlisted": "unlisted",
    }
    if kind in named:
        return {"visibility": named[kind]}
    if kind == "named_partners":
        return {"audience": f"partners:{','.join(partners)}"}
    return {"audience": kind}
