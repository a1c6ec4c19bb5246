"""Proves that a convention is read before it is confirmed, and is the one that was agreed."""

import pytest

from federation.database import Transaction
from federation.errors import Invalid, Refused
from federation.scopes import Scope
from inbox import pairing, terms
from tests.conftest import Start
from tests.nodes.partners import BY, becomes, both, invited
from tests.serving import Running

TEXT = "Convention de coopération\n\nArticle 1. Les données restent chez elles.\n"
Sites = tuple[Running, Running]


@pytest.fixture
async def sites(start_node: Start, no_greetings: None) -> Sites:
    return await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")


async def offered(one: Running, other: Running, content: str = TEXT) -> str:
    """Offer with a convention; its digest."""
    made = await other.node.db.write(
        lambda tx: terms.set_current(other.node, tx, "Convention 2026", content)
    )
    code = await invited(one, other.origin)
    await pairing.offer(other.node, code, Scope(), Scope(), BY)
    return made.digest


async def test_it_is_read_before_it_is_confirmed(sites: Sites) -> None:
    one, other = sites
    digest = await offered(one, other)
    with pytest.raises(Refused, match="was not read here"):
        await pairing.confirm(one.node, other.origin, BY)
    here, _ = await both(one, other)
    assert here.offer is not None
    shown = await terms.read(one.node, here.offer.agreement)
    assert shown == terms.Terms("Convention 2026", digest, TEXT)
    await pairing.confirm(one.node, other.origin, BY)
    await becomes(other, one, "active")
    mine, yours = await both(one, other)
    assert mine.agreement == yours.agreement
    assert dict(mine.agreement.terms)["name"] == "Convention 2026"
    # It is kept here, whatever becomes of it there.
    await other.node.db.write(lambda tx: tx.execute("DELETE FROM terms_text"))
    assert await terms.read(one.node, mine.agreement) == shown


async def test_another_text_under_its_digest_is_refused(sites: Sites) -> None:
    one, other = sites
    await offered(one, other)

    async def change(tx: Transaction) -> None:
        await tx.execute("UPDATE terms_text SET content = 'Tout nous appartient.'")

    await other.node.db.write(change)
    here, _ = await both(one, other)
    assert here.offer is not None
    with pytest.raises(Refused, match="is not the text"):
        await terms.read(one.node, here.offer.agreement)
    with pytest.raises(Refused, match="was not read here"):
        await pairing.confirm(one.node, other.origin, BY)
    await other.node.db.write(lambda tx: tx.execute("DELETE FROM terms_text"))
    with pytest.raises(Refused, match="404"):
        await terms.read(one.node, here.offer.agreement)


async def test_without_terms_nothing_is_asked_and_wrong_ones_are_named(sites: Sites) -> None:
    one, other = sites
    code = await invited(one, other.origin)
    await pairing.offer(other.node, code, Scope(), Scope(), BY)
    here, _ = await both(one, other)
    assert here.offer is not None
    assert await terms.read(one.node, here.offer.agreement) is None
    await pairing.confirm(one.node, other.origin, BY)
    for name, content in (("", TEXT), ("Convention", " \n"), ("Convention", "x" * 200_001)):
        with pytest.raises(Invalid) as raised:
            await one.node.db.write(
                lambda tx, n=name, c=content: terms.set_current(one.node, tx, n, c)
            )
        assert raised.value.field == "terms"
    assert await terms.stated(one.node) == ()


async def test_the_text_is_for_who_knows_its_digest(sites: Sites) -> None:
    one, other = sites
    digest = await offered(one, other)
    for query, status in ((f"?digest={digest}", 200), (f"?digest={'0' * 64}", 404), ("", 404)):
        async with one.http.get(f"{other.origin}/actor/terms{query}") as answer:
            assert answer.status == status, query
            if status == 200:
                assert await answer.text() == TEXT
