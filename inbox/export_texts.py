"""What the copy of a person's data says of itself, and the words of its page, in two languages."""

from typing import Literal

Language = Literal["fr", "en"]
READ_ME: dict[Language, tuple[str, str]] = {
    "fr": (
        "LISEZ-MOI.txt",
        (
            "Copie des données de @{account}, préparée par {site} le {date}.\n\n"
            "index.html      tout ce qui suit, à lire dans un navigateur, sans réseau\n"
            "actor.json      votre profil (ActivityStreams)\n"
            "outbox.json     tout ce que vous avez publié, quel qu’en soit le public\n"
            "edits.json      ce que vos publications disaient avant d’être modifiées\n"
            "received.json   les messages qui vous sont adressés par votre nom\n"
            "following.csv, followers.csv, lists.csv, blocks.csv, mutes.csv, domain_blocks.csv,\n"
            "bookmarks.csv   tels que Mastodon et ce logiciel savent les reprendre\n"
            "favourites.csv, votes.csv, reports.csv, notes.csv   vos merci, votes, signalements,\n"
            "                notes\n"
            "filters.json    vos filtres\n"
            "sites.csv       quel site a reçu lequel de vos messages, et ce qu’il en dit\n"
            "access.json     vos connexions et applications, et ce que l’équipe du site a fait à\n"
            "                propos de votre compte, avec date et motif\n"
            "media, pictures vos fichiers\n\n"
            "Ce que d’autres ont écrit n’y est que si vous pouvez le lire aujourd’hui.\n"
        ),
    ),
    "en": (
        "README.txt",
        (
            "Copy of the data of @{account}, made by {site} on {date}.\n\n"
            "index.html      all that follows, to read in a browser, without a network\n"
            "actor.json      your profile (ActivityStreams)\n"
            "outbox.json     all that you published, whatever its audience\n"
            "edits.json      what your posts said before they were edited\n"
            "received.json   messages addressed to you by name\n"
            "following.csv, followers.csv, lists.csv, blocks.csv, mutes.csv, domain_blocks.csv,\n"
            "bookmarks.csv   as Mastodon and this software can take them in\n"
            "favourites.csv, votes.csv, reports.csv, notes.csv   what they are called\n"
            "filters.json    your filters\n"
            "sites.csv       which site received which of your posts, and what it says of them\n"
            "access.json     your sign-ins and applications, and what staff of the site did about\n"
            "                your account, with date and reason\n"
            "media, pictures your files\n\n"
            "What others wrote is in it only if you can read it today.\n"
        ),
    ),
}

# The page of a copy -------------------------------------------------------------------------

