//! Setting a tenant up, and seeing whether it is.

use super::{Issuer, secret, tenant};
use crate::operations::ipse;
use crate::support::{Browser, Place, on_both};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ipse_connectors::entra::{ClientCredential, Fact, Pass, Tenant};
use ipse_core::organization::Role;
use ipse_oidc::keys::{KeyRecord, KeyState, RsaBits};
use ipse_oidc::profile::Alg;
use ipse_sandbox::entra::{AUTHORITY, CLIENT, CREDENTIAL, Refusal, SECRET, TENANT};
use ipse_server::app::credentials;
use ipse_server::app::integrations::Integration;
use ipse_server::jobs::WaysOut;
use jiff::SignedDuration;
use serde_json::json;

on_both!(the_check_says_what_to_mend, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    let ways_out = WaysOut::new(&place.ipse().config).unwrap();
    let caller = Place::caller(&place.organization);
    let check = async |tenant: &Tenant| {
        let found = ways_out.check_tenant(place.ipse(), &place.organization, &issuer.integration.id, tenant).await;
        found.unwrap().into_iter().collect::<std::collections::BTreeMap<_, _>>()
    };
    let good = check(&tenant(&place)).await;
    let bad: Vec<_> = good.iter().filter(|(_, found)| found.is_err()).map(|(what, _)| *what).collect();
    assert_eq!(bad, ["callback"], "a test has no https: {good:?}");
    let mend =
        |found: &std::collections::BTreeMap<&str, Result<String, String>>, what: &str| found[what].clone().unwrap_err();
    issuer.there.grant(Some(vec!["VerifiableCredential.Create.PresentRequest"]));
    assert!(mend(&check(&tenant(&place)).await, "roles").contains("API permissions"));
    issuer.there.grant(Some(vec!["VerifiableCredential.Create.IssueRequest"]));
    let found = check(&tenant(&place)).await;
    assert!(found["roles"].is_ok() && !found.contains_key("presentations"), "no journey asks for any");
    let rules = json!({ "document_kinds": [], "name_rule": "none",
        "presentation": { "credential": CREDENTIAL, "accepted_issuers": [AUTHORITY] } });
    place.journey("badge", rules).await;
    assert!(mend(&check(&tenant(&place)).await, "presentations").contains("Create.All"));
    issuer.there.grant(None);
    assert!(check(&tenant(&place)).await["presentations"].is_ok());
    let mut pictured = tenant(&place);
    pictured.claims.insert("photo".into(), Fact::Portrait);
    assert!(check(&pictured).await["photo claim"].as_ref().unwrap().contains("told as photo"));
    // Passes are looked at where they are wanted.
    assert!(!good.contains_key("passes"));
    let giving = Tenant { temporary_access_pass: Some(Pass::default()), ..tenant(&place) };
    assert!(check(&giving).await["passes"].clone().unwrap().contains("60 minutes"));
    for lacking in ["UserAuthMethod-TAP.ReadWrite.All", "User.ReadBasic.All"] {
        issuer.there.grant_graph(Some(vec![lacking]));
        assert!(mend(&check(&giving).await, "passes").contains("API permissions"));
    }
    let elsewhere = Tenant { graph: "http://localhost:1".into(), ..giving };
    assert!(mend(&check(&elsewhere).await, "passes").contains("does not give this application tokens"));
    let other = Tenant { authority: "did:web:elsewhere.example".into(), ..tenant(&place) };
    assert!(mend(&check(&other).await, "authority").contains("Organization settings"));
    let other = Tenant { claims: [("given_name".to_owned(), Fact::GivenName)].into(), ..tenant(&place) };
    assert!(mend(&check(&other).await, "required claims").contains("family_name"));
    let mut other = tenant(&place);
    other.claims.insert("shoe_size".into(), Fact::Name);
    assert!(mend(&check(&other).await, "other claims").contains("shoe_size"));
    let other = Tenant { id: "00000000-0000-4000-8000-000000000000".into(), ..tenant(&place) };
    let found = check(&other).await;
    assert!(mend(&found, "token").contains("no tenant") && mend(&found, "manifest").contains("another tenant"));
    let other = Tenant { manifest: format!("{}/v1.0/nothing", place.sandbox.url()), ..tenant(&place) };
    assert!(mend(&check(&other).await, "contract").contains("404"));
    let other = Tenant { manifest: format!("{}/", place.sandbox.url()), ..tenant(&place) };
    assert!(mend(&check(&other).await, "contract").contains("no contract"));
    credentials::set_client(place.ipse(), &caller, &issuer.integration.id, &secret("wrong")).await.unwrap();
    assert!(mend(&check(&tenant(&place)).await, "token").contains("not its id"));
});

