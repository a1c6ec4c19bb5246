"""What agreements and audiences cost, measured inside one process: no server, no network.

Each figure is the processor time of the part that they add, so the same questions without them
are asked beside it.
"""

import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from actors.local import create_account
from actors.queries import account_of_actor
from benchmarks.rows import Bench, Result
from federation.database import Row, Transaction, marks
from federation.keys import make_secret
from federation.lanes import HELD
from federation.node import Node
from federation.peers import allow
from maillage.judge import judge_of
from maillage.nodes import close_node, open_node, prepare
from maillage.settings import Settings
from outbox.audience import recipients
from outbox.received import upsert_remote
from outbox.statuses import Draft, create
from outbox.visibility import Person, may_see_sql
from tests.agreements import agree

ORIGIN = "https://banc.example"
SITES = 200
PAGE = 40
ROUNDS = 400


async def sites(bench: Bench) -> None:
    """An organisation of 200 sites, and a person who reads what it says."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        make_secret(folder / "secret")
        url = f"sqlite://{folder / 'maillage.db'}"
        node = await open_node(Settings(data=folder, origin=ORIGIN, database_url=url))
        try:
            await prepare(node)
            await _measure(node, bench)
        finally:
            await close_node(node)


async def _measure(node: Node, bench: Bench) -> None:
    claire = await create_account(node, username="claire", password="un mot de passe assez long")
    account = await account_of_actor(node.db, claire["id"])
    assert account is not None

    async def organisation(tx: Transaction) -> None:
        for number in range(SITES):
            await allow(tx, f"https://site{number}.example", node.clock())
            await agree(tx, f"https://site{number}.example", kind="site")

    await node.db.write(organisation)
    said = await create(node, claire, account["id"], Draft("Réunion à 14 h 30", "organisation"))
    assert len(await recipients(node, node.db, said)) == SITES
    spent = await _cpu_ms(lambda: recipients(node, node.db, said))
    bench.results.append(Result(f"recipients of a post, {SITES} sites", spent, 1.0))

    ids = await _page(node, said)
    seeing, arguments = may_see_sql(Person(claire["id"]), "s")
    plain = f"SELECT s.* FROM status s WHERE s.id IN ({marks(ids)}) ORDER BY s.id DESC"
    decided = plain.replace(" ORDER BY", f" AND {seeing} ORDER BY")
    assert len(await node.db.rows(decided, *ids, *arguments)) == PAGE
    without = await _cpu_ms(lambda: node.db.rows(plain, *ids))
    with_it = await _cpu_ms(lambda: node.db.rows(decided, *ids, *arguments))
    work = f"the decision who may see, a page of {PAGE} from {SITES} sites"
    bench.results.append(Result(work, with_it - without, 0.1))

    delivery = await node.db.row("SELECT * FROM delivery ORDER BY id LIMIT 1")
    assert delivery is not None
    judge = judge_of(node)
    assert await judge(delivery) not in (HELD, "delivery.not_for_them")
    spent = await _cpu_ms(lambda: judge(delivery))
    bench.results.append(Result("a delivery to a partner judged before it goes", spent, 0.5))


async def _page(node: Node, example: Row) -> list[int]:
    """A page of statuses that members of other sites said to the whole organisation."""
    ids: list[int] = []
    for number in range(PAGE):
        origin = f"https://site{number % SITES}.example"
        author = await _author(node, origin, number)
        audience = f"{origin}/audiences/{number:022d}"
        document = {
            "id": f"{origin}/notes/{number}",
            "type": "Note",
            "attributedTo": author["uri"],
            "content": example["content_html"],
            "to": [audience],
            "audience": audience,
        }
        status, _ = await node.db.write(
            lambda tx, document=document, author=author: upsert_remote(node, tx, document, author)
        )
        ids.append(status["id"])
    return ids


async def _author(node: Node, origin: str, number: int) -> Row:
    uri, actor_id, now = f"{origin}/users/a{number}", node.ids.next(), node.clock()

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO actor (id, uri, type, origin, is_local, username, handle_host, url,"
            " inbox_url, created_at, updated_at, fetched_at)"
            " VALUES (?, ?, 'Person', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(actor_id, uri, origin, False, f"a{number}", origin[8:]),
            *(uri, f"{uri}/inbox", now, now, now),
        )

    await node.db.write(work)
    row = await node.db.row("SELECT * FROM actor WHERE id = ?", actor_id)
    assert row is not None
    return row


async def _cpu_ms(work: Callable[[], Awaitable[object]]) -> float:
    """The processor time of one call, in milliseconds: the best of five times."""
    await work()
    figures: list[float] = []
    for _ in range(5):
        begun = time.process_time()
        for _ in range(ROUNDS):
            await work()
        figures.append((time.process_time() - begun) * 1000 / ROUNDS)
    return min(figures)
