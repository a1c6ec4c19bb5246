"""What is said in French about agreements between sites, by its code."""

SENTENCES: dict[str, str] = {
    "agreement.malformed": "Le texte de l’accord ne se lit pas ({reason}).",
    "code.mistyped": "Le code a un caractère faux ; comparez-le groupe par groupe.",
    "code.unreadable": (
        "Ce n’est pas un code entier ; recopiez-le avec tous ses groupes de quatre caractères."
    ),
    "delivery.partner_over": "Pas remis : l’accord avec ce partenaire est terminé.",
    "grant.unknown": "Le champ {name} n’existe pas dans un accord ; retirez-le.",
    "grant.value": "{name} vaut {came} ; attendu : {expected}.",
    "pairing.already": "Il y a déjà un accord avec {origin} ; renouvelez-le plutôt.",
    "pairing.blocked": "{origin} est bloqué par ce site ; levez d’abord ce blocage.",
    "pairing.crossing": (
        "Les deux sites ont proposé en même temps ; l’offre de {origin} demeure, confirmez-la."
    ),
    "pairing.days": "Un accord dure de 1 à {expected} jours.",
    "pairing.fingerprint": (
        "Qui répond à {origin} n’a pas les clés du code : appelez son administrateur par un autre"
        " moyen, et ne saisissez rien là-bas."
    ),
    "pairing.full": "Trop d’offres attendent une confirmation ici ; revenez plus tard.",
    "pairing.malformed": "L’activité {type} d’un accord ne se lit pas ({reason}).",
    "pairing.no_invitation": (
        "Aucune invitation n’est ouverte ici pour {origin} : le code a servi, a été fermé, a plus"
        " de trois jours, ou n’a jamais existé ; demandez-en un autre."
    ),
    "pairing.no_offer": "Ceci ne répond à aucune offre en attente.",
    "pairing.not_site": "Un accord se conclut entre sites ; l’acteur doit être {expected}.",
    "pairing.nothing": "Aucune offre de {origin} n’attend de confirmation.",
    "pairing.other_keys": (
        "L’accord nomme d’autres clés que celles de {origin} ; relisez-les et proposez de nouveau."
    ),
    "pairing.other_text": "Ce n’est pas le texte qui était proposé.",
    "pairing.over": "L’accord est fini avant d’avoir commencé ; proposez-en un qui dure.",
    "pairing.own": "{origin} est ce site lui-même.",
    "pairing.refused": "{origin} n’a pas pris l’offre ({status}) : {said}",
    "pairing.safety_number": (
        "Ce n’est pas le numéro de sécurité des deux sites ; comparez-le avec l’autre"
        " administrateur et relisez-le."
    ),
    "pairing.third_site": "L’accord n’est pas entre {origin} et ce site.",
    "pairing.too_many_invitations": "{expected} invitations sont ouvertes ; laissez-en expirer.",
    "pairing.unreachable": (
        "{origin} ne répond pas ({reason}) ; rien n’est conclu. Redonnez le code plus tard."
    ),
    "pairing.waits_for_you": "{origin} a déjà fait une offre : regardez-la et confirmez-la.",
    "pairing.wrong_proof": (
        "La preuve ne correspond pas à l’invitation de {origin} ; ressaisissez le code. Après cinq"
        " erreurs, l’invitation est fermée."
    ),
    "partner.changed_meanwhile": "L’accord avec {origin} vient de changer ; regardez-le à nouveau.",
    "partner.grant": "{came} ne se lit pas ; écrivez champ=valeur.",
    "partner.no_agreement": "Il n’y a pas d’accord avec {origin} que ceci puisse changer.",
    "partner.not_in_force": "L’accord avec {origin} n’est pas en vigueur ({state}).",
    "partner.not_narrower": (
        "Réduire, c’est accorder moins et rien de plus ; pour le reste, renouvelez l’accord, que"
        " {origin} doit confirmer."
    ),
    "partner.not_paused": "L’accord avec {origin} n’est pas en pause ({state}).",
    "partner.over": (
        "L’accord avec {origin} est terminé ; seul ce qui reprend ou efface est encore entendu."
    ),
    "partner.paused": (
        "L’échange est en pause ; ce qui attend est gardé. Revenez dans {retry_after_s} s."
    ),
    "partner.unknown": "Il n’y a pas d’accord avec {origin}.",
    "partner.unproved": (
        "{origin} ne montre pas qu’il détient la clé de notre accord ; rien n’y est envoyé. Son"
        " administrateur doit regarder : le nom est peut-être en d’autres mains."
    ),
    "partner.widening": (
        "Ceci ne réduit pas la révision {revision} ; ce qui accorde plus demande les deux sites."
    ),
    "proof.challenge": "Le défi ne se lit pas ; envoyez 43 caractères de base64url.",
    "proof.malformed": "La preuve ne se lit pas ({reason}) ; envoyez une preuve eddsa-jcs-2022.",
    "proof.wrong": "La preuve ne correspond pas au document et à la clé {key_id}.",
    "signature.not_by_site": (
        "Entre partenaires, c’est le site qui signe (RFC 9421, Ed25519), avec la clé de l’accord ;"
        " ceci n’est pas signé par le site {origin}."
    ),
    "site.malformed": "{origin} ne se présente pas comme un site à qui s’accorder ({reason}).",
    "site.unreachable": "{origin} ne répond pas ({reason}) ; réessayez plus tard.",
}
