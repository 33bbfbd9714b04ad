//! The files of an image against what `umoci unpack` and podman write as root: path, type, mode, owner, size, link of
//! everything.
//!
//! Images are generated from fixed seeds; `STOWPLAN_SEEDS=500` tries more. It is skipped with a word without umoci or
//! podman, or for another user than root. `umoci`, and podman with vfs, unpack all layers into one directory, Docker and
//! containerd each into its own: if these two ways differ the files are those of the latter, and [`DIFFER`] names the
//! finding that says so.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod blobs;
mod random;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use blobs::{ended, header, sha, sum};
use random::Random;
use stowplan::layer::files::{Files, Finding, Query, Row};
use stowplan::layer::{FileIndex, LayerReader, Spec};

/// The most images that the suite tries with umoci, and with podman, which takes longer for each.
const SEEDS: u64 = 120;
const PODMAN_SEEDS: u64 = 80;

/// Findings that say that engines do not agree on the files: the rest of such an image is not compared.
const DIFFER: [&str; 6] =
    ["over-link", "over-file", "whiteout-through-link", "whiteout-below-file", "below-whiteout", "whiteout-after"];

/// Findings that say so of podman alone: it refuses the layer, or with vfs deletes what the layer has, and
/// then refuses a layer that lists a directory in that.
const PODMAN_REFUSES: [&str; 2] = ["dangling-link", "directory-replaced"];
const PODMAN_DELETES: [&str; 1] = ["opaque-after"];

/// Findings that say that an engine refuses the layer.
const REFUSED: [&str; 6] = ["below-file", "bare-whiteout", "hard-link-target", "root-entry", "long-name", "type-flag"];

impl Random {
    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn name(&mut self) -> &'static str {
        self.of(&["a", "b", "c", "d", "e"])
    }

    /// A path as packers write it: with a dot, a slash too many, a way up.
    fn spelled(&mut self, path: &str) -> String {
        match self.below(24) {
            0 => format!("./{path}"),
            1 => format!("/{path}"),
            2 => format!("x/../{path}"),
            3 => format!("../{path}"),
            4 => path.replace('/', "//"),
            _ => path.to_owned(),
        }
    }
}

/// The files that the generator believes to be there, so that most of its images can be unpacked.
#[derive(Clone, Default)]
struct Known {
    directories: Vec<String>,
    files: Vec<String>,
    /// Symbolic links to directories, of this layer.
    links: Vec<String>,
    /// Symbolic links, devices and FIFOs, of this layer.
    others: Vec<String>,
    /// All paths of this layer.
    own: BTreeSet<String>,
}

impl Known {
    /// A new or an old path: in a directory mostly, through a link at times, anywhere else seldom.
    fn path(&self, random: &mut Random) -> String {
        let name = random.name();
        let within = |above: &str| format!("{above}/{name}");
        match random.below(60) {
            0 => format!("{}/{}/{name}", random.name(), random.name()),
            1 if !self.files.is_empty() => within(&self.files[random.below(self.files.len())]),
            2..=8 if !self.links.is_empty() => within(&self.links[random.below(self.links.len())]),
            9..=40 if !self.directories.is_empty() => within(&self.directories[random.below(self.directories.len())]),
            41..=48 if !self.files.is_empty() => self.files[random.below(self.files.len())].clone(),
            49..=53 if !self.directories.is_empty() => self.directories[random.below(self.directories.len())].clone(),
            _ => name.to_owned(),
        }
    }

    fn forget(&mut self, path: &str) {
        let below = format!("{path}/");
        for list in [&mut self.directories, &mut self.files, &mut self.links, &mut self.others] {
            list.retain(|known| known != path && !known.starts_with(&below));
        }
    }
}

/// One entry of a tar.
fn entry(name: &str, flag: u8, mode: u32, owner: (u32, u32), link: &str, content: &[u8]) -> Vec<u8> {
    let mut block = header(name, flag, content.len() as u64);
    block[100..108].copy_from_slice(format!("{mode:07o}\0").as_bytes());
    block[108..116].copy_from_slice(format!("{:07o}\0", owner.0).as_bytes());
    block[116..124].copy_from_slice(format!("{:07o}\0", owner.1).as_bytes());
    block[157..157 + link.len()].copy_from_slice(link.as_bytes());
    if matches!(flag, b'3' | b'4') {
        block[329..345].copy_from_slice(b"0000001\x000000003\0");
    }
    sum(&mut block);
    block.extend_from_slice(content);
    block.resize(block.len().next_multiple_of(512), 0);
    block
}

