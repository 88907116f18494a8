//! The load generator beside wrk and oha, and whether its figures can be believed: the same bare handler on core 0, each
//! of them by itself on core 1, sixteen connections.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use comanda_load::run::{Given, Stop, prepare};
use comanda_load::{Plan, plan};
use serde_json::{Value, json};

use crate::process::{self, LOADING, Server};
use crate::{RUN, row};

const CONNECTIONS: usize = 16;
/// How often a child is looked at: its last hundredth of a second may be missed, of several seconds.
const LOOK: Duration = Duration::from_millis(10);
/// The stall begins after this, lasts a second.
const STALL_AT: Duration = Duration::from_secs(2);
const STALL: Duration = Duration::from_secs(1);

pub fn run(folder: &Path) {
    let file = folder.join("bytes");
    std::fs::write(&file, "{\"items\":[]}").expect("a file");
    let bare = Server::start("bare", &file.to_string_lossy());
    let url = format!("http://{}/", bare.address);
    let seconds = RUN.as_secs().to_string();
    let users = json!({ "shape": "users", "name": "all", "for_s": RUN.as_secs(), "users": CONNECTIONS });
    let ours = measured("generator", process::role(LOADING, &["generator", &the_plan(&url, &users).to_string()]));
    let capacity = ours.as_ref().map_or(0.0, |cost| cost.rate);
    let mut wrk = tool("wrk");
    wrk.args(["-t1", &format!("-c{CONNECTIONS}"), &format!("-d{seconds}s"), &url]);
    let mut oha = tool("oha");
    oha.args(["--no-tui", "-c", &CONNECTIONS.to_string(), "-z", &format!("{seconds}s"), &url]);
    for (name, other) in [("wrk", measured("wrk", wrk)), ("oha", measured("oha", oha))] {
        match (&ours, other) {
            (Some(ours), Some(other)) => {
                println!("  the generator asks {:.2} times as much as {name}", ours.rate / other.rate);
            }
            _ => println!("{name} is not on the PATH: not compared"),
        }
    }
    believed(&url, capacity / 2.0);
    drop(bare);
    let stalls = |shape: &Value| {
        let target = Server::start("stalling", "");
        asked(&the_plan(&format!("http://{}/", target.address), shape))
    };
    let open = stalls(&json!({ "shape": "constant", "name": "all", "for_s": 5, "rate": 100 }));
    let closed = stalls(&json!({ "shape": "users", "name": "all", "for_s": 5, "users": 2 }));
    for (model, said) in [("open", open), ("closed", closed)] {
        println!(
            "a stall of 1 s of 5, {model} model: p99 {:.1} ms, worst {:.1} ms, {} requests",
            figure(&said, "p99_ms"),
            figure(&said, "max_ms"),
            figure(&said, "requests")
        );
    }
}

fn the_plan(url: &str, phase: &Value) -> Value {
    json!({
        "name": "Bench", "target": url, "connections_max": CONNECTIONS, "timeout_s": 5, "stop_at_errors_percent": 100,
        "phases": [phase],
        "scenarios": [{ "name": "One", "weight": 1, "steps": [{ "name": "Get", "path": "/" }] }],
    })
}

fn tool(name: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", LOADING, name]).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

struct Cost {
    rate: f64,
}

/// Runs it to its end and says what it did and what it cost. None: it is not installed.
fn measured(name: &str, mut command: Command) -> Option<Cost> {
    let mut child = command.spawn().expect("taskset runs");
    let (cpu_s, peak_mb) = watched(&mut child);
    let mut text = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut text).expect("text");
    let rate = text.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:")?.trim().parse::<f64>().ok())?;
    row(&format!("{name}, {CONNECTIONS} connections, a bare handler"), rate, "/s", None);
    let each = cpu_s / (rate * RUN.as_secs_f64()) * 100_000.0;
    println!("{:<58} {each:>9.2} CPU s for 100,000 requests, {peak_mb:.0} MB at most", "");
    Some(Cost { rate })
}

