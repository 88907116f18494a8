//! One connection to the target: TCP, TLS, HTTP/1.1 or HTTP/2, and one request on it.
//!
//! The name is looked up once, before the run; every connection goes to the addresses found then.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::plan::Protocol;
use crate::tally::ErrorKind;

/// Connecting, with TLS, takes no longer.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);
/// An answer's body that is larger is not read to its end.
pub const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Where requests go.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub host: String,
    pub port: u16,
    pub is_tls: bool,
    /// Before every path; without a slash at its end.
    pub base: String,
}

impl Target {
    pub fn parse(text: &str) -> Result<Self, String> {
        let sentence = "A target looks like http://127.0.0.1:8787 or https://name.example.";
        let uri: Uri = text.trim().parse().map_err(|_| sentence.to_owned())?;
        let is_tls = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(sentence.into()),
        };
        let authority = uri.authority().ok_or(sentence)?;
        if authority.as_str().contains('@') {
            return Err("A target holds no name and password: give them as headers with secrets.".into());
        }
        if uri.query().is_some() {
            return Err("A target has no query: it belongs to the steps.".into());
        }
        let host = authority.host().trim_matches(['[', ']']).to_ascii_lowercase();
        if host.is_empty() {
            return Err(sentence.into());
        }
        let port = authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        Ok(Self { host, port, is_tls, base: uri.path().trim_end_matches('/').to_owned() })
    }

    /// As it stands in `Host`.
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.is_tls { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }

    /// This machine by a name that means nothing else.
    pub fn is_here(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    pub fn origin(&self) -> String {
        format!("{}://{}", if self.is_tls { "https" } else { "http" }, self.authority())
    }

    /// Looks the name up. Blocking.
    pub fn addresses(&self) -> Result<Vec<SocketAddr>, String> {
        let found = (self.host.as_str(), self.port).to_socket_addrs();
        let found: Vec<SocketAddr> =
            found.map_err(|_| format!("Nothing is known under the name {}.", self.host))?.collect();
        if found.is_empty() { Err(format!("Nothing is known under the name {}.", self.host)) } else { Ok(found) }
    }
}

/// Why a request has no good answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    pub kind: ErrorKind,
    /// A sentence without anything secret.
    pub text: String,
}

