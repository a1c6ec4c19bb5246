"""The sentences about reports, what two persons open, and the record: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "report.lead": (
        "Ce que des personnes vous ont confié. Vous lisez ce qui a été signalé, rien autour.",
        "What people entrusted to you. You read what was reported, nothing around it.",
    ),
    "report.which": ("Quels signalements", "Which reports"),
    "report.list_open": ("En attente", "Waiting"),
    "report.list_resolved": ("Traités", "Closed"),
    "report.none_open": ("Aucun signalement n’attend.", "No report waits."),
    "report.none_resolved": ("Aucun signalement traité.", "No report was closed."),
    "report.none_text": ("Vous serez prévenu du prochain.", "You will be told of the next one."),
    "report.about_spam": ("Publicité", "Spam"),
    "report.about_legal": ("Question de droit", "A question of law"),
    "report.about_violation": ("Règle du site", "A rule of the site"),
    "report.about_other": ("Autre motif", "Another reason"),
    "report.about": ("À propos de {name}", "About {name}"),
    "report.by_when": ("Signalé par {name}, {when}.", "Reported by {name}, {when}."),
    "report.post": ("Un message.", "One post."),
    "report.posts": ("{n} messages.", "{n} posts."),
    "report.closed_on": ("Traité le {date}", "Closed on {date}"),
    "report.closed_by": ("Par {name}.", "By {name}."),
    "report.with": ("Suivi par {name}", "With {name}"),
    "report.waits": ("Attend quelqu’un", "Waits for somebody"),
    "report.older": ("Signalements plus anciens", "Older reports"),
    "report.what": ("Ce qui a été signalé", "What was reported"),
    "report.rule": ("Règle citée\u00a0: ", "Rule named: "),
    "report.unseen": (
        (
            "Un message n’était pas pour tout le monde. Prenez le signalement en charge pour le"
            " lire\u00a0: le registre le notera."
        ),
        "One post was not for everybody. Take the report on to read it: the record notes it.",
    ),
    "report.unseen_many": (
        (
            "{n} messages n’étaient pas pour tout le monde. Prenez le signalement en charge pour"
            " les lire\u00a0: le registre le notera."
        ),
        "{n} posts were not for everybody. Take the report on to read them: the record notes it.",
    ),
    "report.no_posts": ("Aucun message n’est joint.", "No post is attached."),
    "report.nothing_around": (
        "Vous ne voyez que ce qui a été signalé, jamais le reste de la conversation.",
        "You see only what was reported, never the rest of the conversation.",
    ),
    "report.decide": ("Décider", "Decide"),
    "report.measure_none": ("Rappeler la règle", "Remind of the rule"),
    "report.means_none": (
        "La personne reçoit votre texte. Rien d’autre ne change.",
        "The person receives your text. Nothing else changes.",
    ),
    "report.measure_sensitive": ("Couvrir ses images", "Cover their pictures"),
    "report.means_sensitive": (
        "Ses images, passées et à venir, s’ouvrent d’un geste au lieu de s’afficher.",
        "Their pictures, past and future, open on a touch instead of being shown.",
    ),
    "report.measure_disable": ("Fermer son accès", "Close their access"),
    "report.means_disable": (
        "La personne ne peut plus se connecter. Ses messages restent.",
        "The person can no longer sign in. Their posts stay.",
    ),
    "report.measure_silence": ("Limiter", "Limit"),
    "report.means_silence": (
        "Ses messages ne parviennent plus qu’à ses abonnés.",
        "Their posts reach only those who follow them.",
    ),
    "report.measure_suspend": ("Suspendre", "Suspend"),
    "report.means_suspend": (
        (
            "Tout ce que la personne a écrit est caché et son accès est fermé. Cela peut se"
            " reprendre."
        ),
        "All that the person wrote is hidden and their access is closed. It can be taken back.",
    ),
    "report.text": ("Ce que la personne lira", "What the person will read"),
    "report.text_hint": (
        "Dites ce qui pose problème et ce qui est attendu. Votre nom n’est pas montré.",
        "Say what the problem is and what is expected. Your name is not shown.",
    ),
    "report.do": ("Appliquer cette décision", "Put this decision in force"),
    "report.resolve": ("Classer sans suite", "Close without a measure"),
    "report.notes": ("Entre vous", "Among yourselves"),
    "report.note": ("Ajouter une note", "Add a note"),
    "report.note_hint": (
        "Lue par les personnes qui traitent les signalements, et par elles seules.",
        "Read by those who work on reports, and by nobody else.",
    ),
    "report.add_note": ("Garder la note", "Keep the note"),
    "report.somebody": ("Une personne partie depuis", "Somebody who has left since"),
    "report.state": ("Où en est-on", "Where it stands"),
    "report.assign": ("Prendre en charge", "Take it on"),
    "report.unassign": ("Laisser à quelqu’un d’autre", "Leave it to somebody else"),
    "report.reopen": ("Rouvrir", "Open again"),
    "report.now_sensitive": ("Ses images sont couvertes", "Their pictures are covered"),
    "report.now_disable": ("Son accès est fermé", "Their access is closed"),
    "report.now_silence": ("Ses messages sont limités", "Their posts are limited"),
    "report.now_suspend": ("Son compte est suspendu", "Their account is suspended"),
    "report.lift": ("Reprendre cette décision", "Take this decision back"),
    "reports.done_lift": ("La décision est reprise.", "The decision is taken back."),
    "report.profile": ("Profil de {name}", "Profile of {name}"),
    "report.other_site": ("L’autre site", "The other site"),
    "report.forward_text": (
        "{host} peut agir sur son propre compte. Il ne saura pas qui a signalé.",
        "{host} can act on its own account. It will not learn who reported.",
    ),
    "report.comment": ("Ce que vous lui dites (facultatif)", "What you tell it (optional)"),
    "report.forward": ("Transmettre le signalement", "Pass the report on"),
    "report.forwarded": ("Transmis à {host}", "Passed on to {host}"),
    "reports.done_assign": ("Vous suivez ce signalement.", "This report is with you."),
    "reports.done_unassign": ("Ce signalement attend quelqu’un.", "This report waits again."),
    "reports.done_resolve": ("Ce signalement est classé.", "This report is closed."),
    "reports.done_reopen": ("Ce signalement est rouvert.", "This report is open again."),
    "reports.done_note": ("La note est gardée.", "The note is kept."),
    "reports.done_decide": (
        "La décision est appliquée, et la personne en est informée.",
        "The decision is in force, and the person is told.",
    ),
    "reports.done_forward": ("L’autre site est prévenu.", "The other site is told."),
    "reports.done_ask": (
        "Votre demande attend une seconde personne.",
        "Your request waits for a second person.",
    ),
    "reports.done_confirm": (
        "La conversation est ouverte pour vous deux, pendant un jour.",
        "The conversation is open to both of you, for a day.",
    ),
    "reports.done_refuse": ("La demande est close.", "The request is closed."),
    "staff.field_note": ("La note", "The note"),
    "staff.field_comment": ("Le message", "The message"),
    "staff.field_reason": ("La raison", "The reason"),
    "staff.field_hold": ("La raison d’attendre", "The reason to wait"),
    "staff.wait_disclosures": (
        "Une demande de lecture attend une seconde personne.",
        "One request to read waits for a second person.",
    ),
    "staff.wait_disclosures_many": (
        "{n} demandes de lecture attendent une seconde personne.",
        "{n} requests to read wait for a second person.",
    ),
    "disclosure.title": ("La conversation entière", "The whole conversation"),
    "disclosure.what": (
        (
            "Si ce qui a été signalé ne suffit pas pour protéger quelqu’un, deux personnes peuvent"
            " ouvrir la conversation ensemble, pendant un jour. Celles qui y participent en sont"
            " informées."
        ),
        (
            "If what was reported is not enough to protect somebody, two persons can open the"
            " conversation together, for a day. Those who take part in it are told."
        ),
    ),
    "disclosure.begin": ("Demander à la lire", "Ask to read it"),
    "disclosure.why": ("Pourquoi est-ce nécessaire", "Why this is necessary"),
    "disclosure.why_hint": (
        "20 à 500 caractères. Les personnes concernées liront cette raison.",
        "20 to 500 characters. The people concerned will read this reason.",
    ),
    "disclosure.hold": (
        "Raison légale de ne pas les prévenir (facultatif)",
        "Legal reason not to tell them (optional)",
    ),
    "disclosure.hold_hint": (
        "Une enquête en cours, par exemple. Le registre la garde.",
        "An investigation, for instance. The record keeps it.",
    ),
    "disclosure.ask": ("Demander", "Ask"),
    "disclosure.waits": (
        "Demandé par {name}. Fin\u00a0: {until}",
        "Asked by {name}. Ends: {until}",
    ),
    "disclosure.will_tell": (
        "Si vous confirmez, les personnes concernées sont prévenues et lisent cette raison.",
        "If you confirm, the people concerned are told and read this reason.",
    ),
    "disclosure.untold": (
        "Les personnes concernées ne seront pas prévenues. Raison donnée\u00a0: {reason}",
        "The people concerned will not be told. Reason given: {reason}",
    ),
    "disclosure.confirm": ("Confirmer, à deux", "Confirm, as two"),
    "disclosure.refuse": ("Refuser", "Refuse"),
    "disclosure.withdraw": ("Retirer ma demande", "Take my request back"),
    "disclosure.is_open": ("Ouverte. Fin\u00a0: {until}", "Open. Ends: {until}"),
    "disclosure.two": ("Par {one} et {two}.", "By {one} and {two}."),
    "disclosure.read": ("Lire la conversation", "Read the conversation"),
    "disclosure.recorded": (
        "Cette lecture vient d’être inscrite au registre.",
        "This look has just been written in the record.",
    ),
    "disclosure.back": ("Revenir au signalement", "Back to the report"),
    "disclosure.told": (
        (
            "Après un signalement, deux personnes de l’équipe du site peuvent lire pendant un jour"
            " une conversation à laquelle vous participez. Leur raison\u00a0: {reason}"
        ),
        (
            "After a report, two persons of the site's staff may read, for one day, a conversation"
            " that you take part in. Their reason: {reason}"
        ),
    ),
    "log.lead": (
        (
            "Ce que chacun de vous a fait. Chaque ligne tient la précédente\u00a0: rien ne s’efface"
            " sans que cela se voie."
        ),
        "What each of you did. Each line holds the one before: nothing is erased unseen.",
    ),
    "log.whole": (
        "Le registre est entier\u00a0: {n} lignes vérifiées à l’instant.",
        "The record is whole: {n} lines verified just now.",
    ),
    "log.broken": (
        (
            "Le registre a été modifié à la ligne {number}. Prévenez la personne chargée de la"
            " protection des données."
        ),
        "The record was changed at line {number}. Tell who answers for data protection.",
    ),
    "log.empty": ("Le registre est vide.", "The record is empty."),
    "log.digest": (
        "Empreinte de la dernière ligne, à noter ailleurs\u00a0:",
        "Digest of the last line, to be kept elsewhere:",
    ),
    "log.latest": ("Les dernières lignes", "The latest lines"),
    "log.earlier": ("Lignes plus anciennes", "Older lines"),
    "log.older": ("Voir plus ancien", "See older ones"),
    "log.number": ("ligne {n}", "line {n}"),
    "log.open": ("voir le signalement", "see the report"),
    "log.command": ("La ligne de commande", "The command line"),
    "log.never": (
        "Le contenu des messages n’y figure jamais.",
        "What posts say never stands here.",
    ),
    "log.account.none": ("a rappelé une règle à", "reminded of a rule"),
    "log.account.sensitive": ("a couvert les images de", "covered the pictures of"),
    "log.account.disable": ("a fermé l’accès de", "closed the access of"),
    "log.account.silence": ("a limité", "limited"),
    "log.account.suspend": ("a suspendu", "suspended"),
    "log.account.unsensitive": ("a découvert les images de", "uncovered the pictures of"),
    "log.account.undisable": ("a rouvert l’accès de", "opened again the access of"),
    "log.account.unsilence": ("ne limite plus", "limits no more"),
    "log.account.unsuspend": ("ne suspend plus", "suspends no more"),
    "log.account.approve": ("a accepté", "accepted"),
    "log.account.reject": ("a refusé", "refused"),
    "log.account.delete": ("a effacé", "erased"),
    "log.account.role": ("a changé le rôle de", "changed the role of"),
    "log.account.sign_out": ("a déconnecté les appareils de", "signed out the devices of"),
    "log.invitation.add": ("a préparé une invitation", "prepared an invitation"),
    "log.invitation.revoke": ("a retiré une invitation", "withdrew an invitation"),
    "log.report.assign": ("a pris en charge un signalement", "took on a report"),
    "log.report.unassign": ("a laissé un signalement", "left a report"),
    "log.report.resolve": ("a classé un signalement", "closed a report"),
    "log.report.reopen": ("a rouvert un signalement", "opened again a report"),
    "log.report.update": ("a requalifié un signalement", "described anew a report"),
    "log.report.note": ("a noté quelque chose sur un signalement", "made a note on a report"),
    "log.report.forward": ("a transmis un signalement", "passed on a report"),
    "log.disclosure.ask": (
        "a demandé à lire la conversation d’un signalement",
        "asked to read the conversation of a report",
    ),
    "log.disclosure.hold": (
        "a donné une raison de ne prévenir personne",
        "gave a reason to tell nobody",
    ),
    "log.disclosure.confirm": (
        "a confirmé la lecture de la conversation d’un signalement",
        "confirmed reading the conversation of a report",
    ),
    "log.disclosure.refuse": (
        "a clos la demande de lecture d’un signalement",
        "closed the request to read the conversation of a report",
    ),
    "log.disclosure.read": (
        "a lu la conversation d’un signalement",
        "read the conversation of a report",
    ),
    "log.partner.retry": ("a relancé les envois vers", "tried again what waits for"),
    "log.partner.pause": ("a mis en pause l’accord avec", "paused the agreement with"),
    "log.partner.resume": ("a repris l’accord avec", "resumed the agreement with"),
    "log.partner.end": ("a mis fin à l’accord avec", "ended the agreement with"),
    "log.partner.invite": ("a invité le site", "invited the site"),
    "log.partner.offer": ("a proposé un accord à", "offered an agreement to"),
    "log.partner.confirm": ("a confirmé l’accord avec", "confirmed the agreement with"),
    "log.partner.narrow": ("a réduit l’accord avec", "narrowed the agreement with"),
    "log.partner.renew": ("a proposé de renouveler l’accord avec", "offered to renew with"),
    "log.partner.probe": ("a vérifié la liaison avec", "checked the link with"),
    "log.domain.allow": ("a admis", "admitted"),
    "log.domain.disallow": ("n’admet plus", "admits no more"),
    "log.domain.suspend": ("a bloqué", "blocked"),
    "log.domain.silence": ("a limité", "limited"),
    "log.domain.unblock": ("ne bloque plus", "blocks no more"),
    "log.announcement.add": ("a écrit une annonce", "wrote an announcement"),
    "log.announcement.essential": (
        "a publié une annonce essentielle",
        "published an essential announcement",
    ),
    "log.announcement.change": ("a modifié une annonce", "changed an announcement"),
    "log.announcement.remove": ("a retiré une annonce", "withdrew an announcement"),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
