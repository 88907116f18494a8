//! SQL for the one row of settings.

use comanda_db::Tx;
use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Connection, Row};

use super::model::{DiscountCaps, KitchenTimes, ReceiptText, ServiceCharges, Settings};
use crate::fiscal::model::{Accounts, Series};
use crate::kernel::money::Currency;

pub fn settings(conn: &Connection) -> rusqlite::Result<Settings> {
    conn.prepare_cached(
        "SELECT id, name, currency, time_zone, locale, day_cutoff_minute, tax_mode, tax_rounding, rounding,
                cash_rounding_minor, default_tax_rate_bp, service_dine_in_bp, service_takeaway_bp, service_delivery_bp,
                service_tax_bp, cap_cashier_bp, cap_waiter_bp, lock_after_minutes, kitchen_amber_minutes,
                kitchen_red_minutes, invoice_prefix, credit_prefix, invoice_yearly, accounts, receipt FROM restaurant",
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
        service_charges: ServiceCharges {
            dine_in_bp: row.get::<_, Option<i64>>(11)?.unwrap_or_default(),
            takeaway_bp: row.get::<_, Option<i64>>(12)?.unwrap_or_default(),
            delivery_bp: row.get::<_, Option<i64>>(13)?.unwrap_or_default(),
            tax_rate_bp: row.get(14)?,
        },
        discount_caps: DiscountCaps {
            cashier_bp: row.get::<_, Option<i64>>(15)?.unwrap_or(DiscountCaps::default().cashier_bp),
            waiter_bp: row.get::<_, Option<i64>>(16)?.unwrap_or(DiscountCaps::default().waiter_bp),
        },
        lock_after_minutes: row.get(17)?,
        kitchen_times: KitchenTimes {
            amber_minutes: row.get::<_, Option<i64>>(18)?.unwrap_or(KitchenTimes::default().amber_minutes),
            red_minutes: row.get::<_, Option<i64>>(19)?.unwrap_or(KitchenTimes::default().red_minutes),
        },
        series: Series {
            invoices: row.get::<_, Option<String>>(20)?.unwrap_or(Series::default().invoices),
            credit_notes: row.get::<_, Option<String>>(21)?.unwrap_or(Series::default().credit_notes),
            yearly: row.get::<_, Option<bool>>(22)?.unwrap_or(true),
        },
        accounts: match row.get_ref(23)?.as_str_or_null()? {
            Some(text) => serde_json::from_str(text).map_err(|_| unreadable(23))?,
            None => Accounts::new(),
        },
        receipt: match row.get_ref(24)?.as_str_or_null()? {
            Some(text) => serde_json::from_str(text).map_err(|_| unreadable(24))?,
            None => ReceiptText::default(),
        },
    })
}

fn unreadable(column: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(FromSqlError::InvalidType))
}

fn unwritable(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
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
    let (charges, caps) = (&settings.service_charges, &settings.discount_caps);
    let some = |value: i64, usual: i64| (value != usual).then_some(value);
    let (usual, other) = (Series::default(), |value: &str, usual: &str| (value != usual).then(|| value.to_owned()));
    let accounts = (!settings.accounts.is_empty()).then(|| serde_json::to_string(&settings.accounts));
    let accounts = accounts.transpose().map_err(unwritable)?;
    let receipt = (settings.receipt != ReceiptText::default()).then(|| serde_json::to_string(&settings.receipt));
    let receipt = receipt.transpose().map_err(unwritable)?;
    tx.execute(
        "UPDATE restaurant SET name = ?2, locale = ?3, day_cutoff_minute = ?4, cash_rounding_minor = ?5,
                               service_dine_in_bp = ?6, service_takeaway_bp = ?7, service_delivery_bp = ?8,
                               service_tax_bp = ?9, cap_cashier_bp = ?10, cap_waiter_bp = ?11, lock_after_minutes = ?12,
                               kitchen_amber_minutes = ?13, kitchen_red_minutes = ?14,
                               invoice_prefix = ?15, credit_prefix = ?16, invoice_yearly = ?17, accounts = ?18, receipt = ?19
         WHERE id = ?1",
        rusqlite::params![
            settings.id,
            settings.name,
            settings.locale,
            settings.day_cutoff_minute,
            settings.cash_rounding_minor,
            some(charges.dine_in_bp, 0),
            some(charges.takeaway_bp, 0),
            some(charges.delivery_bp, 0),
            charges.tax_rate_bp,
            some(caps.cashier_bp, DiscountCaps::default().cashier_bp),
            some(caps.waiter_bp, DiscountCaps::default().waiter_bp),
            settings.lock_after_minutes,
            some(settings.kitchen_times.amber_minutes, KitchenTimes::default().amber_minutes),
            some(settings.kitchen_times.red_minutes, KitchenTimes::default().red_minutes),
            other(&settings.series.invoices, &usual.invoices),
            other(&settings.series.credit_notes, &usual.credit_notes),
            (!settings.series.yearly).then_some(0),
            accounts,
            receipt
        ],
    )
    .map(drop)
}
