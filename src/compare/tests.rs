//! Whole comparisons over small images made here, and the joined files of hostile and large ones.

use super::side::{Line, Node, NodeCheck};
use super::*;
use crate::digest::Algorithm;
use crate::layer::{Entry, EntryKind, FileIndex};
use crate::platform::Platform;

/// One layer of an image of these tests: the name of its tar, the name of its blob, its size, its command.
type LayerOf<'a> = (&'a str, &'a str, u64, &'a str);

fn digest(text: &str) -> String {
    Algorithm::Sha256.digest(text.as_bytes()).to_string()
}

fn json(text: String) -> GivenDocument {
    GivenDocument { digest: digest(&text), bytes: text.into_bytes() }
}

/// An image as a report shows it; `more` stands in its config, `extra` in its manifest.
fn image(layers: &[LayerOf<'_>], more: &str, extra: &str) -> Given {
    let diff_ids: Vec<String> = layers.iter().map(|(tar, ..)| digest(tar)).collect();
    let quoted: Vec<String> = diff_ids.iter().map(|id| format!("\"{id}\"")).collect();
    let config = json(format!("{{\"rootfs\":{{\"diff_ids\":[{}]}}{more}}}", quoted.join(",")));
    let blobs: Vec<String> = layers.iter().map(|(_, blob, size, _)| format!("{blob} {size}")).collect();
    let manifest = json(format!("{{\"config\":\"{}\",\"layers\":\"{}\"{extra}}}", config.digest, blobs.join(",")));
    let node = |id: &str, kind: &str| Node {
        id: id.to_owned(),
        kind: kind.to_owned(),
        parent: (id != "0").then(|| "0".to_owned()),
        read: Some(true),
        ..Node::default()
    };
    let history = layers.iter().enumerate().map(|(at, (.., command))| Line {
        created_by: Some((*command).to_owned()),
        layer: Some(format!("0/layers[{at}]")),
        comment: None,
        secret: None,
    });
    let mut nodes = vec![
        Node { digest: Some(manifest.digest.clone()), ..node("0", "manifest") },
        Node {
            digest: Some(config.digest.clone()),
            diff_ids: Some(diff_ids.clone()),
            history: Some(history.collect()),
            path: Some("$.config".to_owned()),
            ..node("0/config", "config")
        },
    ];
    for (at, (_, blob, size, _)) in layers.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "small sizes")]
        nodes.push(Node {
            digest: Some(digest(blob)),
            size: Some(*size as f64),
            diff_id: diff_ids.get(at).cloned(),
            path: Some(format!("$.layers[{at}]")),
            ..node(&format!("0/layers[{at}]"), "layer")
        });
    }
    Given { nodes, documents: vec![manifest, config], ..Given::default() }
}

const BASE: LayerOf<'_> = ("base", "base.gz", 100, "ADD rootfs");
const APP: LayerOf<'_> = ("app", "app.gz", 50, "COPY app");

fn of(a: &Given, b: &Given) -> (Compared, Rung, &'static str) {
    let found = compare(a, b, None).unwrap();
    (found.verdict, found.rung, found.cause.reason)
}

fn states(a: &[LayerOf<'_>], b: &[LayerOf<'_>]) -> Vec<LayerState> {
    let found = compare(&image(a, "", ""), &image(b, "", ""), None).unwrap();
    found.layers.iter().map(|layer| layer.state).collect()
}

