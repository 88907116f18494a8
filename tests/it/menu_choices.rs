//! Sizes and modifiers: what a line may be, and what it comes to.

use serde_json::{Value, json};

use crate::support::Person;
use crate::trade::{House, id};

/// A pizza in two sizes with a crust to choose and extras, one of which asks on.
struct Pizzeria {
    house: House,
    small: String,
    large: String,
    crust: Value,
    extras: Value,
    sauces: Value,
}

async fn group(owner: &Person, group: Value) -> Value {
    owner.post("/menu/modifier-groups", group).await.created()
}

impl Pizzeria {
    async fn open() -> Self {
        let house = House::open().await;
        let owner = &house.owner;
        let crust = json!({ "name": "Crust", "min": 1, "max": 1,
            "modifiers": [{ "name": "Thin" }, { "name": "Filled", "price_minor": 250 }] });
        let crust = group(owner, crust).await;
        let sauces = json!({ "name": "Sauces", "min": 1, "max": 2, "modifiers": [{ "name": "Pesto", "price_minor": 80 }, { "name": "Garlic" }] });
        let sauces = group(owner, sauces).await;
        let extras = json!({ "name": "Extras", "max": 3, "modifiers": [
            { "name": "Cheese", "price_minor": 150 }, { "name": "No basil", "price_minor": -50 },
            { "name": "Dips", "price_minor": 100, "opens_group_id": sauces["id"] }] });
        let extras = group(owner, extras).await;
        let sizes = json!([{ "name": "small", "price_minor": 800 }, { "name": "large", "price_minor": 1200 }]);
        let change = json!({ "variants": sizes, "group_ids": [crust["id"], extras["id"]] });
        let pizza = owner.patch(&format!("/menu/items/{}", house.pizza), change).await.ok();
        let (small, large) = (id(&pizza["variants"][0]), id(&pizza["variants"][1]));
        Pizzeria { house, small, large, crust, extras, sauces }
    }

    fn thin(&self) -> Value {
        json!({ "modifier_id": self.crust["modifiers"][0]["id"] })
    }

    fn extra(&self, at: usize) -> Value {
        json!({ "modifier_id": self.extras["modifiers"][at]["id"] })
    }

    fn line(&self, variant: &str, modifiers: Value) -> Value {
        json!({ "item_id": self.house.pizza, "variant_id": variant, "modifiers": modifiers })
    }

    async fn order(&self, line: Value) -> crate::support::Answer {
        self.house.owner.post("/orders", json!({ "service": "takeaway", "lines": [line] })).await
    }
}

#[tokio::test]
async fn a_line_costs_its_size_and_everything_chosen() {
    let pizzeria = Pizzeria::open().await;
    let mut cheese = pizzeria.extra(0);
    cheese["count"] = json!(2);
    let order = pizzeria.order(pizzeria.line(&pizzeria.large, json!([pizzeria.thin(), cheese]))).await.created();
    let line = &order["lines"][0];
    assert_eq!((&line["name"], &line["unit_price_minor"]), (&json!("Margherita, large"), &json!(1500)));
    let less = pizzeria.line(&pizzeria.small, json!([pizzeria.thin(), pizzeria.extra(1)]));
    assert_eq!(pizzeria.order(less).await.created()["lines"][0]["unit_price_minor"], 750);
}

#[tokio::test]
async fn a_modifier_opens_a_further_choice() {
    let pizzeria = Pizzeria::open().await;
    let dips = |modifiers: Value, count: i64| {
        let mut dips = pizzeria.extra(2);
        dips["modifiers"] = modifiers;
        dips["count"] = json!(count);
        pizzeria.line(&pizzeria.small, json!([pizzeria.thin(), dips]))
    };
    let pesto = json!({ "modifier_id": pizzeria.sauces["modifiers"][0]["id"] });
    let error = pizzeria.order(dips(json!([]), 1)).await.refused("rule_violated");
    assert_eq!(error["field"], "lines[0].modifiers[1].modifiers", "{error}");
    assert_eq!(error["details"]["group_id"], pizzeria.sauces["id"]);
    // Twice a dip with pesto: 8.00 + 2 x (1.00 + 0.80).
    let order = pizzeria.order(dips(json!([pesto]), 2)).await.created();
    assert_eq!(order["lines"][0]["unit_price_minor"], 1160);
    let three = json!([pesto, pesto, pesto]);
    let error = pizzeria.order(dips(three, 1)).await.refused("rule_violated");
    assert_eq!(error["field"], "lines[0].modifiers[1].modifiers[2].modifier_id");
}

