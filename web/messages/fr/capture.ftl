# Ce que lit la personne. Des mots courts, sans reproche, jamais une valeur qui apprendrait quelque chose à quelqu’un.

## Cadre
frame-skip = Aller au contenu
frame-title = Vérification d’identité
frame-step = Étape { $step } sur { $total }
frame-time-left = Temps restant : { $time }
frame-decline = Ce n’était pas moi / annuler
frame-language = Langue

## Durées
duration-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
duration-hours = { $count ->
    [one] { $count } heure
   *[other] { $count } heures
}
duration-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}

## Consentement
consent-title = { $organization } souhaite vérifier que c’est bien vous
consent-lead = Prenez le temps de lire ceci avant de commencer.
consent-warning-title = L’avez-vous demandé ?
consent-warning = Continuez seulement si vous l’avez demandé. Personne du service d’assistance ne vous appellera pour vous demander d’ouvrir ce lien.
consent-warning-phone = Un doute ? Raccrochez et appelez vous-même { $organization } au { $phone }.
consent-who = Qui demande
consent-who-value = { $requester }, { $organization }
consent-purpose = Pour quoi
consent-ticket = Ticket
consent-opened = Demandé à
consent-collect = Ce que nous vous demandons
consent-collect-document = Une photo de votre pièce d’identité
consent-collect-selfie = Un selfie, pour comparer votre visage à la pièce
consent-collect-credential = L’attestation « { $credential } » de Microsoft Authenticator
consent-collect-face-check = Une image de votre visage, qu’Authenticator compare à celle de l’attestation. Seul le résultat nous parvient.
consent-kept-images = Les images sont conservées { $duration }, puis détruites.
consent-kept-facts = Ce que nous lisons sur la pièce, comme votre nom, est conservé { $duration }.
consent-kept-credential = L’attestation elle-même n’est pas conservée. Ce qui en compte, comme votre nom, est conservé { $duration }.
consent-seen = Un examinateur de { $organization } peut voir les images. L’agent du service d’assistance ne les voit jamais.
consent-valid = Ce lien fonctionne pendant { $duration }, jusqu’à { $time }.
consent-agree = J’accepte et je continue
consent-decline = Ce n’était pas moi

## Document
document-title = Votre document
document-choose = Quel document avez-vous sous la main ?
document-choose-lead = Il faut l’original : ni copie, ni image sur un écran.
document-choose-continue = Continuer
document-change = Utiliser un autre document
kind-passport = Passeport
kind-passport-hint = La page avec votre photo
kind-id_card = Carte d’identité
kind-id_card-hint = Recto et verso
kind-driving_licence = Permis de conduire
kind-driving_licence-hint = Recto et verso
kind-visa = Visa
kind-visa-hint = La page avec le visa
kind-residence_permit = Titre de séjour
kind-residence_permit-hint = Recto et verso
side-page = { $kind } : page avec la photo
side-front = { $kind } : recto
side-back = { $kind } : verso
document-tip-fit = Placez le document entier dans le cadre.
document-tip-light = Cherchez une bonne lumière, loin des lampes qui se reflètent.
document-tip-still = Posez-le à plat et tenez le téléphone sans bouger.

## Appareil photo
camera-open = Ouvrir l’appareil photo
camera-opening = Ouverture de l’appareil photo…
camera-take = Prendre la photo
camera-use = Utiliser cette photo
camera-again = Reprendre
camera-file = Choisir une photo sur cet appareil
camera-file-instead = Choisir plutôt une photo
camera-send = Envoyer la photo
camera-sending = Vérification de votre photo…
camera-accepted = La photo est bonne.
camera-continue = Continuer
camera-refused = Reprenez la photo, s’il vous plaît :
camera-tries = Essais restants : { $count }
camera-denied = L’appareil photo est bloqué. Autorisez-le pour cette page dans les réglages du navigateur, puis réessayez.
camera-none = Aucun appareil photo n’a été trouvé.
camera-failed = La photo n’a pas pu être envoyée. Vérifiez votre connexion et réessayez.
camera-live = Image de l’appareil photo
camera-preview = La photo que vous avez prise
camera-script = Prendre des photos demande JavaScript. Activez-le dans les réglages du navigateur et rechargez cette page.

