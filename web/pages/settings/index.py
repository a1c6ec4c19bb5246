"""Everything that a person may set, in one list: what it is, and what it is now."""

from starlette.responses import Response

from actors.hours import hours_of
from web.pages.callers import PageCall
from web.pages.settings.frame import show_settings
from web.translations import say

GROUPS = (
    ("you", (("profile", "people"), ("privacy", "eye"))),
    ("calm", (("hours", "clock"), ("display", "globe"))),
    ("safety", (("apps", "phone"), ("password", "lock"), ("two-factor", "shield"),
                ("passkeys", "key"))),
    ("data", (("export", "file"), ("move", "share"), ("erasure", "warn"))),
)  # fmt: skip


async def index_page(call: PageCall) -> Response:
    """GET /settings."""
    hours = await hours_of(call.node, call.account_id or 0)
    return show_settings(
        call,
        "settings.html",
        groups=GROUPS,
        states={"hours": say(call.page_language, f"hours.now_{hours.kind}")},
    )
