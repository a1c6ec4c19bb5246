"""What the web side of one running node keeps in memory; it can all be lost at any time."""

from starlette.types import Scope

from federation.node import Node
from federation.remembered import Remembered
from inbox.filter_matching import FilterMemory
from web.attempts import Attempts
from web.ip_blocks import IpBlocks
from web.mastodon.affiliations import Affiliations
from web.mastodon.rendering import Renderings
from web.rates import Rates
from web.tokens import TokenCache

# How long the languages of the translation service are taken for what they were.
LANGUAGES_KEPT_MS = 3_600_000


class Memory:
    """One for each application: tokens just seen, rendered JSON, failed attempts."""

    def __init__(self, node: Node) -> None:
        self.tokens = TokenCache()
        self.affiliations = Affiliations(node)
        self.renderings = Renderings(self.affiliations)
        self.filters = FilterMemory()
        self.attempts = Attempts(node.clock)
        self.sign_ups = Rates(node.clock)
        self.ip_blocks = IpBlocks(node)
        # Figures of the whole site with the ms until which they stand.
        self.figures: dict[str, tuple[int, int]] = {}
        self.languages: Remembered[str, dict[str, list[str]]] = Remembered(
            1, LANGUAGES_KEPT_MS, node.clock
        )


def memory_of(scope: Scope) -> Memory:
    """The memory of the application that serves this request, made at its first use."""
    state = scope["app"].state
    try:
        return state.memory
    except AttributeError:
        state.memory = Memory(state.node)
        return state.memory
