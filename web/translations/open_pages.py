"""The sentences of the pages that are open to everybody: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "foot.employer": ("Ce que votre employeur peut voir", "What your employer can see"),
    "foot.privacy": ("Données personnelles", "Privacy"),
    "foot.about": ("À propos et règles", "About and rules"),
    "foot.accessibility": ("Accessibilité", "Accessibility"),
    "about.title": ("À propos", "About"),
    "about.lead": ("Un espace d’échange, à {host}.", "A place to exchange, at {host}."),
    "about.who": ("Qui tient ce site, et pourquoi", "Who runs this site, and why"),
    "about.rules": ("Les règles", "The rules"),
    "about.contact": ("À qui écrire", "Whom to write to"),
    "about.contact_site": ("Le site", "The site"),
    "about.contact_protection": ("Protection des données", "Data protection"),
    "about.contact_none": (
        "Adressez-vous à la direction de l’établissement.",
        "Turn to the direction of the establishment.",
    ),
    "about.terms": ("Conditions d’utilisation", "Terms of use"),
    "about.read_terms": ("Lire les conditions", "Read the terms"),
    "privacy.title": ("Données personnelles", "Privacy"),
    "privacy.lead": (
        "Ce que {site} garde, qui le reçoit, et combien de temps.",
        "What {site} keeps, who receives it, and for how long.",
    ),
    "privacy.made": (
        (
            "La liste des partenaires et les réglages sont écrits par le logiciel, tels qu’ils sont"
            " le {today}."
        ),
        (
            "The list of partners and the settings are written by the software, as they are on"
            " {today}."
        ),
    ),
    "privacy.partners": (
        "Les partenaires qui reçoivent des données",
        "The partners that receive data",
    ),
    "privacy.partners_lead": (
        (
            "Chaque accord a été confirmé par une personne de chaque site. Voici ce qu’il laisse"
            " passer d’ici."
        ),
        (
            "Each agreement was confirmed by a person of each site. This is what it lets through"
            " from here."
        ),
    ),
    "privacy.afterwards": ("Et après la fin de l’accord", "And after the agreement ends"),
    "privacy.nobody": (
        "Aucun. Rien ne sort de ce site.",
        "None. Nothing leaves this site.",
    ),
    "privacy.nobody_open": (
        (
            "Aucun accord. Ce site est ouvert\u00a0: ce qui est public peut être reçu par tout"
            " serveur du même réseau."
        ),
        (
            "No agreement. This site is open: what is public can be received by any server of the"
            " same network."
        ),
    ),
    "privacy.settings": ("Les réglages de ce site", "The settings of this site"),
    "privacy.federation": ("Échanges", "Exchange"),
    "privacy.closed": (
        "Fermé\u00a0: avec les sites admis par l’administration, et eux seuls",
        "Closed: with the sites that administrators admitted, and only those",
    ),
    "privacy.open": (
        "Ouvert\u00a0: avec tout serveur du même réseau, sauf ceux qui sont bloqués",
        "Open: with any server of the same network, except those that are blocked",
    ),
    "privacy.copies": ("Fichiers venus d’ailleurs", "Files from elsewhere"),
    "privacy.copies_days": (
        "Copiés ici pour être lus, effacés au bout de {days} jours",
        "Copied here to be read, erased after {days} days",
    ),
    "privacy.push": ("Notifications sur vos appareils", "Notices on your devices"),
    "privacy.push_on": (
        "Seulement si vous le demandez\u00a0; le contenu est chiffré pour votre appareil",
        "Only if you ask for them; what they say is encrypted for your device",
    ),
    "privacy.push_off": ("Aucune", "None"),
    "privacy.translation": ("Traduction", "Translation"),
    "privacy.translation_on": ("Par le service {host}", "By the service {host}"),
    "privacy.translation_off": ("Aucun service", "No service"),
    "privacy.write": (
        "Une question, un droit à exercer\u00a0:",
        "A question, a right to exercise:",
    ),
    "privacy.ask_site": (
        "Pour une question ou un droit à exercer, adressez-vous à la direction de l’établissement.",
        "For a question or a right to exercise, turn to the direction of the establishment.",
    ),
    "accessibility.title": ("Accessibilité", "Accessibility"),
    "accessibility.lead": (
        "{site} doit pouvoir être lu et utilisé par tout le monde.",
        "Everybody must be able to read and use {site}.",
    ),
    "accessibility.state": ("État de conformité", "State of conformity"),
    "accessibility.full": ("Totalement conforme au RGAA 4.1.2", "Fully conforms to RGAA 4.1.2"),
    "accessibility.partial": (
        "Partiellement conforme au RGAA 4.1.2",
        "Partly conforms to RGAA 4.1.2",
    ),
    "accessibility.day": ("Audit du", "Audit of"),
    "accessibility.rate": ("Taux de conformité", "Rate of conformity"),
    "accessibility.share": ("{rate}\u00a0%", "{rate}%"),
    "accessibility.conform": ("Critères conformes", "Criteria met"),
    "accessibility.not_conform": ("Critères non conformes", "Criteria not met"),
    "accessibility.not_applicable": ("Critères sans objet", "Criteria that do not apply"),
    "accessibility.no_audit": (
        "Non conforme\u00a0: aucun audit complet n’a encore été mené.",
        "Not conform: no complete audit has been made yet.",
    ),
    "accessibility.no_audit_text": (
        (
            "Les {criteria} critères du RGAA 4.1.2 n’ont pas encore tous été examinés par une"
            " personne. Ce qui suit est essayé à chaque version."
        ),
        (
            "The {criteria} criteria of RGAA 4.1.2 have not all been looked at by a person yet."
            " What follows is tested with each version."
        ),
    ),
    "accessibility.how": ("Ce qui est essayé à chaque version", "What is tested with each version"),
    "accessibility.how_1": (
        (
            "Chaque page par axe-core et par le vérificateur du W3C, dans les deux langues,"
            " claire et sombre, sur téléphone et sur ordinateur."
        ),
        (
            "Each page by axe-core and by the checker of the W3C, in both languages, light and"
            " dark, on a phone and a desktop."
        ),
    ),
    "accessibility.how_2": (
        "Les parcours principaux au clavier seul, avec un repère toujours visible.",
        "The main journeys by the keyboard alone, with a mark that can always be seen.",
    ),
    "accessibility.how_3": (
        "Lire, écrire, répondre, suivre et administrer sans JavaScript.",
        "Reading, writing, answering, following and running the site without JavaScript.",
    ),
    "accessibility.how_4": (
        "Aucun défilement de côté à 360 pixels, et un affichage contrasté au choix.",
        "No sideways scroll at 360 pixels, and a high-contrast display to choose.",
    ),
    "accessibility.missing": ("Ce qui ne l’est pas encore", "What is not tested yet"),
    "accessibility.missing_text": (
        (
            "Les lecteurs d’écran NVDA, VoiceOver et TalkBack, et la commande vocale, n’ont pas"
            " encore été essayés par des personnes qui s’en servent."
        ),
        (
            "The screen readers NVDA, VoiceOver and TalkBack, and voice control, have not been"
            " tried yet by people who use them."
        ),
    ),
    "accessibility.tell": ("Dire ce qui gêne", "Say what is in the way"),
    "accessibility.tell_text": (
        "Écrivez ce qui ne va pas, et avec quel appareil\u00a0:",
        "Write what does not work, and with which device:",
    ),
    "accessibility.tell_site": (
        "Dites ce qui ne va pas à la direction de l’établissement.",
        "Tell the direction of the establishment what does not work.",
    ),
    "accessibility.appeal": (
        "Sans réponse, vous pouvez saisir le Défenseur des droits (www.defenseurdesdroits.fr).",
        (
            "Without an answer you may turn to the French Defender of Rights"
            " (www.defenseurdesdroits.fr)."
        ),
    ),
    "employer.title": ("Ce que votre employeur peut voir", "What your employer can see"),
    "employer.lead": (
        (
            "Cette page est écrite par le logiciel, d’après les rôles et les réglages auxquels il"
            " obéit, pas par la direction."
        ),
        (
            "This page is written by the software, from the roles and settings it obeys, not by the"
            " direction."
        ),
    ),
    "employer.version": ("Version {version} du logiciel", "Version {version} of the software"),
    "employer.mark": (
        "marque des droits\u00a0: {mark} (elle change dès qu’un rôle gagne ou perd un droit)",
        "mark of the rights: {mark} (it changes as soon as a role gains or loses one)",
    ),
    "employer.sees": ("Il peut voir", "They can see"),
    "employer.sees_posts": (
        "Ce que vous publiez pour un cercle dont il fait partie, comme tout collègue.",
        "What you publish to a circle they belong to, like any colleague.",
    ),
    "employer.sees_profile": (
        "Votre profil\u00a0: le nom, le rôle et ce que vous y écrivez.",
        "Your profile: name, role and what you write there.",
    ),
    "employer.sees_totals": (
        "Des totaux par semaine, jamais pour moins de {n} personnes.",
        "Totals by week, never for fewer than {n} people.",
    ),
    "employer.sees_account": (
        (
            "L’état de votre compte, s’il gère les personnes\u00a0: ouvert, fermé, ou sans usage"
            " depuis trois mois, sans date."
        ),
        (
            "The state of your account, if they look after people: open, closed, or unused for"
            " three months, without a date."
        ),
    ),
    "employer.never": ("Il ne peut jamais voir", "They can never see"),
    "employer.never_hours": (
        "Vos heures de connexion, votre dernière visite, le temps passé.",
        "When you sign in, your last visit, the time you spend.",
    ),
    "employer.never_reading": (
        "Ce que vous lisez, cherchez ou gardez.",
        "What you read, search for or keep.",
    ),
    "employer.never_rank": (
        "Un classement ou un relevé par personne\u00a0: cette fonction n’existe pas.",
        "A ranking or a record by person: no such function exists.",
    ),
    "employer.never_private": (
        "Seul, un message privé qui n’est pas pour lui.",
        "Alone, a private message that is not for them.",
    ),
    "employer.never_votes": (
        "Votre vote à un sondage qu’il n’a pas posé\u00a0: seuls les totaux se voient.",
        "Your vote in a poll they did not ask: only totals are seen.",
    ),
    "employer.guarded": ("Seulement gardé", "Only under guard"),
    "employer.guarded_reports": (
        "Un message signalé\u00a0: qui traite les signalements lit ce message, rien d’autre.",
        "A reported post: whoever works on reports reads that post and nothing else.",
    ),
    "employer.guarded_record": (
        (
            "La conversation autour d’un signalement\u00a0: à deux personnes, avec un motif écrit,"
            " pour un jour. Qui y participe est prévenu, sauf motif légal écrit."
        ),
        (
            "The conversation around a report: by two persons, with a written reason, for one day."
            " Whoever takes part is told, unless a legal reason was written down."
        ),
    ),
    "employer.guarded_staff": (
        (
            "Chaque acte de l’administration entre dans un registre enchaîné, où rien ne s’efface"
            " sans que cela se voie."
        ),
        (
            "Each act of those who run the site goes into a chained record, in which nothing can be"
            " erased unseen."
        ),
    ),
    "employer.guarded_translation": (
        "La traduction des messages de l’organisation passe par le service que le site a choisi.",
        "Posts of the organisation are translated by the service the site chose.",
    ),
    "employer.by_role": ("Qui voit quoi, rôle par rôle", "Who sees what, role by role"),
    "employer.role": ("Rôle", "Role"),
    "employer.role_member": ("Collègue, cadre ou direction", "Colleague, manager or direction"),
    "employer.role_animator": ("Animation", "Animation"),
    "employer.role_moderator": ("Modération", "Moderation"),
    "employer.role_communication": ("Communication", "Communication"),
    "employer.role_protection": ("Protection des données", "Data protection"),
    "employer.role_technical": ("Administration technique", "Technical administration"),
    "employer.role_administrator": ("Administration du site", "Administration of the site"),
    "employer.column_reported": ("Messages signalés", "Reported posts"),
    "employer.column_accounts": ("État des comptes", "State of accounts"),
    "employer.column_deliveries": ("État des envois", "State of deliveries"),
    "employer.column_activity": ("Activité d’une personne", "Activity of a person"),
    "employer.yes_reported": ("Oui, ceux qui le sont", "Yes, those that were"),
    "employer.no_reported": ("Non", "No"),
    "employer.yes_accounts": ("Oui, sans date", "Yes, without dates"),
    "employer.no_accounts": ("Non", "No"),
    "employer.yes_deliveries": ("Oui, jamais le texte", "Yes, never the text"),
    "employer.no_deliveries": ("Non", "No"),
    "employer.no_activity": ("Jamais", "Never"),
    "employer.check": ("Comment le vérifier", "How to check it"),
    "employer.check_text": (
        (
            "Le code est ouvert. Les essais automatiques du logiciel comparent cette page aux"
            " droits des rôles à chaque version."
        ),
        (
            "The code is open. The software’s own tests compare this page with the rights of the"
            " roles in each version."
        ),
    ),
    "employer.write": ("Écrire à la protection des données", "Write to data protection"),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
