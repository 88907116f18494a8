//! Rows as a printer's bytes: ESC/POS with code page Windows-1252, or plain text for a printer that knows no commands.

use std::cell::RefCell;
use std::rc::Rc;

use encoding_rs::WINDOWS_1252;
use escpos::driver::Driver;
use escpos::errors::Result;
use escpos::printer::Printer;
use escpos::printer_options::PrinterOptions;
use escpos::utils::{JustifyMode, PageCode, Protocol};

use super::logo::Logo;
use super::paper::{Row, Style};

/// Rows that are fed after the last one, so that it is past the blade.
const FEED: u8 = 4;
/// Collects what is to be sent.
#[derive(Clone, Default)]
struct Collected(Rc<RefCell<Vec<u8>>>);

impl Driver for Collected {
    fn name(&self) -> String {
        "bytes".to_owned()
    }

    fn write(&self, data: &[u8]) -> Result<()> {
        self.0.borrow_mut().extend_from_slice(data);
        Ok(())
    }

    fn read(&self, _: &mut [u8]) -> Result<usize> {
        Ok(0)
    }

    fn flush(&self) -> Result<()> {
        Ok(())
    }
}

/// The bytes of a document, paper cut at its end. Without its logo the rest of it stands.
///
/// # Errors
/// None that is known: every text is made printable first.
pub fn bytes(rows: &[Row], logo: Option<&Logo>) -> Result<Vec<u8>> {
    let collected = Collected::default();
    let options = PrinterOptions::new(Some(PageCode::WPC1252), None, 42);
    let mut printer = Printer::new(collected.clone(), Protocol::default(), Some(options));
    // The page is said with it.
    printer.init()?;
    let mut now = Style::Plain;
    for row in rows {
        if row.style == Style::Logo {
            if let Some(logo) = logo {
                printer.justify(JustifyMode::CENTER)?.custom(&logo.command())?.justify(JustifyMode::LEFT)?;
            }
            continue;
        }
        if row.style != now {
            let size = if row.style == Style::Large { 2 } else { 1 };
            printer.size(size, size)?.bold(row.style == Style::Strong)?;
            now = row.style;
        }
        printer.writeln(&printable(&row.text))?;
    }
    printer.size(1, 1)?.bold(false)?.feeds(FEED)?.print_cut()?;
    Ok(collected.0.take())
}

/// The pulse that opens the drawer on the usual pin: 50 ms on, 500 ms of rest. Said by hand: `cash_drawer` of escpos
/// 0.20 leaves the two times out, and the printer takes the next two bytes for them.
/// <https://download4.epson.biz/sec_pubs/pos/reference_en/escpos/esc_lp.html>
pub const DRAWER: [u8; 5] = [0x1b, b'p', 0, 25, 250];

/// Rows for a printer that takes text alone.
pub fn plain(rows: &[Row]) -> Vec<u8> {
    let rows = rows.iter().filter(|row| row.style != Style::Logo);
    let mut text: String = rows.flat_map(|row| [row.text.as_str(), "\r\n"]).collect();
    text.push_str(&"\r\n".repeat(FEED.into()));
    text.into_bytes()
}

/// What the code page has not is written with what it has: `“à la carte”` is there, `żurek` loses its dot.
fn printable(text: &str) -> String {
    let folded = |letter: char| {
        let (_, _, is_missing) = WINDOWS_1252.encode(letter.encode_utf8(&mut [0; 4]));
        match letter.is_control() || is_missing {
            true => deunicode::deunicode_char(letter).unwrap_or("?").to_owned(),
            false => letter.to_string(),
        }
    };
    text.chars().map(folded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str, style: Style) -> Row {
        Row { text: text.to_owned(), style }
    }

    #[test]
    fn text_is_in_the_code_page_and_no_guest_can_send_a_command() {
        let sent = bytes(&[row("Crème “brûlée” ¿5 €? żurek\u{1b}@", Style::Plain)], None).unwrap();
        let expect = b"Cr\xe8me \x93br\xfbl\xe9e\x94 \xbf5 \x80? zurek@";
        assert!(sent.windows(expect.len()).any(|bytes| bytes == expect), "{sent:?}");
        assert!(sent.starts_with(b"\x1b@"), "the printer is set to its beginnings: {sent:?}");
        assert!(!sent[2..].windows(2).any(|bytes| bytes == b"\x1b@"), "only once: {sent:?}");
    }

    #[test]
    fn a_title_is_twice_as_large_and_what_follows_is_not() {
        let sent = bytes(&[row("Bill", Style::Large), row("2 Cola", Style::Plain)], None).unwrap();
        let at = |what: &[u8]| sent.windows(what.len()).position(|bytes| bytes == what).unwrap();
        assert!(at(b"\x1d!\x11") < at(b"Bill") && at(b"Bill") < at(b"\x1d!\x00") && at(b"\x1d!\x00") < at(b"2 Cola"));
    }

    #[test]
    fn a_printer_without_commands_gets_rows() {
        let rows = [row("a hash", Style::Logo), row("Bill", Style::Large)];
        assert_eq!(plain(&rows), b"Bill\r\n\r\n\r\n\r\n\r\n");
    }
}
