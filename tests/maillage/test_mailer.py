"""Letters, against a mail server that really listens: what leaves, what waits, what is kept."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from actors import mails
from federation.database import Transaction
from federation.errors import Misconfigured, TooMany
from federation.node import Node
from federation.options import Options
from maillage.mailer import mail_loop, send_once
from tests.conftest import FakeClock
from tests.mailbox import Mailbox, listening, with_mail

PARAMS = {"username": "ada", "link": "https://site.example/password/new?token=x"}


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def port(mailbox: Mailbox) -> AsyncIterator[int]:
    async with listening(mailbox) as port:
        yield port


@pytest.fixture
async def post(node: Node, port: int) -> Node:
    """A node whose letters go to the mail server of this test."""
    return with_mail(node, f"smtp://127.0.0.1:{port}")


async def write(node: Node, to: str = "ada@example.org", **more: Any) -> None:
    await node.db.write(lambda tx: mails.send(node, tx, to, "password_reset", PARAMS, **more))


async def progress(node: Node) -> list[tuple[str, bool]]:
    rows = await node.db.rows("SELECT progress, sealed FROM mail ORDER BY id")
    return [(row["progress"], row["sealed"] is None) for row in rows]


async def test_a_letter_leaves_once_and_its_text_is_erased(post: Node, mailbox: Mailbox) -> None:
    await write(post, language="fr")
    await write(post, to="bob@example.org", language="en")
    stored = await post.db.rows("SELECT sealed FROM mail")
    assert all(b"token" not in bytes(row["sealed"]) for row in stored)
    assert await send_once(post) == 2
    assert await send_once(post) == 0
    french, english = sorted(mailbox.taken, key=lambda letter: str(letter["To"]))
    assert french["Subject"] == "Choisir un nouveau mot de passe pour Maillage"
    assert PARAMS["link"] in french.get_content()
    assert english["Subject"] == "Choose a new password for Maillage"
    assert (english["From"], english["Auto-Submitted"]) == (
        "maillage@site.example",
        "auto-generated",
    )
    assert await progress(post) == [("sent", True), ("sent", True)]


async def test_a_letter_is_undone_with_its_act(post: Node) -> None:
    async def act(tx: Transaction) -> None:
        await mails.send(post, tx, "ada@example.org", "password_reset", PARAMS)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await post.db.write(act)
    assert await progress(post) == []


async def test_a_silent_server_is_tried_again_ever_later(
    node: Node, clock: FakeClock, mailbox: Mailbox, port: int
) -> None:
    deaf = with_mail(node, "smtp://127.0.0.1:1")
    await write(deaf)
    waits: list[int] = []
    for _ in range(8):
        assert await send_once(deaf) == 0
        next_at = await deaf.db.value("SELECT next_attempt_at FROM mail")
        waits.append((next_at - clock()) // 60_000)
        clock.advance(waits[-1] * 60)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert await send_once(with_mail(node, f"smtp://127.0.0.1:{port}")) == 1
    await write(deaf)
    clock.advance(23.99 * 3600)
    await send_once(deaf)
    assert await progress(deaf) == [("sent", True), ("failed", True)]
    assert len(mailbox.taken) == 1


@pytest.mark.parametrize(
    ("recipient", "data", "expected"),
    [
        ("550 nobody", "", ("failed", True)),
        ("450 later", "", ("pending", False)),
        ("", "554 refused", ("failed", True)),
        ("", "451 later", ("pending", False)),
    ],
)
async def test_what_the_server_says_decides(
    post: Node, mailbox: Mailbox, recipient: str, data: str, expected: tuple[str, bool]
) -> None:
    mailbox.recipient_answer, mailbox.data_answer = recipient, data
    await write(post)
    assert await send_once(post) == 0
    assert await progress(post) == [expected]


async def test_one_address_gets_few_letters_an_hour(post: Node, clock: FakeClock) -> None:
    """SEC-156."""
    for _ in range(5):
        await write(post)
    with pytest.raises(TooMany):
        await write(post)
    await write(post, to="bob@example.org")
    clock.advance(3601)
    await write(post)


async def test_without_a_server_nothing_is_written(node: Node) -> None:
    with pytest.raises(Misconfigured):
        await write(node)
    assert (await send_once(node), await progress(node)) == (0, [])


async def test_nothing_is_said_before_the_connection_is_encrypted(
    node: Node, port: int, mailbox: Mailbox
) -> None:
    strict = with_mail(node, f"smtp://user:word@127.0.0.1:{port}", starttls=True)
    await write(strict)
    assert await send_once(strict) == 0
    assert (mailbox.taken, await progress(strict)) == ([], [("pending", False)])


async def test_a_name_in_a_letter_stays_one_line_of_its_subject(
    post: Node, mailbox: Mailbox
) -> None:
    named = replace(post, name="Les Glycines\r\nBcc: evil@example.org")
    await write(named)
    assert await send_once(named) == 1
    assert mailbox.taken[0]["Bcc"] is None


async def test_the_loop_sends_as_soon_as_a_letter_is_written(post: Node, mailbox: Mailbox) -> None:
    loop = asyncio.create_task(mail_loop(post))
    await asyncio.sleep(0)
    await write(post)
    async with asyncio.timeout(5):
        while not mailbox.taken:  # noqa: ASYNC110 - it comes through a socket
            await asyncio.sleep(0.01)
    loop.cancel()
    assert Options().mail.url == ""
