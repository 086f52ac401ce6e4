//! Both paths in a real browser: the shipped scripts run on the form, and the form follows by itself.

use super::*;
use crate::browser::Window;
use fantoccini::Locator;

impl Desk<'_> {
    fn page(&self, path: &str) -> String {
        format!("{}{path}", self.place.sandbox.url())
    }
}

async fn value(window: &Window, field: &str) -> String {
    let script = format!("return document.querySelector('[name={field}]').value");
    window.client.execute(&script, Vec::new()).await.unwrap().as_str().unwrap_or_default().to_owned()
}

async fn until_value(window: &Window, field: &str, start: &str) {
    until(&format!("{start} in {field}"), async || value(window, field).await.starts_with(start)).await;
}

/// Presses the button of a name.
async fn press(window: &Window, name: &str) {
    let path = format!("//button[normalize-space()='{name}' and not(ancestor::*[@hidden])]");
    let button = window.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await;
    button.unwrap_or_else(|error| panic!("no button {name}: {error}")).click().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_clicks_and_the_open_form_turns_to_success() {
    let place = Place::new(false, |_| {}).await;
    let desk = Desk::new(&place).await;
    let window = Window::open(&[], (1280, 900), false).await;
    window.client.goto(&desk.page("/servicenow")).await.unwrap();
    window.check("servicenow").await;
    let options = "const wanted = document.querySelector('#caller');
        wanted.value = [...wanted.options].find((option) => option.text.startsWith('Anna')).value";
    window.client.execute(options, Vec::new()).await.unwrap();
    press(&window, "Open incident").await;
    window.until_text("Reload form").await;
    window.check("servicenow-incident").await;
    press(&window, "Request Identity Verification").await;
    window.until_text("It goes only to what stands on").await;
    window.check("servicenow-request").await;
    press(&window, "Request").await;
    until_value(&window, "x_ipse_idv_idv_status", "In Progress - ").await;
    let link = desk.mailed(0).await;
    desk.show(&link, &employee()).await;
    // Nothing is pressed and nothing reloaded: the application's own script follows.
    until_value(&window, "x_ipse_idv_idv_status", "Success - ").await;
    window.until_text("this is the person").await;
    window.check("servicenow-success").await;
    window.client.set_window_size(390, 844).await.unwrap();
    window.check("servicenow-success").await;
    // How long the form lags behind the ticket: the time of its poll, and a little.
    let state = "return document.querySelector('#messages').getAttribute('aria-live')";
    assert_eq!(window.client.execute(state, Vec::new()).await.unwrap(), "polite");
    assert_eq!(desk.errors().await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_waits_in_its_flow_and_is_released() {
    let place = Place::new(false, |_| {}).await;
    let desk = Desk::new(&place).await;
    let window = Window::open(&[], (390, 844), true).await;
    window.client.goto(&desk.page("/servicenow")).await.unwrap();
    window.check("servicenow").await;
    let options = "const wanted = document.querySelector('#requested_for');
        wanted.value = [...wanted.options].find((option) => option.text.startsWith('Anna')).value";
    window.client.execute(options, Vec::new()).await.unwrap();
    press(&window, "Order").await;
    let link = desk.mailed(0).await;
    window.client.refresh().await.unwrap();
    window.until_text("waiting").await;
    window.check("servicenow-item").await;
    desk.show(&link, &employee()).await;
    until_value(&window, "x_ipse_idv_idv_status", "Success - ").await;
    until("the flow's end", async || {
        window.client.refresh().await.unwrap();
        window.client.source().await.unwrap().contains("The password was reset.")
    })
    .await;
    assert_eq!(value(&window, "state").await, "3");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_other_buttons_their_dialogs_and_the_shipped_pages() {
    let place = Place::new(false, |_| {}).await;
    let desk = Desk::new(&place).await;
    desk.call("copy_rule", json!({ "user": ADMIN, "name": "Password reset", "auto_request": false })).await;
    let id = desk.incident().await;
    let window = Window::open(&[], (1280, 900), false).await;
    let form = desk.page(&format!("/servicenow/incident.do?sys_id={id}"));
    window.client.goto(&desk.page("/servicenow")).await.unwrap();
    let switch =
        "document.querySelector('#acting').value = arguments[0]; document.querySelector('.user button').click()";
    window.client.execute(switch, vec![json!(ADMIN)]).await.unwrap();
    window.client.goto(&form).await.unwrap();
    window.until_text("Before this record can go on").await;
    // Too early: the rule says so on the form.
    window.client.execute("document.querySelector('[name=state]').value = '6'", Vec::new()).await.unwrap();
    press(&window, "Update").await;
    window.until_text("verify the caller before you resolve it").await;
    window.check("servicenow-held").await;
    // A code on the screen, drawn by the shipped page.
    press(&window, "Request Identity Verification").await;
    window.until_text("It goes only to what stands on").await;
    window.client.execute("document.querySelector('dialog select').value = 'qr'", Vec::new()).await.unwrap();
    press(&window, "Request").await;
    until("the code's window", async || window.client.windows().await.unwrap().len() == 2).await;
    let windows = window.client.windows().await.unwrap();
    window.client.switch_to_window(windows[1].clone()).await.unwrap();
    window.client.wait().at_most(PATIENCE).for_element(Locator::Css("#ipse_qr svg path")).await.unwrap();
    window.check("servicenow-qr").await;
    window.client.close_window().await.unwrap();
    window.client.switch_to_window(windows[0].clone()).await.unwrap();
    // Cancelled by the dialog of the platform; then let pass by the administrator.
    window.client.goto(&form).await.unwrap();
    press(&window, "Cancel Verification").await;
    press(&window, "OK").await;
    window.until_text("The link no longer works").await;
    window.client.goto(&form).await.unwrap();
    press(&window, "Override Verification").await;
    window.until_text("What did you check instead").await;
    let reason = "document.querySelector('dialog textarea').value = 'Called back on the number that HR knows'";
    window.client.execute(reason, Vec::new()).await.unwrap();
    window.check("servicenow-override").await;
    press(&window, "Override").await;
    window.until_text("This ticket may now go on without verification").await;
    // The application's own pages.
    window.client.goto(&desk.page("/servicenow/x_ipse_idv_configuration.do")).await.unwrap();
    until("the settings", async || value(&window, "base_url").await == place.base).await;
    window.check("servicenow-configuration").await;
    press(&window, "Test OAuth2").await;
    window.until_text("Ipse accepts the API Key").await;
    window.client.goto(&desk.page("/servicenow/x_ipse_idv_getting_started.do")).await.unwrap();
    window.until_text("Settings are filled in").await;
    press(&window, "Publish flows").await;
    window.until_text("Published.").await;
    window.check("servicenow-started").await;
    // The test ticket verifies whoever presses it.
    press(&window, "Open a test ticket").await;
    let mails = || place.sandbox.partners.mailbox.all();
    let own = || mails().into_iter().find(|mail| mail.to == format!("{ADMIN}@utopia.example"));
    until("the administrator's link", async || own().is_some_and(|mail| !mail.links().is_empty())).await;
    window.until_text("An event came back, signed").await;
    window.client.goto(&desk.page("/servicenow/x_ipse_idv_about.do")).await.unwrap();
    window.check("servicenow-about").await;
    window.client.goto(&desk.page("/webhooks")).await.unwrap();
    window.until_text("Accepted: 200").await;
    window.check("servicenow-webhooks").await;
    assert_eq!(desk.errors().await, Vec::<Value>::new());
}
