"""What is said in French about agreements between sites, by its code."""

SENTENCES: dict[str, str] = {
    "agreement.malformed": "Le texte de l’accord ne se lit pas ({reason}).",
    "code.mistyped": "Le code a un caractère faux ; comparez-le groupe par groupe.",
    "code.unreadable": (
        "Ce n’est pas un code entier ; recopiez-le avec tous ses groupes de quatre caractères."
    ),
    "delivery.waited_14_days": (
        "Pas remis : l’échange avec ce partenaire était à l’arrêt depuis quatorze jours."
    ),
    "comparison.malformed": "La comparaison ne se lit pas ({reason}).",
    "comparison.refused": "{origin} ne compare pas avec ce site pour l’instant ({status}).",
    "relations.malformed": "La liste des abonnements et des blocages ne se lit pas.",
    "partner.held": (
        "Ce site a été arrêté ou restauré d’une sauvegarde, et compare avec le vôtre ce que "
        "chacun sait avant de continuer. Revenez dans {retry_after_s} s."
    ),
    "holdings.cursor": (
        "L’endroit {came} d’une liste de ce qui est détenu ne se lit pas ; donnez celui de `next`."
    ),
    "holdings.malformed": "La liste de ce qui est détenu ne se lit pas ({reason}).",
    "holdings.refused": "{origin} ne dit pas ce qu’il détient de ce site ({status}).",
    "partner.all_stopped": (
        "L’échange avec tous les partenaires est à l’arrêt ; reprenez-le d’abord."
    ),
    "partner.no_end": "Aucun accord avec {origin} n’a pris fin.",
    "partner.not_stopped": "Rien n’est à l’arrêt de ce côté.",
    "partner.stopped": (
        "L’échange est à l’arrêt ; ce qui attend est gardé. Revenez dans {retry_after_s} s."
    ),
    "receipt.malformed": "Le reçu ne se lit pas ({reason}).",
    "receipt.no_end": "Ce reçu ne parle d’aucun accord avec {origin} qui ait pris fin ici.",
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
    "delivery.not_agreed": (
        "Pas remis\u00a0: l’accord avec ce partenaire ne permet pas à son auteur d’écrire aux"
        " personnes nommées."
    ),
    "follow.not_agreed": "L’accord avec {origin} ne permet à personne d’ici d’y suivre quelqu’un.",
    "status.not_agreed": (
        "L’accord avec leur site ne vous permet pas d’écrire à {got} sans d’autres\u00a0; s’il dit"
        " *shared*, c’est permis entre personnes dont l’une suit l’autre, ou à qui vous a "
        "écrit."
    ),
    "status.guest": (
        "Une personne invitée écrit à des personnes nommées et à ses abonnés\u00a0; ce public"
        " est pour les membres du site."
    ),
    "reblog.not_agreed": (
        "L’accord avec {origin} ne permet à personne d’ici de relayer ce qui s’y publie."
    ),
    "quote.not_agreed": (
        "L’accord avec {origin} ne permet à personne d’ici de citer ce qui s’y publie."
    ),
    "refused.scope_follow": (
        "Refusé\u00a0: notre accord avec ce partenaire ne permet pas à ses membres de suivre "
        "quelqu’un ici."
    ),
    "refused.scope_messages": (
        "Refusé\u00a0: notre accord avec ce partenaire ne permet pas à l’auteur d’écrire aux "
        "personnes nommées."
    ),
    "refused.scope_resharing": (
        "Refusé\u00a0: notre accord avec ce partenaire ne permet pas de relayer là-bas ce qui"
        " se publie ici."
    ),
    "refused.scope_reports": (
        "Refusé\u00a0: notre accord avec ce partenaire ne prend pas de signalements."
    ),
    "refused.too_many_reports": (
        "Refusé\u00a0: il est venu de ce site, en une heure, plus de signalements qu’il n’en "
        "est pris."
    ),
    "directory.malformed": "L’annuaire de {origin} ne se lit pas ({reason}).",
    "directory.unproved": "L’annuaire de {origin} n’est pas prouvé par la clé de l’accord.",
    "directory.members": (
        "L’annuaire est pour les membres du site\u00a0; vous êtes une personne invitée."
    ),
    "directory.reach": "{field} est l’un de\u00a0: {expected}.",
    "directory.shared": (
        "{field} nomme au plus {expected} champs de votre profil, comme ils s’y appellent."
    ),
    "key.offer_waits": (
        "Une offre attend d’être confirmée ({origin})\u00a0; réglez-la avant de changer la "
        "clé de ce site."
    ),
    "key.not_rotated": (
        "Le changement de clés de {origin} n’est pas prouvé par la clé de l’accord et par la "
        "nouvelle."
    ),
    "terms.unread": (
        "La convention de cet accord n’a pas encore été lue ici\u00a0; regardez d’abord "
        "l’accord, son texte y figure."
    ),
    "terms.other": (
        "La convention à {url} n’est pas le texte que nomme l’accord, ou ne se lit pas "
        "({reason})\u00a0; demandez à {origin}."
    ),
    "terms.text": "Une convention est un texte de 1 à {expected} caractères, avec un nom.",
    "partner.notice_keys_changed": (
        "{host} a changé de clé, prouvé par l’ancienne et la nouvelle. Si son administrateur "
        "ne l’a pas fait, dites « ce n’était pas nous »\u00a0: l’échange est mis en pause "
        "jusqu’à un nouvel appariement par code."
    ),
    "partner.notice_own_keys": (
        "La clé de ce site a été changée. Si personne d’ici ne l’a fait, dites « ce n’était "
        "pas nous » pour chaque partenaire\u00a0: l’échange est mis en pause."
    ),
    "partner.notice_not_us": (
        "L’échange avec {host} est en pause\u00a0: un changement de clés n’était pas le leur,"
        " ou pas le nôtre\u00a0; seul un nouveau code le rétablit."
    ),
    "partner.notice_ends_soon": (
        "L’accord avec {host} se termine dans {days} jours, le {ends}\u00a0; renouvelez-le, "
        "{host} devra le confirmer."
    ),
    "partner.notice_invitation_closed": (
        "L’invitation pour {host} a été fermée après cinq preuves fausses\u00a0; si son "
        "administrateur s’est seulement trompé, faites-en une nouvelle."
    ),
    "partner.notice_key_changed": (
        "D’autres clés que celles de l’accord répondent à {host}\u00a0; rien ne part et rien "
        "n’entre avant un nouveau code."
    ),
}
