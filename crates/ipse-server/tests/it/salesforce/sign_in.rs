//! Signing in to the miniature org through the package's provider: the same person is the same user, and nothing but their own
//! proof lets anybody in.

use super::*;
use crate::faces::{Face, OTHER, SELF, drawn};
use crate::support::token;
use ipse_sandbox::specimen::performance::Performer;
use ipse_sandbox::specimen::{Camera, passport, photograph};
use reqwest::StatusCode;

const KIM: &str = "005000000000002AAA";
const CASEY: &str = "005000000000003AAA";
const SSO: &str = "/services/auth/sso/Ipse";
const LINK: &str = "/services/auth/link/Ipse";

/// An org whose administrator deployed the provider.
pub(super) struct Relying<'a> {
    place: &'a Place,
    there: &'a Salesforce,
}

impl<'a> Relying<'a> {
    pub(super) async fn new(place: &'a Place) -> Self {
        let there = &place.sandbox.partners.salesforce;
        let rules = json!({
            "selfie_required": true, "liveness_required": true, "keep_template_days": 30, "name_rule": "none",
        });
        place.journey("sign-in", rules).await;
        let client = json!({
            "profile": "oidc-basic", "name": "Salesforce", "redirect_uris": [there.callback()], "journey": "sign-in",
            "scopes": ["profile", "email", "ipse"], "claims_values": "values",
        });
        let (status, client) = place.post("/v1/clients", &client).await;
        assert_eq!(status, 201, "{client}");
        let text = |name: &str| client[name].as_str().unwrap().to_owned();
        there.provide(&place.base, text("id"), text("client_secret"));
        Self { place, there }
    }

    #[allow(clippy::needless_pass_by_value, reason = "the value is written where it is used")]
    pub(super) fn configure(&self, fields: Value) {
        self.there.configure(fields.as_object().unwrap().clone());
    }

    pub(super) fn create_users(&self) {
        self.configure(json!({ "Create_Users__c": true, "Profile__c": "Standard User" }));
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.place.sandbox.url())
    }

    /// The whole way of a person with a passport and a face, from one of the provider's addresses.
    async fn walk(&self, path: &str, who: (&str, u64)) -> Visitor<'_> {
        let mut visitor = self.sent(path, "").await;
        visitor.proves(who).await;
        visitor.back().await;
        visitor
    }

    /// A browser that the org sends to the provider.
    async fn sent(&self, path: &str, cookie: &str) -> Visitor<'_> {
        let mut browser = Browser::new(self.place);
        cookie.clone_into(&mut browser.cookie);
        let to = led(&browser.go(&self.at(path)).await);
        assert!(to.starts_with(&format!("{}/oauth2/authorize?", self.place.base)), "{to}");
        let way = led(&browser.go(&to).await);
        Visitor { org: self, browser, way, callback: String::new(), status: StatusCode::OK, page: String::new() }
    }

    /// The user of this name, and its id.
    fn user(&self, subject: &str) -> Option<(String, Map<String, Value>)> {
        self.there.users().into_iter().find(|(_, user)| user.get("Ipse_Subject__c") == Some(&json!(subject)))
    }
}

/// Where an answer sends a browser.
fn led(answer: &reqwest::Response) -> String {
    assert_eq!(answer.status(), 303, "not sent on from {}", answer.url());
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// Somebody whom the org has sent to the provider.
struct Visitor<'a> {
    org: &'a Relying<'a>,
    browser: Browser,
    /// The way's page at the provider.
    way: String,
    /// Where the provider sent them back to, and what the org showed at the end.
    callback: String,
    status: StatusCode,
    page: String,
}

