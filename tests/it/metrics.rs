//! Figures for collectors: who may read them, what they say, and that dashboards and rules name what there is.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::Method;

use crate::support::{Answer, Person, TestApp};
use crate::trade::House;

const TOKEN: &str = "collector-token-26";

async fn scrape(who: &Person) -> String {
    let answer = Answer::of(who.request(Method::GET, "~/metrics")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, "text/plain; version=0.0.4; charset=utf-8")
    );
    answer.text
}

/// The value of the one series that begins so.
#[track_caller]
fn value(text: &str, series: &str) -> f64 {
    let mut found = text.lines().filter_map(|line| line.strip_prefix(series));
    let rest = found.next().unwrap_or_else(|| panic!("no {series} in\n{text}"));
    assert!(found.next().is_none(), "more than one {series}");
    rest.rsplit_once(' ').unwrap().1.parse().unwrap()
}

/// Families by name, as their TYPE lines say.
fn families(text: &str) -> BTreeSet<String> {
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    types.map(|line| line.split_once(' ').unwrap().0.to_owned()).collect()
}

/// A house in which something of everything has happened.
async fn busy() -> House {
    let house = House::open().await;
    house.finished("cash").await;
    house.finished("card").await;
    house.order().await;
    house
}

#[tokio::test]
async fn who_may_see_how_the_engine_is_reads_its_figures_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::start_with(folder, |options| options.metrics_token = Some(TOKEN.to_owned())).await;
    let owner = app.set_up().await;
    let (manager, waiter) = (app.staff(&owner, "manager").await, app.staff(&owner, "waiter").await);
    app.stranger().get("/metrics").await.refused("unauthenticated");
    waiter.get("~/metrics").await.refused("forbidden");
    scrape(&owner).await;
    scrape(&manager).await;
    let asked =
        |path: &str, token: &str| Answer::of(app.http.get(format!("{}{path}", app.origin())).bearer_auth(token));
    for path in ["/metrics", "/api/v1/metrics"] {
        assert!(asked(path, TOKEN).await.text.contains("process_uptime_seconds"), "{path}");
        asked(path, "collector-token-27").await.refused("unauthenticated");
        assert_eq!(app.http.get(format!("{}{path}", app.origin())).send().await.unwrap().status(), 401);
    }
    asked("/api/v1/health/detailed", TOKEN).await.refused("unauthenticated");
}

#[tokio::test]
async fn without_a_token_in_the_settings_no_token_is_the_collectors() {
    let app = TestApp::start().await;
    app.set_up().await;
    for token in ["", TOKEN, "null"] {
        let asked = app.http.get(app.url("/metrics")).bearer_auth(token);
        Answer::of(asked).await.refused("unauthenticated");
    }
}

#[tokio::test]
async fn a_token_somebody_could_guess_is_no_token() {
    let folder = tempfile::tempdir().unwrap();
    let options = comanda_engine::serve::Options {
        data_dir: folder.path().to_owned(),
        metrics_token: Some("short".to_owned()),
        ..Default::default()
    };
    let refused = comanda_engine::serve::start(options).await.err().expect("it starts").to_string();
    assert!(refused.contains("16 characters"), "{refused}");
}

