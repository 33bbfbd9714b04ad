//! Entries of compressed archives that are hashed while these are opened: the verdicts are those of reading each alone.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its input fails")]

mod blobs;
mod tars;

use blobs::{claims, gzip, read, zstd};
use stowplan::archive::{Opener, Proof};
use stowplan::layer::{Caps, Spec, Unpacker, verdict};
use tars::{Tar, hex};

fn layers() -> Vec<Vec<u8>> {
    let tar = |name: &str, size: usize| Tar::new().file(name, vec![b'x'; size]).end();
    vec![
        tar("small", 5),
        tar("large", 700_000),
        gzip(&tar("packed", 3000)),
        zstd(&tar("other", 3000)),
        b"hollow hollow".to_vec(),
    ]
}

fn name(bytes: &[u8]) -> String {
    format!("blobs/sha256/{}", hex(bytes))
}

fn archive() -> Vec<u8> {
    let tar = layers().iter().fold(Tar::new().file("oci-layout", "{}"), |tar, layer| tar.file(&name(layer), layer));
    tar.file("index.json", "{}").end()
}

fn unclaimed(blob: &[u8]) -> Spec {
    Spec { size: Some(blob.len() as u64), ..Spec::default() }
}

/// The archive in pieces of this length, in one thread or in two halves.
fn opened(file: &[u8], spec: &Spec, piece: usize, halves: bool) -> (Opener, Vec<Proof>) {
    let mut opener = Opener::new(spec.clone(), true);
    let mut found = Vec::new();
    if !halves {
        for piece in file.chunks(piece) {
            opener.push(piece);
            found.extend(std::iter::from_fn(|| opener.take()));
        }
        return (opener, found);
    }
    let mut unpacker = Unpacker::new(&Spec { outer: true, ..spec.clone() });
    let mut buffer = vec![0; piece];
    for piece in file.chunks(piece) {
        unpacker.push(piece);
        loop {
            let made = unpacker.take(&mut buffer);
            if made == 0 {
                break;
            }
            opener.push_tar(&buffer[..made]);
            found.extend(std::iter::from_fn(|| opener.take()));
        }
    }
    let whole = opener.finish_with(&unpacker.finish());
    assert_eq!((whole.compression.as_str(), whole.read, whole.entry_count), ("gzip", true, 7));
    assert_eq!(whole.diff_id, None, "the tar was not hashed");
    (opener, found)
}

#[test]
fn a_proof_gives_the_verdict_that_reading_the_layer_gives() {
    let file = gzip(&archive());
    for (piece, halves) in [(file.len(), false), (1000, false), (512, true), (100_000, true)] {
        let (opener, found) = opened(&file, &unclaimed(&file), piece, halves);
        assert!(opener.proves());
        assert_eq!(found.iter().map(|proof| proof.entry).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        for (proof, blob) in found.iter().zip(layers()) {
            let (unpacked, tar_facts) = &proof.halves;
            for spec in
                [claims(&blob, b"another"), claims(b"another", &blob), Spec { blob: true, ..claims(&blob, &blob) }]
            {
                assert_eq!(verdict(&spec, unpacked, tar_facts), read(&spec, &blob, 4096));
            }
        }
        assert_eq!(found[1].index.len(), 1);
    }
}

#[test]
fn what_does_not_look_like_an_archive_of_images_is_hashed_itself() {
    let tar = Tar::new().file("etc/passwd", "root").file("index.json", "[1]").end();
    let file = gzip(&tar);
    let mut opener = Opener::new(unclaimed(&file), true);
    opener.push(&file);
    assert!(!opener.proves() && opener.take().is_none());
    assert_eq!(opener.finish().unwrap().diff_id, Some(tars::digest(&tar)));
    // An uncompressed archive can be seeked, and its digest is that of its tar.
    let plain = archive();
    for piece in [plain.len(), 100] {
        let mut opener = Opener::new(unclaimed(&plain), true);
        plain.chunks(piece).for_each(|piece| opener.push(piece));
        assert!(!opener.proves() && opener.take().is_none());
        let found = opener.finish().unwrap();
        assert_eq!(found.digest, Some(tars::digest(&plain)));
        assert_eq!(found.diff_id, found.digest);
    }
}

#[test]
fn what_a_cap_ends_and_what_is_cut_off_is_no_proof() {
    let file = gzip(&archive());
    let entries = |caps: Caps, size: Option<u64>| -> Vec<u32> {
        let spec = Spec { limits: caps, size, ..Spec::default() };
        opened_quietly(&file, &spec).iter().map(|proof| proof.entry).collect()
    };
    let small = Some(file.len() as u64);
    assert_eq!(entries(Caps { unpacked_bytes: Some(2_000_000), ..Caps::default() }, small), [1, 2, 3, 4, 5]);
    assert_eq!(entries(Caps { entries: Some(0), ..Caps::default() }, small), [5], "layers of more entries than may be");
    let large = Some(65 * 1024 * 1024);
    assert_eq!(entries(Caps::default(), large), [1, 2, 5], "what is compressed in a large one waits");
    assert_eq!(entries(Caps::default(), None), [1, 2, 5]);
    let spec = unclaimed(&file);
    let tar = archive();
    // In the middle of the second layer.
    let cut = gzip(&tar[..1024 + 2560 + 1000]);
    assert_eq!(opened_quietly(&cut, &spec).iter().map(|proof| proof.entry).collect::<Vec<_>>(), [1]);
}

fn opened_quietly(file: &[u8], spec: &Spec) -> Vec<Proof> {
    let mut opener = Opener::new(spec.clone(), true);
    opener.push(file);
    std::iter::from_fn(|| opener.take()).collect()
}
