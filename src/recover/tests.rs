//! The whole search: known cases, any composition of changes, hostile input, the budget.

use proptest::prelude::*;

use super::*;
use crate::digest::Algorithm;

fn sha256(bytes: impl AsRef<[u8]>) -> Digest {
    Algorithm::Sha256.digest(bytes.as_ref())
}

#[track_caller]
fn recovers(pasted: impl AsRef<[u8]>, original: impl AsRef<[u8]>, steps: &[&str]) {
    let original = original.as_ref();
    let search = recover(pasted.as_ref(), &sha256(original));
    let found = search.found.unwrap_or_else(|| panic!("not among {} candidates", search.tried));
    assert_eq!(found.bytes, original);
    assert_eq!(found.digest, sha256(original));
    assert_eq!(found.steps, steps);
    assert!(!search.exhausted);
}

const ORIGINAL: &str =
    "{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\"\n}";

#[test]
fn recover_says_nothing_of_what_needs_nothing() {
    recovers(ORIGINAL, ORIGINAL, &[]);
}

#[test]
fn recover_undoes_what_was_done_to_the_text() {
    recovers(format!("{ORIGINAL}\n"), ORIGINAL, &["no final newline"]);
    recovers(ORIGINAL, format!("{ORIGINAL}\n"), &["one final newline"]);
    recovers(ORIGINAL, format!("\n{ORIGINAL}\n"), &["a newline before the document", "one final newline"]);
    recovers(format!("\u{feff}{ORIGINAL}"), ORIGINAL, &["byte order mark removed"]);
    recovers(ORIGINAL.replace('\n', "\r\n"), ORIGINAL, &["CRLF line ends turned into LF"]);
    recovers(ORIGINAL.replace('"', "&quot;"), ORIGINAL, &["HTML entities decoded"]);
    recovers(ORIGINAL.replace('"', "“"), ORIGINAL, &["typographic quotes turned into plain ones"]);
    recovers(ORIGINAL.replace(' ', "\u{a0}"), ORIGINAL, &["non-breaking spaces turned into spaces"]);
    recovers(ORIGINAL.replace("distri", "dis\ntri"), ORIGINAL, &["line breaks inside strings removed"]);
    recovers(format!("$ crane manifest busybox\n{ORIGINAL}$ "), ORIGINAL, &["text around the document left out"]);
    let quoted = format!("> {}", ORIGINAL.replace('\n', "\n> "));
    recovers(quoted, ORIGINAL, &["quote marks at the starts of lines removed"]);
}

#[test]
fn recover_unwraps_and_then_writes_anew() {
    let inner = "{\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\",\"schemaVersion\":2}";
    recovers(
        format!("{{\"Ref\":\"x\",\"SchemaV2Manifest\":{inner}}}"),
        ORIGINAL,
        &[
            "taken out of \"SchemaV2Manifest\"",
            "keys put in Docker's order",
            "indented with 3 spaces",
            "no final newline",
        ],
    );
}

#[test]
fn recover_works_with_every_algorithm() {
    for algorithm in [Algorithm::Sha384, Algorithm::Sha512] {
        let search = recover(b"{ \"a\": 1}", &algorithm.digest(b"{\"a\":1}\n"));
        assert_eq!(search.found.unwrap().steps, ["written on one line without spaces", "one final newline"]);
    }
    let unknown = Digest::parse("blake3:00").unwrap();
    assert_eq!(recover(b"{}", &unknown), Search { found: None, tried: 0, exhausted: true });
}

#[test]
fn recover_stays_within_its_budget() {
    let pasted =
        format!("[{}1]", "{\"schemaVersion\":2,\"layers\":[],\"annotations\":{\"b\":\"é/<\",\"a\":\"x\"}},".repeat(20));
    for (bytes, candidates) in [(0, 0), (2000, 1000), (100_000, 40), (1 << 20, 3000)] {
        let search = within(&[pasted.as_bytes()], &sha256("something else"), bytes, candidates);
        assert!(search.found.is_none() && !search.exhausted && search.tried <= candidates, "{bytes} {search:?}");
    }
    let small = within(&[b"{\"a\":1}"], &sha256("something else"), 1 << 24, 100_000);
    assert!(small.exhausted && small.tried > 100, "{small:?}");
}

