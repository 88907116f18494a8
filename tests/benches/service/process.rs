//! Child processes on a core of their own, and what they cost.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Where the engine and the floors run.
const SERVING: &str = "0";
/// Where what loads them runs.
pub const LOADING: &str = "1";

/// This program in another role, on a core of its own.
pub fn role(core: &str, args: &[&str]) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", core]).arg(std::env::current_exe().expect("own path")).args(args);
    command.stdout(Stdio::piped());
    command
}

/// Runs a role to its end; its first line is a number.
pub fn number(args: &[&str]) -> f64 {
    let output = role(SERVING, args).output().expect("taskset runs");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
}

/// Runs a role that loads a server to its end; it prints for itself.
pub fn load(args: &[&str]) {
    let status = role(LOADING, args).stdout(Stdio::inherit()).status().expect("taskset runs");
    assert!(status.success(), "{args:?} failed");
}

/// A role that serves until it is dropped.
pub struct Server {
    child: Child,
    pub address: String,
    /// Of the engine: for setting it up.
    pub code: String,
}

impl Server {
    pub fn start(name: &str, argument: &str) -> Self {
        let mut child = role(SERVING, &[name, argument]).spawn().expect("taskset runs");
        let mut address = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut address).expect("an address");
        let mut words = address.split_whitespace().map(str::to_owned);
        let address = words.next().expect("it started");
        Self { child, address, code: words.next().unwrap_or_default() }
    }

    pub fn memory_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("/proc");
        let line = status.lines().find(|l| l.starts_with("VmRSS")).expect("VmRSS");
        line.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok()).expect("a number") / 1024.0
    }

    pub fn cpu(&self) -> Cpu {
        let mut parts = BTreeMap::new();
        for task in std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("/proc").flatten() {
            let Ok(stat) = std::fs::read_to_string(task.path().join("stat")) else { continue };
            let Some((head, tail)) = stat.rsplit_once(')') else { continue };
            let name = head.split_once('(').map_or("", |(_, n)| n);
            let fields: Vec<&str> = tail.split_whitespace().collect();
            let ticks: f64 = fields[11].parse::<f64>().unwrap_or(0.0) + fields[12].parse::<f64>().unwrap_or(0.0);
            let part = if name == "writer" { "the writer (SQLite, records, commit)" } else { "HTTP, checks, answers" };
            *parts.entry(part).or_insert(0.0) += ticks / 100.0;
        }
        Cpu(parts)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// CPU seconds by part of the server.
pub struct Cpu(BTreeMap<&'static str, f64>);

impl Cpu {
    pub fn since(&self, before: &Self) -> Vec<(&'static str, f64)> {
        self.0.iter().map(|(part, s)| (*part, s - before.0.get(part).copied().unwrap_or(0.0))).collect()
    }

    pub fn total_since(&self, before: &Self) -> f64 {
        self.since(before).iter().map(|(_, seconds)| seconds).sum()
    }
}

pub fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|l| l.strip_prefix("model name")).map_or("", |l| l.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!("{model}, {cores} cores, load {}", load.split(' ').next().unwrap_or_default())
}
