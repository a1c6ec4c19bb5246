"""What the filters of the viewer say of statuses: FilterResults, and whether a page drops one.

On a page of a context only filters of that context count, and those that hide drop the status
from it; a status that was asked for by itself shows every filter that matches. Nobody's own
posts are filtered.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import orjson

from inbox.filter_matching import FilterHead, Match, StatusKey
from inbox.filters import Context
from web.mastodon.serializers import Entity, maybe_timestamp
from web.mastodon.view import View

RESULTS_MAX = 1_000
NOTHING_FILTERED = b'"filtered":[]'


class Filtered(NamedTuple):
    """The end of a Status in place of NOTHING_FILTERED, and whether its page drops it."""

    flags: bytes
    hides: bool


async def filtered(
    view: View, version: int, keys: Sequence[StatusKey], context: Context | None
) -> Mapping[int, Filtered]:
    """What is filtered of these originals, by id, none of them the viewer's own.

    `version` of the viewer's filters, 0 when she has none.
    """
    if not version or view.viewer_id is None or not keys:
        return {}
    node = view.node
    found = await view.memory.filters.matches(node.db, view.viewer_id, version, keys, node.clock())
    results: dict[int, Filtered] = {}
    for status_id, matches in found.items():
        counted = [match for match in matches if _counts(match, context)]
        if counted:
            hides = context is not None and any(m.filter.action == "hide" for m in counted)
            flags = b'"filtered":[%b]' % b",".join(map(_result, counted))
            results[status_id] = Filtered(flags, hides)
    return results


def _counts(match: Match, context: Context | None) -> bool:
    return context is None or context in match.filter.contexts


@lru_cache(maxsize=RESULTS_MAX)
def _result(match: Match) -> bytes:
    """A FilterResult; the same filter matches many statuses by the same words."""
    return orjson.dumps(
        {
            "filter": filter_entity(match.filter),
            "keyword_matches": list(match.keywords) or None,
            "status_matches": [str(one) for one in match.status_ids] or None,
        }
    )


def filter_entity(head: FilterHead) -> Entity:
    """A Filter without its keywords and statuses, as it stands in a FilterResult."""
    return {
        "id": str(head.id),
        "title": head.title,
        "context": list(head.contexts),
        "expires_at": maybe_timestamp(head.expires_at),
        "filter_action": head.action,
    }
