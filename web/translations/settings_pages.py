"""The sentences of settings, of the first ten minutes, and of pages without a network."""

SENTENCES: dict[str, tuple[str, str]] = {
    "foot.settings": ("Réglages", "Settings"),
    "settings.title": ("Réglages", "Settings"),
    "settings.lead": (
        "Changez ce que vous voulez, quand vous voulez.",
        "Change what you like, when you like.",
    ),
    "settings.all": ("Tous les réglages", "All settings"),
    "settings.group_you": ("Vous", "You"),
    "settings.group_calm": ("Votre calme", "Your calm"),
    "settings.group_safety": ("Votre accès", "Your access"),
    "settings.group_data": ("Vos données", "Your data"),
    "settings.profile": ("Profil", "Profile"),
    "settings.profile_hint": (
        "Votre nom, votre fonction, vos images.",
        "Your name, your role, your pictures.",
    ),
    "settings.profile_lead": (
        "Ce que les autres lisent de vous. Rien n’est obligatoire.",
        "What others read about you. Nothing is required.",
    ),
    "settings.privacy": ("Confidentialité", "Privacy"),
    "settings.privacy_hint": (
        "Qui vous suit, qui vous lit, qui vous trouve.",
        "Who follows you, who reads you, who finds you.",
    ),
    "settings.privacy_lead": (
        "Qui vous suit, qui vous lit, qui vous trouve. Chaque message peut faire autrement.",
        "Who follows you, who reads you, who finds you. Each post may differ.",
    ),
    "settings.hours": ("Mes heures", "My hours"),
    "settings.hours_lead": (
        (
            "En dehors de vos heures, rien ne sonne et aucun courrier ne part. Ce qui arrive"
            " vous attend."
        ),
        "Outside your hours nothing rings and no letter leaves. What arrives waits for you.",
    ),
    "settings.display": ("Langue et affichage", "Language and display"),
    "settings.display_hint": (
        "Français ou anglais, couleurs, taille du texte.",
        "French or English, colours, size of the text.",
    ),
    "settings.display_lead": (
        "Comme il vous convient de lire.",
        "The way you like to read.",
    ),
    "settings.apps": ("Appareils et applications", "Devices and applications"),
    "settings.apps_hint": (
        "Où vous êtes connecté, et comment fermer.",
        "Where you are signed in, and how to close it.",
    ),
    "settings.password": ("Mot de passe", "Password"),
    "settings.password_hint": ("Le changer.", "Change it."),
    "settings.two-factor": ("Code de connexion", "Sign-in code"),
    "settings.two-factor_hint": (
        "Une seconde étape après le mot de passe.",
        "A second step after the password.",
    ),
    "settings.passkeys": ("Clés d’accès", "Passkeys"),
    "settings.passkeys_hint": (
        "Entrer sans mot de passe, avec votre appareil.",
        "Come in without a password, with your device.",
    ),
    "settings.export": ("Emporter mes données", "Take my data along"),
    "settings.export_hint": (
        "Une copie de tout ce que vous avez écrit et réglé.",
        "A copy of all that you wrote and set.",
    ),
    "settings.move": ("Changer de site", "Move to another site"),
    "settings.move_hint": (
        "Partir ou arriver avec ceux qui vous suivent.",
        "Leave or arrive with those who follow you.",
    ),
    "settings.erasure": ("Supprimer mon compte", "Delete my account"),
    "settings.erasure_hint": (
        "Ce qui disparaît, et ce qui reste.",
        "What disappears, and what stays.",
    ),
    "settings.done": ("C’est enregistré.", "Saved."),
    "settings.problems": (
        "À revoir avant d’enregistrer. Rien n’est perdu.",
        "To mend before saving. Nothing is lost.",
    ),
    "settings.choose": ("Choisissez l’une des réponses.", "Choose one of the answers."),
    "settings.who": ("Qui vous êtes", "Who you are"),
    "settings.field_display_name": ("Nom affiché", "Name shown"),
    "settings.field_note": ("Quelques mots sur vous", "A few words about you"),
    "settings.note_hint": (
        "Votre métier, ce sur quoi on peut vous solliciter.",
        "Your work, and what you can be asked about.",
    ),
    "settings.field_fields": ("Fonction et repères", "Role and facts"),
    "settings.fields_hint": (
        (
            "Par exemple «\u00a0Fonction\u00a0: aide-soignante de nuit\u00a0»,"
            " «\u00a0Compétences\u00a0: textures, Montessori\u00a0»."
        ),
        "For example “Role: night care assistant”, “Skills: textures, Montessori”.",
    ),
    "settings.field_name": ("Intitulé {n}", "Name {n}"),
    "settings.field_value": ("Contenu {n}", "Content {n}"),
    "settings.avatar": ("Portrait", "Portrait"),
    "settings.field_avatar": ("Le portrait", "The portrait"),
    "settings.avatar_hint": (
        "PNG, JPEG, WebP ou GIF. Sans image, vos initiales.",
        "PNG, JPEG, WebP or GIF. Without a picture, your initials.",
    ),
    "settings.header": ("Bandeau", "Banner"),
    "settings.field_header": ("Le bandeau", "The banner"),
    "settings.header_hint": (
        "Une image large, au-dessus de votre profil dans les applications.",
        "A wide picture above your profile in applications.",
    ),
    "settings.choose_file": ("Choisir une image", "Choose a picture"),
    "settings.remove": ("Retirer", "Remove"),
    "settings.alt": ("Texte de l’image", "Text of the picture"),
    "settings.alt_hint": (
        "Ce que l’image montre, pour qui ne la voit pas.",
        "What the picture shows, for whoever cannot see it.",
    ),
    "settings.alt_missing": (
        "Dites en quelques mots ce que l’image montre.",
        "Say in a few words what the picture shows.",
    ),
    "settings.field_avatar_description": ("Le texte du portrait", "The text of the portrait"),
    "settings.field_header_description": ("Le texte du bandeau", "The text of the banner"),
    "settings.discoverable": (
        "Me proposer à mes collègues",
        "Suggest me to my colleagues",
    ),
    "settings.discoverable_hint": (
        "Dans l’annuaire et parmi les personnes à suivre.",
        "In the directory and among the people to follow.",
    ),
    "settings.save": ("Enregistrer", "Save"),
    "settings.save_profile": ("Enregistrer mon profil", "Save my profile"),
    "settings.field_reach": ("L’annuaire", "The directory"),
    "settings.field_shared": ("Les repères", "The facts"),
    "settings.field_quote_policy": ("Les citations", "Quotes"),
    "settings.field_audience": ("Le cercle", "The circle"),
    "privacy_own.follows": ("Qui peut vous suivre\u00a0?", "Who may follow you?"),
    "privacy_own.follows_anybody": ("Tous ceux qui vous trouvent", "Everybody who finds you"),
    "privacy_own.follows_anybody_hint": (
        "Vous pourrez toujours bloquer quelqu’un.",
        "You can always block somebody.",
    ),
    "privacy_own.follows_asked": ("Après votre accord", "After you agree"),
    "privacy_own.follows_asked_hint": (
        "Chaque demande vous attend, sans se presser.",
        "Each request waits for you, without haste.",
    ),
    "privacy_own.audience": (
        "Pour qui sont vos messages, d’ordinaire\u00a0?",
        "For whom are your posts, usually?",
    ),
    "privacy_own.audience_hint": (
        "Ce cercle est coché quand vous écrivez. Vous pouvez en changer à chaque message.",
        "This circle is chosen when you write. You can change it with each post.",
    ),
    "privacy_own.quotes": ("Qui peut vous citer\u00a0?", "Who may quote you?"),
    "privacy_own.quotes_public": ("Tous ceux qui vous lisent", "Everybody who reads you"),
    "privacy_own.quotes_followers": ("Ceux qui vous suivent", "Those who follow you"),
    "privacy_own.quotes_nobody": ("Personne d’autre que vous", "Nobody but you"),
    "privacy_own.found": (
        "Qui vous trouve dans l’annuaire\u00a0?",
        "Who finds you in the directory?",
    ),
    "privacy_own.found_hint": (
        "On y cherche par nom et par repères de votre profil.",
        "People search there by name and by the facts of your profile.",
    ),
    "privacy_own.reach_nobody": ("Personne", "Nobody"),
    "privacy_own.reach_nobody_hint": (
        "Votre profil reste lisible à qui en a l’adresse.",
        "Your profile can still be read by whoever has its address.",
    ),
    "privacy_own.reach_site": ("Mon site", "My site"),
    "privacy_own.reach_site_hint": ("Les membres de {site}.", "The members of {site}."),
    "privacy_own.reach_organisation": ("Mon organisation", "My organisation"),
    "privacy_own.reach_organisation_hint": (
        "Les sites de votre organisation aussi.",
        "The sites of your organisation too.",
    ),
    "privacy_own.reach_partners": ("Et nos partenaires", "And our partners"),
    "privacy_own.reach_partners_hint": (
        "Les sites avec lesquels un accord est en vigueur.",
        "The sites with which an agreement is in force.",
    ),
    "privacy_own.shared": (
        "Les repères que l’annuaire montre au-delà de votre site",
        "The facts that the directory shows beyond your site",
    ),
    "privacy_own.else": ("Recherche et relations", "Search and relations"),
    "privacy_own.indexable": (
        "Mes messages publics peuvent être trouvés par leurs mots",
        "My public posts may be found by their words",
    ),
    "privacy_own.indexable_hint": (
        "Seulement par ceux qui peuvent les lire.",
        "Only by those who may read them.",
    ),
    "privacy_own.hide": (
        "Ne pas montrer qui je suis et qui me suit",
        "Do not show whom I follow and who follows me",
    ),
    "privacy_own.hide_hint": ("Vous seul le voyez alors.", "Only you see it then."),
    "privacy_own.save": ("Enregistrer mes choix", "Save my choices"),
    "hours.rhythm": ("Quand peut-on vous prévenir\u00a0?", "When may you be told?"),
    "hours.site": ("Aux heures du site", "At the site's hours"),
    "hours.site_hint": ("{hours}.", "{hours}."),
    "hours.every_day": ("Tous les jours de {start} à {end}", "Every day from {start} to {end}"),
    "hours.now_site": (
        "On vous prévient aux heures du site.",
        "You are told at the site's hours.",
    ),
    "hours.always": ("À toute heure", "At any hour"),
    "hours.always_hint": (
        "Seulement pour ce que vos applications demandent.",
        "Only of what your applications ask for.",
    ),
    "hours.own": ("Mes heures à moi", "My own hours"),
    "hours.own_hint": (
        "Travail de nuit, temps partiel, roulement.",
        "Night work, part time, rota.",
    ),
    "hours.never": ("Jamais", "Never"),
    "hours.never_hint": (
        "Vous venez lire quand vous voulez, rien ne sonne.",
        "You come and read when you like, nothing rings.",
    ),
    "hours.now_always": ("On peut vous prévenir à toute heure.", "You may be told at any hour."),
    "hours.now_own": ("On vous prévient à vos heures.", "You are told at your hours."),
    "hours.now_never": ("Rien ne sonne.", "Nothing rings."),
    "hours.days": ("Je commence ces jours-là", "I start on these days"),
    "hours.times": ("Mes heures", "My hours"),
    "hours.from": ("De", "From"),
    "hours.to": ("À", "To"),
    "hours.night": (
        "Une fin plus tôt que le début tombe le lendemain matin.",
        "An end before the start is on the next morning.",
    ),
    "hours.differ": ("Des heures différentes selon le jour", "Different hours on some days"),
    "hours.differ_hint": (
        "Laissez vide un jour où vos heures habituelles conviennent.",
        "Leave a day empty where your usual hours fit.",
    ),
    "hours.always_sent": (
        (
            "Part toujours\u00a0: ce que vous demandez vous-même (nouveau mot de passe), ce qui"
            " protège votre accès, et la fermeture de votre compte."
        ),
        (
            "Always leaves: what you ask for yourself (a new password), what protects your access,"
            " and the closing of your account."
        ),
    ),
    "hours.essential": (
        (
            "Seule exception\u00a0: une annonce essentielle (évacuation, canicule). Elle sonne à"
            " toute heure, aussi pour qui a choisi «\u00a0Jamais\u00a0». Il y faut un rôle et un"
            " motif écrit, que tout le monde lit\u00a0; {max} au plus en {days} jours. Ces trois"
            " derniers mois\u00a0: {n}."
        ),
        (
            "The only exception: an essential announcement (evacuation, heat). It rings at any"
            " hour, also for whoever chose “Never”. It takes a role and a written reason, which"
            " everybody reads; {max} at most in {days} days. These last three months: {n}."
        ),
    ),
    "hours.save": ("Enregistrer mes heures", "Save my hours"),
    "hours.week": ("Votre semaine", "Your week"),
    "hours.some_days": ("{days} de {start} à {end}", "{days} from {start} to {end}"),
    "hours.week_told": (
        "On peut vous prévenir\u00a0: {week}. Au calme le reste du temps.",
        "You may be told: {week}. Calm the rest of the time.",
    ),
    "hours.calm_until": (
        "Notifications au calme. Reprise\u00a0: {when}.",
        "Notifications are quiet. They begin again: {when}.",
    ),
    "display.language": ("Langue", "Language"),
    "display.language_hint": (
        "Des pages, des avis et des courriers. Chacun écrit dans la langue qu’il veut.",
        "Of pages, notices and letters. Everybody writes in the language they like.",
    ),
    "display.language_fr": ("Français", "Français"),
    "display.language_en": ("English", "English"),
    "display.theme": ("Couleurs", "Colours"),
    "display.theme_hint": ("Dans ce navigateur.", "In this browser."),
    "display.theme_system": ("Comme mon appareil", "Like my device"),
    "display.theme_light": ("Claires", "Light"),
    "display.theme_dark": ("Sombres", "Dark"),
    "display.theme_contrast": ("Fort contraste", "High contrast"),
    "display.size": ("Taille du texte", "Size of the text"),
    "display.size_hint": (
        "Dans ce navigateur, en plus de son propre zoom.",
        "In this browser, on top of its own zoom.",
    ),
    "display.size_normal": ("Ordinaire", "Ordinary"),
    "display.size_large": ("Grande", "Large"),
    "display.size_larger": ("Très grande", "Very large"),
    "display.motion": (
        "Ces pages ne bougent pas\u00a0: rien ne défile ni ne clignote.",
        "These pages do not move: nothing scrolls or blinks by itself.",
    ),
    "display.save": ("Enregistrer l’affichage", "Save the display"),
    "welcome.title": ("Vos dix premières minutes", "Your first ten minutes"),
    "welcome.step": (
        "Étape {n} sur {of}. Tout peut être passé, et changé plus tard.",
        "Step {n} of {of}. All of it can be passed, and changed later.",
    ),
    "welcome.people": (
        "Qui aimeriez-vous lire, pour commencer\u00a0?",
        "Whom would you like to read, to begin with?",
    ),
    "welcome.people_lead": (
        "Suivre quelqu’un, c’est lire ses messages. Cela ne vous engage à rien.",
        "To follow somebody is to read their posts. It commits you to nothing.",
    ),
    "welcome.nobody": (
        "Vous êtes parmi les premiers de ce site. L’annuaire se remplira.",
        "You are among the first of this site. The directory will fill.",
    ),
    "welcome.why_invited": ("Vous a invité ici.", "Invited you here."),
    "welcome.why_known": ("{name} lit ses messages.", "{name} reads their posts."),
    "welcome.why_here": ("De votre site, {name}.", "Of your site, {name}."),
    "welcome.do_people": ("Suivre ces personnes", "Follow these people"),
    "welcome.thing": ("Un sujet à suivre\u00a0?", "A subject to follow?"),
    "welcome.thing_lead": (
        "Ce dont on parle en ce moment, et que vous pouvez lire.",
        "What is talked about these days, and that you may read.",
    ),
    "welcome.tag_hint": (
        "Les messages qui portent ce mot arrivent dans votre accueil.",
        "Posts with this word arrive in your home.",
    ),
    "welcome.service_hint": ("Un service d’un site partenaire.", "A service of a partner site."),
    "welcome.nothing": (
        "Aucun sujet pour l’instant. Vous en trouverez au fil de vos lectures.",
        "No subject for now. You will find some as you read.",
    ),
    "welcome.do_thing": ("Suivre ce sujet", "Follow this subject"),
    "welcome.hello": ("Un bonjour, si vous voulez", "A hello, if you like"),
    "welcome.hello_lead": (
        "Une phrase suffit pour que vos collègues sachent que vous êtes là.",
        "One sentence is enough for your colleagues to know that you are here.",
    ),
    "welcome.label": ("Votre message", "Your post"),
    "welcome.example": (
        (
            "Par exemple\u00a0: Bonjour à tous, je suis {name}. Je cherche des idées pour les"
            " collations de nuit."
        ),
        "For example: Hello everybody, I am {name}. I am looking for ideas for night snacks.",
    ),
    "welcome.hello_empty": (
        "Écrivez une phrase, ou passez cette étape.",
        "Write a sentence, or pass this step.",
    ),
    "welcome.circle": ("{site} seulement", "{site} only"),
    "welcome.do_hello": ("Publier pour {site}", "Publish to {site}"),
    "welcome.pass": ("Passer cette étape", "Pass this step"),
    "welcome.pass_last": ("Passer, aller à l’accueil", "Pass, go home"),
    "welcome.leave": ("Tout passer, aller à l’accueil", "Pass everything, go home"),
    "offline.title": ("Pas de réseau", "No network"),
    "offline.lead": (
        (
            "Cette page n’a pas été gardée ici. Ce que vous écriviez l’est\u00a0: ouvrez"
            " «\u00a0Écrire\u00a0», votre texte revient."
        ),
        (
            "This page was not kept here. What you were writing is: open “Write”, and your text"
            " comes back."
        ),
    ),
    "offline.pages": ("Ce que vous pouvez relire", "What you can read again"),
    "offline.again": ("Réessayer", "Try again"),
    "offline.kept": (
        "Pas de réseau. Vous lisez cette page telle qu’elle était à votre dernière visite.",
        "No network. You read this page as it was at your last visit.",
    ),
    "offline.synced": (
        "Ce que vous aviez écrit sans réseau est dans vos brouillons.",
        "What you wrote without a network is in your drafts.",
    ),
    "offline.restored": (
        "Votre texte est de retour\u00a0: il avait été gardé sur cet appareil.",
        "Your text is back: it had been kept on this device.",
    ),
}
ERRORS_FRENCH = {
    "hours.none": "Choisissez au moins un jour, ou «\u00a0Jamais\u00a0».",
    "hours.time": "Écrivez les deux heures comme 08:30, de 00:00 à 23:59.",
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