## Selfie
selfie-title = Votre selfie
selfie-lead = Nous comparons votre visage à la photo du document.
selfie-tip-face = Regardez l’appareil bien en face, le visage dans l’ovale.
selfie-tip-light = La lumière doit éclairer votre visage, pas venir de derrière.
selfie-tip-bare = Retirez lunettes de soleil, chapeau et masque.

## Live selfie
liveness-lead-enrolled = Nous comparons votre visage à celui que vous avez enregistré.
liveness-tip-follow = Faites ce que l’image demande : tournez un peu la tête, approchez-vous, regardez droit devant.
liveness-keep-title = La prochaine fois sans document ?
liveness-keep-lead = { $organization } peut garder un gabarit de votre visage, chiffré, pendant { $duration }. Il ne sert qu’à vous reconnaître lors d’une prochaine demande, et vous pouvez revenir sur cet accord à tout moment. Vous pouvez refuser : cela ne change rien aujourd’hui.
liveness-keep = Garder un gabarit de mon visage pendant { $duration }
liveness-sending = Vérification de ce que la caméra a vu…
liveness-progress = Votre progression
liveness-begin = Commencer
liveness-voice = Lire les consignes à voix haute
liveness-other-title = Pas de caméra, ou vous préférez éviter ?
liveness-other-lead = Une personne peut examiner votre demande à la place. C’est plus long.
liveness-other = Laisser une personne décider
liveness-step-look_ahead = Regardez droit devant
liveness-step-turn_left = Tournez la tête vers votre gauche
liveness-step-turn_right = Tournez la tête vers votre droite
liveness-step-closer = Approchez-vous un peu
liveness-step-farther = Reculez un peu
liveness-hint-dark = Il fait trop sombre : cherchez plus de lumière.
liveness-hint-bright = Il y a trop de lumière : évitez la lumière directe.
liveness-hint-behind = La lumière est derrière vous : retournez-vous.
liveness-hint-still = Ne bougez pas.
liveness-hint-good = Bien. Vous pouvez commencer.
end-template-lead = Vous avez accepté qu’un gabarit de votre visage soit gardé. Vous pouvez revenir dessus maintenant ou plus tard.
end-template-delete = Supprimer le gabarit de mon visage

## Autre appareil
handover-offer = Continuer sur votre téléphone
handover-offer-lead = L’appareil d’un téléphone prend souvent de meilleures photos.
handover-show = Afficher le code QR
handover-qr = Code QR qui ouvre cette vérification sur votre téléphone
handover-qr-lead = Scannez-le avec votre téléphone. Cette page suit toute seule.
handover-title = Continuer sur ce téléphone
handover-lead = Vous avez commencé sur un autre appareil. Vérifiez que ces informations sont justes.
handover-continue = Continuer ici
following-title = Poursuivez sur votre téléphone
following-lead = Cette page suit toute seule. Vous pouvez la laisser ouverte.
following-reclaim = Continuer plutôt ici

## Traitement
processing-title = Nous vérifions vos images
processing-lead = Cela ne prend pas longtemps. Vous pouvez laisser cette page ouverte.

