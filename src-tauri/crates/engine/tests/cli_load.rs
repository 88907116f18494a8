//! `comanda load run` as a CI job calls it: how it ends, and what it leaves behind.

#![expect(clippy::unwrap_used, reason = "a test unwraps: that is how it fails")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const KEPT: i32 = 0;
const NOT_BEGUN: i32 = 1;
const NOT_UNDERSTOOD: i32 = 2;
const BROKEN: i32 = 3;
const STOPPED: i32 = 4;

struct Server {
    url: String,
    asked: Arc<AtomicU64>,
}

/// Answers every request with this status.
fn server(at: &str, status: &'static str) -> Server {
    let listener = TcpListener::bind(at).unwrap();
    let server = Server { url: format!("http://{}", listener.local_addr().unwrap()), asked: Arc::default() };
    let asked = server.asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let asked = asked.clone();
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let mut stream = stream;
                // A request ends with an empty line: nobody here sends a body.
                while lines.by_ref().find(String::is_empty).is_some() {
                    asked.fetch_add(1, Ordering::SeqCst);
                    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\n\r\n{{}}");
                    if stream.write_all(answer.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    server
}

fn plan(target: &str) -> Value {
    json!({
        "name": "CI", "target": target,
        "phases": [{"shape": "constant", "name": "all", "for_s": 1, "rate": 50}],
        "scenarios": [{"name": "Look", "weight": 1, "steps": [{"name": "Look", "path": "/"}]}],
        "thresholds": [{"metric": "errors", "at_most": 0}, {"metric": "throughput", "at_least": 1}],
    })
}

/// A folder with a plan in it, and the command that runs it and writes what CI reads.
struct Job {
    folder: tempfile::TempDir,
}

impl Job {
    fn of(plan: &Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plan.json"), plan.to_string()).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_comanda"));
        command.args(["load", "run"]).arg(self.path("plan.json")).arg("--json").arg(self.path("summary.json"));
        command.arg("--junit").arg(self.path("junit.xml")).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// How it ended, and what it said.
    fn run(&self, more: &[&str]) -> (i32, String) {
        told(&self.command().args(more).output().unwrap())
    }

    fn summary(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.path("summary.json")).unwrap()).unwrap()
    }

    /// Tests and failures of the suite, as it says and as it lists them.
    fn suite(&self) -> Suite {
        Suite::read(&self.path("junit.xml"))
    }

    fn nothing_is_left(&self) {
        assert!(!self.path("summary.json").exists() && !self.path("junit.xml").exists());
    }
}

fn told(output: &Output) -> (i32, String) {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8(text).unwrap())
}

#[derive(Debug, Default, PartialEq)]
struct Suite {
    tests: usize,
    failures: usize,
    /// Of the tests that failed, why.
    why: Vec<String>,
}

impl Suite {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let attribute = |tag: &str, name: &str| {
            let (_, rest) = tag.split_once(&format!(" {name}=\"")).unwrap_or_else(|| panic!("no {name} in {tag}"));
            rest.split_once('"').unwrap().0.to_owned()
        };
        let tags: Vec<&str> = text.split('<').collect();
        let suite = tags.iter().find(|tag| tag.starts_with("testsuite ")).unwrap();
        let cases = tags.iter().filter(|tag| tag.starts_with("testcase ")).count();
        let failed = tags.iter().filter(|tag| tag.starts_with("failure "));
        let why: Vec<String> = failed.map(|tag| attribute(tag, "message")).collect();
        let number = |name: &str| attribute(suite, name).parse::<usize>().unwrap();
        assert_eq!((number("tests"), number("failures")), (cases, why.len()), "{text}");
        Self { tests: cases, failures: why.len(), why }
    }
}

#[test]
fn thresholds_that_are_kept_end_with_zero() {
    let job = Job::of(&plan(&server("127.0.0.1:0", "200 OK").url));
    let (code, says) = job.run(&[]);
    assert_eq!(code, KEPT, "{says}");
    let summary = job.summary();
    assert_eq!((&summary["outcome"], &summary["totals"]["requests"]), (&json!("finished"), &json!(50)), "{summary}");
    assert!(summary["thresholds"].as_array().unwrap().iter().all(|one| one["kept"] == true), "{summary}");
    assert_eq!(job.suite(), Suite { tests: 3, ..Suite::default() });
}

