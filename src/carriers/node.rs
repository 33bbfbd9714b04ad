//! A value that a program wrote down, and its JSON.

/// A value of any language.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// A number, `true`, `false` or `null`, as JSON has it.
    Raw(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
    /// `array()` of PHP: a list or a map.
    Empty,
}

/// Members of documents that are maps, whose values are texts or maps again.
const MAPS: &[&str] = &["ExposedPorts", "Volumes", "Labels", "labels", "annotations"];

/// Members that are objects of other kinds.
const OBJECTS: &[&str] = &["config", "container_config", "platform", "Healthcheck", "rootfs"];

/// Members whose values are texts, also if they look like numbers: `386` is an architecture.
const TEXTS: &[&str] = &[
    "architecture",
    "os",
    "os.version",
    "variant",
    "Hostname",
    "Domainname",
    "User",
    "Image",
    "WorkingDir",
    "docker_version",
    "container",
    "created",
    "created_by",
    "author",
    "comment",
    "id",
    "parent",
    "digest",
    "mediaType",
];

/// Members that are true or false, which print_r of PHP writes as `1` and nothing.
const TRUTHS: &[&str] = &[
    "AttachStdin",
    "AttachStdout",
    "AttachStderr",
    "Tty",
    "OpenStdin",
    "StdinOnce",
    "ArgsEscaped",
    "NetworkDisabled",
    "empty_layer",
    "throwaway",
];

/// Members of Docker's configs that are lists, maps or null, never an empty text.
const NULLS: &[&str] = &["Volumes", "Entrypoint", "OnBuild", "Labels", "Cmd", "Env"];

/// True if an empty value of that name, in a member of the name `parent`, is an object in documents.
pub(super) fn is_map(name: &str, parent: &str) -> bool {
    MAPS.contains(&name) || OBJECTS.contains(&name) || matches!(parent, "ExposedPorts" | "Volumes")
}

impl Node {
    /// The JSON on one line.
    pub(super) fn json(&self) -> Vec<u8> {
        let mut out = String::new();
        self.write("", "", &mut out);
        out.into_bytes()
    }

    fn write(&self, name: &str, parent: &str, out: &mut String) {
        match self {
            // A text that looks like a number is a text among labels and annotations.
            Self::Raw(raw) if raw != "null" && matches!(parent, "Labels" | "labels" | "annotations") => quote(raw, out),
            Self::Raw(raw) if raw == "1" && TRUTHS.contains(&name) => out.push_str("true"),
            Self::Raw(raw) if TEXTS.contains(&name) && raw.starts_with(|c: char| c.is_ascii_digit()) => quote(raw, out),
            Self::Raw(raw) => out.push_str(raw),
            Self::Text(text) if text.is_empty() && TRUTHS.contains(&name) => out.push_str("false"),
            Self::Text(text) if text.is_empty() && NULLS.contains(&name) => out.push_str("null"),
            Self::Text(text) => quote(text, out),
            Self::Empty => out.push_str(if is_map(name, parent) { "{}" } else { "[]" }),
            Self::List(nodes) => {
                out.push('[');
                for (at, node) in nodes.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    node.write("", name, out);
                }
                out.push(']');
            }
            Self::Map(members) => {
                out.push('{');
                for (at, (key, node)) in members.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    quote(key, out);
                    out.push(':');
                    node.write(key, name, out);
                }
                out.push('}');
            }
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\x1f' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A number's token as JSON has it: without separators and suffixes, and whole ones without exponent.
pub(super) fn number(token: &str) -> Option<String> {
    let token = token.strip_prefix('+').unwrap_or(token).trim_end_matches(['L', 'l', 'n', 'u']).replace('_', "");
    let (sign, digits) = token.strip_prefix('-').map_or(("", token.as_str()), |digits| ("-", digits));
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, ""));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || whole.len() > 1 && whole.starts_with('0') {
        return None;
    }
    if exponent.is_empty() {
        return (!mantissa.ends_with('.') && digits == mantissa).then(|| format!("{sign}{digits}"));
    }
    let shift: usize = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok().filter(|shift| *shift < 30)?;
    let zeros = "0".repeat(shift.checked_sub(fraction.len())?);
    Some(format!("{sign}{whole}{fraction}{zeros}"))
}
