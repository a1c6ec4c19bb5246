"""The table of quirks: for each number of the protocol reference, the tests that hold it.

quirks.md says in words what each one is, and which documents show it.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.peers.documents import FILES, load

ROOT = Path(__file__).parents[2]
NUMBERS = [*(str(number) for number in range(1, 39)), "35b"]

_DOCUMENTS = "peers/test_documents.py::test_document_is_applied"
_ACTORS = "peers/test_documents.py::test_actor_is_found_and_stored"
_REQUESTS = "peers/test_quirks_of_requests.py::"
_ACTIVITIES = "peers/test_quirks_of_activities.py::"
_DOOR = "web/test_inboxes.py::"
_GREETINGS = "federation/test_greetings.py::"
_PASSED_ON = "inbox/handlers/test_passed_on.py::"
_CONTEXTS = "federation/test_signature_contexts.py::"
_KEYS = "federation/test_keyring.py::"

QUIRKS: dict[str, tuple[str, ...]] = {
    "1": (_REQUESTS + "test_1_all_that_we_send_and_serve_has_the_exact_context",),
    "2": (_REQUESTS + "test_2_a_taken_delivery_is_handed_over_and_no_more",),
    "3": (
        _REQUESTS + "test_3_a_host_without_its_port_is_ours_and_another_is_not",
        "federation/test_signature_keys.py::test_the_host_with_and_without_its_port",
    ),
    "4": (_CONTEXTS + "test_accepted", _CONTEXTS + "test_refused"),
    "5": (_REQUESTS + "test_5_a_query_may_be_signed_or_left_out", _DOCUMENTS),
    "6": (
        _ACTIVITIES + "test_6_a_stub_gives_the_key_and_never_the_actor",
        _KEYS + "test_a_stub_under_the_keys_own_address_is_checked_with_its_owner",
    ),
    "7": ("web/test_activitypub.py::test_the_instance_actor_is_readable_by_everybody", _ACTORS),
    "8": (_DOCUMENTS, _DOOR + "test_a_delete_of_somebody_unknown_is_taken_and_forgotten"),
    "9": (_DOCUMENTS, _ACTIVITIES + "test_9_who_is_not_gone_is_not_deleted_without_a_signature"),
    "10": (_DOCUMENTS, _ACTORS),
    "11": (_DOCUMENTS,),
    "12": (_DOCUMENTS, "inbox/handlers/test_update.py::test_a_tally_is_no_edit"),
    "13": (_DOCUMENTS, _ACTIVITIES + "test_13_what_is_never_accepted_stays_pending"),
    "14": (_DOCUMENTS, _ACTIVITIES + "test_14_what_its_origin_does_not_serve_does_not_count"),
    "15": (_DOCUMENTS, _PASSED_ON + "test_a_reaction_counts_when_its_origin_serves_it"),
    "16": (_DOCUMENTS, _ACTORS),
    "17": (_DOCUMENTS,),
    "18": (
        _ACTIVITIES + "test_18_in_every_order_what_is_deleted_stays_away",
        _ACTIVITIES + "test_18_in_every_order_the_newest_text_stands",
        _ACTIVITIES + "test_18_one_id_for_create_and_each_update",
        _ACTIVITIES + "test_18_taken_back_and_done_again_under_one_id",
        _ACTIVITIES + "test_18_nobody_else_takes_back_or_does_again",
    ),
    "19": (_DOCUMENTS,),
    "20": (_DOCUMENTS,),
    "21": (_DOCUMENTS, _ACTIVITIES + "test_21_what_peers_write_is_shown_without_what_it_hides"),
    "22": (_DOCUMENTS,),
    "23": ("federation/test_fetch.py::test_a_redirect_lends_nobody_another_origin",),
    "24": ("federation/test_fetch.py::test_uploads_are_no_documents",),
    "25": (
        _DOCUMENTS,
        "inbox/handlers/test_follow.py::test_who_cannot_be_followed_rejects",
        "inbox/handlers/test_follow.py::test_the_blocked_are_rejected_and_others_are_not",
        "inbox/handlers/test_follow.py::test_nobody_follows_the_instance_actor",
    ),
    "26": (
        _DOCUMENTS,
        "inbox/handlers/test_follow.py::test_a_repeated_follow_is_accepted_again_and_counts_once",
    ),
    "27": (_ACTORS, _REQUESTS + "test_27_a_collection_may_be_a_number_or_closed"),
    "28": (
        "federation/test_webfinger.py::test_another_subject_counts_only_when_its_host_says_the_same",
        "federation/test_webfinger.py::test_only_a_self_link_of_activitypub_names_an_actor",
        "federation/test_webfinger.py::test_where_webfinger_is_not_host_meta_says_where_it_is",
    ),
    "29": (_ACTORS,),
    "30": (_DOCUMENTS,),
    "31": (
        "federation/test_origins.py::test_one_text_for_each_origin",
        "federation/test_webfinger_documents.py::test_handles_are_read_in_every_common_form",
    ),
    "32": (
        _GREETINGS + "test_every_allowed_partner_gets_a_signed_get_and_a_blocked_one_none",
        _GREETINGS + "test_the_loop_greets_when_it_starts_and_whom_a_command_allowed",
    ),
    "33": (
        "actors/test_remote.py::test_a_new_name_is_taken_when_webfinger_says_so_and_not_before",
        "actors/test_remote.py::test_a_changed_key_is_taken_from_its_own_origin",
        "federation/test_webfinger.py::test_the_actors_own_claim_of_a_handle_wins_when_confirmed",
    ),
    "34": (_DOCUMENTS,),
    "35": (
        _REQUESTS + "test_35_a_megabyte_is_taken_and_one_byte_more_is_not",
        "federation/test_client_limits.py::test_the_limit_is_exact",
    ),
    "35b": (
        _REQUESTS + "test_35b_what_concerns_one_actor_goes_to_its_own_inbox",
        "federation/test_retry.py::test_each_status_has_one_meaning",
    ),
    "36": (_REQUESTS + "test_36_our_requests_are_what_the_strict_expect",),
    "37": (_DOCUMENTS, _REQUESTS + "test_37_a_post_to_a_community_is_public_and_addressed_to_it"),
    "38": (_DOCUMENTS,),
}


@cache
def functions_of(path: Path) -> frozenset[str]:
    """The names of the test functions of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(item.name for item in tree.body if isinstance(item, functions))


def test_every_quirk_is_in_the_table() -> None:
    assert sorted(QUIRKS) == sorted(NUMBERS)


@pytest.mark.parametrize("number", NUMBERS)
def test_what_the_table_names_is_there(number: str) -> None:
    shown_by_documents = any(number in load(path)["quirks"] for path in FILES)
    for named in QUIRKS[number]:
        module, _, name = named.partition("::")
        assert name in functions_of(ROOT / "tests" / module), named
        if named in {_DOCUMENTS, _ACTORS}:
            assert shown_by_documents, f"no document shows quirk {number}"
    assert QUIRKS[number]


def test_what_needs_a_test_of_its_own_has_one() -> None:
    words = (Path(__file__).parent / "quirks.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in words.splitlines() if line.startswith("| ")]
    own = {row[1].strip() for row in rows if row[4].strip().startswith("own test: ")}
    assert own
    for number in own:
        assert set(QUIRKS[number]) - {_DOCUMENTS, _ACTORS}, f"quirk {number}"
