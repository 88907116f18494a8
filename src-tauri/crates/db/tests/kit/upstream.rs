//! Several copies of one file, and a line in memory that keeps their turns.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::ThreadId;

use comanda_db::rebase::{Pushed, SyncError};
use comanda_db::upstream::{self, Missing, NotTaken, Turn, Upstream};
use comanda_db::{Database, Options, Outcome, WriteError};
use uuid::Uuid;

use crate::support::{SHOP, Shop, ShopRules, command, sql};

/// How a turn is lost on its way.
#[derive(Default, Clone, Copy)]
enum Lost {
    #[default]
    No,
    Going,
    Coming,
    /// The one who carries it breaks.
    Broken,
}

#[derive(Default)]
struct Line {
    turns: Mutex<Vec<Turn>>,
    lost: Mutex<Lost>,
    misfits: AtomicUsize,
    page: usize,
    /// The copy, by its writer's thread, for which the line is held.
    held: Mutex<Option<ThreadId>>,
    let_go: Condvar,
    /// Another copy is faster whenever the line is not held.
    rival: AtomicBool,
}

impl Line {
    /// Waits for whom the line is held. What is returned is that of the one who asks.
    fn turn_comes(&self) -> MutexGuard<'_, Option<ThreadId>> {
        let own = std::thread::current().id();
        let held = self.held.lock().unwrap();
        self.let_go.wait_while(held, |held| held.is_some_and(|held| held != own)).unwrap()
    }
}

impl Upstream for Line {
    fn append(&self, turn: &Turn) -> Result<(), NotTaken> {
        let lost = std::mem::take(&mut *self.lost.lock().unwrap());
        assert!(!matches!(lost, Lost::Broken), "it breaks");
        if matches!(lost, Lost::Going) {
            return Err(NotTaken::Unavailable("lost on the way".into()));
        }
        let held = self.turn_comes().is_some();
        let mut turns = self.turns.lock().unwrap();
        if !held && self.rival.load(Ordering::SeqCst) {
            turns.push(Turn::default());
        }
        if turns.len() as u64 != turn.before {
            return Err(NotTaken::Moved);
        }
        turns.push(Turn {
            placed: turn.placed.clone(),
            heard: turn.heard.clone(),
            apart: turn.apart.clone(),
            ..Turn::default()
        });
        match lost {
            Lost::Coming => Err(NotTaken::Unavailable("lost on the way back".into())),
            _ => Ok(()),
        }
    }

    fn after(&self, turn: u64, position: u64) -> Result<Option<Missing>, String> {
        let turns = self.turns.lock().unwrap();
        if turns.len() as u64 == turn {
            return Ok(None);
        }
        let all = turns.iter().flat_map(|turn| turn.placed.clone()).filter(|placed| placed.position > position);
        let mut placed: Vec<_> = all.collect();
        let more = placed.len() > self.page;
        placed.truncate(self.page);
        let mut missing = Missing { turn: turns.len() as u64, placed, more, ..Missing::default() };
        if !more {
            missing.heard = turns.iter().flat_map(|turn| turn.heard.clone()).collect();
            missing.apart = turns.iter().skip(turn as usize).map(|turn| turn.apart.clone()).collect();
        }
        Ok(Some(missing))
    }

    fn hold(&self) -> Result<(), String> {
        *self.turn_comes() = Some(std::thread::current().id());
        Ok(())
    }

    fn let_go(&self) {
        *self.held.lock().unwrap() = None;
        self.let_go.notify_all();
    }

    fn misfit(&self, _: &str) {
        self.misfits.fetch_add(1, Ordering::SeqCst);
    }
}

fn line() -> Arc<Line> {
    Arc::new(Line { page: 3, ..Line::default() })
}

fn options(line: &Arc<Line>) -> Options {
    Options { upstream: Some((line.clone(), &["secret"])), ..Options::default() }
}

fn copy(line: &Arc<Line>) -> Shop {
    Shop::with(SHOP, options(line)).unwrap()
}