impl Visitor<'_> {
    /// Agrees, and shows a passport of this number and a face. Whatever the face, the passport is in the same name.
    async fn proves(&mut self, who: (&str, u64)) {
        assert_eq!(self.shows(who).await, "succeeded");
    }

    /// The same; what comes of it.
    async fn shows(&mut self, (number, face): (&str, u64)) -> String {
        let way = self.way.clone();
        assert_eq!(self.browser.submit(&way, &format!("{way}/begin"), &[]).await.status(), 303);
        let mut person = employee().person;
        number.clone_into(&mut person.document_number);
        let picture = photograph(&passport(&person, face), &Camera::default());
        assert_eq!(self.browser.picture(PASSPORT, picture).await.1["accepted"], true);
        let answer = Face::new(self.org.place, &self.browser).await.perform(Performer::Person(face), true).await;
        assert_eq!(answer["accepted"], true, "{answer}");
        let found = self.org.place.get("/v1/verifications").await.1["data"][0]["id"].as_str().unwrap().to_owned();
        let found = self.org.place.until(&found, &["succeeded", "pending_review"]).await;
        found["status"].as_str().unwrap().to_owned()
    }

    /// Goes back to the org, and wherever it leads.
    async fn back(&mut self) {
        let way = self.way.clone();
        self.callback = led(&self.browser.go(&way).await);
        let callback = self.callback.clone();
        self.arrive(&callback).await;
    }

    async fn arrive(&mut self, callback: &str) {
        let mut answer = self.browser.go(callback).await;
        if answer.status() == 303 {
            let to = led(&answer);
            assert_eq!(to, "/salesforce/home");
            answer = self.browser.go(&self.org.at(&to)).await;
        }
        (self.status, self.page) = (answer.status(), answer.text().await.unwrap());
    }

    /// Somebody is signed in, and the page says who.
    fn assert_signed_in(&self, name: &str) {
        assert_eq!(self.status, 200, "{}", self.page);
        assert!(self.page.contains(&format!("Signed in as {name}")), "{}", self.page);
    }

    /// Nobody is, and the page says why.
    async fn assert_refused(&self, code: &str, why: &str) {
        assert_eq!(self.status, 403, "{}", self.page);
        assert!(self.page.contains(code) && self.page.contains(why), "{}", self.page);
        let home = self.browser.raw(&self.org.at("/salesforce/home")).await;
        assert_eq!(led(&home), "/salesforce/login");
    }
}

on_both!(who_signs_in_again_is_the_same_user, drawn, |place: Place| async move {
    let org = Relying::new(&place).await;
    org.create_users();
    let before = org.there.users().len();
    let first = org.walk(SSO, ("L898902C3", SELF)).await;
    first.assert_signed_in("ANNA MARIA ERIKSSON");
    assert_eq!(org.there.users().len(), before + 1);
    let (_, subjects) = place.get("/v1/subjects").await;
    let subject = subjects["data"][0]["id"].as_str().unwrap();
    let (id, user) = org.user(subject).unwrap();
    let (_, verified) = place.get("/v1/verifications").await;
    let verified = &verified["data"][0];
    assert_eq!(user["Ipse_Verification_Id__c"], verified["id"]);
    assert_eq!(user["Ipse_Assurance__c"], verified["assurance"]["level"]);
    assert!(user["Ipse_Verified_At__c"].as_str().unwrap().ends_with('Z') && first.page.contains(subject));
    assert_eq!((&user["Profile"], &user["IsActive"]), (&json!("Standard User"), &json!(true)));
    assert!(user["Email"].as_str().unwrap().ends_with(".ipse.invalid"), "no address was proven");

    let again = org.walk(SSO, ("L898902C3", SELF)).await;
    again.assert_signed_in("ANNA MARIA ERIKSSON");
    assert_eq!(org.there.users().len(), before + 1);
    let (same, later) = org.user(subject).unwrap();
    assert_eq!(same, id);
    assert_ne!(later["Ipse_Verification_Id__c"], user["Ipse_Verification_Id__c"], "each sign-in is written down");

    // A namesake is somebody else, and has a user of their own.
    let other = org.walk(SSO, ("X00000011", OTHER)).await;
    other.assert_signed_in("ANNA MARIA ERIKSSON");
    assert_eq!(org.there.users().len(), before + 2);
    assert_eq!(org.user(subject).unwrap().1, later);
    // Sessions end, by their own doing or since the user was switched off.
    let mut browser = other.browser;
    assert_eq!(led(&browser.post(&org.at("/salesforce/logout"), &[]).await), "/salesforce/login");
    assert_eq!(led(&browser.raw(&org.at("/salesforce/home")).await), "/salesforce/login");
    org.there.set_active(&id, false);
    assert_eq!(led(&again.browser.raw(&org.at("/salesforce/home")).await), "/salesforce/login");
    let late = org.walk(SSO, ("L898902C3", SELF)).await;
    late.assert_refused("REGISTRATION_HANDLER_ERROR", "Your user is not active").await;
});

