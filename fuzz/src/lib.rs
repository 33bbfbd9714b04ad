//! Properties that hold for any bytes: each fuzz target is a call of one of these functions.

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use std::sync::Arc;
use stowplan::archive::{ArchiveFile, Contents, Opener, Proof, Seeker, open};
use stowplan::image::{Input, OpenOptions};
use stowplan::layer::files::{Files, Matching, PathFilter, Query, View};
use stowplan::layer::packages::{Packages, Picker};
use stowplan::layer::{
    Caps, Elf, Entry, EntryKind, Extractor, FileIndex, LayerReader, LayerVerdict, Peek, Spec, TarHasher, Unpacker, verdict,
};
use stowplan::report::Verdict;
use stowplan::covers::Covers;
use stowplan::trust::{Allow, Artifact, Found, Key, Material, Question, Roots, judge, prove};
use stowplan::{CheckId, Digest, Document, Error, Hints, Outcome, Reference, Search, Verified};
use stowplan_policy::{Decision, Host, Policy, Reach, Scheme, Upstream, is_public};

/// A reference that is read is read the same from what it is written as.
///
/// # Panics
/// If it is not.
pub fn reference(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _any = Digest::parse(text);
    let Ok(reference) = Reference::parse(text) else { return };
    let again = Reference::parse(&reference.canonical());
    assert_eq!(again.map(|again| again.canonical()).ok(), Some(reference.canonical()));
    let familiar = Reference::parse(&reference.familiar());
    assert_eq!(familiar.map(|again| again.familiar()).ok(), Some(reference.familiar()));
}

/// A document keeps its bytes and their digest for any input.
///
/// # Panics
/// If it does not.
pub fn document(bytes: &[u8]) {
    let verified = Verified::compute(bytes);
    let digest = verified.digest().clone();
    let document = Document::parse(verified, &Hints::default());
    assert_eq!(&**document.verified().bytes(), bytes);
    assert_eq!(document.verified().digest(), &digest);
}

/// A paste is taken apart: every span lies within the text, in order, and what is to be inspected can be parsed. A file's
/// images have their places, and pinning changes nothing else.
///
/// A text without documents is opened each time, any other text and a search for the digest of something else one time in
/// [`SEARCHED`]: a search hashes 48 MiB. Nothing in the text passes as that digest, and every document that is shown has the
/// digest that it is shown with.
///
/// # Panics
/// If it is not so.
pub fn paste(bytes: &[u8]) {
    let read = stowplan::paste::read(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        places(text, &read);
        images(text);
    }
    let searched = is_searched(bytes);
    if searched || read.documents.is_empty() {
        opened(bytes, searched.then(|| Verified::compute(*b"something else").digest().clone()));
    }
}

/// One text in so many is searched, told by its bytes, so that a text that fails does so again.
const SEARCHED: u32 = 64;

fn is_searched(bytes: &[u8]) -> bool {
    let mix = |sum: u32, byte: &u8| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    (bytes.iter().fold(0x811c_9dc5, mix) >> 8) % SEARCHED == 0
}

fn places(text: &str, read: &stowplan::paste::Pasted) {
    let length = text.encode_utf16().count();
    let mut end = 0;
    for span in &read.spans {
        assert!(end <= span.start && span.start < span.end && span.end <= length, "{span:?} after {end} of {length}");
        end = span.end;
    }
    if let Some(name) = &read.inspect {
        assert!(Reference::parse(name).is_ok(), "{name}");
    }
}

fn images(text: &str) {
    use stowplan::paste::trade::{pin_images, read_images};
    let file = read_images(text, None);
    let pin = Verified::compute(*b"pinned").digest().clone();
    let edits: Vec<_> = file.images.iter().filter_map(|row| Some((row.edit.clone()?, pin.clone()))).collect();
    assert_eq!(pin_images(text, &[]).ok().as_deref(), Some(text));
    assert!(pin_images(text, &edits).is_ok(), "two places overlap: {edits:?}");
}

fn opened(bytes: &[u8], expected: Option<Digest>) {
    let input = Input { bytes: Arc::from(bytes), name: None, text: true, stated: None };
    let options = OpenOptions { expected: expected.clone(), ..OpenOptions::default() };
    let Ok(opened) = stowplan::image::open(vec![input], &options) else { return };
    let wrong = expected.map(|expected| expected.to_string());
    assert!(opened.report.recovered.is_none_or(|recovered| Some(recovered.digest) != wrong));
    shows_what_it_hashed(&opened.bytes);
}

