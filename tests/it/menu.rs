use serde_json::{Value, json};

use crate::support::TestApp;
use crate::trade::{House, id};

#[tokio::test]
async fn the_menu_holds_categories_and_items_in_their_order() {
    let house = House::open().await;
    let menu = house.owner.get("/menu").await.ok();
    let items = menu["categories"][0]["items"].as_array().unwrap();
    let names: Vec<_> = items.iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Margherita", "Cola", "Water"]);
    assert_eq!(items[0]["tax_rate_bp"], 1000, "the restaurant's default");
    assert_eq!((items[0]["station"].as_str(), items[1]["station"].as_str()), (Some("kitchen"), Some("bar")));
    assert!(items.iter().all(|item| item["available"] == true));
}

#[tokio::test]
async fn an_item_changes_and_a_check_keeps_what_it_sold() {
    let house = House::open().await;
    let order = house.order().await;
    let path = format!("/menu/items/{}", house.pizza);
    let changed = house.owner.patch(&path, json!({ "name": "Margherita DOP", "price_minor": 1100 })).await.ok();
    assert_eq!((changed["name"].as_str(), changed["price_minor"].as_i64()), (Some("Margherita DOP"), Some(1100)));
    assert_eq!(changed["station"], "kitchen", "what is not named stays");
    let order = house.fresh(&order).await;
    assert_eq!((&order["lines"][0]["name"], &order["total_minor"]), (&json!("Margherita"), &json!(1710)));
}

#[tokio::test]
async fn what_is_sold_out_stays_on_the_menu_and_is_not_sold() {
    let house = House::open().await;
    let chef = house.app.staff(&house.owner, "chef").await;
    let path = format!("/menu/items/{}", house.pizza);
    assert_eq!(chef.patch(&path, json!({ "available": false })).await.ok()["available"], false);
    let new = json!({ "service": "takeaway", "lines": [{ "item_id": house.cola }, { "item_id": house.pizza }] });
    let error = house.owner.post("/orders", new.clone()).await.refused("rule_violated");
    assert_eq!((&error["field"], &error["message"]), (&json!("lines[1].item_id"), &json!("Margherita is sold out.")));
    chef.patch(&path, json!({ "available": true })).await.ok();
    house.owner.post("/orders", new).await.created();
}

#[tokio::test]
async fn a_chef_marks_items_sold_out_and_changes_nothing_else() {
    let house = House::open().await;
    let chef = house.app.staff(&house.owner, "chef").await;
    let path = format!("/menu/items/{}", house.pizza);
    chef.patch(&path, json!({ "available": false, "price_minor": 1 })).await.refused("forbidden");
    chef.patch(&path, json!({ "price_minor": 1 })).await.refused("forbidden");
    chef.post("/menu/categories", json!({ "name": "Mine" })).await.refused("forbidden");
    chef.delete(&path).await.refused("forbidden");
}

#[tokio::test]
async fn a_category_goes_with_its_items() {
    let house = House::open().await;
    let menu = house.owner.get("/menu").await.ok();
    let path = format!("/menu/categories/{}", id(&menu["categories"][0]));
    house.owner.patch(&path, json!({ "name": "Everything", "position": 7 })).await.ok();
    house.owner.delete(&path).await.gone();
    assert_eq!(house.owner.get("/menu").await.ok()["categories"], json!([]));
    house.owner.delete(&path).await.refused("not_found");
    let new = json!({ "service": "takeaway", "lines": [{ "item_id": house.pizza }] });
    house.owner.post("/orders", new).await.invalid("lines[0].item_id");
}

