//! Layers through both halves: real tars from the shared vectors (set `STOWPLAN_VECTORS`), every fault, any split.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod blobs;

use std::path::PathBuf;

use blobs::{claims, ended, entry, gzip, halves, header, pax, read, sha, sum, symlink, zstd};
use proptest::prelude::*;
use serde_json::Value;

use stowplan::layer::{Caps, EntryKind, Extractor, LayerReader, LayerVerdict, Spec};
use stowplan::{Algorithm, Check, CheckId, Outcome};

#[track_caller]
fn check(found: &LayerVerdict, id: CheckId) -> &Check {
    found.checks.iter().find(|check| check.id == id).unwrap_or_else(|| panic!("no {id:?} in {:?}", found.checks))
}

#[track_caller]
fn says(found: &LayerVerdict, id: CheckId, outcome: Outcome, message: &str) {
    let check = check(found, id);
    assert_eq!((check.outcome, check.message.as_str()), (outcome, message));
}

/// The `tar` check of these bytes as a layer of their own.
#[track_caller]
fn tar(blob: &[u8], outcome: Outcome, message: &str) {
    says(&read(&Spec::default(), blob, 700), CheckId::Tar, outcome, message);
}

fn small() -> Vec<u8> {
    ended(&[entry("etc/", b'5', b""), entry("etc/hostname", b'0', b"box\n"), symlink("bin/sh", "busybox")])
}

#[test]
fn an_honest_layer_passes_in_every_compression() {
    let tar = small();
    for (compression, blob) in [
        ("none", tar.clone()),
        ("gzip", gzip(&tar)),
        ("gzip", [gzip(&tar[..700]), gzip(&tar[700..])].concat()),
        ("zstd", zstd(&tar)),
        ("zstd", [zstd(&tar[..700]), vec![0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3], zstd(&tar[700..])].concat()),
    ] {
        let found = read(&claims(&blob, &tar), &blob, 1000);
        let outcomes: Vec<_> = found.checks.iter().map(|check| (check.id, check.outcome)).collect();
        let all = [CheckId::Digest, CheckId::Size, CheckId::DiffId, CheckId::Tar].map(|id| (id, Outcome::Pass));
        assert_eq!(outcomes, all, "{compression}: {:?}", found.checks);
        says(&found, CheckId::Tar, Outcome::Pass, "the layer is a well-formed tar: 3 entries in 3072 bytes");
        assert_eq!((found.compression.as_str(), found.unpacked, found.file_bytes), (compression, 3072, 4));
    }
}

#[test]
fn the_beginning_of_a_layer_is_cut_short_and_a_whole_smaller_one_is_another() {
    let tar = small();
    let (blob, other) = (gzip(&tar), gzip(b""));
    let spec = claims(&blob, &tar);
    let cut = read(&spec, &blob[..blob.len() - 9], 7);
    assert_eq!(check(&cut, CheckId::Size).reason, "cut-short");
    says(
        &cut,
        CheckId::Size,
        Outcome::Fail,
        &format!("the layer was cut short: {} of {} bytes came", blob.len() - 9, blob.len()),
    );
    assert!(other.len() < blob.len());
    assert_eq!(check(&read(&spec, &other, 7), CheckId::Size).reason, "other-size");
}

#[test]
fn what_was_claimed_wrongly_fails_with_both_values() {
    let tar = small();
    let blob = gzip(&tar);
    let wrong = sha(b"wrong");
    let spec = Spec {
        digest: Some(wrong.clone()),
        size: Some(7),
        diff_id: Some(wrong.clone()),
        media_type: Some("application/vnd.oci.image.layer.v1.tar+zstd".to_owned()),
        ..Spec::default()
    };
    let found = read(&spec, &blob, 100);
    let message = "the digest of the layer's bytes is not the one given by the descriptor";
    says(&found, CheckId::Digest, Outcome::Fail, message);
    says(&found, CheckId::Size, Outcome::Fail, &format!("the descriptor says 7 bytes, there are {}", blob.len()));
    let message = "the digest of the unpacked tar is not the DiffID given by the config";
    says(&found, CheckId::DiffId, Outcome::Fail, message);
    assert_eq!(check(&found, CheckId::MediaType).outcome, Outcome::Warn);
    let values = |id| check(&found, id).expected.clone().zip(check(&found, id).actual.clone()).unwrap();
    assert_eq!(values(CheckId::Digest), (wrong.clone(), sha(&blob)));
    assert_eq!(values(CheckId::DiffId), (wrong, sha(&tar)));
}

