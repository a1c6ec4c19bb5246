"""Every key the node uses: its own, decrypted once, and those of others, parsed once.

A stranger's key is believed only after a signature was verified with it: until then it lives
in a memory of a minute, and `store` is what makes it known. Keys of this node never come from
outside, and outside keys never replace one of this node.
"""

import hmac
from collections.abc import Callable
from functools import partial
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.admission import admits
from federation.client import GuardedClient, Signer
from federation.database import Database, Transaction
from federation.errors import BadSignature, Misconfigured, NotFound, Refused, Stranger, describe
from federation.http_signatures import sign_cavage, sign_message
from federation.key_fetches import KeyFetches
from federation.keys import (
    PrivateKey,
    PublicKey,
    decrypt_private,
    encrypt_private,
    load_public_pem,
    public_pem,
)
from federation.multikeys import load_public_multibase, public_multibase
from federation.origins import origin_of
from federation.partnerships import PINNED
from federation.remembered import Remembered
from federation.sealing import seal, unseal
from federation.signing_threads import SigningThreads
from federation.site_proofs import SiteProofs
from federation.uris import Uris
from federation.vocabulary import Document

describe(
    {
        "key.none": "The actor {owner} has no private key here, so nothing can be signed for it.",
        "key.own": "The key {key_id} is this node's own; nobody else signs with it.",
        "peer.blocked": "{origin} is blocked by this node.",
        "peer.stranger": "This node does not exchange with {origin}; its administrator can allow"
        " it.",
    }
)

Form = Literal["ed25519", "rfc9421", "cavage"]
"""How a request is signed: RFC 9421 by the instance actor's Ed25519 key, or by the actor's own
RSA key in one of the two forms."""

_KNOWN_MAX = 4000
_PRIVATE_MAX = 1000
_FORMS_MAX = 4000
# A command of another process may change a peer's row.
_FORM_KEPT_MS = 60_000
# So may the command that changes the key of the site.
_KEY_ID_KEPT_MS = 5_000
# Somebody else's bad signatures must not make us ask for a key at each of them.
_REFRESH_EVERY_MS = 10_000
# A peer that offered Ed25519 and refused it is not believed again for a while.
_ED25519_DISTRUSTED_MS = 24 * 60 * 60_000


