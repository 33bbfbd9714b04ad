//! Off the line, under the tests: tars and the documents of archives, made by hand.

#![allow(dead_code, reason = "each test uses a part")]

use sha2::{Digest as _, Sha256};

/// A tar that grows.
#[derive(Clone, Default)]
pub struct Tar(Vec<u8>);

impl Tar {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn file(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        self.header(name, b'0', "", bytes.len() as u64).content(bytes)
    }

    pub fn link(self, name: &str, flag: u8, target: &str) -> Self {
        self.header(name, flag, target, 0)
    }

    /// A header that may claim any size; nothing follows by itself.
    pub fn header(mut self, name: &str, flag: u8, target: &str, size: u64) -> Self {
        let mut block = [0_u8; 512];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[100..108].copy_from_slice(b"0000644\0");
        block[108..124].copy_from_slice(b"0000000\x000000000\0");
        if size < 1 << 33 {
            block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
        } else {
            block[124] = 0x80;
            block[128..136].copy_from_slice(&size.to_be_bytes());
        }
        block[136..148].copy_from_slice(b"00000000000\0");
        block[156] = flag;
        block[157..157 + target.len()].copy_from_slice(target.as_bytes());
        block[257..265].copy_from_slice(b"ustar\x0000");
        block[148..156].copy_from_slice(b"        ");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        self.0.extend_from_slice(&block);
        self
    }

    pub fn content(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    pub fn end(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 1024, 0);
        self.0
    }
}

/// `sha256:…` of some bytes.
pub fn digest(bytes: impl AsRef<[u8]>) -> String {
    format!("sha256:{}", hex(bytes))
}

pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes.as_ref()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A config over these layers, plain tars.
pub fn config(layers: &[&[u8]]) -> String {
    let diff_ids: Vec<String> = layers.iter().map(|layer| format!("\"{}\"", digest(layer))).collect();
    let line = r#"{"created_by":"RUN make"}"#;
    let history = vec![line; layers.len()].join(",");
    let diff_ids = diff_ids.join(",");
    format!(
        r#"{{"architecture":"amd64","os":"linux","rootfs":{{"type":"layers","diff_ids":[{diff_ids}]}},"history":[{history}]}}"#
    )
}

/// `docker save`'s manifest.json with one image.
pub fn manifest_json(config: &str, tags: &str, layers: &[&str]) -> String {
    let layers: Vec<String> = layers.iter().map(|layer| format!("\"{layer}\"")).collect();
    format!(r#"[{{"Config":"{config}","RepoTags":{tags},"Layers":[{}]}}]"#, layers.join(","))
}
