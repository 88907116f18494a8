//! The restaurant's settings.

use serde_json::json;
use uuid::Uuid;

use crate::support::TestApp;

#[tokio::test]
async fn a_restaurant_shows_its_settings_its_business_day_and_what_one_may_do() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    app.at("2026-06-13T01:30:00+02:00");
    let owner = app.log_in("lucia@example.com", owner.restaurant_id()).await;
    let shown = owner.get("").await.ok();
    assert_eq!(shown["name"], "Trattoria da Lucia");
    assert_eq!(shown["business_date"], "2026-06-12", "half past one belongs to the evening before");
    assert_eq!(shown["currency"], "EUR");
    assert_eq!(shown["exponent"], 2);
    assert_eq!(shown["tax_mode"], "inclusive");
    assert_eq!(shown["tax_rounding"], "rate");
    assert_eq!(shown["default_tax_rate_bp"], 1000);
    assert_eq!(shown["device_letters"], "A");
    assert!(shown["permissions"].as_array().unwrap().contains(&json!("settings.write")));
    let waiter = app.staff(&owner, "waiter").await;
    let permissions = waiter.get("").await.ok()["permissions"].clone();
    assert!(permissions.as_array().unwrap().contains(&json!("orders.pay")));
    assert!(!permissions.as_array().unwrap().contains(&json!("settings.write")));
}

#[tokio::test]
async fn changed_settings_hold_from_the_next_request_on() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    app.at("2026-06-13T01:30:00+02:00");
    let owner = app.log_in("lucia@example.com", owner.restaurant_id()).await;
    let change =
        json!({ "name": "Da <i>Lucia</i>", "day_cutoff_minute": 60, "cash_rounding_minor": 5, "locale": "es" });
    let changed = owner.patch("", change).await.ok();
    assert_eq!(changed["name"], "Da Lucia");
    assert_eq!(changed["business_date"], "2026-06-13");
    assert_eq!(changed["cash_rounding_minor"], 5);
    assert_eq!(owner.get("").await.ok(), changed);
    assert_eq!(owner.get("~/me").await.ok()["restaurants"][0]["locale"], "es");
    let alone = owner.patch("", json!({ "name": "Lucia" })).await.ok();
    assert_eq!(alone["day_cutoff_minute"], 60, "what is not named stays");
}

#[tokio::test]
async fn settings_that_cannot_be_are_refused_by_name() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    owner.patch("", json!({ "name": " " })).await.invalid("name");
    owner.patch("", json!({ "day_cutoff_minute": 721 })).await.invalid("day_cutoff_minute");
    owner.patch("", json!({ "cash_rounding_minor": -5 })).await.invalid("cash_rounding_minor");
    owner.patch("", json!({ "cash_rounding_minor": 1.5 })).await.invalid("cash_rounding_minor");
    owner.patch("", json!({ "locale": "xx" })).await.invalid("locale");
    owner.patch("", json!({ "currency": "USD" })).await.invalid("currency");
    owner.patch("", json!([])).await.refused("invalid_input");
}

#[tokio::test]
async fn a_restaurant_one_does_not_belong_to_does_not_exist() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    owner.at(&Uuid::now_v7().to_string()).get("").await.refused("not_found");
    owner.at("no-id").get("").await.refused("not_found");
    owner.at(&Uuid::now_v7().to_string()).get("/orders").await.refused("not_found");
}
