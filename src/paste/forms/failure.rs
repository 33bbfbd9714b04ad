//! Messages of kubelet, containerd, docker, podman and registries about a failure: what they mean and what they name.

use std::sync::LazyLock;

use crate::json::{Json, Value};
use crate::paste::Form;
use crate::paste::digests;
use crate::paste::forms::Part;
use crate::paste::meaning::What;
use crate::paste::names;
use crate::paste::note::{Note, Say};
use crate::paste::scan::Scan;
use crate::paste::text::{Piece, Text};
use crate::reference::Reference;

/// One message: what it is recognised by, and what it means.
struct Message {
    /// Any of these, in lower case; a `*` stands for anything between two parts.
    needles: &'static [&'static str],
    say: Say,
    /// The meanings of the digests behind the needle, in their order.
    digests: &'static [What],
    means: Say,
}

/// Every message, causes before what only wraps them, most telling first.
const MESSAGES: [Message; 23] = [
    Message {
        needles: &["unexpected commit digest"],
        say: Say(
            "error-unexpected-commit-digest",
            "This is an error: the bytes that came do not have the digest that was asked for.",
        ),
        digests: &[What::Got, What::Wanted],
        means: Say(
            "means-unexpected-commit-digest",
            "containerd computed one digest over the bytes that came and wanted another: a mirror, proxy or cache on the way changed or cut them, or the registry holds other bytes. Pull again past the mirror, and compare what the registry serves.",
        ),
    },
    Message {
        needles: &[
            "failed size validation",
            "unexpected commit size",
            "content size mismatch",
            "size mismatch",
            "short read: expected",
        ],
        say: Say("error-size", "This is an error: the bytes that came are not as many as was said."),
        digests: &[What::Blob],
        means: Say(
            "means-size",
            "The descriptor and the bytes that came differ in length: the transfer was cut short, or what was pushed does not fit its descriptor.",
        ),
    },
    Message {
        needles: &[
            "does not match digest",
            "does not match provided manifest digest",
            "digest mismatch",
            "invalid checksum digest",
            "filesystem layer verification failed",
            "digest did not match",
            "digest invalid",
            "provided digest did not match",
            "hash mismatch",
            "digest_invalid",
            "content digest does not match",
        ],
        say: Say("error-digest-mismatch", "This is an error: bytes do not have the digest that was expected."),
        digests: &[],
        means: Say(
            "means-digest-mismatch",
            "The bytes that came or were sent are not those that the digest names: they were changed, cut or written anew on their way.",
        ),
    },
    Message {
        needles: &["content digest*not found"],
        say: Say(
            "error-content-not-found",
            "This is an error: content that a manifest names is not in the local store.",
        ),
        digests: &[What::Missing],
        means: Say(
            "means-content-not-found",
            "containerd knows the image but a blob of it is missing from its store: the pull was interrupted or the content was removed. Remove the image and pull it again.",
        ),
    },
    Message {
        needles: &[
            "source image rejected",
            "no matching signatures",
            "no signatures found",
            "signature verification failed",
            "failed to verify signature",
            "image policy webhook",
            "signature required but no signature exists",
        ],
        say: Say("error-signature", "This is an error: the image is not signed as a policy demands."),
        digests: &[],
        means: Say(
            "means-signature",
            "A policy of the machine or cluster wants a signature, and none that is found satisfies it. Inspect the image to see its signatures, and ask with which key or identity it should be signed.",
        ),
    },
    Message {
        needles: &[
            "no match for platform",
            "no matching manifest for",
            "no image found in image index for",
            "no image found in manifest list",
            "exec format error",
            "does not match the specified platform",
            "does not match the detected host platform",
            "cannot be used on this platform",
            "no child with platform",
            "choosing an image from manifest list",
        ],
        say: Say("error-platform", "This is an error: there is no image for this platform."),
        digests: &[],
        means: Say(
            "means-platform",
            "The index has no entry for the platform of the machine that pulls. Inspect the image to see which platforms it has.",
        ),
    },
    Message {
        needles: &["toomanyrequests", "too many requests", "rate limit", "status code 429"],
        say: Say("error-rate-limit", "This is an error: the registry has counted too many pulls."),
        digests: &[],
        means: Say(
            "means-rate-limit",
            "The registry limits pulls of an account or address: wait, log in, or pull through a mirror.",
        ),
    },
    Message {
        needles: &["server gave http response to https client", "first record does not look like a tls handshake"],
        say: Say("error-plain-http", "This is an error: the registry speaks plain HTTP, and HTTPS was wanted."),
        digests: &[],
        means: Say(
            "means-plain-http",
            "Give the registry a certificate, or allow the machine to use it without one: as an insecure registry in Docker, in the registry's hosts.toml in containerd, or in registries.conf in podman. Nothing protects such a transfer but the digest.",
        ),
    },
    Message {
        needles: &[
            "x509:",
            "certificate signed by unknown authority",
            "tls: failed to verify certificate",
            "remote error: tls",
            "unable to get local issuer certificate",
        ],
        say: Say("error-tls", "This is an error: no secure connection to the registry."),
        digests: &[],
        means: Say(
            "means-tls",
            "The machine does not trust the registry's certificate: another authority signed it, it has expired or it names another host. A proxy that opens connections puts its own in place.",
        ),
    },
    Message {
        needles: &[
            "no such host",
            "connection refused",
            "i/o timeout",
            "tls handshake timeout",
            "context deadline exceeded",
            "no route to host",
            "server misbehaving",
            "temporary failure in name resolution",
            "network is unreachable",
            "proxyconnect tcp",
            "client.timeout exceeded",
            "request canceled while waiting for connection",
        ],
        say: Say("error-unreachable", "This is an error: the registry cannot be reached."),
        digests: &[],
        means: Say(
            "means-unreachable",
            "The name of the registry, the network or a proxy is the cause, not the image.",
        ),
    },
    Message {
        needles: &["no space left on device", "disk quota exceeded"],
        say: Say("error-no-space", "This is an error: the disk of the machine is full."),
        digests: &[],
        means: Say(
            "means-no-space",
            "Layers are kept as they came and unpacked beside that: remove images that are not used, then pull again. The image is not the cause.",
        ),
    },
    Message {
        needles: &[
            "schema 1 support has been removed",
            "unsupported manifest media type",
            "unsupported media type",
            "unsupported manifest mediatype",
            "unknown media type",
            "invalid mediatype",
            "unsupported mediatype",
            "unsupported schema version",
            "not implemented: unsupported",
        ],
        say: Say("error-media-type", "This is an error: the program does not support the media type."),
        digests: &[],
        means: Say(
            "means-media-type",
            "The manifest or a layer is of a kind that this program does not take: an old schema 1 manifest, layers in zstd for an old engine, or an artifact that is no image. Inspect it to see its media types.",
        ),
    },
    Message {
        needles: &["blob unknown", "blob_unknown", "unknown blob", "blob not found"],
        say: Say("error-blob-unknown", "This is an error: the registry does not hold a blob."),
        digests: &[What::Blob],
        means: Say(
            "means-blob-unknown",
            "The manifest names a blob that is not in this repository: it was deleted, or was pushed to another one.",
        ),
    },
    Message {
        needles: &["manifest invalid", "manifest_invalid", "manifest blob unknown", "manifest_blob_unknown"],
        say: Say("error-manifest-invalid", "This is an error: the registry does not accept the manifest."),
        digests: &[],
        means: Say(
            "means-manifest-invalid",
            "The manifest breaks the registry's rules, or names content that was not pushed before it.",
        ),
    },
    Message {
        needles: &[
            "manifest unknown",
            "manifest_unknown",
            "manifest not found",
            "manifestunknown",
            "manifest for*not found",
            "failed to resolve reference*: not found",
            "failed to resolve image*: not found",
            "reading manifest*not found",
            "reading manifest*404",
            "no such manifest",
        ],
        say: Say("error-manifest-unknown", "This is an error: the registry has no manifest of that name."),
        digests: &[],
        means: Say(
            "means-manifest-unknown",
            "The tag or digest is not in the repository: it was deleted or never pushed there, or the digest is not that of a manifest. An image ID (the digest of the config) or the digest of a layer cannot be pulled.",
        ),
    },
    Message {
        needles: &[
            "authorization token has expired",
            "token has expired",
            "denied: your authorization",
            "denied: permission",
            "denied: requested access",
            "pull access denied",
            "insufficient_scope",
            "access to the resource is denied",
            "403 forbidden",
            "status code 403",
            "permission_denied",
            "denied: denied",
            "/manifests/*: denied",
            "access denied",
            "denied: you may not",
            "denied: installation not allowed",
        ],
        say: Say("error-denied", "This is an error: the registry does not allow this."),
        digests: &[],
        means: Say(
            "means-denied",
            "These credentials, or none, may not pull this: log in with an account that may, and check the name, since a repository that does not exist is often answered the same way.",
        ),
    },
    Message {
        needles: &[
            "unauthorized",
            "authentication required",
            "no basic auth credentials",
            "401 unauthorized",
            "status code 401",
            "incorrect username or password",
        ],
        say: Say(
            "error-unauthorized",
            "This is an error: the registry wants credentials, or these are not allowed to pull.",
        ),
        digests: &[],
        means: Say(
            "means-unauthorized",
            "Log in, or check the name: a repository that does not exist is answered the same way.",
        ),
    },
    Message {
        needles: &[
            "name unknown",
            "name_unknown",
            "repository does not exist",
            "repository not found",
            "repository name not known",
            "repositorynotfoundexception",
        ],
        say: Say("error-name-unknown", "This is an error: the registry has no such repository, or does not show it."),
        digests: &[],
        means: Say(
            "means-name-unknown",
            "Check the name; registries answer the same for a private repository without credentials.",
        ),
    },
    Message {
        needles: &[
            "unexpected eof",
            "connection reset by peer",
            "stream error:",
            "http2: server sent goaway",
            "httpreadseeker: failed open",
            "use of closed network connection",
            "broken pipe",
        ],
        say: Say("error-interrupted", "This is an error: the transfer was interrupted."),
        digests: &[What::Blob],
        means: Say(
            "means-interrupted",
            "The connection to the registry, to its storage or to a proxy ended before all bytes had come. Pull again; if it ends at the same place, look at proxies and at limits of time and size.",
        ),
    },
    Message {
        needles: &[
            "500 internal server error",
            "502 bad gateway",
            "503 service unavailable",
            "504 gateway time",
            "status code 500",
            "status code 502",
            "status code 503",
            "status code 504",
            "received unexpected http status: 5",
        ],
        say: Say("error-registry", "This is an error: the registry, or a proxy before it, failed."),
        digests: &[],
        means: Say(
            "means-registry",
            "The answer tells nothing about the image: try again later, and look at the registry's state.",
        ),
    },
    Message {
        needles: &[
            "invalid reference format",
            "couldn't parse image name",
            "couldn't parse image reference",
            "invalidimagename",
            "must be lowercase",
            "invalid reference:",
        ],
        say: Say("error-invalid-reference", "This is an error: the name of the image cannot be read."),
        digests: &[],
        means: Say(
            "means-invalid-reference",
            "Names are in lower case; a tag stands behind a colon and a digest behind an @.",
        ),
    },
    Message {
        needles: &["errimageneverpull", "pull policy of never", "no such image", "image not known"],
        say: Say("error-not-here", "This is an error: the image is not in the local store, and is not pulled."),
        digests: &[],
        means: Say(
            "means-not-here",
            "The command or the pull policy uses only what is in the store already: pull the image there first, or load it from a file.",
        ),
    },
    Message {
        needles: &[
            "imagepullbackoff",
            "errimagepull",
            "failed to pull image",
            "failed to pull and unpack",
            "back-off pulling image",
            "failed to resolve reference",
            "reading manifest",
            "initializing source docker://",
            "failed to authorize",
            "failed to fetch anonymous token",
            "error pulling image",
        ],
        say: Say("error-pull", "This is an error: an image could not be pulled."),
        digests: &[],
        means: Say("means-pull", "The lines around it tell the cause; the image can be inspected here."),
    },
];

