//! The part of a report about a pasted text: plain data with codes, and the nodes that its digests fit.

use std::collections::{BTreeMap, HashSet};

use crate::Reference;
use crate::paste::{self, Note, Say};
use crate::report::{CodedText, DigestOf, Mentioned, NamedImage, Node, NodeKind, PastedText, Recovered, SpanOf};

const NOTHING_FITS: Say = Say(
    "own-digest-fits-nothing",
    "{digest}, as {from} gives it, is the digest of none of the documents here, as they stand or written anew.",
);
const MAY_BE_INDEX: Say = Say(
    "may-be-index",
    "It may be the digest of the index: a tag names the index, and this document is the manifest of one platform.",
);
const MAY_BE_OTHER: Say = Say("may-be-other", "It is the digest of something that a document here names: {what}.");
const TAKEN_OUT: Say = Say(
    "documents-taken-out",
    "The documents in it were taken out and hashed; a digest known from elsewhere proves them.",
);
const NO_LAST_NEWLINE: Say = Say(
    "sum-with-newline",
    "The digest that the text gives is over the document with one final line break, which is mostly the terminal's; without it the digest is {digest}.",
);

/// The form and the findings of a text, as plain data.
pub(super) fn describe(pasted: paste::Pasted) -> PastedText {
    let (proof_code, proof) = proof(&pasted);
    let own = CodedText { code: proof_code, params: BTreeMap::new() };
    PastedText {
        form: pasted.form.code().to_owned(),
        kind: pasted.kind.to_owned(),
        title: pasted.title.to_owned(),
        what: pasted.form.describe().to_owned(),
        proof: proof.to_owned(),
        documents: pasted.documents.len(),
        exact: pasted.documents.iter().all(|excerpt| excerpt.exact),
        expected: pasted.expected.as_ref().map(|expected| expected.digest.to_string()),
        expected_from: pasted.expected.as_ref().map(|expected| expected.from.text()),
        expected_code: pasted.expected.as_ref().map(|expected| code(&expected.from)),
        secret: false,
        offers: offers(&pasted),
        inspect: pasted.inspect,
        spans: pasted.spans.iter().map(span).collect(),
        references: pasted.references.iter().filter_map(image).collect(),
        mentions: pasted.digests.iter().map(mention).collect(),
        digests: pasted.digests.into_iter().map(digest).collect(),
        note_codes: pasted.notes.iter().map(code).chain([own]).collect(),
        notes: pasted.notes.iter().map(Note::text).chain([proof.to_owned()]).collect(),
    }
}

/// The most names that are offered: more are in the list of images.
const OFFERS: usize = 3;

/// The names of a text without documents that can be inspected, each with the digest that stands beside it. The digest that
/// the text gives as its own goes with a name only if that is the only one.
fn offers(pasted: &paste::Pasted) -> Vec<String> {
    if !pasted.documents.is_empty() {
        return Vec::new();
    }
    let image = |text: &str| {
        let reference = Reference::parse(text).ok()?;
        let (registry, tag) = (reference.registry().map(str::to_owned), reference.tag().map(str::to_owned));
        Some((registry, reference.repository()?.to_owned(), tag))
    };
    let images: HashSet<_> = pasted.references.iter().filter_map(|named| image(&named.text)).collect();
    let own = pasted.expected.as_ref().map(|expected| expected.digest.to_string());
    let pins = || pasted.digests.iter().filter(|mention| mention.what.may_be_pin() && !mention.is_prefix());
    let with_pin = |named: &paste::Named| {
        let beside = || pins().filter(|mention| mention.reference.as_deref() == Some(&named.text));
        // Of several digests beside a name, the text's own is the one.
        let is_own = |mention: &&paste::Mention| own.as_ref() == Some(&mention.digest_text);
        let mention = beside().find(is_own).or_else(|| beside().next()).map(|mention| mention.digest_text.clone());
        let pin = mention.or_else(|| own.clone().filter(|_| images.len() == 1));
        pin.filter(|_| !named.text.contains('@'))
            .map_or_else(|| named.text.clone(), |pin| format!("{}@{pin}", named.text))
    };
    let names = pasted.references.iter().map(with_pin);
    let beside = pins().filter_map(|mention| {
        let name = mention.reference.as_deref()?.split('@').next()?;
        let is_listed = pasted.references.iter().any(|named| named.text.split('@').next() == Some(name));
        (!is_listed).then(|| format!("{name}@{}", mention.digest_text))
    });
    let mut seen = HashSet::new();
    let all = names.chain(beside).filter(|name| image(name).is_some() && seen.insert(name.clone()));
    all.take(OFFERS).collect()
}

