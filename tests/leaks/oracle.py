"""The oracle: compares what everybody holds and is shown with what the model says."""

import os
from collections.abc import Iterable
from pathlib import Path

import orjson

from tests.leaks import pages, surfaces
from tests.leaks.marks import marks_in
from tests.leaks.model import ACROSS, OPEN, PEER, Said, Someone
from tests.leaks.nodes import Site
from tests.leaks.world import PEOPLE, LeakError, World

NEWEST = 12


class Oracle:
    """What was found to be wrong; `check` raises it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.found: list[str] = []
        self.answers = 0
        self._heard: dict[tuple[str, str], set[str]] = {}
        self._ever: dict[int, set[str]] = {}

    # After every act ----------------------------------------------------------------------------

    async def after_act(self, touched: Iterable[Said]) -> None:
        """Check what passed between the nodes, what people heard, and the objects of the act."""
        self.world.model.refresh()
        self._remember()
        self.check_told()
        self.check_heard()
        for said in touched:
            await self.check_object(said)
        self.check()

    def check(self) -> None:
        """Raise what was found."""
        if self.found:
            raise LeakError("; ".join(dict.fromkeys(self.found)))

    def _by_word(self) -> dict[str, Said]:
        return {mark.word: said for said in self.world.model.said for mark in said.marks}

    def _remember(self) -> None:
        model = self.world.model
        for said in model.said[-60:]:
            ever = self._ever.setdefault(said.number, set())
            ever |= {p.name for p in PEOPLE if model.may_read(p, said) is not False}

    def check_told(self) -> None:
        """Nobody outside an audience was ever sent a byte, nor the address, of what is not open."""
        model, told = self.world.model, self.world.told
        allowed = {mark.word: mark.allowed for said in model.said for mark in said.marks}
        kept = [said for said in model.said if said.kind not in OPEN and not said.is_deleted]
        addresses = {said.uri: said for said in kept}
        for exchange in self.world.peer.door.exchanges:
            told.tell(self.world.peer.origin, exchange.body)
        self.world.peer.door.exchanges.clear()
        for origin, words in told.marks.items():
            name = self.world.name_of(origin)
            for word in words:
                if word in allowed and name not in allowed[word]:
                    self.found.append(f"{name or 'nobody'} was sent {self._label(word)}")
        for origin, uris in told.uris.items():
            name = self.world.name_of(origin)
            for uri in uris & addresses.keys():
                # Whoever has the conversation reads answers to what did not come to it.
                if name not in addresses[uri].allowed | addresses[uri].circle:
                    self.found.append(f"{name or 'nobody'} was told of {addresses[uri].label}")

    def _label(self, word: str) -> str:
        return self._by_word()[word].label

    def check_heard(self) -> None:
        """Nobody's stream, and no message to her device, had what she never might read."""
        devices = self.world.devices
        by_word = self._by_word()
        for way, heard in (("stream", devices.streamed), ("push", devices.pushed)):
            for name, words in heard.items():
                known = self._heard.setdefault((way, name), set())
                for word in words - known:
                    known.add(word)
                    said = by_word.get(word)
                    if said is None or name in self._ever.get(said.number, ()):
                        continue
                    if self.world.model.may_read(self.world.person(name), said) is False:
                        self.found.append(f"{name} got {said.label} by {way}")

    # One object ---------------------------------------------------------------------------------

    async def check_object(self, said: Said) -> None:
        """Check all surfaces of one object for everybody, and that who must have it has it."""
        world = self.world
        for person in PEOPLE:
            await self._check_reader(person, said)
        async for name, (surface, body) in surfaces.of_origins(world, said):
            self.judge_origin(name, surface, body)
        if said.file_name:
            async for reader, (surface, body) in surfaces.files(world, said):
                # Its author may use a file again that she has taken back.
                if reader != said.author:
                    self.judge(reader, surface, body)
        for name, site in world.sites.items():
            status_id = await world.local_id(said, name)
            async for surface, body in surfaces.of_nobody(site, said, status_id):
                self.judge(None, surface, body)
            await self._check_kept(name, site, said)

    async def _check_reader(self, person: Someone, said: Said) -> None:
        """Check what one person is shown of it, by her client and by the page in her browser."""
        itself, page = b"", b""
        async for name, body in surfaces.of_person(self.world, person, said):
            self.judge(person, name, body)
            itself = body if name == "itself" else itself
        if itself:
            page = await pages.page_of(self.world, person, said)
            self.judge(person, "its page", page)
        word = said.marks[-1].word.encode()
        if self.world.model.must_read(person, said) and not (word in itself and word in page):
            self.found.append(f"{person.name} misses {said.label}")

    async def _check_kept(self, name: str, site: Site, said: Said) -> None:
        """Exactly once where it must be, and nowhere once it was taken back."""
        count = await site.node.db.value("SELECT COUNT(*) FROM status WHERE uri = ?", said.uri)
        near = name == said.home or self.world.model.is_open(name, said.home)
        near = near and not self.world.model.is_lost(said, name)
        if said.is_deleted:
            if count and near and name in said.marks[0].owed:
                self.found.append(f"{name} still has {said.label}")
        elif count > 1 or (count and name not in said.allowed):
            self.found.append(f"{name} has {said.label} {count} times")
        elif not count and near and name in said.marks[0].owed:
            self.found.append(f"{name} has not {said.label}")

    def judge(self, reader: Someone | None, surface: str, body: bytes) -> None:
        """Nobody is shown what she may not read; who is not signed in, nothing at all."""
        self.answers += 1
        by_word = self._by_word() if b"zqm" in body else {}
        for word in marks_in(body):
            said = by_word.get(word)
            if said is None:
                continue
            if reader is None or self.world.model.may_read(reader, said) is False:
                who = reader.name if reader else "nobody in particular"
                self.found.append(f"{who} is shown {said.label} by {surface}")

    def _judge_copy(self, person: Someone, surface: str, body: bytes) -> None:
        """A copy holds what she may read, and her own files, also of what she has taken back."""
        by_word = self._by_word()
        authors = {said.author for word in marks_in(body) if (said := by_word.get(word))}
        if not surface.startswith("copy media/") or authors != {person}:
            self.judge(person, surface, body)

    def judge_origin(self, name: str, surface: str, body: bytes) -> None:
        """A site is served what it would be sent, and nothing else."""
        self.answers += 1
        by_word = self._by_word() if b"zqm" in body else {}
        for word in marks_in(body):
            said = by_word.get(word)
            if said is None:
                continue
            gone = said.is_deleted and said.home not in said.forgotten
            if gone or name not in self.world.model.sites_of(said):
                self.found.append(f"{name or 'nobody'} is served {said.label} by {surface}")

    # Everything ---------------------------------------------------------------------------------

    async def sweep(self, objects: int) -> None:
        """Check every surface for everybody, every byte of every node, and some objects whole."""
        world = self.world
        for person in PEOPLE:
            async for path, body in surfaces.lists_of(world, person):
                self.judge(person, path, body)
                self._check_once(person, path, body)
            async for surface, body in pages.pages_of(world, person):
                self.judge(person, surface, body)
            async for surface, body in pages.copy_of(world, person, world.folder / "copy.zip"):
                self._judge_copy(person, surface, body)
        for site in world.sites.values():
            async for path, body in surfaces.lists_of_nobody(site):
                self.judge(None, path, body)
        async for name, _, (surface, body) in surfaces.outboxes(world):
            self.judge_origin(name, surface, body)
        said = world.model.said
        for one in world.chance.sample(said, min(objects, len(said))):
            await self.check_object(one)
        await self.search_nodes()
        if words := world.logged():
            self.found.append(f"the logs hold {sorted(map(self._label, words))}")
        self.check()

    def _check_once(self, person: Someone, path: str, body: bytes) -> None:
        """What must be in a timeline is there once, and nothing is there twice."""
        is_home = path.startswith("/api/v1/timelines/home")
        if not is_home and path != surfaces.LISTS[1]:
            return
        model = self.world.model
        uris = [status["uri"] for status in orjson.loads(body)]
        newest = [s for s in model.said if not s.is_deleted and s.home != PEER][-NEWEST:]
        newest = [s for s in newest if not model.is_lost(s, person.site)]
        for said in newest:
            count = uris.count(said.uri)
            follows = said.author == person or (person, said.author) in model.follows
            common = said.kind in ("public", "site", *ACROSS) and not person.is_guest
            alone = said.parent is None and (person, said.author) not in model.blocks
            wanted = alone and (follows if is_home else common) and model.must_read(person, said)
            if count > 1 or (wanted and count != 1):
                where = "home" if is_home else "the common timeline"
                self.found.append(f"{person.name} has {said.label} {count} times in {where}")

    async def search_nodes(self) -> None:
        """Search all that every node keeps."""
        by_word = self._by_word()
        for name, site in self.world.sites.items():
            for word in await kept_marks(site):
                said = by_word.get(word)
                mark = next(m for m in said.marks if m.word == word) if said else None
                if mark is not None and name not in mark.allowed:
                    self.found.append(f"{name} holds {self._label(word)}")


async def kept_marks(site: Site) -> set[str]:
    """The marks in every value of every table of a node, and in every file of its folder."""
    db = site.node.db
    tables = await db.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if db.dialect == "sqlite"
        else "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    )
    found: set[str] = set()
    for table in tables:
        for row in await db.rows(f'SELECT * FROM "{table["name"]}"'):
            values = dict(row).values()
            parts = [v if isinstance(v, bytes) else str(v).encode() for v in values]
            found |= marks_in(b"\0".join(parts))
    for folder, _, names in os.walk(site.home.folder):
        for name in names:
            found |= marks_in((Path(folder) / name).read_bytes())
    return found
