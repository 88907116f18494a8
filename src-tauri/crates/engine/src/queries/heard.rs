//! Statements as they end: the slow ones told, and all of them counted while somebody records.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::logs;

/// A statement that takes longer is written to the log as slow.
const SLOW: Duration = Duration::from_millis(100);
/// Different statements that are counted.
const STATEMENTS_MAX: usize = 1_000;
/// Of a statement's text.
const TEXT_BYTES_MAX: usize = 8_000;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    pub runs: u64,
    pub total: Duration,
    pub slowest: Duration,
}

/// By file, then by text.
type Heard = HashMap<Arc<str>, HashMap<String, Counted>>;

/// What all files are asked.
pub struct Queries {
    began: Instant,
    /// Milliseconds since `began` until which a recording runs. 0: none does.
    until_ms: AtomicU64,
    heard: Mutex<Heard>,
}

impl Default for Queries {
    fn default() -> Self {
        Self { began: Instant::now(), until_ms: AtomicU64::new(0), heard: Mutex::default() }
    }
}

thread_local! {
    static UNHEARD: Cell<bool> = const { Cell::new(false) };
}

/// Does something of which no statement is heard: looking at a recording is not what is recorded.
pub fn unheard<T>(work: impl FnOnce() -> T) -> T {
    UNHEARD.set(true);
    let done = work();
    UNHEARD.set(false);
    done
}

/// Hears one file.
pub struct Listener {
    queries: Arc<Queries>,
    file: Arc<str>,
}

impl Listener {
    /// A statement ended.
    pub fn hear(&self, sql: &dyn Fn() -> String, took: Duration) {
        if UNHEARD.get() {
            return;
        }
        if took >= SLOW {
            let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(target: logs::PERFORMANCE, file = &*self.file, sql = cut(&sql()), took_ms, "slow query");
        }
        if self.queries.until_ms.load(Ordering::Relaxed) != 0 {
            self.queries.count(&self.file, cut(&sql()), took);
        }
    }
}

impl Queries {
    pub fn listener(self: &Arc<Self>, file: &str) -> Listener {
        Listener { queries: self.clone(), file: file.into() }
    }

    /// Counts for so long, from nothing.
    pub fn record(&self, time: Duration) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.until_ms.store(self.now_ms().saturating_add(ms(time)).max(1), Ordering::Relaxed);
    }

    /// What was counted stays.
    pub fn end(&self) {
        self.until_ms.store(0, Ordering::Relaxed);
    }

    /// How long a recording still runs.
    pub fn left(&self) -> Option<Duration> {
        let left = self.until_ms.load(Ordering::Relaxed).saturating_sub(self.now_ms());
        (left > 0).then(|| Duration::from_millis(left))
    }

    /// What a file was asked: what took longest in all is first.
    pub fn of(&self, file: &str) -> Vec<(String, Counted)> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = heard.get(file).into_iter().flatten().map(|(sql, it)| (sql.clone(), *it)).collect();
        all.sort_by(|(a_sql, a), (b_sql, b)| (b.total, b.runs, a_sql).cmp(&(a.total, a.runs, b_sql)));
        all
    }

    fn count(&self, file: &Arc<str>, sql: &str, took: Duration) {
        if self.left().is_none() {
            return self.end();
        }
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let of_file = heard.entry(file.clone()).or_default();
        if !of_file.contains_key(sql) {
            if of_file.len() >= STATEMENTS_MAX {
                return;
            }
            of_file.insert(sql.to_owned(), Counted::default());
        }
        if let Some(counted) = of_file.get_mut(sql) {
            counted.runs += 1;
            counted.total += took;
            counted.slowest = counted.slowest.max(took);
        }
    }

    fn now_ms(&self) -> u64 {
        ms(self.began.elapsed())
    }
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Its beginning, when it is longer than anybody reads.
fn cut(sql: &str) -> &str {
    &sql[..sql.floor_char_boundary(TEXT_BYTES_MAX)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_recording_counts_and_the_next_begins_from_nothing() {
        let queries = Arc::new(Queries::default());
        let listener = queries.listener("one");
        listener.hear(&|| "SELECT 1".to_owned(), Duration::from_millis(9));
        assert!(queries.of("one").is_empty());
        queries.record(Duration::from_secs(60));
        listener.hear(&|| "SELECT 1".to_owned(), Duration::from_millis(2));
        listener.hear(&|| "SELECT 1".to_owned(), Duration::from_millis(5));
        listener.hear(&|| "SELECT 2".to_owned(), Duration::from_millis(8));
        let heard = queries.of("one");
        assert_eq!(heard[0].0, "SELECT 2");
        let twice = Counted { runs: 2, total: Duration::from_millis(7), slowest: Duration::from_millis(5) };
        assert_eq!(heard[1], ("SELECT 1".to_owned(), twice));
        assert!(queries.of("another").is_empty());
        unheard(|| listener.hear(&|| "SELECT 4".to_owned(), Duration::ZERO));
        queries.end();
        listener.hear(&|| "SELECT 3".to_owned(), Duration::ZERO);
        assert_eq!((queries.of("one").len(), queries.left()), (2, None));
        queries.record(Duration::from_secs(60));
        assert!(queries.of("one").is_empty() && queries.left().is_some());
    }
}
