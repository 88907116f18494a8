//! Bytes made small and shut: zstd, then chunks of ChaCha20-Poly1305.
//!
//! Format (for ever): `COMANDA1`, 24 random bytes, then chunks of 64 KiB, each with its tag. The key of a stream is
//! derived from the installation's data key, the random bytes and what the stream is about; so a stream opens only
//! with its key and only where it belongs. A chunk's nonce is its number and whether it is the last one: a chunk
//! that is altered, missing, doubled or out of its place does not open, and neither does a stream that was cut.

use std::io::{self, Read, Write};

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use comanda_db::pace::give_way;

const MAGIC: &[u8; 8] = b"COMANDA1";
const SALT: usize = 24;
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
/// zstd's own default: what `zstd` does when nobody says.
const LEVEL: i32 = 3;

/// The installation's data key. Everything in a backup is shut with keys derived from it.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey([u8; 32]);

impl DataKey {
    pub const fn of(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn mint() -> Self {
        Self(rand::random())
    }

    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Says which key it is, and nothing of the key.
    pub fn id(&self) -> String {
        hex(&blake3::derive_key("comanda backup 2026-11 key id", &self.0)[..8])
    }

    /// Vouches for bytes that stand open beside what is shut.
    pub fn vouch(&self, about: &str, bytes: &[u8]) -> String {
        let key = blake3::derive_key("comanda backup 2026-11 voucher", &self.0);
        let mut hasher = blake3::Hasher::new_keyed(&key);
        hasher.update(about.as_bytes());
        hasher.update(&[0]);
        hasher.update(bytes);
        hasher.finalize().to_hex().to_string()
    }

    fn cipher(&self, about: &str, salt: &[u8; SALT]) -> ChaCha20Poly1305 {
        let mut hasher = blake3::Hasher::new_derive_key("comanda backup 2026-11 stream");
        hasher.update(&self.0);
        hasher.update(salt);
        hasher.update(about.as_bytes());
        let key = hasher.finalize();
        ChaCha20Poly1305::new(Key::from_slice(key.as_bytes()))
    }
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DataKey({})", self.id())
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("it does not open: it was altered, it is not the one that belongs here, or the key is another one")]
    Altered,
    #[error("it was cut: its end is missing")]
    Cut,
    #[error("it is no sealed stream")]
    Foreign,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Shuts `plain` into `out`; `about` says what it is and must be said again to open it.
pub fn shut(key: &DataKey, about: &str, plain: impl Read, mut out: impl Write) -> io::Result<()> {
    let salt: [u8; SALT] = rand::random();
    out.write_all(MAGIC)?;
    out.write_all(&salt)?;
    let cipher = key.cipher(about, &salt);
    let mut small = zstd::stream::read::Encoder::new(plain, LEVEL)?;
    let (mut now, mut next) = (vec![0; CHUNK], vec![0; CHUNK]);
    let mut filled = fill(&mut small, &mut now)?;
    let mut number = 0;
    loop {
        let ahead = if filled == CHUNK { fill(&mut small, &mut next)? } else { 0 };
        let last = ahead == 0;
        let shut =
            cipher.encrypt(&nonce(number, last), &now[..filled]).map_err(|_| io::Error::other("sealing failed"))?;
        out.write_all(&shut)?;
        if last {
            return out.flush();
        }
        std::mem::swap(&mut now, &mut next);
        (filled, number) = (ahead, number + 1);
    }
}

/// Opens what `shut` made. What was written to `out` before an error is worth nothing.
pub fn open(key: &DataKey, about: &str, sealed: impl Read, mut out: impl Write) -> Result<u64, SealError> {
    let mut opening = Opening::begin(key, about, sealed)?;
    let copied = (|| {
        let mut plain = zstd::stream::read::Decoder::new(&mut opening)?;
        io::copy(&mut plain, &mut out)
    })();
    if let Some(trouble) = opening.trouble.take() {
        return Err(trouble);
    }
    let copied = copied?;
    // The end is part of it, also where nobody needs it to unpack.
    io::copy(&mut opening, &mut io::sink())?;
    match opening.trouble.take() {
        Some(trouble) => Err(trouble),
        None => Ok(copied),
    }
}

/// The chunks of a sealed stream, opened one after the other.
struct Opening<R> {
    sealed: R,
    cipher: ChaCha20Poly1305,
    number: u64,
    plain: Vec<u8>,
    given: usize,
    /// The sealed bytes after those in `plain`.
    ahead: Vec<u8>,
    ended: bool,
    trouble: Option<SealError>,
}

impl<R: Read> Opening<R> {
    fn begin(key: &DataKey, about: &str, mut sealed: R) -> Result<Self, SealError> {
        let mut head = [0; 8 + SALT];
        if fill(&mut sealed, &mut head)? < head.len() {
            return Err(SealError::Cut);
        }
        let (magic, salt) = head.split_at(8);
        if magic != MAGIC {
            return Err(SealError::Foreign);
        }
        let salt: [u8; SALT] = salt.try_into().map_err(|_| SealError::Foreign)?;
        let mut ahead = vec![0; CHUNK + TAG];
        let filled = fill(&mut sealed, &mut ahead)?;
        ahead.truncate(filled);
        let cipher = key.cipher(about, &salt);
        let (plain, trouble) = (Vec::new(), None);
        Ok(Self { sealed, cipher, number: 0, plain, given: 0, ahead, ended: false, trouble })
    }

