//! Off the line, under the tests: archives opened natively, and what is said of them.

#![allow(dead_code, reason = "each test uses a part")]

use stowplan::archive::{ArchiveFile, Contents, Opened, Seeker, open};
use stowplan::image::OpenOptions;
use stowplan::{Error, Outcome};

use crate::tars::{Tar, config, digest, hex, manifest_json};

/// The bytes of an archive, or the files of a folder.
pub enum Bytes {
    Tar(Vec<u8>),
    Folder(Vec<Vec<u8>>),
}

impl Contents for Bytes {
    async fn read(&self, entry: usize, data_at: u64, from: u64, length: u64) -> Result<Vec<u8>, Error> {
        let (bytes, at) = match self {
            Self::Tar(bytes) => (bytes, data_at + from),
            Self::Folder(files) => (&files[entry], from),
        };
        let at = usize::try_from(at).unwrap().min(bytes.len());
        let end = (at + usize::try_from(length).unwrap()).min(bytes.len());
        Ok(bytes[at..end].to_vec())
    }
}

pub fn list(bytes: &[u8]) -> stowplan::archive::Listed {
    let mut seeker = Seeker::new(bytes.len() as u64, None);
    let mut at = 0;
    while at < bytes.len() {
        let next = usize::try_from(seeker.push(&bytes[at..(at + 4096).min(bytes.len())])).unwrap();
        assert!(next > at, "the seeker stands still at byte {at}");
        at = next;
    }
    seeker.finish()
}

pub fn open_tar(bytes: Vec<u8>) -> Option<Opened> {
    let listed = list(&bytes);
    let file = ArchiveFile { size: bytes.len() as u64, digest: None };
    pollster::block_on(open(&listed.index, Some(&file), &Bytes::Tar(bytes), &OpenOptions::default(), &|_| {})).unwrap()
}

/// The checks of that outcome, `id message`.
pub fn found(opened: &Opened, outcome: Outcome) -> Vec<String> {
    let checks = opened.report.nodes.iter().flat_map(|node| &node.checks);
    checks
        .filter(|check| check.outcome == outcome)
        .map(|check| format!("{} {}", serde_json::to_value(check.id).unwrap().as_str().unwrap(), check.message))
        .collect()
}

#[track_caller]
pub fn says(opened: &Opened, outcome: Outcome, beginning: &str) {
    let found = found(opened, outcome);
    assert!(found.iter().any(|message| message.starts_with(beginning)), "{beginning:?} is not among {found:#?}");
}

#[track_caller]
pub fn is_clean(opened: &Opened) {
    assert_eq!(found(opened, Outcome::Fail), Vec::<String>::new());
}

/// A small layer.
pub fn layer() -> Vec<u8> {
    Tar::new().file("etc/hostname", "stow\n").end()
}

/// `docker save` of one image, with names as Docker gives them.
pub fn saved() -> Tar {
    let config = config(&[&layer()]);
    let name = format!("{}.json", hex(&config));
    Tar::new()
        .file(&name, &config)
        .file("top/layer.tar", layer())
        .file("manifest.json", manifest_json(&name, r#"["a:1"]"#, &["top/layer.tar"]))
}

/// An OCI layout with one image; `change` may rewrite its documents, whose digests are then computed.
pub fn layout(prefix: &str) -> Tar {
    let config = config(&[&layer()]);
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{}","size":{}}},"layers":[{{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{}","size":{}}}]}}"#,
        digest(&config),
        config.len(),
        digest(layer()),
        layer().len()
    );
    let blob = |bytes: &[u8]| format!("{prefix}blobs/sha256/{}", hex(bytes));
    Tar::new()
        .file(&format!("{prefix}oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)
        .file(&format!("{prefix}index.json"), index(&manifest, manifest.len()))
        .file(&blob(config.as_bytes()), &config)
        .file(&blob(manifest.as_bytes()), &manifest)
        .file(&blob(&layer()), layer())
}

pub fn index(manifest: &str, size: usize) -> String {
    format!(
        r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{}","size":{size}}}]}}"#,
        digest(manifest)
    )
}
