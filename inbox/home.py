"""What a person reads of those she follows: home, and each of her lists.

Computed from the index on (author, id): no copy is kept, so there is nothing to repair after
an unfollow or a block. What somebody did not set (lists, tags, languages, domains) costs her
nothing.
"""

from collections.abc import Collection
from dataclasses import replace

from federation.database import Reader, Row, marks
from federation.node import system_clock
from inbox.paging import TRUE, Condition, Page, merged, read_page, within
from inbox.wishes import Wishes, not_from, not_hidden, understood, wishes_of
from outbox.visibility import FOR_MEMBERS, Person, may_see_sql

# Judging each candidate is what costs, so the nearest few are tried first: the last statuses of
# all, when the people followed write at least a few of them, which costs a tenth of a page when
# they do not; else the last of these people by the index alone. Only when too many of these are
# not for the viewer, all are judged.
_RECENT_PER_ROW = 8
_RECENT_MIN = 160
_NEWEST_PER_ROW = 2


async def home(
    reader: Reader,
    viewer: Person,
    page: Page,
    *,
    now_ms: int | None = None,
    columns: str = "s.*",
) -> list[Row]:
    """What the people whom `viewer` follows wrote and passed on, her own, and her tags.

    `columns` says what is read of each status `s`: whoever has its text already asks for less.

    Answers to others than these people are left out, boosts where the follow says so, what is
    in another language than the follow asks for, whoever stands on an exclusive list, and
    whoever is blocked or muted, also when somebody else boosts or is answered by them.
    """
    wishes = await wishes_of(reader, viewer, system_clock() if now_ms is None else now_ms)
    where = _answers_within(_followed(viewer)) & _wished(wishes, viewer)
    authors = _followed(viewer, but=wishes.exclusive)
    rows = await _recent(reader, authors, where, page, columns)
    if rows is None:
        written_by = [row["id"] for row in await reader.rows(authors.sql, *authors.args)]
        rows = await _older(reader, written_by, where, page, columns)
    if not wishes.tags:
        return rows
    tagged = await _tagged(reader, viewer, wishes, _up_to(rows, page), columns)
    once = {row["id"]: row for row in (*rows, *tagged)}
    return merged([list(once.values())], page)


async def of_list(
    reader: Reader,
    viewer: Person,
    listed: Row,
    page: Page,
    *,
    now_ms: int | None = None,
    columns: str = "s.*",
) -> list[Row]:
    """What the members of one of the viewer's lists wrote and passed on, judged as in home.

    Of answers to others, `replies_policy` leaves all that home would show (`followed`), those
    to members and to the viewer (`list`), or those to the viewer (`none`).
    """
    wishes = await wishes_of(reader, viewer, system_clock() if now_ms is None else now_ms)
    followed = _followed(viewer)
    rows = await reader.rows(
        f"SELECT actor_id FROM list_member WHERE list_id = ? AND actor_id IN ({followed.sql})",
        listed["id"],
        *followed.args,
    )
    authors = [row["actor_id"] for row in rows]
    answered = {
        "followed": followed,
        "list": _these({*authors, viewer.actor_id}),
        "none": _these([viewer.actor_id]),
    }[listed["replies_policy"]]
    where = _answers_within(answered, own=True) & _wished(wishes, viewer)
    found = await _recent(reader, _these(authors), where, page, columns)
    return await _older(reader, authors, where, page, columns) if found is None else found


def _followed(viewer: Person, *, but: Collection[int] = ()) -> Condition:
    """Whom she follows, `but` these, and herself: a query for the brackets of an IN.

    Inside a statement it costs a quarter of reading these people first and handing them back.
    """
    left_out = f" AND target_id NOT IN ({marks(but)})" if but else ""
    return Condition(
        "SELECT target_id AS id FROM follow WHERE follower_id = ? AND state = 'accepted'"
        f"{left_out} UNION ALL SELECT CAST(? AS BIGINT)",
        [viewer.actor_id, *but, viewer.actor_id],
    )


def _these(people: Collection[int]) -> Condition:
    """The same for people who are known."""
    return Condition(marks(people), [*people])


