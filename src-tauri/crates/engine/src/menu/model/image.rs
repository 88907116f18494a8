//! What a picture is, by its first bytes: never by what somebody calls it.

use serde::Serialize;
use utoipa::ToSchema;

/// Largest picture, in bytes.
pub const IMAGE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Longest side, in pixels.
pub const IMAGE_SIDE_MAX: u32 = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImageKind {
    Png,
    Jpeg,
    Webp,
}

impl ImageKind {
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }
}

/// Kind, width and height; None: no picture of a kind we know.
pub fn look(bytes: &[u8]) -> Option<(ImageKind, u32, u32)> {
    let found = match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => {
            (ImageKind::Png, big(bytes.get(16..20)?), big(bytes.get(20..24)?))
        }
        [0xff, 0xd8, 0xff, ..] => jpeg(bytes)?,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(bytes)?,
        _ => return None,
    };
    (found.1 > 0 && found.2 > 0).then_some(found)
}

fn big(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |all, byte| all << 8 | u32::from(*byte))
}

fn little(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |all, byte| all << 8 | u32::from(*byte))
}

/// Walks the segments to the one that begins a frame.
fn jpeg(bytes: &[u8]) -> Option<(ImageKind, u32, u32)> {
    let mut at = 2;
    loop {
        let [0xff, marker] = *bytes.get(at..at + 2)? else { return None };
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return Some((ImageKind::Jpeg, big(bytes.get(at + 7..at + 9)?), big(bytes.get(at + 5..at + 7)?)));
        }
        at += 2 + usize::try_from(big(bytes.get(at + 2..at + 4)?)).ok()?;
    }
}

fn webp(bytes: &[u8]) -> Option<(ImageKind, u32, u32)> {
    let (width, height) = match bytes.get(12..16)? {
        b"VP8 " => (little(bytes.get(26..28)?) & 0x3fff, little(bytes.get(28..30)?) & 0x3fff),
        b"VP8L" => {
            let bits = little(bytes.get(21..25)?);
            ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)
        }
        b"VP8X" => (little(bytes.get(24..27)?) + 1, little(bytes.get(27..30)?) + 1),
        _ => return None,
    };
    Some((ImageKind::Webp, width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_bytes() {
        let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0, 0, 1, 0, 0, 0, 0, 128]].concat();
        assert_eq!(look(&png), Some((ImageKind::Png, 256, 128)));
        let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 11, 8, 0, 100, 0, 200, 3];
        assert_eq!(look(&jpeg), Some((ImageKind::Jpeg, 200, 100)));
        let extended = [b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".as_slice(), &[99, 0, 0, 49, 0, 0]].concat();
        assert_eq!(look(&extended), Some((ImageKind::Webp, 100, 50)));
        assert_eq!(look(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), None);
        assert_eq!(look(b"\x89PNG\r\n\x1a\n"), None, "cut short");
        assert_eq!(look(&[0xff, 0xd8, 0xff, 0xe0, 0, 0]), None, "a segment that goes nowhere");
    }
}
