# Was die Person liest. Kurze Wörter, kein Vorwurf, nie ein Wert, aus dem jemand etwas lernen könnte.

## Rahmen
frame-skip = Zum Inhalt springen
frame-title = Identitätsprüfung
frame-step = Schritt { $step } von { $total }
frame-time-left = Verbleibende Zeit: { $time }
frame-decline = Das war ich nicht / abbrechen
frame-language = Sprache

## Zeitspannen
duration-minutes = { $count ->
    [one] { $count } Minute
   *[other] { $count } Minuten
}
duration-hours = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
}
duration-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
}

## Einwilligung
consent-title = { $organization } möchte prüfen, ob Sie es wirklich sind
consent-lead = Bitte lesen Sie dies in Ruhe, bevor Sie beginnen.
consent-warning-title = Haben Sie darum gebeten?
consent-warning = Fahren Sie nur fort, wenn Sie selbst darum gebeten haben. Niemand vom Helpdesk ruft Sie an und bittet Sie, diesen Link zu öffnen.
consent-warning-phone = Unsicher? Legen Sie auf und rufen Sie { $organization } selbst an: { $phone }.
consent-who = Wer fragt
consent-who-value = { $requester }, { $organization }
consent-purpose = Wofür
consent-ticket = Ticket
consent-opened = Angefragt um
consent-collect = Was wir von Ihnen brauchen
consent-collect-document = Ein Foto Ihres Ausweisdokuments
consent-collect-selfie = Ein Selfie, um Ihr Gesicht mit dem Dokument zu vergleichen
consent-collect-credential = Den Nachweis „{ $credential }“ aus Microsoft Authenticator
consent-collect-face-check = Ein Bild Ihres Gesichts, das Authenticator mit dem im Nachweis vergleicht. Nur das Ergebnis erreicht uns.
consent-kept-images = Aufbewahrung der Bilder: { $duration }, danach werden sie vernichtet.
consent-kept-facts = Aufbewahrung der ausgelesenen Angaben, etwa Ihres Namens: { $duration }.
consent-kept-credential = Der Nachweis selbst wird nicht aufbewahrt. Was davon zählt, etwa Ihr Name: { $duration }.
consent-seen = Eine prüfende Person bei { $organization } kann die Bilder ansehen. Der Helpdesk sieht sie nie.
consent-valid = Gültigkeit des Links: { $duration }, bis { $time }.
consent-agree = Ich bin einverstanden, weiter
consent-decline = Das war ich nicht

## Dokument
document-title = Ihr Dokument
document-choose = Welches Dokument haben Sie zur Hand?
document-choose-lead = Es muss das Original sein: keine Kopie und kein Bild auf einem Bildschirm.
document-choose-continue = Weiter
document-change = Ein anderes Dokument verwenden
kind-passport = Reisepass
kind-passport-hint = Die Seite mit Ihrem Foto
kind-id_card = Personalausweis
kind-id_card-hint = Vorder- und Rückseite
kind-driving_licence = Führerschein
kind-driving_licence-hint = Vorder- und Rückseite
kind-visa = Visum
kind-visa-hint = Die Seite mit dem Visum
kind-residence_permit = Aufenthaltstitel
kind-residence_permit-hint = Vorder- und Rückseite
side-page = { $kind }: Seite mit Foto
side-front = { $kind }: Vorderseite
side-back = { $kind }: Rückseite
document-tip-fit = Das ganze Dokument muss im Rahmen liegen.
document-tip-light = Suchen Sie gutes Licht ohne spiegelnde Lampen.
document-tip-still = Legen Sie es flach hin und halten Sie das Telefon ruhig.

