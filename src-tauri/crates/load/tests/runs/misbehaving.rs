//! Targets that do what they should not: a clear sentence each, and nothing hangs.

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use comanda_load::Summary;
use comanda_load::run::{Given, Stop, prepare};
use serde_json::json;

use crate::servers::{Server, a_plan, complaint, read_plan, reply, run};

/// Runs a second of it; it must be over soon after.
fn bear(server: &Server) -> Summary {
    let began = Instant::now();
    let summary = run(&a_plan(&server.url(), 20.0, 1.0));
    assert!(began.elapsed() < Duration::from_secs(6), "it hung for {:?}", began.elapsed());
    assert_eq!(summary.begun, 20);
    summary
}

#[test]
fn a_slow_loris_is_a_timeout() {
    let server = Server::start(|_, stream| {
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n"));
        for _ in 0..200 {
            if stream.write_all(b"a").is_err() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    });
    let summary = bear(&server);
    assert_eq!((complaint(&summary).as_str(), summary.totals.errors), ("No whole answer within 2 s.", 20));
    assert!(summary.totals.p50_ms >= 2_000.0, "the wait counts: {:?}", summary.totals);
}

#[test]
fn a_connection_that_ends_before_the_answer_is_said() {
    let summary = bear(&Server::start(|_, _| false));
    assert!(complaint(&summary).starts_with("The connection ended before the answer"), "{}", complaint(&summary));
    assert_eq!(summary.totals.errors, 20);
}

#[test]
fn an_answer_that_breaks_off_is_said() {
    let server = Server::start(|_, stream| {
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf"));
        false
    });
    let text = complaint(&bear(&server));
    assert!(text.starts_with("The answer broke off after 4 bytes"), "{text}");
}

#[test]
fn an_answer_that_is_no_http_is_said() {
    let server = Server::start(|_, stream| stream.write_all(b"SSH-2.0-OpenSSH_9\r\n\r\n").is_ok());
    assert_eq!(complaint(&bear(&server)), "The answer is no HTTP.");
}

#[test]
fn a_body_without_an_end_is_not_read_to_it() {
    let server = Server::start(|_, stream| {
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4000000000\r\n\r\n"));
        let piece = vec![b'x'; 1 << 20];
        while stream.write_all(&piece).is_ok() {}
        false
    });
    let mut plan = a_plan(&server.url(), 3.0, 1.0);
    plan["scenarios"][0]["steps"][0]["check"] = json!({"contains": "y"});
    let summary = run(&plan);
    assert_eq!((complaint(&summary).as_str(), summary.totals.errors), ("The answer is larger than 16 MB.", 3));
}

#[test]
fn a_redirect_is_told_and_not_followed() {
    let server = Server::start(|_, stream| {
        let text =
            "HTTP/1.1 301 Moved\r\nlocation: https://elsewhere.example/x?token=s3cret\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(text.as_bytes()).is_ok()
    });
    let summary = bear(&server);
    assert!(
        complaint(&summary).contains("is at https://elsewhere.example/x. Redirects are not"),
        "{}",
        complaint(&summary)
    );
    assert!(!comanda_load::report::json(&summary).contains("s3cret"));
}

#[test]
fn failures_of_a_server_are_counted_by_kind() {
    let server = Server::start(|asked, stream| match asked.number % 2 {
        0 => reply(stream, "500 Internal Server Error", "{}"),
        _ => reply(stream, "429 Too Many Requests", "{}"),
    });
    let summary = bear(&server);
    assert_eq!(summary.errors_by_kind, [0, 0, 0, 0, 20, 0, 0, 0]);
    assert!(summary.notes.iter().any(|note| note.contains("(429)")), "{:?}", summary.notes);
}

fn refused(url: &str) -> String {
    let began = Instant::now();
    let plan = read_plan(&a_plan(url, 1.0, 1.0));
    let why = prepare(plan, &Given::default(), Stop::default()).err().unwrap();
    assert!(began.elapsed() < Duration::from_secs(8), "it hung for {:?}", began.elapsed());
    why
}

#[test]
fn a_dead_host_is_said_before_anything_begins() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(refused(&format!("http://127.0.0.1:{port}")), format!("Nobody listens at http://127.0.0.1:{port}."));
    let why = refused("http://no-such-name.invalid");
    assert_eq!(why, "Nothing is known under the name no-such-name.invalid.");
}

#[test]
fn a_host_that_takes_connections_and_no_requests_is_a_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let began = Instant::now();
    let summary = run(&a_plan(&url, 10.0, 0.5));
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!((complaint(&summary).as_str(), summary.totals.errors), ("No whole answer within 2 s.", 5));
}
