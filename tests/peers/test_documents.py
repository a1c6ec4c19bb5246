"""Every document of this folder applied to a node through its inbox, signed by its actor."""

from pathlib import Path

import pytest

from actors.remote import ensure_actor
from federation.database import Row
from federation.fetch import FetchBudget
from tests.peers.documents import (
    ACTOR_FILES,
    DOCUMENT_FILES,
    actor_in,
    fill,
    is_actor_file,
    label,
    read,
)
from tests.peers.effects import After, check_effects, seen
from tests.peers.stage import Stage

# What the door answers with 202 by itself, without a record.
AT_THE_DOOR = {"key_unverifiable": ("done", "done"), "actor_unknown": ("ignored", "unknown_actor")}


@pytest.mark.parametrize("path", DOCUMENT_FILES, ids=label)
async def test_document_is_applied(path: Path, stage: Stage) -> None:
    delivery = read(path)
    await stage.prepare(delivery)
    effect = delivery.expect["effect"]
    if "sent" in effect:
        await stage.answers()
    before = await seen(stage)
    applied = await stage.deliver(delivery)
    assert applied.answered.status == 202, applied.answered.body
    expected = (delivery.expect["outcome"], delivery.expect["code"])
    settled = [AT_THE_DOOR[need] for need in delivery.needs if need in AT_THE_DOOR]
    if settled:
        assert applied.record is None
        assert settled == [expected]
    else:
        assert applied.record is not None
        assert outcome_of(applied.record) == expected, applied.record["outcome_code"]
    after = After(stage, delivery, applied, await stage.remote(delivery), before)
    await check_effects(after, fill(effect, stage.literals))


@pytest.mark.parametrize("path", DOCUMENT_FILES, ids=label)
async def test_document_again_has_no_further_effect(path: Path, stage: Stage) -> None:
    delivery = read(path)
    await stage.prepare(delivery)
    await stage.deliver(delivery)
    before = await seen(stage)
    applied = await stage.deliver(delivery)
    gone = applied.answered.status == 401
    assert applied.answered.status == 202 or (gone and "key_unverifiable" in delivery.needs)
    assert await seen(stage) == before


@pytest.mark.parametrize("path", ACTOR_FILES, ids=label)
async def test_actor_is_found_and_stored(path: Path, stage: Stage) -> None:
    for beside in filter(is_actor_file, path.parent.glob("*.json")):
        stage.peer.serve_actor(fill(actor_in(beside), stage.literals))
    document = fill(actor_in(path), stage.literals)
    row = await ensure_actor(stage.node, document["id"], budget=FetchBudget())
    assert row["uri"] == document["id"]
    assert row["username"].partition("#")[0] in {document["preferredUsername"], stage.peer.host}
    assert row["inbox_url"] == document["inbox"]
    assert row["handle_host"] == stage.peer.host


def outcome_of(record: Row) -> tuple[str, str]:
    """(outcome, code) of a record in the words of the files: the code without its first part."""
    code = str(record["outcome_code"])
    if record["progress"] == "done" and not code.startswith("ignored."):
        return "done", "done"
    outcome = "ignored" if record["progress"] == "done" else record["progress"]
    return outcome, code.partition(".")[2]
