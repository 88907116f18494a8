//! The computer's clock is moved: it is noticed, said at the till, and nothing is refused because of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use comanda_engine::kernel::time::Clock;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{EVENING, Person, TestApp, instant};
use crate::trade::House;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// A clock somebody may set, and the time that passes whatever it shows.
#[derive(Clone)]
struct Hands {
    wall: Arc<AtomicI64>,
    steady: Arc<AtomicI64>,
}

impl Hands {
    fn at(rfc3339: &str) -> Self {
        Self { wall: Arc::new(AtomicI64::new(instant(rfc3339))), steady: Arc::new(AtomicI64::new(77)) }
    }

    fn clock(&self) -> Clock {
        let (wall, steady) = (self.wall.clone(), self.steady.clone());
        Clock::from_fns(move || wall.load(Ordering::SeqCst), move || steady.load(Ordering::SeqCst))
    }

    fn pass(&self, ms: i64) {
        self.wall.fetch_add(ms, Ordering::SeqCst);
        self.steady.fetch_add(ms, Ordering::SeqCst);
    }

    fn set_by(&self, ms: i64) {
        self.wall.fetch_add(ms, Ordering::SeqCst);
    }

    async fn start(&self, folder: TempDir) -> TestApp {
        TestApp::start_with(folder, |options| options.clock = self.clock()).await
    }

    async fn house(&self) -> House {
        let app = self.start(tempfile::tempdir().unwrap()).await;
        let owner = app.set_up().await;
        House::with(app, owner).await
    }
}

