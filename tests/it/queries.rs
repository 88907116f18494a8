//! What the file is asked, and that no list reads a table from end to end.

use comanda_engine::demo;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::contract::operations;
use crate::support::{Person, TestApp};
use crate::trade::id;

/// Tables of at most so many rows, whatever a restaurant grows to: reading them whole is the quickest.
const SMALL: u64 = 200;
/// Enough that a scan of what grows is seen in its rows.
const ORDERS: u32 = 2_500;

async fn grown(app: &TestApp) -> Person {
    let owner = app.set_up().await;
    let restaurant = app.running.app().restaurants().remove(0);
    let account = serde_json::from_value(owner.get("~/me").await.ok()["account_id"].clone()).unwrap();
    let wanted = demo::Wanted { orders: ORDERS, seed: 7, now_ms: app.now_ms(), with_today: true };
    let filled = tokio::task::spawn_blocking(move || {
        demo::fill(&restaurant, account, wanted, |_| {}).unwrap();
        // The planner goes by what it counted.
        restaurant.db.tend_indexes().unwrap();
    });
    filled.await.unwrap();
    owner
}

fn planned_in(queries: &Value) -> usize {
    let statements = queries["statements"].as_array().unwrap().iter();
    statements.filter(|statement| !statement["plan"].as_array().unwrap().is_empty()).count()
}

/// What is read from end to end, with its statement; `large`: only what is not small here.
fn scans(queries: &Value, large: bool) -> impl Iterator<Item = String> {
    queries["statements"].as_array().unwrap().iter().flat_map(move |statement| {
        let scan = move |step: &&Value| {
            step["is_scan"] == true && (!large || step["rows"].as_u64().is_none_or(|rows| rows > SMALL))
        };
        let sql = statement["sql"].as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        let steps = statement["plan"].as_array().unwrap().iter();
        steps.filter(scan).map(move |step| format!("{}: {sql}", step["text"].as_str().unwrap()))
    })
}

/// What is scanned and looked at is `snapshots/it__queries__scans.snap`: tables that stay small, or of which all is wanted.
#[tokio::test]
async fn no_list_reads_what_grows_from_end_to_end() {
    let app = TestApp::start().await;
    let owner = grown(&app).await;
    let order = id(&owner.get("/orders?limit=1").await.ok()["items"][0]);
    let lists =
        operations().into_iter().filter(|operation| operation.method == Method::GET && operation.in_restaurant());
    let mut asked: Vec<String> = lists
        .map(|operation| operation.path_of_nothing(owner.restaurant_id()).replace("/api/v1", "~").to_string())
        .collect();
    let asked_with = [
        "/orders?state=open&limit=200",
        "/orders?state=completed&limit=50",
        "/audit?limit=50",
        "/menu/search?q=a",
        "/reports/items?from=2024-01-01",
        "/tasks?status=open",
    ];
    asked.extend(asked_with.map(str::to_owned));
    asked.extend(["", "/history", "/invoices", "/refundable"].map(|part| format!("/orders/{order}{part}")));
    let (mut found, mut large, mut seen, mut planned) = (vec![], vec![], 0, 0);
    for path in asked.iter().filter(|path| !path.contains("/queries")) {
        owner.post("/queries/recording", json!({ "minutes": 1 })).await.gone();
        owner.get(path).await;
        let queries = owner.get("/queries").await.ok();
        planned += planned_in(&queries);
        seen += queries["statements"].as_array().unwrap().len();
        found.extend(scans(&queries, false));
        large.extend(scans(&queries, true));
    }
    found.sort();
    found.dedup();
    // What has no plan is BEGIN and COMMIT, twice for each reading at most.
    assert!(seen > 150 && planned * 2 > seen, "{planned} of {seen} have a plan");
    // What full text keeps beside itself is no table of ours, and four rows.
    large.retain(|scan| !scan.contains("menu_search_config"));
    assert!(large.is_empty(), "{large:#?}");
    insta::assert_snapshot!("scans", found.join("\n"));
}
