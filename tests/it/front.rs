//! The front door: errors in one shape, hosts, origins, headers, limits, keys.

use comanda_engine::front::openapi;
use comanda_engine::settings::Features;
use reqwest::Method;
use reqwest::header::{HOST, ORIGIN};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::{Answer, TestApp};

#[tokio::test]
async fn what_is_not_there_and_what_is_not_taken_is_told_in_the_one_shape() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    owner.get("~/nothing/here").await.refused("not_found");
    owner.send(Method::PUT, "/menu", None, None).await.refused("method_not_allowed");
    owner.send(Method::DELETE, "~/me", None, None).await.refused("method_not_allowed");
    let text = owner.request(Method::POST, "/staff").header("content-type", "text/plain").body("{}");
    Answer::of(text).await.refused("unsupported_media_type");
    let broken = owner.request(Method::POST, "/staff").header("content-type", "application/json").body("{\"name\":");
    Answer::of(broken).await.refused("invalid_input");
    let more = owner.request(Method::POST, "/staff").header("content-type", "application/json").body("{} {}");
    Answer::of(more).await.refused("invalid_input");
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(2 * 1024 * 1024));
    let large = owner.request(Method::POST, "/staff").header("content-type", "application/json").body(large);
    Answer::of(large).await.refused("too_large");
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_keeps_the_clients_own() {
    let app = TestApp::start().await;
    let own = Uuid::now_v7().to_string();
    let request = app.http.get(app.url("/health")).header("x-request-id", &own);
    assert_eq!(Answer::of(request).await.header("x-request-id"), own);
    let request = app.http.get(app.url("/nothing")).header("x-request-id", "x\"y");
    let answer = Answer::of(request).await;
    assert!(Uuid::parse_str(answer.header("x-request-id")).is_ok());
    answer.refused("not_found");
}

#[tokio::test]
async fn a_host_or_page_nobody_knows_is_turned_away() {
    let app = TestApp::start_with(tempfile::tempdir().unwrap(), |options| {
        options.hosts = vec!["till.example".into()];
        options.origins = vec!["https://desk.example".into()];
    })
    .await;
    let from = async |host: &str, origin: Option<&str>| {
        let mut request = app.http.get(app.url("/health")).header(HOST, host);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        Answer::of(request).await
    };
    from("evil.example", None).await.refused("forbidden");
    from("localhost", Some("https://evil.example")).await.refused("forbidden");
    from("localhost", Some("null")).await.refused("forbidden");
    from("till.example", None).await.ok();
    let page = from("localhost", Some("https://desk.example")).await;
    assert_eq!(page.header("access-control-allow-origin"), "https://desk.example");
    let window = from("127.0.0.1", Some("tauri://localhost")).await;
    assert_eq!(window.header("access-control-allow-origin"), "tauri://localhost");
    let same = from("localhost:1234", Some("http://localhost:1234")).await;
    assert_eq!((same.status.as_u16(), same.header("access-control-allow-origin")), (200, ""));
    // A WebSocket is not stopped by missing CORS: its handshake is turned away as well.
    let socket = app.http.get(format!("{}/socket.io/?EIO=4&transport=websocket", app.origin()));
    let socket =
        socket.header(ORIGIN, "https://evil.example").header("connection", "upgrade").header("upgrade", "websocket");
    assert_eq!(socket.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn a_browser_may_ask_first() {
    let app = TestApp::start().await;
    let request = app
        .http
        .request(Method::OPTIONS, app.url("/restaurants/x/orders"))
        .header(ORIGIN, "tauri://localhost")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type,idempotency-key");
    let answer = Answer::of(request).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), "tauri://localhost");
    assert!(answer.header("access-control-allow-headers").contains("idempotency-key"));
    let allowed: Vec<_> = answer.header("access-control-allow-methods").split(',').map(str::trim).collect();
    for methods in openapi::document()["paths"].as_object().unwrap().values() {
        for method in methods.as_object().unwrap().keys() {
            assert!(allowed.contains(&method.to_uppercase().as_str()), "the window may not {method}");
        }
    }
}

