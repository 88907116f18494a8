//! Rows of the file, each by itself; what cannot be read goes into a list with line and reason. Pure.

use std::collections::HashMap;

use super::super::model::{ALLERGENS_MAX, COUNT_MAX, Colour, allergens_in_order};
use super::COLUMNS;
use crate::error::{Code, Refusal};
use crate::imports::reading::{DirtyRow, delimiter};
use crate::imports::values::{Bad, DirtyKind, price, rate};
use crate::kernel::money::Minor;
use crate::kernel::text;
use crate::orders::model::Station;

/// Most rows of one file.
pub const ROWS_MAX: usize = 200_000;
/// Dirty rows that are listed; all are counted.
pub const DIRTY_LISTED_MAX: usize = 200;
/// Longest value but for descriptions, in characters.
const VALUE_MAX: usize = 120;
const DESCRIPTION_MAX: usize = 2_000;
/// Of a dirty row this much is shown, in characters.
const RAW_MAX: usize = 300;

#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    Category { name: String, colour: Option<Colour> },
    Group { name: String, min: i64, max: Option<i64> },
    Choice { group: String, name: String, price: Minor, opens: Option<String>, available: Option<bool> },
    Item(Box<ItemRow>),
    Size { category: String, item: String, name: String, price: Minor, available: Option<bool> },
}

/// None: the file says nothing about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ItemRow {
    pub category: String,
    pub name: String,
    pub price: Option<Minor>,
    pub rate_bp: Option<i64>,
    pub station: Option<Station>,
    pub available: Option<bool>,
    pub groups: Option<Vec<String>>,
    pub allergens: Option<Vec<String>>,
    pub description: Option<String>,
    pub image: Option<String>,
    pub stock_tracked: Option<bool>,
}

#[derive(Debug, Default)]
pub struct Reading {
    /// Columns nobody knows; they are passed over.
    pub ignored: Vec<String>,
    pub rows: u64,
    /// With the line each begins on.
    pub good: Vec<(u64, Row)>,
    pub dirty: Vec<DirtyRow>,
    pub dirty_count: u64,
}

impl Reading {
    pub fn dirty(&mut self, line: u64, bad: Bad, raw: String) {
        self.dirty_count += 1;
        if self.dirty.len() < DIRTY_LISTED_MAX {
            self.dirty.push(DirtyRow { line, kind: bad.0, params: bad.2, reason: bad.1, raw });
        }
    }
}

pub fn read(plain: &[u8], exponent: u8) -> Result<Reading, Refusal> {
    let plain = plain.strip_prefix(b"\xef\xbb\xbf").unwrap_or(plain);
    let text = std::str::from_utf8(plain).map_err(|_| Refusal::new(Code::InvalidInput, "The file is not UTF-8."))?;
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter(plain)).flexible(true).from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| Refusal::new(Code::InvalidInput, format!("The file cannot be read: {error}."));
    let header: Vec<String> =
        reader.headers().map_err(unreadable)?.iter().map(|name| name.trim().to_lowercase()).collect();
    let places: HashMap<&str, usize> =
        header.iter().enumerate().rev().map(|(place, name)| (name.as_str(), place)).collect();
    if !places.contains_key("name") {
        let message = format!(
            "The first line names the columns; there has to be one called name. Known: {}.",
            COLUMNS.join(", ")
        );
        return Err(Refusal::invalid("name", message));
    }
    let unknown = |name: &&String| !COLUMNS.contains(&name.as_str());
    let mut reading = Reading { ignored: header.iter().filter(unknown).cloned().collect(), ..Reading::default() };
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        reading.rows += 1;
        if reading.rows > ROWS_MAX as u64 {
            return Err(Refusal::new(Code::TooLarge, format!("A file has at most {ROWS_MAX} rows.")));
        }
        let values = Values { record: &record, places: &places, exponent };
        match values.row(header.len()) {
            Ok(row) => reading.good.push((line, row)),
            Err(bad) => {
                let raw = record.iter().collect::<Vec<_>>().join(",").chars().take(RAW_MAX).collect();
                reading.dirty(line, bad, raw);
            }
        }
    }
    Ok(reading)
}

struct Values<'a> {
    record: &'a csv::StringRecord,
    places: &'a HashMap<&'a str, usize>,
    exponent: u8,
}

fn bad<T>(kind: DirtyKind, message: impl Into<String>) -> Result<T, Bad> {
    Err(Bad::said(kind, message))
}

