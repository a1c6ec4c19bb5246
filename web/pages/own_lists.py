"""Lists and followed tags: made, set up and read by the one whose they are."""

import orjson
from starlette.responses import Response
from starlette.routing import Route

from actors import lists
from actors.queries import by_handle
from federation.database import Row
from federation.errors import Invalid, NodeError, NotFound
from inbox.home import of_list
from inbox.timelines import Page
from outbox import tags
from web.mastodon.entities import LINE_COLUMNS, accounts
from web.mastodon.params import Params
from web.mastodon.tags import followed
from web.pages.acts import follow_tag
from web.pages.callers import PageCall, for_member
from web.pages.content import tag_path
from web.pages.failures import page
from web.pages.forms import read_form
from web.pages.links import next_page
from web.pages.members import show
from web.pages.persons import redirect
from web.pages.posts import Shown, person, posts
from web.translations import say, sentence

# More of them would make a page heavier than 30 kB.
POSTS = 12
SUGGESTED_MAX = 200


async def lists_page(call: PageCall) -> Response:
    """GET /lists: the reader's lists, and the form for a new one."""
    return await _index(call, Params({}), {})


async def _index(call: PageCall, typed: Params, problems: dict[str, str]) -> Response:
    return show(
        call,
        "lists.html",
        here="home",
        status=422 if problems else 200,
        lists=await lists.owned(call.node.db, call.actor_id),
        problems=problems,
        typed=typed.text("title") or "",
    )


async def make_list(call: PageCall) -> Response:
    """POST /lists: `title`."""
    form = await read_form(call.request)
    changes = lists.ListChanges(title=form.text("title") or "")
    try:
        row = await call.node.db.write(
            lambda tx: lists.create(call.node, tx, call.actor_id, changes)
        )
    except Invalid as error:
        return await _index(call, form, {"title": _title_problem(call, error)})
    return redirect(f"/lists/{row['id']}")


def _title_problem(call: PageCall, error: NodeError) -> str:
    if error.code == "list.title":
        return say(call.page_language, "lists.name_missing")
    return sentence(call.page_language, error.code, error.params)


async def _own(call: PageCall) -> Row:
    return await lists.owned_one(call.node.db, call.actor_id, call.path_id())


async def list_page(call: PageCall) -> Response:
    """GET /lists/:id: what its members wrote, who they are, and how it is set up."""
    return await _one(call, await _own(call), Params({}), {})


async def _one(call: PageCall, row: Row, typed: Params, problems: dict[str, str]) -> Response:
    node = call.node
    where = Page(limit=POSTS, max_id=call.query.id("max_id"))
    rows = await of_list(
        node.db, call.person, row, where, now_ms=node.clock(), columns=LINE_COLUMNS
    )
    path = f"/lists/{row['id']}"
    return show(
        call,
        "list.html",
        here="home",
        status=422 if problems else 200,
        row=row,
        title=typed.text("title") if "title" in typed else row["title"],
        added=typed.text("acct") or "",
        members=await _members(call, row["id"]),
        suggested=await _followed(call, row["id"]),
        policies=lists.REPLIES_POLICIES,
        problems=problems,
        posts=await posts(call, rows, "home"),
        is_older=where.max_id is not None,
        older=f"{path}?max_id={rows[-1]['id']}" if len(rows) >= POSTS else "",
    )


async def _members(call: PageCall, list_id: int) -> list[Shown]:
    rows = await call.node.db.rows(
        "SELECT a.id FROM list_member m JOIN actor a ON a.id = m.actor_id"
        " WHERE m.list_id = ? AND a.deleted_at IS NULL ORDER BY m.id",
        list_id,
    )
    found = await accounts(call, [row["id"] for row in rows])
    return [person(call, orjson.loads(found[row["id"]])) for row in rows]


