use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use comanda_load::figures::Outcome;
use comanda_load::run::{Given, Stop, prepare};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use serde_json::json;

use crate::servers::{Server, a_plan, read_plan, reply, run};

#[test]
fn every_arrival_of_the_plan_is_asked_and_counted_once() {
    let server = Server::start(|_, stream| reply(stream, "200 OK", "{}"));
    let summary = run(&a_plan(&server.url(), 200.0, 2.0));
    assert_eq!((summary.begun, summary.asked, summary.totals.requests), (400, 400, 400));
    assert_eq!((server.count(), summary.totals.errors, summary.outcome), (400, 0, Outcome::Finished));
    assert_eq!(summary.windows.iter().map(|w| w.requests).sum::<u64>(), 400);
    assert!(summary.windows.last().unwrap().requests > 0, "an empty second after the end");
    assert!((summary.totals.per_s - 200.0).abs() < 1.0, "{}", summary.totals.per_s);
    assert_eq!(summary.windows.iter().flat_map(|w| &w.heat).sum::<u32>(), 400);
}

#[test]
fn values_go_from_setup_and_from_step_to_step() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let heard = seen.clone();
    let server = Server::start(move |asked, stream| {
        heard.lock().unwrap().push((asked.line.clone(), asked.body.clone()));
        match asked.line.as_str() {
            "GET /list HTTP/1.1" => {
                reply(stream, "200 OK", r#"{"groups":[{"rows":[{"id":"a b","n":7},{"id":"c","n":8}]}]}"#)
            }
            line if line.starts_with("POST /things") => reply(stream, "201 Created", r#"{"id":42,"state":"new"}"#),
            _ => reply(stream, "200 OK", "{}"),
        }
    });
    let mut plan = a_plan(&server.url(), 10.0, 0.4);
    plan["variables"] = json!({"where": "{{root}}/things", "root": ""});
    plan["setup"] = json!([{"name": "List", "path": "/list", "gather": {"row": {"rows": "/groups/*/rows/*"}}}]);
    plan["scenarios"] = json!([{"name": "Make", "weight": 1, "steps": [
        {"name": "Make", "method": "POST", "path": "/things/{{row.id}}", "extract": {"made": "/id"},
         "body": {"n": "{{=row.n}}", "text": "a \"{{row.id}}\"", "list": [1, true, null]},
         "check": {"status": [201], "json": {"/state": "new"}}},
        {"name": "Look", "path": "/made/{{made}}"},
    ]}]);
    let summary = run(&plan);
    assert_eq!((summary.totals.errors, summary.totals.requests), (0, 8), "{:?}", summary.errors);
    let seen = seen.lock().unwrap();
    assert!(
        seen.iter().any(|(line, body)| {
            line == "POST /things/a%20b HTTP/1.1" && body == r#"{"list":[1,true,null],"n":7,"text":"a \"a b\""}"#
        }),
        "{seen:?}"
    );
    assert!(seen.iter().any(|(line, _)| line == "GET /made/42 HTTP/1.1"), "{seen:?}");
}

#[test]
fn users_wait_for_their_answers_and_ramp_up() {
    let server = Server::start(|_, stream| {
        std::thread::sleep(Duration::from_millis(20));
        reply(stream, "200 OK", "{}")
    });
    let mut plan = a_plan(&server.url(), 1.0, 1.0);
    plan["phases"] = json!([{"shape": "users", "name": "crowd", "for_s": 2, "users": 5}]);
    let summary = run(&plan);
    assert!(summary.is_closed);
    // Five users at twenty-odd milliseconds each.
    assert!((150..=500).contains(&summary.totals.requests), "{}", summary.totals.requests);
}

#[test]
fn stopping_ends_the_traffic_in_less_than_a_second() {
    let server = Server::start(|_, stream| reply(stream, "200 OK", "{}"));
    let stop = Stop::default();
    let ready = prepare(read_plan(&a_plan(&server.url(), 500.0, 60.0)), &Given::default(), stop.clone()).unwrap();
    let running = std::thread::spawn(move || ready.run(|_| ()));
    while server.count() < 100 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let asked = Instant::now();
    stop.stop();
    let summary = running.join().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    let count = server.count();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(server.count(), count, "requests went on after the stop");
    assert_eq!(summary.outcome, Outcome::Stopped);
}

#[test]
fn a_run_ends_itself_when_too_much_fails() {
    let server = Server::start(|_, stream| reply(stream, "500 Internal Server Error", "{}"));
    let mut plan = a_plan(&server.url(), 100.0, 60.0);
    plan["stop_at_errors_percent"] = json!(50);
    let began = Instant::now();
    let summary = run(&plan);
    assert_eq!(summary.outcome, Outcome::StoppedItself);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert!(summary.notes.iter().any(|note| note.contains("ended by itself")), "{:?}", summary.notes);
    assert!(!summary.is_good());
}

#[test]
fn a_server_that_closes_after_each_answer_costs_connections_and_no_errors() {
    let server = Server::start(|_, stream| {
        reply(stream, "200 OK", "{}");
        false
    });
    let summary = run(&a_plan(&server.url(), 100.0, 1.0));
    assert_eq!((summary.totals.requests, summary.totals.errors), (100, 0), "{:?}", summary.errors);
}

#[test]
fn http_2_in_plain_text_goes_over_few_connections() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = hyper::service::service_fn(|_| async {
                Ok::<_, std::convert::Infallible>(hyper::Response::new(Full::new(Bytes::from("{}"))))
            });
            let server = hyper::server::conn::http2::Builder::new(hyper_util::rt::TokioExecutor::new());
            tokio::spawn(server.serve_connection(TokioIo::new(stream), service));
        }
    });
    let mut plan = a_plan(&format!("http://{address}"), 200.0, 1.0);
    plan["protocol"] = json!("http2");
    let summary = run(&plan);
    assert_eq!((summary.totals.requests, summary.totals.errors), (200, 0), "{:?}", summary.errors);
    assert!(summary.generator.connections <= 2, "{}", summary.generator.connections);
}
