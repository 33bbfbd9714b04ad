//! Configuration, the texts of it: sizes with their units, networks in CIDR form.

use std::net::IpAddr;

use ipnet::IpNet;

const UNITS: &[(&str, u64)] = &[
    ("", 1),
    ("B", 1),
    ("KB", 1000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KIB", 1 << 10),
    ("MIB", 1 << 20),
    ("GIB", 1 << 30),
    ("TIB", 1 << 40),
];

/// Reads `1048576`, `500MB`, `10 GiB`.
///
/// # Errors
/// A sentence when the text is no size, is zero, or does not fit 64 bits.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim().to_ascii_uppercase();
    let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    let size = number.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
    size.filter(|size| *size > 0).ok_or_else(|| format!("\"{text}\" is not a size such as 1048576, 500MB or 10GiB"))
}

/// Reads `10.0.0.0/8`, `fd00::/8`, or one address.
///
/// # Errors
/// A sentence when the text is neither.
pub fn parse_network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let network = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    network.ok_or_else(|| format!("\"{text}\" is neither an address nor a network such as 10.0.0.0/8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, size) in
            [("1", 1), ("512", 512), ("2KB", 2000), ("2kib", 2048), ("10 GiB", 10 << 30), ("1TB", 1_000_000_000_000)]
        {
            assert_eq!(parse_size(text), Ok(size), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_said_so() {
        for text in ["", "0", "-1", "GiB", "1.5GiB", "10 bananas", "99999999999TiB"] {
            assert_eq!(parse_size(text), Err(format!("\"{text}\" is not a size such as 1048576, 500MB or 10GiB")));
        }
    }

    #[test]
    fn networks_and_single_addresses() {
        assert_eq!(parse_network("10.0.0.0/8").unwrap().to_string(), "10.0.0.0/8");
        assert_eq!(parse_network(" ::1 ").unwrap().to_string(), "::1/128");
        let error = "\"proxy.lan\" is neither an address nor a network such as 10.0.0.0/8";
        assert_eq!(parse_network("proxy.lan").unwrap_err(), error);
    }
}
