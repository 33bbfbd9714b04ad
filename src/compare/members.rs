//! Changed members of configs and manifests, by path: `config.Env[2]`, `annotations["org.opencontainers.image.created"]`.

use std::collections::HashMap;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::side::Side;
use crate::json::{Json, Object, Value, path_step};
use crate::{limits, secrets};

/// A member that differs.
#[derive(Clone, Debug, Serialize)]
pub struct Changed {
    /// Its path.
    pub path: String,
    /// Its value in the first image.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "plain")]
    pub a: Option<Json>,
    /// Its value in the second image.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "plain")]
    pub b: Option<Json>,
    /// True if a value looks like a secret, to be masked until asked for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

impl Changed {
    /// True for a time of creation.
    pub(super) fn is_time(&self) -> bool {
        let path = self.path.as_str();
        path == "created"
            || (path.starts_with("history[") && path.ends_with("].created"))
            || path.ends_with("[\"org.opencontainers.image.created\"]")
            || path.ends_with("[\"org.label-schema.build-date\"]")
    }

    /// True for a member of the manifest.
    pub(super) fn is_of_manifest(&self) -> bool {
        self.path.starts_with("annotations") || OF_MANIFEST.contains(&self.path.as_str())
    }
}

/// Members of a manifest that are compared; the rest of it are descriptors, whose digests the layers tell.
const OF_MANIFEST: [&str; 4] = ["annotations", "artifactType", "mediaType", "subject"];

/// Members of a config that follow from its layers.
const OF_LAYERS: [&str; 2] = ["rootfs", "history"];

/// The differences of the configs and of the manifests. Unless the layers are the same, the history follows from them.
pub(super) fn changed(a: &Side<'_>, b: &Side<'_>, same_layers: bool) -> Vec<Changed> {
    let mut walk = Walk { found: Vec::new() };
    if let (Some(a), Some(b)) = (&a.config_json, &b.config_json) {
        let skipped = if same_layers { &OF_LAYERS[..1] } else { &OF_LAYERS[..] };
        walk.top(a, b, |name| !skipped.contains(&name));
    }
    if let (Some(a), Some(b)) = (&a.manifest_json, &b.manifest_json) {
        walk.top(a, b, |name| OF_MANIFEST.contains(&name));
    }
    walk.found
}

/// True if both say the same; the order of members and white space do not count.
pub(super) fn is_same(a: &Json, b: &Json) -> bool {
    match (&a.value, &b.value) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && sorted(a).into_iter().zip(sorted(b)).all(|((one, a), (other, b))| one == other && is_same(a, b))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b)),
        (a, b) => a == b,
    }
}

fn sorted(object: &Object) -> Vec<(&str, &Json)> {
    let mut members: Vec<(&str, &Json)> = object.iter().map(|member| (&*member.name, &member.value)).collect();
    members.sort_by_key(|(name, _)| *name);
    members
}

struct Walk {
    found: Vec<Changed>,
}

impl Walk {
    fn top(&mut self, a: &Json, b: &Json, wanted: impl Fn(&str) -> bool) {
        let (Some(a), Some(b)) = (a.as_object(), b.as_object()) else { return };
        self.members("", a, b, wanted);
    }

    fn value(&mut self, path: &str, a: Option<&Json>, b: Option<&Json>) {
        match (a, b) {
            (Some(one), Some(other)) => match (&one.value, &other.value) {
                (Value::Object(a), Value::Object(b)) => self.members(path, a, b, |_| true),
                (Value::Array(a), Value::Array(b)) if path == "config.Env" => self.variables(path, a, b),
                (Value::Array(a), Value::Array(b)) => self.items(path, a, b),
                (one, other) if one == other => {}
                _ => self.note(path, a, b),
            },
            _ => self.note(path, a, b),
        }
    }

