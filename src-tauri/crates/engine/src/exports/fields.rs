//! How amounts and texts stand in a file.

use crate::kernel::money::Minor;

/// Minor units as a decimal number with a point.
pub fn amount(minor: Minor, exponent: u8) -> String {
    let unit = 10_u64.pow(exponent.into());
    let (sign, whole) = (if minor.0 < 0 { "-" } else { "" }, minor.0.unsigned_abs());
    match exponent {
        0 => minor.to_string(),
        _ => format!("{sign}{}.{:0width$}", whole / unit, whole % unit, width = exponent.into()),
    }
}

/// Text that begins like a formula gets a quote in front, as spreadsheets expect.
pub fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        assert_eq!(amount(Minor(1325), 2), "13.25");
        assert_eq!(amount(Minor(5), 2), "0.05");
        assert_eq!(amount(Minor(-105), 2), "-1.05");
        assert_eq!(amount(Minor(-5), 2), "-0.05");
        assert_eq!(amount(Minor(1200), 0), "1200");
        assert_eq!(amount(Minor(1005), 3), "1.005");
    }
}
