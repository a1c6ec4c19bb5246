"""What tests spare themselves: waiting for disks, making keys, costly hashes, lists of authorities.

All of it is replaced from here, in the process of the tests; a node has no setting for it.
"""

import os
import threading
from collections.abc import Iterator

import hypothesis
import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

import actors.local
import actors.passwords
from federation.keys import generate_rsa
from tests.memory import memory_folder

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
COSTLY = actors.passwords._HASHER


class KeyPool:
    """RSA keys for local actors: within a test each is another, the next test has them again."""

    def __init__(self) -> None:
        self._keys: list[RSAPrivateKey] = []
        self._given = 0
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Another test begins."""
        self._given = 0

    def take(self) -> RSAPrivateKey:
        with self._lock:
            if self._given == len(self._keys):
                self._keys.append(generate_rsa())
            self._given += 1
            return self._keys[self._given - 1]


POOL = KeyPool()


def pytest_configure(config: pytest.Config) -> None:
    folder = memory_folder()
    if folder is not None:
        # Before the first folder is made; processes that share the work inherit it.
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))
    # Reading the system's authorities takes 20 ms for each client, and none can be reached.
    os.environ["SSL_CERT_FILE"] = os.devnull
    # How long an example takes says more about the machine than about the code.
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile(
        "maillage", deadline=None, suppress_health_check=slow, print_blob=True
    )
    hypothesis.settings.load_profile("maillage")


def pytest_runtest_setup(item: pytest.Item) -> None:
    POOL.begin()


@pytest.fixture(scope="session", autouse=True)
def cheap_accounts() -> Iterator[None]:
    """Local actors get their keys from the pool, and passwords a hash that costs nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actors.local, "generate_rsa", POOL.take)
        patch.setattr(actors.passwords, "_HASHER", CHEAP)
        yield


@pytest.fixture
def costly_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as nodes do it."""
    monkeypatch.setattr(actors.passwords, "_HASHER", COSTLY)
