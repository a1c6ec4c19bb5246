"""The paths of the pages."""

from starlette.routing import Route

from actors.sign_up import CONFIRM_PATH
from web.pages import devices, passkeys, passwords, two_factor
from web.pages.authorize import consent_page, decide
from web.pages.confirm import confirm_page
from web.pages.failures import page
from web.pages.persons import for_person
from web.pages.second_step import step_page, take_step
from web.pages.sign_in import (
    PASSKEY_PATH,
    PATH,
    STEP_PATH,
    front_page,
    sign_in,
    sign_in_by_passkey,
    sign_in_page,
    sign_out,
)
from web.pages.static import static_file

ROUTES: list[Route] = [
    Route("/", page(front_page), methods=["GET"]),
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
    Route("/static/{name}", page(static_file), methods=["GET"]),
]
