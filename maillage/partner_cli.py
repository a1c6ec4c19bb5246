"""`maillage partner`: agreements with other sites, from the invitation on."""

from pathlib import Path

import click

from federation import agreements
from inbox.offer_texts import DAYS
from maillage import partner_commands as partners
from maillage.command_line import DATA, Failed, attempt, command
from maillage.messages import say
from maillage.partner_files import qr_lines, read_invitation, write_invitation
from maillage.settings import Settings
from maillage.settings_file import read_settings

GRANT = click.option(
    "--grant", "grants", multiple=True, help="champ=valeur que ce site accorde · that we grant"
)
ASK = click.option(
    "--ask", "asks", multiple=True, help="champ=valeur demandé en retour · asked in return"
)
LASTS = click.option("--days", default=DAYS, show_default=True)
FILE = click.Path(path_type=Path, dir_okay=False)
NEW_SITES = click.option(
    "--new-sites",
    type=click.Choice(agreements.NEW_SITES),
    default=agreements.NEW_SITES[0],
    show_default=True,
    help="Sites que l'organisation ajoute ensuite · sites its organisation adds later",
)
YES = click.option("--yes", is_flag=True, help="Ne rien demander · ask nothing")


@click.group("partner")
def partner_group() -> None:
    """Accords entre établissements · agreements between sites."""


@partner_group.command("invite")
@click.argument("host")
@DATA
@GRANT
@click.option("--file", "path", type=FILE, help="Écrire un fichier .partner · write a file")
@click.option("--qr", is_flag=True, help="Montrer aussi un code QR · show a QR code as well")
@command
def invite(host: str, data: Path, grants: tuple[str, ...], path: Path | None, qr: bool) -> None:
    """Inviter un site ; n'affiche que le code · invite a site; prints nothing but the code."""
    settings = read_settings(data)
    language = settings.language
    code, known_as = attempt(language, partners.invite(settings, host, grants))
    click.echo(say(language, "partner.code", host=known_as), err=True)
    if path is not None:
        write_invitation(path, code=code, by=settings.origin, host=known_as, language=language)
        click.echo(say(language, "partner.file", path=path), err=True)
    if qr:
        click.echo(qr_lines(code), err=True)
    click.echo(code)


@partner_group.command("accept")
@click.argument("code", required=False)
@DATA
@click.option("--file", "path", type=FILE, help="Un fichier .partner · a .partner file")
@GRANT
@ASK
@LASTS
@NEW_SITES
@YES
@command
def accept(
    code: str | None,
    data: Path,
    path: Path | None,
    grants: tuple[str, ...],
    asks: tuple[str, ...],
    days: int,
    new_sites: str,
    yes: bool,
) -> None:
    """Répondre à une invitation par une offre · answer an invitation by an offer."""
    settings = read_settings(data)
    if (code is None) == (path is None):
        raise Failed(say(settings.language, "partner.code_or_file"), 2)
    code = code or read_invitation(path or Path(), settings.language)
    name, lines = attempt(settings.language, partners.look(settings, code))
    say_lines(lines)
    ask(settings, "partner.ask_offer", yes=yes, name=name)
    work = partners.offer(settings, code, grants, asks, days, new_sites)
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
    say_lines(attempt(settings.language, partners.show(settings, host)))
    ask(settings, "partner.ask_confirm", yes=yes)
    known = attempt(settings.language, partners.confirm(settings, host, grants))
    is_counter = known.offer is not None
    _done(settings, "partner.counter" if is_counter else "partner.confirmed", known.origin)


@partner_group.command("list")
@DATA
@command
def list_partners(data: Path) -> None:
    """Lister · list."""
    settings = read_settings(data)
    say_lines(attempt(settings.language, partners.partners(settings)))


@partner_group.command("show")
@click.argument("host")
@DATA
@command
def show(host: str, data: Path) -> None:
    """Montrer un accord et son numéro de sécurité · show an agreement and its safety number."""
    settings = read_settings(data)
    say_lines(attempt(settings.language, partners.show(settings, host)))


@partner_group.command("probe")
@click.argument("host")
@DATA
@command
def probe(host: str, data: Path) -> None:
    """Essayer la liaison, ligne par ligne · try the connection, line by line."""
    settings = read_settings(data)
    lines, is_green = attempt(settings.language, partners.probe(settings, host))
    say_lines(lines)
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
    work = partners.pause(settings, host)
    _done(settings, "partner.paused", attempt(settings.language, work))


def ask(settings: Settings, code: str, *, yes: bool, **words: object) -> None:
    """Go on only when a person says so, or `yes` did; raise Failed otherwise."""
    if not yes and not click.confirm(say(settings.language, code, **words)):
        raise Failed(say(settings.language, "partner.stopped"))


def _done(settings: Settings, code: str, origin: str) -> None:
    click.echo(say(settings.language, code, origin=origin))


def say_lines(lines: list[str]) -> None:
    """Print one line after the other."""
    for line in lines:
        click.echo(line)
