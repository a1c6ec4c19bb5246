"""Others' actor documents: every shape peers send, and none that says more than it may."""

import contextlib
from typing import Any

import orjson
import pytest

from actors.documents import read_actor
from federation.errors import Malformed
from federation.html import plain_text

ID = "https://a.test/users/1"


def person(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": ID,
        "type": "Person",
        "preferredUsername": "alice",
        "inbox": f"{ID}/inbox",
        "publicKey": {"id": f"{ID}#main-key", "owner": ID, "publicKeyPem": "x"},
    } | changes
    return {name: value for name, value in document.items() if value is not ...}


def test_single_values_and_lists_are_the_same() -> None:
    plain = person(
        name="Alice",
        url="https://a.test/@alice",
        icon={"type": "Image", "url": "https://m.test/a.png"},
        attachment={"type": "PropertyValue", "name": "n", "value": "v"},
        tag={"type": "Emoji", "id": None, "name": ":ok:", "icon": {"url": "https://m.test/e.png"}},
        alsoKnownAs="https://b.test/users/2",
    )
    lists = {
        name: [value]
        for name, value in plain.items()
        if name not in ("id", "preferredUsername", "inbox")
    }
    assert read_actor(plain) == read_actor(plain | lists)
    fields = read_actor(plain)
    assert fields.icon_url == "https://m.test/a.png"
    assert orjson.loads(fields.fields) == [{"name": "n", "value": "v", "verified_at": None}]
    assert orjson.loads(fields.emojis) == [{"shortcode": "ok", "url": "https://m.test/e.png"}]
    assert orjson.loads(fields.also_known_as) == ["https://b.test/users/2"]


def test_a_url_among_links_is_the_page() -> None:
    links = [
        {"type": "Link", "mediaType": "application/x-mpegURL", "href": "https://a.test/v.m3u8"},
        {"type": "Link", "mediaType": "text/html", "href": "https://a.test/@alice"},
    ]
    assert read_actor(person(url=links)).url == "https://a.test/@alice"


def test_what_is_hidden_or_missing_is_absent() -> None:
    # Quirk 27, and servers without a shared inbox or name.
    fields = read_actor(person(followers=None, outbox={"type": "OrderedCollection"}, publicKey=...))
    assert (fields.followers_url, fields.outbox_url, fields.shared_inbox_url) == (None, None, None)
    assert (fields.display_name, fields.url, fields.icon_url) == ("", ID, None)
    assert not fields.locked
    embedded = read_actor(person(followers={"id": f"{ID}/followers", "totalItems": 3}))
    assert embedded.followers_url == f"{ID}/followers"


@pytest.mark.parametrize("name", ["a", "A.b-C", "a..b", "_", "x_1", "1" * 255])
def test_names_are_not_taken_from_the_path(name: str) -> None:
    # Quirk 29: new Mastodon ids are numbers, and case is kept.
    document = person(id="https://a.test/ap/users/116", inbox="https://a.test/i", publicKey=...)
    assert read_actor(document | {"preferredUsername": name}).username == name


@pytest.mark.parametrize(
    "name",
    [
        *(None, "", "<script>alert(1)</script>", "a b", "a@b", "a/b", "a.", "é", "a\n", 7),
        *("x" * 256, "a' OR '1'='1", "\u202ea"),
    ],
)
def test_names_that_nobody_can_write_are_refused(name: object) -> None:
    with pytest.raises(Malformed) as refused:
        read_actor(person(preferredUsername=name))
    assert refused.value.code == "actor.username"
    assert read_actor(person(preferredUsername="alice"))


def test_an_instance_actor_is_called_like_its_host() -> None:
    origin = "http://127.0.0.1:8001"
    application: dict[str, Any] = {
        "id": f"{origin}/actor",
        "type": "Application",
        "preferredUsername": "127.0.0.1:8001",
        "inbox": f"{origin}/inbox",
    }
    assert read_actor(application).username == "127.0.0.1:8001"
    for changes in ({"type": "Person"}, {"preferredUsername": "127.0.0.1:9999"}):
        with pytest.raises(Malformed):
            read_actor(application | changes)


def test_the_webfinger_property_says_more_than_the_name() -> None:
    fields = read_actor(person(webfinger="al@social.test"))
    assert (fields.username, str(fields.claimed)) == ("al", "al@social.test")
    assert str(read_actor(person(webfinger="acct:x")).claimed) == "alice@a.test"
    assert str(read_actor(person(preferredUsername=..., webfinger="b@a.test")).claimed) == (
        "b@a.test"
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": ...}, "actor.id"),
        ({"id": "acct:alice@a.test"}, "actor.id"),
        ({"id": "https://a.test/" + "é" * 1500}, "actor.id"),
        ({"id": "https://b@a.test/users/1"}, "uri.userinfo"),
        ({"type": "Note"}, "actor.type"),
        ({"type": ...}, "actor.type"),
        ({"type": {"Person": 1}}, "actor.type"),
        ({"inbox": ...}, "actor.inbox"),
        ({"inbox": "https://b.test/inbox"}, "actor.inbox"),
        ({"inbox": "https://a.test:8443/inbox"}, "actor.inbox"),
        ({"inbox": "http://a.test/inbox"}, "actor.inbox"),
        ({"inbox": "https://a.test/'); DROP--\x00"}, "actor.inbox"),
        ({"inbox": "https://a.test@b.test/inbox"}, "actor.inbox"),
        ({"inbox": "javascript:alert(1)"}, "actor.inbox"),
        ({"publicKey": {"id": f"{ID}#k", "owner": "https://a.test/users/2"}}, "actor.key_owner"),
        ({"publicKey": {"id": "https://b.test/k", "owner": ID}}, "actor.key_owner"),
        ({"publicKey": [{"id": f"{ID}#k", "owner": None}]}, "actor.key_owner"),
        (
            {"assertionMethod": [{"id": f"{ID}#e", "controller": "https://b.test/x"}]},
            "actor.key_owner",
        ),
    ],
)
def test_what_is_no_actor_or_reaches_beyond_its_origin_is_refused(
    changes: dict[str, Any], code: str
) -> None:
    # SEC-009, SEC-014, SEC-203.
    with pytest.raises(Malformed) as refused:
        read_actor(person(**changes))
    assert refused.value.code == code
    assert read_actor(person()).uri == ID


