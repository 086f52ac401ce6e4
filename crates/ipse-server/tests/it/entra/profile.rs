//! The profile by which the tenant takes the credential for recovering accounts, from the command line.

use super::{Issuer, tenant};
use crate::operations::ipse;
use crate::support::Place;
use ipse_connectors::entra::{Fact, Tenant};
use ipse_sandbox::entra::{ADMIN_TOKEN, AUTHORITY, CREDENTIAL};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_said_made_and_changed() {
    let place = Place::new(false, |_| {}).await;
    let issuer = Issuer::new(&place).await;
    let there = issuer.there;
    let folder = place.ipse().config.storage.data_dir.clone();
    let token = folder.join("token");
    std::fs::write(&token, format!("{ADMIN_TOKEN}\n")).unwrap();
    let (token, manifest) = (token.to_str().unwrap().to_owned(), there.manifest());
    let settings = [("IPSE_SERVER__BASE_URL", place.base.as_str()), ("IPSE_WEBHOOKS__ALLOW_PRIVATE_ADDRESSES", "true")];
    let first = ["connect", "entra", "--manifest", &manifest, "--loopback", "--profile", "Recovery"];
    let run = |more: &[&str]| ipse(&[&first[..], more].concat(), &folder, &settings);

    // Without a token it is said what to post: the same as is sent with one.
    let (ok, said) = run(&[]);
    assert!(
        ok && said.contains("Authentication Policy Administrator") && said.contains("no picture portrait"),
        "{said}"
    );
    assert!(said.contains(&format!("POST {}/beta/identity/verifiedId/profiles\n", place.sandbox.url())), "{said}");
    let printed = &said[said.find("\n{").unwrap()..=said.rfind("\n}").unwrap() + 1];
    let printed: Value = serde_json::from_str(printed).unwrap();
    assert_eq!(
        printed["verifiedIdUsageConfigurations"],
        json!([{ "isEnabledForTestOnly": true, "purpose": "recovery" }])
    );
    let configuration = &printed["verifiedIdProfileConfiguration"];
    assert_eq!((&configuration["type"], &configuration["acceptedIssuer"]), (&json!(CREDENTIAL), &json!(AUTHORITY)));
    assert_eq!(configuration["claimBindings"][0]["verifiedIdClaim"], "vc.credentialSubject.given_name");
    assert!(run(&["--apply"]).0 && there.profiles().is_empty(), "nothing is sent without a token");

    let with = |more: &[&str]| run(&[&["--graph-token-file", &token], more].concat());
    let (ok, said) = with(&[]);
    assert!(ok && said.contains("make    the profile Recovery") && said.contains("Nothing was changed"), "{said}");
    assert!(there.profiles().is_empty());
    let (ok, said) = with(&["--apply"]);
    assert!(ok && said.contains("make    the profile") && !said.contains(ADMIN_TOKEN), "{said}");
    let mut made = there.profiles();
    made[0].as_object_mut().unwrap().remove("id");
    assert_eq!(made, [printed]);
    let (ok, said) = with(&["--apply"]);
    assert!(ok && said.contains("keep    the profile"), "{said}");
    // What an administrator has added since stays.
    let mut known = there.profiles();
    let validation = json!({ "isEnabled": true, "customExtensionId": "82ba5b5a" });
    known[0]["verifiedIdProfileConfiguration"]["claimValidation"] = validation.clone();
    there.set_profiles(known);
    let changes = ["--purpose", "all", "--test-only", "false", "--issuance-url", "https://ipse.example/start"];
    let (ok, said) = with(&changes);
    assert!(ok && said.contains("change  the profile Recovery: ") && said.contains("selfServiceIssuance"), "{said}");
    assert!(with(&[&changes[..], &["--apply"]].concat()).0);
    let profile = there.profiles().pop().unwrap();
    assert_eq!(profile["verifiedIdUsageConfigurations"], json!([{ "isEnabledForTestOnly": false, "purpose": "all" }]));
    assert_eq!(profile["selfServiceIssuance"]["issuanceUrl"], "https://ipse.example/start");
    assert_eq!(profile["verifiedIdProfileConfiguration"]["claimValidation"], validation);
    assert_eq!(there.profiles().len(), 1);

    // Another token, another address, other wishes; and no profile of a name that two have.
    let before = there.profiles();
    assert!(!with(&["--apply", "--issuance-url", "http://ipse.example"]).0);
    assert!(!with(&["--purpose", "fun"]).0 && !with(&["--remove"]).0);
    let elsewhere = format!("{}/elsewhere/manifest", place.sandbox.url());
    let first = ["connect", "entra", "--manifest", &elsewhere, "--loopback", "--profile", "Recovery"];
    let (ok, said) = ipse(&first, &folder, &settings);
    assert!(!ok && said.contains("that is connected"), "{said}");
    std::fs::write(&token, "somebody's").unwrap();
    let (ok, said) = with(&["--apply"]);
    assert!(!ok && said.contains("VerifiedId-Profile.ReadWrite.All") && !said.contains("somebody's"), "{said}");
    std::fs::write(&token, "two\nlines").unwrap();
    assert!(!with(&["--apply"]).0);
    std::fs::write(&token, ADMIN_TOKEN).unwrap();
    there.set_profiles([before.clone(), before.clone()].concat());
    let (ok, said) = with(&["--apply"]);
    assert!(!ok && said.contains("two have it"), "{said}");
    there.set_profiles(before);
    // A tenant that tells no first name matches nobody.
    let claims = [("family_name".to_owned(), Fact::FamilyName)].into();
    issuer.gives(Tenant { claims, ..tenant(&place) }).await;
    let (ok, said) = with(&["--apply"]);
    assert!(!ok && said.contains("given_name and family_name"), "{said}");
}
