//! A warm spare: three engines of one restaurant over real sockets, of which the first goes away, and comes back.

use std::time::Instant;

use comanda_engine::kernel::ids::RestaurantId;
use serde_json::{Value, json};

use crate::support::{EVENING, PASSWORD, Person, TestApp};
use crate::sync::{Cable, STATE, number, order_of, text};
use crate::trade::{House, id};

/// A sequencer asks its spare every twelve seconds.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(45);
const NAME: &str = "Trattoria da Lucia";

/// A house, its spare at the bar, and a third desk in the kitchen. Each asks another through a cable.
struct Trio {
    house: House,
    bar: TestApp,
    kitchen: TestApp,
    /// The owner, at the bar and in the kitchen.
    at_bar: Person,
    in_kitchen: Person,
    to_house: Cable,
    to_bar: Cable,
}

impl Trio {
    async fn linked() -> Self {
        let house = House::open().await;
        let to_house = Cable::to(house.app.running.address()).await;
        let (bar, at_bar) = joined(&house, &to_house).await;
        let (kitchen, in_kitchen) = joined(&house, &to_house).await;
        let to_bar = Cable::to(bar.running.address()).await;
        let trio = Self { house, bar, kitchen, at_bar, in_kitchen, to_house, to_bar };
        trio.in_step(&[&trio.house.app, &trio.bar, &trio.kitchen]).await;
        trio
    }

    /// With the bar as the spare, and everybody told.
    async fn with_a_spare() -> Self {
        let trio = Self::linked().await;
        let device = trio.house.owner.get("/sync").await.ok()["devices"][0]["id"].clone();
        trio.house.owner.put("/sync/spare", json!({ "device_id": device })).await.ok();
        until(&trio.at_bar, "/sync", |page| page["readiness"]["desks"] == 2).await;
        trio.at_bar.put("/sync/address", json!({ "address": trio.to_bar.address.to_string() })).await.ok();
        until(&trio.in_kitchen, "/sync", |page| page["link"]["spare"].is_string()).await;
        trio
    }

    fn rid(&self) -> RestaurantId {
        RestaurantId(self.house.owner.restaurant_id().parse().unwrap())
    }

