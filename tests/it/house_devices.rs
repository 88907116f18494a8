//! Tablets and kitchen screens come in by the door: a code, a person at the host who confirms, PINs, and out again.

use serde_json::json;

use crate::backups::until;
use crate::house::House;

#[tokio::test]
async fn a_tablet_is_nobody_until_somebody_at_the_host_confirms_it_and_then_takes_pins() {
    let house = House::open().await;
    let marco = json!({ "name": "Marco", "role": "waiter", "pin": "4711" });
    house.owner.post("/staff", marco).await.created();
    house.owner.put("/staff/me/pin", json!({ "pin": "90210" })).await.ok();
    let http = house.guest().await;
    let code = house.code().await;
    assert_eq!(code["links"][0], format!("{}/#pair={}", house.root(), code["code"].as_str().unwrap()));
    let stranger = house.person(&http, None);
    let asked = json!({ "code": code["code"], "name": "Terrace" });
    let first = stranger.post("~/house/pairings", asked.clone()).await.created();
    stranger.post("~/house/pairings", asked).await.refused("unauthenticated");
    let waits = house.person(&http, first["token"].as_str());
    waits.get("~/me").await.refused("unauthenticated");
    assert_eq!(waits.post("~/house/pairings/look", json!({})).await.ok()["state"], "waiting");
    let waiting = &house.devices().await["waiting"][0];
    assert_eq!((&waiting["name"], &waiting["number"]), (&json!("Terrace"), &first["number"]));
    assert_eq!(waiting["from"], "127.0.0.1");

    let id = waiting["id"].as_str().unwrap();
    house
        .app
        .staff(&house.owner, "manager")
        .await
        .post(&format!("/house/waiting/{id}"), json!({}))
        .await
        .refused("forbidden");
    house.owner.post(&format!("/house/waiting/{id}"), json!({})).await.gone();
    house.owner.post(&format!("/house/waiting/{id}"), json!({})).await.refused("not_found");
    let looked = waits.post("~/house/pairings/look", json!({})).await.ok();
    let me = &looked["session"]["me"];
    assert_eq!((&me["locked"], &me["paired"], &me["name"]), (&json!(true), &json!(true), &json!("Terrace")));
    assert_eq!((&me["restaurants"][0]["name"], &me["email"]), (&json!("Trattoria da Lucia"), &json!(null)));
    waits.post("~/house/pairings/look", json!({})).await.refused("unauthenticated");

    let tablet = house.person(&http, looked["session"]["token"].as_str());
    tablet.get("/menu").await.refused("locked");
    tablet.get("~/house").await.refused("locked");
    let enter = async |pin: &str| {
        tablet.put("~/sessions/current/person", json!({ "restaurant_id": tablet.restaurant_id(), "pin": pin })).await
    };
    enter("0000").await.refused("forbidden");
    let me = enter("4711").await.ok();
    assert_eq!((&me["name"], &me["paired"], &me["locked"]), (&json!("Marco"), &json!(true), &json!(false)));
    tablet.get("/menu").await.ok();
    let order = tablet.post("/orders", json!({ "service": "takeaway" })).await.created();
    assert_eq!(order["opened_by_name"], "Marco");
    // The owner's PIN makes nobody who answers for the house.
    assert_eq!(enter("90210").await.ok()["restaurants"][0]["role"], "owner");
    tablet.get("/staff").await.ok();
    tablet.post("/sync/codes", json!({})).await.refused("forbidden");
    tablet.put("~/limits/general", json!({ "requests": 1, "window_s": 1 })).await.refused("forbidden");
    tablet.post("~/sessions/current/lock", json!({})).await.gone();
    tablet.get("/menu").await.refused("locked");
    // It is nobody's session: the owner's other ones end without it.
    house.owner.delete("~/me/sessions").await.gone();
    assert_eq!(tablet.get("~/me").await.ok()["locked"], true);
}

#[tokio::test]
async fn a_device_that_is_refused_gets_nothing_and_one_that_is_shut_out_is_nobody_at_once() {
    let house = House::open().await;
    house.owner.post("/staff", json!({ "name": "Marco", "role": "waiter", "pin": "4711" })).await.created();
    let http = house.guest().await;
    let (waits, _) = house.asks(&http, "Thief").await;
    let id = house.devices().await["waiting"][0]["id"].as_str().unwrap().to_owned();
    house.owner.delete(&format!("/house/waiting/{id}")).await.gone();
    assert_eq!(waits.post("~/house/pairings/look", json!({})).await.ok()["state"], "refused");
    waits.post("~/house/pairings/look", json!({})).await.refused("unauthenticated");
    assert_eq!(house.devices().await, json!({ "waiting": [], "devices": [] }));

    let tablet = house.tablet(&http).await;
    let pin = json!({ "restaurant_id": tablet.restaurant_id(), "pin": "4711" });
    tablet.put("~/sessions/current/person", pin.clone()).await.ok();
    let device = house.devices().await["devices"][0].clone();
    assert_eq!((&device["name"], &device["paired_by"]), (&json!("Terrace"), &json!("Lucia Rossi")));
    assert!(device["last_contact_ms"].as_i64().unwrap() >= device["paired_ms"].as_i64().unwrap());
    house.owner.delete(&format!("/house/devices/{}", device["id"].as_str().unwrap())).await.gone();
    tablet.get("/menu").await.refused("unauthenticated");
    tablet.put("~/sessions/current/person", pin).await.refused("unauthenticated");
    assert_eq!(house.devices().await["devices"], json!([]));
}

#[tokio::test]
async fn a_tablet_stays_paired_over_a_restart_and_its_wrong_pins_are_counted() {
    let house = House::open().await;
    house.owner.post("/staff", json!({ "name": "Marco", "role": "waiter", "pin": "4711" })).await.created();
    let http = house.guest().await;
    let tablet = house.tablet(&http).await;
    let pin = |pin: &str| json!({ "restaurant_id": tablet.restaurant_id(), "pin": pin });
    for left in [4, 3, 2, 1, 0] {
        let error = tablet.put("~/sessions/current/person", pin("0000")).await.refused("forbidden");
        assert_eq!(error["details"]["tries_left"], left);
        if left == 2 {
            tablet.put("~/sessions/current/person", pin("4711")).await.ok();
        }
    }
    tablet.put("~/sessions/current/person", pin("4711")).await.refused("too_many_requests");
    // A second tablet has tries of its own, and is paired without the first one's.
    let other = house.tablet(&http).await;
    other.put("~/sessions/current/person", pin("4711")).await.ok();
    let app = house.app.restart().await;
    let owner = app.again(&house.owner);
    until(&owner, "~/house", |door| door["is_open"] == true).await;
    assert_eq!(other.get("~/me").await.ok()["name"], "Marco");
    assert_eq!(tablet.get("~/me").await.ok()["locked"], false);
}
