//! Printers of this device: who may set them, what they are sent.

use serde_json::{Value, json};

use crate::stations::{KITCHEN, station};
use crate::support::paper::Paper;
use crate::trade::{House, id};

fn printer(address: &str, language: &str) -> Value {
    json!({ "name": "Counter", "address": address, "language": language, "columns": 32, "guests": true })
}

#[tokio::test]
async fn printers_are_a_managers_and_bad_input_is_refused_by_field() {
    let house = House::open().await;
    for (field, value) in [
        ("address", json!("http://grill")),
        ("address", json!("")),
        ("address", json!("/dev/sda")),
        ("address", json!("/dev/lp0/../sda")),
        ("name", json!("")),
        ("columns", json!(23)),
        ("columns", json!(65)),
        ("language", json!("pcl")),
    ] {
        let mut body = printer("grill", "escpos");
        body[field] = value;
        house.owner.post("/printers", body).await.invalid(field);
    }
    let chef = house.app.staff(&house.owner, "chef").await;
    chef.post("/printers", printer("grill", "escpos")).await.refused("forbidden");
    let nobody = uuid::Uuid::now_v7();
    house.owner.put(&format!("/printers/{nobody}"), printer("grill", "escpos")).await.refused("not_found");
    house.owner.delete(&format!("/printers/{nobody}")).await.refused("not_found");
    house.owner.post(&format!("/printers/{nobody}/test"), json!({})).await.refused("not_found");
    let path = format!("/stations/{KITCHEN}/printer");
    let error = house.owner.put(&path, json!({ "printer_id": nobody })).await.refused("rule_violated");
    assert_eq!(error["field"], "printer_id");
    let added = house.owner.post("/printers", printer("/dev/usb/lp0", "escpos")).await.created();
    let nowhere = format!("/stations/{nobody}/printer");
    house.owner.put(&nowhere, json!({ "printer_id": added["id"] })).await.refused("not_found");
}

#[tokio::test]
async fn one_printer_is_for_guests_and_stations_share_printers() {
    let house = House::open().await;
    let first = house.owner.post("/printers", printer("192.168.1.40", "escpos")).await.created();
    let second = house.owner.post_keyed("second", "/printers", printer("192.168.1.41", "plain")).await.created();
    let again = house.owner.post_keyed("second", "/printers", printer("192.168.1.41", "plain")).await.created();
    assert_eq!(id(&second), id(&again), "the same request again is the same printer");
    let grill = station(&house.owner, "Grill").await;
    for station in [KITCHEN, &grill] {
        let given = json!({ "printer_id": second["id"] });
        house.owner.put(&format!("/stations/{station}/printer"), given).await.ok();
    }
    let printers = || async { house.owner.get("/print-jobs").await.ok()["printers"].clone() };
    let of = |printers: &Value, which: &Value| {
        let found = printers.as_array().unwrap().iter().find(|printer| printer["id"] == which["id"]);
        found.cloned().unwrap()
    };
    let now = printers().await;
    assert_eq!(now.as_array().unwrap().len(), 2);
    assert_eq!((&of(&now, &first)["guests"], &of(&now, &second)["guests"]), (&json!(false), &json!(true)));
    assert_eq!(of(&now, &second)["station_ids"], json!([KITCHEN, grill]));
    house.owner.delete(&format!("/stations/{grill}/printer")).await.gone();
    assert_eq!(of(&printers().await, &second)["station_ids"], json!([KITCHEN]));
    house.owner.delete(&format!("/printers/{}", id(&second))).await.gone();
    assert_eq!(of(&printers().await, &first)["station_ids"], json!([]));
}

#[tokio::test]
async fn a_test_page_has_the_printers_commands_and_every_letter() {
    let house = House::open().await;
    let paper = Paper::new().await;
    let added = house.owner.post("/printers", printer(&paper.address(), "escpos")).await.created();
    let test = format!("/printers/{}/test", id(&added));
    house.owner.post(&test, json!({})).await.ok();
    let bytes = paper.bytes().await;
    let has = |what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
    assert!(bytes.starts_with(b"\x1b@"), "set to its beginnings");
    assert!(has(b"\x1bt\x10"), "code page Windows-1252");
    assert!(has(b"\x1d!\x11"), "large letters");
    assert!(has(b"\xbf\xa1 \x80 \xa3"), "¿¡ € £");
    assert!(has(b"\x1dV"), "cut");
    while house.owner.get("/print-jobs?which=done").await.ok()["items"] == json!([]) {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    // Pressed again it prints again, and a page that only tests is no copy.
    house.owner.post(&test, json!({})).await.ok();
    let copy = paper.bytes().await;
    assert!(!copy.windows(4).any(|part| part == b"COPY"));
}
