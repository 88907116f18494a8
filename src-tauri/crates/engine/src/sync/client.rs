//! Asking a restaurant's sequencer over HTTP. Every failure says what is to be done about it.

use std::path::Path;
use std::time::Duration;

use comanda_db::rebase::{Page, Placement, Pushed};
use futures::StreamExt;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::fence::EpochProof;
use super::routes_spare::{Address, SealedStanding};
use super::sequencer::{COPY_BYTES, Leased, LinkedDevice, POSITION, SPARE, STANDING, WAIT_MS_MAX};
use super::store::Link;
use super::wire::{self, Batch};
use crate::kernel::ids::RestaurantId;
use crate::outward::service::Service;
use crate::outward::{self, Outward, Reason};

const ANSWER_TIME_MAX: Duration = Duration::from_secs(20);
/// Who is asked whether it took over says so soon or not at all.
const WORD_TIME_MAX: Duration = Duration::from_secs(3);
/// Between two pieces of a copy. Making it comes before the first.
const PIECE_TIME_MAX: Duration = Duration::from_secs(90);
/// An error's text, at most.
const ERROR_BYTES_MAX: usize = 16 * 1024;

/// Why something could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Nobody answers, or not now: try again later.
    #[error("{0}")]
    Away(String),
    /// What is here is no longer the sequencer's: begin again from a copy.
    #[error("{0}")]
    Afresh(String),
    /// A person has to do something.
    #[error("{0}")]
    Stopped(String),
}

/// Where a sequencer answers, as people type it: `192.168.1.20:8787`, `https://hub.example`.
pub fn address(typed: &str) -> Option<Url> {
    let typed = typed.trim();
    let whole = if typed.contains("://") { typed.to_owned() } else { format!("http://{typed}") };
    let url = Url::parse(whole.trim_end_matches('/')).ok()?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && plain).then_some(url)
}

fn at(base: &str, path: &str) -> String {
    format!("{}/api/v1/sync/{path}", base.trim_end_matches('/'))
}

/// Gives the proof of a code and gets what is sealed under it, and whether the other end is known: a desk of the house
/// is vouched for by an authority that only what is sealed names (`prove`). Whoever stands between reads none of it.
pub async fn link(outward: &Outward, base: &str, proof: &str, name: &str) -> Result<(String, bool), Trouble> {
    let body = serde_json::json!({ "proof": proof, "name": name });
    let request = |client: &Client| client.post(at(base, "link")).timeout(ANSWER_TIME_MAX).json(&body);
    let (response, is_known) = match outward.try_send(Service::Desk, request(&outward.keeping)).await {
        Err(Reason::Certificate) => (outward.try_send(Service::Desk, request(&outward.unproven)).await, false),
        answer => (answer, true),
    };
    let response = good(response.map_err(away)?).await?;
    let answer: LinkedDevice = response.json().await.map_err(unanswered)?;
    Ok((answer.sealed, is_known))
}

/// Whether the other end is who the link says, before anything is asked of it.
pub async fn prove(outward: &Outward, link: &Link) -> Result<(), Trouble> {
    let stranger = "somebody else answers there: what showed itself is not what the code was made for";
    if link.authority.is_none() {
        return Err(Trouble::Stopped(away(Reason::Certificate).to_string()));
    }
    let url = format!("{}/health/live", link.address.trim_end_matches('/'));
    let request = outward.client_of(link.authority.as_deref()).get(url).timeout(ANSWER_TIME_MAX);
    match outward.try_send(Service::Desk, request).await {
        Err(Reason::Certificate) => Err(Trouble::Stopped(stranger.into())),
        answer => answer.map(drop).map_err(away),
    }
}

fn of(outward: &Outward, method: reqwest::Method, link: &Link, what: &str) -> RequestBuilder {
    let path = format!("{}/{what}", link.restaurant_id);
    outward.client_of(link.authority.as_deref()).request(method, at(&link.address, &path)).bearer_auth(&link.key)
}

pub async fn push(
    outward: &Outward,
    link: &Link,
    epoch: u64,
    commands: Vec<Pushed>,
) -> Result<Vec<Placement>, Trouble> {
    let batch = Batch { epoch, schema: super::sequencer::schema(), commands };
    let body = wire::batch(&batch).map_err(|error| Trouble::Stopped(error.to_string()))?;
    let request = of(outward, reqwest::Method::POST, link, "commands").timeout(ANSWER_TIME_MAX).body(body);
    let body = sent(outward, request).await?.bytes().await.map_err(unanswered)?;
    wire::read_placements(&body).map_err(|error| Trouble::Away(error.to_string()))
}

