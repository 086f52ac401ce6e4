//! The miniature ServiceNow by itself: what it loads, what it does not know, and that no script takes it down.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use ipse_sandbox::Sandbox;
use ipse_sandbox::servicenow::{ADMIN, AGENT, CLERK, GUEST, ServiceNow, sys_id};
use serde_json::{Value, json};
use std::net::SocketAddr;

async fn sandbox() -> Sandbox {
    let here = SocketAddr::from(([127, 0, 0, 1], 0));
    Sandbox::start(here, here).await.unwrap()
}

/// What a script of the administrator's comes to, or the error that it throws.
async fn script(servicenow: &ServiceNow, text: &str) -> Result<String, String> {
    let ran = servicenow.call("script", json!({ "user": ADMIN, "text": text })).await;
    ran.map(|value| value.as_str().unwrap().to_owned()).map_err(|failed| failed.0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_update_set_loads_and_people_have_the_roles_they_were_given() {
    let sandbox = sandbox().await;
    let servicenow = &sandbox.partners.servicenow;
    let rules = servicenow.call("rows", json!({ "table": "x_ipse_idv_rule" })).await.unwrap();
    assert_eq!(rules.as_array().unwrap().len(), 8);
    assert!(rules.as_array().unwrap().iter().all(|rule| rule["active"] == "0"), "{rules}");
    let users = servicenow.call("users", json!({})).await.unwrap();
    let granted =
        |name: &str| users.as_array().unwrap().iter().find(|user| user["user_name"] == name).unwrap()["roles"].clone();
    // One role contains the other.
    assert_eq!(granted(ADMIN), json!(["itil", "admin", "x_ipse_idv.admin", "x_ipse_idv.agent"]));
    assert_eq!((granted("a.eriksson"), granted(GUEST)), (json!([]), json!([])));
    assert!(users.as_array().unwrap().iter().any(|user| user["id"] == sys_id("a.eriksson")));
    let state = |user: &'static str| servicenow.ajax(user, "IpseAdminAjax", "load", json!({}));
    assert_eq!(state(ADMIN).await.unwrap()["ok"], true);
    for other in [AGENT, CLERK, GUEST, "a.eriksson", "nobody"] {
        assert_eq!(state(other).await.unwrap(), Value::Null, "{other}");
        assert!(servicenow.call("script", json!({ "user": other, "text": "1" })).await.unwrap().is_null(), "{other}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_does_not_know_is_an_error() {
    let sandbox = sandbox().await;
    let servicenow = &sandbox.partners.servicenow;
    assert_eq!(
        script(servicenow, "new GlideDateTime('2026-11-21 03:00:00').getNumericValue()").await.unwrap(),
        "1795230000000"
    );
    for (text, why) in [
        ("gs.sleep(1)", "gs.sleep is not simulated"),
        ("gs.eventQueue('x_ipse_idv.nothing', null, '', '')", "is not registered"),
        ("new GlideRecord('cmdb_ci').query()", "there is no table cmdb_ci"),
        ("new GlideRecord('incident').addQuery('mood', 'good')", "there is no column incident.mood"),
        ("new GlideRecord('incident').addQuery('number', 'LIKE', '1')", "operator LIKE is not simulated"),
        ("new GlideRecord('incident').setValue('state', 'open')", "is a number"),
        ("new GlideRecord('x_ipse_idv_config').setValue('api_key', 'k')", "does not encrypt"),
        (
            "var u = new GlideRecord('sys_user'); u.initialize(); u.insert()",
            "no cross-scope privilege to create sys_user",
        ),
        ("new sn_ws.SOAPMessageV2()", "sn_ws.SOAPMessageV2 is not simulated"),
        ("new CertificateEncryption().generateMac('', 'HmacSHA1', '')", "HmacSHA1"),
        ("new sn_ws.RESTMessageV2().haveError()", "not a function"),
        ("require('fs')", "not defined"),
        ("setTimeout(function () {}, 1)", "not defined"),
        ("console.log(1)", "not defined"),
        ("fetch('http://localhost')", "not defined"),
        ("import('glide/desk.mjs').then(1); native", "not defined"),
    ] {
        let error = script(servicenow, text).await.expect_err(text);
        assert!(error.contains(why), "{text}: {error}");
    }
    assert!(servicenow.call("nothing", json!({})).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_that_never_ends_or_takes_all_memory_is_stopped() {
    let sandbox = sandbox().await;
    let servicenow = &sandbox.partners.servicenow;
    for (text, why) in [
        ("try { while (true) {} } catch (e) { 'caught' }", "interrupted"),
        ("(function again() { again(); })()", "stack"),
        ("var all = []; while (true) { all.push('x'.repeat(20000000) + all.length); }", "memory"),
    ] {
        let error = script(servicenow, text).await.expect_err(text);
        assert!(error.contains(why), "{text}: {error}");
        assert_eq!(script(servicenow, "all = null; 6 * 7").await.unwrap(), "42", "it goes on after {text}");
    }
}
