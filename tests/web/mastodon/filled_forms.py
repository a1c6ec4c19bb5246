"""The forms of the pages, each filled in wrongly, and the page of an answer taken apart."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from actors import invitations, lists, resets
from federation.database import Transaction
from inbox import exports
from inbox.moderation import Complaint, file_report
from outbox import scheduled
from outbox.drafts import Draft
from tests.agreements import agree
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import PASSWORD, Site
from tests.web.mastodon.members import post_form, token_of

PARTNER = "https://mairie.example"
EVIL = '"><b>&amp;'


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the text below each id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self._area: dict[str, str] | None = None
        self._select: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        given = {name: value or "" for name, value in attrs}
        self.found.append((tag, given))
        if tag == "option" and "selected" in given:
            self._select["value"] = given["value"]
        if tag == "select":
            self._select = given
        if tag == "textarea":
            self._area = given
            given["value"] = ""
        if tag not in {"input", "br", "img", "meta", "link"}:
            self._open.append((tag, given.get("id", "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep one without an end; only drawings are written so."""
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close it, and what was left open in it."""
        self._area = None
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Give it to all it stands in."""
        if self._area is not None:
            self._area["value"] += data
        for _, name in self._open:
            if name:
                self.texts[name] = self.texts.get(name, "") + data.strip()

    def named(self, name: str) -> list[dict[str, str]]:
        """The fields of this name."""
        return [given for _, given in self.found if given.get("name") == name]

    def values(self, name: str) -> list[str]:
        """What stands in the fields of this name; of what can be ticked, only what is."""
        return [
            given.get("value", "").removeprefix("\n")
            for given in self.named(name)
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given
        ]


@dataclass(frozen=True, slots=True)
class Form:
    """A form filled in wrongly: where, what was typed, and which field has a fault."""

    path: str
    typed: dict[str, str]
    wrong: str
    to: str = ""
    stays: tuple[str, ...] = ()
    page: str = ""
    who: str = "ada"
    multipart: bool = field(default=False)


FORMS = {
    "sign-in": Form("/sign-in", {"login": EVIL, "password": ""}, "password", stays=("login",),
                    who=""),
    "new-password": Form("{reset}", {"token": "{token}", "password": "court"}, "password",
                         to="/password/new", who=""),
    "password": Form("/settings/password", {"current": PASSWORD, "password": "court"}, "password"),
    "password-current": Form("/settings/password", {"current": "non", "password": "assez long ici"},
                             "current"),
    "two-factor": Form("/settings/two-factor", {"act": "begin", "current": "non"}, "current"),
    "list-new": Form("/lists", {"title": EVIL + "x" * 300}, "title", stays=("title",)),
    "list": Form("{list}", {"do": "save", "title": EVIL + "x" * 300}, "title", stays=("title",)),
    "list-add": Form("{list}", {"do": "add", "acct": "personne" + EVIL}, "acct", stays=("acct",)),
    "tag": Form("/tags", {"name": "deux mots " + EVIL}, "name", stays=("name",)),
    "filter": Form("/filters/new", {"do": "save", "title": "", "word[n1]": "foot" + EVIL},
                   "title", stays=("word[n1]",)),
    "filter-words": Form("/filters/new", {"do": "save", "title": "Sport" + EVIL,
                                          "context[]": "home", "word[n1]": ""}, "word[n1]",
                         stays=("title",)),
    "scheduled": Form("/scheduled", {"id": "{later}", "day": "2020-01-01", "hour": "08:00"},
                      "day", stays=("day", "hour")),
    "write": Form("/write", {"do": "publish", "status": "", "spoiler_text": ""}, "status",
                  multipart=True),
    "write-late": Form("/write", {"do": "publish", "status": "Bonjour " + EVIL,
                                  "audience": "local",
                                   "day": "2020-01-01", "hour": "08:00"}, "day",
                       stays=("status", "day", "hour"), multipart=True),
    "invite": Form("/staff/invitations", {"names": "x" * 300 + EVIL, "unnamed": "0", "days": "7",
                                          "role": "member", "language": "fr"}, "names",
                   stays=("names",)),
    "pair": Form("/staff/partners/invite", {"host": "pas un site " + EVIL}, "host",
                 stays=("host",)),
    "accept": Form("/staff/partners/accept", {"do": "look", "code": "pas un code " + EVIL}, "code",
                   stays=("code",)),
    "end": Form("/staff/partners/mairie.example/end", {"typed": "autre" + EVIL}, "typed",
                stays=("typed",)),
    "renew": Form("/staff/partners/mairie.example/renew", {"days": "0"}, "days", stays=("days",)),
    "report-note": Form("{report}", {"do": "note", "note": ""}, "note"),
    "report-text": Form("{report}", {"do": "decide", "measure": "none", "text": "x" * 6_000},
                        "text", stays=("text",)),
    "hours": Form("/settings/hours", {"kind": "own", "days[]": "1", "start": "25:00",
                                      "end": "18:15"}, "start", stays=("start", "end")),
    "alias": Form("/settings/move", {"do": "alias", "alias": "nulle part " + EVIL}, "alias",
                  stays=("alias",)),
    "move": Form("/settings/move", {"do": "move", "target": "nulle part " + EVIL, "current": ""},
                 "current", stays=("target",)),
    "site": Form("/staff/site", {"do": "purpose", "purpose": "Se parler " + EVIL,
                                 "review_on": "demain"}, "review_on",
                 stays=("purpose", "review_on")),
    "site-goal": Form("/staff/site", {"do": "purpose", "goal_1": "Répondre " + EVIL,
                                      "measure_1": ""}, "measure_1", stays=("goal_1",)),
    "organisation": Form("/staff/organisation", {"name": "x" * 400 + EVIL}, "name",
                         to="/staff/organisation/create", stays=("name",)),
    "organisation-join": Form("/staff/organisation/join", {"do": "look", "code": "non " + EVIL},
                              "code", stays=("code",)),
    "invitation": Form("{invitation}", {"name": "Zoé " + EVIL, "username": "pas un nom",
                                        "password": "", "agreement": "1"}, "username",
                       stays=("name", "username"), who=""),
    "narrow": Form("/staff/partners/mairie.example/narrow",
                   {"grants[follow]": "none", "grants[backfillDays]": "beaucoup " + EVIL},
                   "grants[backfillDays]", stays=("grants[follow]", "grants[backfillDays]")),
    "renew-grants": Form("/staff/partners/mairie.example/renew",
                         {"days": "90", "asks[follow]": "none", "asks[backupDays]": "-1" + EVIL},
                         "asks[backupDays]", stays=("days", "asks[follow]", "asks[backupDays]")),
    "pair-grants": Form("/staff/partners/invite",
                        {"host": "roses.example", "grants[backfillDays]": "tout " + EVIL},
                        "grants[backfillDays]", stays=("host", "grants[backfillDays]")),
    "forgotten": Form("/password/forgotten", {"login": " "}, "login", who=""),
    "erasure": Form("/settings/erasure", {"sure": "", "current": PASSWORD}, "sure"),
    "erasure-password": Form("/settings/erasure", {"sure": "1", "current": "non"}, "current",
                             stays=("sure",)),
    "export": Form("/settings/export", {"current": "non"}, "current", to="{export}"),
    "welcome": Form("/welcome?step=3", {"step": "3", "status": "  "}, "status"),
    "welcome-long": Form("/welcome?step=3", {"step": "3", "status": "Bonjour " * 900 + EVIL},
                         "status", stays=("status",)),
    "retention": Form("/staff/site", {"keep_conversation": "5", "keep_knowledge": "24"},
                      "keep_conversation", to="/staff/site/retention", stays=("keep_knowledge",)),
    "announcement": Form("/staff/announcements", {"text": "Demain " + EVIL, "until": "hier"},
                         "until", stays=("text", "until")),
    "announcement-essential": Form("/staff/announcements",
                                   {"text": "Canicule " + EVIL, "is_essential": "1",
                                    "essential_reason": " "},
                                   "essential_reason", stays=("text", "is_essential")),
    "disclosure": Form("{report}", {"do": "ask", "reason": "", "hold": "Enquête " + EVIL},
                       "reason", to="{report}/disclosure", stays=("hold",)),
}  # fmt: skip


