//! API keys: what opens with one, what does not, and how often.

use comanda_engine::limits::pace::Wanted;
use comanda_engine::staff::model::Permission;
use reqwest::Method;
use serde_json::{Value, json};

use crate::live::Screen;
use crate::support::contract::operations;
use crate::support::{Answer, Person, TestApp};
use crate::trade::House;

/// Later than any day these tests are run on: the engine's clock goes forward.
const FRIDAY: &str = "2100-06-11T19:00:00+02:00";

async fn make(owner: &Person, tier: &str, scopes: &[&str]) -> Value {
    let name = format!("{tier} {}", scopes.join(" "));
    owner.post("/api-keys", json!({ "name": name, "tier": tier, "scopes": scopes })).await.created()
}

fn program(app: &TestApp, owner: &Person, made: &Value) -> Person {
    app.person(made["key"].as_str().unwrap(), owner.restaurant_id())
}

#[tokio::test]
async fn a_key_opens_what_its_scopes_say_in_the_name_of_who_made_it() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let made = make(&owner, "premium", &["menu.read", "menu.write"]).await;
    let till = program(&app, &owner, &made);
    assert_eq!(till.get("~/me").await.ok()["name"], "Lucia Rossi");
    till.post("/menu/categories", json!({ "name": "Pizza" })).await.created();
    assert_eq!(till.get("/menu").await.ok()["categories"][0]["name"], "Pizza");
    let refused = till.get("/today").await.refused("forbidden");
    assert_eq!(refused["details"]["permission"], "today.read");
    // What is of a person, and of another engine's restaurant.
    for path in ["~/me/second-factor", "/api-keys"] {
        till.get(path).await.refused("forbidden");
    }
    till.delete("~/sessions/current").await.refused("forbidden");
    let audit = owner.get("/audit").await.ok();
    assert_eq!(audit["items"][0]["actor_name"], "Lucia Rossi", "{audit}");
}

/// Every way in, with a key for each permission alone.
#[tokio::test]
async fn a_key_reads_exactly_what_its_one_scope_is_for() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let given: Vec<String> = serde_json::from_value(owner.get("/api-keys").await.ok()["scopes"].clone()).unwrap();
    assert_eq!(given.len(), Permission::ALL.len() - 2);
    let mut asked = 0;
    for scope in ["orders.read", "reports.read", "settings.write", "backups.read"] {
        assert!(given.iter().any(|given| given == scope));
        let key = program(&app, &owner, &make(&owner, "admin", &[scope]).await);
        for operation in operations() {
            let Some(needs) = &operation.permission else { continue };
            let reads = operation.method == Method::GET;
            if !reads && needs == scope && !needs.ends_with(".read") {
                continue; // What a write does to a body that is none is in its own tests.
            }
            let path = operation.path(owner.restaurant_id(), &uuid::Uuid::nil().to_string());
            let answer = Answer::of(operation.empty(&app, &path, Some(&key))).await;
            let let_in = reads && needs == scope;
            let about = format!("{scope}: {} {} {}", operation.id, answer.status, answer.text);
            assert_eq!(answer.status != 403, let_in, "{about}");
            asked += 1;
        }
    }
    assert!(asked > 500, "{asked}");
}

#[tokio::test]
async fn a_key_is_shown_once_and_never_kept() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let new = json!({ "name": "Shop", "tier": "free", "scopes": ["orders.read", "menu.read"], "days": 30 });
    let made = owner.post_keyed("one", "/api-keys", new.clone()).await.created();
    let key = made["key"].as_str().unwrap().to_owned();
    assert_eq!(made["api_key"]["hint"], key[..7]);
    assert_eq!(made["api_key"]["scopes"], json!(["orders.read", "menu.read"]));
    // The same request makes no second one, and does not show the first again.
    owner.post_keyed("one", "/api-keys", new.clone()).await.refused("conflict");
    assert_eq!(owner.post("/api-keys", new).await.refused("conflict")["field"], "name");
    let listed = owner.get("/api-keys").await;
    assert!(!listed.text.contains(&key[7..]), "{}", listed.text);
    assert_eq!(listed.ok()["items"].as_array().unwrap().len(), 1);
    let folder = app.stop_and_keep().await;
    for file in std::fs::read_dir(folder.path()).unwrap().flatten().filter(|file| file.path().is_file()) {
        let bytes = std::fs::read(file.path()).unwrap();
        let held = bytes.windows(key.len()).any(|window| window == key.as_bytes());
        assert!(!held, "{}", file.path().display());
    }
}

