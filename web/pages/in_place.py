"""The answer to a button that was pressed without leaving its page: the part that has changed.

htmx sends such a form, and says so. Where it would be led back to the page, the part of that page
which the act was about is cut out of it as it is drawn now: there is one way to draw it, with a
script and without. Everything else takes the place of the whole page, as it would without.
"""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from federation.elements import element_with_id
from web.pages.onward import page_at
from web.pages.rendering import protect


async def in_place(request: Request, answer: Response, part: str) -> Response:
    """The part with this id of the page to which `answer` leads, for a form sent in place.

    A page that does not hold it any more is loaded again, another one is gone to; an answer that
    leads nowhere is left as it is.
    """
    if request.headers.get("hx-request") != "true" or "location" not in answer.headers:
        return answer
    goes_to = answer.headers["location"]
    page = goes_to.partition("#")[0]
    if not _stands_at(request, page):
        return _told(HTMLResponse("", headers={"hx-redirect": goes_to}))
    drawn = await page_at(request, page)
    found = element_with_id(bytes(drawn.body).decode(), part) if drawn is not None else None
    if found is None:
        return _told(HTMLResponse("", headers={"hx-refresh": "true"}))
    return _told(
        HTMLResponse(found, headers={"hx-retarget": f"#{part}", "hx-reswap": "outerMorph"})
    )


def _stands_at(request: Request, page: str) -> bool:
    """Whether whoever pressed the button is on this page now."""
    here = urlsplit(request.headers.get("hx-current-url", ""))
    return page == here.path + (f"?{here.query}" if here.query else "")


def _told(answer: Response) -> Response:
    protect(answer, has_script=True)
    return answer
