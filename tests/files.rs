//! Off the line, the core from outside: the layers of an image laid over each other.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use stowplan::layer::files::{Change, Files, Finding, How, Matching, PathFilter, Query, Row, Sort, View};
use stowplan::layer::{Entry, EntryKind, FileIndex};

/// An entry from one word: `a/b` is a file of one byte, `a/` a directory, `a=5` a file of five bytes, `a>b` a symbolic link.
fn entry(word: &str) -> Entry {
    if let Some((path, target)) = word.split_once('>') {
        let mut link = Entry::new(EntryKind::Symlink, path);
        link.link = target.as_bytes().to_vec();
        return link;
    }
    let (path, size) = word.split_once('=').unwrap_or((word, "1"));
    let kind = if path.ends_with('/') { EntryKind::Directory } else { EntryKind::File };
    let mut entry = Entry::new(kind, path);
    (entry.mode, entry.size) = match kind {
        EntryKind::Directory => (0o755, 0),
        _ => (0o644, size.parse().unwrap()),
    };
    entry
}

fn index(entries: impl IntoIterator<Item = Entry>) -> FileIndex {
    let mut index = FileIndex::new();
    entries.into_iter().for_each(|entry| index.push(&entry).unwrap());
    index
}

fn files(layers: &[&str]) -> Files {
    let mut files = Files::new();
    for (position, words) in (0..).zip(layers) {
        files.add(position, index(words.split_whitespace().map(entry)));
    }
    files
}

fn rows(files: &mut Files, query: &Query) -> Vec<Row> {
    files.query(query).unwrap();
    let found = files.open_all(true);
    files.rows(0, found.total)
}

fn view(view: View, layer: impl Into<Option<u32>>) -> Query {
    Query { view, layer: layer.into(), ..Query::default() }
}

