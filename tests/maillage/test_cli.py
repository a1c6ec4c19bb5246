"""The command line: what scripts may rely on."""

import re
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from maillage.cli import main

Command = Callable[..., Result]
ORIGIN = "http://127.0.0.1:8702"


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run a command on the node of this test."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--data", str(tmp_path / "node")])

    return run


@pytest.fixture
def made(command: Command) -> Command:
    assert command("init", "--origin", ORIGIN, "--name", 'Les "Tilleuls"').exit_code == 0
    return command


@pytest.fixture
def password_file(tmp_path: Path) -> str:
    path = tmp_path / "password"
    path.write_text("une phrase de passe assez longue\n", "utf-8")
    return str(path)


def test_init_makes_private_files_once(made: Command, tmp_path: Path) -> None:
    folder = tmp_path / "node"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    before = (folder / "secret").read_bytes()
    again = made("init", "--origin", "http://127.0.0.1:9")
    assert again.exit_code == 1
    assert "déjà" in again.stderr
    assert (folder / "secret").read_bytes() == before
    assert ORIGIN in (folder / "maillage.toml").read_text("utf-8")


@pytest.mark.parametrize("origin", ["http://example.org", "https://a.example/x", "example.org"])
def test_init_with_a_wrong_origin_is_misuse_and_leaves_nothing(
    command: Command, tmp_path: Path, origin: str
) -> None:
    result = command("init", "--origin", origin, "--language", "en")
    assert result.exit_code == 2
    assert "expected: https://host" in result.stderr
    assert not (tmp_path / "node").exists()


def test_an_account_and_its_token(made: Command, password_file: str) -> None:
    done = made("account", "create", "alice", "--password-file", password_file)
    assert (done.exit_code, done.stdout) == (0, "Compte créé : @alice@127.0.0.1:8702\n")
    again = made("account", "create", "Alice", "--password-file", password_file)
    assert again.exit_code == 2
    assert again.stdout == ""
    token = made("token", "create", "alice", "--scopes", "read write follow push")
    assert token.exit_code == 0
    assert len(token.stdout.strip().split()) == 1
    assert len(token.stdout.strip()) >= 40
    assert token.stderr == ""
    assert made("token", "create", "nobody").exit_code == 1
    assert made("token", "create", "alice", "--scopes", "everything").exit_code == 2


def test_a_reset_link_ends_what_was_signed_in(made: Command, password_file: str) -> None:
    """SEC-129: and nothing but the link is printed."""
    made("account", "create", "alice", "--password-file", password_file)
    token = made("token", "create", "alice").stdout.strip()
    done = made("account", "reset", "alice", "--second-step")
    assert (done.exit_code, done.stderr) == (0, "")
    found = re.fullmatch(rf"{ORIGIN}/password/new\?token=([\w-]{{43}})\n", done.stdout)
    assert found is not None
    assert token not in done.stdout
    assert made("account", "reset", "@Alice").stdout != done.stdout
    unknown = made("account", "reset", "nobody")
    assert (unknown.exit_code, unknown.stdout) == (1, "")


def test_passwords_and_roles_are_checked(made: Command, tmp_path: Path, password_file: str) -> None:
    assert made("account", "create", "bob", "--password-file", str(tmp_path / "no")).exit_code == 1
    short = tmp_path / "short"
    short.write_text("x")
    assert made("account", "create", "bob", "--password-file", str(short)).exit_code == 2
    wrong = made("account", "create", "bob", "--password-file", password_file, "--role", "king")
    assert wrong.exit_code == 2
    assert made("status").stdout.splitlines()[1] == "Comptes : 0"
    right = made(
        "account", "create", "bob", "--password-file", password_file, "--role", "technical"
    )
    assert right.exit_code == 0


def test_peers(made: Command) -> None:
    assert made("peer", "list").stdout == "Aucun partenaire pour l'instant.\n"
    allowed = made("peer", "allow", "https://roses.example/")
    assert allowed.exit_code == 0
    assert "https://roses.example" in allowed.stdout
    assert made("peer", "block", "https://bad.example").exit_code == 0
    lines = made("peer", "list").stdout.splitlines()
    assert lines == [
        "https://bad.example\tbloqué\tjamais entendu",
        "https://roses.example\tautorisé\tjamais entendu",
    ]
    assert made("peer", "allow", ORIGIN).exit_code == 1
    assert made("peer", "allow", "ftp://x").exit_code == 2
    assert made("peer", "allow").exit_code == 2
    assert made("peer", "praise", "https://x.example").exit_code == 2


def test_status_and_a_folder_without_a_node(made: Command, tmp_path: Path) -> None:
    status = made("status")
    assert status.exit_code == 0
    assert status.stdout.startswith('Les "Tilleuls" (http://127.0.0.1:8702), fédération fermée')
    nowhere = CliRunner().invoke(main, ["status", "--data", str(tmp_path / "nowhere")])
    assert nowhere.exit_code == 1
    assert "maillage init" in nowhere.stderr
    assert CliRunner().invoke(main, ["status"]).exit_code == 2


def test_an_older_schema_is_left_to_the_server(
    made: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def one_waits(_: object) -> list[tuple[int, str, str]]:
        return [(9, "0009_x.sql", "")]

    monkeypatch.setattr("maillage.nodes.waiting", one_waits)
    result = made("status")
    assert result.exit_code == 1
    assert result.stderr.strip()


def test_the_copy_of_a_persons_data_is_a_private_file(
    made: Command, tmp_path: Path, password_file: str
) -> None:
    """And it stands in the record, whoever asked for it."""
    made("account", "create", "alice", "--password-file", password_file)
    file = tmp_path / "alice.zip"
    done = made("account", "export", "alice", "--file", str(file))
    assert (done.exit_code, done.stderr) == (0, "")
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        assert {"actor.json", "outbox.json", "access.json"} <= set(archive.namelist())
    before = file.read_bytes()
    again = made("account", "export", "alice", "--file", str(file))
    assert again.exit_code == 1
    assert file.read_bytes() == before, "nothing is replaced"
    nobody = made("account", "export", "nobody", "--file", str(tmp_path / "no.zip"))
    assert nobody.exit_code == 1
    assert not (tmp_path / "no.zip").exists()
    assert [line.split("\t")[3] for line in made("audit").stdout.splitlines()] == ["account.export"]
