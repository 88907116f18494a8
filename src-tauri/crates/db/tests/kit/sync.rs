//! Two devices and one sequencer in one process: the records carry sync.

use comanda_db::rebase::SyncError;
use comanda_db::{Options, Outcome};

use crate::support::{Shop, command, sql};

/// Everything up, everything down, in pages of the given size.
fn exchange(device: &Shop, sequencer: &Shop, cursor: &mut u64, page_size: usize) {
    loop {
        let batch = device.db.pending(page_size).unwrap();
        if !batch.is_empty() {
            sequencer.db.place(batch).unwrap();
        }
        let page = sequencer.db.placed_after(*cursor, page_size).unwrap();
        let (next, more) = (page.next, page.more);
        device.db.rebase(page).unwrap();
        *cursor = next;
        if !more && device.db.pending(1).unwrap().is_empty() {
            return;
        }
    }
}

struct Room {
    sequencer: Shop,
    a: Shop,
    b: Shop,
    cursors: [u64; 2],
}

impl Room {
    fn new() -> Self {
        Self { sequencer: Shop::new(), a: Shop::device(), b: Shop::device(), cursors: [0, 0] }
    }

    /// Two rounds, so that both have heard of what the other brought.
    fn settle(&mut self, page_size: usize) {
        for _ in 0..2 {
            exchange(&self.a, &self.sequencer, &mut self.cursors[0], page_size);
            exchange(&self.b, &self.sequencer, &mut self.cursors[1], page_size);
        }
        assert_eq!(self.a.state(), self.sequencer.state());
        assert_eq!(self.b.state(), self.sequencer.state());
        for shop in [&self.a, &self.b, &self.sequencer] {
            shop.assert_clean();
            assert_eq!(shop.count("outbox"), 0);
        }
    }
}

#[test]
fn two_devices_apart_come_together_with_the_same_rows() {
    for page_size in [1, 3, 100] {
        let mut room = Room::new();
        for n in 0..10 {
            room.a.sql(&format!("INSERT INTO note VALUES ({n}, 'from a')"));
            room.b.sql(&format!("INSERT INTO note VALUES ({}, 'from b')", 100 + n));
        }
        room.a.sql("UPDATE note SET body = body || ' later' WHERE id < 3");
        room.b.sql("DELETE FROM note WHERE id = 105");
        room.settle(page_size);
        assert_eq!(room.sequencer.count("note"), 19);
        room.b.sql("UPDATE note SET body = 'b was here' WHERE id = 1");
        room.settle(page_size);
        assert_eq!(room.a.text("SELECT body FROM note WHERE id = 1"), "b was here");
    }
}

#[test]
fn what_is_still_pending_is_undone_and_run_again_above_what_came_first() {
    let mut room = Room::new();
    room.a.sql("INSERT INTO item (id, name, qty) VALUES (x'01', 'soup', 10)");
    room.settle(10);
    // Both add to the same row while apart; a is placed first, b runs again above it.
    room.a.sql("UPDATE item SET name = name || ' a'");
    room.b.sql("UPDATE item SET name = name || ' b'");
    assert_eq!(room.b.text("SELECT name FROM item"), "soup b");
    exchange(&room.a, &room.sequencer, &mut room.cursors[0], 10);
    let page = room.sequencer.db.placed_after(room.cursors[1], 10).unwrap();
    room.cursors[1] = page.next;
    room.b.db.rebase(page).unwrap();
    assert_eq!(room.b.text("SELECT name FROM item"), "soup a b", "pending, but in its place");
    let causes = room.b.text("SELECT group_concat(cause, ' ') FROM (SELECT cause FROM journal ORDER BY entry)");
    assert_eq!(causes, "4 2 0 1 2 3", "migration, apply; run, undo, apply, re-run");
    room.settle(10);
    assert_eq!(room.a.text("SELECT name FROM item"), "soup a b");
}

#[test]
fn a_first_answer_is_kept_and_a_changed_outcome_lands_in_the_inbox() {
    let mut room = Room::new();
    room.a.sql("INSERT INTO item (id, name, qty) VALUES (x'01', 'last one', 1)");
    room.settle(10);
    room.a.run(command("lowest", "UPDATE item SET qty = qty - 1")).unwrap();
    let second = command("lowest", "UPDATE item SET qty = 5; UPDATE item SET qty = qty - 1 WHERE name = 'x'");
    let answer = room.b.run(second.clone()).unwrap();
    assert_eq!(&answer.body[..], b"5");
    let third = command("lowest", "UPDATE item SET qty = qty - 5 WHERE qty > 4");
    room.a.run(third).unwrap();
    room.settle(10);
    let again = room.b.run(second).unwrap();
    assert!(again.replayed);
    assert_eq!(&again.body[..], b"5", "what b's person was told stays what was said");
    // a said 0 left twice, the sequencer placed b's in between or after: only changed answers are shown.
    let inboxes = room.a.count("inbox") + room.b.count("inbox");
    let changed: i64 = [&room.a, &room.b]
        .iter()
        .map(|shop| {
            shop.db
                .read(|conn| {
                    conn.query_row(
                        "SELECT count(*) FROM inbox JOIN ledger USING (seq) WHERE inbox.answer <> ledger.answer",
                        [],
                        |row| row.get::<_, i64>(0),
                    )
                })
                .unwrap()
        })
        .sum();
    assert_eq!(inboxes, changed);
}

