//! The other roles of this program: the engine itself, and the floors.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use axum::Router;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use comanda_engine::serve::{Options, Purpose, start};
use comanda_engine::{command::Book, commands, tables};
use uuid::Uuid;

use crate::unhurried;

const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

/// The engine as the product starts it, its log of requests too. Prints `address code`.
pub fn engine(data: &str) {
    let _log = comanda_engine::logs::start(data.as_ref(), "info", None).expect("a log");
    runtime().block_on(async {
        let options = Options { data_dir: data.into(), listen: LOOPBACK, limits: unhurried(), ..Options::default() };
        let running = start(options).await.expect("the engine starts");
        println!("{} {}", running.address(), running.one_time_code(Purpose::Setup));
        std::future::pending::<()>().await;
    });
}

/// A handler that does nothing but return these bytes, or say that they are the ones somebody has.
pub fn bare(file: &str) {
    let bytes: &'static [u8] = std::fs::read(file).expect("a file").leak();
    let answer = async move |headers: HeaderMap| match headers.get(IF_NONE_MATCH) {
        Some(tag) => (StatusCode::NOT_MODIFIED, [(ETAG, tag.clone())]).into_response(),
        None => ([(CONTENT_TYPE, "application/json")], bytes).into_response(),
    };
    serve(|| Router::new().route("/", get(answer)));
}

/// Serves for good, and prints where.
pub fn serve(routes: impl FnOnce() -> Router) {
    runtime().block_on(async move {
        let app = routes();
        let listener = tokio::net::TcpListener::bind(LOOPBACK).await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        axum::serve(listener, app).await.expect("serving");
    });
}

/// The same rows into the same tables with nothing around them. Prints orders a second.
pub fn raw(folder: &str) {
    const ORDERS: usize = 40_000;
    const GROUP: usize = 32;
    let path = std::path::Path::new(folder).join(format!("raw-{}.db", std::process::id()));
    let book = Book::new(commands::RESTAURANT);
    let made = comanda_db::Database::open(&path, tables::RESTAURANT, book, comanda_db::Options::default());
    made.expect("a file").close();
    let conn = rusqlite::Connection::open(&path).expect("a file");
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").expect("settings");
    let (actor, item) = (Uuid::now_v7(), Uuid::now_v7());
    let began = Instant::now();
    for group in 0..ORDERS / GROUP {
        conn.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
        for n in 0..GROUP {
            let order = Uuid::now_v7();
            conn.prepare_cached(
                "INSERT INTO orders (id, number, business_date, hour, service, table_name, covers, terms, opened_ms, opened_by)
                 VALUES (?1, ?2, '2026-11-21', 12, 'dine_in', '4', 2, 'EUR inclusive rate half_up 0', 1763700000000, ?3)",
            )
            .and_then(|mut s| s.execute((order, format!("A-{}", group * GROUP + n), actor)))
            .expect("an order");
            for _ in 0..2 {
                conn.prepare_cached(
                    "INSERT INTO order_line (order_id, id, item_id, name, unit_price_minor, tax_rate_bp)
                     VALUES (?1, ?2, ?3, 'Dish number 59', 959, 1000)",
                )
                .and_then(|mut s| s.execute((order, Uuid::now_v7(), item)))
                .expect("a line");
            }
        }
        conn.execute_batch("COMMIT").expect("a commit");
    }
    println!("{}", ORDERS as f64 / began.elapsed().as_secs_f64());
}
