//! The trail: found by who, what and when, in blocks and outside, without reading everything.

use comanda_db::trail::{self, Filter};
use uuid::Uuid;

use crate::support::{Shop, command, sql};

const RARE: Uuid = Uuid::from_u128(0xace);

/// 5,000 commands; one of them by somebody who asks for nothing else, refused ones in between.
fn long_day() -> Shop {
    let shop = Shop::new();
    for n in 1..=5_000_i64 {
        let mut each =
            if n % 1_000 == 0 { command("refuse", "") } else { sql(&format!("INSERT INTO note VALUES ({n}, 'n')")) };
        each.at_ms = n * 10;
        if n == 1_500 {
            each.actor = RARE;
        }
        shop.run(each).unwrap();
    }
    shop
}

/// All that is found, page by page, and how many pages it took.
fn all(shop: &Shop, filter: &Filter, limit: usize, rows_max: u64) -> (Vec<u64>, usize) {
    let (mut seqs, mut pages, mut below) = (vec![], 0, None);
    loop {
        let found = shop.db.read(|conn| trail::find(conn, filter, below, limit, rows_max)).unwrap();
        assert!(found.rows.len() <= limit);
        seqs.extend(found.rows.iter().map(|row| row.seq));
        pages += 1;
        below = found.below;
        if below.is_none() {
            return (seqs, pages);
        }
    }
}

#[test]
fn pages_follow_each_other_without_gap_or_repeat_in_blocks_and_outside() {
    let shop = long_day();
    for _ in 0..2 {
        let (seqs, _) = all(&shop, &Filter::default(), 700, u64::MAX);
        assert!(seqs.iter().copied().eq((1..=5_000).rev()), "{} rows", seqs.len());
        let between = Filter { from_ms: Some(20_000), to_ms: Some(21_000), ..Filter::default() };
        let (seqs, _) = all(&shop, &between, 30, u64::MAX);
        assert!(seqs.iter().copied().eq((2_000..2_100).rev()), "{seqs:?}");
        let refused = Filter { names: vec!["refuse".into()], ..Filter::default() };
        assert_eq!(all(&shop, &refused, 2, u64::MAX).0, [5_000, 4_000, 3_000, 2_000, 1_000]);
        shop.db.pack(30_000).unwrap();
        while shop.db.extend_spans().unwrap() {}
    }
    assert_eq!(shop.db.spans_missing().unwrap(), 0);
    shop.assert_clean();
}

#[test]
fn runs_without_a_match_are_passed_over() {
    let shop = long_day();
    let rare = Filter { actor: Some(RARE), ..Filter::default() };
    let (seqs, pages) = all(&shop, &rare, 10, 1_000);
    assert_eq!(seqs, [1_500]);
    assert!(pages >= 4, "without spans it looks at everything, a bounded piece at a time: {pages}");
    assert_eq!(shop.db.spans_missing().unwrap(), 4);
    while shop.db.extend_spans().unwrap() {}
    let (seqs, pages) = all(&shop, &rare, 10, 1_000);
    assert_eq!(seqs, [1_500]);
    assert!(pages <= 3, "the last rows and one run: {pages}");
    let nobody = Filter { actor: Some(Uuid::from_u128(0xdead)), to_ms: Some(40_000), ..Filter::default() };
    assert_eq!(all(&shop, &nobody, 10, u64::MAX), (vec![], 1));
}