#[test]
fn faults_of_gzip() {
    let whole = gzip(&small());
    let cut = |at: usize| whole[..at].to_vec();
    let with = |at: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[at] ^= byte;
        bytes
    };
    let end = whole.len();
    let at = "the gzip member at byte 0";
    for (blob, message) in [
        (cut(10), format!("{at} ended early, after 0 unpacked bytes: the blob has only 10 bytes")),
        (cut(1000), format!("{at} ended early, after 985 unpacked bytes: the blob has only 1000 bytes")),
        (cut(end - 3), format!("{at} ended early, in its trailer: the blob has only {} bytes", end - 3)),
        (with(2, 1), format!("{at} cannot be read: its method is 9; gzip knows 8 only, deflate")),
        (with(end - 1, 1), format!("{at} says that it unpacks to 16780288 bytes, and there are 3072")),
    ] {
        tar(&blob, Outcome::Fail, &message);
    }
    let crc = zlib_rs::crc32::crc32(0, &small());
    let message = format!("{at} says CRC32 {:08x}, and its unpacked bytes have {crc:08x}", crc ^ 1);
    tar(&with(end - 8, 1), Outcome::Fail, &message);
    let message =
        "something that is no gzip member follows the last one (of 1): a gzip member begins with 1f 8b, and here is 67";
    tar(&[whole.clone(), b"garbage".to_vec()].concat(), Outcome::Fail, message);
    let message = "the layer can be read, 3 entries in 3072 bytes, but 9 zero bytes follow the last gzip member, which gzip skips and Go's reader refuses";
    tar(&[whole, vec![0; 9]].concat(), Outcome::Warn, message);
}

/// Go's reader takes a name and a comment of 511 bytes each, in any member.
#[test]
fn a_gzip_header_that_go_refuses_is_doubtful() {
    let named = |flag: u8, length: usize| {
        let whole = gzip(&small());
        let text = [vec![b'n'; length], vec![0]].concat();
        [&whole[..3], &[flag], &whole[4..10], &text, &whole[10..]].concat()
    };
    let doubt = "the layer can be read, 3 entries in 3072 bytes, but a gzip member has a name or comment of 512 bytes: gzip \
                 reads it, Go's reader refuses more than 511";
    for flag in [8, 16] {
        tar(&named(flag, 511), Outcome::Pass, "the layer is a well-formed tar: 3 entries in 3072 bytes");
        tar(&named(flag, 512), Outcome::Warn, doubt);
    }
    let second = [gzip(&[]), named(8, 512)].concat();
    tar(&second, Outcome::Warn, doubt);
}

/// Go decodes the times of a star header, and refuses the archive if they are no numbers.
#[test]
fn the_times_of_a_star_header_are_numbers() {
    let star = |at: usize, text: &[u8]| {
        let mut block = header("a", b'0', 0);
        block[508..512].copy_from_slice(b"tar\0");
        block[at..at + text.len()].copy_from_slice(text);
        sum(&mut block);
        ended(&[block])
    };
    tar(&star(476, b"00000000000"), Outcome::Pass, "the layer is a well-formed tar: 1 entry in 1536 bytes");
    for (at, name) in [(476, "access"), (488, "change")] {
        let message = format!("the header at byte 0 has a time of {name} that is no number: \"hello world!\"");
        tar(&star(at, b"hello world!"), Outcome::Fail, &message);
    }
}

