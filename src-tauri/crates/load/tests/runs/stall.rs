//! Coordinated omission: a target that stands still for a second must be seen to have done so.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use comanda_load::Summary;
use serde_json::json;

use crate::servers::{Server, a_plan, reply, run};

/// Answers at once, but for one second from `at_s` after its first request in which nobody is answered.
fn stalling(at_s: f64) -> Server {
    let first = Mutex::new(None);
    Server::start(move |_, stream| {
        let began = *first.lock().unwrap().get_or_insert_with(Instant::now);
        let (from, to) = (Duration::from_secs_f64(at_s), Duration::from_secs_f64(at_s + 1.0));
        let now = began.elapsed();
        if now >= from && now < to {
            std::thread::sleep(to - now);
        }
        reply(stream, "200 OK", "{}")
    })
}

fn run_for_four_seconds(phase: serde_json::Value) -> Summary {
    let server = stalling(1.5);
    let mut plan = a_plan(&server.url(), 1.0, 1.0);
    plan["timeout_s"] = json!(5);
    plan["phases"] = json!([phase]);
    run(&plan)
}

#[test]
fn a_stall_of_a_second_is_in_the_open_models_p99_and_hidden_by_the_closed_one() {
    let open = run_for_four_seconds(json!({"shape": "constant", "name": "all", "for_s": 4, "rate": 100}));
    assert!(open.totals.p99_ms > 850.0, "open: {:?}", open.totals);
    // A quarter of the time nobody was answered: a quarter of the arrivals waited, half a second on average.
    assert!(open.totals.mean_ms > 80.0 && open.totals.mean_ms < 250.0, "open: {:?}", open.totals);
    let closed = run_for_four_seconds(json!({"shape": "users", "name": "all", "for_s": 4, "users": 2}));
    assert!(closed.totals.requests > 500, "{:?}", closed.totals);
    assert!(closed.totals.p99_ms < 50.0, "closed: {:?}", closed.totals);
    assert!(closed.totals.max_ms > 850.0, "it did stall: {:?}", closed.totals);
}

#[test]
fn percentiles_are_those_of_the_raw_samples() {
    // Of each hundred requests three take 60 ms and seven 20 ms: known without measuring.
    let server = Server::start(|asked, stream| {
        let ms = match asked.number % 100 {
            0 | 33 | 66 => 60,
            n if n % 14 == 5 => 20,
            _ => 0,
        };
        std::thread::sleep(Duration::from_millis(ms));
        reply(stream, "200 OK", "{}")
    });
    // Whatever else this computer does only makes it longer: of three runs one that is undisturbed will do.
    let mut disturbed = Vec::new();
    while disturbed.len() < 3 {
        let f = run(&a_plan(&server.url(), 100.0, 4.0)).totals;
        if (60.0..70.0).contains(&f.p99_ms) && (20.0..30.0).contains(&f.p95_ms) && f.p50_ms < 8.0 {
            return;
        }
        disturbed.push(f);
    }
    panic!("{disturbed:#?}");
}
