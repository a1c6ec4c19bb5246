"""What is sealed opens in its own place, under its own secret, and nowhere else."""

import os

import pytest

from federation.errors import Misconfigured
from federation.sealing import seal, unseal

SECRET = os.urandom(32)


def test_what_is_sealed_is_read_in_its_own_place() -> None:
    sealed = seal(SECRET, "mail 1", b"a letter")
    assert b"letter" not in sealed
    assert unseal(SECRET, "mail 1", sealed) == b"a letter"
    assert seal(SECRET, "mail 1", b"a letter") != sealed


def test_moved_changed_or_foreign_it_cannot_be_opened() -> None:
    sealed = seal(SECRET, "mail 1", b"a letter")
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for secret, place, data in (
        (os.urandom(32), "mail 1", sealed),
        (SECRET, "mail 2", sealed),
        (SECRET, "mail 1", changed),
        (SECRET, "mail 1", sealed[1:]),
        (SECRET, "mail 1", b"\x02" + sealed[1:]),
        (SECRET, "mail 1", b""),
    ):
        with pytest.raises(Misconfigured):
            unseal(secret, place, data)