#[test]
fn the_first_rung_that_holds_is_told() {
    let a = image(&[BASE, APP], "", "");
    assert_eq!(of(&a, &a), (Compared::Compared, Rung::Digest, "compared-digest-same"));

    let mut spaced = a.clone();
    let text = String::from_utf8(a.documents[0].bytes.clone()).unwrap().replace(':', ": ");
    spaced.documents[0] = json(text.replace("sha256: ", "sha256:"));
    spaced.nodes[0].digest = Some(spaced.documents[0].digest.clone());
    assert_eq!(of(&a, &spaced), (Compared::Compared, Rung::Manifest, "manifest-written-otherwise"));

    let zstd = image(&[BASE, ("app", "app.zst", 40, "COPY app")], "", "");
    assert_eq!(of(&a, &zstd), (Compared::Compared, Rung::Content, "layers-recompressed"));
    let annotated = image(&[BASE, APP], "", ",\"annotations\":{\"x\":\"y\"}");
    assert_eq!(of(&a, &annotated), (Compared::Compared, Rung::Content, "only-annotations-differ"));

    let later = [",\"created\":\"2026-01-01T00:00:00Z\"", ",\"created\":\"2026-02-01T00:00:00Z\""];
    let created = later.map(|more| image(&[BASE, APP], more, ""));
    assert_eq!(of(&created[0], &created[1]), (Compared::Compared, Rung::Metadata, "only-created-differs"));
    let user = image(&[BASE, APP], ",\"config\":{\"User\":\"app\"}", "");
    assert_eq!(of(&a, &user), (Compared::Compared, Rung::Differs, "one-member-differs"));

    let other = image(&[BASE, ("app2", "app2.gz", 51, "COPY app")], "", "");
    assert_eq!(of(&a, &other), (Compared::Incomplete, Rung::Differs, "layers-not-read"));
}

#[test]
fn files_decide_where_layers_differ() {
    let (a, b) = (image(&[BASE, APP], "", ""), image(&[BASE, ("app2", "app2.gz", 51, "COPY app")], "", ""));
    let with = |facts: FileFacts| {
        let found = compare(&a, &b, Some(&facts)).unwrap();
        (found.verdict, found.rung, found.cause)
    };
    let (verdict, rung, cause) = with(FileFacts::default());
    assert_eq!((verdict, rung, cause.reason), (Compared::Compared, Rung::Files, "files-in-other-layers"));
    let rewritten = vec![Rewritten { layer: 0, files: 2 }, Rewritten { layer: 1, files: 3214 }];
    let (_, rung, cause) = with(FileFacts { changed: 3216, times: 3216, rewritten, ..FileFacts::default() });
    assert_eq!(rung, Rung::Metadata);
    assert_eq!(cause.message, "layer 2 (COPY app) rewrites 3214 files whose contents are the same");
    let (_, rung, cause) = with(FileFacts { changed: 1, only: Some("etc/motd".to_owned()), ..FileFacts::default() });
    assert_eq!((rung, cause.message.as_str()), (Rung::Differs, "only etc/motd differs"));
    let (_, _, cause) = with(FileFacts { added: 3, changed: 2, ..FileFacts::default() });
    assert_eq!((cause.reason, cause.message.as_str()), ("files-differ", "3 paths are new; 2 paths changed"));
    let params = serde_json::to_value(&cause.params).unwrap();
    let told: Vec<_> =
        params["changes"].as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap()).collect();
    assert_eq!(told, ["files-added", "files-changed"], "what did not happen is not told");
    assert_eq!((&params["removed"], &params["renamed"]), (&0.into(), &0.into()));
    let (verdict, _, cause) = with(FileFacts { changed: 1, unknown: 1, ..FileFacts::default() });
    assert_eq!((verdict, cause.reason), (Compared::Incomplete, "contents-not-known"));
}

#[test]
fn a_failed_digest_on_either_side_fails_and_says_which() {
    let a = image(&[BASE, APP], "", "");
    let mut b = a.clone();
    b.nodes[3].checks = vec![NodeCheck { id: "digest".to_owned(), outcome: "fail".to_owned() }];
    let found = compare(&a, &b, None).unwrap();
    assert_eq!((found.verdict, found.cause.reason), (Compared::Failed, "compared-digest-failed"));
    assert!(found.cause.message.contains("second image") && found.cause.message.contains(&digest("app.gz")));
}

