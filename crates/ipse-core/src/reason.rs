//! The closed set of reasons a check, a decision or an ending can have.
//!
//! A code is stable: once released it keeps its meaning. Each has a sentence for the person, which never tells
//! what the comparison value was (SP 800-63A-4 §3.2.1: nobody may learn by trying which data is right), and one
//! for the operator. `docs/reason-codes.md` is generated from this table.

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($variant:ident $code:literal $person:literal $operator:literal;)*) => {
        /// Why something came out as it did.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Reason {
            $(#[doc = $operator] #[serde(rename = $code)] $variant,)*
        }

        impl Reason {
            /// Every reason, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What the person being verified is told.
            pub const fn for_person(self) -> &'static str {
                match self { $(Self::$variant => $person,)* }
            }

            /// What an operator is told.
            pub const fn for_operator(self) -> &'static str {
                match self { $(Self::$variant => $operator,)* }
            }
        }
    };
}

reasons! {
    ImageUnreadable "image_unreadable" "We could not open this picture. Please take a new one." "The bytes are not a readable JPEG, PNG or WebP image.";
    ImageTooLarge "image_too_large" "This picture is too large. Please take a new one." "The image exceeds the limit on bytes, pixels or side length.";
    ImageTooSmall "image_too_small" "Please move closer so that the document fills the frame." "The image has too few pixels to be read reliably.";
    ImageBlurred "image_blurred" "The picture is blurred. Hold still and try again." "The image is not sharp enough.";
    ImageGlare "image_glare" "There is a reflection on the picture. Tilt it a little and try again." "Part of the image is washed out by a reflection.";
    ImageTooDark "image_too_dark" "It is too dark. Please find more light." "The image is underexposed.";
    ImageTooBright "image_too_bright" "It is too bright. Please avoid direct light." "The image is overexposed.";
    DocumentMissing "document_missing" "We still need a picture of your document." "No document image was submitted.";
    DocumentSideMissing "document_side_missing" "We still need the other side of your document." "One side of the document was not submitted.";
    MrzNotFound "mrz_not_found" "We could not find the lines of letters and < signs on your document. Please show all of them." "No machine-readable zone was found on a document that should have one.";
    MrzCheckDigitMismatch "mrz_check_digit_mismatch" "We could not read your document reliably. Please take a new picture." "A check digit of the machine-readable zone does not match its field (ICAO 9303-3 §4.9).";
    MrzUncertain "mrz_uncertain" "We could not read your document reliably. Please take a new picture." "The machine-readable zone was read, but with too little certainty.";
    BarcodeUnreadable "barcode_unreadable" "We could not read the barcode on your document. Please show all of it, sharp and without reflections." "There is a barcode on the document, but it could not be read.";
    BarcodeMalformed "barcode_malformed" "Someone will look at your document." "The barcode is not built as its standard says: header, subfiles, issuer, or a mandatory element (AAMVA annex D).";
    CheckNotApplicable "check_not_applicable" "There is nothing to do." "Another part of the document was read, and this question is not about that.";
    DocumentExpired "document_expired" "This document has expired. Please use a valid one." "The document's expiry date has passed.";
    DocumentKindNotAccepted "document_kind_not_accepted" "This kind of document is not accepted here. Please use another one." "The document is of a kind the journey does not allow.";
    DocumentKindDiffers "document_kind_differs" "This is not the kind of document you chose. Please choose again." "The document is of another kind than the person said.";
    DocumentCountryNotAccepted "document_country_not_accepted" "Documents of this country are not accepted here. Please use another one." "The issuing state is not among those the journey allows.";
    DocumentDatesImplausible "document_dates_implausible" "We could not read the dates on your document. Please take a new picture." "A date on the document does not exist or contradicts another.";
    DocumentExpiryNotStated "document_expiry_not_stated" "Someone will look at your document." "What was read of the document gives no date until which it is valid; French identity cards from before 2021 print none in the zone.";
    DocumentSourcesDiffer "document_sources_differ" "We could not confirm that your document is genuine." "The zone, the barcode or the chip of the document contradict each other.";
    DocumentIsSpecimen "document_is_specimen" "This document cannot be used. Please use your own." "The document is a published specimen, or has the name of one.";
    DocumentUsedByAnother "document_used_by_another" "Someone will look at your document." "Somebody was verified with this document before, or is known by it and comes back without a face that proves it: approve only the same person.";
    DocumentNotTheKnownOne "document_not_the_known_one" "Someone will look at your document." "The subject is known by another document.";
    DocumentNotMachineReadable "document_not_machine_readable" "Someone will look at your document." "The document has no machine-readable zone, so nothing on it was read.";
    DocumentOnScreen "document_on_screen" "Someone will look at your document." "The picture has the even pattern or the size of a screen, or says that it was taken of one.";
    DocumentNotInColour "document_not_in_colour" "Someone will look at your document." "The picture has no colours, as of a black-and-white copy or scan.";
    PictureEdited "picture_edited" "Someone will look at your document." "The file names a program that edits or generates pictures.";
    ChipNotRead "chip_not_read" "Someone will look at your document." "The chip was not read, or not the part of it that the check is about.";
    ChipSignatureInvalid "chip_signature_invalid" "We could not confirm that your document is genuine." "The chip's security object is broken, or its signature does not hold (ICAO 9303-11 §5.1).";
    ChipSignatureUnsupported "chip_signature_unsupported" "Someone will look at your document." "The chip's security object is signed in a way, or by a signer, that is not known here.";
    ChipWeakAlgorithm "chip_weak_algorithm" "Someone will look at your document." "The chip's data are signed with SHA-1 or a short key, as old documents are; such a signature can be forged with effort.";
    ChipSignerNotTrusted "chip_signer_not_trusted" "We could not confirm that your document is genuine." "The document signer was not issued by the country's authority, or not for signing documents at that time.";
    ChipAuthorityNotKnown "chip_authority_not_known" "Someone will look at your document." "The country's signing authority is not among those configured.";
    ChipSignerRevoked "chip_signer_revoked" "We could not confirm that your document is genuine." "The country has revoked the certificate of the document signer.";
    ChipRevocationUnknown "chip_revocation_unknown" "Someone will look at your document." "There is no list of revoked document signers of this country, or only one that is out of date.";
    ChipDataAltered "chip_data_altered" "We could not confirm that your document is genuine." "A part of the chip's data is not what was signed.";
    ChipDataUnreadable "chip_data_unreadable" "Someone will look at your document." "A part of the chip's data is genuine but could not be read.";
    ChipCopied "chip_copied" "We could not confirm that your document is genuine." "The chip could not prove that it holds its own key: it may be a copy (ICAO 9303-11 §6.1).";
    NameMismatch "name_mismatch" "We could not match your document to the request." "The name on the document, or in the credential, does not match the subject's under the journey's rule.";
    BirthdateMismatch "birthdate_mismatch" "We could not match your document to the request." "The date of birth on the document, or in the credential, is not the subject's.";
    NameNotKnown "name_not_known" "Someone will look at your document." "The subject has no name on record, so the document's could not be compared.";
    BirthdateNotKnown "birthdate_not_known" "Someone will look at your document." "The subject has no date of birth on record, so the document's could not be compared.";
    CredentialNotPresented "credential_not_presented" "No credential was shown." "No credential was presented, or not exactly the one that was asked for.";
    CredentialIssuerNotAccepted "credential_issuer_not_accepted" "This credential is not accepted here." "The credential's issuer is not among those that the journey accepts.";
    CredentialIssuerAny "credential_issuer_any" "There is nothing to do." "The journey accepts anybody's credentials, so it proves nothing of who issued this one.";
    CredentialTypeDiffers "credential_type_differs" "This is not the credential that was asked for." "The credential is not of the type that the journey asks for.";
    CredentialRevoked "credential_revoked" "This credential is not valid any more." "The credential was revoked by its issuer.";
    CredentialStatusUnknown "credential_status_unknown" "Someone will look at your credential." "Nothing says in known words whether the issuer has revoked the credential.";
    CredentialDomainNotLinked "credential_domain_not_linked" "This credential is not accepted here." "The credential's issuer has not proven that a domain is its own.";
    CredentialExpired "credential_expired" "This credential is not valid any more." "The credential was not valid, or not yet, when it was presented.";
    CredentialExpiryNotStated "credential_expiry_not_stated" "Someone will look at your credential." "Nothing says until when the credential is valid.";
    CredentialConstraintNotMet "credential_constraint_not_met" "This credential is not accepted here." "A claim of the credential does not say what the journey wants, or was not disclosed.";
    CredentialClaimMissing "credential_claim_missing" "Someone will look at your credential." "The credential lacks a claim that is compared with the subject, or it cannot be read.";
    CredentialFaceNotChecked "credential_face_not_checked" "We could not confirm that it is you." "The journey asks for a face check, and the wallet made none.";
    CredentialFaceMismatch "credential_face_mismatch" "We could not confirm that it is you." "The wallet's face check came out below the journey's threshold.";
    SelfieMissing "selfie_missing" "We still need a picture of your face." "The journey asks for a selfie and none was submitted.";
    FaceDeclined "face_declined" "Someone will look at your pictures." "The person asked for a reviewer instead of having faces compared.";
    FaceNotCompared "face_not_compared" "Someone will look at your pictures." "No face model is installed, or there is nothing to compare the selfie with.";
    LivenessNotPerformed "liveness_not_performed" "Someone will look at your pictures." "No model that the question needs is installed, so nothing proves that a live person is in front of the camera.";
    FaceNotFound "face_not_found" "We could not see a face. Please take a new picture." "The selfie or the burst shows no face.";
    FacesSeveral "faces_several" "Please be alone in the picture." "The selfie shows more than one face of comparable size.";
    FaceTooSmall "face_too_small" "Please come closer." "The eyes are too few pixels apart.";
    FaceTurned "face_turned" "Please look straight into the camera." "The head is turned or tilted too far for a comparison.";
    FaceBlurred "face_blurred" "The picture of your face is blurred. Please hold still." "The face is not sharp.";
    FaceBadlyLit "face_badly_lit" "There is too little or too much light on your face." "The face is too dark, too bright, or without detail.";
    FaceCutOff "face_cut_off" "Please have your whole face in the picture." "The face reaches over the edge of the picture.";
    FaceCovered "face_covered" "Please uncover your face." "The landmarks of two models disagree, as when something covers the face.";
    FaceMismatch "face_mismatch" "We could not confirm that it is you." "The face is not the one it was compared with: the similarity is below the threshold.";
    FaceUncertain "face_uncertain" "Someone will look at your pictures." "The similarity of the faces is near the threshold.";
    FaceNotEnrolled "face_not_enrolled" "Someone will look at your pictures." "No face of an earlier verification is kept.";
    FaceNotTheEnrolledOne "face_not_the_enrolled_one" "Someone will look at your pictures." "The face is not the one that an earlier verification of this subject enrolled.";
    PortraitNotFound "portrait_not_found" "Someone will look at your pictures." "No portrait was found on the document, or more than one person's.";
    FaceTemplateOutdated "face_template_outdated" "Someone will look at your pictures." "The stored template was made by another model than the one in use; the person has to be enrolled anew.";
    LivenessFramesMissing "liveness_frames_missing" "We still need a short video of your face." "No burst of frames was submitted for the challenge.";
    LivenessFramesUnusable "liveness_frames_unusable" "That did not work. Please try again, with your face in the frame." "The burst has too few or too many frames, is too slow or too fast, or shows no face or several.";
    LivenessFramesRepeated "liveness_frames_repeated" "We could not confirm that you are in front of the camera." "Frames come twice or out of order, as in a replayed burst.";
    LivenessChallengeFailed "liveness_challenge_failed" "That did not work. Please follow the steps once more." "The head did not do what the challenge asked for, or not in its order.";
    LivenessFaceChanged "liveness_face_changed" "We could not confirm that you are in front of the camera." "The frames do not show one person throughout.";
    LivenessNoDepth "liveness_no_depth" "We could not confirm that you are in front of the camera." "The face moves like a flat sheet or a screen: nothing stands out when it turns.";
    LivenessLightDiffers "liveness_light_differs" "We could not confirm that you are in front of the camera." "The colours on the face are not those that the screen showed.";
    PresentationAttack "presentation_attack" "We could not confirm that you are in front of the camera." "The presentation-attack detectors take the face for a print, a screen or a mask.";
    PresentationUncertain "presentation_uncertain" "Someone will look at your pictures." "The presentation-attack detectors are not sure that the face is a live one.";
    CameraUnusual "camera_unusual" "Someone will look at your pictures." "Several signs speak of a virtual camera or of frames that were fed in.";
    ReviewRequired "review_required" "Someone will look at your pictures." "The journey sends every verification to review.";
    ReviewNotAllowed "review_not_allowed" "We could not verify you." "A check was inconclusive and the journey does not allow a review.";
    ReviewerApproved "reviewer_approved" "A reviewer has confirmed your identity." "A reviewer approved the verification.";
    ReviewerRejected "reviewer_rejected" "A reviewer could not confirm your identity." "A reviewer rejected the verification.";
    TooManyAttempts "too_many_attempts" "That was one attempt too many. Please contact the help desk." "The number of attempts the journey allows is used up.";
    LinkExpired "link_expired" "This link has expired. Please ask for a new one." "Nobody opened the link in time.";
    TimeExpired "time_expired" "The time for this verification is over. Please ask for a new one." "The verification was not finished in time.";
    CancelledByRequester "cancelled_by_requester" "This request was cancelled. There is nothing more to do." "The requester cancelled the verification.";
    DeclinedByPerson "declined_by_person" "You told us that this was not you. Thank you: the help desk has been told." "The person said that they did not ask for this.";
    ProcessingError "processing_error" "Something went wrong on our side. Someone will look at it." "An engine failed on this evidence; see the log by the verification's id.";
}

