//! The logo above bills and receipts: sent once, printed as dots, kept small.

use std::path::PathBuf;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::paper::Paper;
use crate::support::{Answer, Person};
use crate::trade::{House, id};

/// 512 dots a side, on nothing.
const PICTURE: &[u8] = include_bytes!("../../icons/icon.png");

async fn send(person: &Person, bytes: &[u8]) -> Answer {
    Answer::of(person.request(Method::POST, "/receipt-logo").body(bytes.to_vec())).await
}

/// A house whose receipts have the picture; its hash.
async fn with_logo() -> (House, String) {
    let house = House::open().await;
    let hash = send(&house.owner, PICTURE).await.created()["hash"].as_str().unwrap().to_owned();
    let receipt = json!({ "head": ["Via Roma 1"], "foot": [], "logo": hash });
    let changed = house.owner.patch("", json!({ "receipt": receipt })).await.ok();
    assert_eq!(changed["receipt"], receipt);
    (house, hash)
}

async fn printer(house: &House, paper: &Paper, language: &str) {
    let columns = if language == "plain" { 32 } else { 42 };
    let printer = json!({ "name": language, "address": paper.address(), "language": language, "columns": columns, "guests": true });
    house.owner.post("/printers", printer).await.created();
}

fn file_of(house: &House) -> PathBuf {
    house.app.folder.path().join("restaurants").join(format!("{}.db", house.owner.restaurant_id()))
}

fn at(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|some| some == what).unwrap_or_else(|| panic!("no {what:?}"))
}

#[tokio::test]
async fn a_bill_begins_with_the_logo_on_paper_in_the_preview_and_in_the_pdf() {
    let (house, hash) = with_logo().await;
    let paper = Paper::new().await;
    printer(&house, &paper, "escpos").await;
    let order = house.order().await;
    let path = format!("/orders/{}", id(&order));
    let preview = house.owner.get(&format!("{path}/paper?paper=bill")).await.ok();
    assert_eq!(preview["rows"][0], json!({ "text": hash, "style": "logo" }));
    house.owner.post(&format!("{path}/print"), json!({ "paper": "bill" })).await.ok();
    let sent = paper.bytes().await;
    // 240 dots a side, which is 30 bytes; in the middle, and what follows is at the left again.
    let raster = at(&sent, b"\x1ba\x01\x1dv0\0\x1e\0\xf0\0");
    let after = raster + 11 + 30 * 240;
    assert_eq!(&sent[after..after + 3], b"\x1ba\0");
    assert!(at(&sent, b"Via Roma 1") > after && sent.len() < 9_000, "{}", sent.len());
    let pdf = house.owner.request(Method::GET, &format!("{path}/paper?paper=bill&format=pdf"));
    let pdf = pdf.send().await.unwrap().bytes().await.unwrap();
    assert!(at(&pdf, b"/Subtype/Image") > 0);
}

#[tokio::test]
async fn a_document_that_waits_for_its_printer_has_the_hash_of_the_logo_alone() {
    let (house, hash) = with_logo().await;
    let paper = Paper::new().await;
    printer(&house, &paper, "plain").await;
    let order = house.order().await;
    house.owner.post(&format!("/orders/{}/print", id(&order)), json!({ "paper": "bill" })).await.ok();
    // A printer that takes text alone gets text alone.
    let slip = paper.slip().await;
    assert!(slip.contains("Via Roma 1") && !slip.contains(&hash), "{slip}");
    let file = file_of(&house);
    let conn = rusqlite::Connection::open(file).unwrap();
    let queued = conn.query_row("SELECT MAX(LENGTH(blocks)) FROM print_job", [], |row| row.get::<_, i64>(0)).unwrap();
    assert!((64..2_000).contains(&queued), "{queued}");
}

#[tokio::test]
async fn what_is_no_logo_is_refused_and_one_that_is_not_here_leaves_the_rest() {
    let (house, hash) = with_logo().await;
    let waiter = house.app.staff(&house.owner, "waiter").await;
    send(&waiter, PICTURE).await.refused("forbidden");
    send(&house.owner, b"<svg xmlns='http://www.w3.org/2000/svg'/>").await.refused("unsupported_media_type");
    send(&house.owner, b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x63\0\0\x31\0\0")
        .await
        .refused("unsupported_media_type");
    send(&house.owner, &PICTURE[..100]).await.refused("unsupported_media_type");
    let named = |logo: &str| json!({ "receipt": { "head": [], "foot": [], "logo": logo } });
    house.owner.patch("", named(&"0".repeat(64))).await.invalid("receipt.logo");
    house.owner.patch("", named("logo")).await.invalid("receipt.logo");
    // Another desk of the house has the settings, not the picture: it says what it says, without it.
    let file = file_of(&house);
    let gone = rusqlite::Connection::open(file).unwrap();
    assert_eq!(gone.execute("DELETE FROM image WHERE hash = ?1", [&hash]).unwrap(), 1);
    house.owner.patch("", named(&hash)).await.ok();
    let order = house.order().await;
    let preview: Value = house.owner.get(&format!("/orders/{}/paper?paper=bill", id(&order))).await.ok();
    assert_eq!(preview["rows"][0]["style"], "large");
}
