"""Every sentence of the demonstration, in French and English, and the language to tell it in."""

import os
from collections.abc import Mapping
from typing import Literal

Language = Literal["fr", "en"]

# code: (French, English). A step is told by its own code.
SENTENCES: dict[str, tuple[str, str]] = {
    "title": (
        "Maillage : trois établissements, chacun chez soi, une même conversation.",
        "Maillage: three establishments, each at home, one conversation.",
    ),
    "chapter.nodes": ("Trois nœuds fermés", "Three closed nodes"),
    "init": ("{site} : nœud créé", "{site}: node made"),
    "serve": ("{site} répond sur {origin}", "{site} answers at {origin}"),
    "chapter.partners": ("Les établissements s'accordent", "The establishments agree"),
    "invite": ("{site} donne un code à {other}", "{site} gives {other} a code"),
    "offer": ("{other} propose un accord à {site}", "{other} offers {site} an agreement"),
    "number": (
        "{site} et {other} lisent le même numéro :\n    {number}",
        "{site} and {other} read the same number:\n    {number}",
    ),
    "confirm": (
        "{site} confirme l'offre de {other}",
        "{site} confirms what {other} offers",
    ),
    "agreed": (
        "l'accord de {site} et {other} vaut des deux côtés",
        "the agreement of {site} and {other} holds on both sides",
    ),
    "chapter.people": ("Les personnes", "The people"),
    "account": ("{name}, {job} : @{handle}", "{name}, {job}: @{handle}"),
    "profile": (
        "{name} reçoit un jeton et remplit sa fiche",
        "{name} gets a token and fills in the profile",
    ),
    "find": ("{name} trouve @{handle}", "{name} finds @{handle}"),
    "follow": ("{name} suit {other}, accepté", "{name} follows {other}, accepted"),
    "colleague": (
        "{name} suit sa collègue {other}, accepté",
        "{name} follows a colleague, {other}, accepted",
    ),
    "chapter.posts": ("D'un site à l'autre", "From one site to another"),
    "post.partners": (
        "{name} publie pour les partenaires : « {text} »",
        '{name} posts to the partners: "{text}"',
    ),
    "post.private": (
        "{name} publie pour ses abonnés : « {text} »",
        '{name} posts to followers: "{text}"',
    ),
    "post.direct": ("{name} écrit à {other} : « {text} »", '{name} writes to {other}: "{text}"'),
    "arrives": ("arrivé chez {name}, {site}", "reached {name}, {site}"),
    "chapter.answers": ("On se répond", "They answer"),
    "reply": ("{name} répond : « {text} »", '{name} replies: "{text}"'),
    "thread": (
        "{name} lit la réponse sous son message",
        "{name} reads the reply below the post",
    ),
    "favourite": (
        "{name} apprécie, {other} en est avertie",
        "{name} favourites, {other} is told",
    ),
    "boost.refused": (
        "{name} ne peut pas le faire suivre : seule {other} le peut (422)",
        "{name} cannot pass it on: only {other} may (422)",
    ),
    "chapter.limits": ("Ce qui ne sort pas", "What does not get out"),
    "post.local": (
        "{name} publie pour son site : « {text} »",
        '{name} posts to the own site: "{text}"',
    ),
    "local.read": ("{name}, du même site, le lit", "{name}, of the same site, reads it"),
    "post.next": ("{name} publie ensuite : « {text} »", '{name} then posts: "{text}"'),
    "local.absent": (
        "{name}, {site}, a reçu la suite, pas le message du site",
        "{name}, {site}, got what followed, not the site's post",
    ),
    "local.unfindable": (
        "{name} en demande l'adresse : introuvable",
        "{name} asks for its address: not found",
    ),
    "direct.absent": (
        "{name} n'a pas reçu le message adressé à {other}",
        "{name} did not get the message to {other}",
    ),
    "stranger.get": (
        "un inconnu demande la fiche de {name} : refusé (401)",
        "a stranger asks for {name}'s profile: refused (401)",
    ),
    "stranger.post": (
        "un inconnu dépose un message sans signature : refusé (401)",
        "a stranger delivers an unsigned message: refused (401)",
    ),
    "chapter.delete": ("Effacer, c'est effacer partout", "Deleted means deleted everywhere"),
    "delete": ("{name} supprime son premier message", "{name} deletes the first post"),
    "deleted": ("disparu chez {name}, {site}", "gone at {name}, {site}"),
    "done": (
        "{count} étapes sur {count}, en {seconds} s.",
        "{count} of {count} steps, in {seconds} s.",
    ),
    "failed": ("L'étape « {step} » a échoué : {reason}", 'The step "{step}" failed: {reason}'),
    "log": ("Fin du journal de {site} :", "End of the log of {site}:"),
    "stopped": ("{site} s'est arrêté de lui-même.", "{site} stopped by itself."),
    "late": ("rien après {seconds} s", "nothing after {seconds} s"),
    "busy": (
        "Une démonstration tourne déjà dans {path} ; arrêtez-la d'abord (Ctrl-C).",
        "A demonstration already runs in {path}; stop it first (Ctrl-C).",
    ),
    "running": ("Les trois nœuds tournent :", "The three nodes are running:"),
    "login": (
        "{name:<15} nom {username:<8} mot de passe {password}",
        "{name:<15} name {username:<8} password {password}",
    ),
    "client": (
        "Avec un client Mastodon, par exemple : .venv/bin/toot login --instance {origin}",
        "With a Mastodon client, for instance: .venv/bin/toot login --instance {origin}",
    ),
    "data": (
        "Données dans {path}, refaites à chaque lancement.",
        "Data in {path}, made anew each time.",
    ),
    "quit": ("Ctrl-C pour arrêter.", "Ctrl-C to stop."),
    "bye": ("Les trois nœuds sont arrêtés.", "The three nodes have stopped."),
    "job.claire": ("ergothérapeute", "occupational therapist"),
    "job.hugo": ("animateur", "activity leader"),
    "job.paul": ("infirmier", "nurse"),
    "job.ines": ("chargée de l'autonomie", "in charge of home support"),
    "text.partners": ("Atelier mémoire jeudi à 15 h", "Memory workshop on Thursday at 3 pm"),
    "text.private": ("Le minibus passe à 14 h 30", "The minibus comes at 2.30 pm"),
    "text.direct": ("peux-tu venir avec M. Roux ?", "can you bring Mr Roux along?"),
    "text.reply": ("Nous serons six, merci", "Six of us will come, thank you"),
    "text.local": ("Réunion d'équipe à midi", "Team meeting at noon"),
    "text.next": ("Photos de l'atelier lundi", "Photos of the workshop on Monday"),
}


def choose_language(environment: Mapping[str, str] = os.environ) -> Language:
    """French for a French locale, English for any other."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "fr" if environment[name].lower().startswith("fr") else "en"
    return "en"


def say(language: Language, code: str, **words: object) -> str:
    """The sentence of a code; KeyError for one that does not exist."""
    french, english = SENTENCES[code]
    return (french if language == "fr" else english).format(**words)
