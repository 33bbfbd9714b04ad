//! Names of files that usually hold a secret.

use super::super::EntryRef;
use super::is_file;

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

pub(super) fn secret(entry: &EntryRef<'_>) -> Option<String> {
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

/// True if a path ends in these names.
fn is_at(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}
