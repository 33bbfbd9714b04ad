//! Document -> Check. Verdicts over two documents: an entry's platform, the counts of layers and history.

use crate::checks::{Check, CheckId, Outcome, Source};
use crate::document::{Config, Manifest};
use crate::platform::Platform;
use crate::say::say;

/// Holds the platform of an index entry against that of the config it leads to.
///
/// Variants that mean the same (`arm64` and `arm64/v8`) are equal; other spellings of an architecture are doubtful.
#[must_use]
pub fn platform(entry: &Platform, config: &Platform) -> Check {
    let (outcome, message) = if config.os.is_empty() && config.architecture.is_empty() {
        (Outcome::NotChecked, say!("config-without-platform", "the config names no platform"))
    } else if entry.os != config.os {
        (Outcome::Fail, say!("os-differs", "the index promises another operating system than the config has"))
    } else if usual(&entry.architecture) != usual(&config.architecture) {
        (Outcome::Fail, say!("architecture-differs", "the index promises another architecture than the config has"))
    } else if variants_differ(entry, config) {
        (Outcome::Fail, say!("variant-differs", "the index promises another variant than the config has"))
    } else if entry.architecture != config.architecture {
        (Outcome::Warn, say!("architecture-spelt-differently", "index and config spell the architecture differently"))
    } else if entry.os_version.is_some() && entry.os_version != config.os_version {
        (Outcome::Warn, say!("os-version-differs", "the index names another os.version than the config"))
    } else {
        (Outcome::Pass, say!("platform-fits", "the config is for the platform that the index promises"))
    };
    Check::new(CheckId::Platform, outcome, message).values(entry.to_string(), config.to_string(), Source::Descriptor)
}

/// Holds the counts of an image's layers, DiffIDs and history lines against each other.
#[must_use]
pub fn counts(manifest: &Manifest, config: &Config) -> Vec<Check> {
    let layers = manifest.layers.len();
    let mut checks = vec![layer_count(layers, config.diff_ids.len())];
    if !config.history.is_empty() {
        let made = config.history.iter().filter(|line| !line.empty_layer).count();
        checks.push(history_count(layers, made));
    }
    checks
}

fn layer_count(layers: usize, diff_ids: usize) -> Check {
    let (outcome, message) = if layers == diff_ids {
        (
            Outcome::Pass,
            say!("layer-count-fits", "the manifest has a layer for each of the config's DiffIDs: {layers}", layers),
        )
    } else {
        (
            Outcome::Fail,
            say!(
                "layer-count-differs",
                "the manifest has {layers} layers, the config {diff_ids} DiffIDs",
                layers,
                diff_ids
            ),
        )
    };
    let check = Check::new(CheckId::LayerCount, outcome, message);
    check.values(diff_ids.to_string(), layers.to_string(), Source::Config)
}

/// Old images and some builders keep a history that does not add up, so this is never worse than doubtful.
fn history_count(layers: usize, made: usize) -> Check {
    let (outcome, message) = if layers == made {
        (Outcome::Pass, say!("history-count-fits", "each layer has a line in the history: {layers}", layers))
    } else {
        (
            Outcome::Warn,
            say!(
                "history-count-differs",
                "the history tells of {made} layers, the manifest has {layers}",
                made,
                layers
            ),
        )
    };
    let check = Check::new(CheckId::HistoryCount, outcome, message);
    check.values(made.to_string(), layers.to_string(), Source::Config)
}

/// The name that Go has for an architecture that `uname` spells otherwise.
fn usual(architecture: &str) -> &str {
    match architecture {
        "x86_64" | "x86-64" => "amd64",
        "aarch64" => "arm64",
        "i386" | "i686" => "386",
        other => other,
    }
}

/// A variant left out is the usual one of its architecture; a config that names none does not contradict.
fn variants_differ(entry: &Platform, config: &Platform) -> bool {
    let implied = match usual(&config.architecture) {
        "arm64" => Some("v8"),
        "amd64" => Some("v1"),
        _ => None,
    };
    match (entry.variant.as_deref(), config.variant.as_deref()) {
        (Some(entry), Some(config)) => entry != config,
        (None, Some(config)) => implied.is_some_and(|implied| implied != config),
        (_, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor::Descriptor;
    use crate::document::HistoryLine;
    use crate::json;

    fn of(text: &str) -> Platform {
        let mut parts = text.split('/').map(str::to_owned);
        let (os, architecture) = (parts.next().unwrap(), parts.next().unwrap());
        Platform { os, architecture, variant: parts.next(), ..Platform::default() }
    }

    #[track_caller]
    fn held(entry: &str, config: &str, outcome: Outcome, message: &str) {
        let check = platform(&of(entry), &of(config));
        assert_eq!((check.outcome, check.message.as_str()), (outcome, message), "{entry} against {config}");
        assert_eq!((check.expected.as_deref(), check.actual.as_deref()), (Some(entry), Some(config)));
    }

    #[test]
    fn platforms() {
        let pass = "the config is for the platform that the index promises";
        for (entry, config) in [
            ("linux/amd64", "linux/amd64"),
            ("linux/arm64/v8", "linux/arm64"),
            ("linux/arm64", "linux/arm64/v8"),
            ("linux/arm/v7", "linux/arm"),
            ("unknown/unknown", "unknown/unknown"),
        ] {
            held(entry, config, Outcome::Pass, pass);
        }
        held(
            "linux/amd64",
            "windows/amd64",
            Outcome::Fail,
            "the index promises another operating system than the config has",
        );
        held(
            "linux/amd64",
            "linux/arm64",
            Outcome::Fail,
            "the index promises another architecture than the config has",
        );
        held("linux/arm/v7", "linux/arm/v6", Outcome::Fail, "the index promises another variant than the config has");
        held("linux/arm64", "linux/arm64/v9", Outcome::Fail, "the index promises another variant than the config has");
        held("linux/amd64", "linux/x86_64", Outcome::Warn, "index and config spell the architecture differently");
        held("linux/amd64", "/", Outcome::NotChecked, "the config names no platform");
    }

    #[test]
    fn windows_versions_are_doubtful() {
        let version = |version: &str| Platform { os_version: Some(version.to_owned()), ..of("windows/amd64") };
        assert_eq!(platform(&version("10.0.1"), &version("10.0.1")).outcome, Outcome::Pass);
        assert_eq!(platform(&version("10.0.1"), &version("10.0.2")).outcome, Outcome::Warn);
    }

    #[test]
    fn layers_diff_ids_and_history_are_counted() {
        let layer = Descriptor::read(&json::parse(b"{}").unwrap().root, "$.layers[0]".to_owned());
        let manifest = Manifest { layers: vec![layer.clone(), layer], ..Manifest::default() };
        let line = |empty_layer| HistoryLine { empty_layer, ..HistoryLine::default() };
        let mut config = Config { diff_ids: vec![String::new(); 2], ..Config::default() };
        assert_eq!(counts(&manifest, &config).len(), 1);
        config.history = vec![line(false), line(true), line(false)];
        assert!(counts(&manifest, &config).iter().all(|check| check.outcome == Outcome::Pass));
        config.history.push(line(false));
        config.diff_ids.push(String::new());
        let said = counts(&manifest, &config);
        assert_eq!(said[0].message, "the manifest has 2 layers, the config 3 DiffIDs");
        assert_eq!(said[1].message, "the history tells of 3 layers, the manifest has 2");
        assert_eq!((said[0].outcome, said[1].outcome), (Outcome::Fail, Outcome::Warn));
    }
}
