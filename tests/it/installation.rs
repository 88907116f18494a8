//! First run, codes, logging in and out.

use comanda_engine::serve::{self, Options, Purpose};
use serde_json::{Value, json};

use crate::support::{Answer, EVENING, PASSWORD, TestApp, setup_request};

fn without(mut value: Value, path: &[&str]) -> Value {
    let (last, way) = path.split_last().unwrap();
    let place = way.iter().fold(&mut value, |value, key| &mut value[*key]);
    place.as_object_mut().unwrap().remove(*last);
    value
}

fn with(mut value: Value, path: &[&str], new: Value) -> Value {
    *path.iter().fold(&mut value, |value, key| &mut value[*key]) = new;
    value
}

#[tokio::test]
async fn a_new_installation_is_set_up_once_and_its_owner_is_logged_in() {
    let app = TestApp::start().await;
    let before = app.stranger().get("/setup").await.ok();
    assert_eq!(before["needed"], true);
    assert_eq!(before["locales"], json!(["en", "es"]));
    let eur = before["currencies"].as_array().unwrap().iter().find(|c| c["code"] == "EUR").unwrap();
    assert_eq!(eur["exponent"], 2);
    assert!(before["time_zones"].as_array().unwrap().contains(&json!("Europe/Rome")));

    let owner = app.set_up().await;
    let me = owner.get("~/me").await.ok();
    assert_eq!(me["name"], "Lucia Rossi");
    assert_eq!(me["email"], "lucia@example.com");
    assert_eq!(
        me["restaurants"],
        json!([{ "id": owner.restaurant_id(), "name": "Trattoria da Lucia", "role": "owner", "currency": "EUR",
                 "exponent": 2, "locale": "en", "time_zone": "Europe/Rome" }])
    );
    assert_eq!(app.stranger().get("/setup").await.ok()["needed"], false);
}

#[tokio::test]
async fn setting_up_asked_again_gives_the_same_restaurant_and_another_request_is_a_conflict() {
    let app = TestApp::start().await;
    let token = app.setup_token().await;
    let ask = async |key: &str, body: Value| {
        let request = app.http.post(app.url("/setup")).bearer_auth(&token).header("idempotency-key", key);
        Answer::of(request.json(&body)).await
    };
    let key = "0197a000-0000-7000-8000-000000000001";
    let first = ask(key, setup_request()).await.created();
    let again = ask(key, setup_request()).await;
    assert!(again.replayed());
    let again = again.created();
    assert_eq!(again["restaurant_id"], first["restaurant_id"]);
    assert_eq!(again["me"], first["me"]);
    assert_ne!(again["token"], first["token"], "a token is shown once");
    ask(key, with(setup_request(), &["owner", "name"], json!("Somebody"))).await.refused("idempotency_key_reused");
    ask("0197a000-0000-7000-8000-000000000002", setup_request()).await.refused("conflict");
}

#[tokio::test]
async fn two_who_set_up_at_once_make_one_restaurant() {
    let app = TestApp::start().await;
    let token = app.setup_token().await;
    let ask = |n: u32| {
        let body = with(setup_request(), &["owner", "email"], json!(format!("owner{n}@example.com")));
        let request = app.http.post(app.url("/setup")).bearer_auth(&token).json(&body);
        Answer::of(request)
    };
    let answers = futures::future::join_all((0..4).map(ask)).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(made.len(), 1);
    for answer in refused {
        answer.refused("conflict");
    }
    assert_eq!(app.running.app().restaurants().len(), 1);
}

#[tokio::test]
async fn setting_up_needs_a_set_up_token() {
    let app = TestApp::start().await;
    app.stranger().post("/setup", setup_request()).await.refused("unauthenticated");
    let request = app.http.post(app.url("/setup")).bearer_auth("guess").json(&setup_request());
    Answer::of(request).await.refused("unauthenticated");
    let owner = app.set_up().await;
    owner.post("~/setup", setup_request()).await.refused("unauthenticated");
}

