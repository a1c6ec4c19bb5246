"""Reads `maillage.toml` and the `MAILLAGE_…` variables, and reports every mistake at once.

A mistake knows its line and what would be right; it is said in the node's language.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, cast

from federation.node import Limits
from federation.options import Options
from maillage import values
from maillage.messages import Language, say
from maillage.settings import Settings

LANGUAGES: tuple[Language, ...] = ("fr", "en")
FILE_NAME = "maillage.toml"
PREFIX = "MAILLAGE_"
# Read by the tests of this project, not by the node.
FOREIGN = ("MAILLAGE_TEST",)

CHECKS: dict[str, values.Check] = {
    "origin": values.origin,
    "name": values.text,
    "language": values.one_of("fr", "en"),
    "rate_limits": values.switch,
    "federation.mode": values.one_of("closed", "open"),
    "federation.networks": values.networks,
    "federation.ca_file": values.existing_file,
    "federation.proxy": values.proxy,
    "database.url": values.database,
    "server.bind": values.bind,
    "server.trusted_proxies": values.proxies,
    "metrics.bind": values.bind,
    "metrics.token": values.token,
    "mail.url": values.mail_server,
    "mail.sender": values.mail_sender,
    "mail.starttls": values.switch,
    "mail.ca_file": values.existing_file,
    "registrations.mode": values.one_of("closed", "invitation", "approval", "open"),
    "registrations.reason_required": values.switch,
    "instance.description": values.text,
    "instance.contact_email": values.mail_sender,
    "instance.protection_email": values.mail_sender,
    "instance.contact_account": values.text,
    "instance.status_url": values.web_address,
    "posting.default_audience": values.one_of(
        "site", "organisation", "partners", "followers", "named", "public"
    ),
    "posting.widest_by_app": values.one_of("site", "organisation", "partners", "public"),
    "rates.per_person": values.number(1, 1_000_000),
    "rates.per_token": values.number(1, 1_000_000),
    "rates.per_address": values.number(1, 1_000_000),
    "rates.pages": values.number(1, 1_000_000),
    "rates.media": values.number(1, 1_000_000),
    "rates.sign_ups": values.number(1, 1_000_000),
    "rates.deletions": values.number(1, 1_000_000),
    "rates.paging": values.number(1, 1_000_000),
    "streaming.bus": values.bus,
    "push.enabled": values.switch,
    "push.networks": values.networks,
    "hours.told": values.hours,
    "hours.essential": values.number(0, 30),
    "translation.url": values.service,
    "translation.api_key": values.text,
    "translation.inside": values.switch,
    "translation.networks": values.networks,
    "media.bytes_max": values.number(100_000, 1_000_000_000),
    "media.image_bytes_max": values.number(100_000, 100_000_000),
    "media.pixels_max": values.number(1_000_000, 99_000_000),
    "media.proxied_bytes_max": values.number(0, 1_000_000_000_000),
    "media.proxied_days": values.number(1, 365),
    "media.cards": values.switch,
    "media.card_hosts": values.texts,
    "media.s3_bucket": values.text,
    "media.s3_url": values.service,
    "media.s3_region": values.text,
    "media.s3_key": values.text,
    "media.s3_secret": values.text,
    "limits.body_bytes_max": values.number(10_000, 100_000_000),
    "limits.status_characters_max": values.number(100, 1_000_000),
}
# A wrong value of these is not shown.
SECRET = {"metrics.token", "database.url", "mail.url", "translation.api_key", "media.s3_secret"}
SECTIONS = {key.partition(".")[0] for key in CHECKS if "." in key}
HEADER = re.compile(r"^\s*\[\s*([A-Za-z0-9_.-]+)\s*\]")
ASSIGNMENT = re.compile(r"^\s*([A-Za-z0-9_.-]+)\s*=")
SYNTAX_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


class SettingsError(Exception):
    """The settings cannot be used; `str()` lists every mistake in the node's language."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value and where it was written: a line of the file, or a variable."""

    value: Any
    line: int = 0
    variable: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong thing, where it is, and the codes of the sentence and of what is right."""

    place: Given
    code: str
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    expected: str = ""
    meant: str = ""

    def text(self, language: Language) -> str:
        """The whole sentence."""
        hint = say(language, "settings.did_you_mean", key=self.meant) if self.meant else ""
        expected = say(language, self.expected, **self.params) if self.expected else ""
        text = say(language, self.code, **self.params, hint=hint, expected=expected)
        if self.place.variable:
            return say(language, "settings.at_variable", name=self.place.variable, text=text)
        return say(language, "settings.at_line", line=self.place.line, text=text)


def read_settings(data: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of the node in `data`; SettingsError lists all mistakes together."""
    path = data / FILE_NAME
    text = _read_text(path, data)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(_report(path, _guess_language(text), [_syntax(text, error)])) from error
    mistakes: list[Mistake] = []
    given = _from_file(document, text, mistakes) | _from_variables(environment, mistakes)
    read = _check(data, given, mistakes)
    if mistakes:
        mistakes.sort(key=lambda m: (bool(m.place.variable), m.place.line, m.place.variable))
        language: Language = "en" if read.get("language") == "en" else "fr"
        raise SettingsError(_report(path, language, mistakes))
    return _settings(data, read)


