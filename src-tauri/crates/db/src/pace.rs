//! Long work that gives way: somebody else's thread runs it, and says what it does again and again on its way.

use std::cell::RefCell;
use std::ffi::c_int;

use rusqlite::Connection;

/// Steps of SQLite's machine between two looks; a read of one row by its key has some ten.
const STEPS: c_int = 1_000;

type Pause = Box<dyn FnMut()>;

thread_local! {
    static PAUSE: RefCell<Option<Pause>> = const { RefCell::new(None) };
}

/// Runs `work` on this thread, and `pause` again and again on its way; `pause` says how long it takes.
pub fn giving_way<T>(pause: impl FnMut() + 'static, work: impl FnOnce() -> T) -> T {
    PAUSE.set(Some(Box::new(pause)));
    let done = work();
    PAUSE.take();
    done
}

/// For long work, wherever it may wait a moment. Costs next to nothing where nobody asked for it.
pub fn give_way() {
    PAUSE.with_borrow_mut(|pause| {
        if let Some(pause) = pause {
            pause();
        }
    });
}

/// What this connection reads gives way.
pub(crate) fn listen(conn: &mut Connection) -> rusqlite::Result<()> {
    conn.progress_handler(
        STEPS,
        Some(|| {
            give_way();
            false
        }),
    )
}