/// A page, and what a sequencer says besides.
pub struct Pulled {
    pub page: Page,
    /// Its last position.
    pub position: Option<u64>,
    /// Where to ask if it is away.
    pub spare: Option<String>,
    /// This desk is the spare; and what it should hold, by a stamp.
    pub standing: Option<String>,
}

pub async fn pull(outward: &Outward, link: &Link, epoch: u64, after: u64, wait_ms: u64) -> Result<Pulled, Trouble> {
    let wait_ms = wait_ms.min(WAIT_MS_MAX);
    let query = [("after", after), ("epoch", epoch), ("schema", super::sequencer::schema()), ("wait_ms", wait_ms)];
    let time = ANSWER_TIME_MAX + Duration::from_millis(wait_ms);
    let request = of(outward, reqwest::Method::GET, link, "effects").timeout(time).query(&query);
    let response = sent(outward, request).await?;
    let said = |name| response.headers().get(name)?.to_str().ok().map(str::to_owned);
    let (position, spare, standing) = (said(POSITION), said(SPARE), said(STANDING));
    let position = position.and_then(|position| position.parse().ok());
    let body = response.bytes().await.map_err(unanswered)?;
    let (there, page) = wire::read_page(&body).map_err(|error| Trouble::Away(error.to_string()))?;
    // The restaurant was put back while this waited.
    if there != epoch {
        return Err(Trouble::Afresh("the restaurant was put back".into()));
    }
    Ok(Pulled { page, position, spare, standing })
}

/// Says where this desk would be reached, and gets what it needs to take over.
pub async fn standing(outward: &Outward, link: &Link, address: Option<&str>) -> Result<String, Trouble> {
    let body = Address { address: address.map(str::to_owned) };
    let request = of(outward, reqwest::Method::POST, link, "standing").timeout(ANSWER_TIME_MAX).json(&body);
    let answer: SealedStanding = sent(outward, request).await?.json().await.map_err(unanswered)?;
    Ok(answer.sealed)
}

/// Asks whoever answers at an address whether it goes on with a restaurant. Tells no key.
pub async fn epoch(
    outward: &Outward,
    base: &str,
    id: RestaurantId,
    device: Uuid,
    nonce: Uuid,
) -> Result<EpochProof, Trouble> {
    let query = [("device", device), ("nonce", nonce)];
    let request = outward.keeping.get(at(base, &format!("{id}/epoch"))).timeout(WORD_TIME_MAX).query(&query);
    sent(outward, request).await?.json().await.map_err(unanswered)
}

pub async fn lease(outward: &Outward, link: &Link) -> Result<Leased, Trouble> {
    let request = of(outward, reqwest::Method::POST, link, "lease").timeout(ANSWER_TIME_MAX);
    sent(outward, request).await?.json().await.map_err(unanswered)
}

pub async fn leave(outward: &Outward, link: &Link) -> Result<(), Trouble> {
    sent(outward, of(outward, reqwest::Method::DELETE, link, "link").timeout(ANSWER_TIME_MAX)).await.map(drop)
}

/// Fetches a copy into a new file; `told` hears how many bytes there are, of how many. Says which restaurant it is of.
pub async fn copy(outward: &Outward, link: &Link, to: &Path, told: impl Fn(u64, u64)) -> Result<RestaurantId, Trouble> {
    let asked = sent(outward, of(outward, reqwest::Method::GET, link, "copy"));
    let response = tokio::time::timeout(PIECE_TIME_MAX, asked).await.map_err(|_| late())??;
    let header = response.headers().get(COPY_BYTES).and_then(|value| value.to_str().ok());
    let of = header.and_then(|value| value.parse().ok()).unwrap_or(0);
    let packed = to.with_extension("zst");
    let disk = |error: std::io::Error| Trouble::Stopped(format!("the copy could not be written: {error}"));
    let mut file = tokio::fs::File::create(&packed).await.map_err(disk)?;
    let mut pieces = response.bytes_stream();
    let mut bytes = 0;
    while let Some(piece) = tokio::time::timeout(PIECE_TIME_MAX, pieces.next()).await.map_err(|_| late())? {
        let piece = piece.map_err(unanswered)?;
        file.write_all(&piece).await.map_err(disk)?;
        bytes += piece.len() as u64;
        told(bytes, of);
    }
    file.flush().await.map_err(disk)?;
    let to = to.to_owned();
    let unpacked = tokio::task::spawn_blocking(move || -> std::io::Result<u64> {
        let from = std::io::BufReader::new(std::fs::File::open(&packed)?);
        let mut file = std::fs::File::create(&to)?;
        zstd::stream::copy_decode(from, &mut file)?;
        file.sync_all()?;
        std::fs::remove_file(&packed)?;
        file.metadata().map(|file| file.len())
    });
    // A stream that was cut does not unpack to its end.
    let whole = unpacked.await.map_err(|error| Trouble::Stopped(error.to_string()))?;
    match whole {
        Ok(length) if length == of => Ok(link.restaurant_id),
        Ok(_) => Err(Trouble::Away("the copy did not arrive whole".into())),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(Trouble::Away("the copy did not arrive whole".into()))
        }
        Err(error) => Err(disk(error)),
    }
}

