"""Copies of others' media: fetched when somebody who may see asks, kept bounded and for a while.

A reader's browser never meets another server, and the other server never learns who reads. The
caller has decided that its reader may see; the file is fetched signed by the instance actor,
as its origin, and is served as what its content is.
"""

import asyncio
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from actors.remote import require_admitted
from federation.admission import rejects_media
from federation.database import Row, Transaction
from federation.errors import NodeError, NotFound
from federation.node import Node
from federation.origins import origin_of
from federation.remembered import Remembered
from outbox.agreed import keeps_copies_of
from outbox.sniffing import START_BYTES, Family, kind_of
from outbox.uploads import work_folder

AT_ONCE = 4
DEADLINE_S = 30.0
FAILED_MS = 300_000
FAILED_MAX = 10_000
DAY_MS = 86_400_000
# Where an agreement lets files be passed through only: as long as a film is watched.
PASSING_MS = 600_000
BATCH = 200
PICTURES: tuple[Family, ...] = ("image",)
EVERYTHING: tuple[Family, ...] = ("image", "film", "document")


@dataclass(frozen=True, slots=True)
class Copy:
    """A file of somebody else's that is here."""

    path: Path
    digest: str
    media_type: str
    size: int


class Copies:
    """The copies of one node; who asks for one that is being fetched waits for it."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._places = asyncio.Semaphore(AT_ONCE)
        self._on_their_way: dict[str, asyncio.Task[Copy]] = {}
        self._failed: Remembered[str, bool] = Remembered(FAILED_MAX, FAILED_MS, node.clock)

    async def get(self, url: str, families: tuple[Family, ...]) -> Copy:
        """The copy of what is at `url`, fetched when it is not here.

        Raises NotFound when it cannot be had, is too large, or is of another family; then it
        is not asked for again for five minutes. NotFound as well while staff takes no files
        from there, also for what is kept.
        """
        await self._check_taken(url)
        digest = sha256(url.encode()).hexdigest()
        found = await self._kept(digest)
        if found is None:
            if self._failed.get(digest):
                raise NotFound("record.not_found")
            task = self._on_their_way.get(digest)
            if task is None:
                task = asyncio.create_task(self._fetch(url, digest, families))
                self._on_their_way[digest] = task
                task.add_done_callback(lambda _: self._on_their_way.pop(digest, None))
            # A reader who goes away does not take it from the others.
            found = await asyncio.shield(task)
        if not any(found.media_type in types for types in map(_TYPES.get, families) if types):
            raise NotFound("record.not_found")
        return found

    async def _check_taken(self, url: str) -> None:
        try:
            origin = origin_of(url)
        except NodeError as error:
            raise NotFound("record.not_found") from error
        if await rejects_media(self._node.db, origin):
            raise NotFound("record.not_found")

    async def _kept(self, digest: str) -> Copy | None:
        row = await self._node.db.row("SELECT * FROM proxied WHERE digest = ?", digest)
        if row is None or _is_over(row, self._node.clock()):
            return None
        path = path_of(self._node, digest)
        if not path.is_file():
            return None
        if row["used_at"] < self._node.clock() - DAY_MS:
            await self._use(digest)
        return Copy(path, digest, row["media_type"], row["bytes"])

    async def _use(self, digest: str) -> None:
        now = self._node.clock()

        async def work(tx: Transaction) -> None:
            await tx.execute("UPDATE proxied SET used_at = ? WHERE digest = ?", now, digest)

        await self._node.db.write(work)

    async def _fetch(self, url: str, digest: str, families: tuple[Family, ...]) -> Copy:
        try:
            async with self._places, work_folder(self._node) as folder:
                return await self._fetched(url, digest, families, folder / "copy")
        except NodeError as error:
            self._failed.put(digest, value=True)
            raise NotFound("record.not_found") from error

    async def _fetched(
        self, url: str, digest: str, families: tuple[Family, ...], path: Path
    ) -> Copy:
        node = self._node
        await require_admitted(node, origin_of(url))
        options = node.options.media
        limit = options.bytes_max if "film" in families else options.image_bytes_max
        with path.open("w+b") as file:
            answer = await node.client.get(
                url,
                # Nothing of the reader's own request goes further (SEC-214).
                headers={"Accept": "image/*, video/*, audio/*, application/*;q=0.5"},
                sign=node.keyring.signer(node.uris.instance_actor),
                limit_bytes=limit,
                deadline_s=DEADLINE_S,
                redirects=0 if node.is_closed else 3,
                into=file,
            )
            file.seek(0)
            start = file.read(START_BYTES)
            size = file.seek(0, 2)
        if answer.status != 200:
            raise NotFound("record.not_found")
        await require_admitted(node, origin_of(answer.url))
        await self._check_taken(answer.url)
        kind = kind_of(start)
        if kind is None or kind.family not in families:
            raise NotFound("record.not_found")
        await self._keep(digest, kind.media_type, size, origin_of(answer.url))
        target = path_of(node, digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(path.replace, target)
        return Copy(target, digest, kind.media_type, size)

    async def _keep(self, digest: str, media_type: str, size: int, origin: str) -> None:
        """The row first, so that no file is ever without one.

        A partner whose agreement says *proxied* lets its file pass, not stay.
        """
        now = self._node.clock()
        stays = await keeps_copies_of(self._node.db, origin)

        async def work(tx: Transaction) -> None:
            await tx.execute("DELETE FROM proxied WHERE digest = ?", digest)
            await tx.execute(
                "INSERT INTO proxied (digest, media_type, bytes, fetched_at, used_at, origin,"
                " until_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                digest,
                media_type,
                size,
                now,
                now,
                origin,
                None if stays else now + PASSING_MS,
            )

        await self._node.db.write(work)


def _is_over(row: Row, now: int) -> bool:
    return row["until_at"] is not None and row["until_at"] <= now


_TYPES: dict[Family, frozenset[str]] = {
    "image": frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"}),
    "film": frozenset(
        {
            *("video/mp4", "video/webm", "video/quicktime", "audio/mpeg", "audio/ogg"),
            *("audio/wav", "audio/flac", "audio/aac", "audio/mp4"),
        }
    ),
    "document": frozenset({"application/pdf", "application/zip", "text/plain"}),
}


def path_of(node: Node, digest: str) -> Path:
    """Where the copy with this digest stands."""
    return node.storage.work.parent / "copies" / digest[:2] / digest


async def forget_from(node: Node, origin: str) -> int:
    """Remove every copy of a file of this origin; return how many there were."""
    rows = await node.db.rows("SELECT digest FROM proxied WHERE origin = ?", origin)
    for row in rows:
        path_of(node, row["digest"]).unlink(missing_ok=True)

    async def work(tx: Transaction) -> int:
        return await tx.execute("DELETE FROM proxied WHERE origin = ?", origin)

    return await node.db.write(work) if rows else 0


async def trim(node: Node) -> int:
    """Remove copies that are too old, and those least used beyond the limit of all together."""
    old = node.clock() - node.options.media.proxied_days * DAY_MS
    rows = list(
        await node.db.rows(
            "SELECT digest, bytes FROM proxied WHERE fetched_at < ? OR until_at <= ? LIMIT ?",
            old,
            node.clock(),
            BATCH,
        )
    )
    total = int(await node.db.value("SELECT COALESCE(SUM(bytes), 0) FROM proxied"))
    over = total - sum(row["bytes"] for row in rows) - node.options.media.proxied_bytes_max
    if over > 0:
        rows += await _least_used(node, over)
    for row in rows:
        path_of(node, row["digest"]).unlink(missing_ok=True)
    if rows:

        async def work(tx: Transaction) -> None:
            await tx.many("DELETE FROM proxied WHERE digest = ?", [(r["digest"],) for r in rows])

        await node.db.write(work)
    return len(rows)


async def _least_used(node: Node, bytes_over: int) -> list[Row]:
    found: list[Row] = []
    for row in await node.db.rows(
        "SELECT digest, bytes FROM proxied ORDER BY used_at, digest LIMIT ?", BATCH
    ):
        if bytes_over <= 0:
            break
        found.append(row)
        bytes_over -= row["bytes"]
    return found
