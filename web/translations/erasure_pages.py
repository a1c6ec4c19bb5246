"""The sentences about erasure, for the person and for who answers for data: French, English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "erasure.lead": (
        (
            "Votre nom disparaît tout de suite\u00a0; le reste dans 14 jours, le temps de"
            " changer d’avis."
        ),
        "Your name is gone at once; the rest in 14 days, time enough to change your mind.",
    ),
    "erasure.paused": (
        (
            "L’échange avec {names} est en pause\u00a0: ce site sera prié d’effacer dès que"
            " l’échange reprendra, et le tableau le dira."
        ),
        (
            "The exchange with {names} is paused: that site will be asked to erase as soon as"
            " it goes on, and the table will say so."
        ),
    ),
    "erasure.goes_title": ("Ce qui est effacé", "What is erased"),
    "erasure.goes_1": ("Votre profil et votre accès.", "Your profile and your access."),
    "erasure.goes_2": (
        "Tout ce que vous avez écrit ici, et vos fichiers.",
        "All that you wrote here, and your files.",
    ),
    "erasure.goes_3": (
        "Vos relations, listes, signets, réglages, et les mesures prises à votre égard.",
        "Your relations, lists, bookmarks, settings, and the measures taken about you.",
    ),
    "erasure.goes_4": (
        (
            "Sur les autres sites\u00a0: chacun de ceux qui ont reçu quelque chose de vous en"
            " est prié, et un tableau vous dit ce qu’il répond."
        ),
        (
            "At other sites: each one that received something of yours is asked to, and a table"
            " tells you what it answers."
        ),
    ),
    "erasure.stays_title": ("Ce qui reste, et pourquoi", "What stays, and why"),
    "erasure.stays_1": (
        (
            "Le registre des actes de l’équipe\u00a0: la loi veut qu’on puisse dire qui a fait"
            " quoi. Il ne contient aucun message."
        ),
        (
            "The record of what staff did: the law wants it to be possible to say who did what."
            " It holds no post."
        ),
    ),
    "erasure.stays_2": (
        "Les signalements que vous avez faits ou qui vous concernent, sans votre nom.",
        "The reports that you made or that concern you, without your name.",
    ),
    "erasure.stays_3": (
        (
            "Votre identifiant, réservé pour que personne d’autre ne le prenne, et le numéro de"
            " chaque message effacé, pour qu’il ne revienne pas."
        ),
        (
            "Your username, kept so that nobody else takes it, and the number of each erased"
            " post, so that it does not come back."
        ),
    ),
    "erasure.stays_4": (
        "Les sauvegardes des sites, pendant le temps que chacun annonce.",
        "The backups of sites, for as long as each one says.",
    ),
    "erasure.stays_5": (
        (
            "Ce que vous avez publié d’officiel pour le site, sans votre nom\u00a0: la loi sur"
            " les archives l’exige."
        ),
        (
            "What you published officially for the site, without your name: the law on archives"
            " requires it."
        ),
    ),
    "erasure.export_first": (
        "Vous voulez garder quelque chose\u00a0? Prenez d’abord une copie\u00a0:",
        "Do you want to keep something? First take a copy:",
    ),
    "erasure.ask_title": ("Effacer mon compte", "Erase my account"),
    "erasure.ask_text": (
        (
            "Vous serez déconnecté partout. Un lien vous sera donné\u00a0: pendant 14 jours, il"
            " permet d’y renoncer\u00a0; ensuite, il montre ce que les autres sites répondent."
        ),
        (
            "You will be signed out everywhere. You are given a link: for 14 days it lets you"
            " take this back; afterwards it shows what the other sites answer."
        ),
    ),
    "erasure.sure": ("Je veux effacer mon compte", "I want to erase my account"),
    "erasure.sure_hint": (
        "Après 14 jours, personne ne peut le faire revenir.",
        "After 14 days nobody can bring it back.",
    ),
    "erasure.unsure": (
        "Cochez d’abord que vous voulez effacer votre compte.",
        "First tick that you want to erase your account.",
    ),
    "erasure.ask": ("Effacer mon compte", "Erase my account"),
    "erasure.asked_title": ("L’effacement est demandé", "The erasure is asked for"),
    "erasure.asked_lead": (
        "Le profil et les messages n’apparaissent déjà plus. Ils seront effacés le {date}.",
        "The profile and the posts are hidden already. They will be erased on {date}.",
    ),
    "erasure.link": ("Votre lien", "Your link"),
    "erasure.link_hint": (
        (
            "Gardez-le\u00a0: lui seul vous permet de renoncer, puis de lire ce que chaque site"
            " répond."
        ),
        "Keep it: it alone lets you take this back, and later read what each site answers.",
    ),
    "erasure.open_link": ("Ouvrir ce lien", "Open this link"),
    "erasure.link_title": ("Effacement d’un compte", "Erasure of an account"),
    "erasure.waits_lead": (
        "Ce compte sera effacé le {date}. Personne ne le voit plus.",
        "This account will be erased on {date}. Nobody sees it any more.",
    ),
    "erasure.back_title": ("Vous avez changé d’avis\u00a0?", "Have you changed your mind?"),
    "erasure.back_text": (
        (
            "Avec votre mot de passe, tout redevient comme avant. Vous devrez ensuite vous"
            " reconnecter."
        ),
        "With your password all is as it was before. You then have to sign in again.",
    ),
    "erasure.back": ("Renoncer à l’effacement", "Take the erasure back"),
    "erasure.over_title": ("Votre compte est de retour", "Your account is back"),
    "erasure.over_text": (
        "Rien n’a été effacé. Reconnectez-vous pour reprendre.",
        "Nothing was erased. Sign in to go on.",
    ),
    "erasure.done_lead": (
        "Ce compte a été effacé ici le {date}. Voici ce que répondent les autres sites.",
        "This account was erased here on {date}. This is what the other sites answer.",
    ),
    "erasure.table": ("Les autres sites", "The other sites"),
    "erasure.no_sites": (
        "Aucun autre site n’avait reçu quoi que ce soit.",
        "No other site had received anything.",
    ),
    "erasure.file": ("Garder ce tableau (CSV)", "Keep this table (CSV)"),
    "erasure.words": (
        (
            "«\u00a0Confirmé\u00a0» est la parole du site lui-même\u00a0: la liste signée de ce"
            " qu’il détient n’en contient plus rien. Un site sans accord n’a pas de telle"
            " liste\u00a0: il a été prié d’effacer, on ne peut pas en savoir plus."
        ),
        (
            "“Confirmed” is the word of the site itself: its signed list of what it holds has"
            " nothing of it any more. A site without an agreement has no such list: it was"
            " asked to erase, and no more can be known."
        ),
    ),
    "erasure.head_site": ("Site", "Site"),
    "erasure.head_host": ("Adresse", "Address"),
    "erasure.head_state": ("Réponse", "Answer"),
    "erasure.head_asked": ("Prié le", "Asked on"),
    "erasure.head_confirmed": ("Confirmé le", "Confirmed on"),
    "erasure.state_confirmed": ("Confirmé", "Confirmed"),
    "erasure.state_asked": (
        "Prié d’effacer, pas encore confirmé",
        "Asked to erase, not confirmed yet",
    ),
    "erasure.state_held": (
        "Détient encore {n} éléments\u00a0; la demande est répétée",
        "Still holds {n} items; it is asked again",
    ),
    "erasure.state_unknowable": (
        "Prié d’effacer\u00a0; ne peut pas être confirmé",
        "Asked to erase; cannot be confirmed",
    ),
    "erasure.state_failed": ("Pas atteint.", "Not reached."),
    "erasure.state_over": (
        "Prié pendant 30 jours, jamais confirmé",
        "Asked for 30 days, never confirmed",
    ),
    "erasure.why_paused": ("Attend\u00a0: l’échange est en pause", "Waits: the exchange is paused"),
    "erasure.why_stopped": ("Attend\u00a0: l’échange est arrêté", "Waits: the exchange is stopped"),
    "erasure.why_key_changed": (
        "Attend\u00a0: la clé du site doit être vérifiée",
        "Waits: the key of the site has to be checked",
    ),
    "erasure.why_silent": ("Attend que le site réponde", "Waits until the site answers"),
    "staff.erasures": ("Effacements", "Erasures"),
    "staff.about_erasures": (
        "Qui a demandé à être effacé, et ce que chaque autre site répond.",
        "Who asked to be erased, and what each other site answers.",
    ),
    "erasures.lead": (
        (
            "Chaque demande d’effacement, et ce que répondent les sites qui avaient reçu"
            " quelque chose."
        ),
        "Each request for erasure, and what the sites answer that had received something.",
    ),
    "erasures.never": (
        (
            "Ni message ni nom n’est gardé une fois l’effacement fait. Le registre de l’équipe"
            " garde vos actes, comme la loi le veut."
        ),
        (
            "Neither post nor name is kept once the erasure is done. The record of staff keeps"
            " your acts, as the law wants it."
        ),
    ),
    "erasures.list": ("Demandes", "Requests"),
    "erasures.none": ("Personne n’a demandé à être effacé.", "Nobody asked to be erased."),
    "erasures.number": ("Effacement {n}, du {date}", "Erasure {n}, of {date}"),
    "erasures.state_waiting": ("Attend jusqu’au {due}", "Waits until {due}"),
    "erasures.state_done": ("Fait le {ended}", "Done on {ended}"),
    "erasures.state_taken_back": ("Repris le {ended}", "Taken back on {ended}"),
    "erasures.own": ("Demandé par la personne.", "Asked for by the person."),
    "erasures.by_staff": ("Demandé par l’équipe.", "Asked for by staff."),
    "erasures.sites": (
        "Sites concernés\u00a0: {n}, dont {confirmed} ont confirmé.",
        "Sites concerned: {n}, of which {confirmed} have confirmed.",
    ),
    "erasures.ask_title": ("Effacer une personne à sa demande", "Erase a person at her request"),
    "erasures.ask_text": (
        (
            "Son profil disparaît tout de suite, et tout est effacé dans 14 jours. Vous"
            " recevrez un lien à lui remettre, pour y renoncer ou lire la suite."
        ),
        (
            "The profile is hidden at once, and all is erased in 14 days. You are given a link"
            " for the person, to take it back or to read what follows."
        ),
    ),
    "erasures.name": ("Son identifiant", "The username"),
    "erasures.reason": ("Le motif", "The reason"),
    "erasures.reason_hint": (
        "Par exemple la date et la forme de la demande. Il reste dans le registre.",
        "For instance the date and the form of the request. It stays in the record.",
    ),
    "erasures.ask": ("Effacer cette personne", "Erase this person"),
    "erasures.asked_lead": (
        "Le profil n’apparaît déjà plus. Tout sera effacé le {date}.",
        "The profile is hidden already. All will be erased on {date}.",
    ),
    "erasures.link": ("Le lien à remettre à la personne", "The link to give to the person"),
    "erasures.link_hint": (
        "Il n’est montré qu’une fois. Il ne permet de renoncer qu’avec son mot de passe.",
        "It is shown only once. It takes the person’s password to take the erasure back.",
    ),
    "erasures.back_title": (
        "La personne y renonce et a perdu son lien",
        "The person takes it back and has lost the link",
    ),
    "erasures.back_text": (
        "Vérifiez que c’est bien elle. Votre geste reste dans le registre.",
        "Make sure that it is really the person. What you do stays in the record.",
    ),
    "erasures.back": ("Reprendre cet effacement", "Take this erasure back"),
    "erasures.done_back": (
        "L’effacement est repris, le profil est de retour.",
        "The erasure is taken back, the profile is here again.",
    ),
    "erasures.all": ("Tous les effacements", "All erasures"),
    "log.erasure.ask": ("demande l’effacement d’une personne", "asks for the erasure of a person"),
    "log.erasure.take_back": ("reprend un effacement", "takes an erasure back"),
    "log.account.export": (
        "prépare la copie des données d’une personne",
        "makes the copy of a person’s data",
    ),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
