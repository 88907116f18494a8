//! Somebody who is told of events: a Socket.IO client on a WebSocket, as a screen is one.
//!
//! Of Socket.IO only what a listener needs: the opening, who one is, the events, and an answer to each ping.
//! <https://socket.io/docs/v4/engine-io-protocol/>, <https://socket.io/docs/v4/socket-io-protocol/>.

use std::time::Duration;

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use hyper::header::{CONNECTION, HOST, HeaderMap, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use serde::Deserialize;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::handshake::client::{Request, generate_key};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::tally::ErrorKind;
use crate::wire::{BODY_BYTES_MAX, Broken, Dial, Pipe};

trait Both: AsyncRead + AsyncWrite + Unpin {}
impl<T: AsyncRead + AsyncWrite + Unpin> Both for T {}

/// Who is let in.
pub struct Listener {
    socket: WebSocketStream<Box<dyn Both>>,
    /// Nothing for so long, no ping either: the target is gone.
    silence_max: Duration,
}

/// What an opening says, in milliseconds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Opening {
    ping_interval: u64,
    ping_timeout: u64,
}

/// One packet, as far as a listener looks into it.
enum Packet {
    Opened(Opening),
    LetIn,
    Refused(String),
    Event(Value),
    Ended,
    Other,
}

impl Listener {
    /// Connects and says who it is; returns when it is let in.
    pub async fn connect(dial: &Dial, path: &[u8], headers: HeaderMap, auth: Bytes) -> Result<Self, Broken> {
        let pipe: Box<dyn Both> = match dial.open().await? {
            Pipe::Plain(stream) => Box::new(stream),
            Pipe::Secured(stream) => Box::new(stream),
        };
        let config = WebSocketConfig::default().max_message_size(Some(BODY_BYTES_MAX));
        let request = upgrade(dial, path, headers)?;
        let (socket, _) = client_async_with_config(request, pipe, Some(config)).await.map_err(broken)?;
        let mut listener = Self { socket, silence_max: Duration::MAX };
        loop {
            match listener.packet().await? {
                Packet::Opened(opening) => {
                    listener.silence_max = Duration::from_millis(opening.ping_interval + opening.ping_timeout);
                    let mut hello = b"40".to_vec();
                    if auth.as_ref() != b"null" {
                        hello.extend_from_slice(&auth);
                    }
                    let hello = String::from_utf8(hello).unwrap_or_default();
                    listener.socket.send(Message::text(hello)).await.map_err(broken)?;
                }
                Packet::LetIn => return Ok(listener),
                Packet::Refused(why) => {
                    return Err(Broken::new(ErrorKind::Check, format!("It was not let in: {why}.")));
                }
                Packet::Ended => return Err(ended()),
                Packet::Event(_) | Packet::Other => {}
            }
        }
    }

    /// The next event, or none when the time is over.
    pub async fn event(&mut self, until: Instant) -> Result<Option<Value>, Broken> {
        loop {
            let patience = self.silence_max.min(until.saturating_duration_since(Instant::now()));
            match timeout(patience, self.packet()).await {
                Err(_) if Instant::now() >= until => return Ok(None),
                Err(_) => {
                    let text = format!("Nothing came for {} s, no ping either.", patience.as_secs());
                    return Err(Broken::new(ErrorKind::Timeout, text));
                }
                Ok(packet) => match packet? {
                    Packet::Event(says) => return Ok(Some(says)),
                    Packet::Ended => return Err(ended()),
                    _ => {}
                },
            }
        }
    }

    pub async fn leave(mut self) {
        drop(self.socket.send(Message::text("41")).await);
        drop(self.socket.close(None).await);
    }

    async fn packet(&mut self) -> Result<Packet, Broken> {
        let message = self.socket.next().await.ok_or_else(ended)?.map_err(broken)?;
        if message.is_close() {
            return Err(ended());
        }
        let Message::Text(text) = message else { return Ok(Packet::Other) };
        if text.as_str() == "2" {
            self.socket.send(Message::text("3")).await.map_err(broken)?;
        }
        Ok(read(text.as_str()))
    }
}

fn read(text: &str) -> Packet {
    let json = |rest: &str| serde_json::from_str::<Value>(rest).unwrap_or_default();
    if let Some(rest) = text.strip_prefix("42") {
        // Its name, then what it says.
        return Packet::Event(json(rest).get_mut(1).map(Value::take).unwrap_or_default());
    }
    if let Some(rest) = text.strip_prefix("44") {
        let why = json(rest)["message"].as_str().unwrap_or("no reason was said").to_owned();
        return Packet::Refused(why.chars().filter(|c| !c.is_control()).take(200).collect());
    }
    match text.get(..2) {
        Some("40") => Packet::LetIn,
        Some("41") => Packet::Ended,
        _ if text == "1" => Packet::Ended,
        _ => text
            .strip_prefix('0')
            .and_then(|rest| serde_json::from_str(rest).ok())
            .map_or(Packet::Other, Packet::Opened),
    }
}

fn upgrade(dial: &Dial, path: &[u8], headers: HeaderMap) -> Result<Request, Broken> {
    let wrong = || Broken::new(ErrorKind::Check, "The path cannot be sent as it was filled in.");
    let path = std::str::from_utf8(path).map_err(|_| wrong())?;
    let join = if path.contains('?') { '&' } else { '?' };
    let scheme = if dial.target.is_tls { "wss" } else { "ws" };
    let authority = dial.target.authority();
    let uri = format!("{scheme}://{authority}{path}{join}EIO=4&transport=websocket");
    let request = Request::builder().uri(uri).header(HOST, authority).header(CONNECTION, "Upgrade");
    let request = request.header(UPGRADE, "websocket").header(SEC_WEBSOCKET_VERSION, "13");
    let mut request = request.header(SEC_WEBSOCKET_KEY, generate_key()).body(()).map_err(|_| wrong())?;
    request.headers_mut().extend(headers);
    Ok(request)
}

fn ended() -> Broken {
    Broken::new(ErrorKind::Reset, "The connection ended before the listener left.")
}

fn broken(error: Error) -> Broken {
    match error {
        Error::Http(answer) => {
            let text = format!("It answered {} to who wanted to listen.", answer.status().as_u16());
            Broken::new(ErrorKind::Status, text)
        }
        Error::Io(error) => Broken::new(ErrorKind::Reset, format!("The connection ended: {error}.")),
        Error::ConnectionClosed | Error::AlreadyClosed => ended(),
        error => Broken::new(ErrorKind::Check, format!("It speaks no WebSocket: {error}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_told_apart() {
        assert!(
            matches!(read(r#"0{"sid":"x","pingInterval":25000,"pingTimeout":20000}"#), Packet::Opened(o) if o.ping_timeout == 20_000)
        );
        assert!(matches!(read(r#"40{"sid":"x"}"#), Packet::LetIn));
        assert!(matches!(read(r#"42["changed",{"at_ms":7}]"#), Packet::Event(says) if says["at_ms"] == 7));
        assert!(matches!(read(r#"44{"message":"unauthenticated"}"#), Packet::Refused(why) if why == "unauthenticated"));
        assert!(matches!(read("41"), Packet::Ended) && matches!(read("1"), Packet::Ended));
        assert!(matches!(read("2"), Packet::Other) && matches!(read("é"), Packet::Other));
    }
}
