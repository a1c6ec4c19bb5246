"""Aliases and moves on the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from maillage.cli import main

Command = Callable[..., Result]
ORIGIN = "http://127.0.0.1:8703"


@pytest.fixture
def made(tmp_path: Path) -> Command:
    """A command on a node with two accounts, ada and bob."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--data", str(tmp_path / "node")])

    password = tmp_path / "password"
    password.write_text("une phrase de passe assez longue\n", "utf-8")
    assert run("init", "--origin", ORIGIN, "--name", "Les Tilleuls").exit_code == 0
    for name in ("ada", "bob"):
        done = run("account", "create", name, "--password-file", str(password))
        assert done.exit_code == 0
    return run


def test_an_account_moves_only_where_it_is_an_alias(made: Command) -> None:
    refused = made("account", "move", "ada", "--to", "bob")
    assert (refused.exit_code, refused.stdout) == (2, "")
    named = made("account", "alias", "bob", "--add", "ada")
    assert named.exit_code == 0
    assert named.stdout.startswith(f"{ORIGIN}/users/")
    moved = made("account", "move", "ada", "--to", "@bob@127.0.0.1:8703")
    assert moved.exit_code == 0
    assert moved.stdout.startswith(f"{ORIGIN}/users/")
    assert made("account", "move", "ada", "--back").exit_code == 0
    gone = made("account", "alias", "bob", "--remove", "ada")
    assert (gone.exit_code, gone.stdout) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("alias", "ada"), ("alias", "ada", "--add", "bob", "--remove", "bob"), ("move", "ada"),
        ("move", "ada", "--to", "bob", "--back"), ("alias", "ada", "--add", "ada"),
        ("alias", "nobody", "--add", "ada"), ("alias", "ada", "--add", "nobody"),
        ("alias", "ada", "--add", "@@"), ("move", "nobody", "--back"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(made: Command, arguments: tuple[str, ...]) -> None:
    done = made("account", *arguments)
    assert done.exit_code in (1, 2)
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
