"""Whether something that came is any business of this node, and whether it is its author's.

Nothing is stored, and nobody is asked, for what concerns nobody here.
"""

from collections.abc import Iterable

from actors.follows import find_block
from federation.activity import uri_of, uris, values
from federation.database import Reader, Row, Transaction
from federation.errors import Malformed
from federation.node import Node
from federation.origins import origin_of
from federation.vocabulary import PUBLIC, Document
from inbox.outcome import Outcome
from outbox.circles import ACROSS_SITES, stated, takes_from
from outbox.quote_documents import read_quote
from outbox.visibility import PUBLIC_KINDS, Act, Origin, Visitor, may


def same_origin(uri: str, other_uri: str) -> bool:
    """Whether two ids belong to one origin: scheme, host and port (FEP-fe34)."""
    try:
        return origin_of(uri) == origin_of(other_uri)
    except Malformed:
        return False


def authors(document: Document) -> list[str]:
    """The ids in `attributedTo`; numbers, nulls and whatever else is no id are nobody."""
    return uris(document, "attributedTo")


def check_author(document: Document, actor_uri: str) -> Outcome | None:
    """None when the object is the sender's own; else the refusal (SEC-008, SEC-010, SEC-014).

    Its id must be on the sender's origin, and the sender among those it is attributed to. It
    may leave that out (Zap's photos), or name the sender as `actor` beside a group of the same
    origin (Mobilizon).
    """
    uri = uri_of(document.get("id"))
    if uri is None:
        return Outcome.refused("refused.object_id")
    if not same_origin(uri, actor_uri):
        return Outcome.refused("refused.foreign_object", object=uri, actor=actor_uri)
    named = authors(document)
    if actor_uri not in named and not _is_actor(document, named, actor_uri):
        return Outcome.refused("refused.not_author", object=uri, actor=actor_uri)
    return None


def _is_actor(document: Document, named: list[str], actor_uri: str) -> bool:
    if "attributedTo" not in document:
        return True
    local = bool(named) and all(same_origin(uri, actor_uri) for uri in named)
    return local and uri_of(document.get("actor")) == actor_uri


def addressed(document: Document, wrapper: Document) -> list[str]:
    """Everybody a document is addressed to, by itself or by the activity around it."""
    return [uri for source in (document, wrapper) for name in ("to", "cc", "audience")
            for uri in uris(source, name)]  # fmt: skip


def mentioned(document: Document) -> list[str]:
    """The actors in the Mention tags of a document."""
    tags = (tag for tag in values(document, "tag") if isinstance(tag, dict))
    hrefs = (uri_of(tag.get("href")) for tag in tags if tag.get("type") == "Mention")
    return [href for href in hrefs if href]


def any_ours(node: Node, found: Iterable[str]) -> bool:
    """Whether one of these ids is of this node."""
    return any(node.uris.is_ours(uri) for uri in found)


async def is_followed(reader: Reader, actor_id: int) -> bool:
    """Whether somebody here follows this actor of elsewhere."""
    return bool(
        await reader.value(
            "SELECT 1 FROM follow WHERE target_id = ? AND state = 'accepted' LIMIT 1", actor_id
        )
    )


async def concerns_us(
    node: Node, sender: Row | None, document: Document, wrapper: Document
) -> bool:
    """Whether an object by `sender` (None: an actor we do not know) is for somebody here.

    It names, answers or quotes somebody here, or it is for everybody, or for its author's
    followers, and the author has a follower here, or for the members of sites that an agreement
    lets it speak to. What is for others is not, through whatever
    inbox it came (a closed circle's post that leaks is stored nowhere).
    """
    to = addressed(document, wrapper)
    parent = uri_of(document.get("inReplyTo"))
    if any_ours(node, to) or any_ours(node, mentioned(document)):
        return True
    if await _is_for_members(node, document):
        return True
    quoted = read_quote(document)[0]
    if PUBLIC in to and any_ours(node, [uri for uri in (parent, quoted) if uri]):
        return True
    if sender is None:
        return False
    for_followers = PUBLIC in to or (sender["followers_url"] or "") in to
    return for_followers and await is_followed(node.db, sender["id"])


async def _is_for_members(node: Node, document: Document) -> bool:
    """Whether it is said to several sites, by one that may say so to the members of this one."""
    uri = uri_of(document.get("id"))
    if stated(document) is None or uri is None:
        return False
    return await takes_from(node.db, origin_of(uri))


async def may_react(node: Node, tx: Transaction, sender: Row, act: Act, status: Row) -> bool:
    """Whether somebody elsewhere may do `act` to a status of this node (SEC-189).

    Who may see it; and for what is public also whoever lives where it was sent: a neighbour's
    boost shows it to people who follow nobody here. In an audience of several sites each site
    vouches for its members, who never pass on what is not theirs.
    """
    is_open = not node.is_closed
    if await may(tx, Visitor(sender["id"], public_is_open=is_open), act, status):
        return True
    across = status["audience_kind"] in ACROSS_SITES and act not in ("reblog", "quote")
    if status["audience_kind"] not in PUBLIC_KINDS and not across:
        return False
    if await find_block(tx, status["actor_id"], sender["id"]) is not None:
        return False
    return await may(tx, Origin(sender["origin"], public_is_open=is_open), "see", status)
