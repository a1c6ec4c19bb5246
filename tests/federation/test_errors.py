"""Errors: the status of each kind, and a sentence for each code."""

import re
from pathlib import Path

import pytest

from federation import errors

MODULES = (
    "cavage",
    "digests",
    "http_signatures",
    "keys",
    "message_signatures",
    "multikeys",
    "origins",
)
ROOT = Path(errors.__file__).parent


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.Malformed("x"), 400),
        (errors.Unsigned("x"), 401),
        (errors.BadSignature("x"), 401),
        (errors.Refused("x"), 403),
        (errors.Stranger("x"), 403),
        (errors.NotFound("x"), 404),
        (errors.Gone("x"), 410),
        (errors.TooLarge("x"), 413),
        (errors.Unsupported("x"), 415),
        (errors.Invalid("x", field="name"), 422),
        (errors.TooMany("x", retry_after_s=5), 429),
        (errors.Unavailable("x", retry_after_s=5), 503),
        (errors.Misconfigured("x"), 503),
    ],
)
def test_each_kind_has_its_status(error: errors.NodeError, status: int) -> None:
    assert error.status == status
    assert isinstance(error, errors.NodeError)


@pytest.mark.parametrize("module", MODULES)
def test_each_code_has_a_sentence_with_the_parameters_it_is_given(module: str) -> None:
    source = (ROOT / f"{module}.py").read_text()
    codes = re.findall(
        r'\(\s*"((?:activity|digest|key|multikey|secret|signature|uri)\.\w+)"', source
    )
    assert codes
    assert set(codes) <= errors.SENTENCES.keys()


def test_the_sentence_says_what_came_and_what_was_expected() -> None:
    error = errors.BadSignature("signature.host", came="a.test", expected="b.test")
    assert str(error) == "The request was signed for a.test, but this node is b.test."
    assert error.params == {"came": "a.test", "expected": "b.test"}


def test_a_sentence_never_fails_and_never_floods_a_log() -> None:
    assert "(came not given)" in str(errors.BadSignature("signature.host", expected="b.test"))
    assert str(errors.NodeError("no.sentence", why="x")) == "no.sentence why=x"
    assert len(str(errors.Malformed("uri.host", came="x" * 10_000))) < 400


def test_braces_from_outside_are_only_text() -> None:
    assert "{came.__class__}" in str(errors.Malformed("uri.host", came="{came.__class__}"))


def test_retry_and_field_are_values_and_parameters() -> None:
    later = errors.Unavailable("x", retry_after_s=30)
    assert (later.retry_after_s, later.params) == (30, {"retry_after_s": "30"})
    invalid = errors.Invalid("x", field="name")
    assert (invalid.field, invalid.params) == ("name", {"field": "name"})


def test_a_module_describes_its_own_codes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # Other tests look at all the sentences there are.
    monkeypatch.setattr(errors, "SENTENCES", dict(errors.SENTENCES))
    errors.describe({"test.described": "Described with {value}."})
    errors.describe({"test.described": "Described with {value}."})
    assert str(errors.NodeError("test.described", value="care")) == "Described with care."
    with pytest.raises(ValueError, match=r"test\.described"):
        errors.describe({"test.described": "Something else."})
