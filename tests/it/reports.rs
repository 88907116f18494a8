use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

use crate::trade::{House, id};

/// Two finished orders on Friday the 12th, one on the Friday before.
async fn two_fridays() -> House {
    let house = House::open().await;
    house.app.at("2026-06-05T19:00:00+02:00");
    house.finished("card").await;
    house.app.at("2026-06-12T19:00:00+02:00");
    house.finished("cash").await;
    house.app.pass_ms(3_600_000);
    house.finished("card").await;
    house
}

async fn rows(house: &House, report: &str) -> Vec<Value> {
    let answer = house.owner.get(&format!("/reports/{report}")).await.ok();
    answer["rows"].as_array().expect("rows").clone()
}

#[tokio::test]
async fn a_day_stands_beside_the_same_weekday_of_the_week_before() {
    let house = two_fridays().await;
    let summary = house.owner.get("/reports/summary").await.ok();
    assert_eq!((&summary["from"], &summary["to"]), (&json!("2026-06-12"), &json!("2026-06-12")));
    assert_eq!((&summary["totals"]["orders"], &summary["totals"]["gross_minor"]), (&json!(2), &json!(3420)));
    assert_eq!(
        summary["before"],
        json!({ "from": "2026-06-05", "to": "2026-06-05", "orders": 1, "covers": 2, "gross_minor": 1710, "average_minor": 1710 })
    );
    let days = rows(&house, "days?from=2026-06-01&to=2026-06-12").await;
    assert_eq!(days.len(), 2, "days without anything are left out");
    assert_eq!((&days[0]["business_date"], &days[0]["before_minor"]), (&json!("2026-06-05"), &json!(0)));
    assert_eq!((&days[1]["gross_minor"], &days[1]["before_minor"]), (&json!(3420), &json!(1710)));
    assert_eq!((&days[1]["tax_minor"], &days[1]["net_minor"]), (&json!(310), &json!(3110)));
}

#[tokio::test]
async fn averages_are_of_checks_covers_days_and_time_at_the_table() {
    let house = House::open().await;
    let nothing = house.owner.get("/reports/summary").await.ok();
    assert_eq!(
        nothing["averages"],
        json!({ "check_minor": 0, "cover_minor": null, "day_minor": null, "turn_ms": null })
    );
    for minutes in [30, 60] {
        let order = house.order().await;
        house.step(&order, "fire", json!({})).await.ok();
        house.step(&order, "serve", json!({})).await.ok();
        house.app.pass_ms(minutes * 60_000);
        house.pay(&order, "card", 1710).await.created();
    }
    // Nobody counts the guests of a takeaway, and nobody divides what it brought by others.
    let away = house.order_of(5_000).await;
    house.step(&away, "fire", json!({})).await.ok();
    house.step(&away, "serve", json!({})).await.ok();
    house.app.pass_ms(45 * 60_000);
    house.pay(&away, "card", 5_000).await.created();
    let open = house.order().await;
    let gone = house.order().await;
    house.step(&gone, "cancel", json!({ "reason": "Left" })).await.ok();
    let summary = house.owner.get("/reports/summary").await.ok();
    assert_eq!(
        summary["averages"],
        json!({ "check_minor": 2807, "cover_minor": 855, "day_minor": 8420, "turn_ms": 45 * 60_000 })
    );
    assert_eq!(summary["states"], json!({ "open": 1, "completed": 3, "cancelled": 1 }));
    house.step(&open, "cancel", json!({ "reason": "Left" })).await.ok();
    let summary = house.owner.get("/reports/summary").await.ok();
    assert_eq!(summary["states"], json!({ "open": 0, "completed": 3, "cancelled": 2 }), "what is kept is not stale");
}

#[tokio::test]
async fn hours_follow_each_other_as_in_a_business_day() {
    let house = two_fridays().await;
    house.app.at("2026-06-13T01:30:00+02:00");
    house.finished("card").await;
    let hours = rows(&house, "hours?from=2026-06-12&to=2026-06-12").await;
    let seen: Vec<_> = hours.iter().map(|hour| (&hour["hour"], &hour["gross_minor"], &hour["before_minor"])).collect();
    assert_eq!(
        seen,
        [
            (&json!(19), &json!(1710), &json!(1710)),
            (&json!(20), &json!(1710), &json!(0)),
            (&json!(1), &json!(1710), &json!(0))
        ]
    );
    let week = rows(&house, "week?from=2026-06-01&to=2026-06-12").await;
    assert_eq!(week.len(), 3);
    assert_eq!(week[1], json!({ "weekday": 5, "hour": 19, "days": 2, "orders": 2, "gross_minor": 3420 }));
}