/// The proof that it allows: more than its form lets expect if documents were taken out of it.
fn proof(pasted: &paste::Pasted) -> (String, &'static str) {
    if !pasted.documents.is_empty() && !pasted.form.is_about_documents() {
        return (TAKEN_OUT.0.to_owned(), TAKEN_OUT.1);
    }
    (format!("{}-proof", pasted.form.code()), pasted.form.proof())
}

fn code(note: &Note) -> CodedText {
    let params = note.params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    CodedText { code: note.code().to_owned(), params }
}

fn span(span: &paste::Span) -> SpanOf {
    SpanOf { start: span.start, end: span.end, what: span.what.code().to_owned() }
}

/// A name that cannot be parsed is not listed: nothing could be done with it.
fn image(named: &paste::Named) -> Option<NamedImage> {
    let reference = Reference::parse(&named.text).ok()?;
    Some(NamedImage {
        text: named.text.clone(),
        reference: reference.canonical(),
        line: named.line,
        pinned: reference.digest().is_some(),
        path: named.path.clone(),
    })
}

fn mention(mention: &paste::Mention) -> Mentioned {
    Mentioned { digest: mention.digest_text.clone(), what: mention.sentence(), reference: mention.reference.clone() }
}

fn digest(mention: paste::Mention) -> DigestOf {
    DigestOf {
        prefix: mention.is_prefix(),
        what: mention.sentence(),
        code: mention.what.code().to_owned(),
        digest: mention.digest_text,
        label: mention.label,
        reference: mention.reference,
        path: mention.path,
        line: mention.line,
        fits: None,
    }
}

/// Notes which node each digest fits, and what is to say about a text's own digest.
pub(super) fn fit(pasted: &mut [PastedText], nodes: &[Node], recovered: Option<&Recovered>) {
    let read: Vec<(&str, &Node)> =
        nodes.iter().filter(|node| node.read).filter_map(|node| Some((node.digest.as_deref()?, node))).collect();
    for text in pasted {
        for digest in &mut text.digests {
            let hex = digest.digest.trim_start_matches("sha256:");
            let fits = |whole: &str| {
                if digest.prefix {
                    whole.strip_prefix("sha256:").is_some_and(|own| own.starts_with(hex))
                } else {
                    whole == digest.digest
                }
            };
            digest.fits = read.iter().find(|(whole, _)| fits(whole)).map(|(_, node)| node.id.clone());
        }
        own_digest(text, nodes, &read);
        final_newline(text, &read, recovered);
    }
}

/// The text's own digest is the one that fits; if none does, that is said.
fn own_digest(text: &mut PastedText, nodes: &[Node], read: &[(&str, &Node)]) {
    let Some(own) = text.expected.clone().filter(|_| text.documents > 0) else { return };
    if read.iter().any(|(digest, _)| *digest == own) {
        return;
    }
    if let Some(fits) = text.digests.iter().find(|digest| digest.fits.is_some() && !digest.prefix) {
        text.expected = Some(fits.digest.clone());
        return;
    }
    let from = text.expected_from.clone().unwrap_or_default();
    add(text, &Note::from(NOTHING_FITS).with("digest", own.clone()).with("from", from));
    let named = nodes.iter().find(|node| node.digest.as_deref() == Some(&own));
    match named {
        Some(node) => add(text, &Note::from(MAY_BE_OTHER).with("what", node.title.clone().unwrap_or_default())),
        None if nodes.iter().any(|node| node.kind == NodeKind::Manifest && node.parent.is_none()) => {
            add(text, &MAY_BE_INDEX.into());
        }
        None => {}
    }
}

