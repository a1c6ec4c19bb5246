"""How the story begins: the nodes, what they agree, the people and whom they follow."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path
from subprocess import Popen
from typing import Self

from scripts.demo_looking import expect, ms_since, wait
from scripts.demo_nodes import SCOPES, Person, Processes, Site, free_ports, new_password
from scripts.demo_teller import Teller

SITES = (
    ("tilleuls", "Résidence Les Tilleuls"),
    ("roses", "Résidence Les Roses"),
    ("valmont", "Mairie de Valmont"),
)
PEOPLE = (
    ("claire", "Claire Martin", "tilleuls"),
    ("hugo", "Hugo Lambert", "tilleuls"),
    ("paul", "Paul Durand", "roses"),
    ("ines", "Inès Benali", "valmont"),
)
PORTS_FROM = 8801
NUMBER = re.compile(r"\d{5}(?: \d{5}){11}")
# As `maillage partner list` says it, in French and English.
ACTIVE = ("en vigueur", "active")
# In this story people follow and answer each other as they like.
GRANTS = ("--grant", "follow=free", "--grant", "messages=anyone")
ASKS = ("--ask", "follow=free", "--ask", "messages=anyone", "--yes")
Pair = tuple[Site, Site]
Words = tuple[str, ...]


@dataclass
class Beginning:
    """The sites and people of the story, and the chapters that bring them to life."""

    teller: Teller
    sites: dict[str, Site]
    people: dict[str, Person]

    @classmethod
    def at(cls, folder: Path, processes: Processes, teller: Teller, *, fixed: bool) -> Self:
        """The story with its nodes below `folder`, on well-known ports if `fixed` and free."""
        ports = free_ports(len(SITES), PORTS_FROM if fixed else None)
        sites = {
            key: Site(key, name, folder / key, port, processes)
            for (key, name), port in zip(SITES, ports, strict=True)
        }
        people = {
            key: Person(sites[site], key, name, teller.say(f"job.{key}"), new_password())
            for key, name, site in PEOPLE
        }
        return cls(teller, sites, people)

    @property
    def partners(self) -> list[Person]:
        """One person of each site."""
        return [self.people["claire"], self.people["paul"], self.people["ines"]]

    def begin(self) -> None:
        """Make nodes and people and let them follow each other."""
        self._nodes()
        self._partners()
        self._people()

    def _nodes(self) -> None:
        self.teller.chapter("chapter.nodes")
        begun = {
            site.key: site.begin(
                *("init", "--origin", site.origin, "--name", site.name),
                *("--language", self.teller.language, "--federation", "closed"),
            )
            for site in self.sites.values()
        }
        for site in self.sites.values():
            with self.teller.step("init", site.key, site=site.name):
                site.processes.output(begun[site.key])
        at = time.monotonic()
        for site in self.sites.values():
            site.serve()
        for site in self.sites.values():
            with self.teller.step("serve", site.key, site=site.name, origin=site.origin) as step:
                wait(site.is_ready)
                step.ms = ms_since(at)

    def _partners(self) -> None:
        """Each pair of sites agrees: a code, an offer, the same number read on both sides."""
        self.teller.chapter("chapter.partners")
        pairs = list(combinations(self.sites.values(), 2))
        codes = self._said(
            "invite", pairs, lambda site, other: (site, "invite", other.host, *GRANTS)
        )
        code_of = {
            (site.host, other.host): code.splitlines()[-1]
            for (site, other), code in zip(pairs, codes, strict=True)
        }
        seen = self._said(
            "offer",
            pairs,
            lambda site, other: (other, "accept", code_of[site.host, other.host], *GRANTS, *ASKS),
        )
        self._numbers(pairs, seen)
        at = time.monotonic()
        self._said("confirm", pairs, lambda site, other: (site, "confirm", other.host, "--yes"))
        for site, other in pairs:
            words = {"site": site.name, "other": other.name}
            with self.teller.step("agreed", site.key, other.key, **words) as step:
                wait(lambda site=site, other=other: _is_active(other, site))
                step.ms = ms_since(at)

    def _said(
        self, code: str, pairs: list[Pair], words: Callable[[Site, Site], tuple[Site, *Words]]
    ) -> list[str]:
        """Run one command of `maillage partner` for all pairs at once; tell each, in order."""
        begun: list[tuple[Pair, Site, Popen[str]]] = []
        for site, other in pairs:
            at, *said = words(site, other)
            begun.append(((site, other), at, at.begin("partner", *said)))
        printed: list[str] = []
        for (site, other), at, process in begun:
            with self.teller.step(code, site.key, other.key, site=site.name, other=other.name):
                printed.append(at.processes.output(process))
        return printed

    def _numbers(self, pairs: list[Pair], seen: list[str]) -> None:
        """The number as `seen` by who offers is the one that the other site shows."""
        begun = [site.begin("partner", "show", other.host) for site, other in pairs]
        for (site, other), shown, there in zip(pairs, begun, seen, strict=True):
            words: dict[str, object] = {"site": site.name, "other": other.name, "number": ""}
            with self.teller.step("number", site.key, other.key, **words) as step:
                number = _safety_number(site.processes.output(shown))
                expect(number == _safety_number(there), number)
                step.words["number"] = number

    def _people(self) -> None:
        self.teller.chapter("chapter.people")
        begun = {person.username: self._begin_account(person) for person in self.people.values()}
        for person in self.people.values():
            words = {"name": person.name, "job": person.job, "handle": person.handle}
            with self.teller.step("account", person.username, **words):
                self._end_account(person, begun[person.username])
        tokens = {person.username: _begin_token(person) for person in self.people.values()}
        for person in self.people.values():
            with self.teller.step("profile", person.username, name=person.name):
                person.log_in(person.site.processes.output(tokens[person.username]))
                _write_profile(person)
        for person, other in permutations(self.partners, 2):
            self._find_and_follow(person, other)
        hugo, claire = self.people["hugo"], self.people["claire"]
        with self.teller.step("colleague", name=hugo.name, other=claire.name) as step:
            step.ms = self._follow(hugo, self._found(hugo, claire))

    def _begin_account(self, person: Person) -> Popen[str]:
        secret = person.password_file
        secret.touch(mode=0o600)
        secret.write_text(person.password + "\n", "utf-8")
        return person.site.begin(
            "account", "create", person.username, "--password-file", str(secret)
        )

    def _end_account(self, person: Person, begun: Popen[str]) -> None:
        try:
            person.site.processes.output(begun)
        finally:
            person.password_file.unlink()

    def _find_and_follow(self, person: Person, other: Person) -> None:
        names = (person.username, other.username)
        with self.teller.step("find", *names, name=person.name, handle=other.handle) as step:
            at = time.monotonic()
            account_id = self._found(person, other)
            step.ms = ms_since(at)
        with self.teller.step("follow", *names, name=person.name, other=other.name) as step:
            step.ms = self._follow(person, account_id)

    def _found(self, person: Person, other: Person) -> str:
        found = person.get(f"/api/v2/search?type=accounts&resolve=true&q=%40{other.handle}")
        expect(len(found["accounts"]) == 1, found)
        expect(found["accounts"][0]["display_name"] == other.name, found)
        return found["accounts"][0]["id"]

    def _follow(self, person: Person, account_id: str) -> float:
        person.post(f"/api/v1/accounts/{account_id}/follow")
        at = time.monotonic()
        path = f"/api/v1/accounts/relationships?id[]={account_id}"
        wait(lambda: person.get(path)[0]["following"])
        return ms_since(at)


def _safety_number(shown: str) -> str:
    """The twelve groups of five digits in what `maillage partner show` printed."""
    found = NUMBER.search(shown)
    expect(found is not None, shown)
    assert found is not None, "expected above"
    return found[0]


def _is_active(at: Site, of: Site) -> bool:
    line = next(line for line in at.say("partner", "list").splitlines() if of.origin in line)
    return line.split("\t")[1] in ACTIVE


def _begin_token(person: Person) -> Popen[str]:
    return person.site.begin("token", "create", person.username, "--scopes", SCOPES)


def _write_profile(person: Person) -> None:
    changes = {"display_name": person.name, "note": person.job.capitalize()}
    person.patch("/api/v1/accounts/update_credentials", **changes)
    shown = person.get("/api/v1/accounts/verify_credentials")
    expect(shown["display_name"] == person.name, shown)
