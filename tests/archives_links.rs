//! Archives whose entries are links, or lead through links: read as programs read them, and never green in silence.
//!
//! Each row was given to skopeo 1.9 (`oci-archive:`, `docker-archive:`), Docker 20.10 (`docker load`) and containerd 1.6
//! (`ctr image import`).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its input fails")]

mod opening;
#[cfg(target_os = "linux")]
mod random;
mod tars;

use opening::{list, open_tar, saved};
#[cfg(target_os = "linux")]
use random::Random;
use stowplan::archive::{ArchiveFile, Contents, Opened, open};
use stowplan::image::OpenOptions;
use stowplan::report::NodeKind;
use stowplan::{Error, ErrorKind, Outcome};
use tars::{Tar, config, digest, hex, manifest_json};

const HEADER: &str = r#"{"imageLayoutVersion":"1.0.0"}"#;

/// An image with its documents.
struct Image {
    layer: Vec<u8>,
    config: String,
    manifest: String,
    index: String,
}

fn image(name: &str) -> Image {
    let layer = Tar::new().file("f", name).end();
    let config = config(&[&layer]);
    let of = |kind: &str, bytes: &[u8]| {
        format!(
            r#"{{"mediaType":"application/vnd.oci.image.{kind}","digest":"{}","size":{}}}"#,
            digest(bytes),
            bytes.len()
        )
    };
    let manifest = format!(
        r#"{{"schemaVersion":2,"config":{},"layers":[{}]}}"#,
        of("config.v1+json", config.as_bytes()),
        of("layer.v1.tar", &layer)
    );
    let index = format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, of("manifest.v1+json", manifest.as_bytes()));
    Image { layer, config, manifest, index }
}

/// One entry of a table.
#[derive(Clone, Copy)]
enum To<'a> {
    File(&'a str, &'a [u8]),
    Link(&'a str, &'a str),
    Hard(&'a str, &'a str),
    /// All blobs of an image, below this name.
    Blobs(&'a str, &'a Image),
}
use To::{Blobs, File, Hard, Link};

fn tar(entries: &[To<'_>]) -> Vec<u8> {
    let add = |tar: Tar, to: &To<'_>| match *to {
        File(name, bytes) => tar.file(name, bytes),
        Link(name, target) => tar.link(name, b'2', target),
        Hard(name, target) => tar.link(name, b'1', target),
        Blobs(name, image) => [image.config.as_bytes(), image.manifest.as_bytes(), &image.layer]
            .into_iter()
            .fold(tar, |tar, bytes| tar.file(&format!("{name}/{}", hex(bytes)), bytes)),
    };
    entries.iter().fold(Tar::new(), add).end()
}

/// The image ID that is shown; none if no config was read.
fn shown(opened: &Opened) -> Option<String> {
    let mut configs = opened.report.nodes.iter().filter(|node| node.kind == NodeKind::Config && node.read);
    configs.next().and_then(|node| node.digest.clone())
}

/// The stable codes of the archive's own doubts and faults.
fn reasons(opened: &Opened, outcome: Outcome) -> Vec<String> {
    let checks = opened.report.nodes.iter().flat_map(|node| &node.checks);
    let found = checks.filter(|check| check.outcome == outcome && !check.reason.is_empty());
    let mut found: Vec<String> = found.map(|check| check.reason.to_string()).filter(|reason| ours(reason)).collect();
    found.sort_unstable();
    found
}

fn ours(reason: &str) -> bool {
    matches!(
        reason,
        "file-over-link"
            | "file-of-two-contents"
            | "file-of-two-not-compared"
            | "entry-through-link"
            | "entry-lands-nowhere"
            | "links-not-followed"
            | "link-leads-out"
            | "name-not-plain"
            | "file-is-hard-link"
    )
}

