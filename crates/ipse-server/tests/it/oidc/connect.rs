//! `ipse connect okta`, as an administrator runs it, against the miniature Okta.

use super::Party;
use crate::operations::ipse;
use crate::support::{Browser, Place, employee, read};
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

pub(super) const TERMS: [&str; 4] =
    ["--terms", "https://utopia.example/terms", "--privacy", "https://utopia.example/privacy"];
const RULE: [&str; 4] = ["--group", "Pilot", "--password-policy", "Default Policy"];

/// Somebody who may administer both.
pub(super) struct Admin<'a> {
    pub(super) place: &'a Place,
    pub(super) party: Party<'a>,
    token: String,
}

impl<'a> Admin<'a> {
    pub(super) async fn new(place: &'a Place) -> Self {
        let callback = place.sandbox.partners.okta.callback();
        let more = json!({
            "redirect_uris": [callback], "scopes": ["profile", "identity_assurance"],
            "journeys": { "idv_flow_staff": "recover" },
        });
        let party = Party::new(place, json!({}), more).await;
        Self { place, party, token: place.sandbox.partners.okta.api_token() }
    }

    /// Runs `ipse` with the token in a variable.
    pub(super) fn ipse(&self, arguments: &[&str]) -> (bool, String) {
        self.ipse_with(&self.token, arguments)
    }

    fn ipse_with(&self, token: &str, arguments: &[&str]) -> (bool, String) {
        let settings = [("IPSE_OKTA_TOKEN", token), ("IPSE_SERVER__BASE_URL", self.place.base.as_str())];
        let (ok, said) = ipse(arguments, &self.place.ipse().config.storage.data_dir, &settings);
        assert!(!said.contains(&self.token), "the token is told: {said}");
        (ok, said)
    }

    /// `ipse connect okta` for the client, with the terms.
    pub(super) fn connect(&self, more: &[&str]) -> (bool, String) {
        let org = self.place.sandbox.url();
        let arguments =
            [&["connect", "okta", "--org", &org, "--loopback", "--client", &self.party.id], &TERMS[..], more];
        self.ipse(&arguments.concat())
    }

    /// The same with a rule for the pilot group.
    pub(super) fn connect_pilot(&self, more: &[&str]) -> (bool, String) {
        self.connect(&[&RULE[..], more].concat())
    }

    fn undo(&self, more: &[&str]) -> (bool, String) {
        let org = self.place.sandbox.url();
        self.ipse(&[&["connect", "okta", "--org", &org, "--loopback", "--undo"], more].concat())
    }

    pub(super) fn changes(&self) -> Vec<String> {
        self.place.sandbox.partners.okta.changes()
    }

    /// Okta's management API, by hand.
    pub(super) async fn okta(&self, method: Method, path: &str, body: Option<&Value>) -> (StatusCode, Value) {
        let url = format!("{}/api/v1{path}", self.place.sandbox.url());
        let request = self.place.client.request(method, url).header("authorization", format!("SSWS {}", self.token));
        let request = if let Some(body) = body { request.json(body) } else { request };
        read(request.send().await.unwrap()).await
    }

    /// The identity provider, the rules of the account management policy, and the rule of the password policy.
    pub(super) async fn state(&self) -> (Value, Value, Value) {
        let (_, idps) = self.okta(Method::GET, "/idps?q=Ipse", None).await;
        let (_, rules) = self.okta(Method::GET, "/policies/rstaccount/rules", None).await;
        let (_, password) = self.okta(Method::GET, "/policies/rstpassword/rules/ruldefault", None).await;
        (idps, rules, password)
    }

    fn kept(&self) -> PathBuf {
        let name = format!("okta-localhost-{}.json", self.place.sandbox.http.port());
        self.place.ipse().config.storage.data_dir.join(name)
    }

    async fn secrets(&self) -> usize {
        let (_, client) = self.place.get(&format!("/v1/clients/{}", self.party.id)).await;
        client["secrets"].as_array().unwrap().len()
    }

