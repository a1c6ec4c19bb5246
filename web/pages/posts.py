"""Statuses as the templates show them: the client's entity, said in words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from federation.activity import time_ms
from federation.database import Row
from inbox.filters import Context
from outbox.classes import CONVERSATION, classes_of
from web.mastodon.entities import statuses
from web.pages.callers import PageCall
from web.pages.content import excerpt, shown_html, tag_path
from web.pages.dates import when
from web.translations import foreign, say

Shown = dict[str, Any]

# The icon and the hue of an audience.
BADGES = {
    "public": ("globe", "pub"),
    "unlisted": ("globe", "pub"),
    "followers": ("people", "com"),
    "site": ("arch", ""),
    "named": ("lock", "me"),
}
HUES = ("", "b", "g", "o")
NO_PICTURE = "/static/avatar.png"


async def posts(call: PageCall, rows: Sequence[Row], context: Context | None = None) -> list[Shown]:
    """The statuses of these rows, all of which the reader was already found to see."""
    entities = [orjson.loads(one) for one in await statuses(call, rows, context)]
    return await entities_shown(call, entities)


async def entities_shown(call: PageCall, entities: Sequence[Shown]) -> list[Shown]:
    """These Statuses for the templates, each with its class."""
    shown = [post(call, entity) for entity in entities]
    classes = await classes_of(call.node.db, (int(one["id"]) for one in shown))
    for one in shown:
        one["class"] = classes.get(int(one["id"]), CONVERSATION)
    return shown


def person(call: PageCall, account: Shown) -> Shown:
    """An Account for the templates: its name, its page, its picture or its initials."""
    name = account["display_name"] or account["username"]
    picture = _local(call, account["avatar"])
    user, _, host = account["acct"].partition("@")
    return {
        "id": account["id"],
        "name": name,
        "acct": account["acct"],
        "user": user,
        "host": host,
        "site": _site_name(call, account, host),
        "is_partner": bool(host) and _site_kind(account) != "organisation",
        "roles": [role["name"] for role in account.get("roles", ())],
        "path": f"/@{account['acct']}",
        "picture": None if picture == NO_PICTURE else picture,
        "initials": initials(name),
        "hue": HUES[int(account["id"]) % len(HUES)],
    }


def _site_kind(account: Shown) -> str:
    return account.get("maillage", {}).get("site", {}).get("kind", "plain")


def _site_name(call: PageCall, account: Shown, host: str) -> str:
    """What agreements call the site of a person; a host that none names is its own name."""
    if not host:
        return call.node.name
    return account.get("maillage", {}).get("site", {}).get("name") or host


def initials(name: str) -> str:
    """One or two letters that stand for a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [name[:2]]
    return "".join(letters).upper()


def post(call: PageCall, entity: Shown) -> Shown:
    """One Status; of a boost, what is boosted and who passed it on."""
    booster = None
    if entity["reblog"] is not None:
        booster, entity = person(call, entity["account"]), entity["reblog"]
    author = person(call, entity["account"])
    own = call.viewer_id is not None and author["id"] == str(call.viewer_id)
    language = call.page_language
    at_ms = _ms(entity["created_at"])
    return {
        "id": entity["id"],
        "path": f"{author['path']}/{entity['id']}",
        "author": author,
        "booster": booster,
        "is_own": own,
        "iso": entity["created_at"][:16] + "Z",
        "when": when(language, at_ms, call.node.clock()),
        "is_edited": entity["edited_at"] is not None,
        "audience": badge(call, entity["audience"]["kind"], own=own),
        "language": foreign(language, entity["language"]),
        "warning": entity["spoiler_text"],
        "is_sensitive": entity["sensitive"] and not entity["spoiler_text"],
        "html": shown_html(call.node, entity["content"], entity["mentions"], entity["language"]),
        "excerpt": excerpt(entity["content"]),
        "media": [media_shown(call, one) for one in entity["media_attachments"]],
        "tags": [{"name": t["name"], "path": tag_path(t["name"])} for t in entity["tags"]],
        "poll": None if entity["poll"] is None else _poll(call, entity["poll"], own=own),
        "quote": _quote(call, entity.get("quote")),
        "card": entity["card"] and _card(call, entity["card"]),
        "is_reply": entity["in_reply_to_id"] is not None,
        "parent_id": entity["in_reply_to_id"],
        "replies": entity["replies_count"],
        "thanks": entity["favourites_count"],
        "boosts": entity["reblogs_count"],
        "thanked": bool(entity.get("favourited")),
        "kept": bool(entity.get("bookmarked")),
        "boosted": bool(entity.get("reblogged")),
        "may_boost": entity["visibility"] in ("public", "unlisted"),
        "pinned": bool(entity.get("pinned")),
        "may_pin": own and entity["visibility"] != "direct",
        "thread_muted": bool(entity.get("muted")),
        "filters": [one["filter"]["title"] for one in entity.get("filtered") or ()],
        "class": CONVERSATION,
        "classing": (),
    }


