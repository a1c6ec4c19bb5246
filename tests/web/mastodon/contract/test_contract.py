"""Every endpoint, walked in a world where its list is not empty: each answer is what was written.

As a member, as an administrator, and without a token on a closed node and on an open one. The
walk has to show each key of each entity with a value and, where that is allowed, with null.
"""

from dataclasses import replace

import pytest

from tests.web.mastodon.asgi import Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.case import Case
from tests.web.mastodon.contract.reasons import HIDDEN_FROM_STRANGERS, REASONS
from tests.web.mastodon.contract.seen import Seen
from tests.web.mastodon.contract.walk import CASES, ask, settled
from tests.web.mastodon.contract.world import World
from tests.web.mastodon.described import OWN
from web.app import build_app
from web.mastodon.routes import TABLE

NOBODY = ("nobody", "bare", "app")
pytestmark = pytest.mark.needs("ffmpeg")


def test_every_entry_has_a_case() -> None:
    """Those of Mastodon: what is ours alone is judged by its own description."""
    asked = [case.entry for case in CASES]
    others = [entry for entry in TABLE if not entry.path.startswith(OWN)]
    assert [f"{entry.methods} {entry.path}" for entry in others if entry not in asked] == []


def judge(case: Case, reply: Reply, seen: Seen, *, is_person: bool = True) -> str:
    """What is wrong with an answer; nothing when all is as it was written."""
    if reply.status != case.status:
        return f"{reply.status} {reply.text[:300]}"
    if "/" in case.answer:
        return "" if reply.headers["content-type"].startswith(case.answer) else "another type"
    if reply.headers["content-type"] != "application/json":
        return f"type {reply.headers['content-type']}"
    if case.answer.startswith("[") and reply.json == []:
        return "an empty list"
    try:
        seen.take(case.answer, reply.json, is_person=is_person)
    except AssertionError as mistake:
        return str(mistake)
    return ""


@pytest.mark.parametrize("role", ["member", "administrator"])
async def test_every_answer_is_as_it_was_written(ground: World, role: str) -> None:
    there, seen, mistakes = await settled(ground, role), Seen(), list[str]()
    for case in CASES:
        reply = await ask(there, case, there.clients[case.by])
        is_person = case.by not in NOBODY
        if wrong := judge(case, reply, seen, is_person=is_person):
            mistakes.append(f"{case}: {wrong}")
        elif case.keep:
            there.names[case.keep] = str(reply.json["id"])
    assert mistakes == [], "\n" + "\n".join(mistakes)
    assert seen.unseen(REASONS) == [], seen.table(REASONS)
    assert seen.needless(REASONS) == []


def is_hidden(case: Case) -> bool:
    """Whether a case is about somebody or something that strangers are not told of."""
    asked = f"{case.path} {case.query.get('acct', '')}"
    return any(name in asked for name in HIDDEN_FROM_STRANGERS)


@pytest.mark.parametrize("federation", ["closed", "open"])
async def test_strangers_are_answered_what_is_for_them(ground: World, federation: str) -> None:
    node = replace(ground.site.node, federation=federation)
    ground.site = Site(node, build_app(node))
    there, seen, mistakes = await settled(ground, "member"), Seen(), list[str]()
    stranger = there.clients["nobody"]
    for case in CASES:
        if case.by in NOBODY or case.entry is None:
            continue
        reply = await ask(there, case, stranger)
        if wrong := judge(for_strangers(case, federation), reply, seen, is_person=False):
            mistakes.append(f"{case}: {wrong}")
    assert mistakes == [], "\n" + "\n".join(mistakes)


def for_strangers(case: Case, federation: str) -> Case:
    """What a case is to somebody without a token."""
    assert case.entry is not None
    access = case.entry.access
    if access != "anybody" and (federation, access) != ("open", "reader"):
        return replace(case, status=401, answer="Error")
    if access == "reader" and is_hidden(case):
        return replace(case, status=404, answer="Error")
    return case