/// All hold the same rows, and what they hold is one line.
fn agree(line: &Arc<Line>, copies: &[&Shop]) {
    for copy in copies {
        copy.db.catch_up().unwrap();
        copy.assert_clean();
        assert_eq!(copy.state(), copies[0].state());
    }
    let turns = line.turns.lock().unwrap();
    let positions: Vec<u64> = turns.iter().flat_map(|turn| &turn.placed).map(|placed| placed.position).collect();
    assert_eq!(positions, (1..=positions.len() as u64).collect::<Vec<_>>());
}

fn pushed(device: Uuid, device_seq: u64, args: &str) -> Pushed {
    Pushed {
        device,
        device_seq,
        id: Uuid::now_v7(),
        actor: Uuid::from_u128(7),
        name: "sql".into(),
        version: 1,
        at_ms: 1_000,
        request: [1; 8],
        args: args.into(),
    }
}

#[test]
fn copies_that_write_at_the_same_time_stand_in_one_line() {
    let line = line();
    let copies = [copy(&line), copy(&line), copy(&line)];
    std::thread::scope(|scope| {
        for (n, copy) in copies.iter().enumerate() {
            scope.spawn(move || {
                for m in 0..30 {
                    copy.sql(&format!("INSERT INTO note VALUES ({}, 'x')", 100 * n + m));
                }
            });
        }
    });
    agree(&line, &[&copies[0], &copies[1], &copies[2]]);
    assert_eq!(copies[0].count("note"), 90);
}

#[test]
fn who_was_late_once_is_not_late_for_ever() {
    let line = line();
    let a = copy(&line);
    line.rival.store(true, Ordering::SeqCst);
    a.sql("INSERT INTO note VALUES (1, 'x')");
    a.sql("INSERT INTO note VALUES (2, 'x')");
    assert_eq!(line.turns.lock().unwrap().len(), 4, "each was beaten once");
    assert!(line.held.lock().unwrap().is_none());
    agree(&line, &[&a]);
}

#[test]
fn a_command_is_answered_again_by_every_copy_and_a_refusal_too() {
    let line = line();
    let (a, b) = (copy(&line), copy(&line));
    let (once, twice) = (command("once", "INSERT INTO note VALUES (1, 'a')"), command("once", "SELECT 1"));
    let first = a.run(once.clone()).unwrap();
    // This copy has not heard of it yet: it finds out when it hands up.
    let again = b.run(once).unwrap();
    assert_eq!((again.replayed, again.body), (true, first.body));
    let refused = b.run(twice.clone()).unwrap();
    assert_eq!((refused.outcome, a.run(twice).unwrap().replayed), (Outcome::Refused, true));
    agree(&line, &[&a, &b]);
}

#[test]
fn what_is_lost_on_the_way_is_not_done_and_what_is_lost_on_the_way_back_is_done_once() {
    let line = line();
    let a = copy(&line);
    for lost in [Lost::Going, Lost::Coming] {
        *line.lost.lock().unwrap() = lost;
        let command = sql("INSERT INTO note (body) VALUES ('x')");
        let (before, error) = (a.count("note"), a.run(command.clone()).unwrap_err());
        assert!(matches!(error, WriteError::Upstream(_)), "{error}");
        assert_eq!(a.count("note"), before, "nothing of it is here before it is known to be there");
        let answer = a.run(command.clone()).unwrap();
        assert_eq!((answer.replayed, a.count("note")), (matches!(lost, Lost::Coming), before + 1));
    }
    agree(&line, &[&a]);
}

#[test]
fn devices_are_heard_by_all_copies() {
    let line = line();
    let (a, b) = (copy(&line), copy(&line));
    let (one, other) = (Uuid::now_v7(), Uuid::now_v7());
    let first = pushed(one, 1, "INSERT INTO note VALUES (1, 'a')");
    let placed = a.db.place(vec![first.clone()]).unwrap();
    assert_eq!(b.db.place(vec![first.clone()]).unwrap(), placed, "answered again where it was never run");
    b.db.place(vec![pushed(one, 2, "INSERT INTO note VALUES (2, 'b')")]).unwrap();
    a.db.place(vec![pushed(one, 3, "INSERT INTO note VALUES (3, 'c')")]).unwrap();
    let gap = a.db.place(vec![pushed(one, 5, "SELECT 1")]).unwrap_err();
    assert!(matches!(gap, SyncError::Gap { expected: 4, got: 5 }), "{gap}");
    // Under another device, which is heard though nothing is placed.
    a.db.place(vec![Pushed { device: other, ..first }]).unwrap();
    b.db.place(vec![pushed(other, 2, "INSERT INTO note VALUES (4, 'd')")]).unwrap();
    agree(&line, &[&a, &b]);
}

