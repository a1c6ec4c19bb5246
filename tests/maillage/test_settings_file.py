"""The settings: read, overridden by variables, and all mistakes told together."""

from pathlib import Path

import pytest

from maillage.settings_file import SettingsError, read_settings

GOOD = """
origin = "https://tilleuls.example"
name = "Résidence Les Tilleuls"
language = "fr"

[federation]
mode = "closed"
networks = ["10.20.0.0/16"]

[server]
bind = "0.0.0.0:8080"
trusted_proxies = ["10.0.0.1"]

[limits]
status_characters_max = 500
"""


def write(folder: Path, text: str) -> Path:
    (folder / "maillage.toml").write_text(text, "utf-8")
    return folder


def mistakes(folder: Path, text: str, environment: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(SettingsError) as error:
        read_settings(write(folder, text), environment or {})
    return [line.strip() for line in str(error.value).splitlines()]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    settings = read_settings(write(tmp_path, GOOD), {})
    assert settings.origin == "https://tilleuls.example"
    assert settings.federation_networks == ("10.20.0.0/16",)
    assert settings.limits.status_characters_max == 500
    assert settings.limits.rate_limits
    assert settings.server_trusted_proxies == ("10.0.0.1",)
    assert not settings.is_loopback


def test_variables_stand_over_the_file(tmp_path: Path) -> None:
    environment = {
        "MAILLAGE_RATE_LIMITS": "off",
        "MAILLAGE_NAME": "Autre",
        "MAILLAGE_FEDERATION_NETWORKS": "10.1.0.0/16, fd00::/8",
        "MAILLAGE_LIMITS_STATUS_CHARACTERS_MAX": "900",
        "MAILLAGE_DATABASE_URL": "postgres://maillage@db/maillage",
        "MAILLAGE_TESTS_COMPLETE": "1",
        "HOME": "/root",
    }
    settings = read_settings(write(tmp_path, GOOD), environment)
    assert not settings.limits.rate_limits
    assert settings.name == "Autre"
    assert settings.federation_networks == ("10.1.0.0/16", "fd00::/8")
    assert settings.limits.status_characters_max == 900
    assert settings.database_url == "postgres://maillage@db/maillage"


def test_all_mistakes_are_told_together_with_line_and_remedy(tmp_path: Path) -> None:
    lines = mistakes(
        tmp_path,
        """origin = "http://tilleuls.example"
language = "en"
nom = "x"
rate_limits = "maybe"
[federation]
mode = "half"
networks = ["127.0.0.0/8"]
trusted_proxies = []
[limits]
body_bytes_max = 12
""",
        {"MAILLAGE_FEDERATION_MODUS": "open", "MAILLAGE_SERVER_BIND": "8080"},
    )
    assert lines[0].endswith("9 mistake(s).")
    starts = [
        'line 1: "origin"',
        'line 3: "nom" does not exist',
        "line 4",
        "line 6",
        "line 7",
        (
            'line 8: "federation.trusted_proxies" does not exist; did you mean'
            ' "server.trusted_proxies"?'
        ),
        "line 10",
        "variable MAILLAGE_FEDERATION_MODUS",
        "variable MAILLAGE_SERVER_BIND",
    ]
    for line, start in zip(lines[1:], starts, strict=True):
        assert line.startswith(start)
    assert '"closed" | "open"' in lines[4]
    assert 'did you mean "MAILLAGE_FEDERATION_MODE"' in lines[8]
    assert "address:port" in lines[9]


def test_the_language_of_the_node_is_used(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, "origin = 7\n")
    assert lines[1].startswith("ligne 1 : « origin » vaut 7 ; attendu : https://hôte")
    lines = mistakes(tmp_path, 'language = "en"\nname = [\n')
    assert lines[1].startswith("line 3: this is not valid TOML")
    assert "origin" in mistakes(tmp_path, 'name = "x"\n')[1]


@pytest.mark.parametrize(
    ("origin", "fits"),
    [
        ("https://a.example", True),
        ("https://a.example:8443", True),
        ("http://127.0.0.1:8001", True),
        ("http://[::1]:8001", True),
        ("http://localhost:8001", False),
        ("http://10.0.0.1", False),
        ("https://a.example/path", False),
        ("ftp://a.example", False),
        ("a.example", False),
    ],
)
def test_origins(tmp_path: Path, origin: str, fits: bool) -> None:
    text = f'origin = "{origin}"\n'
    if fits:
        assert read_settings(write(tmp_path, text), {}).origin == origin
    else:
        assert "https://" in mistakes(tmp_path, text)[1]


def test_loopback_networks_need_a_loopback_origin(tmp_path: Path) -> None:
    networks = '[federation]\nnetworks = ["127.0.0.0/8"]\n'
    settings = read_settings(write(tmp_path, 'origin = "http://127.0.0.1:1"\n' + networks), {})
    assert settings.federation_networks == ("127.0.0.0/8",)
    for wider in ('"127.0.0.0/8"', '"127.1.0.0/16"', '"0.0.0.0/0"', '"::1/128"'):
        text = f'origin = "https://a.example"\n[federation]\nnetworks = [{wider}]\n'
        assert "127.0.0.0/8" in mistakes(tmp_path, text)[1]


def test_secrets_are_not_repeated_in_mistakes(tmp_path: Path) -> None:
    text = 'origin = "https://a.example"\n[database]\nurl = "mysql://u:hidden@h/x"\n'
    assert "hidden" not in "".join(mistakes(tmp_path, text))


def test_no_node_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="maillage init"):
        read_settings(tmp_path / "nowhere", {})


