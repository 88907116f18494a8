use serde_json::json;

use crate::trade::{House, id};

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

/// What the roll-ups must say, worked out from the rows.
const FROM_ROWS: &str = "
    SELECT COALESCE(sold_date, business_date), COUNT(*), SUM(total_minor), SUM(tax_minor)
    FROM orders WHERE closed_ms IS NOT NULL AND cancel_reason IS NULL GROUP BY 1";

#[tokio::test]
async fn roll_ups_say_what_the_rows_say() {
    let house = House::open().await;
    for at in 0..6 {
        let order = house.order().await;
        house.step(&order, "fire", json!({})).await.ok();
        if at % 3 == 0 {
            let void = format!("lines/{}/void", id(&order["lines"][1]));
            house.step(&order, &void, json!({ "reason": "Spilt" })).await.ok();
        }
        if at == 5 {
            house.app.at("2026-06-13T09:00:00+02:00");
        }
        house.step(&order, "serve", json!({})).await.ok();
        let due = house.fresh(&order).await["due_minor"].as_i64().unwrap();
        house.pay(&order, if at % 2 == 0 { "cash" } else { "card" }, due).await.created();
    }
    let path = house.app.folder.path().join(format!("restaurants/{}.db", house.owner.restaurant_id()));
    let conn = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let rows = |sql: &str| -> Vec<(String, i64, i64, i64)> {
        let mut statement = conn.prepare(sql).unwrap();
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        statement.query_map([], row).unwrap().map(Result::unwrap).collect()
    };
    let from_rows = rows(FROM_ROWS);
    assert_eq!(from_rows.len(), 2);
    assert_eq!(rows("SELECT business_date, orders, gross_minor, tax_minor FROM day_total"), from_rows);
    assert_eq!(
        rows("SELECT business_date, SUM(orders), SUM(gross_minor), 0 FROM hour_total GROUP BY 1")
            .into_iter()
            .map(|row| (row.1, row.2))
            .collect::<Vec<_>>(),
        from_rows.iter().map(|row| (row.1, row.2)).collect::<Vec<_>>()
    );
    let money = rows("SELECT '', SUM(cash_minor), SUM(card_minor), SUM(voids) FROM day_total");
    let paid = rows(
        "SELECT '', SUM(iif(tender = 'cash', amount_minor, 0)), SUM(iif(tender = 'card', amount_minor, 0)), 2 FROM payment",
    );
    assert_eq!(money, paid);
}
