"""What the web side of one running node keeps in memory; it can all be lost at any time."""

from starlette.types import Scope

from federation.node import Node
from web.attempts import Attempts
from web.mastodon.rendering import Renderings
from web.tokens import TokenCache


class Memory:
    """One for each application: tokens just seen, rendered JSON, failed attempts."""

    def __init__(self, node: Node) -> None:
        self.tokens = TokenCache()
        self.renderings = Renderings()
        self.attempts = Attempts(node.clock)


def memory_of(scope: Scope) -> Memory:
    """The memory of the application that serves this request, made at its first use."""
    state = scope["app"].state
    try:
        return state.memory
    except AttributeError:
        state.memory = Memory(state.node)
        return state.memory
