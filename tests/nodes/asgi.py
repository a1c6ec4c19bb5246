"""A node's application called in this process, every statement that it executes written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from federation.cavage import sign_cavage
from federation.keys import PrivateKey
from federation.node import Node
from federation.origins import authority_of
from federation.vocabulary import ACTIVITY_TYPE
from maillage.database import NodeDatabase
from tests.nodes.sites import Got
from tests.web.mastodon.asgi import call
from web.app import App, build_app

Headers = dict[str, str]


class Recorder:
    """Stands before the reader or the writer of an engine and keeps what is executed."""

    def __init__(self, behind: Any, statements: list[str]) -> None:
        self._behind = behind
        self._statements = statements

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._behind, name)
        if name not in {"rows", "row", "value", "execute", "many"}:
            return found

        async def call(sql: str, *args: Any) -> Any:
            self._statements.append(sql)
            return await found(sql, *args)

        return call


async def ask(
    app: Any,
    authority: str,
    method: str,
    target: str,
    headers: Headers | None = None,
    body: bytes = b"",
) -> Got:
    """Call an application as its server would, without a network between; names in lower case."""
    path, _, query = target.partition("?")
    sent = {"host": authority, **{name.lower(): text for name, text in (headers or {}).items()}}
    if body:
        sent.setdefault("content-length", str(len(body)))
    reply = await call(app, method, path, query, sent, body, "127.0.0.9")
    return Got(reply.status, reply.headers, reply.body)


class InProcess:
    """The application of a node, called without a network between."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.app: App = build_app(node)
        self._statements: list[str] = []
        self._engine = cast(NodeDatabase, node.db).engine
        engine: Any = self._engine
        engine.reader = Recorder(engine.reader, self._statements)
        engine.writer = Recorder(engine.writer, self._statements)

    @contextmanager
    def recorded(self) -> Iterator[list[str]]:
        """The statements executed meanwhile, in their order."""
        self._statements.clear()
        found: list[str] = []
        yield found
        found.extend(self._statements)

    async def call(
        self, method: str, target: str, headers: Headers | None = None, body: bytes = b""
    ) -> Got:
        """Ask for something; the answer."""
        return await ask(self.app, authority_of(self.node.origin), method, target, headers, body)

    def signed(
        self, key: PrivateKey, method: str, target: str, body: bytes | None = None, **more: str
    ) -> Headers:
        """The headers of a request that somebody elsewhere signs for this node."""
        url = self.node.origin + target
        signed = sign_cavage(key, method, url, body, self.node.clock())
        return {"Accept": ACTIVITY_TYPE, **signed, **more}
