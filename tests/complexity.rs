//! Time is bounded: every step that reads what others wrote takes time in proportion to its length, for any content.
//!
//! Each step is timed on its worst inputs at 100 KB, at 1 MB and at the length where it is capped. The clock is the
//! processor time of this thread, and a growth counts only if several runs show it, so that a busy machine fails no test;
//! times too short to tell apart count as one. A quadratic step takes 100 times as long for 10 times the length.
//! `STOWPLAN_KIND=paths` times the kinds with that word in their name alone; `--nocapture` shows growths over 1.2.

#![allow(clippy::unwrap_used, reason = "a test that cannot make its input fails")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use stowplan::image::{Input, OpenOptions};
use stowplan::layer::files::{Files, Matching, PathFilter, Query};
use stowplan::layer::{Entry, EntryKind, FileIndex};
use stowplan::{Digest, Document, Hints, Reference, Verified, limits};

/// The most by which a time may grow beyond its proportion.
const GROWTH: f64 = 1.5;

/// The most of a growth that the machine may account for: no step may take more than twice its proportion. A quadratic one takes
/// eight times from 1 MB to the cap.
const MOST_LINEAR: f64 = 4.0 / 3.0;

/// Times below this are taken for this long: caches and the first call of a function cost as much.
const FLOOR: Duration = Duration::from_millis(40);

const RUNS: usize = 9;

/// One kind of input, at any length.
struct Kind {
    name: &'static str,
    of: fn(usize) -> Vec<u8>,
}

const fn kind(name: &'static str, of: fn(usize) -> Vec<u8>) -> Kind {
    Kind { name, of }
}

/// A step and the largest input that it reads.
struct Step {
    name: &'static str,
    cap: usize,
    run: fn(&[u8]),
}

