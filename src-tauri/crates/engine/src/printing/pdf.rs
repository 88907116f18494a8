//! Rows as a PDF: one strip as wide as a receipt, or pages of a table.
//!
//! The font is in the file, so it looks the same everywhere. It has the letters of Europe; of other
//! scripts it shows boxes.

use std::sync::LazyLock;

use krilla::Document;
use krilla::geom::{Point, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};

use super::logo::{self, Logo};
use super::paper::{Row, Style};
use crate::error::ApiError;

/// Points of 1/72 inch: receipt paper is 80 mm wide, 72 of them printed.
const ROLL_WIDTH: f32 = 226.8;
const ROLL_MARGIN: f32 = 11.3;
/// A4 across.
const SHEET: (f32, f32) = (841.9, 595.3);
const SHEET_MARGIN: f32 = 40.0;
/// Largest letters of a table.
const SHEET_SIZE_MAX: f32 = 9.0;
/// Width of a letter and height of a row, for letters of size 1.
const ADVANCE: f32 = 0.602;
const LEADING: f32 = 1.3;

struct Fonts {
    plain: Font,
    strong: Font,
}

/// DejaVu Sans Mono.
static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(|| {
    let plain: &'static [u8] = include_bytes!("../../fonts/DejaVuSansMono.ttf");
    let strong: &'static [u8] = include_bytes!("../../fonts/DejaVuSansMono-Bold.ttf");
    Some(Fonts { plain: Font::new(plain.into(), 0)?, strong: Font::new(strong.into(), 0)? })
});

fn fonts() -> Result<&'static Fonts, ApiError> {
    FONTS.as_ref().ok_or_else(|| ApiError::internal("the font of printed pages cannot be read"))
}

fn draw(surface: &mut Surface<'_>, fonts: &Fonts, at: (f32, f32), size: f32, row: &Row) {
    let (font, size) = match row.style {
        // The rows of tables have none, and a roll draws its own.
        Style::Logo => return,
        Style::Plain => (&fonts.plain, size),
        Style::Strong => (&fonts.strong, size),
        Style::Large => (&fonts.strong, size * 2.0),
    };
    surface.draw_text(Point::from_xy(at.0, at.1), font.clone(), size, &row.text, false, TextDirection::Auto);
}

/// How much of a page a row takes.
fn high(row: &Row, size: f32) -> f32 {
    size * LEADING * if row.style == Style::Large { 2.0 } else { 1.0 }
}

/// Some hundreds.
fn dots(count: u32) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

fn begun(title: &str) -> Document {
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(title.to_owned()).creator("Comanda".to_owned()));
    document
}

fn page_of(width: f32, height: f32) -> Result<PageSettings, ApiError> {
    PageSettings::from_wh(width, height).ok_or_else(|| ApiError::internal("a page without a size"))
}

fn ended(document: Document) -> Result<Vec<u8>, ApiError> {
    document.finish().map_err(|error| ApiError::internal(format!("a PDF could not be written: {error:?}")))
}

/// In the middle of a roll, its upper edge at `y`.
fn draw_logo(surface: &mut Surface<'_>, logo: &Logo, (width, height): (f32, f32), y: f32) -> Result<(), ApiError> {
    let image = Image::from_png(logo.png().to_vec().into(), false).map_err(ApiError::internal)?;
    let size = Size::from_wh(width, height).ok_or_else(|| ApiError::internal("a logo without a size"))?;
    surface.push_transform(&Transform::from_translate((ROLL_WIDTH - width) / 2.0, y));
    surface.draw_image(image, size);
    surface.pop();
    Ok(())
}

