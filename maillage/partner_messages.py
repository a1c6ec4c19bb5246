"""What `maillage partner` says, in French and English."""

# code: (French, English)
PARTNERS: dict[str, tuple[str, str]] = {
    "partner.code": (
        (
            "Code pour {host}, valable 72 heures, une seule fois. Donnez-le à son administrateur"
            " par un autre chemin que ce réseau :"
        ),
        (
            "Code for {host}, good for 72 hours, once. Give it to its administrator by another way"
            " than this network:"
        ),
    ),
    "partner.site": ("Établissement : {name} ({origin})", "Site: {name} ({origin})"),
    "partner.contact": ("Contact : {contact}", "Contact: {contact}"),
    "partner.site_kind": (
        "Nature : établissement de la même organisation",
        "Kind: a site of the same organisation",
    ),
    "partner.state": ("État : {state}", "State: {state}"),
    "partner.ours": ("Ce site accorde : {scope}", "This site grants: {scope}"),
    "partner.theirs": ("Il accorde : {scope}", "It grants: {scope}"),
    "partner.asked_ours": ("Il demande : {scope}", "It asks for: {scope}"),
    "partner.until": ("Jusqu'au : {ends}", "Until: {ends}"),
    "partner.new_sites_proposed": (
        "Sites ajoutés ensuite à une organisation : chacun doit être confirmé",
        "Sites added to an organisation later: each has to be confirmed",
    ),
    "partner.new_sites_accepted": (
        "Sites ajoutés ensuite à une organisation : acceptés",
        "Sites added to an organisation later: accepted",
    ),
    "partner.text": (
        "Texte : révision {revision}, SHA-256 {digest}",
        "Text: revision {revision}, SHA-256 {digest}",
    ),
    "partner.safety": (
        "Numéro de sécurité, à lire de vive voix, le même des deux côtés :",
        "Safety number, to be read aloud, the same on both sides:",
    ),
    "partner.ask_offer": (
        "Proposer cet accord à {name} ?",
        "Offer this agreement to {name}?",
    ),
    "partner.ask_confirm": (
        "Les numéros sont-ils les mêmes, et confirmez-vous cet accord ?",
        "Are the numbers the same, and do you confirm this agreement?",
    ),
    "partner.offered": (
        "Offre remise à {origin} ; une personne doit la confirmer là-bas.",
        "Offer handed to {origin}; a person there has to confirm it.",
    ),
    "partner.confirmed": (
        "L'accord avec {origin} est en vigueur.",
        "The agreement with {origin} is in force.",
    ),
    "partner.counter": (
        "Une contre-offre est partie vers {origin} : une personne doit la confirmer là-bas.",
        "A counter-offer went to {origin}: a person there has to confirm it.",
    ),
    "partner.narrowed": ("L'accord avec {origin} est réduit.", "The agreement is narrowed."),
    "partner.renewing": (
        "La révision est proposée à {origin} ; elle vaut quand il l'aura confirmée.",
        "The revision is offered to {origin}; it holds once confirmed there.",
    ),
    "partner.paused": (
        "L'échange avec {origin} est en pause ; rien ne se perd.",
        "The exchange with {origin} is paused; nothing is lost.",
    ),
    "partner.stop_done": (
        (
            "Arrêt d'urgence : plus rien ne passe avec {origin}. Pour reprendre :"
            " `maillage partner resume`."
        ),
        "Emergency stop: nothing passes with {origin}. Go on by `maillage partner resume`.",
    ),
    "partner.everybody": ("tous les partenaires", "all partners"),
    "partner.one_or_all": (
        "nommez un site, ou écrivez --all.",
        "name one site, or write --all.",
    ),
    "partner.ask_end": ("Mettre fin à l'accord avec {host} ?", "End the agreement with {host}?"),
    "partner.resumed": (
        "L'échange avec {origin} reprend.",
        "The exchange with {origin} goes on.",
    ),
    "partner.ended": (
        "C'est fini avec {origin} : plus rien ne passe, sauf ce qui reprend ou efface.",
        "It is over with {origin}: nothing passes but what takes back or deletes.",
    ),
    "partner.file": (
        "Invitation écrite dans {path} ; donnez-la par un autre chemin que ce réseau.",
        "Invitation written to {path}; hand it over by another way than this network.",
    ),
    "partner.file_wrong": (
        "{path} n'est pas un fichier d'invitation ({reason}).",
        "{path} is no file of an invitation ({reason}).",
    ),
    "partner.code_or_file": (
        "Donnez le code, ou --file avec le fichier de l'invitation.",
        "Give the code, or --file with the file of the invitation.",
    ),
    "partner.not_us": (
        "L'échange avec {origin} est en pause ; seul un nouveau code le rétablit.",
        "The exchange with {origin} is paused; only a new code restores it.",
    ),
    "partner.terms": ("Convention « {name} », SHA-256 {digest} :", "Convention {name}, {digest}:"),
    "partner.terms_set": (
        "Cette convention accompagne désormais ce que ce site propose (SHA-256 {digest}).",
        "This convention now goes with what this site offers (SHA-256 {digest}).",
    ),
    "partner.terms_cleared": (
        "Ce que ce site propose n'a plus de convention ; les accords gardent la leur.",
        "What this site offers has no convention any more; agreements keep theirs.",
    ),
    "partner.terms_unread": (
        "La convention ne peut être lue : {reason}",
        "The convention cannot be read: {reason}",
    ),
    "partner.refused": (
        "Refusé à la porte : {requests} fois, {sentence}",
        "Turned away at the door: {requests} times, {sentence}",
    ),
    "partner.no_notices": ("Rien de nouveau.", "Nothing new."),
    "key.ask": (
        "Changer la clé de ce site ? Les codes d'invitation ouverts ne vaudront plus.",
        "Change the key of this site? Open invitation codes will be worth nothing.",
    ),
    "key.rotated": (
        "La clé de ce site a changé. Empreinte : {fingerprint}",
        "The key of this site has changed. Fingerprint: {fingerprint}",
    ),
    "key.told": ("✓ {origin} l'a prise", "✓ {origin} has taken it"),
    "key.not_told": (
        "✗ {origin} pas encore ({reason}) ; le nœud qui tourne réessaie",
        "✗ {origin} not yet ({reason}); the running node tries again",
    ),
    "partner.none": ("Aucun accord pour l'instant.", "No agreement yet."),
    "partner.stopped": ("Rien n'a été fait.", "Nothing was done."),
    "partner.grant": (
        "« {came} » ne se lit pas ; écrivez champ=valeur, comme audiences=false.",
        '"{came}" cannot be read; write field=value, such as audiences=false.',
    ),
    "state.offered": ("offre envoyée, attend l'autre site", "offered, waits for the other site"),
    "state.asked": ("offre reçue, attend votre confirmation", "asked, waits for you"),
    "state.active": ("en vigueur", "active"),
    "state.paused": ("en pause", "paused"),
    "state.ended": ("terminé", "ended"),
    "state.expired": ("arrivé à son terme", "expired"),
    "state.key_changed": (
        "clés changées : rien ne part avant un nouveau code",
        "keys changed: nothing goes before a new code",
    ),
    "probe.green": ("✓ {what}", "✓ {what}"),
    "probe.red": ("✗ {what} ({came}) → {advice}", "✗ {what} ({came}) → {advice}"),
    "probe.keys": ("les clés sont celles de l'accord", "the keys are those of the agreement"),
    "probe.webfinger": ("il se trouve par son nom", "it is found by its name"),
    "probe.read": (
        "nous lisons l'accord chez lui, le même texte",
        "we read the agreement there, the same text",
    ),
    "probe.clock": ("les horloges s'accordent", "the clocks agree"),
    "probe.tls": (
        "son certificat tient encore deux semaines",
        "its certificate holds for two more weeks",
    ),
    "probe.inbox": (
        "les envois atteignent son logiciel",
        "what is posted reaches its software",
    ),
    "probe.unsigned": (
        "il refuse qui ne signe pas",
        "it refuses who does not sign",
    ),
    "probe.ping": ("il accepte nos envois", "it takes what we send"),
    "advice.keys": (
        (
            "appelez son administrateur : s'il a changé ses clés, appariez de nouveau par un code ;"
            " sinon, quelqu'un d'autre répond à son nom"
        ),
        (
            "call its administrator: if the keys were changed, pair again by a code; if not,"
            " somebody else answers in its name"
        ),
    ),
    "advice.webfinger": (
        "vérifiez /.well-known/webfinger chez lui et son serveur mandataire",
        "check /.well-known/webfinger there, and its reverse proxy",
    ),
    "advice.read": (
        "lancez `maillage partner show` des deux côtés : l'état et le texte doivent être les mêmes",
        "run `maillage partner show` on both sides: state and text must be the same",
    ),
    "advice.clock": (
        "mettez les deux horloges à l'heure (NTP)",
        "set both clocks (NTP)",
    ),
    "advice.tls": (
        "faites renouveler son certificat TLS avant qu'il n'expire",
        "have its TLS certificate renewed before it ends",
    ),
    "advice.inbox": (
        "son mandataire doit laisser passer POST /inbox jusqu'au nœud",
        "its proxy has to let POST /inbox through to the node",
    ),
    "advice.unsigned": (
        "son mandataire sert des documents sans les protéger ; faites-le corriger",
        "its proxy serves documents unprotected; have that corrected",
    ),
    "advice.ping": (
        "voyez s'il est en pause, et si son mandataire laisse passer les POST vers /actor/inbox",
        "see whether it is paused, and whether its proxy lets POST pass to /actor/inbox",
    ),
}
