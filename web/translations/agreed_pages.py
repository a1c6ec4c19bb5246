"""The sentences about agreements in force, their links and their ends: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "partners.lamps": ("Voyants", "Lights"),
    "partners.green": ("Bon", "Good"),
    "partners.red": ("À réparer", "To be mended"),
    "partners.probe": ("Vérifier maintenant", "Check now"),
    "partners.probed": ("Vérifié le {day}.", "Checked on {day}."),
    "partners.not_probed": (
        "Ce lien n’a pas encore été vérifié.",
        "This link has not been checked yet.",
    ),
    "partners.check_keys": ("Identité", "Identity"),
    "partners.advice_keys": (
        (
            "Les clés ne sont plus celles de l’accord. Appelez ce site\u00a0: s’il les a changées,"
            " faites un nouveau code."
        ),
        (
            "The keys are no longer those of the agreement. Call this site: if it changed them,"
            " make a new code."
        ),
    ),
    "partners.check_webfinger": ("Adresse", "Address"),
    "partners.advice_webfinger": (
        (
            "Le site ne se trouve pas par son nom ({came}). Son administrateur doit vérifier"
            " /.well-known/webfinger."
        ),
        (
            "The site is not found by its name ({came}). Its administrator has to check"
            " /.well-known/webfinger."
        ),
    ),
    "partners.check_read": ("Même accord des deux côtés", "Same agreement on both sides"),
    "partners.advice_read": (
        (
            "L’autre site ne montre pas le même texte ({came}). Comparez l’empreinte du texte avec"
            " son administrateur."
        ),
        (
            "The other site does not show the same text ({came}). Compare the digest of the text"
            " with its administrator."
        ),
    ),
    "partners.check_clock": ("Horloge", "Clock"),
    "partners.advice_clock": (
        "Les horloges diffèrent ({came}). Mettez les deux à l’heure.",
        "The clocks differ ({came}). Set both.",
    ),
    "partners.check_unsigned": ("Porte fermée aux inconnus", "Door closed to strangers"),
    "partners.advice_unsigned": (
        (
            "Le site répond à qui ne se présente pas ({came}). Son administrateur doit corriger son"
            " mandataire."
        ),
        (
            "The site answers whoever does not say who asks ({came}). Its administrator has to mend"
            " its proxy."
        ),
    ),
    "partners.check_ping": ("Réception de nos envois", "Takes what we send"),
    "partners.advice_ping": (
        (
            "Le site n’a pas pris notre essai ({came}). Voyez s’il a suspendu le lien, ou s’il est"
            " en panne."
        ),
        "The site did not take our test ({came}). See whether it paused the link, or has a fault.",
    ),
    "partners.health": ("Santé du lien", "Health of the link"),
    "partners.queue": ("En attente", "Waiting"),
    "partners.queue_none": ("Rien n’attend", "Nothing waits"),
    "partners.queue_one": ("1 envoi, depuis {since}", "1 delivery, since {since}"),
    "partners.queue_many": (
        "{n} envois, le plus ancien depuis {since}",
        "{n} deliveries, the oldest since {since}",
    ),
    "partners.last_out": ("Dernière remise", "Last delivery"),
    "partners.last_in": ("Dernières nouvelles", "Last heard from"),
    "partners.refused": ("Non remis ces 30 jours", "Not delivered these 30 days"),
    "partners.never_yet": ("pas encore", "not yet"),
    "partners.change": ("Changer l’accord", "Change the agreement"),
    "partners.change_how": (
        "Réduire vaut tout de suite, sans demander. Prolonger ou élargir, il le confirme.",
        (
            "Narrowing holds at once, without asking. To go on longer or grant more, the other site"
            " confirms."
        ),
    ),
    "partners.of_organisation": (
        "Ce site est de votre organisation\u00a0: entre vous, tout est accordé.",
        "This site belongs to your organisation: everything is granted between you.",
    ),
    "partners.narrow": ("Réduire", "Narrow"),
    "partners.renew": ("Prolonger ou élargir", "Renew or widen"),
    "partners.narrow_title": ("Accorder moins à {name}", "Grant {name} less"),
    "partners.narrow_lead": (
        (
            "Vaut dès maintenant, et arrête aussi ce qui attend déjà. L’autre site est prévenu."
            " Si suivre n’est plus accordé, ceux de là-bas qui suivent quelqu’un d’ici ne le"
            " suivent plus, jusqu’à ce que ce soit accordé de nouveau."
        ),
        (
            "Holds from now on, and also stops what already waits. The other site is told. Without"
            " the right to follow, those there who follow somebody here no longer do, until it is"
            " granted again."
        ),
    ),
    "partners.narrow_do": ("Réduire maintenant", "Narrow now"),
    "partners.renew_title": (
        "Prolonger ou élargir l’accord avec {name}",
        "Renew or widen the agreement with {name}",
    ),
    "partners.renew_lead": (
        "Une offre part\u00a0: elle vaut quand l’autre site l’a confirmée.",
        "An offer leaves: it holds once the other site has confirmed it.",
    ),
    "partners.renew_do": ("Envoyer cette offre", "Send this offer"),
    "partners.leave": ("Ne rien changer", "Change nothing"),
    "partners.pause_or_end": ("Suspendre ou mettre fin", "Pause or end"),
    "partners.pause_how": (
        (
            "Suspendre garde les messages 14 jours et peut être annulé. Mettre fin montre d’abord"
            " ce qui sera coupé, des deux côtés."
        ),
        (
            "Pausing keeps posts for 14 days and can be undone. Ending first shows what will be"
            " cut, on both sides."
        ),
    ),
    "partners.pause": ("Suspendre le lien", "Pause the link"),
    "partners.prepare_end": ("Préparer la fin de l’accord", "Prepare the end"),
    "partners.invite_again": ("Inviter ce site de nouveau", "Invite this site again"),
    "partners.end_title": ("Mettre fin à l’accord avec {name}", "End the agreement with {name}"),
    "partners.end_lead": (
        "Rien n’a encore changé. Voici ce que la fin entraîne.",
        "Nothing has changed yet. This is what the end brings.",
    ),
    "partners.end_preview": ("Ce qui sera coupé", "What will be cut"),
    "partners.follows_theirs": (
        "Abonnements de leurs personnes aux nôtres",
        "Their people following ours",
    ),
    "partners.follows_ours": (
        "Abonnements de nos personnes aux leurs",
        "Our people following theirs",
    ),
    "partners.they_hold": ("Messages d’ici gardés là-bas", "Our posts held there"),
    "partners.we_hold": ("Messages de là-bas gardés ici", "Their posts held here"),
    "partners.end_waiting": ("Envois qui ne partiront plus", "Deliveries that will not leave"),
    "partners.after_there": ("Ensuite, là-bas", "Afterwards, there"),
    "partners.after_here": ("Ensuite, ici", "Afterwards, here"),
    "partners.erased": ("Tout est effacé.", "Everything is erased."),
    "partners.kept": ("Ce qui a été reçu peut être gardé.", "What was received may be kept."),
    "partners.backups": (
        "Les sauvegardes le gardent encore {days} jours.",
        "Backups keep it for {days} days more.",
    ),
    "partners.end_people": (
        (
            "Les personnes concernées apprennent quels abonnements elles perdent, et les retrouvent"
            " si les deux sites s’accordent de nouveau."
        ),
        (
            "The people concerned are told which follows they lose, and get them back if the two"
            " sites agree again."
        ),
    ),
    "partners.type_host": (
        "Pour confirmer, tapez l’adresse du site\u00a0: {host}",
        "To confirm, type the address of the site: {host}",
    ),
    "partners.end_do": ("Mettre fin maintenant", "End it now"),
    "partners.see_proof": ("Attestation de fin, à imprimer", "Proof of the end, to print"),
    "partners.proof_title": (
        "Attestation de fin d’accord avec {name}",
        "Proof of the end of the agreement with {name}",
    ),
    "partners.proof_lead": ("Établie par {site} le {today}.", "Made by {site} on {today}."),
    "partners.proof_agreement": ("L’accord", "The agreement"),
    "partners.between": ("Entre", "Between"),
    "partners.ended_on": ("Fin", "End"),
    "partners.by_time": ("à son terme", "when its time was over"),
    "partners.by_us": ("décidée par ce site", "decided by this site"),
    "partners.by_them": ("décidée par l’autre site", "decided by the other site"),
    "partners.proof_here": ("Ce que {site} a effacé", "What {site} erased"),
    "partners.progress_waiting": (
        "Personne n’a encore décidé de la suite",
        "Nobody has decided yet what follows",
    ),
    "partners.progress_purging": ("Effacement en cours", "Being erased"),
    "partners.progress_done": ("Effacement achevé", "Erased"),
    "partners.progress_renewed": ("L’accord a été repris", "The agreement went on"),
    "partners.removed": ("Retirés", "Removed"),
    "partners.removed_counts": (
        "{objects} messages, {media} fichiers, {notifications} notifications, {profiles} profils",
        "{objects} posts, {media} files, {notifications} notifications, {profiles} profiles",
    ),
    "partners.proof_there": ("Ce que {name} atteste", "What {name} attests"),
    "partners.receipt_came": (
        "Reçu d’effacement signé, arrivé le {day}",
        "Signed receipt of erasure, come on {day}",
    ),
    "partners.receipt_keep": (
        "L’accord lui permet de garder ce qui a été reçu",
        "The agreement lets it keep what was received",
    ),
    "partners.receipt_missing": (
        "Aucun reçu d’effacement n’est encore arrivé",
        "No receipt of erasure has come yet",
    ),
    "partners.cannot_reach": (
        (
            "Ce que cette attestation ne peut pas atteindre\u00a0: les sauvegardes du partenaire,"
            " pendant {days} jours selon l’accord."
        ),
        "What this proof cannot reach: the partner’s backups, for {days} days as agreed.",
    ),
    "partners.print_hint": (
        "Imprimez cette page avec votre navigateur\u00a0: les menus ne s’impriment pas.",
        "Print this page with your browser: menus are not printed.",
    ),
    "partners.done_offered": (
        "L’offre est partie. Une personne doit la confirmer là-bas.",
        "The offer has left. A person there has to confirm it.",
    ),
    "partners.done_confirmed": ("L’accord est en vigueur.", "The agreement is in force."),
    "partners.done_countered": (
        "Une contre-offre est partie. Une personne doit la confirmer là-bas.",
        "A counter-offer has left. A person there has to confirm it.",
    ),
    "partners.done_dropped": (
        "L’offre est close, rien n’est conclu.",
        "The offer is closed; nothing is agreed.",
    ),
    "partners.done_probed": ("Le lien a été vérifié.", "The link was checked."),
    "partners.done_retried": ("Un nouvel essai part maintenant.", "A new attempt leaves now."),
    "partners.done_narrowed": ("L’accord est réduit.", "The agreement is narrower."),
    "partners.done_renewing": (
        "L’offre est partie. Elle vaut quand l’autre site l’a confirmée.",
        "The offer has left. It holds once the other site has confirmed it.",
    ),
    "partners.done_paused": ("Le lien est suspendu.", "The link is paused."),
    "partners.done_resumed": ("L’échange reprend.", "The exchange goes on."),
    "partners.done_ended": (
        "L’accord est terminé. Seul ce qui reprend ou efface passe encore.",
        "The agreement has ended. Only what takes back or erases still passes.",
    ),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