/// Opens bytes as a snapshot with a stated digest: that of the bytes or, by the first byte, another one. Under another
/// digest it fails, and nothing is mended.
///
/// # Panics
/// If it does not.
pub fn snapshot(bytes: &[u8]) {
    let [how, held @ ..] = bytes else { return };
    let right = how % 2 == 0;
    let stated = Verified::compute(if right { held } else { bytes }).digest().clone();
    let input = Input { bytes: Arc::from(held), name: None, text: false, stated: Some(stated) };
    let Ok(opened) = stowplan::image::open(vec![input], &OpenOptions::default()) else { return };
    let fails = |check: &stowplan::Check| check.id == CheckId::Digest && check.outcome == Outcome::Fail;
    let failed = opened.report.nodes.iter().any(|node| node.checks.iter().any(fails));
    assert!(opened.report.recovered.is_none() && (right || failed));
    shows_what_it_hashed(&opened.bytes);
}

fn shows_what_it_hashed(bytes: &[(String, Arc<[u8]>)]) {
    for (digest, bytes) in bytes {
        // A schema 1 manifest is shown with the digest of what was signed.
        let own = Verified::compute(bytes.clone()).digest().to_string();
        let of_algorithm = Digest::parse(digest).ok().and_then(|digest| digest.algorithm());
        let again = of_algorithm.map(|algorithm| algorithm.digest(bytes).to_string());
        let signed = stowplan::json::parse(bytes).is_ok_and(|parsed| parsed.root.get("signatures").is_some());
        assert!(*digest == own || again.as_ref() == Some(digest) || signed, "{digest} is not {own}");
    }
}

/// Nothing that can be made of bytes proves a signature over bytes that were never signed, by any key or identity, even if every
/// log may be absent; roots and keys are read as far as they go.
///
/// # Panics
/// If it does.
pub fn bundle(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let key = Key::parse(text).or_else(|_| Key::parse(KEY));
    let roots = Roots::parse(text).or_else(|_| Roots::shipped());
    let (Ok(key), Ok(roots)) = (key, roots) else { return };
    let nothing = Artifact::Bytes(b"bytes without a signature".to_vec());
    let allow = Allow { no_log: true, no_certificate_log: true };
    let question = Question {
        artifact: nothing.clone(),
        keys: vec![key],
        identities: Vec::new(),
        allow,
        now: 1_800_000_000,
        beside: Vec::new(),
        name: None,
    };
    if let Ok(material) = Material::parse(text) {
        assert_ne!(prove(&material, &question, &roots).verdict, Verdict::Verified);
    }
    let media_type = "application/vnd.dev.cosign.simplesigning.v1+json".to_owned();
    let annotations =
        ["dev.sigstore.cosign/bundle", "dev.cosignproject.cosign/signature", "dev.sigstore.cosign/certificate"]
            .map(|name| (name.to_owned(), text.to_owned()));
    let about = vec![Verified::compute(&b"bytes without a signature"[..]).digest().clone()];
    let covers = Covers::only(&about[0]);
    let found =
        Found { id: "0".into(), about, media_type, annotations: annotations.into(), bytes: Some(bytes.to_vec()) };
    assert_eq!(judge(&[found], &question, &roots, &covers, None).trust.good, 0);
}

/// A key whose other half is thrown away.
const KEY: &str = "-----BEGIN PUBLIC KEY-----\n\
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwr\n\
    kBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw==\n-----END PUBLIC KEY-----\n";

/// Challenges are read as far as they go.
pub fn challenge(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _any = stowplan::registry::challenges(text);
    }
}

/// An original that is claimed hashes to the digest that was asked for, which is that of the text before it was
/// changed: the first byte says how.
///
/// # Panics
/// If it does not.
pub fn recover(bytes: &[u8]) {
    // The search is bounded, but long: most texts are cut to a length that finds as much.
    let [how, text @ ..] = bytes else { return };
    let most = if how % 16 == 15 { text.len() } else { 600 };
    let text = text.get(..text.len().min(most)).unwrap_or_default();
    let expected = Verified::compute(text).digest().clone();
    let changed = match how % 3 {
        0 => text.iter().copied().filter(|byte| !matches!(byte, b' ' | b'\n')).collect(),
        1 => [text, b"\n"].concat(),
        _ => String::from_utf8_lossy(text).replace('\n', "\r\n").into_bytes(),
    };
    let Search { found: Some(found), .. } = stowplan::recover(&changed, &expected) else { return };
    assert_eq!(Verified::compute(found.bytes).digest(), &expected);
}

