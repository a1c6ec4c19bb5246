"""What the node is about to ask, read once: the string that is judged, signed and sent.

There is no second parser between the check and the wire that could see another host.
"""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

from yarl import URL

from federation.errors import Malformed, describe
from federation.networks import Address, literal_address
from federation.origins import authority_of, split_url

describe(
    {
        "target.number": "The address {came} spells its host as a number that readers disagree"
        " about; write four decimal numbers, or a name.",
        "target.location": "The redirect to {came} cannot be read; send an http(s) address.",
    }
)


@dataclass(frozen=True, slots=True)
class Target:
    """A URL without fragment, as it will be asked, and the parts that policy judges.

    `host` is without brackets and port; `address` is set when it is a literal address;
    `wire` is `url` for the HTTP library, which is told not to rewrite it.
    """

    url: str
    origin: str
    host: str
    address: Address | None
    wire: URL

    @property
    def is_https(self) -> bool:
        """Whether the connection will be encrypted."""
        return self.origin.startswith("https:")


@lru_cache(maxsize=2048)
def read_target(url: str) -> Target:
    """Read an http(s) URL; raise Malformed as `origins.origin_of`, and for odd numeric hosts."""
    origin, path = split_url(url)
    authority = authority_of(origin)
    host = authority[1:].partition("]")[0] if authority[0] == "[" else authority.partition(":")[0]
    try:
        address = literal_address(host)
    except ValueError as error:
        raise Malformed("target.number", came=url) from error
    return Target(origin + path, origin, host, address, URL(origin + path, encoded=True))


def redirect_target(here: Target, location: str) -> Target:
    """Read the Location that `here` answered with, absolute or relative; raise Malformed."""
    try:
        joined = urljoin(here.url, location)
    except ValueError as error:
        raise Malformed("target.location", came=location) from error
    return read_target(joined)
