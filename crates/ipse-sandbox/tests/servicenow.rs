//! The miniature ServiceNow by itself: what it lets through, and what it does not know.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use ipse_sandbox::Sandbox;
use ipse_sandbox::servicenow::{ADMIN, AGENT, CLERK, GUEST, sys_id};
use serde_json::{Value, json};
use std::net::SocketAddr;

async fn sandbox() -> Sandbox {
    let here = SocketAddr::from(([127, 0, 0, 1], 0));
    Sandbox::start(here, here).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_update_set_loads_and_people_have_the_roles_they_were_given() {
    let sandbox = sandbox().await;
    let servicenow = &sandbox.partners.servicenow;
    let begun = std::time::Instant::now();
    let rules = servicenow.call("rows", json!({ "table": "x_ipse_idv_rule" })).await.unwrap();
    eprintln!("loaded in {:?}", begun.elapsed());
    assert_eq!(rules.as_array().unwrap().len(), 8);
    assert!(rules.as_array().unwrap().iter().all(|rule| rule["active"] == "0"), "{rules}");
    let user = servicenow.call("rows", json!({ "table": "sys_user" })).await.unwrap();
    assert!(user.as_array().unwrap().iter().any(|user| user["sys_id"] == sys_id("a.eriksson")));
    let state = |user: &'static str| servicenow.ajax(user, "IpseAdminAjax", "load", json!({}));
    assert_eq!(state(ADMIN).await.unwrap()["ok"], true);
    for other in [AGENT, CLERK, GUEST] {
        assert_eq!(state(other).await.unwrap(), Value::Null, "{other}");
    }
}
