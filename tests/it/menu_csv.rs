//! The menu as a file: out, in again, and what cannot be read.

use serde_json::{Value, json};

use crate::support::{Answer, Person};
use crate::trade::{House, id};

async fn send(person: &Person, path: &str, file: &str) -> Answer {
    let request = person.request(reqwest::Method::POST, path).header("content-type", "text/csv").body(file.to_owned());
    Answer::of(request).await
}

async fn export(person: &Person) -> String {
    let answer = person.get("/export/menu.csv").await;
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"menu.csv\"");
    answer.text
}

/// A menu with everything a file can hold.
async fn full() -> House {
    let house = House::open().await;
    let owner = &house.owner;
    let sauces = json!({ "name": "Sauces", "min": 1, "modifiers": [{ "name": "=Pesto", "price_minor": 80 }] });
    let sauces = owner.post("/menu/modifier-groups", sauces).await.created();
    let extras = json!({ "name": "Extras", "max": 3, "modifiers": [
        { "name": "No basil", "price_minor": -50 }, { "name": "Dips", "opens_group_id": sauces["id"], "available": false }] });
    let extras = owner.post("/menu/modifier-groups", extras).await.created();
    let pizza = json!({
        "variants": [{ "name": "small", "price_minor": 800 }, { "name": "large", "price_minor": 1200, "available": false }],
        "group_ids": [extras["id"]], "allergens": ["gluten", "Hot chilli"], "description": "Tomato, \"mozzarella\"; basil",
        "stock_tracked": true });
    owner.patch(&format!("/menu/items/{}", house.pizza), pizza).await.ok();
    owner.patch(&format!("/menu/items/{}", house.cola), json!({ "available": false, "tax_rate_bp": 2200 })).await.ok();
    owner.post("/menu/categories", json!({ "name": "Empty, but red", "colour": "red" })).await.created();
    house
}

/// The menu without what differs from one restaurant to another.
fn without_ids(menu: &Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|name, _| name != "id" && !name.ends_with("_id"));
                fields.remove("group_ids");
                fields.values_mut().for_each(strip);
            }
            Value::Array(values) => values.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut menu = menu.clone();
    strip(&mut menu);
    menu
}

