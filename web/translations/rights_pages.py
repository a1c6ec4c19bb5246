"""The sentences about one's own data: copy and moving; with the errors in French."""

SENTENCES: dict[str, tuple[str, str]] = {
    "rights.tabs": ("Vos données", "Your data"),
    "rights.all": ("Réglages", "Settings"),
    "rights.tab_export": ("Copie", "Copy"),
    "rights.tab_move": ("Arriver, partir", "Arriving, leaving"),
    "rights.tab_erasure": ("Effacement", "Erasure"),
    "rights.export": ("Copie de mes données", "Copy of my data"),
    "rights.move": ("Arriver ou partir", "Arriving or leaving"),
    "rights.erasure": ("Effacer mon compte", "Erase my account"),
    "export.lead": (
        "Tout ce qui est à vous, dans un seul fichier.",
        "All that is yours, in one file.",
    ),
    "export.paused": (
        (
            "L’échange avec {names} est en pause. La copie attend pour ce site\u00a0: elle dit"
            " ce qu’il avait reçu avant la pause, et rien de plus récent."
        ),
        (
            "The exchange with {names} is paused. The copy waits for that site: it says what it"
            " had received before the pause, and nothing newer."
        ),
    ),
    "export.pending_title": ("Votre copie se prépare", "Your copy is being prepared"),
    "export.pending": ("Demandée le {date}", "Asked for on {date}"),
    "export.pending_text": (
        "Quelques minutes suffisent d’habitude. Vous pouvez fermer cette page et revenir.",
        "A few minutes are enough as a rule. You may close this page and come back.",
    ),
    "export.look": ("Voir où elle en est", "See how far it is"),
    "export.done_title": ("Votre copie est prête", "Your copy is ready"),
    "export.done": ("Faite le {date}, {size}", "Made on {date}, {size}"),
    "export.done_text": (
        "Elle reste ici jusqu’au {date}. Vous seul pouvez la prendre, avec votre mot de passe.",
        "It stays here until {date}. You alone can take it, with your password.",
    ),
    "export.fetch": ("Télécharger ma copie", "Download my copy"),
    "export.failed": (
        (
            "La copie n’a pas pu être faite. Demandez-la de nouveau\u00a0; si cela se répète,"
            " parlez-en à la personne qui administre votre site."
        ),
        (
            "The copy could not be made. Ask for it again; if this happens once more, tell"
            " whoever administers your site."
        ),
    ),
    "export.ask_title": ("Demander une copie", "Ask for a copy"),
    "export.again_title": ("Demander une copie plus récente", "Ask for a newer copy"),
    "export.ask_text": (
        "Personne d’autre n’en est averti, et personne d’autre ne peut la prendre.",
        "Nobody else is told of it, and nobody else can take it.",
    ),
    "export.ask": ("Préparer ma copie", "Prepare my copy"),
    "export.size": ("{n} Mo", "{n} MB"),
    "export.what_title": ("Ce qu’elle contient", "What is in it"),
    "export.what_1": (
        "Votre profil, tout ce que vous avez publié quel qu’en soit le public, et vos fichiers.",
        "Your profile, all that you published whatever its audience, and your files.",
    ),
    "export.what_2": (
        "Les messages qui vous sont adressés par votre nom.",
        "The messages addressed to you by name.",
    ),
    "export.what_3": (
        (
            "Qui vous suivez, qui vous suit, vos listes, blocages, signets et filtres, dans des"
            " tableaux que Mastodon sait reprendre."
        ),
        (
            "Whom you follow, who follows you, your lists, blocks, bookmarks and filters, in"
            " tables that Mastodon can take in."
        ),
    ),
    "export.what_4": (
        "Quel site a reçu lequel de vos messages, et ce qu’il en dit.",
        "Which site received which of your posts, and what it says of them.",
    ),
    "export.what_5": (
        (
            "Le journal des accès\u00a0: vos connexions, vos applications, et ce que l’équipe"
            " du site a fait à propos de votre compte, avec la date et le motif."
        ),
        (
            "The access log: your sign-ins, your applications, and what staff of the site did"
            " about your account, with date and reason."
        ),
    ),
    "export.not": (
        "Ce que d’autres ont écrit n’y est que si vous pouvez le lire aujourd’hui.",
        "What others wrote is in it only if you can read it today.",
    ),
    "move.lead": (
        "Changer d’établissement sans perdre les personnes que vous suivez.",
        "Change establishments without losing the people you follow.",
    ),
    "move.in_title": ("J’arrive d’un autre site", "I come from another site"),
    "move.in_text": (
        (
            "Dites d’abord ici que l’autre compte est aussi le vôtre. Ensuite, depuis l’autre"
            " site, annoncez votre départ vers {own}\u00a0: vos abonnés vous suivront."
        ),
        (
            "First say here that the other account is yours too. Then, at the other site,"
            " announce that you move to {own}: your followers will come along."
        ),
    ),
    "move.alias": ("Mon autre compte", "My other account"),
    "move.alias_hint": ("Par exemple claire@site.example", "For instance claire@site.example"),
    "move.add_alias": ("C’est aussi moi", "This is me too"),
    "move.forget": ("Retirer", "Remove"),
    "move.follows_title": ("Retrouver les personnes que je suivais", "Find the people I followed"),
    "move.follows_text": (
        (
            "Apportez le tableau de vos abonnements\u00a0: «\u00a0following.csv\u00a0» de votre"
            " copie, ou celui de Mastodon. Chaque personne est demandée une à une, comme si"
            " vous pressiez «\u00a0Suivre\u00a0»."
        ),
        (
            "Bring the table of those you follow: “following.csv” of your copy, or that of"
            " Mastodon. Each person is asked one by one, as if you pressed “Follow”."
        ),
    ),
    "move.follows_counts": (
        "En attente\u00a0: {pending}. Demandées\u00a0: {done}. Sans succès\u00a0: {failed}.",
        "Waiting: {pending}. Asked: {done}. Without success: {failed}.",
    ),
    "move.follows_failed": (
        "Celles qui n’ont pas pu être suivies",
        "Those who could not be followed",
    ),
    "move.file": ("Le tableau", "The table"),
    "move.file_hint": (
        "Fichier CSV, 2\u00a0000 comptes au plus.",
        "A CSV file, 2,000 accounts at most.",
    ),
    "move.bring": ("Suivre ces personnes", "Follow these people"),
    "move.out_title": ("Je pars vers un autre site", "I leave for another site"),
    "move.out_text": (
        (
            "Votre nouveau compte doit d’abord nommer {own} parmi les siens. Vos abonnés le"
            " suivront\u00a0; ce que vous avez écrit reste ici, et vous n’écrirez plus avec ce"
            " compte."
        ),
        (
            "Your new account must first name {own} as one of its own. Your followers will"
            " follow it; what you wrote stays here, and you will not write with this account"
            " any more."
        ),
    ),
    "move.target": ("Mon nouveau compte", "My new account"),
    "move.target_hint": (
        "Par exemple claire@nouveau-site.example",
        "For instance claire@new-site.example",
    ),
    "move.out": ("Annoncer mon départ", "Announce that I move"),
    "move.moved_title": ("Vous avez annoncé votre départ", "You announced that you move"),
    "move.moved_text": ("Ce compte renvoie vers", "This account points to"),
    "move.stay": ("Rester ici, finalement", "Stay here after all"),
    "move.done_alias": (
        "Cet autre compte est noté comme le vôtre.",
        "That other account is noted as yours.",
    ),
    "move.done_forget": (
        "Ce compte n’est plus noté comme le vôtre.",
        "That account is not noted as yours any more.",
    ),
    "move.done_move": (
        "Votre départ est annoncé à vos abonnés.",
        "Your followers are told that you move.",
    ),
    "move.done_stay": (
        "Vous restez ici. Les abonnés déjà partis ne reviennent pas d’eux-mêmes.",
        "You stay here. Followers who have left do not come back by themselves.",
    ),
    "move.done_follows": (
        "Les demandes partent une à une. Revenez voir où elles en sont.",
        "The requests leave one by one. Come back to see how far they are.",
    ),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
ERRORS_FRENCH: dict[str, str] = {
    "export.daily": (
        "Votre dernière copie a moins d’un jour\u00a0; servez-vous-en, ou revenez demain."
    ),
    "export.none": "Il n’y a pas de copie à vous à cette adresse.",
    "erasure.waits": "L’effacement de ce compte est déjà demandé.",
    "erasure.none": "Il n’y a pas d’effacement à cette adresse.",
    "erasure.over": "Il est trop tard pour renoncer à cet effacement, ou c’est déjà fait.",
    "move.text": "Ce fichier n’est pas un texte en UTF-8 de {max} octets au plus.",
    "move.name": "Écrivez un nom comme claire@site.example.",
    "move.unreachable": "L’autre site ne répond pas maintenant\u00a0; réessayez plus tard.",
    "wanted.empty": "Ce fichier ne nomme personne. Il faut un compte par ligne, comme nom@site.",
    "wanted.too_many": "Ce fichier nomme plus de {max} comptes\u00a0; partagez-le.",
    "wanted.wrong": "La ligne {line} n’est pas un compte\u00a0: {came}",
    "wanted.unknown": "Personne ne s’appelle ainsi, ou ce site ne connaît pas le sien.",
}
