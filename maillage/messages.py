"""What the command line and the settings say to an administrator, in French and English."""

from collections.abc import Mapping
from typing import Literal

from maillage.organisation_messages import ORGANISATIONS
from maillage.partner_messages import PARTNERS

Language = Literal["fr", "en"]

# code: (French, English)
SENTENCES: dict[str, tuple[str, str]] = (
    {
        "settings.heading": (
            "{path} : {count} erreur(s).",
            "{path}: {count} mistake(s).",
        ),
        "settings.at_line": ("ligne {line} : {text}", "line {line}: {text}"),
        "settings.at_variable": ("variable {name} : {text}", "variable {name}: {text}"),
        "settings.missing_file": (
            (
                "Il n'y a pas de nœud dans {path} ; créez-le avec `maillage init --data"
                " {path} --origin"
                " URL`."
            ),
            "There is no node in {path}; make one with `maillage init --data {path} --origin URL`.",
        ),
        "settings.unreadable": (
            "{path} ne peut pas être lu ({reason}).",
            "{path} cannot be read ({reason}).",
        ),
        "settings.syntax": (
            'ce n\'est pas du TOML valide ({reason}) ; écrivez par exemple name = "Les Tilleuls".',
            'this is not valid TOML ({reason}); write for instance name = "Les Tilleuls".',
        ),
        "settings.unknown": (
            "« {key} » n'existe pas{hint}.",
            '"{key}" does not exist{hint}.',
        ),
        "settings.did_you_mean": (" ; vouliez-vous dire « {key} » ?", '; did you mean "{key}"?'),
        "settings.expected": (
            "« {key} » vaut {came} ; attendu : {expected}.",
            '"{key}" is {came}; expected: {expected}.',
        ),
        "settings.origin_missing": (
            '« origin » manque ; écrivez origin = "https://maillage.exemple.fr".',
            '"origin" is missing; write origin = "https://maillage.example.org".',
        ),
        "expected.text": ("un texte entre guillemets", "a text in quotes"),
        "expected.texts": (
            'une liste de textes, comme ["10.20.0.0/16"]',
            'a list of texts, such as ["10.20.0.0/16"]',
        ),
        "expected.number": (
            "un nombre entier de {least} à {most}",
            "a whole number from {least} to {most}",
        ),
        "expected.switch": ("true ou false", "true or false"),
        "expected.choice": ("{choices}", "{choices}"),
        "expected.origin": (
            (
                "https://hôte[:port] sans chemin (http:// seulement si l'hôte est une adresse"
                " de boucle"
                " locale comme 127.0.0.1)"
            ),
            (
                "https://host[:port] without a path (http:// only when the host is a loopback"
                " address"
                " such as 127.0.0.1)"
            ),
        ),
        "expected.network": (
            (
                "des plages d'adresses comme 10.20.0.0/16 (127.0.0.0/8 seulement si origin est une"
                " adresse de boucle locale)"
            ),
            (
                "ranges of addresses such as 10.20.0.0/16 (127.0.0.0/8 only when origin is a"
                " loopback"
                " address)"
            ),
        ),
        "expected.hours": (
            'deux heures comme "07:00-20:00", ou "always" pour à toute heure',
            'two times as "07:00-20:00", or "always" for at any hour',
        ),
        "expected.file": ("le chemin d'un fichier qui existe", "the path of a file that exists"),
        "expected.proxy": ("http://hôte:port", "http://host:port"),
        "expected.database": (
            "sqlite:///chemin/du/fichier ou postgres://utilisateur@hôte/base",
            "sqlite:///path/of/the/file or postgres://user@host/name",
        ),
        "expected.bus": (
            "memory, postgres, ou l’adresse d’un serveur Redis ou Valkey (redis://hôte:port)",
            "memory, postgres, or the address of a Redis or Valkey server (redis://host:port)",
        ),
        "expected.bind": (
            "adresse:port, comme 127.0.0.1:8080",
            "address:port, such as 127.0.0.1:8080",
        ),
        "expected.proxies": (
            'les adresses de vos serveurs mandataires, comme ["127.0.0.1"]',
            'the addresses of your reverse proxies, such as ["127.0.0.1"]',
        ),
        "settings.s3_incomplete": (
            "« media.s3_bucket » demande aussi s3_url, s3_key et s3_secret.",
            '"media.s3_bucket" needs s3_url, s3_key and s3_secret as well.',
        ),
        "settings.open_without_mail": (
            (
                '« registrations.mode » vaut "open" sans « mail.url » : les adresses ne'
                " pourraient pas être vérifiées ; donnez un serveur SMTP, ou choisissez"
                ' "approval" ou "invitation".'
            ),
            (
                '"registrations.mode" is "open" without "mail.url": addresses could not be checked;'
                ' give an SMTP server, or choose "approval" or "invitation".'
            ),
        ),
        "expected.service": (
            "une adresse en https, ou http://127.0.0.1:5000 sur cette machine, sans mot de passe",
            "an https address, or http://127.0.0.1:5000 on this machine, without a password",
        ),
        "expected.web_address": (
            "une adresse comme https://exemple.fr/page",
            "an address such as https://example.org/page",
        ),
        "expected.mail_server": (
            "smtp://[utilisateur:mot-de-passe@]hôte[:port] ou smtps://…",
            "smtp://[user:password@]host[:port] or smtps://…",
        ),
        "expected.mail_sender": (
            "une adresse comme maillage@exemple.fr",
            "an address such as maillage@example.org",
        ),
        "expected.token": ("au moins 16 caractères", "at least 16 characters"),
        "init.done": (
            (
                "Nœud prêt dans {path}. Créez un compte (`maillage account create`), puis lancez"
                " `maillage serve --data {path}`."
            ),
            (
                "Node ready in {path}. Make an account (`maillage account create`), then run"
                " `maillage serve --data {path}`."
            ),
        ),
        "init.exists": (
            "Il y a déjà un nœud dans {path} ; rien n'a été changé.",
            "There already is a node in {path}; nothing was changed.",
        ),
        "account.done": ("Compte créé : @{handle}", "Account made: @{handle}"),
        "account.exported": (
            "Copie écrite dans {file} ({size} octets). Le registre le dit.",
            "Copy written to {file} ({size} bytes). The record says so.",
        ),
        "account.password_file": (
            "Le fichier du mot de passe ne peut pas être lu : {reason}.",
            "The password file cannot be read: {reason}.",
        ),
        "account.unknown": (
            "Il n'y a pas de compte « {name} » sur ce nœud.",
            'There is no account "{name}" on this node.',
        ),
        "token.scopes": (
            "Droits inconnus : {came}. Possibles : {expected}.",
            "Unknown scopes: {came}. Possible: {expected}.",
        ),
        "peer.allowed": (
            "{origin} est autorisé ; il doit autoriser {own} de son côté.",
            "{origin} is allowed; it must allow {own} on its side.",
        ),
        "peer.blocked": ("{origin} est bloqué.", "{origin} is blocked."),
        "peer.bad_origin": (
            "« {came} » n'est pas une origine ; écrivez https://hôte[:port] sans chemin.",
            '"{came}" is not an origin; write https://host[:port] without a path.',
        ),
        "peer.own": (
            "{origin} est ce nœud lui-même.",
            "{origin} is this node itself.",
        ),
        "peer.none": ("Aucun partenaire pour l'instant.", "No peer yet."),
        "peer.needs_origin": (
            "Dites quelle origine : `maillage peer {action} https://hôte --data {path}`.",
            "Say which origin: `maillage peer {action} https://host --data {path}`.",
        ),
        "policy.allowed": ("autorisé", "allowed"),
        "policy.limited": ("limité", "limited"),
        "policy.blocked": ("bloqué", "blocked"),
        "policy.known": ("connu", "known"),
        "peer.heard": ("entendu il y a {age}", "heard {age} ago"),
        "peer.never": ("jamais entendu", "never heard"),
        "status.node": (
            "{name} ({origin}), fédération {mode}, version {version}",
            "{name} ({origin}), federation {mode}, version {version}",
        ),
        "mode.closed": ("fermée", "closed"),
        "mode.open": ("ouverte", "open"),
        "status.accounts": ("Comptes : {count}", "Accounts: {count}"),
        "status.statuses": ("Messages : {count}", "Statuses: {count}"),
        "status.inbox": (
            "À traiter : {count}{age}",
            "To process: {count}{age}",
        ),
        "status.deliveries": (
            "À remettre : {count}{age}",
            "To deliver: {count}{age}",
        ),
        "status.oldest": (" (le plus ancien depuis {age})", " (oldest for {age})"),
        "status.waiting": (
            "{origin} : {count} en attente depuis {age}{reason}",
            "{origin}: {count} waiting for {age}{reason}",
        ),
        "status.refused": (
            "Refusés ou abandonnés : {count}",
            "Refused or given up: {count}",
        ),
        "held.restored": (
            "ce site a été restauré d'une sauvegarde",
            "this site was restored from a backup",
        ),
        "held.away": (
            "ce site a été arrêté un moment",
            "this site was off for a while",
        ),
        "held.waits": (
            (
                "{origin} est en attente : {why}. Rien n'est envoyé ni montré avant que les"
                " deux sites"
                " aient comparé ce qu'ils savent."
            ),
            (
                "{origin} is held: {why}. Nothing is sent or shown before both sites have"
                " compared what"
                " they know."
            ),
        ),
        "held.failed": (
            (
                "{origin} est en attente : {why}. La comparaison n'a pas abouti ({note}) ; elle est"
                " reprise d'elle-même."
            ),
            (
                "{origin} is held: {why}. The comparison did not come through ({note}); it is"
                " tried again"
                " by itself."
            ),
        ),
        "restored.done": (
            "Sauvegarde restaurée : {count} partenaire(s) en attente d'une comparaison.",
            "Backup restored: {count} partner(s) held until they have compared.",
        ),
        "serve.ready": (
            "{name} répond sur {origin} (écoute {bind})",
            "{name} answers at {origin} (listening on {bind})",
        ),
        "serve.bind": (
            "{bind} ne peut pas être écouté : {reason}.",
            "{bind} cannot be listened on: {reason}.",
        ),
        "audit.broken": (
            "Le registre a été modifié : la ligne {number} ne suit pas la précédente.",
            "The record was tampered with: row {number} does not follow the one before it.",
        ),
        "audit.sound": ("Le registre est entier.", "The record is whole."),
        "failed": ("Échec : {text}", "Failed: {text}"),
    }
    | PARTNERS
    | ORGANISATIONS
)


def say(language: Language, code: str, **params: object) -> str:
    """The sentence of a code; KeyError for one that does not exist."""
    french, english = SENTENCES[code]
    return (french if language == "fr" else english).format_map(_texts(params))


def _texts(params: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items()}
