//! Lint of an image's layers: who holds them, whether they hold anything, and their DiffIDs.

use crate::checks::findings::{At, Findings, shorten};
use crate::checks::lint::Subject;
use crate::checks::{Check, CheckId};
use crate::descriptor::Descriptor;
use crate::document::{Config, Manifest};
use crate::json::{Json, Places};
use crate::limits;
use crate::media_type::{BlobKind, Compression, MediaType};
use crate::say::say;

/// The layers with their media types.
fn layers<'a>(subject: &Subject<'a>) -> impl Iterator<Item = (usize, &'a Json, MediaType)> {
    let layers = subject.root.get("layers").and_then(Json::as_array).unwrap_or_default();
    let typed = |(index, layer): (usize, &'a Json)| (index, layer, MediaType::new(text(layer, "mediaType")));
    layers.iter().enumerate().map(typed)
}

fn text<'a>(json: &'a Json, name: &str) -> &'a str {
    json.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// A layer that the registry need not hold, or that names another place for its bytes.
pub(super) fn held_elsewhere(subject: &Subject<'_>, findings: &mut Findings) {
    let at = At::ROOT.name("layers");
    for (index, layer, media_type) in layers(subject) {
        let url = layer.get("urls").and_then(Json::as_array).and_then(|urls| urls.first()).and_then(Json::as_str);
        let at = at.index(index);
        if let Some(url) = url {
            let message = say!(
                "layer-held-elsewhere",
                "the layer is to be fetched from another host than the registry: a pull fails if that host is gone or not \
                 reachable"
            );
            findings.shows(&at.name("urls"), shorten(url), message);
        } else if media_type.is_nondistributable() {
            let message = say!(
                "layer-need-not-be-held",
                "the layer is of a type that registries need not hold, and urls names no other place: a pull fails if the \
                 registry does not have it"
            );
            findings.warn(&at.name("mediaType"), message);
        }
    }
}

/// Blobs of at most this size that stand twice are the empty layers of `WORKDIR` and the like.
const EMPTY_LAYER_BYTES: i64 = 1024;

/// One blob as two layers, and one digest with two sizes.
pub(super) fn repeated(subject: &Subject<'_>, findings: &mut Findings) {
    let at = At::ROOT.name("layers");
    let all = subject.root.get("layers").and_then(Json::as_array).unwrap_or_default();
    let size_of = |layer: &Json| layer.get("size").and_then(Json::as_i64);
    let mut seen = Places::default();
    for (index, layer, media_type) in layers(subject) {
        let size = size_of(layer);
        let digest = text(layer, "digest");
        let Some(&first) = seen.get(digest).filter(|_| !digest.is_empty()) else {
            seen.insert(digest, index);
            continue;
        };
        if size != size_of(&all[first]) {
            let message = say!(
                "layer-other-size",
                "has the digest of layers[{first}] and another size, so one of the two is wrong",
                first
            );
            findings.warn(&at.index(index).name("size"), message);
        } else if is_tar(&media_type) && size.is_some_and(|size| size > EMPTY_LAYER_BYTES) {
            let message = say!(
                "layer-twice",
                "is the same blob as layers[{first}]: it is unpacked a second time, mostly a copy step that stands twice",
                first
            );
            findings.warn(&at.index(index).name("digest"), message);
        }
    }
}

/// A layer of no bytes.
pub(super) fn without_bytes(subject: &Subject<'_>, findings: &mut Findings) {
    let at = At::ROOT.name("layers");
    for (index, layer, media_type) in layers(subject) {
        if is_tar(&media_type) && layer.get("size").and_then(Json::as_i64) == Some(0) {
            let message = say!(
                "layer-without-bytes",
                "the layer has no bytes, and even an empty tar has 1024 before compression: Docker and containerd take it \
                 for an empty layer, stricter programs fail"
            );
            findings.warn(&at.index(index).name("size"), message);
        }
    }
}

