//! Errors told outside: what a tracker that speaks Sentry's protocol receives, and what it does not.

#![expect(clippy::unwrap_used, reason = "a test unwraps: that is how it fails")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use sentry::Envelope;
use sentry::protocol::{EnvelopeItem, Level};

/// Takes whatever is posted, and gives the bodies on.
fn tracker() -> (u16, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, hears) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let told = told.clone();
            std::thread::spawn(move || {
                let mut reader = BufReader::new(stream);
                let mut lines = String::new();
                // One connection carries many.
                while reader.read_line(&mut lines).is_ok_and(|read| read > 0) {
                    if !lines.ends_with("\r\n\r\n") {
                        continue;
                    }
                    let head = std::mem::take(&mut lines).to_lowercase();
                    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
                    let mut body = vec![0; length.parse().unwrap()];
                    reader.read_exact(&mut body).unwrap();
                    told.send(body).unwrap();
                    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                    reader.get_mut().write_all(answer.as_bytes()).unwrap();
                }
            });
        }
    });
    (port, hears)
}

/// An installation whose restaurant cannot be read.
fn damaged() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut init = Command::new(env!("CARGO_BIN_EXE_comanda"))
        .args(["init", "--name", "Trattoria", "--currency", "EUR", "--owner-email", "lucia@example.com"])
        .args(["--password-stdin", "--data"])
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(init.stdin.take().unwrap(), "Trattoria-26").unwrap();
    assert!(init.wait().unwrap().success());
    for file in std::fs::read_dir(folder.path().join("restaurants")).unwrap() {
        std::fs::write(file.unwrap().path(), "no database").unwrap();
    }
    folder
}

/// Runs the engine for a moment, asks it something, and gives what it wrote.
fn serve(folder: &Path, variables: &[(&str, String)]) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_comanda"))
        .args(["serve", "--port", "0", "--data"])
        .arg(folder)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut link = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut link).unwrap();
    let address = link.trim_start_matches("http://").split('/').next().unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET /api/v1/health HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    stream.read_to_string(&mut String::new()).unwrap();
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(child.wait().unwrap().success(), "{log}");
    log
}

#[test]
fn an_error_reaches_the_tracker_with_what_came_before_and_without_a_name() {
    let (port, hears) = tracker();
    let folder = damaged();
    let dsn = format!("http://0123456789abcdef@127.0.0.1:{port}/7");
    let variables = [("SENTRY_DSN", dsn), ("SENTRY_TRACES_SAMPLE_RATE", "1".to_owned())];
    let log = serve(folder.path(), &variables);
    assert!(!log.contains("0123456789abcdef"), "{log}");

    let bodies: Vec<Vec<u8>> = std::iter::from_fn(|| hears.recv_timeout(Duration::from_secs(2)).ok()).collect();
    let items: Vec<EnvelopeItem> =
        bodies.iter().flat_map(|body| Envelope::from_slice(body).unwrap().into_items()).collect();
    let event = |item: &EnvelopeItem| if let EnvelopeItem::Event(event) = item { Some(event.clone()) } else { None };
    let events: Vec<_> = items.iter().filter_map(event).collect();
    assert_eq!(events.len(), 1, "{events:?}");
    let event = &events[0];
    assert_eq!((event.level, event.message.as_deref()), (Level::Error, Some("a restaurant stays closed")));
    assert_eq!(event.release.as_deref(), Some(concat!("comanda@", env!("CARGO_PKG_VERSION"))));
    assert!(event.server_name.is_none() && event.user.is_none() && event.request.is_none(), "{event:?}");
    let name =
        |item: &EnvelopeItem| if let EnvelopeItem::Transaction(trace) = item { trace.name.clone() } else { None };
    let traces: Vec<String> = items.iter().filter_map(name).collect();
    assert_eq!(traces, ["GET /api/v1/health"]);
}

#[test]
fn nobody_is_told_anything_who_was_not_chosen_and_a_tracker_that_is_away_holds_up_nothing() {
    let (_, hears) = tracker();
    let folder = damaged();
    serve(folder.path(), &[]);
    assert!(hears.try_recv().is_err());
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let began = std::time::Instant::now();
    serve(folder.path(), &[("SENTRY_DSN", format!("http://k@127.0.0.1:{closed}/7"))]);
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}