#[test]
fn documents_of_another_digest_are_not_believed() {
    let (a, mut b) = (image(&[BASE], "", ""), image(&[BASE], ",\"config\":{\"User\":\"x\"}", ""));
    b.documents[1].bytes.push(b' ');
    assert_eq!(of(&a, &b).2, "config-not-read");
}

#[test]
fn layers_are_recognised_by_their_tars() {
    use LayerState::{Added, Changed, Moved, Recompressed, Removed, Same};
    let new = ("new", "new.gz", 7, "RUN new");
    assert_eq!(states(&[BASE, APP], &[BASE, APP]), [Same, Same]);
    assert_eq!(states(&[BASE, APP], &[("base", "base.zst", 90, ""), APP]), [Recompressed, Same]);
    assert_eq!(states(&[BASE, APP], &[BASE, APP, new]), [Same, Same, Added]);
    assert_eq!(states(&[BASE, APP, new], &[BASE, new]), [Same, Removed, Same]);
    assert_eq!(states(&[BASE, APP], &[BASE, new]), [Same, Changed]);
    assert_eq!(states(&[BASE, APP], &[APP, BASE]), [Same, Moved]);
    let (one, two) = (("c1", "c1", 1, "RUN a"), ("c2", "c2", 1, "RUN a"));
    assert_eq!(states(&[BASE, one, APP], &[BASE, new, two, APP]), [Same, Added, Changed, Same]);
    assert_eq!(states(&[], &[BASE]), [Added]);
}

#[test]
fn a_pull_costs_what_is_not_there_yet() {
    let recompressed = ("app", "app.zst", 40, "");
    let (a, b) =
        (image(&[BASE, APP], "", ""), image(&[BASE, recompressed, ("n", "n", 7, ""), ("n", "n", 7, "")], "", ""));
    let sizes = compare(&a, &b, None).unwrap().sizes;
    assert_eq!(
        (sizes.a, sizes.b, sizes.shared, sizes.pull),
        (150, 147, 140, 7),
        "a blob that stands twice counts once"
    );
    assert_eq!((sizes.pull_layers, sizes.layers_b), (1, 4));
    assert_eq!(sizes.classic, Classic { pull: 7, layers: 1 });
}

#[test]
fn a_classic_store_has_a_layer_only_above_the_same_ones() {
    let new = ("new", "new.gz", 7, "RUN new");
    let classic = |a: &[LayerOf<'_>], b: &[LayerOf<'_>]| {
        let sizes = compare(&image(a, "", ""), &image(b, "", ""), None).unwrap().sizes;
        (sizes.pull, sizes.classic.pull, sizes.classic.layers)
    };
    assert_eq!(classic(&[BASE, APP], &[BASE, new, APP]), (7, 57, 2), "what stands above another layer is not there");
    assert_eq!(classic(&[BASE, APP], &[APP, BASE]), (0, 150, 2));
    assert_eq!(classic(&[BASE, APP], &[BASE]), (0, 0, 0));
    // Of several images that a machine has the one counts that has most of it.
    let ids = |names: &[&str]| {
        let list: Vec<String> = names.iter().map(|name| format!("\"{}\"", digest(name))).collect();
        format!("{{\"RootFS\":{{\"Layers\":[{}]}}}}", list.join(","))
    };
    let text = format!("[{},{}]", ids(&["app", "base"]), ids(&["base", "other"]));
    let given = image(&[BASE, APP], "", "");
    let found = cost(&Held::inspected(&text).unwrap(), &Side::of(&given).unwrap());
    assert_eq!((found.pull, found.classic), (0, Classic { pull: 50, layers: 1 }));
}

