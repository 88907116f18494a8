//! Reads a file of sales: rows into orders, and what cannot be read into a list with line and reason.

use std::collections::HashMap;
use std::io::Read;

use chrono::{NaiveDateTime, NaiveTime};

use super::columns::{Mapping, Places, place};
use super::values::{Bad, DateOrder, DirtyKind, DirtyParams, date, price, quantity, rate, time};
use crate::error::{Code, Refusal};
use crate::kernel::text;
use crate::restaurant::model::Settings;

/// Largest file, unpacked.
pub const BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Most rows of one file.
pub const ROWS_MAX: u64 = 2_000_000;
/// Most columns.
pub const COLUMNS_MAX: usize = 200;
/// Longest value that is used, in characters.
pub const VALUE_MAX: usize = 120;
/// Most rows of one order.
pub const ORDER_ROWS_MAX: usize = 500;
/// Dirty rows that are listed; all are counted.
pub const DIRTY_LISTED_MAX: usize = 200;
/// Rows shown as they stand.
pub const SAMPLE_ROWS: usize = 10;
/// Of a dirty row this much is shown, in characters.
const RAW_MAX: usize = 300;

/// What the restaurant adds to what the file says.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    pub exponent: u8,
    pub default_rate_bp: i64,
}

impl Rules {
    pub fn of(settings: &Settings) -> Self {
        Self { exponent: settings.currency.exponent, default_rate_bp: settings.default_tax_rate_bp }
    }
}

/// A row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DirtyRow {
    /// Line of the file it begins on; the header is line 1.
    pub line: u64,
    pub kind: DirtyKind,
    pub params: DirtyParams,
    /// In plain words, in English.
    pub reason: String,
    /// The row as it stands, cut to 300 characters.
    pub raw: String,
}

/// A thing sold, as the file names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Thing {
    pub name: String,
    pub category: Option<String>,
    pub price: i64,
    pub rate_bp: i64,
}

/// One order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastOrder {
    pub source_id: String,
    /// Wall clock of the restaurant; of its first row.
    pub at: NaiveDateTime,
    /// Place in `things`, and thousandths.
    pub lines: Vec<(usize, i64)>,
}

#[derive(Debug, Default)]
pub struct Reading {
    pub columns: Vec<String>,
    pub mapping: Mapping,
    pub rows: u64,
    pub sample: Vec<Vec<String>>,
    pub dirty: Vec<DirtyRow>,
    pub dirty_count: u64,
    pub things: Vec<Thing>,
    /// In the order of time.
    pub orders: Vec<PastOrder>,
    pub fingerprint: String,
}

impl Reading {
    pub fn lines(&self) -> usize {
        self.orders.iter().map(|order| order.lines.len()).sum()
    }
}

/// Plain text of a file that may be packed with gzip.
pub fn unpack(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let too_large =
        || Refusal::new(Code::TooLarge, format!("A file has at most {} MB when unpacked.", BYTES_MAX / 1024 / 1024));
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return if bytes.len() as u64 > BYTES_MAX { Err(too_large()) } else { Ok(bytes.to_vec()) };
    }
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes)
        .take(BYTES_MAX + 1)
        .read_to_end(&mut plain)
        .map_err(|_| Refusal::new(Code::InvalidInput, "This is not a whole gzip file."))?;
    if plain.len() as u64 > BYTES_MAX { Err(too_large()) } else { Ok(plain) }
}

