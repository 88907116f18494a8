//! Nothing acknowledged is ever lost: the engine under write load, killed with no warning, over and over.
//!
//! `kill -9` shows the death of the process. It does not show the loss of power: on virtual machines a
//! flushed page may not have reached a disk.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use comanda_engine::command::Book;
use comanda_engine::kernel::time::Clock;
use comanda_engine::{commands, tables};
use rand::RngExt;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::support::TestApp;

const CLIENTS: usize = 8;
/// What each order comes to.
const ORDER_MINOR: i64 = 2850;
/// Rounds on one folder, before a fresh one keeps the checks short.
const ROUNDS_A_FOLDER: usize = 10;
/// Orders that are open from the beginning, for the control to take payments on.
const OPEN_ORDERS: usize = 120;
/// A control that answers 30 ms before it commits must be caught within this many kills.
const CONTROL_ROUNDS_MAX: usize = 30;

fn rounds() -> usize {
    std::env::var("COMANDA_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(200)
}

/// A restaurant with one item on its menu, closed; copied for each folder of rounds.
struct Template {
    folder: tempfile::TempDir,
    token: String,
    restaurant: String,
    item: String,
    open_orders: Vec<String>,
}

impl Template {
    async fn make() -> Self {
        // The engine that is killed lives by the real clock; so must the session it is asked with.
        let folder = tempfile::tempdir().unwrap();
        let app = TestApp::start_with(folder, |options| options.clock = Clock::system()).await;
        let owner = app.set_up().await;
        let category = owner.post("/menu/categories", json!({ "name": "Pizza" })).await.created();
        let item = json!({ "category_id": category["id"], "name": "Margherita", "price_minor": 950 });
        let item = owner.post("/menu/items", item).await.created()["id"].as_str().unwrap().to_owned();
        let mut open_orders = Vec::new();
        for _ in 0..OPEN_ORDERS {
            let order = owner.post("/orders", new_order(&item)).await.created();
            open_orders.push(order["id"].as_str().unwrap().to_owned());
        }
        let (token, restaurant) = (owner.token().to_owned(), owner.restaurant_id().to_owned());
        Self { folder: app.stop_and_keep().await, token, restaurant, item, open_orders }
    }

    fn copy(&self) -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(self.folder.path(), copy.path());
        copy
    }
}

fn new_order(item: &str) -> Value {
    let lines = json!([{ "item_id": item }, { "item_id": item, "quantity_milli": 2000 }]);
    json!({ "service": "takeaway", "lines": lines })
}

