//! The kind of a blob decides how it is checked: a layer has to be a tar, other content only has to match its
//! descriptor.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(dead_code, reason = "the maker of blobs is shared with other tests")]

mod blobs;

use blobs::{claims, ended, entry, gzip, halves, header, read, sha, sum, zstd};
use stowplan::layer::{LayerVerdict, Spec};
use stowplan::{Check, CheckId, Outcome};

const GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

fn small() -> Vec<u8> {
    ended(&[entry("etc/", b'5', b""), entry("etc/hostname", b'0', b"box\n")])
}

/// A blob with what is claimed of it, by that media type.
fn typed(media_type: &str, blob: &[u8], tar: &[u8]) -> Spec {
    Spec { media_type: Some(media_type.to_owned()), ..claims(blob, tar) }
}

#[track_caller]
fn outcome(found: &LayerVerdict, id: CheckId, outcome: Outcome, reason: &str) {
    let check = found.checks.iter().find(|check| check.id == id);
    let check = check.unwrap_or_else(|| panic!("no {id:?} in {:?}", found.checks));
    assert_eq!((check.outcome, check.reason), (outcome, reason), "{check:?}");
}

/// The check with that reason.
fn because<'a>(found: &'a LayerVerdict, reason: &str) -> Option<&'a Check> {
    found.checks.iter().find(|check| check.reason == reason)
}

fn failed(found: &LayerVerdict) -> bool {
    found.checks.iter().any(|check| check.outcome == Outcome::Fail)
}

#[test]
fn a_blob_that_promises_no_tar_is_hashed_and_no_more() {
    let (blob, tar) = (b"cipher text, or chunks of files, or a module".to_vec(), small());
    for media_type in [
        "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
        "application/vnd.oci.image.layer.nydus.blob.v1",
        "application/vnd.dsse.envelope.v1+json",
        "application/vnd.dev.cosign.simplesigning.v1+json",
        "application/vnd.in-toto+json",
        "application/wasm",
        "application/vnd.sylabs.sif.layer.v1.sif",
        "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
        "application/vnd.docker.ai.gguf.v3",
        "application/vnd.docker.compose.file+yaml",
    ] {
        let spec = typed(media_type, &blob, &tar);
        for found in [read(&spec, &blob, 7), halves(&spec, &blob, 7, 100)] {
            outcome(&found, CheckId::Digest, Outcome::Pass, "same-digest");
            outcome(&found, CheckId::Size, Outcome::Pass, "same-size");
            outcome(&found, CheckId::DiffId, Outcome::NotChecked, "no-tar");
            outcome(&found, CheckId::Tar, Outcome::NotChecked, "no-tar");
            assert!(found.read && !found.tar && found.checks.len() == 4, "{media_type}");
        }
        let other = Spec { digest: Some(sha(b"other")), ..spec };
        outcome(&read(&other, &blob, 7), CheckId::Digest, Outcome::Fail, "other-digest");
    }
}

#[test]
fn what_the_core_said_of_a_blob_counts_before_its_type() {
    let blob = b"not a tar";
    let spec: Spec = serde_json::from_value(serde_json::json!({ "mediaType": GZIP, "blobKind": "wasm" })).unwrap();
    let found = read(&spec, blob, 100);
    assert!(!found.tar && !failed(&found), "{:?}", found.checks);
}

#[test]
fn a_type_that_promises_nothing_leaves_it_to_the_bytes() {
    let (tar, text) = (small(), b"no tar at all".to_vec());
    for media_type in ["", "application/octet-stream", "application/vnd.example"] {
        for blob in [tar.clone(), gzip(&tar), zstd(&tar)] {
            let found = read(&typed(media_type, &blob, &tar), &blob, 1000);
            outcome(&found, CheckId::Tar, Outcome::Pass, "well-formed");
            outcome(&found, CheckId::DiffId, Outcome::Pass, "same-digest");
        }
        for blob in [text.clone(), vec![b'x'; 5000], gzip(&text.repeat(100))] {
            let found = read(&typed(media_type, &blob, &tar), &blob, 1000);
            outcome(&found, CheckId::Tar, Outcome::NotChecked, "no-tar");
            assert!(!failed(&found), "{:?}", found.checks);
        }
        let damaged = gzip(&tar)[..1000].to_vec();
        outcome(
            &read(&typed(media_type, &damaged, &tar), &damaged, 1000),
            CheckId::Tar,
            Outcome::Fail,
            "broken-compression",
        );
    }
}

