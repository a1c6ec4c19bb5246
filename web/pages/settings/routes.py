"""The paths of the pages of settings."""

from starlette.routing import Route

from web.pages.callers import for_member
from web.pages.failures import page
from web.pages.settings.display import DISPLAY_PATH, change_display, display_page
from web.pages.settings.frame import PATH
from web.pages.settings.hours import HOURS_PATH, change_hours, hours_page
from web.pages.settings.index import index_page
from web.pages.settings.privacy import PRIVACY_PATH, change_privacy, privacy_page
from web.pages.settings.profile import PROFILE_PATH, change_profile, profile_page

ROUTES: tuple[Route, ...] = (
    Route(PATH, page(for_member(index_page)), methods=["GET"]),
    *(
        Route(path, page(for_member(view)), methods=[method])
        for path, shown, changed in (
            (PROFILE_PATH, profile_page, change_profile),
            (PRIVACY_PATH, privacy_page, change_privacy),
            (HOURS_PATH, hours_page, change_hours),
            (DISPLAY_PATH, display_page, change_display),
        )
        for method, view in (("GET", shown), ("POST", changed))
    ),
)