/// Docker's types in an OCI manifest. The reverse is a finding of the schema.
pub(super) fn mixed_types(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.docker {
        return;
    }
    let at = At::ROOT.name("layers");
    for (index, _, media_type) in layers(subject) {
        if media_type.is_docker_layer() {
            let message = say!(
                "docker-layer-in-oci",
                "a layer of Docker's type in an OCI manifest: programs that convert between the two forms may refuse the mix"
            );
            findings.shows(&at.index(index).name("mediaType"), shorten(media_type.as_str()), message);
        }
    }
}

/// A config that containerd and BuildKit do not read.
pub(super) fn config_size(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(size) = subject.root.get("config").and_then(|config| config.get("size")).and_then(Json::as_i64) else {
        return;
    };
    if usize::try_from(size).is_ok_and(|size| size > limits::CONFIG_BYTES) {
        let at = At::ROOT.name("config");
        let message = say!(
            "config-too-large",
            "the config has more than {most} bytes: containerd refuses it",
            most = limits::CONFIG_BYTES
        );
        findings.shows(&at.name("size"), size.to_string(), message);
    }
}

/// A DiffID of an algorithm that engines do not compute.
pub(super) fn other_algorithms(subject: &Subject<'_>, findings: &mut Findings) {
    let rootfs = At::ROOT.name("rootfs");
    let at = rootfs.name("diff_ids");
    let diff_ids = subject.root.get("rootfs").and_then(|rootfs| rootfs.get("diff_ids")?.as_array());
    for (index, diff_id) in diff_ids.unwrap_or_default().iter().enumerate() {
        let Some((name, _)) = diff_id.as_str().and_then(|text| text.split_once(':')) else { continue };
        if name != "sha256" {
            let message = say!(
                "diff-id-not-sha256",
                "is a digest by {algorithm}: engines compute the sha256 of the tar, so containerd and Docker refuse the layer",
                algorithm = shorten(name)
            );
            findings.warn(&at.index(index), message);
        }
    }
}

/// Contradictions between a config's DiffIDs and the layers of its manifest, before any layer is read.
///
/// A DiffID is the digest of the uncompressed tar: never that of a compressed blob, always that of a plain one, and
/// the same for the same blob. Nothing is told if the counts differ: then no layer has a DiffID.
#[must_use]
pub fn diff_ids(manifest: &Manifest, config: &Config) -> Vec<Check> {
    let mut findings = Findings::new(CheckId::DiffIdSmell);
    if manifest.layers.len() == config.diff_ids.len() {
        let pairs: Vec<(&Descriptor, &str)> =
            manifest.layers.iter().zip(config.diff_ids.iter().map(String::as_str)).collect();
        pairs.iter().enumerate().for_each(|(index, pair)| against_blob(&mut findings, index, *pair));
        against_each_other(&mut findings, &pairs);
    }
    findings.found()
}

fn against_blob(findings: &mut Findings, index: usize, (layer, diff_id): (&Descriptor, &str)) {
    let (rootfs, same) = (At::ROOT.name("rootfs"), layer.digest_text == diff_id);
    let (at, blob) = (rootfs.name("diff_ids"), layer.digest_text.as_str());
    let comparable = algorithm(blob) == algorithm(diff_id);
    let message = match layer.media_type.layer() {
        Some(Compression::Gzip | Compression::Zstd | Compression::Xz) if same => {
            say!(
                "diff-id-of-compressed",
                "is the digest of the compressed layer, and has to be that of the tar in it: containerd and Docker refuse \
                 the layer after unpacking it"
            )
        }
        Some(Compression::None) if !same && comparable => {
            say!(
                "diff-id-of-plain-tar",
                "is not the digest of the layer, which is a plain tar by its type: either the type or the DiffID is wrong"
            )
        }
        _ => return,
    };
    findings.shows(&at.index(index), shorten(diff_id), message);
}

