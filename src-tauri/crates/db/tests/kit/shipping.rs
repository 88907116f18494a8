//! Pieces of the journal bring a copy forward to any entry, in their order and in no other.

use std::path::PathBuf;

use comanda_db::replay::ReplayError;
use comanda_db::shipping::{self, Advancing, Mark, Piece, Until};
use rusqlite::Connection;

use crate::support::{SHOP, Shop};

const ENTRIES: u64 = 40;

/// A shop with a copy of its beginning, and what happened after that in pieces.
struct Shipped {
    shop: Shop,
    base: PathBuf,
    pieces: Vec<Piece>,
    /// State after each entry.
    states: Vec<Vec<u8>>,
}

impl Shipped {
    fn new() -> Self {
        let shop = Shop::new();
        let base = shop.folder().join("base.db");
        let mut states = vec![Vec::new(), shop.state()];
        for n in 2..=ENTRIES {
            shop.sql(&format!("INSERT INTO note (id, body) VALUES ({n}, 'note {n}')"));
            states.push(shop.state());
            if n == 10 {
                shop.db.snapshot(&base).unwrap();
            }
        }
        let pieces = pieces(&shop);
        Self { shop, base, pieces, states }
    }

    fn copy(&self, name: &str) -> PathBuf {
        let copy = self.shop.folder().join(name);
        std::fs::copy(&self.base, &copy).unwrap();
        copy
    }

    fn bring(&self, pieces: &[Piece], until: Until) -> Result<(PathBuf, Mark), ReplayError> {
        let copy = self.copy("copy.db");
        let mut advancing = Advancing::begin(&copy, SHOP, until)?;
        for piece in pieces {
            advancing.take(piece)?;
        }
        Ok((copy, advancing.finish()?))
    }
}

fn pieces(shop: &Shop) -> Vec<Piece> {
    let (mut pieces, mut after) = (Vec::new(), 10);
    while let Some(piece) = shop.db.piece(after, 600).unwrap() {
        after = piece.last;
        pieces.push(piece);
    }
    assert!(pieces.len() > 4, "{}", pieces.len());
    pieces
}

#[test]
fn pieces_bring_a_copy_to_every_entry_with_the_state_it_had() {
    let shipped = Shipped::new();
    for entry in 10..=ENTRIES {
        let (copy, mark) = shipped.bring(&shipped.pieces, Until::Entry(entry)).unwrap();
        assert_eq!((mark.entry, mark.state.to_vec()), (entry, shipped.states[entry as usize].clone()));
        assert_eq!(mark.link, shipped.shop.db.link(entry).unwrap());
        let notes = "SELECT count(*) FROM note";
        let count: u64 = Connection::open(copy).unwrap().query_row(notes, [], |row| row.get(0)).unwrap();
        assert_eq!(count, entry - 1);
    }
    let (_, mark) = shipped.bring(&shipped.pieces, Until::End).unwrap();
    assert_eq!(mark.entry, ENTRIES);
}

#[test]
fn packed_records_lead_to_every_entry_too() {
    let shipped = Shipped::new();
    assert!(shipped.shop.db.pack(i64::MAX).unwrap() > 0);
    let packed = Shipped { pieces: vec![shipped.shop.db.piece(10, 600).unwrap().unwrap()], ..shipped };
    assert_eq!(packed.pieces[0].last, ENTRIES, "a piece ends where a state is recorded");
    for entry in [11, 25, ENTRIES - 1, ENTRIES] {
        let (_, mark) = packed.bring(&packed.pieces, Until::Entry(entry)).unwrap();
        assert_eq!((mark.entry, mark.state.to_vec()), (entry, packed.states[entry as usize].clone()));
    }
}

#[test]
fn a_piece_that_is_missing_altered_or_out_of_its_place_is_found() {
    let shipped = Shipped::new();
    let bring = |change: &dyn Fn(&mut Vec<Piece>)| {
        let mut pieces = shipped.pieces.clone();
        change(&mut pieces);
        shipped.bring(&pieces, Until::Entry(ENTRIES)).map(|(_, mark)| mark.entry)
    };
    assert!(bring(&|_| ()).is_ok());
    // Twice is no fault: what is there already is not taken again.
    assert!(bring(&|pieces| pieces.insert(1, pieces[0].clone())).is_ok());
    assert!(bring(&|pieces| drop(pieces.remove(1))).is_err());
    assert!(bring(&|pieces| drop(pieces.pop())).is_err());
    assert!(bring(&|pieces| pieces.swap(1, 2)).is_err());
    assert!(bring(&|pieces| pieces[1].rows = pieces[2].rows.clone()).is_err());
    assert!(bring(&|pieces| pieces[1].before[0] ^= 1).is_err());
    assert!(bring(&|pieces| pieces[1].after[0] ^= 1).is_err());
    // A flipped bit is found by what a piece is sealed in; here only what is in the chain could be.
    for at in (0..shipped.pieces[1].rows.len()).step_by(7) {
        assert!(bring(&|pieces| pieces[1].rows.truncate(at)).is_err(), "cut at {at}");
    }
}

#[test]
fn a_copy_that_is_adopted_is_another_device_in_a_later_epoch() {
    let shipped = Shipped::new();
    let copy = shipped.copy("adopted.db");
    let before = shipping::mark(&copy).unwrap();
    let device = uuid::Uuid::now_v7();
    shipping::adopt(&copy, device, 7).unwrap();
    let after = shipping::mark(&copy).unwrap();
    assert_eq!((after.epoch, after.entry, after.link, after.state), (7, before.entry, before.link, before.state));
    let db = comanda_db::Database::open(&copy, SHOP, crate::support::ShopRules::default(), Default::default()).unwrap();
    assert_eq!((db.device(), db.epoch()), (device, 7));
    db.execute_blocking(crate::support::sql("INSERT INTO note (id, body) VALUES (99, 'later')")).unwrap();
    assert!(db.check().unwrap().is_clean());
    // Whoever comes while it is being closed is told so, and the file is one file again.
    assert!(db.close_wholly(std::time::Duration::from_secs(5)));
    assert!(db.entry().is_err());
    assert!(!copy.with_extension("db-wal").exists());
}