#[test]
fn recover_leaves_texts_beyond_the_cap_alone() {
    let huge = vec![b' '; limits::RECOVERY_TEXT_BYTES + 1];
    assert_eq!(recover(&huge, &sha256("no")), Search { found: None, tried: 0, exhausted: false });
}

#[test]
fn recover_survives_depth_and_size_bombs() {
    let deep = "[".repeat(127) + &"]".repeat(127);
    let wide = format!("{}[{}]{}", "[".repeat(120), "1,".repeat(20_000) + "1", "]".repeat(120));
    for bomb in [deep, wide, "[".repeat(100_000), "&".repeat(100_000), "\"".repeat(100_000), "\t".repeat(100_000)] {
        assert!(within(&[bomb.as_bytes()], &sha256("no"), 4 << 20, 2000).found.is_none());
    }
}

/// A document as a tool has it in memory, with a writer that shares nothing with the code under test.
#[derive(Clone, Debug)]
enum J {
    Raw(String),
    Text(String),
    List(Vec<J>),
    Object(Vec<(String, J)>),
}

#[derive(Clone, Copy, Debug)]
struct Style {
    indent: Option<&'static str>,
    spaced: bool,
    html: bool,
    slash: bool,
    ascii: bool,
}

impl J {
    fn write(&self, style: Style) -> String {
        let mut out = String::new();
        self.put(style, 0, &mut out);
        out
    }

    fn put(&self, style: Style, depth: usize, out: &mut String) {
        match self {
            J::Raw(raw) => out.push_str(raw),
            J::Text(text) => quote(text, style, out),
            J::List(list) => {
                J::lines(list.len(), "[", "]", style, depth, out, |n, out| list[n].put(style, depth + 1, out));
            }
            J::Object(members) => J::lines(members.len(), "{", "}", style, depth, out, |n, out| {
                quote(&members[n].0, style, out);
                out.push_str(if style.indent.is_some() || style.spaced { ": " } else { ":" });
                members[n].1.put(style, depth + 1, out);
            }),
        }
    }

    fn lines(
        count: usize,
        open: &str,
        close: &str,
        style: Style,
        depth: usize,
        out: &mut String,
        each: impl Fn(usize, &mut String),
    ) {
        let line = |depth: usize| style.indent.map(|indent| format!("\n{}", indent.repeat(depth))).unwrap_or_default();
        out.push_str(open);
        for n in 0..count {
            if n > 0 {
                out.push_str(if style.spaced { ", " } else { "," });
            }
            out.push_str(&line(depth + 1));
            each(n, out);
        }
        if count > 0 {
            out.push_str(&line(depth));
        }
        out.push_str(close);
    }

    fn shuffle(&mut self, mut seed: u64) {
        match self {
            J::List(list) => list.iter_mut().for_each(|element| element.shuffle(seed)),
            J::Object(members) => {
                for n in (1..members.len()).rev() {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    members.swap(n, usize::try_from(seed >> 33).unwrap() % (n + 1));
                }
                members.iter_mut().for_each(|member| member.1.shuffle(seed));
            }
            _ => {}
        }
    }

    fn sort(&mut self) {
        match self {
            J::List(list) => list.iter_mut().for_each(J::sort),
            J::Object(members) => {
                members.sort_by(|a, b| a.0.cmp(&b.0));
                members.iter_mut().for_each(|member| member.1.sort());
            }
            _ => {}
        }
    }
}