#[test]
fn faults_of_zstd_and_of_what_is_neither() {
    let whole = zstd(&small());
    let at = "the zstd frame at byte 0";
    tar(
        &whole[..500],
        Outcome::Fail,
        &format!("{at} ended early, after 0 unpacked bytes: the blob has only 500 bytes"),
    );
    let message = "something that is no zstd frame follows the last one (of 1): it begins with 67 61 72 62";
    tar(&[whole, b"garbage".to_vec()].concat(), Outcome::Fail, message);
    tar(b"Hello", Outcome::Fail, "the blob has only 5 bytes: too few for a tar, compressed or not");
    let window = [0x28, 0xb5, 0x2f, 0xfd, 0, 0xa0, 1, 0, 0, 0, 0, 0];
    let found = read(&Spec::default(), &window, 5);
    let message = "the zstd frame at byte 0 needs a window of 1073741824 bytes; the cap is 33554432, which can be raised (windowBytes)";
    says(&found, CheckId::Limits, Outcome::NotChecked, message);
}

/// The names of a tar's entries, as they are listed.
fn listed(blocks: &[Vec<u8>]) -> Vec<String> {
    let mut reader = LayerReader::new(Spec::default());
    reader.push(&[blocks.concat(), vec![0; 1024]].concat());
    reader.index().iter().map(|entry| String::from_utf8_lossy(entry.path).into_owned()).collect()
}

#[test]
fn headers_before_an_entry_are_taken_as_go_takes_them() {
    let path = b"17 path=etc/evil\n";
    let global = entry("pax_global_header", b'g', b"13 comment=x\n");
    let named = [entry("x", b'x', &path[..]), global, entry("etc/good", b'0', b"")];
    assert_eq!(
        listed(&named),
        ["pax_global_header", "etc/good"],
        "a global header ends what was said of the next entry"
    );
    let empty = [entry("././@LongLink", b'L', b"\0"), entry("etc/name", b'0', b"")];
    assert_eq!(listed(&empty), ["etc/name"], "an empty long name is none");
    let mut block = header("passwd", b'0', 0);
    block[257..265].copy_from_slice(b"ustar  \0");
    block[345..357].copy_from_slice(b"00000000000\0");
    block[357..365].copy_from_slice(b"\0garbage");
    sum(&mut block);
    assert_eq!(listed(&[block.to_vec()]), ["passwd"], "a time that begins with NUL is no prefix");
}

#[test]
fn faults_of_the_tar() {
    let mut bad = header("a", b'0', 0);
    bad[0] = b'b';
    let long = entry("././@LongLink", b'L', &vec![b'n'; 300_000]);
    let numbered = |from: usize, text: &[u8]| {
        let mut block = header("a", b'0', 0);
        block[from..from + text.len()].copy_from_slice(text);
        sum(&mut block);
        block
    };
    let lying = |text: &str| entry("x", b'x', text.as_bytes());
    for (bytes, message) in [
        (bad, "bad header checksum at byte 0: the header says 3134, its bytes sum to 3135"),
        (numbered(124, &[0xff; 12]), "the header at byte 0 has a negative size: -1"),
        (numbered(124, b"9999"), "the header at byte 0 has a size that is no number: \"99990000000\\x00\""),
        (
            numbered(124, &[0x80, 0, 0, 0, 0x7f, 0, 0, 0, 0, 0, 0, 0]),
            "the entry at byte 0 says that it has 9151314442816847872 bytes: no archive is so large",
        ),
        (
            numbered(124, &[0x8f, 0xff, 0, 0, 0xff, 0, 0, 0, 0, 0, 0, 0]),
            "the header at byte 0 has a size that is no number: \"\\x8f\\xff\\x00\\x00\\xff\\x00\\x00\\x00\\x00\\x00\\x00\\x00\"",
        ),
        (small()[..100].to_vec(), "the tar ends early at byte 100, within a header"),
        (small()[..1026].to_vec(), "the tar ends early at byte 1026, and its last file lacks 2 bytes"),
        (long[..1000].to_vec(), "the tar ends early at byte 1000, within an extended header"),
        (lying("99 path=a\n"), "the PAX record at byte 512 says that it is 99 bytes long, and 10 are left"),
        (lying("18446744073709551616 a=b\n"), "the PAX record at byte 512 does not begin with its length and a space"),
        (lying("10 path=abc"), "the PAX record at byte 512 does not end with a line feed after 10 bytes"),
        (lying("9 patha\n\n"), "the PAX record at byte 512 has no \"=\""),
        (lying("8 =abcd\n"), "the PAX record at byte 512 has an empty key, or a NUL: \"\""),
        (
            [vec![0; 512], header("a", b'0', 0)].concat(),
            "one empty block, and at byte 512 another header: two end an archive",
        ),
        (
            [pax(&[("size", "-5")]), header("a", b'0', 0)].concat(),
            "the PAX record size before byte 1024 is negative: -5",
        ),
        (
            [pax(&[("uid", "x")]), header("a", b'0', 0)].concat(),
            "the PAX record uid before byte 1024 is no number: \"x\"",
        ),
    ] {
        tar(&bytes, Outcome::Fail, message);
    }
    let found = read(&Spec::default(), &header("././@LongLink", b'L', 1 << 30), 512);
    let message = "the extended header at byte 0 is 1073741824 bytes long; the most that is read is 1048576";
    says(&found, CheckId::Limits, Outcome::NotChecked, message);
}

