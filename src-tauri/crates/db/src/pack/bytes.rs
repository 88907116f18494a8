//! Numbers, bits and compressed sections: the bytes a block is made of.

/// A block from the disk may not unpack to more than this.
const SECTION_MAX_BYTES: usize = 256 << 20;
const LEVEL: i32 = 19;

/// The bytes are no block.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Corrupt(pub &'static str);

/// Seven bits a byte, the lowest first.
pub fn put(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

pub fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Small numbers of either sign as small numbers.
pub const fn zigzag(number: i64) -> u64 {
    (number << 1 ^ number >> 63) as u64
}

pub const fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// Reads what the functions above wrote.
pub struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    pub const fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    pub fn number(&mut self) -> Result<u64, Corrupt> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Corrupt("a number without an end"))
    }

    /// A count of things that take at least one byte each: it must not decide how much is set aside.
    pub fn count(&mut self) -> Result<usize, Corrupt> {
        usize::try_from(self.number()?).map_err(|_| Corrupt("a count beyond all measure"))
    }

    pub fn byte(&mut self) -> Result<u8, Corrupt> {
        let (first, rest) = self.rest.split_first().ok_or(Corrupt("it ends too early"))?;
        self.rest = rest;
        Ok(*first)
    }

    pub fn take(&mut self, length: usize) -> Result<&'b [u8], Corrupt> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Corrupt("it ends too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub fn bytes(&mut self) -> Result<&'b [u8], Corrupt> {
        let length = self.count()?;
        self.take(length)
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Corrupt> {
        self.take(N)?.try_into().map_err(|_| Corrupt("it ends too early"))
    }

    pub const fn rest(&self) -> &'b [u8] {
        self.rest
    }

    pub const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }
}

/// Writes bytes in the shortest of three ways: as they are, as one byte repeated, or through zstd.
pub fn put_section(out: &mut Vec<u8>, bytes: &[u8]) {
    if let Some((first, rest)) = bytes.split_first()
        && rest.iter().all(|byte| byte == first)
    {
        out.push(2);
        put(out, bytes.len() as u64);
        out.push(*first);
        return;
    }
    match zstd::bulk::compress(bytes, LEVEL) {
        Ok(packed) if packed.len() < bytes.len() => {
            out.push(1);
            put_bytes(out, &packed);
        }
        _ => {
            out.push(0);
            put_bytes(out, bytes);
        }
    }
}

pub fn section(input: &mut Reader<'_>) -> Result<Vec<u8>, Corrupt> {
    match input.byte()? {
        0 => Ok(input.bytes()?.to_vec()),
        1 => {
            zstd::bulk::decompress(input.bytes()?, SECTION_MAX_BYTES).map_err(|_| Corrupt("a section zstd cannot read"))
        }
        2 => {
            let length = input.count()?;
            if length > SECTION_MAX_BYTES {
                return Err(Corrupt("a section beyond all measure"));
            }
            Ok(vec![input.byte()?; length])
        }
        _ => Err(Corrupt("a section of an unknown kind")),
    }
}

/// Bits, the highest first: for what no method makes smaller.
#[derive(Default)]
pub struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    /// Appends the lowest `count` bits.
    pub fn put(&mut self, value: u128, count: u32) {
        let mut left = count;
        while left > 0 {
            if self.used == 0 {
                self.bytes.push(0);
            }
            let room = 8 - self.used;
            let now = room.min(left);
            let part = (value >> (left - now)) as u8 & (0xff_u16 >> (8 - now)) as u8;
            if let Some(last) = self.bytes.last_mut() {
                *last |= part << (room - now);
            }
            self.used = (self.used + now) % 8;
            left -= now;
        }
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

pub struct BitReader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> BitReader<'b> {
    pub const fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub fn take(&mut self, count: u32) -> Result<u128, Corrupt> {
        let mut value = 0u128;
        let mut left = count;
        while left > 0 {
            let byte = *self.bytes.get(self.at / 8).ok_or(Corrupt("it ends too early"))?;
            let room = 8 - (self.at % 8) as u32;
            let now = room.min(left);
            let part = (byte >> (room - now)) & (0xff_u16 >> (8 - now)) as u8;
            value = value << now | u128::from(part);
            self.at += now as usize;
            left -= now;
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_size_and_sign_read_back() {
        for number in [0, 1, -1, 63, 64, -65, 1_795_246_332_801, i64::MAX, i64::MIN] {
            let mut bytes = Vec::new();
            put(&mut bytes, zigzag(number));
            assert_eq!(unzigzag(Reader::new(&bytes).number().unwrap()), number);
        }
        assert!(Reader::new(&[0xff; 12]).number().is_err());
    }

    #[test]
    fn bits_of_any_width_read_back() {
        let written: Vec<(u128, u32)> = (1..=128).map(|width| ((u128::MAX / 3) >> (128 - width), width)).collect();
        let mut bits = Bits::default();
        for (value, width) in &written {
            bits.put(*value, *width);
        }
        let bytes = bits.into_bytes();
        let mut input = BitReader::new(&bytes);
        for (value, width) in written {
            assert_eq!(input.take(width).unwrap(), value, "{width} bits");
        }
        assert!(input.take(8).is_err());
    }

    #[test]
    fn a_section_reads_back_whichever_way_it_was_written() {
        for bytes in [vec![], vec![7], vec![0; 5000], b"abcabc".repeat(500), (0..=255).collect()] {
            let mut out = Vec::new();
            put_section(&mut out, &bytes);
            assert_eq!(section(&mut Reader::new(&out)).unwrap(), bytes);
        }
    }
}
