//! Layers that did not come as they lie in the registry: unpacked on their way, without an end, or not at all.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod blobs;

use blobs::{claims, ended, entry, gzip, halves, read, sha};
use stowplan::layer::{Caps, LayerReader, LayerVerdict, Spec, TarHasher, Unpacker, unreadable, verdict};
use stowplan::{CheckId, Outcome};

const GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

fn tar() -> Vec<u8> {
    ended(&[entry("etc/", b'5', b""), entry("etc/hostname", b'0', b"box\n")])
}

fn spec() -> Spec {
    Spec { media_type: Some(GZIP.to_owned()), ..claims(&gzip(&tar()), &tar()) }
}

/// The verdict of both ways of reading these bytes, which were encoded so on their way.
fn decoded(spec: &Spec, bytes: &[u8], encoding: &str) -> LayerVerdict {
    let mut reader = LayerReader::new(spec.clone());
    reader.decoded(encoding);
    bytes.chunks(100).for_each(|piece| reader.push(piece));
    let found = reader.finish().unwrap();
    let (mut unpacker, mut hasher) = (Unpacker::new(spec), TarHasher::new(spec));
    unpacker.decoded(encoding);
    unpacker.push(bytes);
    let mut buffer = vec![0; 1 << 16];
    let made = unpacker.take(&mut buffer);
    hasher.push(&buffer[..made]);
    assert_eq!(found, verdict(spec, &unpacker.finish(), &hasher.finish()));
    found
}

fn told(found: &LayerVerdict) -> Vec<(CheckId, Outcome, &str)> {
    found.checks.iter().map(|check| (check.id, check.outcome, check.message.as_str())).collect()
}

#[test]
fn a_blob_that_was_unpacked_on_its_way_is_known_by_its_diff_id() {
    let found = decoded(&spec(), &tar(), "gzip");
    let unseen = "the layer was unpacked on its way (Content-Encoding: gzip): what came is its tar, proved by the DiffID; the blob itself was not seen";
    let expected = [
        (CheckId::Digest, Outcome::NotChecked, unseen),
        (CheckId::Size, Outcome::NotChecked, unseen),
        (CheckId::DiffId, Outcome::Pass, "the digest of the unpacked tar is the DiffID given by the config"),
        (CheckId::Tar, Outcome::Pass, "the layer is a well-formed tar: 2 entries in 2560 bytes"),
    ];
    assert_eq!(told(&found), expected);
    assert_eq!([found.checks[0].reason, found.checks[1].reason], ["tar-of-the-layer"; 2]);
    let (expected, actual) = (found.checks[0].expected.clone(), found.checks[0].actual.clone());
    assert_eq!((expected, actual), (Some(sha(&gzip(&tar()))), Some(sha(&tar()))), "both values");
    assert!(found.read);
}

#[test]
fn a_tar_in_the_place_of_its_blob_fails_and_is_named() {
    let found = read(&spec(), &tar(), 700);
    let size = gzip(&tar()).len();
    let expected = [
        (
            CheckId::Digest,
            Outcome::Fail,
            "the digest of the layer's bytes is not the one given by the descriptor; it is the DiffID: these are the bytes of the layer's tar, unpacked by the registry or on their way",
        ),
        (CheckId::Size, Outcome::Fail, &*format!("the descriptor says {size} bytes, there are 2560")),
        (CheckId::DiffId, Outcome::Pass, "the digest of the unpacked tar is the DiffID given by the config"),
        (CheckId::Tar, Outcome::Pass, "the layer is a well-formed tar: 2 entries in 2560 bytes"),
        (
            CheckId::MediaType,
            Outcome::Warn,
            "the media type says gzip, the bytes are not compressed: Docker and podman go by the bytes, other programs may not",
        ),
    ];
    assert_eq!(told(&found), expected);
}

#[test]
fn who_says_that_it_was_encoded_excuses_nothing_else() {
    let other = ended(&[entry("evil", b'0', b"x")]);
    for bytes in [other.clone(), gzip(&other), Vec::new()] {
        let found = decoded(&spec(), &bytes, "gzip");
        assert_eq!(found.checks[0].message, "the digest of the layer's bytes is not the one given by the descriptor");
        assert_eq!([found.checks[0].outcome, found.checks[1].outcome], [Outcome::Fail; 2]);
    }
    // A second encoding around the blob, which is taken off again, is not mentioned.
    assert!(decoded(&spec(), &gzip(&tar()), "gzip").checks.iter().all(|check| check.outcome == Outcome::Pass));
    let found = decoded(&spec(), &tar(), &format!("\u{202e}{}", "x".repeat(500)));
    assert!(found.checks[0].message.len() < 250, "{}", found.checks[0].message);
}

#[test]
fn a_blob_without_an_end_is_left_and_proves_nothing() {
    let limits = Caps { unpacked_bytes: Some(5000), ..Caps::default() };
    for bytes in [[gzip(&tar()), vec![0; 5000]].concat(), [0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0].repeat(700)] {
        let spec = Spec { limits: limits.clone(), ..spec() };
        let mut reader = LayerReader::new(spec.clone());
        let pieces = bytes.chunks(100).take_while(|piece| {
            reader.push(piece);
            !reader.is_unending()
        });
        assert_eq!(pieces.count(), 50, "it is left at the first piece that is too much");
        let found = reader.finish().unwrap();
        let why = "the layer has more than 5000 bytes: a cap that can be raised (unpackedBytes)";
        let unread = format!("the layer could not be read: {why}");
        let mut expected: Vec<_> = [CheckId::Digest, CheckId::Size, CheckId::DiffId, CheckId::Tar]
            .map(|id| (id, Outcome::NotChecked, &*unread))
            .to_vec();
        expected.push((CheckId::Limits, Outcome::NotChecked, why));
        assert_eq!(told(&found), expected);
        assert!(!found.read);
        assert_eq!(halves(&spec, &bytes, 100, 1000), found);
    }
    let exact = Spec { limits: Caps { unpacked_bytes: Some(2560), ..limits }, ..claims(&tar(), &tar()) };
    assert!(read(&exact, &tar(), 700).checks.iter().all(|check| check.outcome == Outcome::Pass));
}

#[test]
fn another_place_of_a_layer_that_the_registry_has_not_is_named() {
    let urls = vec!["https://example.com/layer".to_owned(), "https://example.org/".to_owned()];
    let found = unreadable(&Spec { urls, ..spec() }, "not found");
    let message = "the layer could not be read: not found; its descriptor names another place, https://example.com/layer, from which nothing is fetched here";
    assert!(
        told(&found).iter().all(|check| (check.1, check.2) == (Outcome::NotChecked, message)),
        "{:?}",
        told(&found)
    );
}
