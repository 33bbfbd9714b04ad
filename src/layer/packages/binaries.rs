//! Lists in programs: Go's build information, and the list that `cargo auditable` puts into Rust's.
//!
//! [`told`] takes it out of a program while its layer is read, so that no program has to be kept; [`read`] makes packages of
//! it afterwards.

use super::Package;
use super::fields::cut;
use crate::carriers::gzip::inflate;
use crate::json::{self, Json};
use crate::limits;

/// The mark before the text that `go version -m` prints (Go's `debug/buildinfo`), on a multiple of 16.
const GO: &[u8] = b"\xff Go buildinf:";

/// The bit that says that both texts follow the header of 32 bytes, as since Go 1.18.
const INLINE: u8 = 2;

/// A mark of 16 bytes before and behind the modules.
const MARK: usize = 16;

const GO_TOLD: &[u8] = b"go\n";
const CARGO_TOLD: &[u8] = b"cargo\n";

/// Stands for a program of an older Go, whose list lies behind pointers: it is named and not read.
pub(super) const GO_OLD: &[u8] = b"go-old\n";

/// The packages that a program says it is made of, as bytes for [`read`]; empty if it says nothing.
pub(super) fn told(program: &[u8]) -> Vec<u8> {
    if let Some((version, modules)) = go(program) {
        return [GO_TOLD, version, b"\n", modules].concat();
    }
    if is_old_go(program) {
        return GO_OLD.to_vec();
    }
    let packed = auditable_extract::raw_auditable_data(program).ok();
    match packed.and_then(|packed| inflate(packed, true, limits::PACKAGE_TOLD_BYTES)) {
        Some(list) => [CARGO_TOLD, &list].concat(),
        None => Vec::new(),
    }
}

/// Go's version and its modules, one a line.
fn go(program: &[u8]) -> Option<(&[u8], &[u8])> {
    let places = program.chunks_exact(16).enumerate().filter(|(_, chunk)| chunk.starts_with(GO));
    places.take(8).find_map(|(at, chunk)| {
        let rest = program.get(16 * at + 32..).filter(|_| chunk[15] & INLINE != 0)?;
        let (version, rest) = text(rest)?;
        let (modules, _) = text(rest)?;
        let is_go = version.starts_with(b"go") || version.starts_with(b"devel");
        let inner = modules.get(MARK..modules.len().saturating_sub(MARK)).unwrap_or_default();
        is_go.then_some((version, inner))
    })
}

/// True if it has the header of Go before 1.18: the size of a pointer, and an order of bytes, in the place of texts.
fn is_old_go(program: &[u8]) -> bool {
    let is_header = |chunk: &[u8]| chunk.starts_with(GO) && matches!(chunk[14], 4 | 8) && chunk[15] < INLINE;
    program.chunks_exact(16).any(is_header)
}

/// A text with its length before it, and what follows.
fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut length, mut shift) = (0_usize, 0);
    for (at, byte) in bytes.iter().take(5).enumerate() {
        length |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            let rest = bytes.get(at + 1..).filter(|_| length <= limits::PACKAGE_TOLD_BYTES)?;
            return rest.split_at_checked(length);
        }
    }
    None
}

/// The packages in what a program told; none if that is broken.
pub(super) fn read(told: &[u8]) -> Option<Vec<Package>> {
    if told.is_empty() {
        return Some(Vec::new());
    }
    match told.strip_prefix(GO_TOLD) {
        Some(told) => Some(modules(std::str::from_utf8(told).ok()?)),
        None => crates(told.strip_prefix(CARGO_TOLD)?),
    }
}

/// `mod` is the program's own, `dep` one that it is linked with, `=>` what stands in the place of the one before.
fn modules(text: &str) -> Vec<Package> {
    let module = |name: &str, version: &str| Package {
        kind: "golang".to_owned(),
        name: cut(name),
        version: cut(version),
        ..Package::default()
    };
    let (version, lines) = text.split_once('\n').unwrap_or((text, ""));
    let number = version.strip_prefix("go").unwrap_or(version).split(' ').next().unwrap_or_default();
    let mut found = vec![module("stdlib", number)];
    for line in lines.lines() {
        let mut words = line.split('\t');
        let (Some(word), Some(name), Some(version)) = (words.next(), words.next(), words.next()) else { continue };
        match word {
            "=>" if found.len() > 1 => {
                found.pop();
                found.push(module(name, version));
            }
            "mod" | "dep" if found.len() < limits::STATEMENT_PACKAGES => found.push(module(name, version)),
            _ => {}
        }
    }
    found
}

fn crates(list: &[u8]) -> Option<Vec<Package>> {
    let root = json::parse(list).ok()?.root;
    let all = root.get("packages")?.as_array()?;
    let text = |one: &Json, name: &str| one.get(name).and_then(Json::as_str).map(cut);
    // The program does not hold crates that only build it.
    let linked = all.iter().filter(|one| one.get("kind").and_then(Json::as_str) != Some("build"));
    linked
        .take(limits::STATEMENT_PACKAGES)
        .map(|one| {
            let (name, version) = (text(one, "name")?, text(one, "version")?);
            Some(Package { kind: "cargo".to_owned(), name, version, ..Package::default() })
        })
        .collect()
}