const VALUES: Say = Say("both-values", "Wanted {wanted}, got {got}.");
const SIZES: Say = Say("both-sizes", "Wanted {wanted} bytes, got {got}.");
const PLATFORMS: Say = Say("both-platforms", "Wanted {wanted}, got {got}.");
const PLATFORM: Say = Say("wanted-platform", "The platform that was asked for is {wanted}.");

/// The length of the shortest message.
const SHORTEST: usize = 10;

/// The parts of needles before their first `*` by their first two bytes: a line is looked through once for all.
static NEEDLES: LazyLock<Vec<Vec<Needle>>> = LazyLock::new(|| {
    let mut table: Vec<Vec<Needle>> = (0..1024).map(|_| Vec::new()).collect();
    for (message, needles) in MESSAGES.iter().map(|message| message.needles).enumerate() {
        for needle in needles {
            let (first, rest) = needle.split_once('*').unwrap_or((needle, ""));
            let bytes = first.as_bytes();
            table[slot(bytes[0], bytes[1])].push(Needle { message, first, rest });
        }
    }
    table
});

/// The place of two bytes in the table, the same for upper and lower case.
fn slot(first: u8, second: u8) -> usize {
    usize::from(first & 31) << 5 | usize::from(second & 31)
}

/// One needle of a message.
struct Needle {
    message: usize,
    first: &'static str,
    /// The parts that have to follow somewhere behind it.
    rest: &'static str,
}

