//! Notices as mail: the server they go through, what is written, and why one did not leave.

use std::time::Duration;

use chrono::DateTime;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{AsyncTransport, Tokio1Executor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Refusal;
use crate::kernel::words::words;
use crate::outward::service::Service;
use crate::outward::{self, Outward, Reason};

/// Scheme of an address that is written to.
pub const SCHEME: &str = "mailto:";
const TIME_MAX: Duration = Duration::from_secs(20);

/// How the way to a mail server is kept shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MailSecurity)]
pub enum Security {
    /// From the first byte; usually port 465.
    Tls,
    /// After a word in the open; usually port 587. Without it nothing is sent.
    Starttls,
    /// Not at all: for a server on this machine alone.
    None,
}

words!(Security { Tls = "tls", Starttls = "starttls", None = "none" });

#[derive(Clone)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub user: Option<String>,
    pub password: Option<String>,
    pub sender: String,
}

impl Server {
    pub fn checked(self) -> Result<Self, Refusal> {
        if self.host.contains([' ', '/', '@']) || self.host.is_empty() {
            return Err(Refusal::invalid("host", "The name of a server, like mail.example.com."));
        }
        let is_near = self.host == "localhost" || self.host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        if self.security == Security::None && !is_near {
            let message = "Mail and its password would travel there in the open. Choose TLS or STARTTLS.";
            return Err(Refusal::invalid("security", message));
        }
        if self.user.is_some() != self.password.is_some() {
            return Err(Refusal::invalid("password", "A user and a password, or neither."));
        }
        mailbox(&self.sender).ok_or_else(|| Refusal::invalid("sender", "An address, like comanda@example.com."))?;
        Ok(self)
    }

    fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, Error> {
        type Transport = AsyncSmtpTransport<Tokio1Executor>;
        let builder = match self.security {
            Security::Tls => Transport::relay(&self.host)?,
            Security::Starttls => Transport::starttls_relay(&self.host)?,
            Security::None => Transport::builder_dangerous(&self.host),
        };
        let credentials =
            self.user.clone().zip(self.password.clone()).map(|(user, password)| Credentials::new(user, password));
        let builder = builder.port(self.port).timeout(Some(TIME_MAX));
        Ok(match credentials {
            Some(credentials) => builder.credentials(credentials).build(),
            None => builder.build(),
        })
    }
}

/// An address people write to. None: it is none.
pub fn mailbox(address: &str) -> Option<Mailbox> {
    address.parse().ok()
}

/// Says that a program wrote it, so that nobody's absence answers (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The letter. A notice that is sent again has the same id, and who gets it twice is shown it once.
fn letter(server: &Server, to: &str, id: Uuid, at_ms: i64, text: &str) -> Option<Message> {
    let written = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    let subject = text.split_once(". ").map_or(text, |(first, _)| first).trim_end_matches('.');
    let builder = Message::builder()
        .from(mailbox(&server.sender)?)
        .to(mailbox(to)?)
        .subject(subject)
        .date(written.into())
        .message_id(Some(format!("<{id}@comanda>")))
        .header(AutoSubmitted)
        .header(ContentType::TEXT_PLAIN);
    builder.body(format!("{text}\n\n{}\n", written.format("%Y-%m-%d %H:%M UTC"))).ok()
}

/// Sends one; why it did not leave, and the server's status.
pub async fn send(
    outward: &Outward,
    server: &Server,
    to: &str,
    id: Uuid,
    at_ms: i64,
    text: &str,
) -> (Option<Reason>, Option<u16>) {
    let Some(letter) = letter(server, to, id, at_ms, text) else { return (Some(Reason::Status), None) };
    let mut status = None;
    let place = format!("{}:{}", server.host, server.port);
    let sent = outward.try_call(Service::Mail, &place, async {
        let sent = match server.transport() {
            Ok(transport) => transport.send(letter).await,
            Err(error) => Err(error),
        };
        let answered = sent.as_ref().map_or_else(Error::status, |answer| Some(answer.code()));
        status = answered.map(Into::into);
        sent.map_err(|error| reason(&error))
    });
    let failure = sent.await.err();
    (failure, status)
}

fn reason(error: &Error) -> Reason {
    match outward::cause(error) {
        _ if error.is_timeout() => Reason::TimedOut,
        _ if error.status().is_some() => Reason::Status,
        Some(known) => known,
        None if error.is_tls() => Reason::NoTls,
        None => Reason::CutOff,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(host: &str, security: Security, user: Option<&str>) -> Server {
        let user = user.map(str::to_owned);
        Server { host: host.into(), port: 587, security, password: user.clone(), user, sender: "a@b.example".into() }
    }

    #[test]
    fn what_would_travel_in_the_open_is_refused() {
        let check = |host: &str, security, field: Option<&str>| {
            let refused = server(host, security, Some("u")).checked().err();
            assert_eq!(refused.and_then(|refused| refused.field), field.map(Into::into), "{host}");
        };
        check("mail.example.com", Security::Tls, None);
        check("mail.example.com", Security::None, Some("security"));
        check("127.0.0.1", Security::None, None);
        check("localhost", Security::None, None);
        check("http://mail", Security::Tls, Some("host"));
    }

    #[test]
    fn a_letter_says_in_its_subject_what_happened() {
        let text = "Comanda: Critical: disk full. It is 98.07 %, the limit is 95.00 %.";
        let letter =
            letter(&server("localhost", Security::None, None), "boss@x.example", Uuid::nil(), 0, text).unwrap();
        let letter = String::from_utf8(letter.formatted()).unwrap();
        assert!(letter.contains("Subject: Comanda: Critical: disk full\r\n"), "{letter}");
        assert!(letter.contains("Message-ID: <00000000-0000-0000-0000-000000000000@comanda>"), "{letter}");
        assert!(letter.contains("Auto-Submitted: auto-generated"), "{letter}");
        assert!(letter.contains("It is 98.07 %"), "{letter}");
    }

    #[test]
    fn nobody_puts_a_line_into_a_letter() {
        let text = "Comanda: x\r\nBcc: all@x.example. More.";
        let letter =
            letter(&server("localhost", Security::None, None), "boss@x.example", Uuid::nil(), 0, text).unwrap();
        let head = String::from_utf8(letter.formatted()).unwrap();
        let head = head.split("\r\n\r\n").next().unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc:")), "{head}");
        assert!(mailbox("a@b.example\r\nBcc: c@d.example").is_none());
    }
}
