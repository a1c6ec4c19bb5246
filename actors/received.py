"""Others' actor documents, read once: tolerant of every shape peers send, strict about origins.

What comes out is bounded, cleaned and stored as it is. Nothing in it says more than the
origin of the id may say: inbox, collections and keys are on that origin or do not count.
"""

import re
from dataclasses import dataclass
from typing import Any

import orjson

from federation.activity import language_text, text, time_ms, uri_of, uris, url_of, values
from federation.errors import Malformed, describe
from federation.html import clean_html, clean_line, clean_name
from federation.origins import authority_of, origin_of
from federation.vocabulary import ACTOR_TYPES, Document
from federation.webfinger import Handle, parse_handle

describe(
    {
        "actor.id": "The actor has no usable id; give it an http(s) id of at most 2048 bytes.",
        "actor.inbox": "The actor {uri} needs an inbox on its own origin, and gives {came}.",
        "actor.key_owner": "The key {key_id} of the actor {uri} names another owner, {came}.",
        "actor.type": "{uri} is no actor but {came}; actors are Application, Group,"
        " Organization, Person or Service.",
        "actor.username": "The actor {uri} is called {came}; letters of a to z, digits and"
        " underscores are accepted, with dots and hyphens between them.",
    }
)

URI_BYTES_MAX = 2048
USERNAME_CHARACTERS_MAX = 255
NAME_CHARACTERS_MAX = 2048
SUMMARY_CHARACTERS_MAX = 20_000
FIELDS_MAX = 50
FIELD_CHARACTERS_MAX = 2047
ALIASES_MAX = 256
EMOJIS_MAX = 100
KEYS_MAX = 10

USERNAME = re.compile(r"[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*", re.IGNORECASE | re.ASCII)
_SHORTCODE = re.compile(r"[A-Za-z0-9_]{2,100}")


@dataclass(frozen=True, slots=True)
class ActorFields:
    """What an actor's document says of it, ready to be stored.

    Invariants
        `uri` is an http(s) id; `inbox_url` and the collections are on `origin`; HTML is
        cleaned, plain texts hold no markup; `fields`, `emojis`, `also_known_as` are JSON.
        `username` and `webfinger` are claims until WebFinger confirms them.
    """

    uri: str
    origin: str
    type: str
    username: str
    webfinger: Handle | None
    display_name: str
    summary_html: str
    url: str
    inbox_url: str
    shared_inbox_url: str | None
    outbox_url: str | None
    followers_url: str | None
    following_url: str | None
    featured_url: str | None
    icon_url: str | None
    image_url: str | None
    fields: str
    emojis: str
    also_known_as: str
    moved_to_uri: str | None
    locked: bool
    discoverable: bool
    indexable: bool
    published_at: int | None

    @property
    def claimed(self) -> Handle:
        """The handle it claims: its `webfinger` (FEP-2c59), else its name at its own host."""
        return self.webfinger or Handle(self.username, authority_of(self.origin))


def read_actor(document: Document) -> ActorFields:
    """Read the document of an actor; raise Malformed for what cannot be one.

    That is: no http(s) id, another type, no acceptable username, an inbox that is missing or
    on another origin, a key that names another owner (SEC-009).
    """
    uri = uri_of(document.get("id"))
    if uri is None or len(uri.encode()) > URI_BYTES_MAX:
        raise Malformed("actor.id")
    origin = origin_of(uri)
    kind = _type(document, uri)
    _check_keys(document, uri, origin)
    webfinger = _webfinger(document)
    endpoints = document.get("endpoints")
    shared = endpoints.get("sharedInbox") if isinstance(endpoints, dict) else None
    return ActorFields(
        uri=uri,
        origin=origin,
        type=kind,
        username=_username(document, uri, kind, webfinger),
        webfinger=webfinger,
        display_name=clean_name(language_text(document, "name")[0] or "")[:NAME_CHARACTERS_MAX],
        summary_html=clean_html(_summary(document)),
        url=_page(document, uri, webfinger),
        inbox_url=_inbox(document, uri, origin),
        shared_inbox_url=_on_origin(shared or document.get("sharedInbox"), origin),
        outbox_url=_on_origin(document.get("outbox"), origin),
        followers_url=_on_origin(document.get("followers"), origin),
        following_url=_on_origin(document.get("following"), origin),
        featured_url=_on_origin(document.get("featured"), origin),
        icon_url=_picture(document, "icon"),
        image_url=_picture(document, "image"),
        fields=_json(_fields(document)),
        emojis=_json(_emojis(document)),
        also_known_as=_json([own for own in uris(document, "alsoKnownAs") if _usable(own)]),
        moved_to_uri=_usable(uri_of(document.get("movedTo"))),
        locked=document.get("manuallyApprovesFollowers") is True,
        discoverable=document.get("discoverable") is True,
        indexable=document.get("indexable") is True,
        published_at=time_ms(document.get("published")),
    )


