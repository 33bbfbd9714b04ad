//! Real documents as a hundred writers and carriers print them: each text is opened with the digest of the original.
//!
//! The texts lie outside the repository: `STOWPLAN_CASES` names the folder.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its input fails")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use stowplan::image::{Input, OpenOptions};
use stowplan::{Algorithm, Outcome};

/// The least number of the texts that come back.
const LEAST: usize = 585;

#[test]
fn printed_documents_come_back_to_their_bytes() {
    let Some(root) = std::env::var_os("STOWPLAN_CASES") else {
        println!("skipped: printed_documents_come_back_to_their_bytes (STOWPLAN_CASES is not set)");
        return;
    };
    let folder = Path::new(&root).join("printers");
    let only = std::env::var("PRINTER").unwrap_or_default();
    let mut missed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut found, mut all) = (0, 0);
    for entry in std::fs::read_dir(folder.join("out")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (document, printer) = name.split_once(".json.").unwrap();
        if !printer.contains(&only) {
            continue;
        }
        let original = std::fs::read(folder.join(format!("docs/{document}.json"))).unwrap();
        all += 1;
        match comes_back(&std::fs::read(&path).unwrap(), &original, printer != "utf16-bom") {
            Ok(steps) => {
                found += 1;
                if !only.is_empty() {
                    println!("{name}: {steps:?}");
                }
            }
            Err(why) => missed.entry(printer.to_owned()).or_default().push(format!("{document} {why}")),
        }
    }
    for (printer, documents) in &missed {
        println!("{printer}: {documents:?}");
    }
    println!("{found} of {all}");
    assert!(found >= LEAST || !only.is_empty(), "{found} of {all} come back");
}

/// The steps that led to the original, once its bytes are compared.
fn comes_back(printed: &[u8], original: &[u8], text: bool) -> Result<Vec<String>, String> {
    let expected = Algorithm::Sha256.digest(original);
    if std::env::var_os("DIRECT").is_some() {
        let found = stowplan::recover(printed, &expected).found.ok_or_else(String::new)?;
        assert_eq!(found.bytes, original);
        return Ok(found.steps);
    }
    let options = OpenOptions { expected: Some(expected.clone()), ..OpenOptions::default() };
    let input = Input { bytes: Arc::from(printed), name: None, text, stated: None };
    let opened = stowplan::image::open(vec![input], &options).map_err(|error| error.to_string())?;
    let proved = |check: &stowplan::Check| check.id == stowplan::CheckId::Digest && check.outcome == Outcome::Pass;
    let node = opened.report.nodes.iter().find(|node| node.digest.as_deref() == Some(expected.as_str()));
    let shape = || opened.report.pasted.first().map(|pasted| format!("{} {}", pasted.form, pasted.documents));
    let node = node.filter(|node| node.checks.iter().any(proved)).ok_or_else(|| shape().unwrap_or_default())?;
    let bytes = opened.bytes.iter().find(|(digest, _)| digest == expected.as_str()).map(|(_, bytes)| bytes.to_vec());
    assert_eq!(bytes.as_deref(), Some(original), "something else passed as {:?}", node.title);
    Ok(opened.report.recovered.map(|recovered| recovered.steps).unwrap_or_default())
}
