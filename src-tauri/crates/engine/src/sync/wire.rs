//! What travels between a device and the sequencer: CBOR (RFC 8949), made small with zstd.
//!
//! Each body begins with the number of this form. Decoding believes nothing: what is longer than allowed, of another
//! form or cut short is no body.

use std::io::Read;

use comanda_db::Outcome;
use comanda_db::rebase::{Page, Placed, Placement, Pushed};
use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use uuid::Uuid;

/// Of this form.
const FORM: u8 = 1;
/// Commands of a batch or a page.
pub const COMMANDS_MAX: usize = 200;
/// A body as it travels, and unpacked: one import may be large.
pub const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;
const RAW_BYTES_MAX: u64 = 64 * 1024 * 1024;
const LEVEL: i32 = 3;

/// Commands on their way up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub epoch: u64,
    pub schema: u64,
    pub commands: Vec<Pushed>,
}

/// The bytes are no body of ours.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

impl From<minicbor::decode::Error> for Unreadable {
    fn from(error: minicbor::decode::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<std::io::Error> for Unreadable {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

type Out = Encoder<Vec<u8>>;
type Wrote = Result<(), minicbor::encode::Error<std::convert::Infallible>>;
type In<'b> = Decoder<'b>;

pub fn batch(batch: &Batch) -> Result<Vec<u8>, Unreadable> {
    packed(|out| {
        out.array(4)?.u8(FORM)?.u64(batch.epoch)?.u64(batch.schema)?;
        out.array(batch.commands.len() as u64)?;
        batch.commands.iter().try_for_each(|command| put_pushed(out, command))
    })
}

pub fn read_batch(body: &[u8]) -> Result<Batch, Unreadable> {
    let raw = unpacked(body)?;
    let mut from = begun(&raw, 4)?;
    let (epoch, schema) = (from.u64()?, from.u64()?);
    let commands = list(&mut from, pushed)?;
    ended(&from, &raw)?;
    Ok(Batch { epoch, schema, commands })
}

pub fn placements(all: &[Placement]) -> Result<Vec<u8>, Unreadable> {
    packed(|out| {
        out.array(2)?.u8(FORM)?.array(all.len() as u64)?;
        for one in all {
            out.array(4)?.u64(one.device_seq)?.u64(one.position)?;
            out.bool(one.outcome == Outcome::Done)?.bytes(&one.answer)?;
        }
        Ok(())
    })
}

pub fn read_placements(body: &[u8]) -> Result<Vec<Placement>, Unreadable> {
    let raw = unpacked(body)?;
    let mut from = begun(&raw, 2)?;
    let all = list(&mut from, |from| {
        parts(from, 4)?;
        let (device_seq, position) = (from.u64()?, from.u64()?);
        Ok(Placement { device_seq, position, outcome: outcome(from)?, answer: from.bytes()?.to_vec() })
    })?;
    ended(&from, &raw)?;
    Ok(all)
}

/// A page, and the epoch it is of.
pub fn page(epoch: u64, page: &Page) -> Result<Vec<u8>, Unreadable> {
    packed(|out| {
        out.array(6)?.u8(FORM)?.u64(epoch)?.u64(page.after)?.u64(page.next)?.bool(page.more)?;
        out.array(page.placed.len() as u64)?;
        page.placed.iter().try_for_each(|placed| {
            out.array(6)?.u64(placed.position)?;
            put_pushed(out, &placed.command)?;
            out.bool(placed.outcome == Outcome::Done)?.bytes(&placed.answer)?.bytes(&placed.changes)?;
            put_state(out, placed)
        })
    })
}

pub fn read_page(body: &[u8]) -> Result<(u64, Page), Unreadable> {
    let raw = unpacked(body)?;
    let mut from = begun(&raw, 6)?;
    let (epoch, after, next, more) = (from.u64()?, from.u64()?, from.u64()?, from.bool()?);
    let placed = list(&mut from, |from| {
        parts(from, 6)?;
        let position = from.u64()?;
        let command = pushed(from)?;
        let (outcome, answer, changes) = (outcome(from)?, from.bytes()?.to_vec(), from.bytes()?.to_vec());
        let state = state(from)?;
        Ok(Placed { position, command, outcome, answer, changes, state })
    })?;
    ended(&from, &raw)?;
    Ok((epoch, Page { after, next, placed, more }))
}

/// What was asked and answered, by itself and not made small: a row of the ledger.
pub fn asked(placed: &Placed) -> Result<Vec<u8>, Unreadable> {
    plain(|out| {
        out.array(3)?;
        put_pushed(out, &placed.command)?;
        out.bool(placed.outcome == Outcome::Done)?.bytes(&placed.answer)?;
        Ok(())
    })
}

/// What it changed, and the state after it.
pub fn changed(placed: &Placed) -> Result<Vec<u8>, Unreadable> {
    plain(|out| {
        out.array(2)?.bytes(&placed.changes)?;
        put_state(out, placed)
    })
}

/// Both put together again.
pub fn read_placed(position: u64, asked: &[u8], changed: &[u8]) -> Result<Placed, Unreadable> {
    let (mut from, mut of) = (Decoder::new(asked), Decoder::new(changed));
    parts(&mut from, 3)?;
    let command = pushed(&mut from)?;
    let (outcome, answer) = (outcome(&mut from)?, from.bytes()?.to_vec());
    parts(&mut of, 2)?;
    let (changes, state) = (of.bytes()?.to_vec(), state(&mut of)?);
    ended(&from, asked)?;
    ended(&of, changed)?;
    Ok(Placed { position, command, outcome, answer, changes, state })
}

fn put_state(out: &mut Out, placed: &Placed) -> Wrote {
    match &placed.state {
        Some(state) => out.bytes(state)?,
        None => out.null()?,
    };
    Ok(())
}

fn state(from: &mut In<'_>) -> Result<Option<[u8; 16]>, Unreadable> {
    if from.datatype()? == Type::Null {
        from.null()?;
        return Ok(None);
    }
    Ok(Some(exactly(from.bytes()?)?))
}

fn put_pushed(out: &mut Out, one: &Pushed) -> Wrote {
    out.array(9)?.bytes(one.device.as_bytes())?.u64(one.device_seq)?.bytes(one.id.as_bytes())?;
    out.bytes(one.actor.as_bytes())?.str(&one.name)?.u16(one.version)?.i64(one.at_ms)?;
    out.bytes(&one.request)?.bytes(&one.args)?;
    Ok(())
}

fn pushed(from: &mut In<'_>) -> Result<Pushed, Unreadable> {
    parts(from, 9)?;
    Ok(Pushed {
        device: id(from)?,
        device_seq: from.u64()?,
        id: id(from)?,
        actor: id(from)?,
        name: from.str()?.to_owned(),
        version: from.u16()?,
        at_ms: from.i64()?,
        request: exactly(from.bytes()?)?,
        args: from.bytes()?.to_vec(),
    })
}

fn id(from: &mut In<'_>) -> Result<Uuid, Unreadable> {
    Ok(Uuid::from_bytes(exactly(from.bytes()?)?))
}

fn outcome(from: &mut In<'_>) -> Result<Outcome, Unreadable> {
    Ok(if from.bool()? { Outcome::Done } else { Outcome::Refused })
}

fn exactly<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Unreadable> {
    bytes.try_into().map_err(|_| Unreadable(format!("{N} bytes were to come, and {} did", bytes.len())))
}

fn parts(from: &mut In<'_>, count: u64) -> Result<(), Unreadable> {
    if from.array()? == Some(count) { Ok(()) } else { Err(Unreadable(format!("{count} parts were to come"))) }
}

fn list<T>(from: &mut In<'_>, mut one: impl FnMut(&mut In<'_>) -> Result<T, Unreadable>) -> Result<Vec<T>, Unreadable> {
    let count = from.array()?.and_then(|count| usize::try_from(count).ok()).filter(|count| *count <= COMMANDS_MAX);
    let count = count.ok_or_else(|| Unreadable(format!("more than {COMMANDS_MAX} at once")))?;
    (0..count).map(|_| one(from)).collect()
}

fn packed(write: impl FnOnce(&mut Out) -> Wrote) -> Result<Vec<u8>, Unreadable> {
    Ok(zstd::bulk::compress(&plain(write)?, LEVEL)?)
}

fn plain(write: impl FnOnce(&mut Out) -> Wrote) -> Result<Vec<u8>, Unreadable> {
    let mut out = Encoder::new(Vec::new());
    write(&mut out).map_err(|error| Unreadable(error.to_string()))?;
    Ok(out.into_writer())
}

fn unpacked(body: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut raw = Vec::new();
    zstd::stream::read::Decoder::new(body)?.take(RAW_BYTES_MAX + 1).read_to_end(&mut raw)?;
    if raw.len() as u64 > RAW_BYTES_MAX { Err(Unreadable("it is too large".into())) } else { Ok(raw) }
}

fn begun(raw: &[u8], count: u64) -> Result<In<'_>, Unreadable> {
    let mut from = Decoder::new(raw);
    parts(&mut from, count)?;
    if from.u8()? == FORM { Ok(from) } else { Err(Unreadable("it is of another form".into())) }
}

fn ended(from: &In<'_>, raw: &[u8]) -> Result<(), Unreadable> {
    if from.position() == raw.len() { Ok(()) } else { Err(Unreadable("something follows it".into())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Batch {
        let command = Pushed {
            device: Uuid::from_u128(1),
            device_seq: 7,
            id: Uuid::from_u128(2),
            actor: Uuid::from_u128(3),
            name: "open_order".into(),
            version: 1,
            at_ms: -5,
            request: [9; 8],
            args: b"{}".to_vec(),
        };
        Batch { epoch: 3, schema: 1, commands: vec![command; 3] }
    }

    #[test]
    fn a_batch_and_a_page_come_out_as_they_went_in() {
        let batch = some();
        assert_eq!(read_batch(&super::batch(&batch).unwrap()).unwrap(), batch);
        let placed = Placed {
            position: 4,
            command: batch.commands[0].clone(),
            outcome: Outcome::Refused,
            answer: b"null".to_vec(),
            changes: vec![1, 2],
            state: Some([7; 16]),
        };
        let whole =
            Page { after: 2, next: 9, placed: vec![placed.clone(), Placed { state: None, ..placed }], more: true };
        assert_eq!(read_page(&page(3, &whole).unwrap()).unwrap(), (3, whole));
        let placed = Placement { device_seq: 1, position: 2, outcome: Outcome::Done, answer: b"1".to_vec() };
        assert_eq!(read_placements(&placements(std::slice::from_ref(&placed)).unwrap()).unwrap(), [placed]);
    }

    #[test]
    fn what_is_cut_altered_or_swollen_is_no_body() {
        let good = batch(&some()).unwrap();
        assert!(read_batch(b"").is_err() && read_batch(b"garbage").is_err());
        let raw = unpacked(&good).unwrap();
        for length in 0..raw.len() {
            let cut = zstd::bulk::compress(&raw[..length], 1).unwrap();
            assert!(read_batch(&cut).is_err(), "cut at {length}");
        }
        let longer = zstd::bulk::compress(&[&raw[..], &[0]].concat(), 1).unwrap();
        assert!(read_batch(&longer).is_err());
        let swollen = zstd::bulk::compress(&vec![0; RAW_BYTES_MAX as usize + 2], 1).unwrap();
        assert!(swollen.len() < 100_000 && unpacked(&swollen).is_err());
    }
}
