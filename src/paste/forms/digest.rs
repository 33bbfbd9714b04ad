//! Digests and names of images in lines of text: alone, on labelled lines, in the output of sha256sum, and in prose.

use std::collections::HashMap;

use crate::digest::Digest;
use crate::media_type::{DocumentKind, MediaType};
use crate::paste::command::Prints;
use crate::paste::digests::{self, is_hex};
use crate::paste::forms::{Candidate, Part, Rank, kinds, list};
use crate::paste::meaning::What;
use crate::paste::note::{Note, Say};
use crate::paste::text::{Piece, Text};
use crate::paste::{Form, labels, names};

const FROM_LINE: Say = Say("line", "the line {label}: …");
const FROM_OWN_LINE: Say = Say("own-line", "a line of its own");
const FROM_SUM: Say = Say("sum-line", "the line of sha256sum");
const FROM_TEXT: Say = Say("text-beside", "the text beside the document");
const FROM_SEVERAL: Say = Say("line-with-several", "a line with several digests");

/// The characters of drawn trees: `oras discover`, `docker images --tree`.
const TREE: [char; 5] = ['├', '└', '│', '─', ' '];

/// The marks between a label and its digest.
const MARKS: [char; 8] = [':', '=', '{', '"', '\'', '：', '|', '`'];

/// The number of looks at one digest: a log names the same one thousands of times, a post a few times with other
/// labels.
const REPEATS: usize = 8;

/// The number of lines after `Name:` that may give the platform of an entry.
const ENTRY_LINES: usize = 3;

/// Finds digests in the lines that no other form has claimed.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    alone(text).or_else(|| lines(text))
}

/// One digest or prefix and nothing else but the command that printed it.
fn alone(text: &Text) -> Option<Part> {
    let mut lines = text.pieces.iter().enumerate().filter_map(|(index, piece)| match piece {
        Piece::Line { text, .. } if text.is_empty() => None,
        Piece::Command(_) => None,
        Piece::Line { text, .. } => Some((index, Some(text.as_str()))),
        Piece::Json(_) => Some((index, None)),
    });
    let (piece, Some(word)) = lines.next()? else { return None };
    if lines.next().is_some() || word.contains(char::is_whitespace) {
        return None;
    }
    let command = text.command_before(piece).map(|(_, command)| command);
    let printed = command.filter(|command| command.prints() == Prints::Digest);
    let reference = printed.and_then(|command| command.reference());
    let (form, digest) = match (digests::whole(word), digests::prefix(word)) {
        (Some(digest), _) => (Form::Digest, digest.to_string()),
        (None, Some(prefix)) => (Form::DigestPrefix, prefix),
        _ => return None,
    };
    let mut part = Part::new(form);
    part.claim(piece);
    let (what, label) = printed.map_or((What::Digest, String::new()), |command| (What::Printed, command.name()));
    part.mention(&digest, what, &label, reference.as_deref());
    Some(part)
}

fn lines(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::Mentions);
    let all = list::lines(text);
    let (mut heading, mut previous) = ("", "");
    let mut head = "";
    let mut beside: Option<(&str, usize)> = None;
    let (mut source, mut same, mut listed) = (None, None, false);
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (at, (piece, text, of)) in all.iter().enumerate() {
        let rest = list::headed(text);
        listed = rest.is_some_and(str::is_empty)
            || list::read(rest.unwrap_or(text), of, listed || rest.is_some(), &mut part);
        if listed {
            part.claim(*piece);
            previous = text;
            continue;
        }
        if text.len() < digests::PREFIX {
            continue;
        }
        if let Some(name) = named_by_key(text) {
            beside = Some((name, at));
        }
        source = sourced(text).or(source);
        let near = beside.filter(|(_, line)| at - line <= ENTRY_LINES).map(|(name, _)| name);
        let next = &all[at + 1..all.len().min(at + 1 + ENTRY_LINES)];
        let entry = if text.contains('@') { next } else { &[] };
        let platform = entry.iter().find_map(|(_, line, _)| line.trim().strip_prefix("Platform:")).map(str::trim);
        let next = next.first().map_or("", |(_, line, _)| line);
        let line = Line { text, heading, previous, next, head, platform, near, source, same };
        let found = line.read(&mut seen, &mut part);
        if found {
            part.claim(*piece);
        }
        same = if found { line.meaning(same) } else { None };
        if is_row(text) && text.bytes().all(|b| b"|-: ".contains(&b)) {
            head = previous;
        } else if !is_row(text) && !text.starts_with(['+', '-']) {
            head = "";
        } else if head.is_empty() && text.matches('|').nth(2).is_some() {
            head = text;
        }
        previous = text;
        if is_heading(text) {
            heading = text;
        }
    }
    part.kind = kinds::of(all.iter().map(|(_, line, _)| *line));
    part.found()
}

