"""What a site says of itself before anything is agreed: its name, its contact and all its keys.

Believed only as far as its fingerprint was compared: by a code, or by two people.
"""

import re
from dataclasses import dataclass

from federation.activity import text, values
from federation.client import GuardedClient
from federation.client_errors import ClientError
from federation.database import Reader
from federation.errors import Malformed, Refused, Unavailable, describe
from federation.fetch import FetchBudget, as_object, fetch_document
from federation.fingerprints import fingerprint_of
from federation.key_documents import is_instance_actor, key_in
from federation.keys import PublicKey, load_public_pem
from federation.multikeys import load_public_multibase
from federation.origins import origin_of
from federation.uris import Uris
from federation.vocabulary import Document

describe(
    {
        "site.malformed": "{origin} does not describe itself as a site that can be paired"
        " ({reason}).",
        "site.unreachable": "{origin} cannot be reached now ({reason}); try again later.",
    }
)

KEYS_MAX = 10
TEXT_CHARACTERS_MAX = 200
CONTACT = "contact"
_DEADLINE_S = 8.0
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Site:
    """One site: `document` is its instance actor as it came, `keys` all that stand in it.

    With `confirmed`, a partner: `keys` are those of its pinned ones that sign, `document` is empty.
    """

    origin: str
    name: str
    contact: str
    keys: tuple[PublicKey, ...]
    document: Document
    confirmed: str = ""

    @property
    def fingerprint(self) -> str:
        """What stands for all its keys; of a partner's, what was confirmed."""
        return self.confirmed or fingerprint_of(self.origin, [key.key for key in self.keys])

    @property
    def inbox_url(self) -> str:
        """Where the site itself is written to."""
        return f"{self.origin}/actor/inbox"

    def vouching(self, key_id: str) -> PublicKey | None:
        """The Ed25519 key of this id, which speaks for the whole site; None for any other."""
        return next((key for key in self.keys if key.key_id == key_id and key.vouches_for_origin),
                    None)  # fmt: skip


def read_site(origin: str, document: Document) -> Site:
    """Read the instance actor of `origin`; raise Malformed when one of its keys cannot be."""
    if not is_instance_actor(document) or origin_of(str(document["id"])) != origin:
        raise _malformed(origin, "it is no instance actor")
    named = [*values(document, "publicKey"), *values(document, "assertionMethod")]
    ids = [text(as_object(key), "id") for key in named]
    if not 0 < len(ids) <= KEYS_MAX or len(set(ids)) != len(ids):
        raise _malformed(origin, "its keys")
    keys = [None if key_id is None else key_in(document, key_id) for key_id in ids]
    found = tuple(key for key in keys if key is not None)
    if len(found) != len(ids) or not any(key.vouches_for_origin for key in found):
        raise _malformed(origin, "its keys")
    return Site(origin, plain(document.get("name")), _contact(document), found, document)


async def fetch_site(client: GuardedClient, origin: str) -> Site:
    """Ask a site for its instance actor, unsigned; raise Unavailable, Malformed or Refused."""
    try:
        document = await fetch_document(
            client,
            f"{origin}/actor",
            sign=None,
            budget=FetchBudget(1),
            deadline_s=_DEADLINE_S,
        )
    except ClientError as error:
        if error.reason == "refused_address":
            raise Refused("site.unreachable", origin=origin, reason=error.reason) from error
        raise Unavailable(
            "site.unreachable", retry_after_s=60, origin=origin, reason=error.reason
        ) from error
    return read_site(origin, document)


async def own_fingerprint(reader: Reader, uris: Uris) -> str:
    """The fingerprint of this node, as others compute it."""
    rows = await reader.rows(
        "SELECT key_id, owner_uri, algorithm, public_text, vouches_for_origin FROM key"
        " WHERE owner_uri = ? AND private_encrypted IS NOT NULL AND retired_at IS NULL"
        " ORDER BY key_id",
        uris.instance_actor,
    )
    keys = [
        stored_key(row["key_id"], row["owner_uri"], row["algorithm"], row["public_text"])
        for row in rows
    ]
    return fingerprint_of(uris.origin, [key.key for key in keys])


def stored_key(key_id: str, owner_uri: str, algorithm: str, public_text: str) -> PublicKey:
    """A key of an instance actor as it stands in the database: Ed25519 speaks for the site."""
    load = load_public_multibase if algorithm == "ed25519" else load_public_pem
    return PublicKey(key_id, owner_uri, load(public_text), algorithm == "ed25519")


def plain(value: object) -> str:
    """A text of others as a person may be shown it on any screen: one line, no controls."""
    if not isinstance(value, str):
        return ""
    return " ".join(_CONTROLS.sub(" ", value).split())[:TEXT_CHARACTERS_MAX]


def _contact(document: Document) -> str:
    for field in values(document, "attachment"):
        said = as_object(field)
        if said.get("name") == CONTACT:
            return plain(said.get("value"))
    return ""


def _malformed(origin: str, reason: str) -> Malformed:
    return Malformed("site.malformed", origin=origin, reason=reason)
