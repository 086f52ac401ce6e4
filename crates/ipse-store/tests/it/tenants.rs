//! Tenants don't meet: every method of a transaction, with one organization's transaction and another's data.

use crate::{Place, at, entropy, journey, on_both, organization, subject, verification};
use ipse_core::campaign::{Campaign, CampaignState, MemberState};
use ipse_core::check::Report;
use ipse_core::document::{DocumentFacts, Side};
use ipse_core::enrolment::Enrolment;
use ipse_core::event::{GENESIS, Head};
use ipse_core::id::{
    ApiKeyId, CampaignId, DeliveryId, EndpointId, EnrolmentId, EvidenceId, IntegrationId, PasskeyId, PersonId, ReportId,
};
use ipse_core::organization::{Person, Role};
use ipse_core::verification::{Channel, State};
use ipse_store::campaigns::{Added, Member, Members};
use ipse_store::deliveries::{Attempt, Delivery, DeliveryState};
use ipse_store::events::EventFilter;
use ipse_store::evidence::Evidence;
use ipse_store::idempotency::Remembered;
use ipse_store::keys::ApiKey;
use ipse_store::links::{Claim, LinkKind};
use ipse_store::people::{Passkey, Session};
use ipse_store::subjects::SubjectFilter;
use ipse_store::verifications::{Forgetting, VerificationFilter};
use ipse_store::webhooks::{Endpoint, Secret};

