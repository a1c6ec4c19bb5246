"""`maillage organisation`: the sites of one organisation, each related to every other."""

from pathlib import Path

import click

from maillage import organisation_commands as organisations
from maillage.command_line import DATA, attempt, command
from maillage.messages import say
from maillage.partner_cli import YES, ask, say_lines
from maillage.settings_file import read_settings


@click.group("organisation")
def organisation_group() -> None:
    """Établissements d'une même organisation · sites of one organisation."""


@organisation_group.command("create")
@click.argument("name")
@DATA
@command
def create(name: str, data: Path) -> None:
    """Créer une organisation que ce site mène · create an organisation that this site leads."""
    settings = read_settings(data)
    made = attempt(settings.language, organisations.create(settings, name))
    click.echo(say(settings.language, "organisation.created", name=made))


@organisation_group.command("invite")
@click.argument("host")
@DATA
@command
def invite(host: str, data: Path) -> None:
    """Inviter un site ; n'affiche que le code · invite a site; prints nothing but the code."""
    settings = read_settings(data)
    code, known_as = attempt(settings.language, organisations.invite(settings, host))
    click.echo(say(settings.language, "partner.code", host=known_as), err=True)
    click.echo(code)


@organisation_group.command("join")
@click.argument("code")
@DATA
@YES
@command
def join(code: str, data: Path, yes: bool) -> None:
    """Rejoindre l'organisation qui a donné ce code · join the organisation that gave this code."""
    settings = read_settings(data)
    name, lines = attempt(settings.language, organisations.look(settings, code))
    say_lines(lines)
    ask(settings, "organisation.ask_join", yes=yes, name=name)
    origin = attempt(settings.language, organisations.join(settings, code))
    click.echo(say(settings.language, "organisation.offered", origin=origin))


@organisation_group.command("list")
@DATA
@command
def list_sites(data: Path) -> None:
    """Lister les sites · list the sites."""
    settings = read_settings(data)
    say_lines(attempt(settings.language, organisations.listing(settings)))
    say_lines(attempt(settings.language, organisations.others_listing(settings)))


@organisation_group.command("confirm")
@click.argument("host")
@DATA
@YES
@command
def confirm(host: str, data: Path, yes: bool) -> None:
    """Confirmer un site ajouté par un partenaire · confirm a site that a partner added."""
    settings = read_settings(data)
    say_lines(attempt(settings.language, organisations.look_at_proposed(settings, host)))
    ask(settings, "organisation.ask_confirm", yes=yes)
    origin = attempt(settings.language, organisations.confirm(settings, host))
    click.echo(say(settings.language, "partner.offered", origin=origin))


@organisation_group.command("remove")
@click.argument("host")
@DATA
@command
def remove(host: str, data: Path) -> None:
    """Retirer un site ; ses liaisons finissent partout · remove a site, everywhere."""
    settings = read_settings(data)
    origin = attempt(settings.language, organisations.remove(settings, host))
    click.echo(say(settings.language, "organisation.removed", origin=origin))


@organisation_group.command("leave")
@DATA
@command
def leave(data: Path) -> None:
    """Quitter l'organisation · leave the organisation."""
    settings = read_settings(data)
    attempt(settings.language, organisations.leave(settings))
    click.echo(say(settings.language, "organisation.left"))
