//! Document -> Check. Lint of what a container is started with (image-spec, config; Docker's image spec v1.2).

use crate::checks::findings::{At, Findings, shorten};
use crate::checks::lint::Subject;
use crate::json::{Json, Object, Places};
use crate::say::{Said, Word, say};

/// The member of that name in `$.config`.
fn member<'a>(subject: &Subject<'a>, name: &str) -> Option<&'a Json> {
    subject.root.get("config")?.get(name)
}

fn text<'a>(subject: &Subject<'a>, name: &str) -> Option<&'a str> {
    member(subject, name)?.as_str().filter(|text| !text.is_empty())
}

/// `Env`: a name for every variable, and every name once. An item without `=` is a finding of the schema.
pub(super) fn variables(subject: &Subject<'_>, findings: &mut Findings) {
    let at = At::ROOT.name("config");
    let at = at.name("Env");
    let mut seen = Places::default();
    let variables = member(subject, "Env").and_then(Json::as_array).unwrap_or_default();
    for (index, variable) in variables.iter().enumerate() {
        let Some((name, _)) = variable.as_str().and_then(|text| text.split_once('=')) else { continue };
        if name.is_empty() {
            findings.warn(
                &at.index(index),
                say!("variable-without-name", "the variable has no name, and runc refuses to start with it"),
            );
        } else if let Some(before) = seen.insert(name, index) {
            let message = say!(
                "variable-twice",
                "{name} is set twice, before as Env[{before}], and programs differ in which of the two they see",
                name = shorten(name),
                before
            );
            findings.warn(&at.index(index), message);
        }
    }
}

/// Texts that a program gets when it starts: the kernel takes none with a NUL byte in it.
pub(super) fn nul(subject: &Subject<'_>, findings: &mut Findings) {
    let at = At::ROOT.name("config");
    for name in ["Env", "Entrypoint", "Cmd", "User", "WorkingDir"] {
        let Some(value) = member(subject, name) else { continue };
        let at = at.name(name);
        let mut check = |text: &Json, at: &At<'_>| {
            if text.as_str().is_some_and(|text| text.contains('\0')) {
                findings.warn(
                    at,
                    say!("nul-in-text", "{name} has a NUL byte in it, and runc refuses to start with it", name),
                );
            }
        };
        check(value, &at);
        for (index, text) in value.as_array().unwrap_or_default().iter().enumerate() {
            check(text, &at.index(index));
        }
    }
}

/// `Volumes`: every path absolute.
pub(super) fn volumes(subject: &Subject<'_>, findings: &mut Findings) {
    let at = At::ROOT.name("config");
    let at = at.name("Volumes");
    for volume in member(subject, "Volumes").and_then(Json::as_object).into_iter().flatten() {
        if !is_absolute(&volume.name) {
            let message = say!(
                "volume-not-absolute",
                "\"{path}\" is not an absolute path, and Docker refuses to create a container with it",
                path = shorten(&volume.name)
            );
            findings.warn(&at.name(&volume.name), message);
        }
    }
}

/// `WorkingDir`: an absolute path.
pub(super) fn working_dir(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(path) = text(subject, "WorkingDir").filter(|path| !is_absolute(path)) else { return };
    let at = At::ROOT.name("config");
    let message = say!(
        "working-dir-not-absolute",
        "\"{path}\" is not an absolute path, and runc refuses to start there",
        path = shorten(path)
    );
    findings.warn(&at.name("WorkingDir"), message);
}

/// `/a`, and on Windows `C:\a`, `C:/a`, `C:` and `\\.\pipe\a`.
fn is_absolute(path: &str) -> bool {
    let mut bytes = path.bytes();
    match (bytes.next(), bytes.next()) {
        (Some(b'/' | b'\\'), _) => true,
        (Some(drive), Some(b':')) => drive.is_ascii_alphabetic(),
        _ => false,
    }
}

/// `User`: `user`, `uid`, `user:group` and so on, with numbers that Docker takes (0 to 2^31 - 1).
pub(super) fn user(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(user) = text(subject, "User") else { return };
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_large = |part: &str| is_number(part) && part.parse::<i32>().is_err();
    let name = shorten(user);
    let message = if user.split(':').any(is_large) {
        say!(
            "user-too-large",
            "\"{user}\" has a number above 2147483647, so no such user is found and the container does not start",
            user = name
        )
    } else if user.split(':').count() > 2 {
        say!(
            "user-of-many-parts",
            "\"{user}\" has more than user and group, so no such user is found and the container does not start",
            user = name
        )
    } else if user.contains(char::is_whitespace) {
        say!(
            "user-with-space",
            "\"{user}\" has a space in it, so no such user is found and the container does not start",
            user = name
        )
    } else {
        return;
    };
    let at = At::ROOT.name("config");
    findings.warn(&at.name("User"), message);
}