def badge(call: PageCall, kind: str, *, own: bool = False) -> Shown:
    """Who may read: an icon, a hue and words."""
    icon, hue = BADGES.get(kind, ("people", "org"))
    key = f"badge.own_{kind}" if own and kind == "followers" else f"badge.{kind}"
    words = say(call.page_language, key)
    return {"kind": kind, "icon": icon, "hue": hue, "words": words}


def _local(call: PageCall, url: str | None) -> str | None:
    return url.removeprefix(call.node.origin) if url else url


def _ms(text: str) -> int:
    return time_ms(text) or int(datetime.fromisoformat(text).timestamp() * 1000)


def media_shown(call: PageCall, entity: Shown) -> Shown:
    """A MediaAttachment for the templates."""
    small: Shown = (entity["meta"] or {}).get("small") or (entity["meta"] or {}).get("original", {})
    return {
        "type": entity["type"],
        "url": _local(call, entity["url"]),
        "preview": _local(call, entity["preview_url"]) or _local(call, entity["url"]),
        "text": entity["description"] or "",
        "width": small.get("width"),
        "height": small.get("height"),
    }


def _card(call: PageCall, entity: Shown) -> Shown:
    """A PreviewCard for the templates."""
    said = {name: entity[name] for name in ("url", "title", "provider_name")}
    return said | {"language": foreign(call.page_language, entity.get("language"))}


def _poll(call: PageCall, entity: Shown, *, own: bool) -> Shown:
    language, ends_at = call.page_language, entity["expires_at"]
    ended = entity["expired"]
    total = entity["voters_count"] or entity["votes_count"] or 0
    voters = {0: "poll.no_voter", 1: "poll.one_voter"}.get(total, "poll.voters")
    voted = entity.get("voted", False)
    end = "" if ends_at is None else when(language, _ms(ends_at), call.node.clock())
    return {
        "may_vote": call.viewer_id is not None and not (ended or voted or own),
        "multiple": entity["multiple"],
        "end": say(language, "poll.ended" if ended else "poll.ends", when=end) if end else "",
        "voters": say(language, voters, n=str(total)),
        "options": [
            {
                "title": option["title"],
                "votes": option["votes_count"],
                "share": _share(option["votes_count"], total),
                "mine": place in entity.get("own_votes", ()),
            }
            for place, option in enumerate(entity["options"])
        ],
    }


def _share(votes: int | None, total: int) -> int | None:
    return None if votes is None else min(100, round(100 * votes / total)) if total else 0


def _quote(call: PageCall, entity: Shown | None) -> Shown | None:
    if entity is None:
        return None
    quoted = entity.get("quoted_status")
    if quoted is None:
        return {"gone": True}
    author = person(call, quoted["account"])
    return {
        "gone": False,
        "path": f"{author['path']}/{quoted['id']}",
        "name": author["name"],
        "language": foreign(call.page_language, quoted["language"]),
        "text": quoted["spoiler_text"] or excerpt(quoted["content"]),
    }