    /// Those of the first in their order, then those that only the second has.
    fn members(&mut self, path: &str, a: &Object, b: &Object, wanted: impl Fn(&str) -> bool) {
        let in_b: HashMap<&str, &Json> = b.iter().map(|member| (&*member.name, &member.value)).collect();
        let in_a: HashMap<&str, &Json> = a.iter().map(|member| (&*member.name, &member.value)).collect();
        let step = |name: &str| {
            let step = path_step(name);
            if path.is_empty() { step.trim_start_matches('.').to_owned() } else { format!("{path}{step}") }
        };
        for member in a.iter().filter(|member| wanted(&member.name)) {
            self.value(&step(&member.name), Some(&member.value), in_b.get(&*member.name).copied());
        }
        for member in b.iter().filter(|member| wanted(&member.name) && !in_a.contains_key(&*member.name)) {
            self.value(&step(&member.name), None, Some(&member.value));
        }
    }

    fn items(&mut self, path: &str, a: &[Json], b: &[Json]) {
        for at in 0..a.len().max(b.len()) {
            self.value(&format!("{path}[{at}]"), a.get(at), b.get(at));
        }
    }

    /// Environment variables are compared by their names: their order means nothing.
    fn variables(&mut self, path: &str, a: &[Json], b: &[Json]) {
        fn name(variable: &Json) -> &str {
            variable.as_str().and_then(|text| text.split('=').next()).unwrap_or_default()
        }
        let in_b: HashMap<&str, usize> = b.iter().enumerate().map(|(at, one)| (name(one), at)).collect();
        let in_a: HashMap<&str, usize> = a.iter().enumerate().map(|(at, one)| (name(one), at)).collect();
        for (at, one) in a.iter().enumerate() {
            let other = in_b.get(name(one)).copied();
            self.value(&format!("{path}[{}]", other.unwrap_or(at)), Some(one), other.and_then(|at| b.get(at)));
        }
        for (at, other) in b.iter().enumerate().filter(|(_, other)| !in_a.contains_key(name(other))) {
            self.value(&format!("{path}[{at}]"), None, Some(other));
        }
    }

    fn note(&mut self, path: &str, a: Option<&Json>, b: Option<&Json>) {
        if self.found.len() >= limits::COMPARED_MEMBERS {
            return;
        }
        let secret = [a, b].into_iter().flatten().any(|value| is_secret(path, value));
        self.found.push(Changed { path: path.to_owned(), a: a.cloned(), b: b.cloned(), secret });
    }
}

/// True if a value looks like a secret: by its form, or by the name before it.
fn is_secret(path: &str, value: &Json) -> bool {
    match &value.value {
        Value::String(text) if path.starts_with("config.Env") => secrets::in_variable(text).is_some(),
        Value::String(text) if path.starts_with("history") => secrets::in_command(text).is_some(),
        Value::String(text) => secrets::in_label(path, text).is_some(),
        Value::Array(items) => items.iter().any(|item| is_secret(path, item)),
        Value::Object(object) => object.iter().any(|member| is_secret(&member.name, &member.value)),
        _ => false,
    }
}

fn plain<S: Serializer>(value: &Option<Json>, to: S) -> Result<S::Ok, S::Error> {
    value.as_ref().map(Plain).serialize(to)
}

/// A value as JavaScript would parse it; a number that is no integer of 64 bits stays its token.
struct Plain<'a>(&'a Json);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.0.value {
            Value::Null => to.serialize_unit(),
            Value::Bool(truth) => to.serialize_bool(*truth),
            Value::Number(token) => match token.parse::<i64>() {
                Ok(number) => to.serialize_i64(number),
                Err(_) => to.serialize_str(token),
            },
            Value::String(text) => to.serialize_str(text),
            Value::Array(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(&Plain(item)))?;
                list.end()
            }
            Value::Object(object) => {
                let mut map = to.serialize_map(Some(object.len()))?;
                object.iter().try_for_each(|member| map.serialize_entry(&*member.name, &Plain(&member.value)))?;
                map.end()
            }
        }
    }
}
