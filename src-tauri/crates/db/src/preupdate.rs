//! SQLite's pre-update hook: every row of a real table, seen just before it changes. The only place of the
//! program with unsafe code; nothing of C leaves it.
//!
//! The hook is compiled in by `.cargo/config.toml`; a build without it does not link. rusqlite has a wrapper, but
//! only for builds that generate their bindings with libclang.
#![expect(unsafe_code, reason = "a C interface: https://sqlite.org/c3ref/preupdate_count.html")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ffi};

use crate::changes::Op;

/// A row about to change, and what it will be: values in the order of the table's columns.
pub(crate) struct RowChange<'a> {
    pub op: Op,
    /// Empty at an insert.
    pub old: Vec<ValueRef<'a>>,
    /// Empty at a delete.
    pub new: Vec<ValueRef<'a>>,
}

impl<'a> RowChange<'a> {
    /// The row that is there before or after: its key is the same in both.
    pub fn row(&self) -> &[ValueRef<'a>] {
        if self.new.is_empty() { &self.old } else { &self.new }
    }
}

/// Whether rows of a table are wanted at all.
pub(crate) type Wanted = Box<dyn Fn(&[u8]) -> Option<usize>>;
/// Told of each wanted row with its table's number. `Err`: SQLite did not give up its values.
pub(crate) type Told = Box<dyn Fn(usize, Result<RowChange<'_>, rusqlite::Error>)>;

struct Watch {
    wanted: Wanted,
    told: Told,
}

const NAME: &CStr = c"comanda capture";

/// Watches the main database of a connection until it closes, or until it is watched anew.
pub(crate) fn watch(conn: &Connection, wanted: Wanted, told: Told) -> rusqlite::Result<()> {
    let watch = Box::into_raw(Box::new(Watch { wanted, told }));
    // SAFETY: the handle is open for as long as `conn` is borrowed. The connection owns the box from here on and
    // frees it when it closes or gets another one; the hook is set only after that, and never outlives it.
    unsafe {
        let db = conn.handle();
        ffi::sqlite3_preupdate_hook(db, None, std::ptr::null_mut());
        let code = ffi::sqlite3_set_clientdata(db, NAME.as_ptr(), watch.cast(), Some(forget));
        if code != ffi::SQLITE_OK {
            return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        }
        ffi::sqlite3_preupdate_hook(db, Some(changing), watch.cast());
    }
    Ok(())
}

unsafe extern "C" fn forget(watch: *mut c_void) {
    // SAFETY: the pointer came from `Box::into_raw` above, and SQLite calls this once.
    drop(unsafe { Box::from_raw(watch.cast::<Watch>()) });
}

unsafe extern "C" fn changing(
    watch: *mut c_void,
    db: *mut ffi::sqlite3,
    op: c_int,
    database: *const c_char,
    table: *const c_char,
    _old_rowid: i64,
    _new_rowid: i64,
) {
    // SAFETY: SQLite passes the pointer it was given, and names that end with a zero and live for this call.
    let (watch, database, table) =
        unsafe { (&*watch.cast::<Watch>(), CStr::from_ptr(database), CStr::from_ptr(table).to_bytes()) };
    if database != c"main" {
        return;
    }
    // A panic must not pass through C.
    drop(catch_unwind(AssertUnwindSafe(|| {
        let Some(number) = (watch.wanted)(table) else { return };
        // SAFETY: called inside the hook, on its own connection.
        (watch.told)(number, unsafe { row_change(db, op) });
    })));
}

/// # Safety
/// Inside a pre-update hook of `db`; the values live until it returns.
unsafe fn row_change<'a>(db: *mut ffi::sqlite3, op: c_int) -> rusqlite::Result<RowChange<'a>> {
    // SAFETY: as promised by the caller.
    unsafe {
        let width = ffi::sqlite3_preupdate_count(db);
        let row = |get: Get| (0..width).map(|column| value(db, get, column)).collect::<rusqlite::Result<Vec<_>>>();
        Ok(match op {
            ffi::SQLITE_INSERT => RowChange { op: Op::Insert, old: Vec::new(), new: row(ffi::sqlite3_preupdate_new)? },
            ffi::SQLITE_DELETE => RowChange { op: Op::Delete, old: row(ffi::sqlite3_preupdate_old)?, new: Vec::new() },
            _ => RowChange {
                op: Op::Update,
                old: row(ffi::sqlite3_preupdate_old)?,
                new: row(ffi::sqlite3_preupdate_new)?,
            },
        })
    }
}

type Get = unsafe extern "C" fn(*mut ffi::sqlite3, c_int, *mut *mut ffi::sqlite3_value) -> c_int;

/// # Safety
/// As `row_change`.
unsafe fn value<'a>(db: *mut ffi::sqlite3, get: Get, column: c_int) -> rusqlite::Result<ValueRef<'a>> {
    let mut value = std::ptr::null_mut();
    // SAFETY: as promised by the caller. A text's or blob's bytes belong to the value, which lives until the hook
    // returns; they are asked for as a blob because that neither converts nor copies them.
    unsafe {
        let code = get(db, column, &raw mut value);
        if code != ffi::SQLITE_OK || value.is_null() {
            return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        }
        Ok(match ffi::sqlite3_value_type(value) {
            ffi::SQLITE_INTEGER => ValueRef::Integer(ffi::sqlite3_value_int64(value)),
            ffi::SQLITE_FLOAT => ValueRef::Real(ffi::sqlite3_value_double(value)),
            ffi::SQLITE_TEXT => ValueRef::Text(bytes(value)),
            ffi::SQLITE_BLOB => ValueRef::Blob(bytes(value)),
            _ => ValueRef::Null,
        })
    }
}

/// # Safety
/// A text or blob value that lives as long as the slice is used.
unsafe fn bytes<'a>(value: *mut ffi::sqlite3_value) -> &'a [u8] {
    // SAFETY: SQLite says where the bytes are and how many; an empty value has no place.
    unsafe {
        let length = ffi::sqlite3_value_bytes(value);
        let start = ffi::sqlite3_value_blob(value).cast::<u8>();
        if start.is_null() { &[] } else { std::slice::from_raw_parts(start, length.unsigned_abs() as usize) }
    }
}
