"""Origins are compared as text, so one origin has one text and two origins never share one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Malformed
from federation.origins import authority_of, origin_of, split_url


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        ("https://good.test", "https://good.test"),
        ("HTTPS://Good.Test/users/Alice#main-key", "https://good.test"),
        ("https://good.test:443/x", "https://good.test"),
        ("http://good.test:80?x", "http://good.test"),
        ("http://good.test:443/", "http://good.test:443"),
        ("https://good.test:8443/x", "https://good.test:8443"),
        ("http://127.0.0.1:8480/actor", "http://127.0.0.1:8480"),
        ("http://[::1]:8480/actor", "http://[::1]:8480"),
        ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]"),
        ("https://école.test/a", "https://xn--cole-9oa.test"),
        ("https://XN--cole-9oa.test/a", "https://xn--cole-9oa.test"),
        ("https://site_1.internal/", "https://site_1.internal"),
        ("https://good.test/@alice@other.test", "https://good.test"),
    ],
)
def test_one_text_for_each_origin(uri: str, origin: str) -> None:
    assert origin_of(uri) == origin


def test_letters_that_look_alike_are_two_owners() -> None:
    # An older mapping writes both as strasse: the owner of one could speak for the other.
    assert origin_of("https://straße.test") == "https://xn--strae-oqa.test"
    assert origin_of("https://straße.test") != origin_of("https://strasse.test")


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("", "uri.scheme"),
        ("alice@good.test", "uri.scheme"),
        ("acct:alice@good.test", "uri.scheme"),
        ("data:application/json,{}", "uri.scheme"),
        ("ftp://good.test/", "uri.scheme"),
        ("//good.test/x", "uri.scheme"),
        ("https://", "uri.host"),
        ("https:///x", "uri.host"),
        ("https:good.test", "uri.host"),
        ("https://.test", "uri.host"),
        ("https://good.test.", "uri.host"),
        ("https://good..test", "uri.host"),
        ("https://%67ood.test", "uri.host"),
        ("https://good.test,evil.test", "uri.host"),
        ("https://[fe80::1%25eth0]/", "uri.host"),
        ("https://[::1/", "uri.malformed"),
        ("https://alice@good.test/", "uri.userinfo"),
        ("https://good.test@evil.test/", "uri.userinfo"),
        ("https://@good.test/", "uri.userinfo"),
        ("https://good.test:0/", "uri.port"),
        ("https://good.test:/", "uri.port"),
        ("https://good.test:65536/", "uri.port"),
        ("https://good.test:8o/", "uri.port"),
        ("https://good.test\\@evil.test/", "uri.malformed"),
        ("https://good\n.test/", "uri.malformed"),
        (" https://good.test/", "uri.malformed"),
        ("https://good.test/" + "x" * 2048, "uri.malformed"),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(uri: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        origin_of(uri)
    assert refused.value.code == code
    assert refused.value.status == 400


@given(st.text(max_size=60) | st.text(max_size=60).map("https://{}".format))
def test_any_text_has_an_origin_or_is_malformed(uri: str) -> None:
    try:
        origin = origin_of(uri)
    except Malformed:
        return
    assert origin_of(origin) == origin
    assert origin.isascii()
    assert origin == origin.lower()


@pytest.mark.parametrize(
    ("url", "split"),
    [
        ("https://good.test", ("https://good.test", "/")),
        ("https://Good.test:8443/a/b?c=d#e", ("https://good.test:8443", "/a/b?c=d")),
        ("https://good.test?c", ("https://good.test", "/?c")),
        ("https://good.test/caf%C3%A9/é?ü", ("https://good.test", "/caf%C3%A9/%C3%A9?%C3%BC")),
    ],
)
def test_the_target_is_what_is_sent(url: str, split: tuple[str, str]) -> None:
    assert split_url(url) == split


def test_the_authority_keeps_the_port() -> None:
    assert authority_of("http://[::1]:8480") == "[::1]:8480"