fn layer(random: &mut Random, known: &mut Known, is_first: bool, once: bool) -> Vec<u8> {
    let count = random.below(9) + if is_first { 5 } else { 1 };
    known.links.clear();
    known.others.clear();
    known.own.clear();
    let mut seen = BTreeSet::new();
    let mut entries = Vec::new();
    for _ in 0..count {
        let before = known.clone();
        let entry = any_entry(random, known, is_first);
        if seen.insert(cleaned(&entry)) || !once {
            known.own.insert(cleaned(&entry));
            entries.push(entry);
        } else {
            *known = before;
        }
    }
    ended(&entries)
}

/// The path of an entry without what the generator adds to it.
fn cleaned(entry: &[u8]) -> String {
    let name = entry[..100].split(|byte| *byte == 0).next().unwrap_or_default();
    let name = String::from_utf8_lossy(name).replace("//", "/");
    let bare = ["./", "/", "x/../", "../"].iter().find_map(|start| name.strip_prefix(start)).unwrap_or(&name);
    bare.trim_end_matches('/').to_owned()
}

fn any_entry(random: &mut Random, known: &mut Known, is_first: bool) -> Vec<u8> {
    let path = known.path(random);
    let spelled = random.spelled(&path);
    let owner = (random.of(&[0, 0, 1000]), random.of(&[0, 5]));
    let mode = random.of(&[0o644, 0o600, 0o755, 0o4755]);
    let beside = |name: &str| path.rsplit_once('/').map_or(name.to_owned(), |(above, _)| format!("{above}/{name}"));
    match random.below(if is_first { 16 } else { 23 }) {
        0..=5 => {
            known.forget(&path);
            known.files.push(path);
            entry(&spelled, b'0', mode, owner, "", &vec![b'x'; random.below(700)])
        }
        6..=10 => {
            known.files.retain(|file| *file != path);
            known.others.retain(|other| *other != path);
            known.directories.push(path);
            entry(&format!("{spelled}/"), b'5', random.of(&[0o755, 0o700, 0o1777]), owner, "", b"")
        }
        11 | 12 => {
            known.forget(&path);
            let to = match known.directories.len() {
                0 => random.name().to_owned(),
                count => format!("/{}", known.directories[random.below(count)]),
            };
            known.links.push(path.clone());
            known.others.push(path);
            let to = if random.below(4) == 0 { format!("../{}", random.name()) } else { to };
            entry(&spelled, b'2', 0o777, owner, &to, b"")
        }
        13 => {
            known.forget(&path);
            let is_other = known.files.is_empty() || random.below(2) == 0 && !known.others.is_empty();
            let of = if is_other { &known.others } else { &known.files };
            let to = match of.len() {
                0 => random.name().to_owned(),
                count => of[random.below(count)].clone(),
            };
            entry(&spelled, b'1', mode, owner, &random.spelled(&to), b"")
        }
        14 => {
            known.forget(&path);
            known.others.push(path);
            entry(&spelled, random.of(b"6634"), 0o644, owner, "", b"")
        }
        15 if is_first || random.below(2) == 0 => odd_entry(random, known),
        16 => entry(&beside(".wh..wh..opq"), b'0', 0o644, owner, "", b""),
        17 if random.below(12) == 0 => entry(&beside(random.of(&[".wh.", ".wh.."])), b'0', 0, owner, "", b""),
        // Engines differ in a whiteout of what its own layer has.
        _ if known.own.contains(&path) && random.below(6) > 0 => {
            known.forget(&path);
            known.files.push(path);
            entry(&spelled, b'0', mode, owner, "", b"x")
        }
        _ => {
            let name = path.rsplit('/').next().unwrap_or_default().to_owned();
            known.forget(&path);
            entry(&beside(&format!(".wh.{name}")), b'0', 0o644, owner, "", b"")
        }
    }
}

