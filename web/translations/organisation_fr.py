"""What is said in French about organisations of several sites, by its code."""

SENTENCES: dict[str, str] = {
    "organisation.already": "Ce site est déjà de {name}\u00a0; quittez-la d’abord.",
    "organisation.lead_keys": "La liste donne d’autres clés à {origin} que celles connues ici.",
    "organisation.lead_stays": (
        "{name} a encore d’autres sites\u00a0; retirez-les avant que le site qui la mène ne parte."
    ),
    "organisation.list": "La liste des sites ne se lit pas ({reason}).",
    "organisation.name": (
        "Une organisation a un nom de 1 à {expected} caractères, sur une seule ligne."
    ),
    "organisation.no_site": "{origin} n’est pas un site de {name}.",
    "organisation.none": "Ce site n’est d’aucune organisation.",
    "organisation.not_lead": (
        "{origin} ne mène aucune organisation\u00a0; rejoignez-la par le site qui la mène."
    ),
    "organisation.not_lead_here": "{name} est menée par {origin}\u00a0; cela se fait là-bas.",
    "organisation.not_proposed": ("{origin} n’est sur la liste d’aucune organisation partenaire."),
    "organisation.not_pinned": (
        "{origin} ne mène pas l’organisation de cette liste, ou il n’y a pas d’accord avec"
        " lui\u00a0;"
        " sa liste ne compte pas ici."
    ),
    "organisation.older": (
        "La liste {came} de {origin} n’est pas plus récente que la liste {number}, gardée"
        " ici\u00a0;"
        " envoyez-en une de numéro plus haut."
    ),
    "organisation.other_keys": (
        "{origin} n’a pas les clés que donne la liste de l’organisation\u00a0; rien ne"
        " s’échange avec"
        " lui."
    ),
    "organisation.unclaimed": (
        "{origin} est sur la liste de l’organisation et ne dit pas en être\u00a0; rien ne s’échange"
        " avec lui."
    ),
    "organisation.unreachable": (
        "La liste des sites ne peut pas être demandée à {origin} ({reason})."
    ),
    "pairing.other_kind": (
        "L’invitation de {origin} est pour une autre relation, partenaire ou site de la même"
        " organisation\u00a0; utilisez la commande qui va avec le code."
    ),
    "partner.notice_site_added": (
        "L’organisation {name} a un nouveau site, {host}\u00a0; rien ne s’échange avec lui avant"
        " d’être confirmé."
    ),
    "partner.same_organisation": (
        "{origin} est un site de la même organisation\u00a0: rien ne se réduit entre eux tant"
        " que tous"
        " deux sont sur sa liste. Quittez l’organisation, ou faites retirer ce site par celui qui"
        " la mène."
    ),
}
