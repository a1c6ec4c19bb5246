"""Invitations to pair: each names the one origin that may use it, once, within three days.

The token is in the code that a person carries over; here is only its hash, which is the key of
the proof that an offer brings.
"""

from collections.abc import Sequence

import orjson

from federation.database import Reader, Row, Transaction
from federation.errors import Refused, TooMany, describe
from federation.node import Node
from federation.pairing_codes import PairingCode, new_code
from federation.proofs import is_pairing_proof
from federation.scopes import Scope, read_scope
from federation.site_documents import own_fingerprint
from federation.vocabulary import Document

describe(
    {
        "pairing.no_invitation": "There is no open invitation for {origin} here: the code was used"
        " or closed, it is older than three days, or it was never made; ask for a new one.",
        "pairing.wrong_proof": "The proof does not fit the invitation for {origin}; type the code"
        " again. After five wrong ones the invitation is closed.",
        "pairing.too_many_invitations": "There are {expected} open invitations; let some run out.",
    }
)

VALID_MS = 72 * 3_600_000
WRONG_PROOFS_MAX = 5
OPEN_MAX = 200
_OPEN = "used_at IS NULL AND closed_at IS NULL AND expires_at > ?"


async def invite(
    node: Node, tx: Transaction, origin: str, scope: Scope, made_by: int | None,
    kind: str = "partner",
) -> PairingCode:  # fmt: skip
    """Make an invitation for `origin`, ready to grant `scope`; the code is shown this once.

    An earlier one for the same origin ends. Of the kind `site`: into our own organisation.
    """
    now = node.clock()
    await tx.execute(
        f"UPDATE invitation_to_pair SET closed_at = ? WHERE origin = ? AND {_OPEN}",
        now,
        origin,
        now,
    )
    if await tx.value(f"SELECT count(*) FROM invitation_to_pair WHERE {_OPEN}", now) >= OPEN_MAX:
        raise TooMany("pairing.too_many_invitations", retry_after_s=3600, expected=str(OPEN_MAX))
    code = new_code(node.origin, await own_fingerprint(tx, node.uris))
    await tx.execute(
        "INSERT INTO invitation_to_pair (id, token_hash, origin, kind, scope, made_by, expires_at,"
        " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        node.ids.next(),
        code.token_hash,
        origin,
        kind,
        orjson.dumps(scope.document()).decode(),
        made_by,
        now + VALID_MS,
        now,
    )
    return code


async def open_for(reader: Reader, origin: str, now: int) -> Sequence[Row]:
    """The open invitations that name `origin`."""
    return await reader.rows(
        f"SELECT * FROM invitation_to_pair WHERE origin = ? AND {_OPEN} ORDER BY id", origin, now
    )


def fitting(invitations: Sequence[Row], stated: Document, proof: str) -> Row | None:
    """The invitation whose token made this proof, or None."""
    fits = [row for row in invitations if is_pairing_proof(bytes(row["token_hash"]), stated, proof)]
    return fits[0] if fits else None


def scope_of(invitation: Row) -> Scope:
    """What the invitation is ready to grant."""
    return read_scope(orjson.loads(invitation["scope"]))


async def count_wrong(tx: Transaction, origin: str, now: int) -> bool:
    """Count a wrong proof for all that is open for `origin`; say whether that closed it."""
    await tx.execute(
        f"UPDATE invitation_to_pair SET wrong_proofs = wrong_proofs + 1"
        f" WHERE origin = ? AND {_OPEN}",
        origin,
        now,
    )
    closed = await tx.execute(
        f"UPDATE invitation_to_pair SET closed_at = ? WHERE origin = ? AND wrong_proofs >= ?"
        f" AND {_OPEN}",
        now,
        origin,
        WRONG_PROOFS_MAX,
        now,
    )
    return closed > 0


async def use(tx: Transaction, invitation_id: int, origin: str, now: int) -> None:
    """Use an invitation up; raise Refused when somebody did before, or it was closed."""
    used = await tx.execute(
        "UPDATE invitation_to_pair SET used_at = ? WHERE id = ? AND used_at IS NULL"
        " AND closed_at IS NULL",
        now,
        invitation_id,
    )
    if not used:
        raise Refused("pairing.no_invitation", origin=origin)