    /// Waits until all of these hold the same rows and nothing waits. The first is the sequencer.
    async fn in_step(&self, desks: &[&TestApp]) {
        let began = Instant::now();
        loop {
            let open: Vec<_> = desks.iter().filter_map(|desk| desk.running.app().restaurant(self.rid())).collect();
            let stand: Vec<_> = open
                .iter()
                .map(|db| (number(db, "SELECT position FROM head"), text(db, STATE), db.db.epoch()))
                .collect();
            let waits = open.iter().any(|db| number(db, "SELECT count(*) FROM outbox") > 0);
            let linked = open.iter().skip(1).all(|db| db.is_linked) && open.first().is_some_and(|db| !db.is_linked);
            if open.len() == desks.len() && linked && !waits && stand.iter().all(|one| *one == stand[0]) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "they stay apart: {stand:?}, something waits: {waits}");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// The same rows, clean records, and no number twice.
    async fn agree(&self, desks: &[&TestApp]) {
        self.in_step(desks).await;
        for desk in desks {
            let restaurant = desk.running.app().restaurant(self.rid()).unwrap();
            let report = restaurant.db.check().unwrap();
            assert!(report.is_clean(), "{:#?}", report.findings);
            let twice = "SELECT count(*) - count(DISTINCT number) FROM orders";
            assert_eq!(number(&restaurant, twice), 0, "a number was printed twice");
            let gaps = "SELECT max(position) - count(position) FROM ledger";
            assert_eq!(number(&restaurant, gaps), 0, "a position was given twice or left out");
        }
    }

    async fn taken_over(&self) {
        let taken = self.at_bar.post("/sync/take-over", json!({ "name": NAME })).await.ok();
        assert_eq!(taken["epoch"], 2);
    }
}

async fn joined(house: &House, cable: &Cable) -> (TestApp, Person) {
    let desk = TestApp::start().await;
    desk.at(EVENING);
    let code = house.owner.post("/sync/codes", json!({})).await.created();
    let joined = desk.join(&format!("http://{}", cable.address), code["code"].as_str().unwrap()).await;
    assert_eq!(joined["step"], "done", "{joined}");
    let there = desk.log_in("lucia@example.com", house.owner.restaurant_id()).await;
    (desk, there)
}

/// Asks until the answer is such. In the instant in which a file takes another's place
/// there is none.
async fn until(person: &Person, path: &str, is: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let answer = person.get(path).await;
        assert!([200, 404, 503].contains(&answer.status.as_u16()), "{}", answer.text);
        if answer.status == 200 && is(&answer.json()) {
            return answer.json();
        }
        assert!(began.elapsed() < PATIENCE, "{path} stays {}", answer.text);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

async fn orders(person: &Person) -> Vec<Value> {
    let page = person.get("/orders?state=open").await.ok();
    page["items"].as_array().unwrap().iter().map(|order| order["id"].clone()).collect()
}

#[tokio::test]
async fn the_spare_says_how_far_it_is_and_who_may_names_it() {
    let trio = Trio::linked().await;
    let page = trio.house.owner.get("/sync").await.ok();
    let device = json!({ "device_id": page["devices"][0]["id"] });
    assert_eq!((&page["spare"], &page["readiness"]), (&Value::Null, &Value::Null));
    trio.house
        .app
        .staff(&trio.house.owner, "waiter")
        .await
        .put("/sync/spare", device.clone())
        .await
        .refused("forbidden");
    trio.house.owner.put("/sync/spare", json!({ "device_id": uuid::Uuid::now_v7() })).await.refused("not_found");
    trio.at_bar.put("/sync/spare", device.clone()).await.refused("rule_violated");
    trio.at_bar.put("/sync/address", json!({ "address": "192.168.1.9:8787" })).await.refused("rule_violated");
    let named = trio.house.owner.put("/sync/spare", device).await.ok();
    assert_eq!((&named["spare"]["name"], &named["spare"]["address"]), (&json!("Bar"), &Value::Null));
    let page = until(&trio.at_bar, "/sync", |page| page["readiness"]["behind_ms"] == 0).await;
    assert_eq!((&page["readiness"]["desks"], &page["readiness"]["behind_commands"]), (&json!(2), &json!(0)));
    trio.at_bar.put("/sync/address", json!({ "address": "a b" })).await.invalid("address");
    trio.at_bar.put("/sync/address", json!({ "address": "192.168.1.9:8787" })).await.ok();
    // Everybody hears of the address with what they fetch anyway, and so do screens.
    let told = until(&trio.in_kitchen, "/sync/state", |state| state["spare"].is_string()).await;
    assert_eq!(told["spare"], "http://192.168.1.9:8787/");
    until(&trio.house.owner, "/sync/state", |state| state["spare"] == "http://192.168.1.9:8787/").await;
    // Apart, it says since when, and does not pretend.
    trio.to_house.cut();
    until(&trio.at_bar, "/sync/state", |state| state["link"] == "away").await;
    trio.bar.pass_ms(30_000);
    let page = trio.at_bar.get("/sync").await.ok();
    assert_eq!(page["readiness"]["behind_ms"], 30_000, "{page}");
    trio.to_house.mend();
    until(&trio.at_bar, "/sync", |page| page["readiness"]["behind_ms"] == 0).await;
    trio.house.owner.delete("/sync/spare").await.ok();
    until(&trio.at_bar, "/sync", |page| page["readiness"].is_null()).await;
    until(&trio.in_kitchen, "/sync/state", |state| state["spare"].is_null()).await;
}

#[tokio::test]
async fn the_first_dies_the_spare_takes_over_and_the_third_follows_by_itself() {
    let trio = Trio::with_a_spare().await;
    let before = trio.house.order().await;
    trio.in_step(&[&trio.house.app, &trio.bar, &trio.kitchen]).await;
    let Trio { house, bar, kitchen, at_bar, in_kitchen, to_house, to_bar } = trio;
    let (rid, pizza) = (house.owner.restaurant_id().to_owned(), house.pizza.clone());
    let (owner, item) = (house.owner.clone(), house.cola.clone());
    let folder = house.app.stop_and_keep().await;
    let at_the_bar = id(&at_bar.post("/orders", order_of(&pizza)).await.created());
    let in_the_kitchen = id(&in_kitchen.post("/orders", order_of(&pizza)).await.created());
    // Who may not, does not; and a desk that is no spare neither.
    let name = json!({ "name": NAME });
    bar.staff(&at_bar, "manager").await.post("/sync/take-over", name.clone()).await.refused("forbidden");
    in_kitchen.post("/sync/take-over", name.clone()).await.refused("rule_violated");
    at_bar.post("/sync/take-over", json!({ "name": "Somebody else" })).await.invalid("name");
    assert_eq!(at_bar.post("/sync/take-over", name.clone()).await.ok()["epoch"], 2);
    at_bar.post("/sync/take-over", name).await.refused("rule_violated");
    let page = at_bar.get("/sync").await.ok();
    assert_eq!((&page["link"], &page["epoch"], &page["letters"]), (&Value::Null, &json!(2), &json!("B")), "{page}");
    let follows = until(&in_kitchen, "/sync", |page| page["link"]["state"] == "in_step" && page["epoch"] == 2).await;
    assert_eq!(follows["link"]["address"], format!("http://{}/", to_bar.address));
    assert!(follows["letters"].as_str().unwrap() > "M", "letters the first may have leased are passed over: {follows}");
    for person in [&at_bar, &in_kitchen] {
        let open =
            until(person, "/orders?state=open", |page| page["items"].as_array().is_some_and(|all| all.len() == 3))
                .await;
        let ids: Vec<_> = open["items"].as_array().unwrap().iter().map(id).collect();
        for order in [&id(&before), &at_the_bar, &in_the_kitchen] {
            assert!(ids.contains(order), "{open}");
        }
    }
    let audit = at_bar.get("/audit?action=take_over_sequencer").await.ok();
    assert_eq!(audit["items"].as_array().unwrap().len(), 1, "{audit}");
    // The first is started again: it is told before it lets anybody in.
    let app = TestApp::start_with(folder, |_| ()).await;
    app.at(EVENING);
    assert!(
        app.running.app().restaurant(RestaurantId(rid.parse().unwrap())).unwrap().is_linked,
        "it goes on as before"
    );
    let owner = app.again(&owner);
    let house = House { app, owner, pizza, cola: item, water: house.water };
    let trio = Trio { house, bar, kitchen, at_bar, in_kitchen, to_house, to_bar };
    trio.agree(&[&trio.bar, &trio.house.app, &trio.kitchen]).await;
    assert_eq!(orders(&trio.house.owner).await.len(), 3);
}

#[tokio::test]
async fn what_the_first_did_while_it_was_cut_off_comes_back_under_the_same_ids() {
    let trio = Trio::with_a_spare().await;
    let order = trio.house.order().await;
    trio.in_step(&[&trio.house.app, &trio.bar, &trio.kitchen]).await;
    trio.to_house.cut();
    trio.to_bar.cut();
    until(&trio.at_bar, "/sync/state", |state| state["link"] == "away").await;
    // Nobody at the house knows: it sells on, and so do the others.
    let alone = id(&trio.house.owner.post("/orders", order_of(&trio.house.pizza)).await.created());
    trio.house.step(&order, "fire", json!({})).await.ok();
    trio.house.step(&order, "serve", json!({})).await.ok();
    let due = trio.house.fresh(&order).await["due_minor"].as_i64().unwrap();
    trio.house.pay(&order, "card", due).await.created();
    let item = format!("/menu/items/{}", trio.house.water);
    trio.house.owner.patch(&item, json!({ "price_minor": 330 })).await.ok();
    trio.at_bar.delete(&item).await;
    let at_the_bar = id(&trio.at_bar.post("/orders", order_of(&trio.house.pizza)).await.created());
    trio.taken_over().await;
    assert_eq!(orders(&trio.at_bar).await.len(), 2, "what the house did meanwhile is known to be missing");
    // The network is whole again: the first finds out, and brings what it has.
    trio.to_house.mend();
    trio.to_bar.mend();
    trio.agree(&[&trio.bar, &trio.house.app, &trio.kitchen]).await;
    for person in [&trio.house.owner, &trio.at_bar, &trio.in_kitchen] {
        let open = orders(person).await;
        assert!(open.contains(&json!(alone)) && open.contains(&json!(at_the_bar)) && open.len() == 2, "{open:?}");
        let paid = person.get(&format!("/orders/{}", id(&order))).await.ok();
        assert_eq!((&paid["due_minor"], paid["payments"].as_array().unwrap().len()), (&json!(0), 1), "{paid}");
    }
    // A wish that the new sequencer refuses is shown where it was made.
    let inbox = trio.house.owner.get("/inbox?open=true").await.ok();
    assert_eq!(inbox["items"][0]["params"]["command"], "change_item", "{inbox}");
    let page = trio.house.owner.get("/sync").await.ok();
    assert_eq!((&page["epoch"], &page["link"]["state"]), (&json!(2), &json!("in_step")), "{page}");
    trio.house.owner.post("/sync/codes", json!({})).await.refused("rule_violated");
    // And the new one may name a spare in its turn: the first, say.
    let devices = trio.at_bar.get("/sync").await.ok();
    let first = devices["devices"].as_array().unwrap().iter().find(|device| device["name"] == "A").unwrap().clone();
    trio.at_bar.put("/sync/spare", json!({ "device_id": first["id"] })).await.ok();
    until(&trio.house.owner, "/sync", |page| page["readiness"]["desks"] == 2).await;
}

#[tokio::test]
async fn who_is_shut_out_stays_so_and_people_log_in_as_they_did() {
    let trio = Trio::with_a_spare().await;
    let new = json!({ "name": "Marco", "role": "manager", "email": "marco@example.com", "password": PASSWORD });
    let marco = trio.house.owner.post("/staff", new).await.created();
    trio.house.owner.put(&format!("/staff/{}/pin", id(&marco)), json!({ "pin": "4711" })).await.ok();
    let devices = trio.house.owner.get("/sync").await.ok();
    let kitchen = devices["devices"][1]["id"].as_str().unwrap().to_owned();
    trio.house.owner.delete(&format!("/sync/devices/{kitchen}")).await.gone();
    until(&trio.at_bar, "/sync", |page| page["readiness"]["desks"] == 1).await;
    let began = Instant::now();
    let login = json!({ "email": "marco@example.com", "password": PASSWORD });
    while trio.bar.stranger().post("/sessions", login.clone()).await.status != 201 {
        assert!(began.elapsed() < PATIENCE, "Marco cannot log in at the spare");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let seat = json!({ "restaurant_id": trio.at_bar.restaurant_id(), "pin": "4711" });
    let at_bar = trio.bar.log_in("lucia@example.com", trio.at_bar.restaurant_id()).await;
    assert_eq!(at_bar.put("~/sessions/current/person", seat).await.ok()["name"], "Marco");
    let waiting = trio.in_kitchen.post("/orders", order_of(&trio.house.pizza)).await.created();
    until(&trio.in_kitchen, "/sync", |page| page["link"]["state"] == "stopped").await;
    trio.to_house.cut();
    trio.taken_over().await;
    assert!(!orders(&trio.at_bar).await.contains(&waiting["id"]));
    let page = trio.at_bar.get("/sync").await.ok();
    let out = page["devices"].as_array().unwrap().iter().find(|device| device["id"] == json!(kitchen)).unwrap();
    assert!(out["revoked_ms"].is_i64(), "{page}");
    let asked = format!("/sync/{}/epoch?device={kitchen}&nonce={kitchen}", trio.at_bar.restaurant_id());
    trio.bar.stranger().get(&format!("~{asked}")).await.refused("not_found");
}