## Fins
end-succeeded-title = Merci, c’est confirmé
end-succeeded-lead = La vérification est terminée. { $organization } a le résultat.
end-failed-title = Nous n’avons pas pu confirmer que c’est vous
end-failed-lead = { $organization } sait que la vérification n’a pas réussi. Le service d’assistance peut vous dire ce qui reste possible.
end-pending_review-title = Quelqu’un va regarder
end-pending_review-lead = Un examinateur de { $organization } décidera. Vous n’avez pas besoin d’attendre ici.
end-expired-title = Ce lien a expiré
end-expired-lead = Si vous en avez encore besoin, demandez un nouveau lien au service d’assistance.
end-cancelled-title = Cette vérification a été annulée
end-cancelled-lead = { $organization } a retiré la demande. Vous n’avez plus rien à faire.
end-declined-title = Merci de nous l’avoir dit
end-declined-lead = La vérification est arrêtée et { $organization } en est informé. Si quelqu’un vous a demandé d’ouvrir ce lien, ne lui donnez ni code ni mot de passe.
end-already_opened-title = Ce lien a déjà été ouvert
end-already_opened-lead = Il ne fonctionne que dans le navigateur qui l’a ouvert en premier. Si ce n’était pas vous, appelez le service d’assistance.
end-not_found-title = Ce lien ne fonctionne pas
end-not_found-lead = Vérifiez que vous avez ouvert le lien entier, ou demandez-en un nouveau au service d’assistance.
end-reasons = Pourquoi
end-return = Retourner à { $organization }
end-close = Vous pouvez fermer cette page.
end-phone = Service d’assistance : { $phone }

## Problème
problem-request = Numéro de requête : { $id }

