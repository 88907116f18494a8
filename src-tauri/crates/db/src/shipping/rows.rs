//! The rows of a piece as bytes (for ever): a CBOR sequence, one array an entry,
//! `[entry, cause, seq, position, changes, state, ledger]`; ledger is null or
//! `[id, device, device_seq, actor, name, version, at_ms, request, args, outcome, answer]`.
//! A row's hash is left out: it follows from the link and the state.

use minicbor::data::Type;
use minicbor::decode::Error;
use minicbor::{Decoder, Encoder};
use uuid::Uuid;

use super::Unit;
use crate::command::Outcome;
use crate::records::{Cause, JournalRow, LedgerRow};

type Never = minicbor::encode::Error<core::convert::Infallible>;

pub(super) fn put(out: &mut Vec<u8>, row: &JournalRow, ledger: Option<&LedgerRow>) {
    let mut out = Encoder::new(out);
    let written: Result<(), Never> = (|| {
        out.array(7)?.u64(row.entry)?.u8(row.cause.code())?.u64(row.seq)?;
        number(&mut out, row.position)?;
        out.bytes(&row.changes)?;
        match &row.state {
            Some(state) => out.bytes(state)?,
            None => out.null()?,
        };
        let Some(ledger) = ledger else {
            out.null()?;
            return Ok(());
        };
        out.array(11)?.bytes(ledger.id.as_bytes())?.bytes(ledger.device.as_bytes())?;
        number(&mut out, ledger.device_seq)?;
        out.bytes(ledger.actor.as_bytes())?.str(&ledger.name)?.u16(ledger.version)?.i64(ledger.at_ms)?;
        out.bytes(&ledger.request)?.bytes(&ledger.args)?.u8(ledger.outcome.code())?.bytes(&ledger.answer)?;
        Ok(())
    })();
    debug_assert!(written.is_ok(), "writing into memory cannot fail");
}

fn number<W>(out: &mut Encoder<W>, number: Option<u64>) -> Result<(), Never>
where
    W: minicbor::encode::Write<Error = core::convert::Infallible>,
{
    match number {
        Some(number) => out.u64(number)?,
        None => out.null()?,
    };
    Ok(())
}

pub(super) fn units(bytes: &[u8]) -> Result<Vec<Unit>, Error> {
    let mut decoder = Decoder::new(bytes);
    let mut units = Vec::new();
    while decoder.position() < bytes.len() {
        units.push(unit(&mut decoder)?);
    }
    Ok(units)
}

fn unit(decoder: &mut Decoder<'_>) -> Result<Unit, Error> {
    sized(decoder, 7)?;
    let (entry, cause, seq) = (decoder.u64()?, decoder.u8()?, decoder.u64()?);
    let row = JournalRow {
        entry,
        cause: Cause::from_code(cause).ok_or_else(|| Error::message("no such cause"))?,
        seq,
        position: optional(decoder, Decoder::u64)?,
        changes: decoder.bytes()?.to_vec(),
        state: optional(decoder, fixed::<16>)?,
        hash: None,
    };
    let position = row.position;
    let ledger = optional(decoder, |decoder| {
        sized(decoder, 11)?;
        Ok(LedgerRow {
            seq,
            id: Uuid::from_bytes(fixed(decoder)?),
            device: Uuid::from_bytes(fixed(decoder)?),
            device_seq: optional(decoder, Decoder::u64)?,
            actor: Uuid::from_bytes(fixed(decoder)?),
            name: decoder.str()?.to_owned(),
            version: decoder.u16()?,
            at_ms: decoder.i64()?,
            request: fixed(decoder)?,
            args: decoder.bytes()?.to_vec(),
            outcome: Outcome::from_code(decoder.u8()?),
            answer: decoder.bytes()?.to_vec(),
            entry,
            position,
        })
    })?;
    Ok((row, ledger))
}

fn sized(decoder: &mut Decoder<'_>, size: u64) -> Result<(), Error> {
    if decoder.array()? == Some(size) { Ok(()) } else { Err(Error::message("a row of another size")) }
}

fn fixed<const N: usize>(decoder: &mut Decoder<'_>) -> Result<[u8; N], Error> {
    decoder.bytes()?.try_into().map_err(|_| Error::message("bytes of another length"))
}

fn optional<'b, T>(
    decoder: &mut Decoder<'b>,
    read: impl FnOnce(&mut Decoder<'b>) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    if decoder.datatype()? == Type::Null {
        decoder.null()?;
        return Ok(None);
    }
    read(decoder).map(Some)
}
