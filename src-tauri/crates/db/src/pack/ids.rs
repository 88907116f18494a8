//! The ids of a block: each once, by what it has in common with the one before.
//!
//! Of a UUID of version 7 only the clock's step and the chance bits are kept. Made in one process within a
//! millisecond, two differ in a counter and the last 32 bits; a thing's parts may count up from its own id.

use super::bytes::{BitReader, Bits, Corrupt, Reader, put, put_section, section, unzigzag, zigzag};

pub type Id = [u8; 16];

/// Largest step that has a code of its own.
const STEPS: u64 = 32;
const RAW: u64 = 0;
const CLOCK: u64 = 1;

/// Version 7 taken apart: milliseconds, 42 bits that count within a process, 32 bits of chance.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Timed {
    ms: u64,
    counter: u64,
    chance: u32,
}

const fn timed(id: Id) -> Option<Timed> {
    let n = u128::from_be_bytes(id);
    if n >> 76 & 0xf != 7 || n >> 62 & 0b11 != 0b10 {
        return None;
    }
    let counter = (n >> 64 & 0xfff) << 30 | n >> 32 & 0x3fff_ffff;
    Some(Timed { ms: (n >> 80) as u64, counter: counter as u64, chance: n as u32 })
}

const fn whole(parts: Timed) -> Id {
    let counter = parts.counter as u128;
    let high = (parts.ms as u128) << 80 | 7 << 76 | (counter >> 30 & 0xfff) << 64;
    (high | 0b10 << 62 | (counter & 0x3fff_ffff) << 32 | parts.chance as u128).to_be_bytes()
}

/// When an id of version 7 was minted, by the clock of whoever minted it.
pub fn minted_ms(id: Id) -> Option<i64> {
    timed(id).map(|parts| parts.ms as i64)
}

pub fn write(ids: &[Id]) -> Vec<u8> {
    let (mut codes, mut chance) = (Vec::new(), Bits::default());
    let (mut before, mut clock) = (0u128, Timed { ms: 0, counter: 0, chance: 0 });
    for id in ids {
        let number = u128::from_be_bytes(*id);
        let step = number.wrapping_sub(before);
        let parts = timed(*id);
        match parts {
            _ if (1..=u128::from(STEPS)).contains(&step) => put(&mut codes, CLOCK + step as u64),
            Some(parts) if parts.ms == clock.ms && (1..=STEPS).contains(&parts.counter.wrapping_sub(clock.counter)) => {
                put(&mut codes, CLOCK + STEPS + (parts.counter - clock.counter));
                chance.put(u128::from(parts.chance), 32);
            }
            Some(parts) => {
                put(&mut codes, CLOCK);
                put(&mut codes, zigzag(parts.ms.wrapping_sub(clock.ms) as i64));
                chance.put(u128::from(parts.counter) << 32 | u128::from(parts.chance), 74);
            }
            None => {
                put(&mut codes, RAW);
                chance.put(number, 128);
            }
        }
        before = number;
        clock = parts.unwrap_or(clock);
    }
    let mut out = Vec::new();
    put(&mut out, ids.len() as u64);
    put_section(&mut out, &codes);
    out.extend_from_slice(&chance.into_bytes());
    out
}

pub fn read(bytes: &[u8]) -> Result<Vec<Id>, Corrupt> {
    let mut input = Reader::new(bytes);
    let count = input.count()?;
    let codes = section(&mut input)?;
    let (mut codes, mut chance) = (Reader::new(&codes), BitReader::new(input.rest()));
    let mut ids = Vec::new();
    let (mut before, mut clock) = (0u128, Timed { ms: 0, counter: 0, chance: 0 });
    for _ in 0..count {
        let code = codes.number()?;
        let id = match code {
            RAW => chance.take(128)?.to_be_bytes(),
            CLOCK => {
                let ms = clock.ms.wrapping_add(unzigzag(codes.number()?) as u64) & 0xffff_ffff_ffff;
                let random = chance.take(74)?;
                whole(Timed { ms, counter: (random >> 32) as u64, chance: random as u32 })
            }
            _ if code <= CLOCK + STEPS => before.wrapping_add(u128::from(code - CLOCK)).to_be_bytes(),
            _ if code <= CLOCK + 2 * STEPS => {
                let counter = clock.counter.wrapping_add(code - CLOCK - STEPS);
                whole(Timed { counter, chance: chance.take(32)? as u32, ..clock })
            }
            _ => return Err(Corrupt("an id of an unknown kind")),
        };
        before = u128::from_be_bytes(id);
        clock = timed(id).unwrap_or(clock);
        ids.push(id);
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn ids_of_every_kind_read_back() {
        let mut ids: Vec<Id> = (0..100).map(|_| *Uuid::now_v7().as_bytes()).collect();
        for n in 0..20u128 {
            let made = u128::from_be_bytes(ids[5]);
            ids.push(made.wrapping_add(n * 7).to_be_bytes());
            ids.push(*blake3::hash(&n.to_le_bytes()).as_bytes().first_chunk().unwrap());
        }
        ids.extend([[0; 16], [0xff; 16], *Uuid::max().as_bytes()]);
        ids.reverse();
        assert_eq!(read(&write(&ids)).unwrap(), ids);
    }

    #[test]
    fn an_id_of_version_7_costs_its_chance_and_little_more() {
        let ids: Vec<Id> = (0..1000u64)
            .map(|n| {
                let noise = u64::from_le_bytes(*blake3::hash(&n.to_le_bytes()).as_bytes().first_chunk().unwrap());
                whole(Timed {
                    ms: 1_795_246_000_000 + n * 20_000 + noise % 999,
                    counter: noise >> 22,
                    chance: noise as u32,
                })
            })
            .collect();
        assert!(write(&ids).len() < 12_500, "{}", write(&ids).len());
    }
}
