"""One call of the client API in the world: who makes it, and the entity that it is answered with.

A path names objects of the world in braces. Reading comes before writing, whatever the order in
which cases are written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.web.mastodon.files import Part
from web.mastodon.call import Entry
from web.mastodon.routes import TABLE

_PATTERNS = [
    (re.compile(re.sub(r"\{\w+\}", "[^/]+", entry.path)), entry)
    for entry in sorted(TABLE, key=lambda entry: entry.path.count("{"))
]


@dataclass(frozen=True, slots=True)
class Case:
    """`answer` is the entity, `[entity]` a list that is not empty, else a type of media.

    `parts` are those of a form with files.
    """

    method: str
    path: str
    answer: str
    send: Any = None
    by: str = "ada"
    status: int = 200
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])
    keep: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def entry(self) -> Entry | None:
        """The entry of the table that answers; None for what stands beside the table."""
        return entry_of(self.method, self.path)

    @property
    def reads(self) -> bool:
        return self.method == "GET"

    def __str__(self) -> str:
        return f"{self.method} {self.path} {dict(self.query) or ''} by {self.by}"


def entry_of(method: str, path: str) -> Entry | None:
    """The entry for a path; what is written out wins over a place."""
    for pattern, entry in _PATTERNS:
        if pattern.fullmatch(path) and method in entry.methods.split():
            return entry
    return None


def get(path: str, answer: str, by: str = "ada", **query: Any) -> Case:
    return Case("GET", f"/api/{path}", answer, by=by, query=query)


def post(path: str, answer: str = "Empty", send: Any = None, **more: Any) -> Case:
    return Case("POST", f"/api/{path}", answer, send, **more)


def put(path: str, answer: str, send: Any = None, **more: Any) -> Case:
    return Case("PUT", f"/api/{path}", answer, send, **more)


def patch(path: str, answer: str, send: Any = None, **more: Any) -> Case:
    return Case("PATCH", f"/api/{path}", answer, send, **more)


def delete(path: str, answer: str = "Empty", send: Any = None, **more: Any) -> Case:
    return Case("DELETE", f"/api/{path}", answer, send, **more)


def ids(*names: str, field: str = "id") -> dict[str, Any]:
    """The objects called so, as a list in a query."""
    return {f"{field}[]": [f"{{{name}}}" for name in names]}
