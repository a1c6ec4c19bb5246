"""Accounts, relations, and what a person keeps for herself: each entry asked at least once."""

from typing import Any

from tests.web.mastodon.contract.case import Case, delete, get, ids, patch, post, put

_A, _F = "v1/accounts", "v2/filters"
_FIELDS = {"display_name": "Ada", "source": {"sensitive": False, "quote_policy": "followers"}}

ACCOUNTS: tuple[Case, ...] = (
    get(f"{_A}/verify_credentials", "CredentialAccount"),
    get(f"{_A}/verify_credentials", "CredentialAccount", by="bob"),
    get(f"{_A}/verify_credentials", "CredentialAccount", by="staff"),
    get(_A, "[Account]", **ids("ada", "bob", "paul")),
    *(
        get(f"{_A}/{{{name}}}", "Account")
        for name in ("ada", "zoe", "staff", "paul", "robot", "luc", "fred", "old")
    ),
    get(f"{_A}/lookup", "Account", acct="paul@roses.example"),
    get(f"{_A}/search", "[Account]", q="a"),
    get(f"{_A}/{{ada}}/statuses", "[Status]"),
    get(f"{_A}/{{ada}}/statuses", "[Status]", by="bob", pinned="true"),
    get(f"{_A}/{{paul}}/statuses", "[Status]", only_media="true"),
    get(f"{_A}/{{ada}}/followers", "[Account]"),
    get(f"{_A}/{{ada}}/following", "[Account]"),
    get(f"{_A}/{{bob}}/lists", "[List]"),
    get(f"{_A}/{{ada}}/featured_tags", "[FeaturedTag]"),
    get(f"{_A}/{{ada}}/endorsements", "[Account]"),
    get(f"{_A}/familiar_followers", "[FamiliarFollowers]", **ids("chloe")),
    get(
        f"{_A}/relationships",
        "[Relationship]",
        **ids("bob", "chloe", "eve", "fred", "gina", "denis", "paul"),
    ),
    get("v1/endorsements", "[Account]"),
    get("v1/blocks", "[Account]"),
    get("v1/mutes", "[MutedAccount]"),
    get("v1/follow_requests", "[Account]"),
    get("v1/domain_blocks", "[Host]"),
    get("v1/domain_blocks/preview", "DomainBlockPreview", domain="roses.example"),
    get("v1/preferences", "Preferences"),
    get("v1/preferences", "Preferences", by="bob"),
    get("v1/profile", "Profile"),
    get("v1/profile", "Profile", by="bob"),
    patch(f"{_A}/update_credentials", "CredentialAccount", _FIELDS),
    patch("v1/profile", "Profile", {"note": "Jour"}),
    post(f"{_A}/{{zoe}}/follow", "Relationship"),
    post(f"{_A}/{{zoe}}/unfollow", "Relationship"),
    post(f"{_A}/{{zoe}}/remove_from_followers", "Relationship"),
    post(f"{_A}/{{zoe}}/block", "Relationship"),
    post(f"{_A}/{{zoe}}/unblock", "Relationship"),
    post(f"{_A}/{{zoe}}/mute", "Relationship", {"duration": 60}),
    post(f"{_A}/{{zoe}}/unmute", "Relationship"),
    post(f"{_A}/{{zoe}}/note", "Relationship", {"comment": "Voisine"}),
    post(f"{_A}/{{bob}}/endorse", "Relationship"),
    post(f"{_A}/{{bob}}/unendorse", "Relationship"),
    post(f"{_A}/{{bob}}/pin", "Relationship"),
    post(f"{_A}/{{bob}}/unpin", "Relationship"),
    post("v1/follow_requests/{denis}/authorize", "Relationship"),
    post("v1/follow_requests/{gina}/reject", "Relationship"),
    post("v1/domain_blocks", send={"domain": "orties.example"}),
    delete("v1/domain_blocks", send={"domain": "orties.example"}),
    delete("v1/profile/avatar", "CredentialAccount"),
    delete("v1/profile/header", "CredentialAccount"),
)
_CONTEXT = ["home", "public"]
_WORD = {"keyword": "sel", "whole_word": True}
_OLD = {"phrase": "poivre", "context": _CONTEXT, "irreversible": True, "expires_in": 600}

_TIMELINES: dict[str, Any] = {"timeline[]": ["home", "notifications"]}

KEPT: tuple[Case, ...] = (
    get("v1/tags/nuit", "Tag"),
    get("v1/tags/jamais", "Tag"),
    get("v1/followed_tags", "[Tag]"),
    get("v1/featured_tags", "[FeaturedTag]"),
    get("v1/featured_tags/suggestions", "[Tag]"),
    get("v1/lists", "[List]"),
    get("v1/lists/{list}", "List"),
    get("v1/lists/{list}/accounts", "[Account]"),
    get("v1/timelines/list/{list}", "[Status]"),
    get("v1/filters", "[FilterV1]"),
    get("v1/filters/{keyword}", "FilterV1"),
    get("v1/filters/{lasting_keyword}", "FilterV1"),
    get(_F, "[Filter]"),
    get(f"{_F}/{{filter}}", "Filter"),
    get(f"{_F}/{{filter}}/keywords", "[FilterKeyword]"),
    get(f"{_F}/{{status_filter}}/statuses", "[FilterStatus]"),
    get(f"{_F}/keywords/{{keyword}}", "FilterKeyword"),
    get(f"{_F}/statuses/{{filter_status}}", "FilterStatus"),
    get("v1/markers", "Markers", **_TIMELINES),
    get("v1/markers", "Markers", **{"timeline[]": "notifications"}),
    post("v1/markers", "Markers", {"home": {"last_read_id": "{post}"}}),
    post("v1/tags/jardin/follow", "Tag"),
    post("v1/tags/jardin/unfollow", "Tag"),
    post("v1/tags/jardin/feature", "Tag"),
    post("v1/tags/jardin/unfeature", "Tag"),
    post("v1/featured_tags", "FeaturedTag", {"name": "jardin"}, keep="new_featured"),
    delete("v1/featured_tags/{new_featured}"),
    post("v1/lists", "List", {"title": "Voisins"}, keep="new_list"),
    put("v1/lists/{new_list}", "List", {"exclusive": True}),
    post("v1/lists/{new_list}/accounts", send={"account_ids": ["{bob}"]}),
    delete("v1/lists/{new_list}/accounts", send={"account_ids": ["{bob}"]}),
    delete("v1/lists/{new_list}"),
    post("v1/filters", "FilterV1", _OLD, keep="old_filter"),
    put("v1/filters/{old_filter}", "FilterV1", {"phrase": "cumin", "context": _CONTEXT}),
    delete("v1/filters/{old_filter}"),
    post(_F, "Filter", {"title": "Épices", "context": _CONTEXT}, keep="new_filter"),
    put(f"{_F}/{{new_filter}}", "Filter", {"filter_action": "hide"}),
    post(f"{_F}/{{new_filter}}/keywords", "FilterKeyword", _WORD, keep="new_keyword"),
    put(f"{_F}/keywords/{{new_keyword}}", "FilterKeyword", {"keyword": "thym"}),
    delete(f"{_F}/keywords/{{new_keyword}}"),
    post(f"{_F}/{{new_filter}}/statuses", "FilterStatus", {"status_id": "{reply}"}, keep="part"),
    delete(f"{_F}/statuses/{{part}}"),
    delete(f"{_F}/{{new_filter}}"),
)
