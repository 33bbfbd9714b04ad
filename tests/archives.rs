//! Archives and layouts natively: those of the vectors, made ones with one lie each, and every place to cut them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its input fails")]

mod opening;
mod tars;

use std::fs;
use std::path::{Path, PathBuf};

use opening::{Bytes, found, index, is_clean, layer, layout, list, open_tar, saved, says};
use serde_json::Value;
use stowplan::Outcome;
use stowplan::archive::{Opened, Seeker, open};
use stowplan::image::OpenOptions;
use stowplan::layer::{Entry, EntryKind, FileIndex};
use stowplan::report::NodeKind;
use tars::{Tar, config, digest, hex, manifest_json};

fn open_folder(root: &Path) -> Option<Opened> {
    let named = |path: PathBuf| {
        let name = path.strip_prefix(root.parent().unwrap()).unwrap().to_str().unwrap().to_owned();
        (name, fs::read(&path).unwrap())
    };
    open_files(files_below(root).into_iter().map(named).collect())
}

fn open_files(named: Vec<(String, Vec<u8>)>) -> Option<Opened> {
    let mut index = FileIndex::new();
    let mut files = Vec::new();
    for (name, bytes) in named {
        let mut entry = Entry::new(EntryKind::File, name.as_bytes().to_vec());
        (entry.size, entry.stored) = (bytes.len() as u64, bytes.len() as u64);
        index.push(&entry).unwrap();
        files.push(bytes);
    }
    pollster::block_on(open(&index, None, &Bytes::Folder(files), &OpenOptions::default(), &|_| {})).unwrap()
}

fn files_below(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

fn vectors(kinds: &[&str]) -> Option<Vec<(PathBuf, Value)>> {
    let Some(root) = std::env::var_os("STOWPLAN_VECTORS").map(PathBuf::from) else {
        eprintln!("skipped: STOWPLAN_VECTORS is not set");
        return None;
    };
    let all: Value = serde_json::from_slice(&fs::read(root.join("index.json")).unwrap()).unwrap();
    let of_kind = |one: &&Value| kinds.contains(&one["kind"].as_str().unwrap());
    let one = |one: &Value| (root.join(one["file"].as_str().unwrap()), one["expect"].clone());
    Some(all.as_array().unwrap().iter().filter(of_kind).map(one).collect())
}

#[test]
fn archives_of_the_vectors_have_the_verdict_and_the_identities_that_are_stated() {
    let Some(vectors) = vectors(&["docker-archive", "docker+oci-archive", "oci-archive"]) else { return };
    assert!(vectors.len() > 10);
    for (path, expect) in vectors {
        let computed = &expect["computed"];
        if computed["outer_compression"] != "none" {
            continue;
        }
        let opened = open_tar(fs::read(&path).unwrap()).unwrap_or_else(|| panic!("{} is no archive", path.display()));
        let fails = found(&opened, Outcome::Fail);
        assert_eq!(fails.is_empty(), expect["valid"].as_bool().unwrap(), "{}: {fails:#?}", path.display());
        assert!(computed["entries"].as_array().unwrap().len() == list(&fs::read(&path).unwrap()).index.len());
        let images: Vec<&str> = computed["images"]
            .as_array()
            .map(|images| images.iter().map(|image| image["image_id"].as_str().unwrap()).collect())
            .unwrap_or_default();
        let ids: Vec<&str> = opened.report.nodes.iter().filter_map(|node| node.facts.image_id.as_deref()).collect();
        for image in images {
            assert!(ids.contains(&image), "{}: {image} is not among {ids:?}", path.display());
        }
        for image in computed["images"].as_array().into_iter().flatten() {
            let diff_ids = &image["config_diff_ids"];
            let has = opened.report.nodes.iter().any(|node| {
                node.kind == NodeKind::Config && serde_json::to_value(&node.facts.diff_ids).unwrap() == *diff_ids
            });
            assert!(has, "{}: {diff_ids}", path.display());
        }
    }
}

#[test]
fn layouts_of_the_vectors_have_the_verdict_and_the_digests_that_are_stated() {
    let Some(vectors) = vectors(&["oci-layout-dir"]) else { return };
    assert!(vectors.len() > 5);
    for (path, expect) in vectors {
        let opened = open_folder(&path).unwrap_or_else(|| panic!("{} is no layout", path.display()));
        let fails = found(&opened, Outcome::Fail);
        assert_eq!(fails.is_empty(), expect["valid"].as_bool().unwrap(), "{}: {fails:#?}", path.display());
        for entry in expect["integrity"]["index"].as_array().into_iter().flatten() {
            let digest = entry["digest"].as_str();
            let node = opened.report.nodes.iter().find(|node| node.digest.as_deref() == digest);
            let node = node.unwrap_or_else(|| panic!("{}: {digest:?} is missing", path.display()));
            assert_eq!(node.read, entry["present"].as_bool().unwrap(), "{}: {digest:?}", path.display());
        }
    }
}

#[test]
fn layers_of_an_unpacked_docker_save_are_the_files_that_its_manifest_json_names() {
    let config = config(&[&layer()]);
    let save = manifest_json("c.json", "[]", &["0/layer.tar"]);
    let blob = format!("a/blobs/sha256/{}", hex(layer()));
    // The tar that the config means lies there too, and not where a program takes it from.
    let files = [
        ("a/c.json", config.into_bytes()),
        (&*blob, layer()),
        ("a/0/layer.tar", b"another tar".to_vec()),
        ("a/manifest.json", save.into_bytes()),
    ];
    for files in [&files[..], &[&files[..1], &files[2..]].concat()] {
        let opened =
            open_files(files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())).collect()).unwrap();
        let node = opened.report.nodes.iter().find(|node| node.kind == NodeKind::Layer).unwrap();
        let place = opened.places.iter().find(|place| place.id == node.id).unwrap();
        assert_eq!(files[place.entry].0, "a/0/layer.tar");
        assert_eq!((place.size, place.nameless, place.sizeless), (11, true, true));
    }
}

