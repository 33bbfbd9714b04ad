//! Archives that mean harm, or that are merely large: bounded, and each said in a sentence.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its input fails")]

mod opening;
mod tars;

use opening::{Bytes, found, is_clean, layer, layout, list, open_tar, saved, says};
use stowplan::Outcome;
use stowplan::archive::{ArchiveFile, open};
use stowplan::image::OpenOptions;
use stowplan::report::NodeKind;
use tars::{Tar, config, digest, hex, manifest_json};

const HEADER: &str = r#"{"imageLayoutVersion":"1.0.0"}"#;

fn descriptor(kind: &str, bytes: &str) -> String {
    let digest = digest(bytes);
    let size = bytes.len();
    format!(r#"{{"mediaType":"application/vnd.oci.image.{kind}.v1+json","digest":"{digest}","size":{size}}}"#)
}

fn manifests(all: &[String]) -> String {
    format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, all.join(","))
}

#[test]
fn thousands_of_tags_are_held_against_each_other_in_one_go() {
    let tags: Vec<String> = (0..200_000).map(|at| format!("\"a:{at}\"")).collect();
    let config = config(&[&layer()]);
    let save = manifest_json("c.json", &format!("[{}]", tags.join(",")), &["top/layer.tar"]);
    let old: Vec<String> = (190_000..200_000).map(|at| format!("\"{at}\":\"top\"")).collect();
    let tar = Tar::new().file("c.json", &config).file("top/layer.tar", layer()).file("manifest.json", save);
    let opened = open_tar(tar.file("repositories", format!(r#"{{"a":{{{}}}}}"#, old.join(","))).end()).unwrap();
    is_clean(&opened);
    says(&opened, Outcome::Pass, "archive repositories names the same tags");
    let image = opened.report.nodes.iter().find(|node| node.kind == NodeKind::Manifest).unwrap();
    let title = image.title.as_deref().unwrap();
    assert!(title.starts_with("a:0, a:1, ") && title.ends_with(" and 199980 more"), "{title}");
}

#[test]
fn a_tag_says_which_of_its_characters_are_not_what_they_look_like() {
    let config = config(&[&layer()]);
    let save = manifest_json("c.json", "[\"a\u{202e}gpj:1\"]", &["l.tar"]);
    let tar = Tar::new().file("c.json", &config).file("l.tar", layer()).file("manifest.json", save);
    let opened = open_tar(tar.end()).unwrap();
    assert!(opened.report.nodes.iter().any(|node| node.title.as_deref() == Some("a\\u{202e}gpj:1")));
}

#[test]
fn names_that_lead_out_of_the_archive_are_told_and_count_within() {
    let config = config(&[&layer()]);
    for name in ["../layer.tar", "/layer.tar", "a/../layer.tar"] {
        let save = manifest_json("c.json", "[]", &[name]);
        let tar = Tar::new().file("c.json", &config).file(name, layer()).file("manifest.json", save);
        let opened = open_tar(tar.end()).unwrap();
        says(&opened, Outcome::Warn, &format!("archive {name} begins with a slash or has \"..\" in it"));
        // As Docker finds it, which keeps within its own folder.
        assert_eq!(opened.places.iter().map(|place| place.entry).collect::<Vec<_>>(), [1]);
    }
    // Docker reads this one, skopeo and podman the other.
    let opened = open_tar(saved().file("/manifest.json", "[]").end()).unwrap();
    says(&opened, Outcome::Fail, "archive manifest.json stands in the archive more than once, with other bytes");
    assert!(opened.places.is_empty());
}

#[test]
fn a_layout_of_a_hundred_images_is_opened_whole() {
    let mut tar = Tar::new().file("oci-layout", HEADER);
    let mut entries = Vec::new();
    for at in 0..100 {
        let config = config(&[&layer()]).replace("amd64", &format!("a{at}"));
        let layer = descriptor("layer", "").replace("+json", ".tar");
        let manifest =
            format!(r#"{{"schemaVersion":2,"config":{},"layers":[{layer}]}}"#, descriptor("config", &config));
        for bytes in [&config, &manifest] {
            tar = tar.file(&format!("blobs/sha256/{}", hex(bytes)), bytes);
        }
        entries.push(descriptor("manifest", &manifest));
    }
    let opened = open_tar(tar.file("index.json", manifests(&entries)).end()).unwrap();
    let read = opened.report.nodes.iter().filter(|node| node.kind == NodeKind::Config && node.read).count();
    assert_eq!(read, 100);
    assert_eq!(opened.bytes.len(), 201);
}

#[test]
fn an_index_that_names_itself_by_a_lie_ends() {
    // Its bytes cannot have the digest that they name, so the file's name lies too.
    let name = hex("any");
    let lie = manifests(&[descriptor("index", "any")]);
    let tar = Tar::new().file("oci-layout", HEADER).file(&format!("blobs/sha256/{name}"), &lie);
    let opened = open_tar(tar.file("index.json", &lie).end()).unwrap();
    says(&opened, Outcome::Fail, "digest the digest of the bytes is not the one given by the descriptor");
    assert!(opened.report.nodes.len() < 12, "{} nodes", opened.report.nodes.len());
    // Many entries at each level are still no more than are read.
    let lie = manifests(&vec![descriptor("index", "any"); 50]);
    let tar = Tar::new().file("oci-layout", HEADER).file(&format!("blobs/sha256/{name}"), &lie);
    let opened = open_tar(tar.file("index.json", &lie).end()).unwrap();
    assert!(opened.report.nodes.len() <= 50_002, "{} nodes", opened.report.nodes.len());
}

#[test]
fn one_config_with_two_sets_of_layers_agrees_with_either() {
    let config = config(&[&layer()]);
    let other = Tar::new().file("etc/hostname", "stow\n").file("more", "").end();
    let blob = |bytes: &[u8]| (format!("blobs/sha256/{}", hex(bytes)), bytes.to_vec());
    let manifest = |layer: &[u8]| {
        format!(
            r#"{{"schemaVersion":2,"config":{},"layers":[{{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{}","size":{}}}]}}"#,
            descriptor("config", &config),
            digest(layer),
            layer.len()
        )
    };
    let (first, second) = (manifest(&other), manifest(&layer()));
    let mut tar = Tar::new().file("oci-layout", HEADER);
    let entries = [descriptor("manifest", &first), descriptor("manifest", &second)];
    tar = tar.file("index.json", manifests(&entries));
    for (name, bytes) in [config.as_bytes(), first.as_bytes(), second.as_bytes(), &other, &layer()].map(blob) {
        tar = tar.file(&name, bytes);
    }
    let (of_config, of_layer) = (format!("blobs/sha256/{}", hex(&config)), format!("blobs/sha256/{}", hex(layer())));
    let opened = open_tar(tar.file("manifest.json", manifest_json(&of_config, "[]", &[&of_layer])).end()).unwrap();
    says(&opened, Outcome::Pass, "archive manifest.json names the same config and layers as index.json");
}

#[test]
fn a_digest_that_may_be_the_files_own_is_not_denied_where_the_file_was_not_read() {
    let bytes = layout("").end();
    let expected = Some(stowplan::Digest::parse(&digest(&bytes)).unwrap());
    let options = OpenOptions { expected, ..OpenOptions::default() };
    let opened = |digest: Option<String>| {
        let file = ArchiveFile { size: bytes.len() as u64, digest };
        let listed = list(&bytes);
        let contents = Bytes::Tar(bytes.clone());
        pollster::block_on(open(&listed.index, Some(&file), &contents, &options, &|_| {})).unwrap().unwrap()
    };
    let unread = opened(None);
    is_clean(&unread);
    says(&unread, Outcome::NotChecked, "digest no document in the file has the digest given by the user, and the file");
    let read = opened(Some(digest(&bytes)));
    assert!(found(&read, Outcome::Pass).iter().any(|check| check.ends_with("is the one given by the user")));
}

#[test]
fn a_manifest_json_that_is_too_long_is_not_read_and_the_rest_is() {
    let long = format!("[{}]", " ".repeat(4 * 1024 * 1024));
    let opened = open_tar(layout("").file("manifest.json", long).end()).unwrap();
    says(&opened, Outcome::Fail, "archive manifest.json was not read: it has 4194306 bytes; at most 4194304");
    assert!(opened.report.nodes.iter().any(|node| node.kind == NodeKind::Manifest && node.read));
}

#[test]
fn thousands_of_images_that_an_index_does_not_name_are_each_told_once() {
    let config = config(&[&layer()]);
    let images = vec![format!(r#"{{"Config":"c.json","RepoTags":null,"Layers":["l.tar"]}}"#); 4000];
    let save = format!("[{}]", images.join(","));
    let entries: Vec<String> =
        (0..20_000).map(|at| descriptor("layer", &at.to_string()).replace("+json", ".tar")).collect();
    let tar = Tar::new().file("oci-layout", HEADER).file("index.json", manifests(&entries));
    let tar = tar.file("c.json", &config).file("l.tar", layer()).file("manifest.json", save);
    let opened = open_tar(tar.end()).unwrap();
    let told = "archive not all that index.json names was read, so it may name untagged image or not";
    assert_eq!(found(&opened, Outcome::NotChecked).iter().filter(|message| *message == told).count(), 4000);
    assert_eq!(opened.places.len(), 4000);
}

/// A `docker save` of so many images that all name one config.
fn repeated(config: &str, images: usize) -> Vec<u8> {
    let image = r#"{"Config":"c.json","RepoTags":null,"Layers":["l.tar"]}"#;
    let save = format!("[{}]", vec![image; images].join(","));
    Tar::new().file("c.json", config).file("l.tar", layer()).file("manifest.json", save).end()
}

#[test]
fn the_images_of_a_manifest_json_share_what_a_report_may_say() {
    let line = r#"{"created_by":"RUN make"}"#;
    let config = config(&[&layer()]).replace(line, &vec![line; 30_000].join(","));
    let opened = open_tar(repeated(&config, 40)).unwrap();
    let lines: usize = opened.report.nodes.iter().filter_map(|node| node.facts.history.as_ref().map(Vec::len)).sum();
    assert!(lines > 0 && lines <= 30 * 30_000, "{lines} lines of history");
    says(
        &opened,
        Outcome::NotChecked,
        "limits what it says is left out: the documents of a report may say 134217728 bytes",
    );
}

#[test]
fn a_config_that_thousands_of_images_name_is_not_read_without_end() {
    let config = config(&[&layer()]);
    let config = format!("{config}{}", " ".repeat(8 * 1024 * 1024 - config.len()));
    let opened = open_tar(repeated(&config, 35)).unwrap();
    let configs = opened.report.nodes.iter().filter(|node| node.kind == NodeKind::Config);
    assert_eq!(configs.filter(|node| node.read).count(), 31);
    let unread = "digest c.json was not read: 268435456 bytes of documents were read, which is the limit";
    assert_eq!(found(&opened, Outcome::NotChecked).iter().filter(|message| *message == unread).count(), 4);
}

/// Each was given to podman, skopeo and umoci.
#[test]
fn what_loaders_read_otherwise_is_doubtful() {
    let config = config(&[&layer()]);
    let name = format!("{}.json", hex(&config));
    let saved = |tags: &str, path: &str| manifest_json(&name, tags, &[path]);
    let base = || Tar::new().file(&name, &config).file("l/layer.tar", layer());
    let good = saved(r#"["a:1"]"#, "l/layer.tar");
    let is = |tar: Tar, outcome: Outcome, reason: &str| {
        let opened = open_tar(tar.end()).unwrap();
        let checks = opened.report.nodes.iter().flat_map(|node| &node.checks);
        let found: Vec<_> = checks.filter(|check| check.reason == reason).map(|check| check.outcome).collect();
        assert_eq!(found, [outcome], "{reason}");
    };
    is(base().file("x.json", &good).link("manifest.json", b'1', "x.json"), Outcome::Warn, "file-is-hard-link");
    let linked = Tar::new().file("c.json", &config).link(&name, b'1', "c.json").file("l/layer.tar", layer());
    is(linked.file("manifest.json", &good), Outcome::Warn, "file-is-hard-link");
    is(base().file("manifest.json", saved(r#"["a:1"]"#, "/l/layer.tar")), Outcome::Warn, "name-with-root");
    let header = "22 path=manifest.json\n";
    let global = |tar: Tar| tar.header("pax_global_header", b'g', "", header.len() as u64).content(header.as_bytes());
    is(global(base()).file("manifest.json", &good), Outcome::Warn, "global-header-names-file");
    is(global(base().file("manifest.json", &good)), Outcome::Warn, "global-header-names-file");
    is(base().file("manifest.json", saved(r#"["a"]"#, "l/layer.tar")), Outcome::Warn, "tag-missing");
    for tag in ["A B:1", "A:1", "a:", "", "a:1:2", "-a:1"] {
        let save = saved(&format!("[\"{tag}\"]"), "l/layer.tar");
        is(base().file("manifest.json", save), Outcome::Fail, "tag-not-valid");
    }
    let both = |one: &str, other: &str| {
        let [one, other] = [one, other].map(|tag| saved(&format!("[\"{tag}\"]"), "l/layer.tar"));
        format!("{},{}", &one[..one.len() - 1], &other[1..])
    };
    is(base().file("manifest.json", both("a:1", "docker.io/library/a:1")), Outcome::Warn, "tag-of-two-images");
    for save in [both("a:1", "b:1"), saved(r#"["a:1","a:1","h:5/b:1"]"#, "l/layer.tar"), saved("null", "l/layer.tar")] {
        let opened = open_tar(base().file("manifest.json", save).end()).unwrap();
        let checks = opened.report.nodes.iter().flat_map(|node| &node.checks);
        assert!(checks.into_iter().all(|check| !check.reason.starts_with("tag-")));
    }
}

#[test]
fn two_entries_of_one_name_are_doubtful() {
    let (name, image) =
        (("org.opencontainers.image.ref.name", "ref-name-twice"), ("io.containerd.image.name", "image-name-twice"));
    let entry = |text: &str, key: &str, name: &str| {
        let named = format!(r#","annotations":{{"{key}":"{name}"}}}}"#);
        descriptor("manifest", text).replace('}', &named)
    };
    for ((key, reason), other, text, count) in [
        (name, "1.0", "{ }", 1),
        (name, "2.0", "{ }", 0),
        (image, "1.0", "{ }", 1),
        (image, "2.0", "{ }", 0),
        (image, "1.0", "{}", 0),
    ] {
        entries_are(&[entry("{}", key, "1.0"), entry(text, key, other)], reason, count);
    }
    // The first entry that repeats the name is the same image once more, and the next one is another.
    let (again, another) = (entry("{}", image.0, "1.0"), entry("{ }", image.0, "1.0"));
    entries_are(&[again.clone(), again, another], image.1, 1);

    fn entries_are(entries: &[String], reason: &str, count: usize) {
        let index = manifests(entries);
        let tar = Tar::new().file("oci-layout", HEADER).file("index.json", index).file("blobs/sha256/0", "");
        let opened = open_tar(tar.end()).unwrap();
        let checks = opened.report.nodes.iter().flat_map(|node| &node.checks);
        assert_eq!(checks.filter(|check| check.reason == reason).count(), count, "{entries:?}");
    }
}
