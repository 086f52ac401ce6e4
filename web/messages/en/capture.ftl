# What the person reads. Short words, no blame, never a value the help desk or an attacker could learn from.

## Frame
frame-skip = Skip to the content
frame-title = Identity check
frame-step = Step { $step } of { $total }
frame-time-left = Time left: { $time }
frame-decline = This wasn’t me / cancel
frame-language = Language

## Durations
duration-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
duration-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
duration-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}

## Consent
consent-title = { $organization } wants to check that it’s you
consent-lead = Take a moment to read this before you start.
consent-warning-title = Did you ask for this?
consent-warning = Only continue if you asked for this. Nobody from the help desk will call you and ask you to open this link.
consent-warning-phone = Not sure? Hang up and call { $organization } yourself on { $phone }.
consent-who = Who asks
consent-who-value = { $requester }, { $organization }
consent-purpose = What for
consent-ticket = Ticket
consent-opened = Asked at
consent-collect = What we ask you for
consent-collect-document = A photo of your identity document
consent-collect-selfie = A selfie, to compare your face with the document
consent-collect-credential = The credential “{ $credential }” from Microsoft Authenticator
consent-collect-face-check = A picture of your face, which Authenticator compares with the one in the credential. Only the result reaches us.
consent-kept-images = Pictures are kept for { $duration }, then destroyed.
consent-kept-facts = What we read from the document, such as your name, is kept for { $duration }.
consent-kept-credential = The credential itself is not kept. What counts from it, such as your name, is kept for { $duration }.
consent-seen = A reviewer at { $organization } may look at the pictures. The help-desk agent never sees them.
consent-valid = This link works for { $duration }, until { $time }.
consent-agree = I agree and continue
consent-decline = This wasn’t me

## Document
document-title = Your document
document-choose = Which document do you have at hand?
document-choose-lead = It must be the real thing: not a copy, and not a picture on a screen.
document-choose-continue = Continue
document-change = Use a different document
kind-passport = Passport
kind-passport-hint = The page with your photo
kind-id_card = Identity card
kind-id_card-hint = Front and back
kind-driving_licence = Driving licence
kind-driving_licence-hint = Front and back
kind-visa = Visa
kind-visa-hint = The page with the visa
kind-residence_permit = Residence permit
kind-residence_permit-hint = Front and back
side-page = { $kind }: page with your photo
side-front = { $kind }: front
side-back = { $kind }: back
document-tip-fit = Fit the whole document into the frame.
document-tip-light = Find good light, away from lamps that reflect.
document-tip-still = Lay it flat and hold the phone still.

## Camera
camera-open = Open the camera
camera-opening = Opening the camera…
camera-take = Take the photo
camera-use = Use this photo
camera-again = Take again
camera-file = Choose a photo from this device
camera-file-instead = Choose a photo instead
camera-send = Send the photo
camera-sending = Checking your photo…
camera-accepted = The photo is good.
camera-continue = Continue
camera-refused = Please take it again:
camera-tries = Tries left: { $count }
camera-denied = The camera is blocked. Allow it for this page in your browser’s settings, then try again.
camera-none = No camera was found on this device.
camera-failed = The photo could not be sent. Check your connection and try again.
camera-live = Camera picture
camera-preview = The photo you took
camera-script = Taking photos needs JavaScript. Turn it on in your browser’s settings and load this page again.

## Selfie
selfie-title = Your selfie
selfie-lead = We compare your face with the photo in your document.
selfie-tip-face = Look straight into the camera, with your face in the oval.
selfie-tip-light = Let the light fall on your face, not from behind.
selfie-tip-bare = Take off sunglasses, hats and masks.

## Live selfie
liveness-lead-enrolled = We compare your face with the one you enrolled.
liveness-tip-follow = Do what the picture asks: turn your head a little, come closer, look ahead.
liveness-keep-title = Next time without a document?
liveness-keep-lead = { $organization } can keep a template of your face, encrypted, for { $duration }. It is used only to recognise you when you are asked again, and you can take this back at any time. You may leave it out: it changes nothing today.
liveness-keep = Keep a template of my face for { $duration }
liveness-sending = Checking what the camera saw…
liveness-progress = How far you are
liveness-begin = Begin
liveness-voice = Read the prompts aloud
liveness-other-title = No camera, or you would rather not?
liveness-other-lead = A person can look at your request instead. It takes longer.
liveness-other = Let a person decide instead
liveness-step-look_ahead = Look straight ahead
liveness-step-turn_left = Turn your head to your left
liveness-step-turn_right = Turn your head to your right
liveness-step-closer = Come a little closer
liveness-step-farther = Move back a little
liveness-hint-dark = It is too dark: find more light.
liveness-hint-bright = It is too bright: avoid direct light.
liveness-hint-behind = The light is behind you: turn around.
liveness-hint-still = Hold still.
liveness-hint-good = Good. You can begin.
end-template-lead = You agreed that a template of your face is kept. You can take that back now or later.
end-template-delete = Delete the template of my face

