"""What an agreement lets through, in words for everybody: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "grant.audiences": ("Messages pour les partenaires", "Posts for partners"),
    "grant.audiences_true": (
        "Ceux que leur auteur leur adresse, et rien d’autre",
        "Those whose author addresses them, and nothing else",
    ),
    "grant.audiences_false": ("Aucun", "None"),
    "grant.messages": ("Messages privés", "Private messages"),
    "grant.messages_none": ("Aucun", "None"),
    "grant.messages_shared": (
        "Entre personnes qui se suivent",
        "Between people who follow each other",
    ),
    "grant.messages_anyone": ("À toute personne de l’autre site", "To anybody of the other site"),
    "grant.follow": ("Suivre des personnes", "Following people"),
    "grant.follow_none": ("Non", "No"),
    "grant.follow_approval": (
        "Avec l’accord de chaque personne",
        "With the consent of each person",
    ),
    "grant.follow_free": ("Librement", "Freely"),
    "grant.directory": ("Annuaire", "Directory"),
    "grant.directory_none": ("Aucune fiche", "Nobody’s entry"),
    "grant.directory_sync": (
        "Les fiches des personnes qui l’acceptent",
        "The entries of people who agree to it",
    ),
    "grant.backfillDays": ("Messages passés", "Earlier posts"),
    "grant.backfillDays_none": ("Aucun", "None"),
    "grant.backfillDays_days": ("Ceux des {days} derniers jours", "Those of the last {days} days"),
    "grant.media": ("Images et fichiers", "Pictures and files"),
    "grant.media_proxy": ("Lus ici, sans copie gardée là-bas", "Read here, no copy kept there"),
    "grant.media_copy": ("Une copie peut être gardée là-bas", "A copy may be kept there"),
    "grant.resharing": ("Faire suivre", "Passing on"),
    "grant.resharing_none": ("Jamais", "Never"),
    "grant.resharing_site": ("À l’intérieur de leur site", "Inside their site"),
    "grant.reports": ("Signalements", "Reports"),
    "grant.reports_true": ("Transmis d’un site à l’autre", "Passed between the two sites"),
    "grant.reports_false": ("Chaque site garde les siens", "Each site keeps its own"),
    "grant.retentionAfterEnd": ("Après la fin de l’accord", "After the end"),
    "grant.retentionAfterEnd_delete": ("Tout est effacé", "Everything is erased"),
    "grant.retentionAfterEnd_keep": (
        "Ce qui a été reçu peut être gardé",
        "What was received may be kept",
    ),
    "grant.backupDays": ("Sauvegardes", "Backups"),
    "grant.backupDays_none": ("Aucune n’est gardée", "None is kept"),
    "grant.backupDays_days": (
        "Effacées au bout de {days} jours",
        "Erased after {days} days",
    ),
    "grant.days_hint": ("En jours, de 0 à {most}.", "In days, from 0 to {most}."),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
