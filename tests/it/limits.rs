//! How often somebody may ask, with the quotas of the product.

use comanda_engine::front::openapi;
use comanda_engine::limits::model::{FREE_ROUTES, Name, Quota, ROUTES};
use comanda_engine::limits::pace::Wanted;
use reqwest::Method;
use reqwest::header::ORIGIN;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Person, TestApp};

/// Later than any day these tests are run on: the engine's clock goes forward.
const FRIDAY: &str = "2100-06-11T19:00:00+02:00";

/// With the limits of the product, on a clock that stands.
async fn with_usual_limits() -> TestApp {
    with(Wanted::default()).await
}

async fn with(limits: Wanted) -> TestApp {
    let app = TestApp::start_with(tempfile::tempdir().unwrap(), |options| options.limits = limits).await;
    app.at(FRIDAY);
    app
}

async fn log_in(app: &TestApp, password: &str) -> Answer {
    app.stranger().post("/sessions", json!({ "email": "lucia@example.com", "password": password })).await
}

/// Somebody without a token who asks until they are told to wait; how often they were answered.
async fn until_refused(person: &Person, path: &str) -> (u32, Answer) {
    for times in 0.. {
        let answer = person.get(path).await;
        if answer.status == 429 {
            return (times, answer);
        }
        assert!(times < 2_000, "never refused");
    }
    unreachable!("2,000 is the end")
}

fn limiter<'a>(limits: &'a Value, name: &str) -> &'a Value {
    limits["limiters"].as_array().unwrap().iter().find(|one| one["name"] == name).expect("a limiter")
}

#[tokio::test]
async fn the_sixth_wrong_password_waits_and_right_ones_never_count() {
    let app = with_usual_limits().await;
    let owner = app.set_up().await;
    for _ in 0..8 {
        log_in(&app, PASSWORD).await.created();
    }
    for left in (0..5).rev() {
        let answer = log_in(&app, "Osteria-99").await;
        let standing: Vec<_> = answer.headers.get_all("ratelimit").iter().map(|v| v.to_str().unwrap()).collect();
        assert!(standing[1].starts_with(&format!("\"auth\";r={left};t=")), "{standing:?}");
        answer.refused("unauthenticated");
    }
    let refused = log_in(&app, PASSWORD).await;
    assert_eq!(refused.header("retry-after"), "180");
    assert_eq!(refused.header("ratelimit"), "\"auth\";r=0;t=180");
    assert_eq!(refused.header("ratelimit-policy"), "\"auth\";q=5;w=900");
    let error = refused.refused("too_many_requests");
    assert_eq!(error["details"], json!({ "limiter": "auth", "wait_s": 180 }));
    // Whoever is in already notices nothing.
    owner.get("~/me").await.ok();
    app.pass_ms(179_000);
    log_in(&app, PASSWORD).await.refused("too_many_requests");
    app.pass_ms(1_000);
    log_in(&app, PASSWORD).await.created();
    // One has come back; the other four take their time.
    log_in(&app, "Osteria-99").await.refused("unauthenticated");
    log_in(&app, PASSWORD).await.refused("too_many_requests");
    app.pass_ms(15 * 60_000);
    for _ in 0..5 {
        log_in(&app, "Osteria-99").await.refused("unauthenticated");
    }
}

#[tokio::test]
async fn a_stranger_has_a_hundred_requests_a_quarter_of_an_hour_and_a_session_on_the_same_address_has_its_own() {
    let app = with_usual_limits().await;
    let owner = app.set_up().await;
    let stranger = app.stranger();
    let (answered, refused) = until_refused(&stranger, "/me").await;
    assert_eq!((answered, refused.header("retry-after")), (100, "9"));
    refused.refused("too_many_requests");
    // Nobody is believed to be somewhere else because they say so.
    let elsewhere = stranger.request(Method::GET, "/me").header("x-forwarded-for", "203.0.113.7");
    Answer::of(elsewhere.header("forwarded", "for=203.0.113.7")).await.refused("too_many_requests");
    log_in(&app, PASSWORD).await.refused("too_many_requests");
    for _ in 0..300 {
        owner.get("/today").await.ok();
    }
    // What a page asks before anybody is in, and what watches the engine.
    for _ in 0..150 {
        stranger.get("/setup").await.ok();
        stranger.get("/health/live").await.ok();
    }
    app.pass_ms(9_000);
    stranger.get("/me").await.refused("unauthenticated");
    stranger.get("/me").await.refused("too_many_requests");
}

