//! A support bundle: what somebody who helps needs to see, in one zip, made when a person asks for it and sent nowhere.
//!
//! In it: versions, how every part is, the settings, the ends of the logs, and which commands ran lately. Invariant:
//! nothing that opens something and nothing about people. Settings that are secret are not shown, logs are written
//! without either, and of the records come names of commands, times and outcomes alone: no person, no device, no value.

pub mod routes;
pub mod store;

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use serde::Serialize;
use serde_json::json;
use zip::CompressionMethod::Deflated;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::app::App;
use crate::health::checkup;
use crate::health::model::overall;
use crate::logs;

/// Of each file of the logs, from its end.
const LOG_BYTES_MAX: u64 = 1024 * 1024;
/// Files of the logs, the newest: two days of four.
const LOG_FILES_MAX: usize = 8;
/// Commands of each restaurant, the newest.
const COMMANDS_MAX: u32 = 500;

/// Makes the zip. Blocking.
///
/// # Errors
/// The records or the logs cannot be read.
pub fn make(app: &App) -> std::io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    put(&mut zip, "about.json", &about(app))?;
    put(&mut zip, "health.json", &health(app))?;
    put(&mut zip, "settings.json", &app.settings.get())?;
    for (number, restaurant) in app.restaurants().iter().enumerate() {
        let commands = restaurant.read(|conn| store::commands(conn, COMMANDS_MAX)).map_err(std::io::Error::other)?;
        put(&mut zip, &format!("restaurant-{}.json", number + 1), &commands)?;
    }
    for (name, end) in log_ends(app)? {
        begin(&mut zip, &format!("logs/{name}"))?;
        zip.write_all(&end)?;
    }
    Ok(zip.finish().map_err(std::io::Error::other)?.into_inner())
}

type Zip = ZipWriter<Cursor<Vec<u8>>>;

fn begin(zip: &mut Zip, name: &str) -> std::io::Result<()> {
    zip.start_file(name, SimpleFileOptions::default().compression_method(Deflated)).map_err(std::io::Error::other)
}

fn put(zip: &mut Zip, name: &str, what: &impl Serialize) -> std::io::Result<()> {
    begin(zip, name)?;
    Ok(serde_json::to_writer_pretty(zip, what)?)
}

fn about(app: &App) -> serde_json::Value {
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "system": std::env::consts::OS,
        "processor": std::env::consts::ARCH,
        "sqlite": rusqlite::version(),
        "started_at_ms": app.started_ms,
        "made_at_ms": app.clock.now_ms(),
        "restaurants": app.restaurants().len(),
        "closed_restaurants": app.unreadable.all().len(),
    })
}

fn health(app: &App) -> serde_json::Value {
    let parts = checkup::all(app);
    json!({ "status": overall(&parts), "parts": parts, "minutes": app.traffic.minutes(app.clock.now_ms()) })
}

/// The newest files of the logs, each from its end.
fn log_ends(app: &App) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let folder = logs::folder(&app.data_dir);
    let mut files = Vec::new();
    let entries = match std::fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let about = entry.metadata()?;
        files.push((about.modified()?, entry.file_name().to_string_lossy().into_owned(), about.len()));
    }
    files.sort_by(|a, b| b.cmp(a));
    files.truncate(LOG_FILES_MAX);
    let end = |(_, name, bytes): (_, String, u64)| {
        let mut file = File::open(folder.join(&name))?;
        file.seek(SeekFrom::Start(bytes.saturating_sub(LOG_BYTES_MAX)))?;
        let mut end = Vec::new();
        file.take(LOG_BYTES_MAX).read_to_end(&mut end)?;
        Ok((name, end))
    };
    files.into_iter().map(end).collect()
}