fn payment(order: &str) -> Asked {
    let body = json!({ "tender": "card", "amount_minor": ORDER_MINOR });
    Asked { key: Uuid::now_v7(), path: format!("/orders/{order}/payments"), body }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub struct Engine {
    pub child: Child,
    pub base: String,
}

pub fn start(folder: &Path, early_ms: u64, restaurant: &str) -> Engine {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kill_target"))
        .arg(folder)
        .arg(early_ms.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut address = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
    assert!(!address.is_empty(), "the engine did not start again after a kill");
    Engine { child, base: format!("http://{}/api/v1/restaurants/{restaurant}", address.trim()) }
}

/// What one client asked for and what it was told.
#[derive(Clone)]
struct Asked {
    key: Uuid,
    path: String,
    body: Value,
}

#[derive(Default)]
struct Told {
    orders: Vec<String>,
    payments: Vec<String>,
    unanswered: Vec<Asked>,
}

async fn ask(http: &reqwest::Client, base: &str, asked: &Asked) -> Option<Value> {
    let mut headers = HeaderMap::new();
    headers.insert("idempotency-key", asked.key.to_string().parse().unwrap());
    let sent = http.post(format!("{base}{}", asked.path)).headers(headers).json(&asked.body).send().await.ok()?;
    let status = sent.status();
    let answer: Value = sent.json().await.ok()?;
    assert_eq!(status, 201, "{answer}");
    Some(answer)
}

fn note(told: &mut Told, asked: &Asked, answer: &Value) {
    let id = answer["id"].as_str().unwrap().to_owned();
    if asked.path == "/orders" { told.orders.push(id) } else { told.payments.push(id) }
}

/// Opens orders and pays them until the engine is gone; or only pays those that were given.
async fn serve_guests(
    http: reqwest::Client,
    base: String,
    item: String,
    given: Option<Vec<String>>,
    told: Arc<Mutex<Told>>,
) {
    let mut given = given.map(Vec::into_iter);
    loop {
        let id = match &mut given {
            Some(orders) => orders.next(),
            None => {
                let open = Asked { key: Uuid::now_v7(), path: "/orders".into(), body: new_order(&item) };
                let Some(order) = ask(&http, &base, &open).await else {
                    return told.lock().await.unanswered.push(open);
                };
                note(&mut *told.lock().await, &open, &order);
                order["id"].as_str().map(str::to_owned)
            }
        };
        let Some(id) = id else { return };
        let pay = payment(&id);
        let Some(paid) = ask(&http, &base, &pay).await else {
            return told.lock().await.unanswered.push(pay);
        };
        note(&mut *told.lock().await, &pay, &paid);
    }
}

/// One life of the engine: first the requests that got no answer before, then load, then the kill.
async fn round(template: &Template, folder: &Path, early_ms: u64, told: &Arc<Mutex<Told>>) {
    let mut engine = start(folder, early_ms, &template.restaurant);
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {}", template.token).parse().unwrap());
    let http = reqwest::Client::builder().default_headers(headers).build().unwrap();
    let before = std::mem::take(&mut told.lock().await.unanswered);
    for asked in before {
        let answer = ask(&http, &engine.base, &asked).await.expect("asking again with the same key");
        note(&mut *told.lock().await, &asked, &answer);
    }
    // An engine that answers early cannot show an order it has just opened, so the control only takes payments.
    let share = |n: usize| template.open_orders.iter().skip(n).step_by(CLIENTS).cloned().collect();
    let guests: Vec<_> = (0..CLIENTS)
        .map(|n| {
            let given = (early_ms > 0).then(|| share(n));
            let (http, base, item) = (http.clone(), engine.base.clone(), template.item.clone());
            tokio::spawn(serve_guests(http, base, item, given, told.clone()))
        })
        .collect();
    let life = rand::rng().random_range(5..150);
    tokio::time::sleep(Duration::from_millis(life)).await;
    engine.child.kill().unwrap();
    engine.child.wait().unwrap();
    for guest in guests {
        guest.await.unwrap();
    }
}

/// What was told against what is there. Returns the acknowledged writes that are missing.
fn missing(folder: &Path, restaurant: &str, told: &Told) -> Vec<String> {
    let file: PathBuf = folder.join("restaurants").join(format!("{restaurant}.db"));
    let book = Book::new(commands::RESTAURANT);
    let db = comanda_db::Database::open(&file, tables::RESTAURANT, book, comanda_db::Options::default()).unwrap();
    let report = db.check().unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    let one = |sql: &str| db.read(|conn| conn.query_row(sql, [], |row| row.get::<_, i64>(0))).unwrap();
    assert_eq!(one("SELECT count(*) FROM orders"), one("SELECT count(*) FROM ledger WHERE name = 'open_order'"));
    assert_eq!(
        one("SELECT coalesce(sum(amount_minor), 0) FROM payment"),
        ORDER_MINOR * one("SELECT count(DISTINCT order_id) FROM payment"),
        "every paid order is paid exactly once"
    );
    let count = |table: &str, column: &str, id: &str| {
        let id = Uuid::parse_str(id).unwrap();
        let sql = format!("SELECT count(*) FROM {table} WHERE {column} = ?1");
        db.read(|conn| conn.query_row(&sql, [id], |row| row.get::<_, i64>(0))).unwrap()
    };
    let lost = |ids: &[String], table: &str, column: &str| {
        ids.iter().filter(|id| count(table, column, id) != 1).map(|id| format!("{table} {id}")).collect::<Vec<_>>()
    };
    let mut missing = lost(&told.orders, "orders", "id");
    missing.extend(lost(&told.payments, "payment", "order_id"));
    missing
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_order_or_payment_is_lost_over_hundreds_of_kills() {
    let template = Template::make().await;
    let mut acknowledged = 0;
    for batch in 0..rounds().div_ceil(ROUNDS_A_FOLDER) {
        let folder = template.copy();
        let told = Arc::default();
        for _ in 0..ROUNDS_A_FOLDER.min(rounds() - batch * ROUNDS_A_FOLDER) {
            round(&template, folder.path(), 0, &told).await;
            let lost = missing(folder.path(), &template.restaurant, &*told.lock().await);
            assert!(lost.is_empty(), "acknowledged and gone: {lost:?}");
        }
        let told = told.lock().await;
        acknowledged += told.orders.len() + told.payments.len();
    }
    assert!(acknowledged > 10 * rounds(), "only {acknowledged} writes in {} lives: the load was no load", rounds());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_answers_before_it_commits_is_caught() {
    let template = Template::make().await;
    for _ in 0..CONTROL_ROUNDS_MAX {
        let folder = template.copy();
        let told = Arc::default();
        round(&template, folder.path(), 30, &told).await;
        let lost = missing(folder.path(), &template.restaurant, &*told.lock().await);
        if !lost.is_empty() {
            return;
        }
    }
    panic!("{CONTROL_ROUNDS_MAX} kills and the early answers were never caught: this test cannot see a lost write");
}
