//! The write door: what is answered, what is kept, who is told.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use comanda_db::{Options, Outcome, WriteError};
use uuid::Uuid;

use crate::support::{SHOP, SHOP_V2, Shop, command, sql};

#[test]
fn the_same_command_twice_is_done_once_and_answered_the_same() {
    let shop = Shop::new();
    let once = sql("INSERT INTO note VALUES (1, 'a')");
    let first = shop.run(once.clone()).unwrap();
    let again = shop.run(once).unwrap();
    assert!(again.replayed && !first.replayed);
    assert_eq!((first.body, first.entry), (again.body, again.entry));
    assert_eq!(shop.count("note"), 1);
}

#[test]
fn an_id_is_not_answered_to_another_person_nor_for_another_request() {
    let shop = Shop::new();
    let mine = sql("INSERT INTO note VALUES (1, 'a')");
    shop.run(mine.clone()).unwrap();
    let other = comanda_db::Command { actor: Uuid::from_u128(8), ..mine.clone() };
    assert!(matches!(shop.run(other), Err(WriteError::Reused)));
    let changed = comanda_db::Command { request: [2; 8], ..mine };
    assert!(matches!(shop.run(changed), Err(WriteError::Reused)));
}

#[test]
fn a_refusal_is_kept_as_the_answer_and_changes_nothing() {
    let shop = Shop::new();
    let refused = command("refuse", "INSERT INTO note VALUES (1, 'a')");
    let first = shop.run(refused.clone()).unwrap();
    assert_eq!((first.outcome, &first.body[..]), (Outcome::Refused, &b"\"no\""[..]));
    assert!(shop.run(refused).unwrap().replayed);
    assert_eq!(shop.count("note"), 0);
    shop.assert_clean();
}

#[test]
fn a_check_refuses_before_anything_runs() {
    let shop = Shop::new();
    assert_eq!(shop.run(command("once", "INSERT INTO note VALUES (1, 'a')")).unwrap().outcome, Outcome::Done);
    assert_eq!(shop.run(command("once", "INSERT INTO note VALUES (2, 'b')")).unwrap().outcome, Outcome::Refused);
    assert_eq!(shop.count("note"), 1);
}

#[test]
fn a_panic_harms_one_command_and_is_not_an_answer() {
    let shop = Shop::new();
    let broken = command("panic", "INSERT INTO note VALUES (1, 'a')");
    assert!(matches!(shop.run(broken.clone()), Err(WriteError::Broken(_))));
    assert!(matches!(shop.run(broken), Err(WriteError::Broken(_))), "a broken command has no stored answer");
    shop.sql("INSERT INTO note VALUES (2, 'b')");
    assert_eq!(shop.count("note"), 1);
    shop.assert_clean();
}

#[test]
fn a_full_queue_says_so_and_loses_nothing_it_took() {
    let shop = Shop::with(SHOP, Options { queue: 2, ..Options::default() }).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut taken = Vec::new();
        let mut overloaded = 0;
        for number in 0..40 {
            let command = match number {
                0 => command("gate", ""),
                n => sql(&format!("INSERT INTO note VALUES ({n}, 'a')")),
            };
            let mut write = Box::pin(shop.db.execute(command));
            match std::future::poll_fn(|cx| std::task::Poll::Ready(write.as_mut().poll(cx))).await {
                std::task::Poll::Ready(Err(WriteError::Overloaded)) => overloaded += 1,
                std::task::Poll::Ready(other) => panic!("{other:?}"),
                std::task::Poll::Pending => taken.push(write),
            }
        }
        assert!(overloaded > 30, "{overloaded}");
        shop.gate.open();
        let wanted = taken.len() as i64 - 1;
        for write in taken {
            write.await.unwrap();
        }
        assert_eq!(shop.count("note"), wanted);
    });
}

