//! A chart's provenance -> Check (Helm's "Helm Provenance and Integrity"): the digest that it has of the chart, held against
//! the chart's own.
//!
//! The file is a text in OpenPGP's cleartext signature framework (RFC 9580, section 7): the chart's metadata, a line `...`, and
//! `files` with the digest of each. Its signature is not verified here, which a check says.

use super::cut;
use crate::carriers;
use crate::check::{Check, CheckId, Outcome, Source};
use crate::error::{Error, ErrorKind};
use crate::json::{self, Json, Member};
use crate::limits;
use crate::say::say;

const MESSAGE: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";

/// The checks of a provenance file: its digest of the chart, whose own is `digest` and whose file is called `name`, and its
/// signature.
#[must_use]
pub fn held(text: &[u8], digest: &str, name: &str) -> Vec<Check> {
    let signature = say!(
        "provenance-not-verified",
        "the PGP signature of the provenance is not verified here, and without that any digest may stand in it; helm verify holds it against a keyring"
    );
    let signature = Check::new(CheckId::Signature, Outcome::NotChecked, signature);
    vec![chart(text, digest, name), signature]
}

fn chart(text: &[u8], digest: &str, name: &str) -> Check {
    let check = |outcome, said| Check::new(CheckId::Digest, outcome, said);
    let Some(files) = std::str::from_utf8(text).ok().and_then(files) else {
        return check(
            Outcome::NotChecked,
            say!("provenance-unread", "the provenance is no signed text with digests of files"),
        );
    };
    // A tag has no plus sign, and Helm calls the chart by its tag when it pulls one.
    let tagged = name.replace('+', "_");
    let mut named = files.iter().filter(|(own, _)| own == name || *own == tagged);
    if let Some((file, told)) = named.next() {
        if named.next().is_some() {
            let said =
                say!("provenance-twice", "the provenance has more than one digest of {file}", file = file.as_str());
            return check(Outcome::Fail, said);
        }
        let (outcome, said) = if told == digest {
            (
                Outcome::Pass,
                say!(
                    "provenance-fits",
                    "the provenance has the digest of the chart's bytes for {file}",
                    file = file.as_str()
                ),
            )
        } else {
            (
                Outcome::Fail,
                say!(
                    "provenance-differs",
                    "the provenance has another digest for {file} than the chart's bytes have",
                    file = file.as_str()
                ),
            )
        };
        return check(outcome, said).values(told.as_str(), digest, Source::Document);
    }
    if let Some((file, told)) = files.iter().find(|(_, told)| told == digest) {
        let said = say!(
            "provenance-other-name",
            "the provenance has the digest of the chart's bytes for {file}, and helm looks for {name}",
            file = file.as_str(),
            name
        );
        return check(Outcome::Warn, said).values(told.as_str(), digest, Source::Document);
    }
    check(Outcome::Fail, say!("provenance-without-chart", "the provenance has no digest of {name}", name))
}

