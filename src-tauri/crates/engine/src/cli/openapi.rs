//! `comanda openapi`.

use std::io::Write;

use comanda_engine::front::openapi;

use super::Failure;

pub fn run() -> Result<(), Failure> {
    Ok(std::io::stdout().lock().write_all(openapi::text().as_bytes())?)
}
