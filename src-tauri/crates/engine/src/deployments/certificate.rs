//! When a certificate ends, and whether it vouches for itself. Reads just that out of its DER (RFC 5280): a sequence
//! whose first part is a sequence of an optional version, a number, an algorithm, who issued it, from when until when it
//! is good, and of whom it is.

use chrono::NaiveDateTime;

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// What a certificate says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certificate {
    pub expires_ms: i64,
    /// Whom it is of issued it: nobody else vouches for it.
    pub is_self_signed: bool,
}

/// None: these bytes are no certificate.
pub fn read(der: &[u8]) -> Option<Certificate> {
    let (certificate, _) = part(der, Some(SEQUENCE))?;
    let (mut rest, _) = part(certificate, Some(SEQUENCE))?;
    if rest.first() == Some(&VERSION) {
        rest = part(rest, None)?.1;
    }
    for _number_and_algorithm in 0..2 {
        rest = part(rest, None)?.1;
    }
    let (issuer, rest) = part(rest, Some(SEQUENCE))?;
    let (validity, rest) = part(rest, Some(SEQUENCE))?;
    let (subject, _) = part(rest, Some(SEQUENCE))?;
    let (_, until) = part(validity, None)?;
    let tag = *until.first()?;
    let text = std::str::from_utf8(part(until, None)?.0).ok()?;
    let whole = match tag {
        // Two digits of the year: 50 and later are of the last century.
        UTC_TIME if text.get(..2)? >= "50" => format!("19{text}"),
        UTC_TIME => format!("20{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let expires_ms = NaiveDateTime::parse_from_str(&whole, "%Y%m%d%H%M%SZ").ok()?.and_utc().timestamp_millis();
    Some(Certificate { expires_ms, is_self_signed: issuer == subject })
}

/// What one part holds, and what comes after it.
fn part(der: &[u8], expected: Option<u8>) -> Option<(&[u8], &[u8])> {
    let (&[tag, short], rest) = der.split_first_chunk::<2>()?;
    if expected.is_some_and(|expected| expected != tag) {
        return None;
    }
    let (length, rest) = if short < 0x80 {
        (usize::from(short), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
        if digits.len() > 4 {
            return None;
        }
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// Made with `openssl req -x509 -days …`; up to 2049 an end is written with two digits of the year.
    const TILL_2030: &str = "MIIBMjCB5aADAgECAhQnuKLmcVhHNpwT1NSbt2ccd7J+yjAFBgMrZXAwDzENMAsGA1UEAwwEZGVzazAeFw0yNjExMjEyMTIxNDda\
        Fw0zMDEyMzAyMTIxNDdaMA8xDTALBgNVBAMMBGRlc2swKjAFBgMrZXADIQBOGCBwseBtc+csu1f2UVdZgh12viUq9a4Vv3lHjsva\
        hKNTMFEwHQYDVR0OBBYEFKTap8zsSYpo4ED/iuC49jd0v/+nMB8GA1UdIwQYMBaAFKTap8zsSYpo4ED/iuC49jd0v/+nMA8GA1Ud\
        EwEB/wQFMAMBAf8wBQYDK2VwA0EA7PSqqGWgJyVo6O9p6EGqK2Xwk7MfbPffui5iSlHeykY+VAKyX+vLaI7p4Jl0IZxQKswIbOJz\
        fMG1TPA5OtsFBw==";
    const TILL_2062: &str = "MIIBNDCB56ADAgECAhRtkRjNU3zJwAgpYutkifFtWEpIFjAFBgMrZXAwDzENMAsGA1UEAwwEZGVzazAgFw0yNjExMjEyMTIxNDda\
        GA8yMDYyMDYyNTIxMjE0N1owDzENMAsGA1UEAwwEZGVzazAqMAUGAytlcAMhAE4YIHCx4G1z5yy7V/ZRV1mCHXa+JSr1rhW/eUeO\
        y9qEo1MwUTAdBgNVHQ4EFgQUpNqnzOxJimjgQP+K4Lj2N3S//6cwHwYDVR0jBBgwFoAUpNqnzOxJimjgQP+K4Lj2N3S//6cwDwYD\
        VR0TAQH/BAUwAwEB/zAFBgMrZXADQQBAB3D1Z9QDWkGkxDqrzUHehNjzbWlk+1IhjLyVT4upQDSInzB0/K5f+ERqN2e21Or8II6D\
        NldVnOpYncSO+f4L";

    #[test]
    fn its_end_is_read_in_both_spellings() {
        let read = |text: &str| read(&STANDARD.decode(text).unwrap()).map(|read| read.expires_ms);
        assert_eq!(read(TILL_2030), Some(1_924_896_107_000));
        assert_eq!(read(TILL_2062), Some(2_918_496_107_000));
    }

    #[test]
    fn what_is_cut_or_no_certificate_has_no_end_and_does_no_harm() {
        let whole = STANDARD.decode(TILL_2030).unwrap();
        // The signature behind it is not looked at.
        for length in 0..100 {
            assert_eq!(read(&whole[..length]), None, "{length}");
        }
        for first in 0..=255 {
            read(&[first, 0x84, 0xff, 0xff, 0xff, 0xff, first]);
        }
    }
}
