//! The layers of an image laid over each other, from outside the core.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use stowplan::layer::files::{Change, Files, Finding, How, Matching, PathFilter, Query, Row, Sort, View, Waste};
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
    // A whiteout deletes what lower layers have, and what its own layer has before it, as engines do.
    shows(&["a", ".wh.a a=2"], View::Image, None, "~a@1");
    shows(&["a", "a=2 .wh.a"], View::Image, None, "");
    shows(&["d/ d/e", "d/ d/f .wh.d g"], View::Image, None, "+g@1");
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
    assert_eq!(told(&found), "+.@0 a?@0 +a/b@0 c?@0 +c/d@0 +e@0");
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
    assert_eq!(told(&files.rows(0, found.total)), "a?@0 +a/x@1");
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
    suspicious(with("su", mode(0o4755)), "setuid", "mode 4755: a user who runs it becomes user 0");
    suspicious(with("wall", mode(0o2755)), "setgid", "mode 2755: a user who runs it becomes group 0");
    suspicious(with("open", mode(0o666)), "world-writable", "mode 0666: every user may write to it");
    suspicious(with("tmp/", mode(0o777)), "world-writable", "mode 0777: every user may write to it");
    suspicious(entry("/etc/x"), "absolute-path", "the path in the archive begins with a slash");
    suspicious(entry("a/../../x"), "dot-dot-path", "the path in the archive has a part \"..\"");
    let link = with("x", |entry| (entry.kind, entry.link) = (EntryKind::HardLink, b"/etc/shadow".to_vec()));
    let with_file = found(vec![entry("etc/shadow"), link], "");
    let told: Vec<_> = with_file.iter().map(|finding| (finding.id, &*finding.why)).collect();
    assert_eq!(told, [("absolute-path", "the target of the hard link begins with a slash")]);
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

/// The waste as `path bytes files layer>by how code path`.
fn wasted(files: &mut Files) -> Vec<String> {
    let told = |one: &Waste| {
        let Waste { path, bytes, files, layer, by, how, advice } = one;
        let about = advice.path.as_deref().unwrap_or("-");
        format!("{path} {bytes} {files} {layer}>{by} {how:?} {} {about}", advice.code)
    };
    files.sizes().unwrap().waste.iter().map(told).collect()
}

#[test]
fn waste_is_told_by_the_directory_that_is_wasted() {
    let told = wasted(&mut files(&[
        "etc/os=9 var/lib/dpkg/status=5",
        "root/.npm/_cacache/a=400 root/.npm/_cacache/b=41 usr/share/doc/x/c=200 usr/share/doc/y/c=130 usr/share/keep=900
            var/lib/apt/lists/one=100 var/lib/apt/lists/two=97 opt/big=50 opt/small=60",
        "root/.wh..npm usr/share/.wh.doc var/lib/apt/lists/.wh.one var/lib/apt/lists/.wh.two opt/.wh.big",
    ]));
    assert_eq!(
        told,
        [
            "root/.npm 441 2 1>2 Removed cache-mount /root/.npm",
            "usr/share/doc 330 2 1>2 Removed dpkg-exclude /usr/share/doc/*",
            "var/lib/apt/lists 197 2 1>2 Removed cache-mount /var/lib/apt",
            "opt/big 50 1 1>2 Removed delete-where-added -",
        ]
    );
}

#[test]
fn small_waste_is_told_where_it_lies_together() {
    // Two hundred of four hundred files are replaced: no directory is wasted as a whole, and no file is worth a row.
    let list = |step: usize| (0..400).step_by(step).map(|n| format!("usr/lib/f{n}=10")).collect::<Vec<_>>().join(" ");
    let told = wasted(&mut files(&[&list(1), &list(2)]));
    // The headers are the same, so is what is known of the content.
    assert_eq!(told, ["usr/lib 2000 200 0>1 Overwritten same-content -"]);
    assert_eq!(wasted(&mut files(&["a=1", "b=1"])), Vec::<String>::new());
}

#[test]
fn advice_is_by_what_happened_and_where() {
    let advice = |layers: &[&str]| wasted(&mut files(layers)).first().cloned().unwrap_or_default();
    let is = |layers: &[&str], code: &str| {
        let told = advice(layers);
        assert!(told.ends_with(code), "{told}, not {code}");
    };
    is(&["app/a=7", "app/a=9"], "newer-base -");
    is(&["x", "app/a=7", "app/a=9"], "write-once -");
    is(&["x", "app/a=7", "app/a=7"], "same-content -");
    is(&["app/a=7", "app/.wh.a"], "smaller-base -");
    is(&["x", "app/a=7 app/a=7"], "repeated -");
    is(&["x", "home/me/.cache/pip/w=7", "home/me/.wh..cache"], "cache-mount /home/me/.cache");
    is(&["x", "home/me/.cachet/w=7", "home/me/.wh..cachet"], "delete-where-added -");
    is(&["usr/lib/sysimage/rpm/db", "usr/share/man/a=7", "usr/share/.wh.man"], "rpm-nodocs -");
    is(&["x", "usr/share/man/a=7", "usr/share/.wh.man"], "delete-where-added -");
}

