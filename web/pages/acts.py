"""What a person does on a page by one button: one form for all, each button says what it does.

A button's value is a verb and what it is about; afterwards the page comes back where it was.
"""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from actors import follows
from actors.queries import by_id
from federation.database import Row
from federation.errors import Invalid, NotFound, describe
from federation.node import Node
from outbox import interactions, relations, tags
from outbox import statuses as outbox
from outbox.tallies import cast_votes
from outbox.visibility import visible
from web.mastodon.accounts import is_shown
from web.mastodon.params import Params, read_id
from web.mastodon.relationships import remove_follower
from web.pages.callers import PageCall
from web.pages.forms import read_form
from web.pages.members import show
from web.pages.persons import redirect
from web.pages.posts import posts
from web.pages.sign_in import read_next

PATH = "/act"
CHOICES_MAX = 20

describe({"page.act": "This button does not exist.", "page.choose": "Choose an answer first."})

OnStatus = Callable[[Node, Row, Row], Awaitable[object]]
STATUS_ACTS: dict[str, OnStatus] = {
    "thank": interactions.favourite,
    "unthank": interactions.unfavourite,
    "keep": interactions.bookmark,
    "unkeep": interactions.unbookmark,
    "boost": interactions.reblog,
    "unboost": interactions.unreblog,
}


async def _mute(node: Node, actor: Row, target: Row) -> None:
    if target["id"] == actor["id"]:
        raise Invalid("block.oneself", field="id")
    await node.db.write(
        lambda tx: follows.mute(
            node, tx, actor["id"], target["id"], notifications=True, duration_s=0
        )
    )


async def _unmute(node: Node, actor: Row, target: Row) -> None:
    await node.db.write(lambda tx: follows.unmute(tx, actor["id"], target["id"]))


PERSON_ACTS: dict[str, OnStatus] = {
    "follow": relations.follow,
    "unfollow": relations.unfollow,
    "accept": relations.accept_follow,
    "reject": remove_follower,
    "block": relations.block,
    "unblock": relations.unblock,
    "mute": _mute,
    "unmute": _unmute,
}


async def act(call: PageCall) -> Response:
    """POST /act: `do` is a verb and an id or a name; `back` is the page it was pressed on."""
    form = await read_form(call.request)
    verb, _, about = (form.text("do", 400) or "").partition(" ")
    back = read_next(form.text("back")) or "/"
    if verb == "follow-tag":
        await _follow_tag(call, about, follow=True)
        return redirect(back)
    if verb == "unfollow-tag":
        await _follow_tag(call, about, follow=False)
        return redirect(back)
    number = read_id(about)
    if number is None:
        raise Invalid("page.act", field="do")
    if verb in PERSON_ACTS:
        await PERSON_ACTS[verb](call.node, await call.viewer(), await _person(call, number))
        return redirect(back)
    if verb == "delete":
        return await _delete(call, number, back, form)
    if verb == "vote":
        await _vote(call, number, form)
    elif verb in STATUS_ACTS:
        viewer = await call.viewer()
        row = await interactions.original(call.node, viewer, number)
        await STATUS_ACTS[verb](call.node, viewer, row)
    else:
        raise Invalid("page.act", field="do")
    return redirect(f"{back}#s{number}")


async def _person(call: PageCall, actor_id: int) -> Row:
    row = await by_id(call.node.db, actor_id)
    if row is None or not is_shown(call, row):
        raise NotFound("page.none")
    return row


async def _vote(call: PageCall, status_id: int, form: Params) -> None:
    row = await visible(call.node.db, call.who, status_id)
    if row is None:
        raise NotFound("page.none")
    texts = form.texts("choice", CHOICES_MAX)
    choices = [number for text in texts if (number := read_id(text)) is not None]
    if not choices:
        raise Invalid("page.choose", field="choice")
    await cast_votes(call.node, await call.viewer(), row, choices)


async def _follow_tag(call: PageCall, name: str, *, follow: bool) -> None:
    node = call.node
    checked = tags.checked_name(name, "do")
    if follow:
        row = await node.db.write(lambda tx: tags.ensure(node, tx, checked))
        await node.db.write(lambda tx: tags.follow(node, tx, call.actor_id, row["id"]))
        return
    known = await tags.find(node.db, checked)
    if known is not None:
        await node.db.write(lambda tx: tags.unfollow(tx, call.actor_id, known["id"]))


async def _delete(call: PageCall, status_id: int, back: str, form: Params) -> Response:
    """Take one's own status back, once it was asked a second time."""
    row = await visible(call.node.db, call.who, status_id)
    if row is None or row["actor_id"] != call.actor_id or row["reblog_of_id"] is not None:
        raise NotFound("page.none")
    if not form.flag("sure"):
        shown = (await posts(call, [row]))[0]
        return show(call, "delete.html", post=shown, back_to=back)
    await outbox.delete(call.node, await call.viewer(), row, keep_media=False)
    here = f"/@{call.me['username']}/{status_id}"
    return redirect("/" if back.startswith(here) else back)
