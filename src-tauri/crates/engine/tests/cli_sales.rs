//! `comanda import`, `export` and `seed`, as a person types them: what they print and how they end.
#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder with a restaurant that counts in euros.
fn restaurant() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut child = comanda(folder.path())
        .args(["init", "--name", "Trattoria", "--currency", "EUR", "--owner-email", "lucia@example.com"])
        .args(["--password-stdin", "--time-zone", "Europe/Rome"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "Trattoria-26").unwrap();
    assert!(child.wait().unwrap().success());
    folder
}

fn comanda(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_comanda"));
    command.env("COMANDA_DATA_DIR", folder);
    command
}

/// Exit code, standard output, standard error.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = comanda(folder).args(args).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn file(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("sales.csv");
    std::fs::write(&path, text).unwrap();
    path
}

const DIRTY: &str = "Ticket,date,name,price\n1,2025-01-01,Soup,5.00\n2,2025-01-01,Bread,free\n";

#[test]
fn a_file_is_looked_at_brought_in_once_and_written_again() {
    let folder = restaurant();
    let path = file(
        folder.path(),
        "Ticket,date,time,name,price\n1,2025-01-01,12:00,Soup,5.00\n1,2025-01-01,12:00,Bread,1.50\n",
    );
    let path = path.to_str().unwrap();
    let (code, out, err) = run(folder.path(), &["import", path, "--preview"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("order_id: Ticket") && out.contains("2 rows, 1 orders, EUR 6.50"), "{out}");
    assert!(out.contains("already imported: no"), "{out}");
    let (code, out, err) = run(folder.path(), &["import", path]);
    assert_eq!((code, out.contains("imported 1 orders, 2 lines, EUR 6.50")), (0, true), "{out} {err}");
    let (code, out, _) = run(folder.path(), &["import", path]);
    assert_eq!((code, out.contains("was here already")), (0, true), "{out}");
    let (code, out, _) = run(folder.path(), &["export", "--from", "2025-01-01", "--to", "2025-01-01"]);
    assert_eq!((code, out.lines().count()), (0, 3), "{out}");
    assert!(out.contains("1,2025-01-01,12:00:00,2025-01-01,dine_in,,,Soup,1,5.00,5.00,0,EUR"), "{out}");
    assert_eq!(run(folder.path(), &["check"]).0, 0);
    std::fs::remove_dir_all(folder.path().join("restaurants")).unwrap();
    let (code, out, err) = run(folder.path(), &["check"]);
    assert_eq!((code, out.contains("this restaurant's file is not there")), (1, true), "{out} {err}");
}

#[test]
fn dirty_rows_end_with_one_and_their_lines_and_can_be_left_out() {
    let folder = restaurant();
    let path = file(folder.path(), DIRTY);
    let path = path.to_str().unwrap();
    let (code, out, err) = run(folder.path(), &["import", path]);
    assert_eq!(code, 1);
    assert!(out.contains("line 3: \"free\" is not a price") && err.contains("1 rows cannot be read"), "{out} {err}");
    assert_eq!(run(folder.path(), &["export"]).1.lines().count(), 1, "nothing of it came in");
    assert_eq!(run(folder.path(), &["import", path, "--skip-dirty", "--map", "order_id=Ticket"]).0, 0);
    assert_eq!(run(folder.path(), &["export"]).1.lines().count(), 2);
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = restaurant();
    let path = file(folder.path(), DIRTY);
    let path = path.to_str().unwrap();
    let fails = |args: &[&str], says: &str| {
        let (code, _, err) = run(folder.path(), args);
        assert_eq!((code, err.contains(says)), (1, true), "{args:?}: {err}");
    };
    fails(&["import", "/nowhere.csv"], "/nowhere.csv");
    fails(&["import", path, "--map", "colour=Ticket"], "there is no colour");
    fails(&["import", path, "--map", "order_id"], "THING=COLUMN");
    fails(&["import", path, "--map", "order_id=Nope"], "order_id: The file has no column");
    fails(&["import", path, "--restaurant", "0190b2e4-0000-7000-8000-000000000001"], "there is no restaurant");
    fails(&["export", "--from", "yesterday"], "--from");
    assert_eq!(run(folder.path(), &["seed", "--orders", "0"]).0, 2);
    let empty = tempfile::tempdir().unwrap();
    let (code, _, err) = run(empty.path(), &["seed"]);
    assert_eq!((code, err.contains("run comanda init first")), (1, true), "{err}");
}

#[test]
fn a_seed_makes_its_orders_once() {
    let folder = restaurant();
    let (code, out, err) = run(folder.path(), &["seed", "--orders", "130", "--seed", "7", "--past-only"]);
    assert_eq!((code, out.as_str()), (0, "130 past orders\n"), "{err}");
    let exported = run(folder.path(), &["export"]).1;
    let orders: std::collections::BTreeSet<_> =
        exported.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(orders.len(), 130);
    // Another one shares the people and the menu, and finds the till open.
    assert_eq!(run(folder.path(), &["seed", "--orders", "10", "--seed", "8"]).0, 0);
    let (code, _, err) = run(folder.path(), &["seed", "--orders", "10", "--seed", "9"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(run(folder.path(), &["seed", "--orders", "10", "--seed", "9"]).0, 0);
    let sold = |export: &str| export.lines().count();
    let before = run(folder.path(), &["export", "--to", "2999-12-31"]).1;
    run(folder.path(), &["seed", "--orders", "130", "--seed", "7", "--past-only"]);
    assert_eq!(sold(&run(folder.path(), &["export"]).1), sold(&before), "the same seed adds nothing");
    assert_eq!(run(folder.path(), &["check"]).0, 0);
}

#[test]
fn an_export_ends_quietly_when_its_reader_has_enough_and_writes_over_no_file() {
    let folder = restaurant();
    let (code, _, err) = run(folder.path(), &["seed", "--orders", "3000", "--past-only"]);
    assert_eq!(code, 0, "{err}");
    let mut child = comanda(folder.path())
        .arg("export")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // More than a pipe holds is still to come.
    let mut first = [0; 16];
    std::io::Read::read_exact(&mut child.stdout.take().unwrap(), &mut first).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), &*String::from_utf8_lossy(&ended.stderr)), (Some(0), ""));
    let path = folder.path().join("out.csv");
    let named = path.to_str().unwrap();
    std::fs::write(&path, "the accountant's own").unwrap();
    let (code, _, err) = run(folder.path(), &["export", "-o", named]);
    assert_eq!((code, err.contains("is there already; --force writes over it")), (1, true), "{err}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "the accountant's own");
    assert_eq!(run(folder.path(), &["export", "-o", named, "--force"]).0, 0);
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("order_number,"));
}