fn quote(text: &str, style: Style, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '/' if style.slash => out.push_str("\\/"),
            '<' | '>' | '&' if style.html => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if style.ascii && !c.is_ascii() => {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn object(members: Vec<(&str, J)>) -> J {
    J::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn text(text: &str) -> J {
    J::Text(text.to_owned())
}

/// The differences between tools in the documents generated here.
#[derive(Clone, Copy, Debug)]
enum Tool {
    Docker,
    Oci,
    Crane,
}

fn style() -> impl Strategy<Value = Style> {
    let layout = prop::sample::select(vec![
        (None, false),
        (None, true),
        (Some("  "), false),
        (Some("   "), false),
        (Some("    "), false),
        (Some("\t"), false),
    ]);
    let escapes = prop::sample::select(vec![
        (false, false, false),
        (true, false, false),
        (false, true, false),
        (false, false, true),
        (false, true, true),
    ]);
    (layout, escapes).prop_map(|((indent, spaced), (html, slash, ascii))| Style { indent, spaced, html, slash, ascii })
}

fn descriptor(tool: Tool, seed: u32, platform: bool, extra: Option<String>) -> J {
    let digest = ("digest", J::Text(sha256(seed.to_string()).to_string()));
    let size = ("size", J::Raw(seed.to_string()));
    let mut members = vec![("mediaType", text("application/vnd.oci.image.layer.v1.tar+gzip"))];
    members.extend(if matches!(tool, Tool::Oci) { [digest, size] } else { [size, digest] });
    if let Some(note) = extra {
        members.push(("annotations", object(vec![("a.b/c", text("1")), ("z", J::Text(note))])));
    }
    if platform {
        members.push((
            "platform",
            object(vec![("architecture", text("arm")), ("os", text("linux")), ("variant", text("v7"))]),
        ));
    }
    object(members)
}

fn config(tool: Tool, note: &str) -> J {
    let created = ("created", text("2026-01-02T03:04:05Z"));
    let line =
        [("created", text("2026-01-02T03:04:05Z")), ("created_by", text(note)), ("empty_layer", J::Raw("true".into()))];
    let history = ("history", J::List(vec![object(line.to_vec())]));
    let rootfs = ("rootfs", object(vec![("type", text("layers")), ("diff_ids", J::List(vec![text("sha256:00")]))]));
    let (arch, os) = (("architecture", text("amd64")), ("os", text("linux")));
    let (env, cmd) = (("Env", J::List(vec![text("PATH=/bin")])), ("Cmd", J::List(vec![text("sh"), text(note)])));
    let labels = ("Labels", object(vec![("a", text("1")), ("b", text(note))]));
    match tool {
        Tool::Docker => {
            let config =
                ("config", object(vec![("Hostname", text("")), env, cmd, ("Volumes", J::Raw("null".into())), labels]));
            object(vec![arch, config, created, history, os, rootfs])
        }
        Tool::Oci => object(vec![created, arch, os, ("config", object(vec![env, cmd, labels])), rootfs, history]),
        Tool::Crane => object(vec![arch, created, history, os, rootfs, ("config", object(vec![cmd, env, labels]))]),
    }
}

/// A manifest, an index or a config as one of the tools orders its keys.
fn document() -> impl Strategy<Value = J> {
    let tool = prop::sample::select(vec![Tool::Docker, Tool::Oci, Tool::Crane]);
    let note = "[ a-z0-9<>&é=/.\"\n😀-]{0,12}";
    (tool, 0..3, prop::collection::vec((1_u32..5_000_000, prop::option::of(note)), 1..5), note).prop_map(
        |(tool, kind, entries, note)| {
            if kind == 2 {
                return config(tool, &note);
            }
            let index = kind == 1;
            let list = entries.into_iter().map(|(seed, extra)| descriptor(tool, seed, index, extra)).collect();
            let mut members = vec![("schemaVersion", J::Raw("2".into())), ("mediaType", text("application/x+json"))];
            if !index {
                members.push(("config", descriptor(tool, 7, false, None)));
            }
            members.push((if index { "manifests" } else { "layers" }, J::List(list)));
            object(members)
        },
    )
}

/// One change on the way.
#[derive(Clone, Debug)]
enum Change {
    Restyle(Style),
    Shuffle(u64),
    Sort,
    AddNewline,
    Crlf,
    Bom,
    Entities,
    NoBreak,
    TrailingSpaces,
    Prompt,
    Quoted,
    Nested,
    Escaped,
}

fn change() -> impl Strategy<Value = Change> {
    let plain = prop::sample::select(vec![
        Change::Sort,
        Change::AddNewline,
        Change::Crlf,
        Change::Bom,
        Change::Entities,
        Change::NoBreak,
        Change::TrailingSpaces,
        Change::Prompt,
        Change::Quoted,
        Change::Nested,
        Change::Escaped,
    ]);
    prop_oneof![style().prop_map(Change::Restyle), any::<u64>().prop_map(Change::Shuffle), plain]
}

/// Applies what changes the document first, what changes the text then, each in the order given.
fn changed(document: &J, style: Style, original: &str, changes: &[Change]) -> String {
    let (mut document, mut style, mut rewritten) = (document.clone(), style, false);
    for change in changes {
        rewritten |= matches!(change, Change::Restyle(_) | Change::Shuffle(_) | Change::Sort);
        match change {
            Change::Restyle(other) => style = *other,
            Change::Shuffle(seed) => document.shuffle(*seed),
            Change::Sort => document.sort(),
            _ => {}
        }
    }
    let start = if rewritten { document.write(style) } else { original.to_owned() };
    changes.iter().fold(start, |text, change| match change {
        Change::Restyle(_) | Change::Shuffle(_) | Change::Sort => text,
        Change::AddNewline => text + "\n",
        Change::Crlf => text.replace('\n', "\r\n"),
        Change::Bom => format!("\u{feff}{text}"),
        Change::Entities => text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;"),
        Change::NoBreak => text.replace(' ', "\u{a0}"),
        Change::TrailingSpaces => text.replace('\n', "  \n"),
        Change::Prompt => format!("$ skopeo inspect --raw x\n{text}\n$ "),
        Change::Quoted => format!("> {}", text.replace('\n', "\n> ")),
        Change::Nested => format!("{{\"Ref\": \"x\", \"SchemaV2Manifest\": {text}}}"),
        Change::Escaped => {
            J::Text(text).write(Style { indent: None, spaced: false, html: false, slash: false, ascii: false })
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn recover_finds_what_was_rewritten_up_to_three_times(
        document in document(), style in style(), newline: bool,
        changes in prop::collection::vec(prop_oneof![style().prop_map(Change::Restyle), any::<u64>().prop_map(Change::Shuffle), Just(Change::Sort), Just(Change::AddNewline), Just(Change::Crlf), Just(Change::Bom), Just(Change::Entities)], 0..=3),
    ) {
        let original = document.write(style) + if newline { "\n" } else { "" };
        let pasted = changed(&document, style, &original, &changes);
        let search = recover(pasted.as_bytes(), &sha256(&original));
        let found = search.found.map(|found| String::from_utf8_lossy(&found.bytes).into_owned());
        prop_assert_eq!(found, Some(original), "{:?} tried {}\n{}", changes, search.tried, pasted);
    }

    #[test]
    fn recover_never_claims_what_the_hash_does_not_confirm(
        document in document(), style in style(), changes in prop::collection::vec(change(), 3), other: bool,
    ) {
        let original = document.write(style);
        let pasted = changed(&document, style, &original, &changes);
        let expected = if other { sha256("another document") } else { sha256(&original) };
        let search = within(&[pasted.as_bytes()], &expected, 2 << 20, 5000);
        prop_assert!(search.tried <= 5000);
        if let Some(found) = search.found {
            prop_assert!(!other && sha256(&found.bytes) == expected && found.digest == expected);
        }
    }

    #[test]
    fn recover_never_panics(bytes: Vec<u8>, text in "[{}\\[\\]\":,\\\\0-9a&#;\r\n \u{feff}“é]{0,60}") {
        for input in [&bytes[..], text.as_bytes()] {
            prop_assert!(within(&[input], &sha256("nothing of the kind"), 1 << 20, 2000).found.is_none());
            let _ = well_known_forms(input);
        }
    }
}
