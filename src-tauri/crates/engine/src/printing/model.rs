//! What a printer is, what is on its way to paper, and which step that allows. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::paper::Block;
use crate::kernel::ids::{AccountId, OrderId, PrintJobId, PrinterId, StationId};
use crate::kernel::words::words;
use crate::orders::model::Service;

/// What surely did not go out is tried again for this long after it was asked for.
pub const GIVE_UP_MS: i64 = 5 * 60_000;
/// Waits between two tries; the last one stays.
const PAUSES_MS: [i64; 4] = [1_000, 3_000, 8_000, 15_000];
/// Longest address of a printer, in characters.
pub const ADDRESS_MAX: usize = 255;
/// Longest name of a printer, in characters.
pub const NAME_MAX: usize = 60;
/// Most printers of one device.
pub const PRINTERS_MAX: usize = 50;
/// The port printers listen on when nobody says.
pub const PORT: u16 = 9100;
/// Beginnings of a printer's own device file; a number follows. Nothing else is ever written to.
const DEVICES: [&str; 5] = ["/dev/usb/lp", "/dev/lp", "/dev/ttyUSB", "/dev/ttyACM", "/dev/ttyS"];

/// What a printer understands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PrinterLanguage)]
pub enum Language {
    /// The commands of nearly all receipt printers: large letters, cut.
    #[default]
    Escpos,
    /// Text alone.
    Plain,
}

words!(Language { Escpos = "escpos", Plain = "plain" });

/// A printer of this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printer {
    pub id: PrinterId,
    pub name: String,
    pub address: String,
    pub language: Language,
    /// Characters on a row.
    pub columns: u8,
    /// Bills, receipts and reports come out here, where nobody says otherwise.
    pub guests: bool,
    /// A cash drawer hangs on it.
    pub drawer: bool,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PrintKind)]
pub enum Kind {
    /// What was fired to a station.
    Ticket,
    /// What a check comes to, before it is paid.
    Bill,
    /// What was paid, and how.
    Receipt,
    /// The till as it stands.
    X,
    /// A closed day.
    Z,
    /// To see whether a printer prints.
    Test,
    /// No paper: the drawer springs open.
    Drawer,
}

