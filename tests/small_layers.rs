//! Small layers, whose hashes the host computes: the same verdicts as those of the module's own hashes, or none.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod blobs;

use blobs::{claims, ended, entry, gzip, read, sha, zstd};
use proptest::prelude::*;
use stowplan::layer::{LayerVerdict, SmallReader, Spec};
use stowplan::limits::{HOST_BLOB_BYTES, HOST_TAR_BYTES};
use stowplan::{Algorithm, Digest, Reported};

/// The host, which is right unless it is told otherwise.
fn reported(bytes: &[u8], lies: bool) -> Reported {
    let hex = sha(if lies { b"another" } else { bytes });
    let digest = Digest::parse(&hex).unwrap();
    let pairs = digest.encoded().as_bytes().chunks(2);
    let hash: Vec<u8> = pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
    Reported::new(Algorithm::Sha256, &hash).unwrap()
}

/// The verdict by the host's hashes; `lies` says of which of the two the host lies.
fn small(spec: &Spec, blob: &[u8], piece: usize, lies: (bool, bool)) -> Option<LayerVerdict> {
    let mut reader = SmallReader::new(spec.clone(), Vec::new());
    blob.chunks(piece).for_each(|piece| reader.push(piece));
    let tar = reported(reader.tar(), lies.1);
    reader.finish(&reported(blob, lies.0), &tar)
}

fn forms(tar: &[u8]) -> [Vec<u8>; 3] {
    [tar.to_vec(), gzip(tar), zstd(tar)]
}

#[test]
fn the_host_confirms_what_the_documents_name() {
    let tar = ended(&[entry("a", b'0', &[7; 90_000]), entry("b/", b'5', b"")]);
    for blob in forms(&tar) {
        let spec = claims(&blob, &tar);
        assert!(SmallReader::takes(&spec));
        assert_eq!(small(&spec, &blob, 1000, (false, false)), Some(read(&spec, &blob, 1000)));
        assert_eq!(small(&spec, &blob, 1000, (true, false)), None, "a wrong hash of the blob");
        assert_eq!(small(&spec, &blob, 1000, (false, true)), None, "a wrong hash of the tar");
    }
}

#[test]
fn what_the_documents_do_not_name_is_never_left_to_the_host() {
    let tar = ended(&[entry("a", b'0', b"x")]);
    let spec = claims(&tar, &tar);
    let without = |change: fn(&mut Spec)| {
        let mut spec = spec.clone();
        change(&mut spec);
        SmallReader::takes(&spec)
    };
    assert!(!without(|spec| spec.digest = None));
    assert!(!without(|spec| spec.diff_id = None));
    assert!(!without(|spec| spec.diff_id = Some("blake3:00".to_owned())));
    assert!(!without(|spec| spec.size = None));
    assert!(!without(|spec| spec.size = Some(HOST_BLOB_BYTES as u64 + 1)));
    assert!(!without(|spec| spec.blob = true), "only hashed");
    assert!(without(|spec| spec.size = Some(HOST_BLOB_BYTES as u64)));
}

#[test]
fn a_tar_longer_than_the_bound_is_read_otherwise() {
    let content = HOST_TAR_BYTES - 512 - 1024;
    for (longer, is_over) in [(0, false), (512, true)] {
        let tar = ended(&[entry("a", b'0', &vec![0; content + longer])]);
        let mut reader = SmallReader::new(claims(&gzip(&tar), &tar), Vec::new());
        gzip(&tar).chunks(300_000).for_each(|piece| reader.push(piece));
        assert_eq!(reader.is_over(), is_over, "{longer}");
    }
}

#[test]
fn memory_is_used_again_and_keeps_nothing_of_the_layer_before() {
    let (long, short) = (ended(&[entry("a", b'0', &[9; 5000])]), ended(&[entry("b", b'0', b"x")]));
    let mut first = SmallReader::new(claims(&long, &long), Vec::new());
    first.push(&long);
    let mut second = SmallReader::new(claims(&short, &short), first.into_room());
    assert!(second.tar().is_empty());
    second.push(&short);
    assert_eq!(second.tar(), short);
    assert!(second.finish(&reported(&short, false), &reported(&short, false)).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_verdict_of_the_host_is_the_modules_own(
        content in prop::collection::vec(any::<u8>(), 0..3000),
        form in 0_usize..3,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..2),
        honest in any::<bool>(),
        piece in 1_usize..4000,
    ) {
        let tar = ended(&[entry("a", b'0', &content), entry("b", b'0', b"y")]);
        let mut blob = forms(&tar)[form].clone();
        let named = claims(&blob, &tar);
        for (at, byte) in flips {
            let at = at.index(blob.len());
            blob[at] = byte;
        }
        // Half of the changed blobs are named by their own digest, so that only what is in them can be wrong.
        let spec = if honest { claims(&blob, &tar) } else { named };
        if let Some(found) = small(&spec, &blob, piece, (false, false)) {
            prop_assert_eq!(found, read(&spec, &blob, piece));
        } else {
            prop_assert!(read(&spec, &blob, piece).checks.iter().any(|check| check.outcome != stowplan::Outcome::Pass));
        }
    }
}
