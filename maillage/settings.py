"""What an administrator decides: the values of `DIR/maillage.toml`, read once at start.

Everything else takes these values as arguments, so nothing below the composition root knows
that there is a file.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from federation.node import Limits
from federation.options import Options

Language = Literal["fr", "en"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one node; `data` is the directory that holds all it keeps.

    Invariants
        `origin` is scheme://host[:port]; plain http and networks within 127.0.0.0/8 occur
        only when its host is a loopback address.
    """

    data: Path
    origin: str
    name: str = "Maillage"
    language: Language = "fr"
    federation_mode: Literal["closed", "open"] = "closed"
    federation_networks: tuple[str, ...] = ()
    federation_ca_file: Path | None = None
    federation_proxy: str | None = None
    database_url: str = ""
    server_bind: str = "127.0.0.1:8080"
    server_trusted_proxies: tuple[str, ...] = ()
    metrics_bind: str | None = None
    metrics_token: str | None = None
    limits: Limits = field(default_factory=Limits)
    options: Options = field(default_factory=Options)

    @property
    def is_loopback(self) -> bool:
        """Whether the node lives on this machine alone, where plain http is permitted."""
        return self.origin.startswith("http://")