async def _followed(call: PageCall, list_id: int) -> list[str]:
    """The addresses of people who may be added."""
    rows = await call.node.db.rows(
        "SELECT a.username, a.handle_host, a.is_local FROM follow f"
        " JOIN actor a ON a.id = f.target_id WHERE f.follower_id = ? AND f.state = 'accepted'"
        " AND a.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM list_member m"
        " WHERE m.list_id = ? AND m.actor_id = a.id) ORDER BY f.id DESC LIMIT ?",
        call.actor_id,
        list_id,
        SUGGESTED_MAX,
    )
    return [
        f"@{row['username']}" + ("" if row["is_local"] else f"@{row['handle_host']}")
        for row in rows
    ]


async def change_list(call: PageCall) -> Response:
    """POST /lists/:id: `do` says whether it is saved, deleted, or who is added or removed."""
    form, row = await read_form(call.request), await _own(call)
    verb, _, about = (form.text("do", 60) or "").partition(" ")
    db = call.node.db
    if verb == "delete":
        await db.write(lambda tx: lists.delete(tx, row))
        return redirect("/lists")
    problems: dict[str, str] = {}
    if verb == "remove" and about.isdigit():
        await db.write(lambda tx: lists.remove(tx, row, [int(about[:19])]))
    elif verb == "add":
        problems = await _add(call, row, form)
    elif verb == "save":
        problems = await _save(call, row, form)
    else:
        raise Invalid("page.act", field="do")
    return await _one(call, row, form, problems) if problems else redirect(call.path)


async def _add(call: PageCall, row: Row, form: Params) -> dict[str, str]:
    name, _, host = (form.text("acct", 400) or "").strip().removeprefix("@").partition("@")
    actor = await by_handle(call.node.db, name, host or call.node.host) if name else None
    if actor is None:
        return {"acct": say(call.page_language, "lists.not_followed")}
    try:
        await call.node.db.write(lambda tx: lists.add(call.node, tx, row, [actor["id"]]))
    except NotFound:
        return {"acct": say(call.page_language, "lists.not_followed")}
    except Invalid:
        return {"acct": say(call.page_language, "lists.twice")}
    return {}


async def _save(call: PageCall, row: Row, form: Params) -> dict[str, str]:
    changes = lists.ListChanges(
        title=form.text("title") or "", exclusive=bool(form.flag("exclusive"))
    )
    if policy := form.choice("replies_policy", lists.REPLIES_POLICIES):
        changes["replies_policy"] = policy
    try:
        await call.node.db.write(lambda tx: lists.change(tx, row, changes))
    except Invalid as error:
        return {"title": _title_problem(call, error)}
    return {}


async def tags_page(call: PageCall) -> Response:
    """GET /tags: the tags that the reader follows, and the form for one more."""
    return await _tags(call, "", {})


async def _tags(call: PageCall, typed: str, problems: dict[str, str]) -> Response:
    answer = await followed(call)
    found = [one["name"] for one in orjson.loads(bytes(answer.body))]
    return show(
        call,
        "tags.html",
        here="home",
        status=422 if problems else 200,
        tags=[{"name": name, "path": tag_path(name)} for name in found],
        older=next_page(answer, "/tags"),
        typed=typed,
        problems=problems,
    )


async def add_tag(call: PageCall) -> Response:
    """POST /tags: follow `name`."""
    form = await read_form(call.request)
    typed = (form.text("name", 400) or "").strip()
    if tags.read_name(typed.removeprefix("#")) is None:
        return await _tags(call, typed, {"name": say(call.page_language, "tags.wrong")})
    await follow_tag(call, typed.removeprefix("#"))
    return redirect("/tags")


ROUTES: tuple[Route, ...] = (
    Route("/lists", page(for_member(lists_page)), methods=["GET"]),
    Route("/lists", page(for_member(make_list)), methods=["POST"]),
    Route("/lists/{id}", page(for_member(list_page)), methods=["GET"]),
    Route("/lists/{id}", page(for_member(change_list)), methods=["POST"]),
    Route("/tags", page(for_member(tags_page)), methods=["GET"]),
    Route("/tags", page(for_member(add_tag)), methods=["POST"]),
)
