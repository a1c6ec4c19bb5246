"""What the pages weigh and how soon they are seen, in a real browser on a slow line.

The line and the processor are slowed by the browser itself; nothing of the page is in its memory
when a first load is measured.
"""

import tempfile
from pathlib import Path

from benchmarks.rows import TEXT, Bench, Result
from tests.browser.chromium import Page, tab

POSTS = 15
PASSWORD = "un mot de passe assez long"
FIRST_KB, PAGE_KB = 150, 30
# Round trip in ms, line in bit/s, how much slower the processor is, seconds to the first paint.
LINES = ((400, 400_000, 4, 2.5), (150, 1_600_000, 1, 1.0))
LOADED = """[performance.getEntriesByType('navigation')[0],
  ...performance.getEntriesByType('resource')].reduce((sum, one) => sum + one.encodedBodySize, 0)"""
PAGE = "performance.getEntriesByType('navigation')[0].encodedBodySize"
PAINT = """new Promise((found) => new PerformanceObserver((list) => found(
  list.getEntriesByName('first-contentful-paint')[0].startTime / 1000)
  ).observe({type: 'paint', buffered: true}))"""


async def pages(bench: Bench) -> None:
    """Bytes of the first page and of those after it; the first paint on two lines."""
    for number in range(POSTS):
        said = {"status": f"{TEXT} {number}", "visibility": "local"}
        await bench.api("POST", "/api/v1/statuses", said, bench.paul)
    with tempfile.TemporaryDirectory() as folder:
        async with tab(Path(folder)) as page:
            await _weigh(bench, page)
            for line in LINES:
                await _paint(bench, page, *line)


async def _weigh(bench: Bench, page: Page) -> None:
    here = bench.served.origin
    await page.go(f"{here}/sign-in")
    for field, text in (("login", "claire"), ("password", PASSWORD)):
        await page.write(f"#{field}", text)
    await page.follow("form:has(#password) .btn")
    await page.tell("Network.enable")
    # What the worker fetches is fetched by no page: the first of them is measured without it.
    await page.tell("Network.setBypassServiceWorker", bypass=True)
    await page.tell("Network.clearBrowserCache")
    await page.go(f"{here}/?view=site")
    weight = await page.run(LOADED) / 1000
    bench.results.append(Result("first page, with all it needs (kB)", weight, FIRST_KB, "kB"))
    for name, path in (
        ("home", "/?view=site"),
        ("write", "/write"),
        ("profile", "/@paul"),
        ("settings", "/settings"),
        ("hours", "/settings/hours"),
        ("notifications", "/notifications"),
    ):
        await page.go(here + path)
        assert await page.run("document.querySelector('form#do') !== null"), path
        weight = await page.run(PAGE) / 1000
        bench.results.append(Result(f"the page {name}, after it (kB)", weight, PAGE_KB, "kB"))


async def _paint(
    bench: Bench, page: Page, latency_ms: int, bits: int, slower: int, reach_s: float
) -> None:
    await page.tell(
        "Network.emulateNetworkConditions",
        offline=False,
        latency=latency_ms,
        downloadThroughput=bits / 8,
        uploadThroughput=bits / 8,
    )
    await page.tell("Emulation.setCPUThrottlingRate", rate=slower)
    for name, path in (("home", "/?view=site"), ("write", "/write")):
        await page.tell("Network.clearBrowserCache")
        await page.go(bench.served.origin + path)
        work = f"first paint of {name}, {latency_ms} ms, {bits // 1000} kbit/s, CPU / {slower} (s)"
        bench.results.append(Result(work, await page.run(PAINT), reach_s, "s"))
