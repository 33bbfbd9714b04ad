//! Document -> Check. Lint of platforms: pairs and variants that no client asks for, Windows without its version.

use crate::checks::findings::{At, Findings, shorten};
use crate::checks::lint::Subject;
use crate::json::{Json, Object, Places};
use crate::say::say;

/// The platform of every entry of an index.
pub(super) fn entries(subject: &Subject<'_>, findings: &mut Findings) {
    let entries = subject.root.get("manifests").and_then(Json::as_array).unwrap_or_default();
    let at = At::ROOT.name("manifests");
    for (index, entry) in entries.iter().enumerate() {
        let at = at.index(index);
        if let Some(platform) = entry.get("platform").and_then(Json::as_object) {
            of(findings, platform, &at.name("platform"));
        }
    }
}

/// Two entries for one platform, with nothing that tells them apart (a version, a feature, an annotation).
pub(super) fn repeated(subject: &Subject<'_>, findings: &mut Findings) {
    let entries = subject.root.get("manifests").and_then(Json::as_array).unwrap_or_default();
    let at = At::ROOT.name("manifests");
    let marks: Vec<(usize, Vec<&str>)> =
        entries.iter().enumerate().filter_map(|(index, entry)| Some((index, marks(entry)?))).collect();
    let joined: Vec<String> = marks.iter().map(|(_, marks)| joined(marks)).collect();
    let mut seen = Places::default();
    for ((index, marks), joined) in marks.into_iter().zip(&joined) {
        if let Some(first) = seen.get(joined.as_str()) {
            let message = say!(
                "platform-twice",
                "is for {platform} like manifests[{first}], and nothing tells the two apart: programs take the first and \
                 never this one",
                platform = [marks[0], marks[1]].map(shorten).join("/"),
                first = *first
            );
            findings.warn(&at.index(index).name("platform"), message);
        } else {
            seen.insert(joined, index);
        }
    }
}

/// The marks in one text. JSON strings can hold any character, but a length before each makes it unambiguous.
fn joined(marks: &[&str]) -> String {
    let mut text = String::new();
    for mark in marks {
        text.push_str(&mark.len().to_string());
        text.push(':');
        text.push_str(mark);
    }
    text
}

/// All that programs choose an entry by: operating system and architecture, then the other stated fields.
fn marks(entry: &Json) -> Option<Vec<&str>> {
    let platform = entry.get("platform").filter(|_| entry.get("artifactType").is_none())?;
    let text = |name: &str| platform.get(name).and_then(Json::as_str).unwrap_or_default();
    let list = |name: &str| platform.get(name).and_then(Json::as_array).unwrap_or_default().iter();
    if [text("os"), text("architecture")].iter().any(|part| part.is_empty() || *part == "unknown") {
        return None;
    }
    let mut marks = vec![text("os"), text("architecture"), text("variant"), text("os.version")];
    marks.extend(list("os.features").chain(list("features")).filter_map(Json::as_str));
    for annotation in entry.get("annotations").and_then(Json::as_object).into_iter().flatten() {
        marks.extend([&*annotation.name, annotation.value.as_str().unwrap_or_default()]);
    }
    Some(marks)
}

/// The platform of an image config.
pub(super) fn config(subject: &Subject<'_>, findings: &mut Findings) {
    of(findings, subject.root, &At::ROOT);
}

fn of(findings: &mut Findings, platform: &Object, at: &At<'_>) {
    let text = |name: &str| platform.get(name).and_then(Json::as_str).unwrap_or_default();
    let (os, architecture) = (text("os"), text("architecture"));
    pair(findings, os, architecture, at);
    variant(findings, architecture, text("variant"), at);
    if os == "windows" && text("os.version").is_empty() {
        let message = say!(
            "windows-without-version",
            "os.version is missing: Windows runs process-isolated containers of its own build only, so no host can tell \
             whether it runs this one"
        );
        findings.warn(&at.name("os.version"), message);
    }
}

/// Names that are unknown one by one are findings of the schema already.
fn pair(findings: &mut Findings, os: &str, architecture: &str, at: &At<'_>) {
    let is_known = |word: &str| PAIRS.iter().any(|(os, list)| *os == word || list.split(' ').any(|one| one == word));
    let exists = || PAIRS.iter().any(|(name, list)| *name == os && list.split(' ').any(|one| one == architecture));
    if !exists() && is_known(os) && is_known(architecture) {
        let message = say!(
            "pair-not-known",
            "{os}/{architecture} is a pair that Go builds no program for, so no engine asks for it",
            os,
            architecture
        );
        findings.warn(&at.name("architecture"), message);
    }
}

/// The output of `go tool dist list`, by operating system, with the pairs of older Go and Docker's `wasi/wasm`.
const PAIRS: [(&str, &str); 17] = [
    ("aix", "ppc64"),
    ("android", "386 amd64 arm arm64"),
    ("darwin", "386 amd64 arm arm64"),
    ("dragonfly", "amd64"),
    ("freebsd", "386 amd64 arm arm64 riscv64"),
    ("illumos", "amd64"),
    ("ios", "amd64 arm64"),
    ("js", "wasm"),
    ("linux", "386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x sparc64"),
    ("netbsd", "386 amd64 arm arm64"),
    ("openbsd", "386 amd64 arm arm64 mips64 ppc64 riscv64"),
    ("plan9", "386 amd64 arm"),
    ("solaris", "amd64"),
    ("wasi", "wasm"),
    ("wasip1", "wasm"),
    ("wasip2", "wasm"),
    ("windows", "386 amd64 arm arm64"),
];

