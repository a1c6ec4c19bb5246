"""Why what came from another site had no effect: French, then English, by the outcome's code."""

SENTENCES: dict[str, tuple[str, str]] = {
    "arrived.ignored.announce_audience": (
        "Un partage réservé à un cercle, que personne ici ne peut recevoir.",
        "A post passed on within a circle that nobody here belongs to.",
    ),
    "arrived.ignored.blocking": (
        "La personne visée ne souhaite pas avoir de nouvelles de l’auteur.",
        "Whom it was for does not wish to hear of its author.",
    ),
    "arrived.ignored.collection": (
        "Une liste que ce site ne tient pas.",
        "A list that this site does not keep.",
    ),
    "arrived.ignored.dislike": (
        "Un avis négatif\u00a0: ce site n’en compte pas.",
        "A dislike: this site counts none.",
    ),
    "arrived.ignored.gone": ("Cela avait déjà été supprimé.", "It had been deleted before."),
    "arrived.ignored.inner_activity": (
        "Une communauté a transmis quelque chose que ce site ne traite pas.",
        "A community passed on something this site does not handle.",
    ),
    "arrived.ignored.not_for_us": (
        "Cela ne concernait personne ici.",
        "It concerned nobody here.",
    ),
    "arrived.ignored.object_type": (
        "Un contenu d’un genre que ce site ne sait pas montrer.",
        "Content of a kind that this site cannot show.",
    ),
    "arrived.ignored.older": (
        "Une version plus ancienne que celle déjà reçue.",
        "A version older than the one already here.",
    ),
    "arrived.ignored.reports_rejected": (
        "Un signalement, que ce site n’accepte pas de l’autre.",
        "A report, which this site does not take from the other one.",
    ),
    "arrived.ignored.too_many_pins": (
        "Trop de messages mis en avant sur un profil.",
        "Too many posts pinned to a profile.",
    ),
    "arrived.ignored.undo_type": (
        "L’annulation de quelque chose que ce site ne garde pas.",
        "Something taken back that this site does not keep.",
    ),
    "arrived.ignored.undone": (
        "Cela avait déjà été annulé par son auteur.",
        "Its author had taken it back before.",
    ),
    "arrived.ignored.unknown_actor": (
        "L’auteur est inconnu ici\u00a0; rien n’était à faire.",
        "Its author is unknown here; nothing was to be done.",
    ),
    "arrived.ignored.unknown_follow": (
        "La réponse à une demande d’abonnement que personne n’a faite ici.",
        "The answer to a follow that nobody here asked for.",
    ),
    "arrived.ignored.unknown_object": (
        "Cela parlait d’un message qui n’est pas ici.",
        "It was about a post that is not here.",
    ),
    "arrived.ignored.unknown_type": (
        "Une action que ce site ne connaît pas.",
        "An action that this site does not know.",
    ),
    "arrived.refused.deleted": (
        "Le message avait été supprimé, et ne revient pas.",
        "The post was deleted, and does not come back.",
    ),
    "arrived.refused.foreign_object": (
        "L’auteur envoyait un contenu qui n’est pas de son site.",
        "Its author sent content that is not of their own site.",
    ),
    "arrived.refused.move_alias": (
        "Un déménagement que la nouvelle adresse ne confirme pas.",
        "A move that the new address does not confirm.",
    ),
    "arrived.refused.move_target": (
        "Un déménagement vers une adresse qui ne se lit pas.",
        "A move to an address that cannot be read.",
    ),
    "arrived.refused.no_emoji": (
        "Une réaction sans signe à montrer.",
        "A reaction without a sign to show.",
    ),
    "arrived.refused.not_author": (
        "Une modification par quelqu’un d’autre que l’auteur.",
        "A change by somebody else than the author.",
    ),
    "arrived.refused.not_public": (
        "Le partage d’un message qui n’est pas public.",
        "A post passed on that is not public.",
    ),
    "arrived.refused.not_visible": (
        "Une réaction à un message que son auteur ne pouvait pas lire.",
        "A reaction to a post that its author could not read.",
    ),
    "arrived.refused.object_id": (
        "Le contenu n’a pas d’identifiant utilisable.",
        "The content has no usable id.",
    ),
    "arrived.refused.object_type": (
        "Le contenu n’est pas du genre annoncé.",
        "The content is not of the kind it says.",
    ),
    "arrived.refused.other_quote": (
        "L’autorisation d’une autre citation que celle demandée.",
        "Leave for another quote than the one asked for.",
    ),
    "arrived.refused.own_actor": (
        "L’autre site parlait au nom de quelqu’un d’ici.",
        "The other site spoke in the name of somebody here.",
    ),
    "arrived.refused.sender_deleted": (
        "L’auteur a été supprimé.",
        "Its author was deleted.",
    ),
    "arrived.refused.stamp": (
        "L’autorisation de citer ne tient pas.",
        "The leave to quote does not hold.",
    ),
    "arrived.refused.still_there": (
        "Une suppression, alors que le contenu est toujours en ligne là-bas.",
        "A deletion, while the content still stands there.",
    ),
    "arrived.refused.stranger": (
        "Ce site n’échange pas avec l’autre.",
        "This site does not exchange with the other one.",
    ),
    "arrived.refused.suspended": (
        "L’auteur est suspendu ici.",
        "Its author is suspended here.",
    ),
    "arrived.refused.unknown_target": (
        "La personne visée n’existe pas ici.",
        "Whom it was for does not exist here.",
    ),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
