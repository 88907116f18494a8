//! Letters, waiting times, and how a link is. Pure.

use serde::Serialize;
use utoipa::ToSchema;

/// The first wait after a failure; each one after it doubles it.
const WAIT_MS: u64 = 500;
const WAIT_MS_MAX: u64 = 15_000;
/// A device's name, in characters.
pub const NAME_MAX: usize = 60;
/// Devices of one restaurant, revoked ones too.
pub const DEVICES_MAX: usize = 200;

/// How this engine's link to a restaurant's sequencer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Not heard yet since this engine runs.
    #[default]
    Connecting,
    /// Everything of here is there, and everything of there is here.
    InStep,
    /// On its way.
    CatchingUp,
    /// The sequencer does not answer; what is done here waits.
    Away,
    /// A fresh copy is being fetched, because the rows here are no longer the sequencer's.
    Copying,
    /// It will not work until a person does something; the error says what.
    Stopped,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    pub state: LinkState,
    pub last_contact_ms: Option<i64>,
    /// The last thing that went wrong, while it does.
    pub error: Option<String>,
    /// When everything of the sequencer was here last.
    pub in_step_ms: Option<i64>,
    /// The sequencer's position, as it said last.
    pub there: Option<u64>,
}

/// The n-th letters: A … Z, AA …
pub fn letters(n: u64) -> String {
    let mut left = n.max(1);
    let mut letters = Vec::new();
    while left > 0 {
        letters.push(b'A' + ((left - 1) % 26) as u8);
        left = (left - 1) / 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

/// Which letters these are: the number they have. 0: they are none.
pub fn number(letters: &str) -> u64 {
    let digit = |letter: u8| letter.is_ascii_uppercase().then(|| u64::from(letter - b'A') + 1);
    letters.bytes().try_fold(0, |sum: u64, letter| sum.checked_mul(26)?.checked_add(digit(letter)?)).unwrap_or(0)
}

/// The number of the sequencer's own letters: one that is leased to nobody, another in each epoch.
pub fn own_number(epoch: u64, leased: &[u64]) -> u64 {
    let free = (1..).filter(|n| !leased.contains(n));
    let nth = usize::try_from(epoch.max(1) - 1).unwrap_or(usize::MAX);
    let mut free = free;
    free.nth(nth).unwrap_or(epoch)
}

/// The number the next device gets: above all that were ever given and above the sequencer's own, which so stay what
/// they are.
pub fn next_lease(epoch: u64, leased: &[u64]) -> u64 {
    leased.iter().copied().max().unwrap_or(0).max(own_number(epoch, leased)) + 1
}

/// How long to wait after so many failures in a row. `chance` (0 to 1) keeps devices from asking all at once.
pub fn wait_ms(failed: u32, chance: f64) -> u64 {
    let most = WAIT_MS.saturating_mul(1 << failed.min(10)).min(WAIT_MS_MAX);
    // Between half of it and all of it.
    let half = most / 2;
    half + (half as f64 * chance.clamp(0.0, 1.0)) as u64
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn letters_go_on_after_z() {
        let said: Vec<_> = [1, 2, 26, 27, 28, 52, 53, 702, 703].into_iter().map(letters).collect();
        assert_eq!(said, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
        assert!((1..2_000).all(|n| number(&letters(n)) == n));
        assert_eq!((number(""), number("a"), number("A1")), (0, 0, 0));
    }

    #[test]
    fn no_letters_are_given_twice_whatever_restores_and_leases_come() {
        for pattern in 0u32..512 {
            let (mut epoch, mut leased) = (1, Vec::new());
            let mut printed = BTreeSet::from([own_number(epoch, &leased)]);
            for bit in 0..9 {
                let before = own_number(epoch, &leased);
                let new = if pattern & (1 << bit) == 0 {
                    leased.push(next_lease(epoch, &leased));
                    assert_eq!(own_number(epoch, &leased), before, "a lease leaves the others their letters");
                    leased[leased.len() - 1]
                } else {
                    epoch += 1;
                    own_number(epoch, &leased)
                };
                assert!(printed.insert(new), "{new} twice in {pattern:b}");
            }
        }
    }

    #[test]
    fn waiting_grows_to_a_limit_and_is_never_the_same_for_all() {
        assert_eq!((wait_ms(0, 0.0), wait_ms(0, 1.0)), (250, 500));
        assert_eq!((wait_ms(3, 1.0), wait_ms(60, 1.0)), (4_000, WAIT_MS_MAX));
    }
}