#[tokio::test]
async fn a_choice_that_is_missing_too_much_or_unknown_is_named_by_its_place() {
    let pizzeria = Pizzeria::open().await;
    let refused = |line: Value, code: &'static str| {
        let pizzeria = &pizzeria;
        async move {
            let error = pizzeria.order(line).await.refused(code);
            (error["field"].as_str().unwrap().to_owned(), error["message"].as_str().unwrap().to_owned())
        }
    };
    let bare = json!({ "item_id": pizzeria.house.pizza, "modifiers": [pizzeria.thin()] });
    let (field, message) = refused(bare, "invalid_input").await;
    assert_eq!((field.as_str(), message.as_str()), ("lines[0].variant_id", "Choose a size of Margherita."));
    let stranger = uuid::Uuid::now_v7().to_string();
    let (field, _) = refused(pizzeria.line(&stranger, json!([pizzeria.thin()])), "invalid_input").await;
    assert_eq!(field, "lines[0].variant_id");
    let (field, message) = refused(pizzeria.line(&pizzeria.small, json!([])), "rule_violated").await;
    assert_eq!((field.as_str(), message.as_str()), ("lines[0].modifiers", "Choose 1 of Crust for Margherita."));
    let both = json!([pizzeria.thin(), { "modifier_id": pizzeria.crust["modifiers"][1]["id"] }]);
    let (field, message) = refused(pizzeria.line(&pizzeria.small, both), "rule_violated").await;
    assert_eq!(field, "lines[0].modifiers[1].modifier_id");
    assert_eq!(message, "Of Crust at most 1 can be chosen.");
    let unknown = json!([pizzeria.thin(), { "modifier_id": stranger }]);
    let (field, _) = refused(pizzeria.line(&pizzeria.small, unknown), "invalid_input").await;
    assert_eq!(field, "lines[0].modifiers[1].modifier_id");
    // A choice of another item's group is no choice here; a plain item has none at all.
    let cola = json!({ "item_id": pizzeria.house.cola, "modifiers": [pizzeria.thin()] });
    assert_eq!(refused(cola, "invalid_input").await.0, "lines[0].modifiers[0].modifier_id");
    let sized = json!({ "item_id": pizzeria.house.cola, "variant_id": pizzeria.small });
    assert_eq!(refused(sized, "invalid_input").await.0, "lines[0].variant_id");
    let none = json!([{ "modifier_id": pizzeria.crust["modifiers"][0]["id"], "count": 0 }]);
    assert_eq!(refused(pizzeria.line(&pizzeria.small, none), "invalid_input").await.0, "lines[0].modifiers[0].count");
}

#[tokio::test]
async fn a_size_or_modifier_that_is_sold_out_is_not_sold() {
    let pizzeria = Pizzeria::open().await;
    let chef = pizzeria.house.app.staff(&pizzeria.house.owner, "chef").await;
    let sizes = format!("/menu/items/{}/variants", pizzeria.house.pizza);
    let item = chef.patch(&format!("{sizes}/{}", pizzeria.large), json!({ "available": false })).await.ok();
    assert_eq!((&item["variants"][1]["available"], &item["available"]), (&json!(false), &json!(true)));
    let large = pizzeria.line(&pizzeria.large, json!([pizzeria.thin()]));
    let error = pizzeria.order(large).await.refused("rule_violated");
    assert_eq!(error["field"], "lines[0].variant_id");
    assert_eq!(error["message"], "Margherita, large is sold out.");
    let thin = pizzeria.crust["modifiers"][0]["id"].as_str().unwrap();
    let path = format!("/menu/modifier-groups/{}/modifiers", id(&pizzeria.crust));
    chef.patch(&format!("{path}/{thin}"), json!({ "available": false })).await.ok();
    let small = pizzeria.line(&pizzeria.small, json!([pizzeria.thin()]));
    let error = pizzeria.order(small.clone()).await.refused("rule_violated");
    assert_eq!(
        (&error["field"], &error["message"]),
        (&json!("lines[0].modifiers[0].modifier_id"), &json!("Thin is sold out."))
    );
    chef.patch(&format!("{path}/{thin}"), json!({ "available": true })).await.ok();
    pizzeria.order(small).await.created();
    let gone = uuid::Uuid::now_v7();
    chef.patch(&format!("{sizes}/{gone}"), json!({ "available": true })).await.refused("not_found");
    chef.patch(&format!("{path}/{gone}"), json!({ "available": true })).await.refused("not_found");
}