/// A layer gives the same verdict whole, in pieces and in two halves, and stays within its caps.
///
/// # Panics
/// If it does not.
pub fn blob(bytes: &[u8]) {
    let [piece, room, blob @ ..] = bytes else { return };
    let (piece, room) = (usize::from(*piece).max(1), usize::from(*room).max(1) * 16);
    let caps = Caps { unpacked_bytes: Some(1 << 20), entries: Some(200), window_bytes: Some(1 << 20), ratio: None };
    let spec = Spec { limits: caps, ..Spec::default() };
    let whole = read(&spec, blob, blob.len().max(1));
    assert_eq!(text(&read(&spec, blob, piece)), text(&whole), "in pieces of {piece}");
    assert_eq!(text(&halves(&spec, blob, piece, room)), text(&whole), "in halves by {piece} and {room}");
    let mut extractor = Extractor::new(spec, 0, 100);
    blob.chunks(piece).for_each(|piece| {
        extractor.push(piece);
    });
    assert!(extractor.content().len() <= 100);
}

/// A layer whose table of contents is anything gives the same verdict whole, in pieces and in two halves: as eStargz has
/// it, and as zstd:chunked.
///
/// # Panics
/// If it does not.
pub fn toc(bytes: &[u8]) {
    let [piece, table @ ..] = bytes else { return };
    let piece = usize::from(*piece).max(1) * 16;
    let length = u32::try_from(table.len()).unwrap_or(0).to_le_bytes();
    let frame = [&[0x50, 0x2a, 0x4d, 0x18][..], &length, table].concat();
    let tar = [member(b"etc/a", b"x"), member(b"stargz.index.json", table), vec![0; 1024]].concat();
    let told = Verified::compute(table).digest().to_string();
    let annotation = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let stargz = vec![annotation("containerd.io/snapshot/stargz/toc.digest", &told)];
    let chunked = vec![
        annotation("io.github.containers.zstd-chunked.manifest-checksum", &told),
        annotation("io.github.containers.zstd-chunked.manifest-position", &format!("8:{}:{0}:1", table.len())),
    ];
    for (annotations, blob) in [(stargz, tar), (chunked, frame)] {
        let spec = Spec { annotations, ..Spec::default() };
        let whole = text(&read(&spec, &blob, blob.len().max(1)));
        assert_eq!(text(&read(&spec, &blob, piece)), whole, "in pieces of {piece}");
        assert_eq!(text(&halves(&spec, &blob, piece, 4096)), whole, "in halves by {piece}");
    }
}

/// A layer with this table of contents lists no more than its files have, whole or not; a plain layer with these bytes gives the
/// same first file whole and in pieces. The first byte says which of these, and how.
///
/// # Panics
/// If it does not.
pub fn peek(bytes: &[u8]) {
    let [how, rest @ ..] = bytes else { return };
    let cut = (usize::from(*how) / 4 * rest.len()) / 64;
    let (front, table) = rest.split_at(cut.min(rest.len()));
    match how % 4 {
        0 => stargz(front, table),
        1 => chunked(front, table),
        2 => listed(Peek::new(&promised(rest.len(), &[(STARGZ, &sha(table))])), rest),
        _ => first(rest, usize::from(*how).max(1)),
    }
}

const STARGZ: &str = "containerd.io/snapshot/stargz/toc.digest";
const CHUNKED: &str = "io.github.containers.zstd-chunked.manifest-checksum";
const CHUNKED_PLACE: &str = "io.github.containers.zstd-chunked.manifest-position";

fn sha(bytes: &[u8]) -> String {
    Verified::compute(bytes).digest().to_string()
}

fn promised(size: usize, annotations: &[(&str, &str)]) -> Spec {
    let annotations = annotations.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Spec { size: Some(size as u64), annotations, ..Spec::default() }
}

