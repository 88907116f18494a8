//! SQL for the one row of settings.

use comanda_db::Tx;
use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Connection, Row};

use super::model::Settings;
use crate::kernel::money::Currency;

pub fn settings(conn: &Connection) -> rusqlite::Result<Settings> {
    conn.prepare_cached(
        "SELECT id, name, currency, time_zone, locale, day_cutoff_minute, tax_mode, tax_rounding, rounding,
                cash_rounding_minor, default_tax_rate_bp, lock_after_minutes FROM restaurant",
    )?
    .query_row([], settings_row)
}

fn settings_row(row: &Row<'_>) -> rusqlite::Result<Settings> {
    Ok(Settings {
        id: row.get(0)?,
        name: row.get(1)?,
        currency: Currency::of(row.get_ref(2)?.as_str()?).ok_or_else(|| unreadable(2))?,
        time_zone: row.get_ref(3)?.as_str()?.parse().map_err(|_| unreadable(3))?,
        locale: row.get(4)?,
        day_cutoff_minute: row.get(5)?,
        tax_mode: row.get(6)?,
        tax_rounding: row.get(7)?,
        rounding: row.get(8)?,
        cash_rounding_minor: row.get(9)?,
        default_tax_rate_bp: row.get(10)?,
        lock_after_minutes: row.get(11)?,
    })
}

fn unreadable(column: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(FromSqlError::InvalidType))
}

pub fn insert(tx: &Tx<'_>, settings: &Settings) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO restaurant (id, name, currency, time_zone, locale, day_cutoff_minute, tax_mode, tax_rounding,
                                 rounding, cash_rounding_minor, default_tax_rate_bp)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        rusqlite::params![
            settings.id,
            settings.name,
            settings.currency.code,
            settings.time_zone.name(),
            settings.locale,
            settings.day_cutoff_minute,
            settings.tax_mode,
            settings.tax_rounding,
            settings.rounding,
            settings.cash_rounding_minor,
            settings.default_tax_rate_bp
        ],
    )
    .map(drop)
}

/// Writes what can change.
pub fn update(tx: &Tx<'_>, settings: &Settings) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE restaurant SET name = ?2, locale = ?3, day_cutoff_minute = ?4, cash_rounding_minor = ?5,
                lock_after_minutes = ?6 WHERE id = ?1",
        (
            settings.id,
            &settings.name,
            settings.locale,
            settings.day_cutoff_minute,
            settings.cash_rounding_minor,
            settings.lock_after_minutes,
        ),
    )
    .map(drop)
}
