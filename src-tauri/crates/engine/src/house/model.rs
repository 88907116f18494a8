//! Who is in the house, what this computer is called there, and what its authority may vouch for. Pure.

use std::net::{IpAddr, Ipv4Addr};

use sha2::{Digest, Sha256};

/// Where the door is when nobody says.
pub const PORT: u16 = 8788;
/// Below, a program needs more rights than this one should have.
pub const PORT_MIN: u16 = 1024;
/// How a device is called, in characters.
pub const NAME_MAX: usize = 40;
/// Crockford's, as names are written: no letter that is read as a digit or another letter.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// The end of names that are asked of everybody in a house and of no server (RFC 6762).
pub const LOCAL: &str = "local";

/// What an owner chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub is_open: bool,
    pub port: u16,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { is_open: false, port: PORT }
    }
}

/// One of this computer's addresses and the net it lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    pub ip: Ipv4Addr,
    pub mask: Ipv4Addr,
}

/// The name that goes with a key, for as long as there is that key: `comanda-7k2m`.
pub fn name_of(public_key: &[u8]) -> String {
    let hash = Sha256::digest(public_key);
    let letters: String = hash.iter().take(4).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    format!("comanda-{letters}")
}

/// SHA-256 as tablets show it: pairs of letters, eight to a line of four groups at most.
pub fn fingerprint(der: &[u8]) -> String {
    let hash = Sha256::digest(der);
    let pairs: Vec<_> = hash.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

/// Nets of houses: those no router passes on (RFC 1918, RFC 3927). Each with the length of its prefix.
pub const HOUSE_NETS: [(Ipv4Addr, u8); 4] = [
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
];

const fn same_net(a: Ipv4Addr, b: Ipv4Addr, mask: u32) -> bool {
    a.to_bits() & mask == b.to_bits() & mask
}

/// Whether the authority may vouch for an address.
pub fn is_of_a_house(ip: Ipv4Addr) -> bool {
    HOUSE_NETS.iter().any(|(net, prefix)| same_net(ip, *net, u32::MAX << (32 - prefix)))
}

/// Whether somebody is in the house: on this computer, in a net of houses, or in a net this computer lies in.
pub fn is_inside(peer: IpAddr, own: &[Address]) -> bool {
    let ip = match peer.to_canonical() {
        IpAddr::V4(ip) => ip,
        IpAddr::V6(ip) => return ip.is_loopback(),
    };
    // A net as wide as all there is would make everybody a guest.
    let beside = |at: &Address| at.mask.to_bits().leading_ones() >= 8 && same_net(ip, at.ip, at.mask.to_bits());
    ip.is_loopback() || is_of_a_house(ip) || own.iter().any(beside)
}

/// A computer's name as names in a house may be. None: it is none.
pub fn host_label(name: &str) -> Option<String> {
    let label = name.trim_end_matches('.').split('.').next().unwrap_or_default().to_ascii_lowercase();
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let whole = (1..=63).contains(&label.len()) && label.bytes().all(good) && !label.starts_with('-');
    // What every computer calls itself says nothing.
    (whole && label != "localhost").then_some(label)
}

/// The number that tells two devices apart that ask at the same time: `47 12`.
pub fn shown_number(number: u16) -> String {
    format!("{:02} {:02}", number / 100 % 100, number % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_name() {
        let (one, other) = (name_of(b"one"), name_of(b"other"));
        assert_eq!((one.len(), name_of(b"one") == one, one == other), (12, true, false));
        assert_eq!(host_label(&one).as_deref(), Some(one.as_str()));
    }

    #[test]
    fn who_comes_from_elsewhere_is_not_in_the_house() {
        let own = [Address { ip: Ipv4Addr::new(203, 0, 113, 7), mask: Ipv4Addr::new(255, 255, 255, 0) }];
        let wide = [Address { ip: Ipv4Addr::new(203, 0, 113, 7), mask: Ipv4Addr::UNSPECIFIED }];
        let check = |peer: &str, own: &[Address], expect: bool| {
            assert_eq!(is_inside(peer.parse().unwrap(), own), expect, "{peer}");
        };
        for inside in ["127.0.0.1", "::1", "192.168.1.20", "10.1.2.3", "172.31.0.1", "169.254.9.9", "::ffff:10.0.0.1"] {
            check(inside, &[], true);
        }
        for outside in ["203.0.113.9", "8.8.8.8", "172.32.0.1", "::ffff:8.8.8.8", "2001:db8::1", "11.0.0.1"] {
            check(outside, &[], false);
            check(outside, &wide, false);
        }
        check("203.0.113.9", &own, true);
        check("203.0.114.9", &own, false);
    }

    #[test]
    fn a_computer_s_name_is_one_word_that_says_something() {
        assert_eq!(host_label("Till-1.lan").as_deref(), Some("till-1"));
        for none in ["", "localhost", "localhost.localdomain", "a b", "-x", "ñ"] {
            assert_eq!(host_label(none), None, "{none}");
        }
    }

    #[test]
    fn numbers_are_read_in_pairs() {
        assert_eq!((shown_number(4712), shown_number(7)), ("47 12".into(), "00 07".into()));
        let shown = fingerprint(b"x");
        assert_eq!((shown.len(), shown.split(':').count()), (95, 32));
    }
}
