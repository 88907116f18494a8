//! Clocking in and out, breaks, nights, and what a manager corrects.

use serde_json::{Value, json};

use crate::support::{EVENING, Person, TestApp, instant};
use crate::trade::{allowed, id};

const HOUR_MS: i64 = 3_600_000;

async fn step(person: &Person, step: &str) -> crate::support::Answer {
    person.post(&format!("/clock/{step}"), json!({})).await
}

/// The one sheet of the week.
async fn sheet(owner: &Person, staff_id: &str, week: &str) -> Value {
    let times = owner.get(&format!("/clock/times?week={week}&person={staff_id}")).await.ok();
    assert_eq!(times["people"].as_array().unwrap().len(), 1, "{times}");
    times["people"][0].clone()
}

async fn own_id(person: &Person) -> String {
    person.get("/clock").await.ok()["week"]["staff_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_shift_with_a_break_is_counted_and_steps_out_of_order_are_refused() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let owner = app.set_up().await;
    let waiter = app.staff(&owner, "waiter").await;
    assert_eq!(waiter.get("/clock").await.ok()["shift"], json!(null));
    assert_eq!(allowed(&step(&waiter, "out").await.refused("illegal_step")), ["in"]);
    assert_eq!(step(&waiter, "in").await.created()["shift"]["worked_ms"], 0);
    assert_eq!(allowed(&step(&waiter, "in").await.refused("illegal_step")), ["out", "break"]);
    step(&waiter, "resume").await.refused("illegal_step");
    app.pass_ms(2 * HOUR_MS);
    step(&waiter, "break").await.ok();
    step(&waiter, "break").await.refused("illegal_step");
    app.pass_ms(HOUR_MS / 2);
    let on_break = waiter.get("/clock").await.ok();
    assert_eq!(
        (&on_break["shift"]["worked_ms"], &on_break["shift"]["break_ms"]),
        (&json!(2 * HOUR_MS), &json!(HOUR_MS / 2))
    );
    step(&waiter, "resume").await.ok();
    app.pass_ms(HOUR_MS);
    // The second break ends with the shift.
    step(&waiter, "break").await.ok();
    app.pass_ms(HOUR_MS);
    let out = step(&waiter, "out").await.ok();
    assert_eq!(out["shift"], json!(null));
    assert_eq!((&out["week"]["worked_ms"], &out["week"]["break_ms"]), (&json!(3 * HOUR_MS), &json!(HOUR_MS * 3 / 2)));
}

#[tokio::test]
async fn a_night_shift_belongs_to_the_day_it_began_on_and_has_its_hours_when_the_clocks_change() {
    let app = TestApp::start().await;
    app.at("2026-10-24T22:00:00+02:00");
    let owner = app.set_up().await;
    step(&owner, "in").await.created();
    app.at("2026-10-25T06:00:00+01:00");
    step(&owner, "out").await.ok();
    let own = own_id(&owner).await;
    let week = sheet(&owner, &own, "2026-10-24").await;
    assert_eq!((&week["worked_ms"], &week["shifts"][0]["business_date"]), (&json!(9 * HOUR_MS), &json!("2026-10-24")));
    // After midnight and before the cut-off on a Monday it is still the week before.
    app.at("2026-10-26T03:00:00+01:00");
    step(&owner, "in").await.created();
    app.at("2026-10-26T05:00:00+01:00");
    step(&owner, "out").await.ok();
    assert_eq!(sheet(&owner, &own, "2026-10-25").await["worked_ms"], 11 * HOUR_MS);
    assert_eq!(sheet(&owner, &own, "2026-10-26").await["worked_ms"], 0);
    let spring = |from: &str, to: &str| json!({ "staff_id": own, "started_ms": instant(from), "ended_ms": instant(to), "reason": "The clock was off" });
    let added = spring("2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00+02:00");
    assert_eq!(owner.post("/clock/entries", added).await.created()["worked_ms"], 7 * HOUR_MS);
}

#[tokio::test]
async fn what_overlaps_is_refused_and_what_touches_is_not() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let owner = app.set_up().await;
    let own = own_id(&owner).await;
    let span = |from: i64, to: i64| {
        let at = |hour: i64| instant(EVENING) + hour * HOUR_MS;
        json!({ "staff_id": own, "started_ms": at(from), "ended_ms": at(to), "reason": "Forgot" })
    };
    let first = id(&owner.post("/clock/entries", span(-8, -4)).await.created());
    owner.post("/clock/entries", span(-4, -2)).await.created();
    let error = owner.post("/clock/entries", span(-5, -3)).await.refused("rule_violated");
    assert_eq!(error["field"], "started_ms");
    owner.post("/clock/entries", span(-9, -1)).await.refused("rule_violated");
    owner.post("/clock/entries", span(-1, 1)).await.invalid("ended_ms");
    owner.post("/clock/entries", span(-2, -2)).await.invalid("ended_ms");
    let change = |from, to| json!({ "started_ms": span(from, to)["started_ms"], "ended_ms": span(from, to)["ended_ms"], "reason": "Seen" });
    owner.patch(&format!("/clock/entries/{first}"), change(-8, -3)).await.refused("rule_violated");
    owner.patch(&format!("/clock/entries/{first}"), change(-9, -4)).await.ok();
    owner.post(&format!("/clock/entries/{first}/void"), json!({ "reason": "Was not here" })).await.ok();
    owner.post("/clock/entries", span(-9, -4)).await.created();
    owner.patch(&format!("/clock/entries/{first}"), change(-9, -8)).await.refused("not_found");
}

