//! The engine's own words: written, found again, without a secret in them.

use comanda_engine::logs;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{PASSWORD, TestApp};

/// Lines go to the disk beside the request.
async fn until_there(read: impl AsyncFn() -> Value, wanted: usize) -> Vec<Value> {
    for _ in 0..200 {
        let lines = read().await["items"].as_array().unwrap().clone();
        if lines.len() >= wanted {
            return lines;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the lines never came");
}

#[tokio::test]
async fn a_request_is_found_by_its_id_and_says_no_secret() {
    let app = TestApp::start().await;
    let data = app.running.app().data_dir.clone();
    let written = logs::start(&data, "info", None).unwrap();
    let owner = app.set_up().await;
    let id = Uuid::now_v7().to_string();
    let request = owner.request(reqwest::Method::POST, "/menu/categories").header("x-request-id", &id);
    assert_eq!(request.json(&json!({ "name": "Pizza" })).send().await.unwrap().status(), 201);
    let lines = until_there(async || owner.get(&format!("~/logs/requests?q={id}")).await.ok(), 1).await;
    let fields = &lines[0]["fields"];
    assert_eq!((&lines[0]["message"], &fields["method"]), (&json!("request"), &json!("POST")));
    assert_eq!((&fields["status"], &fields["request_id"]), (&json!(201), &json!(id)));
    assert!(fields["took_us"].as_u64().unwrap() > 0);

    owner.post("/nothing", json!({ "password": PASSWORD })).await.refused("not_found");
    drop(written);
    let mut all = String::new();
    for file in std::fs::read_dir(data.join("logs")).unwrap() {
        all.push_str(&std::fs::read_to_string(file.unwrap().path()).unwrap());
    }
    assert!(all.contains("/setup") && !all.contains(PASSWORD) && !all.contains(owner.token()));
}

#[tokio::test]
async fn a_log_is_paged_backwards_and_followed_onwards() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let folder = app.running.app().data_dir.join("logs");
    std::fs::create_dir_all(&folder).unwrap();
    let line = |n: u32| {
        format!("{{\"timestamp\":\"2026-11-20T10:00:00Z\",\"level\":\"WARN\",\"fields\":{{\"message\":\"n{n}\"}}}}\n")
    };
    let file = folder.join("errors.2026-11-20.log");
    std::fs::write(&file, (0..5).map(line).collect::<String>()).unwrap();
    let words = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|line| line["message"].as_str().unwrap().to_owned()).collect()
    };
    let newest = owner.get("~/logs/errors?limit=2").await.ok();
    assert_eq!(words(&newest), ["n3", "n4"]);
    let older = owner.get(&format!("~/logs/errors?limit=9&before={}", newest["older"].as_str().unwrap())).await.ok();
    assert_eq!((words(&older), &older["older"]), (["n0", "n1", "n2"].map(str::to_owned).to_vec(), &Value::Null));
    std::fs::write(&file, (0..7).map(line).collect::<String>()).unwrap();
    let newer = owner.get(&format!("~/logs/errors?after={}", newest["newer"].as_str().unwrap())).await.ok();
    assert_eq!(words(&newer), ["n5", "n6"]);
}

#[tokio::test]
async fn a_question_that_makes_no_sense_is_told_so() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    owner.get("~/logs/secrets").await.invalid("stream");
    owner.get("~/logs/errors?limit=0").await.invalid("limit");
    owner.get("~/logs/errors?before=rubbish").await.invalid("before");
    owner.get("~/logs/errors?level=LOUD").await.invalid("level");
    let spot = "WyIyMDI2LTExLTIwIiwwXQ";
    owner.get(&format!("~/logs/errors?before={spot}&after={spot}")).await.invalid("after");
    assert_eq!(owner.get("~/logs/errors").await.ok()["items"], json!([]));
}