/// Reads the whole file. `progress` hears of the bytes read so far.
pub fn read(plain: &[u8], wanted: &Mapping, rules: Rules, mut progress: impl FnMut(u64)) -> Result<Reading, Refusal> {
    let plain = plain.strip_prefix(b"\xef\xbb\xbf").unwrap_or(plain);
    let delimiter = delimiter(plain);
    let columns = header(plain, delimiter)?;
    let (places, mapping) = place(&columns, wanted)?;
    let rows = Rows { places: &places, rules, order: date_order(plain, delimiter, places.date), width: columns.len() };
    let fingerprint = fingerprint(plain, &mapping);
    let mut reading = Reading { columns, mapping, fingerprint, ..Reading::default() };
    let mut index = Index::default();
    let mut reader = reader(plain, delimiter);
    let mut record = csv::ByteRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(Refusal::new(Code::InvalidInput, format!("The file cannot be read: {error}."))),
        }
        let line = record.position().map_or(line, csv::Position::line);
        reading.rows += 1;
        if reading.rows > ROWS_MAX {
            return Err(Refusal::new(Code::TooLarge, format!("A file has at most {ROWS_MAX} rows.")));
        }
        if reading.rows.is_multiple_of(4096) {
            progress(reader.position().byte());
        }
        if reading.sample.len() < SAMPLE_ROWS {
            reading.sample.push(record.iter().map(|value| String::from_utf8_lossy(value).into_owned()).collect());
        }
        let taken = rows.read(&record).and_then(|row| index.add(&mut reading, row));
        if let Err(Bad(kind, reason, params)) = taken {
            reading.dirty_count += 1;
            if reading.dirty.len() < DIRTY_LISTED_MAX {
                reading.dirty.push(DirtyRow { line, kind, params, reason, raw: raw(&record, delimiter) });
            }
        }
    }
    progress(plain.len() as u64);
    reading.orders.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.source_id.cmp(&b.source_id)));
    Ok(reading)
}

fn reader(plain: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(true).from_reader(plain)
}

/// The sign that parts the columns of the header.
pub fn delimiter(plain: &[u8]) -> u8 {
    let header = plain.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |sign: u8| header.iter().filter(|byte| **byte == sign).count();
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

fn header(plain: &[u8], delimiter: u8) -> Result<Vec<String>, Refusal> {
    let mut reader = reader(plain, delimiter);
    let unreadable = |_| Refusal::new(Code::InvalidInput, "The first line has to name the columns, in UTF-8.");
    let columns: Vec<String> =
        reader.headers().map_err(unreadable)?.iter().map(|name| name.trim().to_owned()).collect();
    if columns.iter().all(String::is_empty) {
        return Err(Refusal::new(Code::InvalidInput, "The file is empty."));
    }
    if columns.len() > COLUMNS_MAX {
        return Err(Refusal::new(Code::InvalidInput, format!("A file has at most {COLUMNS_MAX} columns.")));
    }
    Ok(columns)
}

/// Day or month first: the first date that tells decides for the file; day first where none does.
fn date_order(plain: &[u8], delimiter: u8, column: usize) -> DateOrder {
    let mut reader = reader(plain, delimiter);
    let mut record = csv::ByteRecord::new();
    while let Ok(true) = reader.read_byte_record(&mut record) {
        let text = record.get(column).and_then(|value| std::str::from_utf8(value).ok()).unwrap_or_default().trim();
        if text.as_bytes().get(..4).is_some_and(|start| start.iter().all(u8::is_ascii_digit)) {
            break; // the year comes first: there is no question
        }
        if let Some(order) = DateOrder::told_by(text) {
            return order;
        }
    }
    DateOrder::DayFirst
}

fn fingerprint(plain: &[u8], mapping: &Mapping) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(plain.len() as u64).to_le_bytes());
    hasher.update(plain);
    hasher.update(&serde_json::to_vec(mapping).unwrap_or_default());
    hasher.finalize().to_hex()[..32].to_owned()
}

fn raw(record: &csv::ByteRecord, delimiter: u8) -> String {
    let values: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
    values.join(char::from(delimiter).encode_utf8(&mut [0; 4])).chars().take(RAW_MAX).collect()
}

struct Row {
    order_id: String,
    at: NaiveDateTime,
    thing: Thing,
    quantity_milli: i64,
}

struct Rows<'a> {
    places: &'a Places,
    rules: Rules,
    order: DateOrder,
    width: usize,
}

