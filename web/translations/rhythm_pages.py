"""The sentences of the page of the site's rhythm: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "staff.rhythm": ("Rythme", "Rhythm"),
    "staff.about_rhythm": (
        "Comment le site vit, semaine après semaine. Jamais qui.",
        "How the site lives, week after week. Never who.",
    ),
    "rhythm.lead": (
        "Un réseau vivant se voit à son rythme, pas au nombre de ses membres.",
        "A network that lives shows by its rhythm, not by how many belong to it.",
    ),
    "rhythm.weeks": (
        "Les douze dernières semaines terminées",
        "The last twelve finished weeks",
    ),
    "rhythm.title": (
        (
            "Messages et réponses par semaine\u00a0: de {least} à {most} ;"
            " semaines masquées en tout ou partie\u00a0: {hidden}."
        ),
        (
            "Posts and replies by week: from {least} to {most};"
            " weeks hidden in whole or in part: {hidden}."
        ),
    ),
    "rhythm.regular": ("Régularité", "Regularity"),
    "rhythm.lively_one": ("une semaine sur {all}", "one week of {all}"),
    "rhythm.lively": ("{n} semaines sur {all}", "{n} weeks of {all}"),
    "rhythm.first_answer": ("Première réponse", "First answer"),
    "rhythm.between_share": ("Réponses entre sites", "Replies between sites"),
    "rhythm.percent": ("{n}\u00a0%", "{n}%"),
    "rhythm.usual_hour": ("dans l’heure, en général", "within the hour, as a rule"),
    "rhythm.usual_day": ("dans la journée, en général", "within a day, as a rule"),
    "rhythm.usual_later": ("après un jour ou plus", "after a day or more"),
    "rhythm.usual_none": ("souvent aucune", "often none"),
    "rhythm.hidden": (
        "Masquée\u00a0: moins de 5 personnes",
        "Hidden: fewer than 5 people",
    ),
    "rhythm.masked": ("masquée", "hidden"),
    "rhythm.last_week": ("semaine dernière", "last week"),
    "rhythm.week": ("Semaine du", "Week of"),
    "rhythm.posts": ("Messages", "Posts"),
    "rhythm.all_replies": ("Réponses", "Replies"),
    "rhythm.replies": ("Réponses sur le site", "Replies on the site"),
    "rhythm.between": ("Réponses entre sites", "Replies between sites"),
    "rhythm.as_table": ("Les mêmes chiffres en tableau", "The same figures as a table"),
    "rhythm.file": ("Télécharger ces chiffres (CSV)", "Download these figures (CSV)"),
    "rhythm.answered": (
        "Messages par délai de première réponse",
        "Posts by how soon they were first answered",
    ),
    "rhythm.hour": ("En moins d’une heure", "Within an hour"),
    "rhythm.day": ("Dans la journée", "Within a day"),
    "rhythm.later": ("Plus tard", "Later"),
    "rhythm.none": ("Sans réponse", "Not answered"),
    "rhythm.nothing": ("Rien à montrer pour l’instant.", "Nothing to show for now."),
    "rhythm.nothing_text": (
        "Une semaine apparaît quand elle est finie et qu’au moins cinq personnes y ont écrit.",
        "A week appears when it is over and at least five people wrote in it.",
    ),
    "rhythm.hours": ("Le droit à la déconnexion", "The right to disconnect"),
    "rhythm.pierced": (
        "Annonces essentielles, qui sonnent à toute heure, en trois mois",
        "Essential announcements, which ring at any hour, in three months",
    ),
    "rhythm.never": (
        (
            "Seuls comptent les messages que tout le site peut lire, en semaines terminées. Un"
            " chiffre qui parlerait de moins de cinq personnes est masqué, ainsi que son"
            " voisin s’il"
            " permettait de le calculer. Aucune recherche par personne n’existe."
        ),
        (
            "Only posts that the whole site can read count, in finished weeks. A figure that would"
            " tell of fewer than five people is hidden, and so is its neighbour when it could be"
            " computed from it. There is no search by person."
        ),
    ),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
