"""What staff decides about somebody, done and written down: the same from the API and a page."""

from actors import mails, strikes
from actors.queries import account_of_actor
from actors.strikes import Action
from federation.database import Row, Transaction
from federation.html import plain_text
from inbox.notifications import notify_severed, notify_warned
from inbox.reports import numbers, resolve
from outbox.relations import sever
from web.mastodon.admin.acts import done
from web.mastodon.call import Call


async def decide(
    call: Call,
    target: Row,
    action: Action,
    text: str,
    report: Row | None = None,
    *,
    writes: bool = True,
) -> None:
    """Warn somebody or decide about her, tell her why, and close the report it came from.

    Raises Refused for whom this person of staff may not decide about.
    """
    check(call, target)
    text = plain_text(text)
    status_ids = [] if report is None else numbers(report["status_ids"])
    login = await account_of_actor(call.node.db, target["id"])

    async def work(tx: Transaction) -> None:
        strike_id = await strikes.strike(
            call.node,
            tx,
            target,
            action,
            text=text,
            report_id=None if report is None else report["id"],
            status_ids=status_ids,
        )
        if target["is_local"]:
            await notify_warned(call.node, tx, target["id"], strike_id)
            if writes and login is not None and login["email"] and mails.is_on(call.node):
                await _write(call, tx, login, target, action, text)
        await strikes.enforce(call.node, tx, target, action)
        if action == "suspend" and not target["is_local"]:
            await _sever(call, tx, target)
        if report is not None:
            await resolve(call.node, tx, report["id"], call.actor_id)

    await done(call, f"account.{action}", target["uri"], work, text)


def check(call: Call, target: Row) -> None:
    """Raise Refused for whom this person of staff may not decide about."""
    assert call.token is not None
    strikes.check_target(call.node, call.actor_id, call.token.role or "", target)


async def _write(
    call: Call, tx: Transaction, login: Row, target: Row, action: str, text: str
) -> None:
    await mails.send(
        call.node,
        tx,
        login["email"],
        f"decision_{action}",
        {"username": target["username"], "text": text, "link": f"{call.node.origin}/"},
        language=login["locale"],
    )


async def _sever(call: Call, tx: Transaction, target: Row) -> None:
    name = f"{target['username']}@{target['handle_host']}"
    for person_id, (followers, following) in (await sever(call.node, tx, target)).items():
        await notify_severed(
            call.node,
            tx,
            person_id,
            "account_suspension",
            name,
            followers_count=followers,
            following_count=following,
        )


async def take_back(call: Call, target: Row, action: Action) -> None:
    """Take one decision back; Refused for whom this person of staff may not decide about."""
    check(call, target)
    await done(
        call,
        f"account.un{action}",
        target["uri"],
        lambda tx: strikes.lift(call.node, tx, target, action),
    )


async def let_in(call: Call, target: Row, login: Row) -> None:
    """Let somebody in who waits, and write to her."""

    async def work(tx: Transaction) -> None:
        await tx.execute("UPDATE account SET is_approved = TRUE WHERE id = ?", login["id"])
        if login["email"] and mails.is_on(call.node):
            params = {"username": target["username"], "link": f"{call.node.origin}/"}
            locale = login["locale"]
            await mails.send(
                call.node, tx, login["email"], "sign_up_approved", params, language=locale
            )

    await done(call, "account.approve", target["uri"], work)


async def turn_away(call: Call, target: Row) -> None:
    """Forget somebody who waits: it is as if she had never signed up."""

    async def work(tx: Transaction) -> None:
        # Nothing ever left this account, so nothing has to be taken back.
        await tx.execute("DELETE FROM key WHERE owner_uri = ?", target["uri"])
        await tx.execute("DELETE FROM actor WHERE id = ?", target["id"])

    await done(call, "account.reject", target["uri"], work)