/// A key in PEM, and the certificate over it in DER and PEM.
fn certified(place: &Place) -> (String, Vec<u8>) {
    let made = KeyRecord::generate(Alg::Rs256, RsaBits::default(), KeyState::Current, place.clock.now()).unwrap();
    let block =
        |label: &str, der: &[u8]| format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der));
    let text = format!("{}{}", block("PRIVATE KEY", &made.pkcs8), block("CERTIFICATE", &made.certificate));
    (text, made.certificate)
}

on_both!(a_certificate_stands_for_the_secret, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    let caller = Place::caller(&place.organization);
    let (text, certificate) = certified(&place);
    let by_key = ClientCredential::read(&text).unwrap();
    credentials::set_client(place.ipse(), &caller, &issuer.integration.id, &by_key).await.unwrap();
    let ways_out = WaysOut::new(&place.ipse().config).unwrap();
    let check = async |what: &str| {
        let (of, id) = (&place.organization, &issuer.integration.id);
        let found = ways_out.check_tenant(place.ipse(), of, id, &tenant(&place)).await.unwrap();
        found.into_iter().find_map(|(looked_at, found)| (looked_at == what).then_some(found)).unwrap()
    };
    assert!(check("token").await.unwrap_err().contains("Upload"), "nobody has uploaded it");
    issuer.there.upload(certified(&place).1);
    assert!(check("token").await.is_err(), "that one is another's");
    issuer.there.upload(certificate);
    assert!(check("token").await.is_ok() && check("token").await.is_ok(), "no assertion is sent twice");
    assert!(check("certificate").await.unwrap().contains("good until"));
    issuer.issued().await;
    issuer.there.pass(SignedDuration::from_mins(-10));
    assert!(check("token").await.unwrap_err().contains("clock"));
    place.clock.advance(SignedDuration::from_hours(3 * 366 * 24));
    assert!(check("certificate").await.unwrap_err().contains("has ended"));
    // The key lies sealed.
    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    assert_eq!(credentials::client(&mut tx, &issuer.integration.id).await.unwrap(), Some(by_key));
});

