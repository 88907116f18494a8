use std::io::Read;

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, TestApp};
use crate::trade::House;

#[tokio::test]
async fn sales_are_written_one_row_a_line_sold() {
    let house = House::open().await;
    house.finished("card").await;
    let open = house.order().await;
    house.step(&open, "cancel", json!({ "reason": "Left" })).await.ok();
    let answer = house.owner.get("/export/sales.csv").await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        answer.text,
        "order_number,date,time,business_date,service,table,covers,item,quantity,unit_price,line_total,tax_rate,currency\n\
         A-0001,2026-06-12,19:00:00,2026-06-12,dine_in,4,2,Margherita,1,9.50,9.50,10,EUR\n\
         A-0001,2026-06-12,19:00:00,2026-06-12,dine_in,4,2,Cola,2,3.80,7.60,10,EUR\n"
    );
    let rows = |query: &str| {
        let (owner, path) = (house.owner.clone(), format!("/export/sales.csv?{query}"));
        async move { owner.get(&path).await.text.lines().count() - 1 }
    };
    assert_eq!(rows("from=2026-06-12&to=2026-06-12").await, 2);
    assert_eq!(rows("from=2026-06-13").await, 0);
    assert_eq!(rows("to=2026-06-11").await, 0);
    house.owner.get("/export/sales.csv?from=yesterday").await.invalid("from");
    house.owner.get("/export/sales.csv?from=2026-06-12&to=2026-06-11").await.invalid("to");
    let waiter = house.app.staff(&house.owner, "waiter").await;
    waiter.get("/export/sales.csv").await.refused("forbidden");
}

#[tokio::test]
async fn sales_are_a_spreadsheet_too() {
    let house = House::open().await;
    house.finished("card").await;
    let sheet = |query: &str| house.owner.request(Method::GET, &format!("/export/sales.xlsx{query}")).send();
    let answer = sheet("?from=2026-06-12&to=2026-06-12").await.unwrap();
    assert_eq!(answer.status(), 200);
    let said = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert_eq!(said, "attachment; filename=\"sales.xlsx\"");
    let file = answer.bytes().await.unwrap();
    assert!(file.starts_with(b"PK\x03\x04"));
    let empty = sheet("?from=2026-06-13").await.unwrap().bytes().await.unwrap();
    assert!(file.len() > empty.len() && empty.starts_with(b"PK"), "a day without sales is a heading alone");
    house.owner.get("/export/sales.xlsx?from=yesterday").await.invalid("from");
    house.owner.get("/export/sales.xlsx?from=2026-06-12&to=2026-06-11").await.invalid("to");
    let waiter = house.app.staff(&house.owner, "waiter").await;
    waiter.get("/export/sales.xlsx").await.refused("forbidden");
}

#[tokio::test]
async fn what_was_exported_can_be_imported_elsewhere() {
    let house = House::open().await;
    for _ in 0..3 {
        house.finished("cash").await;
    }
    let file = house.owner.get("/export/sales.csv").await.text;
    let elsewhere = TestApp::start().await;
    let owner = elsewhere.set_up().await;
    let import = owner.request(Method::POST, "/imports").header("content-type", "text/csv").body(file);
    let imported = Answer::of(import).await.created();
    assert_eq!((&imported["orders"], &imported["total_minor"]), (&json!(3), &json!(3 * 1710)));
}

#[tokio::test]
async fn a_file_that_is_written_while_it_is_sent_comes_whole_to_who_takes_gzip() {
    let house = House::open().await;
    house.finished("card").await;
    let owner = &house.owner;
    for path in ["/export/sales.csv", "/export/sales.csv?from=2099-01-01", "/audit.csv", "/audit.csv?to_ms=1"] {
        let plain = owner.get(path).await.text;
        let request = owner.request(Method::GET, path).header("accept-encoding", "gzip");
        let mut answer = request.send().await.unwrap();
        let mut packed = Vec::new();
        // To the very end: what breaks only there is a broken download too.
        while let Some(piece) = answer.chunk().await.unwrap() {
            packed.extend_from_slice(&piece);
        }
        let mut text = String::new();
        match answer.headers().get("content-encoding") {
            Some(_) => drop(flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut text).unwrap()),
            None => text = String::from_utf8(packed).unwrap(),
        }
        assert_eq!(text, plain, "{path}");
    }
}
