"""What staff asks and decides: each entry asked at least once."""

from dataclasses import replace
from typing import Any

from tests.web.mastodon.contract.case import Case, delete, get, post, put

_AD = "v1/admin"
_A, _R, _T = f"{_AD}/accounts", f"{_AD}/reports", f"{_AD}/trends"
_SPAN: dict[str, Any] = {"start_at": "2026-08-01", "end_at": "2026-12-01"}
_MEASURES = [
    "active_users", "new_users", "interactions", "opened_reports", "resolved_reports", "tag_uses",
    "instance_accounts",
]  # fmt: skip
_MAIL: dict[str, Any] = {"email": "x@jetable.example"}

_BLOCKS: dict[str, tuple[str, dict[str, Any]]] = {
    "email_domain_block": ("AdminEmailDomainBlock", {"domain": "autre.example"}),
    "canonical_email_block": ("AdminCanonicalEmailBlock", _MAIL),
    "ip_block": ("AdminIpBlock", {"ip": "192.0.2.1", "severity": "no_access"}),
    "domain_allow": ("AdminDomainAllow", {"domain": "lys.example"}),
    "domain_block": ("AdminDomainBlock", {"domain": "chardon.example"}),
}
# What is answered when one of them is taken off.
_GONE = {"canonical_email_block": "AdminCanonicalEmailBlock", "domain_allow": "AdminDomainAllow"}


def _of_blocks() -> list[Case]:
    cases: list[Case] = []
    for name, (entity, sent) in _BLOCKS.items():
        path = f"{_AD}/{name}s"
        cases += [
            get(path, f"[{entity}]"),
            get(f"{path}/{{{name}}}", entity),
            post(path, entity, sent, keep=f"new_{name}"),
            delete(f"{path}/{{new_{name}}}", _GONE.get(name, "Empty")),
        ]
    return cases


_CASES: tuple[Case, ...] = (
    get(_A, "[AdminAccount]", limit="200"),
    get("v2/admin/accounts", "[AdminAccount]", limit="200"),
    *(get(f"{_A}/{{{name}}}", "AdminAccount") for name in ("ada", "bob", "jean", "fred", "paul")),
    *_of_blocks(),
    get(f"{_R}", "[AdminReport]"),
    get(f"{_R}", "[AdminReport]", resolved="true"),
    get(f"{_R}/{{report}}", "AdminReport"),
    get(f"{_AD}/tags", "[AdminTag]"),
    get(f"{_AD}/tags/{{tag}}", "AdminTag"),
    get(f"{_T}/tags", "[AdminTag]"),
    get(f"{_T}/links", "[AdminTrendLink]"),
    get(f"{_T}/links/publishers", "[AdminPublisher]"),
    get(f"{_T}/statuses", "[AdminTrendStatus]"),
    get(f"{_AD}/announcements", "[AdminAnnouncement]"),
    get(f"{_AD}/announcements/{{later}}", "AdminAnnouncement"),
    post(
        f"{_AD}/measures",
        "[Measure]",
        _SPAN | {"keys": _MEASURES, "tag_uses": {"id": "{old_tag}"}},
    ),
    post(
        f"{_AD}/dimensions",
        "[Dimension]",
        _SPAN | {"keys": ["languages", "software_versions", "sources"]},
    ),
    post(f"{_AD}/retention", "[Cohort]", _SPAN | {"frequency": "month"}),
    put(f"{_AD}/ip_blocks/{{ip_block}}", "AdminIpBlock", {"comment": "Calme"}),
    put(f"{_AD}/domain_blocks/{{domain_limit}}", "AdminDomainBlock", {"reject_media": True}),
    post(f"{_AD}/canonical_email_blocks/test", "[AdminCanonicalEmailBlock]", {
        "email": "bruit@jetable.example"}),
    put(f"{_R}/{{report}}", "AdminReport", {"category": "spam"}),
    *(
        post(f"{_R}/{{report}}/{deed}", "AdminReport")
        for deed in ("unassign", "assign_to_self", "resolve", "reopen")
    ),
    put(f"{_AD}/tags/{{tag}}", "AdminTag", {"listable": True}),
    *(
        post(f"{_T}/{kind}/{{{name}}}/{deed}", entity)
        for kind, name, entity in (
            ("tags", "tag", "AdminTag"),
            ("statuses", "to_trend_ada", "AdminTrendStatus"),
            ("links", "to_trend_ada", "AdminTrendLink"),
            ("links/publishers", "to_trend_ada", "AdminPublisher"),
        )
        for deed in ("reject", "approve")
    ),
    post(f"{_AD}/announcements", "AdminAnnouncement", {"text": "Encore"}, keep="new_announcement"),
    put(f"{_AD}/announcements/{{new_announcement}}", "AdminAnnouncement", {"text": "Enfin"}),
    delete(f"{_AD}/announcements/{{new_announcement}}"),
    post(f"{_A}/{{hugo}}/approve", "AdminAccount"),
    post(f"{_A}/{{ines}}/reject", "AdminAccount"),
    post(f"{_A}/{{denis}}/action", send={"type": "disable", "text": "Voyez"}),
    post(f"{_A}/{{denis}}/enable", "AdminAccount"),
    post(f"{_A}/{{gina}}/unsensitive", "AdminAccount"),
    post(f"{_A}/{{fred}}/unsilence", "AdminAccount"),
    post(f"{_A}/{{old}}/unsuspend", "AdminAccount"),
    post(f"{_A}/{{old}}/action", send={"type": "suspend"}),
    delete(f"{_A}/{{old}}", "AdminAccount"),
)  # fmt: skip
ADMIN = tuple(replace(case, by="staff") for case in _CASES)
