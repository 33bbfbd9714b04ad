//! Generated documents, read by a Go program with the structs of container engines and by the core.
//!
//! If a reader refuses a document, the core says that a part is doubtful or wrong; if it sees another value than
//! the core, the document fails. `STOWPLAN_SEEDS` takes more documents than the suite does.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod mutants;
mod opening;
mod tars;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use mutants::{Dice, mutant};
use opening::{layer, open_tar};
use serde_json::{Value, json};
use stowplan::report::NodeKind;
use stowplan::{
    Body, Check, CheckId, Descriptor, Document, Hints, MediaType, Outcome, Platform, Source, Verified, media_type,
};
use tars::{Tar, config, hex};

/// The most documents of each kind that the suite reads.
const DOCUMENTS: usize = 3000;

const A: &str = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
const B: &str = "sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";

type Facts = Vec<Vec<String>>;

/// The core's view of one document.
struct Ours {
    facts: Facts,
    failed: bool,
    doubtful: bool,
}

/// The Go program, built once a test; none without Go.
fn go_program(test: &str) -> Option<PathBuf> {
    if !Command::new("go").arg("version").output().is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: {test} (go is not installed)");
        return None;
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    let program = folder.join("decode");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/go/decode");
    let mut build = Command::new("go");
    build.args(["build", "-o"]).arg(&program).arg(".").current_dir(source);
    let build = build.env("GOCACHE", folder.join("cache")).env("GOFLAGS", "-mod=mod").env("GOTOOLCHAIN", "local");
    let output = build.env("GO111MODULE", "on").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(program)
}

