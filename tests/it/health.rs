//! Whether the engine and what it stands on are well.

use comanda_engine::health::checkup;
use comanda_engine::health::model::Trouble;
use comanda_engine::kernel::ids::RestaurantId;
use serde_json::Value;

use crate::support::{Person, TestApp};

async fn part(who: &Person, name: &str) -> Value {
    who.get(&format!("~/health/{name}")).await.ok()
}

fn figure(part: &Value, name: &str) -> u64 {
    let figures = part["figures"].as_array().unwrap();
    let figure = figures.iter().find(|figure| figure["name"] == name);
    figure.unwrap_or_else(|| panic!("no {name} in {part}"))["value"].as_u64().unwrap()
}

#[tokio::test]
async fn anybody_is_told_that_it_lives_and_can_serve() {
    let app = TestApp::start().await;
    for path in ["/health", "/health/live", "/health/ready"] {
        let health = app.stranger().get(path).await.ok();
        assert_eq!((&health["status"], &health["version"]), (&"ok".into(), &env!("CARGO_PKG_VERSION").into()));
        let root = app.http.get(format!("{}{path}", app.origin())).send().await.unwrap();
        assert_eq!(root.status(), 200, "{path} at the root, where load balancers look");
    }
}

#[tokio::test]
async fn who_may_see_it_is_told_how_every_part_is() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    for _ in 0..20 {
        owner.get("/menu").await.ok();
    }
    owner.get("/nowhere").await.refused("not_found");
    let all = owner.get("~/health/detailed").await.ok();
    let parts = all["parts"].as_array().unwrap();
    let names: Vec<&str> = parts.iter().map(|part| part["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["database", "cache", "disk", "memory", "requests", "printers", "backups", "outward"]);
    // This machine's disk and memory are what they are.
    for part in parts.iter().filter(|part| part["name"] != "disk" && part["name"] != "memory") {
        assert_eq!((&part["status"], &part["error"]), (&"ok".into(), &Value::Null), "{part}");
    }
    assert_eq!(figure(&parts[0], "restaurants"), 1);
    assert!(figure(&parts[0], "files_bytes") > 4096);
    assert!(figure(&parts[1], "hits") >= 19 && figure(&parts[1], "entries") >= 1, "{}", parts[1]);
    assert!(figure(&parts[2], "free_bytes") < figure(&parts[2], "total_bytes"));
    assert!(figure(&parts[3], "own_bytes") > 1_000_000);
    let minutes = all["minutes"].as_array().unwrap();
    let requests: u64 = minutes.iter().map(|minute| minute["requests"].as_u64().unwrap()).sum();
    let refused: u64 = minutes.iter().map(|minute| minute["refused"].as_u64().unwrap()).sum();
    assert!(requests >= 22 && refused >= 1, "{minutes:?}");
    assert_eq!(part(&owner, "disk").await["name"], "disk");
}

#[tokio::test]
async fn a_restaurant_that_cannot_be_opened_is_a_part_that_is_down() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let id = RestaurantId(owner.restaurant_id().parse().unwrap());
    let file = app.running.app().restaurant_path(id);
    let folder = app.stop_and_keep().await;
    std::fs::write(&file, b"not a database, and long enough to be looked at").unwrap();
    let app = TestApp::start_in(folder).await;
    let parts = checkup::all(app.running.app());
    assert_eq!(parts[0].error, Some(Trouble::RestaurantUnreadable));
}

#[tokio::test]
async fn a_part_nobody_knows_is_named_as_the_mistake() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    owner.get("~/health/kettle").await.invalid("part");
}