/// A blob of these bytes, this table of contents and a footer.
fn stargz(front: &[u8], table: &[u8]) {
    let tar = [member(b"stargz.index.json", table), vec![0; 1024]].concat();
    let at = format!("{:016x}", front.len());
    let footer = [b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x1a\0SG\x16\0", at.as_bytes(), b"STARGZ\x01\0\0\xff\xff", &[0; 8]];
    let blob = [front, &gzip(&tar), &footer.concat()].concat();
    listed(Peek::new(&promised(blob.len(), &[(STARGZ, &sha(table))])), &blob);
}

/// The same as zstd:chunked has it: the table lies in a frame whose blocks are not compressed.
fn chunked(front: &[u8], table: &[u8]) {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000];
    frame.extend_from_slice(&u32::try_from(table.len()).unwrap_or(0).to_le_bytes());
    let blocks = table.chunks(100_000).count();
    for (number, block) in table.chunks(100_000).enumerate() {
        let header = u32::try_from(block.len()).unwrap_or(0) << 3 | u32::from(number + 1 == blocks);
        frame.extend_from_slice(&header.to_le_bytes()[..3]);
        frame.extend_from_slice(block);
    }
    let place = format!("{}:{}:{}:1", front.len(), frame.len(), table.len());
    let blob = [front, &frame].concat();
    listed(Peek::new(&promised(blob.len(), &[(CHUNKED, &sha(&frame)), (CHUNKED_PLACE, &place)])), &blob);
}

fn listed(peek: Option<Peek>, blob: &[u8]) {
    let Some(mut peek) = peek else { return };
    let part = |(from, to): (u64, u64)| blob.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?);
    let mut asked = 0;
    while let Some(bytes) = peek.wants().map(|wanted| part(wanted).expect("more is wanted than there is")) {
        asked += 1;
        assert!(asked <= 3, "a table of contents takes {asked} parts");
        if peek.give(bytes).is_err() {
            return;
        }
    }
    let index = peek.index();
    for at in 0..u32::try_from(index.len()).unwrap_or(u32::MAX).min(50) {
        let Ok(wanted) = peek.part(at) else { continue };
        let bytes = part(wanted).expect("a file has more than there is");
        let Ok(content) = peek.content(at, bytes) else { continue };
        assert_eq!(Some(content.len() as u64), index.get(at as usize).map(|entry| entry.size));
    }
}