#[tokio::test]
async fn an_item_is_taken_off_the_menu() {
    let house = House::open().await;
    let path = format!("/menu/items/{}", house.cola);
    house.owner.delete(&path).await.gone();
    house.owner.patch(&path, json!({ "price_minor": 1 })).await.refused("not_found");
    assert_eq!(house.owner.get("/menu").await.ok()["categories"][0]["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn bad_input_is_named_by_its_field() {
    let house = House::open().await;
    let owner = &house.owner;
    let category = id(&owner.get("/menu").await.ok()["categories"][0]);
    owner.post("/menu/categories", json!({})).await.invalid("name");
    owner.post("/menu/categories", json!({ "name": "  <b> </b> " })).await.invalid("name");
    owner.post("/menu/categories", json!({ "name": "x".repeat(121) })).await.invalid("name");
    owner.post("/menu/categories", json!({ "name": "A", "hue": "red" })).await.invalid("hue");
    let item = |change: serde_json::Value| {
        let mut item = json!({ "category_id": category, "name": "A", "price_minor": 100 });
        item.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        item
    };
    owner.post("/menu/items", item(json!({ "price_minor": -1 }))).await.invalid("price_minor");
    owner.post("/menu/items", item(json!({ "price_minor": 1.5 }))).await.invalid("price_minor");
    owner.post("/menu/items", item(json!({ "tax_rate_bp": 10_001 }))).await.invalid("tax_rate_bp");
    owner.post("/menu/items", item(json!({ "station": "garden" }))).await.invalid("station");
    owner.post("/menu/items", item(json!({ "category_id": "nope" }))).await.invalid("category_id");
    let gone = item(json!({ "category_id": uuid::Uuid::now_v7() }));
    assert_eq!(owner.post("/menu/items", gone).await.refused("not_found")["field"], "category_id");
    owner.patch("/menu/items/nope", json!({})).await.invalid("item_id");
}

#[tokio::test]
async fn a_change_that_is_repeated_is_answered_though_its_thing_has_left_the_menu_since() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let send = async |method: &str, key: u8, path: String, body: Value| {
        let key = format!("0197a000-0000-7000-8000-0000000000{key:02x}");
        owner.send(method.parse().unwrap(), &path, Some(body), Some(&key)).await
    };
    let id = |made: Value| made["id"].as_str().unwrap().to_owned();
    let category = id(send("POST", 1, "/menu/categories".into(), json!({ "name": "Pizze" })).await.created());
    let new = json!({ "category_id": category, "name": "Margherita", "price_minor": 950,
                      "variants": [{ "name": "Small", "price_minor": 700 }] });
    let item = send("POST", 2, "/menu/items".into(), new.clone()).await.created();
    let variant = item["variants"][0]["id"].as_str().unwrap().to_owned();
    let item = id(item);
    let group = json!({ "name": "Extras", "modifiers": [{ "name": "Olives" }] });
    let made = send("POST", 3, "/menu/modifier-groups".into(), group.clone()).await.created();
    let modifier = made["modifiers"][0]["id"].as_str().unwrap().to_owned();
    let group_id = id(made);
    let changes = [
        ("POST", 1, "/menu/categories".to_owned(), json!({ "name": "Pizze" })),
        ("POST", 2, "/menu/items".to_owned(), new),
        ("POST", 3, "/menu/modifier-groups".to_owned(), group),
        ("PATCH", 4, format!("/menu/items/{item}"), json!({ "price_minor": 990 })),
        ("PATCH", 5, format!("/menu/categories/{category}"), json!({ "name": "Pizza" })),
        ("PATCH", 6, format!("/menu/modifier-groups/{group_id}"), json!({ "name": "More" })),
        ("PATCH", 7, format!("/menu/items/{item}/variants/{variant}"), json!({ "available": false })),
        ("PATCH", 8, format!("/menu/modifier-groups/{group_id}/modifiers/{modifier}"), json!({ "available": false })),
    ];
    for (method, key, path, body) in &changes {
        let answer = send(method, *key, path.clone(), body.clone()).await;
        assert!(answer.status.is_success(), "{method} {path}: {}", answer.text);
    }
    for path in [
        format!("/menu/items/{item}"),
        format!("/menu/modifier-groups/{group_id}"),
        format!("/menu/categories/{category}"),
    ] {
        assert_eq!(owner.delete(&path).await.status, 204, "{path}");
    }
    for (method, key, path, body) in &changes {
        let again = send(method, *key, path.clone(), body.clone()).await;
        assert!(again.status.is_success() && again.replayed(), "{method} {path}: {} {}", again.status, again.text);
    }
    // A new change of what is archived is still refused.
    send("PATCH", 9, format!("/menu/items/{item}"), json!({ "price_minor": 1 })).await.refused("not_found");
}

#[tokio::test]
async fn a_category_has_each_name_once_and_another_category_may_have_it_too() {
    let house = crate::trade::House::open().await;
    let owner = &house.owner;
    let category = house.category().await;
    let item = |category: &Value, name: &str| json!({ "category_id": category, "name": name, "price_minor": 100 });
    let no = owner.post("/menu/items", item(&category, "margherita")).await.refused("rule_violated");
    assert_eq!(no["field"], "name");
    let other = owner.post("/menu/categories", json!({ "name": "To go" })).await.created();
    let second = id(&owner.post("/menu/items", item(&other["id"], "Margherita")).await.created());
    let path = format!("/menu/items/{second}");
    owner.patch(&path, json!({ "category_id": category })).await.refused("rule_violated");
    owner.patch(&path, json!({ "name": "MARGHERITA", "price_minor": 200 })).await.ok();
    owner.delete(&format!("/menu/items/{}", house.pizza)).await.gone();
    owner.patch(&path, json!({ "category_id": category })).await.ok();
}