## Kamera
camera-open = Kamera öffnen
camera-opening = Kamera wird geöffnet …
camera-take = Foto aufnehmen
camera-use = Dieses Foto verwenden
camera-again = Neu aufnehmen
camera-file = Ein Foto von diesem Gerät wählen
camera-file-instead = Stattdessen ein Foto wählen
camera-send = Foto senden
camera-sending = Ihr Foto wird geprüft …
camera-accepted = Das Foto ist gut.
camera-continue = Weiter
camera-refused = Bitte nehmen Sie es noch einmal auf:
camera-tries = Verbleibende Versuche: { $count }
camera-denied = Die Kamera ist gesperrt. Erlauben Sie sie für diese Seite in den Browsereinstellungen und versuchen Sie es noch einmal.
camera-none = Auf diesem Gerät wurde keine Kamera gefunden.
camera-failed = Das Foto konnte nicht gesendet werden. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.
camera-live = Kamerabild
camera-preview = Ihr aufgenommenes Foto
camera-script = Für Fotos wird JavaScript benötigt. Schalten Sie es in den Browsereinstellungen ein und laden Sie diese Seite neu.

## Selfie
selfie-title = Ihr Selfie
selfie-lead = Wir vergleichen Ihr Gesicht mit dem Foto im Dokument.
selfie-tip-face = Schauen Sie gerade in die Kamera, das Gesicht im Oval.
selfie-tip-light = Das Licht soll auf Ihr Gesicht fallen, nicht von hinten kommen.
selfie-tip-bare = Nehmen Sie Sonnenbrille, Hut und Maske ab.

## Live selfie
liveness-lead-enrolled = Wir vergleichen Ihr Gesicht mit dem, das Sie hinterlegt haben.
liveness-tip-follow = Folgen Sie dem Bild: den Kopf etwas drehen, näher kommen, geradeaus schauen.
liveness-keep-title = Nächstes Mal ohne Ausweis?
liveness-keep-lead = { $organization } kann eine Schablone Ihres Gesichts { $duration } lang verschlüsselt aufbewahren. Sie dient nur dazu, Sie bei der nächsten Anfrage wiederzuerkennen, und Sie können das jederzeit widerrufen. Sie dürfen es weglassen: heute ändert es nichts.
liveness-keep = Eine Schablone meines Gesichts { $duration } lang aufbewahren
liveness-sending = Wir prüfen, was die Kamera gesehen hat…
liveness-progress = Wie weit Sie sind
liveness-begin = Beginnen
liveness-voice = Anweisungen vorlesen
liveness-other-title = Keine Kamera, oder lieber nicht?
liveness-other-lead = Ein Mensch kann sich Ihre Anfrage stattdessen ansehen. Das dauert länger.
liveness-other = Lieber einen Menschen entscheiden lassen
liveness-step-look_ahead = Schauen Sie geradeaus
liveness-step-turn_left = Drehen Sie den Kopf nach links
liveness-step-turn_right = Drehen Sie den Kopf nach rechts
liveness-step-closer = Kommen Sie etwas näher
liveness-step-farther = Gehen Sie etwas zurück
liveness-hint-dark = Es ist zu dunkel: suchen Sie mehr Licht.
liveness-hint-bright = Es ist zu hell: meiden Sie direktes Licht.
liveness-hint-behind = Das Licht ist hinter Ihnen: drehen Sie sich um.
liveness-hint-still = Halten Sie still.
liveness-hint-good = Gut. Sie können beginnen.
end-template-lead = Sie haben zugestimmt, dass eine Schablone Ihres Gesichts aufbewahrt wird. Sie können das jetzt oder später widerrufen.
end-template-delete = Schablone meines Gesichts löschen

## Anderes Gerät
handover-offer = Am Telefon weitermachen
handover-offer-lead = Die Kamera des Telefons macht meist bessere Bilder.
handover-show = QR-Code anzeigen
handover-qr = QR-Code, der diese Prüfung auf Ihrem Telefon öffnet
handover-qr-lead = Scannen Sie ihn mit der Kamera Ihres Telefons. Diese Seite läuft mit.
handover-title = Auf diesem Telefon weitermachen
handover-lead = Sie haben auf einem anderen Gerät begonnen. Prüfen Sie, ob diese Angaben stimmen.
handover-continue = Hier weitermachen
following-title = Machen Sie am Telefon weiter
following-lead = Diese Seite läuft mit. Sie können sie geöffnet lassen.
following-reclaim = Doch hier weitermachen

