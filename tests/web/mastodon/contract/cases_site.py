"""The site, its applications, and what it tells people: each entry asked at least once."""

from typing import Any

from tests.web.mastodon.contract.case import Case, delete, get, patch, post, put
from tests.web.mastodon.contract.world_posts import DEVICE

_N1, _N2 = "v1/notifications", "v2/notifications"
_I, _AN = "v1/instance", "v1/announcements"
_APP = {
    "client_name": "Autre", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "website": "",
}  # fmt: skip
_GRANT = {
    "grant_type": "client_credentials", "client_id": "{client_id}",
    "client_secret": "{client_secret}", "scope": "read",
}  # fmt: skip
_SIGN_UP: dict[str, Any] = {
    "username": "karl", "email": "karl@tilleuls.example", "agreement": True,
    "password": "une phrase de passe longue", "reason": "Je vis ici",
}  # fmt: skip
_TOLD = (
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update",
    "severed_relationships", "moderation_warning", "quote", "quoted_update",
)  # fmt: skip

SITE: tuple[Case, ...] = (
    *(
        get(f"{version}/instance", name, by=by)
        for version, name in (("v1", "InstanceV1"), ("v2", "InstanceV2"))
        for by in ("ada", "nobody", "bare")
    ),
    get(f"{_I}/rules", "[Rule]"),
    get(f"{_I}/extended_description", "ExtendedDescription"),
    get(f"{_I}/extended_description", "ExtendedDescription", by="bare"),
    get(f"{_I}/privacy_policy", "PrivacyPolicy"),
    get(f"{_I}/terms_of_service", "TermsOfService"),
    get(f"{_I}/terms_of_service", "TermsOfService", by="bare"),
    get(f"{_I}/terms_of_service/2030-01-01", "TermsOfService"),
    get(f"{_I}/languages", "[Language]"),
    get(f"{_I}/translation_languages", "TranslationLanguages"),
    get("v1/custom_emojis", "[CustomEmoji]"),
    get("v1/trends", "[Tag]"),
    get("v1/trends/tags", "[Tag]"),
    get("v1/trends/links", "[TrendLink]"),
    get("v1/trends/statuses", "[Status]"),
    get("v1/suggestions", "[Account]"),
    get("v2/suggestions", "[Suggestion]"),
    get("v2/search", "Search", q="nuit"),
    get("v2/search", "Search", q="bob"),
    get(_AN, "[Announcement]"),
    get("v1/apps/verify_credentials", "Application", by="app"),
    get("v1/apps/verify_credentials", "Application", by="chloe"),
    get("v1/emails/check_confirmation", "Boolean"),
    Case("GET", "/oauth/userinfo", "UserInfo"),
    Case("GET", "/.well-known/oauth-authorization-server", "OAuthMetadata", by="nobody"),
    delete("v1/suggestions/{zoe}"),
    post(f"{_AN}/{{untimed}}/dismiss"),
    put(f"{_AN}/{{announcement}}/reactions/🌳", "Empty"),
    delete(f"{_AN}/{{announcement}}/reactions/🌳"),
    post("v1/reports", "Report", {"account_id": "{bob}", "comment": "Bruit"}),
    post("v1/apps", "CredentialApplication", _APP, by="nobody"),
    post("v1/accounts", "Token", _SIGN_UP, by="app"),
    post("v1/emails/confirmations", "Error", status=403),
    Case("POST", "/oauth/token", "Token", _GRANT, by="nobody"),
    Case("POST", "/oauth/token", "Error", _GRANT | {"grant_type": "x"}, by="nobody", status=400),
    Case("POST", "/oauth/revoke", "Empty", _GRANT | {"token": "x"}, by="nobody"),
)

NOTIFICATIONS: tuple[Case, ...] = (
    get(_N1, "[Notification]", limit="80"),
    get(_N1, "[Notification]", by="staff"),
    get(_N1, "[Notification]", include_filtered="true", limit="80"),
    *(get(f"{_N1}/{{told_{kind}}}", "Notification") for kind in _TOLD),
    get(f"{_N1}/unread_count", "Count"),
    get(f"{_N1}/policy", "NotificationPolicyV1"),
    get(f"{_N1}/requests", "[NotificationRequest]"),
    get(f"{_N1}/requests/merged", "Merged"),
    get(f"{_N1}/requests/{{request_denis}}", "NotificationRequest"),
    get(_N2, "GroupedNotifications", limit="80"),
    get(_N2, "GroupedNotifications", by="staff", limit="80"),
    get(_N2, "GroupedNotifications", expand_accounts="partial_avatars", limit="80"),
    *(get(f"{_N2}/{{group_{kind}}}", "GroupedNotifications") for kind in _TOLD),
    get(f"{_N2}/{{group_favourite}}/accounts", "[Account]"),
    get(f"{_N2}/unread_count", "Count"),
    get(f"{_N2}/policy", "NotificationPolicy"),
    get("v1/push/subscription", "WebPushSubscription"),
    put("v1/push/subscription", "WebPushSubscription", {"data": {"alerts": {"follow": True}}}),
    put("v1/push/subscription", "WebPushSubscription", {"data": {"alerts": {"poll": True}}}),
    post("v1/push/subscription", "WebPushSubscription", DEVICE),
    delete("v1/push/subscription"),
    put(f"{_N1}/policy", "NotificationPolicyV1", {"filter_not_followers": True}),
    patch(f"{_N2}/policy", "NotificationPolicy", {"for_bots": "drop"}),
    post(f"{_N1}/requests/{{request_denis}}/accept"),
    post(f"{_N1}/requests/{{request_mona}}/dismiss"),
    post(f"{_N1}/requests/accept", send={"id": ["{request_zoe}"]}),
    post(f"{_N1}/requests/dismiss", send={"id": ["{request_zoe}"]}),
    post(f"{_N1}/{{told_mention}}/dismiss"),
    post(f"{_N2}/{{group_favourite}}/dismiss"),
    post(f"{_N1}/clear"),
    post(f"{_N2}/clear"),
)