#[test]
fn members_are_named_by_their_paths() {
    let config = |env: &str, label: &str| {
        let more = format!(",\"created\":\"2026\",\"config\":{{\"Env\":[{env}],\"Labels\":{{\"a.b\":\"{label}\"}}}}");
        image(&[BASE], &more, "")
    };
    let a = config("\"PATH=/bin\",\"NODE=20\"", "1");
    let b = config("\"NODE=22\",\"PATH=/bin\",\"DB_PASSWORD=s3cr3t-9Kq\"", "2");
    let found = compare(&a, &b, None).unwrap().config;
    let paths: Vec<(&str, bool)> = found.iter().map(|one| (one.path.as_str(), one.secret)).collect();
    assert_eq!(paths, [("config.Env[0]", false), ("config.Env[2]", true), ("config.Labels[\"a.b\"]", false)]);
    let shown = serde_json::to_value(&found).unwrap();
    assert_eq!(shown[0], serde_json::json!({ "path": "config.Env[0]", "a": "NODE=20", "b": "NODE=22" }));
    assert!(shown[1].get("a").is_none());
}

#[test]
fn an_image_is_chosen_by_platform() {
    let mut given = image(&[BASE], "", "");
    let platform = |arch: &str| Some(Platform { os: "linux".into(), architecture: arch.into(), ..Platform::default() });
    given.nodes[0].platform = platform("amd64");
    given.nodes.push(Node { id: "1".into(), kind: "manifest".into(), platform: platform("arm64"), ..Node::default() });
    let asked = |text: &str| Given { platform: Some(text.to_owned()), ..given.clone() };
    assert_eq!(Side::of(&asked("linux/arm64")).unwrap().about().image, "1");
    assert_eq!(Side::of(&asked("linux/aarch64")).unwrap().about().image, "1");
    assert_eq!(Side::of(&asked("linux/s390x")).err().unwrap().code(), "not-found");
    assert_eq!(Side::of(&asked("linux")).err().unwrap().code(), "invalid-platform");
    assert_eq!(Side::of(&Given::default()).err().unwrap().code(), "not-found");
}

#[test]
fn thousands_of_layers_are_aligned_in_time() {
    let name = |from: usize| (from..from + 4000).map(|at| at.to_string()).collect::<Vec<_>>();
    let (one, other) = (name(0), name(2000));
    let of = |names: &[String]| {
        let layers: Vec<LayerOf<'_>> = names.iter().map(|name| (name.as_str(), name.as_str(), 1, "RUN x")).collect();
        image(&layers, "", "")
    };
    let started = std::time::Instant::now();
    let found = compare(&of(&one), &of(&other), None).unwrap();
    let same = found.layers.iter().filter(|layer| layer.state == LayerState::Same).count();
    assert!(same == 2000 && started.elapsed().as_secs() < 5, "{same} {:?}", started.elapsed());
}

/// An entry: path, content, mode, time.
type EntryOf<'a> = (&'a str, &'a str, u32, i64);

