"""What is said of the end of an agreement, before and after it: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "parting.would_theirs": (
        (
            "{partner} détient {count} message(s) d’ici\u00a0: ils y seront effacés\u00a0; ses"
            " sauvegardes les gardent encore {days} jours."
        ),
        (
            "{partner} holds {count} post(s) from here: they will be removed there; its backups"
            " keep them for {days} days more."
        ),
    ),
    "parting.would_theirs_keep": (
        "{partner} détient {count} message(s) d’ici et pourra les garder, comme convenu.",
        "{partner} holds {count} post(s) from here and may keep them, as agreed.",
    ),
    "parting.would_ours": (
        (
            "Ce site détient {count} message(s) de {partner}\u00a0: ils seront effacés ici, avec"
            " les copies de fichiers, les notifications et les profils."
        ),
        (
            "This site holds {count} post(s) from {partner}: they will be removed here, with"
            " copies of files, notifications and profiles."
        ),
    ),
    "parting.would_ours_keep": (
        (
            "Ce site détient {count} message(s) de {partner}\u00a0: ils restent lisibles, comme"
            " convenu."
        ),
        "This site holds {count} post(s) from {partner}: they can still be read, as agreed.",
    ),
    "parting.would_follows": (
        (
            "{followers} abonnement(s) vers ce site et {following} vers {partner} prennent"
            " fin\u00a0; ils reviennent avec un nouvel accord."
        ),
        (
            "{followers} follow(s) of people here and {following} of people at {partner} end;"
            " they come back with a new agreement."
        ),
    ),
    "parting.would_waiting": (
        (
            "{count} envoi(s) attendent encore pour {partner}\u00a0; seuls partent ceux qui"
            " effacent ou reprennent."
        ),
        (
            "{count} deliveries still wait for {partner}; only those that delete or take back go"
            " out."
        ),
    ),
    "parting.title": (
        "Fin de l’accord entre {site} et {partner}",
        "End of the agreement between {site} and {partner}",
    ),
    "parting.agreement": (
        (
            "Accord {uri}, révision {revision}, en vigueur depuis le {starts}. SHA-256 du"
            " texte\u00a0: {digest}."
        ),
        (
            "Agreement {uri}, revision {revision}, in force since {starts}. SHA-256 of the text:"
            " {digest}."
        ),
    ),
    "parting.by": (
        "Terminé le {ended} par {who}.",
        "Ended on {ended} by {who}.",
    ),
    "parting.by_time": (
        "Arrivé à son terme le {ended}.",
        "Ran out on {ended}.",
    ),
    "parting.undecided": (
        (
            "{site} n’a encore rien effacé de {other}\u00a0: l’accord est arrivé à son terme et"
            " personne n’a décidé de la suite."
        ),
        (
            "{site} has removed nothing of {other} yet: the agreement ran out, and nobody has"
            " decided what follows."
        ),
    ),
    "parting.under_way": (
        "{site} n’a pas encore remis son reçu pour ce qui vient de {other}.",
        "{site} has not given its receipt yet for what came from {other}.",
    ),
    "parting.removed": (
        (
            "{site} a effacé ce qui venait de {other}\u00a0: {objects} message(s), {media}"
            " copie(s) de fichiers, {notifications} notification(s), {profiles} profil(s)"
            " vidé(s)\u00a0; terminé le {at}. Empreinte des adresses effacées\u00a0: {digest}."
        ),
        (
            "{site} has removed what came from {other}: {objects} post(s), {media} copies of"
            " files, {notifications} notification(s), {profiles} profile(s) emptied; done on"
            " {at}. Digest of the addresses removed: {digest}."
        ),
    ),
    "parting.kept": (
        (
            "{site} garde ce qui venait de {other}, en lecture seule, comme convenu\u00a0; dit le"
            " {at}."
        ),
        "{site} keeps what came from {other}, to be read only, as agreed; stated on {at}.",
    ),
    "parting.backups": (
        (
            "Ce que cette fin ne peut atteindre\u00a0: les sauvegardes de {site}, gardées {days}"
            " jours."
        ),
        "What this end cannot reach: the backups of {site}, which are kept for {days} days.",
    ),
    "parting.backups_until": (
        (
            "Ce que cette fin ne peut atteindre\u00a0: les sauvegardes de {site}, gardées {days}"
            " jours, donc jusqu’au {until}."
        ),
        (
            "What this end cannot reach: the backups of {site}, which are kept for {days} days,"
            " so until {until}."
        ),
    ),
    "parting.by_hand": (
        "Ni ce que des personnes ont copié ou imprimé elles-mêmes.",
        "Nor what people have copied or printed themselves.",
    ),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
