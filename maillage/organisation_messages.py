"""What `maillage organisation` says, in French and English."""

# code: (French, English)
ORGANISATIONS: dict[str, tuple[str, str]] = {
    "organisation.created": (
        (
            "L'organisation « {name} » est créée ; ce site la mène. Invitez-y les autres par"
            " `maillage organisation invite`."
        ),
        (
            'The organisation "{name}" is created; this site leads it. Invite the others by'
            " `maillage organisation invite`."
        ),
    ),
    "organisation.line": ("Organisation : {name} ({uri})", "Organisation: {name} ({uri})"),
    "organisation.lead": ("mène la liste", "leads the list"),
    "organisation.ask_join": (
        "Les numéros sont-ils les mêmes, et ce site rejoint-il l'organisation « {name} » ?",
        'Are the numbers the same, and does this site join the organisation "{name}"?',
    ),
    "organisation.all_sites": (
        (
            "Les sites d'une organisation se lisent entre eux : ce site aura une liaison directe"
            " avec chacun."
        ),
        (
            "The sites of an organisation read each other: this site will have a direct relation"
            " with each."
        ),
    ),
    "organisation.offered": (
        "Demande remise à {origin} ; une personne doit la confirmer là-bas (partner confirm).",
        "Request handed to {origin}; a person there has to confirm it (partner confirm).",
    ),
    "organisation.removed": (
        "{origin} n'est plus de l'organisation ; plus rien ne lui parvient.",
        "{origin} is no longer of the organisation; nothing reaches it any more.",
    ),
    "organisation.left": (
        "Ce site n'est plus de l'organisation.",
        "This site is no longer of the organisation.",
    ),
    "organisation.others": (
        "Organisation partenaire : {name} ({uri})",
        "Partner organisation: {name} ({uri})",
    ),
    "organisation.ask_confirm": (
        "Proposer à ce site le même accord qu'à celui qui mène son organisation ?",
        "Offer this site the same agreement as the one that leads its organisation?",
    ),
    "organisation.alone": (
        "Ce site n'est d'aucune organisation.",
        "This site belongs to no organisation.",
    ),
    "state.own": ("ce site", "this site"),
    "state.listed": ("listé, liaison en cours", "listed, being related"),
    "state.proposed": (
        "proposé, attend votre confirmation",
        "proposed, waits for you",
    ),
}
