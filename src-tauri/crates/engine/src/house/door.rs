//! The second listener: TLS, people of the house alone, and shut in a moment.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::serve::{Listener, ListenerExt};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::names::Names;

/// Who does not get through the handshake in this time is let go.
const HANDSHAKE_TIME_MAX: Duration = Duration::from_secs(10);
/// Handshakes at the same time; more wait to be accepted.
const HANDSHAKES_MAX: usize = 64;
/// After an error of the listener itself.
const PAUSE: Duration = Duration::from_millis(500);

/// The certificate that is shown now.
#[derive(Debug)]
pub struct Shows(RwLock<Arc<CertifiedKey>>);

impl Shows {
    pub fn new(key: Arc<CertifiedKey>) -> Arc<Self> {
        Arc::new(Self(RwLock::new(key)))
    }

    pub fn set(&self, key: Arc<CertifiedKey>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = key;
    }
}

impl ResolvesServerCert for Shows {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// A door that is open.
pub struct Door {
    pub port: u16,
    /// No new requests.
    closing: watch::Sender<bool>,
    /// Whoever is still there is cut off.
    shut: watch::Sender<bool>,
    server: JoinHandle<io::Result<()>>,
    porter: JoinHandle<()>,
}

impl Door {
    pub async fn open(port: u16, shows: Arc<Shows>, names: Arc<Names>, router: Router) -> io::Result<Self> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let mut config = config.map_err(io::Error::other)?.with_no_client_auth().with_cert_resolver(shows);
        // A WebSocket begins in HTTP/1.1.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await?;
        let local = listener.local_addr()?;
        let (closing, mut closed) = watch::channel(false);
        let (shut, is_shut) = watch::channel(false);
        let (through, come) = mpsc::channel(HANDSHAKES_MAX);
        let porter = tokio::spawn(receive(listener, TlsAcceptor::from(Arc::new(config)), names, through, is_shut));
        let guests = Guests { come, local }.tap_io(|guest| drop(guest.stream.get_ref().0.set_nodelay(true)));
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let stopping = async move { drop(closed.wait_for(|closed| *closed).await) };
        let server = tokio::spawn(async move { axum::serve(guests, service).with_graceful_shutdown(stopping).await });
        Ok(Self { port: local.port(), closing, shut, server, porter })
    }

    /// Takes nobody in any more, lets requests end that run, then cuts off who is still there.
    pub async fn close(mut self, patience: Duration) {
        self.porter.abort();
        drop((&mut self.porter).await);
        self.closing.send_replace(true);
        drop(tokio::time::timeout(patience, &mut self.server).await);
        self.shut.send_replace(true);
        self.server.abort();
    }
}

/// Takes people in: who is not of the house is not answered at all.
async fn receive(
    listener: TcpListener,
    tls: TlsAcceptor,
    names: Arc<Names>,
    through: mpsc::Sender<(Guest, SocketAddr)>,
    is_shut: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(HANDSHAKES_MAX));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "the door of the house takes nobody in for a moment");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        if !names.is_inside(peer.ip()) {
            tracing::info!(%peer, "somebody from outside the house was not let in");
            continue;
        }
        let (tls, through, is_shut) = (tls.clone(), through.clone(), is_shut.clone());
        tokio::spawn(async move {
            let shaken = tokio::time::timeout(HANDSHAKE_TIME_MAX, tls.accept(stream)).await;
            drop(place);
            match shaken {
                Ok(Ok(stream)) => drop(through.send((Guest::new(stream, is_shut), peer)).await),
                Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS came about"),
                Err(_) => tracing::debug!(%peer, "no TLS came about in time"),
            }
        });
    }
}

struct Guests {
    come: mpsc::Receiver<(Guest, SocketAddr)>,
    local: SocketAddr,
}

impl Listener for Guests {
    type Io = Guest;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Guest, SocketAddr) {
        match self.come.recv().await {
            Some(guest) => guest,
            // The porter has gone home.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.local)
    }
}

/// A connection that ends when the door is shut, whatever it is used for.
struct Guest {
    stream: TlsStream<TcpStream>,
    shut: Pin<Box<dyn Future<Output = ()> + Send>>,
    is_shut: bool,
}

impl Guest {
    fn new(stream: TlsStream<TcpStream>, mut is_shut: watch::Receiver<bool>) -> Self {
        // Ends also when the door is no more.
        let shut = Box::pin(async move { drop(is_shut.wait_for(|shut| *shut).await) });
        Self { stream, shut, is_shut: false }
    }

    fn look(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        self.is_shut = self.is_shut || self.shut.as_mut().poll(cx).is_ready();
        if self.is_shut { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}

impl AsyncRead for Guest {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.look(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Guest {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.is_shut {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