#[test]
fn waste_of_hostile_trees_is_told_in_time() {
    // Ten thousand levels with a file in each, written by two layers and deleted by a third; one path very often.
    let mut deep = String::new();
    let mut words = Vec::new();
    for _ in 0..4000 {
        deep.push_str("d/");
        words.push(format!("{deep}f=3"));
    }
    let deep = words.join(" ");
    let mut hostile = files(&[&deep, &deep, ".wh.d", &"same=2 ".repeat(200_000)]);
    let sizes = hostile.sizes().unwrap();
    let sum: u64 = sizes.waste.iter().map(|waste| waste.bytes).sum();
    assert!(sizes.waste.len() <= 64 && sum <= sizes.wasted_bytes, "{} rows, {sum} bytes", sizes.waste.len());
    let huge = format!("a={} b={0}", u64::MAX);
    assert!(files(&[&huge, ".wh.a .wh.b"]).sizes().unwrap().waste.len() <= 64);
}

#[test]
fn a_map_of_waste_has_what_lower_layers_have_in_vain() {
    let mut files = files(&["a/b=5 a/gone/c=7 e=1", "e=2 a/.wh.gone", "a/new=3"]);
    let told = |files: &mut Files, path: &str, wasted: bool| -> Vec<_> {
        let nodes = files.treemap(path, wasted).unwrap();
        nodes.iter().map(|node| format!("{} {} {} {}", node.path, node.size, node.kind, node.layer)).collect()
    };
    assert_eq!(told(&mut files, "", false), ["a 8 dir 0", "e 2 file 1"]);
    assert_eq!(told(&mut files, "", true), ["a 7 dir 0", "e 1 file 0"]);
    assert_eq!(told(&mut files, "a", true), ["a/gone 7 dir 0"]);
    assert_eq!(told(&mut files, "a", false), ["a/b 5 file 0", "a/new 3 file 2"]);
}

