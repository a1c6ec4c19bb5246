import ast
import json
import os
import signal
import string
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from scripts.demo_words import SENTENCES, choose_language

ROOT = Path(__file__).parents[2]
MAILLAGE = Path(sys.executable).with_name("maillage")
PATIENCE_S = 120


def environment(folder: Path, **values: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
    places = {"TMPDIR": str(folder), "DEMO_DIR": str(folder / "kept")}
    return inherited | places | {"STEPS": "json", "LANG": "fr_FR.UTF-8"} | values


def begin(values: dict[str, str], command: list[str] | None = None) -> subprocess.Popen[str]:
    words = f"command={command!r}" if command else ""
    program = f"import sys; from scripts.demo import main; sys.exit(main({words}))"
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=values,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # As a shell starts what runs in the background.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # noqa: PLW1509
    )


def steps_in(output: str) -> dict[str, dict[str, Any]]:
    return {step["step"]: step for step in map(json.loads, output.splitlines())}


def processes_in(folder: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(folder) in word for word in process.info["cmdline"] or ())
    ]


def read_until(process: subprocess.Popen[str], wanted: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["step"] == wanted:
            return
    raise AssertionError(f"{wanted} never came: {process.stderr and process.stderr.read()}")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    left = processes_in(tmp_path)
    for process in left:
        process.kill()
    assert not left, "a process was left behind"


def test_the_story_happens_and_leaves_nothing_behind(folder: Path) -> None:
    before = {path.name for path in ROOT.iterdir()}
    done = begin(environment(folder, ONCE="1"))
    output, complaint = done.communicate(timeout=PATIENCE_S)
    assert done.returncode == 0, complaint
    steps = steps_in(output)
    assert all(step["ok"] for step in steps.values())
    assert steps["arrives-partners-paul"]["text"] == "arrivé chez Paul Durand, Résidence Les Roses"
    deliveries = [key for key in steps if key.startswith(("arrives", "deleted"))]
    assert {key.partition("-")[2] for key in deliveries} >= {
        *("partners-paul", "partners-ines", "private-claire", "private-paul", "direct-paul"),
        *("reply-claire", "reply-ines", "paul", "ines"),
    }
    assert all(0 < steps[key]["ms"] < 30_000 for key in deliveries)
    assert {"agreed-tilleuls-roses", "agreed-roses-valmont", "boost-refused-ines"} <= set(steps)
    assert {"local-absent-paul", "local-absent-ines", "stranger-get", "stranger-post"} <= set(steps)
    assert list(folder.iterdir()) == []
    assert {path.name for path in ROOT.iterdir()} == before


def test_a_step_that_does_not_happen_is_named(folder: Path) -> None:
    # Valmont answers no invitation, so it has no agreement to read a number of.
    forgetful = folder / "forgetful"
    forgetful.write_text(
        f'#!/bin/sh\ncase "$*" in "partner accept "*valmont*) exit 0;; esac\nexec {MAILLAGE} "$@"\n'
    )
    forgetful.chmod(0o755)
    done = begin(environment(folder, ONCE="1"), [str(forgetful)])
    output, complaint = done.communicate(timeout=PATIENCE_S)
    *before, last = steps_in(output).values()
    assert done.returncode == 1
    assert last["step"] in complaint
    assert last["step"] == "number-tilleuls-valmont"
    assert not last["ok"]
    assert all(step["ok"] for step in before)
    assert [path.name for path in folder.iterdir()] == ["forgetful"]


def test_a_command_that_fails_is_told_with_its_own_words(folder: Path) -> None:
    done = begin(
        environment(folder, ONCE="1", LANG="en_GB.UTF-8"), ["/bin/sh", "-c", "echo no >&2; exit 3"]
    )
    output, complaint = done.communicate(timeout=PATIENCE_S)
    assert done.returncode == 1
    assert steps_in(output)["init-tilleuls"]["reason"] == "no (exit 3)"
    assert 'The step "init-tilleuls" failed: no (exit 3)' in complaint


def test_it_keeps_running_until_ctrl_c(folder: Path) -> None:
    demo = begin(environment(folder))
    read_until(demo, "login-ines")
    assert len(processes_in(folder)) == 3
    second = begin(environment(folder))
    assert "Ctrl-C" in second.communicate(timeout=PATIENCE_S)[1]
    assert second.returncode == 1
    assert len(processes_in(folder)) == 3
    demo.send_signal(signal.SIGINT)
    demo.communicate(timeout=PATIENCE_S)
    assert demo.returncode == 0
    assert processes_in(folder) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_no_signal_leaves_a_process(folder: Path, number: signal.Signals) -> None:
    demo = begin(environment(folder, ONCE="1"))
    read_until(demo, "init-valmont")
    end = time.monotonic() + PATIENCE_S
    while len(processes_in(folder)) < 3:
        assert time.monotonic() < end
        time.sleep(0.05)
    demo.send_signal(number)
    demo.communicate(timeout=PATIENCE_S)
    assert demo.returncode == (-9 if number == signal.SIGKILL else 128 + number)
    while processes_in(folder):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert number == signal.SIGKILL or list(folder.iterdir()) == []


def test_it_takes_only_what_python_brings() -> None:
    for path in (ROOT / "scripts").glob("demo*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            tops = {name.partition(".")[0] for name in names}
            assert tops <= sys.stdlib_module_names | {"scripts"}, path.name


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_use_the_same_words(code: str) -> None:
    french, english = (
        {field for _, field, _, _ in string.Formatter().parse(text) if field}
        for text in SENTENCES[code]
    )
    assert french == english
    assert SENTENCES[code][0]
    assert SENTENCES[code][1]


def test_the_locale_chooses_the_language() -> None:
    assert choose_language({"LANG": "fr_CA.UTF-8"}) == "fr"
    assert choose_language({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_US.UTF-8"}) == "en"
    assert choose_language({"LANG": "C.UTF-8"}) == "en"
    assert choose_language({}) == "en"
