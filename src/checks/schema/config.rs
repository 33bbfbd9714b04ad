//! Document -> Check. The rules for an image config (image-spec, config; Docker's image spec v1.2).

use crate::checks::findings::{At, shorten};
use crate::checks::schema::descriptor::{known_platform, optional_platform};
use crate::checks::schema::rules::{Need, Rules};
use crate::json::{Json, Member, Object};
use crate::say::say;

/// Holds an image config against every rule.
pub(super) fn config(rules: &mut Rules, root: &Object) {
    let at = At::ROOT;
    rules.date_time(root, &at, "created");
    rules.string(root, &at, "author", Need::May);
    required_platform(rules, root);
    optional_platform(rules, root, &at);
    known_platform(rules, root, &at);
    if let Some(execution) = rules.object(root, &at, "config", Need::May) {
        execution_rules(rules, execution);
    }
    rootfs(rules, root);
    history(rules, root);
}

/// `os` and `architecture`, which Docker's older spec left optional.
fn required_platform(rules: &mut Rules, root: &Object) {
    for name in ["architecture", "os"] {
        if rules.docker && !root.contains(name) {
            rules.schema.warn(&At::ROOT.name(name), say!("missing", "{name} is missing", name));
        } else if rules.string(root, &At::ROOT, name, Need::Must) == Some("") {
            rules.schema.warn(&At::ROOT.name(name), say!("empty", "{name} is empty", name));
        }
    }
}

/// The settings with which a container starts.
fn execution_rules(rules: &mut Rules, config: &Object) {
    let at = At::ROOT.name("config");
    for name in ["User", "WorkingDir", "StopSignal"] {
        rules.string(config, &at, name, Need::May);
    }
    rules.boolean(config, &at, "ArgsEscaped");
    for name in ["Entrypoint", "Cmd"] {
        command(rules, config, &at, name);
    }
    environment(rules, config, &at);
    set(rules, config, &at, "Volumes");
    for Member { name, .. } in set(rules, config, &at, "ExposedPorts").into_iter().flatten() {
        if !is_port(name) {
            let message =
                say!("no-port", "\"{name}\" is not a port (port, port/tcp or port/udp)", name = shorten(name));
            rules.schema.warn(&at.name("ExposedPorts").name(name), message);
        }
    }
    for Member { name, value, .. } in rules.object(config, &at, "Labels", Need::MayOrNull).into_iter().flatten() {
        let at = at.name("Labels");
        let at = at.name(name);
        if !rules.null_in_map(value, &at, name) {
            rules.expect_string(value, &at);
        }
    }
}

/// A command is a list of words; one string is what Docker wrote before 1.10.
fn command(rules: &mut Rules, config: &Object, at: &At<'_>, name: &str) {
    if config.get(name).is_some_and(|command| command.as_str().is_some()) {
        return rules.fault_unless_docker(
            &at.name(name),
            say!("command-one-string", "{name} is one string, not a list of words", name),
        );
    }
    rules.strings(config, at, name, Need::MayOrNull);
}

fn environment(rules: &mut Rules, config: &Object, at: &At<'_>) {
    let variables = rules.strings(config, at, "Env", Need::MayOrNull);
    let at = at.name("Env");
    for (index, variable) in variables.iter().enumerate() {
        if let Some(text) = variable.as_str().filter(|text| !text.contains('=')) {
            let said = say!("variable-form", "\"{text}\" is not of the form NAME=value", text = shorten(text));
            rules.fault_unless_docker(&at.index(index), said);
        }
    }
}

/// A set: an object whose values are objects, which should be empty.
fn set<'j>(rules: &mut Rules, config: &'j Object, at: &At<'_>, name: &str) -> Option<&'j Object> {
    let members = rules.object(config, at, name, Need::MayOrNull)?;
    let at = at.name(name);
    for Member { name, value, .. } in members {
        if !rules.null_in_map(value, &at.name(name), name) {
            rules.expect_object(value, &at.name(name));
        }
    }
    Some(members)
}

fn is_port(name: &str) -> bool {
    let (port, protocol) = name.split_once('/').unwrap_or((name, "tcp"));
    let numbers = port.split_once('-').map_or(vec![port], |(first, last)| vec![first, last]);
    let fits = |number: &str| number.parse().is_ok_and(|port: u16| port > 0) && !number.starts_with('+');
    numbers.into_iter().all(fits) && ["tcp", "udp", "sctp"].contains(&protocol)
}

fn rootfs(rules: &mut Rules, root: &Object) {
    let Some(rootfs) = rules.object(root, &At::ROOT, "rootfs", Need::Must) else { return };
    let at = At::ROOT.name("rootfs");
    if let Some(kind) = rules.string(rootfs, &at, "type", Need::Must)
        && kind != "layers"
    {
        let message = say!("rootfs-type", "type is \"{text}\", and there is only layers", text = shorten(kind));
        rules.fault_unless_docker(&at.name("type"), message);
    }
    let diff_ids = rules.array(rootfs, &at, "diff_ids", Need::MustOrNull).unwrap_or_default();
    let at = at.name("diff_ids");
    for (index, diff_id) in diff_ids.iter().enumerate() {
        if let Some(text) = rules.expect_string(diff_id, &at.index(index)) {
            rules.digest(text, &at.index(index));
        }
    }
}

fn history(rules: &mut Rules, root: &Object) {
    let lines = rules.array(root, &At::ROOT, "history", Need::May).unwrap_or_default();
    let at = At::ROOT.name("history");
    for (index, line) in lines.iter().enumerate() {
        history_line(rules, line, &at.index(index));
    }
}

fn history_line(rules: &mut Rules, line: &Json, at: &At<'_>) {
    let Some(line) = rules.expect_object(line, at) else { return };
    rules.date_time(line, at, "created");
    for name in ["author", "created_by", "comment"] {
        rules.string(line, at, name, Need::May);
    }
    rules.boolean(line, at, "empty_layer");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports() {
        for good in ["80", "8080/tcp", "53/udp", "1-2/tcp", "9/sctp"] {
            assert!(is_port(good), "{good}");
        }
        for bad in ["", "http", "70000", "80/icmp", "80/", "1-/tcp", "0", "+80", "65536/udp"] {
            assert!(!is_port(bad), "{bad}");
        }
    }
}