#[tokio::test]
async fn every_field_of_setting_up_is_checked_and_named() {
    let app = TestApp::start().await;
    let token = app.setup_token().await;
    let check = async |field: &str, body: Value| {
        let request = app.http.post(app.url("/setup")).bearer_auth(&token).json(&body);
        Answer::of(request).await.invalid(field);
    };
    let ok = setup_request;
    check("restaurant.name", with(ok(), &["restaurant", "name"], json!("  <b></b> "))).await;
    check("restaurant.name", with(ok(), &["restaurant", "name"], json!("x".repeat(121)))).await;
    check("restaurant.currency", with(ok(), &["restaurant", "currency"], json!("eur"))).await;
    check("restaurant.currency", without(ok(), &["restaurant", "currency"])).await;
    check("restaurant.time_zone", with(ok(), &["restaurant", "time_zone"], json!("Mars/Olympus"))).await;
    check("restaurant.day_cutoff_minute", with(ok(), &["restaurant", "day_cutoff_minute"], json!(721))).await;
    check("restaurant.day_cutoff_minute", with(ok(), &["restaurant", "day_cutoff_minute"], json!(-1))).await;
    check("restaurant.tax_mode", with(ok(), &["restaurant", "tax_mode"], json!("none"))).await;
    check("restaurant.tax_rate_bp", with(ok(), &["restaurant", "tax_rate_bp"], json!(10_001))).await;
    check("restaurant.locale", with(ok(), &["restaurant", "locale"], json!("tlh"))).await;
    check("restaurant.stars", with(ok(), &["restaurant", "stars"], json!(3))).await;
    check("owner.email", with(ok(), &["owner", "email"], json!("lucia"))).await;
    check("owner.password", with(ok(), &["owner", "password"], json!("password"))).await;
    check("owner.name", with(ok(), &["owner", "name"], json!(7))).await;
    check("start", with(ok(), &["start"], json!("full"))).await;
    check("demo_orders", with(ok(), &["demo_orders"], json!(0))).await;
    check("restaurant", json!({})).await;
    assert_eq!(app.stranger().get("/setup").await.ok()["needed"], true, "nothing was made");
}

#[tokio::test]
async fn a_code_works_once_and_for_ten_minutes() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let exchange = async |code: String| app.stranger().post("/codes/exchange", json!({ "code": code })).await;
    let code = app.running.one_time_code(Purpose::Setup);
    exchange(code.clone()).await.ok();
    exchange(code).await.refused("unauthenticated");
    let late = app.running.one_time_code(Purpose::Setup);
    app.pass_ms(10 * 60 * 1000);
    exchange(late).await.refused("unauthenticated");
    app.stranger().post("/codes/exchange", json!({ "code": "" })).await.invalid("code");
    app.stranger().post("/codes/exchange", json!({ "kode": "x" })).await.invalid("kode");
    app.stranger().post("/codes/exchange", json!({})).await.invalid("code");
}

#[tokio::test]
async fn a_console_code_lets_the_owner_in_and_a_set_up_code_nobody_any_more() {
    let app = TestApp::start().await;
    app.set_up().await;
    let code = app.running.one_time_code(Purpose::Console);
    let exchanged = app.stranger().post("/codes/exchange", json!({ "code": code })).await.ok();
    assert_eq!(exchanged["kind"], "session");
    assert_eq!(exchanged["me"]["email"], "lucia@example.com");
    let code = app.running.one_time_code(Purpose::Setup);
    app.stranger().post("/codes/exchange", json!({ "code": code })).await.refused("conflict");
}

#[tokio::test]
async fn logging_in_takes_the_right_address_and_password_and_does_not_say_which_was_wrong() {
    let app = TestApp::start().await;
    app.set_up().await;
    let log_in = |email: &str, password: &str| {
        let body = json!({ "email": email, "password": password });
        async { app.stranger().post("/sessions", body).await }
    };
    let session = log_in(" LUCIA@example.com ", PASSWORD).await.created();
    assert_eq!(session["me"]["name"], "Lucia Rossi");
    let wrong = log_in("lucia@example.com", "Trattoria-27").await.refused("unauthenticated");
    let unknown = log_in("nobody@example.com", PASSWORD).await.refused("unauthenticated");
    assert_eq!(wrong["message"], unknown["message"]);
    log_in("", PASSWORD).await.invalid("email");
    log_in("lucia@example.com", "").await.invalid("password");
    log_in("lucia@example.com", &"x".repeat(257)).await.invalid("password");
}

