"""The sentences of the frame of staff's pages, and of its first page: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "nav.staff": ("Administration du site", "Running the site"),
    "staff.title": ("Administration", "Running the site"),
    "staff.menu": ("Administration", "Running the site"),
    "staff.overview": ("Ce qui attend", "What waits"),
    "staff.people": ("Personnes", "People"),
    "staff.partners": ("Partenaires", "Partners"),
    "staff.deliveries": ("Livraisons", "Deliveries"),
    "staff.reports": ("Signalements", "Reports"),
    "staff.log": ("Registre", "Record"),
    "staff.about_people": (
        "Inviter, donner un rôle, fermer un accès, aider qui a perdu son téléphone.",
        "Invite, give a role, close an access, help who has lost a phone.",
    ),
    "staff.about_partners": (
        "Les accords avec d’autres établissements, de la première rencontre à la fin.",
        "Agreements with other establishments, from the first meeting to the end.",
    ),
    "staff.about_deliveries": (
        "Ce qui n’est pas encore arrivé, et pourquoi. Jamais le texte des messages.",
        "What has not arrived yet, and why. Never the text of a post.",
    ),
    "staff.about_reports": (
        "Ce que des personnes vous ont confié, et ce que vous décidez.",
        "What people have entrusted to you, and what you decide.",
    ),
    "staff.about_log": (
        "Ce que chacun de vous a fait ici\u00a0: rien ne s’y efface.",
        "What each of you has done here: nothing can be erased from it.",
    ),
    "staff.lead_calm": ("Le site fonctionne.", "The site works."),
    "staff.lead_waits": (
        "Le site fonctionne. Voici ce qui attend quelqu’un.",
        "The site works. This is what waits for somebody.",
    ),
    "staff.waits": ("Attend quelqu’un", "Waits for somebody"),
    "staff.look": ("Voir", "Look"),
    "staff.nothing": ("Rien n’attend.", "Nothing waits."),
    "staff.nothing_text": (
        "Vous pouvez fermer cette page\u00a0: ce qui demande une décision vous sera annoncé.",
        "You may close this page: you are told of what needs a decision.",
    ),
    "staff.open_to_you": ("Ce que votre rôle ouvre", "What your role opens"),
    "staff.never": (
        "Aucune page ne montre ce qu’une personne lit, ni quand elle est là.",
        "No page shows what somebody reads, or when they are here.",
    ),
    "staff.wait_newcomers": (
        "Une personne attend que son compte soit accepté.",
        "One person waits for their account to be accepted.",
    ),
    "staff.wait_newcomers_many": (
        "{n} personnes attendent que leur compte soit accepté.",
        "{n} people wait for their accounts to be accepted.",
    ),
    "staff.wait_reports": ("Un signalement attend votre avis.", "One report waits for you."),
    "staff.wait_reports_many": (
        "{n} signalements attendent votre avis.",
        "{n} reports wait for you.",
    ),
    "staff.wait_partners": (
        "Un partenaire attend votre réponse.",
        "One partner waits for your answer.",
    ),
    "staff.wait_partners_many": (
        "{n} partenaires attendent votre réponse.",
        "{n} partners wait for your answer.",
    ),
    "staff.wait_silent": (
        "Un partenaire ne répond pas\u00a0; ce qui lui est destiné attend.",
        "One partner does not answer; what is meant for it waits.",
    ),
    "staff.wait_silent_many": (
        "{n} partenaires ne répondent pas\u00a0; ce qui leur est destiné attend.",
        "{n} partners do not answer; what is meant for them waits.",
    ),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
