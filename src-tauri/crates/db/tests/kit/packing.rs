//! Packed rows: smaller, still one chain, still found.

use comanda_db::{history, records};

use crate::support::{Shop, command, sql};

fn busy_shop() -> (Shop, Vec<comanda_db::Command>) {
    let shop = Shop::new();
    let mut commands = Vec::new();
    for n in 0..1500 {
        let mut each = match n % 5 {
            0..3 => sql(&format!("INSERT INTO note VALUES ({n}, 'note number {n}')")),
            3 => sql(&format!("UPDATE note SET body = 'changed by {n}' WHERE id = {}", n - 1)),
            _ => command("refuse", ""),
        };
        each.at_ms = n;
        commands.push(each.clone());
        shop.run(each).unwrap();
    }
    (shop, commands)
}

#[test]
fn packing_makes_the_records_smaller_and_check_still_finds_them_whole() {
    let (shop, commands) = busy_shop();
    let bytes = |query: &str| shop.text(query).parse::<i64>().unwrap();
    let before = bytes("SELECT CAST(sum(length(args) + length(answer) + 80) AS TEXT) FROM ledger")
        + bytes("SELECT CAST(sum(length(changes) + 56) AS TEXT) FROM journal");
    let packed = shop.db.pack(1_200).unwrap();
    assert_eq!(packed, 2 * 1_200 + 1, "the migration's entry is older than all");
    let after = bytes("SELECT CAST(sum(length(body)) AS TEXT) FROM block");
    assert!(after * 2 < before, "{after} of {before}");
    shop.assert_clean();
    shop.sql("INSERT INTO note VALUES (9999, 'life goes on')");
    shop.assert_clean();
    let again = shop.run(commands[3].clone()).unwrap();
    assert!(again.replayed, "a packed command is still known");
}

#[test]
fn a_packed_row_reads_back_as_it_was() {
    let (shop, _) = busy_shop();
    let both =
        |n: u64| shop.db.read(|conn| Ok::<_, rusqlite::Error>((records::ledger(conn, n)?, records::journal(conn, n)?)));
    let before: Vec<_> = [1, 2, 500, 1024, 1025, 1100].map(|n| both(n).unwrap()).into();
    shop.db.pack(i64::MAX).unwrap();
    assert_eq!((shop.count("ledger"), shop.count("journal")), (0, 0));
    for ((ledger, journal), n) in before.into_iter().zip([1, 2, 500, 1024, 1025, 1100]) {
        let (packed_ledger, packed_journal) = both(n).unwrap();
        assert_eq!(packed_ledger, ledger);
        let hash = packed_journal.as_ref().and_then(|j| j.hash);
        assert_eq!(packed_journal, journal.map(|j| records::JournalRow { hash, ..j }));
    }
}

#[test]
fn the_history_of_a_row_is_found_in_blocks_and_outside() {
    let (shop, _) = busy_shop();
    shop.db.pack(1_200).unwrap();
    shop.sql("UPDATE note SET body = 'last' WHERE id = 2");
    let entries = shop.db.read(|conn| history::of(conn, b"2", None, 10)).unwrap();
    let bodies: Vec<_> = entries.iter().map(|e| e.changes.len()).collect();
    assert_eq!(bodies, [1, 1, 1], "last change, change by 3, insert");
    assert!(entries[0].entry > entries[1].entry);
}

#[test]
fn pending_commands_are_not_packed() {
    let device = Shop::device();
    device.sql("INSERT INTO note VALUES (1, 'not placed yet')");
    device.db.pack(i64::MAX).unwrap();
    assert_eq!(device.count("ledger"), 1);
    device.assert_clean();
}
