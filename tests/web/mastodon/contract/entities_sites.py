"""What a node says of itself, its applications and its moderation, as JSON Schema."""

from tests.web.mastodon.contract.notation import (
    BOOL,
    COUNT,
    DATE,
    EMOJI_LIST,
    EMPTY,
    ID,
    INT,
    SOCKET_URL,
    STR,
    TEXT,
    TS,
    URL,
    Schema,
    entity,
    keyed,
    many,
    null,
    one_of,
    ref,
)

_FEED = entity(
    {name: one_of("public", "authenticated", "disabled") for name in ("local", "remote")}
)
_STATUSES_LIMITS = entity(
    {"max_characters": COUNT, "max_media_attachments": COUNT, "characters_reserved_per_url": COUNT}
)  # fmt: skip
_MEDIA_LIMITS = entity(
    {
        "supported_mime_types": many(TEXT), "description_limit": COUNT, "image_size_limit": COUNT,
        "image_matrix_limit": COUNT, "video_size_limit": COUNT, "video_frame_rate_limit": COUNT,
        "video_matrix_limit": COUNT,
    }
)  # fmt: skip
_POLL_LIMITS = entity(
    {
        "max_options": COUNT, "max_characters_per_option": COUNT, "min_expiration": COUNT,
        "max_expiration": COUNT,
    }
)  # fmt: skip
_SCALES: Schema = {
    "type": "object", "properties": {"@1x": URL, "@2x": URL}, "additionalProperties": False,
}  # fmt: skip
_APPLICATION: dict[str, Schema] = {
    "id": ID, "name": TEXT, "website": null(URL), "scopes": many(TEXT), "redirect_uris": many(TEXT),
    "redirect_uri": TEXT, "vapid_key": STR,
}  # fmt: skip

ANNOUNCEMENT: dict[str, Schema] = {
    "id": ID, "content": TEXT, "starts_at": null(TS), "ends_at": null(TS),
    "all_day": BOOL, "published_at": TS, "updated_at": TS, "@read": BOOL,
    "mentions": many(ref("Mention")), "statuses": many(entity({"id": ID, "url": URL})),
    "tags": many(entity({"name": TEXT, "url": URL})), "emojis": EMOJI_LIST,
    "reactions": many(
        entity(
            {"name": TEXT, "count": COUNT, "@me": BOOL, "url?": URL, "static_url?": URL}
        )
    ),
}  # fmt: skip

