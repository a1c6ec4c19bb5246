"""The sentences of the pages about signing in, devices and passwords: French, then English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "sign_in.passkey": ("Utiliser une clé d’accès", "Use a passkey"),
    "sign_in.forgotten": ("Mot de passe ou code perdu", "Lost password or code"),
    "ended.title": ("Votre session a pris fin", "Your session has ended"),
    "ended.kept": (
        (
            "Rien n’a été envoyé. Ce que vous aviez saisi est gardé une heure, pour votre compte"
            " seulement\u00a0: connectez-vous, et vous le retrouverez dans son formulaire."
        ),
        (
            "Nothing was sent. What you had typed is kept for an hour, for your account only: sign"
            " in, and you will find it in its form again."
        ),
    ),
    "ended.too_long": (
        (
            "Rien n’a été envoyé. Ce que vous aviez saisi est trop long pour être gardé ici\u00a0:"
            " revenez en arrière avec votre navigateur pour le copier, puis connectez-vous."
        ),
        (
            "Nothing was sent. What you had typed is too long to be kept here: go back with your"
            " browser to copy it, then sign in."
        ),
    ),
    "ended.not_sent": ("Rien n’a encore été envoyé.", "Nothing was sent yet."),
    "ended.typed": (
        (
            "Votre session avait pris fin. Ce que vous aviez saisi est de nouveau dans le"
            " formulaire\u00a0: relisez-le, puis envoyez-le. Les mots de passe, les codes et les"
            " fichiers ne sont pas gardés."
        ),
        (
            "Your session had ended. What you had typed is in the form again: read it through, then"
            " send it. Passwords, codes and files are not kept."
        ),
    ),
    "ended.no_place": (
        "Ce que vous aviez saisi et qui n’a plus sa place ici, à copier",
        "What you had typed that has no place here any more, to copy",
    ),
    "passkey.trouble": (
        "La clé d’accès n’a pas répondu. Réessayez, ou connectez-vous autrement.",
        "The passkey did not answer. Try again, or sign in another way.",
    ),
    "step.title": ("Deuxième étape", "Second step"),
    "step.lead": (
        "Écrivez le code que montre votre application, ou l’un de vos codes de secours.",
        "Write the code that your application shows, or one of your recovery codes.",
    ),
    "step.code": ("Code", "Code"),
    "step.code_hint": (
        (
            "Six chiffres, qui changent toutes les 30 secondes. Un code de secours a seize"
            " lettres et"
            " chiffres, et sert une fois."
        ),
        (
            "Six digits, which change every 30 seconds. A recovery code has sixteen letters and"
            " digits, and works once."
        ),
    ),
    "step.submit": ("Continuer", "Continue"),
    "step.wrong": (
        "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, puis réessayez.",
        "This code is not right, or it was used before. Wait for the next one, then try again.",
    ),
    "step.over": (
        "Cinq minutes ont passé depuis votre mot de passe. Recommencez la connexion.",
        "Five minutes have passed since your password. Start signing in again.",
    ),
    "step.again": ("Recommencer", "Start again"),
    "step.lost": (
        (
            "Téléphone et codes perdus\u00a0? La personne qui administre votre site peut"
            " vous donner un"
            " nouveau lien."
        ),
        "Phone and codes lost? Whoever administers your site can give you a new link.",
    ),
    "account.title": ("Connexion et appareils", "Sign-in and devices"),
    "account.tabs": ("Réglages de connexion", "Sign-in settings"),
    "account.devices": ("Appareils", "Devices"),
    "account.password": ("Mot de passe", "Password"),
    "account.two_factor": ("Deuxième étape", "Second step"),
    "account.passkeys": ("Clés d’accès", "Passkeys"),
    "account.again": ("Votre mot de passe actuel", "Your current password"),
    "account.wrong_title": ("Rien n’a été changé.", "Nothing was changed."),
    "account.wrong_password": (
        "Ce n’est pas votre mot de passe actuel. Vérifiez les majuscules, puis réessayez.",
        "This is not your current password. Check the capital letters, then try again.",
    ),
    "account.sign_in_again": (
        (
            "Par sûreté, déconnectez-vous puis reconnectez-vous\u00a0: il faut une connexion"
            " de moins de"
            " dix minutes."
        ),
        "To be safe, sign out and in again: this takes a sign-in of less than ten minutes ago.",
    ),
    "devices.browsers": ("Vos navigateurs connectés", "Your signed-in browsers"),
    "devices.apps": ("Les applications que vous avez autorisées", "Applications you authorised"),
    "devices.no_apps": ("Aucune application.", "No application."),
    "devices.unknown": ("Navigateur", "Browser"),
    "devices.here": ("Cet appareil", "This device"),
    "devices.shared": ("Appareil partagé", "Shared device"),
    "devices.since": ("Connecté le {date}", "Signed in on {date}"),
    "devices.app_since": ("Autorisée le {date}", "Authorised on {date}"),
    "devices.by_password": ("mot de passe", "password"),
    "devices.by_second_factor": ("mot de passe et code", "password and code"),
    "devices.by_passkey": ("clé d’accès", "passkey"),
    "devices.command": ("Jeton fait par commande", "Token made by command"),
    "devices.end": ("Fermer", "Close"),
    "devices.end_which": (" la session\u00a0: {name}", " the session: {name}"),
    "devices.revoke": ("Retirer l’accès", "Withdraw access"),
    "devices.revoke_which": (" à\u00a0: {name}", " from: {name}"),
    "devices.lost": (
        "Téléphone perdu\u00a0? Fermez tout, l’effet est immédiat.",
        "Phone lost? Close everything, it takes effect at once.",
    ),
    "devices.end_others": ("Fermer les autres sessions", "Close the other sessions"),
    "devices.all_apps": (
        "Les applications perdent leur accès aussi.",
        "Applications lose their access as well.",
    ),
    "devices.done": (
        "C’est fait\u00a0: l’accès a pris fin.",
        "Done: the access has ended.",
    ),
    "password.title": ("Changer de mot de passe", "Change your password"),
    "password.new": ("Nouveau mot de passe", "New password"),
    "password.new_hint": (
        "Au moins dix caractères. Quelques mots ordinaires à la suite font un bon mot de passe.",
        "At least ten characters. A few ordinary words in a row make a good password.",
    ),
    "password.ends": (
        "Les autres appareils et les applications devront se reconnecter.",
        "Other devices and applications will have to sign in again.",
    ),
    "password.submit": ("Changer le mot de passe", "Change the password"),
    "password.done": (
        "Votre mot de passe a changé. Les autres appareils et les applications sont déconnectés.",
        "Your password has changed. Other devices and applications are signed out.",
    ),
    "forgotten.title": ("Mot de passe perdu", "Lost password"),
    "forgotten.lead": (
        (
            "Écrivez votre identifiant ou votre adresse électronique. Si ce compte a une"
            " adresse, un"
            " lien y part\u00a0; il sert une fois, pendant une heure."
        ),
        (
            "Write your sign-in name or email address. If this account has an address, a link goes"
            " there; it works once, within one hour."
        ),
    ),
    "forgotten.submit": ("Envoyer un lien", "Send a link"),
    "forgotten.sent_title": ("Regardez votre courrier", "Look at your mail"),
    "forgotten.sent": (
        (
            "Si ce compte existe et a une adresse électronique, un lien vient d’y partir. Sinon,"
            " demandez-en un à la personne qui administre votre site."
        ),
        (
            "If this account exists and has an email address, a link has just gone there."
            " Otherwise,"
            " ask whoever administers your site for one."
        ),
    ),
    "forgotten.off": (
        (
            "Ce site n’envoie pas de courrier. La personne qui l’administre peut vous donner"
            " un lien"
            " pour choisir un nouveau mot de passe."
        ),
        (
            "This site sends no mail. Whoever administers it can give you a link to choose a new"
            " password."
        ),
    ),
    "forgotten.missing": (
        "Écrivez votre identifiant ou votre adresse électronique.",
        "Write your sign-in name or email address.",
    ),
    "forgotten.back": ("Revenir à la connexion", "Back to signing in"),
    "reset.title": ("Choisir un nouveau mot de passe", "Choose a new password"),
    "reset.lead": ("Pour le compte {account}.", "For the account {account}."),
    "reset.done_title": ("Votre mot de passe a changé", "Your password has changed"),
    "reset.done": (
        (
            "Tous les appareils et toutes les applications sont déconnectés. Connectez-vous avec le"
            " nouveau mot de passe."
        ),
        "All devices and applications are signed out. Sign in with the new password.",
    ),
    "two_factor.off": (
        (
            "Après le mot de passe, rien d’autre n’est demandé. Une application de codes sur votre"
            " téléphone protège votre compte si le mot de passe est deviné ou vu."
        ),
        (
            "After the password, nothing more is asked. A code application on your phone protects"
            " your account if the password is guessed or seen."
        ),
    ),
    "two_factor.on": (
        "Après le mot de passe, un code est demandé.",
        "After the password, a code is asked for.",
    ),
    "two_factor.codes_left": (
        "Codes de secours qui restent\u00a0: {count}.",
        "Recovery codes left: {count}.",
    ),
    "two_factor.begin": ("Préparer les codes", "Set up codes"),
    "two_factor.scan": (
        "1. Scannez ce dessin avec votre application de codes.",
        "1. Scan this drawing with your code application.",
    ),
    "two_factor.drawing": (
        "Code QR à scanner\u00a0; la même clé est écrite dessous.",
        "QR code to scan; the same key is written below.",
    ),
    "two_factor.key": ("Ou recopiez cette clé", "Or copy this key"),
    "two_factor.open": ("Ouvrir l’application de codes", "Open the code application"),
    "two_factor.confirm": (
        "2. Écrivez le code que l’application montre.",
        "2. Write the code that the application shows.",
    ),
    "two_factor.turn_on": ("Activer la deuxième étape", "Turn the second step on"),
    "two_factor.turn_off": ("Retirer la deuxième étape", "Remove the second step"),
    "two_factor.renew": ("Refaire les codes de secours", "Make new recovery codes"),
    "two_factor.codes_title": ("Vos dix codes de secours", "Your ten recovery codes"),
    "two_factor.codes_lead": (
        (
            "Notez-les ou imprimez-les, et gardez-les ailleurs que dans votre téléphone."
            " Chacun sert"
            " une fois. Ils ne seront plus montrés."
        ),
        (
            "Write them down or print them, and keep them elsewhere than in your phone. Each works"
            " once. They will not be shown again."
        ),
    ),
    "two_factor.codes_kept": ("Je les ai gardés", "I have kept them"),
    "passkeys.lead": (
        (
            "Une clé d’accès reste dans votre appareil\u00a0: elle remplace le mot de passe,"
            " et se déverrouille"
            " par votre doigt, votre visage ou votre code."
        ),
        (
            "A passkey stays in your device: it replaces the password, and opens with your finger,"
            " your face or your code."
        ),
    ),
    "passkeys.none": ("Aucune clé d’accès.", "No passkey."),
    "passkeys.impossible": (
        (
            "Ce site est joint par une adresse en chiffres\u00a0: les navigateurs n’y font"
            " pas de clés"
            " d’accès."
        ),
        "This site is reached by an address in figures: browsers make no passkeys there.",
    ),
    "passkeys.without": (
        "Votre navigateur ne sait pas faire de clés d’accès, ou les scripts y sont coupés.",
        "Your browser cannot make passkeys, or scripts are off in it.",
    ),
    "passkeys.since": ("Ajoutée le {date}", "Added on {date}"),
    "passkeys.add_title": ("Ajouter une clé d’accès", "Add a passkey"),
    "passkeys.name": ("Nom de cet appareil", "Name of this device"),
    "passkeys.name_hint": ("Par exemple\u00a0: mon téléphone.", "For example: my phone."),
    "passkeys.add": ("Ajouter une clé d’accès", "Add a passkey"),
    "passkeys.remove": ("Retirer", "Remove"),
    "passkeys.remove_title": ("Retirer une clé d’accès", "Remove a passkey"),
    "passkeys.which": ("Quelle clé", "Which passkey"),
    "passkeys.unnamed": ("Clé d’accès", "Passkey"),
    "consent.group_read": ("Voir", "See"),
    "consent.group_write": ("Écrire et agir en votre nom", "Write and act on your behalf"),
    "consent.group_push": ("Vous prévenir", "Notify you"),
    "consent.group_admin": (
        "Administrer ce site",
        "Administer this site",
    ),
}
FRENCH = {key: french for key, (french, _) in SENTENCES.items()}
ENGLISH = {key: english for key, (_, english) in SENTENCES.items()}
