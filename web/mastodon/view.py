"""Who looks, when an entity is rendered: of a request, or of a stream that no request is behind."""

from functools import cached_property

from actors.queries import by_id
from federation.database import Row
from federation.node import Node
from outbox.visibility import Anyone, Person
from web.mastodon.errors import NoToken
from web.memory import Memory
from web.tokens import Token
from web.translations import Language, choose_language


class View:
    """The node as one reader sees it."""

    def __init__(self, node: Node, memory: Memory, token: Token | None) -> None:
        self.node = node
        self.memory = memory
        self.token = token

    @property
    def who(self) -> Person | Anyone:
        """Who reads, for `outbox.visibility`."""
        if self.token is not None and self.token.actor_id is not None:
            return Person(self.token.actor_id, self.token.is_guest)
        return Anyone(public_is_open=not self.node.is_closed)

    @property
    def person(self) -> Person:
        """The person who reads; only where there is one."""
        who = self.who
        assert isinstance(who, Person)
        return who

    @property
    def viewer_id(self) -> int | None:
        """The actor of the person who reads; None for anybody else."""
        return None if self.token is None else self.token.actor_id

    @property
    def actor_id(self) -> int:
        """The actor of the person who reads; only where there is one."""
        assert self.token is not None
        assert self.token.actor_id is not None
        return self.token.actor_id

    @property
    def account_id(self) -> int:
        """The account of the person who reads; only where there is one."""
        assert self.token is not None
        assert self.token.account_id is not None
        return self.token.account_id

    async def viewer(self) -> Row:
        """The actor row of the person who reads, as it is stored now."""
        row = await by_id(self.node.db, self.actor_id)
        if row is None:
            raise NoToken("token.invalid")
        return row

    @property
    def accepted_languages(self) -> str:
        """What the reader's software asks for, beside what the account says."""
        return ""

    @cached_property
    def language(self) -> Language:
        """The language in which this reader reads."""
        locale = self.token.locale if self.token is not None else None
        return choose_language(locale, self.accepted_languages, self.node.language)
