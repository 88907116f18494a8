//! Kept answers as bytes on disk. Pure.
//!
//! An answer is a head and chunks of at most `CHUNK_BYTES`. The head's checksum is of the head, the answer and
//! the key they stand under, so that nothing of one answer is ever taken for another's.

use super::super::Stamp;
use super::super::policy::Tag;

/// The key of an answer: a digest of what is asked and of the role it is for.
pub type Id = [u8; 16];

/// sled keeps larger values in files of their own.
pub const CHUNK_BYTES: usize = 3 * 1024;
/// A larger answer is made again.
pub const ANSWER_BYTES_MAX: u32 = 512 * 1024;
const CHECKSUM_BYTES: usize = 16;
const HEAD_BYTES: usize = 5 * 8 + 4 + 1;

/// What is known of an answer on disk without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub stamp: Stamp,
    pub made_ms: i64,
    pub until_ms: i64,
    pub length: u32,
    pub tag: Tag,
}

impl Head {
    pub fn chunks(&self) -> u16 {
        u16::try_from((self.length as usize).div_ceil(CHUNK_BYTES)).unwrap_or(u16::MAX)
    }

    fn bytes(&self) -> [u8; HEAD_BYTES] {
        let mut bytes = [0; HEAD_BYTES];
        let Stamp { opening, entry, turn } = self.stamp;
        let numbers =
            [opening, entry, turn.cast_unsigned(), self.made_ms.cast_unsigned(), self.until_ms.cast_unsigned()];
        for (place, number) in bytes.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes[40..44].copy_from_slice(&self.length.to_le_bytes());
        bytes[44] = self.tag as u8;
        bytes
    }

    /// The head and the checksum of the whole answer.
    pub fn encode(&self, id: &Id, answer: &[u8]) -> Vec<u8> {
        let head = self.bytes();
        let mut value = head.to_vec();
        value.extend_from_slice(&checksum(id, &head, answer));
        value
    }

    /// None: these bytes are no head.
    pub fn decode(value: &[u8]) -> Option<Self> {
        if value.len() != HEAD_BYTES + CHECKSUM_BYTES {
            return None;
        }
        let number = |at: usize| Some(u64::from_le_bytes(value.get(at..at + 8)?.try_into().ok()?));
        let length = u32::from_le_bytes(value.get(40..44)?.try_into().ok()?);
        let head = Self {
            stamp: Stamp { opening: number(0)?, entry: number(8)?, turn: number(16)?.cast_signed() },
            made_ms: number(24)?.cast_signed(),
            until_ms: number(32)?.cast_signed(),
            length,
            tag: Tag::ALL.iter().copied().find(|tag| *tag as u8 == value[44])?,
        };
        (length <= ANSWER_BYTES_MAX).then_some(head)
    }
}

/// Whether the answer is the one the head was written for.
pub fn is_whole(id: &Id, head: &[u8], answer: &[u8]) -> bool {
    let Some((fields, sum)) = head.split_at_checked(HEAD_BYTES) else { return false };
    sum == checksum(id, fields, answer)
}

fn checksum(id: &Id, head: &[u8], answer: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut hasher = blake3::Hasher::new_derive_key("comanda kept answer 2026-11");
    hasher.update(id).update(head).update(answer);
    let mut sum = [0; CHECKSUM_BYTES];
    sum.copy_from_slice(&hasher.finalize().as_bytes()[..CHECKSUM_BYTES]);
    sum
}

pub fn head_key(id: &Id) -> [u8; 17] {
    let mut key = [b'h'; 17];
    key[1..].copy_from_slice(id);
    key
}

pub fn chunk_key(id: &Id, at: u16) -> [u8; 19] {
    let mut key = [b'c'; 19];
    key[1..17].copy_from_slice(id);
    key[17..].copy_from_slice(&at.to_be_bytes());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(length: u32) -> Head {
        let stamp = Stamp { opening: 7, entry: 12, turn: -3 };
        Head { stamp, made_ms: 1_000, until_ms: 61_000, length, tag: Tag::Menu }
    }

    #[test]
    fn a_head_is_read_as_it_was_written() {
        let value = head(5).encode(&[1; 16], b"[1,2]");
        assert_eq!(Head::decode(&value), Some(head(5)));
        assert!(is_whole(&[1; 16], &value, b"[1,2]"));
        assert_eq!((head(0).chunks(), head(3072).chunks(), head(3073).chunks()), (0, 1, 2));
    }

    #[test]
    fn any_bit_that_turned_is_noticed() {
        let (id, answer) = ([1; 16], b"[1,2]".to_vec());
        let value = head(5).encode(&id, &answer);
        for bit in 0..value.len() * 8 {
            let mut wrong = value.clone();
            wrong[bit / 8] ^= 1 << (bit % 8);
            assert!(!is_whole(&id, &wrong, &answer), "bit {bit} of the head");
        }
        for bit in 0..answer.len() * 8 {
            let mut wrong = answer.clone();
            wrong[bit / 8] ^= 1 << (bit % 8);
            assert!(!is_whole(&id, &value, &wrong), "bit {bit} of the answer");
        }
        assert!(!is_whole(&[2; 16], &value, &answer), "under another key");
        assert_eq!(Head::decode(&value[1..]), None);
    }
}