/// `StopSignal`: a number or a name with or without `SIG` that Linux has.
pub(super) fn stop_signal(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(signal) = text(subject, "StopSignal").filter(|signal| !is_signal(signal)) else { return };
    let at = At::ROOT.name("config");
    let message = say!(
        "no-signal",
        "\"{signal}\" is not a signal, and Docker refuses to create a container with it",
        signal = shorten(signal)
    );
    findings.warn(&at.name("StopSignal"), message);
}

fn is_signal(text: &str) -> bool {
    if let Ok(number) = text.parse::<u8>() {
        return (1..=64).contains(&number);
    }
    let upper = text.to_ascii_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let offset = |start: &str, sign: char, most: u8| {
        name.strip_prefix(start).and_then(|rest| rest.strip_prefix(sign)?.parse().ok()).is_some_and(|n: u8| n <= most)
    };
    SIGNALS.split(' ').any(|signal| signal == name) || offset("RTMIN", '+', 15) || offset("RTMAX", '-', 14)
}

const SIGNALS: &str = "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT RTMAX RTMIN \
                       SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ";

/// `Healthcheck`: a test that can be run, and times that Docker takes (0, or at least a millisecond).
pub(super) fn healthcheck(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(health) = member(subject, "Healthcheck").and_then(Json::as_object) else { return };
    let at = At::ROOT.name("config");
    let at = at.name("Healthcheck");
    if let Some(fault) = test_fault(health) {
        findings.warn(&at.name("Test"), fault);
    }
    for name in ["Interval", "Timeout", "StartPeriod", "StartInterval"] {
        let Some(value) = health.get(name).filter(|value| !value.is_null()) else { continue };
        if !value.as_i64().is_some_and(|nanoseconds| nanoseconds == 0 || nanoseconds >= 1_000_000) {
            let message =
                say!("health-time", "{name} is not a time of at least a millisecond, written in nanoseconds", name);
            findings.warn(&at.name(name), message);
        }
    }
    if health.get("Retries").is_some_and(|retries| retries.as_i64().is_none_or(|count| count < 0)) {
        findings.warn(&at.name("Retries"), say!("health-retries", "Retries is not a count"));
    }
}

fn test_fault(health: &Object) -> Option<Said> {
    let test = health.get("Test").filter(|test| !test.is_null())?;
    let Some(words) = test.as_array() else {
        return Some(say!(
            "health-test-no-list",
            "Test is {actual}, not a list of words, so Docker cannot read the config",
            actual = Word::plain(test.type_name())
        ));
    };
    Some(match words.first()?.as_str().unwrap_or_default() {
        "NONE" => return None,
        "CMD" | "CMD-SHELL" if words.len() > 1 => return None,
        kind @ ("CMD" | "CMD-SHELL") => say!(
            "health-without-command",
            "Test is {kind} without a command, so the container's health is never known",
            kind
        ),
        other => say!(
            "health-other-start",
            "Test starts with \"{word}\", not with CMD, CMD-SHELL or NONE, so the container's health is never known",
            word = shorten(other)
        ),
    })
}