/// The image of a source: `url: oci://r.example/a`, which names no tag.
fn sourced(line: &str) -> Option<&str> {
    let at = line
        .match_indices(':')
        .map(|(at, _)| at)
        .find(|at| line[*at..].starts_with("://") && line[..*at].ends_with("oci"))?;
    let name = line[at - 3..].split_whitespace().next().and_then(names::named)?;
    name.contains('/').then_some(name)
}

/// The one name that a line has, if it has no digest.
fn evident_in(line: &str) -> Option<&str> {
    let mut found = line.split(|c: char| c.is_whitespace() || c == ',').filter_map(names::evident);
    found.next().filter(|name| !name.contains('@') && found.next().is_none())
}

/// The name on a line such as `Name: x`, `Pulled: x` or `Pushed [registry] x`, whose digest stands on one of the next lines.
fn named_by_key(line: &str) -> Option<&str> {
    if !line.starts_with(['N', 'P', 'I', 'R', 'C']) {
        return None;
    }
    let words: Vec<&str> = line.split_whitespace().take(4).collect();
    match words[..] {
        ["Name:" | "Pulled:" | "Pushed:" | "Image:" | "IMAGE:" | "Reference:", name] => {
            names::named(name).filter(|name| !names::is_version(name))
        }
        ["Pushed" | "Pulled" | "Copied", "[registry]", name] => names::named(name),
        _ => None,
    }
}

/// A line that says what those below it are: `Layers:`, `##[group]Digest`.
fn is_heading(line: &str) -> bool {
    line.ends_with(':') || line.find('#').is_some_and(|at| line[at..].contains("##[group]"))
}

/// True for a row of a table in Markdown or between bars.
fn is_row(line: &str) -> bool {
    line.starts_with('|') && line.ends_with('|')
}

/// A line with what stands around it.
struct Line<'a> {
    text: &'a str,
    heading: &'a str,
    previous: &'a str,
    next: &'a str,
    /// The row that names the columns of the table which the line is in.
    head: &'a str,
    /// The platform that one of the next lines names.
    platform: Option<&'a str>,
    /// The image that one of the lines around names.
    near: Option<&'a str>,
    /// The image that the last source before names, without a tag.
    source: Option<&'a str>,
    /// The meaning of the digest of the line before, by its label.
    same: Option<(&'static str, What)>,
}

