"""Who may call what about whose things: the rows of `ownership.txt`, and how one is tried.

A chapter names its callers; each row is a call and the status that each of them is answered.
401, 403 and 404, and what ends in `=`, are to the letter what an id is answered that nothing has.
`!` after a status: the refusal says why, since the caller may know. `-`: not asked any more.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.web.mastodon.asgi import Reply
from tests.web.mastodon.contract.world import World

FILE = Path(__file__).with_name("ownership.txt")
ABSENT = {"group_favourite": "favourite-999-1", "alice": "999", "host": "aucune.example"}
SENT: dict[str, Any] = {
    "PUT /api/v1/statuses/{id}": {"status": "Autrement"},
    "PUT /api/v1/statuses/{id}/interaction_policy": {"quote_approval_policy": "nobody"},
    "POST /api/v1/polls/{id}/votes": {"choices": [0]},
    "POST /api/v1/accounts/{id}/note": {"comment": "Du bâtiment est"},
    "PUT /api/v1/lists/{id}": {"title": "Autre"},
    "PUT /api/v2/filters/{id}": {"title": "Autre", "context": ["home"]},
    "PUT /api/v2/filters/keywords/{id}": {"keyword": "poivre"},
    "PUT /api/v1/filters/{id}": {"phrase": "poivre", "context": ["home"]},
    "PUT /api/v1/media/{id}": {"description": "Un jardin"},
    "PUT /api/v1/scheduled_statuses/{id}": {"scheduled_at": "2031-01-01T00:00:00Z"},
    "POST /api/v1/lists/{id}/accounts": {"account_ids": ["{flora}"]},
    "DELETE /api/v1/lists/{id}/accounts": {"account_ids": ["{flora}"]},
    "POST /api/v2/filters/{id}/keywords": {"keyword": "thym"},
    "POST /api/v2/filters/{id}/statuses": {"status_id": "{public_again}"},
    "PUT /api/v1/admin/announcements/{id}": {"text": "Autrement"},
    "PUT /api/v1/admin/ip_blocks/{id}": {"comment": "Bruit"},
    "PUT /api/v1/admin/domain_blocks/{id}": {"severity": "silence"},
    "PUT /api/v1/admin/reports/{id}": {"category": "spam"},
    "PUT /api/v1/admin/tags/{id}": {"trendable": False},
    "POST /api/v1/admin/accounts/{id}/action": {"type": "silence"},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One call, and what each caller of the chapter is answered: `404`, `200=`."""

    method: str
    path: str
    answers: dict[str, str]

    async def ask(
        self, world: World, by: str, *, absent: bool = False, language: str = ""
    ) -> Reply:
        """Make the call, or the same one about things that do not exist."""
        send = SENT.get(f"{self.method} {re.sub('{[a-z_0-9]+}', '{id}', self.path)}")
        path = re.sub("{([a-z_0-9]+)}", _absent, self.path) if absent else self.path
        sent_else = None if self.method == "GET" else {}
        world.clients[by].language = language
        return await world.ask(by, self.method, path, send or sent_else)

    def status(self, by: str) -> int:
        return int(self.answers[by].rstrip("=!"))

    def tells_nothing(self, by: str) -> bool:
        """Say whether the answer has to be that of what does not exist, or of no right at all."""
        return self.answers[by] in ("401", "403", "404") or self.answers[by].endswith("=")

    def does_nothing(self, by: str) -> bool:
        """Say whether the call may change nothing."""
        return self.tells_nothing(by) or (self.answers[by] != "-" and self.status(by) >= 400)


def _absent(match: re.Match[str]) -> str:
    return ABSENT.get(match[1], "999999")


def chapters() -> dict[str, list[Line]]:
    """The lines by the title of their chapter."""
    found: dict[str, list[Line]] = {}
    callers: list[str] = []
    title = ""
    for text in FILE.read_text("utf-8").splitlines():
        if text.startswith("#"):
            title, _, names = text.removeprefix("# ").partition(":")
            callers = names.split()
        elif text:
            method, path, *answers = text.split()
            line = Line(method, path, dict(zip(callers, answers, strict=True)))
            found.setdefault(title, []).append(line)
    return found
