//! Layers by their tables of contents, from parts of their blobs: what is listed and read so, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod blobs;

use blobs::{entry, gzip, sha, sum, zstd};
use stowplan::layer::{Extractor, Peek, Spec};

const STARGZ: &str = "containerd.io/snapshot/stargz/toc.digest";
const CHUNKED: [&str; 2] =
    ["io.github.containers.zstd-chunked.manifest-checksum", "io.github.containers.zstd-chunked.manifest-position"];

fn spec(size: usize, annotations: &[(&str, &str)]) -> Spec {
    let annotations = annotations.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Spec { size: Some(size as u64), annotations, ..Spec::default() }
}

/// A blob of so many bytes of filling, two chunks of a file, a table of contents and a footer; with the digest of the table.
fn stargz(filling: usize, change: fn(String) -> String) -> (Vec<u8>, String) {
    let mut blob = vec![0; filling];
    let first = blob.len();
    blob.extend(gzip(b"hello "));
    let second = blob.len();
    blob.extend(gzip(b"beforeworld"));
    let after = blob.len();
    blob.extend(gzip(b"else"));
    let toc = change(format!(
        r#"{{"version":1,"entries":[{{"name":"etc/","type":"dir","mode":493,"modtime":"2024-01-01T00:00:00Z"}},{{"name":"etc/a","type":"reg","size":11,"offset":{first},"chunkSize":6,"chunkDigest":"{}"}},{{"name":"etc/a","type":"chunk","offset":{second},"innerOffset":6,"chunkOffset":6,"chunkSize":5,"chunkDigest":"{}"}},{{"name":"b","type":"reg","size":4,"offset":{after},"digest":"{}"}},{{"name":"empty","type":"reg"}}]}}"#,
        sha(b"hello "),
        sha(b"world"),
        sha(b"else"),
    ));
    ended(blob, &toc)
}

/// A blob with a table of contents and a footer behind it; with the digest of the table.
fn ended(mut blob: Vec<u8>, toc: &str) -> (Vec<u8>, String) {
    let at = blob.len();
    blob.extend(gzip(&[entry("stargz.index.json", b'0', toc.as_bytes()), vec![0; 1024]].concat()));
    blob.extend(b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x1a\0SG\x16\0");
    blob.extend(format!("{at:016x}STARGZ").as_bytes());
    blob.extend(b"\x01\0\0\xff\xff\0\0\0\0\0\0\0\0");
    (blob, sha(toc.as_bytes()))
}

/// The number of parts that were asked for, and their bytes.
fn list(peek: &mut Peek, blob: &[u8]) -> Result<(usize, usize), &'static str> {
    let (mut parts, mut bytes) = (0, 0);
    while let Some((from, to)) = peek.wants() {
        let part = &blob[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()];
        peek.give(part).map_err(|error| error.code())?;
        (parts, bytes) = (parts + 1, bytes + part.len());
    }
    Ok((parts, bytes))
}

fn read(peek: &Peek, blob: &[u8], at: u32) -> Result<Vec<u8>, &'static str> {
    let (from, to) = peek.part(at).map_err(|error| error.code())?;
    let part = &blob[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()];
    peek.content(at, part).map_err(|error| error.code())
}

#[test]
fn an_estargz_layer_is_listed_by_its_end() {
    for filling in [0, 3_000_000] {
        let (blob, digest) = stargz(filling, |toc| toc);
        let mut peek = Peek::new(&spec(blob.len(), &[(STARGZ, &digest)])).unwrap();
        let (parts, bytes) = list(&mut peek, &blob).unwrap();
        assert!(parts <= 2 && bytes <= 1_000_000, "{parts} parts, {bytes} bytes");
        let names: Vec<_> = peek.index().iter().map(|entry| String::from_utf8_lossy(entry.path).into_owned()).collect();
        assert_eq!(names, ["etc/", "etc/a", "b", "empty"]);
        assert_eq!(peek.index().iter().next().unwrap().mtime, 1_704_067_200);
        assert_eq!(read(&peek, &blob, 1).unwrap(), b"hello world");
        assert_eq!(read(&peek, &blob, 2).unwrap(), b"else");
        assert_eq!(read(&peek, &blob, 3).unwrap(), b"");
        assert_eq!(read(&peek, &blob, 0), Err("not-found"));
        assert_eq!(peek.kind(), "estargz");
    }
}

#[test]
fn nothing_is_listed_that_the_annotation_does_not_prove() {
    let (blob, _) = stargz(0, |toc| toc);
    let mut other = Peek::new(&spec(blob.len(), &[(STARGZ, &sha(b"other"))])).unwrap();
    assert_eq!(list(&mut other, &blob), Err("unsupported-input"));
    assert_eq!(other.index().iter().count(), 0);
    assert!(Peek::new(&spec(blob.len(), &[])).is_none());
    let (_, digest) = stargz(0, |toc| toc);
    let plain = vec![0; 10_000];
    let mut peek = Peek::new(&spec(plain.len(), &[(STARGZ, &digest)])).unwrap();
    assert_eq!(list(&mut peek, &plain), Err("unsupported-input"));
}

