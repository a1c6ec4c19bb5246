"""What became of exchanges with other servers, in French, by its code: for administrators."""

SENTENCES: dict[str, str] = {
    "activity.actor": (
        "L’activité doit avoir un seul acteur, par son identifiant ou un objet qui en a un ;"
        " nommez-le."
    ),
    "activity.foreign_id": (
        "L’activité {came} est d’un acteur de {expected} ; l’identifiant d’une activité est"
        " sur l’origine de son acteur."
    ),
    "activity.own_actor": "L’activité est d’un acteur de ce nœud, qui ne s’envoie rien à lui-même.",
    "activity.slow": "Ce dont l’activité a besoin n’a pas pu être obtenu en {limit_s} s.",
    "actor.deleted": "{uri} a été supprimé.",
    "actor.handle_ours": "{uri} se donne le nom {came}, qui appartient à ce nœud.",
    "actor.id": (
        "L’acteur n’a pas d’identifiant utilisable ; donnez-lui une adresse http(s) de 2048"
        " octets au plus."
    ),
    "actor.inbox": (
        "L’acteur {uri} doit avoir une boîte de réception sur sa propre origine, et donne {came}."
    ),
    "actor.key_owner": "La clé {key_id} de l’acteur {uri} nomme un autre propriétaire, {came}.",
    "actor.not_here": "Il n’y a pas d’acteur {uri} sur ce nœud.",
    "actor.other_id": "Le serveur de {uri} l’appelle {came} ; utilisez cet identifiant.",
    "actor.type": (
        "{uri} n’est pas un acteur mais {came} ; un acteur est Application, Group,"
        " Organization, Person ou Service."
    ),
    "actor.unknown": "L’acteur {uri} n’est pas connu ici ; il est demandé à son propre serveur.",
    "actor.username": (
        "L’acteur {uri} s’appelle {came} ; des lettres de a à z, des chiffres et des tirets"
        " bas sont acceptés, avec des points et des traits d’union entre eux."
    ),
    "answer.html": "Le partenaire a répondu par une page web à la place d’une boîte de réception.",
    "client.broken": "{url} a répondu autre chose que du HTTP, ou s’est interrompu ({detail}).",
    "client.connect": (
        "Pas de connexion avec {url} ({detail}) ; l’autre serveur est peut-être arrêté."
    ),
    "client.dns": "L’hôte de {url} n’a pas d’adresse ({detail}) ; vérifiez le nom.",
    "client.redirect": "{url} n’a mené nulle part ({detail}) ; donnez l’adresse finale.",
    "client.refused_address": (
        "Ce nœud ne s’adresse pas à {url} ({detail}) ; si un partenaire vit là, nommez sa"
        " plage dans federation.networks."
    ),
    "client.timeout": "{url} n’a pas répondu à temps.",
    "client.tls": (
        "Le certificat de {url} ne tient pas ({detail}) ; il doit être valable, ou son"
        " autorité nommée dans federation.ca_file."
    ),
    "client.too_large": "{url} a répondu plus que ce qui est lu ({detail}).",
    "delivery.body_pruned": "Non remis : son texte n’est plus gardé ici.",
    "delivery.foreign_inbox": (
        "Non remis : la boîte de réception est sur une autre origine que son acteur."
    ),
    "delivery.not_for_them": "Non remis : plus personne là-bas ne peut le voir.",
    "delivery.object_gone": "Non remis : ce dont il parle a été supprimé.",
    "delivery.parked_30_days": "Non remis : le partenaire a échoué dessus pendant trente jours.",
    "delivery.peer_blocked": "Non remis : le partenaire est bloqué ici.",
    "delivery.peer_stranger": "Non remis : ce nœud n’échange pas avec le partenaire.",
    "delivery.silent_30_days": "Non remis : le partenaire n’a pas répondu pendant trente jours.",
    "delivery.unsure": "Attend\xa0: le partenaire ne dit pas si ceci est encore pour lui.",
    "digest.malformed": "L’en-tête {header} ne peut pas être lu ; envoyez {expected}.",
    "digest.mismatch": (
        "L’en-tête {header} dit {algorithm} {came}, mais le corps reçu donne {expected} ; il"
        " a été changé après la signature."
    ),
    "digest.unknown_algorithm": (
        "L’en-tête {header} ne nomme aucun algorithme connu ; utilisez {expected}."
    ),
    "document.method": "Cette adresse n’accepte pas {came}.",
    "document.none": "Introuvable",
    "document.type": (
        "Cette adresse a un document ActivityPub et une page ; demandez"
        " application/activity+json ou text/html."
    ),
    "fetch.budget": "{uri} n’a pas été demandé : une activité peut causer {limit} requêtes.",
    "fetch.content_type": "{uri} est venu en {came} ; servez-le en {expected}.",
    "fetch.gone": "{uri} y a été supprimé.",
    "fetch.id_differs": (
        "{uri} s’appelle lui-même {came}, aussi quand on le demande là ; servez chaque"
        " document sous son propre identifiant."
    ),
    "fetch.id_missing": "{uri} n’a pas d’identifiant ; donnez-lui-en un.",
    "fetch.not_collection": "{uri} est un {came} où une collection était attendue.",
    "fetch.not_found": "{uri} n’y est pas, ou pas pour ce nœud.",
    "fetch.other_origin": (
        "{uri} a mené à {came}, qui appartient à une autre origine ; servez-le vous-même."
    ),
    "fetch.refused": "{uri} a été refusé à ce nœud avec {status}.",
    "fetch.status": "{uri} a répondu {status} où 200 était attendu.",
    "fetch.too_complex": "{uri} est imbriqué trop profondément ou a trop de valeurs.",
    "fetch.unavailable": "{uri} a répondu {status} ; il sera demandé de nouveau plus tard.",
    "host.missing": "La requête doit avoir exactement un en-tête Host.",
    "host.other": "Ce nœud est {expected} ; {came} n’est pas servi ici.",
    "inbox.content_type": (
        "Le type {came} n’est pas accepté ; envoyez application/activity+json, ou"
        " application/ld+json avec le profil d’ActivityStreams."
    ),
    "inbox.deleted": "Le propriétaire de cette boîte de réception n’est plus là.",
    "inbox.nobody": "Il n’y a pas de telle boîte de réception.",
    "json.invalid": "Le corps n’est pas du JSON ; envoyez un objet JSON en UTF-8.",
    "json.not_object": "Le corps est du JSON, mais pas un objet ; envoyez un objet JSON.",
    "key.busy": (
        "Trop de clés inconnues sont en train d’être demandées ; revenez dans {retry_after_s} s."
    ),
    "key.foreign_owner": (
        "La clé {key_id} et son propriétaire {owner} sont sur des origines différentes ;"
        " servez les deux de la même."
    ),
    "key.gone": "La clé {key_id} a disparu avec son propriétaire.",
    "key.malformed": (
        "La clé publique ne peut pas être lue ({reason}) ; envoyez un SubjectPublicKeyInfo en PEM."
    ),
    "key.none": "L’acteur {owner} n’a pas de clé privée ici, rien ne peut être signé pour lui.",
    "key.not_found": (
        "La clé {key_id} ne peut pas servir ({reason}) ; servez le document de son"
        " propriétaire avec cette clé dedans."
    ),
    "key.not_named": (
        "Le propriétaire de la clé {key_id} ne la nomme pas ; citez-la dans publicKey ou"
        " assertionMethod de son document."
    ),
    "key.not_rsa": "La clé publique n’est pas RSA ; publicKeyPem doit contenir une clé RSA.",
    "key.other": (
        "La clé {expected} a été demandée, mais {came} a été trouvée ; corrigez"
        " l’identifiant de la clé."
    ),
    "key.own": "La clé {key_id} est celle de ce nœud ; personne d’autre ne signe avec elle.",
    "key.size": "La clé RSA a {came} bits ; {expected} sont acceptés.",
    "key.unreachable": (
        "La clé {key_id} ne peut pas être obtenue maintenant ({reason}) ; revenez dans"
        " {retry_after_s} s."
    ),
    "key.unreadable": (
        "La clé privée {key_id} ne peut pas être déchiffrée ; remettez le fichier secret"
        " avec lequel elle a été écrite."
    ),
    "multikey.malformed": (
        "La Multikey ne peut pas être lue ({reason}) ; envoyez publicKeyMultibase en"
        " base58btc d’une clé publique Ed25519."
    ),
    "networks.not_a_range": (
        "{field} contient {came}, qui n’est pas une plage d’adresses ; écrivez-les comme"
        " 10.20.0.0/16 ou fd00:1234::/32."
    ),
    "nodeinfo.no_link": "{uri} ne mène à aucun document NodeInfo 2 ; ajoutez-en un.",
    "nodeinfo.no_software": "{uri} ne nomme aucun logiciel ; donnez software.name.",
    "nodeinfo.other_origin": "{uri} mène à {came} ; servez-le sur la même origine.",
    "object.deleted": "L’objet a déjà été supprimé.",
    "object.id": "L’objet n’a pas d’identifiant utilisable.",
    "object.no_author": "{came} ne nomme aucun auteur sur sa propre origine.",
    "object.not_author": "L’objet est d’un autre auteur.",
    "object.other_origin": "L’objet est sur une autre origine que son auteur.",
    "object.own_origin": "{came} est de ce nœud, qui ne s’interroge pas lui-même.",
    "object.stranger": "{came} est d’une origine avec laquelle ce nœud n’échange pas.",
    "object.suspended": "L’auteur de {came} est suspendu ici.",
    "object.type": "L’objet est d’un type que ce nœud ne sait pas montrer.",
    "peer.blocked": "{origin} est bloqué par ce nœud.",
    "peer.covered_by_block": (
        "{origin} est couvert par le blocage de {block} ; autorisez d’abord {block}, si cet"
        " hôte mérite de nouveau confiance."
    ),
    "peer.not_admitted": "{origin} n’est pas parmi les partenaires de ce nœud.",
    "peer.own": "{origin} est ce nœud lui-même.",
    "peer.stranger": (
        "Ce nœud n’échange pas avec {origin} ; la personne qui l’administre peut l’autoriser."
    ),
    "secret.exposed": (
        "Le fichier secret {path} a le mode {came} ; personne d’autre ne doit pouvoir le"
        " lire : chmod 600."
    ),
    "secret.missing": (
        "Le fichier secret {path} ne peut pas être lu ({reason}) ; remettez-le depuis"
        " l’endroit où il est gardé, ou faites-en un nouveau sur un nouveau nœud."
    ),
    "secret.size": (
        "Le fichier secret {path} a {came} octets où {expected} sont nécessaires ; remettez-le."
    ),
    "signature.algorithm": (
        "La signature nomme l’algorithme {came} ; la clé sait faire {expected} : signez ainsi."
    ),
    "signature.component": (
        "La signature couvre {component}, qui n’est pas accepté ici ; couvrez des en-têtes"
        " simples, @method et @target-uri."
    ),
    "signature.covered_twice": (
        "La signature couvre {component} deux fois ; nommez chaque partie une fois."
    ),
    "signature.created_missing": "La signature n’a pas d’heure de création ; ajoutez created.",
    "signature.date": (
        "L’en-tête Date {came} ne peut pas être lu ; écrivez-le comme Tue, 20 Apr 2021"
        " 02:07:55 GMT."
    ),
    "signature.expired": (
        "La signature a été faite il y a {age_s} s ou se dit périmée ; signez chaque essai"
        " de nouveau, et réglez l’horloge."
    ),
    "signature.field_missing": (
        "La signature couvre {component}, que la requête n’a pas ; envoyez-le, ou ne le"
        " couvrez pas."
    ),
    "signature.future": "La signature est datée de {ahead_s} s dans l’avenir ; réglez l’horloge.",
    "signature.host": "La requête a été signée pour {came}, mais ce nœud est {expected}.",
    "signature.key_id": (
        "L’identifiant de clé {came} ne peut pas servir ; donnez l’adresse http(s) de la clé."
    ),
    "signature.malformed": (
        "La signature ne peut pas être lue ({reason}) ; envoyez un en-tête Signature"
        " (draft-cavage-12), ou Signature-Input et Signature (RFC 9421)."
    ),
    "signature.missing": "La requête n’est pas signée ; signez-la avec la clé d’un acteur.",
    "signature.not_actor": (
        "La clé de {owner} a signé, mais l’activité est de {actor} ; une activité est signée"
        " par son propre acteur."
    ),
    "signature.own_key": "La clé {key_id} est celle de ce nœud, qui ne s’envoie rien à lui-même.",
    "signature.pseudo_header": (
        "{component} ne peut pas être signé avec l’algorithme {came} ; utilisez hs2019, ou"
        " signez l’en-tête Date."
    ),
    "signature.several": (
        "Plusieurs signatures sont venues où une seule était attendue ; envoyez-en une."
    ),
    "signature.target": "La cible {came} n’est pas un chemin ; envoyez la forme d’origine.",
    "signature.uncovered": "La signature doit couvrir {component}, et ne le fait pas ; signez-le.",
    "signature.wrong": (
        "La signature ne va pas avec la requête et la clé {key_id} ; signez ce qui est"
        " envoyé, avec la clé publiée là."
    ),
    "target.location": (
        "La redirection vers {came} ne peut pas être lue ; envoyez une adresse http(s)."
    ),
    "target.number": (
        "L’adresse {came} écrit son hôte comme un nombre que l’on peut lire de plusieurs"
        " façons ; écrivez quatre nombres décimaux, ou un nom."
    ),
    "uri.host": "L’adresse {came} n’a pas d’hôte utilisable ; utilisez http(s)://hôte[:port]/….",
    "uri.malformed": "L’adresse {came} ne peut pas être lue ; utilisez http(s)://hôte[:port]/….",
    "uri.port": (
        "L’adresse {came} n’a pas de port utilisable ; utilisez 1 à 65535 ou ne le donnez pas."
    ),
    "uri.scheme": "L’adresse {came} n’est ni http ni https.",
    "uri.userinfo": "L’adresse {came} contient un nom d’utilisateur ; retirez-le.",
    "webfinger.host_meta": (
        "Le host-meta de {uri} ne peut pas servir ; donnez du XRD simple avec un modèle lrdd."
    ),
    "webfinger.no_actor": (
        "{uri} ne nomme aucun acteur ; donnez un lien self de type application/activity+json."
    ),
    "webfinger.no_handle": "{uri} ne se donne aucun nom ; donnez preferredUsername ou webfinger.",
    "webfinger.not_mutual": "{handle} appartient à {came}, pas à {expected}.",
    "webfinger.query": "Dites quelle ressource, comme dans ?resource=acct:nom@hôte.",
    "webfinger.resource": "{came} n’est ni un nom ni une adresse ; écrivez @nom@hôte.",
    "webfinger.unconfirmed": "{handle} se dit {came}, dont l’hôte ne le confirme pas.",
    "webfinger.unknown": "Personne ne s’appelle {handle} là-bas.",
}
