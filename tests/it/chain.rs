//! Several restaurants of one owner: added, kept apart, summed up, and given one menu.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::contract::operations;
use crate::support::{Answer, Person, TestApp, setup_request};
use crate::trade::{House, id};

fn another(name: &str, currency: &str) -> Value {
    let mut restaurant = setup_request()["restaurant"].clone();
    restaurant["name"] = json!(name);
    restaurant["currency"] = json!(currency);
    json!({ "restaurant": restaurant })
}

async fn add(owner: &Person, name: &str, currency: &str) -> Person {
    let made = owner.post("~/restaurants", another(name, currency)).await.created();
    owner.at(made["restaurant_id"].as_str().unwrap())
}

/// The names and roles of the restaurants somebody has.
async fn names(person: &Person) -> Vec<(String, String)> {
    let me = person.get("~/me").await.ok();
    let mut names: Vec<_> = me["restaurants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap().to_owned(), one["role"].as_str().unwrap().to_owned()))
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn another_restaurant_is_its_adders_and_stands_after_a_restart() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let key = Uuid::now_v7().to_string();
    let first = owner.post_keyed(&key, "~/restaurants", another("Al Porto", "EUR")).await;
    let again = owner.post_keyed(&key, "~/restaurants", another("Al Porto", "EUR")).await;
    assert!(again.replayed() && !first.replayed());
    let porto = owner.at(first.created()["restaurant_id"].as_str().unwrap());
    assert_eq!(again.created()["restaurant_id"], porto.restaurant_id());
    let owns = |name: &str| (name.to_owned(), "owner".to_owned());
    let both = vec![owns("Al Porto"), owns("Trattoria da Lucia")];
    assert_eq!(names(&owner).await, both);
    let house = House::with(app, porto.clone()).await;
    let order = house.order().await;
    owner.get(&format!("/orders/{}", id(&order))).await.refused("not_found");

    let app = house.app.restart().await;
    let (owner, porto) = (app.again(&owner), app.again(&porto));
    assert_eq!(names(&owner).await, both);
    assert_eq!(porto.get(&format!("/orders/{}", id(&order))).await.ok()["due_minor"], 1710);
}

#[tokio::test]
async fn who_does_not_answer_for_the_house_adds_none_and_what_is_wrong_is_told_at_its_field() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    for role in ["manager", "cashier", "waiter", "chef"] {
        app.staff(&owner, role).await.post("~/restaurants", another("X", "EUR")).await.refused("forbidden");
    }
    owner.post("~/restaurants", another("", "EUR")).await.invalid("restaurant.name");
    owner.post("~/restaurants", another("X", "XYZ")).await.invalid("restaurant.currency");
    assert_eq!(names(&owner).await.len(), 1);
    let folder = app.stop_and_keep().await;
    let files = std::fs::read_dir(folder.path().join("restaurants")).unwrap();
    let databases = files.filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|kind| kind == "db"));
    assert_eq!(databases.count(), 1, "nothing that was refused left a file");
}

/// Whoever is on the staff of one restaurant learns nothing of another, not even that it is there.
#[tokio::test]
async fn nobody_crosses_from_one_restaurant_to_another() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let porto = add(&owner, "Al Porto", "EUR").await;
    let admin = app.staff(&porto, "admin").await;
    assert_eq!(names(&admin).await, [("Al Porto".to_owned(), "admin".to_owned())]);
    let mut asked = 0;
    for operation in operations().iter().filter(|operation| operation.in_restaurant()) {
        for (restaurant, is_own) in [(porto.restaurant_id(), true), (owner.restaurant_id(), false)] {
            let path = operation.path_of_nothing(restaurant);
            let answer = Answer::of(operation.empty(&app, &path, Some(&admin))).await;
            let is_shut = answer.status == 404 && answer.json()["error"]["message"] == "The restaurant does not exist.";
            assert_eq!(is_shut, !is_own, "{} {}: {}", operation.id, answer.status, answer.text);
            asked += 1;
        }
    }
    assert!(asked > 300, "only {asked} were asked");
}