/// The worst inputs of a reader of text: marks that open and never close, and marks that have to be looked for again and again.
const KINDS: &[Kind] = &[
    kind("&", |n| filled("", "&", "", n)),
    kind("&amp", |n| filled("", "&amp", "", n)),
    kind("<", |n| filled("", "<", "", n)),
    kind("\"", |n| filled("", "\"", "", n)),
    kind("'", |n| filled("", "'", "", n)),
    kind("backticks", |n| filled("", "`", "", n)),
    kind("typographic quotes", |n| filled("", "“", "", n)),
    kind("{", |n| filled("", "{", "", n)),
    kind("[", |n| filled("", "[", "", n)),
    kind("{\"", |n| filled("", "{\"", "", n)),
    kind("lines of {\"", |n| filled("", "{\"\n", "", n)),
    kind("lines of {}", |n| filled("", "{}\n", "", n)),
    kind("lines of unclosed text", |n| filled("", "a={'x", "", n)),
    kind("brackets on one line", |n| filled("x", " {", "", n)),
    kind("}", |n| filled("", "}", "", n)),
    kind("backslashes", |n| filled("", "\\", "", n)),
    kind("escaped quotes", |n| filled("{", "\\\"", "}", n)),
    kind("%", |n| filled("", "%7B", "", n)),
    kind("broken %", |n| filled("", "%", "", n)),
    kind("spaces", |n| filled("", " ", "", n)),
    kind("spaces in lines", |n| filled("x", "          \n", "{", n)),
    kind("tabs", |n| filled("", "\t", "", n)),
    kind("one long line", |n| filled("", "a", "", n)),
    kind("many lines", |n| filled("", "\n", "", n)),
    kind("short lines", |n| filled("", "a: b\n", "", n)),
    kind("numbered lines", |n| filled("", "1 {\n", "", n)),
    kind("quoted lines", |n| filled("", "> {\n", "", n)),
    kind("prefixes", |n| filled("", "web-1 | {\n", "", n)),
    kind("commands", |n| filled("", "$ docker pull x\n", "", n)),
    kind("deeper and deeper YAML", |n| {
        let mut text = String::new();
        let mut depth = 0;
        while text.len() < n {
            text.push_str(&" ".repeat(depth % 200));
            text.push_str("- a:\n");
            depth += 1;
        }
        text.into_bytes()
    }),
    kind("YAML lists", |n| filled("", "- - - - ", "", n)),
    kind("Go maps", |n| filled("", "map[a:", "", n)),
    kind("Go maps without keys", |n| filled("", "map[", "", n)),
    kind("Go types", |n| filled("", "map[a][]a", "", n)),
    kind("comments in braces", |n| filled("", "{/*", "", n)),
    kind("PHP arrays", |n| filled("", "array ( 0 => ", "", n)),
    kind("hex", |n| filled("", "7b22", "", n)),
    kind("hex dump", |n| filled("", "00000000  7b 0a 20 20  |{.  |\n", "", n)),
    kind("byte list", |n| filled("[", "123 ", "]", n)),
    kind("base64", |n| filled("", "eyJhIjox", "", n)),
    kind("data URLs", |n| filled("", "data:application/json;base64,eyJ9 ", "", n)),
    kind("digests", |n| filled("", &format!("sha256:{}\n", "a".repeat(64)), "", n)),
    kind("sha256:", |n| filled("", "sha256:", "", n)),
    kind("terminal escapes", |n| filled("", "\u{1b}[", "", n)),
    kind("comments", |n| filled("{", "/*", "}", n)),
    kind("line comments", |n| filled("{", "//\n", "}", n)),
    kind("equal keys", |n| filled("{", "\"signatures\":0,", "\"a\":1}", n)),
    kind("equal keys of documents", |n| filled("{", "\"layers\":{\"layers\":[]},", "\"a\":1}", n)),
    kind("distinct keys", |n| {
        let members: Vec<String> = (0..n / 12).map(|at| format!("\"{at:07}\":0")).collect();
        format!("{{{}}}", members.join(",")).into_bytes()
    }),
    kind("distinct lines", |n| (0..n / 8).flat_map(|at| format!("{at:07}\n").into_bytes()).collect()),
    // Numbers that jump, in a thousand folders.
    kind("distinct paths", |n| {
        let path = |at: usize| format!("{:03}/{:07x}\n", at * 577 % 1000, at.wrapping_mul(0x9e37_79b1) & 0x0fff_ffff);
        (0..n / 12).flat_map(|at| path(at).into_bytes()).collect()
    }),
    kind("equal descriptors", |n| {
        let one = format!("{{\"mediaType\":\"a/b\",\"digest\":\"sha256:{}\",\"size\":1}},", "0".repeat(64));
        filled("{\"schemaVersion\":2,\"manifests\":[", &one, "0]}", n)
    }),
    kind("environment", |n| filled("{\"rootfs\":{},\"config\":{\"Env\":[", "\"A=ghp_\",", "\"\"]}}", n)),
    kind("history", |n| filled("{\"rootfs\":{},\"history\":[", "{\"created_by\":\"a\"},", "{}]}", n)),
    kind("deep arrays", |n| {
        let deep = format!("{}{}", "[".repeat(120), "]".repeat(120));
        filled("[", &format!("{deep},"), "0]", n)
    }),
    kind("deep documents", |n| {
        let (open, close) = ("{\"layers\":".repeat(120), "}".repeat(120));
        format!("{open}\"{}\"{close}", "a".repeat(n)).into_bytes()
    }),
    kind("Nix sets", |n| filled("", "pullImage {", "", n)),
    kind("Nix escapes", |n| filled("{", "\\\"a ", "}", n)),
    kind("Bazel calls", |n| filled("", "oci.pull(a = \"b\", ", "", n)),
    kind("here-documents", |n| filled("FROM a\n", "RUN <<a <<b <<c\n", "", n)),
    kind("here-documents on one line", |n| filled("RUN ", "<<a ", &format!("\n{}", "a\n".repeat(n / 8)), n)),
    kind("arguments", |n| filled("", "ARG A=$A$A\n", "FROM $A\n", n)),
    kind("defaults in defaults", |n| filled("FROM ", "${A:-", "", n)),
    kind("images", |n| filled("services:\n", "- image: a:${A:-1}\n", "", n)),
    kind("equal images", |n| filled("services:\n", "  image: a:1\n", "", n)),
    kind("equal values of charts", |n| filled("", "image:\n  registry: r\n  repository: a\n  tag: \"1\"\n", "", n)),
    kind("rows below a head", |n| filled("IMAGE  DIGEST  CREATE_TIME\n", "r.example/a  x  y\n", "", n)),
    kind("lists of images", |n| filled("Images: ", "a:1, ", "", n)),
    kind("records of psql", |n| filled("", "-[ RECORD 1 ]-\na | {+\n", "", n)),
    kind("tables of psql", |n| filled("", "--+--\n { +| {+\n", "", n)),
    kind("gron", |n| filled("", "json.a[\"b\"] = {};\n", "", n)),
    kind("rich text", |n| filled("", "{\\rtf1{\\*", "", n)),
    kind("print_r", |n| filled("", "Array\n(\n[a] => Array\n(\n", "", n)),
    kind("var_dump", |n| filled("", "array(1) {\n[\"a\"]=>\n", "", n)),
    kind("messages", |n| filled("", "failed to pull image \"a\": manifest unknown\n", "", n)),
    kind("a long name above many values", |n| {
        filled(&format!("{{\"bomFormat\":\"CycloneDX\",\"{}\":[", "a".repeat(n / 2)), "0,", "0]}", n)
    }),
    kind("a long name above many faults", |n| {
        let begin = format!("{{\"bomFormat\":\"CycloneDX\",\"{}\":{{\"components\":[", "a".repeat(n / 2));
        filled(&begin, "{},", "{}]}}", n)
    }),
    kind("a long name above many digests", |n| {
        let begin = format!("{{\"image\":\"{0}:1\",\"{0}\":[", "a".repeat(n / 3));
        filled(&begin, &format!("\"sha256:{}\",", "b".repeat(64)), "0]}", n)
    }),
    kind("a long name above many texts", |n| {
        filled(&format!("{{\"{}\":[", "a".repeat(n / 2)), "\"abcdefghi\",", "0]}", n)
    }),
    kind("a long name above many equal keys", |n| {
        filled(&format!("{{\"{}\":[", "a".repeat(n / 2)), "{\"a\":0,\"a\":0},", "0]}", n)
    }),
    kind("a long name of a file with many hashes", |n| {
        let begin = format!(
            "{{\"spdxVersion\":\"SPDX-2.3\",\"files\":[{{\"fileName\":\"{}\",\"checksums\":[",
            "a".repeat(n / 2)
        );
        filled(&begin, "{},", "{}]}]}", n)
    }),
    kind("a long licence and supplier of many packages", |n| {
        let graph = format!(
            "{{\"@context\":\"https://spdx.org/rdf/3.0.1/\",\"@graph\":[\
             {{\"type\":\"x\",\"spdxId\":\"l\",\"name\":\"{}\"}},\
             {{\"type\":\"x\",\"relationshipType\":\"hasDeclaredLicense\",\"from\":\"p\",\"to\":\"l\"}},",
            "a".repeat(n / 2)
        );
        let one = "{\"type\":\"Package\",\"spdxId\":\"p\",\"suppliedBy\":\"l\"},";
        filled(&graph, one, "{\"type\":\"x\"}]}", n)
    }),
    kind("subjects", |n| {
        let one = "{\"name\":\"a\",\"digest\":{\"sha256\":\"00\"}},";
        let begin = "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"a\",\"subject\":[";
        filled(begin, one, "{}],\"predicate\":{}}", n)
    }),
    kind("materials", |n| {
        let begin = "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"https://slsa.dev/provenance/v0.2\",\
                     \"predicate\":{\"materials\":[";
        filled(begin, "{\"uri\":\"a\"},", "{}]}}", n)
    }),
    kind("tags and values", |n| filled("SPDXVersion: SPDX-2.3\n", "PackageName: a\n", "", n)),
    kind("strings in strings", |n| filled("{\"a\":\"{", "\\\\\\\"", "}\"}", n)),
];