#[tokio::test]
async fn a_correction_says_why_and_keeps_what_was() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let owner = app.set_up().await;
    let waiter = app.staff(&owner, "waiter").await;
    step(&waiter, "in").await.created();
    app.pass_ms(4 * HOUR_MS);
    step(&waiter, "out").await.ok();
    let own = own_id(&waiter).await;
    let shift = sheet(&owner, &own, "2026-06-12").await["shifts"][0].clone();
    let (from, to) = (shift["started_ms"].as_i64().unwrap(), shift["ended_ms"].as_i64().unwrap());
    let path = format!("/clock/entries/{}", id(&shift));
    let pause = json!([{ "started_ms": from + HOUR_MS, "ended_ms": from + 2 * HOUR_MS }]);
    let change =
        |reason: &str| json!({ "started_ms": from, "ended_ms": to - HOUR_MS / 2, "breaks": pause, "reason": reason });
    owner.patch(&path, change(" ")).await.invalid("reason");
    waiter.patch(&path, change("Mine")).await.refused("forbidden");
    let corrected = owner.patch(&path, change("Left early, took an hour off")).await.ok();
    assert_eq!((&corrected["worked_ms"], &corrected["break_ms"]), (&json!(HOUR_MS * 5 / 2), &json!(HOUR_MS)));
    let correction = &corrected["corrections"][0];
    assert_eq!((&correction["by_name"], &correction["kind"]), (&json!("Lucia Rossi"), &json!("correct")));
    assert_eq!((&correction["was_started_ms"], &correction["was_ended_ms"]), (&json!(from), &json!(to)));
    // The person sees it too.
    assert_eq!(waiter.get("/clock").await.ok()["week"]["shifts"][0], corrected);
    let struck = owner.post(&format!("{path}/void"), json!({ "reason": "Another Marco" })).await.ok();
    assert_eq!((&struck["voided"], struck["corrections"].as_array().unwrap().len()), (&json!(true), 2));
    assert_eq!(sheet(&owner, &own, "2026-06-12").await["worked_ms"], 0, "it is seen and counts nothing");
}

#[tokio::test]
async fn who_forgets_to_clock_out_is_flagged_and_may_come_again() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let owner = app.set_up().await;
    let waiter = app.staff(&owner, "waiter").await;
    step(&waiter, "in").await.created();
    app.pass_ms(15 * HOUR_MS);
    assert_eq!(waiter.get("/clock").await.ok()["shift"]["forgotten"], false);
    app.pass_ms(7 * HOUR_MS);
    assert_eq!(waiter.get("/clock").await.ok()["shift"]["forgotten"], true);
    step(&waiter, "in").await.created();
    let inbox = owner.get("/inbox").await.ok();
    let flag = &inbox["items"][0];
    assert_eq!((&flag["kind"], &flag["params"]["name"]), (&json!("forgot_clock_out"), &json!("A waiter")));
    let week = sheet(&owner, &own_id(&waiter).await, "2026-06-12").await;
    let old = &week["shifts"][0];
    assert_eq!((&old["forgotten"], &old["ended_ms"], &old["worked_ms"]), (&json!(true), &json!(null), &json!(0)));
    let from = old["started_ms"].as_i64().unwrap();
    let change = json!({ "started_ms": from, "ended_ms": from + 6 * HOUR_MS, "reason": "Left at one" });
    let mended = owner.patch(&format!("/clock/entries/{}", id(old)), change).await.ok();
    assert_eq!((&mended["forgotten"], &mended["worked_ms"]), (&json!(false), &json!(6 * HOUR_MS)));
}

#[tokio::test]
async fn clocking_in_twice_with_one_key_is_once_and_two_at_once_are_one() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let owner = app.set_up().await;
    let key = uuid::Uuid::now_v7().to_string();
    let first = owner.post_keyed(&key, "/clock/in", json!({})).await;
    assert!(!first.replayed());
    let again = owner.post_keyed(&key, "/clock/in", json!({})).await;
    assert!(again.replayed());
    assert_eq!(first.created(), again.created());
    step(&owner, "out").await.ok();
    app.pass_ms(HOUR_MS);
    let (a, b) = tokio::join!(step(&owner, "in"), step(&owner, "in"));
    let mut status = [a.status.as_u16(), b.status.as_u16()];
    status.sort_unstable();
    assert_eq!(status, [201, 409]);
}

#[tokio::test]
async fn times_are_a_file_and_people_see_their_own_only() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let owner = app.set_up().await;
    let waiter = app.staff(&owner, "waiter").await;
    step(&waiter, "in").await.created();
    app.pass_ms(2 * HOUR_MS + 20 * 60_000);
    step(&waiter, "out").await.ok();
    let csv = owner.get("/clock/times.csv?from=2026-06-01&to=2026-06-30").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<_> = csv.text.lines().collect();
    assert_eq!(lines[1], "A waiter,waiter,2026-06-12,2026-06-12 19:00,2026-06-12 21:20,0.00,2.33,,,");
    owner.get("/clock/times.csv?from=2026-06-02&to=2026-06-01").await.invalid("to");
    owner.get("/clock/times.csv?from=2024-06-02&to=2026-06-01").await.invalid("to");
    owner.get("/clock/times?week=soon").await.invalid("week");
    waiter.get("/clock/times").await.refused("forbidden");
    waiter.get("/clock/times.csv?from=2026-06-01&to=2026-06-30").await.refused("forbidden");
}
