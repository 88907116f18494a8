//! `/restaurants/{rid}/printers` and the printer of a station: what this device prints on.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{self, ADDRESS_MAX, Job, Kind, Language, NAME_MAX, PRINTERS_MAX, Printer};
use super::paper::{Block, COLUMNS};
use super::routes::{JobView, enqueue};
use super::{desk, store};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::kernel::ids::{PrinterId, StationId};
use crate::kernel::text;
use crate::receipts::words::Words;
use crate::staff::model::needs;
use crate::stations;
use crate::stations::routes::StationPath;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(add_printer))
        .routes(routes!(change_printer, remove_printer))
        .routes(routes!(test_printer))
        .routes(routes!(give_station_printer, take_station_printer))
}

/// A printer of this device.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Printer)]
pub struct PrinterView {
    pub id: PrinterId,
    pub name: String,
    pub address: String,
    pub language: Language,
    /// Characters on a row.
    pub columns: u8,
    /// Bills, receipts and reports come out here.
    pub guests: bool,
    /// A cash drawer hangs on it.
    pub drawer: bool,
    /// Whose tickets come out here.
    pub station_ids: Vec<StationId>,
}

fn show(printer: Printer, stations: &[(StationId, PrinterId)]) -> PrinterView {
    let ours = stations.iter().filter(|(_, other)| *other == printer.id);
    PrinterView {
        station_ids: ours.map(|(station, _)| *station).collect(),
        id: printer.id,
        name: printer.name,
        address: printer.address,
        language: printer.language,
        columns: printer.columns,
        guests: printer.guests,
        drawer: printer.drawer,
    }
}

/// Every printer of this device.
pub fn all(place: &Place) -> Result<Vec<PrinterView>, ApiError> {
    place.read(|conn| {
        let stations = store::station_printers(conn)?;
        Ok(store::printers(conn)?.into_iter().map(|printer| show(printer, &stations)).collect())
    })
}

fn one(place: &Place, id: PrinterId) -> Result<Printer, ApiError> {
    let printer = place.read(|conn| store::printer(conn, id))?;
    Ok(printer.ok_or_else(|| Refusal::not_found("This printer"))?)
}

fn shown(place: &Place, id: PrinterId) -> Result<PrinterView, ApiError> {
    let stations = place.read(store::station_printers)?;
    Ok(show(one(place, id)?, &stations))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Bar", "address": "192.168.1.40", "language": "escpos", "columns": 42, "guests": true, "drawer": true}))]
pub struct PrinterInput {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NAME_MAX))]
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// Name or number on the network, with its port if that is not 9100; or its device file: `/dev/usb/lp0`.
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = ADDRESS_MAX), custom(an_address))]
    #[schema(min_length = 1, max_length = 255)]
    pub address: String,
    #[garde(skip)]
    pub language: Language,
    /// Characters on a row: 42 on paper of 80 mm, 32 on 58 mm.
    #[garde(range(min = *COLUMNS.start(), max = *COLUMNS.end()))]
    #[schema(minimum = 24, maximum = 64)]
    pub columns: u8,
    /// Bills, receipts and reports come out here, and nowhere else any more.
    #[garde(skip)]
    pub guests: bool,
    /// A cash drawer hangs on it: it opens when cash changes hands. Not on a printer that takes text alone.
    #[garde(custom(only_commands(&self.language)))]
    #[serde(default)]
    pub drawer: bool,
}

fn only_commands(language: &Language) -> impl FnOnce(&bool, &()) -> garde::Result {
    move |drawer, ()| match language {
        Language::Plain if *drawer => Err(garde::Error::new("a printer that takes text alone opens no drawer")),
        _ => Ok(()),
    }
}

fn an_address(text: &str, (): &()) -> garde::Result {
    match model::address(text) {
        Some(_) => Ok(()),
        None => Err(garde::Error::new("an address is like 192.168.1.40, grill.local:9100 or /dev/usb/lp0")),
    }
}

impl PrinterInput {
    fn printer(self, id: PrinterId) -> Printer {
        let PrinterInput { name, address, language, columns, guests, drawer } = self;
        Printer { id, name, address, language, columns, guests, drawer }
    }
}

fn changed(place: &Place) {
    desk::announce(&place.app, &place.restaurant);
    place.restaurant.bell.ring();
}

