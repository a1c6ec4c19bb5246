"""The world of the leak tests: made once for a test process, copied for each test."""

import asyncio
from pathlib import Path

import pytest

from federation.greetings import Greeter
from federation.keys import generate_rsa
from tests.conftest import ENGINE
from tests.leaks.world import Plan, make_plan
from tests.postgres_cluster import Cluster


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Plan:
    """Six nodes that know each other, stopped."""
    cluster: Cluster | None = None
    if ENGINE == "postgres":
        cluster = request.getfixturevalue("postgres")
    with pytest.MonkeyPatch.context() as patch:
        quietly(patch)
        return asyncio.run(make_plan(tmp_path_factory.mktemp("leaks"), cluster, generate_rsa()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the copies of a test live."""
    return tmp_path / "nodes"


@pytest.fixture(autouse=True)
def no_greetings_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A walk is the same for the same seed only when nodes ask nothing by themselves."""
    quietly(monkeypatch)


def quietly(patch: pytest.MonkeyPatch) -> None:
    """Let nodes greet nobody."""

    async def nobody(_: Greeter, __: list[str]) -> int:
        return 0

    patch.setattr(Greeter, "_greet", nobody)
