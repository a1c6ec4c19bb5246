"""The `maillage` command: the contract that scripts rely on. 0 done, 1 failed, 2 misuse."""

from pathlib import Path

import click

from actors.permissions import ROLES
from maillage import commands, site_commands, values
from maillage.adapters import load_server
from maillage.command_line import DATA, Failed, attempt, command
from maillage.key_cli import key_group
from maillage.logs import configure_logs
from maillage.messages import Language, say
from maillage.organisation_cli import organisation_group
from maillage.partner_cli import partner_group
from maillage.partner_end_cli import COMMANDS as PARTNER_ENDS
from maillage.settings import Settings
from maillage.settings_file import FILE_NAME, SettingsError, read_settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Maillage: un nœud fédéré pour un établissement · a federated node for one establishment."""


def _check_origin(data: Path, origin: str, language: Language) -> str:
    context = values.Context(data, values.is_loopback_origin(origin))
    try:
        return values.origin(origin, context)
    except values.Wrong as wrong:
        expected = say(language, wrong.code)
        raise Failed(
            say(language, "settings.expected", key="origin", came=repr(origin), expected=expected),
            2,
        ) from wrong


@main.command("init")
@DATA
@click.option("--origin", required=True, help="https://hôte[:port] · https://host[:port]")
@click.option("--name", default=None, help="Nom de l'établissement · name of the establishment")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@click.option(
    "--federation", type=click.Choice(["closed", "open"]), default="closed", show_default=True
)
@click.option("--database", default=None, help="postgres://… (SQLite sinon · otherwise)")
@command
def init_command(
    data: Path,
    origin: str,
    name: str | None,
    language: Language,
    federation: str,
    database: str | None,
) -> None:
    """Créer un nœud dans un dossier · make a node in a folder."""
    checked = _check_origin(data, origin, language)
    if (data / FILE_NAME).exists() or (data / "secret").exists():
        raise Failed(say(language, "init.exists", path=data))
    authority = checked.partition("://")[2]
    loopback = checked.startswith("http://")
    text = commands.settings_text(
        origin=checked,
        name=name or authority,
        language=language,
        federation=federation,
        database=database,
        bind=(authority if ":" in authority else f"{authority}:80")
        if loopback
        else "127.0.0.1:8080",
    )
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    commands.write_file(data / FILE_NAME, text)
    try:
        settings = read_settings(data)
    except SettingsError as error:
        (data / FILE_NAME).unlink()
        raise Failed(str(error), 2) from error
    try:
        attempt(language, commands.initialise(settings))
    except Exception as error:
        for left in (FILE_NAME, "secret"):
            (data / left).unlink(missing_ok=True)
        if isinstance(error, Failed):
            raise
        raise Failed(say(language, "failed", text=str(error))) from error
    click.echo(say(language, "init.done", path=data))


@main.command("serve")
@DATA
@click.option("--bind", default=None, help="adresse:port · address:port")
@command
def serve_command(data: Path, bind: str | None) -> None:
    """Faire tourner le nœud · run the node."""
    settings = read_settings(data)
    language = settings.language
    address = settings.server_bind
    if bind is not None:
        try:
            address = values.bind(bind, values.Context(data, is_loopback=False))
        except values.Wrong as wrong:
            expected = say(language, wrong.code)
            text = say(language, "settings.expected", key="bind", came=bind, expected=expected)
            raise Failed(text, 2) from wrong
    configure_logs()

    def ready() -> None:
        click.echo(
            say(language, "serve.ready", name=settings.name, origin=settings.origin, bind=address),
            err=True,
        )

    server = load_server()
    try:
        attempt(language, server.serve(settings, address, ready))
    except server.BindError as error:
        raise Failed(say(language, "serve.bind", bind=address, reason=error)) from error


@main.group("account")
def account_group() -> None:
    """Comptes · accounts."""


@account_group.command("create")
@click.argument("name")
@DATA
@click.option("--password-file", required=True, type=click.Path(path_type=Path))
@click.option("--email", default=None)
@click.option("--role", type=click.Choice(list(ROLES)), default="member", show_default=True)
@command
def account_create(
    name: str, data: Path, password_file: Path, email: str | None, role: str
) -> None:
    """Créer un compte · make an account."""
    settings = read_settings(data)
    password = _read_password(settings, password_file)
    handle = attempt(
        settings.language,
        commands.add_account(settings, name=name, password=password, email=email, role=role),
    )
    click.echo(say(settings.language, "account.done", handle=handle))


@account_group.command("reset")
@click.argument("name")
@DATA
@click.option(
    "--second-step", is_flag=True, help="Retirer aussi codes et clés · remove codes and passkeys"
)
@command
def account_reset(name: str, data: Path, second_step: bool) -> None:
    """Fermer ses sessions, donner un lien d'une heure · end its logins, print an hour's link."""
    settings = read_settings(data)
    work = commands.reset_account(settings, name, second_step=second_step)
    click.echo(attempt(settings.language, work))


@account_group.command("alias")
@click.argument("name")
@DATA
@click.option("--add", default=None, help="compte@hôte · account@host")
@click.option("--remove", default=None, help="compte@hôte · account@host")
@command
def account_alias(name: str, data: Path, add: str | None, remove: str | None) -> None:
    """Dire quels autres comptes sont les siens · say which other accounts are hers."""
    if (add is None) == (remove is None):
        raise click.UsageError("--add XOR --remove")
    settings = read_settings(data)
    work = commands.change_alias(settings, name, add or remove or "", on=add is not None)
    for uri in attempt(settings.language, work):
        click.echo(uri)


@account_group.command("move")
@click.argument("name")
@DATA
@click.option("--to", "target", default=None, help="compte@hôte · account@host")
@click.option("--back", is_flag=True, help="Annuler le départ · take the move back")
@command
def account_move(name: str, data: Path, target: str | None, back: bool) -> None:
    """Déménager un compte, avec ses abonnés · move an account, with its followers."""
    if back is (target is not None):
        raise click.UsageError("--to XOR --back")
    settings = read_settings(data)
    if target is None:
        attempt(settings.language, commands.keep_account(settings, name))
    else:
        click.echo(attempt(settings.language, commands.move_account(settings, name, target)))


@account_group.command("export")
@click.argument("name")
@DATA
@click.option("--file", "file", required=True, type=click.Path(path_type=Path, dir_okay=False))
@command
def account_export(name: str, data: Path, file: Path) -> None:
    """Écrire la copie des données d'une personne · write the copy of a person's data."""
    settings = read_settings(data)
    size = attempt(settings.language, site_commands.export_account(settings, name, file))
    click.echo(say(settings.language, "account.exported", file=file, size=size))


def _read_password(settings: Settings, path: Path) -> str:
    try:
        return path.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Failed(say(settings.language, "account.password_file", reason=reason)) from error


@main.group("token")
def token_group() -> None:
    """Jetons d'accès · access tokens."""


