"""Events: what open streams are told of what happened, after the commit and by ids alone.

How to tell of something: in the write that does it,

    node.events.announce(tx, Event("status", id=status_id, actor_id=author_id))

Nothing is told when that work is undone. An event never carries content: whoever has a stream
open reads what it may see when the event is sent to it. `actor_id` is the author for statuses
and the person concerned for the rest (0 where an announcement concerns everybody).
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Literal

import orjson
import structlog

from federation.database import Transaction

Kind = Literal[
    "status",  # a status or a boost was stored: `id`
    "edit",  # a status changed, or its poll's figures: `id`
    "gone",  # a status was removed: `id`, and who could see it, since its row is gone
    "notification",  # `id` of the notification, `actor_id` who is told
    "merged",  # notification requests of `actor_id` were accepted
    "filters",  # the filters of `actor_id` changed
    "conversation",  # `id` of the conversation of `actor_id`
    "announcement",  # `id`: published or changed
    "reaction",  # `id` of the announcement, `word` the emoji
    "announcement_gone",  # `id`
]
READERS_MAX = 200

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    `audience_kind`, `readers` (actors named by a status that is not public), `followers` (of an
    author who goes as well), `tag_ids` and `is_local` belong to "gone" alone.
    """

    kind: Kind
    id: int = 0
    actor_id: int = 0
    word: str = ""
    audience_kind: str = ""
    readers: tuple[int, ...] = ()
    followers: tuple[int, ...] = ()
    tag_ids: tuple[int, ...] = ()
    is_local: bool = False
    is_reply: bool = False
    is_boost: bool = False

    def to_json(self) -> str:
        """The event as other processes of the node are sent it."""
        return orjson.dumps({k: v for k, v in asdict(self).items() if v}).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> "Event":
        """The event of `to_json`; ValueError or TypeError for what is none."""
        made = dict(orjson.loads(text))
        for name in ("readers", "followers", "tag_ids"):
            made[name] = tuple(made.get(name, ()))
        return cls(**made)


class Events:
    """Where the events of one process of a node go: to its own listeners, and to a bus.

    A listener is called in the loop of the database's writer: it puts the event aside and
    returns. `forward` is set by a bus that reaches the other processes of the node; without
    one, this process is the only one.
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[[Event], None]] = []
        self.forward: Callable[[Event], None] | None = None

    def announce(self, tx: Transaction, event: Event) -> None:
        """Tell of `event` once this work is durable."""
        tx.after_commit(partial(self.tell, event))

    def tell(self, event: Event) -> None:
        """Tell everybody now: for what was committed already."""
        self.receive(event)
        if self.forward is not None:
            self.forward(event)

    def receive(self, event: Event) -> None:
        """Tell the listeners of this process; one that fails is no trouble to the others."""
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:  # noqa: BLE001 - one stream's trouble is nobody else's
                _log.exception("listener_failed", kind=event.kind)

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call `listener` for each event from now on; what is returned ends it."""
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)