/// One page as a printer with `columns` characters on a row would print it, as long as it takes. Without its logo the
/// rest of it stands.
///
/// # Errors
/// Internal: the PDF could not be written.
pub fn roll(title: &str, rows: &[Row], columns: u8, logo: Option<&Logo>) -> Result<Vec<u8>, ApiError> {
    let fonts = fonts()?;
    let size = (ROLL_WIDTH - 2.0 * ROLL_MARGIN) / (f32::from(columns) * ADVANCE);
    let dot = (ROLL_WIDTH - 2.0 * ROLL_MARGIN) / dots(logo::dots_of(columns));
    let of_logo = logo.map_or((0.0, 0.0), |logo| (dots(logo.size().0) * dot, dots(logo.size().1) * dot));
    let high = |row: &Row| if row.style == Style::Logo { of_logo.1 } else { high(row, size) };
    let mut document = begun(title);
    let long: f32 = rows.iter().map(high).sum();
    let mut page = document.start_page_with(page_of(ROLL_WIDTH, long + 2.0 * ROLL_MARGIN)?);
    let mut surface = page.surface();
    let mut y = ROLL_MARGIN;
    for row in rows {
        if let (Style::Logo, Some(logo)) = (row.style, logo) {
            draw_logo(&mut surface, logo, of_logo, y)?;
        }
        y += high(row);
        draw(&mut surface, fonts, (ROLL_MARGIN, y - size * (LEADING - 1.0)), size, row);
    }
    surface.finish();
    page.finish();
    ended(document)
}

/// A table over as many pages as it takes: `head` stands on each of them.
///
/// # Errors
/// Internal: the PDF could not be written.
pub fn sheet(title: &str, head: &[Row], rows: &[Row]) -> Result<Vec<u8>, ApiError> {
    let fonts = fonts()?;
    let longest = head.iter().chain(rows).filter(|row| row.style != Style::Large);
    let columns = longest.map(|row| row.text.chars().count()).max().unwrap_or_default().max(1);
    let columns = f32::from(u16::try_from(columns).unwrap_or(u16::MAX));
    let (width, height) = SHEET;
    let size = ((width - 2.0 * SHEET_MARGIN) / (columns * ADVANCE)).min(SHEET_SIZE_MAX);
    let step = size * LEADING;
    // A row is kept for the page's number.
    let room = height - 2.0 * SHEET_MARGIN - head.iter().map(|row| high(row, size)).sum::<f32>() - step;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some dozens, and never below one")]
    let fitting = (room / step).max(1.0) as usize;
    let pages: Vec<&[Row]> = if rows.is_empty() { vec![&[]] } else { rows.chunks(fitting).collect() };
    let mut document = begun(title);
    for (at, part) in pages.iter().enumerate() {
        let mut page = document.start_page_with(page_of(width, height)?);
        let mut surface = page.surface();
        let mut y = SHEET_MARGIN;
        for row in head.iter().chain(*part) {
            y += high(row, size);
            draw(&mut surface, fonts, (SHEET_MARGIN, y), size, row);
        }
        let number = Row { text: format!("{} / {}", at + 1, pages.len()), style: Style::Plain };
        draw(&mut surface, fonts, (SHEET_MARGIN, height - SHEET_MARGIN + step), size, &number);
        surface.finish();
        page.finish();
    }
    ended(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_is_as_long_as_its_rows_and_a_table_has_pages() {
        let row = Row { text: "Crème brûlée  5,00 €".to_owned(), style: Style::Plain };
        let pages = |pdf: Vec<u8>| {
            assert!(pdf.starts_with(b"%PDF-"));
            pdf.windows(11).filter(|bytes| bytes == b"/Type/Page/").count()
        };
        assert_eq!(pages(roll("Bill", &vec![row.clone(); 200], 42, None).unwrap()), 1);
        let head = std::slice::from_ref(&row);
        assert_eq!(pages(sheet("Items", head, &[]).unwrap()), 1);
        // 515 points high, 11.7 a row, less the head and the page's number.
        assert_eq!(pages(sheet("Items", head, &vec![row.clone(); 84]).unwrap()), 2);
        assert_eq!(pages(sheet("Items", head, &vec![row.clone(); 85]).unwrap()), 3);
    }
}