impl Needle {
    fn is_at(&self, line: &[u8], at: usize) -> bool {
        let here = line[at..].get(..self.first.len());
        if !here.is_some_and(|here| here.eq_ignore_ascii_case(self.first.as_bytes())) {
            return false;
        }
        let mut behind = &line[at + self.first.len()..];
        self.rest.split('*').filter(|part| !part.is_empty()).all(|part| {
            let places = behind.windows(part.len()).take(BEHIND);
            let found = places.into_iter().position(|here| here.eq_ignore_ascii_case(part.as_bytes()));
            behind = found.map_or(behind, |found| &behind[found + part.len()..]);
            found.is_some()
        })
    }
}

/// The distance from its beginning to which a needle goes on, in bytes: the name of an image and two digests.
const BEHIND: usize = 1024;

/// The most telling message of a line, and where it begins.
fn find(line: &str) -> Option<(usize, usize)> {
    let bytes = line.as_bytes();
    let mut best: Option<(usize, usize)> = None;
    let table = &*NEEDLES;
    for (at, two) in bytes.windows(2).enumerate() {
        for needle in &table[slot(two[0], two[1])] {
            if best.is_none_or(|(known, _)| needle.message < known) && needle.is_at(bytes, at) {
                best = Some((needle.message, at));
            }
        }
    }
    best
}

