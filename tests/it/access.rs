//! Who is let in where, asked of the running engine: endpoint x role x nobody x elsewhere, and what no field may do.
//!
//! The table that is expected is `snapshots/it__access__matrix.snap`: an endpoint that is new, or open to
//! somebody else, changes it, and whoever changed it has to look. `cargo insta review` takes the new one.

use comanda_db::{Database, Options};
use comanda_engine::command::Book;
use comanda_engine::front::openapi;
use comanda_engine::staff::model::Role;
use comanda_engine::{commands, tables};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::contract::{Operation, operations};
use crate::support::{Answer, Person, TestApp};

/// Asks with ids nobody has and an empty body: whether somebody is let in is said before either is looked at.
async fn ask(app: &TestApp, operation: &Operation, person: Option<&Person>, restaurant: &str) -> u16 {
    let answer = Answer::of(operation.empty(app, &operation.path_of_nothing(restaurant), person)).await;
    assert!(!answer.status.is_server_error(), "{}: {} {}", operation.id, answer.status, answer.text);
    answer.status.as_u16()
}

#[tokio::test]
async fn the_matrix_of_who_is_let_in_where_is_the_one_that_was_looked_at() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let mut people = vec![];
    for role in Role::ALL {
        people.push(app.staff(&owner, role.as_str()).await);
    }
    let roles: Vec<String> = Role::ALL.iter().map(|role| format!("{:>7}", role.as_str())).collect();
    let mut table = format!("{:<30} {} {:>7} {:>9}\n", "", roles.join(" "), "nobody", "elsewhere");
    for operation in operations() {
        let mut row = format!("{:<30}", operation.id);
        for (role, person) in Role::ALL.iter().zip(&mut people) {
            let status = ask(&app, &operation, Some(person), owner.restaurant_id()).await;
            row += &format!(" {:>7}", if status == 403 { "no" } else { "in" });
            if status == 401 || person.get("~/me").await.status != 200 {
                // It ended this session.
                *person = app.staff(&owner, role.as_str()).await;
            }
        }
        let nobody = ask(&app, &operation, None, owner.restaurant_id()).await;
        row += &format!(" {:>7}", if nobody == 401 { "401" } else { "in" });
        let elsewhere = match operation.in_restaurant() {
            true => ask(&app, &operation, Some(&owner), &Uuid::now_v7().to_string()).await.to_string(),
            false => "-".to_owned(),
        };
        table += &format!("{row} {elsewhere:>9}\n");
    }
    insta::assert_snapshot!("matrix", table);
}

/// What is put where a word, an id or a number belongs.
const INJECTIONS: &[&str] = &[
    "' OR 1=1; DROP TABLE orders; --",
    "\"); ATTACH DATABASE '/tmp/stolen.db' AS stolen; --",
    "../../../../etc/passwd",
    "<img src=x onerror=alert(1)>",
    "$(id) `id` {{7*7}} ${7*7}",
    "a\u{0}b\r\nSet-Cookie: mine=1",
];

/// What an answer says of what is inside, when something inside was reached.
const TRACES: &[&str] = &["sqlite", "syntax error", "no such table", "root:x:", "uid=", "panicked", "stack backtrace"];

/// What ends the session that asks, loads this machine, or writes where its caller says.
const NOT_HERE: &[&str] =
    &["log_out", "lock_session", "end_other_sessions", "take_over", "begin_load_run", "add_backup_target"];

/// The body with each of its texts replaced in turn.
fn poisoned(body: &Value, with: &str) -> Vec<Value> {
    let texts = |value: &Value| value.is_string() || value.is_number();
    match body {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| {
                let inner = if texts(value) { vec![with.into()] } else { poisoned(value, with) };
                let put = |new| {
                    let mut whole = body.clone();
                    whole[name] = new;
                    whole
                };
                inner.into_iter().map(put).collect::<Vec<_>>()
            })
            .collect(),
        Value::Array(items) => items.first().map_or(vec![json!([with])], |first| {
            let inner = if texts(first) { vec![with.into()] } else { poisoned(first, with) };
            inner.into_iter().map(|new| json!([new])).collect()
        }),
        _ => vec![],
    }
}

