//! The faults of a CycloneDX document against its schema, by the rules that documents break in practice: names the member, and
//! says what is wrong.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::json::{self, Step};
use crate::limits;
use crate::say::{Said, say};

type Members = Map<String, Value>;

const COMPONENTS: [&str; 13] = [
    "application",
    "framework",
    "library",
    "container",
    "platform",
    "operating-system",
    "device",
    "device-driver",
    "firmware",
    "file",
    "machine-learning-model",
    "data",
    "cryptographic-asset",
];
const ALGORITHMS: [&str; 13] = [
    "MD5",
    "SHA-1",
    "SHA-256",
    "SHA-384",
    "SHA-512",
    "SHA3-256",
    "SHA3-384",
    "SHA3-512",
    "BLAKE2b-256",
    "BLAKE2b-384",
    "BLAKE2b-512",
    "BLAKE3",
    "Streebog-256",
];
const METADATA: [&str; 11] = [
    "timestamp",
    "lifecycles",
    "tools",
    "authors",
    "component",
    "manufacture",
    "manufacturer",
    "supplier",
    "licenses",
    "properties",
    "distributionConstraints",
];
const VERSIONS: [&str; 7] = ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

/// Everything that is wrong with a document, at most [`limits::FINDINGS`].
pub(super) fn wrong(document: &Value) -> Vec<Said> {
    let mut rules = Rules::default();
    let Some(root) = document.as_object() else { return vec![shape("$", "an object")] };
    rules.version = text(root, "specVersion").unwrap_or_default().to_owned();
    rules.one_of(root, "bomFormat", &["CycloneDX"], true);
    rules.one_of(root, "specVersion", &VERSIONS, true);
    if text(root, "serialNumber").is_some_and(|serial| !is_serial(serial)) {
        rules.add(say!("bom-serial", "$.serialNumber is no urn:uuid"));
    }
    rules.visit(document, "");
    rules.found
}

#[derive(Default)]
struct Rules<'a> {
    version: String,
    found: Vec<Said>,
    references: HashSet<&'a str>,
    /// The way to the value that is visited. It is written out only for what is wrong: a long name stands on the way to each
    /// of a million values.
    way: Vec<Step<&'a str>>,
}

impl<'a> Rules<'a> {
    fn add(&mut self, said: Said) {
        if self.found.len() < limits::FINDINGS {
            self.found.push(said);
        }
    }

    /// Every value with the name of the member that holds it: the same names mean the same wherever they stand.
    fn visit(&mut self, value: &'a Value, name: &str) {
        match value {
            Value::Array(elements) => {
                for (at, element) in elements.iter().enumerate() {
                    self.step(Step::Index(at), element, name);
                }
            }
            Value::Object(members) => {
                self.object(members, name);
                for (own, value) in members {
                    self.step(Step::Name(own), value, own);
                }
            }
            _ => {}
        }
        if let ("licenses", Value::Array(choices)) = (name, value) {
            self.choices(choices);
        }
    }

    fn step(&mut self, step: Step<&'a str>, value: &'a Value, name: &str) {
        self.way.push(step);
        self.visit(value, name);
        self.way.pop();
    }

    fn path(&self) -> String {
        json::path_of(&self.way)
    }

    fn object(&mut self, members: &'a Members, name: &str) {
        match name {
            "components" | "component" | "ancestors" | "descendants" | "variants" => self.component(members),
            "metadata" => self.metadata(members),
            "hashes" => self.hash(members),
            "licenses" => self.choice(members),
            "license" => self.license(members),
            "text" => self.one_of(members, "encoding", &["base64"], false),
            "swid" => self.needs(members, &["tagId", "name"]),
            "patches" => self.one_of(members, "type", &["unofficial", "monkey", "backport", "cherry-pick"], true),
            "resolves" => self.one_of(members, "type", &["defect", "enhancement", "security"], true),
            "dependencies" => self.dependency(members),
            "properties" => self.property(members),
            "citations" => self.citation(members),
            "data" if members.contains_key("flow") || members.contains_key("classification") => {
                self.one_of(members, "flow", &["inbound", "outbound", "bi-directional", "unknown"], false);
            }
            _ => {}
        }
    }

    fn component(&mut self, members: &'a Members) {
        let is_old = matches!(self.version.as_str(), "1.1" | "1.2" | "1.3");
        self.needs(members, if is_old { &["name", "version"] } else { &["name"] });
        self.one_of(members, "type", &COMPONENTS, true);
        self.one_of(members, "scope", &["required", "optional", "excluded"], false);
        self.reference(members);
        if members.contains_key("versionRange") {
            let is_external = members.get("isExternal") == Some(&Value::Bool(true));
            if members.contains_key("version") || !is_external {
                self.add(say!(
                    "bom-range",
                    "{path}.versionRange stands beside a version, or the component is not external",
                    path = self.path()
                ));
            }
        }
    }

    /// The name by which others refer to a component: each has its own.
    fn reference(&mut self, members: &'a Members) {
        let Some(name) = text(members, "bom-ref") else { return };
        if name.is_empty() {
            self.add(empty(&self.path(), "bom-ref"));
        } else if !self.references.insert(name) {
            self.add(say!("bom-ref-twice", "{path}: the bom-ref {name} stands twice", path = self.path(), name));
        }
    }

