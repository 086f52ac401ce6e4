//! The record page in a real browser: the shipped component runs on it, and follows by itself.

use super::sign_in::Relying;
use super::transfers::RESULT;
use super::*;
use crate::browser::{PATIENCE, Window};
use crate::faces::{Face, SELF, drawn};
use fantoccini::Locator;
use fantoccini::key::Key as Press;
use ipse_sandbox::salesforce::contact;
use ipse_sandbox::specimen::performance::Performer;

async fn press(window: &Window, name: &str) {
    let path = format!("//button[normalize-space()='{name}' and not(ancestor::*[@hidden])]");
    let button = window.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await;
    button.unwrap_or_else(|error| panic!("no button {name}: {error}")).click().await.unwrap();
}

/// What the component shows, as people read it.
async fn card(window: &Window) -> String {
    let script =
        "const card = document.querySelector('[data-component]'); return card.dataset.failed ?? card.innerText";
    window.client.execute(script, Vec::new()).await.unwrap().as_str().unwrap_or_default().to_owned()
}

async fn until_card(window: &Window, text: &str) {
    let begun = Instant::now();
    loop {
        let shown = card(window).await;
        if shown.contains(text) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "the component never shows «{text}», but «{shown}»");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn focused(window: &Window) -> String {
    let script = "return document.activeElement.innerText.trim()";
    window.client.execute(script, Vec::new()).await.unwrap().as_str().unwrap_or_default().to_owned()
}

/// Presses a key where the focus is.
async fn key(window: &Window, key: Press) {
    window.client.active_element().await.unwrap().send_keys(&char::from(key).to_string()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_waits_on_its_page_and_goes_on_by_itself() {
    let place = Place::new(false, |_| {}).await;
    let org = Org::furnished(&place).await;
    for (size, phone) in [((1280, 900), false), ((390, 844), true)] {
        let window = Window::open(&[], size, phone).await;
        window.client.goto(&format!("{}/salesforce", place.sandbox.url())).await.unwrap();
        window.check("salesforce").await;
        press(&window, "Open opportunity").await;
        until_card(&window, "Nobody was asked yet").await;
        window.check("salesforce-transfer").await;
        let before = place.sandbox.partners.mailbox.all().len();
        press(&window, "Carry out transfer").await;
        window.until_text("Waits for the person").await;
        until_card(&window, "Confirm a transfer").await;
        window.check("salesforce-waiting").await;
        let scroll = "document.querySelector('[data-component]').scrollIntoView({ behavior: 'instant' })";
        window.client.execute(scroll, Vec::new()).await.unwrap();
        window.check("salesforce-component").await;
        let link = org.mailed(before).await;
        let claimed = place.claim(&link).await;
        // Nothing is pressed and nothing reloaded: the component hears the event, and the page the change.
        claimed.picture(PASSPORT, passport_picture()).await;
        until_card(&window, "Verified").await;
        window.until_text("Carried out").await;
        until_card(&window, "Used").await;
        assert!(!card(&window).await.contains("Valid until"), "it released its transfer, and releases nothing more");
        window.until_text("Identity verification: approved").await;
        window.check("salesforce-carried-out").await;
        let id = window.client.current_url().await.unwrap().path().split('/').nth(4).unwrap().to_owned();
        assert_eq!(org.there.record(&id).unwrap()[RESULT], "approved");
    }
    assert_eq!(org.there.errors(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_starts_resends_and_cancels_by_keyboard() {
    let place = Place::new(false, |_| {}).await;
    let org = Org::furnished(&place).await;
    let window = Window::open(&[], (1280, 900), false).await;
    let page = format!("{}/lightning/r/Contact/{}/view", place.sandbox.url(), contact(0));
    window.client.goto(&page).await.unwrap();
    until_card(&window, "Nobody was asked yet").await;
    assert!(!card(&window).await.contains("Show a link"), "the menu is open before anybody opens it");
    let focus = "document.querySelector('[aria-haspopup=menu]').focus()";
    window.client.execute(focus, Vec::new()).await.unwrap();
    // Enter opens the menu, arrows go round, Escape gives the focus back.
    key(&window, Press::Enter).await;
    let first = focused(&window).await;
    key(&window, Press::Up).await;
    let last = focused(&window).await;
    key(&window, Press::Down).await;
    assert!(first != last && focused(&window).await == first, "{first} {last}");
    window.check("salesforce-menu").await;
    key(&window, Press::Escape).await;
    let state = "return document.querySelector('[aria-haspopup=menu]').getAttribute('aria-expanded') + document.activeElement.getAttribute('aria-haspopup')";
    assert_eq!(window.client.execute(state, Vec::new()).await.unwrap(), "falsemenu");
    assert!(org.there.records().is_empty());
    key(&window, Press::Enter).await;
    key(&window, Press::End).await;
    key(&window, Press::Enter).await;
    until_card(&window, &place.base).await;
    window.check("salesforce-link").await;
    until_card(&window, "Cancel").await;
    press(&window, "Cancel").await;
    until_card(&window, "Cancelled").await;
    // By mail, and once more.
    press(&window, "Request verification").await;
    key(&window, Press::Enter).await;
    org.mailed(0).await;
    until_card(&window, "Send again").await;
    press(&window, "Send again").await;
    org.mailed(1).await;
    // What the host of the component does not know, it does not pass over.
    let templates = [
        "<template><p>{name}</p></template>",
        "<template><p>{nobody}</p></template>",
        "<template><p>{name()}</p></template>",
        "<template><p lwc:ref=\"p\"></p></template>",
        "<template><template if:true={name}></template></template>",
        "<template><template lwc:else></template></template>",
        "<template><template for:each={name}></template></template>",
        "<template><lightning-tree></lightning-tree></template>",
        "<template><lightning-button label=\"x\" variant=\"brand\"></lightning-button></template>",
        "<template><script></script></template>",
        "<p>{name}</p>",
    ];
    let script = "const done = arguments[1];
        import('/static/salesforce/platform/template.mjs').then(({ read }) => done(arguments[0].map((html) => {
            try { return read(html)({ name: 'x' }).length } catch (error) { return error.message }
        })))";
    let said = window.client.execute_async(script, vec![json!(templates)]).await.unwrap();
    assert_eq!(said[0], 1, "{said}");
    for (template, said) in templates.iter().zip(said.as_array().unwrap()).skip(1) {
        assert!(said.as_str().is_some_and(|said| said.contains("is not simulated")), "{template}: {said}");
    }
    // Who may not ask sees the same, without the buttons.
    let switch = "document.querySelector('#acting').selectedIndex = 1; document.querySelector('.user button').click()";
    window.client.execute(switch, Vec::new()).await.unwrap();
    until_card(&window, "Cancelled").await;
    let shown = card(&window).await;
    assert!(!shown.contains("Send again"), "{shown}");
    let buttons = "return document.querySelectorAll('[data-component] button').length";
    assert_eq!(window.client.execute(buttons, Vec::new()).await.unwrap(), 1);
    window.check("salesforce-clerk").await;
    assert_eq!(org.there.errors(), Vec::<String>::new());
}

/// From the org's login page to Ipse and back, with the passport and the face of the first employee.
async fn logs_in(place: &Place, window: &Window) {
    window.client.goto(&format!("{}/salesforce/login", place.sandbox.url())).await.unwrap();
    window.client.find(Locator::LinkText("Log in with Ipse")).await.unwrap().click().await.unwrap();
    window.click("form[action*='/begin'] button").await;
    let begun = Instant::now();
    while window.client.current_url().await.unwrap().path() != "/v/session" {
        assert!(begun.elapsed() < PATIENCE, "capture never begins");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // What the capture page's script sends is not under test here.
    let cookies = window.client.get_all_cookies().await.unwrap();
    // The page would go on by itself as soon as it hears of the evidence, and so would this test.
    window.client.goto("about:blank").await.unwrap();
    let mut browser = Browser::new(place);
    browser.cookie = cookies.iter().map(|one| format!("{}={}", one.name(), one.value())).collect::<Vec<_>>().join("; ");
    assert_eq!(browser.picture(PASSPORT, passport_picture()).await.1["accepted"], true);
    let face = Face::new(place, &browser).await.perform(Performer::Person(SELF), true).await;
    assert_eq!(face["accepted"], true, "{face}");
    window.client.goto(&format!("{}/v/session", place.base)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_logs_in_with_ipse() {
    let place = Place::new(false, drawn).await;
    let org = Relying::new(&place).await;
    for (size, phone) in [((1280, 900), false), ((390, 844), true)] {
        let window = Window::open(&[], size, phone).await;
        window.client.goto(&format!("{}/salesforce", place.sandbox.url())).await.unwrap();
        window.client.find(Locator::LinkText("Log in through Ipse")).await.unwrap().click().await.unwrap();
        window.until_text("Log in with Ipse").await;
        window.check("salesforce-login").await;
        if !phone {
            logs_in(&place, &window).await;
            window.until_text("no user here belongs to it").await;
            window.check("salesforce-refused").await;
            org.create_users();
        }
        logs_in(&place, &window).await;
        window.until_text("Signed in as ANNA MARIA ERIKSSON").await;
        window.check("salesforce-home").await;
        press(&window, "Log out").await;
        window.until_text("Log in with Ipse").await;
    }
    assert_eq!(place.sandbox.partners.salesforce.users().len(), 3, "it is the same person");
}
