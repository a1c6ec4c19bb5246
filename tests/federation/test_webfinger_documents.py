"""Handles as people write them, and the documents that this node gives about its own."""

import pytest

from federation.errors import Malformed
from federation.webfinger import (
    SERVICE_REL,
    Handle,
    instance_jrd,
    parse_handle,
    parse_resource,
    person_jrd,
    with_links,
)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("acct:alice@good.example", "alice@good.example"),
        ("ACCT:Alice@GOOD.example", "alice@good.example"),
        ("@alice@good.example", "alice@good.example"),
        ("acct:@alice@good.example", "alice@good.example"),
        (" alice@good.example ", "alice@good.example"),
        ("a.b-c_d@good.example", "a.b-c_d@good.example"),
        ("é@bücher.example", "é@xn--bcher-kva.example"),
        ("7@good.example:443", "7@good.example"),
        ("alice@127.0.0.1:8471", "alice@127.0.0.1:8471"),
        ("127.0.0.1:8471@127.0.0.1:8471", "127.0.0.1:8471@127.0.0.1:8471"),
        ("good.example@good.example", "good.example@good.example"),
    ],
)
def test_handles_are_read_in_every_common_form(resource: str, expected: str) -> None:
    parsed = parse_resource(resource)
    assert parsed == parse_handle(expected)
    assert hash(parsed) == hash(parse_handle(expected))
    assert parsed != parse_handle("other@good.example")


def test_addresses_are_read_as_they_are() -> None:
    for url in ("https://good.example/", "https://good.example/users/1", "http://127.0.0.1:1/@a@b"):
        assert parse_resource(url) == url
        with pytest.raises(Malformed):
            parse_handle(url)


@pytest.mark.parametrize(
    "resource",
    [
        *(
            "",
            "alice",
            "acct:",
            "acct:alice",
            "@",
            "@@",
            "alice@",
            "@good.example",
            "a b@c.example",
        ),
        *("acct:*)(uid=*@good.example", "alice@good.example/x", "alice@good.example?x", "a@b@c@d"),
        *(
            "alice@user:pw@good.example",
            "alice@good.example:0",
            "mailto:",
            "https://",
            "https://a@b/",
        ),
        *("alice@good.example\r\nX: y", "a/../b@good.example", "alice@good.example#x", "x" * 400),
        "<script>@good.example",
    ],
)
def test_what_is_no_resource_is_malformed(resource: str) -> None:
    # AP-114, SEC-137
    with pytest.raises(Malformed):
        parse_resource(resource)


def test_the_jrd_of_a_person() -> None:
    handle, actor = Handle("Alice", "good.example"), "https://good.example/users/17"
    page = "https://good.example/@Alice"
    template = "https://good.example/authorize?uri={uri}"
    jrd = person_jrd(handle, actor, page, subscribe_template=template, avatar=("https://a/", "b/c"))
    assert jrd["subject"] == "acct:Alice@good.example"
    assert jrd["aliases"] == [page, actor]
    by_rel = {link["rel"]: link for link in jrd["links"]}
    assert by_rel["self"] == {"rel": "self", "type": "application/activity+json", "href": actor}
    assert by_rel["http://webfinger.net/rel/avatar"]["type"] == "b/c"
    assert by_rel["http://ostatus.org/schema/1.0/subscribe"]["template"] == template
    assert len(person_jrd(handle, actor, page)["links"]) == 2


def test_the_jrd_of_the_site_is_found_by_its_root() -> None:
    # FEP-d556
    jrd = instance_jrd(
        Handle("good.example", "good.example"), "https://good.example/actor", "https://good.example"
    )
    assert jrd["subject"] == "acct:good.example@good.example"
    assert "https://good.example/" in jrd["aliases"]
    assert {link["rel"] for link in jrd["links"]} == {"self", SERVICE_REL}
    assert {link["href"] for link in jrd["links"]} == {"https://good.example/actor"}


def test_links_are_kept_by_rel() -> None:
    # AP-118
    jrd = person_jrd(Handle("a", "b.example"), "https://b.example/1", "https://b.example/@a")
    assert with_links(jrd, []) == jrd
    assert [link["rel"] for link in with_links(jrd, ["self", "x"])["links"]] == ["self"]
    assert with_links(jrd, ["x"])["links"] == []
    assert with_links(jrd, ["x"])["subject"] == jrd["subject"]
