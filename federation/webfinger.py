"""WebFinger, both directions: a handle and an actor belong together only if each names the other.

The host of a handle says which actor has it, and the actor says which handle it has; a claim
from one side alone is nobody's name (RFC 7033, FEP-2c59).
"""

import asyncio
import html
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import quote

from federation.activity import text, uri_of, values
from federation.client import FETCH_DEADLINE_S, Answer, GuardedClient, Signer
from federation.client_errors import ClientError
from federation.errors import Malformed, NotFound, Refused, describe
from federation.fetch import as_object, is_activity_type, media_type, raise_for_status, read_json
from federation.origins import authority_of, origin_of
from federation.vocabulary import ACTIVITY_TYPE, AS2, Document

describe(
    {
        "webfinger.host_meta": "The host-meta of {uri} cannot be used; serve plain XRD with an"
        " lrdd template.",
        "webfinger.no_actor": "{uri} names no actor; give a self link of type"
        " application/activity+json.",
        "webfinger.no_handle": "{uri} claims no handle; give preferredUsername or webfinger.",
        "webfinger.not_mutual": "{handle} belongs to {came}, not to {expected}.",
        "webfinger.resource": "{came} is no handle and no address; write @name@host.",
        "webfinger.unconfirmed": "{handle} says that it is {came}, whose host does not say so.",
        "webfinger.unknown": "Nobody is called {handle} there.",
    }
)

JRD_TYPE = "application/jrd+json"
XRD_TYPE = "application/xrd+xml"
SERVICE_REL = f"{AS2}#Service"
PROFILE_REL = "http://webfinger.net/rel/profile-page"
AVATAR_REL = "http://webfinger.net/rel/avatar"
SUBSCRIBE_REL = "http://ostatus.org/schema/1.0/subscribe"

