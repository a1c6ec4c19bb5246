"""Whatever a client sends, the answer is one of the known kinds and never a failure of ours."""

import re
import string
from itertools import cycle
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.mastodon.conftest import Site
from web.mastodon.routes import TABLE
from web.scopes import KNOWN as KNOWN_SCOPES

PLACE = re.compile(r"\{\w+\}")
FIELDS = (
    "status", "visibility", "in_reply_to_id", "language", "sensitive", "spoiler_text", "media_ids",
    "poll", "limit", "max_id", "min_id", "since_id", "id", "q", "type", "types", "resolve",
    "duration", "notify", "reblogs", "display_name", "note", "fields_attributes", "source",
    "home", "notifications", "client_name", "redirect_uris", "scopes", "acct", "local_only",
    "timeline", "exclude_types", "account_id", "offset", "tagged", "any", "website",
    "title", "context", "filter_action", "keywords_attributes", "expires_in", "keyword", "phrase",
    "whole_word", "irreversible", "status_id", "for_not_following", "filter_new_accounts",
    "grouped_types", "expand_accounts", "include_filtered",
    "lang", "choices", "comment", "domain", "category", "rule_ids", "report_id", "text",
    "starts_at", "ends_at", "scheduled_at", "severity", "ip", "email", "keys", "start_at", "end_at",
    "frequency", "tag_uses", "subscription", "data", "policy", "account_ids", "name", "q", "stream",
    "tag", "list", "description", "focus", "quoted_status_id", "quote_approval_policy", "languages",
    "order", "usable", "trendable", "username", "password", "agreement", "media_attributes",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "1", "-1", "9" * 40, "public", "true", "\0", "a\nb", "@a@b", "https://x"]),
    st.text(alphabet=string.printable, max_size=10),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
BODIES = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6)
NAMES = st.sampled_from([*FIELDS, "id[]", "types[]", "a[b"])
QUERIES = st.lists(st.tuples(NAMES, TEXTS), max_size=4)
IDS = st.sampled_from(["1", "0", "x", "9" * 19, "9" * 30, "-1", "%00", "1.5", "é"])
KNOWN = {200, 400, 401, 403, 404, 413, 415, 422}


def _jsonable(body: dict[str, Any]) -> bytes | None:
    try:
        return orjson.dumps(body)
    except TypeError:
        return None


async def test_no_body_and_no_query_breaks_the_api(site: Site) -> None:
    ada = await site.person("ada", " ".join(KNOWN_SCOPES), role="administrator")

    @settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(body=BODIES, query=QUERIES, one=IDS, as_form=st.booleans())
    def draw(body: dict[str, Any], query: Any, one: str, *, as_form: bool) -> None:
        text = _jsonable(body)
        if text is not None:
            drawn.append((text, query, one, as_form))

    drawn: list[tuple[bytes, Any, str, bool]] = []
    draw()
    assert len(drawn) > len(TABLE)
    for row, (text, query, one, as_form) in zip(cycle(TABLE), drawn, strict=False):
        path = PLACE.sub(one, row.path)
        method = row.methods.split()[0]
        kind = "application/x-www-form-urlencoded" if as_form else "application/json"
        reply = await ada.ask(
            method, path, query=query, body=text if method != "GET" else b"",
            headers={"content-type": kind},
        )  # fmt: skip
        assert reply.status in KNOWN, (method, path, query, text, reply.text)
        if reply.headers["content-type"] == "application/json":
            assert isinstance(reply.json, dict | list | bool)
        else:
            # Open streams, and whether there are any.
            assert "/streaming" in path
            assert reply.status == 200


async def test_types_and_sizes_that_are_not_accepted(site: Site) -> None:
    ada = await site.person("ada")
    path = "/api/v1/statuses"
    for kind, body, expected in (
        ("text/xml", b"<a/>", 415),
        ("application/json", b"[]", 400),
        ("application/json", b"{", 400),
        ("application/json", b"x" * 1_000_001, 413),
    ):
        reply = await ada.ask("POST", path, body=body, headers={"content-type": kind})
        assert reply.status == expected
        assert isinstance(reply.json["error"], str)
    assert await site.node.db.value("SELECT COUNT(*) FROM status") == 0
