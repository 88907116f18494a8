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
    let after = bytes("SELECT CAST(sum(length(ids) + length(body)) AS TEXT) FROM block");
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
    for ((ledger, live), n) in before.into_iter().zip([1, 2, 500, 1024, 1025, 1100]) {
        let (packed_ledger, packed_journal) = both(n).unwrap();
        assert_eq!(packed_ledger, ledger);
        let expected = live.clone().map(|j| records::JournalRow { state: None, hash: None, ..j });
        assert_eq!(packed_journal, if n == 1024 { live } else { expected });
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

#[test]
fn a_block_that_is_not_full_is_filled_up_later() {
    let (shop, commands) = busy_shop();
    for before in [100, 101, 700, 1_100] {
        shop.db.pack(before).unwrap();
        shop.assert_clean();
    }
    assert_eq!(shop.count("block"), 2, "1,024 entries and the rest");
    for n in [0, 50, 99, 100, 101, 500, 1_099, 1_400] {
        assert!(shop.run(commands[n].clone()).unwrap().replayed, "command {n} is still known");
    }
}

#[test]
fn a_packed_command_is_known_by_its_clock_and_costs_no_index() {
    let (shop, commands) = busy_shop();
    let mut odd = sql("INSERT INTO note VALUES (7777, 'an id without a clock')");
    (odd.id, odd.at_ms) = (uuid::Uuid::from_u128(0xdead_beef), 3_000);
    shop.run(odd.clone()).unwrap();
    let mut late = sql("INSERT INTO note VALUES (8888, 'an id from a clock years ahead')");
    late.id = uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, 4_000_000_000, 0));
    late.at_ms = 3_001;
    shop.run(late.clone()).unwrap();
    shop.db.pack(i64::MAX).unwrap();
    assert_eq!(shop.count("ledger_id"), 2, "only what its clock does not find");
    for command in [&commands[0], &commands[1_000], &commands[1_499], &odd, &late] {
        assert!(shop.run(command.clone()).unwrap().replayed);
    }
    let mut reused = commands[1_000].clone();
    reused.request = [9; 8];
    assert!(matches!(shop.run(reused), Err(comanda_db::WriteError::Reused)));
    shop.assert_clean();
}

#[test]
fn the_history_of_an_id_is_found_in_the_block_of_its_birth_and_in_later_ones() {
    let shop = Shop::new();
    let id = uuid::Uuid::now_v7().simple().to_string();
    let mut at_ms = 0;
    let mut run = |text: String| {
        at_ms += 1;
        let mut each = sql(&text);
        each.at_ms = at_ms;
        // Weeks pass between blocks.
        let seconds = 1_800_000_000 + (at_ms as u64) * 3_600;
        each.id = uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, 0));
        shop.run(each).unwrap();
    };
    run(format!("INSERT INTO item (id, name, qty) VALUES (x'{id}', 'soup', 1)"));
    for n in 0..2_500 {
        run(match n % 500 {
            499 => format!("UPDATE item SET qty = qty + 1 WHERE id = x'{id}'"),
            _ => format!("INSERT INTO note VALUES ({n}, 'between')"),
        });
    }
    let bytes = uuid::Uuid::parse_str(&id).unwrap();
    let seen = |limit, before| -> Vec<u64> {
        let entries = shop.db.read(|conn| history::of(conn, bytes.as_bytes(), before, limit)).unwrap();
        assert!(entries.iter().all(|e| e.ledger.is_some() && e.changes.len() == 1));
        entries.iter().map(|e| e.entry).collect()
    };
    let before = seen(10, None);
    assert_eq!(before.len(), 6);
    shop.db.pack(2_200).unwrap();
    shop.assert_clean();
    assert_eq!(seen(10, None), before);
    assert_eq!(seen(2, None), before[..2]);
    assert_eq!(seen(10, Some(before[2])), before[3..]);
}