fn against_each_other(findings: &mut Findings, pairs: &[(&Descriptor, &str)]) {
    let (mut by_diff_id, mut by_blob) = (Places::default(), Places::default());
    let rootfs = At::ROOT.name("rootfs");
    let at = rootfs.name("diff_ids");
    for (index, (layer, diff_id)) in pairs.iter().enumerate() {
        let blob = layer.digest_text.as_str();
        let (twin, first) = (*by_diff_id.entry(*diff_id).or_insert(index), *by_blob.entry(blob).or_insert(index));
        if pairs[twin].0.digest_text != blob {
            let message = say!(
                "diff-id-twice",
                "is that of layers[{twin}] too, and the two are different blobs: the same tar compressed twice, or a \
                 DiffID that is wrong",
                twin
            );
            findings.shows(&at.index(index), shorten(diff_id), message);
        } else if pairs[first].1 != *diff_id {
            let message = say!(
                "diff-ids-of-one-blob",
                "is not that of layers[{first}], and the two are one blob: one of them is wrong",
                first
            );
            findings.shows(&at.index(index), shorten(diff_id), message);
        }
    }
}

fn algorithm(digest: &str) -> &str {
    digest.split(':').next().unwrap_or_default()
}

/// True for what engines unpack; of other content nothing is expected that holds for tars.
fn is_tar(media_type: &MediaType) -> bool {
    BlobKind::of(media_type, None).is_tar()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Outcome;
    use crate::checks::lint::tests::lint;
    use crate::json;
    use crate::media_type::DocumentKind;

    const GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
    const TAR: &str = "application/vnd.oci.image.layer.v1.tar";

    fn of(layers: &str) -> Vec<String> {
        lint(DocumentKind::Manifest, &format!(r#"{{"layers":[{layers}]}}"#))
    }

    fn layer(media_type: &str, digest: &str, size: i64) -> String {
        format!(r#"{{"mediaType":"{media_type}","digest":"sha256:{digest}","size":{size}}}"#)
    }

    #[test]
    fn layers_that_the_registry_does_not_hold() {
        let foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
        let elsewhere = "the layer is to be fetched from another host than the registry: a pull fails if that host \
                         is gone or not reachable";
        let said = of(&format!(r#"{{"mediaType":"{GZIP}","urls":["https://example.com/a"]}}"#));
        assert_eq!(said, [format!("$.layers[0].urls: {elsewhere} [https://example.com/a]")]);
        let nowhere = "the layer is of a type that registries need not hold, and urls names no other place: a pull \
                       fails if the registry does not have it";
        assert_eq!(of(&layer(foreign, "a", 5))[0], format!("$.layers[0].mediaType: {nowhere}"));
    }

    #[test]
    fn one_blob_as_two_layers() {
        let twice = |size: i64, other: i64| {
            of(&[layer(GZIP, "a", size), layer(GZIP, "b", 9), layer(GZIP, "a", other)].join(","))
        };
        let message = "$.layers[2].digest: is the same blob as layers[0]: it is unpacked a second time, mostly a copy \
                       step that stands twice";
        assert_eq!(twice(5000, 5000), [message]);
        assert_eq!(twice(32, 32), Vec::<String>::new());
        let message = "$.layers[2].size: has the digest of layers[0] and another size, so one of the two is wrong";
        assert_eq!(twice(32, 33), [message]);
        let files = of(&[layer("text/plain", "a", 5000), layer("text/plain", "a", 5000)].join(","));
        assert_eq!(files, Vec::<String>::new());
    }

    #[test]
    fn a_layer_of_no_bytes() {
        let message = "$.layers[0].size: the layer has no bytes, and even an empty tar has 1024 before compression: \
                       Docker and containerd take it for an empty layer, stricter programs fail";
        assert_eq!(of(&layer(GZIP, "a", 0)), [message]);
        assert_eq!(of(&layer("text/plain", "a", 0)), Vec::<String>::new());
    }

    #[test]
    fn dockers_layers_in_an_oci_manifest() {
        let docker = "application/vnd.docker.image.rootfs.diff.tar.gzip";
        let message = "a layer of Docker's type in an OCI manifest: programs that convert between the two forms may \
                       refuse the mix";
        assert_eq!(of(&layer(docker, "a", 5)), [format!("$.layers[0].mediaType: {message} [{docker}]")]);
        let root = json::parse(format!(r#"{{"layers":[{}]}}"#, layer(docker, "a", 5)).as_bytes()).unwrap().root;
        assert!(super::super::checks(root.as_object().unwrap(), DocumentKind::Manifest, true, None).is_empty());
    }

    #[test]
    fn a_config_that_containerd_refuses() {
        let config = |size: usize| lint(DocumentKind::Manifest, &format!(r#"{{"config":{{"size":{size}}}}}"#));
        let message = "$.config.size: the config has more than 8388608 bytes: containerd refuses it [8388609]";
        assert_eq!(config(limits::CONFIG_BYTES + 1), [message]);
        assert_eq!(config(limits::CONFIG_BYTES), Vec::<String>::new());
    }

    /// The DiffID lint of layers (media type, digest) and their DiffIDs.
    #[track_caller]
    fn smells(layers: &[(&str, &str)], diff_ids: &[&str], expected: &[&str]) {
        let read = |(index, (media_type, digest)): (usize, &(&str, &str))| {
            let parsed = json::parse(layer(media_type, digest, 5).as_bytes()).unwrap();
            Descriptor::read(&parsed.root, format!("$.layers[{index}]"))
        };
        let manifest = Manifest { layers: layers.iter().enumerate().map(read).collect(), ..Manifest::default() };
        let digest = |text: &&str| if text.contains(':') { (*text).to_owned() } else { format!("sha256:{text}") };
        let config = Config { diff_ids: diff_ids.iter().map(digest).collect(), ..Config::default() };
        let checks = super::diff_ids(&manifest, &config);
        assert!(checks.iter().all(|check| check.outcome == Outcome::Warn && check.id == CheckId::DiffIdSmell));
        let said: Vec<String> =
            checks.into_iter().map(|check| format!("{}: {}", check.path.unwrap(), check.message)).collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn diff_ids_that_cannot_be_right() {
        let compressed = "$.rootfs.diff_ids[0]: is the digest of the compressed layer, and has to be that of the tar \
                          in it: containerd and Docker refuse the layer after unpacking it";
        smells(&[(GZIP, "a")], &["a"], &[compressed]);
        let plain = "$.rootfs.diff_ids[0]: is not the digest of the layer, which is a plain tar by its type: either \
                     the type or the DiffID is wrong";
        smells(&[(TAR, "a")], &["b"], &[plain]);
        smells(&[(TAR, "a"), (GZIP, "b")], &["a", "c"], &[]);
        smells(&[("application/vnd.oci.image.layer.v1.tar+encrypted", "a")], &["b"], &[]);
        smells(&[(GZIP, "a")], &["a", "b"], &[]);
        smells(&[(TAR, "a")], &["sha512:b"], &[]);
    }

    #[test]
    fn diff_ids_that_stand_twice() {
        smells(&[(GZIP, "a"), (GZIP, "a")], &["1", "1"], &[]);
        let twin = "$.rootfs.diff_ids[1]: is that of layers[0] too, and the two are different blobs: the same tar \
                    compressed twice, or a DiffID that is wrong";
        smells(&[(GZIP, "a"), (GZIP, "b")], &["1", "1"], &[twin]);
        let blob = "$.rootfs.diff_ids[1]: is not that of layers[0], and the two are one blob: one of them is wrong";
        smells(&[(GZIP, "a"), (GZIP, "a")], &["1", "2"], &[blob]);
    }
}