#[test]
fn a_map_weighs_what_the_image_has() {
    let mut files = files(&["a/b=5 a/c/d=7 e=1 gone=9", ".wh.gone"]);
    let told = |files: &mut Files, path: &str| -> Vec<_> {
        let nodes = files.treemap(path, false).unwrap();
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

/// The thing that one layer has at a path, in the model below.
#[derive(Clone, Copy, PartialEq)]
enum Own {
    File,
    Directory,
    Implied,
    /// Implied by whiteouts alone.
    Weak,
    Deleted,
}

fn lies_below(path: &str, above: &str) -> bool {
    above.is_empty() || path.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

/// The image by the letter of the spec, one layer after the other, each in a root of its own: directory or not, implied
/// or not, and the layer that has it.
fn applied(layers: &[Vec<Entry>]) -> BTreeMap<String, (bool, bool, usize)> {
    let mut image: BTreeMap<String, (bool, bool, usize)> = BTreeMap::new();
    for (layer, entries) in layers.iter().enumerate() {
        let mut own: BTreeMap<String, Own> = BTreeMap::new();
        let (mut removed, mut opaque) = (Vec::new(), Vec::new());
        for entry in entries {
            let path = String::from_utf8(entry.path.clone()).unwrap().trim_end_matches('/').to_owned();
            let (above, name) = path.rsplit_once('/').unwrap_or(("", &path));
            let parents: Vec<&str> = path.match_indices('/').map(|(at, _)| &path[..at]).collect();
            if parents.iter().any(|parent| own.get(*parent) == Some(&Own::File)) {
                continue;
            }
            let whiteout = name.strip_prefix(".wh.");
            for parent in parents {
                let now = own.get(parent).copied();
                match (now, whiteout.is_some()) {
                    (None | Some(Own::Deleted), true) => own.insert(parent.to_owned(), Own::Weak),
                    (None | Some(Own::Deleted | Own::Weak), false) => own.insert(parent.to_owned(), Own::Implied),
                    _ => None,
                };
            }
            match whiteout {
                Some(".wh..opq") => opaque.push(above.to_owned()),
                Some(name) => {
                    let gone = if above.is_empty() { name.to_owned() } else { format!("{above}/{name}") };
                    own.retain(|path, _| !lies_below(path, &gone));
                    own.insert(gone.clone(), Own::Deleted);
                    removed.push(gone);
                }
                None if entry.kind == EntryKind::Directory => {
                    own.insert(path, Own::Directory);
                }
                None => {
                    own.retain(|other, _| !lies_below(other, &path));
                    own.insert(path, Own::File);
                }
            }
        }
        image.retain(|path, _| {
            !removed.iter().any(|gone| path == gone || lies_below(path, gone))
                && !opaque.iter().any(|above| lies_below(path, above))
        });
        for (path, what) in own {
            let is_directory = image.get(&path).is_some_and(|(is_directory, ..)| *is_directory);
            match what {
                Own::Deleted => {}
                Own::File => {
                    image.retain(|other, _| !lies_below(other, &path));
                    image.insert(path, (false, false, layer));
                }
                Own::Directory => drop(image.insert(path, (true, false, layer))),
                Own::Implied | Own::Weak if is_directory => {}
                Own::Implied | Own::Weak => drop(image.insert(path, (true, true, layer))),
            }
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
            let told = |row: &Row| (row.path.clone(), (row.header.kind == "dir", row.implied, row.layer as usize));
            let found: BTreeMap<_, _> = found.iter().map(told).collect();
            prop_assert_eq!(found, applied(&layers[..=top]));
        }
    }
}

/// Any entry: links to anywhere, hard links, whiteouts of all kinds, odd paths.
fn any_entry() -> impl Strategy<Value = Entry> {
    let names =
        ["a", "b", "c", "..", ".", "", ".wh.a", ".wh.b", ".wh..wh..opq", ".wh.", ".wh..", ".wh...", ".wh..wh.plnk"];
    let path = || prop::collection::vec(prop::sample::select(names.to_vec()), 1..5).prop_map(|names| names.join("/"));
    let kind = prop::sample::select(vec![
        EntryKind::File,
        EntryKind::File,
        EntryKind::Directory,
        EntryKind::Symlink,
        EntryKind::Symlink,
        EntryKind::HardLink,
        EntryKind::Fifo,
        EntryKind::Other(b'V'),
    ]);
    let plain = prop::collection::vec(prop::sample::select(vec!["a", "b", "c", "..", ".", ""]), 1..5);
    let target = plain.prop_map(|names| names.join("/"));
    (kind, path(), target).prop_map(|(kind, path, link)| {
        let mut entry = Entry::new(kind, path);
        entry.link =
            if matches!(kind, EntryKind::Symlink | EntryKind::HardLink) { link.into_bytes() } else { Vec::new() };
        entry
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn nothing_lies_below_what_is_no_directory(layers in prop::collection::vec(prop::collection::vec(any_entry(), 0..12), 0..5)) {
        let mut files = Files::new();
        for (position, entries) in (0..).zip(&layers) {
            files.add(position, index(entries.iter().cloned()));
        }
        for top in 0..layers.len() {
            let rows = rows(&mut files, &view(View::Image, u32::try_from(top).unwrap()));
            let kinds: BTreeMap<&str, &str> = rows.iter().map(|row| (row.path.as_str(), row.header.kind)).collect();
            for row in &rows {
                // Any name with the prefix is a whiteout; a directory of that name is made for the paths below it.
                prop_assert!(!row.name.starts_with(".wh.") || row.implied, "{} is no whiteout", row.path);
                prop_assert!(row.path.split('/').all(|name| name != ".." && !name.is_empty()), "{}", row.path);
                if let Some((above, _)) = row.path.rsplit_once('/') {
                    prop_assert_eq!(kinds.get(above), Some(&"dir"), "{} lies below {}", row.path, above);
                }
            }
        }
        files.findings().unwrap();
        files.sizes().unwrap();
        files.treemap("", false).unwrap();
    }
}

/// Symbolic links as in [`entry`], and `a~b` is a hard link.
fn linked(word: &str) -> Entry {
    let Some((path, target)) = word.split_once('~') else { return entry(word) };
    let mut link = Entry::new(EntryKind::HardLink, path);
    (link.link, link.mode) = (target.as_bytes().to_vec(), 0o644);
    link
}

fn stack(layers: &[&str]) -> Files {
    let mut files = Files::new();
    for (position, words) in (0..).zip(layers) {
        files.add(position, index(words.split_whitespace().map(linked)));
    }
    files
}

/// Asserts the paths that a container sees, and the findings with their paths.
#[track_caller]
fn seen(layers: &[&str], image: &str, findings: &str) {
    let mut files = stack(layers);
    let found = rows(&mut files, &view(View::Image, None));
    assert_eq!(told(&found), image, "{layers:?}");
    let found: Vec<_> = files
        .findings()
        .unwrap()
        .iter()
        .map(|finding| format!("{}:{}@{}", finding.id, finding.path, finding.layer))
        .collect();
    assert_eq!(found.join(" "), findings, "{layers:?}");
}

#[test]
fn a_link_of_the_same_layer_is_followed() {
    seen(&["usr/ usr/bin/ bin>usr/bin bin/sh"], "+bin@0 +usr@0 +usr/bin@0 +usr/bin/sh@0", "through-link:usr/bin/sh@0");
    // A file that is written through it replaces the file there.
    let twice = ["usr/bin/ usr/bin/sh=3 bin>/usr/bin bin/sh=4"];
    seen(&twice, "+bin@0 usr?@0 +usr/bin@0 +usr/bin/sh@0", "through-link:usr/bin/sh@0 duplicate:usr/bin/sh@0");
    let found = rows(&mut stack(&twice), &view(View::Image, None));
    assert_eq!(found.last().unwrap().header.size, 4);
    // The link may lead to nothing yet, above the root, or round in circles.
    seen(&["l>../../x/y l/f"], "+l@0 x?@0 x/y?@0 +x/y/f@0", "through-link:x/y/f@0 dangling-link:x/y/f@0");
    seen(&["l>l l/f"], "+l@0", "below-file:l/f@0");
    // A file in the place of the link ends the way through it.
    seen(
        &["d/ d/b/ d/b/c>../b d/b/c/c d/b/c/x"],
        "+d@0 +d/b@0 +d/b/c@0",
        "through-link:d/b/c@0 duplicate:d/b/c@0 dangling-link:d/b/c@0 below-file:d/b/c/x@0",
    );
    seen(&["a>b b>c c/ a/f"], "+a@0 +b@0 +c@0 +c/f@0", "through-link:c/f@0");
    // A whiteout goes the same way.
    seen(&["u/ u/f u/g", "b>u u/ b/.wh.f"], "+b@1 u@1 +u/g@0", "whiteout-through-link:u/.wh.f@1");
}

#[test]
fn a_link_of_a_lower_layer_is_replaced_by_a_directory() {
    seen(
        &["usr/bin/ usr/bin/sh bin>usr/bin", "bin/sh"],
        "~bin?@1 +bin/sh@1 usr?@0 +usr/bin@0 +usr/bin/sh@0",
        "over-link:bin/sh@1",
    );
    seen(&["u/ u/f b>u", "b/.wh.f"], "~b?@1 +u@0 +u/f@0", "whiteout-through-link:b/.wh.f@1");
    seen(&["u/ u/f b>u", "b/ b/.wh..wh..opq b/n"], "~b@1 +b/n@1 +u@0 +u/f@0", "");
    seen(&["a", "a/b"], "~a?@1 +a/b@1", "over-file:a/b@1");
}

#[test]
fn nothing_lies_below_a_file_of_the_same_layer() {
    seen(&["a a/b"], "+a@0", "below-file:a/b@0");
    seen(&["a a/.wh.b"], "+a@0", "whiteout-below-file:a/.wh.b@0");
    seen(&["d/ d/e/ d/e/f d=2"], "+d@0", "duplicate:d@0 directory-replaced:d/e@0");
    seen(&["d/ d/e d=2 d/ d/g"], "+d@0 +d/g@0", "duplicate:d@0 duplicate:d@0");
    // Listed again with the same headers, a directory is what it was.
    seen(&["d/ d/e d/"], "+d@0 +d/e@0", "");
}

/// Each was given to podman with vfs and overlay, which refuse the first three, and to umoci, which takes them.
#[test]
fn a_directory_whose_place_something_else_takes_is_found() {
    seen(&["e/d/ e"], "+e@0", "directory-replaced:e/d@0");
    seen(&["f e/d/ e~f"], "+e@0 +f@0", "directory-replaced:e/d@0");
    seen(&["f", "e/d/ e>x"], "+e@1 +f@0", "directory-replaced:e/d@1");
    // The target of the link has such a directory; there was no entry for it; it is there again.
    seen(&["e/d/ e>x x/d/"], "+e@0 x?@0 +x/d@0", "");
    seen(&["e/d/f e"], "+e@0", "");
    seen(&["e/d/", "e"], "~e@1", "");
}

/// Each was given to podman with vfs, which deletes the entry of the first four, and to podman with overlay and umoci,
/// which keep it.
#[test]
fn an_opaque_marker_after_what_podman_deletes_is_found() {
    seen(&["d/s/x d/.wh..wh..opq"], "d?@0 d/s?@0 +d/s/x@0", "opaque-after:d/.wh..wh..opq@0");
    seen(&["d/s/", "d/s/x d/.wh..wh..opq"], "d?@0 d/s?@1 +d/s/x@1", "opaque-after:d/.wh..wh..opq@1");
    seen(&["d/ d/s/t/x .wh..wh..opq"], "+d@0 d/s?@0 d/s/t?@0 +d/s/t/x@0", "opaque-after:.wh..wh..opq@0");
    seen(&["d/s/x d/.wh..wh..opq d/s/"], "d?@0 +d/s@0 +d/s/x@0", "opaque-after:d/.wh..wh..opq@0");
    let through = "through-link:d/s@0";
    seen(&["d/ l>d l/s d/.wh..wh..opq"], "+d@0 +d/s@0 +l@0", &format!("opaque-after:d/.wh..wh..opq@0 {through}"));
    seen(&["d/ d/s/.wh.x d/.wh..wh..opq"], "+d@0 d/s?@0", "opaque-after:d/.wh..wh..opq@0");
    // Every path above what the layer has before the marker is listed, or nothing comes before it.
    seen(&["d/x d/.wh..wh..opq"], "d?@0 +d/x@0", "");
    seen(&["d/s/ d/s/x d/.wh..wh..opq"], "d?@0 +d/s@0 +d/s/x@0", "");
    seen(&["d/s/x d/s/ d/.wh..wh..opq"], "d?@0 +d/s@0 +d/s/x@0", "");
    seen(&["d/.wh..wh..opq d/s/x"], "d?@0 d/s?@0 +d/s/x@0", "");
    seen(&["d/s/x d/s/.wh..wh..opq e/.wh..wh..opq"], "d?@0 d/s?@0 +d/s/x@0 e?@0", "");
}

/// umoci and podman with vfs and overlay take a name of AUFS below the root for any other: the prefix of a whiteout counts.
#[test]
fn names_of_aufs_below_the_root_are_read_as_others() {
    seen(&["a/ a/.wh..wh.foo/x"], "+a@0 a/.wh..wh.foo?@0 +a/.wh..wh.foo/x@0", "aufs-path:a/.wh..wh.foo/x@0");
    let both = "aufs-path:a/.wh..wh.foo@0 aufs-path:a/.wh..wh.foo/x@0";
    seen(&["a/ a/.wh..wh.foo/ a/.wh..wh.foo/x"], "+a@0 a/.wh..wh.foo?@0 +a/.wh..wh.foo/x@0", both);
    seen(&["a/ a/.wh..wh.plnk/"], "+a@0", "aufs-path:a/.wh..wh.plnk@0");
    seen(&["a/ a/.wh.foo/x", "a/.wh..wh.foo"], "+a@0", "aufs-path:a/.wh..wh.foo@1");
    seen(&["a/ a/foo", "a/.wh..wh.foo"], "+a@0 +a/foo@0", "aufs-path:a/.wh..wh.foo@1");
    let rooted = "absolute-path:.wh..wh.foo/x@0 aufs-path:.wh..wh.foo/x@0";
    seen(&["/.wh..wh.foo/x"], ".wh..wh.foo?@0 +.wh..wh.foo/x@0", rooted);
    seen(
        &["b", "b/.wh..wh.plnk b/a"],
        "~b?@1 +b/a@1",
        "aufs-path:b/.wh..wh.plnk@1 whiteout-below-file:b/.wh..wh.plnk@1",
    );
}

#[test]
fn a_directory_that_was_only_implied_stays() {
    seen(&["a/b/c", "a/b/.wh.c"], "a?@0 a/b?@0", "");
    seen(&["a/b/c", "a/.wh.b"], "a?@0", "");
    seen(&["a/b", ".wh.a"], "", "");
    seen(&["a/b/c", "a/.wh..wh..opq"], "a?@0", "");
    seen(&["a/b", "a/"], "~a@1 +a/b@0", "");
    seen(&["", "a/.wh.b"], "a?@1", "");
}

#[test]
fn odd_names_are_resolved_within_the_root() {
    seen(
        &["x/../bin/sh ../up /../.././top"],
        "bin?@0 +bin/sh@0 +top@0 +up@0",
        "dot-dot-path:bin/sh@0 absolute-path:top@0 dot-dot-path:top@0 dot-dot-path:up@0",
    );
    // The root is a directory.
    seen(&[".", "a/.."], "", "root-entry:@0 dot-dot-path:@1 root-entry:@1");
    let long = "n".repeat(256);
    seen(&[&format!("{long} d/{}", &long[1..])], &format!("d?@0 +d/{}@0", &long[1..]), &format!("long-name:{long}@0"));
}

#[test]
fn whiteouts_of_no_file_delete_nothing_and_are_found() {
    for bare in ["d/.wh.", "d/.wh..", "d/e/.wh..."] {
        seen(&["d/ d/e/ d/f", bare], "+d@0 +d/e@0 +d/f@0", &format!("bare-whiteout:{bare}@1"));
    }
    seen(&["d/ d/f", ".wh.d d/.wh.f"], "d?@1", "below-whiteout:d/.wh.f@1");
    seen(&["d/ d/f", "d/.wh.f .wh.d"], "", "");
    seen(&["d/ d/f", ".wh.d d/g"], "d?@1 +d/g@1", "below-whiteout:d/g@1");
}

#[test]
fn hard_links_have_what_they_lead_to() {
    let content = |layers: &[&str], path: &str| {
        let mut files = stack(layers);
        let row = rows(&mut files, &view(View::Image, None)).into_iter().find(|row| row.path == path).unwrap();
        assert_eq!(files.content(row.layer, row.at).unwrap(), row.content);
        (row.header.size, row.content.map(|content| (content.layer, content.at)))
    };
    assert_eq!(content(&["a/one=3", "a/two~a/one"], "a/two"), (3, Some((0, 0))));
    assert_eq!(content(&["a/one=3 a/two~a/one", "a/one=9 a/three~a/two"], "a/three"), (3, Some((0, 0))));
    assert_eq!(content(&["l>d d/f=5 x~/l/./f"], "x"), (5, Some((0, 1))));
    assert_eq!(content(&["d/f=5 l>d", "x~l/f"], "x"), (5, Some((0, 0))));
    seen(&["f=5", "g~f"], "+f@0 +g@1", "lower-hard-link:g@1");
    // Linked again to the same content, a file is what it was.
    seen(&["f=5 g~f", "f=5 g~f"], "f@1 g@1", "");
    for dangling in ["g~f", "g~f f", "g~g", "g g~g", "d/ g~d", "f .wh.x g~x", "d/f d=1 g~d/f"] {
        let mut files = stack(&[dangling]);
        assert!(
            files.findings().unwrap().iter().any(|one| one.id == "hard-link-target" && one.path == "g"),
            "{dangling}"
        );
    }
    let mut files = stack(&["g", "g~g"]);
    assert_eq!(files.findings().unwrap()[0].id, "hard-link-target", "the lower one is removed before");
    let mut files = stack(&["f", ".wh.f g~f"]);
    assert_eq!(files.findings().unwrap()[0].id, "hard-link-target", "a whiteout before deletes it");
    // Another name of a symbolic link is a symbolic link.
    seen(&["d/ l>d m~l m/f"], "+d@0 +d/f@0 +l@0 +m@0", "through-link:d/f@0");
}

/// umoci, and podman with vfs and overlay, make a second name of whatever the target is.
#[test]
fn a_hard_link_is_what_its_target_is() {
    let device = with("c", |entry| (entry.kind, entry.device) = (EntryKind::CharDevice, Some((1, 3))));
    let fifo = with("p", |entry| entry.kind = EntryKind::Fifo);
    let links = ["s>d", "l~s", "m~l", "e~c", "q~p", "r~/x/../p"].map(linked);
    let mut files = Files::new();
    files.add(0, index([device, fifo].into_iter().chain(links)));
    let found = rows(&mut files, &view(View::Image, None));
    let told: Vec<_> = found
        .iter()
        .map(|row| (row.path.as_str(), row.header.kind, row.header.link.as_deref(), row.device.as_deref()))
        .collect();
    let expected = [
        ("c", "char", None, Some("1:3")),
        ("e", "char", None, Some("1:3")),
        ("l", "symlink", Some("d"), None),
        ("m", "symlink", Some("d"), None),
        ("p", "fifo", None, None),
        ("q", "fifo", None, None),
        ("r", "fifo", None, None),
        ("s", "symlink", Some("d"), None),
    ];
    assert_eq!(told, expected);
    assert_eq!((found[2].octal.as_str(), found[2].header.mode.as_str()), ("0777", "lrwxrwxrwx"));
    assert_eq!(found[2].content.map(|content| content.at), Some(2));
    assert_eq!(files.detail(found[2].id).unwrap().history[0].header.kind, "symlink");
    let found: Vec<_> = files.findings().unwrap().into_iter().map(|one| format!("{}:{}", one.id, one.path)).collect();
    assert_eq!(found, ["device:c", "device:e", "absolute-path:r", "dot-dot-path:r"]);
}

/// With overlay file systems a second name of a device 0:0 deletes, too; others show two devices.
#[test]
fn a_hard_link_to_a_marker_of_overlay_file_systems_is_one() {
    let marker = with("c", |entry| (entry.kind, entry.device) = (EntryKind::CharDevice, Some((0, 0))));
    let mut files = Files::new();
    files.add(0, index(["e", "f"].map(linked)));
    files.add(1, index([marker, linked("e~c")]));
    assert_eq!(told(&rows(&mut files, &view(View::Image, None))), "+f@0");
    let found: Vec<_> = files.findings().unwrap().into_iter().map(|one| format!("{}:{}", one.id, one.path)).collect();
    assert_eq!(found, ["device:c", "overlay:c", "device:e", "overlay:e"]);
}

#[test]
fn files_of_aufs_are_beside_the_image() {
    let layer = "etc/ .wh..wh.aufs .wh..wh.plnk/ .wh..wh.plnk/1.2=7 etc/b~.wh..wh.plnk/1.2 .wh..wh.orph/";
    let own = [".wh..wh.aufs", ".wh..wh.orph", ".wh..wh.plnk", ".wh..wh.plnk/1.2"];
    seen(&[layer], "+etc@0 +etc/b@0", &own.map(|path| format!("aufs-path:{path}@0")).join(" "));
    let found = rows(&mut stack(&[layer]), &view(View::Image, None));
    assert_eq!(found[1].header.size, 7);
    let all = rows(&mut stack(&[layer]), &view(View::Layer, 0));
    assert_eq!(all.iter().filter(|row| row.beside).count(), 4, "{}", told(&all));
}

#[test]
fn the_root_of_a_windows_layer_is_its_folder_files() {
    let layers = [
        "Files/ Files/Windows/ Files/Windows/a.dll Hives/ Hives/Software_Delta UtilityVM/ UtilityVM/x",
        "Files/ Files/Windows/ Files/Windows/.wh.a.dll Files/Windows/b.dll c~Files/Windows/b.dll",
    ];
    let base = &layers[..1];
    seen(base, "+.@0 +Windows@0 +Windows/a.dll@0", "");
    let mut files = stack(&[layers[0], "Files/Windows/.wh.a.dll Files/b Files/c~Files/b"]);
    let found = rows(&mut files, &view(View::Image, None));
    assert_eq!(told(&found), "+.@0 +Windows@0 +b@1 +c@1");
    files.set_system(Some("linux"));
    assert!(rows(&mut files, &view(View::Image, None)).iter().any(|row| row.path == "Files/b"));
    // One path of another kind, and it is no Windows image.
    seen(&["Files/a Hives/b x"], "Files?@0 +Files/a@0 Hives?@0 +Hives/b@0 +x@0", "");
    // A layer with nothing but Files/ is one if the image is for Windows.
    let mut files = stack(&["Files/a"]);
    assert_eq!(told(&rows(&mut files, &view(View::Image, None))), "Files?@0 +Files/a@0");
    files.set_system(Some("windows"));
    assert_eq!(told(&rows(&mut files, &view(View::Image, None))), "+a@0");
}

#[test]
fn capabilities_are_found_and_count_as_a_change() {
    let with_them = with("usr/ping", |entry| {
        let value = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        entry.xattrs = vec![(b"security.capability".to_vec(), value.to_vec())];
    });
    suspicious(with_them.clone(), "capability", "file capabilities cap_net_raw=ep: a user who runs it has them");
    let mut files = Files::new();
    files.add(0, index([with_them]));
    files.add(1, index([entry("usr/ping")]));
    let found = rows(&mut files, &view(View::Image, None));
    assert_eq!(told(&found), "usr?@0 ~usr/ping@1", "they are gone");
    let found = rows(&mut files, &view(View::Image, Some(0)));
    assert_eq!(found[1].capabilities.as_deref(), Some("cap_net_raw=ep"));
}

/// An owner as podman, Docker, containerd and umoci set it: `lchown` takes 32 bits, and -1 leaves root.
#[test]
fn owners_are_those_that_engines_set() {
    for (written, set) in
        [(1 << 32, 0), ((1 << 32) + 5, 5), (i64::MAX, 0), (-1, 0), (-2, 0xffff_fffe), (0xffff_fffe, 0xffff_fffe)]
    {
        let mut files = Files::new();
        files.add(0, index([with("a", |entry| (entry.uid, entry.gid) = (written, written))]));
        let found = rows(&mut files, &view(View::Image, None));
        assert_eq!((found[0].uid, found[0].gid), (set, set), "{written}");
        let is_found = found[0].findings == ["owner-number"];
        assert_eq!(is_found, i64::try_from(set) != Ok(written), "{written}: {:?}", found[0].findings);
    }
}

#[test]
fn what_a_hard_link_still_shows_is_not_wasted() {
    let words = |text: &str| index(text.split_whitespace().map(linked));
    let sizes = |layers: &[&str]| {
        let mut files = Files::new();
        for (position, text) in (0..).zip(layers) {
            files.add(position, words(text));
        }
        let sizes = files.sizes().unwrap();
        (sizes.wasted_bytes, sizes.needed_bytes, sizes.waste.len())
    };
    assert_eq!(sizes(&["f=50 g~f", ".wh.f"]), (0, 50, 0), "the link has the content");
    assert_eq!(sizes(&["f=50 g~f", "f=9"]), (0, 59, 0));
    assert_eq!(sizes(&["f=50 g~f", ".wh.f .wh.g"]), (50, 0, 1), "both names are gone");
    assert_eq!(sizes(&["f=50", "h~f", ".wh.f"]), (0, 50, 0));
    assert_eq!(sizes(&["f=50 g~f", ".wh.g"]), (0, 50, 0));
}

/// A hard link's header is set for the file that it names, and so for all its names.
#[test]
fn the_last_hard_link_gives_a_file_its_mode_and_owner() {
    let link = |path: &str, to: &str, mode: u32, uid: i64| {
        let mut link = with(path, |entry| (entry.mode, entry.uid) = (mode, uid));
        (link.kind, link.link) = (EntryKind::HardLink, to.as_bytes().to_vec());
        link
    };
    let mut files = Files::new();
    files.add(0, index([entry("a"), link("b", "a", 0o4755, 5)]));
    files.add(1, index([link("c", "b", 0o600, -1)]));
    let of = |found: &[Row]| found.iter().map(|row| (row.octal.clone(), row.uid)).collect::<Vec<_>>();
    let found = rows(&mut files, &view(View::Image, Some(0)));
    assert_eq!(of(&found), vec![("4755".to_owned(), 5); 2], "as podman has it");
    assert!(found[0].findings.contains(&"setuid") && found[1].findings.contains(&"hard-link-header"));
    let found = rows(&mut files, &view(View::Image, None));
    assert_eq!(found.iter().map(|row| row.octal.as_str()).collect::<Vec<_>>(), ["0600"; 3]);
    // The same headers change nothing.
    let mut files = Files::new();
    files.add(0, index([entry("a"), link("b", "a", 0o644, 0)]));
    assert!(rows(&mut files, &view(View::Image, None)).iter().all(|row| row.findings.is_empty()));
}

/// podman and umoci leave no setuid bit: the last link's mode is the file's.
#[test]
fn what_a_hard_link_clears_is_no_finding_of_the_file() {
    let setuid = || with("a", |entry| entry.mode = 0o4755);
    let link = |path: &str, mode: u32| {
        let mut link = with(path, |entry| entry.mode = mode);
        (link.kind, link.link) = (EntryKind::HardLink, b"a".to_vec());
        link
    };
    let tags = |files: &mut Files, top: Option<u32>| -> Vec<bool> {
        rows(files, &view(View::Image, top)).iter().map(|row| row.findings.contains(&"setuid")).collect()
    };
    let mut files = Files::new();
    files.add(0, index([setuid(), link("b", 0o644)]));
    assert_eq!(tags(&mut files, None), [false, false]);
    assert!(files.findings().unwrap().iter().all(|one| one.id != "setuid"));
    let query = Query { finding: Some("setuid".to_owned()), ..Query::default() };
    assert_eq!(files.query(&query).unwrap().matched, 0);
    files.add(0, index([setuid(), link("b", 0o4755)]));
    assert_eq!(tags(&mut files, None), [true, true]);
    // One that comes in a higher layer clears it from there on.
    files.add(0, index([setuid()]));
    files.add(1, index([link("b", 0o644)]));
    assert_eq!((tags(&mut files, Some(0)), tags(&mut files, None)), (vec![true], vec![false, false]));
}

/// The state that podman has with vfs and overlay: the list's rights become the mode's, and users that it names have
/// theirs.
#[test]
fn access_control_lists_are_found_and_count_as_a_change() {
    let list = |other: u16| {
        let entries = [(1, 7, !0), (2, 7, 1000), (4, 5, !0), (16, 7, !0), (32, other, !0_u32)];
        entries.iter().fold(vec![2, 0, 0, 0], |mut value, (tag, rights, id): &(u16, u16, u32)| {
            value.extend_from_slice(&tag.to_le_bytes());
            value.extend_from_slice(&rights.to_le_bytes());
            value.extend_from_slice(&id.to_le_bytes());
            value
        })
    };
    let with_list = |name: &str, other: u16| {
        with("a", |entry| entry.xattrs = vec![(format!("system.posix_acl_{name}").into_bytes(), list(other))])
    };
    let words = "user::rwx,user:1000:rwx,group::r-x,mask::rwx,other::r--";
    let why = format!("an access control list gives rights beyond its mode: {words}; with podman its mode is 0774");
    suspicious(with_list("access", 4), "acl", &why);
    let stacked = |layers: [Entry; 2]| {
        let mut files = Files::new();
        (0..).zip(layers).for_each(|(at, entry)| files.add(at, index([entry])));
        let found = rows(&mut files, &view(View::Image, None));
        (told(&found), found[0].acl.clone())
    };
    assert_eq!(stacked([with_list("access", 4), with_list("access", 4)]), ("a@1".to_owned(), Some(words.to_owned())));
    assert_eq!(stacked([with_list("access", 4), with_list("access", 0)]).0, "~a@1");
    assert_eq!(stacked([with_list("access", 4), with("a", |_| {})]), ("~a@1".to_owned(), None));
    // Linux takes no default list for a file.
    assert_eq!(stacked([with("a", |_| {}), with_list("default", 4)]), ("a@1".to_owned(), None));
}

/// The state that podman has with overlay; with vfs the lower files stay, which the finding says.
#[test]
fn a_directory_that_overlay_takes_for_opaque_hides_what_is_below() {
    let marked = |name: &str, value: &str| {
        with("d/", |entry| {
            entry.kind = EntryKind::Directory;
            entry.xattrs = vec![(name.as_bytes().to_vec(), value.as_bytes().to_vec())];
        })
    };
    let seen = |mark: Entry| {
        let mut files = stack(&["d/ d/old f"]);
        files.add(1, index([mark, entry("d/new")]));
        let found = rows(&mut files, &view(View::Image, None));
        assert!(files.findings().unwrap().iter().any(|one| one.id == "overlay"));
        found.iter().map(|row| row.path.clone()).collect::<Vec<_>>()
    };
    assert_eq!(seen(marked("trusted.overlay.opaque", "y")), ["d", "d/new", "f"]);
    assert_eq!(seen(marked("trusted.overlay.opaque", "x")), ["d", "d/new", "d/old", "f"]);
    assert_eq!(seen(marked("user.overlay.opaque", "y")), ["d", "d/new", "d/old", "f"]);
}

/// The effect of a global header that names a path in podman's overlay and containerd; vfs removes from lower layers,
/// too.
#[test]
fn a_global_header_acts_on_the_path_that_it_names() {
    let global = |path: &str| Entry::new(EntryKind::GlobalHeader, path);
    for (path, own, expected) in [
        ("b", "z", "+b@0 +d@0 +d/a@0 +z@1"),
        ("b", "b", "+b@0 +d@0 +d/a@0"),
        (".wh.b", "z", "+d@0 +d/a@0 +z@1"),
        ("d/.wh..wh..opq", "z", "+b@0 +d@0 +z@1"),
        ("n/m", "z", "+b@0 +d@0 +d/a@0 n?@1 +z@1"),
        ("b/x", "z", "~b?@1 +d@0 +d/a@0 +z@1"),
        ("../e", "e", "+b@0 +d@0 +d/a@0"),
        ("n", "n/m", "+b@0 +d@0 +d/a@0"),
        (".wh..wh.plnk/1", "z", "+b@0 +d@0 +d/a@0 +z@1"),
        ("pax_global_header", "z", "+b@0 +d@0 +d/a@0 +z@1"),
    ] {
        let mut files = Files::new();
        files.add(0, index([entry("d/"), entry("d/a"), entry("b")]));
        files.add(1, index([entry(own), global(path)]));
        let found = rows(&mut files, &view(View::Image, None));
        assert_eq!(told(&found), expected, "{path} after {own}");
        let is_silent = path.contains(".wh.") || path == "pax_global_header";
        assert_eq!(files.findings().unwrap().iter().any(|one| one.id == "global-header"), !is_silent, "{path}");
    }
}

#[test]
fn a_device_of_zeros_deletes_and_a_link_has_all_permissions() {
    let device = with("b", |entry| (entry.kind, entry.device) = (EntryKind::CharDevice, Some((0, 0))));
    let mut files = Files::new();
    files.add(0, index([entry("a>x"), entry("b")]));
    files.add(1, index([device]));
    let found = rows(&mut files, &view(View::Image, None));
    assert_eq!((told(&found).as_str(), found[0].octal.as_str()), ("+a@0", "0777"));
    let ids: Vec<_> = files.findings().unwrap().iter().map(|one| one.id).collect();
    assert_eq!(ids, ["device", "overlay"]);
}

#[test]
fn type_flags_that_engines_refuse_are_found() {
    for flag in [b'7', b'S', b'V', b'X', b'M', b'?'] {
        let why = format!("type flag \"{}\": container engines refuse the layer", char::from(flag));
        suspicious(with("a", |entry| entry.flag = flag), "type-flag", &why);
    }
    for flag in [0, b'0', b'1', b'6', b'g'] {
        assert_eq!(found(vec![with("a", |entry| entry.flag = flag)], ""), []);
    }
}

#[test]
fn hostile_links_are_bounded() {
    // Each path leads through 255 links.
    let chain = (0..255).map(|at| entry(&format!("l{at}>l{}", at + 1)));
    let through = (0..60_000).map(|at| entry(&format!("l{}/f{at}", at % 2)));
    let mut files = Files::new();
    files.add(0, index(chain.chain(through)));
    assert_eq!(files.query(&Query::default()).unwrap_err().code(), "limit-exceeded");
    // A directory is replaced over and over, with much below it in a lower layer.
    let mut files = Files::new();
    files.add(0, index((0..100_000).map(|at| entry(&format!("d/{at}")))));
    files.add(1, index((0..200_000).map(|at| entry(if at % 2 == 0 { "d/" } else { "d" }))));
    assert_eq!(told(&rows(&mut files, &view(View::Image, None))), "~d@1");
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
    assert!(files.treemap("", false).unwrap().iter().all(|node| node.path.len() <= 4099));
}