/// An entry with a name that AUFS kept for itself, in the root or below it; one in a directory that is not listed, and an
/// opaque marker for it; a directory in one, in whose place a file may come.
fn odd_entry(random: &mut Random, known: &Known) -> Vec<u8> {
    let above = match known.directories.len() {
        0 => "a".to_owned(),
        count => known.directories[random.below(count)].clone(),
    };
    let within = |name: &str| format!("{above}/{name}");
    let name = match random.below(16) {
        0 => random.of(&[".wh..wh.plnk/1", ".wh..wh.aufs", "./.wh..wh.x/y", "/.wh..wh.x/y", ".wh..wh.x"]).to_owned(),
        1 | 2 => within(random.of(&[".wh..wh.x", ".wh..wh.plnk"])),
        3..=5 => within(random.of(&[".wh.x/y", ".wh..wh.x/y"])),
        6 | 7 => within(&format!("{}/x", random.of(&["f", "g"]))),
        8 => within(".wh..wh..opq"),
        _ => return entry(&format!("{}/{}/", random.of(&["f", "g"]), random.name()), b'5', 0o755, (0, 0), "", b""),
    };
    entry(&name, b'0', 0o644, (0, 0), "", b"x")
}

/// Writes an OCI layout with these layers.
fn layout(folder: &Path, layers: &[Vec<u8>]) {
    let blobs = folder.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    let put = |media_type: &str, bytes: &[u8]| {
        let digest = sha(bytes);
        fs::write(blobs.join(&digest[7..]), bytes).unwrap();
        format!(
            r#"{{"mediaType":"application/vnd.oci.image.{media_type}","digest":"{digest}","size":{}}}"#,
            bytes.len()
        )
    };
    let list = |items: Vec<String>| items.join(",");
    let ids = list(layers.iter().map(|tar| format!("\"{}\"", sha(tar))).collect());
    let config = format!(
        r#"{{"architecture":"amd64","os":"linux","config":{{}},"rootfs":{{"type":"layers","diff_ids":[{ids}]}}}}"#
    );
    let layers = list(layers.iter().map(|tar| put("layer.v1.tar", tar)).collect());
    let config = put("config.v1+json", config.as_bytes());
    let manifest = format!(r#"{{"schemaVersion":2,"config":{config},"layers":[{layers}]}}"#);
    let named = put("manifest.v1+json", manifest.as_bytes());
    let named = named.replace('}', r#","annotations":{"org.opencontainers.image.ref.name":"latest"}}"#);
    fs::write(folder.join("index.json"), format!(r#"{{"schemaVersion":2,"manifests":[{named}]}}"#)).unwrap();
    fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
}

/// The facts of one path: type, mode, owner, size, link.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    kind: &'static str,
    mode: u32,
    owner: (u64, u64),
    size: u64,
    link: String,
    device: Option<String>,
    /// A directory without an entry.
    implied: bool,
}

/// The numbers of a device, as far as the generator goes.
fn device(number: u64) -> String {
    format!("{}:{}", number >> 8, number & 0xff)
}

fn unpacked(root: &Path, folder: &Path, found: &mut BTreeMap<String, Seen>) {
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        let meta = fs::symlink_metadata(&path).unwrap();
        let kind = match meta.file_type() {
            kind if kind.is_dir() => "dir",
            kind if kind.is_symlink() => "symlink",
            kind if kind.is_fifo() => "fifo",
            kind if kind.is_char_device() => "char",
            kind if kind.is_block_device() => "block",
            _ => "file",
        };
        let link = if kind == "symlink" { fs::read_link(&path).unwrap() } else { PathBuf::new() };
        let seen = Seen {
            kind,
            mode: meta.mode() & 0o7777,
            owner: (u64::from(meta.uid()), u64::from(meta.gid())),
            size: if kind == "file" { meta.len() } else { 0 },
            device: matches!(kind, "char" | "block").then(|| device(meta.rdev())),
            link: link.to_str().unwrap().to_owned(),
            implied: false,
        };
        found.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), seen);
        if kind == "dir" {
            unpacked(root, &path, found);
        }
    }
}

/// The files as the core has them; a hard link to a file is a file.
fn listed(files: &mut Files) -> BTreeMap<String, Seen> {
    files.query(&Query::default()).unwrap();
    let all = files.open_all(true);
    let seen = |row: &Row| {
        let kind = if row.header.kind == "link" { "file" } else { row.header.kind };
        let link = row.header.link.clone().filter(|_| kind == "symlink");
        Seen {
            kind,
            mode: u32::from_str_radix(&row.octal, 8).unwrap(),
            owner: (row.uid, row.gid),
            size: if kind == "file" { row.header.size } else { 0 },
            link: link.unwrap_or_default(),
            device: row.device.clone(),
            implied: row.implied,
        }
    };
    let rows = files.rows(0, all.total);
    rows.iter().filter(|row| row.path != ".").map(|row| (row.path.clone(), seen(row))).collect()
}

