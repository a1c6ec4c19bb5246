"""Structured fields: read strictly, and what is read and written again is canonical."""

import http_sf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.structured_fields import (
    Decimal,
    InnerList,
    Item,
    Token,
    parse_dictionary,
    serialise_item,
    serialise_list,
    serialise_string,
)


def canonical(text: str) -> list[str]:
    """Each member of a dictionary, written again."""
    return [
        f"{label}={serialise_list(m) if isinstance(m, InnerList) else serialise_item(m)}"
        for label, m in parse_dictionary(text).items()
    ]


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("", []),
        ("a=1", ["a=1"]),
        ("  a=1  ", ["a=1"]),
        ("a=1, b=2", ["a=1", "b=2"]),
        ("a=1 \t,\t b=2", ["a=1", "b=2"]),
        ("a", ["a=?1"]),
        ("a;x", ["a=?1;x"]),
        ("a=?0;x=?1;y=?0", ["a=?0;x;y=?0"]),
        ("a=-0", ["a=0"]),
        ("a=007", ["a=7"]),
        ("a=-12", ["a=-12"]),
        ("a=999999999999999", ["a=999999999999999"]),
        ("a=01.500", ["a=1.5"]),
        ("a=-1.0", ["a=-1.0"]),
        ('a="x \\" \\\\ y"', ['a="x \\" \\\\ y"']),
        ("a=*tok/en:x", ["a=*tok/en:x"]),
        ("a=:aGk=:", ["a=:aGk=:"]),
        ("a=::", ["a=::"]),
        # RFC 9651, 4.2.7: parsers should not fail when padding is not present.
        ("a=:aGk:", ["a=:aGk=:"]),
        ("a=()", ["a=()"]),
        ("a=(  )", ["a=()"]),
        ('a=(  "x"   "y";z )', ['a=("x" "y";z)']),
        ('a=("x");b=1;  c="d"', ['a=("x");b=1;c="d"']),
        ("*a-b_c.d=1", ["*a-b_c.d=1"]),
    ],
)
def test_members_are_written_canonically(text: str, members: list[str]) -> None:
    assert canonical(text) == members
    assert canonical(", ".join(members)) == members


@pytest.mark.parametrize(
    "text",
    [
        ",",
        "a=",
        "a=1,",
        "a=1 b=2",
        "a=1,, b=2",
        "A=1",
        "1=1",
        "a==1",
        "a =1",
        "a= 1",
        "a=1;",
        "a=1;B=2",
        'a="x',
        'a="\\x"',
        'a="é"',
        'a="\x00"',
        "a=:aGk===:",
        "a=:a=Gk:",
        "a=:aGkaG:",
        "a=:=:",
        "a=:a b=:",
        "a=:aGk=",
        "a=?2",
        "a=(",
        "a=(1",
        "a=(1 2",
        "a=(1,2)",
        'a=("x""y")',
        "a=((1))",
        "a=1.",
        "a=1.2345",
        "a=1.2.3",
        "a=1234567890123456",
        "a=1234567890123.1",
        "a=-",
        "a=1, a=2",
        "a=1;b=1;b=2",
        "a=1\n",
        "a=@",
        "a=٣",
    ],
)
def test_what_is_malformed_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_dictionary(text)


def test_kinds_are_told_apart() -> None:
    members = parse_dictionary('a="x";t=tok, b=tok, c=:aGk=:, d=1.50, e=3, f, g=(1 "2")')
    assert members["a"] == Item("x", {"t": Token("tok")})
    values = [m.value for m in members.values() if isinstance(m, Item)]
    assert [type(value) for value in values] == [str, Token, bytes, Decimal, int, bool]
    assert members["g"] == InnerList((Item(1, {}), Item("2", {})), {})


def test_a_string_holds_printable_ascii_only() -> None:
    assert serialise_string('a"b\\c') == '"a\\"b\\\\c"'
    assert serialise_string("") == '""'
    for text in ("é", "a\nb", "\x7f"):
        with pytest.raises(ValueError, match="printable"):
            serialise_string(text)


TEXT = st.text(alphabet='ab01 ,;=()":?*.-\\\t/+', max_size=20)


@given(TEXT | TEXT.map("a={}".format) | TEXT.map("a=({})".format))
@settings(max_examples=500, deadline=None)
def test_another_parser_reads_the_same(text: str) -> None:
    # Ours refuses what occurs twice; apart from that both accept the same, and write the same.
    def duplicate(key: str, context: str) -> None:
        raise ValueError(f"{key} occurs twice in {context}")

    try:
        members = canonical(text)
    except ValueError:
        members = None
    try:
        theirs = http_sf.parse(text.encode(), tltype="dictionary", on_duplicate_key=duplicate)
        expected = http_sf.ser(theirs) if theirs else ""
    except ValueError:
        expected = None
    if members is None:
        assert expected is None
    else:
        assert expected is not None
        assert canonical(expected) == members


@given(st.text(max_size=40))
def test_any_text_is_read_or_an_error(text: str) -> None:
    try:
        members = canonical(text)
    except ValueError:
        return
    assert canonical(", ".join(members)) == members