#[test]
fn sparse_maps_that_lie() {
    let sparse = |records: &[(&str, &str)], content: &[u8]| [pax(records), entry("s", b'0', content)].concat();
    let map = |map: &str, blocks: &str, size: &str| {
        sparse(&[("GNU.sparse.numblocks", blocks), ("GNU.sparse.size", size), ("GNU.sparse.map", map)], &[b'x'; 20])
    };
    for (bytes, message) in [
        (map("0,10,5,10", "2", "100"), "the sparse map before byte 1536 overlaps or runs backwards: 5 after 10"),
        (map("50,10,0,10", "2", "100"), "the sparse map before byte 1536 overlaps or runs backwards: 0 after 60"),
        (map("95,10", "1", "100"), "the sparse map before byte 1536 goes beyond the file's 100 bytes: 10 at 95"),
        (map("0,30", "1", "100"), "the sparse map before byte 1536 wants 30 bytes, and 20 are stored"),
        (map("0,10", "1", "100"), "the sparse map before byte 1536 wants 10 bytes, and 20 are stored"),
        (
            map("0,10", "2", "100"),
            "the sparse map before byte 1024 has not as many numbers as GNU.sparse.numblocks says",
        ),
        (map("0,-10", "1", "100"), "the sparse map before byte 1024 holds a negative or unreadable number"),
        (
            map("9223372036854775807,9223372036854775807", "1", "100"),
            "the sparse map before byte 1536 goes beyond the file's 100 bytes: 9223372036854775807 at 9223372036854775807",
        ),
        (
            sparse(
                &[("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.size", "9")],
                &[b"9999999999\n".as_slice(), &[0; 600]].concat(),
            ),
            "the sparse map before byte 1536 has more than 300000 pieces",
        ),
    ] {
        let found = read(&Spec::default(), &ended(&[bytes]), 333);
        let check = found.checks.iter().find(|check| check.message.contains("sparse")).unwrap();
        assert!(check.message.ends_with(message), "{} is not {message}", check.message);
    }
}

#[test]
fn endings_that_programs_accept_are_told() {
    let small = small();
    let counts = |bytes: usize| format!("the layer can be read, 3 entries in {bytes} bytes, but");
    let end = small.len();
    for (bytes, oddity) in [
        (small[..end - 1024].to_vec(), "the end marker of two empty blocks is missing"),
        (small[..end - 512].to_vec(), "the end marker has one empty block instead of two"),
        (
            [small.clone(), b"more".to_vec()].concat(),
            "4 bytes follow the end marker, and 4 of them are not zero: programs do not read them",
        ),
        (
            [small[..end - 1024].to_vec(), pax(&[("path", "x")]), vec![0; 1024]].concat(),
            "the last extended header belongs to no entry",
        ),
    ] {
        tar(&bytes, Outcome::Warn, &format!("{} {oddity}", counts(bytes.len())));
    }
}