#[test]
fn a_layer_that_is_no_tar_is_a_doubt_once_its_bytes_are_proved() {
    for (blob, reason) in
        [(vec![b'x'; 5000], "hollow"), (gzip(&[b'x'; 5000]), "hollow"), (b"short".to_vec(), "hollow-because")]
    {
        let spec = typed(GZIP, &blob, &small());
        for found in [read(&spec, &blob, 1000), halves(&spec, &blob, 7, 100)] {
            outcome(&found, CheckId::Tar, Outcome::Warn, reason);
            outcome(&found, CheckId::DiffId, Outcome::NotChecked, "hollow-diff-id");
            assert!(!failed(&found) && !found.tar, "{:?}", found.checks);
        }
        for digest in [Some(sha(b"other")), None] {
            let found = read(&Spec { digest, ..spec.clone() }, &blob, 1000);
            assert!(failed(&found), "{:?}", found.checks);
        }
    }
    let damaged = gzip(&small())[..1000].to_vec();
    let found = read(&typed(GZIP, &damaged, &small()), &damaged, 1000);
    outcome(&found, CheckId::Tar, Outcome::Fail, "broken-compression");
}

/// podman unpacks a layer of any media type whose bytes are a tar.
#[test]
fn a_blob_of_an_image_that_is_a_tar_whatever_its_type_is_a_doubt() {
    let tar = small();
    for media_type in
        ["application/wasm", "application/vnd.in-toto+json", "application/vnd.oci.image.layer.nydus.blob.v1"]
    {
        for blob in [tar.clone(), gzip(&tar), zstd(&tar), b"BZh91AY&SY and so on".to_vec()] {
            let spec = typed(media_type, &blob, &tar);
            for found in [read(&spec, &blob, 7), halves(&spec, &blob, 7, 100)] {
                outcome(&found, CheckId::Tar, Outcome::Warn, "tar-by-bytes");
                outcome(&found, CheckId::DiffId, Outcome::NotChecked, "no-tar");
                assert!(!found.tar, "it is not listed");
            }
            // In an artifact no engine unpacks it.
            let found = read(&Spec { diff_id: None, ..spec }, &blob, 7);
            assert!(because(&found, "tar-by-bytes").is_none());
        }
    }
}

/// One sentence for every type: it is compressed with xz.
#[test]
fn a_layer_in_a_compression_that_is_not_read_is_named() {
    let blob = [b"\xfd7zXZ\0".to_vec(), vec![1; 600]].concat();
    for media_type in [GZIP, "application/vnd.oci.image.layer.v1.tar+xz", "application/octet-stream"] {
        let found = read(&typed(media_type, &blob, &small()), &blob, 100);
        outcome(&found, CheckId::Tar, Outcome::NotChecked, "compression-not-read");
        let tar = found.checks.iter().find(|check| check.id == CheckId::Tar).unwrap();
        assert!(tar.message.starts_with("the layer is compressed with xz, which is not read here"), "{}", tar.message);
        assert!(!failed(&found), "{:?}", found.checks);
    }
}

#[test]
fn a_blob_of_no_bytes_is_an_empty_layer() {
    for spec in [typed(GZIP, b"", b""), Spec { nameless: true, diff_id: Some(sha(b"")), ..Spec::default() }] {
        for found in [read(&spec, b"", 1), halves(&spec, b"", 1, 100)] {
            outcome(&found, CheckId::DiffId, Outcome::Pass, "same-digest");
            outcome(&found, CheckId::Tar, Outcome::Warn, "empty-blob");
            assert!(!failed(&found));
        }
    }
    let found = read(&typed(GZIP, b"", &small()), b"", 1);
    outcome(&found, CheckId::DiffId, Outcome::Fail, "other-digest");
}