## Verarbeitung
processing-title = Wir prüfen Ihre Bilder
processing-lead = Das dauert nicht lange. Sie können diese Seite geöffnet lassen.

## Enden
end-succeeded-title = Danke, das ist bestätigt
end-succeeded-lead = Die Prüfung ist abgeschlossen. { $organization } hat das Ergebnis.
end-failed-title = Wir konnten Ihre Identität nicht bestätigen
end-failed-lead = { $organization } weiß, dass die Prüfung nicht gelungen ist. Der Helpdesk kann Ihnen sagen, was sonst möglich ist.
end-pending_review-title = Jemand sieht es sich an
end-pending_review-lead = Eine prüfende Person bei { $organization } entscheidet. Sie müssen hier nicht warten.
end-expired-title = Dieser Link ist abgelaufen
end-expired-lead = Wenn Sie ihn noch brauchen, bitten Sie den Helpdesk um einen neuen.
end-cancelled-title = Diese Prüfung wurde zurückgezogen
end-cancelled-lead = { $organization } hat die Anfrage zurückgezogen. Sie müssen nichts weiter tun.
end-declined-title = Danke für Ihren Hinweis
end-declined-lead = Die Prüfung ist beendet und { $organization } wurde informiert. Wenn Sie jemand gebeten hat, diesen Link zu öffnen, geben Sie keinen Code und kein Passwort weiter.
end-already_opened-title = Dieser Link wurde schon geöffnet
end-already_opened-lead = Er funktioniert nur in dem Browser, der ihn zuerst geöffnet hat. Waren Sie das nicht, rufen Sie den Helpdesk an.
end-not_found-title = Dieser Link funktioniert nicht
end-not_found-lead = Prüfen Sie, ob Sie den ganzen Link geöffnet haben, oder bitten Sie den Helpdesk um einen neuen.
end-reasons = Warum
end-return = Zurück zu { $organization }
end-close = Sie können diese Seite schließen.
end-phone = Helpdesk: { $phone }

## Problem
problem-request = Anfragenummer: { $id }

