"""Passwords: what one must be like, and its argon2id hash; never on the event loop.

At most two are hashed at once, so a burst of logins costs neither the memory nor the cores
of the node.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from federation.errors import Invalid, describe

describe(
    {
        "password.too_long": "The password has more than {expected} characters; take a shorter.",
        "password.too_short": "The password has fewer than {expected} characters; take a longer.",
    }
)

PASSWORD_CHARACTERS_MIN = 10
PASSWORD_CHARACTERS_MAX = 512

# OWASP's second choice (19 MiB, two passes): RFC 9106's 64 MiB would double a small node.
_HASHER = PasswordHasher(
    time_cost=2,
    memory_cost=19_456,
    parallelism=1,
    hash_len=RFC_9106_LOW_MEMORY.hash_len,
    salt_len=RFC_9106_LOW_MEMORY.salt_len,
)
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="passwords")
# Verified when there is no such account, so that an answer does not tell by its time.
_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA"
    "$Wm9wYW5kdGhlcmVpc25vc3VjaHBhc3N3b3JkaGVyZTE"
)


def check_acceptable(password: str) -> None:
    """Raise Invalid for a password of fewer than 10 or more than 512 characters."""
    if len(password) < PASSWORD_CHARACTERS_MIN:
        expected = str(PASSWORD_CHARACTERS_MIN)
        raise Invalid("password.too_short", field="password", expected=expected)
    if len(password) > PASSWORD_CHARACTERS_MAX:
        expected = str(PASSWORD_CHARACTERS_MAX)
        raise Invalid("password.too_long", field="password", expected=expected)


async def hash_password(password: str) -> str:
    """Return the argon2id hash of an acceptable password; raise Invalid for another."""
    check_acceptable(password)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, _HASHER.hash, _bytes(password))


async def check_password(password_hash: str | None, password: str) -> bool:
    """Say whether the password fits; takes as long when there is no hash to compare with."""
    if len(password) > PASSWORD_CHARACTERS_MAX:
        return False
    loop = asyncio.get_running_loop()
    fits = await loop.run_in_executor(_THREADS, _verify, password_hash or _NOBODY, password)
    return fits and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with other parameters than today's, so that it is made anew."""
    return _HASHER.check_needs_rehash(password_hash)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "replace")
