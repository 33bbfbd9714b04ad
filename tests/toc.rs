//! Layers with a table of contents, eStargz and zstd:chunked: held against their annotations and against the tar.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod blobs;

use blobs::{ended, entry, gzip, halves, pax, read, sha, symlink, zstd};
use stowplan::layer::{LayerVerdict, Spec, TarHasher, Unpacker, verdict};
use stowplan::{CheckId, Outcome};

const STARGZ: &str = "containerd.io/snapshot/stargz/toc.digest";
const CHUNKED: &str = "io.github.containers.zstd-chunked.manifest-checksum";
const PLACE: &str = "io.github.containers.zstd-chunked.manifest-position";

/// The entries of a table that says of [`content`] all that the makers of both formats write.
fn entries() -> String {
    let x = sha(b"x");
    format!(
        r#"{{"name":"etc/","type":"dir","mode":420}},{{"name":"etc/a","type":"reg","size":1,"mode":420,"xattrs":{{"user.a":"Yg=="}},"digest":"{x}","chunkDigest":"{x}"}},{{"name":"etc/b","type":"chunk"}},{{"name":"l","type":"symlink","linkName":"etc/a","mode":420}}"#
    )
}

fn content() -> Vec<Vec<u8>> {
    let file = [pax(&[("SCHILY.xattr.user.a", "b")]), entry("etc/a", b'0', b"x")].concat();
    vec![entry("etc/", b'5', b""), file, symlink("l", "etc/a")]
}

fn toc(entries: &str) -> Vec<u8> {
    format!(r#"{{"version":1,"entries":[{entries}]}}"#).into_bytes()
}

/// A gzip member for each entry, the table of contents last but one, as eStargz has it.
fn stargz(content: Vec<Vec<u8>>, toc: &[u8]) -> Vec<u8> {
    let members = content.into_iter().chain([entry("stargz.index.json", b'0', toc), vec![0; 1024]]);
    members.flat_map(|part| gzip(&part)).collect()
}

/// A frame for the tar, then the table of contents in a skippable one; and the offset and length of its content.
fn chunked(toc: &[u8]) -> (Vec<u8>, usize, usize) {
    let (blob, at) = chunked_of(&content(), toc);
    (blob, at, toc.len())
}

fn chunked_of(content: &[Vec<u8>], toc: &[u8]) -> (Vec<u8>, usize) {
    let skippable = |content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        [&[0x50, 0x2a, 0x4d, 0x18][..], &length, content].concat()
    };
    let tar = zstd(&ended(content));
    let blob = [tar.clone(), skippable(toc), skippable(&[0; 64])].concat();
    (blob, tar.len() + 8)
}

fn annotated(pairs: &[(&str, &str)]) -> Spec {
    let annotations = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Spec { annotations, ..Spec::default() }
}

#[track_caller]
fn says(found: &LayerVerdict, kind: &str, outcome: Outcome, reason: &str) {
    let check = found.checks.iter().find(|check| check.id == CheckId::Toc).unwrap();
    assert_eq!((found.toc, check.outcome, check.reason), (Some(kind), outcome, reason), "{}", check.message);
}

#[track_caller]
fn of_stargz(toc: &[u8], told: Option<&str>, outcome: Outcome, reason: &str) {
    let spec = told.map_or_else(Spec::default, |told| annotated(&[(STARGZ, told)]));
    let blob = stargz(content(), toc);
    says(&read(&spec, &blob, blob.len()), "estargz", outcome, reason);
    says(&halves(&spec, &blob, 7, 100), "estargz", outcome, reason);
}

