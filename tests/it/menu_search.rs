//! Finding items by a few letters; order, pictures, allergens.

use serde_json::{Value, json};

use crate::support::Person;
use crate::trade::{House, id};

async fn found(person: &Person, q: &str) -> Vec<String> {
    let hits = person.get(&format!("/menu/search?q={q}")).await.ok();
    hits["items"].as_array().unwrap().iter().map(|hit| hit["name"].as_str().unwrap().to_owned()).collect()
}

async fn add(house: &House, name: &str) -> Value {
    let category = house.owner.get("/menu").await.ok()["categories"][0]["id"].clone();
    house
        .owner
        .post("/menu/items", json!({ "category_id": category, "name": name, "price_minor": 500 }))
        .await
        .created()
}

#[tokio::test]
async fn beginnings_of_words_find_an_item_without_accents_and_case() {
    let house = House::open().await;
    add(&house, "Crème brûlée").await;
    add(&house, "Pizza Margherita").await;
    let owner = &house.owner;
    assert_eq!(found(owner, "creme").await, ["Crème brûlée"]);
    assert_eq!(found(owner, "BRU").await, ["Crème brûlée"]);
    assert_eq!(found(owner, "br%C3%BB%20cr").await, ["Crème brûlée"]);
    assert_eq!(found(owner, "marg").await, ["Margherita", "Pizza Margherita"], "names that begin so come first");
    assert_eq!(found(owner, "all").await.len(), 5, "their category is called All");
    assert_eq!(found(owner, "xyz").await, [""; 0]);
    assert_eq!(found(owner, "%22%20OR%20*%20(NEAR%5E").await, [""; 0], "signs are no query language");
    assert_eq!(found(owner, "").await, [""; 0]);
    let one = owner.get("/menu/search?q=m&limit=1").await.ok();
    assert_eq!((one["items"].as_array().unwrap().len(), &one["items"][0]["category"]), (1, &json!("All")));
    owner.get("/menu/search?q=m&limit=0").await.invalid("limit");
    owner.get("/menu/search").await.invalid("q");
}

#[tokio::test]
async fn what_is_found_follows_the_menu() {
    let house = House::open().await;
    let owner = &house.owner;
    let path = format!("/menu/items/{}", house.cola);
    owner.patch(&path, json!({ "name": "Chinotto" })).await.ok();
    assert_eq!((found(owner, "cola").await.len(), found(owner, "chin").await.len()), (0, 1));
    let category = owner.get("/menu").await.ok()["categories"][0]["id"].as_str().unwrap().to_owned();
    owner.patch(&format!("/menu/categories/{category}"), json!({ "name": "Bevande" })).await.ok();
    assert_eq!(found(owner, "bev").await.len(), 3);
    owner.patch(&format!("/menu/items/{}", house.pizza), json!({ "available": false })).await.ok();
    assert_eq!(found(owner, "bev").await.last().unwrap(), "Margherita", "what is sold out comes last");
    owner.delete(&path).await.gone();
    assert_eq!(found(owner, "chin").await.len(), 0);
    owner.delete(&format!("/menu/categories/{category}")).await.gone();
    assert_eq!(found(owner, "bev").await.len(), 0);
}

#[tokio::test]
async fn categories_and_items_stand_as_they_are_arranged() {
    let house = House::open().await;
    let owner = &house.owner;
    let second = owner.post("/menu/categories", json!({ "name": "Wine", "colour": "red" })).await.created();
    assert_eq!(second["colour"], "red");
    let first = owner.get("/menu").await.ok()["categories"][0]["id"].clone();
    let arrange = |body: Value| owner.send(reqwest::Method::PUT, "/menu/positions", Some(body), None);
    arrange(json!({ "category_ids": [second["id"], first], "item_ids": [house.water, house.pizza, house.cola] }))
        .await
        .gone();
    let menu = owner.get("/menu").await.ok();
    assert_eq!(menu["categories"][0]["name"], "Wine");
    let items = menu["categories"][1]["items"].as_array().unwrap();
    let names: Vec<_> = items.iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Water", "Margherita", "Cola"]);
    assert_eq!(arrange(json!({ "item_ids": [uuid::Uuid::now_v7()] })).await.refused("not_found")["field"], "item_ids");
    owner.post("/menu/categories", json!({ "name": "A", "colour": "beige" })).await.invalid("colour");
}