#[test]
fn a_second_demo_and_a_language_nobody_speaks_are_told_in_plain_words() {
    let folder = restaurant();
    assert_eq!(run(folder.path(), &["seed", "--orders", "20"]).0, 0);
    let (code, _, err) = run(folder.path(), &["seed", "--orders", "20"]);
    assert_eq!((code, err.contains("this demo is in the restaurant already")), (1, true), "{err}");
    assert_eq!(run(folder.path(), &["seed", "--orders", "20", "--seed", "2", "--past-only"]).0, 0);
    let init = ["init", "--name", "T", "--currency", "EUR", "--owner-email", "a@b.example", "--password-stdin"];
    let (code, _, err) = run(folder.path(), &[&init[..], &["--locale", "fr"]].concat());
    assert_eq!((code, err.contains("do not speak fr yet; it is en or es")), (1, true), "{err}");
}

#[test]
fn a_check_holds_roll_ups_against_what_they_derive_from_and_sums_up_what_is_alike() {
    let folder = restaurant();
    let (code, _, err) = run(folder.path(), &["seed", "--orders", "300"]);
    assert_eq!(code, 0, "{err}");
    let (code, out, err) = run(folder.path(), &["check"]);
    assert_eq!((code, out.matches(": clean").count()), (0, 2), "{out} {err}");
    let file = std::fs::read_dir(folder.path().join("restaurants")).unwrap().map(|file| file.unwrap().path());
    let file = file.into_iter().find(|path| path.extension().is_some_and(|kind| kind == "db")).unwrap();
    let alter = |sql: &str| rusqlite::Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    for (sql, says) in [
        ("UPDATE day_total SET gross_minor = gross_minor + 1 WHERE orders > 0", "derived: day_total"),
        ("DELETE FROM item_day WHERE name = (SELECT min(name) FROM item_day)", "derived: item_day"),
        ("UPDATE menu_text SET name = 'Something else' WHERE id = 1", "derived: menu_text"),
    ] {
        alter(sql);
        let (code, out, _) = run(folder.path(), &["check"]);
        assert_eq!((code, out.contains(says), out.contains("NOT CLEAN")), (1, true, true), "{sql}: {out}");
    }
    alter("DELETE FROM touched");
    let (code, out, err) = run(folder.path(), &["check"]);
    assert_eq!(code, 1);
    assert_eq!(out.matches("is missing from its index").count(), 4, "three, and how many more: {out}");
    assert!(out.contains("more like these") && err.contains("findings"), "{out} {err}");
}
