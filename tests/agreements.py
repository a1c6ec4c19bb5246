"""Agreements as rows, for tests that are about what they let through, not about making them."""

from federation.database import Transaction

SOME_DAY_MS = 4_000_000_000_000


async def agree(
    tx: Transaction,
    origin: str,
    *,
    kind: str = "partner",
    state: str = "active",
    gives_audiences: bool = True,
    takes_audiences: bool = True,
    name: str = "",
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
        b"{}",
        gives_audiences,
        takes_audiences,
        SOME_DAY_MS,
    )