/// `Labels`: keys that a filter can name.
pub(super) fn labels(subject: &Subject<'_>, findings: &mut Findings) {
    let at = At::ROOT.name("config");
    let at = at.name("Labels");
    for label in member(subject, "Labels").and_then(Json::as_object).into_iter().flatten() {
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '=';
        if label.name.is_empty() {
            findings.warn(&at.name(""), say!("label-without-key", "a label has no key, so nothing can ask for it"));
        } else if label.name.contains(is_odd) {
            let message = say!(
                "label-odd-key",
                "the key \"{key}\" has a space, a control character or = in it, so no filter can name it",
                key = shorten(&label.name).escape_debug().to_string()
            );
            findings.warn(&at.name(&label.name), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::lint::tests::lint;
    use crate::media_type::DocumentKind::Config;

    /// The one finding about `$.config` with these members.
    #[track_caller]
    fn warns(members: &str, expected: &str) {
        assert_eq!(lint(Config, &format!(r#"{{"config":{{{members}}}}}"#)), [format!("$.config.{expected}")]);
    }

    #[track_caller]
    fn is_fine(members: &str) {
        assert_eq!(lint(Config, &format!(r#"{{"config":{{{members}}}}}"#)), Vec::<String>::new(), "{members}");
    }

    #[test]
    fn variables() {
        let nameless = "Env[1]: the variable has no name, and runc refuses to start with it";
        warns(r#""Env":["A=1","=1"]"#, nameless);
        let twice = "Env[2]: A is set twice, before as Env[0], and programs differ in which of the two they see";
        warns(r#""Env":["A=1","B=2","A=3"]"#, twice);
        is_fine(r#""Env":["A=1","a=1","B="]"#);
    }

    #[test]
    fn a_nul_byte() {
        let of = |name: &str, place: &str| {
            format!("{name}{place}: {name} has a NUL byte in it, and runc refuses to start with it")
        };
        for name in ["Env", "Entrypoint", "Cmd"] {
            warns(&format!(r#""{name}":["A=1","B=\u0000"]"#), &of(name, "[1]"));
        }
        for name in ["User", "WorkingDir", "Cmd"] {
            warns(&format!(r#""{name}":"/a\u0000b""#), &of(name, ""));
        }
        is_fine(r#""Labels":{"a":"\u0000"},"Env":["A=\\u0000"]"#);
    }

    #[test]
    fn volumes() {
        let message =
            "Volumes.data: \"data\" is not an absolute path, and Docker refuses to create a container with it";
        warns(r#""Volumes":{"data":{}}"#, message);
        is_fine(r#""Volumes":{"/data":{},"C:\\data":{},"c:/data":{},"\\\\.\\pipe\\docker":{}}"#);
    }

    #[test]
    fn working_directory() {
        let message = "WorkingDir: \"app\" is not an absolute path, and runc refuses to start there";
        warns(r#""WorkingDir":"app""#, message);
        is_fine(r#""WorkingDir":"""#);
        is_fine(r#""WorkingDir":"C:\\app""#);
    }

    #[test]
    fn user() {
        let end = "so no such user is found and the container does not start";
        warns(r#""User":"2147483648""#, &format!("User: \"2147483648\" has a number above 2147483647, {end}"));
        warns(r#""User":"a:b:c""#, &format!("User: \"a:b:c\" has more than user and group, {end}"));
        warns(r#""User":"a b""#, &format!("User: \"a b\" has a space in it, {end}"));
        for fine in ["", "0", "1000:1000", "2147483647", "nobody", "app:", "ContainerUser"] {
            is_fine(&format!(r#""User":"{fine}""#));
        }
    }

    #[test]
    fn stop_signal() {
        let message = "StopSignal: \"SIGNOPE\" is not a signal, and Docker refuses to create a container with it";
        warns(r#""StopSignal":"SIGNOPE""#, message);
        for bad in ["0", "65", "SIGRTMIN+16", "RTMAX+1"] {
            let message = format!("\"{bad}\" is not a signal, and Docker refuses to create a container with it");
            warns(&format!(r#""StopSignal":"{bad}""#), &format!("StopSignal: {message}"));
        }
        for fine in ["SIGTERM", "quit", "15", "SIGRTMIN+3", "RTMAX-14", ""] {
            is_fine(&format!(r#""StopSignal":"{fine}""#));
        }
    }

    #[test]
    fn health_check() {
        let end = "so the container's health is never known";
        let test = |test: &str| format!(r#""Healthcheck":{{"Test":{test}}}"#);
        let of = |message: &str| format!("Healthcheck.Test: {message}, {end}");
        let string = "Healthcheck.Test: Test is a string, not a list of words, so Docker cannot read the config";
        warns(&test(r#""curl""#), string);
        warns(&test(r#"["CMD"]"#), &of("Test is CMD without a command"));
        warns(&test(r#"["curl"]"#), &of("Test starts with \"curl\", not with CMD, CMD-SHELL or NONE"));
        let short = "Healthcheck.Interval: Interval is not a time of at least a millisecond, written in nanoseconds";
        warns(r#""Healthcheck":{"Interval":30}"#, short);
        warns(r#""Healthcheck":{"Retries":-1}"#, "Healthcheck.Retries: Retries is not a count");
        is_fine(r#""Healthcheck":{"Test":["CMD-SHELL","true"],"Interval":30000000000,"Timeout":0,"Retries":3}"#);
        is_fine(&test(r#"["NONE"]"#));
        is_fine(&test("[]"));
    }

    #[test]
    fn labels() {
        warns(r#""Labels":{"":"x"}"#, "Labels[\"\"]: a label has no key, so nothing can ask for it");
        let message = "Labels[\"a b\"]: the key \"a b\" has a space, a control character or = in it, so no filter \
                       can name it";
        warns(r#""Labels":{"a b":"x"}"#, message);
        is_fine(r#""Labels":{"org.opencontainers.image.title":"a b"}"#);
    }
}
