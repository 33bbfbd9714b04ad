//! Layers with a table of contents, eStargz and zstd:chunked: held against their annotations and against the tar.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod blobs;

use blobs::{ended, entry, gzip, halves, read, sha, zstd};
use stowplan::layer::{LayerVerdict, Spec};
use stowplan::{CheckId, Outcome};

const ENTRIES: &str = r#"{"name":"etc/","type":"dir"},{"name":"etc/a","type":"reg","size":1},{"name":"etc/b","type":"chunk"},{"name":"l","type":"symlink","linkName":"etc/a"}"#;

fn content() -> Vec<Vec<u8>> {
    let mut link = entry("l", b'2', b"");
    link[157..162].copy_from_slice(b"etc/a");
    link[148..156].fill(b' ');
    let sum: u32 = link.iter().map(|byte| u32::from(*byte)).sum();
    link[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    vec![entry("etc/", b'5', b""), entry("etc/a", b'0', b"x"), link]
}

fn toc(entries: &str) -> Vec<u8> {
    format!(r#"{{"version":1,"entries":[{entries}]}}"#).into_bytes()
}

/// A gzip member for each entry, the table of contents last but one, as eStargz has it.
fn stargz(toc: &[u8]) -> Vec<u8> {
    let members = content().into_iter().chain([entry("stargz.index.json", b'0', toc), vec![0; 1024]]);
    members.flat_map(|part| gzip(&part)).collect()
}

/// A frame for the tar, then the table of contents in a skippable one; and the offset and length of its content.
fn chunked(toc: &[u8]) -> (Vec<u8>, usize, usize) {
    let skippable = |content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        [&[0x50, 0x2a, 0x4d, 0x18][..], &length, content].concat()
    };
    let tar = zstd(&ended(&content()));
    let blob = [tar.clone(), skippable(toc), skippable(&[0; 64])].concat();
    (blob, tar.len() + 8, toc.len())
}

fn annotated(pairs: &[(&str, &str)]) -> Spec {
    let annotations = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Spec { annotations, ..Spec::default() }
}

#[track_caller]
fn says(found: &LayerVerdict, kind: &str, outcome: Outcome, message: &str) {
    let check = found.checks.iter().find(|check| check.id == CheckId::Toc).unwrap();
    assert_eq!((found.toc, check.outcome, check.message.as_str()), (Some(kind), outcome, message));
}

#[track_caller]
fn of_stargz(toc: &[u8], told: Option<&str>, outcome: Outcome, message: &str) {
    let spec = told.map_or_else(Spec::default, |told| annotated(&[("containerd.io/snapshot/stargz/toc.digest", told)]));
    let blob = stargz(toc);
    says(&read(&spec, &blob, blob.len()), "estargz", outcome, message);
    says(&halves(&spec, &blob, 7, 100), "estargz", outcome, message);
}

#[track_caller]
fn of_chunked(
    json: &[u8],
    change: impl Fn(&mut Vec<u8>, &mut usize),
    told: Option<&str>,
    outcome: Outcome,
    message: &str,
) {
    let packed = zstd(json);
    let (mut blob, mut at, length) = chunked(&packed);
    change(&mut blob, &mut at);
    let sum = told.map_or_else(|| sha(&packed), str::to_owned);
    let spec = annotated(&[
        ("io.github.containers.zstd-chunked.manifest-checksum", &sum),
        ("io.github.containers.zstd-chunked.manifest-position", &format!("{at}:{length}:{}:1", json.len())),
    ]);
    says(&read(&spec, &blob, blob.len()), "zstd:chunked", outcome, message);
    says(&halves(&spec, &blob, 7, 100), "zstd:chunked", outcome, message);
}

#[test]
fn a_table_of_estargz_that_is_right_passes() {
    let toc = toc(ENTRIES);
    let message = "the table of contents has the digest annotated, and its 3 entries are the tar's";
    of_stargz(&toc, Some(&sha(&toc)), Outcome::Pass, message);
    let message = "nobody gave the digest of the table of contents; its 3 entries are the tar's";
    of_stargz(&toc, None, Outcome::NotChecked, message);
}

#[test]
fn a_table_of_estargz_that_lies_fails() {
    let right = toc(ENTRIES);
    let message = "the table of contents has not the digest that the annotation gives";
    of_stargz(&right, Some(&sha(b"other")), Outcome::Fail, message);
    for (entries, message) in [
        (
            ENTRIES.replace("\"size\":1", "\"size\":2"),
            "entry 1 of the table of contents is \"reg etc/a 2 bytes\", and of the tar \"reg etc/a 1 bytes\"",
        ),
        (
            ENTRIES.replace("etc/a\"}", "etc/shadow\"}"),
            "entry 2 of the table of contents is \"symlink l -> etc/shadow\", and of the tar \"symlink l -> etc/a\"",
        ),
        (r#"{"name":"etc/","type":"dir"}"#.to_owned(), "the table of contents has 1 entries, the tar 3"),
        (format!(r#"{ENTRIES},{{"name":"m","type":"fifo"}}"#), "the table of contents has 4 entries, the tar 3"),
    ] {
        let toc = toc(&entries);
        of_stargz(&toc, Some(&sha(&toc)), Outcome::Fail, message);
    }
    for (toc, message) in [
        (&b"{}"[..], "the table of contents has no list of entries"),
        (b"[]", "the table of contents has no list of entries"),
    ] {
        of_stargz(toc, Some(&sha(toc)), Outcome::Fail, message);
    }
    let spec = annotated(&[("containerd.io/snapshot/stargz/toc.digest", &sha(b"x"))]);
    let blob = gzip(&ended(&content()));
    says(&read(&spec, &blob, 100), "estargz", Outcome::Fail, "a table of contents is promised and not there");
}

#[test]
fn a_table_of_zstd_chunked_is_held_against_its_checksum_and_the_tar() {
    let keep = |_: &mut Vec<u8>, _: &mut usize| {};
    let message = "the table of contents has the digest annotated, and its 3 entries are the tar's";
    of_chunked(&toc(ENTRIES), keep, None, Outcome::Pass, message);
    let message = "the table of contents has not the digest that the annotation gives";
    of_chunked(&toc(ENTRIES), keep, Some(&sha(b"other")), Outcome::Fail, message);
    let lies = toc(&ENTRIES.replace("\"size\":1", "\"size\":2"));
    let message = "the 3 entries of the table of contents are not the tar's 3";
    of_chunked(&lies, keep, None, Outcome::Fail, message);
    let message = "a table of contents is promised and not there";
    of_chunked(&toc(ENTRIES), |_, at| *at += 1, None, Outcome::Fail, message);
    of_chunked(b"{}", keep, None, Outcome::Fail, "the table of contents has no list of entries");
}