#[tokio::test]
async fn figures_say_what_happened() {
    let house = busy().await;
    let text = scrape(&house.owner).await;
    let at = format!("restaurant=\"{}\"", house.owner.restaurant_id());
    assert_eq!(value(&text, &format!("orders_open{{{at}}}")), 1.0);
    assert_eq!(value(&text, &format!("orders_opened_today{{{at}}}")), 3.0);
    assert_eq!(value(&text, &format!("orders_paid_today{{{at}}}")), 2.0);
    for tender in ["cash", "card"] {
        assert_eq!(value(&text, &format!("payments_today{{{at},tender=\"{tender}\"}}")), 1.0);
        let settled = value(&text, &format!("payments_today_minor_units{{{at},currency=\"EUR\",tender=\"{tender}\"}}"));
        assert!(settled > 0.0 && settled.fract() == 0.0, "{settled}");
    }
    let route = r#"method="POST",route="/api/v1/restaurants/{rid}/orders",status_code="201""#;
    assert_eq!(value(&text, &format!("http_request_duration_seconds_count{{{route}}}")), 3.0);
    let sum = value(&text, &format!("http_request_duration_seconds_sum{{{route}}}"));
    assert!(sum > 0.0 && sum < 60.0, "{sum}");
    let file = format!("database=\"{}\"", house.owner.restaurant_id());
    let commits = value(&text, &format!("database_query_duration_seconds_count{{{file},operation=\"commit\"}}"));
    let reads = value(&text, &format!("database_query_duration_seconds_count{{{file},operation=\"read\"}}"));
    let commands = value(&text, &format!("database_commit_commands_sum{{{file}}}"));
    assert!(commits >= 10.0 && reads >= 10.0 && commands >= 10.0, "{commits} {reads} {commands}");
    assert_eq!(value(&text, &format!("database_write_queue{{{file}}}")), 0.0);
    assert!(value(&text, &format!("database_open_connections{{{file}}}")) >= 1.0);
    assert!(value(&text, "process_resident_memory_bytes") > 1e6);
    assert!(value(&text, "disk_free_bytes") < value(&text, "disk_total_bytes"));
    assert!(value(&text, r#"http_responses_total{class="2xx"}"#) >= 10.0);
}

#[tokio::test]
async fn a_thousand_addresses_make_no_more_series() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    owner.get("~/nowhere").await.refused("not_found");
    owner.get(&format!("/orders/{}", uuid::Uuid::now_v7())).await.refused("not_found");
    let series =
        |text: &str| text.lines().filter(|line| line.starts_with("http_request_duration_seconds_count")).count();
    scrape(&owner).await;
    let before = series(&scrape(&owner).await);
    for n in 0..500 {
        owner.get(&format!("~/nowhere/{n}?x={n}")).await.refused("not_found");
        owner.get(&format!("/orders/{}", uuid::Uuid::now_v7())).await.refused("not_found");
    }
    let text = scrape(&owner).await;
    assert_eq!(series(&text), before, "{text}");
    assert!(
        value(&text, r#"http_request_duration_seconds_count{method="GET",route="unmatched",status_code="404"}"#)
            >= 501.0
    );
}

#[tokio::test]
async fn every_family_says_what_it_is_and_promtool_agrees() {
    let house = busy().await;
    scrape(&house.owner).await;
    let text = scrape(&house.owner).await;
    let mut described = BTreeSet::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("# HELP ")) {
        let (name, help) = line.split_once(' ').unwrap();
        assert!(help.ends_with('.') && described.insert(name.to_owned()), "{line}");
    }
    assert_eq!(described, families(&text));
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let name = line.split(['{', ' ']).next().unwrap();
        let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        assert!(described.contains(family), "{line} belongs to no family");
        value_of(line);
    }
    let mut checked = promtool(&["check", "metrics"]);
    let mut child = checked.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let said = child.wait_with_output().unwrap();
    let complaints = format!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success() && complaints.trim().is_empty(), "{complaints}");
}

fn value_of(line: &str) -> f64 {
    let value: f64 = line.rsplit_once(' ').unwrap().1.parse().unwrap_or_else(|_| panic!("{line}"));
    assert!(value.is_finite() && value >= 0.0, "{line}");
    value
}

fn promtool(args: &[&str]) -> Command {
    let mut command = Command::new("promtool");
    command.args(args);
    let there = Command::new("promtool").arg("--version").output();
    assert!(there.is_ok(), "promtool is missing: .make/setup test installs it (Debian: prometheus)");
    command
}

fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/deploy")
}

/// Names of series in an expression: words that are followed by neither `(` nor `=` nor stand in braces or brackets.
fn names(expression: &str) -> BTreeSet<String> {
    const GROUPS: &[&str] = &["by", "without", "on", "ignoring", "group_left", "group_right"];
    const WORDS: &[&str] = &["and", "or", "unless", "bool", "offset", "sum", "min", "max", "avg", "count", "topk"];
    let mut names = BTreeSet::new();
    let (mut depth, mut grouping, mut quoted) = (0, false, false);
    let (mut word, mut last) = (String::new(), String::new());
    for c in expression.chars().chain([' ']) {
        if c == '"' {
            quoted = !quoted;
        }
        if quoted {
            continue;
        }
        if c.is_ascii_alphanumeric() || c == '_' || c == ':' {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            last = std::mem::take(&mut word);
            let begins = last.starts_with(|c: char| c.is_ascii_alphabetic());
            let is_word = GROUPS.contains(&last.as_str()) || WORDS.contains(&last.as_str());
            if begins && depth == 0 && !grouping && c != '(' && !is_word {
                names.insert(last.clone());
            }
        }
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            '(' => grouping = GROUPS.contains(&last.as_str()),
            ')' => grouping = false,
            _ => {}
        }
        if c != ' ' {
            last.clear();
        }
    }
    names
}

