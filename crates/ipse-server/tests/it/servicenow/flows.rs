//! Flows: a request for a password waits for the person, is released by success, and stays shut on everything else.

use super::*;
use ipse_sandbox::directory::employees;
use jiff::SignedDuration;

/// By the shipped subflow, and by the steps every flow has: Create Record, and Wait For Condition.
const ITEMS: [&str; 2] = ["password_reset", "password_reset_steps"];
const WAITS: &str = "2";
const RELEASED: &str = "3";
const SHUT: &str = "4";
const DAY: u64 = 24 * 3600;

impl Desk<'_> {
    async fn state(&self, item: &str) -> String {
        self.row("sc_req_item", item).await["state"].as_str().unwrap_or_default().to_owned()
    }

    async fn until_state(&self, item: &str, state: &str) {
        until(&format!("the state {state}"), async || self.state(item).await == state).await;
    }

    /// An item that waits, the link in the person's mail, and the verification's id.
    async fn waiting(&self, kind: &str) -> (String, String, String) {
        let before = self.place.sandbox.partners.mailbox.all().len();
        let item = self.open("sc_req_item", kind).await;
        let link = self.mailed(before).await;
        self.until_status(&item, "link_sent").await;
        assert_eq!(self.state(&item).await, WAITS);
        (item.clone(), link, self.verification(&item).await["session_id"].as_str().unwrap().to_owned())
    }

    /// A moment in which a flow that was wrongly released would have gone on.
    async fn still_waits(&self, item: &str) {
        self.call("turn", json!({})).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(self.state(item).await, WAITS);
    }
}

on_both!(success_releases_a_request, |place: Place| async move {
    let desk = Desk::new(&place).await;
    for kind in ITEMS {
        let (item, link, _) = desk.waiting(kind).await;
        desk.still_waits(&item).await;
        desk.show(&link, &employee()).await;
        desk.until_state(&item, RELEASED).await;
        let row = desk.row("sc_req_item", &item).await;
        assert!(row["x_ipse_idv_idv_status"].as_str().unwrap().starts_with("Success - "));
        assert!(row["work_notes"].as_str().unwrap().contains("The password was reset."));
    }
    assert_eq!(desk.errors().await, Vec::<Value>::new());
});

on_both!(failure_cancellation_and_expiry_leave_it_shut, |place: Place| async move {
    let desk = Desk::new(&place).await;
    for kind in ITEMS {
        let (failed, link, _) = desk.waiting(kind).await;
        desk.show(&link, &employees()[1]).await;
        desk.until_state(&failed, SHUT).await;
        assert_eq!(desk.status(&failed).await, "failed");
        let (cancelled, _, session) = desk.waiting(kind).await;
        assert_eq!(place.post(&format!("/v1/verifications/{session}/cancel"), &json!({})).await.0, 200);
        desk.until_state(&cancelled, SHUT).await;
        let note = desk.row("sc_req_item", &cancelled).await["work_notes"].as_str().unwrap().to_owned();
        assert!(note.contains("The password was not reset"), "{note}");
    }
    let (expired, _, session) = desk.waiting(ITEMS[0]).await;
    // Both clocks go on, by less than the flow itself would wait.
    place.clock.advance(SignedDuration::from_hours(3));
    desk.servicenow.pass(3 * 3600).await.unwrap();
    place.until(&session, &["expired"]).await;
    desk.until_state(&expired, SHUT).await;
    assert_eq!(desk.status(&expired).await, "failure");
});

