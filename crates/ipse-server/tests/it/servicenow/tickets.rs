//! Agents, people and tickets: who may do what, what the ticket shows, and what a rule holds back.

use super::*;
use ipse_sandbox::directory::employees;

on_both!(an_agent_clicks_and_the_ticket_says_success, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let id = desk.incident().await;
    let (link, session) = desk.begun(&id).await;
    desk.until_field(&id, "In Progress - ").await;
    desk.show(&link, &employee()).await;
    desk.until_field(&id, "Success - ").await;
    let row = desk.verification(&id).await;
    assert_eq!(
        (&row["status"], &row["session_id"], &row["assurance_level"]),
        (&json!("success"), &json!(session), &json!("1"))
    );
    // A passport alone is worth 1, whatever the administrator wrote beside the journey.
    assert!(row["link"].as_str().unwrap_or_default().is_empty(), "the link is forgotten");
    let notes = desk.row("incident", &id).await["work_notes"].as_str().unwrap().to_owned();
    assert!(notes.contains("this is the person") && !notes.contains(&link), "{notes}");
    // The server knows the ticket and the agent, and of the person what stands on the user record.
    let known = place.get(&format!("/v1/verifications/{session}")).await.1;
    assert_eq!((&known["record"]["system"], &known["record"]["id"]), (&json!("servicenow"), &json!(id)));
    assert_eq!(known["requester"]["name"], "Kim Larsen");
    let heard = desk.call("received", json!({})).await;
    assert!(heard.as_array().unwrap().iter().all(|one| one["status"] == 200), "{heard}");
    assert_eq!(desk.errors().await, Vec::<Value>::new());
});

on_both!(somebody_elses_passport_fails_and_the_ticket_says_why, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let id = desk.incident().await;
    let (link, _) = desk.begun(&id).await;
    desk.show(&link, &employees()[1]).await;
    desk.until_field(&id, "Failed - ").await;
    let row = desk.verification(&id).await;
    assert!(row["reasons"].as_str().unwrap().contains("name_mismatch"), "{row}");
    let notes = desk.row("incident", &id).await["work_notes"].as_str().unwrap().to_owned();
    assert!(notes.contains("Do not reset, unlock or change anything"), "{notes}");
});

on_both!(only_agents_ask_and_nobody_asks_for_themselves, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let id = desk.incident().await;
    assert_eq!(desk.ask(GUEST, "request", &id, json!({})).await, Value::Null);
    // A clerk may work on the ticket, and has neither button nor call.
    assert_eq!(desk.ask(CLERK, "request", &id, json!({})).await, Value::Null);
    let page = async |user: &str| {
        let url = format!("{}/servicenow/incident.do?sys_id={id}", place.sandbox.url());
        let answer = place.client.get(url).header("cookie", format!("servicenow-user={user}")).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, form) = page(CLERK).await;
    assert!(status == 200 && !form.contains("Request Identity Verification"), "{form}");
    let (status, form) = page(GUEST).await;
    assert!(status == 403 && !form.contains("INC000"), "{form}");
    assert!(page(AGENT).await.1.contains("Request Identity Verification"));
    // An agent is verified by a colleague.
    let kim = desk.rows("sys_user").await.into_iter().find(|user| user["user_name"] == AGENT).unwrap();
    let own =
        json!({ "user": AGENT, "table": "incident", "person": kim["sys_id"], "kind": "inquiry", "about": "Mine" });
    let own = desk.call("open", own).await["id"].as_str().unwrap().to_owned();
    let refused = desk.ask(AGENT, "request", &own, json!({})).await;
    assert!(refused["message"].as_str().unwrap().contains("verification of yourself"), "{refused}");
    // No table but tickets, no record that is not there, no door that is not there.
    for (table, record) in [("sys_user", &own), ("incident", &"0".repeat(32)), ("x_ipse_idv_config", &own)] {
        let more = json!({ "sysparm_table": table, "sysparm_id": record });
        assert_eq!(desk.ask(AGENT, "request", &own, more).await["ok"], false, "{table}");
    }
    assert_eq!(desk.rows("x_ipse_idv_verification").await.len(), 0);
});