impl Reason {
    /// Whether the person can mend it with a better picture or another document.
    pub const fn is_mendable(self) -> bool {
        matches!(
            self,
            Self::ImageUnreadable
                | Self::ImageTooSmall
                | Self::ImageBlurred
                | Self::ImageGlare
                | Self::ImageTooDark
                | Self::ImageTooBright
                | Self::DocumentSideMissing
                | Self::MrzNotFound
                | Self::MrzCheckDigitMismatch
                | Self::MrzUncertain
                | Self::BarcodeUnreadable
                | Self::DocumentExpired
                | Self::DocumentKindNotAccepted
                | Self::DocumentKindDiffers
                | Self::DocumentCountryNotAccepted
                | Self::DocumentDatesImplausible
                | Self::FaceNotFound
                | Self::FacesSeveral
                | Self::FaceTooSmall
                | Self::FaceTurned
                | Self::FaceBlurred
                | Self::FaceBadlyLit
                | Self::FaceCutOff
                | Self::FaceCovered
                | Self::LivenessFramesMissing
                | Self::LivenessFramesUnusable
                | Self::LivenessChallengeFailed
        )
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.code())
    }
}

/// The page `docs/reason-codes.md`.
pub fn documentation() -> String {
    let mut page = String::from(
        "# Reason codes\n\nGenerated by `cargo xtask gen`; the table lives in `crates/ipse-core/src/reason.rs`. Codes are stable: once\n\
         released, a code keeps its meaning.\n\n| code | the person is told | the operator is told | another try helps |\n|---|---|---|---|\n",
    );
    let row = |reason: &Reason| {
        let person = reason.for_person().replace('<', "&lt;");
        let mendable = if reason.is_mendable() { "yes" } else { "no" };
        format!("| `{}` | {person} | {} | {mendable} |\n", reason.code(), reason.for_operator())
    };
    page.extend(Reason::ALL.iter().map(row));
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_survive_the_wire() {
        let codes: std::collections::BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
    }
}
