//! The command line, as a person types it: what it prints and how it ends.
//!
//! Imports, exports and seeding are tested with their features; here is the frame they hang in.

#![expect(clippy::unwrap_used, reason = "a test unwraps: that is how it fails")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

fn comanda(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_comanda"));
    command.env("COMANDA_DATA_DIR", folder).env_remove("LOG_LEVEL");
    command
}

fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    ended(comanda(folder).args(args).stdin(Stdio::null()).output().unwrap())
}

fn ended(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn init(folder: &Path, password: &str, more: &[&str]) -> (i32, String, String) {
    let mut child = comanda(folder)
        .args(["init", "--name", "Trattoria", "--currency", "EUR", "--owner-email", "lucia@example.com"])
        .args(["--password-stdin", "--time-zone", "Europe/Rome"])
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    ended(child.wait_with_output().unwrap())
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn help_names_every_command_and_a_word_nobody_knows_ends_with_two() {
    let folder = folder();
    let (code, out, _) = run(folder.path(), &["--help"]);
    assert_eq!(code, 0);
    for command in ["serve", "init", "import", "export", "seed", "check", "openapi"] {
        assert!(out.contains(command), "{command} is not in {out}");
    }
    assert_eq!(run(folder.path(), &["cook"]).0, 2);
    assert_eq!(run(folder.path(), &["serve", "--port", "many"]).0, 2);
    assert_eq!(run(folder.path(), &["init"]).0, 2);
    assert_eq!(run(folder.path(), &[]).0, 2);
}

#[test]
fn a_restaurant_is_made_once_and_checks_clean() {
    let folder = folder();
    let (code, out, err) = init(folder.path(), "Trattoria-26", &[]);
    assert_eq!(code, 0, "{err}");
    let file = folder.path().join("restaurants").join(format!("{}.db", out.trim()));
    assert!(file.is_file(), "{}", file.display());
    let (code, _, err) = init(folder.path(), "Trattoria-26", &[]);
    assert_eq!((code, err.contains("set up already")), (1, true), "{err}");
    let (code, out, err) = run(folder.path(), &["check"]);
    assert_eq!((code, out.matches(": clean").count()), (0, 2), "{out} {err}");
}

#[test]
fn what_cannot_be_set_up_is_told_by_field_and_leaves_nothing() {
    let folder = folder();
    let (code, _, err) = init(folder.path(), "password", &[]);
    assert_eq!((code, err.contains("password: ")), (1, true), "{err}");
    let (code, _, err) = init(folder.path(), "Trattoria-26", &["--cutoff", "721"]);
    assert_eq!((code, err.contains("--cutoff: ")), (1, true), "{err}");
    let (code, _, err) = init(folder.path(), "Trattoria-26", &["--locale", "tlh"]);
    assert_eq!(code, 1, "{err}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_mistyped_folder_is_told_and_stays_as_it_is() {
    let folder = folder();
    let nowhere = folder.path().join("typo");
    for args in [&["export"][..], &["seed"], &["backup", "list"], &["check"], &["menu", "export"]] {
        let (code, _, err) = run(&nowhere, args);
        assert_eq!((code, err.contains("typo")), (1, true), "{args:?}: {err}");
        assert!(!nowhere.exists(), "{args:?}");
    }
}

#[test]
fn days_the_wrong_way_round_and_a_file_that_cannot_be_are_told() {
    let folder = folder();
    assert_eq!(init(folder.path(), "Trattoria-26", &[]).0, 0);
    let (code, _, err) = run(folder.path(), &["export", "--from", "2026-11-10", "--to", "2026-11-01"]);
    assert_eq!((code, err.contains("--to: 2026-11-01 is before 2026-11-10")), (1, true), "{err}");
    let (code, _, err) = run(folder.path(), &["export", "-o", "/no/sales.csv"]);
    assert_eq!((code, err.contains("/no/sales.csv: ")), (1, true), "{err}");
    let (code, _, err) = run(folder.path(), &["backup", "export", "/no/all.comanda"]);
    assert_eq!((code, err.contains("/no/all.comanda: ")), (1, true), "{err}");
    let (code, _, err) = run(folder.path(), &["export", "--restaurant", "nope"]);
    assert_eq!((code, err.contains("it is no id")), (2, true), "{err}");
    let (code, _, err) = run(folder.path(), &["seed", "--orders", "-5"]);
    assert_eq!((code, err.contains("-5 is not in 1..=5000000")), (2, true), "{err}");
}

#[test]
fn a_check_finds_what_was_altered_and_ends_with_one() {
    let folder = folder();
    let restaurant = init(folder.path(), "Trattoria-26", &[]).1;
    let file = folder.path().join("restaurants").join(format!("{}.db", restaurant.trim()));
    let conn = rusqlite::Connection::open(file).unwrap();
    conn.execute("UPDATE restaurant SET name = 'Somebody else'", []).unwrap();
    drop(conn);
    let (code, out, err) = run(folder.path(), &["check"]);
    assert_eq!((code, out.contains("NOT CLEAN")), (1, true), "{out} {err}");
    let (code, _, err) = run(&folder.path().join("nothing"), &["check"]);
    assert_eq!((code, err.contains("no installation")), (1, true), "{err}");
}

#[test]
fn the_contract_is_printed() {
    let folder = folder();
    let (code, out, _) = run(folder.path(), &["openapi"]);
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, document["info"]["title"].as_str()), (0, Some("Comanda")));
}

fn serve(folder: &Path) -> (Child, String) {
    let mut child =
        comanda(folder).args(["serve", "--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut link = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut link).unwrap();
    (child, link.trim().to_owned())
}

#[test]
fn serving_prints_a_link_with_a_code_and_stops_when_asked() {
    let folder = folder();
    let (mut child, link) = serve(folder.path());
    let code = link.strip_prefix("http://127.0.0.1:").and_then(|rest| rest.split_once("/#code=")).unwrap().1;
    assert!(code.len() >= 40, "{link}");
    let (second, _, err) = run(folder.path(), &["serve", "--port", "0"]);
    assert_eq!((second, err.contains("another Comanda is running")), (1, true), "{err}");
    let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(log.contains("the engine runs") && log.contains("the engine has stopped"), "{log}");
    assert!(!log.contains(code), "the code is in the log");
    let files = std::fs::read_dir(folder.path().join("logs")).unwrap();
    let kept: String = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    assert!(kept.contains("the engine runs") && !kept.contains(code), "{kept}");
}

fn templates() -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/config");
    std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect()
}

#[test]
fn every_template_of_settings_holds_and_the_one_for_production_names_them_all() {
    let folder = folder();
    assert_eq!(templates().len(), 4);
    for template in templates() {
        let (code, out, err) = run(folder.path(), &["check", "--config", template.to_str().unwrap()]);
        assert_eq!(code, 0, "{}: {err}", template.display());
        let text = std::fs::read_to_string(&template).unwrap();
        for line in out.lines().filter(|line| template.ends_with("production.toml") && line.contains(" = ")) {
            let (section, name) = line.split(" = ").next().unwrap().split_once('.').unwrap();
            assert!(text.contains(&format!("[{section}")), "{section}");
            let named = |line: &str| line.trim_start_matches("# ").starts_with(&format!("{name} ="));
            assert!(text.lines().any(named), "{section}.{name}");
        }
    }
}

#[test]
fn settings_are_told_with_where_they_are_from_and_a_secret_is_not_told() {
    let folder = folder();
    std::fs::write(folder.path().join("comanda.toml"), "[log]\nlevel = \"warn\"\n").unwrap();
    let mut check = comanda(folder.path());
    check.args(["check", "--config"]).env("COMANDA_PORT", "9").env("COMANDA_METRICS_TOKEN", "0123456789abcdef");
    let (code, out, err) = ended(check.output().unwrap());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("server.port = 9  (COMANDA_PORT)"), "{out}");
    assert!(out.contains("log.level = \"warn\"") && out.contains("comanda.toml)"), "{out}");
    assert!(out.contains("metrics.token = (not shown)") && !out.contains("0123456789abcdef"), "{out}");
}

#[test]
fn nothing_is_started_on_settings_that_do_not_fit() {
    let folder = folder();
    std::fs::write(folder.path().join("comanda.toml"), "[server]\nprot = 1\n[log]\nlevel = 3\n").unwrap();
    let (code, out, err) = run(folder.path(), &["serve", "--port", "0"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("server.prot: there is no such setting; is server.port meant?"), "{err}");
    assert!(!folder.path().join("installation.db").exists(), "and nothing was made");
    let (code, _, err) = run(folder.path(), &["check", "--config"]);
    assert_eq!((code, err.contains("server.prot")), (1, true), "{err}");
    let (code, _, err) = run(folder.path(), &["check", "--config", "nowhere.toml"]);
    assert_eq!((code, err.contains("nowhere.toml: cannot be read")), (1, true), "{err}");
}
