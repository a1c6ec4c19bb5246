"""The sentences about who will read, drafts, later publishing and edits: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "write.organisation": ("Mon organisation", "My organisation"),
    "write.organisation_hint": ("Votre site et\u00a0: {sites}", "Your site and: {sites}"),
    "write.named_partners": ("Des partenaires choisis", "Chosen partners"),
    "write.named_partners_hint": (
        "Mon organisation, et ceux que je coche",
        "My organisation, and those I tick",
    ),
    "write.partners": ("Mes partenaires", "My partners"),
    "write.partners_hint": (
        "Votre site et tous ses partenaires\u00a0: {sites}",
        "Your site and all its partners: {sites}",
    ),
    "write.to_organisation": ("pour mon organisation", "to my organisation"),
    "write.to_named_partners": (
        "pour mon organisation et les partenaires cochés",
        "to my organisation and the partners ticked",
    ),
    "write.to_one_partner": (
        "pour mon organisation et 1 partenaire",
        "to my organisation and 1 partner",
    ),
    "write.to_n_partners": (
        "pour mon organisation et {n} partenaires",
        "to my organisation and {n} partners",
    ),
    "write.to_partners": ("pour mes partenaires", "to my partners"),
    "write.which_partners": ("Lesquels\u00a0?", "Which ones?"),
    "write.which_legend": (
        "Partenaires qui recevront le message",
        "Partners who will receive the post",
    ),
    "write.look": ("Vérifier qui lira", "Check who will read"),
    "write.keep": ("Garder en brouillon", "Keep as a draft"),
    "write.kept_at": ("Brouillon gardé à {time}", "Draft kept at {time}"),
    "write.not_saved": (
        "Brouillon pas encore gardé. Votre texte est dans cette page.",
        "Draft not kept yet. Your text is in this page.",
    ),
    "write.no_network": (
        "Pas de réseau. Votre texte reste dans cette page.",
        "No network. Your text stays in this page.",
    ),
    "write.session_ended": (
        "Votre session a pris fin. Votre texte reste dans cette page.",
        "Your session has ended. Your text stays in this page.",
    ),
    "write.left": ("Encore {n} caractères", "{n} characters left"),
    "write.over": ("{n} caractères de trop", "{n} characters too many"),
    "write.later": ("Publier plus tard", "Publish later"),
    "write.later_hint": (
        "Laissez vide pour publier maintenant. Au moins cinq minutes d’avance.",
        "Leave empty to publish now. At least five minutes ahead.",
    ),
    "write.day": ("Jour", "Day"),
    "write.hour": ("Heure", "Time"),
    "write.day_missing": (
        "Choisissez un jour et une heure, ou videz les deux champs.",
        "Choose a day and a time, or empty both fields.",
    ),
    "write.field_day": ("Le moment", "The moment"),
    "write.published_before": (
        (
            "Ce formulaire a déjà été publié, avec un autre texte. Celui-ci n’est pas perdu\u00a0:"
            " publiez-le à son tour, ou gardez-le en brouillon."
        ),
        (
            "This form was published already, with another text. This one is not lost:"
            " publish it in its turn, or keep it as a draft."
        ),
    ),
    "write.edit_title": ("Modifier mon message", "Edit my post"),
    "write.edit_same": (
        "Mêmes lecteurs qu’avant. Ce que disait le message reste lisible dans son historique.",
        "Same readers as before. What the post said can still be read in its history.",
    ),
    "write.save": ("Modifier {to}", "Save {to}"),
    "reply.to_organisation": ("Répondre à mon organisation", "Reply to my organisation"),
    "reply.to_partners": ("Répondre à mes partenaires", "Reply to my partners"),
    "reply.to_named_partners": (
        "Répondre aux partenaires choisis",
        "Reply to the chosen partners",
    ),
    "reply.to_community": ("Répondre à la communauté", "Reply to the community"),
    "reply.sites": ("Ira à\u00a0: {sites}.", "Will go to: {sites}."),
    "readers.title": ("Qui lira\u00a0?", "Who will read this?"),
    "readers.sites": (
        "{n} sites, dont le vôtre. Les réponses resteront dans ce cercle.",
        "{n} sites, yours among them. Replies will stay in this circle.",
    ),
    "readers.site": (
        "Votre site seulement. Rien n’en sort.",
        "Your site only. Nothing leaves it.",
    ),
    "readers.followers": (
        "Les personnes qui vous suivent, et personne d’autre.",
        "The people who follow you, and nobody else.",
    ),
    "readers.named": (
        "Les personnes que vous nommez avec @, et personne d’autre.",
        "The people you name with @, and nobody else.",
    ),
    "readers.public": (
        "Tout le monde, ici et ailleurs.",
        "Everyone, here and elsewhere.",
    ),
    "readers.unlisted": (
        "Quiconque a le lien ou vous suit.",
        "Whoever has the link or follows you.",
    ),
    "readers.community": ("La communauté.", "The community."),
    "readers.here": ("{site}\u00a0: {n} comptes", "{site}: {n} accounts"),
    "readers.few_here": (
        "{site}\u00a0: moins de 5 comptes",
        "{site}: fewer than 5 accounts",
    ),
    "readers.elsewhere": (
        "Abonnés sur d’autres sites\u00a0: {n}",
        "Followers on other sites: {n}",
    ),
    "readers.left_out": (
        "Des abonnés ne recevront pas ce message",
        "Some followers will not receive this post",
    ),
    "readers.way_out": (
        (
            "Pour leur écrire quand même, choisissez «\u00a0Les personnes nommées\u00a0» et"
            " nommez-les avec @."
        ),
        "To write to them all the same, choose “The people named” and name them with @.",
    ),
    "received.title": ("Qui l’a reçu", "Who received it"),
    "received.count": (
        "Remis à {n} sites sur {all}. Confirmé par {held}.",
        "Handed over to {n} sites of {all}. Confirmed by {held}.",
    ),
    "received.none": (
        "Ce message n’est pas sorti de votre site.",
        "This post has not left your site.",
    ),
    "received.since": ("{state}, {when}", "{state}, {when}"),
    "received.means": (
        (
            "«\u00a0Remis\u00a0»\u00a0: le site l’a pris. «\u00a0Reçu\u00a0»\u00a0: il confirme"
            " qu’il l’a. Personne ne dit qui l’a lu."
        ),
        (
            "“Handed over”: the site took it. “Received”: it confirms that it has it. Nobody says"
            " who has read it."
        ),
    ),
    "history.title": ("Ce que disait le message", "What the post said"),
    "history.lead": (
        "Chaque version, la plus ancienne d’abord. Visible de qui peut lire le message.",
        "Each version, the oldest first. Visible to whoever may read the post.",
    ),
    "history.version": ("Version {n}", "Version {n}"),
    "history.now": ("Version actuelle", "Current version"),
    "history.back": ("Revenir au message", "Back to the post"),
    "thread.changed": ("Votre message est modifié.", "Your post is changed."),
    "post.edit": ("Modifier", "Edit"),
    "post.redraft": ("Supprimer et réécrire", "Delete and write anew"),
    "post.pin": ("Épingler à mon profil", "Pin to my profile"),
    "post.unpin": ("Ne plus épingler", "Unpin"),
    "post.pinned": ("Épinglé", "Pinned"),
    "post.mute_thread": ("Ne plus être averti de ce fil", "No more notices of this thread"),
    "post.unmute_thread": ("Être averti de ce fil", "Get notices of this thread"),
    "redraft.title": ("Supprimer et réécrire\u00a0?", "Delete and write anew?"),
    "redraft.text": (
        (
            "Le message disparaît d’ici et des sites qui l’ont reçu. Son texte revient dans vos"
            " brouillons. Les réponses et les mercis ne le suivent pas."
        ),
        (
            "The post disappears from here and from the sites that received it. Its text comes back"
            " to your drafts. Replies and thanks do not follow it."
        ),
    ),
    "redraft.sure": ("Supprimer et réécrire", "Delete and write anew"),
    "drafts.title": ("Mes brouillons", "My drafts"),
    "drafts.lead": (
        "Vos textes commencés. Vous seul les voyez, sur tous vos appareils.",
        "Texts you have begun. Only you see them, on all your devices.",
    ),
    "drafts.resume": ("Reprendre", "Resume"),
    "drafts.forget": ("Supprimer", "Delete"),
    "drafts.nothing": ("Aucun brouillon.", "No draft."),
    "drafts.nothing_text": (
        "Un texte que vous ne publiez pas est gardé ici.",
        "A text that you do not publish is kept here.",
    ),
    "drafts.touched": ("Gardé\u00a0: {when}", "Kept: {when}"),
    "drafts.empty_text": ("Sans texte", "Without text"),
    "scheduled.title": ("Publier plus tard", "To be published"),
    "scheduled.lead": (
        "Ces messages partiront seuls, au moment choisi.",
        "These posts will leave by themselves, at the moment chosen.",
    ),
    "scheduled.at": ("Partira\u00a0: {when}", "Will leave: {when}"),
    "scheduled.move": ("Changer le moment", "Change the moment"),
    "scheduled.moved": ("Garder ce moment", "Keep this moment"),
    "scheduled.resume": ("Ne pas publier, reprendre le texte", "Do not publish, resume the text"),
    "scheduled.nothing": ("Rien n’attend son heure.", "Nothing is waiting for its time."),
    "scheduled.nothing_text": (
        "Dans «\u00a0Écrire\u00a0», «\u00a0Publier plus tard\u00a0» range un message ici.",
        "In “Write”, “Publish later” puts a post here.",
    ),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
