"""`maillage key` and what goes with it: a new key, notices to staff, and the convention."""

from collections.abc import Mapping
from pathlib import Path

import click

from federation.node import Node
from inbox import partnership_acts, terms
from inbox.key_changes import announce_once, rotate
from inbox.pairing import origin_typed
from inbox.partner_notices import mark_seen, notices
from maillage.command_line import DATA, Failed, attempt, command
from maillage.commands import with_node
from maillage.messages import say
from maillage.partner_cli import FILE, YES, ask, partner_group, say_lines
from maillage.partner_commands import BY
from maillage.settings import Settings
from maillage.settings_file import read_settings
from web.translations import sentence


@click.group("key")
def key_group() -> None:
    """Clé du site · key of the site."""


@key_group.command("rotate")
@DATA
@YES
@command
def key_rotate(data: Path, yes: bool) -> None:
    """Changer la clé, prouvée par l'ancienne et la nouvelle · change the key, proved by both."""
    settings = read_settings(data)
    language = settings.language
    ask(settings, "key.ask", yes=yes)
    fingerprint, told = attempt(language, _rotate(settings))
    click.echo(say(language, "key.rotated", fingerprint=fingerprint))
    for origin, code in told.items():
        reason = sentence(language, code, {"origin": origin}) if code else ""
        said = "key.not_told" if code else "key.told"
        click.echo(say(language, said, origin=origin, reason=reason))


async def _rotate(settings: Settings) -> tuple[str, Mapping[str, str]]:
    async def work(node: Node) -> tuple[str, Mapping[str, str]]:
        fingerprint = await rotate(node, BY)
        return fingerprint, await announce_once(node)

    return await with_node(settings, work)


@partner_group.command("not-us")
@click.argument("host")
@DATA
@command
def partner_not_us(host: str, data: Path) -> None:
    """Ce changement de clé n'était pas nous : pause · this change of keys was not us: pause."""
    settings = read_settings(data)

    async def work(node: Node) -> str:
        return (await partnership_acts.not_us(node, origin_typed(node, host), BY)).origin

    origin = attempt(settings.language, with_node(settings, work))
    click.echo(say(settings.language, "partner.not_us", origin=origin))


@partner_group.command("notices")
@DATA
@command
def partner_notices(data: Path) -> None:
    """Ce qui s'est passé, dit une fois · what happened, said once."""
    settings = read_settings(data)
    say_lines(attempt(settings.language, _notices(settings)))


async def _notices(settings: Settings) -> list[str]:
    async def work(node: Node) -> list[str]:
        found = await notices(node.db, unseen=True)
        for notice in found:
            await node.db.write(lambda tx, n=notice.id: mark_seen(tx, n, node.clock()))
        lines = [sentence(node.language, one.code, one.params) for one in reversed(found)]
        return lines or [say(node.language, "partner.no_notices")]

    return await with_node(settings, work)


@partner_group.command("terms")
@click.argument("path", type=FILE, required=False)
@DATA
@click.option("--name", default="Convention", show_default=True)
@command
def partner_terms(path: Path | None, data: Path, name: str) -> None:
    """Joindre une convention aux offres ; sans fichier : aucune · state a convention, or none."""
    settings = read_settings(data)
    language = settings.language
    try:
        content = None if path is None else path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8"
        raise Failed(say(language, "failed", text=f"{path}: {reason}"), 2) from error
    digest = attempt(language, _set_terms(settings, name, content))
    code = "partner.terms_cleared" if digest is None else "partner.terms_set"
    click.echo(say(language, code, digest=digest))


async def _set_terms(settings: Settings, name: str, content: str | None) -> str | None:
    async def work(node: Node) -> str | None:
        if content is None:
            await node.db.write(terms.clear_current)
            return None
        text = content
        made = await node.db.write(lambda tx: terms.set_current(node, tx, name, text))
        return made.digest

    return await with_node(settings, work)
