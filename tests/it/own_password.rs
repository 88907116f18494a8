//! A person changes their own password.

use serde_json::json;

use crate::support::{PASSWORD, TestApp};

const NEW: &str = "Osteria-2027";

#[tokio::test]
async fn a_person_changes_their_password_and_every_other_session_ends() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let tablet = app.log_in("lucia@example.com", owner.restaurant_id()).await;
    let waiter = app.staff(&owner, "waiter").await;
    let body = json!({ "current_password": PASSWORD, "new_password": NEW });
    let changed = owner.put("~/me/password", body).await;
    assert_eq!(changed.status, 204, "{}", changed.text);
    owner.get("~/me").await.ok();
    waiter.get("~/me").await.ok();
    tablet.get("~/me").await.refused("unauthenticated");
    let log_in = |password: &str| json!({ "email": "lucia@example.com", "password": password });
    app.stranger().post("/sessions", log_in(PASSWORD)).await.refused("unauthenticated");
    app.stranger().post("/sessions", log_in(NEW)).await.created();
}

#[tokio::test]
async fn the_present_password_is_asked_and_the_new_one_must_be_good() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let ask = async |current: &str, new: &str| {
        owner.put("~/me/password", json!({ "current_password": current, "new_password": new })).await
    };
    let wrong = ask("Wrong-pass-1", NEW).await.refused("invalid_input");
    assert_eq!(wrong["field"], "current_password");
    let weak = ask(PASSWORD, "short").await.refused("invalid_input");
    assert_eq!(weak["field"], "new_password");
    app.stranger().put("/me/password", json!({})).await.refused("unauthenticated");
    app.log_in("lucia@example.com", owner.restaurant_id()).await;
}

#[tokio::test]
async fn a_repeated_change_gives_its_first_answer_though_the_old_password_is_no_longer_right() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let ask = async || {
        let body = json!({ "current_password": PASSWORD, "new_password": NEW });
        owner
            .send(reqwest::Method::PUT, "~/me/password", Some(body), Some("0197a000-0000-7000-8000-00000000a001"))
            .await
    };
    assert_eq!(ask().await.status, 204);
    let again = ask().await;
    assert_eq!((again.status.as_u16(), again.replayed()), (204, true));
}

#[tokio::test]
async fn neither_password_is_in_the_records() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let body = json!({ "current_password": PASSWORD, "new_password": NEW });
    assert_eq!(owner.put("~/me/password", body).await.status, 204);
    let conn = rusqlite::Connection::open(app.folder.path().join("installation.db")).unwrap();
    let args: String = conn
        .query_row("SELECT CAST(args AS TEXT) FROM ledger WHERE name = 'change_password'", [], |row| row.get(0))
        .unwrap();
    assert!(!args.contains(NEW) && !args.contains("argon2"), "{args}");
    let in_journal: bool = conn
        .query_row("SELECT EXISTS (SELECT 1 FROM journal WHERE instr(changes, 'argon2') > 0)", [], |row| row.get(0))
        .unwrap();
    assert!(!in_journal);
}
