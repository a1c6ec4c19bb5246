"""The files of this folder as Python values, with their literals filled in."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_LITERAL = re.compile(r"@@([A-Z][A-Z0-9_]*)@@")


def is_actor_file(path: Path) -> bool:
    return path.stem == "actor" or path.stem.startswith("actor_")


FILES = sorted(HERE.glob("*/*.json"))
ACTOR_FILES = [path for path in FILES if is_actor_file(path)]
DOCUMENT_FILES = [path for path in FILES if not is_actor_file(path)]


def label(path: Path) -> str:
    """Name a file as the table of quirks does: software/name."""
    return f"{path.parent.name}/{path.stem}"


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def fill(value: Any, literals: Mapping[str, str]) -> Any:
    """Replace the literals in every string, keys included; one without a value is an error."""
    if isinstance(value, str):
        return _LITERAL.sub(lambda found: literals[found[1]], value)
    if isinstance(value, list):
        return [fill(item, literals) for item in value]
    if isinstance(value, dict):
        return {fill(key, literals): fill(item, literals) for key, item in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery as its file describes it, literals still in it."""

    path: Path
    delivered_to: str
    actor_file: Path
    needs: tuple[str, ...]
    document: dict[str, Any]
    expect: dict[str, Any]
    serves: dict[str, Any] = field(default_factory=dict[str, Any])
    gone: tuple[str, ...] = ()

    @property
    def before(self) -> list[Path]:
        """The files that are delivered before this one."""
        found = (need.partition("after:")[2] for need in self.needs)
        return [self.path.with_name(name) for name in found if name]


def read(path: Path) -> Delivery:
    """Read the file of one delivery."""
    data = load(path)
    return Delivery(
        path=path,
        delivered_to=data["delivered_to"],
        actor_file=path.with_name(data["actor"]),
        needs=tuple(data["needs"]),
        document=data["document"],
        expect=data["expect"],
        serves=data.get("serves", {}),
        gone=tuple(data.get("gone", [])),
    )


def actor_in(path: Path) -> dict[str, Any]:
    """The actor document of a file."""
    return load(path)["actor_document"]