#[tokio::test]
async fn a_token_nobody_has_uses_up_nobodys_log_in() {
    let app = with_usual_limits().await;
    let owner = app.set_up().await;
    let tablet = log_in(&app, PASSWORD).await.created();
    let lost = |path: &str| app.http.get(app.url(path)).bearer_auth(tablet["token"].as_str().unwrap());
    assert_eq!(lost("/me").send().await.unwrap().status(), 200);
    let out = app.http.delete(app.url("/sessions/current")).bearer_auth(tablet["token"].as_str().unwrap());
    assert_eq!(out.send().await.unwrap().status(), 204);
    for _ in 0..60 {
        Answer::of(lost("/me")).await.refused("unauthenticated");
    }
    let refused = Answer::of(lost("/me")).await;
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.refused("too_many_requests")["details"]["limiter"], "api");
    log_in(&app, PASSWORD).await.created();
    owner.get("~/me").await.ok();
}

#[tokio::test]
async fn what_other_services_send_has_a_limit_of_its_own() {
    let app = with_usual_limits().await;
    let stranger = app.stranger();
    let (answered, refused) = until_refused(&stranger, "/webhooks/card").await;
    assert_eq!((answered, refused.header("ratelimit-policy")), (100, "\"webhook\";q=100;w=60"));
    stranger.get("/me").await.refused("unauthenticated");
}

#[tokio::test]
async fn people_have_a_limit_each_and_not_the_house_together() {
    let mut limits = Wanted::default();
    limits.quotas.push((Name::People, Quota { requests: 5, window_s: 60 }));
    let app = with(limits).await;
    let owner = app.set_up().await;
    let waiter = app.staff(&owner, "waiter").await;
    let (answered, refused) = until_refused(&owner, "/orders?state=open").await;
    // Making the waiter was one.
    assert_eq!((answered, refused.header("retry-after")), (4, "12"));
    for left in (0..5).rev() {
        let answer = waiter.get("/orders?state=open").await;
        assert_eq!(answer.header("ratelimit"), format!("\"people\";r={left};t={}", (5 - left) * 12));
        answer.ok();
    }
    waiter.get("/orders?state=open").await.refused("too_many_requests");
}

#[tokio::test]
async fn the_switch_turns_it_off() {
    let app = with(Wanted { is_on: false, ..Wanted::default() }).await;
    let owner = app.set_up().await;
    // Fewer than an address is let try at all, which is no limit of this kind.
    for _ in 0..9 {
        let answer = log_in(&app, "Osteria-99").await;
        assert_eq!(answer.header("ratelimit"), "");
        answer.refused("unauthenticated");
    }
    for _ in 0..120 {
        app.stranger().get("/me").await.refused("unauthenticated");
    }
    assert_eq!(owner.get("~/limits").await.ok()["is_on"], false);
}

#[tokio::test]
async fn a_page_elsewhere_may_read_why_it_has_to_wait() {
    let app = with_usual_limits().await;
    until_refused(&app.stranger(), "/me").await;
    let page = app.http.get(app.url("/me")).header(ORIGIN, "tauri://localhost");
    let answer = Answer::of(page).await;
    assert_eq!(answer.header("access-control-allow-origin"), "tauri://localhost");
    for header in ["retry-after", "ratelimit", "ratelimit-policy"] {
        assert!(answer.header("access-control-expose-headers").contains(header), "{header}");
        assert_ne!(answer.header(header), "");
    }
    answer.refused("too_many_requests");
}

