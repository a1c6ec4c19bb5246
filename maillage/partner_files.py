"""Invitations as files and as pictures: the same code as is printed, for who carries it otherwise.

Whoever has either has the code, so a file is its owner's alone.
"""

import io
from pathlib import Path
from typing import Any, cast

import orjson
import segno

from maillage.command_line import Failed
from maillage.messages import Language, say

KIND = "maillage partner invitation"
VERSION = 1
BYTES_MAX = 10_000


def write_invitation(path: Path, *, code: str, by: str, host: str, language: Language) -> None:
    """Write a new `.partner` file, which only its owner reads; Failed when there is one."""
    said = {"kind": KIND, "version": VERSION, "by": by, "for": host, "code": code}
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(orjson.dumps(said, option=orjson.OPT_INDENT_2) + b"\n")
    except OSError as error:
        raise Failed(say(language, "failed", text=f"{path}: {error.strerror}")) from error


def read_invitation(path: Path, language: Language) -> str:
    """The code in a `.partner` file; Failed (misuse) for anything else."""
    try:
        with path.open("rb") as file:
            said = orjson.loads(file.read(BYTES_MAX))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "JSON"
        raise Failed(say(language, "partner.file_wrong", path=path, reason=reason), 2) from error
    stated = cast(dict[str, Any], said) if isinstance(said, dict) else {}
    if (stated.get("kind"), stated.get("version")) != (KIND, VERSION):
        raise Failed(say(language, "partner.file_wrong", path=path, reason="kind"), 2)
    code = stated.get("code")
    if not isinstance(code, str) or not code:
        raise Failed(say(language, "partner.file_wrong", path=path, reason="code"), 2)
    return code


def qr_lines(code: str) -> str:
    """The code as a QR code made of characters, for a terminal."""
    drawn = io.StringIO()
    segno.make(code, error="m", micro=False).terminal(drawn, compact=True)
    return drawn.getvalue()
