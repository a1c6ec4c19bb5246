"""The settings of translation: where, by which key, and whether that is inside."""

from pathlib import Path

import pytest

from federation.options import TranslationOptions
from maillage.settings_file import SettingsError, read_settings


def settings(folder: Path, section: str, **environment: str) -> TranslationOptions:
    text = f'origin = "https://tilleuls.example"\nlanguage = "en"\n[translation]\n{section}\n'
    (folder / "maillage.toml").write_text(text)
    return read_settings(folder, environment).options.translation


def test_a_service_is_off_until_it_is_named(tmp_path: Path) -> None:
    assert settings(tmp_path, "") == TranslationOptions()
    found = settings(
        tmp_path,
        'url = "https://traduire.example/"\napi_key = "x"\ninside = true\n'
        'networks = ["10.1.0.0/16"]',
    )
    expected = TranslationOptions("https://traduire.example", "x", True, ("10.1.0.0/16",))
    assert found == expected
    assert settings(tmp_path, "", MAILLAGE_TRANSLATION_URL="http://127.0.0.1:5000").url


@pytest.mark.parametrize(
    "url",
    [
        "http://traduire.example",
        "http://10.0.0.1:5000",
        "http://localhost:5000",
        "ftp://traduire.example",
        "https://nom:secret@traduire.example",
        "https://traduire.example/?key=1",
        "traduire",
    ],
)
def test_an_address_over_which_texts_would_be_read_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match=r"translation\.url"):
        settings(tmp_path, f'url = "{url}"')


def test_the_key_is_never_shown(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, "api_key = 123456")
    assert "123456" not in str(caught.value)
