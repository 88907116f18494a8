//! What a ticket is and which step it allows. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::ids::{AccountId, LineId, OrderId, StationId, TicketId};
use crate::kernel::words::words;
use crate::menu::model::Chosen;
use crate::orders::model::Service;

/// What surely did not go out is tried again for this long after it was fired.
pub const GIVE_UP_MS: i64 = 5 * 60_000;
/// Waits between two tries; the last one stays.
const PAUSES_MS: [i64; 4] = [1_000, 3_000, 8_000, 15_000];
/// Longest address of a printer, in characters.
pub const ADDRESS_MAX: usize = 255;
/// The port printers listen on when nobody says.
pub const PORT: u16 = 9100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// Will be sent by itself.
    Waiting,
    /// On its way now.
    Sending,
    /// Surely not printed, and not tried any more.
    Failed,
    /// Sent, and nobody knows whether it is on paper.
    Unsure,
    Printed,
    /// A person saw to it.
    ByHand,
}

words!(TicketState {
    Waiting = "waiting", Sending = "sending", Failed = "failed", Unsure = "unsure", Printed = "printed",
    ByHand = "by_hand",
});

/// What is wrong with a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PrinterTrouble)]
pub enum Trouble {
    /// Nobody has this name on the network.
    NoSuchHost,
    /// Something is there, and it takes no tickets.
    Refused,
    /// Nothing answers there.
    Unreachable,
    /// It does not take the ticket, or does not say that it has it.
    Slow,
    /// It hung up in the middle.
    CutOff,
    /// The engine stopped in the middle.
    Stopped,
    /// There was no time left to try: it was fired too long ago.
    Late,
    /// The station has no printer any more.
    NoPrinter,
}

words!(Trouble {
    NoSuchHost = "no_such_host", Refused = "refused", Unreachable = "unreachable", Slow = "slow", CutOff = "cut_off",
    Stopped = "stopped", Late = "late",
    NoPrinter = "no_printer",
});

/// How sending ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// All of it went out, and the printer hung up as it should.
    Printed,
    /// Not a byte went out.
    NotSent(Trouble),
    /// Some went out.
    Unsure(Trouble),
}

/// A line as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipLine {
    pub id: LineId,
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<Chosen>,
    pub milli: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<i64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    pub id: TicketId,
    pub order_id: OrderId,
    pub number: String,
    pub table: Option<String>,
    pub service: Service,
    /// Whose food it is.
    pub station_id: StationId,
    /// On whose printer it comes out.
    pub printer_id: StationId,
    pub lines: Vec<SlipLine>,
    pub fired_ms: i64,
    pub state: TicketState,
    /// What comes out next may be on paper already.
    pub copy: bool,
    pub attempts: i64,
    /// Not sent before.
    pub next_ms: i64,
    /// Not tried by itself after.
    pub until_ms: i64,
    pub failing_ms: Option<i64>,
    pub trouble: Option<Trouble>,
    pub done_ms: Option<i64>,
    pub done_by: Option<AccountId>,
}

impl Ticket {
    /// What a person may do with it now, by the last word of the URL.
    pub fn allowed(&self) -> &'static [&'static str] {
        match self.state {
            TicketState::Waiting | TicketState::Failed | TicketState::Unsure => &["send", "by-hand"],
            TicketState::Printed | TicketState::ByHand => &["send"],
            TicketState::Sending => &[],
        }
    }

    /// Sent again, or elsewhere, because a person says so.
    #[must_use]
    pub fn again(self, printer_id: StationId, now_ms: i64) -> Ticket {
        let printed = matches!(self.state, TicketState::Unsure | TicketState::Printed | TicketState::ByHand);
        Ticket {
            state: TicketState::Waiting,
            copy: self.copy || printed,
            printer_id,
            next_ms: now_ms,
            until_ms: now_ms + GIVE_UP_MS,
            done_ms: None,
            done_by: None,
            ..self
        }
    }

    /// Somebody saw to it.
    #[must_use]
    pub fn seen_to(self, by: AccountId, now_ms: i64) -> Ticket {
        if self.done_ms.is_some() {
            return self;
        }
        Ticket { state: TicketState::ByHand, failing_ms: None, done_ms: Some(now_ms), done_by: Some(by), ..self }
    }

    /// What it is after it was sent.
    #[must_use]
    pub fn after(self, sent: Sent, now_ms: i64) -> Ticket {
        let failing_ms = self.failing_ms.or(Some(now_ms));
        match sent {
            Sent::Printed => {
                Ticket { state: TicketState::Printed, failing_ms: None, trouble: None, done_ms: Some(now_ms), ..self }
            }
            Sent::Unsure(trouble) => {
                Ticket { state: TicketState::Unsure, failing_ms, trouble: Some(trouble), copy: true, ..self }
            }
            Sent::NotSent(trouble) => {
                let pause = usize::try_from(self.attempts - 1).unwrap_or(0).min(PAUSES_MS.len() - 1);
                let next_ms = now_ms + PAUSES_MS[pause];
                let state = if next_ms > self.until_ms { TicketState::Failed } else { TicketState::Waiting };
                Ticket { state, failing_ms, trouble: Some(trouble), next_ms, ..self }
            }
        }
    }
}