fn variant(findings: &mut Findings, architecture: &str, variant: &str, at: &At<'_>) {
    let Some((_, known)) = VARIANTS.iter().find(|(name, _)| *name == architecture) else { return };
    let base = variant.split_once('.').filter(|_| architecture == "arm64").map_or(variant, |(base, _)| base);
    if !variant.is_empty() && !known.split(' ').any(|one| one == base) {
        let number = variant.trim_start_matches(|c: char| !c.is_ascii_digit()).get(..1).unwrap_or_default();
        let meant = known.split(' ').find(|one| one.strip_prefix('v') == Some(number));
        let (variant, known) = (shorten(variant), known.replace(' ', ", "));
        let message = match meant {
            Some(meant) => say!(
                "variant-mistyped",
                "\"{variant}\" is not a variant of {architecture} (probably {meant} is meant), so no program that asks for \
                 one finds this image",
                variant,
                architecture,
                meant
            ),
            None => say!(
                "variant-not-known",
                "\"{variant}\" is not a variant of {architecture} ({known}), so no program that asks for one finds this \
                 image",
                variant,
                architecture,
                known
            ),
        };
        findings.warn(&at.name("variant"), message);
    }
}

/// The variants that the image spec and containerd name; architectures that are not here have free ones.
const VARIANTS: [(&str, &str); 3] = [("amd64", "v1 v2 v3 v4"), ("arm", "v5 v6 v7 v8"), ("arm64", "v8 v9")];

#[cfg(test)]
mod tests {
    use crate::checks::lint::tests::lint;
    use crate::media_type::DocumentKind::{Config, Index};

    #[test]
    fn pairs_that_do_not_exist() {
        let message = "windows/s390x is a pair that Go builds no program for, so no engine asks for it";
        assert_eq!(
            lint(Config, r#"{"os":"windows","architecture":"s390x","os.version":"10"}"#),
            [format!("$.architecture: {message}")]
        );
        let index = r#"{"manifests":[{"platform":{"os":"linux","architecture":"amd64"}},
            {"platform":{"os":"windows","architecture":"s390x","os.version":"10"}}]}"#;
        assert_eq!(lint(Index, index), [format!("$.manifests[1].platform.architecture: {message}")]);
        for fine in ["linux/riscv64", "wasi/wasm", "unknown/unknown", "linux/x86_64", "nope/amd64", "freebsd/arm64"] {
            let (os, architecture) = fine.split_once('/').unwrap();
            let config = format!(r#"{{"os":"{os}","architecture":"{architecture}"}}"#);
            assert_eq!(lint(Config, &config), Vec::<String>::new(), "{fine}");
        }
    }

    #[test]
    fn one_platform_twice() {
        let linux = |more: &str| format!(r#"{{"platform":{{"os":"linux","architecture":"amd64"}}{more}}}"#);
        let index = |entries: [String; 2]| lint(Index, &format!(r#"{{"manifests":[{}]}}"#, entries.join(",")));
        let message = "$.manifests[1].platform: is for linux/amd64 like manifests[0], and nothing tells the two apart: \
                       programs take the first and never this one";
        assert_eq!(index([linux(""), linux("")]), [message]);
        for more in [r#","annotations":{"io.github.containers.compression.zstd":"true"}"#, r#","artifactType":"a/b""#] {
            assert_eq!(index([linux(""), linux(more)]), Vec::<String>::new(), "{more}");
        }
        let windows = |version: &str| {
            format!(r#"{{"platform":{{"os":"windows","architecture":"amd64","os.version":"{version}"}}}}"#)
        };
        assert_eq!(index([windows("10.0.1"), windows("10.0.2")]), Vec::<String>::new());
    }

    #[test]
    fn variants_that_nobody_asks_for() {
        let said = lint(Config, r#"{"os":"linux","architecture":"arm","variant":"v7l"}"#);
        let message = "$.variant: \"v7l\" is not a variant of arm (probably v7 is meant), so no program that asks for \
                       one finds this image";
        assert_eq!(said, [message]);
        let said = lint(Config, r#"{"os":"linux","architecture":"arm64","variant":"fast"}"#);
        let message = "$.variant: \"fast\" is not a variant of arm64 (v8, v9), so no program that asks for one finds \
                       this image";
        assert_eq!(said, [message]);
        for (architecture, variant) in [("arm", "v6"), ("arm64", "v8.2"), ("amd64", "v3"), ("ppc64le", "power9")] {
            let config = format!(r#"{{"os":"linux","architecture":"{architecture}","variant":"{variant}"}}"#);
            assert_eq!(lint(Config, &config), Vec::<String>::new(), "{architecture}/{variant}");
        }
    }

    #[test]
    fn windows_names_its_version() {
        let message = "os.version is missing: Windows runs process-isolated containers of its own build only, so no host can tell \
             whether it runs this one";
        assert_eq!(
            lint(Config, r#"{"os":"windows","architecture":"amd64"}"#),
            [format!("$[\"os.version\"]: {message}")]
        );
        let index = r#"{"manifests":[{"platform":{"os":"windows","architecture":"amd64"}}]}"#;
        assert_eq!(lint(Index, index), [format!("$.manifests[0].platform[\"os.version\"]: {message}")]);
    }
}
