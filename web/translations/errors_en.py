"""The English of errors that are raised without a sentence of their own beside them."""

SENTENCES: dict[str, str] = {
    "block.oneself": "Nobody can block or mute herself.",
    "database.closed": "The node is stopping; try again in {retry_after_s} s.",
    "database.locked": "The store is busy; try again in {retry_after_s} s.",
    "database.unreachable": "The database does not answer; try again in {retry_after_s} s.",
    "follow.blocked": "You cannot follow this account: one of you blocks the other.",
    "follow.oneself": "Nobody can follow herself.",
    "object.deleted": "The object was deleted before.",
    "object.id": "The object has no usable id.",
    "object.not_author": "The object is by another author.",
    "object.other_origin": "The object is on another origin than its author.",
    "object.type": "The object is of a type that this node cannot show.",
    "reblog.author_only": "Only its author may pass this on.",
    "reblog.circle": "This is meant for a certain circle and cannot be passed on.",
    "status.characters": "The text holds a character that cannot be stored.",
    "status.empty": "Write a text.",
    "status.not_found": "Not found",
    "status.too_long": "The text has {got} characters; the limit is {limit}.",
    "status.visibility": "There is no visibility {got}.",
}
