"""The rules of the house that a reader should be able to rely on without checking."""

import ast
import re
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from web.mastodon.routes import TABLE

ROOT = Path(__file__).parents[2]
ORDER = ["federation", "actors", "outbox", "inbox", "web", "maillage"]
SOURCES = sorted(path for package in ORDER for path in (ROOT / package).rglob("*.py"))
TESTS = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")])
LINES_MAX = 400
NAMES_REFUSED = {"utils", "helpers", "common", "manager", "service", "misc"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name_of)
def test_no_module_is_longer_than_a_person_reads(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LINES_MAX


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_module_says_what_is_true_there_and_has_a_telling_name(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "a module opens with its docstring"
    assert path.stem not in NAMES_REFUSED


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    allowed = set(ORDER[: ORDER.index(package) + 1])
    for name in imported(path):
        top = name.partition(".")[0]
        assert top not in ORDER or top in allowed, f"{package} imports {name}"
        if top in ("aiohttp", "cryptography"):
            assert package == "federation", f"only federation speaks {top}"
        if top in ("starlette", "uvicorn"):
            assert package in ("web", "maillage"), f"only web speaks {top}"
        assert top not in ("httpsig", "http_message_signatures"), "second opinions, in tests only"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_import_hides_inside_a_function(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not inner, f"{node.name}, line {node.lineno}"
    if name_of(path) != "maillage/adapters.py":
        assert "importlib" not in {name.partition(".")[0] for name in imported(path)} or (
            "import_module" not in path.read_text("utf-8")
        ), "modules are loaded by name in maillage/adapters.py only"


def test_only_verification_makes_a_known_sender() -> None:
    makers = {
        name_of(path)
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("SignedActivity", "SignedRequest")
    }
    assert makers == {"federation/http_signatures.py"}


def test_no_dependency_ships_one_of_our_names() -> None:
    owners = packages_distributions()
    for package in ORDER:
        assert set(owners.get(package, [])) <= {"maillage"}, package


def test_the_map_of_modules_is_complete() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    listed = set(re.findall(r"^- `([\w/]+\.py)`", text, re.MULTILINE))
    present = {name_of(path) for path in SOURCES if path.name != "__init__.py"}
    assert listed == present


def test_the_description_of_the_api_is_complete() -> None:
    text = (ROOT / "docs/api.md").read_text("utf-8")
    line = re.compile(r"^\| ([A-Z, ]+) \| `(/\S+)` \| (\w+) \| (?:`(\S+)`)? ?\|$", re.MULTILINE)
    rows = set(line.findall(text))
    assert rows == {
        (row.methods.replace(" ", ", "), row.path, row.access, row.scope or "") for row in TABLE
    }


def test_every_activity_handled_has_its_tests() -> None:
    handlers = {
        path.stem for path in (ROOT / "inbox/handlers").glob("*.py") if path.stem != "__init__"
    }
    tested = {
        path.stem.removeprefix("test_")
        for path in (ROOT / "tests/inbox/handlers").glob("test_*.py")
    }
    assert handlers <= tested
