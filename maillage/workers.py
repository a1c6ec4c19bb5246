"""The loops of a running node: process what came, deliver what goes, forget what is old."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from actors.link_checks import link_check_loop
from federation.delivery import delivery_loop
from federation.node import Node
from federation.plain_peers import software_loop
from inbox.announcements import announcements_loop
from inbox.backfill import backfill_loop
from inbox.erasure_loop import erasures_loop
from inbox.exports import exports_loop
from inbox.follower_checks import follower_checks_loop
from inbox.ledger import ledger_loop
from inbox.organisation_watch import organisation_loop
from inbox.partner_watch import partners_loop
from inbox.poll_ends import polls_loop
from inbox.poll_refreshing import figures_loop
from inbox.process import inbox_loop
from inbox.purging import purging_loop
from inbox.push_sending import push_loop
from inbox.quote_checks import quotes_loop
from inbox.reconciling import reconcile_loop
from inbox.retention import retention_loop
from inbox.wanted_follows import wanted_loop
from maillage.cleanup import cleanup_loop
from maillage.judge import judge_of
from maillage.mailer import mail_loop
from outbox.card_loop import card_loop
from outbox.media_loop import media_loop
from outbox.scheduled import scheduled_loop
from outbox.search_index import search_index_loop

# Each loop ends well before this by itself; together with the server's own grace it keeps a
# stop under ten seconds.
STOP_S = 9.0


@asynccontextmanager
async def running(node: Node) -> AsyncGenerator[None]:
    """Run the loops of `node`; on leaving, what is in flight ends or stays pending."""
    tasks = [
        asyncio.create_task(inbox_loop(node), name="inbox"),
        asyncio.create_task(delivery_loop(node, judge_of(node)), name="delivery"),
        asyncio.create_task(cleanup_loop(node), name="cleanup"),
        asyncio.create_task(polls_loop(node), name="polls"),
        asyncio.create_task(figures_loop(node), name="figures of polls"),
        asyncio.create_task(announcements_loop(node), name="announcements"),
        asyncio.create_task(quotes_loop(node), name="quotes"),
        asyncio.create_task(mail_loop(node), name="mail"),
        asyncio.create_task(push_loop(node), name="push"),
        asyncio.create_task(media_loop(node), name="media"),
        asyncio.create_task(card_loop(node), name="cards"),
        asyncio.create_task(scheduled_loop(node), name="scheduled"),
        asyncio.create_task(link_check_loop(node), name="link checks"),
        asyncio.create_task(search_index_loop(node), name="search index"),
        asyncio.create_task(software_loop(node), name="software of peers"),
        asyncio.create_task(partners_loop(node), name="partners"),
        asyncio.create_task(organisation_loop(node), name="organisation"),
        asyncio.create_task(ledger_loop(node), name="ledger"),
        asyncio.create_task(purging_loop(node), name="purging"),
        asyncio.create_task(backfill_loop(node), name="backfill"),
        asyncio.create_task(reconcile_loop(node), name="reconciling"),
        asyncio.create_task(exports_loop(node), name="exports"),
        asyncio.create_task(erasures_loop(node), name="erasures"),
        asyncio.create_task(wanted_loop(node), name="follows wanted"),
        asyncio.create_task(follower_checks_loop(node), name="followers of peers"),
        asyncio.create_task(retention_loop(node), name="retention"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=STOP_S)
