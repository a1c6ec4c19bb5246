"""The paths of the pages."""

from starlette.routing import Route

from web.pages.authorize import consent_page, decide
from web.pages.failures import page
from web.pages.sign_in import PATH, front_page, sign_in, sign_in_page, sign_out
from web.pages.static import static_file

ROUTES: list[Route] = [
    Route("/", page(front_page), methods=["GET"]),
    Route(PATH, page(sign_in_page), methods=["GET"]),
    Route(PATH, page(sign_in), methods=["POST"]),
    Route("/sign-out", page(sign_out), methods=["POST"]),
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