#[test]
fn caps_stop_what_is_too_large_and_can_be_raised() {
    let tar = ended(&[entry("zeros", b'0', &vec![0; 100_000]), entry("b", b'0', b"")]);
    let blob = gzip(&tar);
    let with = |limits: Caps| read(&Spec { limits, ..claims(&blob, &tar) }, &blob, 5000);
    let found = with(Caps { unpacked_bytes: Some(1000), ..Caps::default() });
    let message = "the layer unpacks to more than 1000 bytes: a cap that can be raised (unpackedBytes)";
    says(&found, CheckId::Limits, Outcome::NotChecked, message);
    says(&found, CheckId::Tar, Outcome::NotChecked, &format!("the layer was not read to its end: {message}"));
    says(&found, CheckId::DiffId, Outcome::NotChecked, "the layer could not be unpacked to its end");
    assert_eq!(check(&found, CheckId::Digest).outcome, Outcome::Pass, "the blob was hashed all the same");
    let found = with(Caps { entries: Some(1), ..Caps::default() });
    let message = "the layer has more than 1 entries: a cap that can be raised (entries)";
    says(&found, CheckId::Limits, Outcome::NotChecked, message);
    assert_eq!(check(&found, CheckId::DiffId).outcome, Outcome::Pass);
    assert_eq!(with(Caps { entries: Some(2), ..Caps::default() }).checks.len(), 4);
}

#[test]
fn a_bomb_of_zeros_stops_at_the_ratio() {
    let zeros = vec![0_u8; 1 << 20];
    let mut blob = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut out = vec![0; 1 << 16];
    let raw = raw_zeros(&zeros, 300, &mut out);
    blob.extend_from_slice(&raw);
    let found = read(&Spec { size: Some(blob.len() as u64), ..Spec::default() }, &blob, 65536);
    let size = blob.len();
    let message =
        format!("the layer unpacks to more than 250 times its {size} bytes: a cap that can be raised (ratio)");
    says(&found, CheckId::Limits, Outcome::NotChecked, &message);
    assert!(found.unpacked < (257 << 20) + (1 << 20), "{}", found.unpacked);
}

/// That many times those zeros as raw deflate.
fn raw_zeros(zeros: &[u8], times: usize, out: &mut [u8]) -> Vec<u8> {
    let mut deflate = zlib_rs::Deflate::new(6, false, 15);
    let mut made = Vec::new();
    for _ in 0..times {
        let mut rest = zeros;
        while !rest.is_empty() {
            let (read, written) = (deflate.total_in(), deflate.total_out());
            deflate.compress(rest, out, zlib_rs::DeflateFlush::NoFlush).unwrap();
            let used = usize::try_from(deflate.total_in() - read).unwrap();
            made.extend_from_slice(&out[..usize::try_from(deflate.total_out() - written).unwrap()]);
            rest = &rest[used..];
        }
    }
    made
}

/// One hash does for the blob and its tar there: it must be the blob's also if the tar was given up on the way.
#[test]
fn what_is_not_compressed_is_hashed_once_and_right() {
    let content: Vec<u8> = (0..700_000_u32).flat_map(u32::to_le_bytes).take(700_000).collect();
    let blob = ended(&[entry("a", b'0', &content)]);
    let wide = Algorithm::Sha512.digest(&blob).to_string();
    let caps = Caps { unpacked_bytes: Some(300_001), ..Caps::default() };
    let claims = claims(&blob, &blob);
    let stopped = Spec { limits: caps.clone(), ..claims.clone() };
    let other = Spec { digest: Some(wide.clone()), ..claims.clone() };
    let other_stopped = Spec { limits: caps, ..other.clone() };
    for piece in [1, 7, 511, 4096, 262_144, 300_000, 1_000_000] {
        for spec in [&claims, &stopped, &other, &other_stopped] {
            let found = read(spec, &blob, piece);
            assert_eq!(check(&found, CheckId::Digest).outcome, Outcome::Pass, "in pieces of {piece}");
            assert_eq!(found.digest, spec.digest, "in pieces of {piece}");
            assert_eq!(found.diff_id.is_none(), spec.limits.unpacked_bytes.is_some());
        }
    }
}

