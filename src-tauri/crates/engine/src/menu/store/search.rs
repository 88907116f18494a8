//! Full-text search over names of items and categories. SQL.
//!
//! Letters of one or two match so much that ranking all of it would take long; so nothing is
//! ranked by SQLite: names that begin as asked come first, then any word, each up to the limit.

use rusqlite::{Connection, Result, params};

use super::super::model::{Hit, Item};
use crate::kernel::ids::ItemId;

/// Words of a search that count.
const WORDS_MAX: usize = 6;

/// Every word as the beginning of one; accents and case do not matter. None: nothing to look for.
fn words(text: &str) -> Option<Vec<String>> {
    let words = text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).take(WORDS_MAX);
    let words: Vec<String> = words.map(|word| format!("\"{word}\"*")).collect();
    (!words.is_empty()).then_some(words)
}

pub fn search(conn: &Connection, text: &str, limit: usize) -> Result<Vec<Hit>> {
    let Some(words) = words(text) else { return Ok(Vec::new()) };
    let all = words.join(" AND ");
    let begins = match words.split_first() {
        Some((first, [])) => format!("first : {first}"),
        Some((first, rest)) => format!("(first : {first}) AND {}", rest.join(" AND ")),
        None => return Ok(Vec::new()),
    };
    let mut found: Vec<(ItemId, String)> = Vec::new();
    for wanted in [begins, all] {
        if found.len() >= limit {
            break;
        }
        let mut statement = conn.prepare_cached(
            "SELECT t.item_id, t.category FROM menu_search s JOIN menu_text t ON t.id = s.rowid
             WHERE s.menu_search MATCH ?1 LIMIT ?2",
        )?;
        let rows = statement.query_map(params![wanted, limit as i64], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for row in rows {
            let (item, category) = row?;
            if found.len() < limit && !found.iter().any(|(known, _)| *known == item) {
                found.push((item, category));
            }
        }
    }
    let mut hits = Vec::with_capacity(found.len());
    for (id, category) in found {
        let item: Option<Item> = super::item(conn, id)?;
        hits.extend(item.map(|item| Hit { item, category }));
    }
    // What can be sold first; else as found.
    hits.sort_by_key(|hit| !hit.item.available);
    Ok(hits)
}