/// A gzip member whose blocks are not compressed; its sum is wrong, since no file of a table is read beyond its end.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut found = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    for block in bytes.chunks(60_000) {
        let length = u16::try_from(block.len()).unwrap_or_default();
        found.push(0);
        found.extend_from_slice(&length.to_le_bytes());
        found.extend_from_slice(&(!length).to_le_bytes());
        found.extend_from_slice(block);
    }
    found.extend_from_slice(&[1, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
    found
}

/// The first entry of a path is the same whole and in pieces, and is the first that the whole layer lists.
fn first(blob: &[u8], piece: usize) {
    let caps = Caps { unpacked_bytes: Some(1 << 20), entries: Some(200), window_bytes: Some(1 << 20), ratio: None };
    let spec = Spec { limits: caps, ..Spec::default() };
    let mut reader = LayerReader::new(spec.clone());
    reader.push(blob);
    let Some(path) = reader.index().iter().last().map(|entry| String::from_utf8_lossy(entry.path).into_owned()) else { return };
    let read = |piece: usize| {
        let mut extractor = Extractor::first(spec.clone(), &path, 100);
        for piece in blob.chunks(piece) {
            if extractor.is_settled() {
                break;
            }
            extractor.push(piece);
        }
        assert!(extractor.content().len() <= 100);
        (extractor.content().to_vec(), extractor.facts())
    };
    let whole = read(blob.len().max(1));
    assert_eq!(read(piece), whole, "in pieces of {piece}");
    if let Some(entry) = whole.1.at.and_then(|at| reader.index().get(at as usize)) {
        assert!(entry.path.len().abs_diff(path.len()) < 3, "another path");
    }
}

/// Artifacts: the first byte says of which kind. The shown facts stay within their limits, a head asks for more only if
/// it is cut off, and no provenance fits a chart whose digest it does not have.
///
/// # Panics
/// If it is not so.
pub fn artifact(bytes: &[u8]) {
    use stowplan::artifact;
    use stowplan::limits::{ARTIFACT_ROWS, ARTIFACT_TEXT};
    let [kind, file @ ..] = bytes else { return };
    let opened = match kind % 5 {
        0 => artifact::chart(file),
        1 => artifact::wasm(file),
        2 => artifact::gguf(file),
        3 => artifact::safetensors(file, (kind / 5 % 2 == 0).then_some(file.len() as u64)),
        _ => return provenance(file),
    };
    let Ok(opened) = opened else { return };
    assert!(opened.wants.is_none_or(|wants| wants > file.len() as u64), "{:?} of {}", opened.wants, file.len());
    assert!(opened.facts.iter().all(|fact| !fact.value.is_empty() && fact.value.chars().count() <= ARTIFACT_TEXT));
    let ports = [&opened.imports, &opened.exports].map(|ports| ports.as_ref().map_or(0, Vec::len));
    assert!(opened.dependencies.len().max(ports[0]).max(ports[1]) <= ARTIFACT_ROWS);
}

fn provenance(file: &[u8]) {
    let digest = format!("sha256:{}", "1".repeat(64));
    let checks = stowplan::artifact::provenance(file, &digest, "web-1.2.3.tgz");
    assert!(checks.len() == 2 && checks[1].outcome == Outcome::NotChecked);
    let has = |text: &str| file.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(checks[0].outcome != Outcome::Pass || has("web-1.2.3.tgz"));
}

/// The headers of a program, and what it says of its packages: within their limits, whatever they say.
///
/// # Panics
/// If they are not.
pub fn elf(bytes: &[u8]) {
    use stowplan::limits::{ELF_NEEDED, ELF_TEXT};
    if let Some(elf) = Elf::of(bytes) {
        assert!(elf.needed.len() <= ELF_NEEDED && matches!(elf.bits, 32 | 64));
        let texts = elf.needed.iter().chain(&elf.interpreter).chain(&elf.soname).chain(&elf.runpath);
        // Bytes that are no UTF-8 are shown as a character of three.
        assert!(texts.into_iter().all(|text| text.len() <= 3 * ELF_TEXT));
    }
    let tar = [member(b"bin/app", bytes), vec![0; 1024]].concat();
    let mut picker = Picker::new(Spec::default(), [], [0], 1 << 20);
    picker.push(&tar);
    let told = picker.next_content().map(|(_, told)| told).unwrap_or_default();
    let mut entry = Entry::new(EntryKind::File, "bin/app");
    (entry.mode, entry.size) = (0o755, stowplan::limits::PACKAGE_PROGRAM_LEAST);
    brought(entry, told);
}

/// Databases of packages, each by its path: the first byte says which.
///
/// # Panics
/// If more is listed than may be.
pub fn packages(bytes: &[u8]) {
    let [which, content @ ..] = bytes else { return };
    let paths = [
        "var/lib/dpkg/status",
        "var/lib/dpkg/status.d/a",
        "lib/apk/db/installed",
        "var/lib/rpm/rpmdb.sqlite",
        "usr/lib/python3/site-packages/a.dist-info/METADATA",
        "app/node_modules/a/package.json",
        "usr/share/doc/a/copyright",
        "etc/os-release",
    ];
    let mut entry = Entry::new(EntryKind::File, paths[usize::from(*which) % paths.len()]);
    entry.size = content.len() as u64;
    brought(entry, content.to_vec());
}

/// The packages of an image with this one file.
fn brought(entry: Entry, content: Vec<u8>) {
    let mut index = FileIndex::new();
    let _full = index.push(&entry);
    let mut packages = Packages::new();
    packages.add(0, index);
    let Ok(wanted) = packages.wanted().map(<[_]>::len) else { return };
    if wanted > 0 {
        packages.take(0, content);
    }
    let list = packages.list();
    assert!(list.packages.len() <= stowplan::limits::STATEMENT_PACKAGES && list.problems.len() <= 2);
    assert!(list.packages.iter().all(|one| !one.name.is_empty() && one.purl.starts_with("pkg:")));
    let json = stowplan::layer::packages::cyclonedx("a", "sha256:00", &[], &list.packages);
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
}

/// A file of a tar: its header and its content.
fn member(name: &[u8], content: &[u8]) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..name.len()].copy_from_slice(name);
    header[100..108].copy_from_slice(b"0000644\0");
    header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    header[148..156].fill(b' ');
    header[156] = b'0';
    header[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header.extend_from_slice(content);
    header.resize(header.len().next_multiple_of(512), 0);
    header
}