## Gründe
reason-image-unreadable = Diese Datei konnte nicht als Foto gelesen werden.
reason-image-too-large = Die Fotodatei ist zu groß.
reason-image-too-small = Das Foto ist zu klein. Gehen Sie näher heran oder verwenden Sie eine bessere Kamera.
reason-image-blurred = Das Foto ist unscharf. Halten Sie das Telefon ruhig und lassen Sie es scharfstellen.
reason-image-glare = Licht spiegelt sich auf dem Dokument. Kippen Sie es ein wenig oder gehen Sie von der Lampe weg.
reason-image-too-dark = Das Foto ist zu dunkel. Suchen Sie mehr Licht.
reason-image-too-bright = Das Foto ist zu hell. Gehen Sie aus dem direkten Licht.
reason-document-missing = Auf dem Foto ist kein Dokument zu erkennen.
reason-document-side-missing = Eine Seite des Dokuments fehlt.
reason-mrz-not-found = Die Zeilen mit Buchstaben und Ziffern sind nicht zu sehen. Zeigen Sie die ganze Seite.
reason-mrz-check-digit-mismatch = Die Zeilen mit Buchstaben und Ziffern waren nicht sicher lesbar. Nehmen Sie ein schärferes Foto auf.
reason-document-expired = Das Dokument ist abgelaufen. Bitte verwenden Sie ein gültiges.
reason-document-kind-not-accepted = Diese Art von Dokument wird hier nicht angenommen.
reason-document-country-not-accepted = Dokumente aus diesem Land werden hier nicht angenommen.
reason-document-dates-implausible = Die Daten auf dem Dokument waren nicht sicher lesbar.
reason-document-expiry-not-stated = Auf dem Dokument steht kein Ablaufdatum, das wir lesen konnten. Jemand sieht es sich an.
reason-document-sources-differ = Die Teile des Dokuments passen nicht zueinander.
reason-document-is-specimen = Dieses Dokument ist ein Muster. Bitte nehmen Sie Ihr eigenes.
reason-document-used-by-another = Jemand sieht sich Ihr Dokument an.
reason-document-not-the-known-one = Jemand sieht sich Ihr Dokument an.
reason-document-on-screen = Jemand sieht sich Ihr Dokument an.
reason-document-not-in-colour = Jemand sieht sich Ihr Dokument an.
reason-picture-edited = Jemand sieht sich Ihr Dokument an.
reason-chip-not-read = Der Chip Ihres Dokuments konnte nicht automatisch geprüft werden.
reason-chip-signature-invalid = Wir konnten nicht bestätigen, dass Ihr Dokument echt ist.
reason-chip-signature-unsupported = Der Chip Ihres Dokuments konnte nicht automatisch geprüft werden.
reason-chip-weak-algorithm = Der Chip Ihres Dokuments konnte nicht automatisch geprüft werden.
reason-chip-signer-not-trusted = Wir konnten nicht bestätigen, dass Ihr Dokument echt ist.
reason-chip-authority-not-known = Der Chip Ihres Dokuments konnte nicht automatisch geprüft werden.
reason-chip-signer-revoked = Wir konnten nicht bestätigen, dass Ihr Dokument echt ist.
reason-chip-revocation-unknown = Der Chip Ihres Dokuments konnte nicht automatisch geprüft werden.
reason-chip-data-altered = Wir konnten nicht bestätigen, dass Ihr Dokument echt ist.
reason-chip-data-unreadable = Der Chip Ihres Dokuments konnte nicht automatisch geprüft werden.
reason-chip-copied = Wir konnten nicht bestätigen, dass Ihr Dokument echt ist.
reason-name-mismatch = Das Dokument passt nicht zu dem, was die Organisation über Sie weiß.
reason-birthdate-mismatch = Das Dokument passt nicht zu dem, was die Organisation über Sie weiß.
reason-name-not-known = Der Organisation liegen keine Angaben zum Vergleich mit Ihrem Dokument vor.
reason-selfie-missing = Auf dem Selfie ist kein Gesicht zu erkennen.
reason-face-not-compared = Ihr Gesicht konnte nicht automatisch verglichen werden.
reason-face-declined = Sie wollten, dass ein Mensch entscheidet.
reason-liveness-not-performed = Wir konnten nicht automatisch prüfen, ob das Selfie gerade eben aufgenommen wurde.
reason-review-required = Eine prüfende Person muss sich das ansehen.
reason-reviewer-rejected = Eine prüfende Person hat es angesehen und konnte es nicht bestätigen.
reason-reviewer-approved = Eine prüfende Person hat es angesehen und bestätigt.
reason-too-many-attempts = Es waren zu viele Versuche.
reason-link-expired = Die Zeit für diese Prüfung ist abgelaufen.
reason-cancelled-by-requester = Die Anfrage wurde zurückgezogen.
reason-declined-by-person = Sie haben die Prüfung beendet.
reason-processing-error = Bei uns ist etwas schiefgegangen.
reason-mrz-uncertain = Die Zeilen mit Buchstaben und Zahlen waren nicht sicher lesbar. Bitte machen Sie ein schärferes Foto.
reason-barcode-unreadable = Der Strichcode war nicht lesbar. Zeigen Sie ihn ganz, scharf und ohne Spiegelung.
reason-barcode-malformed = Den Strichcode auf dem Dokument muss sich jemand ansehen.
reason-check-not-applicable = Hier ist nichts zu tun.
reason-document-kind-differs = Das ist nicht das Dokument, das Sie gewählt haben.
reason-document-not-machine-readable = Das Dokument konnte nicht automatisch gelesen werden.
reason-birthdate-not-known = Die Organisation hat keine Angaben, mit denen Ihr Dokument verglichen werden kann.
reason-credential-not-presented = Es wurde kein Nachweis vorgezeigt.
reason-credential-issuer-not-accepted = Dieser Nachweis wird hier nicht angenommen.
reason-credential-issuer-any = Es ist nichts zu tun.
reason-credential-type-differs = Das ist nicht der Nachweis, um den gebeten wurde.
reason-credential-revoked = Dieser Nachweis ist nicht mehr gültig.
reason-credential-status-unknown = Jemand sieht sich an, was Sie vorgezeigt haben.
reason-credential-domain-not-linked = Dieser Nachweis wird hier nicht angenommen.
reason-credential-expired = Dieser Nachweis ist nicht mehr gültig.
reason-credential-expiry-not-stated = Jemand sieht sich an, was Sie vorgezeigt haben.
reason-credential-constraint-not-met = Dieser Nachweis wird hier nicht angenommen.
reason-credential-claim-missing = Jemand sieht sich an, was Sie vorgezeigt haben.
reason-credential-face-not-checked = Wir konnten nicht bestätigen, dass Sie es sind.
reason-credential-face-mismatch = Wir konnten nicht bestätigen, dass Sie es sind.
reason-review-not-allowed = Die Prüfung konnte nicht automatisch abgeschlossen werden.
reason-time-expired = Die Zeit für diese Prüfung ist abgelaufen.
reason-face-not-found = Ihr Gesicht war nicht zu sehen. Bitte machen Sie ein neues Bild.
reason-faces-several = Bitte seien Sie allein im Bild.
reason-face-too-small = Bitte kommen Sie näher.
reason-face-turned = Bitte schauen Sie gerade in die Kamera.
reason-face-blurred = Das Bild Ihres Gesichts ist unscharf. Halten Sie das Telefon ruhig.
reason-face-badly-lit = Auf Ihrem Gesicht ist zu wenig oder zu viel Licht.
reason-face-cut-off = Bitte zeigen Sie Ihr ganzes Gesicht.
reason-face-covered = Bitte verdecken Sie Ihr Gesicht nicht.
reason-face-mismatch = Wir konnten nicht bestätigen, dass Sie es sind.
reason-face-uncertain = Jemand sieht sich Ihre Bilder an.
reason-face-not-enrolled = Jemand sieht sich Ihre Bilder an.
reason-face-not-the-enrolled-one = Jemand sieht sich Ihre Bilder an.
reason-portrait-not-found = Jemand sieht sich Ihre Bilder an.
reason-face-template-outdated = Jemand sieht sich Ihre Bilder an.
reason-liveness-frames-missing = Wir brauchen noch eine kurze Aufnahme Ihres Gesichts.
reason-liveness-frames-unusable = Das hat nicht geklappt. Bitte versuchen Sie es noch einmal, mit dem Gesicht im Rahmen.
reason-liveness-frames-repeated = Wir konnten nicht bestätigen, dass Sie vor der Kamera sind.
reason-liveness-challenge-failed = Das hat nicht geklappt. Bitte folgen Sie den Schritten noch einmal.
reason-liveness-face-changed = Wir konnten nicht bestätigen, dass Sie vor der Kamera sind.
reason-liveness-no-depth = Wir konnten nicht bestätigen, dass Sie vor der Kamera sind.
reason-liveness-light-differs = Wir konnten nicht bestätigen, dass Sie vor der Kamera sind.
reason-presentation-attack = Wir konnten nicht bestätigen, dass Sie vor der Kamera sind.
reason-presentation-uncertain = Jemand sieht sich Ihre Bilder an.
reason-camera-unusual = Jemand sieht sich Ihre Bilder an.