#[test]
fn what_is_made_of_an_answer_ahead_of_the_commit_is_handed_out_after_it_or_never() {
    let shop = Shop::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let seen = Mutex::new(Vec::new());
        let shape = |answer: comanda_db::Answer| seen.lock().unwrap().push((answer.replayed, shop.count("note")));
        let good = sql("INSERT INTO note VALUES (1, 'a')");
        shop.db.execute_shaped(good.clone(), shape).await.unwrap();
        assert_eq!(shop.count("note"), 1, "durable when it is handed out");
        shop.db.execute_shaped(good, shape).await.unwrap();
        let parentless = command("deferred", "INSERT INTO part VALUES (x'99', 1, 'orphan')");
        let failed = shop.db.execute_shaped(parentless, shape).await;
        assert!(matches!(failed, Err(WriteError::Unavailable(_))), "{failed:?}");
        // Told of a success that did not come to be, and its making thrown away.
        assert_eq!(
            seen.lock().unwrap().iter().map(|(replayed, _)| *replayed).collect::<Vec<_>>(),
            [false, true, false]
        );
    });
    shop.assert_clean();
}

#[test]
fn commands_sent_together_are_all_done_or_none() {
    let shop = Shop::new();
    let good = || vec![sql("INSERT INTO note VALUES (1, 'a')"), sql("INSERT INTO note VALUES (2, 'b')")];
    let mut bad = good();
    bad.push(command("refuse", ""));
    let answers = shop.db.execute_together_blocking(bad, None).unwrap();
    assert_eq!(answers.last().map(|a| a.outcome), Some(Outcome::Refused));
    assert_eq!((shop.count("note"), shop.count("ledger")), (0, 0));
    shop.db.execute_together_blocking(good(), None).unwrap();
    assert_eq!((shop.count("note"), shop.count("ledger")), (2, 2));
    shop.assert_clean();
}

#[test]
fn commands_sent_together_that_are_stopped_on_the_way_leave_nothing() {
    let shop = Shop::new();
    let commands = || (1..=3).map(|n| sql(&format!("INSERT INTO note VALUES ({n}, 'a')"))).collect();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (noted, state) = (seen.clone(), shop.state());
    let watch = move |done| {
        noted.lock().unwrap().push(done);
        if done == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let stopped = shop.db.execute_together_blocking(commands(), Some(Box::new(watch)));
    assert!(matches!(stopped, Err(WriteError::Stopped)), "{stopped:?}");
    assert_eq!(*seen.lock().unwrap(), [1, 2]);
    assert_eq!((shop.count("note"), shop.count("ledger"), shop.state()), (0, 0, state));
    shop.db.execute_together_blocking(commands(), None).unwrap();
    assert_eq!(shop.count("note"), 3);
    shop.assert_clean();
}

#[test]
fn a_local_write_may_not_touch_a_synced_table() {
    let shop = Shop::new();
    shop.db.local_blocking(|tx| tx.execute("INSERT INTO cursor VALUES ('a', 1)", [])).unwrap();
    let wrong = shop.db.local_blocking(|tx| tx.execute("INSERT INTO note VALUES (1, 'a')", []));
    assert!(matches!(wrong, Err(WriteError::Broken(_))));
    assert_eq!((shop.count("cursor"), shop.count("note")), (1, 0));
    shop.assert_clean();
}

#[test]
fn a_secret_reaches_the_run_and_neither_record() {
    let shop = Shop::new();
    let secret = comanda_db::Command { secret: Some(b"hunter2-hunter2".to_vec()), ..command("secret", "") };
    shop.run(secret).unwrap();
    assert_eq!(shop.count("secret"), 1);
    shop.db.local_blocking(|tx| tx.execute("DELETE FROM secret", [])).unwrap();
    let copy = shop.folder().join("copy.db");
    shop.db.snapshot(&copy).unwrap();
    let bytes = std::fs::read(copy).unwrap();
    assert!(bytes.windows(12).any(|w| w == b"TABLE secret"), "the copy holds the schema, so a search can find things");
    assert!(!bytes.windows(15).any(|w| w == b"hunter2-hunter2"), "the secret is in ledger or journal");
}

#[test]
fn the_listener_hears_of_each_commit_with_the_tables_it_changed() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ear = heard.clone();
    let on_commit = Box::new(move |commit: &comanda_db::Commit| ear.lock().unwrap().push(commit.tables.clone()));
    let shop = Shop::with(SHOP, Options { on_commit: Some(on_commit), ..Options::default() }).unwrap();
    shop.sql("INSERT INTO note VALUES (1, 'a')");
    shop.run(command("refuse", "INSERT INTO note VALUES (2, 'a')")).unwrap();
    shop.sql("INSERT INTO item (id, name, qty) VALUES (x'01', 'a', 1); DELETE FROM note");
    shop.db.close();
    let heard = heard.lock().unwrap();
    assert_eq!(heard.first(), Some(&vec!["note".to_owned()]));
    assert_eq!(heard.last(), Some(&vec!["item".to_owned(), "note".to_owned()]));
}