def _read_text(path: Path, data: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        sentences = [say(language, "settings.missing_file", path=data) for language in LANGUAGES]
        raise SettingsError("\n".join(sentences)) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingsError(
            "\n".join(
                say(language, "settings.unreadable", path=path, reason=reason)
                for language in LANGUAGES
            )
        ) from error


def _guess_language(text: str) -> Language:
    return "en" if re.search(r"^\s*language\s*=\s*[\"']en", text, re.MULTILINE) else "fr"


def _syntax(text: str, error: tomllib.TOMLDecodeError) -> Mistake:
    place = SYNTAX_PLACE.search(str(error))
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    reason = SYNTAX_PLACE.sub("", str(error))
    return Mistake(Given(None, line), "settings.syntax", {"reason": reason})


def _from_file(document: Mapping[str, Any], text: str, mistakes: list[Mistake]) -> dict[str, Given]:
    lines = _lines(text)
    pairs: list[tuple[str, Any]] = []
    for name, value in document.items():
        if name in SECTIONS and isinstance(value, dict):
            inner = cast(dict[str, Any], value)
            pairs += [(f"{name}.{key}", found) for key, found in inner.items()]
        else:
            pairs.append((name, value))
    given: dict[str, Given] = {}
    for key, value in pairs:
        place = Given(value, lines.get(key, lines.get(key.partition(".")[0], 1)))
        if key in CHECKS:
            given[key] = place
        else:
            mistakes.append(_unknown(key, place, list(CHECKS)))
    return given


def _lines(text: str) -> dict[str, int]:
    """The line of each key and of each section's heading."""
    found: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            section = header[1] + "."
            found[header[1]] = number
        elif assignment := ASSIGNMENT.match(line):
            found[section + assignment[1]] = number
    return found


def _from_variables(environment: Mapping[str, str], mistakes: list[Mistake]) -> dict[str, Given]:
    names = {PREFIX + key.replace(".", "_").upper(): key for key in CHECKS}
    given: dict[str, Given] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name.startswith(FOREIGN):
            continue
        place = Given(value, variable=name)
        if name in names:
            given[names[name]] = place
        else:
            mistakes.append(_unknown(name, place, list(names)))
    return given


def _unknown(name: str, place: Given, known: list[str]) -> Mistake:
    close = difflib.get_close_matches(name, known, 1, 0.5)
    ends = [key for key in known if key.rpartition(".")[2] == name.rpartition(".")[2]]
    meant = (ends or close or [""])[0]
    return Mistake(place, "settings.unknown", {"key": name}, meant=meant)


def _check(data: Path, given: Mapping[str, Given], mistakes: list[Mistake]) -> dict[str, Any]:
    loopback = "origin" in given and values.is_loopback_origin(given["origin"].value)
    context = values.Context(data, loopback)
    read: dict[str, Any] = {}
    for key, place in given.items():
        try:
            read[key] = CHECKS[key](place.value, context)
        except values.Wrong as wrong:
            params = {"key": key, "came": _shown(key, place.value), **wrong.params}
            mistakes.append(Mistake(place, "settings.expected", params, expected=wrong.code))
    opens = given.get("registrations.mode")
    if opens is not None and read.get("registrations.mode") == "open" and "mail.url" not in read:
        # Nobody would ever prove that an address is hers.
        mistakes.append(Mistake(opens, "settings.open_without_mail"))
    bucket = given.get("media.s3_bucket")
    if bucket is not None and not {"media.s3_url", "media.s3_key", "media.s3_secret"} <= set(given):
        mistakes.append(Mistake(bucket, "settings.s3_incomplete"))
    if "origin" not in given:
        mistakes.append(Mistake(Given(None, 1), "settings.origin_missing"))
    return read


def _shown(key: str, value: Any) -> str:
    return "…" if key in SECRET else repr(value)[:80]


def _settings(data: Path, read: Mapping[str, Any]) -> Settings:
    limits = _of_section("limits", read)
    if "rate_limits" in read:
        limits["rate_limits"] = read["rate_limits"]
    chosen = {subject.name: _of_section(subject.name, read) for subject in fields(Options)}
    kept = ("limits.", *(f"{name}." for name in chosen))
    others = {
        key.replace(".", "_"): value
        for key, value in read.items()
        if key != "rate_limits" and not key.startswith(kept)
    }
    options = {name: replace(getattr(Options(), name), **of) for name, of in chosen.items()}
    return Settings(data=data, limits=Limits(**limits), options=Options(**options), **others)


def _of_section(section: str, read: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key.partition(".")[2]: value for key, value in read.items() if key.startswith(f"{section}.")
    }


def _report(path: Path, language: Language, mistakes: list[Mistake]) -> str:
    heading = say(language, "settings.heading", path=path, count=len(mistakes))
    return "\n".join([heading, *(f"  {mistake.text(language)}" for mistake in mistakes)])