/// Processor seconds and the most memory of a child, as they were seen last before it ended.
fn watched(child: &mut Child) -> (f64, f64) {
    let (mut cpu_s, mut peak_mb) = (0.0_f64, 0.0_f64);
    while child.try_wait().expect("a child").is_none() {
        let of = |what: &str| std::fs::read_to_string(format!("/proc/{}/{what}", child.id())).unwrap_or_default();
        if let Some((_, tail)) = of("stat").rsplit_once(')') {
            let ticks = tail.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
            cpu_s = cpu_s.max(ticks.sum::<f64>() / 100.0);
        }
        let status = of("status");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        peak_mb = peak_mb.max(peak.unwrap_or(0.0) / 1024.0);
        std::thread::sleep(LOOK);
    }
    (cpu_s, peak_mb)
}

/// The role: runs a plan on one thread and says its figures, its rate as wrk and oha do.
pub fn generate(text: &str) {
    let plan: Plan = plan::read(text).expect("a plan");
    let given = Given { threads: 1, ..Given::default() };
    let summary = prepare(plan, &given, Stop::default()).expect("it begins").run(|_| ());
    assert_eq!(summary.totals.errors, 0, "{:?}", summary.errors);
    println!("Requests/sec: {}", summary.totals.per_s);
    println!("{}", serde_json::to_string(&summary.totals).expect("figures"));
}

/// The figures of a plan, run on the core that loads.
fn asked(plan: &Value) -> Value {
    let output = process::role(LOADING, &["generator", &plan.to_string()]).output().expect("taskset runs");
    let text = String::from_utf8(output.stdout).expect("text");
    serde_json::from_str(text.lines().last().expect("figures")).expect("figures")
}

fn figure(said: &Value, name: &str) -> f64 {
    said[name].as_f64().expect("a figure")
}

/// At half of what the target can do, what the generator reports against samples that a plain socket takes meanwhile.
fn believed(url: &str, rate: f64) {
    let phase = json!({ "shape": "constant", "name": "all", "for_s": RUN.as_secs(), "rate": rate.max(1.0).round() });
    let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let asking = std::thread::spawn(move || {
        let output = process::role(LOADING, &["asker", &address]).output().expect("taskset runs");
        serde_json::from_slice::<Value>(&output.stdout).expect("samples")
    });
    let said = asked(&the_plan(url, &phase));
    let raw = asking.join().expect("samples");
    println!(
        "open model at {rate:.0}/s, half of what the target can do: p50 {:.3} ms, p99 {:.3} ms",
        figure(&said, "p50_ms"),
        figure(&said, "p99_ms")
    );
    println!(
        "{:<58} raw samples of a plain socket meanwhile ({}): p50 {:.3} ms, p99 {:.3} ms",
        "",
        figure(&raw, "count"),
        figure(&raw, "p50_ms"),
        figure(&raw, "p99_ms")
    );
}

/// The role: asks every other millisecond on a socket of its own, keeps every sample, and sorts them.
pub fn ask(address: &str) {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_nodelay(true).expect("a socket");
    let mut answers = BufReader::new(stream.try_clone().expect("a socket"));
    let request = format!("GET / HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let (began, mut samples) = (Instant::now(), Vec::new());
    while began.elapsed() < RUN {
        let sent = Instant::now();
        stream.write_all(request.as_bytes()).expect("sent");
        let mut length = 0;
        loop {
            let mut line = String::new();
            answers.read_line(&mut line).expect("a line");
            if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = text.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        answers.read_exact(&mut vec![0; length]).expect("a body");
        samples.push(sent.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(Duration::from_millis(2));
    }
    samples.sort_by(f64::total_cmp);
    let at = |share: f64| samples[((samples.len() - 1) as f64 * share) as usize];
    println!("{}", json!({ "count": samples.len(), "p50_ms": at(0.5), "p99_ms": at(0.99) }));
}

/// The role: answers at once, but for one second in which nobody is answered.
pub fn stall() {
    crate::roles::serve(|| {
        let first: &'static std::sync::OnceLock<Instant> = Box::leak(Box::default());
        let answer = async move || {
            let now = first.get_or_init(Instant::now).elapsed();
            if now >= STALL_AT && now < STALL_AT + STALL {
                tokio::time::sleep(STALL_AT + STALL - now).await;
            }
            "{}"
        };
        Router::new().route("/", get(answer))
    });
}