#[test]
fn an_intent_the_sequencer_refuses_is_consumed_and_shown() {
    let mut room = Room::new();
    room.a.sql("INSERT INTO item (id, name, qty) VALUES (x'01', 'two left', 2)");
    room.settle(10);
    // Each is fine alone; together they break the floor, and the second one placed is set aside.
    room.a.run(sql("UPDATE item SET qty = qty - 2")).unwrap();
    room.b.run(sql("UPDATE item SET qty = qty - 2")).unwrap();
    room.b.sql("INSERT INTO note VALUES (1, 'behind the refused one')");
    room.settle(10);
    assert_eq!(room.b.text("SELECT kind FROM inbox"), "refused");
    assert_eq!(room.a.count("inbox"), 0);
    assert_eq!(room.a.count("note"), 1, "it blocks nobody");
    assert_eq!(room.sequencer.text("SELECT CAST(qty AS TEXT) FROM item"), "0");
}

#[test]
fn a_known_number_is_answered_again_and_a_gap_is_refused() {
    let room = Room::new();
    room.a.sql("INSERT INTO note VALUES (1, 'a')");
    room.a.sql("INSERT INTO note VALUES (2, 'b')");
    let batch = room.a.db.pending(10).unwrap();
    let gap = room.sequencer.db.place(batch[1..].to_vec());
    assert!(matches!(gap, Err(SyncError::Gap { expected: 1, got: 2 })), "{gap:?}");
    let first = room.sequencer.db.place(batch.clone()).unwrap();
    assert_eq!(room.sequencer.db.place(batch).unwrap(), first);
    assert_eq!((room.sequencer.count("note"), first[1].outcome), (2, Outcome::Done));
}

#[test]
fn rows_that_diverged_are_noticed_and_nothing_of_the_page_is_kept() {
    let mut room = Room::new();
    room.a.sql("INSERT INTO note VALUES (1, 'a')");
    room.settle(10);
    room.sequencer.sql("INSERT INTO note VALUES (2, 'b')");
    let mut page = room.sequencer.db.placed_after(room.cursors[0], 10).unwrap();
    page.placed[0].state.as_mut().unwrap()[0] ^= 1;
    let before = (room.a.db.entry().unwrap(), room.a.count("note"));
    assert!(matches!(room.a.db.rebase(page), Err(SyncError::Diverged { .. })));
    assert_eq!((room.a.db.entry().unwrap(), room.a.count("note")), before);
    room.settle(10);
}

#[test]
fn a_migration_in_mid_history_with_pending_commands_ends_in_the_same_state() {
    let mut room = Room::new();
    room.a.sql("INSERT INTO note VALUES (1, 'before')");
    room.settle(10);
    room.b.sql("INSERT INTO note VALUES (2, 'pending over the migration')");
    room.b.sql("INSERT INTO item (id, name, qty) VALUES (x'01', 'pending too', 1)");
    let device = || Options { sequencer: false, ..Options::default() };
    let Room { sequencer, a, b, cursors } = room;
    let mut room = Room {
        sequencer: sequencer.migrate(Options::default()),
        a: a.migrate(device()),
        b: b.migrate(device()),
        cursors,
    };
    room.a.sql("INSERT INTO note VALUES (3, 'after', 'red')");
    let answered = exchange_lenient(&mut room);
    assert!(answered, "all placed");
}

/// b's old-format insert names no columns, so the new table refuses it: it must be consumed, not block.
fn exchange_lenient(room: &mut Room) -> bool {
    room.settle(10);
    room.sequencer.count("item") == 1 && room.b.count("inbox") == 1
}

/// A take-over, written down as a note.
fn taken_over(fork: u64) -> comanda_db::Command {
    sql(&format!("INSERT INTO note VALUES (1000, 'the fork is at {fork}')"))
}

#[test]
fn a_device_that_becomes_the_sequencer_places_what_waited_above_the_fork() {
    let mut room = Room::new();
    room.a.sql("INSERT INTO note VALUES (1, 'everywhere')");
    room.settle(10);
    room.a.sql("INSERT INTO note VALUES (2, 'waits at a')");
    room.a.sql("INSERT INTO item (id, name, qty) VALUES (x'01', 'waits too', 1)");
    room.b.sql("INSERT INTO note VALUES (3, 'of b, which a never saw')");
    exchange(&room.b, &room.sequencer, &mut room.cursors[1], 10);
    let before = room.a.state();
    let fork = room.a.db.position().unwrap();
    room.a.db.promote(2, taken_over(fork)).unwrap();
    assert!(room.a.db.promote(2, taken_over(fork)).is_err(), "an epoch is raised once");
    assert_eq!(room.a.text("SELECT body FROM note WHERE id = 1000"), "the fork is at 1");
    assert_eq!((room.a.count("outbox"), room.a.db.position().unwrap()), (0, 4));
    assert_ne!(room.a.state(), before);
    room.a.assert_clean();
    let above: Vec<_> = room.sequencer.db.above(1).unwrap();
    assert_eq!(above.len(), 1, "what the former sequencer placed above the fork");
    let mut resubmitted = above[0].command.clone();
    resubmitted.device_seq = 1;
    let placed = room.a.db.place(vec![resubmitted.clone()]).unwrap();
    assert_eq!(placed[0].position, 5);
    assert_eq!(room.a.db.place(vec![resubmitted]).unwrap(), placed, "under its id it is placed once");
    assert_eq!(room.a.text("SELECT body FROM note WHERE id = 3"), "of b, which a never saw");
    room.a.assert_clean();
}
