//! The logs of another Comanda, read from here as they are there.

use serde_json::{Value, json};

use crate::deployments_backups::Reach;
use crate::support::PASSWORD;

fn words(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|line| line["message"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logs_there_are_found_followed_and_refused_in_plain_words() {
    let reach = Reach::open().await;
    let folder = reach.there.house.app.running.app().data_dir.join("logs");
    std::fs::create_dir_all(&folder).unwrap();
    let line = |n: u32| {
        let level = if n.is_multiple_of(2) { "WARN" } else { "ERROR" };
        format!(
            "{{\"timestamp\":\"2026-11-20T10:00:00Z\",\"level\":\"{level}\",\
             \"fields\":{{\"message\":\"n{n}\",\"request_id\":\"r&{n}\"}}}}\n"
        )
    };
    let file = folder.join("errors.2026-11-20.log");
    std::fs::write(&file, (0..6).map(line).collect::<String>()).unwrap();
    let read = async |query: &str| reach.owner.get(&format!("{}/logs/errors{query}", reach.of)).await.ok();
    let newest = read("?limit=2").await;
    assert_eq!(words(&newest), ["n4", "n5"]);
    let older = read(&format!("?before={}", newest["older"].as_str().unwrap())).await;
    assert_eq!(words(&older), ["n0", "n1", "n2", "n3"]);
    assert_eq!(words(&read("?level=ERROR").await), ["n1", "n3", "n5"]);
    assert_eq!(words(&read("?q=r%263").await), ["n3"], "a request's id");
    std::fs::write(&file, (0..7).map(line).collect::<String>()).unwrap();
    let newer = read(&format!("?after={}", newest["newer"].as_str().unwrap())).await;
    assert_eq!(words(&newer), ["n6"]);

    let asked = |what: &str| format!("{}/logs/{what}", reach.of);
    reach.owner.get(&asked("secrets")).await.invalid("stream");
    let refused = reach.owner.get(&asked("errors?before=rubbish")).await.refused("rule_violated");
    assert_eq!(refused["details"]["status"], 400, "{refused}");

    let there = &reach.there.house;
    let waiter = json!({ "name": "A waiter", "email": "waiter@example.com", "role": "waiter", "password": PASSWORD });
    there.owner.post("/staff", waiter).await.created();
    let session = format!("{}/session", reach.of);
    let login = json!({ "email": "waiter@example.com", "password": PASSWORD });
    reach.owner.post(&session, login).await.gone();
    let refused = reach.owner.get(&asked("errors")).await.refused("rule_violated");
    assert_eq!(refused["message"], "Your role at Via Roma does not allow this.");
    let inside = reach.owner.get(&format!("{}/inside", reach.of)).await.ok();
    assert_eq!((&inside["health"], &inside["alerts"]), (&Value::Null, &Value::Null), "{inside}");
    reach.owner.delete(&session).await.gone();
    assert_eq!(reach.owner.get(&asked("errors")).await.refused("conflict")["details"]["session"], "none");
}
