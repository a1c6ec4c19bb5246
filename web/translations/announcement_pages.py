"""The sentences about announcements: as staff writes them, and as everybody reads them."""

SENTENCES: dict[str, tuple[str, str]] = {
    "staff.announcements": ("Annonces", "Announcements"),
    "staff.about_announcements": (
        "Ce que le site dit à toutes les personnes qui y ont un compte.",
        "What the site tells everybody who has an account on it.",
    ),
    "staff.field_until": ("Le dernier jour", "The last day"),
    "staff.field_essential_reason": ("La raison", "The reason"),
    "announcements.lead": (
        (
            "Une annonce paraît en haut de l’accueil de chaque personne, jusqu’à ce qu’elle l’ait"
            " lue. Elle ne fait sonner aucun téléphone, sauf si elle est essentielle."
        ),
        (
            "An announcement stands at the top of everybody’s home until they have read it. It"
            " makes no phone ring, unless it is essential."
        ),
    ),
    "announcements.new": ("Une nouvelle annonce", "A new announcement"),
    "announcements.text": ("Le texte", "The text"),
    "announcements.text_hint": (
        "Ce qui change, pour qui, et à qui demander.",
        "What changes, for whom, and whom to ask.",
    ),
    "announcements.until": ("Jusqu’au (facultatif)", "Up to (optional)"),
    "announcements.until_hint": (
        "Le dernier jour où elle sert. Sans date, elle reste un mois.",
        "The last day on which it is of use. Without a date it stays for a month.",
    ),
    "announcements.hours": ("À toute heure", "At any hour"),
    "announcements.essential": (
        "Elle est essentielle\u00a0: prévenir tous les appareils maintenant",
        "It is essential: tell every device now",
    ),
    "announcements.essential_hint": (
        (
            "Même la nuit, même qui a tout coupé. Pour une évacuation, une canicule, un plan blanc."
            " Il vous en reste {n} sur {days} jours\u00a0; chacune est inscrite au journal."
        ),
        (
            "Also at night, also for whoever switched everything off. For an evacuation, a heat"
            " wave, a crisis plan. You have {n} left in {days} days; each stands in the record."
        ),
    ),
    "announcements.reason": (
        "Pourquoi tout le monde doit le savoir tout de suite",
        "Why everybody must know at once",
    ),
    "announcements.reason_hint": (
        "Une phrase, {n} caractères au plus\u00a0; elle s’affiche sur les téléphones.",
        "One sentence of at most {n} characters; phones show it.",
    ),
    "announcements.publish": ("Publier l’annonce", "Publish the announcement"),
    "announcements.all": ("Les annonces", "The announcements"),
    "announcements.none": ("Il n’y en a aucune.", "There are none."),
    "announcements.shown": ("Affichée", "Shown"),
    "announcements.later": ("Prévue", "Planned"),
    "announcements.over": ("Terminée", "Over"),
    "announcements.up_to": ("jusqu’au {day}", "up to {day}"),
    "announcements.withdraw": ("Retirer", "Withdraw"),
    "announcements.done_published": ("L’annonce est publiée.", "The announcement is published."),
    "announcements.done_withdrawn": ("L’annonce est retirée.", "The announcement is withdrawn."),
    "announcement.of": ("Annonce de {site}", "Announcement of {site}"),
    "announcement.read": ("J’ai lu", "I have read it"),
    "announcement.more": (
        "Les autres annonces ({n}) sont dans «\u00a0Pour moi\u00a0».",
        "The other announcements ({n}) are in “For me”.",
    ),
}

ERRORS_FRENCH: dict[str, str] = {
    "announcement.until": (
        "Le dernier jour doit être une date, à partir d’aujourd’hui\u00a0: {came}"
    ),
}

FRENCH = {name: both[0] for name, both in SENTENCES.items()}
ENGLISH = {name: both[1] for name, both in SENTENCES.items()}