on_both!(idv_status_is_written_by_nothing_else, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let id = desk.incident().await;
    let (_, _) = desk.begun(&id).await;
    desk.until_field(&id, "In Progress - ").await;
    let row = desk.verification(&id).await["sys_id"].as_str().unwrap().to_owned();
    for user in [CLERK, AGENT, ADMIN] {
        let written = json!({ "x_ipse_idv_idv_status": "Success - 2026-11-21 03:00:00" });
        let (status, _) = desk.table(user, Method::PATCH, &format!("incident/{id}"), written).await;
        assert_eq!(status, 200, "the rest of the ticket is saved");
        assert!(desk.field(&id).await.starts_with("In Progress - "), "{user}");
        let path = format!("x_ipse_idv_verification/{row}");
        let (status, _) = desk.table(user, Method::PATCH, &path, json!({ "status": "success" })).await;
        assert_eq!(status, 403, "{user}");
        assert_eq!(desk.table(user, Method::DELETE, &path, json!({})).await.0, 403, "{user}");
    }
    assert_eq!(desk.table("", Method::GET, &format!("incident/{id}"), json!({})).await.0, 401);
    assert_eq!(desk.status(&id).await, "link_sent");
    // Nor does the configuration let itself be written past its page, nor read by anybody else.
    assert_eq!(
        desk.table(ADMIN, Method::PATCH, "x_ipse_idv_config/x", json!({ "base_url": "https://x" })).await.0,
        403
    );
    assert_eq!(desk.table(AGENT, Method::GET, "x_ipse_idv_config", json!({})).await.0, 403);
});

on_both!(a_rule_holds_the_ticket_until_its_person_is_verified, |place: Place| async move {
    let desk = Desk::new(&place).await;
    // The shipped examples do not let themselves be switched on; a copy does.
    let example = desk.rows("x_ipse_idv_rule").await.into_iter().find(|rule| rule["name"] == "Password reset").unwrap();
    let path = format!("x_ipse_idv_rule/{}", example["sys_id"].as_str().unwrap());
    let (status, refused) = desk.table(ADMIN, Method::PATCH, &path, json!({ "active": true })).await;
    assert!(status == 403 && refused.to_string().contains("Make a copy"), "{refused}");
    let copied = desk.call("copy_rule", json!({ "user": ADMIN, "name": "Password reset", "assurance_level": 1 })).await;
    assert_eq!(copied["status"], 201, "{copied}");

    // It asks by itself when the ticket is opened.
    let id = desk.incident().await;
    let link = desk.mailed(0).await;
    let resolve = async || {
        let saved = json!({ "user": CLERK, "table": "incident", "id": id, "values": { "state": "6" } });
        desk.call("save", saved).await
    };
    let held = resolve().await;
    assert_eq!(
        held,
        json!({ "ok": false, "messages": ["This is a password reset: verify the caller before you resolve it."] })
    );
    // Moving it elsewhere first does not help, nor does the API.
    let moved = json!({ "user": CLERK, "table": "incident", "id": id, "values": { "category": "inquiry" } });
    assert_eq!(desk.call("save", moved).await["ok"], true);
    assert_eq!(resolve().await["ok"], false);
    assert_eq!(desk.table(ADMIN, Method::PATCH, &format!("incident/{id}"), json!({ "state": "7" })).await.0, 403);
    desk.show(&link, &employee()).await;
    desk.until_field(&id, "Success - ").await;
    assert_eq!(resolve().await, json!({ "ok": true, "messages": [] }));
    assert_eq!(desk.row("incident", &id).await["state"], "6");
});

on_both!(a_success_opens_a_rule_for_its_level_its_person_and_its_minutes, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let rule = json!({ "user": ADMIN, "name": "Password reset", "auto_request": false, "assurance_level": 1 });
    desk.call("copy_rule", rule).await;
    let id = desk.incident().await;
    let (link, _) = desk.begun(&id).await;
    desk.show(&link, &employee()).await;
    desk.until_field(&id, "Success - ").await;
    let save = async |values: Value| {
        desk.call("save", json!({ "user": CLERK, "table": "incident", "id": id, "values": values })).await["ok"] == true
    };
    // Somebody else on the ticket was not verified.
    assert!(save(json!({ "caller_id": sys_id(employees()[1].id) })).await);
    assert!(!save(json!({ "state": "6" })).await);
    assert!(save(json!({ "caller_id": sys_id(employee().id) })).await);
    assert!(save(json!({ "state": "6" })).await);
    // A passport without a face is not what a stronger rule asks for.
    assert!(save(json!({ "state": "2" })).await);
    let stronger = json!({ "user": ADMIN, "name": "Password reset", "auto_request": false });
    assert_eq!(desk.call("copy_rule", stronger).await["status"], 201);
    assert!(!save(json!({ "state": "6" })).await);
    let rules = desk.rows("x_ipse_idv_rule").await;
    let path = format!("x_ipse_idv_rule/{}", rules.last().unwrap()["sys_id"].as_str().unwrap());
    assert_eq!(desk.table(ADMIN, Method::PATCH, &path, json!({ "active": false })).await.0, 200);
    assert!(save(json!({ "state": "6" })).await);
    // And half an hour later nobody was verified.
    assert!(save(json!({ "state": "2" })).await);
    desk.servicenow.pass(31 * 60).await.unwrap();
    assert!(!save(json!({ "state": "6" })).await);
});

