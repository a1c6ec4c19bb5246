"""Which buckets a request is counted in: Mastodon's, so that clients meet what they know.

A person has one for all her applications, each token one of its own; sending media, deleting
and paging have narrower ones beside. How a path is written makes no difference: only the paths
that do these things exist.
"""

import re
from urllib.parse import unquote_to_bytes

from federation.options import RatesOptions
from web.rates import Rate
from web.tokens import Token

FILES_PER_PAGE = 20
MINUTE_MS = 60_000
MEDIA = re.compile(r"/api/v[12]/media/?")
STATUS = re.compile(r"/api/v1/statuses/\d+/?")
UNREBLOG = re.compile(r"/api/v1/statuses/\d+/unreblog/?")
PAGING = frozenset({b"page", b"min_id", b"max_id", b"since_id"})

Bucket = tuple[str, Rate]


class Buckets:
    """The buckets of one node, as its settings size them."""

    def __init__(self, options: RatesOptions) -> None:
        self._person = Rate(options.per_person, 5 * MINUTE_MS)
        self._token = Rate(options.per_token, 5 * MINUTE_MS)
        self._address = Rate(options.per_address, 5 * MINUTE_MS)
        self._page = Rate(options.pages, 5 * MINUTE_MS)
        self._file = Rate(options.pages * FILES_PER_PAGE, 5 * MINUTE_MS)
        self._media = Rate(options.media, 30 * MINUTE_MS)
        self._deletions = Rate(options.deletions, 30 * MINUTE_MS)
        self._paging = Rate(options.paging, 15 * MINUTE_MS)

    def of_page(self, address: str) -> list[Bucket]:
        """Where a request for a page is counted."""
        return [(f"pages:{address}", self._page)]

    def of_file(self, address: str) -> list[Bucket]:
        """Where a request for a picture is counted: one page of an app asks for a hundred."""
        return [(f"files:{address}", self._file)]

    def of_call(
        self, method: str, path: str, query: bytes, address: str, token: Token | None
    ) -> list[Bucket]:
        """Where a call of the API is counted; `token` only when it is one."""
        if token is None:
            who, found = f"address:{address}", [(f"address:{address}", self._address)]
        else:
            who, found = f"token:{token.token_id}", [(f"token:{token.token_id}", self._token)]
            if token.account_id is not None:
                who = f"person:{token.account_id}"
                found.append((who, self._person))
        if method == "POST" and MEDIA.fullmatch(path):
            found.append((f"media:{who}", self._media))
        if (method == "DELETE" and STATUS.fullmatch(path)) or (
            method == "POST" and UNREBLOG.fullmatch(path)
        ):
            found.append((f"deletions:{who}", self._deletions))
        if method in {"GET", "HEAD"} and _pages(query):
            found.append((f"paging:{who}", self._paging))
        return found


def _pages(query: bytes) -> bool:
    return any(
        unquote_to_bytes(part.partition(b"=")[0]) in PAGING for part in query.split(b"&") if part
    )