/// Adds a printer of this device.
#[utoipa::path(post, path = "/restaurants/{rid}/printers", tag = "printing", operation_id = "add_printer",
    params(("rid" = uuid::Uuid, Path)),
    request_body = PrinterInput, responses((status = 201, body = PrinterView)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn add_printer(here: Here<needs::SettingsWrite>, input: Input<PrinterInput>) -> Result<Response, ApiError> {
    // The request's id is the printer's: the same request again is the same printer.
    let printer = input.value.printer(PrinterId(input.meta.id(here.caller.account_id.0)));
    let id = printer.id;
    let added = here.restaurant.db.local(move |tx| {
        let there = store::printers(tx.conn())?;
        if there.len() >= PRINTERS_MAX && !there.iter().any(|other| other.id == id) {
            return Ok(Err(Refusal::rule(format!("A computer has {PRINTERS_MAX} printers at most."))));
        }
        store::put_printer(tx, &printer)?;
        Ok(Ok(()))
    });
    added.await??;
    changed(&here);
    Ok((StatusCode::CREATED, Json(shown(&here, id)?)).into_response())
}

#[derive(Deserialize)]
pub struct PrinterPath {
    printer_id: PrinterId,
}

/// Changes a printer. What waits for it comes out as it is now.
#[utoipa::path(put, path = "/restaurants/{rid}/printers/{printer_id}", tag = "printing",
    operation_id = "change_printer",
    params(("rid" = uuid::Uuid, Path), ("printer_id" = uuid::Uuid, Path)),
    request_body = PrinterInput, responses((status = 200, body = PrinterView)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn change_printer(
    here: Here<needs::SettingsWrite>,
    Path(path): Path<PrinterPath>,
    input: Input<PrinterInput>,
) -> Result<Json<PrinterView>, ApiError> {
    one(&here, path.printer_id)?;
    let printer = input.value.printer(path.printer_id);
    here.restaurant.db.local(move |tx| store::put_printer(tx, &printer)).await?;
    changed(&here);
    Ok(Json(shown(&here, path.printer_id)?))
}

/// Takes a printer away. What waited for it can be sent to another.
#[utoipa::path(delete, path = "/restaurants/{rid}/printers/{printer_id}", tag = "printing",
    operation_id = "remove_printer",
    params(("rid" = uuid::Uuid, Path), ("printer_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn remove_printer(
    here: Here<needs::SettingsWrite>,
    Path(path): Path<PrinterPath>,
    meta: Meta,
) -> Result<StatusCode, ApiError> {
    one(&here, path.printer_id)?;
    here.restaurant.db.local(move |tx| store::remove_printer(tx, path.printer_id, meta.at_ms)).await?;
    changed(&here);
    Ok(StatusCode::NO_CONTENT)
}

/// Prints a page to see whether it prints, with every letter that is not plain ASCII.
#[utoipa::path(post, path = "/restaurants/{rid}/printers/{printer_id}/test", tag = "printing",
    operation_id = "test_printer",
    params(("rid" = uuid::Uuid, Path), ("printer_id" = uuid::Uuid, Path)),
    responses((status = 200, body = JobView)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn test_printer(
    here: Here<needs::SettingsWrite>,
    Path(path): Path<PrinterPath>,
    meta: Meta,
) -> Result<Json<JobView>, ApiError> {
    let (printer, settings) = (one(&here, path.printer_id)?, here.settings()?);
    let words = Words::of(settings.locale);
    let blocks = vec![
        Block::Title(settings.name.clone()),
        Block::Centre(words.test.to_owned()),
        Block::Rule,
        Block::pair(printer.name.clone(), printer.address.clone()),
        Block::pair("1234567890", words.amount(crate::kernel::money::Minor(123_456), settings.currency)),
        Block::text(0, "ÀÉÎÕÜ àéîõü ñÑ çÇ ß ¿¡ € £"),
        Block::sum(words.total, format!("{} 0", settings.currency.code)),
        Block::Rule,
    ];
    let subject = Some(format!("test {}", printer.id));
    let job = Job { subject, ..Job::new(Kind::Test, printer.name, printer.id, blocks, meta.at_ms) };
    Ok(Json(enqueue(&here, job, &meta).await?))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StationPrinterInput {
    #[garde(skip)]
    pub printer_id: PrinterId,
}

fn a_station(place: &Place, id: StationId) -> Result<(), ApiError> {
    let station = place.read(|conn| stations::store::station(conn, id))?;
    Ok(station.map(drop).ok_or_else(|| Refusal::not_found("This station"))?)
}

/// Gives a station a printer on this device. What is fired from now on comes out there.
#[utoipa::path(put, path = "/restaurants/{rid}/stations/{station_id}/printer", tag = "printing",
    operation_id = "give_station_printer",
    params(("rid" = uuid::Uuid, Path), ("station_id" = uuid::Uuid, Path)),
    request_body = StationPrinterInput, responses((status = 200, body = PrinterView)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn give_station_printer(
    here: Here<needs::SettingsWrite>,
    Path(path): Path<StationPath>,
    input: Input<StationPrinterInput>,
) -> Result<Json<PrinterView>, ApiError> {
    a_station(&here, path.station_id)?;
    let (printer, now_ms) = (input.value.printer_id, input.meta.at_ms);
    if here.read(|conn| store::printer(conn, printer))?.is_none() {
        return Err(Refusal::rule("There is no such printer on this computer.").at("printer_id").into());
    }
    here.restaurant.db.local(move |tx| store::give_station(tx, path.station_id, printer, now_ms)).await?;
    changed(&here);
    Ok(Json(shown(&here, printer)?))
}

/// Takes a station's printer away: its tickets are on its screen alone.
#[utoipa::path(delete, path = "/restaurants/{rid}/stations/{station_id}/printer", tag = "printing",
    operation_id = "take_station_printer",
    params(("rid" = uuid::Uuid, Path), ("station_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn take_station_printer(
    here: Here<needs::SettingsWrite>,
    Path(path): Path<StationPath>,
    _: Meta,
) -> Result<StatusCode, ApiError> {
    a_station(&here, path.station_id)?;
    here.restaurant.db.local(move |tx| store::take_from_station(tx, path.station_id)).await?;
    changed(&here);
    Ok(StatusCode::NO_CONTENT)
}