/// The files that the first signed text names, each with its digest, as they are written.
fn files(text: &str) -> Option<Vec<(String, String)>> {
    if text.len() > limits::PROVENANCE_BYTES {
        return None;
    }
    let lines: Vec<&str> = text.lines().map(|line| line.trim_end_matches([' ', '\t'])).collect();
    let begin = lines.iter().position(|line| *line == MESSAGE)?;
    let rest = lines.get(begin + 1..)?;
    let signed = rest.get(rest.iter().position(|line| line.is_empty())? + 1..)?;
    let signed = signed.get(..signed.iter().position(|line| *line == SIGNATURE)?)?;
    let mut parts = signed.split(|line| *line == "...");
    // A line that begins with a dash is written with another dash and a space before it.
    let listed = parts.nth(1)?.iter().map(|line| line.strip_prefix("- ").unwrap_or(line));
    let listed = format!("{}\n", listed.collect::<Vec<_>>().join("\n"));
    let parsed = json::parse_part(&carriers::yaml(&listed)?, || Error::new(ErrorKind::UnsupportedInput, "")).ok()?;
    let files = parsed.root.get("files").and_then(Json::as_object)?;
    let row = |member: &Member| Some((cut(&member.name), cut(member.value.as_str()?)));
    Some(files.iter().filter_map(row).take(limits::ARTIFACT_ROWS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "web-1.2.3.tgz";
    const DIGEST: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

    fn text(files: &str) -> String {
        format!(
            "{MESSAGE}\nHash: SHA512\n\napiVersion: v2\nname: web\nversion: 1.2.3\n\n...\n{files}\n{SIGNATURE}\n\nwsBc\n=abcd\n-----END PGP SIGNATURE-----\n"
        )
    }

    #[track_caller]
    fn is(text: &str, reason: &str, outcome: Outcome) {
        let checks = held(text.as_bytes(), DIGEST, NAME);
        assert_eq!((checks[0].id, checks[0].reason, checks[0].outcome), (CheckId::Digest, reason, outcome));
        assert_eq!((checks[1].id, checks[1].outcome), (CheckId::Signature, Outcome::NotChecked));
        assert_eq!((checks.len(), checks[1].reason), (2, "provenance-not-verified"));
    }

    #[test]
    fn the_digest_of_a_chart_fits_or_does_not() {
        let right = text(&format!("files:\n  {NAME}: {DIGEST}"));
        is(&right, "provenance-fits", Outcome::Pass);
        is(&right.replace('\n', "\r\n"), "provenance-fits", Outcome::Pass);
        is(&right.replace(DIGEST, &DIGEST.replace('1', "2")), "provenance-differs", Outcome::Fail);
        // Helm holds the texts against each other.
        is(&right.replace(DIGEST, &DIGEST.replace('1', "A")), "provenance-differs", Outcome::Fail);
        is(&text(&format!("files:\n  other.tgz: {DIGEST}")), "provenance-other-name", Outcome::Warn);
        is(&text("files:\n  other.tgz: sha256:00"), "provenance-without-chart", Outcome::Fail);
        is(&text(&format!("files:\n  {NAME}: {DIGEST}\n  {NAME}: {DIGEST}")), "provenance-twice", Outcome::Fail);
    }

    #[test]
    fn a_version_with_a_plus_sign_is_called_by_its_tag() {
        let told = text(&format!("files:\n  web-1.2.3_b.tgz: {DIGEST}"));
        assert_eq!(held(told.as_bytes(), DIGEST, "web-1.2.3+b.tgz")[0].reason, "provenance-fits");
    }

    #[test]
    fn only_the_first_signed_text_counts_and_only_what_is_signed() {
        let (right, wrong) = (format!("files:\n  {NAME}: {DIGEST}"), format!("files:\n  {NAME}: sha256:00"));
        is(&(text(&wrong) + &text(&right)), "provenance-differs", Outcome::Fail);
        is(&format!("{right}\n...\n{right}\n{}", text(&wrong)), "provenance-differs", Outcome::Fail);
        let headers = text(&wrong).replace("Hash: SHA512", &format!("Hash: SHA512\n...\n{right}"));
        is(&headers, "provenance-differs", Outcome::Fail);
    }

    #[test]
    fn a_text_of_another_form_is_not_read() {
        let whole = text(&format!("files:\n  {NAME}: {DIGEST}"));
        let unread = |text: &str| is(text, "provenance-unread", Outcome::NotChecked);
        for part in [MESSAGE, SIGNATURE, "\n...\n", "files:", "\n\n"] {
            unread(&whole.replace(part, ""));
        }
        for text in ["", "text", MESSAGE, &text("files: 1"), &text("files: [a]"), &text(&"[".repeat(100_000))] {
            unread(text);
        }
        assert_eq!(held(b"\xff", DIGEST, NAME)[0].reason, "provenance-unread");
        unread(&(whole + &"x".repeat(limits::PROVENANCE_BYTES)));
    }
}