#[test]
fn a_file_is_taken_out_with_its_own_digest() {
    let mut link = header("b", b'1', 0);
    link[157..158].copy_from_slice(b"a");
    sum(&mut link);
    let sparse = [
        pax(&[("GNU.sparse.numblocks", "2"), ("GNU.sparse.size", "30"), ("GNU.sparse.map", "5,2,10,3")]),
        entry("s", b'0', b"xxyyy"),
    ];
    let tar = ended(&[entry("a", b'0', b"hello"), link, sparse.concat(), entry("d/", b'5', b"")]);
    let blob = gzip(&tar);
    let take = |at: u32, most: u32| {
        let mut extractor = Extractor::new(claims(&blob, &tar), at, most);
        blob.chunks(100).for_each(|piece| {
            extractor.push(piece);
        });
        let facts = extractor.facts();
        let verdict = extractor.finish().unwrap();
        assert!(verdict.checks.iter().all(|check| check.outcome == Outcome::Pass));
        (String::from_utf8(extractor.content().to_vec()).unwrap(), facts)
    };
    let (content, facts) = take(0, 3);
    assert_eq!((content.as_str(), facts.size, facts.truncated, facts.kind), ("hel", 5, true, "file"));
    assert_eq!(facts.digest, sha(b"hello"));
    assert_eq!((take(1, 9).1.kind, take(1, 9).1.target), ("link", Some(0)));
    let holes = "\0\0\0\0\0xx\0\0\0yyy\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    assert_eq!((take(2, 99).0.as_str(), take(2, 99).1.digest), (holes, sha(holes.as_bytes())));
    assert_eq!(take(3, 99).1.kind, "other");
}

fn vectors(kind: &str) -> Vec<(String, Value, Vec<u8>)> {
    let Some(folder) = std::env::var_os("STOWPLAN_VECTORS").map(PathBuf::from) else {
        eprintln!("skipped: {kind} (STOWPLAN_VECTORS is not set)");
        return Vec::new();
    };
    let index: Vec<Value> = serde_json::from_slice(&std::fs::read(folder.join("index.json")).unwrap()).unwrap();
    let rows = index.into_iter().filter(|row| row["kind"] == kind);
    rows.map(|row| {
        let file = row["file"].as_str().unwrap().to_owned();
        let bytes = std::fs::read(folder.join(&file)).unwrap();
        (file, row["expect"].clone(), bytes)
    })
    .collect()
}

#[test]
fn tars_of_go_read_as_go_reads_them() {
    for (file, expect, bytes) in vectors("tar-edge") {
        let mut reader = LayerReader::new(Spec::default());
        reader.push(&bytes);
        let index: Vec<_> = reader
            .index()
            .iter()
            .map(|entry| (String::from_utf8_lossy(entry.path).into_owned(), entry.size, entry.kind))
            .collect();
        let found = reader.finish().unwrap();
        let is_valid = expect["valid"].as_bool().unwrap();
        // A compression that is not read here (bzip2) proves nothing: its tar is neither right nor wrong.
        let outcome = check(&found, CheckId::Tar).outcome;
        let fits =
            if is_valid { outcome != Outcome::Fail } else { matches!(outcome, Outcome::Fail | Outcome::NotChecked) };
        assert!(fits, "{file}: {:?}", found.checks);
        let Some(headers) = expect["expected_headers"].as_array() else { continue };
        assert_eq!(index.len(), headers.len(), "{file}: {index:?}");
        for (told, (name, size, _)) in headers.iter().zip(&index) {
            if !name.contains('\u{fffd}') {
                assert_eq!(told["name"].as_str(), Some(name.as_str()), "{file}");
            }
            assert_eq!(told["size"].as_u64(), Some(*size), "{file}: {name}");
        }
    }
}

