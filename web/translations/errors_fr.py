"""What a person of this node is told when something cannot be done, in French, by its code."""

SENTENCES: dict[str, str] = {
    "account.unknown": "Il n’y a pas de compte {name} sur ce nœud.",
    "actor.not_found": "Il n’y a pas de tel acteur ici.",
    "actor.type_not_local": "Un nœud crée des acteurs de type {expected}, pas {came}.",
    "app.redirect_uri": (
        "{came} ne peut pas être une redirect_uri ; écrivez une adresse absolue sans"
        " fragment, le schéma propre à l’application, ou urn:ietf:wg:oauth:2.0:oob."
    ),
    "app.website": "Le site de l’application doit être une adresse http(s).",
    "attempts.too_many": "Trop d’essais ; attendez {retry_after_s} s, puis réessayez.",
    "block.oneself": "On ne peut ni se bloquer ni se masquer soi-même.",
    "block.self": "Un acteur ne peut ni se bloquer ni se masquer lui-même.",
    "body.broken_off": "Le corps de la requête s’est interrompu.",
    "body.too_large": "Le corps de la requête dépasse {max} octets.",
    "body.too_slow": (
        "Le corps de la requête n’est pas arrivé en {seconds} s ; envoyez-le de nouveau."
    ),
    "database.closed": "Le nœud s’arrête ; réessayez dans {retry_after_s} s.",
    "database.locked": "L’enregistrement est occupé ; réessayez dans {retry_after_s} s.",
    "database.schema_old": (
        "La base de données est d’une version antérieure ; lancez une fois `maillage serve`,"
        " qui la sauvegarde et la met à jour."
    ),
    "database.unreachable": "La base de données ne répond pas ; réessayez dans {retry_after_s} s.",
    "domain.invalid": "{came} n’est pas un domaine\u00a0; écrivez-le comme dans exemple.org.",
    "domain.ours": "{came} est ce site lui-même\u00a0; on peut y bloquer ou masquer une personne.",
    "domain.too_many": "Vous bloquez déjà {expected} domaines.",
    "email.invalid": "{came} n’est pas une adresse électronique ; écrivez nom@hôte.",
    "email.taken": "Cette adresse électronique appartient à un autre compte.",
    "endorsement.not_followed": "On ne peut mettre en avant que des personnes que l’on suit.",
    "endorsement.too_many": "Vous mettez déjà {expected} personnes en avant.",
    "filter.keywords_at_once": "{field} a plus de {max} éléments.",
    "filter.shared": (
        "Ce mot partage son filtre avec d’autres\u00a0; modifiez-le avec une application plus"
        " récente."
    ),
    "filter.too_many": "Une personne a au plus {max} filtres.",
    "filter.too_many_keywords": "Les filtres d’une personne ont au plus {max} mots.",
    "filter.too_many_statuses": "Les filtres d’une personne ont au plus {max} messages.",
    "follow.blocked": "Vous ne pouvez pas suivre ce compte : l’un de vous deux bloque l’autre.",
    "follow.domain_blocked": "Vous avez bloqué le domaine {domain}\u00a0; débloquez-le d’abord.",
    "follow.not_found": "Il n’y a ni abonnement ni demande de ce compte.",
    "follow.oneself": "On ne peut pas se suivre soi-même.",
    "follow.self": "Un acteur ne peut pas se suivre lui-même.",
    "follow.uri_taken": (
        "L’abonnement {came} lie deux autres acteurs ; donnez à chacun son propre identifiant."
    ),
    "form.foreign": (
        "Ce formulaire ne vient pas de la page de ce site, ou la page est restée ouverte"
        " trop longtemps ; ouvrez-la de nouveau."
    ),
    "form.of_another": (
        "Ce formulaire a été ouvert par un autre compte que celui qui est connecté maintenant."
        " Rien n’a été envoyé\u00a0; ouvrez-le de nouveau."
    ),
    "form.type": "Un formulaire s’envoie en application/x-www-form-urlencoded.",
    "list.member_twice": "Ce compte est déjà dans la liste.",
    "list.title": "Une liste a un titre d’au plus {expected} caractères.",
    "list.too_many": "Vous avez déjà {expected} listes\u00a0; supprimez-en une d’abord.",
    "move.aliases_max": "Un compte a au plus {expected} autres adresses.",
    "move.gone": "Ce compte a déménagé\u00a0; publiez depuis le nouveau.",
    "move.no_alias": (
        "{target} ne nomme pas {uri} parmi ses autres adresses\u00a0; ajoutez-la d’abord là-bas."
    ),
    "move.self": "Un compte n’est pas sa propre autre adresse et ne déménage pas chez lui-même.",
    "move.suspended": "{target} est suspendu ici.",
    "move.unknown": "Personne ne s’appelle {name}, ni ici ni chez un partenaire de ce nœud.",
    "note.too_long": "Une note a au plus {expected} caractères.",
    "oauth.client": "Ce site ne connaît pas l’application ; elle doit s’enregistrer de nouveau.",
    "oauth.redirect_uri": (
        "L’application veut une réponse à une adresse qu’elle n’a pas enregistrée."
    ),
    "oauth.twice": "Le champ {field} est venu deux fois.",
    "page.next": "L’adresse de la suite n’est pas une page de ce site.",
    "page.none": "Cette page n’existe pas, ou n’est pas pour vous.",
    "page.not_found": "Il n’y a rien à cette adresse.",
    "media.not_wanted": "{field} est venu pour un média qui ne prend pas d’autre image.",
    "media.too_many": "{field} nomme plus de {max} fichiers.",
    "media.unusable": ("{field} nomme un fichier qui n’est pas à vous, ou qui sert déjà ailleurs."),
    "param.body": (
        "Le corps de la requête ne peut pas être lu ({reason}) ; envoyez du JSON, un"
        " formulaire ou du multipart."
    ),
    "param.choice": "{field} doit être l’un de : {allowed}.",
    "param.depth": "Le champ {field} est imbriqué trop profondément.",
    "param.focus": "{field} doit être deux nombres de -1 à 1, comme 0.0,-0.5.",
    "param.flag": "{field} doit être true ou false.",
    "param.id": "{field} doit être un identifiant.",
    "param.list": "{field} doit être une liste.",
    "param.missing": "{field} manque.",
    "param.number": "{field} doit être un nombre entier de {min} à {max}.",
    "param.text": "{field} doit être un texte.",
    "param.time": "{field} doit être une date comme 2026-01-31T12:00:00Z.",
    "param.too_long": "{field} a plus de {max} caractères.",
    "param.too_many": "La requête a plus de {max} champs.",
    "param.type": (
        "Le type {came} n’est pas accepté ; envoyez application/json,"
        " application/x-www-form-urlencoded ou multipart/form-data."
    ),
    "pin.circle": "Un message à des personnes nommées ne peut pas être épinglé.",
    "pin.not_own": "Seuls vos propres messages peuvent être épinglés.",
    "pin.too_many": "Vous avez déjà épinglé {max} messages\u00a0; retirez-en un d’abord.",
    "password.too_long": (
        "Le mot de passe a plus de {expected} caractères ; prenez-en un plus court."
    ),
    "password.too_short": (
        "Le mot de passe a moins de {expected} caractères ; prenez-en un plus long."
    ),
    "poll.expires": "Un sondage dure de {min} à {max} secondes.",
    "poll.option_long": "Une réponse de sondage a au plus {max} caractères.",
    "poll.option_twice": "Deux réponses du sondage disent la même chose.",
    "poll.options": "Un sondage a de {min} à {max} réponses.",
    "profile.domains": "Au plus {expected} domaines, chacun écrit comme dans exemple.org.",
    "profile.fields": "Un profil a au plus {expected} champs, chacun avec un nom et une valeur.",
    "profile.too_long": "{field} a plus de {expected} caractères.",
    "quote.author_only": "Seule la personne qui l’a écrit peut transmettre ce message.",
    "quote.leaves_site": (
        "Un message pour ce site seulement ne peut pas citer celui d’un autre site."
    ),
    "quote.not_named": (
        "Un message à des personnes choisies ne cite quelqu’un que s’il s’adresse à lui."
    ),
    "quote.refused": "La personne qui a écrit ce message ne permet pas de le citer.",
    "quote.wider": "Ce qui n’est pas public ne peut être cité que pour le même cercle.",
    "rates.too_many": "Trop de requêtes ; attendez {retry_after_s} s, puis réessayez.",
    "reblog.author_only": "Seule la personne qui l’a écrit peut transmettre ce message.",
    "reblog.circle": "Ce message est destiné à un cercle précis et ne peut pas être transmis.",
    "record.not_found": "Introuvable",
    "role.unknown": "Il n’y a pas de rôle {came} ; les rôles sont {expected}.",
    "scheduled.too_late": "{field} est dans plus de cinq ans.",
    "scheduled.too_many": "Vous avez déjà {max} messages programmés.",
    "scheduled.too_many_a_day": "Vous avez déjà {max} messages programmés pour ce jour-là.",
    "scheduled.too_soon": "{field} doit être au moins cinq minutes après maintenant.",
    "scope.unknown": "L’autorisation {came} n’existe pas ici ; voyez scopes_supported.",
    "server.error": "Quelque chose n’a pas marché ici. C’est noté ; réessayez plus tard.",
    "status.characters": "Le texte contient un caractère qui ne peut pas être enregistré.",
    "unfinished.too_many": "Vous avez déjà {max} brouillons\u00a0; supprimez-en un.",
    "audience.partners": "{got} n’est pas un partenaire à qui ce qui est dit ici peut parvenir ;"
    " choisissez parmi les partenaires avec lesquels un accord existe.",
    "audience.none": "Nommez au moins un partenaire pour cette audience.",
    "audience.unknown": "{field} n’est pas une audience que vous pouvez choisir ici.",
    "status.outsiders": "{got} est hors de cette audience et ne recevrait rien ;"
    " envoyez-lui un message privé.",
    "status.empty": "Écrivez un texte.",
    "status.language": "{field} doit être un code de langue comme fr ou en-GB.",
    "status.not_found": "Introuvable",
    "status.not_yet": "{field} ne peut pas encore servir sur ce nœud.",
    "status.poll_and_media": "Un message a un sondage ou des fichiers, pas les deux.",
    "status.too_long": "Le texte a {got} caractères ; la limite est de {limit}.",
    "status.visibility": "La visibilité {got} n’existe pas.",
    "tag.featured_max": "Vous mettez déjà {expected} mots-clés en avant.",
    "tag.featured_twice": "Vous mettez déjà ce mot-clé en avant.",
    "tag.follows_max": "Vous suivez déjà {expected} mots-clés.",
    "tag.name": (
        "{came} n’est pas un mot-clé\u00a0; écrivez des lettres, chiffres et tirets bas, pas"
        " que des chiffres."
    ),
    "token.disabled": "Votre compte est fermé",
    "token.invalid": "Le jeton d’accès n’est pas valable",
    "token.needs_user": "Cette demande a besoin d’une personne connectée",
    "token.scope": "Cette action n’est pas autorisée à l’application",
    "translation.language": "Le service de traduction ne traduit pas ce message en {came}.",
    "translation.not_public": (
        "Seuls les messages publics sont traduits ici\u00a0: le service de traduction est"
        " hors de l’organisation."
    ),
    "translation.off": "Ce site ne traduit pas.",
    "translation.unavailable": "Le service de traduction ne répond pas\u00a0; réessayez plus tard.",
    "username.invalid": (
        "Le nom {came} n’est pas possible ; prenez des lettres de a à z, des chiffres et des"
        " tirets bas, avec des points et des traits d’union entre eux, 64 caractères au plus."
    ),
    "username.reserved": "Le nom {came} est réservé au nœud lui-même.",
    "username.taken": "Le nom {came} est pris, ou l’a été.",
    "address.refused": "Cette adresse de réseau ne peut pas utiliser ce site.",
    "invitation.unknown": "Cette invitation n’existe pas, a expiré ou a déjà servi.",
    "invitation.uses": "Une invitation sert à 1 à {expected} personnes.",
    "invitation.days": "Une invitation dure de 1 à {expected} jours.",
    "param.too_many_values": "{field} a plus de {max} valeurs.",
    "report.oneself": "On ne se signale pas soi-même.",
    "report.unknown_rule": "Il n’y a pas de règle {came} sur ce site.",
    "sign_up.closed": "Les inscriptions ne sont pas ouvertes ici.",
    "sign_up.agreement": "Les conditions d’utilisation doivent être acceptées.",
    "sign_up.blank": "{field} manque.",
    "sign_up.email_blocked": "Cette adresse électronique ne peut pas servir ici.",
    "sign_up.reason_too_long": "La raison dépasse {max} caractères.",
    "sign_up.invalid": "Inscription refusée\u00a0: {reasons}",
    "sign_up.confirmed": "L’adresse électronique est déjà confirmée.",
    "sign_up.code": "Ce lien ne sert plus\u00a0; demandez-en un autre dans votre application.",
    "texts.rules": (
        "{path} ne peut pas être lu ({reason})\u00a0; écrivez des tables [[rule]] avec text "
        "et, si vous voulez, hint, fr.text, en.text, par exemple\u00a0: [[rule]] text ="
        ' "Soyez bienveillants".'
    ),
    "texts.unreadable": "{path} ne peut pas être lu ({reason}).",
    "token.not_approved": "Votre compte attend l’accord de l’administration.",
    "token.not_confirmed": "L’adresse électronique de votre compte n’est pas encore confirmée.",
    "token.not_staff": "Votre rôle ne permet pas cette action.",
    "account.sign_in_again": (
        "Par sûreté, déconnectez-vous puis reconnectez-vous\u00a0: il faut une connexion de moins"
        " de dix minutes."
    ),
    "account.wrong_password": (
        "Ce n’est pas votre mot de passe actuel. Vérifiez les majuscules, puis réessayez."
    ),
    "factor.code": "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant.",
    "factor.none": "Recommencez\u00a0: aucune application de codes n’est en préparation.",
    "mail.off": (
        "Ce nœud n’envoie pas de courrier\u00a0; la personne qui l’administre peut régler mail.url."
    ),
    "mail.too_many": (
        "Trop de lettres sont parties à cette adresse\u00a0; attendez {retry_after_s}\u00a0s."
    ),
    "passkey.refused": "La clé d’accès n’a pas été acceptée. Rouvrez la page, puis réessayez.",
    "passkey.taken": "Cet appareil est déjà enregistré.",
    "passkey.too_many": "Un compte a {max} clés d’accès au plus\u00a0; retirez-en une d’abord.",
    "reset.link": (
        "Ce lien a servi, a expiré ou a été remplacé par un plus récent\u00a0; demandez-en un"
        " autre."
    ),
    "sealed.unreadable": (
        "Ce qui est gardé pour {place} ne peut pas être ouvert\u00a0; remettez le fichier secret"
        " avec lequel il a été scellé."
    ),
    "vote.ended": "Le sondage est terminé.",
    "vote.no_poll": "Il n’y a pas de sondage ici.",
    "vote.own": "On ne vote pas à son propre sondage.",
    "vote.several": "Ce sondage n’accepte qu’une réponse.",
    "vote.twice": "Vous avez déjà voté.",
    "vote.unknown_option": "Le sondage n’a pas cette réponse.",
    "bus.needs_postgres": (
        "streaming.bus vaut postgres, et la base n’en est pas une\u00a0; écrivez memory, ou"
        " l’adresse d’un serveur Redis ou Valkey."
    ),
    "bus.not_installed": (
        "streaming.bus a besoin du paquet Python {package}\u00a0; installez maillage[redis]."
    ),
    "push.endpoint": "L’endpoint doit être l’adresse https d’un service push.",
    "push.key": (
        "Le champ {name} de l’abonnement n’est pas une clé de Web Push\u00a0; envoyez ce que le"
        " service push de l’appareil a donné, en base64url."
    ),
    "push.off": "Ce site n’envoie pas de messages push.",
    "stream.frame": "Envoyez du JSON avec type (subscribe ou unsubscribe) et stream.",
    "stream.too_many": "Trop de flux sont ouverts\u00a0; fermez-en et réessayez.",
    "stream.unknown": "Il n’y a pas de flux {came}\u00a0; voyez la documentation de l’API.",
    "admin.not_pending": "Ce compte n’attend pas d’accord.",
    "admin.not_suspended": (
        "Seul un compte suspendu peut être supprimé\u00a0; suspendez-le d’abord."
    ),
    "announcement.emoji": "{came} n’est ni un emoji de ce site, ni un emoji Unicode.",
    "announcement.ends": "La fin précède le début.",
    "announcement.essential_later": "Ce qui est essentiel est publié tout de suite.",
    "announcement.essential_max": (
        "Il peut y avoir {max} annonces essentielles en {days} jours\u00a0; publiez celle-ci comme"
        " une annonce ordinaire."
    ),
    "announcement.essential_new": (
        "Une annonce est essentielle dès le début ou ne l’est jamais\u00a0; écrivez-en une autre."
    ),
    "announcement.moment": "{field} doit être un moment comme 2026-01-31T08:00:00Z.",
    "announcement.reason": (
        "Dites en une phrase de {max} caractères au plus pourquoi tout le monde doit le savoir"
        " tout de suite."
    ),
    "announcement.too_many": "Une annonce a au plus {max} réactions différentes.",
    "block.domain": "{came} n’est pas un nom de domaine.",
    "block.hash": "{field} doit être un SHA-256 en hexadécimal.",
    "block.network": (
        "{came} n’est pas un réseau\u00a0; écrivez une adresse ou une plage comme 10.0.0.0/8."
    ),
    "domain.decided": "Il y a déjà une décision sur {came}\u00a0; modifiez-la.",
    "domain.own": "{came} est ce nœud lui-même.",
    "emoji.picture": "L’image doit être un PNG, GIF ou WebP de {max} octets au plus.",
    "emoji.shortcode": (
        "{came} n’est pas un code\u00a0; prenez 2 à 50 lettres, chiffres et tirets bas."
    ),
    "emoji.unknown": "Il n’y a pas d’emoji {came} ici.",
    "figures.date": "{field} doit être une date comme 2026-01-31.",
    "strike.not_local": (
        "Cela n’est possible que pour un compte de ce site\u00a0; choisissez autre chose."
    ),
    "strike.oneself": "Personne ne décide de son propre compte.",
    "strike.staff": "Seule l’administration décide d’un compte de l’équipe.",
    "trend.display_name": "Le nom affiché doit être le même mot que l’étiquette.",
    "media.archive": "{field} est une archive d’une forme qui n’est pas acceptée.",
    "media.bomb": "{field} contient bien plus qu’il ne devrait une fois décompressé.",
    "media.broken": "{field} ne peut pas être lu\u00a0: le fichier est abîmé ou incomplet.",
    "media.description": "{field} dépasse {max} caractères.",
    "media.focus": "{field} doit être deux nombres de -1 à 1 séparés par une virgule.",
    "media.frame_rate": "{field} dépasse {max} images par seconde.",
    "media.macros": "{field} contient des macros\u00a0; enregistrez-le sans elles.",
    "media.no_file": "{field} doit être un fichier, envoyé en multipart/form-data.",
    "media.not_made": "{field} nomme un fichier qui n’a pas pu être traité\u00a0; renvoyez-le.",
    "media.not_processed": (
        "{field} nomme un fichier encore en cours de traitement\u00a0; redemandez-le jusqu’à ce"
        " qu’il soit prêt."
    ),
    "media.pixels": "{field} a trop de pixels.",
    "media.too_large": "{field} dépasse {max} octets.",
    "media.type": (
        "{field} est d’un type qui n’est pas accepté ici\u00a0; le sont les images, les films, les"
        " sons, le PDF, les documents de bureau et le texte simple."
    ),
    "media.worker": "Le fichier n’a pas pu être traité ({reason}).",
    "storage.unavailable": "Le stockage des fichiers ne répond pas\u00a0; réessayez plus tard.",
    "page.act": "Ce bouton n’existe pas.",
    "page.choose": "Choisissez d’abord une réponse.",
}