/// Files are asked for by patterns: the first line is the pattern, the others are names of two layers.
///
/// # Panics
/// If more is found than there is, or a name that does not hold the text.
pub fn files(bytes: &[u8]) {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let pattern = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let mut layers = [FileIndex::new(), FileIndex::new()];
    for (at, name) in lines.enumerate() {
        let kind = if name.ends_with(b"/") { EntryKind::Directory } else { EntryKind::File };
        if layers[at % 2].push(&Entry::new(kind, name)).is_err() {
            break;
        }
    }
    let mut files = Files::new();
    for (position, index) in (0..).zip(layers) {
        files.add(position, index);
    }
    for how in [Matching::Substring, Matching::Glob] {
        for view in [View::Image, View::Layer, View::All] {
            let path = Some(PathFilter { how, text: pattern.clone(), match_case: true });
            let Ok(found) = files.query(&Query { view, layer: Some(1), path, ..Query::default() }) else { return };
            assert!(found.matched <= found.entries);
        }
    }
}

/// An index is refused, or its entries make an image.
///
/// # Panics
/// If the image has more paths than the index can name.
pub fn index(bytes: &[u8]) {
    let Ok(index) = FileIndex::from_bytes(bytes) else { return };
    assert_eq!(index.iter().count(), index.len());
    assert_eq!(FileIndex::from_bytes(&index.to_bytes()).as_ref().map(FileIndex::len).ok(), Some(index.len()));
    let mut files = Files::new();
    files.add(0, index.clone());
    files.add(1, index);
    for view in [View::Image, View::Layer, View::All] {
        let Ok(found) = files.query(&Query { view, layer: Some(1), ..Query::default() }) else { return };
        assert!(found.matched <= found.entries);
        let open = files.open_all(true);
        assert!(files.rows(0, 50).len() <= open.total as usize);
    }
    let _any = (files.findings(), files.sizes(), files.treemap("", false), files.treemap("", true));
}

/// A tar gives the same list by its headers and whole, and everything in it is opened or refused.
///
/// # Panics
/// If it is not.
pub fn archive(bytes: &[u8]) {
    let [piece, tar @ ..] = bytes else { return };
    let piece = usize::from(*piece).max(1) * 16;
    let mut seeker = Seeker::new(tar.len() as u64, Some(200));
    let mut at = 0;
    while let Some(rest) = tar.get(at..).filter(|rest| !rest.is_empty()) {
        let next = usize::try_from(seeker.push(&rest[..piece.min(rest.len())])).unwrap_or(usize::MAX);
        assert!(next > at, "the list stands still at {at}");
        at = next;
    }
    let listed = seeker.finish();
    let caps = Caps { unpacked_bytes: Some(1 << 20), entries: Some(200), window_bytes: Some(1 << 20), ratio: None };
    let spec = Spec { limits: caps, ..Spec::default() };
    // As if the tar had been compressed: its entries are hashed as they go by.
    let mut prover = Opener::new(spec.clone(), true);
    for piece in tar.chunks(piece) {
        prover.push_tar(piece);
        while let Some(Proof { halves: (unpacked, tar_facts), .. }) = prover.take() {
            assert!(verdict(&Spec::default(), &unpacked, &tar_facts).read);
        }
    }
    let mut opener = Opener::new(spec, true);
    tar.chunks(piece).for_each(|piece| opener.push(piece));
    let whole = opener.finish().map(|verdict| verdict.compression);
    if listed.end.is_ok() && whole.as_deref() == Some("none") {
        assert_eq!(listed.index.to_bytes(), opener.index().to_bytes());
    }
    let file = ArchiveFile { size: tar.len() as u64, digest: None };
    let options = OpenOptions::default();
    let opened = pollster::block_on(open(&listed.index, Some(&file), &Memory(tar), &options, &|_| {}));
    if let Ok(Some(opened)) = opened {
        assert_eq!(opened.report.roots, ["0"]);
        assert!(opened.places.iter().all(|place| place.entry < listed.index.len()));
    }
}

/// An archive in memory.
struct Memory<'a>(&'a [u8]);

impl Contents for Memory<'_> {
    async fn read(&self, _entry: usize, data_at: u64, from: u64, length: u64) -> Result<Vec<u8>, Error> {
        let at = usize::try_from(data_at.saturating_add(from)).unwrap_or(usize::MAX).min(self.0.len());
        let rest = &self.0[at..];
        Ok(rest[..rest.len().min(usize::try_from(length).unwrap_or(usize::MAX))].to_vec())
    }
}

