use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use comanda_load::report;
use comanda_load::run::Given;
use serde_json::json;

use crate::servers::{Server, a_plan, reply, run_given};

const SECRET: &str = "s3cret-t0ken";

#[test]
fn a_secret_goes_to_the_target_and_into_no_report() {
    let seen = Arc::new(AtomicBool::new(false));
    let heard = seen.clone();
    let server = Server::start(move |asked, stream| {
        heard.fetch_or(asked.headers.contains(SECRET), Ordering::SeqCst);
        // It throws the token back: still nobody reads it.
        reply(stream, "401 Unauthorized", &format!("{{\"you_sent\":\"{SECRET}\"}}"))
    });
    let mut plan = a_plan(&server.url(), 20.0, 1.0);
    plan["secrets"] = json!(["token"]);
    plan["headers"] = json!({"authorization": "Bearer {{token}}"});
    plan["scenarios"][0]["steps"][0]["path"] = json!("/a?t={{token}}");
    let secrets = [("token".to_owned(), SECRET.to_owned())].into_iter().collect();
    let summary = run_given(&plan, &Given { secrets, ..Given::default() }).unwrap();
    assert!(seen.load(Ordering::SeqCst), "the target never got it");
    assert_eq!(summary.totals.errors, 20);
    for text in [report::json(&summary), report::csv(&summary), report::junit(&summary), report::html(&summary)] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn a_secret_that_is_missing_or_unknown_is_named() {
    let server = Server::start(|_, stream| reply(stream, "200 OK", ""));
    let mut plan = a_plan(&server.url(), 1.0, 1.0);
    let secrets = [("tokn".to_owned(), SECRET.to_owned())].into_iter().collect();
    let why = run_given(&plan, &Given { secrets, ..Given::default() }).unwrap_err();
    assert!(why.contains("no secret called tokn") && !why.contains(SECRET), "{why}");
    plan["secrets"] = json!(["token"]);
    let why = run_given(&plan, &Given::default()).unwrap_err();
    assert!(why.contains("token was not given"), "{why}");
}

#[test]
fn what_is_not_this_machine_needs_its_name_typed_and_its_own_word() {
    let Ok(addresses) = std::process::Command::new("hostname").arg("-I").output() else { return };
    let addresses = String::from_utf8_lossy(&addresses.stdout).into_owned();
    let Some(own) = addresses.split_whitespace().find(|address| !address.starts_with("127.") && !address.contains(':'))
    else {
        return;
    };
    let listener = std::net::TcpListener::bind((own, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            reply(&mut stream, "404 Not Found", "");
        }
    });
    let plan = a_plan(&url, 1.0, 1.0);
    let why = run_given(&plan, &Given::default()).unwrap_err();
    assert!(why.contains("type its name"), "{why}");
    let agreed = Given { agreed_host: Some(own.to_owned()), ..Given::default() };
    let why = run_given(&plan, &agreed).unwrap_err();
    assert!(why.contains("does not say that it may be load-tested"), "{why}");
}
