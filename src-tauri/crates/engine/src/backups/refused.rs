//! Why a place did not do what it was asked, in words of whoever looks after it: what is the matter, and what to do.
//!
//! What the store itself said goes into the log, once, and to nobody else.

use std::error::Error;
use std::io;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    #[error(
        "it is not there: the disk is unplugged, or its folder was moved or emptied. Plug it in, or mount it again"
    )]
    Unplugged,
    #[error("what Comanda wrote there is gone: the folder in the bucket was moved or emptied")]
    Emptied,
    #[error("the folder it is to lie in is not there. Plug the disk in, or write a folder that exists")]
    Nowhere,
    #[error("it did not answer in time. Look after the network; it is tried again by itself")]
    Slow,
    #[error("it cannot be reached. Look after the network and its address; it is tried again by itself")]
    Away,
    #[error("its certificate is not one this computer trusts. Look after its address, or have its certificate renewed")]
    Certificate,
    #[error(
        "it does not let Comanda in. Check the access key and the secret key, and that they may read and write there"
    )]
    Denied,
    #[error("there is no bucket of this name. Check the bucket and the region, or make the bucket there")]
    NoBucket,
    #[error("this computer may not read or write there. Give Comanda the right to, or choose another folder")]
    NotAllowed,
    #[error("its disk is full. Make room on it, or let old backups go")]
    Full,
    #[error("it can be read but not written to. Take the write protection off, or choose another place")]
    ReadOnly,
    #[error("its disk fails while it is read or written. Replace that disk")]
    Failing,
    #[error("{0} is not there")]
    Missing(String),
    #[error("it did not do what it was asked; the log says what it answered. It is tried again by itself")]
    Store,
}

impl From<object_store::Error> for TargetError {
    fn from(error: object_store::Error) -> Self {
        use object_store::Error as Said;
        let text = whole(&error);
        let plain = match &error {
            Said::NotFound { path, .. } if !names(&text, NO_BUCKET) => return Self::Missing(path.clone()),
            Said::Unauthenticated { .. } => Self::Denied,
            _ => match io_of(&error) {
                Some(cause) => of_io(cause, &text),
                None => of_text(&text).unwrap_or(match error {
                    Said::PermissionDenied { .. } => Self::Denied,
                    _ => Self::Store,
                }),
            },
        };
        tracing::warn!(said = text, meant = ?plain, "a place for backups did not do what it was asked");
        plain
    }
}

impl From<io::Error> for TargetError {
    fn from(error: io::Error) -> Self {
        let plain = of_io(&error, &error.to_string().to_lowercase());
        tracing::warn!(%error, meant = ?plain, "a place for backups did not do what it was asked");
        plain
    }
}

/// The disk of this computer, as a sentence.
pub fn own_disk(error: &io::Error) -> String {
    match of_io(error, &error.to_string().to_lowercase()) {
        TargetError::Full => "the disk of this computer is full. Make room on it; it is tried again by itself".into(),
        TargetError::ReadOnly => "the disk of this computer can be read but not written to".into(),
        TargetError::NotAllowed => "Comanda may not write where its data is on this computer".into(),
        TargetError::Failing => "the disk of this computer fails while it is read or written. Replace it".into(),
        _ => error.to_string(),
    }
}

/// What SQLite says of this computer, and not of the file it was given.
pub fn of_sqlite(error: &rusqlite::Error) -> Option<io::ErrorKind> {
    use rusqlite::ErrorCode::{CannotOpen, DiskFull, OutOfMemory, PermissionDenied, ReadOnly, SystemIoFailure};
    match error.sqlite_error_code()? {
        DiskFull => Some(io::ErrorKind::StorageFull),
        ReadOnly => Some(io::ErrorKind::ReadOnlyFilesystem),
        PermissionDenied => Some(io::ErrorKind::PermissionDenied),
        OutOfMemory => Some(io::ErrorKind::OutOfMemory),
        CannotOpen | SystemIoFailure => Some(io::ErrorKind::Other),
        _ => None,
    }
}

const NO_BUCKET: &[&str] = &["nosuchbucket"];

/// What stores and networks say, and what is meant. The first that is found holds.
const MEANT: &[(&[&str], TargetError)] = &[
    (NO_BUCKET, TargetError::NoBucket),
    (&["invalidbucketname", "permanentredirect"], TargetError::NoBucket),
    (
        &["signaturedoesnotmatch", "invalidaccesskeyid", "accessdenied", "requesttimetooskewed", "401 unauthorized"],
        TargetError::Denied,
    ),
    (&["quotaexceeded", "storagefull", "insufficientstorage", "507 insufficient", "no space left"], TargetError::Full),
    (&["certificate", "unknownissuer", "tls handshake"], TargetError::Certificate),
    (&["timed out"], TargetError::Slow),
    (
        &[
            "error sending request",
            "connection refused",
            "dns error",
            "connect error",
            "connection closed",
            "unreachable",
        ],
        TargetError::Away,
    ),
];

fn names(text: &str, needles: &[&str]) -> bool {
    needles.iter().any(|needle| text.contains(needle))
}

fn of_text(text: &str) -> Option<TargetError> {
    MEANT.iter().find(|(needles, _)| names(text, needles)).map(|(_, meant)| meant.clone())
}

