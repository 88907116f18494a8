use serde_json::json;

use crate::trade::House;

#[tokio::test]
async fn today_shows_what_the_day_has_brought() {
    let house = House::open().await;
    let empty = house.owner.get("/today").await.ok();
    assert_eq!((&empty["totals"]["orders"], &empty["by_hour"], &empty["flags"]), (&json!(0), &json!([]), &json!([])));
    house.finished("cash").await;
    house.app.pass_ms(3_600_000);
    house.finished("card").await;
    house.order().await;
    let today = house.owner.get("/today").await.ok();
    let totals = &today["totals"];
    assert_eq!(
        (&totals["orders"], &totals["gross_minor"], &totals["average_minor"]),
        (&json!(2), &json!(3420), &json!(1710))
    );
    assert_eq!((&totals["cash_minor"], &totals["card_minor"]), (&json!(1710), &json!(1710)));
    assert_eq!(today["open"], json!({ "orders": 1, "covers": 2, "minor": 1710 }));
    assert_eq!(
        today["by_hour"],
        json!([{ "hour": 19, "orders": 1, "gross_minor": 1710 }, { "hour": 20, "orders": 1, "gross_minor": 1710 }])
    );
    assert_eq!(
        today["top_items"],
        json!([
            { "name": "Margherita", "quantity_milli": 2000, "gross_minor": 1900 },
            { "name": "Cola", "quantity_milli": 4000, "gross_minor": 1520 },
        ])
    );
    assert_eq!(today["last_days"], json!([{ "business_date": "2026-06-12", "orders": 2, "gross_minor": 3420 }]));
}

#[tokio::test]
async fn an_order_counts_on_the_day_it_is_completed() {
    let house = House::open().await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    house.app.at("2026-06-13T10:00:00+02:00");
    house.step(&order, "serve", json!({})).await.ok();
    house.pay(&order, "card", 1710).await.created();
    let today = house.owner.get("/today").await.ok();
    assert_eq!((&today["business_date"], &today["totals"]["orders"]), (&json!("2026-06-13"), &json!(1)));
    assert_eq!(today["last_days"].as_array().unwrap().len(), 1);
    house.app.at("2026-06-20T10:00:00+02:00");
    let week = house.owner.get("/today").await.ok();
    assert_eq!(week["last_week_by_hour"], json!([{ "hour": 19, "orders": 1, "gross_minor": 1710 }]));
}

#[tokio::test]
async fn a_waiter_does_not_see_the_sums_of_the_house() {
    let house = House::open().await;
    let waiter = house.app.staff(&house.owner, "waiter").await;
    waiter.get("/today").await.refused("forbidden");
}
