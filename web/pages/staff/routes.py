"""The paths of the pages for those who run the site."""

from starlette.routing import Route

from web.pages.staff import (
    deliveries,
    disclosures,
    invitations,
    log,
    official,
    overview,
    partner,
    partners,
    people,
    reports,
    retention,
    rhythm,
    site,
)

ROUTES: tuple[Route, ...] = (
    *overview.ROUTES,
    *partners.ROUTES,
    *partner.ROUTES,
    *people.ROUTES,
    *invitations.ROUTES,
    *deliveries.ROUTES,
    *reports.ROUTES,
    *disclosures.ROUTES,
    *log.ROUTES,
    *rhythm.ROUTES,
    *site.ROUTES,
    *retention.ROUTES,
    *official.ROUTES,
)