## Raisons
reason-image-unreadable = Ce fichier n’a pas pu être lu comme une photo.
reason-image-too-large = Le fichier de la photo est trop grand.
reason-image-too-small = La photo est trop petite. Rapprochez-vous ou utilisez un meilleur appareil.
reason-image-blurred = La photo est floue. Tenez le téléphone sans bouger et laissez-le faire la mise au point.
reason-image-glare = La lumière se reflète sur le document. Inclinez-le un peu ou éloignez-vous de la lampe.
reason-image-too-dark = La photo est trop sombre. Cherchez plus de lumière.
reason-image-too-bright = La photo est trop claire. Évitez la lumière directe.
reason-document-missing = Aucun document n’est visible sur la photo.
reason-document-side-missing = Il manque un côté du document.
reason-mrz-not-found = Les lignes de lettres et de chiffres ne sont pas visibles. Montrez la page entière.
reason-mrz-check-digit-mismatch = Les lignes de lettres et de chiffres n’ont pas pu être lues avec certitude. Prenez une photo plus nette.
reason-document-expired = Le document a expiré. Utilisez un document valide.
reason-document-kind-not-accepted = Ce type de document n’est pas accepté ici.
reason-document-country-not-accepted = Les documents de ce pays ne sont pas acceptés ici.
reason-document-dates-implausible = Les dates du document n’ont pas pu être lues avec certitude.
reason-document-expiry-not-stated = Nous n’avons pu lire aucune date d’expiration sur le document. Quelqu’un va le regarder.
reason-document-sources-differ = Les parties du document ne concordent pas.
reason-document-is-specimen = Ce document est un spécimen. Utilisez le vôtre.
reason-document-used-by-another = Quelqu’un examinera votre document.
reason-document-not-the-known-one = Quelqu’un examinera votre document.
reason-document-on-screen = Quelqu’un examinera votre document.
reason-document-not-in-colour = Quelqu’un examinera votre document.
reason-picture-edited = Quelqu’un examinera votre document.
reason-chip-not-read = La puce de votre document n’a pas pu être vérifiée automatiquement.
reason-chip-signature-invalid = Nous n’avons pas pu confirmer que votre document est authentique.
reason-chip-signature-unsupported = La puce de votre document n’a pas pu être vérifiée automatiquement.
reason-chip-weak-algorithm = La puce de votre document n’a pas pu être vérifiée automatiquement.
reason-chip-signer-not-trusted = Nous n’avons pas pu confirmer que votre document est authentique.
reason-chip-authority-not-known = La puce de votre document n’a pas pu être vérifiée automatiquement.
reason-chip-signer-revoked = Nous n’avons pas pu confirmer que votre document est authentique.
reason-chip-revocation-unknown = La puce de votre document n’a pas pu être vérifiée automatiquement.
reason-chip-data-altered = Nous n’avons pas pu confirmer que votre document est authentique.
reason-chip-data-unreadable = La puce de votre document n’a pas pu être vérifiée automatiquement.
reason-chip-copied = Nous n’avons pas pu confirmer que votre document est authentique.
reason-name-mismatch = Le document ne correspond pas à ce que l’organisation sait de vous.
reason-birthdate-mismatch = Le document ne correspond pas à ce que l’organisation sait de vous.
reason-name-not-known = L’organisation n’a pas d’informations à comparer avec votre document.
reason-selfie-missing = Aucun visage n’est visible sur le selfie.
reason-face-not-compared = Votre visage n’a pas pu être comparé automatiquement.
reason-face-declined = Vous avez demandé qu’une personne décide.
reason-liveness-not-performed = Nous n’avons pas pu vérifier automatiquement que le selfie vient d’être pris.
reason-review-required = Un examinateur doit regarder.
reason-reviewer-rejected = Un examinateur a regardé et n’a pas pu confirmer.
reason-reviewer-approved = Un examinateur a regardé et a confirmé.
reason-too-many-attempts = Il y a eu trop d’essais.
reason-link-expired = Le temps prévu pour cette vérification est écoulé.
reason-cancelled-by-requester = La demande a été retirée.
reason-declined-by-person = Vous avez arrêté la vérification.
reason-processing-error = Quelque chose n’a pas fonctionné de notre côté.
reason-mrz-uncertain = Les lignes de lettres et de chiffres n’ont pas pu être lues de façon fiable. Prenez une photo plus nette.
reason-barcode-unreadable = Le code-barres n’a pas pu être lu. Montrez-le en entier, net et sans reflet.
reason-barcode-malformed = Quelqu’un doit regarder le code-barres du document.
reason-check-not-applicable = Il n’y a rien à faire.
reason-document-kind-differs = Ce n’est pas le type de document que vous avez choisi.
reason-document-not-machine-readable = Le document n’a pas pu être lu automatiquement.
reason-birthdate-not-known = L’organisation n’a pas de données auxquelles comparer votre document.
reason-credential-not-presented = Aucune attestation n’a été présentée.
reason-credential-issuer-not-accepted = Cette attestation n’est pas acceptée ici.
reason-credential-issuer-any = Il n’y a rien à faire.
reason-credential-type-differs = Ce n’est pas l’attestation demandée.
reason-credential-revoked = Cette attestation n’est plus valable.
reason-credential-status-unknown = Quelqu’un examinera ce que vous avez présenté.
reason-credential-domain-not-linked = Cette attestation n’est pas acceptée ici.
reason-credential-expired = Cette attestation n’est plus valable.
reason-credential-expiry-not-stated = Quelqu’un examinera ce que vous avez présenté.
reason-credential-constraint-not-met = Cette attestation n’est pas acceptée ici.
reason-credential-claim-missing = Quelqu’un examinera ce que vous avez présenté.
reason-credential-face-not-checked = Nous n’avons pas pu confirmer que c’est vous.
reason-credential-face-mismatch = Nous n’avons pas pu confirmer que c’est vous.
reason-review-not-allowed = La vérification n’a pas pu être terminée automatiquement.
reason-time-expired = Le temps prévu pour cette vérification est écoulé.
reason-face-not-found = Votre visage n’était pas visible. Veuillez reprendre une photo.
reason-faces-several = Vous devez être seul sur la photo.
reason-face-too-small = Rapprochez-vous.
reason-face-turned = Regardez droit vers la caméra.
reason-face-blurred = L’image de votre visage est floue. Ne bougez pas le téléphone.
reason-face-badly-lit = Il y a trop peu ou trop de lumière sur votre visage.
reason-face-cut-off = Montrez tout votre visage sur la photo.
reason-face-covered = Ne cachez pas votre visage.
reason-face-mismatch = Nous n’avons pas pu confirmer que c’est vous.
reason-face-uncertain = Quelqu’un examinera vos photos.
reason-face-not-enrolled = Quelqu’un examinera vos photos.
reason-face-not-the-enrolled-one = Quelqu’un examinera vos photos.
reason-portrait-not-found = Quelqu’un examinera vos photos.
reason-face-template-outdated = Quelqu’un examinera vos photos.
reason-liveness-frames-missing = Il nous faut encore une courte vidéo de votre visage.
reason-liveness-frames-unusable = Cela n’a pas fonctionné. Réessayez, le visage dans le cadre.
reason-liveness-frames-repeated = Nous n’avons pas pu confirmer que vous êtes devant la caméra.
reason-liveness-challenge-failed = Cela n’a pas fonctionné. Suivez les étapes encore une fois.
reason-liveness-face-changed = Nous n’avons pas pu confirmer que vous êtes devant la caméra.
reason-liveness-no-depth = Nous n’avons pas pu confirmer que vous êtes devant la caméra.
reason-liveness-light-differs = Nous n’avons pas pu confirmer que vous êtes devant la caméra.
reason-presentation-attack = Nous n’avons pas pu confirmer que vous êtes devant la caméra.
reason-presentation-uncertain = Quelqu’un examinera vos photos.
reason-camera-unusual = Quelqu’un examinera vos photos.