/// The meaning of a registry's refusal, by the code and message in its body.
pub(in crate::paste) fn meaning(body: &str) -> Option<Say> {
    let end = (0..=body.len().min(LONGEST)).rev().find(|end| body.is_char_boundary(*end)).unwrap_or_default();
    find(&body[..end]).map(|(at, _)| MESSAGES[at].means)
}

/// The most bytes of a refusal's body that are looked at.
const LONGEST: usize = 4096;

/// Finds messages in lines.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::ErrorMessage);
    let mut first: Option<usize> = None;
    let mut around: Vec<&str> = Vec::new();
    for (piece, line) in text.free_lines() {
        if line.len() < SHORTEST {
            continue;
        }
        let Some((at, start)) = find(line) else {
            if around.len() < AROUND {
                around.push(line);
            }
            continue;
        };
        read(line, start, &MESSAGES[at], &mut part);
        part.claim(piece);
        first = Some(first.map_or(at, |have| have.min(at)));
    }
    for (piece, block) in text.free_json() {
        let mut texts = Vec::new();
        strings(&block.json, &mut texts);
        for line in texts {
            let Some((at, start)) = find(line) else { continue };
            read(line, start, &MESSAGES[at], &mut part);
            part.claim(piece);
            first = Some(first.map_or(at, |have| have.min(at)));
        }
    }
    let message = &MESSAGES[first?];
    for name in around.iter().flat_map(|line| told_names(line)) {
        part.name(&name, None);
    }
    part.kind = Some(message.say);
    part.note(message.means);
    if let Some(image) = image(text) {
        part.digests.iter_mut().filter(|mention| mention.reference.is_none()).for_each(|mention| {
            mention.reference = Some(image.clone());
        });
    }
    part.found()
}

/// The most lines without a message that are looked at for names of images.
const AROUND: usize = 200;

/// The texts of members that hold messages, as `msg` in the results of Ansible and in logs.
fn strings<'a>(json: &'a Json, found: &mut Vec<&'a str>) {
    match &json.value {
        Value::Object(members) => {
            for member in members {
                let is_message = MEMBERS.iter().any(|name| member.name.eq_ignore_ascii_case(name));
                found.extend(member.value.as_str().filter(|_| is_message && found.len() < AROUND));
                strings(&member.value, found);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| strings(element, found)),
        _ => {}
    }
}

/// Members that hold messages.
const MEMBERS: [&str; 7] = ["msg", "message", "error", "err", "stderr", "log", "errorDetail"];

