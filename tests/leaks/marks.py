"""Marks: what is said in the world carries them, and every byte that anybody gets is searched."""

import re
from random import Random

MARK = re.compile(rb"zqm[0-9a-f]{20}7")
URI = re.compile(rb"http://127\.0\.0\.1:\d+/notes/\d+")
TAG = "marque"


def new_mark(chance: Random) -> str:
    """A word that stands nowhere else: letters and digits, so that no encoding changes it."""
    return f"zqm{chance.getrandbits(80):020x}7"


def marks_in(data: bytes) -> set[str]:
    """All marks in some bytes."""
    return {found.decode() for found in MARK.findall(data)}


def uris_in(data: bytes) -> set[str]:
    """All addresses of statuses in some bytes."""
    return {found.decode() for found in URI.findall(data.replace(b"\\/", b"/"))}
