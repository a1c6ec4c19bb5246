"""The sentences about what passes between sites: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "deliveries.lead_calm": (
        "Tout ce qui devait partir est parti.",
        "All that was to leave has left.",
    ),
    "deliveries.lead_waits": (
        "Ce qui attend repart seul dès que l’autre site répond.",
        "What waits leaves by itself as soon as the other site answers.",
    ),
    "deliveries.stopped": (
        "Les échanges sont arrêtés pour l’instant. Ce qui attend est gardé.",
        "The exchange is stopped for now. What waits is kept.",
    ),
    "deliveries.waiting_title": ("Ce qui n’est pas encore arrivé", "What has not arrived yet"),
    "deliveries.nothing_waits": ("Rien n’attend.", "Nothing waits."),
    "deliveries.never": (
        "Vous voyez un site et un motif, jamais le texte des messages ni leurs auteurs.",
        "You see a site and a reason, never the text of posts nor who wrote them.",
    ),
    "deliveries.waiting": ("{n} en attente", "{n} waiting"),
    "deliveries.waiting_many": ("{n} en attente", "{n} waiting"),
    "deliveries.oldest": ("Le plus ancien attend depuis {age}.", "The oldest waits for {age}."),
    "deliveries.next": ("Prochain essai\u00a0: {when}.", "Next try: {when}."),
    "deliveries.on_its_way": ("Sur le point de partir.", "About to leave."),
    "deliveries.state_paused": (
        "L’accord est en pause\u00a0: rien ne part, rien n’est perdu.",
        "The agreement is paused: nothing leaves, nothing is lost.",
    ),
    "deliveries.state_key_changed": (
        "Sa clé a changé\u00a0: rien ne part avant que vous l’ayez vérifiée.",
        "Its key has changed: nothing leaves before you have checked it.",
    ),
    "deliveries.state_over": (
        "Aucun accord n’est en vigueur avec ce site.",
        "No agreement with this site is in force.",
    ),
    "deliveries.answer": (
        "L’autre site refuse (réponse {status}).",
        "The other site refuses (answer {status}).",
    ),
    "deliveries.answer_5": (
        "L’autre site est en panne ou en entretien (réponse {status}).",
        "The other site is out of order or being serviced (answer {status}).",
    ),
    "deliveries.answer_401": (
        "L’autre site ne reconnaît pas notre signature. Comparez vos horloges, puis vos clés.",
        "The other site does not accept our signature. Compare your clocks, then your keys.",
    ),
    "deliveries.answer_403": (
        "L’autre site ne nous admet pas\u00a0: son administrateur doit confirmer l’accord.",
        "The other site does not admit us: its administrator has to confirm the agreement.",
    ),
    "deliveries.answer_404": (
        "L’autre site ne connaît pas cette boîte de réception.",
        "The other site does not know this inbox.",
    ),
    "deliveries.answer_410": (
        "Cette boîte de réception n’existe plus là-bas.",
        "This inbox is gone there.",
    ),
    "deliveries.answer_429": (
        "L’autre site demande d’aller plus doucement.",
        "The other site asks us to slow down.",
    ),
    "deliveries.unexplained": ("Motif noté\u00a0: {code}.", "Reason noted: {code}."),
    "deliveries.retry": ("Réessayer maintenant", "Try again now"),
    "deliveries.done_retry": ("Un nouvel essai est en cours.", "A new try is on its way."),
    "deliveries.ended_title": (
        "Refusé ou abandonné cette semaine",
        "Refused or given up this week",
    ),
    "deliveries.nothing_ended": ("Rien n’a été refusé.", "Nothing was refused."),
    "deliveries.by_us": ("Retenu par nous", "Held back by us"),
    "deliveries.refused": ("Refusé", "Refused"),
    "deliveries.failed": ("Abandonné", "Given up"),
    "deliveries.ended": ("Un envoi.", "One delivery."),
    "deliveries.ended_many": ("{n} envois.", "{n} deliveries."),
    "deliveries.last": ("Le dernier\u00a0: {when}.", "The last one: {when}."),
    "deliveries.arrived_title": ("Ce qui est arrivé cette semaine", "What arrived this week"),
    "deliveries.nothing_arrived": ("Rien n’est arrivé.", "Nothing arrived."),
    "deliveries.well": ("{n} reçu, avec effet", "{n} received, with effect"),
    "deliveries.well_many": ("{n} reçus, avec effet", "{n} received, with effect"),
    "deliveries.in_hand": ("{n} en cours", "{n} in hand"),
    "deliveries.in_hand_many": ("{n} en cours", "{n} in hand"),
    "deliveries.came": ("{n} fois", "{n} time"),
    "deliveries.came_many": ("{n} fois", "{n} times"),
    "deliveries.without_effect": ("Reçu sans effet, et pourquoi", "Without effect, and why"),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
