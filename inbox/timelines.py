"""What a person reads, in order: queries only, computed when asked.

Every query here carries the condition of `outbox.visibility`, so what it returns may be shown
to `who`; status rows, newest first.
"""

from collections.abc import Sequence

from federation.database import Reader, Row, marks
from federation.node import system_clock
from inbox.home import home
from inbox.paging import Condition, Page, hidden_ids, merged, read_page
from inbox.threads import context
from inbox.wishes import blocked_domains, not_from, not_hidden
from outbox.circles import ACROSS_SQL
from outbox.compose import fold_tag
from outbox.visibility import FOR_MEMBERS, Person, Who, may_see_sql

__all__ = ["Page", "account", "context", "home", "public", "tag"]

_NOT_BOOST = Condition("s.reblog_of_id IS NULL")
_NO_REPLY_TO_OTHERS = Condition(
    "(s.in_reply_to_uri IS NULL OR s.in_reply_to_actor_id = s.actor_id)"
)

_ITS_SITES = (
    "s.actor_id IN (SELECT w.id FROM actor w JOIN partnership p ON p.origin = w.origin"
    " WHERE p.kind = 'site')"
)
_ORGANISATION = Condition(f"(s.is_local OR {_ITS_SITES})")
_NOT_ORGANISATION = Condition(f"NOT {_ITS_SITES}")


def _visible(who: Who) -> Condition:
    return Condition(*may_see_sql(who, "s"))


async def public(
    reader: Reader,
    who: Who,
    page: Page,
    *,
    local: bool = False,
    remote: bool = False,
    within: str | None = None,
    now_ms: int | None = None,
) -> list[Row]:
    """What is for everybody: here (`local`), elsewhere (`remote`), or both.

    `within` narrows it to the sites of one's `organisation`, or leaves these out (`partners`).
    Members of the site also find in it what is for the site alone, unless only `remote` is
    asked, and what is for several sites. No boosts, no answers to others.
    """
    where = await _common(reader, who, now_ms) & _NOT_BOOST & _NO_REPLY_TO_OTHERS
    if local or remote:
        where &= Condition("s.is_local" if local else "NOT s.is_local")
    if within is not None:
        where &= _ORGANISATION if within == "organisation" else _NOT_ORGANISATION
    # Each has its own index.
    kinds = ["s.audience_kind = 'public'"]
    if _is_member(who):
        kinds.append(f"s.audience_kind IN {ACROSS_SQL}")
        if local or not remote:
            kinds.append("s.audience_kind = 'site'")
    pages = [await read_page(reader, "status s", Condition(kind) & where, page) for kind in kinds]
    return merged(pages, page)


def _is_member(who: Who) -> bool:
    return isinstance(who, Person) and not who.is_guest


def _kinds(who: Who) -> tuple[str, ...]:
    return FOR_MEMBERS if _is_member(who) else ("public",)


async def _common(reader: Reader, who: Who, now_ms: int | None) -> Condition:
    hidden = await hidden_ids(reader, who, system_clock() if now_ms is None else now_ms)
    return _visible(who) & not_hidden(hidden) & not_from(await blocked_domains(reader, who))


async def tag(
    reader: Reader,
    who: Who,
    name: str,
    page: Page,
    *,
    any_of: Sequence[str] = (),
    all_of: Sequence[str] = (),
    none_of: Sequence[str] = (),
    local: bool = False,
    remote: bool = False,
    only_media: bool = False,
    now_ms: int | None = None,
) -> list[Row]:
    """What is for everybody and carries `name` or one of `any_of`.

    Of these only what carries all of `all_of` too, and none of `none_of`.
    """
    any_ids = await _tag_ids(reader, [name, *any_of])
    all_ids = await _tag_ids(reader, all_of)
    if not any_ids or len(all_ids) < len(set(map(fold_tag, all_of))):
        return []
    where = await _common(reader, who, now_ms) & _NOT_BOOST
    kinds = _kinds(who)
    where &= Condition(f"s.audience_kind IN ({marks(kinds)})", kinds)
    if local or remote:
        where &= Condition("s.is_local" if local else "NOT s.is_local")
    if only_media:
        where &= _WITH_MEDIA
    for tag_id in all_ids:
        where &= _tagged(tag_id)
    for tag_id in await _tag_ids(reader, none_of):
        found = _tagged(tag_id)
        where &= Condition(f"NOT {found.sql}", found.args)
    source = "status_tag t JOIN status s ON s.id = t.status_id"
    pages = [
        await read_page(
            reader, source, Condition("t.tag_id = ?", [tag_id]) & where, page, "t.status_id"
        )
        for tag_id in any_ids
    ]
    once = {row["id"]: row for rows in pages for row in rows}
    return merged([list(once.values())], page)


_WITH_MEDIA = Condition("EXISTS (SELECT 1 FROM attachment a WHERE a.status_id = s.id)")


def _tagged(tag_id: int) -> Condition:
    return Condition(
        "EXISTS (SELECT 1 FROM status_tag x WHERE x.tag_id = ? AND x.status_id = s.id)", [tag_id]
    )


async def _tag_ids(reader: Reader, names: Sequence[str]) -> list[int]:
    folded = list(dict.fromkeys(filter(None, map(fold_tag, names))))
    if not folded:
        return []
    rows = await reader.rows(f"SELECT id FROM tag WHERE name IN ({marks(folded)})", *folded)
    return [row["id"] for row in rows]


async def account(
    reader: Reader,
    who: Who,
    actor_id: int,
    page: Page,
    *,
    pinned: bool = False,
    only_media: bool = False,
    exclude_replies: bool = False,
    exclude_reblogs: bool = False,
    tagged: str | None = None,
) -> list[Row]:
    """What one actor wrote and passed on, as far as `who` may see it."""
    where = Condition("s.actor_id = ?", [actor_id]) & _visible(who)
    if exclude_reblogs:
        where &= _NOT_BOOST
    if exclude_replies:
        where &= _NO_REPLY_TO_OTHERS
    if only_media:
        where &= _WITH_MEDIA
    if tagged is not None:
        tag_ids = await _tag_ids(reader, [tagged])
        if not tag_ids:
            return []
        where &= _tagged(tag_ids[0])
    if pinned:
        return await _pinned(reader, where, actor_id, page)
    return await read_page(reader, "status s", where, page)


async def _pinned(reader: Reader, where: Condition, actor_id: int, page: Page) -> list[Row]:
    rows = await reader.rows(
        "SELECT s.* FROM pin p JOIN status s ON s.id = p.status_id"
        f" WHERE p.actor_id = ? AND {where.sql} ORDER BY p.created_at DESC, s.id DESC LIMIT ?",
        actor_id,
        *where.args,
        page.rows_max,
    )
    return list(rows)
