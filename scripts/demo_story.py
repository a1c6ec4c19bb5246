"""The story itself: three closed nodes, their people, and what passes between them.

Only documented commands and HTTP are used; a step is told when it has happened, a delivery
with the time from the answer to the author until it can be read at the other end.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from subprocess import Popen
from typing import Any

from scripts.demo_nodes import (
    SCOPES,
    Caller,
    Person,
    Processes,
    Site,
    UnexpectedError,
    free_port,
    new_password,
)
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
WAIT_S = 30
PAUSE_S, PAUSE_MAX_S = 0.004, 0.15
ACTIVITY = "application/activity+json"


@dataclass
class Story:
    """What happens, in order; each method is one chapter."""

    teller: Teller
    sites: dict[str, Site]
    people: dict[str, Person]

    @classmethod
    def at(cls, folder: Path, processes: Processes, teller: Teller, *, fixed: bool) -> "Story":
        """The story with its nodes below `folder`, on well-known ports if `fixed` and free."""
        sites = {
            key: Site(key, name, folder / key, free_port(PORTS_FROM + n if fixed else 0), processes)
            for n, (key, name) in enumerate(SITES)
        }
        people = {
            key: Person(sites[site], key, name, teller.say(f"job.{key}"), new_password())
            for key, name, site in PEOPLE
        }
        return cls(teller, sites, people)

    def tell(self) -> None:
        """Let everything happen; StepError names the first step that did not."""
        self._nodes()
        self._peers()
        self._people()
        first = self._posts()
        self._answers(first)
        self._limits()
        self._deletion(first)

    @property
    def _partners(self) -> list[Person]:
        return [self.people["claire"], self.people["paul"], self.people["ines"]]

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
                step.ms = _ms_since(at)

    def _peers(self) -> None:
        self.teller.chapter("chapter.peers")
        begun = {
            (site.key, other.key): site.begin("peer", "allow", other.origin)
            for site, other in permutations(self.sites.values(), 2)
        }
        for site, other in permutations(self.sites.values(), 2):
            with self.teller.step("allow", site.key, other.key, site=site.name, other=other.name):
                site.processes.output(begun[site.key, other.key])

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
        for person, other in permutations(self._partners, 2):
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
            step.ms = _ms_since(at)
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
        return _ms_since(at)

    def _posts(self) -> dict[str, Any]:
        self.teller.chapter("chapter.posts")
        claire, paul, ines = self._partners
        first = self._publish("public", claire, (paul, ines))
        self._publish("private", ines, (claire, paul))
        self._publish("direct", claire, (paul,), to=paul)
        return first

    def _publish(
        self, kind: str, author: Person, readers: Iterable[Person], to: Person | None = None
    ) -> dict[str, Any]:
        text = said = self.teller.say(f"text.{kind}")
        words: dict[str, object] = {"name": author.name, "text": text}
        if to is not None:
            said = f"@{to.handle} {text}"
            words["other"] = to.name
        visibility = "public" if kind == "next" else kind
        with self.teller.step(f"post.{kind}", author.username, **words):
            status = author.post("/api/v1/statuses", status=said, visibility=visibility)
            at = time.monotonic()
        self._arrivals(kind, readers, at, lambda entry: entry["uri"] == status["uri"])
        return status

    def _arrivals(
        self,
        kind: str,
        readers: Iterable[Person],
        at: float,
        is_it: Callable[[Any], bool],
        code: str = "arrives",
    ) -> None:
        """Look into all home timelines by turns; tell each arrival with its own time."""
        waiting = list(readers)
        times: dict[str, float] = {}
        for person in list(waiting):
            words = {"name": person.name, "site": person.site.name}
            with self.teller.step(code, kind, person.username, **words) as step:

                def look(person: Person = person) -> bool:
                    for other in list(waiting):
                        if any(map(is_it, home(other))):
                            times[other.username] = _ms_since(at)
                            waiting.remove(other)
                    return person.username in times

                wait(look)
                step.ms = times[person.username]

    def _answers(self, first: dict[str, Any]) -> None:
        self.teller.chapter("chapter.answers")
        claire, paul, ines = self._partners
        at_paul = self._here(paul, first)
        text = self.teller.say("text.reply")
        with self.teller.step("reply", paul.username, name=paul.name, text=text):
            reply = paul.post(
                "/api/v1/statuses",
                status=f"@{claire.handle} {text}",
                visibility="public",
                in_reply_to_id=at_paul["id"],
            )
            at = time.monotonic()
        self._arrivals("reply", (claire, ines), at, lambda entry: entry["uri"] == reply["uri"])
        with self.teller.step("thread", claire.username, name=claire.name):
            below = claire.get(f"/api/v1/statuses/{first['id']}/context")["descendants"]
            expect([entry["uri"] for entry in below] == [reply["uri"]], below)
        with self.teller.step(
            "favourite", paul.username, name=paul.name, other=claire.name
        ) as step:
            paul.post(f"/api/v1/statuses/{at_paul['id']}/favourite")
            at = time.monotonic()
            wait(lambda: is_told(claire, "favourite", first["id"]))
            step.ms = _ms_since(at)
        with self.teller.step("boost", ines.username, name=ines.name, other=claire.name):
            ines.post(f"/api/v1/statuses/{self._here(ines, first)['id']}/reblog")
            at = time.monotonic()
        self._arrivals("boost", (claire, paul), at, lambda e: is_boost_of(e, first), "boosted")

    def _here(self, person: Person, status: dict[str, Any]) -> dict[str, Any]:
        """The status as the person's own node has it, in her home timeline."""
        return next(entry for entry in home(person) if entry["uri"] == status["uri"])

    def _limits(self) -> None:
        self.teller.chapter("chapter.limits")
        claire, paul, ines = self._partners
        hugo = self.people["hugo"]
        inner = self._publish("local", claire, ())
        with self.teller.step("local.read", hugo.username, name=hugo.name) as step:
            at = time.monotonic()
            wait(lambda: inner["uri"] in uris_of(hugo))
            step.ms = _ms_since(at)
        # A partner gets everything in order: what was meant for it would be there before this.
        self._publish("next", claire, (paul, ines))
        for person in (paul, ines):
            words = {"name": person.name, "site": person.site.name}
            with self.teller.step("local.absent", person.username, **words):
                expect(self.teller.say("text.local") not in everything_of(person), "it is there")
        with self.teller.step("local.unfindable", paul.username, name=paul.name):
            found = paul.get(f"/api/v2/search?resolve=true&q={inner['uri']}")
            expect(found["statuses"] == [], found)
        with self.teller.step("direct.absent", ines.username, name=ines.name, other=paul.name):
            expect(self.teller.say("text.direct") not in everything_of(ines), "it is there")
        self._strangers(claire)

    def _strangers(self, person: Person) -> None:
        profile = person.get("/api/v1/accounts/verify_credentials")
        path = (profile.get("uri") or profile["url"]).removeprefix(person.site.origin)
        stranger = Caller(person.site.host, {"Accept": ACTIVITY})
        with self.teller.step("stranger.get", name=person.name):
            status, answer = stranger.ask("GET", path)
            expect(status == 401, (status, answer))
        with self.teller.step("stranger.post", name=person.name):
            forged = {
                "@context": "https://www.w3.org/ns/activitystreams",
                "id": f"{self.people['paul'].site.origin}/forged",
                "type": "Follow",
                "actor": f"{self.people['paul'].site.origin}/users/paul",
                "object": f"{person.site.origin}{path}",
            }
            status, answer = stranger.ask("POST", "/inbox", forged, ACTIVITY)
            expect(status == 401, (status, answer))
        stranger.close()

    def _deletion(self, first: dict[str, Any]) -> None:
        self.teller.chapter("chapter.delete")
        claire, paul, ines = self._partners
        copies = {person.username: self._here(person, first)["id"] for person in (paul, ines)}
        with self.teller.step("delete", claire.username, name=claire.name):
            claire.delete(f"/api/v1/statuses/{first['id']}")
            at = time.monotonic()
        for person in (paul, ines):
            words = {"name": person.name, "site": person.site.name}
            with self.teller.step("deleted", person.username, **words) as step:
                wait(lambda person=person: first["uri"] not in uris_of(person))
                step.ms = _ms_since(at)
                path = f"/api/v1/statuses/{copies[person.username]}"
                expect(person.caller.ask("GET", path)[0] == 404, path)


