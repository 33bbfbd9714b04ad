//! Exports from an image: a layer's tar byte for byte, some entries of it, the changes of a layer.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod blobs;

use std::collections::BTreeSet;

use blobs::{claims, ended, entry, gzip, pax, symlink, zstd};
use stowplan::layer::files::{Change, Choice, Files, Query, View};
use stowplan::layer::{Exporter, LayerReader, LayerVerdict};
use stowplan::{CheckId, Outcome};

/// The output for a blob that comes in pieces of that size, the verdict, and the number of entries that were not met.
fn exported(blob: &[u8], tar: &[u8], wanted: Option<&[u32]>, piece: usize) -> (Vec<u8>, LayerVerdict, usize) {
    let wanted = wanted.map(|numbers| numbers.iter().copied().collect::<BTreeSet<_>>());
    let mut exporter = Exporter::new(claims(blob, tar), wanted);
    let mut out = Vec::new();
    for piece in blob.chunks(piece) {
        exporter.push(piece);
        while exporter.advance() {
            out.extend_from_slice(exporter.output());
        }
    }
    let verdict = exporter.finish().unwrap();
    (out, verdict, exporter.missing())
}

fn outcome(verdict: &LayerVerdict, id: CheckId) -> Option<Outcome> {
    verdict.checks.iter().find(|check| check.id == id).map(|check| check.outcome)
}

/// A header for the next entry, as PAX writes it.
fn long(path: &str, content: &[u8]) -> Vec<u8> {
    [pax(&[("path", path)]), entry("cut", b'0', content)].concat()
}

fn global() -> Vec<u8> {
    let mut block = pax(&[("comment", "hello")]);
    block[156] = b'g';
    blobs::sum(&mut block[..512]);
    block
}

fn parts() -> Vec<Vec<u8>> {
    let path = format!("{}name", "deep/".repeat(60));
    vec![
        entry("etc/", b'5', b""),
        entry("etc/hostname", b'0', b"box\n"),
        symlink("bin/sh", "busybox"),
        long(&path, &[7; 1500]),
        global(),
        entry("last", b'0', b"end"),
    ]
}

#[test]
fn a_whole_layer_is_its_tar_in_every_compression_and_any_pieces() {
    let tar = ended(&parts());
    for blob in [tar.clone(), gzip(&tar), zstd(&tar)] {
        for piece in [1, 7, 511, 100_000] {
            let (out, verdict, _) = exported(&blob, &tar, None, piece);
            assert_eq!(out, tar, "{piece}");
            assert_eq!(outcome(&verdict, CheckId::DiffId), Some(Outcome::Pass));
        }
    }
}

#[test]
fn chosen_entries_are_cut_out_with_the_headers_before_them() {
    let parts = parts();
    let tar = ended(&parts);
    let blob = gzip(&tar);
    for (wanted, expected) in [
        (&[1_u32][..], parts[1].clone()),
        (&[0, 2], [parts[0].clone(), parts[2].clone()].concat()),
        (&[3], parts[3].clone()),
        (&[3, 5], [parts[3].clone(), parts[5].clone()].concat()),
        (&[], Vec::new()),
    ] {
        for piece in [1, 13, 4096] {
            let (out, verdict, missing) = exported(&blob, &tar, Some(wanted), piece);
            assert_eq!((out, missing), (expected.clone(), 0), "{wanted:?} in pieces of {piece}");
            assert_eq!(outcome(&verdict, CheckId::DiffId), Some(Outcome::Pass));
        }
    }
    assert_eq!(exported(&blob, &tar, Some(&[1, 99]), 64).2, 1);
}

#[test]
fn a_damaged_tar_gives_what_came_before_and_says_so() {
    let parts = parts();
    let mut tar = ended(&parts);
    let at = parts[0].len() + parts[1].len();
    tar[at + 3] ^= 0xff;
    let (out, verdict, missing) = exported(&gzip(&tar), &tar, Some(&[1, 5]), 100);
    assert_eq!((out, missing), (parts[1].clone(), 1));
    assert_eq!(outcome(&verdict, CheckId::Tar), Some(Outcome::Fail));
}

#[test]
fn headers_without_an_end_are_not_held_without_an_end() {
    let name = vec![b'a'; 1024 * 1024 - 1];
    let mut tar: Vec<u8> = (0..12).flat_map(|_| entry("././@LongLink", b'L', &name)).collect();
    tar.extend(ended(&[entry("x", b'0', b"1")]));
    let (out, _, missing) = exported(&tar, &tar, Some(&[0]), 65_536);
    assert!(out.is_empty());
    assert_eq!(missing, 0);
}

fn files(layers: &[Vec<Vec<u8>>]) -> Files {
    let mut files = Files::new();
    for (position, parts) in (0..).zip(layers) {
        let tar = ended(parts);
        let mut reader = LayerReader::new(claims(&tar, &tar));
        reader.push(&tar);
        files.add(position, reader.into_index());
    }
    files
}