/// `begin`, then `unit` until the length is reached, then `end`.
fn filled(begin: &str, unit: &str, end: &str, length: usize) -> Vec<u8> {
    format!("{begin}{}{end}", unit.repeat(length.saturating_sub(begin.len() + end.len()) / unit.len())).into_bytes()
}

fn no_digest() -> Digest {
    Verified::compute(*b"something else").digest().clone()
}

const STEPS: &[Step] = &[
    Step { name: "json", cap: limits::CONFIG_BYTES, run: |bytes| seen(stowplan::json::parse(bytes)) },
    Step { name: "paste", cap: limits::CONFIG_BYTES, run: |bytes| seen(stowplan::paste::read(bytes)) },
    Step {
        name: "recover",
        cap: limits::RECOVERY_TEXT_BYTES,
        run: |bytes| seen(stowplan::recover(bytes, &no_digest())),
    },
    Step { name: "pins", cap: limits::IMAGE_FILE_BYTES, run: read_as_each_kind },
    Step { name: "forms", cap: limits::CONFIG_BYTES, run: |bytes| seen(stowplan::well_known_forms(bytes)) },
    Step {
        name: "document",
        cap: limits::CONFIG_BYTES,
        run: |bytes| seen(Document::parse(Verified::compute(bytes), &Hints::default())),
    },
    Step {
        name: "open",
        cap: limits::CONFIG_BYTES,
        run: |bytes| {
            let input = Input { bytes: Arc::from(bytes), name: None, text: true, stated: None };
            let options = OpenOptions { expected: Some(no_digest()), ..OpenOptions::default() };
            seen(stowplan::image::open(vec![input], &options));
        },
    },
    Step {
        name: "reference",
        cap: limits::CONFIG_BYTES,
        run: |bytes| seen(std::str::from_utf8(bytes).map(Reference::parse)),
    },
    Step {
        name: "challenge",
        cap: limits::CONFIG_BYTES,
        run: |bytes| seen(std::str::from_utf8(bytes).map(stowplan::registry::challenges)),
    },
    Step { name: "files", cap: limits::CONFIG_BYTES, run: list_files },
    Step {
        name: "statement",
        cap: limits::CONFIG_BYTES,
        run: |bytes| seen(stowplan::statement::read(bytes, &stowplan::statement::About::default(), None)),
    },
];