fn of_io(error: &io::Error, text: &str) -> TargetError {
    use io::ErrorKind::{
        ConnectionRefused, ConnectionReset, FileTooLarge, HostUnreachable, NetworkDown, NetworkUnreachable,
        PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StaleNetworkFileHandle, StorageFull, TimedOut,
    };
    /// `EIO`, which has no kind of its own.
    const EIO: i32 = 5;
    match error.kind() {
        StorageFull | QuotaExceeded | FileTooLarge => TargetError::Full,
        ReadOnlyFilesystem => TargetError::ReadOnly,
        PermissionDenied => TargetError::NotAllowed,
        TimedOut => TargetError::Slow,
        StaleNetworkFileHandle => TargetError::Unplugged,
        ConnectionRefused | ConnectionReset | HostUnreachable | NetworkDown | NetworkUnreachable => TargetError::Away,
        _ if error.raw_os_error() == Some(EIO) => TargetError::Failing,
        _ => of_text(text).unwrap_or(TargetError::Store),
    }
}

/// The error and all it came from, in small letters.
fn whole(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text.to_lowercase()
}

fn io_of<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e io::Error> {
    let mut next = error.source();
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<io::Error>() {
            return Some(found);
        }
        next = cause.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generic(said: &str) -> object_store::Error {
        object_store::Error::Generic { store: "S3", source: said.into() }
    }

    fn local(code: i32) -> object_store::Error {
        object_store::Error::Generic { store: "LocalFileSystem", source: io::Error::from_raw_os_error(code).into() }
    }

    fn path<T>(make: impl FnOnce(String) -> T) -> T {
        make("luna/comanda.json".into())
    }

    #[test]
    fn what_a_store_says_is_told_in_plain_words_and_never_as_it_was_said() {
        let refused = "Server returned non-2xx status code: 403 Forbidden: <Code>SignatureDoesNotMatch</Code>";
        let no_bucket = "404 Not Found: <Error><Code>NoSuchBucket</Code></Error>";
        let table = [
            (path(|path| object_store::Error::PermissionDenied { path, source: refused.into() }), TargetError::Denied),
            (path(|path| object_store::Error::PermissionDenied { path, source: "403".into() }), TargetError::Denied),
            (path(|path| object_store::Error::Unauthenticated { path, source: "401".into() }), TargetError::Denied),
            (generic("<Code>InvalidAccessKeyId</Code>"), TargetError::Denied),
            (path(|path| object_store::Error::NotFound { path, source: no_bucket.into() }), TargetError::NoBucket),
            (
                path(|path| object_store::Error::NotFound { path, source: "<Code>NoSuchKey</Code>".into() }),
                TargetError::Missing("luna/comanda.json".into()),
            ),
            (generic("507 Insufficient Storage"), TargetError::Full),
            (generic("<Code>QuotaExceeded</Code>"), TargetError::Full),
            (generic("error sending request for url: Connection refused (os error 111)"), TargetError::Away),
            (generic("error sending request: dns error: failed to lookup address"), TargetError::Away),
            (generic("invalid peer certificate: UnknownIssuer"), TargetError::Certificate),
            (generic("operation timed out"), TargetError::Slow),
            // Settings that are named in what is said mean nothing.
            (generic("after 2 retries, retry_timeout: 30s - HTTP error: error sending request"), TargetError::Away),
            (generic("<Code>InternalError</Code>"), TargetError::Store),
            (local(28), TargetError::Full),
            (local(122), TargetError::Full),
            (local(30), TargetError::ReadOnly),
            (local(13), TargetError::NotAllowed),
            (local(5), TargetError::Failing),
            (local(116), TargetError::Unplugged),
        ];
        for (said, meant) in table {
            let raw = said.to_string();
            let plain = TargetError::from(said);
            assert_eq!(plain, meant, "{raw}");
            let text = plain.to_string();
            let leaks = ["os error", "Generic", "Server returned", "<Code>", "status code", "non-2xx"];
            assert!(!leaks.iter().any(|leak| text.contains(leak)), "{text}");
        }
    }

    #[test]
    fn what_sqlite_says_of_this_computer_is_told_from_what_it_says_of_a_file() {
        let said = |code| rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
        use rusqlite::ffi::{SQLITE_CANTOPEN, SQLITE_CORRUPT, SQLITE_FULL, SQLITE_IOERR, SQLITE_NOTADB};
        for (code, of_here) in [
            (SQLITE_FULL, true),
            (SQLITE_IOERR, true),
            (SQLITE_CANTOPEN, true),
            (SQLITE_CORRUPT, false),
            (SQLITE_NOTADB, false),
        ] {
            assert_eq!(super::super::Failure::from(said(code)).is_of_here(), of_here, "{code}");
            let records = super::super::Failure::Records(said(code).into());
            assert_eq!(records.is_of_here(), of_here, "{code}");
        }
        assert!(super::super::Failure::from(said(SQLITE_FULL)).to_string().contains("this computer is full"));
    }

    #[test]
    fn a_full_disk_of_this_computer_is_not_called_that_of_a_place() {
        let check = |code, says: &str| {
            let text = own_disk(&io::Error::from_raw_os_error(code));
            assert!(text.contains(says) && !text.contains("os error"), "{text}");
        };
        check(28, "the disk of this computer is full");
        check(30, "not written to");
        check(13, "may not write");
        check(5, "Replace it");
    }
}
