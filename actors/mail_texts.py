"""What the letters of a node say: plain text, in French and English.

A letter never quotes what people write here; it says what happened, what to do, and that doing
nothing is safe.
"""

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "password_reset": {
        "fr": (
            "Choisir un nouveau mot de passe pour {site}",
            (
                "Bonjour,\n\n"
                "Quelqu’un a demandé un nouveau mot de passe pour le compte @{username} du site"
                " {site}.\n\n"
                "Pour le choisir, ouvrez ce lien. Il sert une fois, pendant une heure\u00a0:\n\n"
                "{link}\n\n"
                "Si ce n’est pas vous, ne faites rien\u00a0: votre mot de passe ne change pas.\n"
            ),
        ),
        "en": (
            "Choose a new password for {site}",
            (
                "Hello,\n\n"
                "Somebody asked for a new password for the account @{username} of the site"
                " {site}.\n\n"
                "To choose it, open this link. It works once, within one hour:\n\n"
                "{link}\n\n"
                "If it was not you, do nothing: your password stays as it is.\n"
            ),
        ),
    },
    "password_changed": {
        "fr": (
            "Le mot de passe de votre compte sur {site} a changé",
            (
                "Bonjour,\n\n"
                "Le mot de passe du compte @{username} du site {site} vient de changer. Les"
                " appareils"
                " et les applications connectés ont été déconnectés.\n\n"
                "Si ce n’est pas vous, prévenez la personne qui administre votre site.\n"
            ),
        ),
        "en": (
            "The password of your account on {site} has changed",
            (
                "Hello,\n\n"
                "The password of the account @{username} of the site {site} has just changed. The"
                " devices and applications that were signed in have been signed out.\n\n"
                "If it was not you, tell whoever administers your site.\n"
            ),
        ),
    },
    "second_factor_changed": {
        "fr": (
            "La connexion à votre compte sur {site} a changé",
            (
                "Bonjour,\n\n"
                "La façon de se connecter au compte @{username} du site {site} vient de changer"
                "\u00a0: une clé d’accès ou un code de connexion a été ajouté ou retiré.\n\n"
                "Si ce n’est pas vous, prévenez la personne qui administre votre site.\n"
            ),
        ),
        "en": (
            "How to sign in to your account on {site} has changed",
            (
                "Hello,\n\n"
                "The way to sign in to the account @{username} of the site {site} has just changed:"
                " a passkey or a sign-in code was added or removed.\n\n"
                "If it was not you, tell whoever administers your site.\n"
            ),
        ),
    },
    "confirm_address": {
        "fr": (
            "Confirmer votre adresse pour {site}",
            (
                "Bonjour,\n\n"
                "Un compte @{username} a été demandé sur le site {site} avec cette adresse.\n\n"
                "Si c’est vous, ouvrez ce lien dans les deux jours\u00a0:\n\n"
                "{link}\n\n"
                "Sinon, ne faites rien\u00a0: le compte ne pourra pas servir.\n"
            ),
        ),
        "en": (
            "Confirm your address for {site}",
            (
                "Hello,\n\n"
                "An account @{username} was asked for on the site {site} with this address.\n\n"
                "If it was you, open this link within two days:\n\n"
                "{link}\n\n"
                "If it was not, do nothing: the account cannot be used.\n"
            ),
        ),
    },
    "sign_up_approved": {
        "fr": (
            "Votre compte sur {site} est ouvert",
            (
                "Bonjour,\n\n"
                "Le compte @{username} du site {site} a été accepté. Vous pouvez vous connecter sur"
                " {link}.\n"
            ),
        ),
        "en": (
            "Your account on {site} is open",
            (
                "Hello,\n\n"
                "The account @{username} of the site {site} was accepted. You can sign in at"
                " {link}.\n"
            ),
        ),
    },
    "decision_none": {
        "fr": (
            "Un avertissement de la modération – {site}",
            (
                "Bonjour,\n\n"
                "La modération vous adresse un avertissement."
                " Il s’agit du compte @{username} du site {site}.\n\n"
                "{text}\n\n"
                "Pour en parler, répondez à la personne qui administre votre site.\n"
            ),
        ),
        "en": (
            "A warning from the moderators – {site}",
            (
                "Hello,\n\n"
                "The moderators send you a warning."
                " This is about the account @{username} of the site {site}.\n\n"
                "{text}\n\n"
                "To talk about it, turn to whoever administers your site.\n"
            ),
        ),
    },
    "decision_sensitive": {
        "fr": (
            "Vos médias sont masqués – {site}",
            (
                "Bonjour,\n\n"
                "La modération a décidé que vos images s’affichent derrière un avertissement."
                " Il s’agit du compte @{username} du site {site}.\n\n"
                "{text}\n\n"
                "Pour en parler, répondez à la personne qui administre votre site.\n"
            ),
        ),
        "en": (
            "Your media are covered – {site}",
            (
                "Hello,\n\n"
                "The moderators decided that your pictures are shown behind a warning."
                " This is about the account @{username} of the site {site}.\n\n"
                "{text}\n\n"
                "To talk about it, turn to whoever administers your site.\n"
            ),
        ),
    },
    "decision_disable": {
        "fr": (
            "Votre connexion est fermée – {site}",
            (
                "Bonjour,\n\n"
                "La modération a fermé la connexion à votre compte."
                " Il s’agit du compte @{username} du site {site}.\n\n"
                "{text}\n\n"
                "Pour en parler, répondez à la personne qui administre votre site.\n"
            ),
        ),
        "en": (
            "Your login is closed – {site}",
            (
                "Hello,\n\n"
                "The moderators closed the login of your account."
                " This is about the account @{username} of the site {site}.\n\n"
                "{text}\n\n"
                "To talk about it, turn to whoever administers your site.\n"
            ),
        ),
    },
    "decision_silence": {
        "fr": (
            "Votre compte est limité – {site}",
            (
                "Bonjour,\n\n"
                "La modération a limité votre compte : seules les personnes qui vous suivent "
                "voient vos messages."
                " Il s’agit du compte @{username} du site {site}.\n\n"
                "{text}\n\n"
                "Pour en parler, répondez à la personne qui administre votre site.\n"
            ),
        ),
        "en": (
            "Your account is limited – {site}",
            (
                "Hello,\n\n"
                "The moderators limited your account: only people who follow you see your "
                "posts."
                " This is about the account @{username} of the site {site}.\n\n"
                "{text}\n\n"
                "To talk about it, turn to whoever administers your site.\n"
            ),
        ),
    },
    "decision_suspend": {
        "fr": (
            "Votre compte est suspendu – {site}",
            (
                "Bonjour,\n\n"
                "La modération a suspendu votre compte : plus personne ne voit vos messages."
                " Il s’agit du compte @{username} du site {site}.\n\n"
                "{text}\n\n"
                "Pour en parler, répondez à la personne qui administre votre site.\n"
            ),
        ),
        "en": (
            "Your account is suspended – {site}",
            (
                "Hello,\n\n"
                "The moderators suspended your account: nobody sees your posts any more."
                " This is about the account @{username} of the site {site}.\n\n"
                "{text}\n\n"
                "To talk about it, turn to whoever administers your site.\n"
            ),
        ),
    },
}
