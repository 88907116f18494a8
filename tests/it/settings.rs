//! What an engine runs with, as it says itself.

use comanda_engine::serve::Options;
use comanda_engine::settings::read::{Layers, read};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::TestApp;

const SECRET: &str = "collectors-own-0123456789";

/// An engine on this folder, started with these settings.
pub async fn engine(folder: TempDir, port: u16, file: &str, variables: &[(&str, &str)]) -> TestApp {
    let path = folder.path().join("comanda.toml");
    std::fs::write(&path, file).unwrap();
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let flags = vec![("server.port", port.to_string())];
    let settings = read(&Layers { file: Some(&path), variables, flags }).unwrap();
    TestApp::start_with(folder, |options| {
        let Options { clock, data_dir, .. } = std::mem::take(options);
        *options = Options { clock, ..settings.options(data_dir) };
    })
    .await
}

fn of<'a>(list: &'a Value, key: &str) -> &'a Value {
    let found = list["items"].as_array().unwrap().iter().find(|one| one["key"] == key);
    found.unwrap_or_else(|| panic!("no {key} in {list}"))
}

#[tokio::test]
async fn an_engine_says_what_it_runs_with_and_no_secret() {
    let file =
        format!("[metrics]\ntoken = \"{SECRET}\"\n[limits.quotas]\ngeneral = {{ requests = 70000, window_s = 60 }}\n");
    let app = engine(tempfile::tempdir().unwrap(), 0, &file, &[("LOG_LEVEL", "warn"), ("REDIS_URL", "")]).await;
    let owner = app.set_up().await;
    let answer = owner.get("~/settings").await;
    assert!(!answer.text.contains(SECRET));
    let all = answer.ok();
    assert_eq!(all["version"], env!("CARGO_PKG_VERSION"));
    let check = |key: &str, value: Value, is_set: bool, source: &str| {
        let one = of(&all, key);
        assert_eq!((&one["value"], &one["is_set"], &one["source"]), (&value, &json!(is_set), &json!(source)), "{one}");
    };
    check("server.port", json!("0"), true, "command_line");
    check("log.level", json!("\"warn\""), true, "environment");
    check("limits.enabled", json!("true"), true, "default");
    check("limits.quotas.general", json!("70000 in 60 s"), true, "file");
    check("metrics.token", Value::Null, true, "file");
    check("limits.redis", Value::Null, false, "default");
    assert_eq!(of(&all, "metrics.token")["is_secret"], true);
    app.staff(&owner, "waiter").await.get("~/settings").await.refused("forbidden");
}