#[track_caller]
fn of_chunked(
    json: &[u8],
    change: impl Fn(&mut Vec<u8>, &mut usize),
    told: &[(&str, &str)],
    outcome: Outcome,
    reason: &str,
) {
    let packed = zstd(json);
    let (mut blob, mut at, length) = chunked(&packed);
    change(&mut blob, &mut at);
    let (sum, place) = (sha(&packed), format!("{at}:{length}:{}:1", json.len()));
    // The told ones come first, so that they count.
    let spec = annotated(&[told, &[(CHUNKED, &sum), (PLACE, &place)]].concat());
    says(&read(&spec, &blob, blob.len()), "zstd:chunked", outcome, reason);
    says(&halves(&spec, &blob, 7, 100), "zstd:chunked", outcome, reason);
}

const KEEP: fn(&mut Vec<u8>, &mut usize) = |_, _| {};

/// The same table in both formats, the annotation right.
#[track_caller]
fn of_both(toc: &[u8], outcome: Outcome, [stargz, chunked]: [&str; 2]) {
    of_stargz(toc, Some(&sha(toc)), outcome, stargz);
    of_chunked(toc, KEEP, &[], outcome, chunked);
}

#[test]
fn a_table_that_is_right_passes() {
    let toc = toc(&entries());
    of_both(&toc, Outcome::Pass, ["toc-same"; 2]);
    of_stargz(&toc, None, Outcome::NotChecked, "toc-not-given");
}

#[test]
fn a_table_of_another_digest_fails() {
    let right = toc(&entries());
    of_stargz(&right, Some(&sha(b"other")), Outcome::Fail, "toc-other-digest");
    of_chunked(&right, KEEP, &[(CHUNKED, &sha(b"other"))], Outcome::Fail, "toc-other-digest");
    of_chunked(&right, |_, at| *at += 1, &[], Outcome::Fail, "toc-missing");
    let spec = annotated(&[(STARGZ, &sha(b"x"))]);
    let blob = gzip(&ended(&content()));
    says(&read(&spec, &blob, 100), "estargz", Outcome::Fail, "toc-missing");
}

/// stargz-snapshotter goes by the digest of the table as it is unpacked, containers/storage by that of its frame.
#[test]
fn both_annotations_of_a_table_have_to_be_right() {
    let right = toc(&entries());
    of_chunked(&right, KEEP, &[(STARGZ, &sha(&right))], Outcome::Pass, "toc-same");
    of_chunked(&right, KEEP, &[(STARGZ, &sha(b"other"))], Outcome::Fail, "toc-other-digest");
}