/// The values that Go's readers see in each document.
fn theirs(program: &Path, kind: &str, documents: &[String]) -> Vec<Value> {
    let encoded =
        |document: &String| format!("{kind} {}\n", base64::engine::general_purpose::STANDARD.encode(document));
    let input = program.with_file_name(format!("{kind}.txt"));
    std::fs::write(&input, documents.iter().map(encoded).collect::<String>()).unwrap();
    let output = Command::new(program).stdin(File::open(input).unwrap()).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Reads mutants of a document both ways and holds the answers against each other.
fn agree(test: &str, kind: &str, right: &Value, facts: impl Fn(&str, &str) -> Ours) {
    agree_translated(test, kind, right, |fact| fact, facts);
}

/// The same, if what Go says has to be put into the core's words.
fn agree_translated(
    test: &str,
    kind: &str,
    right: &Value,
    translate: impl Fn(Vec<String>) -> Vec<String>,
    facts: impl Fn(&str, &str) -> Ours,
) {
    let Some(program) = go_program(test) else { return };
    let seeds = std::env::var("STOWPLAN_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(DOCUMENTS);
    let documents: Vec<String> = (0..seeds)
        .map(|seed| if seed == 0 { right.to_string() } else { mutant(right, &mut Dice::new(seed as u64)) })
        .collect();
    let (mut wrong, mut green) = (Vec::new(), 0);
    for (seed, (document, answers)) in documents.iter().zip(theirs(&program, kind, &documents)).enumerate() {
        for (reader, answer) in answers.as_object().unwrap() {
            let ours = facts(document, reader);
            green += usize::from(!ours.failed && !ours.doubtful);
            if let Some(fault) = fault(&ours, answer, &translate) {
                wrong.push(format!("seed {seed}, {reader}: {fault}\n{document}\n"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {seeds} {kind} documents:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(5)].join("\n")
    );
    assert!(green * 20 > seeds, "only {green} of {seeds} documents were green: the generator proves nothing");
}

fn fault(ours: &Ours, theirs: &Value, translate: &dyn Fn(Vec<String>) -> Vec<String>) -> Option<String> {
    if let Some(why) = theirs["refused"].as_str() {
        return (!ours.failed && !ours.doubtful).then(|| format!("Go refuses it ({why}), and here it is green"));
    }
    let theirs: Facts = serde_json::from_value(theirs["facts"].clone()).unwrap_or_default();
    let theirs: Facts = theirs.into_iter().map(translate).collect();
    let differs = |(ours, theirs): (&Vec<String>, &Vec<String>)| {
        (ours != theirs).then(|| format!("{ours:?} here, {theirs:?} in Go"))
    };
    let counts =
        (ours.facts.len() != theirs.len()).then(|| format!("{} facts here, {} in Go", ours.facts.len(), theirs.len()));
    let found = ours.facts.iter().zip(&theirs).find_map(differs).or(counts)?;
    (!ours.failed).then(|| format!("{found}, and here it does not fail"))
}

fn read(document: &str, media_type: &str) -> (Document, bool, bool) {
    let expected_type = Some((MediaType::new(media_type), Source::Descriptor));
    let document =
        Document::parse(Verified::compute(document.as_bytes()), &Hints { expected_type, ..Hints::default() });
    let has = |outcome: Outcome| document.checks().iter().any(|check: &Check| check.outcome == outcome);
    let (failed, doubtful) = (has(Outcome::Fail), has(Outcome::Warn));
    (document, failed, doubtful)
}

fn fact(name: &str, values: impl IntoIterator<Item = String>) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(values).collect()
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn of_descriptor(name: &str, descriptor: &Descriptor) -> Vec<String> {
    let size = descriptor.size.map(|size| size.to_string()).unwrap_or_else(|| "0".to_owned());
    let own = [descriptor.media_type.to_string(), descriptor.digest_text.clone(), size];
    fact(name, own.into_iter().chain(descriptor.urls.iter().cloned()))
}

fn of_platform(platform: &Platform) -> Vec<String> {
    let own = [
        platform.os.clone(),
        platform.architecture.clone(),
        text(platform.variant.as_ref()),
        text(platform.os_version.as_ref()),
    ];
    fact("platform", own.into_iter().chain(platform.os_features.iter().cloned()))
}

fn sorted(pairs: &[(String, String)]) -> Vec<String> {
    let last: std::collections::BTreeMap<_, _> = pairs.iter().cloned().collect();
    last.into_iter().flat_map(|(name, value)| [name, value]).collect()
}

fn names(list: &[String]) -> BTreeSet<String> {
    list.iter().cloned().collect()
}

/// The document's own type. One that it does not have is the empty text to Go.
fn own_type(document: &Document) -> Vec<String> {
    let own = document.json().and_then(|root| root.get("mediaType")).and_then(|own| own.as_str()).unwrap_or_default();
    fact("mediaType", [own.to_owned()])
}

#[test]
fn manifests_are_read_as_go_reads_them() {
    for (types, name) in [
        ([media_type::OCI_MANIFEST, media_type::OCI_CONFIG, "application/vnd.oci.image.layer.v1.tar+gzip"], "oci"),
        (
            [
                media_type::DOCKER_MANIFEST,
                media_type::DOCKER_CONFIG,
                "application/vnd.docker.image.rootfs.diff.tar.gzip",
            ],
            "docker",
        ),
    ] {
        let [own, config, layer] = types;
        let right = json!({
            "schemaVersion": 2, "mediaType": own,
            "config": { "mediaType": config, "digest": A, "size": 2 },
            "layers": [{ "mediaType": layer, "digest": A, "size": 2 }, { "mediaType": layer, "digest": B, "size": 77 }],
            "annotations": { "a": "b", "Kind": "c" },
        });
        agree(&format!("manifest-{name}"), "manifest", &right, |document, reader| {
            let (document, failed, doubtful) = read(document, own);
            let Body::Manifest(manifest) = document.body() else { return Ours { facts: Vec::new(), failed, doubtful } };
            let nothing = vec!["config".to_owned(), String::new(), String::new(), "0".to_owned()];
            let mut facts = vec![own_type(&document)];
            facts.push(manifest.config.as_ref().map_or(nothing, |config| of_descriptor("config", config)));
            facts.extend(manifest.layers.iter().map(|layer| of_descriptor("layer", layer)));
            facts.extend((reader == "oci").then(|| fact("annotations", sorted(&manifest.annotations))));
            Ours { facts, failed, doubtful }
        });
    }
}

#[test]
fn indexes_are_read_as_go_reads_them() {
    for (own, entry, name) in [
        (media_type::OCI_INDEX, media_type::OCI_MANIFEST, "oci"),
        (media_type::DOCKER_LIST, media_type::DOCKER_MANIFEST, "docker"),
    ] {
        let right = json!({
            "schemaVersion": 2, "mediaType": own,
            "manifests": [
                { "mediaType": entry, "digest": A, "size": 2, "platform": { "os": "linux", "architecture": "amd64" } },
                { "mediaType": entry, "digest": B, "size": 77, "platform": { "os": "windows", "architecture": "amd64", "os.version": "10.0.1", "os.features": ["win32k"] } },
            ],
            "annotations": { "a": "b" },
        });
        agree(&format!("index-{name}"), "index", &right, |document, reader| {
            let (document, failed, doubtful) = read(document, own);
            let Body::Index(index) = document.body() else { return Ours { facts: Vec::new(), failed, doubtful } };
            let mut facts = vec![own_type(&document)];
            for entry in &index.manifests {
                facts.push(of_descriptor("entry", entry));
                let platform = entry.platform.as_ref().map(of_platform);
                facts.extend(platform.or_else(|| (reader == "docker").then(|| of_platform(&Platform::default()))));
            }
            facts.extend((reader == "oci").then(|| fact("annotations", sorted(&index.annotations))));
            Ours { facts, failed, doubtful }
        });
    }
}

#[test]
fn configs_are_read_as_go_reads_them() {
    let execution = json!({
        "User": "me", "Env": ["A=b", "PATH=/bin"], "Entrypoint": ["/a"], "Cmd": ["-x", "y"], "WorkingDir": "/w", "StopSignal": "SIGTERM",
        "ExposedPorts": { "80/tcp": {} }, "Volumes": { "/data": {} }, "Labels": { "k": "v", "K": "w" },
    });
    let right = json!({
        "architecture": "arm64", "variant": "v8", "os": "linux", "created": "2015-10-31T22:22:56.5Z", "author": "a",
        "config": execution, "rootfs": { "type": "layers", "diff_ids": [A, B] },
        "history": [{ "created_by": "ADD x", "created": "2015-10-31T22:22:56Z" }, { "created_by": "CMD", "empty_layer": true, "comment": "c", "author": "b" }],
    });
    let mut docker = right.clone();
    docker["config"]["Healthcheck"] = json!({ "Test": ["CMD", "a"], "Interval": 1_000_000_000, "Retries": 3 });
    docker["config"]["Hostname"] = json!("h");
    docker["config"]["OnBuild"] = json!(["RUN a"]);
    docker["container_config"] = json!({ "Cmd": ["a"], "User": "x", "Tty": false });
    docker["docker_version"] = json!("20");
    for (own, right, name) in [(media_type::OCI_CONFIG, right, "oci"), (media_type::DOCKER_CONFIG, docker, "docker")] {
        agree(&format!("config-{name}"), "config", &right, |document, _| {
            let (document, failed, doubtful) = read(document, own);
            let Body::Config(config) = document.body() else { return Ours { facts: Vec::new(), failed, doubtful } };
            let image = &config.image;
            let list = |list: &Option<Vec<String>>| list.clone().unwrap_or_default();
            let mut facts = vec![
                of_platform(&config.platform),
                fact("User", [text(image.user.as_ref())]),
                fact("Env", image.env.clone()),
                fact("Entrypoint", list(&image.entrypoint)),
                fact("Cmd", list(&image.cmd)),
                fact("WorkingDir", [text(image.working_dir.as_ref())]),
                fact("StopSignal", [text(image.stop_signal.as_ref())]),
                fact("ExposedPorts", names(&image.exposed_ports)),
                fact("Volumes", names(&image.volumes)),
                fact("Labels", sorted(&image.labels)),
                fact("author", [text(image.author.as_ref())]),
                fact("diff_ids", config.diff_ids.clone()),
            ];
            facts.extend(config.history.iter().map(history));
            Ours { facts, failed, doubtful }
        });
    }
}

fn history(line: &stowplan::HistoryLine) -> Vec<String> {
    let empty = if line.empty_layer { "empty" } else { "layer" };
    fact(
        "history",
        [text(line.created_by.as_ref()), text(line.author.as_ref()), text(line.comment.as_ref()), empty.to_owned()],
    )
}

/// Schema 1 is deprecated, which is a warning of every document: what counts is that nothing else is said.
#[test]
fn schema_1_is_read_as_go_reads_it() {
    let line = |id: &str, parent: &str| json!({ "v1Compatibility": json!({ "id": id, "parent": parent, "created": "2015-10-31T22:22:56Z", "author": "a", "container_config": { "Cmd": ["sh", "-c", id] } }).to_string() });
    let right = json!({
        "schemaVersion": 1, "name": "library/busybox", "tag": "1", "architecture": "amd64",
        "fsLayers": [{ "blobSum": A }, { "blobSum": B }], "history": [line("b", "a"), line("a", "")],
    });
    agree("schema1", "schema1", &right, |document, _| {
        let (document, failed, _) = read(document, media_type::DOCKER_SCHEMA1);
        let doubtful =
            document.checks().iter().any(|check| check.outcome == Outcome::Warn && check.id != CheckId::Deprecated);
        let Body::Schema1(schema1) = document.body() else { return Ours { facts: Vec::new(), failed, doubtful } };
        let mut facts = vec![
            fact("name", [schema1.name.clone()]),
            fact("tag", [schema1.tag.clone()]),
            fact("architecture", [schema1.architecture.clone()]),
        ];
        facts.extend(schema1.layers.iter().rev().map(|layer| fact("layer", [layer.clone()])));
        facts.extend(schema1.history.iter().rev().map(history));
        Ours { facts, failed, doubtful }
    });
}

/// Configs tell themselves apart by their architecture, layers by their size.
#[test]
fn manifest_json_is_read_as_dockers_loader_does() {
    let layers = [layer(), Tar::new().file("a", vec![0; 2000]).end(), Tar::new().file("a", vec![0; 4000]).end()];
    let good = config(&[&layers[0], &layers[1]]);
    let configs = [good.clone(), good.replace("amd64", "arm64")];
    let names = configs.each_ref().map(|config| format!("{}.json", hex(config)));
    let right = json!([{
        "Config": names[0], "RepoTags": ["a:1"], "Layers": ["0/layer.tar", "1/layer.tar"], "Parent": "",
        "LayerSources": { A: { "mediaType": "x", "digest": A, "size": 3 } },
    }]);
    let architecture = |name: &str| {
        let place = names.iter().position(|known| known == name);
        place.map_or("", |place| ["amd64", "arm64"][place]).to_owned()
    };
    let size = |name: &str| layers.get(place(name)).map_or(String::new(), |layer| layer.len().to_string());
    let translate = |of_go: Vec<String>| {
        let value = |value: &String| match of_go[0].as_str() {
            "config" => architecture(value),
            "layers" => size(value),
            // Control characters are escaped whenever they are shown.
            _ => value.replace('\0', "\\0"),
        };
        fact(&of_go[0], of_go[1..].iter().map(value))
    };
    agree_translated("saved", "saved", &right, translate, |document, _| {
        let mut tar = Tar::new();
        for (name, config) in names.iter().zip(&configs) {
            tar = tar.file(name, config);
        }
        for (at, layer) in layers.iter().enumerate() {
            tar = tar.file(&format!("{at}/layer.tar"), layer);
        }
        let opened = open_tar(tar.file("manifest.json", document).end()).unwrap();
        let nodes = &opened.report.nodes;
        let has = |outcome: Outcome| nodes.iter().flat_map(|node| &node.checks).any(|check| check.outcome == outcome);
        let mut facts = Facts::new();
        for image in nodes.iter().filter(|node| node.kind == NodeKind::Manifest) {
            let below = |kind: NodeKind| {
                nodes.iter().filter(move |node| node.parent.as_ref() == Some(&image.id) && node.kind == kind)
            };
            let platform = below(NodeKind::Config).next().and_then(|node| node.platform.as_ref());
            facts.push(fact("config", [platform.map(|platform| platform.architecture.clone()).unwrap_or_default()]));
            let title = image.title.clone().unwrap_or_default();
            facts.push(fact("tags", title.split(", ").filter(|tag| *tag != "untagged image").map(str::to_owned)));
            let size = |node: &stowplan::report::Node| node.size.map(|size| size.to_string()).unwrap_or_default();
            facts.push(fact("layers", below(NodeKind::Layer).map(size)));
        }
        Ours { facts, failed: has(Outcome::Fail), doubtful: has(Outcome::Warn) }
    });
}

/// The position of this layer in the archive; a large number if it is none.
fn place(name: &str) -> usize {
    name.strip_suffix("/layer.tar").and_then(|number| number.parse().ok()).unwrap_or(usize::MAX)
}
