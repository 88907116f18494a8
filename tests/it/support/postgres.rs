//! A PostgreSQL of the test's own, on a free port, in a temporary folder.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub struct Postgres {
    port: u16,
    folder: TempDir,
    options: &'static [&'static str],
    child: Option<Child>,
}

impl Postgres {
    /// With settings of the server besides, like `fsync=off`.
    pub fn start(options: &'static [&'static str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let mut postgres = Self { port, folder, options, child: None };
        if let Some(user) = user() {
            std::os::unix::fs::chown(postgres.folder.path(), Some(user), Some(user)).unwrap();
        }
        let made = postgres
            .command("initdb")
            .args(["-A", "trust", "-U", "comanda", "--no-sync", "--no-instructions", "--locale=C", "-E", "UTF8"])
            .status();
        assert!(made.unwrap().success(), "initdb makes no cluster");
        postgres.again();
        postgres
    }

    pub fn url(&self) -> String {
        format!("postgres://comanda:geheim@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it at the port it had.
    pub fn again(&mut self) {
        let mut command = self.command("postgres");
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string()]);
        command.arg("-k").arg(self.folder.path());
        for option in self.options {
            command.args(["-c", option]);
        }
        self.child = Some(command.spawn().unwrap());
        let began = Instant::now();
        // It takes connections a moment before it serves them.
        let mut ready = Command::new(programs().join("pg_isready"));
        ready.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        while !ready.status().unwrap().success() {
            assert!(began.elapsed() < Duration::from_secs(20), "postgres does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Runs a statement.
    pub fn sql(&self, sql: &str) {
        let done = Command::new(programs().join("psql")).args(["-X", "-q", "-d", &self.url(), "-c", sql]).status();
        assert!(done.unwrap().success(), "{sql}");
    }

    /// Ends it as a power cut does: what was committed is in its log, and nothing else is put in order.
    pub fn crash(&mut self) {
        if let Some(mut child) = self.child.take() {
            let quit = Command::new("kill").args(["-QUIT", &child.id().to_string()]).status();
            assert!(quit.unwrap().success());
            child.wait().unwrap();
        }
    }

    /// A program of the server, on this cluster. It refuses to run as root.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(programs().join(program));
        command.arg("-D").arg(self.folder.path().join("data")).current_dir(self.folder.path());
        if let Some(user) = user() {
            command.uid(user).gid(user);
        }
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.crash();
    }
}

/// Where Debian keeps the server's programs, the newest version; else where the path finds them.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").is_file()).max();
    let found = newest.or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file())
    });
    found.expect("PostgreSQL is installed: .make/setup test does it")
}

/// Whose the server is when the test is root's. None: the test's own.
fn user() -> Option<u32> {
    let id = |args: &[&str]| {
        let said = Command::new("id").args(args).output().ok()?;
        String::from_utf8(said.stdout).ok()?.trim().parse().ok()
    };
    let own: u32 = id(&["-u"])?;
    (own == 0).then(|| id(&["-u", "postgres"]).or_else(|| id(&["-u", "nobody"]))).flatten()
}
