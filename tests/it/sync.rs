//! Two engines of one restaurant over real sockets: apart and together again, whatever dies in between.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use comanda_engine::app::Restaurant;
use comanda_engine::backups::swap;
use comanda_engine::kernel::ids::RestaurantId;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::backups::until;
use crate::support::{EVENING, Person, TestApp};
use crate::trade::{House, id};

/// How long a test waits for something that happens by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// A cable between two desks, which can be cut.
pub struct Cable {
    pub address: SocketAddr,
    whole: watch::Sender<bool>,
}

impl Cable {
    pub async fn to(there: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let whole = watch::Sender::new(true);
        let state = whole.clone();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut state = state.subscribe();
                tokio::spawn(async move {
                    if !*state.borrow() {
                        return;
                    }
                    let Ok(mut far) = TcpStream::connect(there).await else { return };
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = state.wait_for(|whole| !whole) => {}
                    }
                });
            }
        });
        Self { address, whole }
    }

    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

/// A house, and a second desk at the bar.
struct Pair {
    house: House,
    cable: Cable,
    bar: TestApp,
    /// The owner, at the bar.
    there: Person,
}

impl Pair {
    async fn linked() -> Self {
        let house = House::open().await;
        let cable = Cable::to(house.app.running.address()).await;
        let bar = TestApp::start().await;
        bar.at(EVENING);
        let code = house.owner.post("/sync/codes", json!({})).await.created();
        let joined = bar.join(&format!("http://{}", cable.address), code["code"].as_str().unwrap()).await;
        assert_eq!((&joined["step"], &joined["name"]), (&json!("done"), &json!("Trattoria da Lucia")), "{joined}");
        let there = bar.log_in("lucia@example.com", house.owner.restaurant_id()).await;
        let pair = Self { house, cable, bar, there };
        pair.in_step().await;
        pair
    }

    fn rid(&self) -> RestaurantId {
        RestaurantId(self.house.owner.restaurant_id().parse().unwrap())
    }