impl Broken {
    pub fn new(kind: ErrorKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

/// How connections are made.
#[derive(Clone)]
pub struct Dial {
    pub target: Target,
    pub protocol: Protocol,
    addresses: Vec<SocketAddr>,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

impl Dial {
    /// `trusted`: certificates besides those this machine trusts.
    pub fn new(
        target: Target,
        protocol: Protocol,
        addresses: Vec<SocketAddr>,
        trusted: &[CertificateDer<'static>],
    ) -> Result<Self, String> {
        let tls = if target.is_tls { Some(tls(&target, protocol, trusted)?) } else { None };
        Ok(Self { target, protocol, addresses, tls })
    }

    pub fn is_loopback(&self) -> bool {
        self.addresses.iter().all(|address| address.ip().is_loopback())
    }

    pub async fn connect(&self) -> Result<Link, Broken> {
        let origin = self.target.origin();
        match tokio::time::timeout(CONNECT_TIME_MAX, self.connect_now()).await {
            Ok(link) => link,
            Err(_) => Err(Broken::new(
                ErrorKind::Connect,
                format!("{origin} did not take a connection within {} s.", CONNECT_TIME_MAX.as_secs()),
            )),
        }
    }

    async fn connect_now(&self) -> Result<Link, Broken> {
        match self.open().await? {
            Pipe::Plain(stream) => self.speak(TokioIo::new(stream)).await,
            Pipe::Secured(stream) => {
                if self.protocol == Protocol::Http2 && stream.get_ref().1.alpn_protocol() != Some(b"h2") {
                    let origin = self.target.origin();
                    let text = format!("{origin} does not speak HTTP/2. Set the plan's protocol to http1.");
                    return Err(Broken::new(ErrorKind::Tls, text));
                }
                self.speak(TokioIo::new(stream)).await
            }
        }
    }

    /// A connection before anything is said on it.
    pub async fn open(&self) -> Result<Pipe, Broken> {
        let origin = self.target.origin();
        let refused = |error: std::io::Error| {
            let text = match error.kind() {
                std::io::ErrorKind::ConnectionRefused => format!("Nobody listens at {origin}."),
                std::io::ErrorKind::AddrNotAvailable => {
                    "This machine has no free port left for another connection. Keep fewer connections.".to_owned()
                }
                _ => format!("{origin} cannot be reached: {error}."),
            };
            Broken::new(ErrorKind::Connect, text)
        };
        let stream = TcpStream::connect(self.addresses.as_slice()).await.map_err(refused)?;
        drop(stream.set_nodelay(true));
        match &self.tls {
            None => Ok(Pipe::Plain(stream)),
            Some((connector, name)) => {
                let secured = connector.connect(name.clone(), stream).await;
                Ok(Pipe::Secured(Box::new(secured.map_err(|error| not_trusted(&origin, &error))?)))
            }
        }
    }

    async fn speak<I>(&self, io: I) -> Result<Link, Broken>
    where
        I: hyper::rt::Read + hyper::rt::Write + Unpin + 'static,
    {
        let failed = |error: hyper::Error| {
            Broken::new(ErrorKind::Connect, format!("{} does not speak HTTP: {error}.", self.target.origin()))
        };
        // The other half of the connection lives as long as the sender does; its end is seen there.
        match self.protocol {
            Protocol::Http1 => {
                let (sender, connection) = http1::handshake(io).await.map_err(failed)?;
                tokio::task::spawn_local(async move { drop(connection.await) });
                Ok(Link::One(sender))
            }
            Protocol::Http2 => {
                let (sender, connection) = http2::handshake(Local, io).await.map_err(failed)?;
                tokio::task::spawn_local(async move { drop(connection.await) });
                Ok(Link::Two(sender))
            }
        }
    }
}

/// Bytes to the target and back.
pub enum Pipe {
    Plain(TcpStream),
    Secured(Box<TlsStream<TcpStream>>),
}

/// Runs a connection's tasks on the thread it belongs to.
#[derive(Clone, Copy)]
struct Local;

impl<F> hyper::rt::Executor<F> for Local
where
    F: Future + 'static,
{
    fn execute(&self, task: F) {
        tokio::task::spawn_local(async move { drop(task.await) });
    }
}

fn tls(
    target: &Target,
    protocol: Protocol,
    trusted: &[CertificateDer<'static>],
) -> Result<(TlsConnector, ServerName<'static>), String> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for certificate in trusted {
        roots.add(certificate.clone()).map_err(|error| format!("A trusted certificate cannot be used: {error}."))?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = match protocol {
        Protocol::Http1 => vec![b"http/1.1".to_vec()],
        Protocol::Http2 => vec![b"h2".to_vec()],
    };
    let name = ServerName::try_from(target.host.clone())
        .map_err(|_| format!("{} cannot be the name in a certificate.", target.host))?;
    Ok((TlsConnector::from(Arc::new(config)), name))
}

fn not_trusted(origin: &str, error: &std::io::Error) -> Broken {
    use rustls::{CertificateError, Error};
    let inner = error.get_ref().and_then(|error| error.downcast_ref::<Error>());
    let why = match inner {
        Some(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {
            "its certificate was signed by nobody this machine trusts".to_owned()
        }
        Some(Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        )) => "its certificate is for another name".to_owned(),
        Some(Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. })) => {
            "its certificate has expired".to_owned()
        }
        Some(Error::InvalidMessage(_)) => "it does not speak TLS".to_owned(),
        Some(Error::AlertReceived(rustls::AlertDescription::NoApplicationProtocol)) => {
            "it does not speak the plan's protocol (HTTP/1.1 or HTTP/2)".to_owned()
        }
        Some(error) => error.to_string(),
        None => format!("the connection ended while it was secured ({error})"),
    };
    Broken::new(ErrorKind::Tls, format!("{origin} is not trusted: {why}."))
}

/// A connection that takes requests.
pub enum Link {
    One(http1::SendRequest<Full<Bytes>>),
    Two(http2::SendRequest<Full<Bytes>>),
}

/// What came back.
pub struct Answer {
    pub status: u16,
    /// Of a redirect.
    pub location: Option<String>,
    /// Read only when somebody looks into it.
    pub body: Vec<u8>,
}

/// A request that did not get an answer.
pub enum Unsent {
    /// The connection had ended before the request went out: it may go out on another.
    Gone(Box<Request<Full<Bytes>>>),
    Broken(Broken),
}

impl Link {
    pub fn is_closed(&self) -> bool {
        match self {
            Self::One(sender) => sender.is_closed(),
            Self::Two(sender) => sender.is_closed(),
        }
    }

    /// One request and its answer to the last byte. `keep`: the body is looked into.
    pub async fn ask(&mut self, request: Request<Full<Bytes>>, keep: bool) -> Result<Answer, Unsent> {
        let response = match self {
            Self::One(sender) => {
                if sender.ready().await.is_err() {
                    return Err(Unsent::Gone(Box::new(request)));
                }
                sender.try_send_request(request).await
            }
            Self::Two(sender) => {
                if sender.ready().await.is_err() {
                    return Err(Unsent::Gone(Box::new(request)));
                }
                sender.try_send_request(request).await
            }
        };
        let response = response.map_err(|mut error| match error.take_message() {
            Some(request) => Unsent::Gone(Box::new(request)),
            None => Unsent::Broken(ended(&error.into_error())),
        })?;
        read(response, keep).await.map_err(Unsent::Broken)
    }
}

async fn read(response: Response<Incoming>, keep: bool) -> Result<Answer, Broken> {
    let (parts, mut body) = response.into_parts();
    let location = parts.headers.get(hyper::header::LOCATION).filter(|_| parts.status.is_redirection());
    let location = location.and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (mut kept, mut length) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            Broken::new(ErrorKind::Body, format!("The answer broke off after {length} bytes: {}.", cause(&error)))
        })?;
        let Some(data) = frame.data_ref() else { continue };
        length += data.len();
        if length > BODY_BYTES_MAX {
            let text = format!("The answer is larger than {} MB.", BODY_BYTES_MAX / 1024 / 1024);
            return Err(Broken::new(ErrorKind::Body, text));
        }
        if keep {
            kept.extend_from_slice(data);
        }
    }
    Ok(Answer { status: parts.status.as_u16(), location, body: kept })
}

fn ended(error: &hyper::Error) -> Broken {
    let text = if error.is_parse() {
        "The answer is no HTTP.".to_owned()
    } else {
        format!("The connection ended before the answer: {}.", cause(error))
    };
    Broken::new(ErrorKind::Reset, text)
}

/// The innermost reason: hyper's own words are about hyper.
fn cause(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    inner.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_an_origin_with_perhaps_a_path() {
        let target = Target::parse("https://Name.Example/api/").unwrap();
        assert_eq!((target.authority(), target.base.as_str()), ("name.example".into(), "/api"));
        assert_eq!(Target::parse("http://[::1]:8787").unwrap().authority(), "[::1]:8787");
        for wrong in ["ftp://a", "name", "http://user:hunter2@a", "http://a/?q=1", ""] {
            let error = Target::parse(wrong).unwrap_err();
            assert!(error.ends_with('.') && !error.contains("hunter2"), "{error}");
        }
    }
}