#[tokio::test]
async fn what_all_sold_is_summed_by_currency_and_only_where_one_may_read_reports() {
    let house = House::open().await;
    let owner = house.owner.clone();
    house.finished("cash").await;
    let porto = add(&owner, "Al Porto", "EUR").await;
    let porto = House::with(house.app, porto).await;
    porto.finished("card").await;
    porto.finished("cash").await;
    let tokyo = add(&owner, "Tokyo", "JPY").await;
    let tokyo = House::with(porto.app, tokyo).await;
    tokyo.finished("cash").await;
    let app = tokyo.app;

    let sales = owner.get("~/chain/sales").await.ok();
    let restaurants: Vec<_> = sales["restaurants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (one["name"].as_str().unwrap(), one["orders"].as_i64().unwrap(), one["gross_minor"].as_i64().unwrap())
        })
        .collect();
    assert_eq!(restaurants, [("Al Porto", 2, 3420), ("Tokyo", 1, 1710), ("Trattoria da Lucia", 1, 1710)]);
    let sums = sales["sums"].as_array().unwrap();
    assert_eq!(sums.len(), 2);
    assert_eq!(
        (&sums[0]["currency"], &sums[0]["restaurants"], &sums[0]["gross_minor"]),
        (&json!("EUR"), &json!(2), &json!(5130))
    );
    assert_eq!(
        (&sums[1]["currency"], &sums[1]["exponent"], &sums[1]["gross_minor"]),
        (&json!("JPY"), &json!(0), &json!(1710))
    );
    assert_eq!(sums[0]["average_minor"], 1710);
    // The same figures as the restaurant's own report.
    let own = owner.get("/reports/summary").await.ok();
    let here = &sales["restaurants"][2];
    for figure in ["orders", "covers", "gross_minor", "net_minor", "tax_minor", "tips_minor"] {
        assert_eq!(here[figure], own["totals"][figure], "{figure}");
    }
    assert_eq!(here["days"][0]["gross_minor"], 1710);
    owner.get("~/chain/sales?from=2026-13-01").await.invalid("from");

    let manager = app.staff(&owner.at(porto.owner.restaurant_id()), "manager").await;
    let seen = manager.get("~/chain/sales").await.ok();
    assert_eq!(seen["restaurants"].as_array().unwrap().len(), 1);
    assert_eq!(seen["restaurants"][0]["name"], "Al Porto");
    app.staff(&owner, "waiter").await.get("~/chain/sales").await.refused("forbidden");
}

async fn items(person: &Person) -> Vec<(String, i64)> {
    let menu = person.get("/menu").await.ok();
    let mut items: Vec<_> = menu["categories"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|category| category["items"].as_array().unwrap())
        .map(|item| (item["name"].as_str().unwrap().to_owned(), item["price_minor"].as_i64().unwrap()))
        .collect();
    items.sort();
    items
}

#[tokio::test]
async fn a_menu_is_sent_with_its_pictures_and_what_the_other_has_besides_stays() {
    let house = House::open().await;
    let owner = house.owner.clone();
    let picture = owner.request(reqwest::Method::POST, "/menu/images").body(crate::menu_search::png(2, 2));
    let hash = Answer::of(picture).await.created()["hash"].clone();
    owner.patch(&format!("/menu/items/{}", house.pizza), json!({ "image": hash })).await.ok();
    let porto = add(&owner, "Al Porto", "EUR").await;
    let own = porto.post("/menu/categories", json!({ "name": "Fish" })).await.created();
    let fish = json!({ "category_id": own["id"], "name": "Branzino", "price_minor": 1900 });
    porto.post("/menu/items", fish).await.created();
    let to = json!({ "to": [porto.restaurant_id()] });

    let would = owner.post("/menu/sending/preview", to.clone()).await.ok();
    assert_eq!((&would[0]["name"], &would[0]["items"]["new"]), (&json!("Al Porto"), &json!(3)));
    assert_eq!(items(&porto).await, [("Branzino".to_owned(), 1900)], "looking changes nothing");

    let took = owner.post("/menu/sending", to.clone()).await.ok();
    assert_eq!((&took[0]["items"], &took[0]["categories"]), (&json!(3), &json!(1)));
    let named = |name: &str, price| (name.to_owned(), price);
    let all = [named("Branzino", 1900), named("Cola", 380), named("Margherita", 950), named("Water", 300)];
    assert_eq!(items(&porto).await, all);
    let there = porto.get(&format!("/menu/images/{}", hash.as_str().unwrap())).await;
    assert_eq!(there.status, 200);

    // The same once more changes nothing; a new price goes over.
    assert_eq!(owner.post("/menu/sending", to.clone()).await.ok()[0]["items"], 0);
    owner.patch(&format!("/menu/items/{}", house.cola), json!({ "price_minor": 420 })).await.ok();
    assert_eq!(owner.post("/menu/sending/preview", to.clone()).await.ok()[0]["items"]["changed"], 1);
    assert_eq!(owner.post("/menu/sending", to).await.ok()[0]["items"], 1);
    assert!(items(&porto).await.contains(&named("Cola", 420)));
}

#[tokio::test]
async fn a_menu_goes_to_no_other_currency_no_stranger_and_not_to_itself() {
    let house = House::open().await;
    let owner = house.owner.clone();
    let tokyo = add(&owner, "Tokyo", "JPY").await;
    let porto = add(&owner, "Al Porto", "EUR").await;
    let send = async |person: &Person, to: &str| person.post("/menu/sending", json!({ "to": [to] })).await;
    let error = send(&owner, tokyo.restaurant_id()).await.refused("invalid_input");
    assert_eq!(
        (&error["field"], &error["message"]),
        (&json!("to"), &json!("Tokyo sells in JPY, and these prices are in EUR."))
    );
    send(&owner, owner.restaurant_id()).await.invalid("to");
    send(&owner, &Uuid::now_v7().to_string()).await.refused("not_found");
    owner.post("/menu/sending", json!({ "to": [] })).await.invalid("to");
    // A manager of one is nobody at the other.
    let manager = house.app.staff(&owner, "manager").await;
    send(&manager, porto.restaurant_id()).await.refused("not_found");
    // One that is refused stops all.
    let both = json!({ "to": [porto.restaurant_id(), tokyo.restaurant_id()] });
    owner.post("/menu/sending", both).await.refused("invalid_input");
    assert_eq!(items(&porto).await, []);
}