#[track_caller]
fn is(entries: &[To<'_>], image: Option<&Image>, warned: &[&str], failed: &[&str]) {
    let opened = open_tar(tar(entries)).unwrap();
    assert_eq!(shown(&opened), image.map(|image| digest(&image.config)));
    assert_eq!((reasons(&opened, Outcome::Warn), reasons(&opened, Outcome::Fail)), (owned(warned), owned(failed)));
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A cap of ours disproves nothing.
#[test]
fn files_of_one_name_that_are_too_large_are_not_compared() {
    let large = vec![b' '; stowplan::limits::CONFIG_BYTES + 1];
    let manifest = manifest_json("c.json", r#"["t:1"]"#, &[]);
    let tar = |second: &[u8]| {
        let tar = Tar::new().file("c.json", &large).file("c.json", second).file("manifest.json", &manifest);
        open_tar(tar.end()).unwrap()
    };
    let same = tar(&large);
    assert_eq!(reasons(&same, Outcome::NotChecked), owned(&["file-of-two-not-compared"]));
    assert_eq!(reasons(&same, Outcome::Fail), owned(&[]));
    assert_eq!(reasons(&tar(b"{}"), Outcome::Fail), owned(&["file-of-two-contents"]));
}

/// skopeo and podman unpack a layout: the last entry of a name counts, wherever links lead it.
#[test]
fn layouts_are_read_as_unpacked_ones() {
    let (good, evil) = (image("good"), image("evil"));
    let (first, second) = (good.index.as_bytes(), evil.index.as_bytes());
    let head = File("oci-layout", HEADER.as_bytes());
    let index = File("index.json", first);
    let blobs = Blobs("blobs/sha256", &good);
    let more = Blobs("blobs/sha256", &evil);
    let config = format!("blobs/sha256/{}", hex(&good.manifest));

    is(&[head, index, blobs], Some(&good), &[], &[]);
    is(&[head, index, Link("blobs", "other"), Blobs("other/sha256", &good)], Some(&good), &["file-over-link"], &[]);
    is(&[head, index, Blobs("other/sha256", &good), Link("blobs", "other")], Some(&good), &["file-over-link"], &[]);
    is(&[head, index, Link("blobs/sha256", "../x"), Blobs("x", &good)], Some(&good), &["file-over-link"], &[]);
    is(&[head, index, Link("blobs", "/other"), Blobs("other/sha256", &good)], None, &[], &[]);
    is(&[head, index, Link("blobs/sha256", "../../x"), Blobs("x", &good)], None, &["link-leads-out"], &[]);
    // The layer went away with the folder that the link took the place of.
    is(&[head, index, blobs, Link("blobs", "other")], None, &[], &[]);
    let target = [File("m", good.manifest.as_bytes()), Link(&config, "../../m")];
    is(&[head, index, blobs, target[0], target[1]], Some(&good), &["file-over-link"], &[]);

    is(&[head, File("y", first), Link("index.json", "y"), blobs], Some(&good), &["file-over-link"], &[]);
    is(&[File("y", HEADER.as_bytes()), Link("oci-layout", "y"), index, blobs], Some(&good), &["file-over-link"], &[]);
    is(&[head, Link("index.json", "y"), File("y", first), blobs], Some(&good), &["file-over-link"], &[]);
    let late = [head, File("y", first), Link("index.json", "y"), File("y", second), blobs, more];
    is(&late, Some(&evil), &["file-over-link"], &[]);
    let hard = [head, File("y", first), Hard("index.json", "y"), File("y", second), blobs, more];
    is(&hard, Some(&good), &[], &[]);
    let both = ["entry-through-link", "file-of-two-contents"];
    for (link, name) in [(Link("d", "."), "d/index.json"), (Link("e/d", ".."), "e/d/index.json")] {
        is(&[head, index, link, File(name, second), blobs, more], Some(&evil), &both[..1], &both[1..]);
    }
    let last = [head, File("y", second), index, Link("index.json", "y"), blobs, more];
    is(&last, Some(&evil), &["file-over-link"], &["file-of-two-contents"]);
    let own = [head, index, Link("y", "index.json"), File("y", second), blobs, more];
    is(&own, Some(&good), &[], &[]);
    // All programs take the last one of a plain name, and `q/../x` is `x` for all.
    is(&[head, index, File("./index.json", second), blobs, more], Some(&evil), &[], &[]);
    is(&[head, index, File("q/../index.json", second), blobs, more], Some(&evil), &["name-not-plain"], &[]);
    let odd = [head, index, File("/index.json", second), blobs, more];
    is(&odd, Some(&evil), &["name-not-plain"], &["file-of-two-contents"]);
    is(&[head, index, File("index.json/x", b""), blobs], Some(&good), &["entry-lands-nowhere"], &[]);
}

/// Docker unpacks what it saved, skopeo and podman search it and take the first entry, containerd the last.
#[test]
fn saved_images_are_read_as_docker_unpacks_them() {
    let (good, evil) = (image("good"), image("evil"));
    let (own, other) = (format!("{}.json", hex(&good.config)), format!("{}.json", hex(&evil.config)));
    let (first, second) =
        (manifest_json(&own, r#"["t:1"]"#, &["l.tar"]), manifest_json(&other, r#"["t:1"]"#, &["m.tar"]));
    let (first, second) = (first.as_bytes(), second.as_bytes());
    let base = [
        File(&own, good.config.as_bytes()),
        File(&other, evil.config.as_bytes()),
        File("l.tar", &good.layer),
        File("m.tar", &evil.layer),
    ];
    let with = |more: &[To<'static>]| [&base[..], more].concat();
    // The documents live as long as the process.
    let (first, second): (&'static [u8], &'static [u8]) = (first.to_vec().leak(), second.to_vec().leak());
    let manifest = File("manifest.json", first);
    let two = ["file-of-two-contents"];
    is(&with(&[manifest]), Some(&good), &[], &[]);
    is(&with(&[File("z", first), Link("manifest.json", "z")]), Some(&good), &["file-over-link"], &[]);
    let chain = [File("z", first), Link("y", "z"), Link("manifest.json", "y")];
    is(&with(&chain), Some(&good), &["file-over-link"], &[]);
    is(&with(&[manifest, File("manifest.json", second)]), Some(&evil), &[], &two);
    is(&with(&[manifest, manifest]), Some(&good), &[], &[]);
    let through = [manifest, Link("d", "."), File("d/manifest.json", second)];
    is(&with(&through), Some(&evil), &["entry-through-link"], &two);
    for name in ["q/../manifest.json", "../manifest.json", "/manifest.json"] {
        is(&with(&[manifest, File(name, second)]), Some(&evil), &["name-not-plain"], &two);
    }
    is(&with(&[File("q/../manifest.json", second)]), Some(&evil), &["name-not-plain"], &[]);

    // A config whose name says nothing of its bytes.
    let named: &'static [u8] = manifest_json("d/k", r#"["t:1"]"#, &["l.tar"]).into_bytes().leak();
    let named = File("manifest.json", named);
    let (a, b) = (good.config.as_bytes(), evil.config.as_bytes());
    let layers = [File("l.tar", &good.layer), named];
    let with = |more: &[To<'_>]| {
        let all = [more, &layers[..]].concat();
        let opened = open_tar(tar(&all)).unwrap();
        (shown(&opened), reasons(&opened, Outcome::Warn), reasons(&opened, Outcome::Fail))
    };
    let is = |more: &[To<'_>], image: &Image, warned: &[&str], failed: &[&str]| {
        assert_eq!(with(more), (Some(digest(&image.config)), owned(warned), owned(failed)));
    };
    is(&[File("c/k", a), Link("d", "c")], &good, &["file-over-link"], &[]);
    is(&[File("c/k", a), Link("d", "c"), File("d/k", b)], &evil, &["entry-through-link", "file-over-link"], &[]);
    is(&[File("c/k", b), File("d/k", a), Link("d", "c")], &evil, &["file-over-link"], &two);
    is(&[File("d/k", a), File("d/k", b)], &evil, &[], &two);
}

/// Links to layers, which their DiffIDs prove.
#[test]
fn a_layer_may_lie_behind_a_linked_folder() {
    let good = image("good");
    let layers = |path: &str| manifest_json("c.json", r#"["t:1"]"#, &[path]);
    for (link, path) in [(Link("l", "q"), "l/layer.tar"), (Link("l", "q/"), "x/../l/layer.tar")] {
        let manifest = layers(path);
        let all = [
            File("c.json", good.config.as_bytes()),
            File("q/layer.tar", &good.layer),
            link,
            File("manifest.json", manifest.as_bytes()),
        ];
        let opened = open_tar(tar(&all)).unwrap();
        assert_eq!(opened.places.iter().map(|place| place.entry).collect::<Vec<_>>(), [1]);
        let warns = opened.report.nodes.iter().flat_map(|node| &node.checks);
        assert!(warns.into_iter().any(|check| check.message.starts_with("the layer's file is a link to q")));
    }
}

/// Thousands of entries at the name of a document hide none of those that other programs read.
#[test]
fn no_crowd_hides_a_file_of_two_contents() {
    let (good, evil) = (image("good"), image("evil"));
    let config = format!("{}.json", hex(&good.config));
    let manifest = manifest_json(&config, r#"["t:1"]"#, &["l.tar"]);
    let base = [File(&config, good.config.as_bytes()), File("l.tar", &good.layer), Link("d", ".")];
    let crowd = vec![File("d/manifest.json", manifest.as_bytes()); 1001];
    let saved = [&base[..], &crowd, &[File("manifest.json", b"[]")], &crowd].concat();
    is(&saved, Some(&good), &["entry-through-link"], &["file-of-two-contents"]);

    let layout = [
        File("oci-layout", HEADER.as_bytes()),
        Blobs("blobs/sha256", &good),
        Blobs("blobs/sha256", &evil),
        File("z", good.index.as_bytes()),
        File("index.json", evil.index.as_bytes()),
    ];
    let layout = [&layout[..], &vec![Link("index.json", "z"); 1001]].concat();
    is(&layout, Some(&good), &["file-over-link"], &["file-of-two-contents"]);
}

/// An archive may have so many links that no end of them is seen, and then a document of other content behind one more.
#[test]
fn links_that_are_not_followed_are_said() {
    let (good, evil) = (image("good"), image("evil"));
    let [first, second] = ["good", "evil"].map(|name| manifest_json(&format!("{name}.json"), "[]", &["l.tar"]));
    let start = || {
        let tar = Tar::new().file("good.json", &good.config).file("evil.json", &evil.config);
        let tar = tar.file("l.tar", &good.layer).file("manifest.json", &first);
        // A target of 4,095 bytes, which a header before the link has.
        let target = format!(".{}", "/".repeat(4094));
        tar.header("././@LongLink", b'K', "", 4096).content(format!("{target}\0").as_bytes()).link("l", b'2', ".")
    };
    let end = |tar: Tar| open_tar(tar.link("d", b'2', ".").file("d/manifest.json", &second).end()).unwrap();
    let all =
        |opened: &Opened| [Outcome::NotChecked, Outcome::Warn, Outcome::Fail].map(|outcome| reasons(opened, outcome));
    let through = owned(&["entry-through-link"]);
    let few = end(start().file("l/x", ""));
    assert_eq!(shown(&few), Some(digest(&evil.config)));
    assert_eq!(all(&few), [vec![], through.clone(), owned(&["file-of-two-contents"])]);
    let many = end((0..5000).fold(start(), |tar, _| tar.file("l/x", "")));
    assert_eq!(shown(&many), Some(digest(&good.config)));
    assert_eq!(all(&many), [owned(&["links-not-followed"]), through, vec![]]);
}

/// An archive whose reading is aborted after some reads.
struct Aborted<'a>(&'a [u8], std::cell::Cell<usize>);

impl Contents for Aborted<'_> {
    async fn read(&self, _entry: usize, data_at: u64, from: u64, length: u64) -> Result<Vec<u8>, Error> {
        let Some(left) = self.1.get().checked_sub(1) else {
            self.1.set(usize::MAX);
            return Err(Error::new(ErrorKind::Aborted, "aborted"));
        };
        self.1.set(left);
        let at = usize::try_from(data_at + from).unwrap();
        Ok(self.0[at..at + usize::try_from(length).unwrap()].to_vec())
    }
}

/// A reading that the user stops is no finding about the archive.
#[test]
fn a_reading_that_is_aborted_has_no_outcome() {
    let good = image("good");
    let manifest = manifest_json("c.json", r#"["t:1"]"#, &["l.tar"]);
    let (index, manifest) = (File("index.json", good.index.as_bytes()), File("manifest.json", manifest.as_bytes()));
    let (layout, config) = (File("oci-layout", HEADER.as_bytes()), File("c.json", good.config.as_bytes()));
    let through = File("d/index.json", good.index.as_bytes());
    let tables: [&[To<'_>]; 2] = [
        &[manifest, manifest, config, config, File("l.tar", &good.layer), File("repositories", b"{}")],
        &[layout, index, Link("d", "."), through, Blobs("blobs/sha256", &good)],
    ];
    for entries in tables {
        let bytes = tar(entries);
        let index = list(&bytes).index;
        let file = ArchiveFile { size: bytes.len() as u64, digest: None };
        let read = |most: usize| {
            let contents = Aborted(&bytes, std::cell::Cell::new(most));
            let opened = pollster::block_on(open(&index, Some(&file), &contents, &OpenOptions::default(), &|_| {}));
            (opened.map(|opened| opened.is_some()), most.saturating_sub(contents.1.get()))
        };
        let (opened, reads) = read(1000);
        assert_eq!((opened, reads > 5), (Ok(true), true), "{reads} reads");
        for most in 0..reads {
            assert_eq!(read(most).0.err().map(|error| error.kind()), Some(ErrorKind::Aborted), "{most} of {reads}");
        }
    }
}

#[cfg(target_os = "linux")]
impl Random {
    fn name(&mut self) -> String {
        let names = (0..=self.below(3)).map(|_| ["a", "b", "c"][self.below(3)]);
        names.collect::<Vec<_>>().join("/")
    }
}

/// Applies one entry to a folder as Docker and skopeo do; false if an entry cannot be made there.
#[cfg(target_os = "linux")]
fn unpack(root: &std::path::Path, name: &str, flag: u8, target: &str, content: &str) -> bool {
    use std::fs;
    let path = root.join(name);
    let Some(parent) = path.parent() else { return false };
    if fs::create_dir_all(parent).is_err() {
        return false;
    }
    if let Ok(old) = fs::symlink_metadata(&path) {
        match (old.is_dir(), flag == b'5') {
            (true, true) => return true,
            (true, false) => fs::remove_dir_all(&path).unwrap(),
            (false, _) => fs::remove_file(&path).unwrap(),
        }
    }
    match flag {
        b'5' => fs::create_dir(&path).is_ok(),
        b'2' => std::os::unix::fs::symlink(target, &path).is_ok(),
        b'1' => fs::hard_link(root.join(target), &path).is_ok(),
        _ => fs::write(&path, content).is_ok(),
    }
}

/// Archives at random, unpacked into a real folder: each name leads to the file that Linux finds there.
#[cfg(target_os = "linux")]
#[test]
fn names_lead_where_linux_finds_them_in_the_unpacked_archive() {
    let seeds = std::env::var("STOWPLAN_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(300);
    let mut names: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
    for from in [0, 3] {
        let longer: Vec<String> =
            names[from..].iter().flat_map(|name| ["a", "b", "c"].map(|last| format!("{name}/{last}"))).collect();
        names.extend(longer);
    }
    let list: Vec<&str> = names.iter().map(String::as_str).collect();
    let manifest = manifest_json("config", "[]", &list);
    let (mut found, mut linked) = (0, 0);
    for seed in 1..=seeds {
        let mut random = Random(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed));
        let folder = std::env::temp_dir().join(format!("stowplan-links-{}-{seed}", std::process::id()));
        let root = folder.join("outside/root");
        std::fs::create_dir_all(&root).unwrap();
        let mut tar = Tar::new().file("manifest.json", &manifest);
        let mut story = Vec::new();
        for at in 1..=3 + random.below(14) {
            let (name, flag) = (random.name(), [b'0', b'0', b'0', b'2', b'2', b'1', b'5'][random.below(7)]);
            let up = if flag == b'2' && name.contains('/') && random.below(2) == 0 { "../" } else { "" };
            let target = if matches!(flag, b'1' | b'2') { format!("{up}{}", random.name()) } else { String::new() };
            let content = at.to_string();
            story.push(format!("{} {name} {target}", char::from(flag)));
            unpack(&root, &name, flag, &target, &content);
            tar = if flag == b'0' { tar.file(&name, &content) } else { tar.link(&name, flag, &target) };
        }
        // A link that leads out is kept within here, and is not on this disk.
        let is_within = std::fs::read_dir(folder.join("outside")).unwrap().count() == 1;
        let opened = open_tar(tar.end()).unwrap();
        for (layer, name) in names.iter().enumerate().filter(|_| is_within) {
            let theirs = std::fs::read_to_string(root.join(name)).ok();
            let node = opened.report.nodes.iter().find(|node| node.path == Some(format!("$.Layers[{layer}]"))).unwrap();
            let place = opened.places.iter().find(|place| place.id == node.id);
            let ours = place.map(|place| place.entry.to_string());
            assert_eq!(ours, theirs, "seed {seed}, {name}: {story:?}");
            found += usize::from(ours.is_some());
            linked += usize::from(node.checks.iter().any(|check| check.message.contains("file is a link to")));
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
    assert!(seeds < 300 || found > 500 && linked > 40, "{found} files, {linked} over links");
}

/// A tar of other things is none of images, however its links lead.
#[test]
fn what_has_no_such_file_is_no_archive_of_images() {
    assert!(open_tar(tar(&[File("etc/passwd", b""), Link("blobs", "etc"), Link("a", "index")])).is_none());
    assert!(open_tar(saved().link("x", b'2', "y").end()).is_some());
}