on_both!(verifications_and_what_hangs_on_them, |place: Place| async move {
    let store = &place.store;
    let (ours, theirs) = (organization(store).await, organization(store).await);
    let mine = verification(store, &ours, "ours").await;
    let id = &mine.id;
    let evidence = Evidence {
        id: EvidenceId::new(at(2), entropy()),
        verification: id.clone(),
        kind: "document".into(),
        side: Some(Side::Front),
        attempt: 1,
        created_at: at(2),
        media_type: "image/jpeg".into(),
        sha256: [1; 32],
    };
    let report = Report { id: ReportId::new(at(3), entropy()), attempt: 1, created_at: at(3), checks: vec![] };
    let claim =
        Claim { hash: [7; 32], verification: id.clone(), csrf: "c".into(), device: "phone".into(), active: true };
    let mut tx = store.begin(&ours).await.unwrap();
    let sealed = tx.seal_evidence(id, &evidence.id, b"picture").await.unwrap();
    store.put_evidence(&ours, id, &evidence.id, sealed.clone()).await.unwrap();
    tx.insert_evidence(&evidence, &"finding").await.unwrap();
    tx.insert_report(id, &report, &DocumentFacts::default()).await.unwrap();
    tx.insert_note(id, "person:x", "note", at(3)).await.unwrap();
    tx.insert_link(&[5; 32], LinkKind::Invitation, id, at(900)).await.unwrap();
    tx.insert_claim(&claim, at(3)).await.unwrap();
    tx.insert_face(&evidence, &"face").await.unwrap();
    tx.set_challenge(id, &[9; 32], &"steps", at(3)).await.unwrap();
    let enrolment = Enrolment {
        id: EnrolmentId::new(at(3), entropy()),
        subject: mine.subject.clone(),
        verification: id.clone(),
        model: "m".into(),
        consent: "c".into(),
        created_at: at(3),
        expires_at: at(900),
    };
    tx.insert_enrolment(&enrolment, &"template").await.unwrap();
    tx.commit().await.unwrap();

    // The other organization sees nothing and changes nothing.
    let mut tx = store.begin(&theirs).await.unwrap();
    assert!(tx.verification(id).await.unwrap().is_none());
    assert!(tx.hold_verification(id).await.unwrap().is_none());
    assert!(tx.subject(&mine.subject).await.unwrap().is_none());
    assert!(tx.subject_by_external_id("ours").await.unwrap().is_none());
    assert!(tx.list_subjects(&SubjectFilter::default(), 10).await.unwrap().is_empty());
    assert!(tx.list_verifications(&VerificationFilter::default(), 10).await.unwrap().is_empty());
    assert!(tx.list_evidence(id).await.unwrap().is_empty());
    assert!(tx.evidence(id, &evidence.id).await.unwrap().is_none());
    assert!(tx.findings::<String>(&evidence).await.is_err());
    assert!(tx.face::<String>(&evidence).await.unwrap().is_none());
    assert!(tx.insert_face(&evidence, &"mine now").await.is_err());
    assert!(tx.take_challenge::<String>(id, &[9; 32]).await.unwrap().is_none());
    assert!(tx.enrolment(&mine.subject).await.unwrap().is_none());
    assert!(tx.template::<String>(&enrolment).await.unwrap().is_none());
    assert!(tx.erase_enrolment(&mine.subject).await.unwrap().is_none());
    assert!(tx.unseal_evidence(id, &evidence.id, &sealed).await.is_err());
    assert!(tx.seal_evidence(id, &evidence.id, b"mine now").await.is_err());
    assert!(store.get_evidence(&theirs, id, &evidence.id).await.is_err());
    assert!(tx.claimed_identity(id).await.is_err());
    assert!(tx.reports(id).await.unwrap().is_empty());
    assert!(tx.facts(id).await.unwrap().is_none());
    assert!(tx.notes(id).await.unwrap().is_empty());
    assert!(tx.events(id.as_str(), 0).await.unwrap().is_empty());
    assert_eq!(tx.count_events(id.as_str(), "verification.created").await.unwrap(), 0);
    assert!(tx.list_events(&EventFilter::default(), 10).await.unwrap().is_empty());
    assert!(tx.chains("", 10).await.unwrap().iter().all(|chain| chain.stream == theirs.as_str()));
    assert!(tx.journey(&mine.journey, 1).await.unwrap().is_none());
    assert!(tx.current_journey("ours").await.unwrap().is_none());
    assert!(tx.journey_versions(&mine.journey).await.unwrap().is_empty());
    assert!(tx.list_journeys().await.unwrap().is_empty());
    assert!(tx.claim(&[7; 32]).await.unwrap().is_none());
    assert!(!tx.claim_link(&[5; 32], LinkKind::Invitation, at(4)).await.unwrap());
    tx.activate_claim(&Claim { hash: [0; 32], ..claim.clone() }).await.unwrap();
    tx.delete_claims(id).await.unwrap();
    tx.delete_links(LinkKind::Invitation, id).await.unwrap();
    let stolen = ipse_core::verification::Verification { state: State::Succeeded, ..mine.clone() };
    tx.update_verification(&stolen, Head::EMPTY).await.unwrap();
    tx.schedule_forgetting(id, Forgetting { images_at: Some(at(0)), facts_at: Some(at(0)) }).await.unwrap();
    assert!(!tx.forget_images(id, at(0)).await.unwrap());
    tx.images_forgotten(id).await.unwrap();
    tx.forget_facts(id).await.unwrap();
    store.remove_evidence(&theirs, id).await.unwrap();
    assert_eq!(tx.discard_evidence(id, 1).await.unwrap(), 0);
    assert_eq!(tx.cancel_messages(id, at(4)).await.unwrap(), 0);
    tx.commit().await.unwrap();

    // Everything is still there for its owner.
    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.verification(id).await.unwrap().unwrap().state, State::Created);
    let sealed = store.get_evidence(&ours, id, &evidence.id).await.unwrap();
    assert_eq!(tx.unseal_evidence(id, &evidence.id, &sealed).await.unwrap(), b"picture");
    assert_eq!(
        tx.claimed_identity(id).await.unwrap().family_name.unwrap().reveal(),
        "Sentinelson",
        "who was meant stays with the verification"
    );
    assert_eq!(tx.findings::<String>(&evidence).await.unwrap(), "finding");
    assert_eq!(tx.face::<String>(&evidence).await.unwrap().unwrap(), "face");
    assert_eq!(tx.enrolment(&mine.subject).await.unwrap().unwrap(), enrolment);
    assert_eq!(tx.template::<String>(&enrolment).await.unwrap().unwrap(), "template");
    assert!(tx.take_challenge::<String>(id, &[8; 32]).await.unwrap().is_none(), "another nonce");
    assert_eq!(tx.take_challenge::<String>(id, &[9; 32]).await.unwrap().unwrap(), ("steps".to_owned(), at(3)));
    assert!(tx.take_challenge::<String>(id, &[9; 32]).await.unwrap().is_none(), "a challenge is answered once");
    assert_eq!(tx.notes(id).await.unwrap(), [("person:x".to_owned(), "note".to_owned())]);
    assert!(tx.facts(id).await.unwrap().is_some());
    assert!(tx.claim(&[7; 32]).await.unwrap().unwrap().active);
    assert!(tx.claim_link(&[5; 32], LinkKind::Invitation, at(4)).await.unwrap());
    assert!(!tx.claim_link(&[5; 32], LinkKind::Invitation, at(4)).await.unwrap(), "a link is claimed once");
    drop(tx);
    assert!(store.due_to_forget_images(at(9_999), 10).await.unwrap().is_empty());
});

