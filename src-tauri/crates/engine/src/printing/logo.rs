//! The picture above bills and receipts: taken in once, grey and no larger than paper shows; printed as dots. Pure.
//!
//! What is kept is small whatever was sent, so that no document on its way to a printer, and no PDF, is large.

use std::io::Cursor;

use image::codecs::png::PngEncoder;
use image::imageops::{self, BiLevel, FilterType};
use image::{GrayImage, ImageFormat, ImageReader, ImageResult, Limits, Luma, RgbaImage};

use crate::menu::model::IMAGE_SIDE_MAX;

/// Dots of the widest paper.
const WIDTH_MAX: u32 = 576;
/// 30 mm. A row of pictures of at most 255 dots is understood by every printer.
const HEIGHT_MAX: u32 = 240;
/// Of the picture as it was sent, while it is read.
const MEMORY_MAX: u64 = 128 * 1024 * 1024;
/// Characters beyond which a row is made of the printer's small letters.
const LARGE_LETTERS_MAX: u8 = 48;

/// A PNG of what was sent: PNG or JPEG, on white, grey, as large as the widest paper shows it at most.
///
/// # Errors
/// It cannot be read.
pub fn taken_in(bytes: &[u8]) -> ImageResult<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(IMAGE_SIDE_MAX), Some(IMAGE_SIDE_MAX));
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let grey = fitted(on_white(&reader.decode()?.into_rgba8()), WIDTH_MAX);
    let mut png = Vec::new();
    grey.write_with_encoder(PngEncoder::new(&mut png))?;
    Ok(png)
}

fn on_white(picture: &RgbaImage) -> GrayImage {
    let grey = imageops::grayscale(picture);
    GrayImage::from_fn(grey.width(), grey.height(), |x, y| {
        let [shade, alpha] = [grey.get_pixel(x, y).0[0], picture.get_pixel(x, y).0[3]].map(u32::from);
        Luma([u8::try_from((shade * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)])
    })
}

/// No wider and no higher than it may be. What is small stays as it is.
fn fitted(picture: GrayImage, width_max: u32) -> GrayImage {
    let (width, height) = picture.dimensions();
    if width <= width_max && height <= HEIGHT_MAX {
        return picture;
    }
    let (by, to) = if width * HEIGHT_MAX > height * width_max { (width, width_max) } else { (height, HEIGHT_MAX) };
    imageops::resize(&picture, (width * to / by).max(1), (height * to / by).max(1), FilterType::Triangle)
}

/// How many dots a row of so many characters has.
pub fn dots_of(columns: u8) -> u32 {
    u32::from(columns) * if columns > LARGE_LETTERS_MAX { 9 } else { 12 }
}

/// A logo, for paper of some width.
pub struct Logo {
    png: Vec<u8>,
    dots: GrayImage,
}

impl Logo {
    /// What was taken in. None: it cannot be read.
    pub fn of(png: Vec<u8>, columns: u8) -> Option<Self> {
        let read = image::load_from_memory_with_format(&png, ImageFormat::Png).ok()?;
        Some(Self { png, dots: fitted(read.into_luma8(), dots_of(columns)) })
    }

    /// Its width and height in dots.
    pub fn size(&self) -> (u32, u32) {
        self.dots.dimensions()
    }

    pub fn png(&self) -> &[u8] {
        &self.png
    }

    /// The command that prints it: a raster of black dots.
    /// <https://download4.epson.biz/sec_pubs/pos/reference_en/escpos/gs_lv_0.html>
    pub fn command(&self) -> Vec<u8> {
        let mut black = self.dots.clone();
        imageops::dither(&mut black, &BiLevel);
        let (width, height) = black.dimensions();
        let low_high = |number: u32| [number, number >> 8].map(|part| part.to_le_bytes()[0]);
        let head = [[0x1d, b'v'], [b'0', 0], low_high(width.div_ceil(8)), low_high(height)];
        let dots = |eight: &[Luma<u8>]| {
            let at = |(at, dot): (usize, &Luma<u8>)| if dot.0[0] == 0 { 0x80_u8 >> at } else { 0 };
            eight.iter().enumerate().map(at).sum::<u8>()
        };
        let mut command = head.concat();
        for row in black.rows() {
            let row: Vec<Luma<u8>> = row.copied().collect();
            command.extend(row.chunks(8).map(dots));
        }
        command
    }
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, Rgba};

    use super::*;

    fn png(width: u32, height: u32, dot: impl Fn(u32, u32) -> Rgba<u8>) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = DynamicImage::ImageRgba8(RgbaImage::from_fn(width, height, dot));
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn logo(sent: &[u8], columns: u8) -> Logo {
        Logo::of(taken_in(sent).unwrap(), columns).unwrap()
    }

    #[test]
    fn what_is_transparent_is_paper_and_what_is_black_is_dots() {
        let half = png(10, 2, |x, _| Rgba([0, 0, 0, if x < 9 { 255 } else { 0 }]));
        let expect = [0x1d, b'v', b'0', 0, 2, 0, 2, 0, 0xff, 0x80, 0xff, 0x80];
        assert_eq!(logo(&half, 32).command(), expect);
    }

    #[test]
    fn grey_becomes_as_many_dots_as_it_is_dark() {
        let grey = logo(&png(80, 80, |_, _| Rgba([192, 192, 192, 255])), 32).command();
        let black: u32 = grey[8..].iter().map(|byte| byte.count_ones()).sum();
        assert!((1_500..=1_700).contains(&black), "a quarter of 6,400: {black}");
    }

    #[test]
    fn it_is_no_wider_than_the_paper_and_never_high_and_what_is_kept_is_small() {
        let noise = |x: u32, y: u32| Rgba([x * 31 + y * 17, x ^ y, x * y, 255].map(|shade| shade.to_le_bytes()[0]));
        for (sent, columns, expect) in [
            ((2_000, 500), 48, (576, 144)),
            ((2_000, 500), 42, (504, 126)),
            ((2_000, 500), 32, (384, 96)),
            ((1_000, 1_000), 48, (240, 240)),
            ((100, 40), 48, (100, 40)),
            ((4_000, 1), 32, (384, 1)),
        ] {
            let sent = taken_in(&png(sent.0, sent.1, noise)).unwrap();
            assert!(sent.len() < 150_000, "{}", sent.len());
            assert_eq!(Logo::of(sent, columns).unwrap().size(), expect);
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(taken_in(b"<svg xmlns='http://www.w3.org/2000/svg'/>").is_err());
        assert!(taken_in(&png(8, 8, |_, _| Rgba([0; 4]))[..40]).is_err(), "cut short");
    }
}