_JRD_TYPES = frozenset({JRD_TYPE, "application/json"})
_XRD_TYPES = frozenset({XRD_TYPE, "application/xml", "text/xml"})
_JRD_BYTES_MAX = 100_000
_USERNAME = re.compile(r"[\w.~:+-]{1,256}")
_AUTHORITY = re.compile(r"[^\s/?#@\\]{1,255}")
_LINK = re.compile(r"<(?:\w{1,20}:)?Link\s([^<>]{0,4000})>")
_ATTRIBUTE = re.compile(r"""(\w{1,20})\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True, slots=True)
class Handle:
    """`username@host`, compared without regard to case; the username keeps the case it had.

    `host` is in punycode, with the port when it is not 443.
    """

    username: str = field(compare=False)
    host: str
    folded: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep the form that is compared."""
        object.__setattr__(self, "folded", self.username.casefold())

    def __str__(self) -> str:
        """Return the handle without a leading @."""
        return f"{self.username}@{self.host}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a host says about a handle: its canonical form and the actor that has it."""

    subject: Handle
    actor_uri: str


def parse_resource(resource: str) -> Handle | str:
    """Read `acct:name@host`, `name@host` or `@name@host` as a Handle, an http(s) URL as itself.

    Raise Malformed for anything else.
    """
    given = resource.strip()
    if given[:8].lower().startswith(("http://", "https://")):
        origin_of(given)
        return given
    if given[:5].lower() == "acct:":
        given = given[5:]
    username, _, host = given.removeprefix("@").rpartition("@")
    if not _USERNAME.fullmatch(username) or not _AUTHORITY.fullmatch(host):
        raise Malformed("webfinger.resource", came=resource)
    return Handle(username, authority_of(origin_of(f"https://{host}")))


def parse_handle(handle: str) -> Handle:
    """Read a handle as `parse_resource` does; raise Malformed also for a URL."""
    parsed = parse_resource(handle)
    if isinstance(parsed, str):
        raise Malformed("webfinger.resource", came=handle)
    return parsed


async def lookup(
    client: GuardedClient,
    acct: str,
    *,
    sign: Signer | None = None,
    deadline_s: float = FETCH_DEADLINE_S,
) -> Found:
    """Ask the host of a handle for its actor; when it names another handle, ask that one too.

    The second answer must name the same actor under the handle it was asked for.
    `deadline_s` covers all requests. Raise NotFound, Refused, Malformed, Unavailable or
    ClientError.
    """
    handle = parse_handle(acct)
    try:
        async with asyncio.timeout(deadline_s):
            return await _confirmed(client, handle, sign)
    except TimeoutError as error:
        raise ClientError("timeout", f"acct:{handle}") from error


async def verify_handle(
    client: GuardedClient,
    actor: Document,
    *,
    sign: Signer | None = None,
    deadline_s: float = FETCH_DEADLINE_S,
) -> Handle:
    """Return the handle that an actor claims and that its host confirms; raise as `lookup`.

    `actor` must have been fetched from its own origin. The claim is its `webfinger`
    (FEP-2c59), else `preferredUsername` at the host of its id.
    """
    actor_uri = uri_of(actor.get("id"))
    claimed, username = text(actor, "webfinger"), text(actor, "preferredUsername")
    if actor_uri is None or (claimed is None and username is None):
        raise Malformed("webfinger.no_handle", uri=actor_uri or "a document without id")
    if claimed is None:
        claimed = f"{username}@{authority_of(origin_of(actor_uri))}"
    found = await lookup(client, claimed, sign=sign, deadline_s=deadline_s)
    if found.actor_uri != actor_uri:
        raise Refused(
            "webfinger.not_mutual", handle=claimed, came=found.actor_uri, expected=actor_uri
        )
    return found.subject


def person_jrd(
    handle: Handle,
    actor_uri: str,
    page_url: str,
    *,
    subscribe_template: str | None = None,
    avatar: tuple[str, str] | None = None,
) -> Document:
    """Build the JRD of an actor; `avatar` is its URL and media type."""
    links: list[dict[str, str]] = [
        {"rel": "self", "type": ACTIVITY_TYPE, "href": actor_uri},
        {"rel": PROFILE_REL, "type": "text/html", "href": page_url},
    ]
    if subscribe_template is not None:
        links.append({"rel": SUBSCRIBE_REL, "template": subscribe_template})
    if avatar is not None:
        links.append({"rel": AVATAR_REL, "type": avatar[1], "href": avatar[0]})
    aliases = list(dict.fromkeys((page_url, actor_uri)))
    return {"subject": f"acct:{handle}", "aliases": aliases, "links": links}


def instance_jrd(handle: Handle, actor_uri: str, origin: str) -> Document:
    """Build the JRD of the instance actor, found by its handle or the root URL (FEP-d556)."""
    link = {"type": ACTIVITY_TYPE, "href": actor_uri}
    return {
        "subject": f"acct:{handle}",
        "aliases": [f"{origin}/", actor_uri],
        "links": [{"rel": "self", **link}, {"rel": SERVICE_REL, **link}],
    }


def with_links(jrd: Document, rels: Collection[str]) -> Document:
    """Keep the links whose `rel` was asked for, all when none was (RFC 7033 section 4.3)."""
    if not rels:
        return jrd
    return {**jrd, "links": [link for link in jrd["links"] if link["rel"] in rels]}


def host_meta(origin: str) -> str:
    """Build the XRD that leads clients older than RFC 7033 to WebFinger (RFC 6415)."""
    template = html.escape(f"{origin}/.well-known/webfinger?resource={{uri}}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" type="{JRD_TYPE}" template="{template}"/></XRD>\n'
    )


async def _confirmed(client: GuardedClient, handle: Handle, sign: Signer | None) -> Found:
    found = await _ask(client, handle, sign)
    if found.subject == handle:
        return found
    confirmed = await _ask(client, found.subject, sign)
    if confirmed != found:
        raise Refused("webfinger.unconfirmed", handle=str(handle), came=str(found.subject))
    return confirmed


async def _ask(client: GuardedClient, handle: Handle, sign: Signer | None) -> Found:
    answer = await _answer(client, handle, sign)
    if answer.status in {404, 410}:
        raise NotFound("webfinger.unknown", handle=str(handle))
    raise_for_status(answer, answer.url)
    jrd = read_json(answer, _JRD_TYPES)
    actor_uri = next(filter(None, map(_actor_link, values(jrd, "links"))), None)
    if actor_uri is None:
        raise Malformed("webfinger.no_actor", uri=answer.url)
    origin_of(actor_uri)
    return Found(_subject(jrd, handle), actor_uri)


async def _answer(client: GuardedClient, handle: Handle, sign: Signer | None) -> Answer:
    """Ask the usual place, then, where nothing is, the one that host-meta gives (RFC 6415)."""
    origin = client.origin_at(handle.host)
    resource = quote(f"acct:{handle}", safe=":@")
    url = f"{origin}/.well-known/webfinger?resource={resource}"
    answer = await _get(client, url, f"{JRD_TYPE}, application/json;q=0.9", sign)
    if answer.status != 404:
        return answer
    described = await _get(client, f"{origin}/.well-known/host-meta", XRD_TYPE, sign)
    if described.status != 200:
        return answer
    elsewhere = _template(described).replace("{uri}", resource)
    if elsewhere == url:
        return answer
    return await _get(client, elsewhere, f"{JRD_TYPE}, application/json;q=0.9", sign)


async def _get(client: GuardedClient, url: str, accept: str, sign: Signer | None) -> Answer:
    return await client.get(url, headers={"Accept": accept}, sign=sign, limit_bytes=_JRD_BYTES_MAX)


def _subject(jrd: Document, asked: Handle) -> Handle:
    """Return the handle that the JRD is about; one without (or with a URL) is about `asked`."""
    subject = jrd.get("subject")
    if subject is None:
        return asked
    if not isinstance(subject, str):
        raise Malformed("webfinger.resource", came=repr(subject))
    parsed = parse_resource(subject)
    return asked if isinstance(parsed, str) else parsed


def _actor_link(link: object) -> str | None:
    described = as_object(link)
    kind = described.get("type")
    if described.get("rel") != "self" or not isinstance(kind, str) or not is_activity_type(kind):
        return None
    return uri_of(described.get("href"))


def _template(answer: Answer) -> str:
    """Find the lrdd template without an XML parser: no entity is ever expanded (SEC-097)."""
    unusable = Malformed("webfinger.host_meta", uri=answer.url)
    header = answer.headers.get("Content-Type")
    if media_type(header)[0] not in _XRD_TYPES:
        raise unusable
    try:
        xrd = answer.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise unusable from error
    if "<!" in xrd:
        raise unusable
    for link in _LINK.finditer(xrd):
        attributes = {
            name: html.unescape(double or single)
            for name, double, single in _ATTRIBUTE.findall(link[1])
        }
        template = attributes.get("template", "")
        if attributes.get("rel") == "lrdd" and "{uri}" in template:
            return template
    raise unusable