#[test]
fn a_docker_save_is_its_file_with_its_images_below() {
    let opened = open_tar(saved().end()).unwrap();
    is_clean(&opened);
    let ids: Vec<(&str, NodeKind)> = opened.report.nodes.iter().map(|node| (node.id.as_str(), node.kind)).collect();
    assert_eq!(
        ids,
        [
            ("0", NodeKind::Blob),
            ("0/manifest.json[0]", NodeKind::Manifest),
            ("0/manifest.json[0]/Config", NodeKind::Config),
            ("0/manifest.json[0]/Layers[0]", NodeKind::Layer),
        ]
    );
    let [file, image, config, layer_node] = &opened.report.nodes[..] else { panic!() };
    assert_eq!(file.title.as_deref(), Some("docker save archive"));
    assert_eq!((image.title.as_deref(), image.digest.as_deref(), image.facts.chosen), (Some("a:1"), None, true));
    assert_eq!(image.facts.image_id, config.digest);
    assert_eq!(layer_node.digest.as_deref(), Some(&*digest(layer())), "a plain tar is its own DiffID");
    assert_eq!(config.facts.history.as_ref().unwrap()[0].layer.as_deref(), Some("0/manifest.json[0]/Layers[0]"));
    let [place] = &opened.places[..] else { panic!("{:?}", opened.places) };
    assert_eq!((&*place.id, place.entry, place.size, place.nameless), (&*layer_node.id, 1, layer().len() as u64, true));
}

#[test]
fn a_layout_is_its_file_with_the_index_below() {
    let opened = open_tar(layout("").end()).unwrap();
    is_clean(&opened);
    let ids: Vec<&str> = opened.report.nodes.iter().map(|node| node.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "0",
            "0/index.json",
            "0/index.json/manifests[0]",
            "0/index.json/manifests[0]/config",
            "0/index.json/manifests[0]/layers[0]"
        ]
    );
    assert_eq!(opened.report.nodes[0].title.as_deref(), Some("OCI layout archive"));
    assert_eq!(opened.places.len(), 1);
    assert!(!opened.places[0].nameless && !opened.places[0].blob);
    assert!(opened.bytes.len() == 3, "index, manifest and config can be shown");
}

