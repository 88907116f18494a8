//! Listeners against servers that speak Socket.IO: as they should, and as they should not.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use comanda_load::export;
use comanda_load::run::{Given, Stop, prepare};
use comanda_load::{Plan, Summary, plan, report};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;

use crate::servers::{a_plan, complaint, read_plan};

fn unix_ms() -> i64 {
    i64::try_from(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap()
}

/// What a server does with who was let in.
#[derive(Clone, Copy)]
enum Does {
    /// Tells them every 50 ms of what happened 200 ms ago.
    Tells,
    Refuses,
    SendsAway,
    /// Its pings stop, and nothing else comes.
    FallsSilent,
}

struct Rooms {
    url: String,
    /// What was said on connecting.
    said: Arc<Mutex<Vec<String>>>,
    pongs: Arc<AtomicU64>,
}

fn rooms(does: Does) -> Rooms {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let rooms = Rooms { url, said: Arc::default(), pongs: Arc::default() };
    let (said, pongs) = (rooms.said.clone(), rooms.pongs.clone());
    std::thread::spawn(move || {
        runtime.block_on(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, does, said.clone(), pongs.clone()));
            }
        });
    });
    rooms
}

async fn serve(stream: tokio::net::TcpStream, does: Does, said: Arc<Mutex<Vec<String>>>, pongs: Arc<AtomicU64>) {
    // The generator looks once whether anybody is there, and says nothing.
    let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else { return };
    let text = |text: String| Message::text(text);
    socket.send(text(r#"0{"sid":"a","pingInterval":200,"pingTimeout":200}"#.into())).await.unwrap();
    let Some(Ok(hello)) = socket.next().await else { return };
    said.lock().unwrap().push(hello.to_text().unwrap().to_owned());
    if matches!(does, Does::Refuses) {
        drop(socket.send(text(r#"44{"message":"unauthenticated"}"#.into())).await);
        return;
    }
    socket.send(text(r#"40{"sid":"b"}"#.into())).await.unwrap();
    match does {
        Does::SendsAway => {
            drop(socket.send(text("41".into())).await);
            return;
        }
        Does::FallsSilent => return drop(socket.next().await),
        _ => {}
    }
    let mut ticks = 0_u32;
    let mut pace = tokio::time::interval(Duration::from_millis(50));
    loop {
        tokio::select! {
            _ = pace.tick() => {
                ticks += 1;
                let event = json!(["changed", { "at_ms": unix_ms() - 200 }]);
                let packet = if ticks.is_multiple_of(4) { "2".to_owned() } else { format!("42{event}") };
                if socket.send(text(packet)).await.is_err() {
                    return;
                }
            }
            came = socket.next() => match came {
                Some(Ok(message)) if message.to_text().is_ok_and(|text| text == "3") => _ = pongs.fetch_add(1, Ordering::SeqCst),
                Some(Ok(_)) => {}
                _ => return,
            }
        }
    }
}

/// Ten listeners in a second, the phase two seconds long.
fn listening(url: &str, listen: Value) -> Value {
    let mut plan = a_plan(url, 1.0, 1.0);
    plan["variables"] = json!({"who": "Lucia"});
    plan["phases"] = json!([
        {"shape": "constant", "name": "come", "for_s": 1, "rate": 10},
        {"shape": "constant", "name": "stay", "for_s": 1, "rate": 0},
    ]);
    plan["scenarios"] = json!([{"name": "Screen", "weight": 1, "steps": [
        {"name": "Screen", "path": "/socket.io/", "listen": listen},
    ]}]);
    plan
}

fn run(plan: &Value) -> Summary {
    let given = Given { threads: 2, began_ms: unix_ms(), ..Given::default() };
    prepare(read_plan(plan), &given, Stop::default()).unwrap().run(|_| ())
}

#[test]
fn listeners_stay_answer_pings_and_say_how_late_they_were_told() {
    let rooms = rooms(Does::Tells);
    let mut plan = listening(&rooms.url, json!({"auth": {"name": "{{who}}"}, "for_s": 1, "time": "/at_ms"}));
    plan["thresholds"] = json!([
        {"metric": "event_p95", "step": "Screen", "at_most": 5000},
        {"metric": "event_p95", "step": "Screen", "at_most": 100},
    ]);
    let summary = run(&plan);
    assert_eq!((summary.totals.requests, summary.totals.errors), (10, 0), "{:?}", summary.errors);
    let heard = summary.steps[0].heard.clone().unwrap();
    // Three events of four packets, twenty packets a second, ten of them for a second each.
    assert!((100..=170).contains(&heard.events), "{heard:?}");
    assert_eq!(heard.timed, heard.events);
    assert!((199.0..350.0).contains(&heard.p50_ms), "{heard:?}");
    assert!(summary.totals.max_ms < 500.0, "staying is no latency: {:?}", summary.totals);
    assert_eq!(summary.thresholds.iter().map(|one| one.kept).collect::<Vec<_>>(), [true, false]);
    assert_eq!(summary.windows.iter().map(|window| window.events).sum::<u64>(), heard.events);
    assert_eq!(rooms.said.lock().unwrap()[0], r#"40{"name":"Lucia"}"#);
    assert!(rooms.pongs.load(Ordering::SeqCst) >= 20, "{}", rooms.pongs.load(Ordering::SeqCst));
    assert!(summary.generator.connections >= 10, "{:?}", summary.generator);
    let csv = report::csv(&summary);
    let column = csv.lines().next().unwrap().split(',').position(|name| name == "events").unwrap();
    let told = csv.lines().skip(1).map(|row| row.split(',').nth(column).unwrap().parse::<u64>().unwrap()).sum::<u64>();
    assert_eq!(told, heard.events, "{csv}");
    let row = format!(
        "<h2>Told to listeners</h2><table><tr><th>Step<th>Events<th>a second<th>p50<th>p95<th>p99<th>Latest</tr><tr><td>Screen<td>{}<td>",
        heard.events
    );
    assert!(report::html(&summary).contains(&row));
}

#[test]
fn without_a_time_of_their_own_they_stay_to_the_end_of_the_phase() {
    let rooms = rooms(Does::Tells);
    let summary = run(&listening(&rooms.url, json!({})));
    let heard = summary.steps[0].heard.clone().unwrap();
    // They come over a second and stay to its end: half a second on average, against a second each above.
    assert!((45..=100).contains(&heard.events), "{heard:?}");
    assert_eq!((heard.timed, summary.totals.errors), (0, 0), "{:?}", summary.errors);
    assert_eq!(rooms.said.lock().unwrap()[0], "40");
}

#[test]
fn what_goes_wrong_is_told_by_its_kind() {
    let check = |does: Does, kind: usize, says: &str| {
        let summary = run(&listening(&rooms(does).url, json!({"for_s": 1.5})));
        assert_eq!((summary.totals.requests, summary.totals.errors), (10, 10), "{:?}", summary.errors);
        assert_eq!(summary.errors_by_kind[kind], 10, "{:?}", summary.errors);
        assert!(complaint(&summary).contains(says), "{:?}", summary.errors);
    };
    check(Does::Refuses, 5, "It was not let in: unauthenticated.");
    check(Does::SendsAway, 3, "The connection ended before the listener left.");
    check(Does::FallsSilent, 2, "no ping either");
    // No Socket.IO at all.
    let server = crate::servers::Server::start(|_, stream| crate::servers::reply(stream, "404 Not Found", "{}"));
    let summary = run(&listening(&server.url(), json!({})));
    assert_eq!(summary.errors_by_kind[4], 10, "{:?}", summary.errors);
    assert!(complaint(&summary).contains("It answered 404 to who wanted to listen."), "{:?}", summary.errors);
}

#[test]
fn a_plan_with_listeners_is_checked_capped_and_carried_to_other_tools() {
    let problems = |change: &dyn Fn(&mut Value)| {
        let mut value = listening("http://127.0.0.1:1", json!({"time": "/at_ms"}));
        change(&mut value);
        plan::read(&value.to_string()).map(drop).unwrap_err().iter().map(ToString::to_string).collect::<String>()
    };
    let step = |value: &mut Value, field: &str, is: Value| value["scenarios"][0]["steps"][0][field] = is;
    assert!(problems(&|plan| step(plan, "method", json!("POST"))).contains("sends nothing"));
    assert!(problems(&|plan| step(plan, "listen", json!({"time": "at_ms"}))).contains("begins with a slash"));
    assert!(problems(&|plan| step(plan, "listen", json!({"for_s": 0}))).contains("more than 0 seconds"));
    assert!(
        problems(&|plan| step(plan, "listen", json!({"auth": {"a": "{{nobody}}"}}))).contains("stands for nothing")
    );
    assert!(problems(&|plan| step(plan, "listen", json!({"hold": 1}))).contains("Nothing here is called hold."));
    assert!(problems(&|plan| plan["protocol"] = json!("http2")).contains("HTTP/1.1"));
    let threshold = json!([{"metric": "event_p95", "at_most": 1}]);
    assert!(problems(&|plan| plan["thresholds"] = threshold.clone()).contains("of a step that listens"));

    let mut crowd: Plan = read_plan(&listening("http://127.0.0.1:1", json!({"for_s": 2})));
    assert!((crowd.listeners() - 10.0).abs() < 0.001, "{}", crowd.listeners());
    assert_eq!(comanda_load::consent::Caps::HERE.allow(&crowd), Ok(()));
    crowd.phases = read_plan(&a_plan("http://127.0.0.1:1", 9_000.0, 600.0)).phases;
    let refused = comanda_load::consent::Caps::HERE.allow(&crowd).unwrap_err();
    assert!(refused.contains("18000 listeners at once"), "{refused}");

    assert!(export::k6(&crowd).contains("ws.connect("));
    for text in [export::artillery(&crowd), export::locust(&crowd), export::jmeter(&crowd)] {
        assert!(text.contains("Left out, because they listen to events: Screen."), "{text}");
        assert!(!text.contains("/socket.io/"), "{text}");
    }
}
