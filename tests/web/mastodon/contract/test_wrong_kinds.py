"""Bodies that are right but for one field: a refusal that names it, or no harm; never a failure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from tests.web.mastodon.contract.case import Case
from tests.web.mastodon.contract.walk import CASES, ask, settled
from tests.web.mastodon.contract.world import World

pytestmark = pytest.mark.needs("ffmpeg")
DEEP: Any = orjson.loads("[" * 60 + "]" * 60)
WRONG: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 1.5, "", "x\0y", "9" * 400, "é" * 30_000, [], {}, [[], {}, None],
    {"a": {"b": [1]}}, ["x"] * 2_000, DEEP, "<script>", "2026-13-45T99:99:99Z",
)  # fmt: skip
ANSWERS = {200, 202, 400, 401, 403, 404, 410, 413, 415, 422}


def spoiled(value: Any, wrong: Any) -> Iterator[Any]:
    """Each value that differs from the right one in one place, where the wrong one stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield value | {key: wrong}
            for other in spoiled(inner, wrong):
                yield value | {key: other}
    elif isinstance(value, list) and value:
        yield [wrong, *value[1:]]


async def test_no_field_of_a_wrong_kind_breaks_anything(ground: World) -> None:
    there, mistakes, asked = await settled(ground, "administrator"), list[str](), 0
    for case in CASES:
        # An account that is gone can ask nothing more.
        if case.path.startswith("/oauth/"):
            continue
        for other in wrong_cases(case):
            reply = await ask(there, other, there.clients[case.by])
            asked += 1
            if reply.status not in ANSWERS:
                mistakes.append(f"{other} {str(other.send)[:200]}: {reply.status}")
            elif reply.status == 422 and not reply.json.get("details"):
                mistakes.append(f"{other} {str(other.send)[:200]}: no field in {reply.text}")
            elif reply.status >= 400:
                assert isinstance(reply.json["error"], str)
    assert asked > 1_000
    assert mistakes == [], "\n".join(mistakes[:40])


def wrong_cases(case: Case) -> Iterator[Case]:
    """The case with each of its fields spoiled."""
    for wrong in WRONG:
        if case.send is not None:
            for send in spoiled(case.send, wrong):
                yield replace(case, send=send)
        elif case.query and isinstance(wrong, str | int | float):
            for query in spoiled(dict(case.query), str(wrong)):
                yield replace(case, query=query)
