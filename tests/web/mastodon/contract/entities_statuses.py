"""Statuses and what belongs to one, as JSON Schema."""

from tests.web.mastodon.contract.notation import (
    ACCOUNTS,
    BOOL,
    COUNT,
    EMOJI_LIST,
    HISTORY,
    ID,
    INT,
    NUMBER,
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

QUOTE_STATE = one_of(
    "pending", "accepted", "rejected", "revoked", "deleted", "unauthorized",
    "blocked_account", "blocked_domain", "muted_account",
)  # fmt: skip
STATUS: dict[str, Schema] = {
    "id": ID, "created_at": TS, "in_reply_to_id": null(ID), "in_reply_to_account_id": null(ID),
    "sensitive": BOOL, "spoiler_text": STR, "visibility": VISIBILITY, "language": null(TEXT),
    "uri": URL, "url": null(URL), "replies_count": COUNT, "reblogs_count": COUNT,
    "favourites_count": COUNT, "quotes_count": COUNT, "edited_at": null(TS), "content": STR,
    "reblog": null(ref("Status")), "account": ref("Account"),
    "application": null(entity({"name": TEXT, "website": null(URL)})),
    "media_attachments": many(ref("MediaAttachment"), 16), "mentions": many(ref("Mention")),
    "tags": many(entity({"name": TEXT, "url": URL})), "emojis": EMOJI_LIST,
    "tagged_collections": many({}, 0), "card": null(ref("PreviewCard")), "poll": null(ref("Poll")),
    "quote": null(ref("Quote")),
    "quote_approval": entity(
        {
            "automatic": many(STR), "manual": many(STR),
            "current_user": one_of("automatic", "manual", "denied", "unknown"),
        }
    ),
    "@favourited": BOOL, "@reblogged": BOOL, "@muted": BOOL, "@bookmarked": BOOL,
    "@filtered": many(ref("FilterResult")), "@pinned?": BOOL,
    # Ours: who may read it, in words.
    "audience": entity({"id": ID, "kind": TEXT, "words": TEXT}),
}  # fmt: skip
_SIZE: dict[str, Schema] = {
    "width?": COUNT, "height?": COUNT, "size?": TEXT, "aspect?": NUMBER,
}  # fmt: skip
_WHOLE_SIZE: dict[str, Schema] = {name.strip("?"): kind for name, kind in _SIZE.items()}
_FILM: dict[str, Schema] = {"frame_rate?": TEXT, "duration?": NUMBER, "bitrate?": NUMBER}
CARD: dict[str, Schema] = {
    "url": URL, "title": STR, "description": STR, "language": null(STR),
    "type": one_of("link", "photo", "video", "rich"), "author_name": STR, "author_url": STR,
    "provider_name": STR, "provider_url": STR, "html": STR, "width": COUNT, "height": COUNT,
    "image": null(URL), "image_description": STR, "embed_url": STR, "blurhash": null(TEXT),
    "published_at": null(TS),
    "authors": many(entity({"name": STR, "url": STR, "account": null(ref("Account"))})),
    "@missing_attribution?": BOOL,
}  # fmt: skip

STATUSES: dict[str, Schema] = {
    "Status": entity(STATUS),
    "DeletedStatus": entity(
        {name: kind for name, kind in STATUS.items() if name != "content"} | {"text": STR}
    ),
    "Mention": entity({"id": ID, "username": TEXT, "url": URL, "acct": TEXT}),
    # Inside of a quoted status the next one is named only.
    "Quote": entity(
        {
            "state": QUOTE_STATE, "quoted_status?": null(ref("Status")),
            "quoted_status_id?": null(ID),
        }
    ) | {"oneOf": [{"required": ["quoted_status"]}, {"required": ["quoted_status_id"]}]},
    "StatusSource": entity({"id": ID, "text": STR, "spoiler_text": STR}),
    "StatusEdit": entity(
        {
            "account": ref("Account"), "content": STR, "spoiler_text": STR, "sensitive": BOOL,
            "created_at": TS, "media_attachments": many(ref("MediaAttachment")),
            "emojis": EMOJI_LIST, "poll?": entity({"options": many(entity({"title": TEXT}))}),
            "quote?": null(ref("Quote")),
        }
    ),
    "Context": entity({"ancestors": many(ref("Status")), "descendants": many(ref("Status"))}),
    "MediaAttachment": entity(
        {
            "id": ID, "type": one_of("unknown", "image", "gifv", "video", "audio"),
            "url": null(URL), "preview_url": null(URL), "remote_url": null(URL),
            "preview_remote_url": null(URL), "text_url": null(URL), "description": null(STR),
            "blurhash": null(TEXT),
            "meta": null(
                {
                    "type": "object",
                    "properties": {
                        "original": entity(_SIZE | _FILM), "small": entity(_WHOLE_SIZE),
                        "focus": entity({"x": NUMBER, "y": NUMBER}),
                    },
                }
            ),
        }
    ),
    "Poll": entity(
        {
            "id": ID, "expires_at": null(TS), "expired": BOOL, "multiple": BOOL,
            "votes_count": COUNT, "voters_count": null(COUNT),
            "options": many(entity({"title": TEXT, "votes_count": null(COUNT)})),
            "emojis": EMOJI_LIST, "@voted": BOOL, "@own_votes": many(COUNT),
        }
    ),
    "PreviewCard": entity(CARD),
    "TrendLink": entity(CARD | {"history": HISTORY}),
    "CustomEmoji": entity(
        {
            "shortcode": TEXT, "url": URL, "static_url": URL, "visible_in_picker": BOOL,
            "category": null(TEXT), "featured?": BOOL,
        }
    ),
    "ScheduledStatus": entity(
        {
            "id": ID, "scheduled_at": TS, "media_attachments": many(ref("MediaAttachment")),
            "params": entity(
                {
                    "text": STR,
                    "poll": null(
                        entity(
                            {
                                "options": many(TEXT), "expires_in": {},
                                "multiple": BOOL, "hide_totals": BOOL,
                            }
                        )
                    ),
                    "media_ids": null(many(ID)), "sensitive": null(BOOL),
                    "spoiler_text": null(STR), "visibility": TEXT,
                    "in_reply_to_id": null(INT), "language": null(TEXT),
                    "application_id": INT,
                    "scheduled_at": {"type": "null"}, "idempotency": null(STR),
                    "with_rate_limit": BOOL, "quoted_status_id": null(ID),
                    "quote_approval_policy": null(STR),
                }
            ),
        }
    ),
    "Translation": entity(
        {
            "content": STR, "spoiler_text": STR, "language": TEXT,
            "detected_source_language": TEXT, "provider": TEXT,
            "media_attachments": many(entity({"id": ID, "description": STR})),
            "poll": null(entity({"id": ID, "options": many(entity({"title": TEXT}))})),
        }
    ),
    "Conversation": entity(
        {"id": ID, "unread": BOOL, "accounts": ACCOUNTS, "last_status": null(ref("Status"))}
    ),
}  # fmt: skip
