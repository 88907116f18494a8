//! Codes: what an authenticator shows, and what is written on paper for the day it is lost.

use totp_rs::{Builder, Secret, Totp, TotpError};

use crate::installation::sessions::hashed;

/// Bytes of a secret: as many as SHA-1 gives, which is what authenticators take (RFC 4226, section 4).
pub const SECRET_BYTES: usize = 20;
/// Recovery codes somebody is given.
pub const RECOVERY_CODES: usize = 10;
/// Letters of one: 50 bits.
const RECOVERY_LETTERS: usize = 10;
/// Crockford's base 32: nobody takes one letter for another.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// As the authenticator names it.
const ISSUER: &str = "Comanda";
/// What somebody may type, at most.
pub const CODE_MAX: usize = 32;

pub type Kept = [u8; SECRET_BYTES];

/// Six digits, new every 30 seconds; the ones before and after are taken too, for clocks that differ.
pub fn totp(secret: &Kept, account: &str) -> Result<Totp, TotpError> {
    // A colon parts the issuer from the account.
    let account = account.replace(':', " ");
    let builder = Builder::new().with_secret(Secret::new_stack(*secret)).with_issuer(Some(ISSUER));
    builder.with_account_name(account).build()
}

/// What somebody typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    Digits(String),
    /// The hash of a recovery code.
    Recovery([u8; 32]),
    Neither,
}

pub fn typed(code: &str) -> Typed {
    let letters: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let letters = letters.to_ascii_lowercase();
    if letters.len() == 6 && letters.bytes().all(|byte| byte.is_ascii_digit()) {
        return Typed::Digits(letters);
    }
    // As Crockford reads them.
    let letters: String = letters.chars().map(|c| if c == 'o' { '0' } else { c }).map(one).collect();
    let is_one = letters.len() == RECOVERY_LETTERS && letters.bytes().all(|byte| ALPHABET.contains(&byte));
    if is_one { Typed::Recovery(hashed(&letters)) } else { Typed::Neither }
}

const fn one(letter: char) -> char {
    match letter {
        'i' | 'l' => '1',
        letter => letter,
    }
}

/// A recovery code as it is shown, and what is kept of it.
pub fn recovery_code() -> (String, [u8; 32]) {
    let bytes: [u8; RECOVERY_LETTERS] = rand::random();
    let letters: String = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect();
    let (first, last) = letters.split_at(RECOVERY_LETTERS / 2);
    (format!("{first}-{last}"), hashed(&letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret and three of its rows, the last six of their eight digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let totp = totp(b"12345678901234567890", "lucia@example.com").unwrap();
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp.generate(at).to_string(), code);
            assert!(totp.check(code, at).is_some() && totp.check(code, at + 30).is_some());
            assert!(totp.check(code, at + 90).is_none());
        }
    }

    #[test]
    fn the_authenticator_is_told_the_name_and_the_secret() {
        let url = totp(b"12345678901234567890", "a:b@example.com").unwrap().to_url().unwrap();
        assert!(url.starts_with("otpauth://totp/Comanda:a%20b%40example.com?"), "{url}");
        assert!(url.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") && url.contains("issuer=Comanda"), "{url}");
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed() {
        let (shown, kept) = recovery_code();
        assert_eq!((shown.len(), shown.find('-')), (11, Some(5)));
        for typed_as in [shown.clone(), shown.to_uppercase(), shown.replace('-', " "), shown.replace('0', "O")] {
            assert_eq!(typed(&typed_as), Typed::Recovery(kept), "{typed_as}");
        }
        assert_eq!(typed(" 287 082 "), Typed::Digits("287082".into()));
        for nothing in ["", "28708", "abcde-fghi", "uuuuu-uuuuu", "２８７０８２"] {
            assert_eq!(typed(nothing), Typed::Neither, "{nothing}");
        }
    }
}