#[test]
fn another_compression_than_the_type_names_is_a_doubt() {
    let tar = small();
    for (media_type, blob) in [
        (GZIP, tar.clone()),
        (GZIP, zstd(&tar)),
        ("application/vnd.oci.image.layer.v1.tar", gzip(&tar)),
        ("application/vnd.docker.image.rootfs.diff.tar.zstd", gzip(&tar)),
    ] {
        let found = read(&typed(media_type, &blob, &tar), &blob, 1000);
        outcome(&found, CheckId::MediaType, Outcome::Warn, "other-compression");
        assert!(!failed(&found));
    }
}

#[test]
fn forms_that_are_not_read_are_named() {
    for (head, name, outcome) in [
        (&b"BZh91AY&SY and so on"[..], "bzip2", Outcome::NotChecked),
        (b"\xfd7zXZ\0 and so on", "xz", Outcome::NotChecked),
        (b"\x04\x22\x4d\x18 and so on", "lz4", Outcome::Warn),
        (b"PK\x03\x04 and so on", "zip", Outcome::Warn),
        (b"\x1f\x9d and so on ...", ".Z", Outcome::Warn),
        (b"7z\xbc\xaf\x27\x1c and so on", "7z", Outcome::Warn),
    ] {
        let found = read(&typed(GZIP, head, head), head, 3);
        let check = found.checks.iter().find(|check| check.id == CheckId::Tar).unwrap();
        assert!(check.message.contains(name) && check.outcome == outcome, "{check:?}");
        if name != "xz" {
            // Around an archive, nothing is known of what is in it.
            let found = read(&Spec { outer: true, ..Spec::default() }, head, 3);
            let check = because(&found, "compression-not-read").unwrap();
            assert!(check.message.contains(name) && !failed(&found), "{check:?}");
        }
    }
}

/// A tar of one file with that name.
fn called(name: &[u8]) -> Vec<u8> {
    let mut block = header("", b'0', 0);
    block[..name.len()].copy_from_slice(name);
    sum(&mut block);
    ended(&[block])
}

/// Each was given to podman and umoci: podman takes those of the second list for what the name begins as.
#[test]
fn a_tar_whose_first_name_begins_as_a_compression_is_a_tar() {
    let plain = "application/vnd.oci.image.layer.v1.tar";
    let names = ["PK\u{3}\u{4}a", "7z", "BZ", "\u{4}\"M\u{18}x"].map(|name| name.as_bytes().to_vec());
    let bytes =
        [&b"\x1f\x9dabc"[..], b"7z\xbc\xaf\x27\x1cx", b"\x1f\x8bA", b"\x1f\x8b", b"\xfd7zX"].map(<[u8]>::to_vec);
    for name in names.iter().chain(&bytes) {
        let tar = called(name);
        for piece in [3, 511, 5000] {
            let found = read(&typed(plain, &tar, &tar), &tar, piece);
            assert!(found.checks.iter().all(|check| check.outcome == Outcome::Pass), "{:?}", found.checks);
            assert_eq!((found.entry_count, found.compression.as_str()), (1, "none"));
        }
    }
    for name in [&b"BZh"[..], b"BZhome", b"BZh1", b"BZh91AY&SYfoo", b"\xfd7zXZ\0", b"\xfd7zXZ"] {
        let tar = called(name);
        for piece in [3, 511, 5000] {
            let found = read(&typed(plain, &tar, &tar), &tar, piece);
            let check = because(&found, "oddities").unwrap();
            assert!(check.outcome == Outcome::Warn && check.message.contains("podman take it for"), "{check:?}");
            assert!(!failed(&found) && found.entry_count == 1);
        }
    }
    // All engines take these for what they begin as.
    for name in [&b"\x1f\x8b\x08a"[..], b"\x28\xb5\x2f\xfdx"] {
        let tar = called(name);
        assert!(failed(&read(&typed(plain, &tar, &tar), &tar, 1000)));
    }
}

/// `gzip` and `pigz` refuse them; Go, podman and umoci read on.
#[test]
fn reserved_flags_of_gzip_are_a_doubt() {
    let tar = ended(&[entry("a", b'0', b"x")]);
    for flags in [0x20, 0x40, 0x80, 0xe0] {
        let mut blob = gzip(&tar);
        blob[3] = flags;
        let found = read(&typed(GZIP, &blob, &tar), &blob, 100);
        let check = because(&found, "oddities").unwrap();
        assert!(check.outcome == Outcome::Warn && check.message.contains(&format!("{flags:#04x}")), "{check:?}");
        assert!(!failed(&found));
    }
}

