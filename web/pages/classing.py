"""How long one status is kept, decided on its page: to be kept, official, or like all others."""

from starlette.responses import Response

from federation.database import Transaction
from federation.errors import NotFound
from inbox.audit import record
from outbox.classes import Class, classify
from outbox.visibility import visible
from web.mastodon.params import Params
from web.pages.callers import PageCall
from web.pages.members import show
from web.pages.persons import redirect
from web.pages.posts import posts

# What cannot be taken back, or lets something go, is asked a second time.
ASKED = ("official", "conversation")


async def classed(
    call: PageCall, status_id: int, back: str, form: Params, wanted: Class
) -> Response:
    """Give a status that the reader sees a class; what is official is a line in the record."""
    row = await visible(call.node.db, call.who, status_id)
    if row is None:
        raise NotFound("page.none")
    actor, role = await call.viewer(), "" if call.account is None else call.account["role"]
    if wanted in ASKED and not form.flag("sure"):
        shown = (await posts(call, [row]))[0]
        return show(call, "delete.html", post=shown, back_to=back, kind=f"class-{wanted}")

    async def work(tx: Transaction) -> None:
        await classify(call.node, tx, actor, role, row, wanted)
        if wanted == "official":
            await record(call.node, tx, actor["uri"], "official.mark", row["uri"])

    await call.node.db.write(work)
    return redirect(f"{back}#s{status_id}")