#[tokio::test]
async fn a_key_ends_when_it_is_revoked_when_its_time_is_over_and_when_its_maker_leaves() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    app.at(FRIDAY);
    let owner = app.log_in("lucia@example.com", owner.restaurant_id()).await;
    let admin = app.staff(&owner, "admin").await;
    let revoked = make(&owner, "free", &["orders.read"]).await;
    let of_admin = make(&admin, "free", &["menu.read"]).await;
    let day = json!({ "name": "A day", "tier": "free", "scopes": ["menu.read"], "days": 1 });
    let day = owner.post("/api-keys", day).await.created();
    let keys = [&revoked, &of_admin, &day].map(|made| program(&app, &owner, made));
    keys[0].get("/orders").await.ok();
    keys[1].get("/menu").await.ok();
    keys[2].get("/menu").await.ok();
    let path = format!("/api-keys/{}", revoked["api_key"]["id"].as_str().unwrap());
    owner.delete(&path).await.gone();
    owner.delete(&path).await.refused("not_found");
    keys[0].get("/orders").await.refused("unauthenticated");
    app.pass_ms(24 * 60 * 60_000 - 1);
    keys[2].get("/menu").await.ok();
    app.pass_ms(1);
    keys[2].get("/menu").await.refused("unauthenticated");
    let staff = owner.get("/staff").await.ok();
    let member = staff["items"].as_array().unwrap().iter().find(|one| one["role"] == "admin").unwrap();
    let path = format!("/staff/{}", member["id"].as_str().unwrap());
    // A lesser role lends less.
    owner.patch(&path, json!({ "role": "chef" })).await.ok();
    keys[1].get("/menu").await.ok();
    owner.patch(&path, json!({ "active": false })).await.ok();
    keys[1].get("/menu").await.refused("unauthenticated");
    let standing = |list: &Value, made: &Value| {
        let all = list["items"].as_array().unwrap();
        all.iter().find(|one| one["id"] == made["api_key"]["id"]).map(|one| one["standing"].clone())
    };
    let list = owner.get("/api-keys").await.ok();
    assert_eq!(standing(&list, &day), Some(json!("ended")));
    assert_eq!(standing(&list, &of_admin), Some(json!("maker_left")));
    assert_eq!(standing(&list, &revoked), None);
}

#[tokio::test]
async fn nobody_gives_a_key_what_they_may_not_themselves() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let refused = async |scopes: Value| {
        let new = json!({ "name": "Shop", "tier": "free", "scopes": scopes });
        owner.post("/api-keys", new).await.invalid("scopes")
    };
    refused(json!(["keys.write"])).await;
    refused(json!(["staff.write"])).await;
    refused(json!([])).await;
    owner.post("/api-keys", json!({ "name": "", "tier": "free", "scopes": ["menu.read"] })).await.invalid("name");
    let far = json!({ "name": "Shop", "tier": "free", "scopes": ["menu.read"], "days": 0 });
    owner.post("/api-keys", far).await.invalid("days");
    for role in ["manager", "waiter"] {
        let person = app.staff(&owner, role).await;
        person.get("/api-keys").await.refused("forbidden");
    }
}

#[tokio::test]
async fn each_tier_has_its_quota_and_named_limiters_count_keys_too() {
    let app = TestApp::start_with(tempfile::tempdir().unwrap(), |options| options.limits = Wanted::default()).await;
    app.at(FRIDAY);
    let owner = app.set_up().await;
    let until_refused = async |key: &Person, path: &str| {
        for times in 0.. {
            let answer = key.get(path).await;
            if answer.status == 429 {
                return (times, answer.refused("too_many_requests")["details"]["limiter"].clone());
            }
            assert!(times < 1_000);
        }
        unreachable!()
    };
    let key = async |tier: &str, scope: &str| program(&app, &owner, &make(&owner, tier, &[scope]).await);
    // The eleventh call of the free tier is one too many.
    let free = key("free", "menu.read").await;
    assert_eq!(until_refused(&free, "/menu").await, (10, json!("free")));
    assert_eq!(until_refused(&key("premium", "menu.read").await, "/menu").await, (100, json!("premium")));
    assert_eq!(until_refused(&key("creator", "menu.read").await, "/menu").await, (500, json!("creator")));
    // Searching has its own, the same for every key.
    assert_eq!(until_refused(&key("creator", "orders.read").await, "/orders").await, (60, json!("search")));
    // What is heavy is counted for the house: two keys share it.
    let reports = [key("creator", "reports.read").await, key("premium", "reports.read").await];
    for _ in 0..10 {
        reports[0].get("/reports/days?from=2100-06-01&to=2100-06-02").await;
    }
    let path = "/reports/days?from=2100-06-01&to=2100-06-02";
    assert_eq!(until_refused(&reports[1], path).await, (10, json!("heavy")));
    let admin = key("admin", "menu.read").await;
    for _ in 0..600 {
        admin.get("/menu").await.ok();
    }
    // People notice nothing of it, and see it.
    let limits = owner.get("~/limits").await.ok();
    let refused = limits["refused"].as_array().unwrap();
    assert!(refused.iter().any(|one| one["kind"] == "key" && one["who"] == "free menu.read"), "{limits}");
    app.pass_ms(6_000);
    free.get("/menu").await.ok();
    free.get("/menu").await.refused("too_many_requests");
}

#[tokio::test]
async fn a_program_follows_the_events_it_has_a_scope_for() {
    let house = House::open().await;
    let made = make(&house.owner, "premium", &["floor.read", "orders.read"]).await;
    let auth = json!({ "token": made["key"], "restaurant_id": house.owner.restaurant_id(), "events": true });
    let mut screen = Screen::open(&house.app, auth).await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    let total = house.fresh(&order).await["due_minor"].as_i64().unwrap();
    house.step(&order, "serve", json!({})).await.ok();
    house.pay(&order, "card", total).await.created();
    let mut heard = vec![];
    while heard.last().is_none_or(|last| last != "order:completed") {
        heard.push(screen.next().await.0);
    }
    assert!(heard.iter().any(|name| name == "order:create"), "{heard:?}");
    assert!(!heard.iter().any(|name| name.starts_with("payment:") || name.starts_with("dashboard:")), "{heard:?}");
}

#[tokio::test]
async fn when_a_key_was_used_last_is_kept_to_the_minute() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let made = make(&owner, "premium", &["menu.read"]).await;
    assert_eq!(made["api_key"]["used_ms"], Value::Null);
    program(&app, &owner, &made).get("/menu").await.ok();
    let began = std::time::Instant::now();
    while owner.get("/api-keys").await.ok()["items"][0]["used_ms"].is_null() {
        assert!(began.elapsed().as_secs() < 20, "the use was not noted");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}