#[test]
fn a_table_that_lies_fails() {
    let x = sha(b"x");
    let both = |from: &str, to: &str, reasons: [&str; 2]| {
        let (right, lie) = (entries(), entries().replacen(from, to, 1));
        assert_ne!(right, lie, "{from}");
        of_both(&toc(&lie), Outcome::Fail, reasons);
    };
    let entry = ["toc-other-entry", "toc-other-entries"];
    both("\"size\":1", "\"size\":2", entry);
    both("etc/a\"", "etc/shadow\"", entry);
    both("\"linkName\":\"etc/a\"", "\"linkName\":\"etc/shadow\"", entry);
    both("\"type\":\"dir\"", "\"type\":\"fifo\"", entry);
    let rights = ["toc-other-rights-of", "toc-other-rights"];
    both("\"size\":1,\"mode\":420", "\"size\":1,\"mode\":2541", rights);
    both("\"size\":1,", "\"size\":1,\"uid\":1,", rights);
    both("\"size\":1,", "\"size\":1,\"gid\":1.0,", rights);
    both("Yg==", "Yw==", rights);
    both("\"user.a\"", "\"user.b\"", rights);
    both("\"xattrs\":{\"user.a\":\"Yg==\"},", "", rights);
    let content = ["toc-other-content-of", "toc-other-content"];
    both(&x, &sha(b"y"), content);
    let odd = ["toc-odd-name"; 2];
    both("\"size\":1", "\"size\":2,\"size\":1", odd);
    both("\"size\":1", "\"size\":2,\"\u{17f}ize\":1", odd);
    both("\"linkName\"", "\"linkname\"", odd);
    let few = r#"{"name":"etc/","type":"dir","mode":420}"#;
    of_both(&toc(few), Outcome::Fail, ["toc-other-count", "toc-other-entries"]);
    let more = format!(r#"{},{{"name":"m","type":"fifo"}}"#, entries());
    of_both(&toc(&more), Outcome::Fail, ["toc-other-count", "toc-other-entries"]);
    // To programs that load files lazily the layer is empty.
    of_both(b"{}", Outcome::Fail, ["toc-without-entries"; 2]);
    of_both(b"[]", Outcome::Fail, ["toc-without-entries"; 2]);
}

/// Go and containers/storage read it as 0: the table does not say what the tar says, and no other value either.
#[test]
fn a_table_without_modes_is_not_compared_and_hides_no_other_lie() {
    let bare = entries().replace(",\"mode\":420", "");
    of_both(&toc(&bare), Outcome::NotChecked, ["toc-without-mode"; 2]);
    of_both(&toc(&bare.replace(&sha(b"x"), &sha(b"y"))), Outcome::Fail, ["toc-other-content-of", "toc-other-content"]);
    let null = entries().replace("\"mode\":420", "\"mode\":null");
    of_both(&toc(&null), Outcome::NotChecked, ["toc-without-mode"; 2]);
    let zero = entries().replacen("\"mode\":420", "\"mode\":0", 1);
    of_both(&toc(&zero), Outcome::Fail, ["toc-other-rights-of", "toc-other-rights"]);
}

#[test]
fn an_arrow_in_a_name_is_not_the_arrow_of_a_link() {
    let tar = vec![symlink("l", "a -> b")];
    let table = |name: &str, link: &str| {
        toc(&format!(r#"{{"name":"{name}","type":"symlink","linkName":"{link}","mode":420}}"#))
    };
    for (toc, outcome, reason) in
        [(table("l", "a -> b"), Outcome::Pass, "toc-same"), (table("l -> a", "b"), Outcome::Fail, "toc-other-entry")]
    {
        let spec = annotated(&[(STARGZ, &sha(&toc))]);
        let blob = stargz(tar.clone(), &toc);
        says(&read(&spec, &blob, blob.len()), "estargz", outcome, reason);
    }
}

/// podman compresses an eStargz layer again as it is, and lists the file that was its table.
#[test]
fn zstd_chunked_lists_a_file_that_is_called_as_the_table_of_estargz() {
    let file = entry("stargz.index.json", b'0', b"{}");
    let sum = sha(b"{}");
    let line = format!(r#"{{"name":"stargz.index.json","type":"reg","size":2,"mode":420,"digest":"{sum}"}}"#);
    for (entries, outcome, reason) in
        [(format!("{},{line}", entries()), Outcome::Pass, "toc-same"), (entries(), Outcome::Fail, "toc-other-entries")]
    {
        let packed = zstd(&toc(&entries));
        let tar = [content(), vec![file.clone()]].concat();
        let (blob, at) = chunked_of(&tar, &packed);
        let place = format!("{at}:{}:1:1", packed.len());
        let spec = annotated(&[(CHUNKED, &sha(&packed)), (PLACE, &place)]);
        says(&read(&spec, &blob, blob.len()), "zstd:chunked", outcome, reason);
    }
}

/// Go keeps a record without a value, and of two with one name the last.
#[test]
fn attributes_are_those_that_go_reads() {
    let records = [("SCHILY.xattr.user.b", "x"), ("SCHILY.xattr.user.a", ""), ("SCHILY.xattr.user.b", "y")];
    let file = [pax(&records), entry("f", b'0', b"")].concat();
    let line = |attributes: &str| toc(&format!(r#"{{"name":"f","type":"reg","mode":420,"xattrs":{{{attributes}}}}}"#));
    for (toc, outcome, reason) in [
        (line(r#""user.a":"","user.b":"eQ==""#), Outcome::Pass, "toc-same"),
        (line(r#""user.b":"eQ==""#), Outcome::Fail, "toc-other-rights-of"),
        (line(r#""user.a":"","user.b":"eA==""#), Outcome::Fail, "toc-other-rights-of"),
    ] {
        let blob = stargz(vec![file.clone()], &toc);
        let spec = annotated(&[(STARGZ, &sha(&toc))]);
        says(&read(&spec, &blob, blob.len()), "estargz", outcome, reason);
    }
}

/// A chunk is what stargz-snapshotter holds against a digest, whatever the one of the file says.
#[test]
fn the_digest_of_a_chunk_counts_in_estargz() {
    let lie =
        entries().replace(&format!("\"chunkDigest\":\"{}\"", sha(b"x")), &format!("\"chunkDigest\":\"{}\"", sha(b"y")));
    let toc = toc(&lie);
    of_stargz(&toc, Some(&sha(&toc)), Outcome::Fail, "toc-other-content-of");
}

#[test]
fn the_chunks_of_a_large_file_are_held_against_the_tar() {
    const CHUNK: usize = 4 * 1024 * 1024;
    let file: Vec<u8> = (0..CHUNK + 1000).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let table = |second: &str, cut: usize| {
        let whole = sha(&file);
        let (size, first) = (file.len(), sha(&file[..cut]));
        toc(&format!(
            r#"{{"name":"a","type":"reg","size":{size},"mode":420,"digest":"{whole}","chunkSize":{cut},"chunkDigest":"{first}"}},{{"name":"a","type":"chunk","chunkOffset":{cut},"chunkDigest":"{second}"}}"#
        ))
    };
    for (toc, outcome, reason) in [
        (table(&sha(&file[CHUNK..]), CHUNK), Outcome::Pass, "toc-same"),
        (table(&sha(b"evil"), CHUNK), Outcome::Fail, "toc-other-content-of"),
        (table(&sha(&file[1000..]), 1000), Outcome::NotChecked, "toc-other-chunks"),
    ] {
        let blob = stargz(vec![entry("a", b'0', &file)], &toc);
        let spec = annotated(&[(STARGZ, &sha(&toc))]);
        says(&read(&spec, &blob, blob.len()), "estargz", outcome, reason);
        says(&read(&spec, &blob, 100_003), "estargz", outcome, reason);
    }
}

#[test]
fn a_table_that_is_not_compared_is_not_checked() {
    of_both(b"{\"entries\":[", Outcome::NotChecked, ["toc-unreadable"; 2]);
    let bare = entries().replace(&format!(",\"digest\":\"{0}\",\"chunkDigest\":\"{0}\"", sha(b"x")), "");
    of_both(&toc(&bare), Outcome::NotChecked, ["toc-without-digest"; 2]);
    let right = toc(&entries());
    of_chunked(&right, KEEP, &[(PLACE, "10:40000000:9:1")], Outcome::NotChecked, "toc-too-long");
    // Read before its annotations were known: its names alone were compared.
    let spec = annotated(&[(STARGZ, &sha(&right))]);
    let (mut first, mut second) = (Unpacker::new(&Spec::default()), TarHasher::new(&Spec::default()));
    let mut buffer = vec![0; 100_000];
    first.push(&stargz(content(), &right));
    loop {
        let made = first.take(&mut buffer);
        if made == 0 {
            break;
        }
        second.push(&buffer[..made]);
    }
    says(&verdict(&spec, &first.finish(), &second.finish()), "estargz", Outcome::NotChecked, "toc-no-tar");
}

/// A lie beside what cannot be compared is still a lie.
#[test]
fn a_doubt_hides_no_lie() {
    let doubt = entries().replace(&format!(",\"digest\":\"{0}\",\"chunkDigest\":\"{0}\"", sha(b"x")), "");
    let toc = toc(&doubt.replace("\"linkName\":\"etc/a\",\"mode\":420", "\"linkName\":\"etc/a\",\"mode\":421"));
    of_both(&toc, Outcome::Fail, ["toc-other-rights-of", "toc-other-rights"]);
}