async fn jumps(person: &Person) -> Vec<Value> {
    let seen = person.get("/wall-clock").await.ok();
    seen["jumps"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_clock_that_is_set_back_is_noticed_and_no_order_is_refused_for_it() {
    let hands = Hands::at(EVENING);
    let house = hands.house().await;
    let owner = &house.owner;
    owner.post("/till/open", json!({ "float_minor": 10_000 })).await.created();
    assert_eq!(jumps(owner).await, [] as [Value; 0]);

    hands.set_by(-3 * HOUR_MS);
    let seen = owner.get("/wall-clock").await.ok();
    assert_eq!(seen["now_ms"], instant(EVENING) - 3 * HOUR_MS);
    let jump = &seen["jumps"][0];
    assert_eq!((&jump["by_ms"], &jump["at_start"]), (&json!(-3 * HOUR_MS), &json!(false)));
    // Told once, however often it is looked at.
    assert_eq!(jumps(owner).await.len(), 1);
    assert_eq!(owner.get("/inbox?open=true").await.ok()["items"][0]["kind"], "clock_jumped");

    // An evening's work by a wrong clock: every step is taken.
    let order = house.finished("cash").await;
    assert_eq!(house.fresh(&order).await["state"], "completed");
    let drawer = owner.get("/till").await.ok()["session"].clone();
    owner.post("/till/close", json!({ "counted_minor": drawer["expected_minor"] })).await.ok();
    owner.post("/till/z", json!({})).await.created();
}

#[tokio::test]
async fn time_that_passes_and_small_corrections_are_no_jump() {
    let hands = Hands::at(EVENING);
    let house = hands.house().await;
    hands.pass(9 * HOUR_MS);
    assert_eq!(jumps(&house.owner).await, [] as [Value; 0], "the computer slept");
    for _ in 0..10 {
        hands.set_by(90_000);
        assert_eq!(jumps(&house.owner).await, [] as [Value; 0], "network time corrects by seconds");
    }
    hands.set_by(2 * MINUTE_MS + 1);
    assert_eq!(jumps(&house.owner).await.len(), 1);
}

#[tokio::test]
async fn what_waits_goes_on_when_the_computer_wakes_up_and_not_before() {
    let hands = Hands::at(EVENING);
    let house = hands.house().await;
    let app = house.app.running.app().clone();
    let waits = tokio::spawn({
        let app = app.clone();
        async move { app.wall_clock.pause(std::time::Duration::from_secs(3_600)).await }
    });
    tokio::task::yield_now().await;
    hands.pass(6_000);
    assert_eq!(jumps(&house.owner).await.len(), 0);
    assert!(!waits.is_finished(), "a look that is a second late is no sleep");
    // A night with the lid shut: the session is as old as the night.
    hands.pass(9 * HOUR_MS);
    let owner = house.app.log_in("lucia@example.com", house.owner.restaurant_id()).await;
    assert_eq!(jumps(&owner).await.len(), 0, "nobody set the clock");
    tokio::time::timeout(std::time::Duration::from_secs(5), waits).await.unwrap().unwrap();
}

#[tokio::test]
async fn whoever_is_at_the_till_says_that_the_clock_is_right_and_it_stays_in_the_records() {
    let hands = Hands::at(EVENING);
    let house = hands.house().await;
    hands.set_by(26 * HOUR_MS);
    let seen = jumps(&house.owner).await;
    assert_eq!(seen[0]["by_ms"], 26 * HOUR_MS);
    let body = json!({ "jumps": [seen[0]["id"]] });

    let waiter = house.app.staff(&house.owner, "waiter").await;
    assert_eq!(jumps(&waiter).await.len(), 1, "everybody sees it");
    waiter.post("/wall-clock/confirm", body.clone()).await.refused("forbidden");
    let cashier = house.app.staff(&house.owner, "cashier").await;
    cashier.post("/wall-clock/confirm", json!({ "jumps": [] })).await.invalid("jumps");
    cashier.post("/wall-clock/confirm", body.clone()).await.gone();
    cashier.post("/wall-clock/confirm", body).await.gone();
    assert_eq!(jumps(&house.owner).await, [] as [Value; 0]);

    let all = house.owner.get("/inbox").await.ok();
    assert_eq!((&all["items"][0]["kind"], &all["items"][0]["resolved"]), (&json!("clock_jumped"), &json!(true)));
    let done = house.owner.get("/audit").await.ok();
    let names: Vec<_> = done["items"].as_array().unwrap().iter().map(|row| row["action"].clone()).collect();
    assert!(names.contains(&json!("note_clock_jump")) && names.contains(&json!("confirm_clock")), "{names:?}");
}

#[tokio::test]
async fn a_confirmation_settles_jumps_and_nothing_else_that_waits() {
    let hands = Hands::at(EVENING);
    let house = hands.house().await;
    hands.set_by(-HOUR_MS);
    let first = jumps(&house.owner).await;
    hands.set_by(HOUR_MS);
    assert_eq!(jumps(&house.owner).await.len(), 2, "put right again is a jump too");
    house.owner.post("/wall-clock/confirm", json!({ "jumps": [first[0]["id"]] })).await.gone();
    assert_eq!(jumps(&house.owner).await[0]["by_ms"], HOUR_MS);
    house.owner.post("/wall-clock/confirm", json!({ "jumps": ["0196f3e0-0000-7000-8000-000000000000"] })).await.gone();
    assert_eq!(jumps(&house.owner).await.len(), 1);
}

#[tokio::test]
async fn a_start_behind_the_newest_record_is_noticed_and_a_long_holiday_is_not() {
    let hands = Hands::at(EVENING);
    let house = hands.house().await;
    let owner = house.owner.clone();
    let folder = house.app.stop_and_keep().await;
    // Closed for some weeks; another steady clock, because the computer was off.
    hands.set_by(20 * 24 * HOUR_MS);
    hands.steady.store(3, Ordering::SeqCst);
    let app = hands.start(folder).await;
    let owner = app.again(&owner);
    assert_eq!(jumps(&owner).await, [] as [Value; 0]);
    owner.post("/menu/categories", json!({ "name": "Wine" })).await.created();
    let folder = app.stop_and_keep().await;

    // The battery died.
    hands.set_by(-5 * HOUR_MS);
    let app = hands.start(folder).await;
    let owner = app.again(&owner);
    let seen = jumps(&owner).await;
    assert_eq!((&seen[0]["by_ms"], &seen[0]["at_start"]), (&json!(-5 * HOUR_MS), &json!(true)));
    // Noted by the clock there is now, so the next start finds nothing new.
    let app = hands.start(app.stop_and_keep().await).await;
    assert_eq!(jumps(&app.again(&owner)).await.len(), 1);
}
