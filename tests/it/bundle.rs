//! What somebody who helps is given: enough to help, no secret, nobody's name.

use std::io::{Cursor, Read};

use comanda_engine::logs;
use comanda_engine::settings::read::{Layers, read};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp};

type Files = std::collections::BTreeMap<String, String>;

fn unzip(bytes: Vec<u8>) -> Files {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

#[tokio::test]
async fn a_bundle_has_what_helps_and_no_secret_and_nobody() {
    let variables = vec![("COMANDA_METRICS_TOKEN".to_owned(), "collectors-own-0123456789".to_owned())];
    let settings = read(&Layers { variables, ..Layers::default() }).unwrap();
    let app = TestApp::start_with(tempfile::tempdir().unwrap(), |options| options.settings = settings.shown()).await;
    let data = app.running.app().data_dir.clone();
    let written = logs::start(&data, "info", None).unwrap();
    let owner = app.set_up().await;
    owner.post("/menu/categories", json!({ "name": "Grandmother Rosa" })).await;
    drop(written);
    let answer = owner.request(Method::GET, "~/bundle").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "application/zip")
    );
    let files = unzip(answer.bytes().await.unwrap().to_vec());

    let of = |name: &str| serde_json::from_str::<Value>(&files[name]).unwrap();
    assert_eq!(of("about.json")["version"], env!("CARGO_PKG_VERSION"));
    assert!(of("health.json")["parts"].as_array().is_some_and(|parts| parts.len() >= 8));
    let settings = of("settings.json");
    let token = settings.as_array().unwrap().iter().find(|one| one["key"] == "metrics.token").unwrap();
    assert_eq!((&token["is_set"], &token["value"]), (&json!(true), &Value::Null));
    let names: Vec<_> = of("restaurant-1.json").as_array().unwrap().iter().map(|ran| ran["name"].clone()).collect();
    assert!(names.len() >= 2, "{names:?}");
    assert!(files.keys().any(|name| name.starts_with("logs/requests.")), "{:?}", files.keys());

    let all: String = files.into_values().collect();
    for hidden in [PASSWORD, owner.token(), "collectors-own-0123456789", "Grandmother Rosa"] {
        assert!(!all.contains(hidden), "{hidden}");
    }
    let me = owner.get("~/me").await.ok();
    for personal in [me["name"].as_str().unwrap(), me["email"].as_str().unwrap(), me["account_id"].as_str().unwrap()] {
        assert!(!all.contains(personal), "{personal}");
    }
}
