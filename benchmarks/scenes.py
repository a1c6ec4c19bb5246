"""Scenes too large to be acted: rows as they would stand after months, written at once.

What they hold is the same in every run: who wrote what is drawn with a fixed seed.
"""

import random
from dataclasses import dataclass
from typing import Any

from actors.words import words_and_stems
from federation.database import Transaction
from federation.node import Node
from maillage.nodes import close_node, open_node
from maillage.settings_file import Settings

ORIGIN = "https://ailleurs.example"
DAY_MS = 86_400_000
BATCH = 5_000
# fmt: off
WORDS = (
    "réunion", "transmission", "salle", "équipe", "nuit", "planning", "semaine", "prochaine",
    "repas", "résidents", "familles", "jardin", "atelier", "musique", "sortie", "mairie",
    "conseil", "travaux", "parking", "accueil", "infirmière", "médecin", "vaccin", "formation",
    "stagiaire", "horaire", "congé", "remplacement", "cuisine", "menu", "anniversaire", "chorale",
    "lecture", "bibliothèque", "marché", "fête", "printemps", "visite", "projet", "budget",
    "association", "bénévole",
)
# fmt: on
SENTENCES = 400
TAGS = ("repas", "jardin", "musique", "travaux", "conseil", "sorties")


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who writes and how much; the reader follows the first `followees` of the authors."""

    authors: int
    followees: int
    statuses: int
    searchable: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """The ids of what was written, oldest first."""

    author_ids: list[int]
    status_ids: list[int]


async def fill(settings: Settings, username: str, crowd: Crowd, *, rich: bool = False) -> Scene:
    """Write the crowd into the node's database; `rich`: with all that a reader can have.

    That is 20 filters, three lists of which one is exclusive, three followed tags; among the
    statuses boosts, quotes, answers, polls, and notifications of what others did.
    """
    node = await open_node(settings, upgrades=False)
    try:
        reader_id = await node.db.value("SELECT id FROM actor WHERE username = ?", username)
        return await _Filling(node, reader_id, crowd).run(rich=rich)
    finally:
        await close_node(node)


class _Filling:
    """One scene being written."""

    def __init__(self, node: Node, reader_id: int, crowd: Crowd) -> None:
        self.node = node
        self.reader_id = reader_id
        self.crowd = crowd
        self.random = random.Random(7)
        self.ends_at = node.clock() - DAY_MS
        self.step_ms = max(1, 90 * DAY_MS // crowd.statuses)
        self.begins_at = self.ends_at - self.step_ms * crowd.statuses
        self.texts = [" ".join(self.random.choices(WORDS, k=24)) for _ in range(SENTENCES)]
        self.indexed = [_index_of(text) for text in self.texts]

    async def run(self, *, rich: bool) -> Scene:
        authors = [(self.begins_at - DAY_MS << 16) + n for n in range(self.crowd.authors)]
        await self.node.db.write(lambda tx: self._people(tx, authors))
        ids = [(self.begins_at + n * self.step_ms << 16) + 1 for n in range(self.crowd.statuses)]
        for start in range(0, len(ids), BATCH):
            some = range(start, min(start + BATCH, len(ids)))
            await self.node.db.write(
                lambda tx, some=some: self._write(tx, ids, authors, some, rich)
            )
        if rich:
            await self.node.db.write(lambda tx: self._wishes(tx, authors))
            await self.node.db.write(lambda tx: self._extras(tx, ids))
            await self.node.db.write(lambda tx: self._notifications(tx, ids, authors))
        return Scene(authors, ids)

    async def _people(self, tx: Transaction, authors: list[int]) -> None:
        at = self.begins_at
        await _insert(
            tx,
            "actor",
            "id uri type origin is_local username handle_host display_name summary_html url"
            " inbox_url followers_url indexable search_words created_at updated_at fetched_at",
            [
                (
                    *(actor_id, f"{ORIGIN}/users/a{n}", "Person", ORIGIN, False, f"a{n}"),
                    *("ailleurs.example", f"Autrice {n}", "<p>Bonjour.</p>"),
                    *(f"{ORIGIN}/@a{n}", f"{ORIGIN}/users/a{n}/inbox"),
                    *(f"{ORIGIN}/users/a{n}/followers", True, f" autrice {n} a{n}"),
                    *(at, at, self.node.clock()),
                )
                for n, actor_id in enumerate(authors)
            ],
        )
        await _insert(
            tx,
            "follow",
            "id follower_id target_id uri state created_at",
            [
                (
                    *(actor_id + 1_000_000, self.reader_id, actor_id),
                    *(f"{ORIGIN}/f/{actor_id}", "accepted", at),
                )
                for actor_id in authors[: self.crowd.followees]
            ],
        )
        await _insert(
            tx,
            "audience",
            "id kind owner created_at",
            [
                (actor_id, "public", f"{ORIGIN}/users/a{n}", at)
                for n, actor_id in enumerate(authors)
            ],
        )
        await _insert(tx, "tag", "id name", [(n + 1, name) for n, name in enumerate(TAGS)])

    async def _write(
        self, tx: Transaction, ids: list[int], authors: list[int], some: range, rich: bool
    ) -> None:
        statuses: list[tuple[Any, ...]] = []
        words: list[tuple[Any, ...]] = []
        for n in some:
            author = self.random.choice(authors)
            text = self.random.randrange(SENTENCES)
            boosts = ids[n - 7] if rich and n % 10 == 9 else None
            quotes = ids[n - 3] if rich and n % 10 == 5 else None
            kind = "Question" if rich and n % 10 == 2 else "Note"
            language = "br" if n % 500 == 3 else "fr"
            at = self.begins_at + n * self.step_ms
            uri = f"{ORIGIN}/notes/{n}"
            content = "" if boosts else f"<p>{self.texts[text]}</p>"
            statuses.append(
                (
                    *(ids[n], uri, uri, author, author, "public", False, kind, content, language),
                    *(ids[n], boosts, quotes, "accepted" if quotes else None, at),
                )
            )
            if self.crowd.searchable and not boosts:
                words.append((ids[n], *self.indexed[text]))
        await _insert(
            tx,
            "status",
            "id uri url actor_id audience_id audience_kind is_local type content_html language"
            " thread_root_id reblog_of_id quote_of_id quote_state published_at",
            statuses,
        )
        if words:
            sql = "INSERT INTO status_words (rowid, words, stems) VALUES (?, ?, ?)"
            await tx.many(sql, words)

    async def _wishes(self, tx: Transaction, authors: list[int]) -> None:
        at, own = self.begins_at, self.reader_id
        filters = range(1, 21)
        await _insert(
            tx,
            "content_filter",
            "id actor_id title contexts action created_at",
            [(n, own, f"filtre {n}", "home notifications public", "warn", at) for n in filters],
        )
        await _insert(
            tx,
            "filter_keyword",
            "id filter_id keyword whole_word",
            [(n, n, WORDS[0] if n == 1 else f"mot absent {n}", True) for n in filters],
        )
        await tx.execute("INSERT INTO filter_version (actor_id, version) VALUES (?, 1)", own)
        await _insert(
            tx,
            "list",
            "id actor_id title exclusive created_at",
            [(n, own, f"liste {n}", n == 1, at) for n in (1, 2, 3)],
        )
        members = authors[: self.crowd.followees]
        await _insert(
            tx,
            "list_member",
            "id list_id actor_id follow_id",
            [(n, n % 3 + 1, a, a + 1_000_000) for n, a in enumerate(members[:6])],
        )
        await _insert(
            tx, "tag_follow", "id actor_id tag_id created_at", [(n, own, n, at) for n in (1, 2, 3)]
        )

    async def _extras(self, tx: Transaction, ids: list[int]) -> None:
        tagged = [(n % len(TAGS) + 1, ids[n]) for n in range(0, len(ids), 10)]
        await _insert(tx, "status_tag", "tag_id status_id", tagged)
        asked = range(2, len(ids), 10)
        await _insert(
            tx,
            "poll",
            "id status_id multiple ends_at voters_count",
            [(ids[n], ids[n], False, self.node.clock() + DAY_MS, 3) for n in asked],
        )
        await _insert(
            tx,
            "poll_option",
            "poll_id position title votes_count",
            [(ids[n], place, f"choix {place}", place) for n in asked for place in range(3)],
        )
        own = self.reader_id
        kept = ids[-200::4]
        for table in ("favourite", "bookmark"):
            uri = {"uri": f"{ORIGIN}/k"} if table == "favourite" else {}
            names = " ".join(["id actor_id status_id created_at", *uri])
            await _insert(
                tx, table, names, [(one, own, one, self.ends_at, *uri.values()) for one in kept]
            )

    async def _notifications(self, tx: Transaction, ids: list[int], authors: list[int]) -> None:
        """Mentions, thanks in groups, boosts and followers, newest last."""
        own = self.reader_id
        kinds = ("mention", "favourite", "favourite", "reblog", "follow", "favourite")
        rows: list[tuple[Any, ...]] = []
        for n in range(min(3_000, len(ids))):
            kind = kinds[n % len(kinds)]
            at = self.begins_at + n * self.step_ms
            about = 0 if kind == "follow" else ids[-10 * (1 + n % 30)]
            key = {
                "favourite": f"favourite-{about}-{n // 40}",
                "reblog": f"reblog-{about}-{n // 40}",
                "follow": f"follow-{n // 40}",
            }.get(kind)
            sender = authors[(n * 7) % len(authors)]
            rows.append(((at << 16) + 2, own, kind, sender, about, at, key))
        seen: set[tuple[Any, ...]] = set()
        once = [r for r in rows if r[1:5] not in seen and not seen.add(r[1:5])]
        await _insert(
            tx,
            "notification",
            "id recipient_id type from_actor_id status_id created_at group_key",
            once,
        )


def _index_of(text: str) -> tuple[str, str]:
    """The words and stems of a text as SQLite's index holds them."""
    words, stems = words_and_stems(text)
    return " ".join(words), " ".join(stems)


async def _insert(tx: Transaction, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    names = columns.split()
    places = ", ".join("?" * len(names))
    await tx.many(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", rows)
