//! What the engine does by itself: old records are packed, and stay as good as new.

use comanda_engine::jobs::Stop;
use comanda_engine::upkeep;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::trade::{House, id};

fn count(app: &TestApp, restaurant: &str, table: &str) -> i64 {
    let path = app.folder.path().join("restaurants").join(format!("{restaurant}.db"));
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

async fn pack(app: &TestApp) -> u64 {
    let engine = app.running.app().clone();
    tokio::task::spawn_blocking(move || upkeep::pack_old(&engine, &Stop::default()).unwrap()).await.unwrap()
}

#[tokio::test]
async fn records_of_last_week_are_packed_and_nobody_notices() {
    let house = House::open().await;
    let key = "0197a000-0000-7000-8000-00000000b001";
    let new = json!({ "service": "takeaway", "lines": [{ "item_id": house.pizza }] });
    let first = house.owner.post_keyed(key, "/orders", new.clone()).await.created();
    let order = house.finished("card").await;
    let history = async || house.owner.get(&format!("/orders/{}/history", id(&order))).await.ok();
    let before: Value = history().await;
    assert!(before.as_array().is_none_or(|steps| steps.len() >= 4), "{before}");
    let restaurant = house.owner.restaurant_id().to_owned();
    let rows = count(&house.app, &restaurant, "ledger");
    assert_eq!(pack(&house.app).await, 2, "nothing is old yet but how each file was made");
    house.app.pass_ms(upkeep::PACK_AFTER_MS + 1);
    assert!(pack(&house.app).await >= 2 * rows.unsigned_abs());
    for table in ["ledger", "journal"] {
        assert_eq!(count(&house.app, &restaurant, table), 0, "{table}");
    }
    assert_eq!(history().await, before);
    let again = house.owner.post_keyed(key, "/orders", new).await;
    assert!(again.replayed());
    assert_eq!(again.created()["id"], first["id"]);
    let other = json!({ "service": "takeaway", "lines": [{ "item_id": house.cola }] });
    house.owner.post_keyed(key, "/orders", other).await.refused("idempotency_key_reused");
    house.finished("cash").await;
    let engine = house.app.running.app().clone();
    let report = tokio::task::spawn_blocking(move || engine.restaurants()[0].db.check().unwrap()).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
}
