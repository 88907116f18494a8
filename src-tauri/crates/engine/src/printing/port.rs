//! Sending bytes to a printer: over TCP, as printers take it on port 9100, or to its device file.
//!
//! Such a printer answers nothing, so what counts is how the sending ends. All bytes handed over,
//! our side closed, and the printer closing after it: printed. Trouble before the first byte: surely
//! not. Anything in between: nobody knows.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::model::{Address, Sent, Trouble};

/// Until somebody answers.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(3);
/// From the first byte until the printer has hung up.
const SEND_TIME_MAX: Duration = Duration::from_secs(5);

/// Sends `bytes` to a printer. Takes ten seconds at the most.
pub async fn send(to: &Address, bytes: Vec<u8>) -> Sent {
    match to {
        Address::Network { host, port } => over_network(host, *port, &bytes).await,
        Address::Device(path) => to_device(path, bytes).await,
    }
}

async fn over_network(host: &str, port: u16, bytes: &[u8]) -> Sent {
    let stream = match timeout(CONNECT_TIME_MAX, connect(host, port)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(trouble)) => return Sent::NotSent(trouble),
        Err(_) => return Sent::NotSent(Trouble::Unreachable),
    };
    match timeout(SEND_TIME_MAX, hand_over(stream, bytes)).await {
        Ok(Ok(())) => Sent::Printed,
        Ok(Err(error)) => {
            tracing::debug!(%error, "a printer hung up");
            Sent::Unsure(Trouble::CutOff)
        }
        Err(_) => Sent::Unsure(Trouble::Slow),
    }
}

async fn connect(host: &str, port: u16) -> Result<TcpStream, Trouble> {
    let mut trouble = Trouble::NoSuchHost;
    for address in lookup_host((host, port)).await.map_err(|_| Trouble::NoSuchHost)? {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => trouble = Trouble::Refused,
            Err(_) => trouble = Trouble::Unreachable,
        }
    }
    Err(trouble)
}

/// Everything, then our end of the line, then theirs.
async fn hand_over(mut stream: TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    stream.write_all(bytes).await?;
    stream.shutdown().await?;
    let mut said = [0; 256];
    while stream.read(&mut said).await? > 0 {}
    Ok(())
}

/// What a device file took is as good as printed: nothing says more.
#[cfg(unix)]
async fn to_device(path: &str, bytes: Vec<u8>) -> Sent {
    use std::fs::OpenOptions;
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;

    use rustix::fs::{OFlags, fcntl_setfl};

    // Without waiting: a cable that is out would keep the thread for ever.
    let waits_not = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let mut file = match OpenOptions::new().write(true).custom_flags(waits_not).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::PermissionDenied => return Sent::NotSent(Trouble::Refused),
        Err(error) if error.kind() == ErrorKind::NotFound => return Sent::NotSent(Trouble::NoSuchHost),
        Err(_) => return Sent::NotSent(Trouble::Unreachable),
    };
    let written = tokio::task::spawn_blocking(move || {
        fcntl_setfl(&file, OFlags::empty())?;
        file.write_all(&bytes)
    });
    match timeout(SEND_TIME_MAX, written).await {
        Ok(Ok(Ok(()))) => Sent::Printed,
        Ok(_) => Sent::Unsure(Trouble::CutOff),
        Err(_) => Sent::Unsure(Trouble::Slow),
    }
}

#[cfg(not(unix))]
async fn to_device(_: &str, _: Vec<u8>) -> Sent {
    Sent::NotSent(Trouble::NoSuchHost)
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::process::Command;

    use super::*;

    /// A pipe stands where the kernel's file for a printer would: it is opened, written and unplugged the same way.
    #[cfg(unix)]
    #[tokio::test]
    async fn a_device_file_takes_the_bytes_or_says_why_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lp0");
        let name = path.to_str().unwrap().to_owned();
        assert_eq!(to_device(&name, vec![1]).await, Sent::NotSent(Trouble::NoSuchHost));
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        assert_eq!(to_device(&name, vec![1]).await, Sent::NotSent(Trouble::Unreachable), "nobody reads");
        let reader = std::thread::spawn(move || {
            let mut read = Vec::new();
            std::fs::File::open(path).unwrap().read_to_end(&mut read).unwrap();
            read
        });
        let mut sent = Sent::NotSent(Trouble::Unreachable);
        while sent == Sent::NotSent(Trouble::Unreachable) {
            sent = to_device(&name, b"Bill".to_vec()).await;
        }
        assert_eq!(sent, Sent::Printed);
        assert_eq!(reader.join().unwrap(), b"Bill");
    }
}