words!(Kind { Ticket = "ticket", Bill = "bill", Receipt = "receipt", X = "x", Z = "z", Test = "test", Drawer = "drawer" });

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PrintState)]
pub enum JobState {
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

words!(JobState {
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
    /// Something is there, and it takes nothing.
    Refused,
    /// Nothing answers there.
    Unreachable,
    /// It does not take it all, or does not say that it has it.
    Slow,
    /// It hung up in the middle.
    CutOff,
    /// The engine stopped in the middle.
    Stopped,
    /// There was no time left to try: it was asked for too long ago.
    Late,
    /// The printer was taken away.
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

/// A document on its way to paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub id: PrintJobId,
    pub kind: Kind,
    /// What is printed again when it is asked for again; None: each is one of its own.
    pub subject: Option<String>,
    /// The order's number, the report's, or the printer's name.
    pub title: String,
    pub order: Option<OrderId>,
    pub table: Option<String>,
    pub service: Option<Service>,
    /// Whose food it is.
    pub station: Option<StationId>,
    pub printer: PrinterId,
    /// Without the line that says COPY.
    pub blocks: Vec<Block>,
    /// What is on it, in short: quantity in thousandths and name.
    pub lines: Vec<(i64, String)>,
    /// When it was fired, or asked for.
    pub made_ms: i64,
    pub state: JobState,
    /// How often it may be on paper already: what comes out next says COPY and this number.
    pub copies: i64,
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

impl Job {
    /// Asked for now, and to be sent at once.
    pub fn new(kind: Kind, title: String, printer: PrinterId, blocks: Vec<Block>, now_ms: i64) -> Self {
        Self {
            id: PrintJobId::mint(),
            kind,
            subject: None,
            title,
            order: None,
            table: None,
            service: None,
            station: None,
            printer,
            blocks,
            lines: Vec::new(),
            made_ms: now_ms,
            state: JobState::Waiting,
            copies: 0,
            attempts: 0,
            next_ms: now_ms,
            until_ms: now_ms + GIVE_UP_MS,
            failing_ms: None,
            trouble: None,
            done_ms: None,
            done_by: None,
        }
    }
}

impl Job {
    /// Somebody has to see to it. A test page that fails says so where it was asked for; a drawer that stays shut is seen.
    pub fn is_alarm(&self) -> bool {
        self.failing_ms.is_some() && !matches!(self.kind, Kind::Test | Kind::Drawer)
    }

    /// What a person may do with it now, by the last word of the URL.
    pub fn allowed(&self) -> &'static [&'static str] {
        match self.state {
            JobState::Waiting | JobState::Failed | JobState::Unsure => &["send", "by-hand"],
            // What is on it was forgotten: it is asked for anew.
            JobState::Printed | JobState::ByHand if self.blocks.is_empty() => &[],
            JobState::Printed | JobState::ByHand => &["send"],
            JobState::Sending => &[],
        }
    }

    /// Sent again, or elsewhere, because a person says so.
    #[must_use]
    pub fn again(self, printer: PrinterId, now_ms: i64) -> Job {
        Job {
            state: JobState::Waiting,
            printer,
            next_ms: now_ms,
            until_ms: now_ms + GIVE_UP_MS,
            done_ms: None,
            done_by: None,
            ..self
        }
    }

    /// The same is asked for again, as it is now. A bill that has changed is another bill, and a
    /// reading of the till is one of its moment.
    #[must_use]
    pub fn asked_again(self, wanted: Job) -> Job {
        let is_copy = match self.kind {
            Kind::Bill => self.blocks == wanted.blocks,
            Kind::X | Kind::Test | Kind::Drawer => false,
            Kind::Ticket | Kind::Receipt | Kind::Z => true,
        };
        let copies = if is_copy { self.copies } else { 0 };
        Job { id: self.id, copies, ..wanted }
    }

    /// Somebody saw to it.
    #[must_use]
    pub fn seen_to(self, by: AccountId, now_ms: i64) -> Job {
        if self.done_ms.is_some() {
            return self;
        }
        Job { state: JobState::ByHand, failing_ms: None, done_ms: Some(now_ms), done_by: Some(by), ..self }
    }

    /// What it is after it was sent.
    #[must_use]
    pub fn after(self, sent: Sent, now_ms: i64) -> Job {
        let failing_ms = self.failing_ms.or(Some(now_ms));
        match sent {
            Sent::Printed => {
                let copies = self.copies + 1;
                Job { state: JobState::Printed, copies, failing_ms: None, trouble: None, done_ms: Some(now_ms), ..self }
            }
            Sent::Unsure(trouble) => {
                let copies = self.copies + 1;
                Job { state: JobState::Unsure, copies, failing_ms, trouble: Some(trouble), ..self }
            }
            Sent::NotSent(trouble) => {
                let pause = usize::try_from(self.attempts - 1).unwrap_or(0).min(PAUSES_MS.len() - 1);
                let next_ms = now_ms + PAUSES_MS[pause];
                let state = if next_ms > self.until_ms { JobState::Failed } else { JobState::Waiting };
                Job { state, failing_ms, trouble: Some(trouble), next_ms, ..self }
            }
        }
    }
}

/// Where a printer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    Network {
        host: String,
        port: u16,
    },
    /// Its device file on this machine.
    Device(String),
}

/// An address as people write it: `192.168.1.40`, `grill.local:9101`, `[fe80::1]:9100`, `/dev/usb/lp0`.
pub fn address(text: &str) -> Option<Address> {
    if text.starts_with('/') {
        let number = DEVICES.iter().find_map(|device| text.strip_prefix(device))?;
        let good = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        return good.then(|| Address::Device(text.to_owned()));
    }
    let (host, port) = network(text)?;
    Some(Address::Network { host, port })
}

