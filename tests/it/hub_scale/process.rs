//! A process of the hub: the real program, on a folder of its own.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use comanda_engine::command::Book;
use comanda_engine::{commands, tables};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::SNAPSHOT_EVERY;
use crate::support::Person;

/// The program lies beside the test's own.
fn program() -> Command {
    let beside = PathBuf::from(env!("CARGO_BIN_EXE_kill_target")).with_file_name("comanda");
    assert!(beside.is_file(), "the program is not built: cargo nextest run -p comanda-tests -p comanda-engine does it");
    let mut command = Command::new(beside);
    command.env_remove("COMANDA_LEDGER").env_remove("REDIS_URL").env("LOG_LEVEL", "info");
    command
}

pub fn migrate(url: &str) {
    for _ in 0..2 {
        let done = program().args(["hub", "migrate"]).env("COMANDA_LEDGER", url).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

/// What a process says that does not start.
pub fn serve_says(folder: &Path, url: &str) -> String {
    let done =
        program().args(["serve", "--hub", "--port", "0", "--data"]).arg(folder).env("COMANDA_LEDGER", url).output();
    let done = done.unwrap();
    assert!(!done.status.success());
    String::from_utf8_lossy(&done.stderr).into_owned()
}

pub struct Process {
    folder: TempDir,
    ledger: String,
    redis: Option<String>,
    child: Option<Child>,
    code: String,
    /// Where it answers, `http://…/api/v1`.
    pub root: String,
}

impl Process {
    pub fn start(ledger: &str, redis: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, none) = (ledger.to_owned(), String::new);
        let mut process = Self { folder, ledger, redis, child: None, code: none(), root: none() };
        process.again();
        process
    }

    /// Starts it where it was, at another port.
    pub fn again(&mut self) {
        let mut command = program();
        command.args(["serve", "--hub", "--port", "0", "--rate-limit", "false", "--snapshot-every"]);
        command.arg(SNAPSHOT_EVERY.to_string()).arg("--data").arg(self.folder.path());
        command.env("COMANDA_LEDGER", &self.ledger);
        if let Some(redis) = &self.redis {
            command.args(["--redis", redis]);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut link = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut link).unwrap();
        let Some((origin, code)) = link.trim().split_once("/#code=") else {
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            panic!("a process does not start: {said}");
        };
        // What it logs stands with what a failing test says.
        let mut log = child.stderr.take().unwrap();
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::stderr()));
        (self.root, self.code) = (format!("{origin}/api/v1"), code.to_owned());
        self.child = Some(child);
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub fn again_from_nothing(&mut self) {
        self.folder = tempfile::tempdir().unwrap();
        self.again();
    }

    pub async fn set_up(&self, request: Value) -> Person {
        let stranger = Person::stranger(&self.root);
        let token = stranger.post("/codes/exchange", json!({ "code": self.code })).await.ok();
        let setup = stranger.with(token["token"].as_str().unwrap(), "");
        let made = setup.post("/setup", request).await.created();
        stranger.with(made["token"].as_str().unwrap(), made["restaurant_id"].as_str().unwrap())
    }

    /// Somebody who is logged in at another process, here.
    pub fn person(&self, person: &Person) -> Person {
        Person::stranger(&self.root).with(person.token(), person.restaurant_id())
    }

    pub fn stop_and_check(mut self, restaurant: &str) {
        self.kill();
        let file = self.folder.path().join("restaurants").join(format!("{restaurant}.db"));
        let book = Book::new(commands::RESTAURANT);
        let db = comanda_db::Database::open(&file, tables::RESTAURANT, book, comanda_db::Options::default()).unwrap();
        let report = db.check().unwrap();
        assert!(report.is_clean(), "{:#?}", report.findings);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
