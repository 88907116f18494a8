//! The disk under the till fills up: what is refused is told, what was answered is there, and with room again the house
//! goes on without being started again.
//!
//! The disk is a small file system in memory, which only the machine's administrator may mount; where the tests are
//! run by somebody else, that is said and nothing is shown.

use comanda_engine::alerts::watch;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::small::Small;
use crate::trade::{House, id};

async fn fired(house: &House, rule: &str) -> usize {
    let asked = house.app.running.app().clone();
    // With nothing left it cannot write down what it sees; what it wrote before is there.
    drop(tokio::task::spawn_blocking(move || watch::look(&asked)).await.unwrap());
    let alerts = house.owner.get("/alerts").await.ok();
    alerts["active"].as_array().unwrap().iter().filter(|alert| alert["rule"] == rule).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_in_words_and_loses_nothing_that_was_answered() {
    let Some(small) = Small::mount(12 * 1024) else {
        eprintln!("not shown: a small file system can be mounted by the administrator only");
        return;
    };
    let data = small.path().join("comanda");
    let app = TestApp::start_with(tempfile::tempdir().unwrap(), |options| options.data_dir = data.clone()).await;
    app.at(crate::support::EVENING);
    let owner = app.set_up().await;
    let house = House::with(app, owner).await;
    let rule = json!({ "on": true, "threshold": 1_000, "for_s": 0 });
    house.owner.put("/alerts/rules/disk_full", rule).await.ok();
    let mut kept: Vec<Value> = Vec::new();
    kept.push(house.order().await);

    // Somebody copies a film to it, and another one, until nothing fits any more.
    let (film, other) = (small.path().join("film.mov"), small.path().join("other.mov"));
    let free = small.free();
    std::fs::write(&film, vec![7; free - 1024 * 1024]).unwrap();
    assert_eq!(fired(&house, "disk_full").await, 1);
    drop(std::fs::write(&other, vec![7; 2 * 1024 * 1024]));
    let new = json!({ "service": "takeaway", "lines": [{ "item_id": house.pizza }] });
    let mut refused = 0;
    for _ in 0..400 {
        let answer = house.owner.post("/orders", new.clone()).await;
        if answer.status == 201 {
            kept.push(answer.json());
            continue;
        }
        assert_eq!((answer.status.as_u16(), answer.header("retry-after").is_empty()), (503, false), "{}", answer.text);
        assert!(answer.refused("overloaded")["message"].as_str().unwrap().contains("Is it full?"));
        refused += 1;
        if refused == 20 {
            break;
        }
    }
    assert_eq!(refused, 20, "the disk never filled up");
    // What is there can be read, and the alert is told once.
    for order in kept.iter().rev().take(5) {
        assert_eq!(house.fresh(order).await["id"], order["id"]);
    }
    for _ in 0..3 {
        assert_eq!(fired(&house, "disk_full").await, 1);
    }
    assert_eq!(house.owner.get("~/health/disk").await.ok()["error"], "disk_full");

    std::fs::remove_file(&film).unwrap();
    std::fs::remove_file(&other).unwrap();
    kept.push(house.order().await);
    house.pay(&kept[0], "cash", 1710).await.created();
    let House { app, owner, .. } = house;
    // The folder the app was given is another one than its data.
    drop(app.stop_and_keep().await);
    let app = TestApp::start_with(tempfile::tempdir().unwrap(), |options| options.data_dir = data.clone()).await;
    let owner = app.log_in("lucia@example.com", owner.restaurant_id()).await;
    for order in &kept {
        assert_eq!(owner.get(&format!("/orders/{}", id(order))).await.ok()["number"], order["number"]);
    }
    let conn = rusqlite::Connection::open(data.join("restaurants").join(format!("{}.db", owner.restaurant_id())));
    let orders: usize = conn.unwrap().query_row("SELECT COUNT(*) FROM orders", [], |row| row.get(0)).unwrap();
    assert_eq!(orders, kept.len(), "nothing that was refused is there");
    app.running.stop().await;
}
