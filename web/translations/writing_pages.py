"""The sentences of the pages where one writes: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "reply.title": ("Répondre à {name}", "Reply to {name}"),
    "reply.label": ("Votre réponse", "Your reply"),
    "reply.same": (
        "Même cercle que le message. Une réponse ne peut pas être lue plus largement.",
        "Same circle as the post. A reply cannot be read more widely.",
    ),
    "reply.narrower": (
        (
            "Plus étroit que le message\u00a0: seules les personnes de cet échange liront"
            " votre réponse."
        ),
        "Narrower than the post: only the people of this exchange will read your reply.",
    ),
    "reply.to_public": ("Répondre à tout le monde", "Reply to everyone"),
    "reply.to_unlisted": (
        "Répondre à tout le monde, hors des listes",
        "Reply to everyone, off the lists",
    ),
    "reply.to_followers": ("Répondre à mes abonnés", "Reply to my followers"),
    "reply.to_site": ("Répondre à mon établissement", "Reply to my establishment"),
    "reply.to_named": ("Répondre en privé", "Reply in private"),
    "reply.options": ("Image, sondage, avertissement", "Image, poll, warning"),
    "write.title": ("Écrire", "Write"),
    "write.reply_title": ("Répondre à {name}", "Reply to {name}"),
    "write.label": ("Votre message", "Your post"),
    "write.hint": (
        "Au plus {max} caractères. Nommez quelqu’un avec @, un sujet avec #.",
        "At most {max} characters. Name a person with @, a subject with #.",
    ),
    "write.for_whom": ("Pour qui\u00a0?", "For whom?"),
    "write.local": ("Mon établissement", "My establishment"),
    "write.local_hint": (
        "Les membres de {site}, et personne d’autre.",
        "The members of {site}, and nobody else.",
    ),
    "write.private": ("Mes abonnés", "My followers"),
    "write.private_hint": (
        "Les personnes qui vous suivent, ici et chez les partenaires.",
        "The people who follow you, here and at partners.",
    ),
    "write.public": ("Tout le monde", "Everyone"),
    "write.public_hint_closed": (
        "Tout le site, et ceux qui vous suivent chez les partenaires.",
        "The whole site, and those who follow you at partners.",
    ),
    "write.public_hint_open": (
        "Tout le site, les partenaires, et quiconque ouvre cette page.",
        "The whole site, partners, and whoever opens this page.",
    ),
    "write.unlisted": ("Tout le monde, hors des listes", "Everyone, off the lists"),
    "write.unlisted_hint": (
        "Qui a le lien ou vous suit\u00a0; ni fils publics, ni mots-clés.",
        "Whoever has the link or follows you; neither public lists nor tags.",
    ),
    "write.to_unlisted": ("pour tout le monde, hors des listes", "to everyone, off the lists"),
    "write.direct": ("Les personnes nommées", "The people named"),
    "write.direct_hint": (
        "Seulement celles que vous nommez avec @ dans le texte.",
        "Only those whom you name with @ in the text.",
    ),
    "write.publish": ("Publier", "Publish"),
    "write.to_local": ("pour mon établissement", "to my establishment"),
    "write.to_private": ("pour mes abonnés", "to my followers"),
    "write.to_public": ("pour tout le monde", "to everyone"),
    "write.to_direct": ("pour les personnes nommées", "to the people named"),
    "write.to_chosen": ("pour le cercle choisi", "to the chosen circle"),
    "write.warning": ("Avertissement", "Warning"),
    "write.warning_label": (
        "De quoi prévenir avant de lire\u00a0?",
        "What should be known before reading?",
    ),
    "write.warning_hint": (
        "Le texte sera replié derrière ces mots.",
        "The text will be folded behind these words.",
    ),
    "write.language": ("Langue du message", "Language of the post"),
    "write.files": ("Images et documents", "Images and documents"),
    "write.file": ("Choisir un fichier", "Choose a file"),
    "write.file_hint": (
        "Image, film, son, PDF ou document. La position GPS est retirée des images.",
        "Image, film, sound, PDF or document. The GPS position is removed from images.",
    ),
    "write.alt": ("Que voit-on sur l’image\u00a0?", "What is to be seen in the image?"),
    "write.alt_hint": (
        "Une phrase suffit, pour les collègues qui ne la voient pas.",
        "One sentence is enough, for colleagues who do not see it.",
    ),
    "write.alt_missing": (
        "Décrivez l’image, par exemple «\u00a0Deux bacs de jardin sur la terrasse\u00a0».",
        "Describe the image, for example “Two garden boxes on the terrace”.",
    ),
    "write.attach": ("Joindre ce fichier", "Attach this file"),
    "write.drop": ("Retirer", "Remove"),
    "write.drop_which": (" {name}", " {name}"),
    "write.attached": ("Fichiers joints", "Attached files"),
    "write.preview": ("Image jointe, aperçu", "Attached image, preview"),
    "write.files_max": (
        "Au plus {max} fichiers. Retirez-en un d’abord.",
        "At most {max} files. Remove one first.",
    ),
    "write.poll": ("Sondage", "Poll"),
    "write.poll_hint": (
        "De deux à quatre réponses. Laissez vide pour ne pas faire de sondage.",
        "Two to four answers. Leave empty to make no poll.",
    ),
    "write.option": ("Réponse {n}", "Answer {n}"),
    "write.lasts": ("Durée", "Duration"),
    "write.lasts_3600": ("une heure", "one hour"),
    "write.lasts_86400": ("un jour", "one day"),
    "write.lasts_259200": ("trois jours", "three days"),
    "write.lasts_604800": ("une semaine", "one week"),
    "write.multiple": ("Plusieurs réponses possibles", "Several answers possible"),
    "write.one_problem": (
        "Un point à revoir avant de publier",
        "One thing to mend before publishing",
    ),
    "write.problems": (
        "{n} points à revoir avant de publier",
        "{n} things to mend before publishing",
    ),
    "write.kept": (
        "Rien n’est perdu, votre texte est gardé.",
        "Nothing is lost, your text is kept.",
    ),
    "write.lost_title": (
        "Votre session a pris fin. Rien n’est perdu.",
        "Your session has ended. Nothing is lost.",
    ),
    "write.lost": (
        (
            "Votre texte est encore dans cette page. Connectez-vous dans un autre"
            " onglet, puis revenez ici et publiez. Un fichier choisi est à choisir de"
            " nouveau."
        ),
        (
            "Your text is still in this page. Sign in in another tab, then come back"
            " here and publish. A chosen file is to be chosen again."
        ),
    ),
    "write.lost_link": ("Se connecter dans un autre onglet", "Sign in in another tab"),
    "write.stale": (
        (
            "Vous vous êtes de nouveau connecté depuis que cette page est ouverte. Rien n’a été"
            " envoyé\u00a0: relisez, puis envoyez de nouveau."
        ),
        (
            "You have signed in again since this page was opened. Nothing was sent: read it"
            " through, then send it again."
        ),
    ),
    "write.parent_gone": (
        "Le message auquel vous répondez n’est plus accessible depuis votre site.",
        "The post you reply to can no longer be read from your site.",
    ),
    "write.audience_missing": (
        "Choisissez qui pourra lire ce message.",
        "Choose who may read this post.",
    ),
    "write.field_status": ("Le message", "The post"),
    "write.field_file": ("Le fichier", "The file"),
    "write.field_poll": ("Le sondage", "The poll"),
    "write.field_language": ("La langue", "The language"),
    "write.field_audience": ("Le cercle", "The circle"),
    "media.image": ("Image", "Image"),
    "media.gifv": ("Image animée", "Animated image"),
    "media.video": ("Film", "Film"),
    "media.audio": ("Son", "Sound"),
    "media.unknown": ("Document", "Document"),
    "delete.title": ("Supprimer ce message\u00a0?", "Delete this post?"),
    "delete.text": (
        (
            "Il disparaît d’ici, et les sites qui l’ont reçu sont priés de l’effacer."
            " Ses réponses restent."
        ),
        (
            "It disappears from here, and the sites that received it are asked to erase"
            " it. Its replies stay."
        ),
    ),
    "delete.sure": ("Supprimer mon message", "Delete my post"),
    "delete.no": ("Le garder", "Keep it"),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
