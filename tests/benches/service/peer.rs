//! PocketBase in the same run, at its fastest: request log off, an order as one record.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::wrk::{median, run as load};

pub struct Figures {
    /// A second, at each number of connections asked for.
    pub creates: Vec<f64>,
    pub by_id: f64,
    pub list: f64,
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

const MAIL: &str = "bench@example.com";
const PASSWORD: &str = "Correct-horse-9";

/// Nothing when its binary is not installed.
pub fn run(folder: &Path, connections: &[usize]) -> Option<Figures> {
    let data = folder.join("pocketbase");
    let dir = format!("--dir={}", data.display());
    let made = Command::new("pocketbase").args(["superuser", "upsert", MAIL, PASSWORD, &dir]).output().ok()?;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let address = format!("127.0.0.1:{port}");
    let mut command = Command::new("taskset");
    command.args(["-c", "0", "pocketbase", "serve", &format!("--http={address}"), &dir]);
    let _running = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?);
    let id = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(prepare(&address));
    let create =
        format!(r#"wrk.method = "POST"; wrk.headers["Content-Type"] = "application/json"; wrk.body = '{}'"#, record());
    let records = "/api/collections/orders/records";
    let time = Duration::from_secs(5);
    std::io::stdout().flush().ok()?;
    Some(Figures {
        creates: connections
            .iter()
            .map(|&connections| median(3, || load(&address, records, Some(&create), &[], connections, time).rate))
            .collect(),
        by_id: median(3, || load(&address, &format!("{records}/{id}"), None, &[], 16, time).rate),
        list: median(3, || load(&address, &format!("{records}?perPage=30&skipTotal=1"), None, &[], 16, time).rate),
    })
}

fn record() -> Value {
    let line = json!({ "name": "Dish number 59", "unit_price_minor": 959, "quantity_milli": 1000 });
    json!({ "service": "dine_in", "table_name": "4", "covers": 2, "lines": [line, line] })
}

/// Waits for it, makes the collection, turns the log off, makes one record. Returns its id.
async fn prepare(address: &str) -> String {
    let http = reqwest::Client::new();
    let mut tries = 0;
    let login = json!({ "identity": MAIL, "password": PASSWORD });
    let token = loop {
        let url = format!("http://{address}/api/collections/_superusers/auth-with-password");
        match http.post(url).json(&login).send().await {
            Ok(sent) => break sent.json::<Value>().await.expect("JSON")["token"].as_str().expect("a token").to_owned(),
            Err(error) => assert!(tries < 100, "PocketBase does not answer: {error}"),
        }
        tries += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let send = async |method: reqwest::Method, path: &str, body: Value| -> Value {
        let url = format!("http://{address}{path}");
        let sent =
            http.request(method, url).header("Authorization", &token).json(&body).send().await.expect("an answer");
        let status = sent.status();
        let text = sent.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    };
    let fields = json!([
        { "name": "service", "type": "text" }, { "name": "table_name", "type": "text" },
        { "name": "covers", "type": "number" }, { "name": "lines", "type": "json" }
    ]);
    let open =
        json!({ "name": "orders", "type": "base", "fields": fields, "createRule": "", "viewRule": "", "listRule": "" });
    send(reqwest::Method::POST, "/api/collections", open).await;
    send(reqwest::Method::PATCH, "/api/settings", json!({ "logs": { "maxDays": 0 } })).await;
    let first = send(reqwest::Method::POST, "/api/collections/orders/records", record()).await;
    first["id"].as_str().expect("an id").to_owned()
}
