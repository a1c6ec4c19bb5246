"""Every path of staff: who may call each is a permission of her role, beside the token's scope."""

from web.mastodon.admin import (
    accounts,
    announcements,
    blocks,
    domains,
    measures,
    organisation,
    partner_ends,
    partner_notices,
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
    *organisation.ENTRIES,
    *partner_ends.ENTRIES,
    *partners.ENTRIES,
    *partner_notices.ENTRIES,
    *reports.ENTRIES,
    *trends.ENTRIES,
)
