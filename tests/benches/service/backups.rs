//! What backing up costs a restaurant of some size, beside what an administrator would type: `sqlite3 .backup` and
//! `zstd -3`; and restic where it is on the PATH.
//!
//! `cargo bench -p comanda-tests --bench service -- backups [MB]`; the house is filled through the API first.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use comanda_engine::serve::{Options, Purpose, start};
use hdrhistogram::Histogram;
use serde_json::{Value, json};

use crate::unhurried;
use crate::wrk::{Shop, open_shop};

/// What the figures of the plan were measured at.
pub const MEGABYTES: u64 = 150;
const RATE: u64 = 200;
const LOADED: Duration = Duration::from_secs(10);
const CLIENTS: usize = 16;

/// Somebody at the restaurant's API.
#[derive(Clone)]
struct Admin {
    http: reqwest::Client,
    base: String,
    shop: Arc<Shop>,
}

impl Admin {
    fn path(&self, path: &str) -> String {
        format!("{}{}", self.base, self.shop.orders.replace("/orders", path))
    }

    async fn get(&self, path: &str) -> Value {
        let sent = self.http.get(self.path(path)).bearer_auth(&self.shop.token).send().await.expect("an answer");
        sent.json().await.expect("JSON")
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let sent = self.http.post(self.path(path)).bearer_auth(&self.shop.token).json(body).send().await;
        let sent = sent.expect("an answer");
        let status = sent.status();
        let text = sent.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    async fn until(&self, path: &str, is: impl Fn(&Value) -> bool) -> Value {
        loop {
            let value = self.get(path).await;
            if is(&value) {
                return value;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A base now, tested: seconds to make and put it, and what is said of it.
    async fn backed_up(&self) -> (f64, Value) {
        let run = self.post("/backups", &json!({})).await;
        let path = format!("/backups/runs/{}", run["id"].as_str().expect("an id"));
        let run = self.until(&path, |run| run["state"] != "running").await;
        assert_eq!(run["state"], "done", "{run:#}");
        let base = self.get("/backups").await["bases"][0].clone();
        let whole_ms = run["ended_ms"].as_f64().expect("an end") - run["began_ms"].as_f64().expect("a beginning");
        let tested_ms = base["targets"][0]["took_ms"].as_f64().expect("a test");
        ((whole_ms - tested_ms) / 1000.0, base)
    }
}

pub fn run(folder: &Path, megabytes: u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let data = folder.join("backed-up");
    let options = Options {
        data_dir: data.clone(),
        listen: ([127, 0, 0, 1], 0).into(),
        limits: unhurried(),
        ..Options::default()
    };
    let running = runtime.block_on(start(options)).expect("the engine starts");
    let (address, code) = (running.address().to_string(), running.one_time_code(Purpose::Setup));
    let shop = std::thread::spawn(move || open_shop(&address, &code)).join().expect("a shop");
    let base = format!("http://{}", running.address());
    let admin = Admin { http: reqwest::Client::new(), base, shop: Arc::new(shop) };
    let file = only_file(&data.join("restaurants"));
    runtime.block_on(fill(&admin, &file, megabytes * 1_000_000));
    println!("{:<58} {:>9.0} MB", "the restaurant's file", bytes(&file) / 1e6);
    runtime.block_on(measure(&admin, folder, &file));
    runtime.block_on(running.stop());
}

async fn measure(admin: &Admin, folder: &Path, file: &Path) {
    let place = folder.join("place");
    admin.post("/backups/targets", &json!({ "name": "Place", "folder": place })).await;
    admin.until("/backups", |b| b["bases"][0]["targets"][0]["state"] == "verified").await;
    let before = peak_mb();
    let (seconds, base) = admin.backed_up().await;
    row("base: snapshot, zstd, sealed, put", seconds, "s");
    row("  its bytes", base["bytes"].as_f64().unwrap_or_default() / 1e6, "MB");
    row("  its test restore, wholly checked", base["targets"][0]["took_ms"].as_f64().unwrap_or_default() / 1000.0, "s");
    row("  peak memory above before", peak_mb() - before, "MB");
    by_hand(folder, file);
    restic(folder, file);
    lag(admin, &place).await;
    let restore = admin.post("/backups/restores", &json!({})).await;
    let path = format!("/backups/restores/{}", restore["id"].as_str().expect("an id"));
    let ready = admin.until(&path, |restore| restore["state"] != "making").await;
    assert_eq!(ready["state"], "ready", "{ready:#}");
    row("any moment: brought back and wholly checked", ready["took_ms"].as_f64().unwrap_or_default() / 1000.0, "s");
    beside(admin).await;
}

/// `.backup` and `zstd -3`, and the way back.
fn by_hand(folder: &Path, file: &Path) {
    let (copy, small, back) = (folder.join("copy.db"), folder.join("copy.zst"), folder.join("back.db"));
    let timed = |mut command: Command| {
        let began = Instant::now();
        let output = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        output.is_ok_and(|status| status.success()).then(|| began.elapsed().as_secs_f64())
    };
    let mut backup = Command::new("sqlite3");
    backup.arg(file).arg(format!(".backup '{}'", copy.display()));
    let mut zstd = Command::new("zstd");
    zstd.args(["-3", "-q", "-f", "-T1"]).arg(&copy).arg("-o").arg(&small);
    let mut unzstd = Command::new("zstd");
    unzstd.args(["-d", "-q", "-f"]).arg(&small).arg("-o").arg(&back);
    match (timed(backup), timed(zstd), timed(unzstd)) {
        (Some(backup), Some(zstd), Some(unzstd)) => {
            row("sqlite3 .backup, then zstd -3", backup + zstd, "s");
            row("  its bytes", bytes(&small) / 1e6, "MB");
            row("  the way back, nothing checked", unzstd, "s");
        }
        _ => println!("sqlite3 or zstd is not on the PATH: not compared"),
    }
}

fn restic(folder: &Path, file: &Path) {
    let (repository, back) = (folder.join("restic"), folder.join("restic-back"));
    let timed = |args: &[&str]| {
        let began = Instant::now();
        let mut command = Command::new("restic");
        command.env("RESTIC_PASSWORD", "bench").args(["-q", "-r"]).arg(&repository).args(args);
        command.output().is_ok_and(|output| output.status.success()).then(|| began.elapsed().as_secs_f64())
    };
    let (file, back) = (file.to_string_lossy().into_owned(), back.to_string_lossy().into_owned());
    if timed(&["init"]).is_none() {
        return println!("restic is not on the PATH: not compared");
    }
    if let (Some(first), Some(restored)) = (timed(&["backup", &file]), timed(&["restore", "latest", "--target", &back]))
    {
        row("restic, first backup of the file", first, "s");
        row("  the way back", restored, "s");
    }
}

/// What would be lost, looked at all the time while orders come in at an even pace.
async fn lag(admin: &Admin, place: &Path) {
    let before = journal_bytes(place);
    let (began, mut sent) = (Instant::now(), 0_u64);
    let mut worst_ms = 0.0_f64;
    let mut tasks = tokio::task::JoinSet::new();
    while began.elapsed() < LOADED {
        let due = began.elapsed().as_micros() as u64 * RATE / 1_000_000;
        for _ in sent..due {
            let admin = admin.clone();
            tasks.spawn(async move { drop(admin.post("/orders", &admin.shop.new_order()).await) });
        }
        sent = sent.max(due);
        let exposure = admin.get("/backups").await["exposure_ms"].as_f64();
        worst_ms = worst_ms.max(exposure.unwrap_or(f64::INFINITY));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    while tasks.join_next().await.is_some() {}
    row(&format!("worst exposure at {RATE} orders a second"), worst_ms / 1000.0, "s");
    admin.until("/backups", |b| b["exposure_ms"] == 0 && b["targets"][0]["entry"] == b["entry"]).await;
    row("  shipped for an order", (journal_bytes(place) - before) / sent.max(1) as f64, "bytes");
}

/// Orders a second without a backup, and while one is made after the other.
async fn beside(admin: &Admin) {
    let (alone, alone_p99) = load(admin).await;
    let stop = Arc::new(AtomicBool::new(false));
    let (backing, stopping) = (admin.clone(), stop.clone());
    let bases = tokio::spawn(async move {
        let mut bases = 0;
        while !stopping.load(Ordering::Relaxed) {
            backing.backed_up().await;
            bases += 1;
        }
        bases
    });
    let (while_, while_p99) = load(admin).await;
    stop.store(true, Ordering::Relaxed);
    let bases: u64 = bases.await.expect("backups");
    println!("{:<58} {alone:>9.0} /s    99 of 100 within {alone_p99:.1} ms", "orders without a backup");
    println!(
        "{:<58} {while_:>9.0} /s    99 of 100 within {while_p99:.1} ms",
        format!("  while {bases} were made and tested")
    );
    row("  of it without", while_ / alone, "");
}

/// Orders a second, and what 99 of 100 waited, in milliseconds.
async fn load(admin: &Admin) -> (f64, f64) {
    let (began, done) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let (admin, done) = (admin.clone(), done.clone());
        clients.spawn(async move {
            let mut waits = Histogram::<u64>::new(3).expect("a histogram");
            while began.elapsed() < LOADED {
                let asked = Instant::now();
                admin.post("/orders", &admin.shop.new_order()).await;
                waits.saturating_record(asked.elapsed().as_micros() as u64);
                done.fetch_add(1, Ordering::Relaxed);
            }
            waits
        });
    }
    let mut all = Histogram::<u64>::new(3).expect("a histogram");
    while let Some(waits) = clients.join_next().await {
        all.add(waits.expect("a client")).expect("the same kind");
    }
    let rate = done.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64();
    (rate, all.value_at_quantile(0.99) as f64 / 1000.0)
}

async fn fill(admin: &Admin, file: &Path, size: u64) {
    let full = Arc::new(AtomicBool::new(false));
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let (admin, full) = (admin.clone(), full.clone());
        clients.spawn(async move {
            while !full.load(Ordering::Relaxed) {
                admin.post("/orders", &admin.shop.new_order()).await;
            }
        });
    }
    while bytes(file) < size as f64 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    full.store(true, Ordering::Relaxed);
    while clients.join_next().await.is_some() {}
}

fn row(what: &str, figure: f64, unit: &str) {
    println!("{what:<58} {figure:>9.2} {unit}");
}

fn bytes(file: &Path) -> f64 {
    std::fs::metadata(file).map_or(0.0, |file| file.len() as f64)
}

fn only_file(folder: &Path) -> PathBuf {
    let files = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    files.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "db")).expect("a restaurant")
}

fn journal_bytes(folder: &Path) -> f64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0.0 };
    let of = |path: PathBuf| match path.is_dir() {
        true => journal_bytes(&path),
        false if path.to_string_lossy().contains("/journal/") => bytes(&path),
        false => 0.0,
    };
    entries.flatten().map(|entry| of(entry.path())).sum()
}

/// The most memory this process ever had.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