async def places(site: Site) -> dict[str, str]:
    """The addresses that only a site with something in it has."""
    ada = await site.person("ada", role="administrator")
    await site.person("bob")
    node = site.node
    actor = await node.db.row("SELECT * FROM actor WHERE username = 'ada'")
    other = await node.db.row("SELECT * FROM actor WHERE username = 'bob'")
    account_id = await node.db.value("SELECT id FROM account ORDER BY id LIMIT 1")
    assert actor is not None
    assert other is not None
    reply = await ada.post("/api/v1/statuses", {"status": "Bonjour", "visibility": "private"})
    complaint = Complaint(
        reporter_id=other["id"], target_id=actor["id"], status_ids=[int(reply.json["id"])],
        comment="Non.", category="other", rule_ids=[],
    )  # fmt: skip

    async def work(tx: Transaction) -> None:
        await agree(tx, PARTNER, name="Mairie de Lorvigny")
        await file_report(node, tx, complaint)

    await node.db.write(work)
    own = await node.db.write(lambda tx: lists.create(node, tx, actor["id"], {"title": "Nuit"}))
    at = node.clock() + 3 * 86_400_000
    later = await scheduled.schedule(node, actor, account_id, Draft("Plus tard"), at)
    code = await node.db.write(
        lambda tx: invitations.invite(node, tx, role="member", uses=1, days=7)
    )
    await node.db.write(lambda tx: exports.ask(node, tx, account_id))
    assert await exports.exports_once(node) == 1
    token = await node.db.write(lambda tx: resets.issue(node, tx, account_id))
    return {
        "list": f"/lists/{own['id']}",
        "report": f"/staff/reports/{await node.db.value('SELECT id FROM report')}",
        "later": str(later.id),
        "export": f"/settings/export/{await node.db.value('SELECT id FROM export')}",
        "token": token,
        "invitation": f"/invitation/{code}",
        "reset": resets.link(node, token).removeprefix(node.origin),
    }


class _Kept(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def filled_in(form: Form, known: dict[str, str]) -> tuple[str, str, dict[str, str]]:
    """The page of a form, where it is sent to, and what is typed, on a site with these places."""
    kept = _Kept(known)
    path = form.path.format_map(kept)
    typed = {key: value.format_map(kept) for key, value in form.typed.items()}
    return path, form.to.format_map(kept) or path, typed


async def sent(browser: Client, form: Form, to: str, typed: dict[str, str], before: Reply) -> Reply:
    """Send the fields with the token of the page, as its own encoding wants it."""
    assert to in {given.get("action") for _, given in Elements(before.text).found}
    fields = {"form_token": token_of(before), **typed}
    if form.multipart:
        return await post_form(browser, fields, to=to)
    return await browser.post(to, form=fields)