## Another device
handover-offer = Continue on your phone
handover-offer-lead = A phone’s camera usually takes better pictures.
handover-show = Show the QR code
handover-qr = QR code that opens this check on your phone
handover-qr-lead = Scan it with your phone’s camera. This page follows along.
handover-title = Continue on this phone
handover-lead = You started this on another device. Check that these facts are right.
handover-continue = Continue here
following-title = Continue on your phone
following-lead = This page follows along. Keep it open if you like.
following-reclaim = Continue here instead

## Processing
processing-title = We are checking your pictures
processing-lead = This does not take long. You can keep this page open.

## Ends
end-succeeded-title = Thank you, it’s confirmed
end-succeeded-lead = The check is done. { $organization } has the result.
end-failed-title = We could not confirm that it’s you
end-failed-lead = { $organization } knows that the check did not succeed. The help desk can tell you what else is possible.
end-pending_review-title = Someone will take a look
end-pending_review-lead = A reviewer at { $organization } will decide. You don’t need to wait here.
end-expired-title = This link has expired
end-expired-lead = If you still need it, ask the help desk for a new link.
end-cancelled-title = This check was cancelled
end-cancelled-lead = { $organization } withdrew the request. There is nothing left for you to do.
end-declined-title = Thank you for telling us
end-declined-lead = The check has stopped and { $organization } has been told. If someone asked you to open this link, do not give them any code or password.
end-already_opened-title = This link was already opened
end-already_opened-lead = It works only in the browser that opened it first. If that wasn’t you, call the help desk.
end-not_found-title = This link does not work
end-not_found-lead = Check that you opened the whole link, or ask the help desk for a new one.
end-reasons = Why
end-return = Return to { $organization }
end-close = You can close this page.
end-phone = Help desk: { $phone }

## Problem
problem-request = Request number: { $id }

