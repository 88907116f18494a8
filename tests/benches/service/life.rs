//! What an order costs over its whole life, on disk and in replay; what an import takes.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Instant;

use comanda_db::{Database, Options as DbOptions};
use comanda_engine::serve::{Options, Purpose, Running, start};
use comanda_engine::{command::Book, commands, tables};
use serde_json::{Value, json};

use crate::unhurried;
use crate::wrk::{Shop, open_shop};

const ORDERS: usize = 2_000;
const SALES: &[u8] = include_bytes!("../../data/pizzaplace.csv.gz");

pub fn run(folder: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let running = runtime.block_on(start(options(&folder.join("import")))).expect("the engine starts");
    let shop = shop(&running);
    let seconds = runtime.block_on(import(&format!("http://{}", running.address()), &shop));
    println!("{:<58} {seconds:>9.2} s", "import of 21,350 orders over HTTP");
    runtime.block_on(running.stop());

    let data = folder.join("life");
    let running = runtime.block_on(start(options(&data))).expect("the engine starts");
    let shop = self::shop(&running);
    let files = std::fs::read_dir(data.join("restaurants")).expect("a folder").flatten().map(|e| e.path());
    let file = files.into_iter().find(|p| p.extension().is_some_and(|e| e == "db")).expect("the restaurant's file");
    let [before, plain, packed] = ["before.db", "plain.db", "packed.db"].map(|name| folder.join(name));
    snapshot(&file, &before);
    runtime.block_on(lives(&format!("http://{}", running.address()), &shop));
    runtime.block_on(running.stop());

    let db = open(&file);
    db.snapshot(&plain).expect("a snapshot");
    let empty = std::fs::metadata(&before).expect("a file").len() as f64;
    replay(&db, &before);
    let began = Instant::now();
    let rows = db.pack(i64::MAX).expect("packing");
    println!("{:<58} {:>9.0} rows/s", "packing", rows as f64 / began.elapsed().as_secs_f64());
    db.snapshot(&packed).expect("a snapshot");
    let report = db.check().expect("a check");
    assert!(report.is_clean(), "{:#?}", report.findings);
    let size = |file: &Path| std::fs::metadata(file).expect("a file").len() as f64;
    let each = |file: &Path| (size(file) - empty) / ORDERS as f64;
    println!("{:<58} {:>9.0} bytes", "an order, its whole life (6 commands), plain", each(&plain));
    println!("{:<58} {:>9.0} bytes", "an order, its whole life, packed", each(&packed));
    for (part, bytes) in parts(&packed) {
        println!("{:<58} {:>9.1} bytes", format!("  of it {part}"), bytes / ORDERS as f64);
    }
}

fn options(data: &Path) -> Options {
    let listen = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    Options { data_dir: data.to_owned(), listen, limits: unhurried(), ..Options::default() }
}

fn shop(running: &Running) -> Shop {
    let (address, code) = (running.address().to_string(), running.one_time_code(Purpose::Setup));
    std::thread::spawn(move || open_shop(&address, &code)).join().expect("a shop")
}

/// A whole copy of a file that an engine of this process has open.
fn snapshot(file: &Path, to: &Path) {
    let conn = rusqlite::Connection::open(file).expect("a file");
    conn.execute("VACUUM INTO ?1", [to.to_string_lossy()]).expect("a snapshot");
}

/// The largest tables and indexes of a file, with the bytes of their pages.
fn parts(file: &Path) -> Vec<(String, f64)> {
    let conn = rusqlite::Connection::open(file).expect("a file");
    let sql = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 5";
    let mut statement = conn.prepare(sql).expect("page statistics");
    let parts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("page statistics");
    parts.collect::<Result<_, _>>().expect("page statistics")
}

fn open(file: &Path) -> Database {
    let book = Book::new(commands::RESTAURANT);
    Database::open(file, tables::RESTAURANT, book, DbOptions::default()).expect("the file opens")
}

/// Opens, fires, readies, serves and pays orders, several at a time.
async fn lives(base: &str, shop: &Shop) {
    let http = reqwest::Client::new();
    let post = async |path: String, body: Value| -> Value {
        let sent =
            http.post(format!("{base}{path}")).bearer_auth(&shop.token).json(&body).send().await.expect("an answer");
        let status = sent.status();
        let text = sent.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    };
    let kitchen = shop.orders.replace("/orders", "/kitchen");
    for _ in 0..ORDERS {
        let order = post(shop.orders.clone(), shop.new_order()).await;
        let id = order["id"].as_str().expect("an id").to_owned();
        post(format!("{}/{id}/fire", shop.orders), json!({})).await;
        for line in order["lines"].as_array().expect("lines") {
            let line = line["id"].as_str().expect("an id");
            post(format!("{kitchen}/{id}/lines/{line}/bump"), json!({ "to": "ready" })).await;
        }
        post(format!("{}/{id}/serve", shop.orders), json!({})).await;
        let pay = json!({ "tender": "card", "amount_minor": order["due_minor"] });
        post(format!("{}/{id}/payments", shop.orders), pay).await;
    }
}

async fn import(base: &str, shop: &Shop) -> f64 {
    let url = format!("{base}{}?name=pizzaplace.csv.gz", shop.orders.replace("/orders", "/imports"));
    let began = Instant::now();
    let sent = reqwest::Client::new().post(url).bearer_auth(&shop.token).header("content-type", "application/gzip");
    let answer = sent.body(SALES).send().await.expect("an answer");
    let status = answer.status();
    let text = answer.text().await.expect("a body");
    assert!(status.is_success() && text.contains("81786005"), "{text}");
    began.elapsed().as_secs_f64()
}

/// Effects replayed into the copy, up to the head.
fn replay(db: &Database, copy: &Path) {
    let began = Instant::now();
    let done = db.replay_into(copy, db.entry().expect("an entry")).expect("a replay");
    let rate = (done.to - done.from) as f64 / began.elapsed().as_secs_f64();
    println!("{:<58} {rate:>9.0} commits/s", "effects replayed and the state checked");
}
