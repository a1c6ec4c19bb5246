"""Notifications, one by one and grouped, as JSON Schema."""

from tests.web.mastodon.contract.notation import (
    ACCOUNTS,
    BOOL,
    COUNT,
    DIGITS,
    ID,
    INT,
    STR,
    TEXT,
    TS,
    URL,
    Schema,
    entity,
    many,
    null,
    one_of,
    ref,
)

KINDS = (
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update",
    "admin.sign_up", "admin.report", "severed_relationships", "moderation_warning", "quote",
    "quoted_update",
)  # fmt: skip
ALERTS = (
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update",
    "quote", "quoted_update", "admin.sign_up", "admin.report",
)  # fmt: skip
_NOTIFICATION_PARTS: dict[str, Schema] = {
    "report?": ref("Report"), "event?": ref("Severance"), "moderation_warning?": ref("Warning"),
}  # fmt: skip
_POLICY_CHOICE = one_of("accept", "filter", "drop")
_SUMMARY = entity({"pending_requests_count": COUNT, "pending_notifications_count": COUNT})

NOTIFICATIONS: dict[str, Schema] = {
    "Notification": entity(
        {
            "id": ID, "type": one_of(*KINDS), "created_at": TS, "group_key": TEXT,
            "account": ref("Account"), "status?": null(ref("Status")), "filtered?": {"const": True},
        } | _NOTIFICATION_PARTS
    ),
    "GroupedNotifications": entity(
        {
            "accounts": ACCOUNTS, "partial_accounts?": many(ref("PartialAccount")),
            "statuses": many(ref("Status")), "notification_groups": many(ref("Group")),
        }
    ),
    "PartialAccount": entity(
        {
            "id": ID, "acct": TEXT, "url": URL, "avatar": URL, "avatar_static": URL,
            "locked": BOOL, "bot": BOOL,
        }
    ),
    "Group": entity(
        {
            "group_key": TEXT, "notifications_count": COUNT, "type": one_of(*KINDS),
            "most_recent_notification_id": INT, "page_min_id?": ID, "page_max_id?": ID,
            "latest_page_notification_at?": TS, "sample_account_ids": many(ID),
            "status_id?": null(ID),
        } | _NOTIFICATION_PARTS
    ),
    "Count": entity({"count": COUNT}),
    "Severance": entity(
        {
            "id": ID, "type": one_of("domain_block", "user_domain_block", "account_suspension"),
            "purged": BOOL, "target_name": TEXT, "followers_count": COUNT,
            "following_count": COUNT, "created_at": TS,
        }
    ),
    "Warning": entity(
        {
            "id": ID,
            "action": one_of(
                "none", "disable", "mark_statuses_as_sensitive", "delete_statuses",
                "sensitive", "silence", "suspend",
            ),
            "text": STR, "status_ids": null(many(ID)), "target_account": ref("Account"),
            "appeal": null({}), "created_at": TS,
        }
    ),
    "NotificationPolicy": entity(
        {
            "for_not_following": _POLICY_CHOICE, "for_not_followers": _POLICY_CHOICE,
            "for_new_accounts": _POLICY_CHOICE, "for_private_mentions": _POLICY_CHOICE,
            "for_limited_accounts": _POLICY_CHOICE, "for_bots": _POLICY_CHOICE,
            "summary": _SUMMARY,
        }
    ),
    "NotificationPolicyV1": entity(
        {
            "filter_not_following": BOOL, "filter_not_followers": BOOL,
            "filter_new_accounts": BOOL, "filter_private_mentions": BOOL, "summary": _SUMMARY,
        }
    ),
    "NotificationRequest": entity(
        {
            "id": ID, "created_at": TS, "updated_at": TS, "notifications_count": DIGITS,
            "account": ref("Account"), "last_status": null(ref("Status")),
        }
    ),
    "Merged": entity({"merged": BOOL}),
    "WebPushSubscription": entity(
        {
            "id": INT, "endpoint": URL, "standard": BOOL, "server_key": TEXT,
            # Those that the application sent.
            "alerts": entity({f"{kind}?": BOOL for kind in ALERTS}),
            "policy": one_of("all", "followed", "follower", "none"),
        }
    ),
}  # fmt: skip
