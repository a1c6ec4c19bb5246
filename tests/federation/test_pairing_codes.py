"""What two administrators print, type and read to each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Invalid
from federation.fingerprints import fingerprint_of, safety_number, same
from federation.keys import generate_ed25519
from federation.pairing_codes import PairingCode, new_code, read_code

ORIGIN = "https://tilleuls.example"
KEYS = [generate_ed25519().public_key() for _ in range(2)]
PRINT = fingerprint_of(ORIGIN, KEYS)


def test_a_fingerprint_covers_the_origin_and_every_key() -> None:
    assert fingerprint_of(ORIGIN, KEYS[::-1]) == PRINT
    assert same(PRINT, fingerprint_of(ORIGIN, [*KEYS, KEYS[0]]))
    assert len(PRINT) == len("SHA256:") + 43
    for other in (
        fingerprint_of(ORIGIN, KEYS[:1]),
        fingerprint_of(f"{ORIGIN}:8443", KEYS),
        fingerprint_of(ORIGIN, [KEYS[0], generate_ed25519().public_key()]),
    ):
        assert not same(PRINT, other)


def test_a_code_is_read_as_it_is_typed() -> None:
    code = new_code(ORIGIN, PRINT)
    text = code.text()
    assert all(len(group) == 4 for group in text.split("-")[:-1])
    assert read_code(text) == code
    assert read_code(f"  {text.lower().replace('-', ' ')}\n") == code
    assert read_code(text.replace("O", "0").replace("I", "1").replace("B", "8")) == code
    assert code.fits(PRINT)
    assert not code.fits(fingerprint_of(ORIGIN, KEYS[:1]))
    assert new_code(ORIGIN, PRINT).token != code.token


@given(st.data())
def test_a_wrong_character_is_found(data: st.DataObject) -> None:
    text = PairingCode(ORIGIN, b"t" * 16, b"f" * 10).text().replace("-", "")
    place = data.draw(st.integers(0, len(text) - 2))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
    typed = text[:place] + letter + text[place + 1 :]
    if typed == text:
        assert read_code(typed).origin == ORIGIN
    else:
        with pytest.raises(Invalid):
            read_code(typed)


@given(st.text(max_size=200))
def test_what_is_no_code_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Invalid) as raised:
        read_code(text)
    assert raised.value.code in {"code.unreadable", "code.mistyped"}


def test_the_safety_number_is_the_same_from_both_sides() -> None:
    ours, theirs = (ORIGIN, PRINT), ("https://roses.example", fingerprint_of("x", KEYS))
    number = safety_number([ours, theirs])
    assert number == safety_number([theirs, ours])
    groups = number.split(" ")
    assert len(groups) == 12
    assert all(len(group) == 5 and group.isdigit() for group in groups)
    changed = safety_number([ours, ("https://roses.example", PRINT)])
    # In the order of the origins: roses comes first, and its half alone changes.
    assert changed.split(" ")[6:] == groups[6:]
    assert changed.split(" ")[:6] != groups[:6]