on_both!(the_same_external_id_in_two_organizations, |place: Place| async move {
    let store = &place.store;
    let (ours, theirs) = (organization(store).await, organization(store).await);
    for organization in [&ours, &theirs] {
        let mut tx = store.begin(organization).await.unwrap();
        tx.insert_subject(&subject("j.doe")).await.unwrap();
        tx.insert_journey(&journey("help-desk")).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = store.begin(&ours).await.unwrap();
    assert!(matches!(tx.insert_subject(&subject("j.doe")).await, Err(ipse_store::Error::Duplicate)));
    drop(tx);
    let mut tx = store.begin(&theirs).await.unwrap();
    let known = tx.subject_by_external_id("j.doe").await.unwrap().unwrap();
    assert_eq!(tx.list_subjects(&SubjectFilter::default(), 10).await.unwrap().len(), 1);
    drop(tx);
    let mut tx = store.begin(&ours).await.unwrap();
    assert!(
        tx.update_subject(&known.id, &known.profile).await.is_err() || tx.subject(&known.id).await.unwrap().is_none()
    );
});

on_both!(labels_and_campaigns, |place: Place| async move {
    let store = &place.store;
    let (ours, theirs) = (organization(store).await, organization(store).await);
    let mine = verification(store, &ours, "ours").await;
    let other = verification(store, &theirs, "theirs").await;
    let label = |name: &str| SubjectFilter { label: Some(name.into()), before: None };
    for (organization, verification) in [(&ours, &mine), (&theirs, &other)] {
        let mut tx = store.begin(organization).await.unwrap();
        let mut profile = tx.subject(&verification.subject).await.unwrap().unwrap().profile;
        profile.labels = ["privileged", "tier-0"].map(str::to_owned).into();
        assert!(tx.update_subject(&verification.subject, &profile).await.unwrap());
        tx.commit().await.unwrap();
    }
    let campaign = |id: u8| Campaign {
        id: CampaignId::new(at(i64::from(id)), entropy()),
        name: "Review".into(),
        journey: mine.journey.clone(),
        purpose: "Keep your access".into(),
        delivery: Channel::Email,
        due_at: at(9_000),
        remind_days: vec![],
        requester: mine.requester.clone(),
        created_at: at(5),
        state: CampaignState::Open,
        ended_at: None,
    };
    let first = campaign(1);
    let mut tx = store.begin(&ours).await.unwrap();
    let added = tx.insert_campaign(&first, &Members::Label("privileged".into())).await.unwrap();
    assert_eq!(added, Added { members: 1, unknown: 0 }, "the other's subject has the label too");
    let by_id = Members::Ids([mine.subject.clone(), other.subject.clone()].into());
    assert_eq!(tx.insert_campaign(&campaign(2), &by_id).await.unwrap(), Added { members: 1, unknown: 1 });
    let by_external_id = Members::ExternalIds(["ours", "ours", "theirs"].map(|id| id.to_owned().into()).into());
    assert_eq!(tx.insert_campaign(&campaign(3), &by_external_id).await.unwrap(), Added { members: 1, unknown: 1 });
    let mut member = tx.hold_member(&first.id, &mine.subject).await.unwrap().unwrap();
    assert_eq!((member.state(), member.next_at), (MemberState::Waiting, Some(at(5))));
    member = Member { verification: Some(mine.id.clone()), tried_at: Some(at(6)), next_at: Some(at(7)), ..member };
    tx.update_member(&first.id, &member).await.unwrap();
    tx.commit().await.unwrap();

    // The other organization sees nothing and changes nothing.
    let mut tx = store.begin(&theirs).await.unwrap();
    assert_eq!(tx.list_subjects(&label("privileged"), 10).await.unwrap().len(), 1, "their own");
    assert!(!tx.update_subject(&mine.subject, &subject("ours").profile).await.unwrap_or(false));
    assert!(tx.campaign(&first.id).await.unwrap().is_none());
    assert!(tx.hold_campaign(&first.id).await.unwrap().is_none());
    assert!(tx.list_campaigns(None, 10).await.unwrap().is_empty());
    assert!(tx.count_members(&first.id).await.unwrap().iter().all(|(_, count)| *count == 0));
    assert!(tx.list_members(&first.id, None, None, 10).await.unwrap().is_empty());
    assert!(tx.hold_member(&first.id, &mine.subject).await.unwrap().is_none());
    tx.update_member(&first.id, &Member { refusal: Some("stolen".into()), next_at: None, ..member.clone() })
        .await
        .unwrap();
    tx.end_campaign(&Campaign { state: CampaignState::Cancelled, ..first.clone() }).await.unwrap();
    tx.commit().await.unwrap();

    // Everything is still there for its owner.
    let mut tx = store.begin(&ours).await.unwrap();
    let known = tx.subject(&mine.subject).await.unwrap().unwrap();
    assert_eq!(Vec::from_iter(&known.profile.labels), ["privileged", "tier-0"]);
    assert_eq!(tx.list_subjects(&label("tier-0"), 10).await.unwrap(), [known]);
    assert!(tx.list_subjects(&label("tier"), 10).await.unwrap().is_empty());
    assert_eq!(tx.campaign(&first.id).await.unwrap().unwrap(), first);
    assert_eq!(tx.list_campaigns(None, 10).await.unwrap().len(), 3);
    let listed = tx.list_members(&first.id, Some(MemberState::Asked), None, 10).await.unwrap();
    assert_eq!(listed, [Member { verification_state: Some(State::Created), ..member.clone() }]);
    assert!(tx.list_members(&first.id, Some(MemberState::Succeeded), None, 10).await.unwrap().is_empty());
    let counts = tx.count_members(&first.id).await.unwrap();
    assert!(counts.iter().all(|(state, count)| *count == u64::from(*state == MemberState::Asked)), "{counts:?}");
    drop(tx);
    assert_eq!(store.due_members(at(6), 10).await.unwrap().len(), 2, "of the other two");
    assert_eq!(store.due_members(at(7), 10).await.unwrap().len(), 3);
    assert!(store.due_to_finish(at(8_999), 10).await.unwrap().is_empty());
    assert_eq!(store.due_to_finish(at(9_000), 10).await.unwrap().len(), 3);
    let mut tx = store.begin(&ours).await.unwrap();
    let held = tx.hold_campaign(&first.id).await.unwrap().unwrap();
    tx.end_campaign(&held.finish(&counts, at(9_000)).unwrap().0).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.due_members(at(7), 10).await.unwrap().len(), 2, "nothing is due for who was asked by it");
    assert_eq!(store.due_to_finish(at(9_000), 10).await.unwrap().len(), 2);
});

