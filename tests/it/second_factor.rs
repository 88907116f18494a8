//! The second factor: on, asked for, once each, and off; and wrong tries that a restart does not forget.

use comanda_engine::second_factor::model;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Person, TestApp};

const FRIDAY: &str = "2100-06-11T19:00:00+02:00";
const STEP_MS: i64 = 30_000;

/// An authenticator that read the secret.
struct Authenticator(model::Kept);

impl Authenticator {
    fn of(begun: &Value) -> Self {
        let secret = totp_rs::Secret::try_from_base32(begun["secret"].as_str().unwrap()).unwrap();
        Self(secret.as_bytes().try_into().unwrap())
    }

    fn shows(&self, at_ms: i64) -> String {
        model::totp(&self.0, "").unwrap().generate(u64::try_from(at_ms / 1000).unwrap()).to_string()
    }
}

struct On {
    app: TestApp,
    owner: Person,
    authenticator: Authenticator,
    recovery: Vec<String>,
}

fn log_in_body(code: Option<&str>) -> Value {
    json!({ "email": "lucia@example.com", "password": PASSWORD, "code": code })
}

async fn log_in(app: &TestApp, code: Option<&str>) -> Answer {
    app.stranger().post("/sessions", log_in_body(code)).await
}

/// Switched on at 19:00, by the code of that half minute.
async fn switched_on() -> On {
    let app = TestApp::start().await;
    app.at(FRIDAY);
    let owner = app.set_up().await;
    let begun = owner.post("~/me/second-factor", json!({ "password": PASSWORD })).await.ok();
    let authenticator = Authenticator::of(&begun);
    assert!(begun["uri"].as_str().unwrap().contains(begun["secret"].as_str().unwrap()), "{begun}");
    let code = authenticator.shows(app.now_ms());
    let codes = owner.post("~/me/second-factor/confirm", json!({ "code": code })).await.ok();
    let recovery = serde_json::from_value(codes["codes"].clone()).unwrap();
    On { app, owner, authenticator, recovery }
}

#[tokio::test]
async fn it_is_asked_for_once_it_is_confirmed_and_not_before() {
    let app = TestApp::start().await;
    app.at(FRIDAY);
    let owner = app.set_up().await;
    let elsewhere = app.log_in("lucia@example.com", "").await;
    owner.post("~/me/second-factor", json!({ "password": "Osteria-99" })).await.invalid("password");
    let begun = owner.post("~/me/second-factor", json!({ "password": PASSWORD })).await.ok();
    log_in(&app, None).await.created();
    owner.post("~/me/second-factor/confirm", json!({ "code": "000000" })).await.invalid("code");
    assert_eq!(owner.get("~/me/second-factor").await.ok()["since_ms"], Value::Null);
    let code = Authenticator::of(&begun).shows(app.now_ms());
    let codes = owner.post("~/me/second-factor/confirm", json!({ "code": code })).await.ok();
    assert_eq!(codes["codes"].as_array().unwrap().len(), 10);
    let now = owner.get("~/me/second-factor").await.ok();
    assert_eq!(now, json!({ "since_ms": app.now_ms(), "recovery_left": 10 }));
    elsewhere.get("~/me").await.refused("unauthenticated");
    let asked = log_in(&app, None).await;
    assert_eq!((asked.status.as_u16(), &asked.json()["error"]["code"]), (401, &json!("second_factor_needed")));
    // Without the right password nobody learns that there is one.
    let wrong = json!({ "email": "lucia@example.com", "password": "Osteria-99", "code": "000000" });
    app.stranger().post("/sessions", wrong).await.refused("unauthenticated");
    owner.post("~/me/second-factor", json!({ "password": PASSWORD })).await.refused("conflict");
    owner.post("~/me/second-factor/confirm", json!({ "code": code })).await.refused("conflict");
}

#[tokio::test]
async fn a_code_works_once_and_one_of_another_minute_not_at_all() {
    let on = switched_on().await;
    let app = &on.app;
    // The one that confirmed it is used up.
    let code = on.authenticator.shows(app.now_ms());
    assert_eq!(log_in(app, Some(&code)).await.refused("unauthenticated")["field"], "code");
    app.pass_ms(STEP_MS);
    let code = on.authenticator.shows(app.now_ms());
    log_in(app, Some(&format!("{} {}", &code[..3], &code[3..]))).await.created();
    log_in(app, Some(&code)).await.refused("unauthenticated");
    let late = on.authenticator.shows(app.now_ms() - 3 * STEP_MS);
    log_in(app, Some(&late)).await.refused("unauthenticated");
    // A clock that is half a minute ahead is let in.
    let ahead = on.authenticator.shows(app.now_ms() + STEP_MS);
    log_in(app, Some(&ahead)).await.created();
}