fn network(text: &str) -> Option<(String, u16)> {
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

    fn printer(number: u128) -> PrinterId {
        PrinterId(Uuid::from_u128(number))
    }

    fn job() -> Job {
        let waiting = Job::new(Kind::Ticket, "A-0001".to_owned(), printer(1), Vec::new(), 0);
        Job { state: JobState::Sending, attempts: 1, ..waiting }
    }

    #[test]
    fn what_surely_did_not_go_out_is_tried_again_until_it_is_old() {
        let first = job().after(Sent::NotSent(Trouble::Refused), 100);
        assert_eq!((first.state, first.next_ms, first.failing_ms), (JobState::Waiting, 1_100, Some(100)));
        assert_eq!(first.copies, 0, "nothing is on paper");
        let later = Job { attempts: 9, ..first }.after(Sent::NotSent(Trouble::Refused), 50_000);
        assert_eq!((later.next_ms, later.failing_ms), (65_000, Some(100)), "since the first time");
        let last = later.after(Sent::NotSent(Trouble::Refused), GIVE_UP_MS - 1);
        assert_eq!(last.state, JobState::Failed);
        let again = last.again(printer(2), GIVE_UP_MS * 3);
        assert_eq!((again.printer, again.copies), (printer(2), 0), "elsewhere, and the first on paper");
        let printed = again.after(Sent::Printed, GIVE_UP_MS * 3);
        assert_eq!((printed.state, printed.failing_ms), (JobState::Printed, None));
    }

    #[test]
    fn what_may_be_on_paper_waits_for_a_person_and_counts_as_a_copy() {
        let unsure = job().after(Sent::Unsure(Trouble::CutOff), 100);
        assert_eq!((unsure.state, unsure.copies), (JobState::Unsure, 1));
        let again = unsure.again(printer(1), 200);
        assert_eq!((again.state, again.copies, again.failing_ms), (JobState::Waiting, 1, Some(100)));
        let second = again.after(Sent::Printed, 300).again(printer(1), 400);
        assert_eq!(second.copies, 2);
    }

    #[test]
    fn a_receipt_printed_again_is_a_copy_and_a_bill_that_changed_is_not() {
        let made =
            |kind, text: &str| Job::new(kind, "A-0001".to_owned(), printer(1), vec![Block::Title(text.to_owned())], 0);
        let printed = |kind, text: &str| made(kind, text).after(Sent::Printed, 1);
        let copies = |kind, then: &str| printed(kind, "one").asked_again(made(kind, then)).copies;
        assert_eq!((copies(Kind::Receipt, "one"), copies(Kind::Receipt, "two")), (1, 1));
        assert_eq!((copies(Kind::Bill, "one"), copies(Kind::Bill, "two")), (1, 0));
        assert_eq!((copies(Kind::Z, "one"), copies(Kind::X, "one")), (1, 0));
    }

    #[test]
    fn addresses_are_read_as_people_write_them() {
        let check = |text: &str, host: &str, port| {
            assert_eq!(address(text), Some(Address::Network { host: host.to_owned(), port }), "{text}");
        };
        check("192.168.1.40", "192.168.1.40", 9100);
        check("grill.local:9101", "grill.local", 9101);
        check("[fe80::1%eth0]", "fe80::1%eth0", 9100);
        check("[fe80::1]:515", "fe80::1", 515);
        assert_eq!(address("/dev/usb/lp0"), Some(Address::Device("/dev/usb/lp0".to_owned())));
        for wrong in ["", ":9100", "grill:", "grill:0", "grill:99999", "http://grill", "a b", "[::1", "[::1]x", "::1"] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
        for wrong in ["/dev/sda", "/dev/usb/lp", "/dev/lp0/../sda", "/dev/usb/lp1234", "/etc/passwd", "/dev/ttyS1 "] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
    }
}
