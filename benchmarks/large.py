"""Reading in large scenes: everything a person can have in use, and many people to follow."""

import tempfile
from pathlib import Path

from benchmarks.rows import Bench, Result
from benchmarks.scenes import Crowd, fill
from benchmarks.served import Served
from maillage.settings_file import read_settings

EVERYTHING = Crowd(authors=200, followees=50, statuses=100_000, searchable=True)
MANY = Crowd(authors=1_000, followees=200, statuses=500_000)
HOME = "/api/v1/timelines/home"
SEARCH = "/api/v2/search?type=statuses&limit=20&q="


async def everything(bench: Bench) -> None:
    """One reader with filters, lists and tags; boosts, quotes and polls on her pages."""
    await _measured(
        bench,
        EVERYTHING,
        {
            f"{HOME}?limit=40": ("GET home?limit=40, filters, lists, tags, quotes", 0.5),
            f"{HOME}?limit=20": ("GET home?limit=20, filters, lists, tags, quotes", 0.5),
            "/api/v1/notifications?limit=40": ("notifications, a page of 40", 0.5),
            "/api/v2/notifications?limit=40": ("notifications in groups, a page of 40", 0.5),
            f"{SEARCH}jardin": ("search in 100,000 statuses, a word", 3.0),
            f"{SEARCH}jardin+musique": ("the same, two words", 3.0),
            f"{SEARCH}has:poll": ("the same, has:poll", 3.0),
            f"{SEARCH}language:br": ("the same, a language that few write", 3.0),
            f"{SEARCH}in:library": ("the same, in:library", 3.0),
        },
        rich=True,
    )


async def crowd(bench: Bench) -> None:
    """A fifth of those who write are followed."""
    work = ("GET home?limit=40, 200 followees in 500,000 statuses", 1.0)
    await _measured(bench, MANY, {f"{HOME}?limit=40": work}, rich=False)


async def _measured(
    bench: Bench, scene: Crowd, paths: dict[str, tuple[str, float]], *, rich: bool
) -> None:
    """A node of its own for the scene, so that no other row is measured beside it."""
    with tempfile.TemporaryDirectory() as directory:
        served = Served(Path(directory))
        token = served.account("claire")
        await fill(read_settings(served.data), "claire", scene, rich=rich)
        served.start()
        own = Bench(served, token, token)
        try:
            for path, (work, reach) in paths.items():
                bench.results.append(Result(work, await own.repeat(400, path), reach))
        finally:
            await own.close()
            served.stop()