## Reasons
reason-image-unreadable = This file could not be read as a photo.
reason-image-too-large = The photo file is too large.
reason-image-too-small = The photo is too small. Move closer, or use a better camera.
reason-image-blurred = The photo is blurred. Hold the phone still and let it focus.
reason-image-glare = Light reflects on the document. Tilt it a little, or move away from the lamp.
reason-image-too-dark = The photo is too dark. Find more light.
reason-image-too-bright = The photo is too bright. Move out of direct light.
reason-document-missing = We could not see a document in the photo.
reason-document-side-missing = One side of the document is missing.
reason-mrz-not-found = The lines of letters and numbers on the document are not visible. Show the whole page.
reason-mrz-check-digit-mismatch = The lines of letters and numbers could not be read reliably. Take a sharper photo.
reason-document-expired = The document has expired. Please use a valid one.
reason-document-kind-not-accepted = This kind of document is not accepted here.
reason-document-country-not-accepted = Documents from this country are not accepted here.
reason-document-dates-implausible = The dates on the document could not be read reliably.
reason-document-expiry-not-stated = We could read no expiry date on the document. Someone will look at it.
reason-document-sources-differ = The parts of the document do not agree with each other.
reason-document-is-specimen = This document is a specimen. Please use your own.
reason-document-used-by-another = Someone will look at your document.
reason-document-not-the-known-one = Someone will look at your document.
reason-document-on-screen = Someone will look at your document.
reason-document-not-in-colour = Someone will look at your document.
reason-picture-edited = Someone will look at your document.
reason-chip-not-read = The chip of your document could not be checked automatically.
reason-chip-signature-invalid = We could not confirm that your document is genuine.
reason-chip-signature-unsupported = The chip of your document could not be checked automatically.
reason-chip-weak-algorithm = The chip of your document could not be checked automatically.
reason-chip-signer-not-trusted = We could not confirm that your document is genuine.
reason-chip-authority-not-known = The chip of your document could not be checked automatically.
reason-chip-signer-revoked = We could not confirm that your document is genuine.
reason-chip-revocation-unknown = The chip of your document could not be checked automatically.
reason-chip-data-altered = We could not confirm that your document is genuine.
reason-chip-data-unreadable = The chip of your document could not be checked automatically.
reason-chip-copied = We could not confirm that your document is genuine.
reason-name-mismatch = The document does not match what the organization knows about you.
reason-birthdate-mismatch = The document does not match what the organization knows about you.
reason-name-not-known = The organization has no details to compare your document with.
reason-selfie-missing = We could not see a face in the selfie.
reason-face-not-compared = Your face could not be compared automatically.
reason-face-declined = You asked for a person to decide.
reason-liveness-not-performed = We could not check automatically that the selfie was taken just now.
reason-review-required = A reviewer needs to look at this.
reason-reviewer-rejected = A reviewer looked at it and could not confirm it.
reason-reviewer-approved = A reviewer looked at it and confirmed it.
reason-too-many-attempts = There were too many tries.
reason-link-expired = The time for this check ran out.
reason-cancelled-by-requester = The request was withdrawn.
reason-declined-by-person = You stopped the check.
reason-processing-error = Something went wrong on our side.
reason-mrz-uncertain = The lines of letters and numbers could not be read reliably. Take a sharper photo.
reason-barcode-unreadable = The barcode could not be read. Show all of it, sharp and without reflections.
reason-barcode-malformed = The barcode on the document has to be looked at by a person.
reason-check-not-applicable = There is nothing to do.
reason-document-kind-differs = This is not the kind of document you chose.
reason-document-not-machine-readable = The document could not be read automatically.
reason-birthdate-not-known = The organization has no details to compare your document with.
reason-credential-not-presented = No credential was shown.
reason-credential-issuer-not-accepted = This credential is not accepted here.
reason-credential-issuer-any = There is nothing to do.
reason-credential-type-differs = This is not the credential that was asked for.
reason-credential-revoked = This credential is not valid any more.
reason-credential-status-unknown = Someone will look at what you showed.
reason-credential-domain-not-linked = This credential is not accepted here.
reason-credential-expired = This credential is not valid any more.
reason-credential-expiry-not-stated = Someone will look at what you showed.
reason-credential-constraint-not-met = This credential is not accepted here.
reason-credential-claim-missing = Someone will look at what you showed.
reason-credential-face-not-checked = We could not confirm that it is you.
reason-credential-face-mismatch = We could not confirm that it is you.
reason-review-not-allowed = The check could not be completed automatically.
reason-time-expired = The time for this check ran out.
reason-face-not-found = We could not see your face. Please take a new picture.
reason-faces-several = Please be alone in the picture.
reason-face-too-small = Please come closer.
reason-face-turned = Please look straight into the camera.
reason-face-blurred = The picture of your face is blurred. Hold the phone still.
reason-face-badly-lit = There is too little or too much light on your face.
reason-face-cut-off = Please have your whole face in the picture.
reason-face-covered = Please uncover your face.
reason-face-mismatch = We could not confirm that it is you.
reason-face-uncertain = Someone will look at your pictures.
reason-face-not-enrolled = Someone will look at your pictures.
reason-face-not-the-enrolled-one = Someone will look at your pictures.
reason-portrait-not-found = Someone will look at your pictures.
reason-face-template-outdated = Someone will look at your pictures.
reason-liveness-frames-missing = We still need a short video of your face.
reason-liveness-frames-unusable = That did not work. Please try again, with your face in the frame.
reason-liveness-frames-repeated = We could not confirm that you are in front of the camera.
reason-liveness-challenge-failed = That did not work. Please follow the steps once more.
reason-liveness-face-changed = We could not confirm that you are in front of the camera.
reason-liveness-no-depth = We could not confirm that you are in front of the camera.
reason-liveness-light-differs = We could not confirm that you are in front of the camera.
reason-presentation-attack = We could not confirm that you are in front of the camera.
reason-presentation-uncertain = Someone will look at your pictures.
reason-camera-unusual = Someone will look at your pictures.

## Another try
retry-title = Please try again
retry-accepted = Accepted here:
retry-again = Try again
problem-title = Something went wrong

## Messages
mail-verify-subject = { $organization } asks you to confirm that it’s you
mail-verify-who = { $requester } ({ $organization }) asks you to confirm your identity. What for: { $purpose }
mail-verify-ticket = Ticket: { $ticket }
mail-verify-time = The link works for { $duration }. Have your identity document at hand.
mail-verify-button = Confirm that it’s me
mail-sign-in-subject = Sign in to the { $organization } console
mail-sign-in-body = Hello { $name }, this link signs you in once. It works for one hour.
mail-sign-in-button = Sign in
mail-test-subject = A test from Ipse
mail-test-body = This is a test from { $organization }. Messages arrive.
mail-footer = { $organization } uses Ipse to confirm identities.
sms-verify = { $organization }, ticket { $ticket }: confirm that it’s you: { $link } Not you? Ignore this message, or open the link and say so.