#[tokio::test]
async fn a_change_of_sizes_and_groups_is_seen_by_the_next_order() {
    let pizzeria = Pizzeria::open().await;
    let (house, owner) = (&pizzeria.house, &pizzeria.house.owner);
    let path = format!("/menu/items/{}", house.pizza);
    let sizes = json!([{ "id": pizzeria.large, "name": "Maxi", "price_minor": 1300 }]);
    let item = owner.patch(&path, json!({ "variants": sizes, "group_ids": [] })).await.ok();
    assert_eq!(item["variants"].as_array().unwrap().len(), 1);
    assert_eq!(item["group_ids"], json!([]));
    let order = pizzeria.order(pizzeria.line(&pizzeria.large, json!([]))).await.created();
    assert_eq!(
        (&order["lines"][0]["name"], &order["lines"][0]["unit_price_minor"]),
        (&json!("Margherita, Maxi"), &json!(1300))
    );
    pizzeria.order(pizzeria.line(&pizzeria.small, json!([]))).await.invalid("lines[0].variant_id");
    // Without sizes the item's own price counts again; a group that is gone is asked for no more.
    owner.patch(&path, json!({ "variants": [], "group_ids": [pizzeria.crust["id"]] })).await.ok();
    let plain = json!({ "item_id": house.pizza });
    pizzeria.order(plain.clone()).await.refused("rule_violated");
    owner.delete(&format!("/menu/modifier-groups/{}", id(&pizzeria.crust))).await.gone();
    assert_eq!(pizzeria.order(plain).await.created()["lines"][0]["unit_price_minor"], 950);
    let menu = owner.get("/menu").await.ok();
    assert_eq!(menu["categories"][0]["items"][0]["group_ids"], json!([]));
    assert_eq!(menu["modifier_groups"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn groups_keep_their_rules() {
    let pizzeria = Pizzeria::open().await;
    let owner = &pizzeria.house.owner;
    let path = "/menu/modifier-groups";
    owner.post(path, json!({ "name": "A" })).await.invalid("modifiers");
    owner.post(path, json!({ "name": "A", "min": -1, "modifiers": [] })).await.invalid("min");
    owner.post(path, json!({ "name": "A", "modifiers": [{ "name": " " }] })).await.invalid("modifiers[0].name");
    let error = owner.post(path, json!({ "name": "A", "min": 3, "max": 2, "modifiers": [] })).await;
    assert_eq!(error.refused("rule_violated")["field"], "max");
    let opens = |group: &Value| json!([{ "name": "More", "opens_group_id": group["id"] }]);
    let stranger = json!({ "id": uuid::Uuid::now_v7() });
    let error = owner.post(path, json!({ "name": "A", "modifiers": opens(&stranger) })).await.refused("not_found");
    assert_eq!(error["field"], "modifiers[0].opens_group_id");
    // Sauces that open extras, which open sauces, would never end.
    let sauces = format!("{path}/{}", id(&pizzeria.sauces));
    let error = owner.patch(&sauces, json!({ "modifiers": opens(&pizzeria.extras) })).await.refused("rule_violated");
    assert_eq!(error["field"], "modifiers");
    let mut below = pizzeria.extras.clone();
    for name in ["C", "B"] {
        below = group(owner, json!({ "name": name, "modifiers": opens(&below) })).await;
    }
    owner.post(path, json!({ "name": "A", "modifiers": opens(&below) })).await.refused("rule_violated");
    let renamed = owner.patch(&sauces, json!({ "name": "Dips", "max": 0 })).await.ok();
    assert_eq!((&renamed["name"], &renamed["max"], &renamed["min"]), (&json!("Dips"), &Value::Null, &json!(1)));
    owner.patch(&format!("{path}/{}", uuid::Uuid::now_v7()), json!({})).await.refused("not_found");
    let chef = pizzeria.house.app.staff(owner, "chef").await;
    chef.patch(&sauces, json!({ "name": "Mine" })).await.refused("forbidden");
    let item = format!("/menu/items/{}", pizzeria.house.cola);
    let error = owner.patch(&item, json!({ "group_ids": [stranger["id"]] })).await.refused("not_found");
    assert_eq!(error["field"], "group_ids[0]");
}

#[tokio::test]
async fn modifiers_never_make_a_price_that_is_none() {
    let pizzeria = Pizzeria::open().await;
    let owner = &pizzeria.house.owner;
    let odd = json!({ "name": "Odd", "modifiers": [
        { "name": "Free", "price_minor": -2000 }, { "name": "Gold", "price_minor": 100_000_000_000_i64 }] });
    let odd = group(owner, odd).await;
    owner.patch(&format!("/menu/items/{}", pizzeria.house.cola), json!({ "group_ids": [odd["id"]] })).await.ok();
    for (at, count) in [(0, 1), (1, 99)] {
        let modifiers = json!([{ "modifier_id": odd["modifiers"][at]["id"], "count": count }]);
        let line = json!({ "item_id": pizzeria.house.cola, "modifiers": modifiers });
        assert_eq!(pizzeria.order(line).await.refused("rule_violated")["field"], "lines[0].modifiers");
    }
}