/// One gzip member with an extra field of that length, and that name.
fn with_fields(tar: &[u8], extra: u16, name: &[u8]) -> Vec<u8> {
    let plain = gzip(tar);
    let mut head = plain[..10].to_vec();
    head[3] = 4 | 8;
    [head, extra.to_le_bytes().to_vec(), vec![b'x'; usize::from(extra)], name.to_vec(), vec![0], plain[10..].to_vec()]
        .concat()
}

fn skippable(length: u32) -> Vec<u8> {
    [vec![0x50, 0x2a, 0x4d, 0x18], length.to_le_bytes().to_vec(), vec![b'x'; length as usize]].concat()
}

#[test]
fn bytes_that_no_program_unpacks_are_said_with_their_count() {
    let tar = small();
    for (blob, reason, bytes) in [
        (with_fields(&tar, 5000, b"a"), "hidden-in-gzip-header", 5002_u64),
        (with_fields(&tar, 2, &[b'n'; 4096]), "hidden-in-gzip-header", 4099),
        (
            [with_fields(&tar[..512], 3000, b""), with_fields(&tar[512..], 3000, b"")].concat(),
            "hidden-in-gzip-header",
            6002,
        ),
        ([zstd(&tar), skippable(4097)].concat(), "hidden-in-zstd-frame", 4097),
        ([skippable(3000), zstd(&tar), skippable(3000)].concat(), "hidden-in-zstd-frame", 6000),
    ] {
        for piece in [1, 777, 100_000] {
            let found = read(&claims(&blob, &tar), &blob, piece);
            let check = because(&found, reason).unwrap_or_else(|| panic!("{reason} in {:?}", found.checks));
            let params = serde_json::to_value(&check.params).unwrap();
            assert_eq!((check.outcome, &params["bytes"]), (Outcome::Warn, &bytes.into()));
            outcome(&found, CheckId::DiffId, Outcome::Pass, "same-digest");
        }
    }
    let blob = gzip(&[tar.clone(), b"behind".to_vec()].concat());
    let found = read(&claims(&blob, &[tar, b"behind".to_vec()].concat()), &blob, 1000);
    let check = because(&found, "bytes-behind-end").unwrap();
    assert_eq!(serde_json::to_value(&check.params).unwrap()["behind"], 6);
}

/// skopeo and podman know zstd by the magic of an ordinary frame alone, and refuse such a layer.
#[test]
fn a_skippable_frame_at_the_beginning_is_a_doubt() {
    let tar = small();
    let blob = [skippable(4), zstd(&tar)].concat();
    for piece in [1, 100_000] {
        let found = read(&claims(&blob, &tar), &blob, piece);
        outcome(&found, CheckId::Tar, Outcome::Warn, "oddities");
        outcome(&found, CheckId::DiffId, Outcome::Pass, "same-digest");
    }
}

#[test]
fn what_honest_tools_leave_there_is_not_said() {
    let tar = small();
    for blob in [
        with_fields(&tar, 26, b"layer.tar"),
        [zstd(&tar), skippable(64)].concat(),
        gzip(&[tar.clone(), vec![0; 9000]].concat()),
    ] {
        let found = read(&Spec::default(), &blob, 1000);
        assert!(found.checks.iter().all(|check| check.outcome != Outcome::Warn), "{:?}", found.checks);
    }
    // zstd:chunked: its annotations name both frames.
    let blob = [zstd(&tar), skippable(5000), skippable(6000)].concat();
    let at = |frame: usize| zstd(&tar).len() + 8 + frame * 5008;
    let place = |frame: usize, length: usize| format!("{}:{length}:9000:1", at(frame));
    let name = |name: &str| format!("io.github.containers.zstd-chunked.{name}");
    let annotations = vec![(name("manifest-position"), place(0, 5000)), (name("tarsplit-position"), place(1, 6000))];
    let found = read(&Spec { annotations, ..claims(&blob, &tar) }, &blob, 1000);
    assert!(because(&found, "hidden-in-zstd-frame").is_none(), "{:?}", found.checks);
}
