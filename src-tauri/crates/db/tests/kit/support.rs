//! A small shop whose commands are SQL: everything the kit may meet can be written down in a test.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};

use comanda_db::{
    Answer, Class, Command, Database, Migration, OpenError, Options, Rules, Schema, Stop, Table, Tx, WriteError,
};
use tempfile::TempDir;
use uuid::Uuid;

const V1: Migration = Migration {
    name: "0001_shop",
    sql: "CREATE TABLE item (id BLOB PRIMARY KEY, name TEXT NOT NULL, qty INTEGER NOT NULL CHECK (qty >= 0), price REAL, tag BLOB) WITHOUT ROWID;
          CREATE TABLE part (item BLOB NOT NULL REFERENCES item (id), id INTEGER NOT NULL, note TEXT, PRIMARY KEY (item, id)) WITHOUT ROWID;
          CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
          CREATE TABLE cursor (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
          CREATE TABLE secret (id INTEGER PRIMARY KEY, value BLOB NOT NULL);",
};
/// Rebuilds a synced table, and adds a column.
const V2: Migration = Migration {
    name: "0002_colour",
    sql: "CREATE TABLE note_new (id INTEGER PRIMARY KEY, body TEXT NOT NULL, colour TEXT);
          INSERT INTO note_new (id, body, colour) SELECT id, upper(body), 'plain' FROM note;
          DROP TABLE note;
          ALTER TABLE note_new RENAME TO note;
          ALTER TABLE item ADD COLUMN shelf TEXT;",
};
const TABLES: &[Table] = &[
    Table { name: "item", class: Class::Synced },
    Table { name: "part", class: Class::Synced },
    Table { name: "note", class: Class::Synced },
    Table { name: "cursor", class: Class::Local },
    Table { name: "secret", class: Class::Secret },
];
pub const SHOP: Schema = Schema { tables: TABLES, migrations: &[V1] };
pub const SHOP_V2: Schema = Schema { tables: TABLES, migrations: &[V1, V2] };

/// Holds the writer inside a command until the test has filled the queue behind it.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn wait(&self) {
        let mut open = self.0.0.lock().unwrap();
        while !*open {
            open = self.0.1.wait(open).unwrap();
        }
    }
}

/// Commands: `sql` runs its arguments, statement by statement; `lenient` goes on after one that fails;
/// `checked` runs but its check refuses when a row named so exists; the rest is in `run`.
#[derive(Clone, Default)]
pub struct ShopRules {
    pub gate: Gate,
}

impl Rules for ShopRules {
    fn accept(&self, tx: &Tx<'_>, command: &Command) -> Result<Vec<u8>, Stop> {
        if command.name == "once" {
            let there: bool = tx.conn().query_row("SELECT EXISTS (SELECT 1 FROM note)", [], |row| row.get(0))?;
            if there {
                return Err(Stop::Refused(b"\"there is one already\"".to_vec()));
            }
        }
        self.run(tx, command)
    }

    fn run(&self, tx: &Tx<'_>, command: &Command) -> Result<Vec<u8>, Stop> {
        let text = std::str::from_utf8(&command.args).map_err(|e| Stop::Broken(e.to_string()))?;
        match &*command.name {
            "full" => tx.conn().pragma_update(None, "max_page_count", 1)?,
            "roomy" => tx.conn().pragma_update(None, "max_page_count", 1_000_000)?,
            "deferred" => tx.conn().pragma_update(None, "defer_foreign_keys", true)?,
            _ => {}
        }
        if text.starts_with("SELECT") {
            // Arguments that only fill the record.
            return Ok(b"\"done\"".to_vec());
        }
        for statement in text.split(';').map(str::trim).filter(|s| !s.is_empty()) {
            let done = tx.execute(statement, []);
            if command.name != "lenient" {
                done?;
            }
        }
        match &*command.name {
            "gate" => self.gate.wait(),
            "panic" => panic!("on purpose"),
            "refuse" => return Err(Stop::Refused(b"\"no\"".to_vec())),
            "lowest" => {
                // An intent with a floor: the answer depends on what is there when it runs.
                let left: i64 = tx.conn().query_row("SELECT coalesce(min(qty), 0) FROM item", [], |row| row.get(0))?;
                return Ok(left.to_string().into_bytes());
            }
            "secret" => {
                tx.execute("INSERT INTO secret (value) VALUES (?1)", [command.secret.as_deref()])?;
            }
            _ => {}
        }
        Ok(b"\"done\"".to_vec())
    }
}

pub fn command(name: &'static str, args: &str) -> Command {
    Command {
        id: Uuid::now_v7(),
        actor: Uuid::from_u128(7),
        name: name.into(),
        version: 1,
        at_ms: 1_000,
        request: [1; 8],
        args: args.into(),
        secret: None,
    }
}

pub fn sql(args: &str) -> Command {
    command("sql", args)
}

pub struct Shop {
    pub db: Database,
    pub gate: Gate,
    folder: TempDir,
}

impl Shop {
    pub fn new() -> Self {
        Self::with(SHOP, Options::default()).unwrap()
    }

    pub fn device() -> Self {
        Self::with(SHOP, Options { sequencer: false, ..Options::default() }).unwrap()
    }

    pub fn with(schema: Schema, options: Options) -> Result<Self, OpenError> {
        let folder = tempfile::tempdir().unwrap();
        let rules = ShopRules::default();
        let gate = rules.gate.clone();
        let db = Database::open(&folder.path().join("shop.db"), schema, rules, options)?;
        Ok(Self { db, gate, folder })
    }

    /// Closes the file and opens it with a newer schema.
    pub fn migrate(self, options: Options) -> Self {
        self.db.close();
        let rules = ShopRules::default();
        let gate = rules.gate.clone();
        let db = Database::open(&self.path(), SHOP_V2, rules, options).unwrap();
        Self { db, gate, folder: self.folder }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("shop.db")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn run(&self, command: Command) -> Result<Answer, WriteError> {
        self.db.execute_blocking(command)
    }

    pub fn sql(&self, args: &str) -> Answer {
        self.run(sql(args)).unwrap()
    }

    pub fn count(&self, table: &str) -> i64 {
        self.db.read(|conn| conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))).unwrap()
    }

    pub fn text(&self, query: &str) -> String {
        self.db.read(|conn| conn.query_row(query, [], |row| row.get(0))).unwrap()
    }

    pub fn assert_clean(&self) {
        let report = self.db.check().unwrap();
        assert!(report.is_clean(), "{:#?}", report.findings);
    }

    /// The state after the last entry.
    pub fn state(&self) -> Vec<u8> {
        self.db
            .read(|conn| conn.query_row("SELECT state FROM journal ORDER BY entry DESC LIMIT 1", [], |row| row.get(0)))
            .unwrap()
    }
}
