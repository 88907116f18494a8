//! A released migration is never edited: files out there were made by exactly its statements.

use comanda_db::Migration;
use comanda_engine::tables;

const RELEASED: &str = include_str!("../../src-tauri/crates/engine/src/migrations/released.txt");

/// What is wrong with `migrations`, held against a list of released ones.
fn breaches(list: &str, migrations: &[Migration]) -> Vec<String> {
    let mut found = Vec::new();
    // Each kind of file has its own line of migrations; what was released is the beginning of each.
    let kind = |name: &str| name.rsplit_once('_').map_or(name, |(kind, _)| kind).to_owned();
    let mut released_of = std::collections::BTreeMap::<String, usize>::new();
    for line in list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some((name, hash)) = line.split_once(char::is_whitespace) else {
            found.push(format!("not a name and a hash: {line}"));
            continue;
        };
        let place = released_of.entry(kind(name)).or_default();
        let now = migrations.iter().filter(|m| kind(m.name) == kind(name)).nth(*place);
        *place += 1;
        match now {
            Some(now) if now.name != name => {
                found.push(format!("{name} was released here, and {} stands there", now.name))
            }
            Some(now) if now.fingerprint() != hash.trim() => found.push(format!("{name} was edited after its release")),
            Some(_) => {}
            None => found.push(format!("{name} was released and is gone")),
        }
    }
    found
}

fn ours() -> Vec<Migration> {
    [tables::INSTALLATION.migrations, tables::RESTAURANT.migrations].concat()
}

#[test]
fn released_migrations_stay_unedited_and_in_their_order() {
    let found = breaches(RELEASED, &ours());
    assert!(found.is_empty(), "a released migration is never edited: add a new one\n  {}", found.join("\n  "));
}

#[test]
fn the_rule_notices_an_edit_a_loss_and_another_order() {
    const FIRST: Migration = Migration { name: "shop_0001", sql: "CREATE TABLE a (x)" };
    const SECOND: Migration = Migration { name: "shop_0002", sql: "ALTER TABLE a ADD COLUMN y" };
    const OTHER: Migration = Migration { name: "till_0001", sql: "CREATE TABLE b (x)" };
    let line = |migration: Migration| format!("{}  {}\n", migration.name, migration.fingerprint());
    let list = format!("# as released\n{}{}{}", line(FIRST), line(OTHER), line(SECOND));
    assert_eq!(breaches(&list, &[FIRST, SECOND, OTHER]), [""; 0]);
    assert_eq!(breaches("", &[FIRST]), [""; 0], "nothing is released yet");
    let edited = Migration { sql: "CREATE TABLE a (x, y)", ..FIRST };
    assert_eq!(breaches(&list, &[edited, SECOND, OTHER]), ["shop_0001 was edited after its release"]);
    assert_eq!(breaches(&list, &[FIRST, OTHER]), ["shop_0002 was released and is gone"]);
    let between = Migration { name: "shop_0001b", ..edited };
    assert_eq!(breaches(&list, &[FIRST, SECOND, OTHER, between]), [""; 0], "new ones come after");
    assert_eq!(
        breaches(&list, &[SECOND, FIRST, OTHER]),
        [
            "shop_0001 was released here, and shop_0002 stands there",
            "shop_0002 was released here, and shop_0001 stands there"
        ]
    );
    assert_eq!(breaches("shop_0001", &[FIRST]), ["not a name and a hash: shop_0001"]);
}
