"""Agreements as values: the same bytes on both sides, which of two holds, what one proof may do."""

from dataclasses import replace
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from federation.agreements import Agreement, Party, read_agreement, winner
from federation.errors import Invalid, Malformed
from federation.scopes import CHOICES, NARROWEST, NUMBERS, Scope, read_scope

ROSES, TILLEULS = "https://roses.example", "https://tilleuls.example"
PRINT = "SHA256:" + "a" * 43


def agreement(**values: Any) -> Agreement:
    made = Agreement(
        uri=f"{TILLEULS}/agreements/1",
        revision=1,
        parties=(Party(ROSES, PRINT), Party(TILLEULS, PRINT)),
        grants=((ROSES, Scope()), (TILLEULS, Scope(directory="sync"))),
        starts="2026-11-22T00:00:00Z",
        ends="2027-11-21T23:59:59Z",
        terms=(("name", "Convention 2026-14"),),
    )
    return replace(made, **values)


SCOPES = st.fixed_dictionaries(
    {name: st.sampled_from(choices) for name, choices in CHOICES.items()}
    | {name: st.integers(0, most) for name, most in NUMBERS.items()}
).map(read_scope)


@given(SCOPES, SCOPES)
def test_bytes_are_the_same_on_both_sides(one: Scope, other: Scope) -> None:
    here = agreement(grants=((ROSES, one), (TILLEULS, other)))
    turned = here.document() | {"parties": here.document()["parties"][::-1]}
    there = read_agreement(turned)
    assert there == here
    assert there.to_bytes() == here.to_bytes() == rfc8785.dumps(here.document())
    assert len(here.digest) == 64


@given(SCOPES, SCOPES)
def test_within_is_an_order(one: Scope, other: Scope) -> None:
    assert one.is_within(one)
    assert NARROWEST.is_within(one)
    if one.is_within(other) and other.is_within(one):
        assert replace(one, backup_days=0) == replace(other, backup_days=0)


def test_one_proof_narrows_and_never_widens() -> None:
    now = agreement()
    narrower = now.with_grant(ROSES, Scope(audiences=False))
    assert narrower.narrows(now)
    assert replace(narrower, ends="2027-01-01T00:00:00Z").narrows(now)
    assert not replace(narrower, revision=1).narrows(now)
    assert not now.with_grant(ROSES, Scope(follow="free")).narrows(now)
    assert not replace(narrower, ends="2028-01-01T00:00:00Z").narrows(now)
    assert not replace(narrower, new_sites="accepted").narrows(now)
    assert not replace(narrower, terms=()).narrows(now)
    other_keys = (Party(ROSES, PRINT), Party(TILLEULS, "SHA256:" + "b" * 43))
    assert not replace(narrower, parties=other_keys).narrows(now)


@given(SCOPES, SCOPES, st.integers(1, 3), st.integers(1, 3))
def test_both_sides_choose_the_same_text(one: Scope, other: Scope, first: int, second: int) -> None:
    a = agreement(revision=first, grants=((ROSES, one), (TILLEULS, Scope())))
    b = agreement(revision=second, grants=((ROSES, other), (TILLEULS, Scope())))
    chosen = winner(a, b)
    assert chosen.to_bytes() == winner(b, a).to_bytes()
    assert chosen.revision == max(first, second)
    if first == second and a.is_within(b) and not b.is_within(a):
        assert chosen == a


WRONG: list[tuple[dict[str, Any], type[Exception]]] = [
    ({"revision": 0}, Malformed),
    ({"revision": True}, Malformed),
    ({"parties": []}, Malformed),
    ({"parties": [{"origin": ROSES, "fingerprint": PRINT}] * 2}, Invalid),
    ({"grants": {ROSES: {}}}, Malformed),
    ({"id": "https://third.example/agreements/1"}, Malformed),
    ({"startTime": "2027-11-21T23:59:59Z"}, Malformed),
    ({"endTime": "tomorrow"}, Malformed),
    ({"newSites": "all"}, Invalid),
    ({"colour": "red"}, Invalid),
    ({"terms": {"price": "1"}}, Invalid),
    ({"grants": {ROSES: {}, TILLEULS: {"audiences": 1}}}, Invalid),
    ({"grants": {ROSES: {}, TILLEULS: {"everything": True}}}, Invalid),
    ({"grants": {ROSES: {}, "https://third.example": {}}}, Invalid),
    ({"grants": {ROSES: {}, TILLEULS: {"backfillDays": -1}}}, Invalid),
]


@pytest.mark.parametrize(("change", "error"), WRONG)
def test_what_is_not_understood_is_refused(change: dict[str, Any], error: type[Exception]) -> None:
    assert read_agreement(agreement().document())
    with pytest.raises(error):
        read_agreement(agreement().document() | change)


def test_what_a_scope_leaves_out_is_not_granted() -> None:
    assert read_scope({}) == NARROWEST
    assert not read_scope({"follow": "free"}).audiences