#[test]
fn names_are_found_in_expressions() {
    let expect = |expression: &str, found: &[&str]| {
        assert_eq!(names(expression).iter().map(String::as_str).collect::<Vec<_>>(), found, "{expression}");
    };
    expect("sum by (route) (rate(a_count{x=\"y\"}[5m])) / b > 0.05", &["a_count", "b"]);
    expect("histogram_quantile(0.99, sum(rate(c_bucket[5m])) by (le))", &["c_bucket"]);
    expect("d unless on (restaurant) e == 1", &["d", "e"]);
}

/// Every expression of a dashboard or of the rules, wherever it stands.
fn expressions(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(all) => {
            for (key, value) in all {
                match value.as_str().filter(|_| key == "expr") {
                    Some(expression) => found.push(expression.to_owned()),
                    None => expressions(value, found),
                }
            }
        }
        serde_json::Value::Array(all) => all.iter().for_each(|one| expressions(one, found)),
        _ => {}
    }
}

#[tokio::test]
async fn dashboards_and_rules_name_only_what_a_running_engine_says() {
    let house = busy().await;
    let shared = tempfile::tempdir().unwrap();
    let place = serde_json::json!({ "kind": "folder", "name": "Pantry", "path": shared.path() });
    house.owner.post("/backups/targets", place).await;
    scrape(&house.owner).await;
    let text = scrape(&house.owner).await;
    let mut known: BTreeSet<String> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    // Said only where there is something to say: a linked desk, a place that holds a backup.
    known.extend(
        ["sync_outbox_commands", "sync_outbox_age_seconds", "backup_lag_seconds", "backup_age_seconds"]
            .map(str::to_owned),
    );
    // Prometheus says this one itself.
    known.insert("up".to_owned());
    let boards = ["overview", "api", "database", "business"];
    for board in boards {
        let path = deploy().join(format!("grafana/{board}.json"));
        let board: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let mut all = Vec::new();
        expressions(&board["panels"], &mut all);
        assert!(all.len() >= 4, "{} shows too little", path.display());
        for expression in all {
            let unknown: Vec<_> = names(&expression).difference(&known).cloned().collect();
            assert!(unknown.is_empty(), "{}: {unknown:?} in {expression}", path.display());
        }
    }
    let rules = fs::read_to_string(deploy().join("prometheus/alerts.yml")).unwrap();
    let written: Vec<_> = rules.lines().filter_map(|line| line.trim().strip_prefix("expr: ")).collect();
    assert!(written.len() >= 10, "{written:?}");
    for expression in written {
        let unknown: Vec<_> = names(expression).difference(&known).cloned().collect();
        assert!(unknown.is_empty(), "alerts.yml: {unknown:?} in {expression}");
    }
}

#[test]
fn promtool_accepts_the_rules() {
    let said = promtool(&["check", "rules"]).arg(deploy().join("prometheus/alerts.yml")).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_are_sent_to_a_statsd_server_that_was_named() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let to = socket.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::start_with(folder, |options| options.statsd = Some(to)).await;
    let heard = tokio::task::spawn_blocking(move || {
        let (began, mut heard, mut packet) = (Instant::now(), String::new(), [0; 2048]);
        while !heard.contains("process_resident_memory_bytes") || !heard.contains("database_write_queue") {
            assert!(began.elapsed() < Duration::from_secs(30), "only {heard}");
            if let Ok(read) = socket.recv(&mut packet) {
                assert!(read <= 1_400, "a packet of {read} bytes");
                heard.push_str(&String::from_utf8_lossy(&packet[..read]));
                heard.push('\n');
            }
        }
        heard
    });
    let heard = heard.await.unwrap();
    let queue = heard.lines().find(|line| line.contains("database_write_queue:")).unwrap();
    // A job or a look at the alerts may wait to write just then.
    let waiting = queue.strip_prefix("comanda.database_write_queue:").unwrap();
    let waiting = waiting.strip_suffix("|g|#database:installation").expect(queue);
    assert!(waiting.parse::<u32>().unwrap() < 10, "{queue}");
    app.running.stop().await;
}
