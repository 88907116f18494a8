//! Whether another Comanda still runs with the settings that were accepted of it: two engines, and older ones.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::settings::engine;
use crate::support::{PASSWORD, Person, TestApp};
use crate::trade::id;

const SECRET: &str = "collectors-own-0123456789";

async fn log_in(owner: &Person, deployment: &str) {
    let login = json!({ "email": "lucia@example.com", "password": PASSWORD });
    owner.post(&format!("{deployment}/session"), login).await.gone();
}

async fn register(owner: &Person, address: &str) -> String {
    let wish = json!({ "name": "Via Roma", "kind": "comanda", "address": address, "every_s": 3600 });
    format!("/deployments/{}", id(&owner.post("/deployments", wish).await.created()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_comanda_says_first_is_accepted_and_what_is_other_later_is_drift_until_somebody_accepts_it() {
    let folder = tempfile::tempdir().unwrap();
    let there = engine(folder, 0, "[log]\nlevel = \"info\"\n", &[]).await;
    there.set_up().await;
    let (port, origin) = (there.running.address().port(), there.origin());
    let here = TestApp::start().await;
    let owner = here.set_up().await;
    let deployment = register(&owner, &origin).await;
    let settings = format!("{deployment}/settings");
    let drift = owner.get(&settings).await.ok();
    assert_eq!((&drift["has_session"], &drift["seen_ms"]), (&json!(false), &Value::Null), "{drift}");

    log_in(&owner, &deployment).await;
    let first = owner.get(&settings).await.ok();
    assert_eq!((&first["trouble"], &first["differences"]), (&Value::Null, &json!([])), "{first}");
    assert_eq!((&first["accepted_ms"], &first["accepted_by"]), (&first["seen_ms"], &Value::Null), "{first}");
    assert!(first["settings"].as_u64().unwrap() >= 20, "{first}");

    // Somebody changes it there, at a restart.
    let folder = there.stop_and_keep().await;
    let changed = format!("[log]\nlevel = \"debug\"\n[metrics]\ntoken = \"{SECRET}\"\n");
    let there = engine(folder, port, &changed, &[("RATE_LIMIT_ENABLED", "off")]).await;
    owner.post(&format!("{deployment}/probe"), json!({})).await.ok();
    let drift = owner.get(&settings).await;
    assert!(!drift.text.contains(SECRET));
    let drift = drift.ok();
    let unset = json!({ "value": null, "is_set": false });
    let value = |text: &str| json!({ "value": text, "is_set": true });
    assert_eq!(
        drift["differences"],
        json!([
            { "key": "limits.enabled", "was": value("true"), "is": value("false") },
            { "key": "log.level", "was": value("\"info\""), "is": value("\"debug\"") },
            { "key": "metrics.token", "was": unset, "is": { "value": null, "is_set": true } },
            { "key": "server.port", "was": value("0"), "is": value(&port.to_string()) },
        ])
    );
    let kept = std::fs::read(here.folder.path().join("installation.db")).unwrap();
    assert!(!kept.windows(SECRET.len()).any(|bytes| bytes == SECRET.as_bytes()));

    // What was not looked at is not accepted.
    owner.put(&settings, json!({ "seen_ms": first["seen_ms"] })).await.refused("conflict");
    let accepted = owner.put(&settings, json!({ "seen_ms": drift["seen_ms"] })).await.ok();
    assert_eq!((&accepted["differences"], &accepted["accepted_by"]), (&json!([]), &json!("Lucia Rossi")));

    there.running.stop().await;
    owner.post(&format!("{deployment}/probe"), json!({})).await.ok();
    let away = owner.get(&settings).await.ok();
    assert_eq!((&away["trouble"], &away["reason"]), (&json!("away"), &json!("refused")), "{away}");
    assert_eq!(away["seen_ms"], drift["seen_ms"], "what it said last stays known");

    let other = json!({ "address": "http://127.0.0.1:1" });
    owner.patch(&deployment, other).await.ok();
    assert_eq!(owner.get(&settings).await.ok()["seen_ms"], Value::Null, "another server, nothing is known of it");
    here.staff(&owner, "manager").await.get(&settings).await.refused("forbidden");
}

/// Answers a log-in, and to anything else that there is no such thing: a Comanda of before there were settings to ask for.
async fn an_older_one() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = vec![0; 4096];
            let read = stream.read(&mut asked).await.unwrap_or(0);
            let asked = String::from_utf8_lossy(&asked[..read]).into_owned();
            let (status, body) = match asked.split(' ').nth(1) {
                Some("/api/v1/sessions") => ("200 OK", json!({ "token": "older-token" })),
                Some("/health") => ("200 OK", json!({ "status": "ok", "version": "0.9.0" })),
                _ => {
                    ("404 Not Found", json!({ "error": { "code": "not_found", "message": "There is no such thing." } }))
                }
            };
            let body = body.to_string();
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).await.ok();
        }
    });
    origin
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_comanda_and_a_role_that_may_not_see_them_are_told_apart() {
    let here = TestApp::start().await;
    let owner = here.set_up().await;
    let deployment = register(&owner, &an_older_one().await).await;
    log_in(&owner, &deployment).await;
    let drift = owner.get(&format!("{deployment}/settings")).await.ok();
    assert_eq!((&drift["trouble"], &drift["seen_ms"]), (&json!("older"), &Value::Null), "{drift}");
    owner.put(&format!("{deployment}/settings"), json!({ "seen_ms": 1 })).await.refused("conflict");
    owner.delete(&deployment).await.gone();

    let there = TestApp::start().await;
    let lucia = there.set_up().await;
    let waiter = json!({ "name": "A waiter", "email": "waiter@example.com", "role": "waiter", "password": PASSWORD });
    lucia.post("/staff", waiter).await.created();
    let deployment = register(&owner, &there.origin()).await;
    let login = json!({ "email": "waiter@example.com", "password": PASSWORD });
    owner.post(&format!("{deployment}/session"), login).await.gone();
    let drift = owner.get(&format!("{deployment}/settings")).await.ok();
    assert_eq!(drift["trouble"], "forbidden", "{drift}");
}