/// The one name of an image in the text, if its messages speak of one only.
fn image(text: &Text) -> Option<String> {
    let lines =
        text.pieces.iter().filter_map(|piece| if let Piece::Line { text, .. } = piece { Some(text) } else { None });
    let words = lines.flat_map(|line| {
        let evident = line.split(|c: char| c.is_whitespace() || "\"'\\=,".contains(c)).filter_map(names::evident);
        evident.map(str::to_owned).chain(told_names(line))
    });
    let mut names: Vec<(String, String)> = words
        .take(64)
        .map(|name| name.split('@').next().unwrap_or(&name).to_owned())
        .filter_map(|name| Some((Reference::parse(&name).ok()?.canonical(), name)))
        .collect();
    names.sort();
    names.dedup_by(|a, b| a.0 == b.0);
    if let [(_, only)] = &names[..] { Some(only.clone()) } else { None }
}

/// The words right before the name of an image in a message, in lower case.
const BEFORE: [&str; 16] = [
    "pull image ",
    "pulling image ",
    "unpack image ",
    "resolve image ",
    "resolve reference ",
    "access denied for ",
    "manifest for ",
    "docker://",
    "no such image: ",
    "unable to find image ",
    "trying to pull ",
    "parse image name ",
    "parse image reference ",
    "container image ",
    "image with reference ",
    "pulling from image ",
];

/// One of these is in every line that has one of those.
const TELLS: Scan<8> =
    Scan::exact(["image", "Image", "anifest ", "eference ", "docker://", "denied for ", "pull ", "Pull "]);

/// The names that stand where a message names an image, also those without a registry.
fn told_names(line: &str) -> Vec<String> {
    if !TELLS.any(line) {
        return Vec::new();
    }
    let lower = line.to_ascii_lowercase();
    let mut found: Vec<String> = Vec::new();
    let is_platform = |name: &str| ["linux/", "windows/", "darwin/"].iter().any(|os| name.starts_with(os));
    let mut add = |name: &str| {
        let name = name.trim_matches(['"', '\'', '`', '\\', '(', ')']).trim_end_matches([',', ':', '.', ';']);
        // A word of the sentence is no name.
        let is_word = matches!(name, "is" | "from" | "in" | "not" | "the" | "index" | "and" | "that");
        if let Some(name) = names::named(name).filter(|name| !is_word && !is_platform(name)) {
            found.push(name.to_owned());
        }
    };
    for before in BEFORE {
        let Some(start) = lower.find(before).map(|at| at + before.len()) else { continue };
        let rest = line.get(start..).unwrap_or_default().trim_start_matches(['\\', '"', '\'', '`']);
        let end = rest.find(|c: char| c.is_whitespace() || "\"'`\\,".contains(c)).unwrap_or(rest.len());
        add(&rest[..end]);
    }
    // podman: `reading manifest TAG in NAME`
    if let Some(start) = lower.find("reading manifest ").map(|at| at + "reading manifest ".len()) {
        let words: Vec<&str> = line.get(start..).unwrap_or_default().split_whitespace().take(3).collect();
        if let [tag, "in", name] = words[..] {
            let sign = if tag.contains(':') { '@' } else { ':' };
            add(&format!("{}{sign}{tag}", name.trim_end_matches(':')));
        }
    }
    found
}

fn read(line: &str, start: usize, message: &Message, part: &mut Part) {
    let mut roles = message.digests.iter();
    let (mut wanted, mut got) = (None, None);
    let mut from = 0;
    for found in digests::in_line(line).into_iter().filter(|found| !found.bare) {
        let before = &line[from..found.start];
        from = found.end;
        if let Some(name) = before.strip_suffix('@') {
            let at = name.rfind(|c: char| c.is_whitespace() || "\"'`(=[,\\".contains(c)).map_or(0, |at| at + 1);
            let name = names::bare(name.get(at..).unwrap_or_default());
            part.mention(found.digest.as_str(), What::Pin, "", Some(name));
            part.name(&format!("{name}@{}", found.digest), None);
            continue;
        }
        let role = if found.start >= start { roles.next().copied() } else { None };
        let what = role.or_else(|| told(before)).unwrap_or(What::Digest);
        match what {
            What::Wanted => wanted = Some(found.digest.to_string()),
            What::Got => got = Some(found.digest.to_string()),
            _ => {}
        }
        part.mention(found.digest.as_str(), what, "", None);
    }
    if let (Some(wanted), Some(got)) = (wanted, got) {
        part.note(Note::from(VALUES).with("wanted", wanted).with("got", got));
    }
    match message.say.0 {
        "error-size" => part.notes.extend(sizes(&line[start..])),
        "error-platform" => part.notes.extend(platforms(line)),
        _ => {}
    }
    for name in told_names(line) {
        part.name(&name, None);
    }
    for word in line.split(|c: char| c.is_whitespace() || "\"'\\=".contains(c)) {
        if let Some(name) = names::evident(word).filter(|name| !name.contains('@')) {
            part.name(name, None);
        }
    }
}