on_both!(an_override_is_the_administrators_and_the_person_is_told, |place: Place| async move {
    let desk = Desk::new(&place).await;
    desk.call("copy_rule", json!({ "user": ADMIN, "name": "Password reset", "auto_request": false })).await;
    let id = desk.incident().await;
    let reason = json!({ "sysparm_reason": "Called back on the number that HR knows; agreed with the manager" });
    assert_eq!(desk.ask(AGENT, "override", &id, reason.clone()).await["ok"], false);
    assert_eq!(desk.ask(ADMIN, "override", &id, json!({ "sysparm_reason": "ok" })).await["ok"], false);
    let done = desk.ask(ADMIN, "override", &id, reason).await;
    assert_eq!(done["ok"], true, "{done}");
    until("the mail", async || !place.sandbox.partners.mailbox.all().is_empty()).await;
    let mail = place.sandbox.partners.mailbox.all().remove(0);
    assert_eq!(mail.to, employee().email);
    assert!(mail.subject.contains("Your identity was not verified"), "{}", mail.subject);
    let resolved = json!({ "user": CLERK, "table": "incident", "id": id, "values": { "state": "6" } });
    assert_eq!(desk.call("save", resolved).await["ok"], true);
    assert!(!desk.field(&id).await.starts_with("Success"));
});

on_both!(resent_cancelled_and_by_code, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let id = desk.incident().await;
    let (first, _) = desk.begun(&id).await;
    assert_eq!(desk.ask(AGENT, "resend", &id, json!({})).await["ok"], true);
    let second = desk.mailed(1).await;
    assert_ne!(first, second);
    let mut phone = Browser::new(&place);
    assert_ne!(phone.post(&format!("{first}/claim"), &[]).await.status(), 303, "the old link no longer works");
    assert_eq!(desk.ask(AGENT, "cancel", &id, json!({})).await["ok"], true);
    desk.until_field(&id, "Failure - ").await;
    let session = desk.verification(&id).await["session_id"].as_str().unwrap().to_owned();
    place.until(&session, &["cancelled"]).await;
    assert_ne!(phone.post(&format!("{second}/claim"), &[]).await.status(), 303);
    // A code on screen: its link is for the agent who asked, while nobody has opened it.
    desk.request(&id, "qr").await;
    let link = async |user: &str| desk.ask(user, "link", &id, json!({})).await;
    until("the link", async || link(AGENT).await["link"].as_str().is_some_and(|link| !link.is_empty())).await;
    assert_eq!(link(ADMIN).await["ok"], false);
    let path = format!("x_ipse_idv_verification/{}", desk.verification(&id).await["sys_id"].as_str().unwrap());
    for user in [AGENT, ADMIN] {
        let (status, row) = desk.table(user, Method::GET, &path, json!({})).await;
        assert!(status == 200 && row["result"][0]["status"] == "requested", "{row}");
        assert!(row["result"][0].get("link").is_none(), "nobody reads the link off the row");
    }
    let shown = link(AGENT).await["link"].as_str().unwrap().to_owned();
    place.claim(&shown).await;
    until("news", async || link(AGENT).await["opened"] == true).await;
});

on_both!(servicenow_sends_the_link_itself_where_it_is_told_to, |place: Place| async move {
    let desk = Desk::new(&place).await;
    desk.save(json!({ "delivery": "servicenow", "from_address": "desk@utopia.example", "from_name": "IT" })).await;
    assert_eq!(desk.admin("testMail", json!({})).await["ok"], true);
    until("the test mail", async || desk.admin("mailState", json!({})).await["sent"] == true).await;
    let id = desk.incident().await;
    let (link, _) = desk.begun(&id).await;
    let mail = place.sandbox.partners.mailbox.all().pop().unwrap();
    assert!(mail.from.contains("desk@utopia.example") && mail.subject.contains("confirm your identity"), "{mail:?}");
    desk.show(&link, &employee()).await;
    desk.until_field(&id, "Success - ").await;
    // An address that was changed a moment ago gets nothing.
    let user = format!("sys_user/{}", sys_id(employee().id));
    let (status, _) = desk.table(ADMIN, Method::PATCH, &user, json!({ "email": "thief@example.com" })).await;
    assert_eq!(status, 200);
    desk.request(&id, "email").await;
    desk.until_status(&id, "failure").await;
    assert_eq!(desk.verification(&id).await["reasons"], "contact_too_new");
    assert!(place.sandbox.partners.mailbox.all().iter().all(|mail| mail.to != "thief@example.com"));
});