on_both!(people_and_keys, |place: Place| async move {
    let store = &place.store;
    let (ours, theirs) = (organization(store).await, organization(store).await);
    let person = Person {
        id: PersonId::new(at(0), entropy()),
        name: "Ada".into(),
        email: "Ada@example.com".into(),
        role: Role::Admin,
        disabled: false,
        created_at: at(0),
    };
    let session =
        Session { hash: [2; 32], person: person.id.clone(), csrf: "t".into(), created_at: at(0), seen_at: at(0) };
    let passkey = Passkey {
        id: PasskeyId::new(at(0), entropy()),
        person: person.id.clone(),
        credential_id: vec![1, 2, 3],
        name: "Laptop".into(),
        credential: "{}".into(),
        created_at: at(0),
        used_at: None,
    };
    let key = ApiKey {
        id: ApiKeyId::new(at(0), entropy()),
        hash: [3; 32],
        prefix: "ipse_sk_abc".into(),
        name: "k".into(),
        scopes: vec!["verifications:read".into()],
        created_at: at(0),
        used_at: None,
        revoked_at: None,
    };
    let mut tx = store.begin(&ours).await.unwrap();
    tx.insert_person(&person).await.unwrap();
    tx.insert_session(&session).await.unwrap();
    tx.insert_passkey(&passkey).await.unwrap();
    tx.insert_api_key(&key).await.unwrap();
    tx.insert_sign_in_link(&[4; 32], &person.id, at(60)).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.begin(&theirs).await.unwrap();
    assert!(tx.person(&person.id).await.unwrap().is_none());
    assert!(tx.person_by_email("ada@example.com").await.unwrap().is_none());
    assert!(tx.list_people().await.unwrap().is_empty());
    assert!(tx.session(&[2; 32]).await.unwrap().is_none());
    assert!(tx.passkeys(&person.id).await.unwrap().is_empty());
    assert!(!tx.delete_passkey(&person.id, &passkey.id).await.unwrap());
    assert!(tx.api_key(&key.id).await.unwrap().is_none());
    assert!(tx.list_api_keys().await.unwrap().is_empty());
    assert!(!tx.revoke_api_key(&key.id, at(1)).await.unwrap());
    assert!(tx.redeem_sign_in_link(&[4; 32], at(1)).await.unwrap().is_none());
    tx.touch_api_key(&key.id, at(1)).await.unwrap();
    tx.touch_session(&[2; 32], at(1)).await.unwrap();
    tx.use_passkey(&passkey.id, "stolen", at(1)).await.unwrap();
    tx.update_person(&Person { role: Role::Agent, ..person.clone() }).await.unwrap();
    tx.delete_session(&[2; 32]).await.unwrap();
    tx.sign_out_everywhere(&person.id).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.person_by_email("ADA@example.com").await.unwrap().unwrap().role, Role::Admin);
    assert_eq!(tx.session(&[2; 32]).await.unwrap().unwrap().seen_at, at(0));
    assert_eq!(tx.passkeys(&person.id).await.unwrap(), [passkey]);
    assert_eq!(tx.api_key(&key.id).await.unwrap().unwrap(), key);
    assert_eq!(tx.redeem_sign_in_link(&[4; 32], at(60)).await.unwrap(), None, "too late");
    assert_eq!(tx.redeem_sign_in_link(&[4; 32], at(59)).await.unwrap(), Some(person.id.clone()));
    assert_eq!(tx.redeem_sign_in_link(&[4; 32], at(59)).await.unwrap(), None, "once only");
});

