"""*What your employer can see*: written by the software, from the roles and settings it obeys.

Nothing here is a promise in prose: each line stands or falls with a permission or a setting, so
that whoever widens one changes the page, and its mark.
"""

import hashlib
from typing import Any

import orjson
from starlette.responses import Response
from starlette.routing import Route

from actors.permissions import PERMISSIONS, Permission, roles_with
from federation import VERSION
from inbox.figures import PERSONS_MIN
from web.pages.callers import PageCall
from web.pages.members import show
from web.pages.site_pages import contact, for_everybody
from web.translations import say

PATH = "/employer"
# Whether a role has this decides a cell of the table.
COLUMNS: tuple[tuple[str, Permission], ...] = (
    ("reported", Permission.READ_REPORTS),
    ("accounts", Permission.MANAGE_PEOPLE),
    ("deliveries", Permission.VIEW_DELIVERIES),
)


async def employer_page(call: PageCall) -> Response:
    """GET /employer."""
    return show(
        call,
        "employer.html",
        sees=[say(call.page_language, key, n=str(PERSONS_MIN)) for key in _sees()],
        never=[say(call.page_language, f"employer.never_{name}") for name in NEVER],
        guarded=[say(call.page_language, key) for key in _guarded(call)],
        columns=[name for name, _ in COLUMNS],
        roles=[_role(call, name) for name in PERMISSIONS],
        mark=mark(),
        version=VERSION,
        contact=await contact(call),
    )


NEVER = ("hours", "reading", "rank", "private", "votes")


def _sees() -> list[str]:
    keys = ["employer.sees_posts", "employer.sees_profile", "employer.sees_totals"]
    if roles_with(Permission.MANAGE_PEOPLE):
        keys.append("employer.sees_account")
    return keys


def _guarded(call: PageCall) -> list[str]:
    keys = ["employer.guarded_reports", "employer.guarded_record", "employer.guarded_staff"]
    if call.node.options.translation.url and call.node.options.translation.inside:
        keys.append("employer.guarded_translation")
    return keys


def _role(call: PageCall, name: str) -> dict[str, Any]:
    language, allowed = call.page_language, PERMISSIONS[name]
    cells = [
        (
            say(language, f"employer.column_{column}"),
            say(language, f"employer.{'yes' if permission in allowed else 'no'}_{column}"),
        )
        for column, permission in COLUMNS
    ]
    return {"name": say(language, f"employer.role_{name}"), "cells": cells}


def mark() -> str:
    """What changes whenever a role gains or loses a permission."""
    stated = {name: sorted(allowed) for name, allowed in PERMISSIONS.items()}
    digest = hashlib.sha256(orjson.dumps(stated, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return f"{digest[:4]} {digest[4:8]}"


ROUTES: tuple[Route, ...] = (Route(PATH, for_everybody(employer_page), methods=["GET"]),)
