//! Line: FileIndex -> Finding. What is suspicious about a file: by its mode, by its name, by its path.

use serde::Serialize;

use super::{EntryKind, EntryRef};

/// Something suspicious.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Its stable name.
    pub id: &'static str,
    /// The path, with what is no UTF-8 replaced.
    pub path: String,
    /// The position of the layer that has it.
    pub layer: u32,
    /// The number of the entry in that layer's tar.
    pub at: u32,
    /// The position of a later layer that deletes it: it is still in the image's bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_in: Option<u32>,
    /// What was seen.
    pub why: String,
}

type Rule = fn(&EntryRef<'_>) -> Option<String>;

/// Every rule with its id; the place in the list is its bit in an event.
pub(super) const RULES: [(&str, Rule); 9] = [
    ("setuid", setuid),
    ("setgid", setgid),
    ("world-writable", world_writable),
    ("secret-name", secret),
    ("absolute-path", absolute),
    ("dot-dot-path", dot_dot),
    ("control-name", control),
    ("bidi-name", bidi),
    ("device", device),
];

/// The bits of the rules that an entry breaks.
pub(super) fn bits(entry: &EntryRef<'_>) -> u16 {
    RULES.iter().enumerate().filter(|(_, (_, rule))| rule(entry).is_some()).fold(0, |bits, (at, _)| bits | 1 << at)
}

/// The bit of the rule with this id; none for an unknown one.
pub(super) fn bit(id: &str) -> u16 {
    RULES.iter().position(|(known, _)| *known == id).map_or(0, |at| 1 << at)
}

/// The ids of the rules of these bits.
pub(super) fn ids(bits: u16) -> Vec<&'static str> {
    RULES.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, (id, _))| *id).collect()
}

fn is_file(entry: &EntryRef<'_>) -> bool {
    matches!(entry.kind, EntryKind::File | EntryKind::HardLink)
}

fn setuid(entry: &EntryRef<'_>) -> Option<String> {
    let runs = is_file(entry) && entry.mode & 0o4000 != 0;
    runs.then(|| format!("mode {:04o}: whoever runs it becomes user {}", entry.mode, entry.uid))
}

fn setgid(entry: &EntryRef<'_>) -> Option<String> {
    let runs = is_file(entry) && entry.mode & 0o2000 != 0;
    runs.then(|| format!("mode {:04o}: whoever runs it becomes group {}", entry.mode, entry.gid))
}

fn world_writable(entry: &EntryRef<'_>) -> Option<String> {
    let open = entry.mode & 0o002 != 0;
    let found = is_file(entry) || entry.kind == EntryKind::Directory && entry.mode & 0o1000 == 0;
    (open && found).then(|| format!("mode {:04o}: everybody may write to it", entry.mode))
}

fn absolute(entry: &EntryRef<'_>) -> Option<String> {
    target(entry, |path| path.starts_with(b"/"), "begins with a slash")
}

fn dot_dot(entry: &EntryRef<'_>) -> Option<String> {
    target(entry, |path| path.split(|byte| *byte == b'/').any(|name| name == b".."), "has a part \"..\"")
}

/// A hard link's target is a path in the archive too.
fn target(entry: &EntryRef<'_>, test: fn(&[u8]) -> bool, words: &str) -> Option<String> {
    if test(entry.path) {
        return Some(format!("the path in the archive {words}"));
    }
    (entry.kind == EntryKind::HardLink && test(entry.link)).then(|| format!("the target of the hard link {words}"))
}

fn control(entry: &EntryRef<'_>) -> Option<String> {
    named(entry, |character| character.is_control())
}

/// The characters of Unicode's UAX #9 that change the direction of what follows.
fn bidi(entry: &EntryRef<'_>) -> Option<String> {
    let turns = |character| matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    named(entry, turns)
}

fn named(entry: &EntryRef<'_>, test: fn(char) -> bool) -> Option<String> {
    if entry.path.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return None;
    }
    let path = String::from_utf8_lossy(entry.path);
    let found = path.chars().find(|character| test(*character))?;
    Some(format!("its name has the character U+{:04X}", u32::from(found)))
}

fn device(entry: &EntryRef<'_>) -> Option<String> {
    let kind = match entry.kind {
        EntryKind::CharDevice => "character",
        EntryKind::BlockDevice => "block",
        _ => return None,
    };
    let (major, minor) = entry.device.unwrap_or_default();
    Some(format!("a {kind} device, {major}:{minor}"))
}

/// Names that usually hold a secret, in lower case.
const SECRETS: [&str; 30] = [
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ecdsa_sk",
    "id_ed25519",
    "id_ed25519_sk",
    ".env",
    ".netrc",
    "_netrc",
    ".npmrc",
    ".pypirc",
    ".git-credentials",
    ".dockercfg",
    ".pgpass",
    ".my.cnf",
    ".htpasswd",
    ".vault-token",
    ".s3cfg",
    ".boto",
    ".terraformrc",
    "credentials.json",
    "credentials.xml",
    "secrets.json",
    "secrets.yml",
    "secrets.yaml",
    "service-account.json",
    "terraform.tfstate",
    ".bash_history",
    ".zsh_history",
    "kubeconfig",
];

/// The same for names that mean something only in their directory.
const SECRET_PATHS: [&str; 6] = [
    ".aws/credentials",
    ".docker/config.json",
    ".kube/config",
    ".azure/accesstokens.json",
    ".config/gcloud/application_default_credentials.json",
    "run/secrets",
];

/// Ends of names that stand for keys and stores of keys.
const SECRET_ENDS: [&str; 9] = [".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk", ".p8", ".ovpn"];

/// Examples are no secrets.
const HARMLESS: [&str; 5] = [".example", ".sample", ".template", ".dist", ".pub"];

fn secret(entry: &EntryRef<'_>) -> Option<String> {
    if !is_file(entry) {
        return None;
    }
    let path = String::from_utf8_lossy(entry.path).to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    let deleted = name.strip_prefix(".wh.");
    if deleted.is_some() || HARMLESS.iter().any(|end| name.ends_with(end)) {
        return None;
    }
    let whole = SECRETS.iter().find(|known| **known == name);
    let place = || SECRET_PATHS.iter().find(|known| is_at(&path, known));
    let end = || SECRET_ENDS.iter().find(|end| name.ends_with(**end) && name.len() > end.len());
    if let Some(known) = whole.or_else(place) {
        return Some(format!("\"{known}\" usually holds a secret"));
    }
    if let Some(end) = end() {
        return Some(format!("names that end in \"{end}\" are usually keys"));
    }
    let environment = name.strip_prefix(".env.").is_some();
    let private = name.ends_with(".pem") && (name.contains("key") || name.contains("private"));
    (environment || private).then(|| "its name is one of a secret's".to_owned())
}

/// Whether a path ends in these names.
fn is_at(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}
