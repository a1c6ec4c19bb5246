"""The sentences of pages in French: *vous*, short, the way out always said."""

SENTENCES: dict[str, str] = {
    "page.skip": "Aller au contenu",
    "page.not_sent": "Ce n’est pas parti\xa0: le réseau ne répond pas. Réessayez.",
    "page.other_language": "English version",
    "page.network": "Maillage",
    "audience.public": "Public",
    "audience.unlisted": "Public, hors des listes",
    "audience.followers": "Mes abonnés",
    "audience.named": "Les personnes nommées",
    "audience.site": "Mon site seulement",
    "audience.organisation": "Mon organisation",
    "audience.partners": "Mes partenaires",
    "audience.named_partners": "Des partenaires choisis",
    "audience.community": "Une communauté",
    "audience.received_organisation": "Votre organisation, depuis un autre site",
    "audience.received_partners": "Des sites partenaires, dont le vôtre",
    "audience.waits_stopped": "Attend que l’échange reprenne",
    "audience.waits_paused": "Attend la fin de la pause",
    "audience.waits_silent": "Attend que ce site réponde",
    "audience.left_out": "Sur {site}, personne ne le recevra (abonnés concernés : {count}).",
    "handed.handed_over": "Remis",
    "handed.waiting": "En attente",
    "handed.refused": "Non remis",
    "handed.delete_sent": "Suppression envoyée",
    "handed.held": "Reçu",
    "handed.deleted": "Supprimé",
    "sign_in.title": "Se connecter",
    "sign_in.heading": "Bonjour, content de vous revoir.",
    "sign_in.lead": "Vous êtes sur le site {site}.",
    "sign_in.lead_app": "Connectez-vous pour utiliser {application} avec votre compte.",
    "sign_in.login": "Identifiant",
    "sign_in.login_hint": "Votre nom sur ce site, ou votre adresse électronique.",
    "sign_in.password": "Mot de passe",
    "sign_in.shared": "Cet appareil est partagé",
    "sign_in.shared_hint": (
        "La session se ferme dès que l’application est autorisée, au plus tard après 10 minutes."
    ),
    "sign_in.longer": "J’ai besoin de plus de temps",
    "sign_in.longer_hint": (
        "Sur un appareil partagé, la session dure alors jusqu’à 1\u00a0h\u00a040\u00a0;"
        " la deuxième étape vous attend 50 minutes au lieu de 5."
    ),
    "sign_in.submit": "Se connecter",
    "sign_in.wrong_title": "Vous n’êtes pas encore connecté.",
    "sign_in.wrong": (
        "L’identifiant ou le mot de passe ne correspond à aucun compte. Vérifiez les majuscules,"
        " puis réessayez."
    ),
    "sign_in.missing_login": "Écrivez votre identifiant.",
    "sign_in.missing_password": "Écrivez votre mot de passe.",
    "sign_in.missing_title": "Il manque quelque chose pour vous connecter.",
    "sign_in.disabled": (
        "Ce compte est fermé. La personne qui administre votre site peut le rouvrir."
    ),
    "sign_in.too_many": (
        "Trop d’essais ont échoué. Attendez {wait}, puis réessayez : votre compte n’est pas bloqué."
    ),
    "sign_in.minutes": "{count} minutes",
    "sign_in.one_minute": "une minute",
    "sign_in.invited_title": "Vous n’avez pas de compte ?",
    "sign_in.invited": (
        "La personne qui administre votre site peut vous en créer un. Aucune adresse électronique"
        " n’est nécessaire."
    ),
    "sign_in.trust_title": "Personne ne surveille ici",
    "sign_in.trust": "Aucun relevé d’activité par personne n’existe.",
    "sign_in.other_situations": "Autres situations",
    "signed_in.title": "Vous êtes connecté",
    "signed_in.text": "Vous êtes connecté comme {account}.",
    "signed_in.next": (
        "Ouvrez maintenant votre application : elle vous ramènera ici pour demander votre accord."
    ),
    "sign_out.submit": "Se déconnecter",
    "consent.title": "Autoriser {application} ?",
    "consent.lead": "{application} demande à utiliser votre compte {account}.",
    "consent.wants": "Elle pourra",
    "consent.never": "Elle ne verra jamais votre mot de passe.",
    "consent.website": "Site de l’application : {website}",
    "consent.goes_to": "Si vous acceptez, vous retournerez vers {target}.",
    "consent.goes_to_code": "Si vous acceptez, un code à recopier vous sera montré.",
    "consent.allow": "Autoriser {application}",
    "consent.refuse": "Refuser",
    "consent.other_account": "Utiliser un autre compte",
    "consent.signed_in_as": "Connecté comme",
    "consent.end": (
        "Vous pouvez retirer cet accord à tout moment, sur ce site, dans vos appareils."
    ),
    "code.title": "Votre code pour {application}",
    "code.lead": (
        "Recopiez ce code dans {application}. Il sert une seule fois, dans les 10 minutes."
    ),
    "code.label": "Code d’autorisation",
    "code.help": "Sélectionnez tout le code, copiez-le, puis collez-le dans l’application.",
    "code.done": "Ensuite, vous pouvez fermer cette page.",
    "refused.title": "Vous avez refusé",
    "refused.text": "{application} n’a reçu aucun accès. Vous pouvez fermer cette page.",
    "error.title": "Cette demande ne peut pas aboutir",
    "error.heading": "Cette demande ne peut pas aboutir.",
    "error.back": (
        "Rien n’a été changé. Revenez en arrière et recommencez ; si cela se reproduit,"
        " montrez cette page à la personne qui administre votre site."
    ),
    "error.prefix": "Erreur",
    "scope.profile": "Voir votre nom et votre profil",
    "scope.read": "Lire tout ce que vous lisez ici : messages, profils, notifications",
    "scope.read:accounts": "Lire les profils, dont le vôtre",
    "scope.read:blocks": "Voir qui vous bloquez",
    "scope.read:bookmarks": "Voir ce que vous gardez",
    "scope.read:favourites": "Voir vos mercis",
    "scope.read:filters": "Voir vos filtres",
    "scope.read:follows": "Voir qui vous suivez",
    "scope.read:lists": "Voir vos listes",
    "scope.read:mutes": "Voir qui vous masquez",
    "scope.read:notifications": "Lire vos notifications",
    "scope.read:search": "Chercher en votre nom",
    "scope.read:statuses": "Lire les messages que vous lisez",
    "scope.write": "Publier et agir en votre nom",
    "scope.write:accounts": "Modifier votre profil",
    "scope.write:blocks": "Bloquer et débloquer",
    "scope.write:bookmarks": "Garder des messages",
    "scope.write:conversations": "Ranger vos conversations",
    "scope.write:favourites": "Dire merci",
    "scope.write:filters": "Modifier vos filtres",
    "scope.write:follows": "Suivre et ne plus suivre",
    "scope.write:lists": "Modifier vos listes",
    "scope.write:media": "Envoyer des images",
    "scope.write:mutes": "Masquer des personnes",
    "scope.write:notifications": "Effacer des notifications",
    "scope.write:reports": "Signaler en votre nom",
    "scope.write:statuses": "Publier et supprimer vos messages",
    "scope.follow": "Suivre, bloquer et masquer des personnes",
    "confirmed.title": "Adresse confirmée",
    "confirmed.text": "Votre compte est prêt. Retournez dans votre application, ou connectez-vous.",
    "confirmed.waits": (
        "Votre demande attend l’accord de la personne qui administre le site. Une lettre "
        "vous dira quand le compte est ouvert."
    ),
    "registrations.closed": "Les comptes sont créés par l’administration du site.",
    "registrations.invitation": "Les inscriptions se font sur invitation.",
    "registrations.approval": "Chaque demande est examinée par l’administration du site.",
    "registrations.open": "Les inscriptions sont ouvertes.",
    "role.animator": "Animation",
    "role.moderator": "Modération",
    "role.communication": "Communication",
    "role.protection": "Protection des données",
    "role.technical": "Technique",
    "role.administrator": "Administration",
    "scope.admin:read": "Lire les écrans de l’administration, selon votre rôle",
    "scope.admin:read:accounts": "Lire la liste des comptes, selon votre rôle",
    "scope.admin:read:canonical_email_blocks": (
        "Lire les adresses électroniques refusées, selon votre rôle"
    ),
    "scope.admin:read:domain_allows": "Lire les sites autorisés, selon votre rôle",
    "scope.admin:read:domain_blocks": "Lire les sites bloqués, selon votre rôle",
    "scope.admin:read:email_domain_blocks": (
        "Lire les domaines d’adresses refusés, selon votre rôle"
    ),
    "scope.admin:read:ip_blocks": "Lire les adresses de réseau refusées, selon votre rôle",
    "scope.admin:read:reports": "Lire les signalements, selon votre rôle",
    "scope.admin:write": "Agir dans l’administration, selon votre rôle",
    "scope.admin:write:accounts": "Décider des comptes, selon votre rôle",
    "scope.admin:write:canonical_email_blocks": (
        "Refuser des adresses électroniques, selon votre rôle"
    ),
    "scope.admin:write:domain_allows": "Autoriser des sites, selon votre rôle",
    "scope.admin:write:domain_blocks": "Bloquer des sites, selon votre rôle",
    "scope.admin:write:email_domain_blocks": "Refuser des domaines d’adresses, selon votre rôle",
    "scope.admin:write:ip_blocks": "Refuser des adresses de réseau, selon votre rôle",
    "scope.admin:write:reports": "Traiter les signalements, selon votre rôle",
    "scope.push": "Vous envoyer des notifications",
}
