//! The capabilities of a file: the value of `security.capability` in words (Linux, `uapi/linux/capability.h`).

use std::fmt::Write as _;

/// The names of the capabilities, by their number.
const NAMES: [&str; 41] = [
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
];

/// The value as `getcap` prints it: names, then `e`, `i`, `p` for the sets that have them. A value that the kernel
/// does not know is given in hex.
pub(super) fn read(value: &[u8]) -> String {
    parts(value).unwrap_or_else(|| {
        value.iter().fold("0x".to_owned(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    })
}

fn parts(value: &[u8]) -> Option<String> {
    let word = |at: usize| value.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    let magic = word(0)?;
    let (sets, length) = match magic >> 24 {
        1 => (1, 12),
        2 => (2, 20),
        3 => (2, 24),
        _ => return None,
    };
    if value.len() != length {
        return None;
    }
    let set = |at: usize| {
        let high = if sets == 2 { word(at + 8)? } else { 0 };
        Some(u64::from(high) << 32 | u64::from(word(at)?))
    };
    let (permitted, inheritable) = (set(4)?, set(8)?);
    let is_effective = magic & 1 != 0;
    let mut text = group(permitted & !inheritable, if is_effective { "ep" } else { "p" });
    text.extend(group(permitted & inheritable, if is_effective { "eip" } else { "ip" }));
    text.extend(group(inheritable & !permitted, if is_effective { "ei" } else { "i" }));
    let root = word(20).filter(|root| length == 24 && *root != 0).map(|root| format!("[rootid={root}]"));
    text.extend(root);
    Some(if text.is_empty() { "none".to_owned() } else { text.join(" ") })
}

fn group(bits: u64, sets: &str) -> Vec<String> {
    let names: Vec<String> = (0..64)
        .filter(|bit| bits >> bit & 1 == 1)
        .map(|bit| NAMES.get(bit).map_or_else(|| bit.to_string(), |name| format!("cap_{name}")))
        .collect();
    if names.is_empty() { Vec::new() } else { vec![format!("{}={sets}", names.join(","))] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_getcap_prints_them() {
        let value = |magic: u32, words: &[u32]| -> Vec<u8> {
            std::iter::once(&magic).chain(words).flat_map(|word| word.to_le_bytes()).collect()
        };
        for (bytes, text) in [
            (value(0x0200_0001, &[1 << 13, 0, 0, 0]), "cap_net_raw=ep"),
            (value(0x0200_0000, &[1 << 10 | 1, 1 << 10, 0, 0]), "cap_chown=p cap_net_bind_service=ip"),
            (value(0x0300_0001, &[0, 0, 1 << 7, 0, 1000]), "cap_bpf=ep [rootid=1000]"),
            (value(0x0100_0001, &[1 << 31, 0]), "cap_setfcap=ep"),
            (value(0x0200_0000, &[0, 0, 1 << 31, 0]), "63=p"),
            (value(0x0200_0000, &[0, 0, 0, 0]), "none"),
            (b"x".to_vec(), "0x78"),
            (Vec::new(), "0x"),
        ] {
            assert_eq!(read(&bytes), text);
        }
    }
}
