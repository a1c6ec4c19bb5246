"""The story itself: what passes between the people of three closed nodes, and what does not.

Only documented commands and HTTP are used; a step is told when it has happened, a delivery
with the time from the answer to the author until it can be read at the other end.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from scripts.demo_beginning import Beginning
from scripts.demo_looking import (
    everything_of,
    expect,
    here,
    home,
    is_told,
    ms_since,
    uris_of,
    wait,
)
from scripts.demo_nodes import Caller, Person

ACTIVITY = "application/activity+json"


@dataclass
class Story(Beginning):
    """What happens, in order; each method is one chapter."""

    def tell(self) -> None:
        """Let everything happen; StepError names the first step that did not."""
        self.begin()
        first = self._posts()
        self._answers(first)
        self._limits()
        self._deletion(first)

    def _posts(self) -> dict[str, Any]:
        self.teller.chapter("chapter.posts")
        claire, paul, ines = self.partners
        first = self._publish("partners", claire, (paul, ines))
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
        # For all sites with which this one has an agreement, in the words of this software.
        wide = kind in {"partners", "next"}
        asked = {"audience": "partners"} if wide else {"visibility": kind}
        with self.teller.step(f"post.{kind}", author.username, **words):
            status = author.post("/api/v1/statuses", status=said, **asked)
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
                            times[other.username] = ms_since(at)
                            waiting.remove(other)
                    return person.username in times

                wait(look)
                step.ms = times[person.username]

    def _answers(self, first: dict[str, Any]) -> None:
        self.teller.chapter("chapter.answers")
        claire, paul, ines = self.partners
        at_paul = here(paul, first)
        text = self.teller.say("text.reply")
        with self.teller.step("reply", paul.username, name=paul.name, text=text):
            reply = paul.post(
                "/api/v1/statuses",
                status=f"@{claire.handle} {text}",
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
            step.ms = ms_since(at)
        with self.teller.step("boost.refused", ines.username, name=ines.name, other=claire.name):
            path = f"/api/v1/statuses/{here(ines, first)['id']}/reblog"
            status, answer = ines.caller.ask("POST", path, {})
            expect(status == 422, (status, answer))

    def _limits(self) -> None:
        self.teller.chapter("chapter.limits")
        claire, paul, ines = self.partners
        hugo = self.people["hugo"]
        inner = self._publish("local", claire, ())
        with self.teller.step("local.read", hugo.username, name=hugo.name) as step:
            at = time.monotonic()
            wait(lambda: inner["uri"] in uris_of(hugo))
            step.ms = ms_since(at)
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
        claire, paul, ines = self.partners
        copies = {person.username: here(person, first)["id"] for person in (paul, ines)}
        with self.teller.step("delete", claire.username, name=claire.name):
            claire.delete(f"/api/v1/statuses/{first['id']}")
            at = time.monotonic()
        for person in (paul, ines):
            words = {"name": person.name, "site": person.site.name}
            with self.teller.step("deleted", person.username, **words) as step:
                wait(lambda person=person: first["uri"] not in uris_of(person))
                step.ms = ms_since(at)
                path = f"/api/v1/statuses/{copies[person.username]}"
                expect(person.caller.ask("GET", path)[0] == 404, path)
