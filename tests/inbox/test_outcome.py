"""An outcome as it is stored."""

import orjson

from inbox.outcome import Outcome


def test_the_state_becomes_the_word_of_the_row() -> None:
    assert Outcome.done("follow.accepted").progress == "done"
    assert Outcome.ignored("ignored.not_for_us").progress == "done"
    assert Outcome.refused("refused.not_author").progress == "refused"


def test_parameters_are_cut_to_what_a_page_can_show() -> None:
    assert Outcome.done("x").stored_params is None
    stored = Outcome.refused("x", object="u" * 5_000).stored_params
    assert stored is not None
    assert orjson.loads(stored) == {"object": "u" * 200}
