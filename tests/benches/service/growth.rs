//! What screens wait for as a restaurant grows: 10,000, 100,000 and 1,000,000 orders, and 100,000 items.
//!
//! Nothing here is answered from memory: before each reading an order is opened, paid and so counted.
//! Each figure is the median of its rounds, over HTTP on loopback, in milliseconds.

use std::path::Path;
use std::time::Instant;

use comanda_engine::app::App;
use comanda_engine::demo::{self, Wanted};
use comanda_engine::kernel::time::Clock;
use comanda_engine::staff;
use serde_json::{Value, json};

use crate::process::Server;
use crate::wrk::{Shop, median, open_shop};

const SIZES: [u32; 3] = [10_000, 100_000, 1_000_000];
/// A menu has 100,000 at most, and the shop opens with 60.
const ITEMS: usize = 99_940;
const ROUNDS: usize = 15;
const SEARCHES: usize = 400;
const READINGS: &[(&str, &str)] = &[
    ("Today", "today"),
    ("order board", "orders?state=open&limit=200"),
    ("kitchen list", "kitchen"),
    ("report: summary, 3 years", "reports/summary"),
    ("report: days, 3 years", "reports/days"),
    ("report: hours, 3 years", "reports/hours"),
    ("report: items, 3 years", "reports/items"),
    ("report: categories, 3 years", "reports/categories"),
    ("report: staff, 3 years", "reports/staff"),
    ("report: tenders, 3 years", "reports/tenders"),
    ("report: taxes, 3 years", "reports/taxes"),
];

pub fn run(folder: &Path) {
    println!("{:<34} {}", "milliseconds at so many orders", SIZES.map(|n| format!("{n:>11}")).concat());
    let columns: Vec<Vec<(String, f64)>> =
        SIZES.iter().map(|orders| of_size(&folder.join(format!("grown-{orders}")), *orders)).collect();
    for (row, (what, _)) in columns[0].iter().enumerate() {
        let figures: String = columns.iter().map(|column| format!("{:>11.1}", column[row].1)).collect();
        println!("{what:<34} {figures}");
    }
    let data = folder.join("items");
    let server = Server::start("engine", &data.to_string_lossy());
    let shop = open_shop(&server.address, &server.code);
    many_items(&server, &shop);
}

fn of_size(data: &Path, orders: u32) -> Vec<(String, f64)> {
    let first = Server::start("engine", &data.to_string_lossy());
    let shop = open_shop(&first.address, &first.code);
    drop(first);
    fill(data, orders);

    let mut figures = Vec::new();
    let mut server = None;
    let start = median(5, || {
        drop(server.take());
        let began = Instant::now();
        let started = Server::start("engine", &data.to_string_lossy());
        get(&started, &shop, "orders?limit=1");
        server = Some(started);
        ms(began)
    });
    figures.push(("start to first answer".to_owned(), start));
    let server = server.expect("it started");
    let years = years();
    for (what, path) in READINGS {
        let path = if path.starts_with("reports/") { format!("{path}?{years}") } else { (*path).to_owned() };
        let figure = median(ROUNDS, || {
            let order = post(&server, &shop, "orders", &shop.new_order());
            let pay = json!({ "tender": "card", "amount_minor": order["due_minor"] });
            post(&server, &shop, &format!("orders/{}/payments", order["id"].as_str().expect("an id")), &pay);
            let began = Instant::now();
            get(&server, &shop, &path);
            ms(began)
        });
        figures.push(((*what).to_owned(), figure));
    }
    if get(&server, &shop, "till")["session"].is_object() {
        post(&server, &shop, "till/close", &json!({ "counted_minor": 0 }));
    }
    let began = Instant::now();
    post(&server, &shop, "till/z", &json!({}));
    figures.push(("Z report".to_owned(), ms(began)));
    figures
}

/// Past orders as the demo makes them, written without an engine around the file.
fn fill(data: &Path, orders: u32) {
    let app = App::open(data, Clock::system(), None).expect("the files open");
    let restaurant = app.restaurants().remove(0);
    let owner = restaurant.read(staff::store::owner).expect("the staff").expect("an owner");
    let wanted = Wanted { orders, seed: 1, now_ms: app.clock.now_ms(), with_today: true };
    demo::fill(&restaurant, owner, wanted, |_| {}).expect("the demo");
    app.close();
}

/// Search at 100,000 items: what a person waits for at each key, as a distribution.
fn many_items(server: &Server, shop: &Shop) {
    const WORDS: [&str; 12] =
        ["soup", "salad", "burger", "pasta", "pizza", "roast", "grilled", "spicy", "tomato", "lemon", "house", "large"];
    let mut csv = String::from("category,name,price\n");
    for n in 0..ITEMS {
        let [a, b, c] = [n % 12, (n / 12) % 12, (n / 144) % 12].map(|at| WORDS[at]);
        csv.push_str(&format!("Group {},{a} {b} {c} {n},{}.50\n", n % 200, 4 + n % 30));
    }
    let sent = http().post(url(server, shop, "imports/menu")).bearer_auth(&shop.token);
    block(async { answer(sent.header("content-type", "text/csv").body(csv).send().await).await });
    let mut waits = hdrhistogram::Histogram::<u64>::new(3).expect("a histogram");
    for n in 0..SEARCHES {
        let (a, b) = (WORDS[n % 12], WORDS[(n / 12) % 12]);
        let typed = [&a[..2], a, &format!("{a}+{b}"), &format!("{b}+{n}")][n % 4].to_owned();
        let began = Instant::now();
        get(server, shop, &format!("menu/search?q={typed}"));
        waits.record(began.elapsed().as_micros() as u64).expect("a wait");
    }
    let at = |percentile| waits.value_at_percentile(percentile) as f64 / 1000.0;
    println!("{:<58} {:>9.1} ms, p99 {:.1}", format!("search among {ITEMS} items, median"), at(50.0), at(99.0));
}

/// The longest report there is.
fn years() -> String {
    let today = chrono::Utc::now().date_naive();
    format!("from={}&to={today}", today - chrono::Days::new(1_099))
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

fn block<T>(work: impl Future<Output = T>) -> T {
    thread_local!(static RUNTIME: tokio::runtime::Runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"));
    RUNTIME.with(|runtime| runtime.block_on(work))
}

fn http() -> reqwest::Client {
    thread_local!(static CLIENT: reqwest::Client = reqwest::Client::new());
    CLIENT.with(reqwest::Client::clone)
}

fn url(server: &Server, shop: &Shop, path: &str) -> String {
    format!("http://{}{}/{path}", server.address, shop.orders.trim_end_matches("/orders"))
}

async fn answer(sent: reqwest::Result<reqwest::Response>) -> Value {
    let sent = sent.expect("an answer");
    let (status, text) = (sent.status(), sent.text().await.expect("a body"));
    assert!(status.is_success(), "{text}");
    serde_json::from_str(&text).expect("JSON")
}

fn get(server: &Server, shop: &Shop, path: &str) -> Value {
    let request = http().get(url(server, shop, path)).bearer_auth(&shop.token);
    block(async { answer(request.send().await).await })
}

fn post(server: &Server, shop: &Shop, path: &str, body: &Value) -> Value {
    let request = http().post(url(server, shop, path)).bearer_auth(&shop.token).json(body);
    block(async { answer(request.send().await).await })
}
