//! What somebody should look at.

use comanda_db::rebase::Pushed;
use comanda_engine::command::Write;
use comanda_engine::kernel::ids::{OrderId, PaymentId, RestaurantId};
use comanda_engine::kernel::money::Minor;
use comanda_engine::payments::commands::TakePayment;
use comanda_engine::payments::model::Tender;
use serde_json::json;
use uuid::Uuid;

use crate::support::{Person, TestApp};

/// A check that is paid here, and was paid on another device meanwhile: both payments happened.
/// Gives the order's printed number.
async fn pay_twice(app: &TestApp, owner: &Person) -> String {
    let category = owner.post("/menu/categories", json!({ "name": "Pizza" })).await.created();
    let item = json!({ "category_id": category["id"], "name": "Margherita", "price_minor": 950 });
    let item = owner.post("/menu/items", item).await.created();
    let order = json!({ "service": "takeaway", "lines": [{ "item_id": item["id"] }] });
    let order = owner.post("/orders", order).await.created();
    let id: Uuid = order["id"].as_str().unwrap().parse().unwrap();
    let payment = json!({ "tender": "card", "amount_minor": 950 });
    owner.post(&format!("/orders/{id}/payments"), payment).await.created();
    let restaurant = RestaurantId(owner.restaurant_id().parse().unwrap());
    let db = app.running.app().restaurant(restaurant).unwrap().db.clone();
    let there = TakePayment {
        order: OrderId(id),
        id: PaymentId::mint(),
        tender: Tender::Card,
        amount: Minor(950),
        tip: None,
        tendered: None,
        reference: None,
        cash_back: None,
        check: None,
        date: order["business_date"].as_str().unwrap().to_owned(),
        session: None,
    };
    let pushed = Pushed {
        device: Uuid::now_v7(),
        device_seq: 1,
        id: Uuid::now_v7(),
        actor: Uuid::now_v7(),
        name: TakePayment::NAME.into(),
        version: TakePayment::VERSION,
        at_ms: app.running.app().clock.now_ms(),
        request: [0; 8],
        args: serde_json::to_vec(&there).unwrap(),
    };
    tokio::task::spawn_blocking(move || db.place(vec![pushed])).await.unwrap().unwrap();
    order["number"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_check_paid_twice_while_apart_waits_until_somebody_has_seen_it() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let number = pay_twice(&app, &owner).await;
    let page = owner.get("/inbox").await.ok();
    let item = &page["items"][0];
    assert_eq!((&item["kind"], &item["number"]), (&json!("overpaid"), &json!(number)));
    assert_eq!(item["params"], json!({ "amount_minor": 950 }));
    assert_eq!((&item["text_key"], &item["resolved"]), (&json!("inbox.overpaid"), &json!(false)));
    let path = format!("/inbox/{}/resolve", item["id"].as_str().unwrap());
    owner.post(&path, json!({ "note": "Gave back 9.50." })).await.gone();
    owner.post(&path, json!({})).await.gone();
    assert_eq!(owner.get("/inbox").await.ok()["items"][0]["resolved"], true);
    assert_eq!(owner.get("/inbox?open=true").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn an_empty_inbox_is_an_empty_page() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    assert_eq!(owner.get("/inbox").await.ok(), json!({ "items": [], "next_cursor": null }));
    owner.get("/inbox?limit=0").await.invalid("limit");
    for none in ["100000", "-1", "many"] {
        let refused = owner.get(&format!("/inbox?limit={none}")).await;
        assert!(refused.text.contains("The limit is a number from 1 to 200."), "{}", refused.text);
        refused.invalid("limit");
    }
    owner.get("/inbox?cursor=x").await.invalid("cursor");
    owner.get("/inbox?open=maybe").await.invalid("open");
    app.staff(&owner, "waiter").await.get("/inbox").await.refused("forbidden");
}

#[tokio::test]
async fn what_is_not_there_cannot_be_resolved() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    owner.post(&format!("/inbox/{}/resolve", Uuid::now_v7()), json!({})).await.refused("not_found");
    owner.post("/inbox/x/resolve", json!({})).await.invalid("inbox_id");
    let long = json!({ "note": "x".repeat(501) });
    owner.post(&format!("/inbox/{}/resolve", Uuid::now_v7()), long).await.invalid("note");
}