/// Keeps the compiler from leaving out the work.
fn seen<T>(found: T) {
    black_box(found);
}

/// The text as a Dockerfile, in YAML, in Starlark, in Nix and in HCL.
fn read_as_each_kind(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for name in ["Dockerfile", "values.yaml", "MODULE.bazel", "a.nix", "a.tf"] {
        seen(stowplan::paste::trade::read_images(text, Some(name)));
    }
}

/// Names out of the bytes, laid over each other in two layers and asked for in every way.
fn list_files(bytes: &[u8]) {
    let mut index = FileIndex::new();
    for name in bytes.split(|byte| *byte == b'\n').flat_map(|line| line.chunks(limits::SHOWN_PATH_BYTES)) {
        if index.push(&Entry::new(EntryKind::File, name)).is_err() {
            break;
        }
    }
    let mut files = Files::new();
    files.add(0, index.clone());
    files.add(1, index);
    for (how, text) in [(Matching::Substring, "{{{{{{{{x"), (Matching::Glob, "**/*a*{a,b}*a*"), (Matching::Glob, "*[*")]
    {
        let path = Some(PathFilter { how, text: text.to_owned(), match_case: false });
        black_box(files.query(&Query { path, ..Query::default() }).unwrap());
    }
    let _all = black_box((files.findings(), files.sizes(), files.treemap("", false), files.treemap("", true)));
}

/// The time that this thread has had on a processor, else the time of the wall clock.
fn clock() -> Duration {
    thread_local!(static START: Instant = Instant::now());
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = told.and_then(|told| told.split_whitespace().next()?.parse().ok());
    spent.map_or_else(|| START.with(Instant::elapsed), Duration::from_nanos)
}

fn timed(step: &Step, input: &[u8]) -> Duration {
    let start = clock();
    (step.run)(input);
    clock().saturating_sub(start).max(FLOOR)
}

/// Work that is linear by construction, with the memory that a tree of short names takes: each four bytes go into a box of
/// their own, and the boxes are read in an order that jumps.
fn linear(bytes: &[u8]) {
    let boxes: Vec<Box<[u8]>> = bytes.chunks(4).map(Box::from).collect();
    let read = |at: usize| usize::from(boxes[at.wrapping_mul(0x9e37_79b1) % boxes.len()][0]);
    black_box((0..boxes.len()).map(read).sum::<usize>());
}

/// The growth of the time of linear work, beside its proportion, from one length to the next: caches hold a short input whole.
fn linear_growth(short: &[u8], long: &[u8]) -> f64 {
    let times = long.len().div_ceil(short.len());
    let spent = |bytes: &[u8], times: usize| {
        let start = clock();
        (0..times).for_each(|_| linear(bytes));
        clock().saturating_sub(start).as_secs_f64() / (times * bytes.len()) as f64
    };
    spent(long, 1) / spent(short, times)
}