on_both!(a_user_is_found_by_their_own_link_alone, drawn, |place: Place| async move {
    let org = Relying::new(&place).await;
    let (me, namesake) = (("L898902C3", SELF), ("X00000012", OTHER));
    let users = org.there.users();
    let unknown = org.walk(SSO, me).await;
    unknown.assert_refused("REGISTRATION_HANDLER_ERROR", "no user here belongs to it").await;
    assert_eq!(org.there.users(), users, "nobody is made, and nothing is written");
    org.configure(json!({ "Create_Users__c": true, "Profile__c": "No such profile" }));
    org.walk(SSO, me).await.assert_refused("REGISTRATION_HANDLER_ERROR", "cannot be created yet").await;
    assert_eq!(org.there.users(), users);
    org.configure(json!({ "Create_Users__c": false }));

    // Kim links their user, and is Kim from now on.
    let linked = org.walk(LINK, me).await;
    linked.assert_signed_in("Kim, agent");
    org.walk(SSO, me).await.assert_signed_in("Kim, agent");
    assert_eq!(org.there.users().len(), users.len());
    let kim = org.there.users()[KIM].clone();
    // Nobody else becomes Kim, and Kim becomes nobody else.
    org.walk(LINK, namesake).await.assert_refused("REGISTRATION_HANDLER_ERROR", "belongs to another person").await;
    let mut second = org.sent(LINK, &format!("salesforce-user={CASEY}")).await;
    second.proves(me).await;
    second.back().await;
    second.assert_refused("REGISTRATION_HANDLER_ERROR", "DUPLICATE_VALUE").await;
    org.walk(SSO, namesake).await.assert_refused("REGISTRATION_HANDLER_ERROR", "no user here belongs to it").await;
    let now = org.there.users();
    assert_eq!((&now[KIM]["Ipse_Subject__c"], &now[CASEY]), (&kim["Ipse_Subject__c"], &users[CASEY]));
});

on_both!(a_document_that_is_known_under_another_id_waits_for_a_reviewer, drawn, |place: Place| async move {
    let org = Relying::new(&place).await;
    org.create_users();
    // The person was verified before, for somebody who knows them by an id of their own.
    let (id, link) = place.open("sign-in").await;
    let phone = place.claim(&link).await;
    assert_eq!(
        phone.picture(PASSPORT, photograph(&passport(&employee().person, SELF), &Camera::default())).await.0,
        200
    );
    assert_eq!(Face::new(&place, &phone).await.perform(Performer::Person(SELF), true).await["accepted"], true);
    place.until(&id, &["succeeded"]).await;
    let mut visitor = org.sent(SSO, "").await;
    assert_eq!(visitor.shows(("L898902C3", SELF)).await, "pending_review");
    let way = visitor.way.clone();
    assert_eq!(visitor.browser.go(&way).await.status(), 200, "they wait");
    assert_eq!(org.there.users().len(), 2);
});

on_both!(what_is_too_weak_or_too_old_signs_nobody_in, drawn, |place: Place| async move {
    let org = Relying::new(&place).await;
    org.create_users();
    let users = org.there.users();
    org.configure(json!({ "Minimum_Assurance__c": 9.0 }));
    let me = ("L898902C3", SELF);
    org.walk(SSO, me).await.assert_refused("REGISTRATION_HANDLER_ERROR", "A stronger proof").await;
    org.configure(json!({ "Minimum_Assurance__c": 0.0 }));
    let mut late = org.sent(SSO, "").await;
    late.proves(me).await;
    org.there.pass(SignedDuration::from_mins(16));
    late.back().await;
    late.assert_refused("REGISTRATION_HANDLER_ERROR", "proven too long ago").await;
    assert_eq!(org.there.users(), users);
});

