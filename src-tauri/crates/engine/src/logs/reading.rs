//! Lines of the log, found again: backwards from the newest, or onwards from where one stopped.
//!
//! A `Spot` is a place between two lines: the day of a file and a byte in it. A file only grows, so
//! a spot stays right; when its file has been let go, reading goes on with the next one there is.
//! One reading looks through a bounded number of bytes, and says where to go on.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::kernel::words::words;

/// One reading looks through this much at most.
const SCAN_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// What is read from the disk at once.
const BLOCK_BYTES: u64 = 256 * 1024;

/// One of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    Requests,
    Performance,
    Errors,
    Comanda,
}

words!(Stream { Requests = "requests", Performance = "performance", Errors = "errors", Comanda = "comanda" });

impl Stream {
    pub const ALL: &'static [Self] = &[Self::Requests, Self::Performance, Self::Errors, Self::Comanda];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

words!(Level { Trace = "TRACE", Debug = "DEBUG", Info = "INFO", Warn = "WARN", Error = "ERROR" });

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LogLine {
    pub at_ms: i64,
    pub level: Level,
    pub message: String,
    /// What the line says besides, by name.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    pub fields: Map<String, Value>,
}

/// A place between two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot(pub NaiveDate, pub u64);

/// What is looked for; nothing: every line.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// In any case of letters, anywhere in the line.
    pub text: Option<String>,
    /// This one and worse.
    pub level: Option<Level>,
}

impl Wish {
    fn meets(&self, line: &[u8]) -> Option<LogLine> {
        if let Some(text) = &self.text {
            let line = String::from_utf8_lossy(line).to_lowercase();
            if !line.contains(&text.to_lowercase()) {
                return None;
            }
        }
        let line = parse(line)?;
        self.level.is_none_or(|level| line.level >= level).then_some(line)
    }
}

/// Lines, the oldest first.
#[derive(Debug, Default)]
pub struct Slice {
    pub lines: Vec<LogLine>,
    /// Where older ones end; None: there are none.
    pub older: Option<Spot>,
    /// Where newer ones begin.
    pub newer: Option<Spot>,
}

/// The newest lines before a spot (None: of all), at most `limit`.
pub fn before(folder: &Path, stream: Stream, spot: Option<Spot>, wish: &Wish, limit: usize) -> io::Result<Slice> {
    let mut slice = Slice::default();
    let mut left = SCAN_BYTES_MAX;
    let files = files(folder, stream)?;
    for (index, (date, path)) in files.iter().enumerate().rev() {
        if spot.is_some_and(|spot| *date > spot.0) {
            continue;
        }
        let mut file = File::open(path)?;
        let length = whole_lines(&mut file)?;
        let mut end = spot.filter(|spot| spot.0 == *date).map_or(length, |spot| spot.1.min(length));
        slice.newer.get_or_insert(Spot(*date, end));
        while end > 0 {
            let begin = end.saturating_sub(BLOCK_BYTES.min(left.max(1)));
            let block = block(&mut file, begin, end)?;
            // A block may begin within a line; that one is read with the block before.
            let first =
                if begin == 0 { 0 } else { block.iter().position(|b| *b == b'\n').map_or(block.len(), |at| at + 1) };
            let mut at = block.len();
            while at > first {
                let from = block[first..at - 1].iter().rposition(|b| *b == b'\n').map_or(first, |n| first + n + 1);
                slice.lines.extend(wish.meets(&block[from..at]));
                at = from;
                if slice.lines.len() == limit {
                    break;
                }
            }
            left = left.saturating_sub((block.len() - at) as u64);
            // A line longer than a block is skipped, not read for ever.
            end = if at == block.len() { begin } else { begin + at as u64 };
            if slice.lines.len() == limit || left == 0 {
                slice.older = (end > 0 || index > 0).then_some(Spot(*date, end));
                slice.lines.reverse();
                return Ok(slice);
            }
        }
    }
    slice.lines.reverse();
    Ok(slice)
}

/// What was written after a spot, at most `limit` lines.
pub fn after(folder: &Path, stream: Stream, spot: Spot, wish: &Wish, limit: usize) -> io::Result<Slice> {
    let mut slice = Slice { newer: Some(spot), ..Slice::default() };
    let mut left = SCAN_BYTES_MAX;
    for (date, path) in files(folder, stream)? {
        if date < spot.0 {
            continue;
        }
        let mut file = File::open(path)?;
        let length = whole_lines(&mut file)?;
        let mut begin = if date == spot.0 { spot.1.min(length) } else { 0 };
        while begin < length && left > 0 && slice.lines.len() < limit {
            let block = block(&mut file, begin, length.min(begin + BLOCK_BYTES))?;
            let mut at = 0;
            while let Some(end) = block[at..].iter().position(|b| *b == b'\n') {
                slice.lines.extend(wish.meets(&block[at..at + end]));
                at += end + 1;
                if slice.lines.len() == limit {
                    break;
                }
            }
            let read = if at == 0 { block.len() } else { at } as u64;
            (begin, left) = (begin + read, left.saturating_sub(read));
        }
        slice.newer = Some(Spot(date, begin));
        if left == 0 || slice.lines.len() == limit {
            break;
        }
    }
    Ok(slice)
}

/// What all logs take on the disk.
pub fn bytes(folder: &Path) -> io::Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        sum += entry?.metadata()?.len();
    }
    Ok(sum)
}

/// The files of a log by day. No folder: none.
fn files(folder: &Path, stream: Stream) -> io::Result<Vec<(NaiveDate, PathBuf)>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let date = name.strip_prefix(stream.as_str()).and_then(|n| n.strip_prefix('.')?.strip_suffix(".log"));
        if let Some(date) = date.and_then(|date| date.parse().ok()) {
            files.push((date, path));
        }
    }
    files.sort();
    Ok(files)
}

/// Where the last whole line ends.
fn whole_lines(file: &mut File) -> io::Result<u64> {
    let length = file.metadata()?.len();
    let tail = block(file, length.saturating_sub(BLOCK_BYTES), length)?;
    let cut = tail.iter().rposition(|b| *b == b'\n').map_or(tail.len(), |at| tail.len() - at - 1);
    Ok(length - cut as u64)
}

fn block(file: &mut File, begin: u64, end: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(begin))?;
    let mut bytes = Vec::new();
    file.take(end - begin).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A line as `tracing` writes it; None: it is something else.
fn parse(line: &[u8]) -> Option<LogLine> {
    #[derive(Deserialize)]
    struct Written {
        timestamp: DateTime<chrono::Utc>,
        level: Level,
        fields: Map<String, Value>,
    }
    let Written { timestamp, level, mut fields } = serde_json::from_slice(line).ok()?;
    let message = fields.remove("message").and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default();
    Some(LogLine { at_ms: timestamp.timestamp_millis(), level, message, fields })
}

#[cfg(test)]
mod tests;
