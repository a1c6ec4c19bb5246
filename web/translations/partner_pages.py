"""The sentences of the pages where two sites come to agree, for staff: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "staff.field_host": ("Adresse du site", "Address of the site"),
    "staff.field_code": ("Code", "Code"),
    "staff.field_days": ("Durée", "Duration"),
    "partners.lead": (
        (
            "Chaque partenaire est un accord que les deux sites ont confirmé, et que chacun peut"
            " réduire ou finir."
        ),
        "Each partner is an agreement that both sites confirmed, and that each can narrow or end.",
    ),
    "partners.invite": ("Inviter un site", "Invite a site"),
    "partners.accept": ("J’ai reçu un code", "I was given a code"),
    "partners.all": ("Les accords", "The agreements"),
    "partners.same_organisation": ("même organisation", "same organisation"),
    "partners.until_day": ("jusqu’au {day}", "until {day}"),
    "partners.none": ("Aucun partenaire pour l’instant", "No partner yet"),
    "partners.none_text": (
        "Rien ne sort de ce site et rien n’y entre.",
        "Nothing leaves this site and nothing comes in.",
    ),
    "partners.both_confirm": (
        "Rien n’est accepté automatiquement\u00a0: une personne confirme de chaque côté.",
        "Nothing is accepted by itself: a person confirms on each side.",
    ),
    "partners.see_map": ("Voir la carte", "See the map"),
    "partners.state_active": ("En vigueur", "In force"),
    "partners.state_paused": ("Suspendu, rien ne se perd", "Paused, nothing is lost"),
    "partners.state_asked": ("Attend votre confirmation", "Waits for you to confirm"),
    "partners.state_change": (
        "Un changement attend votre confirmation",
        "A change waits for you to confirm",
    ),
    "partners.state_offered": (
        "Proposé, attend l’autre site",
        "Offered, waits for the other site",
    ),
    "partners.state_key_changed": (
        "Clés changées, rien ne passe",
        "Keys changed, nothing passes",
    ),
    "partners.state_ended": ("Terminé", "Ended"),
    "partners.state_expired": ("Arrivé à son terme", "Its time is over"),
    "partners.invite_lead": (
        "Vous faites un code pour un seul site. Il sert une fois, pendant trois jours.",
        "You make a code for one site. It can be used once, within three days.",
    ),
    "partners.host": ("Adresse du site", "Address of the site"),
    "partners.host_hint": ("Par exemple mairie-lorvigny.example", "Such as town.example"),
    "partners.ready_to_grant": ("Ce que nous sommes prêts à accorder", "What we would grant"),
    "partners.ready_hint": (
        "L’autre site peut demander moins. S’il demande plus, il faudra votre accord.",
        "The other site can ask for less. If it asks for more, you will have to agree.",
    ),
    "partners.change_scope": ("Changer ces choix", "Change these choices"),
    "partners.make_code": ("Faire le code", "Make the code"),
    "partners.code": ("Code de jumelage", "Pairing code"),
    "partners.code_for": ("Code pour {host}", "Code for {host}"),
    "partners.code_lead": (
        (
            "Donnez-le à la personne qui administre ce site, par un autre chemin que ce"
            " réseau\u00a0: de vive voix, sur papier, par téléphone."
        ),
        (
            "Give it to the person who runs that site by another way than this network: in person,"
            " on paper, by telephone."
        ),
    ),
    "partners.code_once": (
        "Il n’est montré que maintenant et sert une seule fois, jusqu’à {until}.",
        "It is shown only now and can be used once, until {until}.",
    ),
    "partners.code_drawing": ("Le code en image à scanner", "The code as a picture to scan"),
    "partners.code_text": ("Le code, à copier en entier", "The code, to be copied whole"),
    "partners.next": ("Et ensuite", "What comes next"),
    "partners.next_text": (
        (
            "{host} vous proposera un accord. Vous le trouverez parmi vos partenaires, et vous"
            " comparerez un nombre de sûreté par téléphone avant de confirmer."
        ),
        (
            "{host} will offer you an agreement. You will find it among your partners, and compare"
            " a safety number by telephone before you confirm."
        ),
    ),
    "partners.step_1": ("Jumelage, étape 1 sur 3\u00a0: le code", "Pairing, step 1 of 3: the code"),
    "partners.step_2": (
        "Jumelage, étape 2 sur 3\u00a0: vérifier qui est en face",
        "Pairing, step 2 of 3: check who is there",
    ),
    "partners.accept_lead": (
        "Un autre site vous a donné un code. Regardons d’abord de qui il vient.",
        "Another site gave you a code. Let us first see whom it comes from.",
    ),
    "partners.code_hint": (
        "Collez-le, ou tapez-le groupe par groupe. Espaces et minuscules ne changent rien.",
        "Paste it, or type it group by group. Spaces and small letters make no difference.",
    ),
    "partners.look_hint": (
        "Rien n’est envoyé pour l’instant\u00a0: le site est seulement regardé.",
        "Nothing is sent yet: the site is only looked at.",
    ),
    "partners.look": ("Voir de qui vient ce code", "See whom this code comes from"),
    "partners.other_code": ("Un autre code", "Another code"),
    "partners.is_it": ("Est-ce bien {name}\u00a0?", "Is this really {name}?"),
    "partners.is_it_lead": (
        (
            "Appelez ce site, et lisez ces nombres à tour de rôle. Ils s’affichent sur les deux"
            " écrans. S’ils sont identiques, personne ne s’est glissé entre vous."
        ),
        (
            "Call this site, and read these numbers in turn. They are on both screens. If they are"
            " the same, nobody has come between you."
        ),
    ),
    "partners.who": ("Qui est en face", "Who is there"),
    "partners.name": ("Nom", "Name"),
    "partners.contact": ("Contact", "Contact"),
    "partners.fingerprint": ("Empreinte des clés", "Fingerprint of the keys"),
    "partners.safety": ("Nombre de sûreté", "Safety number"),
    "partners.safety_how": (
        (
            "À vérifier avec {name}, au numéro que vous connaissez déjà. Pas celui reçu avec"
            " l’invitation."
        ),
        (
            "To be checked with {name}, at the number you already know. Not the one that came with"
            " the invitation."
        ),
    ),
    "partners.safety_contact": ("Le site indique\u00a0: {contact}.", "The site says: {contact}."),
    "partners.you_read": ("Vous lisez", "You read"),
    "partners.they_read": ("L’autre site lit", "The other site reads"),
    "partners.identical": ("Identique", "The same"),
    "partners.line": ("\u00a0: ligne {n}", ": line {n}"),
    "partners.we_grant": ("Ce que nous accordons à {name}", "What we grant {name}"),
    "partners.we_ask": ("Ce que nous demandons à {name}", "What we ask of {name}"),
    "partners.they_ask": ("Ce que {name} nous demande", "What {name} asks of us"),
    "partners.they_grant": ("Ce que {name} nous accorde", "What {name} grants us"),
    "partners.days": ("Durée de l’accord, en jours", "How many days the agreement lasts"),
    "partners.days_hint": (
        "De 1 à 3650. 365 jours mènent au {ends}. Un accord se renouvelle avant sa fin.",
        "From 1 to 3650. 365 days lead to {ends}. An agreement is renewed before it ends.",
    ),
    "partners.days_from_today": (
        "À compter d’aujourd’hui, de 1 à 3650. L’accord actuel finit le {until}.",
        "From today, from 1 to 3650. The present agreement ends on {until}.",
    ),
    "partners.same_offer": (
        "Les nombres sont identiques, je propose",
        "The numbers match, I offer this",
    ),
    "partners.same_confirm": (
        "Les nombres sont identiques, je confirme",
        "The numbers match, I confirm",
    ),
    "partners.differ_stop": ("Ils diffèrent, arrêter", "They differ, stop"),
    "partners.differ_refuse": ("Ils diffèrent, ou je refuse", "They differ, or I refuse"),
    "partners.starts_when": (
        (
            "L’accord commence quand les deux sites l’ont confirmé. D’ici là, rien ne part et rien"
            " n’entre."
        ),
        (
            "The agreement begins when both sites have confirmed it. Until then nothing leaves and"
            " nothing comes in."
        ),
    ),
    "partners.change_title": ("{name} propose un changement", "{name} offers a change"),
    "partners.change_text": (
        "L’accord en vigueur reste tel qu’il est tant que vous n’avez pas confirmé.",
        "The agreement in force stays as it is until you confirm.",
    ),
    "partners.grant_less": ("Accorder moins", "Grant less"),
    "partners.grant_less_text": (
        "Si vous réduisez un choix, une contre-offre part\u00a0: l’autre site devra la confirmer.",
        "If you narrow a choice, a counter-offer leaves: the other site will have to confirm it.",
    ),
    "partners.invited_less": (
        (
            "C’est plus que ce que votre invitation accordait\u00a0: confirmer envoie une"
            " contre-offre avec le moindre des deux."
        ),
        (
            "This is more than your invitation would grant: confirming sends a counter-offer with"
            " the lesser of the two."
        ),
    ),
    "partners.contract": ("L’accord lui-même", "The agreement itself"),
    "partners.from": ("Depuis le", "From"),
    "partners.until": ("Jusqu’au", "Until"),
    "partners.new_sites": ("Sites ajoutés plus tard", "Sites added later"),
    "partners.new_sites_proposed": ("Chacun doit être confirmé", "Each has to be confirmed"),
    "partners.new_sites_accepted": (
        "Acceptés, et l’autre site est prévenu",
        "Accepted, and the other site is told",
    ),
    "partners.revision": ("Révision", "Revision"),
    "partners.digest": ("Empreinte du texte (SHA-256)", "Digest of the text (SHA-256)"),
    "partners.proofs": ("Preuves", "Proofs"),
    "partners.proofs_both": ("Des deux sites", "Of both sites"),
    "partners.proofs_one": ("D’un seul site pour l’instant", "Of one site so far"),
    "partners.waits_title": ("{name} doit encore confirmer", "{name} still has to confirm"),
    "partners.waits_text": (
        "Une personne compare là-bas le même nombre de sûreté. Rien ne passe d’ici là.",
        "A person there compares the same safety number. Nothing passes until then.",
    ),
    "partners.withdraw": ("Retirer cette offre", "Withdraw this offer"),
    "partners.key_title": (
        "{name} répond avec d’autres clés que celles de l’accord",
        "{name} answers with other keys than those of the agreement",
    ),
    "partners.key_text": (
        (
            "Appelez ce site. S’il a changé ses clés, faites un nouveau code. Sinon, quelqu’un"
            " d’autre répond à son nom\u00a0: rien ne lui est envoyé."
        ),
        (
            "Call this site. If it changed its keys, make a new code. If not, somebody else answers"
            " in its name: nothing is sent there."
        ),
    ),
    "partners.new_code": ("Faire un nouveau code", "Make a new code"),
    "partners.paused_title": ("Le lien est suspendu", "The link is paused"),
    "partners.paused_text": (
        "Rien ne part et rien n’entre. Ce qui attend est gardé 14 jours, dans l’ordre.",
        "Nothing leaves and nothing comes in. What waits is kept for 14 days, in order.",
    ),
    "partners.stopped_title": ("Arrêt d’urgence", "Emergency stop"),
    "partners.stopped_text": (
        "Tout échange est arrêté sur l’ordre d’une personne de ce site. Rien n’est perdu.",
        "All exchange was stopped by somebody of this site. Nothing is lost.",
    ),
    "partners.resume": ("Reprendre l’échange", "Go on exchanging"),
    "partners.late": ("Sans réponse depuis {since}", "No answer since {since}"),
    "partners.nothing_lost": ("Rien n’est perdu.", "Nothing is lost."),
    "partners.again_at": ("Prochain essai\u00a0: {when}.", "Next attempt: {when}."),
    "partners.retry": ("Réessayer maintenant", "Try again now"),
    "partners.reason_client_dns": (
        "L’adresse de ce site ne se trouve pas\u00a0: vérifiez son nom.",
        "The address of this site cannot be found: check its name.",
    ),
    "partners.reason_client_connect": (
        "Le serveur de ce site ne répond pas\u00a0: il est peut-être arrêté.",
        "The server of this site does not answer: it may be stopped.",
    ),
    "partners.reason_client_timeout": (
        "Le serveur de ce site répond trop lentement.",
        "The server of this site answers too slowly.",
    ),
    "partners.reason_client_tls": (
        "Le certificat de ce site n’est pas valable\u00a0: son administrateur doit le renouveler.",
        "The certificate of this site is not valid: its administrator has to renew it.",
    ),
    "partners.reason_answer_503": (
        "Le site annonce une pause ou une maintenance.",
        "The site says that it pauses, or is being maintained.",
    ),
    "partners.reason_answer_html": (
        "Une page web répond à la place du site\u00a0: son mandataire est mal réglé.",
        "A web page answers in place of the site: its proxy is set wrongly.",
    ),
    "partners.reason_partner_unproved": (
        "Qui répond là-bas ne montre pas la clé de l’accord\u00a0: rien ne lui est envoyé.",
        "Whoever answers there does not show the key of the agreement: nothing is sent.",
    ),
    "partners.reason_silent": ("Le site ne répond pas.", "The site does not answer."),
    "partners.reason_down": (
        "Le site est en panne (réponse {status}).",
        "The site has a fault (answer {status}).",
    ),
    "partners.reason_refuses": (
        "Le site refuse nos envois (réponse {status})\u00a0: son administrateur doit regarder.",
        "The site refuses what we send (answer {status}): its administrator has to look.",
    ),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
ERRORS_FRENCH: dict[str, str] = {
    "partner.nothing_waits": "Rien n’attend pour {origin}\u00a0: il n’y a rien à réessayer.",
    "partners.lines": (
        "Cochez chaque ligne quand vous l’avez lue tous les deux\u00a0: {came} sur {expected} sont"
        " cochées."
    ),
    "partners.typed": (
        "Tapez {expected} pour dire que cet accord finit\u00a0; rien n’est encore terminé."
    ),
}
