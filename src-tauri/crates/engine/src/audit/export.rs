//! The audit as CSV, one row a changed row, and one for a command that changed nothing.

use std::io::Write;

use comanda_db::trail::{self, Filter};

use super::view::{self, AuditEntry};
use crate::app::Restaurant;
use crate::error::ApiError;
use crate::exports::fields::plain;
use crate::kernel::time;
use crate::restaurant::model::Settings;

/// Commands in one file, at most.
const COMMANDS_MAX: usize = 100_000;
/// Commands read on one snapshot.
const STEP: usize = 200;
const COLUMNS: [&str; 13] =
    ["entry", "date", "time", "who", "action", "kind", "outcome", "about", "table", "change", "key", "before", "after"];

pub fn write(restaurant: &Restaurant, filter: &Filter, out: impl Write) -> Result<(), ApiError> {
    let settings = restaurant.settings()?;
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS).map_err(ApiError::internal)?;
    let (mut below, mut written) = (None, 0);
    while written < COMMANDS_MAX {
        let (entries, next) = restaurant.read::<_, ApiError>(|conn| {
            let found = trail::find(conn, filter, below, STEP, u64::MAX)?;
            Ok((view::entries(conn, found.rows)?, found.below))
        })?;
        written += entries.len();
        for entry in &entries {
            write_entry(&mut csv, &settings, entry)?;
        }
        csv.flush().map_err(ApiError::internal)?;
        below = next;
        if below.is_none() {
            break;
        }
    }
    Ok(())
}

fn write_entry(csv: &mut csv::Writer<impl Write>, settings: &Settings, entry: &AuditEntry) -> Result<(), ApiError> {
    let at = time::local(entry.at_ms, settings.time_zone);
    let about = entry.about.as_ref().and_then(|about| about.name.as_deref()).map(plain).unwrap_or_default();
    let start = [
        entry.entry.to_string(),
        at.format("%Y-%m-%d").to_string(),
        at.format("%H:%M:%S").to_string(),
        plain(&entry.actor_name),
        entry.action.clone(),
        entry.kind.to_owned(),
        entry.outcome.to_owned(),
        about,
    ];
    let json = |value: &serde_json::Value| value.to_string();
    let ends = entry.changes.iter().map(|change| {
        let text = [json(&change.key), json(&change.before), json(&change.after)];
        let [key, before, after] = text;
        [change.table.clone(), change.op.to_owned(), key, before, after]
    });
    let none = entry.changes.is_empty().then(|| {
        let refusal = entry.refusal.as_deref().map(plain).unwrap_or_default();
        [String::new(), String::new(), String::new(), String::new(), refusal]
    });
    for end in ends.chain(none) {
        csv.write_record(start.iter().chain(&end)).map_err(ApiError::internal)?;
    }
    Ok(())
}
