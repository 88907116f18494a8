use std::sync::Arc;

use comanda_load::run::Given;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use rustls::pki_types::PrivateKeyDer;
use serde_json::json;

use crate::servers::{Server, a_plan, run_given};

/// A server over TLS with a certificate of its own for that name: (address, certificate as PEM).
fn secured(runtime: &tokio::runtime::Runtime, name: &str) -> (std::net::SocketAddr, Vec<u8>) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let is_h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                let service = hyper::service::service_fn(|_| async {
                    Ok::<_, std::convert::Infallible>(hyper::Response::new(Full::new(Bytes::from("{}"))))
                });
                let io = TokioIo::new(stream);
                if is_h2 {
                    let server = hyper::server::conn::http2::Builder::new(hyper_util::rt::TokioExecutor::new());
                    drop(server.serve_connection(io, service).await);
                } else {
                    drop(hyper::server::conn::http1::Builder::new().serve_connection(io, service).await);
                }
            });
        }
    });
    (address, made.cert.pem().into_bytes())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

#[test]
fn a_trusted_target_is_asked_over_tls_in_both_protocols() {
    let runtime = runtime();
    let (address, pem) = secured(&runtime, "localhost");
    for protocol in ["http1", "http2"] {
        let mut plan = a_plan(&format!("https://localhost:{}", address.port()), 50.0, 1.0);
        plan["protocol"] = json!(protocol);
        let given = Given { trusted_pem: Some(pem.clone()), ..Given::default() };
        let summary = run_given(&plan, &given).unwrap();
        assert_eq!((summary.totals.requests, summary.totals.errors), (50, 0), "{protocol}: {:?}", summary.errors);
    }
}

#[test]
fn a_certificate_nobody_trusts_or_for_another_name_is_said() {
    let runtime = runtime();
    let (address, pem) = secured(&runtime, "somebody.example");
    let plan = a_plan(&format!("https://localhost:{}", address.port()), 5.0, 1.0);
    let why = run_given(&plan, &Given::default()).unwrap_err();
    assert!(why.contains("signed by nobody this machine trusts"), "{why}");
    let why = run_given(&plan, &Given { trusted_pem: Some(pem), ..Given::default() }).unwrap_err();
    assert!(why.contains("its certificate is for another name"), "{why}");
}

#[test]
fn a_target_that_speaks_no_tls_is_said() {
    let server = Server::start(|_, stream| crate::servers::reply(stream, "400 Bad Request", ""));
    let url = format!("https://localhost:{}", server.address.port());
    let why = run_given(&a_plan(&url, 5.0, 1.0), &Given::default()).unwrap_err();
    assert!(why.contains("is not trusted") || why.contains("connection"), "{why}");
}