on_both!(nothing_forged_or_replayed_signs_in, drawn, |place: Place| async move {
    let org = Relying::new(&place).await;
    org.create_users();
    let me = ("L898902C3", SELF);
    let invalid = ("No_Oauth_State", "State was not valid");
    let mut thief = org.sent(SSO, "").await;
    let mut victim = org.sent(SSO, "").await;
    victim.proves(me).await;
    let way = victim.way.clone();
    let callback = led(&victim.browser.go(&way).await);
    let url = url::Url::parse(&callback).unwrap();
    let sent: std::collections::BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    assert!(sent["state"].len() > 400);
    // In another browser, or with another state, the answer is nobody's.
    thief.arrive(&callback).await;
    thief.assert_refused(invalid.0, invalid.1).await;
    let bent = callback.replace(&sent["state"], &"0".repeat(sent["state"].len()));
    for wrong in [&bent, callback.split('?').next().unwrap(), &org.at("/services/authcallback/Ipse?code=x&state=")] {
        victim.arrive(wrong).await;
        victim.assert_refused(invalid.0, invalid.1).await;
    }
    victim.arrive(&callback).await;
    victim.assert_signed_in("ANNA MARIA ERIKSSON");
    let users = org.there.users();
    // The same answer once more; the session of the first time is not what is asked about.
    let again = victim.browser.raw(&callback).await;
    assert_eq!(again.status(), 403);
    assert!(again.text().await.unwrap().contains(invalid.1));
    assert_eq!(org.there.users(), users);
});

on_both!(a_code_is_good_once_and_for_its_own_way, drawn, |place: Place| async move {
    let org = Relying::new(&place).await;
    org.create_users();
    let mut victim = org.sent(SSO, "").await;
    victim.proves(("L898902C3", SELF)).await;
    let way = victim.way.clone();
    let callback = led(&victim.browser.go(&way).await);
    let state = |url: &str| {
        let url = url::Url::parse(url).unwrap();
        url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
    };
    // A thief puts the code of a victim into a way that the thief began: before the victim has used it, and afterwards.
    let steal = async || {
        let mut browser = Browser::new(&place);
        let to = led(&browser.go(&org.at(SSO)).await);
        let answer = browser.go(&callback.replace(&state(&callback), &state(&to))).await;
        assert_eq!(answer.status(), 403);
        let page = answer.text().await.unwrap();
        assert!(page.contains("No_Oauth_Token") && page.contains("invalid_grant"), "{page}");
    };
    steal().await;
    victim.arrive(&callback).await;
    victim.assert_signed_in("ANNA MARIA ERIKSSON");
    steal().await;
    // Whoever does not want to is sent back with an error, which lets nobody in.
    let mut unwilling = org.sent(SSO, "").await;
    let way = unwilling.way.clone();
    let csrf = token(&unwilling.browser.get(&way).await.1);
    let callback = led(&unwilling.browser.post(&format!("{way}/cancel"), &[("csrf", &csrf)]).await);
    unwilling.arrive(&callback).await;
    unwilling.assert_refused("Remote_Error", "access_denied").await;
    assert_eq!(org.there.users().len(), 3, "the victim's alone");
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_test_only_initialization_shows_what_arrives() {
    let place = Place::new(false, drawn).await;
    let bare = place.client.get(format!("{}/salesforce/login", place.sandbox.url())).send().await.unwrap();
    assert!(bare.text().await.unwrap().contains("Nobody has deployed"));
    let early = place.client.get(format!("{}{SSO}", place.sandbox.url())).send().await.unwrap();
    assert_eq!(early.status(), 404);
    let org = Relying::new(&place).await;
    for unknown in ["/services/auth/sso/Other", "/services/auth/dance/Ipse", "/services/authcallback/Other"] {
        assert_eq!(place.client.get(org.at(unknown)).send().await.unwrap().status(), 404, "{unknown}");
    }
    let shown = org.walk("/services/auth/test/Ipse", ("L898902C3", SELF)).await;
    assert_eq!(shown.status, 200);
    let verified = place.get("/v1/verifications").await.1["data"][0].clone();
    for (name, value) in [
        ("ipse_verified", "true"),
        ("ipse_verification", verified["id"].as_str().unwrap()),
        ("sub", verified["subject"].as_str().unwrap()),
        ("family_name", "ERIKSSON"),
    ] {
        assert!(shown.page.contains(&format!("<{name}>{value}</{name}>")), "{name} in {}", shown.page);
    }
    assert!(shown.page.contains("<ipse_verified_at>20") && shown.page.contains("<ipse_assurance>"));
    assert!(!shown.page.contains("<email>"), "a document proves no address");
    // To look at it signs nobody in, and makes nobody.
    assert_eq!(led(&shown.browser.raw(&org.at("/salesforce/home")).await), "/salesforce/login");
    assert_eq!(org.there.users().len(), 2);
}
