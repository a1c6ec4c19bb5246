"""The sentences about what the site is for, how long things are kept, and visas."""

SENTENCES: dict[str, tuple[str, str]] = {
    "staff.site": ("Le site", "The site"),
    "staff.official": ("Officiel", "Official"),
    "staff.about_site": (
        "À quoi il sert, sa charte, qui répond, et combien de temps on garde.",
        "What it is for, its charter, who answers, and for how long things are kept.",
    ),
    "staff.about_official": (
        "Ce qui ne se détruit qu’avec un visa, et les visas donnés.",
        "What is destroyed only with a visa, and the visas given.",
    ),
    "staff.wait_review": (
        "Le jour est venu de revoir les objectifs du site.",
        "The day has come to look at the goals of the site again.",
    ),
    "staff.field_purpose": ("La raison d’être", "The purpose"),
    "staff.field_review_on": ("Le jour", "The day"),
    "staff.field_charter": ("La charte", "The charter"),
    "staff.field_hours": ("Les horaires", "The hours"),
    "staff.field_protection_name": ("Le nom", "The name"),
    "staff.field_protection_email": ("L’adresse", "The address"),
    "site.lead": (
        "Ce que vous écrivez ici se lit sur la page «\u00a0À propos\u00a0».",
        "What you write here stands on the page “About”.",
    ),
    "site.see_about": ("Voir la page «\u00a0À propos\u00a0»", "See the page “About”"),
    "site.purpose_title": ("Pourquoi ce site", "Why this site"),
    "site.purpose": ("Sa raison d’être", "Its purpose"),
    "site.purpose_hint": (
        "Deux ou trois phrases\u00a0: à qui il s’adresse, ce qu’il doit changer.",
        "Two or three sentences: whom it is for, and what it should change.",
    ),
    "site.goals": ("Objectifs, cinq au plus", "Goals, five at most"),
    "site.goal": ("Objectif {n}", "Goal {n}"),
    "site.measured": ("Comment on le mesure", "How it is measured"),
    "site.measure_of": ("Comment on mesure l’objectif {n}", "How goal {n} is measured"),
    "site.more_goals": ("Plus d’objectifs", "More goals"),
    "site.review_on": ("À revoir le", "To be looked at again on"),
    "site.review_hint": (
        "Ce jour-là, la première page de l’administration le rappelle.",
        "On that day the first page for those who run the site reminds you.",
    ),
    "site.review_due": (
        "Le jour prévu est passé. Relisez les objectifs, puis choisissez le prochain.",
        "The day you chose has passed. Read the goals again, then choose the next day.",
    ),
    "site.changed": ("Dernier changement\u00a0: {day}.", "Last changed on {day}."),
    "site.charter_title": ("La charte", "The charter"),
    "site.charter": ("Son texte", "Its text"),
    "site.charter_hint": (
        (
            "Montrée avec l’invitation et sur la page «\u00a0À propos\u00a0». «\u00a0# \u00a0»"
            " commence un titre, «\u00a0- \u00a0» un point de liste."
        ),
        (
            "Shown with the invitation and on the page “About”. “# ” begins a heading, “- ” a"
            " point of a list."
        ),
    ),
    "site.contact_title": ("Qui répond, et quand", "Who answers, and when"),
    "site.hours": ("Horaires du service", "Hours of the service"),
    "site.hours_hint": (
        "Quand quelqu’un répond, et qui\u00a0: «\u00a0du lundi au vendredi, Léa ou Karim\u00a0».",
        "When somebody answers, and who: “Monday to Friday, Léa or Karim”.",
    ),
    "site.protection_name": (
        "Qui répond de la protection des données",
        "Who answers for data protection",
    ),
    "site.protection_email": ("Son adresse électronique", "Their e-mail address"),
    "site.protection_hint": (
        "Sans adresse ici, celle des réglages du site est montrée.",
        "Without an address here, that of the site’s settings is shown.",
    ),
    "site.save": ("Enregistrer", "Save"),
    "site.save_purpose": ("Enregistrer la raison d’être", "Save the purpose"),
    "site.save_charter": ("Enregistrer la charte", "Save the charter"),
    "site.save_contact": ("Enregistrer les contacts", "Save the contacts"),
    "site.done_purpose": ("C’est enregistré.", "It is saved."),
    "site.done_charter": ("La charte est enregistrée.", "The charter is saved."),
    "site.done_contact": ("C’est enregistré.", "It is saved."),
    "site.done_retention": ("Les durées sont changées.", "The durations are changed."),
    "site.done_letter": (
        "La lettre est en route. Elle arrive d’ordinaire en moins d’une minute.",
        "The letter is on its way. As a rule it arrives within a minute.",
    ),
    "site.retention_title": ("Combien de temps on garde", "For how long things are kept"),
    "site.retention_text": (
        (
            "Ce qui dépasse sa durée est supprimé ici et chez les partenaires qui l’ont reçu."
            " Avant tout changement, vous lisez ce qu’il enlèverait."
        ),
        (
            "What is older is deleted here and at the partners who received it. Before anything"
            " changes you read what that would remove."
        ),
    ),
    "site.class_conversation": ("Conversations", "Conversations"),
    "site.about_conversation": (
        "Tout message que personne n’a marqué.",
        "Every post that nobody has marked.",
    ),
    "site.class_knowledge": ("Savoirs", "Knowledge"),
    "site.about_knowledge": (
        "Ce qu’un auteur ou un animateur a marqué «\u00a0à garder\u00a0», ou épinglé.",
        "What its author or an animator marked as to be kept, or its author pinned.",
    ),
    "site.class_official": ("Officiel", "Official"),
    "site.about_official": (
        "Jamais détruit sans le visa d’une autre personne, inscrit au registre.",
        "Never destroyed without a visa of another person, written in the record.",
    ),
    "site.keep": ("Garder", "Keep"),
    "site.months": ("{n} mois", "{n} months"),
    "site.see_first": ("Voir ce que cela enlèverait", "See what this would remove"),
    "site.preview_title": ("Changer les durées\u00a0?", "Change the durations?"),
    "site.preview_lead": (
        "Rien n’est encore changé.",
        "Nothing has been changed yet.",
    ),
    "site.stays": ("Sans changement\u00a0: {after}", "Not changed: {after}"),
    "site.from_to": ("{before} → {after}", "{before} → {after}"),
    "site.removes": (
        "{n} messages seraient supprimés dès maintenant, d’autres ensuite en vieillissant.",
        "{n} posts would be deleted from now on, others later as they grow old.",
    ),
    "site.removes_few": (
        "Moins de cinq messages seraient supprimés maintenant, d’autres ensuite en vieillissant.",
        "Fewer than five posts would be deleted now, others later as they grow old.",
    ),
    "site.removes_none": ("Rien ne serait supprimé.", "Nothing would be deleted."),
    "site.no_return": (
        "Ce qui est supprimé ne revient pas, ni ici ni chez les partenaires.",
        "What is deleted does not come back, neither here nor at the partners.",
    ),
    "site.confirm": ("Changer les durées", "Change the durations"),
    "site.back": ("Revenir sans rien changer", "Go back, change nothing"),
    "site.settings_title": ("Les réglages de la machine", "The settings of the machine"),
    "site.settings_text": (
        (
            "Ils sont lus au démarrage dans le fichier maillage.toml\u00a0; qui tient la machine"
            " les change, par leur clé."
        ),
        (
            "They are read at start from the file maillage.toml; whoever keeps the machine"
            " changes them, by their key."
        ),
    ),
    "site.set_name": ("Nom du site", "Name of the site"),
    "site.set_address": ("Adresse", "Address"),
    "site.set_language": ("Langue", "Language"),
    "site.set_federation": ("Échanges", "Exchange"),
    "site.set_joining": ("Créer un compte", "Making an account"),
    "site.set_mail": ("Courrier", "Mail"),
    "site.set_database": ("Base de données", "Database"),
    "site.set_media": ("Images et fichiers", "Pictures and files"),
    "site.set_post_limit": ("Longueur d’un message", "Length of a post"),
    "site.set_image_limit": ("Taille d’une image", "Size of a picture"),
    "site.set_film_limit": ("Taille d’un film", "Size of a film"),
    "site.set_rate_limit": ("Demandes d’une personne", "Requests of one person"),
    "site.key": ("clé", "key"),
    "site.in_fr": ("Français", "French"),
    "site.in_en": ("Anglais", "English"),
    "site.closed": (
        "Avec les seuls sites que vous avez acceptés.",
        "Only with sites that you have accepted.",
    ),
    "site.open": (
        "Avec tous les sites, sauf ceux que vous avez bloqués.",
        "With every site, except those you have blocked.",
    ),
    "site.join_closed": ("Par votre équipe seulement.", "By your team only."),
    "site.join_invitation": ("Avec une invitation.", "With an invitation."),
    "site.join_approval": (
        "Sur demande, que quelqu’un de vous accepte.",
        "On request, which one of you accepts.",
    ),
    "site.join_open": ("Ouvert à tous.", "Open to everybody."),
    "site.mail": (
        "Par {host}, au nom de {sender}.",
        "By {host}, in the name of {sender}.",
    ),
    "site.no_mail": (
        "Aucun\u00a0: le site n’envoie pas de lettres.",
        "None: the site sends no letters.",
    ),
    "site.in_sqlite": (
        "{size}, dans le dossier du site.",
        "{size}, in the folder of the site.",
    ),
    "site.in_postgres": ("{size}, dans PostgreSQL.", "{size}, in PostgreSQL."),
    "site.in_folder": (
        "{size}, dans le dossier media du site.",
        "{size}, in the folder media of the site.",
    ),
    "site.in_bucket": (
        "{size}, dans l’espace {bucket} d’un stockage S3.",
        "{size}, in the bucket {bucket} of an S3 store.",
    ),
    "site.megabytes": ("{n}\u00a0Mo", "{n} MB"),
    "site.under_megabyte": ("Moins de 1\u00a0Mo", "Less than 1 MB"),
    "site.characters": ("{n} caractères au plus", "{n} characters at most"),
    "site.calls": (
        "{n} en cinq minutes, toutes ses applications ensemble",
        "{n} in five minutes, all applications together",
    ),
    "site.no_limit": ("Sans limite", "No limit"),
    "site.letter_title": ("Le courrier arrive-t-il\u00a0?", "Does the mail arrive?"),
    "site.letter_text": (
        "Une lettre d’essai part vers votre adresse, {address}, et vers personne d’autre.",
        "A test letter goes to your address, {address}, and to nobody else.",
    ),
    "site.letter_no_address": (
        "Votre compte n’a pas d’adresse électronique\u00a0: la lettre d’essai n’irait nulle part.",
        "Your account has no e-mail address: the test letter would go nowhere.",
    ),
    "site.letter_off": (
        "Le site n’envoie pas de lettres. La clé mail.url du fichier le permettrait.",
        "The site sends no letters. The key mail.url of the file would let it.",
    ),
    "site.letter_send": ("M’envoyer une lettre d’essai", "Send myself a test letter"),
    "site.undelivered": (
        (
            "Le serveur de courrier n’a pas pris toutes les lettres (en attente ou"
            " abandonnées\u00a0: {n}). Vérifiez mail.url."
        ),
        ("The mail server did not take all letters (waiting or given up: {n}). Check mail.url."),
    ),
    "about.purpose": ("À quoi sert ce site", "What this site is for"),
    "about.goals": ("Nos objectifs", "Our goals"),
    "about.measured": ("Mesuré ainsi\u00a0: ", "Measured so: "),
    "about.charter": ("La charte", "The charter"),
    "about.hours": ("Quand on vous répond", "When you are answered"),
    "privacy.keep_conversation": ("Messages ordinaires", "Ordinary posts"),
    "privacy.keep_knowledge": ("Messages à garder", "Posts to be kept"),
    "privacy.keep_official": ("Messages officiels", "Official posts"),
    "privacy.kept": (
        "Gardés jusqu’à ce que leur auteur les supprime",
        "Kept until their author deletes them",
    ),
    "privacy.kept_months": ("Supprimés après {n} mois", "Deleted after {n} months"),
    "privacy.kept_official": (
        (
            "Gardés, au nom du site si leur auteur s’en va\u00a0; détruits seulement avec un visa"
            " motivé"
        ),
        (
            "Kept, in the name of the site when their author leaves; destroyed only with a visa"
            " that says why"
        ),
    ),
    "class.is_knowledge": ("À garder", "Kept"),
    "class.is_official": ("Officiel", "Official"),
    "class.to_knowledge": ("Marquer à garder", "Mark as to be kept"),
    "class.to_conversation": ("Ne plus garder à part", "Keep like any other"),
    "class.to_official": ("Marquer officiel", "Mark as official"),
    "class-official.title": ("Rendre ce message officiel\u00a0?", "Make this post official?"),
    "class-official.text": (
        (
            "Il le restera. Personne ne pourra le supprimer, vous non plus, sans le visa d’une"
            " autre personne. Si votre compte est effacé, il restera au nom du site."
        ),
        (
            "It will stay so. Nobody can delete it, not even you, without a visa of another"
            " person. If your account is erased, it stays in the name of the site."
        ),
    ),
    "class-official.sure": ("Le rendre officiel", "Make it official"),
    "class-official.no": ("Le laisser ainsi", "Leave it as it is"),
    "class-conversation.title": (
        "Garder ce message comme les autres\u00a0?",
        "Keep this post like any other?",
    ),
    "class-conversation.text": (
        "S’il a dépassé la durée des conversations, il sera supprimé dans les minutes qui suivent.",
        "If it is older than conversations may be, it is deleted within minutes.",
    ),
    "class-conversation.sure": ("Ne plus le garder à part", "Keep it like any other"),
    "class-conversation.no": ("Le garder", "Keep it"),
    "official.lead": (
        "Ces messages restent. Un visa permet d’en détruire un, et dit pourquoi.",
        "These posts stay. A visa lets one be destroyed, and says why.",
    ),
    "official.list": ("Messages officiels", "Official posts"),
    "official.none": ("Aucun message officiel.", "No official post."),
    "official.none_text": (
        "Qui communique au nom du site peut marquer officiel un de ses messages, sur sa page.",
        "Who communicates for the site can mark one of their posts as official, on its page.",
    ),
    "official.written": ("{name}, le {day}", "{name}, on {day}"),
    "official.protected": ("Protégé", "Protected"),
    "official.allowed": ("Visa donné", "Visa given"),
    "official.visa_by": ("Par {name}, le {day}\u00a0:", "By {name}, on {day}:"),
    "official.own": (
        "C’est votre message\u00a0: le visa est donné par quelqu’un d’autre.",
        "This is your post: somebody else gives the visa.",
    ),
    "official.give": ("Donner un visa", "Give a visa"),
    "official.reason": ("Pourquoi peut-il être détruit\u00a0?", "Why may it be destroyed?"),
    "official.reason_hint": (
        "Inscrit au registre avec votre nom, pour toujours.",
        "Written in the record with your name, for good.",
    ),
    "official.give_sure": ("Donner le visa", "Give the visa"),
    "official.destroy": ("Détruire ce message", "Destroy this post"),
    "official.destroy_sure": (
        "Je sais qu’il ne reviendra pas, ni ici ni chez les partenaires.",
        "I know that it will not come back, neither here nor at the partners.",
    ),
    "official.open": ("Ouvrir le message", "Open the post"),
    "official.done_visa": ("Le visa est donné et inscrit.", "The visa is given and written down."),
    "official.done_destroy": ("Le message est détruit.", "The post is destroyed."),
    "log.site.purpose": ("a changé la raison d’être du site", "changed the purpose of the site"),
    "log.site.goals": ("a changé les objectifs du site", "changed the goals of the site"),
    "log.site.review_on": ("a choisi quand revoir les objectifs", "chose when to review the goals"),
    "log.site.charter": ("a changé la charte", "changed the charter"),
    "log.site.hours": ("a changé les horaires du service", "changed the hours of the service"),
    "log.site.protection_name": (
        "a changé qui répond des données",
        "changed who answers for data",
    ),
    "log.site.protection_email": (
        "a changé l’adresse de qui répond des données",
        "changed the address of who answers for data",
    ),
    "log.site.keep_conversation": (
        "a changé la durée des conversations",
        "changed how long conversations are kept",
    ),
    "log.site.keep_knowledge": (
        "a changé la durée des savoirs",
        "changed how long knowledge is kept",
    ),
    "log.official.mark": ("a rendu officiel", "made official"),
    "log.official.visa": ("a donné un visa pour détruire", "gave a visa to destroy"),
    "log.official.destroy": ("a détruit, après visa,", "destroyed, after a visa,"),
}
ERRORS_FRENCH: dict[str, str] = {
    "class.not_ours": "Seul ce qui est écrit sur ce site a une classe, et jamais un partage.",
    "class.narrow": "Seul ce que tout le site peut lire peut devenir officiel.",
    "class.not_yours": "Votre rôle ne permet pas de classer ce message.",
    "class.official": "Ce message est officiel\u00a0: il le reste.",
    "class.protected": (
        "Ce message est officiel. Il n’est détruit qu’après un visa motivé, donné par une personne"
        " qui répond des données."
    ),
    "class.files": "Ce message est officiel\u00a0: ses fichiers restent avec lui.",
    "visa.own": "Le visa pour votre propre message est donné par quelqu’un d’autre.",
    "visa.reason": "Dites pourquoi ce message peut être détruit.",
    "visa.missing": "Il n’y a pas de visa pour ce message\u00a0: il reste.",
    "visa.sure": "Cochez la case\u00a0: ce qui est détruit ne revient pas.",
    "site.measure": "Dites comment vous verrez si cet objectif est atteint, ou retirez-le.",
    "site.goal": "Dites l’objectif ainsi mesuré, ou retirez la mesure.",
    "site.day": "Choisissez un jour à venir.",
    "site.act": "Ce formulaire n’existe pas.",
    "site.no_address": "Votre compte n’a pas d’adresse électronique\u00a0; ajoutez-en une d’abord.",
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
