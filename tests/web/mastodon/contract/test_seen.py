"""The measure itself: what it refuses, and what it does not take for seen."""

from typing import Any

import pytest

from tests.web.mastodon.contract.schemas import BASES, DEFS
from tests.web.mastodon.contract.seen import Seen, check

MARKER: dict[str, Any] = {
    "last_read_id": "1", "version": 1, "updated_at": "2026-01-31T12:34:56.789Z",
}  # fmt: skip
SOURCE: dict[str, Any] = {"id": "1", "text": "a", "spoiler_text": "b"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "1"}, {"version": None}, {"last_read_id": 1}, {"more": 1},
        {"updated_at": "2026-01-31T12:34:56Z"}, {"updated_at": 1},
    ],
)  # fmt: skip
def test_another_type_null_or_an_unknown_key_is_refused(wrong: dict[str, Any]) -> None:
    check("Marker", MARKER)
    with pytest.raises(AssertionError):
        check("Marker", MARKER | wrong)
    with pytest.raises(AssertionError):
        check("[Marker]", [MARKER, MARKER | wrong])


@pytest.mark.parametrize("key", list(MARKER))
def test_a_missing_key_is_refused(key: str) -> None:
    with pytest.raises(AssertionError):
        check("Marker", {name: value for name, value in MARKER.items() if name != key})


def test_a_key_counts_when_it_was_seen_with_a_value_and_with_null() -> None:
    seen = Seen()
    keys = ["StatusSource.text", "StatusSource.spoiler_text"]
    assert set(keys) <= set(seen.unseen({}))
    seen.take("StatusSource", SOURCE | {"spoiler_text": ""})
    assert [key for key in keys if key in seen.unseen({})] == keys[1:]
    assert keys[1] not in seen.unseen({keys[1]: "nobody warns"})
    seen.take("StatusSource", SOURCE)
    assert not set(keys) & set(seen.unseen({}))
    assert seen.needless({keys[1]: "nobody warns"}) == [keys[1]]
    card = "FeaturedTag.last_status_at"
    tag = {"id": "1", "name": "a", "url": "https://a.example", "statuses_count": "1"}
    seen.take("FeaturedTag", tag | {"last_status_at": None})
    assert card in seen.unseen({})
    assert f"{card} = null" not in seen.unseen({})


def test_what_stands_on_another_entity_has_all_its_keys() -> None:
    for name, base in BASES.items():
        own, other = DEFS[name]["properties"], DEFS[base]["properties"]
        less = {"content"} if name == "DeletedStatus" else set[str]()
        assert {key: own.get(key) for key in other if key not in less} == {
            key: kind for key, kind in other.items() if key not in less
        }


def test_what_is_for_persons_is_refused_to_strangers_and_owed_to_persons() -> None:
    tag: dict[str, Any] = {"id": "1", "name": "a", "url": "https://a.example", "history": []}
    personal = tag | {"following": False, "featuring": False}
    check("Tag", personal)
    check("Tag", tag, is_person=False)
    for value, is_person in ((tag, True), (personal, False), (tag | {"following": True}, True)):
        with pytest.raises(AssertionError):
            check("Tag", value, is_person=is_person)
