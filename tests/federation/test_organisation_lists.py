"""Proves the list of an organisation's sites as a value: read whole or not at all."""

from typing import Any

import pytest

from federation.agreements import read_agreement
from federation.errors import Malformed
from federation.fingerprints import PREFIX
from federation.organisation_lists import (
    FULL,
    Listed,
    SiteList,
    claim,
    claimed,
    lead_of,
    list_in,
    list_update,
    read_list,
    relation,
)
from federation.scopes import CHOICES, NUMBERS

LEAD, OTHER, THIRD = "https://a.example", "https://b.example", "https://c.example"
URI = f"{LEAD}/actor/organisation"
JOINED = "2026-11-22T09:00:00Z"


def listed(origin: str, since: str = JOINED, letter: str = "A") -> Listed:
    return Listed(origin, PREFIX + letter * 43, f"Site {origin[-9]}", since)


def site_list(*sites: Listed, number: int = 3) -> SiteList:
    return SiteList(URI, "Les Deux Rives", number, "2026-11-23T09:00:00Z", sites)


WHOLE = site_list(listed(LEAD), listed(OTHER), listed(THIRD, "2026-11-23T08:00:00Z"))


def test_a_list_is_read_as_it_was_written() -> None:
    assert read_list(WHOLE.document()) == WHOLE
    assert read_list(WHOLE.document() | {"proof": {"any": "thing"}}) == WHOLE
    assert WHOLE.lead_origin == LEAD
    assert WHOLE.site(OTHER) == listed(OTHER)
    assert WHOLE.site("https://d.example") is None


def site(**changes: Any) -> dict[str, Any]:
    return WHOLE.document()["sites"][0] | changes


WRONG: list[tuple[str, Any]] = [
    ("organization", f"{LEAD}/organisation"),
    ("organization", 7),
    ("organization", f"{OTHER}/actor/organisation"),
    ("id", f"{OTHER}/actor/organisation/sites"),
    ("type", "OrderedCollection"),
    ("name", ""),
    ("name", "deux\nlignes"),
    ("number", 0),
    ("number", 2**31),
    ("number", "3"),
    ("number", True),
    ("updated", "hier"),
    ("sites", None),
    ("sites", []),
    ("sites", [site(), site()]),
    ("sites", [site(origin="https://b.example")]),
    ("sites", [site(origin=f"{LEAD}/")]),
    ("sites", [site(origin="pas une adresse")]),
    ("sites", [site(fingerprint="SHA256:court")]),
    ("sites", [site(name="\u202edroite")]),
    ("sites", [site(name=None)]),
    ("sites", [site(since="2026-11-22")]),
    ("sites", [site(more="inconnu")]),
    ("sites", ["https://a.example"]),
    ("sites", list(reversed(WHOLE.document()["sites"]))),
    ("sites", WHOLE.document()["sites"] * 400),
    ("more", "inconnu"),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_what_is_no_list_is_refused(field: str, value: Any) -> None:
    with pytest.raises(Malformed):
        read_list(WHOLE.document() | {field: value})


@pytest.mark.parametrize("missing", sorted(WHOLE.document()))
def test_a_list_that_lacks_something_is_refused(missing: str) -> None:
    document = WHOLE.document()
    del document[missing]
    with pytest.raises(Malformed):
        read_list(document)


@pytest.mark.parametrize("value", [None, [], "liste", 3])
def test_a_list_is_an_object(value: Any) -> None:
    with pytest.raises(Malformed):
        read_list(value)


def test_both_sites_find_the_same_agreement_in_the_list() -> None:
    second, third = WHOLE.sites[1], WHOLE.sites[2]
    one, other = relation(WHOLE, second, third), relation(WHOLE, third, second)
    assert one.to_bytes() == other.to_bytes()
    assert read_agreement(one.document()) == one
    assert one.starts == third.since
    assert {party.origin for party in one.parties} == {OTHER, THIRD}
    # Who comes back begins a new one, and so do other keys.
    later = relation(WHOLE, second, listed(THIRD, "2026-11-24T08:00:00Z"))
    assert later.uri != one.uri
    assert relation(WHOLE, second, listed(THIRD, third.since, "B")).digest != one.digest


def test_inside_an_organisation_nothing_is_held_back() -> None:
    granted = FULL.document()
    for name, choices in CHOICES.items():
        if name != "retentionAfterEnd":
            assert granted[name] == choices[-1]
    assert granted["backfillDays"] == NUMBERS["backfillDays"]
    assert granted["retentionAfterEnd"] == "delete", "what a removed site holds goes with it"


def test_a_claim_is_read_only_when_it_names_an_organisation() -> None:
    assert claimed({"organization": claim(URI, "Les Deux Rives")}) == (URI, "Les Deux Rives")
    for wrong in (None, URI, [], {"id": 3}, {"id": "x"}, {"id": f"{LEAD}/actor"}):
        assert claimed({"organization": wrong}) is None
    assert claimed({}) is None
    with pytest.raises(Malformed):
        lead_of(f"{LEAD}/actor/organisation/")


def test_an_update_of_the_list_is_told_from_any_other() -> None:
    made = list_update(f"{LEAD}/x", f"{LEAD}/actor", f"{OTHER}/actor", JOINED, WHOLE, {"type": "p"})
    stated = list_in(made)
    assert stated is not None
    assert read_list(stated) == WHOLE
    assert stated["proof"] == {"type": "p"}
    for other in (
        made | {"type": "Create"},
        made | {"object": URI},
        made | {"object": made["object"] | {"type": "Group"}},
        made | {"object": made["object"] | {"sites": f"{URI}/sites"}},
    ):
        assert list_in(other) is None