#[tokio::test]
async fn items_and_categories_are_ranked_by_what_they_brought() {
    let house = two_fridays().await;
    let items = rows(&house, "items").await;
    assert_eq!(
        items[0],
        json!({ "name": "Margherita", "category": "All", "quantity_milli": 2000, "gross_minor": 1900, "share_bp": 5556 })
    );
    assert_eq!((&items[1]["name"], &items[1]["share_bp"]), (&json!("Cola"), &json!(4444)));
    assert_eq!(
        rows(&house, "categories").await,
        [json!({ "category": "All", "items": 2, "quantity_milli": 6000, "gross_minor": 3420, "share_bp": 10000 })]
    );
}

/// Category and sales of each row.
#[tokio::test]
async fn a_dish_that_was_brought_in_and_is_rung_up_is_one_row() {
    let house = House::open().await;
    house.finished("card").await;
    let sales = "order_id,date,time,name,quantity,price\n1,2026-06-12,18:00:00,Margherita,2,9.00\n";
    let request = house.owner.request(reqwest::Method::POST, "/imports").header("content-type", "text/csv");
    let answer = crate::support::Answer::of(request.body(sales)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let items = rows(&house, "items?from=2026-06-12&to=2026-06-12").await;
    let seen: Vec<_> =
        items.iter().map(|item| (&item["name"], &item["quantity_milli"], &item["gross_minor"])).collect();
    assert_eq!(seen, [(&json!("Margherita"), &json!(3000), &json!(2750)), (&json!("Cola"), &json!(2000), &json!(760))]);
}

async fn by_category(house: &House, days: &str) -> Vec<(String, i64)> {
    let rows = rows(house, &format!("categories?{days}")).await;
    let told = |row: &Value| Some((row["category"].as_str()?.to_owned(), row["gross_minor"].as_i64()?));
    rows.iter().map(|row| told(row).expect("a category and its sales")).collect()
}

async fn move_pizza(house: &House, category: &Value) {
    house.app.pass_ms(60_000);
    let to = json!({ "category_id": category });
    house.owner.patch(&format!("/menu/items/{}", house.pizza), to).await.ok();
    house.app.pass_ms(60_000);
}

#[tokio::test]
async fn a_sale_stays_in_the_category_the_item_was_in_when_it_was_ordered() {
    let house = House::open().await;
    let (first, second) = ("from=2026-06-11&to=2026-06-11", "from=2026-06-12&to=2026-06-12");
    house.app.at("2026-06-11T19:00:00+02:00");
    house.finished("card").await;
    let reports = ["categories", "items"].map(|name| format!("{name}?{first}"));
    let before = [rows(&house, &reports[0]).await, rows(&house, &reports[1]).await];

    house.app.at("2026-06-12T19:00:00+02:00");
    let ordered_before = house.order().await;
    let pizza = house.owner.post("/menu/categories", json!({ "name": "Pizza" })).await.created();
    move_pizza(&house, &pizza["id"]).await;
    house.finished("card").await;
    house.step(&ordered_before, "fire", json!({})).await.ok();
    house.step(&ordered_before, "serve", json!({})).await.ok();
    house.pay(&ordered_before, "card", 1710).await.created();
    let all = |minor| ("All".to_owned(), minor);
    assert_eq!(by_category(&house, second).await, [all(950 + 4 * 380), ("Pizza".to_owned(), 950)]);
    let items = rows(&house, &format!("items?{second}")).await;
    let margherita: Vec<_> = items.iter().filter(|row| row["name"] == "Margherita").collect();
    assert_eq!(margherita.len(), 2, "a row in each: {items:?}");
    for (report, was) in reports.iter().zip(&before) {
        assert_eq!(rows(&house, report).await, *was, "the day before the move is as it was");
    }

    // Back again: one row, and one item of the category.
    move_pizza(&house, &house.category().await).await;
    house.finished("card").await;
    assert_eq!(by_category(&house, second).await, [all(2 * 950 + 6 * 380), ("Pizza".to_owned(), 950)]);
    let together = rows(&house, &format!("categories?{second}")).await;
    assert_eq!(together[0]["items"], json!(2));
    let csv = house.owner.get(&format!("/reports/export?report=items&format=csv&{second}")).await;
    assert_eq!(csv.text.matches("Margherita").count(), 2, "{}", csv.text);
}

#[tokio::test]
async fn a_sale_taken_back_after_its_item_moved_leaves_the_category_it_was_in() {
    let house = House::open().await;
    let order = house.finished("card").await;
    let pizza = house.owner.post("/menu/categories", json!({ "name": "Pizza" })).await.created();
    move_pizza(&house, &pizza["id"]).await;
    let void = format!("payments/{}/void", id(&order["payments"][0]));
    house.step(&order, &void, json!({ "reason": "Wrong table" })).await.ok();
    assert_eq!(rows(&house, "categories").await, [] as [Value; 0]);
    house.pay(&order, "cash", 1710).await.created();
    assert_eq!(by_category(&house, "").await, [("All".to_owned(), 1710)], "ordered before the move, sold before it");
}

#[tokio::test]
async fn a_person_is_told_for_what_they_opened_took_and_voided() {
    let house = House::open().await;
    let order = house.order().await;
    let void = format!("lines/{}/void", id(&order["lines"][1]));
    house.step(&order, &void, json!({ "reason": "Spilt" })).await.ok();
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    let cashier = house.app.staff(&house.owner, "cashier").await;
    let paid = json!({ "tender": "cash", "amount_minor": 950, "tip_minor": 50 });
    cashier.post(&format!("/orders/{}/payments", id(&order)), paid).await.created();
    let staff = rows(&house, "staff").await;
    assert_eq!(staff.len(), 2);
    let figures = |row: &Value| {
        ["orders", "gross_minor", "voids", "voids_minor", "payments", "taken_minor", "tips_minor"]
            .map(|name| row[name].as_i64().expect(name))
    };
    assert_eq!(figures(&staff[0]), [1, 950, 1, 760, 0, 0, 0], "who opened and voided");
    assert_eq!(figures(&staff[1]), [0, 0, 0, 0, 1, 1000, 50], "who took the money");
    let tenders = rows(&house, "tenders").await;
    assert_eq!(
        tenders,
        [json!({ "tender": "cash", "payments": 1, "settled_minor": 950, "rounding_minor": 0, "tips_minor": 50,
                 "refunds": 0, "refunds_minor": 0, "taken_minor": 1000, "share_bp": 10000 })]
    );
    assert_eq!(
        rows(&house, "taxes").await,
        [json!({ "rate_bp": 1000, "base_minor": 864, "tax_minor": 86, "back_base_minor": 0, "back_tax_minor": 0 })]
    );
}

#[tokio::test]
async fn discounts_and_comps_show_on_the_day_and_on_who_opened() {
    let house = House::open().await;
    let order = house.order().await;
    let comp = json!({ "line_ids": [order["lines"][0]["id"]], "reason": "Birthday" });
    house.step(&order, "comp", comp).await.ok();
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    house.pay(&order, "card", 760).await.created();
    let days = rows(&house, "days").await;
    assert_eq!((&days[0]["gross_minor"], &days[0]["comps_minor"]), (&json!(760), &json!(950)));
    assert_eq!(rows(&house, "staff").await[0]["comps_minor"], json!(950));
    let totals = house.owner.get("/today").await.ok()["totals"].clone();
    assert_eq!((&totals["comps_minor"], &totals["discounts_minor"]), (&json!(950), &json!(0)));
}

#[tokio::test]
async fn a_report_is_had_as_a_file() {
    let house = two_fridays().await;
    let file = |query: &str| {
        let (owner, path) = (house.owner.clone(), format!("/reports/export?{query}"));
        async move { owner.get(&path).await }
    };
    let csv = file("report=items&format=csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"items-2026-06-12-2026-06-12.csv\"");
    assert_eq!(csv.text, "item,category,quantity,gross,share\nMargherita,All,2,19.00,55.56\nCola,All,4,15.20,44.44\n");
    for report in ["days", "hours", "week", "items", "categories", "staff", "tenders", "taxes"] {
        let csv = file(&format!("report={report}&format=csv&from=2026-06-05")).await.text;
        assert!(csv.lines().count() > 1, "{report}: {csv}");
        let sheet = file(&format!("report={report}&format=xlsx")).await;
        assert!(sheet.header("content-type").contains("spreadsheetml"), "{report}");
        let pages = file(&format!("report={report}&format=pdf")).await;
        assert_eq!(pages.header("content-type"), "application/pdf", "{report}");
        assert!(pages.text.starts_with("%PDF-"), "{report}");
    }
    file("report=weather&format=csv").await.invalid("report");
    file("report=days&format=docx").await.invalid("format");
    file("format=csv").await.invalid("report");
}

#[tokio::test]
async fn days_are_checked_and_bounded() {
    let house = House::open().await;
    house.owner.get("/reports/days?from=2026-06-13&to=2026-06-12").await.invalid("to");
    house.owner.get("/reports/days?from=2020-01-01").await.invalid("from");
    house.owner.get("/reports/hours?to=12.6.2026").await.invalid("to");
    house.owner.get("/reports/items?limit=5").await.invalid("limit");
    house.owner.get("/reports/export?report=days&format=csv&from=2020-01-01").await.invalid("from");
    assert!(rows(&house, "days?from=2024-01-01").await.is_empty());
    for role in ["cashier", "waiter", "chef"] {
        let person = house.app.staff(&house.owner, role).await;
        person.get("/reports/days").await.refused("forbidden");
        person.get("/reports/export?report=days&format=csv").await.refused("forbidden");
    }
}

/// The roll-ups beside the same sums from the rows: (what, from the roll-ups, from the rows).
const SAME: &[(&str, &str, &str)] = &[
    (
        "staff: orders",
        "SELECT hex(account_id), SUM(orders), SUM(gross_minor) FROM staff_day GROUP BY 1 HAVING SUM(orders) <> 0",
        "SELECT hex(opened_by), COUNT(*), SUM(total_minor) FROM orders
         WHERE closed_ms IS NOT NULL AND cancel_reason IS NULL GROUP BY 1",
    ),
    (
        "staff: money",
        "SELECT hex(account_id), SUM(payments), SUM(taken_minor) FROM staff_day GROUP BY 1 HAVING SUM(payments) <> 0",
        "SELECT hex(taken_by), COUNT(*), SUM(amount_minor + COALESCE(rounding_minor, 0) + COALESCE(tip_minor, 0))
         FROM payment GROUP BY 1",
    ),
    (
        "tenders",
        "SELECT tender, SUM(payments), SUM(settled_minor) FROM tender_day GROUP BY 1",
        "SELECT tender, COUNT(*), SUM(amount_minor) FROM payment GROUP BY 1",
    ),
    (
        "items",
        "SELECT name, SUM(quantity_milli), SUM(gross_minor) FROM item_day GROUP BY 1",
        "SELECT name, SUM(COALESCE(quantity_milli, 1000)),
                SUM(COALESCE(l.total_minor, unit_price_minor * COALESCE(quantity_milli, 1000) / 1000))
         FROM order_line l JOIN orders o ON o.id = l.order_id
         WHERE closed_ms IS NOT NULL AND cancel_reason IS NULL AND voided_ms IS NULL GROUP BY 1",
    ),
    (
        "hours",
        "SELECT hour, SUM(orders), SUM(gross_minor) FROM hour_total GROUP BY 1",
        "SELECT hour, COUNT(*), SUM(total_minor) FROM orders WHERE closed_ms IS NOT NULL AND cancel_reason IS NULL
         GROUP BY 1",
    ),
    (
        "tax",
        "SELECT '', SUM(tax_minor), SUM(base_minor + tax_minor) FROM day_tax",
        "SELECT '', SUM(tax_minor), SUM(total_minor) FROM orders WHERE closed_ms IS NOT NULL AND cancel_reason IS NULL",
    ),
    (
        "discounts",
        "SELECT '', SUM(discounts_minor), SUM(comps_minor) FROM day_total",
        "SELECT '', SUM(COALESCE(discount_minor, 0)), SUM(COALESCE(comp_minor, 0)) FROM orders",
    ),
];

#[tokio::test]
async fn every_roll_up_says_what_the_rows_say_for_rung_up_and_brought_in_sales() {
    let house = House::open().await;
    for at in 0..4 {
        let order = house.order().await;
        if at % 2 == 0 {
            let comp = json!({ "line_ids": [order["lines"][0]["id"]], "reason": "Late" });
            house.step(&order, "comp", comp).await.ok();
        }
        house.step(&order, "fire", json!({})).await.ok();
        house.step(&order, "serve", json!({})).await.ok();
        let due = house.fresh(&order).await["due_minor"].as_i64().unwrap();
        house.pay(&order, ["cash", "card"][at % 2], due).await.created();
    }
    let file = house.owner.get("/export/sales.csv").await.text.replace("A-000", "OLD-");
    let import = house.owner.request(reqwest::Method::POST, "/imports").header("content-type", "text/csv").body(file);
    crate::support::Answer::of(import).await.created();
    let path = house.app.folder.path().join(format!("restaurants/{}.db", house.owner.restaurant_id()));
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    for (what, rolled, rows) in SAME {
        let read = |sql: &str| -> Vec<(rusqlite::types::Value, i64, i64)> {
            let mut statement = conn.prepare(&format!("SELECT * FROM ({sql}) ORDER BY 1")).unwrap();
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            statement.query_map([], row).unwrap().map(Result::unwrap).collect()
        };
        let from_rows = read(rows);
        assert!(!from_rows.is_empty(), "{what}: there is nothing to compare");
        assert_eq!(read(rolled), from_rows, "{what}");
    }
}
