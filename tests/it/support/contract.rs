//! The endpoints as the contract has them, to ask each of them something.

use comanda_engine::front::openapi;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::{Person, TestApp};

/// An endpoint, and what is said of it.
pub struct Operation {
    pub id: String,
    pub method: Method,
    /// With `{…}` where an id goes.
    pub path: String,
    pub permission: Option<String>,
    pub about: Value,
}

pub fn operations() -> Vec<Operation> {
    let document = openapi::document();
    let mut all = vec![];
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, about) in methods.as_object().unwrap() {
            all.push(Operation {
                id: about["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                permission: about["x-permission"].as_str().map(str::to_owned),
                about: about.clone(),
            });
        }
    }
    all
}

impl Operation {
    pub fn in_restaurant(&self) -> bool {
        self.path.contains("/restaurants/")
    }

    /// The path in this restaurant, with `one` for every other id.
    pub fn path(&self, restaurant: &str, one: &str) -> String {
        self.path_with(|part| if part == "{rid}" { restaurant } else { one })
    }

    /// The same with things of which nobody has one, each as its endpoint takes it.
    pub fn path_of_nothing(&self, restaurant: &str) -> String {
        let nobody = uuid::Uuid::now_v7().to_string();
        self.path_with(|part| match part {
            "{rid}" => restaurant,
            "{number}" => "1",
            "{part}" => "disk",
            "{stream}" => "requests",
            "{limiter}" => "general",
            "{rule}" => "disk_full",
            _ => &nobody,
        })
    }

    fn path_with<'a>(&'a self, fill: impl Fn(&str) -> &'a str) -> String {
        let parts = self.path.split('/').map(|part| if part.starts_with('{') { fill(part) } else { part });
        parts.collect::<Vec<_>>().join("/")
    }

    /// A request of it; what it carries is still to be said.
    pub fn request(&self, app: &TestApp, path: &str, token: Option<&str>) -> RequestBuilder {
        let request = app.http.request(self.method.clone(), format!("{}{path}", app.origin()));
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// An empty body where there is one at all.
    pub fn empty(&self, app: &TestApp, path: &str, person: Option<&Person>) -> RequestBuilder {
        let request = self.request(app, path, person.map(Person::token));
        if self.method == Method::GET { request } else { request.json(&serde_json::json!({})) }
    }
}
