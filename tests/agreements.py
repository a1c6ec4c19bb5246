"""Agreements as rows, for tests that are about what they let through, not about making them."""

import rfc8785

from federation.database import Transaction
from federation.scopes import Scope

SOME_DAY_MS = 4_000_000_000_000
US = "http://127.0.0.1:8471"
# Nothing that a test is not about stands in its way.
EVERYTHING = Scope(
    directory="sync", follow="free", messages="anyone", media="copy", resharing="site"
)


async def agree(
    tx: Transaction,
    origin: str,
    *,
    kind: str = "partner",
    state: str = "active",
    gives_audiences: bool = True,
    takes_audiences: bool = True,
    name: str = "",
    ours: Scope = EVERYTHING,
    theirs: Scope = EVERYTHING,
) -> None:
    """Have an agreement with `origin`, or change the one there is."""
    await tx.execute("DELETE FROM partnership WHERE origin = ?", origin)
    await tx.execute(
        "INSERT INTO partnership (origin, kind, state, name, agreement_uri, revision, agreement,"
        " digest, fingerprint, gives_audiences, takes_audiences, ends_at, created_at, changed_at)"
        " VALUES (?, ?, ?, ?, ?, 1, ?, '', '', ?, ?, ?, 1, 1)",
        origin,
        kind,
        state,
        name,
        f"{origin}/agreements/1",
        _text(origin, ours, theirs),
        gives_audiences,
        takes_audiences,
        SOME_DAY_MS,
    )


def _text(origin: str, ours: Scope, theirs: Scope) -> bytes:
    key = "SHA256:" + "A" * 43
    parties = [{"origin": one, "fingerprint": key} for one in sorted((US, origin))]
    grants = {US: ours.document(), origin: theirs.document()}
    return rfc8785.dumps(
        {"id": f"{origin}/agreements/1", "revision": 1, "parties": parties, "grants": grants,
         "startTime": "2026-01-01T00:00:00Z", "endTime": "2096-01-01T00:00:00Z"}
    )  # fmt: skip
