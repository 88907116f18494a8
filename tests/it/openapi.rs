//! The contract: fresh, complete, and true of who may do what.

use comanda_engine::front::openapi;
use comanda_engine::staff::model::{Permission, Role};
use reqwest::Method;
use serde_json::json;

use crate::support::contract::{Operation, operations};
use crate::support::{Answer, TestApp};

/// What somebody may call without a token.
const PUBLIC: &[&str] = &[
    "get_health",
    "get_health_live",
    "get_health_ready",
    "get_setup",
    "exchange_code",
    "log_in",
    "link_device",
    "get_authority",
    "ask_to_pair",
    "get_epoch",
];

/// What desks ask of each other: numbers and codes make it repeatable. And joining, or bringing a backup back on the first
/// screen, which is refused once it was done.
const DESKS: &[&str] = &[
    "push_commands",
    "lease_letters",
    "leave_sequencer",
    "begin_joining",
    "hand_over_standing",
    "bring_setup_file",
    "prepare_setup_restore",
    "confirm_setup_restore",
];

/// What changes the session itself, or nothing that is recorded: asking again is harmless.
const SESSION: &[&str] = &[
    "log_out",
    "end_own_session",
    "end_other_sessions",
    "take_over",
    "lock_session",
    "clear_cache",
    "change_limit",
    "reset_limit",
    "change_house",
    "look_at_pairing",
];

/// Doing it twice is refused the second time.
const ONCE: &[&str] =
    &["begin_second_factor", "confirm_second_factor", "renew_recovery_codes", "end_second_factor", "confirm_rescue"];

/// Of a job at most one run waits or runs, and of a restaurant one rescue: asking again gives that one.
const JOBS: &[&str] = &["run_job", "repeat_job_run", "cancel_job_run", "schedule_job", "rescue_restaurant"];

#[test]
fn the_committed_contract_is_the_one_the_routes_make() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../src-tauri/crates/engine/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == openapi::text(), "refresh it: cargo run -p comanda-engine -- openapi > {path}");
}

#[test]
fn every_endpoint_is_described_and_has_a_name_of_its_own() {
    let mut names = std::collections::BTreeSet::new();
    for operation in operations() {
        let Operation { id, about, method, .. } = operation;
        assert!(names.insert(id.clone()), "{id} twice");
        assert_eq!(about["tags"].as_array().map(Vec::len), Some(1), "{id}");
        assert!(about["summary"].as_str().is_some_and(|text| text.len() > 5), "{id} says nothing");
        let responses = about["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{id}");
        assert!(responses.contains_key("400"), "{id}");
        let is_repeatable = [PUBLIC, SESSION, DESKS, JOBS, ONCE].iter().any(|some| some.contains(&id.as_str()));
        if method != Method::GET && !is_repeatable {
            let parameters = about["parameters"].to_string();
            assert!(parameters.contains("Idempotency-Key"), "{id}");
        }
    }
    assert!(names.len() >= 40, "{names:?}");
    assert_eq!(openapi::document()["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
}

#[tokio::test]
async fn nothing_but_the_public_endpoints_answers_without_a_token() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    for operation in operations() {
        if PUBLIC.contains(&operation.id.as_str()) {
            continue;
        }
        for token in [None, Some("guess")] {
            let path = operation.path_of_nothing(owner.restaurant_id());
            let answer = Answer::of(operation.request(&app, &path, token).json(&json!({}))).await;
            assert_eq!(answer.status, 401, "{} with {token:?}: {}", operation.id, answer.text);
            answer.refused("unauthenticated");
        }
    }
}

#[tokio::test]
async fn every_role_is_let_in_and_kept_out_as_the_contract_says() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    for role in Role::ALL {
        let person = app.staff(&owner, role.as_str()).await;
        for operation in operations() {
            let Some(permission) = &operation.permission else { continue };
            let permission =
                *Permission::ALL.iter().find(|known| known.as_str() == permission.as_str()).expect("a permission");
            if role.may(permission) && operation.method != Method::GET {
                // What a write does to a body that is no body differs; that it is let in is in its own tests.
                continue;
            }
            let path = operation.path_of_nothing(owner.restaurant_id());
            let answer = Answer::of(operation.empty(&app, &path, Some(&person))).await;
            let kept_out = answer.status == 403;
            assert_eq!(kept_out, !role.may(permission), "{role:?} {}: {} {}", operation.id, answer.status, answer.text);
        }
    }
}

#[test]
fn every_endpoint_of_a_restaurant_names_its_permission() {
    for operation in operations() {
        if operation.in_restaurant() && operation.id != "get_restaurant" {
            assert!(operation.permission.is_some(), "{}", operation.id);
        }
    }
}

#[tokio::test]
async fn the_docs_page_asks_no_other_address() {
    let app = TestApp::start().await;
    let get = async |path: &str| Answer::of(app.http.get(format!("{}{path}", app.origin()))).await;
    let page = get("/api-docs/").await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("http://") && !page.text.contains("https://"), "{}", page.text);
    for file in ["swagger-ui-bundle.js", "swagger-ui.css", "swagger-initializer.js", "openapi.json"] {
        let file = get(&format!("/api-docs/{file}")).await;
        assert_eq!(file.status, 200);
    }
    assert!(get("/api-docs/swagger-initializer.js").await.text.contains("none"), "no validator service");
}

#[test]
fn every_error_there_is_is_in_the_list() {
    let document = openapi::document();
    let listed: Vec<_> = document["x-errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
    let schema = &document["components"]["schemas"]["Code"];
    let codes = schema["oneOf"].as_array().map_or_else(
        || schema["enum"].as_array().unwrap().iter().collect::<Vec<_>>(),
        |each| each.iter().map(|one| &one["enum"][0]).collect(),
    );
    assert_eq!(listed, codes);
    assert!(document["x-errors"][0]["message"].as_str().is_some_and(|text| text.ends_with('.')));
}

#[tokio::test]
async fn a_postman_collection_has_every_endpoint_once() {
    let app = TestApp::start().await;
    let collection = Answer::of(app.http.get(format!("{}/api-docs/postman.json", app.origin()))).await.ok();
    let folders = collection["item"].as_array().unwrap();
    let items: Vec<_> = folders.iter().flat_map(|folder| folder["item"].as_array().unwrap()).collect();
    assert_eq!(items.len(), operations().len());
    let address = |item: &serde_json::Value| item["request"]["url"]["raw"].as_str().unwrap().to_owned();
    assert!(items.iter().any(|item| address(item) == "{{origin}}/api/v1/restaurants/{{rid}}/orders/:order_id"));
    for item in items {
        let request = &item["request"];
        let raw = request["url"]["raw"].as_str().unwrap();
        assert!(!raw.contains("/{r"), "{raw}");
        if let Some(body) = request["body"]["raw"].as_str() {
            serde_json::from_str::<serde_json::Value>(body).unwrap_or_else(|error| panic!("{raw}: {error}"));
        }
    }
}