    fn next(&mut self) -> Result<(), SealError> {
        give_way();
        let mut after = vec![0; CHUNK + TAG];
        let filled = fill(&mut self.sealed, &mut after)?;
        after.truncate(filled);
        let last = after.is_empty();
        let chunk = std::mem::replace(&mut self.ahead, after);
        let opened = self.cipher.decrypt(&nonce(self.number, last), &*chunk);
        self.plain = match opened {
            Ok(plain) => plain,
            // The chunk before the missing ones is whole, and not marked as the last.
            Err(_) if last && self.cipher.decrypt(&nonce(self.number, false), &*chunk).is_ok() => {
                return Err(SealError::Cut);
            }
            Err(_) => return Err(SealError::Altered),
        };
        (self.given, self.number, self.ended) = (0, self.number + 1, last);
        Ok(())
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.plain.len() {
            if self.ended {
                return Ok(0);
            }
            if let Err(trouble) = self.next() {
                self.trouble = Some(trouble);
                self.ended = true;
                return Err(io::Error::other("a chunk does not open"));
            }
        }
        let given = out.len().min(self.plain.len() - self.given);
        out[..given].copy_from_slice(&self.plain[self.given..self.given + given]);
        self.given += given;
        Ok(given)
    }
}

fn nonce(number: u64, last: bool) -> Nonce {
    let mut nonce = [0; 12];
    nonce[..8].copy_from_slice(&number.to_le_bytes());
    nonce[11] = u8::from(last);
    *Nonce::from_slice(&nonce)
}

fn fill(from: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < into.len() {
        match from.read(&mut into[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != N * 2 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that zstd makes no smaller.
    fn noise(length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        blake3::Hasher::new().finalize_xof().fill(&mut bytes);
        bytes
    }

    fn sealed(key: &DataKey, plain: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        shut(key, "a base", plain, &mut out).unwrap();
        out
    }

    fn opened(key: &DataKey, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut out = Vec::new();
        open(key, "a base", sealed, &mut out).map(|_| out)
    }

    #[test]
    fn what_was_shut_opens_whatever_its_length() {
        let key = DataKey::of([7; 32]);
        for length in [0, 1, CHUNK - 100, CHUNK - 13, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let plain = noise(length);
            assert_eq!(opened(&key, &sealed(&key, &plain)).unwrap(), plain, "{length}");
        }
    }

    #[test]
    fn every_flipped_bit_is_found() {
        let key = DataKey::of([7; 32]);
        let whole = sealed(&key, &noise(300));
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            assert!(opened(&key, &flipped).is_err(), "byte {at}");
        }
    }

    #[test]
    fn every_cut_is_found() {
        let key = DataKey::of([7; 32]);
        let whole = sealed(&key, &noise(2 * CHUNK + 500));
        for length in (0..whole.len()).step_by(977).chain([whole.len() - 1, 32 + CHUNK + TAG, 32 + 2 * (CHUNK + TAG)]) {
            assert!(opened(&key, &whole[..length]).is_err(), "cut at {length}");
        }
        let mut longer = whole;
        longer.push(0);
        assert!(opened(&key, &longer).is_err());
    }

    #[test]
    fn chunks_stay_in_their_places() {
        let key = DataKey::of([7; 32]);
        let whole = sealed(&key, &noise(3 * CHUNK));
        let chunk = |n: usize| 32 + n * (CHUNK + TAG)..32 + (n + 1) * (CHUNK + TAG);
        let mut swapped = whole.clone();
        swapped[chunk(0)].copy_from_slice(&whole[chunk(1)]);
        swapped[chunk(1)].copy_from_slice(&whole[chunk(0)]);
        assert!(opened(&key, &swapped).is_err());
        let mut doubled = whole.clone();
        doubled.splice(chunk(1).start..chunk(1).start, whole[chunk(0)].to_vec());
        assert!(opened(&key, &doubled).is_err());
        let mut dropped = whole.clone();
        dropped.drain(chunk(1));
        assert!(opened(&key, &dropped).is_err());
    }

    #[test]
    fn it_opens_with_its_key_and_as_what_it_is() {
        let key = DataKey::of([7; 32]);
        let whole = sealed(&key, b"orders");
        assert!(opened(&DataKey::of([8; 32]), &whole).is_err());
        assert!(open(&key, "another base", &*whole, Vec::new()).is_err());
    }
}
