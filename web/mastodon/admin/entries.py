"""Every path of staff: who may call each is a permission of her role, beside the token's scope."""

from web.mastodon.admin import (
    accounts,
    announcements,
    blocks,
    domains,
    measures,
    partners,
    reports,
    trends,
)
from web.mastodon.call import Entry

ENTRIES: tuple[Entry, ...] = (
    *accounts.ENTRIES,
    *announcements.ENTRIES,
    *blocks.ENTRIES,
    *domains.ENTRIES,
    *measures.ENTRIES,
    *partners.ENTRIES,
    *reports.ENTRIES,
    *trends.ENTRIES,
)
