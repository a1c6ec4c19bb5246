"""Pages: limits, the ids between which a page lies, and the Link header to its neighbours.

Limits above the maximum are lowered, not refused. There is a next page only when this one is
full, and a previous one whenever it is not empty, as clients expect.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote

from inbox.timelines import Page
from web.mastodon.call import Call

CURSORS = frozenset({"max_id", "min_id", "since_id"})
# What is sent back in a header is what a well written query consists of.
PLAIN = re.compile(r"[\w.~%+=:,\[\]-]+", re.ASCII)
STATUSES_DEFAULT, STATUSES_MAX = 20, 40
ACCOUNTS_DEFAULT, ACCOUNTS_MAX = 40, 80


def page_of(call: Call, default: int = STATUSES_DEFAULT, maximum: int = STATUSES_MAX) -> Page:
    """The page a request asks for; Invalid for a limit or an id that is none."""
    query = call.query
    limit = query.number("limit", least=0)
    return Page(
        limit=default if not limit else min(limit, maximum),
        max_id=query.id("max_id"),
        since_id=query.id("since_id"),
        min_id=query.id("min_id"),
    )


def accounts_page(call: Call) -> Page:
    """The page of a list of accounts."""
    return page_of(call, ACCOUNTS_DEFAULT, ACCOUNTS_MAX)


def link_header(
    call: Call, page: Page, ids: Sequence[int], *, is_full: bool | None = None
) -> dict[str, str]:
    """The Link header for a page whose entries have these cursor ids, newest first.

    `is_full` where `ids` are not all of them: whether there may be more.
    """
    if not ids:
        return {}
    links: list[str] = []
    if len(ids) >= page.limit if is_full is None else is_full:
        links.append(f'<{_neighbour(call, "max_id", ids[-1])}>; rel="next"')
    links.append(f'<{_neighbour(call, "min_id", ids[0])}>; rel="prev"')
    return {"Link": ", ".join(links)}


def _neighbour(call: Call, cursor: str, value: int) -> str:
    kept = [
        part
        for part in call.scope["query_string"].decode("latin-1").split("&")
        if part.partition("=")[0] not in CURSORS and PLAIN.fullmatch(part)
    ]
    return f"{call.node.origin}{quote(call.path)}?{'&'.join([*kept, f'{cursor}={value}'])}"


def bounds(page: Page, column: str) -> tuple[str, list[int], str]:
    """(condition, its arguments, order) that select one page by `column` in SQL.

    With min_id the rows right after it are selected oldest first: `newest_first` turns them.
    """
    conditions: list[str] = []
    args: list[int] = []
    for operator, value in (("<", page.max_id), (">", page.since_id), (">", page.min_id)):
        if value is not None:
            conditions.append(f"{column} {operator} ?")
            args.append(value)
    order = "ASC" if page.min_id is not None else "DESC"
    return " AND ".join(conditions) or "1 = 1", args, f"{column} {order}"