impl Line<'_> {
    fn read(&self, seen: &mut HashMap<String, usize>, part: &mut Part) -> bool {
        let before = (part.digests.len(), part.references.len(), part.expected.len());
        if !self.summed(part) {
            let mut found = digests::in_line(self.text);
            let total = found.len();
            // Once as many are known as are told, only a digest behind a label of its own may still be the closest.
            if part.is_full() {
                found.retain(|one| self.text[..one.start].trim_end().ends_with(MARKS));
            }
            found.retain(|one| {
                let times = seen.entry(one.digest.as_str().to_owned()).or_default();
                *times += 1;
                *times <= REPEATS
            });
            self.whole(&found, part);
            self.short(total > 0, part);
        }
        self.named(part);
        (part.digests.len(), part.references.len(), part.expected.len()) != before
    }

    /// A digest alone on a line below no heading, or what sha256sum prints: `hex  name`.
    fn summed(&self, part: &mut Part) -> bool {
        let mut words = self.text.split_whitespace();
        let (Some(first), second, None) = (words.next(), words.next(), words.next()) else { return false };
        let Some(digest) = digests::whole(first) else { return false };
        let (from, what) = match second {
            None if labels::of(self.previous).is_some() => return false,
            None => (FROM_OWN_LINE, What::Digest),
            Some(_) if is_hex(first) => (FROM_SUM, What::Sum),
            Some(_) => return false,
        };
        part.mention(digest.as_str(), what, "", None);
        part.expected.push(Candidate { rank: Rank::Alone, digest, from: from.into(), what, reference: None });
        true
    }

    /// Every digest with its algorithm or in 64 hex characters.
    fn whole(&self, found: &[digests::Found], part: &mut Part) {
        let mut from = 0;
        for one in found {
            let before = &self.text[from..one.start];
            from = one.end;
            if let Some(name) = before.strip_suffix('@') {
                self.pinned(name, &one.digest, part);
            } else if let Some(name) = before.strip_suffix(':').filter(|_| is_signature_tag(&self.text[one.end..])) {
                let name = name.rsplit(char::is_whitespace).next().map(names::bare);
                part.mention(one.digest.as_str(), What::Subject, "", name);
            } else if is_transfer(&self.text[one.end..]) && labels::of(before).is_none() {
                part.mention(one.digest.as_str(), What::Layer, "", None);
            } else if let Some((label, what)) = self.label(before, one.bare) {
                self.labelled(before, label, what, &one.digest, found.len(), part);
            }
        }
    }

    /// `name@sha256:…`
    fn pinned(&self, before: &str, digest: &Digest, part: &mut Part) {
        let at = before.rfind(|c: char| c.is_whitespace() || "\"'`(=[,，".contains(c)).map_or(0, |at| at + 1);
        let at = (at..before.len()).find(|at| before.is_char_boundary(*at)).unwrap_or(before.len());
        // Flux writes `6.5.4@sha256:…` of what it fetched: a version or a tag alone is no image.
        let name = names::beside_pin(&before[at..], None).or_else(|| names::beside_pin(&before[at..], self.source));
        let name = name.as_deref().unwrap_or_default();
        let (label, what) = match (labels::of(&before[..at]), self.platform) {
            (_, Some("unknown/unknown")) => ("", What::Attestation),
            (_, Some(_)) => ("", What::PlatformManifest),
            (Some((label, What::ImageId | What::Pulled)), _) => (label, What::Pulled),
            _ => ("", What::Pin),
        };
        part.mention(digest.as_str(), what, label, Some(name));
        if !name.is_empty() {
            part.name(&format!("{name}@{digest}"), None);
        }
    }

    /// The label in the words before a digest, the line above it or the tree around it; nothing for hex that is no
    /// digest.
    fn label(&self, before: &str, bare: bool) -> Option<(String, What)> {
        let content = before.trim_start_matches(TREE);
        if before.starts_with(TREE) && content.is_empty() && self.previous.starts_with(['✓', '√']) {
            return Some((String::new(), transferred(self.previous)));
        }
        if before.starts_with(TREE) && content.is_empty() && self.previous.contains(TREE[..4].as_ref()) {
            let of = self.previous.trim_start_matches(TREE).to_owned();
            return Some((of, What::Referrer));
        }
        if let Some((label, what)) = labels::of(before) {
            return Some((label.to_owned(), labels::within(self.heading, what)));
        }
        if !self.head.is_empty() && is_row(self.text) {
            let at = before.as_ptr() as usize - self.text.as_ptr() as usize + before.len();
            let column = self.text[..at].matches('|').count();
            if let Some((label, what)) = self.head.split('|').nth(column).and_then(labels::of_cell) {
                return Some((label.to_owned(), what));
            }
        }
        if let Some((label, what)) = labels::of(self.previous).filter(|_| is_stamp(before)) {
            return Some((label.to_owned(), what));
        }
        if let Some((label, what)) = self.same.filter(|_| is_size(before.trim())) {
            return Some((label.to_owned(), what));
        }
        (!bare).then(|| (String::new(), labels::within(self.heading, What::Digest)))
    }

    /// The meaning that the digest of this line gives to the next one, which may have a size before its digest and
    /// nothing else.
    fn meaning(&self, same: Option<(&'static str, What)>) -> Option<(&'static str, What)> {
        let before = &self.text[..self.text.find("sha256:")?];
        if is_size(before.trim()) { same } else { labels::of(before) }
    }

    fn labelled(&self, before: &str, label: String, what: What, digest: &Digest, of: usize, part: &mut Part) {
        let mut words = before.split(|c: char| c.is_whitespace() || c == ',').rev();
        let near =
            self.near.filter(|_| what == What::ManifestOrIndex).map(|name| name.split('@').next().unwrap_or(name));
        let around = || {
            let behind = self.next.strip_prefix("name: ").and_then(names::evident);
            if what == What::ManifestOrIndex { evident_in(self.previous).or(behind) } else { None }
        };
        let beside = words.find_map(names::evident).or(near).or_else(around).map(str::to_owned);
        part.mention(digest.as_str(), what, &label, beside.as_deref());
        let own = matches!(what, What::Digest | What::ManifestOrIndex | What::Manifest | What::Index | What::Wanted);
        if !own {
            return;
        }
        let head = before.trim_end_matches(|c: char| c == ' ' || c == '\t' || MARKS.contains(&c));
        let short: String = head.trim_start_matches(['#', '/', '*', '-', ' ']).chars().take(40).collect();
        let marked = before.trim_end().len() > head.len();
        let lead = head.len() <= short.len() + 4 && marked && !short.is_empty();
        let rank = match short.to_ascii_lowercase().as_str() {
            "docker-content-digest" => Rank::Header,
            _ if lead => Rank::Label,
            _ => Rank::Prose,
        };
        if rank == Rank::Prose && part.is_full() {
            return;
        }
        let from = match rank {
            Rank::Prose if of > 1 => FROM_SEVERAL.into(),
            Rank::Prose => FROM_TEXT.into(),
            _ => Note::from(FROM_LINE).with("label", short),
        };
        part.expected.push(Candidate { rank, digest: digest.clone(), from, what, reference: beside });
    }

    /// Beginnings of digests: with `sha256:`, cut short by dots, behind a label, or beside a whole one in a row.
    fn short(&self, beside: bool, part: &mut Part) {
        for word in self.text.split_whitespace() {
            if let Some(at) = word.find('@')
                && let Some(digest) = word[at..].strip_prefix("@sha256:")
                && digests::whole(&word[at..]).is_none()
            {
                let before = word[..at].trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
                let name = names::beside_pin(before, None).or_else(|| names::beside_pin(before, self.source));
                part.mention(&format!("sha256:{digest}"), What::Pin, "", name.as_deref());
                continue;
            }
            if !digests::begins_with_hex(word) {
                continue;
            }
            let word = word.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()).trim_end_matches(':');
            let Some(prefix) = digests::prefix(word) else { continue };
            let at = word.as_ptr() as usize - self.text.as_ptr() as usize;
            let before = &self.text[..at];
            // The container of a build step.
            if before.trim_end().ends_with("Running in") {
                continue;
            }
            let marked = prefix.starts_with("sha256:") || word.contains(['…']) || word.contains("...");
            let label = if prefix.len() >= 7 { labels::of(before) } else { None };
            let row = beside && prefix.len() == 12;
            if !marked && !row && label.is_none() {
                continue;
            }
            let what = if row { What::ImageId } else { label.map_or(What::Digest, |(_, what)| what) };
            let label = label.filter(|_| !row).map_or("", |(label, _)| label);
            part.mention(&prefix, what, label, None);
        }
    }

    /// True if several words follow a colon: in a sentence, what follows `image:` is a name only if it looks like one.
    fn is_prose(&self) -> bool {
        let rest = self.text.split_once(':').map_or("", |(_, rest)| rest.split(" #").next().unwrap_or(rest));
        rest.split_whitespace().nth(1).is_some()
    }

    /// Names of images: evident ones, and what stands behind `image:`.
    fn named(&self, part: &mut Part) {
        if !self.text.contains(['/', '@', ':']) {
            return;
        }
        let (mut expects, mut beside, mut prose, mut last) = (false, false, None, "");
        let words = self.text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
        for word in words {
            // A stage that is copied from has no `/` and no `:`.
            let from = word.strip_prefix("--from=").filter(|name| name.contains(['/', ':']));
            let from =
                from.or_else(|| assigned(word)).or_else(|| beside.then_some(word).filter(|word| is_tagged(word)));
            let found = match from {
                Some(name) => names::named(name),
                None if expects
                    && (word.contains(['/', ':', '@']) || !*prose.get_or_insert_with(|| self.is_prose())) =>
                {
                    names::named(word)
                }
                None => names::evident(word),
            };
            // `nginx:1.25 image`, as others write it.
            let before = (word == "image").then_some(last).filter(|last| is_tagged(last)).and_then(names::named);
            last = word;
            if let Some(name) = found.or(before).filter(|_| digests::whole(word).is_none()) {
                part.name(name, None);
            }
            let key = word.trim_matches(['"', '\'', '-', '(', '`']);
            let may = key.starts_with(['i', 'I', 'p', 'P']);
            expects = may && NAMING.iter().any(|naming| key.eq_ignore_ascii_case(naming));
            beside = may && key.eq_ignore_ascii_case("image") || self.text.starts_with("Target") && key == "│";
        }
    }
}

