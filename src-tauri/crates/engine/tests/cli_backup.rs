//! `comanda backup …` as it is typed: what it says, and the code it ends with.

#![expect(clippy::unwrap_used, reason = "a test unwraps: that is how it fails")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A data directory with a restaurant in it, and a folder for its backups.
struct Typed {
    data: TempDir,
    place: TempDir,
}

fn run(data: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_comanda"));
    // What the machine is set up with is not what is tested.
    for name in ["COMANDA_RECOVERY_KEY", "COMANDA_BACKUP_PASSPHRASE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        command.env_remove(name);
    }
    command.args(args).env("COMANDA_DATA_DIR", data).output().unwrap()
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

impl Typed {
    fn new() -> Self {
        let typed = Self { data: tempfile::tempdir().unwrap(), place: tempfile::tempdir().unwrap() };
        let args = ["init", "--name", "Trattoria da Lucia", "--currency", "EUR", "--owner-email", "lucia@example.com"];
        let mut made = Command::new(env!("CARGO_BIN_EXE_comanda"))
            .args(args)
            .arg("--password-stdin")
            .env("COMANDA_DATA_DIR", typed.data.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        made.stdin.take().unwrap().write_all(b"Trattoria-26\n").unwrap();
        let made = made.wait_with_output().unwrap();
        assert!(made.status.success(), "{}", told(&made));
        typed
    }

    /// Done, and says all of this.
    #[track_caller]
    fn does(&self, args: &[&str], says: &[&str]) -> String {
        let output = run(self.data.path(), args);
        let told = told(&output);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {told}");
        assert!(says.iter().all(|text| told.contains(text)), "{args:?}: {told}");
        told
    }

    /// Not done, and says why in one sentence.
    #[track_caller]
    fn refuses(&self, args: &[&str], says: &str) {
        refuses(self.data.path(), args, says);
    }

    fn place(&self) -> &str {
        self.place.path().to_str().unwrap()
    }
}

#[track_caller]
fn refuses(data: &Path, args: &[&str], says: &str) {
    let output = run(data, args);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {told}");
    assert!(told.starts_with("comanda: ") && told.trim_end().lines().count() == 1 && told.contains(says), "{told}");
}

/// Files below a folder whose path ends so.
fn files(folder: &Path, ending: &str) -> Vec<std::path::PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().unwrap().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn a_restaurant_is_backed_up_listed_tested_cleaned_up_and_brought_back_by_hand() {
    let typed = Typed::new();
    typed.refuses(&["backup", "run"], "there is no place for backups yet");
    typed.refuses(&["backup", "list"], "there is no place for backups yet");
    typed.does(&["backup", "target", typed.place(), "--name", "Pantry"], &["backups go to"]);
    typed.refuses(&["backup", "target", typed.place()], "backups go to this place already");
    let inside = typed.data.path().join("x/../backups");
    typed.refuses(&["backup", "target", inside.to_str().unwrap()], "inside the data itself");
    let none = run(typed.data.path(), &["backup", "verify"]);
    assert_eq!(none.status.code(), Some(1), "{}", told(&none));
    assert!(told(&none).contains("Trattoria da Lucia in Pantry: there is no backup yet"), "{}", told(&none));
    typed.does(&["backup", "prune"], &["Trattoria da Lucia in Pantry: there is no backup yet"]);
    typed.does(&["backup", "run"], &["Trattoria da Lucia", "verified: restored and checked in"]);
    typed.does(&["backup", "list"], &["Trattoria da Lucia in Pantry", "any second from", "verified"]);
    typed.does(&["backup", "verify"], &["Trattoria da Lucia in Pantry: verified to entry"]);
    typed.does(&["backup", "prune"], &["pieces of the journal went"]);
    let shown = typed.does(&["backup", "key"], &["comanda backup key --written"]);
    let key = shown.lines().next().unwrap();
    // Seen is not kept.
    typed.does(&["backup", "key"], &[key]);
    typed.refuses(&["backup", "key", "--written", "0000-0000"], "these are not its last two groups");
    typed.does(&["backup", "key", "--written", &key[key.len() - 9..]], &["is written down"]);
    typed.refuses(&["backup", "key"], "it is not shown again");
    typed.refuses(&["backup", "key", "--passphrase", "short"], "a passphrase has 12 to 256 characters");
    typed.does(&["backup", "key", "--passphrase", "four blue plates of soup"], &["the passphrase opens the backups"]);
    typed.refuses(&["backup", "restore", "--from", typed.place(), "--recovery-key", key], "is there already");
    let fresh = tempfile::tempdir().unwrap();
    let restore = ["backup", "restore", "--from", typed.place()];
    let with = |more: &[&'static str]| [&restore[..], more].concat();
    refuses(fresh.path(), &with(&[]), "give --recovery-key or --passphrase");
    refuses(fresh.path(), &with(&["--recovery-key", "AAAA"]), "this is no recovery key");
    refuses(fresh.path(), &with(&["--passphrase", "four red plates of soup"]), "the passphrase does not open this key");
    refuses(
        fresh.path(),
        &with(&["--passphrase", "four blue plates of soup", "--at", "yesterday"]),
        "is no instant; it is like",
    );
    refuses(
        fresh.path(),
        &with(&["--passphrase", "four blue plates of soup", "--at", "2020-01-01T00:00:00Z"]),
        "begin later than this moment",
    );
    assert_eq!(files(fresh.path(), ".db").len(), 0, "nothing is put in its place before all of it is right");
    let output = run(fresh.path(), &with(&["--passphrase", "four blue plates of soup"]));
    assert!(output.status.success() && told(&output).contains("brought back to entry"), "{}", told(&output));
    let checked = run(fresh.path(), &["check"]);
    assert!(checked.status.success(), "{}", told(&checked));
    // Not understood is another code than not done.
    assert_eq!(run(fresh.path(), &["backup", "burn"]).status.code(), Some(2));
}

#[test]
fn what_is_altered_in_a_place_is_told_with_the_code_of_a_failure() {
    let typed = Typed::new();
    typed.does(&["backup", "target", typed.place()], &[]);
    typed.does(&["backup", "run"], &[]);
    for base in files(typed.place.path(), "/base") {
        let mut bytes = std::fs::read(&base).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(base, bytes).unwrap();
    }
    let output = run(typed.data.path(), &["backup", "verify"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("it was altered or cut") && told(&output).contains("not as it must be"));
    typed.does(&["backup", "list"], &["FAILED ITS TEST"]);
    std::fs::remove_file(typed.place.path().join("comanda.json")).unwrap();
    typed.refuses(&["backup", "run"], "the disk is unplugged");
}

#[test]
fn one_file_is_written_and_brings_everything_back_on_another_computer() {
    let typed = Typed::new();
    let file = typed.place.path().join("restaurant.comanda");
    let path = file.to_str().unwrap();
    typed.does(&["backup", "export", path], &["written, restored once and checked"]);
    typed.refuses(&["backup", "export", path], "is there already");
    let key = typed.does(&["backup", "key"], &[]);
    let key = key.lines().next().unwrap();
    let fresh = tempfile::tempdir().unwrap();
    refuses(fresh.path(), &["backup", "restore", "--from", path, "--passphrase", "none was chosen"], "no passphrase");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() - 9]).unwrap();
    refuses(fresh.path(), &["backup", "restore", "--from", path, "--recovery-key", key], "it was cut");
    std::fs::write(&file, &whole).unwrap();
    let output = run(fresh.path(), &["backup", "restore", "--from", path, "--recovery-key", key]);
    assert!(output.status.success() && told(&output).contains("Nothing is backed up yet"), "{}", told(&output));
    let checked = run(fresh.path(), &["check"]);
    assert!(checked.status.success(), "{}", told(&checked));
    let empty = tempfile::tempdir().unwrap();
    refuses(empty.path(), &["backup", "export", "/nowhere/at/all"], "there is no restaurant in");
}

#[test]
fn a_place_is_listed_where_no_data_directory_is_left() {
    let typed = Typed::new();
    typed.does(&["backup", "target", typed.place()], &[]);
    typed.does(&["backup", "run"], &[]);
    let key = typed.does(&["backup", "key"], &[]);
    let key = key.lines().next().unwrap();
    let nothing = tempfile::tempdir().unwrap();
    let data = nothing.path().join("data");
    let list = ["backup", "list", "--from", typed.place()];
    let output = run(&data, &list);
    assert!(output.status.success(), "{}", told(&output));
    for says in ["installation: ", " bytes", "as the place says itself"] {
        assert!(told(&output).contains(says), "{}", told(&output));
    }
    let output = run(&data, &[&list[..], &["--recovery-key", key]].concat());
    assert!(output.status.success() && told(&output).contains("any second from"), "{}", told(&output));
    assert!(told(&output).contains(", verified"), "{}", told(&output));
    let file = nothing.path().join("one.comanda");
    typed.does(&["backup", "export", file.to_str().unwrap()], &[]);
    let output = run(&data, &["backup", "list", "--from", file.to_str().unwrap(), "--recovery-key", key]);
    assert!(output.status.success() && told(&output).contains("any second from"), "{}", told(&output));
    assert!(!data.exists(), "nothing is made by looking");
    refuses(&data, &["backup", "list", "--from", nothing.path().to_str().unwrap()], "it is not there");
}

#[test]
fn while_an_engine_runs_it_is_said_what_to_do_instead() {
    let typed = Typed::new();
    let lock = std::fs::File::create(typed.data.path().join("lock")).unwrap();
    lock.lock().unwrap();
    for what in [&["backup", "run"][..], &["backup", "list"], &["backup", "export", "/nowhere/file"]] {
        typed.refuses(what, "Stop it first; or leave it running and use its page Backups");
    }
    drop(lock);
    let help = run(typed.data.path(), &["backup", "--help"]);
    assert!(told(&help).contains("while no engine runs"), "{}", told(&help));
}

#[test]
fn a_store_on_the_internet_is_asked_for_what_opens_it() {
    let typed = Typed::new();
    typed.refuses(&["backup", "target", "s3://house/luna"], "a store is opened with --access-key and --secret-key");
    let restore = ["backup", "restore", "--from", "s3://house/luna", "--recovery-key", "AAAA"];
    let fresh = tempfile::tempdir().unwrap();
    refuses(fresh.path(), &restore, "a store is opened with --access-key and --secret-key");
}

/// A newer version keeps a copy, changes the file and says so in its header: how many migrations are behind it.
/// <https://www.sqlite.org/fileformat.html#the_database_header>
#[test]
fn files_that_a_newer_version_changed_are_shown_and_put_back() {
    let typed = Typed::new();
    typed.does(&["way-back"], &["nothing to put back"]);
    let [file] = &files(&typed.data.path().join("restaurants"), ".db")[..] else { panic!("one restaurant") };
    let copies = typed.data.path().join("backups/before-update");
    std::fs::create_dir_all(&copies).unwrap();
    let name = file.file_stem().unwrap().to_str().unwrap();
    std::fs::copy(file, copies.join(format!("{name}-v1.db"))).unwrap();
    typed.does(&["seed", "--orders", "3", "--past-only"], &[]);
    let mut bytes = std::fs::read(file).unwrap();
    bytes[60..64].copy_from_slice(&[0, 0, 0, 2]);
    std::fs::write(file, &bytes).unwrap();
    typed.refuses(&["menu", "export"], "newer version");
    let told = typed.does(&["way-back"], &["Trattoria da Lucia: would be put back", "Nothing was changed"]);
    assert_eq!(told.lines().filter(|line| line.starts_with("  ") && line.contains(" of 20")).count(), 3, "{told}");
    typed.does(&["way-back", "--yes"], &["Trattoria da Lucia: put back", "these orders"]);
    typed.does(&["check"], &[]);
    typed.does(&["way-back"], &["nothing to put back"]);
    assert_eq!(files(&typed.data.path().join("backups/safety"), ".db").len(), 1);
}