SECTIONS = ("profile", "posts", "received", "edits", "tables", "access")
AUDIENCES = {
    "public": "for_public", "unlisted": "for_unlisted", "followers": "for_followers",
    "named": "for_named", "site": "for_site", "organisation": "for_organisation",
    "partners": "for_partners", "named_partners": "for_named_partners",
    "community": "for_community",
}  # fmt: skip
# The columns of each table, by the names of their words, and which have a first line of names.
COLUMNS: dict[str, tuple[str, ...]] = {
    "following.csv": ("account", "boosts", "notified", "languages"),
    "followers.csv": ("account",),
    "lists.csv": ("list", "account"),
    "blocks.csv": ("account",),
    "mutes.csv": ("account", "silenced"),
    "domain_blocks.csv": ("site",),
    "notes.csv": ("account", "note"),
    "bookmarks.csv": ("address",),
    "favourites.csv": ("address",),
    "votes.csv": ("poll", "choice", "when"),
    "sites.csv": ("what", "site", "state", "since"),
    "reports.csv": ("account", "category", "comment", "when"),
}
HEADED = frozenset(COLUMNS) - {
    "lists.csv", "blocks.csv", "domain_blocks.csv", "bookmarks.csv", "favourites.csv",
}  # fmt: skip
# (French, English)
WORDS: dict[str, tuple[str, str]] = {
    "title": (
        "Copie des données de @{account} – {site}",
        "Copy of the data of @{account} – {site}",
    ),
    "made": (
        "Préparée le {day}. Les heures sont en temps universel (UTC).",
        "Made on {day}. Times are universal time (UTC).",
    ),
    "contents": ("Sommaire", "Contents"),
    "profile": ("Votre profil", "Your profile"),
    "posts": ("Ce que vous avez publié", "What you published"),
    "received": ("Messages qui vous sont adressés par votre nom", "Messages to you by name"),
    "edits": ("Avant modification", "Before they were edited"),
    "tables": ("Vos relations et vos choix", "Your relations and choices"),
    "access": ("Votre compte et ce qui l’a touché", "Your account and what was done about it"),
    "name": ("Nom", "Name"),
    "about": ("À propos", "About"),
    "icon": ("Portrait", "Portrait"),
    "image": ("Bandeau", "Header picture"),
    "file": ("Fichier sans description", "File without a description"),
    "files": ("Fichiers joints\u00a0:", "Attached files:"),
    "address": ("Adresse\u00a0:", "Address:"),
    "answers": ("En réponse à\u00a0:", "In answer to:"),
    "warning": ("Avertissement\u00a0:", "Warning:"),
    "passed_on": ("message transmis", "passed on"),
    "former": ("version précédente", "former version"),
    "poll": ("Sondage", "Poll"),
    "nothing": ("Rien", "Nothing"),
    "yes": ("oui", "yes"),
    "no": ("non", "no"),
    "for_public": ("public", "public"),
    "for_unlisted": ("public, hors des listes", "public, not in lists"),
    "for_followers": ("vos abonnés", "your followers"),
    "for_named": ("les personnes nommées", "the people named"),
    "for_site": ("votre site", "your site"),
    "for_organisation": ("votre organisation", "your organisation"),
    "for_partners": ("vos partenaires", "your partners"),
    "for_named_partners": ("des partenaires choisis", "chosen partners"),
    "for_community": ("une communauté", "a community"),
    "following.csv": ("Vous suivez", "You follow"),
    "followers.csv": ("Vous suivent", "They follow you"),
    "lists.csv": ("Vos listes", "Your lists"),
    "blocks.csv": ("Personnes bloquées", "Blocked people"),
    "mutes.csv": ("Personnes masquées", "Muted people"),
    "domain_blocks.csv": ("Sites bloqués", "Blocked sites"),
    "notes.csv": ("Vos notes", "Your notes"),
    "bookmarks.csv": ("Messages gardés", "Kept posts"),
    "favourites.csv": ("Vos mercis", "Your thanks"),
    "votes.csv": ("Vos votes", "Your votes"),
    "sites.csv": ("Sites qui ont reçu vos messages", "Sites that received your posts"),
    "reports.csv": ("Vos signalements", "Your reports"),
    "drafts": ("Brouillons et envois programmés", "Drafts and scheduled posts"),
    "filters": ("Vos filtres", "Your filters"),
    "sessions": ("Connexions par un navigateur", "Sign-ins with a browser"),
    "applications": ("Applications", "Applications"),
    "passkeys": ("Clés d’accès", "Passkeys"),
    "acts_of_staff": ("Actes de l’équipe du site", "Acts of the site’s staff"),
    "decisions": ("Décisions", "Decisions"),
    "disclosures": ("Conversations ouvertes", "Conversations that were opened"),
    "account": ("Compte", "Account"),
    "boosts": ("Messages transmis montrés", "Shows what is passed on"),
    "notified": ("Prévenu de chaque message", "Told of each post"),
    "languages": ("Langues", "Languages"),
    "language": ("Langue", "Language"),
    "list": ("Liste", "List"),
    "silenced": ("Notifications masquées", "Notifications hidden"),
    "site": ("Site", "Site"),
    "note": ("Note", "Note"),
    "choice": ("Choix", "Choice"),
    "when": ("Quand", "When"),
    "what": ("Quoi", "What"),
    "state": ("État", "State"),
    "since": ("Depuis", "Since"),
    "until": ("Jusqu’à", "Until"),
    "ended": ("Fin", "Ended"),
    "ends": ("Fin", "Ends"),
    "category": ("Catégorie", "Category"),
    "comment": ("Commentaire", "Comment"),
    "created": ("Créé le", "Made on"),
    "email": ("Adresse électronique", "E-mail address"),
    "role": ("Rôle", "Role"),
    "settings": ("Réglages", "Settings"),
    "device": ("Appareil", "Device"),
    "by": ("Par", "By"),
    "shared": ("Poste partagé", "Shared device"),
    "scopes": ("Droits", "Scopes"),
    "reason": ("Motif", "Reason"),
    "said": ("Texte", "Text"),
    "context": ("Où", "Where"),
    "action": ("Effet", "Effect"),
    "words": ("Mots", "Words"),
    "publish_at": ("À publier le", "To be published on"),
    "written": ("Texte", "Text"),
}