## Another try
retry-title = Bitte versuchen Sie es noch einmal
retry-accepted = Hier angenommen:
retry-again = Noch einmal versuchen
problem-title = Etwas ist schiefgegangen

## Messages
mail-verify-subject = { $organization } bittet Sie um eine Bestätigung Ihrer Identität
mail-verify-who = { $requester } ({ $organization }) bittet Sie, Ihre Identität zu bestätigen. Wofür: { $purpose }
mail-verify-ticket = Ticket: { $ticket }
mail-verify-time = Der Link gilt { $duration }. Halten Sie Ihr Ausweisdokument bereit.
mail-verify-button = Identität bestätigen
mail-sign-in-subject = Anmeldung bei der Konsole von { $organization }
mail-sign-in-body = Hallo { $name }, mit diesem Link melden Sie sich einmalig an. Er gilt eine Stunde.
mail-sign-in-button = Anmelden
mail-test-subject = Ein Test von Ipse
mail-test-body = Dies ist ein Test von { $organization }. Nachrichten kommen an.
mail-footer = { $organization } bestätigt Identitäten mit Ipse.
sms-verify = { $organization }, Ticket { $ticket }: Bitte bestätigen Sie Ihre Identität: { $link } Nicht Sie? Ignorieren Sie diese Nachricht oder sagen Sie es uns über den Link.