    fn metadata(&mut self, members: &Members) {
        if text(members, "timestamp").is_some_and(|time| !is_time(time)) {
            self.add(say!("bom-time", "{path}.timestamp is no date and time", path = self.path()));
        }
        self.only(members, &METADATA);
    }

    fn hash(&mut self, members: &Members) {
        self.one_of(members, "alg", &[&ALGORITHMS[..], &["Streebog-512"]].concat(), true);
        let content = text(members, "content").unwrap_or_default();
        let is_hex = content.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hex || !matches!(content.len(), 32 | 40 | 64 | 96 | 128) {
            self.add(say!("bom-hash", "{path}.content is no hash in hex", path = self.path()));
        }
    }

    /// `{ license }` or `{ expression }`.
    fn choice(&mut self, members: &Members) {
        if members.contains_key("license") == members.contains_key("expression") {
            self.add(say!("bom-licence-choice", "{path} must have either license or expression", path = self.path()));
        }
    }

    /// Until version 1.6, an expression stands alone.
    fn choices(&mut self, choices: &[Value]) {
        let expressions = choices.iter().filter(|one| one.get("expression").is_some()).count();
        if expressions > 0 && choices.len() > 1 && self.version != "1.7" {
            self.add(say!("bom-licence-mix", "{path} has an expression beside others", path = self.path()));
        }
    }

    fn license(&mut self, members: &Members) {
        match (text(members, "id"), members.contains_key("name")) {
            (Some(_), true) | (None, false) => {
                self.add(say!("bom-licence-name", "{path} must have either id or name", path = self.path()));
            }
            (Some(id), false) if spdx::license_id(id).is_none() && spdx::exception_id(id).is_none() => {
                self.add(say!(
                    "bom-licence-id",
                    "{path}.id: \"{id}\" is no licence of SPDX's list",
                    path = self.path(),
                    id
                ));
            }
            _ => {}
        }
    }

    fn dependency(&mut self, members: &Members) {
        self.needs(members, &["ref"]);
        if text(members, "ref") == Some("") {
            self.add(empty(&self.path(), "ref"));
        }
    }

    fn property(&mut self, members: &Members) {
        self.only(members, &["name", "value"]);
        // Version 1.3 to 1.4 ask for neither.
        if !matches!(self.version.as_str(), "1.3" | "1.4" | "1.5") {
            self.needs(members, &["name"]);
        }
    }

    fn citation(&mut self, members: &Members) {
        let has = |name: &str| members.contains_key(name);
        if has("pointers") == has("expressions") || !(has("attributedTo") || has("process")) {
            self.add(say!(
                "bom-citation",
                "{path} must have either pointers or expressions, and say who or what it is from",
                path = self.path()
            ));
        }
    }

    fn needs(&mut self, members: &Members, names: &[&str]) {
        for name in names.iter().filter(|name| !members.contains_key(**name)) {
            self.add(say!("bom-missing", "{path} has no {name}", path = self.path(), name = *name));
        }
    }

    fn only(&mut self, members: &Members, known: &[&str]) {
        for name in members.keys().filter(|name| !known.contains(&name.as_str()) && !name.starts_with('$')) {
            self.add(say!(
                "bom-unknown",
                "{path} has the unknown member {name}",
                path = self.path(),
                name = name.as_str()
            ));
        }
    }

    fn one_of(&mut self, members: &Members, name: &str, known: &[&str], is_needed: bool) {
        match members.get(name).map(Value::as_str) {
            None if is_needed => self.add(say!("bom-missing", "{path} has no {name}", path = self.path(), name)),
            None => {}
            Some(value) if value.is_some_and(|value| known.contains(&value)) => {}
            Some(value) => {
                let value = value.unwrap_or("?").chars().take(80).collect::<String>();
                self.add(say!(
                    "bom-value",
                    "{path}.{name}: \"{value}\" is not known there",
                    path = self.path(),
                    name,
                    value
                ));
            }
        }
    }
}

fn text<'a>(members: &'a Members, name: &str) -> Option<&'a str> {
    members.get(name)?.as_str()
}

fn shape(path: &str, wanted: &'static str) -> Said {
    say!("bom-shape", "{path} is not {wanted}", path, wanted)
}

fn empty(path: &str, name: &str) -> Said {
    say!("bom-empty", "{path}.{name} is empty", path, name)
}

fn is_serial(text: &str) -> bool {
    let Some(id) = text.strip_prefix("urn:uuid:") else { return false };
    let lengths = id.split('-').map(str::len).collect::<Vec<_>>();
    lengths == [8, 4, 4, 4, 12] && id.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// RFC 3339.
fn is_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't', ' ']) else { return false };
    let digits = |text: &str, lengths: &[usize], between: char| {
        let parts: Vec<_> = text.split(between).collect();
        parts.len() == lengths.len()
            && parts
                .iter()
                .zip(lengths)
                .all(|(part, length)| part.len() == *length && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let clock = time.trim_end_matches(['Z', 'z']);
    let clock = clock.rsplit_once('+').or_else(|| clock.rsplit_once('-')).map_or(clock, |(clock, _)| clock);
    let clock = clock.split('.').next().unwrap_or_default();
    digits(date, &[4, 2, 2], '-') && digits(clock, &[2, 2, 2], ':') && clock.len() < time.len()
}