on_both!(integrations_their_keys_and_secrets, |place: Place| async move {
    let store = &place.store;
    let (ours, theirs) = (organization(store).await, organization(store).await);
    let (id, key) = (IntegrationId::new(at(0), entropy()), ApiKeyId::new(at(0), entropy()));
    let api_key = ApiKey {
        id: key.clone(),
        hash: [7; 32],
        prefix: "ipse_sk_".into(),
        name: "k".into(),
        scopes: vec![],
        created_at: at(0),
        used_at: None,
        revoked_at: None,
    };
    let mut tx = store.begin(&ours).await.unwrap();
    tx.insert_api_key(&api_key).await.unwrap();
    tx.insert_integration(&id, &"record").await.unwrap();
    tx.add_integration_key(&id, &key).await.unwrap();
    tx.set_integration_secrets(&id, &"secret").await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.begin(&theirs).await.unwrap();
    assert!(tx.integration::<String>(&id).await.unwrap().is_none());
    assert!(tx.hold_integration::<String>(&id).await.unwrap().is_none());
    assert!(tx.integration_of::<String>(&key).await.unwrap().is_none());
    assert!(tx.integration_secrets::<String>(&id).await.unwrap().is_none());
    assert!(tx.integration_keys(&id).await.unwrap().is_empty());
    assert!(tx.list_integrations::<String>().await.unwrap().is_empty());
    assert!(!tx.delete_integration(&id).await.unwrap());
    assert_eq!(tx.replay_dead(id.as_str(), at(1)).await.unwrap(), 0);
    tx.update_integration(&id, &"changed").await.unwrap();
    tx.set_integration_secrets(&id, &"changed").await.unwrap();
    tx.forget_integration_secrets(&id).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.integration::<String>(&id).await.unwrap().unwrap(), "record");
    assert_eq!(tx.integration_secrets::<String>(&id).await.unwrap().unwrap(), "secret");
    assert!(tx.delete_integration(&id).await.unwrap());
    assert!(tx.list_integrations::<String>().await.unwrap().is_empty());
    assert!(tx.integration_secrets::<String>(&id).await.unwrap().is_none(), "destroyed");
    assert_eq!(tx.integration_of::<String>(&key).await.unwrap().unwrap(), "record", "its rules outlive it");
    assert_eq!(tx.integration_keys(&id).await.unwrap(), [key]);
});

