"""Where the unmodified npm packages of the client tests lie, and how they come there.

`package-lock.json` says each version and the hash of its archive; nothing of a package is run
while it is unpacked.
"""

import base64
import hashlib
import io
import json
import os
import shutil
import sys
import tarfile
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = Path(sys.prefix) / "share" / "npm"
REGISTRY = os.environ.get("npm_config_registry", "https://registry.npmjs.org/").rstrip("/")  # noqa: SIM112 - npm's own name
TIMEOUT_S = 60


def fetch() -> None:
    """Bring the locked packages into the virtual environment, once; OSError when it cannot be."""
    locked = (HERE / "package-lock.json").read_text("utf-8")
    mark = FOLDER / "fetched.json"
    if mark.exists() and mark.read_text("utf-8") == locked:
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    for place, package in json.loads(locked)["packages"].items():
        if place:
            _unpack(_archive(place, package["version"], package["integrity"]), FOLDER / place)
    mark.write_text(locked, "utf-8")


def _archive(place: str, version: str, integrity: str) -> bytes:
    name = place.rpartition("node_modules/")[2]
    url = f"{REGISTRY}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
        content: bytes = answer.read()
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    if integrity != f"sha512-{digest}":
        raise OSError(f"{url} is not what package-lock.json names")
    return content


def _unpack(content: bytes, folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive.getmembers():
            # Whatever the archive calls its first folder.
            member.name = member.name.partition("/")[2]
            if member.isfile() and member.name:
                archive.extract(member, folder, filter="data")


if __name__ == "__main__":
    fetch()
