//! wrk on core 1, and the restaurant it loads.

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::process::LOADING;

/// A restaurant with a menu, and one order to read.
pub struct Shop {
    pub token: String,
    pub orders: String,
    pub order: String,
    pub menu: String,
    pub list: String,
    pub restaurant: String,
    body: String,
}

impl Shop {
    /// The header that lets its owner in.
    pub fn bearer(&self) -> String {
        format!("Authorization: Bearer {}", self.token)
    }

    pub fn new_order(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

pub struct Load {
    pub rate: f64,
    pub requests: f64,
}

impl Load {
    /// Opens orders of two lines, each under a key of its own.
    pub fn post(address: &str, shop: &Shop, connections: usize, time: Duration) -> Self {
        let script = format!(
            r#"local n, began = 0, os.time() * 1000
            local body = '{}'
            local headers = {{ ["Authorization"] = "Bearer {}", ["Content-Type"] = "application/json" }}
            request = function()
              n = n + 1
              -- As version 7 does: the clock in front (ten orders a millisecond), chance behind.
              local ms = began + math.floor(n / 10)
              headers["Idempotency-Key"] = string.format("%08x-%04x-7%03x-8%03x-%012x",
                math.floor(ms / 65536), ms % 65536, math.random(0, 4095), math.random(0, 4095), n)
              return wrk.format("POST", "{}", headers, body)
            end
            math.randomseed({})
            "#,
            shop.body,
            shop.token,
            shop.orders,
            std::process::id() as u128 + std::time::UNIX_EPOCH.elapsed().map_or(0, |t| t.as_nanos() % 1_000_000_000),
        );
        run(address, "/", Some(&script), &[], connections, time)
    }

    pub fn get(address: &str, path: &str, headers: &[String], connections: usize, time: Duration) -> Self {
        run(address, path, None, headers, connections, time)
    }
}

/// One run; every answer must be a success, or say that nothing changed.
pub fn run(
    address: &str,
    path: &str,
    script: Option<&str>,
    headers: &[String],
    connections: usize,
    time: Duration,
) -> Load {
    let mut command = Command::new("taskset");
    command.args(["-c", LOADING, "wrk", "-t1", &format!("-c{connections}"), &format!("-d{}s", time.as_secs())]);
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    if let Some(script) = script {
        std::fs::write(file.path(), script).expect("a script");
        command.arg("-s").arg(file.path());
    }
    for header in headers {
        command.args(["-H", header]);
    }
    let output = command.arg(format!("http://{address}{path}")).output().expect("wrk is installed");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!text.contains("Non-2xx"), "{text}");
    let number = |line: Option<&str>| line.and_then(|l| l.split_whitespace().find_map(|w| w.parse::<f64>().ok()));
    let rate = number(text.lines().find_map(|l| l.trim().strip_prefix("Requests/sec:"))).expect("a rate");
    let requests = number(text.lines().find(|l| l.contains("requests in"))).expect("a count");
    Load { rate, requests }
}

pub fn median(times: usize, mut measure: impl FnMut() -> f64) -> f64 {
    let mut figures: Vec<f64> = (0..times).map(|_| measure()).collect();
    figures.sort_by(f64::total_cmp);
    figures[times / 2]
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

/// Sets a restaurant up through the API, as a person would.
pub fn open_shop(address: &str, code: &str) -> Shop {
    block(async {
        let base = format!("http://{}/api/v1", address);
        let http = reqwest::Client::new();
        let post = async |path: &str, token: &str, body: Value| -> Value {
            let sent =
                http.post(format!("{base}{path}")).bearer_auth(token).json(&body).send().await.expect("an answer");
            let status = sent.status();
            let text = sent.text().await.expect("a body");
            assert!(status.is_success(), "{path}: {text}");
            serde_json::from_str(&text).expect("JSON")
        };
        let setup = post("/codes/exchange", "", json!({ "code": code })).await;
        let made = post("/setup", setup["token"].as_str().expect("a token"), json!({
            "restaurant": { "name": "Bench", "currency": "EUR", "time_zone": "Europe/Madrid", "day_cutoff_minute": 300,
                            "tax_mode": "inclusive", "tax_rate_bp": 1000, "locale": "en" },
            "owner": { "name": "Olga", "email": "olga@example.com", "password": "Correct-horse-9" },
            "start": "empty"
        })).await;
        let token = made["token"].as_str().expect("a token").to_owned();
        let root = format!("/restaurants/{}", made["restaurant_id"].as_str().expect("an id"));
        let category = post(&format!("{root}/menu/categories"), &token, json!({ "name": "All" })).await;
        let mut item = Value::Null;
        for n in 0..60 {
            let new =
                json!({ "category_id": category["id"], "name": format!("Dish number {n}"), "price_minor": 900 + n });
            item = post(&format!("{root}/menu/items"), &token, new).await;
        }
        let lines = json!([{ "item_id": item["id"] }, { "item_id": item["id"], "quantity_milli": 2000 }]);
        let body = json!({ "service": "dine_in", "table": "4", "covers": 2, "lines": lines });
        let order = post(&format!("{root}/orders"), &token, body.clone()).await;
        Shop {
            order: format!("/api/v1{root}/orders/{}", order["id"].as_str().expect("an id")),
            orders: format!("/api/v1{root}/orders"),
            menu: format!("/api/v1{root}/menu"),
            list: format!("/api/v1{root}/orders?limit=30"),
            restaurant: made["restaurant_id"].as_str().expect("an id").to_owned(),
            body: body.to_string(),
            token,
        }
    })
}

/// What is answered, and its entity tag.
pub fn answer(address: &str, path: &str, token: &str) -> (Vec<u8>, String) {
    block(async {
        let sent = reqwest::Client::new().get(format!("http://{address}{path}")).bearer_auth(token).send().await;
        let sent = sent.expect("an answer");
        let tag = sent.headers().get("etag").map(|tag| tag.to_str().expect("text").to_owned()).unwrap_or_default();
        (sent.bytes().await.expect("a body").to_vec(), tag)
    })
}
