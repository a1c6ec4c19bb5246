"""The paths of the pages for those who run the site."""

from starlette.routing import Route

from web.pages.staff import (
    announcements,
    deliveries,
    disclosures,
    erasures,
    invitations,
    log,
    official,
    organisation,
    overview,
    partner,
    partner_notices,
    partners,
    people,
    proposed,
    reports,
    retention,
    rhythm,
    site,
    stops,
)

ROUTES: tuple[Route, ...] = (
    *overview.ROUTES,
    *partners.ROUTES,
    *stops.ROUTES,
    *partner_notices.ROUTES,
    *partner.ROUTES,
    *organisation.ROUTES,
    *proposed.ROUTES,
    *people.ROUTES,
    *invitations.ROUTES,
    *deliveries.ROUTES,
    *reports.ROUTES,
    *disclosures.ROUTES,
    *erasures.ROUTES,
    *log.ROUTES,
    *rhythm.ROUTES,
    *announcements.ROUTES,
    *site.ROUTES,
    *retention.ROUTES,
    *official.ROUTES,
)
