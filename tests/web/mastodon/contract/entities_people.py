"""Accounts, and what a person keeps for herself, as JSON Schema."""

from tests.web.mastodon.contract.notation import (
    ACCOUNTS,
    BOOL,
    COUNT,
    DATE,
    DIGITS,
    EMOJI_LIST,
    HISTORY,
    ID,
    STR,
    TEXT,
    TS,
    URL,
    VISIBILITY,
    Schema,
    entity,
    many,
    null,
    one_of,
    ref,
)

QUOTE_POLICY = one_of("public", "followers", "nobody")
AUDIENCE = one_of("public", "unlisted", "followers", "named", "site", "organisation", "partners")
CONTEXTS = many(one_of("home", "notifications", "public", "thread", "account"))
_ACCOUNT: dict[str, Schema] = {
    "id": ID, "username": TEXT, "acct": TEXT, "display_name": STR, "locked": BOOL, "bot": BOOL,
    "discoverable": null(BOOL), "indexable": BOOL, "group": BOOL, "created_at": TS, "note": STR,
    "url": URL, "uri": URL, "avatar": URL, "avatar_static": URL, "header": URL,
    "header_static": URL, "avatar_description": STR, "header_description": STR,
    "followers_count": COUNT, "following_count": COUNT, "statuses_count": COUNT,
    "last_status_at": null(DATE), "hide_collections": null(BOOL), "show_media": BOOL,
    "show_media_replies": BOOL, "show_featured": BOOL, "emojis": EMOJI_LIST,
    "fields": many(ref("Field")),
    "feature_approval": entity(
        {"automatic": many(STR), "manual": many(STR), "current_user": TEXT}
    ),
    "maillage": entity({
        "site": entity({
            "name": TEXT, "origin": URL,
            "kind": one_of("own", "organisation", "partner", "plain"),
        }),
        "organisation": null(TEXT),
    }),
    "roles?": many(entity({"id": ID, "name": STR, "color": STR})),
    "noindex?": BOOL, "moved?": ref("Account"), "suspended?": {"const": True},
    "limited?": {"const": True}, "memorial?": {"const": True},
}  # fmt: skip
TAG: dict[str, Schema] = {
    "id": ID, "name": TEXT, "url": URL, "history": HISTORY, "@following": BOOL,
    "@featuring": BOOL,
}  # fmt: skip
_FILTER: dict[str, Schema] = {
    "id": ID, "title": TEXT, "context": CONTEXTS, "expires_at": null(TS),
    "filter_action": one_of("warn", "hide", "blur"),
}  # fmt: skip
_ROLE: dict[str, Schema] = {
    "id": ID, "name": STR, "permissions": DIGITS, "color": STR, "highlighted": BOOL,
    "collection_limit?": COUNT,
}  # fmt: skip

PEOPLE: dict[str, Schema] = {
    "Account": entity(_ACCOUNT),
    "MutedAccount": entity(_ACCOUNT | {"mute_expires_at": null(TS)}),
    "CredentialAccount": entity(
        _ACCOUNT | {
            "source": entity(
                {
                    "privacy": VISIBILITY, "sensitive": BOOL, "language": null(TEXT), "note": STR,
                    "fields": many(ref("Field")), "follow_requests_count": COUNT,
                    "hide_collections": null(BOOL), "discoverable": null(BOOL),
                    "indexable": BOOL, "attribution_domains": many(TEXT),
                    "quote_policy": QUOTE_POLICY, "audience": AUDIENCE,
                }
            ),
            "role": ref("Role"),
        }
    ),
    "Field": entity({"name": STR, "value": STR, "verified_at": null(TS)}),
    "Role": entity(_ROLE),
    "Relationship": entity(
        {
            "id": ID, "following": BOOL, "showing_reblogs": BOOL, "notifying": BOOL,
            "languages": null(many(TEXT)), "followed_by": BOOL, "blocking": BOOL,
            "blocked_by": BOOL, "muting": BOOL, "muting_notifications": BOOL,
            "muting_expires_at": null(TS), "requested": BOOL, "requested_by": BOOL,
            "domain_blocking": BOOL, "endorsed": BOOL, "note": STR,
        }
    ),
    "List": entity(
        {
            "id": ID, "title": TEXT, "replies_policy": one_of("followed", "list", "none"),
            "exclusive": BOOL,
        }
    ),
    "Filter": entity(
        _FILTER
        | {"keywords": many(ref("FilterKeyword")), "statuses": many(ref("FilterStatus"))}
    ),
    "FilterKeyword": entity({"id": ID, "keyword": TEXT, "whole_word": BOOL}),
    "FilterStatus": entity({"id": ID, "status_id": ID}),
    "FilterResult": entity(
        {
            "filter": entity(_FILTER), "keyword_matches": null(many(TEXT)),
            "status_matches": null(many(ID)),
        }
    ),
    "FilterV1": entity(
        {
            "id": ID, "phrase": TEXT, "context": CONTEXTS, "whole_word": BOOL,
            "expires_at": null(TS), "irreversible": BOOL,
        }
    ),
    "Tag": entity(TAG),
    "FeaturedTag": entity(
        {"id": ID, "name": TEXT, "url": URL, "statuses_count": DIGITS, "last_status_at": null(DATE)}
    ),
    "Markers": entity({"home?": ref("Marker"), "notifications?": ref("Marker")}),
    "Marker": entity({"last_read_id": ID, "version": COUNT, "updated_at": TS}),
    "Preferences": entity(
        {
            "posting:default:visibility": VISIBILITY, "posting:default:sensitive": BOOL,
            "posting:default:language": null(TEXT), "posting:default:quote_policy": QUOTE_POLICY,
            "reading:expand:media": one_of("default", "show_all", "hide_all"),
            "reading:expand:spoilers": BOOL, "reading:autoplay:gifs": BOOL,
        }
    ),
    "Suggestion": entity({"source": TEXT, "sources": many(TEXT), "account": ref("Account")}),
    "FamiliarFollowers": entity({"id": ID, "accounts": ACCOUNTS}),
    "Profile": entity(
        {
            "id": ID, "display_name": STR, "note": STR, "fields": many(ref("Field")),
            "formatted_note": STR, "formatted_fields": many(ref("Field")), "avatar": null(URL),
            "avatar_static": null(URL), "avatar_description": STR, "header": null(URL),
            "header_static": null(URL), "header_description": STR, "locked": BOOL, "bot": BOOL,
            "hide_collections": null(BOOL), "discoverable": null(BOOL), "indexable": BOOL,
            "show_media": BOOL, "show_media_replies": BOOL, "show_featured": BOOL,
            "attribution_domains": many(TEXT), "featured_tags": many(ref("FeaturedTag")),
        }
    ),
    "Search": entity(
        {
            "accounts": ACCOUNTS, "statuses": many(ref("Status")), "hashtags": many(ref("Tag")),
            "collections": many({}, 0),
        }
    ),
}  # fmt: skip
