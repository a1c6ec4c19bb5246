"""`make bench`: what each path costs the server, in CPU milliseconds and in R.

Both units are of this same run, so that a row means the same on a slow machine; which they are
stands in `benchmarks.reference`. `make bench ROWS=ingest,home` runs some of the rows.
"""

import asyncio
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from benchmarks.floor import floor
from benchmarks.large import crowd, everything
from benchmarks.pages import pages
from benchmarks.reference import plain_signature_ms, signature_ms
from benchmarks.rows import ROWS, Bench, Result
from benchmarks.served import Served
from benchmarks.sites import sites
from benchmarks.streams import streams
from federation.node import system_clock
from maillage.cleanup import clean
from maillage.nodes import close_node, open_node
from maillage.settings_file import read_settings


async def run(names: list[str]) -> None:
    r_ms, plain_ms = signature_ms(), plain_signature_ms()
    print(f"R = {r_ms:.3f} ms CPU, plain R = {plain_ms:.3f} ms (one RSA-2048 signature)\n")
    print(f"{'work':<66} {'CPU ms':>9} {'R':>7} {'plain R':>7} {'reach':>7}")
    with tempfile.TemporaryDirectory() as directory:
        served = Served(Path(directory))
        bench = Bench(served, served.account("claire"), served.account("paul"))
        started_s = served.start()
        bench.results.append(Result("start to first answer (s)", started_s, 2.0, "s"))
        await asyncio.sleep(2)
        bench.results.append(Result("idle memory (MB)", served.memory_mb(), 95, "MB"))
        try:
            for name, row in {
                "floor": floor,
                **ROWS,
                "everything": everything,
                "crowd": crowd,
                "streams": streams,
                "pages": pages,
                "sites": sites,
            }.items():
                if not names or name in names:
                    await row(bench)
                    if name == "ingest":
                        size = await pruned_mb(copied(served.data))
                        work = "disk per 1,000 statuses, pruned (MB)"
                        bench.results.append(Result(work, size, 1.2, "MB"))
                    bench.print_new(r_ms, plain_ms)
        finally:
            await bench.close()
            served.stop()


def copied(data: Path) -> Path:
    """A copy of a directory in use: later rows put other things beside the statuses."""
    folder = data.with_name("copied")
    shutil.copytree(data, folder, ignore=shutil.ignore_patterns("maillage.db*"))
    with (
        closing(sqlite3.connect(data / "maillage.db")) as source,
        closing(sqlite3.connect(folder / "maillage.db")) as target,
    ):
        source.backup(target)
    return folder


async def pruned_mb(data: Path) -> float:
    """The size of the database for 1,000 statuses once bodies and deliveries are forgotten."""
    settings = read_settings(data)
    node = await open_node(settings, clock=lambda: system_clock() + 31 * 86_400_000)
    await clean(node)
    statuses = await node.db.value("SELECT count(*) FROM status")
    await close_node(node)
    path = data / "maillage.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM")
    return path.stat().st_size / 1e6 / (statuses / 1000)


if __name__ == "__main__":
    asyncio.run(run([name for word in sys.argv[1:] for name in word.split(",") if name]))