/// `5 != 10` and `unexpected commit size 5, expected 10`: what came, and what was wanted.
fn sizes(message: &str) -> Option<Note> {
    let words = message.split(|c: char| !c.is_ascii_alphanumeric() && c != ':').map(|word| word.trim_end_matches(':'));
    let mut numbers = words.filter(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()));
    let (got, wanted) = (numbers.next()?, numbers.next()?);
    Some(Note::from(SIZES).with("wanted", wanted).with("got", got))
}

/// The platforms that a message names: the one that was wanted, and the one that is there.
fn platforms(line: &str) -> Option<Note> {
    let words =
        line.split(|c: char| c.is_whitespace() || "\"'`,()[]{}".contains(c)).map(|word| word.trim_matches([':', '.']));
    let is_platform = |word: &&str| ["linux/", "windows/", "darwin/", "freebsd/"].iter().any(|os| word.starts_with(os));
    let mut found = words.filter(is_platform);
    let first = found.next()?;
    match found.next().filter(|second| *second != first) {
        // Docker's warning names the image's platform first, its error the wanted one.
        Some(second) if line.contains("the detected host platform") => {
            Some(Note::from(PLATFORMS).with("wanted", second).with("got", first))
        }
        Some(second) => Some(Note::from(PLATFORMS).with("wanted", first).with("got", second)),
        None => Some(Note::from(PLATFORM).with("wanted", first)),
    }
}