SITES: dict[str, Schema] = {
    "InstanceV2": entity(
        {
            "domain": TEXT, "title": TEXT, "version": TEXT, "source_url": URL, "description": STR,
            "usage": entity({"users": entity({"active_month": COUNT})}),
            "thumbnail": entity(
                {
                    "url": URL, "blurhash": null(TEXT), "description": STR,
                    "versions": _SCALES,
                }
            ),
            "icon": many(entity({"src": URL, "size": TEXT})), "languages": many(TEXT),
            "configuration": entity(
                {
                    "urls": entity(
                        {
                            "streaming": SOCKET_URL, "status": null(URL), "about": URL,
                            "privacy_policy": null(URL), "terms_of_service": null(URL),
                        }
                    ),
                    "vapid": entity({"public_key": STR}),
                    "accounts": entity(
                        {
                            "max_featured_tags": COUNT, "max_pinned_statuses": COUNT,
                            "max_display_name_length": COUNT, "max_note_length": COUNT,
                            "max_avatar_description_length": COUNT,
                            "max_header_description_length": COUNT, "max_profile_fields": COUNT,
                            "profile_field_name_limit": COUNT, "profile_field_value_limit": COUNT,
                        }
                    ),
                    "statuses": _STATUSES_LIMITS, "media_attachments": _MEDIA_LIMITS,
                    "polls": _POLL_LIMITS, "translation": entity({"enabled": BOOL}),
                    "timelines_access": entity(
                        {
                            "live_feeds": _FEED, "hashtag_feeds": _FEED,
                            "trending_link_feeds": _FEED,
                        }
                    ),
                    "limited_federation": BOOL,
                }
            ),
            "registrations": entity(
                {
                    "enabled": BOOL, "approval_required": BOOL, "reason_required": BOOL,
                    "message": null(STR), "min_age": null(INT), "url": null(URL),
                }
            ),
            "api_versions": entity({"mastodon": {"const": 7}}),
            "contact": entity({"email": STR, "account": null(ref("Account"))}),
            "rules": many(ref("Rule")), "wrapstodon": null(INT),
        }
    ),
    "InstanceV1": entity(
        {
            "uri": {"type": "string", "pattern": "^[^/]+$"}, "title": TEXT,
            "short_description": STR, "description": STR, "email": STR, "version": TEXT,
            "urls": entity({"streaming_api": SOCKET_URL}),
            "stats": entity({"user_count": COUNT, "status_count": COUNT, "domain_count": COUNT}),
            "thumbnail": null(URL), "languages": many(TEXT), "registrations": BOOL,
            "approval_required": BOOL, "invites_enabled": BOOL,
            "configuration": entity(
                {
                    "accounts": entity({"max_featured_tags": COUNT}),
                    "statuses": _STATUSES_LIMITS, "media_attachments": _MEDIA_LIMITS,
                    "polls": _POLL_LIMITS,
                }
            ),
            "contact_account": null(ref("Account")), "rules": many(ref("Rule")),
        }
    ),
    "Rule": entity(
        {
            "id": ID, "text": TEXT, "hint": STR,
            "translations": keyed(entity({"text": TEXT, "hint": STR})),
        }
    ),
    "Announcement": entity(ANNOUNCEMENT),
    "Report": entity(
        {
            "id": ID, "action_taken": BOOL, "action_taken_at": null(TS),
            "category": one_of("spam", "legal", "violation", "other"), "comment": STR,
            "forwarded": BOOL, "created_at": TS, "status_ids": null(many(ID)),
            "rule_ids": null(many(ID)), "collection_ids": null(many(ID)),
            "target_account": ref("Account"),
        }
    ),
    "Application": entity(_APPLICATION),
    "CredentialApplication": entity(
        _APPLICATION
        | {"client_id": TEXT, "client_secret": TEXT, "client_secret_expires_at": {"const": 0}}
    ),
    "Token": entity(
        {"access_token": TEXT, "token_type": {"const": "Bearer"}, "scope": STR, "created_at": COUNT}
    ),
    "ExtendedDescription": entity({"updated_at": null(TS), "content": TEXT}),
    "PrivacyPolicy": entity({"updated_at": TS, "content": TEXT}),
    "TermsOfService": entity(
        {
            "effective_date": DATE, "effective": BOOL, "content": TEXT,
            "succeeded_by": null(DATE),
        }
    ),
    "Language": entity({"code": TEXT, "name": TEXT}),
    "TranslationLanguages": keyed(many(TEXT)),
    "DomainBlockPreview": entity({"following_count": COUNT, "followers_count": COUNT}),
    "UserInfo": entity(
        {
            "iss": URL, "sub": URL, "name": STR, "preferred_username": TEXT, "profile": URL,
            "picture": URL,
        }
    ),
    "OAuthMetadata": entity(
        {
            "issuer": URL, "authorization_endpoint": URL, "token_endpoint": URL,
            "revocation_endpoint": URL, "userinfo_endpoint": URL,
            "app_registration_endpoint": URL, "scopes_supported": many(TEXT),
            "response_types_supported": many(TEXT), "response_modes_supported": many(TEXT),
            "grant_types_supported": many(TEXT),
            "token_endpoint_auth_methods_supported": many(TEXT),
            "revocation_endpoint_auth_methods_supported": many(TEXT),
            "code_challenge_methods_supported": many(TEXT), "service_documentation": URL,
            "authorization_response_iss_parameter_supported": BOOL,
        }
    ),
    "Host": TEXT,
    "Boolean": BOOL,
    "Empty": EMPTY,
    "Error": {
        "type": "object",
        "properties": {
            "error": TEXT, "error_description": TEXT,
            "details": keyed(many(entity({"error": TEXT, "description": TEXT}))),
        },
        "required": ["error"],
        "additionalProperties": False,
    },
}  # fmt: skip
