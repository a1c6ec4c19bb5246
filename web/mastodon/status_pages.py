"""Pages of statuses from which filters drop some: one that is dropped whole is read on.

A client that is answered an empty list takes it for the end.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from starlette.responses import Response

from federation.database import Row
from inbox.filters import Context
from inbox.timelines import Page
from web.mastodon.call import Call, answer_list
from web.mastodon.entities import statuses
from web.mastodon.pagination import link_header

READS_MAX = 10

Read = Callable[[Page], Awaitable[Sequence[Row]]]


async def answer_page(call: Call, page: Page, read: Read, context: Context) -> Response:
    """The first part of a list from `page` on of which the viewer's filters leave anything.

    At most READS_MAX parts are read; the Link header leads on from what was read.
    """
    rows = await read(page)
    shown = await statuses(call, rows, context)
    first, last = rows, rows
    for _ in range(READS_MAX - 1):
        if shown or len(rows) < page.limit:
            break
        ends = [rows[0]["id"], rows[-1]["id"]]
        turned = page.min_id is not None
        page = replace(page, min_id=ends[0]) if turned else replace(page, max_id=ends[1])
        rows = await read(page)
        shown = await statuses(call, rows, context)
        if rows:
            first, last = (rows, last) if turned else (first, rows)
    ids = [row["id"] for row in (*first[:1], *last[-1:])]
    # What is older than a page that was read towards the newer is there: it was full.
    is_full = len(rows) >= page.limit or (page.min_id is not None and first is not last)
    return answer_list(shown, link_header(call, page, ids, is_full=is_full))