#[tokio::test]
async fn allergens_stand_in_the_order_of_the_law_and_own_words_after() {
    let house = House::open().await;
    let path = format!("/menu/items/{}", house.pizza);
    let words =
        json!({ "allergens": ["milk", "Hot <b>chilli</b>", "gluten", "Milk"], "description": "Tomato, mozzarella" });
    let item = house.owner.patch(&path, words).await.ok();
    assert_eq!(item["allergens"], json!(["gluten", "milk", "Hot chilli"]));
    assert_eq!((&item["description"], &item["stock_tracked"]), (&json!("Tomato, mozzarella"), &json!(false)));
    let item =
        house.owner.patch(&path, json!({ "allergens": [], "description": "", "stock_tracked": true })).await.ok();
    assert_eq!((&item["allergens"], &item["description"]), (&json!([]), &Value::Null));
    assert_eq!(item["stock_tracked"], true);
    house.owner.patch(&path, json!({ "allergens": [""] })).await.invalid("allergens[0]");
}

/// The smallest thing that says it is a PNG of that size.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend([width.to_be_bytes(), height.to_be_bytes()].concat());
    png.extend([8, 6, 0, 0, 0]);
    png
}

#[tokio::test]
async fn a_picture_is_kept_once_and_shown_to_who_has_the_key() {
    let house = House::open().await;
    let upload = async |bytes: Vec<u8>| {
        let request = house.owner.request(reqwest::Method::POST, "/menu/images").body(bytes);
        crate::support::Answer::of(request).await
    };
    let image = upload(png(640, 480)).await.created();
    assert_eq!((&image["kind"], &image["width"], &image["height"]), (&json!("png"), &json!(640), &json!(480)));
    assert_eq!(upload(png(640, 480)).await.created()["hash"], image["hash"]);
    let hash = image["hash"].as_str().unwrap();
    let item = house.owner.patch(&format!("/menu/items/{}", house.pizza), json!({ "image": hash })).await.ok();
    assert_eq!(item["image"], hash);
    let path = format!("/restaurants/{}/menu/images/{hash}", house.owner.restaurant_id());
    let stranger = |query: &str| house.app.http.get(house.app.url(&format!("{path}{query}"))).send();
    assert_eq!(stranger("").await.unwrap().status(), 401);
    assert_eq!(stranger("?key=9999999999999-00").await.unwrap().status(), 401);
    let key = house.owner.get("/menu/now").await.ok()["image_key"].as_str().unwrap().to_owned();
    let seen = stranger(&format!("?key={key}")).await.unwrap();
    assert_eq!(seen.headers()["content-type"], "image/png");
    assert_eq!(seen.headers()["cache-control"], "private, max-age=31536000, immutable");
    assert_eq!(seen.headers()["x-content-type-options"], "nosniff");
    assert_eq!(seen.bytes().await.unwrap(), png(640, 480));
    house.app.pass_ms(2 * 60 * 60 * 1000);
    assert_eq!(stranger(&format!("?key={key}")).await.unwrap().status(), 401, "a key is good for a while");
    let item = house.owner.patch(&format!("/menu/items/{}", house.pizza), json!({ "image": "" })).await.ok();
    assert_eq!(item["image"], Value::Null);
}

#[tokio::test]
async fn what_is_no_picture_or_too_large_is_refused() {
    let house = House::open().await;
    let upload = async |person: &Person, bytes: Vec<u8>| {
        let request = person.request(reqwest::Method::POST, "/menu/images").body(bytes);
        crate::support::Answer::of(request).await
    };
    let owner = &house.owner;
    upload(owner, b"<svg onload=alert(1)>".to_vec()).await.refused("unsupported_media_type");
    upload(owner, Vec::new()).await.refused("unsupported_media_type");
    upload(owner, png(4097, 10)).await.refused("too_large");
    upload(owner, [png(10, 10), vec![0; 2 * 1024 * 1024]].concat()).await.refused("too_large");
    upload(owner, [png(10, 10), vec![0; 4 * 1024 * 1024]].concat()).await.refused("too_large");
    let waiter = house.app.staff(owner, "waiter").await;
    upload(&waiter, png(10, 10)).await.refused("forbidden");
    owner.get(&format!("/menu/images/{}", "0".repeat(64))).await.refused("not_found");
    let path = format!("/menu/items/{}", house.pizza);
    owner.patch(&path, json!({ "image": "../../etc/passwd" })).await.invalid("image");
    assert_eq!(id(&owner.get("/menu").await.ok()["categories"][0]["items"][0]), house.pizza);
}
