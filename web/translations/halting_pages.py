"""The sentences of stops, notices and organisations on the pages of staff: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "staff.field_name": ("Nom", "Name"),
    "staff.field_typed": ("Confirmation", "Confirmation"),
    "staff.wait_notices": (
        "Une nouvelle à lire sur les partenaires.",
        "One thing to read about partners.",
    ),
    "staff.wait_notices_many": (
        "{n} nouvelles à lire sur les partenaires.",
        "{n} things to read about partners.",
    ),
    "staff.wait_proposed": (
        "Un site d’une organisation partenaire attend votre décision.",
        "One site of a partner’s organisation waits for you to decide.",
    ),
    "staff.wait_proposed_many": (
        "{n} sites d’organisations partenaires attendent votre décision.",
        "{n} sites of partners’ organisations wait for you to decide.",
    ),
    "ask.effects": ("Ce que cela fait", "What this does"),
    "ask.type": ("Pour confirmer, tapez {expected}", "To confirm, type {expected}"),
    "partners.notices": ("À lire", "To be read"),
    "partners.seen": ("Vu", "Seen"),
    "partners.look_at": ("Regarder", "Look at it"),
    "partners.stop": ("Arrêt d’urgence", "Emergency stop"),
    "partners.stop_this": ("Arrêter l’échange", "Stop the exchange"),
    "partners.stop_all": ("Tout arrêter", "Stop everything"),
    "partners.stop_how": (
        "En cas d’urgence, tout échange s’arrête en un geste, sans rien perdre.",
        "In an emergency all exchange stops at once, and nothing is lost.",
    ),
    "partners.all_stopped_title": (
        "Tout échange est arrêté, avec tous les sites",
        "All exchange is stopped, with every site",
    ),
    "partners.resume_all": ("Reprendre avec tous", "Go on with all"),
    "partners.stopped_with_all": (
        "L’arrêt vaut pour tous les partenaires\u00a0: il se lève sur leur liste.",
        "The stop is for all partners: it is lifted on their list.",
    ),
    "partners.keys_title": ("Les clés ont changé", "The keys have changed"),
    "partners.not_us": ("Ce n’était pas nous", "This was not us"),
    "partners.asks_to_join": (
        "Ce site demande à faire partie de votre organisation. Tout y est accordé entre sites.",
        "This site asks to be part of your organisation. Within it sites grant each other all.",
    ),
    "partners.see_organisation": ("Voir l’organisation", "See the organisation"),
    "partners.new_sites_label": (
        "Si l’autre site est d’une organisation qui grandit",
        "If the other site’s organisation grows",
    ),
    "partners.new_sites_hint": (
        "Accepter vaut pour le même accord, avec chaque site que cette organisation ajoute.",
        "Accepting means the same agreement with each site that organisation adds.",
    ),
    "partners.terms": ("La convention", "The convention"),
    "partners.terms_lead": (
        "Confirmer l’accord, c’est confirmer ce texte.",
        "Whoever confirms the agreement confirms this text.",
    ),
    "partners.terms_ours": (
        "L’accord citera votre convention\u00a0: {name}.",
        "The agreement will name your convention: {name}.",
    ),
    "partners.terms_read": ("Lire {name}", "Read {name}"),
    "partners.turned_away": ("Demandes refusées", "Requests turned away"),
    "partners.turned_away_line": (
        "{n} fois, la dernière {last}",
        "{n} times, the last one {last}",
    ),
    "stop_all.title": ("Arrêter tout échange", "Stop all exchange"),
    "stop_all.lead": (
        "Avec tous les partenaires et tous les sites de votre organisation, maintenant.",
        "With all partners and all sites of your organisation, now.",
    ),
    "stop_all.nothing_passes": (
        "Rien ne part de ce site et rien n’y entre, dès que vous confirmez.",
        "Nothing leaves this site and nothing comes in, as soon as you confirm.",
    ),
    "stop_all.kept": (
        (
            "Ce qui devait partir attend ici, ce qui devait arriver attend là-bas\u00a0: 14 jours,"
            " dans l’ordre."
        ),
        "What was to leave waits here, what was to come waits there: for 14 days, in order.",
    ),
    "stop_all.logins": (
        "Les personnes de ce site se connectent, lisent et s’écrivent comme avant.",
        "The people of this site sign in, read and write to each other as before.",
    ),
    "stop_all.goes_on": (
        "Les accords restent. L’échange reprend quand une personne d’ici le décide.",
        "The agreements stay. The exchange goes on when somebody here decides so.",
    ),
    "stop_all.do": ("Tout arrêter maintenant", "Stop everything now"),
    "stop_one.title": ("Arrêter l’échange avec {name}", "Stop the exchange with {name}"),
    "stop_one.lead": (
        "Dès maintenant, dans les deux sens. Les autres partenaires ne sont pas touchés.",
        "From now on, in both directions. Other partners are not affected.",
    ),
    "stop_one.nothing_passes": (
        "Rien ne part vers {name} et rien n’en entre, dès que vous confirmez.",
        "Nothing leaves for {name} and nothing of it comes in, as soon as you confirm.",
    ),
    "stop_one.kept": (
        "Ce qui attend est gardé 14 jours, dans l’ordre, ici et là-bas.",
        "What waits is kept for 14 days, in order, here and there.",
    ),
    "stop_one.logins": (
        "Les personnes de ce site se connectent, lisent et s’écrivent comme avant.",
        "The people of this site sign in, read and write to each other as before.",
    ),
    "stop_one.goes_on": (
        "L’accord reste. L’échange reprend quand une personne d’ici le décide.",
        "The agreement stays. The exchange goes on when somebody here decides so.",
    ),
    "stop_one.do": ("Arrêter maintenant", "Stop now"),
    "not_us.title": ("Les clés de {name}\u00a0: ce n’était pas nous", "{name}: this was not us"),
    "not_us.lead": (
        (
            "Une clé a été changée, là-bas ou ici, et personne de ceux qui devaient le faire ne"
            " l’a fait."
        ),
        "A key was changed, there or here, and nobody did it who should have.",
    ),
    "not_us.pauses": (
        "L’échange avec {name} est suspendu aussitôt. Ce qui attend est gardé 14 jours.",
        "The exchange with {name} is paused at once. What waits is kept for 14 days.",
    ),
    "not_us.call": (
        "Toutes les personnes qui gèrent les partenaires sont prévenues. Appelez {name}.",
        "Everybody who manages partners is told. Call {name}.",
    ),
    "not_us.code": (
        "Pour reprendre\u00a0: mettez fin à l’accord, puis faites un nouveau code ensemble.",
        "To go on: end the agreement, then make a new code together.",
    ),
    "not_us.do": ("Ce n’était pas nous, suspendre", "This was not us, pause"),
    "org.title": ("Organisation", "Organisation"),
    "org.link": ("Organisation et ses sites", "Organisation and its sites"),
    "org.organisation": ("Organisation", "Organisation"),
    "org.led_by": ("Menée par", "Led by"),
    "org.leads": ("mène l’organisation", "leads the organisation"),
    "org.lead_own": (
        "Une seule organisation, menée par {lead}. Chaque site est relié à chaque autre.",
        "One organisation, led by {lead}. Each site is linked to every other.",
    ),
    "org.lead_none": (
        "Plusieurs sites d’un même organisme peuvent être reliés comme une seule maison.",
        "Several sites of one body can be linked as one house.",
    ),
    "org.sites": ("Les sites", "The sites"),
    "org.no_list": (
        "La liste des sites n’est pas encore arrivée.",
        "The list of sites has not come yet.",
    ),
    "org.state_own": ("Ce site", "This site"),
    "org.state_listed": ("Sur la liste, pas encore relié", "On the list, not linked yet"),
    "org.state_proposed": ("Attend votre décision", "Waits for you to decide"),
    "org.state_refused": ("Refusé ici", "Refused here"),
    "org.decide": ("Décider", "Decide"),
    "org.remove": ("Retirer", "Take out"),
    "org.invite": ("Inviter un site de l’organisation", "Invite a site of the organisation"),
    "org.invite_title": ("Inviter un site dans {name}", "Invite a site into {name}"),
    "org.invite_lead": (
        "Vous faites un code pour un seul site. Il sert une fois, pendant trois jours.",
        "You make a code for one site. It can be used once, within three days.",
    ),
    "org.everything": (
        "Entre sites d’une organisation, tout est accordé\u00a0: annuaire, messages, fichiers.",
        "Sites of one organisation grant each other everything: directory, posts, files.",
    ),
    "org.invite_next": (
        (
            "{host} demandera à vous rejoindre. Vous le trouverez parmi les partenaires, et vous"
            " comparerez un nombre de sûreté par téléphone avant de confirmer."
        ),
        (
            "{host} will ask to join. You will find it among the partners, and compare a safety"
            " number by telephone before you confirm."
        ),
    ),
    "org.found": ("Fonder une organisation", "Found an organisation"),
    "org.found_text": (
        "Ce site la mène\u00a0: lui seul invite des sites et tient leur liste.",
        "This site leads it: it alone invites sites and keeps their list.",
    ),
    "org.name": ("Nom de l’organisation", "Name of the organisation"),
    "org.found_do": ("Fonder", "Found it"),
    "org.join": ("Rejoindre une organisation", "Join an organisation"),
    "org.join_text": (
        "Le site qui la mène vous a donné un code.",
        "The site that leads it gave you a code.",
    ),
    "org.join_lead": (
        "Regardons d’abord de quelle organisation vient ce code.",
        "Let us first see which organisation this code comes from.",
    ),
    "org.join_means": (
        (
            "En rejoignant {name}, votre site accorde tout à chacun de ses sites, aussi à ceux qui"
            " viendront. Il peut la quitter quand il veut."
        ),
        (
            "By joining {name} your site grants everything to each of its sites, and to those that"
            " come later. It can leave whenever it likes."
        ),
    ),
    "org.same_join": (
        "Les nombres sont identiques, je demande à rejoindre",
        "The numbers match, I ask to join",
    ),
    "org.others": ("Organisations partenaires", "Partners’ organisations"),
    "org.others_text": (
        "Rien ne s’échange avec un de leurs sites avant que vous ne l’ayez confirmé.",
        "Nothing is exchanged with one of their sites before you have confirmed it.",
    ),
    "org.proposed_lead": (
        (
            "{name} l’a ajouté à sa liste. Vous lui proposeriez l’accord que vous avez avec {lead}."
            " Appelez ce site, et comparez les nombres."
        ),
        (
            "{name} has added it to its list. You would offer it the agreement you have with"
            " {lead}. Call this site, and compare the numbers."
        ),
    ),
    "org.leaving": ("Quitter", "Leaving"),
    "org.leaving_text": (
        "Tous les liens de ce site dans l’organisation prennent fin.",
        "All links of this site within the organisation end.",
    ),
    "org.lead_last": (
        "Le site qui mène part le dernier\u00a0: retirez d’abord les autres.",
        "The site that leads leaves last: take the others out first.",
    ),
    "org.prepare_leave": ("Préparer le départ", "Prepare to leave"),
    "org_leave.title": ("Quitter {name}", "Leave {name}"),
    "org_leave.lead": (
        "Ce site ne sera plus de cette organisation.",
        "This site will no longer be part of this organisation.",
    ),
    "org_leave.relations": (
        "Le lien avec chacun de ses sites prend fin, et ce qu’ils détiennent est effacé.",
        "The link with each of its sites ends, and what they hold is erased.",
    ),
    "org_leave.people": (
        "Les personnes ne suivent plus celles des autres sites, et en sont averties une fois.",
        "People no longer follow those of the other sites, and are told once.",
    ),
    "org_leave.again": (
        "Pour revenir, il faudra un nouveau code\u00a0; les abonnements reviennent alors.",
        "To come back a new code is needed; follows then come back.",
    ),
    "org_leave.over": (
        "Vous êtes le dernier site\u00a0: l’organisation n’existera plus.",
        "You are the last site: the organisation will be no more.",
    ),
    "org_leave.do": ("Quitter maintenant", "Leave now"),
    "org_remove.title": ("Retirer {name}", "Take out {name}"),
    "org_remove.lead": (
        "Ce site ne sera plus de votre organisation.",
        "This site will no longer be part of your organisation.",
    ),
    "org_remove.relations": (
        "Ses liens avec tous vos sites prennent fin, et ce qui a été échangé est effacé.",
        "Its links with all your sites end, and what was exchanged is erased.",
    ),
    "org_remove.people": (
        "Les personnes ne se suivent plus entre lui et vous, et en sont averties une fois.",
        "People no longer follow each other between it and you, and are told once.",
    ),
    "org_remove.again": (
        "Pour revenir, il lui faudra un nouveau code\u00a0; les abonnements reviennent alors.",
        "To come back it needs a new code; follows then come back.",
    ),
    "org_remove.do": ("Retirer maintenant", "Take out now"),
    "partners.done_seen": ("C’est noté.", "Noted."),
    "partners.done_stopped": (
        "L’échange est arrêté. Rien n’est perdu.",
        "The exchange is stopped. Nothing is lost.",
    ),
    "partners.done_all_stopped": (
        "Tout échange est arrêté. Rien n’est perdu.",
        "All exchange is stopped. Nothing is lost.",
    ),
    "partners.done_all_resumed": (
        "L’échange reprend avec tous.",
        "The exchange goes on with all.",
    ),
    "partners.done_not_us": (
        "L’échange est suspendu. Appelez ce site.",
        "The exchange is paused. Call that site.",
    ),
    "partners.done_founded": ("L’organisation existe.", "The organisation exists."),
    "partners.done_joining": (
        "La demande est partie. Une personne doit la confirmer là-bas.",
        "The request has left. A person there has to confirm it.",
    ),
    "partners.done_left": (
        "Ce site quitte l’organisation.",
        "This site leaves the organisation.",
    ),
    "partners.done_removed": (
        "Ce site n’est plus de l’organisation.",
        "That site is no longer part of the organisation.",
    ),
    "partners.done_site_refused": (
        "Refusé. Rien ne s’échange avec ce site.",
        "Refused. Nothing is exchanged with that site.",
    ),
    "log.partner.stop": ("a arrêté l’échange avec", "stopped the exchange with"),
    "log.partner.not_us": ("a dit\u00a0: ce n’était pas nous, de", "said *this was not us* of"),
    "log.organisation.create": ("a fondé l’organisation", "founded the organisation"),
    "log.organisation.refuse": ("a refusé le site", "refused the site"),
    "map.organisation": ("Organisation", "Organisation"),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
ERRORS_FRENCH: dict[str, str] = {
    "staff.typed": "Tapez {expected} pour confirmer\u00a0; rien n’a encore été fait.",
}
