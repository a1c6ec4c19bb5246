"""Figures are for who may have them: an address of their own, or a token."""

from tests.maillage.test_cleanup import fill
from tests.nodes.ports import take
from tests.serving import Start

TOKEN = "a-token-that-is-long-enough"


async def test_without_a_setting_there_are_none(start_node: Start) -> None:
    node = await start_node()
    async with node.http.get(f"{node.origin}/metrics") as answer:
        assert answer.status == 404


async def test_who_shows_the_token_reads_queues_and_outcomes(start_node: Start) -> None:
    node = await start_node(metrics_token=TOKEN)
    await fill(node.node, 3, progress="refused")
    url = f"{node.origin}/metrics"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with node.http.get(url, headers=headers) as answer:
        assert answer.status == 200
        text = await answer.text()
    assert "maillage_inbox_pending 0" in text
    assert 'maillage_activities_last_day{progress="done",outcome=""} 3' in text
    assert 'maillage_deliveries_last_day{progress="refused",reason=""} 3' in text
    for wrong in ({}, {"Authorization": "Bearer x"}, {"X-Forwarded-For": "127.0.0.1"}):
        async with node.http.get(url, headers=wrong) as answer:
            assert answer.status == 404


async def test_an_address_of_their_own(start_node: Start) -> None:
    (port,) = take(1)
    node = await start_node(metrics_bind=f"127.0.0.1:{port}")
    async with node.http.get(f"http://127.0.0.1:{port}/metrics") as answer:
        assert "maillage_requests_total" in await answer.text()
    async with node.http.get(f"http://127.0.0.1:{port}/") as answer:
        assert answer.status == 404
    async with node.http.get(f"{node.origin}/metrics") as answer:
        assert answer.status == 404