#[tokio::test]
async fn the_owner_chooses_another_quota_and_it_stays() {
    let app = with_usual_limits().await;
    let owner = app.set_up().await;
    let manager = app.staff(&owner, "manager").await;
    let waiter = app.staff(&owner, "waiter").await;
    until_refused(&app.stranger(), "/me").await;
    let narrow = json!({ "requests": 3, "window_s": 30 });
    manager.put("~/limits/general", narrow.clone()).await.refused("forbidden");
    waiter.get("~/limits").await.refused("forbidden");
    owner.put("~/limits/general", json!({ "requests": 0, "window_s": 30 })).await.invalid("requests");
    owner.put("~/limits/general", json!({ "requests": 3, "window_s": 86_401 })).await.invalid("window_s");
    owner.put("~/limits/general", json!({ "requests": -1, "window_s": 1 })).await.invalid("requests");
    owner.put("~/limits/everything", narrow.clone()).await.invalid("limiter");
    let changed = owner.put("~/limits/general", narrow).await.ok();
    assert_eq!((&changed["requests"], &changed["usual_requests"]), (&json!(3), &json!(100)));
    let (answered, refused) = until_refused(&app.stranger(), "/me").await;
    assert_eq!((answered, refused.header("retry-after")), (3, "10"));

    let folder = app.stop_and_keep().await;
    let app = TestApp::start_with(folder, |options| options.limits = Wanted::default()).await;
    let owner = app.again(&owner);
    assert_eq!(limiter(&owner.get("~/limits").await.ok(), "general")["requests"], 3);
    let usual = owner.delete("~/limits/general").await.ok();
    assert_eq!((&usual["requests"], &usual["window_s"]), (&json!(100), &json!(900)));
    assert_eq!(until_refused(&app.stranger(), "/me").await.0, 100);
}

#[tokio::test]
async fn the_screen_says_who_was_refused_and_no_token() {
    let mut limits = Wanted::default();
    limits.quotas.push((Name::People, Quota { requests: 40, window_s: 60 }));
    let app = with(limits).await;
    let owner = app.set_up().await;
    let waiter = app.staff(&owner, "waiter").await;
    for _ in 0..3 {
        until_refused(&app.stranger(), "/me").await;
    }
    until_refused(&waiter, "/orders?state=open").await;
    let answer = owner.get("~/limits").await;
    for token in [owner.token(), waiter.token()] {
        assert!(!answer.text.contains(token));
    }
    let said = answer.ok();
    let refused: Vec<_> = said["refused"].as_array().unwrap().iter().collect();
    assert_eq!(
        (&refused[0]["limiter"], &refused[0]["kind"], &refused[0]["who"]),
        (&json!("people"), &json!("person"), &json!("A waiter"))
    );
    assert_eq!((&refused[1]["who"], &refused[1]["times"]), (&json!("127.0.0.1"), &json!(3)));
    let general = limiter(&said, "general");
    assert_eq!(
        (&general["refused"], &general["keys"], &general["counted_by"]),
        (&json!(3), &json!(1), &json!("address"))
    );
    // The waiter's log-in was one of them.
    assert_eq!(general["allowed"], 100);
}

#[tokio::test]
async fn a_linked_desk_goes_on_while_strangers_are_refused() {
    let app = with_usual_limits().await;
    let owner = app.set_up().await;
    let code = owner.post("/sync/codes", json!({})).await.created();
    let desk = TestApp::start().await;
    desk.at(FRIDAY);
    assert_eq!(desk.join(&app.origin(), code["code"].as_str().unwrap()).await["step"], "done");
    until_refused(&app.stranger(), "/me").await;
    owner.post("/menu/categories", json!({ "name": "Pizza" })).await.created();
    let there = desk.log_in("lucia@example.com", owner.restaurant_id()).await;
    let began = std::time::Instant::now();
    while there.get("/menu").await.ok()["categories"].as_array().unwrap().is_empty() {
        assert!(began.elapsed().as_secs() < 30, "the desk hears nothing");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[test]
fn every_route_of_the_table_is_one_of_the_contract() {
    let document = openapi::document();
    let known: Vec<_> = document["paths"].as_object().unwrap().iter().collect();
    let named = ROUTES.iter().filter(|(name, _, _)| *name != Name::Webhook);
    for (method, route) in named.map(|(_, method, route)| (*method, *route)).chain(FREE_ROUTES.iter().copied()) {
        let is_there = known.iter().any(|(path, methods)| {
            let same = route.strip_suffix('*').map_or(path.as_str() == route, |start| path.starts_with(start));
            same && (method == "*" || methods[method.to_lowercase()].is_object())
        });
        assert!(is_there, "{method} {route}");
    }
}
