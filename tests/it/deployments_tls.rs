//! The certificates of servers that are watched, against real TLS.

use std::sync::{Arc, Mutex};

use chrono::DateTime;
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{Person, TestApp};
use crate::trade::id;

/// What a server shows, until it is given another one.
#[derive(Clone)]
pub struct Shown(Arc<Mutex<Arc<ServerConfig>>>);

type Pair = (CertificateDer<'static>, KeyPair);

impl Shown {
    pub fn set(&self, pair: Pair) {
        *self.0.lock().unwrap() = config(pair);
    }
}

fn config((certificate, key): Pair) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(builder.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap())
}

/// Answers everybody over TLS with 204; its address.
pub async fn server(pair: Pair) -> (String, Shown) {
    let shown = Shown(Arc::new(Mutex::new(config(pair))));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://localhost:{}/health", listener.local_addr().unwrap().port());
    let now = shown.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = tokio_rustls::TlsAcceptor::from(now.0.lock().unwrap().clone());
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut asked = [0; 4096];
                drop(stream.read(&mut asked).await);
                stream.write_all(b"HTTP/1.1 204 Fine\r\nconnection: close\r\n\r\n").await.ok();
                stream.shutdown().await.ok();
            });
        }
    });
    (address, shown)
}

/// A certificate for `localhost` until March of that year.
pub fn params(until: i32) -> CertificateParams {
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(until, 3, 4);
    params
}

async fn probed(owner: &Person, pair: Pair) -> Value {
    let (address, _) = server(pair).await;
    let new = json!({ "name": address, "kind": "http", "address": address, "every_s": 3600 });
    let of = id(&owner.post("/deployments", new).await.created());
    owner.post(&format!("/deployments/{of}/probe"), json!({})).await.ok()
}

fn ends(shown: &Value) -> String {
    DateTime::from_timestamp_millis(shown["expires_ms"].as_i64().unwrap()).unwrap().to_rfc3339()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_is_not_trusted_is_named_for_what_it_is_and_its_end_is_known() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let key = || KeyPair::generate().unwrap();

    let own = key();
    let shown = probed(&owner, (params(2046).self_signed(&own).unwrap().der().clone(), own)).await;
    assert_eq!(
        (&shown["state"], &shown["last"]["reason"]),
        (&json!("down"), &json!("certificate_self_signed")),
        "{shown}"
    );
    assert_eq!(ends(&shown), "2046-03-04T00:00:00+00:00");

    let own = key();
    let shown = probed(&owner, (params(2025).self_signed(&own).unwrap().der().clone(), own)).await;
    assert_eq!(shown["last"]["reason"], "certificate_ended", "{shown}");
    assert_eq!(ends(&shown), "2025-03-04T00:00:00+00:00");

    // Somebody vouches for it, whom nobody here knows.
    let mut authority = params(2050);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "An authority");
    let (own, of_authority) = (key(), key());
    let vouched = params(2047).signed_by(&own, &Issuer::from_params(&authority, &of_authority)).unwrap();
    let shown = probed(&owner, (vouched.der().clone(), own)).await;
    assert_eq!(shown["last"]["reason"], "certificate", "{shown}");
    assert_eq!(ends(&shown), "2047-03-04T00:00:00+00:00");
}