    /// Waits until both desks hold the same rows and nothing waits.
    async fn in_step(&self) {
        let began = Instant::now();
        loop {
            let here = self.house.app.running.app().restaurant(self.rid());
            let there = self.bar.running.app().restaurant(self.rid());
            if let (Some(here), Some(there)) = (here, there) {
                let at_rest = |db: &Restaurant| (number(db, "SELECT position FROM head"), text(db, STATE));
                let waiting = number(&there, "SELECT count(*) FROM outbox");
                if waiting == 0 && at_rest(&here) == at_rest(&there) {
                    return;
                }
            }
            assert!(began.elapsed() < PATIENCE, "they stay apart: {}", self.there.get("/sync").await.text);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Nobody knows of the other any more.
    async fn apart(&self) {
        self.cable.cut();
        until(&self.there, "/sync/state", |state| state["link"] == "away").await;
    }

    /// Both hold the same rows, roll-ups and records.
    async fn agree(&self) {
        self.in_step().await;
        for (what, path) in [("the day", "/today"), ("open orders", "/orders?state=open"), ("the till", "/till")] {
            let (here, there) = (self.house.owner.get(path).await.ok(), self.there.get(path).await.ok());
            assert_eq!(here, there, "{what}");
        }
        for app in [&self.house.app, &self.bar] {
            let report = app.running.app().restaurant(self.rid()).unwrap().db.check().unwrap();
            assert!(report.is_clean(), "{:#?}", report.findings);
        }
    }

    async fn restart_bar(self) -> Self {
        let bar = self.bar.restart().await;
        bar.at(EVENING);
        let there = bar.again(&self.there);
        Self { bar, there, ..self }
    }

    /// The house's engine ends and begins again at the same address.
    async fn restart_house(self, meanwhile: impl AsyncFnOnce(&Person)) -> Self {
        let Self { house, cable, bar, there } = self;
        let (listen, owner) = (house.app.running.address(), house.owner.clone());
        let folder: TempDir = house.app.stop_and_keep().await;
        meanwhile(&there).await;
        let app = TestApp::start_with(folder, |options| options.listen = listen).await;
        app.at(EVENING);
        let owner = app.again(&owner);
        Self { house: House { app, owner, ..house }, cable, bar, there }
    }
}

pub const STATE: &str = "SELECT hex(state) FROM journal ORDER BY entry DESC LIMIT 1";

pub fn number(restaurant: &Restaurant, sql: &str) -> i64 {
    restaurant.read::<_, rusqlite::Error>(|conn| conn.query_row(sql, [], |row| row.get(0))).unwrap_or(-1)
}

pub fn text(restaurant: &Restaurant, sql: &str) -> String {
    restaurant.read::<_, rusqlite::Error>(|conn| conn.query_row(sql, [], |row| row.get(0))).unwrap_or_default()
}

pub fn order_of(pizza: &str) -> Value {
    json!({ "service": "takeaway", "lines": [{ "item_id": pizza }] })
}

#[tokio::test]
async fn a_second_desk_joins_with_a_code_and_each_sees_what_the_other_does() {
    let pair = Pair::linked().await;
    let settings = pair.there.get("").await.ok();
    assert_eq!((&settings["device_letters"], &settings["name"]), (&json!("B"), &json!("Trattoria da Lucia")));
    let taken = pair.there.post("/orders", order_of(&pair.house.pizza)).await.created();
    assert!(taken["number"].as_str().unwrap().starts_with("B-"), "{taken}");
    let began = Instant::now();
    let path = format!("/orders/{}", id(&taken));
    until(&pair.house.owner, "/orders?state=open", |page| page["items"].as_array().is_some_and(|all| all.len() == 1))
        .await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(pair.house.owner.get(&path).await.ok()["number"], taken["number"]);
    let order = pair.house.order().await;
    let path = format!("/orders/{}", id(&order));
    until(&pair.there, "/orders?state=open", |page| page["items"].as_array().is_some_and(|all| all.len() == 2)).await;
    assert_eq!(pair.there.get(&path).await.ok()["number"], order["number"]);
    pair.agree().await;
    let page = pair.house.owner.get("/sync").await.ok();
    let device = &page["devices"][0];
    assert_eq!((&page["link"], &device["name"], &device["letters"]), (&Value::Null, &json!("Bar"), &json!("B")));
    let page = pair.there.get("/sync").await.ok();
    assert_eq!((&page["link"]["state"], &page["link"]["waiting"]), (&json!("in_step"), &json!(0)));
}

#[tokio::test]
async fn people_log_in_and_enter_their_pins_at_the_new_desk() {
    let house = House::open().await;
    let waiter = json!({ "name": "Marco", "role": "waiter", "email": "marco@example.com", "password": "Trattoria-26" });
    let marco = house.owner.post("/staff", waiter).await.created();
    house.owner.put(&format!("/staff/{}/pin", id(&marco)), json!({ "pin": "4711" })).await.ok();
    let code = house.owner.post("/sync/codes", json!({})).await.created();
    let bar = TestApp::start().await;
    bar.at(EVENING);
    assert_eq!(bar.join(&house.app.origin(), code["code"].as_str().unwrap()).await["step"], "done");
    let rid = house.owner.restaurant_id();
    bar.log_in("marco@example.com", rid).await.get("/orders?state=open").await.ok();
    let owner = bar.log_in("lucia@example.com", rid).await;
    let seat = json!({ "restaurant_id": rid, "pin": "4711" });
    assert_eq!(owner.put("~/sessions/current/person", seat).await.ok()["name"], "Marco");
    // What is this engine's own does not travel: its devices, its keys.
    let file = bar.folder.path().join("restaurants").join(format!("{rid}.db"));
    assert!(file.exists());
    let setup = bar.stranger().get("/setup").await.ok();
    assert_eq!(setup["needed"], false);
}

#[tokio::test]
async fn two_desks_apart_edit_one_order_and_take_its_payment_twice() {
    let pair = Pair::linked().await;
    let order = pair.house.order().await;
    pair.in_step().await;
    pair.apart().await;
    let lines = |item: &str| json!({ "lines": [{ "item_id": item }] });
    let path = format!("/orders/{}", id(&order));
    pair.house.owner.post(&format!("{path}/lines"), lines(&pair.house.water)).await.created();
    pair.there.post(&format!("{path}/lines"), lines(&pair.house.pizza)).await.created();
    // Each serves and settles what it knows of.
    let mut paid = Vec::new();
    for person in [&pair.house.owner, &pair.there] {
        person.post(&format!("{path}/fire"), json!({})).await.ok();
        person.post(&format!("{path}/serve"), json!({})).await.ok();
        let due = person.get(&path).await.ok()["due_minor"].as_i64().unwrap();
        let payment = json!({ "tender": "card", "amount_minor": due });
        person.post(&format!("{path}/payments"), payment).await.created();
        paid.push(due);
    }
    let state = pair.there.get("/sync/state").await.ok();
    assert_eq!((&state["link"], state["waiting"].as_i64() > Some(3)), (&json!("away"), true), "{state}");
    pair.cable.mend();
    pair.agree().await;
    for person in [&pair.house.owner, &pair.there] {
        let order = person.get(&path).await.ok();
        assert_eq!(order["lines"].as_array().unwrap().len(), 4, "both lines are there");
        let inbox = person.get("/inbox?open=true").await.ok();
        let flagged = inbox["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "overpaid").count();
        assert_eq!(flagged, 1, "{inbox}");
    }
    let here = pair.house.app.running.app().restaurant(pair.rid()).unwrap();
    assert_eq!(
        number(&here, "SELECT sum(amount_minor) FROM payment"),
        paid.iter().sum::<i64>(),
        "nobody's money disappears"
    );
}

#[tokio::test]
async fn a_wish_that_is_refused_at_the_other_desk_is_shown_where_it_was_made() {
    let pair = Pair::linked().await;
    pair.apart().await;
    let item = format!("/menu/items/{}", pair.house.pizza);
    pair.house.owner.delete(&item).await;
    pair.there.patch(&item, json!({ "price_minor": 990 })).await.ok();
    pair.there.post("/orders", order_of(&pair.house.pizza)).await.created();
    pair.cable.mend();
    pair.agree().await;
    let inbox =
        until(&pair.there, "/inbox?open=true", |inbox| inbox["items"].as_array().is_some_and(|all| !all.is_empty()))
            .await;
    let refused = &inbox["items"][0];
    assert_eq!((&refused["kind"], &refused["params"]["command"]), (&json!("refused_intent"), &json!("change_item")));
    assert_eq!(pair.house.owner.get("/inbox?open=true").await.ok()["items"], json!([]));
    pair.there.post(&format!("/inbox/{}/resolve", refused["id"].as_str().unwrap()), json!({})).await.gone();
    assert_eq!(pair.there.get("/inbox?open=true").await.ok()["items"], json!([]));
    assert_eq!(
        pair.house.owner.get("/orders?state=open").await.ok()["items"].as_array().unwrap().len(),
        1,
        "it was sold"
    );
}

#[tokio::test]
async fn the_bar_works_on_while_the_house_is_down_and_nothing_is_doubled() {
    let pair = Pair::linked().await;
    let pizza = pair.house.pizza.clone();
    let pair = pair
        .restart_house(async |there| {
            for _ in 0..5 {
                there.post("/orders", order_of(&pizza)).await.created();
            }
            until(there, "/sync/state", |state| state["link"] == "away" && state["waiting"] == 5).await;
        })
        .await;
    pair.agree().await;
    let here = pair.house.app.running.app().restaurant(pair.rid()).unwrap();
    assert_eq!(number(&here, "SELECT count(*) FROM orders"), 5);
}

#[tokio::test]
async fn a_desk_that_ends_with_something_waiting_brings_it_when_it_is_back() {
    let pair = Pair::linked().await;
    pair.apart().await;
    pair.there.post("/orders", order_of(&pair.house.pizza)).await.created();
    let pair = pair.restart_bar().await;
    assert_eq!(pair.there.get("/sync/state").await.ok()["waiting"], 1);
    assert_eq!(pair.there.get("").await.ok()["device_letters"], "B");
    pair.cable.mend();
    pair.agree().await;
}

#[tokio::test]
async fn a_restaurant_that_was_put_back_takes_in_what_the_bar_had_waiting_and_nothing_else() {
    let pair = Pair::linked().await;
    pair.there.post("/orders", order_of(&pair.house.pizza)).await.created();
    pair.in_step().await;
    let app = pair.house.app.running.app().clone();
    let (rid, copy) = (pair.rid(), pair.house.app.folder.path().join("then.db"));
    app.restaurant(rid).unwrap().db.snapshot(&copy).unwrap();
    let lost = pair.there.post("/orders", order_of(&pair.house.pizza)).await.created();
    pair.in_step().await;
    pair.apart().await;
    let waiting = pair.there.post("/orders", order_of(&pair.house.pizza)).await.created();
    let swapping = app.clone();
    tokio::task::spawn_blocking(move || swap::swap(&swapping, rid, &copy, 2)).await.unwrap().unwrap();
    assert_eq!(app.restaurant(rid).unwrap().letters(), "C", "B is the bar's");
    pair.cable.mend();
    pair.in_step().await;
    let letters = pair.there.get("").await.ok()["device_letters"].clone();
    assert_eq!(letters, "D", "a desk that begins again prints other letters");
    let orders = pair.house.owner.get("/orders?state=open").await.ok();
    let ids: Vec<_> = orders["items"].as_array().unwrap().iter().map(|order| order["id"].clone()).collect();
    assert!(ids.contains(&waiting["id"]) && !ids.contains(&lost["id"]) && ids.len() == 2, "{orders}");
    pair.agree().await;
    let page = pair.house.owner.get("/sync").await.ok();
    assert_eq!((page["epoch"].as_i64(), page["devices"].as_array().unwrap().len()), (Some(2), 1), "{page}");
    pair.there.post("/backups/restores", json!({})).await.refused("rule_violated");
}

#[tokio::test]
async fn a_desk_that_is_shut_out_is_told_and_keeps_what_it_has() {
    let pair = Pair::linked().await;
    let device = pair.house.owner.get("/sync").await.ok()["devices"][0]["id"].as_str().unwrap().to_owned();
    pair.house.owner.delete(&format!("/sync/devices/{device}")).await.gone();
    pair.there.post("/orders", order_of(&pair.house.pizza)).await.created();
    let state = until(&pair.there, "/sync", |page| page["link"]["state"] == "stopped").await;
    assert!(state["link"]["error"].as_str().unwrap().contains("shut out"), "{state}");
    assert_eq!(state["link"]["waiting"], 1);
    pair.there.delete("/sync").await.refused("rule_violated");
    assert_eq!(pair.house.owner.get("/orders?state=open").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn a_desk_leaves_and_may_join_again_under_other_letters() {
    let pair = Pair::linked().await;
    pair.there.post("/sync/codes", json!({})).await.refused("rule_violated");
    pair.house.owner.delete("/sync").await.refused("rule_violated");
    pair.there.delete("/sync").await.gone();
    assert_eq!(pair.bar.stranger().get("/setup").await.ok()["needed"], true);
    pair.there.get("/orders?state=open").await.refused("unauthenticated");
    let revoked = pair.house.owner.get("/sync").await.ok()["devices"][0]["revoked_ms"].clone();
    assert!(revoked.is_i64(), "{revoked}");
    let code = pair.house.owner.post("/sync/codes", json!({})).await.created();
    let joined = pair.bar.join(&pair.house.app.origin(), code["code"].as_str().unwrap()).await;
    assert_eq!(joined["step"], "done", "{joined}");
    let again = pair.bar.log_in("lucia@example.com", pair.house.owner.restaurant_id()).await;
    assert_eq!(again.get("").await.ok()["device_letters"], "C");
}

#[tokio::test]
async fn joining_says_what_is_wrong_with_an_address_or_a_code() {
    let house = House::open().await;
    let bar = TestApp::start().await;
    let wrong = bar.join(&house.app.origin(), "0000-0000-0000-0000").await;
    assert_eq!(wrong["step"], "failed");
    assert!(wrong["failure"].as_str().unwrap().contains("unknown"), "{wrong}");
    let nobody = bar.join("http://127.0.0.1:9", "0000-0000-0000-0000").await;
    assert!(nobody["failure"].as_str().unwrap().contains("nobody answers"), "{nobody}");
    let code = house.owner.post("/sync/codes", json!({})).await.created();
    assert_eq!(bar.join(&house.app.origin(), code["code"].as_str().unwrap()).await["step"], "done");
}
