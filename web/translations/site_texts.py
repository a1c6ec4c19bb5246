"""What a site says of itself until it writes its own texts: rules, terms, privacy, about.

Each says only what the software really does. `{site}` is the name of the site. Paragraphs are
parted by an empty line; a line that begins with `# ` is a heading, with `- ` an item of a list.
"""

# From when these texts hold.
SINCE = "2026-01-01"

RULES: tuple[dict[str, tuple[str, str]], ...] = (
    {
        "fr": (
            "Respectez les personnes.",
            "Ni insulte, ni harcèlement, ni propos discriminatoire.",
        ),
        "en": ("Respect people.", "No insults, no harassment, nothing discriminatory."),
    },
    {
        "fr": (
            "Rien qui permette de reconnaître une personne accompagnée ou un usager.",
            "Ni nom, ni photo, ni situation, sauf accord écrit.",
        ),
        "en": (
            "Nothing by which somebody in your care could be recognised.",
            "No name, picture or situation without written consent.",
        ),
    },
    {
        "fr": (
            "Choisissez à qui vous écrivez.",
            "L’audience se lit au-dessus du message avant l’envoi.",
        ),
        "en": (
            "Choose whom you write to.",
            "The audience stands above the post before you send it.",
        ),
    },
    {
        "fr": ("Citez vos sources, demandez avant de reprendre.", ""),
        "en": ("Name your sources, and ask before you reuse.", ""),
    },
)

ABOUT = {
    "fr": (
        "{site} est un espace d’échange entre collègues, tenu par son établissement.\n\n"
        "Il peut échanger avec d’autres établissements, que son administration choisit. Chaque"
        " message dit à qui il s’adresse, et n’est lu par personne d’autre."
    ),
    "en": (
        "{site} is a place where colleagues exchange, run by its establishment.\n\n"
        "It can exchange with other establishments, which its administrators choose. Each post"
        " says whom it is for, and is read by nobody else."
    ),
}

PRIVACY = {
    "fr": (
        "# Ce que {site} garde\n\n"
        "- Votre compte : nom d’utilisateur, nom affiché, profil, adresse électronique si vous en"
        " avez donné une, empreinte argon2id du mot de passe, langue et réglages. Gardés tant que"
        " le compte existe.\n"
        "- Ce que vous publiez, avec son audience, vos abonnements, remerciements, marque-pages,"
        " listes et filtres. Gardés jusqu’à ce que vous les supprimiez.\n"
        "- Les applications et appareils autorisés : jetons gardés sous forme d’empreinte, jusqu’à"
        " ce que vous les retiriez.\n"
        "- Les échanges avec les autres sites : leur contenu technique est effacé après 30 jours ;"
        " une empreinte de l’identifiant reste, pour que rien n’arrive deux fois.\n\n"
        "# Ce que {site} ne fait pas\n\n"
        "- Aucun pistage, aucune publicité, aucune requête vers un tiers depuis ses pages.\n"
        "- Aucun historique d’adresses IP, aucune heure de dernière connexion, aucun indicateur par"
        " personne. L’encadrement n’a pas de relevé d’activité.\n"
        "- Les chiffres affichés ne comptent que les messages lisibles par tout le site, et jamais"
        " un groupe de moins de cinq personnes.\n\n"
        "# Qui lit vos messages\n\n"
        "Les personnes de l’audience que vous avez choisie. Personne à l’administration ne peut,"
        " seul, lire un message privé. Qui signale un message le transmet avec le signalement. Si"
        " cela ne suffit pas pour protéger quelqu’un, deux personnes peuvent ensemble, avec un"
        " motif écrit, ouvrir pour un jour la conversation autour de ce message : c’est inscrit"
        " dans un registre, et qui participe à la conversation est prévenu, sauf motif légal"
        " écrit. Un message envoyé à un autre site y est gardé par ce site : sa suppression"
        " lui est demandée.\n\n"
        "# Vos droits\n\n"
        "Vous pouvez lire, corriger et supprimer ce que vous publiez, et demander l’accès à vos"
        " données, leur rectification, leur effacement ou leur copie à l’établissement, puis saisir"
        " la CNIL (www.cnil.fr) si la réponse ne convient pas."
    ),
    "en": (
        "# What {site} keeps\n\n"
        "- Your account: user name, display name, profile, e-mail address if you gave one, the"
        " argon2id hash of the password, language and settings. Kept as long as the account.\n"
        "- What you publish, with its audience, your follows, thanks, bookmarks, lists and filters."
        " Kept until you delete them.\n"
        "- Authorised applications and devices: tokens kept as hashes, until you remove them.\n"
        "- Exchanges with other sites: their technical content is erased after 30 days; a hash of"
        " the identifier stays, so that nothing arrives twice.\n\n"
        "# What {site} does not do\n\n"
        "- No tracking, no advertising, no request to third parties from its pages.\n"
        "- No history of IP addresses, no time of last use, no figures by person. Managers have no"
        " report of anybody’s activity.\n"
        "- Figures count only posts that the whole site may read, and never a group of fewer than"
        " five people.\n\n"
        "# Who reads your posts\n\n"
        "The people of the audience you chose. No administrator can read a private post alone."
        " Whoever reports a post hands it over with the report. If that is not enough to protect"
        " somebody, two persons together can, with a written reason, open the conversation around"
        " that post for one day: that is written in a register, and whoever takes part in the"
        " conversation is told, unless a legal reason was written down. A post sent to"
        " another site is kept by that site: it is asked to delete it when you do.\n\n"
        "# Your rights\n\n"
        "You can read, correct and delete what you publish, and ask the establishment for access to"
        " your data, to have it corrected, erased or copied, and complain to your data protection"
        " authority if the answer does not satisfy you."
    ),
}

TERMS = {
    "fr": (
        "# À quoi sert {site}\n\n"
        "{site} est mis à disposition par l’établissement pour les échanges entre collègues et avec"
        " les établissements partenaires. Il ne remplace ni le dossier de soins, ni un numéro"
        " d’urgence.\n\n"
        "# Ce qui vous appartient\n\n"
        "Ce que vous publiez reste à vous. Vous permettez au site de le montrer à l’audience que"
        " vous choisissez, et de l’envoyer aux sites où cette audience se trouve.\n\n"
        "# Ce qui est demandé\n\n"
        "- Suivre les règles du site et le secret professionnel.\n"
        "- Garder votre mot de passe pour vous.\n"
        "- Signaler ce qui vous paraît contraire aux règles.\n\n"
        "# Ce qui peut être décidé\n\n"
        "La modération peut avertir, limiter ou suspendre un compte ; elle en donne le motif à la"
        " personne, et chaque décision est inscrite dans un registre. Vous pouvez fermer votre"
        " compte quand vous voulez."
    ),
    "en": (
        "# What {site} is for\n\n"
        "{site} is offered by the establishment for exchanges between colleagues and with partner"
        " establishments. It replaces neither care records nor an emergency number.\n\n"
        "# What is yours\n\n"
        "What you publish stays yours. You allow the site to show it to the audience you choose,"
        " and to send it to the sites where that audience is.\n\n"
        "# What is asked of you\n\n"
        "- Follow the rules of the site and professional secrecy.\n"
        "- Keep your password to yourself.\n"
        "- Report what seems to be against the rules.\n\n"
        "# What can be decided\n\n"
        "Moderators can warn, limit or suspend an account; they tell the person why, and each"
        " decision is written in a register. You can close your account whenever you like."
    ),
}