on_both!(webhooks_settings_and_answers, |place: Place| async move {
    let store = &place.store;
    let (ours, theirs) = (organization(store).await, organization(store).await);
    let endpoint = Endpoint {
        only_of: Vec::new(),
        id: EndpointId::new(at(0), entropy()),
        url: "https://r.example".into(),
        event_types: vec![],
        description: String::new(),
        created_at: at(0),
        disabled_reason: None,
    };
    let secret = Secret { shared: "whsec_x".into(), private: "p".into(), public: "whpk_y".into(), retires_at: None };
    let delivery = Delivery {
        id: DeliveryId::new(at(0), entropy()),
        destination: endpoint.id.to_string(),
        verification: None,
        event: "evt_x".into(),
        sequence: 1,
        kind: "verification.created".into(),
        state: DeliveryState::Pending,
        attempts: 0,
        created_at: at(0),
        queued_at: at(0),
        attempts_before: 0,
        next_attempt_at: at(0),
        finished_at: None,
    };
    let answer = Remembered { request_hash: [9; 32], status: 201, body: b"{}".to_vec() };
    let mut tx = store.begin(&ours).await.unwrap();
    tx.insert_endpoint(&endpoint, std::slice::from_ref(&secret)).await.unwrap();
    tx.insert_delivery(&delivery, b"{}", None).await.unwrap();
    tx.remember("key", &answer, at(0)).await.unwrap();
    tx.commit().await.unwrap();

    let attempt = Attempt { number: 1, at: at(1), status: Some(200), answer: String::new(), milliseconds: 1 };
    let mut tx = store.begin(&theirs).await.unwrap();
    assert!(tx.endpoint(&endpoint.id).await.unwrap().is_none());
    assert!(tx.list_endpoints().await.unwrap().is_empty());
    assert!(tx.endpoint_secrets(&endpoint.id).await.unwrap().is_empty());
    assert!(tx.delivery(&delivery.id).await.unwrap().is_none());
    assert!(tx.hold_delivery(&delivery.id).await.unwrap().is_none());
    assert!(tx.delivery_body(&delivery.id).await.is_err());
    assert!(tx.list_deliveries(endpoint.id.as_str(), None, None, 10).await.unwrap().is_empty());
    assert!(tx.attempts(&delivery.id).await.unwrap().is_empty());
    assert!(!tx.replay_delivery(&delivery.id, at(1)).await.unwrap());
    assert_eq!(tx.replay_deliveries(endpoint.id.as_str(), at(0), at(9), at(1)).await.unwrap(), 0);
    assert_eq!(tx.cancel_deliveries(endpoint.id.as_str(), at(1)).await.unwrap(), 0);
    assert!(tx.remembered("key").await.unwrap().is_none());
    tx.update_endpoint(&Endpoint { url: "https://evil.example".into(), ..endpoint.clone() }, false).await.unwrap();
    tx.set_endpoint_secrets(&endpoint.id, &[]).await.unwrap();
    assert_eq!(tx.own_organization().await.unwrap().id, theirs);
    tx.commit().await.unwrap();

    let mut tx = store.begin(&ours).await.unwrap();
    let state = tx.endpoint(&endpoint.id).await.unwrap().unwrap();
    assert!(state.enabled && state.endpoint == endpoint);
    assert_eq!(tx.endpoint_secrets(&endpoint.id).await.unwrap()[0].shared, "whsec_x");
    assert_eq!(tx.remembered("key").await.unwrap().unwrap(), answer);
    assert!(matches!(tx.remember("key", &answer, at(1)).await, Err(ipse_store::Error::Duplicate)));
    drop(tx);
    let mut tx = store.begin(&ours).await.unwrap();
    tx.finish_attempt(&delivery.id, &attempt, DeliveryState::Delivered, at(1)).await.unwrap();
    assert_eq!(tx.delivery(&delivery.id).await.unwrap().unwrap().state, DeliveryState::Delivered);
    assert_eq!(tx.organization_head().await.unwrap().hash, GENESIS);
    tx.set_organization_head(Head { sequence: 1, hash: [1; 32] }).await.unwrap();
    tx.update_settings(&ipse_core::organization::Settings { name: "Renamed".into(), ..Default::default() })
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin(&theirs).await.unwrap();
    assert_eq!(tx.own_organization().await.unwrap().settings.name, "Org");
    assert_eq!(tx.organization_head().await.unwrap(), Head::EMPTY);
});