fn index(tar: &[u8]) -> FileIndex {
    let mut reader = LayerReader::new(Spec::default());
    reader.push(tar);
    reader.into_index()
}

/// The outcome of one image.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Outcome {
    Same,
    Refused,
    Differ,
}

/// The layers of the image of that seed; podman refuses a layer with a path twice, so for it none has one.
fn generated(program: Program, seed: u64) -> Vec<Vec<u8>> {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let count = random.below(3) + 2;
    let mut known = Known::default();
    (0..count).map(|at| layer(&mut random, &mut known, at == 0, program == Program::Podman)).collect()
}

/// A program that unpacks images.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Program {
    Umoci,
    Podman,
}

impl Program {
    fn name(self) -> &'static str {
        match self {
            Self::Umoci => "umoci",
            Self::Podman => "podman",
        }
    }

    /// Unpacks an image: the root of its files, or why the program refuses it.
    fn unpack(self, image: &Path, bundle: &Path) -> Result<PathBuf, String> {
        let image = image.display();
        match self {
            Self::Umoci => {
                run(Command::new("umoci").args(["unpack", "--image", &format!("{image}:latest")]).arg(bundle))?;
                Ok(bundle.join("rootfs"))
            }
            Self::Podman => {
                let id = run(podman(bundle).args(["pull", "--quiet", &format!("oci:{image}:latest")]))?;
                run(podman(bundle).args(["image", "mount", id.trim()])).map(|root| PathBuf::from(root.trim()))
            }
        }
    }

    fn is_here(self) -> bool {
        let is_root = fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0);
        is_root && Command::new(self.name()).arg("--version").output().is_ok()
    }
}

/// podman with a storage of its own, in plain directories: it mounts nothing. It waits for ever at a whiteout below a FIFO,
/// so it gets a minute.
fn podman(storage: &Path) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", "60", "podman"]);
    command.arg("--root").arg(storage.join("root")).arg("--runroot").arg(storage.join("run"));
    command.args(["--storage-driver", "vfs", "--cgroup-manager", "cgroupfs", "--events-backend", "none"]);
    command
}

/// # Errors
/// The program's own words about its failure.
fn run(command: &mut Command) -> Result<String, String> {
    let run = command.output().map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if run.status.success() { Ok(text(&run.stdout)) } else { Err(text(&run.stderr)) }
}

/// # Errors
/// A sentence about the first difference.
fn tried(program: Program, seed: u64, folder: &Path) -> Result<Outcome, String> {
    let layers = generated(program, seed);
    let image = folder.join(format!("image-{seed}"));
    layout(&image, &layers);
    let unpack = program.unpack(&image, &folder.join(format!("bundle-{seed}")));
    let indexes: Vec<FileIndex> = layers.iter().map(|tar| index(tar)).collect();
    let mut files = Files::new();
    for (position, index) in (0..).zip(&indexes) {
        files.add(position, index.clone());
    }
    let ours = listed(&mut files);
    let findings = files.findings().unwrap();
    let has = |ids: &[&str]| findings.iter().any(|finding| ids.contains(&finding.id));
    let is_podman = program == Program::Podman;
    let root = match unpack {
        Ok(root) => root,
        Err(_) if has(&REFUSED) || has(&DIFFER) || is_podman && (has(&PODMAN_REFUSES) || has(&PODMAN_DELETES)) => {
            return Ok(Outcome::Refused);
        }
        Err(why) => return Err(format!("{} refuses it, and nothing says so: {why}", program.name())),
    };
    // podman with vfs leaves out what AUFS had in the root of a layer, umoci shows what lies in it.
    let is_of_aufs = findings.iter().any(|one| one.id == "aufs-path" && is_aufs_root(&indexes, one));
    if has(&DIFFER) || has(&REFUSED) || is_podman && has(&PODMAN_DELETES) || is_of_aufs {
        return Ok(Outcome::Differ);
    }
    // Engines set the header of a hard link for all names of its file, umoci leaves it. podman looks the target up by its text
    // before it sets the mode: it finds no `x/../a` without an `x`.
    let is_other_header = has(&["hard-link-header"]) && (!is_podman || has(&["dot-dot-path"]));
    let mut theirs = BTreeMap::new();
    unpacked(&root, &root, &mut theirs);
    for path in ours.keys().chain(theirs.keys()) {
        match (ours.get(path), theirs.get(path)) {
            (Some(own), Some(other)) if is_same(own, other, is_other_header) => {}
            // Engines make the directory in which a whiteout lies, umoci does not.
            (Some(own), None) if own.implied && files_below(&ours, path) == 0 && has_whiteout(&indexes, path) => {}
            // So it has the mode of the lower one for them, even if a later opaque marker deletes it.
            (Some(own), Some(other)) if own.implied && other.kind == "dir" && has_opaque(&indexes) => {}
            // A directory that takes the place of a file of its own layer shows what lower layers have in it, as overlay
            // file systems do; umoci has deleted that by then.
            (Some(_), None)
                if findings.iter().any(|one| one.id == "duplicate" && path.starts_with(&format!("{}/", one.path))) => {}
            (own, other) => return Err(format!("{path}: here {own:?}, {} has {other:?}", program.name())),
        }
    }
    Ok(Outcome::Same)
}