fn hard(name: &str, target: &str) -> Vec<u8> {
    let mut block = symlink(name, target);
    block[156] = b'1';
    blobs::sum(&mut block[..512]);
    block
}

fn two() -> Files {
    files(&[
        vec![entry("a/", b'5', b""), entry("a/x", b'0', b"1"), entry("a/y", b'0', b"22"), entry("b", b'0', b"333")],
        vec![entry("a/x", b'0', b"4444"), entry("a/.wh.y", b'0', b""), hard("c", "b"), entry("d/e", b'0', b"5")],
    ])
}

#[track_caller]
fn chooses(choice: &Choice, expected: &[(u32, &[u32])], linked: u32) {
    let found = two().choose(choice).unwrap();
    let layers: Vec<_> = found.layers.iter().map(|of| (of.position, of.entries.as_slice())).collect();
    assert_eq!((layers.as_slice(), found.linked), (expected, linked), "{choice:?}");
}

#[test]
fn paths_name_the_entries_that_a_container_sees_with_all_below_them() {
    let paths = |all: &[&str]| all.iter().map(|path| (*path).to_owned()).collect();
    chooses(&Choice { paths: paths(&["a"]), ..Choice::default() }, &[(0, &[0]), (1, &[0])], 0);
    chooses(&Choice { paths: paths(&["/a/x", "./b"]), ..Choice::default() }, &[(0, &[3]), (1, &[0])], 0);
    // A hard link is nothing without the file that it names.
    chooses(&Choice { paths: paths(&["c"]), ..Choice::default() }, &[(0, &[3]), (1, &[2])], 1);
    chooses(&Choice { paths: paths(&["d"]), ..Choice::default() }, &[(1, &[3])], 0);
    chooses(&Choice { paths: paths(&["."]), ..Choice::default() }, &[(0, &[0, 3]), (1, &[0, 2, 3])], 0);
    chooses(&Choice { paths: paths(&["a"]), layer: Some(1), ..Choice::default() }, &[(1, &[0, 1])], 0);
    chooses(&Choice { paths: paths(&["a"]), layer: Some(7), ..Choice::default() }, &[], 0);
    let missing = two().choose(&Choice { paths: paths(&["a/y/z", "a"]), ..Choice::default() }).unwrap().missing;
    assert_eq!(missing, ["a/y/z"]);
    let many = Choice { paths: vec!["a".to_owned(); 10_001], ..Choice::default() };
    assert_eq!(two().choose(&many).unwrap_err().code(), "limit-exceeded");
}

#[test]
fn what_answers_a_query_is_chosen_without_what_leads_to_it() {
    let mut files = two();
    let path = serde_json::from_str(r#"{ "how": "substring", "text": "x" }"#).unwrap();
    files.query(&Query { view: View::Image, path: Some(path), ..Query::default() }).unwrap();
    let found = files.choose(&Choice { listed: true, ..Choice::default() }).unwrap();
    assert_eq!(found.layers.iter().map(|of| (of.position, of.entries.clone())).collect::<Vec<_>>(), [(1, vec![0])]);
    assert_eq!(found.bytes, 4);
}

#[test]
fn changes_of_a_layer_say_what_was_there_before() {
    let mut files = two();
    let found = files.changes(1, 0, 100).unwrap();
    let told: Vec<_> = found
        .changes
        .iter()
        .map(|one| {
            let before = one.before.as_ref().map(|before| (before.layer, before.header.size));
            (one.path.as_str(), one.change, one.header.kind, one.header.size, before)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("a/x", Change::Changed, "file", 4, Some((0, 1))),
            ("a/y", Change::Removed, "whiteout", 0, Some((0, 2))),
            ("c", Change::Added, "link", 3, None),
            ("d/e", Change::Added, "file", 1, None),
        ]
    );
    assert_eq!(found.next, None);
    let mut parts = Vec::new();
    let mut from = Some(0);
    while let Some(at) = from {
        let part = files.changes(1, at, 1).unwrap();
        parts.extend(part.changes);
        from = part.next;
    }
    assert_eq!(parts, found.changes);
    assert_eq!(files.changes(9, 0, 10).unwrap().changes, []);
}

#[test]
fn all_files_that_a_layer_brought_are_counted() {
    let many: Vec<Vec<u8>> = (0..2500).map(|at| entry(&format!("d/{at:04}"), b'0', b"")).collect();
    let mut files = files(&[
        vec![entry("a", b'0', b"1")],
        [vec![entry("d/", b'5', b""), entry(".wh.a", b'0', b"")], many].concat(),
    ]);
    let found = files.brought(1, 2).unwrap();
    assert_eq!((found.total, found.paths), (2500, vec!["d/0000".to_owned(), "d/0001".to_owned()]));
    assert_eq!(files.brought(0, 2).unwrap().total, 1);
    assert_eq!(files.brought(7, 2).unwrap().total, 0);
}