def _wished(wishes: Wishes, viewer: Person) -> Condition:
    """May be seen, and nothing speaks against it."""
    where = Condition(*may_see_sql(viewer, "s")) & not_hidden(wishes.hidden)
    if wishes.silent:
        where &= Condition(
            f"(s.reblog_of_id IS NULL OR s.actor_id NOT IN ({marks(wishes.silent)}))",
            wishes.silent,
        )
    for more in (not_from(wishes.domains), understood(wishes.languages)):
        if more is not TRUE:
            where &= more
    return where


def _answers_within(people: Condition, *, own: bool = False) -> Condition:
    """No answer, or one to these; `own`: or one to the author's own."""
    itself = " OR s.in_reply_to_actor_id = s.actor_id" if own else ""
    return Condition(
        f"(s.in_reply_to_uri IS NULL OR s.in_reply_to_actor_id IN ({people.sql}){itself})",
        people.args,
    )


async def _recent(
    reader: Reader, authors: Condition, where: Condition, page: Page, columns: str
) -> list[Row] | None:
    """The page, if these people wrote it within the statuses just before its upper bound."""
    if page.min_id is not None:
        return None
    before = within(Page(max_id=page.max_id), "id")
    # The plus keeps SQLite from choosing the authors' index here; the second half of the OR,
    # which never holds, keeps PostgreSQL from joining, which would read all before the limit.
    among = Condition(
        "s.id > COALESCE((SELECT id FROM status"
        f" WHERE {before.sql} ORDER BY id DESC LIMIT 1 OFFSET ?), 0)"
        f" AND (+s.actor_id IN ({authors.sql}) OR s.id IS NULL)",
        [*before.args, max(page.rows_max * _RECENT_PER_ROW, _RECENT_MIN), *authors.args],
    )
    rows = await read_page(reader, "status s", among & where, page, columns=columns)
    return rows if len(rows) == page.rows_max else None


async def _older(
    reader: Reader, authors: list[int], where: Condition, page: Page, columns: str
) -> list[Row]:
    """The page of what these people wrote, however long ago."""
    if not authors:
        return []
    if page.min_id is None:
        newest = _newest(page, authors)
        rows = await read_page(reader, "status s", newest & where, page, columns=columns)
        if len(rows) == page.rows_max:
            return rows
    written = Condition(f"s.actor_id IN ({marks(authors)})", authors)
    return await read_page(reader, "status s", written & where, page, columns=columns)


def _newest(page: Page, authors: list[int]) -> Condition:
    """The newest of these authors, whoever may see them."""
    before = within(Page(max_id=page.max_id), "c.id")
    return Condition(
        f"s.id IN (SELECT c.id FROM status c WHERE c.actor_id IN ({marks(authors)})"
        f" AND {before.sql} ORDER BY c.id DESC LIMIT ?)",
        [*authors, *before.args, page.rows_max * _NEWEST_PER_ROW],
    )


def _up_to(rows: list[Row], page: Page) -> Page:
    """What else can stand on a page that these rows fill already: nothing beyond the last."""
    if len(rows) < page.rows_max:
        return page
    if page.min_id is not None:
        return replace(page, max_id=rows[0]["id"])
    return replace(page, since_id=rows[-1]["id"])


async def _tagged(
    reader: Reader, viewer: Person, wishes: Wishes, page: Page, columns: str
) -> list[Row]:
    """What is for everybody, or for the whole site, and carries a tag that is followed."""
    kinds = ["public"] if viewer.is_guest else [*FOR_MEMBERS]
    where = (
        Condition(f"s.audience_kind IN ({marks(kinds)}) AND s.reblog_of_id IS NULL", kinds)
        & Condition(*may_see_sql(viewer, "s"))
        & not_hidden(wishes.hidden)
        & not_from(wishes.domains)
        & understood(wishes.languages)
    )
    pages = [
        await read_page(
            reader,
            "status_tag t JOIN status s ON s.id = t.status_id",
            Condition("t.tag_id = ?", [tag_id]) & where,
            page,
            "t.status_id",
            columns,
        )
        for tag_id in wishes.tags
    ]
    once = {row["id"]: row for rows in pages for row in rows}
    return merged([list(once.values())], page)