#[test]
fn rows_outside_the_records_go_along_apart() {
    let line = line();
    let (a, b) = (copy(&line), copy(&line));
    let mut with_secret = command("secret", "INSERT INTO note VALUES (1, 'a')");
    with_secret.secret = Some(b"4711".to_vec());
    a.run(with_secret).unwrap();
    a.db.local_blocking(|tx| tx.execute("INSERT INTO cursor VALUES ('mine', 1)", [])).unwrap();
    b.db.catch_up().unwrap();
    assert_eq!((b.text("SELECT CAST(value AS TEXT) FROM secret"), b.count("cursor")), ("4711".into(), 0));
    // Both at once, and one is later: it runs again.
    b.db.local_blocking(|tx| tx.execute("UPDATE secret SET value = value || x'31'", [])).unwrap();
    a.db.local_blocking(|tx| tx.execute("UPDATE secret SET value = value || x'32'", [])).unwrap();
    agree(&line, &[&a, &b]);
    assert_eq!(b.text("SELECT CAST(value AS TEXT) FROM secret"), "471112");
}

#[test]
fn a_copy_is_made_of_a_snapshot_and_of_nothing() {
    let line = line();
    let a = copy(&line);
    for n in 0..10 {
        a.sql(&format!("INSERT INTO note VALUES ({n}, 'x')"));
    }
    a.db.local_blocking(|tx| tx.execute("INSERT INTO cursor VALUES ('mine', 1)", [])).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.db");
    a.db.snapshot(&path).unwrap();
    assert_eq!(upstream::bare(&path, &SHOP, &["secret"]).unwrap(), 10);
    a.sql("INSERT INTO note VALUES (10, 'x')");
    let b = Database::open(&path, SHOP, ShopRules::default(), options(&line)).unwrap();
    let c = copy(&line);
    assert_eq!((b.turn().unwrap(), b.catch_up().unwrap(), b.turn().unwrap()), (10, true, 11));
    c.db.catch_up().unwrap();
    let count = |db: &Database, table: &str| -> i64 {
        db.read(|conn| conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))).unwrap()
    };
    assert_eq!((count(&b, "note"), count(&b, "cursor"), c.count("note")), (11, 0, 11));
    agree(&line, &[&a, &c]);
}

#[test]
fn a_copy_that_does_not_fit_takes_nothing_in_and_says_so() {
    // A row that is gone, and a hash that is another: the one is met, the other compared.
    for harm in ["DELETE FROM note", "UPDATE state SET sum = zeroblob(16)"] {
        let line = line();
        let (a, b) = (copy(&line), copy(&line));
        a.sql("INSERT INTO note VALUES (1, 'x')");
        b.db.catch_up().unwrap();
        b.db.close();
        // Somebody else's hand.
        let conn = rusqlite::Connection::open(b.path()).unwrap();
        conn.execute_batch(harm).unwrap();
        drop(conn);
        let b = Database::open(&b.path(), SHOP, ShopRules::default(), options(&line)).unwrap();
        a.sql("UPDATE note SET body = 'y'");
        assert!(matches!(b.catch_up(), Err(WriteError::Upstream(_))), "{harm}");
        assert_eq!((line.misfits.load(Ordering::SeqCst), b.turn().unwrap()), (1, 1));
    }
}

#[test]
fn a_writer_that_breaks_goes_on_from_what_the_file_holds() {
    let line = line();
    let (a, b) = (copy(&line), copy(&line));
    a.sql("INSERT INTO note VALUES (1, 'x')");
    *line.lost.lock().unwrap() = Lost::Broken;
    let broken = a.run(sql("INSERT INTO note VALUES (2, 'y')"));
    assert!(matches!(broken, Err(WriteError::Closed)), "{broken:?}");
    a.sql("INSERT INTO note VALUES (3, 'z')");
    b.db.catch_up().unwrap();
    assert_eq!((a.count("note"), a.db.turn().unwrap()), (2, 2));
    agree(&line, &[&a, &b]);
}
