"""What is done for each activity: one table, for activities from here and from elsewhere.

`check` decides by reading alone whether an activity is refused or ignored before anything is
fetched for it; `gather` fetches, outside any write; `apply` has the effects, inside the write
that also records the outcome. A type that is not here is stored as ignored.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from federation.activity import Activity
from federation.database import Row, Transaction
from federation.fetch import FetchBudget
from federation.node import Node
from inbox.handlers import (
    accept,
    add_remove,
    announce,
    answers,
    block,
    create,
    delete,
    emoji_react,
    flag,
    follow,
    like,
    move,
    quote_answers,
    quote_request,
    reject,
    undo,
    update,
)
from inbox.outcome import Outcome

Check = Callable[[Node, Row | None, Activity], Awaitable[Outcome | None]]
Gather = Callable[[Node, Row, Activity, FetchBudget], Awaitable[Any]]
Apply = Callable[[Node, Transaction, Row, Activity, Any], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Handler:
    """The three steps of one type of activity; without `apply`, `check` always answers."""

    check: Check | None = None
    gather: Gather | None = None
    apply: Apply | None = None


async def _dislike(_node: Node, _sender: Row | None, _activity: Activity) -> Outcome | None:
    return Outcome.ignored("ignored.dislike")


HANDLERS: dict[str, Handler] = {
    "Accept": Handler(answers.check_answer, quote_answers.gather_stamp, accept.on_accept),
    "Add": Handler(add_remove.check_target, apply=add_remove.on_add),
    "Announce": Handler(announce.check_announce, announce.gather, announce.on_announce),
    "Block": Handler(block.check_block, apply=block.on_block),
    "Create": Handler(create.check_create, create.gather, create.on_create),
    "Delete": Handler(delete.check_delete, apply=delete.on_delete),
    "Dislike": Handler(_dislike),
    "EmojiReact": Handler(emoji_react.check_emoji_react, apply=emoji_react.on_emoji_react),
    "Flag": Handler(flag.check_flag, apply=flag.on_flag),
    "Follow": Handler(follow.check_follow, apply=follow.on_follow),
    "Like": Handler(like.check_like, apply=like.on_like),
    "Move": Handler(move.check_move, move.gather, move.on_move),
    "QuoteRequest": Handler(
        quote_request.check_request, quote_request.gather, quote_request.on_request
    ),
    "Reject": Handler(answers.check_answer, apply=reject.on_reject),
    "Remove": Handler(add_remove.check_target, apply=add_remove.on_remove),
    "Undo": Handler(undo.check_undo, apply=undo.on_undo),
    "Update": Handler(update.check_update, update.gather, update.on_update),
}
