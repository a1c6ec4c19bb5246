"""The rules of the house that a reader should be able to rely on without checking."""

import ast
import re
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from web.mastodon.routes import TABLE

ROOT = Path(__file__).parents[2]
ORDER = ["federation", "actors", "outbox", "inbox", "web", "maillage"]
SOURCES = sorted(path for package in ORDER for path in (ROOT / package).rglob("*.py"))
TESTS = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")])
LINES_MAX = 400
NAMES_REFUSED = {"utils", "helpers", "common", "manager", "service", "misc"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
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


def test_no_module_is_longer_than_a_person_reads() -> None:
    long = [
        name_of(path)
        for path in (*SOURCES, *TESTS)
        if len(path.read_text("utf-8").splitlines()) > LINES_MAX
    ]
    assert long == []


def test_module_says_what_is_true_there_and_has_a_telling_name() -> None:
    assert [name_of(path) for path in SOURCES if not ast.get_docstring(tree(path))] == []
    assert [name_of(path) for path in SOURCES if path.stem in NAMES_REFUSED] == []


def test_imports_point_one_way() -> None:
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in SOURCES
        for name in imported(path)
        if not _may_import(path.relative_to(ROOT).parts[0], name.partition(".")[0])
    ]
    assert wrong == []


def _may_import(package: str, top: str) -> bool:
    if top in ORDER:
        return ORDER.index(top) <= ORDER.index(package)
    if top in ("aiohttp", "cryptography"):
        return package == "federation"
    if top in ("starlette", "uvicorn"):
        return package in ("web", "maillage")
    # Second opinions, in tests only.
    return top not in ("httpsig", "http_message_signatures")


def test_the_rule_of_imports_finds_what_it_is_for() -> None:
    assert _may_import("web", "starlette")
    assert _may_import("outbox", "federation")
    for package, top in (
        ("federation", "actors"),
        ("inbox", "web"),
        ("web", "aiohttp"),
        ("inbox", "starlette"),
        ("federation", "httpsig"),
    ):
        assert not _may_import(package, top), (package, top)


def test_no_import_hides_inside_a_function() -> None:
    hidden = [
        f"{name_of(path)}, line {inner.lineno}"
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []
    loaders = [
        name_of(path)
        for path in SOURCES
        if "import_module" in path.read_text("utf-8") and "importlib" in imported(path)
    ]
    assert loaders == ["maillage/adapters.py"], "where modules are loaded by their names"


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