/// The lines as `path@layer`, with a sign for what they change and how they end.
fn told(rows: &[Row]) -> String {
    let word = |row: &Row| {
        let sign = match row.change {
            Change::Added => "+",
            Change::Changed => "~",
            Change::Removed => "-",
            Change::Unchanged => "",
        };
        let end = row.later.map_or(String::new(), |later| match later.how {
            How::Overwritten => format!("!{}", later.layer),
            How::Removed => format!("x{}", later.layer),
        });
        let own = if row.implied { "?" } else { "" };
        format!("{sign}{}{own}@{}{end}", row.path, row.layer)
    };
    rows.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn shows(layers: &[&str], asked: View, layer: Option<u32>, expected: &str) {
    let mut files = files(layers);
    let found = rows(&mut files, &view(asked, layer));
    assert_eq!(told(&found), expected, "{asked:?} {layer:?} of {layers:?}");
}

#[test]
fn layers_are_laid_over_each_other() {
    let layers = ["a/ a/x a/y=2 b", "a/x=3 c/d", "a/.wh.y .wh.b e"];
    shows(&layers, View::Image, None, "+a@0 ~a/x@1 c?@1 +c/d@1 +e@2");
    shows(&layers, View::Image, Some(0), "+a@0 +a/x@0!1 +a/y@0x2 +b@0x2");
    shows(&layers, View::Image, Some(1), "+a@0 ~a/x@1 +a/y@0x2 +b@0x2 c?@1 +c/d@1");
    shows(&layers, View::Layer, Some(2), "-.wh.b@2 a?@2 -a/.wh.y@2 +e@2");
    shows(&layers, View::Layer, Some(0), "+a@0 +a/x@0!1 +a/y@0x2 +b@0x2");
    shows(&layers, View::All, None, "-.wh.b@2 +a@0 -a/.wh.y@2 ~a/x@1 -a/y@0x2 -b@0x2 c?@1 +c/d@1 +e@2");
    shows(&layers, View::Layer, Some(7), "");
}

#[test]
fn whiteouts_are_as_the_spec_has_them() {
    // A whiteout deletes what lower layers have, never what its own layer has, in whichever order the tar has them.
    shows(&["a", ".wh.a a=2"], View::Image, None, "~a@1");
    shows(&["a", "a=2 .wh.a"], View::Image, None, "~a@1");
    shows(&["d/ d/e/ d/e/f", ".wh.d"], View::Image, None, "");
    shows(&["d/ d/e", ".wh.d", "d/ d/g"], View::Image, None, "+d@2 +d/g@2");
    shows(&["d/ d/e", ".wh.d d/ d/f"], View::Image, None, "d@1 +d/f@1");
    // An opaque directory stays, what lower layers have in it goes.
    shows(&["d/ d/e d/s/ d/s/t", "d/ d/.wh..wh..opq d/f"], View::Image, None, "d@1 +d/f@1");
    shows(&["d/ d/e", "d/.wh..wh..opq"], View::Image, None, "+d@0");
    shows(&["d/ d/e", "d/.wh..wh..opq d/e=2"], View::Image, None, "+d@0 ~d/e@1");
    shows(&["a b/c", ".wh..wh..opq"], View::Image, None, "");
    // A whiteout of nothing, of the directory itself and of the one above name nothing.
    shows(&["a", ".wh.nothing .wh. .wh.. .wh..."], View::Image, None, "+a@0");
    shows(&["a", ".wh.gone"], View::All, None, "-.wh.gone@1 +a@0");
    // AUFS' own files delete nothing.
    shows(&["a", ".wh..wh.aufs .wh..wh.plnk/"], View::Image, None, "+a@0");
}

#[test]
fn a_file_in_the_place_of_a_directory_ends_what_is_below() {
    shows(&["d/ d/e d/f/g", "d"], View::Image, None, "~d@1");
    shows(&["d/ d/e", "d", "d/"], View::Image, None, "~d@2");
    shows(&["d/ d/e", "d>x"], View::Layer, Some(0), "+d@0!1 +d/e@0x1");
    shows(&["d", "d/ d/e"], View::Image, None, "~d@1 +d/e@1");
}

#[test]
fn what_is_listed_again_with_the_same_headers_is_unchanged() {
    shows(&["a d/", "a d/", "a=2"], View::Layer, Some(1), "a@1!2 d@1");
    shows(&["a", ".wh.a", "a"], View::Image, None, "+a@2");
}

#[test]
fn paths_are_cleaned_and_listed_twice_where_they_are() {
    let mut files = files(&["./ ./a//b /c/./d a/b=7 ../e"]);
    let found = rows(&mut files, &view(View::Image, None));
    assert_eq!(told(&found), "+.@0 ..?@0 +../e@0 a?@0 +a/b@0 c?@0 +c/d@0");
    let twice = found.iter().find(|row| row.path == "a/b").unwrap();
    assert_eq!((twice.duplicate, twice.header.size, twice.at), (true, 7, 3));
    assert!(!found.iter().any(|row| row.duplicate && row.path != "a/b"));
}

#[test]
fn directories_open_and_close() {
    let mut files = files(&["a/b/c a/d e"]);
    let closed = files.query(&Query::default()).unwrap();
    assert_eq!((closed.total, closed.matched, closed.entries), (2, 3, 3));
    let a = files.rows(0, 1).remove(0);
    assert_eq!((&*a.path, a.children, a.open, a.header.kind), ("a", 2, false, "dir"));
    assert_eq!(files.toggle(a.id, true).total, 4);
    assert_eq!(told(&files.rows(1, 3)), "a/b?@0 +a/d@0");
    assert_eq!(files.toggle(a.id, false).total, 2);
    assert_eq!(files.find("a/b/c"), Some(2), "what is above opens");
    assert_eq!(told(&files.rows(0, 9)), "a?@0 a/b?@0 +a/b/c@0 +a/d@0 +e@0");
    assert_eq!(files.find("a/nothing"), None);
    assert_eq!(files.toggle(u32::MAX, true).total, 5, "an unknown number changes nothing");
    assert!(files.rows(9, 3).is_empty() && files.rows(u32::MAX, u32::MAX).is_empty());
}

#[test]
fn a_layer_that_comes_later_leaves_open_what_was_open() {
    let mut files = files(&["a/b/c", ""]);
    files.query(&Query::default()).unwrap();
    files.find("a/b/c").unwrap();
    files.add(1, index([entry("a/.wh.b"), entry("a/x")]));
    let found = files.query(&Query::default()).unwrap();
    assert_eq!(told(&files.rows(0, found.total)), "a?@1 +a/x@1");
}

#[track_caller]
fn filtered(query: Query, expected: &str) {
    let mut files = files(&["etc/ etc/Passwd=3 usr/lib/x.so.1=9 usr/bin/y=5", "etc/passwd.d/z usr/bin/.wh.y"]);
    let found = files.query(&query).unwrap();
    assert_eq!(told(&files.rows(0, found.total)), expected, "{query:?}");
}

fn path(how: Matching, text: &str) -> Query {
    let filter = PathFilter { how, text: text.to_owned(), match_case: false };
    Query { view: View::All, path: Some(filter), ..Query::default() }
}

#[test]
fn filters_list_what_they_match_and_what_leads_to_it() {
    filtered(path(Matching::Substring, "PASSWD"), "+etc@0 +etc/Passwd@0 etc/passwd.d?@1 +etc/passwd.d/z@1");
    filtered(path(Matching::Substring, "bin/y"), "usr?@0 usr/bin?@0 -usr/bin/y@0x1");
    filtered(path(Matching::Glob, "*.so*"), "usr?@0 usr/lib?@0 +usr/lib/x.so.1@0");
    filtered(path(Matching::Glob, "usr/**/x*"), "usr?@0 usr/lib?@0 +usr/lib/x.so.1@0");
    filtered(path(Matching::Glob, "/etc/*"), "+etc@0 +etc/Passwd@0");
    filtered(path(Matching::Glob, "lib/x*"), "");
    filtered(
        Query { changes: vec![Change::Removed], ..view(View::All, None) },
        "usr?@0 usr/bin?@0 -usr/bin/.wh.y@1 -usr/bin/y@0x1",
    );
    filtered(
        Query { changes: vec![Change::Added], ..view(View::Layer, 1) },
        "etc?@1 etc/passwd.d?@1 +etc/passwd.d/z@1",
    );
}

#[test]
fn capitals_count_where_they_are_told_to() {
    let mut query = path(Matching::Substring, "PASSWD");
    if let Some(filter) = &mut query.path {
        filter.match_case = true;
    }
    filtered(query, "");
}

#[test]
fn a_regular_expression_is_tested_by_whoever_asks() {
    let mut files = files(&["a/b a/c d"]);
    let found = files.query(&path(Matching::Regex, "whatever")).unwrap();
    assert_eq!(found.matched, 3);
    assert_eq!((files.paths(0, 2), files.paths(2, 2)), (vec!["a/b".into(), "a/c".into()], vec!["d".to_owned()]));
    assert_eq!(files.keep(&[0, 1]).matched, 1);
    assert_eq!(told(&files.rows(0, 9)), "a?@0 +a/c@0");
    assert_eq!(files.keep(&[1, 0, 1]).matched, 2, "the same question can be answered again");
}

#[test]
fn the_largest_stand_first_where_that_is_asked() {
    let mut files = files(&["a=1 b/c=5 b/d=9 e=7"]);
    let found = rows(&mut files, &Query { sort: Sort::Size, ..Query::default() });
    assert_eq!(told(&found), "b?@0 +b/d@0 +b/c@0 +e@0 +a@0");
    assert_eq!(found[0].total, Some(14));
}

fn with(path: &str, change: impl Fn(&mut Entry)) -> Entry {
    let mut entry = entry(path);
    change(&mut entry);
    entry
}

fn found(entries: Vec<Entry>, above: &str) -> Vec<Finding> {
    let mut files = Files::new();
    files.add(0, index(entries));
    files.add(3, index(above.split_whitespace().map(entry)));
    files.findings().unwrap()
}

#[track_caller]
fn suspicious(entry: Entry, id: &str, why: &str) {
    let findings = found(vec![entry], "");
    let told: Vec<_> = findings.iter().map(|finding| (finding.id, &*finding.why)).collect();
    assert_eq!(told, [(id, why)]);
}

#[test]
fn suspicious_files_are_found() {
    let mode = |mode| move |entry: &mut Entry| entry.mode = mode;
    suspicious(with("su", mode(0o4755)), "setuid", "mode 4755: whoever runs it becomes user 0");
    suspicious(with("wall", mode(0o2755)), "setgid", "mode 2755: whoever runs it becomes group 0");
    suspicious(with("open", mode(0o666)), "world-writable", "mode 0666: everybody may write to it");
    suspicious(with("tmp/", mode(0o777)), "world-writable", "mode 0777: everybody may write to it");
    suspicious(entry("/etc/x"), "absolute-path", "the path in the archive begins with a slash");
    suspicious(entry("a/../../x"), "dot-dot-path", "the path in the archive has a part \"..\"");
    let link = with("x", |entry| (entry.kind, entry.link) = (EntryKind::HardLink, b"/etc/shadow".to_vec()));
    suspicious(link, "absolute-path", "the target of the hard link begins with a slash");
    suspicious(entry("a\u{1b}b"), "control-name", "its name has the character U+001B");
    suspicious(entry("a\u{202e}gpj.exe"), "bidi-name", "its name has the character U+202E");
    let device = with("dev/sda", |entry| (entry.kind, entry.device) = (EntryKind::BlockDevice, Some((8, 0))));
    suspicious(device, "device", "a block device, 8:0");
}

#[test]
fn names_of_secrets_are_found() {
    for path in [
        "root/.ssh/id_rsa",
        "app/.env",
        "app/.env.production",
        "x/ID_ED25519",
        "root/.aws/credentials",
        "home/u/.docker/config.json",
    ] {
        let findings = found(vec![entry(path)], "");
        assert_eq!(findings.iter().map(|finding| finding.id).collect::<Vec<_>>(), ["secret-name"], "{path}");
    }
    suspicious(entry("tls/server.key"), "secret-name", "names that end in \".key\" are usually keys");
    suspicious(entry("root/.netrc"), "secret-name", "\".netrc\" usually holds a secret");
    suspicious(entry("tls/private-key.pem"), "secret-name", "its name is one of a secret's");
    for path in [
        "id_rsa.pub",
        ".env.example",
        "etc/ssl/certs/ca.pem",
        "credentials",
        "config.json",
        ".env/",
        "a.key>b",
        ".wh..env",
        "environment",
    ] {
        assert_eq!(found(vec![entry(path)], ""), [], "{path}");
    }
}

#[test]
fn ordinary_files_are_not_suspicious() {
    let harmless = [
        with("tmp/", |entry| entry.mode = 0o1777),
        with("l>x", |entry| entry.mode = 0o777),
        with("dir/", |entry| entry.mode = 0o2755),
        entry("naïve/文件"),
    ];
    assert_eq!(found(harmless.to_vec(), ""), []);
}

#[test]
fn a_secret_that_a_later_layer_deletes_is_still_found() {
    let findings = found(vec![entry("app/.env")], "app/.wh..env");
    let of = |finding: &Finding| (finding.path.clone(), finding.layer, finding.at, finding.deleted_in);
    assert_eq!(findings.iter().map(of).collect::<Vec<_>>(), [("app/.env".to_owned(), 0, 0, Some(3))]);
    let findings = found(vec![entry("app/.env")], ".wh.app");
    assert_eq!(findings[0].deleted_in, Some(3), "by what is above it too");
}

#[test]
fn a_finding_is_a_filter() {
    let mut files = files(&["a/id_rsa b/c"]);
    let found = files.query(&Query { finding: Some("secret-name".into()), ..Query::default() }).unwrap();
    assert_eq!(told(&files.rows(0, found.total)), "a?@0 +a/id_rsa@0");
    assert_eq!(files.rows(1, 2)[0].findings, ["secret-name"]);
    files.add(1, index([entry("a/.wh.id_rsa"), entry("b/c")]));
    files.add(2, index([with("b/c", |entry| entry.mode = 0o4755)]));
    files.add(3, index([entry("b/c=3")]));
    let all = |id: &str| Query { finding: Some(id.into()), ..view(View::All, None) };
    let found = files.query(&all("secret-name")).unwrap();
    assert_eq!((found.matched, told(&files.rows(0, 9))), (1, "a?@0 -a/id_rsa@0x1".to_owned()));
    files.query(&all("setuid")).unwrap();
    assert_eq!(told(&files.rows(0, 9)), "b?@2 -b/c@2!3", "also where it was overwritten");
    assert_eq!(files.query(&Query { finding: Some("no-such".into()), ..Query::default() }).unwrap().total, 0);
}

#[test]
fn a_path_has_a_history() {
    let mut files = files(&["a=1", "a=2", ".wh.a", "a=1"]);
    files.query(&view(View::All, None)).unwrap();
    let at = files.find("a").unwrap();
    let row = files.rows(at, at + 1).remove(0);
    let detail = files.detail(row.id).unwrap();
    let told: Vec<_> =
        detail.history.iter().map(|event| (event.layer, event.change, event.header.kind, event.header.size)).collect();
    let expected = [
        (0, Change::Added, "file", 1),
        (1, Change::Changed, "file", 2),
        (2, Change::Removed, "whiteout", 1),
        (3, Change::Added, "file", 1),
    ];
    assert_eq!(told, expected);
    assert_eq!(files.detail(u32::MAX), None);
}

#[test]
fn sizes_count_what_is_overwritten_and_deleted() {
    // a is written twice, b deleted, d/e deleted with its directory, f stays.
    let mut files = files(&["a=10 b=20 d/e=30 f=40", "a=25 .wh.b .wh.d"]);
    let sizes = files.sizes().unwrap();
    assert_eq!((sizes.wasted_bytes, sizes.needed_bytes, sizes.all_bytes, sizes.user_bytes), (60, 10 + 40, 125, 25));
    assert!((sizes.efficiency - 0.4).abs() < 1e-9);
    let first = &sizes.layers[0];
    assert_eq!((first.entries, first.files, first.file_bytes, first.wasted), (4, 4, 100, 60));
    let worst: Vec<_> = sizes.worst.iter().map(|worst| (&*worst.path, worst.bytes, worst.times)).collect();
    assert_eq!(worst, [("a", 35, 2), ("d/e", 30, 2), ("b", 20, 2)]);
    let empty = Files::new().sizes().unwrap();
    assert!((empty.efficiency - 1.0).abs() < f64::EPSILON && empty.layers.is_empty());
}

#[test]
fn a_map_weighs_what_the_image_has() {
    let mut files = files(&["a/b=5 a/c/d=7 e=1 gone=9", ".wh.gone"]);
    let told = |files: &mut Files, path: &str| -> Vec<_> {
        let nodes = files.treemap(path).unwrap();
        nodes.iter().map(|node| (node.path.clone(), node.size, node.kind, node.children)).collect()
    };
    assert_eq!(told(&mut files, ""), [("a".to_owned(), 12, "dir", 2), ("e".to_owned(), 1, "file", 0)]);
    assert_eq!(told(&mut files, "a"), [("a/c".to_owned(), 7, "dir", 1), ("a/b".to_owned(), 5, "file", 0)]);
    assert_eq!(told(&mut files, "nothing"), []);
}

#[test]
fn hostile_trees_are_listed_in_time() {
    // 10,000 levels; a million mentions of one path; names that only look like separators.
    let deep = vec!["d"; 10_000].join("/");
    let many = (0..200_000).map(|_| entry("same"));
    let mut files = Files::new();
    files.add(0, index([entry(&deep)].into_iter().chain(many)));
    files.add(1, index([entry(&deep), entry("a\0b"), entry("a/b"), entry("a")]));
    let found = rows(&mut files, &view(View::All, None));
    assert_eq!(found.len(), 10_000 + 1 + 3);
    assert_eq!(found.iter().map(|row| row.depth).max(), Some(9999));
    let names: Vec<_> = found.iter().take(3).map(|row| row.path.as_str()).collect();
    assert_eq!(names, ["a", "a/b", "a\0b"]);
    assert_eq!(files.find(&deep), Some(10_002));
}

/// The image by the letter of the spec, one layer after the other.
fn applied(layers: &[Vec<Entry>]) -> BTreeMap<String, (bool, usize)> {
    let mut image = BTreeMap::new();
    for (layer, entries) in layers.iter().enumerate() {
        let path = |entry: &Entry| String::from_utf8(entry.path.clone()).unwrap().trim_end_matches('/').to_owned();
        let split = |path: &str| {
            path.rsplit_once('/').map_or((String::new(), path.to_owned()), |(a, b)| (format!("{a}/"), b.to_owned()))
        };
        for (above, name) in entries.iter().map(|entry| split(&path(entry))) {
            if name == ".wh..wh..opq" {
                image.retain(|path: &String, _| !path.starts_with(&above));
            } else if let Some(name) = name.strip_prefix(".wh.") {
                let gone = format!("{above}{name}");
                image.retain(|path: &String, _| *path != gone && !path.starts_with(&format!("{gone}/")));
            }
        }
        for entry in entries.iter().filter(|entry| !split(&path(entry)).1.starts_with(".wh.")) {
            let (path, is_dir) = (path(entry), entry.kind == EntryKind::Directory);
            if !is_dir {
                // What is no directory ends what lower layers have below it.
                image.retain(|other: &String, (_, of)| *of == layer || !other.starts_with(&format!("{path}/")));
            }
            image.insert(path, (is_dir, layer));
        }
    }
    image
}

fn any_layer() -> impl Strategy<Value = Vec<Entry>> {
    let name = prop::sample::select(vec!["a", "b", ".wh.a", ".wh.b", ".wh..wh..opq", "a!"]);
    let above = prop::collection::vec(prop::sample::select(vec!["a", "b", "a!"]), 0..3);
    let word = (above, name, any::<bool>()).prop_map(|(above, name, is_dir)| {
        let slash = if is_dir && !name.starts_with(".wh.") { "/" } else { "" };
        entry(&format!("{}{name}{slash}", above.iter().map(|name| format!("{name}/")).collect::<String>()))
    });
    prop::collection::vec(word, 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_layers_give_the_image_of_the_spec(layers in prop::collection::vec(any_layer(), 0..5)) {
        let mut files = Files::new();
        for (position, entries) in (0..).zip(&layers) {
            files.add(position, index(entries.iter().cloned()));
        }
        for top in 0..layers.len() {
            let found = rows(&mut files, &view(View::Image, u32::try_from(top).unwrap()));
            let own = found.iter().filter(|row| !row.implied);
            let found: BTreeMap<_, _> = own.map(|row| (row.path.clone(), (row.header.kind == "dir", row.layer as usize))).collect();
            prop_assert_eq!(found, applied(&layers[..=top]));
        }
    }
}

#[test]
fn names_that_no_system_could_open_are_cut_where_they_are_shown() {
    let long = "n".repeat(1 << 20);
    let mut files = Files::new();
    let mut file = Entry::new(EntryKind::Symlink, format!("{long}/{long}"));
    file.mode = 0o4777;
    file.link = long.clone().into_bytes();
    let mut key = Entry::new(EntryKind::File, format!("{long}.key"));
    key.mode = 0o4777;
    files.add(0, index([file, key]));
    let found = rows(&mut files, &view(View::All, None));
    assert!(found.len() >= 2);
    for row in &found {
        let texts = [Some(&row.path), Some(&row.name), row.header.link.as_ref()];
        assert!(
            texts.into_iter().flatten().all(|text| text.len() <= 4099 && text.ends_with('…')),
            "{}",
            row.path.len()
        );
    }
    assert!(files.findings().unwrap().iter().all(|finding| finding.path.len() <= 4099));
    assert!(files.treemap("").unwrap().iter().all(|node| node.path.len() <= 4099));
}
