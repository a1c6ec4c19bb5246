"""A mail server that really listens, for the time of a test, and nodes that send through it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from federation.node import Node
from federation.options import MailOptions


@dataclass
class Mailbox:
    """What a mail server took, and how it answers."""

    taken: list[EmailMessage] = field(default_factory=list[EmailMessage])
    recipient_answer: str = ""
    data_answer: str = ""

    async def handle_RCPT(  # noqa: N802 - the server's own name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data_answer:
            return self.data_answer
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append(message_from_bytes(content, policy=default))
        return "250 OK"


@asynccontextmanager
async def listening(mailbox: Mailbox) -> AsyncGenerator[int]:
    """Take letters into `mailbox`; the port is given."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(mailbox, hostname="mail.test", loop=loop), "127.0.0.1", 0
    )
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


def with_mail(node: Node, url: str, **more: Any) -> Node:
    """The node, sending its letters there."""
    values: dict[str, Any] = {"starttls": False, "sender": "maillage@site.example"} | more
    return replace(node, options=replace(node.options, mail=MailOptions(url=url, **values)))