/// The example of what an endpoint takes.
fn example(operation: &Operation, schemas: &Value) -> Value {
    let schema = &operation.about["requestBody"]["content"]["application/json"]["schema"];
    let name = schema["$ref"].as_str().and_then(|at| at.rsplit('/').next());
    name.map_or(Value::Null, |name| schemas[name]["example"].clone())
}

#[tokio::test]
async fn nothing_that_is_put_where_a_value_belongs_reaches_further_than_the_value() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let schemas = openapi::document()["components"]["schemas"].clone();
    let (mut asked, mut bodies) = (0, 0);
    for operation in operations().iter().filter(|operation| !NOT_HERE.contains(&operation.id.as_str())) {
        let token = Some(owner.token());
        for injection in INJECTIONS {
            let encoded: String = injection.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let mut requests = vec![];
            if operation.path.replace("{rid}", "").contains('{') {
                requests.push(operation.request(&app, &operation.path(owner.restaurant_id(), &encoded), token));
            }
            let path = operation.path_of_nothing(owner.restaurant_id());
            let queries = operation.about["parameters"].as_array().into_iter().flatten();
            for query in queries.filter(|parameter| parameter["in"] == "query") {
                let name = query["name"].as_str().unwrap();
                requests.push(operation.request(&app, &format!("{path}?{name}={encoded}"), token));
            }
            for body in poisoned(&example(operation, &schemas), injection) {
                bodies += 1;
                requests.push(operation.request(&app, &path, token).json(&body));
            }
            for request in requests {
                let answer = Answer::of(request).await;
                assert!(
                    !answer.status.is_server_error(),
                    "{} {injection}: {} {}",
                    operation.id,
                    answer.status,
                    answer.text
                );
                assert_eq!(answer.header("set-cookie"), "", "{}", operation.id);
                let said = answer.text.to_lowercase().replace(&injection.to_lowercase(), "");
                let trace = TRACES.iter().find(|trace| said.contains(**trace));
                assert!(trace.is_none(), "{} {injection}: {}", operation.id, answer.text);
                asked += 1;
            }
        }
    }
    assert!(asked > 2_000 && bodies > 800, "{asked} requests, {bodies} of them with a body");
    assert!(!std::path::Path::new("/tmp/stolen.db").exists());
    // The tables are there, and every record is what it was.
    owner.get("/orders").await.ok();
    let restaurant = owner.restaurant_id().to_owned();
    let folder = app.stop_and_keep().await;
    let file = folder.path().join("restaurants").join(format!("{restaurant}.db"));
    let book = Book::new(commands::RESTAURANT);
    let db = Database::open(&file, tables::RESTAURANT, book, Options::default()).unwrap();
    let report = db.check().unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
}

#[tokio::test]
async fn a_field_nobody_asked_for_is_refused_by_every_endpoint() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let schemas = openapi::document()["components"]["schemas"].clone();
    let mut asked = 0;
    for operation in operations() {
        let mut body = example(&operation, &schemas);
        // Who sets up, and desks among themselves, hold tokens of their own.
        let is_ours =
            operation.in_restaurant() || operation.path.contains("/me/") || operation.path.contains("/limits/");
        if !body.is_object() || !is_ours {
            continue;
        }
        body["nobody_asked"] = json!(1);
        let path = operation.path_of_nothing(owner.restaurant_id());
        let answer = Answer::of(operation.request(&app, &path, Some(owner.token())).json(&body)).await;
        assert_eq!(answer.status, 400, "{}: {}", operation.id, answer.text);
        assert!(answer.text.contains("nobody_asked"), "{}: {}", operation.id, answer.text);
        asked += 1;
    }
    assert!(asked > 60, "{asked}");
}