#[tokio::test]
async fn of_two_who_send_one_code_at_once_one_is_let_in() {
    let on = switched_on().await;
    on.app.pass_ms(STEP_MS);
    let code = on.authenticator.shows(on.app.now_ms());
    let (one, other) = tokio::join!(log_in(&on.app, Some(&code)), log_in(&on.app, Some(&code)));
    let mut both = [one.status.as_u16(), other.status.as_u16()];
    both.sort_unstable();
    assert_eq!(both, [201, 401]);
}

#[tokio::test]
async fn a_recovery_code_works_once_and_new_ones_end_the_old_ones() {
    let on = switched_on().await;
    let app = &on.app;
    log_in(app, Some(&on.recovery[0].to_uppercase())).await.created();
    log_in(app, Some(&on.recovery[0])).await.refused("unauthenticated");
    assert_eq!(on.owner.get("~/me/second-factor").await.ok()["recovery_left"], 9);
    let both = |code: &str| json!({ "password": PASSWORD, "code": code });
    let renewed = on.owner.post("~/me/second-factor/recovery-codes", both(&on.recovery[1])).await.ok();
    log_in(app, Some(&on.recovery[2])).await.refused("unauthenticated");
    log_in(app, renewed["codes"][0].as_str()).await.created();
    on.owner.post("~/me/second-factor/end", both("000000")).await.invalid("code");
    let code = renewed["codes"][1].as_str().unwrap();
    on.owner.post("~/me/second-factor/end", both(code)).await.gone();
    log_in(app, None).await.created();
    on.owner.post("~/me/second-factor/end", both(code)).await.refused("conflict");
}

#[tokio::test]
async fn wrong_tries_at_an_address_wait_and_starting_anew_frees_nobody() {
    let app = TestApp::start().await;
    app.at(FRIDAY);
    app.set_up().await;
    let wrong = json!({ "email": "Lucia@example.com", "password": "Osteria-99" });
    for _ in 0..10 {
        app.stranger().post("/sessions", wrong.clone()).await.refused("unauthenticated");
    }
    let refused = log_in(&app, None).await;
    assert_eq!(refused.header("retry-after"), "30");
    assert_eq!(refused.refused("too_many_requests")["details"], json!({ "wait_s": 30 }));
    let app = app.restart().await;
    app.at(FRIDAY);
    log_in(&app, None).await.refused("too_many_requests");
    // Nobody's address is told apart from somebody's.
    let nobody = json!({ "email": "nobody@example.com", "password": "Osteria-99" });
    for _ in 0..10 {
        app.stranger().post("/sessions", nobody.clone()).await.refused("unauthenticated");
    }
    app.stranger().post("/sessions", nobody).await.refused("too_many_requests");
    app.pass_ms(30_000);
    log_in(&app, None).await.created();
}

#[tokio::test]
async fn wrong_codes_wait_too_and_secrets_stay_out_of_the_records() {
    let on = switched_on().await;
    for _ in 0..10 {
        log_in(&on.app, Some("000000")).await.refused("unauthenticated");
    }
    on.app.pass_ms(STEP_MS - 1);
    let code = on.authenticator.shows(on.app.now_ms() + 1);
    log_in(&on.app, Some(&code)).await.refused("too_many_requests");
    on.app.pass_ms(1);
    log_in(&on.app, Some(&code)).await.created();
    let (secret, recovery) = (on.authenticator.0, on.recovery[0].replace('-', ""));
    let folder = on.app.stop_and_keep().await;
    let conn = rusqlite::Connection::open(folder.path().join("installation.db")).unwrap();
    let held: i64 = conn
        .query_row(
            "SELECT (SELECT count(*) FROM ledger WHERE instr(args || answer, ?1) OR instr(args || answer, ?2))
                  + (SELECT count(*) FROM journal WHERE instr(changes, ?1))",
            (&secret[..], recovery.as_bytes()),
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(held, 0);
}
