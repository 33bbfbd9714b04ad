//! Policy, the networks: what limits count as one client, an IPv4 address or the networks around an IPv6 address.

use std::net::{IpAddr, Ipv6Addr};

/// A network that a client is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// Its first address.
    pub address: IpAddr,
    /// The length of its prefix.
    pub bits: u8,
    /// All clients of the network together may take this many times the share of one client.
    pub times: u32,
}

/// IPv6 prefixes, narrowest first: a link has a /64, most homes and servers have a /56, a site has a /48 (RFC 6177). Each
/// may be one person with thousands of the next narrower, or several people, so each tier may take twice as much.
const TIERS: [(u8, u32); 3] = [(64, 1), (56, 2), (48, 4)];

/// The networks that `client` is counted by, narrowest first.
pub fn networks(client: IpAddr) -> impl Iterator<Item = Network> {
    let (v4, v6) = match client.to_canonical() {
        IpAddr::V4(v4) => (Some(Network { address: v4.into(), bits: 32, times: 1 }), None),
        IpAddr::V6(v6) => (None, Some(v6)),
    };
    v4.into_iter().chain(v6.into_iter().flat_map(|v6| TIERS.map(|(bits, times)| around(v6, bits, times))))
}

fn around(address: Ipv6Addr, bits: u8, times: u32) -> Network {
    let host = 128 - u32::from(bits);
    Network { address: Ipv6Addr::from_bits(address.to_bits() >> host << host).into(), bits, times }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn counted_by(client: &str, expected: &[(&str, u8, u32)]) {
        let found: Vec<Network> = networks(client.parse().unwrap()).collect();
        let expected = expected.iter().map(|(address, bits, times)| Network {
            address: address.parse().unwrap(),
            bits: *bits,
            times: *times,
        });
        assert_eq!(found, expected.collect::<Vec<_>>(), "{client}");
    }

    #[test]
    fn an_ipv4_client_is_its_address() {
        counted_by("192.0.2.1", &[("192.0.2.1", 32, 1)]);
        counted_by("::ffff:192.0.2.1", &[("192.0.2.1", 32, 1)]);
    }

    #[test]
    fn an_ipv6_client_is_its_networks() {
        counted_by(
            "2001:db8:1:2345:6:7:8:9",
            &[("2001:db8:1:2345::", 64, 1), ("2001:db8:1:2300::", 56, 2), ("2001:db8:1::", 48, 4)],
        );
    }
}