/// A sum over the document with the terminal's line break is right, but not what a registry knows.
fn final_newline(text: &mut PastedText, read: &[(&str, &Node)], recovered: Option<&Recovered>) {
    let is_sum = text.digests.iter().any(|digest| digest.code == "sum" && digest.fits.is_some());
    let Some(recovered) = recovered.filter(|_| is_sum) else { return };
    let Some(without) = &recovered.without_newline else { return };
    if read.iter().any(|(digest, _)| *digest == recovered.digest) {
        add(text, &Note::from(NO_LAST_NEWLINE).with("digest", without.clone()));
    }
}

fn add(text: &mut PastedText, note: &Note) {
    text.notes.push(note.text());
    text.note_codes.push(code(note));
}

#[cfg(test)]
mod tests {
    use crate::image::{Input, OpenOptions, open};

    const A: &str = "sha256:a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1";
    const B: &str = "sha256:b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2";

    /// The names that are offered for a text, with `A` and `B` for the digests.
    #[track_caller]
    fn offered(text: &str, expected: &[&str]) {
        let text = text.replace("{A}", A).replace("{B}", B);
        let input = Input { bytes: text.as_bytes().into(), name: None, text: true, stated: None };
        let report = open(vec![input], &OpenOptions::default()).unwrap().report;
        let offers: Vec<String> =
            report.pasted[0].offers.iter().map(|name| name.replace(A, "{A}").replace(B, "{B}")).collect();
        assert_eq!(offers, expected, "{text}");
        for name in &report.pasted[0].offers {
            assert!(crate::Reference::parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn what_is_offered_keeps_its_pin() {
        offered("Pulled: r.example/a:1\nDigest: {A}\n", &["r.example/a:1@{A}"]);
        offered("image: r.example/a:1@{A}\nand more", &["r.example/a:1@{A}"]);
        offered(
            "latest: Pulling from library/busybox\nDigest: {A}\nStatus: Downloaded newer image for busybox:latest\ndocker.io/library/busybox:latest\n",
            &["busybox:latest@{A}"],
        );
        offered(
            "Failed to pull image \"r.example/a:1\": unexpected commit digest {A}, expected {B}: failed precondition",
            &["r.example/a:1@{B}"],
        );
    }

    #[test]
    fn the_digest_of_one_image_is_not_offered_as_the_pin_of_another() {
        offered(
            "1: Pulling from team/a\nDigest: {A}\nStatus: Downloaded newer image for r.example/team/a:1\n$ docker pull r.example/team/b:2\n",
            &["r.example/team/a:1@{A}", "r.example/team/b:2"],
        );
        offered("r.example/a:1\nr.example/b:2@{B}\n", &["r.example/a:1", "r.example/b:2@{B}"]);
        for (one, other) in [
            ("r.example/team/a:1", "r.example/team/a:2"),
            ("r.example/team/a:1", "other.example/team/a:1"),
            ("r.example/team/a:1", "other.example/team/a:2"),
        ] {
            offered(&format!("Pulled: {one}\nDigest: {A}\n$ docker run {other}\n"), &[&format!("{one}@{{A}}"), other]);
            offered(&format!("Digest: {A}\n$ docker run {one}\n$ docker run {other}\n"), &[one, other]);
        }
    }

    #[test]
    fn what_cannot_be_parsed_is_not_offered() {
        offered("image: UPPER/Case:1\n", &[]);
        offered("the image is broken:\nimage: not a name at all\n", &[]);
        offered("no match for {A} in the store\n", &[]);
    }
}