def test_collections_elsewhere_do_not_count() -> None:
    names = ("outbox", "followers", "following", "featured")
    elsewhere = read_actor(
        person(**{name: f"https://b.test/{name}" for name in names})
        | {"endpoints": {"sharedInbox": "https://b.test/inbox"}}
    )
    assert {getattr(elsewhere, f"{name}_url") for name in names} == {None}
    assert elsewhere.shared_inbox_url is None
    own = read_actor(
        person(**{name: f"{ID}/{name}" for name in names})
        | {"endpoints": {"sharedInbox": "https://a.test/inbox"}}
    )
    assert [getattr(own, f"{name}_url") for name in names] == [f"{ID}/{name}" for name in names]
    assert own.shared_inbox_url == "https://a.test/inbox"


def test_a_page_is_on_the_host_of_the_id_or_of_the_handle() -> None:
    # SEC-046: the link people click shows the host that the actor really is on.
    assert read_actor(person(url="https://good.test/@alice")).url == ID
    assert read_actor(person(url="javascript:alert(1)")).url == ID
    assert read_actor(person(url="https://a.test/@alice")).url == "https://a.test/@alice"
    split = person(url="https://good.test/@alice", webfinger="alice@good.test")
    assert read_actor(split).url == "https://good.test/@alice"


XSS = '<script>alert(1)</script><img src=x onerror="alert(1)"><b onclick=x style="y">B</b>'


def test_no_markup_survives_where_text_belongs_and_no_script_anywhere() -> None:
    # SEC-107, SEC-108, SEC-116, SEC-112.
    fields = read_actor(
        person(
            name=XSS + "Alice",
            summary=f"<p>{XSS}</p>",
            attachment=[{"type": "PropertyValue", "name": XSS, "value": XSS + "v"}],
            icon={"url": "javascript:alert(1)"},
            image="data:text/html,x",
            tag=[
                {"type": "Emoji", "name": ':"><script>:', "icon": {"url": "https://m.test/e"}},
                {"type": "Emoji", "name": ":good:", "icon": {"url": "javascript:alert(1)"}},
                {"type": "Emoji", "name": ":fine:", "icon": {"url": "https://m.test/f"}},
            ],
        )
    )
    assert fields.display_name == "BAlice"
    assert fields.summary_html == "<p><b>B</b></p>"
    assert orjson.loads(fields.fields) == [{"name": "B", "value": "<b>B</b>v", "verified_at": None}]
    assert (fields.icon_url, fields.image_url) == (None, None)
    assert orjson.loads(fields.emojis) == [{"shortcode": "fine", "url": "https://m.test/f"}]


def test_everything_is_bounded() -> None:
    fields = read_actor(
        person(
            name="x" * 10_000,
            summary="<p>" + "y" * 100_000,
            attachment=[
                {"type": "PropertyValue", "name": "n" * 5000, "value": "v" * 5000}
                for _ in range(200)
            ],
            alsoKnownAs=[f"https://b.test/{number}" for number in range(900)],
            tag=[
                {"type": "Emoji", "name": f":e{number}:", "icon": {"url": "https://m.test/e"}}
                for number in range(900)
            ],
        )
    )
    assert len(fields.display_name) == 2048
    assert len(plain_text(fields.summary_html)) < 20_480
    properties = orjson.loads(fields.fields)
    assert (len(properties), len(properties[0]["name"]), len(properties[0]["value"])) == (
        50,
        2047,
        2047,
    )
    assert len(orjson.loads(fields.also_known_as)) == 256
    assert len(orjson.loads(fields.emojis)) == 100


PROPERTIES = (
    *("@context", "id", "type", "preferredUsername", "webfinger", "name", "nameMap", "summary"),
    *("summaryMap", "url", "inbox", "endpoints", "sharedInbox", "outbox", "followers"),
    *("following", "featured", "icon", "image", "attachment", "tag", "alsoKnownAs", "movedTo"),
    *("manuallyApprovesFollowers", "discoverable", "published", "publicKey", "assertionMethod"),
)


@pytest.mark.parametrize(
    "value",
    [None, 0, 1.5, True, "x", [], {}, [None], [[]], [{}], {"id": 1}, {"url": {}}, "\x00", "\x00'"],
    ids=repr,
)
def test_no_value_in_any_place_makes_it_stumble(value: object) -> None:
    read = 0
    for name in PROPERTIES:
        with contextlib.suppress(Malformed):
            assert "\x00" not in str(read_actor(person(**{name: value})))
            read += 1
    assert read >= len(PROPERTIES) - 8, "only what an actor cannot be without is refused"
