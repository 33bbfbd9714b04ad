//! The references and digests of the vectors (`STOWPLAN_VECTORS`), each upstream parser read for what it decides.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its input fails")]

use std::{env, fs, path::Path};

use serde_json::Value;
use stowplan::{Algorithm, Digest, Reference};

/// The result of [`Reference::parse`] for a row of `references.json`, by the parser that it was made for.
enum Reading {
    /// Normalising parsers: the input as it is, every field as told.
    Normalised,
    /// Grammar alone, without docker.io: the verdict and the parts, joined, once our docker.io is taken away.
    Grammar,
    /// A bare domain is not a reference: the verdict on `domain/name`.
    Domain,
    /// Refused as a name, because it is an identifier; ours then reads the digest, as ParseAnyReference does.
    Identifier,
    /// The row does not speak about us; why.
    Skipped(&'static str),
}

fn reading(row: &Value) -> Reading {
    let parser = text(row, "parser").trim_start_matches("distribution/reference.");
    let digest_not_linked = text(row, "note").contains("crypto/sha512 is not linked");
    match parser {
        _ if digest_not_linked => Reading::Skipped("sha512 was not linked into that test; here it is"),
        "ParseNormalizedNamed" if is_identifier(text(row, "input")) => Reading::Identifier,
        "ParseNormalizedNamed" | "ParseDockerRef" | "ParseAnyReference" => Reading::Normalised,
        "ParseNamed" if text(row, "error") == "ErrNameNotCanonical" => {
            Reading::Skipped("ParseNamed refuses short names; a person may write them")
        }
        "NameRegexp" if text(row, "input") == "foo_bar.com:8080" => {
            Reading::Skipped("a name with a colon is no bare name; as a reference, 8080 is the tag")
        }
        "Parse" | "ParseNamed" | "NameRegexp" | "WithName" | "ReferenceRegexp" => Reading::Grammar,
        "DomainRegexp" => Reading::Domain,
        other => panic!("the parser {other} has no reading"),
    }
}

#[test]
fn every_row_of_distribution_reference_parses_as_told() {
    let Some(rows) = vectors("references.json") else { return };
    let ours = |row: &&Value| text(row, "parser").starts_with("distribution/reference");
    let mut checked = 0;
    let mut wrong = Vec::new();
    for row in rows.iter().filter(ours) {
        let outcome = match reading(row) {
            Reading::Normalised => verdict(row, text(row, "input")).and_then(|found| normalised(row, found)),
            Reading::Grammar => verdict(row, text(row, "input")).and_then(|found| grammar(row, found)),
            Reading::Domain => verdict(row, &as_domain(text(row, "input"))).map(drop),
            Reading::Identifier => identifier(text(row, "input")),
            Reading::Skipped(why) => {
                println!("skipped {} ({}): {why}", text(row, "input"), text(row, "parser"));
                continue;
            }
        };
        checked += 1;
        wrong.extend(outcome.err().map(|why| format!("{} ({}): {why}", text(row, "input"), text(row, "parser"))));
    }
    assert!(wrong.is_empty(), "{} of {checked} rows:\n{}", wrong.len(), wrong.join("\n"));
    assert!(checked > 100, "only {checked} rows were checked");
}

fn is_identifier(input: &str) -> bool {
    input.len() == 64 && input.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn identifier(input: &str) -> Result<(), String> {
    let found = Reference::parse(input).map_err(|error| error.to_string())?;
    let digest = found.digest().is_some_and(|digest| digest.encoded() == input);
    if digest && found.repository().is_none() { Ok(()) } else { Err(format!("is {found}")) }
}

/// A domain alone would be read as a repository: a port makes sure that it is taken for a domain.
fn as_domain(domain: &str) -> String {
    let port = domain.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    format!("{domain}{}/name", if port { "" } else { ":1" })
}

fn verdict(row: &Value, input: &str) -> Result<Option<Reference>, String> {
    match (row["valid"].as_bool().unwrap(), Reference::parse(input)) {
        (true, Ok(found)) => Ok(Some(found)),
        (false, Err(error)) if error.code() == "invalid-reference" => Ok(None),
        (true, Err(error)) => Err(format!("must be accepted: {error}")),
        (false, Ok(found)) => Err(format!("must be refused, is {found}")),
        (false, Err(error)) => Err(format!("the code is {}", error.code())),
    }
}

fn normalised(row: &Value, found: Option<Reference>) -> Result<(), String> {
    let Some(found) = found else { return Ok(()) };
    same(row, "domain", found.registry().unwrap_or_default())?;
    same(row, "path", found.repository().unwrap_or_default())?;
    same(row, "familiar", &found.familiar())?;
    let docker_ref = text(row, "parser").ends_with("ParseDockerRef");
    let canonical = found.canonical();
    // Only ParseDockerRef adds `:latest`; the others keep what was written.
    let written = !docker_ref && !found.familiar().ends_with(":latest");
    same(row, "normalised", canonical.strip_suffix(":latest").filter(|_| written).unwrap_or(&canonical))?;
    version(row, &found)
}

fn grammar(row: &Value, found: Option<Reference>) -> Result<(), String> {
    let Some(found) = found else { return Ok(()) };
    let full = format!("{}/{}", found.registry().unwrap_or_default(), found.repository().unwrap_or_default());
    let told = [text(row, "domain"), text(row, "path")].map(str::to_owned).join("/");
    let told = told.trim_matches('/');
    let short = full.strip_prefix("docker.io/").unwrap_or(&full);
    if !told.is_empty() && ![full.as_str(), short, short.trim_start_matches("library/")].contains(&told) {
        return Err(format!("the name is {full}, told {told}"));
    }
    version(row, &found)
}

fn version(row: &Value, found: &Reference) -> Result<(), String> {
    let tag = found.tag().filter(|tag| found.familiar().contains(&format!(":{tag}")));
    same(row, "tag", tag.unwrap_or_default())?;
    same(row, "digest", found.digest().map_or("", Digest::as_str))
}

fn same(row: &Value, field: &str, found: &str) -> Result<(), String> {
    match row[field].as_str() {
        Some(told) if told != found => Err(format!("{field} is {found:?}, told {told:?}")),
        _ => Ok(()),
    }
}

#[test]
fn every_digest_row_is_read_as_told() {
    let Some(rows) = vectors("digests.json") else { return };
    let mut checked = 0;
    for row in &rows {
        let (input, valid) = (text(row, "input"), row["valid"].as_bool().unwrap());
        let parsed = Digest::parse(input).ok();
        let accepted = parsed.as_ref().is_some_and(|digest| digest.algorithm().is_some());
        let parser = text(row, "parser");
        if parser.starts_with("distribution/reference IdentifierRegexp") {
            let bare = Reference::parse(input).is_ok_and(|found| found.repository().is_none());
            assert_eq!(bare, valid, "{input}");
        } else if parser.starts_with("go-digest") || parser == "known answer" || parser.starts_with("ggcr v1.NewHash") {
            assert_eq!(accepted, valid, "{input}");
        } else {
            continue;
        }
        if let Some(content) = row["content"].as_str() {
            assert_eq!(Algorithm::Sha256.digest(content.as_bytes()).as_str(), input);
        }
        checked += 1;
    }
    assert!(checked >= 15, "only {checked} rows were checked");
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

fn vectors(file: &str) -> Option<Vec<Value>> {
    let Ok(folder) = env::var("STOWPLAN_VECTORS") else {
        eprintln!("skipped: STOWPLAN_VECTORS is not set, so {file} is not read");
        return None;
    };
    let bytes = fs::read(Path::new(&folder).join(file)).unwrap();
    Some(serde_json::from_slice(&bytes).unwrap())
}
