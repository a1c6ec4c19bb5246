"""Fixtures of the tests with real nodes: a mesh of three, and partners that the test plays."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from federation.keys import generate_rsa
from tests.conftest import ENGINE
from tests.nodes import mesh as meshes
from tests.nodes.mesh import Mesh, Plan
from tests.nodes.partner import Partner, StartPartner
from tests.nodes.sites import Launcher
from tests.postgres_cluster import Cluster


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    """What starts the processes of the nodes."""
    made = Launcher()
    yield made
    made.close()


@pytest.fixture(scope="session")
def plan(
    tmp_path_factory: pytest.TempPathFactory, launcher: Launcher, request: pytest.FixtureRequest
) -> Plan:
    """The mesh from which each test gets a copy."""
    folder = tmp_path_factory.mktemp("mesh")
    cluster: Cluster | None = None
    if ENGINE == "postgres":
        cluster = request.getfixturevalue("postgres")

    def database_for(name: str, data: Path) -> str:
        if cluster is None:
            return f"sqlite://{data / 'maillage.db'}"
        return cluster.create(meshes.template_name(name))

    return meshes.plan(folder, database_for, launcher)


@pytest.fixture
async def stopped_mesh(
    plan: Plan, tmp_path: Path, launcher: Launcher, request: pytest.FixtureRequest
) -> AsyncIterator[Mesh]:
    """Three nodes that know each other, none of them started."""
    cluster = request.getfixturevalue("postgres") if ENGINE == "postgres" else None
    async with meshes.copy(plan, tmp_path, cluster, launcher) as mesh:
        yield mesh


@pytest.fixture
async def mesh(stopped_mesh: Mesh) -> Mesh:
    """Three nodes that know each other, running."""
    await stopped_mesh.start()
    return stopped_mesh


@pytest.fixture(scope="session")
def partner_key() -> object:
    """The RSA key of all partners that tests play: making one takes a second."""
    return generate_rsa()


@pytest.fixture
async def start_partner(plan: Plan, partner_key: object) -> AsyncIterator[StartPartner]:
    """Open the door of partner number n, whom the nodes allow: 12 at Tilleuls, 2 elsewhere."""
    opened: list[Partner] = []

    async def start(number: int = 0) -> Partner:
        partner = Partner(plan.partner_ports[number], partner_key)
        await partner.door.open()
        opened.append(partner)
        return partner

    yield start
    for partner in opened:
        await partner.door.close()
