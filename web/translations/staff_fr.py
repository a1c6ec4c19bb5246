"""What is said in French about the acts of those who run the site, by its code."""

SENTENCES: dict[str, str] = {
    "disclosure.asked": "Cette lecture est déjà demandée ; une seconde personne y répond.",
    "disclosure.closed": "Cette conversation ne vous est pas ouverte.",
    "disclosure.nothing": "Ce qui a été signalé ne fait partie d’aucune conversation.",
    "disclosure.over": (
        "Quelqu’un a déjà répondu à cette demande, ou elle est trop ancienne ; demandez à nouveau."
    ),
    "disclosure.part": ("Vous participez à cette conversation : quelqu’un d’autre doit décider."),
    "disclosure.reason": (
        "Dites pourquoi, en {min} à {max} caractères : les personnes concernées et le registre"
        " gardent cette raison."
    ),
    "disclosure.second": "Une seconde personne doit y répondre, avec un autre compte.",
    "report.measure": "Choisissez ce qui doit être fait.",
    "report.not_forwarded": "L’autre site n’accepte pas de signalement de celui-ci.",
    "invitation.at_once": (
        "{max} invitations au plus se préparent à la fois ; prenez moins de noms."
    ),
    "invitation.name": "Un nom a {max} caractères au plus : {came}",
    "newcomer.charter": "Dites d’abord que vous avez lu les règles du site.",
    "role.last_administrator": (
        "C’est le seul administrateur qui peut se connecter. Nommez d’abord quelqu’un d’autre"
        " administrateur."
    ),
    "staff.not_yours": (
        "Votre rôle n’ouvre pas cette page. Demandez à un administrateur de votre site si votre"
        " travail la demande."
    ),
}
