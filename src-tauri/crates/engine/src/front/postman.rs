//! The contract as a Postman collection (format 2.1), for who tries requests by hand.
//!
//! <https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html>. A folder for each tag; `{{origin}}`,
//! `{{token}}` and `{{rid}}` are to be filled in once.

use serde_json::{Map, Value, json};

use super::openapi;

const FORMAT: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

pub fn collection() -> Value {
    let document = openapi::document();
    let mut folders: Map<String, Value> = Map::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let tag = operation["tags"][0].as_str().unwrap_or("other").to_owned();
            let folder = folders.entry(tag.clone()).or_insert_with(|| json!({ "name": tag, "item": [] }));
            if let Some(items) = folder["item"].as_array_mut() {
                items.push(item(&document, path, method, operation));
            }
        }
    }
    let variable = |key: &str, value: &str| json!({ "key": key, "value": value });
    json!({
        "info": { "name": "Comanda", "schema": FORMAT, "description": document["info"]["description"] },
        "auth": { "type": "bearer", "bearer": [{ "key": "token", "value": "{{token}}", "type": "string" }] },
        "variable": [variable("origin", "http://127.0.0.1:8787"), variable("token", ""), variable("rid", "")],
        "item": folders.into_values().collect::<Vec<_>>(),
    })
}

fn item(document: &Value, path: &str, method: &str, operation: &Value) -> Value {
    let parts: Vec<String> = path.trim_start_matches('/').split('/').map(part).collect();
    let parameters = || operation["parameters"].as_array().into_iter().flatten();
    let of_kind = |kind: &'static str| parameters().filter(move |parameter| parameter["in"] == kind);
    let named = |parameter: &Value| {
        let optional = parameter["required"] != true;
        json!({ "key": parameter["name"], "value": "", "description": parameter["description"], "disabled": optional })
    };
    let query: Vec<Value> = of_kind("query").map(named).collect();
    let filled = of_kind("path").filter(|parameter| parameter["name"] != "rid");
    let url = json!({
        "raw": format!("{{{{origin}}}}/{}", parts.join("/")),
        "host": ["{{origin}}"], "path": parts, "query": query, "variable": filled.map(named).collect::<Vec<_>>(),
    });
    let mut header: Vec<Value> = of_kind("header").map(named).collect();
    let mut request = json!({ "method": method.to_uppercase(), "url": url, "description": operation["description"] });
    if let Some(body) = body(document, operation) {
        header.push(json!({ "key": "Content-Type", "value": "application/json" }));
        request["body"] = json!({ "mode": "raw", "raw": body, "options": { "raw": { "language": "json" } } });
    }
    if operation["security"] == json!([{}]) {
        request["auth"] = json!({ "type": "noauth" });
    }
    request["header"] = header.into();
    json!({ "name": operation["summary"], "request": request })
}

/// `{rid}` is the collection's own; another id is asked for where it is.
fn part(part: &str) -> String {
    match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some("rid") => "{{rid}}".to_owned(),
        Some(name) => format!(":{name}"),
        None => part.to_owned(),
    }
}

/// The example of what it takes.
fn body(document: &Value, operation: &Value) -> Option<String> {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let name = schema["$ref"].as_str()?.rsplit('/').next()?;
    let example = &document["components"]["schemas"][name]["example"];
    if example.is_null() { Some("{}".to_owned()) } else { serde_json::to_string_pretty(example).ok() }
}