#[test]
fn a_closed_file_opens_again_where_it_was() {
    let shop = Shop::new();
    shop.sql("INSERT INTO note VALUES (1, 'a')");
    let (entry, state) = (shop.db.entry().unwrap(), shop.state());
    let shop = shop.migrate(Options::default());
    assert_eq!(shop.db.entry().unwrap(), entry + 1, "the migration is an entry");
    assert_ne!(shop.state(), state);
    shop.sql("INSERT INTO note VALUES (2, 'b', 'red')");
    shop.assert_clean();
}

#[test]
fn a_file_of_a_newer_program_is_left_alone() {
    let shop = Shop::with(SHOP_V2, Options::default()).unwrap();
    shop.db.close();
    let again =
        comanda_db::Database::open(&shop.path(), SHOP, crate::support::ShopRules::default(), Options::default());
    assert!(matches!(again.err(), Some(comanda_db::OpenError::Newer { there: 2, known: 1, .. })));
}

#[test]
fn a_whole_copy_is_kept_before_a_migration_changes_the_file() {
    let shop = Shop::new();
    shop.sql("INSERT INTO note VALUES (1, 'a')");
    let copies = shop.folder().join("copies");
    let again = Options { copies: Some(copies.clone()), ..Options::default() };
    let shop = shop.migrate(again);
    let copy = copies.join("shop-v1.db");
    let open = || comanda_db::Database::open(&copy, SHOP, crate::support::ShopRules::default(), Options::default());
    let kept = open().unwrap();
    let body: String = kept.read(|conn| conn.query_row("SELECT body FROM note", [], |row| row.get(0))).unwrap();
    assert_eq!((body.as_str(), kept.entry().unwrap() + 1), ("a", shop.db.entry().unwrap()), "as it was before");
    assert!(kept.check().unwrap().is_clean());
    // Opening it once more changes nothing, so nothing is copied.
    shop.db.close();
    let now = Options { copies: Some(copies.clone()), ..Options::default() };
    comanda_db::Database::open(&shop.path(), SHOP_V2, crate::support::ShopRules::default(), now).unwrap();
    assert_eq!(std::fs::read_dir(&copies).unwrap().filter(|file| ends_in(file, "db")).count(), 1);
}

fn ends_in(file: &std::io::Result<std::fs::DirEntry>, ending: &str) -> bool {
    file.as_ref().unwrap().path().extension().is_some_and(|is| is == ending)
}

#[test]
fn a_new_file_has_nothing_to_copy() {
    let folder = tempfile::tempdir().unwrap();
    let copies = folder.path().join("copies");
    let options = Options { copies: Some(copies.clone()), ..Options::default() };
    drop(Shop::with(SHOP_V2, options).unwrap());
    assert!(!copies.exists());
}

#[test]
fn a_file_that_cannot_be_copied_first_is_not_migrated() {
    let shop = Shop::new();
    shop.sql("INSERT INTO note VALUES (1, 'a')");
    shop.db.close();
    // Where the copies would go, something else is.
    let copies = shop.folder().join("copies");
    std::fs::write(&copies, "in the way").unwrap();
    let open = |schema| {
        let options = Options { copies: Some(copies.clone()), ..Options::default() };
        comanda_db::Database::open(&shop.path(), schema, crate::support::ShopRules::default(), options)
    };
    let refused = open(SHOP_V2).err();
    assert!(matches!(refused, Some(comanda_db::OpenError::Uncopied { .. })), "{refused:?}");
    // The program it was made by still opens it.
    let old = open(SHOP).unwrap();
    assert_eq!(
        old.read(|conn| conn.query_row("SELECT body FROM note", [], |row| row.get::<_, String>(0))).unwrap(),
        "a"
    );
}