    /// Somebody has forgotten their password: where Okta sends them, having pushed a request that Ipse took.
    pub(super) async fn sent(&self) -> Option<(Browser, String)> {
        let okta = self.place.sandbox.url();
        let mut browser = Browser::new(self.place);
        let answer = browser.post(&format!("{okta}/okta/forgot"), &[("username", employee().email)]).await;
        if answer.status() != 303 {
            return None;
        }
        let (_, page) = browser.get(&format!("{okta}/okta/verify")).await;
        let link = page.split("href=\"").find(|rest| rest.starts_with("/idp/identity-verification?")).unwrap();
        let link = link.split('"').next().unwrap();
        let answer = browser.go(&format!("{okta}{link}")).await;
        let to = answer.headers().get("location")?.to_str().unwrap().to_owned();
        assert!(to.starts_with(&format!("{}/oauth2/authorize?request_uri=", self.place.base)), "{to}");
        Some((browser, to))
    }

    pub(super) async fn recovers(&self) -> bool {
        self.sent().await.is_some()
    }
}

async fn place() -> Place {
    Place::new(false, |_| {}).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shown_first_is_done_once_and_can_be_taken_back() {
    let place = place().await;
    let admin = Admin::new(&place).await;
    let before = admin.state().await;
    let (ok, said) = admin.connect_pilot(&[]);
    assert!(ok && said.contains("create  identity provider \"Ipse\""), "{said}");
    assert!(said.contains("requirement.accessControl: \"LEGACY\" -> \"AUTH_POLICY\""), "{said}");
    assert!(said.contains("Nothing was changed") && said.contains("keep a group"), "{said}");
    assert!(admin.changes().is_empty() && admin.state().await == before && !admin.kept().exists());
    assert!(!admin.recovers().await);
    assert_eq!(admin.secrets().await, 1, "no secret was made");

    let (ok, said) = admin.connect_pilot(&["--apply"]);
    assert!(ok && said.contains("Connected."), "{said}");
    let made = admin.changes();
    let paths = ["POST /api/v1/idps", "POST /api/v1/policies/rstaccount/rules"];
    assert_eq!(made, [&paths[..], &["PUT /api/v1/policies/rstpassword/rules/ruldefault"]].concat());
    let (idps, rules, password) = admin.state().await;
    let endpoints = &idps[0]["protocol"]["endpoints"];
    assert_eq!(endpoints["par"], json!({ "url": format!("{}/oauth2/par", place.base), "binding": "HTTP-REDIRECT" }));
    assert_eq!(idps[0]["protocol"]["credentials"]["client"]["client_id"], admin.party.id);
    assert_eq!(rules[0]["actions"]["appSignOn"]["verificationMethod"]["id"], idps[0]["id"]);
    assert_eq!(rules[0]["conditions"]["people"]["groups"]["include"], json!(["00g1"]));
    let reset = &password["actions"]["selfServicePasswordReset"];
    assert_eq!(reset["requirement"]["primary"], json!({ "methods": ["email"] }), "what was there stays");
    assert!(admin.recovers().await, "with the secret that Okta was given, Ipse takes what it pushes");

    let permissions = std::fs::metadata(admin.kept()).unwrap().permissions();
    assert_eq!(permissions.mode() & 0o777, 0o600);
    assert!(!std::fs::read_to_string(admin.kept()).unwrap().contains("secret"));

    let (ok, said) = admin.connect_pilot(&["--apply"]);
    assert!(ok && said.contains("There is nothing to change."), "{said}");
    assert_eq!(admin.changes(), made);
    let (ok, said) = admin.undo(&[]);
    assert!(ok && said.contains("would remove  identity provider") && admin.changes() == made, "{said}");
    let (ok, said) = admin.undo(&["--apply"]);
    assert!(ok && said.contains("As it was."), "{said}");
    assert_eq!(admin.state().await, before);
    assert!(!admin.kept().exists() && !admin.recovers().await);
    let (ok, said) = admin.undo(&["--apply"]);
    assert!(ok && said.contains("Nothing to take back"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_put_there_survives() {
    let place = place().await;
    let admin = Admin::new(&place).await;
    assert!(admin.connect_pilot(&["--apply"]).0);
    std::fs::remove_file(admin.kept()).unwrap();
    // What an administrator has made by hand, and got wrong, with members that this version knows nothing of.
    let (idps, rules, _) = admin.state().await;
    let (mut idp, mut rule) = (idps[0].clone(), rules[0].clone());
    idp["protocol"]["issuer"]["url"] = json!("https://old.example");
    idp["protocol"]["credentials"]["client"]["client_secret"] = json!("typed by hand");
    idp["future"] = json!({ "members": [1, 2] });
    rule["priority"] = json!(7);
    rule["conditions"]["people"]["users"] = json!({ "exclude": ["00ubreakglass"] });
    rule["conditions"]["people"]["groups"]["include"] = json!(["00g2"]);
    let idp_path = format!("/idps/{}", idp["id"].as_str().unwrap());
    let rule_path = format!("/policies/rstaccount/rules/{}", rule["id"].as_str().unwrap());
    assert_eq!(admin.okta(Method::PUT, &idp_path, Some(&idp)).await.0, 200);
    assert_eq!(admin.okta(Method::PUT, &rule_path, Some(&rule)).await.0, 200);
    let theirs = admin.state().await;

    let (ok, said) = admin.connect_pilot(&["--apply"]);
    assert!(ok && said.contains("protocol.issuer.url: \"https://old.example\" -> "), "{said}");
    let (idps, rules, _) = admin.state().await;
    assert_eq!(idps[0]["future"], json!({ "members": [1, 2] }));
    assert_eq!(idps[0]["protocol"]["issuer"]["url"], json!(place.base));
    assert_eq!(
        (&rules[0]["priority"], &rules[0]["conditions"]["people"]["users"]),
        (&json!(7), &rule["conditions"]["people"]["users"])
    );
    assert_eq!(rules[0]["conditions"]["people"]["groups"]["include"], json!(["00g1"]));
    assert!(admin.recovers().await, "it was given a secret of its own");

    // Somebody else changes something meanwhile; going back leaves that alone.
    let mut rule = rules[0].clone();
    rule["priority"] = json!(3);
    assert_eq!(admin.okta(Method::PUT, &rule_path, Some(&rule)).await.0, 200);
    let (ok, said) = admin.undo(&["--apply"]);
    assert!(ok, "{said}");
    let (idps, rules, _) = admin.state().await;
    assert_eq!(idps, theirs.0);
    assert_eq!(rules[0]["priority"], 3);
    assert_eq!(rules[0]["conditions"], theirs.1[0]["conditions"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trouble_on_the_way_leaves_nothing_unsaid() {
    let place = place().await;
    let admin = Admin::new(&place).await;
    let before = admin.state().await;
    let okta = &place.sandbox.partners.okta;

    okta.disturb(Method::POST, "/api/v1/idps", StatusCode::FORBIDDEN);
    let (ok, said) = admin.connect_pilot(&["--apply"]);
    assert!(!ok && said.contains("may not do this") && said.contains("E0000006"), "{said}");
    assert!(said.contains("secret that was made for it was taken back") && !admin.kept().exists(), "{said}");
    assert_eq!((admin.secrets().await, admin.state().await), (1, before.clone()));
    assert_eq!(admin.party.push(&[("redirect_uri", &okta.callback())]).await.0, 201, "the first secret works on");

    // Half of it is done when Okta fails.
    okta.disturb(Method::POST, "/api/v1/policies", StatusCode::INTERNAL_SERVER_ERROR);
    let (ok, said) = admin.connect_pilot(&["--apply"]);
    assert!(!ok && said.contains("done    identity provider \"Ipse\""), "{said}");
    assert!(said.contains("stopped at rule") && said.contains("500") && admin.kept().exists(), "{said}");
    let (idps, rules, password) = admin.state().await;
    assert_eq!((idps.as_array().unwrap().len(), &rules, &password), (1, &before.1, &before.2));
    let (ok, said) = admin.connect_pilot(&["--apply"]);
    assert!(ok && said.contains("same    identity provider"), "{said}");
    assert!(admin.recovers().await);
    assert_eq!(
        admin.changes().iter().filter(|change| *change == "POST /api/v1/idps").count(),
        2,
        "one of them refused"
    );

    // An answer is lost and Okta took nothing, twice: the secret that it has works on.
    let secrets = admin.secrets().await;
    for time in 1..=2 {
        okta.disturb(Method::PUT, "/api/v1/idps", StatusCode::INTERNAL_SERVER_ERROR);
        let (ok, said) = admin.connect_pilot(&["--apply", "--new-secret"]);
        assert!(!ok && said.contains("It is not known whether Okta took"), "{said}");
        assert!(admin.recovers().await, "{time} of {secrets}");
    }
    assert_eq!(admin.secrets().await, 3);
    let (ok, said) = admin.connect_pilot(&["--apply", "--new-secret"]);
    assert!(ok && admin.recovers().await, "{said}");

    // Going back stops half-way too, and goes on.
    okta.disturb(Method::DELETE, "/api/v1/idps", StatusCode::INTERNAL_SERVER_ERROR);
    let (ok, said) = admin.undo(&["--apply"]);
    assert!(!ok && said.contains("stopped at identity provider"), "{said}");
    let (ok, said) = admin.undo(&["--apply"]);
    assert!(ok && !said.contains("rule"), "{said}");
    assert_eq!(admin.state().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_handed_over_to_what_is_switched_off() {
    let place = place().await;
    let admin = Admin::new(&place).await;
    assert!(admin.connect(&["--apply"]).0, "without a rule");
    let (idps, ..) = admin.state().await;
    let off = format!("/idps/{}/lifecycle/deactivate", idps[0]["id"].as_str().unwrap());
    assert_eq!(admin.okta(Method::POST, &off, None).await.0, 200);
    let (ok, said) = admin.connect_pilot(&["--apply"]);
    assert!(!ok && said.contains("identity provider \"Ipse\" is not active"), "{said}");
    let (_, rules, password) = admin.state().await;
    assert!(!rules.to_string().contains("ID_PROOFING") && !password.to_string().contains("AUTH_POLICY"));
    // And a rule that refuses recovery goes on refusing it.
    let on = off.replace("deactivate", "activate");
    assert_eq!(admin.okta(Method::POST, &on, None).await.0, 200);
    let mut refusing = password.clone();
    refusing["actions"]["selfServicePasswordReset"]["access"] = json!("DENY");
    assert_eq!(admin.okta(Method::PUT, "/policies/rstpassword/rules/ruldefault", Some(&refusing)).await.0, 200);
    let (ok, said) = admin.connect_pilot(&["--apply"]);
    assert!(ok, "{said}");
    assert_eq!(admin.state().await.2["actions"]["selfServicePasswordReset"]["access"], "DENY");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_okta_is_waited_for_and_a_binding_it_refuses_is_replaced() {
    let place = place().await;
    let admin = Admin::new(&place).await;
    let okta = &place.sandbox.partners.okta;
    okta.disturb(Method::GET, "/api/v1/idps", StatusCode::TOO_MANY_REQUESTS);
    okta.disturb(Method::POST, "/api/v1/idps", StatusCode::BAD_REQUEST);
    okta.disturb(Method::PUT, "/api/v1/policies", StatusCode::TOO_MANY_REQUESTS);
    let (ok, said) = admin.connect_pilot(&["--apply", "--flow", "idv_flow_staff"]);
    assert!(ok && said.matches("wait    Okta is asked too much").count() == 2, "{said}");
    let (idps, ..) = admin.state().await;
    assert_eq!(idps[0]["protocol"]["endpoints"]["par"]["binding"], "HTTP-POST");
    assert!(idps[0]["protocol"]["scopes"].as_array().unwrap().contains(&json!("idv_flow_staff")));
    assert!(admin.recovers().await);

    let (ok, said) = admin.connect_pilot(&["--flow", "idv_flow_staff", "--new-secret", "--apply"]);
    assert!(ok && said.contains("client_secret: a new one"), "{said}");
    assert!(admin.recovers().await);
    assert_eq!(admin.secrets().await, 3);
    place.clock.advance(SignedDuration::from_hours(25));
    let pushed = async || admin.party.push(&[("redirect_uri", &okta.callback())]).await.0;
    assert_eq!(pushed().await, 401, "the first secret has had its day");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_work_is_refused_before_anything_is_changed() {
    let place = place().await;
    let admin = Admin::new(&place).await;
    let (org, id) = (place.sandbox.url(), admin.party.id.clone());
    let other = Party::registered(&place, json!({ "profile": "oidc-basic" })).await;
    let nowhere = Party::registered(&place, json!({ "redirect_uris": ["https://example.okta.com/other"] })).await;
    let base = ["connect", "okta", "--apply", "--loopback", "--org", &org];
    let empty = place.ipse().config.storage.data_dir.join("empty");
    std::fs::write(&empty, "\n").unwrap();
    for (more, why) in [
        (vec!["--client", "cli_nobody"], "is no client"),
        (vec!["--client", &other.id], "of another kind"),
        (vec!["--client", &nowhere.id], "register "),
        (vec!["--client", &id], "--terms and --privacy"),
        (vec![], "--client"),
        (vec!["--client", &id, TERMS[0], TERMS[1], TERMS[2], TERMS[3], "--group", "Pilots"], "has no group Pilots"),
        (vec!["--client", &id, TERMS[0], TERMS[1], TERMS[2], TERMS[3], "--flow", "idv_flow_x"], "idv_flow_x"),
        (
            vec!["--client", &id, TERMS[0], TERMS[1], TERMS[2], TERMS[3], "--group", "Pilot", "--password-policy", "x"],
            "no password policy x",
        ),
        (vec!["--client", &id, "--token-file", "/nowhere"], "cannot be read"),
        (vec!["--client", &id, "--token-file", empty.to_str().unwrap()], "the token is empty"),
        (vec!["--client", &id, "--when", "never"], "password-recovery"),
    ] {
        let (ok, said) = admin.ipse(&[&base[..], &more].concat());
        assert!(!ok && said.contains(why), "{why}: {said}");
    }
    for wrong in [org.as_str(), "http://example.okta.com", "https://example.okta.com/admin", "example.okta.com"] {
        let (ok, said) = admin.ipse(&["connect", "okta", "--org", wrong, "--client", &id]);
        assert!(!ok && said.contains("--org is not the https address"), "{said}");
    }
    let (ok, said) = admin.ipse_with("00wrongToken", &[&base[..], &["--client", &id], &TERMS[..]].concat());
    assert!(!ok && said.contains("does not take the token") && !said.contains("00wrongToken"), "{said}");
    let token = place.ipse().config.storage.data_dir.join("token");
    std::fs::write(&token, format!("{}\n", admin.token)).unwrap();
    let by_file =
        [&base[..], &["--client", &id, "--token-file", token.to_str().unwrap(), "--oauth"], &TERMS[..]].concat();
    let (ok, said) = admin.ipse_with("", &by_file);
    assert!(!ok && said.contains("does not take the token"), "an API token is no OAuth token: {said}");
    assert!(admin.changes().is_empty() && !admin.kept().exists());
    assert_eq!(admin.secrets().await, 1);
}
