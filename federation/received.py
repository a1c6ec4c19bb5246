"""A request as it came over the wire, and the signature it claims to have: nothing proved yet."""

from dataclasses import dataclass, field
from typing import Literal

SignatureForm = Literal["cavage", "rfc9421"]


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A request with its bytes untouched.

    `target` is the raw path and query; header values are decoded as latin-1, so that encoding
    them again gives the bytes that were sent.

    Invariants
        `fields` holds each header once: name in lower case, values stripped of blanks and joined
        with ", " in the order in which they came (draft-cavage-12 2.3, RFC 9421 2.1).
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fields: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Join the headers."""
        fields: dict[str, str] = {}
        for name, value in self.headers:
            key = name.lower()
            stripped = value.strip(" \t")
            fields[key] = f"{fields[key]}, {stripped}" if key in fields else stripped
        object.__setattr__(self, "fields", fields)

    @property
    def digest_needed(self) -> bool:
        """Whether the signature must cover a digest: always, except for a GET without body."""
        return bool(self.body) or self.method not in {"GET", "HEAD"}


@dataclass(frozen=True, slots=True)
class ClaimedSignature:
    """What a signature says about itself.

    `covered` holds what is signed, in order: header names for draft-cavage, serialised component
    identifiers (quotes included) for RFC 9421, whose canonical parameters are `params`.
    """

    form: SignatureForm
    key_id: str
    algorithm: str | None
    covered: tuple[str, ...]
    created_s: int | None
    expires_s: int | None
    signature: bytes
    params: str = ""
