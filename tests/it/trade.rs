//! A house that is open: a menu, people, and the steps of an order in one word each.

use serde_json::{Value, json};

use crate::support::{Answer, EVENING, Person, TestApp};

pub struct House {
    pub app: TestApp,
    pub owner: Person,
    pub pizza: String,
    pub cola: String,
    pub water: String,
}

impl House {
    /// "Margherita" 9.50 from the kitchen, "Cola" 3.80 from the bar, "Water" 3.00 from nowhere.
    pub async fn open() -> House {
        let app = TestApp::start().await;
        app.at(EVENING);
        let owner = app.set_up().await;
        Self::with(app, owner).await
    }

    pub async fn with(app: TestApp, owner: Person) -> House {
        let category = owner.post("/menu/categories", json!({ "name": "All" })).await.created();
        let item = |name: &str, price: i64, station: &str| json!({ "category_id": category["id"], "name": name, "price_minor": price, "station": station });
        let pizza = id(&owner.post("/menu/items", item("Margherita", 950, "kitchen")).await.created());
        let cola = id(&owner.post("/menu/items", item("Cola", 380, "bar")).await.created());
        let water = id(&owner.post("/menu/items", item("Water", 300, "none")).await.created());
        House { app, owner, pizza, cola, water }
    }

    /// One pizza and two colas at table 4: 17.10.
    pub async fn order(&self) -> Value {
        let lines = json!([{ "item_id": self.pizza }, { "item_id": self.cola, "quantity_milli": 2000 }]);
        let new = json!({ "service": "dine_in", "table": "4", "covers": 2, "lines": lines });
        self.owner.post("/orders", new).await.created()
    }

    /// One dish at that price, on the table.
    pub async fn order_of(&self, price_minor: i64) -> Value {
        let categories = self.owner.get("/menu").await.ok();
        let category = &categories["categories"][0]["id"];
        let item =
            json!({ "category_id": category, "name": format!("Dish {price_minor}"), "price_minor": price_minor });
        let item = id(&self.owner.post("/menu/items", item).await.created());
        let new = json!({ "service": "takeaway", "lines": [{ "item_id": item }] });
        self.owner.post("/orders", new).await.created()
    }

    pub async fn step(&self, order: &Value, step: &str, body: Value) -> Answer {
        self.owner.post(&format!("/orders/{}/{step}", id(order)), body).await
    }

    pub async fn step_get(&self, order: &Value, what: &str) -> Value {
        self.owner.get(&format!("/orders/{}/{what}", id(order))).await.ok()
    }

    pub async fn pay(&self, order: &Value, tender: &str, amount: i64) -> Answer {
        self.step(order, "payments", json!({ "tender": tender, "amount_minor": amount })).await
    }

    pub async fn fresh(&self, order: &Value) -> Value {
        self.owner.get(&format!("/orders/{}", id(order))).await.ok()
    }

    /// The category everything is in.
    pub async fn category(&self) -> Value {
        self.owner.get("/menu").await.ok()["categories"][0]["id"].clone()
    }

    /// Fired, served and paid.
    pub async fn finished(&self, tender: &str) -> Value {
        let order = self.order().await;
        self.step(&order, "fire", json!({})).await.ok();
        self.step(&order, "serve", json!({})).await.ok();
        let due = self.fresh(&order).await["due_minor"].as_i64().expect("what is due");
        self.pay(&order, tender, due).await.created()
    }
}

pub fn id(thing: &Value) -> String {
    thing["id"].as_str().expect("an id").to_owned()
}

/// States of an order's lines, in their order.
pub fn states(order: &Value) -> Vec<String> {
    let lines = order["lines"].as_array().expect("lines");
    lines.iter().map(|line| line["state"].as_str().expect("a state").to_owned()).collect()
}

/// The steps an error says are allowed.
pub fn allowed(error: &Value) -> Vec<&str> {
    error["details"]["allowed"].as_array().expect("allowed steps").iter().filter_map(Value::as_str).collect()
}