@token_group.command("create")
@click.argument("name")
@DATA
@click.option("--scopes", default="read write follow push", show_default=True)
@command
def token_create(name: str, data: Path, scopes: str) -> None:
    """Créer un jeton ; n'affiche que lui · make a token; prints it and nothing else."""
    settings = read_settings(data)
    click.echo(attempt(settings.language, commands.add_token(settings, name, scopes)))


@main.command("peer")
@click.argument("action", type=click.Choice(["allow", "block", "list"]))
@click.argument("origin", required=False)
@DATA
@command
def peer_command(action: str, origin: str | None, data: Path) -> None:
    """Partenaires : autoriser, bloquer, lister · peers: allow, block, list."""
    settings = read_settings(data)
    language = settings.language
    if action == "list":
        for line in attempt(language, commands.list_peers(settings)):
            if origin is None or line.startswith(f"{origin}\t"):
                click.echo(line)
        return
    if origin is None:
        raise Failed(say(language, "peer.needs_origin", action=action, path=data), 2)
    kept = attempt(language, commands.set_peer(settings, action, origin))
    code = "peer.allowed" if action == "allow" else "peer.blocked"
    click.echo(say(language, code, origin=kept, own=settings.origin))


@main.command("invite")
@DATA
@click.option("--role", type=click.Choice(list(ROLES)), default="member", show_default=True)
@click.option("--uses", default=1, show_default=True)
@click.option("--days", default=7, show_default=True)
@command
def invite_command(data: Path, role: str, uses: int, days: int) -> None:
    """Créer une invitation ; n'affiche que son code · make an invitation; prints its code."""
    settings = read_settings(data)
    work = site_commands.make_invitation(settings, role=role, uses=uses, days=days)
    click.echo(attempt(settings.language, work))


main.add_command(partner_group)
main.add_command(key_group)
for _command in PARTNER_ENDS:
    partner_group.add_command(_command)
main.add_command(organisation_group)


@main.group("emoji")
def emoji_group() -> None:
    """Emojis du site · emojis of the site."""


@emoji_group.command("add")
@click.argument("shortcode")
@click.argument("picture", type=click.Path(path_type=Path))
@DATA
@click.option("--category", default=None)
@command
def emoji_add(shortcode: str, picture: Path, data: Path, category: str | None) -> None:
    """Proposer une image sous un nom · offer a picture under a name."""
    settings = read_settings(data)
    try:
        content = picture.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise Failed(say(settings.language, "failed", text=reason)) from error
    attempt(settings.language, site_commands.add_emoji(settings, shortcode, content, category))


@emoji_group.command("remove")
@click.argument("shortcode")
@DATA
@command
def emoji_remove(shortcode: str, data: Path) -> None:
    """Ne plus le proposer · offer it no longer."""
    settings = read_settings(data)
    attempt(settings.language, site_commands.remove_emoji(settings, shortcode))


@emoji_group.command("list")
@DATA
@command
def emoji_list(data: Path) -> None:
    """Lister · list."""
    settings = read_settings(data)
    for shortcode in attempt(settings.language, site_commands.list_emojis(settings)):
        click.echo(shortcode)


@main.command("audit")
@DATA
@click.option("--count", default=50, show_default=True)
@command
def audit_command(data: Path, count: int) -> None:
    """Lire et vérifier le registre de l'équipe · read and verify the record of staff's acts."""
    settings = read_settings(data)
    lines, wrong = attempt(settings.language, site_commands.audit_lines(settings, count))
    for line in lines:
        click.echo(line)
    if wrong is not None:
        raise Failed(say(settings.language, "audit.broken", number=wrong))
    click.echo(say(settings.language, "audit.sound"), err=True)


@main.command("restored")
@DATA
@command
def restored_command(data: Path) -> None:
    """Dire qu'une sauvegarde a été restaurée · say that a backup was put back."""
    settings = read_settings(data)
    count = attempt(settings.language, site_commands.restored(settings))
    click.echo(say(settings.language, "restored.done", count=count))


@main.command("status")
@DATA
@command
def status_command(data: Path) -> None:
    """État du nœud · how the node is."""
    settings = read_settings(data)
    for line in attempt(settings.language, commands.status_lines(settings)):
        click.echo(line)
