//! Server, the client: who asks, as limits count it, also behind a reverse proxy that is trusted to say so.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::HeaderMap;
use ipnet::IpNet;

/// The reverse proxies whose `X-Forwarded-For` is believed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trusted(pub(crate) Vec<IpNet>);

impl Trusted {
    /// True if `peer` is one of them.
    pub(crate) fn includes(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.0.iter().any(|network| network.contains(&peer))
    }

    /// The client's address: the last one in `X-Forwarded-For` that no trusted proxy is, as seen from a trusted
    /// `peer`; otherwise `peer`. Addresses further left may be made up, and so may all of them from any other peer.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let lines: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
        for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            if !self.includes(client) {
                break;
            }
            let Some(address) = address(hop.trim()) else { break };
            client = address.to_canonical();
        }
        client
    }
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`: proxies write all of these.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse().ok().map(|both: SocketAddr| both.ip()))
}

/// The network that limits count as one client: an IPv4 address, or an IPv6 /64, since one customer has at least that.
pub(crate) fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[track_caller]
    fn is(client: &str, peer: &str, lines: &[&'static str]) {
        let trusted = Trusted(["127.0.0.0/8", "10.0.0.0/8", "::1/128"].map(|text| text.parse().unwrap()).into());
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        assert_eq!(trusted.client(peer.parse().unwrap(), &headers).to_string(), client, "{peer} {lines:?}");
    }

    #[test]
    fn only_trusted_proxies_say_who_asks() {
        is("192.0.2.9", "192.0.2.9", &["198.51.100.1"]);
        is("198.51.100.1", "127.0.0.1", &["198.51.100.1"]);
        is("198.51.100.1", "::ffff:127.0.0.1", &["198.51.100.1"]);
        is("127.0.0.1", "127.0.0.1", &[]);
    }

    #[test]
    fn what_a_client_made_up_further_left_does_not_count() {
        is("198.51.100.1", "127.0.0.1", &["203.0.113.5, 198.51.100.1"]);
        is("198.51.100.1", "127.0.0.1", &["203.0.113.5", "198.51.100.1"]);
        is("198.51.100.1", "127.0.0.1", &["203.0.113.5, 198.51.100.1, 10.0.0.2"]);
        is("127.0.0.1", "127.0.0.1", &["198.51.100.1, unknown"]);
        is("10.0.0.2", "127.0.0.1", &["'; drop table, 10.0.0.2"]);
    }

    #[test]
    fn addresses_come_with_ports_and_brackets() {
        is("198.51.100.1", "::1", &["198.51.100.1:4711"]);
        is("2001:db8::1", "::1", &["[2001:db8::1]:4711"]);
        is("2001:db8::1", "::1", &["[2001:db8::1]"]);
        is("198.51.100.1", "::1", &["::ffff:198.51.100.1"]);
    }

    #[test]
    fn an_ipv6_customer_is_one_client() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("192.0.2.1"), "192.0.2.1");
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