fn index(entries: &[EntryOf<'_>]) -> FileIndex {
    let mut index = FileIndex::new();
    for (path, content, mode, mtime) in entries {
        let kind = if path.ends_with('/') { EntryKind::Directory } else { EntryKind::File };
        let mut entry = Entry::new(kind, *path);
        (entry.mode, entry.mtime, entry.size) = (*mode, *mtime, content.len() as u64);
        index.push(&entry).unwrap();
        if kind == EntryKind::File {
            let mut hasher = crate::digest::Hasher::new(Algorithm::Sha256);
            hasher.update(content.as_bytes());
            index.set_content(&hasher.sha256().unwrap());
        }
    }
    index
}

fn joined(a: &[&[EntryOf<'_>]], b: &[&[EntryOf<'_>]]) -> FilesComparison {
    let mut files = FilesComparison::new();
    for (side, layers) in [a, b].into_iter().enumerate() {
        for (at, layer) in (0_u32..).zip(layers) {
            files.add(side, at, index(layer));
        }
    }
    files.build().unwrap();
    files
}

fn rows(files: &FilesComparison, query: &RowQuery) -> Vec<String> {
    let shown = |row: &Row| format!("{:?} {} {}", row.state, row.path, row.what.join("+"));
    files.rows(query).iter().map(shown).collect()
}

#[test]
fn files_are_joined_by_path() {
    let a: &[EntryOf<'_>] = &[
        ("etc/", "", 0o755, 1),
        ("etc/a", "one", 0o644, 1),
        ("etc/b", "same", 0o644, 1),
        ("gone", "moved here", 0o644, 1),
        ("kept", "kept", 0o644, 1),
        ("old", "x", 0o600, 1),
    ];
    let b: &[EntryOf<'_>] = &[
        ("etc/", "", 0o755, 2),
        ("etc/a", "two!", 0o755, 1),
        ("etc/b", "same", 0o644, 2),
        ("here", "moved here", 0o644, 1),
        ("kept", "kept", 0o644, 1),
        ("new", "n", 0o644, 1),
    ];
    let files = joined(&[a], &[b]);
    let by_path = RowQuery { sort: Some(Order::Path), ..RowQuery::default() };
    let expected = [
        "Changed etc times",
        "Changed etc/a content+mode",
        "Changed etc/b times",
        "Renamed here ",
        "Added new ",
        "Removed old ",
    ];
    assert_eq!(rows(&files, &by_path), expected);
    let facts = &files.facts;
    assert_eq!((facts.added, facts.removed, facts.changed, facts.renamed, facts.times), (1, 1, 3, 1, 2));
    assert_eq!(rows(&files, &RowQuery { ignore_times: Some(true), ..by_path.clone() }).len(), 4);
    let piece = |from, to| rows(&files, &RowQuery { from: Some(from), to: Some(to), ..by_path.clone() });
    assert_eq!(piece(0, 2), expected[..2]);
    assert_eq!(piece(4, 9), expected[4..]);
    assert!(piece(9, 3).is_empty());
    assert_eq!((files.count(&by_path), files.count(&RowQuery { ignore_times: Some(true), ..by_path.clone() })), (6, 4));
    let named = RowQuery { path: Some("ETC/A".to_owned()), ..by_path };
    assert_eq!(rows(&files, &named), ["Changed etc/a content+mode"]);
    assert_eq!(files.rows(&RowQuery::default())[0].growth.unsigned_abs(), 1);
    let renamed = files.rows(&RowQuery { states: Some(vec![RowState::Renamed]), ..RowQuery::default() });
    assert_eq!(renamed[0].from.as_deref(), Some("gone"));
    let tree = files.tree("etc");
    assert_eq!(tree.iter().map(|row| (row.name.as_str(), row.growth)).collect::<Vec<_>>(), [("a", 1), ("b", 0)]);
    let top = files.tree("");
    assert_eq!(top.iter().find(|row| row.name == "etc").map(|row| (row.changed, row.children)), Some((3, true)));
    assert!(files.tree("nowhere").is_empty());
    let changed: Vec<_> = files.changed_tree("", 9).into_iter().map(|row| (row.name, row.state, row.growth)).collect();
    assert!(changed.iter().any(|(name, state, growth)| name == "new" && *state == RowState::Added && *growth == 1));
    assert!(files.tree("").iter().any(|row| row.name == "kept") && changed.iter().all(|(name, ..)| name != "kept"));
    assert_eq!(files.changed_tree("", 2).len(), 2);
}

#[test]
fn the_same_files_in_other_layers_are_the_same() {
    let (one, two): (&[EntryOf<'_>], &[EntryOf<'_>]) = (&[("a", "1", 0o644, 1)], &[("b", "2", 0o644, 1)]);
    let both = [one, two].concat();
    let files = joined(&[one, two], &[&both]);
    assert_eq!(files.facts, FileFacts { size_a: 2, size_b: 2, ..FileFacts::default() });
    let whiteout: &[EntryOf<'_>] = &[(".wh.a", "", 0o644, 1)];
    assert_eq!(joined(&[one, two, whiteout], &[two]).facts.added, 0);
}

#[test]
fn a_directory_is_ordered_as_a_walk_meets_it() {
    let a: &[EntryOf<'_>] = &[("a/x", "1", 0o644, 1), ("a-b", "2", 0o644, 1), ("a.c/y", "3", 0o644, 1)];
    let b: &[EntryOf<'_>] = &[("a-b", "2", 0o644, 1), ("a.c/y", "3", 0o644, 1), ("a/x", "1", 0o644, 1)];
    assert_eq!(joined(&[a], &[b]).facts.changed + joined(&[a], &[b]).facts.added, 0);
}

#[test]
fn contents_that_were_not_hashed_are_not_guessed() {
    let plain = || {
        let mut index = FileIndex::new();
        let mut entry = Entry::new(EntryKind::File, "a");
        entry.size = 3;
        index.push(&entry).unwrap();
        index
    };
    let mut files = FilesComparison::new();
    files.add(0, 0, plain());
    files.add(1, 0, plain());
    assert_eq!(files.build().unwrap().unknown, 1);
    let mut shared = FilesComparison::new();
    shared.add(0, 0, plain());
    shared.add(1, 0, plain());
    shared.share(0, 0);
    assert_eq!(shared.build().unwrap().changed, 0, "the same tar is the same");
}

#[test]
fn growth_is_told_in_a_few_lines() {
    let big = "x".repeat(4000);
    let mut b: Vec<(String, String)> = (0..40).map(|at| (format!("root/.npm/_cacache/c{at}/f"), big.clone())).collect();
    b.extend((0..5).map(|at| (format!("app/node_modules/p{at}/index.js"), big.clone())));
    b.push(("app/dist/main.js".to_owned(), String::new()));
    let b: Vec<EntryOf<'_>> = b.iter().map(|(path, text)| (path.as_str(), text.as_str(), 0o644, 1)).collect();
    let old = "y".repeat(6000);
    let a: &[EntryOf<'_>] = &[("app/dist/main.js", &old, 0o644, 1)];
    let files = joined(&[a], &[&b]);
    let told: Vec<(String, i64)> = files.growth(3).into_iter().map(|one| (one.path, one.growth)).collect();
    let expected = [("root/.npm/_cacache", 160_000), ("app/node_modules", 20_000), ("app/dist/main.js", -6000)];
    assert_eq!(told, expected.map(|(path, growth)| (path.to_owned(), growth)));
    assert!(joined(&[a], &[a]).growth(3).is_empty());
}

#[test]
fn two_times_100_000_paths_are_joined_in_time() {
    let large = |mtime: i64| {
        let mut index = FileIndex::new();
        for at in 0_u32..100_000 {
            let mut entry = Entry::new(EntryKind::File, format!("usr/share/d{}/e{}/file-{at}", at % 100, at % 1000));
            (entry.size, entry.mtime) = (u64::from(at), mtime);
            index.push(&entry).unwrap();
            let mut content = [1; 32];
            content[..4].copy_from_slice(&(at + u32::from(at % 100 == 0 && mtime == 2)).to_le_bytes());
            index.set_content(&content);
        }
        index
    };
    let mut files = FilesComparison::new();
    files.add(0, 0, large(1));
    files.add(1, 0, large(2));
    let started = std::time::Instant::now();
    assert_eq!(files.build().unwrap().changed, 100_000);
    let rows = files.rows(&RowQuery { ignore_times: Some(true), ..RowQuery::default() });
    println!("2 x 100,000 paths: {:?}", started.elapsed());
    assert_eq!(rows.len(), 999, "the first file is empty on both sides");
    // Unoptimised and beside other tests; optimised it is a tenth of a second.
    assert!(started.elapsed().as_secs() < 20);
}

#[test]
fn an_update_costs_what_is_not_there() {
    let libs: LayerOf<'_> = ("libs", "libs.gz", 30, "RUN libs");
    let (a, b) = (image(&[BASE], "", ""), image(&[BASE, APP, libs, libs], "", ""));
    let wanted =
        Cost { pull: 80, of: 180, layers: 2, of_layers: 4, complete: true, classic: Classic { pull: 80, layers: 2 } };
    let (one, other) = (Side::of(&a).unwrap(), Side::of(&b).unwrap());
    assert_eq!(cost(&Held::of(&one), &other), wanted);
    let printed = |list: &str| format!("[{{\"Id\":\"x\",\"RootFS\":{{\"Type\":\"layers\",\"Layers\":{list}}}}}]");
    let base = format!("[\"{}\"]", digest("base"));
    for text in [printed(&base), base.clone(), format!("{{\"Type\":\"layers\",\"Layers\":{base}}}")] {
        assert_eq!(cost(&Held::inspected(&text).unwrap(), &other), wanted, "{text}");
    }
    let mut unread = b.clone();
    unread.nodes.iter_mut().for_each(|node| (node.diff_id, node.diff_ids) = (None, None));
    let most = cost(&Held::inspected(&base).unwrap(), &Side::of(&unread).unwrap());
    assert!(!most.complete && most.pull == most.of);
    for (text, code) in [
        ("{}", "unsupported-input"),
        ("[1]", "unsupported-input"),
        (&printed("[]"), "unsupported-input"),
        ("{", "invalid-json"),
    ] {
        assert_eq!(Held::inspected(text).unwrap_err().code(), code, "{text}");
    }
    assert_eq!(Held::inspected(&" ".repeat(9_000_000)).unwrap_err().code(), "limit-exceeded");
}

#[test]
fn a_base_is_claimed_proved_or_refuted() {
    let mut app = image(&[BASE, APP], "", "");
    let (base, other) = (image(&[BASE], "", ""), image(&[APP], "", ""));
    let pair = |name: &str, value: &str| (format!("org.opencontainers.image.base.{name}"), value.to_owned());
    let own = base.nodes[0].digest.as_deref().unwrap();
    app.nodes[0].annotations = vec![pair("name", "docker.io/library/base:1"), pair("digest", own)];
    let told = |given: &Given, materials: &[&str], candidate: Option<&Given>| -> Vec<(By, BaseState, Option<usize>)> {
        let materials: Vec<String> = materials.iter().map(|text| (*text).to_owned()).collect();
        let found = bases(given, &materials, candidate).unwrap();
        found.into_iter().map(|one| (one.by, one.state, one.layers)).collect()
    };
    assert_eq!(told(&app, &[], None), [(By::Manifest, BaseState::Claimed, None)]);
    let proved = [(By::Manifest, BaseState::Proved, Some(1)), (By::User, BaseState::Proved, Some(1))];
    assert_eq!(told(&app, &[], Some(&base)), proved);
    let refuted = [(By::Manifest, BaseState::Claimed, None), (By::User, BaseState::Refuted, None)];
    assert_eq!(told(&app, &[], Some(&other)), refuted);
    // Nor does a config that a manifest with another digest names.
    let mut failed = base.clone();
    failed.nodes[0].checks.push(NodeCheck { id: "digest".to_owned(), outcome: "fail".to_owned() });
    assert_eq!(told(&app, &[], Some(&failed))[1], (By::User, BaseState::Claimed, None));
    // DiffIDs that no hashed config has prove nothing.
    let mut forged = base.clone();
    forged.documents.clear();
    assert_eq!(told(&app, &[], Some(&forged))[1], (By::User, BaseState::Claimed, Some(1)));
    let mut lying = base.clone();
    lying.nodes[1].diff_ids = Some(vec![digest("other")]);
    assert_eq!(told(&app, &[], Some(&lying))[1].1, BaseState::Proved, "the config's own bytes count");
}

#[test]
fn materials_of_provenance_are_bases_but_for_tools() {
    let own = digest("x");
    let materials = [
        format!("pkg:docker/golang@1.22?platform=linux%2Famd64 {own}"),
        "pkg:docker/docker/dockerfile@1.7".to_owned(),
        "pkg:docker/ghcr.io/o/base@2?digest=sha256:nothing".to_owned(),
        format!("pkg:docker/pinned@{own}"),
        "https://github.com/o/app sha1:1234".to_owned(),
        "pkg:docker/%".to_owned(),
    ];
    let found = bases(&image(&[BASE], "", ""), &materials, None).unwrap();
    let told: Vec<(&str, Option<&str>)> =
        found.iter().map(|one| (one.name.as_deref().unwrap(), one.digest.as_deref())).collect();
    let some = Some(own.as_str());
    assert_eq!(told, [("golang:1.22", some), ("ghcr.io/o/base:2", None), ("pinned", some), ("%", None)]);
}

#[test]
fn platforms_have_sizes_of_their_own() {
    let mut given = image(&[BASE, APP], "", "");
    let libs: LayerOf<'_> = ("libs", "libs.gz", 30, "RUN libs");
    let other = image(&[BASE, libs, libs], "", "");
    let platform = |text: &str| Some(Platform::parse(text).unwrap());
    given.nodes[0] = Node { parent: Some("i".to_owned()), platform: platform("linux/amd64"), ..given.nodes[0].clone() };
    for node in other.nodes {
        let id = node.id.replacen('0', "1", 1);
        let parent = node.parent.map_or("i".to_owned(), |parent| parent.replacen('0', "1", 1));
        let own = if id == "1" { platform("linux/arm64/v8") } else { None };
        given.nodes.push(Node { id, parent: Some(parent), platform: own, ..node });
    }
    given.nodes.push(Node {
        platform: platform("windows/amd64"),
        read: Some(false),
        size: Some(856.0),
        ..Node { id: "2".to_owned(), kind: "manifest".to_owned(), parent: Some("i".to_owned()), ..Node::default() }
    });
    let rows = platforms(&given);
    let told: Vec<_> = rows.iter().map(|row| (row.platform.as_str(), row.size, row.layers, row.shared)).collect();
    assert_eq!(
        told,
        [
            ("linux/amd64", Some(150), Some(2), Some(150)),
            ("linux/arm64/v8", Some(130), Some(3), Some(100)),
            ("windows/amd64", None, None, None)
        ]
    );
    assert_eq!(rows.iter().map(|row| row.in_view).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn lines_are_recorded_or_inferred() {
    let line = |command: &str, comment: &str, layer: bool| Line {
        created_by: Some(command.to_owned()),
        comment: Some(comment.to_owned()),
        layer: layer.then(|| "0/layers[0]".to_owned()),
        secret: None,
    };
    let mut given = image(&[BASE], "", "");
    given.nodes[1].history = Some(vec![
        line("COPY . /app # buildkit", "buildkit.dockerfile.v0", true),
        line("RUN |1 A=1 /bin/sh -c make # buildkit", "buildkit.dockerfile.v0", true),
        line("ENV A=1", "buildkit.dockerfile.v0", false),
        line("/bin/sh -c #(nop) ADD file:4e1f2 in / ", "", true),
        line("/bin/sh -c #(nop)  CMD [\"sh\"]", "", false),
        line("/bin/sh -c apt-get update", "", true),
        line("|2 A=1 B=2 /bin/sh -c make", "", true),
        line("bazel build ...", "", true),
        line("", "", true),
    ]);
    let told: Vec<(String, Known, bool)> =
        dockerfile(&given).unwrap().into_iter().map(|step| (step.text, step.known, step.brings)).collect();
    let expected = [
        ("COPY . /app", Known::Recorded, true),
        ("RUN make", Known::Recorded, false),
        ("ENV A=1", Known::Recorded, false),
        ("ADD … /", Known::Inferred, true),
        ("CMD [\"sh\"]", Known::Recorded, false),
        ("RUN apt-get update", Known::Inferred, false),
        ("RUN make", Known::Inferred, false),
        ("# bazel build ...", Known::Inferred, false),
        ("# no command is recorded", Known::Inferred, false),
    ];
    assert_eq!(told, expected.map(|(text, known, brings)| (text.to_owned(), known, brings)));
}
