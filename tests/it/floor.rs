//! The floor: arranging it, what each table is doing, who serves it, who calls.

use serde_json::{Value, json};

use crate::support::{Person, TestApp};
use crate::trade::{House, id};

fn spot(x: i64, y: i64) -> Value {
    json!({ "x_cm": x, "y_cm": y, "width_cm": 80, "height_cm": 80 })
}

fn laid(name: &str, x: i64) -> Value {
    json!({ "name": name, "shape": "square", "seats": 4, "spot": spot(x, 100) })
}

/// A hall of 8 x 6 metres with the tables 4, 5 and a bar.
async fn lay_out(owner: &Person) -> Value {
    let bar = json!({ "name": "Bar", "shape": "bar", "seats": 6,
                      "spot": { "x_cm": 100, "y_cm": 400, "width_cm": 300, "height_cm": 60 } });
    let hall = json!({ "name": "Hall", "width_cm": 800, "height_cm": 600,
                       "tables": [laid("4", 100), laid("5", 300), bar] });
    owner.post("/floor", json!({ "areas": [hall] })).await.created()
}

async fn table(person: &Person, name: &str) -> Value {
    let floor = person.get("/floor").await.ok();
    let tables = floor["tables"].as_array().unwrap();
    tables.iter().find(|table| table["name"] == name).unwrap_or_else(|| panic!("no table {name}: {floor}")).clone()
}

