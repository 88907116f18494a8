//! What the product does in a second, as ratios against floors measured in the same run.
//!
//! The server side runs on core 0, the load (wrk) on core 1; each figure is the median of three runs.
//! The load generator is held against wrk and oha: `cargo bench -p comanda-tests --bench service -- load`.
//! Floors: raw rusqlite writing the same rows in groups of 32; a bare axum handler returning the same
//! bytes; PocketBase with its request log off, where its binary is on the PATH. `make bench` runs it.

mod backups;
mod growth;
mod life;
mod load;
mod peer;
mod process;
mod roles;
mod sockets;
mod wrk;

use std::time::Duration;

use comanda_engine::limits::model::{Name, Quota};
use comanda_engine::limits::pace::Wanted;
use process::Server;
use wrk::{Load, median};

const RUN: Duration = Duration::from_secs(5);
const CONNECTIONS: [usize; 2] = [16, 64];

/// Limits as in the product, for people who ask more often than any: they are counted, and nobody is refused.
fn unhurried() -> Wanted {
    let quota = Quota { requests: u32::MAX, window_s: 60 };
    Wanted { quotas: vec![(Name::People, quota)], ..Wanted::default() }
}

fn main() {
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    match args.next().as_deref() {
        Some("engine") => roles::engine(&args.next().expect("a data folder")),
        Some("bare") => roles::bare(&args.next().expect("a file of bytes")),
        Some("backups") => {
            let megabytes = args.next().map_or(backups::MEGABYTES, |text| text.parse().expect("megabytes"));
            backups::run(tempfile::tempdir().expect("a temporary folder").path(), megabytes);
        }
        Some("growth") => growth::run(tempfile::tempdir().expect("a temporary folder").path()),
        Some("life") => life::run(std::path::Path::new(&args.next().expect("a folder"))),
        Some("load") => load::run(tempfile::tempdir().expect("a temporary folder").path()),
        Some("generator") => load::generate(&args.next().expect("a plan")),
        Some("asker") => load::ask(&args.next().expect("an address")),
        Some("stalling") => load::stall(),
        Some("listeners") => sockets::listen(&args.collect::<Vec<_>>()),
        Some("sockets") => sockets::run(tempfile::tempdir().expect("a temporary folder").path()),
        Some("raw") => roles::raw(&args.next().expect("a folder")),
        _ => run(),
    }
}

fn run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    println!("machine: {}", process::machine());
    let raw = median(3, || process::number(&["raw", &folder.path().to_string_lossy()]));
    row("raw rusqlite, order + 2 lines, groups of 32", raw, "/s", None);

    let server = Server::start("engine", &folder.path().join("data").to_string_lossy());
    println!("{:<58} {:>9.0} MB", "idle memory (RSS)", server.memory_mb());
    let shop = wrk::open_shop(&server.address, &server.code);
    let mut ours = Vec::new();
    for connections in CONNECTIONS {
        let before = server.cpu();
        let mut done = 0.0;
        let rate = median(3, || {
            let load = Load::post(&server.address, &shop, connections, RUN);
            done += load.requests;
            load.rate
        });
        ours.push(rate);
        row(&format!("orders over HTTP, {connections} connections"), rate, "/s", Some((rate / raw, "of raw")));
        for (part, seconds) in server.cpu().since(&before) {
            println!("{:<58} {:>9.1} us CPU an order", format!("  of it {part}"), seconds * 1e6 / done);
        }
    }
    if let Some(peer) = peer::run(folder.path(), &CONNECTIONS) {
        for ((connections, ours), theirs) in CONNECTIONS.iter().zip(ours).zip(peer.creates) {
            let ratio = Some((ours / theirs, "times its rate is ours"));
            row(&format!("PocketBase, create, {connections} connections, log off"), theirs, "/s", ratio);
        }
        row("PocketBase, by id", peer.by_id, "/s", None);
        row("PocketBase, list of 30", peer.list, "/s", None);
    } else {
        println!("PocketBase is not on the PATH: not compared");
    }
    for (what, path) in [("order by id", &shop.order), ("menu of 60 items", &shop.menu), ("30 orders", &shop.list)] {
        let (bytes, tag) = wrk::answer(&server.address, path, &shop.token);
        let file = folder.path().join("bytes");
        std::fs::write(&file, bytes).expect("a file");
        let bare = Server::start("bare", &file.to_string_lossy());
        read(what, (&server, path), &bare, &[shop.bearer()]);
        read(&format!("{what}, unchanged"), (&server, path), &bare, &[shop.bearer(), format!("If-None-Match: {tag}")]);
    }
    println!("{:<58} {:>9.0} MB", "memory after load (RSS)", server.memory_mb());
    drop(server);
    sockets::run(folder.path());
    life::run(folder.path());
    growth::run(folder.path());
    backups::run(folder.path(), backups::MEGABYTES);
    load::run(folder.path());
}

/// One thing read again and again, beside a bare handler that answers the same; what stands between is the door.
fn read(what: &str, (server, path): (&Server, &str), bare: &Server, headers: &[String]) {
    let measured = |server: &Server, path: &str| {
        let (before, mut done) = (server.cpu(), 0.0);
        let rate = median(3, || {
            let load = Load::get(&server.address, path, headers, 16, RUN);
            done += load.requests;
            load.rate
        });
        (rate, server.cpu().total_since(&before) * 1e6 / done)
    };
    let ((ours, cost), (floor, bare_cost)) = (measured(server, path), measured(bare, "/"));
    row(
        &format!("{what}, 16 connections"),
        ours,
        "/s",
        Some((ours / floor, "of a bare handler that answers the same")),
    );
    println!("{:<58} {:>9.1} us CPU a request, {bare_cost:.1} of it without a door", "", cost);
}

fn row(what: &str, figure: f64, unit: &str, ratio: Option<(f64, &str)>) {
    let ratio = ratio.map(|(r, of)| format!("  {r:.2} {of}")).unwrap_or_default();
    println!("{what:<58} {figure:>9.0} {unit}{ratio}");
}
