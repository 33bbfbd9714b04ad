//! Policy, the address decision: which IP addresses count as public (IANA special-purpose registries, RFC 6890).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// True if a connection to `address` stays on the public internet.
///
/// Everything that the IANA registries of special-purpose addresses do not call globally reachable is refused, and so are
/// the forms that carry an IPv4 address inside IPv6 (mapped, compatible, 6to4, Teredo). Only NAT64's well-known prefix is
/// judged by the IPv4 address in it, because on IPv6-only networks every IPv4 registry is reached through it (RFC 6052).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// The networks that are refused, as `address/bits`, for what filters addresses itself; NAT64 is among them, since such
/// filters cannot look into it.
pub fn refused_networks() -> impl Iterator<Item = String> {
    let v4 = NOT_PUBLIC_V4.iter().map(|(network, bits)| format!("{}/{bits}", Ipv4Addr::from(*network)));
    let v6 = OUTSIDE_GLOBAL_UNICAST.iter().chain(NOT_PUBLIC_V6);
    v4.chain(v6.map(|(network, bits)| format!("{}/{bits}", Ipv6Addr::from(*network))))
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !NOT_PUBLIC_V4.iter().any(|(network, bits)| in_v4(address, *network, *bits))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = nat64_v4(address) {
        return is_public_v4(v4);
    }
    in_v6(address, GLOBAL_UNICAST) && !NOT_PUBLIC_V6.iter().any(|network| in_v6(address, *network))
}

fn nat64_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = address.segments() else { return None };
    Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}

fn in_v4(address: Ipv4Addr, network: [u8; 4], bits: u32) -> bool {
    let shift = 32 - bits;
    address.to_bits() >> shift == Ipv4Addr::from(network).to_bits() >> shift
}

fn in_v6(address: Ipv6Addr, (network, bits): ([u16; 8], u32)) -> bool {
    let shift = 128 - bits;
    address.to_bits() >> shift == Ipv6Addr::from(network).to_bits() >> shift
}

const NOT_PUBLIC_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),        // "this network", the unspecified address (RFC 791)
    ([10, 0, 0, 0], 8),       // private (RFC 1918)
    ([100, 64, 0, 0], 10),    // carrier-grade NAT (RFC 6598); Alibaba Cloud's metadata at 100.100.100.200
    ([127, 0, 0, 0], 8),      // loopback
    ([168, 63, 129, 16], 32), // Azure's host agent, inside every Azure machine
    ([169, 254, 0, 0], 16),   // link-local (RFC 3927); metadata at 169.254.169.254 and 169.254.170.2
    ([172, 16, 0, 0], 12),    // private (RFC 1918)
    ([192, 0, 0, 0], 24),     // IETF protocol assignments (RFC 6890); Oracle Cloud's metadata at 192.0.0.192
    ([192, 0, 2, 0], 24),     // documentation (RFC 5737)
    ([192, 88, 99, 0], 24),   // 6to4 relays, withdrawn (RFC 7526)
    ([192, 168, 0, 0], 16),   // private (RFC 1918)
    ([198, 18, 0, 0], 15),    // benchmarks (RFC 2544)
    ([198, 51, 100, 0], 24),  // documentation (RFC 5737)
    ([203, 0, 113, 0], 24),   // documentation (RFC 5737)
    ([224, 0, 0, 0], 4),      // multicast (RFC 5771)
    ([240, 0, 0, 0], 4),      // reserved, broadcast (RFC 1112)
];

/// 2000::/3, the only space that IANA has given out: loopback, mapped, unique-local, link-local and multicast are outside.
const GLOBAL_UNICAST: ([u16; 8], u32) = ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// The rest of IPv6.
const OUTSIDE_GLOBAL_UNICAST: &[([u16; 8], u32)] =
    &[([0; 8], 3), ([0x4000, 0, 0, 0, 0, 0, 0, 0], 2), ([0x8000, 0, 0, 0, 0, 0, 0, 0], 1)];

const NOT_PUBLIC_V6: &[([u16; 8], u32)] = &[
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), // IETF protocol assignments: Teredo, ORCHID, benchmarks (RFC 2928)
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), // documentation (RFC 3849)
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), // 6to4: an IPv4 address inside (RFC 3056)
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), // documentation (RFC 9637)
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn all(expected: bool, addresses: &[&str]) {
        for text in addresses {
            let address: IpAddr = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(is_public(address), expected, "{text}");
        }
    }

    #[test]
    fn public_addresses_are_public() {
        all(true, &["8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0", "11.0.0.0"]);
        all(
            true,
            &["169.253.255.255", "192.0.1.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "168.63.129.17"],
        );
        all(true, &["2606:4700::6810:84e5", "2a00:1450:4001:800::200e", "2001:200::1", "64:ff9b::808:808"]);
    }

    #[test]
    fn private_and_special_ipv4_is_refused() {
        all(false, &["0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.127.255.255"]);
        all(false, &["127.0.0.1", "127.255.255.254", "169.254.169.254", "169.254.0.1", "172.16.0.1", "172.31.255.255"]);
        all(false, &["192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255"]);
        all(false, &["198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"]);
        all(false, &["168.63.129.16", "100.100.100.200"]);
    }

    #[test]
    fn private_and_special_ipv6_is_refused() {
        all(false, &["::", "::1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "100::1"]);
        all(false, &["2001:db8::1", "2001::1", "2001:10::1", "2001:20::1", "3fff::1", "5f00::1", "4000::1"]);
    }

    #[test]
    fn the_networks_are_those_that_are_refused() {
        let networks: Vec<String> = refused_networks().collect();
        for network in ["10.0.0.0/8", "169.254.0.0/16", "::/3", "4000::/2", "8000::/1", "2002::/16"] {
            assert!(networks.iter().any(|other| other == network), "{network}");
        }
        for network in networks {
            let first: IpAddr = network.split('/').next().unwrap().parse().unwrap();
            assert!(!is_public(first), "{network}");
        }
    }

    #[test]
    fn ipv4_inside_ipv6_is_refused() {
        all(false, &["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8"]);
        all(false, &["64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::c0a8:1", "64:ff9b:1::808:808"]);
        all(false, &["2002:7f00:1::", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"]);
    }
}