#[test]
fn layers_list_the_entries_that_the_vectors_tell() {
    for (file, expect, bytes) in vectors("layer-blob") {
        let mut reader = LayerReader::new(Spec::default());
        reader.push(&bytes);
        let plain = |name: &str| name.trim_end_matches('/').to_owned();
        let listed: Vec<_> = reader
            .index()
            .iter()
            .map(|entry| (plain(&String::from_utf8_lossy(entry.path)), entry.size, entry.kind == EntryKind::Directory))
            .collect();
        let found = reader.finish().unwrap();
        assert_eq!(found.digest.as_deref(), expect["digest"].as_str(), "{file}");
        let Some(told) = expect["computed"]["entries"].as_array() else { continue };
        let told: Vec<_> = told
            .iter()
            .map(|entry| {
                (plain(entry["name"].as_str().unwrap()), entry["size"].as_u64().unwrap(), entry["type"] == "dir")
            })
            .collect();
        assert_eq!(listed, told, "{file}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_split_gives_the_same_verdict(
        content in prop::collection::vec(any::<u8>(), 0..3000),
        form in 0_u8..3,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        cut in 0_usize..200,
        pieces in (1_usize..4000, 1_usize..4000, 1_usize..5000),
    ) {
        let records = pax(&[("path", "p"), ("GNU.sparse.numblocks", "1"), ("GNU.sparse.size", "30"), ("GNU.sparse.map", "5,2")]);
        let tar = ended(&[entry("a", b'0', &content), records, entry("s", b'0', b"xx"), entry("x", b'L', b"long\0"), entry("b", b'0', b"y")]);
        let mut blob = match form { 0 => tar.clone(), 1 => [gzip(&tar[..999]), gzip(&tar[999..])].concat(), _ => zstd(&tar) };
        for (at, byte) in flips {
            let at = at.index(blob.len());
            blob[at] = byte;
        }
        blob.truncate(blob.len() - cut.min(blob.len()) * usize::from(cut > 150));
        let spec = Spec { limits: Caps { unpacked_bytes: Some(1 << 24), ..Caps::default() }, ..claims(&blob, &tar) };
        let whole = read(&spec, &blob, blob.len());
        prop_assert_eq!(&read(&spec, &blob, pieces.0), &whole);
        prop_assert_eq!(&read(&spec, &blob, 1), &whole);
        prop_assert_eq!(&halves(&spec, &blob, pieces.1, pieces.2), &whole);
    }

    #[test]
    fn any_bytes_get_a_verdict(mut bytes in prop::collection::vec(any::<u8>(), 0..2000), form in 0_u8..4) {
        match form {
            0 => {}
            1 => { bytes.splice(0..0, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]); }
            2 => { bytes.splice(0..0, [0x28, 0xb5, 0x2f, 0xfd]); }
            _ => { bytes.resize(512, 0); sum(&mut bytes); }
        }
        let found = read(&Spec::default(), &bytes, 97);
        prop_assert!(found.checks.len() >= 3);
    }
}

#[test]
fn an_empty_block_of_zstd_is_no_end() {
    // Encoders end a frame so when they are flushed; a second frame follows in the same piece.
    let tar = ended(&[entry("a", b'0', b"x")]);
    let (first, second) = tar.split_at(700);
    let open = |bytes: &[u8]| {
        let mut frame = zstd(bytes);
        let header = frame.len() - bytes.len() - 3;
        frame[header] &= !1;
        [frame, vec![1, 0, 0]].concat()
    };
    let blob = [open(first), open(second)].concat();
    for piece in [1, 7, blob.len()] {
        let found = read(&claims(&blob, &tar), &blob, piece);
        assert!(found.checks.iter().all(|check| check.outcome == Outcome::Pass), "{piece}: {:?}", found.checks);
    }
    let cut = &blob[..blob.len() - 1];
    for piece in [1, 7, cut.len()] {
        let found = read(&claims(cut, &tar), cut, piece);
        let told = &check(&found, CheckId::Tar).message;
        assert!(told.ends_with(&format!("unpacked bytes: the blob has only {} bytes", cut.len())), "{told}");
    }
}

#[test]
fn a_damaged_body_is_told_the_same_in_any_pieces() {
    // A fixed block that refers to what lies before the beginning.
    let blob = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255][..], &[0x4b, 0x04, 0x42, 0, 0, 0, 0, 0, 0, 0]].concat();
    for piece in 1..=blob.len() {
        let found = read(&Spec::default(), &blob, piece);
        let told = &check(&found, CheckId::Tar).message;
        assert_eq!(told, "the gzip member at byte 0 is damaged after 1 unpacked bytes", "in pieces of {piece}");
    }
}
