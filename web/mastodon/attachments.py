"""Media and cards as clients get them, with a capability for each file that is not for everybody.

What is kept of a rendered status has no capability in it, only the places where one belongs:
they are put in at each reading, for the one who reads.
"""

from collections.abc import Mapping, Sequence

from federation.database import Row
from federation.node import Node
from outbox.visibility import PUBLIC_KINDS
from web.capabilities import PARAMETER, Grants
from web.mastodon.private_heads import PLACE, Head
from web.mastodon.serializers import Entity, attachment, card
from web.mastodon.view import View


def grants_of(view: View) -> Grants | None:
    """What opens private files for this reader; None for who has no account or no token."""
    token = view.token
    if token is None or token.account_id is None or not token.token_id:
        return None
    return Grants(view.node, token.account_id, token.token_id)


def opened(view: View, heads: Mapping[int, Head]) -> dict[int, bytes]:
    """The heads as this reader gets them."""
    grants = grants_of(view)
    return {key: h if isinstance(h, bytes) else h.opened(grants) for key, h in heads.items()}


def is_private(node: Node, status: Row) -> bool:
    """Whether the files of a status are for some readers only, each by her capability.

    Copies of others' media always are: nobody has this node fetch what she may not see.
    """
    return node.is_closed or not status["is_local"] or status["audience_kind"] not in PUBLIC_KINDS


def media_of(node: Node, status: Row, rows: Sequence[Row]) -> list[Entity]:
    """The MediaAttachments of a status, with the places of capabilities; see `private_heads`.

    The rows carry `author_reachable` besides the columns of their table.
    """
    private = is_private(node, status) or any(not row["author_reachable"] for row in rows)
    public = status["audience_kind"] in PUBLIC_KINDS
    return [attachment(node, row, PLACE if private else "", is_public=public) for row in rows]


def card_of(node: Node, status: Row, row: Row | None) -> Entity | None:
    """The PreviewCard of a status, with the place of a capability for its picture."""
    if row is None:
        return None
    return card(node, row, PLACE if is_private(node, status) else "")


def own_media(view: View, row: Row, *, is_public: bool = False) -> Entity:
    """The MediaAttachment of an upload, for its sender: its addresses open for her alone.

    So it is for any one reader: what she may not see, her capability does not open.
    """
    grants = grants_of(view)
    entity = attachment(view.node, row, "", is_public=is_public)
    for name in ("url", "preview_url"):
        url = entity[name]
        if url and grants is not None:
            path = url[len(view.node.origin) :]
            entity[name] = f"{url}?{PARAMETER}={grants.grant(path)}"
    return entity
