"""`maillage partner`: agreements with other sites, from the invitation to the end."""

from pathlib import Path

import click

from inbox.pairing import DAYS
from maillage import partner_commands as partners
from maillage.command_line import DATA, Failed, attempt, command
from maillage.messages import say
from maillage.settings import Settings
from maillage.settings_file import read_settings

GRANT = click.option(
    "--grant", "grants", multiple=True, help="champ=valeur que ce site accorde · that we grant"
)
ASK = click.option(
    "--ask", "asks", multiple=True, help="champ=valeur demandé en retour · asked in return"
)
LASTS = click.option("--days", default=DAYS, show_default=True)
YES = click.option("--yes", is_flag=True, help="Ne rien demander · ask nothing")


@click.group("partner")
def partner_group() -> None:
    """Accords entre établissements · agreements between sites."""


@partner_group.command("invite")
@click.argument("host")
@DATA
@GRANT
@command
def invite(host: str, data: Path, grants: tuple[str, ...]) -> None:
    """Inviter un site ; n'affiche que le code · invite a site; prints nothing but the code."""
    settings = read_settings(data)
    code, known_as = attempt(settings.language, partners.invite(settings, host, grants))
    click.echo(say(settings.language, "partner.code", host=known_as), err=True)
    click.echo(code)


@partner_group.command("accept")
@click.argument("code")
@DATA
@GRANT
@ASK
@LASTS
@YES
@command
def accept(
    code: str, data: Path, grants: tuple[str, ...], asks: tuple[str, ...], days: int, yes: bool
) -> None:
    """Répondre à une invitation par une offre · answer an invitation by an offer."""
    settings = read_settings(data)
    name, lines = attempt(settings.language, partners.look(settings, code))
    _say_lines(lines)
    _ask(settings, "partner.ask_offer", yes=yes, name=name)
    work = partners.offer(settings, code, grants, asks, days)
    _done(settings, "partner.offered", attempt(settings.language, work))


@partner_group.command("confirm")
@click.argument("host")
@DATA
@GRANT
@YES
@command
def confirm(host: str, data: Path, grants: tuple[str, ...], yes: bool) -> None:
    """Confirmer une offre reçue · confirm an offer that came."""
    settings = read_settings(data)
    _say_lines(attempt(settings.language, partners.show(settings, host)))
    _ask(settings, "partner.ask_confirm", yes=yes)
    known = attempt(settings.language, partners.confirm(settings, host, grants))
    is_counter = known.offer is not None
    _done(settings, "partner.counter" if is_counter else "partner.confirmed", known.origin)


@partner_group.command("list")
@DATA
@command
def list_partners(data: Path) -> None:
    """Lister · list."""
    settings = read_settings(data)
    _say_lines(attempt(settings.language, partners.partners(settings)))


@partner_group.command("show")
@click.argument("host")
@DATA
@command
def show(host: str, data: Path) -> None:
    """Montrer un accord et son numéro de sécurité · show an agreement and its safety number."""
    settings = read_settings(data)
    _say_lines(attempt(settings.language, partners.show(settings, host)))


@partner_group.command("probe")
@click.argument("host")
@DATA
@command
def probe(host: str, data: Path) -> None:
    """Essayer la liaison, ligne par ligne · try the connection, line by line."""
    settings = read_settings(data)
    lines, is_green = attempt(settings.language, partners.probe(settings, host))
    _say_lines(lines)
    if not is_green:
        raise click.exceptions.Exit(1)


@partner_group.command("narrow")
@click.argument("host")
@DATA
@GRANT
@command
def narrow(host: str, data: Path, grants: tuple[str, ...]) -> None:
    """Accorder moins, tout de suite · grant less, at once."""
    settings = read_settings(data)
    work = partners.narrow(settings, host, grants)
    _done(settings, "partner.narrowed", attempt(settings.language, work))


@partner_group.command("renew")
@click.argument("host")
@DATA
@GRANT
@ASK
@LASTS
@command
def renew(host: str, data: Path, grants: tuple[str, ...], asks: tuple[str, ...], days: int) -> None:
    """Proposer de prolonger ou d'élargir · offer to go on longer, or to grant more."""
    settings = read_settings(data)
    work = partners.renew(settings, host, grants, asks, days)
    _done(settings, "partner.renewing", attempt(settings.language, work))


@partner_group.command("pause")
@click.argument("host")
@DATA
@command
def pause(host: str, data: Path) -> None:
    """Suspendre l'échange ; les files sont gardées · pause; what waits is kept."""
    settings = read_settings(data)
    work = partners.change(settings, host, "pause")
    _done(settings, "partner.paused", attempt(settings.language, work))


@partner_group.command("resume")
@click.argument("host")
@DATA
@command
def resume(host: str, data: Path) -> None:
    """Reprendre l'échange · go on after a pause."""
    settings = read_settings(data)
    work = partners.change(settings, host, "resume")
    _done(settings, "partner.resumed", attempt(settings.language, work))


@partner_group.command("end")
@click.argument("host")
@DATA
@command
def end(host: str, data: Path) -> None:
    """Mettre fin à l'accord, ou refuser l'offre · end the agreement, or refuse the offer."""
    settings = read_settings(data)
    work = partners.change(settings, host, "end")
    _done(settings, "partner.ended", attempt(settings.language, work))


def _ask(settings: Settings, code: str, *, yes: bool, **words: object) -> None:
    if not yes and not click.confirm(say(settings.language, code, **words)):
        raise Failed(say(settings.language, "partner.stopped"))


def _done(settings: Settings, code: str, origin: str) -> None:
    click.echo(say(settings.language, code, origin=origin))


def _say_lines(lines: list[str]) -> None:
    for line in lines:
        click.echo(line)
