"""Programs that read others' files: what they may use, and that nothing outlives them."""

import asyncio
import contextlib
import sys
from pathlib import Path

import pytest

from federation.database import Transaction
from federation.node import Node
from outbox import films, uploads
from outbox.blurhash import blurhash
from outbox.media_loop import media_once
from outbox.sniffing import Kind, kind_of
from outbox.uploads import About, plain_file_name, take_in, waiting_file, work_folder
from outbox.workers import Bounds, WorkerFailed, run
from tests.conftest import FakeClock
from tests.outbox.conftest import MakePerson
from tests.web.mastodon.files import film, picture

SMALL = Bounds(cpu_s=1, wall_s=5, memory_bytes=300_000_000, file_bytes=100_000)


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "bytearray(2_000_000_000)",
        "open('large', 'wb').write(bytes(10_000_000))",
        "import os; os.abort()",
        "print('x' * 1_000_000)",
        "open([open('/dev/null') for _ in range(100)])",
    ],
)
async def test_a_program_over_its_limits_ends_and_the_next_one_runs(
    node: Node, tmp_path: Path, code: str
) -> None:
    with pytest.raises(WorkerFailed):
        await run(node, (sys.executable, "-I", "-S", "-c", code), tmp_path, SMALL)
    said = await run(node, (sys.executable, "-I", "-S", "-c", "print(7)"), tmp_path, SMALL)
    assert said.output == b"7\n"


async def test_what_takes_too_long_is_ended_with_all_it_started(node: Node, tmp_path: Path) -> None:
    code = "import subprocess, time; subprocess.Popen(['sleep', '30']); time.sleep(30)"
    waits = Bounds(cpu_s=5, wall_s=0.7)
    with pytest.raises(WorkerFailed):
        await run(node, (sys.executable, "-I", "-c", code), tmp_path, waits)
    left = [""]
    for _ in range(50):
        # What is killed takes a moment to be gone.
        if not (left := await asyncio.to_thread(working_in, tmp_path)):
            break
        await asyncio.sleep(0.05)
    assert left == []


def working_in(folder: Path) -> list[str]:
    """The processes whose folder this is."""
    found: list[str] = []
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdigit() and (process / "cwd").readlink() == folder:
                found.append(process.name)
    return found


async def test_few_programs_run_at_once(node: Node, tmp_path: Path) -> None:
    code = "import time; print(time.time()); time.sleep(0.4); print(time.time())"

    async def one(number: int) -> tuple[float, float]:
        folder = tmp_path / str(number)
        folder.mkdir()
        said = await run(node, (sys.executable, "-I", "-S", "-c", code), folder, SMALL)
        start, end = map(float, said.output.split())
        return start, end

    spans = await asyncio.gather(*map(one, range(5)))
    assert all(sum(s <= start < e for s, e in spans) <= 2 for start, _ in spans)


async def test_a_picture_does_not_wait_for_films(node: Node, person: MakePerson) -> None:
    actor, _ = await person("alice")
    gate = asyncio.Event()

    async def a_long_film() -> None:
        async with node.film_places, node.media_places:
            await gate.wait()

    films_made = [asyncio.create_task(a_long_film()) for _ in range(3)]
    await asyncio.sleep(0)
    async with work_folder(node) as folder:
        path = folder / "picture"
        path.write_bytes(picture())
        row = await take_in(node, actor["id"], path, About(), at_once=True)
    assert row["progress"] == "done"
    gate.set()
    await asyncio.gather(*films_made)


@pytest.mark.needs("ffmpeg")
async def test_nothing_in_a_film_leads_elsewhere(node: Node, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of the node")
    playlist = tmp_path / "film"
    playlist.write_text(f"ffconcat version 1.0\nfile '{secret}'\n")
    for demuxer in ("mov", "matroska", "ogg", "mp3", "wav", "flac", "gif", "aac"):
        with pytest.raises(uploads.Invalid):
            await films.probe(node, playlist, Kind("film", "video/mp4", "mp4", demuxer))


@pytest.mark.needs("ffmpeg")
async def test_a_film_is_taken_up_again_after_a_stop(
    node: Node, person: MakePerson, clock: FakeClock
) -> None:
    actor, _ = await person("alice")
    async with work_folder(node) as folder:
        path = folder / "film"
        path.write_bytes(film())
        row = await take_in(node, actor["id"], path, About(), at_once=False)
    assert waiting_file(node, row["id"]).is_file()

    async def claimed_by_who_stopped(tx: Transaction) -> int:
        return await tx.execute(
            "UPDATE attachment SET attempts = 1, claimed_until = ?", clock() + 1_000
        )

    await node.db.write(claimed_by_who_stopped)
    assert await media_once(node) == 0
    clock.advance(2)
    assert await media_once(node) == 1
    assert (await uploads.get(node, row["id"]))["progress"] == "done"
    assert not waiting_file(node, row["id"]).exists()


@pytest.mark.parametrize("attempts", [0, 2])
@pytest.mark.needs("ffmpeg")
async def test_a_film_that_cannot_be_made_is_said_to_have_failed(
    node: Node, person: MakePerson, attempts: int
) -> None:
    actor, _ = await person("alice")
    async with work_folder(node) as folder:
        path = folder / "film"
        path.write_bytes(film())
        row = await take_in(node, actor["id"], path, About(), at_once=False)

    async def tried(tx: Transaction) -> int:
        return await tx.execute("UPDATE attachment SET attempts = ?", attempts)

    await node.db.write(tried)
    waiting_file(node, row["id"]).write_bytes(film()[:5000])
    assert await media_once(node) == 1
    failed = await uploads.get(node, row["id"])
    assert (failed["progress"], failed["failure"]) == ("failed", "media.broken")
    assert not waiting_file(node, row["id"]).exists()


def test_what_a_file_is_stands_in_its_first_bytes() -> None:
    for start, media_type in (
        (picture("JPEG"), "image/jpeg"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (b"RIFF\0\0\0\0WAVE", "audio/wav"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", "audio/mp4"),
        ("Bonjour é".encode(), "text/plain"),
    ):
        kind = kind_of(start)
        assert kind is not None
        assert kind.media_type == media_type
    for start in (
        b"",
        b"   \n",
        b"\xff\xfe<\0h\0",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1",
        b"RIFF\0\0\0\0AVI ",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"text\n<SVG onload=x>",
        b"\x1a\x45\xdf\xa3matroska",
    ):
        assert kind_of(start) is None, start


def test_a_file_name_is_only_a_name() -> None:
    assert plain_file_name("../../etc/passwd") == "passwd"
    assert plain_file_name("C:\\menus\\mardi.pdf") == "mardi.pdf"
    assert plain_file_name("a\r\nb\0.pdf") == "ab.pdf"
    assert plain_file_name("..") is None
    assert len(plain_file_name("x" * 500) or "") == 100


def test_blurhash_of_one_colour_and_of_two() -> None:
    plain = blurhash(bytes((255, 0, 0)) * 64, 8, 8)
    assert plain[2:6] == "TI:j"
    halves = blurhash((bytes((0, 0, 0)) * 4 + bytes((255, 255, 255)) * 4) * 8, 8, 8)
    assert len(plain) == len(halves) == 28
    assert plain[6:] != halves[6:]