/// The growth of a time, beside its proportion, from one length to the next: the least of several runs. Lists and trees of a
/// million names no longer fit into the caches of a processor, so that linear work grows, too: the growth of a step that
/// takes longer than in proportion counts beside that of linear work, timed in turn with it on the same inputs.
fn growth(step: &Step, kind: &Kind, short: usize, long: usize) -> f64 {
    let (short, long) = ((kind.of)(short), (kind.of)(long));
    let ratio = long.len() as f64 / short.len() as f64;
    let (mut fast, mut slow, mut linear) = (Duration::MAX, Duration::MAX, 1.0_f64);
    let mut growth = f64::INFINITY;
    for run in 0..RUNS {
        fast = timed(step, &short).min(fast);
        slow = timed(step, &long).min(slow);
        if run > 0 {
            linear = linear_growth(&short, &long).max(linear);
        }
        growth = slow.as_secs_f64() / fast.as_secs_f64() / ratio / linear.min(MOST_LINEAR);
        // One run that is fast enough suffices.
        if growth <= GROWTH {
            break;
        }
    }
    growth
}

/// Searches spend their whole budget on each input, seconds at the cap: there they are timed on these alone.
const SEARCHES: [&str; 2] = ["recover", "open"];
const WORST: [&str; 10] =
    ["&", "<", "\"", "[", "backslashes", "spaces", "one long line", "many lines", "equal keys", "deep arrays"];

/// The kinds of input on which a step is timed up to that length.
fn kinds(step: &Step, long: usize) -> impl Iterator<Item = &'static Kind> {
    let few = long == step.cap && SEARCHES.contains(&step.name);
    let named = std::env::var("STOWPLAN_KIND").ok();
    KINDS.iter().filter(move |kind| match &named {
        Some(named) => kind.name.contains(&**named),
        None => !few || WORST.contains(&kind.name),
    })
}

#[track_caller]
fn grows_in_proportion(name: &str) {
    let step = STEPS.iter().find(|step| step.name == name).unwrap();
    let mut wrong = Vec::new();
    for (short, long) in [(100_000, 1_000_000), (1_000_000, step.cap)] {
        for kind in kinds(step, long) {
            let growth = growth(step, kind, short, long);
            if growth > 1.2 {
                println!("{name}, {}, {short} to {long} bytes: {growth:.2}", kind.name);
            }
            if growth > GROWTH {
                wrong.push(format!("{name}, {}, {short} to {long} bytes: {growth:.1} times", kind.name));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// A test for each step. Without optimisation they would take many minutes: `cargo xtask test` runs them with it.
macro_rules! steps {
    ($($name:ident)*) => {$(
        #[test]
        #[cfg_attr(debug_assertions, ignore = "times are taken of optimised code")]
        fn $name() {
            grows_in_proportion(stringify!($name));
        }
    )*};
}

steps! { json paste pins recover forms document open reference challenge files statement }

/// Two links that lead the deeper the longer the input is, and entries behind the second one.
const CHAINS: Kind = kind("chains of links", |n| {
    let deep = "d/".repeat(n / 520);
    let entries: Vec<String> = (0..n / 12).map(|at| format!("m/{at:07}")).collect();
    format!("l {deep}\nm l/{deep}\n{}", entries.join("\n")).into_bytes()
});

const LINKS: Step = Step { name: "links", cap: 1_000_000, run: |bytes| seen(linked(bytes).findings()) };

/// The files of lines, those with a space in them links.
fn linked(bytes: &[u8]) -> Files {
    let mut index = FileIndex::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let mut parts = line.splitn(2, |byte| *byte == b' ');
        let (path, link) = (parts.next().unwrap_or_default(), parts.next());
        let mut entry = Entry::new(if link.is_some() { EntryKind::Symlink } else { EntryKind::File }, path);
        entry.link = link.unwrap_or_default().to_vec();
        index.push(&entry).unwrap();
    }
    let mut files = Files::new();
    files.add(0, index);
    files
}

#[test]
fn links_lead_only_so_deep() {
    assert!(linked(&(CHAINS.of)(1_000_000)).findings().is_ok());
    let error = linked(&(CHAINS.of)(1_100_000)).findings().unwrap_err();
    assert_eq!(error.kind(), stowplan::ErrorKind::LimitExceeded);
}

/// Every entry is at the end of a way of up to 4,000 names, which is not walked again for each.
#[test]
#[cfg_attr(debug_assertions, ignore = "times are taken of optimised code")]
fn links() {
    let growth = growth(&LINKS, &CHAINS, 100_000, 1_000_000);
    println!("links: {growth:.2}");
    assert!(growth <= GROWTH, "{growth:.1} times");
}

#[test]
fn every_step_has_its_test() {
    assert_eq!(STEPS.len(), 11);
    assert!(WORST.iter().all(|name| KINDS.iter().any(|kind| kind.name == *name)));
}
