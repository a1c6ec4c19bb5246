"""Logs: one JSON object a line, whatever others wrote into the values."""

import logging

import orjson
import pytest
import structlog

from maillage.logs import CHARACTERS_MAX, bounded, configure_logs, one_line

FORGED = 'a\r\n{"event": "forged"}\x1b[2J\x9b31m\x85\u2028\u2029\x7f\x00"\\'


def test_nobody_forges_a_line_or_speaks_to_the_terminal() -> None:
    """SEC-221."""
    line = one_line({"event": "inbox.refused", "came": FORGED, FORGED: 1})
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert orjson.loads(line) == {"event": "inbox.refused", "came": FORGED, FORGED: 1}


def test_what_could_hold_a_text_or_a_secret_is_dropped_and_the_rest_is_short() -> None:
    """SEC-149."""
    event = {"event": "x", "token": "s", "content": "s", "password": "s", "came": "y" * 5_000}
    kept = bounded(None, "", event)
    assert set(kept) == {"event", "came"}
    assert len(str(kept["came"])) <= CHARACTERS_MAX + 3


def test_it_is_how_the_node_logs(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    try:
        configure_logs()
        structlog.get_logger("x").warning("peer.refused", came=FORGED)
        lines = capsys.readouterr().err.splitlines()
        assert [orjson.loads(line)["came"] for line in lines] == [FORGED]
    finally:
        root.handlers, root.level = handlers, level
        structlog.reset_defaults()
