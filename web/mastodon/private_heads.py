"""The kept heads of statuses with private files: where capabilities belong, but none of them."""

import secrets
from dataclasses import dataclass

from federation.node import Node
from web.capabilities import PARAMETER, Grants

# Where a capability belongs; nobody can write this into a text of hers.
PLACE = f"?{PARAMETER}={secrets.token_hex(16)}"
_PLACE_BYTES = PLACE.encode()


@dataclass(frozen=True, slots=True)
class PrivateHead:
    """The head of a status whose files are not for everybody.

    Invariants
        `parts` has one element more than `paths`: the address with `paths[n]` ends where
        `parts[n]` ends.
    """

    parts: tuple[bytes, ...]
    paths: tuple[str, ...]

    def opened(self, grants: Grants | None) -> bytes:
        """The head as one reader gets it; without grants the addresses are bare."""
        if grants is None:
            return b"".join(self.parts)
        filled = [self.parts[0]]
        for path, part in zip(self.paths, self.parts[1:], strict=True):
            filled.append(f"?{PARAMETER}={grants.grant(path)}".encode())
            filled.append(part)
        return b"".join(filled)


Head = bytes | PrivateHead


def split(node: Node, rendered: bytes) -> Head:
    """What was rendered, ready to be opened for each reader."""
    if _PLACE_BYTES not in rendered:
        return rendered
    parts = rendered.split(_PLACE_BYTES)
    start = len(node.origin)
    # An address is the end of its part, from the quotation mark on.
    urls = [part.rpartition(b'"')[2].decode() for part in parts[:-1]]
    return PrivateHead(tuple(parts), tuple(url[start:] for url in urls))
