"""The sentences about people, roles and invitations: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "people.lead": (
        "Qui a un accès à ce site, et avec quel rôle.",
        "Who has an access to this site, and with which role.",
    ),
    "people.never": (
        "Ni activité, ni heure de passage\u00a0: cette page ne les connaît pas.",
        "Neither activity nor times of use: this page does not know them.",
    ),
    "people.invite": ("Inviter", "Invite"),
    "people.name": ("Nom", "Name"),
    "people.role": ("Rôle", "Role"),
    "people.state": ("État", "State"),
    "people.any_role": ("Tous les rôles", "Every role"),
    "people.any_state": ("Tous les états", "Every state"),
    "people.find": ("Chercher", "Search"),
    "people.found": ("Ce qui correspond", "What fits"),
    "people.everybody": ("Toutes les personnes", "Everybody"),
    "people.nobody": (
        "Personne ne correspond. Essayez un début de nom, ou un autre rôle.",
        "Nobody fits. Try the beginning of a name, or another role.",
    ),
    "people.pages": ("Pages de la liste", "Pages of the list"),
    "people.first": ("Revenir au début", "Back to the beginning"),
    "people.next": ("Suite de la liste", "More of the list"),
    "people.find_pending": ("Attend une réponse", "Waits for an answer"),
    "people.find_disabled": ("Accès fermé", "Access closed"),
    "people.find_dormant": ("En sommeil (plus de 90 jours)", "Dormant (more than 90 days)"),
    "people.find_staff": ("A un rôle dans le site", "Has a role in the site"),
    "people.state_open": ("Accès ouvert", "Access open"),
    "people.state_pending": ("Attend une réponse", "Waits for an answer"),
    "people.state_disabled": ("Accès fermé", "Access closed"),
    "people.state_suspended": ("Suspendu", "Suspended"),
    "people.state_dormant": ("En sommeil", "Dormant"),
    "people.role_member": ("Membre", "Member"),
    "people.role_animator": ("Animation", "Animation"),
    "people.role_moderator": ("Modération", "Moderation"),
    "people.role_communication": ("Communication", "Communication"),
    "people.role_protection": ("Protection des données", "Data protection"),
    "people.role_technical": ("Technique", "Technical"),
    "people.role_administrator": ("Administration", "Administration"),
    "people.may_member": (
        "Lit, écrit et suit qui elle veut. N’ouvre aucune page d’administration.",
        "Reads, writes and follows whom they wish. Opens no page of staff.",
    ),
    "people.may_animator": (
        "Fait vivre des communautés. Ne voit ni signalement, ni message privé.",
        "Animates communities. Sees no report and no private message.",
    ),
    "people.may_moderator": (
        "Lit les signalements et décide. Ne lit rien d’autre que ce qui a été signalé.",
        "Reads reports and decides. Reads nothing but what was reported.",
    ),
    "people.may_communication": (
        "Parle au nom du site. Ne voit ni signalement, ni réglage.",
        "Speaks for the site. Sees no report and no setting.",
    ),
    "people.may_protection": (
        (
            "Lit les signalements et le registre, répond aux demandes de données. Ne décide"
            " d’aucune mesure."
        ),
        "Reads reports and the record, answers requests about data. Decides no measure.",
    ),
    "people.may_technical": (
        "Règle la machine et les livraisons. Ne lit aucun message, aucun signalement.",
        "Looks after the machine and deliveries. Reads no post and no report.",
    ),
    "people.may_administrator": (
        "Ouvre toutes ces pages et donne les rôles. Ne lit pas les messages privés.",
        "Opens all these pages and gives the roles. Does not read private messages.",
    ),
    "people.pending_title": (
        "Cette personne attend une réponse",
        "This person waits for an answer",
    ),
    "people.approve": ("Accepter", "Accept"),
    "people.reject": ("Refuser", "Refuse"),
    "people.role_title": ("Son rôle", "Role"),
    "people.own_role": (
        (
            "C’est votre propre rôle. Si vous en prenez un plus étroit, quelqu’un d’autre devra"
            " vous le rendre."
        ),
        "This is your own role. If you take a narrower one, somebody else has to give it back.",
    ),
    "people.give_role": ("Donner ce rôle", "Give this role"),
    "people.lost_title": ("Téléphone perdu, poste oublié ouvert", "Lost phone, forgotten desk"),
    "people.lost_text": (
        (
            "Tous ses navigateurs et toutes ses applications sont déconnectés\u00a0; son mot"
            " de passe ne change pas."
        ),
        "All browsers and applications of this person are signed out; the password stays.",
    ),
    "people.sign_out": ("Tout déconnecter", "Sign out everywhere"),
    "people.access_title": ("Accès", "Access"),
    "people.open_text": (
        (
            "Fermer l’accès déconnecte la personne et l’empêche d’entrer. Ce qu’elle a écrit reste."
            " Vous pourrez le rouvrir."
        ),
        (
            "Closing the access signs the person out and keeps them out. What they wrote stays. You"
            " can open it again."
        ),
    ),
    "people.why": ("Pourquoi (facultatif)", "Why (optional)"),
    "people.why_hint": (
        "La personne lira ce texte, et il reste dans le registre.",
        "The person will read this text, and it stays in the record.",
    ),
    "people.disable": ("Fermer l’accès", "Close the access"),
    "people.enable": ("Rouvrir l’accès", "Open the access again"),
    "people.disabled_text": (
        "La personne ne peut pas se connecter. Rien n’a été effacé.",
        "The person cannot sign in. Nothing was erased.",
    ),
    "people.suspended_text": (
        "Suspendu après un signalement\u00a0: la décision se reprend là où elle a été prise.",
        "Suspended after a report: the decision is taken back where it was made.",
    ),
    "people.back": ("Toutes les personnes", "Everybody"),
    "people.done_role": ("Le rôle est changé.", "The role is changed."),
    "people.done_disable": ("L’accès est fermé.", "The access is closed."),
    "people.done_enable": ("L’accès est rouvert.", "The access is open again."),
    "people.done_sign_out": (
        "Tous ses appareils sont déconnectés.",
        "All devices of this person are signed out.",
    ),
    "people.done_approve": ("La personne est acceptée.", "The person is accepted."),
    "people.done_reject": ("La demande est refusée et effacée.", "The request is refused, erased."),
    "people.done_revoked": (
        "L’invitation ne sert plus à personne.",
        "The invitation serves nobody any more.",
    ),
    "staff.field_names": ("Les noms", "The names"),
    "staff.field_unnamed": (
        "Le nombre de feuilles sans nom",
        "The number of sheets without a name",
    ),
    "staff.field_days": ("La durée", "The duration"),
    "staff.field_role": ("Le rôle", "The role"),
    "staff.field_text": ("Le texte", "The text"),
    "invite.title": ("Inviter", "Invite"),
    "invite.lead": (
        (
            "Une feuille par personne, avec un lien et un dessin à scanner. Sans adresse de"
            " messagerie."
        ),
        "A sheet for each person, with a link and a drawing to scan. No e-mail address.",
    ),
    "invite.names": ("Noms des personnes, un par ligne", "Names of the people, one on each line"),
    "invite.names_hint": (
        "Facultatif\u00a0: le nom est proposé à la personne, qui peut le changer.",
        "Optional: the name is offered to the person, who may change it.",
    ),
    "invite.unnamed": ("Feuilles sans nom", "Sheets without a name"),
    "invite.unnamed_hint": (
        "Pour une réunion d’équipe, par exemple.",
        "For a meeting of a team, for instance.",
    ),
    "invite.days": ("Valable pendant", "Valid for"),
    "invite.n_days": ("{n} jours", "{n} days"),
    "invite.sheet_language": ("Langue des feuilles", "Language of the sheets"),
    "invite.in_fr": ("Français", "Français (French)"),
    "invite.in_en": ("English (anglais)", "English"),
    "invite.as_role": ("Inviter avec un autre rôle que membre", "Invite with another role"),
    "invite.make": ("Préparer les invitations", "Prepare the invitations"),
    "invite.open": ("Invitations encore valables", "Invitations that are still good"),
    "invite.none_open": ("Aucune pour le moment.", "None at the moment."),
    "invite.whoever": ("Sans nom", "Without a name"),
    "invite.until": ("jusqu’au {date}", "until {date}"),
    "invite.by": ("par {name}", "by {name}"),
    "invite.for_n": ("pour {n} personnes", "for {n} people"),
    "invite.revoke": ("Retirer", "Withdraw"),
    "invite.sheets_title": ("Vos invitations sont prêtes", "Your invitations are ready"),
    "invite.sheets_lead": (
        (
            "Imprimez cette page ou envoyez chaque lien maintenant\u00a0: il n’est montré"
            " qu’une fois. Une feuille par personne sort de l’imprimante."
        ),
        (
            "Print this page or send each link now: it is shown only once. The printer gives one"
            " sheet for each person."
        ),
    ),
    "invite.again": ("Inviter d’autres personnes", "Invite more people"),
    "sheet.for": ("Bienvenue, {name}", "Welcome, {name}"),
    "sheet.welcome": ("Bienvenue", "Welcome"),
    "sheet.what": (
        "{site} vous invite à rejoindre ses collègues en ligne. Deux minutes suffisent.",
        "{site} invites you to join your colleagues online. It takes two minutes.",
    ),
    "sheet.drawing": ("Dessin à scanner, qui mène au lien", "Drawing to scan, leads to the link"),
    "sheet.step_1": (
        "Ouvrez l’appareil photo de votre téléphone et visez le dessin.",
        "Open the camera of your phone and point it at the drawing.",
    ),
    "sheet.step_2": ("Touchez le lien qui apparaît.", "Touch the link that appears."),
    "sheet.step_3": (
        "Vérifiez votre nom, choisissez un mot de passe\u00a0: une phrase convient très bien.",
        "Check your name, choose a password: a sentence does very well.",
    ),
    "sheet.step_4": (
        "C’est fait. Aucune adresse de messagerie, aucune application à installer.",
        "It is done. No e-mail address, no application to install.",
    ),
    "sheet.link": ("Sans téléphone, recopiez ce lien", "Without a phone, copy this link"),
    "sheet.until": (
        "Cette feuille sert une fois, jusqu’au {date}. Gardez-la pour vous.",
        "This sheet serves once, until {date}. Keep it to yourself.",
    ),
    "join.by": ("{name} vous invite.", "{name} invites you."),
    "join.by_site": ("{site} vous invite.", "{site} invites you."),
    "join.lead": (
        "Retrouvez vos collègues de {site}\u00a0: des questions, des idées, des nouvelles utiles.",
        "Meet your colleagues of {site}: questions, ideas, useful news.",
    ),
    "join.nothing_ticked": (
        "Rien n’est coché d’avance, et personne ne voit ce que vous lisez.",
        "Nothing is ticked for you, and nobody sees what you read.",
    ),
    "join.title": ("Créer votre accès", "Make your access"),
    "join.problems": ("Il reste quelque chose à compléter.", "Something is still to be filled in."),
    "join.name": ("Votre nom", "Your name"),
    "join.name_hint": ("Comme vos collègues vous appellent.", "As your colleagues call you."),
    "join.username": ("Votre identifiant", "Your username"),
    "join.username_hint": (
        "Vous le taperez pour vous connecter\u00a0: prenom.nom, par exemple.",
        "You type it to sign in: firstname.lastname, for instance.",
    ),
    "join.password": ("Votre mot de passe", "Your password"),
    "join.password_hint": (
        "{n} caractères au moins. Une phrase convient très bien.",
        "At least {n} characters. A sentence does very well.",
    ),
    "join.rules": ("Les règles du site", "The rules of the site"),
    "join.agreement": (
        "J’ai lu les règles et je les respecterai.",
        "I have read the rules and will keep to them.",
    ),
    "join.submit": ("Créer mon accès", "Make my access"),
    "join.until": (
        "L’invitation vaut jusqu’au {date} et ne sert qu’une fois.",
        "The invitation is good until {date} and serves once.",
    ),
    "join.until_many": (
        "L’invitation vaut jusqu’au {date}.",
        "The invitation is good until {date}.",
    ),
    "join.no_mail": (
        "Aucune adresse de messagerie n’est demandée.",
        "No e-mail address is asked for.",
    ),
    "join.over_title": ("Cette invitation ne sert plus", "This invitation is over"),
    "join.over_text": (
        (
            "Elle a déjà servi, elle est trop ancienne, ou elle a été retirée. Demandez-en une"
            " autre à la personne qui vous l’a donnée."
        ),
        "It was used, is too old, or was withdrawn. Ask who gave it to you for another one.",
    ),
    "join.over_sign_in": ("J’ai déjà un accès", "I have an access already"),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
