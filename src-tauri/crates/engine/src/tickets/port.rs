//! Sending a ticket to a printer on the network: plain text over TCP, as printers take it on port 9100.
//!
//! Such a printer answers nothing, so what counts is how the connection ends. All bytes handed over,
//! our side closed, and the printer closing after it: printed. Trouble before the first byte: surely
//! not. Anything in between: nobody knows.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::model::{Sent, Trouble};

/// Until somebody answers.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(3);
/// From the first byte until the printer has hung up.
const SEND_TIME_MAX: Duration = Duration::from_secs(5);

/// Sends `bytes` to a printer. Takes ten seconds at the most.
pub async fn send(host: &str, port: u16, bytes: &[u8]) -> Sent {
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
