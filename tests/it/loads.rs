use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Person, TestApp};
use crate::trade::House;

/// So many requests a second for so long against the engine itself.
fn plan(app: &TestApp, rate: u32, for_s: f64) -> Value {
    json!({
        "name": "Look", "target": app.origin(),
        "phases": [{"shape": "constant", "name": "all", "for_s": for_s, "rate": rate}],
        "scenarios": [{"name": "Health", "weight": 1, "steps": [{"name": "Health", "path": "/health"}]}],
        "thresholds": [{"metric": "errors", "at_most": 0}],
    })
}

async fn begin(person: &Person, plan: &Value, secrets: Value) -> Value {
    let asked = json!({"plan": plan, "agreed_host": "127.0.0.1", "secrets": secrets});
    let answer = person.post("/load-runs", asked).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    answer.json()
}

/// Waits for its end: a run takes real time.
async fn ended(person: &Person, id: &Value) -> Value {
    loop {
        let view = person.get(&format!("/load-runs/{}", id.as_str().unwrap())).await.ok();
        if view["going"].is_null() {
            return view;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_goes_on_in_the_background_and_is_kept_with_its_reports() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let going = begin(&owner, &plan(&app, 50, 2.0), json!({})).await;
    assert_eq!((&going["is_closed"], &going["for_s"]), (&json!(false), &json!(2.0)));
    let busy = owner.post("/load-runs", json!({"plan": plan(&app, 1, 1.0), "agreed_host": "127.0.0.1"})).await;
    busy.refused("conflict");
    let listed = owner.get("/load-runs").await.ok();
    assert_eq!(listed["going"]["id"], going["id"]);
    let view = ended(&owner, &going["id"]).await;
    assert_eq!((&view["run"]["outcome"], &view["run"]["good"]), (&json!("finished"), &json!(true)), "{view}");
    assert_eq!((&view["run"]["requests"], &view["summary"]["totals"]["requests"]), (&json!(100), &json!(100)));
    assert_eq!(owner.get("/load-runs").await.ok()["past"].as_array().unwrap().len(), 1);
    let id = going["id"].as_str().unwrap();
    for (form, kind, holds) in [
        ("html", "text/html; charset=utf-8", "<svg"),
        ("json", "application/json", "\"windows\""),
        ("csv", "text/csv; charset=utf-8", "p95_ms"),
        ("junit", "application/xml", "<testsuite"),
    ] {
        let report = owner.get(&format!("/load-runs/{id}/report/{form}")).await;
        assert_eq!((report.status.as_u16(), report.header("content-type")), (200, kind));
        assert!(report.text.contains(holds), "{form}: {}", report.text);
        assert!(report.header("content-disposition").starts_with("attachment"), "{form}");
    }
    owner.get(&format!("/load-runs/{id}/report/doc")).await.refused("not_found");
    let compared = owner.get(&format!("/load-comparison?before={id}&after={id}")).await.ok();
    assert_eq!(compared["verdict"], "unknown", "two seconds say nothing: {compared}");
    owner.delete(&format!("/load-runs/{id}")).await.gone();
    owner.get(&format!("/load-runs/{id}")).await.refused("not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_a_run_ends_it_and_keeps_what_it_measured() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let going = begin(&owner, &plan(&app, 50, 600.0), json!({})).await;
    let path = format!("/load-runs/{}", going["id"].as_str().unwrap());
    loop {
        let view = owner.get(&path).await.ok();
        if view["going"]["windows"].as_array().is_some_and(|windows| !windows.is_empty()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let asked = std::time::Instant::now();
    owner.post(&format!("{path}/stop"), json!({})).await.gone();
    let view = ended(&owner, &going["id"]).await;
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    assert_eq!(view["run"]["outcome"], "stopped");
    assert!(view["run"]["requests"].as_i64().unwrap() > 0, "{view}");
    owner.post(&format!("{path}/stop"), json!({})).await.refused("not_found");
}

#[tokio::test]
async fn only_an_owner_or_admin_runs_one_and_another_house_sees_nothing() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    for role in ["manager", "waiter"] {
        let person = app.staff(&owner, role).await;
        person.get("/load-runs").await.refused("forbidden");
        person
            .post("/load-runs", json!({"plan": plan(&app, 1, 1.0), "agreed_host": "127.0.0.1"}))
            .await
            .refused("forbidden");
    }
    app.staff(&owner, "admin").await.get("/load-runs").await.ok();
    app.stranger().get(&format!("/restaurants/{}/load-runs", owner.restaurant_id())).await.refused("unauthenticated");
}

#[tokio::test]
async fn what_cannot_be_run_is_told_by_its_place() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let run = |plan: Value, host: &str| {
        let (owner, host) = (owner.clone(), host.to_owned());
        async move { owner.post("/load-runs", json!({"plan": plan, "agreed_host": host})).await }
    };
    run(plan(&app, 1, 1.0), "localhost").await.invalid("agreed_host");
    let mut typo = plan(&app, 1, 1.0);
    typo["scenarios"][0]["wieght"] = json!(1);
    let error = run(typo, "127.0.0.1").await.refused("invalid_input");
    assert_eq!(error["field"], "plan.scenarios[0].wieght", "{error}");
    assert!(error["message"].as_str().unwrap().contains("Did you mean weight?"), "{error}");
    let mut circle = plan(&app, 1, 1.0);
    circle["variables"] = json!({"a": "{{b}}", "b": "{{a}}"});
    let error = run(circle, "127.0.0.1").await.refused("invalid_input");
    assert!(error["message"].as_str().unwrap().contains("in a circle: a, b"), "{error}");
    let mut secret = plan(&app, 1, 1.0);
    secret["secrets"] = json!(["token"]);
    run(secret, "127.0.0.1").await.invalid("secrets.token");
    run(json!([1]), "127.0.0.1").await.refused("invalid_input");
    run(json!(null), "127.0.0.1").await.refused("invalid_input");
    let fast = owner.post("/load-plans/check", json!({"plan": plan(&app, 900_000, 1.0)})).await.ok();
    assert!(fast["problems"][0]["text"].as_str().unwrap().contains("at most 200000/s"), "{fast}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_cannot_begin_says_why_and_keeps_the_secret() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let mut dead = plan(&app, 1, 1.0);
    dead["target"] = json!("http://127.0.0.1:1");
    dead["secrets"] = json!(["token"]);
    dead["headers"] = json!({"authorization": "Bearer {{token}}"});
    let going = begin(&owner, &dead, json!({"token": "s3cret-value"})).await;
    let view = ended(&owner, &going["id"]).await;
    assert_eq!((&view["run"]["outcome"], &view["summary"]), (&json!("failed"), &json!(null)));
    assert_eq!(view["run"]["failure"], "Nobody listens at http://127.0.0.1:1.");
    assert!(!view.to_string().contains("s3cret-value"));
    let file = std::fs::read(app.folder.path().join("installation.db")).unwrap();
    assert!(!file.windows(12).any(|bytes| bytes == b"s3cret-value"));
}

#[tokio::test]
async fn plans_are_kept_changed_and_thrown_away() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let made = owner.post_keyed("k", "/load-plans", json!({"plan": plan(&app, 5, 1.0)})).await.created();
    let again = owner.post_keyed("k", "/load-plans", json!({"plan": plan(&app, 5, 1.0)})).await.created();
    assert_eq!(made["id"], again["id"]);
    let path = format!("/load-plans/{}", made["id"].as_str().unwrap());
    let mut other = plan(&app, 7, 1.0);
    other["name"] = json!("Other");
    assert_eq!(owner.put(&path, json!({"plan": other})).await.ok()["name"], "Other");
    let kept = owner.get("/load-plans").await.ok();
    assert_eq!((kept.as_array().unwrap().len(), &kept[0]["plan"]["phases"][0]["rate"]), (1, &json!(7.0)));
    owner.delete(&path).await.gone();
    owner.delete(&path).await.refused("not_found");
    owner.put(&path, json!({"plan": plan(&app, 5, 1.0)})).await.refused("not_found");
}

/// Every plan that comes with the program, shortened, against a house with a menu and an open till.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_plan_that_comes_with_the_program_runs_without_an_error() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let house = House::with(app, owner).await;
    let (app, owner) = (&house.app, &house.owner);
    let presets = owner.get("/load-presets").await.ok();
    assert!(presets.as_array().unwrap().len() >= 6);
    for preset in presets.as_array().unwrap() {
        let mut plan = preset["plan"].clone();
        assert_eq!(plan["target"], app.origin());
        let shape = match plan["phases"][0]["shape"].as_str() {
            Some("users") => json!({"shape": "users", "name": "short", "for_s": 1, "users": 4}),
            _ => json!({"shape": "constant", "name": "short", "for_s": 1, "rate": 40}),
        };
        plan["phases"] = json!([shape]);
        plan["thresholds"] = json!([{"metric": "errors", "at_most": 0}]);
        let going = begin(owner, &plan, json!({"token": owner.token()})).await;
        let view = ended(owner, &going["id"]).await;
        assert_eq!(view["run"]["outcome"], "finished", "{}: {}", preset["key"], view["run"]);
        assert_eq!(view["summary"]["totals"]["errors"], 0, "{}: {}", preset["key"], view["summary"]["errors"]);
        assert!(view["run"]["requests"].as_i64().unwrap() > 10, "{}: {}", preset["key"], view["run"]);
        assert!(!view.to_string().contains(owner.token()), "{}", preset["key"]);
    }
}
