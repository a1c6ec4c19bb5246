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
    "email.invalid": "{came} n’est pas une adresse électronique ; écrivez nom@hôte.",
    "email.taken": "Cette adresse électronique appartient à un autre compte.",
    "follow.blocked": "Vous ne pouvez pas suivre ce compte : l’un de vous deux bloque l’autre.",
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
    "form.type": "Un formulaire s’envoie en application/x-www-form-urlencoded.",
    "oauth.client": "Ce site ne connaît pas l’application ; elle doit s’enregistrer de nouveau.",
    "oauth.redirect_uri": (
        "L’application veut une réponse à une adresse qu’elle n’a pas enregistrée."
    ),
    "oauth.twice": "Le champ {field} est venu deux fois.",
    "page.next": "L’adresse de la suite n’est pas une page de ce site.",
    "page.none": "Cette page n’existe pas, ou n’est pas pour vous.",
    "page.not_found": "Il n’y a rien à cette adresse.",
    "param.body": (
        "Le corps de la requête ne peut pas être lu ({reason}) ; envoyez du JSON, un"
        " formulaire ou du multipart."
    ),
    "param.choice": "{field} doit être l’un de : {allowed}.",
    "param.depth": "Le champ {field} est imbriqué trop profondément.",
    "param.flag": "{field} doit être true ou false.",
    "param.id": "{field} doit être un identifiant.",
    "param.list": "{field} doit être une liste.",
    "param.missing": "{field} manque.",
    "param.number": "{field} doit être un nombre entier de {min} à {max}.",
    "param.text": "{field} doit être un texte.",
    "param.too_long": "{field} a plus de {max} caractères.",
    "param.too_many": "La requête a plus de {max} champs.",
    "param.type": (
        "Le type {came} n’est pas accepté ; envoyez application/json,"
        " application/x-www-form-urlencoded ou multipart/form-data."
    ),
    "password.too_long": (
        "Le mot de passe a plus de {expected} caractères ; prenez-en un plus court."
    ),
    "password.too_short": (
        "Le mot de passe a moins de {expected} caractères ; prenez-en un plus long."
    ),
    "profile.fields": "Un profil a au plus {expected} champs, chacun avec un nom et une valeur.",
    "profile.too_long": "{field} a plus de {expected} caractères.",
    "rates.too_many": "Trop de requêtes ; attendez {retry_after_s} s, puis réessayez.",
    "reblog.author_only": "Seule la personne qui l’a écrit peut transmettre ce message.",
    "reblog.circle": "Ce message est destiné à un cercle précis et ne peut pas être transmis.",
    "record.not_found": "Introuvable",
    "role.unknown": "Il n’y a pas de rôle {came} ; les rôles sont {expected}.",
    "scope.unknown": "L’autorisation {came} n’existe pas ici ; voyez scopes_supported.",
    "server.error": "Quelque chose n’a pas marché ici. C’est noté ; réessayez plus tard.",
    "status.characters": "Le texte contient un caractère qui ne peut pas être enregistré.",
    "status.empty": "Écrivez un texte.",
    "status.language": "{field} doit être un code de langue comme fr ou en-GB.",
    "status.not_found": "Introuvable",
    "status.not_yet": "{field} ne peut pas encore servir sur ce nœud.",
    "status.too_long": "Le texte a {got} caractères ; la limite est de {limit}.",
    "status.visibility": "La visibilité {got} n’existe pas.",
    "token.disabled": "Votre compte est fermé",
    "token.invalid": "Le jeton d’accès n’est pas valable",
    "token.needs_user": "Cette demande a besoin d’une personne connectée",
    "token.scope": "Cette action n’est pas autorisée à l’application",
    "username.invalid": (
        "Le nom {came} n’est pas possible ; prenez des lettres de a à z, des chiffres et des"
        " tirets bas, avec des points et des traits d’union entre eux, 64 caractères au plus."
    ),
    "username.reserved": "Le nom {came} est réservé au nœud lui-même.",
    "username.taken": "Le nom {came} est pris, ou l’a été.",
}
