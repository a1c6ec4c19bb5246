"""The domains that the caller blocked for herself."""

from starlette.responses import Response

from actors import domain_blocks
from federation.database import Transaction
from outbox.domain_blocks import block_domain
from web.mastodon.call import Call, Entry, answer
from web.mastodon.pagination import bounds, link_header, page_of
from web.mastodon.rendering import newest_first

LIMIT_DEFAULT, LIMIT_MAX = 100, 200
DOMAIN_CHARACTERS_MAX = 1_000


async def listing(call: Call) -> Response:
    """GET /api/v1/domain_blocks: names of domains, the last blocked first."""
    page = page_of(call, LIMIT_DEFAULT, LIMIT_MAX)
    condition, args, order = bounds(page, "id")
    rows = await call.node.db.rows(
        f"SELECT id, domain FROM domain_block WHERE actor_id = ? AND {condition}"
        f" ORDER BY {order} LIMIT ?",
        call.actor_id,
        *args,
        page.limit,
    )
    rows = newest_first(rows, turned=page.min_id is not None)
    links = link_header(call, page, [row["id"] for row in rows])
    return answer([row["domain"] for row in rows], headers=links)


async def _domain(call: Call) -> str:
    params = await call.params()
    return domain_blocks.read_domain(call.node, params.required("domain", DOMAIN_CHARACTERS_MAX))


async def preview(call: Call) -> Response:
    """GET /api/v1/domain_blocks/preview?domain=: how many follows a block would end."""
    following, followers = await domain_blocks.relations_with(
        call.node.db, call.actor_id, await _domain(call)
    )
    return answer({"following_count": following, "followers_count": followers})


async def block(call: Call) -> Response:
    """POST /api/v1/domain_blocks: `domain`."""
    await block_domain(call.node, await call.viewer(), await _domain(call))
    return answer({})


async def unblock(call: Call) -> Response:
    """DELETE /api/v1/domain_blocks: `domain`, in the body or the query."""
    domain = await _domain(call)

    async def work(tx: Transaction) -> None:
        await domain_blocks.remove(tx, call.actor_id, domain)

    await call.node.db.write(work)
    return answer({})


_BLOCKS = "/api/v1/domain_blocks"
ENTRIES: tuple[Entry, ...] = (
    Entry("GET", _BLOCKS, "person", "read:blocks", listing),
    Entry("POST", _BLOCKS, "person", "write:blocks", block),
    Entry("DELETE", _BLOCKS, "person", "write:blocks", unblock),
    Entry("GET", f"{_BLOCKS}/preview", "person", "write:blocks", preview),
)