/// The meaning by the words before a digest in a message.
fn told(before: &str) -> Option<What> {
    let lower = before.to_ascii_lowercase();
    let near = lower.len().saturating_sub(40);
    let near = &lower[(near..=lower.len()).find(|at| lower.is_char_boundary(*at))?..];
    let wanted = ["expected", "want", "should be"].iter().filter_map(|word| near.rfind(word)).max();
    let got = ["got", "actual", "computed", "unexpected", "received", "but was"]
        .iter()
        .filter_map(|word| near.rfind(word))
        .max();
    match (wanted, got) {
        (Some(wanted), Some(got)) if got >= wanted.saturating_sub(2) => Some(What::Got),
        (Some(_), _) => Some(What::Wanted),
        (None, Some(_)) => Some(What::Got),
        (None, None) => crate::paste::labels::of(before).map(|(_, what)| what),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    fn read(text: &str) -> crate::paste::Pasted {
        crate::paste::read(text.replace("AAA", A).replace("BBB", B).as_bytes())
    }

    /// Messages as programs print them: what each is, and the images that it names.
    const REAL: [(&str, &str, &[&str]); 38] = [
        (
            "Failed to pull image \"r.example/a/b:v1\": rpc error: code = FailedPrecondition desc = failed to pull and unpack image \"r.example/a/b:v1\": failed commit on ref \"layer-AAA\": unexpected commit digest AAA, expected BBB: failed precondition",
            "error-unexpected-commit-digest",
            &["r.example/a/b:v1"],
        ),
        (
            "failed to pull and unpack image \"docker.io/library/nginx:1.25\": failed commit on ref \"manifest-AAA\": \"manifest-AAA\" failed size validation: 1362 != 1570: failed precondition",
            "error-size",
            &["docker.io/library/nginx:1.25"],
        ),
        ("ctr: content digest AAA: not found", "error-content-not-found", &[]),
        (
            "ctr: failed to resolve reference \"docker.io/library/x:y\": docker.io/library/x:y: not found",
            "error-manifest-unknown",
            &["docker.io/library/x:y"],
        ),
        (
            "Error response from daemon: manifest for nginx:9.99 not found: manifest unknown: manifest unknown",
            "error-manifest-unknown",
            &["nginx:9.99"],
        ),
        (
            "Error: initializing source docker://quay.io/a/b:v9: reading manifest v9 in quay.io/a/b: manifest unknown",
            "error-manifest-unknown",
            &["quay.io/a/b:v9"],
        ),
        (
            "Error: reading manifest AAA in quay.io/a/b: manifest unknown",
            "error-manifest-unknown",
            &["quay.io/a/b@AAA"],
        ),
        (
            "Error response from daemon: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit",
            "error-rate-limit",
            &[],
        ),
        (
            "Failed to pull image \"redis:7\": failed to pull and unpack image \"docker.io/library/redis:7\": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/redis/manifests/AAA: 429 Too Many Requests - Server message: toomanyrequests",
            "error-rate-limit",
            &["redis:7", "docker.io/library/redis:7"],
        ),
        (
            "Error response from daemon: pull access denied for myimage, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
            "error-denied",
            &["myimage"],
        ),
        ("Error response from daemon: Head \"https://ghcr.io/v2/o/app/manifests/latest\": denied", "error-denied", &[]),
        (
            "failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://ghcr.io/token: 403 Forbidden",
            "error-denied",
            &[],
        ),
        ("denied: Your authorization token has expired. Reauthenticate and try again.", "error-denied", &[]),
        (
            "Error response from daemon: Head \"https://r.example/v2/a/manifests/1\": unauthorized: authentication required",
            "error-unauthorized",
            &[],
        ),
        (
            "failed to resolve reference \"r.example/a/b:v1\": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://r.example/token: 401 Unauthorized",
            "error-unauthorized",
            &["r.example/a/b:v1"],
        ),
        (
            "Error response from daemon: Head \"https://1.dkr.ecr.eu-west-1.amazonaws.com/v2/a/manifests/1\": no basic auth credentials",
            "error-unauthorized",
            &[],
        ),
        (
            "failed to pull and unpack image \"r.example/a:1\": no match for platform in manifest: not found",
            "error-platform",
            &["r.example/a:1"],
        ),
        ("docker: no matching manifest for linux/arm64/v8 in the manifest list entries.", "error-platform", &[]),
        (
            "Error response from daemon: image with reference nginx:1 was found but does not match the specified platform: wanted linux/amd64, actual: linux/arm64/v8",
            "error-platform",
            &["nginx:1"],
        ),
        (
            "WARNING: The requested image's platform (linux/arm64) does not match the detected host platform (linux/amd64/v3) and no specific platform was requested",
            "error-platform",
            &[],
        ),
        ("exec /bin/sh: exec format error", "error-platform", &[]),
        (
            "Error response from daemon: Get \"https://r.lan:5000/v2/\": http: server gave HTTP response to HTTPS client",
            "error-plain-http",
            &[],
        ),
        (
            "Error: pinging container registry r.lan: Get \"https://r.lan/v2/\": tls: first record does not look like a TLS handshake",
            "error-plain-http",
            &[],
        ),
        (
            "Error response from daemon: Get \"https://r.lan/v2/\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
            "error-tls",
            &[],
        ),
        (
            "failed to do request: Head \"https://r.lan/v2/a/manifests/1\": dial tcp: lookup r.lan on 10.0.0.10:53: no such host",
            "error-unreachable",
            &[],
        ),
        (
            "Get \"https://registry-1.docker.io/v2/\": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
            "error-unreachable",
            &[],
        ),
        ("failed to register layer: write /usr/lib/x.so: no space left on device", "error-no-space", &[]),
        (
            "[DEPRECATION NOTICE] Docker Image Format v1 and Docker Image manifest version 2, schema 1 support has been removed. Suggest the author of r.example/a/b:v1 to upgrade the image",
            "error-media-type",
            &["r.example/a/b:v1"],
        ),
        ("Source image rejected: A signature was required, but no signature exists", "error-signature", &[]),
        (
            "Error: no matching signatures: invalid signature when validating ASN.1 encoded signature",
            "error-signature",
            &[],
        ),
        (
            "failed to copy: httpReadSeeker: failed open: failed to do request: Get \"https://r.lan/v2/a/blobs/AAA\": unexpected EOF",
            "error-interrupted",
            &[],
        ),
        ("received unexpected HTTP status: 503 Service Unavailable", "error-registry", &[]),
        ("Container image \"o/app:1\" is not present with pull policy of Never", "error-not-here", &["o/app:1"]),
        (
            "Failed to apply default image tag \"R.example/App:1\": couldn't parse image name \"R.example/App:1\": invalid reference format: repository name must be lowercase",
            "error-invalid-reference",
            &[],
        ),
        (
            "fatal: [node-1]: FAILED! => {\"changed\": false, \"msg\": \"Error pulling image r.example/a/b:v1 - 404 Client Error: Not Found (manifest unknown)\"}",
            "error-manifest-unknown",
            &["r.example/a/b:v1"],
        ),
        (
            "Unable to find image 'o/app:2' locally\ndocker: Error response from daemon: pull access denied for o/app, repository does not exist or may require 'docker login'",
            "error-denied",
            &["o/app:2", "o/app"],
        ),
        ("Warning  Failed  3m (x4 over 5m)  kubelet  Error: ErrImagePull", "error-pull", &[]),
        ("Normal  BackOff  2m  kubelet  Back-off pulling image \"nginx:1.99\"", "error-pull", &["nginx:1.99"]),
    ];

    #[test]
    fn paste_messages_are_told_by_their_cause() {
        for (text, kind, images) in REAL {
            let read = read(text);
            assert_eq!((read.form, read.kind), (Form::ErrorMessage, kind), "{text}");
            let names: Vec<&str> = read.references.iter().map(|named| named.text.as_str()).collect();
            for image in images {
                let image = image.replace("AAA", A);
                assert!(names.contains(&image.as_str()), "{image} of {text}: {names:?}");
            }
            assert!(names.iter().all(|name| Reference::parse(name).is_ok()), "{names:?}");
            assert!(!names.iter().any(|name| name.starts_with("linux/")), "{names:?}");
        }
    }

    #[test]
    fn paste_messages_name_the_cause_and_not_what_wraps_it() {
        let text = "Warning  Failed  kubelet  Failed to pull image \"r.example/a:1\": failed to resolve reference \"r.example/a:1\": dial tcp 10.0.0.1:443: i/o timeout\nWarning  Failed  kubelet  Error: ErrImagePull\nWarning  Failed  kubelet  Error: ImagePullBackOff\n";
        assert_eq!(read(text).kind, "error-unreachable");
        let lines: Vec<&str> = text.lines().rev().collect();
        assert_eq!(read(&lines.join("\n")).kind, "error-unreachable");
    }

    #[test]
    fn paste_messages_give_both_values() {
        let note = |text: &str, code: &str| {
            let read = read(text);
            let note = read.notes.iter().find(|note| note.code() == code).unwrap_or_else(|| panic!("{:?}", read.notes));
            note.params.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>()
        };
        let commit = "unexpected commit digest AAA, expected BBB: failed precondition";
        assert_eq!(note(commit, "both-values"), [format!("wanted={B}"), format!("got={A}")]);
        let size = "\"layer-AAA\" failed size validation: 1362 != 1570: failed precondition";
        assert_eq!(note(size, "both-sizes"), ["wanted=1570", "got=1362"]);
        let size = "unexpected commit size 1362, expected 1570: failed precondition";
        assert_eq!(note(size, "both-sizes"), ["wanted=1570", "got=1362"]);
        let platform = "image with reference a was found but does not match the specified platform: wanted linux/amd64, actual: linux/arm64/v8";
        assert_eq!(note(platform, "both-platforms"), ["wanted=linux/amd64", "got=linux/arm64/v8"]);
        let platform =
            "The requested image's platform (linux/arm64) does not match the detected host platform (linux/amd64/v3)";
        assert_eq!(note(platform, "both-platforms"), ["wanted=linux/amd64/v3", "got=linux/arm64"]);
        let platform = "no matching manifest for windows/amd64 10.0 in the manifest list entries";
        assert_eq!(note(platform, "wanted-platform"), ["wanted=windows/amd64"]);
    }

    #[test]
    fn paste_messages_keep_the_pin() {
        let read =
            read("failed to pull and unpack image \"r.example/a/b@BBB\": unexpected commit digest AAA, expected BBB");
        assert_eq!(read.references[0].text, format!("r.example/a/b@{B}"));
        let what = |digest: &str| {
            read.digests
                .iter()
                .find(|one| one.digest_text == digest && one.what != What::Pin)
                .map(|one| (one.what, one.reference.clone()))
        };
        assert_eq!(what(A), Some((What::Got, Some("r.example/a/b".to_owned()))));
    }

    #[test]
    fn paste_prose_is_no_message() {
        for text in [
            "The content digest of an image is a sha256.",
            "An index names manifests, one for each platform.",
            "Errors are rare.",
        ] {
            assert_ne!(read(text).form, Form::ErrorMessage, "{text}");
        }
    }
}