#[test]
fn prefixes_are_followed_and_said() {
    for (prefix, said) in
        [("./", "archive 5 names begin with \"./\""), ("img/", "archive everything lies in the folder img")]
    {
        let opened = open_tar(layout(prefix).end()).unwrap();
        is_clean(&opened);
        says(&opened, Outcome::Warn, said);
        assert_eq!(opened.places.len(), 1);
    }
}

#[test]
fn a_layer_is_no_archive() {
    assert!(open_tar(layer()).is_none());
    assert!(open_tar(Tar::new().file("manifest.json", r#"{"name":"a web app"}"#).end()).is_none());
    assert!(open_tar(Tar::new().file("manifest.json", "no json").file("app/index.json", "{}").end()).is_none());
    assert!(open_tar(Tar::new().file("srv/oci-layout", "{}").file("etc/passwd", "").end()).is_none());
    assert!(open_tar(Vec::new()).is_none());
}

#[test]
fn names_that_lie_are_told() {
    let config = config(&[&layer()]);
    let wrong = format!("{}.json", hex("another"));
    let named = |name: &str| {
        Tar::new()
            .file(name, &config)
            .file("l.tar", layer())
            .file("manifest.json", manifest_json(name, "null", &["l.tar"]))
            .end()
    };
    let opened = open_tar(named(&wrong)).unwrap();
    is_clean(&opened);
    says(&opened, Outcome::Warn, "digest the config's file name is a hash, and not that of its bytes");
    says(&opened, Outcome::Warn, "archive RepoTags is null");
    says(
        &open_tar(named("config.json")).unwrap(),
        Outcome::Warn,
        "digest the config is called config.json, which is no hash",
    );
    let blob = format!("blobs/sha256/{}", hex("another"));
    says(&open_tar(named(&blob)).unwrap(), Outcome::Fail, "digest the config's bytes are not those that its file name");
}

#[test]
fn blobs_that_are_not_what_they_are_called_fail_where_they_are() {
    let config = config(&[&layer()]);
    let blob = format!("blobs/sha256/{}", hex(&config));
    let other = layout("").file(&blob, config.replace("amd64", "arm64")).end();
    let opened = open_tar(other).unwrap();
    says(&opened, Outcome::Fail, "digest the digest of the bytes is not the one given by the descriptor");
    says(&opened, Outcome::Warn, &format!("archive {blob} stands more than once"));
}

#[test]
fn links_lead_to_layers_and_never_out() {
    let config = config(&[&layer(), &layer()]);
    let archive = |flag: u8, target: &str| {
        let tar = Tar::new().file("c.json", &config).file("a/layer.tar", layer()).link("b/layer.tar", flag, target);
        open_tar(tar.file("manifest.json", manifest_json("c.json", "[]", &["a/layer.tar", "b/layer.tar"])).end())
            .unwrap()
    };
    for (flag, target) in [(b'2', "../a/layer.tar"), (b'1', "a/layer.tar")] {
        let opened = archive(flag, target);
        is_clean(&opened);
        assert_eq!(opened.places.iter().map(|place| place.entry).collect::<Vec<_>>(), [1, 1]);
        says(&opened, Outcome::Warn, &format!("archive the layer's file is a link to {target}"));
    }
    let out = archive(b'2', "../../etc/passwd");
    says(&out, Outcome::Fail, "archive b/layer.tar is a link out of the archive, to ../../etc/passwd");
    says(
        &archive(b'2', "layer.tar"),
        Outcome::Fail,
        "archive b/layer.tar is a link that leads on over more than 16 links",
    );
}

#[test]
fn what_is_missing_is_not_checked_and_says_so() {
    let config = config(&[&layer()]);
    let archive =
        Tar::new().file("c.json", &config).file("manifest.json", manifest_json("c.json", "[]", &["gone/layer.tar"]));
    let opened = open_tar(archive.end()).unwrap();
    is_clean(&opened);
    says(&opened, Outcome::NotChecked, "tar gone/layer.tar is not in this archive, so not checked");
    let manifest = "{}";
    let alone =
        Tar::new().file("oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#).file("index.json", index(manifest, 2));
    let opened = open_tar(alone.end()).unwrap();
    is_clean(&opened);
    says(&opened, Outcome::NotChecked, "digest not read: not in this archive");
}

#[test]
fn an_archive_without_a_beginning_fails() {
    let old = Tar::new().file("repositories", "{}").file("top/layer.tar", layer()).end();
    says(&open_tar(old).unwrap(), Outcome::Fail, "archive there is no manifest.json");
    let header = r#"{"imageLayoutVersion":"1.0.0"}"#;
    let no_index = Tar::new().file("oci-layout", header).end();
    says(&open_tar(no_index).unwrap(), Outcome::Fail, "archive index.json was not read: not in this archive");
    let empty = Tar::new().file("oci-layout", header).file("index.json", "").end();
    says(&open_tar(empty).unwrap(), Outcome::Fail, "parse not JSON");
    let garbled = Tar::new().file("oci-layout", header).file("index.json", "[1]").end();
    says(&open_tar(garbled).unwrap(), Outcome::Fail, "parse is JSON, but no known kind");
    let version = layout("").file("oci-layout", r#"{"imageLayoutVersion":"2.0.0"}"#).end();
    says(&open_tar(version).unwrap(), Outcome::Fail, "schema oci-layout: imageLayoutVersion is \"2.0.0\"");
}

#[test]
fn manifest_json_and_index_json_have_to_agree() {
    let config = config(&[&layer()]);
    let (of_config, of_layer) = (format!("blobs/sha256/{}", hex(&config)), format!("blobs/sha256/{}", hex(layer())));
    let both =
        |layers: &[&str]| layout("").file("manifest.json", manifest_json(&of_config, r#"["a:1"]"#, layers)).end();
    let opened = open_tar(both(&[&of_layer])).unwrap();
    is_clean(&opened);
    says(&opened, Outcome::Pass, "archive manifest.json names the same config and layers as index.json: a:1");
    assert_eq!(opened.report.nodes[0].title.as_deref(), Some("docker save archive and OCI layout"));
    says(&open_tar(both(&[])).unwrap(), Outcome::Fail, "archive manifest.json gives a:1 other layers than index.json");
    let foreign = layout("").file("c.json", config.replace("amd64", "arm64"));
    let foreign = foreign.file("manifest.json", manifest_json("c.json", r#"["b:2"]"#, &[&of_layer])).end();
    says(
        &open_tar(foreign).unwrap(),
        Outcome::Fail,
        "archive manifest.json names an image that index.json does not, b:2",
    );
}

/// The digests count, not the names that lead to them.
#[test]
fn files_of_other_names_with_the_same_bytes_agree() {
    let config = config(&[&layer()]);
    let (of_config, of_layer) = (format!("blobs/sha256/{}", hex(&config)), format!("blobs/sha256/{}", hex(layer())));
    let both = |names: [&str; 2], top: &[u8]| {
        let tar = layout("").file("c.json", &config).file("l/layer.tar", top);
        open_tar(tar.file("manifest.json", manifest_json(names[0], r#"["a:1"]"#, &[names[1]])).end()).unwrap()
    };
    for names in [["c.json", "l/layer.tar"], [&of_config, "l/layer.tar"], ["c.json", &of_layer]] {
        let opened = both(names, &layer());
        is_clean(&opened);
        says(&opened, Outcome::Pass, "archive manifest.json and index.json name the config of a:1 by different names");
        // The bytes of both layers are still held against the DiffID.
        let unread =
            opened.report.nodes.iter().filter(|node| node.kind == NodeKind::Layer && node.facts.diff_id.is_some());
        assert_eq!(unread.count(), 2, "{names:?}");
        assert_eq!(opened.places.len(), 2, "{names:?}");
    }
    let other = both(["c.json", "l/layer.tar"], &Tar::new().file("a", "b").file("c", "d").end());
    says(&other, Outcome::Fail, "archive manifest.json names an image that index.json does not, a:1");
}

/// A blob that a manifest names is read as from a registry, whatever its type; only an unnamed one is hashed and no
/// more.
#[test]
fn a_blob_that_a_manifest_names_is_read_by_its_kind() {
    let config = config(&[&layer()]);
    let kind = "application/vnd.dev.cosign.simplesigning.v1+json";
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{}","size":{}}},"layers":[{{"mediaType":"{kind}","digest":"{}","size":{}}}]}}"#,
        digest(&config),
        config.len(),
        digest(layer()),
        layer().len()
    );
    let blob = |bytes: &[u8]| format!("blobs/sha256/{}", hex(bytes));
    let tar = Tar::new()
        .file("oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#)
        .file("index.json", index(&manifest, manifest.len()))
        .file(&blob(config.as_bytes()), &config)
        .file(&blob(manifest.as_bytes()), &manifest)
        .file(&blob(&layer()), layer())
        .file(&blob(b"spare"), "spare");
    let opened = open_tar(tar.end()).unwrap();
    let named = opened.places.iter().map(|place| {
        let node = opened.report.nodes.iter().find(|node| node.id == place.id).unwrap();
        (node.media_type.as_deref() == Some(kind), place.blob)
    });
    assert_eq!(named.collect::<Vec<_>>(), [(true, false), (false, true)]);
}

/// As podman, skopeo and buildah write it: `manifest.json` names the file, `repositories` a folder with a link to it.
#[test]
fn repositories_may_lead_through_a_link_to_the_same_file() {
    let config = config(&[&layer()]);
    let (name, top) = (format!("{}.json", hex(&config)), format!("{}.tar", hex(layer())));
    let tar = |target: &str| {
        Tar::new()
            .file(&top, layer())
            .file("other.tar", "x")
            .file(&name, &config)
            .link("id/layer.tar", b'2', target)
            .file("manifest.json", manifest_json(&name, r#"["a:1"]"#, &[&top]))
            .file("repositories", r#"{"a":{"1":"id"}}"#)
            .end()
    };
    let opened = open_tar(tar(&format!("../{top}"))).unwrap();
    says(&opened, Outcome::Pass, "archive repositories names the same tags");
    assert_eq!(found(&opened, Outcome::Warn), Vec::<String>::new());
    let opened = open_tar(tar("../other.tar")).unwrap();
    says(&opened, Outcome::Warn, "archive repositories names id as the topmost layer of a:1");
}

#[test]
fn repositories_only_warns() {
    let with = |text: &str| open_tar(saved().file("repositories", text).end()).unwrap();
    says(&with(r#"{"a":{"1":"top"}}"#), Outcome::Pass, "archive repositories names the same tags");
    for (text, said) in [
        (r#"{"a":{"1":"other"}}"#, "archive repositories names other as the topmost layer of a:1"),
        (r#"{"b":{"1":"top"}}"#, "archive repositories names the tag b:1, which no image"),
        ("[]", "archive repositories is not what docker save writes"),
        ("{", "archive repositories is not JSON"),
    ] {
        let opened = with(text);
        is_clean(&opened);
        says(&opened, Outcome::Warn, said);
    }
}

#[test]
fn blobs_that_nothing_names_are_listed() {
    let spare = format!("blobs/sha256/{}", hex("spare"));
    let opened = open_tar(layout("").file(&spare, "spare").end()).unwrap();
    is_clean(&opened);
    says(&opened, Outcome::Warn, &format!("archive 1 blob is named by nothing that is read here: {spare}"));
    let node = opened.report.nodes.last().unwrap();
    assert_eq!((&*node.id, node.title.as_deref()), ("0/unreferenced[0]", Some("unreferenced blob")));
    assert!(opened.places.iter().any(|place| place.id == node.id && place.blob));
}

#[test]
fn types_that_no_index_can_name_fail_where_nothing_else_tells() {
    let manifest = "{}";
    let strange = index(manifest, 2).replace("image.manifest.v1+json", "descriptor.v1+json");
    let tar = Tar::new().file("oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#).file("index.json", &strange);
    let said = "schema application/vnd.oci.descriptor.v1+json is no type that an index can name";
    says(&open_tar(tar.end()).unwrap(), Outcome::Fail, &format!("{said}: nothing says what it is"));
    let real = layout("");
    let bytes = String::from_utf8_lossy(&real.clone().end()).into_owned();
    let digest = bytes.split("\"digest\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let strange = format!(
        r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"application/vnd.oci.descriptor.v1+json","digest":"{digest}","size":{}}}]}}"#,
        bytes.split("\"size\":").nth(1).unwrap().split('}').next().unwrap()
    );
    let opened = open_tar(real.file("index.json", strange).end()).unwrap();
    is_clean(&opened);
    says(&opened, Outcome::Warn, said);
    let expected = opened.report.nodes.iter().any(|node| node.kind == NodeKind::Manifest && node.read);
    assert!(expected, "its bytes say that it is a manifest");
}

#[test]
fn contents_are_skipped_however_large_they_are() {
    const HUGE: u64 = 4 << 30;
    let head = Tar::new().header("top/layer.tar", b'0', "", HUGE);
    let head = head.end();
    let head = &head[..512];
    let tail = saved().end();
    let size = 512 + HUGE + tail.len() as u64;
    let mut seeker = Seeker::new(size, None);
    let mut read = 0;
    let mut at = 0;
    while at < size {
        let piece = if at < 512 { head } else { &tail[usize::try_from(at - 512 - HUGE).unwrap()..] };
        read += piece.len();
        at = seeker.push(piece);
    }
    let listed = seeker.finish();
    assert!(listed.end.is_ok() && read < 16 * 1024, "{read} bytes were read");
    let paths: Vec<_> = listed.index.iter().map(|entry| (entry.path.len(), entry.stored)).collect();
    assert_eq!((paths.len(), paths[0].1), (4, HUGE));
}

#[test]
fn a_tar_that_ends_early_is_opened_as_far_as_it_goes_wherever_it_is_cut() {
    let whole = saved().file("repositories", "{}").end();
    for length in 0..whole.len() {
        let cut = whole[..length].to_vec();
        let listed = list(&cut);
        if length < whole.len() - 1024 && length % 512 != 0 {
            let is_padding = listed.end.as_ref().is_ok_and(|end| !end.oddities.is_empty());
            assert!(listed.end.is_err() || is_padding, "cut at {length}");
        }
        if let Some(opened) = open_tar(cut) {
            assert_eq!(opened.report.roots, ["0"]);
        }
    }
}

#[test]
fn how_a_tar_is_cut_into_pieces_changes_nothing() {
    let whole = layout("./").link("x", b'2', "y").end();
    let all = list(&whole);
    for size in [1, 7, 511, 512, 513, 10_000] {
        let mut seeker = Seeker::new(whole.len() as u64, None);
        let mut at = 0;
        while at < whole.len() {
            at = usize::try_from(seeker.push(&whole[at..(at + size).min(whole.len())])).unwrap();
        }
        let listed = seeker.finish();
        assert_eq!((listed.index.to_bytes(), listed.end), (all.index.to_bytes(), all.end.clone()), "pieces of {size}");
    }
}

#[test]
fn entries_are_counted_and_capped() {
    let mut tar = Tar::new();
    for at in 0..1000 {
        tar = tar.file(&format!("f{at}"), "");
    }
    let bytes = tar.end();
    let mut seeker = Seeker::new(bytes.len() as u64, Some(999));
    seeker.push(&bytes);
    let listed = seeker.finish();
    assert_eq!(listed.index.len(), 999);
    let [tar, limit] = &listed.checks()[..] else { panic!() };
    assert_eq!((tar.outcome, limit.outcome), (Outcome::NotChecked, Outcome::NotChecked));
    assert_eq!(limit.message, "the archive has more than 999 entries: a cap that can be raised (entries)");
}

#[test]
fn more_images_than_can_be_shown_are_counted() {
    let image = format!(r#"{{"Config":"c","Layers":[{}]}}"#, vec![r#""l""#; 900].join(","));
    let all = format!("[{}]", vec![image.as_str(); 300].join(","));
    let opened = open_tar(Tar::new().file("manifest.json", all).end()).unwrap();
    assert!(opened.report.nodes.len() <= 50_001, "{} nodes", opened.report.nodes.len());
    says(&opened, Outcome::NotChecked, "limits manifest.json names 300 images; only the first 55 are shown");
}

/// A save whose `manifest.json` is this text; it holds two configs and two layers.
fn saved_as(manifest: &str) -> Opened {
    let (good, evil) = (config(&[&layer()]), config(&[&layer()]).replace("amd64", "arm64"));
    let tar = Tar::new().file("good.json", good).file("evil.json", evil);
    let tar = tar.file("l1/layer.tar", layer()).file("l3/layer.tar", layer()).file("manifest.json", manifest);
    open_tar(tar.end()).unwrap()
}

#[test]
fn manifest_json_is_decoded_as_dockers_loader_does() {
    let opened = saved_as(
        r#"[{"Config":"good.json","RepoTags":["a:1"],"Layers":["l1/layer.tar"],"config":"evil.json","layers":["l3/layer.tar"]}]"#,
    );
    let nodes = &opened.report.nodes;
    let shown = nodes.iter().find(|node| node.kind == NodeKind::Config).unwrap();
    assert_eq!(shown.platform.as_ref().unwrap().architecture, "arm64");
    let twice = nodes[0].checks.iter().filter(|check| check.reason == "one-name-for-go");
    let paths: Vec<_> = twice.map(|check| (check.outcome, check.path.as_deref().unwrap())).collect();
    let (config, layers) = ("$.manifest.json[0].config", "$.manifest.json[0].layers");
    assert_eq!(paths, [(Outcome::Fail, config), (Outcome::Fail, layers)]);
    for (members, path) in [
        (r#""Layers":["l1/layer.tar",5],"RepoTags":["a:1"]"#, "[0].Layers[1]"),
        (r#""Layers":["l1/layer.tar"],"RepoTags":"good:1""#, "[0].RepoTags"),
        (r#""Layers":["l1/layer.tar"],"RepoTags":["a:1"],"Parent":5"#, "[0].Parent"),
        (r#""Layers":["l1/layer.tar"],"RepoTags":["a:1"],"LayerSources":[]"#, "[0].LayerSources"),
        (
            r#""Layers":["l1/layer.tar"],"RepoTags":["a:1"],"LayerSources":{"sha256:a":{"size":"1"}}"#,
            r#"[0].LayerSources["sha256:a"].size"#,
        ),
        (r#""Layers":["l1/layer.tar"],"RepoTags":["a:1"],"Config":1"#, "[0].Config"),
    ] {
        let config = if members.contains("Config") { "" } else { r#""Config":"good.json","# };
        let opened = saved_as(&format!("[{{{config}{members}}}]"));
        let checks = &opened.report.nodes[0].checks;
        let refused: Vec<_> = checks.iter().filter(|check| check.reason == "not-decoded").collect();
        let paths: Vec<_> = refused.iter().map(|check| (check.outcome, check.path.as_deref().unwrap())).collect();
        assert_eq!(paths, [(Outcome::Fail, &*format!("$.manifest.json{path}"))], "{members}");
    }
}

#[test]
fn a_name_of_manifest_json_in_another_case_is_read_and_doubtful() {
    let opened = saved_as(r#"[{"Config":"good.json","RepoTagſ":["a:1"],"Layers":["l1/layer.tar"]}]"#);
    is_clean(&opened);
    assert!(opened.report.nodes.iter().any(|node| node.title.as_deref() == Some("a:1")));
    says(&opened, Outcome::Warn, "archive the members of manifest.json are not written Config, RepoTags and Layers");
    says(
        &saved_as(r#"[{"Config":"good.json","RepoTags":[null],"Layers":["l1/layer.tar"]}]"#),
        Outcome::Warn,
        "schema manifest.json: null in a list",
    );
}

#[test]
fn names_that_stand_twice_in_repositories_fail() {
    let with = |text: &str| open_tar(saved().file("repositories", text).end()).unwrap();
    says(
        &with(r#"{"a":{"1":"other","1":"top"}}"#),
        Outcome::Fail,
        "duplicate-key repositories: this name stands twice",
    );
    says(&with(r#"{"a":{"1":"top"},"A":{"1":"top"}}"#), Outcome::Warn, "archive repositories names the tag A:1");
    let layout = |header: &str| {
        let config = config(&[&layer()]);
        let tar =
            Tar::new().file("oci-layout", header).file("index.json", index("x", 1)).file("blobs/sha256/a", &config);
        open_tar(tar.end()).unwrap()
    };
    let twice = layout(r#"{"imageLayoutVersion":"1.0.0","ImageLayoutVersion":"1.0.0"}"#);
    says(&twice, Outcome::Fail, "duplicate-key oci-layout: is one name with");
    says(
        &layout(r#"{"imagelayoutversion":"1.0.0"}"#),
        Outcome::Warn,
        "schema oci-layout: \"imagelayoutversion\" is read as",
    );
}
