//! Bills, receipts, X and Z on paper: every figure is the one of the order, and what is printed again says so.

use serde_json::{Value, json};

use crate::support::paper::Paper;
use crate::trade::{House, id};

/// A house with a printer for guests that takes plain text.
async fn printing() -> (House, Paper) {
    let house = House::open().await;
    let paper = Paper::new().await;
    let printer =
        json!({ "name": "Counter", "address": paper.address(), "language": "plain", "columns": 32, "guests": true });
    house.owner.post("/printers", printer).await.created();
    (house, paper)
}

fn text(paper: &Value) -> String {
    let rows = paper["rows"].as_array().unwrap();
    rows.iter().map(|row| row["text"].as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

async fn paper_of(house: &House, order: &Value, query: &str) -> Value {
    house.owner.get(&format!("/orders/{}/paper?{query}", id(order))).await.ok()
}

fn row(shown: &str, begins: &str) -> String {
    shown.lines().find(|line| line.starts_with(begins)).unwrap_or_else(|| panic!("no {begins}:\n{shown}")).to_owned()
}

#[tokio::test]
async fn a_receipt_says_what_was_bought_paid_and_given_back() {
    let (house, paper) = printing().await;
    let receipt = json!({ "head": ["Via Roma 1, Torino", "P. IVA 01234567890"], "foot": ["Grazie!"] });
    house.owner.patch("", json!({ "receipt": receipt })).await.ok();
    let order = house.order().await;
    let early = paper_of(&house, &order, "paper=bill").await;
    let bill = text(&early);
    assert_eq!((&early["title"], &early["columns"], &early["copies"]), (&order["number"], &json!(32), &json!(0)));
    assert!(bill.contains("Via Roma 1, Torino") && bill.contains("This is not a receipt.") && bill.contains("Grazie!"));
    assert_eq!(row(&bill, "1 Margherita"), "1 Margherita                9.50");
    assert_eq!(row(&bill, "2 Cola"), "2 Cola                      7.60");
    assert!(row(&bill, "TOTAL").ends_with(" 17.10"), "{bill}");
    let path = format!("/orders/{}", id(&order));
    house.owner.get(&format!("{path}/paper?paper=receipt")).await.refused("rule_violated");
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    let cash = json!({ "tender": "cash", "amount_minor": 1710, "tip_minor": 100, "tendered_minor": 2000 });
    house.step(&order, "payments", cash).await.created();
    house.owner.post(&format!("{path}/print"), json!({ "paper": "receipt" })).await.ok();
    let slip = paper.slip().await;
    for (begins, ends) in
        [("TOTAL", "17.10"), ("Cash", "17.10"), ("  Tip", "1.00"), ("  Given", "20.00"), ("  Change", "1.90")]
    {
        assert!(row(&slip, begins).ends_with(ends), "{begins}: {slip}");
    }
    assert!(!slip.contains("COPY") && !slip.contains("not a receipt"), "{slip}");
}

#[tokio::test]
async fn what_is_printed_again_says_which_copy_and_a_changed_bill_is_a_new_one() {
    let (house, paper) = printing().await;
    let order = house.finished("cash").await;
    let path = format!("/orders/{}/print", id(&order));
    let done = |count: usize| {
        let house = &house;
        async move {
            for _ in 0..1000 {
                let items = house.owner.get("/print-jobs?which=done").await.ok()["items"].clone();
                if items.as_array().unwrap().iter().any(|job| job["copies"] == json!(count)) {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
            panic!("never printed");
        }
    };
    house.owner.post_keyed("once", &path, json!({ "paper": "receipt" })).await.ok();
    assert!(!paper.slip().await.contains("COPY"));
    done(1).await;
    house.owner.post_keyed("once", &path, json!({ "paper": "receipt" })).await.ok();
    house.owner.post(&path, json!({ "paper": "receipt" })).await.ok();
    assert!(paper.slip().await.starts_with("     COPY 1\r\n"), "the same request again printed nothing");
    done(2).await;
    house.owner.post(&path, json!({ "paper": "receipt" })).await.ok();
    assert!(paper.slip().await.starts_with("     COPY 2\r\n"));
    // A bill is a copy while it is the same bill.
    let open = house.order().await;
    let path = format!("/orders/{}/print", id(&open));
    house.owner.post(&path, json!({ "paper": "bill" })).await.ok();
    assert!(!paper.slip().await.contains("COPY"));
    let printed = || async { paper_of(&house, &open, "paper=bill").await["copies"].clone() };
    while printed().await != json!(1) {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    house.step(&open, "lines", json!({ "lines": [{ "item_id": house.water }] })).await.created();
    assert_eq!(printed().await, 0, "another bill");
    house.owner.post(&path, json!({ "paper": "bill" })).await.ok();
    let second = paper.slip().await;
    assert!(second.contains("Water") && !second.contains("COPY"), "{second}");
}

#[tokio::test]
async fn each_check_of_a_split_order_has_a_bill_of_its_own() {
    let (house, _paper) = printing().await;
    let order = house.order().await;
    let cola = json!({ "lines": [{ "line_id": order["lines"][1]["id"] }] });
    let order = house.step(&order, "split", cola).await.ok();
    let checks = order["checks"].as_array().unwrap();
    for (check, has, has_not) in [(&checks[0], "Margherita", "Cola"), (&checks[1], "Cola", "Margherita")] {
        let bill = text(&paper_of(&house, &order, &format!("paper=bill&check_id={}", id(check))).await);
        assert!(
            bill.contains(has) && !bill.contains(has_not) && bill.contains(check["number"].as_str().unwrap()),
            "{bill}"
        );
        let total = check["total_minor"].as_i64().unwrap();
        assert!(row(&bill, "TOTAL").ends_with(&format!("{}.{:02}", total / 100, total % 100)), "{bill}");
    }
    let wide = json!({ "name": "Wide", "address": "bar", "language": "escpos", "columns": 48, "guests": false });
    let wide = house.owner.post("/printers", wide).await.created();
    let on_wide = paper_of(&house, &order, &format!("paper=bill&printer_id={}", id(&wide))).await;
    assert_eq!(on_wide["columns"], 48, "as it comes out there");
    let nobody = format!("/orders/{}/paper?paper=bill&check_id={}", id(&order), uuid::Uuid::now_v7());
    assert_eq!(house.owner.get(&nobody).await.refused("rule_violated")["field"], "check_id");
    house.owner.get(&format!("/orders/{}/paper?paper=menu", id(&order))).await.invalid("paper");
}

#[tokio::test]
async fn a_share_and_a_free_dish_are_on_paper_what_they_are_in_the_order() {
    let (house, _paper) = printing().await;
    let order = house.order().await;
    let colas = json!({ "line_ids": [order["lines"][1]["id"]], "reason": "Wrong drink" });
    house.step(&order, "comp", colas).await.ok();
    let bill = text(&paper_of(&house, &order, "paper=bill").await);
    assert!(row(&bill, "2 Cola").ends_with("7.60") && row(&bill, "  On the house").ends_with("-7.60"), "{bill}");
    assert!(row(&bill, "TOTAL").ends_with(" 9.50"), "{bill}");
    let order = house.step(&order, "share", json!({ "shares": 3 })).await.ok();
    let last = order["checks"].as_array().unwrap().last().unwrap().clone();
    let bill = text(&paper_of(&house, &order, &format!("paper=bill&check_id={}", id(&last))).await);
    assert!(bill.contains("Share 1/3") && row(&bill, "1 Margherita") == "1 Margherita", "{bill}");
    let total = last["total_minor"].as_i64().unwrap();
    assert!(row(&bill, "TOTAL").ends_with(&format!("{}.{:02}", total / 100, total % 100)), "{bill}");
}

#[tokio::test]
async fn x_and_z_are_on_paper_what_they_are_on_the_screen() {
    let (house, paper) = printing().await;
    house.owner.post("/till/open", json!({ "float_minor": 20_000 })).await.created();
    house.finished("cash").await;
    let x = text(&house.owner.get("/till/paper").await.ok());
    assert!(row(&x, "Sales").ends_with(" 17.10") && row(&x, "Should be in the drawer").ends_with(" 217.10"), "{x}");
    house.owner.get("/till/paper?z=1").await.refused("not_found");
    house.owner.post("/till/close", json!({ "counted_minor": 21_600 })).await.ok();
    let z = house.owner.post("/till/z", json!({})).await.created();
    house.owner.post("/till/print", json!({ "z": z["number"] })).await.ok();
    let slip = paper.slip().await;
    assert!(row(&slip, "Z REPORT").ends_with(" 1") && row(&slip, "Cash").ends_with(" 17.10"), "{slip}");
    assert!(row(&slip, "Over or short").ends_with(" -1.10"), "{slip}");
}

#[tokio::test]
async fn a_pdf_is_one_with_the_order_in_its_name_and_nothing_is_printed_in_practice_or_nowhere() {
    let (house, _paper) = printing().await;
    let order = house.finished("card").await;
    let answer = house.owner.get(&format!("/orders/{}/paper?paper=receipt&format=pdf", id(&order))).await;
    assert_eq!(answer.header("content-type"), "application/pdf");
    let name =
        format!("receipt-{}-{}.pdf", order["business_date"].as_str().unwrap(), order["number"].as_str().unwrap());
    assert!(answer.header("content-disposition").contains(&name), "{}", answer.header("content-disposition"));
    assert!(answer.text.starts_with("%PDF-"), "{}", &answer.text[..20]);
    let waiter = house.app.staff(&house.owner, "waiter").await;
    waiter.get("/till/paper").await.refused("forbidden");
    let chef = house.app.staff(&house.owner, "chef").await;
    chef.post(&format!("/orders/{}/print", id(&order)), json!({ "paper": "receipt" })).await.refused("forbidden");
    let printers = house.owner.get("/print-jobs").await.ok()["printers"].clone();
    house.owner.delete(&format!("/printers/{}", id(&printers[0]))).await.gone();
    house.owner.post("/till/print", json!({})).await.refused("rule_violated");
}
