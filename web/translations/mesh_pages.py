"""The sentences of the map and of the directory: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "map.title": ("Le maillage", "The mesh"),
    "map.tab": ("Carte", "Map"),
    "map.lead": (
        "Avec quels sites le vôtre échange, et l’état de chaque lien.",
        "With which sites yours exchanges, and the state of each link.",
    ),
    "map.of": ("Carte du maillage de {site}", "Map of the mesh of {site}"),
    "map.counted": (
        "Sites de votre organisation\u00a0: {inside}. Partenaires\u00a0: {outside}.",
        "Sites of your organisation: {inside}. Partners: {outside}.",
    ),
    "map.see_table": (
        "Le tableau qui suit donne le détail.",
        "The table that follows has the details.",
    ),
    "map.colon": ("\u00a0: ", ": "),
    "map.legend": ("Légende", "Legend"),
    "map.line_active": ("Trait plein\u00a0: actif", "Solid line: active"),
    "map.line_late": ("Tirets\u00a0: en attente", "Dashes: waiting"),
    "map.line_paused": ("Points\u00a0: suspendu", "Dots: paused"),
    "map.ground": ("Le fond teinté\u00a0: {name}.", "The tinted ground: {name}."),
    "map.ground_site": (
        "Le fond teinté\u00a0: votre organisation.",
        "The tinted ground: your organisation.",
    ),
    "map.links": ("Les liens de votre site", "The links of your site"),
    "map.site": ("Site ou partenaire", "Site or partner"),
    "map.state": ("État", "State"),
    "map.last": ("Dernier échange", "Last exchange"),
    "map.never": ("pas encore", "not yet"),
    "map.plain": ("(liaison simple)", "(plain link)"),
    "map.state_active": ("Actif", "Active"),
    "map.state_late": ("En attente depuis le {since}", "Waiting since {since}"),
    "map.state_pairing": ("Jumelage en cours", "Being paired"),
    "map.state_paused": ("Suspendu", "Paused"),
    "map.state_key_changed": ("Arrêté, à vérifier", "Stopped, to be checked"),
    "map.nothing_lost": (
        "Un lien en attente ne perd rien\u00a0: les messages partent dès que l’autre site répond.",
        "A link that waits loses nothing: posts leave as soon as the other site answers.",
    ),
    "map.alone": ("Votre site est seul pour l’instant", "Your site is alone for now"),
    "map.alone_text": (
        "Rien n’en sort. Vous lisez et écrivez entre vous.",
        "Nothing leaves it. You read and write among yourselves.",
    ),
    "map.manage": ("Gérer les partenaires", "Look after partners"),
    "directory.title": ("Annuaire", "Directory"),
    "directory.lead": (
        (
            "Des personnes de votre site, de votre organisation et de vos partenaires qui ont"
            " choisi d’apparaître ici."
        ),
        "People of your site, your organisation and your partners who chose to be found here.",
    ),
    "directory.people": ("Personnes", "People"),
    "directory.label": ("Un nom, un métier, un sujet", "A name, a job, a subject"),
    "directory.where": ("Où", "Where"),
    "directory.where_all": ("Partout", "Everywhere"),
    "directory.where_site": ("{site}", "{site}"),
    "directory.where_organisation": ("Mon organisation", "My organisation"),
    "directory.where_partners": ("Les partenaires", "Partners"),
    "directory.found": ("Personnes trouvées", "People found"),
    "directory.everybody": ("Par ordre alphabétique", "In alphabetical order"),
    "directory.write": ("Lui écrire", "Write"),
    "directory.first": ("Revenir au début", "Back to the beginning"),
    "directory.further": ("La suite", "Further"),
    "directory.nobody": ("Personne n’est trouvé.", "Nobody is found."),
    "directory.nobody_text": (
        "Essayez un mot plus court. Qui ne veut pas apparaître ne se trouve pas ici.",
        "Try a shorter word. Whoever does not want to be found is not here.",
    ),
    "directory.aside": ("Votre fiche et les sites", "Your entry and the sites"),
    "directory.own": ("Votre fiche", "Your entry"),
    "directory.own_text": (
        "Vous seul décidez jusqu’où elle se voit.",
        "You alone decide how far it is seen.",
    ),
    "directory.reach_nobody": ("Vous n’apparaissez pas.", "You are not listed."),
    "directory.reach_site": ("Visible par votre site.", "Seen by your site."),
    "directory.reach_organisation": (
        "Visible par votre organisation.",
        "Seen by your organisation.",
    ),
    "directory.reach_partners": (
        "Visible par votre organisation et vos partenaires.",
        "Seen by your organisation and your partners.",
    ),
    "directory.sites": ("Sites et partenaires", "Sites and partners"),
    "directory.here": ("votre site", "your site"),
    "directory.inside": ("votre organisation", "your organisation"),
    "directory.partner": ("partenaire", "partner"),
    "directory.see_map": ("Voir la carte", "See the map"),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