impl Rows<'_> {
    fn read(&self, record: &csv::ByteRecord) -> Result<Row, Bad> {
        let Places { order_id, date: day, time: clock, item, variant, category, price: cost, quantity: many, tax } =
            *self.places;
        if record.len() != self.width {
            let message = format!("{} columns where the header has {}", record.len(), self.width);
            let params = DirtyParams { there: Some(record.len()), allowed: Some(self.width), ..DirtyParams::default() };
            return Err(Bad(DirtyKind::WrongColumnCount, message, params));
        }
        let id = value(record, order_id)?;
        if id.is_empty() {
            return Err(Bad(DirtyKind::MissingId, "the order has no id".into(), DirtyParams::default()));
        }
        let name = text::cleaned(value(record, item)?);
        if name.is_empty() {
            return Err(Bad(DirtyKind::MissingItem, "the item has no name".into(), DirtyParams::default()));
        }
        let (day, rest) = date(value(record, day)?, self.order)?;
        let own = clock.map(|at| value(record, at)).transpose()?.filter(|text| !text.is_empty());
        let clock = match own.or(rest) {
            Some(text) => time(text)?,
            None => NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default(),
        };
        let variant = variant.map(|at| value(record, at)).transpose()?.map(text::cleaned).unwrap_or_default();
        let category = category.map(|at| value(record, at)).transpose()?.map(text::cleaned);
        Ok(Row {
            order_id: id.to_owned(),
            at: day.and_time(clock),
            thing: Thing {
                name: if variant.is_empty() { name } else { format!("{name} {variant}") },
                category: category.filter(|category| !category.is_empty()),
                price: price(value(record, cost)?, self.rules.exponent)?,
                rate_bp: match tax.map(|at| value(record, at)).transpose()?.filter(|text| !text.is_empty()) {
                    Some(text) => rate(text)?,
                    None => self.rules.default_rate_bp,
                },
            },
            quantity_milli: match many.map(|at| value(record, at)).transpose()?.filter(|text| !text.is_empty()) {
                Some(text) => quantity(text)?,
                None => 1000,
            },
        })
    }
}

fn value(record: &csv::ByteRecord, at: usize) -> Result<&str, Bad> {
    let bytes = record.get(at).unwrap_or_default();
    let column = || DirtyParams { column: Some(at + 1), ..DirtyParams::default() };
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Bad(DirtyKind::NotUtf8, format!("column {} is not UTF-8", at + 1), column()))?
        .trim();
    if text.chars().count() > VALUE_MAX {
        let message = format!("column {} is longer than {VALUE_MAX} characters", at + 1);
        return Err(Bad(DirtyKind::TooLong, message, DirtyParams { allowed: Some(VALUE_MAX), ..column() }));
    }
    Ok(text)
}

/// Which order and which thing a row belongs to.
#[derive(Default)]
struct Index {
    things: HashMap<Thing, usize>,
    orders: HashMap<(String, chrono::NaiveDate), usize>,
}

impl Index {
    fn add(&mut self, reading: &mut Reading, row: Row) -> Result<(), Bad> {
        let key = (row.order_id, row.at.date());
        let at = match self.orders.get(&key) {
            Some(&at) => at,
            None => {
                let at = reading.orders.len();
                reading.orders.push(PastOrder { source_id: key.0.clone(), at: row.at, lines: Vec::new() });
                self.orders.insert(key, at);
                at
            }
        };
        let order = &mut reading.orders[at];
        if order.lines.len() >= ORDER_ROWS_MAX {
            let message = format!("order {} has more than {ORDER_ROWS_MAX} rows", order.source_id);
            let params = DirtyParams {
                value: Some(order.source_id.clone()),
                allowed: Some(ORDER_ROWS_MAX),
                ..DirtyParams::default()
            };
            return Err(Bad(DirtyKind::TooMany, message, params));
        }
        let thing = match self.things.get(&row.thing) {
            Some(&thing) => thing,
            None => {
                reading.things.push(row.thing.clone());
                self.things.insert(row.thing, reading.things.len() - 1);
                reading.things.len() - 1
            }
        };
        order.lines.push((thing, row.quantity_milli));
        order.at = order.at.min(row.at);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
