//! The house's own authority for certificates, and the certificate that is shown.
//!
//! Invariants: the authority's key is in one file that only its owner may read and in no backup; it may vouch for names
//! that end with `.local` and for addresses of houses, so that a tablet that trusts it trusts it for nothing else
//! (RFC 5280, 4.2.1.10); the key of the certificate that is shown is never on disk.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType, date_time_ymd,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;

use super::model::{self, HOUSE_NETS, LOCAL};
use crate::backups::keys::write_own;

const KEY: &str = "authority.key";
const CERTIFICATE: &str = "authority.pem";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Apple's limit for those of an authority somebody added by hand is 825 days; short is better.
const SHOWN_DAYS: i64 = 90;
/// A new one is made when an old one has less than this left.
const RENEWED_DAYS: i64 = 30;

pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    pub pem: String,
    /// Of this computer in its house, without the end: `comanda-7k2m`.
    pub name: String,
}

/// A certificate to be shown.
pub struct Shown {
    pub key: Arc<CertifiedKey>,
    pub names: Vec<String>,
    pub ends_ms: i64,
}

impl Shown {
    /// Whether another one is needed now.
    pub fn is_over(&self, names: &[String], now_ms: i64) -> bool {
        self.names != names || now_ms > self.ends_ms - RENEWED_DAYS * DAY_MS || now_ms < self.begins_ms()
    }

    const fn begins_ms(&self) -> i64 {
        self.ends_ms - (SHOWN_DAYS + 1) * DAY_MS
    }
}

/// What the authority says of itself; with the key, all of it.
fn about(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mut said = DistinguishedName::new();
    said.push(DnType::OrganizationName, "Comanda");
    said.push(DnType::CommonName, format!("{name} (in this house)"));
    params.distinguished_name = said;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let nets = HOUSE_NETS.iter().map(|(net, prefix)| CidrSubnet::from_v4_prefix(net.octets(), *prefix));
    let permitted = nets.map(GeneralSubtree::IpAddress);
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: permitted.chain([GeneralSubtree::DnsName(LOCAL.to_owned())]).collect(),
        excluded_subtrees: Vec::new(),
    });
    // Whatever this computer's clock says today: an authority that is not good yet is good for nothing.
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2046, 1, 1);
    params
}

impl Authority {
    pub fn make(folder: &Path) -> std::io::Result<Self> {
        let key = KeyPair::generate().map_err(std::io::Error::other)?;
        let params = about(&model::name_of(key.public_key_raw()));
        let pem = params.self_signed(&key).map_err(std::io::Error::other)?.pem();
        // The key goes last: without it the other one is made anew.
        write_own(&folder.join(CERTIFICATE), pem.as_bytes())?;
        write_own(&folder.join(KEY), key.serialize_pem().as_bytes())?;
        Self::of(key, pem)
    }

    /// None: there is none yet.
    pub fn read(folder: &Path) -> std::io::Result<Option<Self>> {
        let key = match std::fs::read_to_string(folder.join(KEY)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            key => KeyPair::from_pem(&key?).map_err(std::io::Error::other)?,
        };
        Self::of(key, std::fs::read_to_string(folder.join(CERTIFICATE))?).map(Some)
    }

    fn of(key: KeyPair, pem: String) -> std::io::Result<Self> {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(std::io::Error::other)?;
        let name = model::name_of(key.public_key_raw());
        Ok(Self { issuer: Issuer::new(about(&name), key), certificate, pem, name })
    }

    pub fn fingerprint(&self) -> String {
        model::fingerprint(&self.certificate)
    }

    /// A certificate for names and addresses, as of now.
    pub fn show(&self, names: &[String], now_ms: i64) -> std::io::Result<Shown> {
        let key = KeyPair::generate().map_err(std::io::Error::other)?;
        let mut params = CertificateParams::default();
        let mut said = DistinguishedName::new();
        said.push(DnType::CommonName, self.name.clone());
        params.distinguished_name = said;
        params.subject_alt_names = names.iter().map(|name| san(name)).collect::<Result<_, _>>()?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        let ends_ms = now_ms + SHOWN_DAYS * DAY_MS;
        let at = |ms: i64| date_time_ymd(1970, 1, 1) + Duration::from_millis(u64::try_from(ms).unwrap_or(0));
        // A tablet's clock may be behind.
        (params.not_before, params.not_after) = (at(now_ms - DAY_MS), at(ends_ms));
        let shown = params.signed_by(&key, &self.issuer).map_err(std::io::Error::other)?;
        let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signing = aws_lc_rs::sign::any_supported_type(&secret).map_err(std::io::Error::other)?;
        let chain = vec![shown.der().clone(), self.certificate.clone()];
        Ok(Shown { key: Arc::new(CertifiedKey::new(chain, signing)), names: names.to_vec(), ends_ms })
    }
}

fn san(name: &str) -> std::io::Result<SanType> {
    match name.parse::<IpAddr>() {
        Ok(ip) => Ok(SanType::IpAddress(ip)),
        Err(_) => name.try_into().map(SanType::DnsName).map_err(std::io::Error::other),
    }
}
