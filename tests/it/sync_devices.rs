//! What a sequencer answers to devices: each its own restaurant, nothing twice, and a clear no to everything else.

use comanda_db::rebase::Pushed;
use comanda_engine::sync::codes::{CODE_LIVES_MS, Code};
use comanda_engine::sync::handover::Handover;
use comanda_engine::sync::wire::{self, BODY_BYTES_MAX, Batch};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, TestApp};
use crate::trade::House;

/// A device that is linked, without an engine around it.
struct Device {
    http: Client,
    root: String,
    handover: Handover,
    epoch: u64,
}

async fn link(house: &House, code: &str, name: &str) -> Answer {
    let proof = Code::read(code).unwrap().proof();
    house.app.stranger().post("/sync/link", json!({ "proof": proof, "name": name })).await
}

async fn code_of(house: &House) -> String {
    house.owner.post("/sync/codes", json!({})).await.created()["code"].as_str().unwrap().to_owned()
}

impl Device {
    async fn linked(house: &House) -> Self {
        let code = code_of(house).await;
        let sealed = link(house, &code, "Bar").await.created();
        let handover = Handover::open(sealed["sealed"].as_str().unwrap(), &Code::read(&code).unwrap()).unwrap();
        Self { http: house.app.http.clone(), root: house.app.url("/sync"), handover, epoch: 1 }
    }

    fn request(&self, method: Method, what: &str) -> RequestBuilder {
        let rid = self.handover.restaurant_id;
        self.http.request(method, format!("{}/{rid}/{what}", self.root)).bearer_auth(&self.handover.key)
    }

    /// The n-th command of this device: a table is added.
    fn command(&self, device_seq: u64) -> Pushed {
        let args = json!({ "id": Uuid::now_v7(), "name": format!("Category {device_seq}") });
        Pushed {
            device: self.handover.device_id,
            device_seq,
            id: Uuid::now_v7(),
            actor: Uuid::from_u128(7),
            name: "add_category".into(),
            version: 1,
            at_ms: 1_781_283_600_000,
            request: [0; 8],
            args: serde_json::to_vec(&args).unwrap(),
        }
    }

    async fn push(&self, commands: Vec<Pushed>) -> reqwest::Response {
        let batch = Batch { epoch: self.epoch, schema: 1, commands };
        self.request(Method::POST, "commands").body(wire::batch(&batch).unwrap()).send().await.unwrap()
    }

    async fn push_refused(&self, commands: Vec<Pushed>, code: &str) -> Value {
        let batch = Batch { epoch: self.epoch, schema: 1, commands };
        Answer::of(self.request(Method::POST, "commands").body(wire::batch(&batch).unwrap())).await.refused(code)
    }

    fn pull(&self, query: &str) -> RequestBuilder {
        self.request(Method::GET, &format!("effects?{query}"))
    }
}

