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
    "erasure_asked": {
        "fr": (
            "L’effacement de votre compte est demandé – {site}",
            (
                "Bonjour,\n\n"
                "L’effacement du compte @{username} du site {site} a été demandé. Votre profil et"
                " vos messages n’apparaissent plus\u00a0; ils seront effacés dans 14 jours.\n\n"
                "Gardez ce lien. D’ici là, il permet d’y renoncer avec votre mot de passe\u00a0;"
                " ensuite, il montre ce que chaque autre site répond\u00a0:\n\n"
                "{link}\n\n"
                "Si ce n’est pas vous, ouvrez ce lien et renoncez, puis changez votre mot de"
                " passe.\n"
            ),
        ),
        "en": (
            "The erasure of your account was asked for – {site}",
            (
                "Hello,\n\n"
                "The erasure of the account @{username} of the site {site} was asked for. Your"
                " profile and your posts are hidden already; they will be erased in 14 days.\n\n"
                "Keep this link. Until then you can take the erasure back there with your"
                " password; afterwards it shows what each other site answers:\n\n"
                "{link}\n\n"
                "If it was not you, open this link and take it back, then change your password.\n"
            ),
        ),
    },
    "partner_keys_changed": {
        "fr": (
            "La clé de {host} a changé",
            (
                "Bonjour,\n\nLe site {host}, avec qui {site} a un accord, a changé de clé. "
                "L’ancienne et la nouvelle l’ont prouvé.\n\nSi son administrateur ne l’a pas "
                "fait, dites «\u00a0ce n’était pas nous\u00a0» dans les partenaires\u00a0: "
                "l’échange sera mis en pause.\n"
            ),
        ),
        "en": (
            "The key of {host} has changed",
            (
                "Hello,\n\nThe site {host}, with which {site} has an agreement, has changed its"
                " key. The old and the new one have proved it.\n\nIf its administrator did not "
                "do this, say this was not us among the partners: the exchange will be "
                "paused.\n"
            ),
        ),
    },
    "partner_own_keys": {
        "fr": (
            "La clé de {site} a changé",
            (
                "Bonjour,\n\nLa clé du site {site} a été changée. Ses partenaires l’apprennent "
                "d’eux-mêmes.\n\nSi personne de chez vous ne l’a fait, dites «\u00a0ce n’était "
                "pas nous\u00a0» pour chaque partenaire\u00a0: l’échange sera mis en pause.\n"
            ),
        ),
        "en": (
            "The key of {site} has changed",
            (
                "Hello,\n\nThe key of the site {site} was changed. Its partners hear of it by "
                "themselves.\n\nIf nobody at your site did this, say this was not us for each "
                "partner: the exchange will be paused.\n"
            ),
        ),
    },
    "partner_not_us": {
        "fr": (
            "L’échange avec {host} est en pause",
            (
                "Bonjour,\n\nL’échange entre {site} et {host} a été mis en pause\u00a0: un "
                "changement de clé n’était pas voulu. Ce qui attend est gardé.\n\nSeul un "
                "nouveau code rétablit l’accord.\n"
            ),
        ),
        "en": (
            "The exchange with {host} is paused",
            (
                "Hello,\n\nThe exchange between {site} and {host} was paused: a change of keys "
                "was not wanted. What waits is kept.\n\nOnly a new code restores the "
                "agreement.\n"
            ),
        ),
    },
    "partner_ends_soon": {
        "fr": (
            "L’accord avec {host} se termine dans {days} jours",
            (
                "Bonjour,\n\nL’accord entre {site} et {host} se termine le "
                "{ends}.\n\nRenouvelez-le dans les partenaires\u00a0; {host} devra le "
                "confirmer. Si vous ne faites rien, l’échange s’arrête ce jour-là.\n"
            ),
        ),
        "en": (
            "The agreement with {host} ends in {days} days",
            (
                "Hello,\n\nThe agreement between {site} and {host} ends on {ends}.\n\nRenew it "
                "among the partners; {host} will have to confirm. If you do nothing, the "
                "exchange stops on that day.\n"
            ),
        ),
    },
    "partner_invitation_closed": {
        "fr": (
            "L’invitation pour {host} est fermée",
            (
                "Bonjour,\n\nL’invitation de {site} pour {host} a été fermée après cinq preuves"
                " fausses.\n\nSi son administrateur s’est seulement trompé, faites-en une "
                "nouvelle. Sinon, quelqu’un devine\u00a0: rien n’a été accordé.\n"
            ),
        ),
        "en": (
            "The invitation for {host} is closed",
            (
                "Hello,\n\nThe invitation of {site} for {host} was closed after five wrong "
                "proofs.\n\nIf its administrator only mistyped, make a new one. If not, "
                "somebody is guessing: nothing was granted.\n"
            ),
        ),
    },
    "partner_site_added": {
        "fr": (
            "{name} a un nouveau site, {host}",
            (
                "Bonjour,\n\nL’organisation {name}, partenaire de {site}, a un nouveau site\u00a0: "
                "{host}. Rien ne s’échange avec lui avant d’avoir été confirmé, ici et là-bas.\n"
            ),
        ),
        "en": (
            "{name} has a new site, {host}",
            (
                "Hello,\n\nThe organisation {name}, a partner of {site}, has a new site: {host}. "
                "Nothing is exchanged with it before it was confirmed, here and there.\n"
            ),
        ),
    },
    "partner_key_changed": {
        "fr": (
            "D’autres clés répondent à {host}",
            (
                "Bonjour,\n\nLes clés de {host} ne sont plus celles de l’accord avec {site}. "
                "Rien ne part et rien n’entre.\n\nAppelez son administrateur par un autre "
                "moyen, puis appariez de nouveau par un code.\n"
            ),
        ),
        "en": (
            "Other keys answer at {host}",
            (
                "Hello,\n\nThe keys of {host} are no longer those of the agreement with {site}."
                " Nothing is sent or taken.\n\nCall its administrator by another way, then pair"
                " anew by a code.\n"
            ),
        ),
    },
    "trial": {
        "fr": (
            "Lettre d’essai de {site}",
            (
                "Bonjour,\n\nVous avez demandé cette lettre sur la page du site {site}. Elle est"
                " arrivée\u00a0: le courrier du site fonctionne.\n"
            ),
        ),
        "en": (
            "A test letter from {site}",
            (
                "Hello,\n\nYou asked for this letter on the page of the site {site}. It has"
                " arrived: the mail of the site works.\n"
            ),
        ),
    },
}