on_both!(an_administrator_connects_it_in_the_console, |place: Place| async move {
    place.journey("quick", json!({})).await;
    place.journey("other", json!({})).await;
    let mut admin = place.sign_in(Role::Admin).await;
    let (manifest, home) = (place.sandbox.partners.entra.manifest(), place.sandbox.url());
    let form = |journey: &'static str, manifest: &str, claims: &'static str, secret: &'static str| {
        [
            ("kind", "Entra Verified ID".to_owned()),
            ("name", "Utopia ID".to_owned()),
            ("address", manifest.to_owned()),
            ("journey", journey.to_owned()),
            ("tenant_id", TENANT.to_owned()),
            ("client_id", CLIENT.to_owned()),
            ("client_secret", secret.to_owned()),
            ("authority", AUTHORITY.to_owned()),
            ("credential", CREDENTIAL.to_owned()),
            ("claims", claims.to_owned()),
            ("login", home.clone()),
            ("api", home.clone()),
        ]
    };
    let new = "/console/integrations/new?kind=entra";
    assert!(admin.get(new).await.1.contains("Application (client) id"));
    let fields = |form: &'_ [(&'static str, String); 12]| form.clone().map(|(name, value)| (name, value));
    let post = async |admin: &mut Browser, page: &str, action: &str, form: [(&'static str, String); 12]| {
        let form = fields(&form);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = admin.submit(page, action, &form).await;
        (answer.status(), answer.text().await.unwrap())
    };
    let names = "given_name given_name\nfamily_name family_name";
    for claims in ["given_name shoe_size", "", "a name\na name"] {
        let (status, page) = post(&mut admin, new, "/console/integrations", form("quick", &manifest, claims, "")).await;
        assert!(status == 422 && page.contains("Authority"), "{claims}: {status}");
    }
    let (status, page) = post(&mut admin, new, "/console/integrations", form("quick", &manifest, names, "")).await;
    assert!(status == 200 && page.contains("No client secret"), "{page}");
    let (_, list) = admin.get("/console/integrations").await;
    let id = list.split_once("href=\"/console/integrations/int_").unwrap().1.split_once('"').unwrap().0.to_owned();
    let own = format!("/console/integrations/int_{id}");
    let (status, page) = post(&mut admin, &own, &own, form("quick", &manifest, names, SECRET)).await;
    assert!(status == 200 && !page.contains("No client secret") && !page.contains(SECRET), "{page}");
    let (status, page) = post(&mut admin, &own, &own, form("other", &manifest, names, "")).await;
    assert!(status == 200 && !page.contains("No client secret"), "left empty, the one before stays");
    // Whether Entra may ask about recoveries is a box, and where it asks is shown then.
    assert!(!page.contains("/entra/claims/"), "it is off");
    let boxed = form("other", &manifest, names, "");
    let mut boxed: Vec<(&str, &str)> = boxed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    boxed.push(("validates_claims", "yes"));
    let page = admin.submit(&own, &own, &boxed).await.text().await.unwrap();
    let target = format!("{}/entra/claims/int_{id}", place.base);
    assert!(page.contains(&target) && page.contains("name=\"validates_claims\" value=\"yes\" checked"), "{page}");
    let (_, page) = post(&mut admin, &own, &own, form("other", &manifest, names, "")).await;
    assert!(!page.contains("/entra/claims/"), "and off again");
    // So is a pass, and for how long.
    assert!(page.contains("name=\"temporary_access_pass\" type=\"number\" value=\"\""), "{page}");
    for (minutes, level, status) in [("9", "2", 422), ("60", "4", 422), ("an hour", "2", 422), ("60", "3", 200)] {
        let mut passed = boxed.clone();
        passed.extend([
            ("temporary_access_pass", minutes),
            ("temporary_access_pass_level", level),
            ("graph", home.as_str()),
        ]);
        let answer = admin.submit(&own, &own, &passed).await;
        assert_eq!(answer.status(), status, "{minutes} {level}");
    }
    let (_, page) = admin.get(&own).await;
    assert!(
        page.contains("name=\"temporary_access_pass\" type=\"number\" value=\"60\"")
            && page.contains("name=\"temporary_access_pass_level\" type=\"number\" value=\"3\"")
    );
    // The secret goes nowhere else than where it was typed for.
    let mut moved = form("other", &manifest, names, "");
    assert_eq!(moved[10].0, "login");
    "http://localhost:1".clone_into(&mut moved[10].1);
    let (status, page) = post(&mut admin, &own, &own, moved).await;
    assert!(status == 200 && page.contains("No client secret"), "{page}");
    // After one journey there is one credential.
    let second = format!("{home}/second/manifest");
    let (status, _) = post(&mut admin, new, "/console/integrations", form("other", &second, names, "")).await;
    assert_eq!(status, 422);
    let (status, _) = post(&mut admin, new, "/console/integrations", form("quick", &second, names, "")).await;
    assert_eq!(status, 200);
    let (status, _) = post(&mut admin, &own, &own, form("quick", &manifest, names, "")).await;
    assert_eq!(status, 422);
    // The check is a button, too.
    let answer = admin.submit(&own, &format!("{own}/check"), &[]).await;
    let page = answer.text().await.unwrap();
    assert!(page.contains("To mend") && page.contains("client secret") && page.contains("Works"), "{page}");
    // A certificate stands for the secret; what is none, or stands beside one, changes nothing.
    let (pair, _) = certified(&place);
    let given = form("other", &manifest, names, "");
    let mut given: Vec<(&str, &str)> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for (wrong, beside) in [("-----BEGIN CERTIFICATE-----", ""), (pair.as_str(), "a secret")] {
        given[6] = ("client_secret", beside);
        given.push(("certificate", wrong));
        let answer = admin.submit(&own, &own, &given).await;
        let (status, page) = (answer.status(), answer.text().await.unwrap());
        assert!(status == 422 && page.contains("certificate: must") && !page.contains(&pair[40..90]), "{page}");
        given.pop();
    }
    given[6] = ("client_secret", "");
    given.push(("certificate", &pair));
    let page = admin.submit(&own, &own, &given).await.text().await.unwrap();
    assert!(page.contains("Saved.") && !page.contains("No client secret") && !page.contains(&pair[40..90]), "{page}");
    // It has no key to be replaced.
    let answer = admin.submit(&own, &format!("{own}/renew"), &[]).await;
    assert_eq!(answer.status(), 404);
    assert!(place.sandbox.partners.entra.told().is_empty());
});

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_type_is_made_from_the_command_line_and_revoked_from_it() {
    let place = Place::new(false, |_| {}).await;
    place.journey("quick", json!({})).await;
    let there = &place.sandbox.partners.entra;
    let folder = place.ipse().config.storage.data_dir.clone();
    let file = folder.join("secret");
    std::fs::write(&file, format!("{SECRET}\n")).unwrap();
    let (file, home) = (file.to_str().unwrap().to_owned(), place.sandbox.url());
    let settings = [("IPSE_SERVER__BASE_URL", place.base.as_str()), ("IPSE_WEBHOOKS__ALLOW_PRIVATE_ADDRESSES", "true")];
    let run = |arguments: &[&str]| ipse(arguments, &folder, &settings);
    let first = [
        "connect",
        "entra",
        "--provision",
        "IpseIdentity",
        "--tenant-id",
        TENANT,
        "--client-id",
        CLIENT,
        "--authority",
        AUTHORITY,
        "--client-secret-file",
        &file,
        "--login-host",
        &home,
        "--api-host",
        &home,
        "--journey",
        "quick",
        "--loopback",
        "--revoke-on",
        "redaction,off-boarding",
    ];
    let connect = |more: &[&str]| run(&[&first[..], more].concat());
    let (ok, said) = connect(&[]);
    assert!(ok && said.contains("make    the credential type IpseIdentity") && said.contains("--apply"), "{said}");
    assert_eq!(there.manifests().len(), 1, "nothing was made");
    let (ok, said) = connect(&["--apply"]);
    assert!(ok && said.contains("make    the credential type") && said.contains("Done."), "{said}");
    assert_eq!(there.manifests().len(), 2);
    let (ok, said) = connect(&["--apply"]);
    assert!(ok && said.contains("keep    the credential type") && said.contains("nothing to change"), "{said}");
    let (ok, said) = connect(&["--apply", "--days", "30", "--background", "#000000"]);
    assert!(ok && said.contains("change  the credential type IpseIdentity in Verified ID: rules, displays"), "{said}");
    let (ok, said) = connect(&["--apply", "--validate-claims"]);
    assert!(ok && said.contains("Target URL") && said.contains("/entra/claims/int_"), "{said}");
    let (ok, said) = connect(&["--apply"]);
    assert!(ok && said.contains("Target URL") && said.contains("nothing to change"), "{said}");
    let (ok, said) = connect(&["--apply", "--validate-claims=false"]);
    assert!(ok && !said.contains("Target URL"), "{said}");
    let passes = ["--apply", "--temporary-access-pass", "60", "--graph-host", &home];
    let (ok, said) = connect(&passes);
    assert!(ok && said.contains("change  what is said"), "{said}");
    let (ok, said) = connect(&passes);
    assert!(ok && said.contains("nothing to change"), "{said}");
    let (ok, said) = connect(&["--apply", "--temporary-access-pass", "60", "--temporary-access-pass-level", "0"]);
    assert!(!ok && said.contains("temporary_access_pass_level"), "{said}");
    let (ok, said) = run(&["doctor", "entra"]);
    assert!(!ok && said.contains("passes for 60 minutes") && said.contains("from assurance level 2"), "{said}");
    assert!(connect(&["--apply", "--temporary-access-pass", "0"]).0);
    let (ok, said) = run(&["doctor", "entra"]);
    assert!(!ok && said.matches("FAIL").count() == 1 && said.contains("FAIL  callback"), "{said}");

    // What is issued under it carries the names that Entra's own matching knows, and can be revoked.
    let known = place.ipse().store.read(&place.organization).await.unwrap().list_integrations::<Integration>().await;
    let integration = known.unwrap().pop().unwrap();
    let issuer = Issuer { place: &place, there, integration };
    let person = issuer.issued().await;
    let claims = there.wallet().pop().unwrap().claims;
    assert_eq!((claims["lastName"].as_str(), claims["verificationId"].as_str()), ("ERIKSSON", person.id.as_str()));
    let (ok, said) = run(&["revoke", "--verification", &person.id]);
    assert!(ok && said.contains("revoke  iss_") && said.contains("Nothing was changed"), "{said}");
    assert!(run(&["revoke", "--verification", &person.id, "--apply"]).0);
    let begun = std::time::Instant::now();
    while there.revoked() != [true] {
        assert!(begun.elapsed() < std::time::Duration::from_mins(1), "not revoked");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let (ok, said) = run(&["revoke", "--verification", &person.id, "--apply"]);
    assert!(ok && said.contains("keep    iss_"), "{said}");

    // Fewer facts are told when it is said, and no more of them by saying nothing.
    let fewer = ["--apply", "--claim", "given_name=given_name", "--claim", "verification_id=verification_id"];
    for (more, expected) in [(&fewer[..], "change  the credential type"), (&["--apply"], "keep    the credential type")]
    {
        let (ok, said) = connect(more);
        assert!(ok && said.contains("tell    given_name, verification_id\n") && said.contains(expected), "{said}");
    }
    // Nothing is made there for what could not be connected here.
    let elsewhere = first.map(|word| match word {
        "quick" => "nowhere",
        "IpseIdentity" => "Other",
        word => word,
    });
    let (ok, said) = run(&[&elsewhere[..], &["--apply"]].concat());
    assert!(!ok && said.contains("no such journey"), "{said}");
    assert!(!connect(&["--remove", "--apply"]).0 && !connect(&["--new-secrets"]).0);
    assert_eq!(there.manifests().len(), 2);

    // What Verified ID would not take, and what the administration refuses.
    let refusals: [(&[&str], &str); 4] = [
        (&["--days", "0"], "days"),
        (&["--logo", "http://example.com/logo.png"], "logo"),
        (&["--background", "blue"], "background"),
        (&["--revoke-on", "never"], "never, or something else"),
    ];
    for (more, expected) in refusals {
        let (ok, said) = connect(more);
        assert!(!ok && said.contains(expected), "{more:?}: {said}");
    }
    there.refuse_administration(Some(Refusal { status: 403, code: "forbidden", inner: None }));
    let (ok, said) = connect(&["--apply"]);
    assert!(!ok && said.contains("Service Admin") && !said.contains(SECRET), "{said}");
    assert!(!run(&["revoke", "--credential", "ver_1"]).0 && !run(&["revoke"]).0);
    let (ok, said) = run(&["revoke", "--subject", "sub_00000000000000000000000000"]);
    assert!(!ok && said.contains("no such credential"), "{said}");
}
