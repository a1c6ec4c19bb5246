"""Letters leave by SMTP: one connection for what is due, and back-off when it does not go.

The log says a letter's id and what the server answered by number; never an address or a word
of the text.
"""

import ssl
from collections import deque
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from actors import mails
from actors.mails import Letter
from federation.node import Node
from federation.options import MailOptions

TIMEOUT_S = 20.0
BATCH = 20
EVERY_S = 30.0
_log = structlog.get_logger(__name__)


def message_of(node: Node, letter: Letter) -> EmailMessage:
    """The letter as it goes over the wire: plain text, marked as written by a machine."""
    message = EmailMessage()
    message["From"] = sender_of(node)
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = formatdate(node.clock() / 1000, usegmt=True)
    # The same letter again after a lost answer is recognised as the same.
    message["Message-ID"] = f"<{letter.id}@{_domain(node)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def sender_of(node: Node) -> str:
    """The address that letters come from."""
    return node.options.mail.sender or f"no-reply@{_domain(node)}"


def _domain(node: Node) -> str:
    return urlsplit(node.origin).hostname or make_msgid()


async def send_once(node: Node) -> int:
    """Send what is due; return how many letters were taken."""
    letters = await _timely(node) if mails.is_on(node) else []
    if not letters:
        return 0
    waiting, taken = deque(letters), 0
    try:
        async with _connection(node.options.mail) as server:
            while waiting:
                taken += await _send(node, server, waiting[0])
                waiting.popleft()
    except (aiosmtplib.SMTPException, OSError) as error:
        _log.warning("mail.server", error=type(error).__name__)
        for letter in waiting:
            await _failed(node, letter, type(error).__name__, for_ever=False)
    return taken


async def _timely(node: Node) -> list[Letter]:
    """What is due and may be read at this hour; the rest is put off."""
    now, letters = node.clock(), list[Letter]()
    for letter in await mails.due(node, node.db, BATCH):
        opens_at = await mails.opens_at(node, letter, now)
        if opens_at == now:
            letters.append(letter)
        else:
            await node.db.write(lambda tx, one=letter, at=opens_at: mails.hold(tx, one, at))
    return letters


async def _send(node: Node, server: aiosmtplib.SMTP, letter: Letter) -> int:
    try:
        await server.send_message(
            message_of(node, letter), sender=sender_of(node), recipients=[letter.recipient]
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        code = max((refused.code for refused in error.recipients), default=0)
        await _failed(node, letter, f"recipient {code}", for_ever=code >= 500)
    except aiosmtplib.SMTPResponseException as error:
        await _failed(node, letter, f"answer {error.code}", for_ever=error.code >= 500)
    else:
        await node.db.write(lambda tx: mails.gone(node, tx, letter))
        return 1
    return 0


async def _failed(node: Node, letter: Letter, reason: str, *, for_ever: bool) -> None:
    _log.warning("mail.failed", mail=letter.id, reason=reason, attempts=letter.attempts + 1)
    await node.db.write(lambda tx: mails.failed(node, tx, letter, reason, for_ever=for_ever))


def _connection(options: MailOptions) -> aiosmtplib.SMTP:
    parts = urlsplit(options.url)
    is_tls = parts.scheme == "smtps"
    user, password = parts.username, parts.password
    return aiosmtplib.SMTP(
        hostname=parts.hostname or "localhost",
        port=parts.port or (465 if is_tls else 587 if options.starttls else 25),
        username=None if user is None else unquote(user),
        password=None if password is None else unquote(password),
        use_tls=is_tls,
        start_tls=not is_tls and options.starttls,
        tls_context=ssl.create_default_context(cafile=options.ca_file),
        timeout=TIMEOUT_S,
    )


async def mail_loop(node: Node) -> None:
    """Send letters as they are written, until cancelled."""
    while True:
        try:
            while await send_once(node):
                pass
        except Exception:  # noqa: BLE001 - the loop outlives whatever one round meets
            _log.exception("mail.loop_failed")
        await node.mail_wake.wait(EVERY_S)