def _begin_token(person: Person) -> Popen[str]:
    return person.site.begin("token", "create", person.username, "--scopes", SCOPES)


def _write_profile(person: Person) -> None:
    changes = {"display_name": person.name, "note": person.job.capitalize()}
    person.patch("/api/v1/accounts/update_credentials", **changes)
    shown = person.get("/api/v1/accounts/verify_credentials")
    expect(shown["display_name"] == person.name, shown)


def expect(happened: bool, came: object) -> None:
    """Raise UnexpectedError, with what came instead, unless it happened."""
    if not happened:
        raise UnexpectedError(str(came)[:400])


def wait(look: Callable[[], bool]) -> None:
    """Look again and again, less often with time; TimeoutError after WAIT_S."""
    end, pause = time.monotonic() + WAIT_S, PAUSE_S
    while not look():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(pause)
        pause = min(pause * 1.3, PAUSE_MAX_S)


def home(person: Person) -> list[dict[str, Any]]:
    """The person's home timeline, newest first."""
    return person.get("/api/v1/timelines/home?limit=20")


def uris_of(person: Person) -> set[str]:
    """The ids of all that stands in the home timeline, boosted statuses included."""
    shown = [entry["reblog"] or entry for entry in home(person)]
    return {entry["uri"] for entry in shown}


def everything_of(person: Person) -> str:
    """All that the person's node shows her, as one text to search in."""
    paths = ("timelines/home", "timelines/public", "notifications", "conversations")
    return " ".join(str(person.caller.ask("GET", f"/api/v1/{path}")[1]) for path in paths)


def is_told(person: Person, kind: str, status_id: str) -> bool:
    """Whether the person was notified of this deed to this status."""
    told = person.get(f"/api/v1/notifications?types[]={kind}")
    return any(entry["status"]["id"] == status_id for entry in told)


def is_boost_of(entry: dict[str, Any], status: dict[str, Any]) -> bool:
    """Whether a timeline's entry boosts this status."""
    return bool(entry["reblog"]) and entry["reblog"]["uri"] == status["uri"]


def _ms_since(at: float) -> float:
    return (time.monotonic() - at) * 1000
