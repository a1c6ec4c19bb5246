"""What a word matches: whatever its case, its accents, and wherever it stands in a status."""

import time
from typing import Any

import pytest

from inbox import filters
from inbox.filter_matching import FilterMemory, fold, read_texts, version_of
from inbox.filters import FilterChange, KeywordChange
from tests.inbox.world import World

ALL = filters.CONTEXTS


async def filtering(world: World, *words: str, whole: bool = True) -> int:
    change = FilterChange("t", ALL, "warn", keywords=[KeywordChange(w, whole) for w in words])
    return await world.node.db.write(
        lambda tx: filters.create(world.node, tx, world.claire["id"], change)
    )


async def matched(world: World, memory: FilterMemory, *keys: Any) -> dict[int, tuple[str, ...]]:
    db, actor_id = world.node.db, world.claire["id"]
    version = await version_of(db, actor_id)
    found = await memory.matches(db, actor_id, version, keys, world.clock())
    return {one: matches[0].keywords for one, matches in found.items()}


async def says(world: World, text: str, *words: str, whole: bool = True) -> tuple[str, ...]:
    """The words of a filter that match a text."""
    status = await world.post(text)
    filter_id = await filtering(world, *words, whole=whole)
    found = await matched(world, FilterMemory(), (status["id"], None))
    await world.node.db.write(
        lambda tx: filters.delete(world.node, tx, world.claire["id"], filter_id)
    )
    return found.get(status["id"], ())


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Soirée ÉLECTIONS ce soir", "elections", True),
        ("les elections", "Élections", True),
        ("un œuf", "OEUF", True),
        ("Straße", "STRASSE", True),
        ("préélection", "élection", False),
        ("élection_s", "élection", False),
        ("élection, demain", "élection", True),
        ("#nuit", "nuit", True),
        ("la #Nuit", "#nuit", True),
        ("lanuit", "#nuit", False),
        ("C++ et C", "c++", True),
        ("un   repas\nfroid", "repas froid", True),
        ("xa a a", "a a", True),
        ("日本語の本", "本", False),
        ("ЁЛКА", "елка", True),
        ("कि", "क", False),
        ("각", "가", False),
        ("(.*)+$", "(.*)+$", True),
        ("Bonjour", "\u0301", False),
    ],
)
async def test_whole_words(world: World, text: str, word: str, expected: bool) -> None:
    assert (await says(world, text, word) == (word,)) is expected


async def test_parts_of_words_when_asked(world: World) -> None:
    assert await says(world, "préélection", "élection", "zzz", whole=False) == ("élection",)
    assert await says(world, "日本語の本", "本語", whole=False) == ("本語",)


async def test_everything_that_is_written_counts(world: World) -> None:
    bob = await world.roses.person("bob")
    note = world.roses.note(
        bob,
        "<p>texte <b>gr</b>as &amp; fin</p>",
        type="Question",
        summary="alerte",
        tag=[{"type": "Hashtag", "name": "#mot", "href": "https://x.test/tags/mot"}],
        oneOf=[{"type": "Note", "name": "choix"}, {"type": "Note", "name": "autre"}],
        attachment=[
            {
                "type": "Image",
                "mediaType": "image/png",
                "url": "https://x.test/1.png",
                "name": "Une légende",
            }
        ],
    )
    await world.follow(world.claire, bob)
    await world.deliver(world.roses.create(bob, note))
    status = await world.status(note["id"])
    assert status is not None
    words = ("alerte", "gras & fin", "#mot", "choix", "legende")
    await filtering(world, *words, "strong", "nofollow")
    found = await matched(world, FilterMemory(), (status["id"], status["edited_at"]))
    assert found == {status["id"]: words}


async def test_memory_follows_changes(world: World) -> None:
    memory = FilterMemory()
    status = await world.post("un mot")
    key = (status["id"], None)
    assert await matched(world, memory, key) == {}
    filter_id = await filtering(world, "mot")
    assert await matched(world, memory, key) == {status["id"]: ("mot",)}
    change = FilterChange(keywords=[KeywordChange("autre")])
    claire = world.claire["id"]
    await world.node.db.write(lambda tx: filters.update(world.node, tx, claire, filter_id, change))
    await world.execute(
        "UPDATE status SET content_html = '<p>autre</p>', edited_at = 5 WHERE id = ?", status["id"]
    )
    assert await matched(world, memory, (status["id"], 5)) == {status["id"]: ("autre",)}
    await world.node.db.write(lambda tx: filters.delete(world.node, tx, claire, filter_id))
    assert await matched(world, memory, (status["id"], 5)) == {}


async def test_nothing_that_is_written_makes_it_slow(world: World) -> None:
    status = await world.post("début")
    for unit in ("a", "a ", "é", "aab", "\u0301"):
        await world.execute(
            "UPDATE status SET content_html = ? WHERE id = ?", unit * 200_000, status["id"]
        )
        filter_id = await filtering(world, "a" * 512, "a " * 256, "aa" * 200 + "b", "a a")
        start = time.process_time()
        await matched(world, FilterMemory(), (status["id"], None))
        assert time.process_time() - start < 1
        await world.node.db.write(
            lambda tx, one=filter_id: filters.delete(world.node, tx, world.claire["id"], one)
        )


async def test_a_status_that_is_gone_matches_nothing(world: World) -> None:
    await filtering(world, "mot")
    assert await matched(world, FilterMemory(), (1, None)) == {}
    assert await read_texts(world.node.db, [1]) == {}


def test_folding_twice_changes_nothing() -> None:
    for text in ("ÉŒßﬀ", "İstanbul", "  a\n b ", "각", "Ǆ"):
        assert fold(fold(text)) == fold(text)
