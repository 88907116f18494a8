//! Times as CSV, one row a shift.

use super::sheets::Sheet;
use crate::error::ApiError;
use crate::exports::fields::plain;
use crate::kernel::time;
use crate::restaurant::model::Settings;

const COLUMNS: [&str; 10] = [
    "name",
    "role",
    "business_date",
    "start",
    "end",
    "break_hours",
    "worked_hours",
    "forgotten",
    "corrected",
    "reason",
];

pub fn csv(settings: &Settings, sheets: &[Sheet]) -> Result<Vec<u8>, ApiError> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(COLUMNS).map_err(ApiError::internal)?;
    let wall = |at_ms: i64| time::local(at_ms, settings.time_zone).format("%Y-%m-%d %H:%M").to_string();
    let yes = |is: bool| if is { "yes".to_owned() } else { String::new() };
    for sheet in sheets {
        for shift in sheet.shifts.iter().filter(|shift| !shift.voided) {
            let last = shift.corrections.last();
            csv.write_record([
                plain(&sheet.name),
                sheet.role.as_str().to_owned(),
                shift.business_date.to_string(),
                wall(shift.started_ms),
                shift.ended_ms.map(wall).unwrap_or_default(),
                hours(shift.break_ms),
                hours(shift.worked_ms),
                yes(shift.forgotten),
                yes(last.is_some()),
                last.map(|correction| plain(&correction.reason)).unwrap_or_default(),
            ])
            .map_err(ApiError::internal)?;
        }
    }
    csv.into_inner().map_err(ApiError::internal)
}

/// Hours with two decimals, the nearest.
fn hours(ms: i64) -> String {
    let hundredths = (ms + 18_000) / 36_000;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_have_two_decimals() {
        assert_eq!(hours(8 * 3_600_000), "8.00");
        assert_eq!(hours(7 * 3_600_000 + 20 * 60_000), "7.33");
        assert_eq!(hours(29 * 60_000 + 59_999), "0.50");
    }
}