#[tokio::test]
async fn a_code_works_once_for_ten_minutes_and_for_who_has_it() {
    let house = House::open().await;
    let code = code_of(&house).await;
    assert_eq!(link(&house, &Code::mint().shown(), "Bar").await.refused("not_found")["field"], "proof");
    link(&house, &code, "Bar").await.created();
    link(&house, &code, "Bar").await.refused("not_found");
    let late = code_of(&house).await;
    house.app.pass_ms(CODE_LIVES_MS);
    link(&house, &late, "Bar").await.refused("not_found");
    let stranger = house.app.stranger();
    stranger.post("/sync/link", json!({ "proof": "x", "name": "Bar" })).await.invalid("proof");
    stranger.post("/sync/link", json!({ "proof": "0".repeat(64), "name": " " })).await.invalid("name");
    stranger.post("/sync/link", json!({ "proof": "0".repeat(64), "name": "Bar", "x": 1 })).await.invalid("x");
    let waiter = house.app.staff(&house.owner, "waiter").await;
    waiter.post("/sync/codes", json!({})).await.refused("forbidden");
    assert_eq!(house.owner.get("/sync").await.ok()["devices"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_pushed_again_is_answered_again_and_done_once() {
    let house = House::open().await;
    let device = Device::linked(&house).await;
    let batch: Vec<_> = (1..=3).map(|n| device.command(n)).collect();
    let first = device.push(batch.clone()).await.bytes().await.unwrap();
    let placed = wire::read_placements(&first).unwrap();
    assert_eq!(placed.iter().map(|one| one.device_seq).collect::<Vec<_>>(), [1, 2, 3]);
    let again = device.push(batch).await.bytes().await.unwrap();
    assert_eq!(wire::read_placements(&again).unwrap(), placed, "an answer that was lost is given again");
    let menu = house.owner.get("/menu").await.ok();
    assert_eq!(menu["categories"].as_array().unwrap().len(), 4);
    let error = device.push_refused(vec![device.command(5)], "conflict").await;
    assert_eq!(error["details"], json!({ "expected": 4, "got": 5 }));
    let broken = Pushed { name: "no_such_thing".into(), ..device.command(4) };
    let set_aside = device.push(vec![broken, device.command(5)]).await.bytes().await.unwrap();
    let outcomes: Vec<_> = wire::read_placements(&set_aside).unwrap().iter().map(|one| one.outcome).collect();
    assert_eq!(format!("{outcomes:?}"), "[Refused, Done]", "what breaks blocks nobody");
}

#[tokio::test]
async fn effects_come_in_pages_and_who_has_them_all_waits_for_more() {
    let house = House::open().await;
    let device = Device::linked(&house).await;
    let answer = device.pull("after=0&epoch=1&schema=1").send().await.unwrap().bytes().await.unwrap();
    let (epoch, page) = wire::read_page(&answer).unwrap();
    assert_eq!((epoch, page.placed.len() as u64, page.more), (1, page.next, false), "all of it was placed");
    let waiting = device.pull(&format!("after={}&epoch=1&schema=1&wait_ms=20000", page.next)).send();
    let began = std::time::Instant::now();
    let (answer, _) = tokio::join!(waiting, async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        house.order().await
    });
    let (_, news) = wire::read_page(&answer.unwrap().bytes().await.unwrap()).unwrap();
    assert_eq!(news.placed[0].command.name, "open_order");
    assert!(began.elapsed().as_secs() < 10, "it came when there was something");
    for (query, field) in [
        ("epoch=1&schema=1", "after"),
        ("after=-1&epoch=1&schema=1", "after"),
        ("after=0&epoch=x&schema=1", "epoch"),
        ("after=0&epoch=1&schema=1&wait_ms=60001", "wait_ms"),
        ("after=0&epoch=1&schema=1&x=1", "x"),
    ] {
        Answer::of(device.pull(query)).await.invalid(field);
    }
}

#[tokio::test]
async fn a_device_reaches_its_own_restaurant_and_its_own_commands_alone() {
    let house = House::open().await;
    let device = Device::linked(&house).await;
    let foreign = Pushed { device: Uuid::now_v7(), ..device.command(1) };
    device.push_refused(vec![foreign], "invalid_input").await;
    for what in ["copy", "effects?after=0&epoch=1&schema=1"] {
        let elsewhere = format!("{}/{}/{what}", device.root, Uuid::now_v7());
        Answer::of(house.app.http.get(&elsewhere).bearer_auth(&device.handover.key)).await.refused("not_found");
        Answer::of(house.app.http.get(&elsewhere)).await.refused("unauthenticated");
    }
    // A key of a device opens none of the window's pages, and a session none of the devices'.
    let page = house.app.http.get(house.app.url(&format!("/restaurants/{}/orders", house.owner.restaurant_id())));
    Answer::of(page.bearer_auth(&device.handover.key)).await.refused("unauthenticated");
    let asked = format!("{}/{}/copy", device.root, house.owner.restaurant_id());
    Answer::of(house.app.http.get(asked).bearer_auth(house.owner.token())).await.refused("unauthenticated");
}

#[tokio::test]
async fn old_epochs_other_schemas_garbage_and_too_much_are_told_apart() {
    let house = House::open().await;
    let device = Device::linked(&house).await;
    let error = Device { epoch: 0, ..Device::linked(&house).await }.push_refused(vec![], "fenced").await;
    assert_eq!(error["details"], json!({ "epoch": 1 }));
    Answer::of(device.pull("after=0&epoch=0&schema=1")).await.refused("fenced");
    assert_eq!(Answer::of(device.pull("after=0&epoch=2&schema=1")).await.refused("conflict")["field"], "epoch");
    let error = Answer::of(device.pull("after=0&epoch=1&schema=9")).await.refused("conflict");
    assert_eq!((&error["field"], &error["details"]), (&json!("schema"), &json!({ "schema": 1 })));
    let post = |body: Vec<u8>| Answer::of(device.request(Method::POST, "commands").body(body));
    post(b"garbage".to_vec()).await.invalid("body");
    post(Vec::new()).await.invalid("body");
    post(vec![0; BODY_BYTES_MAX + 1]).await.refused("too_large");
    let many = (1..=wire::COMMANDS_MAX as u64 + 1).map(|n| device.command(n)).collect();
    device.push_refused(many, "invalid_input").await;
    assert_eq!(device.push(vec![device.command(1)]).await.status(), 200, "nothing of all that was done");
}

#[tokio::test]
async fn a_device_that_is_shut_out_gets_nothing_any_more() {
    let house = House::open().await;
    let device = Device::linked(&house).await;
    let path = format!("/sync/devices/{}", device.handover.device_id);
    house.owner.delete(&format!("/sync/devices/{}", Uuid::now_v7())).await.refused("not_found");
    house.app.staff(&house.owner, "manager").await.delete(&path).await.refused("forbidden");
    house.owner.delete(&path).await.gone();
    let error = device.push_refused(vec![device.command(1)], "forbidden").await;
    assert_eq!(error["details"], json!({ "reason": "revoked" }));
    for (method, what) in
        [(Method::GET, "copy"), (Method::POST, "lease"), (Method::GET, "effects?after=0&epoch=1&schema=1")]
    {
        Answer::of(device.request(method, what)).await.refused("forbidden");
    }
}

#[tokio::test]
async fn a_copy_holds_the_restaurant_and_nothing_that_is_its_engines_own() {
    let house = House::open().await;
    let staff = house.owner.get("/staff").await.ok();
    let owner = staff["items"][0]["id"].as_str().unwrap();
    house.owner.put(&format!("/staff/{owner}/pin"), json!({ "pin": "4711" })).await.ok();
    house.order().await;
    let device = Device::linked(&house).await;
    let answer = device.request(Method::GET, "copy").send().await.unwrap();
    let length: u64 = answer.headers()["comanda-bytes"].to_str().unwrap().parse().unwrap();
    let file = house.app.folder.path().join("copy.db");
    let packed = answer.bytes().await.unwrap();
    let raw = zstd::stream::decode_all(&packed[..]).unwrap();
    assert_eq!(raw.len() as u64, length);
    assert!(!raw.windows(9).any(|some| some == b"$argon2id"), "a hash of a password");
    std::fs::write(&file, raw).unwrap();
    let conn = rusqlite::Connection::open(&file).unwrap();
    let count = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM orders"), 1);
    for table in ["pin", "pin_salt", "pin_try", "station_printer", "outbox", "device"] {
        assert_eq!(count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert_eq!(TestApp::start().await.stranger().get("/setup").await.ok()["needed"], true);
}
