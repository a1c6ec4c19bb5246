"""Where files are read: each by who may see the status it belongs to, decided at each request.

A reader shows a capability, is signed in with this browser, signs as a partner's node or person,
or is nobody in particular. Who may not see a file learns nothing of it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from federation.database import Row
from federation.errors import NodeError, NotFound
from federation.node import Node
from federation.storage import is_file_name
from outbox.agreed import lets_keep_copies
from outbox.visibility import Anyone, Origin, Person, Visitor, visible
from web import errors
from web.capabilities import PARAMETER, holder
from web.files import PRIVATE, PUBLIC, File, served
from web.raw import Asked
from web.reading import Doorkeeper
from web.sessions import find_session

Who = Person | Visitor | Origin | Anyone
COPIED = "private, max-age=604800"

_FILE = (
    "SELECT media_file.*, COALESCE(media_file.status_id, attachment.status_id) AS of_status,"
    " attachment.actor_id AS sender_id, attachment.file_name FROM media_file"
    " LEFT JOIN attachment ON attachment.id = media_file.attachment_id WHERE name = ?"
)


class StoredFile(File):
    """A file of this node's own store."""

    def __init__(self, node: Node, row: Row) -> None:
        name: str = row["name"]
        super().__init__(row["media_type"], row["bytes"], name.partition(".")[0], row["file_name"])
        self._storage, self._name = node.storage, name

    def read(self, start: int, length: int) -> AsyncIterator[bytes]:
        """Read a part of it from the store."""
        return self._storage.read(self._name, start, length)


async def reader_of(request: Request) -> Who:
    """As whom this GET reads; raises what turns it away (401, 403), or NotFound."""
    node: Node = request.app.state.node
    grant = request.query_params.get(PARAMETER)
    if grant is not None:
        person = await holder(node, request.scope["path"], grant)
        if person is None:
            raise NotFound("record.not_found")
        return person
    session = await find_session(node, request)
    if session is not None:
        return Person(session.actor["id"], await _is_guest(node, session.account_id))
    keeper: Doorkeeper = request.app.state.keeper
    asked = Asked(node, request.scope, request.receive, request.scope.get("client_address", ""))
    return (await keeper.read_as(asked)).who


async def _is_guest(node: Node, account_id: int) -> bool:
    return bool(await node.db.value("SELECT is_guest FROM account WHERE id = ?", account_id))


def cache_for(who: Who) -> str:
    """How long an answer to this reader may be kept: what nobody in particular sees, for good."""
    return PUBLIC if isinstance(who, Anyone) else PRIVATE


async def _cache_for(node: Node, who: Who) -> str:
    """The same; a partner whose agreement lets it copy may keep what it was given."""
    if isinstance(who, Origin) and await lets_keep_copies(node.db, who.origin):
        return COPIED
    return cache_for(who)


async def media(request: Request) -> Response:
    """GET /media/:name: a file of a status, or of an upload for its sender alone."""
    node: Node = request.app.state.node
    who = await reader_of(request)
    row = await _file(node, request)
    if row is None or row["purpose"] == "picture" or not await _may(node, who, row):
        raise NotFound("record.not_found")
    return await served(request, StoredFile(node, row), await _cache_for(node, who))


async def picture(request: Request) -> Response:
    """GET /pictures/:name: an actor's picture, for whoever was given its address."""
    node: Node = request.app.state.node
    row = await _file(node, request)
    if row is None or row["purpose"] != "picture":
        raise NotFound("record.not_found")
    return await served(request, StoredFile(node, row), PUBLIC)


async def _file(node: Node, request: Request) -> Row | None:
    name = request.path_params["name"]
    return await node.db.row(_FILE, name) if is_file_name(name) else None


async def _may(node: Node, who: Who, row: Row) -> bool:
    if row["of_status"] is not None:
        return await visible(node.db, who, row["of_status"]) is not None
    return isinstance(who, Person) and who.actor_id == row["sender_id"]


Handler = Callable[[Request], Awaitable[Response]]


def said_plainly(handler: Handler) -> Handler:
    """The handler, with its refusals as a short line: nobody reads a page in a picture's place."""

    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except NodeError as error:
            answer = errors.line(error)
            response = Response(answer.body, answer.status, media_type="text/plain")
            headers: list[Any] = [h for h in answer.headers if h[0] != b"content-length"]
            response.raw_headers.extend(headers)
            return response

    return answered


ROUTES: list[Route] = [
    Route("/media/{name}", said_plainly(media), methods=["GET"]),
    Route("/pictures/{name}", said_plainly(picture), methods=["GET"]),
]
