"""What staff alone is answered, as JSON Schema."""

from tests.web.mastodon.contract.entities_people import TAG
from tests.web.mastodon.contract.entities_sites import ANNOUNCEMENT
from tests.web.mastodon.contract.entities_statuses import CARD, STATUS
from tests.web.mastodon.contract.notation import (
    BOOL,
    DIGITS,
    HISTORY,
    ID,
    NUMBER,
    STR,
    TEXT,
    TS,
    Schema,
    entity,
    many,
    null,
    one_of,
    ref,
)

_DIGEST: Schema = {"type": "string", "pattern": r"^[0-9a-f]{64}$"}
_CATEGORY = one_of("spam", "legal", "violation", "other")

ADMIN: dict[str, Schema] = {
    "AdminAccount": entity(
        {
            "id": ID, "username": TEXT, "domain": null(TEXT), "created_at": TS,
            "email": null(TEXT), "ip": null(TEXT),
            "ips": many(entity({"ip": TEXT, "used_at": TS})), "role": null(ref("Role")),
            "confirmed": BOOL, "approved": BOOL, "disabled": BOOL, "sensitized": BOOL,
            "silenced": BOOL, "suspended": BOOL, "locale": null(TEXT),
            "invite_request": null(STR), "created_by_application_id?": ID,
            "invited_by_account_id?": ID, "account": ref("Account"),
        }
    ),
    "AdminReport": entity(
        {
            "id": ID, "action_taken": BOOL, "action_taken_at": null(TS), "category": _CATEGORY,
            "comment": STR, "forwarded": BOOL, "created_at": TS, "updated_at": TS,
            "account": ref("AdminAccount"), "target_account": ref("AdminAccount"),
            "assigned_account": null(ref("AdminAccount")),
            "action_taken_by_account": null(ref("AdminAccount")),
            "statuses": many(ref("Status")), "rules": many(ref("Rule")),
            "collections": many({}, 0),
        }
    ),
    "AdminDomainAllow": entity({"id": ID, "domain": TEXT, "created_at": TS}),
    "AdminDomainBlock": entity(
        {
            "id": ID, "domain": TEXT, "digest": _DIGEST, "created_at": TS,
            "severity": one_of("silence", "suspend", "noop"), "reject_media": BOOL,
            "reject_reports": BOOL, "private_comment": STR, "public_comment": STR,
            "obfuscate": BOOL,
        }
    ),
    "AdminEmailDomainBlock": entity(
        {
            "id": ID, "domain": TEXT, "created_at": TS, "allow_with_approval": BOOL,
            "history": HISTORY,
        }
    ),
    "AdminCanonicalEmailBlock": entity({"id": ID, "canonical_email_hash": _DIGEST}),
    "AdminIpBlock": entity(
        {
            "id": ID, "ip": TEXT, "comment": STR, "created_at": TS, "expires_at": null(TS),
            "severity": one_of("sign_up_requires_approval", "sign_up_block", "no_access"),
        }
    ),
    "Measure": entity(
        {
            "key": TEXT, "unit": null(TEXT), "total": DIGITS, "human_value?": TEXT,
            "previous_total": DIGITS, "data": many(entity({"date": TS, "value": DIGITS})),
        }
    ),
    "Dimension": entity(
        {
            "key": TEXT,
            "data": many(
                entity(
                    {
                        "key": TEXT, "human_key": TEXT, "value": TEXT, "unit?": TEXT,
                        "human_value?": TEXT,
                    }
                )
            ),
        }
    ),
    "Cohort": entity(
        {
            "period": TS, "frequency": one_of("day", "month"),
            "data": many(entity({"date": TS, "rate": NUMBER, "value": DIGITS})),
        }
    ),
    "AdminTag": entity(
        TAG | {"trendable": BOOL, "usable": BOOL, "requires_review": BOOL, "listable": BOOL}
    ),
    "AdminTrendStatus": entity(STATUS | {"requires_review": BOOL}),
    "AdminTrendLink": entity(CARD | {"history": HISTORY, "id": ID, "requires_review": BOOL}),
    "AdminPublisher": entity(
        {
            "id": ID, "domain": TEXT, "trendable": null(BOOL), "reviewed_at": null(TS),
            "requested_review_at": null(TS), "requires_review": BOOL,
        }
    ),
    # Ours: as those who write them see them.
    "AdminAnnouncement": entity(
        ANNOUNCEMENT
        | {
            "text": TEXT, "published": BOOL, "scheduled_at": null(TS),
            "essential_reason": null(TEXT),
        }
    ),
}  # fmt: skip
