"""`maillage partner stop`, `resume`, `end` and `proof`: the emergency, and the end."""

from pathlib import Path

import click

from maillage import partner_end_commands as ends
from maillage.command_line import DATA, Failed, attempt, command
from maillage.messages import say
from maillage.partner_cli import YES, ask, say_lines
from maillage.settings_file import read_settings

HOST = click.argument("host", required=False)
ALL = click.option("--all", "everything", is_flag=True, help="Tous les partenaires · all partners")


@click.command("stop")
@HOST
@DATA
@ALL
@command
def stop(host: str | None, data: Path, everything: bool) -> None:
    """Urgence : plus rien ne passe, dans aucun sens · emergency: nothing passes any more."""
    settings = read_settings(data)
    _check_one(settings.language, host, everything=everything)
    work = ends.stop(settings, None if everything else host)
    click.echo(say(settings.language, "partner.stop_done", origin=attempt(settings.language, work)))


@click.command("resume")
@HOST
@DATA
@ALL
@command
def resume(host: str | None, data: Path, everything: bool) -> None:
    """Reprendre après une pause ou un arrêt · go on after a pause or a stop."""
    settings = read_settings(data)
    _check_one(settings.language, host, everything=everything)
    work = ends.go_on(settings, None if everything else host)
    click.echo(say(settings.language, "partner.resumed", origin=attempt(settings.language, work)))


@click.command("end")
@click.argument("host")
@DATA
@click.option("--preview", is_flag=True, help="Montrer seulement · only show what it would mean")
@YES
@command
def end(host: str, data: Path, preview: bool, yes: bool) -> None:
    """Mettre fin à l'accord, ou refuser l'offre · end the agreement, or refuse the offer."""
    settings = read_settings(data)
    say_lines(attempt(settings.language, ends.preview(settings, host)))
    if preview:
        return
    ask(settings, "partner.ask_end", yes=yes, host=host)
    origin = attempt(settings.language, ends.end(settings, host))
    click.echo(say(settings.language, "partner.ended", origin=origin))


@click.command("proof")
@click.argument("host")
@DATA
@command
def proof(host: str, data: Path) -> None:
    """La preuve d'une fin, à imprimer · the proof of an end, to be printed."""
    settings = read_settings(data)
    say_lines(attempt(settings.language, ends.proof(settings, host)))


def _check_one(language: ends.Language, host: str | None, *, everything: bool) -> None:
    if (host is None) != everything:
        raise Failed(say(language, "partner.one_or_all"), 2)


COMMANDS = (stop, resume, end, proof)