#[tokio::test]
async fn what_goes_out_comes_in_as_the_same_menu() {
    let house = full().await;
    let file = export(&house.owner).await;
    let other = crate::support::TestApp::start().await;
    let owner = other.set_up().await;
    let preview = send(&owner, "/imports/menu/preview", &file).await.ok();
    assert_eq!((&preview["dirty_count"], &preview["items"]["new"]), (&json!(0), &json!(3)), "{preview}");
    assert_eq!(owner.get("/menu").await.ok()["categories"], json!([]), "a preview changes nothing");
    let done = send(&owner, "/imports/menu", &file).await.created();
    assert_eq!(done, json!({ "categories": 2, "groups": 2, "items": 3 }));
    let (was, is) = (house.owner.get("/menu").await.ok(), owner.get("/menu").await.ok());
    assert_eq!(without_ids(&is), without_ids(&was));
    let pizza = &is["categories"][0]["items"][0];
    assert_eq!(pizza["group_ids"][0], is["modifier_groups"][1]["id"]);
    assert_eq!(is["modifier_groups"][1]["modifiers"][1]["opens_group_id"], is["modifier_groups"][0]["id"]);
    assert_eq!(export(&owner).await, file);
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_a_changed_one_only_that() {
    let house = full().await;
    let owner = &house.owner;
    let file = export(owner).await;
    assert_eq!(
        send(owner, "/imports/menu", &file).await.created(),
        json!({ "categories": 0, "groups": 0, "items": 0 })
    );
    let before = owner.get("/menu").await.ok();
    let preview =
        send(owner, "/imports/menu/preview", "category,name,price\nAll,Water,3.50\nAll,Grappa,4\n").await.ok();
    assert_eq!((&preview["items"], &preview["same"]), (&json!({ "new": 1, "changed": 1 }), &json!(0)));
    assert_eq!(preview["changes"][0], json!({ "name": "Water", "price_minor": 350, "price_minor_before": 300 }));
    send(owner, "/imports/menu", "category,name,price\nAll,Water,3.50\nAll,Grappa,4\n").await.created();
    let after = owner.get("/menu").await.ok();
    let items = after["categories"][0]["items"].as_array().unwrap();
    assert_eq!(items[0], before["categories"][0]["items"][0], "what the file does not name stays");
    assert_eq!(
        (&items[2]["price_minor"], &items[2]["station"], &items[2]["id"]),
        (&json!(350), &json!("none"), &json!(house.water))
    );
    assert_eq!((&items[3]["name"], &items[3]["tax_rate_bp"]), (&json!("Grappa"), &json!(1000)));
}

#[tokio::test]
async fn sizes_and_choices_the_file_names_are_all_there_are() {
    let house = full().await;
    let owner = &house.owner;
    let before = owner.get("/menu").await.ok();
    let file = "kind,category,item,group,name,price\nsize,All,Margherita,,small,8.20\nchoice,,,Sauces,Garlic,\n";
    send(owner, "/imports/menu", file).await.created();
    let after = owner.get("/menu").await.ok();
    let (old, new) =
        (&before["categories"][0]["items"][0]["variants"], &after["categories"][0]["items"][0]["variants"]);
    assert_eq!(new.as_array().unwrap().len(), 1);
    assert_eq!((&new[0]["id"], &new[0]["price_minor"]), (&old[0]["id"], &json!(820)), "known again by its name");
    assert_eq!(after["modifier_groups"][0]["modifiers"][0]["name"], "Garlic");
}

#[tokio::test]
async fn dirty_rows_are_listed_with_line_and_reason_and_nothing_comes_in() {
    let house = House::open().await;
    let owner = &house.owner;
    let file = "kind,category,item,group,name,price,available,allergens\n\
        item,Wine,,,Chianti,18.00,yes,sulphites\n\
        item,Wine,,,Barolo,dear,yes,\n\
        item,,,,Nameless,1,yes,\n\
        item,Wine,,,Chianti,19.00,yes,\n\
        size,Wine,Merlot,,glass,5,yes,\n\
        choice,,,Cheese,Brie,1,yes,\n\
        item,Wine,,,Grappa,4,perhaps,\n\
        dish,Wine,,,Soup,4,yes,\n\
        item,Wine,,,Short\n";
    let preview = send(owner, "/imports/menu/preview", file).await.ok();
    let dirty = preview["dirty"].as_array().unwrap();
    let of = |dirty: &Value| (dirty["line"].as_i64().unwrap(), dirty["kind"].as_str().unwrap().to_owned());
    let mut kinds: Vec<_> = dirty.iter().map(of).collect();
    kinds.sort();
    let expect = [
        (3, "bad_price"),
        (4, "missing_name"),
        (5, "twice"),
        (6, "unknown_name"),
        (7, "unknown_name"),
        (8, "bad_value"),
        (9, "bad_value"),
        (10, "wrong_column_count"),
    ];
    assert_eq!(kinds, expect.map(|(line, kind)| (line, kind.to_owned())));
    assert!(dirty.iter().all(|row| row["reason"].as_str().unwrap().len() > 5));
    let error = send(owner, "/imports/menu", file).await.refused("rule_violated");
    assert_eq!(error["details"]["dirty_count"], 8);
    assert_eq!(owner.get("/menu").await.ok()["categories"].as_array().unwrap().len(), 1);
    let done = send(owner, "/imports/menu?skip_dirty=true", file).await.created();
    assert_eq!(done, json!({ "categories": 1, "groups": 0, "items": 1 }));
    let wine = &owner.get("/menu").await.ok()["categories"][1]["items"][0];
    assert_eq!((&wine["price_minor"], &wine["allergens"]), (&json!(1800), &json!(["sulphites"])));
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_and_so_is_who_may_not() {
    let house = House::open().await;
    let owner = &house.owner;
    send(owner, "/imports/menu", "").await.invalid("name");
    send(owner, "/imports/menu/preview", "dish;cost\nSoup;1\n").await.invalid("name");
    let request =
        owner.request(reqwest::Method::POST, "/imports/menu").header("content-type", "text/csv").body(vec![0xff, 0xfe]);
    Answer::of(request).await.refused("invalid_input");
    owner.post("/imports/menu", json!({})).await.refused("unsupported_media_type");
    let loop_ = "kind,group,name,opens\ngroup,,A,\ngroup,,B,\nchoice,A,x,B\nchoice,B,y,A\n";
    send(owner, "/imports/menu", loop_).await.refused("rule_violated");
    let waiter = house.app.staff(owner, "waiter").await;
    send(&waiter, "/imports/menu", "name\n").await.refused("forbidden");
    waiter.get("/export/menu.csv").await.refused("forbidden");
    assert_eq!(id(&owner.get("/menu").await.ok()["categories"][0]["items"][0]), house.pizza);
}

/// Measured by hand, on the machine that stands in the README: 100,000 items come in by file and are looked for.
#[tokio::test]
#[ignore = "takes minutes; measured by hand"]
async fn a_hundred_thousand_items_are_found_quickly() {
    let house = House::open().await;
    let first = ["Grilled", "Fried", "Braised", "Raw", "Smoked", "Spicy", "Sweet", "House", "Golden", "Crispy"];
    let second = ["Tuna", "Beef", "Lamb", "Aubergine", "Prawn", "Chicken", "Tofu", "Crème", "Pasta", "Cod"];
    let began = std::time::Instant::now();
    for part in 0..25 {
        let row = |n: usize| format!("C{},{} {} no {n},5\n", n % 200, first[n % 10], second[n / 10 % 10]);
        let rows: String = (part * 4_000..(part + 1) * 4_000 - 1).map(row).collect();
        send(&house.owner, "/imports/menu", &format!("category,name,price\n{rows}")).await.created();
    }
    println!("brought in in {:?}", began.elapsed());
    let mut took = Vec::new();
    for n in 0..500 {
        let q = ["g", "gr", "gri", "t", "tuna", "crem", "c", "no", "grilled tu", "cod 7", "c1", "999"][n % 12];
        let began = std::time::Instant::now();
        let hits = house.owner.get(&format!("/menu/search?q={q}")).await.ok();
        took.push((began.elapsed(), q));
        assert!(!hits["items"].as_array().unwrap().is_empty(), "{q}");
    }
    took.sort();
    println!("p50 {:?}, p99 {:?}, most {:?}", took[250], took[495], took[499]);
}