def _type(document: Document, uri: str) -> str:
    kinds = [kind for kind in values(document, "type") if isinstance(kind, str)]
    for kind in kinds:
        if kind in ACTOR_TYPES:
            return kind
    raise Malformed("actor.type", uri=uri, came=", ".join(kinds) or "nothing")


def _webfinger(document: Document) -> Handle | None:
    claimed = text(document, "webfinger")
    if claimed is None:
        return None
    try:
        return parse_handle(claimed)
    except Malformed:
        return None


def _username(document: Document, uri: str, kind: str, webfinger: Handle | None) -> str:
    given = webfinger.username if webfinger else (text(document, "preferredUsername") or "")
    # Instance actors and a whole site's blog are called like its host, which may have a port.
    of_host = kind != "Person" and given == authority_of(origin_of(uri))
    if len(given) > USERNAME_CHARACTERS_MAX or not (of_host or USERNAME.fullmatch(given)):
        raise Malformed("actor.username", uri=uri, came=given or "nothing")
    return given


def _summary(document: Document) -> str:
    return (language_text(document, "summary")[0] or "")[:SUMMARY_CHARACTERS_MAX]


def _inbox(document: Document, uri: str, origin: str) -> str:
    inbox = _on_origin(document.get("inbox"), origin)
    if inbox is None:
        raise Malformed("actor.inbox", uri=uri, came=str(document.get("inbox"))[:100])
    return inbox


def _usable(uri: str | None) -> str | None:
    """Return an address that can be asked, stored and linked, else None."""
    if uri is None or len(uri.encode()) > URI_BYTES_MAX:
        return None
    try:
        origin_of(uri)
    except Malformed:
        return None
    return uri


def _on_origin(value: object, origin: str) -> str | None:
    uri = _usable(uri_of(value))
    return uri if uri is not None and origin_of(uri) == origin else None


def _page(document: Document, uri: str, webfinger: Handle | None) -> str:
    """Return the web page of the actor: at the host of its id or of its handle, else the id.

    Elsewhere it would show one site's actor as another's (SEC-046).
    """
    page = _usable(url_of(document.get("url"), "text/html"))
    if page is None:
        return uri
    hosts = {_host(uri)} | ({webfinger.host.partition(":")[0]} if webfinger else set())
    return page if _host(page) in hosts else uri


def _host(uri: str) -> str:
    return authority_of(origin_of(uri)).rpartition(":")[0] or authority_of(origin_of(uri))


def _picture(document: Document, name: str) -> str | None:
    for value in values(document, name):
        found = value.get("url") or value.get("href") if isinstance(value, dict) else value
        if (url := _usable(url_of(found, "image/"))) is not None:
            return url
    return None


def _fields(document: Document) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for value in values(document, "attachment"):
        if not isinstance(value, dict) or value.get("type") != "PropertyValue":
            continue
        name, content = text(value, "name"), text(value, "value")
        if name is not None and content is not None and len(found) < FIELDS_MAX:
            shown = clean_line(content[:FIELD_CHARACTERS_MAX])
            name = clean_name(name)[:FIELD_CHARACTERS_MAX]
            found.append({"name": name, "value": shown, "verified_at": None})
    return found


def _emojis(document: Document) -> list[dict[str, str]]:
    found: dict[str, str] = {}
    for tag in values(document, "tag"):
        if not isinstance(tag, dict) or tag.get("type") != "Emoji":
            continue
        shortcode, url = (text(tag, "name") or "").strip(":"), _picture(tag, "icon")
        if url is not None and _SHORTCODE.fullmatch(shortcode) and len(found) < EMOJIS_MAX:
            found.setdefault(shortcode, url)
    return [{"shortcode": shortcode, "url": url} for shortcode, url in found.items()]


def _check_keys(document: Document, uri: str, origin: str) -> None:
    """Raise Malformed when a key of the actor names another owner or another origin."""
    for name, owner_name in (("publicKey", "owner"), ("assertionMethod", "controller")):
        for key in values(document, name)[:KEYS_MAX]:
            if not isinstance(key, dict):
                continue
            owner, key_id = key.get(owner_name, uri), key.get("id", uri)
            if uri_of(owner) != uri or _on_origin(key_id, origin) is None:
                raise Malformed("actor.key_owner", uri=uri, key_id=str(key_id), came=str(owner))


def _json(value: list[Any]) -> str:
    return orjson.dumps(value[:ALIASES_MAX]).decode()
