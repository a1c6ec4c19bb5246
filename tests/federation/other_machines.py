"""Other machines for the tests of the guarded client: real servers on loopback, byte by byte."""

import asyncio
import datetime as dt
import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from federation.client import GuardedClient

ACTIVITY_JSON = "application/activity+json"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came: header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int


Reply = bytes | Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


def http(status: int, body: bytes = b"", **headers: str) -> bytes:
    """Write an answer; a header's `_` becomes `-`."""
    lines = [f"HTTP/1.1 {status} Said"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if not any(name.lower() in {"content_length", "transfer_encoding"} for name in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(slots=True)
class Peer:
    """A server that says what it was told to say, and counts who came."""

    origin: str = ""
    hits: list[Asked] = field(default_factory=list[Asked])
    connections: int = 0
    replies: dict[str, Reply] = field(default_factory=dict[str, Reply])
    writers: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])

    @property
    def authority(self) -> str:
        return self.origin.partition("://")[2]

    @property
    def port(self) -> int:
        return int(self.origin.rpartition(":")[2])

    @property
    def targets(self) -> list[str]:
        return [asked.target for asked in self.hits]

    def sends(self, path: str, reply: Reply) -> str:
        """Answer a path with these bytes, or by this function; return its URL."""
        self.replies[path] = reply
        return self.origin + path

    def says(self, path: str, document: Any, content_type: str | None = ACTIVITY_JSON) -> str:
        """Answer a path with JSON."""
        headers = {} if content_type is None else {"Content_Type": content_type}
        return self.sends(path, http(200, orjson.dumps(document), **headers))

    def redirects(self, path: str, location: str, status: int = 302) -> str:
        """Answer a path with a redirect."""
        return self.sends(path, http(status, Location=location))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        self.writers.add(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._answer(head, number, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()

    async def _answer(
        self, head: bytes, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        first, *lines = head.decode("latin-1").rstrip().split("\r\n")
        method, target, _ = first.split(" ")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        asked = Asked(method, target, headers, body, number)
        self.hits.append(asked)
        reply = self.replies.get(target, self.replies.get("*", http(404)))
        if isinstance(reply, bytes):
            writer.write(reply)
            await writer.drain()
        else:
            await reply(asked, writer)


StartPeer = Callable[..., Awaitable[Peer]]
"""The fixture `start_peer`: an address and the kind of certificate to a running server."""

MakeClient = Callable[..., GuardedClient]
"""The fixture `make_client`: permitted ranges, `names` and options to a client."""


class TlsFiles:
    """An authority of the tests and the certificates that it, or nobody, signed."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
        self.authority = directory / "authority.pem"
        certificate = self._build(self._name, self._key, self._key, days=30, names=None)
        self.authority.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def certificate(self, kind: str) -> Path:
        """Return the chain of `good`, `expired` or `self-signed`, for three names and 127.0.0.2."""
        path = self._directory / f"{kind}.pem"
        if not path.exists():
            key = ec.generate_private_key(ec.SECP256R1())
            days = -1 if kind == "expired" else 30
            signer = key if kind == "self-signed" else self._key
            subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, kind)])
            hosts = ("good.example", "evil.example", "inside.example")
            names: list[x509.GeneralName] = [x509.DNSName(host) for host in hosts]
            names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.2")))
            certificate = self._build(subject, key, signer, days=days, names=names)
            path.write_bytes(
                key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
                + certificate.public_bytes(serialization.Encoding.PEM)
            )
        return path

    def _build(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        signer: ec.EllipticCurvePrivateKey,
        *,
        days: int,
        names: list[x509.GeneralName] | None,
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        issuer = subject if signer is key else self._name
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=10))
            .not_valid_after(now + dt.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=names is None, path_length=None), critical=True)
        )
        if names is not None:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(signer, hashes.SHA256())
