//! The command that proves the same by hand: every value stands in quotes that no value can leave.

use serde::Deserialize;

/// A signature as it was found.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Signed {
    /// `registry/repository`.
    pub name: String,
    /// The digest that it is about.
    pub about: String,
    /// The signer, by a certificate.
    pub identity: Option<String>,
    /// The issuer who vouches for that.
    pub issuer: Option<String>,
    /// The predicate type, if a statement was signed.
    pub predicate: Option<String>,
    /// It is one of the Notary Project.
    pub notation: bool,
}

/// `cosign verify …`, or `cosign verify-attestation …` for a statement; a key is named as the file that it is kept in. A
/// signature of the Notary Project takes its own program.
#[must_use]
pub fn cosign(signed: &Signed) -> String {
    let Signed { name, about, identity, issuer, predicate, notation } = signed;
    if *notation {
        return format!("notation verify {}", quoted(&format!("{name}@{about}")));
    }
    let mut words = vec!["cosign".to_owned()];
    match predicate {
        Some(predicate) => {
            words.extend(["verify-attestation".to_owned(), "--type".to_owned(), quoted(predicate)]);
        }
        None => words.push("verify".to_owned()),
    }
    match identity {
        Some(identity) => {
            words.extend(["--certificate-identity".to_owned(), quoted(identity)]);
            words.extend(["--certificate-oidc-issuer".to_owned(), quoted(issuer.as_deref().unwrap_or_default())]);
        }
        None => words.extend(["--key".to_owned(), "cosign.pub".to_owned()]),
    }
    words.push(quoted(&format!("{name}@{about}")));
    words.join(" ")
}

/// As a POSIX shell takes it; hidden characters are written out, since the reader would not see them in the command.
fn quoted(text: &str) -> String {
    let text = crate::visible::visible(text);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._/:@%+=,".contains(&byte);
    if !text.is_empty() && !text.starts_with('-') && text.bytes().all(is_plain) {
        return text.into_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_names_who_signed_and_no_value_leaves_its_quotes() {
        let signed = Signed {
            name: "ghcr.io/owner/app".into(),
            about: "sha256:ab".into(),
            identity: Some("https://github.com/owner/app/.github/workflows/r.yml@refs/tags/v1".into()),
            issuer: Some("https://token.actions.githubusercontent.com".into()),
            predicate: None,
            notation: false,
        };
        assert_eq!(
            cosign(&signed),
            "cosign verify --certificate-identity https://github.com/owner/app/.github/workflows/r.yml@refs/tags/v1 \
             --certificate-oidc-issuer https://token.actions.githubusercontent.com ghcr.io/owner/app@sha256:ab"
        );
        let hostile = Signed { identity: Some("a'; rm -rf ~ #".into()), issuer: Some("$(x)".into()), ..signed.clone() };
        assert!(cosign(&hostile).contains(r"'a'\''; rm -rf ~ #' --certificate-oidc-issuer '$(x)'"));
        let notation = Signed { notation: true, ..signed.clone() };
        assert_eq!(cosign(&notation), "notation verify ghcr.io/owner/app@sha256:ab");
        let key = Signed { identity: None, predicate: Some("https://slsa.dev/provenance/v1".into()), ..signed };
        assert_eq!(
            cosign(&key),
            "cosign verify-attestation --type https://slsa.dev/provenance/v1 --key cosign.pub ghcr.io/owner/app@sha256:ab"
        );
    }
}