## Another try
retry-title = Veuillez réessayer
retry-accepted = Acceptés ici :
retry-again = Réessayer
problem-title = Un problème est survenu

## Messages
mail-verify-subject = { $organization } vous demande de confirmer votre identité
mail-verify-who = { $requester } ({ $organization }) vous demande de confirmer votre identité. Motif : { $purpose }
mail-verify-ticket = Ticket : { $ticket }
mail-verify-time = Le lien fonctionne pendant { $duration }. Préparez votre pièce d’identité.
mail-verify-button = Confirmer mon identité
mail-sign-in-subject = Connexion à la console de { $organization }
mail-sign-in-body = Bonjour { $name }, ce lien vous connecte une seule fois. Il fonctionne pendant une heure.
mail-sign-in-button = Se connecter
mail-test-subject = Un test d’Ipse
mail-test-body = Ceci est un test de { $organization }. Les messages arrivent.
mail-footer = { $organization } confirme les identités avec Ipse.
sms-verify = { $organization }, ticket { $ticket } : confirmez votre identité : { $link } Ce n’est pas vous ? Ignorez ce message ou dites-le via le lien.

## Going back to a relying party

oidc-returning-title = Vous retournez vers { $client }
oidc-returning-lead = Cela prend un instant. Si rien ne se passe, utilisez le bouton.
oidc-returning-go = Retourner vers { $client }
oidc-review-lead = Gardez cette page ouverte. Elle continuera d’elle-même dès qu’une personne de { $organization } aura décidé.
oidc-open-title = Votre vérification d’identité est en cours
oidc-open-lead = Gardez cette page ouverte ; elle suit l’avancement.
oidc-problem = Cette demande ne peut pas être utilisée, ou ne peut plus l’être. Retournez d’où vous venez et recommencez.

## The Temporary Access Pass after a success

pass-title = Retrouver l’accès à votre compte
pass-lead = { $organization } peut vous donner un passe d’accès temporaire : un code avec lequel vous vous connectez une fois à votre compte professionnel, à la place de ce que vous n’avez plus.
pass-get = Obtenir un passe
pass-again = Réessayer
pass-requested = Votre passe est en cours de création. S’il n’apparaît pas, rechargez cette page dans une minute.
pass-issued = Un passe vous a été donné. Il a été affiché une fois et n’est pas conservé ici. Si vous ne l’avez pas, appelez votre service d’assistance.
pass-failed-unavailable = Votre passe n’a pas pu être créé pour le moment. Réessayez dans un instant.
pass-failed-spent = Votre passe n’a pas pu être créé. Appelez votre service d’assistance : ce qui a été confirmé reste valable.
pass-failed-misconfigured = Votre passe ne peut pas être créé, car { $organization } doit corriger quelque chose. Appelez votre service d’assistance : ce qui a été confirmé reste valable.
pass-failed-unknown_user = Votre compte professionnel est introuvable. Appelez votre service d’assistance : ce qui a été confirmé reste valable.
pass-failed-name_mismatch = Votre compte professionnel porte un autre nom que votre document. Appelez votre service d’assistance : ce qui a été confirmé reste valable.
pass-failed-not_allowed = Pour votre compte, seul un administrateur peut créer un passe. Appelez votre service d’assistance : ce qui a été confirmé reste valable.
pass-failed-withdrawn = Il n’y a plus de passe pour vous. Appelez votre service d’assistance.
pass-given-title = Votre passe d’accès temporaire
pass-given-lead = Connectez-vous avec lui à votre compte professionnel. Il fonctionne une fois, dans un délai de { $time }.
pass-given-once = Il ne sera plus affiché. Utilisez-le maintenant et ne le dites à personne, pas même à votre service d’assistance.
pass-given-done = Je l’ai