## Going back to a relying party

oidc-returning-title = Sie kehren zu { $client } zurück
oidc-returning-lead = Das dauert einen Moment. Wenn nichts geschieht, nutzen Sie die Schaltfläche.
oidc-returning-go = Zurück zu { $client }
oidc-review-lead = Lassen Sie diese Seite offen. Sie geht von selbst weiter, sobald jemand bei { $organization } entschieden hat.
oidc-open-title = Ihre Identitätsprüfung läuft
oidc-open-lead = Lassen Sie diese Seite offen; sie geht mit.
oidc-problem = Diese Anfrage kann nicht oder nicht mehr verwendet werden. Bitte gehen Sie dorthin zurück, woher Sie kamen, und beginnen Sie neu.

## The Temporary Access Pass after a success

pass-title = Zurück in Ihr Konto
pass-lead = { $organization } kann Ihnen einen befristeten Zugriffspass geben: einen Code, mit dem Sie sich einmal bei Ihrem Arbeitskonto anmelden, statt mit dem, was Sie nicht mehr haben.
pass-get = Pass anfordern
pass-again = Erneut versuchen
pass-requested = Ihr Pass wird erstellt. Erscheint er nicht, laden Sie diese Seite in einer Minute neu.
pass-issued = Sie haben einen Pass erhalten. Er wurde einmal angezeigt und wird hier nicht aufbewahrt. Haben Sie ihn nicht, rufen Sie den Helpdesk an.
pass-failed-unavailable = Ihr Pass konnte gerade nicht erstellt werden. Versuchen Sie es gleich noch einmal.
pass-failed-spent = Ihr Pass konnte nicht erstellt werden. Rufen Sie den Helpdesk an: Was bestätigt wurde, gilt weiterhin.
pass-failed-misconfigured = Ihr Pass kann nicht erstellt werden, weil { $organization } etwas in Ordnung bringen muss. Rufen Sie den Helpdesk an: Was bestätigt wurde, gilt weiterhin.
pass-failed-unknown_user = Ihr Arbeitskonto wurde nicht gefunden. Rufen Sie den Helpdesk an: Was bestätigt wurde, gilt weiterhin.
pass-failed-name_mismatch = Ihr Arbeitskonto trägt einen anderen Namen als Ihr Ausweis. Rufen Sie den Helpdesk an: Was bestätigt wurde, gilt weiterhin.
pass-failed-not_allowed = Für Ihr Konto darf nur eine Administratorin oder ein Administrator einen Pass erstellen. Rufen Sie den Helpdesk an: Was bestätigt wurde, gilt weiterhin.
pass-failed-withdrawn = Für Sie gibt es keinen Pass mehr. Rufen Sie den Helpdesk an.
pass-given-title = Ihr befristeter Zugriffspass
pass-given-lead = Melden Sie sich damit bei Ihrem Arbeitskonto an. Er gilt einmal, innerhalb von { $time }.
pass-given-once = Er wird nicht noch einmal angezeigt. Benutzen Sie ihn jetzt, und sagen Sie ihn niemandem, auch nicht dem Helpdesk.
pass-given-done = Ich habe ihn

