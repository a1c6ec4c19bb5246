"""QuoteRequest: somebody elsewhere asks to quote a status of this node (FEP-044f).

The stated policy answers at once, with a stamp or a Reject. Who may not see the status hears
nothing, as for one that is not there.
"""

from actors.queries import by_id
from federation.activity import Activity, text, uri_of
from federation.database import Row, Transaction
from federation.errors import Gone
from federation.fetch import FetchBudget
from federation.node import Node
from federation.vocabulary import STATUS_TYPES, Document
from inbox.fetching import fetch_signed
from inbox.notifications import notify
from inbox.outcome import Outcome
from inbox.relevance import check_author, may_react, same_origin
from outbox import quote_documents
from outbox.agreed import is_reshared_against_us
from outbox.publish import publish, to_actor
from outbox.quotes import allows, settle
from outbox.received import upsert_remote
from outbox.statuses import by_uri


def _instrument_uri(activity: Activity) -> str | None:
    return uri_of(activity.document.get("instrument"))


async def check_request(node: Node, _sender: Row | None, activity: Activity) -> Outcome | None:
    """Refuse what is about nothing of this node, or quotes in another's name, before fetching."""
    if not node.uris.is_ours(activity.object_uri or ""):
        return Outcome.ignored("ignored.not_for_us")
    uri = _instrument_uri(activity)
    if uri is None:
        return Outcome.refused("refused.object_id")
    if not same_origin(uri, activity.actor_uri):
        return Outcome.refused("refused.foreign_object", object=uri, actor=activity.actor_uri)
    return None


async def gather(node: Node, _sender: Row, activity: Activity, budget: FetchBudget) -> Document:
    """The quoting object: as it came, or fetched when it is only named."""
    instrument = activity.document.get("instrument")
    if isinstance(instrument, dict) and text(instrument, "type") in STATUS_TYPES:
        return instrument
    return await fetch_signed(node, _instrument_uri(activity) or "", budget)


async def on_request(
    node: Node, tx: Transaction, sender: Row, activity: Activity, found: Document
) -> Outcome:
    """Answer the request; an accepted quote is stored, counted and told to who is quoted."""
    quoted = await by_uri(tx, activity.object_uri or "")
    if (
        quoted is None
        or quoted["reblog_of_id"] is not None
        or not await may_react(node, tx, sender, "see", quoted)
    ):
        return Outcome.refused("refused.not_visible")
    refused = check_author(found, sender["uri"])
    if refused is not None:
        return refused
    if quote_documents.read_quote(found)[0] != quoted["uri"]:
        return Outcome.refused("refused.other_quote")
    if await is_reshared_against_us(tx, sender, quoted):
        await _answer(node, tx, quoted, sender, activity, None)
        return Outcome.refused("refused.scope_resharing")
    if not await allows(tx, quoted, sender["id"]):
        await _answer(node, tx, quoted, sender, activity, None)
        return Outcome.done("quote_request.rejected")
    return await _accept(node, tx, quoted, sender, activity, found)


async def _accept(
    node: Node, tx: Transaction, quoted: Row, sender: Row, activity: Activity, found: Document
) -> Outcome:
    try:
        quoting, _ = await upsert_remote(node, tx, found, sender, wrapper=activity.document)
    except Gone:
        return Outcome.refused("refused.deleted", object=uri_of(found.get("id")) or "")
    if quoting["quote_of_id"] != quoted["id"]:
        # What it quotes is never changed by asking about something else.
        return Outcome.refused("refused.other_quote")
    stamp_uri = node.uris.stamp(quoted["id"], quoting["id"])
    await settle(node, tx, quoting["id"], "accepted", stamp_uri)
    await _answer(node, tx, quoted, sender, activity, stamp_uri)
    await notify(node, tx, quoted["actor_id"], "quote", sender["id"], quoting["id"])
    return Outcome.done("quote_request.accepted")


async def _answer(
    node: Node, tx: Transaction, quoted: Row, sender: Row, activity: Activity, stamp: str | None
) -> None:
    author = await by_id(tx, quoted["actor_id"])
    assert author is not None, "a status has its author by foreign key"
    request: Document = {
        "id": activity.uri,
        "type": "QuoteRequest",
        "actor": activity.actor_uri,
        "object": activity.object_uri,
        "instrument": _instrument_uri(activity),
    }
    uri = node.uris.activity(node.ids.next())
    kind = "Reject" if stamp is None else "Accept"
    await publish(
        node,
        tx,
        quote_documents.answer_document(kind, uri, author["uri"], request, stamp),
        sender=author,
        recipients=to_actor(sender),
        local=False,
    )