## Going back to a relying party

oidc-returning-title = You are going back to { $client }
oidc-returning-lead = This takes a moment. If nothing happens, use the button.
oidc-returning-go = Go back to { $client }
oidc-review-lead = Keep this page open. It goes on by itself as soon as a reviewer at { $organization } has decided.
oidc-open-title = Your identity check is under way
oidc-open-lead = Keep this page open; it follows along.
oidc-problem = This request cannot be used, or not any more. Please go back to where you came from and start again.

## The Temporary Access Pass after a success

pass-title = Get back into your account
pass-lead = { $organization } can give you a Temporary Access Pass: a code with which you sign in to your work account once, instead of what you no longer have.
pass-get = Get a pass
pass-again = Try again
pass-requested = Your pass is being made. If it does not appear, load this page again in a minute.
pass-issued = You have been given a pass. It was shown once and is not kept here. If you do not have it, call your help desk.
pass-failed-unavailable = Your pass could not be made right now. Try again in a moment.
pass-failed-spent = Your pass could not be made. Call your help desk: what was confirmed still counts.
pass-failed-misconfigured = Your pass cannot be made, because { $organization } has to mend something. Call your help desk: what was confirmed still counts.
pass-failed-unknown_user = Your work account was not found. Call your help desk: what was confirmed still counts.
pass-failed-name_mismatch = Your work account is under another name than your document. Call your help desk: what was confirmed still counts.
pass-failed-not_allowed = For your account only an administrator may make a pass. Call your help desk: what was confirmed still counts.
pass-failed-withdrawn = There is no pass for you any more. Call your help desk.
pass-given-title = Your Temporary Access Pass
pass-given-lead = Sign in to your work account with it. It works once, within { $time }.
pass-given-once = It is not shown again. Use it now, and tell it to nobody, not to your help desk either.
pass-given-done = I have it

## The credential after a success

wallet-title = Add it to your wallet
wallet-lead = { $organization } can put what was confirmed into Microsoft Authenticator as a Verified ID. Next time you show that instead of your document.
wallet-add = Add to wallet
wallet-again = Try again
wallet-requested = One moment. Your Verified ID is being prepared.
wallet-scan = Scan this code with Microsoft Authenticator on your phone.
wallet-offered = Open it in Microsoft Authenticator on this phone.
wallet-qr = Code for Microsoft Authenticator
wallet-pin = The phone asks for this PIN. Tell it to nobody.
wallet-open = Open Authenticator
wallet-elsewhere = Go on with the device on which you asked for it.
wallet-retrieved = Authenticator has opened it. Confirm it there.
wallet-issued = Your Verified ID is in your wallet.
wallet-revoking = Your Verified ID is being revoked.
wallet-revoked = Your Verified ID was revoked. You can delete it from your wallet.
wallet-expired = The code has run out, and nobody can use it any more.
wallet-failed-unavailable = The wallet service does not answer right now. Try again in a moment.
wallet-failed-misconfigured = Your Verified ID cannot be made at the moment. { $organization } has to mend something. What was confirmed still counts.
wallet-failed-fetch_contract_error = The wallet service could not read what your Verified ID is made of. { $organization } has to mend something.
wallet-failed-issuance_service_error = The wallet service could not make your Verified ID. Try again.
wallet-failed-unspecified_error = Authenticator could not take your Verified ID. Try again.

## Presenting
presenting-title = Show your Verified ID
presenting-lead = { $organization } asks for “{ $credential }” from Microsoft Authenticator.
presenting-face = Authenticator takes a picture of your face and compares it with the one in the credential.
presenting-ask = Continue with Authenticator
presenting-again = Try again
presenting-requested = One moment. The request is being prepared.
presenting-scan = Scan this code with Microsoft Authenticator on your phone.
presenting-offered = Open the request in Microsoft Authenticator on this phone.
presenting-qr = Code for Microsoft Authenticator
presenting-open = Open Authenticator
presenting-retrieved = Authenticator has opened the request. Agree to it there.
presenting-expired = The request has run out, and nobody can use it any more.
presenting-spent = That was too often. Please ask for a new link.
presenting-failed-unavailable = The wallet service does not answer right now. Try again in a moment.
presenting-failed-misconfigured = We cannot ask Authenticator at the moment. { $organization } has to mend something.
presenting-failed-face_check_failed = Authenticator could not match your face with the credential. Try again in good light.
presenting-failed-claim_validation_error = The credential that you chose does not say what is asked for. Choose another one.
presenting-failed-unspecified_error = Authenticator could not show your credential. Try again.
