"""What a person does on a page by one button: one form for all, each button says what it does.

A button's value is a verb and what it is about; afterwards the page comes back where it was.
"""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from actors import domain_blocks, follows
from actors.queries import by_id
from federation.database import Row
from federation.errors import Invalid, NotFound, describe
from federation.node import Node
from inbox import announcements
from outbox import conversations, interactions, pins, relations, scheduled, tags, unfinished
from outbox import statuses as outbox
from outbox.classes import CLASSES, Class
from outbox.tallies import cast_votes
from outbox.visibility import visible
from web.mastodon.accounts import is_shown
from web.mastodon.params import Params, read_id
from web.mastodon.relationships import remove_follower
from web.pages import classing
from web.pages.callers import PageCall
from web.pages.forms import read_form
from web.pages.in_place import in_place
from web.pages.letter_start import from_draft, from_status, keep, own_status
from web.pages.members import show
from web.pages.onward import read_next
from web.pages.persons import redirect
from web.pages.posts import posts

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
    "pin": pins.pin,
    "unpin": pins.unpin,
    "mute-thread": conversations.mute_thread,
    "unmute-thread": conversations.unmute_thread,
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


async def _bell(node: Node, actor: Row, target: Row) -> None:
    await _set_bell(node, actor, target, notify=True)


async def _unbell(node: Node, actor: Row, target: Row) -> None:
    await _set_bell(node, actor, target, notify=False)


async def _set_bell(node: Node, actor: Row, target: Row, *, notify: bool) -> None:
    """Whether she is told of each post; only of whom she follows already."""
    if await follows.find(node.db, actor["id"], target["id"]) is None:
        raise NotFound("page.none")
    await relations.follow(node, actor, target, notify=notify)


PERSON_ACTS: dict[str, OnStatus] = {
    "follow": relations.follow,
    "unfollow": relations.unfollow,
    "accept": relations.accept_follow,
    "reject": remove_follower,
    "block": relations.block,
    "unblock": relations.unblock,
    "mute": _mute,
    "unmute": _unmute,
    "bell": _bell,
    "unbell": _unbell,
}

CLASS_ACTS: dict[str, Class] = {f"class-{name}": name for name in CLASSES}


async def act(call: PageCall) -> Response:
    """POST /act: `do` is a verb and an id or a name; `back` is the page it was pressed on."""
    form = await read_form(call.request)
    verb, _, about = (form.text("do", 400) or "").partition(" ")
    back = read_next(form.text("back")) or "/"
    answer = await _done(call, form, back, verb, about)
    part = "tag" if verb in NAME_ACTS else f"{'p' if verb in PERSON_ACTS else 's'}{about}"
    return await in_place(call.request, answer, part)


async def _done(call: PageCall, form: Params, back: str, verb: str, about: str) -> Response:
    """Do what the button says; the answer leads back, elsewhere, or asks whether she is sure."""
    if verb in NAME_ACTS:
        await NAME_ACTS[verb](call, about)
        return redirect(back)
    number = read_id(about)
    if number is None:
        raise Invalid("page.act", field="do")
    if verb in PERSON_ACTS:
        await PERSON_ACTS[verb](call.node, await call.viewer(), await _person(call, number))
        return redirect(back)
    if verb in ("delete", "redraft"):
        return await _delete(call, number, back, form, redrafts=verb == "redraft")
    if verb in CLASS_ACTS:
        return await classing.classed(call, number, back, form, CLASS_ACTS[verb])
    if verb in OWN_ACTS:
        return redirect(await OWN_ACTS[verb](call, number) or back)
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


async def follow_tag(call: PageCall, name: str) -> None:
    """Follow a tag; Invalid for what cannot be one."""
    node = call.node
    checked = tags.checked_name(name, "do")
    row = await node.db.write(lambda tx: tags.ensure(node, tx, checked))
    await node.db.write(lambda tx: tags.follow(node, tx, call.actor_id, row["id"]))


async def _unfollow_tag(call: PageCall, name: str) -> None:
    known = await tags.find(call.node.db, tags.checked_name(name, "do"))
    if known is not None:
        await call.node.db.write(lambda tx: tags.unfollow(tx, call.actor_id, known["id"]))


async def _unblock_domain(call: PageCall, name: str) -> None:
    await call.node.db.write(lambda tx: domain_blocks.remove(tx, call.actor_id, name))


async def _forget_draft(call: PageCall, key: str) -> None:
    await call.node.db.write(lambda tx: unfinished.forget(tx, call.account_id or 0, key))


NAME_ACTS: dict[str, Callable[[PageCall, str], Awaitable[None]]] = {
    "follow-tag": follow_tag,
    "unfollow-tag": _unfollow_tag,
    "unblock-domain": _unblock_domain,
    "forget-draft": _forget_draft,
}


async def _put_away(call: PageCall, conversation_id: int) -> str:
    await conversations.hide_conversation(call.node, call.actor_id, conversation_id)
    return ""


async def _take_back(call: PageCall, scheduled_id: int) -> str:
    """What waited for its moment becomes a draft again, and is not published."""
    account_id = call.account_id or 0
    kept = await scheduled.get(call.node.db, account_id, scheduled_id)
    key = await keep(call, from_draft(kept.draft))
    await scheduled.cancel(call.node, account_id, scheduled_id)
    return f"/write?draft={key}"


async def _read_announcement(call: PageCall, number: int) -> str:
    if await announcements.published(call.node, number) is None:
        raise NotFound("page.none")
    account_id = call.account_id or 0
    await call.node.db.write(lambda tx: announcements.dismiss(tx, number, account_id))
    return ""


OWN_ACTS: dict[str, Callable[[PageCall, int], Awaitable[str]]] = {
    "read-announcement": _read_announcement,
    "put-away": _put_away,
    "take-back": _take_back,
}


async def _delete(
    call: PageCall, status_id: int, back: str, form: Params, *, redrafts: bool
) -> Response:
    """Take one's own status back, once it was asked a second time; its text may stay a draft."""
    row = await own_status(call, status_id)
    if not form.flag("sure"):
        shown = (await posts(call, [row]))[0]
        kind = "redraft" if redrafts else "delete"
        return show(call, "delete.html", post=shown, back_to=back, kind=kind)
    here = f"/@{call.me['username']}/{status_id}"
    after = "/" if back.startswith(here) else back
    if redrafts:
        after = f"/write?draft={await keep(call, await from_status(call, row))}"
    await outbox.delete(call.node, await call.viewer(), row, keep_media=redrafts)
    return redirect(after)
