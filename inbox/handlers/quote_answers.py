"""The answer to a QuoteRequest of this node, and the end of a stamp: only who is quoted may say.

An Accept counts once its stamp was found on the origin of who is quoted, saying the same.
"""

from federation.activity import Activity, text, uri_of
from federation.database import Reader, Row, Transaction
from federation.fetch import FetchBudget
from federation.node import Node
from inbox.fetching import fetch_signed
from inbox.outcome import Outcome
from inbox.relevance import same_origin
from outbox.quote_documents import is_stamp
from outbox.quotes import State, republish, settle

_QUOTE = (
    "SELECT s.*, q.stamp_uri AS stamp FROM quote q JOIN status s ON s.id = q.status_id"
    " JOIN status o ON o.id = s.quote_of_id WHERE o.actor_id = ?"
)


async def asked_quote(reader: Reader, sender: Row, activity: Activity) -> Row | None:
    """The status of this node whose QuoteRequest `sender` answers; None for anything else.

    By the request's id, else by the quoting status that the request inside names.
    """
    row = await reader.row(
        f"{_QUOTE} AND s.is_local AND q.request_uri = ?", sender["id"], activity.object_uri or ""
    )
    request = activity.object
    if row is not None or request is None or text(request, "type") != "QuoteRequest":
        return row
    return await reader.row(
        f"{_QUOTE} AND s.is_local AND q.request_uri IS NOT NULL AND s.uri = ?",
        sender["id"],
        uri_of(request.get("instrument")) or "",
    )


async def gather_stamp(
    node: Node, sender: Row, activity: Activity, budget: FetchBudget
) -> str | None:
    """The id of the stamp that an Accept brings, looked at where it is served.

    None for an Accept of something else, or whose stamp is not for this quote. Raises what
    fetching raises.
    """
    quoting = await asked_quote(node.db, sender, activity)
    stamp_uri = uri_of(activity.document.get("result"))
    if quoting is None or stamp_uri is None or not same_origin(stamp_uri, sender["uri"]):
        return None
    stamp = await fetch_signed(node, stamp_uri, budget)
    fits = is_stamp(stamp, sender["uri"], quoting["uri"], quoting["quote_uri"])
    return stamp_uri if fits else None


async def on_answer(
    node: Node, tx: Transaction, sender: Row, activity: Activity, stamp_uri: object
) -> Outcome | None:
    """Let a quote stand or fall and tell its readers; None for an answer to something else."""
    quoting = await asked_quote(tx, sender, activity)
    if quoting is None:
        return None
    if activity.type == "Reject":
        # What stood until now is taken back.
        state: State = "revoked" if quoting["quote_state"] == "accepted" else "rejected"
        return await _settle(node, tx, quoting, state, None)
    if not isinstance(stamp_uri, str):
        return Outcome.refused("refused.stamp")
    if quoting["quote_state"] != "pending":
        return Outcome.done("quote.known")
    return await _settle(node, tx, quoting, "accepted", stamp_uri)


async def on_stamp_deleted(node: Node, tx: Transaction, sender: Row, uri: str) -> Outcome | None:
    """End the quote that this stamp of `sender` allowed; None when it is no stamp of hers."""
    quoting = await tx.row(f"{_QUOTE} AND q.stamp_uri = ?", sender["id"], uri)
    if quoting is None:
        return None
    return await _settle(node, tx, quoting, "revoked", None)


async def _settle(
    node: Node, tx: Transaction, quoting: Row, state: State, stamp_uri: str | None
) -> Outcome:
    changed = await settle(node, tx, quoting["id"], state, stamp_uri)
    if changed and quoting["is_local"]:
        await republish(node, tx, quoting["id"])
        return Outcome.done(f"quote.{state}")
    return Outcome.done(f"quote.{state}")