fn read(spec: &Spec, blob: &[u8], piece: usize) -> Option<LayerVerdict> {
    let mut reader = LayerReader::new(spec.clone());
    blob.chunks(piece).for_each(|piece| reader.push(piece));
    reader.finish()
}

fn halves(spec: &Spec, blob: &[u8], piece: usize, room: usize) -> Option<LayerVerdict> {
    let (mut unpacker, mut hasher) = (Unpacker::new(spec), TarHasher::new(spec));
    let mut buffer = vec![0; room];
    for piece in blob.chunks(piece) {
        unpacker.push(piece);
        loop {
            let made = unpacker.take(&mut buffer);
            let Some(tar) = buffer.get(..made).filter(|tar| !tar.is_empty()) else { break };
            hasher.push(tar);
        }
    }
    Some(verdict(spec, &unpacker.finish(), &hasher.finish()))
}

/// A verdict as it crosses the boundary. For a layer that a cap stopped, the unpacked length depends on the pieces.
fn text(found: &Option<LayerVerdict>) -> String {
    let value = serde_json::to_value(found).unwrap_or_default();
    let stopped = value["checks"].as_array().is_some_and(|checks| checks.iter().any(|check| check["id"] == "limits"));
    if stopped {
        return String::from("stopped");
    }
    value.to_string()
}

/// Statements and lists of packages: a sentence without hidden characters, tables within their limits, and no subject that
/// fits an image which it does not name.
///
/// # Panics
/// If it is not so.
pub fn statement(bytes: &[u8]) {
    use stowplan::statement::{About, Fit, read};
    let image = format!("sha256:{}", "1a".repeat(32));
    let about = About { image: vec![image.clone()], ..About::default() };
    let Ok(statement) = read(bytes, &about, None) else { return };
    assert!(!statement.sentence.is_empty() && !statement.sentence.chars().any(stowplan::is_hidden));
    if let Some(packages) = &statement.packages {
        assert!(packages.rows.len() <= stowplan::limits::STATEMENT_PACKAGES && packages.rows.len() <= packages.total);
    }
    let fits = |fit: Fit| statement.subjects.iter().filter(move |subject| subject.fits == fit);
    assert!(fits(Fit::Image).all(|subject| subject.digests.iter().any(|one| one.eq_ignore_ascii_case(&image))));
    let _any = serde_json::to_string(&statement);
}

/// The proxy's policy: an address stays at the host that was decided about, which is public unless it was named, and
/// `Authorization` at the host that it was meant for. Lines: the target, a redirect's `Location`, then headers.
///
/// # Panics
/// If it does not.
pub fn policy(bytes: &[u8]) {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let target = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let location = HeaderValue::from_bytes(lines.next().unwrap_or_default());
    let pair = |line: &[u8]| {
        let at = line.iter().position(|byte| *byte == b':')?;
        Some((HeaderName::from_bytes(line.get(..at)?).ok()?, HeaderValue::from_bytes(line.get(at + 1..)?).ok()?))
    };
    let mut headers: HeaderMap = lines.filter_map(pair).collect();
    let Ok(policy) = Policy::new(&["r.lan"], &["127.0.0.1:5000"], bytes.len().is_multiple_of(2)) else { return };
    let Ok(Decision::Forward(first)) = policy.request(&Method::GET, &target, &headers) else { return };
    stays(&first);
    let _any = (first.answer(StatusCode::OK, &headers), first.addressed());
    if let Ok(location) = location {
        headers.insert("location", location);
    }
    if let Ok(Some(next)) = policy.redirect(&first, StatusCode::FOUND, &headers) {
        stays(&next);
        assert!(next.target.host == first.target.host || !next.headers().contains_key("authorization"));
    }
}

fn stays(upstream: &Upstream) {
    let Ok(uri) = upstream.uri() else { return };
    assert_eq!(uri.authority().map(|authority| authority.as_str()), Some(upstream.target.to_string().as_str()));
    assert_eq!(uri.path_and_query().map(|whole| whole.as_str()), Some(upstream.path_and_query.as_str()));
    let inner = matches!(upstream.target.host, Host::Address(address) if !is_public(address));
    assert!(upstream.reach == Reach::Named || (upstream.scheme == Scheme::Https && !inner));
}
