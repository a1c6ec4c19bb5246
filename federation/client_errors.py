"""Why a request to another machine came to nothing, in eight words that retries can decide by."""

import ssl
from typing import Literal

import aiohttp

from federation.errors import NodeError, describe
from federation.networks import AddressNotPermittedError

Reason = Literal[
    "refused_address", "dns", "connect", "tls", "timeout", "too_large", "redirect", "broken"
]

describe(
    {
        "client.refused_address": "This node does not ask {url} ({detail}); if a peer lives there,"
        " name its range in federation.networks.",
        "client.dns": "The host of {url} has no address ({detail}); check the name.",
        "client.connect": "No connection to {url} ({detail}); the other server may be down.",
        "client.tls": "The certificate of {url} does not hold ({detail}); it must be valid, or its"
        " authority named in federation.ca_file.",
        "client.timeout": "{url} did not answer in time.",
        "client.too_large": "{url} answered more than is read ({detail}).",
        "client.redirect": "{url} led nowhere ({detail}); give the final address.",
        "client.broken": "{url} answered what is not HTTP, or broke off ({detail}).",
    }
)


class ClientError(NodeError):
    """503: the other machine was not asked, or no usable answer came; `reason` says why."""

    status = 503

    def __init__(self, reason: Reason, url: str, detail: str = "") -> None:
        """Say which URL and why; `detail` is for logs and is not translated."""
        super().__init__(f"client.{reason}", url=url, detail=detail)
        self.reason: Reason = reason


def client_error(url: str, error: aiohttp.ClientError | OSError) -> ClientError:
    """Translate what the HTTP library raised."""
    return ClientError(_reason(error), url, str(error) or type(error).__name__)


def is_unanswered(error: aiohttp.ClientError) -> bool:
    """Say whether the connection ended without one byte of an answer, after it was open."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return False
    if isinstance(error, aiohttp.ServerDisconnectedError):
        # Where an answer had begun, the message is what was read of it.
        return isinstance(error.message, str)
    return isinstance(error, (aiohttp.ClientOSError, aiohttp.ClientConnectionResetError))


def _reason(error: aiohttp.ClientError | OSError) -> Reason:  # noqa: PLR0911
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, AddressNotPermittedError):
        return "refused_address"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "dns"
    if isinstance(error, aiohttp.ClientSSLError) or isinstance(cause, ssl.SSLError):
        return "tls"
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError)):
        return "connect"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.InvalidURL):
        return "refused_address"
    return "broken"