fn late() -> Trouble {
    Trouble::Away("the copy takes too long".into())
}

async fn sent(outward: &Outward, request: RequestBuilder) -> Result<Response, Trouble> {
    good(outward.try_send(Service::Desk, request).await.map_err(away)?).await
}

async fn good(response: Response) -> Result<Response, Trouble> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let text = response.text().await.unwrap_or_default();
    Err(judged(status, &text))
}

fn unanswered(error: reqwest::Error) -> Trouble {
    away(outward::reason(&error))
}

fn away(reason: Reason) -> Trouble {
    let says = match reason {
        Reason::TimedOut => "no answer in time",
        Reason::NameNotFound => "nobody knows this name",
        Reason::Refused | Reason::Unreachable => "nobody answers at this address",
        Reason::Certificate => "its certificate is of another name, too old, or of nobody known here",
        Reason::NoTls => "what answers there does not speak TLS",
        Reason::Crowded => "too much goes there at once",
        _ => "the answer broke off",
    };
    Trouble::Away(says.into())
}

/// What an answer that is none means.
fn judged(status: StatusCode, text: &str) -> Trouble {
    let body: Value = text
        .get(..text.len().min(ERROR_BYTES_MAX))
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let error = &body["error"];
    let said = error["message"].as_str().map_or_else(|| format!("it answered {status}"), str::to_owned);
    let is_gap = error["details"]["expected"].is_u64();
    match error["code"].as_str() {
        Some("fenced") => Trouble::Afresh(said),
        Some("conflict") if is_gap => Trouble::Afresh(said),
        // Also what a proxy before it says when it is away.
        Some("overloaded" | "too_many_requests" | "internal" | "restaurant_unreadable") | None => Trouble::Away(said),
        Some("not_found") if error["field"].is_null() => Trouble::Away(said),
        Some(_) => Trouble::Stopped(said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_people_type_it() {
        let read = |typed: &str| address(typed).map(|url| url.to_string());
        assert_eq!(read(" 192.168.1.20:8787 ").as_deref(), Some("http://192.168.1.20:8787/"));
        assert_eq!(read("https://hub.example/comanda/").as_deref(), Some("https://hub.example/comanda"));
        assert_eq!(read("desk.local").as_deref(), Some("http://desk.local/"));
        for wrong in ["", "ftp://desk", "http://", "desk?x=1", "http://a@desk", "a b"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_error_says_what_is_to_be_done() {
        let judge = |status: u16, body: &str| judged(StatusCode::from_u16(status).unwrap(), body);
        let error = |code: &str, rest: &str| format!(r#"{{"error":{{"code":"{code}","message":"m."{rest}}}}}"#);
        assert!(matches!(judge(409, &error("fenced", "")), Trouble::Afresh(_)));
        assert!(matches!(judge(409, &error("conflict", r#","details":{"expected":1,"got":3}"#)), Trouble::Afresh(_)));
        assert!(matches!(judge(409, &error("conflict", r#","field":"schema""#)), Trouble::Stopped(_)));
        assert!(matches!(judge(401, &error("unauthenticated", "")), Trouble::Stopped(_)));
        assert!(matches!(judge(503, &error("overloaded", "")), Trouble::Away(_)));
        assert!(matches!(judge(502, "<html>bad gateway</html>"), Trouble::Away(_)));
    }
}