## The credential after a success

wallet-title = In Ihre Wallet legen
wallet-lead = { $organization } kann das Bestätigte als Verified ID in Microsoft Authenticator ablegen. Nächstes Mal zeigen Sie diese statt Ihres Ausweises.
wallet-add = In die Wallet legen
wallet-again = Erneut versuchen
wallet-requested = Einen Moment. Ihre Verified ID wird vorbereitet.
wallet-scan = Scannen Sie diesen Code mit Microsoft Authenticator auf Ihrem Telefon.
wallet-offered = Öffnen Sie sie in Microsoft Authenticator auf diesem Telefon.
wallet-qr = Code für Microsoft Authenticator
wallet-pin = Das Telefon fragt nach dieser PIN. Sagen Sie sie niemandem.
wallet-open = Authenticator öffnen
wallet-elsewhere = Machen Sie auf dem Gerät weiter, auf dem Sie sie angefordert haben.
wallet-retrieved = Authenticator hat sie geöffnet. Bestätigen Sie dort.
wallet-issued = Ihre Verified ID ist in Ihrer Wallet.
wallet-revoking = Ihre Verified ID wird gerade widerrufen.
wallet-revoked = Ihre Verified ID wurde widerrufen. Sie können sie aus Ihrer Wallet löschen.
wallet-expired = Der Code ist abgelaufen; niemand kann ihn mehr verwenden.
wallet-failed-unavailable = Der Wallet-Dienst antwortet gerade nicht. Versuchen Sie es gleich noch einmal.
wallet-failed-misconfigured = Ihre Verified ID kann gerade nicht ausgestellt werden. { $organization } muss etwas in Ordnung bringen. Was bestätigt wurde, gilt weiterhin.
wallet-failed-fetch_contract_error = Der Wallet-Dienst konnte nicht lesen, woraus Ihre Verified ID besteht. { $organization } muss etwas in Ordnung bringen.
wallet-failed-issuance_service_error = Der Wallet-Dienst konnte Ihre Verified ID nicht ausstellen. Versuchen Sie es erneut.
wallet-failed-unspecified_error = Authenticator konnte Ihre Verified ID nicht annehmen. Versuchen Sie es erneut.

## Presenting
presenting-title = Zeigen Sie Ihre Verified ID vor
presenting-lead = { $organization } bittet um „{ $credential }“ aus Microsoft Authenticator.
presenting-face = Authenticator nimmt ein Bild Ihres Gesichts auf und vergleicht es mit dem im Nachweis.
presenting-ask = Weiter mit Authenticator
presenting-again = Erneut versuchen
presenting-requested = Einen Moment. Die Anfrage wird vorbereitet.
presenting-scan = Scannen Sie diesen Code mit Microsoft Authenticator auf Ihrem Telefon.
presenting-offered = Öffnen Sie die Anfrage in Microsoft Authenticator auf diesem Telefon.
presenting-qr = Code für Microsoft Authenticator
presenting-open = Authenticator öffnen
presenting-retrieved = Authenticator hat die Anfrage geöffnet. Stimmen Sie dort zu.
presenting-expired = Die Anfrage ist abgelaufen; niemand kann sie mehr verwenden.
presenting-spent = Das war zu oft. Bitte lassen Sie sich einen neuen Link geben.
presenting-failed-unavailable = Der Wallet-Dienst antwortet gerade nicht. Versuchen Sie es gleich noch einmal.
presenting-failed-misconfigured = Wir können Authenticator gerade nicht fragen. { $organization } muss etwas in Ordnung bringen.
presenting-failed-face_check_failed = Authenticator konnte Ihr Gesicht dem Nachweis nicht zuordnen. Versuchen Sie es bei gutem Licht noch einmal.
presenting-failed-claim_validation_error = Der gewählte Nachweis sagt nicht, was gefragt ist. Wählen Sie einen anderen.
presenting-failed-unspecified_error = Authenticator konnte Ihren Nachweis nicht vorzeigen. Versuchen Sie es noch einmal.
