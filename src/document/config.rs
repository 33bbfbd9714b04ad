//! Verified -> Document. The image config (image-spec, config): platform, DiffIDs, history and how to start.

use serde::Serialize;

use crate::json::{Json, Object};
use crate::limits;
use crate::platform::Platform;
use crate::secrets;

/// An image config, OCI's or Docker's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// `os`, `architecture`, `variant`, `os.version` and `os.features`.
    pub platform: Platform,
    /// `rootfs.diff_ids`: the digests of the uncompressed layers, the base first, as written.
    pub diff_ids: Vec<String>,
    /// `history`, oldest first.
    pub history: Vec<HistoryLine>,
    /// `created`, `author` and what a container is started with.
    pub image: ImageFacts,
}

/// A line of `docker history`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryLine {
    /// RFC 3339, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// The command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// The author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// True if the line made no layer.
    pub empty_layer: bool,
    /// True if the command seems to hold a secret, to be masked until asked for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
    /// The node id of the layer that it made, once the report knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
}

/// The part of a config that `docker inspect` shows under `Config`, and its heading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageFacts {
    /// RFC 3339, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// The author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// `User`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// `WorkingDir`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_dir: Option<String>,
    /// `StopSignal`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_signal: Option<String>,
    /// `Healthcheck`, which Docker runs beside the program; podman runs that of images in Docker's format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Health>,
    /// `OnBuild`: instructions that run in builds on top of this image.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on_build: Vec<String>,
    /// `Shell`: what runs commands that are one text, in builds and in health checks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shell: Option<Vec<String>>,
    /// `ArgsEscaped`: on Windows the command is one line that is escaped already.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub args_escaped: bool,
    /// `Entrypoint`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entrypoint: Option<Vec<String>>,
    /// `Cmd`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cmd: Option<Vec<String>>,
    /// `Env`, `NAME=value` each.
    pub env: Vec<String>,
    /// The places in `env` of what looks like a secret, to be masked until asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secret_env: Vec<usize>,
    /// `ExposedPorts`
    pub exposed_ports: Vec<String>,
    /// `Volumes`
    pub volumes: Vec<String>,
    /// `Labels`, in their order.
    pub labels: Vec<(String, String)>,
    /// The places in `labels` of what looks like a secret, to be masked until asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secret_labels: Vec<usize>,
}

/// The test of a container's health; times are in nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// `Test`: `CMD` and a command, `CMD-SHELL` and a text for a shell, or `NONE`.
    pub test: Vec<String>,
    /// `Interval`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<i64>,
    /// `Timeout`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<i64>,
    /// `StartPeriod`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_period: Option<i64>,
    /// `StartInterval`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_interval: Option<i64>,
    /// `Retries`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<i64>,
}

impl Config {
    pub(super) fn read(root: &Object) -> Self {
        let rootfs = root.get("rootfs");
        let history = root.get("history").and_then(Json::as_array).unwrap_or_default();
        Self {
            platform: Platform::read(root),
            diff_ids: rootfs.and_then(|rootfs| rootfs.get("diff_ids")).map(Json::strings).unwrap_or_default(),
            history: history.iter().take(limits::DOCUMENT_NODES).map(HistoryLine::read).collect(),
            image: ImageFacts::read(root),
        }
    }
}

impl HistoryLine {
    fn read(line: &Json) -> Self {
        Self {
            created: text(line, "created"),
            secret: text(line, "created_by").is_some_and(|command| secrets::in_command(&command).is_some()),
            created_by: text(line, "created_by"),
            author: text(line, "author"),
            comment: text(line, "comment"),
            empty_layer: line.get("empty_layer").and_then(Json::as_bool).unwrap_or_default(),
            layer: None,
        }
    }
}

impl ImageFacts {
    fn read(root: &Object) -> Self {
        let top = |name: &str| root.get(name).and_then(Json::as_str).filter(|t| !t.is_empty()).map(str::to_owned);
        let facts = Self { created: top("created"), author: top("author"), ..Self::default() };
        let Some(config) = root.get("config") else { return facts };
        let env = config.get("Env").map(Json::strings).unwrap_or_default();
        let labels = config.get("Labels").map(Json::string_map).unwrap_or_default();
        Self {
            user: text(config, "User"),
            working_dir: text(config, "WorkingDir"),
            stop_signal: text(config, "StopSignal"),
            healthcheck: config.get("Healthcheck").filter(|health| health.as_object().is_some()).map(Health::read),
            on_build: config.get("OnBuild").map(Json::strings).unwrap_or_default(),
            shell: command(config, "Shell"),
            args_escaped: config.get("ArgsEscaped").and_then(Json::as_bool).unwrap_or_default(),
            entrypoint: command(config, "Entrypoint"),
            cmd: command(config, "Cmd"),
            secret_env: places(&env, |variable| secrets::in_variable(variable).is_some()),
            env,
            exposed_ports: names(config, "ExposedPorts"),
            volumes: names(config, "Volumes"),
            secret_labels: places(&labels, |(key, value)| secrets::in_label(key, value).is_some()),
            labels,
            ..facts
        }
    }
}

impl Health {
    fn read(health: &Json) -> Self {
        let number = |name: &str| health.get(name).and_then(Json::as_i64);
        Self {
            test: health.get("Test").map(Json::strings).unwrap_or_default(),
            interval: number("Interval"),
            timeout: number("Timeout"),
            start_period: number("StartPeriod"),
            start_interval: number("StartInterval"),
            retries: number("Retries"),
        }
    }
}

/// The text of that name, if there is any.
pub(super) fn text(json: &Json, name: &str) -> Option<String> {
    json.get(name).and_then(Json::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A command: an array of strings, or one string as Docker once wrote it.
pub(super) fn command(json: &Json, name: &str) -> Option<Vec<String>> {
    let value = json.get(name)?;
    match value.as_str() {
        Some(single) => Some(vec![single.to_owned()]),
        None => value.as_array().map(|_| value.strings()),
    }
}

fn places<T>(list: &[T], fits: impl Fn(&T) -> bool) -> Vec<usize> {
    list.iter().enumerate().filter(|(_, one)| fits(one)).map(|(place, _)| place).collect()
}

/// The names of a set, which Go writes as an object of empty objects.
fn names(json: &Json, name: &str) -> Vec<String> {
    let Some(object) = json.get(name).and_then(Json::as_object) else { return Vec::new() };
    object.iter().map(|member| member.name.to_string()).collect()
}