#[test]
fn a_chunk_that_is_not_the_promised_one_is_refused() {
    let (mut blob, digest) = stargz(0, |toc| toc);
    let mut peek = Peek::new(&spec(blob.len(), &[(STARGZ, &digest)])).unwrap();
    list(&mut peek, &blob).unwrap();
    let swapped = gzip(b"hullo ");
    blob[..swapped.len()].copy_from_slice(&swapped);
    assert_eq!(read(&peek, &blob, 1), Err("unsupported-input"));
    assert_eq!(read(&peek, &blob, 2).unwrap(), b"else");
    let (unlike, more) = ("unsupported-input", "limit-exceeded");
    type Change = fn(String) -> String;
    let changes: [(Change, &str); 8] = [
        (|toc| toc.replace(r#""chunkOffset":6"#, r#""chunkOffset":7"#), unlike),
        (|toc| toc.replace(r#""chunkOffset":6,"chunkSize":5"#, r#""chunkOffset":11"#), unlike),
        (|toc| toc.replace(r#""chunkOffset":6"#, r#""chunkOffset":11,"chunkSize":0"#), unlike),
        (|toc| toc.replace(r#""innerOffset":6"#, r#""innerOffset":9223372036854775807"#), more),
        (|toc| toc.replace(r#""size":11"#, r#""size":99999999999"#), more),
        (|toc| toc.replace(r#""chunkSize":5"#, r#""chunkSize":9223372036854775807"#), unlike),
        (|toc| toc.replace(r#""chunkSize":5"#, r#""chunkSize":4"#), unlike),
        (|toc| toc.replace(r#""offset":0"#, r#""offset":9223372036854775807"#), unlike),
    ];
    for (at, (change, code)) in changes.into_iter().enumerate() {
        let (blob, digest) = stargz(0, change);
        let mut peek = Peek::new(&spec(blob.len(), &[(STARGZ, &digest)])).unwrap();
        list(&mut peek, &blob).unwrap();
        assert_eq!(read(&peek, &blob, 1), Err(code), "change {at}");
    }
}

/// A file of as many bytes as chunks, each of which names all that is packed.
fn chunks_of_the_same(count: usize, filling: usize, last: &str) -> Result<Vec<u8>, &'static str> {
    let blob = [gzip(&vec![b'a'; count]), vec![0; filling]].concat();
    let (digest, empty) = (sha(b"a"), sha(b""));
    let chunk = |at| {
        format!(
            r#"{{"name":"a","type":"chunk","offset":0,"innerOffset":{at},"chunkOffset":{at},"chunkSize":1,"chunkDigest":"{digest}"}},"#
        )
    };
    let toc = format!(
        r#"{{"version":1,"entries":[{{"name":"a","type":"reg","size":{count},"offset":0,"chunkSize":1,"chunkDigest":"{digest}"}},{}{}{{"name":"b","type":"dir"}}]}}"#,
        (1..count).map(chunk).collect::<String>(),
        last.replace("{empty}", &empty),
    );
    let (blob, digest) = ended(blob, &toc);
    let mut peek = Peek::new(&spec(blob.len(), &[(STARGZ, &digest)])).unwrap();
    list(&mut peek, &blob).unwrap();
    read(&peek, &blob, 0)
}

#[test]
fn chunks_that_name_the_same_bytes_again_and_again_come_to_an_end() {
    assert_eq!(chunks_of_the_same(60, 1 << 20, "").unwrap(), vec![b'a'; 60], "63 MB of packed bytes are read");
    assert_eq!(chunks_of_the_same(70, 1 << 20, ""), Err("limit-exceeded"), "73 MB are not");
}

#[test]
fn an_empty_chunk_is_refused() {
    assert_eq!(chunks_of_the_same(3, 0, "").unwrap(), b"aaa");
    let empty = r#"{"name":"a","type":"chunk","offset":0,"innerOffset":3,"chunkOffset":3,"chunkDigest":"{empty}"},"#;
    assert_eq!(chunks_of_the_same(3, 0, empty), Err("unsupported-input"));
}

#[test]
fn a_table_beyond_a_cap_of_json_is_told_by_its_code() {
    let toc = format!(r#"{{"version":1,"entries":{}"#, "[".repeat(stowplan::limits::JSON_DEPTH));
    let (blob, digest) = ended(Vec::new(), &toc);
    let mut peek = Peek::new(&spec(blob.len(), &[(STARGZ, &digest)])).unwrap();
    assert_eq!(list(&mut peek, &blob), Err("limit-exceeded"));
}

#[test]
fn a_zstd_chunked_layer_is_listed_by_its_manifest() {
    let file = zstd(b"content");
    let toc = format!(
        r#"{{"version":1,"entries":[{{"name":"a","type":"reg","size":7,"digest":"{0}","offset":4,"endOffset":{1},"chunkDigest":"{0}"}},{{"name":"l","type":"symlink","linkName":"a"}}]}}"#,
        sha(b"content"),
        4 + file.len(),
    );
    let packed = zstd(toc.as_bytes());
    let blob = [&[0; 4][..], &file, &packed, &[0; 100]].concat();
    let position = format!("{}:{}:{}:1", 4 + file.len(), packed.len(), toc.len());
    let digest = sha(&packed);
    let annotations = [(CHUNKED[0], digest.as_str()), (CHUNKED[1], position.as_str())];
    let mut peek = Peek::new(&spec(blob.len(), &annotations)).unwrap();
    assert_eq!(list(&mut peek, &blob).unwrap(), (1, packed.len()));
    assert_eq!((read(&peek, &blob, 0).unwrap(), peek.kind()), (b"content".to_vec(), "zstd:chunked"));
    let far = format!("{}:{}:{}:1", blob.len(), packed.len(), toc.len());
    assert!(Peek::new(&spec(blob.len(), &[(CHUNKED[0], &digest), (CHUNKED[1], &far)])).is_none());
}

/// Reads a layer by small pieces until nothing more adds to the answer; with how many bytes that took.
fn first(blob: &[u8], path: &str) -> (Extractor, usize) {
    let mut extractor = Extractor::first(spec(blob.len(), &[]), path, 100);
    let mut read = 0;
    for piece in blob.chunks(1000) {
        if extractor.is_settled() {
            break;
        }
        extractor.push(piece);
        read += piece.len();
    }
    (extractor, read)
}

/// A layer with a file, a link to it by each kind of link, and 200 kB behind them that do not compress.
fn plain_layer() -> Vec<u8> {
    let link = |name: &str, kind: u8, to: &str| {
        let mut header = entry(name, kind, b"");
        header[157..157 + to.len()].copy_from_slice(to.as_bytes());
        sum(&mut header);
        header
    };
    let noise: Vec<u8> = (0_u32..50_000).flat_map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let parts = [
        entry("./etc/", b'5', b""),
        entry("./etc/motd", b'0', b"welcome"),
        link("hard", b'1', "./etc/motd"),
        link("soft", b'2', "etc/motd"),
        entry("noise", b'0', &noise),
        entry("etc/motd", b'0', b"replaced"),
        vec![0; 1024],
    ];
    gzip(&parts.concat())
}

#[test]
fn one_file_of_a_plain_layer_is_read_no_further_than_it_goes_and_proves_nothing() {
    let blob = plain_layer();
    for path in ["etc/motd", "/etc/motd", "./etc/motd"] {
        let (found, read) = first(&blob, path);
        let facts = found.facts();
        assert_eq!((found.content(), facts.kind, facts.at), (&b"welcome"[..], "file", Some(1)), "{path}");
        assert_eq!(facts.digest, sha(b"welcome"));
        assert!(read < 4000 && blob.len() > 100_000, "{read} of {}", blob.len());
        let check = found.stopped(read as u64);
        assert_eq!((check.reason, check.outcome), ("first-entry-only", stowplan::Outcome::NotChecked));
    }
}

#[test]
fn a_link_of_a_plain_layer_says_where_it_leads() {
    let blob = plain_layer();
    let (hard, read) = first(&blob, "hard");
    assert_eq!((hard.facts().kind, hard.facts().target, hard.facts().at), ("link", Some(1), Some(2)));
    assert!(read < 4000);
    let (soft, read) = first(&blob, "soft");
    assert_eq!((soft.facts().kind, soft.facts().link.as_deref()), ("other", Some("etc/motd")));
    assert!(read < 4000);
}

#[test]
fn a_path_that_never_comes_is_looked_for_to_the_end_of_the_layer_or_of_what_can_be_read() {
    let blob = plain_layer();
    let (mut none, read) = first(&blob, "etc/other");
    assert_eq!((none.facts().at, read), (None, blob.len()));
    assert!(none.finish().is_some_and(|verdict| verdict.read));
    let broken = gzip(&[vec![b'x'; 100_000], entry("a", b'0', b"a")].concat());
    let (broken, _) = first(&broken, "a");
    assert!(broken.is_settled() && broken.facts().at.is_none());
    let (cut, _) = first(&blob[..100_000], "noise");
    assert_eq!((cut.facts().kind, cut.facts().at), ("cut", Some(4)));
}