/// The words before the name of an image.
const NAMING: [&str; 4] = ["image:", "image\":", "pulled:", "pullimage"];

/// The image of `image=nginx:1.25`, as logs and events of docker have it.
fn assigned(word: &str) -> Option<&str> {
    let word = word.trim_start_matches('(');
    let name = word.strip_prefix("image=").or_else(|| word.strip_prefix("image_name="))?;
    is_tagged(name).then_some(name)
}

/// True for a name with a tag or a digest: `the image nginx:1.25 is` names one, `the image was` does not.
fn is_tagged(word: &str) -> bool {
    names::bare(word)
        .rsplit('/')
        .next()
        .is_some_and(|last| last.split_once([':', '@']).is_some_and(|(name, tag)| !name.is_empty() && !tag.is_empty()))
}

/// True for a size: `27MB`, `3.5`.
fn is_size(text: &str) -> bool {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    text.len() - number.len() <= 3 && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// The meaning of a transferred digest, by the media type that the program names, else a blob: `✓ Uploaded
/// application/…`.
fn transferred(line: &str) -> What {
    let named = line.split_whitespace().find(|word| word.contains('/') && word.starts_with("application/"));
    match named.map(MediaType::new).and_then(|media_type| media_type.document()) {
        Some(DocumentKind::Index) => What::Index,
        Some(DocumentKind::Manifest) => What::Manifest,
        Some(DocumentKind::Config) => What::Config,
        _ => What::Blob,
    }
}

/// True if a digest is that of a tag which cosign made of it: `sha256-….sig`.
fn is_signature_tag(after: &str) -> bool {
    [".sig", ".att", ".sbom"].iter().any(|end| after.starts_with(end))
}

/// The number of bytes behind a digest that are looked at for that.
const TRANSFER: usize = 40;

/// True if a size out of another follows, as BuildKit writes of layers: ` 3.40MB / 3.40MB`.
fn is_transfer(after: &str) -> bool {
    // Only what is near is looked at: a line may hold thousands of digests.
    let near = (0..=after.len().min(TRANSFER)).rev().find(|at| after.is_char_boundary(*at)).unwrap_or_default();
    let after = &after[..near];
    let mut words = after.split_whitespace();
    let is_size = |word: &str| word.ends_with('B') && word.starts_with(|c: char| c.is_ascii_digit());
    words.next().is_some_and(is_size) && words.next() == Some("/") && words.next().is_some_and(is_size)
}

/// True if nothing but the time of a log line stands before a digest.
fn is_stamp(before: &str) -> bool {
    before.trim().bytes().all(|b| b.is_ascii_digit() || b" -:.TZ+\t".contains(&b))
}
