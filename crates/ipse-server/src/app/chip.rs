//! The chip of a document, as a reader on the person's phone hands it in during their session.

use super::faces::Seen;
use super::verifications::hold;
use super::{Result, capture, faces};
use crate::random;
use crate::state::Ipse;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ipse_checks::document::chip::{Challenge, ChipError, ChipFile, ChipFiles, ChipReading, SodSignature, read};
use ipse_core::Refusal;
use ipse_core::event::Actor;
use ipse_core::id::EvidenceId;
use ipse_core::verification::Command;
use ipse_store::evidence::Evidence;
use std::collections::BTreeMap;

/// The kind of such evidence.
pub const KIND: &str = "chip";

/// What a reader brought: files by the names of ICAO 9303-10, and the chip's answer to [`challenge`], where it has one.
pub struct Brought {
    /// `EF.SOD`, `DG1`, … and their bytes.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The answer of an active authentication.
    pub response: Option<Vec<u8>>,
}

/// What a chip is asked to sign (ICAO 9303-11 §6.1): eight octets that only this server can tell, others for each
/// browser and attempt, so that an answer recorded elsewhere is of no use.
pub fn challenge(ipse: &Ipse, session: &capture::Session) -> [u8; 8] {
    let mut octets = [0; 8];
    if let Some(key) = ipse.store.keyring().derived("chip challenge").first() {
        let mut context = hmac::Context::with_key(key);
        context.update(&session.claim.hash);
        context.update(&session.verification.attempts.to_be_bytes());
        octets.iter_mut().zip(context.sign().as_ref()).for_each(|(octet, signed)| *octet = *signed);
    }
    octets
}

/// Takes what a reader brought. A broken security object is refused at once; everything else is for the checks to say.
pub async fn take(ipse: &Ipse, session: &capture::Session, brought: Brought) -> Result<ChipReading> {
    capture::open_to(session)?;
    if !session.journey.rules.asks_for_document() {
        // A chip proves a document, and nothing holds it against a face that is known or a credential.
        return Err(Refusal::NotInJourney("a chip").into());
    }
    let now = ipse.clock.now();
    let kept = kept(&brought)?;
    let (trust, engine, asked) = (ipse.trust.clone(), ipse.faces.clone(), challenge(ipse, session));
    let done = ipse.workers.run(move || {
        let mut files = ChipFiles::default();
        for (name, bytes) in &brought.files {
            files.add(ChipFile::from_name(name).ok_or(ChipError::Malformed)?, bytes)?;
        }
        let response = brought.response.as_deref();
        files.active_authentication = response.map(|response| Challenge { challenge: &asked, response });
        let reading = read(&files, &trust, now);
        Ok::<_, ChipError>((faces::of_chip(&engine, &reading, &brought.files), reading))
    });
    let (seen, reading) = done.await?.map_err(|_| Refusal::invalid("files", "one is unknown, doubled or too large"))?;
    if matches!(reading.sod_signature, SodSignature::Missing | SodSignature::Malformed) || reading.listed.is_empty() {
        return Err(Refusal::invalid("files", "must hold the chip's security object, EF.SOD").into());
    }
    let evidence = Evidence {
        id: EvidenceId::new(now, random::entropy()),
        verification: session.verification.id.clone(),
        kind: KIND.to_owned(),
        side: None,
        attempt: session.verification.attempts + 1,
        created_at: now,
        media_type: "application/json".to_owned(),
        sha256: random::sha256(&kept),
    };
    let of = &session.verification.id;
    let sealed = ipse.store.read(&session.organization).await?.seal_evidence(of, &evidence.id, &kept).await?;
    ipse.store.put_evidence(&session.organization, of, &evidence.id, sealed).await?;

    let done = note(ipse, session, &evidence, &reading, seen).await;
    if done.is_err() {
        // What nobody will name is not left behind.
        ipse.store.withdraw_evidence(&session.organization, of, &evidence.id).await?;
    }
    done.map(|()| reading)
}

/// How often a chip is read in one attempt before it is enough.
const READINGS: usize = 3;

async fn note(
    ipse: &Ipse,
    session: &capture::Session,
    evidence: &Evidence,
    reading: &ChipReading,
    seen: Option<Seen>,
) -> Result<()> {
    let mut tx = ipse.store.begin(&session.organization).await?;
    let mut in_hand = hold(&mut tx, &evidence.verification).await?;
    if in_hand.verification.attempts + 1 != evidence.attempt
        || !tx.claim(&session.claim.hash).await?.is_some_and(|claim| claim.active)
    {
        return Err(Refusal::ClaimedElsewhere.into());
    }
    let before = tx.list_evidence(&evidence.verification).await?;
    if before.iter().filter(|one| one.kind == KIND && one.attempt == evidence.attempt).count() >= READINGS {
        return Err(Refusal::TooManyAttempts.into());
    }
    let command = Command::ReceiveEvidence { evidence: evidence.id.clone(), kind: KIND };
    in_hand.apply(&mut tx, &command, &Actor::Subject, evidence.created_at).await?;
    tx.insert_evidence(evidence, reading).await?;
    if let Some(seen) = seen {
        tx.insert_face(evidence, &seen).await?;
    }
    ipse.commit(tx, &in_hand.verification).await
}

/// What is kept: the files as they came, so that the examination can be replayed.
fn kept(brought: &Brought) -> Result<Vec<u8>> {
    let mut kept: BTreeMap<&str, String> =
        brought.files.iter().map(|(name, bytes)| (name.as_str(), BASE64.encode(bytes))).collect();
    if let Some(response) = &brought.response {
        kept.insert("response", BASE64.encode(response));
    }
    serde_json::to_vec(&kept).map_err(|_| super::Error::Unavailable("the chip's files"))
}