## The credential after a success

wallet-title = Ajouter à votre portefeuille
wallet-lead = { $organization } peut déposer ce qui a été confirmé dans Microsoft Authenticator sous forme de Verified ID. La prochaine fois, vous le montrerez à la place de votre document.
wallet-add = Ajouter au portefeuille
wallet-again = Réessayer
wallet-requested = Un instant. Votre Verified ID est en préparation.
wallet-scan = Scannez ce code avec Microsoft Authenticator sur votre téléphone.
wallet-offered = Ouvrez-le dans Microsoft Authenticator sur ce téléphone.
wallet-qr = Code pour Microsoft Authenticator
wallet-pin = Le téléphone demande ce code PIN. Ne le dites à personne.
wallet-open = Ouvrir Authenticator
wallet-elsewhere = Continuez sur l’appareil sur lequel vous l’avez demandé.
wallet-retrieved = Authenticator l’a ouvert. Confirmez-le là.
wallet-issued = Votre Verified ID est dans votre portefeuille.
wallet-revoking = Votre Verified ID est en cours de révocation.
wallet-revoked = Votre Verified ID a été révoqué. Vous pouvez le supprimer de votre portefeuille.
wallet-expired = Le code a expiré ; plus personne ne peut l’utiliser.
wallet-failed-unavailable = Le service du portefeuille ne répond pas pour le moment. Réessayez dans un instant.
wallet-failed-misconfigured = Votre Verified ID ne peut pas être émis pour le moment. { $organization } doit corriger quelque chose. Ce qui a été confirmé reste valable.
wallet-failed-fetch_contract_error = Le service du portefeuille n’a pas pu lire de quoi est fait votre Verified ID. { $organization } doit corriger quelque chose.
wallet-failed-issuance_service_error = Le service du portefeuille n’a pas pu émettre votre Verified ID. Réessayez.
wallet-failed-unspecified_error = Authenticator n’a pas pu accepter votre Verified ID. Réessayez.

## Presenting
presenting-title = Présentez votre Verified ID
presenting-lead = { $organization } vous demande « { $credential } » de Microsoft Authenticator.
presenting-face = Authenticator prend une image de votre visage et la compare à celle de l’attestation.
presenting-ask = Continuer avec Authenticator
presenting-again = Réessayer
presenting-requested = Un instant. La demande est en préparation.
presenting-scan = Scannez ce code avec Microsoft Authenticator sur votre téléphone.
presenting-offered = Ouvrez la demande dans Microsoft Authenticator sur ce téléphone.
presenting-qr = Code pour Microsoft Authenticator
presenting-open = Ouvrir Authenticator
presenting-retrieved = Authenticator a ouvert la demande. Acceptez-la là.
presenting-expired = La demande a expiré ; plus personne ne peut l’utiliser.
presenting-spent = C’était une fois de trop. Demandez un nouveau lien.
presenting-failed-unavailable = Le service du portefeuille ne répond pas pour le moment. Réessayez dans un instant.
presenting-failed-misconfigured = Nous ne pouvons pas interroger Authenticator pour le moment. { $organization } doit corriger quelque chose.
presenting-failed-face_check_failed = Authenticator n’a pas pu rapprocher votre visage de l’attestation. Réessayez sous une bonne lumière.
presenting-failed-claim_validation_error = L’attestation choisie ne dit pas ce qui est demandé. Choisissez-en une autre.
presenting-failed-unspecified_error = Authenticator n’a pas pu présenter votre attestation. Réessayez.