impl Values<'_> {
    fn row(&self, width: usize) -> Result<Row, Bad> {
        if self.record.len() != width {
            let message = format!("{} columns where the header has {width}", self.record.len());
            return bad(DirtyKind::WrongColumnCount, message);
        }
        let name = self.must("name")?;
        match self.text("kind")?.unwrap_or_default().to_lowercase().as_str() {
            "" | "item" => self.item(name),
            "category" => Ok(Row::Category { name, colour: self.word("colour")? }),
            "group" => {
                let (min, max) = (self.count("min")?.unwrap_or(0), self.count("max")?);
                if max.is_some_and(|max| max < min || max == 0) {
                    return bad(DirtyKind::BadValue, "max is less than min, or none");
                }
                Ok(Row::Group { name, min, max })
            }
            "choice" => Ok(Row::Choice {
                group: self.must("group")?,
                name,
                price: self.change()?,
                opens: self.text("opens")?.filter(|opens| !opens.is_empty()),
                available: self.yes("available")?,
            }),
            "size" => Ok(Row::Size {
                category: self.must("category")?,
                item: self.must("item")?,
                name,
                price: match self.price()? {
                    Some(price) => price,
                    None => return bad(DirtyKind::BadPrice, "a size needs a price"),
                },
                available: self.yes("available")?,
            }),
            other => bad(DirtyKind::BadValue, format!("{other:?} is no kind: category, group, choice, item, size")),
        }
    }

    fn item(&self, name: String) -> Result<Row, Bad> {
        let allergens = self.list("allergens")?;
        if allergens.as_ref().is_some_and(|words| words.len() > ALLERGENS_MAX) {
            return bad(DirtyKind::TooMany, format!("more than {ALLERGENS_MAX} allergens"));
        }
        let image = self.text("image")?;
        let is_hash = |hash: &String| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if image.as_ref().is_some_and(|hash| !hash.is_empty() && !is_hash(hash)) {
            return bad(DirtyKind::BadValue, "the picture is not named by its hash");
        }
        Ok(Row::Item(Box::new(ItemRow {
            category: self.must("category")?,
            name,
            price: self.price()?,
            rate_bp: self.text("tax_rate")?.filter(|text| !text.is_empty()).map(|text| rate(&text)).transpose()?,
            station: self.word("station")?,
            available: self.yes("available")?,
            groups: self.list("groups")?,
            allergens: allergens.map(allergens_in_order),
            description: self.text("description")?,
            image,
            stock_tracked: self.yes("stock_tracked")?,
        })))
    }

    /// None: there is no such column.
    fn text(&self, column: &str) -> Result<Option<String>, Bad> {
        let Some(place) = self.places.get(column) else { return Ok(None) };
        let value = self.record.get(*place).unwrap_or_default().trim();
        // An export puts a quote before what a spreadsheet would run.
        let value = value.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(value);
        let value = text::cleaned(value);
        let most = if column == "description" { DESCRIPTION_MAX } else { VALUE_MAX };
        let several = matches!(column, "groups" | "allergens");
        if !several && value.chars().count() > most {
            return bad(DirtyKind::TooLong, format!("{column} is longer than {most} characters"));
        }
        Ok(Some(value))
    }

    fn must(&self, column: &str) -> Result<String, Bad> {
        match self.text(column)?.filter(|text| !text.is_empty()) {
            Some(text) => Ok(text),
            None => bad(DirtyKind::MissingName, format!("{column} is missing")),
        }
    }

    fn list(&self, column: &str) -> Result<Option<Vec<String>>, Bad> {
        let words = |text: String| text.split(';').map(text::cleaned).filter(|word| !word.is_empty()).collect();
        let words: Option<Vec<String>> = self.text(column)?.map(words);
        if words.iter().flatten().any(|word| word.chars().count() > VALUE_MAX) {
            return bad(DirtyKind::TooLong, format!("a word of {column} is longer than {VALUE_MAX} characters"));
        }
        Ok(words)
    }

    fn price(&self) -> Result<Option<Minor>, Bad> {
        let text = self.text("price")?.filter(|text| !text.is_empty());
        text.map(|text| price(&text, self.exponent).map(Minor)).transpose()
    }

    /// What a choice adds; with a minus it takes off.
    fn change(&self) -> Result<Minor, Bad> {
        let text = self.text("price")?.unwrap_or_default();
        match text.strip_prefix('-') {
            _ if text.is_empty() => Ok(Minor::ZERO),
            Some(off) => Ok(-Minor(price(off, self.exponent)?)),
            None => Ok(Minor(price(&text, self.exponent)?)),
        }
    }

    fn yes(&self, column: &str) -> Result<Option<bool>, Bad> {
        match self.text(column)?.unwrap_or_default().to_lowercase().as_str() {
            "" => Ok(None),
            "yes" | "true" | "1" | "y" | "sí" | "si" => Ok(Some(true)),
            "no" | "false" | "0" | "n" => Ok(Some(false)),
            other => bad(DirtyKind::BadValue, format!("{column} is {other:?}, neither yes nor no")),
        }
    }

    fn count(&self, column: &str) -> Result<Option<i64>, Bad> {
        match self.text(column)?.filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => match text.parse() {
                Ok(count) if (0..=COUNT_MAX).contains(&count) => Ok(Some(count)),
                _ => bad(DirtyKind::BadValue, format!("{column} is {text:?}, not a number from 0 to {COUNT_MAX}")),
            },
        }
    }

    /// One of the words an enum knows.
    fn word<T: std::str::FromStr>(&self, column: &str) -> Result<Option<T>, Bad> {
        match self.text(column)?.filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => match text.to_lowercase().parse() {
                Ok(word) => Ok(Some(word)),
                Err(_) => bad(DirtyKind::BadValue, format!("there is no {column} called {text:?}")),
            },
        }
    }
}
