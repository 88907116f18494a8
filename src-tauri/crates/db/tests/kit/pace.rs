//! Long work that gives way to what somebody waits for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use comanda_db::pace::{give_way, giving_way};

use crate::support::Shop;

#[test]
fn a_check_pauses_on_its_way_where_somebody_asked_for_it_and_nowhere_else() {
    let shop = Shop::new();
    for n in 0..200 {
        shop.sql(&format!("INSERT INTO note VALUES ({n}, 'x')"));
    }
    let pauses = Arc::new(AtomicUsize::new(0));
    let counted = pauses.clone();
    let report = giving_way(
        move || {
            counted.fetch_add(1, Ordering::SeqCst);
        },
        || shop.db.check().unwrap(),
    );
    assert_eq!(report.findings, Vec::<String>::new());
    let paused = pauses.load(Ordering::SeqCst);
    assert!(paused > 3, "{paused}");
    give_way();
    shop.db.check().unwrap();
    assert_eq!(pauses.load(Ordering::SeqCst), paused);
}
