"""What kind of answer a reader of an ActivityPub address wants: the document, or a page."""

from functools import lru_cache
from typing import Literal

from federation.vocabulary import ACTIVITY_TYPE

ACCEPT_CHARACTERS_MAX = 2_000
DOCUMENT_TYPES = frozenset({ACTIVITY_TYPE, "application/ld+json"})
ANY_TYPES = frozenset({"*/*", "application/*", "application/json", ""})
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/*"})

Wanted = Literal["document", "page", "nothing"]


@lru_cache(maxsize=512)
def wanted(accept: str) -> Wanted:
    """Read an Accept header: documents first, then pages, then anything (a document)."""
    found: set[str] = set()
    for part in accept[:ACCEPT_CHARACTERS_MAX].split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        refused = any(p.replace(" ", "") in {"q=0", "q=0.0", "q=0.00"} for p in parameters)
        if not refused:
            found.add(name)
    if found & DOCUMENT_TYPES:
        return "document"
    if found & PAGE_TYPES:
        return "page"
    return "document" if found & ANY_TYPES else "nothing"
