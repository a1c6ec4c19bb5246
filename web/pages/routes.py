"""The paths of the pages."""

from starlette.routing import Route

from actors.sign_up import CONFIRM_PATH
from web.pages import (
    acts,
    devices,
    directory,
    employer,
    erasure,
    export,
    invitation,
    mesh,
    moving,
    offline,
    own_filters,
    own_lists,
    own_people,
    own_statuses,
    passkeys,
    passwords,
    site_pages,
    two_factor,
    welcome,
    writing,
)
from web.pages.authorize import consent_page, decide
from web.pages.callers import for_member, for_reader
from web.pages.confirm import confirm_page
from web.pages.failures import page
from web.pages.home import front_page, home
from web.pages.notices import kept_page, notices_page, search_page
from web.pages.persons import for_person
from web.pages.profiles import profile_page, tag_page
from web.pages.second_step import step_page, take_step
from web.pages.settings import routes as settings
from web.pages.sign_in import (
    PASSKEY_PATH,
    PATH,
    STEP_PATH,
    sign_in,
    sign_in_by_passkey,
    sign_in_page,
    sign_out,
)
from web.pages.staff import routes as staff
from web.pages.static import static_file
from web.pages.threads import thread_page

ROUTES: list[Route] = [
    Route("/", page(front_page), methods=["GET"]),
    *(
        Route(path, page(for_member(view)), methods=["GET"])
        for path, view in (
            ("/home", home),
            (writing.PATH, writing.write_page),
            ("/notifications", notices_page),
            ("/bookmarks", kept_page),
            ("/search", search_page),
        )
    ),
    *own_people.ROUTES,
    *own_statuses.ROUTES,
    *own_lists.ROUTES,
    *own_filters.ROUTES,
    *(
        Route(path, page(for_reader(view)), methods=["GET"])
        for path, view in (
            ("/@{acct}", profile_page),
            ("/@{acct}/{id}", thread_page),
            ("/tags/{name}", tag_page),
        )
    ),
    Route(writing.PATH, page(writing.write), methods=["POST"]),
    Route(acts.PATH, page(for_member(acts.act)), methods=["POST"]),
    Route(PATH, page(sign_in_page), methods=["GET"]),
    Route(PATH, page(sign_in), methods=["POST"]),
    Route(STEP_PATH, page(step_page), methods=["GET"]),
    Route(STEP_PATH, page(take_step), methods=["POST"]),
    Route(PASSKEY_PATH, page(sign_in_by_passkey), methods=["POST"]),
    Route("/sign-out", page(sign_out), methods=["POST"]),
    Route(passwords.FORGOTTEN_PATH, page(passwords.forgotten_page), methods=["GET"]),
    Route(passwords.FORGOTTEN_PATH, page(passwords.forgotten), methods=["POST"]),
    Route(passwords.NEW_PATH, page(passwords.new_page), methods=["GET"]),
    Route(passwords.NEW_PATH, page(passwords.choose), methods=["POST"]),
    *(
        Route(path, page(for_person(view)), methods=[method])
        for path, shown, changed in (
            (devices.PATH, devices.devices_page, devices.end_device),
            (passwords.CHANGE_PATH, passwords.change_page, passwords.change),
            (two_factor.PATH, two_factor.two_factor_page, two_factor.change_two_factor),
            (passkeys.PATH, passkeys.passkeys_page, passkeys.change_passkeys),
        )
        for method, view in (("GET", shown), ("POST", changed))
    ),
    Route(CONFIRM_PATH, page(confirm_page), methods=["GET"]),
    # Some clients write a slash at the end.
    *(
        route
        for path in ("/oauth/authorize", "/oauth/authorize/")
        for route in (
            Route(path, page(consent_page), methods=["GET"]),
            Route(path, page(decide), methods=["POST"]),
        )
    ),
    *staff.ROUTES,
    *mesh.ROUTES,
    *directory.ROUTES,
    *site_pages.ROUTES,
    *employer.ROUTES,
    *invitation.ROUTES,
    *export.ROUTES,
    *erasure.ROUTES,
    *moving.ROUTES,
    *welcome.ROUTES,
    *settings.ROUTES,
    *(
        Route(path, page(view), methods=["GET"])
        for path, view in (
            (offline.OFFLINE_PATH, offline.offline_page),
            (offline.WORKER_PATH, offline.worker),
            (offline.MANIFEST_PATH, offline.manifest),
        )
    ),
    Route("/static/{name}", page(static_file), methods=["GET"]),
]