#[test]
fn a_threshold_that_is_broken_ends_with_three_and_says_which() {
    let mut strict = plan(&server("127.0.0.1:0", "200 OK").url);
    strict["thresholds"][1]["at_least"] = json!(1_000);
    let job = Job::of(&strict);
    let (code, says) = job.run(&[]);
    assert_eq!(code, BROKEN, "{says}");
    assert!(says.contains("BROKEN  throughput at least 1000 /s: 50.00 /s"), "{says}");
    let kept: Vec<Value> =
        job.summary()["thresholds"].as_array().unwrap().iter().map(|one| one["kept"].clone()).collect();
    assert_eq!(kept, [json!(true), json!(false)]);
    let suite = job.suite();
    assert_eq!((suite.tests, suite.failures), (3, 1));
    assert!(suite.why[0].starts_with("throughput at least 1000"), "{suite:?}");
}

#[test]
fn a_run_that_ends_itself_ends_with_three() {
    let mut long = plan(&server("127.0.0.1:0", "500 Internal Server Error").url);
    long["phases"][0]["for_s"] = json!(60);
    let job = Job::of(&long);
    let began = Instant::now();
    let (code, says) = job.run(&[]);
    assert_eq!(code, BROKEN, "{says}");
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert_eq!(job.summary()["outcome"], "stopped_itself");
    assert!(job.suite().why[0].starts_with("It was stopped."), "{:?}", job.suite());
}

#[cfg(unix)]
#[test]
fn a_person_who_stops_it_ends_it_with_four_and_keeps_its_report() {
    let server = server("127.0.0.1:0", "200 OK");
    let mut long = plan(&server.url);
    long["phases"][0]["for_s"] = json!(600);
    let job = Job::of(&long);
    let child = job.command().spawn().unwrap();
    while server.asked.load(Ordering::SeqCst) < 100 {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let (code, says) = told(&child.wait_with_output().unwrap());
    assert_eq!(code, STOPPED, "{says}");
    let summary = job.summary();
    assert_eq!(summary["outcome"], "stopped");
    assert!(summary["totals"]["requests"].as_u64().unwrap() > 20, "{summary}");
    assert_eq!(job.suite().failures, 1);
}

#[test]
fn a_plan_that_cannot_be_run_ends_with_one_before_anything_is_asked() {
    let target = server("127.0.0.1:0", "200 OK").url;
    let refused = |change: &dyn Fn(&mut Value), says: &str| {
        let mut wrong = plan(&target);
        change(&mut wrong);
        let job = Job::of(&wrong);
        let (code, said) = job.run(&[]);
        assert_eq!(code, NOT_BEGUN, "{said}");
        assert!(said.contains(says), "{said}");
        job.nothing_is_left();
    };
    refused(
        &|plan| plan["scenarios"][0]["wieght"] = json!(1),
        "scenarios[0].wieght: Nothing here is called wieght. Did you mean weight?",
    );
    refused(
        &|plan| plan["variables"] = json!({"a": "{{b}}", "b": "{{a}}"}),
        "These variables go round in a circle: a, b.",
    );
    refused(&|plan| plan["secrets"] = json!(["token"]), "secrets: token was not given.");
    refused(&|plan| *plan = json!([]), "is not a plan that can be run");
    let job = Job::of(&plan(&target));
    let (code, said) = job.run(&["--secret", "token=NO_SUCH_VARIABLE"]);
    assert_eq!((code, said.contains("the environment has no NO_SUCH_VARIABLE")), (NOT_BEGUN, true), "{said}");
    assert_eq!(job.run(&["--hurry"]).0, NOT_UNDERSTOOD);
}

#[test]
fn a_target_where_nobody_listens_ends_with_one() {
    let job = Job::of(&plan("http://127.0.0.1:1"));
    let (code, says) = job.run(&[]);
    assert_eq!(code, NOT_BEGUN, "{says}");
    assert!(says.contains("Nobody listens at http://127.0.0.1:1."), "{says}");
    job.nothing_is_left();
}

/// An address of this machine that is not its loopback; none on a machine without a network.
fn own_address() -> Option<String> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then(|| ip.to_string())
}

#[test]
fn a_target_that_did_not_agree_ends_with_one_and_is_asked_for_its_agreement_alone() {
    let Some(own) = own_address() else { return };
    let server = server(&format!("{own}:0"), "200 OK");
    let job = Job::of(&plan(&server.url));
    let (code, says) = job.run(&[]);
    assert_eq!(code, NOT_BEGUN, "{says}");
    assert!(says.contains("type its name to say that it may be tested"), "{says}");
    let (code, says) = job.run(&["--agree", &own]);
    assert_eq!(code, NOT_BEGUN, "{says}");
    assert!(says.contains("does not say that it may be load-tested"), "{says}");
    job.nothing_is_left();
    // The agreement was asked for once, and nothing else ever.
    assert_eq!(server.asked.load(Ordering::SeqCst), 1);
}