class Keyring:
    """The keys of one node.

    Invariants
        `find` never returns a key of this node's own origin, and on a closed node never asks
        an origin that is not admitted.
    """

    def __init__(
        self,
        db: Database,
        client: GuardedClient,
        uris: Uris,
        secret: bytes,
        clock: Callable[[], int],
        *,
        closed: bool = True,
    ) -> None:
        self._db = db
        self._uris = uris
        self._origin = origin_of(uris.origin)
        self._secret = secret
        self._clock = clock
        self._closed = closed
        self._known: Remembered[str, PublicKey] = Remembered(_KNOWN_MAX)
        self._pinned: set[str] = set()
        self._refreshed: Remembered[str, bool] = Remembered(1000, _REFRESH_EVERY_MS, clock)
        self._private: Remembered[str, PrivateKey] = Remembered(_PRIVATE_MAX)
        self._forms: Remembered[str, Form] = Remembered(_FORMS_MAX, _FORM_KEPT_MS, clock)
        self._key_ids: Remembered[str, str] = Remembered(_FORMS_MAX, _KEY_ID_KEPT_MS, clock)
        self._distrusted: Remembered[str, bool] = Remembered(1000, _ED25519_DISTRUSTED_MS, clock)
        self._fetches = KeyFetches(client, self.signer(uris.instance_actor), clock)
        self._signing = SigningThreads()
        self._proofs = SiteProofs(db, client, clock)

    async def find(self, key_id: str, refresh: bool = False) -> PublicKey:
        """Return the public key of somebody else: known, or fetched within three seconds.

        `refresh` asks its origin again, at most every ten seconds for a key; a pinned key is
        never asked for again. Raises BadSignature (no such key, or our own), Stranger or
        Refused (not admitted), Unavailable (come back later), Malformed.
        """
        origin = origin_of(key_id)
        if origin == self._origin:
            raise BadSignature("key.own", key_id=key_id)
        known = self._known.get(key_id) or await self._load(key_id) or self._fetches.recent(key_id)
        settled = key_id in self._pinned or self._refreshed.get(key_id) is not None
        if known is not None and (not refresh or settled):
            return known
        admission = await admits(self._db, self._closed, origin)
        if admission == "blocked":
            raise Refused("peer.blocked", origin=origin)
        if admission == "stranger":
            raise Stranger("peer.stranger", origin=origin)
        # Another flight may have brought it while we looked.
        fetched = None if refresh else self._fetches.recent(key_id)
        if fetched is not None:
            return fetched
        self._refreshed.put(key_id, value=True)
        return await self._fetches.fetch(key_id)

    def fetched_document(self, uri: str) -> Document | None:
        """Return the actor document that came with a key in the last minute, or None."""
        return self._fetches.document(uri)

    async def store(self, public_key: PublicKey) -> None:
        """Keep a key with which a signature has been verified; does nothing when it is known.

        A key id never moves to another owner, and a pinned key or one of ours stays as it is.
        """
        if self._known.get(public_key.key_id) == public_key:
            return
        now = self._clock()

        async def keep(tx: Transaction) -> int:
            return await tx.execute(
                "INSERT INTO key (key_id, owner_uri, origin, algorithm, public_text,"
                " vouches_for_origin, fetched_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (key_id) DO UPDATE SET algorithm = excluded.algorithm,"
                " public_text = excluded.public_text, fetched_at = excluded.fetched_at,"
                " vouches_for_origin = excluded.vouches_for_origin"
                " WHERE key.owner_uri = excluded.owner_uri"
                " AND key.private_encrypted IS NULL AND key.pinned_at IS NULL",
                public_key.key_id,
                public_key.owner_uri,
                origin_of(public_key.key_id),
                public_key.algorithm,
                public_text(public_key),
                public_key.vouches_for_origin,
                now,
            )

        if await self._db.write(keep):
            self._known.put(public_key.key_id, public_key)

    async def forget(self, key_id: str) -> None:
        """Drop a key that its owner no longer names; a pinned one or one of ours stays."""

        async def drop(tx: Transaction) -> int:
            return await tx.execute(
                "DELETE FROM key WHERE key_id = ? AND private_encrypted IS NULL"
                " AND pinned_at IS NULL",
                key_id,
            )

        if await self._db.write(drop):
            self._known.forget(key_id)
            self._fetches.forget(key_id)

    async def private_key(self, owner_uri: str) -> PrivateKey:
        """Return the RSA key of a local actor; raise NotFound without, Misconfigured unread."""
        return await self._own(
            owner_uri,
            "SELECT key_id, private_encrypted FROM key WHERE owner_uri = ?"
            " AND algorithm = 'rsa' AND private_encrypted IS NOT NULL",
        )

    async def instance_ed25519(self) -> PrivateKey:
        """Return the Ed25519 key of the instance actor, which signs for every actor here."""
        return await self.site_key("")

    async def site_key(self, origin: str) -> PrivateKey:
        """Return the Ed25519 key that the site `origin` knows of us: the newest it has taken."""
        known = self._key_ids.get(origin)
        if known is None:
            known = await self._db.value(
                "SELECT COALESCE((SELECT signs_with FROM partnership WHERE origin = ?),"
                " (SELECT key_id FROM key WHERE owner_uri = ? AND algorithm = 'ed25519'"
                " AND private_encrypted IS NOT NULL AND retired_at IS NULL))",
                origin,
                self._uris.instance_actor,
            )
            if known is None:
                raise Misconfigured("key.none", owner=self._uris.instance_actor)
            self._key_ids.put(origin, known)
        return await self.own_key(known)

    async def own_key(self, key_id: str) -> PrivateKey:
        """Return a key of this node by its id; raise NotFound when there is none."""
        return await self._own(
            key_id,
            "SELECT key_id, private_encrypted FROM key WHERE key_id = ?"
            " AND private_encrypted IS NOT NULL",
        )

    async def site_keys(self) -> list[PrivateKey]:
        """Every Ed25519 key that some partner may still know of us, the newest first."""
        rows = await self._db.rows(
            "SELECT key_id FROM key WHERE owner_uri = ? AND algorithm = 'ed25519'"
            " AND private_encrypted IS NOT NULL"
            " ORDER BY CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END, retired_at DESC",
            self._uris.instance_actor,
        )
        return [await self.own_key(row["key_id"]) for row in rows]

    async def add_local(
        self,
        tx: Transaction,
        owner_uri: str,
        key_id: str,
        key: PrivateKey | RSAPrivateKey | Ed25519PrivateKey,
        vouches: bool = False,
    ) -> PublicKey:
        """Write a new key of this node, its private half encrypted; return the public half.

        The caller made it, in a thread. The key id must be new: nothing is replaced.
        """
        private = key if isinstance(key, PrivateKey) else PrivateKey(key_id, key)
        public = private.public(owner_uri, vouches_for_origin=vouches)
        await tx.execute(
            "INSERT INTO key (key_id, owner_uri, origin, algorithm, public_text,"
            " private_encrypted, vouches_for_origin, fetched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            key_id,
            owner_uri,
            self._origin,
            private.algorithm,
            public_text(public),
            encrypt_private(private, self._secret),
            vouches,
            self._clock(),
        )
        return public

    async def sign(
        self,
        owner_uri: str,
        method: str,
        url: str,
        body: bytes | None = None,
        digest: str | None = None,
    ) -> dict[str, str]:
        """Return the signature headers in the form that the peer at `url` is known to take.

        `digest` is `digest_header(body)`, if the caller has it. Raises as `private_key`.
        """
        form = await self.form(origin_of(url))
        return await self.sign_as(form, owner_uri, method, url, body, digest)

    async def sign_as(
        self,
        form: Form,
        owner_uri: str,
        method: str,
        url: str,
        body: bytes | None = None,
        digest: str | None = None,
    ) -> dict[str, str]:
        """Return the signature headers in one form; RSA signs in one of two threads.

        To a partner only once it has shown that it holds its pinned key, a moment ago: Unproved
        or ClientError otherwise, so whoever took its name is told nothing.
        """
        await self._proofs.ensure(origin_of(url))
        now = self._clock()
        content_digest = digest and f"sha-256=:{digest.removeprefix('SHA-256=')}:"
        if form == "ed25519":
            key = await self.site_key(origin_of(url))
            return sign_message(key, method, url, body, now, content_digest=content_digest)
        key = await self.private_key(owner_uri)
        if form == "rfc9421":
            work = partial(sign_message, key, method, url, body, now, content_digest=content_digest)
        else:
            work = partial(sign_cavage, key, method, url, body, now, digest=digest)
        return await self._signing.run(work)

    def signer(self, owner_uri: str) -> Signer:
        """Return what signs each hop of a request for one local actor."""

        async def sign(method: str, url: str, body: bytes | None) -> dict[str, str]:
            return await self.sign(owner_uri, method, url, body)

        return sign

    async def form(self, origin: str) -> Form:
        """Return how requests to a peer are signed: draft-cavage until it is known better.

        snac2 answers 202 before it verifies, so beginning with a newer form would lose
        messages without a word.
        """
        known = self._forms.get(origin)
        if known is None:
            row = await self._db.row(
                "SELECT signature_form, takes_ed25519, (SELECT state FROM partnership"
                " WHERE partnership.origin = peer.origin) AS state FROM peer WHERE origin = ?",
                origin,
            )
            known = "cavage"
            if row is not None and row["state"] in PINNED:
                # Nothing else counts there, whatever it answered meanwhile.
                known = "ed25519"
            elif row is not None and row["takes_ed25519"] and self.trusts_ed25519(origin):
                known = "ed25519"
            elif row is not None and row["signature_form"] == "rfc9421":
                known = "rfc9421"
            self._forms.put(origin, known)
        return known

    def trusts_ed25519(self, origin: str) -> bool:
        """Whether an offer of Ed25519 counts: not for a day after it was refused in fact."""
        return self._distrusted.get(origin) is None

    def distrust_ed25519(self, origin: str) -> None:
        """Remember that a peer refused what it had said it takes."""
        self._distrusted.put(origin, value=True)
        self._forms.forget(origin)

    def forget_form(self, origin: str) -> None:
        """Read again how a peer wants requests signed: its row has changed.

        A partner proves itself again, too, and the key that it knows of us is looked up.
        """
        self._forms.forget(origin)
        self._key_ids.forget(origin)
        self._proofs.forget(origin)

    def derived(self, purpose: str) -> bytes:
        """A key for one purpose, made of the node's secret, that says nothing of it."""
        return hmac.digest(self._secret, f"maillage {purpose}".encode(), "sha256")

    def seal(self, place: str, data: bytes) -> bytes:
        """Encrypt a small secret with the node's own, for one place in the database."""
        return seal(self._secret, place, data)

    def unseal(self, place: str, sealed: bytes) -> bytes:
        """Read what was sealed for that place; raise Misconfigured under another secret."""
        return unseal(self._secret, place, sealed)

    def close(self) -> None:
        """Let the signing threads end."""
        self._signing.close()

    async def _load(self, key_id: str) -> PublicKey | None:
        row = await self._db.row(
            "SELECT owner_uri, algorithm, public_text, vouches_for_origin, pinned_at FROM key"
            " WHERE key_id = ? AND private_encrypted IS NULL",
            key_id,
        )
        if row is None:
            return None
        load = load_public_multibase if row["algorithm"] == "ed25519" else load_public_pem
        key = PublicKey(
            key_id, row["owner_uri"], load(row["public_text"]), bool(row["vouches_for_origin"])
        )
        if row["pinned_at"] is not None:
            self._pinned.add(key_id)
        self._known.put(key_id, key)
        return key

    async def _own(self, name: str, sql: str) -> PrivateKey:
        known = self._private.get(name)
        if known is None:
            row = await self._db.row(sql, name)
            if row is None:
                raise NotFound("key.none", owner=name)
            known = decrypt_private(row["private_encrypted"], row["key_id"], self._secret)
            self._private.put(name, known)
        return known


def public_text(key: PublicKey) -> str:
    """The public half as it stands in the database: Multikey for Ed25519, PEM for RSA."""
    if isinstance(key.key, Ed25519PublicKey):
        return public_multibase(key.key)
    return public_pem(key.key)