on_both!(time_and_deletion_leave_it_shut, |place: Place| async move {
    let desk = Desk::new(&place).await;
    for kind in ITEMS {
        // Where the row itself is gone, the platform lets the flow go on.
        let (deleted, _, _) = desk.waiting(kind).await;
        let row = desk.verification(&deleted).await["sys_id"].clone();
        assert_eq!(desk.call("remove", json!({ "table": "x_ipse_idv_verification", "id": row })).await, true);
        desk.until_state(&deleted, SHUT).await;
    }
    // A link that lives for a week: what ends the wait is the flow's own day.
    place.journey("patient", json!({ "link_minutes": 7 * 24 * 60 })).await;
    desk.save(json!({ "journey": "patient" })).await;
    let (mut late, mut shown) = (Vec::new(), Vec::new());
    for kind in ITEMS {
        late.push(desk.waiting(kind).await);
    }
    desk.servicenow.pass(DAY + 1).await.unwrap();
    for (item, link, session) in late {
        desk.until_state(&item, SHUT).await;
        // The job has asked meanwhile; an answer from after the claim would belong to a clock that is a day behind.
        until("the job", async || {
            let row = desk.verification(&item).await;
            row["checked_at"].is_string() && row["command"].as_str().unwrap_or_default().is_empty()
        })
        .await;
        assert_eq!(desk.status(&item).await, "link_sent");
        desk.show(&link, &employee()).await;
        place.until(&session, &["succeeded"]).await;
        shown.push(item);
    }
    // A success that comes afterwards opens nothing any more.
    desk.servicenow.pass(16 * 60).await.unwrap();
    for item in shown {
        desk.until_status(&item, "success").await;
        assert_eq!(desk.state(&item).await, SHUT);
    }
});

on_both!(tampering_leaves_it_shut, |place: Place| async move {
    let desk = Desk::new(&place).await;
    for kind in ITEMS {
        let (item, _, session) = desk.waiting(kind).await;
        let row = desk.verification(&item).await["sys_id"].as_str().unwrap().to_owned();
        for user in [CLERK, AGENT, ADMIN] {
            let path = format!("x_ipse_idv_verification/{row}");
            let (status, _) = desk.table(user, Method::PATCH, &path, json!({ "status": "success" })).await;
            assert_eq!(status, 403, "{user}");
        }
        let mut forged = event("succeeded", &session, &item, 9);
        forged["data"]["record"]["table"] = json!("sc_req_item");
        let thief = format!("whsec_{}", STANDARD.encode([7; 32]));
        assert_eq!(desk.signed(&thief, "evt_1", &forged).await, 401);
        let ticket = json!({ "x_ipse_idv_idv_status": "Success - 2026-11-21 03:00:00" });
        assert_eq!(desk.table(ADMIN, Method::PATCH, &format!("sc_req_item/{item}"), ticket).await.0, 200);
        desk.still_waits(&item).await;
        assert_eq!(desk.status(&item).await, "link_sent");
    }
    // Whoever makes a row of their own that claims to have succeeded gets a request that begins.
    let item = desk.incident().await;
    let claimed = json!({
        "source_table": "incident", "source_record": item, "status": "success", "finished_at": "2026-11-21 03:00:00",
        "valid_until": "2999-01-01 00:00:00", "assurance_level": 9,
    });
    assert_eq!(desk.table(ADMIN, Method::POST, "x_ipse_idv_verification", claimed).await.0, 201);
    let row = desk.verification(&item).await;
    assert_ne!(row["status"], "success");
    assert!(row["valid_until"].as_str().unwrap_or_default().is_empty() && row["assurance_level"] == "2", "{row}");
});

on_both!(the_example_flow_asks_when_an_incident_is_opened, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let first = desk.incident().await;
    let published = desk.admin("publish", json!({})).await;
    assert_eq!(published["ok"], true, "{published}");
    let other = desk.open("incident", "hardware").await;
    let second = desk.incident().await;
    desk.mailed(0).await;
    desk.until_status(&second, "link_sent").await;
    assert_eq!((desk.status(&first).await, desk.status(&other).await), (String::new(), String::new()));
    let flows = desk.call("flows", json!({})).await;
    assert_eq!((flows.as_array().unwrap().len(), &flows[0]["state"]), (1, &json!("running")), "{flows}");
});

on_both!(a_flow_that_is_not_published_releases_nothing, |place: Place| async move {
    let desk = Desk { place: &place, servicenow: &place.sandbox.partners.servicenow };
    let item = desk.open("sc_req_item", ITEMS[0]).await;
    until("the flow's error", async || {
        let flows = desk.call("flows", json!({})).await;
        flows[0]["state"] == "error" && flows[0]["error"].as_str().unwrap().contains("not published")
    })
    .await;
    assert_ne!(desk.state(&item).await, RELEASED);
});