def test_mail_and_rates_are_read_and_checked(tmp_path: Path) -> None:
    text = (
        GOOD
        + """
[mail]
url = "smtps://maillage:s%40cret@mail.example"
sender = "maillage@tilleuls.example"

[rates]
media = 3
"""
    )
    settings = read_settings(write(tmp_path, text), {"MAILLAGE_MAIL_STARTTLS": "off"})
    assert settings.options.mail.url == "smtps://maillage:s%40cret@mail.example"
    assert (settings.options.mail.sender, settings.options.mail.starttls) == (
        "maillage@tilleuls.example",
        False,
    )
    assert (settings.options.rates.media, settings.options.rates.per_person) == (3, 1_500)
    wrong = """
[mail]
url = "https://user:verysecret@mail.example"
sender = "maillage"
ca_file = "nowhere.pem"

[rates]
paging = 0
"""
    lines = mistakes(tmp_path, GOOD + wrong)
    assert len(lines) == 5
    assert "verysecret" not in "".join(lines)
    for key in ("mail.url", "mail.sender", "mail.ca_file", "rates.paging"):
        assert any(key in line for line in lines), key
    for url in ("smtp://", "smtp://host:port", "smtp://host/path", "smtp:host"):
        assert len(mistakes(tmp_path, GOOD + f'[mail]\nurl = "{url}"\n')) == 2


def test_hours_are_a_span_or_always(tmp_path: Path) -> None:
    assert read_settings(write(tmp_path, GOOD), {}).options.hours.told == (420, 1200)
    for text, told in (
        ("08:30-18:00", (510, 1080)),
        ("21:00-06:00", (1260, 360)),
        ("always", None),
    ):
        written = write(tmp_path, GOOD + f'[hours]\ntold = "{text}"\n')
        assert read_settings(written, {}).options.hours.told == told
    for text in ("", "never", "8-18", "07:00-25:00", "07:00", "07:00-07:00", "07:00-", "7"):
        (_, line) = mistakes(tmp_path, GOOD + f'[hours]\ntold = "{text}"\n')
        assert "hours.told" in line
        assert "07:00-20:00" in line, text
    assert "hours.told" in mistakes(tmp_path, GOOD + "[hours]\ntold = 7\n")[1]
