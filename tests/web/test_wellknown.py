"""How a node is found."""

from tests.serving import Start


async def test_it_answers(start_node: Start) -> None:
    node = await start_node()
    async with node.http.get(f"{node.origin}/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")
    async with node.http.get(f"{node.origin}/actor") as answer:
        assert answer.status == 200, await answer.text()