#[tokio::test]
async fn answers_carry_security_headers() {
    let app = TestApp::start().await;
    let api = app.stranger().get("/health").await;
    assert_eq!(api.header("x-content-type-options"), "nosniff");
    assert_eq!(api.header("x-frame-options"), "DENY");
    assert_eq!(api.header("referrer-policy"), "same-origin");
    assert_eq!(api.header("cache-control"), "no-store");
    assert_eq!(api.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    let page = Answer::of(app.http.get(format!("{}/api-docs/", app.origin()))).await;
    let policy = page.header("content-security-policy");
    for part in ["script-src 'self'", "object-src 'none'", "frame-src 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
}

#[tokio::test]
async fn the_screens_are_files_with_a_start_page_for_their_own_addresses() {
    let ui = tempfile::tempdir().unwrap();
    std::fs::create_dir(ui.path().join("assets")).unwrap();
    std::fs::write(ui.path().join("index.html"), "<!doctype html><title>start</title>").unwrap();
    std::fs::write(ui.path().join("assets/app-1a2b.js"), "export {}").unwrap();
    let folder = ui.path().to_owned();
    let app = TestApp::start_with(tempfile::tempdir().unwrap(), |options| options.ui = Some(folder)).await;
    let get = async |path: &str| Answer::of(app.http.get(format!("{}{path}", app.origin()))).await;
    for path in ["/", "/orders/12", "/index.html"] {
        let start = get(path).await;
        assert_eq!((start.status.as_u16(), start.header("cache-control")), (200, "no-cache"), "{path}");
        assert!(start.text.contains("start"));
    }
    let script = get("/assets/app-1a2b.js").await;
    assert_eq!(script.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(script.header("content-type"), "text/javascript");
    get("/assets/app-gone.js").await.refused("not_found");
    get("/api/v1/nothing").await.refused("not_found");
    let outside = get("/../Cargo.toml").await;
    assert!(!outside.text.contains("[package]"));
}

#[tokio::test]
async fn a_key_is_any_text_of_a_reasonable_length_and_belongs_to_who_used_it() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let manager = app.staff(&owner, "manager").await;
    let pizza = json!({ "name": "Pizza" });
    let path = "/menu/categories";
    owner.post_keyed(&"k".repeat(256), path, pizza.clone()).await.invalid("Idempotency-Key");
    owner.post_keyed(" ", path, pizza.clone()).await.invalid("Idempotency-Key");
    let first = owner.post_keyed("monday 1", path, pizza.clone()).await.created();
    assert_eq!(owner.post_keyed("monday 1", path, pizza.clone()).await.created(), first);
    // The same text from another person is another key; the same UUID is one that is taken.
    let other = manager.post_keyed("monday 1", path, pizza.clone()).await;
    assert!(!other.replayed());
    assert_ne!(other.created()["id"], first["id"]);
    let key = Uuid::now_v7().to_string();
    owner.post_keyed(&key, path, pizza.clone()).await.created();
    manager.post_keyed(&key, path, pizza.clone()).await.refused("idempotency_key_reused");
    let categories = owner.get("/menu").await.ok()["categories"].as_array().unwrap().len();
    assert_eq!(categories, 3);
}

#[tokio::test]
async fn a_repeated_request_is_answered_even_when_it_could_not_be_made_any_more() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let category = owner.post("/menu/categories", json!({ "name": "Pizza" })).await.created();
    let item = json!({ "category_id": category["id"], "name": "Margherita", "price_minor": 950 });
    let item = owner.post("/menu/items", item).await.created()["id"].clone();
    let order = json!({ "service": "takeaway", "lines": [{ "item_id": item }] });
    let key = Uuid::now_v7().to_string();
    let first = owner.post_keyed(&key, "/orders", order.clone()).await.created();
    owner.delete(&format!("/menu/items/{}", item.as_str().unwrap())).await.gone();
    let again = owner.post_keyed(&key, "/orders", order.clone()).await;
    assert!(again.replayed());
    assert_eq!(again.created()["id"], first["id"]);
    // Without the key it is a new request, and the item is gone.
    assert_eq!(owner.post("/orders", order.clone()).await.status.as_u16() / 100, 4);
    // Nobody gets it whose role does not allow the question.
    let chef = app.staff(&owner, "chef").await;
    chef.post_keyed(&key, "/orders", order).await.refused("forbidden");
}

#[tokio::test]
async fn what_is_switched_off_is_not_there_and_the_rest_is() {
    let features = Features { load_tests: false, api_docs: false, ..Features::default() };
    let app = TestApp::start_with(TempDir::new().unwrap(), |options| options.off = features.off()).await;
    let owner = app.set_up().await;
    owner.get("/load-runs").await.refused("not_found");
    owner.post("/load-plans", json!({})).await.refused("not_found");
    let docs = Answer::of(app.http.get(format!("{}/api-docs/", app.origin()))).await;
    assert_eq!(docs.status, 404);
    owner.get("/api-keys").await.ok();
    owner.get("/orders").await.ok();
}

#[tokio::test]
async fn a_repeated_key_is_a_new_request_where_that_is_wanted() {
    let app = TestApp::start_with(TempDir::new().unwrap(), |options| options.ignores_keys = true).await;
    let owner = app.set_up().await;
    let again = || owner.post_keyed("once", "/menu/categories", json!({ "name": "Pizza" }));
    let (first, second) = (again().await.created(), again().await);
    assert!(!second.replayed());
    assert_ne!(first["id"], second.json()["id"], "{}", second.text);
}
