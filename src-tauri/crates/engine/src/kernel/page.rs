//! Pages: every list has a limit, and continues after an opaque cursor.
//!
//! A cursor is the sort key of the last row, so a list stays right while rows are added in front.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Refusal;

/// Rows on a page when nobody says.
pub const LIMIT_DEFAULT: u16 = 50;
/// Rows on a page at most.
pub const LIMIT_MAX: u16 = 200;
/// A cursor of ours is far shorter.
const CURSOR_BYTES_MAX: usize = 512;

/// One page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it back as `cursor` to get the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// Which page is asked for; `K` is the sort key of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<K> {
    pub limit: u16,
    pub after: Option<K>,
}

impl<K: DeserializeOwned> Wanted<K> {
    /// Reads the two query parameters.
    pub fn of(limit: Option<u16>, cursor: Option<&str>) -> Result<Self, Refusal> {
        let limit = limit.unwrap_or(LIMIT_DEFAULT);
        if limit == 0 || limit > LIMIT_MAX {
            return Err(out_of_range());
        }
        Ok(Self { limit, after: cursor.map(decode).transpose()? })
    }

    /// What a query fetches: one row more than the page, to know whether there is another page.
    pub fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }
}

/// A limit that is none.
pub fn out_of_range() -> Refusal {
    Refusal::invalid("limit", format!("The limit is a number from 1 to {LIMIT_MAX}."))
}

impl<T> Page<T> {
    /// A page whose rows say themselves where to go on; it may be shorter than its limit.
    pub fn ending<K: Serialize>(items: Vec<T>, next: Option<K>) -> Self {
        Self { items, next_cursor: next.map(|key| encode(&key)) }
    }

    /// Cuts what `Wanted::fetch` brought to a page. `key` gives the sort key of a row.
    pub fn cut<K: Serialize>(mut rows: Vec<T>, limit: u16, key: impl Fn(&T) -> K) -> Self {
        let more = rows.len() > usize::from(limit);
        rows.truncate(usize::from(limit));
        let next_cursor = rows.last().filter(|_| more).map(|row| encode(&key(row)));
        Self { items: rows, next_cursor }
    }
}

/// The opaque text of a sort key.
pub fn encode(key: &impl Serialize) -> String {
    // Sort keys are tuples of ids, numbers and text: there is nothing in them JSON cannot say.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

/// The sort key in a cursor.
pub fn decode<K: DeserializeOwned>(cursor: &str) -> Result<K, Refusal> {
    let unreadable = || Refusal::invalid("cursor", "The cursor is not one this list gave out.");
    if cursor.len() > CURSOR_BYTES_MAX {
        return Err(unreadable());
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| unreadable())?;
    serde_json::from_slice(&bytes).map_err(|_| unreadable())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_without_gap_or_repeat() {
        let all: Vec<u32> = (1..=7).collect();
        let mut seen = vec![];
        let mut cursor = None;
        loop {
            let wanted = Wanted::<u32>::of(Some(3), cursor.as_deref()).unwrap();
            let rows = all.iter().copied().filter(|n| wanted.after.is_none_or(|after| *n > after));
            let page = Page::cut(rows.take(wanted.fetch() as usize).collect(), wanted.limit, |n| *n);
            seen.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, all);
    }

    #[test]
    fn a_limit_of_nothing_or_too_much_and_a_foreign_cursor_are_refused_by_name() {
        let field = |limit, cursor| Wanted::<u32>::of(limit, cursor).unwrap_err().field;
        assert_eq!(field(Some(0), None).as_deref(), Some("limit"));
        assert_eq!(field(Some(201), None).as_deref(), Some("limit"));
        assert_eq!(field(None, Some("!!")).as_deref(), Some("cursor"));
        assert_eq!(field(None, Some("eyJhIjoxfQ")).as_deref(), Some("cursor"));
    }
}