/// Host and port of an address as people write it: `192.168.1.40`, `grill.local:9101`, `[fe80::1]:9100`.
pub fn address(text: &str) -> Option<(String, u16)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map(|(host, port)| (host, port.strip_prefix(':'), port.is_empty())),
        None => match text.split_once(':') {
            Some((host, port)) => Some((host, Some(port), false)),
            None => Some((text, None, true)),
        },
    }
    .and_then(|(host, port, bare)| match port {
        Some(port) => port.parse().ok().filter(|port| *port > 0).map(|port| (host, port)),
        None if bare => Some((host, PORT)),
        None => None,
    })?;
    let v6 = text.starts_with('[');
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') || (v6 && matches!(c, ':' | '%'));
    let good = !host.is_empty() && host.len() <= ADDRESS_MAX && host.chars().all(fits);
    good.then(|| (host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn ticket() -> Ticket {
        let station_id = StationId(Uuid::from_u128(1));
        Ticket {
            id: TicketId(Uuid::nil()),
            order_id: OrderId(Uuid::nil()),
            number: "A-0001".to_owned(),
            table: None,
            service: Service::DineIn,
            station_id,
            printer_id: station_id,
            lines: Vec::new(),
            fired_ms: 0,
            state: TicketState::Sending,
            copy: false,
            attempts: 1,
            next_ms: 0,
            until_ms: GIVE_UP_MS,
            failing_ms: None,
            trouble: None,
            done_ms: None,
            done_by: None,
        }
    }

    #[test]
    fn what_surely_did_not_go_out_is_tried_again_until_it_is_old() {
        let first = ticket().after(Sent::NotSent(Trouble::Refused), 100);
        assert_eq!((first.state, first.next_ms, first.failing_ms), (TicketState::Waiting, 1_100, Some(100)));
        assert!(!first.copy, "nothing is on paper");
        let later = Ticket { attempts: 9, ..first }.after(Sent::NotSent(Trouble::Refused), 50_000);
        assert_eq!((later.next_ms, later.failing_ms), (65_000, Some(100)), "since the first time");
        let last = later.after(Sent::NotSent(Trouble::Refused), GIVE_UP_MS - 1);
        assert_eq!(last.state, TicketState::Failed);
        let printed = last.again(StationId(Uuid::from_u128(2)), GIVE_UP_MS * 3).after(Sent::Printed, GIVE_UP_MS * 3);
        assert_eq!((printed.state, printed.failing_ms, printed.copy), (TicketState::Printed, None, false));
    }

    #[test]
    fn what_may_be_on_paper_waits_for_a_person_and_then_says_copy() {
        let unsure = ticket().after(Sent::Unsure(Trouble::CutOff), 100);
        assert_eq!((unsure.state, unsure.copy), (TicketState::Unsure, true));
        let again = unsure.again(StationId(Uuid::from_u128(1)), 200);
        assert_eq!((again.state, again.copy, again.failing_ms), (TicketState::Waiting, true, Some(100)));
        let reprint = again.after(Sent::Printed, 300).again(StationId(Uuid::from_u128(1)), 400);
        assert!(reprint.copy);
        let first_print = ticket().after(Sent::Printed, 10);
        assert!(!first_print.copy);
        assert!(first_print.again(StationId(Uuid::from_u128(1)), 20).copy, "a reprint is a copy");
    }

    #[test]
    fn addresses_are_read_as_people_write_them() {
        let check = |text: &str, expect: Option<(&str, u16)>| {
            assert_eq!(address(text), expect.map(|(host, port)| (host.to_owned(), port)), "{text}");
        };
        check("192.168.1.40", Some(("192.168.1.40", 9100)));
        check("grill.local:9101", Some(("grill.local", 9101)));
        check("[fe80::1%eth0]", Some(("fe80::1%eth0", 9100)));
        check("[fe80::1]:515", Some(("fe80::1", 515)));
        for wrong in ["", ":9100", "grill:", "grill:0", "grill:99999", "http://grill", "a b", "[::1", "[::1]x", "::1"] {
            check(wrong, None);
        }
    }
}
