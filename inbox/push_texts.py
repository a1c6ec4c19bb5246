"""What push messages say: the kind of thing that happened and who did it, in two languages.

A message shows on locked screens and passes through others' machines (encrypted); so the words
of a post stand in it only when the post is public, and of an essential announcement its reason.
"""

from typing import Literal

Language = Literal["fr", "en"]

TITLES: dict[str, dict[Language, str]] = {
    "mention": {"fr": "{name} vous a mentionné", "en": "{name} mentioned you"},
    "status": {"fr": "{name} a publié un message", "en": "{name} posted"},
    "reblog": {"fr": "{name} a partagé votre message", "en": "{name} boosted your post"},
    "follow": {"fr": "{name} vous suit", "en": "{name} follows you"},
    "follow_request": {
        "fr": "{name} demande à vous suivre",
        "en": "{name} asks to follow you",
    },
    "favourite": {"fr": "{name} aime votre message", "en": "{name} liked your post"},
    "poll": {"fr": "Un sondage est terminé", "en": "A poll has ended"},
    "update": {"fr": "{name} a modifié un message", "en": "{name} edited a post"},
    "quote": {"fr": "{name} a cité votre message", "en": "{name} quoted your post"},
    "quoted_update": {
        "fr": "{name} a modifié un message que vous citez",
        "en": "{name} edited a post you quoted",
    },
    "admin.sign_up": {"fr": "{name} a créé un compte", "en": "{name} signed up"},
    "admin.report": {"fr": "Un signalement est arrivé", "en": "A report came in"},
}
ESSENTIAL: dict[Language, str] = {"fr": "Annonce essentielle", "en": "Essential announcement"}
CLOSED: dict[Language, str] = {
    "fr": "Ouvrez l’application pour lire.",
    "en": "Open the app to read.",
}


def title_of(kind: str, language: Language, name: str) -> str:
    """What happened, by whom."""
    return TITLES[kind][language].format(name=name)