async fn state(house: &House) -> String {
    table(&house.owner, "4").await["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_table_is_what_its_order_is() {
    let house = House::open().await;
    lay_out(&house.owner).await;
    assert_eq!(state(&house).await, "free");
    let order = house.order().await;
    assert_eq!(state(&house).await, "seated");
    house.step(&order, "fire", json!({})).await.ok();
    assert_eq!(state(&house).await, "ordered");
    let shown = &table(&house.owner, "4").await["orders"][0];
    assert_eq!((&shown["number"], &shown["covers"], &shown["due_minor"]), (&order["number"], &json!(2), &json!(1710)));
    assert_eq!((&shown["lines_fired"], &shown["lines_ready"]), (&json!(2), &json!(0)));
    house.step(&order, "serve", json!({})).await.ok();
    assert_eq!(state(&house).await, "served");
    house.pay(&order, "cash", 700).await.created();
    assert_eq!(state(&house).await, "paying");
    assert_eq!(table(&house.owner, "4").await["orders"][0]["due_minor"], 1010);
    house.pay(&order, "card", 1010).await.created();
    assert_eq!(state(&house).await, "free");
}

#[tokio::test]
async fn an_order_is_at_the_table_it_names_and_elsewhere_otherwise() {
    let house = House::open().await;
    // Before there is a floor, and in other capitals.
    let open = async |table: Value| {
        let new = json!({ "service": "dine_in", "table": table, "lines": [{ "item_id": house.pizza }] });
        house.owner.post("/orders", new).await.created()
    };
    let (early, late) = (open(json!("bAR")).await, open(json!("Bar")).await);
    let away = open(json!("Garden")).await;
    let nowhere = open(json!(null)).await;
    let takeaway = json!({ "service": "takeaway", "table": "4", "lines": [{ "item_id": house.pizza }] });
    house.owner.post("/orders", takeaway).await.created();
    let floor = lay_out(&house.owner).await;
    let numbers = |orders: &Value| -> Vec<String> {
        orders.as_array().unwrap().iter().map(|order| order["number"].as_str().unwrap().to_owned()).collect()
    };
    let bar = floor["tables"].as_array().unwrap().iter().find(|table| table["name"] == "Bar").unwrap();
    assert_eq!(numbers(&bar["orders"]), [early["number"].as_str().unwrap(), late["number"].as_str().unwrap()]);
    assert_eq!(numbers(&floor["elsewhere"]), [away["number"].as_str().unwrap(), nowhere["number"].as_str().unwrap()]);
    assert_eq!(state(&house).await, "free", "a bag to take away sits nowhere");
}

#[tokio::test]
async fn a_floor_is_arranged_and_bad_wishes_are_refused_by_field() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let floor = lay_out(&owner).await;
    let (hall, four) = (id(&floor["areas"][0]), id(&floor["tables"][0]));
    owner
        .post("/floor", json!({ "areas": [{ "name": "X", "width_cm": 300, "height_cm": 300, "tables": [] }] }))
        .await
        .refused("rule_violated");
    let new = |change: Value| {
        let mut table = json!({ "area_id": hall, "name": "6", "shape": "round", "seats": 2, "spot": spot(500, 100) });
        table.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        table
    };
    let six = owner.post("/floor/tables", new(json!({}))).await.created();
    assert_eq!(
        (&six["shape"], &six["state"], &six["spot"]["rotation_deg"]),
        (&json!("round"), &json!("free"), &json!(0))
    );
    let named = owner.post("/floor/tables", new(json!({ "name": " bar " }))).await.refused("conflict");
    assert_eq!(named["field"], "name", "of no other table, whatever the capitals");
    owner.post("/floor/tables", new(json!({ "name": "<b></b>" }))).await.invalid("name");
    owner.post("/floor/tables", new(json!({ "name": "7", "seats": 0 }))).await.invalid("seats");
    owner.post("/floor/tables", new(json!({ "name": "7", "shape": "star" }))).await.invalid("shape");
    owner
        .post(
            "/floor/tables",
            new(json!({ "name": "7", "spot": { "x_cm": -1, "y_cm": 0, "width_cm": 80, "height_cm": 80 } })),
        )
        .await
        .invalid("spot.x_cm");
    let outside = owner.post("/floor/tables", new(json!({ "name": "7", "spot": spot(100, 560) }))).await;
    assert_eq!(outside.refused("rule_violated")["field"], "spot.y_cm");
    let lost = owner.post("/floor/tables", new(json!({ "name": "7", "area_id": uuid::Uuid::now_v7() }))).await;
    assert_eq!(lost.refused("not_found")["field"], "area_id");

    let moved = json!({ "tables": [{ "table_id": four, "spot": { "x_cm": 20, "y_cm": 40, "width_cm": 120, "height_cm": 80, "rotation_deg": 45 } }] });
    owner.post("/floor/arrange", moved).await.ok();
    let shown = table(&owner, "4").await;
    assert_eq!((&shown["spot"]["x_cm"], &shown["spot"]["rotation_deg"]), (&json!(20), &json!(45)));
    let both =
        json!({ "tables": [{ "table_id": id(&six), "spot": spot(0, 0) }, { "table_id": four, "spot": spot(790, 0) }] });
    assert_eq!(owner.post("/floor/arrange", both).await.refused("rule_violated")["field"], "tables[1].spot.x_cm");
    assert_eq!(table(&owner, "6").await["spot"]["x_cm"], 500, "all of them or none");

    let area = format!("/floor/areas/{hall}");
    let narrow = owner.put(&area, json!({ "name": "Hall", "width_cm": 400, "height_cm": 600 })).await;
    assert_eq!(narrow.refused("rule_violated")["field"], "width_cm");
    let wide = owner.put(&area, json!({ "name": "Sala", "width_cm": 900, "height_cm": 600 })).await.ok();
    assert_eq!((&wide["name"], &wide["width_cm"]), (&json!("Sala"), &json!(900)));
    let again = owner.post("/floor/areas", json!({ "name": "SALA", "width_cm": 400, "height_cm": 400 })).await;
    assert_eq!(again.refused("conflict")["field"], "name");
    owner.delete(&area).await.refused("rule_violated");
    let terrace = owner.post("/floor/areas", json!({ "name": "Terrace", "width_cm": 400, "height_cm": 400 })).await;
    owner.delete(&format!("/floor/areas/{}", id(&terrace.created()))).await.gone();
    assert_eq!(owner.get("/floor").await.ok()["areas"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_table_with_a_party_is_neither_named_anew_nor_removed() {
    let house = House::open().await;
    let owner = &house.owner;
    let floor = lay_out(owner).await;
    let four = format!("/floor/tables/{}", id(&floor["tables"][0]));
    let order = house.order().await;
    let as_it_is = |name: &str| json!({ "area_id": floor["areas"][0]["id"], "name": name, "shape": "round", "seats": 6, "spot": spot(100, 100) });
    assert_eq!(owner.put(&four, as_it_is("40")).await.refused("rule_violated")["field"], "name");
    owner.delete(&four).await.refused("rule_violated");
    let changed = owner.put(&four, as_it_is("4")).await.ok();
    assert_eq!((&changed["seats"], &changed["state"]), (&json!(6), &json!("seated")));
    house.step(&order, "cancel", json!({ "reason": "Left" })).await.ok();
    owner.put(&four, as_it_is("40")).await.ok();
    owner.delete(&four).await.gone();
    owner.delete(&four).await.refused("not_found");
    owner.post("/floor/tables", as_it_is("40")).await.created();
}

#[tokio::test]
async fn a_party_moves_to_a_free_table_and_beside_others_only_at_a_bar() {
    let house = House::open().await;
    lay_out(&house.owner).await;
    let (one, other) = (house.order().await, house.order().await);
    house.step(&one, "transfer", json!({ "table": "5" })).await.ok();
    let taken = house.step(&other, "transfer", json!({ "table": "5" })).await.refused("conflict");
    assert_eq!((&taken["field"], &taken["details"]["order_id"]), (&json!("table"), &one["id"]));
    assert_eq!(house.fresh(&other).await["table"], "4");
    house.step(&one, "transfer", json!({ "table": "bar" })).await.ok();
    house.step(&other, "transfer", json!({ "table": "Bar" })).await.ok();
    assert_eq!(table(&house.owner, "Bar").await["orders"].as_array().unwrap().len(), 2);
    house.step(&other, "transfer", json!({ "table": "Garden" })).await.ok();
    house.step(&one, "transfer", json!({ "table": "Garden" })).await.ok();
    house.step(&one, "transfer", json!({ "table": "garden" })).await.ok();
}

#[tokio::test]
async fn tables_are_taken_given_in_sections_and_released() {
    let house = House::open().await;
    let owner = &house.owner;
    let floor = lay_out(owner).await;
    let ids: Vec<String> = floor["tables"].as_array().unwrap().iter().map(id).collect();
    let waiter = house.app.staff(owner, "waiter").await;
    let me = waiter.get("/clock").await.ok()["week"]["staff_id"].clone();
    let whose = |floor: &Value| -> Vec<Value> {
        floor["tables"].as_array().unwrap().iter().map(|table| table["waiter"]["name"].clone()).collect()
    };
    let taken = waiter.post("/floor/take", json!({ "table_ids": [ids[0]] })).await.ok();
    assert_eq!(whose(&taken), [json!("A waiter"), json!(null), json!(null)]);
    assert_eq!(taken["tables"][0]["waiter"]["staff_id"], me);
    waiter.post("/floor/assign", json!({ "table_ids": ids, "staff_id": me })).await.refused("forbidden");
    let given = owner.post("/floor/assign", json!({ "table_ids": ids, "staff_id": me })).await.ok();
    assert_eq!(whose(&given), [json!("A waiter"), json!("A waiter"), json!("A waiter")]);
    let freed = waiter.post("/floor/release", json!({ "table_ids": ids[1..] })).await.ok();
    assert_eq!(whose(&freed), [json!("A waiter"), json!(null), json!(null)]);
    let nobody = json!({ "table_ids": [ids[0]], "staff_id": uuid::Uuid::now_v7() });
    assert_eq!(owner.post("/floor/assign", nobody).await.refused("not_found")["field"], "staff_id");
    let lost = json!({ "table_ids": [ids[1], uuid::Uuid::now_v7()] });
    assert_eq!(waiter.post("/floor/take", lost).await.refused("not_found")["field"], "table_ids[1]");
    assert_eq!(table(owner, "5").await["waiter"], json!(null), "all of them or none");
    waiter.post("/floor/take", json!({ "table_ids": [] })).await.invalid("table_ids");
    // Who leaves the staff serves nothing.
    owner.patch(&format!("/staff/{}", me.as_str().unwrap()), json!({ "active": false })).await.ok();
    assert_eq!(table(owner, "4").await["waiter"], json!(null));
}

#[tokio::test]
async fn a_call_is_shown_until_somebody_answers() {
    let house = House::open().await;
    let owner = &house.owner;
    let four = id(&lay_out(owner).await["tables"][0]);
    let waiter = house.app.staff(owner, "waiter").await;
    let (call, answer) = (format!("/floor/tables/{four}/call"), format!("/floor/tables/{four}/answer"));
    waiter.post(&answer, json!({})).await.refused("illegal_step");
    let called = owner.post(&call, json!({})).await.ok();
    assert_eq!((&called["call"]["wants"], &called["call"]["answered_at_ms"]), (&json!("waiter"), &json!(null)));
    assert_eq!(called["call"]["called_by_name"], "Lucia Rossi");
    let again = waiter.post(&call, json!({})).await.refused("illegal_step");
    assert_eq!(crate::trade::allowed(&again), ["answer"]);
    house.app.pass_ms(90_000);
    assert_eq!(waiter.get("/floor").await.ok()["tables"][0]["call"], called["call"], "it waits");
    let answered = waiter.post(&answer, json!({})).await.ok();
    assert_eq!(answered["call"]["answered_by_name"], "A waiter");
    let waited =
        answered["call"]["answered_at_ms"].as_i64().unwrap() - called["call"]["called_at_ms"].as_i64().unwrap();
    assert_eq!(waited, 90_000);
    owner.post(&answer, json!({})).await.refused("illegal_step");
    owner.post(&call, json!({ "wants": "champagne" })).await.invalid("wants");
    owner.post(&format!("/floor/tables/{}/call", uuid::Uuid::now_v7()), json!({})).await.refused("not_found");
}

#[tokio::test]
async fn a_bill_that_was_asked_for_counts_until_more_is_ordered() {
    let house = House::open().await;
    let four = id(&lay_out(&house.owner).await["tables"][0]);
    let order = house.order().await;
    house.app.pass_ms(60_000);
    let call = format!("/floor/tables/{four}/call");
    house.owner.post(&call, json!({})).await.ok();
    house.owner.post(&call, json!({ "wants": "bill" })).await.ok();
    house.owner.post(&call, json!({ "wants": "bill" })).await.refused("illegal_step");
    assert_eq!(state(&house).await, "paying");
    house.owner.post(&format!("/floor/tables/{four}/answer"), json!({})).await.ok();
    assert_eq!(state(&house).await, "paying", "the bill is on the table");
    house.app.pass_ms(60_000);
    house.step(&order, "lines", json!({ "lines": [{ "item_id": house.cola }] })).await.created();
    assert_eq!(state(&house).await, "seated");
}

#[tokio::test]
async fn a_manager_arranges_a_waiter_serves_and_a_chef_stays_in_the_kitchen() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let floor = lay_out(&owner).await;
    let four = id(&floor["tables"][0]);
    for role in ["waiter", "cashier"] {
        let person = app.staff(&owner, role).await;
        person.get("/floor").await.ok();
        person.post(&format!("/floor/tables/{four}/call"), json!({})).await.ok();
        person.post(&format!("/floor/tables/{four}/answer"), json!({})).await.ok();
        person
            .post("/floor/arrange", json!({ "tables": [{ "table_id": four, "spot": spot(0, 0) }] }))
            .await
            .refused("forbidden");
        person.delete(&format!("/floor/tables/{four}")).await.refused("forbidden");
        person
            .post("/floor/areas", json!({ "name": "X", "width_cm": 300, "height_cm": 300 }))
            .await
            .refused("forbidden");
    }
    let manager = app.staff(&owner, "manager").await;
    manager.post("/floor/arrange", json!({ "tables": [{ "table_id": four, "spot": spot(0, 0) }] })).await.ok();
    let chef = app.staff(&owner, "chef").await;
    chef.get("/floor").await.refused("forbidden");
    chef.post(&format!("/floor/tables/{four}/call"), json!({})).await.refused("forbidden");
    let elsewhere = owner.at(&uuid::Uuid::now_v7().to_string());
    elsewhere.get("/floor").await.refused("not_found");
}

#[tokio::test]
async fn the_same_press_calls_once() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let four = id(&lay_out(&owner).await["tables"][0]);
    let (key, call) = (uuid::Uuid::now_v7().to_string(), format!("/floor/tables/{four}/call"));
    owner.post_keyed(&key, &call, json!({})).await.ok();
    owner.post(&format!("/floor/tables/{four}/answer"), json!({})).await.ok();
    let again = owner.post_keyed(&key, &call, json!({})).await;
    assert!(again.replayed());
    assert!(table(&owner, "4").await["call"]["answered_at_ms"].is_i64(), "nobody called anew");
}