#[tokio::test]
async fn a_session_ends_with_logging_out_and_with_time_and_survives_a_restart() {
    let app = TestApp::start().await;
    let first = app.set_up().await;
    let second = app.log_in("lucia@example.com", "").await;
    first.delete("~/sessions/current").await.gone();
    first.get("~/me").await.refused("unauthenticated");
    second.get("~/me").await.ok();

    let app = app.restart().await;
    let kept = app.http.get(app.url("/me")).bearer_auth(second.token()).send().await.unwrap();
    assert_eq!(kept.status(), 200);
    app.at("2199-01-01T00:00:00Z");
    let old = app.http.get(app.url("/me")).bearer_auth(second.token());
    Answer::of(old).await.refused("unauthenticated");
}

#[tokio::test]
async fn somebody_sees_where_they_are_logged_in_and_ends_it_from_elsewhere() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let login = json!({ "email": "lucia@example.com", "password": PASSWORD });
    let tablet = app.http.post(app.url("/sessions")).header("user-agent", "Firefox\t<b>on a tablet</b>");
    let tablet = Answer::of(tablet.json(&login)).await.created();
    let tablet = app.person(tablet["token"].as_str().unwrap(), "");
    let waiter = app.staff(&owner, "waiter").await;
    let seen = owner.get("~/me/sessions").await;
    assert!(!seen.text.contains(tablet.token()), "{}", seen.text);
    let seen = seen.ok();
    assert_eq!(seen["items"].as_array().unwrap().len(), 2, "{seen}");
    assert_eq!(seen["items"][0]["agent"], "Firefox on a tablet");
    assert_eq!([&seen["items"][0]["current"], &seen["items"][1]["current"]], [false, true]);
    let path = format!("~/me/sessions/{}", seen["items"][0]["id"].as_str().unwrap());
    // It is nobody else's to end.
    waiter.delete(&path).await.refused("not_found");
    tablet.get("~/me").await.ok();
    owner.delete(&path).await.gone();
    tablet.get("~/me").await.refused("unauthenticated");
    owner.delete(&path).await.refused("not_found");
    let again = app.log_in("lucia@example.com", "").await;
    owner.delete("~/me/sessions").await.gone();
    again.get("~/me").await.refused("unauthenticated");
    owner.get("~/me").await.ok();
    waiter.get("~/me").await.ok();
}

#[tokio::test]
async fn secrets_stay_out_of_the_records_and_the_log() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    app.staff(&owner, "waiter").await;
    let token = owner.token().to_owned();
    let folder = app.stop_and_keep().await;
    let conn = rusqlite::Connection::open(folder.path().join("installation.db")).unwrap();
    let passwords: i64 = conn.query_row("SELECT count(*) FROM password", [], |row| row.get(0)).unwrap();
    assert_eq!(passwords, 2);
    let in_records: i64 = conn
        .query_row(
            "SELECT (SELECT count(*) FROM ledger WHERE instr(args || answer, '$argon2id')
                                                     OR instr(args || answer, 'Trattoria-26'))
                  + (SELECT count(*) FROM journal WHERE instr(changes, '$argon2id'))",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(in_records, 0);
    let mut files = vec![folder.path().to_owned()];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for secret in [PASSWORD, &token] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds a secret", path.display());
        }
    }
}

#[tokio::test]
async fn a_data_directory_is_held_by_one_engine_at_a_time() {
    let app = TestApp::start().await;
    let options = Options { data_dir: app.folder.path().to_owned(), ..Options::default() };
    let second = serve::start(options.clone()).await.err().expect("refused");
    assert!(second.to_string().contains("another Comanda is running"), "{second}");
    let _folder = app.stop_and_keep().await;
    serve::start(options).await.unwrap().stop().await;
}
