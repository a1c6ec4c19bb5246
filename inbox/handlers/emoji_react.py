"""EmojiReact: a reaction with an emoji (FEP-c0e0), counted as a favourite, its emoji kept.

What a Like with an emoji does (Misskey); without one it is nothing.
"""

from federation.activity import Activity
from federation.database import Row
from federation.node import Node
from inbox.handlers.like import check_like, on_like
from inbox.outcome import Outcome
from outbox.reactions import read_emoji

on_emoji_react = on_like


async def check_emoji_react(node: Node, sender: Row | None, activity: Activity) -> Outcome | None:
    """As for a Like; one without an emoji says nothing."""
    if read_emoji(activity.document) is None:
        return Outcome.refused("refused.no_emoji")
    return await check_like(node, sender, activity)
