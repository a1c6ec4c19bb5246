"""What the copy of a person's data says of itself: a first file to read, French and English."""

READ_ME: dict[str, tuple[str, str]] = {
    "fr": (
        "LISEZ-MOI.txt",
        (
            "Copie des données de @{account}, préparée par {site} le {date}.\n\n"
            "actor.json      votre profil (ActivityStreams)\n"
            "outbox.json     tout ce que vous avez publié, quel qu’en soit le public\n"
            "edits.json      ce que vos publications disaient avant d’être modifiées\n"
            "received.json   les messages qui vous sont adressés par votre nom\n"
            "following.csv, followers.csv, lists.csv, blocks.csv, mutes.csv, domain_blocks.csv,\n"
            "bookmarks.csv   tels que Mastodon et ce logiciel savent les reprendre\n"
            "favourites.csv, votes.csv, reports.csv, notes.csv   vos merci, votes, signalements,\n"
            "                notes\n"
            "filters.json    vos filtres\n"
            "sites.csv       quel site a reçu lequel de vos messages, et ce qu’il en dit\n"
            "access.json     vos connexions et applications, et ce que l’équipe du site a fait à\n"
            "                propos de votre compte, avec date et motif\n"
            "media, pictures vos fichiers\n\n"
            "Ce que d’autres ont écrit n’y est que si vous pouvez le lire aujourd’hui.\n"
        ),
    ),
    "en": (
        "README.txt",
        (
            "Copy of the data of @{account}, made by {site} on {date}.\n\n"
            "actor.json      your profile (ActivityStreams)\n"
            "outbox.json     all that you published, whatever its audience\n"
            "edits.json      what your posts said before they were edited\n"
            "received.json   messages addressed to you by name\n"
            "following.csv, followers.csv, lists.csv, blocks.csv, mutes.csv, domain_blocks.csv,\n"
            "bookmarks.csv   as Mastodon and this software can take them in\n"
            "favourites.csv, votes.csv, reports.csv, notes.csv   what they are called\n"
            "filters.json    your filters\n"
            "sites.csv       which site received which of your posts, and what it says of them\n"
            "access.json     your sign-ins and applications, and what staff of the site did about\n"
            "                your account, with date and reason\n"
            "media, pictures your files\n\n"
            "What others wrote is in it only if you can read it today.\n"
        ),
    ),
}