/// True if the entry of this finding lies in the root of its layer by the text of its path.
fn is_aufs_root(indexes: &[FileIndex], finding: &Finding) -> bool {
    let entry = indexes[finding.layer as usize].get(finding.at as usize).unwrap();
    entry.path.strip_prefix(b"./").unwrap_or(entry.path).starts_with(b".wh..wh.")
}

fn is_same(own: &Seen, other: &Seen, is_other_header: bool) -> bool {
    let what = |seen: &Seen| (seen.kind, seen.size, seen.link.clone(), seen.device.clone());
    let meta = |seen: &Seen| (seen.mode, seen.owner);
    let is_free = is_other_header && own.kind != "dir";
    what(own) == what(other) && (is_free || meta(own) == meta(other))
}

fn files_below(seen: &BTreeMap<String, Seen>, path: &str) -> usize {
    seen.iter().filter(|(other, seen)| seen.kind != "dir" && other.starts_with(&format!("{path}/"))).count()
}

/// True if a whiteout of any layer lies below that path.
fn has_whiteout(indexes: &[FileIndex], path: &str) -> bool {
    let whiteout = format!("{path}/.wh.");
    let within = format!("{path}/");
    let mut names =
        indexes.iter().flat_map(FileIndex::iter).map(|entry| String::from_utf8_lossy(entry.path).replace("//", "/"));
    names.any(|name| name.contains(&whiteout) || name.contains(&within) && name.contains("/.wh."))
}

fn has_opaque(indexes: &[FileIndex]) -> bool {
    indexes.iter().flat_map(FileIndex::iter).any(|entry| entry.path.ends_with(b".wh..wh..opq"))
}

#[test]
fn the_files_are_those_that_umoci_unpacks() {
    all(Program::Umoci, SEEDS, 30);
}

#[test]
fn the_files_are_those_that_podman_unpacks() {
    all(Program::Podman, PODMAN_SEEDS, 10);
}

/// Compares that many images, of which at least so many have to be the same.
fn all(program: Program, seeds: u64, least: usize) {
    if !program.is_here() {
        eprintln!("skipped: needs {}, and to be root", program.name());
        return;
    }
    let count = std::env::var("STOWPLAN_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(seeds);
    let folder = std::env::temp_dir().join(format!("stowplan-{}-{}", program.name(), std::process::id()));
    let mut outcomes = Vec::new();
    let mut wrong = Vec::new();
    for seed in 1..=count {
        match tried(program, seed, &folder) {
            Ok(outcome) => outcomes.push(outcome),
            Err(why) => wrong.push(format!("seed {seed}: {why}")),
        }
        // A wrong one stays, for who looks into it.
        if !wrong.last().is_some_and(|why| why.starts_with(&format!("seed {seed}:"))) {
            for name in ["image", "bundle"] {
                let _ = fs::remove_dir_all(folder.join(format!("{name}-{seed}")));
            }
        }
    }
    let of = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    let (same, refused, differ) = (of(Outcome::Same), of(Outcome::Refused), of(Outcome::Differ));
    let name = program.name();
    eprintln!("{count} images: {same} the same, {refused} refused by {name}, {differ} on which engines differ");
    assert!(wrong.is_empty(), "in {}:\n{}", folder.display(), wrong.join("\n"));
    let _ = fs::remove_dir_all(&folder);
    assert!(count < seeds || same >= least, "too few images are compared: {same} of {count}");
}
