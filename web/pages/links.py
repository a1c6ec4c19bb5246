"""The way to the next page of a list, as the client API says it in its Link header."""

import re

from starlette.responses import Response

_NEXT = re.compile(r'[?&]max_id=(\d{1,19})[^>]*>; rel="next"')


def next_page(answer: Response, path: str) -> str:
    """Where the list goes on; empty at its end."""
    found = _NEXT.search(answer.headers.get("link", ""))
    return f"{path}?max_id={found[1]}" if found else ""
