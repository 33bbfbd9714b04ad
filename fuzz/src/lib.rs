//! Off the line, under the fuzz targets: what must hold for any bytes.

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use stowplan::archive::{ArchiveFile, Contents, Opener, Proof, Seeker, open};
use stowplan::image::OpenOptions;
use stowplan::layer::files::{Files, Query, View};
use stowplan::layer::{Caps, Extractor, FileIndex, LayerReader, LayerVerdict, Spec, Taster, Unpacker, verdict};
use stowplan::{Digest, Document, Error, Hints, Reference, Search, Verified};
use stowplan_policy::{Decision, Host, Policy, Reach, Scheme, Upstream, is_public};

/// A reference that is read is read the same from what it is written as.
///
/// # Panics
/// Where it is not.
pub fn reference(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _any = Digest::parse(text);
    let Ok(reference) = Reference::parse(text) else { return };
    let again = Reference::parse(&reference.canonical());
    assert_eq!(again.map(|again| again.canonical()).ok(), Some(reference.canonical()));
    let familiar = Reference::parse(&reference.familiar());
    assert_eq!(familiar.map(|again| again.familiar()).ok(), Some(reference.familiar()));
}

/// A document keeps its bytes and their digest, whatever they are; pastes are taken apart.
///
/// # Panics
/// Where it does not.
pub fn document(bytes: &[u8]) {
    let verified = Verified::compute(bytes);
    let digest = verified.digest().clone();
    let document = Document::parse(verified, &Hints::default());
    assert_eq!(&**document.verified().bytes(), bytes);
    assert_eq!(document.verified().digest(), &digest);
    let _any = stowplan::paste::read(bytes);
}

/// Challenges are read as far as they go.
pub fn challenge(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _any = stowplan::registry::challenges(text);
    }
}

/// What is claimed to be the original hashes to the digest that was asked for, which is that of the text before it was
/// changed: the first byte says how.
///
/// # Panics
/// Where it does not.
pub fn recover(bytes: &[u8]) {
    // The search is bounded, but long: short texts find as much.
    let [how, text @ ..] = bytes else { return };
    let text = text.get(..text.len().min(600)).unwrap_or_default();
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
/// Where it does not.
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

/// An index is refused, or its entries make an image.
///
/// # Panics
/// Where the image has more paths than the index can name.
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
    let _any = (files.findings(), files.sizes(), files.treemap(""));
}

/// A tar is listed the same by its headers and whole, and whatever it holds is opened or refused.
///
/// # Panics
/// Where it is not.
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
        prover.taste(piece);
        while let Some(Proof { halves: (unpacked, tasted), .. }) = prover.take() {
            assert!(verdict(&Spec::default(), &unpacked, &tasted).read);
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
    let (mut unpacker, mut taster) = (Unpacker::new(spec), Taster::new(spec));
    let mut buffer = vec![0; room];
    for piece in blob.chunks(piece) {
        unpacker.push(piece);
        loop {
            let made = unpacker.take(&mut buffer);
            let Some(tar) = buffer.get(..made).filter(|tar| !tar.is_empty()) else { break };
            taster.push(tar);
        }
    }
    Some(verdict(spec, &unpacker.finish(), &taster.finish()))
}

/// A verdict as it crosses the boundary. How far a layer that a cap stopped was unpacked depends on the pieces.
fn text(found: &Option<LayerVerdict>) -> String {
    let value = serde_json::to_value(found).unwrap_or_default();
    let stopped = value["checks"].as_array().is_some_and(|checks| checks.iter().any(|check| check["id"] == "limits"));
    if stopped {
        return String::from("stopped");
    }
    value.to_string()
}

/// The proxy's policy: an address stays at the host that was decided about, which is public unless it was named, and
/// `Authorization` at the host that it was meant for. Lines: the target, a redirect's `Location`, then headers.
///
/// # Panics
/// Where it does not.
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
